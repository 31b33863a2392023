/* What authd says: people come to exist, and hear of their accounts. */
#include "platform/store/sealing.h"
#include "test_house.h"

static struct person load(struct house *house, const char *address, enum status *status)
{
    struct stored_person row;
    struct person person = {0};
    struct slice hash;
    AUTO_SECRET lookup = NULL;
    CHECK_OK(keyd_lookup_key(house->keyd, &lookup, NULL));
    hash = sealing_address_hash(lookup, slice_from(address), house->arena);
    *status = store_find_person(house->store, hash, house->arena, &row, NULL);
    if (*status == ST_OK)
        person = (struct person){.id = row.id, .client = slice_equal(row.role, LIT("client"))};
    return person;
}

static struct person_told told(const char *id, const char *address, bool asks)
{
    return (struct person_told){.id = LIT("e_1"), .person = slice_from(id), .organisation = LIT("o"),
                                .name = LIT("Nora Keller"), .address = slice_from(address),
                                .language = LIT("fr"), .asks = asks};
}

static void people_come_to_exist(void)
{
    static const struct {
        const char *id, *organisation, *address;
        bool asks, client;
        enum status status;
    } cases[] = {
        {"p_nora", "o", "nora@bureau.example", false, false, ST_OK},
        {"p_nora", "o", "nora@bureau.example", true, true, ST_OK},
        {"p_nora", "o", "nora.keller@bureau.example", true, true, ST_OK},
        {"p_nora", "o", "nora.keller@bureau.example", true, true, ST_OK}, /* said again */
        {"p_q", "q", "nora.keller@bureau.example", true, true, ST_CONFLICT}, /* of another organisation */
        {"p_far", "none", "far@bureau.example", true, true, ST_NOT_FOUND},
        {"p-ada", "o", "ada@bureau.example", false, true, ST_OK}, /* was a client before */
        {"p_ada2", "o", "ada@bureau.example", false, true, ST_OK}, /* known before the account was */
    };
    struct house *house = begin(false);
    CHECK_OK(planner_add_organisation(house->planner, LIT("q"), LIT("Q"), NULL));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct person_told word = told(cases[i].id, cases[i].address, cases[i].asks);
        enum status found;
        word.organisation = slice_from(cases[i].organisation);
        check_row(cases[i].id);
        CHECK_NUMBER(planner_person_told(house->planner, &word, house->now, NULL), cases[i].status);
        struct person person = load(house, cases[i].address, &found);
        if (cases[i].status != ST_OK)
            continue;
        CHECK_OK(found);
        CHECK_TEXT(person.id, cases[i].id);
        CHECK(person.client == cases[i].client);
    }
    finish(house);
}

/* What is held for somebody is still held when the account's id becomes theirs. */
static void held_time_goes_along(void)
{
    struct house *house = begin(false);
    enum status found;
    struct person before = load(house, "ada@bureau.example", &found);
    struct sealed some = {LIT("sealed")};
    struct stored_meeting meeting = {.id = LIT("m_1"), .organisation = LIT("o"), .state = LIT("proposing"),
                                     .created = {1}, .key = {.sealed = some, .version = 1}, .record = some};
    struct hold hold = {before.id, LIT("m_1"), {{100}, {200}}};
    struct hold_list holds;
    CHECK_OK(found);
    CHECK_OK(store_save_meeting(house->store, &meeting, NULL));
    CHECK_OK(store_put_hold(house->store, &hold, NULL));
    struct person_told word = told("p_new", "ada@bureau.example", true);
    CHECK_OK(planner_person_told(house->planner, &word, house->now, NULL));
    CHECK_OK(store_list_holds(house->store, LIT("p_new"), (struct interval){{0}, {1000}}, house->arena, &holds, NULL));
    CHECK_NUMBER(holds.count, 1);
    hold.person = LIT("p_new");
    hold.span = (struct interval){{150}, {160}};
    CHECK_NUMBER(store_put_hold(house->store, &hold, NULL), ST_CONFLICT);
    finish(house);
}

static size_t mails(struct house *house, struct outgoing *last)
{
    size_t count = 0;
    struct slice id;
    struct problem why;
    while (planner_next_mail(house->planner, house->now, house->arena, &id, last, &why) == ST_OK) {
        CHECK_OK(planner_mail_done(house->planner, id, ST_OK, house->now, &why));
        count++;
    }
    return count;
}

static void notices_become_mail_once(void)
{
    static const struct {
        const char *id, *phrase, *language, *word, *says;
        size_t mails;
        enum status status;
    } cases[] = {
        {"e_1", "account.factor_added", "fr", "passkey", "une clé d'accès", 1, ST_OK},
        {"e_1", "account.factor_added", "fr", "passkey", "", 0, ST_OK}, /* said again */
        {"e_2", "account.factor_added", "en", "password", "a password", 1, ST_OK},
        {"e_3", "account.invited", "en", "", "https://meet.example/account/enrol#x", 1, ST_OK},
        {"e_4", "account.new_session", "fr", "", "192.0.2.7", 1, ST_OK},
        {"e_7", "account.raised", "fr", "people.end", "mettre fin à un compte", 1, ST_OK},
        {"e_8", "account.glass", "en", "", "broke the glass", 1, ST_OK},
        {"e_9", "account.review", "fr", "", "sous trois semaines", 1, ST_OK},
        {"e_10", "account.review_waits", "en", "", "still waits", 1, ST_OK},
        {"e_5", "account.no_such_phrase", "fr", "", "", 0, ST_NOT_FOUND},
        {"e_11", "account.certificate_ends", "en", "device", "within a week: a device's certificate.", 1, ST_OK},
        {"e_6", "account.ended", "fr", "", "a pris fin le lundi 2 mars à 9h", 1, ST_OK},
    };
    struct house *house = begin(false);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct outgoing last;
        struct notice notice = {.id = slice_from(cases[i].id), .organisation = LIT("o"),
                                .person = LIT("p_nora"), .name = LIT("Nora Keller"),
                                .address = LIT("nora@bureau.example"),
                                .language = slice_from(cases[i].language),
                                .phrase = slice_from(cases[i].phrase), .word = slice_from(cases[i].word),
                                .from = LIT("192.0.2.7"),
                                .link = LIT("https://meet.example/account/enrol#x"), .at = house->now};
        check_row(cases[i].phrase);
        CHECK_NUMBER(planner_notice(house->planner, &notice, house->now, NULL), cases[i].status);
        CHECK_NUMBER(mails(house, &last), cases[i].mails);
        if (cases[i].mails == 0)
            continue;
        CHECK_TEXT(last.draft.to.items[0].address, "nora@bureau.example");
        CHECK_TEXT(last.draft.subject, cases[i].language[0] == 'f' ? "Votre compte" : "Your account");
        CHECK(slice_contains(last.draft.text, slice_from(cases[i].says)));
    }
    finish(house);
}

int main(void)
{
    TEST(people_come_to_exist);
    TEST(held_time_goes_along);
    TEST(notices_become_mail_once);
    return check_done();
}
