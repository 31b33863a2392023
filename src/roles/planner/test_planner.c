/* What the planner does when others fail it: keys that are not to be had, forged and stale
 * messages, work that comes late. What it decides is tested in domain/meeting and by scenarios. */
#include <stdlib.h>

#include "check.h"
#include "domain/intent/intent.h"
#include "platform/store/store.h"
#include "roles/keyd/keyd.h"
#include "roles/planner/planner.h"

/* One planner with everything around it. */
struct house {
    struct store *store;
    struct keyd *keyd;
    struct planner *planner;
    struct arena *arena;
    struct instant now;
    enum status keys;         /* not ST_OK: what keyd answers */
    struct slice refused_key; /* keyd refuses only this meeting's */
    unsigned mails;
    struct {
        struct outgoing *items;
        size_t count, capacity;
    } sent;
};

static enum status understand(void *self, const struct mail *mail,
                              const struct intent_context *context, struct arena *arena,
                              struct reading *reading, struct problem *why)
{
    (void)self;
    return intent_read(mail, context, arena, reading, why);
}

static enum status read_calendar(void *self, const struct person *person, struct interval window,
                                 bool titles, struct arena *arena, struct occurrence_list *out,
                                 struct problem *why)
{
    (void)self, (void)person, (void)window, (void)titles, (void)arena, (void)why;
    *out = (struct occurrence_list){0};
    return ST_OK;
}

static enum status lookup_key(void *self, struct secret **key, struct problem *why)
{
    return keyd_lookup_key(((struct house *)self)->keyd, key, why);
}

static enum status service_key(void *self, struct secret **key, struct problem *why)
{
    return keyd_service_key(((struct house *)self)->keyd, key, why);
}

static enum status directory_key(void *self, struct slice organisation, struct sealed wrapped,
                                 struct secret **key, struct problem *why)
{
    return keyd_directory_key(((struct house *)self)->keyd, organisation, wrapped, key, why);
}

static enum status new_organisation_key(void *self, struct slice organisation, struct arena *arena,
                                        struct sealed *wrapped, struct problem *why)
{
    return keyd_new_organisation_key(((struct house *)self)->keyd, organisation, arena, wrapped,
                                     why);
}

static enum status new_key(void *self, struct slice organisation, struct sealed organisation_key,
                           struct slice meeting, struct arena *arena, struct sealed *wrapped,
                           struct secret **key, struct problem *why)
{
    return keyd_new_meeting_key(((struct house *)self)->keyd, organisation, organisation_key,
                                meeting, arena, wrapped, key, why);
}

static enum status open_key(void *self, struct slice organisation, struct sealed organisation_key,
                            struct slice meeting, struct sealed wrapped, struct secret **key,
                            struct problem *why)
{
    struct house *house = self;
    if (house->keys != ST_OK)
        return problem_set(why, house->keys, "keyd is away");
    if (slice_equal(meeting, house->refused_key))
        return problem_set(why, ST_DENIED, "keyd refuses");
    return keyd_open_meeting_key(house->keyd, organisation, organisation_key, meeting, wrapped, key,
                                 why);
}

static void add_person(struct house *house, const char *id, const char *name, const char *address,
                       bool client)
{
    struct person person = {
        .id = slice_from(id),
        .organisation = LIT("o"),
        .name = slice_from(name),
        .address = slice_from(address),
        .time_zone = LIT("Europe/Paris"),
        .language = LANGUAGE_EN,
        .client = client,
        .has_calendar = client,
    };
    preferences_defaults(house->arena, &person.preferences);
    CHECK_OK(planner_add_person(house->planner, &person, NULL));
}

static struct house *begin(bool origin_required)
{
    struct house *house = calloc(1, sizeof *house);
    if (house == NULL)
        abort();
    house->arena = arena_create((size_t)512 << 20);
    CHECK_OK(instant_parse(LIT("2026-03-02T08:00:00Z"), &house->now, NULL, NULL));
    CHECK_OK(store_open(&sqlite_driver, ":memory:", &house->store, NULL));
    CHECK_OK(keyd_create_for_replay(&house->keyd, NULL));
    struct planner_ports ports = {house,       understand,    read_calendar,        lookup_key,
                                  directory_key, new_organisation_key, service_key, new_key,
                                  open_key};
    struct planner_options options = {
        .assistant = {LIT("Iris"), LIT("iris@bureau.example")},
        .link_base = LIT("https://link.example/r/"),
        .origin_required = origin_required,
        .seed = 7,
    };
    CHECK_OK(planner_create(house->store, &ports, &options, &house->planner, NULL));
    CHECK_OK(planner_add_organisation(house->planner, LIT("o"), LIT("Bureau"), NULL));
    add_person(house, "p-ada", "Ada Lorrain", "ada@bureau.example", true);
    return house;
}

static void finish(struct house *house)
{
    planner_destroy(&house->planner);
    store_destroy(&house->store);
    keyd_destroy(&house->keyd);
    arena_destroy(&house->arena);
    free(house);
}

static void collect(struct house *house)
{
    struct outgoing mail;
    struct slice id;
    while (planner_next_mail(house->planner, house->now, house->arena, &id, &mail, NULL) == ST_OK) {
        ARENA_PUSH(house->arena, &house->sent, mail);
        CHECK_OK(planner_mail_done(house->planner, id, ST_OK, house->now, NULL));
    }
}

/* The newest mail to somebody. */
static const struct outgoing *last_to(const struct house *house, const char *address)
{
    for (size_t i = house->sent.count; i-- > 0;)
        if (slice_equal(house->sent.items[i].order.to.address, slice_from(address)))
            return &house->sent.items[i];
    printf("# nothing was sent to %s\n", address);
    exit(1);
}

static enum status receive(struct house *house, const char *head, const char *text,
                           enum mail_origin origin, enum meeting_outcome *outcome)
{
    struct mail mail;
    struct slice raw = arena_format(house->arena,
                                    "%s\r\nDate: Mon, 2 Mar 2026 09:00:00 +0100\r\n\r\n%s\r\n",
                                    head, text);
    struct received_mail received = {
        .id = arena_format(house->arena, "in-%u", ++house->mails),
        .raw = raw,
        .mail = &mail,
    };
    TRY(mime_parse(raw, SLICE_NONE, house->arena, &mail, NULL));
    mail.origin = origin;
    return planner_receive(house->planner, &received, house->now, outcome, NULL);
}

#define ADA "From: Ada Lorrain <ada@bureau.example>\r\nSubject: Budget\r\n"

static void ask_for_a_meeting(struct house *house, const char *guests)
{
    enum meeting_outcome outcome;
    struct slice head =
        arena_format(house->arena,
                     "From: Ada Lorrain <ada@bureau.example>\r\nTo: %s\r\nSubject: Budget %u\r\n"
                     "Cc: iris@bureau.example\r\nMessage-ID: <ask-%u@b.example>",
                     guests, house->mails, house->mails);
    CHECK_OK(receive(house, head.data,
                     "Iris, please find us 30 minutes on Wednesday or Thursday for a call.",
                     MAIL_ORIGIN_PASS, &outcome));
    CHECK_NUMBER(outcome, OUTCOME_ACCEPTED);
    collect(house);
}

static const char bob[] = "Bob Serre <bob@guest.example>";
static const char bob_and_eve[] = "Bob Serre <bob@guest.example>, Eve Dumas <eve@other.example>";

static void choose_first(struct house *house, const char *address)
{
    enum meeting_outcome outcome;
    const struct outgoing *offer = last_to(house, address);
    CHECK(offer->links.count > 0);
    struct slice token = slice_sub(offer->links.items[0], sizeof "https://link.example/r/" - 1,
                                   offer->links.items[0].len);
    CHECK_OK(planner_link_choose(house->planner, token, offer->order.offers.items[0].number,
                                 SLICE_NONE, house->now, &outcome, NULL));
    CHECK_NUMBER(outcome, OUTCOME_ACCEPTED);
}

static struct meeting only_meeting(struct house *house)
{
    struct meeting_list all;
    CHECK_OK(planner_all_meetings(house->planner, house->arena, &all, NULL));
    CHECK(all.count >= 1);
    return all.items[0];
}

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

int main(void)
{
    TEST(an_answer_waits_for_its_meetings_key);
    TEST(a_forged_sender_does_not_use_up_a_message_id);
    TEST(a_bounce_is_about_the_reader_of_the_mail);
    TEST(a_bounce_without_our_id_needs_a_verified_host);
    TEST(a_mail_is_given_up_together_with_the_news_of_it);
    TEST(a_meeting_that_cannot_wake_lets_the_others_wake);
    TEST(what_cannot_be_read_waits_for_a_person);
    TEST(a_reply_to_an_older_invitation_says_nothing);
    TEST(a_reply_finds_its_meeting_by_the_uid);
    TEST(a_late_job_does_not_bring_back_what_was_cancelled);
    return check_done();
}
