#ifndef RENDEZ_ROLES_PLANNER_H
#define RENDEZ_ROLES_PLANNER_H

#include "domain/calendar/calendar.h"
#include "domain/meeting/meeting.h"
#include "domain/supervision/supervision.h"
#include "formats/ical/ical.h"
#include "formats/mime/mime.h"
#include "platform/store/store.h"
#include "roles/messages/keys.h"
#include "roles/messages/people.h"

/* The planner: the only writer of meetings. It finds the meeting that an event belongs
 * to, has it decided by domain/meeting, and commits state, holds, outgoing mail, tasks
 * and log entry in one transaction. The same code serves the role, `rendez replay` and
 * the tests; what is outside comes through ports. */

struct planner;

/* What the planner asks of others. In the service these are messages to other roles;
 * in a replay, calls. */
struct planner_ports {
    void *self;
    /* intent_read, in the reader's sandbox. */
    enum status (*understand)(void *self, const struct mail *mail,
                              const struct intent_context *context, struct arena *arena,
                              struct reading *reading, struct problem *why);
    /* What a person's calendar holds in a window, in order of start; titles only where
     * they are asked for. */
    enum status (*read_calendar)(void *self, const struct person *person, struct interval window,
                                 bool titles, struct arena *arena, struct occurrence_list *out,
                                 struct problem *why);
    /* Any key, as keyd gives it out. The key's bytes come in *key (NULL where there is none), which
     * the caller destroys; `given` holds the rest, in the arena. */
    enum status (*key)(void *self, const struct key_ask *ask, struct arena *arena,
                       struct key_given *given, struct secret **key, struct problem *why);
};

/* 0: no limit. */
struct planner_limits {
    uint32_t requests_per_sender, requests_per_organisation; /* new meetings in a day (UTC) */
    uint32_t mails_per_organisation; /* in an hour */
    uint32_t mails_per_address;      /* to one guest, in a day */
};

struct planner_options {
    struct planner_limits limits;
    struct mailbox assistant;
    struct slice link_base;     /* "https://meet.example/r/", or empty */
    bool origin_required;       /* act only on senders that our MTA has verified */
    uint32_t retention_months;  /* after the end of a meeting its content goes; 0: never */
    struct supervision_rules supervision; /* no minutes: supervision_defaults, without second looks */
    bool sandbox;               /* keep mailboxes for .example people, answer sandbox.* */
    uint64_t seed;              /* replay: ids and link secrets follow from it; 0: random */
};

/* The store must outlive it. ST_UNAVAILABLE or ST_DENIED where a key is not to be had. */
MUST_USE enum status planner_create(struct store *store, const struct planner_ports *ports,
                                    const struct planner_options *options, struct planner **out,
                                    struct problem *why);
void planner_destroy(struct planner **planner);

/* A message as the reader has parsed it. */
struct received_mail {
    struct slice id;                 /* spool id: handled once, however often it comes */
    struct slice raw;
    const struct mail *mail;
    const struct ical_calendar *itip; /* attached iTIP, or NULL */
};

/* Handles one message and commits what it leads to. ST_UNAVAILABLE: nothing was
 * committed, try again; every other failure is final and logged. */
MUST_USE enum status planner_receive(struct planner *planner, const struct received_mail *received,
                                     struct instant now, enum meeting_outcome *outcome,
                                     struct problem *why);

/* A message that could not be parsed or handled: a task for a person. Its bytes are kept,
 * sealed, until the task is closed. Handled once, however often it comes. */
struct unreadable {
    struct slice id, reason, raw;
};
MUST_USE enum status planner_report_unreadable(struct planner *planner,
                                               const struct unreadable *unreadable,
                                               struct instant now, struct problem *why);

enum { PLANNER_CLOCK_STEP_US = 2 * 1000000 }; /* smaller ones do not matter */
/* The clock was set back by so much: mail and jobs do not wait for it to be as late again. */
MUST_USE enum status planner_clock_set_back(struct planner *planner, struct duration by,
                                            struct instant now, struct problem *why);
/* After a start: what was being sent when the process ended is offered again at once. Also sees
 * whether the clock was set back meanwhile: the log would have entries of later. */
MUST_USE enum status planner_resume(struct planner *planner, struct instant now,
                                    struct problem *why);

/* The personal link of a guest. */
struct link_view {
    struct meeting meeting;        /* only for rendering; in the arena */
    struct participant reader;
    uint32_t number;               /* the slot that the link stands for; 0: none of them */
};
/* ST_NOT_FOUND: forged, or of a meeting that is gone. Changes nothing. */
MUST_USE enum status planner_link_show(struct planner *planner, struct slice token,
                                       struct arena *arena, struct link_view *out,
                                       struct problem *why);
/* number 0: none suits; `words` (may be empty) then says what would, and is read as a mail
 * would be. ST_CONFLICT: that slot is no longer offered. */
MUST_USE enum status planner_link_choose(struct planner *planner, struct slice token,
                                         uint32_t number, struct slice words, struct instant now,
                                         enum meeting_outcome *outcome, struct problem *why);

/* Decides the oldest open supervision task; ST_NOT_FOUND when there is none. */
MUST_USE enum status planner_supervise(struct planner *planner,
                                       const struct supervisor_decision *decision,
                                       struct instant now, enum meeting_outcome *outcome,
                                       struct problem *why);

/* When the next meeting wants to be woken; false: none does. */
bool planner_next_due(struct planner *planner, struct instant *due);
/* Wakes every meeting that is due at `now`. Some may fail, each logged; they stay due, and
 * the status is that of the last one. */
MUST_USE enum status planner_wake(struct planner *planner, struct instant now,
                                  struct problem *why);

/* Destroys what is past its retention: keys and content of meetings, mail and jobs that are
 * done, what was noted of inbound mail. Once an hour is plenty. */
MUST_USE enum status planner_tidy(struct planner *planner, struct instant now,
                                  struct problem *why);

/* Upkeep, between other work: keys that are to be rotated, rows of erased organisations. What is
 * to be done is in the store, so it goes on after whatever ends the process. */
/* Rotates a key: of an organisation, of one meeting, or of all meetings of an organisation.
 * UPKEEP_ROOT by itself: it begins when keyd has a newer root key than the store.
 * ST_NOT_FOUND: no such one, or erased. */
MUST_USE enum status planner_rotate(struct planner *planner, enum upkeep_kind kind, struct slice id,
                                    struct instant now, struct problem *why);
/* Begins what a newer root key asks for; nothing when all is of the newest. planner_resume does it. */
MUST_USE enum status planner_look_at_root(struct planner *planner, struct instant now,
                                          struct problem *why);
/* Makes beforehand what the first correction of a supervisor would wait for. */
void planner_expect_corrections(struct planner *planner);

/* One small transaction of it; *more: there is more to do. A failure is tried again later. */
MUST_USE enum status planner_upkeep(struct planner *planner, struct instant now, bool *more,
                                    struct problem *why);
/* How much of it is left. */
MUST_USE enum status planner_upkeep_left(struct planner *planner, const struct upkeep *upkeep,
                                         uint32_t *left, struct problem *why);
/* Erases a meeting, or an organisation with all that is its: nothing opens any of it when this
 * is ST_OK. The rows of an organisation go by planner_upkeep.
 * ST_NOT_FOUND: no such one, or erased already. */
MUST_USE enum status planner_erase_meeting(struct planner *planner, struct slice id,
                                           struct instant now, struct problem *why);
MUST_USE enum status planner_erase_organisation(struct planner *planner, struct slice id,
                                                struct instant now, struct problem *why);

/* Outgoing mail: what mailout sends, and the order it was written from. */
struct outgoing {
    struct mail_draft draft;
    struct mail_order order;
    struct slice meeting;
    struct slice_list links; /* personal link of each offer, in order */
};
extern const struct record_type outgoing_record;

/* The next mail that waits at `now`; ST_NOT_FOUND when none does. It is offered again
 * until it is marked. */
MUST_USE enum status planner_next_mail(struct planner *planner, struct instant now,
                                       struct arena *arena, struct slice *id,
                                       struct outgoing *out, struct problem *why);
/* ST_OK: delivered; ST_UNAVAILABLE: later; else: given up, the meeting hears of it. */
MUST_USE enum status planner_mail_done(struct planner *planner, struct slice id,
                                       enum status result, struct instant now,
                                       struct problem *why);

/* Writing calendars: an event to put into, or take out of, a person's calendar. */
struct calendar_job {
    struct slice id;
    uint32_t attempts;
    bool remove;
    bool has_person; /* false: nothing to do any more */
    struct person person;
    struct ical_event event;
};
/* ST_NOT_FOUND when nothing waits. */
MUST_USE enum status planner_next_job(struct planner *planner, struct instant now,
                                      struct arena *arena, struct calendar_job *out,
                                      struct problem *why);
MUST_USE enum status planner_job_done(struct planner *planner, struct slice id, uint32_t attempts,
                                      enum status result, struct instant now,
                                      struct problem *why);

/* What authd says of a person, as often as it says it. ST_NOT_FOUND: no such organisation here;
 * ST_CONFLICT: somebody else has that address. */
MUST_USE enum status planner_person_told(struct planner *planner, const struct person_told *told,
                                         struct instant now, struct problem *why);
/* A mail about an account, once for each notice. ST_NOT_FOUND: no such phrase. */
MUST_USE enum status planner_notice(struct planner *planner, const struct notice *notice,
                                    struct instant now, struct problem *why);

/* authd says that a person left, or was cut: nothing is organised for them by mail any more, and
 * what is in their calendar is not ours to see. Their meetings go on for the others, under the
 * rules of a guest. *ended: how much that ended, 0 where there was nothing (or nobody).
 *   cause  "function": they are somebody else here now, and what they may is said by itself */
MUST_USE enum status planner_person_ended(struct planner *planner, struct slice person,
                                          struct slice cause, struct instant now, uint32_t *ended,
                                          struct problem *why);

/* For keyd, which lends keys of meetings to people while these are in progress. Not inside of a unit
 * of work: what is committed counts. */
struct meeting_progress {
    struct slice id, organisation;
    bool in_progress;
    struct slice assigned; /* who has a task of it; empty: nobody */
};
struct meeting_progress_list {
    struct meeting_progress *items;
    size_t count, capacity;
};
/* Those that may have changed since the last call. *all: more than were noted, or another process
 * wrote; ask for all. */
MUST_USE enum status planner_progress_changed(struct planner *planner, struct arena *arena,
                                              struct meeting_progress_list *out, bool *all,
                                              struct problem *why);
/* All that are, some at a time: *cursor is 0 at first, and 0 again when there are no more. */
MUST_USE enum status planner_progress_all(struct planner *planner, uint32_t *cursor,
                                          struct arena *arena, struct meeting_progress_list *out,
                                          struct problem *why);

/* Writes to whose calendar it is that it cannot be read, or not be written, once a day. */
MUST_USE enum status planner_tell_calendar(struct planner *planner, struct slice person, bool writing,
                                           struct instant now, struct problem *why);

/* Every meeting, oldest first, opened; for replay and the sandbox page. */
struct meeting_list {
    struct meeting *items;
    size_t count, capacity;
};
MUST_USE enum status planner_all_meetings(struct planner *planner, struct arena *arena,
                                          struct meeting_list *out, struct problem *why);

/* Open supervision tasks, oldest first. */
MUST_USE enum status planner_open_tasks(struct planner *planner, struct arena *arena,
                                        struct task_list *out, struct problem *why);

/* What browsers ask through the api (src/roles/api/README.md): `name` is "link.show",
 * "link.choose", "meetings.list", "sandbox.view", "health"; *json becomes the answer's text, or on
 * failure {"detail": …}.
 *   caller  who asks, as authd has asserted it; NULL: nobody, only what the json itself proves counts */
struct planner_caller {
    struct slice person, organisation, right;
    struct slice function; /* "supervision_lead" */
};
/* The right that a caller must have for a command; NULL: it needs no caller. */
const char *planner_command_right(struct slice name);
enum status planner_command(struct planner *planner, const struct planner_caller *caller,
                            struct slice name, struct slice json_in, struct instant now,
                            struct arena *arena, struct slice *json_out);

/* Sandbox: writes the mail that a person of the page wants sent. The caller hands `raw`
 * to mailin, as an MTA would (not when `for_assistant` is false), and then has it kept
 * under the id that mailin gave it. */
struct sandbox_mail_draft {
    struct slice raw;
    bool for_assistant;
    const void *entry; /* for planner_sandbox_keep */
};
MUST_USE enum status planner_sandbox_compose(struct planner *planner, struct slice json_in,
                                             struct instant now, struct arena *arena,
                                             struct sandbox_mail_draft *out, struct problem *why);
MUST_USE enum status planner_sandbox_keep(struct planner *planner,
                                          const struct sandbox_mail_draft *draft, struct slice id,
                                          struct instant now, struct problem *why);
/* Sandbox: a mail of ours has arrived in its reader's mailbox. */
MUST_USE enum status planner_sandbox_deliver(struct planner *planner,
                                             const struct outgoing *outgoing, struct slice id,
                                             struct instant now, struct problem *why);

/* Administration: what `rendez init`, `person` and the replay write. */
MUST_USE enum status planner_add_organisation(struct planner *planner, struct slice id,
                                              struct slice name, struct problem *why);
MUST_USE enum status planner_add_person(struct planner *planner, const struct person *person,
                                        struct problem *why);

#endif
