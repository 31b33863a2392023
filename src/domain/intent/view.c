#include <string.h>

#include "domain/intent/series.h"

/* What a reader sees of a mail: its new text and the newest quote taken apart, zones, the
 * other recipients; and what must not be read: signatures that stayed, orders to us. */

static const struct zone *zone_or(struct slice name, const struct zone *otherwise)
{
    const struct zone *zone;
    return name.len > 0 && zone_load(name, &zone, NULL) == ST_OK ? zone : otherwise;
}

static bool same(struct slice a, struct slice b)
{
    return a.len > 0 && slice_equal_nocase(a, b);
}

static void collect_others(struct view *view)
{
    const struct mailbox_list *lists[] = {&view->mail->to, &view->mail->cc};
    for (size_t l = 0; l < 2; l++)
        for (size_t i = 0; i < lists[l]->count; i++) {
            struct mailbox box = lists[l]->items[i];
            if (same(box.address, view->mail->from.address) ||
                same(box.address, view->context->assistant.address))
                continue;
            ARENA_PUSH(view->arena, &view->others, box);
        }
}

static bool says_one(const struct text *text, uint16_t id, bool *clock)
{
    struct span span = text_timex_tokens(text, id - 1u);
    bool one = false;
    *clock = false;
    for (uint32_t i = span.first; i < span.end; i++) {
        if (text->tokens[i].timex != id)
            continue;
        one |= in_class(text, i, CLASS_article_count);
        *clock |= text->tokens[i].kind == TOKEN_NUMBER || in_class(text, i, CLASS_hour_mark);
    }
    return one;
}

/* "the Wednesday one", "one evening": a pronoun or an article, no hour. */
static void drop_pronouns(struct text *text)
{
    for (size_t i = 0; i < text->timexes.count; i++) {
        struct timex *timex = &text->timexes.items[i];
        bool clock;
        if (!timex->has_clock || timex->kind != TIMEX_INSTANT ||
            !says_one(text, (uint16_t)(i + 1), &clock) || clock)
            continue;
        timex->has_clock = false;
        if (timex->clock_only) {
            struct span span = text_timex_tokens(text, i);
            for (uint32_t t = span.first; t < span.end; t++)
                if (text->tokens[t].timex == i + 1)
                    text->tokens[t].timex = 0;
            continue;
        }
        timex->grain = GRAIN_DAY;
        timex->doubt = TIMEX_CLEAR;
        timex->start = civil_at(timex->start.date, 0, 0);
        timex->end = civil_add(timex->start, (struct duration){DAY_US});
    }
}

/* "at 4.30", "half past 2": by day, unless it says otherwise. */
/* "3 a.m.", "trois heures du matin": the early half of the day was said. */
static bool says_morning(const struct text *text, size_t timex)
{
    struct span span = text_timex_tokens(text, timex);
    for (uint32_t t = span.first; t < span.end; t++) {
        if (text->tokens[t].timex != timex + 1)
            continue;
        if (in_class(text, t, CLASS_night_hour) ||
            slice_ends(text->tokens[t].word, LIT("am")) ||
            (in_class(text, t, CLASS_a_half) && in_class(text, t + 1, CLASS_letter_m)))
            return true;
    }
    return false;
}

static void prefer_daytime(struct text *text)
{
    for (size_t i = 0; i < text->timexes.count; i++) {
        struct timex *timex = &text->timexes.items[i];
        bool small = timex->start.hour == 0 && timex->start.minute > 0 &&
                     slice_find(timex->text, LIT("0"), 0) == SIZE_MAX; /* "quarter to one" */
        bool early = timex->has_clock && timex->grain <= GRAIN_HOUR &&
                     (timex->start.hour > 0 || small) && timex->start.hour < 7 &&
                     timex->kind != TIMEX_DURATION;
        bool marked = timex->text.len > 0 && slice_contains(timex->text, LIT("0")) &&
                      timex->text.data[0] == '0';
        if (!early || marked || timex->zone.len > 0 || says_morning(text, i))
            continue;
        timex->start = civil_add(timex->start, (struct duration){12 * HOUR_US});
        timex->end = civil_add(timex->end, (struct duration){12 * HOUR_US});
        timex->doubt = timex->doubt == TIMEX_CONTRADICTION ? TIMEX_CONTRADICTION : TIMEX_CLEAR;
    }
}

/* "7.30 Wednesday then", of drinks and dinners that are settled: in the evening too. */
static void prefer_evening(const struct view *view, struct text *text)
{
    enum meeting_kind kind = view->context->kind;
    if (view->context->state != THREAD_CONFIRMED || (kind != KIND_DRINKS && kind != KIND_DINNER))
        return;
    for (size_t i = 0; i < text->timexes.count; i++) {
        struct timex *timex = &text->timexes.items[i];
        bool early = timex->has_clock && timex->kind == TIMEX_INSTANT && timex->grain <= GRAIN_HOUR &&
                     timex->start.hour >= 5 && timex->start.hour <= 9 && timex->zone.len == 0;
        if (!early || says_morning(text, i))
            continue;
        timex->start = civil_add(timex->start, (struct duration){12 * HOUR_US});
        timex->end = civil_add(timex->end, (struct duration){12 * HOUR_US});
    }
}

static void blank(char *said, const struct text *text, uint32_t token)
{
    memset(said + text->tokens[token].offset, ' ', text->tokens[token].length);
}


/* The word is somebody's: of an address in the text, of the thread. */
static bool is_somebody(const struct view *view, const struct text *text, struct slice word)
{
    for (uint32_t t = 0; t < text->token_count; t++)
        if (text->tokens[t].kind == TOKEN_MAIL &&
            name_means(word, SLICE_NONE, text->tokens[t].word))
            return true;
    for (size_t i = 0; i < view->others.count; i++)
        if (name_means(word, view->others.items[i].name, view->others.items[i].address))
            return true;
    for (size_t i = 0; i < view->context->people.count; i++)
        if (name_means(word, view->context->people.items[i].name,
                       view->context->people.items[i].address))
            return true;
    return false;
}

/* What was found out of a trap; texts repeat them. */
struct trap {
    struct slice word;
    bool somebody;
};
struct trap_list {
    struct trap *items;
    size_t count, capacity;
};

/* "Sam Ortega", "Sam is optional": the name of somebody, no Saturday. */
static bool is_trap(const struct view *view, const struct text *text, uint32_t at,
                    struct trap_list *known)
{
    if (!text->tokens[at].capital || !in_class(text, at, CLASS_name_trap))
        return false;
    if (at + 1 < text->token_count && text->tokens[at + 1].capital &&
        text->tokens[at + 1].kind == TOKEN_WORD && text->tokens[at + 1].word.len > 2)
        return true;
    struct trap trap = {.word = text->tokens[at].word};
    for (size_t i = 0; i < known->count; i++)
        if (slice_equal(known->items[i].word, trap.word))
            return known->items[i].somebody;
    trap.somebody = is_somebody(view, text, trap.word);
    ARENA_PUSH(view->arena, known, trap);
    return trap.somebody;
}

/* "un mardi sur deux", "une fois par mois" */
static bool is_of_recurrence(const struct text *text, uint32_t at)
{
    return (in_class(text, at + 2, CLASS_over_fr) && in_class(text, at + 3, CLASS_weeks_of)) ||
           (in_class(text, at + 1, CLASS_times_fr) && in_class(text, at + 2, CLASS_contrast_par));
}

/* "d'un déjeuner", "a one-hour call": no one o'clock. */
static bool is_article(const struct text *text, uint32_t at)
{
    if (in_class(text, at, CLASS_article_un))
        return !in_class(text, at + 1, CLASS_hours_fr) && !is_of_recurrence(text, at) &&
               !in_class(text, at + 1, CLASS_weekday_fr); /* "jamais un lundi" */
    if (!in_class(text, at, CLASS_one_oclock) || in_class(text, at + 1, CLASS_clock_behind))
        return false;
    bool on = at > 0 && in_class(text, at - 1, CLASS_on);
    if (!on && in_class(text, at + 1, CLASS_part_of_day))
        return false; /* "breakfast one day next week" */
    return at == 0 || !in_class(text, at - 1, CLASS_hour_lead);
}

/* "any afternoon except Wednesday, week of the 20th": the week is not that of the
 * exception. */
static bool parts_exception(const struct text *text, uint32_t at)
{
    if (text->tokens[at].kind != TOKEN_PUNCT)
        return false;
    bool week = in_class(text, at + 1, CLASS_week) ||
                (in_class(text, at + 1, CLASS_article_week) && in_class(text, at + 2, CLASS_week));
    if (!week)
        return false;
    for (uint32_t back = 2; back <= 5 && back <= at; back++)
        if (in_class(text, at - back, CLASS_except_week))
            return true;
    return false;
}

/* "<kofi@mensah.example> next week": no comparison. */
static void blank_brackets(char *said, const struct text *text, uint32_t token)
{
    size_t from = text->tokens[token].offset, to = from + text->tokens[token].length;
    if (from > 0 && said[from - 1] == '<')
        said[from - 1] = ' ';
    if (to < text->body.len && said[to] == '>')
        said[to] = ' ';
}

/* "une visio à trois", "the three of us": how many people. */
static bool is_head_count(const struct text *text, uint32_t at)
{
    if (!in_class(text, at, CLASS_head_count) || at == 0)
        return false;
    bool among = in_class(text, at - 1, CLASS_a_half) && !in_class(text, at + 1, CLASS_hours_behind) &&
                 in_class(text, at, CLASS_count_small);
    return among || (in_class(text, at + 1, CLASS_of) && in_class(text, at + 2, CLASS_of_us));
}

/* "Dispo sur les trois", "all 3 are fine": all that was offered, no third of the month. */
static bool counts_offers(const struct view *view, const struct text *text, uint32_t at)
{
    static const enum class counts[] = {CLASS_NONE,    CLASS_NONE,    CLASS_count_2,
                                        CLASS_count_3, CLASS_count_4, CLASS_count_5};
    size_t offers = view->context->offers.count;
    return offers >= 2 && offers < sizeof counts / sizeof *counts && at > 0 &&
           in_class(text, at, counts[offers]) &&
           in_class(text, at - 1, CLASS_all_the) &&
           !in_class(text, at + 1, CLASS_not_time);
}

/* "Hang on, no - Thursday": the word by itself negates nothing behind it. */
static bool is_no_by_itself(const struct text *text, uint32_t at)
{
    if (!in_class(text, at, CLASS_no) || at + 1 >= text->token_count ||
        text->tokens[at + 1].kind != TOKEN_PUNCT)
        return false;
    return at == 0 || text->tokens[at - 1].kind == TOKEN_PUNCT ||
           in_class(text, at - 1, CLASS_interjection);
}

/* "Les autres matins je dépose les petits": those of the other offers, no mornings at large. */
static bool names_others(const struct view *view, const struct text *text, uint32_t at)
{
    return view->context->offers.count > 1 && at > 1 && in_class(text, at - 1, CLASS_other_fr) &&
           in_class(text, at - 2, CLASS_article_parts) &&
           in_class(text, at, CLASS_parts);
}

/* "La veille", "the day before", "le jour précédent": how many tokens. */
static uint32_t day_before_at(const struct text *text, uint32_t at)
{
    if (in_class(text, at, CLASS_day_before) && at > 0 && in_class(text, at - 1, CLASS_article_la))
        return 1;
    if (in_class(text, at, CLASS_previous) && in_class(text, at + 1, CLASS_day_word))
        return 2;
    if (in_class(text, at, CLASS_day_word_fr) && in_class(text, at + 1, CLASS_previous_fr))
        return 2;
    if (in_class(text, at, CLASS_day_word_fr) && in_class(text, at + 1, CLASS_short_of) && in_class(text, at + 2, CLASS_before_last))
        return 3;
    return in_class(text, at, CLASS_the) && in_class(text, at + 1, CLASS_day_word) && in_class(text, at + 2, CLASS_before) &&
                   !in_class(text, at + 3, CLASS_yesterday)
               ? 3 : 0;
}

/* "The same week": that of what is settled. */
static uint32_t same_week_at(const struct text *text, uint32_t at)
{
    bool en = in_class(text, at, CLASS_that) && in_class(text, at + 1, CLASS_same) && in_class(text, at + 2, CLASS_week_en);
    bool fr = in_class(text, at, CLASS_article_la) && in_class(text, at + 1, CLASS_same_fr) && in_class(text, at + 2, CLASS_week_fr);
    return en || fr ? 3 : 0;
}

static uint32_t day_after_at(const struct text *text, uint32_t at)
{
    return in_class(text, at, CLASS_the) && in_class(text, at + 1, CLASS_day_word) && in_class(text, at + 2, CLASS_week_after_after) &&
                   !in_class(text, at + 3, CLASS_tomorrow_like)
               ? 3 : 0;
}

/* "Décaler de mardi à mercredi", "move it from 3 to 4": behind such a verb, where it is
 * now says nothing of where it goes. The end of that part, or `at`. */
static uint32_t origin_end(const struct text *text, uint32_t at)
{
    bool number = false;
    bool day = in_class(text, at, CLASS_weekday_en) || in_class(text, at, CLASS_weekday_fr);
    if (day && in_class(text, at - 1, CLASS_move_verb) && in_class(text, at + 1, CLASS_range_to_hour))
        return at + 1; /* "move Tuesday to Thursday at 2" */
    if (!in_class(text, at, CLASS_range_from))
        return at;
    for (uint32_t i = at + 1; i < text->token_count && i <= at + 6; i++) {
        number |= text->tokens[i].kind == TOKEN_NUMBER || ascii_is_digit(text->tokens[i].word.data[0]) ||
                  in_class(text, i, CLASS_weekday_en) || in_class(text, i, CLASS_weekday_fr);
        if (text->tokens[i].kind == TOKEN_PUNCT ||
            in_class(text, i, CLASS_hour_unit))
            return at;
        if (in_class(text, i, CLASS_toward))
            return number ? i : at;
    }
    return at;
}

/* "16h30 est noté": no time of the east. */
/* "Le premier, lundi 11 à 14h": the first offer, and no first Monday. */
static bool is_ordinal_apart(const struct text *text, uint32_t at)
{
    return in_class(text, at, CLASS_ordinal_spelled) && at + 2 < text->token_count &&
           text->tokens[at + 1].kind == TOKEN_PUNCT && text->body.data[text->tokens[at + 1].offset] == ',' &&
           (in_class(text, at + 2, CLASS_weekday_en) || in_class(text, at + 2, CLASS_weekday_fr));
}

static bool is_verb_behind_time(const struct text *text, uint32_t at)
{
    return in_class(text, at, CLASS_is_est) && !text->tokens[at].capital && at > 0 && at + 1 < text->token_count &&
           text->tokens[at + 1].kind == TOKEN_WORD && text->tokens[at - 1].kind != TOKEN_PUNCT &&
           ascii_is_digit(text->tokens[at - 1].word.data[0]) &&
           slice_find(text->tokens[at - 1].word, LIT("h"), 0) != SIZE_MAX;
}

/* "at 14 Mill Lane", "au 4 quai Perrache": no hour. */
static bool is_house_number(const struct text *text, uint32_t at)
{
    if (text->tokens[at].kind != TOKEN_NUMBER)
        return false;
    if (in_class(text, at + 1, CLASS_street_before))
        return true;
    for (uint32_t i = at + 1; i < text->token_count && i <= at + 3; i++) {
        if (!text->tokens[i].capital)
            return false;
        if (in_class(text, i, CLASS_street_noun))
            return i > at + 1;
    }
    return false;
}

/* In place of "la veille", "the day after", "the week after" words that are counted from
 * the day that rebase() sets: two days before the settled one, or that day. */
static void write_word(char *said, const struct text *text, struct span words, struct slice word)
{
    const struct token *last = &text->tokens[words.end - 1];
    for (uint32_t k = words.first; k < words.end; k++)
        blank(said, text, k);
    if (text->tokens[words.first].offset + word.len <= last->offset + last->length)
        memcpy(said + text->tokens[words.first].offset, word.data, word.len);
}

/* "The week after, I'm away next week": that one counts from the day of writing. */
static bool names_week(const struct text *text)
{
    for (uint32_t i = 0; i + 1 < text->token_count; i++)
        if ((in_class(text, i, CLASS_week_next) && in_class(text, i + 1, CLASS_week_en)) ||
            (in_class(text, i, CLASS_week_fr) && in_class(text, i + 1, CLASS_next_fr)) ||
            (in_class(text, i, CLASS_this_fr) && in_class(text, i + 1, CLASS_week_fr)))
            return true;
    return false;
}

/* "Could we make it 11?", "let's make that three": "it" is written over with "at". */
static bool makes_it_an_hour(const struct text *text, uint32_t at)
{
    uint64_t hour = 0;
    uint32_t number = at + 1, end = at + 2;
    if (at == 0 || number >= text->token_count || !in_class(text, at - 1, CLASS_make_verb) ||
        !in_class(text, at, CLASS_make_it))
        return false;
    bool figure = slice_to_u64(text->tokens[number].word, 19, &hour) && hour > 0;
    bool last = end >= text->token_count || text->tokens[end].kind == TOKEN_PUNCT ||
                text->tokens[end].sentence != text->tokens[at].sentence ||
                in_class(text, end, CLASS_make_end);
    return (figure || in_class(text, number, CLASS_hour_number)) && last;
}

static void blank_tokens(char *said, const struct text *text, uint32_t from, uint32_t end)
{
    for (uint32_t k = from; k < end; k++)
        blank(said, text, k);
}

/* Words that mean a time only in what is talked about, written as the time reader knows them. */
static void write_relative(const struct view *view, const struct text *text, uint32_t i, char *said)
{
    uint32_t relative = view->counts_back ? day_before_at(text, i)
                        : view->counts_on ? day_after_at(text, i) : 0;
    if (relative > 0)
        write_word(said, text, (struct span){i, i + relative},
                   in_class(text, i, CLASS_article_previous) ? LIT("tomorrow") : LIT("demain"));
    if (makes_it_an_hour(text, i))
        write_word(said, text, (struct span){i, i + 1}, LIT("at"));
    if (view->counts_same && same_week_at(text, i) > 0)
        write_word(said, text, (struct span){i, i + 3},
                   in_class(text, i, CLASS_article_la) ? LIT("cette semaine") : LIT("this week"));
    if (view->counts_week && in_class(text, i, CLASS_the) && in_class(text, i + 1, CLASS_week_en) &&
        week_after_at(text, i + 1) && in_class(text, i + 2, CLASS_week_after_after))
        write_word(said, text, (struct span){i, i + 3}, LIT("next week"));
}

static bool says_no_time(const struct view *view, const struct text *text, uint32_t i)
{
    return is_verb_behind_time(text, i) || is_house_number(text, i) ||
           (in_class(text, i, CLASS_possessive_s) && in_class(text, i + 1, CLASS_person_before)) ||
           is_head_count(text, i) || counts_offers(view, text, i) || names_others(view, text, i) ||
           is_no_by_itself(text, i) ||
           (in_class(text, i, CLASS_from) && i > 0 && in_class(text, i - 1, CLASS_apart));
}

/* Moves of days: from where ("move it from Monday to Tuesday": not Monday), by how many. */
static void blank_moves(struct text *text, uint32_t i, bool moves, char *said)
{
    int32_t days;
    uint32_t shift = day_shift_at(text, i, &days);
    text->shifts_days |= shift > 0;
    blank_tokens(said, text, i, moves ? origin_end(text, i) : i);
    blank_tokens(said, text, i, i + shift);
}

static void say_token(const struct view *view, struct text *text, uint32_t i,
                      struct trap_list *traps, char *said)
{
    enum token_kind kind = text->tokens[i].kind;
    bool wrapped = i + 1 < text->token_count && said[text->tokens[i].offset] == '\n' &&
                   text->tokens[i].sentence == text->tokens[i + 1].sentence;
    bool one_follows = in_class(text, i + 1, CLASS_one);
    if (is_article(text, i) || kind == TOKEN_MAIL || kind == TOKEN_URL || kind == TOKEN_PHONE)
        blank(said, text, i);
    if (kind == TOKEN_MAIL)
        blank_brackets(said, text, i);
    write_relative(view, text, i, said);
    bool trap = !wrapped && is_trap(view, text, i, traps);
    if (wrapped || trap || says_no_time(view, text, i))
        blank(said, text, i);
    if (one_follows && in_class(text, i, CLASS_edge)) /* "the later one on Wednesday" is not late on Wednesday */
        blank_tokens(said, text, i, i + 2);
    if (one_follows && in_class(text, i, CLASS_weekday_en))
        blank(said, text, i + 1);
    else if (is_ordinal_apart(text, i))
        blank(said, text, i);
    if (parts_exception(text, i))
        said[text->tokens[i].offset] = '.';
}

static struct slice make_said(const struct view *view, struct text *text,
                              const struct timex_list *durations)
{
    struct trap_list traps = {0};
    char *said = arena_text(view->arena, text->body);
    bool moves = false; /* said before in the sentence */
    for (uint32_t i = 0; i < text->token_count; i++) {
        moves = moves && text->tokens[i].sentence == text->tokens[i - 1].sentence;
        blank_moves(text, i, moves, said);
        moves |= in_class(text, i, CLASS_move_verb);
        say_token(view, text, i, &traps, said);
    }
    for (size_t i = 0; i < durations->count; i++)
        memset(said + durations->items[i].offset, ' ', durations->items[i].length);
    return (struct slice){said, text->body.len};
}

static struct timex_list merge(const struct timex_list *a, const struct timex_list *b,
                               struct arena *arena)
{
    struct timex_list out = {0};
    for (size_t i = 0, k = 0; i < a->count || k < b->count;) {
        bool first = k >= b->count || (i < a->count && a->items[i].offset <= b->items[k].offset);
        ARENA_PUSH(arena, &out, first ? a->items[i] : b->items[k]);
        if (first)
            i++;
        else
            k++;
    }
    return out;
}

/* Times as they are said at `ref`; may be done again for another one. */
static void find_times(const struct view *view, const struct timex_list *durations,
                       struct civil ref, struct text *out)
{
    struct timex_context context = {
        .ref = ref, .zone = view->writer_zone, .reader = view->reader_zone, .scope = true,
        .explain = view->context->explain};
    struct timex_list timexes = {0};
    if (timex_find(out->said, &context, view->arena, &timexes, NULL) != ST_OK) {
        timexes = (struct timex_list){0};
        out->limited = true;
    }
    timexes = merge(&timexes, durations, view->arena);
    for (uint32_t i = 0; i < out->token_count; i++)
        out->tokens[i].timex = 0;
    text_attach_timexes(out, &timexes);
    drop_pronouns(out);
    prefer_daytime(out);
    prefer_evening(view, out);
}

/* All but the cues. */
static struct timex_list find_all(const struct view *view, struct slice body, struct civil ref,
                                  struct text *out)
{
    struct timex_list durations = {0};
    text_take_apart(body, view->out->language, view->arena, out);
    durations_find(out, view->arena, &durations);
    out->said = make_said(view, out, &durations);
    find_times(view, &durations, ref, out);
    return durations;
}

/* "le lendemain", "the following Monday", "un autre jour, le même": counted from a day that
 * was spoken of before. */
static bool refers_back(const struct text *text, uint32_t at)
{
    if (week_after_at(text, at) || in_class(text, at, CLASS_day_after))
        return true;
    if (in_class(text, at, CLASS_same_or_next) && in_class(text, at + 1, CLASS_days_both))
        return true;
    if (in_class(text, at, CLASS_day_word) && in_class(text, at + 1, CLASS_week_after_after))
        return !in_class(text, at + 2, CLASS_tomorrow);
    return (in_class(text, at, CLASS_week_after_following) && in_class(text, at + 1, CLASS_weekday_en)) ||
           (in_class(text, at, CLASS_weekday_fr) && in_class(text, at + 1, CLASS_following));
}

static bool is_around(const struct text *text, uint32_t at, uint16_t id)
{
    for (uint32_t i = at; i <= at + 2 && i < text->token_count; i++)
        if (text->tokens[i].timex == id)
            return true;
    return false;
}

/* The first thing said of time refers back: nothing but the settled day is before it. */
static bool begins_with_reference(const struct view *view, struct instant from)
{
    const struct text *text = &view->text;
    uint32_t at = 0;
    while (at < text->token_count && !refers_back(text, at))
        at++;
    for (uint32_t i = 0; i < at; i++) {
        uint16_t id = text->tokens[i].timex;
        if (id == 0 || is_around(text, at, id))
            continue;
        const struct timex *timex = &text->timexes.items[id - 1];
        struct interval span = timex_interval(timex, view, view->writer_zone);
        bool day = timex->open == TIMEX_BOUNDED && timex->grain <= GRAIN_DAY;
        bool settled = span.start.us <= from.us && from.us <= span.end.us;
        bool idle = timex->kind == TIMEX_DURATION || timex->clock_only || timex->grain < GRAIN_HOUR;
        if (!idle && !(day && settled))
            return false;
    }
    return at < text->token_count;
}

/* "Fin de semaine", "later that week": of the week that is spoken of. */
static bool is_edge_of_week(const struct text *text, uint32_t at)
{
    bool week = in_class(text, at, CLASS_week_fr) || in_class(text, at, CLASS_week_en);
    bool edge = at > 1 && (in_class(text, at - 2, CLASS_edge_of_week) || in_class(text, at - 1, CLASS_edge_of_week));
    return (week && edge) || (in_class(text, at, CLASS_edge_of_week) &&
                              (in_class(text, at + 1, CLASS_week_fr) || in_class(text, at + 2, CLASS_week_fr) ||
                               in_class(text, at + 1, CLASS_week_en) || in_class(text, at + 2, CLASS_week_en)));
}

/* "Vendredi après-midi, vous pourriez ?" of a meeting in another week means that week. */
static bool names_bare_weekdays(const struct text *text)
{
    bool named = false;
    for (uint32_t i = 0; i < text->token_count; i++) {
        uint16_t id = text->tokens[i].timex;
        if (id == 0 || text->timexes.items[id - 1].kind == TIMEX_DURATION)
            continue;
        bool weekday = in_class(text, i, CLASS_weekday_en) || in_class(text, i, CLASS_weekday_fr) ||
                       is_edge_of_week(text, i);
        named |= weekday;
        if (!weekday && !(i > 0 && week_after_at(text, i - 1)) && !text->timexes.items[id - 1].clock_only &&
            !in_class(text, i, CLASS_time_filler) &&
            text->tokens[i].kind == TOKEN_WORD && !ascii_is_digit(text->tokens[i].word.data[0]))
            return false;
        bool date = text->tokens[i].kind == TOKEN_NUMBER && i > 0 &&
                    (in_class(text, i - 1, CLASS_weekday_en) || in_class(text, i - 1, CLASS_weekday_fr)) &&
                    text->tokens[i].length <= 2 && !in_class(text, i + 1, CLASS_hour_short);
        if (date)
            return false;
    }
    return named;
}

/* "The following Wednesday" where a Wednesday is offered: behind that one; else behind the first offer. */
static struct instant offer_counted_from(const struct view *view)
{
    const struct offer_context_list *offers = &view->context->offers;
    struct instant from = offers->items[0].span.start;
    for (uint32_t i = 0; i + 1 < view->text.token_count; i++) {
        bool led = in_class(&view->text, i, CLASS_week_after_following);
        uint16_t id = view->text.tokens[led ? i + 1 : i].timex;
        if (id == 0 || !refers_back(&view->text, i) || week_after_at(&view->text, i))
            continue;
        enum weekday day = civil_date_weekday(view->text.timexes.items[id - 1].start.date);
        for (size_t k = 0; k < offers->count; k++)
            if (civil_date_weekday(civil_from_instant(offers->items[k].span.start, view->writer_zone).date) == day)
                from = offers->items[k].span.start;
    }
    return from;
}

static bool counts_week_after(const struct text *text)
{
    for (uint32_t i = 0; i < text->token_count; i++)
        if (week_after_at(text, i))
            return true;
    return false;
}

/* Times of an answer are read once more from the day that they are counted from. */
static void rebase(struct view *view, const struct timex_list *durations)
{
    const struct intent_context *context = view->context;
    bool settled = context->state == THREAD_CONFIRMED && context->confirmed.start.us > 0;
    if (!settled && context->offers.count == 0)
        return;
    bool sole = settled || context->offers.count == 1;
    for (uint32_t i = 0; sole && i < view->text.token_count; i++) {
        view->counts_back |= day_before_at(&view->text, i) > 0;
        view->counts_on |= day_after_at(&view->text, i) > 0;
        view->counts_same |= same_week_at(&view->text, i) > 0;
    }
    struct instant from = settled ? context->confirmed.start : offer_counted_from(view);
    struct civil_date day = civil_from_instant(from, view->writer_zone).date;
    int32_t weekday = (int32_t)((civil_date_to_days(day) + 3) % 7);
    struct civil ref = civil_at(day, 0, 0);
    if (view->counts_same) {
        struct civil monday = civil_at(civil_date_add(day, -weekday), 0, 0);
        view->ref = civil_compare(monday, view->ref) > 0 ? monday : view->ref;
        view->text.said = make_said(view, &view->text, durations);
        find_times(view, durations, view->ref, &view->text);
        return;
    }
    if (view->counts_back || view->counts_on) { /* "demain" of two days before is the day before */
        view->ref = civil_at(civil_date_add(day, view->counts_back ? -2 : 0), 0, 0);
        view->text.said = make_said(view, &view->text, durations);
        find_times(view, durations, view->ref, &view->text);
        return;
    }
    if (!begins_with_reference(view, from)) {
        bool after = counts_week_after(&view->text); /* "later that week or early the week after" */
        ref = civil_at(civil_date_add(day, after ? 0 : -weekday - 1), 0, 0); /* else from the Sunday before */
        if (!settled || !names_bare_weekdays(&view->text))
            return;
    }
    if (civil_compare(ref, view->ref) <= 0 || names_week(&view->text))
        return;
    view->ref = ref;
    view->counts_week = true;
    view->text.said = make_said(view, &view->text, durations);
    find_times(view, durations, view->ref, &view->text);
}

static void choose_quote(struct view *view)
{
    const struct mail_quote_list *quotes = &view->mail->quotes;
    for (size_t i = 0; i < quotes->count && view->quoted == NULL; i++) {
        const struct mail_quote *quote = &quotes->items[i];
        if (!same(quote->from.address, view->mail->from.address) &&
            !same(quote->from.address, view->context->assistant.address) &&
            quote->text.len <= TIMEX_BODY_MAX && utf8_bad_at(quote->text) == SIZE_MAX)
            view->quoted = quote;
    }
}

struct text *view_quote(struct view *view)
{
    if (view->quote_found)
        return &view->quote;
    find_all(view, view->quoted->text, view->quoted->has_date ? view->quoted->date : view->ref,
             &view->quote);
    cues_find(&view->quote, view->arena);
    view->quote_found = true;
    return &view->quote;
}

void text_drop_masked_cues(struct text *text)
{
    size_t kept = 0;
    for (size_t i = 0; i < text->cues.count; i++)
        if (!text->tokens[text->cues.items[i].tokens.first].masked)
            text->cues.items[kept++] = text->cues.items[i];
    text->cues.count = kept;
    cues_index(text);
}

/* "Send the calendar invite to Ben" is what an assistant is for. */
static bool is_invitation(const struct text *text, struct span tokens)
{
    for (uint32_t i = tokens.first; i < tokens.end; i++)
        if (in_class(text, i, CLASS_calendar_entry))
            return true;
    return false;
}

/* Orders to the assistant: their whole paragraph is not read. */
void view_mask_orders(struct view *view)
{
    struct text *text = &view->text;
    bool *orders = ARENA_ARRAY(view->arena, text->sentence_count + 1u, bool); /* by paragraph */
    bool masked = false;
    for (size_t i = 0; i < text->cues.count; i++) {
        const struct cue_hit *hit = &text->cues.items[i];
        if (hit->cue == CUE_PROBE && !view->context->writer_is_client)
            view->out->suspicious = true;
        if (hit->cue != CUE_INJECTION || is_invitation(text, hit->tokens))
            continue;
        view->out->suspicious = masked = true;
        orders[text->sentences[hit->sentence].paragraph] = true;
    }
    if (!masked)
        return;
    for (uint32_t t = 0; t < text->token_count; t++)
        if (orders[text->sentences[text->tokens[t].sentence].paragraph])
            text->tokens[t].masked = true;
    text_drop_masked_cues(text);
}

void view_make(struct view *view, const struct mail *mail,
                      const struct intent_context *context, struct arena *arena,
                      struct reading *out)
{
    *view = (struct view){.mail = mail, .context = context, .arena = arena, .out = out};
    view->organizer_zone = zone_or(context->organizer_zone, zone_utc());
    view->offer_zone = zone_or(context->offer_zone, zone_or(context->writer_zone,
                                                            view->organizer_zone));
    view->writer_zone = zone_or(context->writer_zone, view->offer_zone);
    view->reader_zone = zone_or(context->reader_zone, view->organizer_zone);
    view->ref = mail->has_date ? mail->date
                               : civil_from_instant(context->received, view->writer_zone);
    collect_others(view);
    struct slice body = mail->new_text;
    if (utf8_bad_at(body) != SIZE_MAX)
        body = utf8_repair(body, arena);
    struct timex_list durations = find_all(view, body, view->ref, &view->text);
    if (weeks_count_on(view))
        find_times(view, &durations, view->ref, &view->text);
    rebase(view, &durations);
    series_as_days(view);
    cues_find(&view->text, arena);
    text_mask_asides(&view->text);
    view->limited = view->text.limited;
    out->timexes = view->text.timexes;
    view_mask_signature(view);
    view_mask_freed(view);
    choose_quote(view);
}

