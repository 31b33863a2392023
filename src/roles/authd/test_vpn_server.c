/* The socket where OpenVPN asks, with an authd that knows nobody: what is a question gets a no, all else
 * nothing. */
#include <grp.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "roles/authd/internal.h"
#include "roles/authd/vpn.h"

#define HEX "0123456789abcdef0123456789abcdef"
#define LOGIN                                                                                      \
    "rendez-vpn 1 login\nuser p_1\nname p_1\nserial " HEX "\ndigest " HEX HEX "\nfrom 192.0.2.7\ncode 123456\n\n"

enum { NOBODY = 65534, PLACES = 64 };

static struct scene {
    struct arena *arena;
    struct secret *key;
    struct identity *identity;
    struct authd *authd;
    struct loop *loop;
    struct vpn_server *server;
    char folder[32];
    struct sockaddr_un address;
    int listener;
} scene;

static enum status give_key(void *self, const struct key_ask *ask, struct arena *arena,
                            struct key_given *given, struct secret **key, struct problem *why)
{
    (void)self, (void)arena, (void)why;
    *given = (struct key_given){.version = 1};
    *key = secret_derive(scene.key, key_purpose_names[ask->purpose], ask->organisation);
    return ST_OK;
}

static enum status no_code(void *self, const struct code_ask *ask, struct arena *arena,
                           struct code_given *out, struct problem *why)
{
    (void)self, (void)ask, (void)arena, (void)out;
    return problem_set(why, ST_UNAVAILABLE, "nobody has a code here");
}

static void begin(void)
{
    static const struct authd_ports ports = {.key = give_key, .code = no_code};
    scene = (struct scene){.arena = arena_create(16 << 20), .folder = "/tmp/rendez-asked-XXXXXX"};
    scene.key = secret_random(VAULT_KEY_BYTES);
    CHECK(mkdtemp(scene.folder) != NULL && chmod(scene.folder, 0711) == 0);
    CHECK_OK(identity_open(&sqlite_driver, ":memory:", &scene.identity, NULL));
    CHECK_OK(authd_create(scene.identity, &ports, &(struct authd_options){0}, &scene.authd, NULL));
    CHECK_OK(loop_create(&scene.loop, NULL));
    scene.address.sun_family = AF_UNIX;
    struct slice path = arena_format(scene.arena, "%s/asked", scene.folder);
    memcpy(scene.address.sun_path, path.data, path.len);
    scene.listener = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    CHECK(bind(scene.listener, (const struct sockaddr *)&scene.address, sizeof scene.address) == 0);
    CHECK(chmod(scene.address.sun_path, 0666) == 0 && listen(scene.listener, 2 * PLACES) == 0);
    CHECK_OK(vpn_server_create(scene.loop, scene.listener, scene.folder, &scene.server, NULL));
    CHECK_OK(vpn_server_start(scene.server, scene.authd, NULL));
}

static void end(void)
{
    vpn_server_destroy(&scene.server);
    loop_destroy(&scene.loop);
    authd_destroy(&scene.authd);
    identity_destroy(&scene.identity);
    secret_destroy(&scene.key);
    fd_close(&scene.listener);
    unlink(scene.address.sun_path);
    CHECK(rmdir(scene.folder) == 0);
    arena_destroy(&scene.arena);
}

static int connected(void)
{
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK(connect(fd, (const struct sockaddr *)&scene.address, sizeof scene.address) == 0);
    return fd;
}

static void turn(int times)
{
    for (int i = 0; i < times; i++)
        CHECK_OK(loop_turn(scene.loop, 20, NULL));
}

/* "" is: the connection ended without an answer; NULL: it goes on. */
static const char *answer(int fd)
{
    static char bytes[64];
    ssize_t got = recv(fd, bytes, sizeof bytes - 1, MSG_DONTWAIT);
    if (got < 0)
        return NULL;
    bytes[got] = '\0';
    return bytes;
}

static const struct {
    const char *asked, *answered; /* NULL: it waits for more */
} cases[] = {
    {LOGIN, "no\n"},
    {LOGIN LOGIN, "no\n"}, /* one question a connection */
    {"rendez-vpn 1 alive\ntunnel p_1 1\ntunnel p_2 2\n\n", "no\nno\n"},
    {"rendez-vpn 1 alive\n\n", ""},
    {"GET / HTTP/1.1\r\nHost: x\r\n\r\n", NULL},
    {"\n\n", ""},
    {"yes\n\n", ""},
    {"rendez-vpn 1 login\n", NULL},
};

static void questions_are_answered(void)
{
    begin();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        AUTO_FD fd = connected();
        check_row(cases[i].asked);
        CHECK_OK(fd_write_all(fd, slice_from(cases[i].asked), NULL));
        turn(3);
        const char *got = answer(fd);
        CHECK((got == NULL) == (cases[i].answered == NULL));
        if (got != NULL)
            CHECK_TEXT(slice_from(got), cases[i].answered);
    }
    end();
}

static void in_pieces_too(void)
{
    begin();
    AUTO_FD fd = connected();
    for (const char *at = LOGIN; *at != '\0'; at++) {
        CHECK(answer(fd) == NULL);
        CHECK_OK(fd_write_all(fd, (struct slice){at, 1}, NULL));
        turn(1);
    }
    turn(1);
    CHECK_TEXT(slice_from(answer(fd)), "no\n");
    end();
}

static void too_much_ends_it(void)
{
    begin();
    AUTO_FD fd = connected();
    char *bytes = arena_alloc(scene.arena, VPN_ASK_BYTES_MAX + 4096);
    memset(bytes, 'x', VPN_ASK_BYTES_MAX + 4096);
    CHECK_OK(fd_write_all(fd, (struct slice){bytes, VPN_ASK_BYTES_MAX + 4096}, NULL));
    turn(30);
    const char *got = answer(fd);
    CHECK(got == NULL || *got == '\0');
    CHECK(send(fd, "x", 1, MSG_NOSIGNAL | MSG_DONTWAIT) < 0); /* closed */
    end();
}

static void places_are_counted(void)
{
    begin();
    int fds[PLACES + 1];
    for (int i = 0; i <= PLACES; i++) {
        fds[i] = connected();
        turn(1);
    }
    const char *last = answer(fds[PLACES]);
    CHECK(last != NULL && *last == '\0');
    CHECK(answer(fds[0]) == NULL && answer(fds[PLACES - 1]) == NULL);
    fd_close(&fds[0]);
    turn(2);
    AUTO_FD next = connected();
    CHECK_OK(fd_write_all(next, LIT(LOGIN), NULL));
    turn(3);
    CHECK_TEXT(slice_from(answer(next)), "no\n");
    for (int i = 1; i <= PLACES; i++)
        fd_close(&fds[i]);
    end();
}

static void who_says_nothing_goes(void)
{
    begin();
    AUTO_FD fd = connected();
    int64_t begun = clock_monotonic_ms();
    while (answer(fd) == NULL && clock_monotonic_ms() - begun < 8000)
        CHECK_OK(loop_turn(scene.loop, 100, NULL));
    int64_t taken = clock_monotonic_ms() - begun;
    CHECK(taken > 4000 && taken < 8000);
    end();
}

/* Another user of the machine, in a group of theirs: what they are told. */
static void ask_as(gid_t gid, const gid_t *groups, size_t count, const char *want)
{
    pid_t child = fork();
    if (child == 0) {
        if (setgroups(count, groups) != 0 || setgid(gid) != 0 || setuid(NOBODY) != 0)
            _exit(2);
        int fd = connected();
        send(fd, LOGIN, sizeof LOGIN - 1, MSG_NOSIGNAL);
        char bytes[8] = "";
        ssize_t got = recv(fd, bytes, sizeof bytes - 1, 0); /* reset: not even read */
        _exit(strcmp(got > 0 ? bytes : "", want) == 0 ? 0 : 1);
    }
    int status = -1;
    for (int i = 0; i < 200 && waitpid(child, &status, WNOHANG) == 0; i++)
        turn(1);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void only_the_group_of_the_folder_may_ask(void)
{
    if (geteuid() != 0)
        return;
    begin();
    const gid_t ours = 4711, other = 4712;
    vpn_server_destroy(&scene.server);
    CHECK(chown(scene.folder, (uid_t)-1, ours) == 0);
    CHECK_OK(vpn_server_create(scene.loop, scene.listener, scene.folder, &scene.server, NULL));
    CHECK_OK(vpn_server_start(scene.server, scene.authd, NULL));
    ask_as(ours, NULL, 0, "no\n");
    ask_as(other, &ours, 1, "no\n");
    ask_as(other, NULL, 0, "");
    end();
}

int main(void)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    TEST(questions_are_answered);
    TEST(in_pieces_too);
    TEST(too_much_ends_it);
    TEST(places_are_counted);
    TEST(who_says_nothing_goes);
    TEST(only_the_group_of_the_folder_may_ask);
    return check_done();
}
