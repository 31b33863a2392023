/* What begins reviews, hands them on and reminds people of them. */
#include "base/eventlog/eventlog.h"
#include "roles/authd/access.h"
#include "roles/authd/reviews.h"

static enum status add_people(struct call *call, struct slice organisation, bool operator,
                              struct review_person_list *people)
{
    struct colleagues colleagues;
    TRY(find_colleagues(call, organisation, RIGHT_REVIEWS_ANSWER, SLICE_NONE, &colleagues));
    for (size_t i = 0; i < colleagues.count; i++)
        ARENA_PUSH(call->arena, people,
                   ((struct review_person){colleagues.items[i].id, operator, 0}));
    return ST_OK;
}

/* Who may be asked about an organisation: its own people, and where those are not enough the
 * operator's. */
static enum status find_reviewers(struct call *call, struct slice organisation,
                                  struct review_person_list *people)
{
    struct identity_organisation_list all;
    *people = (struct review_person_list){0};
    TRY(add_people(call, organisation, false, people));
    TRY(identity_list_organisations(call->authd->identity, call->arena, &all, &call->why));
    for (size_t i = 0; i < all.count; i++)
        if (slice_equal(all.items[i].kind, LIT("operator")) &&
            slice_equal(all.items[i].state, LIT("active")) &&
            !slice_equal(all.items[i].id, organisation))
            TRY(add_people(call, all.items[i].id, true, people));
    return ST_OK;
}

static enum status find_last(struct call *call, struct slice organisation, struct review *last)
{
    struct review_list reviews;
    TRY(identity_list_reviews(call->authd->identity, organisation, call->arena, &reviews,
                              &call->why));
    *last = (struct review){0};
    if (reviews.count > 0)
        *last = reviews.items[reviews.count - 1];
    return ST_OK;
}

enum status review_begin(struct call *call, struct slice organisation, struct review *out)
{
    struct review_thing_list things;
    struct review_person_list people;
    struct review_item_list items;
    struct review last;
    TRY(find_last(call, organisation, &last));
    if (last.id.len > 0 && last.state == REVIEW_RUNS)
        return problem_set(&call->why, ST_CONFLICT, "a review of this organisation is open");
    TRY(find_reviewers(call, organisation, &people));
    TRY(identity_review_population(call->authd->identity, organisation, call->now, call->arena,
                                   &things, &call->why));
    review_plan(&things, &people, call->now, call->arena, &items);
    *out = (struct review){
        .id = database_new_id("r", call->arena),
        .organisation = organisation,
        .opened = call->now,
        .due = instant_add(call->now, REVIEW_TIME),
        .state = REVIEW_RUNS,
    };
    TRY(identity_add_review(call->authd->identity, out, &items, &call->why));
    event_log(EVENT_REVIEW_BEGUN, field_id(KEY_REVIEW, out->id),
              field_id(KEY_ORGANISATION, organisation),
              field_number(KEY_COUNT, (int64_t)items.count));
    TRY(note(call, "access.review.begun", "review=%.*s organisation=%.*s items=%zu%s",
             SLICE_ARG(out->id), SLICE_ARG(organisation), items.count, via(call)));
    for (size_t i = 0; i < people.count; i++)
        if (people.items[i].given > 0)
            TRY(tell_by_id(call, people.items[i].id, "account.review", ""));
    return ST_OK;
}

/* Three months after the last one, or after the organisation came. */
static bool is_due(const struct identity_organisation *organisation, const struct review *last,
                   struct instant now)
{
    bool first = last->id.len == 0;
    struct civil from = civil_from_instant(first ? organisation->created : last->opened, zone_utc());
    struct civil today = civil_from_instant(now, zone_utc());
    return (first || last->state == REVIEW_CLOSED) &&
           civil_date_compare(today.date, review_next(from.date)) >= 0;
}

/* One notice a reviewer, however many items. */
static enum status remind_once(struct call *call, struct slice reviewer, struct slice_list *told)
{
    for (size_t i = 0; i < told->count; i++)
        if (slice_equal(told->items[i], reviewer))
            return ST_OK;
    ARENA_PUSH(call->arena, told, reviewer);
    return tell_by_id(call, reviewer, "account.review_waits", "");
}

static bool is_among(const struct review_person_list *people, struct slice id)
{
    for (size_t i = 0; i < people->count; i++)
        if (slice_equal(people->items[i].id, id))
            return true;
    return false;
}

/* An item whose reviewer left, or may not answer any more, goes to somebody else. */
static enum status hand_on(struct call *call, struct stored_review_item *stored,
                           struct review_person_list *people, struct review_work *done)
{
    if (is_among(people, stored->item.reviewer))
        return ST_OK;
    struct review_item_list planned;
    struct review_thing_list one = {&stored->item.thing, 1, 1};
    review_plan(&one, people, call->now, call->arena, &planned);
    struct slice reviewer = planned.items[0].reviewer;
    if (slice_equal(reviewer, stored->item.reviewer))
        return ST_OK;
    TRY(identity_assign_review_item(call->authd->identity, stored, reviewer, &call->why));
    stored->item.reviewer = reviewer;
    stored->reminded = 0;
    done->assigned++;
    return note(call, "access.review.assigned", "review=%.*s item=%.*s to=%.*s",
                SLICE_ARG(stored->review), SLICE_ARG(stored->item.id), SLICE_ARG(reviewer));
}

static enum status remind(struct call *call, const struct review *review, struct review_work *done)
{
    struct stored_review_item_list items;
    struct review_person_list people;
    struct slice_list told = {0};
    TRY(find_reviewers(call, review->organisation, &people));
    TRY(identity_list_review_items(call->authd->identity, review, call->arena, &items, &call->why));
    for (size_t i = 0; i < items.count; i++) {
        struct stored_review_item *stored = &items.items[i];
        if (stored->item.decision != REVIEW_OPEN)
            continue;
        TRY(hand_on(call, stored, &people, done));
        unsigned reminders = review_reminders(&stored->item, call->now);
        if (reminders <= stored->reminded)
            continue;
        TRY(identity_remind_review_item(call->authd->identity, stored, reminders, &call->why));
        TRY(remind_once(call, stored->item.reviewer, &told));
    }
    done->reminded += told.count;
    return ST_OK;
}

enum status review_run(struct call *call, struct review_work *done)
{
    struct identity_organisation_list all;
    *done = (struct review_work){0};
    TRY(identity_list_organisations(call->authd->identity, call->arena, &all, &call->why));
    for (size_t i = 0; i < all.count; i++) {
        struct review last;
        if (!slice_equal(all.items[i].state, LIT("active")))
            continue;
        TRY(find_last(call, all.items[i].id, &last));
        if (is_due(&all.items[i], &last, call->now)) {
            TRY(review_begin(call, all.items[i].id, &last));
            done->begun++;
        } else if (last.state == REVIEW_RUNS) {
            TRY(remind(call, &last, done));
        }
    }
    return ST_OK;
}

/* For whoever has the keys: of {"organisation"}, or of all that have none open. */
enum status root_review_start(struct call *call)
{
    struct identity_organisation_list all;
    struct slice only = json_text(call->in, "organisation");
    struct review begun;
    AUTO_JSON list = json_array();
    TRY(identity_list_organisations(call->authd->identity, call->arena, &all, &call->why));
    for (size_t i = 0; i < all.count; i++) {
        bool named = slice_equal(all.items[i].id, only);
        if ((only.len > 0 && !named) || !slice_equal(all.items[i].state, LIT("active")))
            continue;
        enum status status = review_begin(call, all.items[i].id, &begun);
        if (status == ST_CONFLICT && !named)
            continue;
        TRY(status);
        json_array_append_new(list, json_from_text(begun.id));
    }
    call->out = json_pack("{s:O}", "begun", list);
    return ST_OK;
}

enum status root_review_run(struct call *call)
{
    struct review_work done;
    TRY(review_run(call, &done));
    call->out = json_pack("{s:I, s:I, s:I}", "begun", (json_int_t)done.begun, "assigned",
                          (json_int_t)done.assigned, "reminded", (json_int_t)done.reminded);
    return ST_OK;
}
