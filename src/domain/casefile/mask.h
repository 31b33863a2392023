#ifndef RENDEZ_DOMAIN_CASEFILE_MASK_H
#define RENDEZ_DOMAIN_CASEFILE_MASK_H

#include "base/bytes/bytes.h"

/* Texts with the people taken out of them, for somebody who need not know who they are (doc/supervision.md, "Parts").
 * Pure, bounded, never fails: what could be a name, an address, a telephone number or a link goes, rather than stays. */

enum {
    MASK_PEOPLE_MAX = 256,        /* the others' names are not known, and so stay */
    MASK_TEXT_MAX = 64 * 1024,    /* of a text; what is behind it is cut off */
};

/* P1 is the first. Every field may be empty. */
struct case_person {
    struct slice name, address, phone;
};
struct case_person_list {
    struct case_person *items;
    size_t count, capacity;
};

/* The people in a form that is quick to look up. Borrows nothing.
 *   others  of whom there may be many: they go as "[…]", where their whole name stands. NULL: none */
struct mask;
struct mask *mask_create(const struct case_person_list *people, const struct case_person_list *others, struct arena *arena);

/* Bytes [from, to) of the text stand as [at, at + len) in the masked one. */
struct mask_piece {
    size_t from, to, at, len;
};
struct mask_piece_list {
    struct mask_piece *items;
    size_t count, capacity;
};
struct masked {
    struct slice text;             /* valid UTF-8 */
    struct mask_piece_list pieces; /* what was replaced, in order */
    bool cut;                      /* at bytes_max, or MASK_TEXT_MAX */
};

/* "[P1]" for a person whom the words can only mean, "[…]" for what else goes. */
void mask_text(const struct mask *mask, struct slice text, size_t bytes_max, struct arena *arena, struct masked *out);

/* Of words that whoever sees them has typed: only the names of the people go. Addresses, links, numbers and marks stay as
 * they are typed, whosever they are, and names that are part of one with it. */
void mask_names(const struct mask *mask, struct slice text, size_t bytes_max, struct arena *arena, struct masked *out);

/* Where a span of the text stands in the masked one; what it shares with something replaced is all of that.
 * False: nothing of it is left. */
bool masked_span(const struct masked *masked, size_t offset, size_t len, size_t *at, size_t *shown_len);

/* The names (else addresses) back in a text that a person has written: "[P1]". A number that nobody has stays. */
struct slice mask_restore(const struct case_person_list *people, struct slice text, struct arena *arena);

/* "M. D. · a…": initials of the name (else of the address), and the first letter of the domain. */
struct slice mask_label(const struct case_person *person, struct arena *arena);

#endif
