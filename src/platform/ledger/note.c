#include <openssl/evp.h>

#include "platform/ledger/internal.h"

/* C2SP signed-note, tlog-checkpoint and tlog-cosignature, as far as we write them, and as much
 * reading as opening our own and being a witness needs. */

enum { KIND_LOG = 1, KIND_WITNESS = 4, NOTE_BYTES_MAX = 64 * 1024 };
#define DASH "\xe2\x80\x94 "

static enum status crypto_failed(struct problem *why)
{
    return problem_set(why, ST_UNAVAILABLE, "log: the signature could not be made");
}

static EVP_PKEY *private_key(const struct secret *seed)
{
    return EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, secret_bytes(seed),
                                        secret_len(seed));
}

static enum status typed_public_key(const struct secret *seed, int kind, unsigned char out[33],
                                    struct problem *why)
{
    EVP_PKEY *key = private_key(seed);
    size_t len = 32;
    out[0] = (unsigned char)kind;
    bool good = key != NULL && EVP_PKEY_get_raw_public_key(key, out + 1, &len) == 1;
    EVP_PKEY_free(key);
    return good ? ST_OK : crypto_failed(why);
}

static void key_id(struct slice name, const unsigned char typed[33], unsigned char id[4])
{
    AUTO_BUFFER text = buffer_create(PATH_BYTES_MAX + 64);
    unsigned char hash[32];
    buffer_add(&text, name);
    buffer_add_char(&text, '\n');
    buffer_add(&text, (struct slice){(const char *)typed, 33});
    vault_sha256(buffer_slice(&text), hash);
    memcpy(id, hash, 4);
}

static struct slice base64(const void *bytes, size_t len, struct arena *arena)
{
    AUTO_BUFFER out = buffer_create(1024);
    base64_encode((struct slice){bytes, len}, &out);
    return arena_copy(arena, buffer_slice(&out));
}

enum status ledger_public_key(struct slice name, const struct secret *seed, int kind,
                              struct arena *arena, struct slice *out, struct problem *why)
{
    unsigned char typed[33], id[4];
    TRY(typed_public_key(seed, kind, typed, why));
    key_id(name, typed, id);
    *out = arena_format(arena, "%.*s+%02x%02x%02x%02x+%s", SLICE_ARG(name), id[0], id[1], id[2],
                        id[3], arena_text(arena, base64(typed, sizeof typed, arena)));
    return ST_OK;
}

struct slice note_body(struct slice origin, uint64_t size, const struct ledger_hash *root,
                       struct arena *arena)
{
    return arena_format(arena, "%.*s\n%llu\n%s\n", SLICE_ARG(origin), (unsigned long long)size,
                        arena_text(arena, base64(root->bytes, sizeof root->bytes, arena)));
}

static enum status ed25519_sign(const struct secret *seed, struct slice text, unsigned char out[64],
                                struct problem *why)
{
    EVP_PKEY *key = private_key(seed);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    size_t len = 64;
    bool good = key != NULL && context != NULL &&
                EVP_DigestSignInit(context, NULL, NULL, NULL, key) == 1 &&
                EVP_DigestSign(context, out, &len, (const unsigned char *)text.data, text.len) == 1;
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(key);
    return good ? ST_OK : crypto_failed(why);
}

static enum status sign_line(struct slice name, const struct secret *seed, int kind,
                             struct slice text, const unsigned char time[8], struct arena *arena,
                             struct slice *line, struct problem *why)
{
    unsigned char typed[33], blob[4 + 8 + 64];
    size_t at = 4;
    TRY(typed_public_key(seed, kind, typed, why));
    key_id(name, typed, blob);
    if (time != NULL) {
        memcpy(blob + at, time, 8);
        at += 8;
    }
    TRY(ed25519_sign(seed, text, blob + at, why));
    *line = arena_format(arena, DASH "%.*s %s\n", SLICE_ARG(name),
                         arena_text(arena, base64(blob, at + 64, arena)));
    return ST_OK;
}

enum status note_sign(struct slice name, const struct secret *seed, struct slice body,
                      struct arena *arena, struct slice *line, struct problem *why)
{
    return sign_line(name, seed, KIND_LOG, body, NULL, arena, line, why);
}

/* Reading. Base64 here is what we wrote ourselves or a log that we watch did. */

static bool decode(struct slice text, struct arena *arena, unsigned char *out, size_t len)
{
    char *padded = arena_text(arena, text);
    unsigned char *bytes = arena_alloc(arena, text.len + 4);
    int got = EVP_DecodeBlock(bytes, (const unsigned char *)padded, (int)text.len);
    size_t pads = slice_ends(text, LIT("==")) ? 2 : slice_ends(text, LIT("=")) ? 1 : 0;
    if (got < 0 || (size_t)got < pads || (size_t)got - pads != len ||
        !slice_equal(base64(bytes, len, arena), text))
        return false;
    memcpy(out, bytes, len);
    return true;
}

bool ledger_read_hash(struct slice text, struct ledger_hash *out)
{
    AUTO_ARENA arena = arena_create(4096);
    return text.len == 44 && decode(text, arena, out->bytes, sizeof out->bytes);
}

static enum status read_body(struct slice text, struct arena *arena, struct ledger_note *out,
                             struct problem *why)
{
    size_t split = slice_find(text, LIT("\n\n" DASH), 0);
    struct slice rest, size, root;
    if (text.len > NOTE_BYTES_MAX || split == SIZE_MAX)
        return problem_set(why, ST_INVALID, "log: not a signed checkpoint");
    out->body = slice_sub(text, 0, split + 1);
    rest = out->body;
    if (!slice_next_line(&rest, &out->origin) || !slice_next_line(&rest, &size) ||
        !slice_next_line(&rest, &root) || !slice_to_u64(size, INT64_MAX, &out->size) ||
        !decode(root, arena, out->root.bytes, sizeof out->root.bytes))
        return problem_set(why, ST_INVALID, "log: not a checkpoint");
    return ST_OK;
}

static bool ed25519_holds(const unsigned char key[32], const unsigned char signature[64],
                          struct slice text)
{
    EVP_PKEY *pkey = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, key, 32);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool holds = pkey != NULL && context != NULL &&
                 EVP_DigestVerifyInit(context, NULL, NULL, NULL, pkey) == 1 &&
                 EVP_DigestVerify(context, signature, 64, (const unsigned char *)text.data,
                                  text.len) == 1;
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(pkey);
    return holds;
}

/* "NAME+ID+BASE64". */
static bool read_key(struct slice text, int kind, struct arena *arena, struct slice *name,
                     unsigned char id[4], unsigned char typed[33])
{
    size_t plus = slice_find(text, LIT("+"), 0);
    if (plus == SIZE_MAX || text.len < plus + 10 || text.data[plus + 9] != '+')
        return false;
    *name = slice_sub(text, 0, plus);
    if (!decode(slice_sub(text, plus + 10, text.len), arena, typed, 33) || typed[0] != kind)
        return false;
    key_id(*name, typed, id);
    struct slice want = arena_format(arena, "%02x%02x%02x%02x", id[0], id[1], id[2], id[3]);
    return slice_equal(slice_sub(text, plus + 1, plus + 9), want);
}

/* Whether one of the lines is a signature of that key under `body`. */
static bool is_signed(struct slice lines, struct slice body, struct slice name, const unsigned char id[4],
                      const unsigned char typed[33], struct arena *arena)
{
    struct slice line, head = arena_format(arena, DASH "%.*s ", SLICE_ARG(name));
    unsigned char blob[68];
    while (slice_next_line(&lines, &line)) {
        if (!slice_starts(line, head) ||
            !decode(slice_sub(line, head.len, line.len), arena, blob, sizeof blob) || memcmp(blob, id, 4) != 0)
            continue;
        return ed25519_holds(typed + 1, blob + 4, body);
    }
    return false;
}

enum status note_open(struct slice text, struct slice public_key, struct arena *arena,
                      struct ledger_note *out, struct problem *why)
{
    struct ledger_note note;
    struct slice name;
    unsigned char id[4], typed[33];
    TRY(read_body(text, arena, &note, why));
    if (!read_key(public_key, KIND_LOG, arena, &name, id, typed) || !slice_equal(name, note.origin))
        return problem_set(why, ST_DENIED, "log: the checkpoint is of another log");
    if (!is_signed(slice_sub(text, note.body.len + 1, text.len), note.body, name, id, typed, arena))
        return problem_set(why, ST_DENIED, "log: the checkpoint is not signed by this log's key");
    *out = note;
    return ST_OK;
}

enum status ledger_sign_note(struct slice name, const struct secret *seed, struct slice body, struct arena *arena,
                             struct slice *out, struct problem *why)
{
    struct slice line;
    TRY(note_sign(name, seed, body, arena, &line, why));
    *out = arena_format(arena, "%.*s\n%.*s", SLICE_ARG(body), SLICE_ARG(line));
    return ST_OK;
}

enum status ledger_open_note(struct slice text, struct slice public_key, struct arena *arena, struct slice *body,
                             struct problem *why)
{
    size_t split = slice_find(text, LIT("\n\n" DASH), 0);
    struct slice name;
    unsigned char id[4], typed[33];
    if (text.len > NOTE_BYTES_MAX || split == SIZE_MAX)
        return problem_set(why, ST_INVALID, "not a signed note");
    struct slice signed_text = slice_sub(text, 0, split + 1);
    if (!read_key(public_key, KIND_LOG, arena, &name, id, typed) ||
        !is_signed(slice_sub(text, split + 2, text.len), signed_text, name, id, typed, arena))
        return problem_set(why, ST_DENIED, "not signed by that key");
    *body = signed_text;
    return ST_OK;
}

enum status ledger_open_checkpoint(struct slice text, struct slice log_key, struct arena *arena,
                                   struct ledger_head *out, struct problem *why)
{
    struct ledger_note note;
    TRY(note_open(text, log_key, arena, &note, why));
    *out = (struct ledger_head){note.origin, note.size, note.root};
    return ST_OK;
}

/* Being a witness (C2SP tlog-witness, tlog-cosignature). */

static struct slice cosigned_text(uint64_t seconds, struct slice body, struct arena *arena)
{
    return arena_format(arena, "cosignature/v1\ntime %llu\n%.*s", (unsigned long long)seconds,
                        SLICE_ARG(body));
}

bool ledger_is_log_key(struct slice key)
{
    AUTO_ARENA arena = arena_create(1 << 14);
    unsigned char id[4], typed[33];
    struct slice name;
    return key.len < 1024 && read_key(key, KIND_LOG, arena, &name, id, typed);
}

bool ledger_is_cosignature(struct slice line, struct slice witness_key, struct slice checkpoint)
{
    AUTO_ARENA arena = arena_create(1 << 18);
    struct slice name;
    struct ledger_note note;
    unsigned char id[4], typed[33], blob[4 + 8 + 64];
    uint64_t seconds = 0;
    if (line.len > 1024 || read_body(checkpoint, arena, &note, NULL) != ST_OK ||
        !read_key(witness_key, KIND_WITNESS, arena, &name, id, typed))
        return false;
    struct slice head = arena_format(arena, DASH "%.*s ", SLICE_ARG(name));
    if (!slice_starts(line, head) ||
        !decode(slice_sub(line, head.len, line.len), arena, blob, sizeof blob) || memcmp(blob, id, 4) != 0)
        return false;
    for (int i = 0; i < 8; i++)
        seconds = seconds << 8 | blob[4 + i];
    return ed25519_holds(typed + 1, blob + 12, cosigned_text(seconds, note.body, arena));
}

static enum status check_next(struct slice log_key, struct slice kept, const struct ledger_note *next,
                              const struct ledger_proof *proof, struct arena *arena,
                              struct problem *why)
{
    struct ledger_note before;
    if (kept.len == 0)
        return ST_OK;
    TRY(note_open(kept, log_key, arena, &before, why));
    if (next->size < before.size)
        return problem_set(why, ST_DENIED, "log: rolled back behind what was signed before");
    if (!proof_is_consistent(before.size, next->size, proof, &before.root, &next->root))
        return problem_set(why, ST_DENIED, "log: not consistent with what was signed before");
    return ST_OK;
}

enum status ledger_cosign(struct slice log_key, struct slice kept, struct slice next,
                          const struct ledger_proof *proof, struct slice witness,
                          const struct secret *seed, struct instant now, struct arena *arena,
                          struct slice *signature, struct problem *why)
{
    struct ledger_note note;
    unsigned char time[8];
    uint64_t seconds = (uint64_t)(now.us / 1000000);
    TRY(note_open(next, log_key, arena, &note, why));
    TRY(check_next(log_key, kept, &note, proof, arena, why));
    for (int i = 0; i < 8; i++)
        time[i] = (unsigned char)(seconds >> (56 - 8 * i));
    struct slice text = cosigned_text(seconds, note.body, arena);
    return sign_line(witness, seed, KIND_WITNESS, text, time, arena, signature, why);
}
