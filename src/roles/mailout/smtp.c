#include "roles/mailout/smtp.h"

#include <assert.h>
#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

enum {
    CONNECT_S = 30,
    DELIVERY_S = 300,
    SLOW_S = 60, /* less than a byte a second for so long: given up */
    CONNECTIONS_MAX = 4,
    DELIVERY_BYTES_MAX = 64 << 20,
};

struct delivery {
    struct delivery *next;
    struct smtp *smtp;
    struct arena *arena;
    CURL *easy;
    struct curl_slist *recipients;
    struct slice rest; /* of the raw message */
    char enhanced[SMTP_ENHANCED_BYTES];
    smtp_done_fn *done;
    void *context;
};

struct smtp {
    struct transfers *transfers;
    struct smtp_options options;
    struct delivery *deliveries;
};

/* Replies that say something about the installation and not about this mail: waiting (and
 * an operator) can cure them. RFC 5321 section 4.2.3, RFC 4954 section 6. */
static bool is_about_us(CURLcode code, long reply_code, const char *enhanced)
{
    static const char *const codes[] = {"5.7.0", "5.7.8", "5.7.9", "5.7.11", "5.7.14"};
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (strcmp(enhanced, codes[i]) == 0)
            return true;
    return code == CURLE_USE_SSL_FAILED || code == CURLE_LOGIN_DENIED ||
           code == CURLE_PEER_FAILED_VERIFICATION || reply_code == 421 || reply_code == 530;
}

static struct smtp_result make_result(CURLcode code, long reply_code, const char *enhanced)
{
    struct smtp_result result = {.reply_code = reply_code};
    memcpy(result.enhanced, enhanced, SMTP_ENHANCED_BYTES);
    if (code == CURLE_OK)
        return result;
    bool never = reply_code >= 500 && reply_code < 600 && !is_about_us(code, reply_code, enhanced);
    enum transfer_fault fault = transfer_failure(code, "SMTP", &result.why);
    result.status = result.why.status = never ? ST_INVALID : ST_UNAVAILABLE;
    /* 454 and the like: the server cannot tell just now (RFC 4954 section 6). */
    result.login_refused = fault == TRANSFER_FAULT_LOGIN && reply_code / 100 != 4;
    result.distrusted = fault == TRANSFER_FAULT_TRUST;
    return result;
}

static void free_delivery(struct delivery *delivery)
{
    for (struct delivery **at = &delivery->smtp->deliveries; *at != NULL; at = &(*at)->next)
        if (*at == delivery) {
            *at = delivery->next;
            break;
        }
    if (delivery->easy != NULL) {
        transfers_remove(delivery->smtp->transfers, delivery->easy);
        curl_easy_cleanup(delivery->easy);
    }
    curl_slist_free_all(delivery->recipients);
    struct arena *arena = delivery->arena;
    arena_destroy(&arena);
}

static void finish_delivery(void *context, curl_result code)
{
    struct delivery *delivery = context;
    long reply_code = 0;
    curl_easy_getinfo(delivery->easy, CURLINFO_RESPONSE_CODE, &reply_code);
    struct smtp_result result = make_result((CURLcode)code, reply_code, delivery->enhanced);
    smtp_done_fn *done = delivery->done;
    void *done_context = delivery->context;
    free_delivery(delivery);
    done(done_context, &result);
}

enum status smtp_create(struct loop *loop, const struct smtp_options *options, struct smtp **out,
                        struct problem *why)
{
    struct smtp *smtp = must_calloc(1, sizeof *smtp);
    smtp->options = *options;
    enum status status = transfers_create(loop, CONNECTIONS_MAX, &smtp->transfers, why);
    if (status != ST_OK) {
        free(smtp);
        return status;
    }
    *out = smtp;
    return ST_OK;
}

void smtp_destroy(struct smtp **out)
{
    struct smtp *smtp = *out;
    if (smtp == NULL)
        return;
    while (smtp->deliveries != NULL)
        free_delivery(smtp->deliveries);
    transfers_destroy(&smtp->transfers);
    free(smtp);
    *out = NULL;
}

static size_t read_raw(char *to, size_t size, size_t count, void *context)
{
    struct delivery *delivery = context;
    size_t room = size * count;
    size_t bytes = delivery->rest.len < room ? delivery->rest.len : room;
    if (bytes > 0)
        memcpy(to, delivery->rest.data, bytes);
    delivery->rest = slice_sub(delivery->rest, bytes, delivery->rest.len);
    return bytes;
}

/* "550 5.1.1 …", RFC 3463: class, subject and detail. False: there is none. */
static bool find_enhanced(struct slice line, char out[SMTP_ENHANCED_BYTES])
{
    if (line.len < 9 || (line.data[3] != ' ' && line.data[3] != '-'))
        return false;
    struct slice rest = slice_sub(line, 4, line.len);
    size_t end = 0;
    unsigned dots = 0;
    while (end < rest.len && (ascii_is_digit(rest.data[end]) || rest.data[end] == '.'))
        dots += rest.data[end++] == '.';
    bool good = dots == 2 && end >= 5 && end < SMTP_ENHANCED_BYTES && rest.data[1] == '.' &&
                rest.data[0] == line.data[0] && rest.data[end - 1] != '.';
    if (good)
        memcpy(out, rest.data, end);
    if (good)
        out[end] = '\0';
    return good;
}

static bool is_failure(char class)
{
    return class == '4' || class == '5';
}

/* Of what the MTA says only the code is kept: its words may name people. The "221" that
 * follows a refusal does not hide it. */
static size_t take_reply(char *from, size_t size, size_t count, void *context)
{
    struct delivery *delivery = context;
    struct slice line = {from, size * count};
    char enhanced[SMTP_ENHANCED_BYTES] = "";
    bool found = find_enhanced(line, enhanced);
    bool failure = line.len > 0 && is_failure(line.data[0]);
    if (failure || (found && !is_failure(delivery->enhanced[0])))
        memcpy(delivery->enhanced, enhanced, sizeof enhanced);
    return line.len;
}

static size_t drop_words(char *from, size_t size, size_t count, void *context)
{
    (void)from, (void)context;
    return size * count;
}

static enum status set_options(struct delivery *delivery, const char *from, size_t raw_len,
                               struct problem *why)
{
    const struct smtp_options *options = &delivery->smtp->options;
    CURL *easy = delivery->easy;
    TRY(transfer_prepare(easy, "smtp", options->hello, &options->server, why));
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_S);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT, (long)DELIVERY_S);
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, (long)SLOW_S);
    curl_easy_setopt(easy, CURLOPT_MAIL_FROM, from);
    curl_easy_setopt(easy, CURLOPT_MAIL_RCPT, delivery->recipients);
    curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(easy, CURLOPT_INFILESIZE_LARGE, (curl_off_t)raw_len);
    curl_easy_setopt(easy, CURLOPT_READFUNCTION, read_raw);
    curl_easy_setopt(easy, CURLOPT_READDATA, delivery);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, drop_words);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_reply);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, delivery);
    return ST_OK;
}

/* An address goes into an SMTP command: nothing that could end or extend it. */
static bool is_address(struct slice address)
{
    for (size_t i = 0; i < address.len; i++)
        if ((unsigned char)address.data[i] <= ' ' || address.data[i] == 0x7F ||
            address.data[i] == '<' || address.data[i] == '>')
            return false;
    return address.len > 0 && slice_contains(address, LIT("@"));
}

enum status smtp_send(struct smtp *smtp, struct slice from, const struct slice *to,
                      size_t to_count, struct slice raw, smtp_done_fn *done, void *context,
                      struct problem *why)
{
    bool good = is_address(from) && to_count > 0;
    for (size_t i = 0; i < to_count; i++)
        good = good && is_address(to[i]);
    if (!good || raw.len > DELIVERY_BYTES_MAX / 2)
        return problem_set(why, ST_INVALID, "a mail with a bad address, or too large");
    struct arena *arena = arena_create_wiped(DELIVERY_BYTES_MAX);
    struct delivery *delivery = ARENA_NEW(arena, struct delivery);
    *delivery = (struct delivery){.next = smtp->deliveries, .smtp = smtp, .arena = arena,
                                  .rest = arena_copy(arena, raw), .done = done, .context = context};
    smtp->deliveries = delivery;
    for (size_t i = 0; i < to_count; i++)
        delivery->recipients = curl_slist_append(
            delivery->recipients, arena_format(arena, "<%.*s>", SLICE_ARG(to[i])).data);
    delivery->easy = curl_easy_init();
    assert(delivery->easy != NULL && delivery->recipients != NULL);
    const char *path = arena_format(arena, "<%.*s>", SLICE_ARG(from)).data;
    enum status status = set_options(delivery, path, raw.len, why);
    if (status == ST_OK)
        status = transfers_add(smtp->transfers, delivery->easy, finish_delivery, delivery, why);
    if (status != ST_OK)
        free_delivery(delivery);
    return status;
}
