#ifndef RENDEZ_ROLES_PLANNER_INTERNAL_H
#define RENDEZ_ROLES_PLANNER_INTERNAL_H

#include "platform/store/sealing.h"
#include "platform/store/store.h"
#include "roles/planner/planner.h"

enum {
    UNIT_BYTES_MAX = 768 << 20, /* arena of one unit of work: raw mail, slots, several mails */
    CALENDAR_BYTES_MAX = 512 << 20, /* of one calendar while it is read and unfolded */
    MEETING_BYTES_MAX = 4 << 20,
    CANDIDATES_MAX = 50,        /* meetings of one person that a mail may be about */
    HORIZON_DAYS = 120,         /* of calendars read around now */
    SERIES_HORIZON_DAYS = SERIES_DAYS + 7,
    CONFLICT_TRIES = 3,         /* two meetings wanted the same slot at once */
};

/* Meetings that a unit of work has written to, whether it was committed or not: what they are now is
 * read once it is over. */
enum { TOUCHED_MAX = 64, TOUCHED_ID_MAX = 64 };
struct touched {
    struct {
        char id[TOUCHED_ID_MAX];
        uint8_t len;
    } items[TOUCHED_MAX];
    size_t count;
    bool more; /* than have place */
    uint32_t changes; /* by other processes, as seen last */
};

struct planner {
    struct store *store;
    struct planner_ports ports;
    struct planner_options options; /* copies in `arena` */
    struct arena *arena;
    struct secret *lookup_key, *service_key; /* the latter of the newest version: it seals */
    struct secret *older_service_key;        /* while the root key is rotated, else NULL */
    struct {
        struct organisation *items;
        size_t count, capacity;
    } organisations; /* those met so far */
    uint32_t upkeep_after; /* the last meeting's key that was looked at; 0 after a start */
    struct touched touched;
    struct arena *known_arena;     /* NULL: nobody has corrected anything yet */
    struct vocabulary *known;      /* in it: what the lexicons know */
    bool tasks_named;      /* what a version before has left without a reason in clear has one */
    uint64_t random;
    uint64_t change; /* grows with every change that the sandbox page shows */
};

/* One version of an organisation's key in use. */
struct organisation {
    struct slice id;
    struct wrapped_key key;
    struct secret *directory_key; /* seals its people and its name */
};

/* One unit of work: everything in its arena, everything in one transaction. */
struct unit {
    struct planner *planner;
    struct arena *arena;
    struct instant now;
    struct problem *why;
    bool refused; /* the table of moves has none for this state and input */
    struct mailbox_list stopped; /* who was to get a mail just now, but wants none */
    struct slice asked;          /* whose key of which version the store has given in this unit; 0: none */
    uint32_t asked_version;
};

/* A meeting in hand. */
struct meeting_hand {
    struct meeting meeting;
    struct secret *key;
    struct wrapped_key wrapped_key;
    bool is_new;
};
void meeting_hand_release(struct meeting_hand *hand);
#define AUTO_HAND __attribute__((cleanup(meeting_hand_release))) struct meeting_hand

/* keys.c: what keyd gives, and which version of it a row needs */
MUST_USE enum status ask_key(struct planner *planner, const struct key_ask *ask, struct arena *arena,
                             struct wrapped_key *wrapped, struct secret **key, struct problem *why);
/* The newest version: what is sealed now is sealed with it. ST_NOT_FOUND: erased. */
MUST_USE enum status planner_get_organisation(struct unit *unit, struct slice id,
                                      struct organisation **out);
/* The version that opens this. */
MUST_USE enum status get_organisation_of(struct unit *unit, struct slice id, struct sealed sealed,
                                         struct organisation **out);
/* Opens what belongs to a meeting, or (hand NULL) to none. */
MUST_USE enum status get_opening_key(struct unit *unit, const struct meeting_hand *hand,
                                     struct sealed sealed, const struct secret **out);
void forget_keys(struct planner *planner); /* they are asked for again */

/* rows.c: between records and sealed rows */
struct slice address_hash(const struct unit *unit, struct slice address);
struct slice message_hash(const struct unit *unit, struct slice message_id);
MUST_USE enum status start_meeting(struct unit *unit, struct slice organisation,
                                   struct meeting_hand *out);
MUST_USE enum status load_meeting(struct unit *unit, struct slice id, struct meeting_hand *out);
MUST_USE enum status open_meeting(struct unit *unit, const struct stored_meeting *row,
                                  struct meeting_hand *out);
MUST_USE enum status save_meeting(struct unit *unit, struct meeting_hand *hand);
MUST_USE enum status load_person(struct unit *unit, struct slice id, struct person *out);
MUST_USE enum status load_people(struct unit *unit, struct slice organisation,
                                 struct person_list *out);
/* ST_NOT_FOUND when nobody has that address. */
MUST_USE enum status find_person(struct unit *unit, struct slice address, struct person *out);
/* The same for who writes to us: people of an organisation that has ended are strangers. */
MUST_USE enum status find_sender(struct unit *unit, struct slice address, struct person *out);
MUST_USE enum status seal_in_meeting(struct unit *unit, const struct meeting_hand *hand,
                                     enum sealed_column column, struct slice row,
                                     const struct record_type *type, const void *object,
                                     struct sealed *out);

/* env.c: people and their time */
struct relevant {
    struct slice_list addresses; /* whose calendars count */
    struct slice_list names;     /* mentioned by name only */
    bool series;                 /* a meeting that comes again is compared further ahead */
    bool without_calendars;      /* not read: for who only looks, and they do not matter or cannot be read just now */
    const struct person_list *people; /* the meeting's organisation's, where they are loaded already; else NULL */
};
void relevant_from_meeting(struct unit *unit, const struct meeting *meeting, struct relevant *out);
void relevant_from_mail(struct unit *unit, const struct mail *mail, struct relevant *out);
void relevant_from_reading(struct unit *unit, const struct reading *reading, struct relevant *out);
MUST_USE enum status build_env(struct unit *unit, const struct relevant *relevant,
                               const struct meeting *meeting, struct meeting_env *out);

/* thread.c: which meeting a mail belongs to */
struct thread {
    bool by_reference;      /* found by In-Reply-To or References */
    struct slice_list ids;  /* candidates; the first is the best before reading */
};
MUST_USE enum status find_thread(struct unit *unit, const struct mail *mail, struct thread *out);
/* All in which the writer takes part, the newest first. */
MUST_USE enum status find_own(struct unit *unit, const struct mail *mail, struct thread *out);
MUST_USE enum status find_by_uid(struct unit *unit, struct slice uid, struct thread *out);
/* Whether somebody who is spoken of takes part, by address or else by name. */
bool takes_part(const struct meeting *meeting, const struct mention *who, struct arena *arena);
/* Lines that name the writer's own open meetings which a mail may mean as well as `best`, it among them; empty if it is
 * the only one. */
struct slice which_meetings(struct unit *unit, const struct mail *mail, const struct reading *reading,
                            struct meeting_hand *hands, size_t count, const struct meeting_hand *best);
/* The candidate that the words fit best; NULL when none fits at all. */
struct meeting_hand *choose_candidate(struct unit *unit, const struct mail *mail,
                                      const struct reading *reading, struct meeting_hand *hands,
                                      size_t count);
bool same_subject(struct slice a, struct slice b);

/* messages.c */
struct handled_quote { /* what stood below a message: for who has to decide what it means */
    struct slice from; /* address; may be empty */
    struct slice text;
};
struct handled_quote_list {
    struct handled_quote *items;
    size_t count, capacity;
};
struct handled_message {
    enum meeting_outcome outcome;
    struct slice from;       /* address; empty in rows of older versions */
    struct slice new_text;   /* the reading's spans count in it */
    struct reading *reading; /* NULL: was not read (automatic, iTIP, stranger) */
    struct slice supervision; /* why a person looks at it; empty if none does */
    struct handled_quote_list quotes; /* the newest first; only where a person looks at it */
    uint32_t attachments;     /* how many */
};
extern const struct record_type handled_message_record;
/* hand NULL: belongs to no meeting. */
MUST_USE enum status keep_message(struct unit *unit, const struct received_mail *received,
                                  const struct meeting_hand *hand,
                                  const struct handled_message *handled);
MUST_USE enum status load_handled(struct unit *unit, struct slice id, struct slice *meeting,
                                  struct handled_message *out);

/* effects.c: what a move leads to, as rows of the same transaction */
MUST_USE enum status keep_effects(struct unit *unit, struct meeting_hand *hand,
                                  const struct meeting_env *env, const struct effect_list *effects);

/* planner.c: what an outbox entry of that meeting (NULL: of none) holds */
MUST_USE enum status open_mail(struct unit *unit, const struct meeting_hand *hand,
                               const struct outbox_entry *entry, struct outgoing *out);

/* One order as a row of the outbox; nobody is asked whether they want it. hand NULL: of no
 * meeting, without personal links, and forgotten as soon as it is sent. */
MUST_USE enum status keep_order(struct unit *unit, struct meeting_hand *hand,
                                const struct mail_order *order);

/* tidy.c: what is over, and how it ends */
bool is_over(const struct meeting *meeting, struct instant now);
struct instant retention_since(const struct meeting *meeting, struct instant changed);
/* Its key and all that it sealed; cause: "retention", "person". */
MUST_USE enum status destroy_meeting(struct unit *unit, struct slice meeting, const char *cause);

/* guard.c: who wants no mail */
MUST_USE enum status is_suppressed(struct unit *unit, struct slice address,
                                   struct slice organisation, bool *suppressed);
bool is_last_word(const struct mail_order *order);
MUST_USE enum status may_write(struct unit *unit, struct slice organisation,
                               const struct mail_order *order, bool *may);
struct stop {
    struct slice address;
    struct slice organisation; /* empty: the whole installation */
    const char *cause;         /* "link", "words", "complaint", "operator" */
    struct meeting_hand *hand; /* the meeting in whose mail they said it; or NULL */
    bool confirm;              /* one last mail to them, in that meeting's thread */
};
/* From now on nothing goes to that address; the organizers of its meetings are told. Once
 * more changes nothing. ST_DENIED: somebody with an account. */
MUST_USE enum status stop_mail(struct unit *unit, const struct stop *stop);
/* The same without a word to anybody. */
MUST_USE enum status note_stop(struct unit *unit, const struct stop *stop);
/* A mail to a guest in the name of the meeting's organizer. */
struct mail_order guest_order(struct unit *unit, const struct meeting *meeting,
                              const struct participant *reader, const char *phrase);

/* limits.c */
/* Once a day and phrase, to whose calendar it is. */
MUST_USE enum status tell_calendar(struct unit *unit, const struct person *person, struct slice phrase);
/* A new meeting, within the limits; if not, the sender was told, once a day. */
MUST_USE enum status may_request(struct unit *unit, const struct mail *mail,
                                 const struct person *person, bool *may);
/* When a mail may go: now, or when there is room. Nothing is lost. */
MUST_USE enum status mail_due(struct unit *unit, struct slice organisation,
                              const struct mail_order *order, struct instant *due);
/* Words that came before, as of a program that answers everything. */
MUST_USE enum status is_storm(struct unit *unit, const struct mail *mail, bool *storm);

/* links.c: personal links */
struct secret *link_key(const struct meeting_hand *hand); /* the caller destroys it */
struct slice link_make(struct unit *unit, const struct meeting_hand *hand, struct slice address,
                       uint32_t number);
MUST_USE enum status link_open(struct unit *unit, struct slice token, struct meeting_hand *hand,
                               struct participant *reader, uint32_t *number);

/* progress.c */
void note_touched(struct planner *planner, struct slice meeting); /* empty: any of them */

/* planner.c: a unit of work that moves one meeting: begin, do, commit; again on a conflict. */
struct work {
    struct slice id; /* of the meeting; empty: the work finds it */
    struct meeting_input input;
    struct slice token, words;
    uint32_t number;
    struct duration by;
    enum meeting_outcome outcome;
    void *more; /* the work's own */
};
typedef enum status work_fn(struct unit *unit, struct work *work);
MUST_USE enum status run_work(struct planner *planner, work_fn *run, struct work *work, struct instant now,
                              struct problem *why);
MUST_USE enum status move_loaded(struct unit *unit, struct meeting_hand *hand, struct work *work);

/* tasks.c: rows of what a person decides, beside the meetings that they are of */
/* Those that a move has opened get their rows, those that it has closed are overtaken. */
MUST_USE enum status keep_tasks(struct unit *unit, struct meeting_hand *hand);
/* A share of what was done without anybody is looked at a second time, while its meeting is in progress. */
MUST_USE enum status draw_sample(struct unit *unit, const struct meeting_hand *hand, struct slice message,
                                 struct slice from, const struct reading *reading);
/* A task of no meeting. */
MUST_USE enum status open_loose_task(struct unit *unit, struct slice id, struct slice reason);
/* One move of a row, with its entry in the log. *row is then as stored, but for its version. */
MUST_USE enum status move_task(struct unit *unit, struct stored_task *row, const struct task_input *input);
/* What it says, and saying it anew. hand NULL: of no meeting. */
MUST_USE enum status open_task_record(struct unit *unit, const struct meeting_hand *hand,
                                      const struct stored_task *row, struct task *out);
MUST_USE enum status seal_task_record(struct unit *unit, const struct meeting_hand *hand,
                                      struct stored_task *row, const struct task *said);

/* With a task of a message that could not be read goes the message. */
MUST_USE enum status forget_unreadable(struct unit *unit, struct slice task);
MUST_USE enum status release_tasks(struct unit *unit, struct slice person);
/* What is due of them: takes that ran out, half-times, breaches. */
MUST_USE enum status wake_tasks(struct planner *planner, struct instant now, struct problem *why);

/* move.c: one move of one meeting, with its effects, in the caller's transaction */
MUST_USE enum status move_meeting(struct unit *unit, struct meeting_hand *hand,
                                  const struct meeting_input *input, const struct relevant *relevant,
                                  enum meeting_outcome *outcome);

#endif
