#ifndef RENDEZ_PLATFORM_IDENTITY_PLACES_H
#define RENDEZ_PLATFORM_IDENTITY_PLACES_H

#include "base/record/record.h"
#include "platform/vault/vault.h"

/* Where sealed values of identity.db lie, and what is in them. Those of an organisation open
 * under its identity key (keyd.h), with its id in the place; flows and errands, and what else is
 * of none, under the service's, with none. Seal and open with sealing_seal and sealing_open
 * (platform/store/sealing.h). */
enum identity_column {
    IDENTITY_ACCOUNT,     /* struct account_details; row: the account's id */
    IDENTITY_FACTOR,      /* struct factor_details; the factor's id */
    IDENTITY_SESSION,     /* struct session_place; the session's id */
    IDENTITY_TOKEN,       /* struct token_details; the token's id */
    IDENTITY_FLOW,        /* struct flow_details; its digest in hexadecimal */
    IDENTITY_GRANT,       /* struct private_text; the grant's id */
    IDENTITY_REVIEW_ITEM, /* struct private_text; review id, "/", item id */
    IDENTITY_AUTHORITY,   /* struct private_text: the key; the authority's id */
    IDENTITY_PROVIDER,    /* struct provider_details; its id */
    IDENTITY_GROUP,       /* struct private_text; the group's id */
    IDENTITY_ERRAND,      /* a message; its id */
    IDENTITY_COLUMN_COUNT_
};
struct seal_place identity_place(enum identity_column column, struct slice organisation,
                                 struct slice row);

/* Of a flow: its digest in hexadecimal. */
struct slice identity_flow_row(struct slice digest, struct arena *arena);

struct account_details {
    struct slice name, address;
    struct slice language;  /* "fr", "en" */
    struct slice provision; /* what SCIM keeps beside, JSON; or empty */
};
extern const struct record_type account_details_record;

struct factor_details {
    struct slice name;
    struct slice hash;       /* password: argon2id, encoded */
    struct slice credential; /* passkey: its id */
    struct slice public_key; /* passkey: COSE */
    struct slice aaguid;     /* passkey */
    bool backup_eligible, backed_up; /* passkey */
    struct slice provider, subject; /* sso */
};
extern const struct record_type factor_details_record;

struct session_place {
    struct slice address, agent;
    struct slice logout; /* sso: where to end the provider's session; or empty */
};
extern const struct record_type session_place_record;

struct token_details {
    struct slice name;
};
extern const struct record_type token_details_record;

struct flow_details {
    struct slice challenge;             /* passkey */
    struct slice provider, state, nonce, verifier; /* sso */
    bool names_issuer;                  /* sso: the provider's answers do (RFC 9207) */
    struct slice subject, session, logout; /* sso: of whom our own factor is asked yet */
    struct slice factor;                /* that is being enrolled; its id */
    struct slice address;               /* of whoever began it */
    bool right;                         /* login: the password was; told after the code */
    struct slice renews;                /* sso, proof: the session of ours that it is for */
};
extern const struct record_type flow_details_record;

/* Settings of an OpenID provider (doc/operations.md). */
struct provider_details {
    struct slice name;   /* on the sign-in page */
    struct slice client, secret;
    struct slice authority; /* PEM; empty: the system's */
    struct slice_list acr, amr;
    int64_t max_age_s;   /* 0: not asked */
    bool loopback, private_network;
    bool trusts_addresses; /* an address that it says nothing of counts as verified */
};
extern const struct record_type provider_details_record;

struct private_text {
    struct slice text;
};
extern const struct record_type private_text_record;

#endif
