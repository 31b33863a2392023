#ifndef RENDEZ_DOMAIN_CASEFILE_INTERNAL_H
#define RENDEZ_DOMAIN_CASEFILE_INTERNAL_H

#include "domain/casefile/mask.h"

/* What goes out of a text: [from, to). */
enum { MARK_ANYBODY = -1 };
struct mark {
    size_t from, to;
    int who; /* index of the person, or MARK_ANYBODY */
};
struct mark_list {
    struct mark *items;
    size_t count, capacity;
};

/* Some of the people. */
struct people_set {
    uint64_t bits[MASK_PEOPLE_MAX / 64];
};

enum name_kind {
    NAME_STRONG, /* a name wherever it stands */
    NAME_WORD,   /* a word of time too ("mardi", "may"), or one that every text has: a name with a capital */
    NAME_WEAK,   /* "de", "van", an initial: with another part of the same name, or behind a title */
};
struct name_word {
    struct slice folded;
    struct people_set people;
    enum name_kind kind;
};

struct mask {
    const struct case_person *people; /* copies */
    size_t count;
    struct name_word *words;          /* sorted by `folded` */
    size_t word_count, word_capacity;
    uint8_t name_words[MASK_PEOPLE_MAX]; /* how many each one's name has */
    struct slice *others;                /* whole names of the others, as one word; sorted */
    size_t other_count, other_capacity;
};

/* words.c */
struct text_word {
    size_t from, to;
    struct slice folded; /* lower case, without accents; in the arena */
    bool upper;          /* begins with a capital */
};
struct text_word_list {
    struct text_word *items;
    size_t count, capacity;
};
/* Letters and digits; of scripts without spaces each letter is one. */
void words_split(struct slice text, struct arena *arena, struct text_word_list *out);
bool word_is_title(struct slice folded);
bool word_is_weak(struct slice folded);
bool word_is_common(struct slice folded);
bool word_is_mailbox(struct slice folded); /* "contact", "info": nobody's name */

/* names.c */
void names_mark(const struct mask *mask, struct slice text, struct arena *arena, struct mark_list *marks);

/* patterns.c: what looks like an address, a link, a telephone number or one of our own marks */
void patterns_mark(const struct mask *mask, struct slice text, struct arena *arena, struct mark_list *marks);

#endif
