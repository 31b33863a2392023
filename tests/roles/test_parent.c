/* The real parent with every role: what is killed comes back with new channels, SIGTERM
 * ends all of it, the parent's own death too. argv[1] is rendezd. */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"
#include "check.h"
#include "platform/vault/vault.h"

static const char *program;
static const char config[] = "mode = \"mta\";\nmail = { port = 2599; };\n"
                             "keys = { passphrase_file = \"pass\"; };\n";
/* Roles that need nothing but the configuration and a key file. */
static const enum role_id watched[] = {ROLE_KEYD, ROLE_READER, ROLE_MAILOUT, ROLE_MAILIN};
enum { WATCHED = sizeof watched / sizeof *watched, PATIENCE_MS = 20 * 1000 };

static pid_t start_parent(struct bench *bench)
{
    pid_t child = fork();
    if (child == 0) {
        execl(program, "rendezd", "--config", bench->folder, (char *)NULL);
        _exit(127);
    }
    return child;
}

static bool is_role_of(pid_t pid, pid_t parent, const char *role)
{
    char path[64], text[512];
    int named = -1;
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    FILE *file = fopen(path, "r");
    if (file == NULL)
        return false;
    if (fscanf(file, "%*d (%*[^)]) %*c %d", &named) != 1)
        named = -1;
    fclose(file);
    snprintf(path, sizeof path, "/proc/%d/cmdline", (int)pid);
    AUTO_FD fd = open(path, O_RDONLY);
    ssize_t got = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
    struct slice line = {text, got < 0 ? 0 : (size_t)got};
    char want[64];
    int len = snprintf(want, sizeof want, "--role%c%s", '\0', role);
    return named == parent && slice_contains(line, (struct slice){want, (size_t)len + 1});
}

/* The process of a role, or 0. */
static pid_t find_role(pid_t parent, enum role_id id)
{
    pid_t found = 0;
    DIR *folder = opendir("/proc");
    for (struct dirent *entry; folder != NULL && (entry = readdir(folder)) != NULL;) {
        pid_t pid = atoi(entry->d_name);
        if (pid > 0 && is_role_of(pid, parent, role_rows[id].name))
            found = pid;
    }
    if (folder != NULL)
        closedir(folder);
    return found;
}

static bool is_sandboxed(pid_t pid)
{
    char path[64];
    AUTO_ARENA arena = arena_create(1 << 20);
    struct slice text;
    snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
    return file_read(path, 65536, arena, &text, NULL) == ST_OK &&
           slice_contains(text, LIT("\nSeccomp:\t2\n"));
}

/* Waits for a role's process that is another than `old` and is in its sandbox. */
static pid_t wait_role(pid_t parent, enum role_id id, pid_t old)
{
    for (int64_t end = clock_monotonic_ms() + PATIENCE_MS; clock_monotonic_ms() < end;) {
        pid_t pid = find_role(parent, id);
        if (pid != 0 && pid != old && is_sandboxed(pid))
            return pid;
        usleep(20000);
    }
    return 0;
}

static bool wait_gone(pid_t pid)
{
    for (int64_t end = clock_monotonic_ms() + PATIENCE_MS; clock_monotonic_ms() < end;) {
        if (kill(pid, 0) < 0)
            return true;
        usleep(20000);
    }
    return false;
}

static void prepare(struct bench *bench)
{
    AUTO_SECRET root = NULL;
    bench_create(bench, ROLE_KEYD, config);
    CHECK_OK(file_write_durably(bench_path(bench, "pass"), LIT("a passphrase"), 0600, NULL));
    CHECK_OK(root_key_create(bench_path(bench, "root.key"), LIT("a passphrase"), &root, NULL));
}

static void what_dies_comes_back(void)
{
    struct bench bench;
    pid_t pids[WATCHED];
    int how;
    prepare(&bench);
    pid_t parent = start_parent(&bench);
    for (size_t i = 0; i < WATCHED; i++) {
        check_row(role_rows[watched[i]].name);
        CHECK((pids[i] = wait_role(parent, watched[i], 0)) != 0);
    }
    for (size_t i = 0; i < WATCHED; i++) {
        check_row(role_rows[watched[i]].name);
        kill(pids[i], SIGKILL);
        pid_t fresh = wait_role(parent, watched[i], pids[i]);
        CHECK(fresh != 0);
        pids[i] = fresh;
        /* Its peers did not die of it. */
        for (size_t other = 0; other < WATCHED; other++)
            CHECK(find_role(parent, watched[other]) == pids[other]);
    }
    kill(parent, SIGTERM);
    CHECK(waitpid(parent, &how, 0) == parent && WIFEXITED(how) && WEXITSTATUS(how) == 0);
    for (size_t i = 0; i < WATCHED; i++)
        CHECK(wait_gone(pids[i]));
    bench_destroy(&bench);
}

static void no_role_outlives_the_parent(void)
{
    struct bench bench;
    pid_t pids[WATCHED];
    prepare(&bench);
    pid_t parent = start_parent(&bench);
    for (size_t i = 0; i < WATCHED; i++)
        CHECK((pids[i] = wait_role(parent, watched[i], 0)) != 0);
    kill(parent, SIGKILL);
    waitpid(parent, NULL, 0);
    for (size_t i = 0; i < WATCHED; i++) {
        check_row(role_rows[watched[i]].name);
        CHECK(wait_gone(pids[i]));
    }
    bench_destroy(&bench);
}

static void a_bad_start_is_said(void)
{
    int how;
    struct bench bench;
    bench_create(&bench, ROLE_MAILOUT, "mode = \"mta\";\n");
    CHECK_OK(file_write_durably(bench_path(&bench, "rendez.conf"), LIT("mode = 5;\n"), 0600, NULL));
    pid_t parent = start_parent(&bench);
    CHECK(waitpid(parent, &how, 0) == parent && WIFEXITED(how) && WEXITSTATUS(how) == 3);
    bench_destroy(&bench);
}

int main(int argc, char **argv)
{
    program = argc > 1 ? argv[1] : "";
    TEST(what_dies_comes_back);
    TEST(no_role_outlives_the_parent);
    TEST(a_bad_start_is_said);
    return check_done();
}
