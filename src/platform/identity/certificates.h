#ifndef RENDEZ_PLATFORM_IDENTITY_CERTIFICATES_H
#define RENDEZ_PLATFORM_IDENTITY_CERTIFICATES_H

#include "platform/identity/identity.h"

/* Authorities of our own and the certificates that they signed, as rows (platform/pki makes them).
 * A row of either is never taken out: what was certified once stays known. */

enum authority_kind { AUTHORITY_ROOT, AUTHORITY_ISSUING, AUTHORITY_KIND_COUNT_ };
extern const char *const authority_kind_names[AUTHORITY_KIND_COUNT_]; /* root, issuing */

struct authority {
    struct slice id; /* "ca_…" */
    enum authority_kind kind;
    struct slice certificate;      /* DER */
    struct instant created, ends;
    struct instant retired;        /* us 0: it signs certificates (an issuing one) */
    struct instant revoked;        /* us 0: not; else what it signed counts no more */
    uint32_t crl_number;           /* of the last list; 0: none yet */
    struct slice crl;              /* DER; or empty */
    struct instant crl_made, crl_until; /* of that list */
    struct sealed key;             /* struct private_text; empty: not here (a root's) */
};
struct authority_list {
    struct authority *items;
    size_t count, capacity;
};
MUST_USE enum status identity_add_authority(struct identity *identity,
                                            const struct authority *authority, struct problem *why);
/* The newest first. */
MUST_USE enum status identity_list_authorities(struct identity *identity, struct arena *arena,
                                               struct authority_list *out, struct problem *why);
/* Stores list `number`, which follows the one before. ST_CONFLICT: somebody else made that one. */
MUST_USE enum status identity_save_crl(struct identity *identity, const struct authority *authority,
                                       struct problem *why);
/* It signs no certificate from now on, only its lists; revoked: nor does what it signed count. */
MUST_USE enum status identity_retire_authority(struct identity *identity, struct slice id,
                                               struct instant at, bool revoked,
                                               struct problem *why);

enum certificate_kind {
    CERTIFICATE_PERSON,
    CERTIFICATE_DEVICE,
    CERTIFICATE_SERVER,
    CERTIFICATE_KIND_COUNT_
};
extern const char *const certificate_kind_names[CERTIFICATE_KIND_COUNT_]; /* person, device, server */

struct certificate {
    struct slice serial;    /* 32 hexadecimal digits */
    struct slice authority; /* id */
    enum certificate_kind kind;
    struct slice subject;   /* common name: the account's id, a device's id, a host */
    struct slice account;   /* whose it is; of a device or server: its owner */
    struct slice bytes;     /* DER */
    struct slice digest, key_digest; /* SHA-256 of it, of its public key */
    struct instant issued, ends;
    struct instant used, reminded;   /* us 0: never */
    struct instant revoked;          /* us 0: not */
    struct slice cause;              /* pki_cause_names; empty: not revoked */
};
struct certificate_list {
    struct certificate *items;
    size_t count, capacity;
};
/* ST_CONFLICT: that serial is there. ST_NOT_FOUND: no such account or authority. */
MUST_USE enum status identity_add_certificate(struct identity *identity,
                                              const struct certificate *certificate,
                                              struct problem *why);
MUST_USE enum status identity_load_certificate(struct identity *identity, struct slice serial,
                                               struct arena *arena, struct certificate *out,
                                               struct problem *why);
/* account: empty for all. The oldest first. */
MUST_USE enum status identity_list_certificates(struct identity *identity, struct slice account,
                                                struct arena *arena, struct certificate_list *out,
                                                struct problem *why);
/* With that public key, of whomever. */
MUST_USE enum status identity_list_certificates_of_key(struct identity *identity,
                                                       struct slice key_digest,
                                                       struct arena *arena,
                                                       struct certificate_list *out,
                                                       struct problem *why);
/* By its SHA-256. */
MUST_USE enum status identity_find_certificate(struct identity *identity, struct slice digest, struct arena *arena,
                                               struct certificate *out, struct problem *why);
/* Revoked ones of an authority that end after `after`. */
MUST_USE enum status identity_list_revoked(struct identity *identity, struct slice authority,
                                           struct instant after, struct arena *arena,
                                           struct certificate_list *out, struct problem *why);
/* Those that count though their account has ended; at most 1000. */
MUST_USE enum status identity_list_orphaned(struct identity *identity, struct instant now,
                                            struct arena *arena, struct certificate_list *out,
                                            struct problem *why);
/* Of active accounts, that end by `by` and have no later one for the same subject; not yet reminded of;
 * at most 100. */
MUST_USE enum status identity_list_expiring(struct identity *identity, struct instant now,
                                            struct instant by, struct arena *arena,
                                            struct certificate_list *out, struct problem *why);
/* ST_CONFLICT: it is revoked already, or none. */
MUST_USE enum status identity_revoke_certificate(struct identity *identity, struct slice serial,
                                                 struct instant at, struct slice cause,
                                                 struct problem *why);
MUST_USE enum status identity_use_certificate(struct identity *identity, struct slice serial,
                                              struct instant at, struct problem *why);
MUST_USE enum status identity_remind_certificate(struct identity *identity, struct slice serial,
                                                 struct instant at, struct problem *why);
/* A tunnel of that account, or that device, which was opened at `since`: whether the account (the device's owner)
 * is active and there is a certificate of that kind that counts, and none that was used since then was revoked. */
MUST_USE enum status identity_may_stay(struct identity *identity, enum certificate_kind kind, struct slice name,
                                       struct instant since, struct instant now, bool *stays,
                                       struct problem *why);

/* What a device of the supervision room last said of itself (domain/access/posture.h). */
struct device_report {
    struct slice device; /* SHA-256 of its certificate, in hexadecimal */
    struct instant at;
    struct slice items;  /* posture_text */
};
/* In place of the one before. */
MUST_USE enum status identity_save_report(struct identity *identity, const struct device_report *report,
                                          struct problem *why);
struct room_device {
    struct slice id, owner; /* of its certificate */
    struct instant at;      /* of its last report, by whichever of its certificates; us 0: none yet */
    struct slice items;
};
struct room_device_list {
    struct room_device *items;
    size_t count, capacity;
};
/* All with a certificate that counts, each once. */
MUST_USE enum status identity_list_devices(struct identity *identity, struct instant now, struct arena *arena,
                                           struct room_device_list *out, struct problem *why);
/* ST_NOT_FOUND: it has said nothing yet */
MUST_USE enum status identity_load_report(struct identity *identity, struct slice device, struct arena *arena,
                                          struct device_report *out, struct problem *why);

#endif
