#ifndef RENDEZ_DOMAIN_INTENT_H
#define RENDEZ_DOMAIN_INTENT_H

#include "domain/people/people.h"
#include "domain/series/series.h"
#include "domain/timex/timex.h"
#include "formats/mime/mime.h"

/* What a message does in its conversation. Instructions inside mail are data: nothing
 * here can change who may do what; the meeting decides. */

enum intent {
    INTENT_OTHER,      /* nothing to do with a meeting, or nothing new */
    INTENT_REQUEST,    /* asks for a meeting (one or more) */
    INTENT_ACCEPT,     /* of offered slots, or of a time it names that was offered */
    INTENT_DECLINE,    /* no meeting at all, or "without me" */
    INTENT_COUNTER,    /* other times; none of these */
    INTENT_RESCHEDULE, /* move a settled meeting */
    INTENT_CANCEL,
    INTENT_LATE,       /* late by late_min; nothing moves */
    INTENT_CHANGE,     /* people, place, kind or duration; the time stays */
    INTENT_DELEGATE,   /* "voyez avec Claire, en copie" */
    INTENT_INFORM,     /* answers a question of ours: an address, a number, a place */
    INTENT_QUESTION,   /* only asks something */
    INTENT_THANKS,     /* bare thanks or "well received" */
    INTENT_UNCLEAR,    /* about the meeting, but not even a careful person could say */
    INTENT_HOSTILE,    /* threat, complaint, abuse: a person answers */
    INTENT_COUNT_,
};
extern const char *const intent_names[INTENT_COUNT_];

enum mention_role {
    MENTION_ATTEND,       /* takes part */
    MENTION_OPTIONAL,
    MENTION_ADD,
    MENTION_ADD_OPTIONAL,
    MENTION_MAKE_OPTIONAL,
    MENTION_REMOVE,
    MENTION_DELEGATE,     /* answers for the writer from now on */
    MENTION_NAMED,        /* only spoken of */
};
extern const char *const mention_role_names[8];
struct mention {
    struct slice name, address; /* either may be empty */
    enum mention_role role;
};
struct mention_list {
    struct mention *items;
    size_t count, capacity;
};

/* Times that were said, as instants (converted with the writer's zone or the zone said). */
struct said_times {
    bool constrained;
    struct interval_list allowed, preferred, excluded; /* sorted */
    bool hours_named;
    struct interval_list starts; /* exact starts ("jeudi à 15h"); end = start or said end */
    enum timex_doubt doubt;
};
extern const struct record_type said_times_record;

/* One meeting spoken of: a request, or what an answer changes. */
struct meeting_request {
    enum meeting_kind kind;     /* UNKNOWN: not said */
    uint32_t duration_min;      /* 0: not said */
    struct slice subject;       /* said in the text, else empty (the mail's is used) */
    struct place place;         /* said; PLACE_UNKNOWN if not */
    bool place_theirs;          /* at the guests', says the client: "dans leurs bureaux" */
    struct slice phone;         /* a number to ring, as written */
    struct slice signed_phone;  /* of the guest's signature, who says no other */
    struct mention_list people;
    struct said_times times;
    bool replaced;              /* whoever is named as delegate comes instead of the writer */
    bool agreed;                /* the time is already settled with the guests */
    bool recurring;             /* asks for a series */
    struct series series;       /* which; SERIES_NONE though recurring: not one that we organise */
    struct slice recurs;        /* the words that say how often, when recurring */
};
struct meeting_request_list {
    struct meeting_request *items;
    size_t count, capacity;
};

struct number_item { uint32_t number; };
struct number_list {
    struct number_item *items;
    size_t count, capacity;
};

struct span_item { uint32_t offset, length; }; /* bytes of new_text that led to the reading */
struct span_list {
    struct span_item *items;
    size_t count, capacity;
};

/* A phrase that says what the message does, with context.explain. */
struct said_cue {
    uint32_t offset, length; /* bytes of new_text */
    struct slice name;       /* "accept", "request", …: what such a phrase does */
    bool negated;
    bool decisive;           /* speaks for the intent */
};
struct said_cue_list {
    struct said_cue *items;
    size_t count, capacity;
};
enum { SAID_CUES_MAX = 60 };

/* "Écris à Tom en anglais": the guest, or empty for all of them. */
struct language_wish {
    struct slice address;
    enum language language;
};
struct language_wish_list {
    struct language_wish *items;
    size_t count, capacity;
};

struct reading {
    enum language language;
    enum intent intent;
    uint32_t confidence; /* 0 to 1000; below INTENT_SURE a person looks */
    struct number_list accepted, refused; /* 1-based numbers of the offers in the context */
    bool any_offer;      /* "either works" */
    bool conditional;    /* depends on something that only the writer can decide */
    uint32_t late_min;
    bool asks_question;  /* besides the main act; `question` is forwarded to the organizer */
    struct slice question;
    bool complaint;      /* tone or content that a person should see as well */
    struct language_wish_list write_in; /* a client's wishes */
    bool points_back;    /* speaks of a meeting as known: "the call with Tom", "décale-le" */
    bool one_of_series;  /* of a series: speaks of a single occurrence */
    bool asks_person;    /* wants to speak to a person, not to us */
    bool suspicious;     /* orders to the assistant that the writer may not give */
    struct meeting_request_list requests; /* one at least for REQUEST; at most one else */
    struct span_list spans;
    struct timex_list timexes; /* all that was found in new_text, for display */
    struct said_cue_list cues; /* with context.explain, at most SAID_CUES_MAX */
    struct timex_ignored_list ignored; /* with context.explain */
};
extern const struct record_type reading_record, meeting_request_record, mention_record,
    said_cue_record;

enum { INTENT_SURE = 600 };

/* The bounds of a reading, which its time follows from. Of a text that exceeds one, or in which
 * timex met its own, the beginning is read and `confidence` is INTENT_IN_PART at most: what is
 * not read could say otherwise, so a person looks. Of a quote the same, if it is needed. */
enum {
    INTENT_TOKENS_MAX = 800, /* words and marks: some 4 KB of prose, two pages */
    INTENT_CUES_MAX = 400,    /* phrases that mean something */
    INTENT_IN_PART = 300,
};

/* What the planner knows of the conversation. */
struct offer_context {
    uint32_t number; /* as the writer saw it */
    struct interval span;
};
struct offer_context_list {
    struct offer_context *items;
    size_t count, capacity;
};
struct person_context {
    struct slice name, address;
    bool client, organizer, optional;
};
struct person_context_list {
    struct person_context *items;
    size_t count, capacity;
};
enum thread_state { THREAD_NEW, THREAD_GATHERING, THREAD_PROPOSING, THREAD_CONFIRMED, THREAD_CLOSED };
struct intent_context {
    struct mailbox assistant;
    struct instant received;
    struct slice writer_zone, organizer_zone; /* IANA */
    struct slice offer_zone;      /* in which the writer saw the offers */
    struct slice reader_zone;     /* of whom the writer's "your time" means; empty: not known */
    bool writer_is_client, writer_is_organizer;
    enum thread_state state;      /* NEW: no meeting yet */
    enum meeting_kind kind;       /* of the meeting */
    uint32_t duration_min;
    struct interval confirmed;    /* start 0: none */
    struct offer_context_list offers; /* the last offer made to this writer */
    struct person_context_list people; /* of the thread, the writer among them */
    struct slice asked;           /* what we asked last: "address", "time", "place", or empty */
    struct slice asked_about;     /* for "address": the name */
    struct series series;         /* of the meeting; `confirmed` is its next occurrence then */
    bool explain;                 /* fill what says why: cues, ignored, the timexes' explanations */
};
extern const struct record_type intent_context_record;

/* Reads one message in its context. Deterministic, bounded, never fails on any text:
 * what it cannot read is INTENT_UNCLEAR or INTENT_OTHER with low confidence.
 * ST_LIMIT only for a text over TIMEX_BODY_MAX. */
MUST_USE enum status intent_read(const struct mail *mail, const struct intent_context *context,
                                 struct arena *arena, struct reading *out, struct problem *why);

/* The group of one short command or answer: "meeting.create", "meeting.change",
 * "meeting.cancel", "confirm", "deny", "select" or "negative". */
const char *intent_group(struct slice text, enum language language);

/* Whether the writer asks, in plain words, that we write to them no more (stop.c). `new_text`
 * is a mail's own text, without quotes and signature. */
bool intent_stops_mail(struct slice new_text);
/* Whether the writer wants to speak to a person (person_wish.c): `asks_person` of a reading. */
bool intent_asks_person(struct slice new_text);

#endif
