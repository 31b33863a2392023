#ifndef RENDEZ_PLATFORM_STORE_SEALING_H
#define RENDEZ_PLATFORM_STORE_SEALING_H

#include "base/record/record.h"
#include "platform/vault/vault.h"

/* Between domain structs and private columns: a record is encoded by its table and sealed
 * in its place. Callers hold the key; the store never sees it. */

/* The places of the schema: table and column are those of migrations/. */
enum sealed_column {
    SEALED_ORGANISATION,
    SEALED_PERSON,
    SEALED_MEETING,
    SEALED_MESSAGE_RAW,
    SEALED_MESSAGE_READING,
    SEALED_OUTBOX,
    SEALED_JOB,
    SEALED_TASK,
    SEALED_SANDBOX_MAIL,
    SEALED_LESSON,
    WRAPPED_ORGANISATION_KEY,
    WRAPPED_MEETING_KEY,
    SEALED_COLUMN_COUNT_,
};
/* Of whatever version the key is. organisation: empty for rows of the service itself. */
struct seal_place sealing_place(enum sealed_column column, struct slice organisation,
                                struct slice row);
/* Of a wrapped key, which is bound to its own version as well. */
struct seal_place sealing_key_place(enum sealed_column column, struct slice organisation,
                                    struct slice row, uint32_t version, struct arena *arena);

MUST_USE enum status sealing_seal(const struct secret *key, const struct seal_place *place,
                                  const struct record_type *type, const void *object,
                                  struct arena *arena, struct sealed *out, struct problem *why);
/* *object is zeroed first. ST_DENIED as vault_open, ST_INVALID as record_decode. */
MUST_USE enum status sealing_open(const struct secret *key, const struct seal_place *place,
                                  struct sealed sealed, const struct record_type *type,
                                  struct arena *arena, void *object, struct problem *why);

/* Keyed hashes for look-ups; `lookup` is the installation's look-up key. Case of an
 * address does not count, angle brackets of a Message-ID neither. An empty value gives an
 * empty hash. */
struct slice sealing_address_hash(const struct secret *lookup, struct slice address,
                                  struct arena *arena);
struct slice sealing_message_id_hash(const struct secret *lookup, struct slice message_id,
                                     struct arena *arena);

#endif
