#ifndef RENDEZ_ROLES_IDENTITY_H
#define RENDEZ_ROLES_IDENTITY_H

#include <sys/stat.h>

#include "roles/messages/role.h"

/* Certificate and key of a listener. The parent reads them, as the key is often root's alone and roles that serve
 * open no files; it hands them over in memory, without looking inside. */
enum { IDENTITY_FILES_MAX = 3 };
struct identity {
    int fd; /* memory: certificates, then the key; the console's: then the authorities of devices; -1: none yet */
    struct stat seen[IDENTITY_FILES_MAX];
};

/* Whether the settings have one for that role. */
bool identity_is_set(const struct config *config, enum role_id id);
/* Reads the files of api's http.certificate and .key, of the console's console.certificate, .key and .authorities
 * into a new `fd` (the one before is closed).
 *   always  though they look as they did
 * ST_NOT_FOUND    they look as they did
 * ST_UNAVAILABLE  one of them cannot be read; what was read before stays */
MUST_USE enum status identity_read(const struct config *config, enum role_id id, bool always,
                                   struct identity *identity, struct problem *why);

/* The descriptor, to be read from its beginning; -1 where there is none. */
int identity_rewind(const struct identity *identity);

#endif
