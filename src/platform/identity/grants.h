#ifndef RENDEZ_PLATFORM_IDENTITY_GRANTS_H
#define RENDEZ_PLATFORM_IDENTITY_GRANTS_H

#include "domain/access/access.h"
#include "platform/identity/identity.h"

/* Raises and break-glasses (domain/access/access.h), and when rights were used. */

struct stored_grant {
    struct access_grant grant; /* its reason is sealed */
    struct sealed reason;      /* struct private_text */
};
struct stored_grant_list {
    struct stored_grant *items;
    size_t count, capacity;
};
MUST_USE enum status identity_add_grant(struct identity *identity, const struct stored_grant *grant,
                                        struct problem *why);
MUST_USE enum status identity_load_grant(struct identity *identity, struct slice id,
                                         struct arena *arena, struct stored_grant *out,
                                         struct problem *why);
/* Those of an account that are not over; their reason stands as "sealed", as access_decide wants
 * to know only that there is one. */
MUST_USE enum status identity_open_grants(struct identity *identity, struct slice account,
                                          struct instant now, struct arena *arena,
                                          struct access_grant_list *out, struct problem *why);
/* Asked since then, of an organisation or in it (empty: all), over or not, in order. */
MUST_USE enum status identity_list_grants(struct identity *identity, struct slice organisation,
                                          struct instant since, struct arena *arena,
                                          struct stored_grant_list *out, struct problem *why);
/* Writes approved_by, from and until. ST_CONFLICT: somebody was quicker. */
MUST_USE enum status identity_approve_grant(struct identity *identity,
                                            const struct access_grant *grant, struct problem *why);
MUST_USE enum status identity_end_grant(struct identity *identity, struct slice id,
                                        struct instant at, struct problem *why);
/* All of an account that are not over. */
MUST_USE enum status identity_end_grants(struct identity *identity, struct slice account,
                                         struct instant at, size_t *ended, struct problem *why);

/* What opens something and is no active account's: sessions, tokens, grants and certificates that have not
 * reached their end. kind: "session", "token", "grant", "certificate"; id: as in its row. At most 100. */
struct owned_thing {
    struct slice kind, id;
};
struct owned_thing_list {
    struct owned_thing *items;
    size_t count, capacity;
};
MUST_USE enum status identity_list_of_nobody(struct identity *identity, struct instant now,
                                             struct arena *arena, struct owned_thing_list *out,
                                             struct problem *why);

/* Notes that a right was used; once a day is enough to be kept. */
MUST_USE enum status identity_note_use(struct identity *identity, struct slice account,
                                       enum access_right right, struct instant at,
                                       struct problem *why);
/* When it was last used, to the day; us 0: never. */
struct right_use {
    struct instant last[RIGHT_COUNT_];
};
MUST_USE enum status identity_list_uses(struct identity *identity, struct slice account,
                                        struct right_use *out, struct problem *why);
MUST_USE enum status identity_forget_uses(struct identity *identity, struct slice account,
                                          struct problem *why);

#endif
