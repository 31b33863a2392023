/* The routes that speak JSON. */
#include "roles/api/internal.h"

enum { SUBJECT_MAX = 300, TEXT_MAX = 20000, ADDRESS_MAX = 320, RECIPIENTS_MAX = 20, ID_MAX = 200 };

enum status ask_sandbox(struct request *request, json_t **question, struct problem *why)
{
    struct slice since = request_query(request, "since");
    uint64_t change = 0;
    if (since.len > 0 && !slice_to_u64(since, INT64_MAX, &change))
        return problem_set(why, ST_INVALID, "since is not a number");
    *question = json_object();
    json_object_set_new(*question, "since",
                        since.len > 0 ? json_integer((json_int_t)change) : json_null());
    return ST_OK;
}

/* A mail to write, as NewMessage in openapi.yaml. */
struct new_message {
    struct slice from;
    struct slice_list to, cc;
    struct slice subject, text, in_reply_to;
};
static const struct record_field new_message_fields[] = {
    FIELD(new_message, from, 1, RECORD_TEXT),
    FIELD(new_message, to, 2, RECORD_TEXTS),
    FIELD(new_message, cc, 3, RECORD_TEXTS),
    FIELD(new_message, subject, 4, RECORD_TEXT),
    FIELD(new_message, text, 5, RECORD_TEXT),
    FIELD(new_message, in_reply_to, 6, RECORD_TEXT),
};
static RECORD_TYPE(new_message_record, new_message, new_message_fields);

static enum status check_length(struct slice text, size_t max, const char *name,
                                struct problem *why)
{
    if (text.len > max)
        return problem_set(why, ST_LIMIT, "%s may have %zu bytes", name, max);
    return ST_OK;
}

/* One header line: no control characters. */
static enum status check_line(struct slice text, size_t max, const char *name, struct problem *why)
{
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.data[i] < ' ' || text.data[i] == 0x7f)
            return problem_set(why, ST_INVALID, "%s has a control character", name);
    return check_length(text, max, name, why);
}

static enum status check_addresses(const struct slice_list *list, const char *name,
                                   struct problem *why)
{
    if (list->count > RECIPIENTS_MAX)
        return problem_set(why, ST_LIMIT, "%s may have %d addresses", name, RECIPIENTS_MAX);
    for (size_t i = 0; i < list->count; i++) {
        TRY(check_line(list->items[i], ADDRESS_MAX, name, why));
        if (!slice_contains(list->items[i], LIT("@")))
            return problem_set(why, ST_INVALID, "%s has a text that is no address", name);
    }
    return ST_OK;
}

static enum status check_message(const struct new_message *message, struct problem *why)
{
    TRY(check_line(message->from, ADDRESS_MAX, "from", why));
    TRY(check_addresses(&message->to, "to", why));
    TRY(check_addresses(&message->cc, "cc", why));
    TRY(check_line(message->subject, SUBJECT_MAX, "subject", why));
    TRY(check_length(message->text, TEXT_MAX, "text", why));
    TRY(check_line(message->in_reply_to, ID_MAX, "in_reply_to", why));
    if (message->from.len == 0 || message->to.count == 0)
        return problem_set(why, ST_INVALID, "a mail needs from and to");
    if (slice_trim(message->text).len == 0)
        return problem_set(why, ST_INVALID, "a mail needs a text");
    return ST_OK;
}

enum status ask_message(struct request *request, json_t **question, struct problem *why)
{
    TRY(origin_check(request, "application/json", false, why));
    AUTO_JSON body = NULL;
    struct new_message message;
    TRY(json_read(buffer_slice(&request->body), &body, why));
    TRY(json_to_record(body, &new_message_record, request->arena, &message, why));
    TRY(check_message(&message, why));
    *question = json_from_record(&new_message_record, &message, zone_utc());
    return ST_OK;
}

enum status reply_metrics(struct request *request, const struct answer *answer, struct response *response,
                          struct problem *why)
{
    (void)why;
    *response = (struct response){
        .status = MHD_HTTP_OK,
        .type = "application/openmetrics-text; version=1.0.0; charset=utf-8",
        .body = arena_copy(request->arena, json_text(answer->value, "text")),
    };
    return ST_OK;
}

enum status reply_message(struct request *request, const struct answer *answer,
                          struct response *response, struct problem *why)
{
    TRY(reply_json(request, answer, response, why));
    response->status = MHD_HTTP_ACCEPTED;
    return ST_OK;
}

enum status reply_index(struct request *request, const struct answer *answer,
                        struct response *response, struct problem *why)
{
    (void)answer;
    return reply_page(request, LIT("/index.html"), response, why);
}

/* One program in the browser for all of /account. */
enum status reply_account(struct request *request, const struct answer *answer,
                          struct response *response, struct problem *why)
{
    (void)answer;
    return reply_page(request, LIT("/account.html"), response, why);
}
