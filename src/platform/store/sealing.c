#include "platform/store/sealing.h"

enum { RECORD_BYTES_MAX = 48 * 1024 * 1024 };

static const struct {
    struct slice table, column;
} places[SEALED_COLUMN_COUNT_] = {
#define PLACE(table, column)                                                                       \
    {                                                                                              \
        {table, sizeof table - 1},                                                                 \
        {                                                                                          \
            column, sizeof column - 1                                                              \
        }                                                                                          \
    }
    [SEALED_ORGANISATION] = PLACE("organisation", "sealed"),
    [SEALED_PERSON] = PLACE("person", "sealed"),
    [SEALED_MEETING] = PLACE("meeting", "sealed"),
    [SEALED_MESSAGE_RAW] = PLACE("message", "sealed_raw"),
    [SEALED_MESSAGE_READING] = PLACE("message", "sealed_reading"),
    [SEALED_OUTBOX] = PLACE("outbox", "sealed"),
    [SEALED_JOB] = PLACE("job", "sealed"),
    [SEALED_TASK] = PLACE("task", "sealed"),
    [SEALED_SANDBOX_MAIL] = PLACE("sandbox_mail", "sealed"),
    [SEALED_LESSON] = PLACE("lesson", "sealed"),
    [WRAPPED_ORGANISATION_KEY] = PLACE("organisation", "wrapped_key"),
    [WRAPPED_MEETING_KEY] = PLACE("meeting", "wrapped_key"),
};

struct seal_place sealing_place(enum sealed_column column, struct slice organisation,
                                struct slice row)
{
    return (struct seal_place){
        .organisation = organisation,
        .table = places[column].table,
        .column = places[column].column,
        .row = row,
    };
}

/* The first version is named as it was when there was but one. */
struct seal_place sealing_key_place(enum sealed_column column, struct slice organisation,
                                    struct slice row, uint32_t version, struct arena *arena)
{
    return sealing_place(column, organisation,
                         version <= 1 ? row
                                      : arena_format(arena, "%.*s/%u", SLICE_ARG(row),
                                                     (unsigned)version));
}

static void wipe(struct buffer *buffer)
{
    buffer_wipe(buffer);
}

enum status sealing_seal(const struct secret *key, const struct seal_place *place,
                         const struct record_type *type, const void *object, struct arena *arena,
                         struct sealed *out, struct problem *why)
{
    __attribute__((cleanup(wipe))) struct buffer plain = buffer_create(RECORD_BYTES_MAX);
    record_encode(type, object, &plain);
    TRY(buffer_check(&plain, "record to seal", why));
    return vault_seal(key, place, buffer_slice(&plain), arena, out, why);
}

enum status sealing_open(const struct secret *key, const struct seal_place *place,
                         struct sealed sealed, const struct record_type *type, struct arena *arena,
                         void *object, struct problem *why)
{
    AUTO_ARENA scratch = arena_create_wiped(sealed.bytes.len + 4096);
    struct slice plain;
    TRY(vault_open(key, place, sealed, scratch, &plain, why));
    return record_decode(type, plain, arena, object, why);
}

/* The name keeps an address and a Message-ID of the same bytes apart. */
static struct slice hash(const struct secret *lookup, const char *name, struct slice value,
                         struct arena *arena)
{
    if (value.len == 0)
        return SLICE_NONE;
    AUTO_ARENA scratch = arena_create(value.len + 4096);
    struct slice text = arena_format(scratch, "%s:%.*s", name, SLICE_ARG(value));
    return vault_lookup_hash(lookup, text, arena);
}

struct slice sealing_address_hash(const struct secret *lookup, struct slice address,
                                  struct arena *arena)
{
    AUTO_ARENA scratch = arena_create(address.len + 4096);
    return hash(lookup, "address", arena_lower(scratch, slice_trim(address)), arena);
}

struct slice sealing_message_id_hash(const struct secret *lookup, struct slice message_id,
                                     struct arena *arena)
{
    struct slice id = slice_trim(message_id);
    if (slice_starts(id, LIT("<")) && slice_ends(id, LIT(">")))
        id = slice_sub(id, 1, id.len - 1);
    return hash(lookup, "message-id", id, arena);
}
