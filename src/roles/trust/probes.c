/* What trust tries of its own register when the prober asks. */
#include "roles/trust/probes.h"

#include <stdlib.h>

#include "platform/evidence/visitors.h"
#include "roles/trust/internal.h"
#include "roles/trust/visitors.h"

enum { PROBE_BYTES_MAX = 64 << 20 };

/* A date, as a fact says it. */
static void date_fact(struct probe *probe, const char *name, struct civil_date day)
{
    probe_fact(probe, name, "%04d-%02u-%02u", (int)day.year, day.month, day.day);
}

/* Whether a sealed file is still the one whose digest was written down. */
static enum status is_intact(struct trust *trust, const struct seal_place *place, struct sealed file,
                             struct slice digest, struct arena *arena, bool *intact, struct problem *why)
{
    struct slice plain;
    enum status status = trust_open(trust, place, file, arena, &plain, why);
    if (status != ST_OK && status != ST_DENIED)
        return status;
    *intact = status == ST_OK && slice_equal(trust_digest(plain, arena), digest);
    return ST_OK;
}

/* "due", of a control: what the calendar wants was done, not too long ago, and its evidence is there. The
 * cadence counts in days of UTC; a pace makes them shorter. */
static enum status probe_due(struct probe *probe, void *context, struct problem *why)
{
    struct trust *trust = *(struct trust **)context;
    AUTO_ARENA arena = arena_create_wiped(PROBE_BYTES_MAX);
    const struct control *control = control_find(probe_argument(probe));
    struct instant now = probe_moment(probe)->now;
    struct statement last;
    bool intact;
    if (control == NULL)
        return problem_set(why, ST_NOT_FOUND, "no such control");
    enum status status = evidence_last_statement(trust->evidence, slice_from(control->id), LIT("record"), arena,
                                                 &last, why);
    if (status == ST_NOT_FOUND)
        return probe_fails(probe, "never_done");
    TRY(status);
    struct civil_date done = civil_from_instant(last.done, zone_utc()).date;
    date_fact(probe, "done", done);
    date_fact(probe, "due", cadence_due(control->cadence, done));
    probe_fact(probe, "file", "%.*s", SLICE_ARG(last.digest));
    struct instant overdue =
        civil_to_instant(civil_at(cadence_overdue(control->cadence, done), 0, 0), zone_utc());
    struct seal_place place = evidence_statement_place(last.id);
    TRY(is_intact(trust, &place, last.file, last.digest, arena, &intact, why));
    if (last.done.us > now.us)
        return probe_fails(probe, "dated_ahead");
    if (overdue.us <= now.us)
        return probe_fails(probe, "overdue");
    return intact ? probe_holds(probe) : probe_fails(probe, "file_changed");
}

/* "attested", "SUP-04 31": somebody has stated that control, at most so many days ago and for longer than until now, and the
 * evidence is there. */
static enum status probe_attested(struct probe *probe, void *context, struct problem *why)
{
    struct trust *trust = *(struct trust **)context;
    AUTO_ARENA arena = arena_create_wiped(PROBE_BYTES_MAX);
    struct slice argument = probe_argument(probe);
    size_t space = slice_find(argument, LIT(" "), 0);
    struct instant now = probe_moment(probe)->now;
    struct statement last;
    uint64_t days;
    bool intact;
    if (!slice_to_u64(slice_sub(argument, space == SIZE_MAX ? space : space + 1, SIZE_MAX), 3660, &days))
        return problem_set(why, ST_INVALID, "so many days?");
    enum status status = evidence_last_statement(trust->evidence, slice_sub(argument, 0, space), LIT("attest"), arena, &last, why);
    if (status == ST_NOT_FOUND)
        return probe_fails(probe, "never_attested");
    TRY(status);
    date_fact(probe, "attested", civil_from_instant(last.at, zone_utc()).date);
    probe_fact(probe, "file", "%.*s", SLICE_ARG(last.digest));
    if (last.until.us <= now.us)
        return probe_fails(probe, "statement_ended");
    if (last.at.us < now.us - (int64_t)days * DAY_US)
        return probe_fails(probe, "attested_old");
    struct seal_place place = evidence_statement_place(last.id);
    TRY(is_intact(trust, &place, last.file, last.digest, arena, &intact, why));
    return intact ? probe_holds(probe) : probe_fails(probe, "file_changed");
}

/* "guarded_release": since all that guards is as it is, a scan was done and recorded. A day counts whole. */
static enum status probe_guarded_release(struct probe *probe, void *context, struct problem *why)
{
    struct trust *trust = *(struct trust **)context;
    AUTO_ARENA arena = arena_create_wiped(PROBE_BYTES_MAX);
    struct release release;
    struct statement last;
    bool intact;
    TRY(trust_guarded_release(trust, arena, &release, why));
    struct civil_date began = civil_from_instant(release.began, zone_utc()).date;
    probe_fact(probe, "release", "%.*s", SLICE_ARG(release.version));
    date_fact(probe, "began", began);
    enum status status = evidence_last_statement(trust->evidence, probe_argument(probe), LIT("record"), arena, &last, why);
    if (status == ST_NOT_FOUND)
        return probe_fails(probe, "never_scanned");
    TRY(status);
    struct civil_date done = civil_from_instant(last.done, zone_utc()).date;
    date_fact(probe, "done", done);
    probe_fact(probe, "file", "%.*s", SLICE_ARG(last.digest));
    if (civil_date_compare(done, began) < 0)
        return probe_fails(probe, "not_scanned");
    struct seal_place place = evidence_statement_place(last.id);
    TRY(is_intact(trust, &place, last.file, last.digest, arena, &intact, why));
    return intact ? probe_holds(probe) : probe_fails(probe, "file_changed");
}

/* A certification without evidence, tried for real: the register must refuse it. */
static enum status refuses_bare(struct trust *trust, bool *refused, struct problem *why)
{
    const struct certification bare = {.id = LIT("cer_trial"), .name = LIT("trial"), .holder = LIT("trial"),
                                       .ends = {INT64_MAX}};
    TRY(evidence_begin(trust->evidence, why));
    *refused = evidence_add_certification(trust->evidence, &bare, NULL) != ST_OK;
    evidence_rollback(trust->evidence);
    return ST_OK;
}

/* "certifications": each has its file and has not ended; one without a file cannot be written. */
static enum status probe_certifications(struct probe *probe, void *context, struct problem *why)
{
    struct trust *trust = *(struct trust **)context;
    AUTO_ARENA arena = arena_create_wiped((size_t)4 * PROBE_BYTES_MAX);
    struct certification_list list;
    bool refused, intact;
    TRY(refuses_bare(trust, &refused, why));
    if (!refused)
        return probe_fails(probe, "bare_taken");
    TRY(evidence_list_certifications(trust->evidence, arena, &list, why));
    probe_fact(probe, "certifications", "%zu", list.count);
    for (size_t i = 0; i < list.count; i++) {
        const struct certification *row = &list.items[i];
        struct seal_place place = evidence_certification_place(row->id);
        TRY(is_intact(trust, &place, row->file, row->digest, arena, &intact, why));
        bool ended = row->ends.us <= probe_moment(probe)->now.us;
        if (ended || !intact) {
            probe_fact(probe, "row", "%.*s", SLICE_ARG(row->id));
            return probe_fails(probe, ended ? "ended" : "no_file");
        }
    }
    return probe_holds(probe);
}

/* How many working days lie between two moments: whole days that are none of a weekend. */
static int64_t working_days(struct instant from, struct instant to)
{
    int64_t count = 0, day_us = 24 * 3600 * INT64_C(1000000);
    for (int64_t at = from.us; at + day_us <= to.us && count < 100; at += day_us) {
        struct civil_date date = civil_from_instant((struct instant){at + day_us}, zone_utc()).date;
        enum weekday weekday = civil_date_weekday(date);
        count += weekday != SATURDAY && weekday != SUNDAY;
    }
    return count;
}

/* "contacts": there is somebody to write to, for the service and for each large organisation; no message has
 * waited for more than two working days. */
static enum status probe_contacts(struct probe *probe, void *context, struct problem *why)
{
    struct trust *trust = *(struct trust **)context;
    AUTO_ARENA arena = arena_create_wiped(PROBE_BYTES_MAX);
    struct contact_list list;
    struct ticket oldest;
    bool own = false;
    TRY(evidence_list_contacts(trust->evidence, arena, &list, why));
    for (size_t i = 0; i < list.count; i++) {
        struct slice plain;
        struct seal_place place = evidence_contact_place(list.items[i].organisation);
        TRY(trust_open(trust, &place, list.items[i].sealed, arena, &plain, why));
        own |= slice_equal(list.items[i].organisation, LIT("service")) && slice_contains(plain, LIT("@"));
        if (list.items[i].large != 0 && !slice_contains(plain, LIT("@")))
            return probe_fails(probe, "large_without");
    }
    probe_fact(probe, "contacts", "%zu", list.count);
    if (!own)
        return probe_fails(probe, "no_contact");
    enum status status = evidence_oldest_ticket(trust->evidence, arena, &oldest, why);
    if (status == ST_NOT_FOUND)
        return probe_holds(probe);
    TRY(status);
    probe_fact(probe, "ticket", "%.*s", SLICE_ARG(oldest.id));
    return working_days(oldest.at, probe_moment(probe)->now) >= 2 ? probe_fails(probe, "ticket_waits")
                                                                 : probe_holds(probe);
}

/* "ticket": a made-up message through the code that takes real ones, in a transaction that is rolled back; and
 * no receipt of a real one has waited for a minute without having been tried. */
static enum status probe_ticket(struct probe *probe, void *context, struct problem *why)
{
    struct trust *trust = *(struct trust **)context;
    AUTO_ARENA arena = arena_create_wiped(PROBE_BYTES_MAX);
    AUTO_JSON asked = json_pack("{s:s, s:s, s:s}", "address", "trial@probe.example", "text", "trial", "language", "en");
    struct visitors_options options = {.public_url = LIT("https://probe.example")};
    struct instant now = probe_moment(probe)->now;
    struct slice ticket;
    struct letter_list late;
    struct problem refused = {0};
    TRY(evidence_begin(trust->evidence, why));
    enum status status = visitors_write(trust, &options, asked, now, arena, &ticket, &refused);
    evidence_rollback(trust->evidence);
    if (status != ST_OK && status != ST_LIMIT)
        return probe_fails(probe, "not_taken");
    struct instant before = {now.us - 60 * INT64_C(1000000)};
    TRY(evidence_due_letters(trust->evidence, before, 1, arena, &late, why));
    probe_fact(probe, "late", "%zu", late.count);
    return late.count > 0 ? probe_fails(probe, "no_receipt") : probe_holds(probe);
}

/* "held_last", of a control: the facts with which it held last, and "held_at_s", when (seconds since 1970); none: it never
 * has. What a check wants to compare with what it saw before, since the prober keeps nothing. */
static enum status probe_held_last(struct probe *probe, void *context, struct problem *why)
{
    struct trust *trust = *(struct trust **)context;
    AUTO_ARENA arena = arena_create_wiped(PROBE_BYTES_MAX);
    struct finding finding;
    enum status status = evidence_last_held(trust->evidence, probe_argument(probe), arena, &finding, why);
    if (status != ST_OK && status != ST_NOT_FOUND)
        return status;
    struct slice rest = status == ST_OK ? finding.facts : SLICE_NONE;
    if (status == ST_OK)
        probe_fact(probe, "held_at_s", "%lld", (long long)(finding.at.us / 1000000));
    while (rest.len > 0) {
        struct slice fact = slice_sub(rest, 0, slice_find(rest, LIT(" "), 0));
        size_t equals = slice_find(fact, LIT("="), 0);
        rest = slice_sub(rest, fact.len + 1, SIZE_MAX);
        if (equals != SIZE_MAX)
            probe_fact(probe, arena_text(arena, slice_sub(fact, 0, equals)), "%.*s",
                       SLICE_ARG(slice_sub(fact, equals + 1, SIZE_MAX)));
    }
    return probe_holds(probe);
}

/* "log_key": the digest of the key that the log has by an operator's word; none: nobody has said so. */
static enum status probe_log_key(struct probe *probe, void *context, struct problem *why)
{
    struct trust *trust = *(struct trust **)context;
    AUTO_ARENA arena = arena_create(1 << 16);
    struct log_key said;
    enum status status = evidence_load_log_key(trust->evidence, arena, &said, why);
    if (status != ST_OK && status != ST_NOT_FOUND)
        return status;
    if (status == ST_OK)
        probe_fact(probe, "said", "%.*s", SLICE_ARG(trust_digest(said.key, arena)));
    return probe_holds(probe);
}

void trust_probes(struct role *role, struct trust **trust)
{
    role_on_probe(role, "due", probe_due, trust);
    role_on_probe(role, "attested", probe_attested, trust);
    role_on_probe(role, "guarded_release", probe_guarded_release, trust);
    role_on_probe(role, "certifications", probe_certifications, trust);
    role_on_probe(role, "contacts", probe_contacts, trust);
    role_on_probe(role, "ticket", probe_ticket, trust);
    role_on_probe(role, "held_last", probe_held_last, trust);
    role_on_probe(role, "log_key", probe_log_key, trust);
    trust_outages_probe(role, trust);
}
