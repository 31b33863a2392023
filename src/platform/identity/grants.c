#include "platform/identity/grants.h"

#include "platform/identity/tables.h"

/* As the columns are: words for enums, a number for the duration. */
struct grant_columns {
    struct slice id, account, organisation, what, target, approved_by;
    enum access_cause cause;
    struct instant wanted, asked, begins, until, ended;
    struct sealed sealed;
};
struct grant_columns_list {
    struct grant_columns *items;
    size_t count, capacity;
};
/* A break-glass is for no single right. */
static const char glass_word[] = "administration";

ROW_TYPE(grant_row, grant_columns, TEXT(grant_columns, id), TEXT(grant_columns, account),
         TEXT(grant_columns, organisation), WORD(grant_columns, cause, access_cause_names),
         TEXT(grant_columns, what), TEXT(grant_columns, target), TEXT(grant_columns, approved_by),
         INSTANT(grant_columns, wanted), INSTANT(grant_columns, asked),
         MOMENT(grant_columns, begins), MOMENT(grant_columns, until), MOMENT(grant_columns, ended),
         SEALED(grant_columns, sealed));

static struct grant_columns to_columns(const struct stored_grant *stored)
{
    const struct access_grant *grant = &stored->grant;
    return (struct grant_columns){
        .id = grant->id,
        .account = grant->account,
        .organisation = grant->organisation,
        .what = grant->cause == CAUSE_GLASS ? slice_from(glass_word)
                                            : slice_from(access_right_name(grant->right)),
        .target = grant->target,
        .approved_by = grant->approved_by,
        .cause = grant->cause,
        .wanted = {grant->wanted.us},
        .asked = grant->asked,
        .begins = grant->from,
        .until = grant->until,
        .ended = grant->ended,
        .sealed = stored->reason,
    };
}

/* A right that this version does not know is none: the grant gives nothing. */
static struct stored_grant from_columns(const struct grant_columns *columns)
{
    enum access_right right = RIGHT_NONE;
    if (!access_right_from_name(columns->what, &right))
        right = RIGHT_NONE;
    return (struct stored_grant){
        .grant = {.id = columns->id, .account = columns->account,
                  .organisation = columns->organisation, .cause = columns->cause,
                  .right = right, .target = columns->target,
                  .reason = columns->sealed.bytes.len > 0 ? LIT("sealed") : SLICE_NONE,
                  .approved_by = columns->approved_by, .wanted = {columns->wanted.us},
                  .asked = columns->asked, .from = columns->begins, .until = columns->until,
                  .ended = columns->ended},
        .reason = columns->sealed,
    };
}

enum status identity_add_grant(struct identity *identity, const struct stored_grant *grant,
                               struct problem *why)
{
    struct grant_columns columns = to_columns(grant);
    return rows_save(&identity->db, QUERY_GRANT_ADD, &grant_row, &columns, why);
}

enum status identity_load_grant(struct identity *identity, struct slice id, struct arena *arena,
                                struct stored_grant *out, struct problem *why)
{
    struct grant_columns columns;
    TRY(rows_load(&identity->db, QUERY_GRANT_LOAD, ARGS(arg_text(id)), &grant_row, arena, &columns,
                  "raise or break-glass of that id", why));
    *out = from_columns(&columns);
    return ST_OK;
}

enum status identity_open_grants(struct identity *identity, struct slice account,
                                 struct instant now, struct arena *arena,
                                 struct access_grant_list *out, struct problem *why)
{
    struct grant_columns_list rows;
    struct access_grant_list list = {0};
    ROWS_LIST(&identity->db, QUERY_GRANT_OPEN, ARGS(arg_text(account), arg_number(now.us)),
              &grant_row, arena, &rows, why);
    for (size_t i = 0; i < rows.count; i++)
        ARENA_PUSH(arena, &list, from_columns(&rows.items[i]).grant);
    *out = list;
    return ST_OK;
}

enum status identity_list_grants(struct identity *identity, struct slice organisation,
                                 struct instant since, struct arena *arena,
                                 struct stored_grant_list *out, struct problem *why)
{
    struct grant_columns_list rows;
    struct stored_grant_list list = {0};
    ROWS_LIST(&identity->db, QUERY_GRANT_LIST, ARGS(arg_text(organisation), arg_number(since.us)),
              &grant_row, arena, &rows, why);
    for (size_t i = 0; i < rows.count; i++)
        ARENA_PUSH(arena, &list, from_columns(&rows.items[i]));
    *out = list;
    return ST_OK;
}

enum status identity_approve_grant(struct identity *identity, const struct access_grant *grant,
                                   struct problem *why)
{
    return change_one(identity, QUERY_GRANT_APPROVE,
                      ARGS(arg_text(grant->id), arg_text(grant->approved_by),
                           arg_moment(grant->from), arg_moment(grant->until)),
                      ST_CONFLICT, "it does not wait for approval", why);
}

enum status identity_end_grant(struct identity *identity, struct slice id, struct instant at,
                               struct problem *why)
{
    return change_one(identity, QUERY_GRANT_END, ARGS(arg_text(id), arg_moment(at)), ST_CONFLICT,
                      "it is over already", why);
}

enum status identity_end_grants(struct identity *identity, struct slice account, struct instant at,
                                size_t *ended, struct problem *why)
{
    return rows_run_counted(&identity->db, QUERY_GRANT_END_ALL,
                            ARGS(arg_text(account), arg_moment(at)), ended, why);
}

/* Uses */

static enum status note_instant(const struct sql_value *columns, void *context,
                                struct problem *why)
{
    (void)why;
    *(struct instant *)context = (struct instant){columns[0].number};
    return ST_OK;
}

ROW_TYPE(owned_row, owned_thing, TEXT(owned_thing, kind), TEXT(owned_thing, id));

enum status identity_list_of_nobody(struct identity *identity, struct instant now, struct arena *arena,
                                    struct owned_thing_list *out, struct problem *why)
{
    ROWS_LIST(&identity->db, QUERY_ACCESS_OF_NOBODY, ARGS(arg_number(now.us)), &owned_row, arena, out, why);
    return ST_OK;
}

enum status identity_note_use(struct identity *identity, struct slice account,
                              enum access_right right, struct instant at, struct problem *why)
{
    struct instant last = {0};
    struct slice what = slice_from(access_right_name(right));
    TRY(identity->db.driver->run(identity->db.sql, QUERY_USE_LAST,
                                 ARGS(arg_text(account), arg_text(what)), note_instant, &last, why));
    if (last.us != 0 && at.us - last.us < DAY_US)
        return ST_OK;
    return rows_run(&identity->db, QUERY_USE_NOTE,
                    ARGS(arg_text(account), arg_text(what), arg_moment(at)), why);
}

static enum status note_use(const struct sql_value *columns, void *context, struct problem *why)
{
    struct right_use *uses = context;
    enum access_right right;
    (void)why;
    if (access_right_from_name(columns[0].bytes, &right))
        uses->last[right] = (struct instant){columns[1].number};
    return ST_OK;
}

enum status identity_list_uses(struct identity *identity, struct slice account,
                               struct right_use *out, struct problem *why)
{
    struct right_use uses = {0};
    TRY(identity->db.driver->run(identity->db.sql, QUERY_USE_LIST, ARGS(arg_text(account)),
                                 note_use, &uses, why));
    *out = uses;
    return ST_OK;
}

enum status identity_forget_uses(struct identity *identity, struct slice account,
                                 struct problem *why)
{
    return rows_run(&identity->db, QUERY_USE_FORGET, ARGS(arg_text(account)), why);
}
