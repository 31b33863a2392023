/* What authd has in its database, looked at when the prober asks: whose accounts, accesses and reviews there
 * are. */
#include "domain/account/account.h"
#include "platform/identity/grants.h"
#include "platform/identity/reviews.h"
#include "roles/authd/probes.h"

enum { NETWORKS_MAX = 3, REVIEW_SLACK_DAYS = 1 };

/* "accounts": lines of "cause address name"; those of the cause "good" must be taken, the others not. Then all
 * accounts that there are. */

static enum status add_one(struct call *call, struct slice organisation, struct slice address, struct slice name)
{
    struct account account = {.organisation = organisation, .kind = ACCOUNT_PERSON, .function = LIT("organizer")};
    struct account_details details = {.name = name, .address = address, .language = LIT("en")};
    return create_account(call, &account, &details);
}

static enum status try_names(struct call *call, struct probe *probe)
{
    struct account person;
    struct slice rest = probe_argument(probe), line;
    size_t tried = 0;
    TRY(made_up_person(call, "administrator", &person));
    while (slice_next_line(&rest, &line)) {
        size_t first = slice_find(line, LIT(" "), 0), second = slice_find(line, LIT(" "), first + 1);
        struct slice cause = slice_sub(line, 0, first), address = slice_sub(line, first + 1, second);
        bool good = slice_equal(cause, LIT("good"));
        enum status status = add_one(call, person.organisation, address, slice_sub(line, second + 1, SIZE_MAX));
        if (status != ST_OK && status != ST_INVALID)
            return status;
        tried++;
        if ((status == ST_OK) != good)
            return probe_fails(probe, good ? "good_refused" : arena_text(call->arena, cause));
    }
    probe_fact(probe, "tried", "%zu", tried);
    return ST_OK;
}

/* What is wrong with an account that is there, or NULL. A row that somebody else has written does not open. */
static enum status fault_of(struct call *call, const struct account *account, const char **fault)
{
    struct account_details details;
    struct account owner;
    *fault = NULL;
    enum status status = open_account(call->authd, account, call->arena, &details, &call->why);
    if (status == ST_UNAVAILABLE)
        return status;
    if (status != ST_OK)
        *fault = "nameless";
    else if (account->kind == ACCOUNT_PERSON && account_check_person(details.name, details.address, NULL) != ST_OK)
        *fault = "generic_found";
    if (account->kind != ACCOUNT_SERVICE)
        return ST_OK;
    status = identity_load_account(call->authd->identity, account->owner, call->arena, &owner, &call->why);
    if (status == ST_UNAVAILABLE)
        return status;
    if (status != ST_OK || owner.kind != ACCOUNT_PERSON || owner.state == ACCOUNT_ENDED)
        *fault = "ownerless";
    return ST_OK;
}

static enum status look_at_accounts(struct call *call, struct probe *probe)
{
    struct account_list list;
    size_t people = 0, services = 0;
    TRY(identity_list_accounts(call->authd->identity, SLICE_NONE, call->arena, &list, &call->why));
    for (size_t i = 0; i < list.count; i++) {
        const char *fault;
        if (list.items[i].state == ACCOUNT_ENDED)
            continue;
        people += list.items[i].kind == ACCOUNT_PERSON;
        services += list.items[i].kind == ACCOUNT_SERVICE;
        TRY(fault_of(call, &list.items[i], &fault));
        if (fault == NULL)
            continue;
        probe_fact(probe, "account", "%.*s", SLICE_ARG(list.items[i].id));
        return probe_fails(probe, fault);
    }
    probe_fact(probe, "people", "%zu", people);
    probe_fact(probe, "services", "%zu", services);
    return ST_OK;
}

/* "16:203.0" of IPv4, "32:2001:db8" of IPv6, roughly: far from each other is what differs there. */
static struct slice far_network(struct slice address)
{
    char mark = slice_find(address, LIT(":"), 0) != SIZE_MAX ? ':' : '.';
    struct slice sign = {&mark, 1};
    size_t first = slice_find(address, sign, 0);
    size_t second = first == SIZE_MAX ? SIZE_MAX : slice_find(address, sign, first + 1);
    return slice_sub(address, 0, second);
}

/* From how many far networks somebody's sessions were used within an hour of the last one. */
static enum status count_networks(struct call *call, const struct session *sessions, size_t count, size_t *networks)
{
    struct slice_list seen = {0};
    struct instant last = {0};
    struct account account;
    struct organisation *organisation;
    for (size_t i = 0; i < count; i++)
        last = sessions[i].seen.us > last.us ? sessions[i].seen : last;
    TRY(identity_load_account(call->authd->identity, sessions[0].account, call->arena, &account, &call->why));
    TRY(get_organisation(call->authd, account.organisation, &organisation, &call->why));
    for (size_t i = 0; i < count; i++) {
        struct session_place place;
        bool known = false;
        if (last.us - sessions[i].seen.us > HOUR_US ||
            open_row(call->authd, organisation, IDENTITY_SESSION, sessions[i].id, sessions[i].place,
                     &session_place_record, call->arena, &place, &call->why) != ST_OK)
            continue; /* a row that does not open is another control's */
        for (size_t k = 0; k < seen.count; k++)
            known |= slice_equal(seen.items[k], far_network(place.address));
        if (!known)
            ARENA_PUSH(call->arena, &seen, far_network(place.address));
    }
    *networks = seen.count;
    return ST_OK;
}

/* An office, a home and a telephone may be three networks; more at a time are more people. */
static enum status look_for_shared(struct call *call, struct probe *probe)
{
    struct session_list list;
    size_t most = 0;
    TRY(identity_list_all_sessions(call->authd->identity, call->now, call->arena, &list, &call->why));
    for (size_t begin = 0, end; begin < list.count; begin = end) {
        size_t networks = 0;
        for (end = begin + 1; end < list.count && slice_equal(list.items[end].account, list.items[begin].account);)
            end++;
        if (end - begin <= NETWORKS_MAX)
            continue;
        TRY(count_networks(call, list.items + begin, end - begin, &networks));
        most = networks > most ? networks : most;
    }
    probe_fact(probe, "networks", "%zu", most);
    return most > NETWORKS_MAX ? probe_fails(probe, "shared") : probe_holds(probe);
}

static enum status try_accounts(struct call *call, struct probe *probe)
{
    TRY(look_at_accounts(call, probe));
    TRY(try_names(call, probe));
    return look_for_shared(call, probe);
}

/* "access_of_nobody": every session, token, grant and certificate is an active account's. A made-up one of
 * somebody who has just ended is found, too, or nothing is proven. */

static enum status find_of_nobody(struct call *call, struct owned_thing_list *list)
{
    return identity_list_of_nobody(call->authd->identity, call->now, call->arena, list, &call->why);
}

static enum status add_token_of(struct call *call, const struct account *person)
{
    struct token token = {.id = database_new_id("t", call->arena), .account = person->id,
                          .scopes = LIT("meetings"), .made = call->now, .ends = {call->now.us + DAY_US}};
    struct organisation *organisation;
    (void)new_token("rdz_", call->arena, &token.token_hash);
    TRY(get_organisation(call->authd, person->organisation, &organisation, &call->why));
    TRY(seal_row(call->authd, organisation, IDENTITY_TOKEN, token.id, &token_details_record,
                 &(struct token_details){LIT("trial")}, call->arena, &token.details, &call->why));
    return identity_add_token(call->authd->identity, &token, &call->why);
}

static enum status try_of_nobody(struct call *call, struct probe *probe)
{
    struct owned_thing_list list;
    struct account person;
    TRY(find_of_nobody(call, &list));
    probe_fact(probe, "found", "%zu", list.count);
    if (list.count > 0) {
        probe_fact(probe, "kind", "%.*s", SLICE_ARG(list.items[0].kind));
        probe_fact(probe, "thing", "%.*s", SLICE_ARG(list.items[0].id));
        return probe_fails(probe, "of_nobody");
    }
    TRY(made_up_person(call, "organizer", &person));
    TRY(account_leaves(call, &person, "left"));
    TRY(add_token_of(call, &person));
    TRY(find_of_nobody(call, &list));
    return list.count == 1 ? probe_holds(probe) : probe_fails(probe, "not_found");
}

/* "reviews": of every organisation a campaign of the quarter, that has all there was, decided in time. */

struct watched {
    const struct identity_organisation *organisation;
    struct review review; /* the last one; id empty: none yet */
};

static struct civil_date day_of(struct instant at)
{
    return civil_from_instant(at, zone_utc()).date;
}

static bool is_late(const struct watched *watched, struct instant now)
{
    struct instant from = watched->review.id.len > 0 ? watched->review.opened : watched->organisation->created;
    struct instant slack = {now.us - REVIEW_SLACK_DAYS * DAY_US};
    return civil_date_compare(day_of(slack), review_next(day_of(from))) >= 0;
}

static bool is_among(const struct stored_review_item_list *items, const struct review_thing *thing)
{
    for (size_t i = 0; i < items->count; i++)
        if (items->items[i].item.thing.kind == thing->kind && slice_equal(items->items[i].item.thing.id, thing->id))
            return true;
    return false;
}

/* What was there when it began, and still is, stands in it. */
static enum status is_complete(struct call *call, const struct watched *watched,
                               const struct stored_review_item_list *items, bool *complete)
{
    struct review_thing_list things;
    TRY(identity_review_population(call->authd->identity, watched->organisation->id, call->now, call->arena,
                                   &things, &call->why));
    *complete = true;
    for (size_t i = 0; i < things.count && *complete; i++)
        *complete = things.items[i].made.us >= watched->review.opened.us || is_among(items, &things.items[i]);
    return ST_OK;
}

static enum status look_at_review(struct call *call, const struct watched *watched, const char **fault)
{
    struct stored_review_item_list items;
    bool complete;
    *fault = is_late(watched, call->now) ? "missing" : NULL;
    if (watched->review.id.len == 0 || *fault != NULL)
        return ST_OK;
    TRY(identity_list_review_items(call->authd->identity, &watched->review, call->arena, &items, &call->why));
    TRY(is_complete(call, watched, &items, &complete));
    if (!complete)
        *fault = "incomplete";
    for (size_t i = 0; i < items.count && *fault == NULL; i++)
        if (review_is_overdue(&items.items[i].item, call->now))
            *fault = "undecided";
    return ST_OK;
}

static enum status try_reviews(struct call *call, struct probe *probe)
{
    struct identity_organisation_list all;
    struct review_list reviews;
    struct identity *identity = call->authd->identity;
    size_t watched = 0;
    TRY(identity_list_organisations(identity, call->arena, &all, &call->why));
    for (size_t i = 0; i < all.count; i++) {
        struct watched one = {.organisation = &all.items[i]};
        const char *fault;
        if (!slice_equal(all.items[i].state, LIT("active")))
            continue;
        TRY(identity_list_reviews(identity, all.items[i].id, call->arena, &reviews, &call->why));
        if (reviews.count > 0)
            one.review = reviews.items[reviews.count - 1];
        watched++;
        TRY(look_at_review(call, &one, &fault));
        if (fault == NULL)
            continue;
        probe_fact(probe, "organisation", "%.*s", SLICE_ARG(all.items[i].id));
        return probe_fails(probe, fault);
    }
    probe_fact(probe, "organisations", "%zu", watched);
    return probe_holds(probe);
}

static enum status accounts(struct probe *probe, void *context, struct problem *why)
{
    return authd_try(*(struct authd **)context, probe, try_accounts, why);
}

static enum status access_of_nobody(struct probe *probe, void *context, struct problem *why)
{
    return authd_try(*(struct authd **)context, probe, try_of_nobody, why);
}

static enum status reviews(struct probe *probe, void *context, struct problem *why)
{
    return authd_try(*(struct authd **)context, probe, try_reviews, why);
}

void authd_rows_probes(struct role *role, struct authd **authd)
{
    role_on_probe(role, "accounts", accounts, authd);
    role_on_probe(role, "access_of_nobody", access_of_nobody, authd);
    role_on_probe(role, "reviews", reviews, authd);
}
