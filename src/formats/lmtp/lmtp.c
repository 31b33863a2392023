#include "formats/lmtp/lmtp.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "formats/lmtp/path.h"

struct lmtp {
    struct lmtp_options options;
    /* What the next bytes are part of. */
    enum lmtp_event (*next)(struct lmtp *, struct slice bytes, size_t *used, struct buffer *replies);
    struct buffer line;
    bool line_too_long;
    bool greeted, has_sender, utf8;
    unsigned errors, refused;
    struct arena *envelope; /* of the transaction */
    struct slice sender, recipients[LMTP_RECIPIENTS_MAX];
    size_t recipient_count;
    struct buffer raw;
    size_t raw_seen; /* bytes of content, kept or not */
    enum { AT_LINE_START, IN_LINE, AFTER_CR, AFTER_DOT, AFTER_DOT_CR } data_state;
    struct lmtp_message message;
};

/* Every reply that does not depend on anything. */
enum reply {
    REPLY_OK, REPLY_RESET, REPLY_BYE, REPLY_SENDER, REPLY_RECIPIENT, REPLY_DATA, REPLY_CANNOT_VERIFY,
    REPLY_HELP, REPLY_UNKNOWN, REPLY_LINE_TOO_LONG, REPLY_BAD_LINE, REPLY_NOT_SMTP, REPLY_NO_LHLO,
    REPLY_NESTED_MAIL, REPLY_BAD_SENDER, REPLY_BAD_RECIPIENT, REPLY_BAD_PARAMETER, REPLY_NEED_UTF8,
    REPLY_NO_MAIL, REPLY_NO_RCPT, REPLY_TOO_MANY_RCPT, REPLY_NOT_HERE, REPLY_NO_ARGUMENT,
    REPLY_TOO_MANY_ERRORS, REPLY_NOT_DONE,
};
static const struct {
    const char *text;
    bool is_error; /* counts towards LMTP_ERRORS_MAX */
} reply_texts[] = {
    [REPLY_OK] = {"250 2.0.0 OK\r\n", false},
    [REPLY_RESET] = {"250 2.0.0 Forgotten\r\n", false},
    [REPLY_BYE] = {"221 2.0.0 Bye\r\n", false},
    [REPLY_SENDER] = {"250 2.1.0 Sender OK\r\n", false},
    [REPLY_RECIPIENT] = {"250 2.1.5 Recipient OK\r\n", false},
    [REPLY_DATA] = {"354 End with a dot on a line of its own\r\n", false},
    [REPLY_CANNOT_VERIFY] = {"252 2.5.0 Send a mail and see\r\n", false},
    [REPLY_HELP] = {"214 2.0.0 RFC 2033\r\n", false},
    [REPLY_UNKNOWN] = {"500 5.5.2 Unknown command\r\n", true},
    [REPLY_LINE_TOO_LONG] = {"500 5.5.2 Line too long\r\n", true},
    [REPLY_BAD_LINE] = {"500 5.5.2 Lines end with CR LF and hold no control characters\r\n", true},
    [REPLY_NOT_SMTP] = {"500 5.5.1 This is LMTP: LHLO\r\n", true},
    [REPLY_NO_LHLO] = {"503 5.5.1 LHLO first\r\n", true},
    [REPLY_NESTED_MAIL] = {"503 5.5.1 There is a sender already\r\n", true},
    [REPLY_BAD_SENDER] = {"501 5.1.7 Bad sender address\r\n", true},
    [REPLY_BAD_RECIPIENT] = {"501 5.1.3 Bad recipient address\r\n", true},
    [REPLY_BAD_PARAMETER] = {"555 5.5.4 Unknown or bad parameter\r\n", true},
    [REPLY_NEED_UTF8] = {"553 5.6.7 This address needs SMTPUTF8\r\n", true},
    [REPLY_NO_MAIL] = {"503 5.5.1 MAIL first\r\n", true},
    [REPLY_NO_RCPT] = {"503 5.5.1 No valid recipients\r\n", true},
    [REPLY_TOO_MANY_RCPT] = {"452 4.5.3 Too many recipients\r\n", false},
    [REPLY_NOT_HERE] = {"550 5.1.1 No such address here\r\n", false},
    [REPLY_NO_ARGUMENT] = {"501 5.5.4 An argument is missing or too much\r\n", true},
    [REPLY_TOO_MANY_ERRORS] = {"421 4.7.0 Too many errors\r\n", false},
    [REPLY_NOT_DONE] = {"502 5.5.1 Not here\r\n", true},
};

static enum lmtp_event reply(struct lmtp *lmtp, enum reply which, struct buffer *replies)
{
    buffer_add_text(replies, reply_texts[which].text);
    if (!reply_texts[which].is_error || ++lmtp->errors <= LMTP_ERRORS_MAX)
        return LMTP_MORE;
    buffer_add_text(replies, reply_texts[REPLY_TOO_MANY_ERRORS].text);
    return LMTP_CLOSE;
}

static enum lmtp_event read_command(struct lmtp *, struct slice, size_t *, struct buffer *);
static enum lmtp_event read_data(struct lmtp *, struct slice, size_t *, struct buffer *);

static void reset_transaction(struct lmtp *lmtp)
{
    arena_destroy(&lmtp->envelope);
    lmtp->envelope = arena_create_wiped((size_t)1 << 20);
    lmtp->has_sender = lmtp->utf8 = false;
    lmtp->sender = SLICE_NONE;
    lmtp->recipient_count = 0;
    buffer_wipe(&lmtp->raw);
    lmtp->raw_seen = 0;
    lmtp->next = read_command;
}

struct lmtp *lmtp_create(const struct lmtp_options *options)
{
    struct lmtp *lmtp = must_calloc(1, sizeof *lmtp);
    lmtp->options = *options;
    lmtp->line = buffer_create(LMTP_LINE_BYTES_MAX);
    lmtp->raw = buffer_create(options->message_bytes_max);
    reset_transaction(lmtp);
    return lmtp;
}

void lmtp_destroy(struct lmtp **out)
{
    struct lmtp *lmtp = *out;
    if (lmtp == NULL)
        return;
    arena_destroy(&lmtp->envelope);
    buffer_wipe(&lmtp->line);
    buffer_wipe(&lmtp->raw);
    free(lmtp);
    *out = NULL;
}

unsigned lmtp_refused(const struct lmtp *lmtp)
{
    return lmtp->refused;
}

size_t lmtp_held(const struct lmtp *lmtp)
{
    return lmtp->raw.len;
}

bool lmtp_in_message(const struct lmtp *lmtp)
{
    return lmtp->next == read_data;
}

bool lmtp_in_transaction(const struct lmtp *lmtp)
{
    return lmtp->has_sender;
}

void lmtp_greet(const struct lmtp *lmtp, struct buffer *replies)
{
    buffer_add_format(replies, "220 %.*s LMTP Rendez\r\n", SLICE_ARG(lmtp->options.host));
}

void lmtp_farewell(const char *reason, struct buffer *replies)
{
    buffer_add_format(replies, "421 4.3.2 %s\r\n", reason);
}

static enum lmtp_event command_lhlo(struct lmtp *lmtp, struct slice argument, struct buffer *replies)
{
    if (argument.len == 0)
        return reply(lmtp, REPLY_NO_ARGUMENT, replies);
    reset_transaction(lmtp);
    lmtp->greeted = true;
    buffer_add_format(replies,
                      "250-%.*s\r\n250-PIPELINING\r\n250-ENHANCEDSTATUSCODES\r\n250-8BITMIME\r\n"
                      "250-SMTPUTF8\r\n250 SIZE %zu\r\n",
                      SLICE_ARG(lmtp->options.host), lmtp->options.message_bytes_max);
    return LMTP_MORE;
}

static enum lmtp_event command_smtp(struct lmtp *lmtp, struct slice argument, struct buffer *replies)
{
    (void)argument;
    return reply(lmtp, REPLY_NOT_SMTP, replies);
}

static void too_large(struct lmtp *lmtp, struct buffer *replies)
{
    buffer_add_format(replies, "552 5.3.4 A message may have %zu MB at most\r\n",
                      lmtp->options.message_bytes_max >> 20);
}

/* One "NAME" or "NAME=VALUE" behind the path. */
struct parameter {
    struct slice name, value;
};

static bool next_parameter(struct slice *rest, struct parameter *parameter)
{
    *rest = slice_trim(*rest);
    if (rest->len == 0)
        return false;
    size_t end = slice_find(*rest, LIT(" "), 0);
    struct slice word = slice_sub(*rest, 0, end);
    *rest = slice_sub(*rest, end == SIZE_MAX ? rest->len : end, rest->len);
    size_t equals = slice_find(word, LIT("="), 0);
    parameter->name = slice_sub(word, 0, equals);
    parameter->value =
        equals == SIZE_MAX ? SLICE_NONE : slice_sub(word, equals + 1, word.len);
    return true;
}

static bool is_body_kind(struct slice value)
{
    return slice_equal_nocase(value, LIT("7BIT")) || slice_equal_nocase(value, LIT("8BITMIME"));
}

/* Reads the parameters of MAIL; false: one is bad. AUTH=, RET=, ENVID= and the like are
 * not announced, so nobody may send them. */
static bool read_mail_parameters(struct slice rest, uint64_t *size, bool *utf8)
{
    struct parameter parameter;
    while (next_parameter(&rest, &parameter)) {
        if (slice_equal_nocase(parameter.name, LIT("SIZE"))) {
            if (!slice_to_u64(parameter.value, UINT64_MAX / 2, size))
                return false;
        } else if (slice_equal_nocase(parameter.name, LIT("SMTPUTF8"))) {
            if (parameter.value.len > 0)
                return false;
            *utf8 = true;
        } else if (!slice_equal_nocase(parameter.name, LIT("BODY")) ||
                   !is_body_kind(parameter.value)) {
            return false;
        }
    }
    return true;
}

static bool starts_parameters(struct slice rest)
{
    return rest.len == 0 || rest.data[0] == ' ';
}

static enum lmtp_event command_mail(struct lmtp *lmtp, struct slice argument, struct buffer *replies)
{
    struct slice address, rest;
    uint64_t size = 0;
    bool utf8 = false;
    if (!lmtp->greeted)
        return reply(lmtp, REPLY_NO_LHLO, replies);
    if (lmtp->has_sender)
        return reply(lmtp, REPLY_NESTED_MAIL, replies);
    if (!slice_starts_nocase(argument, LIT("FROM:")) ||
        !path_parse(slice_trim(slice_sub(argument, 5, argument.len)), &address, &rest) ||
        !starts_parameters(rest))
        return reply(lmtp, REPLY_BAD_SENDER, replies);
    if (!read_mail_parameters(rest, &size, &utf8))
        return reply(lmtp, REPLY_BAD_PARAMETER, replies);
    if (!utf8 && !path_is_ascii(address))
        return reply(lmtp, REPLY_NEED_UTF8, replies);
    if (size > lmtp->options.message_bytes_max) {
        lmtp->refused++;
        too_large(lmtp, replies);
        return LMTP_MORE;
    }
    lmtp->has_sender = true;
    lmtp->utf8 = utf8;
    lmtp->sender = arena_copy(lmtp->envelope, address);
    return reply(lmtp, REPLY_SENDER, replies);
}

static enum lmtp_event command_rcpt(struct lmtp *lmtp, struct slice argument, struct buffer *replies)
{
    struct slice address, rest;
    if (!lmtp->has_sender)
        return reply(lmtp, REPLY_NO_MAIL, replies);
    if (!slice_starts_nocase(argument, LIT("TO:")) ||
        !path_parse(slice_trim(slice_sub(argument, 3, argument.len)), &address, &rest) ||
        address.len == 0)
        return reply(lmtp, REPLY_BAD_RECIPIENT, replies);
    if (slice_trim(rest).len > 0)
        return reply(lmtp, REPLY_BAD_PARAMETER, replies);
    if (!lmtp->utf8 && !path_is_ascii(address))
        return reply(lmtp, REPLY_NEED_UTF8, replies);
    if (lmtp->recipient_count == LMTP_RECIPIENTS_MAX)
        return reply(lmtp, REPLY_TOO_MANY_RCPT, replies);
    if (!lmtp->options.takes(lmtp->options.context, address))
        return reply(lmtp, REPLY_NOT_HERE, replies);
    lmtp->recipients[lmtp->recipient_count++] = arena_copy(lmtp->envelope, address);
    return reply(lmtp, REPLY_RECIPIENT, replies);
}

static enum lmtp_event command_data(struct lmtp *lmtp, struct slice argument, struct buffer *replies)
{
    if (argument.len > 0)
        return reply(lmtp, REPLY_NO_ARGUMENT, replies);
    if (!lmtp->has_sender)
        return reply(lmtp, REPLY_NO_MAIL, replies);
    if (lmtp->recipient_count == 0)
        return reply(lmtp, REPLY_NO_RCPT, replies);
    lmtp->data_state = AT_LINE_START;
    lmtp->next = read_data;
    return reply(lmtp, REPLY_DATA, replies);
}

static enum lmtp_event command_rset(struct lmtp *lmtp, struct slice argument, struct buffer *replies)
{
    if (argument.len > 0)
        return reply(lmtp, REPLY_NO_ARGUMENT, replies);
    reset_transaction(lmtp);
    return reply(lmtp, REPLY_RESET, replies);
}

static enum lmtp_event command_noop(struct lmtp *lmtp, struct slice argument, struct buffer *replies)
{
    (void)argument;
    return reply(lmtp, REPLY_OK, replies);
}

static enum lmtp_event command_quit(struct lmtp *lmtp, struct slice argument, struct buffer *replies)
{
    (void)argument;
    reply(lmtp, REPLY_BYE, replies);
    return LMTP_CLOSE;
}

static enum lmtp_event command_vrfy(struct lmtp *lmtp, struct slice argument, struct buffer *replies)
{
    (void)argument;
    return reply(lmtp, REPLY_CANNOT_VERIFY, replies);
}

static enum lmtp_event command_help(struct lmtp *lmtp, struct slice argument, struct buffer *replies)
{
    (void)argument;
    return reply(lmtp, REPLY_HELP, replies);
}

static enum lmtp_event command_not_done(struct lmtp *lmtp, struct slice argument,
                                        struct buffer *replies)
{
    (void)argument;
    return reply(lmtp, REPLY_NOT_DONE, replies);
}

static const struct {
    const char *name;
    enum lmtp_event (*run)(struct lmtp *, struct slice argument, struct buffer *replies);
} commands[] = {
    {"LHLO", command_lhlo},     {"MAIL", command_mail},     {"RCPT", command_rcpt},
    {"DATA", command_data},     {"RSET", command_rset},     {"NOOP", command_noop},
    {"QUIT", command_quit},     {"VRFY", command_vrfy},     {"HELP", command_help},
    {"HELO", command_smtp},     {"EHLO", command_smtp},     {"EXPN", command_not_done},
    {"STARTTLS", command_not_done}, {"AUTH", command_not_done}, {"BDAT", command_not_done},
};

static bool has_control(struct slice line)
{
    for (size_t i = 0; i < line.len; i++)
        if ((unsigned char)line.data[i] < ' ' || line.data[i] == 0x7F)
            return true;
    return false;
}

static enum lmtp_event run_line(struct lmtp *lmtp, struct slice line, struct buffer *replies)
{
    if (line.len == 0 || line.data[line.len - 1] != '\r' ||
        has_control(slice_sub(line, 0, line.len - 1)))
        return reply(lmtp, REPLY_BAD_LINE, replies);
    line = slice_trim(line);
    size_t space = slice_find(line, LIT(" "), 0);
    struct slice name = slice_sub(line, 0, space);
    struct slice argument =
        space == SIZE_MAX ? SLICE_NONE : slice_trim(slice_sub(line, space, line.len));
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        if (slice_equal_nocase(name, slice_from(commands[i].name)))
            return commands[i].run(lmtp, argument, replies);
    return reply(lmtp, REPLY_UNKNOWN, replies);
}

/* Collects one line, then runs it. */
static enum lmtp_event read_command(struct lmtp *lmtp, struct slice bytes, size_t *used,
                                    struct buffer *replies)
{
    size_t end = slice_find(bytes, LIT("\n"), 0);
    struct slice part = slice_sub(bytes, 0, end);
    buffer_add(&lmtp->line, part);
    lmtp->line_too_long = lmtp->line_too_long || lmtp->line.full;
    if (end == SIZE_MAX) {
        *used = bytes.len;
        return LMTP_MORE;
    }
    *used = end + 1;
    enum lmtp_event event = lmtp->line_too_long
                                ? reply(lmtp, REPLY_LINE_TOO_LONG, replies)
                                : run_line(lmtp, buffer_slice(&lmtp->line), replies);
    buffer_clear(&lmtp->line);
    lmtp->line_too_long = false;
    return event;
}

static void keep(struct lmtp *lmtp, struct slice content)
{
    lmtp->raw_seen += content.len;
    buffer_add(&lmtp->raw, content);
    if (lmtp->raw.full && lmtp->raw.data != NULL)
        buffer_wipe(&lmtp->raw), lmtp->raw.full = true; /* too large: what is there is no use */
}

static bool is_too_large(const struct lmtp *lmtp)
{
    return lmtp->raw_seen > lmtp->options.message_bytes_max;
}

static void refuse_size(struct lmtp *lmtp, struct buffer *replies)
{
    lmtp->refused++;
    for (size_t i = 0; i < lmtp->recipient_count; i++)
        too_large(lmtp, replies);
}

static enum lmtp_event end_data(struct lmtp *lmtp, struct buffer *replies)
{
    if (is_too_large(lmtp)) {
        refuse_size(lmtp, replies);
        reset_transaction(lmtp);
        return LMTP_MORE;
    }
    lmtp->message = (struct lmtp_message){
        .sender = lmtp->sender,
        .recipients = lmtp->recipients,
        .recipient_count = lmtp->recipient_count,
        .raw = buffer_slice(&lmtp->raw),
    };
    lmtp->next = NULL;
    return LMTP_MESSAGE;
}

/* One byte of content; true when it ended the message. A dot at the start of a line is
 * held back until the next byte says what it is. */
static bool step_data(struct lmtp *lmtp, char c, size_t *held)
{
    switch (lmtp->data_state) {
    case AT_LINE_START:
        if (c == '.') {
            lmtp->data_state = AFTER_DOT;
            *held = 1;
            return false;
        }
        break;
    case AFTER_DOT:
        /* The dot was stuffing, unless CR LF follows. */
        lmtp->data_state = c == '\r' ? AFTER_DOT_CR : IN_LINE;
        *held = c == '\r' ? 2 : 0;
        return false;
    case AFTER_DOT_CR:
        if (c == '\n')
            return true;
        keep(lmtp, LIT("\r"));
        break;
    case AFTER_CR:
        if (c == '\n') {
            lmtp->data_state = AT_LINE_START;
            *held = 0;
            return false;
        }
        break;
    case IN_LINE:
        break;
    }
    lmtp->data_state = c == '\r' ? AFTER_CR : IN_LINE;
    *held = 0;
    return false;
}

/* Length of the run without anything to look at: no CR. */
static size_t plain_run(struct slice bytes)
{
    const char *cr = memchr(bytes.data, '\r', bytes.len);
    return cr == NULL ? bytes.len : (size_t)(cr - bytes.data);
}

static enum lmtp_event read_data(struct lmtp *lmtp, struct slice bytes, size_t *used,
                                 struct buffer *replies)
{
    size_t at = 0;
    while (at < bytes.len) {
        size_t run = lmtp->data_state == IN_LINE ? plain_run(slice_sub(bytes, at, bytes.len)) : 0;
        if (run > 0) {
            keep(lmtp, slice_sub(bytes, at, at + run));
            at += run;
            continue;
        }
        size_t held = 0;
        if (step_data(lmtp, bytes.data[at], &held)) {
            *used = at + 1;
            return end_data(lmtp, replies);
        }
        if (held == 0)
            keep(lmtp, slice_sub(bytes, at, at + 1));
        at++;
        /* Whoever goes on for long after the limit is not waited for. */
        if (lmtp->raw_seen / 2 > lmtp->options.message_bytes_max) {
            *used = at;
            refuse_size(lmtp, replies);
            return LMTP_CLOSE;
        }
    }
    *used = bytes.len;
    return LMTP_MORE;
}

enum lmtp_event lmtp_feed(struct lmtp *lmtp, struct slice bytes, size_t *used,
                          struct buffer *replies)
{
    size_t at = 0;
    enum lmtp_event event = LMTP_MORE;
    while (event == LMTP_MORE && at < bytes.len) {
        assert(lmtp->next != NULL); /* a message waits for lmtp_answer */
        size_t part = 0;
        event = lmtp->next(lmtp, slice_sub(bytes, at, bytes.len), &part, replies);
        at += part;
    }
    *used = at;
    return event;
}

const struct lmtp_message *lmtp_message(const struct lmtp *lmtp)
{
    assert(lmtp->next == NULL);
    return &lmtp->message;
}

void lmtp_answer(struct lmtp *lmtp, enum status status, struct buffer *replies)
{
    assert(lmtp->next == NULL);
    const char *text = status == ST_OK            ? "250 2.0.0 Sealed and on disk\r\n"
                       : status == ST_LIMIT       ? "452 4.3.1 No room; try again later\r\n"
                       : status == ST_UNAVAILABLE ? "451 4.3.0 Not now; try again later\r\n"
                                                  : "554 5.6.0 Cannot be taken\r\n";
    for (size_t i = 0; i < lmtp->recipient_count; i++)
        buffer_add_text(replies, text);
    reset_transaction(lmtp);
}
