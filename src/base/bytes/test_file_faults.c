/* Files that must be whole, on a failing disk. */
#include <dirent.h>
#include <stdio.h>
#include <sys/stat.h>

#include "faults/trial.h"

struct files {
    char folder[64];
    char path[80];
};

static void make_folder(void *context)
{
    struct files *files = context;
    snprintf(files->folder, sizeof files->folder, "/tmp/rendez-faults-XXXXXX");
    if (mkdtemp(files->folder) == NULL)
        abort();
    snprintf(files->path, sizeof files->path, "%s/file", files->folder);
}

static void remove_folder(void *context)
{
    struct files *files = context;
    char beside[96];
    snprintf(beside, sizeof beside, "%s.new", files->path);
    unlink(files->path);
    unlink(beside);
    CHECK(rmdir(files->folder) == 0);
}

static unsigned count_files(const struct files *files)
{
    unsigned count = 0;
    DIR *folder = opendir(files->folder);
    for (struct dirent *entry; folder != NULL && (entry = readdir(folder)) != NULL;)
        count += entry->d_name[0] != '.';
    closedir(folder);
    return count;
}

#define LONG "a text of some length, so that half of it is something"

static bool holds(const struct files *files, const char *text)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    struct slice bytes;
    return file_read(files->path, 1 << 20, arena, &bytes, NULL) == ST_OK &&
           slice_equal(bytes, slice_from(text));
}

static bool is_private(const struct files *files)
{
    struct stat about;
    return stat(files->path, &about) == 0 && (about.st_mode & 0777) == 0600;
}

static enum status write_file(void *context, struct problem *why)
{
    return file_write_durably(((struct files *)context)->path, LIT(LONG), 0600, why);
}

static void none_or_whole(void *context)
{
    CHECK(count_files(context) == 0 || (count_files(context) == 1 && holds(context, LONG)));
}

static void one_whole(void *context)
{
    CHECK(count_files(context) == 1 && holds(context, LONG) && is_private(context));
}

static void with_an_old_one(void *context)
{
    make_folder(context);
    CHECK_OK(file_write_durably(((struct files *)context)->path, LIT("old"), 0600, NULL));
}

static void old_or_new(void *context)
{
    CHECK_NUMBER(count_files(context), 1);
    CHECK(holds(context, "old") || holds(context, LONG));
}

/* Where nothing can be removed its name beside it stays, until the next write. */
static void one_whole_by_any_name(void *context)
{
    CHECK(count_files(context) <= 2 && holds(context, LONG) && is_private(context));
}

static enum status create_file(void *context, struct problem *why)
{
    return file_create_durably(((struct files *)context)->path, LIT(LONG), 0600, why);
}

static enum status read_file(void *context, struct problem *why)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    struct slice bytes;
    TRY(file_read(((struct files *)context)->path, 1 << 20, arena, &bytes, why));
    CHECK(slice_equal(bytes, LIT("old")));
    return ST_OK;
}

static void is_old(void *context)
{
    CHECK(count_files(context) == 1 && holds(context, "old"));
}

static void a_file_is_whole_or_not_there(void)
{
    enum {
        writes = MAKES(FAULT_OPEN) | MAKES(FAULT_WRITE) | MAKES(FAULT_FSYNC) | MAKES(FAULT_RENAME) |
                 MAKES(FAULT_REMOVE),
        reads = MAKES(FAULT_OPEN) | MAKES(FAULT_READ) | MAKES(FAULT_MEMORY),
    };
    static const struct fault_trial trials[] = {
        {"write a file", make_folder, write_file, none_or_whole, one_whole, remove_folder, writes},
        {"replace a file", with_an_old_one, write_file, old_or_new, one_whole, remove_folder, writes},
        {"create a file", make_folder, create_file, none_or_whole, one_whole_by_any_name, remove_folder, writes},
        {"read a file", with_an_old_one, read_file, is_old, is_old, remove_folder, reads},
    };
    struct files files;
    for (size_t i = 0; i < sizeof trials / sizeof *trials; i++)
        fault_try_each(&trials[i], disk_faults, DISK_FAULT_COUNT, &files);
}

int main(void)
{
    TEST(a_file_is_whole_or_not_there);
    return check_done();
}
