/* prober: runs the checks of controls/, one after the other, and keeps nothing of what they find. */
#include <sys/time.h>

#include "roles/messages/mains.h"
#include "roles/prober/prober.h"
#include "roles/prober/release.h"

enum {
    MEMORY_BYTES_MAX = 512 << 20,
    ARENA_BYTES_MAX = 64 << 20,
    ALARM_S = CHECK_LONGEST_MS / 1000 + 2, /* a check that waits for something else than what it may */
};

/* The kernel ends us, and the parent starts us again; trust sees that nothing was found. */
static void set_alarm(int seconds)
{
    const struct itimerval time = {.it_value = {.tv_sec = seconds}};
    setitimer(ITIMER_REAL, &time, NULL);
}

static void receive_check(void *context, const struct ipc_message *message, const struct moment *at)
{
    const struct check_asked *asked = message->object;
    AUTO_ARENA arena = arena_create_wiped(ARENA_BYTES_MAX);
    struct check_found found;
    struct problem why;
    set_alarm(ALARM_S);
    prober_run(context, asked->control, at->now, arena, &found);
    set_alarm(0);
    if (ipc_answer(message, MESSAGE_CHECKED, &found, &why) != ST_OK)
        event_log(EVENT_CHANNEL_CLOSED, field_problem(&why)); /* trust asks again */
}

enum status prober_main(struct role *role, struct problem *why)
{
    /* Who runs and who listens; of other processes the kernel shows no more than that. */
    struct sandbox_rules rules = {.paths = {{"/proc", SANDBOX_READ}}, .memory_bytes_max = MEMORY_BYTES_MAX};
    TRY(release_see(role_arena(role), &rules, why));
    TRY(reach_begin(why));
    role_handle(role, MESSAGE_CHECK, receive_check, role);
    enum status status = role_enter(role, &rules, why);
    if (status == ST_OK)
        status = role_run(role, why);
    reach_end();
    return status;
}
