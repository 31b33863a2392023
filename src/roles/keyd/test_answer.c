#include "check.h"
#include "roles/keyd/answer.h"

enum { NO_KEY = 1, NO_WRAPPED = 2 };

/* Asked in this order: later rows use what earlier ones were given. */
static void every_purpose_gives_its_key_only(void)
{
    static const struct {
        enum key_purpose purpose;
        const char *organisation, *meeting;
        bool with_organisation_key, with_wrapped;
        enum status status;
        int without;
    } cases[] = {
        {KEY_FOR_NOTHING, "o", "m", false, false, ST_DENIED, NO_KEY | NO_WRAPPED},
        {KEY_FOR_LOOKUPS, "", "", false, false, ST_OK, NO_WRAPPED},
        {KEY_FOR_SERVICE, "", "", false, false, ST_OK, NO_WRAPPED},
        {KEY_NEW_ORGANISATION, "", "", false, false, ST_DENIED, NO_KEY | NO_WRAPPED},
        {KEY_NEW_ORGANISATION, "o", "", false, false, ST_OK, NO_KEY},
        {KEY_FOR_DIRECTORY, "o", "", true, false, ST_OK, NO_WRAPPED},
        {KEY_FOR_DIRECTORY, "p", "", true, false, ST_DENIED, NO_KEY | NO_WRAPPED},
        {KEY_FOR_DIRECTORY, "o", "", false, false, ST_DENIED, NO_KEY | NO_WRAPPED},
        {KEY_NEW_MEETING, "o", "", true, false, ST_DENIED, NO_KEY | NO_WRAPPED},
        {KEY_NEW_MEETING, "o", "m", true, false, ST_OK, 0},
        {KEY_OPEN_MEETING, "o", "m", true, true, ST_OK, NO_WRAPPED},
        {KEY_OPEN_MEETING, "o", "n", true, true, ST_DENIED, NO_KEY | NO_WRAPPED},
        {KEY_OPEN_MEETING, "p", "m", true, true, ST_DENIED, NO_KEY | NO_WRAPPED},
        {KEY_OPEN_MEETING, "o", "m", true, false, ST_DENIED, NO_KEY | NO_WRAPPED},
        {KEY_FOR_IDENTITY, "", "", false, false, ST_OK, NO_WRAPPED},
        {KEY_FOR_IDENTITY, "o", "", true, false, ST_OK, NO_WRAPPED},
        {KEY_FOR_IDENTITY, "p", "", true, false, ST_DENIED, NO_KEY | NO_WRAPPED},
    };
    AUTO_ARENA arena = arena_create(1 << 20);
    AUTO_KEYD keyd = NULL;
    struct slice organisation_key = SLICE_NONE, wrapped = SLICE_NONE;
    CHECK_OK(keyd_create_for_replay(&keyd, NULL));
    size_t before = secret_count();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct key_ask ask = {
            .purpose = cases[i].purpose,
            .organisation = slice_from(cases[i].organisation),
            .meeting = slice_from(cases[i].meeting),
            .organisation_key = cases[i].with_organisation_key ? organisation_key : SLICE_NONE,
            .wrapped = cases[i].with_wrapped ? wrapped : SLICE_NONE,
        };
        struct key_given given;
        struct secret *key;
        keyd_answer_key(keyd, ROLE_ID_COUNT_, &ask, arena, &given, &key);
        check_row(key_purpose_names[cases[i].purpose]);
        CHECK_NUMBER(given.status, cases[i].status);
        CHECK_NUMBER(given.key.len, cases[i].without & NO_KEY ? 0 : VAULT_KEY_BYTES);
        CHECK((given.wrapped.len == 0) == ((cases[i].without & NO_WRAPPED) != 0));
        CHECK((given.problem.len == 0) == (given.status == ST_OK));
        if (cases[i].purpose == KEY_NEW_ORGANISATION && given.status == ST_OK)
            organisation_key = given.wrapped;
        if (cases[i].purpose == KEY_NEW_MEETING && given.status == ST_OK)
            wrapped = given.wrapped;
        secret_destroy(&key);
    }
    CHECK_NUMBER(secret_count(), before);
}

/* What a purpose of trying opens, at the place of `ask`; empty for others. */
static struct sealed sealed_for(struct keyd *keyd, const struct key_ask *ask, struct arena *arena)
{
    struct wrapped_key organisation = {{ask->organisation_key}, 1};
    struct seal_place place = {ask->organisation, ask->table, ask->column, ask->row, 0};
    struct sealed sealed = {0};
    AUTO_SECRET key = NULL;
    if (ask->purpose == KEY_TRY_IDENTITY && ask->organisation.len == 0)
        CHECK_OK(keyd_identity_service_key(keyd, 0, &key, NULL));
    else if (ask->purpose == KEY_TRY_IDENTITY)
        CHECK_OK(keyd_identity_key(keyd, ask->organisation, organisation, &key, NULL));
    else if (ask->purpose == KEY_TRY_CODE)
        CHECK_OK(keyd_factor_key(keyd, ask->organisation, organisation, 0, &key, NULL));
    else if (ask->purpose == KEY_TRY_TRUST)
        CHECK_OK(keyd_trust_key(keyd, &key, NULL));
    else
        return sealed;
    if (ask->purpose == KEY_TRY_CODE)
        place = keyd_factor_place(ask->organisation, ask->row);
    if (ask->purpose == KEY_TRY_TRUST)
        place.organisation = SLICE_NONE;
    CHECK_OK(vault_seal(key, &place, LIT("inside"), arena, &sealed, NULL));
    return sealed;
}

/* What is sealed opens where it belongs and nowhere else; of what is inside, or of the key, nothing comes back. */
static void it_says_only_whether_something_opens(void)
{
    enum what { NOTHING, TABLE, COLUMN, ROW, ORGANISATION, BYTE, LAST_BYTES };
    static const struct {
        enum key_purpose purpose;
        const char *organisation;
        enum what changed;
        enum status status;
    } cases[] = {
        {KEY_TRY_IDENTITY, "o", NOTHING, ST_OK},          {KEY_TRY_IDENTITY, "", NOTHING, ST_OK},
        {KEY_TRY_IDENTITY, "o", TABLE, ST_DENIED},        {KEY_TRY_IDENTITY, "o", COLUMN, ST_DENIED},
        {KEY_TRY_IDENTITY, "o", ROW, ST_DENIED},          {KEY_TRY_IDENTITY, "o", ORGANISATION, ST_DENIED},
        {KEY_TRY_IDENTITY, "o", BYTE, ST_DENIED},         {KEY_TRY_IDENTITY, "", BYTE, ST_DENIED},
        {KEY_TRY_IDENTITY, "o", LAST_BYTES, ST_DENIED},   {KEY_TRY_CODE, "o", NOTHING, ST_OK},
        {KEY_TRY_CODE, "", NOTHING, ST_OK},               {KEY_TRY_CODE, "o", ROW, ST_DENIED},
        {KEY_TRY_CODE, "o", BYTE, ST_DENIED},             {KEY_TRY_TRUST, "", NOTHING, ST_OK},
        {KEY_TRY_TRUST, "", TABLE, ST_DENIED},            {KEY_TRY_TRUST, "", ROW, ST_DENIED},
        {KEY_TRY_TRUST, "", BYTE, ST_DENIED},             {KEY_TRY_TRUST, "", LAST_BYTES, ST_DENIED},
    };
    AUTO_ARENA arena = arena_create(1 << 20);
    AUTO_KEYD keyd = NULL;
    struct wrapped_key organisation;
    CHECK_OK(keyd_create_for_replay(&keyd, NULL));
    CHECK_OK(keyd_new_organisation_key(keyd, LIT("o"), 1, arena, &organisation, NULL));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct key_ask ask = {.purpose = cases[i].purpose, .organisation = slice_from(cases[i].organisation),
                              .organisation_key = organisation.sealed.bytes, .table = LIT("identity.account"),
                              .column = LIT("sealed"), .row = LIT("a_1")};
        struct key_given given;
        AUTO_SECRET key = NULL;
        struct slice sealed = arena_copy(arena, sealed_for(keyd, &ask, arena).bytes);
        ask.wrapped = cases[i].changed == LAST_BYTES ? slice_sub(sealed, 0, 3) : sealed;
        if (cases[i].changed == BYTE)
            ((char *)(uintptr_t)sealed.data)[sealed.len - 1] ^= 1;
        struct slice *const members[] = {[TABLE] = &ask.table, [COLUMN] = &ask.column, [ROW] = &ask.row,
                                         [ORGANISATION] = &ask.organisation};
        if (cases[i].changed >= TABLE && cases[i].changed <= ORGANISATION)
            *members[cases[i].changed] = LIT("other");
        keyd_answer_key(keyd, ROLE_ARCHIVE, &ask, arena, &given, &key);
        check_row(arena_format(arena, "%s %zu", key_purpose_names[cases[i].purpose], i).data);
        CHECK_NUMBER(given.status, cases[i].status);
        CHECK(key == NULL && given.key.len == 0 && given.wrapped.len == 0);
        CHECK(!slice_contains(given.problem, LIT("inside")));
    }
}

static bool may_have(enum role_id role, enum key_purpose purpose)
{
    static const bool authds[KEY_PURPOSE_COUNT_] = {
        [KEY_NEW_ORGANISATION] = true,
        [KEY_REWRAP_ORGANISATION] = true,
        [KEY_FOR_IDENTITY] = true,
        [KEY_FOR_IDENTITY_LOOKUPS] = true,
        [KEY_FOR_ASSERTIONS] = true,
        [KEY_FOR_CALLERS] = true,
        [KEY_FOR_WATCHERS] = true,
    };
    static const bool planners[KEY_PURPOSE_COUNT_] = {
        [KEY_FOR_LOOKUPS] = true,     [KEY_FOR_SERVICE] = true,  [KEY_NEW_ORGANISATION] = true,
        [KEY_FOR_DIRECTORY] = true,   [KEY_NEW_MEETING] = true,  [KEY_OPEN_MEETING] = true,
        [KEY_REWRAP_ORGANISATION] = true, [KEY_REWRAP_MEETING] = true, [KEY_FOR_CALLERS] = true,
    };
    static const bool archives[KEY_PURPOSE_COUNT_] = {
        [KEY_NEW_SET] = true,       [KEY_OPEN_SET] = true,      [KEY_REWRAP_SET] = true,
        [KEY_FOR_LOOKUPS] = true,   [KEY_FOR_SERVICE] = true,   [KEY_FOR_DIRECTORY] = true,
        [KEY_OPEN_MEETING] = true,  [KEY_TRY_IDENTITY] = true,  [KEY_TRY_CODE] = true,
        [KEY_TRY_TRUST] = true,
    };
    return (role == ROLE_AUTHD && authds[purpose]) || (role == ROLE_PLANNER && planners[purpose]) ||
           (role == ROLE_LOGD && (purpose == KEY_FOR_LOG || purpose == KEY_FOR_WATCHERS)) ||
           (role == ROLE_TRUST && purpose == KEY_FOR_TRUST) || (role == ROLE_ARCHIVE && archives[purpose]);
}

/* Who asks for what is not theirs gets nothing, whatever they name. */
static void each_role_gets_what_is_its_own(void)
{
    static const bool of_sets[KEY_PURPOSE_COUNT_] = {[KEY_OPEN_SET] = true, [KEY_REWRAP_SET] = true};
    AUTO_ARENA arena = arena_create(1 << 20);
    AUTO_KEYD keyd = NULL;
    AUTO_SECRET set_key = NULL;
    struct sealed set;
    struct wrapped_key organisation, meeting;
    AUTO_SECRET meeting_key = NULL;
    CHECK_OK(keyd_create_for_replay(&keyd, NULL));
    CHECK_OK(keyd_new_organisation_key(keyd, LIT("o"), 1, arena, &organisation, NULL));
    CHECK_OK(keyd_new_meeting_key(keyd, LIT("o"), organisation, LIT("m"), 1, arena, &meeting, &meeting_key, NULL));
    CHECK_OK(keyd_new_set_key(keyd, LIT("s"), arena, &set, &set_key, NULL));
    for (int purpose = 0; purpose < KEY_PURPOSE_COUNT_; purpose++)
        for (int role = 0; role < ROLE_ID_COUNT_; role++) {
            struct key_ask ask = {.purpose = (enum key_purpose)purpose,
                                  .organisation = LIT("o"),
                                  .organisation_key = organisation.sealed.bytes,
                                  .meeting = LIT("m"),
                                  .wrapped = of_sets[purpose] ? set.bytes : meeting.sealed.bytes,
                                  .set = LIT("s"),
                                  .next_key = organisation.sealed.bytes};
            struct sealed entry = sealed_for(keyd, &ask, arena);
            if (entry.bytes.len > 0)
                ask.wrapped = entry.bytes;
            struct key_given given;
            AUTO_SECRET key = NULL;
            bool may = may_have((enum role_id)role, ask.purpose);
            keyd_answer_key(keyd, (enum role_id)role, &ask, arena, &given, &key);
            check_row(key_purpose_names[purpose]);
            CHECK_NUMBER(given.status, may ? ST_OK : ST_DENIED);
            CHECK(may || (key == NULL && given.wrapped.len == 0));
        }
}

static void spool_keys_come_back_for_their_entry(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    AUTO_KEYD keyd = NULL;
    AUTO_SECRET key = NULL;
    AUTO_SECRET again = NULL;
    AUTO_SECRET none = NULL;
    CHECK_OK(keyd_create_for_replay(&keyd, NULL));
    struct spool_key_new ask = {LIT("s1")};
    struct spool_key given, opened;
    keyd_answer_spool_new(keyd, &ask, arena, &given, &key);
    CHECK_NUMBER(given.status, ST_OK);
    CHECK_TEXT(given.id, "s1");
    struct spool_key_open open = {LIT("s1"), given.wrapped};
    keyd_answer_spool_open(keyd, &open, &opened, &again);
    CHECK_NUMBER(opened.status, ST_OK);
    CHECK(slice_equal(opened.key, given.key));
    open.id = LIT("s2");
    keyd_answer_spool_open(keyd, &open, &opened, &none);
    CHECK_NUMBER(opened.status, ST_DENIED);
    CHECK_NUMBER(opened.key.len, 0);
    ask.id = SLICE_NONE;
    keyd_answer_spool_new(keyd, &ask, arena, &opened, &none);
    CHECK_NUMBER(opened.status, ST_DENIED);
}

/* The key of a set opens under its name only, and wrapped anew is the same. */
static void keys_of_sets(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    AUTO_KEYD keyd = NULL;
    AUTO_SECRET key = NULL;
    AUTO_SECRET again = NULL;
    AUTO_SECRET none = NULL;
    CHECK_OK(keyd_create_for_replay(&keyd, NULL));
    struct key_ask ask = {.purpose = KEY_NEW_SET, .set = LIT("2026-11-25T0300Z-daily")};
    struct key_given given, other;
    keyd_answer_key(keyd, ROLE_ARCHIVE, &ask, arena, &given, &key);
    CHECK_NUMBER(given.status, ST_OK);
    CHECK(key != NULL && given.wrapped.len > VAULT_KEY_BYTES);
    ask.purpose = KEY_REWRAP_SET, ask.wrapped = given.wrapped;
    keyd_answer_key(keyd, ROLE_ARCHIVE, &ask, arena, &other, &none);
    CHECK_NUMBER(other.status, ST_OK);
    CHECK(none == NULL && other.key.len == 0 && !slice_equal(other.wrapped, given.wrapped));
    CHECK_NUMBER(other.version, keyd_root_version(keyd));
    ask.purpose = KEY_OPEN_SET, ask.wrapped = other.wrapped;
    keyd_answer_key(keyd, ROLE_ARCHIVE, &ask, arena, &given, &again);
    CHECK(given.status == ST_OK && secret_equal(key, again));
    static const char *const names[] = {"2026-11-26T0300Z-daily", ""};
    for (size_t i = 0; i < 2; i++) {
        ask.set = slice_from(names[i]);
        keyd_answer_key(keyd, ROLE_ARCHIVE, &ask, arena, &given, &none);
        CHECK(given.status == ST_DENIED && none == NULL);
    }
}

int main(void)
{
    TEST(every_purpose_gives_its_key_only);
    TEST(it_says_only_whether_something_opens);
    TEST(each_role_gets_what_is_its_own);
    TEST(spool_keys_come_back_for_their_entry);
    TEST(keys_of_sets);
    return check_done();
}
