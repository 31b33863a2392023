/* Files of JSON: test_vectors FOLDER… As in JSONTestSuite, a name beginning with y_ must be
 * read, one with n_ refused; i_ is free, but nothing crashes. Both readers agree. */
#include <dirent.h>

#include "check.h"
#include "formats/json/json.h"

enum { FILE_BYTES_MAX = 4 << 20 };

static int folder_count;
static char **folders;
static size_t files;

static void check_file(const char *folder, const char *name)
{
    AUTO_ARENA arena = arena_create(8 * FILE_BYTES_MAX);
    AUTO_JSON value = NULL;
    struct slice text;
    struct problem why = {0}, other = {0};
    struct json_member member = {.name = LIT("a")};
    check_row(name);
    CHECK_OK(file_read(arena_format(arena, "%s/%s", folder, name).data, FILE_BYTES_MAX, arena, &text,
                       &why));
    enum status status = json_read(text, &value, &why);
    if (name[0] == 'y')
        CHECK_OK(status);
    if (name[0] == 'n')
        CHECK(status == ST_INVALID || status == ST_LIMIT);
    CHECK_NUMBER(json_members(text, &member, 1, arena, &other), status);
    if (status != ST_OK) {
        CHECK_TEXT(slice_from(other.detail), why.detail);
        return;
    }
    /* what is written is read as the same value */
    AUTO_JSON again = NULL;
    CHECK_OK(json_read(json_write(value, arena), &again, NULL));
    CHECK(json_equal(value, again));
    files++;
}

static void reads_the_files(void)
{
    for (int i = 0; i < folder_count; i++) {
        DIR *folder = opendir(folders[i]);
        CHECK(folder != NULL);
        if (folder == NULL)
            continue;
        for (const struct dirent *entry; (entry = readdir(folder)) != NULL;) {
            struct slice name = slice_from(entry->d_name);
            if (slice_ends(name, LIT(".json")) && slice_find(name, LIT("_"), 0) == 1)
                check_file(folders[i], entry->d_name);
        }
        closedir(folder);
    }
    CHECK(files > 0);
}

int main(int argc, char **argv)
{
    folder_count = argc - 1;
    folders = argv + 1;
    TEST(reads_the_files);
    return check_done();
}
