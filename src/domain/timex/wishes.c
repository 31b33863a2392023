#include "domain/timex/wish.h"

/* What a whole message allows, from the notes of its mentions. */

static const struct record_field interval_fields[] = {
    FIELD(civil_interval, start, 1, RECORD_CIVIL),
    FIELD(civil_interval, end, 2, RECORD_CIVIL),
};
static RECORD_TYPE(interval_record, civil_interval, interval_fields);
static const struct record_field wishes_fields[] = {
    FIELD(wishes, constrained, 1, RECORD_BOOL),
    FIELD_OF(wishes, allowed, 2, RECORD_LIST, interval_record),
    FIELD_OF(wishes, preferred, 3, RECORD_LIST, interval_record),
    FIELD_OF(wishes, excluded, 4, RECORD_LIST, interval_record),
    FIELD(wishes, hours_named, 5, RECORD_BOOL),
    FIELD_ENUM(wishes, doubt, 6, timex_doubt_names),
};
RECORD_TYPE(wishes_record, wishes, wishes_fields);

enum { DAY = 86400, HORIZON_MAX = 800 };

struct verdict {
    struct span_set allowed, wished, avoided, excluded, times;
    bool listed, single, timed, any_wish, any_avoid, constrained;
};

static struct span_set both(const struct wish_reader *w, struct span_set x, struct span_set y)
{
    return spans_union(x, y, w->arena);
}

static void exclude(const struct wish_reader *w, const struct note *n, struct verdict *v)
{
    struct span_set spans = n->all;
    if (n->has_condition)
        spans = spans_cut(spans, n->condition, w->arena);
    if (n->kind == NOTE_DAYS && n->meaning != NULL && n->frame && (n->meaning->flags & F_WEEKDAYS))
        spans = n->spans;
    v->excluded = both(w, v->excluded, spans);
    v->constrained = true;
}

/* "si c'est un mardi, entre 10h et 16h": on those days only these hours. */
static void restrict_days(const struct wish_reader *w, const struct note *n, struct verdict *v)
{
    v->excluded = both(w, v->excluded, spans_less(n->condition, n->all, w->arena));
    v->constrained = true;
}

static bool inside(struct span_set small, struct span_set large)
{
    return small.count > 0 && spans_within(small, large);
}

/* A later, narrower list replaces a frame of days or adds the hours of a day that stood whole. */
static bool refined(const struct wish_reader *w, size_t index)
{
    const struct note *n = &w->notes.items[index];
    if (n->kind == NOTE_BOUND || n->excluded)
        return false;
    struct span_set own = n->all;
    for (size_t i = 0; i < w->notes.count; i++) {
        const struct note *other = &w->notes.items[i];
        if (i == index || other->dropped || other->excluded || other->wished || other->avoided ||
            other->fallback || other->kind == NOTE_TIME || other->has_condition ||
            other->kind == NOTE_BOUND)
            continue;
        bool later = other->sentence > n->sentence;
        bool days = n->kind == NOTE_DAYS || (n->frame && n->kind == NOTE_BOTH);
        struct span_set spans = other->all;
        if (spans.count == 0 || !days || !inside(spans, own) || inside(own, spans))
            continue;
        if (n->frame && !n->whole && (later || (other->sentence == n->sentence && !other->conjoined)))
            return true;
        if (!n->frame && later && other->kind == NOTE_BOTH)
            return true;
    }
    return false;
}

static void allow(const struct wish_reader *w, size_t index, struct verdict *v,
                  struct span_set *bounds, bool *bounded)
{
    const struct note *n = &w->notes.items[index];
    struct span_set spans = n->all;
    v->constrained = true;
    if (n->kind == NOTE_TIME) {
        v->times = both(w, v->times, spans);
        v->timed = true;
        return;
    }
    if (n->kind == NOTE_BOUND) {
        *bounds = *bounded ? spans_cut(*bounds, spans, w->arena) : spans;
        *bounded = true;
        return;
    }
    if (refined(w, index))
        return;
    v->allowed = both(w, v->allowed, spans);
    v->listed = true;
    v->single |= !n->frame;
}

static void wish(const struct wish_reader *w, const struct note *n, struct verdict *v)
{
    v->wished = both(w, v->wished, n->all);
    v->any_wish = true;
    v->constrained = true;
}

/* A wished note counts as listed when the text names it as one of several. */
static bool wish_lists(const struct wish_reader *w, const struct note *n)
{
    if (n->kind == NOTE_TIME)
        return false;
    if (n->than || n->fallback)
        return true;
    bool lists = false;
    for (size_t i = 0; i < w->notes.count; i++) {
        const struct note *other = &w->notes.items[i];
        if (other->wished || other->excluded || other->dropped || other->kind == NOTE_TIME ||
            other->kind == NOTE_BOUND || other->avoided)
            continue;
        if (inside(n->spans, other->spans))
            return false; /* "next week in the afternoon, ideally Thursday" lists no more */
        lists = true;
    }
    return lists;
}

static bool backwards(const struct note *n)
{
    const struct meaning *m = n->meaning;
    return m != NULL && m->t1 >= 0 && !(m->flags & F_PERIOD) && m->t1 - m->t0 > 14 * 3600 &&
           (m->cat == CAT_clocks || m->cat == CAT_moment) && m->day1 - m->day0 <= 1;
}

/* "En congé mardi, de retour le 27": away from Tuesday on, else from now on. */
static int64_t absence_start(const struct wish_reader *w)
{
    for (size_t i = 0; i < w->notes.count; i++) {
        const struct note *n = &w->notes.items[i];
        if (n->absent && !n->dropped && n->kind != NOTE_BOUND && n->spans.count > 0)
            return n->spans.items[0].a;
    }
    return w->from - DAY;
}

/* "The week of the 23rd would be great, Tuesday or Wednesday": these, not all of it. */
static void narrow_wished_weeks(struct wish_reader *w)
{
    for (size_t i = 0; i < w->notes.count; i++) {
        struct note *week = &w->notes.items[i];
        bool narrower = false;
        for (size_t k = i + 1; k < w->notes.count && week->wished && week->frame; k++) {
            const struct note *n = &w->notes.items[k];
            narrower |= !n->dropped && !n->excluded && !n->wished && !n->avoided && !n->fallback &&
                        (n->kind == NOTE_DAYS || n->kind == NOTE_BOTH) && !n->frame &&
                        n->sentence == week->sentence && inside(n->spans, week->spans);
        }
        week->dropped |= narrower;
    }
}

/* "At the fair until Wednesday, Thursday works": what is named lies behind the bound, so until then
 * the writer is away. */
static void take_until_as_absence(struct wish_reader *w)
{
    for (size_t i = 0; i < w->notes.count; i++) {
        struct note *until = &w->notes.items[i];
        bool named = false, within = false;
        for (size_t k = 0; k < w->notes.count && is_until(until); k++) {
            const struct note *n = &w->notes.items[k];
            bool listed = !n->dropped && !n->excluded && !n->conditional && !n->back && n->spans.count > 0 &&
                          (n->kind == NOTE_DAYS || n->kind == NOTE_BOTH);
            named |= listed;
            within |= listed && spans_cut(n->spans, until->spans, w->arena).count > 0;
        }
        until->excluded |= named && !within;
        until->absent |= named && !within;
    }
}

/* "I'd prefer the afternoon, but the morning is fine": the wished hours are among those that may
 * be, though only the others were said to. */
static void allow_wished_hours(const struct wish_reader *w, struct verdict *v)
{
    struct span_set said = v->times;
    for (size_t i = 0; v->timed && i < w->notes.count; i++) {
        const struct note *n = &w->notes.items[i];
        if (n->dropped || n->excluded || n->kind != NOTE_TIME || !n->wished || n->has_condition)
            continue;
        if (spans_cut(n->all, said, w->arena).count == 0)
            v->times = both(w, v->times, n->all);
    }
}

static void judge(const struct wish_reader *w, struct verdict *v)
{
    struct span_set bounds = {0};
    bool bounded = false;
    for (size_t i = 0; i < w->notes.count; i++) {
        const struct note *n = &w->notes.items[i];
        if (n->dropped || (n->conditional && !n->excluded) || (backwards(n) && !n->excluded))
            continue;
        if (n->back && (n->kind == NOTE_DAYS || n->kind == NOTE_BOTH) && n->spans.count > 0) {
            struct span_set before = spans_one(absence_start(w), n->spans.items[0].a, w->arena);
            v->excluded = both(w, v->excluded, before);
            v->constrained = true;
        } else if (n->excluded)
            exclude(w, n, v);
        else if (n->has_condition)
            restrict_days(w, n, v);
        else if (n->avoided) {
            v->avoided = both(w, v->avoided, n->all);
            v->any_avoid = v->constrained = true;
        } else if (n->wished) {
            wish(w, n, v);
            if (wish_lists(w, n)) {
                v->allowed = both(w, v->allowed, n->all);
                v->listed = true;
            }
        } else
            allow(w, i, v, &bounds, &bounded);
    }
    if (!v->listed || (w->all && v->single)) /* "any day, next week": of that week */
        v->allowed = w->horizon;
    if (bounded)
        v->allowed = spans_cut(v->allowed, bounds, w->arena);
    allow_wished_hours(w, v);
    if (v->timed)
        v->allowed = spans_cut(v->allowed, v->times, w->arena);
    v->excluded = spans_cut(v->excluded, w->horizon, w->arena);
    v->allowed = spans_less(spans_cut(v->allowed, w->horizon, w->arena), v->excluded, w->arena);
    if (v->any_wish)
        v->wished = spans_cut(v->wished, v->allowed, w->arena);
    if (v->any_avoid)
        v->wished = spans_less(v->any_wish ? v->wished : v->allowed, v->avoided, w->arena);
}

static bool in_past(const struct wish_reader *w, const struct note *n)
{
    if (n->kind == NOTE_TIME || n->spans.count == 0 || n->meaning == NULL || n->each)
        return false;
    int64_t today = (int64_t)w->reader->today * DAY;
    return n->spans.items[n->spans.count - 1].b <= today;
}

/* A day and month just gone by, without a year, was not meant for next year. */
static bool long_ahead(const struct wish_reader *w, const struct note *n)
{
    const struct meaning *m = n->meaning;
    if (m == NULL || n->kind == NOTE_TIME || n->spans.count == 0 || (m->flags & (F_FIXED | F_BAD)))
        return false;
    return n->spans.items[0].a > (int64_t)w->reader->today * DAY + 240 * DAY;
}

static enum timex_doubt note_doubt(const struct wish_reader *w, const struct note *n)
{
    const struct meaning *m = n->meaning;
    if (m == NULL || n->excluded)
        return TIMEX_CLEAR;
    if (m->flags & F_BAD || backwards(n))
        return TIMEX_CONTRADICTION;
    if (in_past(w, n) || long_ahead(w, n))
        return TIMEX_PAST;
    if (m->flags & F_SWAP)
        return TIMEX_DAY_OR_MONTH;
    if (m->flags & F_WHICH)
        return TIMEX_WHICH_WEEK;
    if (n->exact && (m->flags & F_AMPM0) && !(m->flags & F_HAS24) && m->t1 < 0 &&
        (m->t0 / 3600 == 7 || m->t0 / 3600 == 8) && m->t0 % 3600 == 0)
        return TIMEX_AM_PM;
    return TIMEX_CLEAR;
}

/* Past dates in a sentence that tells something are no wish. */
static void drop_past(struct wish_reader *w)
{
    bool others = false;
    for (size_t i = 0; i < w->notes.count; i++) {
        const struct note *n = &w->notes.items[i];
        others |= !n->dropped && !(in_past(w, n) || long_ahead(w, n));
    }
    for (size_t i = 0; others && i < w->notes.count; i++)
        if (in_past(w, &w->notes.items[i]) || long_ahead(w, &w->notes.items[i]))
            w->notes.items[i].dropped = true;
}

static enum timex_doubt doubt_of(const struct wish_reader *w, const struct verdict *v)
{
    enum timex_doubt doubt = w->writer_decides ? TIMEX_OTHER : TIMEX_CLEAR;
    for (size_t i = 0; i < w->notes.count && doubt == TIMEX_CLEAR; i++)
        if (!w->notes.items[i].dropped)
            doubt = note_doubt(w, &w->notes.items[i]);
    if (doubt == TIMEX_CLEAR && v->listed && v->allowed.count == 0)
        doubt = TIMEX_CONTRADICTION;
    return doubt;
}

static void put(const struct wish_reader *w, struct span_set set, struct civil_interval_list *out)
{
    for (size_t i = 0; i < set.count; i++) {
        struct civil_interval interval = {civil_from_us(set.items[i].a * 1000000),
                                          civil_from_us(set.items[i].b * 1000000)};
        ARENA_PUSH(w->arena, out, interval);
    }
}

enum status timex_wishes(struct slice body, const struct timex_context *context,
                         uint32_t horizon_days, bool request, struct arena *arena,
                         struct wishes *out, struct problem *why)
{
    struct reader reader;
    struct mention_found_list mentions = {0};
    TRY(timex_mentions(body, context, arena, true, &reader, &mentions, NULL, why));
    cues_prepare();
    struct wish_reader w = {.reader = &reader, .arena = arena, .request = request};
    if (horizon_days > HORIZON_MAX)
        horizon_days = HORIZON_MAX;
    w.from = (int64_t)reader.today * DAY + reader.now;
    w.to = w.from + (int64_t)horizon_days * DAY;
    w.horizon = spans_one(w.from, w.to, arena);
    wish_scan(&w, &mentions);
    if (w.limited)
        return problem_set(why, ST_LIMIT, "more than %d wishes of time", TIMEX_WISHES_MAX);
    drop_past(&w);
    settle_taken(&w);
    wish_join(&w);
    for (size_t i = 0; i < w.notes.count; i++)
        w.notes.items[i].all = note_spans(&w, &w.notes.items[i]);
    take_until_as_absence(&w);
    narrow_wished_weeks(&w);
    struct verdict v = {0};
    judge(&w, &v);
    struct wishes result = {.constrained = v.constrained, .doubt = doubt_of(&w, &v)};
    for (size_t i = 0; i < w.notes.count; i++)
        result.hours_named |= !w.notes.items[i].dropped && w.notes.items[i].window_count > 0;
    put(&w, v.allowed, &result.allowed);
    if (v.any_wish || v.any_avoid)
        put(&w, v.wished, &result.preferred);
    put(&w, v.excluded, &result.excluded);
    *out = result;
    return ST_OK;
}

/* "I land at 3, any time after that": a bound, no hour to meet at. */
static void scope_open(struct timex *timex, bool ends)
{
    if (timex->kind == TIMEX_INTERVAL && !ends && timex->open == TIMEX_BOUNDED)
        timex->start = timex->end; /* "court from 9 to 11, after that" */
    timex->kind = TIMEX_INTERVAL;
    timex->open = TIMEX_AFTER;
    timex->end = timex->start;
}

void timex_scope(struct reader *reader, struct mention_found_list *mentions,
                 struct timex_list *found)
{
    struct wish_trace *trace = NULL;
    if (reader->explain) {
        trace = ARENA_NEW(reader->arena, struct wish_trace);
        memset(trace, 0, sizeof *trace);
    }
    struct wish_reader w = {.reader = reader, .arena = reader->arena, .trace = trace};
    w.from = (int64_t)reader->today * DAY + reader->now;
    w.to = w.from + (int64_t)HORIZON_MAX * DAY; /* what is said of a far day counts as much */
    w.horizon = spans_one(w.from, w.to, reader->arena);
    wish_scan(&w, mentions);
    drop_past(&w);
    settle_taken(&w);
    for (size_t i = 0, next = 0; i < found->count; i++) {
        struct timex *timex = &found->items[i];
        const struct note *n = scope_note(&w, timex, &next);
        timex->negated = n != NULL && n->excluded && !n->dropped;
        if (n != NULL && n->opens && timex->has_clock)
            scope_open(timex, n->ends);
        if (timex->explanation != NULL)
            scope_explain(&w, n, timex);
    }
    if (trace == NULL)
        return;
    wish_join(&w);
    for (size_t i = 0, next = 0; i < found->count; i++) {
        const struct note *n = scope_note(&w, &found->items[i], &next);
        if (found->items[i].explanation != NULL)
            scope_place(&w, n, &found->items[i]);
    }
}
