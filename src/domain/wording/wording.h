#ifndef RENDEZ_DOMAIN_WORDING_H
#define RENDEZ_DOMAIN_WORDING_H

#include "domain/meeting/meeting.h"

/* What we write to people: short, warm, precise, in the recipient's language and zone,
 * vous or tu. Phrases are data (phrases.def); doc/wording.md shows one of each. */

struct wording_links {
    struct slice_list slots; /* one URL per offer, in order; empty: no links */
    struct slice none;       /* "none of these suits me" */
    struct slice privacy;    /* who we are, why this mail, "do not write again"; may be empty */
};

struct wording {
    struct slice subject, text, html;
};

/* Pure: the same order gives the same text. Everything that came from outside is
 * escaped in the HTML. ST_NOT_FOUND for a phrase that the catalogue lacks. */
MUST_USE enum status wording_render(const struct mail_order *order,
                                    const struct wording_links *links, struct arena *arena,
                                    struct wording *out, struct problem *why);

/* "mardi 10 mars à 14h30 (heure de Paris)", "Tuesday 10 March, 2:30pm (New York time)". */
struct slice wording_time(struct interval span, const struct zone *zone, enum language language,
                          bool with_zone, struct arena *arena);

/* A series as its reader is told of it. `first` is the first occurrence; `home` the zone in
 * which its hour never changes. */
struct recurrence {
    const struct series *series;
    struct interval first;
    const struct zone *zone, *home;
    enum language language;
    bool zone_named;
    struct arena *arena;
};
/* "tous les mardis à 10h, à partir du 6 janvier, jusqu'au 30 juin". */
struct slice wording_series(const struct recurrence *r);

#endif
