#ifndef RENDEZ_PLATFORM_SQL_BACKUP_H
#define RENDEZ_PLATFORM_SQL_BACKUP_H

#include "base/bytes/bytes.h"
#include "base/datetime/datetime.h"

/* The copy of a database that is made before a migration, in files beside it:
 * "rendez.db.before-3" is what it was before version 3 came. What is erased in the
 * database is still in it, so it does not stay for long. */

/* Where to write the copy. What a run that was cut off has left there is removed. */
const char *backup_begin(const char *database, struct arena *arena);

/* The copy is whole: it is on the disk under its name before the migration begins. Earlier
 * ones go. version: of the copy. */
MUST_USE enum status backup_finish(const char *database, uint32_t version, struct problem *why);

/* Removes copies that were made before then; of `versions` versions. */
MUST_USE enum status backup_forget(const char *database, size_t versions, struct instant before,
                                   struct problem *why);

#endif
