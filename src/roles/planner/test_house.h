#ifndef RENDEZ_ROLES_PLANNER_TEST_HOUSE_H
#define RENDEZ_ROLES_PLANNER_TEST_HOUSE_H

#include <stdlib.h>

#include "check.h"
#include "domain/intent/intent.h"
#include "platform/store/store.h"
#include "roles/keyd/answer.h"
#include "roles/planner/planner.h"

/* One planner with everything around it. */
struct house {
    struct store *store;
    struct keyd *keyd;
    struct planner *planner;
    struct arena *arena;
    struct instant now;
    enum status keys;         /* not ST_OK: what keyd answers */
    enum status calendars;    /* the same of calsync */
    struct slice refused_key; /* keyd refuses only this meeting's */
    unsigned mails, calendars_read;
    struct {
        struct outgoing *items;
        size_t count, capacity;
    } sent;
};

static inline enum status understand(void *self, const struct mail *mail,
                              const struct intent_context *context, struct arena *arena,
                              struct reading *reading, struct problem *why)
{
    (void)self;
    return intent_read(mail, context, arena, reading, why);
}

static inline enum status read_calendar(void *self, const struct person *person, struct interval window,
                                 bool titles, struct arena *arena, struct occurrence_list *out,
                                 struct problem *why)
{
    struct house *house = self;
    (void)person, (void)window, (void)titles, (void)arena;
    house->calendars_read++;
    *out = (struct occurrence_list){0};
    return house->calendars == ST_OK ? ST_OK : problem_set(why, house->calendars, "calsync is away");
}

static inline enum status give_key(void *self, const struct key_ask *ask, struct arena *arena,
                            struct key_given *given, struct secret **key, struct problem *why)
{
    struct house *house = self;
    bool opens = ask->purpose == KEY_OPEN_MEETING;
    if (opens && house->keys != ST_OK)
        return problem_set(why, house->keys, "keyd is away");
    if (opens && slice_equal(ask->meeting, house->refused_key))
        return problem_set(why, ST_DENIED, "keyd refuses");
    return keyd_give_key(house->keyd, ask, arena, given, key, why);
}

static inline void add_person(struct house *house, const char *id, const char *name, const char *address,
                       bool client)
{
    struct person person = {
        .id = slice_from(id),
        .organisation = LIT("o"),
        .name = slice_from(name),
        .address = slice_from(address),
        .time_zone = LIT("Europe/Paris"),
        .language = LANGUAGE_EN,
        .client = client,
        .has_calendar = client,
    };
    preferences_defaults(house->arena, &person.preferences);
    CHECK_OK(planner_add_person(house->planner, &person, NULL));
}

/* The planner alone, as a start of the service makes it. */
static inline void open_planner_of(struct house *house, bool origin_required, struct planner_limits limits)
{
    struct planner_ports ports = {house, understand, read_calendar, give_key};
    struct planner_options options = {
        .assistant = {LIT("Iris"), LIT("iris@bureau.example")},
        .link_base = LIT("https://link.example/r/"),
        .origin_required = origin_required,
        .seed = 7,
        .retention_months = 12,
        .limits = limits,
    };
    CHECK_OK(planner_create(house->store, &ports, &options, &house->planner, NULL));
}

/* What stands in for keyd's root key, where a test wants to rotate it. */
static struct keyd *house_keyd;

static inline struct house *begin_in(const char *where, bool origin_required,
                                     struct planner_limits limits)
{
    struct house *house = calloc(1, sizeof *house);
    if (house == NULL)
        abort();
    house->arena = arena_create((size_t)512 << 20);
    CHECK_OK(instant_parse(LIT("2026-03-02T08:00:00Z"), &house->now, NULL, NULL));
    CHECK_OK(store_open(&sqlite_driver, where, &house->store, NULL));
    house->keyd = house_keyd;
    if (house->keyd == NULL)
        CHECK_OK(keyd_create_for_replay(&house->keyd, NULL));
    house_keyd = NULL;
    open_planner_of(house, origin_required, limits);
    CHECK_OK(planner_add_organisation(house->planner, LIT("o"), LIT("Bureau"), NULL));
    add_person(house, "p-ada", "Ada Lorrain", "ada@bureau.example", true);
    return house;
}

static inline struct house *begin_limited(bool origin_required, struct planner_limits limits)
{
    return begin_in(":memory:", origin_required, limits);
}

static inline struct house *begin(bool origin_required)
{
    return begin_limited(origin_required, (struct planner_limits){0});
}

static inline void finish(struct house *house)
{
    planner_destroy(&house->planner);
    store_destroy(&house->store);
    keyd_destroy(&house->keyd);
    arena_destroy(&house->arena);
    free(house);
}

static inline void collect(struct house *house)
{
    struct outgoing mail;
    struct slice id;
    while (planner_next_mail(house->planner, house->now, house->arena, &id, &mail, NULL) == ST_OK) {
        ARENA_PUSH(house->arena, &house->sent, mail);
        CHECK_OK(planner_mail_done(house->planner, id, ST_OK, house->now, NULL));
    }
}

/* The newest mail to somebody. */
static inline const struct outgoing *last_to(const struct house *house, const char *address)
{
    for (size_t i = house->sent.count; i-- > 0;)
        if (slice_equal(house->sent.items[i].order.to.address, slice_from(address)))
            return &house->sent.items[i];
    printf("# nothing was sent to %s\n", address);
    exit(1);
}

static inline enum status receive(struct house *house, const char *head, const char *text,
                           enum mail_origin origin, enum meeting_outcome *outcome)
{
    struct mail mail;
    struct slice raw = arena_format(house->arena,
                                    "%s\r\nDate: Mon, 2 Mar 2026 09:00:00 +0100\r\n\r\n%s\r\n",
                                    head, text);
    struct received_mail received = {
        .id = arena_format(house->arena, "in-%u", ++house->mails),
        .raw = raw,
        .mail = &mail,
    };
    TRY(mime_parse(raw, SLICE_NONE, house->arena, &mail, NULL));
    mail.origin = origin;
    return planner_receive(house->planner, &received, house->now, outcome, NULL);
}

#define ADA "From: Ada Lorrain <ada@bureau.example>\r\nSubject: Budget\r\n"

static inline void ask_for_a_meeting(struct house *house, const char *guests)
{
    enum meeting_outcome outcome;
    struct slice head =
        arena_format(house->arena,
                     "From: Ada Lorrain <ada@bureau.example>\r\nTo: %s\r\nSubject: Budget %u\r\n"
                     "Cc: iris@bureau.example\r\nMessage-ID: <ask-%u@b.example>",
                     guests, house->mails, house->mails);
    CHECK_OK(receive(house, head.data,
                     "Iris, please find us 30 minutes on Wednesday or Thursday for a call.",
                     MAIL_ORIGIN_PASS, &outcome));
    CHECK_NUMBER(outcome, OUTCOME_ACCEPTED);
    collect(house);
}

static const char bob[] = "Bob Serre <bob@guest.example>";
static const char bob_and_eve[] = "Bob Serre <bob@guest.example>, Eve Dumas <eve@other.example>";

static inline void choose_first(struct house *house, const char *address)
{
    enum meeting_outcome outcome;
    const struct outgoing *offer = last_to(house, address);
    CHECK(offer->links.count > 0);
    struct slice token = slice_sub(offer->links.items[0], sizeof "https://link.example/r/" - 1,
                                   offer->links.items[0].len);
    CHECK_OK(planner_link_choose(house->planner, token, offer->order.offers.items[0].number,
                                 SLICE_NONE, house->now, &outcome, NULL));
    CHECK_NUMBER(outcome, OUTCOME_ACCEPTED);
}

static inline struct meeting only_meeting(struct house *house)
{
    struct meeting_list all;
    CHECK_OK(planner_all_meetings(house->planner, house->arena, &all, NULL));
    CHECK(all.count >= 1);
    return all.items[0];
}

#endif
