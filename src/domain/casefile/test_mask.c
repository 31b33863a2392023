/* Nobody is in a masked text: nasty ways to write names, addresses and numbers, in both languages. */
#include "check.h"
#include "domain/casefile/mask.h"

static const struct {
    const char *name, *address, *phone;
} people[] = {
    {"Marc Dupont", "marc.dupont@acme.example", "06 12 34 56 78"},
    {"Anne-Laure Lefèvre", "al.lefevre@bolt.example", "+44 20 7946 0958"},
    {"Rose Mardi", "rose@mardi.example", ""},
    {"BEN ARFA Élodie", "elodie.benarfa@corp.example", ""},
    {"", "zkowalczyk@firm.example", ""},
    {"Mme Siobhán O'Brien", "sob@eire.example", "555-0134"},
    {"Jean de la Fontaine", "jf@fable.example", ""},
    {"Nguyễn Văn Long", "long@viet.example", ""},
    {"Марина Соколова", "marina@sokol.example", ""},
    {"Will May", "w.may@may.example", ""},
    {"Paul Dupont", "paul@dupont.example", ""},
    {"Œuvrard Maëlle", "maelle@oeuvre.example", ""},
    {"Jürgen Weiß", "jw@haus.example", ""},
    {"D\u2019Souza Inès", "ines@souza.example", ""},
};
enum { PEOPLE = sizeof people / sizeof *people };

static struct case_person_list everybody(struct arena *arena)
{
    struct case_person_list list = {0};
    for (size_t i = 0; i < PEOPLE; i++) {
        struct case_person person = {slice_from(people[i].name), slice_from(people[i].address), slice_from(people[i].phone)};
        ARENA_PUSH(arena, &list, person);
    }
    return list;
}

static struct masked masked_of(struct slice text, size_t bytes_max, struct arena *arena)
{
    struct case_person_list all = everybody(arena);
    struct masked out;
    mask_text(mask_create(&all, NULL, arena), text, bytes_max, arena, &out);
    return out;
}

static const struct {
    const char *text, *masked;
} cases[] = {
    /* Names, as people write them. */
    {"Bonjour Marc,", "Bonjour [P1],"},
    {"bonjour marc", "bonjour [P1]"},
    {"BONJOUR MARC", "BONJOUR [P1]"},
    {"Voyez avec Marc Dupont demain.", "Voyez avec [P1] demain."},
    {"Voyez avec DUPONT Marc demain.", "Voyez avec [P1] demain."},
    {"Dupont, Marc viendra", "[P1] viendra"},
    {"M. Marc DUPONT", "M. [P1]"},
    {"M. Dupont a dit oui", "M. […] a dit oui"}, /* there are two */
    {"Paul et Marc Dupont", "[P11] et [P1]"},
    {"MarcDupont", "[P1]"},
    {"marc_dupont", "[P1]"},
    {"Marc's calendar", "[P1]'s calendar"},
    {"Marc\u2019s calendar", "[P1]\u2019s calendar"},
    {"l'agenda d'Anne-Laure", "l'agenda d'[P2]"},
    {"Anne Laure Lefevre", "[P2]"},
    {"ANNE-LAURE LEFÈVRE", "[P2]"},
    {"annelaure est là", "[P2] est là"},
    {"Anne\u2011Laure", "[P2]"},
    {"Lefe\u0300vre", "[P2]"},
    {"Le\u00adfèvre", "[P2]"},
    {"L\u200befèvre", "[P2]"},
    {"Lefèvre A.-L.", "[P2] A.-L."},
    {"Ｍａｒｃ", "[P1]"},
    {"Ben Arfa", "[P4]"},
    {"Elodie ben arfa", "[P4]"},
    {"Zkowalczyk vient", "[P5] vient"},
    {"Ask O'Brien, or OBrien, or O\u2019BRIEN", "Ask [P6], or [P6], or [P6]"},
    {"Siobhan", "[P6]"},
    {"Dsouza ou D Souza et D'Souza", "[P14] ou [P14] et [P14]"},
    {"Jean de la Fontaine et le chef de la compta", "[P7] et le chef de la compta"},
    {"M. de la Fontaine", "M. de la [P7]"},
    {"Van Long Nguyen", "[P8]"},
    {"Nguyễn", "[P8]"},
    {"Марине не надо, Марина может", "Марине не надо, [P9] может"},
    {"СОКОЛОВА", "[P9]"},
    {"Oeuvrard et Maelle", "[P12] et [P12]"},
    {"Weiss", "[P13]"},
    {"Juergen ou Jurgen", "Juergen ou [P13]"},
    /* Names that are words. */
    {"Rose vient mardi matin", "[P3] vient mardi matin"},
    {"Rose Mardi vient mardi", "[P3] vient mardi"},
    {"J'ai vu Mme Mardi", "J'ai vu Mme [P3]"},
    {"MARDI ROSE", "[P3]"},
    {"Will can come in may", "[P10] can come in may"},
    {"I will ask Will.", "I will ask [P10]."},
    {"Will May be there?", "[P10] be there?"},
    /* Somebody whom we do not know. */
    {"Mme Roche et M. Jean Petit viendront", "Mme […] et M. […] viendront"},
    {"Monsieur Mercredi", "Monsieur Mercredi"},
    {"M. Marc Petit", "M. […]"},
    {"M. Marc Dupont Jeudi", "M. [P1] Jeudi"},
    {"let me know", "let me know"},
    {"M. le directeur", "M. le directeur"},
    {"Dr. Strange at 10", "Dr. […] at 10"},
    /* Addresses and links. */
    {"marc.dupont@acme.example", "[P1]"},
    {"<Marc.Dupont@ACME.example>,", "<[P1]>,"},
    {"Marc Dupont <marc.dupont@acme.example>", "[P1] <[P1]>"},
    {"écris à lea.martin@other.example ou pas", "écris à […] ou pas"},
    {"x@y.example/z@w.example", "[…]"},
    {"lea @ other.example", "[…]"},
    {"lea @other.example", "[…]"},
    {"rdv @ 14h", "rdv @ 14h"},
    {"@marc_d sur Telegram", "[…] sur Telegram"},
    {"https://meet.example/marc?x=1.", "[…]."},
    {"(http://a.example/b)", "([…])"},
    {"www.acme.example/equipe", "[…]"},
    {"voir acme.example, merci", "voir […], merci"},
    {"demain.Merci", "demain.Merci"},
    {"mailto:lea@other.example", "[…]"},
    {"tel:+33612345678", "[…]"},
    {"zoom.example/j/845123", "[…]"},
    /* Numbers. */
    {"06 12 34 56 78", "[P1]"},
    {"0612345678", "[P1]"},
    {"06.12.34.56.78", "[P1]"},
    {"06-12-34-56-78", "[P1]"},
    {"06\u00a012\u00a034\u00a056\u00a078", "[P1]"},
    {"+33 6 12 34 56 78", "[P1]"},
    {"+33(0)6 12 34 56 78", "[P1]"},
    {"0033612345678", "[P1]"},
    {"n°0612345678", "n°[P1]"},
    {"Tel0612345678", "Tel[P1]"},
    {"au\u00a006 12 34 56 78, à 14h30", "au\u00a0[P1], à 14h30"},
    {"020 7946 0958", "[P2]"},
    {"call 555-0134", "call [P6]"},
    {"01 98 76 54 32", "[…]"},
    {"(212) 555-0187", "[…]"},
    {"+1 212 555 0187", "[…]"},
    {"réunion 845 9934 5671", "réunion […]"},
    {"32 87 65 43", "[…]"},
    /* Days, hours and lengths stay. */
    {"le 12/03/2026 à 14:30", "le 12/03/2026 à 14:30"},
    {"le 12/03/2026 14 30", "le 12/03/2026 14 30"},
    {"2026-03-12 14:30", "2026-03-12 14:30"},
    {"le 12.03.26 14.30", "le 12.03.26 14.30"},
    {"les 12 13 14 15 16 mars", "les 12 13 14 15 16 mars"},
    {"entre 10h-12h ou 14h30-15h30", "entre 10h-12h ou 14h30-15h30"},
    {"10-12 or 14-16", "10-12 or 14-16"},
    {"75001 Paris, 12 rue Haute", "75001 Paris, 12 rue Haute"},
    {"le 12/03/2026 06 12 34 56 78", "le 12/03/2026 [P1]"},
    /* Marks that are not ours. */
    {"[P1] et [P99] et [P", "[…] et […] et [P"},
    {"", ""},
};

static void people_are_not_in_it(void)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        AUTO_ARENA arena = arena_create(1 << 20);
        check_row(cases[i].text);
        CHECK_TEXT(masked_of(slice_from(cases[i].text), 4000, arena).text, cases[i].masked);
    }
}

/* Each case in a longer text, and all of them in one: what stands beside changes nothing. */
static void they_are_not_in_a_long_text_either(void)
{
    AUTO_ARENA arena = arena_create(8 << 20);
    AUTO_BUFFER text = buffer_create(1 << 16);
    AUTO_BUFFER want = buffer_create(1 << 16);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        buffer_add_format(&text, "\n%zu) ; %s ;\n", i, cases[i].text);
        buffer_add_format(&want, "\n%zu) ; %s ;\n", i, cases[i].masked);
    }
    struct slice got = masked_of(buffer_slice(&text), 1 << 16, arena).text, wanted = buffer_slice(&want), a, b;
    while (slice_next_line(&got, &a) && slice_next_line(&wanted, &b)) {
        check_row(arena_text(arena, b));
        CHECK(slice_equal(a, b));
    }
    CHECK(got.len == 0 && wanted.len == 0);
}

/* A word of the text is shown where it stands in the masked one. */
static void places_move_along(void)
{
    static const struct {
        const char *text, *word, *shown;
    } rows[] = {
        {"Marc, jeudi à 14h", "jeudi", "jeudi"},
        {"jeudi avec Marc Dupont à 14h", "14h", "14h"},
        {"jeudi avec Marc Dupont à 14h", "jeudi", "jeudi"},
        {"jeudi avec Marc Dupont à 14h", "Marc Dupont", "[P1]"},
        {"jeudi avec Marc Dupont à 14h", "Dupont à", "[P1] à"},
        {"jeudi avec Marc Dupont à 14h", "avec Marc", "avec [P1]"},
        {"écris à Élodie ou à lea@x.example : été", "été", "été"},
        {"Marc", "Marc", "[P1]"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        AUTO_ARENA arena = arena_create(1 << 20);
        struct slice text = slice_from(rows[i].text), word = slice_from(rows[i].word);
        struct masked masked = masked_of(text, 4000, arena);
        size_t at, len;
        check_row(rows[i].text);
        CHECK(masked_span(&masked, slice_find(text, word, 0), word.len, &at, &len));
        CHECK_TEXT(slice_sub(masked.text, at, at + len), rows[i].shown);
    }
    AUTO_ARENA arena = arena_create(1 << 20);
    struct masked masked = masked_of(LIT("Marc, jeudi"), 6, arena);
    size_t at, len;
    CHECK(!masked_span(&masked, 6, 5, &at, &len)); /* it was cut off */
    CHECK(!masked_span(&masked, 0, 0, &at, &len));
}

static void what_is_too_long_is_cut(void)
{
    AUTO_ARENA arena = arena_create(8 << 20);
    struct masked masked = masked_of(LIT("ééé Marc"), 5, arena);
    CHECK_TEXT(masked.text, "éé");
    CHECK(masked.cut);
    masked = masked_of(LIT("ééé Marc"), 9, arena);
    CHECK_TEXT(masked.text, "ééé "); /* never half of a mark */
    CHECK(masked.cut);
    masked = masked_of(LIT("ééé Marc"), 11, arena);
    CHECK_TEXT(masked.text, "ééé [P1]");
    CHECK(!masked.cut);
    char *big = arena_alloc(arena, MASK_TEXT_MAX + 10);
    memset(big, 'x', MASK_TEXT_MAX + 10);
    masked = masked_of((struct slice){big, MASK_TEXT_MAX + 10}, 1 << 20, arena);
    CHECK_NUMBER(masked.text.len, MASK_TEXT_MAX);
    CHECK(masked.cut);
    masked = masked_of(LIT("a\xFFz Marc\xC3"), 100, arena);
    CHECK_TEXT(masked.text, "a\uFFFDz [P1]\uFFFD");
}

/* Colleagues who have no part in it: their whole name goes, a word of it alone says nobody. */
static void others_go_by_their_whole_name(void)
{
    static const struct {
        const char *text, *masked;
    } rows[] = {
        {"Voyez Sylvie Petit ou PETIT-SYLVIE", "Voyez […] ou […]"},
        {"un petit mot, Sylvie", "un petit mot, Sylvie"},
        {"M. Jean-Noël Du Bois d'Arcy, Sylvie  Petit", "M. […], […]"},
        {"marc et Sylvie Petit", "[P1] et […]"},
        {"Marc Sylvie Petit", "[P1] […]"},
    };
    AUTO_ARENA arena = arena_create(8 << 20);
    struct case_person_list all = everybody(arena), others = {0};
    ARENA_PUSH(arena, &others, ((struct case_person){.name = LIT("Sylvie Petit")}));
    ARENA_PUSH(arena, &others, ((struct case_person){.name = LIT("M. Jean-Noel du Bois d'Arcy")}));
    ARENA_PUSH(arena, &others, ((struct case_person){.name = LIT("Marc")}));
    ARENA_PUSH(arena, &others, ((struct case_person){.address = LIT("x@other.example")}));
    const struct mask *mask = mask_create(&all, &others, arena);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct masked masked;
        mask_text(mask, slice_from(rows[i].text), 4000, arena, &masked);
        CHECK_TEXT(masked.text, rows[i].masked);
    }
}

/* The first "%s" by one, a second one by the other. */
static struct slice filled(struct arena *arena, struct slice shape, struct slice one, struct slice other)
{
    size_t at = slice_find(shape, LIT("%s"), 0), next = slice_find(shape, LIT("%s"), at + 2);
    struct slice end = slice_sub(shape, at + 2, shape.len);
    if (next == SIZE_MAX)
        return arena_format(arena, "%.*s%.*s%.*s", SLICE_ARG(slice_sub(shape, 0, at)), SLICE_ARG(one), SLICE_ARG(end));
    return arena_format(arena, "%.*s%.*s%.*s%.*s%.*s", SLICE_ARG(slice_sub(shape, 0, at)), SLICE_ARG(one),
                        SLICE_ARG(slice_sub(shape, at + 2, next)), SLICE_ARG(other),
                        SLICE_ARG(slice_sub(shape, next + 2, shape.len)));
}

/* Each name in each form in each place: none of its words of three letters or more is left. */
static void no_form_of_a_name_is_left(void)
{
    static const char *const names[][3] = {{"Thibault", "Moreau", "Thibault Moreau"}, {"Chloé", "Lefort", "Chloé Lefort"},
                                           {"Gwendal", "Kerbrat", "KERBRAT Gwendal"}, {"Priya", "Raman", "Dr Priya Raman"}};
    static const char *const places[] = {"%s vient jeudi à 14h.", "Jeudi ? voyez avec %s", "(%s)", "l'avis de %s, merci", "d'%s",
                                         "%s's diary", "%s\u2019s diary", "Ask %s, please", "cc:%s;", "\"%s\"", "%s/%s", "-%s-",
                                         "…%s…", "Bonjour\u00a0%s\u00a0!", "%s: oui", "*%s*", "_%s_", "<%s>", "@%s", "#%s"};
    static const char *const shapes[] = {"%s", "%s %s", "%s-%s", "%s, %s", "%s.%s", "%s_%s", "%s\u00a0%s", "%s%s", "M. %s", "Mme %s %s"};
    AUTO_ARENA arena = arena_create((size_t)256 << 20);
    struct case_person_list list = {0};
    for (size_t i = 0; i < 4; i++)
        ARENA_PUSH(arena, &list, ((struct case_person){.name = slice_from(names[i][2])}));
    const struct mask *mask = mask_create(&list, NULL, arena);
    for (size_t n = 0; n < 4; n++)
        for (size_t s = 0; s < sizeof shapes / sizeof *shapes; s++)
            for (size_t p = 0; p < sizeof places / sizeof *places; p++)
                for (int turn = 0; turn < 4; turn++) {
                    struct slice first = slice_from(names[n][turn & 1]), second = slice_from(names[n][~turn & 1]);
                    struct slice called = filled(arena, slice_from(shapes[s]), first, second);
                    if (turn >= 2)
                        called = arena_lower(arena, called);
                    struct slice text = filled(arena, slice_from(places[p]), called, called);
                    struct masked masked;
                    mask_text(mask, text, 4000, arena, &masked);
                    check_row(arena_text(arena, text));
                    CHECK(slice_find_nocase(masked.text, first, 0) == SIZE_MAX);
                    CHECK(slice_find_nocase(masked.text, second, 0) == SIZE_MAX);
                }
}

static void names_come_back(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    struct case_person_list all = everybody(arena);
    CHECK_TEXT(mask_restore(&all, LIT("Bonjour [P1], [P5] aussi ; [P99] [P0] [Px] [P"), arena),
               "Bonjour Marc Dupont, zkowalczyk@firm.example aussi ; [P99] [P0] [Px] [P");
    CHECK_TEXT(mask_restore(&all, LIT("[P[P2]"), arena), "[PAnne-Laure Lefèvre");
    CHECK_TEXT(mask_restore(&all, SLICE_NONE, arena), "");
}

static void people_are_shown_as_initials(void)
{
    static const struct {
        const char *name, *address, *label;
    } rows[] = {
        {"Marc Dupont", "m@acme.example", "M. D. · a…"},
        {"Mme Élodie Ben-Arfa Roche", "e@x.example", "É. B. A. · x…"},
        {"", "zoe.k@firm.example", "z. k. · f…"},
        {"Bob", "", "B."},
        {"", "", "?"},
    };
    AUTO_ARENA arena = arena_create(1 << 20);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct case_person person = {slice_from(rows[i].name), slice_from(rows[i].address), SLICE_NONE};
        CHECK_TEXT(mask_label(&person, arena), rows[i].label);
    }
}

/* A text that makes work takes no longer than one that does not. */
static void work_is_bounded(void)
{
    static const char *const parts[] = {"a.", "a.fr/", "@", "@ ", "[P1", "://", "1 ", "Marc ", "M. A", "de ", "12/", ".-"};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        AUTO_ARENA arena = arena_create(64 << 20);
        AUTO_BUFFER text = buffer_create(MASK_TEXT_MAX);
        while (!text.full)
            buffer_add_text(&text, parts[i]);
        check_row(parts[i]);
        CHECK(masked_of(buffer_slice(&text), 4000, arena).text.len <= 4000);
        struct case_person_list all = everybody(arena);
        struct masked names;
        mask_names(mask_create(&all, NULL, arena), buffer_slice(&text), 4000, arena, &names);
        CHECK(names.text.len <= 4000);
    }
}

/* Of what somebody typed only names go; an address stays whole, whosever it is, and whatever name is in it. */
static void only_names_go_of_what_was_typed(void)
{
    static const struct {
        const char *typed, *shown;
    } rows[] = {
        {"Bonjour Marc Dupont,", "Bonjour [P1],"},
        {"\u00e9crivez \u00e0 marc.dupont@acme.example ou \u00e0 Marc", "\u00e9crivez \u00e0 marc.dupont@acme.example ou \u00e0 [P1]"},
        {"Marc.Dupont@autre.example, inconnu@nulle.example", "Marc.Dupont@autre.example, inconnu@nulle.example"},
        {"Marc <marc.dupont@acme.example>", "[P1] <marc.dupont@acme.example>"},
        {"marc @ acme.example", "marc @ acme.example"},
        {"06 12 34 56 78 ou 01 99 00 11 22, Rose Mardi", "06 12 34 56 78 ou 01 99 00 11 22, [P3]"},
        {"https://marc.example/dupont et acme.example", "https://marc.example/dupont et acme.example"},
        {"Dear [P2], [P99]", "Dear [P2], [P99]"},
        {"Paul Inconnu, mardi", "[P11] Inconnu, mardi"},
        {"Zo\u00e9 Inconnue", "Zo\u00e9 Inconnue"},
        {"a\xff" "b", "a\uFFFD" "b"},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        AUTO_ARENA arena = arena_create(64 << 20);
        struct case_person_list all = everybody(arena);
        struct masked out;
        mask_names(mask_create(&all, NULL, arena), slice_from(rows[i].typed), 4000, arena, &out);
        check_row(rows[i].typed);
        CHECK_TEXT(out.text, rows[i].shown);
        CHECK(!out.cut);
    }
    check_row("");
}

int main(void)
{
    TEST(people_are_not_in_it);
    TEST(they_are_not_in_a_long_text_either);
    TEST(places_move_along);
    TEST(what_is_too_long_is_cut);
    TEST(others_go_by_their_whole_name);
    TEST(no_form_of_a_name_is_left);
    TEST(names_come_back);
    TEST(only_names_go_of_what_was_typed);
    TEST(people_are_shown_as_initials);
    TEST(work_is_bounded);
    return check_done();
}
