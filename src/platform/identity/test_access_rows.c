/* Grants, uses and reviews as rows: what may be written once, what a review finds, and that it finds
 * all of it. */
#include <sqlite3.h>
#include <stdlib.h>
#include <unistd.h>

#include "check.h"
#include "platform/identity/grants.h"
#include "platform/identity/reviews.h"

#define AT ((struct instant){INT64_C(1790000000000000)})

static char folder[64], file[128];

static struct identity *open_fresh(void)
{
    struct identity *identity = NULL;
    snprintf(folder, sizeof folder, "%s/rendez-access-XXXXXX",
             access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    if (mkdtemp(folder) == NULL)
        abort();
    snprintf(file, sizeof file, "%s/identity.db", folder);
    CHECK_OK(identity_open(&sqlite_driver, file, &identity, NULL));
    return identity;
}

static void close_all(struct identity **identity)
{
    static const char *const endings[] = {"", "-wal", "-shm"};
    identity_destroy(identity);
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        char name[160];
        snprintf(name, sizeof name, "%s%s", file, endings[i]);
        unlink(name);
    }
    rmdir(folder);
}

/* What other modules write: straight into the tables. */
static void write_sql(const char *statement)
{
    sqlite3 *db;
    char *message = NULL;
    CHECK_NUMBER(sqlite3_open(file, &db), SQLITE_OK);
    CHECK_NUMBER(sqlite3_exec(db, statement, NULL, NULL, &message), SQLITE_OK);
    if (message != NULL)
        printf("# %s\n", message);
    sqlite3_free(message);
    sqlite3_close(db);
}

static void fill(struct identity *identity)
{
    static const struct {
        const char *id, *organisation, *owner, *function;
    } people[] = {
        {"p_1", "o_a", "", "administrator"}, {"p_2", "o_a", "", "administrator"},
        {"p_3", "o_a", "", "organizer"},     {"p_9", "o_z", "", "operator"},
        {"s_1", "o_a", "p_1", "service"},
    };
    static const char *const organisations[][2] = {{"o_a", "client"}, {"o_z", "operator"}};
    for (size_t i = 0; i < 2; i++) {
        struct identity_organisation organisation = {
            .id = slice_from(organisations[i][0]), .kind = slice_from(organisations[i][1]),
            .state = LIT("active"), .created = {1}, .key = {{LIT("key")}, 1}};
        CHECK_OK(identity_save_organisation(identity, &organisation, NULL));
    }
    for (size_t i = 0; i < sizeof people / sizeof *people; i++) {
        bool service = *people[i].owner != '\0';
        struct account account = {
            .id = slice_from(people[i].id), .organisation = slice_from(people[i].organisation),
            .kind = service ? ACCOUNT_SERVICE : ACCOUNT_PERSON, .owner = slice_from(people[i].owner),
            .function = slice_from(people[i].function), .state = ACCOUNT_ACTIVE,
            .created = {AT.us - 200 * DAY_US},
            .address_hash = service ? SLICE_NONE : slice_from(people[i].id),
            .details = {LIT("sealed")}};
        CHECK_OK(identity_save_account(identity, &account, NULL));
    }
}

static struct stored_grant raise_of(const char *id, const char *account, int64_t asked_us)
{
    return (struct stored_grant){
        .grant = {.id = slice_from(id), .account = slice_from(account), .organisation = LIT("o_a"),
                  .cause = CAUSE_RAISE, .right = RIGHT_PEOPLE_END, .target = LIT("o_a"),
                  .wanted = {2 * HOUR_US}, .asked = {asked_us}},
        .reason = {LIT("sealed")}};
}

static void a_grant_is_approved_once(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    struct identity *identity = open_fresh();
    struct stored_grant grant = raise_of("g_1", "p_1", AT.us), back;
    struct access_grant_list open;
    fill(identity);
    CHECK_OK(identity_add_grant(identity, &grant, NULL));
    CHECK_NUMBER(identity_add_grant(identity, &grant, NULL), ST_CONFLICT);

    grant.grant.approved_by = LIT("p_1");
    grant.grant.from = AT;
    grant.grant.until = (struct instant){AT.us + HOUR_US};
    CHECK_NUMBER(identity_approve_grant(identity, &grant.grant, NULL), ST_CONFLICT);
    grant.grant.approved_by = LIT("p_2");
    CHECK_OK(identity_approve_grant(identity, &grant.grant, NULL));
    CHECK_NUMBER(identity_approve_grant(identity, &grant.grant, NULL), ST_CONFLICT);

    CHECK_OK(identity_load_grant(identity, LIT("g_1"), arena, &back, NULL));
    CHECK_TEXT(back.grant.approved_by, "p_2");
    CHECK_NUMBER(back.grant.right, RIGHT_PEOPLE_END);
    CHECK_NUMBER(back.grant.wanted.us, 2 * HOUR_US);
    CHECK_NUMBER(back.grant.until.us, AT.us + HOUR_US);
    CHECK_NUMBER(identity_load_grant(identity, LIT("g_x"), arena, &back, NULL), ST_NOT_FOUND);

    CHECK_OK(identity_open_grants(identity, LIT("p_1"), AT, arena, &open, NULL));
    CHECK_NUMBER(open.count, 1);
    CHECK_NUMBER(access_grant_state(&open.items[0], AT), GRANT_ACTIVE);
    CHECK_OK(identity_open_grants(identity, LIT("p_1"), grant.grant.until, arena, &open, NULL));
    CHECK_NUMBER(open.count, 0);
    CHECK_OK(identity_open_grants(identity, LIT("p_2"), AT, arena, &open, NULL));
    CHECK_NUMBER(open.count, 0);

    CHECK_OK(identity_end_grant(identity, LIT("g_1"), AT, NULL));
    CHECK_NUMBER(identity_end_grant(identity, LIT("g_1"), AT, NULL), ST_CONFLICT);
    close_all(&identity);
}

static void leaving_ends_all_of_them(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    struct identity *identity = open_fresh();
    struct stored_grant_list list;
    size_t ended = 0;
    fill(identity);
    struct stored_grant grants[] = {raise_of("g_1", "p_1", AT.us), raise_of("g_2", "p_1", AT.us),
                                    raise_of("g_3", "p_2", AT.us),
                                    raise_of("g_4", "p_1", AT.us - 2 * DAY_US)};
    grants[1].grant.cause = CAUSE_GLASS;
    for (size_t i = 0; i < 4; i++)
        CHECK_OK(identity_add_grant(identity, &grants[i], NULL));
    CHECK_OK(identity_end_grants(identity, LIT("p_1"), AT, &ended, NULL));
    CHECK_NUMBER(ended, 2); /* g_4 was over by itself */
    CHECK_OK(identity_list_grants(identity, LIT("o_a"), (struct instant){0}, arena, &list, NULL));
    CHECK_NUMBER(list.count, 4);
    CHECK_NUMBER(list.items[1].grant.cause, CAUSE_GLASS);
    CHECK_NUMBER(list.items[1].grant.right, RIGHT_NONE);
    CHECK_OK(identity_list_grants(identity, LIT("o_z"), (struct instant){0}, arena, &list, NULL));
    CHECK_NUMBER(list.count, 0);
    CHECK_OK(identity_list_grants(identity, SLICE_NONE, AT, arena, &list, NULL));
    CHECK_NUMBER(list.count, 3);
    close_all(&identity);
}

static void uses_are_kept_to_the_day(void)
{
    struct identity *identity = open_fresh();
    struct right_use uses;
    struct instant hour = {AT.us + HOUR_US}, day = {AT.us + DAY_US};
    fill(identity);
    CHECK_OK(identity_note_use(identity, LIT("p_3"), RIGHT_MEETINGS_READ, AT, NULL));
    CHECK_OK(identity_note_use(identity, LIT("p_3"), RIGHT_MEETINGS_READ, hour, NULL));
    CHECK_OK(identity_list_uses(identity, LIT("p_3"), &uses, NULL));
    CHECK_NUMBER(uses.last[RIGHT_MEETINGS_READ].us, AT.us);
    CHECK_NUMBER(uses.last[RIGHT_ACCOUNT_OWN].us, 0);
    CHECK_OK(identity_note_use(identity, LIT("p_3"), RIGHT_MEETINGS_READ, day, NULL));
    CHECK_OK(identity_list_uses(identity, LIT("p_3"), &uses, NULL));
    CHECK_NUMBER(uses.last[RIGHT_MEETINGS_READ].us, day.us);
    CHECK_OK(identity_forget_uses(identity, LIT("p_3"), NULL));
    CHECK_OK(identity_list_uses(identity, LIT("p_3"), &uses, NULL));
    CHECK_NUMBER(uses.last[RIGHT_MEETINGS_READ].us, 0);
    close_all(&identity);
}

/* One of everything, of two organisations, over or not. */
static void add_the_rest(struct identity *identity)
{
    struct stored_grant grant = raise_of("g_1", "p_1", AT.us), over = raise_of("g_2", "p_1", AT.us);
    CHECK_OK(identity_add_grant(identity, &grant, NULL));
    over.grant.ended = AT;
    CHECK_OK(identity_add_grant(identity, &over, NULL));
    CHECK_OK(identity_note_use(identity, LIT("p_3"), RIGHT_MEETINGS_READ, AT, NULL));
    char sql[2048];
    snprintf(sql, sizeof sql,
             "insert into token (token_hash, id, account, scopes, made, used, ends, sealed) values "
             "(x'01', 't_1', 'p_3', 'meetings', 1, 5, %lld, x'00'), "
             "(x'02', 't_2', 's_1', 'scim', 1, null, %lld, x'00'), "
             "(x'03', 't_3', 'p_3', 'meetings', 1, null, 2, x'00');"
             "insert into authority (id, kind, certificate, created, ends, crl_number) "
             "values ('ca', 'root', x'00', 1, 2, 1);"
             "insert into certificate (serial, authority, kind, subject, account, bytes, digest, key_digest, "
             "issued, ends, used, revoked, cause) values "
             "('01', 'ca', 'person', 'p_3', 'p_3', x'00', x'00', x'00', 1, %lld, 7, null, null), "
             "('02', 'ca', 'server', 'vpn.example', 'p_9', x'00', x'00', x'00', 1, %lld, null, null, null), "
             "('03', 'ca', 'person', 'p_3', 'p_3', x'00', x'00', x'00', 1, %lld, null, 2, 'cessation'), "
             "('04', 'ca', 'person', 'p_3', 'p_3', x'00', x'00', x'00', 1, 2, null, null, null);"
             "insert into provider (id, organisation, issuer, domains, state, exclusive, created, sealed) values "
             "('i_1', 'o_a', 'https://id.a.example', 'a.example', 'active', 0, 1, x'00'), "
             "('i_2', 'o_a', 'https://old.a.example', 'a.example', 'ended', 0, 1, x'00');"
             "update account set state = 'ended', ended = 1 where id = 'p_2';",
             (long long)AT.us + 9, (long long)AT.us + 9, (long long)AT.us + 9,
             (long long)AT.us + 9, (long long)AT.us + 9);
    write_sql(sql);
}

static const struct {
    const char *organisation, *want;
} populations[] = {
    {"o_a", "account p_1 of p_1; account p_3 of p_3; certificate 01 of p_3; grant g_1 of p_1; "
            "provider i_1 of ; service s_1 of p_1; token t_1 of p_3; token t_2 of p_1; "},
    {"o_z", "account p_9 of p_9; certificate 02 of p_9; "},
};

static void a_review_finds_everything(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    struct identity *identity = open_fresh();
    fill(identity);
    add_the_rest(identity);
    for (size_t i = 0; i < sizeof populations / sizeof *populations; i++) {
        struct review_thing_list things;
        uint32_t count = 0;
        struct slice organisation = slice_from(populations[i].organisation);
        AUTO_BUFFER got = buffer_create(4096);
        CHECK_OK(identity_review_population(identity, organisation, AT, arena, &things, NULL));
        for (size_t k = 0; k < things.count; k++)
            buffer_add_format(&got, "%s %.*s of %.*s; ", review_kind_name(things.items[k].kind),
                              SLICE_ARG(things.items[k].id), SLICE_ARG(things.items[k].account));
        CHECK_TEXT(buffer_slice(&got), populations[i].want);
        CHECK_OK(identity_review_count(identity, organisation, AT, &count, NULL));
        CHECK_NUMBER(count, things.count);
        for (size_t k = 0; k < things.count; k++)
            if (slice_equal(things.items[k].id, LIT("p_3")))
                CHECK_NUMBER(things.items[k].used.us, AT.us);
    }
    close_all(&identity);
}

static void begin_review(struct identity *identity, struct arena *arena, struct review *review,
                         size_t leave_out, enum status want)
{
    struct review_thing_list things;
    struct review_item_list items;
    struct review_person person = {LIT("p_1"), false, 0}, other = {LIT("p_9"), true, 0};
    struct review_person both[] = {person, other};
    *review = (struct review){LIT("r_1"), LIT("o_a"), AT, instant_add(AT, REVIEW_TIME), {0},
                              REVIEW_RUNS};
    CHECK_OK(identity_review_population(identity, review->organisation, AT, arena, &things, NULL));
    review_plan(&things, &(struct review_person_list){both, 2, 2}, AT, arena, &items);
    items.count -= leave_out;
    CHECK_OK(identity_begin(identity, NULL));
    CHECK_NUMBER(identity_add_review(identity, review, &items, NULL), want);
    if (want == ST_OK)
        CHECK_OK(identity_commit(identity, NULL));
    else
        identity_rollback(identity);
}

static void a_review_is_complete_and_decided_once(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    struct identity *identity = open_fresh();
    struct review review, back;
    struct stored_review_item_list items;
    bool closed = true;
    fill(identity);
    add_the_rest(identity);
    begin_review(identity, arena, &review, 1, ST_INVALID); /* one was missed */
    CHECK_NUMBER(identity_load_review(identity, LIT("r_1"), arena, &back, NULL), ST_NOT_FOUND);
    begin_review(identity, arena, &review, 0, ST_OK);
    CHECK_OK(identity_load_review(identity, LIT("r_1"), arena, &back, NULL));
    CHECK_OK(identity_list_review_items(identity, &back, arena, &items, NULL));
    CHECK_NUMBER(items.count, 8);
    CHECK_NUMBER(items.items[0].item.due.us, review.due.us);

    struct stored_review_item *first = &items.items[0];
    CHECK_OK(identity_remind_review_item(identity, first, 1, NULL));
    CHECK_NUMBER(identity_remind_review_item(identity, first, 1, NULL), ST_CONFLICT);
    CHECK_NUMBER(identity_assign_review_item(identity, first, first->item.thing.account, NULL),
                 ST_CONFLICT); /* the schema too wants somebody else */
    CHECK_OK(identity_assign_review_item(identity, first, LIT("p_3"), NULL));
    for (size_t i = 0; i < items.count; i++) {
        struct stored_review_item item = items.items[i];
        CHECK_OK(identity_close_review(identity, LIT("r_1"), AT, &closed, NULL));
        CHECK(!closed);
        item.item.decision = i == 0 ? REVIEW_CHANGE : REVIEW_KEEP;
        item.item.change = i == 0 ? FUNCTION_AUDITOR : FUNCTION_NONE;
        item.item.decided = AT;
        CHECK_OK(identity_decide_review_item(identity, &item, NULL));
        CHECK_NUMBER(identity_decide_review_item(identity, &item, NULL), ST_CONFLICT);
        CHECK_OK(identity_load_review_item(identity, &back, item.item.id, arena, &item, NULL));
        CHECK_NUMBER(item.item.executed.us, AT.us);
        CHECK_NUMBER(item.item.change, i == 0 ? FUNCTION_AUDITOR : FUNCTION_NONE);
    }
    CHECK_OK(identity_close_review(identity, LIT("r_1"), AT, &closed, NULL));
    CHECK(closed);
    bool ended = false;
    CHECK_OK(identity_remove_token(identity, LIT("t_2"), &ended, NULL));
    CHECK(ended);
    CHECK_OK(identity_remove_token(identity, LIT("t_2"), &ended, NULL));
    CHECK(!ended);
    CHECK_OK(identity_remove_provider(identity, LIT("i_1"), &ended, NULL));
    CHECK(ended);
    uint32_t left = 0;
    CHECK_OK(identity_review_count(identity, LIT("o_a"), AT, &left, NULL));
    CHECK_NUMBER(left, 6);
    CHECK_OK(identity_load_review(identity, LIT("r_1"), arena, &back, NULL));
    CHECK_NUMBER(back.state, REVIEW_CLOSED);
    close_all(&identity);
}

int main(void)
{
    TEST(a_grant_is_approved_once);
    TEST(leaving_ends_all_of_them);
    TEST(uses_are_kept_to_the_day);
    TEST(a_review_finds_everything);
    TEST(a_review_is_complete_and_decided_once);
    return check_done();
}
