#include "roles/logd/admit.h"

#include "domain/access/access.h"
#include "formats/json/json.h"
#include "roles/logd/ask.h"

static struct slice of_organisation(struct slice json, struct slice organisation, struct arena *arena)
{
    AUTO_JSON asked = NULL;
    if (json_read(json, &asked, NULL) != ST_OK || !json_is_object(asked))
        return json; /* refused by whoever reads it */
    json_object_set_new(asked, "organisation", json_from_text(organisation));
    return json_write(asked, arena);
}

static enum status refuse(struct arena *arena, struct slice *answer)
{
    struct problem why;
    enum status status = problem_set(&why, ST_DENIED, "this is for who has the right for it");
    *answer = log_detail(&why, arena);
    return status;
}

enum status logd_admit(struct role *role, struct caller_port *callers, const struct ipc_message *message,
                       const struct moment *at, struct arena *arena, struct slice *json, struct slice *answer)
{
    const struct command *command = message->object;
    bool log = slice_starts(command->name, LIT("log."));
    bool scrape = role_config(role)->metrics.loopback && slice_equal(command->name, LIT("metrics.text"));
    struct caller_assertion said;
    *json = command->json;
    if (message->channel != role_channel(role, ROLE_API))
        return log ? ST_OK : refuse(arena, answer);
    if (scrape && command->assertion.len == 0)
        return ST_OK;
    if (caller_port_take(callers, command, at, arena, &said) != CALLER_TAKEN) {
        *answer = CALLER_REFUSED;
        return ST_DENIED;
    }
    if (!slice_equal(said.right, slice_from(access_right_name(log ? RIGHT_EVIDENCE_READ : RIGHT_SERVICE_WATCH))))
        return refuse(arena, answer);
    if (log)
        *json = of_organisation(command->json, said.organisation, arena);
    return ST_OK;
}
