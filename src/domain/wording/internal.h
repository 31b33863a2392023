#ifndef RENDEZ_DOMAIN_WORDING_INTERNAL_H
#define RENDEZ_DOMAIN_WORDING_INTERNAL_H

#include "domain/wording/wording.h"

/* One entry of the catalogue; tu is NULL where it says the same as vous. */
struct phrase {
    const char *key, *vous, *tu, *english;
};
extern const struct phrase phrases[];
extern const size_t phrase_count;
/* NULL for a key that the catalogue lacks. */
const struct phrase *phrase_find(struct slice key);

/* when.c */
struct slice wording_zone(const struct zone *zone, enum language language, struct arena *arena);
/* "un appel de 30 minutes", "a 30-minute call"; meals have no length. */
struct slice wording_meeting(enum meeting_kind kind, uint32_t minutes_long, enum language language,
                             struct arena *arena);
struct slice wording_length(uint32_t minutes_long, enum language language, struct arena *arena);

const char *wording_weekday(struct civil_date date, enum language language);
/* "6 janvier", "January 6" for readers in the United States. */
struct slice wording_date(struct civil_date date, const struct zone *zone, enum language language,
                          struct arena *arena);
struct slice wording_clock(struct civil at, enum language language, struct arena *arena);

/* series.c */
/* "mardi à 10h" as in "le rendez-vous du …", "Tuesdays at 10am" as in "the meeting on …". */
struct slice wording_usual(const struct recurrence *r);
struct slice wording_how_often(const struct series *series, enum language language);
/* "6 avril, 25 mai": days only. */
struct slice wording_dates(const struct recurrence *r, const struct interval_list *spans);
/* One line for who lives by another clock: when it is at another hour there; or empty. */
struct slice wording_shift(const struct recurrence *r, bool informal);
struct slice wording_shift_of_all(const struct recurrence *r, bool informal); /* `first` and others */

/* blocks.c: a body as blocks, written as plain text and as HTML */
enum block_kind { BLOCK_TEXT, BLOCK_OFFERS, BLOCK_QUOTE, BLOCK_LINES, BLOCK_FOOTER };
struct block {
    enum block_kind kind;
    struct slice text;       /* TEXT, QUOTE, FOOTER */
    struct slice_list items; /* OFFERS, LINES */
    struct slice_list links; /* OFFERS: one per item, or none */
    struct slice none_label, none_link;
    struct slice link_label, link; /* FOOTER; may be empty */
};
struct block_list {
    struct block *items;
    size_t count, capacity;
};
struct slice blocks_to_text(const struct block_list *blocks, struct arena *arena);
struct slice blocks_to_html(const struct block_list *blocks, enum language language,
                            struct arena *arena);
/* One line: control characters become spaces. */
struct slice one_line(struct slice text, struct arena *arena);
/* Several lines; other control characters become spaces. */
struct slice many_lines(struct slice text, struct arena *arena);

#endif
