#include "roles/keyd/leases.h"

#include <stdlib.h>

#include "roles/keyd/meetings.h"

enum { SECOND_MS = 1000, SECOND_US = 1000000, ID_BYTES = 16 };

const char *const lease_cause_names[LEASE_CAUSE_COUNT_] = {
    "given_back", "time", "meeting_over", "assigned_anew", "person_ended", "session_ended", "paused",
    "holder_gone", "unknown", "unlogged",
};

enum key_purpose key_purpose_from_name(struct slice name)
{
    for (int purpose = 0; purpose < KEY_PURPOSE_COUNT_; purpose++)
        if (slice_equal(name, slice_from(key_purpose_names[purpose])))
            return (enum key_purpose)purpose;
    return KEY_FOR_NOTHING;
}

/* Something that counts until an instant of authd's clock. */
struct mark {
    struct lease_text text;
    struct instant until;
};

struct leases {
    lease_ended_fn *ended;
    void *context;
    struct meetings *meetings;
    bool known;
    struct monotonic unknown_since;
    struct lease all[LEASES_MAX];
    struct mark assertions[ASSERTIONS_MAX], gone[ENDED_MAX];
};

struct leases *leases_create(lease_ended_fn *ended, void *context)
{
    struct leases *leases = must_calloc(1, sizeof *leases);
    leases->ended = ended;
    leases->context = context;
    leases->meetings = meetings_create();
    return leases;
}

void leases_destroy(struct leases **leases)
{
    if (*leases == NULL)
        return;
    meetings_destroy(&(*leases)->meetings);
    free(*leases);
    *leases = NULL;
}

static bool is_text(const struct lease_text *text, struct slice other)
{
    return other.len > 0 && slice_equal(lease_slice(text), other);
}

/* What is too long is nobody's. */
static struct lease_text text_of(struct slice text)
{
    struct lease_text out = {.len = 0};
    if (text.len > 0 && text.len <= sizeof out.data) {
        memcpy(out.data, text.data, text.len);
        out.len = (uint8_t)text.len;
    }
    return out;
}

/* The end of leases */

static void end(struct leases *leases, struct lease *lease, enum lease_cause cause)
{
    struct lease gone = *lease;
    *lease = (struct lease){.id.len = 0}; /* first: whoever is told may ask again */
    leases->ended(leases->context, &gone, cause);
}

static unsigned end_where(struct leases *leases, enum lease_cause cause,
                          bool (*fits)(const struct leases *, const struct lease *, struct slice),
                          struct slice what)
{
    unsigned count = 0;
    for (size_t i = 0; i < LEASES_MAX; i++)
        if (leases->all[i].id.len > 0 && fits(leases, &leases->all[i], what)) {
            end(leases, &leases->all[i], cause);
            count++;
        }
    return count;
}

static bool is_persons(const struct leases *leases, const struct lease *lease, struct slice person)
{
    (void)leases;
    return is_text(&lease->person, person);
}

static bool is_sessions(const struct leases *leases, const struct lease *lease, struct slice session)
{
    (void)leases;
    return is_text(&lease->session, session);
}

static bool is_of_meeting(const struct leases *leases, const struct lease *lease,
                          struct slice meeting)
{
    (void)leases;
    return is_text(&lease->meeting, meeting);
}

static bool is_over(const struct leases *leases, const struct lease *lease, struct slice nothing)
{
    struct meeting_entry entry;
    (void)nothing;
    return !meetings_find(leases->meetings, lease_slice(&lease->meeting), &entry) ||
           !is_text(&lease->organisation, entry.organisation);
}

/* A request that was given to somebody else: who had it, has it no more. */
static bool is_reassigned(const struct leases *leases, const struct lease *lease, struct slice meeting)
{
    struct meeting_entry entry;
    return (meeting.len == 0 || is_text(&lease->meeting, meeting)) &&
           meetings_find(leases->meetings, lease_slice(&lease->meeting), &entry) &&
           !slice_equal(entry.assigned, lease_slice(&lease->assigned));
}

unsigned leases_end_of(struct leases *leases, struct slice person, enum lease_cause cause)
{
    return end_where(leases, cause, is_persons, person);
}

unsigned leases_end_role(struct leases *leases, enum role_id role, enum lease_cause cause)
{
    unsigned count = 0;
    for (size_t i = 0; i < LEASES_MAX; i++)
        if (leases->all[i].id.len > 0 && leases->all[i].role == role) {
            end(leases, &leases->all[i], cause);
            count++;
        }
    return count;
}

bool leases_end_one(struct leases *leases, enum role_id role, struct slice id, enum lease_cause cause)
{
    for (size_t i = 0; i < LEASES_MAX; i++)
        if (leases->all[i].role == role && is_text(&leases->all[i].id, id)) {
            end(leases, &leases->all[i], cause);
            return true;
        }
    return false;
}

bool leases_give_back(struct leases *leases, enum role_id role, struct slice id)
{
    return leases_end_one(leases, role, id, LEASE_GIVEN_BACK);
}

const struct lease *leases_find(const struct leases *leases, struct slice id)
{
    for (size_t i = 0; i < LEASES_MAX; i++)
        if (is_text(&leases->all[i].id, id))
            return &leases->all[i];
    return NULL;
}

/* What counts for a while */

static struct mark *find_mark(struct mark *marks, size_t count, struct slice text, struct instant now)
{
    for (size_t i = 0; i < count; i++)
        if (marks[i].until.us > now.us && is_text(&marks[i].text, text))
            return &marks[i];
    return NULL;
}

/* False: all places are taken by what still counts. */
static bool put_mark(struct mark *marks, size_t count, struct slice text, struct instant until,
                     struct instant now)
{
    struct mark *place = find_mark(marks, count, text, now);
    for (size_t i = 0; place == NULL && i < count; i++)
        if (marks[i].until.us <= now.us)
            place = &marks[i];
    if (place == NULL)
        return false;
    if (!is_text(&place->text, text) || until.us > place->until.us)
        *place = (struct mark){text_of(text), until};
    return true;
}

/* Until everything that authd said before has ended. */
static struct instant forgotten_at(const struct moment *at)
{
    int64_t seconds = ASSERTION_SECONDS_MAX + ASSERTION_AHEAD_SECONDS;
    return (struct instant){at->now.us + seconds * SECOND_US};
}

unsigned leases_end_person(struct leases *leases, struct slice person, struct slice session,
                           const struct moment *at)
{
    struct slice who = session.len > 0 ? session : person;
    /* Without a place for it nobody's assertion counts for a minute: all places are then taken. */
    (void)put_mark(leases->gone, ENDED_MAX, who, forgotten_at(at), at->now);
    return session.len > 0 ? end_where(leases, LEASE_SESSION_ENDED, is_sessions, session)
                           : end_where(leases, LEASE_PERSON_ENDED, is_persons, person);
}

static bool is_full(const struct mark *marks, size_t count, struct instant now)
{
    for (size_t i = 0; i < count; i++)
        if (marks[i].until.us <= now.us)
            return false;
    return true;
}

/* Meetings */

void leases_forget(struct leases *leases, struct monotonic at)
{
    meetings_clear(leases->meetings);
    if (leases->known) /* else it is since before */
        leases->unknown_since = at;
    leases->known = false;
}

bool leases_know(const struct leases *leases)
{
    return leases->known;
}

size_t leases_meetings(const struct leases *leases)
{
    return meetings_count(leases->meetings);
}

bool leases_hear(struct leases *leases, const struct meetings_told *told, struct monotonic at)
{
    bool kept = true;
    if (told->whole)
        leases_forget(leases, at);
    for (size_t i = 0; i < told->in_progress.count; i++) {
        const struct meeting_mark *mark = &told->in_progress.items[i];
        struct meeting_entry entry = {mark->id, mark->organisation, mark->assigned};
        kept = meetings_put(leases->meetings, &entry) && kept;
        end_where(leases, LEASE_ASSIGNED_ANEW, is_reassigned, mark->id);
    }
    for (size_t i = 0; i < told->over.count; i++) {
        meetings_remove(leases->meetings, told->over.items[i]);
        end_where(leases, LEASE_MEETING_OVER, is_of_meeting, told->over.items[i]);
    }
    if (told->complete) {
        leases->known = true;
        end_where(leases, LEASE_MEETING_OVER, is_over, SLICE_NONE);
    }
    return kept;
}

/* The decision */

/* The person, as authd has asserted them; false: in words that are none of ours. */
static bool caller_of(const struct assertion *by, struct access_caller *out)
{
    *out = (struct access_caller){
        .person = by->person,
        .organisation = by->organisation,
        .active = true, /* authd asserts nobody else */
        .session = SESSION_FULL,
        .inside = by->inside,
    };
    return access_kind_from_name(by->kind, &out->kind) &&
           access_function_from_name(by->function, &out->function) &&
           access_factor_from_name(by->factor, &out->factor);
}

static const char *take_assertion(struct leases *leases, const struct assertion *by,
                                  struct instant now)
{
    if (find_mark(leases->assertions, ASSERTIONS_MAX, by->id, now) != NULL)
        return "replayed";
    if (is_full(leases->gone, ENDED_MAX, now) ||
        !put_mark(leases->assertions, ASSERTIONS_MAX, by->id, by->ends, now))
        return "full";
    if (find_mark(leases->gone, ENDED_MAX, by->person, now) != NULL ||
        find_mark(leases->gone, ENDED_MAX, by->session, now) != NULL)
        return "ended";
    return NULL;
}

const char *leases_decide(struct leases *leases, const struct lease_wish *wish,
                          const struct moment *at)
{
    const struct key_rule *rule = key_rule_find(wish->role, wish->purpose);
    const struct assertion *by = wish->by;
    struct access_ask ask = {.now = at->now};
    struct meeting_entry meeting;
    if (by == NULL)
        return "nobody";
    const char *refused = take_assertion(leases, by, at->now);
    if (refused != NULL)
        return refused;
    if (rule == NULL || rule->right == RIGHT_NONE)
        return "purpose";
    if (key_purpose_from_name(by->purpose) != wish->purpose ||
        !slice_equal(by->meeting, wish->meeting) || !slice_equal(by->client, wish->organisation))
        return "of_another";
    if (!leases->known)
        return "unknown";
    if (!meetings_find(leases->meetings, wish->meeting, &meeting))
        return access_denial_name(DENIED_OVER);
    if (!slice_equal(meeting.organisation, wish->organisation))
        return access_denial_name(DENIED_ORGANISATION);
    if (!caller_of(by, &ask.caller))
        return access_denial_name(DENIED_FUNCTION);
    ask.right = rule->right;
    ask.object = (struct access_object){
        .organisation = meeting.organisation, .assigned = meeting.assigned, .stage = STAGE_PROGRESS};
    enum access_denial denial = access_decide(&ask).denial;
    return denial == DENIED_ALLOWED ? NULL : access_denial_name(denial);
}

/* Its place: that of the lease it renews, or a free one. */
static struct lease *find_place(struct leases *leases, const struct lease_wish *wish)
{
    struct lease *place = NULL;
    unsigned held = 0;
    for (size_t i = 0; i < LEASES_MAX; i++) {
        struct lease *one = &leases->all[i];
        if (one->id.len == 0) {
            place = place == NULL ? one : place;
            continue;
        }
        if (!is_text(&one->person, wish->by->person))
            continue;
        if (one->role == wish->role && one->purpose == wish->purpose &&
            is_text(&one->meeting, wish->meeting) && is_text(&one->session, wish->by->session))
            return one;
        held++;
    }
    return held < LEASES_PER_PERSON_MAX ? place : NULL;
}

static struct lease_text new_id(void)
{
    AUTO_BUFFER text = buffer_create(2 * ID_BYTES + 3);
    char random[ID_BYTES];
    vault_random(random, sizeof random);
    buffer_add_text(&text, "l_");
    hex_encode((struct slice){random, sizeof random}, &text);
    return text_of(buffer_slice(&text));
}

const struct lease *leases_begin(struct leases *leases, const struct lease_wish *wish,
                                 const struct moment *at)
{
    struct lease *lease = find_place(leases, wish);
    struct meeting_entry entry;
    if (lease == NULL)
        return NULL;
    *lease = (struct lease){
        .id = new_id(),
        .person = text_of(wish->by->person),
        .session = text_of(wish->by->session),
        .organisation = text_of(wish->organisation),
        .meeting = text_of(wish->meeting),
        .assigned = text_of(meetings_find(leases->meetings, wish->meeting, &entry) ? entry.assigned : SLICE_NONE),
        .role = wish->role,
        .purpose = wish->purpose,
        .end = monotonic_after(at->clock, (int64_t)LEASE_SECONDS * SECOND_MS),
        .until = {at->now.us + (int64_t)LEASE_SECONDS * SECOND_US},
    };
    return lease;
}

/* Time */

static struct monotonic known_by(const struct leases *leases)
{
    return monotonic_after(leases->unknown_since, (int64_t)LEASE_UNKNOWN_SECONDS * SECOND_MS);
}

void leases_expire(struct leases *leases, struct monotonic at)
{
    bool unknown = !leases->known && at.ms >= known_by(leases).ms;
    for (size_t i = 0; i < LEASES_MAX; i++) {
        struct lease *one = &leases->all[i];
        if (one->id.len > 0 && at.ms >= one->end.ms)
            end(leases, one, LEASE_TIME);
        else if (one->id.len > 0 && unknown)
            end(leases, one, LEASE_UNKNOWN);
    }
}

bool leases_next(const struct leases *leases, struct monotonic *at)
{
    bool any = false;
    for (size_t i = 0; i < LEASES_MAX; i++) {
        const struct lease *one = &leases->all[i];
        if (one->id.len == 0)
            continue;
        struct monotonic due = one->end;
        if (!leases->known && known_by(leases).ms < due.ms)
            due = known_by(leases);
        if (!any || due.ms < at->ms)
            *at = due;
        any = true;
    }
    return any;
}

size_t leases_count(const struct leases *leases)
{
    size_t count = 0;
    for (size_t i = 0; i < LEASES_MAX; i++)
        count += leases->all[i].id.len > 0;
    return count;
}
