/* What two versions of the parent hand each other: descriptors by name, messages, sockets that listen. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "roles/parent/listen.h"
#include "roles/parent/wire.h"

/* The environment as systemd, or the version before, makes it; how many are taken. */
static void names_are_read(void)
{
    static const struct {
        const char *name, *count, *names;
        bool ours;
        size_t wanted;
    } rows[] = {
        {"two", "2", "http:lmtp", true, 2},
        {"another's", "2", "http:lmtp", false, 0},
        {"fewer names", "2", "http", true, 2},
        {"a name that is too long", "2", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa:lmtp", true, 1},
        {"no number", "x", "http", true, 0},
        {"more than there are", "9", "http:lmtp", true, 2},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        check_row(rows[i].name);
        fflush(stdout);
        pid_t child = fork();
        if (child == 0) {
            struct inherited got;
            char pid[24];
            snprintf(pid, sizeof pid, "%d", rows[i].ours ? (int)getpid() : 1);
            close_range(3, ~0U, 0);
            bool made = dup2(0, 3) == 3 && dup2(0, 4) == 4;
            setenv("LISTEN_PID", pid, 1);
            setenv("LISTEN_FDS", rows[i].count, 1);
            setenv("LISTEN_FDNAMES", rows[i].names, 1);
            inherit_read(&got);
            bool good = made && got.count == rows[i].wanted;
            if (strcmp(rows[i].name, "two") == 0)
                good = good && inherit_take(&got, "lmtp") == 4 && inherit_take(&got, "lmtp") == -1 &&
                       inherit_find(&got, "none") == NULL && getenv("LISTEN_FDS") == NULL &&
                       fcntl(3, F_GETFD) == FD_CLOEXEC;
            _exit(good ? 0 : 1);
        }
        int how;
        CHECK(waitpid(child, &how, 0) == child && WIFEXITED(how) && WEXITSTATUS(how) == 0);
    }
}

static void messages_pass_with_descriptors(void)
{
    int ends[2], pipes[2];
    char byte = 0;
    struct wire_message got;
    CHECK(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) == 0 && pipe(pipes) == 0);
    CHECK_NUMBER(wire_receive(ends[1], &got), ST_NOT_FOUND);
    struct wire_message sent = {.word = WIRE_SERVES, .a = 7, .text = "a text"};
    for (; sent.fd_count < INHERIT_MAX; sent.fd_count++)
        sent.fds[sent.fd_count] = pipes[1];
    wire_send(ends[0], &sent);
    CHECK_OK(wire_receive(ends[1], &got));
    CHECK(got.word == WIRE_SERVES && got.a == 7 && strcmp(got.text, "a text") == 0);
    CHECK_NUMBER(got.fd_count, INHERIT_MAX);
    CHECK(write(got.fds[INHERIT_MAX - 1], "x", 1) == 1 && read(pipes[0], &byte, 1) == 1 && byte == 'x');
    wire_close(&got);
    CHECK(send(ends[0], "short", 5, 0) == 5);
    CHECK_NUMBER(wire_receive(ends[1], &got), ST_UNAVAILABLE);
    close(ends[0]);
    CHECK_NUMBER(wire_receive(ends[1], &got), ST_UNAVAILABLE);
    close(ends[1]);
    close(pipes[0]);
    close(pipes[1]);
}

/* A socket that was handed over is taken where it listens at the setting's address. */
static void sockets_are_taken_or_opened(void)
{
    static const struct {
        const char *opened, *wanted;
        bool taken;
    } rows[] = {
        {"127.0.0.1:39417", "127.0.0.1:39417", true},
        {"127.0.0.1:39417", "127.0.0.1:39418", false},
        {"[::1]:39417", "[::1]:39417", true},
        {"/tmp/rendez-handover-a", "/tmp/rendez-handover-a", true},
        {"/tmp/rendez-handover-a", "/tmp/rendez-handover-b", false},
        {"127.0.0.1:39417", "/tmp/rendez-handover-b", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int first = -1, second = -1;
        check_row(rows[i].wanted);
        CHECK_OK(listen_at(&(struct listen_place){slice_from(rows[i].opened), "a", 0600, false}, &first, NULL));
        int given = first;
        CHECK_OK(listen_take(&given, &(struct listen_place){slice_from(rows[i].wanted), "b", 0600, false}, &second, NULL));
        CHECK(given == -1 && second >= 0);
        int on = 0;
        socklen_t len = sizeof on;
        CHECK(getsockopt(second, SOL_SOCKET, SO_ACCEPTCONN, &on, &len) == 0 && on == 1);
        struct sockaddr_storage own = {0};
        len = sizeof own;
        CHECK(getsockname(second, (struct sockaddr *)&own, &len) == 0);
        CHECK(rows[i].taken ? second == first : own.ss_family == (rows[i].wanted[0] == '/' ? AF_UNIX : AF_INET));
        close(second);
    }
    unlink("/tmp/rendez-handover-a");
    unlink("/tmp/rendez-handover-b");
}

/* Of a tunnel that is not there yet. */
static void an_address_may_come_later(void)
{
    struct listen_place place = {LIT("192.0.2.77:39417"), "a", 0, false};
    int fd = -1;
    CHECK(listen_at(&place, &fd, NULL) != ST_OK && fd == -1);
    place.early = true;
    CHECK_OK(listen_at(&place, &fd, NULL));
    close(fd);
    place.where = LIT("[2001:db8::77]:39417");
    fd = -1;
    CHECK_OK(listen_at(&place, &fd, NULL));
    close(fd);
}

int main(void)
{
    TEST(names_are_read);
    TEST(messages_pass_with_descriptors);
    TEST(sockets_are_taken_or_opened);
    TEST(an_address_may_come_later);
    return check_done();
}
