#include "domain/intent/test_write.h"

/* Requests of a client, written on Wednesday 6 May 2026 at 10:00 in Paris, and what is read of
 * them about coming again: how often, on which days (mo … su), which of the month (1 to 5, 5
 * the last) or the day of the month (d15), how long (xN times, <date the last day); then the
 * first exact start (@), or the first window that is possible (in), or nothing. */

static struct reading read_request(const char *text, struct arena *arena)
{
    struct mail mail = written((struct mailbox){LIT("Hugo Marchal"), LIT("hugo@marchal.example")}, "Suivi", text);
    struct intent_context context = {
        .assistant = {LIT("Camille"), LIT("camille@assist.example")},
        .received = at("2026-05-06T10:00:30+02:00"),
        .writer_zone = LIT("Europe/Paris"),
        .organizer_zone = LIT("Europe/Paris"),
        .offer_zone = LIT("Europe/Paris"),
        .writer_is_client = true,
        .state = THREAD_NEW,
    };
    ARENA_PUSH(arena, &mail.to, context.assistant);
    struct reading reading = {0};
    CHECK_OK(intent_read(&mail, &context, arena, &reading, NULL));
    return reading;
}

static struct slice add(struct slice text, struct slice more, struct arena *arena)
{
    return arena_format(arena, "%.*s%s%.*s", SLICE_ARG(text), text.len > 0 ? " " : "",
                        SLICE_ARG(more));
}

static struct slice local(struct instant at, struct arena *arena)
{
    const struct zone *zone = zone_utc();
    CHECK_OK(zone_load(LIT("Europe/Paris"), &zone, NULL));
    struct slice text = civil_format(civil_from_instant(at, zone), arena);
    return slice_sub(text, 0, 16);
}

static struct slice how_often(const struct series *series, struct arena *arena)
{
    static const char *const days[] = {"mo", "tu", "we", "th", "fr", "sa", "su"};
    struct slice text = slice_from(series_freq_names[series->freq]);
    if (series->interval > 1)
        text = arena_format(arena, "%.*s/%u", SLICE_ARG(text), series->interval);
    for (unsigned day = 0; day < 7; day++)
        if (series->days & 1u << day)
            text = add(text, slice_from(days[day]), arena);
    if (series->nth > 0)
        text = add(text, arena_format(arena, "%u", series->nth), arena);
    if (series->monthday > 0)
        text = add(text, arena_format(arena, "d%u", series->monthday), arena);
    if (series->count > 0)
        text = add(text, arena_format(arena, "x%u", series->count), arena);
    struct civil_date last = civil_date_from_days(series->until_day);
    if (series->until_day != 0)
        text = add(text, arena_format(arena, "<%04d-%02d-%02d", last.year, last.month, last.day),
                   arena);
    return text;
}

static struct slice described(const struct meeting_request *request, struct arena *arena)
{
    if (!request->recurring)
        return LIT("once");
    if (!series_is(&request->series))
        return arena_format(arena, "other: %.*s", SLICE_ARG(request->recurs));
    struct slice text = how_often(&request->series, arena);
    const struct said_times *times = &request->times;
    if (times->starts.count > 0)
        return arena_format(arena, "%.*s @ %.*s", SLICE_ARG(text),
                            SLICE_ARG(local(times->starts.items[0].start, arena)));
    if (times->constrained && times->allowed.count > 0)
        return arena_format(arena, "%.*s in %.*s", SLICE_ARG(text),
                            SLICE_ARG(local(times->allowed.items[0].start, arena)));
    return text;
}

static const struct { const char *text, *want; } asked[] = {
    /* day and hour said */
    { "Please set up a weekly 30 min with Anna, Tuesdays at 10 from June, until the end of July.", "weekly tu <2026-07-31 @ 2026-06-02T10:00" },
    { "Peux-tu caler un point hebdo tous les lundis à 9h avec Béa et Cyril ?", "weekly mo @ 2026-05-11T09:00" },
    { "Could you find us a call every other Thursday at 2pm with Tom?", "weekly/2 th @ 2026-05-07T14:00" },
    { "Can you book a meeting with Tom the first Monday of each month at 9?", "monthly mo 1 @ 2026-06-01T09:00" },
    { "Organise un point avec Luc le premier mardi du mois à 10h.", "monthly tu 1 @ 2026-06-02T10:00" },
    { "Organise un point avec Luc le premier mardi de chaque mois à 10h.", "monthly tu 1 @ 2026-06-02T10:00" },
    { "Peux-tu organiser une réunion mensuelle avec Luc, le dernier vendredi du mois à 16h ?", "monthly fr 5 @ 2026-05-29T16:00" },
    { "Please arrange a monthly review with Tom on the last Friday of every month at 4pm.", "monthly fr 5 @ 2026-05-29T16:00" },
    { "Trouve-nous un appel toutes les deux semaines le jeudi à 10h avec Luc.", "weekly/2 th @ 2026-05-07T10:00" },
    { "Cale un appel un mardi sur deux à 14h avec Luc, à partir de juin.", "weekly/2 tu @ 2026-06-02T14:00" },
    { "Please schedule a fortnightly call with Tom on Wednesdays at 3pm until the end of June.", "weekly/2 we <2026-06-30 @ 2026-05-06T15:00" },
    { "Bonjour Camille, un appel avec Luc chaque jeudi à 11h jusqu'à fin juin, merci.", "weekly th <2026-06-30 @ 2026-05-07T11:00" },
    { "Set up a call with Tom every Tuesday at 10 for ten sessions, please.", "weekly tu x10 @ 2026-05-12T10:00" },
    { "Peux-tu prévoir dix séances avec Luc, tous les mardis à 18h ?", "weekly tu x10 @ 2026-05-12T18:00" },
    { "Could you set up a weekly meeting with Tom, Mondays at 9, for six weeks?", "weekly mo x6 @ 2026-05-11T09:00" },
    { "Could you set up a fortnightly meeting with Tom, Mondays at 9, for six weeks?", "weekly/2 mo x3 @ 2026-05-11T09:00" },
    { "Peux-tu caler un point mensuel avec Luc, le 15 du mois à 10h ?", "monthly d15 @ 2026-05-15T10:00" },
    { "Let's meet with Tom every week on Tuesday at 10am, starting 19 May.", "weekly tu @ 2026-05-19T10:00" },
    { "Peux-tu organiser un point avec Luc toutes les semaines, le mardi à 10h, à compter du 19 mai ?", "weekly tu @ 2026-05-19T10:00" },
    { "Could you set up a weekly meeting with Tom, Tuesdays at 2?", "weekly tu @ 2026-05-12T14:00" },
    { "Please set up a weekly call with Tom on Fridays at 11 for six weeks, starting 5 June.", "weekly fr <2026-07-16 @ 2026-06-05T11:00" },
    { "Peux-tu caler un point avec Luc chaque mardi à 10h à partir de juin ?", "weekly tu @ 2026-06-02T10:00" },
    { "Could you set up a call with Tom every Tuesday at 10 from September?", "weekly tu @ 2026-09-01T10:00" },
    { "Peux-tu caler un point avec Luc tous les vendredis à 11h pendant six semaines ?", "weekly fr <2026-06-17 @ 2026-05-08T11:00" },
    { "Please set up a call with Tom every Monday at 9 from 1 June to 31 July.", "weekly mo <2026-07-31 @ 2026-06-01T09:00" },
    { "Please organise eight weekly coaching sessions with Tom, Mondays at 17:00 starting 1 June.", "weekly mo x8 @ 2026-06-01T17:00" },
    { "Merci d'organiser une série de cinq rendez-vous hebdomadaires avec Luc, le mardi à 17h.", "weekly tu x5 @ 2026-05-12T17:00" },
    { "Pourrais-tu programmer 6 séances d'une heure avec Luc, le jeudi à 18h, une par semaine, à partir du 4 juin ?", "weekly th x6 @ 2026-06-04T18:00" },
    { "Can you set up weekly meetings with Tom for the next two months, Wednesdays 3-4pm?", "weekly we <2026-07-06 @ 2026-05-06T15:00" },
    { "Peux-tu nous réserver tous les mercredis de juin à 10h avec Luc ?", "weekly we <2026-06-30 @ 2026-06-03T10:00" },
    { "Could we get Tom in for a session each Wednesday in June, at 3pm?", "weekly we <2026-06-30 @ 2026-06-03T15:00" },
    { "Let's do a monthly review with Tom on the 15th at 2pm.", "monthly d15 @ 2026-05-15T14:00" },
    { "Please set up a fortnightly meeting with Tom starting Monday 18 May at 11am.", "weekly/2 mo @ 2026-05-18T11:00" },
    { "Arrange a call with Tom. It should be weekly, on Thursdays at 10am, and run until 30 June.", "weekly th <2026-06-30 @ 2026-05-07T10:00" },
    { "Tous les mardis de 14h à 15h, à compter du 2 juin et pour dix semaines, réunion avec Luc. Merci de l'inviter.", "weekly tu x10 @ 2026-06-02T14:00" },
    { "Please invite Tom to a weekly stand-up on Mondays at 9:15, 15 minutes.", "weekly mo @ 2026-05-11T09:15" },
    { "Peux-tu caler un point avec Luc chaque jeudi à 11h jusqu'au 18 juin inclus ?", "weekly th <2026-06-18 @ 2026-05-07T11:00" },
    { "Please set up a call with Tom every Thursday at 11 through 18 June.", "weekly th <2026-06-18 @ 2026-05-07T11:00" },
    { "Please find a weekly call with Tom, Thursdays at 11, until the end of next month.", "weekly th <2026-06-30 @ 2026-05-07T11:00" },
    { "Please find a weekly call with Tom, Thursdays at 11, until June.", "weekly th <2026-05-31 @ 2026-05-07T11:00" },
    { "Trouve un appel hebdo avec Luc, le jeudi à 11h, jusqu'en juin.", "weekly th <2026-06-30 @ 2026-05-07T11:00" },
    { "Camille, peux tu caler un point avec Luc ttes les semaines le jeudi 11h30", "weekly th @ 2026-05-07T11:30" },
    { "Pls set up a wkly call with Tom, Tuesdays 10am, 30 mins", "weekly tu @ 2026-05-12T10:00" },
    { "Camille, un point hebdo du mardi 10h avec Luc à mettre dans nos agendas jusqu'à fin juillet, merci !", "weekly tu <2026-07-31 @ 2026-05-12T10:00" },
    /* without an hour, or without a day */
    { "Can you find a monthly catch-up with Tom?", "monthly" },
    { "Please find a weekly 1:1 with Tom, half an hour.", "weekly" },
    { "Peux-tu nous trouver un point de 30 minutes tous les 15 jours avec Luc ?", "weekly/2" },
    { "Peux-tu nous trouver une heure une semaine sur deux avec Luc ?", "weekly/2" },
    { "Peux-tu organiser un déjeuner avec Luc une fois par mois ?", "monthly" },
    { "Please find a weekly 1:1 with Tom for six weeks.", "weekly x6" },
    { "Trouve un appel de 30 minutes toutes les semaines avec Luc jusqu'au 30 juin.", "weekly <2026-06-30" },
    { "Could you find a weekly hour with Tom, Tuesdays or Thursdays?", "weekly tu th in 2026-05-07T00:00" },
    { "Peux-tu trouver un point hebdo avec Luc, plutôt le matin ?", "weekly in 2026-05-06T10:00" },
    { "Peux-tu trouver un point hebdo avec Luc, le mardi matin ?", "weekly tu in 2026-05-12T06:00" },
    { "Find us a fortnightly call with Tom from September.", "weekly/2 in 2026-09-01T00:00" },
    { "Peux-tu caler chaque semaine un appel avec Luc à 9h ?", "weekly in 2026-05-07T09:00" },
    { "Merci de bloquer une heure par semaine avec Luc, le mercredi de préférence.", "weekly we in 2026-05-06T10:00" },
    { "Luc et moi aimerions nous voir un mercredi sur deux pour déjeuner.", "weekly/2 we in 2026-05-06T10:00" },
    { "Bonjour Camille, il faudrait instaurer un point hebdomadaire avec Luc à partir du 1er septembre, le jeudi vers 10h si possible.", "weekly th @ 2026-09-03T10:00" },
    /* inside a longer mail */
    { "Bonjour Camille,\n\nNous lançons le projet Orme avec Luc. Pourrais-tu nous organiser un point hebdomadaire de 45 minutes, le mercredi à 14h, jusqu'à fin juin ?\n\nMerci,\nHugo", "weekly we <2026-06-30 @ 2026-05-06T14:00" },
    { "Hi Camille,\n\nTom and I would like to keep in touch while the site is built. Could you set up a 30-minute call every Friday at 11, starting next week?\n\nThanks,\nHugo", "weekly fr @ 2026-05-15T11:00" },
    /* asked for, but not ours to make */
    { "Set up a daily stand-up with Tom at 9:15, please.", "other: daily" },
    { "Peux-tu caler un point avec Luc tous les jours à 9h ?", "other: tous les jours à 9h" },
    { "Could you arrange a call with Tom twice a week?", "other: twice a week" },
    { "Peux-tu trouver un appel avec Luc deux fois par semaine ?", "other: deux fois par semaine" },
    { "Please set up a meeting with Tom every Monday and Wednesday at 9.", "other: every Monday and Wednesday at 9" },
    { "Peux-tu caler un point avec Luc tous les 10 jours ?", "other: tous les 10 jours" },
    { "Please schedule a review with Tom every year.", "other: every year" },
    { "Organise une réunion avec Luc chaque trimestre.", "other: chaque trimestre" },
    { "Please set up a call with Tom every three weeks.", "other: every three weeks" },
    { "Je souhaiterais un suivi avec Luc : 30 minutes le premier et le troisième jeudi du mois.", "other: le troisième jeudi du mois" },
    { "Set up a quarterly meeting with Tom, please.", "other: quarterly" },
    { "Find an hour with Tom every week except the last week of June.", "other: every week except the last week of June" },
    { "Plan a call with Tom at 10 every first and third Monday.", "other: every first and third Monday" },
    { "Set up a recurring meeting with Tom, please.", "other: recurring" },
    { "Peux-tu organiser une réunion récurrente avec Luc ?", "other: récurrente" },
};

/* Nothing is to come again. */
static const char *const once[] = {
    "Could you find an hour with Tom next week? We usually meet on Mondays.",
    "Peux-tu trouver une heure avec Luc ? Tous les lundis je suis pris.",
    "Peux-tu trouver une heure avec Luc ? Je suis pris tous les lundis.",
    "Find a call with Tom next week, I'm free every Tuesday.",
    "Trouve un appel avec Luc, tous les jours me vont sauf lundi.",
    "Trouve un appel avec Luc, je suis disponible tous les mardis.",
    "Please find an hour with Tom, every day but Monday works.",
    "Could you find half an hour with Tom before our weekly meeting on Thursday?",
    "Peux-tu trouver une demi-heure avec Luc avant la réunion hebdo de jeudi ?",
    "Please arrange a call with Tom about the weekly report.",
    "Organise un appel avec Luc au sujet du rapport mensuel.",
    "Could you find an hour with Tom next week, not every week, just this once?",
    "Peux-tu trouver une heure avec Luc la semaine prochaine ? D'habitude nous nous voyons tous les jeudis.",
    "Please find an hour with Tom on Tuesday. I have a stand-up every Tuesday at 9.",
    "Peux-tu caler un déjeuner avec Luc mardi ? J'ai un cours chaque mardi à 14h.",
    "Can you find an hour with Tom, Tuesdays or Thursdays?",
    "Peux-tu trouver une heure avec Luc le premier lundi du mois de juin ?",
    "Please find a slot with Tom on the first Monday of next month.",
    "Find 30 minutes with Tom to prepare the monthly board meeting.",
    "Trouve 30 minutes avec Luc pour préparer le comité mensuel.",
    "Peux-tu nous trouver une heure avec Luc jeudi à 15h ?",
    "Peux-tu nous trouver une heure avec Luc d'ici la fin du mois ?",
    "Could you find an hour with Tom before the end of the month?",
    "Trouve un créneau avec Luc la dernière semaine du mois.",
    "Peux-tu caler un appel avec Luc le 15 juin à 10h ?",
    "Please book lunch with Tom at the place we go to every Friday, next Thursday.",
    "Luc vient à Paris tous les quinze jours ; peux-tu nous trouver une heure la prochaine fois, le 21 mai ?",
    "Peux-tu trouver un créneau avec Luc pour parler du mensuel de juin ? Mardi si possible.",
    "Please find a slot with Tom to go through the weekly, Monday at 10.",
    "Peux-tu caler notre point mensuel avec Luc la semaine prochaine ?",
    "Could you find a time for our next weekly with Tom? Tuesday or Wednesday.",
    "Peux-tu nous trouver une heure avec Luc ? J'aimerais qu'on se voie tous les deux mardi prochain à 10h.",
    "Could you find 45 minutes with Tom for the annual review?",
    "Peux-tu trouver deux heures avec Luc pour son entretien annuel ?",
    "Please find time for the weekly sync with Tom this week, it was dropped on Monday.",
    "Peux-tu organiser une réunion avec Luc au sujet du point mensuel ?",
    "Trouve une heure avec Luc la semaine prochaine ; elle est à Lyon un mardi sur deux.",
    "Find me an hour with Tom next week; he's usually in Paris every other Tuesday.",
};

static void reads_what_comes_again(void)
{
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        AUTO_ARENA arena = arena_create(32 << 20);
        struct reading reading = read_request(asked[i].text, arena);
        check_row(asked[i].text);
        CHECK_NUMBER(reading.intent, INTENT_REQUEST);
        CHECK_NUMBER(reading.requests.count, 1);
        if (reading.requests.count > 0)
            CHECK_TEXT(described(&reading.requests.items[0], arena), asked[i].want);
    }
}

static void leaves_habits_alone(void)
{
    for (size_t i = 0; i < sizeof once / sizeof *once; i++) {
        AUTO_ARENA arena = arena_create(32 << 20);
        struct reading reading = read_request(once[i], arena);
        check_row(once[i]);
        CHECK_NUMBER(reading.intent, INTENT_REQUEST);
        if (reading.requests.count > 0)
            CHECK_TEXT(described(&reading.requests.items[0], arena), "once");
    }
}

/* Later mails about the series of every Tuesday at ten, from 12 May 2026, by its organizer or a
 * guest: what they do, whether of one date only, and when they would have it. */
static struct reading read_later(const char *text, bool organizer, bool settled,
                                 struct arena *arena)
{
    struct mail mail = {
        .from = {organizer ? LIT("Hugo Marchal") : LIT("Nora Feld"),
                 organizer ? LIT("hugo@marchal.example") : LIT("nora@feld.example")},
        .subject = LIT("Suivi"),
        .has_date = true,
        .date = {{2026, 5, 6}, 10, 0, 0},
        .offset_s = 7200,
        .text = slice_from(text),
        .new_text = slice_from(text),
    };
    struct interval first = {at("2026-05-12T10:00:00+02:00"), at("2026-05-12T10:30:00+02:00")};
    struct intent_context context = {
        .assistant = {LIT("Camille"), LIT("camille@assist.example")},
        .received = at("2026-05-06T10:00:30+02:00"),
        .writer_zone = LIT("Europe/Paris"),
        .organizer_zone = LIT("Europe/Paris"),
        .offer_zone = LIT("Europe/Paris"),
        .writer_is_client = organizer,
        .writer_is_organizer = organizer,
        .state = settled ? THREAD_CONFIRMED : THREAD_PROPOSING,
        .kind = KIND_MEETING,
        .duration_min = 30,
        .series = {.freq = SERIES_WEEKLY, .interval = 1},
    };
    if (settled)
        context.confirmed = first;
    else
        ARENA_PUSH(arena, &context.offers, ((struct offer_context){1, first}));
    const struct person_context people[] = {
        {LIT("Hugo Marchal"), LIT("hugo@marchal.example"), true, true, false},
        {LIT("Nora Feld"), LIT("nora@feld.example"), false, false, false},
    };
    for (size_t i = 0; i < 2; i++)
        ARENA_PUSH(arena, &context.people, people[i]);
    struct reading reading = {0};
    CHECK_OK(intent_read(&mail, &context, arena, &reading, NULL));
    return reading;
}

static const struct { const char *text; bool organizer; enum intent intent; bool one; const char *start; } later[] = {
    /* of the whole series */
    { "Cancel the whole series, please.", true, INTENT_CANCEL, false, "" },
    { "Annule toute la série.", true, INTENT_CANCEL, false, "" },
    { "Please cancel it.", true, INTENT_CANCEL, false, "" },
    { "Please move our weekly to Thursdays at 2.", true, INTENT_RESCHEDULE, false, "2026-05-14T14:00" },
    { "Peux-tu décaler notre point hebdo au jeudi à 14h ?", true, INTENT_RESCHEDULE, false, "2026-05-14T14:00" },
    { "Our Tuesday catch-up has to move to Wednesday at 11, from now on every week.", true, INTENT_RESCHEDULE, false, "2026-05-13T11:00" },
    { "Could we make it Thursdays at 2pm from now on?", false, INTENT_RESCHEDULE, false, "2026-05-14T14:00" },
    { "Please make it every two weeks instead.", true, INTENT_CHANGE, false, "" },
    { "Passons plutôt à toutes les deux semaines.", true, INTENT_CHANGE, false, "" },
    { "La série doit s'arrêter fin juin.", true, INTENT_CHANGE, false, NULL },
    { "Let's run the weekly until the end of June only.", true, INTENT_CHANGE, false, NULL },
    /* of one date */
    { "Please cancel next Tuesday's.", true, INTENT_CANCEL, true, "" },
    { "Annule celle du 19 mai.", true, INTENT_CANCEL, true, "" },
    { "Annule le point du mardi 19 mai, s'il te plaît.", true, INTENT_CANCEL, true, "" },
    { "Please skip the one on 19 May.", true, INTENT_CHANGE, true, "" },
    { "Je ne pourrai pas être là le 26 mai, désolée.", false, INTENT_DECLINE, true, "" },
    { "I can't make it on 26 May, sorry.", false, INTENT_DECLINE, true, "" },
    { "Can we move the meeting of 19 May to the 20th at 3pm?", false, INTENT_RESCHEDULE, true, NULL },
};

static void tells_one_date_from_the_series(void)
{
    for (size_t i = 0; i < sizeof later / sizeof *later; i++) {
        AUTO_ARENA arena = arena_create(32 << 20);
        struct reading reading = read_later(later[i].text, later[i].organizer, true, arena);
        const struct meeting_request *request =
            reading.requests.count > 0 ? &reading.requests.items[0] : NULL;
        bool started = request != NULL && request->times.starts.count > 0;
        check_row(later[i].text);
        CHECK_TEXT(slice_from(intent_names[reading.intent]), intent_names[later[i].intent]);
        CHECK_NUMBER(reading.one_of_series, later[i].one);
        if (later[i].start != NULL)
            CHECK_TEXT(started ? local(request->times.starts.items[0].start, arena) : SLICE_NONE,
                       later[i].start);
    }
}

/* Guests' other days, in the week that was offered. */
static void reads_other_weekdays(void)
{
    static const struct { const char *text, *start; } rows[] = {
        { "Thursdays at 2 would suit me better.", "2026-05-14T14:00" },
        { "Could we do Mondays at 11 instead?", "2026-05-11T11:00" },
        { "Plutôt le jeudi à 14h, si possible.", "2026-05-14T14:00" },
        { "Le mardi ne me va pas, mais tous les mercredis à 9h oui.", "2026-05-13T09:00" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        AUTO_ARENA arena = arena_create(32 << 20);
        struct reading reading = read_later(rows[i].text, false, false, arena);
        check_row(rows[i].text);
        CHECK_TEXT(slice_from(intent_names[reading.intent]), "counter");
        CHECK(reading.requests.count > 0 && reading.requests.items[0].times.starts.count > 0);
        if (reading.requests.count > 0 && reading.requests.items[0].times.starts.count > 0)
            CHECK_TEXT(local(reading.requests.items[0].times.starts.items[0].start, arena),
                       rows[i].start);
    }
}

/* A length that is said with the hour. */
static void reads_lengths_of_recurrences(void)
{
    static const struct { const char *text; unsigned minutes_long; } rows[] = {
        { "Set up a call with Tom every Thursday from 9 to 9:30.", 30 },
        { "Peux-tu caler un point avec Luc tous les jeudis de 9h à 9h45 ?", 45 },
        { "Can you set up weekly meetings with Tom, Wednesdays 3-4pm?", 60 },
        { "Set up a call with Tom every Thursday at 9.", 0 },
        { "Set up a 20-minute call with Tom every Thursday at 9.", 20 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        AUTO_ARENA arena = arena_create(32 << 20);
        struct reading reading = read_request(rows[i].text, arena);
        check_row(rows[i].text);
        CHECK(reading.requests.count == 1);
        if (reading.requests.count == 1)
            CHECK_NUMBER(reading.requests.items[0].duration_min, rows[i].minutes_long);
    }
}

/* The sole offer is Tuesday 12 May at ten and each one behind it. */
static void reads_agreement_to_the_series(void)
{
    static const char *const rows[] = {
        "Tuesdays work for me.", "Tuesday works for me too.", "Tous les mardis à 10h, c'est parfait.",
        "Oui, le mardi me va.", "Every Tuesday at 10 is fine.", "Ça me convient, merci.",
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        AUTO_ARENA arena = arena_create(32 << 20);
        struct reading reading = read_later(rows[i], false, false, arena);
        check_row(rows[i]);
        CHECK_TEXT(slice_from(intent_names[reading.intent]), "accept");
        CHECK(!reading.one_of_series);
    }
}

/* "Already agreed with them": only then is nobody asked. */
static void reads_what_is_agreed(void)
{
    static const struct { const char *text; bool agreed; } rows[] = {
        { "Tom and I have agreed on a weekly call, Thursdays at 11am. Please send the invitation.", true },
        { "C'est convenu avec Luc : un appel tous les jeudis à 11h. Envoie l'invitation.", true },
        { "Please set up a weekly call with Tom, Thursdays at 11am.", false },
        { "1) a weekly call with Tom (tom@reid.example), Mondays at 9", false },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        AUTO_ARENA arena = arena_create(32 << 20);
        struct reading reading = read_request(rows[i].text, arena);
        check_row(rows[i].text);
        CHECK(reading.requests.count == 1 && reading.requests.items[0].agreed == rows[i].agreed &&
              reading.requests.items[0].times.starts.count == 1);
    }
}

int main(void)
{
    TEST(reads_what_comes_again);
    TEST(leaves_habits_alone);
    TEST(reads_lengths_of_recurrences);
    TEST(reads_what_is_agreed);
    TEST(tells_one_date_from_the_series);
    TEST(reads_other_weekdays);
    TEST(reads_agreement_to_the_series);
    return check_done();
}
