#include "canary.h"

#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { FORMS_PER_CANARY = 8, HITS_MAX = 100, KEY_BYTES = 8, FILE_BYTES_MAX = 256 << 20 };

/* One string to look for: the first eight bytes are its key in the table. */
struct pattern {
    const char *form;
    size_t index;
    struct slice bytes;
    struct pattern *next;
};

struct canaries {
    struct arena *arena;
    size_t count;
    char (*texts)[CANARY_LENGTH];
    struct pattern **table; /* open hash, `slots` of them */
    size_t slots;
};

static uint64_t next_random(uint64_t *state)
{
    /* splitmix64: any generator does, it only has to repeat */
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static size_t slot_of(const struct canaries *canaries, const char *bytes)
{
    uint64_t key;
    memcpy(&key, bytes, sizeof key);
    return (size_t)(next_random(&key) % canaries->slots);
}

static void add_pattern(struct canaries *canaries, const char *form, size_t index,
                        struct slice bytes)
{
    struct pattern *pattern = ARENA_NEW(canaries->arena, struct pattern);
    size_t slot = slot_of(canaries, bytes.data);
    *pattern =
        (struct pattern){form, index, arena_copy(canaries->arena, bytes), canaries->table[slot]};
    canaries->table[slot] = pattern;
}

static void add_utf16(struct canaries *canaries, size_t index, struct slice text)
{
    char little[2 * CANARY_LENGTH] = {0}, big[2 * CANARY_LENGTH] = {0};
    for (size_t i = 0; i < CANARY_LENGTH; i++)
        little[2 * i] = big[2 * i + 1] = text.data[i];
    add_pattern(canaries, "UTF-16LE", index, (struct slice){little, sizeof little});
    add_pattern(canaries, "UTF-16BE", index, (struct slice){big, sizeof big});
}

/* Within a longer base64 text it may begin at any of three places; the characters at both
 * ends depend on the neighbours, so they are left out. */
static void add_base64(struct canaries *canaries, size_t index, struct slice text)
{
    for (size_t before = 0; before < 3; before++) {
        AUTO_BUFFER plain = buffer_create(64), coded = buffer_create(128);
        buffer_add(&plain, (struct slice){"xx", before});
        buffer_add(&plain, text);
        base64_encode(buffer_slice(&plain), &coded);
        size_t from = before == 0 ? 0 : before + 1;
        size_t to = (before + text.len) * 8 / 6;
        add_pattern(canaries, "base64", index, slice_sub(buffer_slice(&coded), from, to));
    }
}

static void add_forms(struct canaries *canaries, size_t index)
{
    struct slice text = canary(canaries, index);
    char reversed[CANARY_LENGTH];
    for (size_t i = 0; i < CANARY_LENGTH; i++)
        reversed[i] = text.data[CANARY_LENGTH - 1 - i];
    AUTO_BUFFER hex = buffer_create(128);
    hex_encode(text, &hex);
    add_pattern(canaries, "plain", index, text);
    add_pattern(canaries, "reversed", index, (struct slice){reversed, sizeof reversed});
    add_pattern(canaries, "hexadecimal", index, buffer_slice(&hex));
    add_utf16(canaries, index, text);
    add_base64(canaries, index, text);
}

struct canaries *canaries_create(size_t count, uint64_t seed)
{
    struct canaries *canaries = calloc(1, sizeof *canaries);
    if (canaries == NULL)
        abort();
    canaries->arena = arena_create(count * 4096 + (1 << 20));
    canaries->count = count;
    canaries->texts = arena_alloc_array(canaries->arena, count, CANARY_LENGTH);
    canaries->slots = count * FORMS_PER_CANARY * 2 + 1;
    canaries->table = ARENA_ARRAY(canaries->arena, canaries->slots, struct pattern *);
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < CANARY_LENGTH; j++)
            canaries->texts[i][j] = (char)('a' + next_random(&seed) % 26);
        add_forms(canaries, i);
    }
    return canaries;
}

void canaries_destroy(struct canaries **canaries)
{
    if (*canaries == NULL)
        return;
    arena_destroy(&(*canaries)->arena);
    free(*canaries);
    *canaries = NULL;
}

struct slice canary(const struct canaries *canaries, size_t index)
{
    return (struct slice){canaries->texts[index], CANARY_LENGTH};
}

static void search_bytes(const struct canaries *canaries, struct slice bytes, struct slice file,
                         struct arena *arena, struct canary_search *out)
{
    for (size_t at = 0; at + KEY_BYTES <= bytes.len && out->count < HITS_MAX; at++) {
        const struct pattern *p = canaries->table[slot_of(canaries, bytes.data + at)];
        for (; p != NULL; p = p->next) {
            if (!slice_starts(slice_sub(bytes, at, bytes.len), p->bytes))
                continue;
            struct canary_hit hit = {file, p->form, p->index, at};
            ARENA_PUSH(arena, out, hit);
        }
    }
}

static enum status search_file(const struct canaries *canaries, const char *path,
                               struct arena *arena, struct canary_search *out, struct problem *why)
{
    AUTO_ARENA scratch = arena_create((size_t)4 * FILE_BYTES_MAX);
    struct slice bytes;
    TRY(file_read(path, FILE_BYTES_MAX, scratch, &bytes, why));
    out->files++;
    out->bytes += bytes.len;
    search_bytes(canaries, bytes, arena_copy(arena, slice_from(path)), arena, out);
    return ST_OK;
}

/* nftw takes no context. */
static struct {
    const struct canaries *canaries;
    struct arena *arena;
    struct canary_search *out;
    struct problem *why;
    enum status status;
} walk;

static int visit(const char *path, const struct stat *info, int kind, struct FTW *where)
{
    (void)where;
    if (kind == FTW_DNR || kind == FTW_NS) {
        walk.status = problem_set(walk.why, ST_DENIED, "part of the folder cannot be read");
        return 1;
    }
    if (kind != FTW_F || !S_ISREG(info->st_mode))
        return 0;
    walk.status = search_file(walk.canaries, path, walk.arena, walk.out, walk.why);
    return walk.status != ST_OK;
}

enum status canaries_search(const struct canaries *canaries, const char *folder,
                            struct arena *arena, struct canary_search *out, struct problem *why)
{
    *out = (struct canary_search){0};
    walk.canaries = canaries;
    walk.arena = arena;
    walk.out = out;
    walk.why = why;
    walk.status = ST_OK;
    if (nftw(folder, visit, 16, FTW_PHYS) < 0)
        return problem_errno(why, "search folder");
    return walk.status;
}
