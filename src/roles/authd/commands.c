/* What browsers ask through the api: name, function, what its steps do, the right it needs.
 * doc/identity.md has the routes; a right stands for the caller's own things unless the function
 * asks call_may about another object. RIGHT_NONE: for anybody, signed in or not. */
#include "roles/authd/internal.h"
#include "roles/authd/sso.h"

static const struct command_row commands[] = {
    {"session.check", session_check, READS, RIGHT_NONE},
    {"sso.begin", sso_begin, WRITES, RIGHT_NONE},
    {"sso.callback", sso_callback, WRITES, RIGHT_NONE},
    {"sso.code", sso_code, WRITES, RIGHT_NONE},
    {"sso.backchannel", sso_backchannel, WRITES, RIGHT_NONE},
    {"me.show", me_show, READS, RIGHT_FACTORS_OWN},
};

const struct command_row *find_command(struct slice name)
{
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        if (slice_equal(name, slice_from(commands[i].name)))
            return &commands[i];
    return NULL;
}
