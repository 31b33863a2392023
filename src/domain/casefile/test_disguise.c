/* Lessons: no personal word of the original is in them, and what the message says of times stays. */
#include "check.h"
#include "domain/casefile/disguise.h"

static struct case_person_list people_in(struct arena *arena)
{
    struct case_person_list out = {0};
    ARENA_PUSH(arena, &out, ((struct case_person){LIT("Marc Dupont-Moreau"), LIT("mdupont@atelier.example"), LIT("+33 6 11 22 33 44")}));
    ARENA_PUSH(arena, &out, ((struct case_person){LIT("Anne-Laure O'Brien"), LIT("al.obrien@guest.example"), SLICE_NONE}));
    ARENA_PUSH(arena, &out, ((struct case_person){LIT("May Li"), LIT("may@li.example"), SLICE_NONE}));
    return out;
}

/* gone, stays: words with a blank between them; none of the former, all of the latter are in the lesson. */
static const struct { const char *text, *gone, *stays; } cases[] = {
    {"Bonjour Marc,\nmardi \u00e0 14h \u00e7a devrait aller.\nAnne-Laure", "marc anne laure", "mardi 14h devrait aller"},
    {"DUPONT-MOREAU Marc sera l\u00e0 jeudi", "dupont moreau marc", "jeudi sera"},
    {"dupont est d'accord pour demain", "dupont", "accord demain"},
    {"Ring Sophie Kowalski at Initech on Monday, sophie prefers 3pm", "sophie kowalski initech", "Monday 3pm prefers"},
    {"Gr\u00fc\u00dfe von J\u00fcrgen M\u00fcller, \u00c9loi passe mardi", "j\u00fcrgen m\u00fcller \u00c9loi", "mardi passe"},
    {"call me on 06 12 34 56 78 or +33 6 11 22 33 44, code 75011", "12 34 56 78 11 22 33 44 75011", "call"},
    {"https://intra.initech.example/~mdupont?x=1 and www.initech.com", "initech mdupont", "and"},
    {"may@li.example, jo.stone@stone.example: lundi matin", "may@ li.example stone", "lundi matin .example"},
    {"Mme Delacroix-Br\u00fbl\u00e9 dit oui pour le 12/03", "delacroix br\u00fbl\u00e9", "Mme oui 12/03"},
    {"mercredredi ou jeudi, choukette ?", "", "mercredredi jeudi choukette"},
    {"May can do it in May, says May Li", "li", "can do in"},
    {"Chez Bertrand, 12 rue Lepic, 75018 Paris-Batignolles", "bertrand lepic 75018 batignolles", "12 rue"},
    {"XLVB et la SNCF seront l\u00e0 vendredi", "xlvb sncf", "vendredi"},
    {"O\u2019BRIEN\u00a0: mardi. obrien. al.obrien", "brien", "mardi"},
    /* small where a person stands */
    {"dupond est ok pour mardi", "dupond", "est ok pour mardi"},
    {"kowalsky n'est pas dispo jeudi, kowalsky préfère vendredi", "kowalsky", "dispo jeudi vendredi"},
    {"julie d'accord pour demain", "julie", "accord demain"},
    {"zoltan kovacs is fine with tuesday", "zoltan kovacs", "fine tuesday"},
    {"on se voit avec bertrand mardi", "bertrand", "voit mardi"},
    {"Marc et bertrand viennent lundi", "marc bertrand", "lundi"},
    {"bertrand & Marc lundi", "bertrand marc", "lundi"},
    {"lepic et bertrand et Marc, lundi", "bertrand lepic marc", "lundi"},
    {"salut kowalsky, mardi me va", "kowalsky", "salut mardi me va"},
    {"hi zoltan, tuesday works", "zoltan", "hi tuesday works"},
    {"mardi me va\nmerci, julie", "julie", "mardi merci"},
    {"mardi me va, merci julie !", "julie", "mardi merci"},
    {"Mardi.\n\nBien à vous,\njulie lepic", "julie lepic", "bien vous"},
    {"tuesday works for me\n\nzoltan", "zoltan", "tuesday works"},
    {"mme delacroix passe mardi", "delacroix", "mme mardi"},
    /* and not there */
    {"mercredredi est ok, mardii est ok", "", "mercredredi mardii"},
    {"la choukette est ok pour mardi", "", "choukette mardi"},
    {"the kerfuffle is fine on tuesday", "", "kerfuffle tuesday"},
    {"ça me botte mardi", "", "botte mardi"},
    {"choukette", "", "choukette"},
    {"merci de passer la choukette à mardi", "", "choukette mardi"},
    {"J\u00fcrgen:jo@stone.example,Ouardamdupont@atelier.example mardi", "j\u00fcrgen stone ouarda dupont", "mardi"},
    {"75011Kowalski, FR7630006000011 mardi", "kowalski 75011 7630006000011", "mardi"},
    {"https://initech.example/a\u00bbKowalski mardi", "kowalski", "mardi"},
    {"Clara Vidal et Marc, jeudi", "clara vidal marc", "jeudi"},
    {"mdupont@atelier.example\xff\xfe Marc", "dupont marc atelier", ""},
    {"", "", ""},
};

static void each_word(const char *list, struct slice lesson, bool wanted)
{
    struct slice rest = slice_from(list);
    while (rest.len > 0) {
        size_t end = slice_find(rest, LIT(" "), 0);
        struct slice word = slice_sub(rest, 0, end == SIZE_MAX ? rest.len : end);
        bool found = false;
        for (size_t i = 0; i + word.len <= lesson.len; i++)
            found = found || slice_equal_nocase(slice_sub(lesson, i, i + word.len), word);
        if (found != wanted)
            printf("# \"%.*s\" in \"%.*s\"\n", SLICE_ARG(word), SLICE_ARG(lesson));
        CHECK(found == wanted);
        rest = end == SIZE_MAX ? SLICE_NONE : slice_sub(rest, end + 1, rest.len);
    }
}

static void nothing_personal_is_left(void)
{
    AUTO_ARENA arena = arena_create(64 << 20);
    struct vocabulary vocabulary;
    struct case_person_list people = people_in(arena);
    struct mask *mask = mask_create(&people, NULL, arena);
    vocabulary_make(arena, &vocabulary);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct slice lesson = disguise_text(mask, &people, &vocabulary, slice_from(cases[i].text), arena);
        check_row(cases[i].text);
        CHECK_NUMBER(utf8_bad_at(lesson), SIZE_MAX);
        each_word(cases[i].gone, lesson, false);
        each_word(cases[i].stays, lesson, true);
    }
    check_row("");
}

static void a_name_is_one_name(void)
{
    AUTO_ARENA arena = arena_create(64 << 20);
    struct vocabulary vocabulary;
    struct case_person_list people = people_in(arena);
    vocabulary_make(arena, &vocabulary);
    struct slice lesson = disguise_text(mask_create(&people, NULL, arena), &people, &vocabulary,
                                        LIT("Marc dit non. MARC aussi. marc@x.example"), arena);
    struct slice name = slice_sub(disguise_name(0, arena), 0, 5);
    CHECK_TEXT(slice_sub(lesson, 0, 5), "Clara");
    CHECK_TEXT(name, "Clara");
    CHECK(slice_contains(lesson, LIT("CLARA aussi")));
    CHECK(slice_ends(disguise_address(2, arena), LIT(".example")));
}

static void what_no_lexicon_knows(void)
{
    static const struct { const char *word; bool known; } rows[] = {
        {"mardi", true}, {"semaine", true}, {"tuesday", true}, {"organiser", true}, {"visio", true}, {"choukette", false},
        {"mercredredi", false}, {"kowalski", false}, {"j", true},
    };
    AUTO_ARENA arena = arena_create(64 << 20);
    struct vocabulary vocabulary;
    struct slice_list lacks;
    vocabulary_make(arena, &vocabulary);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        check_row(rows[i].word);
        CHECK(vocabulary_has(&vocabulary, slice_from(rows[i].word)) == rows[i].known);
    }
    check_row("");
    vocabulary_lacks(&vocabulary, LIT("Mercredredi ou mercredredi \u00e0 14h, choukette Choukette vidal mercredredi"), arena, &lacks);
    CHECK_NUMBER(lacks.count, 2);
    CHECK_TEXT(lacks.items[0], "mercredredi");
    CHECK_TEXT(lacks.items[1], "choukette");
}

/* What stays and no lexicon knows is shown, and goes where somebody says so. */
static void what_is_left_can_be_taken_out(void)
{
    static const struct { const char *text, *words, *taken, *gone, *stays; } rows[] = {
        {"Choukette ou choukette, mercredredi", "choukette mercredredi", "choukette", "choukette", "mercredredi"},
        {"choukette mercredredi", "choukette mercredredi", "choukette mercredredi", "choukette mercredredi", ""},
        {"CHOUKETTE choukette", "choukette", "choukette", "choukette", ""},
        {"mardi", "", "", "", "mardi"},
        {"l'Élan élancée", "elancee", "elancee", "lanc", "lan"},
    };
    AUTO_ARENA arena = arena_create(64 << 20);
    struct vocabulary vocabulary;
    vocabulary_make(arena, &vocabulary);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct strange_word_list strange;
        struct slice_list taken = {0};
        struct slice text = slice_from(rows[i].text), rest = slice_from(rows[i].taken), found = SLICE_NONE;
        vocabulary_strange(&vocabulary, text, arena, &strange);
        for (size_t k = 0; k < strange.count; k++) {
            found = arena_format(arena, "%.*s%s%.*s", SLICE_ARG(found), k > 0 ? " " : "", SLICE_ARG(strange.items[k].folded));
            CHECK(strange.items[k].at + strange.items[k].len <= text.len);
        }
        while (rest.len > 0) {
            size_t end = slice_find(rest, LIT(" "), 0);
            ARENA_PUSH(arena, &taken, slice_sub(rest, 0, end == SIZE_MAX ? rest.len : end));
            rest = end == SIZE_MAX ? SLICE_NONE : slice_sub(rest, end + 1, rest.len);
        }
        check_row(rows[i].text);
        CHECK_TEXT(found, rows[i].words);
        struct slice lesson = disguise_words(text, &taken, arena);
        each_word(rows[i].gone, lesson, false);
        each_word(rows[i].stays, lesson, true);
    }
    check_row("");
}

int main(void)
{
    TEST(nothing_personal_is_left);
    TEST(a_name_is_one_name);
    TEST(what_no_lexicon_knows);
    TEST(what_is_left_can_be_taken_out);
    return check_done();
}
