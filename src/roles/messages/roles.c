#include "roles/messages/roles.h"

#include <assert.h>
#include <string.h>

#include "platform/sandbox/sandbox.h"
#include "roles/config/config.h"

const struct role_row role_rows[ROLE_ID_COUNT_] = {
    [ROLE_KEYD]    = { "keyd",    MAY_KEYS },
    [ROLE_READER]  = { "reader",  MAY_NOTHING },
    [ROLE_CALSYNC] = { "calsync", MAY_CONNECT | MAY_FILES },
    [ROLE_MAILOUT] = { "mailout", MAY_CONNECT },
    [ROLE_PLANNER] = { "planner", MAY_STORE },
    [ROLE_MAILIN]  = { "mailin",  MAY_ACCEPT | MAY_CONNECT | MAY_FILES }, /* LMTP or IMAP: the other is given up at the start */
    [ROLE_API]     = { "api",     MAY_ACCEPT | MAY_READ }, /* reads: the log, and http.challenges */
    [ROLE_AUTHD]   = { "authd",   MAY_STORE | MAY_THREADS | MAY_ACCEPT }, /* threads: argon2 beside the loop */
    [ROLE_SSO]     = { "sso",     MAY_CONNECT },
    [ROLE_LOGD]    = { "logd",    MAY_FILES | MAY_STORE | MAY_CONNECT | MAY_ACCEPT }, /* connects: to witnesses, and a webhook; accepts: at its desk */
    [ROLE_TRUST]   = { "trust",   MAY_STORE | MAY_ACCEPT }, /* accepts: at its desk */
    [ROLE_PROBER]  = { "prober",  MAY_CONNECT }, /* tries what nobody may, and so keeps nothing */
    [ROLE_ARCHIVE] = { "archive", MAY_STORE | MAY_ACCEPT }, /* accepts: at its desk */
    [ROLE_CONSOLE] = { "console", MAY_ACCEPT },
};

/* Every role tells logd of its faults and counts. */
#define TELLS(role) { role, ROLE_LOGD, MESSAGE_EVENT }, { role, ROLE_LOGD, MESSAGE_METRICS }

/* Who may say what to whom. Anything else closes the channel it came by. */
static const struct channel {
    enum role_id from, to;
    enum message message;
} channels[] = {
    { ROLE_MAILIN,  ROLE_KEYD,    MESSAGE_SPOOL_KEY_NEW },
    { ROLE_MAILIN,  ROLE_KEYD,    MESSAGE_SPOOL_KEY_OPEN },
    { ROLE_KEYD,    ROLE_MAILIN,  MESSAGE_SPOOL_KEY },
    { ROLE_MAILIN,  ROLE_READER,  MESSAGE_RAW_MAIL },
    { ROLE_READER,  ROLE_PLANNER, MESSAGE_PARSED_MAIL },
    { ROLE_READER,  ROLE_PLANNER, MESSAGE_UNREADABLE_MAIL },
    { ROLE_MAILIN,  ROLE_PLANNER, MESSAGE_UNREADABLE_MAIL },
    { ROLE_PLANNER, ROLE_MAILIN,  MESSAGE_MAIL_DONE },
    { ROLE_PLANNER, ROLE_READER,  MESSAGE_UNDERSTAND },
    { ROLE_READER,  ROLE_PLANNER, MESSAGE_UNDERSTOOD },
    { ROLE_PLANNER, ROLE_KEYD,    MESSAGE_KEY_ASK },
    { ROLE_KEYD,    ROLE_PLANNER, MESSAGE_KEY },
    { ROLE_PLANNER, ROLE_MAILOUT, MESSAGE_SEND },
    { ROLE_MAILOUT, ROLE_PLANNER, MESSAGE_SENT },
    { ROLE_PLANNER, ROLE_CALSYNC, MESSAGE_CALENDAR_READ },
    { ROLE_CALSYNC, ROLE_PLANNER, MESSAGE_CALENDAR_EVENTS },
    { ROLE_PLANNER, ROLE_CALSYNC, MESSAGE_CALENDAR_WRITE },
    { ROLE_CALSYNC, ROLE_PLANNER, MESSAGE_CALENDAR_WRITTEN },
    { ROLE_API,     ROLE_PLANNER, MESSAGE_COMMAND },
    { ROLE_PLANNER, ROLE_API,     MESSAGE_ANSWER },
    { ROLE_CONSOLE, ROLE_PLANNER, MESSAGE_COMMAND }, /* case.*, with authd's assertion */
    { ROLE_PLANNER, ROLE_CONSOLE, MESSAGE_ANSWER },
    { ROLE_PLANNER, ROLE_MAILIN,  MESSAGE_SUBMIT }, /* sandbox only: mailin refuses it else */
    { ROLE_MAILIN,  ROLE_PLANNER, MESSAGE_SUBMITTED },
    { ROLE_API,     ROLE_AUTHD,   MESSAGE_COMMAND },
    { ROLE_AUTHD,   ROLE_API,     MESSAGE_ANSWER },
    { ROLE_CONSOLE, ROLE_AUTHD,   MESSAGE_COMMAND }, /* a few: console_commands of authd */
    { ROLE_AUTHD,   ROLE_CONSOLE, MESSAGE_ANSWER },
    { ROLE_AUTHD,   ROLE_API,     MESSAGE_PERSON_ENDED },
    { ROLE_API,     ROLE_AUTHD,   MESSAGE_PERSON_ENDED_DONE },
    { ROLE_AUTHD,   ROLE_KEYD,    MESSAGE_KEY_ASK },
    { ROLE_KEYD,    ROLE_AUTHD,   MESSAGE_KEY },
    { ROLE_AUTHD,   ROLE_KEYD,    MESSAGE_CODE_ASK },
    { ROLE_KEYD,    ROLE_AUTHD,   MESSAGE_CODE },
    { ROLE_AUTHD,   ROLE_KEYD,    MESSAGE_PERSON_ENDED },
    { ROLE_KEYD,    ROLE_AUTHD,   MESSAGE_PERSON_ENDED_DONE },
    { ROLE_AUTHD,   ROLE_PLANNER, MESSAGE_PERSON },
    { ROLE_PLANNER, ROLE_AUTHD,   MESSAGE_PERSON_SAVED },
    { ROLE_AUTHD,   ROLE_PLANNER, MESSAGE_NOTICE },
    { ROLE_PLANNER, ROLE_AUTHD,   MESSAGE_NOTICE_KEPT },
    { ROLE_AUTHD,   ROLE_PLANNER, MESSAGE_PERSON_ENDED },
    { ROLE_PLANNER, ROLE_AUTHD,   MESSAGE_PERSON_ENDED_DONE },
    { ROLE_AUTHD,   ROLE_SSO,     MESSAGE_SSO_ASK },
    { ROLE_SSO,     ROLE_AUTHD,   MESSAGE_SSO_ANSWER },
    { ROLE_PLANNER, ROLE_KEYD,    MESSAGE_MEETING_STATE },

    { ROLE_LOGD,    ROLE_KEYD,    MESSAGE_KEY_ASK },
    { ROLE_KEYD,    ROLE_LOGD,    MESSAGE_KEY },
    { ROLE_PLANNER, ROLE_LOGD,    MESSAGE_LOG_APPEND },
    { ROLE_LOGD,    ROLE_PLANNER, MESSAGE_LOG_KEPT },
    { ROLE_AUTHD,   ROLE_LOGD,    MESSAGE_LOG_APPEND },
    { ROLE_LOGD,    ROLE_AUTHD,   MESSAGE_LOG_KEPT },
    { ROLE_AUTHD,   ROLE_LOGD,    MESSAGE_PERSON_ENDED },
    { ROLE_LOGD,    ROLE_AUTHD,   MESSAGE_PERSON_ENDED_DONE },
    { ROLE_KEYD,    ROLE_LOGD,    MESSAGE_LOG_APPEND },
    { ROLE_LOGD,    ROLE_KEYD,    MESSAGE_LOG_KEPT },
    TELLS(ROLE_KEYD), TELLS(ROLE_READER), TELLS(ROLE_CALSYNC), TELLS(ROLE_MAILOUT), TELLS(ROLE_PLANNER),
    TELLS(ROLE_MAILIN), TELLS(ROLE_API), TELLS(ROLE_AUTHD), TELLS(ROLE_SSO), TELLS(ROLE_TRUST),
    TELLS(ROLE_PROBER), TELLS(ROLE_ARCHIVE), TELLS(ROLE_CONSOLE),
    { ROLE_API,     ROLE_LOGD,    MESSAGE_COMMAND },
    { ROLE_LOGD,    ROLE_API,     MESSAGE_ANSWER },
    { ROLE_LOGD,    ROLE_MAILOUT, MESSAGE_SEND }, /* alerts; also while the planner is down */
    { ROLE_MAILOUT, ROLE_LOGD,    MESSAGE_SENT },

    { ROLE_ARCHIVE, ROLE_KEYD,    MESSAGE_KEY_ASK },
    { ROLE_KEYD,    ROLE_ARCHIVE, MESSAGE_KEY },
    { ROLE_ARCHIVE, ROLE_LOGD,    MESSAGE_LOG_APPEND },
    { ROLE_LOGD,    ROLE_ARCHIVE, MESSAGE_LOG_KEPT },
    { ROLE_CONSOLE, ROLE_KEYD,    MESSAGE_LEASE_ASK },
    { ROLE_CONSOLE, ROLE_KEYD,    MESSAGE_LEASE_END }, /* given back */
    { ROLE_KEYD,    ROLE_CONSOLE, MESSAGE_LEASE },
    { ROLE_KEYD,    ROLE_CONSOLE, MESSAGE_LEASE_END },
    { ROLE_CONSOLE, ROLE_LOGD,    MESSAGE_LOG_APPEND }, /* what was shown to whom */
    { ROLE_LOGD,    ROLE_CONSOLE, MESSAGE_LOG_KEPT },
    { ROLE_TRUST,   ROLE_LOGD,    MESSAGE_LOG_APPEND },
    { ROLE_LOGD,    ROLE_TRUST,   MESSAGE_LOG_KEPT },
    { ROLE_TRUST,   ROLE_LOGD,    MESSAGE_COMMAND }, /* how the log stands, and proofs */
    { ROLE_LOGD,    ROLE_TRUST,   MESSAGE_ANSWER },
    { ROLE_TRUST,   ROLE_MAILOUT, MESSAGE_SEND }, /* receipts, and notices to subscribers */
    { ROLE_MAILOUT, ROLE_TRUST,   MESSAGE_SENT },
    { ROLE_API,     ROLE_TRUST,   MESSAGE_COMMAND },
    { ROLE_TRUST,   ROLE_API,     MESSAGE_ANSWER },
    { ROLE_TRUST,   ROLE_KEYD,    MESSAGE_KEY_ASK },
    { ROLE_KEYD,    ROLE_TRUST,   MESSAGE_KEY },
    { ROLE_TRUST,   ROLE_PROBER,  MESSAGE_CHECK },
    { ROLE_PROBER,  ROLE_TRUST,   MESSAGE_CHECKED },
    /* What is tried from inside, of every role; it answers with results, never with content. */
    { ROLE_PROBER,  ROLE_KEYD,    MESSAGE_PROBE },
    { ROLE_KEYD,    ROLE_PROBER,  MESSAGE_PROBED },
    { ROLE_PROBER,  ROLE_READER,  MESSAGE_PROBE },
    { ROLE_READER,  ROLE_PROBER,  MESSAGE_PROBED },
    { ROLE_PROBER,  ROLE_CALSYNC, MESSAGE_PROBE },
    { ROLE_CALSYNC, ROLE_PROBER,  MESSAGE_PROBED },
    { ROLE_PROBER,  ROLE_MAILOUT, MESSAGE_PROBE },
    { ROLE_MAILOUT, ROLE_PROBER,  MESSAGE_PROBED },
    { ROLE_PROBER,  ROLE_PLANNER, MESSAGE_PROBE },
    { ROLE_PLANNER, ROLE_PROBER,  MESSAGE_PROBED },
    { ROLE_PROBER,  ROLE_MAILIN,  MESSAGE_PROBE },
    { ROLE_MAILIN,  ROLE_PROBER,  MESSAGE_PROBED },
    { ROLE_PROBER,  ROLE_API,     MESSAGE_PROBE },
    { ROLE_API,     ROLE_PROBER,  MESSAGE_PROBED },
    { ROLE_PROBER,  ROLE_AUTHD,   MESSAGE_PROBE },
    { ROLE_AUTHD,   ROLE_PROBER,  MESSAGE_PROBED },
    { ROLE_PROBER,  ROLE_SSO,     MESSAGE_PROBE },
    { ROLE_SSO,     ROLE_PROBER,  MESSAGE_PROBED },
    { ROLE_PROBER,  ROLE_LOGD,    MESSAGE_PROBE },
    { ROLE_LOGD,    ROLE_PROBER,  MESSAGE_PROBED },
    { ROLE_PROBER,  ROLE_TRUST,   MESSAGE_PROBE },
    { ROLE_TRUST,   ROLE_PROBER,  MESSAGE_PROBED },
    { ROLE_PROBER,  ROLE_ARCHIVE, MESSAGE_PROBE },
    { ROLE_ARCHIVE, ROLE_PROBER,  MESSAGE_PROBED },
    { ROLE_PROBER,  ROLE_CONSOLE, MESSAGE_PROBE },
    { ROLE_CONSOLE, ROLE_PROBER,  MESSAGE_PROBED },
};

enum role_id role_from_name(const char *name)
{
    for (int id = 0; id < ROLE_ID_COUNT_; id++)
        if (strcmp(role_rows[id].name, name) == 0)
            return (enum role_id)id;
    return ROLE_ID_COUNT_;
}

enum { KINDS_MAX = 4 }; /* between two roles in one direction */

struct ipc_kinds role_may_say(enum role_id from, enum role_id to)
{
    static const struct ipc_kind *lists[ROLE_ID_COUNT_][ROLE_ID_COUNT_][KINDS_MAX];
    struct ipc_kinds kinds = {lists[from][to], 0};
    for (size_t i = 0; i < sizeof channels / sizeof *channels; i++) {
        if (channels[i].from != from || channels[i].to != to)
            continue;
        assert(kinds.count < KINDS_MAX);
        lists[from][to][kinds.count++] = message_kind((uint16_t)channels[i].message);
    }
    return kinds;
}

bool role_is_wanted(const struct config *config, enum role_id id)
{
    return id != ROLE_CONSOLE || config->console.listen.len > 0;
}

bool role_has_desk(enum role_id id)
{
    return id == ROLE_TRUST || id == ROLE_LOGD || id == ROLE_ARCHIVE;
}

bool role_talks(enum role_id a, enum role_id b)
{
    return role_may_say(a, b).count > 0 || role_may_say(b, a).count > 0;
}
