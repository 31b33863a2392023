#ifndef RENDEZ_PLATFORM_EVIDENCE_H
#define RENDEZ_PLATFORM_EVIDENCE_H

#include "platform/sql/chain.h"
#include "platform/vault/vault.h"

/* trust.db: what checks found and people stated, what changed, and a log of it all. Rows of one kind have
 * one struct; texts are in the arena given. It knows no control and judges nothing: that is
 * domain/control. doc/evidence.md */
struct evidence;

MUST_USE enum status evidence_open(const struct sql_driver *driver, const char *where,
                                   struct evidence **out, struct problem *why);
void evidence_destroy(struct evidence **evidence); /* accepts NULL */
MUST_USE enum status evidence_begin(struct evidence *evidence, struct problem *why);
MUST_USE enum status evidence_commit(struct evidence *evidence, struct problem *why);
void evidence_rollback(struct evidence *evidence); /* nothing when no transaction is open */

/* The log (platform/sql/chain.h). entry: its number. In a transaction with what causes it. */
MUST_USE enum status evidence_append_log(struct evidence *evidence, struct instant at, struct slice kind,
                                         struct slice ids, uint32_t *entry, struct problem *why);
MUST_USE enum status evidence_list_log(struct evidence *evidence, uint32_t after, struct arena *arena,
                                       struct log_entry_list *out, struct problem *why);
MUST_USE enum status evidence_verify_log(struct evidence *evidence, struct problem *why);

struct finding {
    uint32_t seq;          /* 0: a new one */
    struct slice control;
    struct instant at;
    struct slice result;   /* "holds", "fails" */
    struct slice cause, facts;
    struct slice digest;   /* of the check */
    struct slice version;  /* of the service */
    uint32_t entry;        /* of the log */
};
struct finding_list {
    struct finding *items;
    size_t count, capacity;
};
MUST_USE enum status evidence_add(struct evidence *evidence, const struct finding *finding,
                                  struct problem *why);
/* ST_NOT_FOUND: none yet. */
MUST_USE enum status evidence_last(struct evidence *evidence, struct slice control, struct arena *arena,
                                   struct finding *out, struct problem *why);
/* The newest with which it held. ST_NOT_FOUND: it never has. */
MUST_USE enum status evidence_last_held(struct evidence *evidence, struct slice control, struct arena *arena,
                                        struct finding *out, struct problem *why);
/* The one of that entry of the log. ST_NOT_FOUND: it is of no such control, or was removed. */
MUST_USE enum status evidence_find(struct evidence *evidence, struct slice control, int64_t entry,
                                   struct arena *arena, struct finding *out, struct problem *why);
/* The newest first. */
MUST_USE enum status evidence_list(struct evidence *evidence, struct slice control, uint32_t limit,
                                   struct arena *arena, struct finding_list *out, struct problem *why);
/* Removes what is older; of each control the newest that held and the newest that failed stay. */
MUST_USE enum status evidence_purge(struct evidence *evidence, struct instant before, struct problem *why);

struct statement {
    struct slice id;       /* "sta_…" */
    struct slice control;
    struct slice kind;     /* "record": what was due was done; "attest": it is so until a date */
    struct instant at;     /* of stating it */
    struct instant done;   /* record; else 0 */
    struct instant until;  /* attest: its last moment; else 0 */
    struct slice digest;   /* of the file: SHA-256 in hex */
    struct slice name;     /* of the file */
    struct sealed file;
    uint32_t entry;
};
struct statement_list {
    struct statement *items;
    size_t count, capacity;
};
MUST_USE enum status evidence_add_statement(struct evidence *evidence, const struct statement *statement,
                                            struct problem *why);
/* The one of the latest done or until. ST_NOT_FOUND: none. */
MUST_USE enum status evidence_last_statement(struct evidence *evidence, struct slice control,
                                             struct slice kind, struct arena *arena, struct statement *out,
                                             struct problem *why);
/* The latest first, without their files. */
MUST_USE enum status evidence_list_statements(struct evidence *evidence, struct slice control,
                                              struct arena *arena, struct statement_list *out,
                                              struct problem *why);
/* Where the file of one is sealed. */
struct seal_place evidence_statement_place(struct slice id);

struct certification {
    struct slice id;       /* "cer_…" */
    struct slice name, holder;
    struct instant ends;
    struct slice digest;   /* of its file */
    struct sealed file;
};
struct certification_list {
    struct certification *items;
    size_t count, capacity;
};
/* ST_CONFLICT: without a digest, or of an id that is there. */
MUST_USE enum status evidence_add_certification(struct evidence *evidence,
                                                const struct certification *certification,
                                                struct problem *why);
MUST_USE enum status evidence_list_certifications(struct evidence *evidence, struct arena *arena,
                                                  struct certification_list *out, struct problem *why);
MUST_USE enum status evidence_remove_certification(struct evidence *evidence, struct slice id,
                                                   struct problem *why);
struct seal_place evidence_certification_place(struct slice id);

struct contact {
    struct slice organisation; /* "service": our own */
    uint32_t large;            /* 1: an organisation that must have one */
    struct sealed sealed;      /* name and address */
};
struct contact_list {
    struct contact *items;
    size_t count, capacity;
};
MUST_USE enum status evidence_save_contact(struct evidence *evidence, const struct contact *contact,
                                           struct problem *why);
MUST_USE enum status evidence_list_contacts(struct evidence *evidence, struct arena *arena,
                                            struct contact_list *out, struct problem *why);
MUST_USE enum status evidence_remove_contact(struct evidence *evidence, struct slice organisation,
                                             struct problem *why);
struct seal_place evidence_contact_place(struct slice organisation);

/* The state of a control as it was last told. */
struct standing {
    struct slice control, state;
    struct instant since;
    struct slice cause;
};
MUST_USE enum status evidence_save_standing(struct evidence *evidence, const struct standing *standing,
                                            struct problem *why);
MUST_USE enum status evidence_load_standing(struct evidence *evidence, struct slice control,
                                            struct arena *arena, struct standing *out, struct problem *why);

struct change {
    uint32_t seq; /* 0: a new one */
    struct instant at;
    struct slice control, was, becomes, cause;
    uint32_t entry;
};
struct change_list {
    struct change *items;
    size_t count, capacity;
};
MUST_USE enum status evidence_add_change(struct evidence *evidence, const struct change *change,
                                         struct problem *why);
/* The newest first. */
MUST_USE enum status evidence_list_changes(struct evidence *evidence, uint32_t limit, struct arena *arena,
                                           struct change_list *out, struct problem *why);

struct release {
    uint32_t seq; /* 0: a new one */
    struct slice version;
    struct instant began;
};
MUST_USE enum status evidence_add_release(struct evidence *evidence, const struct release *release,
                                          struct problem *why);
MUST_USE enum status evidence_last_release(struct evidence *evidence, struct arena *arena,
                                           struct release *out, struct problem *why);
/* The first of those, up to the last one, whose version ends in these digits; ST_NOT_FOUND: the last one's does
 * not. */
enum { RELEASE_GUARDS_DIGITS = 16 };
MUST_USE enum status evidence_guarded_release(struct evidence *evidence, struct slice guards, struct arena *arena,
                                              struct release *out, struct problem *why);
MUST_USE enum status evidence_first_release(struct evidence *evidence, struct arena *arena,
                                            struct release *out, struct problem *why);

/* The key by which the log is known, where an operator has said it. */
struct log_key {
    struct slice key; /* "NAME+ID+BASE64" */
    struct instant pinned;
};
MUST_USE enum status evidence_save_log_key(struct evidence *evidence, const struct log_key *key, struct problem *why);
/* ST_NOT_FOUND: nobody has. */
MUST_USE enum status evidence_load_log_key(struct evidence *evidence, struct arena *arena, struct log_key *out,
                                           struct problem *why);

#endif
