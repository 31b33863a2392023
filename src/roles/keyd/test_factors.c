#include "check.h"
#include "roles/keyd/factors.h"

enum { SECOND_US = 1000000, NOW_S = 1800000000 };

static struct keyd *keyd;
static struct arena *arena;
static struct wrapped_key acme, bolt;

static struct factor_place place_in(const char *organisation, const char *factor)
{
    bool first = organisation[0] == 'a';
    return (struct factor_place){
        .organisation = slice_from(organisation),
        .organisation_key = organisation[0] == '\0' ? (struct wrapped_key){{SLICE_NONE}, 0} : first ? acme : bolt,
        .factor = slice_from(factor),
    };
}

/* What an authenticator with that secret shows at a step: the secret is read as it was shown. */
static struct code_text code_at(struct slice shown, int64_t step)
{
    unsigned char bytes[CODE_SECRET_BYTES] = {0};
    struct code_text code = {{0}};
    for (size_t i = 0, bits = 0; i < shown.len; i++, bits += 5) {
        unsigned value = ascii_is_digit(shown.data[i]) ? (unsigned)(shown.data[i] - '2' + 26)
                                                       : (unsigned)(shown.data[i] - 'A');
        for (size_t b = 0; b < 5 && (bits + b) / 8 < sizeof bytes; b++)
            bytes[(bits + b) / 8] |= (unsigned char)((value >> (4 - b) & 1) << (7 - (bits + b) % 8));
    }
    AUTO_SECRET secret = secret_create(bytes, sizeof bytes);
    CHECK_OK(code_of_step(secret, FACTOR_CODE_KIND, step, &code, NULL));
    return code;
}

static enum status check_at(const struct factor_place *place, struct sealed sealed, const char *code,
                            int64_t second, int64_t last, int64_t *step)
{
    return factor_check(keyd, place, sealed, slice_from(code), (struct instant){second * SECOND_US}, last,
                        step, NULL);
}

static void a_code_of_the_secret_that_was_shown_is_taken_once(void)
{
    static const char *const organisations[] = {"acme", ""};
    for (size_t i = 0; i < 2; i++) {
        struct factor_place place = place_in(organisations[i], "f_1");
        struct sealed sealed;
        struct slice shown;
        int64_t step = 0, now = NOW_S / CODE_PERIOD_S;
        CHECK_OK(factor_make(keyd, &place, arena, &sealed, &shown, NULL));
        struct code_text code = code_at(shown, now), next = code_at(shown, now + 1);
        check_row(organisations[i]);
        CHECK_OK(check_at(&place, sealed, code.digits, NOW_S, 0, &step));
        CHECK_NUMBER(step, now);
        CHECK_NUMBER(check_at(&place, sealed, code.digits, NOW_S, step, &step), ST_DENIED);
        CHECK_OK(check_at(&place, sealed, next.digits, NOW_S, step, &step));
        CHECK_NUMBER(step, now + 1);
        CHECK_NUMBER(check_at(&place, sealed, code.digits, NOW_S, step, &step), ST_DENIED);
        CHECK_NUMBER(check_at(&place, sealed, next.digits, NOW_S + 3600, 0, &step), ST_DENIED);
    }
}

/* Whoever swaps rows of the accounts' database gets no code checked. */
static void a_secret_is_of_one_factor(void)
{
    static const struct {
        const char *organisation, *factor;
    } others[] = {{"acme", "f_2"}, {"bolt", "f_1"}, {"", "f_1"}, {"acme", ""}};
    struct factor_place place = place_in("acme", "f_1");
    struct sealed sealed;
    struct slice shown;
    int64_t step;
    CHECK_OK(factor_make(keyd, &place, arena, &sealed, &shown, NULL));
    struct code_text code = code_at(shown, NOW_S / CODE_PERIOD_S);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        struct factor_place other = place_in(others[i].organisation, others[i].factor);
        check_row(others[i].factor);
        CHECK_NUMBER(check_at(&other, sealed, code.digits, NOW_S, 0, &step), ST_DENIED);
    }
    char *changed = arena_text(arena, sealed.bytes);
    for (size_t i = 0; i < sealed.bytes.len; i++) {
        changed[i] ^= 1;
        struct sealed bad = {{changed, sealed.bytes.len}};
        CHECK_NUMBER(check_at(&place, bad, code.digits, NOW_S, 0, &step), ST_DENIED);
        changed[i] ^= 1;
    }
    CHECK_NUMBER(check_at(&place, (struct sealed){SLICE_NONE}, code.digits, NOW_S, 0, &step), ST_DENIED);
    CHECK_OK(check_at(&place, sealed, code.digits, NOW_S, 0, &step));
}

static void each_secret_is_another(void)
{
    struct factor_place place = place_in("acme", "f_1");
    struct sealed sealed;
    struct slice one, two;
    CHECK_OK(factor_make(keyd, &place, arena, &sealed, &one, NULL));
    CHECK_OK(factor_make(keyd, &place, arena, &sealed, &two, NULL));
    CHECK_NUMBER(one.len, 32);
    CHECK(!slice_equal(one, two) && !slice_contains(sealed.bytes, two));
    place.factor = SLICE_NONE;
    CHECK_NUMBER(factor_make(keyd, &place, arena, &sealed, &one, NULL), ST_DENIED);
}

/* While a key is rotated: the same secret under the next version, and under no other organisation's. */
static void a_secret_goes_over_to_the_next_version(void)
{
    struct factor_place place = place_in("acme", "f_1"), stranger = place_in("bolt", "f_1");
    struct wrapped_key next;
    struct sealed sealed, after = {SLICE_NONE};
    struct slice shown;
    struct code_given given;
    int64_t step;
    uint32_t version;
    CHECK_OK(keyd_new_organisation_key(keyd, LIT("acme"), 2, arena, &next, NULL));
    CHECK_OK(factor_make(keyd, &place, arena, &sealed, &shown, NULL));
    struct code_ask ask = {.act = CODE_REWRAP, .organisation = LIT("acme"), .organisation_key = acme.sealed.bytes,
                           .organisation_version = 1, .factor = LIT("f_1"), .sealed = sealed.bytes,
                           .next_key = next.sealed.bytes, .next_version = 2};
    factor_answer(keyd, &ask, arena, &given);
    CHECK_OK(given.status);
    CHECK_NUMBER(given.secret.len, 0); /* it is shown to nobody again */
    after.bytes = given.sealed;
    CHECK_OK(sealed_key_version(after, &version));
    CHECK_NUMBER(version, 2);
    struct code_text code = code_at(shown, NOW_S / CODE_PERIOD_S);
    CHECK_NUMBER(check_at(&place, after, code.digits, NOW_S, 0, &step), ST_DENIED);
    place.organisation_key = next;
    CHECK_OK(check_at(&place, after, code.digits, NOW_S, 0, &step));
    place.organisation_key = acme;
    CHECK_NUMBER(factor_rewrap(keyd, &place, sealed, bolt, arena, &after, NULL), ST_DENIED);
    CHECK_NUMBER(factor_rewrap(keyd, &stranger, sealed, bolt, arena, &after, NULL), ST_DENIED);
    place.factor = LIT("f_2");
    CHECK_NUMBER(factor_rewrap(keyd, &place, sealed, next, arena, &after, NULL), ST_DENIED);
    ask.organisation = ask.organisation_key = SLICE_NONE;
    factor_answer(keyd, &ask, arena, &given);
    CHECK_NUMBER(given.status, ST_DENIED);
}

int main(void)
{
    arena = arena_create_wiped(1 << 20);
    CHECK_OK(keyd_create_for_replay(&keyd, NULL));
    CHECK_OK(keyd_new_organisation_key(keyd, LIT("acme"), 1, arena, &acme, NULL));
    CHECK_OK(keyd_new_organisation_key(keyd, LIT("bolt"), 1, arena, &bolt, NULL));
    TEST(a_code_of_the_secret_that_was_shown_is_taken_once);
    TEST(a_secret_is_of_one_factor);
    TEST(each_secret_is_another);
    TEST(a_secret_goes_over_to_the_next_version);
    keyd_destroy(&keyd);
    arena_destroy(&arena);
    return check_done();
}
