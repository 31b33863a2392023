/* Which meeting a mail belongs to: first what it answers (In-Reply-To, References), then
 * what its writer takes part in, by subject, names and dates. */
#include "domain/wording/wording.h"
#include "roles/planner/internal.h"

static bool strip_one_prefix(struct slice *subject)
{
    static const char *const prefixes[] = {"re:", "re :", "tr:", "tr :", "fwd:", "fw:", "fwd :",
                                           "aw:", "rép:", "rép :", "ref:", "canceled:", "accepted:",
                                           "declined:", "accepté :", "refusé :"};
    *subject = slice_trim(*subject);
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
        struct slice prefix = slice_from(prefixes[i]);
        if (slice_starts_nocase(*subject, prefix)) {
            *subject = slice_trim(slice_sub(*subject, prefix.len, subject->len));
            return true;
        }
    }
    return false;
}

bool same_subject(struct slice a, struct slice b)
{
    while (strip_one_prefix(&a))
        ;
    while (strip_one_prefix(&b))
        ;
    return a.len > 0 && slice_equal_nocase(a, b);
}

static bool has_id(const struct slice_list *ids, struct slice id)
{
    for (size_t i = 0; i < ids->count; i++)
        if (slice_equal(ids->items[i], id))
            return true;
    return false;
}

static enum status add_by_message(struct unit *unit, struct slice message_id, struct thread *out)
{
    struct stored_meeting_list rows;
    if (message_id.len == 0)
        return ST_OK;
    TRY(store_find_meetings_by_message_id(unit->planner->store, message_hash(unit, message_id),
                                          unit->arena, &rows, unit->why));
    for (size_t i = 0; i < rows.count && out->ids.count < CANDIDATES_MAX; i++)
        if (!has_id(&out->ids, rows.items[i].id))
            ARENA_PUSH(unit->arena, &out->ids, rows.items[i].id);
    return ST_OK;
}

/* Mails that carried the event are linked by its UID as by their Message-ID. */
enum status find_by_uid(struct unit *unit, struct slice uid, struct thread *out)
{
    *out = (struct thread){0};
    return add_by_message(unit, uid, out);
}

enum status find_thread(struct unit *unit, const struct mail *mail, struct thread *out)
{
    *out = (struct thread){0};
    TRY(add_by_message(unit, mail->in_reply_to, out));
    for (size_t i = mail->references.count; i-- > 0 && out->ids.count == 0;)
        TRY(add_by_message(unit, mail->references.items[i], out));
    out->by_reference = out->ids.count > 0;
    return out->by_reference ? ST_OK : find_own(unit, mail, out);
}

enum status find_own(struct unit *unit, const struct mail *mail, struct thread *out)
{
    *out = (struct thread){0};
    struct stored_meeting_list rows;
    TRY(store_find_meetings_by_participant(unit->planner->store,
                                           address_hash(unit, mail->from.address), unit->arena,
                                           &rows, unit->why));
    for (size_t i = 0; i < rows.count && out->ids.count < CANDIDATES_MAX; i++)
        ARENA_PUSH(unit->arena, &out->ids, rows.items[i].id);
    return ST_OK;
}

/* Points for what the words and the meeting share. */

static bool text_names(struct slice text, const struct participant *p, struct arena *arena)
{
    struct slice first = name_first(p->name, arena);
    struct slice rest = slice_trim(p->name);
    size_t space = SIZE_MAX;
    for (size_t i = 0; i < rest.len; i++)
        if (rest.data[i] == ' ')
            space = i;
    struct slice last = space == SIZE_MAX ? SLICE_NONE : slice_sub(rest, space + 1, rest.len);
    return (first.len > 2 && slice_find_nocase(text, first, 0) != SIZE_MAX) ||
           (last.len > 2 && slice_find_nocase(text, last, 0) != SIZE_MAX) ||
           slice_find_nocase(text, p->address, 0) != SIZE_MAX;
}

bool takes_part(const struct meeting *meeting, const struct mention *who, struct arena *arena)
{
    for (size_t i = 0; i < meeting->people.count; i++) {
        const struct participant *p = &meeting->people.items[i];
        if (p->status != PARTICIPANT_REMOVED &&
            (who->address.len > 0 ? slice_equal_nocase(p->address, who->address)
                                  : text_names(who->name, p, arena)))
            return true;
    }
    return false;
}

static int date_points(const struct reading *reading, const struct meeting *meeting,
                       const struct zone *zone, struct instant now)
{
    if (meeting->confirmed.start.us == 0)
        return 0;
    struct interval next = series_next(&meeting->series, meeting->confirmed, zone, now);
    struct civil start = civil_from_instant(next.start, zone);
    for (size_t i = 0; i < reading->timexes.count; i++) {
        const struct timex *t = &reading->timexes.items[i];
        if (t->kind == TIMEX_INSTANT && civil_date_compare(t->start.date, start.date) == 0)
            return t->has_clock && t->start.hour == start.hour ? 4 : 3;
    }
    return 0;
}

static bool is_open(const struct meeting *meeting, struct instant now)
{
    return (!meeting->talk && (meeting->state == MEETING_GATHERING || meeting->state == MEETING_PROPOSING ||
                               meeting->state == MEETING_SUPERVISION)) ||
           (meeting->state == MEETING_CONFIRMED &&
            series_next(&meeting->series, meeting->confirmed, zone_utc(), now).end.us >
                now.us - DAY_US);
}

/* A word of the meeting's subject: "the invoices one". */
static bool names_subject(struct slice text, struct slice subject)
{
    enum { WORD_MIN = 4 };
    for (size_t i = 0, from = 0; i <= subject.len; i++) {
        unsigned char c = i < subject.len ? (unsigned char)subject.data[i] : ' ';
        if (ascii_is_alpha((char)c) || c >= 0x80)
            continue;
        if (i - from >= WORD_MIN && slice_find_nocase(text, slice_sub(subject, from, i), 0) != SIZE_MAX)
            return true;
        from = i + 1;
    }
    return false;
}

static int points(struct unit *unit, const struct mail *mail, const struct reading *reading,
                  const struct meeting *meeting)
{
    const struct zone *zone = zone_utc();
    int sum = same_subject(mail->subject, meeting->subject) ? 6 : 0;
    sum += sum == 0 && names_subject(mail->new_text, meeting->subject) ? 2 : 0;
    for (size_t i = 0; i < meeting->people.count; i++) {
        const struct participant *p = &meeting->people.items[i];
        if (p->role == ROLE_ORGANIZER)
            zone = zone_or_utc(p->time_zone);
        if (!slice_equal_nocase(p->address, mail->from.address) &&
            (text_names(mail->new_text, p, unit->arena) || text_names(mail->subject, p, unit->arena)))
            sum += 3;
    }
    return sum + date_points(reading, meeting, zone, unit->now) + (is_open(meeting, unit->now) ? 1 : 0);
}

struct meeting_hand *choose_candidate(struct unit *unit, const struct mail *mail,
                                      const struct reading *reading, struct meeting_hand *hands,
                                      size_t count)
{
    struct meeting_hand *best = NULL;
    int best_points = 0;
    for (size_t i = 0; i < count; i++) { /* the newest first, so it wins where points are equal */
        int sum = points(unit, mail, reading, &hands[i].meeting);
        if (sum > best_points) {
            best = &hands[i];
            best_points = sum;
        }
    }
    return best;
}

/* "- Rollout (Ben Calloway), Wednesday 14 October at 2pm" */
static struct slice line_of(struct unit *unit, const struct meeting *meeting)
{
    const struct participant *host = &meeting->people.items[0];
    struct slice line = arena_format(unit->arena, "- %.*s", SLICE_ARG(meeting->subject)), names = SLICE_NONE;
    for (size_t i = 1; i < meeting->people.count; i++) {
        const struct participant *guest = &meeting->people.items[i];
        struct slice name = guest->name.len > 0 ? guest->name : guest->address;
        if (guest->status != PARTICIPANT_REMOVED)
            names = names.len == 0 ? name
                                   : arena_format(unit->arena, "%.*s, %.*s", SLICE_ARG(names), SLICE_ARG(name));
    }
    if (names.len > 0)
        line = arena_format(unit->arena, "%.*s (%.*s)", SLICE_ARG(line), SLICE_ARG(names));
    if (meeting->confirmed.start.us == 0)
        return line;
    struct slice when = wording_time(meeting->confirmed, zone_or_utc(host->time_zone), host->language, false,
                                     unit->arena);
    return arena_format(unit->arena, "%.*s, %.*s", SLICE_ARG(line), SLICE_ARG(when));
}

struct slice which_meetings(struct unit *unit, const struct mail *mail, const struct reading *reading,
                            struct meeting_hand *hands, size_t count, const struct meeting_hand *best)
{
    struct slice lines = SLICE_NONE;
    size_t found = 0;
    int best_points = points(unit, mail, reading, &best->meeting);
    for (size_t i = 0; i < count; i++) {
        const struct meeting *meeting = &hands[i].meeting;
        bool own = meeting->people.count > 0 &&
                   slice_equal_nocase(meeting->people.items[0].address, mail->from.address);
        if (!own || !is_open(meeting, unit->now) || points(unit, mail, reading, meeting) != best_points)
            continue;
        struct slice line = line_of(unit, meeting);
        lines = found++ == 0 ? line : arena_format(unit->arena, "%.*s\n%.*s", SLICE_ARG(lines), SLICE_ARG(line));
    }
    return found > 1 ? lines : SLICE_NONE;
}
