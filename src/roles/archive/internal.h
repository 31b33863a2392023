#ifndef RENDEZ_ROLES_ARCHIVE_INTERNAL_H
#define RENDEZ_ROLES_ARCHIVE_INTERNAL_H

#include "roles/archive/archive.h"

enum { ROOT_FILE_MAX = 64 * 1024, CHUNK_BYTES = 1 << 20 };

struct archive {
    const struct config *config;
    struct archive_ports ports;
    struct arena *arena;
    const char *sets, *keys_copy, *own, *work; /* folders */
    struct set_keys *keys;
    int lock;
};

/* What belongs in a set. */
struct source {
    const char *name;      /* of the thing */
    enum thing_kind kind;
    size_t setting;        /* offset in struct config of the folder or file */
    const char *beside;    /* what comes after it: "/identity.db" */
    const char *usual;     /* where it is restored to */
};
extern const struct source sources[];
extern const size_t source_count;
const char *source_path(const struct config *config, const struct source *source, struct arena *arena);
/* Whether a file of a folder goes along: no keys, no databases, nothing half written. */
bool source_takes(struct slice name);

/* The files of which there is one copy. */
struct key_source {
    enum { KEYS_TABLE, KEYS_DATABASE, KEYS_FILE, KEYS_FOLDER } kind; /* TABLE: rotated keys are kept */
    const char *usual; /* in the folder of the copy, and where it is restored to */
};
extern const struct key_source key_sources[];
extern const size_t key_source_count;
const char *key_source_path(const struct config *config, const struct key_source *source, struct arena *arena);

/* Progress over several parts. */
struct progress {
    const struct archive_ports *ports;
    struct archive_step step;
    uint64_t before; /* of the parts that are done */
};
bool progress_add(struct progress *progress, uint64_t bytes);
bool progress_at(void *progress, uint64_t done, uint64_t total); /* a sql_progress_fn */
MUST_USE enum status progress_stopped(struct problem *why);

/* Folders. */
MUST_USE enum status make_folder(const char *path, struct problem *why);
/* Folders above a file in `root`. */
MUST_USE enum status make_folders_for(const char *root, struct slice path, struct arena *arena, struct problem *why);
MUST_USE enum status remove_tree(const char *path, struct problem *why); /* ST_OK where there is none */
MUST_USE enum status sync_folder(const char *path, struct problem *why);
/* Names in a folder, in order; ST_OK and none where there is no such folder. */
MUST_USE enum status list_folder(const char *path, struct arena *arena, struct slice_list *out, struct problem *why);
/* Every regular file below a folder, as paths from there. */
MUST_USE enum status list_files(const char *path, struct arena *arena, struct slice_list *out, struct problem *why);
bool is_there(const char *path);
uint64_t file_bytes(const char *path); /* 0 where there is none */
MUST_USE enum status copy_durably(const char *from, const char *to, struct arena *arena, struct problem *why);
/* What is at `path` becomes zeros and goes: for the copy of keys that a newer one replaces. */
MUST_USE enum status replace_and_wipe(const char *fresh, const char *path, struct problem *why);

/* The key of a set. */
MUST_USE enum status ask_new_set(const struct archive_ports *ports, struct slice set, struct arena *arena,
                                 struct sealed *wrapped, struct secret **key, uint32_t *root, struct problem *why);
MUST_USE enum status ask_open_set(const struct archive_ports *ports, const struct set_row *row, struct secret **key,
                                  struct problem *why);

/* Puts what a set holds below `to`: every digest and count as its manifest says. */
MUST_USE enum status read_set(const char *folder, const struct secret *key, struct slice set, const char *to,
                              const struct archive_ports *ports, const char *doing, struct arena *arena,
                              struct manifest *out, uint64_t *files, struct problem *why);

/* Key files from their copy to the places of an installation at `to`. */
MUST_USE enum status restore_keys(const char *keys, const char *to, bool with_root, struct arena *arena,
                                  struct problem *why);

/* A restored installation is used once: a mail is answered. *answered: false where nobody is there to write one. */
struct planner;
MUST_USE enum status answer_a_mail(struct planner *planner, struct instant now, bool *answered,
                                   struct problem *why);

#endif
