/* An upgrade, as the version that is running sees it. It goes on until the new one has proved that
 * it serves; before that everything can be taken back. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "roles/parent/internal.h"
#include "roles/parent/prepare.h"
#include "roles/parent/spawn.h"

enum { EXIT_NO_PROGRAM = 103, VERDICT_MS = 60 * 1000 /* of our planner on the store */ };

/* How long each stage may take. */
static const int64_t stage_ms[] = {
    [UPGRADE_TRYING] = 60 * 1000,
    [UPGRADE_MAILOUT] = 30 * 1000,
    [UPGRADE_HOLDING] = 15 * 1000,
    [UPGRADE_PLANNER] = 8 * 1000,
    [UPGRADE_SWITCHING] = 600 * 1000, /* a large store is brought up */
    [UPGRADE_LEAVING] = 30 * 1000,
    [UPGRADE_ADOPTING] = 20 * 1000,
    /* The roles of a parent that is gone end by themselves, what is at the MTA first (8 s). */
    [UPGRADE_BACK] = 10 * 1000,
    [UPGRADE_ANEW] = 10 * 1000,
};

static const enum role_id leaving[] = {ROLE_API, ROLE_CONSOLE, ROLE_MAILIN, ROLE_READER, ROLE_CALSYNC, ROLE_SSO, ROLE_PROBER, ROLE_ARCHIVE};

static void enter(struct parent *parent, enum upgrade_stage stage)
{
    parent->upgrade.stage = stage;
    parent->upgrade.hurried = false;
    if (stage == UPGRADE_NONE)
        loop_timer_stop(parent->upgrade.timer);
    else
        loop_timer_after(parent->upgrade.timer, stage_ms[stage]);
}

static void tell(const struct upgrade *upgrade, enum wire_word word)
{
    struct wire_message message = {.word = word};
    wire_send(upgrade->wire, &message);
}

/* Ends a role that is not to come back. True: it was away already. */
static bool retire(struct parent *parent, enum role_id id)
{
    struct child *child = &parent->children[id];
    child->retired = true;
    child_signal(child, SIGTERM);
    return child->pid == 0;
}

static void unretire(struct parent *parent, enum role_id id)
{
    struct child *child = &parent->children[id];
    struct problem why;
    if (!child->retired)
        return;
    child->retired = false;
    if (child->pid != 0)
        return; /* it is started again when it has ended */
    if (child_connect(child, &why) != ST_OK)
        event_log(EVENT_ROLE_FAILED, field_text(KEY_ROLE, role_rows[id].name), field_problem(&why));
    child_start(child);
}

static void close_wire(struct upgrade *upgrade)
{
    loop_unwatch(&upgrade->watch);
    fd_close(&upgrade->wire);
}

static void finish(struct parent *parent)
{
    struct upgrade *upgrade = &parent->upgrade;
    close_wire(upgrade);
    fd_close(&upgrade->program);
    enter(parent, UPGRADE_NONE);
}

static void finish_failed(struct parent *parent)
{
    struct upgrade *upgrade = &parent->upgrade;
    const char *outcome = upgrade->why.status == ST_CONFLICT ? "restart" : "failed";
    event_log(EVENT_UPGRADE_FAILED, field_status(upgrade->why.status), field_problem(&upgrade->why));
    finish(parent);
    command_answer(&upgrade->client, outcome, upgrade->why.detail);
}

/* The successor is gone, with its roles. Ours go on as if nothing had been. */
static void go_back(struct parent *parent)
{
    struct upgrade *upgrade = &parent->upgrade;
    for (int id = 0; id < ROLE_RUN_COUNT_; id++)
        if (child_writes((enum role_id)id))
            unretire(parent, (enum role_id)id);
    unretire(parent, ROLE_MAILOUT);
    child_say(&parent->children[ROLE_API], ROLE_WORD_GO_ON, -1);
    child_say(&parent->children[ROLE_CONSOLE], ROLE_WORD_GO_ON, -1);
    if (!upgrade->doubtful) {
        finish_failed(parent);
        return;
    }
    close_wire(upgrade); /* our planner and authd have yet to say whether they can open their databases */
    loop_timer_after(upgrade->timer, VERDICT_MS);
}

/* Steps forward, each begun by what the one before has waited for. */

static void end_writers(struct parent *parent)
{
    enter(parent, UPGRADE_PLANNER);
    for (int id = 0; id < ROLE_RUN_COUNT_; id++)
        if (child_writes((enum role_id)id))
            retire(parent, (enum role_id)id);
    upgrade_child_gone(parent, &parent->children[ROLE_PLANNER]); /* where they were away already */
}

static const enum role_id asking[] = {ROLE_API, ROLE_CONSOLE};

/* That one asks nothing any more, or is not there. */
void upgrade_held(struct parent *parent, enum role_id id)
{
    if (parent->upgrade.stage != UPGRADE_HOLDING)
        return;
    parent->upgrade.held |= 1u << id;
    for (size_t i = 0; i < sizeof asking / sizeof *asking; i++)
        if ((parent->upgrade.held & 1u << asking[i]) == 0)
            return;
    end_writers(parent);
}

static void hold(struct parent *parent)
{
    enter(parent, UPGRADE_HOLDING);
    parent->upgrade.held = 0;
    for (size_t i = 0; i < sizeof asking / sizeof *asking; i++)
        child_say(&parent->children[asking[i]], ROLE_WORD_HOLD, -1);
    for (size_t i = 0; i < sizeof asking / sizeof *asking; i++)
        if (parent->children[asking[i]].pid == 0)
            upgrade_held(parent, asking[i]);
}

static void end_mailout(struct parent *parent)
{
    enter(parent, UPGRADE_MAILOUT);
    if (retire(parent, ROLE_MAILOUT))
        hold(parent);
}

static void free_store(struct parent *parent)
{
    enter(parent, UPGRADE_SWITCHING);
    parent->upgrade.doubtful = true;
    tell(&parent->upgrade, WIRE_STORE_FREE);
}

/* keyd answers mailin until it has ended; logd hears the last of all. */
static void leave_further(struct parent *parent)
{
    if (parent->children[ROLE_MAILIN].pid == 0 && !parent->children[ROLE_KEYD].retired) {
        tell(&parent->upgrade, WIRE_SPOOL_FREE);
        retire(parent, ROLE_KEYD);
    }
    if (parent->children[ROLE_KEYD].pid == 0 && !parent->children[ROLE_LOGD].retired)
        retire(parent, ROLE_LOGD);
    if (!children_gone(parent))
        return;
    enter(parent, UPGRADE_ADOPTING);
    tell(&parent->upgrade, WIRE_ALONE);
}

/* The new planner and authd serve: from here on there is no way back. Our api and console ask them, for who is still
 * here; the console has their channels already. */
static void leave(struct parent *parent, int planner, int authd)
{
    const struct child *api = &parent->children[ROLE_API];
    enter(parent, UPGRADE_LEAVING);
    child_say(api, ROLE_PLANNER, planner);
    child_say(api, ROLE_AUTHD, authd);
    child_say(api, ROLE_WORD_GO_ON, -1);
    child_say(&parent->children[ROLE_CONSOLE], ROLE_WORD_GO_ON, -1);
    for (size_t i = 0; i < sizeof leaving / sizeof *leaving; i++)
        retire(parent, leaving[i]);
    leave_further(parent);
}

void upgrade_child_gone(struct parent *parent, const struct child *child)
{
    enum upgrade_stage stage = parent->upgrade.stage;
    if (stage == UPGRADE_MAILOUT && child->id == ROLE_MAILOUT)
        hold(parent);
    else if (stage == UPGRADE_HOLDING && (child->id == ROLE_API || child->id == ROLE_CONSOLE))
        upgrade_held(parent, child->id);
    else if (stage == UPGRADE_PLANNER && writers_gone(parent))
        free_store(parent);
    else if (stage == UPGRADE_LEAVING)
        leave_further(parent);
}

/* This process becomes the new version, with the descriptors that the successor gave; it adds
 * the one who waits for the outcome, and the way back to it. */
static void become(struct parent *parent, const struct wire_message *message)
{
    struct upgrade *upgrade = &parent->upgrade;
    struct inherited list = {0};
    struct slice names = slice_from(message->text);
    for (size_t i = 0; i < message->fd_count; i++) {
        AUTO_ARENA arena = arena_create(INHERIT_NAMES_BYTES);
        size_t end = slice_find(names, LIT(":"), 0);
        inherit_add(&list, arena_text(arena, slice_sub(names, 0, end)), message->fds[i]);
        names = slice_sub(names, end == SIZE_MAX ? names.len : end + 1, names.len);
    }
    inherit_add(&list, "handover", upgrade->wire);
    inherit_add(&list, "client", upgrade->client);
    inherit_exec(upgrade->program, parent->argv, &list);
    struct problem why;
    problem_errno(&why, "execute the new version");
    parent_fail(parent, &why);
}

static void connect_console(struct parent *parent, const struct wire_message *message)
{
    static const enum role_id peers[] = {ROLE_PLANNER, ROLE_AUTHD, ROLE_KEYD};
    for (size_t i = 0; i < sizeof peers / sizeof *peers; i++)
        child_say(&parent->children[ROLE_CONSOLE], peers[i], message->fds[i]);
}

/* What the successor says */

static void take_message(struct parent *parent, struct wire_message *message)
{
    struct upgrade *upgrade = &parent->upgrade;
    switch (message->word) {
    case WIRE_HELLO:
        if (message->a != WIRE_REVISION) {
            problem_set(&upgrade->why, ST_CONFLICT, "version %.40s cannot take over from version "
                        RENDEZ_VERSION ": restart the service", message->text);
            kill(upgrade->pid, SIGKILL);
        }
        break;
    case WIRE_STARTED:
        if (message->a < ROLE_ID_COUNT_)
            upgrade->roles[message->a] = (pid_t)message->b;
        break;
    case WIRE_READY:
        if (upgrade->stage == UPGRADE_TRYING)
            end_mailout(parent);
        break;
    case WIRE_SERVES:
        if (upgrade->stage == UPGRADE_SWITCHING && message->fd_count == 2)
            leave(parent, message->fds[0], message->fds[1]);
        break;
    case WIRE_CONSOLE:
        if (upgrade->stage == UPGRADE_SWITCHING && message->fd_count == 3)
            connect_console(parent, message);
        break;
    case WIRE_FAILED:
        if (upgrade->why.status == ST_OK)
            problem_set(&upgrade->why, ST_UNAVAILABLE, "%.150s", message->text);
        break;
    case WIRE_STATE:
        if (upgrade->stage == UPGRADE_ADOPTING)
            become(parent, message);
        break;
    default:
        break;
    }
}

static void read_wire(struct parent *parent)
{
    struct wire_message message;
    enum status status;
    while (parent->upgrade.wire >= 0 &&
           (status = wire_receive(parent->upgrade.wire, &message)) != ST_NOT_FOUND) {
        if (status != ST_OK) {
            loop_unwatch(&parent->upgrade.watch); /* SIGCHLD tells the rest */
            return;
        }
        take_message(parent, &message);
        wire_close(&message);
    }
}

static void wire_ready(void *context, unsigned ready, const struct moment *at)
{
    (void)ready, (void)at;
    read_wire(context);
}

/* Steps back */

static void kill_roles(struct parent *parent)
{
    for (int id = 0; id < ROLE_ID_COUNT_; id++)
        if (parent->upgrade.roles[id] != 0)
            spawn_signal(parent->upgrade.roles[id], prepare_user(&parent->config, (enum role_id)id), SIGKILL);
}

/* Its roles are our children since it is gone (PR_SET_CHILD_SUBREAPER). */
static bool roles_gone(struct upgrade *upgrade)
{
    bool gone = true;
    for (int id = 0; id < ROLE_ID_COUNT_; id++) {
        if (upgrade->roles[id] != 0 && waitpid(upgrade->roles[id], NULL, WNOHANG) != 0)
            upgrade->roles[id] = 0;
        gone = gone && upgrade->roles[id] == 0;
    }
    return gone;
}

/* Goes on once nothing is left that could write the store. */
static void clear_away(struct parent *parent)
{
    if (parent->upgrade.pid != 0 || !roles_gone(&parent->upgrade) || parent->stopping)
        return;
    if (parent->upgrade.stage == UPGRADE_BACK)
        go_back(parent);
    else if (parent->upgrade.stage == UPGRADE_ANEW)
        parent_stop(parent);
}

static void ended(struct parent *parent, int how)
{
    struct upgrade *upgrade = &parent->upgrade;
    read_wire(parent);
    upgrade->pid = 0;
    if (upgrade->why.status == ST_OK && WIFSIGNALED(how))
        problem_set(&upgrade->why, ST_UNAVAILABLE, "the new version was ended by signal %d",
                    WTERMSIG(how));
    else if (upgrade->why.status == ST_OK)
        problem_set(&upgrade->why, ST_UNAVAILABLE, "the new version ended with exit code %d",
                    WEXITSTATUS(how));
    if (parent->stopping) {
        parent_stop_next(parent);
        return;
    }
    enter(parent, upgrade->stage >= UPGRADE_LEAVING ? UPGRADE_ANEW : UPGRADE_BACK);
    clear_away(parent);
}

bool upgrade_reap(struct parent *parent, pid_t pid, int how)
{
    struct upgrade *upgrade = &parent->upgrade;
    if (upgrade->stage == UPGRADE_NONE)
        return false;
    if (pid == upgrade->pid) {
        ended(parent, how);
        return true;
    }
    for (int id = 0; id < ROLE_ID_COUNT_; id++)
        if (upgrade->roles[id] == pid) {
            upgrade->roles[id] = 0;
            clear_away(parent);
            return true;
        }
    return false;
}

/* Where the successor has brought up the store before it failed, only the new version can go on. */
bool upgrade_child_failed(struct parent *parent, const struct child *child, enum status status)
{
    if (parent->upgrade.stage != UPGRADE_BACK || !child_writes(child->id) || status == ST_UNAVAILABLE)
        return false;
    enter(parent, UPGRADE_ANEW);
    parent_stop(parent);
    return true;
}

void upgrade_child_served(struct parent *parent, const struct child *child)
{
    enum upgrade_stage stage = parent->upgrade.stage;
    if (stage == UPGRADE_BACK && child_writes(child->id) && writers_serve(parent))
        finish_failed(parent);
    /* One that was just started again knows nothing of it. */
    bool serves = child->id == ROLE_API || child->id == ROLE_CONSOLE;
    if (serves && stage >= UPGRADE_HOLDING && stage < UPGRADE_LEAVING)
        child_say(child, ROLE_WORD_HOLD, -1);
}

static void late(void *context, const struct moment *at)
{
    struct parent *parent = context;
    struct upgrade *upgrade = &parent->upgrade;
    (void)at;
    loop_timer_after(upgrade->timer, KILL_MS);
    if (upgrade->stage == UPGRADE_PLANNER) {
        for (int id = 0; id < ROLE_RUN_COUNT_; id++)
            if (child_writes((enum role_id)id))
                child_signal(&parent->children[id], SIGKILL); /* what they had begun comes to nothing */
    } else if (upgrade->stage == UPGRADE_LEAVING) {
        for (int id = 0; id < ROLE_ID_COUNT_; id++)
            child_signal(&parent->children[id], upgrade->hurried ? SIGKILL : SIGTERM);
    } else if (upgrade->pid == 0 && !roles_gone(upgrade)) {
        kill_roles(parent);
    } else if (upgrade->pid == 0 && upgrade->stage == UPGRADE_BACK) {
        finish_failed(parent); /* our planner neither serves nor says why: it is started again and again */
    } else if (upgrade->pid != 0) {
        if (upgrade->why.status == ST_OK)
            problem_set(&upgrade->why, ST_UNAVAILABLE, "the upgrade took too long (stage %d)", (int)upgrade->stage);
        kill(upgrade->pid, SIGKILL);
    }
    upgrade->hurried = true;
}

/* The beginning and the end */

/* Sockets, and secrets whose files may be away by now. */
static void list_descriptors(const struct parent *parent, int handover, struct inherited *list)
{
    static const char *const secrets[ROLE_ID_COUNT_] = {
        [ROLE_KEYD] = "secret.keyd", [ROLE_MAILIN] = "secret.mailin", [ROLE_MAILOUT] = "secret.mailout"};
    *list = (struct inherited){0};
    inherit_add(list, "http", parent->listen);
    inherit_add(list, "redirect", parent->redirect);
    inherit_add(list, "console", parent->console);
    inherit_add(list, "lmtp", parent->lmtp);
    inherit_add(list, "vpn", parent->vpn);
    inherit_add(list, "command", parent->command);
    inherit_add(list, "handover", handover);
    for (int id = 0; id < ROLE_ID_COUNT_; id++)
        if (secrets[id] != NULL)
            inherit_add(list, secrets[id], parent->secrets[id]);
    AUTO_ARENA arena = arena_create(1 << 16);
    inherit_add_desks(list, arena, parent);
}

static void run_successor(const struct parent *parent, int handover)
{
    struct inherited list;
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    list_descriptors(parent, handover, &list);
    inherit_exec(parent->upgrade.program, parent->argv, &list);
    _exit(EXIT_NO_PROGRAM);
}

static enum status start_successor(struct parent *parent, struct problem *why)
{
    struct upgrade *upgrade = &parent->upgrade;
    int wire[2];
    upgrade->program = open(parent->program, O_RDONLY | O_CLOEXEC);
    if (upgrade->program < 0)
        return problem_errno(why, parent->program);
    if (prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) < 0 ||
        socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, wire) < 0)
        return problem_errno(why, "start the new version");
    AUTO_FD theirs = wire[1];
    upgrade->wire = wire[0];
    TRY(loop_watch(parent->loop, upgrade->wire, LOOP_READ, wire_ready, parent, &upgrade->watch, why));
    upgrade->pid = fork();
    if (upgrade->pid == 0)
        run_successor(parent, theirs);
    return upgrade->pid < 0 ? problem_errno(why, "start the new version") : ST_OK;
}

enum status upgrade_begin(struct parent *parent, int client, struct problem *why)
{
    struct upgrade *upgrade = &parent->upgrade;
    if (upgrade->stage != UPGRADE_NONE || parent->successor.wire >= 0)
        return problem_set(why, ST_CONFLICT, "an upgrade is under way");
    if (parent->stopping || parent->starting)
        return problem_set(why, ST_CONFLICT, "the service is just %s", parent->stopping ? "stopping" : "starting");
    struct loop_timer *timer = upgrade->timer;
    *upgrade = (struct upgrade){.program = -1, .wire = -1, .client = client, .timer = timer};
    if (timer == NULL)
        upgrade->timer = loop_timer_create(parent->loop, late, parent);
    enter(parent, UPGRADE_TRYING);
    enum status status = start_successor(parent, why);
    if (status != ST_OK) {
        upgrade->client = -1; /* the caller says it */
        finish(parent);
    }
    return status;
}

void upgrade_stop(struct parent *parent, int number)
{
    if (parent->upgrade.pid != 0)
        kill(parent->upgrade.pid, number);
}

void upgrade_start_anew(struct parent *parent)
{
    struct inherited list;
    event_log(EVENT_UPGRADE_FAILED, field_status(parent->upgrade.why.status),
              field_problem(&parent->upgrade.why));
    command_answer(&parent->upgrade.client, "failed", parent->upgrade.why.detail);
    list_descriptors(parent, -1, &list);
    inherit_exec(parent->upgrade.program, parent->argv, &list);
    problem_errno(&parent->failure, "execute the new version");
}

void upgrade_close(struct parent *parent)
{
    struct upgrade *upgrade = &parent->upgrade;
    command_answer(&upgrade->client, "failed", "the service ends");
    loop_unwatch(&upgrade->watch);
    fd_close(&upgrade->wire);
    fd_close(&upgrade->program);
}
