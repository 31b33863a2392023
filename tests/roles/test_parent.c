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
#include "roles/config/config.h"
#include "roles/parent/prepare.h"
#include "roles/parent/programs.h"

static const char *program;
static const char config[] = "mode = \"mta\";\nmail = { port = 2599; };\n"
                             "keys = { passphrase_file = \"pass\"; };\n";
/* Roles that need nothing but the configuration and a key file. */
static const enum role_id watched[] = {ROLE_KEYD, ROLE_READER, ROLE_MAILOUT, ROLE_MAILIN};
enum { WATCHED = sizeof watched / sizeof *watched, PATIENCE_MS = 20 * 1000 };

static pid_t start_parent_of(const char *folder)
{
    pid_t child = fork();
    if (child == 0) {
        execl(program, "rendezd", "--config", folder, (char *)NULL);
        _exit(127);
    }
    return child;
}

static pid_t start_parent(struct bench *bench)
{
    return start_parent_of(bench->folder);
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

/* root's home is such a folder: nobody else may enter it. */
static void an_installation_may_lie_behind_a_closed_folder(void)
{
    static const enum role_id inside[] = {ROLE_KEYD, ROLE_CALSYNC, ROLE_PLANNER, ROLE_MAILIN};
    struct bench bench;
    int how;
    prepare(&bench);
    char home[sizeof bench.folder];
    snprintf(home, sizeof home, "%s", bench.folder);
    snprintf(bench.folder, sizeof bench.folder, "%.40s-closed", home);
    CHECK(mkdir(bench.folder, 0700) == 0 && rename(home, bench_path(&bench, "within")) == 0);
    pid_t parent = start_parent_of(bench_path(&bench, "within"));
    for (size_t i = 0; i < sizeof inside / sizeof *inside; i++) {
        check_row(role_rows[inside[i]].name);
        CHECK(wait_role(parent, inside[i], 0) != 0);
    }
    kill(parent, SIGTERM);
    CHECK(waitpid(parent, &how, 0) == parent && WIFEXITED(how) && WEXITSTATUS(how) == 0);
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

/* Where programs may lie; the first place wins. */
static void programs_are_found(void)
{
    static const struct {
        const char *made, *rendezd; /* below the folder; what is made stays for the rows after it */
        bool found;
    } rows[] = {
        {NULL, "sbin/rendezd", false},
        {"sbin/rendez-mailin", "sbin/rendezd", false}, /* another's */
        {"rendez-keyd", "sbin/rendezd", false},
        {"libexec/rendez/rendez-keyd", "sbin/rendezd", true},
        {"sbin/rendez-keyd", "sbin/rendezd", true},
        {NULL, "elsewhere/rendezd", false},
    };
    struct bench bench;
    bench_create(&bench, ROLE_KEYD, config);
    const char *const folders[] = {"sbin", "libexec", "libexec/rendez"};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
        CHECK(mkdir(bench_path(&bench, folders[i]), 0755) == 0);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        AUTO_FD fd = -1;
        struct problem why = {0};
        struct stat made, opened;
        check_row(rows[i].made == NULL ? "nothing made" : rows[i].made);
        if (rows[i].made != NULL)
            CHECK_OK(file_write_durably(bench_path(&bench, rows[i].made), LIT("x"), 0755, NULL));
        enum status status = program_open(bench_path(&bench, rows[i].rendezd), ROLE_KEYD, &fd, &why);
        CHECK_NUMBER(status, rows[i].found ? ST_OK : ST_NOT_FOUND);
        CHECK((fd >= 0) == rows[i].found);
        if (rows[i].found)
            CHECK(stat(bench_path(&bench, rows[i].made), &made) == 0 && fstat(fd, &opened) == 0 &&
                  made.st_ino == opened.st_ino);
        else
            CHECK(strstr(why.detail, "rendez-keyd") != NULL);
    }
    bench_destroy(&bench);
}

/* A rendezd without its roles ends at once, and says in one line what it misses. */
static void a_missing_program_is_said(void)
{
    struct bench bench;
    AUTO_ARENA arena = arena_create(64 << 20);
    struct slice bytes, said;
    int ends[2], how;
    prepare(&bench);
    CHECK_OK(file_read(program, 32 << 20, arena, &bytes, NULL));
    CHECK_OK(file_write_durably(bench_path(&bench, "rendezd"), bytes, 0755, NULL));
    CHECK(pipe(ends) == 0);
    pid_t parent = fork();
    if (parent == 0) {
        dup2(ends[1], 2);
        close(ends[0]);
        execl(bench_path(&bench, "rendezd"), "rendezd", "--config", bench.folder, (char *)NULL);
        _exit(127);
    }
    close(ends[1]);
    CHECK_OK(fd_read_all(ends[0], 65536, arena, &said, NULL));
    CHECK(waitpid(parent, &how, 0) == parent && WIFEXITED(how) && WEXITSTATUS(how) == 3);
    CHECK_TEXT(said, "rendezd: rendez-keyd is neither beside rendezd nor in ../libexec/rendez: "
                     "install it again\n");
    close(ends[0]);
    bench_destroy(&bench);
}

/* What is no passing failure ends the service at its start, with one line that says why. */
static void a_wrong_passphrase_is_said(void)
{
    struct bench bench;
    AUTO_ARENA arena = arena_create(1 << 20);
    struct slice said;
    int ends[2], how;
    prepare(&bench);
    CHECK_OK(file_write_durably(bench_path(&bench, "pass"), LIT("another one"), 0600, NULL));
    CHECK(pipe(ends) == 0);
    pid_t parent = fork();
    if (parent == 0) {
        dup2(ends[1], 2);
        close(ends[0]);
        execl(program, "rendezd", "--config", bench.folder, (char *)NULL);
        _exit(127);
    }
    close(ends[1]);
    CHECK_OK(fd_read_all(ends[0], 65536, arena, &said, NULL));
    CHECK(waitpid(parent, &how, 0) == parent && WIFEXITED(how) && WEXITSTATUS(how) == 3);
    CHECK(slice_ends(said, LIT("}\nrendezd: keyd: wrong passphrase, or the root key file was changed\n")));
    close(ends[0]);
    bench_destroy(&bench);
}

/* The programs say who starts them, and each is one role only. */
static void a_role_alone_is_refused(void)
{
    static const struct {
        enum role_id id;
        const char *role, *folder;
    } rows[] = {
        {ROLE_KEYD, NULL, NULL},
        {ROLE_KEYD, "--role=keyd", NULL},
        {ROLE_KEYD, "--role=planner", "--folder=/"},
        {ROLE_API, "--role=keyd", "--folder=/"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        AUTO_FD fd = -1;
        int how;
        check_row(rows[i].role == NULL ? "no arguments" : rows[i].role);
        CHECK_OK(program_open(program, rows[i].id, &fd, NULL));
        pid_t child = fork();
        if (child == 0) {
            char path[32];
            snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
            dup2(open("/dev/null", O_WRONLY | O_CLOEXEC), 2); /* its usage line */
            if (execl(path, "rendez", rows[i].role, rows[i].folder, (char *)NULL) < 0)
                _exit(127);
        }
        CHECK(waitpid(child, &how, 0) == child && WIFEXITED(how) && WEXITSTATUS(how) == 2);
    }
}

/* Where a version takes over, the roles of the one before still write: a file that is gone when its turn comes is nobody's. */
static void files_may_go_while_they_are_given(void)
{
    enum { GIVEN_MS = 300 };
    struct bench bench;
    struct config parsed;
    AUTO_ARENA arena = arena_create(4 << 20);
    char path[160];
    bench_create(&bench, ROLE_LOGD, config);
    CHECK_OK(config_load(bench.folder, arena, &parsed, NULL));
    snprintf(path, sizeof path, "%s", bench_path(&bench, "log/release.new"));
    pid_t writer = fork();
    while (writer == 0) {
        AUTO_FD fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        if (fd < 0 || unlink(path) < 0)
            _exit(1);
    }
    unsigned refused = 0;
    for (int64_t end = clock_monotonic_ms() + GIVEN_MS; clock_monotonic_ms() < end;)
        refused += prepare_folders(&parsed, ROLE_LOGD, NULL) != ST_OK;
    CHECK_NUMBER(refused, 0);
    kill(writer, SIGKILL);
    CHECK(waitpid(writer, NULL, 0) == writer);
    bench_destroy(&bench);
}

int main(int argc, char **argv)
{
    program = argc > 1 ? argv[1] : "";
    TEST(what_dies_comes_back);
    TEST(an_installation_may_lie_behind_a_closed_folder);
    TEST(no_role_outlives_the_parent);
    TEST(a_bad_start_is_said);
    TEST(programs_are_found);
    TEST(a_missing_program_is_said);
    TEST(a_wrong_passphrase_is_said);
    TEST(a_role_alone_is_refused);
    TEST(files_may_go_while_they_are_given);
    return check_done();
}
