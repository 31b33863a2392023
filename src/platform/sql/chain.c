/* The chained log. digest(n) = SHA-256(digest(n-1), seq, at, kind, ids), numbers as eight
 * bytes, big endian, texts with their length before them; digest(0) is 32 zero bytes. */
#include "platform/sql/chain.h"

#include <string.h>

#include "platform/sql/rows.h"

enum { LOG_WORD_MAX = 64, LOG_IDS_MAX = 1000 };

ROW_TYPE(log_row, log_entry, NUMBER(log_entry, seq), INSTANT(log_entry, at), TEXT(log_entry, kind),
         TEXT(log_entry, ids), HASH(log_entry, digest));

static void add_number(struct buffer *out, uint64_t value)
{
    for (int shift = 56; shift >= 0; shift -= 8)
        buffer_add_char(out, (char)(value >> shift));
}

static void add_text(struct buffer *out, struct slice text)
{
    add_number(out, text.len);
    buffer_add(out, text);
}

static struct slice digest_after(struct slice before, const struct log_entry *entry,
                                 struct arena *arena)
{
    static const char zeros[LOG_DIGEST_BYTES];
    AUTO_BUFFER text = buffer_create(4096);
    buffer_add(&text, before.len == 0 ? (struct slice){zeros, sizeof zeros} : before);
    add_number(&text, entry->seq);
    add_number(&text, (uint64_t)entry->at.us);
    add_text(&text, entry->kind);
    add_text(&text, entry->ids);
    unsigned char *digest = arena_alloc(arena, LOG_DIGEST_BYTES);
    vault_sha256(buffer_slice(&text), digest);
    return (struct slice){(char *)digest, LOG_DIGEST_BYTES};
}

enum status chain_append(struct database *database, const struct chain_queries *queries,
                         struct instant at, struct slice kind, struct slice ids, struct problem *why)
{
    if (kind.len == 0 || kind.len > LOG_WORD_MAX || ids.len == 0 || ids.len > LOG_IDS_MAX)
        return problem_set(why, ST_INVALID, "a log entry has a kind and ids of some length");
    AUTO_ARENA arena = arena_create(16 * 1024);
    struct log_entry last = {0}, entry = {.at = at, .kind = kind, .ids = ids};
    enum status status =
        rows_load(database, queries->last, NULL, &log_row, arena, &last, "log entry", NULL);
    if (status != ST_OK && status != ST_NOT_FOUND)
        return problem_set(why, status, "the log cannot be read");
    entry.seq = last.seq + 1;
    entry.digest = digest_after(last.digest, &entry, arena);
    return rows_save(database, queries->append, &log_row, &entry, why);
}

enum status chain_last(struct database *database, const struct chain_queries *queries, struct arena *arena,
                       struct log_entry *out, struct problem *why)
{
    return rows_load(database, queries->last, NULL, &log_row, arena, out, "log entry", why);
}

enum status chain_latest(struct database *database, const struct chain_queries *queries,
                         struct slice since, struct instant *at, struct problem *why)
{
    enum { LAST = 1000 };
    AUTO_ARENA arena = arena_create(8 * 1024 * 1024);
    struct log_entry last;
    struct log_entry_list page;
    TRY(chain_last(database, queries, arena, &last, why));
    TRY(chain_list(database, queries, last.seq > LAST ? last.seq - LAST : 0, arena, &page, why));
    *at = last.at;
    for (size_t i = page.count; i-- > 0 && !slice_equal(page.items[i].kind, since);)
        if (page.items[i].at.us > at->us)
            *at = page.items[i].at;
    return ST_OK;
}

enum status chain_list(struct database *database, const struct chain_queries *queries,
                       uint32_t after, struct arena *arena, struct log_entry_list *out,
                       struct problem *why)
{
    ROWS_LIST(database, queries->list, ARGS(arg_number(after)), &log_row, arena, out, why);
    return ST_OK;
}

struct chain {
    uint32_t seq;
    unsigned char digest[LOG_DIGEST_BYTES];
};

static enum status verify_page(struct database *database, const struct chain_queries *queries,
                               struct chain *chain, bool *ended, struct problem *why)
{
    AUTO_ARENA arena = arena_create(8 * 1024 * 1024);
    struct log_entry_list page;
    TRY(chain_list(database, queries, chain->seq, arena, &page, why));
    *ended = page.count == 0;
    for (size_t i = 0; i < page.count; i++) {
        const struct log_entry *entry = &page.items[i];
        struct slice before = {(char *)chain->digest, LOG_DIGEST_BYTES};
        if (entry->seq != chain->seq + 1 ||
            !slice_equal(entry->digest, digest_after(before, entry, arena)))
            return problem_set(why, ST_INVALID, "log entry %u does not follow from those before",
                               (unsigned)entry->seq);
        chain->seq = entry->seq;
        memcpy(chain->digest, entry->digest.data, LOG_DIGEST_BYTES);
    }
    return ST_OK;
}

enum status chain_verify(struct database *database, const struct chain_queries *queries,
                         struct problem *why)
{
    struct chain chain = {0};
    for (bool ended = false; !ended;)
        TRY(verify_page(database, queries, &chain, &ended, why));
    return ST_OK;
}
