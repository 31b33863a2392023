/* Who runs on this machine, and who listens, as the kernel says it in /proc. */
#include <dirent.h>
#include <stdlib.h>

#include "roles/prober/prober.h"

enum { STATUS_BYTES_MAX = 16 * 1024, PORTS_BYTES_MAX = 8 << 20, WORD_MAX = 16 };

/* "Uid:\t64100\t64100\t…": the nth word behind the name, from 0. */
static struct slice status_word(struct slice status, const char *name, unsigned nth)
{
    struct slice line, word;
    while (slice_next_line(&status, &line)) {
        if (!slice_starts(line, slice_from(name)))
            continue;
        struct slice rest = slice_trim(slice_sub(line, strlen(name), SIZE_MAX));
        for (;; nth--) {
            word = slice_sub(rest, 0, slice_find(rest, LIT("\t"), 0));
            if (nth == 0 || word.len == rest.len)
                return nth == 0 ? word : SLICE_NONE;
            rest = slice_sub(rest, word.len + 1, SIZE_MAX);
        }
    }
    return SLICE_NONE;
}

/* False: it has ended meanwhile, or has no more than its number. */
static bool read_process(const struct check *c, const char *number, struct check_running *out)
{
    AUTO_ARENA scratch = arena_create(2 * STATUS_BYTES_MAX);
    const char *path = arena_format(scratch, "%s/%s/status", c->proc, number).data;
    struct slice status;
    if (file_read(path, STATUS_BYTES_MAX, scratch, &status, NULL) != ST_OK)
        return false;
    out->name = arena_copy(c->arena, status_word(status, "Name:", 0));
    return !slice_starts(status_word(status, "State:", 0), LIT("Z")) &&
           slice_to_u64(slice_from(number), UINT64_MAX, &out->pid) &&
           slice_to_u64(status_word(status, "PPid:", 0), UINT64_MAX, &out->parent) &&
           slice_to_u64(status_word(status, "Uid:", 1), UINT64_MAX, &out->user);
}

static void close_folder(DIR **folder)
{
    if (*folder != NULL)
        closedir(*folder);
}

enum status check_running(struct check *c, struct check_running_list *out, struct problem *why)
{
    __attribute__((cleanup(close_folder))) DIR *folder = opendir(c->proc);
    if (folder == NULL)
        return problem_errno(why, "/proc");
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        struct check_running one;
        if (!ascii_is_digit(entry->d_name[0]) || !read_process(c, entry->d_name, &one))
            continue;
        if (out->count == CHECK_RUNNING_MAX || check_left_ms(c) == 0)
            return problem_set(why, ST_UNAVAILABLE, "more processes than can be looked at");
        ARENA_PUSH(c->arena, out, one);
    }
    return ST_OK;
}

/* The words of a line, as far as there is place. */
static size_t words_of(struct slice line, struct slice out[WORD_MAX])
{
    size_t count = 0;
    for (line = slice_trim(line); line.len > 0 && count < WORD_MAX; line = slice_trim(line)) {
        out[count] = slice_sub(line, 0, slice_find(line, LIT(" "), 0));
        line = slice_sub(line, out[count++].len, SIZE_MAX);
    }
    return count;
}

/* "0: 0100007F:1F90 00000000:0000 0A …": address and port, peer, state, three more, user (proc(5)). */
static bool read_port(struct slice line, struct check_port *out)
{
    struct slice words[WORD_MAX];
    if (words_of(line, words) < 8 || !slice_equal(words[3], LIT("0A"))) /* TCP_LISTEN */
        return false;
    size_t colon = slice_find(words[1], LIT(":"), 0);
    char port[8] = {0};
    struct slice hex = slice_sub(words[1], colon == SIZE_MAX ? words[1].len : colon + 1, SIZE_MAX);
    if (hex.len != 4)
        return false;
    memcpy(port, hex.data, hex.len);
    out->port = (uint16_t)strtoul(port, NULL, 16);
    return slice_to_u64(words[7], UINT64_MAX, &out->user);
}

enum status check_ports(struct check *c, struct check_port_list *out, struct problem *why)
{
    static const char *const paths[] = {"self/net/tcp", "self/net/tcp6"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        struct slice text, line;
        const char *path = arena_format(c->arena, "%s/%s", c->proc, paths[i]).data;
        enum status status = file_read(path, PORTS_BYTES_MAX, c->arena, &text, why);
        if (status == ST_NOT_FOUND && i > 0) /* a machine without IPv6 */
            break;
        TRY(status);
        while (slice_next_line(&text, &line)) {
            struct check_port one;
            if (read_port(line, &one))
                ARENA_PUSH(c->arena, out, one);
        }
    }
    return ST_OK;
}
