#ifndef RENDEZ_ROLES_API_INTERNAL_H
#define RENDEZ_ROLES_API_INTERNAL_H

#include "roles/api/api.h"
#include "roles/web/request.h"

/* Handlers: routes.c names them. */
ask_fn ask_sandbox, ask_message, ask_link, ask_choice, ask_privacy, ask_act,
    ask_one_click, ask_query, ask_form, ask_scim, ask_pki, ask_control, ask_trust_contact,
    ask_trust_subscribe, ask_token, ask_token_form, ask_entries;
reply_fn reply_message, reply_index, reply_account, reply_link, reply_choice,
    reply_privacy, reply_provider, reply_callback, reply_scim, reply_metrics, reply_pki, reply_log,
    reply_trust, reply_control, reply_evidence, reply_proof, reply_status, reply_feed, reply_contact_form,
    reply_contact, reply_subscribe_form, reply_subscribe, reply_subscription, reply_subscribed, reply_registers,
    reply_security, reply_auditor, reply_proofs, reply_looks;

/* A guest page that says what is wrong, in the language that the browser asks for. */
void page_problem(struct request *request, unsigned http, struct response *response);

/* trust_page.c: the language of a page that nobody has asked for by mail: ?lang=, else Accept-Language. */
size_t request_language(const struct request *request); /* enum page_language */
/* A page of trust that says what is wrong. */
void trust_problem(struct request *request, unsigned http, struct response *response);

#endif
