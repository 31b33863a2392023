#include <errno.h>
#include <inttypes.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <unistd.h>
#include <zstd.h>

#include "platform/backup/backup.h"

enum {
    LEVEL = 3, /* of zstd: most of what is stored is sealed already, and cannot be made smaller */
    LENGTH_BYTES = 4,
    SEALED_BLOCK_MAX = BACKUP_BLOCK_BYTES + VAULT_OVERHEAD,
    BLOCK_ARENA_MAX = 3 * SEALED_BLOCK_MAX,
    WINDOW_LOG_MAX = 24, /* 16 MB of memory for who reads */
};

static struct slice block_row(struct slice set, uint64_t number, bool last, struct arena *arena)
{
    return arena_format(arena, "%.*s/%" PRIu64 "/%s", SLICE_ARG(set), number, last ? "last" : "more");
}

static struct seal_place block_place(struct slice set, struct slice thing, uint64_t number, bool last,
                                     struct arena *arena)
{
    return (struct seal_place){
        .table = LIT("backup"), .column = thing, .row = block_row(set, number, last, arena)};
}

static EVP_MD_CTX *digest_begin(void)
{
    EVP_MD_CTX *digest = EVP_MD_CTX_new();
    if (digest == NULL || EVP_DigestInit_ex(digest, EVP_sha256(), NULL) != 1)
        abort(); /* without memory, as must_calloc */
    return digest;
}

/* Writing */

struct stream_writer {
    int fd;
    const struct secret *key;
    struct slice set, thing; /* borrowed */
    ZSTD_CCtx *zstd;
    EVP_MD_CTX *digest;
    char *block; /* BACKUP_BLOCK_BYTES, filled up to `len` */
    size_t len;
    uint64_t number;
    struct stream_facts facts;
};

struct stream_writer *stream_writer_create(int fd, const struct secret *key, struct slice set, struct slice thing)
{
    struct stream_writer *writer = must_calloc(1, sizeof *writer);
    *writer = (struct stream_writer){.fd = fd, .key = key, .set = set, .thing = thing, .zstd = ZSTD_createCCtx(),
                                     .digest = digest_begin(), .block = must_calloc(1, BACKUP_BLOCK_BYTES)};
    if (writer->zstd == NULL ||
        ZSTD_isError(ZSTD_CCtx_setParameter(writer->zstd, ZSTD_c_compressionLevel, LEVEL)))
        abort();
    return writer;
}

void stream_writer_destroy(struct stream_writer **writer)
{
    if (*writer == NULL)
        return;
    ZSTD_freeCCtx((*writer)->zstd);
    EVP_MD_CTX_free((*writer)->digest);
    free((*writer)->block);
    free(*writer);
    *writer = NULL;
}

static enum status seal_block(struct stream_writer *writer, bool last, struct problem *why)
{
    AUTO_ARENA arena = arena_create(BLOCK_ARENA_MAX);
    struct seal_place place = block_place(writer->set, writer->thing, writer->number++, last, arena);
    struct sealed sealed;
    TRY(vault_seal(writer->key, &place, (struct slice){writer->block, writer->len}, arena, &sealed, why));
    char length[LENGTH_BYTES];
    for (int i = 0; i < LENGTH_BYTES; i++)
        length[i] = (char)(sealed.bytes.len >> (24 - 8 * i));
    TRY(fd_write_all(writer->fd, (struct slice){length, sizeof length}, why));
    TRY(fd_write_all(writer->fd, sealed.bytes, why));
    writer->facts.stored += sizeof length + sealed.bytes.len;
    writer->len = 0;
    return ST_OK;
}

/* A block is sealed when there is more to come than it holds: only stream_finish knows the last. */
static enum status compress(struct stream_writer *writer, ZSTD_inBuffer *in, ZSTD_EndDirective directive,
                            struct problem *why)
{
    for (;;) {
        ZSTD_outBuffer out = {writer->block + writer->len, BACKUP_BLOCK_BYTES - writer->len, 0};
        size_t left = ZSTD_compressStream2(writer->zstd, &out, in, directive);
        if (ZSTD_isError(left))
            return problem_set(why, ST_UNAVAILABLE, "compress: %s", ZSTD_getErrorName(left));
        writer->len += out.pos;
        if (directive == ZSTD_e_end ? left == 0 : in->pos == in->size && out.pos < out.size)
            return ST_OK;
        if (writer->len == BACKUP_BLOCK_BYTES)
            TRY(seal_block(writer, false, why));
    }
}

enum status stream_write(struct stream_writer *writer, struct slice bytes, struct problem *why)
{
    ZSTD_inBuffer in = {bytes.len == 0 ? "" : bytes.data, bytes.len, 0};
    if (EVP_DigestUpdate(writer->digest, in.src, bytes.len) != 1)
        return problem_set(why, ST_UNAVAILABLE, "no digest can be made");
    writer->facts.size += bytes.len;
    return compress(writer, &in, ZSTD_e_continue, why);
}

enum status stream_finish(struct stream_writer *writer, struct stream_facts *out, struct problem *why)
{
    ZSTD_inBuffer none = {"", 0, 0};
    TRY(compress(writer, &none, ZSTD_e_end, why));
    TRY(seal_block(writer, true, why));
    if (EVP_DigestFinal_ex(writer->digest, writer->facts.digest, NULL) != 1)
        return problem_set(why, ST_UNAVAILABLE, "no digest can be made");
    *out = writer->facts;
    return ST_OK;
}

/* Reading */

struct stream_reader {
    int fd;
    const struct secret *key;
    struct slice set, thing;
    uint64_t size_max;
    ZSTD_DCtx *zstd;
    EVP_MD_CTX *digest;
    struct arena *arena; /* of one block */
    ZSTD_inBuffer block; /* opened */
    uint64_t number;
    bool last, frame_ended, end_seen;
    struct stream_facts facts;
};

struct stream_reader *stream_reader_create(int fd, const struct secret *key, struct slice set, struct slice thing,
                                           uint64_t size_max)
{
    struct stream_reader *reader = must_calloc(1, sizeof *reader);
    *reader = (struct stream_reader){.fd = fd, .key = key, .set = set, .thing = thing, .size_max = size_max,
                                     .zstd = ZSTD_createDCtx(), .digest = digest_begin(),
                                     .arena = arena_create(BLOCK_ARENA_MAX)};
    if (reader->zstd == NULL ||
        ZSTD_isError(ZSTD_DCtx_setParameter(reader->zstd, ZSTD_d_windowLogMax, WINDOW_LOG_MAX)))
        abort();
    return reader;
}

void stream_reader_destroy(struct stream_reader **reader)
{
    if (*reader == NULL)
        return;
    ZSTD_freeDCtx((*reader)->zstd);
    EVP_MD_CTX_free((*reader)->digest);
    arena_destroy(&(*reader)->arena);
    free(*reader);
    *reader = NULL;
}

static enum status read_exactly(struct stream_reader *reader, char *bytes, size_t len, size_t *got,
                                struct problem *why)
{
    for (*got = 0; *got < len;) {
        ssize_t more = read(reader->fd, bytes + *got, len - *got);
        if (more < 0 && errno == EINTR)
            continue;
        if (more < 0)
            return problem_errno(why, "read a backup");
        if (more == 0)
            return ST_OK;
        *got += (size_t)more;
    }
    return ST_OK;
}

static enum status cut_short(struct stream_reader *reader, struct problem *why)
{
    return problem_set(why, ST_DENIED, "%.*s ends before its last block", SLICE_ARG(reader->thing));
}

static enum status next_sealed(struct stream_reader *reader, struct sealed *out, struct problem *why)
{
    unsigned char length[LENGTH_BYTES];
    size_t got, len = 0;
    TRY(read_exactly(reader, (char *)length, sizeof length, &got, why));
    if (got < sizeof length)
        return cut_short(reader, why);
    for (int i = 0; i < LENGTH_BYTES; i++)
        len = len << 8 | length[i];
    if (len < VAULT_OVERHEAD || len > SEALED_BLOCK_MAX)
        return problem_set(why, ST_DENIED, "%.*s: a block of a wrong length", SLICE_ARG(reader->thing));
    char *bytes = arena_alloc(reader->arena, len);
    TRY(read_exactly(reader, bytes, len, &got, why));
    if (got < len)
        return cut_short(reader, why);
    reader->facts.stored += sizeof length + len;
    out->bytes = (struct slice){bytes, len};
    return ST_OK;
}

/* It says itself whether it is the last: it opens as one of the two. */
static enum status open_block(struct stream_reader *reader, struct sealed sealed, struct slice *plain,
                              struct problem *why)
{
    for (int last = 0; last <= 1; last++) {
        struct seal_place place = block_place(reader->set, reader->thing, reader->number, last, reader->arena);
        if (vault_open(reader->key, &place, sealed, reader->arena, plain, NULL) == ST_OK) {
            reader->last = last;
            return ST_OK;
        }
    }
    return problem_set(why, ST_DENIED, "%.*s: block %" PRIu64 " does not open", SLICE_ARG(reader->thing),
                       reader->number);
}

static enum status next_block(struct stream_reader *reader, struct problem *why)
{
    struct sealed sealed;
    struct slice plain;
    arena_clear(reader->arena);
    TRY(next_sealed(reader, &sealed, why));
    TRY(open_block(reader, sealed, &plain, why));
    reader->number++;
    reader->block = (ZSTD_inBuffer){plain.len == 0 ? "" : plain.data, plain.len, 0};
    return ST_OK;
}

static enum status see_the_end(struct stream_reader *reader, struct problem *why)
{
    char more;
    size_t got;
    if (reader->end_seen)
        return ST_OK;
    if (!reader->last || !reader->frame_ended || reader->block.pos < reader->block.size)
        return problem_set(why, ST_INVALID, "%.*s: it does not end where it should", SLICE_ARG(reader->thing));
    TRY(read_exactly(reader, &more, 1, &got, why));
    if (got > 0)
        return problem_set(why, ST_DENIED, "%.*s: there is more after its last block", SLICE_ARG(reader->thing));
    if (EVP_DigestFinal_ex(reader->digest, reader->facts.digest, NULL) != 1)
        return problem_set(why, ST_UNAVAILABLE, "no digest can be made");
    reader->end_seen = true;
    return ST_OK;
}

static enum status expand(struct stream_reader *reader, ZSTD_outBuffer *out, struct problem *why)
{
    size_t left = ZSTD_decompressStream(reader->zstd, out, &reader->block);
    if (ZSTD_isError(left))
        return problem_set(why, ST_INVALID, "%.*s: %s", SLICE_ARG(reader->thing), ZSTD_getErrorName(left));
    reader->frame_ended = left == 0;
    return ST_OK;
}

enum status stream_read(struct stream_reader *reader, void *bytes, size_t len, size_t *got, struct problem *why)
{
    ZSTD_outBuffer out = {bytes, len, 0};
    while (out.pos < len && !reader->frame_ended) {
        if (reader->block.pos == reader->block.size && reader->number > 0 && reader->last)
            return problem_set(why, ST_INVALID, "%.*s: it does not end where it should", SLICE_ARG(reader->thing));
        if (reader->block.pos == reader->block.size)
            TRY(next_block(reader, why));
        TRY(expand(reader, &out, why));
    }
    *got = out.pos;
    if (reader->end_seen)
        return ST_OK;
    reader->facts.size += out.pos;
    if (reader->facts.size > reader->size_max)
        return problem_set(why, ST_LIMIT, "%.*s: it is larger than its manifest says", SLICE_ARG(reader->thing));
    if (EVP_DigestUpdate(reader->digest, bytes, out.pos) != 1)
        return problem_set(why, ST_UNAVAILABLE, "no digest can be made");
    return out.pos < len ? see_the_end(reader, why) : ST_OK;
}

void stream_facts(const struct stream_reader *reader, struct stream_facts *out)
{
    *out = reader->facts;
}
