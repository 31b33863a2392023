#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include "platform/vault/vault.h"

static enum status check(struct slice text, struct slice *out, struct problem *why)
{
    while (text.len > 0 && (text.data[text.len - 1] == '\n' || text.data[text.len - 1] == '\r'))
        text.len--;
    if (text.len == 0)
        return problem_set(why, ST_INVALID, "the passphrase is empty");
    *out = text;
    return ST_OK;
}

enum status passphrase_from_fd(int fd, struct arena *arena, struct slice *out, struct problem *why)
{
    struct slice text;
    TRY(fd_read_all(fd, PASSPHRASE_MAX, arena, &text, why));
    return check(text, out, why);
}

static enum status from_file(const char *path, struct arena *arena, struct slice *out,
                             struct problem *why)
{
    struct slice text;
    TRY(file_read(path, PASSPHRASE_MAX, arena, &text, why));
    return check(text, out, why);
}

/* One line of the terminal, not echoed. */
static enum status ask(int tty, struct slice prompt, struct arena *arena, struct slice *out,
                       struct problem *why)
{
    struct termios before, silent;
    if (tcgetattr(tty, &before) != 0)
        return problem_errno(why, "read passphrase from the terminal");
    silent = before;
    silent.c_lflag &= ~(tcflag_t)ECHO;
    /* First unseen, then asked: nothing that is typed early is shown. */
    if (tcsetattr(tty, TCSAFLUSH, &silent) != 0)
        return problem_errno(why, "read passphrase from the terminal");
    char *line = arena_alloc(arena, PASSPHRASE_MAX);
    /* Canonical mode: one line. */
    ssize_t got = fd_write_all(tty, prompt, why) == ST_OK ? read(tty, line, PASSPHRASE_MAX) : -1;
    int reason = errno;
    (void)tcsetattr(tty, TCSAFLUSH, &before);
    TRY(fd_write_all(tty, LIT("\n"), why));
    errno = reason;
    if (got < 0)
        return problem_errno(why, "read passphrase from the terminal");
    return check((struct slice){line, (size_t)got}, out, why);
}

static enum status from_terminal(bool confirm, struct arena *arena, struct slice *out,
                                 struct problem *why)
{
    AUTO_FD tty = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (tty < 0)
        return problem_set(why, ST_NOT_FOUND,
                           "no passphrase: give --passphrase-file, or run in a terminal");
    struct slice first, second;
    TRY(ask(tty, LIT("Passphrase of the root key: "), arena, &first, why));
    if (confirm) {
        TRY(ask(tty, LIT("The same again: "), arena, &second, why));
        if (!slice_equal(first, second))
            return problem_set(why, ST_INVALID, "the two passphrases differ");
    }
    *out = first;
    return ST_OK;
}

enum status passphrase_read(const char *path, bool confirm, struct arena *arena, struct slice *out,
                            struct problem *why)
{
    if (path != NULL)
        return from_file(path, arena, out, why);
    const char *folder = getenv("CREDENTIALS_DIRECTORY"); /* systemd.exec(5) */
    if (folder != NULL && *folder != '\0') {
        struct slice name = arena_format(arena, "%s/rendez.passphrase", folder);
        return from_file(arena_text(arena, name), arena, out, why);
    }
    return from_terminal(confirm, arena, out, why);
}
