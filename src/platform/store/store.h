#ifndef RENDEZ_PLATFORM_STORE_H
#define RENDEZ_PLATFORM_STORE_H

#include "base/datetime/datetime.h"
#include "domain/supervision/figures.h"
#include "domain/supervision/supervision.h"
#include "platform/keyfile/keyfile.h"
#include "platform/sql/chain.h"
#include "platform/vault/scan.h"
#include "platform/vault/vault.h"

/* Storage in the words of the service. What is private goes in as `struct sealed` and
 * comes out as it: the store holds no key (sealing.h seals and opens records). Hashes are
 * of sealing_address_hash and sealing_message_id_hash. doc/storage.md shows the tables.
 *
 * Changes that belong together go between store_begin and store_commit; a call outside
 * of them is a transaction of its own. Lists come in the order of creation unless said
 * otherwise. Texts, hashes and sealed values of what is loaded are copied into the arena.
 *
 * Every function may answer ST_UNAVAILABLE (disk full, locked for long, connection lost);
 * after it, and after any failed change inside a transaction, roll back. */
struct store;
#define AUTO_STORE __attribute__((cleanup(store_destroy))) struct store *

/* Opens (creates) the database and brings it to the newest version; of an older one a copy is
 * made before, "FILE.before-VERSION" (platform/sql).
 *   where  a path or ":memory:" for sqlite_driver; the file is created with mode 0600
 * ST_CONFLICT  it was written by a newer version of rendez
 * ST_INVALID   not a database */
MUST_USE enum status store_open(const struct sql_driver *driver, const char *where,
                                struct store **out, struct problem *why);
void store_destroy(struct store **store); /* rolls back what is open; accepts NULL */

MUST_USE enum status store_begin(struct store *store, struct problem *why);
/* For what is said again soon: its commit does not wait for the disk (platform/sql). */
MUST_USE enum status store_begin_light(struct store *store, struct problem *why);
MUST_USE enum status store_commit(struct store *store, struct problem *why);
void store_rollback(struct store *store); /* nothing when no transaction is open */

/* "PREFIX_" and 26 letters and digits: 128 random bits (seeded in a replay). */
struct slice store_new_id(const char *prefix, struct arena *arena);

/* Keys, wrapped, in a file of their own beside the database: keyfile.h, of which these are the
 * functions by another name. A key is written before what it seals is committed, and destroyed
 * after what it sealed is (doc/storage.md). */
/* Adds it, or replaces how it is wrapped. */
MUST_USE enum status store_put_key(struct store *store, const struct stored_key *key,
                                   struct problem *why);
/* version 0: the newest. ST_NOT_FOUND: destroyed. */
MUST_USE enum status store_load_key(struct store *store, enum stored_key_kind kind, struct slice id,
                                    uint32_t version, struct arena *arena, struct stored_key *out,
                                    struct problem *why);
MUST_USE enum status store_list_keys(struct store *store, const struct key_range *range,
                                     uint32_t limit, struct arena *arena,
                                     struct stored_key_list *out, struct problem *why);
MUST_USE enum status store_count_keys(struct store *store, const struct key_range *range,
                                      uint32_t *count, struct problem *why);
/* Several, all or none. */
MUST_USE enum status store_put_keys(struct store *store, const struct stored_key_list *keys,
                                    struct problem *why);
MUST_USE enum status store_last_key(struct store *store, uint32_t *seq, struct problem *why);
/* Destroys the versions before `below`; inside a transaction in which nothing needs them. */
MUST_USE enum status store_end_old_keys(struct store *store, enum stored_key_kind kind,
                                        struct slice id, uint32_t below, struct problem *why);
/* What was erased has no key any more when this is ST_OK; store_commit tries it by itself. */
MUST_USE enum status store_end_keys(struct store *store, struct problem *why);
/* Some meetings' keys of an organisation that is erased. */
MUST_USE enum status store_end_some_keys(struct store *store, struct slice organisation,
                                         uint32_t limit, size_t *ended, struct problem *why);
MUST_USE enum status store_survey_keys(struct store *store, struct arena *arena,
                                       struct key_survey_list *out, struct problem *why);

/* What is done between other work until nothing is left of it: keys rotated, the rows of an erased
 * organisation taken away. */
enum upkeep_kind {
    UPKEEP_ROOT,         /* what an older root key wraps and seals */
    UPKEEP_ORGANISATION, /* id: the organisation's key */
    UPKEEP_MEETINGS,     /* id: of an organisation; the keys of its meetings */
    UPKEEP_MEETING,      /* id: its key */
    UPKEEP_SWEEP,        /* id: of an erased organisation; its rows */
    UPKEEP_KIND_COUNT_,
};
extern const char *const upkeep_kind_names[UPKEEP_KIND_COUNT_];
struct upkeep {
    enum upkeep_kind kind;
    struct slice id;
    uint32_t target; /* keys up to this number are to go */
    uint32_t total;  /* how much there was to do */
    struct instant begun;
};
struct upkeep_list {
    struct upkeep *items;
    size_t count, capacity;
};
/* Begins anew what is there already. */
MUST_USE enum status store_save_upkeep(struct store *store, const struct upkeep *upkeep,
                                       struct problem *why);
MUST_USE enum status store_end_upkeep(struct store *store, enum upkeep_kind kind, struct slice id,
                                      struct problem *why);
/* The oldest first, at most 1000. */
MUST_USE enum status store_list_upkeep(struct store *store, struct arena *arena,
                                       struct upkeep_list *out, struct problem *why);

/* Entries that are sealed anew, by where they lie. Rows of a meeting go through
 * store_list_messages and the like; these are the others. */
enum sealed_rows {
    SEALED_ROWS_PEOPLE,        /* of one organisation */
    SEALED_ROWS_MESSAGES,      /* of no meeting, and so the following */
    SEALED_ROWS_OUTBOX,
    SEALED_ROWS_TASKS,
    SEALED_ROWS_SANDBOX,
    SEALED_ROWS_LESSONS,
    SEALED_ROWS_COUNT_,
};
struct sealed_row {
    struct slice id;
    struct sealed first, second; /* second: a message's reading; may be empty */
};
struct sealed_row_list {
    struct sealed_row *items;
    size_t count, capacity;
};
/* Those whose first value is of a version before `below`; at most `limit`. */
MUST_USE enum status store_list_sealed(struct store *store, enum sealed_rows rows,
                                       struct slice organisation, uint32_t below, uint32_t limit,
                                       struct arena *arena, struct sealed_row_list *out,
                                       struct problem *why);
MUST_USE enum status store_count_sealed(struct store *store, enum sealed_rows rows,
                                        struct slice organisation, uint32_t below, uint32_t *count,
                                        struct problem *why);
/* Puts other values into the row. Of a meeting: its jobs too, and its row, whose version grows,
 * so that nobody saves over it what they loaded before. */
enum resealed { RESEALED_PERSON, RESEALED_MESSAGE, RESEALED_OUTBOX, RESEALED_TASK, RESEALED_SANDBOX,
                RESEALED_JOB, RESEALED_MEETING, RESEALED_ORGANISATION, RESEALED_LESSON, RESEALED_COUNT_ };
MUST_USE enum status store_reseal(struct store *store, enum resealed what, struct slice id,
                                  struct sealed first, struct sealed second, struct problem *why);

/* Meetings of an organisation that are not erased, at most `limit`. */
MUST_USE enum status store_list_unerased(struct store *store, struct slice organisation,
                                         uint32_t limit, struct arena *arena,
                                         struct slice_list *ids, struct problem *why);

/* Organisations. state: "active", "closed", "erased". */
struct stored_organisation {
    struct slice id, state;
    struct instant created;
    struct wrapped_key key; /* by the root key; the newest. Empty: erased */
    struct sealed record;
};
struct stored_organisation_list {
    struct stored_organisation *items;
    size_t count, capacity;
};
/* Adds, or replaces state and record. */
MUST_USE enum status store_save_organisation(struct store *store,
                                             const struct stored_organisation *organisation,
                                             struct problem *why);
MUST_USE enum status store_load_organisation(struct store *store, struct slice id,
                                             struct arena *arena, struct stored_organisation *out,
                                             struct problem *why);
/* Those that are not erased. */
MUST_USE enum status store_list_organisations(struct store *store, struct arena *arena,
                                              struct stored_organisation_list *out,
                                              struct problem *why);
/* State "ended": its meetings and people are there, but nothing moves any more. Again: nothing
 * changes. ST_NOT_FOUND: none of that id, or it was erased. */
MUST_USE enum status store_end_organisation(struct store *store, struct slice id,
                                            struct problem *why);
/* Its key is destroyed, and with it all that it opens; store_sweep takes the rows away.
 * ST_NOT_FOUND: no such one, or erased. */
MUST_USE enum status store_erase_organisation(struct store *store, struct slice id,
                                              struct problem *why);

/* People with an account, a calendar or a sandbox mailbox. role: "client", "guest", …;
 * state: "active", … */
struct stored_person {
    struct slice id, organisation, role, state;
    struct instant created;
    struct slice address_hash;
    struct sealed record; /* struct person */
};
struct stored_person_list {
    struct stored_person *items;
    size_t count, capacity;
};
/* Adds, or replaces everything but organisation and date. ST_CONFLICT: somebody else has
 * that address. ST_NOT_FOUND: no such organisation. */
MUST_USE enum status store_save_person(struct store *store, const struct stored_person *person,
                                       struct problem *why);
MUST_USE enum status store_load_person(struct store *store, struct slice id, struct arena *arena,
                                       struct stored_person *out, struct problem *why);
MUST_USE enum status store_find_person(struct store *store, struct slice address_hash,
                                       struct arena *arena, struct stored_person *out,
                                       struct problem *why);
/* organisation: empty for all. */
MUST_USE enum status store_list_people(struct store *store, struct slice organisation,
                                       struct arena *arena, struct stored_person_list *out,
                                       struct problem *why);
/* With holds and calendar copy. */
MUST_USE enum status store_remove_person(struct store *store, struct slice id,
                                         struct problem *why);

/* Meetings. state: of meeting_state_names. due: when to wake (us 0: never). */
struct stored_meeting {
    struct slice id, organisation, state;
    uint32_t version; /* 0: not stored yet */
    struct instant due, created;
    struct wrapped_key key; /* by the organisation's; the version that `record` is sealed with */
    struct sealed record;   /* struct meeting */
};
struct stored_meeting_list {
    struct stored_meeting *items;
    size_t count, capacity;
};
/* Version 0 adds it, and its key unless that is empty (put before, by store_put_keys); else
 * replaces state, due and record of that very version. The stored
 * version is one more than the given one.
 * ST_CONFLICT  somebody saved it in between (load again and look), or the id exists */
MUST_USE enum status store_save_meeting(struct store *store, const struct stored_meeting *meeting,
                                        struct problem *why);
MUST_USE enum status store_load_meeting(struct store *store, struct slice id, struct arena *arena,
                                        struct stored_meeting *out, struct problem *why);
/* organisation: empty for all. */
MUST_USE enum status store_list_meetings(struct store *store, struct slice organisation,
                                         struct arena *arena, struct stored_meeting_list *out,
                                         struct problem *why);
/* Replaces the set of people who take part. */
MUST_USE enum status store_set_participants(struct store *store, struct slice meeting,
                                            const struct slice_list *address_hashes,
                                            struct problem *why);
/* The newest first, at most 100. */
MUST_USE enum status store_find_meetings_by_participant(struct store *store,
                                                        struct slice address_hash,
                                                        struct arena *arena,
                                                        struct stored_meeting_list *out,
                                                        struct problem *why);
/* All that are not erased, the oldest first; at most 10,000. */
MUST_USE enum status store_find_all_of_participant(struct store *store, struct slice address_hash,
                                                   struct arena *arena,
                                                   struct stored_meeting_list *out,
                                                   struct problem *why);
/* Those that a message belongs to, the newest first. */
MUST_USE enum status store_find_meetings_by_message_id(struct store *store,
                                                       struct slice message_id_hash,
                                                       struct arena *arena,
                                                       struct stored_meeting_list *out,
                                                       struct problem *why);
/* The newest of these. ST_NOT_FOUND. */
MUST_USE enum status store_find_meeting_by_message_id(struct store *store,
                                                      struct slice message_id_hash,
                                                      struct arena *arena,
                                                      struct stored_meeting *out,
                                                      struct problem *why);
/* Those to wake at `now`, the most urgent first, at most 100. */
MUST_USE enum status store_due_meetings(struct store *store, struct instant now,
                                        struct arena *arena, struct stored_meeting_list *out,
                                        struct problem *why);
/* Destroys the key and everything that was sealed with it; id, state and dates remain.
 * Such a meeting is found by store_load_meeting and store_list_meetings only, with empty
 * key and record. */
MUST_USE enum status store_erase_meeting(struct store *store, struct slice id, struct instant at,
                                         struct problem *why);

/* A meeting that is in progress: being organised, and neither settled nor given up nor erased. */
struct stored_progress {
    uint32_t seq;
    struct slice id, organisation;
};
struct stored_progress_list {
    struct stored_progress *items;
    size_t count, capacity;
};
/* Those behind that seq (0: from the first), 500 at most. */
MUST_USE enum status store_list_progress(struct store *store, uint32_t after, struct arena *arena,
                                         struct stored_progress_list *out, struct problem *why);
/* ST_NOT_FOUND: it is not in progress. */
MUST_USE enum status store_find_progress(struct store *store, struct slice id, struct arena *arena,
                                         struct stored_progress *out, struct problem *why);
/* A number that is another one when another process has written. */
MUST_USE enum status store_changes(struct store *store, uint32_t *changes, struct problem *why);

/* All that lies beside a meeting's own row goes: messages, outgoing mail, jobs, tasks. */
MUST_USE enum status store_clear_meeting(struct store *store, struct slice id,
                                         struct problem *why);
/* From when a meeting's retention counts; replaces what was said before. */
MUST_USE enum status store_set_retention(struct store *store, struct slice meeting,
                                         struct instant since, struct problem *why);
/* Meetings not erased whose retention counts from `since` or earlier, at most 100. */
MUST_USE enum status store_retained_since(struct store *store, struct instant since,
                                          struct arena *arena, struct stored_meeting_list *out,
                                          struct problem *why);

/* Addresses that get no mail: from one organisation, or (empty) from the installation.
 * Outlives whatever is erased. cause: "link", "words", "complaint", "operator". */
MUST_USE enum status store_suppress(struct store *store, struct slice address_hash,
                                    struct slice organisation, const char *cause,
                                    struct instant at, struct problem *why);
/* By the organisation or by the installation. */
MUST_USE enum status store_is_suppressed(struct store *store, struct slice address_hash,
                                         struct slice organisation, bool *suppressed,
                                         struct problem *why);
/* Of every scope. ST_NOT_FOUND: was not suppressed. */
MUST_USE enum status store_lift_suppression(struct store *store, struct slice address_hash,
                                            struct problem *why);

/* Counts one more of a kind for a subject (a keyed hash) in the period that begins then;
 * *count becomes how many there are now. */
MUST_USE enum status store_tally(struct store *store, struct slice subject, const char *kind,
                                 struct instant period, uint32_t *count, struct problem *why);

/* Throws away what ended at these instants or earlier. Running work and meetings stay. */
struct purge {
    struct instant work;    /* mail and jobs that are done or failed; tallies; the copy that was
                               made before a migration */
    struct instant content; /* messages of no meeting, what was noted of inbound mail, closed
                               tasks, sandbox mailboxes */
    struct instant figures; /* what became of tasks */
};
MUST_USE enum status store_purge(struct store *store, const struct purge *before,
                                 struct problem *why);

/* Messages, theirs and ours. A message of a meeting links its Message-ID to it. */
enum message_direction { MESSAGE_IN, MESSAGE_OUT };
struct stored_message {
    struct slice id, meeting; /* meeting: may be empty */
    enum message_direction direction;
    struct instant at;
    struct slice message_id_hash; /* empty without Message-ID */
    struct sealed raw, reading;   /* reading: may be empty */
};
struct stored_message_list {
    struct stored_message *items;
    size_t count, capacity;
};
MUST_USE enum status store_add_message(struct store *store, const struct stored_message *message,
                                       struct problem *why);
/* Links one more Message-ID to a meeting (a mail that asks for two meetings, a sent one). */
MUST_USE enum status store_link_message(struct store *store, struct slice message_id_hash,
                                        struct slice meeting, struct problem *why);
MUST_USE enum status store_load_message(struct store *store, struct slice id, struct arena *arena,
                                        struct stored_message *out, struct problem *why);
/* Of one meeting; of none when it is empty. */
MUST_USE enum status store_list_messages(struct store *store, struct slice meeting,
                                         struct arena *arena, struct stored_message_list *out,
                                         struct problem *why);
/* The newest of one meeting, oldest first, without their raw bytes. */
MUST_USE enum status store_list_readings(struct store *store, struct slice meeting, uint32_t limit,
                                         struct arena *arena, struct stored_message_list *out,
                                         struct problem *why);
MUST_USE enum status store_remove_message(struct store *store, struct slice id,
                                          struct problem *why);

/* Mail that was handled. Note it in the transaction that carries its effects: true in
 * *duplicate means that the same spool entry, or the same Message-ID for the same
 * recipient, has been handled already, and nothing was noted. */
struct inbound {
    struct slice spool_id;
    struct slice message_id_hash; /* empty without Message-ID: only spool_id counts */
    struct slice recipient_hash;
    struct instant at;
};
MUST_USE enum status store_note_inbound(struct store *store, const struct inbound *inbound,
                                        bool *duplicate, struct problem *why);
/* Whether a message of that Message-ID was noted. */
MUST_USE enum status store_find_inbound(struct store *store, struct slice message_id_hash,
                                        bool *found, struct problem *why);

/* Time of a person that a meeting holds. The database refuses two that overlap. */
struct hold {
    struct slice person, meeting;
    struct interval span;
};
struct hold_list {
    struct hold *items;
    size_t count, capacity;
};
/* ST_CONFLICT  overlaps another hold of this person, of whatever meeting
 * ST_INVALID   an empty span */
MUST_USE enum status store_put_hold(struct store *store, const struct hold *hold,
                                    struct problem *why);
MUST_USE enum status store_release_holds(struct store *store, struct slice meeting,
                                         struct problem *why);
/* In order of start. */
MUST_USE enum status store_list_holds(struct store *store, struct slice person,
                                      struct interval window, struct arena *arena,
                                      struct hold_list *out, struct problem *why);
MUST_USE enum status store_list_meeting_holds(struct store *store, struct slice meeting,
                                              struct arena *arena, struct hold_list *out,
                                              struct problem *why);

/* Work that was committed and is then carried out: mail (outbox) and everything else
 * (jobs). It may be carried out twice after a crash, so it carries its key. */
enum work_state { WORK_QUEUED, WORK_TAKEN, WORK_DONE, WORK_FAILED };
extern const char *const work_state_names[4]; /* queued, taken, done, failed */
struct outbox_entry {
    struct slice id, idempotency_key, meeting; /* meeting: may be empty */
    struct instant due;
    uint32_t attempts;
    enum work_state state;
    struct slice message_id; /* our own Message-ID, without angle brackets */
    struct sealed draft;     /* struct mail_draft */
};
struct outbox_list {
    struct outbox_entry *items;
    size_t count, capacity;
};
/* state and attempts are not read. With a key that is there already nothing is added and
 * *added (may be NULL) is false. */
MUST_USE enum status store_add_outbox(struct store *store, const struct outbox_entry *entry,
                                      bool *added, struct problem *why);
/* Takes the most urgent entry that is due: nobody else gets it before now + lease.
 * ST_NOT_FOUND when nothing is due. */
MUST_USE enum status store_take_outbox(struct store *store, struct instant now,
                                       struct duration lease, struct arena *arena,
                                       struct outbox_entry *out, struct problem *why);
MUST_USE enum status store_mark_sent(struct store *store, struct slice id, struct problem *why);
/* Removes an entry of no meeting that is done or failed: nothing will ask for it. */
MUST_USE enum status store_forget_loose(struct store *store, struct slice id, struct problem *why);
/* To be tried again at `due`. */
MUST_USE enum status store_defer_outbox(struct store *store, struct slice id, struct instant due,
                                        struct problem *why);
MUST_USE enum status store_fail_outbox(struct store *store, struct slice id, struct problem *why);
MUST_USE enum status store_load_outbox(struct store *store, struct slice id, struct arena *arena,
                                       struct outbox_entry *out, struct problem *why);
/* After a crash of whoever took mail and jobs: what was taken is due again, at `now`. */
MUST_USE enum status store_resume_work(struct store *store, struct instant now,
                                       struct problem *why);
/* The clock was set back: what waits is due so much earlier, as long from now as it was. */
MUST_USE enum status store_bring_forward(struct store *store, struct duration by,
                                         struct problem *why);
/* After a start: what was tried n times waits `first` << n at most, and never more than `longest`; what
 * waits longer was put off by a clock that was ahead then, and is due at `now`. */
struct waits {
    struct duration mail_first, job_first, longest;
};
MUST_USE enum status store_bound_waits(struct store *store, struct instant now,
                                       const struct waits *waits, struct problem *why);
/* Of one meeting; all of them when it is empty. */
MUST_USE enum status store_list_outbox(struct store *store, struct slice meeting,
                                       struct arena *arena, struct outbox_list *out,
                                       struct problem *why);

struct job {
    struct slice id, idempotency_key, kind, meeting; /* meeting: may be empty */
    struct instant due;
    uint32_t attempts;
    enum work_state state;
    struct sealed content; /* may be empty */
};
struct job_list {
    struct job *items;
    size_t count, capacity;
};
MUST_USE enum status store_add_job(struct store *store, const struct job *job, bool *added,
                                   struct problem *why);
MUST_USE enum status store_take_job(struct store *store, struct instant now, struct duration lease,
                                    struct arena *arena, struct job *out, struct problem *why);
MUST_USE enum status store_finish_job(struct store *store, struct slice id, struct problem *why);
MUST_USE enum status store_defer_job(struct store *store, struct slice id, struct instant due,
                                     struct problem *why);
MUST_USE enum status store_fail_job(struct store *store, struct slice id, struct problem *why);

/* When something is to be done next: a meeting to wake, mail to send, a job.
 * ST_NOT_FOUND when nothing is planned. */
MUST_USE enum status store_next_due(struct store *store, struct instant *due, struct problem *why);

MUST_USE enum status store_list_meeting_jobs(struct store *store, struct slice meeting,
                                             struct arena *arena, struct job_list *out,
                                             struct problem *why);

/* Whether the file is whole; ST_INVALID names the first thing that is not. Reads all of it. */
MUST_USE enum status store_check_file(struct store *store, struct problem *why);
/* How many there are of what should not be. */
enum store_question {
    STORE_DANGLING,      /* references to rows that are not there */
    STORE_IDLE_HOLDS,    /* time held by meetings that will not take place */
    STORE_NOT_ERASED,    /* erased meetings of which rows are left */
    STORE_UNRETAINED,    /* meetings whose end of retention nobody would notice */
    STORE_LATE_MAIL,     /* due at `at` or before, and not sent */
    STORE_LATE_JOBS,
    STORE_LATE_MEETINGS, /* to be woken by then */
    STORE_FAILED_MAIL,   /* given up */
    STORE_FAILED_JOBS,
    STORE_QUESTION_COUNT_,
};
MUST_USE enum status store_count(struct store *store, enum store_question question,
                                 struct instant at, int64_t *count, struct problem *why);

/* Every sealed value that there is, wrapped keys too, as it lies there. place: "message.sealed_raw";
 * row: its number in that table. */
typedef entry_fn store_entry_fn;
MUST_USE enum status store_scan_entries(struct store *store, store_entry_fn *each, void *context,
                                        struct problem *why);
/* The same in steps: the next ones, at most `limit`. Begin with a zeroed cursor; rows that come meanwhile may
 * be among them or not. */
MUST_USE enum status store_scan_page(struct store *store, struct entry_cursor *cursor, int64_t limit,
                                     store_entry_fn *each, void *context, struct problem *why);
/* The files that the store writes, as they lie on the disk (sql.h): numbered from 0, below
 * STORE_FILES. *got 0: its end. */
enum { STORE_FILES = 4 };
MUST_USE enum status store_read_file(struct store *store, size_t file, int64_t at, char *into, size_t room, size_t *got,
                                     struct problem *why);
/* About how many, for who shows how far it is. */
MUST_USE enum status store_count_entries(struct store *store, int64_t *count, struct problem *why);

/* What a person has to decide (domain/supervision, which makes the moves). */
struct stored_task {
    struct supervision_task task; /* in clear */
    struct sealed record;         /* struct task; emptied when closed */
};
struct stored_task_list {
    struct stored_task *items;
    size_t count, capacity;
};
/* Adds it; one of that id that is there stays as it is, and *added (may be NULL) is false. */
MUST_USE enum status store_add_task(struct store *store, const struct stored_task *task, bool *added,
                                    struct problem *why);
/* Replaces what moves, of that very version; the stored one is one more. A closed one has no record.
 * ST_CONFLICT: somebody moved it since, or it is closed; or (TAKEN) another person has one of the same
 * meeting. */
MUST_USE enum status store_move_task(struct store *store, const struct stored_task *task,
                                     struct problem *why);
MUST_USE enum status store_load_task(struct store *store, struct slice id, struct arena *arena,
                                     struct stored_task *out, struct problem *why);
/* How many mails the MTA does not have yet, and how many questions wait for a person (second looks
 * do not count). */
MUST_USE enum status store_count_waiting(struct store *store, uint32_t *mails, uint32_t *tasks,
                                         struct problem *why);
/* The oldest first. */
MUST_USE enum status store_list_open_tasks(struct store *store, struct arena *arena,
                                           struct stored_task_list *out, struct problem *why);
/* Those that this person has. */
MUST_USE enum status store_list_taken_tasks(struct store *store, struct slice person, struct arena *arena,
                                            struct stored_task_list *out, struct problem *why);
/* Open ones that a version wrote in which their reason was sealed only; and what queues and clocks need of one, as
 * supervision_open gives it. ST_CONFLICT: somebody moved it since, or it has a reason. */
MUST_USE enum status store_list_nameless_tasks(struct store *store, struct arena *arena,
                                               struct stored_task_list *out, struct problem *why);
MUST_USE enum status store_name_task(struct store *store, const struct supervision_task *task, struct problem *why);
/* Those of one meeting: a move does not look at everybody's. */
MUST_USE enum status store_list_meeting_tasks(struct store *store, struct slice meeting,
                                              struct arena *arena, struct stored_task_list *out,
                                              struct problem *why);
/* Open ones that nobody has, in the order of the queue, some at a time. */
MUST_USE enum status store_list_waiting_tasks(struct store *store, uint32_t limit, uint32_t offset,
                                              struct arena *arena, struct stored_task_list *out,
                                              struct problem *why);
/* Those to be looked at by `now`, at most 100. */
MUST_USE enum status store_due_tasks(struct store *store, struct instant now, struct arena *arena,
                                     struct stored_task_list *out, struct problem *why);
/* Who has which meeting (empty: a task of none), one for each task. */
MUST_USE enum status store_list_holders(struct store *store, struct arena *arena,
                                        struct task_holder_list *out, struct problem *why);
/* ST_NOT_FOUND: nobody has a task of it. */
MUST_USE enum status store_find_holder(struct store *store, struct slice meeting, struct arena *arena,
                                       struct task_holder *out, struct problem *why);
/* Whether an open one is past its deadline. */
MUST_USE enum status store_has_late_task(struct store *store, bool *late, struct problem *why);
/* How many open ones nobody has, of each state, priority and language. */
struct task_count {
    enum task_state state;
    enum task_priority priority;
    enum language language;
    uint32_t count;
    struct instant deadline; /* the earliest of theirs */
};
struct task_count_list {
    struct task_count *items;
    size_t count, capacity;
};
MUST_USE enum status store_count_tasks(struct store *store, struct arena *arena,
                                       struct task_count_list *out, struct problem *why);

/* Who handles them. `lead` is authd's to say, and not kept here. Saved again: the later `seen` counts. */
struct supervisor_list {
    struct supervisor *items;
    size_t count, capacity;
};
MUST_USE enum status store_save_supervisor(struct store *store, const struct supervisor *supervisor,
                                           struct problem *why);
MUST_USE enum status store_load_supervisor(struct store *store, struct slice person, struct arena *arena,
                                           struct supervisor *out, struct problem *why);
/* They are not on duty any more, until they are seen again. */
MUST_USE enum status store_supervisor_left(struct store *store, struct slice person, struct problem *why);
MUST_USE enum status store_list_supervisors(struct store *store, struct arena *arena,
                                            struct supervisor_list *out, struct problem *why);

/* Figures (domain/supervision/figures.h). */
/* Once for a task. */
MUST_USE enum status store_note_supervised(struct store *store, const struct supervised *figures,
                                           struct problem *why);
/* In order, at most `limit`. */
MUST_USE enum status store_list_supervised(struct store *store, struct instant since, uint32_t limit,
                                           struct arena *arena, struct supervised_list *out,
                                           struct problem *why);

/* One message more, of that day, language and level. */
MUST_USE enum status store_count_reading(struct store *store, const struct read_count *one, struct problem *why);
MUST_USE enum status store_list_read_counts(struct store *store, uint32_t since_day, struct arena *arena,
                                               struct read_count_list *out, struct problem *why);
/* How many tasks missed their deadline since; of those that are kept. */
MUST_USE enum status store_count_breaches(struct store *store, struct instant since, uint32_t *count,
                                          struct problem *why);

/* Corrections that became lessons; nothing personal is in them. */
enum lesson_state {
    LESSON_DRAFTED, /* `person` is shown it, and keeps it or not */
    LESSON_KEPT,
    LESSON_ACCEPTED, /* by a lead */
    LESSON_DROPPED,
    LESSON_STATE_COUNT_,
};
extern const char *const lesson_state_names[LESSON_STATE_COUNT_];
struct stored_lesson {
    struct slice id;
    struct instant at;
    enum lesson_state state;
    enum language language;
    struct slice reason;
    struct slice person; /* of a draft */
    struct slice source; /* keyed hash of the organisation */
    struct sealed content; /* JSON, under the service's key */
};
struct stored_lesson_list {
    struct stored_lesson *items;
    size_t count, capacity;
};
/* One of that id that is there stays. */
MUST_USE enum status store_add_lesson(struct store *store, const struct stored_lesson *lesson, struct problem *why);
MUST_USE enum status store_load_lesson(struct store *store, struct slice id, struct arena *arena, struct stored_lesson *out,
                                       struct problem *why);
/* The newest first, without drafts. */
MUST_USE enum status store_list_lessons(struct store *store, uint32_t limit, struct arena *arena,
                                        struct stored_lesson_list *out, struct problem *why);
/* Takes the person out as well. ST_CONFLICT: it is not `from`. */
MUST_USE enum status store_move_lesson(struct store *store, struct slice id, enum lesson_state from, enum lesson_state to,
                                       struct problem *why);
/* A draft is kept, as it is now. ST_CONFLICT: it is none. */
MUST_USE enum status store_keep_lesson(struct store *store, struct slice id, struct sealed content, struct problem *why);
MUST_USE enum status store_remove_draft(struct store *store, struct slice id, struct problem *why);
MUST_USE enum status store_purge_drafts(struct store *store, struct instant before, struct problem *why);

/* When a person decides for an organisation: "never", "doubt", "always". ST_NOT_FOUND. */
MUST_USE enum status store_set_policy(struct store *store, struct slice organisation, struct slice policy,
                                      struct problem *why);
MUST_USE enum status store_load_policy(struct store *store, struct slice organisation, struct arena *arena,
                                       struct slice *policy, struct problem *why);

/* The log (platform/sql/chain.h). */
MUST_USE enum status store_append_log(struct store *store, struct instant at, struct slice kind,
                                      struct slice ids, struct problem *why);
/* The latest date of the last thousand entries, of those since the last one of that kind.
 * ST_NOT_FOUND: there is none. */
MUST_USE enum status store_latest_logged(struct store *store, struct slice since, struct instant *at,
                                         struct problem *why);
/* When the last one of that kind was written: reads back up to it. ST_NOT_FOUND: there is none. */
MUST_USE enum status store_last_logged(struct store *store, struct slice kind, struct instant *at, struct problem *why);
/* Entries after seq `after`, at most 1000. */
MUST_USE enum status store_list_log(struct store *store, uint32_t after, struct arena *arena,
                                    struct log_entry_list *out, struct problem *why);
/* ST_INVALID names the first entry that does not follow from those before it. */
MUST_USE enum status store_verify_log(struct store *store, struct problem *why);

/* Mailboxes of the sandbox (.example addresses), instead of an MTA. */
struct sandbox_mail {
    struct slice id, mailbox_hash;
    struct instant at;
    struct sealed raw;
};
struct sandbox_mail_list {
    struct sandbox_mail *items;
    size_t count, capacity;
};
/* A mail with the same id is kept once. */
MUST_USE enum status store_add_sandbox_mail(struct store *store, const struct sandbox_mail *mail,
                                            struct problem *why);
MUST_USE enum status store_list_sandbox_mail(struct store *store, struct slice mailbox_hash,
                                             struct arena *arena, struct sandbox_mail_list *out,
                                             struct problem *why);

#endif
