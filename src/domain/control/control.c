#include "domain/control/control.h"

const char *const control_kind_names[CONTROL_KIND_COUNT_] = {"automatic", "by_design", "register",
                                                             "attested"};
const char *const cadence_names[CADENCE_COUNT_] = {"live",    "hourly",    "daily",  "weekly",
                                                   "monthly", "quarterly", "yearly", "release"};
const char *const control_result_names[RESULT_COUNT_] = {"holds", "fails", "attested"};
const char *const control_state_names[STATE_COUNT_] = {"holds", "fails", "unknown",
                                                       "not_implemented", "attested"};

const struct control_section control_sections[] = {
    {1, "CERT", "Certifications", "Certifications"},
    {2, "DC", "Centres de données", "Data centres"},
    {3, "SUP", "Centre de supervision", "Supervision centre"},
    {4, "CONT", "Continuité de service", "Continuity of service"},
    {5, "CHIF", "Échanges de données et chiffrement", "Exchange of data and encryption"},
    {6, "SYS", "Sécurité des systèmes", "Security of systems"},
    {7, "MAJ", "Développement et mises à jour", "Development and updates"},
    {8, "MON", "Surveillance technique", "Monitoring"},
    {9, "INC", "Gestion des incidents", "Handling of incidents"},
    {10, "SST", "Sous-traitants", "Sub-processors"},
    {11, "RH", "Personnes", "People"},
    {12, "AUT", "Authentification et accès", "Authentication and access"},
    {13, "AUD", "Audits et essais", "Audits and tests"},
    {14, "TRA", "Transparence", "Transparency"},
};
const size_t control_section_count = sizeof control_sections / sizeof *control_sections;

/* Made from controls/ by scripts/embed-controls. */
const struct control controls[] = {
#define CONTROL(id, section, kind, cadence, deadline_s, owner, evidence, fr, en, digest)           \
    {id, section, kind, cadence, {deadline_s * 1000000LL}, owner, evidence, fr, en, digest},
#include "controls.def"
#undef CONTROL
};
const size_t control_count = sizeof controls / sizeof *controls;

const struct control *control_find(struct slice id)
{
    for (size_t i = 0; i < control_count; i++)
        if (slice_equal_nocase(id, slice_from(controls[i].id)))
            return &controls[i];
    return NULL;
}

bool control_is_tried(const struct control *control)
{
    return control->digest[0] != '\0';
}

/* Causes; the last one may be any control's. */
const struct control_cause control_causes[] = {
#define CAUSE(control, id, fr, en, mend) {control, id, fr, en, mend},
#include "causes.def"
#undef CAUSE
    {"", "statement_ended", "La déclaration est échue.", "The statement has ended.", ""},
};
const size_t control_cause_count = sizeof control_causes / sizeof *control_causes;

const struct control_cause *control_cause_find(const struct control *control, struct slice id)
{
    for (size_t i = 0; i < control_cause_count; i++)
        if ((control_causes[i].control[0] == '\0' || strcmp(control_causes[i].control, control->id) == 0) &&
            slice_equal(id, slice_from(control_causes[i].id)))
            return &control_causes[i];
    return NULL;
}

/* "entries=3 repeated=1" */
static struct slice fact_of(struct slice facts, struct slice name)
{
    for (size_t at = 0; at < facts.len;) {
        size_t end = slice_find(facts, LIT(" "), at);
        struct slice fact = slice_sub(facts, at, end);
        if (slice_starts(fact, name) && fact.len > name.len && fact.data[name.len] == '=')
            return slice_sub(fact, name.len + 1, fact.len);
        at = end == SIZE_MAX ? facts.len : end + 1;
    }
    return LIT("?");
}

enum { CAUSE_TEXT_MAX = 8192 };

static struct slice fill(struct slice text, struct slice facts, struct arena *arena)
{
    AUTO_BUFFER out = buffer_create(CAUSE_TEXT_MAX);
    for (size_t at = 0; at < text.len;) {
        size_t open = slice_find(text, LIT("{"), at), close = slice_find(text, LIT("}"), at);
        if (open == SIZE_MAX || close == SIZE_MAX || close < open) {
            buffer_add(&out, slice_sub(text, at, SIZE_MAX));
            break;
        }
        buffer_add(&out, slice_sub(text, at, open));
        buffer_add(&out, fact_of(facts, slice_sub(text, open + 1, close)));
        at = close + 1;
    }
    return arena_copy(arena, buffer_slice(&out));
}

struct slice control_cause_say(const struct control *control, struct slice id, struct slice facts,
                               bool french, struct arena *arena)
{
    const struct control_cause *cause = control_cause_find(control, id);
    return cause == NULL ? arena_copy(arena, id) : fill(slice_from(french ? cause->fr : cause->en), facts, arena);
}

struct slice control_cause_mend(const struct control *control, struct slice id, struct slice facts,
                                struct arena *arena)
{
    const struct control_cause *cause = control_cause_find(control, id);
    if (cause == NULL)
        return SLICE_NONE;
    if (cause->control[0] == '\0') /* of statements: by a newer one */
        return arena_format(arena, "rendez trust attest %s --until DAY --evidence FILE", control->id);
    return fill(slice_from(cause->mend), facts, arena);
}

struct civil_date cadence_due(enum cadence cadence, struct civil_date done)
{
    switch (cadence) {
    case CADENCE_WEEKLY:
        return civil_date_add(done, 7);
    case CADENCE_MONTHLY:
        return civil_date_add_months(done, 1);
    case CADENCE_QUARTERLY:
        return civil_date_add_months(done, 3);
    case CADENCE_YEARLY:
        return civil_date_add_months(done, 12);
    default:
        return civil_date_add(done, 1);
    }
}

struct civil_date cadence_overdue(enum cadence cadence, struct civil_date done)
{
    return civil_date_add(cadence_due(cadence, done), 1);
}

/* Two tries may be missed, or one of the longer ones be late by a while. */
enum { LIVE_S = 3 * 60, HOURLY_S = 75 * 60, DAILY_S = 26 * 3600 };

struct instant control_fresh_until(const struct control *control, struct instant at)
{
    struct civil day = civil_from_instant(at, zone_utc());
    switch (control->cadence) {
    case CADENCE_LIVE:
        return (struct instant){at.us + LIVE_S * 1000000LL};
    case CADENCE_HOURLY:
        return (struct instant){at.us + HOURLY_S * 1000000LL};
    case CADENCE_DAILY:
        return (struct instant){at.us + DAILY_S * 1000000LL};
    case CADENCE_RELEASE:
        return (struct instant){INT64_MAX}; /* of one version; another begins without evidence */
    default:
        day = civil_at(cadence_overdue(control->cadence, day.date), 0, 0);
        return civil_to_instant(day, zone_utc());
    }
}

static struct control_judgement judge_evidence(const struct control *control,
                                               const struct control_evidence *last,
                                               struct instant now)
{
    struct instant fresh = control_fresh_until(control, last->at);
    if (last->result == RESULT_FAILS)
        return (struct control_judgement){STATE_FAILS, last->at, last->cause};
    if (last->result == RESULT_ATTESTED && last->until.us < now.us)
        return (struct control_judgement){STATE_FAILS, last->until, LIT("statement_ended")};
    if (last->result == RESULT_ATTESTED)
        return (struct control_judgement){STATE_ATTESTED, last->until, SLICE_NONE};
    if (fresh.us <= now.us)
        return (struct control_judgement){STATE_UNKNOWN, fresh, SLICE_NONE};
    return (struct control_judgement){STATE_HOLDS, last->at, SLICE_NONE};
}

struct control_judgement control_judge(const struct control *control, bool implemented,
                                       const struct control_evidence *last, struct instant begun,
                                       struct instant now)
{
    if (!implemented)
        return (struct control_judgement){.state = STATE_NOT_IMPLEMENTED};
    /* Evidence from later than now proves that a clock is wrong, and nothing else. */
    if (last == NULL || last->at.us > now.us)
        return (struct control_judgement){.state = STATE_UNKNOWN, .since = begun};
    return judge_evidence(control, last, now);
}
