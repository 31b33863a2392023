#include "roles/logd/witnesses.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

#include "base/eventlog/eventlog.h"
#include "platform/transfers/transfers.h"
#include "roles/config/config.h"

enum {
    PATIENCE_MS = 2000,
    ANSWER_BYTES_MAX = 4096,
    ASK_BYTES_MAX = 64 * 1024,
    AWAY_MS = 5 * 60 * 1000, /* then it is told */
    LINES_BYTES_MAX = WITNESSES_MAX * ANSWER_BYTES_MAX,
    TRIES_MAX = 2,           /* of one checkpoint: after it has said which size it knows, once more */
};

struct witness {
    struct witnesses *all;
    char *url, *key;
    uint64_t size;  /* that it has signed, as far as we know */
    CURL *easy;     /* asked just now; else NULL */
    struct buffer question, answer;
    unsigned tries;
    bool away, told, refused;
    struct monotonic away_since;
};

struct witnesses {
    struct loop *loop;
    struct transfers *transfers;
    struct loop_timer *late;
    struct witness items[WITNESSES_MAX];
    size_t count;
    struct ledger *ledger;
    struct buffer checkpoint, lines;
    uint64_t size;
    bool asking;
    witnesses_done_fn *done;
    void *context;
    struct curl_slist *headers;
};

/* How it went with each */

static void tell(enum event event, const struct witness *witness, const char *cause, long code)
{
    struct slice key = slice_from(witness->key);
    event_log(event, field_id(KEY_WITNESS, slice_sub(key, 0, slice_find(key, LIT("+"), 0))),
              field_text(KEY_CAUSE, cause), field_number(KEY_COUNT, code));
}

static void is_back(struct witness *witness)
{
    if (witness->told || witness->refused)
        tell(EVENT_WITNESS_BACK, witness, "signed", 200);
    witness->away = witness->told = witness->refused = false;
}

static void is_away(struct witness *witness, const struct moment *at)
{
    if (!witness->away) {
        witness->away = true;
        witness->away_since = at->clock;
    }
    if (witness->told || at->clock.ms - witness->away_since.ms < AWAY_MS)
        return;
    witness->told = true;
    tell(EVENT_WITNESS_AWAY, witness, "silent", 0);
}

/* It has seen another log than we show: that is never a passing trouble. */
static void has_refused(struct witness *witness, long code)
{
    if (!witness->refused)
        tell(EVENT_WITNESS_REFUSED, witness, code == 409 ? "other_size" : "not_consistent", code);
    witness->refused = true;
}

/* Asking */

static void stop(struct witness *witness)
{
    if (witness->easy == NULL)
        return;
    transfers_remove(witness->all->transfers, witness->easy);
    curl_easy_cleanup(witness->easy);
    witness->easy = NULL;
}

static void finish(struct witnesses *all, const struct moment *at)
{
    for (size_t i = 0; i < all->count; i++)
        if (all->items[i].easy != NULL)
            return;
    all->asking = false;
    loop_timer_stop(all->late);
    all->done(all->context, buffer_slice(&all->lines), at);
}

static size_t take_answer(char *data, size_t size, size_t count, void *context)
{
    struct witness *witness = context;
    buffer_add(&witness->answer, (struct slice){data, size * count});
    return witness->answer.full ? 0 : size * count;
}

/* "old SIZE", the proof from there, and the checkpoint. */
static enum status write_question(struct witness *witness, struct problem *why)
{
    struct witnesses *all = witness->all;
    struct ledger_proof proof = {.count = 0};
    if (witness->size > 0 && witness->size < all->size)
        TRY(ledger_prove_consistency(all->ledger, witness->size, all->size, &proof, why));
    buffer_clear(&witness->question);
    buffer_clear(&witness->answer);
    buffer_add_format(&witness->question, "old %llu\n", (unsigned long long)witness->size);
    for (size_t i = 0; i < proof.count; i++) {
        base64_encode((struct slice){(const char *)proof.items[i].bytes, sizeof proof.items[i].bytes},
                      &witness->question);
        buffer_add_char(&witness->question, '\n');
    }
    buffer_add_char(&witness->question, '\n');
    buffer_add(&witness->question, buffer_slice(&all->checkpoint));
    return buffer_check(&witness->question, "question to a witness", why);
}

static void finished(void *context, curl_result result);

static enum status begin(struct witness *witness, struct problem *why)
{
    TRY(write_question(witness, why));
    CURL *easy = curl_easy_init();
    if (easy == NULL)
        return problem_set(why, ST_UNAVAILABLE, "libcurl gives no handle");
    curl_easy_setopt(easy, CURLOPT_URL, witness->url);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https"); /* http: to this machine, as the setting says */
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)PATIENCE_MS);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "Rendez/" RENDEZ_VERSION);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, witness->all->headers);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)witness->question.len);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, witness->question.data);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_answer);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, witness);
    enum status status = transfers_add(witness->all->transfers, easy, finished, witness, why);
    if (status == ST_OK)
        witness->easy = easy;
    else
        curl_easy_cleanup(easy);
    return status;
}

static bool take_lines(struct witness *witness)
{
    struct witnesses *all = witness->all;
    struct slice rest = buffer_slice(&witness->answer), line;
    bool found = false;
    while (slice_next_line(&rest, &line)) {
        if (!ledger_is_cosignature(line, slice_from(witness->key), buffer_slice(&all->checkpoint)))
            continue;
        buffer_add(&all->lines, line);
        buffer_add_char(&all->lines, '\n');
        found = true;
    }
    return found;
}

/* It knows another size than we thought. True: it is asked again from there. */
static bool begin_again(struct witness *witness)
{
    uint64_t size;
    if (!slice_to_u64(slice_trim(buffer_slice(&witness->answer)), INT64_MAX, &size) ||
        size > witness->all->size || ++witness->tries == TRIES_MAX)
        return false;
    witness->size = size;
    return begin(witness, NULL) == ST_OK;
}

static void finished(void *context, curl_result result)
{
    struct witness *witness = context;
    const struct moment *at = loop_moment(witness->all->loop);
    long code = 0;
    curl_easy_getinfo(witness->easy, CURLINFO_RESPONSE_CODE, &code);
    stop(witness);
    if (result != CURLE_OK)
        code = 0;
    if (code == 409 && begin_again(witness))
        return;
    if (code == 200 && take_lines(witness)) {
        witness->size = witness->all->size;
        is_back(witness);
    } else if (code == 409 || code == 422 || code == 403) {
        has_refused(witness, code);
    } else {
        is_away(witness, at);
    }
    finish(witness->all, at);
}

static void late(void *context, const struct moment *at)
{
    struct witnesses *all = context;
    for (size_t i = 0; i < all->count; i++)
        if (all->items[i].easy != NULL) {
            stop(&all->items[i]);
            is_away(&all->items[i], at);
        }
    if (all->asking)
        finish(all, at);
}

void witnesses_ask(struct witnesses *all, struct ledger *ledger, struct slice checkpoint, uint64_t size,
                   witnesses_done_fn *done, void *context)
{
    all->ledger = ledger;
    all->size = size;
    all->done = done;
    all->context = context;
    all->asking = true;
    buffer_clear(&all->lines);
    buffer_clear(&all->checkpoint);
    buffer_add(&all->checkpoint, checkpoint);
    bool some = false;
    for (size_t i = 0; i < all->count; i++) {
        struct problem why;
        all->items[i].tries = 0;
        if (all->items[i].size > size) /* of a log that was another one then */
            all->items[i].size = 0;
        if (begin(&all->items[i], &why) == ST_OK)
            some = true;
        else
            event_log(EVENT_WITNESS_AWAY, field_problem(&why));
    }
    loop_timer_after(all->late, some ? PATIENCE_MS : 0);
}

void witnesses_stop(struct witnesses *all)
{
    for (size_t i = 0; i < all->count; i++)
        stop(&all->items[i]);
    all->asking = false;
    loop_timer_stop(all->late);
}

/* Beginning and end */

static enum status add_witness(struct witnesses *all, struct slice url, struct slice key)
{
    struct witness *witness = &all->items[all->count++];
    AUTO_ARENA arena = arena_create(16 * 1024);
    while (slice_ends(url, LIT("/")))
        url.len--;
    *witness = (struct witness){
        .all = all,
        .url = strdup(arena_format(arena, "%.*s/add-checkpoint", SLICE_ARG(url)).data),
        .key = strdup(arena_text(arena, key)),
        .question = buffer_create(ASK_BYTES_MAX),
        .answer = buffer_create(ANSWER_BYTES_MAX),
    };
    if (witness->url == NULL || witness->key == NULL)
        abort();
    return ST_OK;
}

enum status witnesses_create(struct loop *loop, struct slice setting, struct witnesses **out,
                             struct problem *why)
{
    struct slice url, key;
    struct witnesses *all = must_calloc(1, sizeof *all);
    all->loop = loop;
    all->late = loop_timer_create(loop, late, all);
    all->lines = buffer_create(LINES_BYTES_MAX);
    all->checkpoint = buffer_create(ASK_BYTES_MAX);
    all->headers = curl_slist_append(NULL, "Content-Type: text/plain");
    *out = all;
    while (all->count < WITNESSES_MAX && config_next_witness(&setting, &url, &key))
        TRY(add_witness(all, url, key));
    return all->count == 0 ? ST_OK : transfers_create(loop, WITNESSES_MAX, &all->transfers, why);
}

void witnesses_destroy(struct witnesses **witnesses)
{
    struct witnesses *old = *witnesses;
    *witnesses = NULL;
    if (old == NULL)
        return;
    for (size_t i = 0; i < old->count; i++) {
        stop(&old->items[i]);
        buffer_destroy(&old->items[i].question);
        buffer_destroy(&old->items[i].answer);
        free(old->items[i].url);
        free(old->items[i].key);
    }
    curl_slist_free_all(old->headers);
    transfers_destroy(&old->transfers);
    loop_timer_destroy(&old->late);
    buffer_destroy(&old->lines);
    buffer_destroy(&old->checkpoint);
    free(old);
}

size_t witnesses_count(const struct witnesses *witnesses)
{
    return witnesses->count;
}

/* The number after the host; without, the scheme's. */
static uint16_t port_of(const char *url)
{
    const char *host = strstr(url, "://") + 3, *slash = strchr(host, '/'), *colon = NULL;
    for (const char *at = host; at < slash; at++)
        if (*at == ':')
            colon = at;
        else if (*at == ']')
            colon = NULL;
    return colon != NULL ? (uint16_t)strtoul(colon + 1, NULL, 10) : strncmp(url, "https", 5) == 0 ? 443 : 80;
}

size_t witnesses_ports(const struct witnesses *witnesses, uint16_t *ports, size_t max)
{
    size_t count = 0;
    for (size_t i = 0; i < witnesses->count && count < max; i++)
        ports[count++] = port_of(witnesses->items[i].url); /* of a URL that the settings have checked */
    return count;
}
