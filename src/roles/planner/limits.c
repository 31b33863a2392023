/* Storms: how many requests are taken, how many mails go out, and the same words again and
 * again from a program that does not say that it is one. Counts are of keyed hashes. */
#include "base/eventlog/eventlog.h"
#include "roles/planner/internal.h"

enum { PERIODS_MAX = 24 * 14 }; /* a mail waits at most so many periods */

static struct slice hash_of(struct unit *unit, struct slice text)
{
    return vault_lookup_hash(unit->planner->lookup_key, text, unit->arena);
}

static struct instant period_of(struct instant now, int64_t length_us)
{
    return (struct instant){now.us - now.us % length_us};
}

static enum status count_today(struct unit *unit, struct slice subject, const char *kind,
                               uint32_t *count)
{
    return store_tally(unit->planner->store, subject, kind, period_of(unit->now, DAY_US), count,
                       unit->why);
}

/* Counts one more and tells whether that is over the limit (0: there is none). */
static enum status exceeds(struct unit *unit, struct slice subject, const char *kind,
                           uint32_t limit, bool *over)
{
    uint32_t count = 0;
    if (limit > 0)
        TRY(count_today(unit, subject, kind, &count));
    *over = limit > 0 && count > limit;
    return ST_OK;
}

/* A word to a client that belongs to no meeting. */
static struct mail_order word_to(const struct unit *unit, const struct person *person)
{
    return (struct mail_order){
        .to = {person->name, person->address},
        .language = person->language == LANGUAGE_UNKNOWN ? LANGUAGE_EN : person->language,
        .time_zone = person->time_zone,
        .recipient_name = person->name,
        .organizer_name = person->name,
        .organizer_address = person->address,
        .assistant_name = unit->planner->options.assistant.name,
    };
}

enum status tell_calendar(struct unit *unit, const struct person *person, struct slice phrase)
{
    uint32_t told;
    TRY(count_today(unit, address_hash(unit, person->address), phrase.data, &told));
    if (told > 1 || !person->client)
        return ST_OK;
    struct mail_order order = word_to(unit, person);
    order.purpose = PURPOSE_NOTICE;
    order.phrase = phrase;
    order.subject = order.language == LANGUAGE_FR ? LIT("Votre agenda") : LIT("Your calendar");
    return keep_order(unit, NULL, &order);
}

/* Said once a day; a loop of two programs ends here. */
static enum status tell_limit(struct unit *unit, const struct mail *mail, const struct person *person)
{
    uint32_t told;
    struct slice id = mail->message_id;
    TRY(count_today(unit, address_hash(unit, person->address), "told", &told));
    if (told > 1)
        return ST_OK;
    struct mail_order order = word_to(unit, person);
    order.purpose = PURPOSE_DECLINE;
    order.phrase = LIT("limit.requests");
    order.subject = mail->subject;
    order.reply_to_id = id;
    if (id.len > 0)
        ARENA_PUSH(unit->arena, &order.references, id);
    return keep_order(unit, NULL, &order);
}

enum status may_request(struct unit *unit, const struct mail *mail, const struct person *person,
                        bool *may)
{
    const struct planner_limits *limits = &unit->planner->options.limits;
    bool sender = false, organisation = false;
    TRY(exceeds(unit, address_hash(unit, person->address), "request", limits->requests_per_sender,
                &sender));
    if (!sender) /* what is refused anyway does not use up what others may ask */
        TRY(exceeds(unit, hash_of(unit, person->organisation), "request",
                    limits->requests_per_organisation, &organisation));
    *may = !sender && !organisation;
    if (*may)
        return ST_OK;
    event_log(EVENT_REQUEST_LIMITED, field_id(KEY_PERSON, person->id),
              field_id(KEY_ORGANISATION, person->organisation));
    return tell_limit(unit, mail, person);
}

/* The first period from now that has room for one more. */
static enum status find_room(struct unit *unit, struct slice subject, const char *kind,
                             int64_t length_us, uint32_t limit, struct instant *due)
{
    struct instant period = period_of(unit->now, length_us);
    for (int i = 0; limit > 0 && i < PERIODS_MAX; i++) {
        uint32_t count;
        TRY(store_tally(unit->planner->store, subject, kind, period, &count, unit->why));
        if (count <= limit)
            break;
        period.us += length_us;
    }
    if (period.us > due->us)
        *due = period;
    return ST_OK;
}

enum status mail_due(struct unit *unit, struct slice organisation, const struct mail_order *order,
                     struct instant *due)
{
    const struct planner_limits *limits = &unit->planner->options.limits;
    *due = unit->now;
    TRY(find_room(unit, hash_of(unit, organisation), "mail", 60 * MINUTE_US,
                  limits->mails_per_organisation, due));
    if (order->guest)
        TRY(find_room(unit, address_hash(unit, order->to.address), "mail", DAY_US,
                      limits->mails_per_address, due));
    if (due->us > unit->now.us)
        event_log(EVENT_MAIL_LIMITED, field_id(KEY_ORGANISATION, organisation));
    return ST_OK;
}

static void add_addresses(struct buffer *out, const struct mailbox_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        buffer_add_format(out, "%.*s\n", SLICE_ARG(list->items[i].address));
}

/* What the same person says again under the same subject on the same day to the same people is
 * answered once; as an answer to ever new mails of ours three times, since a person may well
 * write "yes, that suits me" to two of them. Short answers are never taken for a program. */
enum status is_storm(struct unit *unit, const struct mail *mail, bool *storm)
{
    enum { WORDS_MIN = 40, SAME_MAX = 1, ALIKE_MAX = 3, KEY_BYTES_MAX = 1 << 20 };
    uint32_t same = 0, alike = 0;
    AUTO_BUFFER key = buffer_create(KEY_BYTES_MAX);
    *storm = false;
    if (mail->new_text.len < WORDS_MIN)
        return ST_OK;
    buffer_add_format(&key, "%.*s\n%.*s\n%.*s\n", SLICE_ARG(mail->from.address),
                      SLICE_ARG(mail->subject), SLICE_ARG(mail->new_text));
    add_addresses(&key, &mail->to);
    add_addresses(&key, &mail->cc);
    TRY(buffer_check(&key, "mail", unit->why));
    TRY(count_today(unit, hash_of(unit, buffer_slice(&key)), "alike", &alike));
    buffer_add(&key, mail->in_reply_to);
    TRY(count_today(unit, hash_of(unit, buffer_slice(&key)), "same", &same));
    *storm = same > SAME_MAX || alike > ALIKE_MAX;
    return ST_OK;
}
