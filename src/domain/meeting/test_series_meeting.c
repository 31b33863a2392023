/* Conversations about meetings that come again, over calendars made for them. */
#include "domain/meeting/test_world.h"

#define MON "2026-03-02T10:00"
#define TUE "2026-03-03T10:00"
#define WED "2026-03-04T10:00"

struct line {
    const char *at, *who, *what, *state, *mails;
};

static const struct {
    const char *name, *rule; /* of the last REQUEST; empty: none was sent */
    struct line lines[10];
} stories[] = {
    {"an hour that is free every week", "FREQ=WEEKLY",
     {{MON, "anna", "request weekly @2026-03-10T10:00 +karim", "proposing", "proposal:karim"},
      {TUE, "karim", "accept 1", "confirmed 2026-03-10T10:00", "invitation:karim confirmation:anna"}}},
    {"a colleague is not asked", "FREQ=WEEKLY;INTERVAL=2;COUNT=6",
     {{MON, "anna", "request fortnightly x6 @2026-03-10T10:00 +olivier", "confirmed 2026-03-10T10:00",
       "invitation:olivier confirmation:anna"}}},
    {"it begins a week later when the first is taken", "FREQ=WEEKLY",
     {{MON, "anna", "busy @2026-03-10T09:30 for:60", NULL, NULL},
      {MON, "anna", "request weekly @2026-03-10T10:00 +karim", "proposing", "proposal:karim"},
      {TUE, "karim", "accept 1", "confirmed 2026-03-17T10:00", "invitation:karim confirmation:anna"}}},
    {"an hour that is taken most weeks is asked about", "",
     {{MON, "anna", "busy @2026-03-10T10:00 for:60", NULL, NULL},
      {MON, "anna", "busy @2026-03-17T10:00 for:60", NULL, NULL},
      {MON, "anna", "busy @2026-03-24T10:00 for:60", NULL, NULL},
      {MON, "anna", "busy @2026-03-31T10:00 for:60", NULL, NULL},
      {MON, "anna", "request weekly x6 @2026-03-10T10:00 +karim", "gathering", "clarification:anna"}}},
    {"another weekday of the guest's is taken", "FREQ=WEEKLY;UNTIL=20260630T215900Z",
     {{MON, "anna", "request weekly until:2026-06-30 @2026-03-10T10:00 +karim", "proposing", NULL},
      {TUE, "karim", "counter @2026-03-12T14:00", "confirmed 2026-03-12T14:00",
       "invitation:karim confirmation:anna"}}},
    {"moved as a whole, with what is left of the count", "FREQ=WEEKLY;COUNT=4",
     {{MON, "anna", "request weekly x6 @2026-03-10T10:00 agreed +karim", "confirmed 2026-03-10T10:00", NULL},
      {"2026-03-18T10:00", "anna", "move @2026-03-19T15:00", "proposing", "proposal:karim"},
      {"2026-03-18T11:00", "karim", "accept 1", "confirmed 2026-03-19T15:00",
       "update:karim confirmation:anna"}}},
    {"cancelled as a whole", "FREQ=WEEKLY",
     {{MON, "anna", "request weekly @2026-03-10T10:00 agreed +karim", "confirmed 2026-03-10T10:00", NULL},
      {"2026-04-18T10:00", "anna", "cancel", "cancelled", "cancellation:karim acknowledgement:anna"}}},
    {"one of the dates is for a person", "FREQ=WEEKLY",
     {{MON, "anna", "request weekly @2026-03-10T10:00 agreed +karim", "confirmed 2026-03-10T10:00", NULL},
      {TUE, "karim", "decline one", "confirmed 2026-03-10T10:00", "notice:anna"},
      {WED, "anna", "cancel one", "confirmed 2026-03-10T10:00", "acknowledgement:anna"}}},
    {"less often from now on", "FREQ=WEEKLY;INTERVAL=2",
     {{MON, "anna", "request weekly @2026-03-10T10:00 agreed +karim", "confirmed 2026-03-10T10:00", NULL},
      {TUE, "anna", "change fortnightly", "confirmed 2026-03-10T10:00",
       "update:karim acknowledgement:anna"}}},
    {"longer, when it has begun", "FREQ=WEEKLY",
     {{MON, "anna", "request weekly for:30 @2026-03-10T10:00 agreed +karim", "confirmed 2026-03-10T10:00", NULL},
      {"2026-04-18T10:00", "anna", "change for:45", "confirmed 2026-03-10T10:00",
       "update:karim acknowledgement:anna"}}},
    {"a clash is still seen a year later", "FREQ=WEEKLY",
     {{MON, "anna", "request weekly for:30 @2026-03-10T10:00 agreed +karim", "confirmed 2026-03-10T10:00", NULL},
      {"2027-04-18T10:00", "anna", "busy @2027-04-22T14:00 for:60", NULL, NULL},
      {"2027-04-18T10:00", "anna", "busy @2027-04-29T14:00 for:60", NULL, NULL},
      {"2027-04-18T10:00", "anna", "busy @2027-05-06T14:00 for:60", NULL, NULL},
      {"2027-04-18T10:00", "anna", "busy @2027-05-13T14:00 for:60", NULL, NULL},
      {"2027-04-18T10:00", "anna", "busy @2027-05-20T14:00 for:60", NULL, NULL},
      {"2027-04-18T10:00", "anna", "busy @2027-05-27T14:00 for:60", NULL, NULL},
      {"2027-04-18T10:00", "anna", "busy @2027-06-03T14:00 for:60", NULL, NULL},
      {"2027-04-18T10:00", "anna", "move @2027-04-22T14:00", "confirmed 2026-03-10T10:00",
       "clarification:anna"}}},
    {"a single meeting does not become a series by itself", "",
     {{MON, "anna", "request @2026-03-10T10:00 agreed +karim", "confirmed 2026-03-10T10:00", NULL},
      {TUE, "anna", "change weekly", "confirmed 2026-03-10T10:00", "acknowledgement:anna"}}},
    {"a guest who wants it otherwise", "",
     {{MON, "anna", "request weekly @2026-03-10T10:00 +karim", "proposing", "proposal:karim"},
      {TUE, "karim", "counter monthly", "supervision", "notice:anna"}}},
    {"the first Tuesday, moved to a Thursday: its own place in the month", "FREQ=MONTHLY;BYDAY=2TH",
     {{MON, "anna", "request monthly @2026-03-10T10:00 +karim", "proposing", NULL},
      {TUE, "karim", "counter @2026-03-12T14:00", "confirmed 2026-03-12T14:00", NULL}}},
};

static struct slice last_rule(const struct world *world, struct slice before)
{
    for (size_t i = world->effects.count; i-- > 0;)
        if (world->effects.items[i].kind == EFFECT_MAIL &&
            slice_equal(world->effects.items[i].mail.method, LIT("REQUEST")))
            return world->effects.items[i].mail.event.rrule;
    return before;
}

static void check_line(struct world *world, const struct line *line)
{
    CHECK_NUMBER(world->status, ST_OK);
    if (line->state != NULL) {
        struct slice state = slice_from(line->state);
        size_t space = slice_find(state, LIT(" "), 0);
        struct slice name = slice_sub(state, 0, space == SIZE_MAX ? state.len : space);
        CHECK_TEXT(slice_from(meeting_state_names[world->meeting.state]),
                   arena_text(world->arena, name));
        if (space != SIZE_MAX)
            CHECK_NUMBER(world->meeting.confirmed.start.us,
                         world_time(line->state + space + 1).us);
    }
    if (line->mails != NULL)
        CHECK_TEXT(world_mails(world), line->mails);
}

static void plays_stories(void)
{
    for (size_t i = 0; i < sizeof stories / sizeof *stories; i++) {
        AUTO_ARENA arena = arena_create(64 << 20);
        struct world world;
        struct slice rule = SLICE_NONE;
        world_start(&world, arena);
        for (const struct line *line = stories[i].lines; line->at != NULL; line++) {
            check_row(stories[i].name);
            world_do(&world, line->at, line->who, line->what);
            check_line(&world, line);
            rule = last_rule(&world, rule);
        }
        CHECK_TEXT(rule, stories[i].rule);
    }
}

static const struct mail_order *mail_to(const struct world *world, const char *who)
{
    for (size_t i = 0; i < world->effects.count; i++)
        if (world->effects.items[i].kind == EFFECT_MAIL &&
            slice_starts(world->effects.items[i].mail.to.address, slice_from(who)))
            return &world->effects.items[i].mail;
    return NULL;
}

/* The organizer reads when somebody is taken; the guest reads holidays and nothing else. */
static void names_the_dates_that_clash(void)
{
    AUTO_ARENA arena = arena_create(64 << 20);
    struct world world;
    world_start(&world, arena);
    world_do(&world, MON, "anna", "busy @2026-04-14T10:30 for:60");
    world_do(&world, MON, "anna", "request weekly @2026-03-10T10:00 agreed +karim");
    const struct mail_order *ours = mail_to(&world, "anna"), *theirs = mail_to(&world, "karim");
    CHECK(ours != NULL && theirs != NULL);
    if (ours == NULL || theirs == NULL)
        return;
    CHECK_NUMBER(ours->clashes.count, 1);
    CHECK(ours->clashes.count == 1 &&
          ours->clashes.items[0].start.us == world_time("2026-04-14T10:00").us);
    CHECK_NUMBER(theirs->clashes.count, 0);
    CHECK_NUMBER(theirs->holidays.count, 1); /* 14 July; neither Easter Monday nor 8 May is a Tuesday */
    CHECK(theirs->holidays.count == 1 &&
          theirs->holidays.items[0].start.us == world_time("2026-07-14T10:00").us);
    CHECK_TEXT(theirs->series_zone, "Europe/Paris");
}

/* Endless: dates that come within reach are held every two months, without a word to anybody. */
static void holds_what_comes_near(void)
{
    AUTO_ARENA arena = arena_create(128 << 20);
    struct world world;
    struct instant last = {0};
    unsigned mails = 0;
    world_start(&world, arena);
    world_do(&world, MON, "anna", "request weekly @2026-03-10T10:00 agreed +karim");
    CHECK(world.meeting.due.us > world.now.us);
    world_do(&world, "2026-09-01T10:00", "anna", "wait");
    for (size_t i = 0; i < world.effects.count; i++) {
        const struct effect *effect = &world.effects.items[i];
        mails += effect->kind == EFFECT_MAIL;
        if (effect->kind == EFFECT_HOLD && effect->span.start.us > last.us)
            last = effect->span.start;
    }
    CHECK_NUMBER(mails, 0);
    CHECK(last.us > world_time("2026-12-15T00:00").us);
    CHECK_NUMBER(world.meeting.state, MEETING_CONFIRMED);
    world_do(&world, "2026-09-02T10:00", "anna", "cancel");
    CHECK_NUMBER(world.meeting.due.us, 0);
}

/* A guest's other time that is put to the organizer comes with the dates that clash. */
static void asks_with_the_dates_that_clash(void)
{
    AUTO_ARENA arena = arena_create(64 << 20);
    struct world world;
    world_start(&world, arena);
    world_do(&world, MON, "anna", "busy @2026-04-15T14:00 for:60");
    world_do(&world, MON, "anna", "request weekly in:2026-03-09/2026-03-10 +karim");
    world_do(&world, TUE, "karim", "counter @2026-03-11T14:00");
    const struct mail_order *ours = mail_to(&world, "anna");
    CHECK(ours != NULL && slice_equal(ours->phrase, LIT("ask.guest_time")));
    CHECK(ours != NULL && ours->clashes.count == 1);
    CHECK(mail_to(&world, "karim") == NULL);
}

/* Ten o'clock stays ten o'clock when the clocks change on 29 March 2026. */
static void holds_every_occurrence_that_is_free(void)
{
    AUTO_ARENA arena = arena_create(64 << 20);
    struct world world;
    unsigned holds = 0;
    world_start(&world, arena);
    world_do(&world, MON, "anna", "busy @2026-04-14T10:30 for:60");
    world_do(&world, MON, "anna", "request weekly x8 @2026-03-10T10:00 agreed +karim");
    for (size_t i = 0; i < world.effects.count; i++) {
        const struct effect *effect = &world.effects.items[i];
        if (effect->kind != EFFECT_HOLD)
            continue;
        holds++;
        struct civil wall =
            civil_from_instant(effect->span.start, zone_or_utc(LIT("Europe/Paris")));
        CHECK(wall.hour == 10 && wall.minute == 0 && civil_date_weekday(wall.date) == TUESDAY);
        CHECK(!intervals_overlap(world.people[0].busy, effect->span));
    }
    CHECK_NUMBER(holds, 7);
}

/* Every week Anna is taken at some hours; whatever is offered is free in all weeks, and when
 * nothing can be, no offer clashes more than a quarter of the time. */
static void offers_what_is_free_throughout(void)
{
    uint64_t random = 11;
    for (int round = 0; round < 60; round++) {
        AUTO_ARENA arena = arena_create(128 << 20);
        struct world world;
        world_start(&world, arena);
        for (int week = 0; week < 10; week++)
            for (int n = 0; n < 3; n++) {
                random = random * UINT64_C(6364136223846793005) + 1442695040888963407u;
                int day = (int)(random >> 33) % 5, hour = 9 + (int)(random >> 40) % 8;
                struct civil_date date =
                    civil_date_add((struct civil_date){2026, 3, 9}, 7 * week + day);
                world_do(&world, MON, "anna",
                         arena_text(arena, arena_format(arena, "busy @%04d-%02d-%02dT%02d:00 for:60",
                                                        date.year, date.month, date.day, hour)));
            }
        world_do(&world, MON, "anna", "request weekly x10 in:2026-03-09/2026-03-13 for:30 +karim");
        const struct mail_order *mail = mail_to(&world, "karim");
        CHECK(mail != NULL && mail->offers.count > 0);
        for (size_t i = 0; mail != NULL && i < mail->offers.count; i++) {
            struct interval_list spans = series_spans(
                &world.meeting.series, mail->offers.items[i].span,
                zone_or_utc(LIT("Europe/Paris")), world_time("2026-08-01T00:00"), 10, arena);
            CHECK_NUMBER(spans.count, 10);
            for (size_t k = 0; k < spans.count; k++)
                CHECK(!intervals_overlap(world.people[0].busy, spans.items[k]));
        }
    }
}

static void takes_the_fewest_clashes(void)
{
    AUTO_ARENA arena = arena_create(64 << 20);
    struct world world;
    world_start(&world, arena);
    for (int day = 0; day < 5; day++) /* some hour of every day is taken, once; Thursday twice */
        for (int week = 0; week < (day == 3 ? 1 : 2); week++) {
            struct civil_date date = civil_date_add((struct civil_date){2026, 3, 16}, 7 * week + day);
            world_do(&world, MON, "anna",
                     arena_text(arena, arena_format(arena, "busy @%04d-%02d-%02dT08:00 for:660",
                                                    date.year, date.month, date.day)));
        }
    world_do(&world, MON, "anna", "request weekly x12 in:2026-03-09/2026-03-13 +karim");
    const struct mail_order *mail = mail_to(&world, "karim");
    CHECK(mail != NULL && mail->offers.count > 0);
    for (size_t i = 0; mail != NULL && i < mail->offers.count; i++)
        CHECK_NUMBER(civil_date_weekday(civil_from_instant(mail->offers.items[i].span.start,
                                                           zone_or_utc(LIT("Europe/Paris"))).date),
                     THURSDAY);
}

/* A record of before there were series is that of a single meeting. */
static void opens_old_records(void)
{
    AUTO_ARENA arena = arena_create(64 << 20);
    AUTO_BUFFER bytes = buffer_create(1 << 20);
    struct record_type before = meeting_record;
    struct world world;
    struct meeting back;
    world_start(&world, arena);
    world_do(&world, MON, "anna", "request weekly @2026-03-10T10:00 agreed +karim");
    /* As it was before there was `series`, and whatever came after. */
    while (before.field_count > 0 && strcmp(before.fields[before.field_count - 1].name, "series") != 0)
        before.field_count--;
    CHECK(before.field_count > 0);
    before.field_count--;
    record_encode(&before, &world.meeting, &bytes);
    CHECK_OK(record_decode(&meeting_record, buffer_slice(&bytes), arena, &back, NULL));
    CHECK(!series_is(&back.series) && back.confirmed.start.us == world.meeting.confirmed.start.us);
    AUTO_BUFFER now = buffer_create(1 << 20);
    record_encode(&meeting_record, &world.meeting, &now);
    CHECK_OK(record_decode(&before, buffer_slice(&now), arena, &back, NULL)); /* and back */
}

static void answers_of_one_date_by_calendar(void)
{
    AUTO_ARENA arena = arena_create(64 << 20);
    struct world world;
    struct meeting_input input = {.kind = INPUT_ITIP, .one_of_series = true,
                                  .partstat = PARTSTAT_DECLINED};
    world_start(&world, arena);
    world_do(&world, MON, "anna", "request weekly @2026-03-10T10:00 agreed +karim");
    input.from.address = world_address(&world, LIT("karim"));
    world.effects = (struct effect_list){0};
    world_input(&world, &input);
    CHECK_TEXT(world_mails(&world), "notice:anna");
    CHECK_NUMBER(world.meeting.state, MEETING_CONFIRMED);
    CHECK(world.meeting.tasks.count == 1 &&
          slice_equal(world.meeting.tasks.items[0].reason, LIT("occurrence")));
    input.partstat = PARTSTAT_ACCEPTED;
    world.effects = (struct effect_list){0};
    world_input(&world, &input);
    CHECK_NUMBER(world.effects.count, 0);
}

int main(void)
{
    TEST(plays_stories);
    TEST(names_the_dates_that_clash);
    TEST(holds_what_comes_near);
    TEST(asks_with_the_dates_that_clash);
    TEST(holds_every_occurrence_that_is_free);
    TEST(offers_what_is_free_throughout);
    TEST(takes_the_fewest_clashes);
    TEST(opens_old_records);
    TEST(answers_of_one_date_by_calendar);
    return check_done();
}
