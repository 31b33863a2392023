#ifndef RENDEZ_ROLES_IDENTITY_H
#define RENDEZ_ROLES_IDENTITY_H

#include <sys/stat.h>

#include "roles/messages/role.h"

/* Certificate and key of the public listener. The parent reads them, as the key is often
 * root's alone and api opens no files; it hands them over in memory, without looking inside. */
struct identity {
    int fd; /* memory: certificates, then the key; -1: none yet */
    struct stat seen[2];
};

/* Reads the files of http.certificate and http.key into a new `fd` (the one before is closed).
 *   always  though they look as they did
 * ST_NOT_FOUND    they look as they did
 * ST_UNAVAILABLE  one of them cannot be read; what was read before stays */
MUST_USE enum status identity_read(const struct config *config, bool always,
                                   struct identity *identity, struct problem *why);

/* The descriptor, to be read from its beginning; -1 where there is none. */
int identity_rewind(const struct identity *identity);

#endif
