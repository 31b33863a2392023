#ifndef RENDEZ_ROLES_PROBER_DIGEST_H
#define RENDEZ_ROLES_PROBER_DIGEST_H

#include "base/bytes/bytes.h"

/* SHA-256 of a file, from where it is read on, in hexadecimal. Apart, since OpenSSL's headers and ours do not go
 * together. */
enum { DIGEST_CHARS = 64 };
MUST_USE enum status file_digest(int fd, struct arena *arena, struct slice *out, struct problem *why);

#endif
