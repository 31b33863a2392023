#include "roles/planner/decision.h"

struct reader {
    const struct decision_context *context;
    struct arena *arena;
    struct problem *why;
};

static enum status invalid(struct reader *reader, const char *what)
{
    return problem_set(reader->why, ST_INVALID, "decision: %s", what);
}

/* People */

/* "P2" → the second of the case's people; NULL: there is none. */
static const struct case_person *person_of(const struct case_person_list *people, struct slice id)
{
    uint64_t number = 0;
    if (people == NULL || id.len < 2 || id.data[0] != 'P' ||
        !slice_to_u64(slice_sub(id, 1, id.len), 1000, &number) || number == 0 || number > people->count)
        return NULL;
    return &people->items[number - 1];
}

/* Names put back for "[P1]". */
static struct slice with_names(const struct reader *reader, struct slice text)
{
    static const struct case_person_list nobody;
    const struct case_person_list *people = reader->context->people;
    return mask_restore(people == NULL ? &nobody : people, text, reader->arena);
}

static enum status read_text(struct reader *reader, const json_t *object, const char *member, bool wanted,
                             struct slice *out)
{
    struct slice text = slice_trim(json_text(object, member));
    if (wanted && text.len == 0)
        return invalid(reader, "some words are needed");
    if (text.len > DECISION_TEXT_MAX)
        return problem_set(reader->why, ST_LIMIT, "decision: the text is too long");
    *out = with_names(reader, text);
    return ST_OK;
}

/* Words of tables */

static bool find_name(struct slice word, const char *const *names, int from, int count, int *out)
{
    for (int i = from; i < count; i++)
        if (slice_equal(word, slice_from(names[i]))) {
            *out = i;
            return true;
        }
    return false;
}

/* The console's name of a member, or else that of a scenario. */
static const json_t *member(const json_t *object, const char *name, const char *other)
{
    const json_t *value = json_object_get(object, name);
    return value != NULL || other == NULL ? value : json_object_get(object, other);
}

static struct slice text_of(const json_t *value)
{
    return json_is_string(value) ? (struct slice){json_string_value(value), json_string_length(value)}
                                 : SLICE_NONE;
}

static enum status check_list(struct reader *reader, const json_t *value)
{
    if (!json_is_array(value))
        return invalid(reader, "a list is needed");
    return json_array_size(value) > DECISION_ITEMS_MAX
               ? problem_set(reader->why, ST_LIMIT, "decision: the list is too long")
               : ST_OK;
}

static enum status read_numbers(struct reader *reader, const json_t *list, struct number_list *out)
{
    size_t index;
    const json_t *item;
    TRY(check_list(reader, list));
    json_array_foreach(list, index, item)
    {
        json_int_t number = json_integer_value(item);
        if (!json_is_integer(item) || number < 1 || number > 1000)
            return invalid(reader, "numbers of offers are needed");
        ARENA_PUSH(reader->arena, out, ((struct number_item){(uint32_t)number}));
    }
    return ST_OK;
}

/* Times */

static enum status read_span(struct reader *reader, struct slice start, struct slice end,
                             struct interval *out)
{
    TRY(instant_parse(start, &out->start, NULL, reader->why));
    TRY(instant_parse(end, &out->end, NULL, reader->why));
    return out->end.us < out->start.us ? invalid(reader, "a window ends before it starts") : ST_OK;
}

/* {"start", "end", "wish"}, or a scenario's ["start", "end"]. A window that leaves no room to choose is a
 * time that was said. */
static enum status read_window(struct reader *reader, const json_t *window, int64_t length_us,
                               struct said_times *times)
{
    struct interval span;
    bool pair = json_is_array(window);
    struct slice wish = pair ? LIT("wanted") : json_text(window, "wish");
    TRY(read_span(reader, pair ? text_of(json_array_get(window, 0)) : json_text(window, "start"),
                  pair ? text_of(json_array_get(window, 1)) : json_text(window, "end"), &span));
    bool exact = !pair && span.end.us - span.start.us <= length_us;
    if (slice_equal(wish, LIT("wanted")) && exact)
        ARENA_PUSH(reader->arena, &times->starts, ((struct interval){span.start, span.start}));
    else if (slice_equal(wish, LIT("wanted")))
        ARENA_PUSH(reader->arena, &times->allowed, span);
    else if (slice_equal(wish, LIT("preferred")))
        ARENA_PUSH(reader->arena, &times->preferred, span);
    else if (slice_equal(wish, LIT("refused")))
        ARENA_PUSH(reader->arena, &times->excluded, span);
    else
        return invalid(reader, "a window is wanted, preferred or refused");
    return ST_OK;
}

static enum status read_times(struct reader *reader, const json_t *reading, int64_t length_us,
                              struct said_times *times)
{
    const json_t *windows = json_object_get(reading, "windows"), *window;
    struct slice start = json_text(reading, "start");
    size_t index;
    times->constrained = true;
    if (start.len > 0) {
        struct interval span;
        TRY(read_span(reader, start, start, &span));
        ARENA_PUSH(reader->arena, &times->starts, span);
    }
    if (windows == NULL)
        return ST_OK;
    TRY(check_list(reader, windows));
    json_array_foreach(windows, index, window) TRY(read_window(reader, window, length_us, times));
    intervals_normalise(&times->allowed);
    intervals_normalise(&times->preferred);
    intervals_normalise(&times->excluded);
    times->constrained = json_array_size(windows) > 0 || start.len > 0;
    return ST_OK;
}

/* People who change, over those that the machine has read; or a scenario's whole list of addresses. */

static enum status read_mention(struct reader *reader, const json_t *item, struct mention *out)
{
    int role = MENTION_ATTEND;
    const struct case_person *known = person_of(reader->context->people, json_text(item, "id"));
    if (!find_name(json_text(item, "role"), mention_role_names, 0, MENTION_NAMED + 1, &role))
        return invalid(reader, "what a person is to be is needed");
    *out = (struct mention){.name = arena_copy(reader->arena, json_text(item, "name")),
                            .address = arena_copy(reader->arena, json_text(item, "address")),
                            .role = (enum mention_role)role};
    if (known != NULL) {
        /* Of a name alone the organizer is asked the address, as when the machine has read it. */
        if (known->address.len == 0 && role == MENTION_ATTEND)
            role = MENTION_ADD;
        *out = (struct mention){known->name, known->address, (enum mention_role)role};
        return ST_OK;
    }
    if (out->address.len == 0 || slice_find(out->address, LIT("@"), 0) == SIZE_MAX)
        return invalid(reader, "a person or an address is needed");
    return ST_OK;
}

static bool is_same(const struct mention *a, const struct mention *b)
{
    return a->address.len > 0 || b->address.len > 0 ? slice_equal_nocase(a->address, b->address)
                                                    : slice_equal_nocase(a->name, b->name);
}

static void put_mention(struct reader *reader, struct mention_list *list, struct mention mention)
{
    for (size_t i = 0; i < list->count; i++)
        if (is_same(&list->items[i], &mention)) {
            list->items[i] = mention;
            return;
        }
    ARENA_PUSH(reader->arena, list, mention);
}

static enum status read_people(struct reader *reader, const json_t *list, struct mention_list *out)
{
    const struct reading *read = reader->context->reading;
    size_t index;
    const json_t *item;
    TRY(check_list(reader, list));
    if (read != NULL && read->requests.count > 0)
        for (size_t i = 0; i < read->requests.items[0].people.count; i++)
            ARENA_PUSH(reader->arena, out, read->requests.items[0].people.items[i]);
    json_array_foreach(list, index, item)
    {
        struct mention mention;
        TRY(read_mention(reader, item, &mention));
        put_mention(reader, out, mention);
    }
    return ST_OK;
}

static enum status read_participants(struct reader *reader, const json_t *list, struct mention_list *out)
{
    size_t index;
    const json_t *item;
    TRY(check_list(reader, list));
    json_array_foreach(list, index, item)
    {
        struct mention mention = {.address = arena_copy(reader->arena, text_of(item)), .role = MENTION_ATTEND};
        ARENA_PUSH(reader->arena, out, mention);
    }
    return ST_OK;
}

/* The reading */

static enum status read_words(struct reader *reader, const json_t *reading, struct meeting_request *request,
                              struct supervisor_decision *out)
{
    enum { LENGTH_MAX_MIN = 24 * 60 };
    int found = 0;
    struct slice intent = json_text(reading, "intent"), kind = json_text(reading, "kind");
    const json_t *length = member(reading, "duration_min", "duration_minutes");
    if (intent.len > 0 && !find_name(intent, intent_names, 0, INTENT_COUNT_, &found))
        return invalid(reader, "no such intent");
    out->has_intent = intent.len > 0;
    out->reading.intent = (enum intent)found;
    found = KIND_UNKNOWN;
    if (kind.len > 0 && !find_name(kind, meeting_kind_names, KIND_CALL, KIND_COUNT_, &found))
        return invalid(reader, "no such kind of meeting");
    out->has_kind = kind.len > 0;
    request->kind = (enum meeting_kind)found;
    json_int_t minutes = json_integer_value(length);
    if (length != NULL && (!json_is_integer(length) || minutes < 0 || minutes > LENGTH_MAX_MIN))
        return invalid(reader, "a length in minutes is needed");
    out->has_duration = minutes > 0;
    request->duration_min = (uint32_t)minutes;
    return ST_OK;
}

/* An address, a link or a number; what it is follows from its look, as in a message. */
static enum place_kind kind_of_place(struct slice text)
{
    if (slice_starts_nocase(text, LIT("https://")) || slice_starts_nocase(text, LIT("http://")))
        return PLACE_VIDEO;
    size_t digits = 0, letters = 0;
    for (size_t i = 0; i < text.len; i++) {
        digits += ascii_is_digit(text.data[i]);
        letters += ascii_is_alpha(text.data[i]);
    }
    return digits >= 8 && letters == 0 ? PLACE_PHONE : PLACE_IN_PERSON;
}

static int64_t length_us(const struct reader *reader, const struct meeting_request *request)
{
    const struct meeting *meeting = reader->context->meeting;
    uint32_t minutes = request->duration_min > 0 ? request->duration_min
                       : meeting != NULL         ? meeting->duration_min
                                                 : 0;
    return (int64_t)minutes * 60 * 1000000;
}

static enum status read_reading(struct reader *reader, const json_t *reading, struct supervisor_decision *out)
{
    struct meeting_request *request = ARENA_NEW(reader->arena, struct meeting_request);
    const json_t *accepted = member(reading, "accepted", "proposals"),
                 *refused = json_object_get(reading, "refused"),
                 *people = json_object_get(reading, "people"),
                 *participants = json_object_get(reading, "participants");
    out->has_reading = true;
    TRY(read_words(reader, reading, request, out));
    if (accepted != NULL)
        TRY(read_numbers(reader, accepted, &out->reading.accepted));
    if (refused != NULL)
        TRY(read_numbers(reader, refused, &out->reading.refused));
    if (people != NULL)
        TRY(read_people(reader, people, &request->people));
    else if (participants != NULL)
        TRY(read_participants(reader, participants, &request->people));
    TRY(read_text(reader, reading, "place", false, &request->place.text));
    request->place.kind = request->place.text.len > 0 ? kind_of_place(request->place.text) : PLACE_UNKNOWN;
    out->has_accepted = accepted != NULL;
    out->has_refused = refused != NULL;
    out->has_people = request->people.count > 0;
    out->has_place = request->place.text.len > 0;
    out->has_times = json_object_get(reading, "start") != NULL || json_object_get(reading, "windows") != NULL;
    if (out->has_times)
        TRY(read_times(reader, reading, length_us(reader, request), &request->times));
    out->reading.confidence = 1000;
    out->reading.requests = (struct meeting_request_list){request, 1, 1};
    return ST_OK;
}

/* The acts, one function each */

static enum status read_approve(struct reader *reader, const json_t *json, struct supervisor_decision *out)
{
    out->approve = json_is_true(json_object_get(json, "approve"));
    return out->approve ? ST_OK : invalid(reader, "approve is true or not there");
}

static enum status read_correct(struct reader *reader, const json_t *json, struct supervisor_decision *out)
{
    const json_t *reading = json_object_get(json, "reading");
    return json_is_object(reading) ? read_reading(reader, reading, out) : invalid(reader, "what was meant is needed");
}

static enum status read_take_over(struct reader *reader, const json_t *json, struct supervisor_decision *out)
{
    return read_text(reader, json, "take_over", true, &out->take_over);
}

static enum status read_ask_back(struct reader *reader, const json_t *json, struct supervisor_decision *out)
{
    const json_t *ask = json_object_get(json, "ask_back");
    struct slice whom = json_text(ask, "whom");
    if (!slice_equal(whom, LIT("writer")) && !slice_equal(whom, LIT("organizer")))
        return invalid(reader, "the writer or the organizer is asked");
    out->ask_back = slice_equal(whom, LIT("writer")) ? ASK_WRITER : ASK_ORGANIZER;
    return read_text(reader, ask, "text", true, &out->question);
}

static enum status read_refuse(struct reader *reader, const json_t *json, struct supervisor_decision *out)
{
    out->refuse = json_is_true(json_object_get(json, "refuse"));
    if (!out->refuse)
        return invalid(reader, "refuse is true or not there");
    return read_text(reader, json, "text", false, &out->refusal);
}

static const struct {
    const char *member;
    enum decision_act act;
    enum status (*read)(struct reader *reader, const json_t *json, struct supervisor_decision *out);
} acts[] = {
    {"approve", DECISION_APPROVE, read_approve},       {"reading", DECISION_CORRECT, read_correct},
    {"take_over", DECISION_TAKE_OVER, read_take_over}, {"ask_back", DECISION_ASK_BACK, read_ask_back},
    {"refuse", DECISION_REFUSE, read_refuse},
};

enum status decision_read(const json_t *json, const struct decision_context *context, struct arena *arena,
                          struct supervisor_decision *out, enum decision_act *act, struct problem *why)
{
    struct reader reader = {context, arena, why};
    struct supervisor_decision decision = {0};
    size_t found = 0, count = 0;
    for (size_t i = 0; i < sizeof acts / sizeof *acts; i++)
        if (json_object_get(json, acts[i].member) != NULL) {
            found = i;
            count++;
        }
    if (count != 1)
        return invalid(&reader, "one of approve, reading, take_over, ask_back, refuse is needed");
    TRY(acts[found].read(&reader, json, &decision));
    *act = acts[found].act;
    *out = decision;
    return ST_OK;
}

void decision_typed(const json_t *json, struct case_typed *out)
{
    *out = (struct case_typed){{
        [CASE_TYPED_REPLY] = slice_trim(json_text(json, "take_over")),
        [CASE_TYPED_QUESTION] = slice_trim(json_text(json_object_get(json, "ask_back"), "text")),
        [CASE_TYPED_REFUSAL] = slice_trim(json_text(json, "text")),
        [CASE_TYPED_PLACE] = slice_trim(json_text(json_object_get(json, "reading"), "place")),
    }};
}

struct slice decision_changes(const struct supervisor_decision *decision, struct arena *arena)
{
    const struct {
        bool changed;
        const char *name;
    } members[] = {
        {decision->has_intent, "intent"},     {decision->has_kind, "kind"},
        {decision->has_duration, "duration"}, {decision->has_times, "windows"},
        {decision->has_accepted, "accepted"}, {decision->has_refused, "refused"},
        {decision->has_people, "people"},     {decision->has_place, "place"},
    };
    AUTO_BUFFER out = buffer_create(256);
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        if (members[i].changed)
            buffer_add_format(&out, "%s%s", buffer_slice(&out).len > 0 ? " " : "", members[i].name);
    return arena_copy(arena, buffer_slice(&out));
}
