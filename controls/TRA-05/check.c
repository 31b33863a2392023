/* The published log, fetched as a client does: who signed it, whether it goes on from what was seen before, whether all of
 * its entries are under the root; an entry of this control itself, with its proof; and nobody else's entries without a
 * session of theirs. */
#include "roles/prober/check.h"
#include "roles/prober/published.h"

enum {
    TILES_AT_ONCE = 64,      /* of 256 entries; the rest next time, and the newest each time */
    COSIGNATURE_OLD_S = 300, /* a checkpoint comes every minute; a witness that is slow is left out of one */
    LATE_S = 60,             /* an entry is under a checkpoint after ten, on a machine that has time */
    FIRST_PROOF_S = 120,     /* that a service has for its first checkpoint with an entry of this control */
};

#define NOBODYS "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

struct client {
    struct check *check;
    struct check_listener listener;
    struct slice before; /* the facts with which this control held last; empty: it never has */
    struct published_source source;
};

static enum status get(struct client *client, const char *path, const char *const *headers, struct check_response *out,
                       struct problem *why)
{
    struct check_request request = {.listener = &client->listener, .path = path, .headers = headers};
    TRY(check_http(client->check, &request, out, why));
    if (out->code >= 500 || out->code == 429)
        return problem_set(why, ST_UNAVAILABLE, "%s: the service answers %d", path, (int)out->code);
    return ST_OK;
}

static enum status get_file(void *context, const char *path, struct slice *out, struct problem *why)
{
    struct client *client = context;
    struct check_response response;
    TRY(get(client, arena_format(check_arena(client->check), "/log/%s", path).data, NULL, &response, why));
    if (response.code != 200)
        return problem_set(why, ST_NOT_FOUND, "%s: %d", path, (int)response.code);
    *out = response.body;
    return ST_OK;
}

/* "rendez.acme.example/log+0123abcd+BASE64", as the page shows it to those who are to pin it. */
static bool find_key(struct slice page, struct slice *key)
{
    for (size_t at = slice_find(page, LIT("/log+"), 0); at != SIZE_MAX; at = slice_find(page, LIT("/log+"), at + 1)) {
        size_t begin = at, end = at;
        while (begin > 0 && page.data[begin - 1] > ' ' && page.data[begin - 1] != '>' && page.data[begin - 1] != '"')
            begin--;
        while (end < page.len && page.data[end] > ' ' && page.data[end] != '<' && page.data[end] != '"')
            end++;
        *key = slice_sub(page, begin, end);
        if (end - at > sizeof "/log+0123abcd+")
            return true;
    }
    return false;
}

/* The key with which this control held last, or, where it was changed on purpose, the one that an operator has said since: with
 * another key the log is another, and goes on from nothing. */
static enum status compare_key(struct client *client, struct problem *why)
{
    struct check *c = client->check;
    struct probe_found found;
    TRY(probe_ask(c, ROLE_TRUST, "log_key", SLICE_NONE, &found, why));
    struct slice pin = published_pin(client->source.key, check_arena(c));
    struct slice before = check_text(client->before, "key"), said = check_text(found.facts, "said");
    check_fact(c, "key", "%.*s", SLICE_ARG(pin));
    if (slice_equal(pin, before) || (before.len == 0 && said.len == 0))
        return ST_OK;
    if (!slice_equal(pin, said))
        return check_fails(c, "key_changed");
    client->before = SLICE_NONE;
    return ST_OK;
}

static enum status take_key(struct client *client, struct problem *why)
{
    struct check_response page;
    TRY(get(client, "/trust", NULL, &page, why));
    if (page.code != 200 || !find_key(page.body, &client->source.key))
        return problem_set(why, ST_UNAVAILABLE, "the page names no key of the log: it is away");
    return compare_key(client, why);
}

static void take_witnesses(struct client *client)
{
    struct slice rest = check_config(client->check)->log.witnesses, url, key;
    while (client->source.witness_count < PUBLISHED_WITNESSES_MAX && config_next_witness(&rest, &url, &key))
        client->source.witnesses[client->source.witness_count++] = key;
}

/* One checkpoint without any of their lines is none too many: they have two seconds. Of when the newest came that was seen;
 * before the first, of when it was waited for. */
static enum status look_at_witnesses(struct client *client, const struct published *log)
{
    struct check *c = client->check;
    bool signs = published_witnessed(log) > 0;
    int64_t now_s = check_now(c).us / 1000000;
    int64_t newest_s = signs ? published_witnessed_s(log) : (int64_t)check_number(client->before, "witness_s");
    if (newest_s == 0)
        newest_s = now_s;
    check_fact(c, "witness_s", "%lld", (long long)newest_s);
    if (now_s - newest_s <= COSIGNATURE_OLD_S)
        return ST_OK;
    return check_fails(c, signs ? "checkpoint_old" : "no_witness");
}

static enum status look_at_checkpoint(struct client *client, struct published **log, struct problem *why)
{
    struct check *c = client->check;
    const char *wrong;
    TRY(published_open(&client->source, check_arena(c), log, &wrong, why));
    if (wrong != NULL)
        return check_fails(c, wrong);
    struct slice root = published_root(*log);
    check_fact(c, "size", "%llu", (unsigned long long)published_size(*log));
    check_fact(c, "root", "%.*s", SLICE_ARG(root));
    check_fact(c, "witnesses", "%zu", client->source.witness_count);
    check_fact(c, "witnessed", "%zu", published_witnessed(*log));
    return client->source.witness_count == 0 ? ST_OK : look_at_witnesses(client, *log);
}

/* The newest tile each time, the others by turns. */
static enum status look_at_entries(struct client *client, struct published *log, struct problem *why)
{
    struct check *c = client->check;
    uint64_t tiles = published_tiles(log), from = check_number(client->before, "next"), walked, newest = 0;
    const char *wrong;
    if (from >= tiles)
        from = 0;
    TRY(published_walk(log, from, TILES_AT_ONCE, &walked, &wrong, why));
    if (wrong == NULL && from + walked < tiles)
        TRY(published_walk(log, tiles - 1, 1, &newest, &wrong, why));
    check_fact(c, "tiles", "%llu", (unsigned long long)tiles);
    check_fact(c, "walked", "%llu", (unsigned long long)(walked + newest));
    check_fact(c, "next", "%llu", (unsigned long long)(from + walked));
    return wrong == NULL ? ST_OK : check_fails(c, wrong);
}

static enum status look_at_history(struct client *client, struct published *log, struct problem *why)
{
    uint64_t size = check_number(client->before, "size");
    const char *wrong;
    if (size == 0)
        return ST_OK;
    check_fact(client->check, "since", "%llu", (unsigned long long)size);
    TRY(published_continues(log, size, check_text(client->before, "root"), &wrong, why));
    return wrong == NULL ? ST_OK : check_fails(client->check, wrong);
}

/* Of the entry with which this control held last, how long it has waited. Negative: it never has held. */
static int64_t waited_s(const struct client *client)
{
    uint64_t held_s = check_number(client->before, "held_at_s");
    return held_s == 0 ? -1 : check_now(client->check).us / 1000000 - (int64_t)held_s;
}

/* At the very beginning there is no entry of this control yet; after that there always is one, if not the newest. */
static enum status has_no_proof(struct client *client, struct problem *why)
{
    struct check *c = client->check;
    uint64_t now_s = (uint64_t)(check_now(c).us / 1000000), since_s = check_number(client->before, "without_proof_since");
    bool had = check_text(client->before, "entry").len > 0;
    if (had)
        return waited_s(client) > LATE_S / 2
                   ? check_fails(c, "no_proof")
                   : problem_set(why, ST_UNAVAILABLE, "no entry of this control is under the checkpoint");
    if (since_s == 0)
        since_s = now_s;
    check_fact(c, "without_proof_since", "%llu", (unsigned long long)since_s);
    return now_s - since_s > FIRST_PROOF_S ? check_fails(c, "no_proof") : ST_OK;
}

/* The entry with which it held last is not the newest that has a checkpoint: the log is late, as on a machine that has too much
 * to do. That proves nothing against it, and after a minute nothing for it either. */
static enum status look_at_age(struct client *client, struct slice entry, struct problem *why)
{
    uint64_t at_us, held_s = check_number(client->before, "held_at_s"); /* an entry is "1 MICROSECONDS KIND …" */
    if (!slice_starts(entry, LIT("1 ")) ||
        !slice_to_u64(slice_sub(entry, 2, slice_find(entry, LIT(" "), 2)), INT64_MAX, &at_us))
        return check_fails(client->check, "not_included");
    if (at_us / 1000000 < held_s && waited_s(client) > LATE_S)
        return problem_set(why, ST_UNAVAILABLE, "the log is late: what it took %lld s ago is under no checkpoint",
                           (long long)waited_s(client));
    return ST_OK;
}

static enum status look_at_proof(struct client *client, struct published *log, struct problem *why)
{
    struct check *c = client->check;
    struct check_response response;
    struct slice entry;
    const char *wrong;
    TRY(get(client, "/trust/TRA-05/proof", NULL, &response, why));
    if (response.code != 200)
        return has_no_proof(client, why);
    TRY(published_prove(log, response.body, &entry, &wrong, why));
    if (wrong == NULL && !slice_contains(entry, LIT(" control.check.done control=TRA-05 ")))
        wrong = "not_included";
    if (wrong != NULL)
        return check_fails(c, wrong);
    TRY(look_at_age(client, entry, why));
    struct slice pin = published_pin(entry, check_arena(c));
    check_fact(c, "entry", "%.*s", SLICE_ARG(pin));
    return ST_OK;
}

/* Entries of an organisation are for its own people. */
static enum status ask_for_others(struct client *client, struct problem *why)
{
    static const char *const paths[] = {"/trust/auditor?organisation=service", "/trust/auditor/proofs?organisation=service"};
    static const char *const none[] = {NULL}, *const nobodys[] = {"Cookie: __Host-session=" NOBODYS, NULL};
    static const char *const *const headers[] = {none, nobodys};
    for (size_t i = 0; i < 4; i++) {
        struct check_response response;
        TRY(get(client, paths[i / 2], headers[i % 2], &response, why));
        if (response.code != 401 && response.code != 403) {
            check_fact(client->check, "code", "%d", (int)response.code);
            return check_fails(client->check, "others_shown");
        }
    }
    return check_by_probe(client->check, ROLE_LOGD, "others_entries", SLICE_NONE, false, why);
}

static enum status look(struct client *client, struct problem *why)
{
    struct published *log = NULL;
    take_witnesses(client);
    TRY(take_key(client, why));
    if (!check_has_failed(client->check))
        TRY(look_at_checkpoint(client, &log, why));
    if (!check_has_failed(client->check))
        TRY(look_at_entries(client, log, why));
    if (!check_has_failed(client->check))
        TRY(look_at_history(client, log, why));
    if (!check_has_failed(client->check))
        TRY(look_at_proof(client, log, why));
    return check_has_failed(client->check) ? ST_OK : ask_for_others(client, why);
}

enum status control_check(struct check *c, struct problem *why)
{
    struct check_listener listeners[CHECK_LISTENERS_MAX];
    struct client client = {.check = c};
    struct probe_found found;
    if (check_listeners(c, listeners) == 0)
        return problem_set(why, ST_UNAVAILABLE, "there is no listener");
    TRY(probe_ask(c, ROLE_TRUST, "held_last", LIT("TRA-05"), &found, why));
    client.listener = listeners[0];
    client.before = found.facts;
    client.source = (struct published_source){.get = get_file, .context = &client};
    return look(&client, why);
}
