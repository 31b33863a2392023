/* Who wants no mail, what is held of a person and how it ends, loops and storms. */
#include "roles/planner/privacy.h"
#include "roles/planner/test_house.h"

static bool has_mail_to(const struct house *house, const char *address, size_t from)
{
    for (size_t i = from; i < house->sent.count; i++)
        if (slice_equal(house->sent.items[i].order.to.address, slice_from(address)))
            return true;
    return false;
}

static struct slice token_of(struct slice text, const char *ending)
{
    size_t at = slice_find(text, LIT("https://link.example/r/"), 0), end = SIZE_MAX;
    struct slice last = SLICE_NONE;
    while (at != SIZE_MAX) {
        size_t start = at + sizeof "https://link.example/r/" - 1;
        for (end = start; end < text.len && text.data[end] != '/' && text.data[end] != '\n';)
            end++;
        if (slice_starts(slice_sub(text, end, text.len), slice_from(ending)))
            last = slice_sub(text, start, end);
        at = slice_find(text, LIT("https://link.example/r/"), end);
    }
    return last;
}

/* The answer of a command, as text. */
static struct slice command(struct house *house, const char *name, struct slice token,
                            const char *act, enum status wanted)
{
    struct slice out;
    struct slice in = arena_format(house->arena, "{\"token\":\"%.*s\",\"act\":\"%s\"}",
                                   SLICE_ARG(token), act);
    CHECK_NUMBER(planner_command(house->planner, NULL, slice_from(name), in, house->now, house->arena,
                                 &out),
                 wanted);
    collect(house);
    return out;
}

static void write_as(struct house *house, const char *from, const char *text,
                     enum meeting_outcome wanted)
{
    enum meeting_outcome outcome;
    struct slice head = arena_format(house->arena,
                                     "From: %s\r\nTo: iris@bureau.example\r\nSubject: Re: Budget\r\n"
                                     "Message-ID: <w-%u@x.example>",
                                     from, house->mails);
    CHECK_OK(receive(house, arena_text(house->arena, head), text, MAIL_ORIGIN_PASS, &outcome));
    CHECK_NUMBER(outcome, wanted);
    collect(house);
}

static void pass_days(struct house *house, int days)
{
    house->now.us += days * DAY_US;
}

static void every_mail_to_a_guest_says_who_writes_and_how_to_stop(void)
{
    struct house *house = begin(false);
    ask_for_a_meeting(house, bob);
    const struct outgoing *mail = last_to(house, "bob@guest.example");
    CHECK(slice_contains(mail->draft.text, LIT("\n-- \nIris is a program that writes to you for Ada Lorrain")));
    CHECK(token_of(mail->draft.text, "/privacy").len > 40);
    CHECK(slice_contains(mail->draft.html, LIT("/privacy\">")));
    CHECK(slice_starts(mail->draft.unsubscribe, LIT("https://link.example/r/")));
    CHECK(slice_ends(mail->draft.unsubscribe, LIT("/stop")));
    CHECK(!slice_contains(mail->draft.html, LIT("<img")) && !slice_contains(mail->draft.html, LIT("url(")));
    CHECK_TEXT(mail->draft.from.address, "iris@bureau.example");
    choose_first(house, "bob@guest.example");
    collect(house);
    mail = last_to(house, "bob@guest.example"); /* the invitation is no bulk of mails */
    CHECK_NUMBER(mail->draft.unsubscribe.len, 0);
    CHECK(token_of(mail->draft.text, "/privacy").len > 40);
    CHECK(!slice_contains(last_to(house, "ada@bureau.example")->draft.text, LIT("/privacy")));
    finish(house);
}

static void a_link_stops_all_mail_after_one_confirmation(void)
{
    static const char *const acts[] = {"stop", "stop_here"};
    for (size_t i = 0; i < 2; i++) {
        struct house *house = begin(false);
        check_row(acts[i]);
        ask_for_a_meeting(house, bob);
        struct slice token = token_of(last_to(house, "bob@guest.example")->draft.text, "/privacy");
        size_t before = house->sent.count;
        CHECK(slice_contains(command(house, "privacy.show", token, "", ST_OK), LIT("\"stopped\":false")));
        CHECK_NUMBER(house->sent.count, before); /* looking changes nothing */
        CHECK(slice_contains(command(house, "privacy.do", token, acts[i], ST_OK), LIT("\"done\":\"stop\"")));
        CHECK_TEXT(last_to(house, "bob@guest.example")->order.phrase, "stop.done");
        struct slice told = last_to(house, "ada@bureau.example")->draft.text;
        CHECK(slice_contains(told, LIT("Bob Serre (bob@guest.example) does not want mail from me")));
        CHECK_NUMBER(only_meeting(house).state, MEETING_GATHERING);
        before = house->sent.count;
        CHECK(slice_contains(command(house, "privacy.do", token, acts[i], ST_OK), LIT("\"stopped\":true")));
        CHECK_NUMBER(house->sent.count, before);
        /* A new request: the organizer hears why nothing comes of it, the guest hears nothing. */
        before = house->sent.count;
        ask_for_a_meeting(house, bob);
        CHECK(!has_mail_to(house, "bob@guest.example", before));
        CHECK(has_mail_to(house, "ada@bureau.example", before));
        finish(house);
    }
}

static void the_others_go_on_without_them(void)
{
    struct house *house = begin(false);
    ask_for_a_meeting(house, bob_and_eve);
    write_as(house, bob, "Please stop contacting me.", OUTCOME_ACCEPTED);
    CHECK_TEXT(last_to(house, "bob@guest.example")->order.phrase, "stop.done");
    CHECK(slice_contains(last_to(house, "ada@bureau.example")->draft.text, LIT("carrying on with the other")));
    size_t before = house->sent.count;
    choose_first(house, "eve@other.example");
    collect(house);
    CHECK_NUMBER(only_meeting(house).state, MEETING_CONFIRMED);
    CHECK(!has_mail_to(house, "bob@guest.example", before));
    finish(house);
}

static void a_confirmed_meeting_stands_and_the_organizer_knows(void)
{
    struct house *house = begin(false);
    ask_for_a_meeting(house, bob);
    choose_first(house, "bob@guest.example");
    collect(house);
    size_t before = house->sent.count;
    write_as(house, bob, "unsubscribe", OUTCOME_ACCEPTED);
    CHECK_NUMBER(only_meeting(house).state, MEETING_CONFIRMED);
    CHECK_NUMBER(house->sent.count, before + 2); /* one to each */
    write_as(house, bob, "Ne m'écrivez plus !", OUTCOME_ACCEPTED);
    CHECK_NUMBER(house->sent.count, before + 2);
    finish(house);
}

static void mail_that_waits_is_not_sent_to_who_stopped_it(void)
{
    struct house *house = begin(false);
    enum meeting_outcome outcome;
    struct outgoing mail;
    struct slice id;
    CHECK_OK(receive(house,
                     ADA "To: Bob Serre <bob@guest.example>\r\nCc: iris@bureau.example\r\n"
                         "Message-ID: <ask@b.example>",
                     "Iris, please find us 30 minutes on Thursday for a call.", MAIL_ORIGIN_PASS,
                     &outcome));
    CHECK_OK(planner_stop_person(house->planner, LIT("bob@guest.example"), false, house->now, NULL));
    while (planner_next_mail(house->planner, house->now, house->arena, &id, &mail, NULL) == ST_OK) {
        CHECK_TEXT(mail.order.to.address, "ada@bureau.example");
        CHECK_OK(planner_mail_done(house->planner, id, ST_OK, house->now, NULL));
    }
    CHECK_OK(planner_stop_person(house->planner, LIT("Bob@Guest.example"), true, house->now, NULL));
    CHECK_NUMBER(planner_stop_person(house->planner, LIT("bob@guest.example"), true, house->now, NULL),
                 ST_NOT_FOUND);
    CHECK_NUMBER(planner_stop_person(house->planner, LIT("ada@bureau.example"), false, house->now, NULL),
                 ST_DENIED);
    finish(house);
}

static enum meeting_outcome complain(struct house *house, struct slice original)
{
    enum meeting_outcome outcome = OUTCOME_REJECTED;
    struct mail mail = {.from = {SLICE_NONE, LIT("fbl@isp.example")},
                        .nature = MAIL_COMPLAINT,
                        .original_id = original};
    struct received_mail received = {
        .id = arena_format(house->arena, "in-%u", ++house->mails), .raw = LIT("x"), .mail = &mail};
    CHECK_OK(planner_receive(house->planner, &received, house->now, &outcome, NULL));
    collect(house);
    return outcome;
}

static void a_complaint_counts_only_with_a_mail_of_ours(void)
{
    struct house *house = begin(false);
    ask_for_a_meeting(house, bob);
    size_t before = house->sent.count;
    CHECK_NUMBER(complain(house, LIT("guessed@bureau.example")), OUTCOME_IGNORED);
    CHECK_NUMBER(complain(house, SLICE_NONE), OUTCOME_IGNORED);
    CHECK_NUMBER(house->sent.count, before);
    CHECK_NUMBER(complain(house, last_to(house, "bob@guest.example")->draft.message_id),
                 OUTCOME_ACCEPTED);
    CHECK(!has_mail_to(house, "bob@guest.example", before)); /* they want none, not even that */
    CHECK(has_mail_to(house, "ada@bureau.example", before));
    finish(house);
}

static void data_is_given_and_erased_only_by_the_second_link(void)
{
    struct house *house = begin(false);
    ask_for_a_meeting(house, bob);
    struct slice token = token_of(last_to(house, "bob@guest.example")->draft.text, "/privacy");
    CHECK(slice_contains(command(house, "privacy.do", token, "confirm", ST_OK), LIT("\"done\":\"expired\"")));
    CHECK(slice_contains(command(house, "privacy.do", token, "export", ST_OK), LIT("\"done\":\"mailed\"")));
    struct slice second = token_of(last_to(house, "bob@guest.example")->draft.text, "/privacy");
    CHECK(!slice_equal(second, token));
    CHECK(slice_contains(command(house, "privacy.show", second, "", ST_OK), LIT("\"confirm\":\"export\"")));
    CHECK(slice_contains(command(house, "privacy.do", second, "confirm", ST_OK), LIT("\"done\":\"exported\"")));
    CHECK_TEXT(last_to(house, "bob@guest.example")->order.phrase, "privacy.data");
    CHECK(slice_contains(last_to(house, "bob@guest.example")->draft.text, LIT("Bob Serre")));
    command(house, "privacy.do", token, "erase", ST_OK);
    second = token_of(last_to(house, "bob@guest.example")->draft.text, "/privacy");
    CHECK(slice_contains(command(house, "privacy.do", second, "confirm", ST_OK), LIT("\"done\":\"running\"")));
    pass_days(house, 8);
    CHECK(slice_contains(command(house, "privacy.do", second, "confirm", ST_OK), LIT("\"done\":\"expired\"")));
    finish(house);
}

static void whoever_has_the_link_cannot_fill_a_mailbox(void)
{
    struct house *house = begin(false);
    ask_for_a_meeting(house, bob);
    struct slice token = token_of(last_to(house, "bob@guest.example")->draft.text, "/privacy");
    size_t before = house->sent.count;
    for (int i = 0; i < 20; i++)
        command(house, "privacy.do", token, "export", ST_OK);
    CHECK_NUMBER(house->sent.count, before + 3);
    command(house, "privacy.do", token, "drop", ST_INVALID);
    command(house, "privacy.do", LIT("AAAA"), "stop", ST_NOT_FOUND);
    finish(house);
}

/* A meeting that took place. */
static void settle_and_pass(struct house *house, const char *guests)
{
    ask_for_a_meeting(house, guests);
    choose_first(house, "bob@guest.example");
    if (guests == bob_and_eve)
        choose_first(house, "eve@other.example");
    collect(house);
    CHECK_NUMBER(only_meeting(house).state, MEETING_CONFIRMED);
}

static void erasure_destroys_what_is_only_about_them(void)
{
    struct house *house = begin(false);
    struct erased erased;
    struct meeting_list all;
    struct problem why;
    settle_and_pass(house, bob);
    CHECK_NUMBER(planner_erase_person(house->planner, LIT("bob@guest.example"), house->now, &erased, &why),
                 ST_CONFLICT);
    CHECK(slice_contains(slice_from(why.detail), LIT("still running")));
    CHECK(!slice_contains(slice_from(why.detail), LIT("bob")));
    pass_days(house, 10);
    CHECK_OK(planner_erase_person(house->planner, LIT("BOB@guest.example"), house->now, &erased, NULL));
    CHECK_NUMBER(erased.destroyed, 1);
    CHECK_OK(planner_all_meetings(house->planner, house->arena, &all, NULL));
    CHECK_NUMBER(all.count, 0);
    CHECK_OK(store_verify_log(house->store, NULL));
    CHECK_OK(planner_erase_person(house->planner, LIT("bob@guest.example"), house->now, &erased, NULL));
    CHECK_NUMBER(erased.destroyed + erased.rewritten, 0);
    CHECK_NUMBER(planner_erase_person(house->planner, LIT("ada@bureau.example"), house->now, &erased, &why),
                 ST_CONFLICT);
    finish(house);
}

static void erasure_rewrites_what_is_about_others_too(void)
{
    struct house *house = begin(false);
    struct erased erased;
    json_t *held = NULL;
    settle_and_pass(house, bob_and_eve);
    CHECK_OK(planner_export_person(house->planner, LIT("bob@guest.example"), house->arena, &held, NULL));
    struct slice text = json_write(held, house->arena);
    CHECK(slice_contains(text, LIT("Bob Serre")) && slice_contains(text, LIT("mails_to_you")));
    CHECK(!slice_contains(text, LIT("eve@other.example")));
    json_release(&held);
    pass_days(house, 10);
    CHECK_OK(planner_erase_person(house->planner, LIT("bob@guest.example"), house->now, &erased, NULL));
    CHECK_NUMBER(erased.rewritten, 1);
    struct meeting meeting = only_meeting(house);
    CHECK_NUMBER(meeting.people.count, 2);
    CHECK_TEXT(meeting.people.items[1].address, "eve@other.example");
    AUTO_JSON rest = json_from_record(&meeting_record, &meeting, zone_utc());
    CHECK(slice_find_nocase(json_write(rest, house->arena), LIT("bob"), 0) == SIZE_MAX);
    CHECK_OK(planner_export_person(house->planner, LIT("bob@guest.example"), house->arena, &held, NULL));
    CHECK(slice_contains(json_write(held, house->arena), LIT("\"meetings\":[]")));
    json_release(&held);
    finish(house);
}

static void a_refusal_of_mail_outlives_erasure(void)
{
    struct house *house = begin(false);
    struct erased erased;
    settle_and_pass(house, bob);
    write_as(house, bob, "Do not contact me anymore.", OUTCOME_ACCEPTED);
    pass_days(house, 10);
    CHECK_OK(planner_erase_person(house->planner, LIT("bob@guest.example"), house->now, &erased, NULL));
    size_t before = house->sent.count;
    enum meeting_outcome outcome;
    CHECK_OK(receive(house,
                     ADA "To: Bob Serre <bob@guest.example>\r\nCc: iris@bureau.example\r\n"
                         "Message-ID: <again@b.example>",
                     "Iris, please find us 30 minutes on 18 or 19 March for a call.", MAIL_ORIGIN_PASS,
                     &outcome));
    collect(house);
    CHECK(has_mail_to(house, "ada@bureau.example", before));
    CHECK(!has_mail_to(house, "bob@guest.example", before));
    finish(house);
}

static size_t outbox_count(struct house *house)
{
    struct outbox_list rows;
    CHECK_OK(store_list_outbox(house->store, SLICE_NONE, house->arena, &rows, NULL));
    return rows.count;
}

static void retention_destroys_a_year_after_the_end(void)
{
    static const struct {
        int days;
        size_t meetings;
        bool outbox;
    } looks[] = {{1, 1, true}, {20, 1, false}, {364, 1, false}, {369, 0, false}};
    struct house *house = begin(false);
    struct instant start = house->now;
    settle_and_pass(house, bob);
    for (size_t i = 0; i < sizeof looks / sizeof *looks; i++) {
        struct meeting_list all;
        house->now.us = start.us + looks[i].days * DAY_US;
        CHECK_OK(planner_tidy(house->planner, house->now, NULL));
        CHECK_OK(planner_all_meetings(house->planner, house->arena, &all, NULL));
        check_row(looks[i].meetings == 1 ? "kept" : "gone");
        CHECK_NUMBER(all.count, looks[i].meetings);
        CHECK((outbox_count(house) > 0) == looks[i].outbox);
    }
    struct log_entry_list log;
    CHECK_OK(store_list_log(house->store, 0, house->arena, &log, NULL));
    CHECK_TEXT(log.items[log.count - 1].kind, "meeting.content.erased");
    CHECK(slice_contains(log.items[log.count - 1].ids, LIT("cause=retention")));
    CHECK_OK(store_verify_log(house->store, NULL));
    finish(house);
}

static void what_we_wrote_is_not_answered(void)
{
    static const char *const heads[] = {
        "From: iris@bureau.example\r\nTo: iris@bureau.example\r\nSubject: x\r\nMessage-ID: <l1@b.example>",
        ADA "To: iris@bureau.example\r\nX-Loop: <iris@bureau.example>\r\nMessage-ID: <l2@b.example>",
        ADA "To: iris@bureau.example\r\nAuto-Submitted: auto-replied\r\nMessage-ID: <l3@b.example>",
        ADA "To: iris@bureau.example\r\nPrecedence: bulk\r\nMessage-ID: <l4@b.example>",
    };
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        struct house *house = begin(false);
        enum meeting_outcome outcome;
        check_row(heads[i]);
        CHECK_OK(receive(house, heads[i], "Please arrange a call with Bob <bob@guest.example> on Thursday.",
                         MAIL_ORIGIN_PASS, &outcome));
        CHECK_NUMBER(outcome, OUTCOME_IGNORED);
        collect(house);
        CHECK_NUMBER(house->sent.count, 0);
        finish(house);
    }
}

static enum meeting_outcome request(struct house *house, unsigned number)
{
    enum meeting_outcome outcome;
    struct slice head = arena_format(house->arena,
                                     "From: Ada Lorrain <ada@bureau.example>\r\nTo: G%u <g%u@guest.example>\r\n"
                                     "Cc: iris@bureau.example\r\nSubject: Point %u\r\nMessage-ID: <r%u@b.example>",
                                     number, number, number, number);
    CHECK_OK(receive(house, arena_text(house->arena, head),
                     "Iris, please find us 30 minutes on Wednesday or Thursday for a call.",
                     MAIL_ORIGIN_PASS, &outcome));
    collect(house);
    return outcome;
}

static void over_the_limit_one_mail_and_then_silence(void)
{
    static const struct planner_limits limits[] = {{.requests_per_sender = 2},
                                                   {.requests_per_organisation = 2}};
    for (size_t i = 0; i < 2; i++) {
        struct house *house = begin_limited(false, limits[i]);
        check_row(i == 0 ? "sender" : "organisation");
        CHECK_NUMBER(request(house, 1), OUTCOME_ACCEPTED);
        CHECK_NUMBER(request(house, 2), OUTCOME_ACCEPTED);
        size_t before = house->sent.count;
        CHECK_NUMBER(request(house, 3), OUTCOME_REJECTED);
        CHECK_NUMBER(house->sent.count, before + 1);
        CHECK_TEXT(last_to(house, "ada@bureau.example")->order.phrase, "limit.requests");
        CHECK_NUMBER(request(house, 4), OUTCOME_REJECTED);
        CHECK_NUMBER(house->sent.count, before + 1);
        /* What runs goes on. */
        choose_first(house, "g1@guest.example");
        collect(house);
        CHECK(house->sent.count > before + 1);
        pass_days(house, 1);
        CHECK_NUMBER(request(house, 5), OUTCOME_ACCEPTED);
        finish(house);
    }
}

static void mail_over_the_limit_waits_and_is_not_lost(void)
{
    struct house *house = begin_limited(false, (struct planner_limits){.mails_per_organisation = 2});
    struct instant start = house->now;
    for (unsigned i = 1; i <= 5; i++)
        CHECK_NUMBER(request(house, i), OUTCOME_ACCEPTED);
    CHECK_NUMBER(house->sent.count, 2);
    static const size_t by_hour[] = {2, 4, 5, 5};
    for (size_t h = 0; h < 4; h++) {
        house->now.us = start.us + (int64_t)h * 60 * MINUTE_US;
        collect(house);
        CHECK_NUMBER(house->sent.count, by_hour[h]);
    }
    finish(house);
}

static void one_guest_gets_so_many_mails_a_day(void)
{
    struct house *house = begin_limited(false, (struct planner_limits){.mails_per_address = 2});
    for (int i = 0; i < 4; i++)
        ask_for_a_meeting(house, bob);
    size_t first = 0, all = 0;
    for (size_t i = 0; i < house->sent.count; i++)
        first += slice_equal(house->sent.items[i].order.to.address, LIT("bob@guest.example"));
    CHECK_NUMBER(first, 2);
    pass_days(house, 1);
    collect(house);
    for (size_t i = 0; i < house->sent.count; i++)
        all += slice_equal(house->sent.items[i].order.to.address, LIT("bob@guest.example"));
    CHECK_NUMBER(all, 4);
    finish(house);
}

/* A program that answers each mail of ours with the same words, and does not say so. */
static void the_same_words_are_not_answered_for_ever(void)
{
    struct house *house = begin(false);
    size_t answered = 0;
    ask_for_a_meeting(house, bob);
    for (int i = 0; i < 30; i++) {
        enum meeting_outcome outcome;
        size_t before = house->sent.count;
        struct slice head = arena_format(
            house->arena,
            "From: %s\r\nTo: iris@bureau.example\r\nSubject: Re: Budget\r\n"
            "In-Reply-To: <%.*s>\r\nMessage-ID: <v%d@guest.example>",
            bob, SLICE_ARG(last_to(house, "bob@guest.example")->draft.message_id), i);
        CHECK_OK(receive(house, arena_text(house->arena, head),
                         "None of these suits me at all, could we make it some other day instead?",
                         MAIL_ORIGIN_PASS, &outcome));
        collect(house);
        answered += house->sent.count > before;
    }
    CHECK(answered >= 1 && answered <= 3);
    finish(house);
}

static void a_dead_address_is_named_to_the_organizer(void)
{
    static const struct {
        const char *status, *says;
        bool permanent;
    } cases[] = {
        {"5.1.1", "The address bob@guest.example of Bob Serre does not exist", true},
        {"5.1.10", "does not exist", true},
        {"5.2.2", "My message to Bob Serre (bob@guest.example) did not arrive", true},
        {"4.4.1", NULL, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct house *house = begin(true);
        enum meeting_outcome outcome;
        check_row(cases[i].status);
        ask_for_a_meeting(house, bob);
        size_t before = house->sent.count;
        struct mail mail = {.from = {SLICE_NONE, LIT("mailer-daemon@bureau.example")},
                            .nature = MAIL_BOUNCE,
                            .original_id = last_to(house, "bob@guest.example")->draft.message_id};
        ARENA_PUSH(house->arena, &mail.failures,
                   ((struct mail_failure){.address = LIT("bob@guest.example"),
                                          .permanent = cases[i].permanent,
                                          .status = slice_from(cases[i].status)}));
        struct received_mail received = {.id = LIT("dsn"), .raw = LIT("x"), .mail = &mail};
        CHECK_OK(planner_receive(house->planner, &received, house->now, &outcome, NULL));
        collect(house);
        CHECK_NUMBER(house->sent.count, before + (cases[i].says != NULL));
        if (cases[i].says != NULL)
            CHECK(slice_contains(last_to(house, "ada@bureau.example")->draft.text,
                                 slice_from(cases[i].says)));
        finish(house);
    }
}

int main(void)
{
    TEST(over_the_limit_one_mail_and_then_silence);
    TEST(mail_over_the_limit_waits_and_is_not_lost);
    TEST(one_guest_gets_so_many_mails_a_day);
    TEST(the_same_words_are_not_answered_for_ever);
    TEST(a_dead_address_is_named_to_the_organizer);
    TEST(every_mail_to_a_guest_says_who_writes_and_how_to_stop);
    TEST(a_link_stops_all_mail_after_one_confirmation);
    TEST(the_others_go_on_without_them);
    TEST(a_confirmed_meeting_stands_and_the_organizer_knows);
    TEST(mail_that_waits_is_not_sent_to_who_stopped_it);
    TEST(a_complaint_counts_only_with_a_mail_of_ours);
    TEST(data_is_given_and_erased_only_by_the_second_link);
    TEST(whoever_has_the_link_cannot_fill_a_mailbox);
    TEST(erasure_destroys_what_is_only_about_them);
    TEST(erasure_rewrites_what_is_about_others_too);
    TEST(a_refusal_of_mail_outlives_erasure);
    TEST(retention_destroys_a_year_after_the_end);
    TEST(what_we_wrote_is_not_answered);
    return check_done();
}
