/* What the reader may know of the conversation when it reads somebody's mail. */
#include "domain/meeting/internal.h"

static enum thread_state thread_state_of(const struct meeting *meeting)
{
    enum meeting_state state =
        meeting->state == MEETING_SUPERVISION ? meeting->resumes : meeting->state;
    switch (state) {
    case MEETING_GATHERING:
        return THREAD_GATHERING;
    case MEETING_PROPOSING:
        return THREAD_PROPOSING;
    case MEETING_CONFIRMED:
        return THREAD_CONFIRMED;
    case MEETING_CANCELLED:
    case MEETING_ABANDONED:
    case MEETING_SUPERVISION:
    case MEETING_STATE_COUNT_:
        break;
    }
    return THREAD_CLOSED;
}

static void describe_people(const struct meeting *meeting, const struct meeting_env *env,
                            struct arena *arena, struct intent_context *out)
{
    for (size_t i = 0; i < meeting->people.count; i++) {
        const struct participant *person = &meeting->people.items[i];
        if (person->status == PARTICIPANT_REMOVED)
            continue;
        const struct known_person *known = env_person(env, person->address);
        struct person_context row = {
            .name = person->name,
            .address = person->address,
            .client = known != NULL && known->person.client,
            .organizer = person->role == ROLE_ORGANIZER,
            .optional = person->role == ROLE_OPTIONAL,
        };
        ARENA_PUSH(arena, &out->people, row);
        if (person->delegate_address.len > 0)
            ARENA_PUSH(arena, &out->people,
                       ((struct person_context){.name = person->delegate_name,
                                                .address = person->delegate_address}));
    }
}

static void describe_offers(const struct meeting *meeting, const struct participant *person,
                            const struct meeting_env *env, struct arena *arena,
                            struct intent_context *out)
{
    struct number_list seen = numbers_seen(meeting, person, env->now, arena);
    for (size_t i = 0; i < seen.count; i++)
        for (size_t j = 0; j < meeting->offers.count; j++)
            if (meeting->offers.items[j].number == seen.items[i].number)
                ARENA_PUSH(arena, &out->offers,
                           ((struct offer_context){(uint32_t)(i + 1),
                                                   meeting->offers.items[j].span}));
}

static void describe_writer(struct slice writer, const struct meeting_env *env,
                            struct intent_context *out)
{
    const struct known_person *known = env_person(env, writer);
    if (known == NULL)
        return;
    out->writer_is_client = known->person.client;
    out->writer_zone = known->person.time_zone;
}

static void describe_asked(const struct meeting *meeting, struct slice writer,
                           struct intent_context *out)
{
    if (!slice_equal_nocase(meeting->asked_whom, writer))
        return;
    out->asked = slice_equal(meeting->asked, LIT("guest_time")) ? LIT("time") : meeting->asked;
    out->asked_about = meeting->asked_about;
}

/* Whose clock the writer means by "your time": a guest the organizer's, the organizer that of the
 * guests, where all have the same. */
static struct slice reader_zone(const struct meeting *meeting, bool organizer)
{
    struct slice zone = SLICE_NONE;
    if (!organizer)
        return meeting->people.items[0].time_zone;
    for (size_t i = 1; i < meeting->people.count; i++) {
        const struct participant *guest = &meeting->people.items[i];
        if (guest->status == PARTICIPANT_REMOVED)
            continue;
        if (guest->time_zone.len == 0 || (zone.len > 0 && !slice_equal(zone, guest->time_zone)))
            return SLICE_NONE;
        zone = guest->time_zone;
    }
    return zone;
}

void meeting_context_mail(const struct mail *mail, const struct meeting_env *env, struct intent_context *context)
{
    const struct mailbox_list *lists[] = {&mail->to, &mail->cc};
    struct slice zone = SLICE_NONE;
    if (context->state != THREAD_NEW || !context->writer_is_client)
        return;
    for (size_t l = 0; l < sizeof lists / sizeof *lists; l++)
        for (size_t i = 0; i < lists[l]->count; i++) {
            struct slice address = lists[l]->items[i].address;
            const struct known_person *known = env_person(env, address);
            if (slice_equal_nocase(address, env->assistant.address) || slice_equal_nocase(address, mail->from.address))
                continue;
            if (known == NULL || (zone.len > 0 && !slice_equal(zone, known->person.time_zone)))
                return;
            zone = known->person.time_zone;
        }
    context->reader_zone = zone;
}

void meeting_context(const struct meeting *meeting, struct slice writer,
                     const struct meeting_env *env, struct arena *arena,
                     struct intent_context *out)
{
    *out = (struct intent_context){.assistant = env->assistant, .received = env->now};
    describe_writer(writer, env, out);
    if (meeting == NULL || meeting->talk) { /* no meeting is spoken of yet */
        out->organizer_zone = out->offer_zone = out->writer_zone;
        return;
    }
    size_t who = find_participant(meeting, writer);
    const struct participant *host = organizer(meeting);
    out->state = thread_state_of(meeting);
    out->organizer_zone = host->time_zone;
    out->kind = meeting->kind;
    out->duration_min = meeting->duration_min;
    out->confirmed = series_next(&meeting->series, meeting->confirmed, zone_or_utc(host->time_zone),
                                 env->now);
    out->series = meeting->series;
    out->writer_is_organizer = who == 0;
    out->reader_zone = reader_zone(meeting, out->writer_is_organizer);
    describe_people(meeting, env, arena, out);
    describe_asked(meeting, writer, out);
    if (who == NOBODY)
        return;
    const struct participant *person = &meeting->people.items[who];
    if (person->time_zone.len > 0)
        out->writer_zone = person->time_zone;
    if (out->writer_zone.len == 0)
        out->writer_zone = host->time_zone;
    out->offer_zone = out->writer_zone;
    describe_offers(meeting, person, env, arena, out);
}

bool meeting_concerns(const struct meeting *meeting, struct slice address)
{
    return find_participant(meeting, address) != NOBODY;
}
