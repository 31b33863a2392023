#include "roles/planner/test_house.h"

/* Meetings that come again, through the planner and its store. */

static void settle(struct house *house, const char *words)
{
    enum meeting_outcome outcome;
    struct slice head = arena_format(house->arena,
                                     "From: Ada Lorrain <ada@bureau.example>\r\nTo: %s\r\n"
                                     "Subject: Follow-up %u\r\nCc: iris@bureau.example\r\n"
                                     "Message-ID: <ask-%u@b.example>",
                                     bob, house->mails, house->mails);
    CHECK_OK(receive(house, head.data, words, MAIL_ORIGIN_PASS, &outcome));
    CHECK_NUMBER(outcome, OUTCOME_ACCEPTED);
    collect(house);
    choose_first(house, "bob@guest.example");
    collect(house);
    CHECK_NUMBER(only_meeting(house).state, MEETING_CONFIRMED);
}

static struct hold_list holds(struct house *house)
{
    struct hold_list list = {0};
    struct interval window = {house->now, {house->now.us + 400 * DAY_US}};
    CHECK_OK(store_list_holds(house->store, LIT("p-ada"), window, house->arena, &list, NULL));
    return list;
}

static void every_occurrence_is_held_and_written(void)
{
    struct house *house = begin(false);
    struct calendar_job job;
    settle(house, "Iris, please set up a weekly 30-minute call with Bob, Wednesdays at 10, for six weeks.");
    struct hold_list list = holds(house);
    CHECK_NUMBER(list.count, 6);
    CHECK_OK(planner_next_job(house->planner, house->now, house->arena, &job, NULL));
    CHECK(!job.remove);
    CHECK_TEXT(job.event.rrule, "FREQ=WEEKLY;COUNT=6");
    CHECK_TEXT(last_to(house, "bob@guest.example")->order.event.rrule, "FREQ=WEEKLY;COUNT=6");
    CHECK(slice_contains(last_to(house, "bob@guest.example")->draft.calendar,
                         LIT("RRULE:FREQ=WEEKLY;COUNT=6\r\n")));
    CHECK(slice_contains(last_to(house, "bob@guest.example")->draft.calendar,
                         LIT("BEGIN:VTIMEZONE\r\n")));
    finish(house);
}

/* The third occurrence is as taken as the first: on 18 March (Paris), 10:00 is not free. */
static void another_meeting_finds_it_taken(void)
{
    struct house *house = begin(false);
    enum meeting_outcome outcome;
    settle(house, "Iris, please set up a weekly 30-minute call with Bob, Wednesdays at 10.");
    CHECK_NUMBER(only_meeting(house).confirmed.start.us,
                 holds(house).count > 0 ? holds(house).items[0].span.start.us : 0);
    CHECK_OK(receive(house, ADA "To: Eve Dumas <eve@other.example>\r\nCc: iris@bureau.example\r\n"
                                "Message-ID: <two@b.example>",
                     "Iris, please find us 30 minutes for a call on Wednesday 18 March at 10.",
                     MAIL_ORIGIN_PASS, &outcome));
    collect(house);
    CHECK_TEXT(last_to(house, "ada@bureau.example")->order.phrase, "busy.yours");
    finish(house);
}

static void a_series_is_kept_until_its_last_date(void)
{
    static const struct { int days; size_t finished; } looks[] = {
        {30, 1}, {370, 1}, {395, 1}, {420, 0}};
    struct house *house = begin(false), *endless = begin(false);
    struct instant start = house->now;
    settle(house, "Iris, please set up a weekly 30-minute call with Bob, Wednesdays at 10, for six weeks.");
    settle(endless, "Iris, please set up a weekly 30-minute call with Bob, Wednesdays at 10.");
    for (size_t i = 0; i < sizeof looks / sizeof *looks; i++) {
        struct meeting_list all;
        house->now.us = start.us + looks[i].days * DAY_US;
        CHECK_OK(planner_tidy(house->planner, house->now, NULL));
        CHECK_OK(planner_all_meetings(house->planner, house->arena, &all, NULL));
        CHECK_NUMBER(all.count, looks[i].finished);
    }
    endless->now.us = start.us + 4000 * DAY_US;
    CHECK_OK(planner_tidy(endless->planner, endless->now, NULL));
    CHECK_NUMBER(only_meeting(endless).state, MEETING_CONFIRMED);
    finish(house);
    finish(endless);
}

static void one_date_that_is_declined_leaves_the_series(void)
{
    struct house *house = begin(false);
    enum meeting_outcome outcome;
    settle(house, "Iris, please set up a weekly 30-minute call with Bob, Wednesdays at 10.");
    struct meeting meeting = only_meeting(house);
    const struct ical_time second = {ICAL_UTC,
                                     civil_from_us(meeting.confirmed.start.us + 7 * DAY_US),
                                     SLICE_NONE};
    struct ical_attendee bob_declines = {.address = LIT("bob@guest.example"),
                                         .partstat = PARTSTAT_DECLINED};
    struct ical_event event = {.uid = meeting.uid, .sequence = meeting.sequence, .start = second,
                               .recurrence_id = second, .attendees = {&bob_declines, 1, 1}};
    struct ical_calendar itip = {.method = LIT("REPLY"), .events = {&event, 1, 1}};
    struct mail mail = {.from = {LIT("Bob Serre"), LIT("bob@guest.example")},
                        .origin = MAIL_ORIGIN_PASS, .message_id = LIT("no-1@guest.example")};
    struct received_mail received = {.id = LIT("in-reply"), .raw = LIT("x"), .mail = &mail,
                                     .itip = &itip};
    CHECK_OK(planner_receive(house->planner, &received, house->now, &outcome, NULL));
    collect(house);
    CHECK_NUMBER(only_meeting(house).state, MEETING_CONFIRMED);
    CHECK_NUMBER(only_meeting(house).tasks.count, 1);
    CHECK_TEXT(last_to(house, "ada@bureau.example")->order.phrase, "series.one_guest");
    finish(house);
}

/* The page of a link says what the slot stands for. */
static void a_link_shows_how_it_comes_again(void)
{
    struct house *house = begin(false);
    struct slice out;
    settle(house, "Iris, please set up a fortnightly 30-minute call with Bob, Wednesdays at 10, until the end of June.");
    struct slice link = SLICE_NONE;
    for (size_t i = 0; i < house->sent.count && link.len == 0; i++)
        if (house->sent.items[i].links.count > 0)
            link = house->sent.items[i].links.items[0];
    struct slice in = arena_format(house->arena, "{\"token\":\"%.*s\"}",
                                   SLICE_ARG(slice_sub(link, sizeof "https://link.example/r/" - 1,
                                                       link.len)));
    CHECK_OK(planner_command(house->planner, NULL, LIT("link.show"), in, house->now, house->arena, &out));
    CHECK(slice_contains(out, LIT("\"recurrence\":\"")));
    CHECK(slice_contains(out, LIT("mercredi sur deux")) ||
          slice_contains(out, LIT("every other Wednesday at 10am, from 4 March, until 30 June")));
    CHECK(slice_contains(out, LIT("\"state\":\"confirmed\"")));
    finish(house);
}

int main(void)
{
    TEST(every_occurrence_is_held_and_written);
    TEST(a_link_shows_how_it_comes_again);
    TEST(another_meeting_finds_it_taken);
    TEST(a_series_is_kept_until_its_last_date);
    TEST(one_date_that_is_declined_leaves_the_series);
    return check_done();
}
