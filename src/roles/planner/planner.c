#include "roles/planner/planner.h"

#include <stdlib.h>

#include "base/eventlog/eventlog.h"
#include "platform/store/sealing.h"
#include "roles/planner/internal.h"

enum {
    PLANNER_BYTES_MAX = 16 << 20,
    LEASE_MINUTES = 5,
    RETRY_S_MAX = 4 * 3600,
    MAIL_RETRY_S = 5, /* doubled before the first time already */
    JOB_RETRY_S = 1,
};

static const struct record_field outgoing_fields[] = {
    FIELD_OF(outgoing, draft, 1, RECORD_STRUCT, mail_draft_record),
    FIELD_OF(outgoing, order, 2, RECORD_STRUCT, mail_order_record),
    FIELD(outgoing, meeting, 3, RECORD_TEXT),
    FIELD(outgoing, links, 4, RECORD_TEXTS),
};
RECORD_TYPE(outgoing_record, outgoing, outgoing_fields);

enum status planner_create(struct store *store, const struct planner_ports *ports,
                           const struct planner_options *options, struct planner **out,
                           struct problem *why)
{
    struct arena *arena = arena_create_wiped(PLANNER_BYTES_MAX);
    struct planner *planner = ARENA_NEW(arena, struct planner);
    *planner = (struct planner){.store = store, .ports = *ports, .options = *options, .arena = arena};
    planner->options.assistant.name = arena_copy(arena, options->assistant.name);
    planner->options.assistant.address = arena_copy(arena, options->assistant.address);
    planner->options.link_base = arena_copy(arena, options->link_base);
    if (planner->options.supervision.minutes[0] == 0) {
        planner->options.supervision = supervision_defaults;
        planner->options.supervision.sample_permille = 0;
    }
    planner->random = options->seed;
    planner->change = options->seed != 0 ? 0 : (uint64_t)clock_now().us / 1000000;
    if (planner->random == 0)
        vault_random(&planner->random, sizeof planner->random);
    struct key_ask lookups = {.purpose = KEY_FOR_LOOKUPS}, service = {.purpose = KEY_FOR_SERVICE};
    enum status status = ask_key(planner, &lookups, NULL, NULL, &planner->lookup_key, why);
    if (status == ST_OK)
        status = ask_key(planner, &service, NULL, NULL, &planner->service_key, why);
    if (status != ST_OK)
        planner_destroy(&planner);
    else
        *out = planner;
    return status;
}

void planner_destroy(struct planner **planner)
{
    if (*planner == NULL)
        return;
    forget_keys(*planner);
    secret_destroy(&(*planner)->lookup_key);
    secret_destroy(&(*planner)->service_key);
    arena_destroy(&(*planner)->known_arena);
    struct arena *arena = (*planner)->arena;
    *planner = NULL;
    arena_destroy(&arena);
}

enum status run_work(struct planner *planner, work_fn *run, struct work *work, struct instant now,
                     struct problem *why)
{
    enum status status = ST_OK;
    for (int i = 0; i < CONFLICT_TRIES; i++) {
        AUTO_ARENA arena = arena_create_wiped(UNIT_BYTES_MAX);
        struct unit unit = {planner, arena, now, why};
        TRY(store_begin(planner->store, why));
        status = run(&unit, work);
        if (status == ST_OK)
            status = store_commit(planner->store, why);
        if (status == ST_OK)
            return ST_OK;
        store_rollback(planner->store);
        if (status != ST_CONFLICT)
            break;
    }
    return status;
}

enum status move_loaded(struct unit *unit, struct meeting_hand *hand, struct work *work)
{
    struct relevant relevant = {0};
    relevant_from_meeting(unit, &hand->meeting, &relevant);
    if (work->input.decision != NULL)
        relevant_from_reading(unit, &work->input.decision->reading, &relevant);
    return move_meeting(unit, hand, &work->input, &relevant, &work->outcome);
}

/* Personal links */

enum status planner_link_show(struct planner *planner, struct slice token, struct arena *arena,
                              struct link_view *out, struct problem *why)
{
    struct unit unit = {planner, arena, {0}, why};
    AUTO_HAND hand = {0};
    TRY(link_open(&unit, token, &hand, &out->reader, &out->number));
    out->meeting = hand.meeting;
    return ST_OK;
}

static const struct offer *find_offer(const struct meeting *meeting, uint32_t number)
{
    for (size_t i = 0; i < meeting->offers.count; i++)
        if (meeting->offers.items[i].number == number && !meeting->offers.items[i].withdrawn)
            return &meeting->offers.items[i];
    return NULL;
}

/* None of the slots, but something else: read like an answer by mail. */
static enum status choose_in_words(struct unit *unit, struct meeting_hand *hand, struct work *work)
{
    struct planner *planner = unit->planner;
    struct meeting_env env;
    struct relevant relevant = {0};
    struct intent_context context;
    struct reading reading;
    struct mail mail = {
        .from = work->input.from,
        .subject = hand->meeting.subject,
        .text = work->words,
        .new_text = work->words,
        .origin = MAIL_ORIGIN_PASS, /* the link is theirs alone */
    };
    relevant_from_meeting(unit, &hand->meeting, &relevant);
    TRY(build_env(unit, &relevant, &hand->meeting, &env));
    meeting_context(&hand->meeting, mail.from.address, &env, unit->arena, &context);
    context.explain = planner->options.sandbox;
    const struct zone *zone = zone_or_utc(context.writer_zone);
    mail.has_date = true;
    mail.date = civil_from_instant(unit->now, zone);
    mail.offset_s = zone_offset_s(zone, unit->now, NULL);
    TRY(planner->ports.understand(planner->ports.self, &mail, &context, unit->arena, &reading,
                                  unit->why));
    work->input.kind = INPUT_MAIL;
    work->input.mail = &mail;
    work->input.subject = mail.subject;
    work->input.reading = &reading;
    return move_loaded(unit, hand, work);
}

static enum status work_choose(struct unit *unit, struct work *work)
{
    AUTO_HAND hand = {0};
    struct participant reader;
    uint32_t number;
    TRY(link_open(unit, work->token, &hand, &reader, &number));
    if (work->number != 0 && find_offer(&hand.meeting, work->number) == NULL)
        return problem_set(unit->why, ST_CONFLICT, "this slot is no longer offered");
    work->input = (struct meeting_input){
        .kind = INPUT_CHOICE,
        .from = {reader.name, reader.address},
        .choice = work->number,
    };
    return work->number == 0 && work->words.len > 0 ? choose_in_words(unit, &hand, work)
                                                    : move_loaded(unit, &hand, work);
}

enum status planner_link_choose(struct planner *planner, struct slice token, uint32_t number,
                                struct slice words, struct instant now, enum meeting_outcome *outcome,
                                struct problem *why)
{
    struct work work = {.token = token, .number = number, .words = words};
    TRY(run_work(planner, work_choose, &work, now, why));
    *outcome = work.outcome;
    return ST_OK;
}

/* Time */

bool planner_next_due(struct planner *planner, struct instant *due)
{
    return store_next_due(planner->store, due, NULL) == ST_OK;
}

static enum status work_wake(struct unit *unit, struct work *work)
{
    AUTO_HAND hand = {0};
    TRY(load_meeting(unit, work->id, &hand));
    if (hand.meeting.due.us == 0 || hand.meeting.due.us > unit->now.us)
        return ST_OK; /* somebody was quicker */
    struct instant before = hand.meeting.due;
    enum status moved = move_loaded(unit, &hand, work);
    bool refused = moved == ST_CONFLICT && work->outcome == OUTCOME_IGNORED;
    if (moved != ST_OK && !refused)
        return moved;
    if (hand.meeting.due.us == before.us) { /* nothing to do any more: do not wake again */
        hand.meeting.due.us = 0;
        return save_meeting(unit, &hand);
    }
    return moved;
}

enum status planner_wake(struct planner *planner, struct instant now, struct problem *why)
{
    AUTO_ARENA arena = arena_create(UNIT_BYTES_MAX);
    struct stored_meeting_list due;
    enum status worst = wake_tasks(planner, now, why);
    TRY(store_due_meetings(planner->store, now, arena, &due, why));
    for (size_t i = 0; i < due.count; i++) {
        struct work work = {.id = due.items[i].id, .input = {.kind = INPUT_TIMER}};
        struct problem own;
        enum status woken = run_work(planner, work_wake, &work, now, &own);
        if (woken == ST_OK)
            continue;
        worst = problem_set(why, woken, "%s", own.detail); /* the others wake all the same */
        event_log(EVENT_MEETING_FAILED, field_id(KEY_MEETING, work.id), field_problem(&own));
    }
    return worst;
}

/* Outgoing mail */

/* BASE seconds after the first attempt, twice as long after each further one, at most
 * four hours. */
static struct instant next_try(struct instant now, uint32_t attempts, int64_t base_s)
{
    int64_t wait_s = base_s << (attempts < 16 ? attempts : 16);
    return (struct instant){now.us + (wait_s < RETRY_S_MAX ? wait_s : RETRY_S_MAX) * 1000000};
}

enum status open_mail(struct unit *unit, const struct meeting_hand *hand,
                      const struct outbox_entry *entry, struct outgoing *out)
{
    struct seal_place place = sealing_place(
        SEALED_OUTBOX, hand == NULL ? SLICE_NONE : hand->meeting.organisation, entry->id);
    const struct secret *key;
    TRY(get_opening_key(unit, hand, entry->draft, &key));
    return sealing_open(key, &place, entry->draft, &outgoing_record, unit->arena, out, unit->why);
}

static enum status open_outgoing(struct unit *unit, const struct outbox_entry *entry,
                                 struct outgoing *out, bool *may)
{
    AUTO_HAND hand = {0};
    *may = true;
    if (entry->meeting.len == 0)
        return open_mail(unit, NULL, entry, out);
    TRY(load_meeting(unit, entry->meeting, &hand));
    TRY(open_mail(unit, &hand, entry, out));
    return may_write(unit, hand.meeting.organisation, &out->order, may);
}

enum status planner_next_mail(struct planner *planner, struct instant now, struct arena *arena,
                              struct slice *id, struct outgoing *out, struct problem *why)
{
    struct unit unit = {.planner = planner, .arena = arena, .now = now, .why = why};
    struct outbox_entry entry;
    enum status opened;
    bool may = true;
    do { /* who said meanwhile that they want no mail gets none that waited */
        TRY(store_take_outbox(planner->store, now, minutes(LEASE_MINUTES), arena, &entry, why));
        opened = open_outgoing(&unit, &entry, out, &may);
        if (opened == ST_OK && !may)
            TRY(store_mark_sent(planner->store, entry.id, why));
    } while (opened == ST_OK && !may);
    *id = entry.id;
    if (opened == ST_UNAVAILABLE) /* no key just now: not for the length of a lease */
        TRY(store_defer_outbox(planner->store, entry.id, next_try(now, 0, 1), NULL));
    return opened == ST_NOT_FOUND ? ST_INVALID : opened;
}

static const char clock_set_back[] = "clock.time.set_back";

static enum status work_set_back(struct unit *unit, struct work *work)
{
    struct slice seconds = arena_format(unit->arena, "seconds=%lld", (long long)(work->by.us / 1000000));
    TRY(store_bring_forward(unit->planner->store, work->by, unit->why));
    return store_append_log(unit->planner->store, unit->now, slice_from(clock_set_back), seconds,
                            unit->why);
}

enum status planner_clock_set_back(struct planner *planner, struct duration by, struct instant now,
                                   struct problem *why)
{
    struct work work = {.by = by};
    TRY(run_work(planner, work_set_back, &work, now, why));
    event_log(EVENT_CLOCK_SET_BACK, field_number(KEY_COUNT, by.us / 1000000));
    return ST_OK;
}

enum status planner_resume(struct planner *planner, struct instant now, struct problem *why)
{
    struct instant logged;
    enum status found = store_latest_logged(planner->store, slice_from(clock_set_back), &logged, why);
    if (found != ST_OK && found != ST_NOT_FOUND)
        return found;
    if (found == ST_OK && logged.us - now.us > PLANNER_CLOCK_STEP_US)
        TRY(planner_clock_set_back(planner, (struct duration){logged.us - now.us}, now, why));
    const struct waits waits = {
        .mail_first = {(int64_t)MAIL_RETRY_S * 1000000},
        .job_first = {(int64_t)JOB_RETRY_S * 1000000},
        .longest = {(int64_t)RETRY_S_MAX * 1000000},
    };
    TRY(store_bound_waits(planner->store, now, &waits, why));
    TRY(planner_look_at_root(planner, now, why));
    return store_resume_work(planner->store, now, why);
}

/* Given up, and the meeting hears of it, in one transaction. A meeting that has nothing to
 * do about it (ST_CONFLICT of the table) leaves the entry given up all the same. */
static enum status work_bounced(struct unit *unit, struct work *work)
{
    struct outbox_entry entry;
    struct outgoing outgoing;
    AUTO_HAND hand = {0};
    TRY(store_load_outbox(unit->planner->store, work->id, unit->arena, &entry, unit->why));
    TRY(store_fail_outbox(unit->planner->store, work->id, unit->why));
    if (entry.meeting.len == 0) /* nobody waits for it */
        return store_forget_loose(unit->planner->store, work->id, unit->why);
    TRY(load_meeting(unit, entry.meeting, &hand));
    TRY(open_mail(unit, &hand, &entry, &outgoing));
    work->input = (struct meeting_input){.kind = INPUT_BOUNCED, .from = outgoing.order.to};
    return move_loaded(unit, &hand, work);
}

static enum status defer_mail(struct planner *planner, const struct outbox_entry *entry,
                              struct instant now, struct problem *why)
{
    event_log(EVENT_MAIL_DEFERRED, field_id(KEY_OUTBOX, entry->id),
              field_number(KEY_COUNT, entry->attempts));
    return store_defer_outbox(planner->store, entry->id, next_try(now, entry->attempts, MAIL_RETRY_S), why);
}

enum status planner_mail_done(struct planner *planner, struct slice id, enum status result,
                              struct instant now, struct problem *why)
{
    enum { ATTEMPTS_MAX = 30 }; /* three days */
    AUTO_ARENA arena = arena_create(UNIT_BYTES_MAX);
    struct outbox_entry entry;
    if (result == ST_OK) {
        event_log(EVENT_MAIL_SENT, field_id(KEY_OUTBOX, id));
        TRY(store_mark_sent(planner->store, id, why));
        return store_forget_loose(planner->store, id, why);
    }
    TRY(store_load_outbox(planner->store, id, arena, &entry, why));
    if (result == ST_UNAVAILABLE && entry.attempts < ATTEMPTS_MAX)
        return defer_mail(planner, &entry, now, why);
    struct work work = {.id = id};
    enum status moved = run_work(planner, work_bounced, &work, now, why);
    if (moved == ST_OK || moved == ST_UNAVAILABLE)
        return moved; /* the latter: the lease ends and the mail comes back once more */
    return store_fail_outbox(planner->store, id, why);
}

/* Jobs: writing calendars */

/* An address of an ICS file is read only by its nature. */
static bool is_feed(struct slice calendar)
{
    size_t query = slice_find(calendar, LIT("?"), 0);
    bool url = slice_starts_nocase(calendar, LIT("http://")) || slice_starts_nocase(calendar, LIT("https://"));
    return slice_starts_nocase(calendar, LIT("webcal://")) ||
           (url && slice_ends(slice_sub(calendar, 0, query), LIT(".ics")));
}

/* A job that had to wait may come after a younger one of the same event: what was cancelled
 * or moved meanwhile is not put back, what was put anew is not removed. */
static bool is_superseded(const struct meeting *meeting, const struct effect *effect)
{
    bool active = false;
    for (size_t i = 0; i < meeting->people.count; i++)
        active = active || (slice_equal_nocase(meeting->people.items[i].address, effect->address) &&
                            meeting->people.items[i].status != PARTICIPANT_REMOVED);
    bool stands = active && meeting->confirmed.end.us > 0 && meeting->state != MEETING_CANCELLED &&
                  meeting->state != MEETING_ABANDONED;
    bool old = effect->event.sequence < meeting->sequence;
    return effect->kind == EFFECT_CALENDAR_PUT ? !stands || old : stands && old;
}

static enum status open_job(struct unit *unit, const struct job *job, struct calendar_job *out)
{
    struct effect effect;
    AUTO_HAND hand = {0};
    TRY(load_meeting(unit, job->meeting, &hand));
    struct seal_place place = sealing_place(SEALED_JOB, hand.meeting.organisation, job->id);
    TRY(sealing_open(hand.key, &place, job->content, &effect_record, unit->arena, &effect,
                     unit->why));
    *out = (struct calendar_job){
        .id = job->id,
        .attempts = job->attempts,
        .remove = effect.kind == EFFECT_CALENDAR_REMOVE,
        .event = effect.event,
    };
    enum status found = find_person(unit, effect.address, &out->person);
    out->has_person = found == ST_OK && !is_superseded(&hand.meeting, &effect) &&
                      !is_feed(out->person.calendar);
    return found == ST_NOT_FOUND ? ST_OK : found;
}

enum status planner_next_job(struct planner *planner, struct instant now, struct arena *arena,
                             struct calendar_job *out, struct problem *why)
{
    struct unit unit = {planner, arena, now, why};
    struct job job;
    TRY(store_take_job(planner->store, now, minutes(LEASE_MINUTES), arena, &job, why));
    enum status opened = open_job(&unit, &job, out);
    if (opened == ST_UNAVAILABLE)
        TRY(store_defer_job(planner->store, job.id, next_try(now, 0, 1), NULL));
    return opened == ST_NOT_FOUND ? ST_INVALID : opened;
}

enum status planner_job_done(struct planner *planner, struct slice id, uint32_t attempts,
                             enum status result, struct instant now, struct problem *why)
{
    /* Days when the server is away; an hour when it refuses, since a password is mended or a
     * server comes to itself. What is no event never will be one. */
    enum { JOB_ATTEMPTS_MAX = 30, REFUSED_ATTEMPTS_MAX = 12 };
    uint32_t most = result == ST_UNAVAILABLE ? JOB_ATTEMPTS_MAX : REFUSED_ATTEMPTS_MAX;
    if (result == ST_OK)
        return store_finish_job(planner->store, id, why);
    if (result == ST_INVALID || attempts >= most)
        return store_fail_job(planner->store, id, why);
    return store_defer_job(planner->store, id, next_try(now, attempts, JOB_RETRY_S), why);
}

static enum status work_tell_calendar(struct unit *unit, struct work *work)
{
    struct person person;
    TRY(load_person(unit, work->id, &person));
    return tell_calendar(unit, &person, work->words);
}

enum status planner_tell_calendar(struct planner *planner, struct slice person, bool writing,
                                  struct instant now, struct problem *why)
{
    struct work work = {.id = person,
                        .words = writing ? LIT("calendar.unwritable") : LIT("calendar.unreadable")};
    enum status told = run_work(planner, work_tell_calendar, &work, now, why);
    return told == ST_NOT_FOUND ? ST_OK : told; /* no longer anybody's calendar */
}

enum status planner_all_meetings(struct planner *planner, struct arena *arena,
                                 struct meeting_list *out, struct problem *why)
{
    struct unit unit = {planner, arena, {0}, why};
    struct stored_meeting_list rows;
    *out = (struct meeting_list){0};
    TRY(store_list_meetings(planner->store, SLICE_NONE, arena, &rows, why));
    for (size_t i = 0; i < rows.count; i++) {
        if (rows.items[i].key.sealed.bytes.len == 0)
            continue; /* erased */
        AUTO_HAND hand = {0};
        enum status opened = open_meeting(&unit, &rows.items[i], &hand);
        if (opened == ST_NOT_FOUND)
            continue; /* its organisation was */
        TRY(opened);
        ARENA_PUSH(arena, out, hand.meeting);
    }
    return ST_OK;
}
