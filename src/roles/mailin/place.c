#include "roles/mailin/place.h"

#include "base/record/record.h"

enum { PLACE_BYTES_MAX = 4096 };

static const struct record_field place_fields[] = {
    FIELD(mailbox_place, account, 1, RECORD_TEXT),   FIELD(mailbox_place, uidvalidity, 2, RECORD_U32),
    FIELD(mailbox_place, high, 3, RECORD_U32),       FIELD(mailbox_place, known, 4, RECORD_U32),
    FIELD(mailbox_place, renumbered, 5, RECORD_BOOL), FIELD(mailbox_place, since, 6, RECORD_INSTANT),
    FIELD(mailbox_place, looked, 7, RECORD_INSTANT), FIELD(mailbox_place, unmarked, 8, RECORD_U32),
};
static RECORD_TYPE(place_record, mailbox_place, place_fields);

enum status place_load(const char *path, struct slice account, struct arena *arena,
                       struct mailbox_place *place, struct problem *why)
{
    struct slice bytes;
    struct mailbox_place found = {0};
    enum status status = file_read(path, PLACE_BYTES_MAX, arena, &bytes, why);
    if (status == ST_OK) {
        if (record_decode(&place_record, bytes, arena, &found, NULL) != ST_OK)
            return problem_set(why, ST_INVALID, "spool/mailbox is damaged: remove it, and what is "
                               "unread in the mailbox is taken anew");
    } else if (status != ST_NOT_FOUND) {
        return status;
    }
    if (!slice_equal(found.account, account))
        found = (struct mailbox_place){.account = arena_copy(arena, account)};
    *place = found;
    return ST_OK;
}

enum status place_save(const char *path, const struct mailbox_place *place, struct problem *why)
{
    AUTO_BUFFER bytes = buffer_create(PLACE_BYTES_MAX);
    record_encode(&place_record, place, &bytes);
    TRY(buffer_check(&bytes, "spool/mailbox", why));
    return file_write_durably(path, buffer_slice(&bytes), 0600, why);
}

bool place_meet(struct mailbox_place *place, uint32_t uidvalidity, uint32_t uidnext)
{
    if (place->uidvalidity == uidvalidity)
        return false;
    bool first = place->uidvalidity == 0 || place->looked.us == 0;
    *place = (struct mailbox_place){
        .account = place->account,
        .uidvalidity = uidvalidity,
        .known = uidnext,
        .renumbered = !first,
        .looked = place->looked,
    };
    if (!first)
        place->since.us = place->looked.us - 2 * DAY_US;
    return true;
}
