#ifndef RENDEZ_DOMAIN_ACCOUNT_H
#define RENDEZ_DOMAIN_ACCOUNT_H

#include "base/bytes/bytes.h"

/* Rules that an account keeps, wherever it comes from: page, command line, directory. */

/* An account belongs to one person: whoever acts has a name. Refused is an address of a function
 * (support@, accueil@, no-reply@ …) and a name that is one ("Support", "L'équipe"); words are in
 * generic.def. What stands before a "+", and digits at the end, do not count (team2+x@).
 *   name     as the person is called; at least two letters
 *   address  checked elsewhere to be one
 * ST_INVALID  why says what to do */
MUST_USE enum status account_check_person(struct slice name, struct slice address,
                                          struct problem *why);

#endif
