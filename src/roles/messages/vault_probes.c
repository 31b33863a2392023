#include "roles/messages/vault_probes.h"

#include <stdlib.h>

enum {
    FRESH_ENTRIES = 10000,
    PAGE = 5000,
    STEP_MS = 300, /* for so long a step keeps others waiting, at most */
};

static enum status fresh(struct probe *probe, void *context, struct problem *why)
{
    AUTO_ENTRY_SCAN scan = entry_scan_create();
    AUTO_SECRET key = secret_random(VAULT_KEY_BYTES);
    struct seal_place place = {.table = LIT("trial"), .column = LIT("trial"), .row = LIT("trial")};
    struct entry_scanned found;
    (void)context;
    for (int64_t i = 0; i < FRESH_ENTRIES; i++) {
        AUTO_ARENA arena = arena_create(4096);
        struct sealed sealed;
        TRY(vault_seal(key, &place, SLICE_NONE, arena, &sealed, why));
        entry_scan_add(scan, "trial", i, sealed);
    }
    entry_scan_conclude(scan, &found);
    probe_fact(probe, "entries", "%zu", found.entries);
    probe_fact(probe, "repeated", "%zu", found.repeated_salts + found.repeated_ivs);
    probe_fact(probe, "chi_square", "%.0f", found.worst_chi_square);
    if (found.repeated_salts + found.repeated_ivs > 0)
        return probe_fails(probe, "repeated");
    if (!found.is_enough || !found.looks_random)
        return probe_fails(probe, "not_random");
    return vault_seals_without_random() ? probe_fails(probe, "sealed_without_random") : probe_holds(probe);
}

void probe_fresh_entries(struct role *role)
{
    role_on_probe(role, "fresh_entries", fresh, NULL);
}

struct entry_probe {
    probe_page_fn *page;
    void *context;
    struct entry_scan *scan; /* NULL: none is under way */
    struct entry_cursor cursor;
};

static void take(void *context, const char *place, int64_t row, struct sealed sealed)
{
    entry_scan_add(context, place, row, sealed);
}

static enum status go_on(struct entry_probe *self, struct probe *probe, struct problem *why)
{
    int64_t end_ms = clock_monotonic_ms() + STEP_MS;
    while (!self->cursor.ended && clock_monotonic_ms() < end_ms)
        TRY(self->page(self->context, &self->cursor, PAGE, take, self->scan, why));
    probe_fact(probe, "left", "%d", !self->cursor.ended);
    return probe_holds(probe);
}

static enum status judge(struct entry_probe *self, struct probe *probe)
{
    struct entry_scanned found;
    entry_scan_conclude(self->scan, &found);
    entry_scan_destroy(&self->scan);
    probe_fact(probe, "entries", "%zu", found.entries);
    probe_fact(probe, "malformed", "%zu", found.malformed);
    probe_fact(probe, "repeated_salts", "%zu", found.repeated_salts);
    probe_fact(probe, "repeated_ivs", "%zu", found.repeated_ivs);
    if (found.malformed > 0) {
        probe_fact(probe, "place", "%s", found.bad.place);
        return probe_fails(probe, "malformed");
    }
    if (found.repeated_salts + found.repeated_ivs == 0)
        return probe_holds(probe);
    probe_fact(probe, "first", "%s/%lld", found.first.place, (long long)found.first.row);
    probe_fact(probe, "second", "%s/%lld", found.second.place, (long long)found.second.row);
    return probe_fails(probe, found.repeated_salts > 0 ? "repeated_salt" : "repeated_iv");
}

static enum status entries(struct probe *probe, void *context, struct problem *why)
{
    struct entry_probe *self = context;
    struct slice step = probe_argument(probe);
    if (slice_equal(step, LIT("begin"))) {
        entry_scan_destroy(&self->scan);
        self->scan = entry_scan_create();
        self->cursor = (struct entry_cursor){0};
        return go_on(self, probe, why);
    }
    if (self->scan == NULL)
        return problem_set(why, ST_CONFLICT, "nothing is under way here");
    if (slice_equal(step, LIT("end")) && self->cursor.ended)
        return judge(self, probe);
    return go_on(self, probe, why);
}

struct entry_probe *probe_entries(struct role *role, probe_page_fn *page, void *context)
{
    struct entry_probe *self = must_calloc(1, sizeof *self);
    *self = (struct entry_probe){.page = page, .context = context};
    role_on_probe(role, "entries", entries, self);
    return self;
}

void entry_probe_destroy(struct entry_probe **probe)
{
    if (*probe == NULL)
        return;
    entry_scan_destroy(&(*probe)->scan);
    free(*probe);
    *probe = NULL;
}
