#ifndef RENDEZ_ROLES_AUTHD_SCIM_H
#define RENDEZ_ROLES_AUTHD_SCIM_H

#include "formats/scim/scim.h"
#include "platform/identity/groups.h"
#include "roles/authd/internal.h"

/* The SCIM server (RFC 7644) of one organisation: that of the token that asks. */
struct scim_call {
    struct call *call;
    struct slice method, id, base; /* id: behind "Users/"; base: ".../scim/v2" */
    json_t *query, *body;          /* body: NULL when there is none */
    struct slice if_match;
    struct scim_error error;
    unsigned status;               /* of the answer */
    json_t *out;                   /* its body, new reference; or NULL */
    struct slice location, etag;
};

/* Fills out, etag and location from a resource that has id and meta. */
void scim_answer(struct scim_call *scim, unsigned status, json_t *resource);
/* 412 when If-Match names another version. */
MUST_USE enum status scim_check_version(struct scim_call *scim, uint32_t version);
/* Adds what only we write: id, meta. */
void scim_put_meta(struct scim_call *scim, const struct scim_kind *kind, json_t *resource,
                   struct slice id, uint32_t version, struct instant created,
                   struct instant changed);
/* Answers a list of what `resources` (JSON array) holds. */
MUST_USE enum status scim_answer_list(struct scim_call *scim, const struct scim_kind *kind,
                                      json_t *resources, bool search);
/* A failure of ours (disk, keyd) as it is; else an answer in SCIM's words. */
MUST_USE enum status scim_failed(struct scim_call *scim, enum status status, const char *what);

typedef enum status scim_fn(struct scim_call *scim);
scim_fn scim_list_users, scim_search_users, scim_get_user, scim_create_user, scim_replace_user,
    scim_patch_user, scim_delete_user;
scim_fn scim_list_groups, scim_search_groups, scim_get_group, scim_create_group,
    scim_replace_group, scim_patch_group, scim_delete_group;

/* The command itself: {method, path, query, if_match, body} → {status, headers, body}. */
MUST_USE enum status scim_command(struct call *call);

/* Of the command line: {organisation} → {groups}; {organisation, group, function}. */
MUST_USE enum status root_scim_groups(struct call *call);
MUST_USE enum status root_scim_function(struct call *call);

/* The function that groups give somebody, written to the account when it is another one; nothing
 * where no group of the organisation gives one. */
MUST_USE enum status scim_apply_groups(struct scim_call *scim, struct slice account);

#endif
