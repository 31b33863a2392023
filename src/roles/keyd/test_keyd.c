#include <stdlib.h>
#include <unistd.h>

#include "check.h"
#include "roles/keyd/keyd.h"

static void keys_open_where_they_belong(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    AUTO_KEYD keyd = NULL;
    CHECK_OK(keyd_create_for_replay(&keyd, NULL));
    struct wrapped_key organisation, other, meeting;
    struct sealed spool;
    AUTO_SECRET key = NULL;
    AUTO_SECRET again = NULL;
    AUTO_SECRET none = NULL;
    CHECK_OK(keyd_new_organisation_key(keyd, LIT("o1"), 1, arena, &organisation, NULL));
    CHECK_OK(keyd_new_organisation_key(keyd, LIT("o2"), 1, arena, &other, NULL));
    CHECK_OK(keyd_new_meeting_key(keyd, LIT("o1"), organisation, LIT("m1"), 1, arena, &meeting, &key,
                                  NULL));
    CHECK_OK(
        keyd_open_meeting_key(keyd, LIT("o1"), organisation, LIT("m1"), meeting, &again, NULL));
    CHECK(secret_equal(key, again));
    static const struct {
        const char *organisation, *meeting;
        bool with_other;
    } refused[] = {
        {"o1", "m2", false},
        {"o2", "m1", false},
        {"o2", "m1", true},
        {"o1", "m1", true},
    };
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        CHECK_NUMBER(keyd_open_meeting_key(keyd, slice_from(refused[i].organisation),
                                           refused[i].with_other ? other : organisation,
                                           slice_from(refused[i].meeting), meeting, &none, NULL),
                     ST_DENIED);
    CHECK_NUMBER(keyd_directory_key(keyd, LIT("o2"), organisation, &none, NULL), ST_DENIED);

    AUTO_SECRET spool_key = NULL;
    AUTO_SECRET spool_again = NULL;
    CHECK_OK(keyd_new_spool_key(keyd, LIT("s1"), arena, &spool, &spool_key, NULL));
    CHECK_OK(keyd_open_spool_key(keyd, LIT("s1"), spool, &spool_again, NULL));
    CHECK(secret_equal(spool_key, spool_again));
    CHECK_NUMBER(keyd_open_spool_key(keyd, LIT("s2"), spool, &none, NULL), ST_DENIED);
    CHECK(none == NULL);
}

static void keys_of_different_purposes_differ(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    AUTO_KEYD keyd = NULL;
    CHECK_OK(keyd_create_for_replay(&keyd, NULL));
    struct wrapped_key first, second;
    AUTO_SECRET lookup = NULL;
    AUTO_SECRET service = NULL;
    AUTO_SECRET directory = NULL;
    AUTO_SECRET directory_again = NULL;
    AUTO_SECRET other = NULL;
    CHECK_OK(keyd_new_organisation_key(keyd, LIT("o1"), 1, arena, &first, NULL));
    CHECK_OK(keyd_new_organisation_key(keyd, LIT("o2"), 1, arena, &second, NULL));
    CHECK_OK(keyd_lookup_key(keyd, &lookup, NULL));
    CHECK_OK(keyd_service_key(keyd, 0, &service, NULL));
    CHECK_OK(keyd_directory_key(keyd, LIT("o1"), first, &directory, NULL));
    CHECK_OK(keyd_directory_key(keyd, LIT("o1"), first, &directory_again, NULL));
    CHECK_OK(keyd_directory_key(keyd, LIT("o2"), second, &other, NULL));
    CHECK(!secret_equal(lookup, service));
    CHECK(secret_equal(directory, directory_again));
    CHECK(!secret_equal(directory, other));
}

/* What one process has wrapped opens in the next one, with the same root key file. */
static void keys_survive_a_restart(void)
{
    char folder[] = "/tmp/rendez-keyd-XXXXXX";
    if (mkdtemp(folder) == NULL)
        abort();
    AUTO_ARENA arena = arena_create(1 << 20);
    char *path = arena_text(arena, arena_format(arena, "%s/root.key", folder));
    struct secret *root; /* keyd takes it over */
    AUTO_SECRET key = NULL;
    AUTO_SECRET again = NULL;
    struct wrapped_key organisation, meeting;
    CHECK_OK(root_key_create(path, LIT("une phrase"), &root, NULL));
    {
        struct root_keys roots = {.items = {{1, root}}, .count = 1};
        AUTO_KEYD keyd = keyd_create(&roots);
        CHECK(roots.items[0].key == NULL);
        CHECK_OK(keyd_new_organisation_key(keyd, LIT("o"), 1, arena, &organisation, NULL));
        CHECK_OK(keyd_new_meeting_key(keyd, LIT("o"), organisation, LIT("m"), 1, arena, &meeting, &key,
                                      NULL));
    }
    AUTO_KEYD keyd = NULL;
    CHECK_NUMBER(keyd_open(path, LIT("une phrase "), &keyd, NULL), ST_DENIED);
    CHECK_OK(keyd_open(path, LIT("une phrase"), &keyd, NULL));
    CHECK_OK(keyd_open_meeting_key(keyd, LIT("o"), organisation, LIT("m"), meeting, &again, NULL));
    CHECK(secret_equal(key, again));
    unlink(path);
    rmdir(folder);
}

static void nothing_is_left_behind(void)
{
    CHECK_NUMBER(secret_count(), 0);
}

int main(void)
{
    TEST(keys_open_where_they_belong);
    TEST(keys_of_different_purposes_differ);
    TEST(keys_survive_a_restart);
    TEST(nothing_is_left_behind);
    return check_done();
}
