/* Passwords of two kinds of characters, and common ones with the capital and the year that people add, by the command
 * that sets one; and one that is good. */
#include "roles/prober/check.h"

enum status control_check(struct check *c, struct problem *why)
{
    static const char tried[] = "few_kinds_taken kzvqxmwtrjbd\n"
                                "few_kinds_taken 483920175526\n"
                                "few_kinds_taken kzvqxmw48392\n"
                                "few_kinds_taken KZVQXMWTRJBd\n"
                                "few_kinds_taken kzv-qxm-wtr-jbd\n"
                                "common_taken Password1!\n"
                                "common_taken Azerty2025!\n"
                                "common_taken Bonjour123!\n"
                                "common_taken Printemps2026!\n"
                                "common_taken Welcome2026!\n"
                                "good Kz7!vQ2xMw-tr9\n";
    return check_by_probe(c, ROLE_AUTHD, "password_refused", slice_from(tried), false, why);
}
