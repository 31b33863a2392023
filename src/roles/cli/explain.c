/* What `rendez understand --explain` shows: derivations as trees, what lost, what was not
 * read, what the message does with it all. */
#include "roles/cli/explain.h"

#include <stdio.h>

enum { WINDOWS_SHOWN = 6, DEPTH_MAX = 24 };

enum paint { PLAIN, STRONG, FAINT, GOOD, BAD, WARM };
struct printer {
    const struct explained *of;
    struct arena *arena;
    bool colour;
};

static void paint(const struct printer *p, enum paint paint, struct slice text)
{
    static const char *const codes[] = {[PLAIN] = "", [STRONG] = "1", [FAINT] = "2",
                                        [GOOD] = "32", [BAD] = "31", [WARM] = "33"};
    if (p->colour && paint != PLAIN)
        printf("\033[%sm%.*s\033[0m", codes[paint], SLICE_ARG(text));
    else
        printf("%.*s", SLICE_ARG(text));
}

/* Words of the text, in one line, whatever they hold: no control byte reaches the terminal. */
static struct slice quoted(const struct printer *p, uint32_t offset, uint32_t length)
{
    struct slice words = slice_sub(p->of->text, offset, offset + length);
    char *clean = arena_text(p->arena, words);
    for (size_t i = 0; i < words.len; i++)
        if ((unsigned char)clean[i] < ' ' || clean[i] == 127)
            clean[i] = ' ';
    return arena_format(p->arena, "\"%.*s\"", (int)words.len, clean);
}

static const char *const loss_texts[4] = {
    [LOSS_SHORTER] = "reads fewer words",
    [LOSS_RANK] = "lower rank",
    [LOSS_COVERED] = "its words are read by others",
    [LOSS_DOUBT] = "could be meant as well",
};
static const char *const stance_texts[7] = {
    [STANCE_NONE] = "no wish",        [STANCE_ALLOWED] = "allowed",
    [STANCE_PREFERRED] = "preferred", [STANCE_AVOIDED] = "possible, not liked",
    [STANCE_FALLBACK] = "second choice", [STANCE_EXCLUDED] = "excluded",
    [STANCE_IGNORED] = "not counted",
};
static const enum paint stance_paints[7] = {
    [STANCE_NONE] = FAINT,     [STANCE_ALLOWED] = GOOD,  [STANCE_PREFERRED] = GOOD,
    [STANCE_AVOIDED] = WARM,   [STANCE_FALLBACK] = WARM, [STANCE_EXCLUDED] = BAD,
    [STANCE_IGNORED] = FAINT,
};
static const char *const mistake_texts[7] = {
    [MISTAKE_TELEPHONE] = "looks like a phone number",
    [MISTAKE_PRICE] = "a price or a count of things",
    [MISTAKE_REFERENCE] = "a reference or a number of something",
    [MISTAKE_ADDRESS] = "a street address",
    [MISTAKE_LINK] = "a link or mail address",
    [MISTAKE_GREETING] = "a greeting",
    [MISTAKE_IMPOSSIBLE] = "no such day or hour",
};

/* "2026-12-01", "2026-12-07 to 2026-12-13": both days meant. */
static struct slice days_text(const struct timex *t, struct arena *arena)
{
    struct civil_date a = t->start.date, b = civil_date_add(t->end.date, -1);
    struct slice first = arena_format(arena, "%04d-%02d-%02d", a.year, a.month, a.day);
    if (civil_date_to_days(b) <= civil_date_to_days(a))
        return first;
    return arena_format(arena, "%.*s to %04d-%02d-%02d", SLICE_ARG(first), b.year, b.month, b.day);
}

static struct slice result_text(const struct timex *t, struct arena *arena)
{
    struct slice start = civil_format(t->start, arena), end = civil_format(t->end, arena);
    start = slice_sub(start, 0, start.len - 3); /* seconds say nothing here */
    end = slice_sub(end, 0, end.len - 3);
    if (t->kind == TIMEX_SET)
        return t->rrule;
    if (t->kind == TIMEX_DURATION)
        return arena_format(arena, "%lld min", (long long)(t->duration_s / 60));
    if (!t->has_clock && t->open == TIMEX_BOUNDED && t->grain >= GRAIN_DAY)
        return days_text(t, arena);
    if (t->open != TIMEX_BOUNDED)
        return arena_format(arena, "%s %.*s", t->open == TIMEX_AFTER ? "after" : "before",
                            SLICE_ARG(start));
    if (slice_equal(start, end))
        return start;
    return arena_format(arena, "%.*s to %.*s", SLICE_ARG(start), SLICE_ARG(end));
}

/* Whether another step of that depth follows under the same parent. */
static bool has_sibling(const struct timex_step_list *steps, size_t index, uint32_t depth)
{
    for (size_t i = index + 1; i < steps->count && steps->items[i].depth >= depth; i++)
        if (steps->items[i].depth == depth)
            return true;
    return false;
}

static void print_branches(const struct timex_step_list *steps, size_t index)
{
    uint32_t depth = steps->items[index].depth;
    printf("  ");
    for (uint32_t d = 1; d < depth && d < DEPTH_MAX; d++)
        printf("%s", has_sibling(steps, index, d) ? "│  " : "   ");
    if (depth > 0)
        printf("%s", has_sibling(steps, index, depth) ? "├─ " : "└─ ");
}

/* "date tuesday → 2026-12-01" */
static void print_meaning(const struct printer *p, struct slice kind, struct slice value,
                          struct slice resolved)
{
    bool joint = slice_equal(kind, LIT("joint"));
    if (!joint)
        printf("%.*s", SLICE_ARG(kind));
    if (value.len > 0) {
        printf("%s", joint ? "" : " ");
        paint(p, joint ? FAINT : PLAIN, value);
    }
    if (resolved.len > 0) {
        printf(" → ");
        paint(p, STRONG, resolved);
    }
}

static void print_steps(const struct printer *p, const struct timex_step_list *steps)
{
    for (size_t i = 0; i < steps->count; i++) {
        const struct timex_step *step = &steps->items[i];
        print_branches(steps, i);
        print_meaning(p, step->kind, step->value, step->resolved);
        printf("  ");
        paint(p, WARM, quoted(p, step->offset, step->length));
        if (step->rule.len > 0) {
            printf("  ");
            paint(p, FAINT, arena_format(p->arena, "[%.*s]", SLICE_ARG(step->rule)));
        }
        printf("\n");
    }
}

static void print_rival(const struct printer *p, const struct timex_rival *rival)
{
    printf("    ");
    paint(p, BAD, LIT("✗"));
    printf(" ");
    print_meaning(p, rival->kind, rival->value, rival->resolved);
    printf("  ");
    paint(p, WARM, quoted(p, rival->offset, rival->length));
    printf("  %s", loss_texts[rival->loss]);
    if (rival->doubt != TIMEX_CLEAR && rival->loss != LOSS_DOUBT)
        printf(", %s", timex_doubt_names[rival->doubt]);
    if (rival->rule.len > 0) {
        printf("  ");
        paint(p, FAINT, arena_format(p->arena, "[%.*s]", SLICE_ARG(rival->rule)));
    }
    printf("\n");
}

static void print_stance(const struct printer *p, const struct timex_explanation *why)
{
    paint(p, stance_paints[why->stance], slice_from(stance_texts[why->stance]));
    if (why->cause != CAUSE_NONE)
        printf(": %s", timex_cause_names[why->cause]);
    if (why->cue_length > 0) {
        printf(" ");
        paint(p, WARM, quoted(p, why->cue_offset, why->cue_length));
    }
    if (why->placed.len > 0)
        printf("; the text puts it on %.*s", SLICE_ARG(why->placed));
}

static void print_timex(const struct printer *p, const struct timex *t)
{
    const struct timex_explanation *why = t->explanation;
    paint(p, STRONG, quoted(p, t->offset, t->length));
    printf("  %s %.*s", timex_kind_names[t->kind], SLICE_ARG(result_text(t, p->arena)));
    if (t->zone.len > 0)
        printf(" in %.*s", SLICE_ARG(t->zone));
    if (t->doubt != TIMEX_CLEAR) {
        printf("  ");
        paint(p, BAD, arena_format(p->arena, "doubt: %s", timex_doubt_names[t->doubt]));
    }
    printf("\n");
    if (why == NULL)
        return;
    printf("  ");
    print_stance(p, why);
    printf("\n");
    print_steps(p, &why->steps);
    if (why->rivals.count > 0)
        printf("  lost (the %d strongest at most):\n", TIMEX_RIVALS_MAX);
    for (size_t i = 0; i < why->rivals.count; i++)
        print_rival(p, &why->rivals.items[i]);
    if (why->rivals_left > 0)
        printf("    and %u more\n", why->rivals_left);
}

static void print_ignored(const struct printer *p, const struct timex_ignored_list *list)
{
    if (list->count == 0)
        return;
    printf("\nnot read as a time\n");
    for (size_t i = 0; i < list->count; i++) {
        const struct timex_ignored *ignored = &list->items[i];
        printf("    ");
        paint(p, BAD, LIT("✗"));
        printf(" ");
        paint(p, WARM, quoted(p, ignored->offset, ignored->length));
        printf("  %s\n", mistake_texts[ignored->mistake]);
    }
}

static void print_windows(const struct printer *p, const char *name, enum paint tone,
                          const struct civil_interval_list *list)
{
    for (size_t i = 0; i < list->count && i < WINDOWS_SHOWN; i++) {
        struct slice start = civil_format(list->items[i].start, p->arena);
        struct slice end = civil_format(list->items[i].end, p->arena);
        printf("  ");
        paint(p, tone, arena_format(p->arena, "%-10s", i == 0 ? name : ""));
        printf("%.*s to %.*s\n", (int)start.len - 3, start.data, (int)end.len - 3, end.data);
    }
    if (list->count > WINDOWS_SHOWN)
        printf("            and %zu more\n", list->count - WINDOWS_SHOWN);
}

static void print_wishes(const struct printer *p)
{
    const struct wishes *wishes = p->of->wishes;
    if (!wishes->constrained)
        return;
    printf("\nwhat the whole text allows\n");
    print_windows(p, "allowed", GOOD, &wishes->allowed);
    print_windows(p, "preferred", GOOD, &wishes->preferred);
    print_windows(p, "excluded", BAD, &wishes->excluded);
    if (wishes->doubt != TIMEX_CLEAR)
        printf("  doubt: %s\n", timex_doubt_names[wishes->doubt]);
}

static void print_intent(const struct printer *p)
{
    const struct reading *reading = p->of->reading;
    printf("\nintent ");
    paint(p, STRONG, slice_from(intent_names[reading->intent]));
    printf(", confidence %u %%, %s\n", reading->confidence / 10, language_names[reading->language]);
    for (size_t i = 0; i < reading->cues.count; i++) {
        const struct said_cue *cue = &reading->cues.items[i];
        printf("    ");
        paint(p, cue->decisive ? GOOD : FAINT, cue->decisive ? LIT("●") : LIT("○"));
        printf(" %s%.*s  ", cue->negated ? "not " : "", SLICE_ARG(cue->name));
        paint(p, WARM, quoted(p, cue->offset, cue->length));
        printf("\n");
    }
}

void explain_print(const struct explained *explained, bool colour, struct arena *arena)
{
    struct printer printer = {explained, arena, colour};
    for (size_t i = 0; i < explained->timexes->count; i++) {
        if (i > 0)
            printf("\n");
        print_timex(&printer, &explained->timexes->items[i]);
    }
    print_ignored(&printer, &explained->reading->ignored);
    print_wishes(&printer);
    print_intent(&printer);
}

/* JSON */

static void set_words(json_t *object, const struct explained *explained, uint32_t offset,
                      uint32_t length)
{
    json_object_set_new(object, "text",
                        json_from_text(slice_sub(explained->text, offset, offset + length)));
    json_object_set_new(object, "offset", json_integer(offset));
    json_object_set_new(object, "length", json_integer(length));
}

/* The preorder list as nested objects; `parts` holds what a rule was made of. */
static json_t *tree_json(const struct explained *explained, const struct timex_step_list *steps)
{
    json_t *open[DEPTH_MAX] = {0}, *root = json_null();
    for (size_t i = 0; i < steps->count; i++) {
        const struct timex_step *step = &steps->items[i];
        json_t *node = json_object();
        json_object_set_new(node, "rule", json_from_text(step->rule));
        set_words(node, explained, step->offset, step->length);
        json_object_set_new(node, "kind", json_from_text(step->kind));
        json_object_set_new(node, "value", json_from_text(step->value));
        json_object_set_new(node, "resolved", json_from_text(step->resolved));
        uint32_t depth = step->depth < DEPTH_MAX ? step->depth : DEPTH_MAX - 1;
        open[depth] = json_array();
        json_object_set_new(node, "parts", open[depth]);
        if (depth == 0)
            root = node;
        else
            json_array_append_new(open[depth - 1], node);
    }
    return root;
}

static json_t *timex_json(const struct explained *explained, const struct timex *t)
{
    json_t *out = json_from_record(&timex_record, t, explained->zone);
    json_t *why = json_object_get(out, "explanation");
    if (t->explanation == NULL)
        return out;
    json_object_del(why, "steps");
    json_object_set_new(why, "tree", tree_json(explained, &t->explanation->steps));
    uint32_t cue = t->explanation->cue_offset;
    json_object_set_new(why, "cue",
                        json_from_text(slice_sub(explained->text, cue,
                                                 cue + t->explanation->cue_length)));
    size_t index;
    json_t *rival;
    json_array_foreach(json_object_get(why, "rivals"), index, rival)
        set_words(rival, explained, t->explanation->rivals.items[index].offset,
                  t->explanation->rivals.items[index].length);
    return out;
}

static json_t *ignored_json(const struct explained *explained)
{
    const struct timex_ignored_list *list = &explained->reading->ignored;
    json_t *out = json_array();
    for (size_t i = 0; i < list->count; i++) {
        json_t *one = json_object();
        set_words(one, explained, list->items[i].offset, list->items[i].length);
        json_object_set_new(one, "mistake",
                            json_string(timex_mistake_names[list->items[i].mistake]));
        json_array_append_new(out, one);
    }
    return out;
}

static json_t *intent_json(const struct explained *explained)
{
    const struct reading *reading = explained->reading;
    json_t *out = json_object(), *cues = json_array();
    json_object_set_new(out, "intent", json_string(intent_names[reading->intent]));
    json_object_set_new(out, "confidence", json_integer(reading->confidence));
    json_object_set_new(out, "language", json_string(language_names[reading->language]));
    for (size_t i = 0; i < reading->cues.count; i++) {
        const struct said_cue *cue = &reading->cues.items[i];
        json_t *one = json_object();
        set_words(one, explained, cue->offset, cue->length);
        json_object_set_new(one, "cue", json_from_text(cue->name));
        json_object_set_new(one, "negated", json_boolean(cue->negated));
        json_object_set_new(one, "decisive", json_boolean(cue->decisive));
        json_array_append_new(cues, one);
    }
    json_object_set_new(out, "cues", cues);
    return out;
}

json_t *explain_json(const struct explained *explained)
{
    json_t *out = json_object(), *timexes = json_array();
    for (size_t i = 0; i < explained->timexes->count; i++)
        json_array_append_new(timexes, timex_json(explained, &explained->timexes->items[i]));
    json_object_set_new(out, "timexes", timexes);
    json_object_set_new(out, "ignored", ignored_json(explained));
    json_object_set_new(out, "wishes",
                        json_from_record(&wishes_record, explained->wishes, explained->zone));
    json_object_set_new(out, "intent", intent_json(explained));
    return out;
}
