/* Passwords of fewer than eight characters, by the command that sets one; and one that is long enough. */
#include "roles/prober/check.h"

enum status control_check(struct check *c, struct problem *why)
{
    static const char tried[] = "short_taken \n"
                                "short_taken a\n"
                                "short_taken Ab1!\n"
                                "short_taken Kz7!vQ2\n"    /* seven */
                                "short_taken Éà7!vQ2\n"    /* seven characters, nine bytes */
                                "good Kz7!vQ2xMw-tr9\n";
    return check_by_probe(c, ROLE_AUTHD, "password_refused", slice_from(tried), false, why);
}
