/* `rendez erase meeting|organisation ID`: its key is destroyed, and with it every copy of what it sealed. */
#include "roles/cli/registry.h"
#include "roles/cli/rights.h"

typedef enum status erase_fn(struct admin *admin, struct slice id, struct instant now);

static int erase(struct admin *admin, int argc, char **argv, erase_fn *run)
{
    const char *id = NULL;
    int code = admin_begin(admin, argc, argv, (const struct cli_option[]){{0}}, &id, 1, "one id is");
    if (code >= 0)
        return code;
    struct instant began = clock_now();
    ADMIN_TRY(admin, run(admin, slice_from(id), began));
    double seconds = (double)(clock_now().us - began.us) / 1e6;
    return admin_print(admin, json_pack("{s:s, s:f}", "erased", id, "seconds", seconds));
}

static enum status in_store(struct admin *admin, struct slice id, struct instant now,
                            enum status (*run)(struct planner *, struct slice, struct instant, struct problem *))
{
    struct planner *planner = NULL;
    TRY(rights_open_planner(admin, &planner));
    enum status status = run(planner, id, now, &admin->why);
    planner_destroy(&planner);
    return status;
}

static enum status erase_meeting(struct admin *admin, struct slice id, struct instant now)
{
    return in_store(admin, id, now, planner_erase_meeting);
}

/* Among identities and in the store; either may not know it. Cut off between, it is given again. */
static enum status erase_organisation(struct admin *admin, struct slice id, struct instant now)
{
    enum status known = registry_end_organisation(admin, id, true);
    if (known != ST_OK && known != ST_NOT_FOUND)
        return known;
    enum status kept = in_store(admin, id, now, planner_erase_organisation);
    return kept == ST_NOT_FOUND && known == ST_OK ? ST_OK : kept;
}

static int meeting(struct admin *admin, int argc, char **argv)
{
    return erase(admin, argc, argv, erase_meeting);
}

static int organisation(struct admin *admin, int argc, char **argv)
{
    return erase(admin, argc, argv, erase_organisation);
}

int cmd_erase(int argc, char **argv)
{
    static const struct admin_verb verbs[] = {{"meeting", meeting}, {"organisation", organisation}, {0}};
    return admin_run(argc, argv, verbs);
}
