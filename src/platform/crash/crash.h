#ifndef RENDEZ_PLATFORM_CRASH_H
#define RENDEZ_PLATFORM_CRASH_H

#include "base/bytes/bytes.h"

/* What a process says of itself with its last breath: the signal, which build it is, and where it
 * was. Addresses are relative to the program, so that they say nothing of its memory and are the same
 * in each of its processes; `addr2line -e rendez-NAME ADDRESS` names the lines. */

enum { CRASH_ADDRESSES_MAX = 16, CRASH_BUILD_BYTES = 20 };

/* One datagram, in this layout: sender and receiver are of one machine, maybe of two builds. */
struct crash_note {
    uint8_t says;      /* what the receiver knows such a message by */
    uint8_t signal, count, build_len;
    uint8_t build[CRASH_BUILD_BYTES];            /* GNU build id of the program */
    uint64_t addresses[CRASH_ADDRESSES_MAX];     /* innermost first; `count` of them */
};

/* Installs handlers of the signals that end a process for a fault of its own, on a stack of their
 * own: each sends a crash_note to the socket `fd`, then lets the signal do what it would have done
 * (a sanitizer's report included). Before the sandbox, where they go on working; once. */
void crash_watch(int fd, uint8_t says);

/* Takes a note apart. ST_INVALID: it is none. */
MUST_USE enum status crash_note_read(struct slice bytes, struct crash_note *note, struct problem *why);

/* This program's build id, in hexadecimal; "none" where the linker wrote none. */
const char *crash_build(void);
/* That of a note. */
struct slice crash_note_build(const struct crash_note *note, struct arena *arena);
/* "SIGSEGV"; "signal" for one that has no name here. */
const char *crash_signal_name(int signal);

#endif
