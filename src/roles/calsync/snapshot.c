/* Reading one CalDAV calendar: all of a window once, then what has changed. */
#include "roles/calsync/internal.h"

enum {
    SNAPSHOT_BYTES_MAX = 32 * 1024 * 1024,
    MULTIGET_MAX = 200, /* more changes than this: read anew */
    DAYS_BEFORE = 1,
    DAYS_AFTER = 14, /* the next reads begin later; they shall still lie inside */
};

struct refresh {
    struct calsync *calsync;
    const struct calendar_place *place;
    const struct calendar *calendar;
    struct arena *arena;
    struct problem *why;
};

static enum status ask(struct refresh *r, const char *method, int depth, struct slice body,
                       struct dav_multistatus *found)
{
    return caldav_ask(r->calsync, r->place, method, r->calendar->url, depth, body, r->arena, found,
                      NULL, r->why);
}

static struct snapshot *find_snapshot(struct refresh *r)
{
    for (size_t i = 0; i < SNAPSHOTS_MAX; i++) {
        struct snapshot *snapshot = &r->calsync->snapshots[i];
        if (snapshot->arena != NULL && slice_equal(snapshot->url, r->calendar->url) &&
            slice_equal(snapshot->user, r->place->user))
            return snapshot;
    }
    return NULL;
}

static struct snapshot *oldest_snapshot(struct calsync *calsync)
{
    struct snapshot *oldest = &calsync->snapshots[0];
    for (size_t i = 0; i < SNAPSHOTS_MAX; i++) {
        if (calsync->snapshots[i].arena == NULL)
            return &calsync->snapshots[i];
        if (calsync->snapshots[i].used < oldest->used)
            oldest = &calsync->snapshots[i];
    }
    return oldest;
}

static size_t bytes_of(const struct resource_list *list)
{
    size_t bytes = 0;
    for (size_t i = 0; i < list->count; i++)
        bytes += list->items[i].text.len + list->items[i].href.len + list->items[i].etag.len + 256;
    return bytes;
}

/* Keeps a copy of what was read, unless it is very large. */
static void keep(struct refresh *r, const struct snapshot *read)
{
    struct snapshot *slot = find_snapshot(r);
    if (slot == NULL)
        slot = oldest_snapshot(r->calsync);
    struct arena *arena = arena_create_wiped((size_t)SNAPSHOT_BYTES_MAX * 2);
    struct snapshot copy = {.arena = arena,
                            .url = arena_copy(arena, r->calendar->url),
                            .user = arena_copy(arena, r->place->user),
                            .window = read->window,
                            .token = arena_copy(arena, read->token),
                            .signature = arena_copy(arena, read->signature),
                            .used = ++r->calsync->clock};
    bool fits = bytes_of(&read->resources) < SNAPSHOT_BYTES_MAX;
    for (size_t i = 0; fits && i < read->resources.count; i++) {
        const struct resource *resource = &read->resources.items[i];
        struct resource kept = {arena_copy(arena, resource->href),
                                arena_copy(arena, resource->etag),
                                arena_copy(arena, resource->text)};
        ARENA_PUSH(arena, &copy.resources, kept);
    }
    arena_destroy(&slot->arena); /* `read` may point into it: only now */
    *slot = (struct snapshot){0};
    if (fits)
        *slot = copy;
    else
        arena_destroy(&arena);
}

static bool has_text(const struct dav_response *response)
{
    return response->status == 200 && response->calendar.len > 0;
}

static void push_resource(struct refresh *r, const struct dav_response *response,
                          struct resource_list *list)
{
    if (has_text(response))
        ARENA_PUSH(r->arena, list,
                   ((struct resource){response->href, response->etag, response->calendar}));
}

/* An event that the server names and does not give would look like free time. */
static enum status check_whole(struct refresh *r, const struct dav_multistatus *found)
{
    for (size_t i = 0; i < found->responses.count; i++) {
        const struct dav_response *response = &found->responses.items[i];
        if (!has_text(response) && response->status != 404 && !slice_ends(response->href, LIT("/")))
            return problem_set(r->why, ST_UNAVAILABLE, "REPORT: an event came without its text");
    }
    return ST_OK;
}

/* Etags of everything, as one text; for servers without sync tokens. */
static enum status read_signature(struct refresh *r, struct slice *signature)
{
    struct dav_multistatus found;
    AUTO_BUFFER text = buffer_create(SNAPSHOT_BYTES_MAX / 4);
    TRY(ask(r, "PROPFIND", 1, dav_etags_body(), &found));
    for (size_t i = 0; i < found.responses.count; i++) {
        buffer_add(&text, found.responses.items[i].href);
        buffer_add(&text, found.responses.items[i].etag);
        buffer_add(&text, found.responses.items[i].ctag);
    }
    *signature = text.full ? SLICE_NONE : arena_copy(r->arena, buffer_slice(&text));
    return ST_OK;
}

/* A token from before the query: what changes in between is read twice, never missed. */
static enum status read_token(struct refresh *r, struct slice *token)
{
    struct dav_multistatus found;
    TRY(ask(r, "PROPFIND", 0, dav_etags_body(), &found));
    if (found.responses.count > 0)
        *token = found.responses.items[0].sync_token;
    return ST_OK;
}

static enum status read_anew(struct refresh *r, struct interval window, struct snapshot *out)
{
    struct dav_multistatus found;
    struct snapshot read = {.window = {{window.start.us - DAYS_BEFORE * DAY_US},
                                       {window.end.us + DAYS_AFTER * DAY_US}}};
    if ((r->calendar->reports & DAV_SYNC_COLLECTION) != 0)
        TRY(read_token(r, &read.token));
    if (read.token.len == 0)
        TRY(read_signature(r, &read.signature));
    TRY(ask(r, "REPORT", 1, dav_query_body(read.window, r->arena), &found));
    TRY(check_whole(r, &found));
    for (size_t i = 0; i < found.responses.count; i++)
        push_resource(r, &found.responses.items[i], &read.resources);
    *out = read;
    return ST_OK;
}

static bool has_href(const struct dav_multistatus *changes, struct slice href)
{
    for (size_t i = 0; i < changes->responses.count; i++)
        if (slice_equal(changes->responses.items[i].href, href))
            return true;
    return false;
}

/* The snapshot with the resources that changed fetched again; those outside its window
 * come along and do no harm. */
static enum status apply_changes(struct refresh *r, const struct snapshot *before,
                                 const struct dav_multistatus *changes, struct snapshot *out)
{
    struct slice_list fetch = {0};
    struct snapshot after = {.window = before->window, .token = changes->sync_token};
    struct dav_multistatus found = {0};
    for (size_t i = 0; i < before->resources.count; i++)
        if (!has_href(changes, before->resources.items[i].href))
            ARENA_PUSH(r->arena, &after.resources, before->resources.items[i]);
    for (size_t i = 0; i < changes->responses.count; i++)
        if (changes->responses.items[i].status == 200)
            ARENA_PUSH(r->arena, &fetch, changes->responses.items[i].href);
    if (fetch.count > 0)
        TRY(ask(r, "REPORT", 1, dav_multiget_body(&fetch, r->arena), &found));
    if (found.responses.count < fetch.count)
        return problem_set(r->why, ST_NOT_FOUND, "REPORT: fewer events came than were asked for");
    TRY(check_whole(r, &found));
    for (size_t i = 0; i < found.responses.count; i++)
        push_resource(r, &found.responses.items[i], &after.resources);
    *out = after;
    return ST_OK;
}

/* ST_NOT_FOUND: it must be read anew (token forgotten, too much changed, no tokens). */
static enum status bring_up_to_date(struct refresh *r, const struct snapshot *before,
                                    struct snapshot *out)
{
    struct dav_multistatus changes;
    struct slice signature;
    if (before->token.len == 0) {
        TRY(read_signature(r, &signature));
        *out = *before;
        return signature.len > 0 && slice_equal(signature, before->signature) ? ST_OK
                                                                              : ST_NOT_FOUND;
    }
    enum status status = ask(r, "REPORT", 1, dav_sync_body(before->token, r->arena), &changes);
    if (status == ST_UNAVAILABLE)
        return status;
    if (status != ST_OK || changes.truncated || changes.sync_token.len == 0 ||
        changes.responses.count > MULTIGET_MAX)
        return ST_NOT_FOUND;
    return apply_changes(r, before, &changes, out);
}

enum status caldav_read(struct calsync *calsync, const struct calendar_place *place,
                        const struct calendar *calendar, struct interval window,
                        struct arena *arena, struct resource_list *out, struct problem *why)
{
    struct refresh r = {calsync, place, calendar, arena, why};
    struct snapshot *before = find_snapshot(&r), read = {0};
    enum status status = ST_NOT_FOUND;
    if (before != NULL && before->window.start.us <= window.start.us &&
        before->window.end.us >= window.end.us)
        status = bring_up_to_date(&r, before, &read);
    if (status == ST_NOT_FOUND)
        status = read_anew(&r, window, &read);
    if (status != ST_OK)
        return status;
    /* The caller's copy: keep() lets go of the snapshot before. */
    struct resource_list texts = {0};
    for (size_t i = 0; i < read.resources.count; i++) {
        struct resource resource = {.text = arena_copy(arena, read.resources.items[i].text)};
        ARENA_PUSH(arena, &texts, resource);
    }
    keep(&r, &read);
    *out = texts;
    return ST_OK;
}
