#ifndef RENDEZ_ROLES_TRUST_PAGES_H
#define RENDEZ_ROLES_TRUST_PAGES_H

#include "roles/messages/role.h"
#include "roles/trust/trust.h"
#include "roles/trust/visitors.h"

/* The role's side of the pages: answers the API, asks logd how the log stands (every few seconds) and for
 * proofs, and has mailout send the letters. */
struct pages;
struct pages *pages_create(struct role *role); /* before role_enter */
void pages_destroy(struct pages **pages);      /* accepts NULL */
/* The trust stays the caller's; until then commands are refused. */
void pages_begin(struct pages *pages, struct trust *trust);
/* Several times a second. */
void pages_turn(struct pages *pages, const struct moment *at);
const struct visitors_options *pages_visitors(const struct pages *pages);

#endif
