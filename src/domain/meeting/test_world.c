#include "domain/meeting/test_world.h"

static const struct zone *paris(void)
{
    static const struct zone *zone;
    if (zone == NULL)
        CHECK_OK(zone_load(LIT("Europe/Paris"), &zone, NULL));
    return zone;
}

struct instant world_time(const char *local)
{
    struct civil wall = {0};
    CHECK_OK(civil_parse(slice_from(local), &wall, NULL));
    return civil_to_instant(wall, paris());
}

static struct known_person make_person(struct arena *arena, const char *address, const char *name,
                                       const char *zone, bool calendar)
{
    struct known_person known = {0};
    known.person.address = slice_from(address);
    known.person.name = slice_from(name);
    known.person.has_calendar = calendar;
    known.person.time_zone = slice_from(zone);
    known.person.language = calendar ? LANGUAGE_FR : LANGUAGE_EN;
    known.person.holidays = calendar ? LIT("FR") : LIT("US");
    preferences_defaults(arena, &known.person.preferences);
    CHECK_OK(zone_load(known.person.time_zone, &known.zone, NULL));
    return known;
}

void world_start(struct world *world, struct arena *arena)
{
    *world = (struct world){.arena = arena, .random = 7};
    world->people[0] = make_person(arena, "anna@firm.example", "Anna Roy", "Europe/Paris", true);
    world->people[0].person.client = true;
    world->people[0].person.preferences.places[KIND_VIDEO] = LIT("https://visio.firm.example/anna");
    world->people[0].person.preferences.places[KIND_MEETING] = LIT("Firm, 3 rue du Port");
    world->people[1] = make_person(arena, "olivier@firm.example", "Olivier Bas", "Europe/Paris", true);
    world->people[2] = make_person(arena, "jordan@guest.example", "Jordan Blue",
                                   "America/New_York", false);
}

struct slice world_address(struct world *world, struct slice name)
{
    bool ours = slice_equal(name, LIT("anna")) || slice_equal(name, LIT("olivier"));
    return arena_format(world->arena, "%.*s@%s", SLICE_ARG(name),
                        ours ? "firm.example" : "guest.example");
}

static struct slice next_word(struct slice *rest)
{
    *rest = slice_trim(*rest);
    size_t space = slice_find(*rest, LIT(" "), 0);
    size_t end = space == SIZE_MAX ? rest->len : space;
    struct slice word = slice_sub(*rest, 0, end);
    *rest = slice_sub(*rest, end, rest->len);
    return word;
}

static struct instant time_word(struct world *world, struct slice text)
{
    return world_time(arena_text(world->arena, text));
}

static struct interval days_word(struct world *world, struct slice text)
{
    size_t slash = slice_find(text, LIT("/"), 0);
    struct interval span = {time_word(world, slice_sub(text, 0, slash)),
                            time_word(world, slice_sub(text, slash + 1, text.len))};
    if (text.len - slash - 1 == 10) /* a date: the whole day */
        span.end.us += DAY_US;
    return span;
}

static void mention(struct world *world, struct meeting_request *request, enum mention_role role,
                    struct slice name, bool address)
{
    struct mention one = {.name = name, .role = role};
    if (address)
        one.address = world_address(world, name);
    ARENA_PUSH(world->arena, &request->people, one);
}

static bool tail(struct slice word, const char *head, struct slice *rest)
{
    struct slice start = slice_from(head);
    if (!slice_starts(word, start))
        return false;
    *rest = slice_sub(word, start.len, word.len);
    return true;
}

static uint32_t number_of(struct slice text)
{
    uint64_t value = 0;
    CHECK(slice_to_u64(text, 100000, &value));
    return (uint32_t)value;
}

static bool people_word(struct world *world, struct slice word, struct meeting_request *request)
{
    struct slice rest;
    if (tail(word, "+", &rest))
        mention(world, request, MENTION_ADD, rest, true);
    else if (tail(word, "~", &rest))
        mention(world, request, MENTION_ADD_OPTIONAL, rest, true);
    else if (tail(word, "who:", &rest))
        mention(world, request, MENTION_ATTEND, rest, false);
    else if (tail(word, "addr:", &rest))
        mention(world, request, MENTION_ATTEND, rest, true);
    else if (tail(word, "del:", &rest))
        mention(world, request, MENTION_DELEGATE, rest, true);
    else if (word.len > 1 && word.data[0] == '-' && ascii_is_alpha(word.data[1]))
        mention(world, request, MENTION_REMOVE, slice_sub(word, 1, word.len), false);
    else
        return false;
    return true;
}

static bool time_words(struct world *world, struct slice word, struct said_times *times)
{
    struct slice rest;
    times->constrained = true;
    if (tail(word, "@", &rest)) {
        struct instant at = time_word(world, rest);
        ARENA_PUSH(world->arena, &times->starts, ((struct interval){at, at}));
        ARENA_PUSH(world->arena, &times->allowed,
                   ((struct interval){at, instant_add(at, minutes(60))}));
    } else if (tail(word, "in:", &rest)) {
        ARENA_PUSH(world->arena, &times->allowed, days_word(world, rest));
    } else if (tail(word, "pref:", &rest)) {
        ARENA_PUSH(world->arena, &times->preferred, days_word(world, rest));
    } else if (tail(word, "not:", &rest)) {
        ARENA_PUSH(world->arena, &times->excluded, days_word(world, rest));
    } else if (slice_equal(word, LIT("contradiction"))) {
        times->doubt = TIMEX_CONTRADICTION;
    } else {
        return false;
    }
    return true;
}

/* "weekly", "fortnightly", "monthly", "x6", "until:2026-06-30" */
static bool series_word(struct world *world, struct slice word, struct series *series)
{
    struct slice rest;
    if (slice_equal(word, LIT("weekly")) || slice_equal(word, LIT("fortnightly")))
        series->freq = SERIES_WEEKLY;
    else if (slice_equal(word, LIT("monthly")))
        series->freq = SERIES_MONTHLY;
    else if (tail(word, "x", &rest) && ascii_is_digit(word.data[1]))
        series->count = number_of(rest);
    else if (tail(word, "until:", &rest))
        series->until_day = civil_date_to_days(
            civil_from_instant(time_word(world, rest), paris()).date);
    else
        return false;
    if (series_is(series))
        series->interval = slice_equal(word, LIT("fortnightly")) || series->interval == 2 ? 2 : 1;
    return true;
}

static bool fact_word(struct slice word, struct meeting_request *request, struct reading *reading)
{
    struct slice rest;
    if (tail(word, "kind:", &rest)) {
        for (int kind = 0; kind < KIND_COUNT_; kind++)
            if (slice_equal(rest, slice_from(meeting_kind_names[kind])))
                request->kind = (enum meeting_kind)kind;
    } else if (tail(word, "for:", &rest))
        request->duration_min = number_of(rest);
    else if (tail(word, "tel:", &rest))
        request->phone = rest;
    else if (tail(word, "late:", &rest))
        reading->late_min = number_of(rest);
    else if (slice_equal(word, LIT("agreed")))
        request->agreed = true;
    else if (slice_equal(word, LIT("series")))
        request->recurring = true;
    else
        return false;
    return true;
}

static void flag_word(struct slice word, struct reading *reading)
{
    if (slice_equal(word, LIT("any")))
        reading->any_offer = true;
    else if (slice_equal(word, LIT("q"))) {
        reading->asks_question = true;
        reading->question = LIT("Y a-t-il un parking ?");
    } else if (slice_equal(word, LIT("low")))
        reading->confidence = 300;
    else if (slice_equal(word, LIT("sus")))
        reading->suspicious = true;
    else if (slice_equal(word, LIT("cond")))
        reading->conditional = true;
    else if (slice_equal(word, LIT("person")))
        reading->asks_person = true;
    else if (slice_equal(word, LIT("one")))
        reading->one_of_series = true;
    else if (slice_equal(word, LIT("complaint")))
        reading->complaint = true;
    else if (slice_equal(word, LIT("en")))
        reading->language = LANGUAGE_EN;
    else
        CHECK(false && "unknown word in a test");
}

static enum intent intent_word(struct slice word)
{
    if (slice_equal(word, LIT("move")))
        return INTENT_RESCHEDULE;
    for (int i = 0; i < INTENT_COUNT_; i++)
        if (slice_equal(word, slice_from(intent_names[i])))
            return (enum intent)i;
    CHECK(false && "unknown intent in a test");
    return INTENT_OTHER;
}

static struct reading *read_words(struct world *world, struct slice words)
{
    struct reading *reading = ARENA_NEW(world->arena, struct reading);
    struct meeting_request request = {0};
    struct slice word;
    bool any = false;
    reading->confidence = 900;
    reading->language = LANGUAGE_FR;
    reading->intent = intent_word(next_word(&words));
    while ((word = next_word(&words)).len > 0) {
        bool digits = ascii_is_digit(word.data[0]);
        bool minus = word.len > 1 && word.data[0] == '-' && ascii_is_digit(word.data[1]);
        struct said_times before = request.times;
        any = true;
        if (digits)
            number_add(world->arena, &reading->accepted, number_of(word));
        else if (minus)
            number_add(world->arena, &reading->refused, number_of(slice_sub(word, 1, word.len)));
        else if (people_word(world, word, &request) || fact_word(word, &request, reading) ||
                 time_words(world, word, &request.times))
            continue;
        else if (series_word(world, word, &request.series)) {
            request.times = before;
            request.recurring = series_is(&request.series);
        }
        else {
            request.times = before;
            flag_word(word, reading);
        }
    }
    if (any || reading->intent == INTENT_REQUEST)
        ARENA_PUSH(world->arena, &reading->requests, request);
    return reading;
}

static struct meeting_env world_env(struct world *world)
{
    return (struct meeting_env){
        .now = world->now,
        .assistant = {LIT("Camille"), LIT("camille@assist.example")},
        .people = world->people,
        .people_count = 3,
        .random = &world->random,
        .policy = world->policy,
    };
}

/* What the planner does with mails: it names them. */
static void send_all(struct world *world)
{
    for (size_t i = 0; i < world->effects.count; i++)
        if (world->effects.items[i].kind == EFFECT_MAIL)
            ARENA_PUSH(world->arena, &world->meeting.message_ids,
                       arena_format(world->arena, "ours-%u", ++world->messages));
}

void world_input(struct world *world, struct meeting_input *input)
{
    struct meeting_env env = world_env(world);
    world->status = meeting_step(&world->meeting, input, &env, world->arena, &world->effects,
                                 &world->outcome, NULL);
    send_all(world);
}

static void run_timers(struct world *world, struct instant until)
{
    for (int i = 0; i < 50 && world->meeting.due.us != 0 && world->meeting.due.us <= until.us; i++) {
        struct meeting_input input = {.kind = INPUT_TIMER};
        world->now = world->meeting.due;
        world_input(world, &input);
        CHECK(world->status == ST_OK);
        CHECK(world->meeting.due.us == 0 || world->meeting.due.us > world->now.us);
    }
    world->now = until;
}

static void receive_mail(struct world *world, struct meeting_input *input, struct slice words)
{
    struct mail *mail = ARENA_NEW(world->arena, struct mail);
    struct reading *reading = read_words(world, words);
    struct meeting_env env = world_env(world);
    mail->from = input->from;
    input->kind = INPUT_MAIL;
    input->mail = mail;
    input->reading = reading;
    input->subject = LIT("Re: Projet Delta");
    input->message_id = arena_format(world->arena, "theirs-%u", ++world->messages);
    if (!world->exists) {
        const struct meeting_request *request = &reading->requests.items[0];
        const struct mention_list *people = &request->people;
        for (size_t i = 0; i < people->count; i++)
            if (people->items[i].address.len > 0 && people->items[i].role == MENTION_ADD)
                ARENA_PUSH(world->arena, &input->recipients,
                           ((struct mailbox){people->items[i].name, people->items[i].address}));
        if (reading->intent != INTENT_REQUEST)
            request = NULL; /* for a person to answer */
        CHECK_OK(meeting_create(input, request, &env, world->arena, &world->meeting, NULL));
        world->exists = true;
    }
    world_input(world, input);
}

static bool is_decision(struct slice verb)
{
    static const char *const verbs[] = {"approve", "takeover", "correct", "askback", "askorganizer", "refuse"};
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        if (slice_equal(verb, slice_from(verbs[i])))
            return true;
    return false;
}

static void decide(struct world *world, struct slice verb, struct slice words)
{
    struct supervisor_decision decision = {0};
    struct meeting_input input = {.kind = INPUT_SUPERVISED, .decision = &decision};
    if (slice_equal(verb, LIT("approve")))
        decision.approve = true;
    else if (slice_equal(verb, LIT("takeover")))
        decision.take_over = LIT("Je m'en occupe. Diane");
    else if (slice_equal(verb, LIT("askback")) || slice_equal(verb, LIT("askorganizer"))) {
        decision.question = LIT("Le matin ou l'après-midi ?");
        decision.ask_back = slice_equal(verb, LIT("askback")) ? ASK_WRITER : ASK_ORGANIZER;
    } else if (slice_equal(verb, LIT("refuse"))) {
        decision.refuse = true;
        decision.refusal = words;
    } else {
        decision.reading = *read_words(world, words);
        decision.has_reading = decision.has_intent = true;
        decision.has_times = decision.reading.requests.count > 0 &&
                             decision.reading.requests.items[0].times.constrained;
        decision.has_people = decision.reading.requests.count > 0 &&
                              decision.reading.requests.items[0].people.count > 0;
    }
    world_input(world, &input);
}

static void add_busy(struct world *world, struct slice who, struct slice words)
{
    struct meeting_request request = {0};
    struct reading reading = {0};
    struct slice word;
    struct instant start = {0};
    while ((word = next_word(&words)).len > 0)
        if (word.data[0] == '@')
            start = time_word(world, slice_sub(word, 1, word.len));
        else
            fact_word(word, &request, &reading);
    for (size_t i = 0; i < 3; i++)
        if (slice_equal(world->people[i].person.address, world_address(world, who))) {
            ARENA_PUSH(world->arena, &world->people[i].busy,
                       ((struct interval){start, instant_add(start, minutes(request.duration_min))}));
            intervals_normalise(&world->people[i].busy);
        }
}

void world_do(struct world *world, const char *at, const char *who, const char *what)
{
    struct slice words = slice_from(what), name = slice_from(who);
    struct meeting_input input = {.from = {SLICE_NONE, world_address(world, name)}};
    struct slice verb = next_word(&words), copy = slice_from(what);
    world->effects = (struct effect_list){0};
    world->status = ST_OK;
    run_timers(world, world_time(at));
    if (slice_equal(verb, LIT("wait")))
        return;
    world->waited = world->effects;
    world->effects = (struct effect_list){0};
    if (slice_equal(verb, LIT("policy"))) {
        struct slice word = next_word(&words);
        world->policy = slice_equal(word, LIT("never"))    ? POLICY_NEVER
                        : slice_equal(word, LIT("always")) ? POLICY_ALWAYS
                                                           : POLICY_DOUBT;
    } else if (slice_equal(verb, LIT("busy"))) {
        add_busy(world, name, words);
    } else if (slice_equal(verb, LIT("choose"))) {
        input.kind = INPUT_CHOICE;
        input.choice = number_of(next_word(&words));
        world_input(world, &input);
    } else if (slice_equal(verb, LIT("partstat"))) {
        struct slice word = next_word(&words);
        input.kind = INPUT_ITIP;
        input.partstat = slice_equal(word, LIT("accepted"))   ? PARTSTAT_ACCEPTED
                         : slice_equal(word, LIT("declined")) ? PARTSTAT_DECLINED
                                                              : PARTSTAT_TENTATIVE;
        world_input(world, &input);
    } else if (slice_equal(verb, LIT("itip"))) {
        struct slice word = next_word(&words);
        input.kind = INPUT_ITIP;
        input.counter.start = time_word(world, slice_sub(word, 1, word.len));
        input.counter.end = instant_add(input.counter.start, minutes(world->meeting.duration_min));
        world_input(world, &input);
    } else if (slice_equal(verb, LIT("bounce"))) {
        input.kind = INPUT_BOUNCED;
        world_input(world, &input);
    } else if (is_decision(verb)) {
        decide(world, verb, words);
    } else {
        receive_mail(world, &input, copy);
    }
}

struct slice world_mails(const struct world *world)
{
    struct slice text = SLICE_NONE;
    for (size_t i = 0; i < world->effects.count; i++) {
        const struct effect *effect = &world->effects.items[i];
        if (effect->kind != EFFECT_MAIL)
            continue;
        struct slice to = effect->mail.to.address;
        text = arena_format(world->arena, "%.*s%s%s:%.*s", SLICE_ARG(text), text.len > 0 ? " " : "",
                            mail_purpose_names[effect->mail.purpose],
                            (int)slice_find(to, LIT("@"), 0), to.data);
    }
    return text;
}

static uint64_t walk_random(uint64_t *state, uint64_t below)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (*state >> 33) % below;
}

static const char *walk_words(struct world *world, uint64_t *random)
{
    static const char *const intents[] = {
        "accept", "accept", "accept", "counter", "counter", "counter", "decline", "move", "move",
        "cancel", "late", "change", "delegate", "inform", "question", "thanks", "other", "unclear",
        "hostile", "request", "accept",
    };
    struct slice text = slice_from(intents[walk_random(random, sizeof intents / sizeof *intents)]);
    unsigned parts = (unsigned)walk_random(random, 3);
    for (unsigned i = 0; i < parts; i++) {
        unsigned day = 9 + (unsigned)walk_random(random, 5), hour = 9 + (unsigned)walk_random(random, 9);
        struct slice part = SLICE_NONE;
        switch (walk_random(random, 12)) {
        case 0: case 1: part = arena_format(world->arena, "%u", 1 + (unsigned)walk_random(random, 4)); break;
        case 2: part = LIT("any"); break;
        case 3: part = LIT("-1"); break;
        case 4: case 5: part = arena_format(world->arena, "@2026-03-%02uT%02u:00", day, hour); break;
        case 6: part = arena_format(world->arena, "in:2026-03-%02u/2026-03-%02u", day, day + 1); break;
        case 7: part = LIT("+olga"); break;
        case 8: part = LIT("-nadia"); break;
        case 9: part = LIT("del:deputy"); break;
        case 10: part = walk_random(random, 3) ? LIT("tel:0611 q") : LIT("weekly"); break;
        default:
            part = walk_random(random, 4) == 0 ? LIT("one")
                   : walk_random(random, 2)    ? LIT("low")
                                               : LIT("~olivier");
            break;
        }
        text = arena_format(world->arena, "%.*s %.*s", SLICE_ARG(text), SLICE_ARG(part));
    }
    return arena_text(world->arena, text);
}

static const char *walk_input(struct world *world, uint64_t *random)
{
    switch (walk_random(random, 14)) {
    case 0: return "choose 1";
    case 1: return "choose 2";
    case 2: return walk_random(random, 2) ? "choose 0" : "bounce";
    case 3: return "partstat accepted";
    case 4: return "partstat declined";
    case 5: return "itip @2026-03-12T15:00";
    case 6: return world->meeting.tasks.count > 0 ? "approve" : "thanks";
    case 7: return world->meeting.tasks.count > 0 ? "correct accept 1" : "accept 1";
    case 8: return "wait";
    default: return walk_words(world, random);
    }
}

static const char *walk_time(struct world *world, uint64_t *random)
{
    int64_t step = walk_random(random, 8) == 0 ? 3 * DAY_US : 20 * MINUTE_US;
    struct instant next = {world->now.us + step};
    return arena_text(world->arena, civil_format(civil_from_instant(next, paris()), world->arena));
}

void world_walk_start(struct world *world, uint64_t *random)
{
    static const char *const openings[] = {
        "request in:2026-03-09/2026-03-13 +karim", "request in:2026-03-09/2026-03-13 +karim +nadia",
        "request @2026-03-10T10:00 agreed +karim +nadia", "request in:2026-03-09/2026-03-10 +olivier",
        "request kind:call in:2026-03-09/2026-03-13 who:Bob", "request +jordan ~sam +nadia",
        "request weekly in:2026-03-09/2026-03-13 +karim", "request monthly @2026-03-10T10:00 +jordan",
        "request fortnightly x5 @2026-03-10T10:00 agreed +karim +nadia",
    };
    const size_t count = sizeof openings / sizeof *openings;
    world->random = *random;
    world_do(world, "2026-03-02T10:00", "anna", openings[walk_random(random, count)]);
}

struct walk_step world_walk(struct world *world, uint64_t *random)
{
    static const char *const who[] = {"anna",  "anna",  "karim",  "karim",    "karim",
                                      "nadia", "nadia", "deputy", "stranger", "olivier"};
    struct walk_step step = {who[walk_random(random, 10)], walk_input(world, random)};
    world_do(world, walk_time(world, random), step.who, step.what);
    return step;
}

struct slice world_encoded(struct world *world)
{
    AUTO_BUFFER bytes = buffer_create(1 << 20);
    record_encode(&meeting_record, &world->meeting, &bytes);
    return arena_copy(world->arena, buffer_slice(&bytes));
}
