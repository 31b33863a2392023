#ifndef RENDEZ_PLATFORM_OIDC_H
#define RENDEZ_PLATFORM_OIDC_H

#include "base/datetime/datetime.h"
#include "platform/jose/jose.h"

/* What an OpenID provider says, as a relying party of the code flow reads it: its document
 * (OpenID Connect Discovery 1.0), the answer of its token endpoint, ID tokens (OpenID Connect
 * Core 1.0, section 3.1.3.7) and logout tokens (Back-Channel Logout 1.0, section 2.6). */

enum {
    OIDC_DOCUMENT_BYTES_MAX = 64 * 1024,
    OIDC_ANSWER_BYTES_MAX = 64 * 1024,
    OIDC_URL_BYTES_MAX = 2048,
    OIDC_SUBJECT_BYTES_MAX = 255, /* Core, section 2 */
    OIDC_LEEWAY_S = 30,           /* clocks differ */
    OIDC_LOGOUT_AGE_S = 300,      /* a logout token is used at once, or not */
};

/* An absolute https URL without user, fragment or spaces; with `loopback`, http to this machine
 * (127.0.0.0/8, ::1, localhost) too: for tests, and a provider that runs beside the service. */
bool oidc_url_fits(struct slice url, bool loopback);

struct oidc_document {
    struct slice issuer, authorization_endpoint, token_endpoint, jwks_uri;
    struct slice end_session_endpoint;  /* may be empty */
    unsigned algs;                      /* JOSE_ALG_BITs of ID tokens that we take too */
    bool basic, post;                   /* how a client may show its secret there */
    bool issuer_parameter;              /* RFC 9207: answers name the issuer */
    bool backchannel_logout, backchannel_session;
};
/* Where the document of an issuer is. */
struct slice oidc_document_url(struct slice issuer, struct arena *arena);
/* ST_INVALID  malformed, or an endpoint that is no URL as above
 * ST_DENIED   of another issuer, or nothing that it offers is what we take (code flow, S256,
 *             one of our algorithms, a secret by basic or post) */
MUST_USE enum status oidc_document_parse(struct slice json, struct slice issuer, bool loopback,
                                         struct arena *arena, struct oidc_document *out,
                                         struct problem *why);

struct oidc_tokens {
    struct slice id_token, access_token;
};
/* The token endpoint's answer. `code` is that of HTTP.
 * ST_DENIED       it refused the code or us; why names the error if it is a known one
 * ST_UNAVAILABLE  it fails
 * ST_INVALID      malformed */
MUST_USE enum status oidc_answer_parse(uint32_t code, struct slice json, struct arena *arena,
                                       struct oidc_tokens *out, struct problem *why);

struct id_token_rules {
    struct slice issuer, client, nonce; /* exactly these */
    struct slice access_token;          /* for at_hash, if the token has one; empty: none came */
    struct slice_list acr;              /* one of these is required; none: whatever it says */
    struct slice_list amr;              /* all of these are required */
    int64_t max_age_s;                  /* since the person proved who they are; -1: not asked */
    unsigned algs;
    struct instant now;
};
struct id_claims {
    struct slice subject, email, session, acr; /* all but the subject may be empty */
    struct slice_list amr;
    bool email_verified, email_unverified; /* said so; neither: said nothing */
    struct instant authenticated, issued, ends; /* the first 0 if it does not say */
};
/* Statuses of jws_verify; ST_INVALID for claims that are missing or of the wrong kind,
 * ST_DENIED for those that say something else than the rules. */
MUST_USE enum status oidc_id_token_check(struct slice token, const struct jose_keys *keys,
                                         const struct id_token_rules *rules, struct arena *arena,
                                         struct id_claims *out, struct problem *why);

/* Whom a token says it is from and for, unchecked: to find its provider, and for nothing else.
 * At most 16 of its audiences. */
MUST_USE enum status oidc_token_peek(struct slice token, struct arena *arena, struct slice *issuer,
                                     struct slice_list *audience, struct problem *why);

struct logout_rules {
    struct slice issuer, client;
    unsigned algs;
    struct instant now;
};
struct logout_claims {
    struct slice subject, session; /* one of them at least */
    struct slice id;               /* "jti": the caller takes each once, until `ends` */
    struct instant ends;           /* after this it is refused for its age */
};
MUST_USE enum status oidc_logout_token_check(struct slice token, const struct jose_keys *keys,
                                             const struct logout_rules *rules, struct arena *arena,
                                             struct logout_claims *out, struct problem *why);

#endif
