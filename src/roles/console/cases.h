#ifndef RENDEZ_ROLES_CONSOLE_CASES_H
#define RENDEZ_ROLES_CONSOLE_CASES_H

#include "roles/messages/role.h"
#include "roles/web/service.h"

/* What people in the room open: the planner gives a sealed part of one request, authd says of the person that they ask,
 * keyd lends the key of that part, and what comes out goes into the answer and is forgotten. The key is given back when
 * the part is shown no longer; how long that was is said to the log. Whatever refuses the person or their device ends
 * what is shown to them. */
struct cases;

/* Before role_enter. Takes MESSAGE_LEASE and MESSAGE_LEASE_END, and has the role's journal. */
struct cases *cases_create(struct role *role);
void cases_destroy(struct cases **cases); /* accepts NULL */
/* After web_service_start: who puts the questions. */
void cases_serve(struct cases *cases, struct web_service *service);

/* Nothing is shown any more: for when the role has stopped. The log hears it first. */
void cases_end(struct cases *cases);

/* web_config.stranger; its context is the cases. The log hears of it. */
void cases_stranger(void *cases, struct slice certificate);

/* A web_ask_fn; its context is the cases. */
enum status cases_ask(void *cases, uint64_t ticket, const struct web_question *question, struct problem *why);

#endif
