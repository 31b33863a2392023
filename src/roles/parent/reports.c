/* What the parent tells logd: how its children ended, and its own events that events.def marks. One that
 * logd has not kept yet waits here, the oldest first; logd gets them one at a time, in memory that comes
 * with a word on the control channel, as the parent has no other. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "platform/crash/crash.h"
#include "roles/parent/internal.h"

enum { AGAIN_MS = 200, REPORT_BYTES_MAX = 16 * 1024, VMSTAT_BYTES_MAX = 64 * 1024 };

static struct child *logd_of(struct parent *parent)
{
    return &parent->children[ROLE_LOGD];
}

static enum status in_memory(struct slice bytes, int *out, struct problem *why)
{
    AUTO_FD fd = memfd_create("report", MFD_CLOEXEC);
    if (fd < 0)
        return problem_errno(why, "memfd_create");
    TRY(fd_write_all(fd, bytes, why));
    *out = fd;
    fd = -1;
    return ST_OK;
}

/* A logd that does not read is asked again; it is not ended for that. */
static void say_next(struct parent *parent)
{
    struct reports *reports = &parent->reports;
    const struct child *logd = logd_of(parent);
    struct problem why;
    if (reports->count == 0 || reports->said || logd->pid == 0 || !logd->serves)
        return;
    AUTO_FD fd = -1;
    if (in_memory(reports->items[0], &fd, &why) == ST_OK &&
        ipc_send_fd(logd->control, ROLE_WORD_TOLD, fd, &why) == ST_OK)
        reports->said = true;
    else
        loop_timer_after(reports->again, AGAIN_MS);
}

static void again_due(void *context, const struct moment *at)
{
    (void)at;
    say_next(context);
}

static void drop_first(struct reports *reports)
{
    free((void *)(uintptr_t)reports->items[0].data);
    reports->count--;
    memmove(reports->items, reports->items + 1, reports->count * sizeof *reports->items);
}

/* Where there are too many, the newest goes: what began it is of use. */
static void keep(struct parent *parent, const struct event_told *told)
{
    struct reports *reports = &parent->reports;
    AUTO_BUFFER bytes = buffer_create(REPORT_BYTES_MAX);
    record_encode(message_kind(MESSAGE_EVENT)->type, told, &bytes);
    if (reports->count == REPORTS_MAX || buffer_check(&bytes, "report", NULL) != ST_OK)
        return;
    char *copy = must_calloc(1, bytes.len);
    memcpy(copy, bytes.data, bytes.len);
    reports->items[reports->count++] = (struct slice){copy, bytes.len};
    say_next(parent);
}

/* A marked event of ours. What one says of a role and its build is of that role. */
static void take_event(void *context, enum event event, const struct event_field *fields, size_t count)
{
    AUTO_ARENA arena = arena_create(REPORT_BYTES_MAX * 2);
    struct slice_list words = told_words(fields, count, arena);
    struct slice role = told_word(&words, KEY_ROLE), build = told_word(&words, KEY_BUILD);
    struct event_told told = {
        .event = slice_from(event_name(event)),
        .role = role.len > 0 ? role : LIT("parent"),
        .build = build.len > 0 ? build : slice_from(crash_build()),
        .at = clock_now(),
        .count = 1,
        .words = words,
    };
    keep(context, &told);
}

void reports_open(struct parent *parent)
{
    parent->reports.again = loop_timer_create(parent->loop, again_due, parent);
    event_log_sink(take_event, parent);
}

void reports_close(struct parent *parent)
{
    event_log_sink(NULL, NULL);
    while (parent->reports.count > 0)
        drop_first(&parent->reports);
}

void reports_kept(struct parent *parent)
{
    if (parent->reports.count > 0 && parent->reports.said)
        drop_first(&parent->reports);
    parent->reports.said = false;
    say_next(parent);
}

void reports_logd_serves(struct parent *parent)
{
    parent->reports.said = false;
    say_next(parent);
}

/* How many processes the kernel has ended for want of memory, as far as we may know. */
static int64_t out_of_memory_count(void)
{
    static const struct slice key = {"\noom_kill ", 10};
    AUTO_ARENA arena = arena_create(VMSTAT_BYTES_MAX * 4);
    struct slice text;
    if (file_read("/proc/vmstat", VMSTAT_BYTES_MAX, arena, &text, NULL) != ST_OK)
        return 0;
    size_t at = slice_find(text, key, 0);
    return at == SIZE_MAX ? 0 : strtoll(arena_text(arena, slice_sub(text, at + key.len, text.len)), NULL, 10);
}

void reports_note_memory(struct parent *parent)
{
    parent->reports.out_of_memory = out_of_memory_count();
}

static const char *cause_of(struct parent *parent, int how)
{
    if (WIFEXITED(how))
        return WEXITSTATUS(how) == 0 ? "left" : "exit";
    if (WTERMSIG(how) == SIGSYS)
        return "refused_call";
    if (WTERMSIG(how) != SIGKILL)
        return crash_signal_name(WTERMSIG(how));
    int64_t before = parent->reports.out_of_memory;
    reports_note_memory(parent);
    return parent->reports.out_of_memory > before ? "out_of_memory" : "killed";
}

static struct slice addresses_of(const struct crash_note *note, struct arena *arena)
{
    struct slice text = SLICE_NONE;
    for (size_t i = 0; i < note->count; i++)
        text = arena_format(arena, "%.*s%s0x%llx", SLICE_ARG(text), i == 0 ? "" : " ",
                            (unsigned long long)note->addresses[i]);
    return text;
}

/* Another role's fault, so far. */
static bool is_delayed(const struct child *child, int how)
{
    return WIFEXITED(how) && !child->serves && child->last_word.status == ST_UNAVAILABLE &&
           child->failures < DELAYS_MAX;
}

void report_crash(struct child *child, int how)
{
    if (is_delayed(child, how)) {
        event_log(EVENT_ROLE_DELAYED, field_text(KEY_ROLE, role_rows[child->id].name),
                  field_number(KEY_PID, child->pid), field_problem(&child->last_word));
        return;
    }
    AUTO_ARENA arena = arena_create(REPORT_BYTES_MAX);
    const struct crash_note *note = child->noted ? &child->note : NULL;
    const char *addresses = note == NULL ? "" : arena_text(arena, addresses_of(note, arena));
    const char *build = note == NULL ? "" : arena_text(arena, crash_note_build(note, arena));
    event_log(EVENT_ROLE_CRASHED, field_text(KEY_ROLE, role_rows[child->id].name),
              field_number(KEY_PID, child->pid),
              field_number(KEY_SIGNAL, WIFSIGNALED(how) ? WTERMSIG(how) : 0),
              field_number(KEY_EXIT, WIFEXITED(how) ? WEXITSTATUS(how) : 0),
              field_text(KEY_CAUSE, cause_of(child->parent, how)), field_problem(&child->last_word),
              field_text(KEY_BUILD, build), field_text(KEY_ADDRESSES, addresses));
}
