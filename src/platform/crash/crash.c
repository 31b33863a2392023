#include "platform/crash/crash.h"

#include <elf.h>
#include <link.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unwind.h>

enum { STACK_BYTES = 64 * 1024, NOTE_ALIGNMENT = 4 };

/* The linker says where the program lies: nothing has to be looked up when it falls. */
extern const ElfW(Ehdr) __ehdr_start;
extern const char etext[];

static const struct {
    int number;
    const char *name;
    bool ours; /* has a handler: SIGSYS of seccomp and SIGKILL cannot be handled */
} fatal[] = {
    {SIGSEGV, "SIGSEGV", true}, {SIGABRT, "SIGABRT", true}, {SIGBUS, "SIGBUS", true},
    {SIGFPE, "SIGFPE", true},   {SIGILL, "SIGILL", true},   {SIGTRAP, "SIGTRAP", true},
    {SIGSYS, "SIGSYS", true},   {SIGXCPU, "SIGXCPU", true}, {SIGXFSZ, "SIGXFSZ", true},
    {SIGKILL, "SIGKILL", false}, {SIGPIPE, "SIGPIPE", false}, {SIGALRM, "SIGALRM", false},
    {SIGHUP, "SIGHUP", false},  {SIGQUIT, "SIGQUIT", false}, {SIGTERM, "SIGTERM", false},
    {SIGINT, "SIGINT", false},  {SIGUSR1, "SIGUSR1", false}, {SIGUSR2, "SIGUSR2", false},
};
enum { FATAL_COUNT = sizeof fatal / sizeof *fatal };

static struct sigaction before[FATAL_COUNT];
static int note_fd = -1;
static struct crash_note note;
static atomic_flag falling = ATOMIC_FLAG_INIT; /* one note a process, whatever its threads do */
static char stack[STACK_BYTES] __attribute__((aligned(16)));
static char build_text[2 * CRASH_BUILD_BYTES + 1] = "none";

struct walk {
    bool reached; /* the frame that the signal came into */
};

static bool is_ours(uintptr_t address)
{
    return address >= (uintptr_t)&__ehdr_start && address < (uintptr_t)etext;
}

/* Frames of libraries are left out: their place differs from start to start. */
static _Unwind_Reason_Code take_frame(struct _Unwind_Context *context, void *data)
{
    struct walk *walk = data;
    int interrupted = 0;
    uintptr_t address = _Unwind_GetIPInfo(context, &interrupted);
    walk->reached = walk->reached || interrupted != 0;
    if (!walk->reached || !is_ours(address))
        return _URC_NO_REASON;
    note.addresses[note.count++] = address - (uintptr_t)&__ehdr_start;
    return note.count < CRASH_ADDRESSES_MAX ? _URC_NO_REASON : _URC_END_OF_STACK;
}

static void send_note(void)
{
    (void)!send(note_fd, &note, sizeof note, MSG_NOSIGNAL | MSG_DONTWAIT);
}

static void pass_on(int number, siginfo_t *info, void *context)
{
    for (size_t i = 0; i < FATAL_COUNT; i++) {
        if (fatal[i].number != number)
            continue;
        if ((before[i].sa_flags & SA_SIGINFO) != 0 && before[i].sa_sigaction != NULL) {
            before[i].sa_sigaction(number, info, context); /* a sanitizer's: it does not return */
            return;
        }
    }
    signal(number, SIG_DFL);
    raise(number);
}

/* Only what is safe in a handler: glibc 2.35 and gcc 12 find a frame's table without lock or memory
 * (_dl_find_object). A stack that cannot be walked brings us here a second time: then what
 * was found so far is all that is said. */
static void fall(int number, siginfo_t *info, void *context)
{
    if (!atomic_flag_test_and_set(&falling)) {
        struct walk walk = {false};
        note.signal = (uint8_t)number;
        _Unwind_Backtrace(take_frame, &walk);
        send_note();
    } else if (note.signal != 0) {
        send_note();
    }
    note.signal = 0;
    pass_on(number, info, context);
}

static void take_build(const char *at, const char *end)
{
    static const char hex[] = "0123456789abcdef";
    while (at + sizeof(ElfW(Nhdr)) <= end) {
        ElfW(Nhdr) header;
        memcpy(&header, at, sizeof header);
        const char *name = at + sizeof header;
        size_t name_bytes = (header.n_namesz + NOTE_ALIGNMENT - 1) & ~(size_t)(NOTE_ALIGNMENT - 1);
        size_t text_bytes = (header.n_descsz + NOTE_ALIGNMENT - 1) & ~(size_t)(NOTE_ALIGNMENT - 1);
        if (header.n_type == NT_GNU_BUILD_ID && header.n_descsz <= CRASH_BUILD_BYTES &&
            header.n_namesz == sizeof ELF_NOTE_GNU && memcmp(name, ELF_NOTE_GNU, sizeof ELF_NOTE_GNU) == 0) {
            note.build_len = (uint8_t)header.n_descsz;
            memcpy(note.build, name + name_bytes, note.build_len);
            for (size_t i = 0; i < note.build_len; i++) {
                build_text[2 * i] = hex[note.build[i] >> 4];
                build_text[2 * i + 1] = hex[note.build[i] & 15];
            }
            build_text[2 * (size_t)note.build_len] = '\0';
            return;
        }
        at = name + name_bytes + text_bytes;
    }
}

static void find_build(void)
{
    const char *base = (const char *)&__ehdr_start;
    for (size_t i = 0; i < __ehdr_start.e_phnum; i++) {
        ElfW(Phdr) part;
        memcpy(&part, base + __ehdr_start.e_phoff + i * sizeof part, sizeof part);
        if (part.p_type == PT_NOTE && note.build_len == 0)
            take_build(base + part.p_vaddr, base + part.p_vaddr + part.p_memsz);
    }
}

const char *crash_build(void)
{
    if (note.build_len == 0)
        find_build();
    return build_text;
}

/* A sanitizer has brought its own already. */
static void give_stack(void)
{
    stack_t had, ours = {.ss_sp = stack, .ss_size = sizeof stack};
    if (sigaltstack(NULL, &had) == 0 && (had.ss_flags & SS_DISABLE) != 0)
        sigaltstack(&ours, NULL);
}

/* The first walk of all may load what later ones find in memory. */
static void warm_up(void)
{
    struct walk nothing = {false};
    _Unwind_Backtrace(take_frame, &nothing);
}

void crash_watch(int fd, uint8_t says)
{
    struct sigaction action = {.sa_sigaction = fall, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER};
    (void)crash_build();
    warm_up();
    note_fd = fd;
    note.says = says;
    note.count = 0;
    give_stack();
    for (size_t i = 0; i < FATAL_COUNT; i++)
        if (fatal[i].ours)
            sigaction(fatal[i].number, &action, &before[i]);
}

enum status crash_note_read(struct slice bytes, struct crash_note *out, struct problem *why)
{
    struct crash_note read;
    if (bytes.len != sizeof read)
        return problem_set(why, ST_INVALID, "no crash report");
    memcpy(&read, bytes.data, sizeof read);
    if (read.count > CRASH_ADDRESSES_MAX || read.build_len > CRASH_BUILD_BYTES || read.signal == 0)
        return problem_set(why, ST_INVALID, "a crash report out of bounds");
    *out = read;
    return ST_OK;
}

struct slice crash_note_build(const struct crash_note *read, struct arena *arena)
{
    AUTO_BUFFER text = buffer_create(sizeof build_text);
    for (size_t i = 0; i < read->build_len; i++)
        buffer_add_format(&text, "%02x", read->build[i]);
    return arena_copy(arena, read->build_len == 0 ? LIT("none") : buffer_slice(&text));
}

const char *crash_signal_name(int number)
{
    for (size_t i = 0; i < FATAL_COUNT; i++)
        if (fatal[i].number == number)
            return fatal[i].name;
    return "signal";
}
