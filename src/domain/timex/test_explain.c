#include "domain/timex/timex.h"

#include "check.h"

/* Why a text was read as it was. The writer sits in Paris on Tuesday 2026-11-24 at 09:00. */

#define FR LANGUAGE_FR
#define EN LANGUAGE_EN

static struct timex_list read_text(const char *text, enum language language, bool explain,
                                   struct arena *arena)
{
    struct timex_context context = {.language = language, .scope = true, .explain = explain};
    struct timex_list found = {0};
    context.ref = civil_at((struct civil_date){2026, 11, 24}, 9, 0);
    CHECK_OK(timex_find(slice_from(text), &context, arena, &found, NULL));
    return found;
}

static const struct timex *find(const struct timex_list *found, const char *text)
{
    for (size_t i = 0; i < found->count; i++)
        if (slice_equal(found->items[i].text, slice_from(text)))
            return &found->items[i];
    check_report(0, __FILE__, __LINE__, text);
    return NULL;
}

/* What the message does with an expression, and the words that say so. */
static const struct {
    enum language language;
    const char *text, *expression;
    enum timex_stance stance;
    enum timex_cause cause;
    const char *cue;
} stances[] = {
    /* negation */
    {FR, "Pas avant 10h pour moi.", "avant 10h", STANCE_EXCLUDED, CAUSE_NEGATION, "Pas"},
    {FR, "Je ne peux pas mardi.", "mardi", STANCE_EXCLUDED, CAUSE_NEGATION, "Je ne peux pas"},
    {FR, "Mardi je ne peux pas.", "Mardi", STANCE_EXCLUDED, CAUSE_NEGATION, "je ne peux pas"},
    {FR, "Jeudi va pour moi, mardi non.", "mardi", STANCE_EXCLUDED, CAUSE_NEGATION, "non"},
    {FR, "Jeudi va pour moi, mardi non.", "Jeudi", STANCE_ALLOWED, CAUSE_NONE, ""},
    {FR, "Évitez lundi.", "lundi", STANCE_EXCLUDED, CAUSE_NEGATION, "Évitez"},
    {FR, "Ni lundi ni mercredi.", "mercredi", STANCE_EXCLUDED, CAUSE_NEGATION, "ni"},
    {EN, "Not before 11am please.", "before 11am", STANCE_EXCLUDED, CAUSE_NEGATION, "Not"},
    {EN, "I can't do Wednesday.", "Wednesday", STANCE_EXCLUDED, CAUSE_NEGATION,
     "I can't do"},
    {EN, "Wednesday doesn't work.", "Wednesday", STANCE_EXCLUDED, CAUSE_NEGATION, "doesn't work"},
    {EN, "Monday is fine, Friday is not possible.", "Monday", STANCE_ALLOWED, CAUSE_NONE, ""},
    {EN, "No later than 5pm please", "No later than 5pm", STANCE_ALLOWED, CAUSE_NONE, ""},
    /* exception */
    {FR, "Tous les jours me vont, sauf le 12.", "le 12", STANCE_EXCLUDED, CAUSE_EXCEPTION, "sauf"},
    {FR, "Quand vous voulez hormis vendredi", "vendredi", STANCE_EXCLUDED, CAUSE_EXCEPTION,
     "hormis"},
    {EN, "Any day but Friday", "Friday", STANCE_EXCLUDED, CAUSE_EXCEPTION, "Any day but"},
    {EN, "All week except Thursday morning.", "Thursday morning", STANCE_EXCLUDED, CAUSE_EXCEPTION,
     "except"},
    {EN, "Next week apart from Tuesday", "Tuesday", STANCE_EXCLUDED, CAUSE_EXCEPTION, "apart from"},
    {EN, "Next week apart from Tuesday", "Next week", STANCE_ALLOWED, CAUSE_NONE, ""},
    /* absence and return */
    {FR, "Je suis en congés jeudi.", "jeudi", STANCE_EXCLUDED, CAUSE_ABSENCE, "en congés"},
    {EN, "I'm out of office on Monday.", "on Monday", STANCE_EXCLUDED, CAUSE_ABSENCE, "I'm out"},
    /* preference, alternatives */
    {FR, "Mercredi ou jeudi, plutôt jeudi matin", "jeudi matin", STANCE_PREFERRED,
     CAUSE_PREFERENCE, "plutôt"},
    {FR, "Mercredi ou plutôt jeudi", "Mercredi", STANCE_IGNORED, CAUSE_CORRECTION, "ou plutôt"},
    {FR, "Mardi à 14h, sinon jeudi.", "Mardi à 14h", STANCE_PREFERRED, CAUSE_ALTERNATIVE, "sinon"},
    {FR, "Mardi à 14h, sinon jeudi.", "jeudi", STANCE_FALLBACK, CAUSE_ALTERNATIVE, "sinon"},
    {EN, "Ideally Thursday at 3pm please", "Thursday at 3pm", STANCE_PREFERRED, CAUSE_PREFERENCE,
     "Ideally"},
    {EN, "Tuesday rather than Wednesday.", "Tuesday", STANCE_PREFERRED, CAUSE_PREFERENCE,
     "rather than"},
    {EN, "Tuesday rather than Wednesday.", "Wednesday", STANCE_FALLBACK, CAUSE_PREFERENCE,
     "rather than"},
    /* what does not count */
    {FR, "Mardi, pardon, mercredi.", "Mardi", STANCE_IGNORED, CAUSE_CORRECTION, "pardon"},
    {FR, "Mardi, pardon, mercredi.", "mercredi", STANCE_ALLOWED, CAUSE_NONE, ""},
    {EN, "Have a great weekend! Monday at 9 works.", "weekend", STANCE_IGNORED, CAUSE_GREETING,
     "Have a great"},
    {EN, "The lease expires on 3 May 2027. Lunch on Friday?", "on 3 May 2027", STANCE_IGNORED,
     CAUSE_ASIDE, "expires"},
    {FR, "On s'est vus le 2 novembre 2026. Jeudi ?", "le 2 novembre 2026",
     STANCE_IGNORED, CAUSE_PAST, ""},
    {FR, "Un point de 45 minutes", "45 minutes", STANCE_NONE, CAUSE_NONE, ""},
};

static void says_what_is_done_with_each(void)
{
    for (size_t i = 0; i < sizeof stances / sizeof *stances; i++) {
        AUTO_ARENA arena = arena_create(1 << 24);
        check_row(stances[i].text);
        struct timex_list found = read_text(stances[i].text, stances[i].language, true, arena);
        const struct timex *t = find(&found, stances[i].expression);
        if (t == NULL || t->explanation == NULL)
            continue;
        const struct timex_explanation *why = t->explanation;
        CHECK_TEXT(slice_from(timex_stance_names[why->stance]),
                   timex_stance_names[stances[i].stance]);
        CHECK_TEXT(slice_from(timex_cause_names[why->cause]), timex_cause_names[stances[i].cause]);
        CHECK_TEXT(slice_sub(slice_from(stances[i].text), why->cue_offset,
                             why->cue_offset + why->cue_length),
                   stances[i].cue);
        CHECK(t->negated == (stances[i].stance == STANCE_EXCLUDED));
    }
    check_row("");
}

/* Without reasons the scope is the same. */
static void says_the_scope_alone(void)
{
    for (size_t i = 0; i < sizeof stances / sizeof *stances; i++) {
        AUTO_ARENA arena = arena_create(1 << 24);
        check_row(stances[i].text);
        struct timex_list found = read_text(stances[i].text, stances[i].language, false, arena);
        const struct timex *t = find(&found, stances[i].expression);
        CHECK(t != NULL && t->explanation == NULL);
        CHECK(t != NULL && t->negated == (stances[i].stance == STANCE_EXCLUDED));
    }
    check_row("");
}

/* A weekday lies in the week that the message speaks of. */
static void says_where_a_weekday_lies(void)
{
    static const struct {
        enum language language;
        const char *text, *expression, *placed;
    } rows[] = {
        {FR, "On se voit la semaine prochaine ? Jeudi me va.", "Jeudi", "2026-12-03"},
        {EN, "The week of 14 December: could you do Wednesday?", "Wednesday", "2026-12-16"},
        {EN, "Could you do Thursday?", "Thursday", ""},
        {FR, "Jamais le jeudi", "le jeudi", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        AUTO_ARENA arena = arena_create(1 << 24);
        check_row(rows[i].text);
        struct timex_list found = read_text(rows[i].text, rows[i].language, true, arena);
        const struct timex *t = find(&found, rows[i].expression);
        if (t != NULL)
            CHECK_TEXT(t->explanation->placed, rows[i].placed);
    }
    check_row("");
}

/* "kind value → resolved [rule]" of each step, with its depth. */
static struct slice tree_text(const struct timex *t, struct arena *arena)
{
    struct slice out = LIT("");
    for (size_t i = 0; i < t->explanation->steps.count; i++) {
        const struct timex_step *s = &t->explanation->steps.items[i];
        out = arena_format(arena, "%.*s%s%u %.*s %.*s", SLICE_ARG(out), i > 0 ? "; " : "",
                           s->depth, SLICE_ARG(s->kind), SLICE_ARG(s->value));
        if (s->resolved.len > 0)
            out = arena_format(arena, "%.*s > %.*s", SLICE_ARG(out), SLICE_ARG(s->resolved));
    }
    return out;
}

static const struct {
    enum language language;
    const char *text, *tree;
} trees[] = {
    {FR, "mardi", "0 date tuesday > 2026-12-01; 1 weekday tuesday"},
    {EN, "tomorrow at 3pm",
     "0 moment wednesday 15:00 > 2026-11-25 15:00; 1 date wednesday > 2026-11-25; "
     "2 day 1 days ahead; 1 time 15:00; 2 joint at; 2 time 15:00; 3 number 3; 3 half pm"},
    {FR, "12 mars", "0 date 12 march > 2027-03-12; 1 number 12; 1 month march"},
    {EN, "by noon",
     "0 bound by 12:00; 1 joint by; 1 time 12:00; 2 joint noon"},
    {FR, "tous les lundis",
     "0 repetition FREQ=WEEKLY;BYDAY=MO; 1 joint every; 1 weekday monday"},
    {EN, "an hour and a half",
     "0 length 1 h 30 min; 1 length 1 h; 2 joint a; 2 unit hour; 1 joint and; 1 joint a; "
     "1 joint half"},
    {FR, "mardi de la semaine prochaine",
     "0 date tuesday > 2026-12-01; 1 date tuesday > 2026-12-01; 2 weekday tuesday; 1 joint of; "
     "1 date week > 2026-11-30/2026-12-06; 2 unit week; 2 joint next"},
};

static void shows_the_derivation(void)
{
    for (size_t i = 0; i < sizeof trees / sizeof *trees; i++) {
        AUTO_ARENA arena = arena_create(1 << 24);
        check_row(trees[i].text);
        struct timex_list found = read_text(trees[i].text, trees[i].language, true, arena);
        CHECK_NUMBER(found.count, 1);
        if (found.count == 1)
            CHECK_TEXT(tree_text(&found.items[0], arena), trees[i].tree);
    }
    check_row("");
}

/* Every tree of a long text: a root of depth 0 that covers the expression, steps that lie
 * inside it and go down by one at most, rivals that share a word with it. */
static void keeps_trees_whole(void)
{
    static const char text[] =
        "Bonjour, mardi prochain entre 14h et 16h30, sinon le 12 décembre au matin ou la semaine "
        "du 7, mais pas avant 10h ni le mercredi. Tous les lundis de janvier jusqu'au 15 mars à "
        "18h heure de Londres, d'ici trois semaines, fin de mois, le dernier vendredi de juin.";
    AUTO_ARENA arena = arena_create(1 << 24);
    struct timex_list found = read_text(text, FR, true, arena);
    CHECK(found.count >= 8);
    for (size_t i = 0; i < found.count; i++) {
        const struct timex *t = &found.items[i];
        const struct timex_explanation *why = t->explanation;
        const struct timex_step *steps = why->steps.items;
        CHECK(why->steps.count > 0 && why->steps.count <= TIMEX_STEPS_MAX);
        CHECK(steps[0].depth == 0 && steps[0].offset == t->offset && steps[0].length == t->length);
        for (size_t k = 1; k < why->steps.count; k++) {
            CHECK(steps[k].depth >= 1 && steps[k].depth <= steps[k - 1].depth + 1);
            CHECK(steps[k].offset >= t->offset &&
                  steps[k].offset + steps[k].length <= t->offset + t->length);
            CHECK(steps[k].kind.len > 0);
        }
        CHECK(why->rivals.count <= TIMEX_RIVALS_MAX);
        for (size_t k = 0; k < why->rivals.count; k++)
            CHECK(why->rivals.items[k].offset < t->offset + t->length &&
                  t->offset < why->rivals.items[k].offset + why->rivals.items[k].length);
    }
}

static const struct {
    enum language language;
    const char *text, *expression, *rival, *resolved;
    enum timex_loss loss;
} rivals[] = {
    {FR, "jeudi en huit", "jeudi en huit", "jeudi", "2026-11-26", LOSS_SHORTER},
    {EN, "the week of 7 December", "the week of 7 December", "December", "2026-12-01/2026-12-31",
     LOSS_SHORTER},
    {EN, "On 10/03 at noon", "On 10/03 at noon", "On 10/03 at noon", "2027-10-03 12:00",
     LOSS_DOUBT},
    {EN, "see you at 8", "at 8", "at 8", "2026-11-25 08:00", LOSS_DOUBT},
};

static bool has_rival(const struct timex *t, const char *text, size_t row)
{
    for (size_t i = 0; i < t->explanation->rivals.count; i++) {
        const struct timex_rival *r = &t->explanation->rivals.items[i];
        struct slice words = slice_sub(slice_from(text), r->offset, r->offset + r->length);
        if (r->loss == rivals[row].loss && slice_equal(words, slice_from(rivals[row].rival)) &&
            slice_equal(r->resolved, slice_from(rivals[row].resolved)))
            return true;
    }
    return false;
}

static void shows_what_lost(void)
{
    for (size_t i = 0; i < sizeof rivals / sizeof *rivals; i++) {
        AUTO_ARENA arena = arena_create(1 << 24);
        check_row(rivals[i].text);
        struct timex_list found = read_text(rivals[i].text, rivals[i].language, true, arena);
        const struct timex *t = find(&found, rivals[i].expression);
        CHECK(t != NULL && has_rival(t, rivals[i].text, i));
    }
    check_row("");
}

static const struct {
    enum language language;
    const char *text, *words;
    enum timex_mistake mistake;
} mistakes[] = {
    {FR, "Rappelez-moi au 06 12 34 56 78 mardi.", "06 12 34 56 78", MISTAKE_TELEPHONE},
    {FR, "Mon numéro : 06 12 34 56 78, appelez mardi.", "06 12 34 56 78", MISTAKE_TELEPHONE},
    {EN, "Ring 0161 496 0930 on Monday.", "0161 496 0930", MISTAKE_TELEPHONE},
    {FR, "Le devis de 1200 euros est prêt, on en parle jeudi ?", "1200 euros", MISTAKE_PRICE},
    {EN, "It costs $12.30, can we talk at noon?", "12.30", MISTAKE_PRICE},
    {FR, "Facture 2026-1104 reçue, parlons-en demain.", "2026-1104", MISTAKE_REFERENCE},
    {FR, "Au 14 rue des Lilas, vendredi.", "14", MISTAKE_ADDRESS},
    {EN, "Join https://meet.example/12/10 on Friday.", "https://meet.example/12/10", MISTAKE_LINK},
    {EN, "We are between 2 and 4 people on Friday.", "4 people", MISTAKE_PRICE},
    {FR, "On se voit à 12h75 vendredi ?", "12h75", MISTAKE_IMPOSSIBLE},
    {FR, "Bonne soirée, à demain.", "soirée", MISTAKE_GREETING},
};

static void says_what_is_no_time(void)
{
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        AUTO_ARENA arena = arena_create(1 << 24);
        struct timex_context context = {.language = mistakes[i].language};
        struct timex_ignored_list list;
        context.ref = civil_at((struct civil_date){2026, 11, 24}, 9, 0);
        check_row(mistakes[i].text);
        struct slice text = slice_from(mistakes[i].text);
        CHECK_OK(timex_find_ignored(text, &context, arena, &list, NULL));
        CHECK_NUMBER(list.count, 1);
        if (list.count == 0)
            continue;
        const struct timex_ignored *one = &list.items[0];
        CHECK_TEXT(slice_sub(text, one->offset, one->offset + one->length), mistakes[i].words);
        CHECK_NUMBER(one->mistake, mistakes[i].mistake);
    }
    check_row("");
}

/* Nothing is looked for that is not there, and many are cut. */
static void bounds_what_is_no_time(void)
{
    AUTO_ARENA arena = arena_create(1 << 24);
    AUTO_BUFFER text = buffer_create(1 << 16);
    struct timex_context context = {.language = EN};
    struct timex_ignored_list list;
    context.ref = civil_at((struct civil_date){2026, 11, 24}, 9, 0);
    for (int i = 0; i < 200; i++)
        buffer_add(&text, LIT("call 0161 496 0930, "));
    CHECK_OK(timex_find_ignored(buffer_slice(&text), &context, arena, &list, NULL));
    CHECK_NUMBER(list.count, TIMEX_IGNORED_MAX);
    CHECK_OK(timex_find_ignored(LIT("Let's meet on Friday."), &context, arena, &list, NULL));
    CHECK_NUMBER(list.count, 0);
}

/* The reading is the same with and without its reasons, and goes through a record. */
static void changes_no_reading(void)
{
    static const char *const texts[] = {
        "Jeudi ou vendredi entre 14h et 16h, pas avant 10h lundi, 06 12 34 56 78.",
        "Any day next week but Friday, ideally 3pm, otherwise on 10/03 at half past nine.",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        AUTO_ARENA arena = arena_create(1 << 24);
        struct timex_list plain = read_text(texts[i], LANGUAGE_UNKNOWN, false, arena);
        struct timex_list why = read_text(texts[i], LANGUAGE_UNKNOWN, true, arena);
        CHECK_NUMBER(plain.count, why.count);
        for (size_t k = 0; k < plain.count && k < why.count; k++) {
            struct timex one = why.items[k], back;
            AUTO_BUFFER bytes = buffer_create(1 << 16), again = buffer_create(1 << 16);
            record_encode(&timex_record, &one, &bytes);
            CHECK_OK(record_decode(&timex_record, buffer_slice(&bytes), arena, &back, NULL));
            record_encode(&timex_record, &back, &again);
            CHECK(slice_equal(buffer_slice(&bytes), buffer_slice(&again)));
            one.explanation = NULL;
            AUTO_BUFFER bare = buffer_create(1 << 16), other = buffer_create(1 << 16);
            record_encode(&timex_record, &one, &bare);
            record_encode(&timex_record, &plain.items[k], &other);
            CHECK(slice_equal(buffer_slice(&bare), buffer_slice(&other)));
        }
    }
}

/* A text as long and as dense as it may be: bounded, and all of it explained. */
static void bears_long_texts(void)
{
    static const char *const pieces[] = {
        "pas mardi sauf jeudi ", "cette semaine-là sinon mardi ", "mardi pardon mercredi, ",
        "that week not that day ",  "14h mardi prochain ou ", "10/03 06 12 34 56 78 ",
    };
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        AUTO_ARENA arena = arena_create(256 << 20);
        AUTO_BUFFER text = buffer_create(TIMEX_BODY_MAX);
        struct timex_context context = {.explain = true};
        struct timex_list found = {0};
        context.ref = civil_at((struct civil_date){2026, 11, 24}, 9, 0);
        check_row(pieces[i]);
        for (int k = 0; k < 190; k++)
            buffer_add(&text, slice_from(pieces[i]));
        enum status status = timex_find(buffer_slice(&text), &context, arena, &found, NULL);
        CHECK(status == ST_OK || status == ST_LIMIT);
        for (size_t k = 0; k < found.count; k++)
            CHECK(found.items[k].explanation != NULL);
    }
    check_row("");
}

int main(void)
{
    TEST(says_what_is_done_with_each);
    TEST(says_the_scope_alone);
    TEST(says_where_a_weekday_lies);
    TEST(shows_the_derivation);
    TEST(keeps_trees_whole);
    TEST(shows_what_lost);
    TEST(says_what_is_no_time);
    TEST(bounds_what_is_no_time);
    TEST(changes_no_reading);
    TEST(bears_long_texts);
    return check_done();
}
