/* The privacy part of a personal link. The link proves that somebody reads mail of that
 * address, or got it passed on: enough to stop mail, which harms nobody for long, but not to
 * hand out or destroy data. For these a second link goes to the address itself. */
#include "roles/planner/internal.h"
#include "roles/planner/privacy.h"

/* The number in a token of the second link: 11, two bits of act, 28 bits of day. Offers are
 * numbered from 1 and never reach it. */
enum { ACT_EXPORT = 1, ACT_ERASE = 2, VALID_DAYS = 7, MAILS_A_DAY = 3 };
static const uint32_t second_mark = UINT32_C(3) << 30;

static uint32_t today(const struct unit *unit)
{
    return (uint32_t)(unit->now.us / DAY_US);
}

static uint32_t act_of(uint32_t number)
{
    return (number & second_mark) == second_mark ? (number >> 28) & 3 : 0;
}

static bool is_expired(const struct unit *unit, uint32_t number)
{
    return act_of(number) != 0 && today(unit) > (number & 0xFFFFFFF) + VALID_DAYS;
}

/* A link in hand. */
struct visit {
    struct unit *unit;
    struct meeting_hand *hand;
    struct participant reader;
    uint32_t number;
};

static enum status open_visit(struct visit *visit, struct slice token)
{
    struct unit *unit = visit->unit;
    TRY(link_open(unit, token, visit->hand, &visit->reader, &visit->number));
    if (slice_equal_nocase(visit->reader.address, visit->hand->meeting.people.items[0].address))
        return problem_set(unit->why, ST_NOT_FOUND, "this link is not known, or has expired");
    return ST_OK;
}

static enum status describe(struct visit *visit, const char *done, json_t **out)
{
    static const char *const acts[] = {NULL, "export", "erase", NULL};
    struct unit *unit = visit->unit;
    const struct participant *host = &visit->hand->meeting.people.items[0];
    const char *act = is_expired(unit, visit->number) ? NULL : acts[act_of(visit->number)];
    bool stopped;
    TRY(is_suppressed(unit, visit->reader.address, visit->hand->meeting.organisation, &stopped));
    *out = json_object();
    json_object_set_new(*out, "language",
                        json_string(visit->reader.language == LANGUAGE_EN ? "en" : "fr"));
    json_object_set_new(*out, "assistant", json_from_text(unit->planner->options.assistant.name));
    json_object_set_new(*out, "contact", json_from_text(unit->planner->options.assistant.address));
    json_object_set_new(*out, "organizer",
                        json_from_text(host->name.len > 0 ? host->name : host->address));
    json_object_set_new(*out, "retention_months",
                        json_integer(unit->planner->options.retention_months));
    json_object_set_new(*out, "stopped", json_boolean(stopped));
    json_object_set_new(*out, "confirm", act == NULL ? json_null() : json_string(act));
    json_object_set_new(*out, "expired", json_boolean(is_expired(unit, visit->number)));
    json_object_set_new(*out, "done", done == NULL ? json_null() : json_string(done));
    return ST_OK;
}

enum status privacy_show(struct unit *unit, struct slice token, json_t **out)
{
    AUTO_HAND hand = {0};
    struct visit visit = {.unit = unit, .hand = &hand};
    TRY(open_visit(&visit, token));
    return describe(&visit, NULL, out);
}

static enum status stop(struct visit *visit, struct slice organisation)
{
    struct stop stop = {
        .address = visit->reader.address,
        .organisation = organisation,
        .cause = "link",
        .hand = visit->hand,
        .confirm = true,
    };
    return stop_mail(visit->unit, &stop);
}

/* Whoever has the link may have it sent, but not without end. */
static enum status send_second_link(struct visit *visit, uint32_t act)
{
    struct unit *unit = visit->unit;
    uint32_t count;
    struct instant day = {(int64_t)today(unit) * DAY_US};
    TRY(store_tally(unit->planner->store, address_hash(unit, visit->reader.address), "privacy", day,
                    &count, unit->why));
    if (count > MAILS_A_DAY)
        return ST_OK;
    struct mail_order order =
        guest_order(unit, &visit->hand->meeting, &visit->reader,
                    act == ACT_EXPORT ? "privacy.confirm_export" : "privacy.confirm_erase");
    struct slice link = link_make(unit, visit->hand, visit->reader.address,
                                  second_mark | act << 28 | today(unit));
    order.detail = arena_format(unit->arena, "%.*s/privacy", SLICE_ARG(link));
    return keep_order(unit, NULL, &order);
}

static enum status send_data(struct visit *visit)
{
    struct unit *unit = visit->unit;
    AUTO_JSON held = NULL;
    struct held_query query = {.address = visit->reader.address};
    TRY(person_held(unit, &query, &held));
    struct mail_order order =
        guest_order(unit, &visit->hand->meeting, &visit->reader, "privacy.data");
    order.question = json_write_pretty(held, unit->arena);
    return keep_order(unit, NULL, &order);
}

/* A meeting under way cannot lose one of its people in silence: that is said, and nothing is
 * done. */
static enum status erase(struct visit *visit, const char **done)
{
    struct unit *unit = visit->unit;
    struct erased erased;
    struct mail_order order =
        guest_order(unit, &visit->hand->meeting, &visit->reader, "privacy.erased");
    order.subject = SLICE_NONE;
    order.reply_to_id = SLICE_NONE;
    order.references = (struct slice_list){0};
    enum status status = person_erase(unit, visit->reader.address, &erased);
    *done = status == ST_CONFLICT ? "running" : "erased";
    return status == ST_OK ? keep_order(unit, NULL, &order) : status;
}

static enum status confirm(struct visit *visit, const char **done)
{
    uint32_t act = act_of(visit->number);
    if (act == 0 || is_expired(visit->unit, visit->number)) {
        *done = "expired";
        return ST_OK;
    }
    if (act == ACT_ERASE)
        return erase(visit, done);
    *done = "exported";
    return send_data(visit);
}

static enum status act_on(struct visit *visit, struct slice act, const char **done)
{
    *done = "stop";
    if (slice_equal(act, LIT("stop")))
        return stop(visit, SLICE_NONE);
    if (slice_equal(act, LIT("stop_here")))
        return stop(visit, visit->hand->meeting.organisation);
    if (slice_equal(act, LIT("confirm")))
        return confirm(visit, done);
    *done = "mailed";
    if (slice_equal(act, LIT("export")))
        return send_second_link(visit, ACT_EXPORT);
    if (slice_equal(act, LIT("erase")))
        return send_second_link(visit, ACT_ERASE);
    return problem_set(visit->unit->why, ST_INVALID, "no such act");
}

enum status privacy_do(struct unit *unit, struct slice token, struct slice act, json_t **out)
{
    struct store *store = unit->planner->store;
    AUTO_HAND hand = {0};
    struct visit visit = {.unit = unit, .hand = &hand};
    const char *done = NULL;
    TRY(store_begin(store, unit->why));
    enum status status = open_visit(&visit, token);
    if (status == ST_OK)
        status = act_on(&visit, act, &done);
    if (status == ST_OK)
        status = store_commit(store, unit->why);
    store_rollback(store);
    /* Refused as a whole, and told as a result. */
    if (status == ST_CONFLICT && done != NULL && slice_equal(slice_from(done), LIT("running")))
        status = ST_OK;
    TRY(status);
    return describe(&visit, done, out);
}
