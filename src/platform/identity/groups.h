#ifndef RENDEZ_PLATFORM_IDENTITY_GROUPS_H
#define RENDEZ_PLATFORM_IDENTITY_GROUPS_H

#include "platform/identity/identity.h"

/* What a client's directory keeps by SCIM: groups, which may stand for a function, who is in
 * them, and names to sign in with that are no addresses. */
struct scim_group_row {
    struct slice id, organisation;
    struct slice function; /* empty: stands for none */
    uint32_t version;      /* 0: not stored yet */
    struct instant created, changed;
    struct slice name_hash, external_hash; /* external: may be empty */
    struct sealed details; /* struct private_text: the resource without its members, JSON */
};
struct scim_group_list {
    struct scim_group_row *items;
    size_t count, capacity;
};
/* Version 0 adds it; else replaces that version, all but organisation and created.
 * ST_CONFLICT: changed since, or another of that organisation has the name. */
MUST_USE enum status identity_save_group(struct identity *identity,
                                         const struct scim_group_row *group, struct problem *why);
MUST_USE enum status identity_load_group(struct identity *identity, struct slice id,
                                         struct arena *arena, struct scim_group_row *out,
                                         struct problem *why);
MUST_USE enum status identity_find_group(struct identity *identity, struct slice organisation,
                                         struct slice name_hash, struct arena *arena,
                                         struct scim_group_row *out, struct problem *why);
MUST_USE enum status identity_list_groups(struct identity *identity, struct slice organisation,
                                          struct arena *arena, struct scim_group_list *out,
                                          struct problem *why);
/* With its members. */
MUST_USE enum status identity_remove_group(struct identity *identity, struct slice id,
                                           struct problem *why);

/* Ids of accounts, and of groups. Adding one that is there changes nothing. */
MUST_USE enum status identity_add_member(struct identity *identity, struct slice group,
                                         struct slice account, struct problem *why);
MUST_USE enum status identity_clear_members(struct identity *identity, struct slice group,
                                            struct problem *why);
MUST_USE enum status identity_list_members(struct identity *identity, struct slice group,
                                           struct arena *arena, struct slice_list *out,
                                           struct problem *why);
MUST_USE enum status identity_groups_of(struct identity *identity, struct slice account,
                                        struct arena *arena, struct scim_group_list *out,
                                        struct problem *why);

/* userName: one in an organisation. ST_CONFLICT: somebody else has it. */
MUST_USE enum status identity_save_user_name(struct identity *identity, struct slice account,
                                             struct slice organisation, struct slice name_hash,
                                             struct problem *why);
/* The account's id. */
MUST_USE enum status identity_find_user_name(struct identity *identity, struct slice organisation,
                                             struct slice name_hash, struct arena *arena,
                                             struct slice *account, struct problem *why);
MUST_USE enum status identity_remove_user_name(struct identity *identity, struct slice account,
                                               struct problem *why);

#endif
