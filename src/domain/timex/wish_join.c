#include "domain/timex/wish.h"

/* What single notes lack they take from their neighbours: the frame of a weekday, the hours
 * of a list, the days of an hour. */

enum { DAY = 86400 };

static bool is_frame(const struct note *n)
{
    return !n->dropped && !n->excluded && n->frame && n->kind == NOTE_DAYS && n->spans.count > 0;
}

/* Whether the weekdays of the sentence stand in their order: "Tuesday, Wednesday or Friday". */
static bool in_order(const struct wish_reader *w, unsigned sentence)
{
    int before = -1;
    for (size_t i = 0; i < w->notes.count; i++) {
        const struct note *n = &w->notes.items[i];
        if (n->sentence != sentence || !n->bare || n->each || n->dropped)
            continue;
        if (n->wd <= before)
            return false;
        before = n->wd;
    }
    return true;
}

/* From where to look: behind the weekday before it in an ordered list; one that was named
 * before is the same day again. */
static int64_t after_previous(const struct wish_reader *w, size_t index)
{
    const struct note *n = &w->notes.items[index];
    int64_t tomorrow = ((int64_t)w->reader->today + 1) * DAY;
    for (size_t i = index; i-- > 0;) {
        const struct note *other = &w->notes.items[i];
        if (other->wd == n->wd && other->bare && !other->each && other->spans.count > 0)
            return other->spans.items[0].a;
    }
    if (!in_order(w, n->sentence))
        return tomorrow;
    for (size_t i = index; i-- > 0;) {
        const struct note *other = &w->notes.items[i];
        if (other->sentence != n->sentence)
            break;
        if (other->bare && !other->each && !other->dropped && other->spans.count > 0 &&
            other->excluded == n->excluded)
            return other->spans.items[0].a + DAY;
    }
    return tomorrow;
}

/* "Away until the 20th, Thursday or Friday after that": the end of what was ruled out before. */
static int64_t after_absence(const struct wish_reader *w, size_t index)
{
    int64_t end = 0;
    for (size_t i = 0; i < index; i++) {
        const struct note *n = &w->notes.items[i];
        if (n->kind == NOTE_BOUND && n->excluded && !n->dropped && n->spans.count > 0 &&
            n->meaning != NULL && n->meaning->open == TIMEX_BEFORE)
            end = n->spans.items[n->spans.count - 1].b;
    }
    return end;
}

/* The next day of that weekday, or the one in the frame that the text has set. */
static void place_weekday(struct wish_reader *w, size_t index, const struct note *frame)
{
    struct note *n = &w->notes.items[index];
    int64_t away = after_absence(w, index);
    if (n->each || (n->generic && (n->excluded || ((n->wished || n->avoided) && away == 0))) ||
        (n->excluded && !n->absent && w->any_day && frame == NULL)) {
        n->spans = spans_weekday(w->horizon, n->wd, w->arena);
        n->each = true;
        return;
    }
    if (frame != NULL) {
        struct span_set inside = spans_weekday(spans_near(w, frame->spans, 730), n->wd, w->arena);
        if (inside.count > 0) {
            n->spans = inside;
            return;
        }
    }
    int64_t from = after_previous(w, index);
    if (!n->excluded && away > from)
        from = away - away % DAY + (away % DAY > 0 ? DAY : 0);
    n->spans = spans_weekday(spans_one(from, from + 7 * DAY, w->arena), n->wd, w->arena);
}

/* "Next week, ideally mid-week": the middle of that one. */
static void move_week(const struct wish_reader *w, struct note *n, const struct note *frame)
{
    if (n->spans.count == 0 || frame->sentence != n->sentence)
        return;
    int64_t from = n->spans.items[0].a, to = n->spans.items[n->spans.count - 1].b;
    int64_t shift = (frame->spans.items[0].a / DAY + 3) / 7 * 7 - (from / DAY + 3) / 7 * 7;
    n->spans = spans_one(from + shift * DAY, to + shift * DAY, w->arena);
}

/* "Next week, Tuesday": the week that those listed behind it are of, too. */
static const struct note *week_of(const struct wish_reader *w, const struct note *n)
{
    const struct meaning *m = n->meaning;
    if (m == NULL || !(m->flags & F_NTH) || m->day1 - m->day0 != 1 || n->dropped)
        return NULL;
    struct note *week = ARENA_NEW(w->arena, struct note);
    *week = *n;
    int64_t monday = (int64_t)m->day0 - ((m->day0 + 3) % 7 + 7) % 7;
    week->spans = spans_one(monday * DAY, (monday + 7) * DAY, w->arena);
    return week;
}

/* "Thursday 15 October, otherwise Friday": the days behind a date that are left of its week. */
static const struct note *rest_of_week(const struct wish_reader *w, const struct note *n)
{
    const struct meaning *m = n->meaning;
    bool dated = m != NULL && m->day1 - m->day0 == 1 && !n->bare && !n->each && !(m->flags & F_DEICTIC) &&
                 (n->kind == NOTE_DAYS || n->kind == NOTE_BOTH);
    if (!dated || ((n->excluded || n->dropped) && !n->opens) || m->day0 <= w->reader->today)
        return NULL;
    struct note *rest = ARENA_NEW(w->arena, struct note);
    *rest = *n;
    int64_t monday = (int64_t)m->day0 - ((m->day0 + 3) % 7 + 7) % 7;
    rest->spans = spans_one(m->day1 * DAY, (monday + 7) * DAY, w->arena);
    return rest;
}

/* "The week of the 7th, Tuesday mornings": those of that week. */
static void keep_to_frame(const struct wish_reader *w, struct note *n, const struct note *frame)
{
    if (!n->each || n->excluded || n->fallback || n->kind == NOTE_TIME || frame->sentence > n->sentence)
        return;
    struct span_set inside = spans_cut(n->spans, frame->spans, w->arena);
    if (inside.count > 0)
        n->spans = inside;
}

/* "Le vendredi suivant", "the Friday following", "celui d'après". */
static bool says_following(const struct wish_reader *w, const struct note *n)
{
    for (uint32_t i = n->token_start; i < n->token_end; i++)
        if (in_class(&w->reader->tokens.items[i], CLASS_following) &&
            (i + 1 >= n->token_end || w->reader->tokens.items[i + 1].kind != TOKEN_NUMBER)) /* "after 4" */
            return true;
    return false;
}

/* "Nothing before the 18th. Then from Monday to Wednesday": weekdays without a date, of the week
 * in which they lie behind the absence. */
static void shift_range(struct wish_reader *w, size_t index)
{
    struct note *n = &w->notes.items[index];
    int64_t away = after_absence(w, index), shift = 0;
    bool weekday = false, number = false;
    if (n->bare || n->excluded || n->each || n->spans.count != 1 || n->kind == NOTE_BOUND ||
        n->spans.items[0].b - n->spans.items[0].a > 7 * DAY)
        return;
    for (uint32_t i = n->token_start; i < n->token_end; i++) {
        const struct token *t = &w->reader->tokens.items[i];
        weekday |= lexicon_is(w->reader, t, CAT_wd);
        number |= t->kind == TOKEN_NUMBER || lexicon_is(w->reader, t, CAT_month);
    }
    while (weekday && !number && n->spans.items[0].a + shift < away)
        shift += 7 * DAY;
    if (shift > 0)
        n->spans = spans_one(n->spans.items[0].a + shift, n->spans.items[0].b + shift, w->arena);
}

/* "Away until the 20th, the Friday following would do": that behind the absence, whatever week
 * this is. */
static void count_from_absence(struct wish_reader *w, size_t index)
{
    struct note *n = &w->notes.items[index];
    const struct meaning *m = n->meaning;
    bool day = (n->kind == NOTE_DAYS || n->kind == NOTE_BOTH) && !n->bare && m != NULL &&
               m->day1 - m->day0 == 1 && (m->flags & F_DEICTIC);
    if (!day || after_absence(w, index) == 0 || !says_following(w, n))
        return;
    struct meaning *clear = ARENA_NEW(w->arena, struct meaning);
    *clear = *m;
    clear->flags &= ~(uint32_t)F_WHICH;
    n->meaning = clear;
    n->bare = true;
    n->wd = (int8_t)(((m->day0 + 3) % 7 + 7) % 7);
}

/* "The Monday after", "le lundi d'après": the word is no part of the expression. */
static bool stands_before_following(const struct wish_reader *w, const struct note *n)
{
    const struct token_list *tokens = &w->reader->tokens;
    size_t at = n->token_end;
    bool followed = at + 1 < tokens->count && (tokens->items[at + 1].kind == TOKEN_NUMBER ||
                                               lexicon_is(w->reader, &tokens->items[at + 1], CAT_noon));
    return at < tokens->count && in_class(&tokens->items[at], CLASS_following) && !followed;
}

/* "Friday 16 October or the Monday after": counted from that date. */
static void count_from_date(const struct wish_reader *w, struct note *n, const struct note *dated)
{
    const struct meaning *m = n->meaning;
    bool bare = n->bare && n->wd >= 0;
    bool day = (n->kind == NOTE_DAYS || n->kind == NOTE_BOTH) && m != NULL && (bare || m->day1 - m->day0 == 1) &&
               n->sentence <= dated->sentence + 1;
    if (!day || !(says_following(w, n) || stands_before_following(w, n)))
        return;
    int64_t from = dated->meaning->day1 * DAY; /* its week may be over */
    struct meaning *clear = ARENA_NEW(w->arena, struct meaning);
    *clear = *m;
    clear->flags &= ~(uint32_t)F_WHICH;
    n->meaning = clear;
    n->spans = spans_weekday(spans_one(from, from + 7 * DAY, w->arena),
                             bare ? n->wd : ((m->day0 + 3) % 7 + 7) % 7, w->arena);
    n->bare = false;
}

/* "Busy on Monday and Tuesday, the rest of the week is open": the rest of theirs. */
static void rest_behind(const struct wish_reader *w, size_t index)
{
    struct note *n = &w->notes.items[index];
    bool rest = n->kind == NOTE_DAYS && index > 0 && n->spans.count > 0;
    bool said = false;
    for (uint32_t i = n->token_start; rest && i < n->token_end; i++)
        said |= lexicon_is(w->reader, &w->reader->tokens.items[i], CAT_rest);
    const struct note *before = said ? &w->notes.items[index - 1] : NULL;
    if (before == NULL || before->spans.count == 0 || before->sentence + 1 < n->sentence)
        return;
    int64_t last = before->spans.items[before->spans.count - 1].b;
    int64_t monday = (last - DAY) / DAY * DAY - ((last - DAY) / DAY + 3) % 7 * DAY;
    if (last > n->spans.items[n->spans.count - 1].b && last < monday + 5 * DAY)
        n->spans = spans_one(last, monday + 5 * DAY, w->arena);
}

static void place_weekdays(struct wish_reader *w)
{
    const struct note *frame = NULL, *week = NULL, *rest = NULL;
    for (size_t i = 0; i < w->notes.count; i++) {
        struct note *n = &w->notes.items[i];
        count_from_absence(w, i);
        shift_range(w, i);
        if (n->floating && frame != NULL)
            move_week(w, n, frame);
        if (is_frame(n))
            frame = n;
        if (frame != NULL && frame != n)
            keep_to_frame(w, n, frame);
        const struct note *named = week_of(w, n);
        week = named != NULL ? named : week;
        const struct note *dated = rest_of_week(w, n);
        rest = dated != NULL ? dated : rest;
        if (dated != NULL || rest == NULL || n->excluded)
            rest_behind(w, i);
        else
            count_from_date(w, n, rest);
        if (!n->bare || n->each)
            continue;
        const struct note *own = frame;
        if (own == NULL && week != NULL && week->sentence == n->sentence)
            own = week;
        bool behind = rest != NULL && !n->excluded &&
                      (rest->sentence == n->sentence || (n->fallback && rest->sentence + 1 == n->sentence));
        if (own == NULL && behind && spans_weekday(rest->spans, n->wd, w->arena).count > 0)
            own = rest;
        for (size_t k = i + 1; own == NULL && k < w->notes.count; k++)
            if (w->notes.items[k].sentence == n->sentence && is_frame(&w->notes.items[k]) &&
                !(n->excluded && w->notes.items[k].clause != n->clause)) /* "Friday's out, next week is fine" */
                own = &w->notes.items[k];
        place_weekday(w, i, own);
    }
}

static bool takes_hours(const struct note *n)
{
    return n->kind == NOTE_DAYS && !n->dropped && !n->whole;
}

static void give_hours(struct note *to, const struct note *from)
{
    memcpy(to->windows, from->windows, sizeof to->windows);
    to->window_count = from->window_count;
    to->kind = NOTE_BOTH;
    to->exact = from->exact;
    to->zone = from->zone;
    to->meaning = to->meaning != NULL ? to->meaning : from->meaning;
}

static bool same_verdict(const struct note *a, const struct note *b)
{
    return a->excluded == b->excluded && a->wished == b->wished && a->avoided == b->avoided;
}

/* "mardi ou mercredi aprem": the hours of the last hold for those listed before it. */
static void share_back(struct wish_reader *w, size_t index)
{
    const struct note *source = &w->notes.items[index];
    for (size_t i = index; i > 0 && w->notes.items[i].listed; i--) {
        struct note *n = &w->notes.items[i - 1];
        if (!takes_hours(n) || n->sentence != source->sentence || !same_verdict(n, source))
            return;
        give_hours(n, source);
    }
}

/* "en début d'après-midi, lundi, mardi ou mercredi" */
static void share_forward(struct wish_reader *w, size_t index)
{
    const struct note *source = &w->notes.items[index];
    if (source->meaning == NULL || !(source->meaning->flags & F_TIMEFIRST))
        return;
    for (size_t i = index + 1; i < w->notes.count && w->notes.items[i].listed; i++) {
        struct note *n = &w->notes.items[i];
        if (!takes_hours(n) || n->sentence != source->sentence || !same_verdict(n, source))
            return;
        give_hours(n, source);
    }
}

/* Hours alone: they belong to the days named just before, else to those that follow. */
static bool give_to_days(struct wish_reader *w, size_t index)
{
    struct note *time = &w->notes.items[index];
    bool given = false;
    size_t i = index;
    while (i > 0 && w->notes.items[i - 1].sentence == time->sentence) {
        struct note *n = &w->notes.items[i - 1];
        if (n->dropped) {
            i--;
            continue;
        }
        if (!takes_hours(n) || n->excluded != time->excluded ||
            (n->wished != time->wished && time->wished))
            break;
        give_hours(n, time);
        given = true;
        i--;
        if (!w->notes.items[i].listed && i > 0 && w->notes.items[i - 1].clause != n->clause)
            break;
    }
    if (given)
        return true;
    for (i = index + 1; i < w->notes.count && w->notes.items[i].sentence == time->sentence; i++) {
        struct note *n = &w->notes.items[i];
        if (n->dropped)
            continue;
        if (!takes_hours(n) || !same_verdict(n, time) ||
            (!n->listed && n->clause > time->clause + 1))
            break;
        give_hours(n, time);
        given = true;
    }
    return given;
}

/* "lundi 10h ou 14h": a second time of the same day. */
static bool join_alternative(struct wish_reader *w, size_t index)
{
    struct note *time = &w->notes.items[index];
    if (index == 0)
        return false;
    const struct note *before = &w->notes.items[index - 1];
    bool again = time->exact && before->exact && before->sentence + 1 == time->sentence;
    if ((!time->listed || before->sentence != time->sentence) && !again)
        return false;
    if (before->kind != NOTE_BOTH || time->wished || before->excluded != time->excluded ||
        before->dropped)
        return false;
    bool narrower = time->meaning != NULL && !time->conjoined && time->window_count == 1 &&
                    before->window_count == 1 && time->windows[0].t0 >= before->windows[0].t0 &&
                    time->windows[0].t1 <= before->windows[0].t1;
    if (narrower) { /* "after 6:30, wrapping by 8" */
        return false;
    }
    time->spans = before->spans;
    time->each = before->each;
    time->kind = NOTE_BOTH;
    return true;
}

/* A bound within the hours just said: "mardi soir après 18h30, pas plus tard que 20h". */
static bool narrow_before(struct wish_reader *w, size_t index)
{
    struct note *time = &w->notes.items[index];
    if (index == 0 || time->window_count != 1 || time->excluded)
        return false;
    struct note *before = &w->notes.items[index - 1];
    if (before->sentence != time->sentence || before->dropped || before->excluded ||
        before->window_count != 1 || (before->kind != NOTE_BOTH && before->kind != NOTE_TIME))
        return false;
    bool open = time->meaning != NULL && (time->meaning->cat == CAT_open || time->ends);
    bool outer = time->windows[0].t0 <= before->windows[0].t0 ||
                 time->windows[0].t1 >= before->windows[0].t1;
    if (open && time->windows[0].t0 == 0 && time->windows[0].t1 <= before->windows[0].t0 &&
        time->windows[0].t1 <= 43200)
        time->windows[0].t1 += 43200;
    if (!(open && outer) && !(before->meaning != NULL && (before->meaning->flags & F_PERIOD) &&
                              !time->conjoined && !time->wished && !time->fallback))
        return false;
    if (time->wished && !before->wished)
        return false;
    int32_t t0 =
        time->windows[0].t0 > before->windows[0].t0 ? time->windows[0].t0 : before->windows[0].t0;
    int32_t t1 =
        time->windows[0].t1 < before->windows[0].t1 ? time->windows[0].t1 : before->windows[0].t1;
    if (t1 <= t0) {
        bool other = before->wished || (time->meaning != NULL && time->meaning->flags & F_PERIOD);
        if (!(before->meaning != NULL && before->meaning->flags & F_PERIOD) || other)
            return false; /* "the afternoon, but the morning is fine" */
        t0 = time->windows[0].t0, t1 = time->windows[0].t1;
    }
    before->windows[0] = (struct window){t0, t1};
    time->dropped = true;
    return true;
}

/* Excluded hours behind a day of the same breath hold for that day: "jeudi pas avant 11h". */
static void bind_exclusion(struct wish_reader *w, size_t index)
{
    struct note *time = &w->notes.items[index];
    if (index == 0 || time->has_condition)
        return;
    const struct note *before = &w->notes.items[index - 1];
    if (before->sentence != time->sentence || before->clause != time->clause || before->dropped ||
        before->excluded || before->frame ||
        (before->kind != NOTE_DAYS && before->kind != NOTE_BOTH))
        return;
    time->has_condition = true;
    time->condition = before->spans;
}

/* "Next week, in the afternoon. Thursday or Friday": days within a frame that has hours. */
static void take_frame_hours(struct wish_reader *w)
{
    const struct note *frame = NULL;
    for (size_t i = 0; i < w->notes.count; i++) {
        struct note *n = &w->notes.items[i];
        if (n->dropped || n->excluded)
            continue;
        if (n->frame && n->kind == NOTE_BOTH)
            frame = n;
        else if (n->kind != NOTE_TIME && !(frame != NULL && n->spans.count > 0 &&
                                           spans_within(n->spans, frame->spans)))
            frame = NULL;
        else if (frame != NULL && takes_hours(n) && !n->fallback && !n->has_condition)
            give_hours(n, frame);
    }
}

void wish_join(struct wish_reader *w)
{
    place_weekdays(w);
    for (size_t i = 0; i < w->notes.count; i++) {
        struct note *n = &w->notes.items[i];
        if (n->dropped)
            continue;
        if (n->kind == NOTE_BOTH && !n->has_condition)
            share_back(w, i);
        if (n->kind == NOTE_BOTH && !n->has_condition)
            share_forward(w, i);
        if (n->kind != NOTE_TIME || n->has_condition)
            continue;
        if (n->excluded && !n->absent) {
            if (n->meaning != NULL && n->meaning->cat != CAT_open && i > 0 &&
                w->notes.items[i - 1].excluded && give_to_days(w, i)) {
                n->dropped = true;
                continue;
            }
            size_t ahead = i + 1;
            if (n->meaning != NULL && ahead < w->notes.count &&
                w->notes.items[ahead].sentence == n->sentence && w->notes.items[ahead].excluded &&
                w->notes.items[ahead].kind == NOTE_DAYS &&
                w->notes.items[ahead].clause == n->clause && give_to_days(w, i)) {
                n->dropped = true;
                continue;
            }
            bind_exclusion(w, i);
            continue;
        }
        if (narrow_before(w, i) || join_alternative(w, i))
            continue;
        if (give_to_days(w, i))
            n->dropped = true;
    }    take_frame_hours(w);
}
