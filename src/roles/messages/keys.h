#ifndef RENDEZ_ROLES_MESSAGES_KEYS_H
#define RENDEZ_ROLES_MESSAGES_KEYS_H

#include "base/bytes/bytes.h"

/* planner, authd, logd ↔ keyd: one question for every key there is (roles/keyd/keyd.h). Whoever has keyd in
 * its own process asks by keyd_answer_key. */
enum key_purpose {
    KEY_FOR_NOTHING,         /* refused: a message without purpose */
    KEY_FOR_LOOKUPS,         /* hashes of addresses; no other field */
    KEY_FOR_SERVICE,         /* rows of no organisation; version of the root key, 0: the newest */
    KEY_NEW_ORGANISATION,    /* organisation, version → wrapped */
    KEY_FOR_DIRECTORY,       /* organisation, organisation_key */
    KEY_NEW_MEETING,         /* organisation, organisation_key, meeting, version → key and wrapped */
    KEY_OPEN_MEETING,        /* the same and wrapped → key */
    KEY_REWRAP_ORGANISATION, /* organisation, organisation_key → wrapped, by the newest root key */
    KEY_REWRAP_MEETING,      /* as KEY_OPEN_MEETING, and next_key → wrapped by that */
    KEY_FOR_IDENTITY,        /* organisation, organisation_key: its accounts; neither: rows of none, version
                                of the root key, 0: the newest */
    KEY_FOR_IDENTITY_LOOKUPS,/* what authd looks up by hashes; no other field */
    KEY_FOR_ASSERTIONS,      /* what authd says of people to keyd (platform/assertion); no other field.
                                Of one start of keyd: asked for again when it is there anew */
    KEY_FOR_SUPERVISION,     /* of a lease only: a part of a request that somebody handles in the console */
    KEY_FOR_LOG,             /* the seed that signs the log; no other field */
    KEY_FOR_CALLERS,         /* what authd says to the planner of who asks; otherwise as KEY_FOR_ASSERTIONS */
    KEY_FOR_TRUST,           /* sealed columns of trust.db; no other field. It outlives root keys */
    KEY_NEW_SET,             /* set → key and wrapped: of a backup set, by the newest root key */
    KEY_OPEN_SET,            /* set, wrapped → key */
    KEY_REWRAP_SET,          /* set, wrapped → wrapped, by the newest root key */
    KEY_FOR_SUPERVISION_PEOPLE, /* of a lease only, as KEY_FOR_SUPERVISION: its other parts */
    KEY_FOR_SUPERVISION_WORDS,
    KEY_FOR_SUPERVISION_DRAFT,
    /* Whether a sealed value (wrapped) opens in its place (table, column, row): nothing but the status comes back. */
    KEY_TRY_IDENTITY,        /* of identity.db; organisation, organisation_key, or neither */
    KEY_TRY_CODE,            /* the same; a secret of one-time codes: row, the factor */
    KEY_TRY_TRUST,           /* of trust.db */
    KEY_FOR_WATCHERS,        /* what authd says to logd of who asks; otherwise as KEY_FOR_CALLERS */
    KEY_PURPOSE_COUNT_,
};
extern const char *const key_purpose_names[KEY_PURPOSE_COUNT_];

/* The parts in which a request is shown to somebody who handles it (doc/supervision.md). Each is sealed under a key
 * of its own (vault_part_key), which is lent for its purpose. */
enum case_part {
    CASE_SHOWN,  /* names and addresses shortened: what is shown first */
    CASE_PEOPLE, /* names and addresses in full */
    CASE_WORDS,  /* the message and its thread with nothing shortened */
    CASE_DRAFT,  /* what would be sent, with nothing shortened */
    CASE_PART_COUNT_,
};
struct case_part_row {
    const char *name;
    enum key_purpose purpose;
};
extern const struct case_part_row case_parts[CASE_PART_COUNT_];
/* CASE_PART_COUNT_: none has that name, or that purpose. */
enum case_part case_part_from_name(struct slice name);
enum case_part case_part_of_purpose(enum key_purpose purpose);

/* Wrapped keys as stored, each with its own version (0 counts as 1). */
struct key_ask {
    enum key_purpose purpose;
    struct slice organisation, organisation_key, meeting, wrapped, next_key, set;
    struct slice table, column, row;
    uint32_t organisation_version, version, next_version;
};
struct key_given {
    enum status status; /* ST_DENIED: refused */
    struct slice key, wrapped;
    struct slice problem;
    uint32_t version; /* of the key; of the newest root key where none is handed out */
};

#endif
