/* Bends the sentences of corpora as grammar would break, reads each result in every way there is,
 * and prints how long the worst took (processor time): "what texts p50_us p99_us worst_us bytes".
 * Deterministic for a seed. A text that took longer than LIMIT_MS is written to FOLDER.
 * usage: bench_mutate SEED COUNT LIMIT_MS FOLDER CORPUS.jsonl… */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "texts.h"

enum { WORDS_MAX = 16384 };

static uint64_t random_state;

static uint32_t random_below(uint32_t limit)
{
    random_state ^= random_state << 13; /* xorshift64 */
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (uint32_t)((random_state >> 16) % limit);
}

/* What sentences are joined, turned and stuffed with. */
static const char *const stuffing[] = {
    "not",     "pas",    "sauf",     "except",    "or",       "ou",       ",",        ";",
    "and",     "et",     "from",     "to",        "de",       "à",        "until",    "jusqu'à",
    "before",  "avant",  "after",    "après",     "between",  "entre",    "the",      "le",
    "every",   "chaque", "but",      "mais",      "if",       "si",       "(",        ")",
    "10/03",   "14h30",  "2-3pm",    "2026-11-09", "9.30",    "1",        "31",       "12",
    "monday",  "mardi",  "next",     "prochain",  "week",     "semaine",  "in",       "dans",
    "of",      "du",     "half",     "quart",     "-",        "/",        ".",        "\n",
    "morning", "matin",  "noon",     "midi",      "minutes",  "heures",   "first",    "premier",
    "ref",     "n°",     "@",        "€",         "Sam",      "sans",     "www",      "a@b.example",
    "sinon",   "instead", "pardon",  "rather",    "plutôt",   "any",      "tous",     "ni",
};

struct words {
    struct slice items[WORDS_MAX];
    size_t count;
};

static void add_words(struct words *words, struct slice text)
{
    for (size_t at = 0; at < text.len && words->count < WORDS_MAX;) {
        size_t end = slice_find(text, LIT(" "), at);
        end = end == SIZE_MAX ? text.len : end;
        if (end > at)
            words->items[words->count++] = slice_sub(text, at, end);
        at = end + 1;
    }
}

static struct slice any_text(const struct text_list *texts)
{
    return texts->items[random_below((uint32_t)texts->count)].text;
}

static struct slice stuff(void)
{
    return slice_from(stuffing[random_below(sizeof stuffing / sizeof *stuffing)]);
}

static void insert_word(struct words *words, size_t at, struct slice word)
{
    if (words->count == WORDS_MAX)
        return;
    memmove(&words->items[at + 1], &words->items[at], (words->count - at) * sizeof *words->items);
    words->items[at] = word;
    words->count++;
}

static void repeat_run(struct words *words)
{
    size_t at = random_below((uint32_t)words->count), length = 1 + random_below(6);
    length = length > words->count - at ? words->count - at : length;
    for (uint32_t times = 1 + random_below(12); times > 0; times--)
        for (size_t i = 0; i < length && words->count < WORDS_MAX; i++)
            words->items[words->count++] = words->items[at + i];
}

/* Half of another sentence in the middle of this one. */
static void nest(struct words *words, const struct text_list *texts)
{
    struct words other = {.count = 0};
    add_words(&other, any_text(texts));
    size_t at = random_below((uint32_t)words->count + 1), from = random_below((uint32_t)other.count + 1);
    for (size_t i = from; i < other.count; i++)
        insert_word(words, at + i - from, other.items[i]);
}

static void bend_once(struct words *words, const struct text_list *texts)
{
    size_t a = random_below((uint32_t)words->count), b = random_below((uint32_t)words->count);
    struct slice kept = words->items[a];
    switch (random_below(6)) {
    case 0:
        words->items[a] = words->items[b];
        words->items[b] = kept;
        return;
    case 1:
        words->items[a] = stuff();
        return;
    case 2:
        repeat_run(words);
        return;
    case 3:
        nest(words, texts);
        return;
    case 4:
        if (words->count > 1)
            words->items[a] = words->items[--words->count];
        return;
    default:
        insert_word(words, a, stuff());
    }
}

static struct slice join(const struct words *words, struct arena *arena)
{
    AUTO_BUFFER out = buffer_create(TIMEX_BODY_MAX);
    for (size_t i = 0; i < words->count; i++) {
        buffer_add(&out, words->items[i]);
        buffer_add_char(&out, random_below(40) == 0 ? '\n' : ' ');
    }
    return utf8_repair(arena_copy(arena, buffer_slice(&out)), arena);
}

/* A few words over and over, up to the limit: the worst that an enemy could think of. */
static struct slice drone(struct arena *arena)
{
    static const char *const joints[] = {" ", " ", "", "-", ", ", "\n"};
    const char *joint = joints[random_below(sizeof joints / sizeof *joints)];
    struct slice words[4];
    uint32_t count = 1 + random_below(4);
    for (uint32_t i = 0; i < count; i++)
        words[i] = stuff();
    AUTO_BUFFER out = buffer_create(TIMEX_BODY_MAX);
    for (uint32_t i = 0; !out.full; i++) {
        buffer_add(&out, words[i % count]);
        buffer_add_text(&out, joint);
    }
    return arena_copy(arena, buffer_slice(&out));
}

/* Mostly a sentence or two; sometimes as long as a mail; rarely as long as may be. */
static struct slice mutant(const struct text_list *texts, struct arena *arena)
{
    struct words *words = ARENA_NEW(arena, struct words);
    uint32_t kind = random_below(200), sentences = kind == 0 ? 1000 : kind < 20 ? 20 : 1 + random_below(3);
    if (kind == 2)
        return drone(arena);
    for (uint32_t i = 0; i < sentences; i++)
        add_words(words, any_text(texts));
    if (words->count == 0)
        insert_word(words, 0, stuff());
    for (uint32_t bends = 1 + random_below(2 + sentences * 4); bends > 0; bends--)
        bend_once(words, texts);
    struct slice text = join(words, arena);
    if (kind != 1)
        return text;
    AUTO_BUFFER out = buffer_create(TIMEX_BODY_MAX); /* the same again, up to the limit */
    while (!out.full)
        buffer_add(&out, text);
    return arena_copy(arena, buffer_slice(&out));
}

/* The ways of reading. */

static void read_times(struct slice text, const struct timex_context *context, struct arena *arena)
{
    struct timex_list found;
    (void)!timex_find(text, context, arena, &found, NULL);
}

static void read_wishes(struct slice text, const struct timex_context *context, struct arena *arena)
{
    struct wishes wishes;
    (void)!timex_wishes(text, context, 60, random_below(2) == 0, arena, &wishes, NULL);
}

static void read_mail(struct slice text, const struct timex_context *timex, struct arena *arena)
{
    struct mail mail = {.from = {LIT("Nora Feld"), LIT("nora@feld.example")},
                        .has_date = true,
                        .date = timex->ref,
                        .text = text,
                        .new_text = text};
    struct intent_context context = texts_conversation(
        timex->ref, (enum thread_state)random_below(THREAD_CLOSED + 1), random_below(2) == 0, arena);
    if (context.writer_is_client) {
        struct mail_quote quote = {.from = {LIT("Ida Norr"), LIT("ida@norr.example")}, .text = text};
        ARENA_PUSH(arena, &mail.quotes, quote);
    }
    struct reading reading;
    (void)!intent_read(&mail, &context, arena, &reading, NULL);
}

static const struct {
    const char *name;
    void (*read)(struct slice, const struct timex_context *, struct arena *);
} ways[] = {{"times", read_times}, {"wishes", read_wishes}, {"mail", read_mail}};
enum { WAYS = sizeof ways / sizeof *ways };

struct run {
    double *took[WAYS]; /* microseconds */
    size_t bytes_of_worst[WAYS];
    double worst[WAYS];
};

/* Slow for itself, not because another program was: the best of three. */
static double time_of(size_t way, struct slice text, const struct timex_context *context)
{
    double best = 1e9;
    uint64_t state = random_state;
    for (int i = 0; i < 3 && (i == 0 || best > 1000); i++) {
        AUTO_ARENA arena = arena_create((size_t)1 << 30);
        random_state = state;
        double start = cpu_s();
        ways[way].read(text, context, arena);
        double took = (cpu_s() - start) * 1e6;
        best = took < best ? took : best;
    }
    return best;
}

static void keep(const char *folder, size_t number, const char *way, struct slice text)
{
    AUTO_ARENA arena = arena_create(1 << 16);
    struct slice path = arena_format(arena, "%s/%zu-%s.txt", folder, number, way);
    (void)!file_write_durably(arena_text(arena, path), text, 0600, NULL);
}

int main(int argc, char **argv)
{
    if (argc < 6) {
        fprintf(stderr, "usage: bench_mutate SEED COUNT LIMIT_MS FOLDER CORPUS.jsonl…\n");
        return 2;
    }
    random_state = strtoull(argv[1], NULL, 10) * UINT64_C(0x9E3779B97F4A7C15) + 1;
    size_t count = strtoull(argv[2], NULL, 10);
    double limit_us = atof(argv[3]) * 1000;
    AUTO_ARENA arena = arena_create((size_t)2 << 30);
    struct text_list texts = {0};
    struct run run = {0};
    texts_load(argc - 5, argv + 5, arena, &texts);
    for (size_t way = 0; way < WAYS; way++)
        run.took[way] = ARENA_ARRAY(arena, count, double);
    for (size_t i = 0; i < count; i++) {
        AUTO_ARENA work = arena_create((size_t)64 << 20);
        struct slice text = mutant(&texts, work);
        struct timex_context context = texts.items[random_below((uint32_t)texts.count)].context;
        if (random_below(3) == 0)
            context.language = LANGUAGE_UNKNOWN;
        for (size_t way = 0; way < WAYS; way++) {
            double took = run.took[way][i] = time_of(way, text, &context);
            if (took > run.worst[way]) {
                run.worst[way] = took;
                run.bytes_of_worst[way] = text.len;
            }
            if (took > limit_us)
                keep(argv[4], i, ways[way].name, text);
        }
    }
    for (size_t way = 0; way < WAYS && count > 0; way++) {
        qsort(run.took[way], count, sizeof(double), texts_by_number);
        printf("%s %zu %.1f %.1f %.1f %zu\n", ways[way].name, count, run.took[way][count / 2],
               run.took[way][count * 99 / 100], run.worst[way], run.bytes_of_worst[way]);
    }
    return 0;
}
