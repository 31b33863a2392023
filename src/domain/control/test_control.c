#include "check.h"
#include "domain/control/control.h"

static struct instant at(const char *iso)
{
    struct instant out = {0};
    CHECK_OK(instant_parse(slice_from(iso), &out, NULL, NULL));
    return out;
}

static struct civil_date day(const char *iso)
{
    struct civil_date out = {0};
    CHECK_OK(civil_date_parse(slice_from(iso), &out, NULL));
    return out;
}

static void all_are_there(void)
{
    static const unsigned counts[14] = {1, 10, 10, 8, 8, 6, 7, 6, 4, 7, 6, 11, 6, 6};
    unsigned seen[14] = {0};
    CHECK_NUMBER(control_count, 96);
    CHECK_NUMBER(control_section_count, 14);
    for (size_t i = 0; i < control_count; i++) {
        const struct control *c = &controls[i];
        struct slice prefix = slice_from(control_sections[c->section - 1].prefix);
        check_row(c->id);
        seen[c->section - 1]++;
        CHECK(slice_starts(slice_from(c->id), prefix) && c->id[prefix.len] == '-');
        CHECK(i == 0 || c->section >= c[-1].section);
        CHECK(c->deadline.us > 0 && control_find(slice_from(c->id)) == c);
        CHECK(utf8_bad_at(slice_from(c->fr)) == SIZE_MAX);
        CHECK(slice_ends(slice_from(c->fr), LIT(".")) && slice_ends(slice_from(c->en), LIT(".")));
    }
    for (size_t i = 0; i < 14; i++)
        CHECK_NUMBER(seen[i], counts[i]);
    CHECK(control_find(LIT("chif-04")) == control_find(LIT("CHIF-04")));
    CHECK(control_find(LIT("CHIF-99")) == NULL && control_find(SLICE_NONE) == NULL);
}

static void due_days(void)
{
    static const struct {
        enum cadence cadence;
        const char *done, *due, *overdue;
    } rows[] = {
        {CADENCE_DAILY, "2026-12-31", "2027-01-01", "2027-01-02"},
        {CADENCE_WEEKLY, "2026-12-28", "2027-01-04", "2027-01-05"},
        {CADENCE_MONTHLY, "2027-01-31", "2027-02-28", "2027-03-01"},
        {CADENCE_MONTHLY, "2028-01-31", "2028-02-29", "2028-03-01"},
        {CADENCE_QUARTERLY, "2026-11-30", "2027-02-28", "2027-03-01"},
        {CADENCE_QUARTERLY, "2026-12-15", "2027-03-15", "2027-03-16"},
        {CADENCE_YEARLY, "2028-02-29", "2029-02-28", "2029-03-01"},
        {CADENCE_YEARLY, "2026-06-13", "2027-06-13", "2027-06-14"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        check_row(rows[i].done);
        CHECK_NUMBER(civil_date_compare(cadence_due(rows[i].cadence, day(rows[i].done)), day(rows[i].due)), 0);
        CHECK_NUMBER(civil_date_compare(cadence_overdue(rows[i].cadence, day(rows[i].done)), day(rows[i].overdue)), 0);
    }
}

/* Evidence of that moment, and what is thought of it at another. */
static void old_evidence_is_never_green(void)
{
    static const struct {
        const char *id, *then, *now;
        enum control_state state;
    } rows[] = {
        {"SUP-09", "2026-11-25T10:00:00Z", "2026-11-25T10:00:00Z", STATE_HOLDS},
        {"SUP-09", "2026-11-25T10:00:00Z", "2026-11-25T10:02:59Z", STATE_HOLDS},
        {"SUP-09", "2026-11-25T10:00:00Z", "2026-11-25T10:03:00Z", STATE_UNKNOWN},
        {"SUP-09", "2026-11-25T10:00:01Z", "2026-11-25T10:00:00Z", STATE_UNKNOWN}, /* from later */
        {"CHIF-06", "2026-11-25T10:00:00Z", "2026-11-25T11:14:59Z", STATE_HOLDS},
        {"CHIF-06", "2026-11-25T10:00:00Z", "2026-11-25T11:15:00Z", STATE_UNKNOWN},
        {"CONT-04", "2026-11-25T03:00:00Z", "2026-11-26T04:59:59Z", STATE_HOLDS},
        {"CONT-04", "2026-11-25T03:00:00Z", "2026-11-26T05:00:00Z", STATE_UNKNOWN},
        {"AUD-01", "2026-08-25T18:00:00Z", "2026-11-25T23:59:59Z", STATE_HOLDS},
        {"AUD-01", "2026-08-25T18:00:00Z", "2026-11-26T00:00:00Z", STATE_UNKNOWN},
        {"AUD-05", "2025-11-25T18:00:00Z", "2026-11-25T23:59:59Z", STATE_HOLDS},
        {"AUD-05", "2025-11-25T18:00:00Z", "2026-11-26T00:00:00Z", STATE_UNKNOWN},
        {"MAJ-01", "2020-01-01T00:00:00Z", "2026-11-26T00:00:00Z", STATE_HOLDS}, /* of this version */
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct control_evidence last = {.result = RESULT_HOLDS, .at = at(rows[i].then)};
        const struct control *control = control_find(slice_from(rows[i].id));
        check_row(rows[i].now);
        CHECK_NUMBER(control_judge(control, true, &last, (struct instant){5}, at(rows[i].now)).state, rows[i].state);
    }
}

static void what_fails_stays_so(void)
{
    const struct control *control = control_find(LIT("SUP-09"));
    struct control_evidence last = {.result = RESULT_FAILS, .at = at("2026-11-25T10:00:00Z"), .cause = LIT("opened")};
    struct control_judgement seen = control_judge(control, true, &last, (struct instant){5}, at("2027-11-25T10:00:00Z"));
    CHECK_NUMBER(seen.state, STATE_FAILS);
    CHECK_TEXT(seen.cause, "opened");
    CHECK_NUMBER(seen.since.us, last.at.us);
    seen = control_judge(control, true, NULL, (struct instant){5}, at("2027-11-25T10:00:00Z"));
    CHECK_NUMBER(seen.state, STATE_UNKNOWN);
    CHECK_NUMBER(seen.since.us, 5);
    seen = control_judge(control, false, &last, (struct instant){5}, at("2027-11-25T10:00:00Z"));
    CHECK_NUMBER(seen.state, STATE_NOT_IMPLEMENTED);
}

static void statements_end(void)
{
    const struct control *control = control_find(LIT("DC-02"));
    struct control_evidence last = {.result = RESULT_ATTESTED, .at = at("2026-01-01T00:00:00Z"), .until = at("2026-12-31T23:59:59Z")};
    struct control_judgement seen = control_judge(control, true, &last, (struct instant){5}, at("2026-12-31T23:59:59Z"));
    CHECK_NUMBER(seen.state, STATE_ATTESTED);
    CHECK_NUMBER(seen.since.us, last.until.us);
    seen = control_judge(control, true, &last, (struct instant){5}, at("2027-01-01T00:00:00Z"));
    CHECK_NUMBER(seen.state, STATE_FAILS);
}

/* Every cause that may be shown is said in both languages, with its facts. */
static void causes_are_said(void)
{
    static const struct {
        const char *control, *id, *facts, *en;
    } rows[] = {
        {"CERT-01", "ended", "certifications=1 row=cer_1", "A certification of the register (cer_1) has ended."},
        {"CERT-01", "ended", "", "A certification of the register (?) has ended."},
        {"CERT-01", "ended", "rower=x row=y", "A certification of the register (y) has ended."},
        {"CERT-01", "no_such_cause", "row=y", "no_such_cause"},
        {"DC-02", "statement_ended", "", "The statement has ended."},
    };
    AUTO_ARENA arena = arena_create(1 << 16);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct control *control = control_find(slice_from(rows[i].control));
        check_row(rows[i].facts);
        CHECK_TEXT(control_cause_say(control, slice_from(rows[i].id), slice_from(rows[i].facts), false, arena), rows[i].en);
    }
    for (size_t i = 0; i < control_cause_count; i++) {
        const struct control_cause *cause = &control_causes[i];
        const struct control *control = control_find(slice_from(cause->control));
        check_row(cause->id);
        CHECK(cause->control[0] == '\0' || (control != NULL && control_is_tried(control)));
        CHECK(strlen(cause->fr) > 0 && strlen(cause->en) > 0 && strcmp(cause->fr, cause->en) != 0);
    }
}

/* Where a command mends what is wrong, it is said, and is one of ours. */
static void mending_is_said(void)
{
    static const struct {
        const char *control, *id, *facts, *mend;
    } rows[] = {
        {"AUD-02", "never_done", "", "rendez trust record AUD-02 --done DAY --evidence FILE"},
        {"AUD-02", "overdue", "done=2026-01-02", "rendez trust record AUD-02 --done DAY --evidence FILE"},
        {"AUD-03", "never_scanned", "", "rendez trust record AUD-03 --done DAY --evidence FILE"},
        {"TRA-04", "no_contact", "", "rendez trust contact --name NAME --address ADDRESS"},
        {"TRA-04", "ticket_waits", "ticket=tic_1", "rendez trust answered tic_1"},
        {"DC-02", "statement_ended", "", "rendez trust attest DC-02 --until DAY --evidence FILE"},
        {"CHIF-05", "repeated", "", ""},
        {"AUD-02", "no_such_cause", "", ""},
    };
    AUTO_ARENA arena = arena_create(1 << 16);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct control *control = control_find(slice_from(rows[i].control));
        check_row(rows[i].id);
        CHECK_TEXT(control_cause_mend(control, slice_from(rows[i].id), slice_from(rows[i].facts), arena), rows[i].mend);
    }
    for (size_t i = 0; i < control_cause_count; i++) {
        const char *mend = control_causes[i].mend;
        check_row(control_causes[i].id);
        CHECK(mend[0] == '\0' || slice_starts(slice_from(mend), LIT("rendez ")));
    }
}

int main(void)
{
    TEST(all_are_there);
    TEST(due_days);
    TEST(old_evidence_is_never_green);
    TEST(what_fails_stays_so);
    TEST(statements_end);
    TEST(causes_are_said);
    TEST(mending_is_said);
    return check_done();
}
