#ifndef RENDEZ_DOMAIN_CASEFILE_PARTS_H
#define RENDEZ_DOMAIN_CASEFILE_PARTS_H

#include "domain/casefile/casefile.h"

/* What the files that make parts share. */
#define CASE_NOBODY SIZE_MAX

/* A part in the making. */
struct case_maker {
    const struct case_facts *facts;
    struct arena *arena;
    struct case_person_list people;
    const struct mask *mask;
    const struct zone *zone;    /* the organizer's: of all times */
    struct masked doubtful;     /* the text of the message in doubt */
    struct said_cue_list cues;  /* and its phrases */
};

/* people.c: whom they mean, or CASE_NOBODY */
size_t case_person_of(const struct case_person_list *people, struct slice name, struct slice address);
/* Their part in the meeting as it is, or would be; NULL: they are only spoken of. */
const struct participant *case_participant(const struct case_facts *facts, const struct case_person_list *people,
                                           size_t person);

/* parts.c */
json_t *case_masked(const struct case_maker *maker, struct slice text);
json_t *case_time(const struct case_maker *maker, struct instant at);
json_t *case_id(const struct case_maker *maker, size_t person); /* "P3" */

/* typed.c: facts->typed back into what is shown */
void case_typed_back(const struct case_maker *maker, json_t *shown);

/* reading.c */
json_t *case_reading_json(const struct case_maker *maker);
json_t *case_reason_words(const struct case_maker *maker);
/* When the times begin that are spoken of; `otherwise` where none is. */
struct instant case_first_window(const struct case_facts *facts, struct instant otherwise);

#endif
