#include "roles/trust/questions.h"

#include <stdlib.h>

#include "formats/json/json.h"
#include "platform/evidence/visitors.h"
#include "roles/trust/internal.h"
#include "roles/trust/outages.h"
#include "roles/trust/show.h"

enum { QUESTION_BYTES_MAX = 32 << 20, REGISTER_BYTES_MAX = 256 << 20 };

/* Somebody who waits until what they asked for was tried. */
struct waiter {
    struct waiter *next;
    struct desk_caller *caller;
    bool *wanted; /* by the order of `controls` */
    size_t left, bad;
};

struct questions {
    struct trust *trust;
    struct waiter *waiters;
};

static void say_json(struct desk_caller *caller, const json_t *value)
{
    AUTO_ARENA arena = arena_create(QUESTION_BYTES_MAX);
    desk_say(caller, json_write(value, arena));
}

/* {"status":"ok","answer":…}; takes the reference. */
static void say_answer(struct desk_caller *caller, json_t *answer)
{
    AUTO_JSON line = json_object();
    json_object_set_new(line, "status", json_string("ok"));
    json_object_set_new(line, "answer", answer);
    say_json(caller, line);
    desk_end(caller);
}

/* Checks */

static void end_waiter(struct questions *questions, struct waiter *waiter)
{
    for (struct waiter **at = &questions->waiters; *at != NULL; at = &(*at)->next)
        if (*at == waiter) {
            *at = waiter->next;
            break;
        }
    free(waiter->wanted);
    free(waiter);
}

static void finish_waiter(struct questions *questions, struct waiter *waiter)
{
    json_t *answer = json_object();
    json_object_set_new(answer, "bad", json_integer((json_int_t)waiter->bad));
    struct desk_caller *caller = waiter->caller;
    end_waiter(questions, waiter);
    say_answer(caller, answer);
}

static void tried(void *context, const struct control *control, struct slice problem, const struct moment *at)
{
    struct questions *questions = context;
    AUTO_JSON row = show_row(questions->trust, control, at->now);
    struct trust_view view;
    trust_view(questions->trust, control, at->now, &view);
    json_object_set_new(row, "problem", problem.len == 0 ? json_null() : json_from_text(problem));
    for (struct waiter *waiter = questions->waiters, *next; waiter != NULL; waiter = next) {
        next = waiter->next;
        if (!waiter->wanted[control - controls])
            continue;
        waiter->wanted[control - controls] = false;
        waiter->bad += problem.len > 0 || view.state != STATE_HOLDS;
        say_json(waiter->caller, row);
        if (--waiter->left == 0)
            finish_waiter(questions, waiter);
    }
}

static enum status begin_check(struct questions *questions, struct desk_caller *caller,
                               const struct control *only, struct problem *why)
{
    struct waiter *waiter = must_calloc(1, sizeof *waiter);
    *waiter = (struct waiter){questions->waiters, caller, must_calloc(control_count, sizeof(bool)), 0, 0};
    questions->waiters = waiter;
    for (size_t i = 0; i < control_count; i++)
        if ((only == NULL || only == &controls[i]) && trust_try(questions->trust, &controls[i], why) == ST_OK) {
            waiter->wanted[i] = true;
            waiter->left++;
        }
    if (waiter->left > 0)
        return ST_OK;
    end_waiter(questions, waiter);
    return problem_set(why, ST_NOT_FOUND, only == NULL ? "nothing is tried here" : "nothing tries %s",
                       only == NULL ? "" : only->id);
}

/* The register */

static enum status state(struct questions *questions, const struct trust_question *question,
                         const struct control *control, struct instant now, struct problem *why)
{
    struct trust_statement said = {.control = control, .name = question->name, .file = question->file};
    TRY(civil_date_parse(question->day, &said.day, why));
    return question->ask == ASK_RECORD ? trust_record(questions->trust, &said, now, why)
                                       : trust_attest(questions->trust, &said, now, why);
}

static enum status log_register(struct trust *trust, struct instant now, const char *kind, struct slice id,
                                struct problem *why)
{
    AUTO_ARENA arena = arena_create(4096);
    uint32_t entry;
    return evidence_append_log(trust->evidence, now, slice_from(kind),
                               arena_format(arena, "id=%.*s", SLICE_ARG(id)), &entry, why);
}

/* Either change and its log entry, or neither. */
static enum status finish_change(struct trust *trust, enum status status, struct instant now, const char *kind,
                                 struct slice id, struct problem *why)
{
    if (status == ST_OK)
        status = log_register(trust, now, kind, id, why);
    if (status == ST_OK)
        return evidence_commit(trust->evidence, why);
    evidence_rollback(trust->evidence);
    return status;
}

static enum status certify(struct trust *trust, const struct trust_question *question, struct instant now,
                           struct arena *arena, struct problem *why)
{
    struct civil_date day;
    TRY(civil_date_parse(question->day, &day, why));
    if (question->name.len == 0 || question->holder.len == 0 || question->file.len == 0)
        return problem_set(why, ST_INVALID, "a certification has a name, a holder and a file");
    struct certification row = {
        .id = database_new_id("cer", arena),
        .name = question->name,
        .holder = question->holder,
        .ends = civil_to_instant(civil_at(civil_date_add(day, 1), 0, 0), zone_utc()),
        .digest = trust_digest(question->file, arena),
    };
    struct seal_place place = evidence_certification_place(row.id);
    TRY(trust_seal(trust, &place, question->file, arena, &row.file, why));
    TRY(evidence_begin(trust->evidence, why));
    return finish_change(trust, evidence_add_certification(trust->evidence, &row, why), now,
                         "certification.row.added", row.id, why);
}

static enum status uncertify(struct trust *trust, struct slice id, struct instant now, struct problem *why)
{
    TRY(evidence_begin(trust->evidence, why));
    return finish_change(trust, evidence_remove_certification(trust->evidence, id, why), now,
                         "certification.row.removed", id, why);
}

static enum status list_certifications(struct trust *trust, json_t **out, struct problem *why)
{
    AUTO_ARENA arena = arena_create_wiped(REGISTER_BYTES_MAX);
    struct certification_list list;
    TRY(evidence_list_certifications(trust->evidence, arena, &list, why));
    *out = json_array();
    for (size_t i = 0; i < list.count; i++) {
        const struct certification *row = &list.items[i];
        json_t *object = json_object();
        json_object_set_new(object, "id", json_from_text(row->id));
        json_object_set_new(object, "name", json_from_text(row->name));
        json_object_set_new(object, "holder", json_from_text(row->holder));
        json_object_set_new(object, "ends", json_from_text(instant_format(row->ends, zone_utc(), arena)));
        json_object_set_new(object, "digest", json_from_text(row->digest));
        json_array_append_new(*out, object);
    }
    return ST_OK;
}

/* Contacts: name and address are sealed as two lines. */

static struct slice contact_key(struct slice organisation)
{
    return organisation.len == 0 ? LIT("service") : organisation;
}

static enum status save_contact(struct trust *trust, const struct trust_question *question, struct instant now,
                                struct arena *arena, struct problem *why)
{
    struct contact row = {.organisation = contact_key(question->organisation), .large = question->large};
    if (question->name.len == 0 || !slice_contains(question->address, LIT("@")))
        return problem_set(why, ST_INVALID, "a contact has a name and a mail address");
    struct seal_place place = evidence_contact_place(row.organisation);
    struct slice plain = arena_format(arena, "%.*s\n%.*s", SLICE_ARG(question->name), SLICE_ARG(question->address));
    TRY(trust_seal(trust, &place, plain, arena, &row.sealed, why));
    TRY(evidence_begin(trust->evidence, why));
    return finish_change(trust, evidence_save_contact(trust->evidence, &row, why), now, "contact.row.saved",
                         row.organisation, why);
}

static enum status remove_contact(struct trust *trust, struct slice organisation, struct instant now,
                                  struct problem *why)
{
    TRY(evidence_begin(trust->evidence, why));
    return finish_change(trust, evidence_remove_contact(trust->evidence, contact_key(organisation), why), now,
                         "contact.row.removed", contact_key(organisation), why);
}

static enum status add_contact(struct trust *trust, const struct contact *row, struct arena *arena, json_t *out,
                               struct problem *why)
{
    struct slice plain, name;
    struct seal_place place = evidence_contact_place(row->organisation);
    TRY(trust_open(trust, &place, row->sealed, arena, &plain, why));
    (void)!slice_next_line(&plain, &name);
    json_t *object = json_object();
    json_object_set_new(object, "organisation", json_from_text(row->organisation));
    json_object_set_new(object, "large", json_boolean(row->large != 0));
    json_object_set_new(object, "name", json_from_text(name));
    json_object_set_new(object, "address", json_from_text(plain));
    json_array_append_new(out, object);
    return ST_OK;
}

static enum status list_contacts(struct trust *trust, json_t **out, struct problem *why)
{
    AUTO_ARENA arena = arena_create_wiped(REGISTER_BYTES_MAX);
    AUTO_JSON list = json_array();
    struct contact_list rows;
    TRY(evidence_list_contacts(trust->evidence, arena, &rows, why));
    for (size_t i = 0; i < rows.count; i++)
        TRY(add_contact(trust, &rows.items[i], arena, list, why));
    *out = json_incref(list);
    return ST_OK;
}

/* Messages that came through the page: the address, then the text. */

static enum status add_ticket(struct trust *trust, const struct ticket *row, struct arena *arena, json_t *out,
                              struct problem *why)
{
    struct slice plain, address;
    struct seal_place place = evidence_ticket_place(row->id);
    TRY(trust_open(trust, &place, row->sealed, arena, &plain, why));
    (void)slice_next_line(&plain, &address);
    json_t *object = json_object();
    json_object_set_new(object, "id", json_from_text(row->id));
    json_object_set_new(object, "at", json_from_text(instant_format(row->at, zone_utc(), arena)));
    json_object_set_new(object, "state", json_string(row->answered.us != 0 ? "answered" : "waits"));
    json_object_set_new(object, "address", json_from_text(address));
    json_object_set_new(object, "text", json_from_text(plain));
    json_array_append_new(out, object);
    return ST_OK;
}

static enum status list_tickets(struct trust *trust, json_t **out, struct problem *why)
{
    AUTO_ARENA arena = arena_create_wiped(REGISTER_BYTES_MAX);
    AUTO_JSON list = json_array();
    struct ticket_list rows;
    TRY(evidence_list_tickets(trust->evidence, arena, &rows, why));
    for (size_t i = 0; i < rows.count; i++)
        TRY(add_ticket(trust, &rows.items[i], arena, list, why));
    *out = json_incref(list);
    return ST_OK;
}

static enum status answer_ticket(struct trust *trust, struct slice id, struct instant now, struct problem *why)
{
    AUTO_ARENA arena = arena_create(4096);
    uint32_t entry;
    TRY(evidence_begin(trust->evidence, why));
    enum status status = evidence_answer_ticket(trust->evidence, id, now, why);
    if (status == ST_OK)
        status = evidence_append_log(trust->evidence, now, LIT("contact.ticket.answered"),
                                     arena_format(arena, "ticket=%.*s", SLICE_ARG(id)), &entry, why);
    if (status == ST_OK)
        return evidence_commit(trust->evidence, why);
    evidence_rollback(trust->evidence);
    return status;
}

/* What looks at a register is tried at once when that has changed: who has mended something sees it. */
static void try_again(struct trust *trust, enum trust_ask ask)
{
    static const struct {
        enum trust_ask ask;
        const char *control;
    } rows[] = {{ASK_CERTIFY, "CERT-01"},  {ASK_UNCERTIFY, "CERT-01"}, {ASK_CONTACT, "TRA-04"},
                {ASK_NO_CONTACT, "TRA-04"}, {ASK_ANSWERED, "TRA-04"}, {ASK_PIN_LOG, "TRA-05"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct control *control = control_find(slice_from(rows[i].control));
        if (rows[i].ask == ask && control != NULL)
            (void)!trust_try(trust, control, NULL); /* where nothing tries it, nobody waits for it either */
    }
}

/* The answer, or NULL where there is none yet. */
static enum status carry_out(struct questions *questions, struct desk_caller *caller,
                             const struct trust_question *question, struct instant now, struct arena *arena,
                             json_t **answer, struct problem *why)
{
    struct trust *trust = questions->trust;
    const struct control *control = control_find(question->control);
    bool wants = question->ask == ASK_CONTROL || question->ask == ASK_RECORD || question->ask == ASK_ATTEST ||
                 question->control.len > 0;
    if (wants && control == NULL)
        return problem_set(why, ST_NOT_FOUND, "no such control; see rendez trust list");
    switch (question->ask) {
    case ASK_SHOW: return show_all(trust, now, answer, why);
    case ASK_CONTROL: return show_control(trust, control, now, answer, why);
    case ASK_CHECK: return begin_check(questions, caller, control, why);
    case ASK_CERTIFICATIONS: return list_certifications(trust, answer, why);
    case ASK_CONTACTS: return list_contacts(trust, answer, why);
    case ASK_TICKETS: return list_tickets(trust, answer, why);
    case ASK_OUTAGES: return outages_show(trust, answer, why);
    case ASK_LOG: return show_log_key(trust, answer, why);
    case ASK_CLAIM: return outages_show_claim(trust, question->id, answer, why);
    default: break;
    }
    *answer = json_object();
    switch (question->ask) {
    case ASK_RECORD:
    case ASK_ATTEST: return state(questions, question, control, now, why);
    case ASK_CERTIFY: return certify(trust, question, now, arena, why);
    case ASK_UNCERTIFY: return uncertify(trust, question->id, now, why);
    case ASK_CONTACT: return save_contact(trust, question, now, arena, why);
    case ASK_NO_CONTACT: return remove_contact(trust, question->organisation, now, why);
    case ASK_ANSWERED: return answer_ticket(trust, question->id, now, why);
    case ASK_PROBE: return outages_pin(trust, question->key, now, why);
    case ASK_PIN_LOG: return trust_pin_log(trust, question->key, now, why);
    case ASK_CLAIM_SENT: return outages_sent(trust, question->id, now, why);
    default: return problem_set(why, ST_INVALID, "ask: what?");
    }
}

void questions_answer(void *context, struct desk_caller *caller, struct slice line, const struct moment *at)
{
    struct questions *questions = context;
    AUTO_ARENA arena = arena_create_wiped(QUESTION_BYTES_MAX);
    struct trust_question question;
    struct problem why = {0};
    json_t *answer = NULL;
    enum status status = trust_question_parse(line, arena, &question, &why);
    if (status == ST_OK)
        status = carry_out(questions, caller, &question, at->now, arena, &answer, &why);
    if (status == ST_OK)
        try_again(questions->trust, question.ask);
    if (status != ST_OK) {
        json_decref(answer);
        desk_fail(caller, &why);
    } else if (answer != NULL) {
        say_answer(caller, answer);
    }
}

struct questions *questions_create(struct trust *trust)
{
    struct questions *questions = must_calloc(1, sizeof *questions);
    questions->trust = trust;
    trust_on_tried(trust, tried, questions);
    return questions;
}

void questions_destroy(struct questions **questions)
{
    if (*questions == NULL)
        return;
    while ((*questions)->waiters != NULL)
        end_waiter(*questions, (*questions)->waiters);
    free(*questions);
    *questions = NULL;
}
