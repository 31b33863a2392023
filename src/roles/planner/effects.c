/* What a move leads to, as rows of the move's own transaction: carried out after it,
 * and again after a crash, under the same ids. */
#include "domain/wording/wording.h"
#include "roles/planner/internal.h"

enum { MESSAGE_IDS_MAX = 50 };

static struct slice own_host(const struct planner *planner)
{
    struct slice address = planner->options.assistant.address;
    size_t at = slice_find(address, LIT("@"), 0);
    return at == SIZE_MAX ? LIT("rendez.invalid") : slice_sub(address, at + 1, address.len);
}

static struct participant *participant_of(struct meeting *meeting, struct slice address)
{
    for (size_t i = 0; i < meeting->people.count; i++) {
        struct participant *p = &meeting->people.items[i];
        if (slice_equal_nocase(p->address, address) ||
            (p->delegate_address.len > 0 && slice_equal_nocase(p->delegate_address, address)))
            return p;
    }
    return NULL;
}

static void remember_message(struct unit *unit, struct meeting *meeting, struct slice message_id)
{
    if (meeting->message_ids.count >= MESSAGE_IDS_MAX) {
        meeting->message_ids.items++;
        meeting->message_ids.count--;
        meeting->message_ids.capacity--;
    }
    ARENA_PUSH(unit->arena, &meeting->message_ids, message_id);
}

static enum status make_calendar(struct unit *unit, const struct mail_order *order,
                                 struct mail_draft *draft)
{
    struct ical_event event = order->event;
    struct ical_calendar calendar = {.method = order->method, .events = {&event, 1, 1}};
    if (!order->has_event)
        return ST_OK;
    draft->method = order->method;
    return ical_format(&calendar, unit->now, unit->arena, &draft->calendar, unit->why);
}

static void make_links(struct unit *unit, const struct meeting_hand *hand,
                       const struct mail_order *order, struct wording_links *links)
{
    *links = (struct wording_links){0};
    if (unit->planner->options.link_base.len == 0)
        return;
    if (order->guest)
        links->privacy = arena_format(unit->arena, "%.*s/privacy",
                                      SLICE_ARG(link_make(unit, hand, order->to.address, 0)));
    if (order->offers.count == 0)
        return;
    for (size_t i = 0; i < order->offers.count; i++)
        ARENA_PUSH(unit->arena, &links->slots,
                   link_make(unit, hand, order->to.address, order->offers.items[i].number));
    links->none = link_make(unit, hand, order->to.address, 0);
}

/* RFC 8058: what a person may get several of carries a way out that needs no page. */
static struct slice unsubscribe_link(struct unit *unit, const struct meeting_hand *hand,
                                     const struct mail_order *order)
{
    bool repeats = order->purpose == PURPOSE_PROPOSAL || order->purpose == PURPOSE_REMINDER;
    if (!order->guest || !repeats || unit->planner->options.link_base.len == 0)
        return SLICE_NONE;
    return arena_format(unit->arena, "%.*s/stop",
                        SLICE_ARG(link_make(unit, hand, order->to.address, 0)));
}

static enum status write_mail(struct unit *unit, struct meeting_hand *hand,
                              const struct mail_order *order, struct outgoing *out)
{
    struct wording words;
    struct wording_links links;
    struct slice id = store_new_id("mail", unit->arena);
    make_links(unit, hand, order, &links);
    TRY(wording_render(order, &links, unit->arena, &words, unit->why));
    const struct zone *zone = zone_or_utc(order->time_zone);
    *out = (struct outgoing){
        .order = *order,
        .meeting = hand == NULL ? SLICE_NONE : hand->meeting.id,
        .links = links.slots,
        .draft =
            {
                .from = unit->planner->options.assistant,
                .subject = words.subject,
                .text = words.text,
                .html = words.html,
                .message_id = arena_format(unit->arena, "%.*s@%.*s", SLICE_ARG(id),
                                           SLICE_ARG(own_host(unit->planner))),
                .in_reply_to = order->reply_to_id,
                .references = order->references,
                .date = unit->now,
                .unsubscribe = unsubscribe_link(unit, hand, order),
                .offset_s = zone_offset_s(zone, unit->now, NULL),
            },
    };
    ARENA_PUSH(unit->arena, &out->draft.to, order->to);
    return make_calendar(unit, order, &out->draft);
}

/* Of no meeting: sealed with the service's key. */
static enum status keep_loose(struct unit *unit, struct outbox_entry *entry,
                              const struct outgoing *outgoing)
{
    bool added;
    struct seal_place place = sealing_place(SEALED_OUTBOX, SLICE_NONE, entry->id);
    TRY(sealing_seal(unit->planner->service_key, &place, &outgoing_record, outgoing, unit->arena,
                     &entry->draft, unit->why));
    return store_add_outbox(unit->planner->store, entry, &added, unit->why);
}

enum status keep_order(struct unit *unit, struct meeting_hand *hand, const struct mail_order *order)
{
    struct store *store = unit->planner->store;
    struct outgoing outgoing;
    bool added;
    TRY(write_mail(unit, hand, order, &outgoing));
    struct slice message_id = outgoing.draft.message_id;
    struct outbox_entry entry = {
        .id = store_new_id("out", unit->arena),
        .idempotency_key = message_id,
        .meeting = outgoing.meeting,
        .due = unit->now,
        .message_id = message_id,
    };
    if (hand == NULL)
        return keep_loose(unit, &entry, &outgoing);
    if (!is_last_word(order))
        TRY(mail_due(unit, hand->meeting.organisation, order, &entry.due));
    TRY(seal_in_meeting(unit, hand, SEALED_OUTBOX, entry.id, &outgoing_record, &outgoing, &entry.draft));
    TRY(store_add_outbox(store, &entry, &added, unit->why));
    TRY(store_link_message(store, message_hash(unit, message_id), hand->meeting.id, unit->why));
    if (order->has_event)
        TRY(store_link_message(store, message_hash(unit, order->event.uid), hand->meeting.id,
                               unit->why));
    struct participant *reader = participant_of(&hand->meeting, order->to.address);
    if (reader != NULL)
        reader->last_sent_id = message_id;
    remember_message(unit, &hand->meeting, message_id);
    return ST_OK;
}

/* Who wants no mail gets none; move_meeting then tells the organizer. */
static enum status keep_mail(struct unit *unit, struct meeting_hand *hand,
                             const struct effect *effect)
{
    bool may;
    TRY(may_write(unit, hand->meeting.organisation, &effect->mail, &may));
    if (may)
        return keep_order(unit, hand, &effect->mail);
    ARENA_PUSH(unit->arena, &unit->stopped, effect->mail.to);
    return ST_OK;
}

static enum status keep_hold(struct unit *unit, struct meeting_hand *hand,
                             const struct effect *effect)
{
    struct person person;
    enum status found = find_person(unit, effect->address, &person);
    if (found == ST_NOT_FOUND)
        return ST_OK; /* a guest: their time is not ours to hold */
    TRY(found);
    struct hold hold = {person.id, hand->meeting.id, effect->span};
    return store_put_hold(unit->planner->store, &hold, unit->why);
}

static enum status keep_calendar_job(struct unit *unit, struct meeting_hand *hand,
                                     const struct effect *effect)
{
    bool added;
    struct job job = {
        .id = store_new_id("job", unit->arena),
        .kind = effect->kind == EFFECT_CALENDAR_PUT ? LIT("calendar.put") : LIT("calendar.remove"),
        .meeting = hand->meeting.id,
        .due = unit->now,
    };
    job.idempotency_key = job.id;
    TRY(seal_in_meeting(unit, hand, SEALED_JOB, job.id, &effect_record, effect, &job.content));
    return store_add_job(unit->planner->store, &job, &added, unit->why);
}

enum status keep_effects(struct unit *unit, struct meeting_hand *hand,
                         const struct meeting_env *env, const struct effect_list *effects)
{
    (void)env;
    bool holds_replaced = false;
    for (size_t i = 0; i < effects->count; i++) {
        const struct effect *effect = &effects->items[i];
        bool holds = effect->kind == EFFECT_HOLD || effect->kind == EFFECT_RELEASE;
        if (holds && !holds_replaced) {
            TRY(store_release_holds(unit->planner->store, hand->meeting.id, unit->why));
            holds_replaced = true;
        }
        if (effect->kind == EFFECT_MAIL)
            TRY(keep_mail(unit, hand, effect));
        else if (effect->kind == EFFECT_HOLD)
            TRY(keep_hold(unit, hand, effect));
        else if (effect->kind == EFFECT_CALENDAR_PUT || effect->kind == EFFECT_CALENDAR_REMOVE)
            TRY(keep_calendar_job(unit, hand, effect));
    }
    return keep_tasks(unit, hand);
}
