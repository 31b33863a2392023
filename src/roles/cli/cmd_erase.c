/* `rendez erase meeting|organisation ID`: its key is destroyed, and with it every copy of what it sealed. */
#include "roles/cli/rights.h"

static int erase(struct admin *admin, int argc, char **argv,
                 enum status (*run)(struct planner *, struct slice, struct instant, struct problem *))
{
    const char *id = NULL;
    struct planner *planner = NULL;
    int code = admin_begin(admin, argc, argv, (const struct cli_option[]){{0}}, &id, 1, "one id is");
    if (code >= 0)
        return code;
    ADMIN_TRY(admin, rights_open_planner(admin, &planner));
    struct instant began = clock_now();
    enum status status = run(planner, slice_from(id), began, &admin->why);
    planner_destroy(&planner);
    if (status != ST_OK)
        return admin_fail(admin);
    double seconds = (double)(clock_now().us - began.us) / 1e6;
    return admin_print(admin, json_pack("{s:s, s:f}", "erased", id, "seconds", seconds));
}

static int meeting(struct admin *admin, int argc, char **argv)
{
    return erase(admin, argc, argv, planner_erase_meeting);
}

static int organisation(struct admin *admin, int argc, char **argv)
{
    return erase(admin, argc, argv, planner_erase_organisation);
}

int cmd_erase(int argc, char **argv)
{
    static const struct admin_verb verbs[] = {{"meeting", meeting}, {"organisation", organisation}, {0}};
    return admin_run(argc, argv, verbs);
}
