/* What is shown of a task: parts of its request, each sealed under a key of its own (doc/supervision.md, "Parts"), for
 * who has the task. Each part that is given has its entry in the log. */
#include "base/eventlog/kinds.h"
#include "domain/casefile/casefile.h"
#include "domain/wording/wording.h"
#include "platform/store/sealing.h"
#include "roles/planner/commands.h"
#include "roles/planner/decision.h"

enum { READINGS_MAX = 200 }; /* messages of a meeting that are looked at, the newest */

/* A case in the making. Its texts are in the call's arena. */
struct showing {
    struct command_call *call;
    struct case_hand *hand;
    struct case_facts facts;
    struct meeting_env env;
    struct meeting after; /* as it would be */
    bool calendars;       /* could be read: else nobody knows what deciding would do */
};

static bool is_sample(const struct case_hand *hand)
{
    return slice_equal(hand->row.task.reason, LIT("sample"));
}

/* The thread */

static enum status open_reading(struct unit *unit, const struct meeting_hand *hand, const struct stored_message *row,
                                struct handled_message *out)
{
    const struct secret *key;
    struct seal_place place = sealing_place(SEALED_MESSAGE_READING, hand->meeting.organisation, row->id);
    TRY(get_opening_key(unit, hand, row->reading, &key));
    return sealing_open(key, &place, row->reading, &handled_message_record, unit->arena, out, unit->why);
}

/* What stood below it comes before it: older, and not seen otherwise. Ours are there. */
static void add_message(const struct unit *unit, struct case_message_list *out, const struct stored_message *row,
                        const struct handled_message *handled)
{
    for (size_t i = handled->quotes.count; i-- > 0;) {
        const struct handled_quote *quote = &handled->quotes.items[i];
        struct case_message below = {.from = quote->from, .at = row->at, .text = quote->text, .quoted = true};
        if (!slice_equal_nocase(quote->from, unit->planner->options.assistant.address))
            ARENA_PUSH(unit->arena, out, below);
    }
    ARENA_PUSH(unit->arena, out,
               ((struct case_message){.from = handled->from,
                                      .at = row->at,
                                      .language = handled->reading == NULL ? LANGUAGE_UNKNOWN : handled->reading->language,
                                      .text = handled->new_text,
                                      .cues = handled->reading == NULL ? (struct said_cue_list){0} : handled->reading->cues,
                                      .attachments = handled->attachments}));
}

/* Ours to who is in doubt: without the links, which are theirs alone. */
static enum status add_ours(struct showing *showing, struct case_message_list *out)
{
    struct unit *unit = showing->call->unit;
    const struct meeting_hand *hand = &showing->hand->meeting;
    struct outbox_list mails;
    TRY(store_list_outbox(unit->planner->store, hand->meeting.id, unit->arena, &mails, unit->why));
    for (size_t i = 0; i < mails.count; i++) {
        struct outgoing mail;
        struct wording words;
        TRY(open_mail(unit, hand, &mails.items[i], &mail));
        if (!slice_equal_nocase(mail.order.to.address, showing->hand->task->from))
            continue;
        TRY(wording_render(&mail.order, NULL, unit->arena, &words, unit->why));
        ARENA_PUSH(unit->arena, out,
                   ((struct case_message){.ours = true,
                                          .at = mail.draft.date,
                                          .language = mail.order.language,
                                          .text = words.text}));
    }
    return ST_OK;
}

/* By time; those of one time as they came, since the list is short. */
static void sort_by_time(struct case_message_list *thread)
{
    for (size_t i = 1; i < thread->count; i++) {
        struct case_message one = thread->items[i];
        size_t at = i;
        for (; at > 0 && thread->items[at - 1].at.us > one.at.us; at--)
            thread->items[at] = thread->items[at - 1];
        thread->items[at] = one;
    }
}

/* The one in doubt comes last, whatever came after it; with no text where its words are not kept (a personal link).
 *   blind  what came with it and after it would tell how it was read, and is left out */
static void put_doubtful_last(struct arena *arena, const struct task *task, bool blind,
                              struct case_message_list *thread)
{
    struct case_message doubtful = {.from = task->from, .at = task->opened, .language = task->reading.language};
    size_t kept = 0;
    for (size_t i = 0; i < thread->count; i++) {
        const struct case_message *one = &thread->items[i];
        bool is_it = one->at.us == task->opened.us && !one->quoted && !one->ours &&
                     slice_equal_nocase(one->from, task->from);
        if (is_it)
            doubtful = *one;
        else if (!blind || one->quoted || one->at.us < task->opened.us)
            thread->items[kept++] = *one;
    }
    thread->count = kept;
    ARENA_PUSH(arena, thread, doubtful);
}

static enum status gather_thread(struct showing *showing)
{
    struct unit *unit = showing->call->unit;
    struct case_message_list *thread = &showing->facts.thread;
    struct stored_message_list rows;
    TRY(store_list_readings(unit->planner->store, showing->hand->meeting.meeting.id, READINGS_MAX, unit->arena, &rows,
                            unit->why));
    for (size_t i = 0; i < rows.count; i++) {
        struct handled_message handled;
        if (rows.items[i].reading.bytes.len == 0)
            continue;
        TRY(open_reading(unit, &showing->hand->meeting, &rows.items[i], &handled));
        add_message(unit, thread, &rows.items[i], &handled);
    }
    TRY(add_ours(showing, thread));
    sort_by_time(thread);
    put_doubtful_last(unit->arena, showing->hand->task, is_sample(showing->hand), thread);
    case_shorten(thread);
    return ST_OK;
}

/* The rest */

static enum status check_open(const struct showing *showing)
{
    struct command_call *call = showing->call;
    struct stored_progress progress;
    enum status found = store_find_progress(call->unit->planner->store, showing->hand->meeting.meeting.id,
                                            call->unit->arena, &progress, call->unit->why);
    return found == ST_NOT_FOUND ? case_fail(call, ST_CONFLICT, "over", "the request is closed") : found;
}

/* The organisation's people may be named, whether they have a part in it or not. */
static void add_others(struct showing *showing, const struct person_list *people)
{
    for (size_t i = 0; i < people->count; i++)
        ARENA_PUSH(showing->call->unit->arena, &showing->facts.others,
                   ((struct case_person){.name = people->items[i].name, .address = people->items[i].address}));
}

static enum status gather(struct showing *showing, bool without_calendars)
{
    struct unit *unit = showing->call->unit;
    const struct case_hand *hand = showing->hand;
    struct person_list people;
    TRY(check_open(showing));
    TRY(load_people(unit, hand->meeting.meeting.organisation, &people));
    struct relevant relevant = {.people = &people, .without_calendars = without_calendars};
    relevant_from_meeting(unit, &hand->meeting.meeting, &relevant);
    relevant_from_reading(unit, &hand->task->reading, &relevant);
    enum status built = build_env(unit, &relevant, &hand->meeting.meeting, &showing->env);
    showing->calendars = built == ST_OK && !without_calendars;
    relevant.without_calendars = true;
    if (built == ST_UNAVAILABLE)
        built = build_env(unit, &relevant, &hand->meeting.meeting, &showing->env);
    TRY(built);
    showing->facts = (struct case_facts){
        .meeting = &hand->meeting.meeting,
        .answered = &hand->meeting.meeting,
        .task = hand->task,
        .reading = is_sample(hand) ? NULL : &hand->task->reading,
        .env = &showing->env,
    };
    add_others(showing, &people);
    return gather_thread(showing);
}

/* What the decision sends, and (to_show) what the case is then. Of a second look nothing: it would tell; and nothing while
 * calendars cannot be read. */
static enum status try_decision(struct showing *showing, const struct supervisor_decision *decision, bool to_show)
{
    struct unit *unit = showing->call->unit;
    struct case_facts *facts = &showing->facts;
    struct mail_order draft;
    if (is_sample(showing->hand) || !showing->calendars)
        return ST_OK;
    TRY(case_try(&showing->hand->meeting.meeting, showing->hand->task, decision, &showing->env, unit->arena,
                 &showing->after, &facts->mails, unit->why));
    facts->drafts = decision->approve &&
                    meeting_draft(&showing->hand->meeting.meeting, showing->hand->task, &showing->env, unit->arena, &draft);
    if (!to_show)
        return ST_OK;
    facts->meeting = &showing->after;
    if (decision->has_reading)
        facts->reading = meeting_corrected(showing->hand->task, decision, unit->arena);
    return ST_OK;
}

/* What is said of the task itself */

static json_t *acts_json(unsigned acts)
{
    json_t *out = json_array();
    for (int act = 0; act < DECISION_ACT_COUNT_; act++)
        if ((acts & 1u << act) != 0)
            json_array_append_new(out, json_string(decision_act_names[act]));
    return out;
}

/* The newest of that kind that is of somebody else, or (own) of who asks. */
static struct slice note_of(const struct showing *showing, enum task_note_kind kind, bool own)
{
    const struct task_note_list *notes = &showing->hand->said.notes;
    for (size_t i = notes->count; i-- > 0;)
        if (notes->items[i].kind == kind && slice_equal(notes->items[i].by, showing->call->caller->person) == own)
            return notes->items[i].text;
    return SLICE_NONE;
}

static json_t *colleagues_words(const struct showing *showing, struct slice text)
{
    return text.len == 0 ? json_null() : case_masked_words(&showing->facts, text, showing->call->unit->arena);
}

/* Asked of us, and our question's answer. */
static void set_opinions(const struct showing *showing, json_t *task)
{
    const struct supervision_task *row = &showing->hand->row.task;
    struct slice person = showing->call->caller->person;
    bool asked = row->asked_by.len > 0 && !slice_equal(row->asked_by, person);
    bool had_asked = note_of(showing, NOTE_QUESTION, true).len > 0;
    struct slice question = asked ? note_of(showing, NOTE_QUESTION, false) : SLICE_NONE;
    struct slice opinion = had_asked ? note_of(showing, NOTE_OPINION, false) : SLICE_NONE;
    json_object_set_new(task, "question", colleagues_words(showing, question));
    json_object_set_new(task, "opinion", colleagues_words(showing, opinion));
    json_object_set_new(task, "note", colleagues_words(showing, note_of(showing, NOTE_NOTE, false)));
}

static json_t *proposed_json(const struct showing *showing)
{
    const struct case_hand *hand = showing->hand;
    json_t *proposed = NULL;
    bool of_another = hand->row.task.state == TASK_SECONDING &&
                      !slice_equal(hand->row.task.proposed_by, showing->call->caller->person);
    if (!of_another || json_read(hand->said.proposed, &proposed, NULL) != ST_OK)
        return json_null();
    case_mask_strings(&showing->facts, proposed, showing->call->unit->arena);
    return proposed;
}

static void set_task(const struct showing *showing, json_t *task)
{
    struct unit *unit = showing->call->unit;
    const struct supervision_task *row = &showing->hand->row.task;
    enum language language = row->language == LANGUAGE_UNKNOWN ? LANGUAGE_FR : row->language;
    json_object_set_new(task, "deadline", json_from_text(instant_format(row->deadline, zone_utc(), unit->arena)));
    json_object_set_new(task, "priority", json_string(task_priority_names[row->priority]));
    json_object_set_new(task, "language", json_string(language_names[language]));
    json_object_set_new(task, "four_eyes", acts_json(unit->planner->options.supervision.four_eyes));
    set_opinions(showing, task);
    json_object_set_new(task, "proposed", proposed_json(showing));
}

/* Giving */

static enum status log_given(const struct showing *showing, enum case_part part, struct slice purpose)
{
    struct unit *unit = showing->call->unit;
    const struct supervision_task *row = &showing->hand->row.task;
    struct slice ids = arena_format(unit->arena,
                                    "task=%.*s meeting=%.*s organisation=%.*s part=%s purpose=%.*s person=%.*s",
                                    SLICE_ARG(row->id), SLICE_ARG(row->meeting), SLICE_ARG(row->organisation),
                                    case_parts[part].name, SLICE_ARG(purpose), SLICE_ARG(showing->call->caller->person));
    return store_append_log(unit->planner->store, unit->now, slice_from(log_kind_name(LOG_PART_GIVEN)), ids, unit->why);
}

static enum status seal(const struct showing *showing, enum case_part part, const json_t *json, struct slice *out)
{
    struct unit *unit = showing->call->unit;
    const struct meeting *meeting = &showing->hand->meeting.meeting;
    struct slice name = slice_from(case_parts[part].name);
    struct seal_place place = vault_part_place(meeting->organisation, meeting->id, name);
    AUTO_SECRET key = vault_part_key(showing->hand->meeting.key, name);
    struct sealed sealed;
    TRY(vault_seal(key, &place, json_write(json, unit->arena), unit->arena, &sealed, unit->why));
    *out = sealed.bytes;
    return ST_OK;
}

static json_t *base64_json(struct slice bytes, struct arena *arena)
{
    AUTO_BUFFER text = buffer_create(bytes.len * 2 + 8);
    base64url_encode(bytes, &text);
    return json_from_text(arena_copy(arena, buffer_slice(&text)));
}

/* What the console's lease asks for: organisation, meeting, and the wrapped keys of both (base64url). */
static void add_keys(struct command_call *call, const struct case_hand *hand, struct slice organisation_key,
                     uint32_t organisation_version, json_t *out)
{
    struct arena *arena = call->unit->arena;
    const struct meeting_hand *meeting = &hand->meeting;
    json_object_set_new(out, "organisation", json_from_text(meeting->meeting.organisation));
    json_object_set_new(out, "organisation_key", base64_json(organisation_key, arena));
    json_object_set_new(out, "organisation_version", json_integer(organisation_version));
    json_object_set_new(out, "meeting", json_from_text(meeting->meeting.id));
    json_object_set_new(out, "wrapped", base64_json(meeting->wrapped_key.sealed.bytes, arena));
    json_object_set_new(out, "version", json_integer(meeting->wrapped_key.version));
}

static enum status answer(struct showing *showing, enum case_part part, const json_t *json)
{
    struct command_call *call = showing->call;
    struct case_hand *hand = showing->hand;
    struct organisation *owner;
    struct slice sealed;
    TRY(get_organisation_of(call->unit, hand->row.task.organisation, hand->meeting.wrapped_key.sealed, &owner));
    TRY(seal(showing, part, json, &sealed));
    call->out = json_object();
    json_object_set_new(call->out, "task", json_from_text(hand->row.task.id));
    json_object_set_new(call->out, "part", json_string(case_parts[part].name));
    add_keys(call, hand, owner->key.sealed.bytes, owner->key.version, call->out);
    json_object_set_new(call->out, "sealed", base64_json(sealed, call->unit->arena));
    return ST_OK;
}

/* Of a message that nobody could read there is nothing to open, and no key: when it came, and that is all. */
static enum status answer_alone(struct showing *showing, enum case_part part)
{
    static const struct meeting no_meeting;
    struct command_call *call = showing->call;
    const struct supervision_task *row = &showing->hand->row.task;
    showing->facts = (struct case_facts){
        .meeting = &no_meeting, .answered = &no_meeting, .task = showing->hand->task, .env = &showing->env};
    if (part != CASE_SHOWN)
        return case_fail(call, ST_INVALID, "part", "there is nothing more of it");
    json_t *task = json_object(), *shown = json_object();
    json_object_set_new(task, "id", json_from_text(row->id));
    json_object_set_new(task, "reason", json_from_text(row->reason));
    json_object_set_new(task, "opened", json_from_text(instant_format(row->opened, zone_utc(), call->unit->arena)));
    set_task(showing, task);
    json_object_set_new(shown, "task", task);
    call->out = json_object();
    json_object_set_new(call->out, "task", json_from_text(row->id));
    json_object_set_new(call->out, "part", json_string(case_parts[part].name));
    json_object_set_new(call->out, "meeting", json_null());
    json_object_set_new(call->out, "case", shown);
    return ST_OK;
}

static json_t *part_json(const struct showing *showing, enum case_part part)
{
    struct arena *arena = showing->call->unit->arena;
    switch (part) {
    case CASE_PEOPLE:
        return case_people_json(&showing->facts, arena);
    case CASE_WORDS:
        return case_words_json(&showing->facts, arena);
    case CASE_DRAFT:
        return case_draft_json(&showing->facts, arena);
    case CASE_SHOWN:
    case CASE_PART_COUNT_:
        break;
    }
    json_t *shown = case_shown_json(&showing->facts, arena);
    set_task(showing, json_object_get(shown, "task"));
    return shown;
}

/* One part; decision NULL: as it is, with what approving would send. */
static enum status give(struct showing *showing, enum case_part part, const struct supervisor_decision *decision)
{
    static const struct supervisor_decision approve = {.approve = true};
    TRY(try_decision(showing, decision == NULL ? &approve : decision, decision != NULL));
    AUTO_JSON json = part_json(showing, part);
    return answer(showing, part, json);
}

/* Commands */

static enum status show_part(struct command_call *call, enum case_part part, struct slice purpose)
{
    struct supervisor who;
    AUTO_CASE hand = {0};
    struct showing showing = {.call = call, .hand = &hand};
    TRY(case_supervisor(call, &who));
    TRY(case_open(call, true, &hand));
    if (hand.alone)
        return answer_alone(&showing, part);
    TRY(gather(&showing, part == CASE_WORDS)); /* which are the same whatever deciding would do */
    TRY(give(&showing, part, NULL));
    return log_given(&showing, part, purpose);
}

static enum status show_in(struct command_call *call)
{
    return show_part(call, CASE_SHOWN, LIT("handle"));
}

enum status command_case_show(struct command_call *call)
{
    return in_transaction(call, show_in);
}

static bool is_purpose(struct slice word)
{
    static const char *const purposes[] = {"identify", "understand", "write", "complaint"};
    for (size_t i = 0; i < sizeof purposes / sizeof *purposes; i++)
        if (slice_equal(word, slice_from(purposes[i])))
            return true;
    return false;
}

static enum status part_in(struct command_call *call)
{
    enum case_part part = case_part_from_name(json_text(call->in, "part"));
    struct slice purpose = json_text(call->in, "purpose");
    if (part == CASE_PART_COUNT_ || part == CASE_SHOWN)
        return case_fail(call, ST_INVALID, "part", "there is no such part");
    if (!is_purpose(purpose))
        return case_fail(call, ST_INVALID, "purpose", "what it is for is needed");
    return show_part(call, part, purpose);
}

enum status command_case_part(struct command_call *call)
{
    return in_transaction(call, part_in);
}

/* Nothing is given that case.show has not given: what the person has said is tried on it. */
static enum status preview(struct command_call *call, struct case_hand *hand)
{
    struct showing showing = {.call = call, .hand = hand};
    const json_t *said = json_object_get(call->in, "decision");
    struct case_person_list people;
    struct decision_context context = {&hand->meeting.meeting, &hand->task->reading, &people};
    struct supervisor_decision decision;
    struct case_typed typed;
    enum decision_act act;
    TRY(gather(&showing, false));
    case_people(&showing.facts, call->unit->arena, &people);
    call->code = "decision";
    TRY(decision_read(said, &context, call->unit->arena, &decision, &act, call->unit->why));
    call->code = NULL;
    decision_typed(said, &typed);
    case_set_aside(&decision);
    showing.facts.typed = &typed;
    return give(&showing, CASE_SHOWN, &decision);
}

static enum status preview_in(struct command_call *call)
{
    AUTO_CASE hand = {0};
    TRY(case_open(call, false, &hand));
    return hand.alone ? case_fail(call, ST_INVALID, "decision", "there is nothing to answer to") : preview(call, &hand);
}

enum status command_case_preview(struct command_call *call)
{
    return in_transaction(call, preview_in);
}

/* For a decision and its lesson: who is in it, and the message in doubt. */
enum status case_gather(struct command_call *call, struct case_hand *hand, struct case_person_list *people,
                        struct case_person_list *others, struct slice *text)
{
    struct showing showing = {.call = call, .hand = hand};
    TRY(gather(&showing, true));
    case_people(&showing.facts, call->unit->arena, people);
    *others = showing.facts.others;
    *text = showing.facts.thread.items[showing.facts.thread.count - 1].text;
    return ST_OK;
}
