/* Lessons: what a correction says, without anybody in it. Drafted with the decision, kept by who made it, accepted or
 * dropped by a lead. Their rows name neither task nor meeting nor organisation. */
#include "domain/casefile/disguise.h"
#include "roles/planner/commands.h"
#include "roles/planner/learning.h"

enum { LESSONS_MAX = 1000, DEFAULT_MINUTES = 30, ID_BYTES = 12, KNOWN_BYTES_MAX = 32 << 20 };

/* What is in it */

static const struct meeting_request *request_of(const struct reading *reading)
{
    static const struct meeting_request none;
    return reading->requests.count > 0 ? &reading->requests.items[0] : &none;
}

static json_t *instant_json(struct instant at, struct arena *arena)
{
    return json_from_text(instant_format(at, zone_utc(), arena));
}

static void add_windows(json_t *out, const struct interval_list *list, const char *wish, uint32_t minutes_long,
                        struct arena *arena)
{
    for (size_t i = 0; i < list->count; i++) {
        struct interval span = list->items[i];
        json_t *window = json_object();
        if (span.end.us <= span.start.us)
            span.end = instant_add(span.start, minutes(minutes_long > 0 ? minutes_long : DEFAULT_MINUTES));
        json_object_set_new(window, "start", instant_json(span.start, arena));
        json_object_set_new(window, "end", instant_json(span.end, arena));
        json_object_set_new(window, "wish", json_string(wish));
        json_array_append_new(out, window);
    }
}

/* LessonReading: no person, no place, no words. */
static json_t *reading_json(const struct reading *reading, struct arena *arena)
{
    const struct meeting_request *request = request_of(reading);
    const struct said_times *times = &request->times;
    json_t *out = json_object(), *windows = json_array(), *accepted = json_array();
    add_windows(windows, &times->starts, "wanted", request->duration_min, arena);
    if (times->starts.count == 0)
        add_windows(windows, &times->allowed, "wanted", 0, arena);
    add_windows(windows, &times->preferred, "preferred", 0, arena);
    add_windows(windows, &times->excluded, "refused", 0, arena);
    for (size_t i = 0; i < reading->accepted.count; i++)
        json_array_append_new(accepted, json_integer(reading->accepted.items[i].number));
    json_object_set_new(out, "intent", json_string(intent_names[reading->intent]));
    json_object_set_new(out, "kind", json_string(meeting_kind_names[request->kind]));
    json_object_set_new(out, "duration_min", json_integer(request->duration_min));
    json_object_set_new(out, "windows", windows);
    json_object_set_new(out, "accepted", accepted);
    return out;
}

static const struct participant *writer_of(const struct case_hand *hand, size_t *index)
{
    const struct participant_list *people = &hand->meeting.meeting.people;
    for (*index = 0; *index < people->count; ++*index)
        if (slice_equal_nocase(people->items[*index].address, hand->task->from))
            return &people->items[*index];
    *index = 0;
    return NULL;
}

/* As who wrote saw them, in their order. */
static json_t *offers_json(const struct meeting *meeting, const struct participant *writer, struct arena *arena)
{
    json_t *out = json_array();
    for (size_t i = 0; writer != NULL && i < writer->shown.count; i++)
        for (size_t k = 0; k < meeting->offers.count; k++) {
            const struct offer *offer = &meeting->offers.items[k];
            if (offer->number != writer->shown.items[i].number)
                continue;
            json_t *one = json_object();
            json_object_set_new(one, "start", instant_json(offer->span.start, arena));
            json_object_set_new(one, "end", instant_json(offer->span.end, arena));
            json_array_append_new(out, one);
        }
    return out;
}

/* What a scenario needs around the message; people by their numbers. */
static json_t *scene_json(const struct case_hand *hand, struct arena *arena)
{
    const struct meeting *meeting = &hand->meeting.meeting;
    size_t index;
    const struct participant *writer = writer_of(hand, &index);
    json_t *out = json_object();
    json_object_set_new(out, "received", instant_json(hand->task->opened, arena));
    json_object_set_new(out, "writer", json_integer((json_int_t)index));
    json_object_set_new(out, "people", json_integer((json_int_t)meeting->people.count));
    json_object_set_new(out, "kind", json_string(meeting_kind_names[meeting->kind]));
    json_object_set_new(out, "duration_min", json_integer(meeting->duration_min));
    json_object_set_new(out, "offers", offers_json(meeting, writer, arena));
    return out;
}

static json_t *content_json(const struct case_hand *hand, const struct supervisor_decision *decision, struct slice text,
                            struct arena *arena)
{
    json_t *out = json_object();
    json_object_set_new(out, "text", json_from_text(text));
    json_object_set_new(out, "read", reading_json(&hand->task->reading, arena));
    json_object_set_new(out, "said", reading_json(meeting_corrected(hand->task, decision, arena), arena));
    json_object_set_new(out, "scene", scene_json(hand, arena));
    return out;
}

/* Its row */

/* Of a task, without naming it. */
static struct slice lesson_id(struct unit *unit, struct slice task)
{
    struct slice hash = message_hash(unit, arena_format(unit->arena, "lesson:%.*s", SLICE_ARG(task)));
    AUTO_BUFFER text = buffer_create(64);
    buffer_add(&text, LIT("l_"));
    base64url_encode(slice_sub(hash, 0, ID_BYTES), &text);
    return arena_copy(unit->arena, buffer_slice(&text));
}

static enum status add_row(struct command_call *call, const struct case_hand *hand, const json_t *content)
{
    struct unit *unit = call->unit;
    const struct supervision_task *task = &hand->row.task;
    struct stored_lesson row = {
        .id = lesson_id(unit, task->id),
        .at = unit->now,
        .state = LESSON_DRAFTED,
        .language = task->language,
        .reason = task->reason.len > 0 ? task->reason : LIT("-"),
        .person = call->caller->person,
        .source = message_hash(unit, arena_format(unit->arena, "organisation:%.*s", SLICE_ARG(task->organisation))),
    };
    struct seal_place place = sealing_place(SEALED_LESSON, SLICE_NONE, row.id);
    TRY(vault_seal(unit->planner->service_key, &place, json_write(content, unit->arena), unit->arena, &row.content,
                   unit->why));
    return store_add_lesson(unit->planner->store, &row, unit->why);
}

/* Made once: it takes longer than all else of a decision, for which somebody waits. */
static const struct vocabulary *known_words(struct planner *planner)
{
    if (planner->known_arena == NULL) {
        planner->known_arena = arena_create(KNOWN_BYTES_MAX);
        planner->known = ARENA_NEW(planner->known_arena, struct vocabulary);
        vocabulary_make(planner->known_arena, planner->known);
    }
    return planner->known;
}

void planner_expect_corrections(struct planner *planner)
{
    (void)known_words(planner);
}

/* A decision does not fail for want of a lesson: words that are not kept give none. */
enum status note_lesson(struct command_call *call, struct case_hand *hand, const struct supervisor_decision *decision)
{
    struct arena *arena = call->unit->arena;
    struct case_person_list people, others;
    struct slice text;
    const char *code = call->code;
    enum status gathered = case_gather(call, hand, &people, &others, &text);
    call->code = code;
    if (gathered == ST_CONFLICT || (gathered == ST_OK && text.len == 0))
        return ST_OK;
    TRY(gathered);
    for (size_t i = 0; i < others.count; i++) /* here each part of a name goes */
        ARENA_PUSH(arena, &people, others.items[i]);
    const struct vocabulary *known = known_words(call->unit->planner);
    struct slice made = disguise_text(mask_create(&people, &others, arena), &people, known, text, arena);
    AUTO_JSON content = content_json(hand, decision, made, arena);
    return add_row(call, hand, content);
}

/* Answers */

enum status open_lesson(struct unit *unit, const struct stored_lesson *row, json_t **out)
{
    const struct secret *key;
    struct slice plain;
    struct seal_place place = sealing_place(SEALED_LESSON, SLICE_NONE, row->id);
    TRY(get_opening_key(unit, NULL, row->content, &key));
    TRY(vault_open(key, &place, row->content, unit->arena, &plain, unit->why));
    return json_read(plain, out, unit->why);
}

static enum language language_of(const struct stored_lesson *row)
{
    return row->language == LANGUAGE_UNKNOWN ? LANGUAGE_FR : row->language;
}

/* Words that are still strange: could one be a name? */
static json_t *strange_json(const struct vocabulary *vocabulary, struct slice text, struct arena *arena)
{
    struct strange_word_list strange;
    json_t *out = json_array();
    vocabulary_strange(vocabulary, text, arena, &strange);
    for (size_t i = 0; i < strange.count; i++) {
        json_t *one = json_object();
        json_object_set_new(one, "at", json_integer((json_int_t)strange.items[i].at));
        json_object_set_new(one, "len", json_integer((json_int_t)strange.items[i].len));
        json_object_set_new(one, "word", json_from_text(strange.items[i].folded));
        json_array_append_new(out, one);
    }
    return out;
}

static enum status lesson_json(struct unit *unit, const struct stored_lesson *row, bool with_scene, json_t **out)
{
    json_t *lesson = NULL;
    TRY(open_lesson(unit, row, &lesson));
    if (!with_scene)
        json_object_del(lesson, "scene");
    json_object_set_new(lesson, "strange", strange_json(known_words(unit->planner), json_text(lesson, "text"), unit->arena));
    json_object_set_new(lesson, "id", json_from_text(row->id));
    json_object_set_new(lesson, "made", instant_json(row->at, unit->arena));
    json_object_set_new(lesson, "language", json_string(language_names[language_of(row)]));
    json_object_set_new(lesson, "reason", json_from_text(row->reason));
    json_object_set_new(lesson, "state", json_string(lesson_state_names[row->state]));
    *out = lesson;
    return ST_OK;
}

/* Words */

struct word_use {
    struct slice word;
    enum language language;
    uint32_t lessons;
    struct slice_list sources;
};
struct word_use_list {
    struct word_use *items;
    size_t count, capacity;
};

static void count_word(struct word_use_list *uses, const struct stored_lesson *row, struct slice word, struct arena *arena)
{
    struct word_use *use = NULL;
    for (size_t i = 0; use == NULL && i < uses->count; i++)
        if (slice_equal(uses->items[i].word, word) && uses->items[i].language == language_of(row))
            use = &uses->items[i];
    if (use == NULL) {
        ARENA_PUSH(arena, uses, ((struct word_use){.word = word, .language = language_of(row)}));
        use = &uses->items[uses->count - 1];
    }
    use->lessons++;
    for (size_t i = 0; i < use->sources.count; i++)
        if (slice_equal(use->sources.items[i], row->source))
            return;
    ARENA_PUSH(arena, &use->sources, row->source);
}

static json_t *words_json(const struct word_use_list *uses)
{
    json_t *out = json_array();
    for (size_t i = 0; i < uses->count; i++) {
        const struct word_use *use = &uses->items[i];
        if (use->lessons < WORD_LESSONS_MIN || use->sources.count < WORD_SOURCES_MIN)
            continue;
        json_t *one = json_object();
        json_object_set_new(one, "word", json_from_text(use->word));
        json_object_set_new(one, "language", json_string(language_names[use->language]));
        json_object_set_new(one, "lessons", json_integer(use->lessons));
        json_array_append_new(out, one);
    }
    return out;
}

static void count_words(struct word_use_list *uses, const struct vocabulary *vocabulary, const struct stored_lesson *row,
                        const json_t *lesson, struct arena *arena)
{
    struct slice_list lacks;
    if (row->state == LESSON_DROPPED)
        return;
    vocabulary_lacks(vocabulary, arena_copy(arena, json_text(lesson, "text")), arena, &lacks);
    for (size_t i = 0; i < lacks.count; i++)
        count_word(uses, row, lacks.items[i], arena);
}

static enum status list_lessons(struct unit *unit, bool with_scene, json_t **out)
{
    struct stored_lesson_list rows;
    const struct vocabulary *known = known_words(unit->planner);
    struct word_use_list uses = {0};
    AUTO_JSON lessons = json_array();
    TRY(store_list_lessons(unit->planner->store, LESSONS_MAX, unit->arena, &rows, unit->why));
    for (size_t i = 0; i < rows.count; i++) {
        json_t *lesson = NULL;
        TRY(lesson_json(unit, &rows.items[i], with_scene, &lesson));
        count_words(&uses, known, &rows.items[i], lesson, unit->arena);
        json_array_append_new(lessons, lesson);
    }
    *out = json_pack("{s:O, s:o}", "lessons", lessons, "words", words_json(&uses));
    return ST_OK;
}

static enum status show_lesson(struct unit *unit, struct slice id, json_t **out)
{
    struct stored_lesson row;
    TRY(store_load_lesson(unit->planner->store, id, unit->arena, &row, unit->why));
    if (row.state == LESSON_DRAFTED)
        return problem_set(unit->why, ST_NOT_FOUND, "no lesson of that id");
    return lesson_json(unit, &row, false, out);
}

static enum status decide_lesson(struct unit *unit, struct slice id, bool accept)
{
    struct slice ids = arena_format(unit->arena, "lesson=%.*s", SLICE_ARG(id));
    struct store *store = unit->planner->store;
    struct stored_lesson row;
    TRY(store_load_lesson(store, id, unit->arena, &row, unit->why));
    TRY(store_move_lesson(store, id, LESSON_KEPT, accept ? LESSON_ACCEPTED : LESSON_DROPPED, unit->why));
    return store_append_log(store, unit->now,
                            accept ? LIT("supervision.lesson.accepted") : LIT("supervision.lesson.dropped"), ids, unit->why);
}

/* Commands */

/* Their draft of the task that the json names. */
static enum status load_draft(struct command_call *call, struct stored_lesson *row)
{
    struct unit *unit = call->unit;
    struct slice id = lesson_id(unit, json_text(call->in, "task"));
    TRY(store_load_lesson(unit->planner->store, id, unit->arena, row, unit->why));
    bool theirs = row->state == LESSON_DRAFTED && slice_equal(row->person, call->caller->person);
    return theirs && unit->now.us - row->at.us <= LESSON_DRAFT_MINUTES * MINUTE_US
               ? ST_OK
               : problem_set(unit->why, ST_NOT_FOUND, "no lesson of that id");
}

enum status command_lesson_draft(struct command_call *call)
{
    struct stored_lesson row;
    TRY(load_draft(call, &row));
    return lesson_json(call->unit, &row, false, &call->out);
}

static bool is_strange_in(const json_t *strange, struct slice word)
{
    for (size_t i = 0; i < json_array_size(strange); i++)
        if (slice_equal(json_text(json_array_get(strange, i), "word"), word))
            return true;
    return false;
}

/* "without": those of the strange words that they take out. */
static enum status read_without(struct command_call *call, const json_t *strange, struct slice_list *out)
{
    const json_t *without = json_object_get(call->in, "without"), *word;
    size_t i;
    *out = (struct slice_list){0};
    if (without != NULL && !json_is_array(without))
        return case_fail(call, ST_INVALID, "words", "without is a list of words");
    json_array_foreach(without, i, word) {
        struct slice text = json_is_string(word) ? slice_from(json_string_value(word)) : SLICE_NONE;
        if (!is_strange_in(strange, text))
            return case_fail(call, ST_INVALID, "words", "without names a word that is not strange in the lesson");
        ARENA_PUSH(call->unit->arena, out, text);
    }
    return ST_OK;
}

/* The row without those words. */
static enum status take_words_out(struct command_call *call, const struct slice_list *words, struct stored_lesson *row)
{
    struct unit *unit = call->unit;
    struct seal_place place = sealing_place(SEALED_LESSON, SLICE_NONE, row->id);
    AUTO_JSON content = NULL;
    TRY(open_lesson(unit, row, &content));
    struct slice shorter = disguise_words(json_text(content, "text"), words, unit->arena);
    json_object_set_new(content, "text", json_from_text(shorter));
    return vault_seal(unit->planner->service_key, &place, json_write(content, unit->arena), unit->arena, &row->content,
                      unit->why);
}

static enum status keep_in(struct command_call *call)
{
    struct unit *unit = call->unit;
    struct stored_lesson row;
    struct slice_list without;
    AUTO_JSON before = NULL;
    const json_t *keep = json_object_get(call->in, "keep");
    if (!json_is_boolean(keep))
        return case_fail(call, ST_INVALID, "keep", "keep is true or false");
    TRY(load_draft(call, &row));
    row.state = json_is_true(keep) ? LESSON_KEPT : LESSON_DROPPED;
    TRY(lesson_json(unit, &row, false, &before));
    TRY(read_without(call, json_object_get(before, "strange"), &without));
    if (without.count > 0)
        TRY(take_words_out(call, &without, &row));
    TRY(lesson_json(unit, &row, false, &call->out));
    return json_is_true(keep) ? store_keep_lesson(unit->planner->store, row.id, row.content, unit->why)
                              : store_remove_draft(unit->planner->store, row.id, unit->why);
}

enum status command_lesson_keep(struct command_call *call)
{
    return in_transaction(call, keep_in);
}

enum status command_lesson_list(struct command_call *call)
{
    return list_lessons(call->unit, false, &call->out);
}

enum status command_lesson_show(struct command_call *call)
{
    return show_lesson(call->unit, json_text(call->in, "id"), &call->out);
}

static enum status decide_in(struct command_call *call)
{
    const json_t *accept = json_object_get(call->in, "accept");
    if (!json_is_boolean(accept))
        return case_fail(call, ST_INVALID, "accept", "accept is true or false");
    TRY(decide_lesson(call->unit, json_text(call->in, "id"), json_is_true(accept)));
    return show_lesson(call->unit, json_text(call->in, "id"), &call->out);
}

enum status command_lesson_decide(struct command_call *call)
{
    return in_transaction(call, decide_in);
}

/* For the operator */

enum status planner_lessons(struct planner *planner, bool with_scene, struct arena *arena, json_t **out,
                            struct problem *why)
{
    struct unit unit = {.planner = planner, .arena = arena, .why = why};
    return list_lessons(&unit, with_scene, out);
}

enum status planner_lesson(struct planner *planner, struct slice id, struct arena *arena, json_t **out,
                           struct problem *why)
{
    struct unit unit = {.planner = planner, .arena = arena, .why = why};
    return show_lesson(&unit, id, out);
}

enum status planner_decide_lesson(struct planner *planner, struct slice id, bool accept, struct instant now,
                                  struct problem *why)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    struct unit unit = {.planner = planner, .arena = arena, .now = now, .why = why};
    TRY(store_begin(planner->store, why));
    enum status status = decide_lesson(&unit, id, accept);
    if (status == ST_OK)
        status = store_commit(planner->store, why);
    store_rollback(planner->store);
    return status;
}
