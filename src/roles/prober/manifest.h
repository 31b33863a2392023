#ifndef RENDEZ_ROLES_PROBER_MANIFEST_H
#define RENDEZ_ROLES_PROBER_MANIFEST_H

#include "base/bytes/bytes.h"

/* What a release says of itself: "release.manifest" beside its programs (scripts/release). */
struct check_program {
    struct slice name, digest; /* "rendez-api"; SHA-256 in hexadecimal */
};
struct check_release {
    struct slice version, source, sbom; /* source: of which commit; sbom: digest of the list of parts */
    uint32_t builds;                    /* that were compared, and were alike */
    struct {
        struct check_program *items;
        size_t count, capacity;
    } programs;
};

/* The manifest's text: lines "version V", "source COMMIT", "builds N", "sbom SHA-256", "program SHA-256 NAME", in any
 * order. Texts of *out are of `text`.
 * ST_INVALID  a line that is none of these, or no program, or no list of parts;  ST_LIMIT  too long */
enum { RELEASE_MANIFEST_MAX = 64 * 1024, RELEASE_PROGRAMS_MAX = 64 };
MUST_USE enum status release_parse(struct slice text, struct arena *arena, struct check_release *out,
                                   struct problem *why);

#endif
