#ifndef RENDEZ_ROLES_CALSYNC_INTERNAL_H
#define RENDEZ_ROLES_CALSYNC_INTERNAL_H

#include "formats/dav/dav.h"
#include "roles/calsync/calsync.h"

enum { SNAPSHOTS_MAX = 32, CALENDARS_MAX = 32 };

/* One resource of a calendar. */
struct resource {
    struct slice href, etag, text;
};
struct resource_list {
    struct resource *items;
    size_t count, capacity;
};

/* What was read of one calendar, to be brought up to date by its changes. */
struct snapshot {
    struct arena *arena; /* NULL: free */
    struct slice url, user;
    struct interval window;
    struct slice token;     /* sync-token, or empty */
    struct slice signature; /* of all etags, where the server has no tokens */
    struct resource_list resources;
    uint64_t used; /* for throwing out the one that was unused longest */
};

struct calsync {
    struct net *net;
    struct snapshot snapshots[SNAPSHOTS_MAX];
    uint64_t clock;
};

/* One calendar of an account. */
struct calendar {
    struct slice url;
    unsigned reports;
    bool read_only;
};
struct calendar_list {
    struct calendar *items;
    size_t count, capacity;
};

/* caldav.c: one request; ST_OK only for a code of 2xx. */
enum status caldav_send(struct calsync *calsync, const struct calendar_place *place,
                        struct net_request request, struct arena *arena,
                        struct net_response *response, struct problem *why);
/* The same, with a multistatus as answer. */
enum status caldav_ask(struct calsync *calsync, const struct calendar_place *place,
                       const char *method, struct slice url, int depth, struct slice body,
                       struct arena *arena, struct dav_multistatus *out, struct slice *from,
                       struct problem *why);
/* Calendars for events, the account's own order; at least one. */
enum status caldav_discover(struct calsync *calsync, const struct calendar_place *place,
                            struct arena *arena, struct calendar_list *out, struct problem *why);
/* The texts of one calendar that matter to the window. */
enum status caldav_read(struct calsync *calsync, const struct calendar_place *place,
                        const struct calendar *calendar, struct interval window,
                        struct arena *arena, struct resource_list *out, struct problem *why);
enum status caldav_write(struct calsync *calsync, const struct calendar_write *write,
                         struct arena *arena, struct problem *why);

#endif
