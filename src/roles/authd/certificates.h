#ifndef RENDEZ_ROLES_AUTHD_CERTIFICATES_H
#define RENDEZ_ROLES_AUTHD_CERTIFICATES_H

#include "domain/access/posture.h"
#include "platform/identity/certificates.h"
#include "platform/pki/pki.h"
#include "roles/authd/authd.h"

/* Certificates of people, devices and servers, by authorities of our own: what `rendez pki` does
 * with the keys in its process, and what a running authd does by itself. What changes rows is called
 * inside a transaction of identity.db, writes its log entry, and leaves a new list of revoked
 * certificates behind where one was revoked; certificates_publish writes the files after it. */

enum { CERTIFICATE_DAYS_MAX = 90, ROOT_DAYS = 3650, ISSUING_DAYS = 730 };

/* Makes the root and the first issuing authority.
 *   root_key  of pki_key_create; the caller keeps it where it is safe, it is not stored here
 * ST_CONFLICT: there is a root already */
MUST_USE enum status certificates_init(struct authd *authd, const struct secret *root_key,
                                       struct instant now, struct problem *why);
/* Another issuing authority takes the place of the one that signs.
 *   compromised  what that one signed counts no more (its key is known to others)
 * ST_DENIED: this is not the root's key;  ST_NOT_FOUND: no authority yet */
MUST_USE enum status certificates_renew_authority(struct authd *authd,
                                                  const struct secret *root_key, bool compromised,
                                                  struct instant now, struct problem *why);

struct certificate_order {
    enum certificate_kind kind;
    struct slice account;    /* id; of a device or server: its owner */
    struct slice device;     /* id of a device that gets another one; empty: a new device */
    enum device_kind device_kind; /* of a new device */
    struct slice_list names; /* of a server */
    struct slice request;    /* PKCS#10, whose key is taken; empty: a key is made */
    uint32_t days;           /* 0: as the settings say; at most CERTIFICATE_DAYS_MAX */
};
struct certificate_made {
    struct certificate certificate;
    struct slice issuer;     /* certificate of the authority that signed it */
    struct secret *key;      /* the caller's; NULL when the order had a request */
};
/* ST_NOT_FOUND  no such account, no authority;  ST_CONFLICT  the account is not a person's or not active; the
 *               key is certified for somebody else or was given up; the authority ends too soon
 * ST_INVALID, ST_LIMIT  names, days, request */
MUST_USE enum status certificates_issue(struct authd *authd, const struct certificate_order *order,
                                        struct instant now, struct arena *arena,
                                        struct certificate_made *out, struct problem *why);
/* Another one for whoever has that one, which stays good until its end.
 *   request, days  as in the order */
MUST_USE enum status certificates_renew(struct authd *authd, struct slice serial,
                                        struct slice request, uint32_t days, struct instant now,
                                        struct arena *arena, struct certificate_made *out,
                                        struct problem *why);
/* ST_CONFLICT: revoked already. ST_NOT_FOUND: no such certificate. */
MUST_USE enum status certificates_revoke(struct authd *authd, struct slice serial,
                                         enum pki_cause cause, struct instant now,
                                         struct problem *why);
/* All that an account has, of whatever kind; *count may be NULL. */
MUST_USE enum status certificates_end_account(struct authd *authd, struct slice account,
                                              struct instant now, size_t *count,
                                              struct problem *why);
/* Lists that are due (or all: `anew`) are made anew. Signs nothing when there is no authority. */
MUST_USE enum status certificates_list_anew(struct authd *authd, bool anew, struct instant now,
                                            struct problem *why);

/* Outside of a transaction. Writes crl.pem (every authority's list) and root.pem to the folder of
 * options->certificates.folder, readable by everybody: no secret is in them. Nothing when the folder has them. */
MUST_USE enum status certificates_publish(struct authd *authd, struct problem *why);

/* What is trusted now, for pki_verify and pki_identify. ST_NOT_FOUND: no authority yet. */
MUST_USE enum status certificates_trust(struct authd *authd, struct arena *arena,
                                        struct pki_trust *out, struct problem *why);

/* Who is at the other end of a TLS connection, by the certificate that it showed: every check of
 * pki_identify, and it is ours, neither revoked nor of an account that is not active.
 *   peer  whose it is: kind, subject (the account's or device's id), account
 * ST_DENIED: nobody that may come in; why says what is wrong */
MUST_USE enum status certificates_identify(struct authd *authd, struct slice certificate,
                                           struct instant now, struct arena *arena,
                                           struct certificate *peer, struct problem *why);

/* Where the list of that authority is found, to stand in what it signs; empty: nowhere. */
struct slice certificates_crl_url(const struct authd *authd, const struct authority *issuer,
                                  struct arena *arena);

/* About once a second, outside of a transaction: certificates of accounts that ended by another
 * hand are revoked, lists that are due made and published, people whose certificate ends soon told.
 *   changed  somebody else has written into the database */
void certificates_turn(struct authd *authd, bool changed, struct instant now);

/* For whoever has the keys: a transaction, and its end: committed and published if `status` is ST_OK,
 * else taken back. Returns `status`, or what went wrong then. */
MUST_USE enum status certificates_begin(struct authd *authd, struct problem *why);
MUST_USE enum status certificates_finish(struct authd *authd, enum status status,
                                         struct problem *why);
/* An account's id, by that or by its address. ST_NOT_FOUND */
MUST_USE enum status certificates_find_account(struct authd *authd, struct slice who,
                                               struct arena *arena, struct slice *id,
                                               struct problem *why);
MUST_USE enum status certificates_list(struct authd *authd, struct slice account,
                                       struct arena *arena, struct certificate_list *out,
                                       struct problem *why);
MUST_USE enum status certificates_load(struct authd *authd, struct slice serial,
                                       struct arena *arena, struct certificate *out,
                                       struct problem *why);
MUST_USE enum status certificates_authorities(struct authd *authd, struct arena *arena,
                                              struct authority_list *out, struct problem *why);
/* What OpenVPN's servers and clients share before TLS (tls-crypt), as its own tool writes it; always the
 * same of an installation. Use a wiped arena. */
struct slice certificates_tunnel_key(struct authd *authd, struct arena *arena);

/* Shared by certificates.c and certificate_lists.c. */
MUST_USE enum status note_certificate(struct authd *authd, struct instant now, const char *kind,
                                      const struct certificate *certificate, struct slice cause,
                                      struct problem *why); /* cause: may be empty */
struct authority *find_root_authority(const struct authority_list *list); /* NULL: none yet */
MUST_USE enum status open_authority_key(struct authd *authd, const struct authority *authority,
                                        struct secret **out, struct problem *why);

#endif
