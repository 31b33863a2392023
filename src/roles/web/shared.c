#include <stdlib.h>

#include "roles/web/request.h"

enum { ENTRIES_MAX = 64, ENTRY_BYTES_MAX = 1 << 20, KEPT_MS = 2000 };

struct entry {
    struct arena *arena; /* NULL: free */
    struct slice key, body, etag;
    const char *type, *cache, *vary;
    int64_t until_ms;
};
struct shared {
    struct entry entries[ENTRIES_MAX];
};

struct shared *shared_create(void)
{
    return must_calloc(1, sizeof(struct shared));
}

void shared_destroy(struct shared **shared)
{
    if (*shared == NULL)
        return;
    for (size_t i = 0; i < ENTRIES_MAX; i++)
        arena_destroy(&(*shared)->entries[i].arena);
    free(*shared);
    *shared = NULL;
}

static struct slice key_of(const struct request *request)
{
    struct slice entry = request_query(request, "entry");
    return arena_format(request->arena, "%.*s %zu %.*s", SLICE_ARG(request->path), web_settings(request->web)->site->language(request),
                        SLICE_ARG(entry));
}

/* FNV-1a twice over: tells versions apart; nobody gains by a collision. */
static struct slice etag_of(struct slice body, struct arena *arena)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    for (size_t i = 0; i < body.len; i++)
        hash = (hash ^ (unsigned char)body.data[i]) * UINT64_C(1099511628211);
    return arena_format(arena, "\"%016llx-%zx\"", (unsigned long long)hash, body.len);
}

static void answer_with(const struct request *request, const struct entry *entry, struct response *out)
{
    bool same = slice_equal(request_header(request, "If-None-Match"), entry->etag);
    *out = (struct response){
        .status = same ? MHD_HTTP_NOT_MODIFIED : MHD_HTTP_OK,
        .type = entry->type,
        .body = same ? SLICE_NONE : arena_copy(request->arena, entry->body),
        .etag = arena_copy(request->arena, entry->etag),
        .cache = entry->cache,
        .vary = entry->vary,
    };
}

bool shared_find(struct shared *shared, struct request *request, int64_t now_ms, struct response *out)
{
    struct slice key = key_of(request);
    for (size_t i = 0; i < ENTRIES_MAX; i++) {
        const struct entry *entry = &shared->entries[i];
        if (entry->arena == NULL || entry->until_ms <= now_ms || !slice_equal(entry->key, key))
            continue;
        answer_with(request, entry, out);
        return true;
    }
    return false;
}

/* That of the same key, a free one, or the one that is over first. */
static struct entry *place_for(struct shared *shared, struct slice key)
{
    struct entry *best = &shared->entries[0];
    for (size_t i = 0; i < ENTRIES_MAX; i++) {
        struct entry *entry = &shared->entries[i];
        if (entry->arena != NULL && slice_equal(entry->key, key))
            return entry;
        if (best->arena != NULL && (entry->arena == NULL || entry->until_ms < best->until_ms))
            best = entry;
    }
    return best;
}

void shared_keep(struct shared *shared, struct request *request, int64_t now_ms, struct response *response)
{
    struct slice key = key_of(request);
    if (response->status != MHD_HTTP_OK || response->body.len + key.len > ENTRY_BYTES_MAX)
        return;
    struct entry *entry = place_for(shared, key);
    arena_destroy(&entry->arena);
    struct arena *arena = arena_create(2 * ENTRY_BYTES_MAX);
    *entry = (struct entry){
        .arena = arena,
        .key = arena_copy(arena, key),
        .body = arena_copy(arena, response->body),
        .etag = etag_of(response->body, arena),
        .type = response->type,
        .cache = "public, max-age=5",
        .vary = "Accept-Language",
        .until_ms = now_ms + KEPT_MS,
    };
    answer_with(request, entry, response);
}
