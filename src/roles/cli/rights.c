/* A person's rights, on the operator's command: all that is held, its end, no more mail. The
 * planner's own code, with the keys in this process. */
#include "roles/cli/rights.h"

#include "roles/keyd/answer.h"

static enum status understand(void *self, const struct mail *mail,
                              const struct intent_context *context, struct arena *arena,
                              struct reading *reading, struct problem *why)
{
    (void)self, (void)mail, (void)context, (void)arena, (void)reading;
    return problem_set(why, ST_UNAVAILABLE, "nothing is read here");
}

static enum status read_calendar(void *self, const struct person *person, struct interval window,
                                 bool titles, struct arena *arena, struct occurrence_list *out,
                                 struct problem *why)
{
    (void)self, (void)person, (void)window, (void)titles, (void)arena, (void)out;
    return problem_set(why, ST_UNAVAILABLE, "no calendar is read here");
}

static enum status give_key(void *self, const struct key_ask *ask, struct arena *arena,
                            struct key_given *given, struct secret **key, struct problem *why)
{
    return keyd_give_key(self, ask, arena, given, key, why);
}

enum status rights_open_planner(struct admin *admin, struct planner **out)
{
    const struct config *config = directory_config(admin->directory);
    struct planner_ports ports = {
        .self = directory_keyd(admin->directory),
        .understand = understand,
        .read_calendar = read_calendar,
        .key = give_key,
    };
    struct planner_options options = {
        .assistant = {config->assistant.name, config->assistant.address},
        .retention_months = config->retention.months,
    };
    return planner_create(directory_store(admin->directory), &ports, &options, out, &admin->why);
}

/* Opens the installation, with one address. Returns -1 to go on, else the exit code. */
static int begin(struct admin *admin, int argc, char **argv, const char **address,
                 struct planner **planner)
{
    int code = admin_begin(admin, argc, argv, (const struct cli_option[]){{0}}, address, 1,
                           "one address is");
    if (code >= 0)
        return code;
    if (!slice_contains(slice_from(*address), LIT("@")))
        return cli_fail(EXIT_USAGE, "an address like nora@acme.example is needed");
    ADMIN_TRY(admin, rights_open_planner(admin, planner));
    return -1;
}

int rights_export(struct admin *admin, int argc, char **argv)
{
    const char *address = NULL;
    struct planner *planner = NULL;
    json_t *held = NULL;
    int code = begin(admin, argc, argv, &address, &planner);
    if (code >= 0)
        return code;
    enum status status = planner_export_person(planner, slice_from(address), admin->arena, &held,
                                               &admin->why);
    planner_destroy(&planner);
    if (status != ST_OK)
        return admin_fail(admin);
    if (admin->as_json)
        return admin_print(admin, held);
    struct slice text = json_write_pretty(held, admin->arena);
    printf("%.*s\n", SLICE_ARG(text));
    json_decref(held);
    return EXIT_YES;
}

int rights_erase(struct admin *admin, int argc, char **argv)
{
    const char *address = NULL;
    struct planner *planner = NULL;
    struct erased erased;
    int code = begin(admin, argc, argv, &address, &planner);
    if (code >= 0)
        return code;
    enum status status = planner_erase_person(planner, slice_from(address), clock_now(), &erased,
                                              &admin->why);
    planner_destroy(&planner);
    if (status != ST_OK)
        return admin_fail(admin);
    return admin_print(admin, json_pack("{s:i, s:i}", "meetings_destroyed", (int)erased.destroyed,
                                        "meetings_rewritten", (int)erased.rewritten));
}

static int stop(struct admin *admin, int argc, char **argv, bool allow)
{
    const char *address = NULL;
    struct planner *planner = NULL;
    int code = begin(admin, argc, argv, &address, &planner);
    if (code >= 0)
        return code;
    enum status status =
        planner_stop_person(planner, slice_from(address), allow, clock_now(), &admin->why);
    planner_destroy(&planner);
    return status == ST_OK ? EXIT_YES : admin_fail(admin);
}

int rights_stop(struct admin *admin, int argc, char **argv)
{
    return stop(admin, argc, argv, false);
}

int rights_allow(struct admin *admin, int argc, char **argv)
{
    return stop(admin, argc, argv, true);
}
