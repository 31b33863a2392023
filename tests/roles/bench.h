#ifndef RENDEZ_TESTS_BENCH_H
#define RENDEZ_TESTS_BENCH_H

#include <sys/types.h>

#include "roles/messages/roles.h"

/* A test bench for one role: its real program, started as the parent starts it (own user
 * when root, own sandbox), with the test at the other end of each of its channels. */

struct bench_inbox {
    unsigned count[64];  /* messages received, by number */
    unsigned closed;     /* channels that the role made us close or closed */
    struct problem why;
};

struct bench {
    enum role_id id;
    pid_t pid;
    char folder[64];     /* of the installation, in /tmp */
    struct loop *loop;
    struct ipc_channel *peers[ROLE_ID_COUNT_];
    int control;
    const char *secret;  /* what the role gets as its password; NULL: nothing */
    /* Before bench_start: of this peer the test has the bare descriptor, to say what it likes. */
    bool has_raw;
    enum role_id raw;
    int raw_fd;
    int how;             /* wait status, once it has ended */
    ipc_receive_fn *receive; /* every message to a peer of the role */
    void *context;
    struct bench_inbox inbox;
    unsigned starts;
};

/* config: lines for rendez.conf. Ends the test when it cannot. */
void bench_create(struct bench *bench, enum role_id id, const char *config);
/* Starts the role's program, found from rendezd's path, and waits until it says that it serves
 * (what it asks meanwhile comes to bench->receive); false: it did not. */
bool bench_start(struct bench *bench, const char *rendezd);
/* The parent's word that a peer was started again: with a channel of its own. */
void bench_replace(struct bench *bench, enum role_id peer);
void bench_kill(struct bench *bench, int signal); /* and waits for its end */
bool bench_has_ended(struct bench *bench);        /* bench->how is set then */
void bench_destroy(struct bench *bench);          /* with the folder */

/* One short turn of the loop. */
void bench_turn(struct bench *bench);
/* Turns until *count >= wanted, at most timeout_ms. */
bool bench_wait(struct bench *bench, const unsigned *count, unsigned wanted, int timeout_ms);

/* Path below the folder, in a static buffer. */
const char *bench_path(const struct bench *bench, const char *name);

#endif
