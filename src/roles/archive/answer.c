/* The first good answer of a restored store: an organizer calls a meeting off, or a client asks for one, and
 * the planner's own code decides, commits and writes. The store is a copy that nobody keeps. */
#include "domain/intent/intent.h"
#include "roles/archive/internal.h"
#include "roles/planner/inspect.h"

enum { TRIED_MAX = 5, ARENA_BYTES_MAX = 1 << 29 };

struct exercise {
    struct planner *planner;
    struct arena *arena;
    struct instant now;
    unsigned tried;
    struct problem *why;
};

static struct mail mail_of(struct exercise *e, struct mailbox from, const char *text)
{
    struct civil wall = civil_from_us(e->now.us);
    return (struct mail){
        .from = from,
        .message_id = arena_format(e->arena, "exercise-%lld-%u@restored.example", (long long)e->now.us, e->tried),
        .has_date = true,
        .date = wall,
        .text = slice_from(text),
        .new_text = slice_from(text),
    };
}

/* Accepted, committed, and a mail waits to go out. */
static bool is_answered(struct exercise *e, const struct mail *mail)
{
    struct received_mail received = {
        .id = arena_format(e->arena, "exercise-%u", e->tried++), .raw = mail->text, .mail = mail};
    enum meeting_outcome outcome;
    struct outgoing outgoing;
    struct slice id;
    return planner_receive(e->planner, &received, e->now, &outcome, e->why) == ST_OK && outcome == OUTCOME_ACCEPTED &&
           planner_next_mail(e->planner, e->now, e->arena, &id, &outgoing, e->why) == ST_OK;
}

static bool calls_off(struct exercise *e, const struct meeting *meeting)
{
    if (meeting->people.count == 0 || meeting->message_ids.count == 0)
        return false;
    const struct participant *organizer = &meeting->people.items[0];
    struct mail mail = mail_of(e, (struct mailbox){organizer->name, organizer->address},
                               organizer->language == LANGUAGE_FR ? "Merci d'annuler ce rendez-vous."
                                                                  : "Please cancel this meeting.");
    mail.subject = meeting->subject;
    mail.in_reply_to = meeting->message_ids.items[meeting->message_ids.count - 1];
    return is_answered(e, &mail);
}

static bool asks_for_one(struct exercise *e, const struct person *client)
{
    struct mail mail = mail_of(e, (struct mailbox){client->name, client->address},
                               "Please find 30 minutes with Alex next week.");
    struct mailbox guest = {LIT("Alex Restored"), LIT("alex@restored.example")};
    mail.subject = LIT("Restored");
    ARENA_PUSH(e->arena, &mail.cc, guest);
    return is_answered(e, &mail);
}

enum status answer_a_mail(struct planner *planner, struct instant now, bool *answered,
                          struct problem *why)
{
    AUTO_ARENA arena = arena_create_wiped(ARENA_BYTES_MAX);
    struct problem last = {0};
    struct exercise e = {planner, arena, now, 0, &last};
    struct meeting_list meetings;
    struct person_list clients;
    *answered = false;
    TRY(planner_sample(planner, now, TRIED_MAX, arena, &meetings, &clients, why));
    for (size_t i = 0; i < meetings.count && !*answered; i++)
        *answered = calls_off(&e, &meetings.items[i]);
    for (size_t i = 0; i < clients.count && !*answered; i++)
        *answered = asks_for_one(&e, &clients.items[i]);
    if (*answered || e.tried == 0)
        return ST_OK;
    if (last.status == ST_UNAVAILABLE)
        return problem_set(why, ST_UNAVAILABLE, "%s", last.detail);
    return problem_set(why, ST_DENIED, "the restored store answers no mail");
}
