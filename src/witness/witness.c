#include "witness/witness.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { KEPT_BYTES_MAX = 64 * 1024, ARENA_BYTES = 1 << 18 };

struct watched {
    struct slice key;   /* the caller's */
    struct slice name;  /* its origin */
    char id[9];
    struct buffer kept; /* what we signed last, or empty */
    uint64_t size;
    struct ledger_hash root;
};

struct witness {
    char *folder;
    char *name;
    struct secret *seed;
    struct watched logs[WITNESS_LOGS_MAX];
    size_t count;
};

/* Keys and what was kept */

static const char *path_of(const struct witness *witness, const char *file, struct arena *arena)
{
    return arena_format(arena, "%s/%s", witness->folder, file).data;
}

static enum status open_seed(struct witness *witness, struct problem *why)
{
    AUTO_ARENA arena = arena_create(ARENA_BYTES);
    return ledger_open_seed(path_of(witness, "key", arena), &witness->seed, why);
}

static enum status read_kept(struct witness *witness, struct watched *log, struct problem *why)
{
    AUTO_ARENA arena = arena_create(4 * ARENA_BYTES);
    struct slice text;
    struct ledger_head head;
    enum status status = file_read(path_of(witness, log->id, arena), KEPT_BYTES_MAX, arena, &text, why);
    if (status == ST_NOT_FOUND)
        return ST_OK;
    TRY(status);
    TRY(ledger_open_checkpoint(text, log->key, arena, &head, why));
    buffer_add(&log->kept, text);
    log->size = head.size;
    log->root = head.root;
    return ST_OK;
}

static enum status watch(struct witness *witness, struct slice key, struct problem *why)
{
    struct watched *log = &witness->logs[witness->count];
    if (!ledger_is_log_key(key))
        return problem_set(why, ST_INVALID, "a log's key is NAME+ID+BASE64, as `rendez log key` says it");
    size_t plus = slice_find(key, LIT("+"), 0);
    *log = (struct watched){.key = key, .name = slice_sub(key, 0, plus), .kept = buffer_create(KEPT_BYTES_MAX)};
    memcpy(log->id, key.data + plus + 1, sizeof log->id - 1);
    witness->count++;
    return read_kept(witness, log, why);
}

enum status witness_create(const struct witness_options *options, struct witness **out,
                           struct problem *why)
{
    AUTO_WITNESS witness = must_calloc(1, sizeof *witness);
    witness->folder = strdup(options->folder);
    if (witness->folder == NULL)
        abort();
    TRY(ledger_signer_name(options->name, "witness", &witness->name, why));
    if (mkdir(options->folder, 0700) < 0 && errno != EEXIST)
        return problem_errno(why, options->folder);
    TRY(open_seed(witness, why));
    for (size_t i = 0; i < WITNESS_LOGS_MAX && options->logs[i].len > 0; i++)
        TRY(watch(witness, options->logs[i], why));
    *out = witness;
    witness = NULL;
    return ST_OK;
}

void witness_destroy(struct witness **witness)
{
    struct witness *old = *witness;
    *witness = NULL;
    if (old == NULL)
        return;
    for (size_t i = 0; i < old->count; i++)
        buffer_destroy(&old->logs[i].kept);
    secret_destroy(&old->seed);
    free(old->folder);
    free(old->name);
    free(old);
}

enum status witness_key(struct witness *witness, struct arena *arena, struct slice *out,
                        struct problem *why)
{
    return ledger_public_key(slice_from(witness->name), witness->seed, 4, arena, out, why);
}

/* Answers */

static struct watched *find_log(struct witness *witness, struct slice checkpoint)
{
    struct slice origin = slice_sub(checkpoint, 0, slice_find(checkpoint, LIT("\n"), 0));
    for (size_t i = 0; i < witness->count; i++)
        if (slice_equal(witness->logs[i].name, origin))
            return &witness->logs[i];
    return NULL;
}

static struct witness_answer refuse(unsigned code, const char *text)
{
    return (struct witness_answer){.code = code, .body = slice_from(text)};
}

static struct witness_answer our_size(const struct watched *log, struct arena *arena)
{
    return (struct witness_answer){409, arena_format(arena, "%llu\n", (unsigned long long)log->size), true};
}

/* On disk first: what is signed once binds us, also after a crash. */
static enum status keep(struct witness *witness, struct watched *log, const struct ledger_head *head,
                        struct slice checkpoint, struct problem *why)
{
    AUTO_ARENA arena = arena_create(ARENA_BYTES);
    TRY(file_write_durably(path_of(witness, log->id, arena), checkpoint, 0600, why));
    buffer_clear(&log->kept);
    buffer_add(&log->kept, checkpoint);
    log->size = head->size;
    log->root = head->root;
    return ST_OK;
}

/* The order of the checks is that of the specification. */
struct witness_answer witness_add_checkpoint(struct witness *witness, struct slice body,
                                             struct instant now, struct arena *arena)
{
    struct witness_request request;
    struct ledger_head head;
    struct slice signature;
    if (witness_read_request(body, &request, NULL) != ST_OK)
        return refuse(400, "not a request to add a checkpoint\n");
    struct watched *log = find_log(witness, request.checkpoint);
    if (log == NULL)
        return refuse(404, "no log that is watched here\n");
    enum status status = ledger_open_checkpoint(request.checkpoint, log->key, arena, &head, NULL);
    if (status != ST_OK)
        return status == ST_INVALID ? refuse(400, "not a checkpoint\n")
                                    : refuse(403, "not signed by that log\n");
    if (request.old > head.size)
        return refuse(400, "the old size is larger than the new one\n");
    bool other = head.size == log->size && memcmp(&head.root, &log->root, sizeof head.root) != 0;
    if (request.old != log->size || (other && log->kept.len > 0))
        return our_size(log, arena);
    if (ledger_cosign(log->key, buffer_slice(&log->kept), request.checkpoint, &request.proof,
                      slice_from(witness->name), witness->seed, now, arena, &signature, NULL) != ST_OK)
        return refuse(422, "the proof does not hold\n");
    if (keep(witness, log, &head, request.checkpoint, NULL) != ST_OK)
        return refuse(500, "it could not be kept\n");
    return (struct witness_answer){200, signature, false};
}
