/* `rendez upgrade` and `rendez version`: what one may ask of the service that runs. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "roles/cli/cli.h"
#include "roles/config/config.h"

enum { ANSWER_BYTES_MAX = 1024, PATIENCE_S = 15 * 60 };

/* By the folder's descriptor: its path may be longer than a socket's address. */
static enum status reach(const char *dir, int *out, struct problem *why)
{
    AUTO_ARENA arena = arena_create(4 << 20);
    struct config config;
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    TRY(config_load(dir, arena, &config, why));
    AUTO_FD folder = open(arena_text(arena, config.folders.run), O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0)
        return problem_errno(why, arena_text(arena, config.folders.run));
    struct slice path = arena_format(arena, "/proc/self/fd/%d/" CONFIG_CONTROL_SOCKET, folder);
    memcpy(address.sun_path, path.data, path.len);
    AUTO_FD fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const struct timeval patience = {.tv_sec = PATIENCE_S};
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) < 0)
        return problem_errno(why, "open a socket");
    if (connect(fd, (const struct sockaddr *)&address, sizeof address) < 0)
        return errno == EACCES ? problem_set(why, ST_DENIED, "only root and the service's own user may ask it")
                               : problem_set(why, ST_NOT_FOUND, "no service runs in %.100s", dir);
    *out = fd;
    fd = -1;
    return ST_OK;
}

/* The answer is "ok …", "failed …" or "restart …". */
enum status cli_ask(const char *dir, char command, struct arena *arena, struct slice *answer,
                    struct problem *why)
{
    AUTO_FD fd = -1;
    TRY(reach(dir, &fd, why));
    TRY(fd_write_all(fd, (struct slice){&command, 1}, why));
    TRY(fd_read_all(fd, ANSWER_BYTES_MAX, arena, answer, why));
    *answer = slice_trim(*answer);
    size_t space = slice_find(*answer, LIT(" "), 0);
    bool good = slice_starts(*answer, LIT("ok ")), restart = slice_starts(*answer, LIT("restart "));
    *answer = space == SIZE_MAX ? *answer : slice_sub(*answer, space + 1, answer->len);
    if (answer->len == 0)
        return problem_set(why, ST_UNAVAILABLE, "the service ended without an answer");
    return good ? ST_OK
                : problem_set(why, restart ? ST_UNAVAILABLE : ST_CONFLICT, "%.*s", SLICE_ARG(*answer));
}

const char *cli_dir_or_default(const char *dir)
{
    const char *own = getenv("RENDEZ_DIR");
    if (dir != NULL)
        return dir;
    return own != NULL && *own != '\0' ? own : ".";
}

int cli_ask_service(const char *dir, char command)
{
    AUTO_ARENA arena = arena_create(1 << 16);
    struct slice answer;
    struct problem why;
    if (cli_ask(cli_dir_or_default(dir), command, arena, &answer, &why) != ST_OK)
        return cli_fail_problem(&why);
    printf("%.*s\n", SLICE_ARG(answer));
    return EXIT_YES;
}

int cmd_upgrade(int argc, char **argv)
{
    const char *dir = NULL;
    int first;
    const struct cli_option options[] = {
        {"dir", NULL, &dir, "DIR", "the installation (else $RENDEZ_DIR, else here)"}, {0}};
    int code = cli_options(argc, argv, options, &first);
    if (code >= 0)
        return code;
    return first < argc ? cli_fail(EXIT_USAGE, "no operand is wanted; see --help")
                        : cli_ask_service(dir, CONFIG_ASK_UPGRADE);
}

int cmd_version(int argc, char **argv)
{
    const char *dir = NULL;
    int first, running = 0;
    const struct cli_option options[] = {
        {"running", &running, NULL, NULL, "of the service that runs, not of this program"},
        {"dir", NULL, &dir, "DIR", "the installation (else $RENDEZ_DIR, else here)"}, {0}};
    int code = cli_options(argc, argv, options, &first);
    if (code >= 0)
        return code;
    if (first < argc)
        return cli_fail(EXIT_USAGE, "no operand is wanted; see --help");
    if (running)
        return cli_ask_service(dir, CONFIG_ASK_VERSION);
    puts(RENDEZ_VERSION);
    return EXIT_YES;
}
