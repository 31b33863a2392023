/* The sandbox: mailboxes of .example people kept by us instead of an MTA, and one view of
 * everything for the page. Only where the installation is a sandbox. */
#include <stdlib.h>

#include "formats/json/json.h"
#include "roles/planner/sandbox.h"

enum { VIEW_MESSAGES_MAX = 500, SUBJECT_BYTES_MAX = 1200, TEXT_BYTES_MAX = 80000, PEOPLE_MAX = 20 };

static const struct record_field mailbox_list_fields[] = {
    FIELD(mailbox, name, 1, RECORD_TEXT),
    FIELD(mailbox, address, 2, RECORD_TEXT),
};
static RECORD_TYPE(box_record, mailbox, mailbox_list_fields);

static const struct record_field sandbox_entry_fields[] = {
    FIELD_OF(sandbox_entry, from, 1, RECORD_STRUCT, box_record),
    FIELD_OF(sandbox_entry, to, 2, RECORD_LIST, box_record),
    FIELD_OF(sandbox_entry, cc, 3, RECORD_LIST, box_record),
    FIELD(sandbox_entry, subject, 4, RECORD_TEXT),
    FIELD(sandbox_entry, text, 5, RECORD_TEXT),
    FIELD(sandbox_entry, message_id, 6, RECORD_TEXT),
    FIELD(sandbox_entry, in_reply_to, 7, RECORD_TEXT),
    FIELD(sandbox_entry, references, 8, RECORD_TEXTS),
    FIELD_OF(sandbox_entry, order, 9, RECORD_POINTER, mail_order_record),
    FIELD(sandbox_entry, links, 10, RECORD_TEXTS),
    FIELD(sandbox_entry, meeting, 11, RECORD_TEXT),
};
static RECORD_TYPE(sandbox_entry_record, sandbox_entry, sandbox_entry_fields);

/* All mailboxes are listed under one hash: the page shows them side by side. */
static struct slice everything(const struct unit *unit)
{
    return address_hash(unit, unit->planner->options.assistant.address);
}

static enum status add_entry(struct unit *unit, struct slice id, const struct sandbox_entry *entry)
{
    struct sandbox_mail row = {.id = id, .mailbox_hash = everything(unit), .at = unit->now};
    struct seal_place place = sealing_place(SEALED_SANDBOX_MAIL, SLICE_NONE, id);
    TRY(sealing_seal(unit->planner->service_key, &place, &sandbox_entry_record, entry, unit->arena,
                     &row.raw, unit->why));
    unit->planner->change++;
    return store_add_sandbox_mail(unit->planner->store, &row, unit->why);
}

enum status sandbox_load(struct unit *unit, struct sandbox_entry_list *out)
{
    struct sandbox_mail_list rows;
    *out = (struct sandbox_entry_list){0};
    TRY(store_list_sandbox_mail(unit->planner->store, everything(unit), unit->arena, &rows,
                                unit->why));
    size_t first = rows.count > VIEW_MESSAGES_MAX ? rows.count - VIEW_MESSAGES_MAX : 0;
    for (size_t i = first; i < rows.count; i++) {
        struct sandbox_entry entry;
        struct seal_place place = sealing_place(SEALED_SANDBOX_MAIL, SLICE_NONE, rows.items[i].id);
        const struct secret *key;
        TRY(get_opening_key(unit, NULL, rows.items[i].raw, &key));
        TRY(sealing_open(key, &place, rows.items[i].raw,
                         &sandbox_entry_record, unit->arena, &entry, unit->why));
        entry.id = rows.items[i].id;
        entry.at = rows.items[i].at;
        ARENA_PUSH(unit->arena, out, entry);
    }
    return ST_OK;
}

enum status planner_sandbox_deliver(struct planner *planner, const struct outgoing *outgoing,
                                    struct slice id, struct instant now, struct problem *why)
{
    AUTO_ARENA arena = arena_create_wiped(UNIT_BYTES_MAX);
    struct unit unit = {planner, arena, now, why};
    struct mail_order order = outgoing->order;
    struct sandbox_entry entry = {
        .from = outgoing->draft.from,
        .to = outgoing->draft.to,
        .cc = outgoing->draft.cc,
        .subject = outgoing->draft.subject,
        .text = outgoing->draft.text,
        .message_id = outgoing->draft.message_id,
        .in_reply_to = outgoing->draft.in_reply_to,
        .references = outgoing->draft.references,
        .order = &order,
        .links = outgoing->links,
        .meeting = outgoing->meeting,
    };
    return add_entry(&unit, id, &entry);
}

/* Composing as one of the people */

static enum status all_people(struct unit *unit, struct person_list *out)
{
    struct stored_organisation_list organisations;
    *out = (struct person_list){0};
    TRY(store_list_organisations(unit->planner->store, unit->arena, &organisations, unit->why));
    for (size_t i = 0; i < organisations.count; i++) {
        struct person_list some;
        TRY(load_people(unit, organisations.items[i].id, &some));
        for (size_t j = 0; j < some.count; j++)
            ARENA_PUSH(unit->arena, out, some.items[j]);
    }
    return ST_OK;
}

enum status sandbox_people(struct unit *unit, struct person_list *out)
{
    return all_people(unit, out);
}

static struct mailbox named(const struct unit *unit, const struct person_list *people,
                            struct slice address)
{
    const struct mailbox *assistant = &unit->planner->options.assistant;
    for (size_t i = 0; i < people->count; i++)
        if (slice_equal_nocase(people->items[i].address, address))
            return (struct mailbox){people->items[i].name, people->items[i].address};
    if (slice_equal_nocase(assistant->address, address))
        return *assistant;
    return (struct mailbox){SLICE_NONE, address};
}

/* An address that could be written to; the sandbox itself writes to nobody else. */
static bool is_address(struct slice text)
{
    size_t at = slice_find(text, LIT("@"), 0);
    if (at == SIZE_MAX || at == 0 || at + 1 >= text.len || text.len > 200)
        return false;
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.data[i] <= ' ' || text.data[i] == '<' || text.data[i] == '>' ||
            text.data[i] == ',' || text.data[i] == 127)
            return false;
    return true;
}

static enum status read_recipients(struct unit *unit, const struct person_list *people,
                                   const json_t *list, struct mailbox_list *out)
{
    size_t index;
    const json_t *item;
    if (json_array_size(list) > PEOPLE_MAX)
        return problem_set(unit->why, ST_LIMIT, "at most %d recipients", PEOPLE_MAX);
    json_array_foreach(list, index, item)
    {
        struct slice address = {json_string_value(item), json_string_length(item)};
        if (!is_address(address))
            return problem_set(unit->why, ST_INVALID, "a recipient is no mail address");
        ARENA_PUSH(unit->arena, out, named(unit, people, arena_copy(unit->arena, address)));
    }
    return ST_OK;
}

static const struct sandbox_entry *entry_by_id(const struct sandbox_entry_list *list,
                                               struct slice id)
{
    for (size_t i = 0; i < list->count; i++)
        if (slice_equal(list->items[i].id, id))
            return &list->items[i];
    return NULL;
}

/* What most mail programs put below an answer. */
static struct slice quote(struct unit *unit, struct slice text, const struct sandbox_entry *original)
{
    AUTO_BUFFER out = buffer_create(TEXT_BYTES_MAX * 4);
    struct civil at = civil_from_instant(original->at, zone_utc());
    struct slice rest = original->text, line;
    buffer_add(&out, text);
    buffer_add_format(&out, "\n\nOn %04d-%02d-%02d at %02d:%02d, %.*s <%.*s> wrote:\n", at.date.year,
                      at.date.month, at.date.day, at.hour, at.minute,
                      SLICE_ARG(original->from.name), SLICE_ARG(original->from.address));
    while (slice_next_line(&rest, &line))
        buffer_add_format(&out, "> %.*s\n", SLICE_ARG(line));
    return arena_copy(unit->arena, buffer_slice(&out));
}

static enum status read_message(struct unit *unit, const json_t *json, struct sandbox_entry *entry,
                                struct slice *quoted)
{
    struct person_list people;
    struct sandbox_entry_list entries;
    struct slice reply_to = json_text(json, "in_reply_to");
    TRY(all_people(unit, &people));
    entry->from = named(unit, &people, json_text(json, "from"));
    entry->subject = json_text(json, "subject");
    entry->text = *quoted = json_text(json, "text");
    TRY(read_recipients(unit, &people, json_object_get(json, "to"), &entry->to));
    TRY(read_recipients(unit, &people, json_object_get(json, "cc"), &entry->cc));
    if (entry->from.name.len == 0 || entry->to.count == 0)
        return problem_set(unit->why, ST_INVALID, "a sender of the page and a recipient are needed");
    if (entry->subject.len > SUBJECT_BYTES_MAX || entry->text.len > TEXT_BYTES_MAX)
        return problem_set(unit->why, ST_LIMIT, "the subject or the text is too long");
    if (reply_to.len == 0)
        return ST_OK;
    TRY(sandbox_load(unit, &entries));
    const struct sandbox_entry *original = entry_by_id(&entries, reply_to);
    if (original == NULL)
        return problem_set(unit->why, ST_INVALID, "the message to answer is not there");
    entry->in_reply_to = original->message_id;
    for (size_t i = 0; i < original->references.count; i++)
        ARENA_PUSH(unit->arena, &entry->references, original->references.items[i]);
    ARENA_PUSH(unit->arena, &entry->references, original->message_id);
    *quoted = quote(unit, entry->text, original);
    return ST_OK;
}

static int32_t offset_of(struct unit *unit, struct slice address)
{
    struct person person;
    const struct zone *zone;
    if (find_person(unit, address, &person) != ST_OK ||
        zone_load(person.time_zone, &zone, NULL) != ST_OK)
        return 0;
    return zone_offset_s(zone, unit->now, NULL);
}

bool sandbox_reaches_assistant(const struct planner *planner, const struct sandbox_entry *entry)
{
    const struct mailbox_list *lists[] = {&entry->to, &entry->cc};
    for (size_t l = 0; l < 2; l++)
        for (size_t i = 0; i < lists[l]->count; i++)
            if (slice_equal_nocase(lists[l]->items[i].address, planner->options.assistant.address))
                return true;
    return false;
}

enum status planner_sandbox_compose(struct planner *planner, struct slice json_in,
                                    struct instant now, struct arena *arena,
                                    struct sandbox_mail_draft *out, struct problem *why)
{
    struct unit unit = {planner, arena, now, why};
    struct sandbox_entry *entry = ARENA_NEW(arena, struct sandbox_entry);
    struct slice text;
    AUTO_JSON json = NULL;
    TRY(json_read(json_in, &json, why));
    TRY(read_message(&unit, json, entry, &text));
    entry->message_id = arena_format(arena, "%.*s@sandbox.example",
                                     SLICE_ARG(store_new_id("in", arena)));
    /* The JSON goes when this returns. */
    struct slice *borrowed[] = {&entry->subject, &entry->text, &text};
    for (size_t i = 0; i < sizeof borrowed / sizeof *borrowed; i++)
        *borrowed[i] = arena_copy(arena, *borrowed[i]);
    struct mail_draft draft = {
        .from = entry->from,
        .to = entry->to,
        .cc = entry->cc,
        .subject = entry->subject,
        .message_id = entry->message_id,
        .in_reply_to = entry->in_reply_to,
        .references = entry->references,
        .date = now,
        .offset_s = offset_of(&unit, entry->from.address),
        .text = text,
        .personal = true,
    };
    *out = (struct sandbox_mail_draft){
        .entry = entry,
        .for_assistant = sandbox_reaches_assistant(planner, entry),
    };
    return mime_format(&draft, arena, &out->raw, why);
}

enum status planner_sandbox_keep(struct planner *planner, const struct sandbox_mail_draft *draft,
                                 struct slice id, struct instant now, struct problem *why)
{
    AUTO_ARENA arena = arena_create_wiped(UNIT_BYTES_MAX);
    struct unit unit = {planner, arena, now, why};
    return add_entry(&unit, id, draft->entry);
}
