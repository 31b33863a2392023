#include "roles/trust/visitors.h"

#include "platform/sql/sql.h"
#include "roles/trust/internal.h"

enum {
    ADDRESS_BYTES_MAX = 254, /* RFC 5321 section 4.5.3.1.3 */
    TELL_AT_ONCE = 50,
    CHANGES_AT_ONCE = 20,
    ARENA_BYTES = 4 << 20,
};
static const int64_t hour_us = 3600 * INT64_C(1000000), day_us = 24 * 3600 * INT64_C(1000000);

/* What can stand in an envelope and means one mailbox. */
static enum status check_address(struct slice address, struct problem *why)
{
    size_t at = slice_find(address, LIT("@"), 0);
    bool good = address.len <= ADDRESS_BYTES_MAX && at != SIZE_MAX && at > 0 && at + 3 < address.len &&
                slice_find(address, LIT("@"), at + 1) == SIZE_MAX &&
                slice_find(address, LIT("."), at + 1) != SIZE_MAX;
    for (size_t i = 0; good && i < address.len; i++) {
        unsigned char c = (unsigned char)address.data[i];
        good = c > ' ' && c < 127 && c != '<' && c != '>' && c != '"' && c != ',' && c != ';' && c != '\\';
    }
    return good ? ST_OK : problem_set(why, ST_INVALID, "this is no mail address");
}

static bool is_french(const json_t *asked)
{
    return slice_equal(json_text(asked, "language"), LIT("fr"));
}

static struct slice link_to(const struct visitors_options *options, struct slice rest, struct arena *arena)
{
    return arena_format(arena, "%.*s/trust/%.*s", SLICE_ARG(options->public_url), SLICE_ARG(rest));
}

/* Messages to us */

static enum status check_message(struct slice address, struct slice text, struct problem *why)
{
    TRY(check_address(address, why));
    if (slice_trim(text).len == 0)
        return problem_set(why, ST_INVALID, "the message is empty");
    return text.len <= VISITOR_TEXT_BYTES_MAX ? ST_OK : problem_set(why, ST_INVALID, "the message is too long");
}

static enum status add_ticket(struct trust *trust, struct slice address, struct slice text, struct instant now,
                              struct arena *arena, struct ticket *row, struct problem *why)
{
    *row = (struct ticket){.id = database_new_id("tic", arena), .at = now};
    struct seal_place place = evidence_ticket_place(row->id);
    struct slice plain = arena_format(arena, "%.*s\n%.*s", SLICE_ARG(address), SLICE_ARG(text));
    TRY(trust_seal(trust, &place, plain, arena, &row->sealed, why));
    TRY(evidence_append_log(trust->evidence, now, LIT("contact.ticket.opened"),
                            arena_format(arena, "ticket=%.*s", SLICE_ARG(row->id)), &row->entry, why));
    return evidence_add_ticket(trust->evidence, row, why);
}

enum status visitors_write(struct trust *trust, const struct visitors_options *options, const json_t *asked,
                           struct instant now, struct arena *arena, struct slice *ticket, struct problem *why)
{
    struct slice address = slice_trim(json_text(asked, "address")), text = json_text(asked, "text");
    struct ticket row;
    uint32_t lately;
    TRY(check_message(address, text, why));
    TRY(evidence_count_tickets(trust->evidence, (struct instant){now.us - hour_us}, &lately, why));
    if (lately >= VISITOR_TICKETS_HOUR_MAX)
        return problem_set(why, ST_LIMIT, "too many messages in this hour");
    TRY(add_ticket(trust, address, text, now, arena, &row, why));
    struct letter_draft received = {
        .kind = LETTER_RECEIVED, .french = is_french(asked), .to = address, .ticket = row.id,
        .words = {row.id, arena_format(arena, "%u", row.entry), link_to(options, LIT("TRA-06"), arena)}};
    TRY(letters_add(trust, &received, now, why));
    *ticket = row.id;
    if (options->contact.len == 0)
        return ST_OK;
    struct letter_draft waits = {
        .kind = LETTER_WAITS, .french = options->french, .to = options->contact, .words = {row.id}};
    return letters_add(trust, &waits, now, why);
}

static enum status commit_if(struct trust *trust, enum status status, struct problem *why)
{
    if (status == ST_OK)
        return evidence_commit(trust->evidence, why);
    evidence_rollback(trust->evidence);
    return status;
}

static enum status contact(struct trust *trust, const struct visitors_options *options, const json_t *asked,
                           struct instant now, struct arena *arena, json_t *out, struct problem *why)
{
    struct slice ticket = SLICE_NONE;
    TRY(evidence_begin(trust->evidence, why));
    TRY(commit_if(trust, visitors_write(trust, options, asked, now, arena, &ticket, why), why));
    json_object_set_new(out, "ticket", json_from_text(ticket));
    return ST_OK;
}

/* Subscriptions */

static enum status hash_of(struct trust *trust, struct slice address, struct arena *arena, struct slice *out,
                           struct problem *why)
{
    AUTO_SECRET key = NULL;
    TRY(trust->ports.key(trust->ports.self, &key, why));
    *out = vault_lookup_hash(key, arena_lower(arena, address), arena);
    return ST_OK;
}

static enum status add_subscriber(struct trust *trust, struct slice address, struct slice hash, bool french,
                                  struct instant now, struct arena *arena, struct slice *id,
                                  struct problem *why)
{
    struct subscriber row = {.id = database_new_id("sub", arena), .at = now, .hash = hash,
                             .language = french ? LIT("fr") : LIT("en")};
    struct seal_place place = evidence_subscriber_place(row.id);
    TRY(trust_seal(trust, &place, address, arena, &row.sealed, why));
    *id = row.id;
    return evidence_add_subscriber(trust->evidence, &row, why);
}

/* An address that is there already gets nothing more: nobody can fill a mailbox from here, or learn who has
 * subscribed. */
static enum status subscribe_in(struct trust *trust, const struct visitors_options *options,
                                const json_t *asked, struct instant now, struct arena *arena,
                                struct problem *why)
{
    struct slice address = slice_trim(json_text(asked, "address")), hash, id;
    struct subscriber known;
    uint32_t lately;
    TRY(check_address(address, why));
    TRY(hash_of(trust, address, arena, &hash, why));
    if (evidence_find_subscriber(trust->evidence, hash, arena, &known, NULL) == ST_OK)
        return ST_OK;
    TRY(evidence_count_subscribers(trust->evidence, (struct instant){now.us - hour_us}, &lately, why));
    if (lately >= VISITOR_SUBSCRIBERS_HOUR_MAX)
        return problem_set(why, ST_LIMIT, "too many subscriptions in this hour");
    TRY(add_subscriber(trust, address, hash, is_french(asked), now, arena, &id, why));
    struct letter_draft confirm = {
        .kind = LETTER_CONFIRM, .french = is_french(asked), .to = address,
        .words = {link_to(options, arena_format(arena, "subscribe/%.*s", SLICE_ARG(id)), arena)}};
    return letters_add(trust, &confirm, now, why);
}

static enum status subscribe(struct trust *trust, const struct visitors_options *options, const json_t *asked,
                             struct instant now, struct arena *arena, struct problem *why)
{
    TRY(evidence_begin(trust->evidence, why));
    return commit_if(trust, subscribe_in(trust, options, asked, now, arena, why), why);
}

static enum status subscription(struct trust *trust, const json_t *asked, struct arena *arena, json_t *out,
                                struct problem *why)
{
    struct subscriber row;
    TRY(evidence_load_subscriber(trust->evidence, json_text(asked, "token"), arena, &row, why));
    json_object_set_new(out, "confirmed", json_boolean(row.confirmed.us != 0));
    return ST_OK;
}

/* Confirmed, or ended. */
static enum status decide(struct trust *trust, const json_t *asked, struct instant now, struct arena *arena,
                          struct problem *why)
{
    struct subscriber row;
    if (slice_equal(json_text(asked, "act"), LIT("stop")))
        return evidence_remove_subscriber(trust->evidence, json_text(asked, "token"), why);
    TRY(evidence_load_subscriber(trust->evidence, json_text(asked, "token"), arena, &row, why));
    return evidence_confirm_subscriber(trust->evidence, row.id, now, why);
}

static const char *const known[] = {"trust.contact", "trust.subscribe", "trust.subscription", "trust.subscribed"};

bool visitors_know(struct slice name)
{
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (slice_equal(name, slice_from(known[i])))
            return true;
    return false;
}

enum status visitors_command(struct trust *trust, const struct visitors_options *options, struct slice name,
                             const json_t *asked, struct instant now, struct arena *arena, json_t *out,
                             struct problem *why)
{
    if (slice_equal(name, slice_from(known[0])))
        return contact(trust, options, asked, now, arena, out, why);
    if (slice_equal(name, slice_from(known[1])))
        return subscribe(trust, options, asked, now, arena, why);
    if (slice_equal(name, slice_from(known[2])))
        return subscription(trust, asked, arena, out, why);
    if (slice_equal(name, slice_from(known[3])))
        return decide(trust, asked, now, arena, why);
    return problem_set(why, ST_NOT_FOUND, "no such command");
}

/* Notices */

static const char *state_word(struct slice state, bool french)
{
    static const struct {
        const char *state, *en, *fr;
    } words[] = {
        {"holds", "holds", "tenu"},
        {"fails", "fails", "en échec"},
        {"unknown", "unknown", "inconnu"},
        {"not_implemented", "not implemented", "pas encore mis en œuvre"},
        {"attested", "attested", "attesté"},
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (slice_equal(state, slice_from(words[i].state)))
            return french ? words[i].fr : words[i].en;
    return "?";
}

static enum status tell_change(struct trust *trust, const struct visitors_options *options,
                               const struct subscriber *to, struct slice address,
                               const struct change *change, struct instant now, struct arena *arena,
                               struct problem *why)
{
    const struct control *control = control_find(change->control);
    bool french = slice_equal(to->language, LIT("fr"));
    if (control == NULL)
        return ST_OK;
    struct slice cause = change->cause.len == 0
                             ? SLICE_NONE
                             : control_cause_say(control, change->cause, SLICE_NONE, french, arena);
    struct letter_draft draft = {
        .kind = LETTER_CHANGED, .french = french, .to = address,
        .words = {change->control, slice_from(state_word(change->was, french)),
                  slice_from(state_word(change->becomes, french)), slice_from(french ? control->fr : control->en),
                  arena_format(arena, "%.*s\n\n%.*s", SLICE_ARG(cause),
                               SLICE_ARG(link_to(options, change->control, arena)))},
        .unsubscribe = link_to(options, arena_format(arena, "subscribe/%.*s", SLICE_ARG(to->id)), arena)};
    return letters_add(trust, &draft, now, why);
}

static enum status tell_one(struct trust *trust, const struct visitors_options *options,
                            const struct subscriber *to, struct instant now, struct problem *why)
{
    AUTO_ARENA arena = arena_create_wiped(ARENA_BYTES);
    struct change_list changes;
    struct slice address;
    struct seal_place place = evidence_subscriber_place(to->id);
    TRY(trust_open(trust, &place, to->sealed, arena, &address, why));
    TRY(evidence_changes_after(trust->evidence, to->told, CHANGES_AT_ONCE, arena, &changes, why));
    for (size_t i = 0; i < changes.count; i++)
        TRY(tell_change(trust, options, to, address, &changes.items[i], now, arena, why));
    if (changes.count == 0)
        return ST_OK;
    return evidence_tell_subscriber(trust->evidence, to->id, changes.items[changes.count - 1].seq, why);
}

enum status visitors_tell(struct trust *trust, const struct visitors_options *options, struct instant now,
                          struct problem *why)
{
    AUTO_ARENA arena = arena_create_wiped(ARENA_BYTES);
    struct subscriber_list behind;
    uint32_t last;
    TRY(evidence_last_change(trust->evidence, &last, why));
    TRY(evidence_list_behind(trust->evidence, last, TELL_AT_ONCE, arena, &behind, why));
    for (size_t i = 0; i < behind.count; i++) {
        TRY(evidence_begin(trust->evidence, why));
        TRY(commit_if(trust, tell_one(trust, options, &behind.items[i], now, why), why));
    }
    return ST_OK;
}

enum status visitors_forget(struct trust *trust, struct instant now, struct problem *why)
{
    TRY(evidence_purge_tickets(trust->evidence, (struct instant){now.us - 365 * day_us}, why));
    return evidence_purge_subscribers(trust->evidence, (struct instant){now.us - 7 * day_us}, why);
}
