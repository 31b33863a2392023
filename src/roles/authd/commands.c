/* What browsers ask through the api: name, function, what its steps do, the right it needs.
 * doc/identity.md has the routes. The right is one that the caller has of something; about what, the
 * function asks call_may. RIGHT_NONE: for anybody, signed in or not. */
#include "roles/authd/access.h"
#include "roles/authd/sso.h"

static const struct command_row commands[] = {
    {"session.check", session_check, READS, RIGHT_NONE},
    {"sso.begin", sso_begin, WRITES, RIGHT_NONE},
    {"sso.callback", sso_callback, WRITES, RIGHT_NONE},
    {"sso.code", sso_code, WRITES, RIGHT_NONE},
    {"sso.backchannel", sso_backchannel, WRITES, RIGHT_NONE},
    {"me.show", me_show, READS, RIGHT_FACTORS_OWN},
    {"raise.list", raise_list, READS, RIGHT_RAISES_ASK},
    {"raise.ask", raise_ask, WRITES, RIGHT_RAISES_ASK},
    {"raise.approve", raise_approve, WRITES, RIGHT_RAISES_APPROVE},
    {"raise.end", raise_end, WRITES, RIGHT_RAISES_ASK},
    {"glass.ask", glass_ask, WRITES, RIGHT_GLASS_BREAK},
    {"glass.approve", glass_approve, WRITES, RIGHT_GLASS_BREAK},
};

const struct command_row *find_command(struct slice name)
{
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        if (slice_equal(name, slice_from(commands[i].name)))
            return &commands[i];
    return NULL;
}
