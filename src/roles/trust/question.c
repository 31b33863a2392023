/* A question at the desk, read: bytes of an operator's program. */
#include "formats/json/json.h"
#include "roles/trust/questions.h"

enum { TEXT_MAX = 300 };

static const char *const asks[ASK_COUNT_] = {"nothing", "show", "control", "check", "record", "attest",
                                             "certifications", "certify", "uncertify", "contacts", "contact",
                                             "no_contact", "tickets", "answered", "outages", "probe", "claim",
                                             "claim_sent", "log", "pin_log"};
static const struct record_field fields[] = {
    FIELD_ENUM(trust_question, ask, 1, asks),
    FIELD(trust_question, control, 2, RECORD_TEXT),
    FIELD(trust_question, day, 3, RECORD_TEXT),
    FIELD(trust_question, name, 4, RECORD_TEXT),
    FIELD(trust_question, file, 5, RECORD_BYTES),
    FIELD(trust_question, holder, 6, RECORD_TEXT),
    FIELD(trust_question, id, 7, RECORD_TEXT),
    FIELD(trust_question, organisation, 8, RECORD_TEXT),
    FIELD(trust_question, address, 9, RECORD_TEXT),
    FIELD(trust_question, large, 10, RECORD_BOOL),
    FIELD(trust_question, key, 11, RECORD_TEXT),
};
static RECORD_TYPE(question_record, trust_question, fields);

enum status trust_question_parse(struct slice line, struct arena *arena, struct trust_question *out,
                                 struct problem *why)
{
    AUTO_JSON json = NULL;
    struct trust_question question;
    TRY(json_read(line, &json, why));
    TRY(json_to_record(json, &question_record, arena, &question, why));
    const struct slice texts[] = {question.control, question.day, question.name, question.holder,
                                  question.id, question.organisation, question.address, question.key};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (texts[i].len > TEXT_MAX || slice_contains(texts[i], LIT("\n")))
            return problem_set(why, ST_INVALID, "a text of the question is too long, or of more than a line");
    if (question.ask == ASK_NOTHING)
        return problem_set(why, ST_INVALID, "ask: what?");
    *out = question;
    return ST_OK;
}
