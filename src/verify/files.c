#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "verify.h"

/* False when it grows meanwhile, too. */
static bool read_whole(int fd, size_t size, struct file *out)
{
    while (out->len <= size) {
        ssize_t got = read(fd, out->data + out->len, size + 1 - out->len);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return got == 0;
        out->len += (size_t)got;
    }
    return false;
}

const char *file_load(const char *folder, const char *path, struct file *out)
{
    char whole[4096];
    struct file file = {0};
    int len = folder == NULL ? snprintf(whole, sizeof whole, "%s", path)
                             : snprintf(whole, sizeof whole, "%s/%s", folder, path);
    if (len < 0 || (size_t)len >= sizeof whole)
        return "path too long";
    int fd = open(whole, O_RDONLY | O_CLOEXEC);
    struct stat about;
    if (fd < 0)
        return strerror(errno);
    if (fstat(fd, &about) != 0 || !S_ISREG(about.st_mode) || about.st_size > FILE_BYTES_MAX) {
        close(fd);
        return "not a file, or too large";
    }
    file.data = malloc((size_t)about.st_size + 1);
    if (file.data == NULL)
        abort();
    bool good = read_whole(fd, (size_t)about.st_size, &file);
    close(fd);
    if (!good) {
        file_free(&file);
        return "cannot be read whole";
    }
    *out = file;
    return NULL;
}

void time_print(FILE *to, const char *before, int64_t seconds)
{
    time_t at = (time_t)seconds;
    struct tm utc;
    char text[40];
    if (gmtime_r(&at, &utc) != NULL && strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc) > 0)
        fprintf(to, "%s%s", before, text);
}

void file_free(struct file *file)
{
    free(file->data);
    *file = (struct file){0};
}

/* 1234067 is "x001/x234/067". */
static void put_index(uint64_t index, char *out)
{
    char digits[24];
    int len = snprintf(digits, sizeof digits, "%llu", (unsigned long long)index);
    int groups = (len + 2) / 3, at = 0;
    for (int g = groups - 1; g >= 0; g--) {
        if (g > 0)
            out[at++] = 'x';
        for (int k = 0; k < 3; k++) {
            int place = len - 3 * g - 3 + k;
            out[at++] = place < 0 ? '0' : digits[place];
        }
        out[at++] = g > 0 ? '/' : '\0';
    }
}

void tile_path(int level, uint64_t index, unsigned width, char out[PATH_BYTES])
{
    char place[40], part[8] = "";
    put_index(index, place);
    if (width < TILE_WIDTH)
        snprintf(part, sizeof part, ".p/%u", width);
    if (level < 0)
        snprintf(out, PATH_BYTES, "tile/entries/%s%s", place, part);
    else
        snprintf(out, PATH_BYTES, "tile/%d/%s%s", level, place, part);
}
