/* Who is P1, P2, … in a case. */
#include "domain/casefile/parts.h"

static size_t find_address(const struct case_person_list *people, struct slice address)
{
    for (size_t i = 0; address.len > 0 && i < people->count; i++)
        if (slice_equal_nocase(people->items[i].address, address))
            return i;
    return CASE_NOBODY;
}

/* Once, and not without name and address. */
static void add(struct arena *arena, struct case_person_list *people, struct slice name, struct slice address,
                struct slice phone)
{
    struct case_person person = {name, address, phone};
    bool is_new = address.len > 0 ? find_address(people, address) == CASE_NOBODY : name.len > 0;
    if (is_new && people->count < MASK_PEOPLE_MAX)
        ARENA_PUSH(arena, people, person);
}

/* The meeting's people have their own numbers, whatever they have in common. */
static void add_participants(const struct meeting *meeting, struct arena *arena, struct case_person_list *out)
{
    for (size_t i = 0; i < meeting->people.count; i++) {
        const struct participant *p = &meeting->people.items[i];
        ARENA_PUSH(arena, out, ((struct case_person){p->name, p->address, p->phone}));
    }
    for (size_t i = 0; i < meeting->people.count; i++)
        add(arena, out, meeting->people.items[i].delegate_name, meeting->people.items[i].delegate_address, SLICE_NONE);
}

size_t case_person_of(const struct case_person_list *people, struct slice name, struct slice address)
{
    size_t found = find_address(people, address);
    for (size_t i = 0; found == CASE_NOBODY && address.len == 0 && name.len > 0 && i < people->count; i++)
        if (slice_equal(people->items[i].name, name) ||
            name_means(name, people->items[i].name, people->items[i].address))
            found = i;
    return found;
}

static void add_mentions(const struct reading *reading, struct arena *arena, struct case_person_list *out)
{
    for (size_t r = 0; r < reading->requests.count; r++) {
        const struct meeting_request *request = &reading->requests.items[r];
        for (size_t i = 0; i < request->people.count; i++) {
            const struct mention *mention = &request->people.items[i];
            if (case_person_of(out, mention->name, mention->address) == CASE_NOBODY)
                add(arena, out, mention->name, mention->address, SLICE_NONE);
        }
    }
}

/* Who came with the decision that is tried: whoever was spoken of keeps their number. */
static void add_newcomers(const struct case_facts *facts, struct arena *arena, struct case_person_list *out)
{
    const struct participant_list *people = &facts->meeting->people;
    for (size_t i = facts->answered->people.count; i < people->count; i++)
        if (case_person_of(out, people->items[i].name, people->items[i].address) == CASE_NOBODY)
            add(arena, out, people->items[i].name, people->items[i].address, people->items[i].phone);
}

const struct participant *case_participant(const struct case_facts *facts, const struct case_person_list *people,
                                           size_t person)
{
    const struct participant_list *now = &facts->meeting->people;
    if (person < facts->answered->people.count)
        return person < now->count ? &now->items[person] : NULL;
    for (size_t i = facts->answered->people.count; i < now->count; i++)
        if (case_person_of(people, now->items[i].name, now->items[i].address) == person)
            return &now->items[i];
    return NULL;
}

void case_people(const struct case_facts *facts, struct arena *arena, struct case_person_list *out)
{
    *out = (struct case_person_list){0};
    add_participants(facts->answered, arena, out);
    add_mentions(&facts->task->reading, arena, out);
    for (size_t i = 0; i < facts->thread.count; i++)
        add(arena, out, SLICE_NONE, facts->thread.items[i].from, SLICE_NONE);
    for (size_t i = 0; i < facts->env->people_count; i++)
        add(arena, out, facts->env->people[i].person.name, facts->env->people[i].person.address, SLICE_NONE);
    if (facts->reading != NULL)
        add_mentions(facts->reading, arena, out);
    add_newcomers(facts, arena, out);
    for (size_t i = 0; i < facts->mails.count; i++)
        add(arena, out, SLICE_NONE, facts->mails.items[i].to, SLICE_NONE);
}
