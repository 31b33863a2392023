/* Who is paused, on a failing disk: nobody who was is let go without a word. */
#include <stdio.h>

#include "faults/trial.h"
#include "roles/keyd/openings.h"

enum { LIMIT = 2, FAULTS = DISK_FAULT_COUNT - 1 /* without that of memory: it comes before anything is written */ };

static const unsigned char key_bytes[32] = {9};
static const struct moment now = {{INT64_C(1800000000000000)}, {100 * 1000}};

struct place {
    char folder[64], path[80];
};

/* What of it is open. */
struct life {
    struct openings *openings;
    struct rates *rates;
    struct problem *why;
    enum status kept;
};

static bool keep(void *context, size_t place, const struct rate_opener *one)
{
    struct life *life = context;
    life->kept = openings_keep(life->openings, place, one, &now, life->why);
    return life->kept == ST_OK;
}

static enum status begin(const struct place *place, struct life *life, struct problem *why)
{
    AUTO_SECRET key = secret_create(key_bytes, sizeof key_bytes);
    *life = (struct life){.why = why};
    life->rates = rates_create((struct rate_limits){.per_person = LIMIT}, keep, life);
    TRY(openings_open(place->path, key, &life->openings, why));
    return openings_load(life->openings, life->rates, &now, why);
}

static void end(struct life *life)
{
    openings_close(&life->openings);
    rates_destroy(&life->rates);
}

static enum status open_until_paused(struct life *life, const char *who)
{
    uint32_t count;
    for (int i = 0; i <= LIMIT && life->kept == ST_OK; i++)
        (void)rates_count_person(life->rates, slice_from(who), now.clock, &count);
    return life->kept;
}

static bool is_paused(struct life *life, const char *who)
{
    for (size_t i = 0; i < RATE_PEOPLE_MAX; i++) {
        const struct rate_opener *one = rates_opener(life->rates, i);
        if (slice_equal((struct slice){one->id, one->len}, slice_from(who)))
            return one->paused;
    }
    return false;
}

static void make_folder(void *context)
{
    struct place *place = context;
    snprintf(place->folder, sizeof place->folder, "%s/rendez-faults-XXXXXX", access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    if (mkdtemp(place->folder) == NULL)
        abort();
    snprintf(place->path, sizeof place->path, "%s/openings", place->folder);
}

static void remove_folder(void *context)
{
    struct place *place = context;
    char beside[96];
    snprintf(beside, sizeof beside, "%s.new", place->path);
    unlink(place->path);
    unlink(beside);
    CHECK(rmdir(place->folder) == 0);
}

/* Made once: a file of its own for each trial takes most of the time. */
static struct arena *kept;
static struct slice paused;

static void keep_a_pause(void)
{
    struct place place;
    struct life life;
    kept = arena_create(2 << 20);
    make_folder(&place);
    CHECK_OK(begin(&place, &life, NULL));
    CHECK_OK(open_until_paused(&life, "p_before"));
    end(&life);
    CHECK_OK(file_read(place.path, 1 << 20, kept, &paused, NULL));
    remove_folder(&place);
}

static void with_a_pause(void *context)
{
    make_folder(context);
    CHECK_OK(file_write_durably(((struct place *)context)->path, paused, 0600, NULL));
}

static enum status make(void *context, struct problem *why)
{
    struct life life;
    enum status status = begin(context, &life, why);
    end(&life);
    return status;
}

static void none_or_whole(void *context)
{
    struct life life;
    if (access(((struct place *)context)->path, F_OK) != 0)
        return;
    CHECK_OK(begin(context, &life, NULL));
    end(&life);
}

/* As keyd does, and then an operator: what cannot be read is written anew. */
static enum status pause_one(void *context, struct problem *why)
{
    struct life life;
    enum status status = begin(context, &life, why);
    if (status == ST_INVALID) {
        rates_lift(life.rates);
        status = openings_keep_all(life.openings, life.rates, &now, why);
    }
    if (status == ST_OK)
        status = open_until_paused(&life, "p_now");
    end(&life);
    return status;
}

static void nobody_is_let_go(void *context)
{
    struct life life;
    enum status status = begin(context, &life, NULL);
    CHECK(status == ST_INVALID || (status == ST_OK && is_paused(&life, "p_before")));
    end(&life);
}

static void it_is_paused(void *context)
{
    struct life life;
    CHECK_OK(begin(context, &life, NULL));
    CHECK(is_paused(&life, "p_now"));
    end(&life);
}

static void a_pause_is_kept_or_refused(void)
{
    enum {
        writes = MAKES(FAULT_OPEN) | MAKES(FAULT_READ) | MAKES(FAULT_WRITE),
        makes = writes | MAKES(FAULT_FSYNC) | MAKES(FAULT_RENAME) | MAKES(FAULT_REMOVE),
    };
    static const struct fault_trial trials[] = {
        {"make the file", make_folder, make, none_or_whole, none_or_whole, remove_folder, makes},
        {"pause somebody", with_a_pause, pause_one, nobody_is_let_go, it_is_paused, remove_folder, writes},
    };
    struct place place;
    keep_a_pause();
    for (size_t i = 0; i < sizeof trials / sizeof *trials; i++)
        fault_try_each(&trials[i], disk_faults, FAULTS, &place);
    arena_destroy(&kept);
}

int main(void)
{
    TEST(a_pause_is_kept_or_refused);
    return check_done();
}
