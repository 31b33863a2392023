/* Access reviews: what is shown, what is decided, and carrying that out. */
#include "roles/authd/reviews.h"

#include "platform/identity/grants.h"
#include "roles/authd/access.h"
#include "roles/authd/certificates.h"

/* Whether the caller reads the whole review; else only what is theirs to decide. */
static bool reads_all(struct call *call, const struct review *review)
{
    struct access_object object = {.organisation = review->organisation};
    bool may = call_may(call, RIGHT_REVIEWS_READ, &object) == ST_OK;
    call->refusal = NULL;
    return may;
}

static bool is_mine(const struct call *call, const struct stored_review_item *stored)
{
    return slice_equal(stored->item.reviewer, call->who.account.id);
}

/* Names, notes, doubts */

static struct slice note_row(const struct call *call, const struct stored_review_item *stored)
{
    return arena_format(call->arena, "%.*s/%.*s", SLICE_ARG(stored->review),
                        SLICE_ARG(stored->item.id));
}

static enum status open_note(struct call *call, const struct review *review,
                             const struct stored_review_item *stored, struct slice *text)
{
    struct organisation *organisation;
    struct private_text note;
    *text = SLICE_NONE;
    if (stored->note.bytes.len == 0)
        return ST_OK;
    TRY(get_organisation(call->authd, review->organisation, &organisation, &call->why));
    TRY(open_row(call->authd, organisation, IDENTITY_REVIEW_ITEM, note_row(call, stored),
                 stored->note, &private_text_record, call->arena, &note, &call->why));
    *text = note.text;
    return ST_OK;
}

/* Rights of somebody's function that they have not used for so long, by name. */
static enum status find_unused(struct call *call, const struct review_thing *thing,
                               struct slice *out)
{
    struct right_use uses;
    AUTO_BUFFER names = buffer_create(1024);
    *out = SLICE_NONE;
    if (thing->kind != REVIEW_ACCOUNT ||
        call->now.us - thing->made.us < REVIEW_UNUSED_AFTER.us)
        return ST_OK;
    TRY(identity_list_uses(call->authd->identity, thing->id, &uses, &call->why));
    for (int right = RIGHT_NONE + 1; right < RIGHT_COUNT_; right++)
        if (access_function_has(thing->function, right) &&
            call->now.us - uses.last[right].us >= REVIEW_UNUSED_AFTER.us)
            buffer_add_format(&names, "%s%s", names.len > 0 ? " " : "", access_right_name(right));
    *out = arena_copy(call->arena, buffer_slice(&names));
    return ST_OK;
}

static enum status find_what(struct call *call, const struct review_thing *thing, struct slice *what)
{
    struct stored_grant stored;
    if (thing->kind != REVIEW_GRANT)
        return ST_OK;
    TRY(identity_load_grant(call->authd->identity, thing->id, call->arena, &stored, &call->why));
    *what = stored.grant.cause == CAUSE_GLASS ? LIT("break_glass")
                                              : slice_from(access_right_name(stored.grant.right));
    return ST_OK;
}

enum status review_open_items(struct call *call, const struct review *review,
                              struct shown_item_list *out)
{
    struct stored_review_item_list items;
    struct shown_item_list shown = {0};
    TRY(identity_list_review_items(call->authd->identity, review, call->arena, &items, &call->why));
    for (size_t i = 0; i < items.count; i++) {
        struct shown_item item = {.stored = items.items[i]};
        item.doubt = review_doubt(&item.stored.item, call->now);
        TRY(open_name(call, item.stored.item.thing.account, &item.name));
        TRY(open_name(call, item.stored.item.reviewer, &item.reviewer_name));
        TRY(open_note(call, review, &item.stored, &item.note));
        TRY(find_what(call, &item.stored.item.thing, &item.what));
        TRY(find_unused(call, &item.stored.item.thing, &item.unused));
        ARENA_PUSH(call->arena, &shown, item);
    }
    *out = shown;
    return ST_OK;
}

/* As JSON */

static json_t *item_json(const struct call *call, const struct shown_item *shown)
{
    const struct review_item *item = &shown->stored.item;
    json_t *out = json_object();
    json_object_set_new(out, "id", json_from_text(item->id));
    json_object_set_new(out, "kind", json_string(review_kind_name(item->thing.kind)));
    json_object_set_new(out, "thing", json_from_text(item->thing.id));
    json_object_set_new(out, "account", json_from_text(item->thing.account));
    json_object_set_new(out, "name", json_from_text(shown->name));
    json_object_set_new(out, "function",
                        json_string(access_function_name(item->thing.function)));
    json_object_set_new(out, "what", json_from_text(shown->what));
    json_object_set_new(out, "made", instant_json(item->thing.made, call->arena));
    json_object_set_new(out, "used", instant_json(item->thing.used, call->arena));
    json_object_set_new(out, "reviewer", json_from_text(item->reviewer));
    json_object_set_new(out, "reviewer_name", json_from_text(shown->reviewer_name));
    json_object_set_new(out, "due", instant_json(item->due, call->arena));
    json_object_set_new(out, "doubt", json_string(review_doubt_names[shown->doubt]));
    json_object_set_new(out, "unused", json_from_text(shown->unused));
    json_object_set_new(out, "decision", json_string(review_decision_names[item->decision]));
    json_object_set_new(out, "change", json_string(access_function_name(item->change)));
    json_object_set_new(out, "decided", instant_json(item->decided, call->arena));
    json_object_set_new(out, "note", json_from_text(shown->note));
    json_object_set_new(out, "mine", json_boolean(is_mine(call, &shown->stored)));
    return out;
}

static json_t *review_json(const struct call *call, const struct review *review,
                           const struct stored_review_item_list *items)
{
    size_t open = 0, overdue = 0, mine = 0;
    for (size_t i = 0; i < items->count; i++) {
        const struct stored_review_item *stored = &items->items[i];
        open += stored->item.decision == REVIEW_OPEN;
        overdue += review_is_overdue(&stored->item, call->now);
        mine += stored->item.decision == REVIEW_OPEN && is_mine(call, stored);
    }
    json_t *out = json_object();
    json_object_set_new(out, "id", json_from_text(review->id));
    json_object_set_new(out, "organisation", json_from_text(review->organisation));
    json_object_set_new(out, "opened", instant_json(review->opened, call->arena));
    json_object_set_new(out, "due", instant_json(review->due, call->arena));
    json_object_set_new(out, "closed", instant_json(review->closed, call->arena));
    json_object_set_new(out, "state", json_string(review_state_names[review->state]));
    json_object_set_new(out, "items", json_integer((json_int_t)items->count));
    json_object_set_new(out, "open", json_integer((json_int_t)open));
    json_object_set_new(out, "overdue", json_integer((json_int_t)overdue));
    json_object_set_new(out, "mine", json_integer((json_int_t)mine));
    return out;
}

/* Whether anything in it is the caller's to see. */
static bool concerns(struct call *call, const struct review *review,
                     const struct stored_review_item_list *items)
{
    for (size_t i = 0; i < items->count; i++)
        if (is_mine(call, &items->items[i]))
            return true;
    return reads_all(call, review);
}

enum status review_list(struct call *call)
{
    struct review_list reviews;
    TRY(identity_list_reviews(call->authd->identity, SLICE_NONE, call->arena, &reviews,
                              &call->why));
    AUTO_JSON list = json_array();
    for (size_t i = 0; i < reviews.count; i++) {
        struct stored_review_item_list items;
        TRY(identity_list_review_items(call->authd->identity, &reviews.items[i], call->arena,
                                       &items, &call->why));
        if (concerns(call, &reviews.items[i], &items))
            json_array_append_new(list, review_json(call, &reviews.items[i], &items));
    }
    call->out = json_pack("{s:O}", "reviews", list);
    return ST_OK;
}

/* Of somebody else's review nobody learns that there is one. */
static enum status load_concerned(struct call *call, struct review *review,
                                  struct stored_review_item_list *items)
{
    TRY(identity_load_review(call->authd->identity, json_text(call->in, "id"), call->arena, review,
                             &call->why));
    TRY(identity_list_review_items(call->authd->identity, review, call->arena, items, &call->why));
    if (!concerns(call, review, items))
        return problem_set(&call->why, ST_NOT_FOUND, "no review of that id");
    return ST_OK;
}

enum status review_show(struct call *call)
{
    struct review review;
    struct stored_review_item_list items;
    struct shown_item_list shown;
    TRY(load_concerned(call, &review, &items));
    TRY(review_open_items(call, &review, &shown));
    bool all = reads_all(call, &review);
    AUTO_JSON list = json_array();
    for (size_t i = 0; i < shown.count; i++)
        if (all || is_mine(call, &shown.items[i].stored))
            json_array_append_new(list, item_json(call, &shown.items[i]));
    call->out = review_json(call, &review, &items);
    json_object_set(call->out, "list", list);
    struct organisation *organisation;
    TRY(get_organisation(call->authd, review.organisation, &organisation, &call->why));
    json_object_set_new(call->out, "functions", functions_json(organisation->kind));
    return ST_OK;
}

/* Decisions */

/* Something that is over by itself meanwhile is as good as removed. */
static enum status gone_is_well(enum status status)
{
    return status == ST_NOT_FOUND || status == ST_CONFLICT ? ST_OK : status;
}

static enum status remove_account(struct call *call, struct slice id)
{
    struct account account;
    TRY(identity_load_account(call->authd->identity, id, call->arena, &account, &call->why));
    return account.state == ACCOUNT_ENDED ? ST_OK : account_leaves(call, &account, "review");
}

static enum status remove_thing(struct call *call, const struct review_thing *thing)
{
    struct identity *identity = call->authd->identity;
    bool ended;
    switch (thing->kind) {
    case REVIEW_ACCOUNT:
    case REVIEW_SERVICE:
        return remove_account(call, thing->id);
    case REVIEW_GRANT:
        return gone_is_well(identity_end_grant(identity, thing->id, call->now, &call->why));
    case REVIEW_TOKEN:
        return identity_remove_token(identity, thing->id, &ended, &call->why);
    case REVIEW_CERTIFICATE:
        return gone_is_well(certificates_revoke(call->authd, thing->id, PKI_WITHDRAWN,
                                                call->now, &call->why));
    case REVIEW_PROVIDER:
        return identity_remove_provider(identity, thing->id, &ended, &call->why);
    case REVIEW_KIND_COUNT_:
        break;
    }
    return problem_set(&call->why, ST_INVALID, "a thing of no kind");
}

static enum status change_account(struct call *call, const struct review_item *item)
{
    struct account account;
    TRY(identity_load_account(call->authd->identity, item->thing.id, call->arena, &account,
                              &call->why));
    return set_function(call, &account, slice_from(access_function_name(item->change)));
}

static enum status carry_out(struct call *call, const struct review_item *item)
{
    if (item->decision == REVIEW_REMOVE)
        return remove_thing(call, &item->thing);
    if (item->decision == REVIEW_CHANGE)
        return change_account(call, item);
    return ST_OK;
}

static enum status seal_note(struct call *call, const struct review *review,
                             struct stored_review_item *stored, struct slice text)
{
    struct organisation *organisation;
    struct private_text note = {text};
    if (text.len == 0)
        return ST_OK;
    if (text.len > REASON_BYTES_MAX)
        return refuse(call, ST_INVALID, "note", "note: at most 500 bytes");
    TRY(get_organisation(call->authd, review->organisation, &organisation, &call->why));
    return seal_row(call->authd, organisation, IDENTITY_REVIEW_ITEM, note_row(call, stored),
                    &private_text_record, &note, call->arena, &stored->note, &call->why);
}

static enum status kind_of(struct call *call, struct slice organisation, enum access_kind *kind)
{
    struct organisation *known;
    TRY(get_organisation(call->authd, organisation, &known, &call->why));
    if (!access_kind_from_name(known->kind, kind))
        return problem_set(&call->why, ST_INVALID, "an organisation of no kind");
    return ST_OK;
}

enum status review_decide_one(struct call *call, const struct review *review, struct slice item,
                              enum review_decision decision, enum access_function function,
                              struct slice text)
{
    struct stored_review_item stored;
    enum access_kind kind;
    bool closed;
    TRY(identity_load_review_item(call->authd->identity, review, item, call->arena, &stored,
                                  &call->why));
    TRY(kind_of(call, review->organisation, &kind));
    TRY(review_decide(&stored.item, &call->who.caller, decision, function, kind, call->now,
                      &call->why));
    TRY(seal_note(call, review, &stored, text));
    TRY(identity_decide_review_item(call->authd->identity, &stored, &call->why));
    TRY(carry_out(call, &stored.item));
    TRY(note(call, "access.review.decided", "review=%.*s item=%.*s kind=%s thing=%.*s by=%.*s decision=%s%s",
             SLICE_ARG(review->id), SLICE_ARG(item), review_kind_name(stored.item.thing.kind),
             SLICE_ARG(stored.item.thing.id), SLICE_ARG(call->who.account.id),
             review_decision_names[decision], via(call)));
    TRY(identity_close_review(call->authd->identity, review->id, call->now, &closed, &call->why));
    return closed ? note(call, "access.review.closed", "review=%.*s", SLICE_ARG(review->id)) : ST_OK;
}

enum status review_decide_item(struct call *call)
{
    struct review review;
    struct stored_review_item_list items;
    enum review_decision decision = REVIEW_OPEN;
    enum access_function function = FUNCTION_NONE;
    struct slice wanted = json_text(call->in, "function");
    TRY(load_concerned(call, &review, &items));
    if (!review_decision_from_name(json_text(call->in, "decision"), &decision))
        return refuse(call, ST_INVALID, "decision", "decision: keep, remove or change");
    if (wanted.len > 0 && !access_function_from_name(wanted, &function))
        return refuse(call, ST_INVALID, "function", "function: no such function");
    return review_decide_one(call, &review, json_text(call->in, "item"), decision, function,
                             slice_trim(json_text(call->in, "note")));
}

/* For whoever has the keys: sees all, and decides as {"as"}. */

enum status root_review_list(struct call *call)
{
    struct review_list reviews;
    TRY(identity_list_reviews(call->authd->identity, json_text(call->in, "organisation"),
                              call->arena, &reviews, &call->why));
    AUTO_JSON list = json_array();
    for (size_t i = 0; i < reviews.count; i++) {
        struct stored_review_item_list items;
        TRY(identity_list_review_items(call->authd->identity, &reviews.items[i], call->arena,
                                       &items, &call->why));
        json_array_append_new(list, review_json(call, &reviews.items[i], &items));
    }
    call->out = json_pack("{s:O}", "reviews", list);
    return ST_OK;
}

enum status root_review_show(struct call *call)
{
    struct review review;
    struct stored_review_item_list items;
    struct shown_item_list shown;
    TRY(identity_load_review(call->authd->identity, json_text(call->in, "id"), call->arena, &review,
                             &call->why));
    TRY(identity_list_review_items(call->authd->identity, &review, call->arena, &items, &call->why));
    TRY(review_open_items(call, &review, &shown));
    call->out = review_json(call, &review, &items);
    json_t *list = json_array();
    for (size_t i = 0; i < shown.count; i++)
        json_array_append_new(list, item_json(call, &shown.items[i]));
    json_object_set_new(call->out, "list", list);
    return ST_OK;
}

enum status root_review_decide(struct call *call)
{
    TRY(act_as(call));
    TRY(call_may(call, RIGHT_REVIEWS_ANSWER, NULL));
    return review_decide_item(call);
}
