#ifndef RENDEZ_ROLES_REPLAY_INTERNAL_H
#define RENDEZ_ROLES_REPLAY_INTERNAL_H

#include "roles/replay/replay.h"

/* One person's calendar file, parsed when it is first asked for. */
struct replay_calendar {
    struct slice address, file;
    struct ical_calendar *calendar;
};

struct scenario {
    const char *folder;
    json_t *root;
    struct mailbox assistant;
    struct person_list people;
    struct replay_calendar calendars[REPLAY_PEOPLE_MAX];
    size_t calendar_count;
};

/* scenario.c */
MUST_USE enum status scenario_load(const char *folder, struct arena *arena, struct scenario *out,
                                   struct problem *why);
void scenario_release(struct scenario *scenario);
MUST_USE enum status scenario_file(const struct scenario *scenario, struct slice name,
                                   struct arena *arena, struct slice *out, struct problem *why);
const struct person *scenario_person(const struct scenario *scenario, struct slice address);
/* "Name <address>" or a bare address. */
struct mailbox mailbox_from_text(struct slice text, struct arena *arena);
MUST_USE enum status scenario_events(struct scenario *scenario, const struct person *person,
                                     struct interval window, struct arena *arena,
                                     struct occurrence_list *out, struct problem *why);
MUST_USE enum status scenario_set_calendar(struct scenario *scenario, struct slice address,
                                           struct slice file, struct arena *arena,
                                           struct problem *why);

/* compose.c: messages as correspondents' programs write them. */
struct composed {
    struct mailbox from;
    struct mailbox_list to, cc;
    struct slice subject, message_id, in_reply_to;
    struct slice_list references;
    struct slice text;
    struct slice calendar, method; /* iTIP answer, or empty */
    struct instant at;
    const struct zone *zone;
};
struct slice compose_raw(const struct composed *message, struct arena *arena);
/* `text` over the quoted original, in a style of the scenario format. */
struct slice compose_quote(struct slice text, struct slice style, const struct outgoing *original,
                           const struct zone *zone, struct arena *arena);

#endif
