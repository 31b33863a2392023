#include "roles/keyd/lend.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "roles/keyd/answer.h"
#include "roles/keyd/lease_probe.h"
#include "roles/keyd/openings.h"
#include "roles/messages/journal.h"

enum {
    LOG_MS = 2000,    /* a lease whose entry is not on disk by then is refused */
    GRANTS_MAX = 256, /* that wait for it */
    IDS_BYTES_MAX = 1024,
};

/* A lease that has begun and is given once its entry is on disk. */
struct grant {
    struct ipc_message question; /* of which only channel and call are still there */
    struct lease_text lease;
    struct secret *key;          /* NULL: no grant */
    int64_t entry;               /* its number in our journal */
    struct monotonic end;
};

struct lender {
    struct role *role;
    struct keyd *keyd;
    struct secret *assertion_key;
    struct leases *leases;
    struct rates *rates;
    struct openings *openings; /* NULL: it could not be opened */
    bool unkept, stale;        /* unkept: as it was told; stale: the version before may have written since */
    struct journal *journal;
    struct grant grants[GRANTS_MAX];
    struct loop_timer *expiry, *hourly, *unlogged, *last_words;
    struct lease_probe probe;
    struct monotonic set_trial_end; /* ms 0: none was opened yet */
    bool stopping;
    uint32_t given[ROLE_ID_COUNT_], refused[ROLE_ID_COUNT_]; /* in this hour */
};

static const char *role_name(enum role_id role)
{
    return role_rows[role].name;
}

/* The log. False: it has no room. */
__attribute__((format(printf, 5, 6))) static bool
note(struct lender *lender, enum log_kind kind, const struct moment *at, int64_t *number,
     const char *format, ...)
{
    char ids[IDS_BYTES_MAX];
    va_list args;
    va_start(args, format);
    int len = vsnprintf(ids, sizeof ids, format, args);
    va_end(args);
    return len >= 0 && (size_t)len < sizeof ids &&
           journal_say(lender->journal, kind, (struct slice){ids, (size_t)len}, at, number);
}

/* The end of a lease */

static void plan_expiry(struct lender *lender)
{
    struct monotonic next;
    if (leases_next(lender->leases, &next))
        loop_timer_set(lender->expiry, next);
}

/* A holder that is gone or does not listen has no process any more, or will not have. */
static void ended(void *context, const struct lease *lease, enum lease_cause cause)
{
    struct lender *lender = context;
    struct problem why;
    struct lease_end word = {lease_slice(&lease->id), slice_from(lease_cause_names[cause])};
    event_log(EVENT_KEY_ENDED, field_id(KEY_LEASE, word.lease), field_text(KEY_ROLE, role_name(lease->role)),
              field_id(KEY_PERSON, lease_slice(&lease->person)),
              field_id(KEY_MEETING, lease_slice(&lease->meeting)),
              field_text(KEY_CAUSE, lease_cause_names[cause]));
    note(lender, LOG_LEASE_ENDED, loop_moment(role_loop(lender->role)), NULL,
         "lease=%.*s organisation=%.*s meeting=%.*s person=%.*s cause=%s", SLICE_ARG(word.lease),
         SLICE_ARG(lease_slice(&lease->organisation)), SLICE_ARG(lease_slice(&lease->meeting)),
         SLICE_ARG(lease_slice(&lease->person)), lease_cause_names[cause]);
    if (cause == LEASE_GIVEN_BACK || cause == LEASE_HOLDER_GONE || cause == LEASE_UNLOGGED)
        return;
    if (ipc_send(role_channel(lender->role, lease->role), MESSAGE_LEASE_END, &word, &why) != ST_OK)
        event_log(EVENT_MESSAGE_UNSENT, field_problem(&why));
}

static void expire(void *context, const struct moment *at)
{
    struct lender *lender = context;
    leases_expire(lender->leases, at->clock);
    plan_expiry(lender);
}

/* What is known of people's openings, on disk */

/* Told when it changes: it may be tried several times a minute. */
static void tell_kept(struct lender *lender, enum status status, const struct problem *why)
{
    bool unkept = status != ST_OK;
    if (unkept && !lender->unkept)
        event_log(EVENT_KEY_RATE_UNKEPT, field_status(status), field_problem(why));
    else if (!unkept && lender->unkept)
        event_log(EVENT_KEY_RATE_KEPT, field_number(KEY_COUNT, rates_paused(lender->rates)));
    lender->unkept = unkept;
}

static bool keep_opener(void *context, size_t place, const struct rate_opener *one)
{
    struct lender *lender = context;
    struct problem why;
    enum status status = openings_keep(lender->openings, place, one, loop_moment(role_loop(lender->role)), &why);
    tell_kept(lender, status, &why);
    return status == ST_OK;
}

/* What cannot be read is not taken for fine. */
static void take_openings(struct lender *lender, const struct moment *at)
{
    struct problem why;
    enum status status = openings_load(lender->openings, lender->rates, at, &why);
    if (status != ST_OK)
        rates_close(lender->rates);
    tell_kept(lender, status, &why);
}

/* Before the sandbox: it stays open. */
static void open_openings(struct lender *lender)
{
    AUTO_ARENA arena = arena_create(16 * 1024);
    AUTO_SECRET key = NULL;
    struct problem why;
    const char *path = arena_format(arena, "%.*s/openings", SLICE_ARG(role_config(lender->role)->folders.keyd)).data;
    enum status status = keyd_openings_key(lender->keyd, &key, &why);
    if (status == ST_OK)
        status = openings_open(path, key, &lender->openings, &why);
    if (status == ST_OK) {
        lender->unkept = true; /* for all that is known, whoever was here before had told so */
        take_openings(lender, &(struct moment){clock_now(), {clock_monotonic_ms()}}); /* the loop has had no turn yet */
        return;
    }
    rates_close(lender->rates);
    tell_kept(lender, status, &why);
}

/* Counting */

void lender_count(struct lender *lender, enum role_id role, const struct moment *at)
{
    uint32_t count;
    lender->given[role]++;
    if (rates_count_role(lender->rates, role, at->clock, &count) != RATE_FINE)
        event_log(EVENT_KEY_RATE_ALERTED, field_text(KEY_ROLE, role_name(role)),
                  field_text(KEY_CAUSE, rate_verdict_names[RATE_OVER_LIMIT]),
                  field_number(KEY_COUNT, count));
}

void lender_refused(struct lender *lender, enum role_id role)
{
    lender->refused[role]++;
}

/* Sets of backups */

enum { SET_NAME_MAX = 40 };

/* As it comes into the log. */
static bool is_set_name(struct slice set)
{
    bool good = set.len > 0 && set.len <= SET_NAME_MAX;
    for (size_t i = 0; good && i < set.len; i++)
        good = isalnum((unsigned char)set.data[i]) != 0 || set.data[i] == '-';
    return good;
}

bool lender_open_set(struct lender *lender, struct slice set, const struct moment *at)
{
    if (!is_set_name(set) || !note(lender, LOG_SET_OPENED, at, NULL, "set=%.*s", SLICE_ARG(set)))
        return false;
    lender->set_trial_end = (struct monotonic){at->clock.ms + SET_TRIAL_MS};
    return true;
}

bool lender_tries_set(const struct lender *lender, const struct moment *at)
{
    return at->clock.ms < lender->set_trial_end.ms;
}

/* NULL: fine; else why not. Once over, they hold nothing either. */
static const char *count_person(struct lender *lender, struct slice person, const struct moment *at)
{
    uint32_t count;
    if (lender->stale)
        take_openings(lender, at);
    lender->stale = false;
    enum rate_verdict verdict = rates_count_person(lender->rates, person, at->clock, &count);
    if (verdict == RATE_FINE)
        return NULL;
    if (verdict != RATE_PAUSED) {
        event_log(EVENT_KEY_RATE_ALERTED, field_id(KEY_PERSON, person),
                  field_text(KEY_CAUSE, rate_verdict_names[verdict]), field_number(KEY_COUNT, count));
        note(lender, LOG_PERSON_PAUSED, at, NULL, "person=%.*s cause=%s count=%u", SLICE_ARG(person),
             rate_verdict_names[verdict], (unsigned)count);
        leases_end_of(lender->leases, person, LEASE_PAUSED);
    }
    return rate_verdict_names[RATE_PAUSED];
}

static void tell_counts(void *context, const struct moment *at)
{
    struct lender *lender = context;
    for (int role = 0; role < ROLE_ID_COUNT_; role++) {
        if (lender->given[role] == 0 && lender->refused[role] == 0)
            continue;
        event_log(EVENT_KEY_COUNTED, field_text(KEY_ROLE, role_name((enum role_id)role)),
                  field_number(KEY_COUNT, lender->given[role]),
                  field_number(KEY_REFUSED_COUNT, lender->refused[role]));
        note(lender, LOG_KEYS_COUNTED, at, NULL, "role=%s given=%u refused=%u", role_name((enum role_id)role),
             (unsigned)lender->given[role], (unsigned)lender->refused[role]);
        lender->given[role] = lender->refused[role] = 0;
    }
    loop_timer_after(lender->hourly, RATE_HOUR_MS);
}

/* Asking for one */

/* The key of the part that the purpose is for; the meeting's stays here. */
static enum status open_key(struct lender *lender, const struct lease_ask *ask, enum key_purpose purpose,
                            struct secret **key, struct problem *why)
{
    enum case_part part = case_part_of_purpose(purpose);
    struct key_ask question = {
        .purpose = KEY_OPEN_MEETING,
        .organisation = ask->organisation,
        .organisation_key = ask->organisation_key,
        .organisation_version = ask->organisation_version,
        .meeting = ask->meeting,
        .wrapped = ask->wrapped,
        .version = ask->version,
    };
    AUTO_ARENA arena = arena_create(64 * 1024);
    AUTO_SECRET meeting_key = NULL;
    struct key_given given;
    if (part == CASE_PART_COUNT_)
        return problem_set(why, ST_DENIED, "no part is for that purpose");
    TRY(keyd_give_key(lender->keyd, &question, arena, &given, &meeting_key, why));
    *key = vault_part_key(meeting_key, slice_from(case_parts[part].name));
    return ST_OK;
}

/* NULL: *lease and *key are given; else a fixed word. The key is opened before the lease begins,
 * so that who shows a key that is none gets no lease for it. */
static const char *lend(struct lender *lender, const struct lease_ask *ask, struct lease_wish *wish,
                        const struct moment *at, const struct lease **lease, struct secret **key)
{
    const char *refused = leases_decide(lender->leases, wish, at);
    if (refused == NULL)
        refused = count_person(lender, wish->by->person, at);
    if (refused != NULL)
        return refused;
    if (open_key(lender, ask, wish->purpose, key, NULL) != ST_OK)
        return "wrapped_key";
    *lease = leases_begin(lender->leases, wish, at);
    return *lease == NULL ? "full" : NULL;
}

/* What the console says by itself is not written down: only what authd has said through it. */
static void log_decision(const struct lease_wish *wish, const struct lease *lease, const char *refused)
{
    struct slice person = wish->by == NULL ? LIT("-") : wish->by->person;
    struct slice meeting = wish->by == NULL ? LIT("-") : wish->by->meeting;
    if (refused == NULL)
        event_log(EVENT_KEY_OPENED, field_id(KEY_LEASE, lease_slice(&lease->id)),
                  field_text(KEY_ROLE, role_name(wish->role)),
                  field_text(KEY_PURPOSE, key_purpose_names[wish->purpose]), field_id(KEY_PERSON, person),
                  field_id(KEY_ORGANISATION, wish->organisation), field_id(KEY_MEETING, wish->meeting));
    else
        event_log(EVENT_KEY_REFUSED, field_text(KEY_CAUSE, refused),
                  field_text(KEY_ROLE, role_name(wish->role)),
                  field_text(KEY_PURPOSE, key_purpose_names[wish->purpose]), field_id(KEY_PERSON, person),
                  field_id(KEY_MEETING, meeting));
}

/* The entry first; a refusal waits for nothing. False: the log has no room. */
static bool note_decision(struct lender *lender, const struct lease_wish *wish, const struct lease *lease,
                          const char *refused, const struct moment *at, int64_t *number)
{
    struct slice person = wish->by == NULL ? LIT("-") : wish->by->person;
    struct slice client = wish->by == NULL ? LIT("-") : wish->by->client;
    struct slice meeting = wish->by == NULL ? LIT("-") : wish->by->meeting;
    if (refused != NULL)
        return note(lender, LOG_LEASE_REFUSED, at, number,
                    "organisation=%.*s meeting=%.*s person=%.*s purpose=%s role=%s cause=%s",
                    SLICE_ARG(client), SLICE_ARG(meeting), SLICE_ARG(person),
                    key_purpose_names[wish->purpose], role_name(wish->role), refused);
    return note(lender, LOG_LEASE_OPENED, at, number,
                "lease=%.*s organisation=%.*s meeting=%.*s person=%.*s purpose=%s role=%s",
                SLICE_ARG(lease_slice(&lease->id)), SLICE_ARG(wish->organisation), SLICE_ARG(wish->meeting),
                SLICE_ARG(person), key_purpose_names[wish->purpose], role_name(wish->role));
}

static void answer(const struct ipc_message *question, const struct lease *lease,
                   const struct secret *key, const char *refused)
{
    struct problem why;
    struct lease_given given = {.status = ST_DENIED, .problem = slice_from(refused)};
    if (refused == NULL)
        given = (struct lease_given){
            .lease = lease_slice(&lease->id),
            .ends = lease->until,
            .key = {(const char *)secret_bytes(key), secret_len(key)},
            .version = secret_version(key),
        };
    if (ipc_answer(question, MESSAGE_LEASE, &given, &why) != ST_OK)
        event_log(EVENT_KEY_REFUSED, field_status(why.status), field_problem(&why));
}

/* No log, no lease. */
static void refuse_unlogged(struct lender *lender, const struct ipc_message *question, struct slice lease)
{
    event_log(EVENT_KEY_REFUSED, field_text(KEY_CAUSE, "unlogged"), field_id(KEY_LEASE, lease));
    lender_refused(lender, ROLE_CONSOLE);
    answer(question, NULL, NULL, "unlogged");
    (void)leases_end_one(lender->leases, ROLE_CONSOLE, lease, LEASE_UNLOGGED);
}

static void end_grant(struct lender *lender, struct grant *grant, bool is_logged)
{
    struct slice id = lease_slice(&grant->lease);
    const struct lease *lease = leases_find(lender->leases, id);
    if (!is_logged)
        refuse_unlogged(lender, &grant->question, id);
    else if (lease == NULL)
        answer(&grant->question, NULL, NULL, "over"); /* meanwhile */
    else
        answer(&grant->question, lease, grant->key, NULL);
    secret_destroy(&grant->key);
}

static void entries_kept(void *context, int64_t number, const struct moment *at)
{
    struct lender *lender = context;
    (void)at;
    for (size_t i = 0; i < GRANTS_MAX; i++)
        if (lender->grants[i].key != NULL && lender->grants[i].entry <= number)
            end_grant(lender, &lender->grants[i], true);
    if (lender->stopping && journal_is_kept(lender->journal))
        role_stop(lender->role);
}

static void look_for_late(void *context, const struct moment *at)
{
    struct lender *lender = context;
    for (size_t i = 0; i < GRANTS_MAX; i++) {
        struct grant *grant = &lender->grants[i];
        if (grant->key == NULL)
            continue;
        if (grant->end.ms <= at->clock.ms)
            end_grant(lender, grant, false);
        else
            loop_timer_after(lender->unlogged, LOG_MS / 4);
    }
}

/* Takes the key. */
static bool keep_grant(struct lender *lender, const struct ipc_message *question, const struct lease *lease,
                       int64_t entry, struct secret **key, const struct moment *at)
{
    for (size_t i = 0; i < GRANTS_MAX; i++) {
        struct grant *grant = &lender->grants[i];
        if (grant->key != NULL)
            continue;
        *grant = (struct grant){{.channel = question->channel, .call = question->call}, lease->id, *key,
                                entry, monotonic_after(at->clock, LOG_MS)};
        *key = NULL;
        loop_timer_after(lender->unlogged, LOG_MS);
        return true;
    }
    return false;
}

static void receive_ask(void *context, const struct ipc_message *message, const struct moment *at)
{
    struct lender *lender = context;
    const struct lease_ask *ask = message->object;
    const struct lease *lease = NULL;
    AUTO_SECRET key = NULL;
    int64_t entry = 0;
    struct assertion said;
    struct lease_wish wish = {
        .role = ROLE_CONSOLE,
        .purpose = key_purpose_from_name(ask->purpose),
        .organisation = ask->organisation,
        .meeting = ask->meeting,
    };
    if (assertion_verify(lender->assertion_key, ask->assertion, at->now, message->arena, &said, NULL) == ST_OK)
        wish.by = &said;
    const char *refused = lend(lender, ask, &wish, at, &lease, &key);
    if (refused == NULL)
        lender_count(lender, wish.role, at);
    else
        lender_refused(lender, wish.role);
    log_decision(&wish, lease, refused);
    bool noted = note_decision(lender, &wish, lease, refused, at, &entry);
    if (refused != NULL)
        answer(message, NULL, NULL, refused);
    else if (!noted || !keep_grant(lender, message, lease, entry, &key, at))
        refuse_unlogged(lender, message, arena_copy(message->arena, lease_slice(&lease->id)));
    plan_expiry(lender);
}

static void receive_end(void *context, const struct ipc_message *message, const struct moment *at)
{
    struct lender *lender = context;
    const struct lease_end *word = message->object;
    (void)at;
    (void)leases_give_back(lender->leases, ROLE_CONSOLE, word->lease); /* or it has ended meanwhile */
}

/* What others say */

static void receive_told(void *context, const struct ipc_message *message, const struct moment *at)
{
    struct lender *lender = context;
    const struct meetings_told *told = message->object;
    if (!leases_hear(lender->leases, told, at->clock))
        event_log(EVENT_KEY_REFUSED, field_text(KEY_CAUSE, "full"), field_text(KEY_ROLE, role_name(ROLE_PLANNER)));
    if (told->complete)
        event_log(EVENT_KEY_MEETINGS_KNOWN, field_number(KEY_COUNT, (int64_t)leases_meetings(lender->leases)));
    plan_expiry(lender);
}

static void receive_person_ended(void *context, const struct ipc_message *message,
                                 const struct moment *at)
{
    struct lender *lender = context;
    const struct person_ended *word = message->object;
    struct problem why;
    struct person_ended_done done = {
        .id = word->id,
        .ended = leases_end_person(lender->leases, word->person, word->session, at),
    };
    if (ipc_send(message->channel, MESSAGE_PERSON_ENDED_DONE, &done, &why) != ST_OK)
        event_log(EVENT_MESSAGE_UNSENT, field_problem(&why));
}

static void peer_back(void *context, enum role_id peer, const struct moment *at)
{
    struct lender *lender = context;
    if (peer == ROLE_PLANNER)
        leases_forget(lender->leases, at->clock);
    if (peer == ROLE_CONSOLE) /* its process is another: what it held went with it */
        leases_end_role(lender->leases, peer, LEASE_HOLDER_GONE);
    plan_expiry(lender);
}

/* What cannot be written down has not happened. */
static void lift(struct lender *lender, const struct moment *at)
{
    struct problem why;
    lender->stale = false;
    unsigned lifted = rates_lift(lender->rates);
    enum status status = openings_keep_all(lender->openings, lender->rates, at, &why);
    tell_kept(lender, status, &why);
    if (status != ST_OK) {
        rates_close(lender->rates);
        return;
    }
    event_log(EVENT_KEY_RATE_LIFTED, field_number(KEY_COUNT, lifted));
    note(lender, LOG_PAUSES_LIFTED, at, NULL, "count=%u", lifted);
}

static void word(void *context, uint32_t said, const struct moment *at)
{
    if (said == ROLE_WORD_LIFT)
        lift(context, at);
}

/* What was said goes to the log before we do, where that is there. */
static void stop(void *context)
{
    struct lender *lender = context;
    lender->stopping = true;
    if (journal_is_kept(lender->journal))
        role_stop(lender->role);
    else
        loop_timer_after(lender->last_words, LOG_MS);
}

static void no_more_waiting(void *context, const struct moment *at)
{
    (void)at;
    role_stop(((struct lender *)context)->role);
}

/* The root keys that are served: after a rotation others than before. */
static void note_root(struct lender *lender)
{
    struct moment at = {clock_now(), {clock_monotonic_ms()}}; /* the loop has had no turn yet */
    note(lender, LOG_ROOT_SERVED, &at, NULL, "version=%u", (unsigned)keyd_root_version(lender->keyd));
}

struct lender *lender_create(struct role *role, struct keyd *keyd)
{
    struct lender *lender = must_calloc(1, sizeof *lender);
    const struct config *config = role_config(role);
    *lender = (struct lender){
        .role = role,
        .keyd = keyd,
        .leases = leases_create(ended, lender),
        .rates = rates_create((struct rate_limits){config->limits.openings_per_person,
                                                   config->limits.openings_per_role},
                              keep_opener, lender),
        .stale = role_is_waiting(role),
        .expiry = loop_timer_create(role_loop(role), expire, lender),
        .hourly = loop_timer_create(role_loop(role), tell_counts, lender),
        .unlogged = loop_timer_create(role_loop(role), look_for_late, lender),
        .last_words = loop_timer_create(role_loop(role), no_more_waiting, lender),
        .journal = journal_create(role),
    };
    journal_on_kept(lender->journal, entries_kept, lender);
    if (keyd_assertion_key(keyd, &lender->assertion_key, NULL) != ST_OK)
        abort();
    lender->probe = (struct lease_probe){lender->leases, lender->assertion_key};
    probe_leases(role, &lender->probe);
    role_handle(role, MESSAGE_LEASE_ASK, receive_ask, lender);
    role_handle(role, MESSAGE_LEASE_END, receive_end, lender);
    role_handle(role, MESSAGE_MEETING_STATE, receive_told, lender);
    role_handle(role, MESSAGE_PERSON_ENDED, receive_person_ended, lender);
    role_on_peer(role, peer_back, lender);
    role_on_word(role, word, lender);
    role_on_stop(role, stop, lender);
    open_openings(lender);
    note_root(lender);
    loop_timer_after(lender->hourly, RATE_HOUR_MS);
    return lender;
}

void lender_destroy(struct lender **lender)
{
    struct lender *one = *lender;
    *lender = NULL;
    if (one == NULL)
        return;
    loop_timer_destroy(&one->expiry);
    loop_timer_destroy(&one->hourly);
    loop_timer_destroy(&one->unlogged);
    loop_timer_destroy(&one->last_words);
    journal_destroy(&one->journal);
    for (size_t i = 0; i < GRANTS_MAX; i++)
        secret_destroy(&one->grants[i].key);
    leases_destroy(&one->leases);
    rates_destroy(&one->rates);
    openings_close(&one->openings);
    secret_destroy(&one->assertion_key);
    free(one);
}
