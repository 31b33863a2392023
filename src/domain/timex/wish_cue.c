#include "domain/timex/wish_scan.h"

/* What each cue does, by the table at the end: to the notes before it (wish_back.c) and to what
 * holds for those behind. */

typedef void cue_fn(struct scan *s, const struct hit *hit);

/* "Les autres jours c'est pris": true when the verdict is about those. */
static bool refuse_others(struct scan *s)
{
    if (!s->others)
        return false;
    s->others = s->any_said = s->excluding = false;
    return true;
}

static void cue_not(struct scan *s, const struct hit *hit)
{
    if (refuse_others(s) || sense_negates_refusal(s, hit) || sense_avoids_thing(s, hit))
        return;
    s->not_end = hit->end;
    s->excluding = true;
    s->clause_first = s->w->notes.count;
}

/* "Jeudi excepté", "Tuesday excepted." */
static bool ends_there(struct scan *s, const struct hit *hit)
{
    const struct token_list *tokens = &s->w->reader->tokens;
    return s->clause_first < s->w->notes.count && scan_last_note(s)->token_end == hit->token &&
           (hit->end >= tokens->count || tokens->items[hit->end].kind != TOKEN_WORD);
}

/* "Any day save Friday", but "save the date: 5 May" */
static bool saves(struct scan *s, const struct hit *hit)
{
    const struct token *t = &s->w->reader->tokens.items[hit->token];
    const struct note *last = scan_last_note(s);
    return hit->end == hit->token + 1 && t->folded_len == 4 && memcmp(t->folded, "save", 4) == 0 &&
           (last == NULL || last->token_end != hit->token || last->sentence != s->sentence);
}

static void cue_except(struct scan *s, const struct hit *hit)
{
    if (saves(s, hit) || !sense_except(s, hit))
        return;
    if (ends_there(s, hit)) {
        s->clause_first = s->w->notes.count - 1;
        scan_refuse_back(s, hit, false);
        return;
    }
    bool void_refusal = s->sentence_first == s->w->notes.count && !s->forgiven &&
                        (s->excluding || s->pending_not_back);
    if (void_refusal) { /* "tout est pris sauf jeudi", "I can't do anything except Thursday" */
        s->excluding = s->absent = s->pending_not_back = s->any_said = false;
        return;
    }
    s->excluding = s->w->any_day = true;
    s->clause++;
    s->contrast_first = s->clause_first = s->w->notes.count;
}

/* "Tu es à Paris la semaine prochaine, non ?" asks for a yes. */
static bool is_tag(const struct scan *s, const struct hit *hit)
{
    const struct token_list *tokens = &s->w->reader->tokens;
    return hit->cue == CUE_REFUSE_BACK && hit->end < tokens->count &&
           tokens->items[hit->end].kind == TOKEN_SIGN && tokens->items[hit->end].value == '?';
}

/* "Je bloque jeudi" books it; "jeudi est bloqué" rules it out. */
static bool is_blocking(const struct scan *s, const struct hit *hit)
{
    const struct token *t = &s->w->reader->tokens.items[hit->token];
    if (hit->end != hit->token + 1 || hit->token == 0 || t->folded_len != 6 ||
        memcmp(t->folded, "bloque", 6) != 0)
        return false;
    return in_class(&t[-1], CLASS_blocks);
}

static void cue_refuse(struct scan *s, const struct hit *hit)
{
    if (is_blocking(s, hit) || s->starting || !sense_refuses(s, hit)) /* "once the orders are out" */
        return;
    if (!is_tag(s, hit) && !refuse_others(s))
        scan_refuse_back(s, hit, hit->cue == CUE_NOT_BACK);
}

/* "I have to be away by 5": an end, no absence until then. */
static bool leaves_by(const struct scan *s, const struct hit *hit)
{
    for (size_t i = 0; i < s->mentions->count; i++) {
        const struct mention *by = &s->mentions->items[i];
        if (by->token_start == hit->end)
            return by->m.cat == CAT_open && by->m.open == TIMEX_BEFORE && by->m.value != 1 && by->m.t0 >= 0 &&
                   by->m.day1 <= by->m.day0;
    }
    return false;
}

/* "jeudi je suis en formation" as well as "en formation jeudi" */
static void cue_absent(struct scan *s, const struct hit *hit)
{
    if (s->not_end > 0 && s->not_end == hit->token) { /* "the only day I'm not travelling" */
        s->excluding = false;
        s->part_welcome = s->friendly = true;
        return;
    }
    if (leaves_by(s, hit)) {
        s->ending = true;
        return;
    }
    if (s->coming_back || refuse_others(s) || !sense_absent(s, hit))
        return;
    if (is_topic_noun(s->w, hit->token)) {
        s->topic_end = hit->end;
        return;
    }
    s->refused_from = s->w->notes.count;
    s->refused_end = hit->end;
    scan_refuse_given(s, s->contrast_first);
    bool ahead = !scan_has_single_days(s->w, s->contrast_first) && scan_day_follows(s, hit->end);
    for (size_t i = ahead ? s->w->notes.count : s->contrast_first; i < s->w->notes.count; i++) {
        struct note *n = &s->w->notes.items[i];
        bool opens = s->joints_before && s->clause_first == s->w->notes.count && !n->frame &&
                     n->sentence == s->sentence; /* "mardi, visite médicale" */
        if ((n->clause != s->clause && !opens) || n->excluded || n->dropped)
            continue;
        n->excluded = n->absent = true;
        s->refused_from = i < s->refused_from ? i : s->refused_from;
    }
    s->absent = s->excluding = true;
}

static void cue_back(struct scan *s, const struct hit *hit)
{
    if (!sense_back(s, hit))
        return;
    s->coming_back = true;
    s->excluding = s->absent = false;
}

static void cue_free(struct scan *s, const struct hit *hit)
{
    if (sense_none_free(s, hit)) {
        s->pending_not_back = s->sentence_first == s->w->notes.count;
        return;
    }
    const struct note *last = scan_last_note(s);
    bool refused = last != NULL && last->excluded;
    scan_clear_last(s, hit);
    if (refused && !last->excluded)
        s->excluding = s->absent = false; /* "away on Monday, Thursday is ok after lunch" */
    if (!scan_day_follows(s, hit->end))
        scan_allow_beyond(s);
    s->friendly = true;
    if (!s->condition && !s->absent)
        s->excluding = s->noise = false;
    if (s->absent && s->forgiven)
        s->excluding = s->absent = false;
    s->condition = false;
}

/* "17h possible aussi mais moins bien": what was said before is better. */
static void cue_worse(struct scan *s, const struct hit *hit)
{
    (void)hit;
    scan_otherwise(s);
    for (size_t i = s->sentence_first; i < s->w->notes.count; i++)
        s->w->notes.items[i].fallback = true;
    if (s->sentence_first == s->w->notes.count)
        return;
    for (size_t i = 0; i < s->sentence_first; i++) {
        struct note *n = &s->w->notes.items[i];
        if (!n->excluded)
            n->wished = n->than = true;
    }
}

static void cue_prefer(struct scan *s, const struct hit *hit)
{
    if (hit->cue == CUE_PREFER_BACK)
        scan_clear_last(s, hit);
    s->friendly = true;
    if (hit->cue == CUE_PREFER_BACK) {
        scan_wish_back(s, false);
    } else if (!s->corrected) {
        s->wishing = s->free_wish = true;
        s->excluding = false;
        s->wish_part = s->part_from + 1;
    }
}

static void cue_avoid(struct scan *s, const struct hit *hit)
{
    (void)hit;
    s->avoiding = true;
    s->excluding = false;
}

/* "Pardon", "my mistake": what is wrong may be in another mail. */
static bool is_excuse(const struct scan *s, const struct hit *hit)
{
    return in_class(&s->w->reader->tokens.items[hit->end - 1], CLASS_excuse);
}

static void cue_turn(struct scan *s, const struct hit *hit)
{
    if (sense_excepts(s, hit))
        cue_except(s, hit);
    else if (hit->cue == CUE_ELSE)
        scan_otherwise(s);
    else if (hit->cue == CUE_BUT)
        scan_contrast(s);
    else if (sense_corrects(s, hit)) {
        s->excused = is_excuse(s, hit);
        scan_take_back(s);
    }
}

static void cue_all(struct scan *s, const struct hit *hit)
{
    s->any_end = hit->end;
    if (!scan_day_follows(s, hit->end))
        scan_allow_beyond(s);
    s->w->any_day = true;
    s->excluding = s->excluding && !s->forgiven;
    s->any_said |= !s->excluding; /* "can't do anything before Thursday" says no more than that */
}

/* "Les autres jours": all but those that were named; refused, these are the only ones. */
static void cue_others(struct scan *s, const struct hit *hit)
{
    bool refused = s->excluding || s->absent || s->pending_not_back;
    if (s->refused_end > 0 && hit->token == s->refused_end) { /* "pas dispo les autres jours" */
        for (size_t i = s->refused_from; i < s->w->notes.count; i++)
            s->w->notes.items[i].excluded = s->w->notes.items[i].absent = false;
        refused = true;
    }
    if (!refused || s->forgiven) {
        s->others = true;
        cue_all(s, hit);
        return;
    }
    s->excluding = s->absent = s->pending_not_back = false;
}

/* "Sauf mardi, pourvu que ce soit le matin", "not Tuesday, only after 3": the no has had its day, and
 * the hours are of all the others. */
static void end_refusal(struct scan *s)
{
    const struct note *last = scan_last_note(s);
    if (!s->excluding || s->absent || last == NULL || !last->excluded || last->sentence != s->sentence ||
        last->token_start < s->not_end)
        return;
    s->excluding = false;
    s->clause++;
    s->contrast_first = s->clause_first = s->w->notes.count;
}

static void cue_provided(struct scan *s, const struct hit *hit)
{
    (void)hit;
    end_refusal(s);
}

static void cue_if(struct scan *s, const struct hit *hit)
{
    if (hit->cue == CUE_IF_DAY)
        s->condition_day = true;
    else
        s->condition = s->if_used = true;
}

/* The "re" of "we're", which is no "re: …". */
static bool is_contraction(const struct scan *s, const struct hit *hit)
{
    const struct token *t = &s->w->reader->tokens.items[hit->token];
    return hit->token > 0 && !t->space && in_class(t, CLASS_re) && in_class(&t[-1], CLASS_we);
}

static void cue_aside(struct scan *s, const struct hit *hit)
{
    if (is_contraction(s, hit))
        return;
    if (hit->cue == CUE_NOISE) {
        s->noise = true;
        s->paper_end = sense_is_paper(s, hit) ? hit->end : 0;
    } else if (hit->cue == CUE_REASON) /* "I can't because of a wedding on Friday": that one */
        s->reason = !s->starting && !(s->excluding && s->w->notes.count == s->sentence_first);
    else {
        s->greeting = true;
        s->greeting_at = (uint32_t)hit->end;
    }
}

static void cue_anaphora(struct scan *s, const struct hit *hit)
{
    s->before_or |= hit->cue == CUE_BEFORE;
    bool any = s->any_end > 0 && hit->token <= s->any_end + 2 && hit->token >= s->any_end;
    scan_add_beyond(s, hit->cue == CUE_BEFORE, hit->token);
    if (any)
        scan_allow_beyond(s);
}

static void cue_week(struct scan *s, const struct hit *hit)
{
    if (hit->cue == CUE_THATDAY)
        scan_add_day_again(s, hit->token, hit->end);
    else if (!scan_add_week(s, hit->cue == CUE_NEXTONE ? 7 : 0, hit->token, hit->end) &&
             hit->cue == CUE_NEXTONE && !s->excluding)
        s->later = (struct wish_cue){hit->cue, (uint32_t)hit->token, (uint32_t)hit->end};
}

static void cue_one_of(struct scan *s, const struct hit *hit)
{
    for (size_t i = 0; i < s->w->notes.count; i++) {
        const struct note *n = &s->w->notes.items[i];
        if (n->dropped || n->excluded)
            continue;
        s->target = (int)i;
        if (hit->cue == CUE_FIRST)
            return;
    }
}

/* What the next time of day means: an end, a beginning, both sides of it. */
static void cue_edge(struct scan *s, const struct hit *hit)
{
    const struct note *last = scan_last_note(s);
    bool ruled_out = s->excluding && !s->absent && last != NULL && last->excluded && last->token_start >= s->not_end;
    bool wished = s->wishing && last != NULL && last->wished && last->sentence == s->sentence;
    if (hit->cue == CUE_ENDS && ruled_out)
        s->excluding = false; /* "pas jeudi, et je dois partir à 17h": the no has had its day */
    if (hit->cue == CUE_ENDS && (wished || ruled_out))
        s->wishing = false; /* "plutôt l'après-midi, et je dois partir à 17h": no mere wish */
    s->ending |= hit->cue == CUE_ENDS;
    s->starting |= hit->cue == CUE_NOTE;
    s->sides |= hit->cue == CUE_SIDES;
}

static void cue_all_day(struct scan *s, const struct hit *hit)
{
    (void)hit;
    if (scan_last_note(s) != NULL)
        scan_last_note(s)->whole = true;
}

/* "Tuesday rather than Wednesday", "plutôt jeudi que vendredi" */
static void cue_than(struct scan *s, const struct hit *hit)
{
    struct note *last = scan_last_note(s);
    bool here = last != NULL && last->sentence == s->sentence;
    if (hit->cue == CUE_RATHER && here)
        last->wished = last->than = s->than = true;
    if (hit->cue == CUE_RATHER)
        return;
    if (hit->cue == CUE_ONLY && s->forgiven)
        end_refusal(s);
    if (hit->cue == CUE_THAN && here && last->wished)
        last->than = true;
    if (s->wishing || (last != NULL && last->wished)) {
        s->wishing = s->free_wish = false;
        s->than = true;
    }
}

/* "Tuesday is my day off, so Thursday please": what follows is not told of the same. */
static void cue_so(struct scan *s, const struct hit *hit)
{
    struct note *last = scan_last_note(s);
    scan_end_statement(s);
    if (last != NULL && last->token_end == hit->token && last->excluded && s->excluding &&
        last->clause == s->clause && s->w->notes.count > s->sentence_first + 1)
        last->excluded = last->absent = false; /* "can't do Tuesday, Wednesday instead" */
    s->excluding = s->absent = s->engaged = false;
    s->clause++;
    s->clause_first = s->w->notes.count;
}

/* Cues that make a statement more than one of what the writer does. */
static bool is_welcome(const struct hit *hit)
{
    static const enum cue cues[] = {CUE_FREE,  CUE_PREFER, CUE_PREFER_BACK, CUE_ALL,  CUE_OTHERS,
                                    CUE_ELSE,  CUE_IF,     CUE_IF_DAY,      CUE_BACK, CUE_AVOID,
                                    CUE_WRONG, CUE_RATHER, CUE_NOTE,         CUE_ENDS,
                                    CUE_FIRST, CUE_LAST_OF, CUE_BOTH,       CUE_ONLY, CUE_RETURNED,
                                    CUE_WORSE, CUE_FILLER, CUE_PROVIDED};
    for (size_t i = 0; i < sizeof cues / sizeof *cues; i++)
        if (hit->cue == cues[i])
            return true;
    return hit->cue == CUE_NONE && hit->end > hit->token + 1;
}

static cue_fn *const cue_handlers[CUE_COUNT_] = {
    [CUE_NOT] = cue_not,       [CUE_NOT_BACK] = cue_refuse, [CUE_REFUSE_BACK] = cue_refuse,
    [CUE_EXCEPT] = cue_except, [CUE_ABSENT] = cue_absent,   [CUE_BACK] = cue_back,
    [CUE_FREE] = cue_free,     [CUE_PREFER] = cue_prefer,   [CUE_PREFER_BACK] = cue_prefer,
    [CUE_AVOID] = cue_avoid,   [CUE_ELSE] = cue_turn,       [CUE_ALL] = cue_all,
    [CUE_BUT] = cue_turn,      [CUE_WRONG] = cue_turn,      [CUE_IF] = cue_if,
    [CUE_IF_DAY] = cue_if,     [CUE_NOISE] = cue_aside,     [CUE_GREETING] = cue_aside,
    [CUE_REASON] = cue_aside,  [CUE_BEFORE] = cue_anaphora, [CUE_AFTER] = cue_anaphora,
    [CUE_NEXTONE] = cue_week,  [CUE_THATWEEK] = cue_week,   [CUE_THATDAY] = cue_week,
    [CUE_FIRST] = cue_one_of,  [CUE_LAST_OF] = cue_one_of,  [CUE_ENDS] = cue_edge,
    [CUE_NOTE] = cue_edge,     [CUE_SIDES] = cue_edge,      [CUE_ALLDAY] = cue_all_day,
    [CUE_RATHER] = cue_than,   [CUE_THAN] = cue_than,       [CUE_ONLY] = cue_than,
    [CUE_WORSE] = cue_worse,   [CUE_OTHERS] = cue_others,   [CUE_SO] = cue_so,
    [CUE_PROVIDED] = cue_provided,
};

void scan_cue(struct scan *s, enum cue cue, size_t token, size_t end)
{
    struct hit hit = {cue, token, end};
    struct wish_cue words = {cue, (uint32_t)token, (uint32_t)end};
    if (s->w->trace != NULL)
        trace_before(s->w, scan_state(s));
    if (cue != CUE_OR && cue != CUE_NOT && cue != CUE_EXCEPT && cue != CUE_NONE)
        s->only_or = false;
    if (cue == CUE_NOT || cue == CUE_ABSENT || cue == CUE_EXCEPT)
        s->reason = false; /* "because I'm away on Thursday" rules it out */
    s->joints_before = s->only_joints;
    if (cue != CUE_OR && cue != CUE_NONE)
        s->only_joints = false;
    s->part_welcome |= is_welcome(&hit);
    s->part_liked |= is_welcome(&hit);
    if (cue_handlers[cue] != NULL)
        cue_handlers[cue](s, &hit);
    if (s->w->trace != NULL)
        trace_after(s->w, scan_state(s), &words);
    s->forgiven = false;
}
