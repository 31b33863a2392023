#ifndef RENDEZ_DOMAIN_MEETING_H
#define RENDEZ_DOMAIN_MEETING_H

#include "domain/intent/intent.h"
#include "domain/people/people.h"
#include "domain/series/series.h"
#include "domain/slots/slots.h"
#include "formats/ical/ical.h"

/* The decision core: what becomes of a meeting when something happens. No I/O, no
 * clock: meeting_step(state, input, now) → state, effects. The table of moves is in
 * moves.c; doc/meeting-states.svg is drawn from it. */

enum meeting_state {
    MEETING_GATHERING,   /* something needed is not known yet */
    MEETING_PROPOSING,   /* slots are offered, answers awaited */
    MEETING_CONFIRMED,
    MEETING_CANCELLED,
    MEETING_ABANDONED,   /* nobody answered in time */
    MEETING_SUPERVISION, /* a person must decide first */
    MEETING_STATE_COUNT_,
};
extern const char *const meeting_state_names[MEETING_STATE_COUNT_];

enum participant_role { ROLE_ORGANIZER, ROLE_REQUIRED, ROLE_OPTIONAL };
extern const char *const participant_role_names[3]; /* organiser, required, optional */

enum participant_status {
    PARTICIPANT_WAITING,  /* asked or to be asked */
    PARTICIPANT_ANSWERED, /* has said which slots suit */
    PARTICIPANT_ACCEPTED,
    PARTICIPANT_DECLINED,
    PARTICIPANT_TENTATIVE,
    PARTICIPANT_REMOVED,
};
extern const char *const participant_status_names[6];

struct participant {
    struct slice address, name;
    enum participant_role role;
    enum participant_status status;
    enum language language;
    struct slice time_zone;       /* as known or guessed */
    bool known;                   /* has an account or calendar here: is not asked */
    bool informal;                /* writes "tu" */
    struct slice delegate_address, delegate_name; /* answers in their stead */
    struct number_list suits, refused; /* numbers of the meeting's offers */
    struct number_list shown;     /* numbers of the offers last sent to them, in their order */
    struct said_times times;      /* windows they gave */
    uint32_t reminders;           /* sent since the last offer */
    struct instant asked_at;      /* last offer or reminder; us 0: never */
    struct slice phone;
    uint32_t invited_sequence;    /* SEQUENCE of the last object sent + 1; 0: none */
    struct instant invited_start; /* of the last REQUEST */
    struct slice last_sent_id;    /* newest Message-ID that they have of this thread */
    bool stopped;                 /* wants no mail from us; the organizer was told */
};
struct participant_list {
    struct participant *items;
    size_t count, capacity;
};

struct offer {
    uint32_t number; /* never used twice in a meeting; what a link chooses */
    struct interval span;
    bool withdrawn;
};
struct offer_list {
    struct offer *items;
    size_t count, capacity;
};

/* What people said of a task among themselves. */
enum task_note_kind { NOTE_NOTE, NOTE_QUESTION, NOTE_OPINION, NOTE_KIND_COUNT_ };
extern const char *const task_note_kind_names[NOTE_KIND_COUNT_]; /* note, question, opinion */
struct task_note {
    enum task_note_kind kind;
    struct slice by, text; /* by: person's id */
    struct instant at;
};
struct task_note_list {
    struct task_note *items;
    size_t count, capacity;
};
struct task { /* for the supervisor */
    struct slice id, reason; /* reason: of task_reasons (domain/supervision) */
    struct instant opened;
    struct slice from;       /* who wrote the message in doubt */
    struct reading reading;  /* as the machine read it */
    struct slice draft;      /* text that would be sent; may be empty */
    /* Only in the task's own row, while it is open: */
    struct task_note_list notes;
    struct slice proposed;   /* a decision (doc/supervision.md), as JSON; or empty */
};
struct task_list {
    struct task *items;
    size_t count, capacity;
};

struct meeting {
    struct slice id, organisation; /* clear in storage; all the rest is sealed */
    enum meeting_state state;
    enum meeting_state resumes;    /* SUPERVISION: where it goes back to */
    uint32_t version;              /* of the row; for optimistic locking */
    struct slice subject;
    enum meeting_kind kind;
    uint32_t duration_min;
    bool duration_said, kind_said;
    struct participant_list people; /* the organizer first */
    struct place place;
    bool place_theirs; /* at a guest's: an empty text is not for us to fill */
    struct said_times times;       /* wishes of the organizer */
    struct offer_list offers;
    uint32_t round;                /* of offers */
    struct slice language_thread;  /* reserved */
    struct interval confirmed;     /* us 0: none */
    struct slice uid;
    uint32_t sequence;
    bool invited;                  /* an invitation is out: a change updates it */
    struct slice asked, asked_about, asked_whom; /* open question of ours */
    struct task_list tasks;
    struct instant created, last_offer, due; /* due: next time to wake; us 0: none */
    struct slice_list message_ids; /* thread: theirs and ours, newest last, at most 50 */
    bool organizer_told_abandoned;
    struct slice guest_subject;    /* what guests read: a subject that only the organizer and
                                      the assistant share ("2 things") is replaced by names */
    bool agreed;                   /* the time was settled with the guests beforehand */
    struct interval moved_from;    /* PROPOSING: the confirmed time that is being moved */
    struct series series;          /* comes again; `confirmed` and offers are first occurrences */
    bool talk;                     /* no meeting was asked for: the client wants a person, complains or is hostile.
                                      Until a person reads a request in it; closed once it is answered */
    struct slice link_secret;      /* personal links hang on it once the meeting's key was rotated;
                                      empty: on that key. It opens nothing */
};
extern const struct record_type meeting_record, task_record;

/* What the planner knows around a meeting. */
struct known_person {
    struct person person;
    const struct zone *zone;
    struct interval_list busy; /* calendar and other confirmed meetings, without this one's own
                                  event and hold; sorted, merged */
};
/* When a person decides for the organizer's organisation. */
enum meeting_policy {
    POLICY_DOUBT,  /* what the machine is unsure of */
    POLICY_NEVER,  /* a doubt asks the writer again; people see complaints, hostility, failures, wishes for one */
    POLICY_ALWAYS, /* and whatever a message would do */
    POLICY_COUNT_,
};
extern const char *const meeting_policy_names[POLICY_COUNT_]; /* doubt, never, always */

struct meeting_env {
    struct instant now;
    struct mailbox assistant;
    const struct known_person *people; /* everyone with an account or calendar */
    size_t people_count;
    uint64_t *random;         /* state of the generator of ids; deterministic in replay */
    struct slice link_base;   /* "https://rendez.example/r/" or empty: no links */
    enum meeting_policy policy;
};

enum meeting_input_kind {
    INPUT_MAIL,       /* a reading */
    INPUT_CHOICE,     /* the personal link: `choice` is the number of an offer, 0: none suits */
    INPUT_ITIP,       /* REPLY or COUNTER of the invitation */
    INPUT_TIMER,      /* `due` has come */
    INPUT_SUPERVISED, /* a supervisor's decision on a task */
    INPUT_BOUNCED,    /* our mail to `from` did not arrive */
    INPUT_STOPPED,    /* `from` wants no mail from us */
    INPUT_KIND_COUNT_,
};

enum ask_back { ASK_NOBODY, ASK_WRITER, ASK_ORGANIZER };
struct supervisor_decision {
    bool approve;
    struct slice take_over;  /* text of the reply to send */
    bool has_reading;
    struct reading reading;  /* corrects; accepted numbers, times and so on */
    bool has_intent, has_kind, has_duration, has_people, has_times; /* what it corrects */
    bool has_place, has_accepted, has_refused;
    enum ask_back ask_back;  /* whom `question` goes to; the task closes, the answer comes as mail */
    struct slice question;
    bool refuse;             /* politely, to the writer; a request that nobody else heard of is cancelled */
    struct slice refusal;    /* its text, or empty: ours */
};

struct meeting_input {
    enum meeting_input_kind kind;
    struct mailbox from;
    struct mailbox_list recipients; /* To and Cc of the mail, without the assistant */
    struct slice message_id, subject;
    const struct mail *mail;        /* INPUT_MAIL */
    const struct reading *reading;  /* INPUT_MAIL */
    uint32_t choice;
    enum ical_partstat partstat;    /* INPUT_ITIP */
    struct interval counter;        /* INPUT_ITIP: us 0 unless COUNTER */
    bool one_of_series;             /* INPUT_ITIP: of one occurrence (RECURRENCE-ID) */
    const struct supervisor_decision *decision;
    struct slice task;              /* INPUT_SUPERVISED: its id; empty: the oldest */
    struct slice which;             /* INPUT_MAIL: lines that name the organizer's meetings, this one among them,
                                       all of which the words may mean; empty: it is this one */
    bool no_such_address;           /* INPUT_BOUNCED: and not just no place in the mailbox */
};

enum mail_purpose {
    PURPOSE_PROPOSAL, PURPOSE_CLARIFICATION, PURPOSE_INVITATION, PURPOSE_CONFIRMATION,
    PURPOSE_UPDATE, PURPOSE_REMINDER, PURPOSE_CANCELLATION, PURPOSE_ACKNOWLEDGEMENT,
    PURPOSE_DECLINE, PURPOSE_NOTICE, PURPOSE_COUNT_,
};
extern const char *const mail_purpose_names[PURPOSE_COUNT_];

/* A mail to write: facts only; domain/wording makes the text. One recipient. */
struct mail_order {
    enum mail_purpose purpose;
    struct slice phrase;          /* which text of the catalogue ("proposal.first", …) */
    struct mailbox to;
    enum language language;
    struct slice time_zone;       /* of the recipient */
    bool informal;
    struct slice recipient_name, organizer_name, organizer_address, assistant_name;
    struct slice subject;         /* of the meeting */
    struct slice reply_to_id;     /* Message-ID that this answers; may be empty */
    struct slice_list references;
    enum meeting_kind kind;
    uint32_t duration_min;
    struct place place;
    struct offer_list offers;     /* slots offered */
    struct interval slot;         /* the settled, cancelled or old time */
    struct interval old_slot;
    struct slice who;             /* somebody spoken of: a name */
    struct slice detail;          /* a private-safe text: question forwarded, link, … */
    uint32_t number;              /* minutes late and the like */
    struct slice_list names;      /* participants as named to this recipient */
    bool has_event;
    struct slice method;          /* REQUEST or CANCEL */
    struct ical_event event;
    struct slice verbatim;        /* a supervisor's own text: sent as it is */
    bool zone_named;              /* the recipient's zone is not sure, or not everybody's */
    struct slice question;        /* a guest's question, for the organizer only */
    bool guest;                   /* the reader has no account here: is told why we write */
    struct series series;         /* the slots are first occurrences of it */
    struct slice series_zone;     /* in which its hour stays the same */
    struct interval_list holidays; /* occurrences on public holidays */
    struct interval_list clashes; /* occurrences when somebody is taken: the organizer's only */
    struct slice link;            /* a page to go to, of a notice about an account; or empty */
};
extern const struct record_type mail_order_record;

enum effect_kind {
    EFFECT_MAIL,
    EFFECT_HOLD,           /* keep `span` for `address`; replaces this meeting's hold */
    EFFECT_RELEASE,        /* all holds of this meeting */
    EFFECT_CALENDAR_PUT,   /* write `event` to the calendar of `address` */
    EFFECT_CALENDAR_REMOVE,
    EFFECT_TASK_OPENED,    /* the supervisor has something to do */
    EFFECT_TASK_CLOSED,
    EFFECT_KIND_COUNT_,
};
extern const char *const effect_kind_names[EFFECT_KIND_COUNT_];
struct effect {
    enum effect_kind kind;
    struct mail_order mail;
    struct slice address;
    struct interval span;
    struct ical_event event;
};
struct effect_list {
    struct effect *items;
    size_t count, capacity;
};
extern const struct record_type effect_record;

enum meeting_outcome { OUTCOME_IGNORED, OUTCOME_ACCEPTED, OUTCOME_REJECTED };
extern const char *const meeting_outcome_names[3];

/* A new meeting out of one request of a client's mail: the organizer and the guests are
 * set, nothing is sent yet. Follow with meeting_step on the same input. Without a request it is one for a
 * person to answer (`talk`): the client alone is in it. */
MUST_USE enum status meeting_create(const struct meeting_input *input,
                                    const struct meeting_request *request,
                                    const struct meeting_env *env, struct arena *arena,
                                    struct meeting *out, struct problem *why);

/* Makes one move. *meeting is changed in place (its parts come from the arena),
 * effects are appended. A pair (state, input) without a move is ST_CONFLICT and
 * changes nothing. */
MUST_USE enum status meeting_step(struct meeting *meeting, const struct meeting_input *input,
                                  const struct meeting_env *env, struct arena *arena,
                                  struct effect_list *effects, enum meeting_outcome *outcome,
                                  struct problem *why);

/* The context in which a mail of `writer` about this meeting (NULL, or a talk: none yet) is read. */
void meeting_context(const struct meeting *meeting, struct slice writer,
                     const struct meeting_env *env, struct arena *arena,
                     struct intent_context *out);
/* What the addressees of a client's first mail add to it: whose clock "your time" is. */
void meeting_context_mail(const struct mail *mail, const struct meeting_env *env, struct intent_context *context);

/* The mail that approving the task would send (the draft that the console shows);
 * false when approving acts on the reading instead, or sends nothing. */
bool meeting_draft(const struct meeting *meeting, const struct task *task,
                   const struct meeting_env *env, struct arena *arena, struct mail_order *out);

/* What a message means as a person has corrected it (decision->has_reading); what they say nothing of is as the machine
 * read it. */
const struct reading *meeting_corrected(const struct task *task, const struct supervisor_decision *decision,
                                        struct arena *arena);

/* Asks for no meeting, or for one with nobody at no time, as "je voudrais parler à quelqu'un" may be read. */
bool meeting_is_unasked(const struct reading *reading);

/* Takes part, now or formerly, or answers for somebody who does. */
bool meeting_concerns(const struct meeting *meeting, struct slice address);

#endif
