#include "roles/keyd/factors.h"

enum { SECRET_TEXT_MAX = 128, SCRATCH_BYTES_MAX = 16 * 1024 };

static struct seal_place place_of(const struct factor_place *place)
{
    return keyd_factor_place(place->organisation, place->factor);
}

/* version: of the root key, where there is no organisation. */
static enum status factor_key(struct keyd *keyd, const struct factor_place *place,
                              uint32_t version, struct secret **key, struct problem *why)
{
    if (place->factor.len == 0)
        return problem_set(why, ST_DENIED, "no code without naming its factor");
    return keyd_factor_key(keyd, place->organisation, place->organisation_key, version, key, why);
}

enum status factor_make(struct keyd *keyd, const struct factor_place *place, struct arena *arena,
                        struct sealed *sealed, struct slice *shown, struct problem *why)
{
    AUTO_SECRET key = NULL;
    AUTO_SECRET secret = secret_random(CODE_SECRET_BYTES);
    struct seal_place at = place_of(place);
    struct slice plain = {(const char *)secret_bytes(secret), secret_len(secret)};
    struct buffer text = buffer_create(SECRET_TEXT_MAX);
    TRY(factor_key(keyd, place, 0, &key, why));
    TRY(vault_seal(key, &at, plain, arena, sealed, why));
    code_secret_encode(secret, &text);
    *shown = arena_copy(arena, buffer_slice(&text));
    buffer_wipe(&text);
    return ST_OK;
}

/* `scratch` is wiped. */
static enum status open_secret(struct keyd *keyd, const struct factor_place *place,
                               struct sealed sealed, struct arena *scratch, struct slice *plain,
                               struct problem *why)
{
    AUTO_SECRET key = NULL;
    struct seal_place where = place_of(place);
    uint32_t version;
    if (sealed.bytes.len > VAULT_OVERHEAD + CODE_SECRET_MAX || sealed_key_version(sealed, &version) != ST_OK)
        return problem_set(why, ST_DENIED, "this is no secret of a code");
    TRY(factor_key(keyd, place, version, &key, why));
    return vault_open(key, &where, sealed, scratch, plain, why);
}

enum status factor_check(struct keyd *keyd, const struct factor_place *place, struct sealed sealed,
                         struct slice code, struct instant at, int64_t last, int64_t *step,
                         struct problem *why)
{
    AUTO_ARENA scratch = arena_create_wiped(SCRATCH_BYTES_MAX);
    struct slice plain;
    TRY(open_secret(keyd, place, sealed, scratch, &plain, why));
    AUTO_SECRET secret = secret_create((const unsigned char *)plain.data, plain.len);
    return code_check(secret, FACTOR_CODE_KIND, code, at, last, step, why);
}

enum status factor_rewrap(struct keyd *keyd, const struct factor_place *place, struct sealed sealed,
                          struct wrapped_key next, struct arena *arena, struct sealed *out,
                          struct problem *why)
{
    AUTO_ARENA scratch = arena_create_wiped(SCRATCH_BYTES_MAX);
    AUTO_SECRET key = NULL;
    struct factor_place to = {place->organisation, next, place->factor};
    struct seal_place where = place_of(place);
    struct slice plain;
    if (place->organisation.len == 0)
        return problem_set(why, ST_DENIED, "a secret of no organisation is under the root key");
    TRY(open_secret(keyd, place, sealed, scratch, &plain, why));
    TRY(factor_key(keyd, &to, 0, &key, why));
    return vault_seal(key, &where, plain, arena, out, why);
}

/* A wrong code is an answer too, and no refusal of a key: why it is wrong is told to nobody, and authd
 * logs what it makes of it. */
void factor_answer(struct keyd *keyd, const struct code_ask *ask, struct arena *arena,
                   struct code_given *out)
{
    struct factor_place place = {
        ask->organisation,
        {{ask->organisation_key}, ask->organisation_version == 0 ? 1 : ask->organisation_version},
        ask->factor};
    struct sealed sealed = {ask->sealed};
    struct problem why = {0};
    *out = (struct code_given){.status = ST_DENIED};
    if (ask->act == CODE_MAKE)
        out->status = factor_make(keyd, &place, arena, &sealed, &out->secret, &why);
    else if (ask->act == CODE_CHECK)
        out->status = factor_check(keyd, &place, sealed, ask->code, ask->at, ask->last_step, &out->step, &why);
    else if (ask->act == CODE_REWRAP)
        out->status = factor_rewrap(keyd, &place, sealed, (struct wrapped_key){{ask->next_key}, ask->next_version},
                                    arena, &sealed, &why);
    if (out->status != ST_OK)
        out->problem = arena_copy(arena, slice_from(why.detail));
    else if (ask->act == CODE_MAKE || ask->act == CODE_REWRAP)
        out->sealed = sealed.bytes;
}
