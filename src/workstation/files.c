/* Reading a workstation's files. */
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "workstation/internal.h"

enum { FILE_BYTES_MAX = 64 << 20, NAMES_MAX = 4096 };

struct finding finding_worse(struct finding a, struct finding b)
{
    static const int badness[] = {[POSTURE_HOLDS] = 0, [POSTURE_UNKNOWN] = 1, [POSTURE_FAILS] = 2};
    return badness[b.state] > badness[a.state] ? b : a;
}

static const char *below_root(const struct station *station, const char *path)
{
    return arena_format(station->arena, "%s%s", station->root, path).data;
}

enum status station_read(const struct station *station, const char *path, struct slice *text)
{
    return file_read(below_root(station, path), FILE_BYTES_MAX, station->arena, text, NULL);
}

enum status station_changed(const struct station *station, const char *path, struct instant *at)
{
    struct stat file;
    if (stat(below_root(station, path), &file) < 0)
        return problem_errno(NULL, path);
    at->us = (int64_t)file.st_mtim.tv_sec * 1000000 + file.st_mtim.tv_nsec / 1000;
    return ST_OK;
}

void dir_close(DIR **dir)
{
    if (*dir != NULL)
        closedir(*dir);
}

static int by_bytes(const void *a, const void *b)
{
    return slice_compare(*(const struct slice *)a, *(const struct slice *)b);
}

enum status station_list(const struct station *station, const char *path, struct slice_list *names)
{
    AUTO_DIR dir = opendir(below_root(station, path));
    struct slice_list found = {0};
    if (dir == NULL)
        return problem_errno(NULL, path);
    for (const struct dirent *entry; errno = 0, (entry = readdir(dir)) != NULL;) {
        struct slice name = slice_from(entry->d_name);
        if (slice_equal(name, LIT(".")) || slice_equal(name, LIT("..")))
            continue;
        if (found.count == NAMES_MAX)
            return ST_LIMIT;
        ARENA_PUSH(station->arena, &found, arena_copy(station->arena, name));
    }
    if (errno != 0)
        return problem_errno(NULL, path);
    if (found.count > 0)
        qsort(found.items, found.count, sizeof *found.items, by_bytes);
    *names = found;
    return ST_OK;
}

static struct slice name_of(struct slice path)
{
    while (slice_find(path, LIT("/"), 0) != SIZE_MAX)
        path = slice_sub(path, slice_find(path, LIT("/"), 0) + 1, path.len);
    return path;
}

static bool has_name(const struct slice_list *paths, struct slice name)
{
    for (size_t i = 0; i < paths->count; i++)
        if (slice_equal(name_of(paths->items[i]), name))
            return true;
    return false;
}

static int by_name(const void *a, const void *b)
{
    return slice_compare(name_of(*(const struct slice *)a), name_of(*(const struct slice *)b));
}

enum status station_drop_ins(const struct station *station, const char *const *folders, const char *suffix,
                             struct slice_list *paths)
{
    struct slice_list found = {0};
    for (; *folders != NULL; folders++) {
        struct slice_list names = {0};
        enum status status = station_list(station, *folders, &names);
        if (status != ST_OK && status != ST_NOT_FOUND)
            return status;
        for (size_t i = 0; i < names.count; i++)
            if (slice_ends(names.items[i], slice_from(suffix)) && !has_name(&found, names.items[i]))
                ARENA_PUSH(station->arena, &found,
                           arena_format(station->arena, "%s/%.*s", *folders, SLICE_ARG(names.items[i])));
    }
    if (found.count > 0)
        qsort(found.items, found.count, sizeof *found.items, by_name);
    *paths = found;
    return ST_OK;
}

/* Words and lines */

bool next_word(struct slice *rest, struct slice *word)
{
    size_t begin = 0, end;
    while (begin < rest->len && ascii_is_space(rest->data[begin]))
        begin++;
    for (end = begin; end < rest->len && !ascii_is_space(rest->data[end]);)
        end++;
    *word = slice_sub(*rest, begin, end);
    *rest = slice_sub(*rest, end, rest->len);
    return word->len > 0;
}

size_t split_fields(struct slice line, char sign, struct slice *fields, size_t max)
{
    size_t count = 0;
    for (size_t begin = 0, i = 0; i <= line.len; i++) {
        if (i < line.len && line.data[i] != sign)
            continue;
        if (count < max)
            fields[count] = slice_sub(line, begin, i);
        count++;
        begin = i + 1;
    }
    return count;
}

bool is_one_of(struct slice word, const char *const *words)
{
    for (; *words != NULL; words++)
        if (slice_equal(word, slice_from(*words)))
            return true;
    return false;
}

bool next_setting(struct slice *rest, struct setting *setting)
{
    struct slice line;
    while (slice_next_line(rest, &line)) {
        line = slice_trim(line);
        size_t sign = slice_find(line, LIT("="), 0);
        if (line.len == 0 || line.data[0] == '#' || line.data[0] == ';')
            continue;
        if (line.data[0] == '[' && slice_ends(line, LIT("]")))
            setting->section = slice_sub(line, 1, line.len - 1);
        if (line.data[0] == '[' || sign == SIZE_MAX)
            continue;
        setting->key = slice_trim(slice_sub(line, 0, sign));
        setting->value = slice_trim(slice_sub(line, sign + 1, line.len));
        return true;
    }
    return false;
}
