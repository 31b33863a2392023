/* What a client's directory keeps. */
#include "platform/identity/groups.h"

#include "platform/identity/tables.h"

ROW_TYPE(group_row, scim_group_row, TEXT(scim_group_row, id), TEXT(scim_group_row, organisation),
         TEXT(scim_group_row, function), NUMBER(scim_group_row, version),
         INSTANT(scim_group_row, created), INSTANT(scim_group_row, changed),
         HASH(scim_group_row, name_hash), HASH(scim_group_row, external_hash),
         SEALED(scim_group_row, details));

enum status identity_save_group(struct identity *identity, const struct scim_group_row *group,
                                struct problem *why)
{
    if (group->version == 0)
        return rows_save(&identity->db, QUERY_GROUP_ADD, &group_row, group, why);
    return change_one(identity, QUERY_GROUP_SAVE,
                      ARGS(arg_text(group->id), arg_text(group->function),
                           arg_number(group->version), arg_number(group->changed.us),
                           arg_hash(group->name_hash), arg_hash(group->external_hash),
                           arg_sealed(group->details)),
                      ST_CONFLICT, "the group was changed meanwhile", why);
}

enum status identity_load_group(struct identity *identity, struct slice id, struct arena *arena,
                                struct scim_group_row *out, struct problem *why)
{
    return rows_load(&identity->db, QUERY_GROUP_LOAD, ARGS(arg_text(id)), &group_row, arena, out,
                     "group of that id", why);
}

enum status identity_find_group(struct identity *identity, struct slice organisation,
                                struct slice name_hash, struct arena *arena,
                                struct scim_group_row *out, struct problem *why)
{
    return rows_load(&identity->db, QUERY_GROUP_FIND,
                     ARGS(arg_text(organisation), arg_hash(name_hash)), &group_row, arena, out,
                     "group of that name", why);
}

enum status identity_list_groups(struct identity *identity, struct slice organisation,
                                 struct arena *arena, struct scim_group_list *out,
                                 struct problem *why)
{
    ROWS_LIST(&identity->db, QUERY_GROUP_LIST, ARGS(arg_text(organisation)), &group_row, arena, out,
              why);
    return ST_OK;
}

enum status identity_remove_group(struct identity *identity, struct slice id, struct problem *why)
{
    return change_one(identity, QUERY_GROUP_REMOVE, ARGS(arg_text(id)), ST_NOT_FOUND,
                      "no group of that id", why);
}

enum status identity_add_member(struct identity *identity, struct slice group, struct slice account,
                                struct problem *why)
{
    return rows_run(&identity->db, QUERY_MEMBER_ADD, ARGS(arg_text(group), arg_text(account)), why);
}

enum status identity_clear_members(struct identity *identity, struct slice group,
                                   struct problem *why)
{
    return rows_run(&identity->db, QUERY_MEMBER_CLEAR, ARGS(arg_text(group)), why);
}

struct id_row {
    struct slice id;
};
struct id_list {
    struct id_row *items;
    size_t count, capacity;
};
ROW_TYPE(id_row, id_row, TEXT(id_row, id));

enum status identity_list_members(struct identity *identity, struct slice group,
                                  struct arena *arena, struct slice_list *out, struct problem *why)
{
    struct id_list list, *found = &list;
    ROWS_LIST(&identity->db, QUERY_MEMBER_LIST, ARGS(arg_text(group)), &id_row, arena, found, why);
    *out = (struct slice_list){0};
    for (size_t i = 0; i < list.count; i++)
        ARENA_PUSH(arena, out, list.items[i].id);
    return ST_OK;
}

enum status identity_groups_of(struct identity *identity, struct slice account, struct arena *arena,
                               struct scim_group_list *out, struct problem *why)
{
    ROWS_LIST(&identity->db, QUERY_MEMBER_OF, ARGS(arg_text(account)), &group_row, arena, out, why);
    return ST_OK;
}

enum status identity_save_user_name(struct identity *identity, struct slice account,
                                    struct slice organisation, struct slice name_hash,
                                    struct problem *why)
{
    return rows_run(&identity->db, QUERY_USER_NAME_SAVE,
                    ARGS(arg_text(account), arg_text(organisation), arg_hash(name_hash)), why);
}

enum status identity_find_user_name(struct identity *identity, struct slice organisation,
                                    struct slice name_hash, struct arena *arena,
                                    struct slice *account, struct problem *why)
{
    struct id_row row;
    TRY(rows_load(&identity->db, QUERY_USER_NAME_FIND,
                  ARGS(arg_text(organisation), arg_hash(name_hash)), &id_row, arena, &row,
                  "account of that userName", why));
    *account = row.id;
    return ST_OK;
}

enum status identity_remove_user_name(struct identity *identity, struct slice account,
                                      struct problem *why)
{
    return rows_run(&identity->db, QUERY_USER_NAME_REMOVE, ARGS(arg_text(account)), why);
}
