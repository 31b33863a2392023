#include "domain/intent/test_read.h"

/* The times that a message allows, rules out, settles or moves. */

/* Times already settled with the guest. */
static const struct { const char *text; bool agreed; const char *start; } agreements[] = {
    { "Parfait, on se dit donc jeudi 14 mai à 15h en visio. Camille, envoie l'invitation stp.", true, "2026-05-14T15:00:00+02:00" },
    { "C'est noté pour mardi 12 à 9h30. Camille, peux-tu bloquer le créneau ?", true, "2026-05-12T09:30:00+02:00" },
    { "Vu avec Ida : déjeuner lundi 11 mai à 12h30, c'est bon pour elle. Envoie-lui l'invitation : ida@norr.example", true, "2026-05-11T12:30:00+02:00" },
    { "J'ai eu Ida au téléphone, on déjeune ensemble mardi 12 mai à 12h30. Tu lui envoies une invitation ? ida@norr.example", true, "2026-05-12T12:30:00+02:00" },
    { "Thursday 14 May at 3pm it is. Camille, please send the invite.", true, "2026-05-14T15:00:00+02:00" },
    { "Great, let's say Monday at 11:00. Camille will send an invitation.", true, "2026-05-11T11:00:00+02:00" },
    { "Ida (ida@norr.example) and Tom (tom@norr.example) have both agreed to Tuesday 12 May, 4pm.", true, "2026-05-12T16:00:00+02:00" },
    { "I've spoken to Ida and she's fine with Tuesday at 4pm. Please send her an invite: ida@norr.example", true, "2026-05-12T16:00:00+02:00" },
    { "Set up a call with ida@norr.example on Thursday at 3pm, she knows.", false, "2026-05-07T15:00:00+02:00" },
    { "Peux-tu proposer jeudi 14 à 15h à ida@norr.example ?", false, "2026-05-14T15:00:00+02:00" },
    { "Parfait, je vous propose jeudi 14 mai à 15h, une visio de 30 minutes. Camille vous confirmera.", false, "2026-05-14T15:00:00+02:00" },
};

static void knows_what_is_agreed(void)
{
    for (size_t i = 0; i < sizeof agreements / sizeof *agreements; i++) {
        AUTO_ARENA arena = arena_create(1 << 24);
        check_row(agreements[i].text);
        struct reading reading = read_text(agreements[i].text, THREAD_NEW, true, arena);
        check_intent(&reading, INTENT_REQUEST);
        CHECK_NUMBER(reading.requests.count, 1);
        if (reading.requests.count != 1)
            continue;
        const struct meeting_request *request = &reading.requests.items[0];
        CHECK_NUMBER(request->agreed, agreements[i].agreed);
        CHECK_NUMBER(request->times.starts.count, 1);
        if (request->times.starts.count == 1)
            CHECK_NUMBER(request->times.starts.items[0].start.us, at(agreements[i].start).us);
    }
}

/* Where a settled meeting would go. */
static void moves_within_what_was_settled(void)
{
    static const struct { const char *text, *start; } rows[] = {
        { "Peux-tu avancer à 9h ?", "2026-05-12T09:00:00+02:00" },
        { "Can we start at 10:30 instead of 10?", "2026-05-12T10:30:00+02:00" },
        { "Peut-on décaler à mercredi, à la même heure ?", "2026-05-13T10:00:00+02:00" },
        { "Bring Tuesday's call forward to 9am please.", "2026-05-12T09:00:00+02:00" },
        { "Un contretemps de dernière minute, on décale à 11h le même jour ?", "2026-05-12T11:00:00+02:00" },
        { "On avance d'une heure ?", "2026-05-12T09:00:00+02:00" },
        { "Can you push it back by 30 minutes?", "2026-05-12T10:30:00+02:00" },
        { "Peut-on repousser au lendemain à 15h ?", "2026-05-13T15:00:00+02:00" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        AUTO_ARENA arena = arena_create(1 << 24);
        check_row(rows[i].text);
        struct reading reading = read_text(rows[i].text, THREAD_CONFIRMED, true, arena);
        check_intent(&reading, INTENT_RESCHEDULE);
        const struct said_times *times = &reading.requests.items[0].times;
        CHECK_NUMBER(times->starts.count, 1);
        if (times->starts.count == 1)
            CHECK_NUMBER(times->starts.items[0].start.us, at(rows[i].start).us);
    }
}

/* A time that is ruled out is never one that the writer wants. */
static void wants_no_time_that_it_refuses(void)
{
    static const struct {
        const char *text;
        enum thread_state state;
        const char *start; /* the only one; empty: none */
    } rows[] = {
        { "Aucun ne me va. Je ne peux pas mercredi à 11h, mais jeudi à 15h oui.", THREAD_PROPOSING,
          "2026-05-14T15:00:00+02:00" },
        { "None of these. I can do Wednesday at 3pm, not Friday at 9am.", THREAD_PROPOSING,
          "2026-05-13T15:00:00+02:00" },
        { "Peut-on décaler ? Mercredi à 14h impossible, vendredi à 14h c'est bon.",
          THREAD_CONFIRMED, "2026-05-15T14:00:00+02:00" },
        { "Could we move it to Thursday at 4pm? Anything but Friday at 10am.", THREAD_CONFIRMED,
          "2026-05-14T16:00:00+02:00" },
        { "Peut-on décaler ? Sauf vendredi à 9h.", THREAD_CONFIRMED, "" },
        /* not the Thursday of the offers */
        { "Plutôt la semaine suivante, jeudi à 15h.", THREAD_PROPOSING,
          "2026-05-21T15:00:00+02:00" },
        { "We need to reschedule, any time except Thursday at 2pm.", THREAD_CONFIRMED, "" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        AUTO_ARENA arena = arena_create(1 << 24);
        check_row(rows[i].text);
        struct reading reading = read_text(rows[i].text, rows[i].state, true, arena);
        CHECK_NUMBER(reading.requests.count, 1);
        const struct interval_list *starts = &reading.requests.items[0].times.starts;
        CHECK_NUMBER(starts->count, rows[i].start[0] != '\0');
        if (starts->count == 1 && rows[i].start[0] != '\0')
            CHECK_NUMBER(starts->items[0].start.us, at(rows[i].start).us);
    }
    check_row("");
}

/* A forwarded mail: its author attends, within the window it gives. */
static void reads_a_forwarded_window(void)
{
    AUTO_ARENA arena = arena_create(1 << 24);
    struct mail mail = make_mail("Camille, tu peux lui trouver un créneau ? Dans sa fourchette, mais "
                                 "pas vendredi. 30 min par téléphone.", "hugo@marchal.example");
    struct mail_quote quote = {
        .from = {LIT("Grete Olsen"), LIT("grete@olsen.example")},
        .has_date = true,
        .date = {{2026, 5, 5}, 17, 0, 0},
        .text = LIT("Dear Hugo,\nCould we speak some time between 11 and 15 May? You can reach me on "
                    "+44 7700 900111.\nGrete"),
        .forwarded = true,
    };
    ARENA_PUSH(arena, &mail.quotes, quote);
    struct intent_context context = make_context(THREAD_NEW, true, arena);
    struct reading reading = {0};
    CHECK_OK(intent_read(&mail, &context, arena, &reading, NULL));
    check_intent(&reading, INTENT_REQUEST);
    CHECK_NUMBER(reading.requests.count, 1);
    if (reading.requests.count != 1)
        return;
    const struct meeting_request *request = &reading.requests.items[0];
    CHECK_TEXT(people_text(&request->people, arena), "Grete Olsen<grete@olsen.example>attend");
    CHECK_NUMBER(request->kind, KIND_CALL);
    CHECK_TEXT(request->phone, "+44 7700 900111");
    CHECK(request->times.constrained);
    CHECK(request->times.allowed.count > 0);
    for (size_t i = 0; i < request->times.allowed.count; i++) {
        CHECK(request->times.allowed.items[i].start.us >= at("2026-05-11T00:00:00+02:00").us);
        CHECK(request->times.allowed.items[i].end.us <= at("2026-05-15T00:00:00+02:00").us);
    }
}

/* What stands beside an address or an article is no part of the time. */
static void reads_weeks(void)
{
    static const char *const texts[] = {
        "Please find time for a call with Ida Norr <ida@norr.example> next week.",
        "Shall we have breakfast one day next week? ida@norr.example will join. Camille will send times.",
        "Peux-tu caler un appel avec ida@norr.example un jour de la semaine prochaine ?",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        AUTO_ARENA arena = arena_create(1 << 24);
        check_row(texts[i]);
        struct reading reading = read_text(texts[i], THREAD_NEW, true, arena);
        CHECK_NUMBER(reading.requests.count, 1);
        if (reading.requests.count != 1 || reading.requests.items[0].times.allowed.count == 0)
            continue;
        const struct interval_list *allowed = &reading.requests.items[0].times.allowed;
        CHECK(allowed->items[0].start.us >= at("2026-05-11T00:00:00+02:00").us);
        CHECK(allowed->items[0].start.us < at("2026-05-12T00:00:00+02:00").us);
        CHECK(allowed->items[allowed->count - 1].end.us > at("2026-05-14T23:00:00+02:00").us);
    }
}

/* An offer on the first or second of a month is not what "the first" means. */
static void takes_an_ordinal_for_a_place_beside_a_first_of_the_month(void)
{
    static const struct { const char *text, *accepted; } cases[] = {
        { "Le premier créneau me convient.", "1" },
        { "Le premier me va très bien.", "1" },
        { "Le 1er créneau est parfait.", "1" },
        { "The first one works for me.", "1" },
        { "The first slot is fine, thanks.", "1" },
        { "La deuxième proposition me convient.", "2" },
        { "Le second me va.", "2" },
        { "Le 1er décembre me convient.", "2" },
        { "The 1st of December works for me.", "2" },
        { "Mardi 1er me va.", "2" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        AUTO_ARENA arena = arena_create((size_t)64 << 20);
        struct intent_context context = make_context(THREAD_PROPOSING, false, arena);
        struct mail mail = make_mail(cases[i].text, "nora@feld.example");
        struct reading reading = {0};
        static const char *const starts[] = {"2026-11-30T11:00:00+01:00", "2026-12-01T11:00:00+01:00",
                                             "2026-12-02T10:00:00+01:00"};
        context.received = at("2026-11-25T10:00:00+01:00");
        mail.date = (struct civil){{2026, 11, 25}, 10, 0, 0};
        mail.offset_s = 3600;
        for (size_t k = 0; k < 3; k++) {
            struct instant start = at(starts[k]);
            context.offers.items[k].span = (struct interval){start, instant_add(start, minutes(45))};
        }
        check_row(cases[i].text);
        CHECK_OK(intent_read(&mail, &context, arena, &reading, NULL));
        check_intent(&reading, INTENT_ACCEPT);
        CHECK_TEXT(numbers_text(&reading.accepted, arena), cases[i].accepted);
    }
}

static bool is_allowed(const struct said_times *times, struct instant at)
{
    for (size_t i = 0; i < times->allowed.count; i++)
        if (times->allowed.items[i].start.us <= at.us && at.us < times->allowed.items[i].end.us)
            return true;
    return false;
}

/* Offers that the text as a whole rules out are refused, and the weekdays of an answer are those of
 * the week that was offered: Monday 11 to Sunday 17 May, written on 6 May. */
static void takes_nothing_that_is_ruled_out(void)
{
    static const struct {
        const char *text, *never, *allowed, *excluded; /* offers never taken; a start that may be */
    } cases[] = {
        { "Monday and Tuesday are clinic days for us, so not those.", "12", "2026-05-13T10:00:00+02:00",
          "2026-05-11T10:00:00+02:00" },
        { "Any afternoon but Monday.", "1", "2026-05-13T15:00:00+02:00", "2026-05-11T15:00:00+02:00" },
        { "Monday is my stocktaking day. Could we do Wednesday?", "1", "2026-05-13T10:00:00+02:00",
          "2026-05-11T14:00:00+02:00" },
        { "I'm teaching on Tuesday and Thursday, so Wednesday please.", "23",
          "2026-05-13T10:00:00+02:00", "2026-05-12T10:00:00+02:00" },
        { "Thursday, but only in the morning.", "3", "2026-05-14T10:00:00+02:00",
          "2026-05-14T16:30:00+02:00" },
        { "Tuesday does, though only after lunch.", "2", "2026-05-12T15:00:00+02:00",
          "2026-05-12T10:00:00+02:00" },
        { "Mardi, mais seulement l'après-midi.", "2", "2026-05-12T15:00:00+02:00",
          "2026-05-12T10:00:00+02:00" },
        { "Jeudi me va à condition que ce soit le matin.", "3", "2026-05-14T10:00:00+02:00",
          "2026-05-14T16:30:00+02:00" },
        { "The week after would be better, I'm away next week.", "123", "2026-05-19T10:00:00+02:00",
          "2026-05-13T10:00:00+02:00" },
        { "Friday, but not before eleven.", "123", "2026-05-15T11:00:00+02:00",
          "2026-05-15T10:00:00+02:00" },
        { "Lundi et mardi sont mes jours de marché, donc pas ces jours-là.", "12",
          "2026-05-13T10:00:00+02:00", "2026-05-12T10:00:00+02:00" },
        { "Je fais le pont jeudi et vendredi, sinon n'importe quel matin.", "3",
          "2026-05-13T10:00:00+02:00", "2026-05-14T10:00:00+02:00" },
        { "N'importe quel après-midi sauf lundi.", "1", "2026-05-13T15:00:00+02:00",
          "2026-05-11T15:00:00+02:00" },
        { "Mardi c'est mon jour de bloc, mercredi à 15h ?", "2", "2026-05-13T15:00:00+02:00",
          "2026-05-12T10:00:00+02:00" },
        { "Mercredi, en évitant le matin.", "123", "2026-05-13T15:00:00+02:00",
          "2026-05-13T10:00:00+02:00" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        AUTO_ARENA arena = arena_create((size_t)64 << 20);
        struct reading reading = read_text(cases[i].text, THREAD_PROPOSING, false, arena);
        check_row(cases[i].text);
        for (size_t k = 0; k < reading.accepted.count; k++)
            CHECK(strchr(cases[i].never, '0' + (int)reading.accepted.items[k].number) == NULL);
        CHECK(reading.requests.count > 0);
        if (reading.requests.count == 0 || reading.accepted.count > 0)
            continue;
        const struct said_times *times = &reading.requests.items[0].times;
        CHECK(times->constrained && is_allowed(times, at(cases[i].allowed)));
        CHECK(!is_allowed(times, at(cases[i].excluded)));
    }
}

int main(void)
{
    TEST(knows_what_is_agreed);
    TEST(moves_within_what_was_settled);
    TEST(wants_no_time_that_it_refuses);
    TEST(reads_a_forwarded_window);
    TEST(reads_weeks);
    TEST(takes_an_ordinal_for_a_place_beside_a_first_of_the_month);
    TEST(takes_nothing_that_is_ruled_out);
    return check_done();
}
