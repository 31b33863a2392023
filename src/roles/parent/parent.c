#include "roles/parent/parent.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "roles/parent/internal.h"
#include "roles/parent/listen.h"
#include "roles/parent/notify.h"
#include "roles/parent/prepare.h"
#include "roles/parent/programs.h"

enum {
    CONFIG_BYTES_MAX = 1 << 20,
    IDENTITY_MS = 20 * 1000, /* certificate and key are looked at so often */
    SOCKET_MODE = 0666,      /* its folder decides who may come near */
    DESK_MODE = 0600,
};

/* Edges first, so that nothing new comes in; authd and mailout before the planner, which writes
 * down what they still have to say; keys late, and the log last, which hears of all. */
static const enum role_id stop_order[] = {
    ROLE_PROBER, ROLE_ARCHIVE, ROLE_CONSOLE, ROLE_API, ROLE_TRUST, ROLE_MAILIN, ROLE_AUTHD, ROLE_SSO, ROLE_MAILOUT, ROLE_PLANNER,
    ROLE_READER, ROLE_CALSYNC, ROLE_KEYD, ROLE_LOGD,
};

/* The end */

static struct child *next_to_stop(struct parent *parent)
{
    for (size_t i = 0; i < sizeof stop_order / sizeof *stop_order; i++)
        if (parent->children[stop_order[i]].pid != 0)
            return &parent->children[stop_order[i]];
    return NULL;
}

void parent_stop_next(struct parent *parent)
{
    const struct child *child = next_to_stop(parent);
    parent->hurried = false;
    /* Where the new version waits to be started anew, there is nobody who could answer. */
    loop_timer_after(parent->impatience, parent->upgrade.stage == UPGRADE_ANEW ? SOON_MS : HURRY_MS);
    if (child != NULL)
        child_signal(child, SIGTERM);
    else if (parent->upgrade.pid == 0)
        loop_stop(parent->loop);
}

static void impatient(void *context, const struct moment *at)
{
    struct parent *parent = context;
    const struct child *child = next_to_stop(parent);
    (void)at;
    if (child != NULL)
        child_signal(child, parent->hurried ? SIGKILL : SIGTERM);
    else if (parent->hurried)
        upgrade_stop(parent, SIGKILL);
    parent->hurried = true;
    loop_timer_after(parent->impatience, KILL_MS);
}

static void close_desks(struct parent *parent)
{
    for (int id = 0; id < ROLE_ID_COUNT_; id++)
        fd_close(&parent->desks[id]);
}

void parent_stop(struct parent *parent)
{
    if (parent->stopping)
        return;
    parent->stopping = true;
    /* Nobody is to wait for a role that does not come back, but where the new version does. */
    if (parent->upgrade.stage != UPGRADE_ANEW) {
        fd_close(&parent->listen);
        fd_close(&parent->redirect);
        fd_close(&parent->console);
        fd_close(&parent->lmtp);
        fd_close(&parent->vpn);
        close_desks(parent);
        upgrade_stop(parent, SIGTERM);
    }
    parent_stop_next(parent);
}

void parent_fail(struct parent *parent, const struct problem *why)
{
    if (parent->failure.status == ST_OK)
        parent->failure = *why;
    parent_stop(parent);
}

void parent_ready(const struct parent *parent)
{
    (void)parent;
    notify_supervisor("READY=1\nSTATUS=Serving, version " RENDEZ_VERSION);
}

/* Signals */

/* The files of certificate and key may have changed: their role gets what is in them now. It says
 * whether it can use them; until then, and if not, it goes on with what it has. */
static void renew_identity(struct parent *parent, enum role_id id, bool always)
{
    struct problem why;
    if (!identity_is_set(&parent->config, id))
        return;
    enum status status = identity_read(&parent->config, id, always, &parent->identities[id], &why);
    if (status == ST_NOT_FOUND)
        return; /* as they were */
    bool said = parent->identity_failing[id] && !always;
    parent->identity_failing[id] = status != ST_OK;
    if (status != ST_OK && !said)
        event_log(EVENT_CERTIFICATE_REFUSED, field_status(status), field_problem(&why));
    if (status == ST_OK)
        child_say(&parent->children[id], ROLE_WORD_SECRET, identity_rewind(&parent->identities[id]));
}

static void renew_identities(struct parent *parent, bool always)
{
    renew_identity(parent, ROLE_API, always);
    renew_identity(parent, ROLE_CONSOLE, always);
}

static void identity_look(void *context, const struct moment *at)
{
    struct parent *parent = context;
    (void)at;
    renew_identities(parent, false);
    loop_timer_after(parent->identity_due, IDENTITY_MS);
}

static void signalled(void *context, int number, const struct moment *at)
{
    struct parent *parent = context;
    struct problem why;
    (void)at;
    if (number == SIGCHLD) {
        if (!parent->successor.handed)
            children_reap(parent);
    } else if (number == SIGHUP) {
        renew_identities(parent, true);
    } else if (number == SIGUSR2) {
        if (upgrade_begin(parent, -1, &why) != ST_OK)
            event_log(EVENT_UPGRADE_FAILED, field_status(why.status), field_problem(&why));
    } else {
        if (parent->stopping && parent->upgrade.stage == UPGRADE_ANEW)
            parent->upgrade.stage = UPGRADE_NONE; /* nor is the new version to start */
        parent_stop(parent);
    }
}

/* The beginning */

/* Which rendezd an upgrade executes: what lies at our own path by then. */
static enum status find_program(struct parent *parent, struct problem *why)
{
    size_t count = 0;
    while (parent->options->argv[count] != NULL)
        count++;
    parent->argv = ARENA_ARRAY(parent->arena, count + 1, char *);
    memcpy(parent->argv, parent->options->argv, (count + 1) * sizeof *parent->argv);
    if (parent->argv[0][0] != '/') {
        char *path = arena_alloc(parent->arena, PATH_MAX);
        ssize_t len = readlink("/proc/self/exe", path, PATH_MAX - 1);
        if (len <= 0)
            return problem_errno(why, "/proc/self/exe");
        path[len] = '\0';
        parent->argv[0] = path;
    }
    parent->program = parent->argv[0];
    return ST_OK;
}

/* The path given may be the installation's folder (config_load). */
static enum status find_config(struct parent *parent, char **out, struct problem *why)
{
    struct stat about;
    const char *path = parent->options->config_path;
    if (stat(path, &about) == 0 && S_ISDIR(about.st_mode))
        path = arena_format(parent->arena, "%s/rendez.conf", path).data;
    char *file = arena_alloc(parent->arena, PATH_MAX);
    if (realpath(path, file) == NULL)
        return config_load(path, parent->arena, &parent->config, why); /* which says it better */
    *out = file;
    return ST_OK;
}

/* Roles that are started again, and an older version's successor, read what we have read. */
static enum status read_config(struct parent *parent, struct problem *why)
{
    struct slice text;
    char *file;
    TRY(find_config(parent, &file, why));
    parent->config_fd = inherit_take(&parent->inherited, "config");
    if (parent->config_fd < 0) {
        TRY(file_read(file, CONFIG_BYTES_MAX, parent->arena, &text, why));
        parent->config_fd = memfd_create("rendez.conf", MFD_CLOEXEC);
        if (parent->config_fd < 0)
            return problem_errno(why, "memfd_create");
        TRY(fd_write_all(parent->config_fd, text, why));
    }
    lseek(parent->config_fd, 0, SEEK_SET);
    TRY(fd_read_all(parent->config_fd, CONFIG_BYTES_MAX, parent->arena, &text, why));
    struct slice folder = {file, (size_t)(strrchr(file, '/') - file)};
    parent->folder = arena_text(parent->arena, folder);
    return config_parse(text, folder, parent->arena, &parent->config, why);
}

/* Events of all roles go where the settings say: each inherits descriptor 2. */
static enum status open_log(struct parent *parent, struct problem *why)
{
    if (parent->config.log.file.len == 0)
        return ST_OK;
    const char *path = arena_text(parent->arena, parent->config.log.file);
    AUTO_FD fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0 || dup2(fd, STDERR_FILENO) < 0)
        return problem_errno(why, "log.file");
    return ST_OK;
}

static const char *secret_name(struct parent *parent, enum role_id id)
{
    return arena_format(parent->arena, "secret.%s", role_rows[id].name).data;
}

/* What can be read is read; else what the version before had read counts on. */
static enum status open_secrets(struct parent *parent, struct problem *why)
{
    static const enum role_id owners[] = {ROLE_KEYD, ROLE_MAILIN, ROLE_MAILOUT, ROLE_LOGD};
    const char *passphrase = parent->options->passphrase_path;
    if (passphrase == NULL && parent->config.keys.passphrase_file.len > 0)
        passphrase = arena_text(parent->arena, parent->config.keys.passphrase_file);
    for (size_t i = 0; i < sizeof owners / sizeof *owners; i++) {
        enum role_id id = owners[i];
        int *fd = &parent->secrets[id];
        int before = inherit_take(&parent->inherited, secret_name(parent, id));
        enum status status = id == ROLE_KEYD ? prepare_secret(passphrase, "rendez.passphrase", fd, why)
                                             : prepare_password(&parent->config, id, fd, why);
        bool wanted = status != ST_OK || id == ROLE_KEYD;
        if (*fd < 0 && wanted)
            *fd = before;
        else
            fd_close(&before);
        if (*fd < 0 && status != ST_OK)
            return status;
    }
    return ST_OK;
}

static enum status open_programs(struct parent *parent, struct problem *why)
{
    for (int id = 0; id < ROLE_RUN_COUNT_; id++) {
        const char *name = arena_format(parent->arena, "program.%s", role_rows[id].name).data;
        parent->programs[id] = inherit_take(&parent->inherited, name);
        if (parent->programs[id] < 0)
            TRY(program_open_own((enum role_id)id, &parent->programs[id], why));
    }
    parent->pages = inherit_take(&parent->inherited, "pages");
    parent->console_pages = inherit_take(&parent->inherited, "pages.console");
    if (parent->pages < 0)
        TRY(pages_open(ROLE_API, parent->config.http.web, &parent->pages, why));
    if (parent->console_pages < 0 && child_is_wanted(parent, ROLE_CONSOLE))
        TRY(pages_open(ROLE_CONSOLE, parent->config.console.web, &parent->console_pages, why));
    return ST_OK;
}

/* run/NAME.sock, where the operator asks (messages/desk.h). */
static enum status open_desks(struct parent *parent, struct problem *why)
{
    for (int id = 0; id < ROLE_RUN_COUNT_; id++) {
        const char *name = arena_format(parent->arena, "desk.%s", role_rows[id].name).data;
        struct listen_place place = {.where = arena_format(parent->arena, "%.*s/%s.sock", SLICE_ARG(parent->config.folders.run),
                                                           role_rows[id].name),
                                     .key = "folders.run", .mode = DESK_MODE};
        int inherited = inherit_take(&parent->inherited, name);
        if (role_has_desk((enum role_id)id))
            TRY(listen_take(&inherited, &place, &parent->desks[id], why));
        fd_close(&inherited);
    }
    return ST_OK;
}

/* With names that a socket unit of systemd may use (FileDescriptorName). */
static enum status open_sockets(struct parent *parent, struct problem *why)
{
    const struct config *config = &parent->config;
    const struct {
        const char *name, *key;
        struct slice where;
        int *fd;
    } rows[] = {
        {"http", "http.listen", config->http.listen, &parent->listen},
        {"redirect", "http.redirect", config->http.redirect, &parent->redirect},
        {"console", "console.listen", config->console.listen, &parent->console},
        {"lmtp", "lmtp.listen", config->mode == CONFIG_MAILBOX ? SLICE_NONE : config->lmtp.listen,
         &parent->lmtp},
        {"vpn", "folders.vpn", arena_format(parent->arena, "%.*s/" CONFIG_VPN_SOCKET,
                                            SLICE_ARG(config->folders.vpn)), &parent->vpn},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct listen_place place = {rows[i].where, rows[i].key, SOCKET_MODE, .early = rows[i].fd == &parent->console};
        int inherited = inherit_take(&parent->inherited, rows[i].name);
        if (place.where.len > 0)
            TRY(listen_take(&inherited, &place, rows[i].fd, why));
        fd_close(&inherited);
    }
    return open_desks(parent, why);
}

static enum status open_identity(struct parent *parent, enum role_id id, const char *name, struct problem *why)
{
    struct identity *identity = &parent->identities[id];
    identity->fd = inherit_take(&parent->inherited, name);
    if (identity->fd >= 0 || !identity_is_set(&parent->config, id))
        return ST_OK;
    return identity_read(&parent->config, id, true, identity, why);
}

static enum status open_files(struct parent *parent, struct problem *why)
{
    TRY(find_program(parent, why));
    TRY(read_config(parent, why));
    for (int id = 0; !parent->options->prepared && id < ROLE_RUN_COUNT_; id++)
        TRY(prepare_folders(&parent->config, (enum role_id)id, why));
    TRY(open_secrets(parent, why));
    TRY(open_identity(parent, ROLE_API, "identity", why));
    TRY(open_identity(parent, ROLE_CONSOLE, "identity.console", why));
    TRY(open_programs(parent, why));
    TRY(open_sockets(parent, why));
    return open_log(parent, why); /* last: what went wrong before is told on the terminal */
}

static enum status open_loop(struct parent *parent, struct problem *why)
{
    TRY(loop_create(&parent->loop, why));
    reports_open(parent);
    reports_note_memory(parent);
    parent->impatience = loop_timer_create(parent->loop, impatient, parent);
    parent->identity_due = loop_timer_create(parent->loop, identity_look, parent);
    loop_timer_after(parent->identity_due, IDENTITY_MS);
    for (int id = 0; id < ROLE_ID_COUNT_; id++)
        parent->children[id].restart =
            loop_timer_create(parent->loop, child_restart_due, &parent->children[id]);
    TRY(loop_signals(parent->loop, (const int[]){SIGCHLD, SIGTERM, SIGINT, SIGHUP, SIGUSR2, 0}, signalled,
                     parent, why));
    TRY(successor_open(parent, why));
    return commands_open(parent, why);
}

static enum status start_roles(struct parent *parent, struct problem *why)
{
    bool adopted;
    TRY(successor_adopt(parent, &adopted, why));
    if (adopted)
        return ST_OK;
    parent->starting = !successor_waits(parent);
    TRY(children_connect(parent, why));
    for (int id = 0; id < ROLE_RUN_COUNT_; id++)
        if (child_is_wanted(parent, id) &&
            (!child_writes((enum role_id)id) || parent->starting)) /* a database is one process's */
            child_start(&parent->children[id]);
    return ST_OK;
}

static void close_parent(struct parent *parent)
{
    for (int id = 0; id < ROLE_ID_COUNT_; id++) {
        for (int peer = 0; peer < ROLE_ID_COUNT_; peer++)
            fd_close(&parent->children[id].ends[peer]);
        fd_close(&parent->children[id].control);
        fd_close(&parent->programs[id]);
        fd_close(&parent->secrets[id]);
        fd_close(&parent->identities[id].fd);
    }
    commands_close(parent);
    reports_close(parent);
    upgrade_close(parent);
    inherit_close(&parent->inherited);
    fd_close(&parent->successor.wire);
    fd_close(&parent->config_fd);
    fd_close(&parent->pages);
    fd_close(&parent->console_pages);
    fd_close(&parent->listen);
    fd_close(&parent->redirect);
    fd_close(&parent->console);
    fd_close(&parent->lmtp);
    fd_close(&parent->vpn);
    close_desks(parent);
    loop_destroy(&parent->loop);
    arena_destroy(&parent->arena);
}

enum status parent_prepare(const struct parent_options *options, struct problem *why)
{
    AUTO_ARENA arena = arena_create(PARENT_BYTES_MAX);
    struct config config;
    TRY(config_load(options->config_path, arena, &config, why));
    for (int id = 0; id < ROLE_RUN_COUNT_; id++)
        TRY(prepare_folders(&config, (enum role_id)id, why));
    return ST_OK;
}

static void begin(struct parent *parent, const struct parent_options *options)
{
    *parent = (struct parent){.options = options, .pages = -1, .console_pages = -1, .config_fd = -1,
                              .listen = -1, .redirect = -1, .console = -1, .lmtp = -1, .vpn = -1, .command = -1,
                              .upgrade = {.program = -1, .wire = -1, .client = -1},
                              .successor = {.wire = -1}};
    parent->arena = arena_create(PARENT_BYTES_MAX);
    for (int id = 0; id < ROLE_ID_COUNT_; id++) {
        parent->children[id] = (struct child){.parent = parent, .id = (enum role_id)id, .control = -1};
        parent->programs[id] = parent->secrets[id] = parent->desks[id] = parent->identities[id].fd = -1;
        for (int peer = 0; peer < ROLE_ID_COUNT_; peer++)
            parent->children[id].ends[peer] = -1;
    }
    inherit_read(&parent->inherited);
    successor_greet(parent);
}

enum status parent_run(const struct parent_options *options, struct problem *why)
{
    struct parent parent;
    AUTO_FD terminal = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    event_log_open("parent", STDERR_FILENO);
    begin(&parent, options);
    enum status status = open_files(&parent, why);
    if (status == ST_OK)
        status = open_loop(&parent, why);
    if (status == ST_OK)
        status = start_roles(&parent, why);
    if (status == ST_OK)
        status = loop_run(parent.loop, why);
    if (status == ST_OK && parent.upgrade.stage == UPGRADE_ANEW)
        upgrade_start_anew(&parent);
    if (status == ST_OK && parent.failure.status != ST_OK) {
        *why = parent.failure;
        status = why->status;
    } else if (status == ST_OK) {
        event_log(EVENT_ROLE_STOPPED, field_number(KEY_PID, getpid()));
    }
    bool succeeds = parent.successor.wire >= 0;
    if (status != ST_OK && successor_waits(&parent) && parent.failure.status == ST_OK)
        successor_fail(&parent, why);
    close_parent(&parent);
    if (succeeds)
        exit(status == ST_OK ? EXIT_SUCCESS : EXIT_FAILURE); /* the older one says why */
    if (terminal >= 0)
        dup2(terminal, STDERR_FILENO); /* for the one line that says why, also with log.file */
    return status;
}
