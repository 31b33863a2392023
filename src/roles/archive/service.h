#ifndef RENDEZ_ROLES_ARCHIVE_SERVICE_H
#define RENDEZ_ROLES_ARCHIVE_SERVICE_H

#include "roles/archive/internal.h"
#include "roles/archive/probes.h"
#include "roles/messages/desk.h"
#include "roles/messages/journal.h"

/* The role: main.c works by the calendar, wishes.c takes what the operator asks for. */
struct wish {
    struct desk_caller *caller;
    enum wish_kind { WISH_SET, WISH_VERIFY } kind;
};
struct archive_role {
    struct role *role;
    struct archive_role_ports opening;
    struct journal *journal;
    struct loop_timer *timer;
    struct desk *desk; /* NULL: none was handed over */
    struct wish wishes[DESK_CALLERS_MAX];
    size_t wish_count;
    int64_t told_ms, turned_ms; /* when callers last heard of a step; when the loop last turned in the work */
    int64_t failed_ms; /* until it is tried again; 0: the last work went well */
    int64_t failing_ms; /* since when none went well; 0: one did */
    int64_t restored_entry; /* of our journal: what was restored is told by it; 0: none waits */
    bool stopped, waiting;
    bool silent; /* events are those of an exercise */
    struct civil_date missing_told; /* the backup day of the last alert */
    uint64_t files;
};

/* Makes a set, with entry and event. ST_CONFLICT: there is one of this minute. */
MUST_USE enum status make_and_tell(struct archive_role *a, struct archive *archive, enum set_kind kind,
                                   struct instant now, struct arena *arena, struct set_row *made, struct problem *why);
/* Tries every set and writes down what came of it, with entry and events; whoever waits for it hears of each. */
MUST_USE enum status verify_and_tell(struct archive_role *a, struct archive *archive, struct instant now,
                                     struct set_verification *sum, struct problem *why);

/* The desk: {"ask": "list"}, {"ask": "now"}, {"ask": "verify"}. What takes time is done when the work that is
 * under way is; who waits hears how far that is: {"doing": "copy", "done": BYTES, "total": BYTES}. */
MUST_USE enum status wishes_begin(struct archive_role *a, struct problem *why); /* before role_enter */
void wishes_end(struct archive_role *a);
void wishes_tell(struct archive_role *a, const struct archive_step *step);
void wishes_tell_found(struct archive_role *a, struct slice set, const struct archive_found *found);
/* All there are; what was stopped in the middle stays, and is begun anew. */
void wishes_fulfil(struct archive_role *a, struct archive *archive, struct instant now);

#endif
