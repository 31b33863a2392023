/* Who takes part: finding them, adding them, what is known and learnt of them. */
#include "domain/meeting/internal.h"

#include <inttypes.h>

struct participant *organizer(const struct meeting *meeting)
{
    return &meeting->people.items[0];
}

const struct known_person *env_person(const struct meeting_env *env, struct slice address)
{
    if (address.len == 0)
        return NULL;
    for (size_t i = 0; i < env->people_count; i++)
        if (slice_equal_nocase(env->people[i].person.address, address))
            return &env->people[i];
    return NULL;
}

const struct zone *organizer_zone(const struct turn *turn)
{
    const struct known_person *known = env_person(turn->env, organizer(turn->meeting)->address);
    return known == NULL || known->zone == NULL ? zone_utc() : known->zone;
}

/* Somebody who was taken off and came back has two rows at times: the living one counts. */
size_t find_participant(const struct meeting *meeting, struct slice address)
{
    size_t found = NOBODY;
    if (address.len == 0)
        return NOBODY;
    for (size_t i = 0; i < meeting->people.count; i++) {
        const struct participant *person = &meeting->people.items[i];
        if (!slice_equal_nocase(person->address, address) &&
            !slice_equal_nocase(person->delegate_address, address))
            continue;
        if (found == NOBODY || meeting->people.items[found].status == PARTICIPANT_REMOVED)
            found = i;
    }
    return found;
}

bool is_active(const struct participant *person)
{
    return person->status != PARTICIPANT_REMOVED && person->status != PARTICIPANT_DECLINED;
}

bool is_asked(const struct participant *person)
{
    return person->role != ROLE_ORGANIZER && !person->known && is_active(person) &&
           person->address.len > 0;
}

bool must_answer(const struct participant *person)
{
    return is_asked(person) && person->role == ROLE_REQUIRED;
}

size_t count_guests(const struct meeting *meeting)
{
    size_t count = 0;
    for (size_t i = 1; i < meeting->people.count; i++)
        count += is_active(&meeting->people.items[i]);
    return count;
}

size_t count_must_answer(const struct meeting *meeting)
{
    size_t count = 0;
    for (size_t i = 1; i < meeting->people.count; i++)
        count += must_answer(&meeting->people.items[i]);
    return count;
}

struct slice display_name(const struct participant *person)
{
    return person->name.len > 0 ? person->name : person->address;
}

struct slice sender_name(const struct turn *turn)
{
    if (turn->who == NOBODY)
        return turn->input->from.name.len > 0 ? turn->input->from.name : turn->writer;
    return display_name(&turn->meeting->people.items[turn->who]);
}

/* SplitMix64 (Steele, Lea, Flood 2014): ids need to be distinct, the service seeds the
 * state from the system's random source. */
static uint64_t next_random(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

struct slice new_id(struct turn *turn, const char *prefix)
{
    uint64_t high = next_random(turn->env->random), low = next_random(turn->env->random);
    return arena_format(turn->arena, "%s%016" PRIx64 "%08" PRIx64, prefix, high, low >> 32);
}

/* Words of a guest in the thread below: the language they write in. */
static enum language quoted_language(const struct mail *mail, struct slice address)
{
    for (size_t i = 0; mail != NULL && i < mail->quotes.count; i++) {
        const struct mail_quote *quote = &mail->quotes.items[i];
        if (!slice_equal_nocase(quote->from.address, address))
            continue;
        enum language language = timex_language(quote->text);
        if (language != LANGUAGE_UNKNOWN)
            return language;
    }
    return LANGUAGE_UNKNOWN;
}

static void describe_known(const struct turn *turn, struct participant *person)
{
    const struct known_person *known = env_person(turn->env, person->address);
    if (known == NULL)
        return;
    person->known = known->person.has_calendar;
    person->time_zone = known->person.time_zone;
    person->language = known->person.language;
    if (known->person.name.len > 0)
        person->name = known->person.name;
}

/* "Écris-lui en anglais": UNKNOWN where the client says nothing of it. */
enum language language_wished(const struct turn *turn, struct slice address)
{
    enum language found = LANGUAGE_UNKNOWN;
    for (size_t i = 0; i < turn->reading->write_in.count; i++) {
        const struct language_wish *wish = &turn->reading->write_in.items[i];
        if (slice_equal_nocase(wish->address, address))
            return wish->language;
        if (wish->address.len == 0)
            found = wish->language;
    }
    return found;
}

static void describe(struct turn *turn, struct participant *person)
{
    describe_known(turn, person);
    if (person->language == LANGUAGE_UNKNOWN)
        person->language = language_wished(turn, person->address);
    if (person->language == LANGUAGE_UNKNOWN)
        person->language = quoted_language(turn->input->mail, person->address);
    if (person->language == LANGUAGE_UNKNOWN)
        person->language = turn->reading->language;
    if (person->language == LANGUAGE_UNKNOWN && turn->meeting->people.count > 0)
        person->language = organizer(turn->meeting)->language;
}

size_t add_participant(struct turn *turn, struct slice name, struct slice address,
                       enum participant_role role)
{
    struct meeting *meeting = turn->meeting;
    size_t at = find_participant(meeting, address);
    if (at != NOBODY && meeting->people.items[at].status != PARTICIPANT_REMOVED) {
        struct participant *person = &meeting->people.items[at];
        if (person->name.len == 0)
            person->name = name;
        if (person->status == PARTICIPANT_DECLINED)
            person->status = PARTICIPANT_WAITING;
        return at;
    }
    if (at != NOBODY) { /* keeps what was sent to them: SEQUENCE goes on */
        meeting->people.items[at].status = PARTICIPANT_WAITING;
        meeting->people.items[at].role = role;
        return at;
    }
    struct participant person = {.address = address, .name = name, .role = role};
    describe(turn, &person);
    ARENA_PUSH(turn->arena, &meeting->people, person);
    return meeting->people.count - 1;
}

static bool is_assistant(const struct turn *turn, const struct mention *mention)
{
    struct mailbox assistant = turn->env->assistant;
    if (mention->address.len > 0)
        return slice_equal_nocase(mention->address, assistant.address);
    return assistant.name.len > 0 && slice_equal_nocase(mention->name, assistant.name);
}

/* An address for a name: somebody in the thread below or a colleague; one match only. */
static struct mailbox address_of_name(const struct turn *turn, struct slice name)
{
    const struct mail *mail = turn->input->mail;
    for (size_t i = 0; mail != NULL && i < mail->quotes.count; i++) {
        struct mailbox from = mail->quotes.items[i].from;
        if (from.address.len > 0 && name_means(name, from.name, from.address))
            return from;
    }
    const struct known_person *match = NULL;
    for (size_t i = 0; i < turn->env->people_count; i++) {
        const struct person *person = &turn->env->people[i].person;
        if (!name_means(name, person->name, person->address))
            continue;
        if (match != NULL)
            return (struct mailbox){0};
        match = &turn->env->people[i];
    }
    return match == NULL ? (struct mailbox){0}
                         : (struct mailbox){match->person.name, match->person.address};
}

static size_t find_mentioned(const struct turn *turn, const struct mention *mention)
{
    struct meeting *meeting = turn->meeting;
    if (mention->address.len > 0)
        return find_participant(meeting, mention->address);
    for (size_t i = 0; i < meeting->people.count; i++) {
        const struct participant *person = &meeting->people.items[i];
        if (person->status != PARTICIPANT_REMOVED &&
            name_means(mention->name, person->name, person->address))
            return i;
    }
    return NOBODY;
}

static size_t add_mentioned(struct turn *turn, const struct mention *mention,
                            enum participant_role role)
{
    struct mailbox box = {mention->name, mention->address};
    if (box.address.len == 0)
        box = address_of_name(turn, mention->name);
    if (box.address.len == 0)
        box.name = mention->name;
    return add_participant(turn, box.name, box.address, role);
}

static const struct {
    bool adds, removes;
    enum participant_role role;
} mention_effects[] = {
    [MENTION_ATTEND] = {.adds = true, .role = ROLE_REQUIRED},
    [MENTION_OPTIONAL] = {.adds = true, .role = ROLE_OPTIONAL},
    [MENTION_ADD] = {.adds = true, .role = ROLE_REQUIRED},
    [MENTION_ADD_OPTIONAL] = {.adds = true, .role = ROLE_OPTIONAL},
    [MENTION_MAKE_OPTIONAL] = {.role = ROLE_OPTIONAL},
    [MENTION_REMOVE] = {.removes = true},
    [MENTION_DELEGATE] = {.adds = false},
    [MENTION_NAMED] = {.adds = false},
};

static void note_index(const struct turn *turn, struct index_list *list, size_t at)
{
    if (list != NULL)
        ARENA_PUSH(turn->arena, list, at);
}

static bool apply_present(struct turn *turn, const struct mention *mention, size_t at,
                          struct index_list *came, struct index_list *went)
{
    struct participant *person = &turn->meeting->people.items[at];
    bool adds = mention_effects[mention->role].adds;
    if (person->role == ROLE_ORGANIZER)
        return false;
    if (mention_effects[mention->role].removes) {
        if (person->status == PARTICIPANT_REMOVED)
            return false;
        if (person->status != PARTICIPANT_DECLINED) /* who declined has nothing to hear */
            note_index(turn, went, at);
        person->status = PARTICIPANT_REMOVED;
        return true;
    }
    bool back = adds && !is_active(person), optional = mention->role == MENTION_MAKE_OPTIONAL ||
        mention->role == MENTION_OPTIONAL || mention->role == MENTION_ADD_OPTIONAL;
    if (back) {
        person->status = PARTICIPANT_WAITING;
        note_index(turn, came, at);
    }
    bool changed = optional != (person->role == ROLE_OPTIONAL) &&
                   (optional || mention->role == MENTION_ADD);
    if (changed)
        person->role = optional ? ROLE_OPTIONAL : ROLE_REQUIRED;
    return back || changed;
}

bool apply_mentions(struct turn *turn, const struct mention_list *mentions, bool initial,
                    struct index_list *came, struct index_list *went)
{
    bool changed = false;
    for (size_t i = 0; i < mentions->count; i++) {
        const struct mention *mention = &mentions->items[i];
        if (is_assistant(turn, mention) || mention->role == MENTION_NAMED ||
            mention->role == MENTION_DELEGATE || turn->meeting->people.count >= PEOPLE_MAX)
            continue;
        size_t at = find_mentioned(turn, mention);
        if (at != NOBODY) {
            changed |= apply_present(turn, mention, at, came, went);
            continue;
        }
        /* In an answer, only ATTEND with an address names somebody new. */
        if (!mention_effects[mention->role].adds ||
            (!initial && mention->role == MENTION_ATTEND && mention->address.len == 0))
            continue;
        at = add_mentioned(turn, mention, mention_effects[mention->role].role);
        note_index(turn, came, at);
        changed = true;
    }
    return changed;
}

static bool has_any(struct slice text, const char *const *marks, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (slice_find_nocase(text, slice_from(marks[i]), 0) != SIZE_MAX)
            return true;
    return false;
}

/* Words to the assistant alone: the whole mail, or what follows its name up to the end of
 * the line ("Camille, tu peux envoyer l'invitation ?"). */
static struct slice words_to_assistant(const struct turn *turn)
{
    struct slice text = turn->input->mail->new_text, name = turn->env->assistant.name;
    if (turn->input->recipients.count == 0 || name.len == 0)
        return turn->input->recipients.count == 0 ? text : SLICE_NONE;
    size_t at = slice_find(text, name, 0);
    if (at == SIZE_MAX)
        return SLICE_NONE;
    size_t end = slice_find(text, LIT("\n"), at);
    return slice_sub(text, at, end == SIZE_MAX ? text.len : end);
}

/* Whoever says "tu" to the assistant is answered so, until they say "vous". */
static void note_manner(const struct turn *turn, struct participant *person)
{
    static const char *const tu[] = {"peux-tu", "peux tu", "tu peux", " stp", "pourrais-tu", " tu ",
                                     "s'il te ", "s\u2019il te ", "envoie ", "dis-moi"};
    static const char *const vous[] = {" vous ", "pouvez-vous", "pourriez-vous", "votre ", " vos "};
    struct slice text = words_to_assistant(turn);
    if (has_any(text, vous, sizeof vous / sizeof *vous))
        person->informal = false;
    else if (has_any(text, tu, sizeof tu / sizeof *tu))
        person->informal = true;
}

static void note_zone(const struct turn *turn, struct participant *person)
{
    if (env_person(turn->env, person->address) != NULL)
        return;
    struct slice ours = organizer(turn->meeting)->time_zone;
    for (size_t i = 0; i < turn->reading->timexes.count; i++) {
        struct slice zone = turn->reading->timexes.items[i].zone;
        if (zone.len == 0 || slice_equal(zone, LIT("writer")) || slice_equal(zone, LIT("reader")))
            continue;
        if (!slice_equal(zone, ours))
            person->time_zone = zone;
    }
}

/* "Réponds-lui plutôt en anglais": to all of whom nothing better is known. */
static void note_language(struct turn *turn)
{
    for (size_t i = 1; i < turn->meeting->people.count; i++) {
        struct participant *person = &turn->meeting->people.items[i];
        enum language wished = language_wished(turn, person->address);
        if (wished == LANGUAGE_UNKNOWN || env_person(turn->env, person->address) != NULL)
            continue;
        turn->languages_changed |= person->language != wished;
        person->language = wished;
    }
}

void note_writer(struct turn *turn)
{
    if (turn->who == NOBODY || turn->input->kind != INPUT_MAIL)
        return;
    struct participant *person = &turn->meeting->people.items[turn->who];
    if (turn->who == 0)
        note_language(turn);
    bool themself = slice_equal_nocase(person->address, turn->writer);
    if (env_person(turn->env, person->address) == NULL &&
        turn->reading->language != LANGUAGE_UNKNOWN)
        person->language = turn->reading->language;
    note_zone(turn, person);
    if (themself && person->name.len == 0)
        person->name = turn->input->from.name;
    if (themself && turn->input->mail != NULL)
        note_manner(turn, person);
}
