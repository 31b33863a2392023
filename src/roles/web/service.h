#ifndef RENDEZ_ROLES_WEB_SERVICE_H
#define RENDEZ_ROLES_WEB_SERVICE_H

#include "roles/messages/role.h"
#include "roles/web/web.h"

/* The server in its process: on the role's loop, its questions as messages to the peers, its listening socket and
 * certificate from the parent. What is a role's own (files, other messages) its main.c adds. */
struct web_service;

/* Before role_enter, one a process. Takes the role's secret, the time of its loop, MESSAGE_ANSWER, the words of an
 * upgrade, and a role_on_peer. `config`: all but identity, ask and ask_context; its descriptors are owned from now on.
 *   https    the role's secret is a certificate with its key
 *   ask      NULL: each question goes to its peer as it is (web_service_ask)
 *   context  with which `ask`, config->elsewhere and config->stranger are called
 * *out is to be destroyed in failure too. */
MUST_USE enum status web_service_start(struct role *role, const struct web_config *config, bool https,
                                       web_ask_fn *ask, void *context, struct web_service **out,
                                       struct problem *why);
void web_service_destroy(struct web_service **service); /* accepts NULL */
struct web *web_service_server(const struct web_service *service);

/* Those of http.* */
struct web_limits web_limits_of(const struct config *config);

/* A web_ask_fn; its context is the service. */
enum status web_service_ask(void *service, uint64_t ticket, const struct web_question *question, struct problem *why);
/* The message that a question is. */
struct command web_command_of(const struct web_question *question);

/* Another question for the same ticket: to any peer, any message that is answered. `fn` is called once, with the
 * answer (of the kind that the peer answers with), or NULL when the peer has begun anew and will not. */
typedef void web_answered_fn(void *context, uint64_t ticket, const void *answer, const struct moment *at);
MUST_USE enum status web_service_call(struct web_service *service, enum role_id peer, enum message message,
                                      const void *object, uint64_t ticket, web_answered_fn *fn, void *context,
                                      struct problem *why);
/* Hands on what a peer has answered (NULL: nothing, it has begun anew). */
void web_service_pass(struct web_service *service, uint64_t ticket, const struct answer *answer);
/* Before role_enter: an answer of another kind than MESSAGE_ANSWER is one to web_service_call too. */
void web_service_hear(struct web_service *service, enum message answer);

/* To be called after anything that answers outside of the functions above. */
void web_service_serve(struct web_service *service, const struct moment *at);

#endif
