#ifndef RENDEZ_ROLES_PLANNER_RECEIVE_H
#define RENDEZ_ROLES_PLANNER_RECEIVE_H

#include "roles/planner/internal.h"

/* One inbound message in hand: what a person wrote (receive_person.c), or a program sent
 * (receive_program.c). What all of them share is in receive.c. */

struct delivery {
    const struct received_mail *received;
    const struct mail *mail;
    bool has_person;
    struct person person; /* the writer, if known */
    enum meeting_outcome outcome;
    bool kept;             /* its row is written */
    bool doubtful;         /* a person is to look at it */
    struct reading *reading;
    const struct intent_context *context; /* in which it was read so */
    struct slice which;    /* the meetings that it may mean, for the writer to say */
};

/* The message's row, with the first meeting that it moved (NULL: none). */
MUST_USE enum status receive_keep(struct unit *unit, struct delivery *d, const struct meeting_hand *hand);
struct meeting_input receive_input(struct unit *unit, struct delivery *d, const struct reading *reading);
/* Whose time counts; reading, meeting: NULL, if there is none. */
void receive_relevant(struct unit *unit, const struct delivery *d, const struct reading *reading,
                      const struct meeting *meeting, struct relevant *out);

/* Words, of a person or of a list. */
MUST_USE enum status receive_words(struct unit *unit, struct delivery *d);

/* An answer to an invitation: only a REPLY or COUNTER by somebody whom the meeting
 * concerns, for its UID. */
MUST_USE enum status receive_itip(struct unit *unit, struct delivery *d);
/* A delivery status notification: a mail of ours did not arrive. */
MUST_USE enum status receive_bounce(struct unit *unit, struct delivery *d);
/* A reader told their provider that our mail is unwanted. */
MUST_USE enum status receive_complaint(struct unit *unit, struct delivery *d);

#endif
