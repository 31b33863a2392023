#ifndef RENDEZ_PLATFORM_EVIDENCE_OUTAGES_H
#define RENDEZ_PLATFORM_EVIDENCE_OUTAGES_H

#include "platform/evidence/evidence.h"

/* Those tables of trust.db that a probe outside fills: what it saw, outages, claims. */

struct outside_probe {
    struct slice key;      /* "NAME+ID+BASE64", pinned by an operator */
    struct instant pinned;
    struct instant heard;  /* when it last reported; 0: never */
    struct instant last;   /* its newest look, by its own clock; 0: none */
    uint32_t seen;         /* enum sla_seen of domain/control */
    struct instant begun;  /* of the outage that goes on; 0: none */
    uint32_t down_ms;      /* of it */
};
MUST_USE enum status evidence_save_probe(struct evidence *evidence, const struct outside_probe *probe, struct problem *why);
/* ST_NOT_FOUND: none is pinned. */
MUST_USE enum status evidence_load_probe(struct evidence *evidence, struct arena *arena, struct outside_probe *out,
                                         struct problem *why);
MUST_USE enum status evidence_remove_probe(struct evidence *evidence, struct problem *why);

/* Milliseconds of a day (since 1970, UTC) that were seen. */
struct measured_day {
    uint32_t day, up_ms, down_ms;
};
struct measured_list {
    struct measured_day *items;
    size_t count, capacity;
};
MUST_USE enum status evidence_add_measured(struct evidence *evidence, const struct measured_day *day, struct problem *why);
/* The newest first. */
MUST_USE enum status evidence_list_measured(struct evidence *evidence, uint32_t limit, struct arena *arena,
                                            struct measured_list *out, struct problem *why);

struct outage {
    struct instant begun;
    struct instant ended; /* 0: it goes on */
    uint32_t down_ms;     /* that were seen of it */
};
struct outage_list {
    struct outage *items;
    size_t count, capacity;
};
/* A new one, or the same with another end. */
MUST_USE enum status evidence_save_outage(struct evidence *evidence, const struct outage *outage, struct problem *why);
MUST_USE enum status evidence_list_outages(struct evidence *evidence, uint32_t limit, struct arena *arena,
                                           struct outage_list *out, struct problem *why);
MUST_USE enum status evidence_count_outages(struct evidence *evidence, uint32_t *out, struct problem *why);
/* The first of at least so long that has no claim. ST_NOT_FOUND: each has. */
MUST_USE enum status evidence_unclaimed_outage(struct evidence *evidence, uint32_t down_ms, struct arena *arena,
                                               struct outage *out, struct problem *why);

struct claim {
    struct slice id;        /* "clm_…" */
    struct instant outage;  /* its beginning */
    struct instant opened;
    struct instant sent;    /* 0: not yet */
    struct slice evidence;  /* a signed report of the probe */
    uint32_t entry;
};
struct claim_list {
    struct claim *items;
    size_t count, capacity;
};
/* ST_CONFLICT: that outage has one. */
MUST_USE enum status evidence_add_claim(struct evidence *evidence, const struct claim *claim, struct problem *why);
/* Without their evidence. */
MUST_USE enum status evidence_list_claims(struct evidence *evidence, uint32_t limit, struct arena *arena,
                                          struct claim_list *out, struct problem *why);
MUST_USE enum status evidence_load_claim(struct evidence *evidence, struct slice id, struct arena *arena,
                                         struct claim *out, struct problem *why);
MUST_USE enum status evidence_count_claims(struct evidence *evidence, uint32_t *out, struct problem *why);
/* ST_NOT_FOUND: none of that id waits to be sent. */
MUST_USE enum status evidence_claim_sent(struct evidence *evidence, struct slice id, struct instant at, struct problem *why);

#endif
