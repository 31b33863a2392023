#include "roles/keyd/rules.h"

/* Who may have which key. What is not here is refused. A right stands where a person does: the
 * role shows authd's assertion of one, who must have the right for that meeting now. Without, it
 * is the role's own task, whoever wrote the mail or pressed the button.
 *
 * The planner's meetings have no person: mail, timers and calendars move them, and it alone writes
 * them. So it may open every meeting that still has a key; how many it opens is counted (rates.h). */
static const struct key_rule rules[] = {
    { ROLE_PLANNER, KEY_FOR_LOOKUPS,          RIGHT_NONE },
    { ROLE_PLANNER, KEY_FOR_SERVICE,          RIGHT_NONE },
    { ROLE_PLANNER, KEY_NEW_ORGANISATION,     RIGHT_NONE },
    { ROLE_PLANNER, KEY_FOR_DIRECTORY,        RIGHT_NONE },
    { ROLE_PLANNER, KEY_NEW_MEETING,          RIGHT_NONE },
    { ROLE_PLANNER, KEY_OPEN_MEETING,         RIGHT_NONE },
    { ROLE_PLANNER, KEY_REWRAP_ORGANISATION,  RIGHT_NONE },
    { ROLE_PLANNER, KEY_REWRAP_MEETING,       RIGHT_NONE },
    { ROLE_PLANNER, KEY_FOR_CALLERS,          RIGHT_NONE },

    { ROLE_AUTHD,   KEY_NEW_ORGANISATION,     RIGHT_NONE },
    { ROLE_AUTHD,   KEY_REWRAP_ORGANISATION,  RIGHT_NONE },
    { ROLE_AUTHD,   KEY_FOR_IDENTITY,         RIGHT_NONE },
    { ROLE_AUTHD,   KEY_FOR_IDENTITY_LOOKUPS, RIGHT_NONE },
    { ROLE_AUTHD,   KEY_FOR_ASSERTIONS,       RIGHT_NONE },
    { ROLE_AUTHD,   KEY_FOR_CALLERS,          RIGHT_NONE },
    { ROLE_AUTHD,   KEY_FOR_WATCHERS,         RIGHT_NONE },

    { ROLE_LOGD,    KEY_FOR_LOG,              RIGHT_NONE },
    { ROLE_LOGD,    KEY_FOR_WATCHERS,         RIGHT_NONE },
    { ROLE_TRUST,   KEY_FOR_TRUST,            RIGHT_NONE },
    /* It restores each set every night and sees that all of it opens: so it reads what the planner
     * reads, for an hour after it has opened a set, which the log says. It makes and changes no key but
     * those of sets, and tells nobody (it has no channel but to keyd and logd, and no network). */
    { ROLE_ARCHIVE, KEY_NEW_SET,              RIGHT_NONE },
    { ROLE_ARCHIVE, KEY_OPEN_SET,             RIGHT_NONE },
    { ROLE_ARCHIVE, KEY_REWRAP_SET,           RIGHT_NONE },
    { ROLE_ARCHIVE, KEY_FOR_LOOKUPS,          RIGHT_NONE, .after_a_set = true },
    { ROLE_ARCHIVE, KEY_FOR_SERVICE,          RIGHT_NONE, .after_a_set = true },
    { ROLE_ARCHIVE, KEY_FOR_DIRECTORY,        RIGHT_NONE, .after_a_set = true },
    { ROLE_ARCHIVE, KEY_OPEN_MEETING,         RIGHT_NONE, .after_a_set = true },
    /* Accounts and evidence it does not read: keyd says whether they open. */
    { ROLE_ARCHIVE, KEY_TRY_IDENTITY,         RIGHT_NONE, .after_a_set = true },
    { ROLE_ARCHIVE, KEY_TRY_CODE,             RIGHT_NONE, .after_a_set = true },
    { ROLE_ARCHIVE, KEY_TRY_TRUST,            RIGHT_NONE, .after_a_set = true },

    /* One part of one request each (case_parts); the meeting's own key is lent to nobody. */
    { ROLE_CONSOLE, KEY_FOR_SUPERVISION,        RIGHT_REQUESTS_READ },
    { ROLE_CONSOLE, KEY_FOR_SUPERVISION_PEOPLE, RIGHT_REQUESTS_READ },
    { ROLE_CONSOLE, KEY_FOR_SUPERVISION_WORDS,  RIGHT_REQUESTS_READ },
    { ROLE_CONSOLE, KEY_FOR_SUPERVISION_DRAFT,  RIGHT_REQUESTS_READ },
};

const struct key_rule *key_rule_find(enum role_id role, enum key_purpose purpose)
{
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (rules[i].role == role && rules[i].purpose == purpose)
            return &rules[i];
    return NULL;
}
