#include "domain/timex/wish.h"

/* One mention as days and hours. Hours of the parts of a day are those a person who plans a
 * meeting means; they are wider than the corpus conventions of timex_find. */

enum { HOUR = 3600, DAY = 86400, NOON = 12 * HOUR };

static const struct window part_windows[PART_COUNT_][4] = {
    /* whole, early, middle, late */
    [PART_MORNING] = {{6 * HOUR, NOON},
                      {6 * HOUR, 10 * HOUR},
                      {9 * HOUR + 1800, 11 * HOUR + 1800},
                      {10 * HOUR + 1800, NOON + 1800}},
    [PART_NOONISH] = {{NOON, 14 * HOUR},
                      {NOON, 13 * HOUR},
                      {NOON, 14 * HOUR},
                      {13 * HOUR, 14 * HOUR}},
    [PART_LUNCH] = {{NOON, 14 * HOUR},
                    {NOON, 13 * HOUR},
                    {NOON, 14 * HOUR},
                    {13 * HOUR, 14 * HOUR}},
    [PART_AFTERNOON] = {{13 * HOUR, 18 * HOUR},
                        {13 * HOUR, 15 * HOUR + 1800},
                        {14 * HOUR + 1800, 16 * HOUR + 1800},
                        {16 * HOUR, 18 * HOUR + 1800}},
    [PART_EVENING] = {{18 * HOUR, DAY}, /* one that begins late ends late */
                      {17 * HOUR + 1800, 20 * HOUR},
                      {19 * HOUR, 21 * HOUR},
                      {20 * HOUR, 23 * HOUR}},
    [PART_NIGHT] = {{20 * HOUR, DAY},
                    {20 * HOUR, 22 * HOUR},
                    {21 * HOUR, 23 * HOUR},
                    {22 * HOUR, DAY}},
    [PART_TONIGHT] = {{18 * HOUR, DAY},
                      {18 * HOUR, 20 * HOUR},
                      {19 * HOUR, 21 * HOUR},
                      {20 * HOUR, DAY}},
    [PART_DAY] = {{0, DAY}, {7 * HOUR, 10 * HOUR}, {11 * HOUR, 15 * HOUR}, {16 * HOUR, 19 * HOUR}},
    [PART_DINNER] = {{19 * HOUR, DAY},
                     {19 * HOUR, 20 * HOUR},
                     {19 * HOUR, 22 * HOUR},
                     {20 * HOUR, 22 * HOUR}},
    [PART_BREAKFAST] = {{7 * HOUR, 10 * HOUR},
                        {7 * HOUR, 8 * HOUR},
                        {8 * HOUR, 9 * HOUR},
                        {9 * HOUR, 10 * HOUR}},
    [PART_WORK] = {{9 * HOUR, 18 * HOUR},
                   {9 * HOUR, 11 * HOUR},
                   {11 * HOUR, 15 * HOUR},
                   {16 * HOUR, 18 * HOUR}},
    [PART_DAWN] = {{5 * HOUR, 8 * HOUR},
                   {5 * HOUR, 7 * HOUR},
                   {6 * HOUR, 7 * HOUR},
                   {7 * HOUR, 8 * HOUR}},
    [PART_DUSK] = {{18 * HOUR, 21 * HOUR},
                   {18 * HOUR, 19 * HOUR},
                   {19 * HOUR, 20 * HOUR},
                   {20 * HOUR, 21 * HOUR}},
    [PART_BRUNCH] = {{10 * HOUR, 14 * HOUR},
                     {10 * HOUR, NOON},
                     {11 * HOUR, 13 * HOUR},
                     {NOON, 14 * HOUR}},
    [PART_LUNCHHOURS] = {{NOON, 14 * HOUR},
                         {NOON, 14 * HOUR},
                         {NOON, 14 * HOUR},
                         {NOON, 14 * HOUR}},
    [PART_FIRST] = {{8 * HOUR, 10 * HOUR},
                    {8 * HOUR, 10 * HOUR},
                    {8 * HOUR, 10 * HOUR},
                    {8 * HOUR, 10 * HOUR}},
    [PART_AFTERSCHOOL] = {{15 * HOUR, 21 * HOUR},
                          {15 * HOUR, 18 * HOUR},
                          {17 * HOUR, 19 * HOUR},
                          {19 * HOUR, 21 * HOUR}},
    [PART_AFTERWORK] = {{17 * HOUR + 1800, 21 * HOUR},
                        {17 * HOUR, 19 * HOUR},
                        {18 * HOUR, 20 * HOUR},
                        {19 * HOUR, 21 * HOUR}},
    [PART_SUNSET] = {{18 * HOUR, 21 * HOUR},
                     {18 * HOUR, 19 * HOUR},
                     {19 * HOUR, 20 * HOUR},
                     {20 * HOUR, 21 * HOUR}},
};

static struct window part_window(int part, int edge)
{
    static const uint8_t column[] = {
        [EDGE_NONE] = 0, [EDGE_EARLY] = 1, [EDGE_START] = 1, [EDGE_VERYEARLY] = 1,
        [EDGE_MID] = 2,  [EDGE_LATE] = 3,  [EDGE_END] = 3,
    };
    return part_windows[part][column[edge]];
}

static void put_window(struct note *note, int32_t t0, int32_t t1)
{
    if (note->window_count < WINDOWS_MAX && t1 > t0)
        note->windows[note->window_count++] = (struct window){t0, t1};
}

/* A bare hour is read in working time: one to six are in the afternoon. */
static int32_t working(int32_t t, bool open)
{
    return open && t < 7 * HOUR ? t + NOON : t;
}

static void put_clock_window(struct note *note, const struct meaning *m)
{
    bool both = (m->flags & F_AMPM0) && (m->flags & F_AMPM1);
    if (m->t1 >= 0) {
        int32_t shift = both && m->t0 < 7 * HOUR ? NOON : 0;
        put_window(note, m->t0 + shift, m->t1 + shift);
        return;
    }
    int32_t t = working(m->t0, (m->flags & F_AMPM0) && !(m->flags & F_HAS24));
    put_window(note, t, t + HOUR);
    note->exact = true;
}

static void put_hours(struct note *note, const struct meaning *m)
{
    if (m->flags & F_AFTERSAID) {
        if (m->part == PART_AFTERNOON)
            put_window(note, 13 * HOUR + 1800, 19 * HOUR);
        else
            put_window(note, 0, NOON);
    } else if ((m->flags & F_PERIOD) && m->part != PART_NONE) {
        struct window w = part_window(m->part, m->edge);
        put_window(note, w.t0, w.t1);
    } else
        put_clock_window(note, m);
}

static struct span_set days_of(const struct wish_reader *w, int32_t day0, int32_t day1)
{
    return spans_one((int64_t)day0 * DAY, (int64_t)day1 * DAY, w->arena);
}

static struct span_set without_weekend(const struct wish_reader *w, struct span_set days)
{
    struct span_set weekend = spans_union(spans_weekday(days, SATURDAY, w->arena),
                                          spans_weekday(days, SUNDAY, w->arena), w->arena);
    return spans_less(days, weekend, w->arena);
}

static const struct token *token_before(const struct wish_reader *w, uint32_t token)
{
    return token > 0 ? &w->reader->tokens.items[token - 1] : NULL;
}

static bool is_inclusive(const struct wish_reader *w, const struct note *note)
{
    for (uint32_t i = note->token_end; i < note->token_end + 2 && i < w->reader->tokens.count; i++)
        if (in_class(&w->reader->tokens.items[i], CLASS_inclusive))
            return true;
    return false;
}

/* "Fin de semaine" begins on Thursday; the others lie where timex_find sees them. */
static void put_edge(const struct wish_reader *w, struct note *note, const struct meaning *m)
{
    int32_t from = m->day0, to = m->day1;
    if (m->count == 7) {
        bool late = m->edge == EDGE_LATE || m->edge == EDGE_END;
        bool mid = m->edge == EDGE_MID;
        from = m->until + (late ? 3 : mid ? 1 : 0);
        to = m->until + (late ? 5 : mid ? 4 : 2);
    }
    note->spans = days_of(w, from, to);
    note->frame = true;
    note->floating = m->part == UNIT_WEEK;
}

static void put_days(const struct wish_reader *w, struct note *note, struct meaning *m)
{
    if (m->cat == CAT_dates && m->count > 0) {
        put_edge(w, note, m);
        return;
    }
    if (m->flags & F_TOTAL && m->cat == CAT_date) { /* "dans deux semaines" */
        int32_t monday = m->day0 - ((m->day0 + 3) % 7 + 7) % 7;
        note->spans = days_of(w, monday, monday + 5);
        note->frame = true;
        return;
    }
    note->spans = days_of(w, m->day0, m->day1);
    note->frame = m->day1 - m->day0 > 1;
    if (m->grain == GRAIN_WEEK || m->flags & F_WEEKDAYS)
        note->spans = without_weekend(w, note->spans);
}

static void put_weekday(const struct wish_reader *w, struct note *note, const struct meaning *m)
{
    note->wd = m->wd;
    note->bare = true;
    note->each = m->flags & F_PLURAL;
    note->frame = false;
    const struct token *before = token_before(w, note->token_start);
    for (uint32_t i = note->token_start; i < note->token_end; i++)
        note->generic |= in_class(&w->reader->tokens.items[i], CLASS_each_inside);
    note->generic |= before != NULL && in_class(before, CLASS_each);
    if (note->each)
        note->spans = spans_weekday(w->horizon, m->wd, w->arena);
}

/* arg of before: 0 before, 1 until, 2 by. Absent for a day "until the 18th": that day too. */
static void put_bound(const struct wish_reader *w, struct note *note, const struct meaning *m)
{
    int64_t day0 = (int64_t)m->day0 * DAY, day1 = (int64_t)m->day1 * DAY;
    bool timed = m->t0 >= 0, period = timed && (m->flags & F_PERIOD);
    note->kind = NOTE_BOUND;
    int32_t t0 = m->t0, t1 = m->t1;
    if (period && m->part != PART_NONE) {
        struct window hours = part_window(m->part, m->edge);
        t0 = hours.t0;
        t1 = hours.t1;
    } else if (timed)
        t0 = t1 = working(m->t0, (m->flags & F_AMPM0) && !(m->flags & F_HAS24));
    if (m->open == TIMEX_AFTER) {
        int64_t at = m->value >= 1 || m->flags & F_INCLUSIVE ? day0 : day1;
        if (timed)
            at = day0 + (m->value >= 1 ? t0 : t1);
        note->spans = spans_one(at, w->to, w->arena);
        return;
    }
    int64_t at = m->value == 0 && m->edge != EDGE_LATE ? day0 : day1;
    if (m->value == 1 && m->grain >= GRAIN_MONTH && !(m->flags & F_INCLUSIVE))
        at = day0;
    if (timed)
        at = day1 - DAY + (m->value == 0 ? t0 : t1);
    note->spans = spans_one(w->from - 40 * DAY, at, w->arena);
}

static void put_open(const struct wish_reader *w, struct note *note, const struct meaning *m)
{
    bool dated = m->day1 > m->day0;
    if (dated && m->value2 != 1) {
        put_bound(w, note, m);
        return;
    }
    note->kind = dated ? NOTE_BOTH : NOTE_TIME;
    if (dated)
        note->spans = days_of(w, m->day0, m->day1);
    if (dated && m->nth > 0) {
        struct meaning wd = *m;
        wd.wd = (int8_t)(m->nth - 1);
        put_weekday(w, note, &wd);
    }
    int32_t t0 = m->t0, t1 = m->t0;
    if ((m->flags & F_PERIOD) && m->part != PART_NONE) {
        struct window hours = part_window(m->part, m->edge);
        t0 = hours.t0;
        t1 = hours.t1;
    } else {
        t0 = t1 = working(m->t0, (m->flags & F_AMPM0) && !(m->flags & F_HAS24));
    }
    if (m->open == TIMEX_AFTER)
        put_window(note, m->value >= 1 ? t0 : t1, DAY);
    else
        put_window(note, 0, m->value == 0 ? t0 : t1);
}

static void put_set(const struct wish_reader *w, struct note *note, const struct meaning *m)
{
    note->kind = m->byday ? NOTE_DAYS : NOTE_TIME;
    note->each = true;
    for (int wd = 0; wd < 7; wd++)
        if (m->byday & 1u << wd)
            note->spans =
                spans_union(note->spans, spans_weekday(w->horizon, wd, w->arena), w->arena);
    if (m->t0 >= 0) {
        put_hours(note, m);
        note->kind = m->byday ? NOTE_BOTH : NOTE_TIME;
    }
}

/* The zone that was said, when it is another than the writer's. */
static void put_zone(const struct wish_reader *w, struct note *note, const struct meaning *m)
{
    const struct zone *said, *own = w->reader->context->zone;
    const char *name = m->zone > 0 ? zone_of(m->zone - 1) : "";
    if (own == NULL || *name == '\0')
        return;
    if (slice_equal(slice_from(name), LIT("reader")))
        note->zone = w->reader->context->reader;
    else if (zone_load(slice_from(name), &said, NULL) == ST_OK)
        note->zone = said;
}

/* How much later the writer's clock shows that day. */
static int32_t zone_shift(const struct wish_reader *w, const struct zone *said, int32_t day)
{
    const struct zone *own = w->reader->context->zone;
    struct instant noon = civil_to_instant(civil_of(day, NOON), own);
    return zone_offset_s(own, noon, NULL) - zone_offset_s(said, noon, NULL);
}

/* Hours said in another zone, day by day: the two need not change their clocks together. */
static struct span_set zoned_spans(const struct wish_reader *w, const struct note *note,
                                   struct span_set days, struct window window)
{
    struct span_set out = {0};
    struct span_set whole = spans_daily(days, 0, DAY, w->arena);
    for (size_t i = 0; i < whole.count; i++)
        for (int64_t at = whole.items[i].a; at < whole.items[i].b; at += DAY) {
            int32_t shift = zone_shift(w, note->zone, (int32_t)(at / DAY));
            int64_t a = at + window.t0 + (window.t0 > 0 || window.t1 == DAY ? shift : 0);
            int64_t b = at + window.t1 + (window.t1 < DAY ? shift : 0);
            if (window.t0 == 0 && window.t1 == DAY)
                a = at;
            spans_append(&out, a, b, w->arena);
        }
    return out;
}

static bool moment_note(const struct wish_reader *w, struct note *note, struct meaning *m)
{
    note->kind = NOTE_BOTH;
    if (!date_resolve(w->reader, m))
        return false;
    if (m->day1 - m->day0 > 1 && m->t1 >= 0) { /* over several days, until an hour */
        note->kind = NOTE_BOUND;
        note->spans = spans_one((int64_t)m->day0 * DAY + (m->t0 > 0 ? m->t0 : 0),
                                (int64_t)(m->day1 - 1) * DAY + m->t1, w->arena);
        return true;
    }
    put_days(w, note, m);
    note->frame = false;
    if (m->nth > 0) {
        struct meaning wd = *m;
        wd.wd = (int8_t)(m->nth - 1);
        put_weekday(w, note, &wd);
    }
    put_hours(note, m);
    return true;
}

static bool days_note(const struct wish_reader *w, struct note *note, struct meaning *m)
{
    note->kind = NOTE_DAYS;
    if (m->day1 <= m->day0 && m->wd >= 0 && !m->dom && !m->month) {
        put_weekday(w, note, m);
        return true;
    }
    if (!date_resolve(w->reader, m))
        return false;
    put_days(w, note, m);
    return true;
}

static bool open_note(const struct wish_reader *w, struct note *note, struct meaning *m)
{
    if (m->t0 < 0 && !date_resolve(w->reader, m))
        return false;
    put_open(w, note, m);
    return true;
}

static bool fill_note(const struct wish_reader *w, struct note *note, struct meaning *m)
{
    switch (m->cat) {
    case CAT_dur:
        return false;
    case CAT_clock:
    case CAT_clocks:
    case CAT_part:
        note->kind = NOTE_TIME;
        put_hours(note, m);
        return true;
    case CAT_set:
        put_set(w, note, m);
        return true;
    case CAT_open:
        return open_note(w, note, m);
    case CAT_moment:
        return moment_note(w, note, m);
    default:
        return days_note(w, note, m);
    }
}

bool note_from(struct wish_reader *w, const struct mention *mention, struct note *out)
{
    memset(out, 0, sizeof *out);
    struct meaning *m = ARENA_NEW(w->arena, struct meaning);
    *m = mention->m;
    out->meaning = m;
    out->wd = -1;
    out->token_start = mention->token_start;
    out->token_end = mention->token_end;
    if (is_inclusive(w, out))
        m->flags |= F_INCLUSIVE;
    if (!fill_note(w, out, m))
        return false;
    if (m->zone > 0)
        put_zone(w, out, m);
    return true;
}

struct span_set spans_near(const struct wish_reader *w, struct span_set set, int days)
{
    int64_t today = (int64_t)w->reader->today * DAY;
    int64_t from = today - days * DAY, to = w->to - w->from + today + (days + 1) * DAY;
    if (set.count == 0 || (set.items[0].a >= from && set.items[set.count - 1].b <= to))
        return set;
    struct span_set near = spans_cut(set, spans_one(from, to, w->arena), w->arena);
    int64_t first = set.items[0].a;
    return near.count > 0 ? near
                          : spans_cut(set, spans_one(first, first + 366 * DAY, w->arena), w->arena);
}

struct span_set note_spans(const struct wish_reader *w, const struct note *note)
{
    struct span_set days = note->kind == NOTE_TIME ? w->horizon : note->spans;
    if (note->kind == NOTE_DAYS || note->kind == NOTE_BOUND)
        return days;
    days = spans_near(w, days, 60);
    struct span_set out = {0};
    for (size_t i = 0; i < note->window_count; i++)
        out = spans_union(out,
                          note->zone != NULL ? zoned_spans(w, note, days, note->windows[i])
                                             : spans_daily(days, note->windows[i].t0,
                                                           note->windows[i].t1, w->arena),
                          w->arena);
    return out;
}
