/* What authd says of people: who came to exist, and mail about their accounts. */
#include "base/eventlog/eventlog.h"
#include "domain/access/access.h"
#include "roles/planner/internal.h"

/* A first reader of mails in a language that nobody knows of yet gets French, as the pages do. */
static enum language language_of(struct slice name)
{
    return slice_equal(name, LIT("en")) ? LANGUAGE_EN : LANGUAGE_FR;
}

/* Whom the directory had before they had an account: they keep their calendar, preferences and the
 * time that is held for them, under the account's id, by which their end will be said. */
static enum status take_over(struct unit *unit, const struct person_told *told,
                             struct person *person, struct hold_list *holds)
{
    static const struct interval ever = {{INT64_MIN}, {INT64_MAX}};
    struct store *store = unit->planner->store;
    enum status found = find_person(unit, told->address, person);
    if (found == ST_NOT_FOUND) {
        *person = (struct person){.organisation = told->organisation};
        person->time_zone = LIT("Europe/Paris");
        preferences_defaults(unit->arena, &person->preferences);
        return ST_OK;
    }
    TRY(found);
    if (!slice_equal(person->organisation, told->organisation))
        return problem_set(unit->why, ST_CONFLICT, "that address is of another organisation");
    TRY(store_list_holds(store, person->id, ever, unit->arena, holds, unit->why));
    return store_remove_person(store, person->id, unit->why);
}

static enum status keep_person(struct unit *unit, const struct person_told *told)
{
    struct person person = {0};
    struct hold_list holds = {0};
    enum status found = load_person(unit, told->person, &person);
    if (found == ST_NOT_FOUND)
        found = take_over(unit, told, &person, &holds);
    TRY(found);
    person.id = told->person;
    person.name = told->name;
    person.address = told->address;
    person.language = language_of(told->language);
    /* Who was one of the assistant's clients before they had an account stays one. */
    person.client = person.client || told->asks;
    TRY(planner_add_person(unit->planner, &person, unit->why));
    for (size_t i = 0; i < holds.count; i++) {
        holds.items[i].person = told->person;
        TRY(store_put_hold(unit->planner->store, &holds.items[i], unit->why));
    }
    return ST_OK;
}

enum status planner_person_told(struct planner *planner, const struct person_told *told,
                                struct instant now, struct problem *why)
{
    AUTO_ARENA arena = arena_create_wiped(UNIT_BYTES_MAX);
    struct unit unit = {.planner = planner, .arena = arena, .now = now, .why = why};
    TRY(store_begin(planner->store, why));
    enum status status = keep_person(&unit, told);
    if (status == ST_OK)
        status = store_commit(planner->store, why);
    store_rollback(planner->store);
    if (status == ST_OK)
        event_log(EVENT_PERSON_SAVED, field_id(KEY_PERSON, told->person));
    return status;
}

/* Words of ours that a notice speaks of; others stand as they are. */
static struct slice word_in(enum language language, struct slice word)
{
    static const struct {
        const char *word, *fr, *en;
    } rows[] = {
        {"passkey", "une clé d'accès", "a passkey"},
        {"password", "un mot de passe", "a password"},
        {"code", "des codes à usage unique", "one-time codes"},
        {"recovery", "des codes de secours", "recovery codes"},
        {"sso", "la connexion de votre organisation", "your organisation's sign-in"},
        {"person", "un certificat personnel", "a personal certificate"},
        {"device", "le certificat d'un appareil", "a device's certificate"},
        {"server", "le certificat d'un serveur", "a server's certificate"},
        {"organizer", "organisateur", "organizer"},
        {"administrator", "administrateur", "administrator"},
        {"auditor", "auditeur", "auditor"},
        {"supervisor", "superviseur", "supervisor"},
        {"supervision_lead", "responsable de la supervision", "supervision lead"},
        {"operator", "opérateur", "operator"},
        {"internal_auditor", "auditeur interne", "internal auditor"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (slice_equal(word, slice_from(rows[i].word)))
            return slice_from(language == LANGUAGE_FR ? rows[i].fr : rows[i].en);
    enum access_right right;
    if (access_right_from_name(word, &right))
        return slice_from(access_right_sentence(right, language == LANGUAGE_FR));
    return word;
}

static struct mail_order order_of(struct unit *unit, const struct notice *notice)
{
    struct person person = {0};
    enum language language = language_of(notice->language);
    struct problem none, *why = unit->why;
    unit->why = &none; /* who is not in the directory has no zone of their own */
    bool known = load_person(unit, notice->person, &person) == ST_OK && person.time_zone.len > 0;
    unit->why = why;
    return (struct mail_order){
        .purpose = PURPOSE_NOTICE,
        .phrase = notice->phrase,
        .to = {notice->name, notice->address},
        .language = language,
        .time_zone = known ? person.time_zone : LIT("Europe/Paris"),
        .zone_named = !known,
        .recipient_name = notice->name,
        .organizer_name = notice->name,
        .organizer_address = notice->address,
        .assistant_name = unit->planner->options.assistant.name,
        .subject = language == LANGUAGE_FR ? LIT("Votre compte") : LIT("Your account"),
        .slot = {notice->at, notice->at},
        .who = word_in(language, notice->word),
        .detail = notice->from,
        .link = notice->link,
    };
}

static enum status keep_once(struct unit *unit, const struct notice *notice)
{
    bool duplicate;
    struct mail_order order = order_of(unit, notice);
    struct inbound seen = {.spool_id = arena_format(unit->arena, "notice:%.*s", SLICE_ARG(notice->id)),
                           .recipient_hash = address_hash(unit, notice->address),
                           .at = unit->now};
    TRY(store_note_inbound(unit->planner->store, &seen, &duplicate, unit->why));
    return duplicate ? ST_OK : keep_order(unit, NULL, &order);
}

enum status planner_notice(struct planner *planner, const struct notice *notice, struct instant now,
                           struct problem *why)
{
    AUTO_ARENA arena = arena_create_wiped(UNIT_BYTES_MAX);
    struct unit unit = {.planner = planner, .arena = arena, .now = now, .why = why};
    TRY(store_begin(planner->store, why));
    enum status status = keep_once(&unit, notice);
    if (status == ST_OK)
        status = store_commit(planner->store, why);
    store_rollback(planner->store);
    return status;
}
