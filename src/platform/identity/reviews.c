#include "platform/identity/reviews.h"

#include "platform/identity/tables.h"

const char *const review_state_names[] = {"open", "closed"};
static const char *const kind_names[REVIEW_KIND_COUNT_] = {
#define REVIEWED(symbol, id, fr, en) id,
#include "domain/access/reviews.def"
#undef REVIEWED
};

/* Nobody counts what a grant or a provider was good for. */
static bool is_uncounted(enum review_kind kind)
{
    return kind == REVIEW_GRANT || kind == REVIEW_PROVIDER;
}

static enum access_function function_of(struct slice name)
{
    enum access_function function;
    return access_function_from_name(name, &function) ? function : FUNCTION_NONE;
}

/* The population */

struct thing_columns {
    struct slice id, account, approved_by, function;
    enum review_kind kind;
    struct instant made, used;
};
struct thing_columns_list {
    struct thing_columns *items;
    size_t count, capacity;
};
ROW_TYPE(thing_row, thing_columns, WORD(thing_columns, kind, kind_names), TEXT(thing_columns, id),
         TEXT(thing_columns, account), TEXT(thing_columns, approved_by),
         TEXT(thing_columns, function), INSTANT(thing_columns, made), MOMENT(thing_columns, used));

enum status identity_review_population(struct identity *identity, struct slice organisation,
                                       struct instant now, struct arena *arena,
                                       struct review_thing_list *out, struct problem *why)
{
    struct thing_columns_list rows;
    struct review_thing_list things = {0};
    ROWS_LIST(&identity->db, QUERY_REVIEW_POPULATION,
              ARGS(arg_text(organisation), arg_number(now.us)), &thing_row, arena, &rows, why);
    for (size_t i = 0; i < rows.count; i++) {
        const struct thing_columns *row = &rows.items[i];
        struct review_thing thing = {
            .kind = row->kind, .id = row->id, .account = row->account,
            .approved_by = row->approved_by, .function = function_of(row->function),
            .made = row->made, .used = row->used, .uncounted = is_uncounted(row->kind)};
        ARENA_PUSH(arena, &things, thing);
    }
    *out = things;
    return ST_OK;
}

enum status identity_review_count(struct identity *identity, struct slice organisation,
                                  struct instant now, uint32_t *count, struct problem *why)
{
    return read_count(identity, QUERY_REVIEW_COUNT,
                      ARGS(arg_text(organisation), arg_number(now.us)), count, why);
}

/* Reviews */

ROW_TYPE(review_row, review, TEXT(review, id), TEXT(review, organisation), INSTANT(review, opened),
         INSTANT(review, due), MOMENT(review, closed), WORD(review, state, review_state_names));

struct item_columns {
    struct slice review, id, thing, account, approved_by, reviewer, function, change;
    enum review_kind kind;
    enum review_decision decision;
    struct instant made, used, decided, executed;
    uint32_t reminded;
    struct sealed note;
};
struct item_columns_list {
    struct item_columns *items;
    size_t count, capacity;
};
ROW_TYPE(item_row, item_columns, TEXT(item_columns, review), TEXT(item_columns, id),
         WORD(item_columns, kind, kind_names), TEXT(item_columns, thing),
         TEXT(item_columns, account), TEXT(item_columns, approved_by),
         TEXT(item_columns, reviewer), TEXT(item_columns, function), INSTANT(item_columns, made),
         MOMENT(item_columns, used), WORD(item_columns, decision, review_decision_names),
         TEXT(item_columns, change), MOMENT(item_columns, decided), MOMENT(item_columns, executed),
         NUMBER(item_columns, reminded), SEALED(item_columns, note));

static struct item_columns to_columns(struct slice review, const struct review_item *item)
{
    return (struct item_columns){
        .review = review,
        .id = item->id,
        .thing = item->thing.id,
        .account = item->thing.account,
        .approved_by = item->thing.approved_by,
        .reviewer = item->reviewer,
        .function = slice_from(access_function_name(item->thing.function)),
        .change = slice_from(access_function_name(item->change)),
        .kind = item->thing.kind,
        .decision = item->decision,
        .made = item->thing.made,
        .used = item->thing.used,
        .decided = item->decided,
        .executed = item->executed,
    };
}

static struct stored_review_item from_columns(const struct item_columns *row,
                                              const struct review *review)
{
    return (struct stored_review_item){
        .review = row->review,
        .item = {.id = row->id,
                 .thing = {.kind = row->kind, .id = row->thing, .account = row->account,
                           .approved_by = row->approved_by,
                           .function = function_of(row->function), .made = row->made,
                           .used = row->used, .uncounted = is_uncounted(row->kind)},
                 .reviewer = row->reviewer,
                 .due = review->due,
                 .decision = row->decision,
                 .change = function_of(row->change),
                 .decided = row->decided,
                 .executed = row->executed},
        .reminded = row->reminded,
        .note = row->note,
    };
}

enum status identity_add_review(struct identity *identity, const struct review *review,
                                const struct review_item_list *items, struct problem *why)
{
    uint32_t stored, there;
    TRY(rows_save(&identity->db, QUERY_REVIEW_ADD, &review_row, review, why));
    for (size_t i = 0; i < items->count; i++) {
        struct item_columns row = to_columns(review->id, &items->items[i]);
        TRY(rows_save(&identity->db, QUERY_REVIEW_ITEM_ADD, &item_row, &row, why));
    }
    TRY(read_count(identity, QUERY_REVIEW_ITEM_COUNT, ARGS(arg_text(review->id)), &stored, why));
    TRY(identity_review_count(identity, review->organisation, review->opened, &there, why));
    if (stored == there)
        return ST_OK;
    return problem_set(why, ST_INVALID, "the review would have %u of %u items", stored, there);
}

enum status identity_load_review(struct identity *identity, struct slice id, struct arena *arena,
                                 struct review *out, struct problem *why)
{
    return rows_load(&identity->db, QUERY_REVIEW_LOAD, ARGS(arg_text(id)), &review_row, arena, out,
                     "review of that id", why);
}

enum status identity_list_reviews(struct identity *identity, struct slice organisation,
                                  struct arena *arena, struct review_list *out,
                                  struct problem *why)
{
    ROWS_LIST(&identity->db, QUERY_REVIEW_LIST, ARGS(arg_text(organisation)), &review_row, arena,
              out, why);
    return ST_OK;
}

enum status identity_list_review_items(struct identity *identity, const struct review *review,
                                       struct arena *arena, struct stored_review_item_list *out,
                                       struct problem *why)
{
    struct item_columns_list rows;
    struct stored_review_item_list items = {0};
    ROWS_LIST(&identity->db, QUERY_REVIEW_ITEM_LIST, ARGS(arg_text(review->id)), &item_row, arena,
              &rows, why);
    for (size_t i = 0; i < rows.count; i++)
        ARENA_PUSH(arena, &items, from_columns(&rows.items[i], review));
    *out = items;
    return ST_OK;
}

enum status identity_load_review_item(struct identity *identity, const struct review *review,
                                      struct slice id, struct arena *arena,
                                      struct stored_review_item *out, struct problem *why)
{
    struct item_columns row;
    TRY(rows_load(&identity->db, QUERY_REVIEW_ITEM_LOAD, ARGS(arg_text(review->id), arg_text(id)),
                  &item_row, arena, &row, "item of that number", why));
    *out = from_columns(&row, review);
    return ST_OK;
}

enum status identity_decide_review_item(struct identity *identity,
                                        const struct stored_review_item *item, struct problem *why)
{
    return change_one(identity, QUERY_REVIEW_ITEM_DECIDE,
                      ARGS(arg_text(item->review), arg_text(item->item.id),
                           arg_text(slice_from(review_decision_names[item->item.decision])),
                           arg_text(slice_from(access_function_name(item->item.change))),
                           arg_moment(item->item.decided), arg_sealed(item->note)),
                      ST_CONFLICT, "this is decided and done already", why);
}

enum status identity_remind_review_item(struct identity *identity,
                                        const struct stored_review_item *item, uint32_t reminded,
                                        struct problem *why)
{
    return change_one(identity, QUERY_REVIEW_ITEM_REMIND,
                      ARGS(arg_text(item->review), arg_text(item->item.id), arg_number(reminded)),
                      ST_CONFLICT, "that notice was sent already", why);
}

enum status identity_assign_review_item(struct identity *identity,
                                        const struct stored_review_item *item,
                                        struct slice reviewer, struct problem *why)
{
    return change_one(identity, QUERY_REVIEW_ITEM_ASSIGN,
                      ARGS(arg_text(item->review), arg_text(item->item.id), arg_text(reviewer)),
                      ST_CONFLICT, "this is decided and done already", why);
}

enum status identity_close_review(struct identity *identity, struct slice id, struct instant at,
                                  bool *closed, struct problem *why)
{
    size_t count;
    TRY(rows_run_counted(&identity->db, QUERY_REVIEW_CLOSE, ARGS(arg_text(id), arg_moment(at)),
                         &count, why));
    *closed = count == 1;
    return ST_OK;
}

static enum status end_by_id(struct identity *identity, enum query query, struct slice id,
                             bool *ended, struct problem *why)
{
    size_t count;
    TRY(rows_run_counted(&identity->db, query, ARGS(arg_text(id)), &count, why));
    *ended = count == 1;
    return ST_OK;
}

enum status identity_remove_token(struct identity *identity, struct slice id, bool *ended,
                                  struct problem *why)
{
    return end_by_id(identity, QUERY_REVIEW_END_TOKEN, id, ended, why);
}

enum status identity_remove_provider(struct identity *identity, struct slice id, bool *ended,
                                     struct problem *why)
{
    return end_by_id(identity, QUERY_REVIEW_END_PROVIDER, id, ended, why);
}
