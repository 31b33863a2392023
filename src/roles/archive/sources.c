/* What belongs in a set, and what never. Never: the passphrase; root.key, root.token and any *.keys (there is
 * one copy of them, elsewhere); the private key of http.certificate, which can be made anew; backups. */
#include <stddef.h>

#include "roles/archive/internal.h"

#define SETTING(member) offsetof(struct config, member)

const struct source sources[] = {
    {"rendez.conf", THING_FILE, SETTING(folder), "/rendez.conf", "rendez.conf"},
    {"store", THING_DATABASE, SETTING(folders.store), "", "store/rendez.db"},
    {"identity", THING_DATABASE, SETTING(folders.identity), "/identity.db", "identity/identity.db"},
    {"trust", THING_DATABASE, SETTING(folders.trust), "/trust.db", "trust/trust.db"},
    /* How far logd has come, before the log itself: what is in both is seen to be. */
    {"logd", THING_DATABASE, SETTING(folders.log), "/logd.db", "log/logd.db"},
    {"log", THING_FOLDER, SETTING(folders.log), "", "log"},
    {"spool", THING_FOLDER, SETTING(folders.spool), "", "spool"},
    {"outgoing", THING_FOLDER, SETTING(folders.outgoing), "", "outgoing"},
    {"calendars", THING_FOLDER, SETTING(folders.calendars), "", "calendars"},
    {"pki", THING_FOLDER, SETTING(folders.pki), "", "pki"},
};
const size_t source_count = sizeof sources / sizeof *sources;

const struct key_source key_sources[] = {
    {KEYS_TABLE, "store/rendez.keys"},
    {KEYS_TABLE, "identity/identity.keys"},
    {KEYS_DATABASE, "archive/sets.keys"},
    {KEYS_FILE, "root.key"},
    {KEYS_FILE, "root.token"},
    {KEYS_FILE, "rendez.conf"}, /* it says how root.key is opened */
    {KEYS_FOLDER, "spool"},
};
const size_t key_source_count = sizeof key_sources / sizeof *key_sources;

static struct slice setting_of(const struct config *config, size_t offset)
{
    return *(const struct slice *)(const void *)((const char *)config + offset);
}

const char *source_path(const struct config *config, const struct source *source, struct arena *arena)
{
    return arena_format(arena, "%.*s%s", SLICE_ARG(setting_of(config, source->setting)), source->beside).data;
}

static const char *store_keys(const struct config *config, struct arena *arena)
{
    struct slice path = config->folders.store; /* "rendez.db" has its keys in "rendez.keys" */
    if (slice_ends(path, LIT(".db")))
        path = slice_sub(path, 0, path.len - 3);
    return arena_format(arena, "%.*s.keys", SLICE_ARG(path)).data;
}

const char *key_source_path(const struct config *config, const struct key_source *source, struct arena *arena)
{
    const struct {
        const char *usual;
        struct slice folder;
        const char *beside;
    } places[] = {
        {"identity/identity.keys", config->folders.identity, "/identity.keys"},
        {"archive/sets.keys", config->folders.archive, "/sets.keys"},
        {"root.key", config->keys.root, ""},
        {"root.token", config->keys.token_file, ""},
        {"rendez.conf", config->folder, "/rendez.conf"},
        {"spool", config->folders.spool, ""},
    };
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        if (strcmp(source->usual, places[i].usual) == 0)
            return arena_format(arena, "%.*s%s", SLICE_ARG(places[i].folder), places[i].beside).data;
    return store_keys(config, arena);
}

bool source_takes(struct slice name)
{
    static const char *const endings[] = {".keys", ".keys-journal", ".db", "-wal", "-shm", "-journal",
                                          ".new", ".half", ".part"};
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        if (slice_ends(name, slice_from(endings[i])))
            return false;
    return name.len > 0 && name.data[0] != '.' && !slice_contains(name, LIT(".before-"));
}
