/* Lessons as they are exported: the scenario plays, its calendar leaves just what was offered, and it ends as the person said. */
#include <ftw.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "formats/ical/ical.h"
#include "formats/mime/mime.h"
#include "roles/planner/learning.h"
#include "roles/replay/replay.h"

static char folder[] = "/tmp/rendez-lessons-XXXXXX";

#define OFFERS                                                                                       \
    "[{\"start\":\"2026-03-05T09:00:00+00:00\",\"end\":\"2026-03-05T09:45:00+00:00\"},"                  \
    "{\"start\":\"2026-03-05T14:00:00+00:00\",\"end\":\"2026-03-05T14:45:00+00:00\"},"                   \
    "{\"start\":\"2026-03-06T10:30:00+01:00\",\"end\":\"2026-03-06T11:15:00+01:00\"}]"
#define SCENE(writer, offers)                                                                           \
    "\"scene\":{\"received\":\"2026-03-03T09:00:00+00:00\",\"writer\":" writer ",\"people\":2,\"kind\":\"meeting\"," \
    "\"duration_min\":45,\"offers\":" offers "}"
#define LESSON(language, text, intent, accepted, scene)                                               \
    "{\"id\":\"l_1\",\"language\":\"" language "\",\"text\":\"" text "\",\"read\":{\"intent\":\"other\"},"         \
    "\"said\":{\"intent\":\"" intent "\",\"kind\":\"\",\"duration_min\":0,\"windows\":[],\"accepted\":" accepted "}," scene "}"

static const struct {
    const char *lesson;
    size_t steps;
    enum meeting_state state;
    const char *start; /* of the meeting then; NULL: none is settled */
} rows[] = {
    {LESSON("fr", "Bonjour,\\n\\nLe deuxi\u00e8me me convient.\\n", "accept", "[2]", SCENE("1", OFFERS)), 2, MEETING_CONFIRMED,
     "2026-03-05T14:00:00+00:00"},
    {LESSON("en", "Hello,\\n\\nThe first one works for me.\\n", "accept", "[1]", SCENE("1", OFFERS)), 2, MEETING_CONFIRMED,
     "2026-03-05T09:00:00+00:00"},
    {LESSON("fr", "Bonjour,\\n\\nLe troisi\u00e8me.\\n", "accept", "[3]", SCENE("1", OFFERS)), 2, MEETING_CONFIRMED,
     "2026-03-06T09:30:00+00:00"},
    {LESSON("en", "Hi,\\n\\nPlease set up a call of 30 minutes with Hugo (hugo.keller@societe-2.example).\\n", "request", "[]",
            SCENE("0", "[]")), 1, MEETING_PROPOSING, NULL},
};

static int remove_one(const char *path, const struct stat *about, int kind, struct FTW *at)
{
    (void)about, (void)kind;
    return at->level == 0 ? 0 : remove(path);
}

static void put(struct arena *arena, const char *name, struct slice text)
{
    CHECK_OK(file_write_durably(arena_format(arena, "%s/%s", folder, name).data, text, 0600, NULL));
}

static void play(struct arena *arena, const char *json, struct replay_result *out, struct lesson_scenario *made)
{
    AUTO_JSON lesson = NULL;
    CHECK_OK(json_read(slice_from(json), &lesson, NULL));
    *made = lesson_scenario(lesson, arena);
    nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    CHECK(mkdir(arena_format(arena, "%s/calendars", folder).data, 0700) == 0);
    put(arena, "scenario.json", made->scenario);
    put(arena, "calendars/organiser.ics", made->calendar);
    struct problem why = {0};
    enum status status = replay_run(folder, arena, out, &why);
    if (status != ST_OK)
        printf("# %s\n", why.detail);
    CHECK_OK(status);
}

static void lessons_are_played(void)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        AUTO_ARENA arena = arena_create((size_t)512 << 20);
        struct replay_result result = {0};
        struct lesson_scenario made;
        check_row(rows[i].lesson);
        play(arena, rows[i].lesson, &result, &made);
        CHECK_NUMBER(result.steps.count, rows[i].steps);
        const struct replay_step *last = &result.steps.items[result.steps.count - 1];
        CHECK_NUMBER(last->tasks.count, 0);
        CHECK_NUMBER(last->meetings.count, 1);
        CHECK_NUMBER(last->meetings.items[0].state, rows[i].state);
        if (rows[i].start != NULL)
            CHECK_TEXT(instant_format(last->meetings.items[0].confirmed.start, zone_utc(), arena), rows[i].start);
        replay_release(&result);
    }
    check_row("");
}

/* What was offered to who wrote is offered again: nothing else is free. */
static void offers_are_those_of_the_scene(void)
{
    static const char *const starts[] = {"2026-03-05T09:00:00+00:00", "2026-03-05T14:00:00+00:00", "2026-03-06T09:30:00+00:00"};
    AUTO_ARENA arena = arena_create((size_t)512 << 20);
    struct replay_result result = {0};
    struct lesson_scenario made;
    play(arena, rows[0].lesson, &result, &made);
    const struct offer_list *offers = &result.steps.items[0].meetings.items[0].offers;
    CHECK_NUMBER(offers->count, 3);
    for (size_t i = 0; i < 3 && i < offers->count; i++)
        CHECK_TEXT(instant_format(offers->items[i].span.start, zone_utc(), arena), starts[i]);
    CHECK(slice_contains(made.calendar, LIT("DTEND:20260305T090000Z\r\n")));
    CHECK(slice_contains(made.calendar, LIT("DTSTART:20260306T101500Z\r\n")));
    replay_release(&result);
}

int main(void)
{
    if (mkdtemp(folder) == NULL)
        abort();
    zone_load_all();
    mime_init();
    ical_init();
    TEST(lessons_are_played);
    TEST(offers_are_those_of_the_scene);
    nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    rmdir(folder);
    return check_done();
}
