#include "texts.h"

#include <stdio.h>
#include <stdlib.h>

#include "formats/json/json.h"

enum { CORPUS_BYTES_MAX = 256 << 20 };

static void give_up(const char *path, size_t line, const struct problem *why)
{
    fprintf(stderr, "%s:%zu: %s\n", path, line, why->detail);
    exit(1);
}

static struct text text_of(const json_t *row, struct arena *arena)
{
    struct text text = {.text = arena_copy(arena, json_text(row, "text"))};
    struct slice lang = json_text(row, "lang");
    text.context.language = slice_equal(lang, LIT("fr"))   ? LANGUAGE_FR
                            : slice_equal(lang, LIT("en")) ? LANGUAGE_EN
                                                           : LANGUAGE_UNKNOWN;
    text.context.ref = civil_at((struct civil_date){2026, 11, 23}, 9, 30);
    struct civil ref;
    if (civil_parse(json_text(row, "ref"), &ref, NULL) == ST_OK)
        text.context.ref = ref;
    text.context.zone = zone_utc();
    text.request = slice_equal(json_text(row, "role"), LIT("request"));
    return text;
}

static void load_one(const char *path, struct arena *arena, struct text_list *out)
{
    struct slice bytes, line;
    struct problem why;
    if (file_read(path, CORPUS_BYTES_MAX, arena, &bytes, &why) != ST_OK)
        give_up(path, 0, &why);
    for (size_t number = 1; slice_next_line(&bytes, &line); number++) {
        AUTO_JSON row = NULL;
        if (slice_trim(line).len == 0)
            continue;
        if (json_read(line, &row, &why) != ST_OK)
            give_up(path, number, &why);
        ARENA_PUSH(arena, out, text_of(row, arena));
    }
}

void texts_load(int count, char **paths, struct arena *arena, struct text_list *out)
{
    for (int i = 0; i < count; i++)
        load_one(paths[i], arena, out);
    if (out->count == 0) {
        fprintf(stderr, "no texts: name corpora (JSON lines with \"text\")\n");
        exit(1);
    }
}

static struct instant at_us(int64_t us)
{
    return (struct instant){us};
}

struct intent_context texts_conversation(struct civil ref, enum thread_state state, bool client,
                                         struct arena *arena)
{
    struct intent_context context = {
        .assistant = {LIT("Robin"), LIT("robin@assist.example")},
        .received = at_us(civil_to_us(ref)),
        .writer_zone = LIT("Europe/Paris"),
        .organizer_zone = LIT("Europe/Paris"),
        .offer_zone = LIT("Europe/Paris"),
        .writer_is_client = client,
        .writer_is_organizer = client,
        .state = state,
    };
    for (uint32_t i = 1; i <= 3; i++) {
        struct instant start = at_us(context.received.us + i * 2 * DAY_US);
        struct offer_context offer = {i, {start, instant_add(start, minutes(60))}};
        ARENA_PUSH(arena, &context.offers, offer);
    }
    if (state == THREAD_CONFIRMED)
        context.confirmed = context.offers.items[1].span;
    return context;
}

int texts_by_number(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}
