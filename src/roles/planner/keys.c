/* Keys: what keyd gives, and which version of it a row needs. What was sealed before a rotation names
 * an older version than what is sealed now. */
#include "roles/planner/internal.h"

enum { ANSWER_BYTES_MAX = 64 * 1024 };

enum status ask_key(struct planner *planner, const struct key_ask *ask, struct arena *arena,
                    struct wrapped_key *wrapped, struct secret **key, struct problem *why)
{
    AUTO_ARENA scratch = arena_create_wiped(ANSWER_BYTES_MAX);
    AUTO_SECRET made = NULL;
    struct key_given given;
    TRY(planner->ports.key(planner->ports.self, ask, scratch, &given, &made, why));
    if (made != NULL)
        secret_set_version(made, given.version == 0 ? 1 : given.version);
    if (wrapped != NULL)
        *wrapped = (struct wrapped_key){{arena_copy(arena, given.wrapped)},
                                        ask->version == 0 ? 1 : ask->version};
    if (key != NULL) {
        *key = made;
        made = NULL;
    }
    return ST_OK;
}

static struct organisation *find_known(const struct planner *planner, struct slice id, uint32_t version)
{
    for (size_t i = 0; i < planner->organisations.count; i++)
        if (planner->organisations.items[i].key.version == version &&
            slice_equal(planner->organisations.items[i].id, id))
            return &planner->organisations.items[i];
    return NULL;
}

/* A key that another process has rotated or destroyed is not used any longer, so the store is asked
 * in each unit of work; the directory's key is kept as long as it is the one of that version. */
static enum status ask_store(struct unit *unit, struct slice id, uint32_t version, struct organisation **out)
{
    struct planner *planner = unit->planner;
    struct stored_key row;
    TRY(store_load_key(planner->store, KEY_OF_ORGANISATION, id, version, unit->arena, &row, unit->why));
    struct organisation *known = find_known(planner, id, row.key.version);
    if (known != NULL && slice_equal(known->key.sealed.bytes, row.key.sealed.bytes)) {
        *out = known;
        return ST_OK;
    }
    struct organisation fresh = {.id = arena_copy(planner->arena, id), .key = row.key};
    struct key_ask ask = {.purpose = KEY_FOR_DIRECTORY,
                          .organisation = id,
                          .organisation_key = row.key.sealed.bytes,
                          .organisation_version = row.key.version};
    TRY(ask_key(planner, &ask, NULL, NULL, &fresh.directory_key, unit->why));
    fresh.key.sealed.bytes = arena_copy(planner->arena, row.key.sealed.bytes);
    if (known != NULL) {
        secret_destroy(&known->directory_key);
        *known = fresh;
        *out = known;
        return ST_OK;
    }
    ARENA_PUSH(planner->arena, &planner->organisations, fresh);
    *out = &planner->organisations.items[planner->organisations.count - 1];
    return ST_OK;
}

/* All that is opened in a unit is mostly one organisation's, of one version. The newest (0) may come to be another one
 * while a unit rotates it. */
static enum status get_version(struct unit *unit, struct slice id, uint32_t version, struct organisation **out)
{
    bool asked = version != 0 && version == unit->asked_version && slice_equal(id, unit->asked);
    struct organisation *known = asked ? find_known(unit->planner, id, version) : NULL;
    if (known != NULL) {
        *out = known;
        return ST_OK;
    }
    TRY(ask_store(unit, id, version, out));
    unit->asked = (*out)->id; /* the unit's arena may be another one by then */
    unit->asked_version = version;
    return ST_OK;
}

enum status planner_get_organisation(struct unit *unit, struct slice id, struct organisation **out)
{
    return get_version(unit, id, 0, out);
}

static enum status read_version(struct unit *unit, struct sealed sealed, uint32_t *version)
{
    return sealed_key_version(sealed, version) == ST_OK
               ? ST_OK
               : problem_set(unit->why, ST_DENIED, "this is no sealed value");
}

enum status get_organisation_of(struct unit *unit, struct slice id, struct sealed sealed,
                                struct organisation **out)
{
    uint32_t version;
    TRY(read_version(unit, sealed, &version));
    return get_version(unit, id, version, out);
}

enum status get_opening_key(struct unit *unit, const struct meeting_hand *hand, struct sealed sealed,
                            const struct secret **out)
{
    struct planner *planner = unit->planner;
    uint32_t version;
    *out = hand != NULL ? hand->key : planner->service_key;
    if (hand != NULL)
        return ST_OK;
    TRY(read_version(unit, sealed, &version));
    if (version == secret_version(planner->service_key))
        return ST_OK;
    if (planner->older_service_key == NULL || secret_version(planner->older_service_key) != version) {
        struct key_ask ask = {.purpose = KEY_FOR_SERVICE, .version = version};
        secret_destroy(&planner->older_service_key);
        TRY(ask_key(planner, &ask, NULL, NULL, &planner->older_service_key, unit->why));
    }
    *out = planner->older_service_key;
    return ST_OK;
}

void forget_keys(struct planner *planner)
{
    for (size_t i = 0; i < planner->organisations.count; i++)
        secret_destroy(&planner->organisations.items[i].directory_key);
    planner->organisations.count = 0;
    secret_destroy(&planner->older_service_key);
}
