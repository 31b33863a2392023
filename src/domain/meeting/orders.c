/* Mails as facts: who gets which phrase, in which language, zone and thread. */
#include "domain/meeting/internal.h"

struct effect *add_effect(struct turn *turn, enum effect_kind kind)
{
    struct effect effect = {.kind = kind};
    ARENA_PUSH(turn->arena, turn->effects, effect);
    return &turn->effects->items[turn->effects->count - 1];
}

/* Two zones are the same to a reader when their clocks agree now. */
static bool same_clock(const struct turn *turn, struct slice a, struct slice b)
{
    const struct zone *first, *second;
    if (slice_equal(a, b))
        return true;
    if (zone_load(a, &first, NULL) != ST_OK || zone_load(b, &second, NULL) != ST_OK)
        return false;
    return zone_offset_s(first, turn->env->now, NULL) == zone_offset_s(second, turn->env->now, NULL);
}

/* The zone is named unless everybody is known to live by the same clock. */
static bool names_zone(const struct turn *turn, size_t to)
{
    const struct meeting *meeting = turn->meeting;
    struct slice ours = organizer(meeting)->time_zone;
    const struct participant *reader = &meeting->people.items[to];
    if (to != 0)
        return reader->time_zone.len == 0 || !same_clock(turn, reader->time_zone, ours);
    for (size_t i = 1; i < meeting->people.count; i++) {
        const struct participant *person = &meeting->people.items[i];
        if (is_active(person) && person->time_zone.len > 0 &&
            !same_clock(turn, person->time_zone, ours))
            return true;
    }
    return false;
}

static struct slice_list names_for(const struct turn *turn, size_t to)
{
    struct slice_list names = {0};
    for (size_t i = 0; i < turn->meeting->people.count; i++) {
        const struct participant *person = &turn->meeting->people.items[i];
        if (i != to && is_active(person))
            ARENA_PUSH(turn->arena, &names, display_name(person));
    }
    return names;
}

/* In-Reply-To is the newest mail of the thread that this reader has seen. */
static void thread_order(struct turn *turn, struct mail_order *order,
                         const struct participant *person)
{
    const struct mail *mail = turn->input->mail;
    order->reply_to_id = person->last_sent_id;
    if (mail != NULL && order->reply_to_id.len > 0 &&
        slice_equal(order->reply_to_id, turn->input->message_id))
        for (size_t i = mail->references.count > 20 ? mail->references.count - 20 : 0;
             i < mail->references.count; i++)
            ARENA_PUSH(turn->arena, &order->references, mail->references.items[i]);
    if (order->reply_to_id.len > 0)
        ARENA_PUSH(turn->arena, &order->references, order->reply_to_id);
}

struct mail_order *order_mail_to(struct turn *turn, struct mailbox to, size_t as,
                                 enum mail_purpose purpose, const char *phrase)
{
    struct meeting *meeting = turn->meeting;
    struct participant *person = &meeting->people.items[as], *host = organizer(meeting);
    struct mail_order *order = &add_effect(turn, EFFECT_MAIL)->mail;
    order->purpose = purpose;
    order->guest = as != 0 && env_person(turn->env, to.address) == NULL;
    order->phrase = slice_from(phrase);
    order->to = to;
    order->language = person->language == LANGUAGE_UNKNOWN ? host->language : person->language;
    if (order->language == LANGUAGE_UNKNOWN)
        order->language = LANGUAGE_EN;
    order->time_zone = person->time_zone.len > 0 ? person->time_zone : host->time_zone;
    order->zone_named = names_zone(turn, as);
    order->informal = person->informal;
    order->recipient_name = to.name;
    order->organizer_name = display_name(host);
    order->organizer_address = host->address;
    order->assistant_name = turn->env->assistant.name;
    order->subject = as == 0 ? meeting->subject : meeting->guest_subject;
    order->kind = meeting->kind;
    order->duration_min = meeting->duration_min;
    order->place = meeting->place;
    order->old_slot = meeting->moved_from;
    order->names = names_for(turn, as);
    order->series = meeting->series;
    if (is_series(turn))
        order->series_zone = slice_from(zone_name(organizer_zone(turn)));
    thread_order(turn, order, person);
    return order;
}

struct mail_order *order_mail(struct turn *turn, size_t to, enum mail_purpose purpose,
                              const char *phrase)
{
    const struct participant *person = &turn->meeting->people.items[to];
    struct mailbox box = {person->name, person->address};
    if (person->delegate_address.len > 0)
        box = (struct mailbox){person->delegate_name, person->delegate_address};
    struct mail_order *order = order_mail_to(turn, box, to, purpose, phrase);
    if (person->delegate_address.len > 0)
        order->detail = display_name(person); /* in whose stead they read it */
    return order;
}
