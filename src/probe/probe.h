#ifndef RENDEZ_PROBE_H
#define RENDEZ_PROBE_H

#include "base/datetime/datetime.h"

/* A probe of a service from outside: it looks every ten seconds, keeps what it saw on its disk until the service has taken
 * it, and signs it, so that nobody, not the service either, can say something else. It belongs on another machine, in
 * another network than the service.
 *
 *   FOLDER/key     its seed, in hexadecimal; made at the first start
 *   FOLDER/looks   what was not reported yet (formats/measures), a line each */
struct probe_options {
    const char *folder;    /* made where it is not there, mode 0700 */
    const char *name;      /* in its key, like "probe.acme.example"; NULL: this machine's with "/probe" */
    const char *url;       /* of the service, without a slash at the end */
    const char *reference; /* of anybody else; does not answer either: our own network is away. NULL: none */
    const char *ca_file;   /* PEM; NULL: the system's */
};

struct probe;
#define AUTO_PROBE __attribute__((cleanup(probe_destroy))) struct probe *

/* ST_INVALID  a name or URL that is none; a kept look that is none
 * ST_DENIED   others can read the key */
MUST_USE enum status probe_create(const struct probe_options *options, struct probe **out, struct problem *why);
void probe_destroy(struct probe **probe); /* accepts NULL */
/* "NAME+ID+BASE64", to be pinned with `rendez trust probe --key`. */
MUST_USE enum status probe_key(struct probe *probe, struct arena *arena, struct slice *out, struct problem *why);

/* Looks once and keeps what it saw. *up: the service answered. */
MUST_USE enum status probe_look(struct probe *probe, struct instant now, bool *up, struct problem *why);
/* Reports what waits, as much as one report may have; what was taken is kept no longer.
 * ST_UNAVAILABLE  the service does not answer: it stays
 * else            it refuses: the key is not pinned there, a clock is wrong */
MUST_USE enum status probe_report(struct probe *probe, struct problem *why);
size_t probe_waiting(const struct probe *probe); /* looks that were not reported yet */

/* serve.c: looks and reports every so many seconds, until SIGTERM. */
MUST_USE enum status probe_serve(struct probe *probe, const struct probe_options *options, unsigned every_s,
                                 struct problem *why);

#endif
