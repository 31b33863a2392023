#ifndef RENDEZ_ROLES_PLANNER_SANDBOX_H
#define RENDEZ_ROLES_PLANNER_SANDBOX_H

#include "formats/json/json.h"
#include "roles/planner/internal.h"

/* One mail in the sandbox, in the mailbox of whoever wrote it and of everybody in to and
 * cc. `order` is set for mails of the assistant. */
struct sandbox_entry {
    struct slice id;
    struct instant at;
    struct mailbox from;
    struct mailbox_list to, cc;
    struct slice subject, text, message_id, in_reply_to;
    struct slice_list references;
    struct mail_order *order;
    struct slice_list links;
    struct slice meeting;
};
struct sandbox_entry_list {
    struct sandbox_entry *items;
    size_t count, capacity;
};

/* The newest 500, oldest first. */
MUST_USE enum status sandbox_load(struct unit *unit, struct sandbox_entry_list *out);
bool sandbox_reaches_assistant(const struct planner *planner, const struct sandbox_entry *entry);
MUST_USE enum status sandbox_people(struct unit *unit, struct person_list *out);

/* view.c: the whole page as JSON (web/api/openapi.yaml, View). New reference. */
MUST_USE enum status sandbox_view(struct unit *unit, json_t **out);

#endif
