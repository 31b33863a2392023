#ifndef RENDEZ_ROLES_PEOPLE_H
#define RENDEZ_ROLES_PEOPLE_H

#include "base/bytes/bytes.h"
#include "base/datetime/datetime.h"

/* What authd says to the planner of people: messages, and what the planner makes of them. */

/* authd → planner: somebody who is provisioned. Said again until it is answered. */
struct person_told {
    struct slice id;                /* of this word */
    struct slice person, organisation;
    struct slice name, address, language; /* "fr", "en" */
    bool asks;                      /* may ask the assistant for meetings by mail */
};

/* authd → planner: a mail to a person about their account. Said again until it is kept. */
struct notice {
    struct slice id;                /* of this word, and of the mail: it is sent once */
    struct slice organisation, person;
    struct slice name, address, language;
    struct slice phrase;            /* of domain/wording: "account_invited", "account_new_session" … */
    struct slice from;              /* browser and place in short, or empty */
    struct slice word;              /* a fixed word of ours: kind of a factor, cause; or empty */
    struct slice link;              /* or empty */
    struct instant at;
};

#endif
