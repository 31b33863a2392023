#include "roles/messages/confined.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "platform/sandbox/sandbox.h"

enum { NUMBER_BYTES = 24, PATH_BYTES_MAX = 4096 };

bool program_parse(struct slice text, struct program_id *out)
{
    struct program_id found;
    size_t colon = slice_find(text, LIT(":"), 0);
    if (colon == SIZE_MAX || !slice_to_u64(slice_sub(text, 0, colon), UINT64_MAX, &found.device) ||
        !slice_to_u64(slice_sub(text, colon + 1, text.len), UINT64_MAX, &found.inode))
        return false;
    *out = found;
    return true;
}

/* 0: no socket */
static uint64_t socket_inode(int fd)
{
    struct stat about;
    return fstat(fd, &about) == 0 && S_ISSOCK(about.st_mode) ? about.st_ino : 0;
}

struct own_process own_process_see(struct program_id started_by)
{
    struct stat program = {0};
    if (stat("/proc/self/exe", &program) < 0)
        program.st_ino = 0;
    struct own_process own = {getpid(), getppid(), geteuid(), {program.st_dev, program.st_ino},
                              started_by, sandbox_landlock_abi(), {0}};
    for (int id = 0; id < ROLE_ID_COUNT_; id++)
        own.channels[id] = socket_inode(ROLE_FD_CHANNEL + id);
    return own;
}

static void tell_number(struct trial *trial, const char *name, uint64_t number)
{
    char text[NUMBER_BYTES];
    snprintf(text, sizeof text, "%llu", (unsigned long long)number);
    trial_fact(trial, name, slice_from(text));
}

void own_process_tell(const struct own_process *own, struct trial *trial)
{
    tell_number(trial, "pid", (uint64_t)own->pid);
    tell_number(trial, "parent", (uint64_t)own->parent);
    tell_number(trial, "user", (uint64_t)own->user);
    tell_number(trial, "device", own->program.device);
    tell_number(trial, "inode", own->program.inode);
    tell_number(trial, "parent_device", own->started_by.device);
    tell_number(trial, "parent_inode", own->started_by.inode);
    trial_holds(trial);
}

/* What is tried, and what came of it. */
struct attempts {
    struct trial *trial;
    unsigned tried;
};

static void note(struct attempts *attempts, bool refused, const char *cause, const char *what)
{
    attempts->tried++;
    if (refused || attempts->trial->result == TRIAL_FAILS)
        return;
    trial_fact(attempts->trial, "what", slice_from(what));
    trial_fails(attempts->trial, cause);
}

/* Reading only: to ask for more is worth a kill to some filters. */
static void try_file(struct attempts *attempts, const char *path, const char *what)
{
    AUTO_FD fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    note(attempts, fd < 0 && (errno == EACCES || errno == EPERM || errno == ENOENT), "opens_file", what);
}

static const char *text_of(struct slice path, char out[PATH_BYTES_MAX])
{
    snprintf(out, PATH_BYTES_MAX, "%.*s", SLICE_ARG(path));
    return out;
}

/* The machine's, and those of the installation that are another role's. */
static void try_files(const struct confined *self, struct attempts *attempts)
{
    const struct {
        enum role_id of;
        struct slice path;
        const char *what;
        bool stored; /* which the archive copies, as it lies on the disk */
    } files[] = {
        {ROLE_ID_COUNT_, LIT("/etc/passwd"), "users"},
        {ROLE_PROBER, LIT("/proc/self/mem"), "own_memory"} /* it looks at who runs, in /proc */,
        {ROLE_ID_COUNT_, self->config->keys.root, "root_key", true},
        {ROLE_KEYD, self->config->folders.keyd, "openings", false},
        {ROLE_PLANNER, self->config->folders.store, "store", true},
        {ROLE_MAILIN, self->config->folders.spool, "spool", true},
        {ROLE_AUTHD, self->config->folders.identity, "identity", true},
        {ROLE_TRUST, self->config->folders.trust, "trust", true},
    };
    char path[PATH_BYTES_MAX];
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        if (files[i].of != self->id && files[i].path.len > 0 && !(files[i].stored && self->id == ROLE_ARCHIVE))
            try_file(attempts, text_of(files[i].path, path), files[i].what);
    snprintf(path, sizeof path, "/proc/%lld/mem", (long long)self->own->parent);
    try_file(attempts, path, "parents_memory");
}

/* A port of its own: Landlock knows it from ABI 4 on. */
static void try_listening(const struct confined *self, struct attempts *attempts)
{
    struct sockaddr_in any = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    AUTO_FD fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && self->own->landlock >= 4)
        note(attempts, bind(fd, (const struct sockaddr *)&any, sizeof any) < 0, "listens", "port");
}

static void try_sockets(const struct confined *self, struct attempts *attempts)
{
    AUTO_FD near = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    note(attempts, near < 0, "makes_socket", "unix");
    if (self->may & MAY_CONNECT) {
        try_listening(self, attempts);
        return;
    }
    AUTO_FD far = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    note(attempts, far < 0, "makes_socket", "tcp");
}

/* By the socket, not by its number: what was closed gives its number to what is opened next, and a peer that is started
 * again is reached by a new channel with any number. Those come for peers that we talk with alone (role.c). */
bool confined_has_channel(const struct confined *self, enum role_id *peer)
{
    for (int id = 0; id < ROLE_ID_COUNT_; id++) {
        uint64_t given = self->own->channels[id];
        if (role_talks(self->id, (enum role_id)id) || given == 0 || given != socket_inode(ROLE_FD_CHANNEL + id))
            continue;
        *peer = (enum role_id)id;
        return true;
    }
    return false;
}

static void try_channels(const struct confined *self, struct attempts *attempts)
{
    enum role_id peer = ROLE_ID_COUNT_;
    bool has = confined_has_channel(self, &peer);
    note(attempts, !has, "has_channel", has ? role_rows[peer].name : "none");
}

void confined_try(const struct confined *self, struct trial *trial)
{
    struct attempts attempts = {trial, 0};
    try_files(self, &attempts);
    try_sockets(self, &attempts);
    try_channels(self, &attempts);
    tell_number(trial, "tried", attempts.tried);
    trial_holds(trial);
}
