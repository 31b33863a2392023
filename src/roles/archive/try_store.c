/* The store of a set: every entry by the planner's own code, and a mail that is answered. */
#include "domain/intent/intent.h"
#include "platform/store/sealing.h"
#include "platform/store/store.h"
#include "roles/archive/look.h"
#include "roles/planner/inspect.h"
#include "roles/planner/planner.h"

/* Ports of a planner that nothing outside hears of. */

static enum status no_reading(void *self, const struct mail *mail, const struct intent_context *context,
                              struct arena *arena, struct reading *reading, struct problem *why)
{
    (void)self;
    return intent_read(mail, context, arena, reading, why);
}

static enum status no_calendar(void *self, const struct person *person, struct interval window, bool titles,
                               struct arena *arena, struct occurrence_list *out, struct problem *why)
{
    (void)self, (void)person, (void)window, (void)titles, (void)arena, (void)why;
    *out = (struct occurrence_list){0};
    return ST_OK;
}

/* The key of a meeting that the exercise begins: keyd hears nothing of it, and it goes with the copy of the
 * store. As the store has it wrapped by the organisation's key, it is wrapped by one that we made up. */
static enum status make_meeting_key(struct look *look, const struct key_ask *ask, struct arena *arena,
                                    struct key_given *given, struct secret **key, struct problem *why)
{
    AUTO_SECRET fresh = secret_random(VAULT_KEY_BYTES);
    struct sealed wrapped;
    uint32_t version = ask->version == 0 ? 1 : ask->version;
    struct seal_place place = sealing_key_place(WRAPPED_MEETING_KEY, ask->organisation, ask->meeting, version, arena);
    if (look->made_up == NULL)
        look->made_up = secret_random(VAULT_KEY_BYTES);
    secret_set_version(look->made_up, ask->organisation_version); /* rows say which version of it to ask for */
    TRY(key_wrap(look->made_up, &place, fresh, arena, &wrapped, why));
    *given = (struct key_given){.wrapped = wrapped.bytes, .version = version};
    *key = fresh;
    fresh = NULL;
    return ST_OK;
}

/* False: it is none of those. */
static bool open_own_meeting(struct look *look, const struct key_ask *ask, struct arena *arena,
                             struct key_given *given, struct secret **key)
{
    uint32_t version = ask->version == 0 ? 1 : ask->version;
    struct seal_place place = sealing_key_place(WRAPPED_MEETING_KEY, ask->organisation, ask->meeting, version, arena);
    if (look->made_up == NULL)
        return false;
    secret_set_version(look->made_up, ask->organisation_version);
    if (key_unwrap(look->made_up, &place, (struct sealed){ask->wrapped}, key, NULL) != ST_OK)
        return false;
    *given = (struct key_given){.version = version};
    return true;
}

static enum status give_key(void *self, const struct key_ask *ask, struct arena *arena, struct key_given *given,
                            struct secret **key, struct problem *why)
{
    struct look *look = self;
    if (ask->purpose == KEY_NEW_MEETING)
        return make_meeting_key(look, ask, arena, given, key, why);
    if (ask->purpose == KEY_OPEN_MEETING && open_own_meeting(look, ask, arena, given, key))
        return ST_OK;
    return look_ask(look, ask, arena, given, key, why);
}

static enum status open_planner(struct look *look, struct store *store, struct planner **out)
{
    const struct config *config = look->archive->config;
    struct planner_ports ports = {look, no_reading, no_calendar, give_key};
    struct planner_options options = {.assistant = {config->assistant.name, config->assistant.address}};
    return planner_create(store, &ports, &options, out, &look->own);
}

static void note_fault(void *context, const char *what, struct slice id, const char *why)
{
    struct look *look = context;
    if (look->fault.status == ST_OK)
        (void)!problem_set(&look->fault, ST_INVALID, "%s %.*s: %.60s", what, SLICE_ARG(id), why);
}

/* What has no key was erased since: the key files are those of now. */
static enum status try_rows(struct look *look, struct planner *planner)
{
    struct planner_checked checked;
    struct archive_found *found = look->found;
    TRY(planner_check(planner, note_fault, look, &checked, &look->own));
    found->organisations = checked.organisations;
    found->people = checked.people;
    found->meetings = checked.meetings;
    found->messages = checked.messages;
    found->erased += checked.keyless;
    if (look->away.status != ST_OK) /* what could not be asked is no fault of the set */
        return problem_set(&look->own, look->away.status, "%s", look->away.detail);
    if (checked.faults <= checked.keyless)
        return ST_OK;
    return problem_set(&look->own, ST_DENIED, "store: %u entries do not open or do not fit; the first, %.90s",
                       (unsigned)(checked.faults - checked.keyless), look->fault.detail);
}

static enum status try_planner(struct look *look, struct store *store)
{
    struct planner *planner = NULL;
    TRY(open_planner(look, store, &planner));
    enum status status = try_rows(look, planner);
    int64_t began = clock_monotonic_ms();
    if (status == ST_OK)
        status = answer_a_mail(planner, look->now, &look->found->answered, &look->own);
    look->found->answer_us = (uint64_t)(clock_monotonic_ms() - began) * 1000;
    planner_destroy(&planner);
    secret_destroy(&look->made_up);
    return status;
}

enum status try_store(struct look *look)
{
    AUTO_STORE store = NULL;
    const char *path = restored(look, "store/rendez.db");
    if (!is_there(path))
        return ST_OK; /* before the service has run once there is none */
    TRY(store_open(&sqlite_driver, path, &store, &look->own));
    TRY(store_check_file(store, &look->own));
    TRY(store_verify_log(store, &look->own));
    return try_planner(look, store);
}

