#ifndef RENDEZ_ROLES_TRUST_QUESTIONS_H
#define RENDEZ_ROLES_TRUST_QUESTIONS_H

#include "roles/messages/desk.h"
#include "roles/trust/trust.h"

/* What the operator asks at trust's desk (messages/desk.h). README.md has the questions. */
enum trust_ask {
    ASK_NOTHING, /* refused */
    ASK_SHOW,
    ASK_CONTROL,
    ASK_CHECK,   /* control empty: all that can be tried */
    ASK_RECORD,
    ASK_ATTEST,
    ASK_CERTIFICATIONS,
    ASK_CERTIFY,
    ASK_UNCERTIFY,
    ASK_CONTACTS,
    ASK_CONTACT,
    ASK_NO_CONTACT,
    ASK_TICKETS,
    ASK_ANSWERED, /* id: of the ticket */
    ASK_OUTAGES,
    ASK_PROBE,    /* key; empty: none any more */
    ASK_CLAIM,    /* id */
    ASK_CLAIM_SENT,
    ASK_LOG,      /* which key it has, as was said */
    ASK_PIN_LOG,  /* key */
    ASK_COUNT_,
};
struct trust_question {
    enum trust_ask ask;
    struct slice control;
    struct slice day;      /* "2026-11-25": record: done, attest: until, certify: ends */
    struct slice name;     /* of the file; of the certification; of the contact */
    struct slice file;     /* evidence, base64url in the question */
    struct slice holder;   /* certify */
    struct slice id;       /* uncertify, answered, claim, claim_sent */
    struct slice organisation, address; /* contact; organisation empty: the service's own */
    bool large;
    struct slice key;      /* probe, pin_log */
};
/* ST_INVALID: no JSON, a member that is none of these, a value that cannot be. */
MUST_USE enum status trust_question_parse(struct slice line, struct arena *arena, struct trust_question *out,
                                          struct problem *why);

struct questions;
struct questions *questions_create(struct trust *trust);
void questions_destroy(struct questions **questions); /* accepts NULL; after the desk */
/* A desk_fn; context: the questions. */
void questions_answer(void *context, struct desk_caller *caller, struct slice line, const struct moment *at);

#endif
