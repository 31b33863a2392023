#ifndef RENDEZ_DOMAIN_ACCOUNT_PASSWORD_H
#define RENDEZ_DOMAIN_ACCOUNT_PASSWORD_H

#include "domain/people/people.h"

/* What a password must be. The promise: 8 characters at least, of 3 of 4 classes. Beyond it: none
 * that attackers try first. Nothing else is asked: no change after so many days, any script, any
 * sign, spaces too; the password is told from another by every character of it. */

enum {
    PASSWORD_CHARACTERS_MIN = 8,  /* code points, after normalisation */
    PASSWORD_CHARACTERS_MAX = 128,
    PASSWORD_CLASSES_MIN = 3,     /* capitals (Lu, Lt), small letters (Ll), digits (Nd), all else */
    PASSWORD_BYTES_MAX = 1024,    /* as typed */
    /* Room that an arena must have for a call below. */
    PASSWORD_ARENA_BYTES = 1 << 18,
};

enum password_fault {
    PASSWORD_GOOD,
    PASSWORD_NOT_TEXT, /* no UTF-8 */
    PASSWORD_TOO_SHORT,
    PASSWORD_TOO_LONG,
    PASSWORD_FEW_CLASSES,
    PASSWORD_PERSONAL, /* holds a word of the context */
    PASSWORD_COMMON,   /* a common password or word, changed as most people change it */
};
/* The rule that is not kept, as pages know it: "length", "classes" …; "good". */
extern const char *const password_fault_names[PASSWORD_COMMON + 1];
/* One sentence to the person; empty for PASSWORD_GOOD. English for LANGUAGE_UNKNOWN. */
struct slice password_sentence(enum password_fault fault, enum language language);

/* What is hashed and compared: Unicode NFC, so that keyboards which write an accent as a character
 * of its own, and those which do not, open the same account (NIST SP 800-63B section 5.1.1.2).
 *   arena  wiped when it ends: it holds the password
 * ST_INVALID  no UTF-8      ST_LIMIT  over PASSWORD_BYTES_MAX, or too many characters */
MUST_USE enum status password_normal(struct slice typed, struct arena *arena, struct slice *out,
                                     struct problem *why);

/* The first fault that a new password has, in the order above.
 *   context  texts whose words it must not hold: name and address of the person, organisation,
 *            host names; any number of words in each. Our own name is always among them
 *   arena    wiped when it ends, with PASSWORD_ARENA_BYTES to spare */
enum password_fault password_judge(struct slice typed, const struct slice *context,
                                   size_t context_count, struct arena *arena);

#endif
