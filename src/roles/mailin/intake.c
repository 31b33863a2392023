#include "roles/mailin/intake.h"

#include <stdlib.h>
#include <string.h>

enum { WORK_BYTES_MAX = 256 << 20, LIST_BYTES_MAX = 64 << 20 };

enum entry_state {
    ENTRY_WAITING,  /* on disk */
    ENTRY_UNLOCKING, /* its key is asked for */
    ENTRY_HANDED,   /* with the reader or the planner */
    ENTRY_KEPT,     /* with the planner, which tries it again by itself */
};

/* A message on disk. */
struct entry {
    struct entry *next;
    char id[SPOOL_ID_BYTES];
    enum entry_state state;
    uint32_t call;             /* ENTRY_UNLOCKING */
    struct monotonic since;    /* when the state was entered */
    struct monotonic set_back; /* when it went behind the others; 0: it did not */
    unsigned reader_deaths, planner_deaths;
};

/* A message that is whole but not ours yet: its key is asked for. */
struct intake_offer {
    struct intake_offer *next;
    struct intake *intake;
    struct arena *arena; /* wiped */
    struct slice id, content; /* a spooled_mail, encoded */
    uint32_t call;
    struct monotonic since;
    intake_done_fn *done; /* NULL: cancelled, or told */
    void *context;
};

struct intake {
    struct role *role;
    struct spool *spool;
    struct loop_timer *timer;
    struct entry *entries, **last; /* in order of arrival */
    struct intake_offer *offers;
    bool paused; /* until the timer: the disk, keyd or the reader failed */
    bool planner_serves; /* it has said so since it was connected */
    bool leaving;
};

static struct monotonic now_of(const struct intake *intake)
{
    return loop_moment(role_loop(intake->role))->clock;
}

static struct slice id_of(const struct entry *entry)
{
    return (struct slice){entry->id, SPOOL_ID_BYTES};
}

static struct entry *find_entry(const struct intake *intake, struct slice id)
{
    for (struct entry *entry = intake->entries; entry != NULL; entry = entry->next)
        if (slice_equal(id_of(entry), id))
            return entry;
    return NULL;
}

static struct entry *add_entry(struct intake *intake, struct slice id)
{
    struct entry *entry = must_calloc(1, sizeof *entry);
    memcpy(entry->id, id.data, SPOOL_ID_BYTES);
    entry->since = now_of(intake);
    *intake->last = entry;
    intake->last = &entry->next;
    return entry;
}

static void drop_entry(struct intake *intake, struct entry *entry)
{
    for (struct entry **at = &intake->entries; *at != NULL; at = &(*at)->next) {
        if (*at != entry)
            continue;
        *at = entry->next;
        if (intake->last == &entry->next)
            intake->last = at;
        free(entry);
        return;
    }
}

static void set_state(struct intake *intake, struct entry *entry, enum entry_state state)
{
    entry->state = state;
    entry->since = now_of(intake);
}

static void pause_intake(struct intake *intake)
{
    intake->paused = true;
    loop_timer_after(intake->timer, INTAKE_PAUSE_MS);
}

static void log_failure(enum event event, struct slice id, const struct problem *why)
{
    event_log(event, field_id(KEY_MESSAGE, id), field_problem(why));
}

/* Handing over. */

static const char *poison_reason(const struct entry *entry)
{
    if (entry->reader_deaths >= READER_DEATHS_MAX)
        return "reader_died";
    return entry->planner_deaths >= PLANNER_DEATHS_MAX ? "planner_died" : NULL;
}

static bool hand_over(struct intake *intake, struct entry *entry, const struct spooled_mail *mail)
{
    struct problem why;
    enum status status;
    struct slice reason = slice_from(poison_reason(entry));
    if (reason.len == 0)
        reason = mail->unreadable;
    if (reason.len > 0) {
        struct unreadable_mail unreadable = {id_of(entry), reason, mail->envelope, mail->raw};
        event_log(EVENT_MAIL_FAILED, field_id(KEY_MESSAGE, id_of(entry)),
                  field_id(KEY_PROBLEM, reason));
        status = ipc_send(role_channel(intake->role, ROLE_PLANNER), MESSAGE_UNREADABLE_MAIL,
                          &unreadable, &why);
    } else {
        struct raw_mail raw = {id_of(entry), mail->envelope, mail->raw};
        status = ipc_send(role_channel(intake->role, ROLE_READER), MESSAGE_RAW_MAIL, &raw, &why);
    }
    if (status == ST_OK) {
        set_state(intake, entry, ENTRY_HANDED);
        return true;
    }
    set_state(intake, entry, ENTRY_WAITING); /* on_peer or the timer comes back to it */
    pause_intake(intake);
    return false;
}

static void set_aside(struct intake *intake, struct entry *entry, const struct problem *cause)
{
    struct problem why;
    log_failure(EVENT_MAIL_FAILED, id_of(entry), cause);
    if (spool_set_aside(intake->spool, id_of(entry), &why) != ST_OK)
        log_failure(EVENT_MAIL_FAILED, id_of(entry), &why);
    drop_entry(intake, entry);
}

/* Asks for the key of a message that waits. False: not now. */
static bool unlock(struct intake *intake, struct entry *entry)
{
    AUTO_ARENA arena = arena_create(WORK_BYTES_MAX);
    struct spool_key_open question = {.id = id_of(entry)};
    struct sealed content;
    struct problem why;
    enum status status =
        spool_get(intake->spool, id_of(entry), arena, &question.wrapped, &content, &why);
    if (status == ST_INVALID || status == ST_NOT_FOUND || status == ST_LIMIT) {
        set_aside(intake, entry, &why);
        return true;
    }
    if (status == ST_OK)
        status = ipc_ask(role_channel(intake->role, ROLE_KEYD), MESSAGE_SPOOL_KEY_OPEN, &question,
                         &entry->call, &why);
    if (status == ST_OK) {
        set_state(intake, entry, ENTRY_UNLOCKING);
        return true;
    }
    log_failure(EVENT_MAIL_FAILED, id_of(entry), &why);
    pause_intake(intake);
    return false;
}

/* A message that has killed the reader is tried alone, so that no other is blamed. */
static bool has_suspect(const struct intake *intake)
{
    for (const struct entry *entry = intake->entries; entry != NULL; entry = entry->next)
        if (entry->reader_deaths > 0 && poison_reason(entry) == NULL)
            return true;
    return false;
}

/* Somebody else's answer is awaited. */
static bool is_busy(const struct entry *entry)
{
    return entry->state == ENTRY_UNLOCKING || entry->state == ENTRY_HANDED;
}

static size_t count_busy(const struct intake *intake)
{
    size_t count = 0;
    for (const struct entry *entry = intake->entries; entry != NULL; entry = entry->next)
        count += is_busy(entry);
    return count;
}

/* The next one to hand over: suspects first, so that the queue moves again soon; else in
 * order of arrival, those that nobody could finish behind the others. */
static struct entry *next_waiting(const struct intake *intake, bool suspects)
{
    struct entry *next = NULL;
    for (struct entry *entry = intake->entries; entry != NULL; entry = entry->next)
        if (entry->state == ENTRY_WAITING && (!suspects || entry->reader_deaths > 0) &&
            (next == NULL || entry->set_back.ms < next->set_back.ms))
            next = entry;
    return next;
}

/* Sets the timer to the first moment at which something is overdue: not from now, or the
 * mails that keep coming would put it off for ever. */
static void plan(struct intake *intake)
{
    int64_t first = INT64_MAX;
    if (intake->paused)
        return; /* it is set to the end of the pause */
    for (const struct entry *entry = intake->entries; entry != NULL; entry = entry->next)
        if (is_busy(entry) && entry->since.ms + INTAKE_AGAIN_MS < first)
            first = entry->since.ms + INTAKE_AGAIN_MS;
    for (const struct intake_offer *offer = intake->offers; offer != NULL; offer = offer->next)
        if (offer->since.ms + INTAKE_KEY_MS < first)
            first = offer->since.ms + INTAKE_KEY_MS;
    if (first != INT64_MAX)
        loop_timer_set(intake->timer, (struct monotonic){first});
}

static void pump(struct intake *intake)
{
    bool alone = has_suspect(intake);
    size_t window = alone ? 1 : INTAKE_WINDOW;
    while (!intake->paused && !intake->leaving && count_busy(intake) < window) {
        struct entry *entry = next_waiting(intake, alone);
        if (entry == NULL || !unlock(intake, entry))
            break;
    }
    plan(intake);
}

static enum status open_content(struct intake *intake, struct entry *entry,
                                const struct spool_key *answer, struct arena *arena,
                                struct spooled_mail *mail, struct problem *why)
{
    struct slice wrapped, plain;
    struct sealed content;
    struct seal_place place = spool_place(id_of(entry));
    if (answer->status != ST_OK || answer->key.len != VAULT_KEY_BYTES)
        return problem_set(why, answer->status == ST_OK ? ST_INVALID : answer->status,
                           "keyd refuses the key of a spooled message");
    AUTO_SECRET key = secret_create((const unsigned char *)answer->key.data, answer->key.len);
    TRY(spool_get(intake->spool, id_of(entry), arena, &wrapped, &content, why));
    TRY(vault_open(key, &place, content, arena, &plain, why));
    return record_decode(&spooled_mail_record, plain, arena, mail, why);
}

static void unlocked(struct intake *intake, struct entry *entry, const struct spool_key *answer)
{
    AUTO_ARENA arena = arena_create_wiped(WORK_BYTES_MAX);
    struct spooled_mail mail;
    struct problem why;
    enum status status = open_content(intake, entry, answer, arena, &mail, &why);
    if (status == ST_OK) {
        hand_over(intake, entry, &mail);
    } else if (status == ST_UNAVAILABLE) {
        set_state(intake, entry, ENTRY_WAITING);
        pause_intake(intake);
    } else {
        set_aside(intake, entry, &why);
    }
}

/* Taking in. */

static void free_offer(struct intake_offer *offer)
{
    for (struct intake_offer **at = &offer->intake->offers; *at != NULL; at = &(*at)->next)
        if (*at == offer) {
            *at = offer->next;
            break;
        }
    struct arena *arena = offer->arena;
    arena_destroy(&arena);
}

static void finish_offer(struct intake_offer *offer, enum status status)
{
    if (offer->done != NULL)
        offer->done(offer->context, offer->id, status);
    free_offer(offer);
}

static enum status ask_key(struct intake_offer *offer, struct problem *why)
{
    struct spool_key_new question = {offer->id};
    offer->since = now_of(offer->intake);
    return ipc_ask(role_channel(offer->intake->role, ROLE_KEYD), MESSAGE_SPOOL_KEY_NEW, &question,
                   &offer->call, why);
}

struct intake_offer *intake_offer(struct intake *intake, const struct envelope *envelope,
                                  struct slice raw, struct slice unreadable, intake_done_fn *done,
                                  void *context)
{
    struct problem why;
    struct arena *arena = arena_create_wiped(WORK_BYTES_MAX);
    struct intake_offer *offer = ARENA_NEW(arena, struct intake_offer);
    *offer = (struct intake_offer){intake->offers, intake, arena, .done = done, .context = context};
    intake->offers = offer;
    struct spooled_mail mail = {*envelope, raw, unreadable};
    /* The time of arrival is no part of the id: a second delivery has another one. */
    struct spooled_mail timeless = mail;
    timeless.envelope.received = (struct instant){0};
    AUTO_BUFFER bytes = buffer_create(SPOOL_FILE_BYTES_MAX - 65536);
    record_encode(&spooled_mail_record, &timeless, &bytes);
    offer->id = spool_id(intake->spool, buffer_slice(&bytes), arena);
    buffer_clear(&bytes);
    record_encode(&spooled_mail_record, &mail, &bytes);
    enum status status = buffer_check(&bytes, "a message", &why);
    if (status == ST_OK)
        offer->content = arena_copy(arena, buffer_slice(&bytes));
    buffer_wipe(&bytes);
    if (find_entry(intake, offer->id) != NULL) { /* it is ours already */
        finish_offer(offer, ST_OK);
        return NULL;
    }
    if (status == ST_OK && intake_waiting(intake) >= SPOOL_ENTRIES_MAX) {
        problem_set(&why, ST_LIMIT, "more than %d messages wait", SPOOL_ENTRIES_MAX);
        log_failure(EVENT_MAIL_REFUSED, offer->id, &why);
        finish_offer(offer, ST_LIMIT); /* 452: the MTA keeps it */
        return NULL;
    }
    if (status == ST_OK)
        status = ask_key(offer, &why);
    if (status != ST_OK) {
        log_failure(EVENT_MAIL_REFUSED, offer->id, &why);
        finish_offer(offer, status == ST_LIMIT ? ST_INVALID : status);
        return NULL;
    }
    plan(intake);
    return offer;
}

void intake_cancel(struct intake_offer *offer)
{
    if (offer != NULL)
        offer->done = NULL;
}

static enum status seal_offer(struct intake_offer *offer, const struct spool_key *answer,
                              struct problem *why)
{
    struct seal_place place = spool_place(offer->id);
    struct sealed sealed;
    if (answer->status != ST_OK || answer->key.len != VAULT_KEY_BYTES ||
        !slice_equal(answer->id, offer->id))
        return problem_set(why, ST_UNAVAILABLE, "keyd gives no key for a new message");
    AUTO_SECRET key = secret_create((const unsigned char *)answer->key.data, answer->key.len);
    TRY(vault_seal(key, &place, offer->content, offer->arena, &sealed, why));
    return spool_put(offer->intake->spool, offer->id, answer->wrapped, sealed, why);
}

/* The moment in which a message becomes ours. */
static void take_offer(struct intake_offer *offer, const struct spool_key *answer)
{
    struct intake *intake = offer->intake;
    struct problem why;
    struct spooled_mail mail;
    enum status status = find_entry(intake, offer->id) != NULL ? ST_OK
                                                               : seal_offer(offer, answer, &why);
    if (status != ST_OK) {
        log_failure(EVENT_MAIL_REFUSED, offer->id, &why);
        finish_offer(offer, status == ST_LIMIT ? ST_LIMIT : ST_UNAVAILABLE);
        return;
    }
    struct entry *entry = find_entry(intake, offer->id);
    bool fresh = entry == NULL;
    if (fresh)
        entry = add_entry(intake, offer->id);
    event_log(EVENT_MAIL_ACCEPTED, field_id(KEY_MESSAGE, offer->id),
              field_number(KEY_BYTES, (int64_t)offer->content.len));
    /* With room in the window it goes on as it is, without a way over the disk. */
    if (fresh && !intake->leaving && !has_suspect(intake) && count_busy(intake) < INTAKE_WINDOW &&
        record_decode(&spooled_mail_record, offer->content, offer->arena, &mail, NULL) == ST_OK)
        hand_over(intake, entry, &mail);
    finish_offer(offer, ST_OK);
    pump(intake);
}

static void receive_key(void *context, const struct ipc_message *message, const struct moment *at)
{
    struct intake *intake = context;
    (void)at;
    for (struct intake_offer *offer = intake->offers; offer != NULL; offer = offer->next)
        if (offer->call == message->call) {
            take_offer(offer, message->object);
            return;
        }
    for (struct entry *entry = intake->entries; entry != NULL; entry = entry->next)
        if (entry->state == ENTRY_UNLOCKING && entry->call == message->call) {
            unlocked(intake, entry, message->object);
            pump(intake);
            return;
        }
}

static void receive_done(void *context, const struct ipc_message *message, const struct moment *at)
{
    struct intake *intake = context;
    const struct mail_done *done = message->object;
    struct entry *entry = find_entry(intake, done->id);
    struct problem why;
    intake->planner_serves = true;
    if (entry == NULL)
        return; /* said twice */
    if (done->waits) { /* those behind it need not wait too */
        set_state(intake, entry, ENTRY_KEPT);
        pump(intake);
        return;
    }
    if (spool_remove(intake->spool, done->id, &why) != ST_OK) {
        log_failure(EVENT_MAIL_FAILED, done->id, &why);
        return; /* handed over again later; the planner knows the id */
    }
    event_log(EVENT_MAIL_HANDLED, field_id(KEY_MESSAGE, done->id),
              field_number(KEY_ELAPSED_US, (at->clock.ms - entry->since.ms) * 1000));
    drop_entry(intake, entry);
    pump(intake);
}

/* Whatever was under way with a peer that died starts again from the disk. */
void intake_peer(struct intake *intake, enum role_id peer)
{
    struct problem why;
    for (struct entry *entry = intake->entries; entry != NULL; entry = entry->next) {
        bool handed = entry->state == ENTRY_HANDED ||
                      (entry->state == ENTRY_KEPT && peer == ROLE_PLANNER);
        if (peer == ROLE_KEYD && entry->state == ENTRY_UNLOCKING)
            set_state(intake, entry, ENTRY_WAITING);
        if (!handed || peer == ROLE_KEYD)
            continue;
        entry->reader_deaths += peer == ROLE_READER;
        /* A planner that does not even start has not died of a mail, nor of one that it keeps. */
        entry->planner_deaths += peer == ROLE_PLANNER && intake->planner_serves &&
                                 entry->state == ENTRY_HANDED;
        set_state(intake, entry, ENTRY_WAITING);
    }
    if (peer == ROLE_PLANNER)
        intake->planner_serves = false;
    intake->paused = false;
    if (peer == ROLE_KEYD) {
        for (struct intake_offer *offer = intake->offers; offer != NULL; offer = offer->next)
            if (ask_key(offer, &why) != ST_OK)
                log_failure(EVENT_MAIL_REFUSED, offer->id, &why);
    }
    pump(intake);
}

static void give_up_offers(struct intake *intake, const struct moment *at)
{
    for (struct intake_offer *offer = intake->offers, *next; offer != NULL; offer = next) {
        next = offer->next;
        if (at->clock.ms - offer->since.ms >= INTAKE_KEY_MS)
            finish_offer(offer, ST_UNAVAILABLE);
    }
}

static void timer_due(void *context, const struct moment *at)
{
    struct intake *intake = context;
    intake->paused = false;
    for (struct entry *entry = intake->entries; entry != NULL; entry = entry->next)
        if (is_busy(entry) && at->clock.ms - entry->since.ms >= INTAKE_AGAIN_MS) {
            set_state(intake, entry, ENTRY_WAITING);
            entry->set_back = at->clock;
        }
    give_up_offers(intake, at);
    pump(intake);
}

enum status intake_create(struct role *role, struct spool *spool, struct intake **out,
                          struct problem *why)
{
    struct intake *intake = must_calloc(1, sizeof *intake);
    *intake = (struct intake){.role = role, .spool = spool};
    intake->last = &intake->entries;
    intake->timer = loop_timer_create(role_loop(role), timer_due, intake);
    role_handle(role, MESSAGE_SPOOL_KEY, receive_key, intake);
    role_handle(role, MESSAGE_MAIL_DONE, receive_done, intake);
    *out = intake;
    (void)why;
    return ST_OK;
}

enum status intake_open(struct intake *intake, struct problem *why)
{
    AUTO_ARENA arena = arena_create(LIST_BYTES_MAX);
    struct slice_list ids = {0};
    TRY(spool_list(intake->spool, arena, &ids, why));
    for (size_t i = 0; i < ids.count; i++)
        if (find_entry(intake, ids.items[i]) == NULL)
            add_entry(intake, ids.items[i]);
    pump(intake);
    return ST_OK;
}

void intake_leave(struct intake *intake)
{
    intake->leaving = true;
}

void intake_destroy(struct intake **out)
{
    struct intake *intake = *out;
    if (intake == NULL)
        return;
    while (intake->offers != NULL)
        free_offer(intake->offers);
    while (intake->entries != NULL)
        drop_entry(intake, intake->entries);
    loop_timer_destroy(&intake->timer);
    free(intake);
    *out = NULL;
}

size_t intake_waiting(const struct intake *intake)
{
    size_t count = 0;
    for (const struct entry *entry = intake->entries; entry != NULL; entry = entry->next)
        count++;
    return count;
}
