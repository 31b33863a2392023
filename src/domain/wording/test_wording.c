/* Every phrase in every language and manner, and what must never happen to outside text.
 * With --print it writes doc/wording.md. */
#include "check.h"
#include "domain/meeting/test_world.h"
#include "domain/wording/internal.h"

static struct interval slot_at(const char *iso, int64_t length)
{
    struct instant start = {0};
    CHECK_OK(instant_parse(slice_from(iso), &start, NULL, NULL));
    return (struct interval){start, instant_add(start, minutes(length))};
}

/* Every week from 1 September to 15 December, two of them on days that are not as others. */
static void make_weekly(struct mail_order *order, struct arena *arena)
{
    order->series = (struct series){
        .freq = SERIES_WEEKLY,
        .interval = 1,
        .until_day = civil_date_to_days((struct civil_date){2026, 12, 15}),
    };
    order->series_zone = LIT("Europe/Paris");
    ARENA_PUSH(arena, &order->holidays, slot_at("2026-11-10T14:30:00+01:00", 45));
    if (slice_equal_nocase(order->to.address, order->organizer_address))
        ARENA_PUSH(arena, &order->clashes, slot_at("2026-10-06T14:30:00+02:00", 45));
}

/* What a phrase is about besides, by a part of its name. */
static const struct {
    const char *part;
    size_t member; /* of a mail_order */
    const char *fr, *en; /* en NULL: the same */
} samples[] = {
    {"delegate", offsetof(struct mail_order, detail), "Karine Vidal", NULL},
    {"bounced", offsetof(struct mail_order, detail), "Karine Vidal", NULL},
    {"guest_change", offsetof(struct mail_order, detail), "Karine Vidal", NULL},
    {"replaced", offsetof(struct mail_order, detail), "Karine Vidal", NULL},
    {"stopped", offsetof(struct mail_order, detail), "karine@vidal.example", NULL},
    {"no_such_address", offsetof(struct mail_order, detail), "karine@vidal.example", NULL},
    {"series.", offsetof(struct mail_order, detail), "deux fois par semaine", "twice a week"},
    {"privacy.", offsetof(struct mail_order, detail), "https://rdv.garnier.example/r/abc/privacy", NULL},
    {"account.", offsetof(struct mail_order, detail), "192.0.2.7", NULL},
    {"asked", offsetof(struct mail_order, question), "Le matin ou l'après-midi ?", "Morning or afternoon?"},
    {"ask.which", offsetof(struct mail_order, question),
     "- Budget 2027 (Karine Vidal)\n- Audit (Karine Vidal)", NULL},
    {"privacy.data", offsetof(struct mail_order, question), "name: Karine Vidal", NULL},
};

static void add_samples(struct mail_order *order)
{
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        const char *text = order->language == LANGUAGE_FR || samples[i].en == NULL ? samples[i].fr : samples[i].en;
        if (slice_contains(order->phrase, slice_from(samples[i].part)))
            *(struct slice *)((char *)order + samples[i].member) = slice_from(text);
    }
}

static struct mail_order sample_order(struct arena *arena, const char *phrase, enum language language,
                                      bool informal)
{
    struct mail_order order = {
        .purpose = PURPOSE_PROPOSAL,
        .phrase = slice_from(phrase),
        .to = {LIT("Karine Vidal"), LIT("karine@vidal.example")},
        .language = language,
        .time_zone = LIT("Europe/Paris"),
        .informal = informal,
        .recipient_name = LIT("Karine Vidal"),
        .organizer_name = LIT("Paul Garnier"),
        .organizer_address = LIT("paul@garnier.example"),
        .assistant_name = LIT("Camille"),
        .subject = LIT("Bail de la rue Haute"),
        .kind = KIND_VIDEO,
        .duration_min = 45,
        .place = {PLACE_VIDEO, LIT("https://visio.garnier.example/paul")},
        .slot = slot_at("2026-09-01T14:30:00+02:00", 45),
        .old_slot = slot_at("2026-08-31T09:00:00+02:00", 45),
        .who = LIT("Karine Vidal"),
        .number = 15,
    };
    static const char *const starts[] = {"2026-09-01T14:30:00+02:00", "2026-09-02T09:00:00+02:00",
                                         "2026-09-03T11:00:00+02:00"};
    for (size_t i = 0; i < 3; i++)
        ARENA_PUSH(arena, &order.offers,
                   ((struct offer){(uint32_t)i + 1, slot_at(starts[i], 45), false}));
    ARENA_PUSH(arena, &order.names, LIT("Paul Garnier"));
    add_samples(&order);
    if (slice_starts(slice_from(phrase), LIT("series.one")) ||
        slice_contains(slice_from(phrase), LIT("occurrence")))
        make_weekly(&order, arena);
    if (slice_starts(slice_from(phrase), LIT("account."))) {
        order.link = LIT("https://rdv.garnier.example/account/enrol#abc");
        order.slot.end = order.slot.start;
        order.who = language == LANGUAGE_FR ? LIT("une clé d'accès") : LIT("a passkey");
        order.subject = language == LANGUAGE_FR ? LIT("Votre compte") : LIT("Your account");
    }
    return order;
}

static bool has_hole(struct slice text)
{
    return slice_contains(text, LIT("{")) || slice_contains(text, LIT("}")) ||
           slice_contains(text, LIT("[")) || slice_contains(text, LIT("()")) ||
           slice_contains(text, LIT("  de ")) || utf8_bad_at(text) != SIZE_MAX;
}

static const struct {
    enum language language;
    bool informal;
} manners[] = {{LANGUAGE_FR, false}, {LANGUAGE_FR, true}, {LANGUAGE_EN, false}};

static void renders_every_phrase(void)
{
    for (size_t i = 0; i < phrase_count; i++)
        for (size_t m = 0; m < 3; m++)
            for (unsigned without = 0; without < 8; without++) {
                AUTO_ARENA arena = arena_create(1 << 20);
                struct wording out = {0};
                struct mail_order order = sample_order(arena, phrases[i].key, manners[m].language,
                                                       manners[m].informal);
                check_row(phrases[i].key);
                if (without & 1)
                    order.offers.count = 1;
                if (without & 2) {
                    order.place = (struct place){PLACE_PHONE, SLICE_NONE};
                    order.kind = KIND_CALL;
                    order.question = LIT("Y a-t-il un parking ?");
                }
                if (without & 4)
                    make_weekly(&order, arena);
                CHECK_OK(wording_render(&order, NULL, arena, &out, NULL));
                CHECK(!has_hole(out.text) && !has_hole(out.subject));
                CHECK(out.text.len > 60 && slice_contains(out.text, LIT("Camille")));
                CHECK(slice_contains(out.html, LIT("</html>")));
            }
}

static bool says(struct slice text, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (slice_find_nocase(text, slice_from(words[i]), 0) != SIZE_MAX)
            return true;
    return false;
}

/* Nobody is addressed as "tu" and "vous" in one mail, and no English slips in. */
static void keeps_its_manner(void)
{
    static const char *const tu[] = {" te ", " ta ", " ton ", " toi", "peux-tu", "dis-moi", " tes "};
    static const char *const vous[] = {" vous", "votre ", " vos ", "dites-moi"};
    static const char *const english[] = {" the ", " you ", "Hello"};
    for (size_t i = 0; i < phrase_count; i++) {
        check_row(phrases[i].key);
        CHECK(!says(slice_from(phrases[i].vous), tu, 7));
        CHECK(!says(slice_from(phrases[i].vous), english, 3));
        if (phrases[i].tu != NULL)
            CHECK(!says(slice_from(phrases[i].tu), vous, 4));
        else
            CHECK(!says(slice_from(phrases[i].vous), vous, 4));
        CHECK(!says(slice_from(phrases[i].english), vous, 4));
    }
}

static void refuses_what_it_lacks(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    struct wording out;
    struct mail_order order = sample_order(arena, "no.such", LANGUAGE_FR, false);
    CHECK_NUMBER(wording_render(&order, NULL, arena, &out, NULL), ST_NOT_FOUND);
    order.phrase = LIT("ask.address");
    order.who = SLICE_NONE;
    CHECK_NUMBER(wording_render(&order, NULL, arena, &out, NULL), ST_INVALID);
}

static void writes_times(void)
{
    static const struct {
        const char *at, *zone;
        enum language language;
        bool named;
        const char *text;
    } cases[] = {
        {"2026-03-10T14:30:00+01:00", "Europe/Paris", LANGUAGE_FR, false, "mardi 10 mars à 14h30"},
        {"2026-09-01T14:00:00+02:00", "Europe/Paris", LANGUAGE_FR, true,
         "mardi 1er septembre à 14h (heure de Paris)"},
        {"2026-03-10T14:30:00+01:00", "Europe/London", LANGUAGE_FR, true,
         "mardi 10 mars à 13h30 (heure de Londres)"},
        {"2026-03-17T14:00:00+01:00", "America/New_York", LANGUAGE_EN, true,
         "Tuesday, March 17 at 9am (New York time)"},
        {"2026-03-10T14:30:00+01:00", "Europe/London", LANGUAGE_EN, false,
         "Tuesday 10 March at 1:30pm"},
        {"2026-06-10T00:05:00+02:00", "Europe/Paris", LANGUAGE_EN, false,
         "Wednesday 10 June at 12:05am"},
        {"2026-06-10T12:00:00+02:00", "Europe/Paris", LANGUAGE_EN, false, "Wednesday 10 June at 12pm"},
        {"2026-06-10T12:00:00Z", "UTC", LANGUAGE_EN, true, "Wednesday 10 June at 12pm (UTC)"},
        {"2026-06-10T12:00:00+03:00", "Europe/Athens", LANGUAGE_FR, true,
         "mercredi 10 juin à 12h (heure d'Athènes)"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        AUTO_ARENA arena = arena_create(1 << 16);
        const struct zone *zone;
        check_row(cases[i].text);
        CHECK_OK(zone_load(slice_from(cases[i].zone), &zone, NULL));
        CHECK_TEXT(wording_time(slot_at(cases[i].at, 30), zone, cases[i].language, cases[i].named,
                                arena),
                   cases[i].text);
    }
}

#define WEEKLY(n) {.freq = SERIES_WEEKLY, .interval = (n)}
#define MONTHLY .freq = SERIES_MONTHLY, .interval = 1

static const struct {
    struct series series;
    const char *at, *zone;
    enum language language;
    const char *whole, *usual, *shift; /* shift "": none */
} series_cases[] = {
    {WEEKLY(1), "2027-01-05T10:00:00+01:00", "Europe/Paris", LANGUAGE_FR,
     "tous les mardis à 10h, à partir du 5 janvier", "mardi à 10h", ""},
    {WEEKLY(1), "2027-01-05T10:00:00+01:00", "Europe/Paris", LANGUAGE_EN,
     "every Tuesday at 10am, from 5 January", "Tuesdays at 10am", ""},
    {WEEKLY(2), "2027-01-07T14:30:00+01:00", "Europe/Paris", LANGUAGE_FR,
     "un jeudi sur deux à 14h30, à partir du 7 janvier", "jeudi à 14h30, une semaine sur deux", ""},
    {WEEKLY(2), "2027-01-07T14:30:00+01:00", "Europe/Paris", LANGUAGE_EN,
     "every other Thursday at 2:30pm, from 7 January", "every other Thursday at 2:30pm", ""},
    {{MONTHLY, .nth = 1}, "2026-12-01T10:00:00+01:00", "Europe/Paris", LANGUAGE_FR,
     "le premier mardi de chaque mois à 10h, à partir du 1er décembre",
     "premier mardi du mois à 10h", ""},
    {{MONTHLY, .nth = SERIES_LAST}, "2026-11-27T16:00:00+01:00", "Europe/Paris", LANGUAGE_EN,
     "the last Friday of each month at 4pm, from 27 November",
     "the last Friday of the month at 4pm", ""},
    {{MONTHLY, .monthday = 22}, "2026-12-22T10:00:00+01:00", "Europe/Paris", LANGUAGE_EN,
     "the 22nd of each month at 10am, from 22 December", "the 22nd of the month at 10am", ""},
    {{MONTHLY, .monthday = 15}, "2026-12-15T10:00:00+01:00", "Europe/Paris", LANGUAGE_FR,
     "le 15 de chaque mois à 10h, à partir du 15 décembre", "15 du mois à 10h", ""},
    {{.freq = SERIES_WEEKLY, .interval = 1, .count = 6}, "2027-01-05T10:00:00+01:00",
     "Europe/Paris", LANGUAGE_FR, "tous les mardis à 10h, à partir du 5 janvier, 6 fois",
     "mardi à 10h", ""},
    /* New York changes its clocks on 14 March 2027, Paris on 28 March */
    {WEEKLY(1), "2027-01-05T16:00:00+01:00", "America/New_York", LANGUAGE_EN,
     "every Tuesday at 10am, from January 5", "Tuesdays at 10am",
     "From March 16 to March 23, that is at 11am for you: the series follows Paris time."},
    {WEEKLY(1), "2027-01-05T16:00:00+01:00", "America/New_York", LANGUAGE_FR,
     "tous les mardis à 10h, à partir du 5 janvier", "mardi à 10h",
     "Du 16 mars au 23 mars, ce sera à 11h pour vous : la série suit l'heure de Paris."},
    {WEEKLY(2), "2027-01-05T16:00:00+01:00", "America/New_York", LANGUAGE_EN,
     "every other Tuesday at 10am, from January 5", "every other Tuesday at 10am",
     "On March 16, that is at 11am for you: the series follows Paris time."},
    /* Tokyo never does */
    {WEEKLY(1), "2027-01-05T10:00:00+01:00", "Asia/Tokyo", LANGUAGE_EN,
     "every Tuesday at 6pm, from 5 January", "Tuesdays at 6pm",
     "From 30 March on, that is at 5pm for you: the series follows Paris time."},
    /* another day of the week there */
    {WEEKLY(1), "2027-01-05T22:00:00+01:00", "Asia/Tokyo", LANGUAGE_EN,
     "every Wednesday at 6am, from 6 January", "Wednesdays at 6am",
     "From 31 March on, that is at 5am for you: the series follows Paris time."},
    {{MONTHLY, .nth = 1}, "2027-01-05T22:00:00+01:00", "Asia/Tokyo", LANGUAGE_EN,
     "the first Tuesday of each month at 10pm (Paris time), from 5 January",
     "the first Tuesday of the month at 10pm (Paris time)", ""},
    {WEEKLY(1), "2027-01-05T10:00:00+01:00", "Europe/London", LANGUAGE_EN,
     "every Tuesday at 9am, from 5 January", "Tuesdays at 9am", ""},
};

static void writes_series(void)
{
    for (size_t i = 0; i < sizeof series_cases / sizeof *series_cases; i++) {
        AUTO_ARENA arena = arena_create(4 << 20);
        struct recurrence r = {.series = &series_cases[i].series, .first = slot_at(series_cases[i].at, 30),
                               .language = series_cases[i].language, .arena = arena};
        check_row(series_cases[i].whole);
        CHECK_OK(zone_load(slice_from(series_cases[i].zone), &r.zone, NULL));
        CHECK_OK(zone_load(LIT("Europe/Paris"), &r.home, NULL));
        CHECK_TEXT(wording_series(&r), series_cases[i].whole);
        CHECK_TEXT(wording_usual(&r), series_cases[i].usual);
        CHECK_TEXT(wording_shift(&r, false), series_cases[i].shift);
    }
}

/* What the organizer's calendar holds is for the organizer alone. */
static void tells_dates_that_are_not_as_usual(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    struct wording out;
    struct mail_order order = sample_order(arena, "invitation", LANGUAGE_EN, false);
    make_weekly(&order, arena);
    CHECK_OK(wording_render(&order, NULL, arena, &out, NULL));
    CHECK(slice_contains(out.text, LIT("When: every Tuesday at 2:30pm, from 1 September, until 15 December\n")));
    CHECK(slice_contains(out.text, LIT("Public holidays: 10 November\n")));
    CHECK(!slice_contains(out.text, LIT("October")));
    order.to.address = order.organizer_address;
    make_weekly(&order, arena);
    order.series.until_day = 0;
    CHECK_OK(wording_render(&order, NULL, arena, &out, NULL));
    CHECK(slice_contains(out.text, LIT("from 1 September, with no end date\n")));
    CHECK(slice_contains(out.text, LIT("Calendars already taken: 6 October\n")));
}

/* Several times of a series have one line for all. */
static void tells_shifts_of_several_times(void)
{
    static const struct { const char *zone; enum language language; const char *line; } rows[] = {
        {"America/New_York", LANGUAGE_EN,
         "From October 25 to October 31, that is an hour later for you: the series follows Paris time."},
        {"America/New_York", LANGUAGE_FR,
         "Du 25 octobre au 31 octobre, ce sera une heure plus tard pour vous : la série suit l'heure de "
         "Paris."},
        {"Asia/Tokyo", LANGUAGE_EN,
         "From 25 October on, that is an hour later for you: the series follows Paris time."},
        {"Europe/London", LANGUAGE_EN, NULL},
        {"Europe/Paris", LANGUAGE_FR, NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        AUTO_ARENA arena = arena_create(1 << 20);
        struct wording out;
        struct mail_order order = sample_order(arena, "proposal.first", rows[i].language, false);
        make_weekly(&order, arena);
        order.time_zone = slice_from(rows[i].zone);
        check_row(rows[i].zone);
        CHECK_OK(wording_render(&order, NULL, arena, &out, NULL));
        CHECK(slice_contains(out.text, rows[i].line == NULL ? LIT("1. ") : slice_from(rows[i].line)));
        CHECK(rows[i].line != NULL || !slice_contains(out.text, LIT("follows")));
    }
}

static void names_meetings(void)
{
    static const struct {
        enum meeting_kind kind;
        uint32_t minutes_long;
        const char *french, *english;
    } cases[] = {
        {KIND_CALL, 30, "un appel de 30 minutes", "a 30-minute call"},
        {KIND_VIDEO, 60, "une visioconférence d'une heure", "a one-hour video call"},
        {KIND_MEETING, 120, "un rendez-vous de 2 heures", "a 2-hour meeting"},
        {KIND_MEETING, 90, "un rendez-vous de 1 h 30", "a 90-minute meeting"},
        {KIND_CALL, 80, "un appel de 1 h 20", "an 80-minute call"},
        {KIND_LUNCH, 90, "un déjeuner", "lunch"},
        {KIND_COFFEE, 30, "un café", "a coffee"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        AUTO_ARENA arena = arena_create(1 << 16);
        CHECK_TEXT(wording_meeting(cases[i].kind, cases[i].minutes_long, LANGUAGE_FR, arena),
                   cases[i].french);
        CHECK_TEXT(wording_meeting(cases[i].kind, cases[i].minutes_long, LANGUAGE_EN, arena),
                   cases[i].english);
    }
}

static void keeps_the_subject(void)
{
    static const struct {
        const char *subject, *line;
    } cases[] = {
        {"Bail de la rue Haute", "Re: Bail de la rue Haute"},
        {"Re: Bail", "Re: Bail"},
        {"RE: Bail", "RE: Bail"},
        {"", "Re: Rendez-vous"},
        {"Bail\r\nBcc: eve@eve.example", "Re: Bail  Bcc: eve@eve.example"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        AUTO_ARENA arena = arena_create(1 << 20);
        struct wording out;
        struct mail_order order = sample_order(arena, "proposal.first", LANGUAGE_FR, false);
        order.subject = slice_from(cases[i].subject);
        CHECK_OK(wording_render(&order, NULL, arena, &out, NULL));
        CHECK_TEXT(out.subject, cases[i].line);
    }
}

/* Names, places and questions come from strangers. */
static void outside_text_stays_inert(void)
{
    static const char *const poison[] = {
        "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "\"><a href=\"https://x.example\">",
        "' onmouseover='x", "{organizer}", "[offers]", "a\r\nb\x07", "\xff\xfe", "%s%n%s",
    };
    for (size_t i = 0; i < phrase_count; i++)
        for (size_t p = 0; p < sizeof poison / sizeof *poison; p++) {
            AUTO_ARENA arena = arena_create(1 << 20);
            struct wording out;
            struct slice bad = slice_from(poison[p]);
            struct mail_order order = sample_order(arena, phrases[i].key, LANGUAGE_FR, false);
            check_row(phrases[i].key);
            order.who = order.organizer_name = order.recipient_name = order.place.text = bad;
            order.question = order.detail = order.names.items[0] = order.assistant_name = bad;
            CHECK_OK(wording_render(&order, NULL, arena, &out, NULL));
            CHECK(slice_find_nocase(out.html, LIT("<script"), 0) == SIZE_MAX);
            CHECK(slice_find_nocase(out.html, LIT("<img"), 0) == SIZE_MAX);
            CHECK(!slice_contains(out.html, LIT("<a ")));
            CHECK(!slice_contains(out.html, LIT("='x")));
            CHECK(utf8_bad_at(out.text) == SIZE_MAX && !slice_contains(out.text, LIT("\x07")));
        }
}

static void links_each_slot(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    struct wording out;
    struct wording_links links = {.none = LIT("https://r.example/none?a=1&b=2")};
    struct mail_order order = sample_order(arena, "proposal.first", LANGUAGE_EN, false);
    for (size_t i = 0; i < 3; i++)
        ARENA_PUSH(arena, &links.slots, arena_format(arena, "https://r.example/%zu", i));
    CHECK_OK(wording_render(&order, &links, arena, &out, NULL));
    CHECK(slice_contains(out.text, LIT("  2. Wednesday 2 September at 9am\n     https://r.example/1\n")));
    CHECK(slice_contains(out.text, LIT("None of these suits me\n     https://r.example/none?a=1&b=2")));
    CHECK(slice_contains(out.html, LIT("<a href=\"https://r.example/2\">Thursday 3 September")));
    CHECK(slice_contains(out.html, LIT("none?a=1&amp;b=2")));
}

static void sends_a_supervisors_words_as_they_are(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    struct wording out;
    struct mail_order order = sample_order(arena, "verbatim", LANGUAGE_FR, false);
    order.verbatim = LIT("Cher Monsieur,\n\nJe vous rappelle <demain>.\n\nD. Colin\n");
    CHECK_OK(wording_render(&order, NULL, arena, &out, NULL));
    CHECK_TEXT(out.text, "Cher Monsieur,\n\nJe vous rappelle <demain>.\n\nD. Colin\n");
    CHECK(slice_contains(out.html, LIT("rappelle &lt;demain&gt;.<br>")));
}

static void asks_for_a_number(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    struct wording out;
    struct mail_order order = sample_order(arena, "proposal.first", LANGUAGE_FR, false);
    order.kind = KIND_CALL;
    order.place = (struct place){PLACE_PHONE, SLICE_NONE};
    CHECK_OK(wording_render(&order, NULL, arena, &out, NULL));
    CHECK(slice_contains(out.text, LIT("numéro auquel vous joindre")));
    order.place.text = LIT("01 23 45 67 89");
    CHECK_OK(wording_render(&order, NULL, arena, &out, NULL));
    CHECK(!slice_contains(out.text, LIT("numéro auquel vous joindre")));
}

static void elides_before_a_name(void)
{
    static const struct {
        const char *name, *expected;
    } rows[] = {
        {"Alice Moreau", "l'agenda d'Alice Moreau."}, {"Émile", "l'agenda d'Émile."},
        {"Marc", "l'agenda de Marc."},                {"Hélène", "l'agenda de Hélène."},
        {"ana", "l'agenda de ana."},                  {"Yves", "l'agenda de Yves."},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        AUTO_ARENA arena = arena_create(1 << 20);
        struct wording out;
        struct mail_order order = sample_order(arena, "proposal.first", LANGUAGE_FR, i % 2 == 1);
        check_row(rows[i].name);
        order.detail = slice_from(rows[i].name);
        CHECK_OK(wording_render(&order, NULL, arena, &out, NULL));
        CHECK(slice_contains(out.text, slice_from(rows[i].expected)));
    }
}

/* Whatever a meeting orders can be written: no phrase lacks what it speaks of. */
static void writes_every_mail_of_random_meetings(void)
{
    unsigned mails = 0;
    for (uint64_t seed = 1; seed <= 400; seed++) {
        AUTO_ARENA arena = arena_create(256 << 20);
        struct world world;
        uint64_t random = seed * 104729;
        world_start(&world, arena);
        world_walk_start(&world, &random);
        for (int i = 0; i < 25; i++) {
            for (size_t j = 0; j < world.effects.count; j++) {
                struct wording out = {0};
                if (world.effects.items[j].kind != EFFECT_MAIL)
                    continue;
                const struct phrase *phrase = phrase_find(world.effects.items[j].mail.phrase);
                check_row(phrase == NULL ? "none" : phrase->key);
                CHECK_OK(wording_render(&world.effects.items[j].mail, NULL, arena, &out, NULL));
                CHECK(!has_hole(out.text) && !slice_contains(out.text, LIT("1er janvier")) &&
                      !slice_contains(out.text, LIT("1 January")));
                mails++;
            }
            world_walk(&world, &random);
        }
    }
    CHECK(mails > 2000);
}

static const char *const titles[] = {"Français, vous", "Français, tu", "English"};

/* The mails that say how a series is. */
static void print_series(void)
{
    static const char *const keys[] = {"proposal.first", "proposal.one", "proposal.move_one",
                                       "invitation", "update.time", "confirmed",
                                       "cancellation.meeting", "declined.confirmed", "busy.yours"};
    printf("\n# Series\n\nThe same phrases about a meeting that comes again every week.\n");
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        printf("\n## %s, of a series\n", keys[i]);
        for (size_t m = 0; m < 3; m++) {
            AUTO_ARENA arena = arena_create(1 << 20);
            struct wording out;
            struct mail_order order = sample_order(arena, keys[i], manners[m].language,
                                                   manners[m].informal);
            if (slice_contains(slice_from(keys[i]), LIT("one")))
                order.offers.count = 1;
            make_weekly(&order, arena);
            if (slice_equal(order.phrase, LIT("confirmed")))
                ARENA_PUSH(arena, &order.clashes, slot_at("2026-10-06T14:30:00+02:00", 45));
            if (wording_render(&order, NULL, arena, &out, NULL) == ST_OK)
                printf("\n%s\n\n```text\n%.*s```\n", titles[m], SLICE_ARG(out.text));
        }
    }
}

/* doc/wording.md: one of each, as a reader would get it. */
static void print_catalogue(void)
{
    printf("# What we write\n\nEvery phrase of `src/domain/wording/phrases.def`, as a reader gets "
           "it.\nMade by `test_wording --print`; do not edit.\n");
    for (size_t i = 0; i < phrase_count; i++) {
        printf("\n## %s\n", phrases[i].key);
        for (size_t m = 0; m < 3; m++) {
            AUTO_ARENA arena = arena_create(1 << 20);
            struct wording out;
            if (m == 1 && phrases[i].tu == NULL)
                continue;
            struct mail_order order = sample_order(arena, phrases[i].key, manners[m].language,
                                                   manners[m].informal);
            if (wording_render(&order, NULL, arena, &out, NULL) == ST_OK)
                printf("\n%s\n\n```text\n%.*s```\n", titles[m], SLICE_ARG(out.text));
        }
    }
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "--print") == 0) {
        print_catalogue();
        print_series();
        return 0;
    }
    TEST(renders_every_phrase);
    TEST(keeps_its_manner);
    TEST(refuses_what_it_lacks);
    TEST(writes_times);
    TEST(writes_series);
    TEST(tells_shifts_of_several_times);
    TEST(tells_dates_that_are_not_as_usual);
    TEST(names_meetings);
    TEST(keeps_the_subject);
    TEST(outside_text_stays_inert);
    TEST(links_each_slot);
    TEST(sends_a_supervisors_words_as_they_are);
    TEST(asks_for_a_number);
    TEST(elides_before_a_name);
    TEST(writes_every_mail_of_random_meetings);
    return check_done();
}
