/* camera: the newest file of the folder in which a recorder writes. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "workstation/internal.h"

enum { DEPTH_MAX = 6, FILES_MAX = 1000000 };

struct search {
    struct instant newest; /* us 0: no file yet */
    size_t files;
};

static enum status look_into(int folder, int depth, struct search *search);

/* Links are not followed: what one leads to was written elsewhere. */
static enum status look_at(int folder, const char *name, int depth, struct search *search)
{
    struct stat about;
    if (fstatat(folder, name, &about, AT_SYMLINK_NOFOLLOW) < 0)
        return errno == ENOENT ? ST_OK : ST_UNAVAILABLE; /* old footage goes while we look */
    if (S_ISDIR(about.st_mode)) {
        int inner = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        return inner >= 0 ? look_into(inner, depth + 1, search) : errno == ENOENT ? ST_OK : ST_UNAVAILABLE;
    }
    int64_t changed_us = (int64_t)about.st_mtim.tv_sec * 1000000 + about.st_mtim.tv_nsec / 1000;
    if (S_ISREG(about.st_mode) && about.st_size > 0 && changed_us > search->newest.us)
        search->newest.us = changed_us;
    return ++search->files > FILES_MAX ? ST_LIMIT : ST_OK;
}

/* Takes over the descriptor. */
static enum status look_into(int folder, int depth, struct search *search)
{
    AUTO_DIR dir = fdopendir(folder);
    if (dir == NULL) {
        fd_close(&folder);
        return ST_UNAVAILABLE;
    }
    if (depth > DEPTH_MAX)
        return ST_OK;
    for (const struct dirent *entry; errno = 0, (entry = readdir(dir)) != NULL;) {
        struct slice name = slice_from(entry->d_name);
        if (!slice_equal(name, LIT(".")) && !slice_equal(name, LIT("..")))
            TRY(look_at(dirfd(dir), entry->d_name, depth, search));
    }
    return errno == 0 ? ST_OK : ST_UNAVAILABLE;
}

struct finding footage_judge(const char *folder, unsigned minutes, struct instant now)
{
    struct search search = {0};
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 || look_into(fd, 0, &search) != ST_OK)
        return unknown("unreadable");
    int64_t age_us = now.us - search.newest.us;
    /* Of a time to come: nothing can be said of its age. */
    return search.newest.us > 0 && age_us <= minutes * MINUTE_US && age_us >= -MINUTE_US ? HOLDS : fails("no_footage");
}
