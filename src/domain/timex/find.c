#include "domain/timex/cues.h"
#include "domain/timex/names.h"

/* The public reading: tokens, islands of known words, charts, and their best readings in the
 * form that others use. */

enum { HALF = 12 * 3600 };

const char *zone_of(int index)
{
    static const char *const names[] = {
#define ZONE(name, iana) iana,
#include "domain/timex/zones.def"
#undef ZONE
    };
    return index >= 0 && index < ZONE_COUNT_ ? names[index] : "";
}

int zone_of_offset(int hours)
{
    return hours == 0 ? ZONE_UTC : hours < 0 ? ZONE_UTCM12 + 12 + hours : ZONE_UTCP1 + hours - 1;
}

static bool known(const struct reader *reader, const struct token *token)
{
    if (token->noise || token->kind == TOKEN_LINE)
        return false;
    if (token->kind == TOKEN_NUMBER)
        return true;
    if (token->kind == TOKEN_WORD)
        return lexicon_knows(reader, token);
    switch (token->value) {
    case '-':
    case '/':
    case ',':
    case '(':
    case ')':
    case ':':
    case '@':
    case '*':
    case '|':
    case '.':
    case '&':
    case '<':
    case '>':
    case '\'':
    case '"':
    case '~':
    case '+':
    case '=':
    case 0xBC:
    case 0xBD:
    case 0xBE:
    case 0x2264:
    case 0x2265:
    case 0xB0: /* "n° 14" */
    case 0xBA:
        return true;
    default:
        return false;
    }
}

/* The words after the first of an entry ("clock" in "o'clock") may be unknown by themselves:
 * an island also takes in every word that stands in some entry. */
static size_t island_end(const struct reader *reader, size_t start)
{
    size_t end = start, misses = 0;
    while (end < reader->tokens.count && end - start < ISLAND_MAX) {
        const struct token *token = &reader->tokens.items[end];
        if (token->kind == TOKEN_LINE || token->noise || (token->wall && end > start))
            break;
        misses = known(reader, token) ? 0 : misses + 1;
        if (misses > 3 || (misses > 0 && token->kind == TOKEN_SIGN))
            break;
        end++;
    }
    return end;
}

/* Words of four letters that only the other languages know tell them apart: "next week" in French. */
static bool is_foreign_word(struct reader *reader, const struct token *token, unsigned own, unsigned other)
{
    if (token->kind != TOKEN_WORD || token->noise || token->folded_len < 4)
        return false;
    reader->languages = own;
    bool familiar = lexicon_knows(reader, token);
    reader->languages = other;
    return !familiar && lexicon_knows(reader, token);
}

/* A day or a part of it, in two words at least: "tomorrow afternoon", "mardi prochain". */
static bool is_foreign_time(struct reader *reader, const struct mention *mention, unsigned own, unsigned other)
{
    const uint64_t days = BIT(CAT_date) | BIT(CAT_dates) | BIT(CAT_moment) | BIT(CAT_open) | BIT(CAT_part);
    size_t words = 0;
    bool foreign = false;
    for (size_t i = mention->token_start; i < mention->token_end; i++) {
        words += reader->tokens.items[i].kind == TOKEN_WORD;
        foreign |= is_foreign_word(reader, &reader->tokens.items[i], own, other);
    }
    return words >= 2 && foreign && (BIT(mention->m.cat) & days) != 0;
}

static void insert_mention(struct reader *reader, struct mention_found_list *found, const struct mention *mention)
{
    ARENA_PUSH(reader->arena, found, *mention);
    for (size_t i = found->count - 1; i > 0 && found->items[i - 1].token_start > found->items[i].token_start; i--) {
        struct mention earlier = found->items[i - 1];
        found->items[i - 1] = found->items[i];
        found->items[i] = earlier;
    }
}

/* "Une visio end of next week", "a call mardi prochain": where the language of the text reads
 * nothing, the others are asked. */
static void read_foreign(struct reader *reader, struct mention_found_list *found)
{
    const unsigned own = reader->languages, other = every_language() & ~own;
    struct mention_found_list foreign = {0};
    bool any = false;
    for (size_t i = 0; i < reader->tokens.count && other != 0 && !any; i++)
        any = is_foreign_word(reader, &reader->tokens.items[i], own, other);
    reader_languages(reader, other);
    for (size_t at = 0, next = 0; any && at < reader->tokens.count && !reader->limited;) {
        while (next < found->count && found->items[next].token_end <= at)
            next++;
        size_t limit = next < found->count ? found->items[next].token_start : reader->tokens.count;
        if (limit <= at) {
            at = found->items[next].token_end;
            continue;
        }
        if (!known(reader, &reader->tokens.items[at])) {
            at++;
            continue;
        }
        size_t end = island_end(reader, at);
        end = end < limit ? end : limit;
        chart_read(reader, at, end, &foreign);
        at = end > at ? end : at + 1;
    }
    for (size_t i = 0; i < foreign.count && found->count <= TIMEX_MAX; i++)
        if (is_foreign_time(reader, &foreign.items[i], own, other))
            insert_mention(reader, found, &foreign.items[i]);
    reader_languages(reader, own);
}

static unsigned languages_of(const struct timex_context *context, struct slice body)
{
    if (context->language != LANGUAGE_UNKNOWN)
        return 1u << context->language;
    enum language guess = timex_language(body);
    return guess == LANGUAGE_UNKNOWN ? every_language() : 1u << guess;
}

enum status timex_mentions(struct slice body, const struct timex_context *context,
                           struct arena *arena, bool meals, struct reader *reader,
                           struct mention_found_list *found, struct timex_ignored_list *ignored,
                           struct problem *why)
{
    if (body.len > TIMEX_BODY_MAX)
        return problem_set(why, ST_LIMIT, "text longer than %d bytes", TIMEX_BODY_MAX);
    size_t bad = utf8_bad_at(body);
    if (bad != SIZE_MAX)
        return problem_at(why, ST_INVALID, bad, "text is not UTF-8");
    lexicon_prepare();
    rules_prepare();
    memset(reader, 0, sizeof *reader);
    reader->context = context;
    reader->arena = arena;
    reader->meals = meals;
    reader->explain = context->explain && !meals; /* timex_find explains */
    reader->ignored = ignored;
    reader->body = body;
    reader->today = (int32_t)civil_date_to_days(context->ref.date);
    reader->now = context->ref.hour * 3600 + context->ref.minute * 60 + context->ref.second;
    reader_languages(reader, languages_of(context, body));
    timex_tokenise(reader);
    if (reader->limited)
        return problem_set(why, ST_LIMIT, "more than %d words and marks", TOKENS_PER_TEXT);
    timex_mark_noise(reader);
    if (meals || context->scope || context->explain)
        cues_mark(reader);
    for (size_t at = 0; at < reader->tokens.count && !reader->limited;) {
        if (!known(reader, &reader->tokens.items[at])) {
            at++;
            continue;
        }
        size_t end = island_end(reader, at);
        chart_read(reader, at, end, found);
        at = end > at ? end : at + 1;
        if (found->count > TIMEX_MAX)
            return problem_set(why, ST_LIMIT, "more than %d expressions of time", TIMEX_MAX);
    }
    read_foreign(reader, found);
    if (reader->limited)
        return problem_set(why, ST_LIMIT, "too much to read for times");
    timex_take_zone(found);
    timex_fill(reader, found);
    timex_share(reader, found);
    return ST_OK;
}

static void put_duration(const struct meaning *m, struct timex *out)
{
    out->kind = TIMEX_DURATION;
    out->duration_s = m->seconds;
    out->duration_months = m->months;
}

/* The half of the day was not said: "at 3". French counts to 24. */
static bool half_open(const struct reader *reader, const struct meaning *m)
{
    return (m->flags & F_AMPM0) && !(m->flags & F_HAS24) &&
           some_habit(reader, HABIT_HOURS_BY_TWELVE);
}

/* One to six o'clock: of its two halves the afternoon is meant. */
static bool by_day(int32_t t0)
{
    return t0 >= 3600 && t0 < 7 * 3600;
}

/* Of "three twenty" without a day the next one counts, in the morning or in the afternoon; but
 * "11ish", said after lunch, is not tonight, and "at three", said at half past six, is
 * tomorrow's afternoon. */
static void choose_half(const struct reader *reader, struct meaning *m)
{
    bool late = m->t0 + HALF >= 22 * 3600;
    if (m->cat == CAT_clock && half_open(reader, m) && m->t0 < reader->now && m->t0 < HALF &&
        (by_day(m->t0) || m->t0 + HALF > reader->now) && !late)
        m->t0 += HALF;
}

static void put_span(const struct reader *reader, struct meaning *m, struct timex *out)
{
    bool dated = m->day1 > m->day0;
    if (!dated) {
        m->day0 = reader->today;
        m->day1 = m->day0 + 1;
        choose_half(reader, m);
        /* A time of day that is over today means tomorrow's, for a single time. */
        if (m->t1 < 0 && m->t0 >= 0 && m->t0 < 86400 && m->t0 < reader->now - 3600 &&
            m->cat == CAT_clock)
            m->day0++, m->day1++;
        out->clock_only = m->t0 >= 0;
    } else if (half_open(reader, m) && m->t1 < 0 && by_day(m->t0))
        m->t0 += HALF; /* "Thursday at 2": nobody meets at night */
    out->has_clock = m->t0 >= 0;
    out->kind = TIMEX_INSTANT;
    out->grain = m->grain;
    out->start = civil_of(m->day0, m->t0 >= 0 ? m->t0 : 0);
    if (m->t1 >= 0) {
        out->kind = TIMEX_INTERVAL;
        out->end = civil_of(m->day1 - 1, m->t1);
    } else if (m->t0 >= 0) {
        out->end = out->start;
        if (m->day1 - m->day0 > 1) {
            out->kind = TIMEX_INTERVAL;
            out->end = civil_of(m->day1, 0);
        }
    } else {
        out->end = civil_of(m->day1, 0);
        if (m->cat == CAT_dates || (m->grain == GRAIN_PART) ||
            (m->grain == GRAIN_DAY && m->day1 - m->day0 > 1) || m->grain == GRAIN_QUARTER ||
            (m->grain == GRAIN_WEEK && m->day1 - m->day0 > 7) ||
            (m->grain == GRAIN_YEAR && m->day1 - m->day0 > 366))
            out->kind = TIMEX_INTERVAL;
    }
}

static void put_open(const struct reader *reader, struct meaning *m, struct timex *out)
{
    put_span(reader, m, out);
    out->kind = TIMEX_INTERVAL;
    out->open = m->open;
    if (m->open == TIMEX_AFTER) {
        bool stretch = m->grain > GRAIN_DAY || (m->grain == GRAIN_PART && m->day1 - m->day0 > 1);
        if (m->value == 0 && m->t0 < 0 && (stretch && !(m->flags & F_INCLUSIVE)))
            out->start = civil_of(m->day1, 0); /* "after 2018" */
        out->end = out->start;
    } else {
        bool whole = m->flags & F_INCLUSIVE && m->grain > GRAIN_DAY;
        struct civil at = m->t0 >= 0 ? out->start : civil_of(whole ? m->day1 : m->day0, 0);
        out->end = at;
        out->start = at;
    }
}

static enum timex_doubt doubt_of(const struct reader *reader, const struct meaning *m)
{
    if (m->flags & F_BAD)
        return TIMEX_CONTRADICTION;
    if (m->flags & F_SWAP)
        return TIMEX_DAY_OR_MONTH;
    if (m->flags & F_WHICH)
        return TIMEX_WHICH_WEEK;
    if ((m->flags & F_AMPM0) && m->t0 >= 7 * 3600 && m->t0 < 9 * 3600 && m->t1 < 0 &&
        !(m->flags & F_HAS24))
        return TIMEX_AM_PM;
    if (m->day1 > m->day0 && m->day1 <= reader->today && m->cat != CAT_dur)
        return TIMEX_PAST;
    return TIMEX_CLEAR;
}

static bool to_timex(struct reader *reader, const struct mention *mention, struct timex *out)
{
    const struct token *first = &reader->tokens.items[mention->token_start];
    const struct token *last = &reader->tokens.items[mention->token_end - 1];
    struct meaning m = mention->m;
    memset(out, 0, sizeof *out);
    out->explanation = mention->explanation;
    out->offset = first->offset;
    out->length = last->offset + last->length - first->offset;
    out->text = slice_sub(reader->body, out->offset, out->offset + out->length);
    if (m.cat == CAT_dur) {
        put_duration(&m, out);
        out->grain = m.grain;
        return true;
    }
    if (m.cat == CAT_set) {
        out->kind = TIMEX_SET;
        out->grain = m.grain;
        out->rrule = set_rrule(&m, reader->arena);
        out->exception = m.flags & F_EXCEPT;
        out->has_clock = m.t0 >= 0;
        return true;
    }
    if (m.cat != CAT_clock && m.cat != CAT_clocks && m.cat != CAT_part &&
        !(m.cat == CAT_open && m.day1 <= m.day0) && !date_resolve(reader, &m))
        return false;
    out->doubt = doubt_of(reader, &m);
    if (m.cat == CAT_open)
        put_open(reader, &m, out);
    else
        put_span(reader, &m, out);
    if (out->kind == TIMEX_INTERVAL && out->open == TIMEX_BOUNDED &&
        civil_compare(out->end, out->start) < 0)
        return false;
    if (m.zone > 0)
        out->zone = slice_from(zone_of(m.zone - 1));
    return true;
}

enum status timex_find(struct slice body, const struct timex_context *context, struct arena *arena,
                       struct timex_list *found, struct problem *why)
{
    struct reader reader;
    struct mention_found_list mentions = {0};
    TRY(timex_mentions(body, context, arena, false, &reader, &mentions, NULL, why));
    struct timex_list list = {0};
    for (size_t i = 0; i < mentions.count; i++) {
        struct timex one;
        if (!to_timex(&reader, &mentions.items[i], &one))
            continue;
        if (one.explanation != NULL)
            explain_result(&reader, &mentions.items[i].m, &one);
        ARENA_PUSH(arena, &list, one);
    }
    if (context->scope || context->explain)
        timex_scope(&reader, &mentions, &list);
    *found = list;
    return ST_OK;
}

enum status timex_find_ignored(struct slice body, const struct timex_context *context,
                               struct arena *arena, struct timex_ignored_list *out,
                               struct problem *why)
{
    struct reader reader;
    struct mention_found_list mentions = {0};
    struct timex_ignored_list ignored = {0};
    struct timex_context plain = *context;
    plain.explain = false;
    TRY(timex_mentions(body, &plain, arena, false, &reader, &mentions, &ignored, why));
    for (size_t i = 0; i < mentions.count; i++) {
        struct timex one;
        if (!to_timex(&reader, &mentions.items[i], &one))
            explain_impossible(&reader, &mentions.items[i]);
    }
    explain_noise(&reader);
    *out = ignored;
    return ST_OK;
}
