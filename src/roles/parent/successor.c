/* An upgrade, as the version that takes over sees it: first as a child of the older one, which
 * goes on meanwhile; in the end the older one's process becomes the parent of our roles, so that
 * whoever watches the service sees one process that never ended. */
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "roles/parent/internal.h"
#include "roles/parent/notify.h"

/* What is to be known of roles that run; from this program to this program. */
struct adoption {
    pid_t pids[ROLE_ID_COUNT_];
    struct identity identities[ROLE_ID_COUNT_];
};

bool successor_waits(const struct parent *parent)
{
    return parent->successor.wire >= 0 && !parent->successor.in_charge;
}

bool successor_role_waits(const struct parent *parent, enum role_id id)
{
    return ((id == ROLE_API || id == ROLE_CONSOLE) && successor_waits(parent)) ||
           (id == ROLE_MAILIN && parent->successor.wire >= 0 && !parent->successor.spool_free);
}

void successor_started(struct parent *parent, const struct child *child)
{
    struct wire_message message = {.word = WIRE_STARTED, .a = child->id, .b = (uint32_t)child->pid};
    if (parent->successor.wire >= 0)
        wire_send(parent->successor.wire, &message);
}

void successor_fail(struct parent *parent, const struct problem *why)
{
    struct wire_message message = {.word = WIRE_FAILED};
    memcpy(message.text, why->detail, strnlen(why->detail, sizeof why->detail - 1));
    wire_send(parent->successor.wire, &message);
    if (parent->impatience != NULL)
        parent_fail(parent, why);
}

/* Whom the older api and console ask from now on. */
static const struct {
    enum role_id asked;
    uint32_t word;
} handed[] = {
    {ROLE_PLANNER, ROLE_WORD_BEFORE},         {ROLE_AUTHD, ROLE_WORD_BEFORE},
    {ROLE_PLANNER, ROLE_WORD_BEFORE_CONSOLE}, {ROLE_AUTHD, ROLE_WORD_BEFORE_CONSOLE},
    {ROLE_KEYD, ROLE_WORD_BEFORE_CONSOLE},
};
enum { HANDED = sizeof handed / sizeof *handed, HANDED_API = 2 };

/* Their ends, in the order of the table. */
static enum status make_channels(struct parent *parent, int ends[HANDED], struct problem *why)
{
    for (int i = 0; i < HANDED; i++) {
        int pair[2];
        if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
            return problem_errno(why, "socketpair");
        child_say(&parent->children[handed[i].asked], handed[i].word, pair[0]);
        close(pair[0]);
        ends[i] = pair[1];
    }
    return ST_OK;
}

static void send_channels(int wire, const int ends[HANDED])
{
    struct wire_message console = {.word = WIRE_CONSOLE, .fd_count = HANDED - HANDED_API};
    struct wire_message serves = {.word = WIRE_SERVES, .fd_count = HANDED_API};
    for (int i = 0; i < HANDED_API; i++)
        serves.fds[i] = ends[i];
    for (int i = HANDED_API; i < HANDED; i++)
        console.fds[i - HANDED_API] = ends[i];
    wire_send(wire, &console);
    wire_send(wire, &serves);
}

/* All roles serve, the planner too: the service is ours. */
static void take_charge(struct parent *parent)
{
    struct successor *successor = &parent->successor;
    int ends[HANDED] = {-1, -1, -1, -1, -1};
    struct problem why;
    if (make_channels(parent, ends, &why) == ST_OK) {
        successor->in_charge = true;
        child_say(&parent->children[ROLE_API], ROLE_WORD_GO_ON, -1);
        child_say(&parent->children[ROLE_CONSOLE], ROLE_WORD_GO_ON, -1);
        send_channels(successor->wire, ends);
    } else {
        successor_fail(parent, &why);
    }
    for (int i = 0; i < HANDED; i++)
        fd_close(&ends[i]);
}

void successor_served(struct parent *parent)
{
    struct wire_message ready = {.word = WIRE_READY};
    if (!successor_waits(parent))
        return;
    if (children_serve(parent))
        take_charge(parent);
    else if (children_but_writers_serve(parent) && writers_gone(parent))
        wire_send(parent->successor.wire, &ready);
}

/* Handing over to the process that is to stay */

static enum status write_state(const struct parent *parent, int *out, struct problem *why)
{
    struct adoption state = {0};
    for (int id = 0; id < ROLE_ID_COUNT_; id++) {
        state.pids[id] = parent->children[id].pid;
        state.identities[id] = parent->identities[id]; /* but for its descriptor, which has a name */
    }
    AUTO_FD fd = memfd_create("state", MFD_CLOEXEC);
    if (fd < 0)
        return problem_errno(why, "memfd_create");
    TRY(fd_write_all(fd, (struct slice){(const char *)&state, sizeof state}, why));
    *out = fd;
    fd = -1;
    return ST_OK;
}

static void add_of_role(struct inherited *list, struct arena *arena, const char *what, int id, int fd)
{
    inherit_add(list, arena_format(arena, "%s.%s", what, role_rows[id].name).data, fd);
}

void inherit_add_desks(struct inherited *list, struct arena *arena, const struct parent *parent)
{
    for (int id = 0; id < ROLE_RUN_COUNT_; id++)
        add_of_role(list, arena, "desk", id, parent->desks[id]);
}

static void hand_over(struct parent *parent)
{
    AUTO_ARENA arena = arena_create(1 << 16);
    struct inherited list = {0};
    struct wire_message message = {.word = WIRE_STATE};
    struct problem why;
    AUTO_FD state = -1;
    if (write_state(parent, &state, &why) != ST_OK) {
        successor_fail(parent, &why);
        return;
    }
    inherit_add(&list, "state", state);
    inherit_add(&list, "http", parent->listen);
    inherit_add(&list, "redirect", parent->redirect);
    inherit_add(&list, "console", parent->console);
    inherit_add(&list, "lmtp", parent->lmtp);
    inherit_add(&list, "vpn", parent->vpn);
    inherit_add(&list, "command", parent->command);
    inherit_add(&list, "config", parent->config_fd);
    inherit_add(&list, "pages", parent->pages);
    inherit_add(&list, "pages.console", parent->console_pages);
    inherit_add(&list, "identity", parent->identities[ROLE_API].fd);
    inherit_add(&list, "identity.console", parent->identities[ROLE_CONSOLE].fd);
    for (int id = 0; id < ROLE_ID_COUNT_; id++) {
        add_of_role(&list, arena, "secret", id, parent->secrets[id]);
        add_of_role(&list, arena, "program", id, parent->programs[id]);
        add_of_role(&list, arena, "role", id, parent->children[id].control);
    }
    inherit_add_desks(&list, arena, parent);
    struct slice names = inherit_names(&list, arena);
    memcpy(message.text, names.data, names.len < sizeof message.text ? names.len : sizeof message.text - 1);
    for (; message.fd_count < list.count; message.fd_count++)
        message.fds[message.fd_count] = list.items[message.fd_count].fd;
    /* From here on nothing is reaped or started again: who ends now is the other's child. */
    parent->successor.handed = true;
    wire_send(parent->successor.wire, &message);
}

static void free_store(struct parent *parent)
{
    parent->successor.store_free = true;
    child_say(&parent->children[ROLE_MAILOUT], ROLE_WORD_GO_ON, -1);
    for (int id = 0; id < ROLE_ID_COUNT_; id++)
        if (child_writes((enum role_id)id) && parent->children[id].pid == 0)
            child_start(&parent->children[id]);
}

static void free_spool(struct parent *parent)
{
    parent->successor.spool_free = true;
    child_say(&parent->children[ROLE_MAILIN], ROLE_WORD_GO_ON, -1);
}

static void wire_ready(void *context, unsigned ready, const struct moment *at)
{
    struct parent *parent = context;
    struct wire_message message;
    (void)ready, (void)at;
    enum status status = wire_receive(parent->successor.wire, &message);
    if (status == ST_NOT_FOUND)
        return;
    if (status != ST_OK) { /* whoever ends the older one's process means the service */
        loop_unwatch(&parent->successor.watch);
        parent_stop(parent);
        return;
    }
    if (message.word == WIRE_STORE_FREE)
        free_store(parent);
    else if (message.word == WIRE_SPOOL_FREE)
        free_spool(parent);
    else if (message.word == WIRE_ALONE)
        hand_over(parent);
    else if (message.word == WIRE_TAKEN && parent->successor.handed)
        _exit(0); /* without a word to the roles */
    wire_close(&message);
}

void successor_greet(struct parent *parent)
{
    struct wire_message hello = {.word = WIRE_HELLO, .a = WIRE_REVISION, .text = RENDEZ_VERSION};
    if (inherit_find(&parent->inherited, "state") != NULL)
        return; /* we are past that */
    parent->successor.wire = inherit_take(&parent->inherited, "handover");
    if (parent->successor.wire >= 0)
        wire_send(parent->successor.wire, &hello);
}

enum status successor_open(struct parent *parent, struct problem *why)
{
    if (parent->successor.wire < 0)
        return ST_OK;
    return loop_watch(parent->loop, parent->successor.wire, LOOP_READ, wire_ready, parent,
                      &parent->successor.watch, why);
}

/* The process that stays */

static enum status read_state(int fd, struct adoption *state, struct problem *why)
{
    if (pread(fd, state, sizeof *state, 0) != (ssize_t)sizeof *state)
        return problem_set(why, ST_INVALID, "the state that was handed over cannot be read");
    return ST_OK;
}

static enum status adopt_role(struct child *child, pid_t pid, struct problem *why)
{
    AUTO_ARENA arena = arena_create(256);
    const char *name = arena_format(arena, "role.%s", role_rows[child->id].name).data;
    child->control = inherit_take(&child->parent->inherited, name);
    child->pid = child->control < 0 ? 0 : pid;
    child->serves = child->pid != 0;
    child->started = (struct monotonic){clock_monotonic_ms()};
    return child->pid == 0 ? ST_OK : child_watch(child, why);
}

/* A role that was just away when its parent changed. */
static enum status start_missing(struct parent *parent, struct problem *why)
{
    for (int id = 0; id < ROLE_RUN_COUNT_; id++)
        if (parent->children[id].pid == 0 && child_is_wanted(parent, id)) {
            TRY(child_connect(&parent->children[id], why));
            child_start(&parent->children[id]);
        }
    return ST_OK;
}

static void say_done(struct parent *parent)
{
    struct wire_message taken = {.word = WIRE_TAKEN};
    AUTO_FD wire = inherit_take(&parent->inherited, "handover");
    int client = inherit_take(&parent->inherited, "client");
    wire_send(wire, &taken);
    event_log(EVENT_UPGRADE_DONE, field_text(KEY_VERSION, RENDEZ_VERSION));
    notify_supervisor("STATUS=Serving, version " RENDEZ_VERSION);
    command_answer(&client, "ok", "version " RENDEZ_VERSION " serves");
}

enum status successor_adopt(struct parent *parent, bool *adopted, struct problem *why)
{
    struct adoption state;
    AUTO_FD fd = inherit_take(&parent->inherited, "state");
    *adopted = fd >= 0;
    if (fd < 0)
        return ST_OK;
    TRY(read_state(fd, &state, why));
    for (int id = 0; id < ROLE_ID_COUNT_; id++)
        memcpy(parent->identities[id].seen, state.identities[id].seen, sizeof state.identities[id].seen);
    for (int id = 0; id < ROLE_RUN_COUNT_; id++)
        TRY(adopt_role(&parent->children[id], state.pids[id], why));
    say_done(parent);
    return start_missing(parent, why);
}
