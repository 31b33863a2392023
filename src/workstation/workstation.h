#ifndef RENDEZ_WORKSTATION_H
#define RENDEZ_WORKSTATION_H

#include "base/datetime/datetime.h"
#include "domain/access/posture.h"

/* What a workstation of the supervision room is, read from its own files (doc/supervision.md, "Workstation"). Only what
 * was read and is good holds; a file that cannot be read is unknown. */

struct finding {
    enum posture_state state;
    const char *cause; /* a fixed word; NULL: it holds */
};

/* Where it is read. */
struct station {
    const char *root;      /* "" : this machine's */
    const char *folder;    /* where first sights of updates are kept; NULL: nowhere */
    struct slice gateway;  /* IPv4 address of the room's gateway, which has the tunnel; empty: this machine has it */
    struct instant now;
    struct arena *arena;
};
enum { STATION_ARENA_BYTES = 320 << 20 }; /* lists of packages are the most of it */

/* Each item of a workstation, at its place in enum posture_item. */
void station_check(const struct station *station, struct finding found[POSTURE_ITEM_COUNT_]);
bool station_is_good(const struct finding found[POSTURE_ITEM_COUNT_]);
/* {"items": [{"item", "state", "cause": word or null}, …], "version"}: what device.report takes, of that kind's items. */
struct slice station_json(enum device_kind kind, const struct finding found[POSTURE_ITEM_COUNT_], struct arena *arena);
/* A line for each. */
struct slice station_text(const struct finding found[POSTURE_ITEM_COUNT_], struct arena *arena);

struct station_report {
    const char *url, *certificate, *key, *authority; /* paths of PEM files */
    unsigned every_s;
};
enum { REPORT_EVERY_S = 20, REPORT_EVERY_S_MAX = 30 }; /* a report counts for POSTURE_SECONDS */
/* Reports until SIGTERM, in a sandbox; what goes wrong stands on stderr once. `once`: one report, whose failure is the
 * status. */
MUST_USE enum status station_report(struct station *station, const struct station_report *report, bool once,
                                    struct problem *why);

/* A room's gateway: whether its kernel has these rules (room_rules_format) and no others. Needs CAP_NET_ADMIN and nft(8).
 * gateway_check: once, without a report. */
MUST_USE enum status gateway_check(struct slice rules, struct arena *arena, struct finding *found, struct problem *why);
MUST_USE enum status gateway_report(struct slice rules, const struct station_report *report, bool once, struct problem *why);

/* The recorder of a room's cameras. */
struct camera {
    const char *recorder;  /* URL at which it answers; or NULL */
    const char *authority; /* of its certificate (PEM); NULL: the system's */
    const char *footage;   /* folder where it writes; or NULL */
    unsigned minutes;      /* so old its newest file may be */
};
enum { CAMERA_EVERY_S = 60, CAMERA_EVERY_S_MAX = 300, CAMERA_MINUTES = 5, CAMERA_MINUTES_MAX = 1440 };
MUST_USE enum status camera_check(const struct camera *camera, struct arena *arena, struct finding *found, struct problem *why);
MUST_USE enum status camera_report(const struct camera *camera, const struct station_report *report, bool once,
                                   struct problem *why);

#endif
