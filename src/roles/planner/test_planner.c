/* What the planner does when others fail it: keys that are not to be had, forged and stale
 * messages, work that comes late. What it decides is tested in domain/meeting and by scenarios. */
#include "roles/planner/internal.h"
#include "roles/planner/test_house.h"

static void an_answer_waits_for_its_meetings_key(void)
{
    struct house *house = begin(false);
    enum meeting_outcome outcome;
    ask_for_a_meeting(house, bob);
    house->keys = ST_UNAVAILABLE;
    static const char head[] = "From: Bob Serre <bob@guest.example>\r\nTo: iris@bureau.example\r\n"
                               "Subject: Budget\r\nMessage-ID: <answer@guest.example>";
    CHECK_NUMBER(receive(house, head, "The first one suits me.", MAIL_ORIGIN_PASS, &outcome),
                 ST_UNAVAILABLE);
    house->keys = ST_OK;
    CHECK_OK(receive(house, head, "The first one suits me.", MAIL_ORIGIN_PASS, &outcome));
    CHECK_NUMBER(outcome, OUTCOME_ACCEPTED);
    CHECK_NUMBER(only_meeting(house).state, MEETING_CONFIRMED);
    finish(house);
}

static void a_forged_sender_does_not_use_up_a_message_id(void)
{
    struct house *house = begin(true);
    enum meeting_outcome outcome;
    static const char head[] = ADA "To: Bob Serre <bob@guest.example>\r\nCc: iris@bureau.example\r\n"
                                   "Message-ID: <same@b.example>";
    static const char text[] = "Iris, please find us 30 minutes on Thursday for a call.";
    CHECK_OK(receive(house, head, text, MAIL_ORIGIN_FAIL, &outcome));
    CHECK_NUMBER(outcome, OUTCOME_REJECTED);
    CHECK_OK(receive(house, head, text, MAIL_ORIGIN_PASS, &outcome));
    CHECK_NUMBER(outcome, OUTCOME_ACCEPTED);
    CHECK_OK(receive(house, head, text, MAIL_ORIGIN_PASS, &outcome)); /* once more is once */
    CHECK_NUMBER(outcome, OUTCOME_IGNORED);
    finish(house);
}

static enum meeting_outcome bounce_from(struct house *house, const char *from,
                                        enum mail_origin origin, struct slice original,
                                        const char *failed)
{
    enum meeting_outcome outcome = OUTCOME_REJECTED;
    struct mail mail = {
        .from = {SLICE_NONE, slice_from(from)},
        .nature = MAIL_BOUNCE,
        .origin = origin,
        .original_id = original,
    };
    ARENA_PUSH(house->arena, &mail.failures,
               ((struct mail_failure){.address = slice_from(failed), .permanent = true}));
    struct received_mail received = {
        .id = arena_format(house->arena, "in-%u", ++house->mails), .raw = LIT("x"), .mail = &mail};
    CHECK_OK(planner_receive(house->planner, &received, house->now, &outcome, NULL));
    collect(house);
    return outcome;
}

static enum meeting_outcome bounce(struct house *house, struct slice original, const char *failed)
{
    return bounce_from(house, "mailer-daemon@guest.example", MAIL_ORIGIN_UNKNOWN, original, failed);
}

/* One that returns no Message-ID of ours: who may say that Bob has no mailbox? */
static void a_bounce_without_our_id_needs_a_verified_host(void)
{
    static const struct { const char *from; enum mail_origin origin; enum meeting_outcome outcome; } cases[] = {
        { "mailer-daemon@guest.example", MAIL_ORIGIN_UNKNOWN, OUTCOME_IGNORED },
        { "mailer-daemon@guest.example", MAIL_ORIGIN_FAIL, OUTCOME_IGNORED },
        { "mailer-daemon@evil.example", MAIL_ORIGIN_PASS, OUTCOME_IGNORED },
        { "mailer-daemon@notguest.example", MAIL_ORIGIN_PASS, OUTCOME_IGNORED },
        { "mailer-daemon@mx.guest.example", MAIL_ORIGIN_PASS, OUTCOME_ACCEPTED },
        { "mailer-daemon@bureau.example", MAIL_ORIGIN_PASS, OUTCOME_ACCEPTED },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct house *house = begin(true);
        check_row(cases[i].from);
        ask_for_a_meeting(house, bob_and_eve);
        CHECK_NUMBER(bounce_from(house, cases[i].from, cases[i].origin, SLICE_NONE,
                                 "bob@guest.example"), cases[i].outcome);
        finish(house);
    }
}

static void a_bounce_is_about_the_reader_of_the_mail(void)
{
    struct house *house = begin(false);
    ask_for_a_meeting(house, bob_and_eve);
    struct slice bobs = last_to(house, "bob@guest.example")->draft.message_id;
    CHECK_NUMBER(bounce(house, bobs, "eve@other.example"), OUTCOME_ACCEPTED);
    struct slice told = last_to(house, "ada@bureau.example")->draft.text;
    CHECK(slice_contains(told, LIT("Bob")));
    CHECK(!slice_contains(told, LIT("Eve")));
    CHECK_NUMBER(bounce(house, LIT("guessed@bureau.example"), "eve@other.example"), OUTCOME_IGNORED);
    finish(house);
}

/* Mail that was written in the hour that the clock was ahead. */
static void a_clock_that_was_set_back_leaves_no_mail_waiting(void)
{
    struct house *house = begin(false);
    struct outgoing mail;
    struct slice id;
    struct instant before = {house->now.us - (int64_t)3600 * 1000000};
    enum meeting_outcome outcome;
    CHECK_OK(receive(house,
                     ADA "To: Bob Serre <bob@guest.example>\r\nCc: iris@bureau.example\r\n"
                         "Message-ID: <ask@b.example>",
                     "Iris, please find us 30 minutes on Thursday for a call.", MAIL_ORIGIN_PASS,
                     &outcome));
    CHECK_NUMBER(planner_next_mail(house->planner, before, house->arena, &id, &mail, NULL),
                 ST_NOT_FOUND);
    CHECK_OK(planner_resume(house->planner, before, NULL)); /* a start finds the log of later */
    CHECK_OK(planner_next_mail(house->planner, before, house->arena, &id, &mail, NULL));
    CHECK_TEXT(mail.order.to.address, "bob@guest.example");
    CHECK_OK(planner_mail_done(house->planner, id, ST_UNAVAILABLE, before, NULL)); /* again in 10 s */
    struct instant again = {before.us - (int64_t)1800 * 1000000 + 30 * 1000000};
    CHECK_OK(planner_clock_set_back(house->planner, (struct duration){(int64_t)1800 * 1000000}, again, NULL));
    CHECK_OK(planner_next_mail(house->planner, again, house->arena, &id, &mail, NULL));
    /* A start after that knows that it is done: nothing is brought forward twice. */
    CHECK_OK(planner_mail_done(house->planner, id, ST_UNAVAILABLE, again, NULL));
    CHECK_OK(planner_resume(house->planner, again, NULL));
    CHECK_NUMBER(planner_next_mail(house->planner, again, house->arena, &id, &mail, NULL), ST_NOT_FOUND);
    finish(house);
}

static void a_mail_is_given_up_together_with_the_news_of_it(void)
{
    struct house *house = begin(false);
    enum meeting_outcome outcome;
    struct outgoing mail;
    struct slice id;
    struct outbox_entry entry;
    CHECK_OK(receive(house,
                     ADA "To: Bob Serre <bob@guest.example>\r\nCc: iris@bureau.example\r\n"
                         "Message-ID: <ask@b.example>",
                     "Iris, please find us 30 minutes on Thursday for a call.", MAIL_ORIGIN_PASS,
                     &outcome));
    CHECK_OK(planner_next_mail(house->planner, house->now, house->arena, &id, &mail, NULL));
    CHECK_TEXT(mail.order.to.address, "bob@guest.example");
    house->keys = ST_UNAVAILABLE;
    CHECK_NUMBER(planner_mail_done(house->planner, id, ST_INVALID, house->now, NULL), ST_UNAVAILABLE);
    CHECK_OK(store_load_outbox(house->store, id, house->arena, &entry, NULL));
    CHECK_NUMBER(entry.state, WORK_TAKEN);
    house->keys = ST_OK;
    CHECK_OK(planner_mail_done(house->planner, id, ST_INVALID, house->now, NULL));
    CHECK_OK(store_load_outbox(house->store, id, house->arena, &entry, NULL));
    CHECK_NUMBER(entry.state, WORK_FAILED);
    collect(house);
    CHECK(slice_contains(last_to(house, "ada@bureau.example")->draft.text, LIT("Bob")));
    finish(house);
}

static void a_meeting_that_cannot_wake_lets_the_others_wake(void)
{
    struct house *house = begin(false);
    struct meeting_list all;
    ask_for_a_meeting(house, bob);
    ask_for_a_meeting(house, "Eve Dumas <eve@other.example>");
    CHECK_OK(planner_all_meetings(house->planner, house->arena, &all, NULL));
    CHECK_NUMBER(all.count, 2);
    CHECK(all.items[0].due.us > 0 && all.items[1].due.us > 0);
    size_t first = all.items[0].due.us <= all.items[1].due.us ? 0 : 1;
    house->refused_key = all.items[first].id;
    house->now = (struct instant){all.items[1 - first].due.us + 1000000};
    CHECK_NUMBER(planner_wake(house->planner, house->now, NULL), ST_DENIED);
    house->refused_key = SLICE_NONE;
    struct meeting_list after;
    CHECK_OK(planner_all_meetings(house->planner, house->arena, &after, NULL));
    CHECK_NUMBER(after.items[first].due.us, all.items[first].due.us);
    CHECK(after.items[1 - first].due.us != all.items[1 - first].due.us);
    finish(house);
}

static void what_cannot_be_read_waits_for_a_person(void)
{
    struct house *house = begin(false);
    enum meeting_outcome outcome;
    struct task_list tasks;
    struct stored_message row;
    struct unreadable unreadable = {LIT("spool-1"), LIT("reader_died"), LIT("the bytes")};
    struct supervisor_decision seen = {.approve = true};
    CHECK_OK(planner_report_unreadable(house->planner, &unreadable, house->now, NULL));
    CHECK_OK(planner_report_unreadable(house->planner, &unreadable, house->now, NULL));
    CHECK_OK(planner_open_tasks(house->planner, house->arena, &tasks, NULL));
    CHECK_NUMBER(tasks.count, 1);
    CHECK_OK(store_load_message(house->store, LIT("spool-1"), house->arena, &row, NULL));
    CHECK(row.raw.bytes.len > unreadable.raw.len);
    CHECK(!slice_contains(row.raw.bytes, unreadable.raw));
    CHECK_OK(planner_supervise(house->planner, &seen, house->now, &outcome, NULL));
    CHECK_NUMBER(store_load_message(house->store, LIT("spool-1"), house->arena, &row, NULL),
                 ST_NOT_FOUND);
    /* It came late once more: it is known. */
    CHECK_OK(planner_report_unreadable(house->planner, &unreadable, house->now, NULL));
    CHECK_OK(planner_open_tasks(house->planner, house->arena, &tasks, NULL));
    CHECK_NUMBER(tasks.count, 0);
    finish(house);
}

static enum meeting_outcome reply(struct house *house, const struct meeting *meeting,
                                  uint32_t sequence, struct instant start)
{
    enum meeting_outcome outcome = OUTCOME_REJECTED;
    struct mail mail = {.from = {LIT("Bob Serre"), LIT("bob@guest.example")}};
    struct ical_event event = {
        .uid = meeting->uid,
        .sequence = sequence,
        .start = {.kind = ICAL_UTC, .wall = civil_from_instant(start, zone_utc())},
    };
    ARENA_PUSH(house->arena, &event.attendees,
               ((struct ical_attendee){.address = LIT("bob@guest.example"),
                                       .partstat = PARTSTAT_DECLINED}));
    struct ical_calendar itip = {.method = LIT("REPLY"), .events = {&event, 1, 1}};
    struct received_mail received = {.id = arena_format(house->arena, "in-%u", ++house->mails),
                                     .raw = LIT("x"),
                                     .mail = &mail,
                                     .itip = &itip};
    CHECK_OK(planner_receive(house->planner, &received, house->now, &outcome, NULL));
    collect(house);
    return outcome;
}

static void a_reply_to_an_older_invitation_says_nothing(void)
{
    struct house *house = begin(false);
    enum meeting_outcome outcome;
    ask_for_a_meeting(house, bob);
    choose_first(house, "bob@guest.example");
    collect(house);
    struct meeting before = only_meeting(house);
    struct slice head = arena_format(house->arena,
                                     ADA "To: iris@bureau.example\r\nIn-Reply-To: <%.*s>\r\n"
                                         "Message-ID: <move@b.example>",
                                     SLICE_ARG(last_to(house, "ada@bureau.example")->draft.message_id));
    CHECK_OK(receive(house, head.data, "Please move it to Friday at 3pm.", MAIL_ORIGIN_PASS, &outcome));
    collect(house);
    struct meeting moved = only_meeting(house);
    if (moved.state != MEETING_CONFIRMED) { /* the guest agrees first */
        choose_first(house, "bob@guest.example");
        collect(house);
        moved = only_meeting(house);
    }
    CHECK_NUMBER(moved.sequence, before.sequence + 1);
    CHECK_NUMBER(reply(house, &moved, before.sequence, before.confirmed.start), OUTCOME_IGNORED);
    CHECK_NUMBER(only_meeting(house).state, MEETING_CONFIRMED);
    /* Without SEQUENCE, but of the present time. */
    CHECK_NUMBER(reply(house, &moved, 0, moved.confirmed.start), OUTCOME_ACCEPTED);
    CHECK(only_meeting(house).people.items[1].status == PARTICIPANT_DECLINED ||
          only_meeting(house).state != MEETING_CONFIRMED);
    finish(house);
}

/* However many meetings with the same people came after it. */
static void a_reply_finds_its_meeting_by_the_uid(void)
{
    struct house *house = begin(false);
    ask_for_a_meeting(house, bob);
    choose_first(house, "bob@guest.example");
    collect(house);
    struct meeting first = only_meeting(house);
    for (int i = 0; i < 52; i++) /* more than are looked at for one person */
        ask_for_a_meeting(house, bob);
    CHECK_NUMBER(reply(house, &first, first.sequence, first.confirmed.start), OUTCOME_ACCEPTED);
    first.uid = LIT("elsewhere@other.example");
    CHECK_NUMBER(reply(house, &first, first.sequence, first.confirmed.start), OUTCOME_IGNORED);
    finish(house);
}

static void a_late_job_does_not_bring_back_what_was_cancelled(void)
{
    struct house *house = begin(false);
    enum meeting_outcome outcome;
    struct calendar_job job;
    ask_for_a_meeting(house, bob);
    choose_first(house, "bob@guest.example");
    collect(house);
    CHECK_OK(planner_next_job(house->planner, house->now, house->arena, &job, NULL));
    CHECK(!job.remove && job.has_person);
    CHECK_OK(planner_job_done(house->planner, job.id, job.attempts, ST_UNAVAILABLE, house->now, NULL));
    struct slice head = arena_format(house->arena,
                                     ADA "To: iris@bureau.example\r\nIn-Reply-To: <%.*s>\r\n"
                                         "Message-ID: <cancel@b.example>",
                                     SLICE_ARG(last_to(house, "ada@bureau.example")->draft.message_id));
    CHECK_OK(receive(house, head.data, "Please cancel this meeting.", MAIL_ORIGIN_PASS, &outcome));
    CHECK_NUMBER(only_meeting(house).state, MEETING_CANCELLED);
    house->now.us += INT64_C(3600) * 1000000;
    bool removed = false;
    while (planner_next_job(house->planner, house->now, house->arena, &job, NULL) == ST_OK) {
        CHECK(job.remove || !job.has_person);
        removed = removed || (job.remove && job.has_person);
        CHECK_OK(planner_job_done(house->planner, job.id, job.attempts, ST_OK, house->now, NULL));
    }
    CHECK(removed);
    finish(house);
}

/* A server that refuses for a moment, or lies: the event is written all the same. */
static void a_refused_calendar_is_written_later(void)
{
    static const struct { enum status status; unsigned most; } cases[] = {
        { ST_UNAVAILABLE, 30 }, { ST_DENIED, 12 }, { ST_NOT_FOUND, 12 }, { ST_LIMIT, 12 }, { ST_INVALID, 1 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct house *house = begin(false);
        struct calendar_job job;
        struct job row;
        unsigned tries = 0;
        ask_for_a_meeting(house, bob);
        choose_first(house, "bob@guest.example");
        while (planner_next_job(house->planner, house->now, house->arena, &job, NULL) == ST_OK) {
            tries++;
            CHECK_OK(planner_job_done(house->planner, job.id, job.attempts, cases[i].status, house->now, NULL));
            CHECK_NUMBER(store_take_job(house->store, house->now, (struct duration){1}, house->arena, &row, NULL),
                         ST_NOT_FOUND); /* not at once */
            house->now.us += (int64_t)4 * 3600 * 1000000;
        }
        CHECK_NUMBER(tries, cases[i].most);
        finish(house);
    }
}

static void nothing_is_written_to_a_feed(void)
{
    static const char *const feeds[] = {"https://cal.example/ada.ics", "webcal://cal.example/ada",
                                        "http://cal.example/ada.ics?key=1"};
    for (size_t i = 0; i < 3; i++) {
        struct house *house = begin(false);
        struct calendar_job job;
        struct person ada = {.id = LIT("p-ada"), .organisation = LIT("o"), .name = LIT("Ada Lorrain"),
                             .address = LIT("ada@bureau.example"), .time_zone = LIT("Europe/Paris"),
                             .language = LANGUAGE_EN, .client = true, .has_calendar = true,
                             .calendar = slice_from(feeds[i])};
        preferences_defaults(house->arena, &ada.preferences);
        CHECK_OK(planner_add_person(house->planner, &ada, NULL));
        ask_for_a_meeting(house, bob);
        choose_first(house, "bob@guest.example");
        CHECK_OK(planner_next_job(house->planner, house->now, house->arena, &job, NULL));
        CHECK(!job.has_person);
        finish(house);
    }
}

static void whose_calendar_fails_hears_of_it_once_a_day(void)
{
    struct house *house = begin(false);
    CHECK_OK(planner_tell_calendar(house->planner, LIT("p-nobody"), false, house->now, NULL));
    for (int i = 0; i < 3; i++) {
        CHECK_OK(planner_tell_calendar(house->planner, LIT("p-ada"), false, house->now, NULL));
        CHECK_OK(planner_tell_calendar(house->planner, LIT("p-ada"), true, house->now, NULL));
    }
    collect(house);
    CHECK_NUMBER(house->sent.count, 2);
    CHECK_TEXT(house->sent.items[0].order.phrase, "calendar.unreadable");
    CHECK_TEXT(house->sent.items[1].order.phrase, "calendar.unwritable");
    CHECK_TEXT(house->sent.items[0].order.to.address, "ada@bureau.example");
    house->now.us += (int64_t)86400 * 1000000;
    CHECK_OK(planner_tell_calendar(house->planner, LIT("p-ada"), false, house->now, NULL));
    collect(house);
    CHECK_NUMBER(house->sent.count, 3);
    finish(house);
}

static struct meeting_progress_list changed_in(struct house *house, bool *all)
{
    struct meeting_progress_list list;
    CHECK_OK(planner_progress_changed(house->planner, house->arena, &list, all, NULL));
    return list;
}

static size_t in_progress(struct house *house)
{
    struct meeting_progress_list list;
    uint32_t cursor = 0;
    size_t count = 0;
    do {
        CHECK_OK(planner_progress_all(house->planner, &cursor, house->arena, &list, NULL));
        count += list.count;
    } while (cursor != 0);
    return count;
}

/* keyd is told of a meeting when it begins, when it is settled, and when it is erased. */
static void what_is_in_progress_is_known(void)
{
    struct house *house = begin(false);
    struct meeting_progress_list list;
    bool all;
    (void)changed_in(house, &all);
    CHECK_NUMBER(in_progress(house), 0);
    ask_for_a_meeting(house, bob);
    list = changed_in(house, &all);
    CHECK_NUMBER(list.count, 1);
    CHECK(!all && list.items[0].in_progress);
    CHECK_TEXT(list.items[0].organisation, "o");
    CHECK_NUMBER(in_progress(house), 1);
    CHECK_NUMBER(changed_in(house, &all).count, 0); /* told once */
    choose_first(house, "bob@guest.example");
    struct meeting_progress_list settled = changed_in(house, &all);
    CHECK_NUMBER(settled.count, 1);
    CHECK(!settled.items[0].in_progress && slice_equal(settled.items[0].id, list.items[0].id));
    CHECK_NUMBER(in_progress(house), 0);
    ask_for_a_meeting(house, bob);
    CHECK_NUMBER(in_progress(house), 1);
    (void)changed_in(house, &all);
    CHECK_OK(planner_erase_organisation(house->planner, LIT("o"), house->now, NULL));
    (void)changed_in(house, &all);
    CHECK(all); /* any of its meetings: all are told again */
    CHECK_NUMBER(in_progress(house), 0);
    finish(house);
}

/* A unit of work that comes to nothing tells nothing wrong. */
static void what_was_not_committed_is_not_told(void)
{
    struct house *house = begin(false);
    struct meeting_progress_list list;
    bool all;
    ask_for_a_meeting(house, bob);
    (void)changed_in(house, &all);
    note_touched(house->planner, LIT("m_none"));
    list = changed_in(house, &all);
    CHECK_NUMBER(list.count, 1);
    CHECK(!list.items[0].in_progress && !all);
    for (int i = 0; i < 2 * TOUCHED_MAX; i++)
        note_touched(house->planner, arena_format(house->arena, "m_%d", i));
    (void)changed_in(house, &all);
    CHECK(all); /* more than were noted */
    (void)changed_in(house, &all);
    CHECK(!all);
    finish(house);
}

static void who_left_asks_for_nothing(void)
{
    struct house *house = begin(false);
    uint32_t ended = 9;
    CHECK_OK(planner_person_ended(house->planner, LIT("p-ada"), LIT("function"), house->now, &ended, NULL));
    CHECK_NUMBER(ended, 0);
    CHECK_OK(planner_person_ended(house->planner, LIT("p-nobody"), LIT("left"), house->now, &ended, NULL));
    CHECK_NUMBER(ended, 0);
    CHECK_OK(planner_person_ended(house->planner, LIT("p-ada"), LIT("left"), house->now, &ended, NULL));
    CHECK_NUMBER(ended, 1);
    CHECK_OK(planner_person_ended(house->planner, LIT("p-ada"), LIT("left"), house->now, &ended, NULL));
    CHECK_NUMBER(ended, 0); /* said again */
    enum meeting_outcome outcome;
    CHECK_OK(receive(house, ADA "To: Bob Serre <bob@guest.example>\r\nCc: iris@bureau.example\r\n"
                                "Message-ID: <late@b.example>",
                     "Iris, please find us 30 minutes on Thursday for a call.", MAIL_ORIGIN_PASS, &outcome));
    CHECK(outcome != OUTCOME_ACCEPTED);
    CHECK_NUMBER(in_progress(house), 0);
    finish(house);
}

int main(void)
{
    TEST(what_is_in_progress_is_known);
    TEST(what_was_not_committed_is_not_told);
    TEST(who_left_asks_for_nothing);
    TEST(an_answer_waits_for_its_meetings_key);
    TEST(a_forged_sender_does_not_use_up_a_message_id);
    TEST(a_bounce_is_about_the_reader_of_the_mail);
    TEST(a_bounce_without_our_id_needs_a_verified_host);
    TEST(a_clock_that_was_set_back_leaves_no_mail_waiting);
    TEST(a_mail_is_given_up_together_with_the_news_of_it);
    TEST(a_meeting_that_cannot_wake_lets_the_others_wake);
    TEST(what_cannot_be_read_waits_for_a_person);
    TEST(a_reply_to_an_older_invitation_says_nothing);
    TEST(a_reply_finds_its_meeting_by_the_uid);
    TEST(a_late_job_does_not_bring_back_what_was_cancelled);
    TEST(a_refused_calendar_is_written_later);
    TEST(nothing_is_written_to_a_feed);
    TEST(whose_calendar_fails_hears_of_it_once_a_day);
    return check_done();
}
