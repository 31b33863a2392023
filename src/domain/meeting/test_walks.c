/* What holds in every meeting: each pair of state and input moves it or is refused, and random conversations keep
 * what calendars, offers and holds say together. */
#include "domain/meeting/test_world.h"

#define MON "2026-03-02T10:00"
#define TUE "2026-03-03T10:00"
#define WED "2026-03-04T10:00"

/* Every act in every state moves as the table says or is refused and changes nothing;
 * meeting_step itself asserts that a move ends where the table allows. */
static const char *const every_word[] = {
    "request in:2026-03-09/2026-03-13", "accept 1", "accept any", "decline", "counter -1",
    "counter @2026-03-11T10:00", "counter in:2026-03-10/2026-03-11", "move in:2026-03-16/2026-03-17",
    "move", "cancel", "late late:10", "change kind:video", "change +extra", "delegate del:deputy",
    "inform tel:0601", "question q", "thanks", "other", "unclear", "hostile", "choose 1", "choose 0",
    "partstat accepted", "partstat declined", "itip @2026-03-12T15:00", "approve", "takeover",
    "correct accept 1", "askback", "askorganizer", "refuse", "bounce", "accept 1 low", "decline cond", "change fortnightly",
    "move monthly @2026-03-17T10:00", "cancel one",
};
static const char *const prologues[][4] = {
    [MEETING_GATHERING] = {"request in:2026-03-09/2026-03-13 +karim who:Bob"},
    [MEETING_PROPOSING] = {"request in:2026-03-09/2026-03-13 +karim +nadia"},
    [MEETING_CONFIRMED] = {"request @2026-03-10T10:00 agreed +karim +nadia"},
    [MEETING_CANCELLED] = {"request @2026-03-10T10:00 agreed +karim +nadia", "cancel"},
    [MEETING_ABANDONED] = {"request in:2026-03-09/2026-03-13 +karim who:Bob", "wait"},
    [MEETING_SUPERVISION] = {"request in:2026-03-09/2026-03-13 +karim +nadia", "unclear"},
};

static bool is_supervisors(const char *words)
{
    static const char *const verbs[] = {"correct", "approve", "takeover", "ask", "refuse"};
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        if (slice_starts(slice_from(words), slice_from(verbs[i])))
            return true;
    return false;
}

static void start_in(struct world *world, struct arena *arena, enum meeting_state state)
{
    world_start(world, arena);
    for (size_t i = 0; i < 4 && prologues[state][i] != NULL; i++)
        world_do(world, i == 0 ? MON : strcmp(prologues[state][i], "wait") == 0 ? "2026-04-20T10:00" : TUE,
                 state == MEETING_SUPERVISION && i == 1 ? "karim" : "anna", prologues[state][i]);
    CHECK_NUMBER(world->meeting.state, state);
}

static void every_pair_moves_or_is_refused(void)
{
    static const char *const who[] = {"anna", "karim", "stranger"};
    unsigned refused = 0, moved = 0;
    for (int state = 0; state < MEETING_STATE_COUNT_; state++)
        for (size_t w = 0; w < sizeof every_word / sizeof *every_word; w++)
            for (size_t p = 0; p < 3; p++) {
                AUTO_ARENA arena = arena_create(64 << 20);
                struct world world;
                start_in(&world, arena, (enum meeting_state)state);
                struct slice before = world_encoded(&world);
                check_row(every_word[w]);
                world_do(&world, state == MEETING_ABANDONED ? "2026-04-20T11:00" : WED, who[p],
                         every_word[w]);
                CHECK(world.status == ST_OK || world.status == ST_CONFLICT);
                refused += world.status == ST_CONFLICT;
                moved += world.status == ST_OK;
                if (world.status == ST_CONFLICT)
                    CHECK(slice_equal(before, world_encoded(&world)) && world.effects.count == 0);
                if (p == 2 && world.status == ST_OK && !is_supervisors(every_word[w]))
                    CHECK(world.effects.count == 0);
            }
    CHECK(refused > 20 && moved > 300);
}

/* The walk. */
struct seen { /* per recipient, as their calendar program knows it */
    struct slice who, uid;
    uint32_t sequence;
    struct slice method;
    int64_t start_us;
};
struct seen_list {
    struct seen *items;
    size_t count, capacity;
};

static int64_t event_start(const struct ical_event *event)
{
    const struct zone *zone = zone_utc();
    if (event->start.kind == ICAL_ZONED)
        CHECK_OK(zone_load(event->start.zone, &zone, NULL));
    return civil_to_instant(event->start.wall, zone).us;
}

static struct seen *find_seen(struct world *world, struct seen_list *list, struct slice who,
                              struct slice uid)
{
    for (size_t i = 0; i < list->count; i++)
        if (slice_equal(list->items[i].who, who) && slice_equal(list->items[i].uid, uid))
            return &list->items[i];
    ARENA_PUSH(world->arena, list, ((struct seen){.who = who, .uid = uid}));
    return &list->items[list->count - 1];
}

static void see_mails(struct world *world, const struct effect_list *effects, struct seen_list *list)
{
    for (size_t i = 0; i < effects->count; i++) {
        const struct mail_order *order = &effects->items[i].mail;
        if (effects->items[i].kind != EFFECT_MAIL || !order->has_event)
            continue;
        struct seen *seen = find_seen(world, list, order->to.address, order->event.uid);
        int64_t start = event_start(&order->event);
        CHECK(order->event.uid.len > 0 && order->event.sequence >= seen->sequence);
        if (slice_equal(seen->method, LIT("REQUEST")) && slice_equal(order->method, LIT("REQUEST")) &&
            seen->start_us != start)
            CHECK(order->event.sequence > seen->sequence);
        seen->sequence = order->event.sequence;
        seen->method = order->method;
        seen->start_us = start;
    }
}

/* The organizer's calendar program knows no event of ours that is over. */
static void closed_are_withdrawn(struct world *world, const struct seen_list *list)
{
    enum meeting_state state = world->meeting.state;
    if (state != MEETING_CANCELLED && state != MEETING_ABANDONED)
        return;
    for (size_t i = 0; i < list->count; i++)
        if (slice_equal(list->items[i].who, world->meeting.people.items[0].address))
            CHECK_TEXT(list->items[i].method, "CANCEL");
}

static void confirmed_are_invited(struct world *world, struct seen_list *list)
{
    const struct meeting *meeting = &world->meeting;
    if (meeting->state != MEETING_CONFIRMED) {
        CHECK(meeting->confirmed.end.us == 0);
        return;
    }
    for (size_t i = 0; i < meeting->people.count; i++) {
        const struct participant *person = &meeting->people.items[i];
        if (!is_active(person) || person->address.len == 0)
            continue;
        struct seen *seen = find_seen(world, list, person->address, meeting->uid);
        CHECK(slice_equal(seen->method, LIT("REQUEST")));
        CHECK_NUMBER(seen->start_us, meeting->confirmed.start.us);
    }
}

static void offers_are_free(const struct world *world)
{
    for (size_t i = 0; i < world->effects.count; i++) {
        const struct mail_order *order = &world->effects.items[i].mail;
        bool offers = world->effects.items[i].kind == EFFECT_MAIL &&
                      order->purpose == PURPOSE_PROPOSAL;
        CHECK(!offers || order->offers.count > 0);
        for (size_t j = 0; offers && j < order->offers.count; j++) {
            CHECK(order->offers.items[j].span.start.us > world->now.us);
            CHECK(!intervals_overlap(world->people[0].busy, order->offers.items[j].span));
        }
    }
}

static bool mails_guests(const struct world *world)
{
    for (size_t i = 0; i < world->effects.count; i++)
        if (world->effects.items[i].kind == EFFECT_MAIL &&
            world->effects.items[i].mail.purpose != PURPOSE_DECLINE &&
            !slice_equal(world->effects.items[i].mail.to.address, LIT("anna@firm.example")))
            return true;
    return false;
}

/* Holds are for the settled time, of a series for its occurrences. */
static bool is_occurrence(const struct world *world, struct instant start)
{
    const struct meeting *meeting = &world->meeting;
    struct instant far = {meeting->confirmed.start.us + 400 * DAY_US};
    struct interval_list spans = series_spans(&meeting->series, meeting->confirmed,
                                              zone_or_utc(LIT("Europe/Paris")), far, 100,
                                              world->arena);
    for (size_t i = 0; i < spans.count; i++)
        if (spans.items[i].start.us == start.us)
            return true;
    return false;
}

static void rules_agree(const struct world *world)
{
    for (size_t i = 0; i < world->effects.count; i++) {
        const struct effect *effect = &world->effects.items[i];
        const struct ical_event *event =
            effect->kind == EFFECT_MAIL ? &effect->mail.event : &effect->event;
        bool sent = effect->kind == EFFECT_CALENDAR_PUT ||
                    (effect->kind == EFFECT_MAIL &&
                     slice_equal(effect->mail.method, LIT("REQUEST")));
        if (sent)
            CHECK(slice_equal(event->rrule,
                              series_rrule(&world->meeting.series, event->start.wall,
                                           zone_or_utc(LIT("Europe/Paris")), world->arena)));
    }
}

static void holds_agree(const struct world *world)
{
    for (size_t i = 0; i < world->effects.count; i++)
        if (world->effects.items[i].kind == EFFECT_HOLD) {
            CHECK_NUMBER(world->meeting.state, MEETING_CONFIRMED);
            CHECK(is_occurrence(world, world->effects.items[i].span.start));
        }
}

/* The same step from the stored form gives the same result; twice the same mail, nothing. */
static void keeps_through_storage(struct world *world)
{
    struct slice bytes = world_encoded(world);
    struct meeting back;
    CHECK_OK(record_decode(&meeting_record, bytes, world->arena, &back, NULL));
    world->meeting = back;
    CHECK(slice_equal(bytes, world_encoded(world)));
}

static void walk_once(uint64_t seed)
{
    AUTO_ARENA arena = arena_create(256 << 20);
    struct world world;
    struct seen_list seen = {0};
    uint64_t random = seed;
    world_start(&world, arena);
    world.random = seed;
    world_walk_start(&world, &random);
    see_mails(&world, &world.effects, &seen);
    for (int i = 0; i < 25; i++) {
        enum meeting_state before = world.meeting.state;
        unsigned failed = check_failed;
        struct walk_step step = world_walk(&world, &random);
        bool task = is_supervisors(step.what);
        bool closed = before == MEETING_CANCELLED && world.meeting.state == MEETING_CANCELLED;
        CHECK(world.status == ST_OK || world.status == ST_CONFLICT);
        CHECK(!closed || task || !mails_guests(&world));
        see_mails(&world, &world.waited, &seen);
        see_mails(&world, &world.effects, &seen);
        confirmed_are_invited(&world, &seen);
        closed_are_withdrawn(&world, &seen);
        offers_are_free(&world);
        holds_agree(&world);
        rules_agree(&world);
        keeps_through_storage(&world);
        if (check_failed != failed) {
            printf("# seed %llu step %d: %s %s (was %s)\n", (unsigned long long)seed, i, step.who, step.what,
                   meeting_state_names[before]);
            return;
        }
    }
}

static void walks_through_random_meetings(void)
{
    for (uint64_t seed = 1; seed <= 3000; seed++)
        walk_once(seed * 7919);
}

int main(void)
{
    TEST(every_pair_moves_or_is_refused);
    TEST(walks_through_random_meetings);
    return check_done();
}
