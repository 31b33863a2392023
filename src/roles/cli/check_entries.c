#include "roles/cli/check_entries.h"

#include <errno.h>
#include <unistd.h>

#include "platform/identity/organisations.h"
#include "platform/store/store.h"
#include "platform/vault/scan.h"
#include "roles/cli/cli.h"
#include "roles/config/config.h"

enum { DRAW_EVERY = 8192 };

struct look {
    struct entry_scan *scan;
    int64_t seen, expected;
    bool draws;
};

static void draw(const struct look *look)
{
    enum { WIDTH = 30 };
    static const char full[WIDTH + 1] = "##############################";
    int64_t of = look->expected > look->seen ? look->expected : look->seen;
    if (look->draws && of > 0)
        fprintf(stderr, "\r[%-*.*s] %lld of %lld ", WIDTH, (int)(WIDTH * look->seen / of), full,
                (long long)look->seen, (long long)of);
}

static void take(void *context, const char *place, int64_t row, struct sealed sealed)
{
    struct look *look = context;
    entry_scan_add(look->scan, place, row, sealed);
    if (++look->seen % DRAW_EVERY == 0)
        draw(look);
}

static bool is_good(const struct entry_scanned *found)
{
    return found->malformed + found->repeated_salts + found->repeated_ivs == 0 && found->looks_random;
}

static json_t *place_json(const struct entry_at *at)
{
    return at->place == NULL ? json_null() : json_pack("{s:s, s:I}", "place", at->place, "row", (json_int_t)at->row);
}

static void print_found(const struct entry_scanned *found, double seconds)
{
    printf("%zu entries in %.1f s: %zu not well formed, %zu salts and %zu IVs that come twice\n", found->entries,
           seconds, found->malformed, found->repeated_salts, found->repeated_ivs);
    if (found->malformed > 0)
        printf("not well formed: %s, row %lld\n", found->bad.place, (long long)found->bad.row);
    if (found->first.place != NULL)
        printf("the same in %s, row %lld, and %s, row %lld\n", found->first.place, (long long)found->first.row,
               found->second.place, (long long)found->second.row);
    if (found->is_enough)
        printf("chi-square of the bytes at most %.0f (255 is expected): %s\n", found->worst_chi_square,
               found->looks_random ? "random" : "NOT random");
    else
        puts("too few to say whether their bytes look random");
}

static void print_json(const struct entry_scanned *found, double seconds)
{
    AUTO_JSON out = json_pack(
        "{s:I, s:f, s:I, s:I, s:I, s:o, s:o, s:o, s:f, s:b, s:b, s:b}", "entries", (json_int_t)found->entries,
        "seconds", seconds, "malformed", (json_int_t)found->malformed, "repeated_salts",
        (json_int_t)found->repeated_salts, "repeated_ivs", (json_int_t)found->repeated_ivs, "bad",
        place_json(&found->bad), "first", place_json(&found->first), "second", place_json(&found->second),
        "chi_square", found->worst_chi_square, "enough_for_chi_square", found->is_enough, "looks_random",
        found->looks_random, "good", is_good(found));
    cli_print_json(out);
}

static enum status scan_identities(const struct config *config, struct arena *arena, struct look *look,
                                   struct problem *why)
{
    AUTO_IDENTITY identity = NULL;
    const char *where = arena_format(arena, "%.*s/identity.db", SLICE_ARG(config->folders.identity)).data;
    if (access(where, F_OK) != 0)
        return errno == ENOENT ? ST_OK /* the service has not run yet */ : problem_errno(why, "look for identity.db");
    TRY(identity_open(&sqlite_driver, where, &identity, why));
    return identity_scan_entries(identity, take, look, why);
}

static enum status scan_store(const struct config *config, struct arena *arena, const char *dir, struct look *look,
                              struct problem *why)
{
    AUTO_STORE store = NULL;
    const char *where = arena_text(arena, config->folders.store);
    if (access(where, F_OK) != 0)
        return problem_set(why, ST_NOT_FOUND, "there is no store in %.100s", dir);
    TRY(store_open(&sqlite_driver, where, &store, why));
    TRY(store_count_entries(store, &look->expected, why));
    return store_scan_entries(store, take, look, why);
}

/* Both databases and their key files: what comes twice may be here and there. */
static enum status scan_all(const char *dir, struct look *look, struct problem *why)
{
    AUTO_ARENA arena = arena_create(4 << 20);
    struct config config;
    TRY(config_load(dir, arena, &config, why));
    TRY(scan_store(&config, arena, dir, look, why));
    return scan_identities(&config, arena, look, why);
}

int check_entries(const char *dir, int as_json)
{
    AUTO_ENTRY_SCAN scan = entry_scan_create();
    struct look look = {.scan = scan, .draws = isatty(STDERR_FILENO) == 1};
    struct entry_scanned found;
    struct problem why;
    struct instant began = clock_now();
    enum status status = scan_all(cli_dir_or_default(dir), &look, &why);
    if (status == ST_OK)
        entry_scan_conclude(scan, &found);
    draw(&look);
    if (look.draws)
        fputc('\n', stderr);
    if (status != ST_OK)
        return cli_fail_problem(&why);
    double seconds = (double)(clock_now().us - began.us) / 1e6;
    if (as_json)
        print_json(&found, seconds);
    else
        print_found(&found, seconds);
    return is_good(&found) ? EXIT_YES : EXIT_NO;
}
