#include "roles/authd/probes.h"

#include "platform/identity/organisations.h"
#include "roles/authd/access.h"

/* Trials */

struct trial_run {
    trial_fn *fn;
    struct probe *probe;
    enum status status;
};

static enum status run_trial(struct call *call)
{
    struct trial_run *run = call->own;
    run->status = run->fn(call, run->probe);
    call->keep = false;
    /* A step that fails is undone. */
    return run->status != ST_OK ? run->status : problem_set(&call->why, ST_CONFLICT, "it was a trial");
}

/* A made-up client, and one that does the supervision. */
static const struct trial_house {
    struct slice id;
    const char *kind;
} trial_client = {{"o_trial", 7}, "client"}, trial_room = {{"o_trial_room", 12}, "processor"};

static const struct trial_house *house_of(const char *function)
{
    return slice_starts(slice_from(function), LIT("supervis")) ? &trial_room : &trial_client;
}

/* Its key was on the disk before its row, which is undone. */
static void forget_trial_key(struct authd *authd, const struct trial_house *house)
{
    struct problem why;
    if (identity_begin(authd->identity, &why) == ST_OK)
        (void)!identity_end_old_keys(authd->identity, house->id, UINT32_MAX, &why);
    identity_rollback(authd->identity);
}

enum status authd_try(struct authd *authd, struct probe *probe, trial_fn *fn, struct problem *why)
{
    struct trial_run run = {fn, probe, ST_UNAVAILABLE};
    struct instant now = probe_moment(probe)->now;
    (void)!run_alone(authd, run_trial, &run, now, why);
    forget_trial_key(authd, &trial_client);
    forget_trial_key(authd, &trial_room);
    if (run.status == ST_OK)
        *why = (struct problem){0};
    return run.status;
}

enum status trial_ask(struct call *call, call_fn *command, json_t *in)
{
    json_release(&call->in);
    json_release(&call->out);
    call->in = in;
    call->refusal = NULL;
    call->then = NULL;
    return command(call);
}

/* Each trial makes it anew, with another key than the one that was undone. */
static enum status made_up_organisation(struct call *call, const struct trial_house *house)
{
    struct organisation *known;
    TRY(ensure_organisation(call->authd, house->id, slice_from(house->kind), call->now, &call->why));
    TRY(get_organisation(call->authd, house->id, &known, &call->why));
    known->active = true;
    secret_destroy(&known->key);
    return ST_OK;
}

enum status made_up_person(struct call *call, const char *function, struct account *out)
{
    const struct account_details details = {.name = LIT("Trial Person"), .address = LIT("trial@trial.example"),
                                            .language = LIT("en")};
    *out = (struct account){.organisation = house_of(function)->id, .kind = ACCOUNT_PERSON, .function = slice_from(function)};
    TRY(made_up_organisation(call, house_of(function)));
    TRY(create_account(call, out, &details));
    return take_caller(call, out->id);
}

/* "password_refused": each line of the argument is a cause and a password. What stands behind "good" must be taken,
 * the others not; the first that is taken gives its cause. Facts never hold a password. */
static enum status try_passwords(struct call *call, struct probe *probe)
{
    struct account person;
    struct slice rest = probe_argument(probe), line, normal;
    size_t tried = 0;
    TRY(made_up_person(call, "organizer", &person));
    while (slice_next_line(&rest, &line)) {
        size_t space = slice_find(line, LIT(" "), 0);
        struct slice cause = slice_sub(line, 0, space), password = slice_sub(line, space, SIZE_MAX);
        enum status status = check_new_password(call, slice_sub(password, 1, SIZE_MAX), &normal);
        bool good = slice_equal(cause, LIT("good"));
        tried++;
        if (status != ST_OK && status != ST_INVALID)
            return status;
        if ((status == ST_OK) != good) {
            probe_fact(probe, "tried", "%zu", tried);
            return probe_fails(probe, good ? "good_refused" : arena_text(call->arena, cause));
        }
    }
    probe_fact(probe, "tried", "%zu", tried);
    return probe_holds(probe);
}

static enum status password_refused(struct probe *probe, void *context, struct problem *why)
{
    return authd_try(*(struct authd **)context, probe, try_passwords, why);
}

static enum status page(void *context, struct entry_cursor *cursor, int64_t limit, probe_entry_fn *each,
                        void *each_context, struct problem *why)
{
    struct authd *authd = *(struct authd **)context;
    return identity_scan_page(authd->identity, cursor, limit, each, each_context, why);
}

struct entry_probe *authd_probes(struct role *role, struct authd **authd)
{
    role_on_probe(role, "password_refused", password_refused, authd);
    authd_sign_in_probes(role, authd);
    authd_access_probes(role, authd);
    authd_rows_probes(role, authd);
    authd_vpn_probes(role, authd);
    authd_device_probes(role, authd);
    authd_supervision_probes(role, authd);
    authd_room_probes(role, authd);
    probe_fresh_entries(role);
    return probe_entries(role, page, authd);
}
