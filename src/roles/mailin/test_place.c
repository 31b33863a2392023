#include <stdlib.h>
#include <unistd.h>

#include "check.h"
#include "roles/mailin/place.h"

#define DAY(n) ((struct instant){(n) * DAY_US})

static const struct {
    const char *name;
    struct mailbox_place before;
    uint32_t uidvalidity, uidnext;
    bool anew;
    struct mailbox_place after;
} meetings[] = {
    {"the first look", {.high = 0}, 7, 20, true, {.uidvalidity = 7, .known = 20}},
    {"the same numbers",
     {.uidvalidity = 7, .high = 30, .known = 20, .looked = {DAY_US}, .unmarked = 30}, 7, 31, false,
     {.uidvalidity = 7, .high = 30, .known = 20, .looked = {DAY_US}, .unmarked = 30}},
    {"new numbers: what came since two days before the last look",
     {.uidvalidity = 7, .high = 30, .known = 20, .looked = {10 * DAY_US}, .unmarked = 30}, 8, 4, true,
     {.uidvalidity = 8, .known = 4, .renumbered = true, .since = {8 * DAY_US}, .looked = {10 * DAY_US}}},
    {"new numbers before a first look had ended: as if it were the first",
     {.uidvalidity = 7, .high = 3, .known = 20}, 8, 4, true, {.uidvalidity = 8, .known = 4}},
    {"new numbers again, before the look after the first new ones had ended",
     {.uidvalidity = 8, .high = 2, .known = 4, .renumbered = true, .since = {8 * DAY_US}, .looked = {10 * DAY_US}},
     9, 5, true,
     {.uidvalidity = 9, .known = 5, .renumbered = true, .since = {8 * DAY_US}, .looked = {10 * DAY_US}}},
};

static void check_place(const struct mailbox_place *got, const struct mailbox_place *want)
{
    CHECK_NUMBER(got->uidvalidity, want->uidvalidity);
    CHECK_NUMBER(got->high, want->high);
    CHECK_NUMBER(got->known, want->known);
    CHECK_NUMBER(got->renumbered, want->renumbered);
    CHECK_NUMBER(got->since.us, want->since.us);
    CHECK_NUMBER(got->looked.us, want->looked.us);
    CHECK_NUMBER(got->unmarked, want->unmarked);
}

static void meets_the_numbers_of_a_server(void)
{
    for (size_t i = 0; i < sizeof meetings / sizeof *meetings; i++) {
        struct mailbox_place place = meetings[i].before;
        place.account = LIT("a");
        check_row(meetings[i].name);
        CHECK(place_meet(&place, meetings[i].uidvalidity, meetings[i].uidnext) == meetings[i].anew);
        check_place(&place, &meetings[i].after);
        CHECK_TEXT(place.account, "a");
    }
}

static void is_there_again_after_a_crash(void)
{
    char folder[] = "/tmp/rendez-place-XXXXXX";
    if (mkdtemp(folder) == NULL)
        abort();
    AUTO_ARENA arena = arena_create(1 << 20);
    char *path = arena_text(arena, arena_format(arena, "%s/mailbox", folder));
    struct mailbox_place place, saved = {LIT("account one"), 7, 4294967295, 20, true, DAY(3), DAY(5), 30};
    CHECK_OK(place_load(path, LIT("account one"), arena, &place, NULL));
    CHECK_NUMBER(place.uidvalidity, 0);
    CHECK_OK(place_save(path, &saved, NULL));
    CHECK_OK(place_load(path, LIT("account one"), arena, &place, NULL));
    check_place(&place, &saved);
    /* Another mailbox begins anew. */
    CHECK_OK(place_load(path, LIT("account two"), arena, &place, NULL));
    check_place(&place, &(struct mailbox_place){.high = 0});
    CHECK_TEXT(place.account, "account two");
    /* Nobody guesses from a damaged file. */
    CHECK_OK(file_write_durably(path, LIT("\x01\x02"), 0600, NULL));
    CHECK_NUMBER(place_load(path, LIT("account one"), arena, &place, NULL), ST_INVALID);
    unlink(path);
    CHECK_NUMBER(place_save("/nowhere/mailbox", &saved, NULL), ST_NOT_FOUND);
    rmdir(folder);
}

int main(void)
{
    TEST(meets_the_numbers_of_a_server);
    TEST(is_there_again_after_a_crash);
    return check_done();
}
