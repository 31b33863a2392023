#ifndef RENDEZ_DOMAIN_MEETING_TEST_WORLD_H
#define RENDEZ_DOMAIN_MEETING_TEST_WORLD_H

#include "check.h"
#include "domain/meeting/internal.h"

/* A small world for tests: Anna (client) and Olivier (colleague) of firm.example have
 * calendars, Jordan is known in New York without one, everybody else is
 * NAME@guest.example. Inputs are written as words:
 *
 *   request|accept|decline|counter|move|cancel|late|change|delegate|inform|question|
 *   thanks|other|unclear|hostile [WORD …]     a mail with that reading
 *     2  -2  any           offers accepted, refused, all
 *     @2026-03-10T10:00    an exact time (Paris)
 *     in:A/B  pref:A/B  not:A/B  whole days that are possible, best, impossible
 *     kind:call for:45     tel:NUMBER  late:15  agreed  q (a question)  low  sus  cond  series
 *     person  complaint    wants to speak to one; complains
 *     weekly  fortnightly  monthly  x6  until:2026-06-30   a series;  one  (one of its dates)
 *     +NAME ~NAME -NAME    add, optional, remove;  who:NAME without an address
 *     addr:NAME            an address for a name;  del:NAME  answers from now on
 *   choose N               the personal link
 *   partstat accepted|tentative|declined, itip @TIME
 *   wait                   timers up to the time
 *   approve, takeover, correct WORDS, askback, askorganizer, refuse [TEXT]
 *   policy never|doubt|always   of the organizer's organisation, from now on
 *   bounce                 our mail to the person did not arrive
 *   busy @TIME for:60      an event appears in their calendar */
struct world {
    struct arena *arena;
    struct meeting meeting;
    bool exists;
    struct known_person people[3];
    uint64_t random;
    struct instant now;
    struct effect_list effects; /* of the last step */
    struct effect_list waited;  /* of the timers before it */
    enum meeting_policy policy;
    enum meeting_outcome outcome;
    enum status status;
    unsigned messages;
};

void world_start(struct world *world, struct arena *arena);
void world_do(struct world *world, const char *at, const char *who, const char *what);
/* "proposal:karim invitation:anna": the mails of the last step, in order. */
struct slice world_mails(const struct world *world);
struct instant world_time(const char *local);
struct slice world_address(struct world *world, struct slice name);
struct slice world_encoded(struct world *world); /* the meeting, as it is stored */
/* Runs one input made by hand. */
void world_input(struct world *world, struct meeting_input *input);

/* A random conversation: its start, then one step a call. Equal states of `random` give
 * equal conversations. */
struct walk_step {
    const char *who, *what;
};
void world_walk_start(struct world *world, uint64_t *random);
struct walk_step world_walk(struct world *world, uint64_t *random);

#endif
