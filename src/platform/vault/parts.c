#include "platform/vault/internal.h"

struct secret *vault_part_key(const struct secret *meeting, struct slice part)
{
    struct secret *key = secret_derive(meeting, "rendez supervision", part);
    secret_set_version(key, secret_version(meeting));
    return key;
}

struct seal_place vault_part_place(struct slice organisation, struct slice meeting, struct slice part)
{
    return (struct seal_place){
        .organisation = organisation, .table = LIT("case"), .column = part, .row = meeting};
}
