/* doctor: what the service itself has found of its claims, and what only the operator can mend. */
#include "roles/cli/doctor.h"
#include "roles/cli/service_desk.h"

enum { PATIENCE_MS = 15 * 1000, NAMES_BYTES_MAX = 4096, NAMED_MAX = 12 };

struct claims {
    size_t tried, failing, unknown;
    struct buffer *names; /* of those that fail, the first ones */
};

static void count_claim(struct claims *claims, const json_t *row)
{
    struct slice state = json_text(row, "state");
    if (slice_equal(state, LIT("not_implemented")) || slice_equal(state, LIT("attested")))
        return;
    claims->tried++;
    claims->unknown += slice_equal(state, LIT("unknown"));
    if (!slice_equal(state, LIT("fails")))
        return;
    if (claims->failing < NAMED_MAX)
        buffer_add_format(claims->names, "%s%.*s", claims->failing > 0 ? ", " : "", SLICE_ARG(json_text(row, "id")));
    else if (claims->failing == NAMED_MAX)
        buffer_add_text(claims->names, " …");
    claims->failing++;
}

static void count_claims(struct claims *claims, const json_t *answer)
{
    const json_t *sections = json_object_get(answer, "sections");
    for (size_t i = 0; i < json_array_size(sections); i++) {
        const json_t *rows = json_object_get(json_array_get(sections, i), "controls");
        for (size_t j = 0; j < json_array_size(rows); j++)
            count_claim(claims, json_array_get(rows, j));
    }
}

static void say_claims(struct doctor *doctor, const struct claims *claims)
{
    if (claims->failing > 0)
        doctor_say(doctor, "controls", FINDING_WARNING,
                   "rendez trust list names the command that mends each; after an installation see \"The first day\"",
                   "%zu of %zu claims that are tried fail: %.*s", claims->failing, claims->tried,
                   SLICE_ARG(buffer_slice(claims->names)));
    else if (claims->unknown > 0)
        doctor_say(doctor, "controls", FINDING_WARNING, "look again in some minutes; else rendez trust check",
                   "%zu of %zu claims have no evidence yet", claims->unknown, claims->tried);
    else
        doctor_say(doctor, "controls", FINDING_OK, NULL, "all %zu claims that are tried hold", claims->tried);
}

void doctor_check_controls(struct doctor *doctor)
{
    AUTO_JSON line = NULL;
    AUTO_BUFFER names = buffer_create(NAMES_BYTES_MAX);
    struct claims claims = {.names = &names};
    struct problem why = {0};
    enum status status = service_ask(doctor->admin.dir, "trust", json_pack("{s:s}", "ask", "show"), PATIENCE_MS, NULL,
                                     NULL, &line, &why);
    if (status != ST_OK) {
        doctor_say(doctor, "controls", FINDING_UNKNOWN, status == ST_DENIED ? "run doctor as root" : "start the service",
                   "%s", why.detail);
        return;
    }
    count_claims(&claims, json_object_get(line, "answer"));
    say_claims(doctor, &claims);
}
