#include "roles/keyd/openings.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

enum {
    PLACE_BYTES = 128,
    CHECKED_BYTES = 104, /* the HMAC, cut, is what follows */
    FILE_BYTES = PLACE_BYTES * (1 + RATE_PEOPLE_MAX),
    CHECK_ARENA_BYTES = 4096,
    US_PER_MS = 1000,
};

/* Where each member stands in a place; numbers are little-endian. */
enum { AT_LEN = 0, AT_PAUSED = 1, AT_ENDS = 8, AT_SEEN = 16, AT_COUNT = 24, AT_HOURS = 28, AT_USUAL = 32, AT_ID = 40 };

static const char magic[PLACE_BYTES] = "rendez openings 1\n";

struct openings {
    int fd, synced_fd; /* of the second, what is written is on disk: keyd's sandbox has no call for that */
    struct secret *key;
    struct arena *arena; /* for one hash */
    unsigned char bytes[FILE_BYTES]; /* where all of it is made */
};

/* Numbers */

static void put(unsigned char *at, uint64_t value, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        at[i] = (unsigned char)(value >> (8 * i));
}

static uint64_t get(const unsigned char *at, size_t bytes)
{
    uint64_t value = 0;
    for (size_t i = 0; i < bytes; i++)
        value |= (uint64_t)at[i] << (8 * i);
    return value;
}

/* Places */

/* HMAC of the place's number and of what is in it. */
static void check_of(const struct openings *openings, size_t place, const unsigned char bytes[PLACE_BYTES],
                     unsigned char out[PLACE_BYTES - CHECKED_BYTES])
{
    unsigned char checked[8 + CHECKED_BYTES];
    put(checked, place, 8);
    memcpy(checked + 8, bytes, CHECKED_BYTES);
    struct slice bytes_checked = {(const char *)checked, sizeof checked};
    memcpy(out, vault_lookup_hash(openings->key, bytes_checked, openings->arena).data, PLACE_BYTES - CHECKED_BYTES);
    arena_clear(openings->arena);
}

static void write_place(const struct openings *openings, size_t place, const struct rate_opener *one,
                        const struct moment *at, unsigned char out[PLACE_BYTES])
{
    int64_t ends_ms = (one->hour + 1) * RATE_HOUR_MS - at->clock.ms, ago_ms = at->clock.ms - one->seen_ms;
    memset(out, 0, PLACE_BYTES);
    if (one->len > 0) {
        out[AT_LEN] = one->len;
        out[AT_PAUSED] = one->paused;
        put(out + AT_ENDS, (uint64_t)(at->now.us + ends_ms * US_PER_MS), 8);
        put(out + AT_SEEN, (uint64_t)(at->now.us - ago_ms * US_PER_MS), 8);
        put(out + AT_COUNT, one->count, 4);
        put(out + AT_HOURS, one->hours, 4);
        put(out + AT_USUAL, one->usual, 4);
        memcpy(out + AT_ID, one->id, one->len);
    }
    check_of(openings, place, out, out + CHECKED_BYTES);
}

/* False: it is none that we wrote. */
static bool read_place(const struct openings *openings, size_t place, const unsigned char bytes[PLACE_BYTES],
                       const struct moment *at, struct rate_opener *out)
{
    unsigned char check[PLACE_BYTES - CHECKED_BYTES];
    check_of(openings, place, bytes, check);
    if (memcmp(check, bytes + CHECKED_BYTES, sizeof check) != 0 || bytes[AT_LEN] > RATE_ID_MAX)
        return false;
    int64_t ends_us = (int64_t)get(bytes + AT_ENDS, 8), seen_us = (int64_t)get(bytes + AT_SEEN, 8);
    int64_t hour = at->clock.ms / RATE_HOUR_MS, ago_us = at->now.us > seen_us ? at->now.us - seen_us : 0;
    *out = (struct rate_opener){
        .len = bytes[AT_LEN],
        .paused = bytes[AT_PAUSED] != 0,
        .hour = ends_us > at->now.us ? hour : hour - 1,
        .count = (uint32_t)get(bytes + AT_COUNT, 4),
        .hours = (uint32_t)get(bytes + AT_HOURS, 4),
        .usual = (uint32_t)get(bytes + AT_USUAL, 4),
        .seen_ms = at->clock.ms - ago_us / US_PER_MS,
    };
    memcpy(out->id, bytes + AT_ID, out->len);
    return true;
}

/* The file */

static enum status write_at(int fd, off_t offset, const unsigned char *bytes, size_t len, struct problem *why)
{
    if (lseek(fd, offset, SEEK_SET) < 0)
        return problem_errno(why, "openings");
    return fd_write_all(fd, (struct slice){(const char *)bytes, len}, why);
}

static void write_all(struct openings *openings, const struct rates *rates, const struct moment *at)
{
    static const struct rate_opener nobody;
    memcpy(openings->bytes, magic, PLACE_BYTES);
    for (size_t i = 0; i < RATE_PEOPLE_MAX; i++)
        write_place(openings, i, rates == NULL ? &nobody : rates_opener(rates, i), at,
                    openings->bytes + (i + 1) * PLACE_BYTES);
}

/* Its blocks are the file's from then on: a full disk stops no later write. */
static enum status make_file(struct openings *openings, const char *path, struct problem *why)
{
    static const struct moment never;
    write_all(openings, NULL, &never);
    return file_create_durably(path, (struct slice){(const char *)openings->bytes, FILE_BYTES}, 0600, why);
}

enum status openings_open(const char *path, const struct secret *key, struct openings **out, struct problem *why)
{
    enum { HOW = O_RDWR | O_NOFOLLOW | O_CLOEXEC };
    AUTO_OPENINGS openings = must_calloc(1, sizeof *openings);
    openings->fd = openings->synced_fd = -1;
    openings->arena = arena_create(CHECK_ARENA_BYTES);
    openings->key = secret_create(secret_bytes(key), secret_len(key));
    openings->fd = open(path, HOW);
    if (openings->fd < 0 && errno == ENOENT) {
        TRY(make_file(openings, path, why));
        openings->fd = open(path, HOW);
    }
    if (openings->fd >= 0)
        openings->synced_fd = open(path, HOW | O_DSYNC);
    if (openings->fd < 0 || openings->synced_fd < 0)
        return problem_errno(why, path);
    *out = openings;
    openings = NULL;
    return ST_OK;
}

void openings_close(struct openings **openings)
{
    if (*openings == NULL)
        return;
    fd_close(&(*openings)->fd);
    fd_close(&(*openings)->synced_fd);
    secret_destroy(&(*openings)->key);
    arena_destroy(&(*openings)->arena);
    free(*openings);
    *openings = NULL;
}

static enum status be_open(const struct openings *openings, struct problem *why)
{
    return openings != NULL ? ST_OK : problem_set(why, ST_UNAVAILABLE, "openings: the file could not be opened");
}

/* ST_INVALID, ST_LIMIT: it has not as many bytes as it must. */
static enum status read_file(const struct openings *openings, struct arena *arena, struct slice *out, struct problem *why)
{
    if (lseek(openings->fd, 0, SEEK_SET) < 0)
        return problem_errno(why, "openings");
    TRY(fd_read_all(openings->fd, FILE_BYTES, arena, out, why));
    return out->len == FILE_BYTES && memcmp(out->data, magic, PLACE_BYTES) == 0
               ? ST_OK
               : problem_set(why, ST_INVALID, "openings: it is no such file, or cut");
}

enum status openings_load(struct openings *openings, struct rates *rates, const struct moment *at, struct problem *why)
{
    AUTO_ARENA arena = arena_create(2 * FILE_BYTES);
    struct slice bytes;
    size_t bad = 0;
    TRY(be_open(openings, why));
    TRY(read_file(openings, arena, &bytes, why));
    for (size_t i = 0; i < RATE_PEOPLE_MAX; i++) {
        struct rate_opener one;
        const unsigned char *place = (const unsigned char *)bytes.data + (i + 1) * PLACE_BYTES;
        if (read_place(openings, i, place, at, &one))
            rates_take(rates, i, &one);
        else
            bad++;
    }
    return bad == 0 ? ST_OK : problem_set(why, ST_INVALID, "openings: %zu places are none that we wrote", bad);
}

enum status openings_keep(struct openings *openings, size_t place, const struct rate_opener *one,
                          const struct moment *at, struct problem *why)
{
    unsigned char bytes[PLACE_BYTES];
    TRY(be_open(openings, why));
    write_place(openings, place, one, at, bytes);
    int fd = one->paused ? openings->synced_fd : openings->fd;
    return write_at(fd, (off_t)(place + 1) * PLACE_BYTES, bytes, sizeof bytes, why);
}

enum status openings_keep_all(struct openings *openings, const struct rates *rates, const struct moment *at,
                              struct problem *why)
{
    TRY(be_open(openings, why));
    write_all(openings, rates, at);
    return write_at(openings->synced_fd, 0, openings->bytes, FILE_BYTES, why);
}
