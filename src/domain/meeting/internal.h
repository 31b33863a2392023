#ifndef RENDEZ_DOMAIN_MEETING_INTERNAL_H
#define RENDEZ_DOMAIN_MEETING_INTERNAL_H

#include "domain/calendar/calendar.h"
#include "domain/meeting/meeting.h"

/* What happened, in the meeting's own terms: an input sorted by who is behind it. */
enum act {
    ACT_WISH,      /* the organizer asks, adds, answers a question of ours */
    ACT_MOVE,      /* the organizer wants another time */
    ACT_CHANGE,    /* the organizer changes people, place, kind or duration */
    ACT_CANCEL,    /* the organizer gives up */
    ACT_ANSWER,    /* a guest speaks of times */
    ACT_DECLINE,   /* a guest will not come */
    ACT_DELEGATE,  /* a guest names who answers for them */
    ACT_INFORM,    /* a guest gives a number or a place, no time */
    ACT_LATE,
    ACT_QUESTION,  /* a guest asks something */
    ACT_STATUS,    /* the organizer asks something */
    ACT_THANKS,
    ACT_NOTHING,
    ACT_DOUBT,     /* a person must look */
    ACT_WHICH,     /* orders something of one of several meetings */
    ACT_FORBIDDEN, /* asked by somebody who may not */
    ACT_CHOICE,    /* a personal link */
    ACT_PARTSTAT,  /* iTIP REPLY: accepted or tentative */
    ACT_PARTSTAT_NO,
    ACT_PARTSTAT_OWN,
    ACT_COUNTER,   /* iTIP COUNTER */
    ACT_TIMER,
    ACT_APPROVED,
    ACT_TAKEN_OVER,
    ACT_CORRECTED,
    ACT_ASKED_BACK,
    ACT_REFUSED,
    ACT_BOUNCED,
    ACT_STOPPED,   /* a guest wants no mail from us */
    ACT_COUNT_,
};

/* One step in the making. */
struct turn {
    struct meeting *meeting;
    const struct meeting_input *input;
    const struct meeting_env *env;
    struct arena *arena;
    struct effect_list *effects;
    enum meeting_outcome outcome;
    const struct reading *reading;         /* never NULL; empty when none */
    const struct meeting_request *request; /* what it says; never NULL */
    struct slice writer;                   /* address */
    size_t who;                            /* index of the writer in people, or NOBODY */
    bool initial;                          /* the request that meeting_create has read */
    bool forced;                           /* the organizer insists: calendars do not count */
    bool languages_changed;                /* the client asked to write to somebody in another */
    bool question_told;                    /* the writer's question is in a mail already */
    bool policy_asks;                      /* the machine is sure, and a person decides all the same */
};
enum { OFFERS_MAX = 60, MESSAGE_IDS_MAX = 50, PEOPLE_MAX = 100, ROUNDS_MAX = 8 };
#define NOBODY SIZE_MAX

typedef enum meeting_state move_function(struct turn *);

struct move {
    unsigned from; /* bits of IN(state) */
    enum act act;
    move_function *run;
    unsigned to;   /* bits of the states that it may end in */
    const char *what;
};
#define IN(state) (1u << MEETING_##state)
extern const struct move meeting_moves[];
extern const size_t meeting_move_count;
extern const char *const act_names[ACT_COUNT_];

/* moves.c */
void turn_read(struct turn *turn, const struct reading *reading, struct slice writer);
enum meeting_state turn_act(struct turn *turn, enum act act);
enum act act_of_reading(const struct turn *turn);
bool other_series(const struct turn *turn); /* asks for a series that is none of ours */

/* people.c */
struct participant *organizer(const struct meeting *meeting);
const struct known_person *env_person(const struct meeting_env *env, struct slice address);
const struct zone *organizer_zone(const struct turn *turn);
size_t find_participant(const struct meeting *meeting, struct slice address);
bool is_active(const struct participant *person);
bool is_asked(const struct participant *person);    /* gets proposals */
bool must_answer(const struct participant *person); /* is waited for */
size_t count_guests(const struct meeting *meeting);
size_t count_must_answer(const struct meeting *meeting);
/* Adds, or finds again, the person; the role of somebody who is there is kept. */
size_t add_participant(struct turn *turn, struct slice name, struct slice address,
                       enum participant_role role);
/* Carries out the mentions of a reading; true when somebody came, went or changed role.
 * Indexes of who came and went are added to the lists (may be NULL). */
struct index_list {
    size_t *items;
    size_t count, capacity;
};
bool apply_mentions(struct turn *turn, const struct mention_list *mentions, bool initial,
                    struct index_list *came, struct index_list *went);
enum language language_wished(const struct turn *turn, struct slice address);
void note_writer(struct turn *turn); /* language, zone, manner, as the mail shows them */
struct slice new_id(struct turn *turn, const char *prefix);
struct slice display_name(const struct participant *person);
struct slice sender_name(const struct turn *turn); /* of who wrote: participant or delegate */

/* offers.c */
bool number_in(const struct number_list *list, uint32_t number);
void number_add(struct arena *arena, struct number_list *list, uint32_t number);
void number_remove(struct number_list *list, uint32_t number);
/* The offers as this person knows them: those shown to them, else (a colleague who is not
 * asked) all that are out. Position n is what they call the n-th. */
struct number_list numbers_seen(const struct meeting *meeting, const struct participant *person,
                                struct instant now, struct arena *arena);
struct offer *offer_by_number(struct meeting *meeting, uint32_t number);
struct offer *offer_by_start(const struct turn *turn, struct instant start);
bool is_live(const struct turn *turn, const struct offer *offer);
uint32_t offer_add(struct turn *turn, struct interval span);
struct interval span_of_start(const struct turn *turn, struct interval said);
bool in_wishes(const struct turn *turn, struct interval span);
/* Calendars, hours and holidays of everyone known; wishes play no part.
 *   agreed  people have settled it: only calendars and the clock count */
enum slot_refusal check_span(struct turn *turn, struct interval span, bool agreed, size_t *who);
struct search {
    struct interval_list allowed, preferred, excluded;
    bool bounded;     /* `allowed` counts, even when it is empty */
    bool hours_named;
    bool any_day;     /* of a series: not only the days that the organizer said */
    uint32_t count;
};
struct interval_list find_slots(struct turn *turn, const struct search *search);
struct interval_list find_single(struct turn *turn, const struct search *search); /* of no series */
struct search search_wishes(struct turn *turn);
/* Slots after an answer: within the wishes and what guests said, wider when `widen`. */
struct interval_list find_again(struct turn *turn, bool widen);
struct interval_list find_near(struct turn *turn, struct interval span);
enum meeting_state propose(struct turn *turn, struct interval_list slots, const char *phrase,
                           bool fresh);
void send_offers(struct turn *turn, size_t to, enum mail_purpose purpose, const char *phrase,
                 const struct number_list *numbers);
void withdraw_offers(struct turn *turn);

/* series.c */
bool is_series(const struct turn *turn);
/* From `first` on, or from now, as far as calendars are read; of no series: just that. */
struct interval_list occurrences(const struct turn *turn, struct interval first);
/* The occurrence of the confirmed time that is next or going on. */
struct interval occurrence_now(const struct turn *turn);
/* Occurrences behind the first when somebody whose calendar counts is taken. */
struct interval_list clashes(const struct turn *turn, struct interval first);
struct interval_list holidays_met(const struct turn *turn, struct interval first);
bool suits_series(const struct turn *turn, struct interval first, size_t *who);
struct interval first_that_fits(struct turn *turn, struct interval span);
/* Of a series: the same times in the weeks to come as well. */
struct interval_list with_later_weeks(const struct turn *turn, struct interval_list list);
struct interval_list find_series(struct turn *turn, const struct search *search);
void take_series(struct turn *turn); /* what the request says of it */
void fix_series(struct turn *turn, struct interval first);
bool changes_series(struct turn *turn); /* of a settled one: how often, or until when */

/* wishes.c */
enum meeting_state organizer_wish(struct turn *turn);
enum meeting_state organizer_change(struct turn *turn);
enum meeting_state organizer_move(struct turn *turn);
enum meeting_state organizer_confirmed_wish(struct turn *turn);
enum meeting_state organizer_revive(struct turn *turn);
enum meeting_state cancel(struct turn *turn);
enum meeting_state tell_status(struct turn *turn);
enum meeting_state pursue(struct turn *turn);
enum meeting_state ask_organizer(struct turn *turn, const char *asked, const char *phrase);
void take_place(struct turn *turn);
void place_by_kind(struct turn *turn);
void begin_move(struct turn *turn);
void undo_move(struct turn *turn, const struct participant_list *before);
struct participant_list copy_people(const struct turn *turn);

/* answers.c */
enum meeting_state guest_answer(struct turn *turn);
enum meeting_state guest_choice(struct turn *turn);
enum meeting_state guest_decline(struct turn *turn);
enum meeting_state guest_delegate(struct turn *turn);
enum meeting_state guest_inform(struct turn *turn);
enum meeting_state guest_question(struct turn *turn);
enum meeting_state guest_late_answer(struct turn *turn);
enum meeting_state guest_stopped(struct turn *turn);
enum meeting_state guest_counter(struct turn *turn);
enum meeting_state settle(struct turn *turn);
void take_phone(struct turn *turn);
void tell_question(struct turn *turn);
void tell_guest_change(struct turn *turn);
void tell_guest_people(struct turn *turn); /* whom else a guest would bring */

/* confirmed.c */
enum meeting_state confirmed_answer(struct turn *turn);
enum meeting_state confirmed_decline(struct turn *turn);
enum meeting_state confirmed_own_partstat(struct turn *turn);
enum meeting_state confirmed_delegate(struct turn *turn);
enum meeting_state confirmed_inform(struct turn *turn);
enum meeting_state confirmed_partstat(struct turn *turn);
enum meeting_state confirmed_counter(struct turn *turn);
enum meeting_state confirmed_thanks(struct turn *turn);
enum meeting_state tell_late(struct turn *turn);

/* orders.c */
/* Appends a mail to people[to] (or their delegate); the pointer holds until the next. */
struct mail_order *order_mail(struct turn *turn, size_t to, enum mail_purpose purpose,
                              const char *phrase);
/* The same to an address beside the participants (a delegate, a refused writer). */
struct mail_order *order_mail_to(struct turn *turn, struct mailbox to, size_t as,
                                 enum mail_purpose purpose, const char *phrase);
struct effect *add_effect(struct turn *turn, enum effect_kind kind);

/* invite.c */
enum meeting_state confirm(struct turn *turn, struct interval span);
enum meeting_state hold_on(struct turn *turn);
/* Everybody's invitation again: time, place or people changed. */
void send_updates(struct turn *turn, const char *phrase, bool new_sequence);
void send_invitation(struct turn *turn, size_t to, const char *phrase);
void send_cancellation(struct turn *turn, size_t to, const char *phrase);
struct interval invited_span(const struct meeting *meeting);
void attach_own(struct turn *turn, struct mail_order *order);
void attach_own_cancel(struct turn *turn, struct mail_order *order, struct interval span);
void put_calendars(struct turn *turn);
void release(struct turn *turn);

/* reminders.c */
void set_due(struct turn *turn);
enum meeting_state on_timer(struct turn *turn);
enum meeting_state on_bounce(struct turn *turn);
struct instant working_days_later(const struct turn *turn, struct instant from, int days);

/* supervise.c */
enum meeting_state open_task(struct turn *turn);
void add_task(struct turn *turn, const char *reason);
enum meeting_state on_approved(struct turn *turn);
enum meeting_state on_taken_over(struct turn *turn);
enum meeting_state on_corrected(struct turn *turn);
enum meeting_state on_asked_back(struct turn *turn);
enum meeting_state ask_which(struct turn *turn); /* which of their meetings the organizer means */
enum meeting_state on_refused(struct turn *turn);
/* Where the task of that id is (empty: the oldest), or NOBODY. */
size_t find_task(const struct meeting *meeting, struct slice id);
void close_tasks_of(struct turn *turn, struct slice from);

#endif
