/* The reading as what can be changed, and the words that led to it. */
#include "domain/casefile/parts.h"

enum { DEFAULT_MINUTES = 30 }; /* where nothing says how long */

static const struct meeting_request *request_of(const struct reading *reading)
{
    static const struct meeting_request none;
    return reading->requests.count > 0 ? &reading->requests.items[0] : &none;
}

/* People */

/* A name, and nobody of the meeting has it. */
static bool is_unsure(const struct case_maker *maker, const struct mention *mention, size_t who)
{
    return mention->address.len == 0 && case_participant(maker->facts, &maker->people, who) == NULL;
}

static json_t *people_json(const struct case_maker *maker, const struct mention_list *mentions)
{
    json_t *out = json_array();
    for (size_t i = 0; i < mentions->count; i++) {
        const struct mention *mention = &mentions->items[i];
        size_t who = case_person_of(&maker->people, mention->name, mention->address);
        if (who == CASE_NOBODY)
            continue; /* there are too many */
        json_t *one = json_object();
        json_object_set_new(one, "id", case_id(maker, who));
        json_object_set_new(one, "role", json_string(mention_role_names[mention->role]));
        json_object_set_new(one, "unsure", json_boolean(is_unsure(maker, mention, who)));
        json_array_append_new(out, one);
    }
    return out;
}

/* Times */

/* In which the writer reads the clock. */
static const struct zone *writers_zone(const struct case_maker *maker)
{
    const struct participant_list *people = &maker->facts->meeting->people;
    for (size_t i = 0; i < people->count; i++)
        if (slice_equal_nocase(people->items[i].address, maker->facts->task->from) && people->items[i].time_zone.len > 0)
            return zone_or_utc(people->items[i].time_zone);
    return maker->zone;
}

static struct interval span_of(const struct case_maker *maker, const struct timex *timex)
{
    bool named = timex->zone.len > 0 && !slice_equal(timex->zone, LIT("writer")) &&
                 !slice_equal(timex->zone, LIT("reader"));
    const struct zone *zone = named ? zone_or_utc(timex->zone)
                              : slice_equal(timex->zone, LIT("reader")) ? maker->zone : writers_zone(maker);
    struct interval span = {civil_to_instant(timex->start, zone), civil_to_instant(timex->end, zone)};
    if (span.end.us <= span.start.us)
        span.end.us = span.start.us + 1;
    return span;
}

/* The shortest expression that shares time with the window; NULL: it follows from none. */
static const struct timex *words_of(const struct case_maker *maker, struct interval window)
{
    const struct timex_list *all = &maker->facts->task->reading.timexes;
    const struct timex *best = NULL;
    int64_t best_us = INT64_MAX;
    if (window.end.us == window.start.us)
        window.end.us++;
    for (size_t i = 0; i < all->count; i++) {
        const struct timex *timex = &all->items[i];
        if (timex->kind != TIMEX_INSTANT && timex->kind != TIMEX_INTERVAL)
            continue;
        struct interval span = span_of(maker, timex);
        int64_t length = span.end.us - span.start.us;
        if (interval_overlaps(span, window) && length < best_us) {
            best = timex;
            best_us = length;
        }
    }
    return best;
}

static void set_place(const struct case_maker *maker, json_t *out, const struct timex *timex)
{
    size_t at = 0, len = 0;
    if (timex == NULL || !masked_span(&maker->doubtful, timex->offset, timex->length, &at, &len))
        at = len = 0;
    json_object_set_new(out, "at", json_integer((json_int_t)at));
    json_object_set_new(out, "len", json_integer((json_int_t)len));
}

static void add_window(const struct case_maker *maker, json_t *out, struct interval span, const char *wish)
{
    json_t *window = json_object();
    json_object_set_new(window, "start", case_time(maker, span.start));
    json_object_set_new(window, "end", case_time(maker, span.end));
    json_object_set_new(window, "wish", json_string(wish));
    set_place(maker, window, words_of(maker, span));
    json_array_append_new(out, window);
}

/* An exact time is a window as long as the meeting: that leaves no room to choose, and so a decision means it again. */
static struct interval whole_start(const struct case_maker *maker, const struct meeting_request *request,
                                   struct interval start)
{
    uint32_t length = request->duration_min > 0 ? request->duration_min : maker->facts->meeting->duration_min;
    if (start.end.us <= start.start.us)
        start.end = instant_add(start.start, minutes(length > 0 ? length : DEFAULT_MINUTES));
    return start;
}

/* The window that an exact time has left behind says nothing more. */
static bool is_start(const struct said_times *times, struct interval window)
{
    for (size_t i = 0; i < times->starts.count; i++)
        if (times->starts.items[i].start.us == window.start.us)
            return true;
    return false;
}

static json_t *windows_json(const struct case_maker *maker, const struct meeting_request *request)
{
    const struct said_times *times = &request->times;
    json_t *out = json_array();
    for (size_t i = 0; i < times->starts.count; i++)
        add_window(maker, out, whole_start(maker, request, times->starts.items[i]), "wanted");
    for (size_t i = 0; i < times->allowed.count; i++)
        if (!is_start(times, times->allowed.items[i]))
            add_window(maker, out, times->allowed.items[i], "wanted");
    for (size_t i = 0; i < times->preferred.count; i++)
        add_window(maker, out, times->preferred.items[i], "preferred");
    for (size_t i = 0; i < times->excluded.count; i++)
        add_window(maker, out, times->excluded.items[i], "refused");
    return out;
}

struct instant case_first_window(const struct case_facts *facts, struct instant otherwise)
{
    if (facts->reading == NULL) /* a second look: it would tell */
        return otherwise;
    const struct said_times *times = &request_of(facts->reading)->times;
    const struct interval_list *lists[] = {&times->starts, &times->allowed, &times->preferred};
    struct instant first = {INT64_MAX};
    for (size_t l = 0; l < 3; l++)
        for (size_t i = 0; i < lists[l]->count; i++)
            if (lists[l]->items[i].start.us < first.us)
                first = lists[l]->items[i].start;
    for (size_t i = 0; first.us == INT64_MAX && i < facts->meeting->offers.count; i++)
        if (!facts->meeting->offers.items[i].withdrawn)
            first = facts->meeting->offers.items[i].span.start;
    return first.us == INT64_MAX || first.us < otherwise.us ? otherwise : first;
}

static json_t *numbers_json(const struct number_list *list)
{
    json_t *out = json_array();
    for (size_t i = 0; i < list->count; i++)
        json_array_append_new(out, json_integer(list->items[i].number));
    return out;
}

json_t *case_reading_json(const struct case_maker *maker)
{
    const struct reading *reading = maker->facts->reading;
    if (reading == NULL)
        return json_null();
    const struct meeting_request *request = request_of(reading);
    json_t *out = json_object();
    json_object_set_new(out, "intent", json_string(intent_names[reading->intent]));
    json_object_set_new(out, "confidence", json_integer(reading->confidence));
    json_object_set_new(out, "doubt", json_string(timex_doubt_names[request->times.doubt]));
    json_object_set_new(out, "people", people_json(maker, &request->people));
    json_object_set_new(out, "kind", json_string(meeting_kind_names[request->kind]));
    json_object_set_new(out, "duration_min", json_integer(request->duration_min));
    struct slice place = request->place.text.len > 0 ? request->place.text : request->phone;
    json_object_set_new(out, "place", case_masked(maker, place));
    json_object_set_new(out, "windows", windows_json(maker, request));
    json_object_set_new(out, "accepted", numbers_json(&reading->accepted));
    json_object_set_new(out, "refused", numbers_json(&reading->refused));
    return out;
}

/* The words that led to it */

static void add_words(const struct case_maker *maker, json_t *out, size_t offset, size_t length, const char *means)
{
    size_t at, len;
    if (!masked_span(&maker->doubtful, offset, length, &at, &len))
        return;
    json_t *words = json_object();
    json_object_set_new(words, "at", json_integer((json_int_t)at));
    json_object_set_new(words, "len", json_integer((json_int_t)len));
    json_object_set_new(words, "means", json_string(means));
    json_array_append_new(out, words);
}

static bool share(uint32_t a, uint32_t a_len, uint32_t b, uint32_t b_len)
{
    return a < b + b_len && b < a + a_len;
}

/* Told by a time or a phrase already. */
static bool is_told(const struct case_maker *maker, const struct span_item *span)
{
    const struct timex_list *times = &maker->facts->task->reading.timexes;
    for (size_t i = 0; i < times->count; i++)
        if (share(times->items[i].offset, times->items[i].length, span->offset, span->length))
            return true;
    for (size_t i = 0; i < maker->cues.count; i++)
        if (share(maker->cues.items[i].offset, maker->cues.items[i].length, span->offset, span->length))
            return true;
    return false;
}

/* What a phrase means for who decides; NULL: nothing by itself. */
static const char *meaning_of(const struct said_cue *cue, const struct reading *reading)
{
    static const struct {
        const char *cue, *means;
    } meanings[] = {
        {"condition", "condition"}, {"hedge", "unknown"}, {"threat", "complaint"}, {"complaint", "complaint"},
        {"injection", "order"},     {"probe", "order"},   {"place", "place"},      {"street", "place"},
        {"ours", "place"},          {"yours", "place"},
    };
    for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++)
        if (slice_equal(cue->name, slice_from(meanings[i].cue)))
            return meanings[i].means;
    return cue->decisive ? intent_names[reading->intent] : NULL;
}

/* The phrases that said what it was taken for and what is in doubt, then its times. */
json_t *case_reason_words(const struct case_maker *maker)
{
    const struct reading *reading = &maker->facts->task->reading;
    json_t *out = json_array();
    if (maker->facts->reading == NULL)
        return out;
    for (size_t i = 0; i < maker->cues.count; i++) {
        const struct said_cue *cue = &maker->cues.items[i];
        const char *means = meaning_of(cue, reading);
        if (means != NULL)
            add_words(maker, out, cue->offset, cue->length, means);
    }
    for (size_t i = 0; i < reading->spans.count; i++)
        if (!is_told(maker, &reading->spans.items[i]))
            add_words(maker, out, reading->spans.items[i].offset, reading->spans.items[i].length,
                      intent_names[reading->intent]);
    for (size_t i = 0; i < reading->timexes.count; i++)
        add_words(maker, out, reading->timexes.items[i].offset, reading->timexes.items[i].length,
                  reading->timexes.items[i].kind == TIMEX_DURATION ? "duration" : "time");
    return out;
}
