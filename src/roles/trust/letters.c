#include "roles/trust/letters.h"

#include "formats/json/json.h"
#include "platform/sql/sql.h"
#include "roles/trust/internal.h"

enum { LETTER_BYTES_MAX = 64 * 1024, ARENA_BYTES = 1 << 20 };
static const int64_t second_us = 1000000, give_up_us = 3 * 86400 * INT64_C(1000000);

static const struct {
    const char *subject[2], *text[2]; /* English, French */
} letters[] = {
#define LETTER(name, en_subject, fr_subject, en, fr) [LETTER_##name] = {{en_subject, fr_subject}, {en, fr}},
#include "roles/trust/letters.def"
#undef LETTER
};

struct slice letter_fill(const char *shape, const struct slice words[LETTER_WORDS_MAX], struct arena *arena)
{
    AUTO_BUFFER out = buffer_create(LETTER_BYTES_MAX);
    struct slice rest = slice_from(shape);
    size_t at = 0;
    for (size_t brace; (brace = slice_find(rest, LIT("{"), at)) != SIZE_MAX; at = brace + 3) {
        unsigned word = (unsigned)(rest.data[brace + 1] - '0');
        buffer_add(&out, slice_sub(rest, at, brace));
        buffer_add(&out, word < LETTER_WORDS_MAX ? words[word] : SLICE_NONE);
    }
    buffer_add(&out, slice_sub(rest, at, rest.len));
    return arena_copy(arena, buffer_slice(&out));
}

enum status letters_add(struct trust *trust, const struct letter_draft *draft, struct instant now,
                        struct problem *why)
{
    AUTO_ARENA arena = arena_create_wiped(ARENA_BYTES);
    AUTO_JSON lines = json_object();
    struct slice subject = letter_fill(letters[draft->kind].subject[draft->french], draft->words, arena);
    struct slice text = letter_fill(letters[draft->kind].text[draft->french], draft->words, arena);
    if (draft->unsubscribe.len > 0)
        text = arena_format(arena, "%.*s\n-- \n%s\n%.*s\n", SLICE_ARG(text),
                            draft->french ? "Ne plus recevoir ces avis :" : "No more of these notices:",
                            SLICE_ARG(draft->unsubscribe));
    json_object_set_new(lines, "to", json_from_text(draft->to));
    json_object_set_new(lines, "subject", json_from_text(subject));
    json_object_set_new(lines, "text", json_from_text(text));
    json_object_set_new(lines, "unsubscribe", json_from_text(draft->unsubscribe));
    struct letter row = {.id = database_new_id("let", arena), .at = now, .due = now, .ticket = draft->ticket};
    struct seal_place place = evidence_letter_place(row.id);
    TRY(trust_seal(trust, &place, json_write(lines, arena), arena, &row.sealed, why));
    return evidence_add_letter(trust->evidence, &row, why);
}

static enum status open_letter(struct trust *trust, const struct letter *row, struct arena *arena,
                               struct letter_due *out, struct problem *why)
{
    AUTO_JSON lines = NULL;
    struct slice plain;
    struct seal_place place = evidence_letter_place(row->id);
    TRY(trust_open(trust, &place, row->sealed, arena, &plain, why));
    TRY(json_read(plain, &lines, why));
    struct mailbox to = {.address = arena_copy(arena, json_text(lines, "to"))};
    *out = (struct letter_due){.id = row->id};
    ARENA_PUSH(arena, &out->draft.to, to);
    out->draft.subject = arena_copy(arena, json_text(lines, "subject"));
    out->draft.text = arena_copy(arena, json_text(lines, "text"));
    out->draft.unsubscribe = arena_copy(arena, json_text(lines, "unsubscribe"));
    out->draft.date = row->at;
    out->draft.automatic = true;
    return ST_OK;
}

enum status letters_due(struct trust *trust, struct instant now, uint32_t limit, struct arena *arena,
                        struct letter_due_list *out, struct problem *why)
{
    struct letter_list rows;
    TRY(evidence_due_letters(trust->evidence, now, limit, arena, &rows, why));
    for (size_t i = 0; i < rows.count; i++) {
        struct letter_due due;
        TRY(open_letter(trust, &rows.items[i], arena, &due, why));
        ARENA_PUSH(arena, out, due);
    }
    return ST_OK;
}

/* From ten seconds, doubling, to an hour. */
static struct instant next_try(uint32_t attempts, struct instant now)
{
    int64_t wait_s = 10;
    for (uint32_t i = 0; i < attempts && wait_s < 3600; i++)
        wait_s *= 2;
    return (struct instant){now.us + (wait_s < 3600 ? wait_s : 3600) * second_us};
}

enum status letters_sent(struct trust *trust, struct slice id, enum status result, struct instant now,
                         struct problem *why)
{
    AUTO_ARENA arena = arena_create_wiped(ARENA_BYTES);
    struct letter row;
    TRY(evidence_load_letter(trust->evidence, id, arena, &row, why));
    if (result != ST_OK && result != ST_INVALID && now.us - row.at.us < give_up_us)
        return evidence_try_letter_later(trust->evidence, id, next_try(row.attempts, now), why);
    TRY(evidence_begin(trust->evidence, why));
    enum status status = evidence_remove_letter(trust->evidence, id, why);
    if (status == ST_OK && result == ST_OK && row.ticket.len > 0)
        status = evidence_acknowledge_ticket(trust->evidence, row.ticket, now, why);
    if (status == ST_OK)
        return evidence_commit(trust->evidence, why);
    evidence_rollback(trust->evidence);
    return status;
}
