/* The key service is asked for the key of a closed request, and of others that supervision may not have; and the console
 * asks it by its own channel, with an authorization that is in order. */
#include "roles/prober/check.h"

static enum status ask_by_console(struct check *c, struct problem *why)
{
    struct probe_found found;
    TRY(probe_ask(c, ROLE_KEYD, "closed_assertion", SLICE_NONE, &found, why));
    return check_by_probe(c, ROLE_CONSOLE, "closed_lease", check_text(found.facts, "assertion"), false, why);
}

enum status control_check(struct check *c, struct problem *why)
{
    TRY(check_by_probe(c, ROLE_KEYD, "closed_request", SLICE_NONE, false, why));
    return check_has_failed(c) || !check_role_runs(c, ROLE_CONSOLE) ? ST_OK : ask_by_console(c, why);
}
