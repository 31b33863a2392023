#ifndef RENDEZ_ROLES_TRUST_LETTERS_H
#define RENDEZ_ROLES_TRUST_LETTERS_H

#include "platform/evidence/visitors.h"
#include "roles/trust/trust.h"

/* Mail of the trust pages: written down sealed in the transaction that causes it, sent by mailout until it is
 * taken. */
enum letter_kind {
#define LETTER(name, en_subject, fr_subject, en, fr) LETTER_##name,
#include "roles/trust/letters.def"
#undef LETTER
    LETTER_COUNT_
};
enum { LETTER_WORDS_MAX = 5 };
struct letter_draft {
    enum letter_kind kind;
    bool french;
    struct slice to;
    struct slice words[LETTER_WORDS_MAX]; /* {0} … */
    struct slice unsubscribe;             /* URL, or empty */
    struct slice ticket;                  /* that it acknowledges, or empty */
};
/* In a transaction. */
MUST_USE enum status letters_add(struct trust *trust, const struct letter_draft *draft, struct instant now,
                                 struct problem *why);

/* What is due, to be handed to mailout; draft->from is the caller's to set. */
struct letter_due {
    struct slice id;
    struct mail_draft draft;
};
struct letter_due_list {
    struct letter_due *items;
    size_t count, capacity;
};
MUST_USE enum status letters_due(struct trust *trust, struct instant now, uint32_t limit, struct arena *arena,
                                 struct letter_due_list *out, struct problem *why);
/* What became of one. OK: it is gone, and its ticket acknowledged. INVALID: it can never go. Else it is tried
 * again, ever later, for three days. */
MUST_USE enum status letters_sent(struct trust *trust, struct slice id, enum status result, struct instant now,
                                  struct problem *why);

/* The words of one, for tests. */
struct slice letter_fill(const char *shape, const struct slice words[LETTER_WORDS_MAX], struct arena *arena);

#endif
