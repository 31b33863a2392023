#include "platform/evidence/visitors.h"

#include "platform/evidence/tables.h"

static struct seal_place place_of(struct slice table, struct slice id)
{
    return (struct seal_place){.table = table, .column = LIT("sealed"), .row = id};
}

static enum status note_number(const struct sql_value *columns, void *context, struct problem *why)
{
    (void)why;
    *(uint32_t *)context = (uint32_t)columns[0].number;
    return ST_OK;
}

static enum status number_of(struct evidence *evidence, enum query query, const struct sql_value *args,
                             uint32_t *out, struct problem *why)
{
    *out = 0;
    return evidence->db.driver->run(evidence->db.sql, query, args, note_number, out, why);
}

/* A statement that returns a row for what it changed. */
static enum status change_one(struct evidence *evidence, enum query query, const struct sql_value *args,
                              const char *what, struct problem *why)
{
    uint32_t changed;
    TRY(number_of(evidence, query, args, &changed, why));
    return changed == 1 ? ST_OK : problem_set(why, ST_NOT_FOUND, "no such %s", what);
}

/* Tickets */

ROW_TYPE(ticket_row, ticket, TEXT(ticket, id), INSTANT(ticket, at), MOMENT(ticket, acknowledged),
         MOMENT(ticket, answered), SEALED(ticket, sealed), NUMBER(ticket, entry));

enum status evidence_add_ticket(struct evidence *evidence, const struct ticket *ticket, struct problem *why)
{
    return rows_save(&evidence->db, QUERY_TICKET_ADD, &ticket_row, ticket, why);
}

enum status evidence_list_tickets(struct evidence *evidence, struct arena *arena, struct ticket_list *out,
                                  struct problem *why)
{
    ROWS_LIST(&evidence->db, QUERY_TICKET_LIST, NULL, &ticket_row, arena, out, why);
    return ST_OK;
}

enum status evidence_oldest_ticket(struct evidence *evidence, struct arena *arena, struct ticket *out,
                                   struct problem *why)
{
    return rows_load(&evidence->db, QUERY_TICKET_OLDEST, NULL, &ticket_row, arena, out, "open ticket", why);
}

enum status evidence_count_tickets(struct evidence *evidence, struct instant after, uint32_t *out,
                                   struct problem *why)
{
    return number_of(evidence, QUERY_TICKET_COUNT, ARGS(arg_number(after.us)), out, why);
}

enum status evidence_acknowledge_ticket(struct evidence *evidence, struct slice id, struct instant at,
                                        struct problem *why)
{
    return rows_run(&evidence->db, QUERY_TICKET_ACKNOWLEDGE, ARGS(arg_text(id), arg_number(at.us)), why);
}

enum status evidence_answer_ticket(struct evidence *evidence, struct slice id, struct instant at,
                                   struct problem *why)
{
    return change_one(evidence, QUERY_TICKET_ANSWER, ARGS(arg_text(id), arg_number(at.us)), "open ticket", why);
}

enum status evidence_purge_tickets(struct evidence *evidence, struct instant before, struct problem *why)
{
    return rows_run(&evidence->db, QUERY_TICKET_PURGE, ARGS(arg_number(before.us)), why);
}

struct seal_place evidence_ticket_place(struct slice id)
{
    return place_of(LIT("ticket"), id);
}

/* Subscribers */

ROW_TYPE(subscriber_row, subscriber, TEXT(subscriber, id), INSTANT(subscriber, at), TEXT(subscriber, language),
         MOMENT(subscriber, confirmed), NUMBER(subscriber, told), HASH(subscriber, hash),
         SEALED(subscriber, sealed));

enum status evidence_add_subscriber(struct evidence *evidence, const struct subscriber *subscriber,
                                    struct problem *why)
{
    return rows_save(&evidence->db, QUERY_SUBSCRIBER_ADD, &subscriber_row, subscriber, why);
}

enum status evidence_load_subscriber(struct evidence *evidence, struct slice id, struct arena *arena,
                                     struct subscriber *out, struct problem *why)
{
    return rows_load(&evidence->db, QUERY_SUBSCRIBER_LOAD, ARGS(arg_text(id)), &subscriber_row, arena, out,
                     "subscription", why);
}

enum status evidence_find_subscriber(struct evidence *evidence, struct slice hash, struct arena *arena,
                                     struct subscriber *out, struct problem *why)
{
    return rows_load(&evidence->db, QUERY_SUBSCRIBER_FIND, ARGS(arg_hash(hash)), &subscriber_row, arena, out,
                     "subscription", why);
}

enum status evidence_list_behind(struct evidence *evidence, uint32_t seq, uint32_t limit, struct arena *arena,
                                 struct subscriber_list *out, struct problem *why)
{
    ROWS_LIST(&evidence->db, QUERY_SUBSCRIBER_BEHIND, ARGS(arg_number(seq), arg_number(limit)), &subscriber_row,
              arena, out, why);
    return ST_OK;
}

enum status evidence_confirm_subscriber(struct evidence *evidence, struct slice id, struct instant at,
                                        struct problem *why)
{
    uint32_t last;
    TRY(evidence_last_change(evidence, &last, why));
    return rows_run(&evidence->db, QUERY_SUBSCRIBER_CONFIRM,
                    ARGS(arg_text(id), arg_number(at.us), arg_number(last)), why);
}

enum status evidence_tell_subscriber(struct evidence *evidence, struct slice id, uint32_t seq,
                                     struct problem *why)
{
    return rows_run(&evidence->db, QUERY_SUBSCRIBER_TELL, ARGS(arg_text(id), arg_number(seq)), why);
}

enum status evidence_remove_subscriber(struct evidence *evidence, struct slice id, struct problem *why)
{
    return change_one(evidence, QUERY_SUBSCRIBER_REMOVE, ARGS(arg_text(id)), "subscription", why);
}

enum status evidence_purge_subscribers(struct evidence *evidence, struct instant before, struct problem *why)
{
    return rows_run(&evidence->db, QUERY_SUBSCRIBER_PURGE, ARGS(arg_number(before.us)), why);
}

enum status evidence_count_subscribers(struct evidence *evidence, struct instant after, uint32_t *out,
                                       struct problem *why)
{
    return number_of(evidence, QUERY_SUBSCRIBER_COUNT, ARGS(arg_number(after.us)), out, why);
}

struct seal_place evidence_subscriber_place(struct slice id)
{
    return place_of(LIT("subscriber"), id);
}

/* Letters */

ROW_TYPE(letter_row, letter, TEXT(letter, id), INSTANT(letter, at), INSTANT(letter, due), NUMBER(letter, attempts),
         TEXT(letter, ticket), SEALED(letter, sealed));

enum status evidence_add_letter(struct evidence *evidence, const struct letter *letter, struct problem *why)
{
    return rows_save(&evidence->db, QUERY_LETTER_ADD, &letter_row, letter, why);
}

enum status evidence_due_letters(struct evidence *evidence, struct instant now, uint32_t limit,
                                 struct arena *arena, struct letter_list *out, struct problem *why)
{
    ROWS_LIST(&evidence->db, QUERY_LETTER_DUE, ARGS(arg_number(now.us), arg_number(limit)), &letter_row, arena,
              out, why);
    return ST_OK;
}

enum status evidence_load_letter(struct evidence *evidence, struct slice id, struct arena *arena,
                                 struct letter *out, struct problem *why)
{
    return rows_load(&evidence->db, QUERY_LETTER_LOAD, ARGS(arg_text(id)), &letter_row, arena, out, "letter", why);
}

enum status evidence_try_letter_later(struct evidence *evidence, struct slice id, struct instant due,
                                      struct problem *why)
{
    return rows_run(&evidence->db, QUERY_LETTER_LATER, ARGS(arg_text(id), arg_number(due.us)), why);
}

enum status evidence_remove_letter(struct evidence *evidence, struct slice id, struct problem *why)
{
    return rows_run(&evidence->db, QUERY_LETTER_REMOVE, ARGS(arg_text(id)), why);
}

struct seal_place evidence_letter_place(struct slice id)
{
    return place_of(LIT("letter"), id);
}

/* Changes, in the order in which they are told */

ROW_TYPE(change_after_row, change, NUMBER(change, seq), INSTANT(change, at), TEXT(change, control),
         TEXT(change, was), TEXT(change, becomes), TEXT(change, cause), NUMBER(change, entry));

enum status evidence_changes_after(struct evidence *evidence, uint32_t seq, uint32_t limit, struct arena *arena,
                                   struct change_list *out, struct problem *why)
{
    ROWS_LIST(&evidence->db, QUERY_CHANGE_AFTER, ARGS(arg_number(seq), arg_number(limit)), &change_after_row,
              arena, out, why);
    return ST_OK;
}

enum status evidence_last_change(struct evidence *evidence, uint32_t *seq, struct problem *why)
{
    return number_of(evidence, QUERY_CHANGE_LAST, NULL, seq, why);
}

/* At work */

ROW_TYPE(uptime_row, uptime, NUMBER(uptime, day), NUMBER(uptime, minutes));
ROW_TYPE(silence_row, silence, INSTANT(silence, began), INSTANT(silence, ended));

static const int64_t minute_us = 60 * INT64_C(1000000);

static enum status note_instant(const struct sql_value *columns, void *context, struct problem *why)
{
    (void)why;
    ((struct instant *)context)->us = columns[0].number;
    return ST_OK;
}

static enum status write_beat(struct evidence *evidence, struct instant last, struct instant now,
                              struct problem *why)
{
    if (last.us != 0 && now.us - last.us > 10 * minute_us)
        TRY(rows_run(&evidence->db, QUERY_SILENCE_ADD, ARGS(arg_number(last.us), arg_number(now.us)), why));
    TRY(rows_run(&evidence->db, QUERY_UPTIME_ADD, ARGS(arg_number(now.us / (1440 * minute_us))), why));
    return rows_run(&evidence->db, QUERY_BEAT_SAVE, ARGS(arg_number(now.us)), why);
}

enum status evidence_beat(struct evidence *evidence, struct instant now, struct problem *why)
{
    struct instant last = {0};
    TRY(evidence->db.driver->run(evidence->db.sql, QUERY_BEAT_LAST, NULL, note_instant, &last, why));
    if (now.us / minute_us <= last.us / minute_us)
        return ST_OK;
    TRY(evidence_begin(evidence, why));
    enum status status = write_beat(evidence, last, now, why);
    if (status == ST_OK)
        return evidence_commit(evidence, why);
    evidence_rollback(evidence);
    return status;
}

enum status evidence_list_uptime(struct evidence *evidence, uint32_t limit, struct arena *arena,
                                 struct uptime_list *out, struct problem *why)
{
    ROWS_LIST(&evidence->db, QUERY_UPTIME_LIST, ARGS(arg_number(limit)), &uptime_row, arena, out, why);
    return ST_OK;
}

enum status evidence_list_silences(struct evidence *evidence, uint32_t limit, struct arena *arena,
                                   struct silence_list *out, struct problem *why)
{
    ROWS_LIST(&evidence->db, QUERY_SILENCE_LIST, ARGS(arg_number(limit)), &silence_row, arena, out, why);
    return ST_OK;
}

/* All that is sealed */

struct each_entry {
    evidence_entry_fn *each;
    void *context;
    struct seal_place (*place)(struct slice id);
};

static enum status give_entry(const struct sql_value *columns, void *context, struct problem *why)
{
    const struct each_entry *e = context;
    struct seal_place place = e->place(columns[0].bytes);
    return e->each(e->context, &place, (struct sealed){columns[1].bytes}, why);
}

enum status evidence_each_entry(struct evidence *evidence, evidence_entry_fn *each, void *context, struct problem *why)
{
    static const struct {
        enum query query;
        struct seal_place (*place)(struct slice id);
    } tables[] = {
        {QUERY_SEALED_STATEMENT, evidence_statement_place},
        {QUERY_SEALED_CERTIFICATION, evidence_certification_place},
        {QUERY_SEALED_CONTACT, evidence_contact_place},
        {QUERY_SEALED_TICKET, evidence_ticket_place},
        {QUERY_SEALED_SUBSCRIBER, evidence_subscriber_place},
        {QUERY_SEALED_LETTER, evidence_letter_place},
    };
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        struct each_entry e = {each, context, tables[i].place};
        TRY(evidence->db.driver->run(evidence->db.sql, tables[i].query, NULL, give_entry, &e, why));
    }
    return ST_OK;
}
