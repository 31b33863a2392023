#include "roles/messages/journal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "platform/vault/vault.h"

enum {
    BOOT_BYTES = 6, /* eight characters */
    LOOK_MS = 1000,
    AGAIN_MS = 2000, /* logd's answer may have gone with its process */
    ASK_MS = 300,    /* it has not opened the log yet */
    BATCH_BYTES_MAX = 8 << 20,
    IDS_ARENA_BYTES = 64 * 1024,
};

/* One that waits in memory. */
struct held {
    struct instant at;
    enum log_kind kind;
    char *ids;
};

struct journal {
    struct role *role;
    char source[LOG_SOURCE_BYTES_MAX + 1];
    journal_read_fn *read; /* NULL: they are held here */
    void *context;
    struct held *held;     /* a ring; the first is number kept + 1 */
    size_t first, count;
    int64_t lost;
    bool known;            /* logd has said how far it has come */
    int64_t kept, said;
    struct loop_timer *timer;
    journal_kept_fn *on_kept;
    void *on_kept_context;
};

static void tell_trouble(const struct problem *why)
{
    event_log(EVENT_LOG_WAITS, field_status(why->status), field_problem(why));
}

static void send_append(struct journal *journal, const struct log_append *append, int64_t again_ms)
{
    struct problem why;
    loop_timer_after(journal->timer, again_ms);
    struct ipc_channel *channel = role_channel(journal->role, ROLE_LOGD);
    if (ipc_is_open(channel) && ipc_send(channel, MESSAGE_LOG_APPEND, append, &why) != ST_OK)
        tell_trouble(&why);
}

static void ask(struct journal *journal)
{
    struct log_append question = {.source = slice_from(journal->source)};
    journal->known = false;
    send_append(journal, &question, ASK_MS);
}

static enum status read_held(struct journal *journal, struct arena *arena, struct log_line_list *out)
{
    for (size_t i = 0; i < journal->count && i < LOG_APPEND_MAX; i++) {
        const struct held *one = &journal->held[(journal->first + i) % JOURNAL_WAITING_MAX];
        struct log_line line = {one->at, slice_from(log_kind_name(one->kind)), slice_from(one->ids)};
        ARENA_PUSH(arena, out, line);
    }
    return ST_OK;
}

static enum status read_more(struct journal *journal, int64_t after, struct arena *arena,
                             struct log_line_list *out, struct problem *why)
{
    *out = (struct log_line_list){0};
    return journal->read != NULL ? journal->read(journal->context, after, arena, out, why)
                                 : read_held(journal, arena, out);
}

/* One batch at a time: what comes meanwhile goes in the next one. */
static void say_more(struct journal *journal)
{
    if (!journal->known || journal->said > journal->kept)
        return;
    AUTO_ARENA arena = arena_create(BATCH_BYTES_MAX);
    struct log_append append = {.source = slice_from(journal->source), .first = journal->kept + 1};
    struct problem why;
    if (read_more(journal, journal->kept, arena, &append.lines, &why) != ST_OK)
        tell_trouble(&why);
    if (append.lines.count == 0) {
        if (journal->read != NULL)
            loop_timer_after(journal->timer, LOOK_MS);
        return;
    }
    journal->said = journal->kept + (int64_t)append.lines.count;
    send_append(journal, &append, AGAIN_MS);
}

/* A database that was restored from a copy ends before what was logged of it: the last number that it
 * has, found by halving. */
static enum status last_number(struct journal *journal, int64_t kept, int64_t *out, struct problem *why)
{
    int64_t low = 0, high = kept; /* it has `low`, if that is not 0 */
    while (low < high) {
        AUTO_ARENA arena = arena_create(BATCH_BYTES_MAX);
        struct log_line_list lines;
        int64_t middle = high - (high - low) / 2;
        TRY(journal->read(journal->context, middle - 1, arena, &lines, why));
        if (lines.count > 0)
            low = middle + (int64_t)lines.count - 1;
        else
            high = middle - 1;
    }
    *out = low;
    return ST_OK;
}

/* True: logd has to be told that we begin again behind it, and answers that. */
static bool was_restored(struct journal *journal, int64_t kept)
{
    int64_t last;
    struct problem why;
    if (journal->read == NULL || kept == 0)
        return false;
    if (last_number(journal, kept, &last, &why) != ST_OK) {
        tell_trouble(&why);
        loop_timer_after(journal->timer, AGAIN_MS);
        return true;
    }
    if (last >= kept)
        return false;
    struct log_append back = {.source = slice_from(journal->source), .first = last + 1, .back = true};
    send_append(journal, &back, AGAIN_MS);
    return true;
}

static void forget_held(struct journal *journal, int64_t number)
{
    for (; journal->read == NULL && journal->count > 0 && journal->kept < number; journal->count--) {
        free(journal->held[journal->first].ids);
        journal->first = (journal->first + 1) % JOURNAL_WAITING_MAX;
        journal->kept++;
    }
}

static void tell_lost(struct journal *journal, const struct moment *at)
{
    AUTO_ARENA arena = arena_create(1024);
    int64_t lost = journal->lost;
    if (lost == 0)
        return;
    journal->lost = 0;
    if (!journal_say(journal, LOG_ENTRIES_LOST, arena_format(arena, "count=%lld", (long long)lost), at, NULL))
        journal->lost = lost;
}

static void receive_kept(void *context, const struct ipc_message *message, const struct moment *at)
{
    struct journal *journal = context;
    const struct log_kept *answer = message->object;
    if (!slice_equal(answer->source, slice_from(journal->source)))
        return;
    if (!journal->known && was_restored(journal, answer->number))
        return;
    forget_held(journal, answer->number);
    if (journal->kept < answer->number || journal->read != NULL)
        journal->kept = answer->number;
    if (!journal->known || journal->said < journal->kept)
        journal->said = journal->kept;
    journal->known = true;
    loop_timer_after(journal->timer, journal->said > journal->kept ? AGAIN_MS : LOOK_MS);
    tell_lost(journal, at);
    if (journal->on_kept != NULL)
        journal->on_kept(journal->on_kept_context, journal->kept, at);
    say_more(journal);
}

static void due(void *context, const struct moment *at)
{
    struct journal *journal = context;
    (void)at;
    if (!journal->known || journal->said > journal->kept)
        ask(journal); /* which also tells what has come to nothing */
    else
        say_more(journal);
}

static void peer_back(void *context, enum role_id peer, const struct moment *at)
{
    struct journal *journal = context;
    (void)at;
    if (peer == ROLE_LOGD)
        ask(journal);
}

static struct journal *create(struct role *role, journal_read_fn *read, void *context)
{
    struct journal *journal = must_calloc(1, sizeof *journal);
    journal->role = role;
    journal->read = read;
    journal->context = context;
    journal->timer = loop_timer_create(role_loop(role), due, journal);
    role_handle(role, MESSAGE_LOG_KEPT, receive_kept, journal);
    role_on_peer(role, peer_back, journal);
    return journal;
}

struct journal *journal_create(struct role *role)
{
    unsigned char random[BOOT_BYTES];
    AUTO_BUFFER boot = buffer_create(64);
    struct journal *journal = create(role, NULL, NULL);
    journal->held = must_calloc(JOURNAL_WAITING_MAX, sizeof *journal->held);
    vault_random(random, sizeof random);
    base64url_encode((struct slice){(const char *)random, sizeof random}, &boot);
    snprintf(journal->source, sizeof journal->source, "%s.%.*s", role_rows[role_id(role)].name,
             SLICE_ARG(buffer_slice(&boot)));
    return journal;
}

struct journal *journal_hand_over(struct role *role, const char *source, journal_read_fn *read,
                                  void *context)
{
    struct journal *journal = create(role, read, context);
    snprintf(journal->source, sizeof journal->source, "%s", source);
    return journal;
}

void journal_destroy(struct journal **journal)
{
    struct journal *old = *journal;
    *journal = NULL;
    if (old == NULL)
        return;
    for (; old->count > 0; old->count--, old->first = (old->first + 1) % JOURNAL_WAITING_MAX)
        free(old->held[old->first].ids);
    free(old->held);
    loop_timer_destroy(&old->timer);
    free(old);
}

static char *copy(struct slice text)
{
    char *bytes = must_calloc(1, text.len + 1);
    memcpy(bytes, text.data, text.len);
    return bytes;
}

bool journal_say(struct journal *journal, enum log_kind kind, struct slice ids,
                 const struct moment *at, int64_t *number)
{
    if (journal->count == JOURNAL_WAITING_MAX) {
        journal->lost++;
        return false;
    }
    journal->held[(journal->first + journal->count++) % JOURNAL_WAITING_MAX] =
        (struct held){at->now, kind, copy(ids)};
    if (number != NULL)
        *number = journal->kept + (int64_t)journal->count;
    say_more(journal);
    return true;
}

int64_t journal_kept(const struct journal *journal)
{
    return journal->kept;
}

bool journal_is_kept(const struct journal *journal)
{
    return journal->count == 0;
}

void journal_settle(struct journal *journal, int most_ms)
{
    int64_t end_ms = clock_monotonic_ms() + most_ms;
    int64_t left_ms = most_ms;
    while (!journal_is_kept(journal) && left_ms > 0 && loop_turn(role_loop(journal->role), (int)left_ms, NULL) == ST_OK)
        left_ms = end_ms - clock_monotonic_ms();
}

void journal_on_kept(struct journal *journal, journal_kept_fn *fn, void *context)
{
    journal->on_kept = fn;
    journal->on_kept_context = context;
}

void journal_look(struct journal *journal)
{
    say_more(journal);
}
