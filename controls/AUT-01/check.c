/* Accounts of a function or a team, by the command that adds one; and all accounts that there are: each opens, is
 * of a person by name, a service account has an owner who is here, and nobody is in more than three far networks
 * at a time. */
#include "roles/prober/check.h"

enum status control_check(struct check *c, struct problem *why)
{
    static const char tried[] = "generic_taken admin@trial.example Paul Moreau\n"
                                "generic_taken support@trial.example Support\n"
                                "generic_taken paul.moreau@trial.example Support\n"
                                "generic_taken team2+paul@trial.example Paul Moreau\n"
                                "generic_taken no-reply@trial.example Paul Moreau\n"
                                "generic_taken p.moreau@trial.example L'\xc3\xa9quipe\n"
                                "generic_taken accueil@trial.example Accueil\n"
                                "good p.moreau@trial.example Paul Moreau\n";
    return check_by_probe(c, ROLE_AUTHD, "accounts", slice_from(tried), false, why);
}
