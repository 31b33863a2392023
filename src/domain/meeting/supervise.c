/* What a person decides: tasks, their drafts and the decisions on them. */
#include "domain/meeting/internal.h"

void add_task(struct turn *turn, const char *reason)
{
    struct task task = {
        .id = new_id(turn, ""),
        .reason = slice_from(reason),
        .opened = turn->env->now,
        .from = turn->writer,
        .reading = *turn->reading,
    };
    ARENA_PUSH(turn->arena, &turn->meeting->tasks, task);
    add_effect(turn, EFFECT_TASK_OPENED)->address = task.id;
}

static const char *reason_of(const struct turn *turn)
{
    const struct reading *reading = turn->reading;
    if (reading->intent == INTENT_HOSTILE)
        return "hostile";
    if (reading->asks_person)
        return "asked";
    if (reading->suspicious)
        return "suspicious";
    if (reading->complaint && (reading->intent == INTENT_OTHER || turn->meeting->talk))
        return "complaint";
    if (turn->meeting->talk)
        return "asked"; /* in answer to a person */
    if (reading->intent == INTENT_UNCLEAR)
        return "unclear";
    if ((reading->one_of_series || turn->input->one_of_series) && is_series(turn))
        return "occurrence";
    if (reading->conditional)
        return "conditional";
    if (other_series(turn))
        return "series";
    return turn->policy_asks ? "policy" : "unsure";
}

/* What we do not do with series is told to the organizer, who may know a way of their own. */
static void tell_series(struct turn *turn, struct slice reason)
{
    struct mail_order *order;
    bool theirs = turn->who == 0;
    if (slice_equal(reason, LIT("series"))) {
        bool later = series_is(&turn->request->series);
        order = order_mail(turn, 0, theirs ? PURPOSE_ACKNOWLEDGEMENT : PURPOSE_NOTICE,
                           !theirs ? "series.other_guest" : later ? "series.later" : "series.other");
        order->detail = turn->request->recurs.len > 0 ? turn->request->recurs : order->subject;
        order->who = sender_name(turn);
        return;
    }
    if (!slice_equal(reason, LIT("occurrence")))
        return;
    order = order_mail(turn, 0, theirs ? PURPOSE_ACKNOWLEDGEMENT : PURPOSE_NOTICE,
                       theirs ? "series.one" : "series.one_guest");
    order->who = sender_name(turn);
    order->slot = turn->meeting->confirmed;
}

/* Whatever the client's policy: not the machine's doubt, but what only a person answers. */
static bool is_for_person(const struct task *task)
{
    return slice_equal(task->reason, LIT("hostile")) || slice_equal(task->reason, LIT("complaint")) ||
           slice_equal(task->reason, LIT("asked"));
}

static const char *draft_phrase(const struct meeting *meeting, const struct task *task)
{
    if (is_for_person(task))
        return "draft.person";
    if (slice_equal(task->reason, LIT("series")))
        return "draft.series";
    if (slice_equal(task->reason, LIT("occurrence")))
        return "draft.occurrence";
    if (meeting->confirmed.end.us > 0)
        return "draft.unclear_confirmed";
    return "draft.unclear";
}

static struct mail_order *order_draft(struct turn *turn, const struct task *task, size_t who)
{
    struct meeting *meeting = turn->meeting;
    const char *phrase = draft_phrase(meeting, task);
    struct number_list live = {0};
    for (size_t i = 0; i < meeting->offers.count; i++)
        if (is_live(turn, &meeting->offers.items[i]))
            number_add(turn->arena, &live, meeting->offers.items[i].number);
    bool offers = meeting->confirmed.end.us == 0 && slice_equal(slice_from(phrase),
                                                                LIT("draft.unclear"));
    if (!offers || who == 0)
        live.count = 0;
    if (live.count > 0)
        send_offers(turn, who, PURPOSE_CLARIFICATION, phrase, &live);
    else
        order_mail(turn, who, PURPOSE_CLARIFICATION, phrase);
    struct mail_order *order = &turn->effects->items[turn->effects->count - 1].mail;
    order->slot = meeting->confirmed;
    return order;
}

enum meeting_state open_task(struct turn *turn)
{
    const char *reason = reason_of(turn);
    struct meeting *meeting = turn->meeting;
    struct task asked = {.reason = slice_from(reason), .from = turn->writer};
    bool alone = turn->env->policy == POLICY_NEVER && !is_for_person(&asked);
    if (alone && turn->who != NOBODY && !turn->reading->asks_person)
        order_draft(turn, &asked, turn->who);
    else
        add_task(turn, reason);
    tell_series(turn, slice_from(reason));
    if (!meeting->talk)
        return meeting->state;
    meeting->asked = SLICE_NONE; /* here is the answer, and who wrote once more is heard once more */
    return MEETING_GATHERING;
}

static void close_task(struct turn *turn, size_t at)
{
    struct task_list *tasks = &turn->meeting->tasks;
    add_effect(turn, EFFECT_TASK_CLOSED)->address = tasks->items[at].id;
    for (size_t i = at + 1; i < tasks->count; i++)
        tasks->items[i - 1] = tasks->items[i];
    tasks->count--;
}

/* Clear words of the same person make an older riddle of theirs pointless. */
void close_tasks_of(struct turn *turn, struct slice from)
{
    struct task_list *tasks = &turn->meeting->tasks;
    for (size_t i = tasks->count; i-- > 0;)
        if (slice_equal_nocase(tasks->items[i].from, from) && !is_for_person(&tasks->items[i]))
            close_task(turn, i);
}

/* Whether the machine's own reading says something that can be done. */
static bool can_act_on(const struct task *task)
{
    const struct reading *reading = &task->reading;
    const struct meeting_request *request =
        reading->requests.count > 0 ? &reading->requests.items[0] : NULL;
    bool times = request != NULL && (request->times.constrained || request->times.starts.count > 0);
    if (slice_equal(task->reason, LIT("policy")))
        return true; /* the machine was sure */
    if (!slice_equal(task->reason, LIT("unsure")) && !slice_equal(task->reason, LIT("conditional")))
        return false;
    switch (reading->intent) {
    case INTENT_ACCEPT:
        return reading->accepted.count > 0 || reading->any_offer || times;
    case INTENT_COUNTER:
    case INTENT_RESCHEDULE:
        return times;
    case INTENT_REQUEST:
    case INTENT_DECLINE:
    case INTENT_CANCEL:
    case INTENT_LATE:
    case INTENT_CHANGE:
    case INTENT_DELEGATE:
    case INTENT_INFORM:
        return true;
    case INTENT_OTHER:
    case INTENT_QUESTION:
    case INTENT_THANKS:
    case INTENT_UNCLEAR:
    case INTENT_HOSTILE:
    case INTENT_COUNT_:
        break;
    }
    return false;
}

/* A preview works on a copy, and leaves the ids' generator alone. */
bool meeting_draft(const struct meeting *meeting, const struct task *task,
                   const struct meeting_env *env, struct arena *arena, struct mail_order *out)
{
    static const struct reading no_reading;
    static const struct meeting_request no_request;
    struct meeting copy;
    uint64_t random = 0;
    struct meeting_env still = *env;
    struct effect_list effects = {0};
    struct meeting_input input = {.kind = INPUT_SUPERVISED};
    size_t who = find_participant(meeting, task->from);
    if (who == NOBODY || can_act_on(task) || slice_equal(task->reason, LIT("stuck")))
        return false;
    record_copy(&meeting_record, meeting, arena, &copy);
    still.random = &random;
    struct turn turn = {.meeting = &copy, .input = &input, .env = &still, .arena = arena,
                        .effects = &effects, .reading = &no_reading, .request = &no_request,
                        .writer = task->from, .who = who};
    *out = *order_draft(&turn, task, who);
    return true;
}

size_t find_task(const struct meeting *meeting, struct slice id)
{
    for (size_t i = 0; i < meeting->tasks.count; i++)
        if (id.len == 0 || slice_equal(meeting->tasks.items[i].id, id))
            return i;
    return NOBODY;
}

/* The one that was decided, which is open no more. */
static struct task take_task(struct turn *turn)
{
    size_t at = find_task(turn->meeting, turn->input->task);
    struct task task = turn->meeting->tasks.items[at];
    close_task(turn, at);
    return task;
}

enum meeting_state on_approved(struct turn *turn)
{
    struct task task = take_task(turn);
    size_t who = find_participant(turn->meeting, task.from);
    turn_read(turn, &task.reading, task.from);
    if (can_act_on(&task))
        return turn_act(turn, act_of_reading(turn));
    if (who != NOBODY && task.draft.len > 0)
        order_mail(turn, who, PURPOSE_ACKNOWLEDGEMENT, "verbatim")->verbatim = task.draft;
    else if (who != NOBODY && !slice_equal(task.reason, LIT("stuck")))
        order_draft(turn, &task, who);
    return turn->meeting->state;
}

enum meeting_state on_taken_over(struct turn *turn)
{
    struct task task = take_task(turn);
    size_t who = find_participant(turn->meeting, task.from);
    if (who != NOBODY)
        order_mail(turn, who, PURPOSE_ACKNOWLEDGEMENT, "verbatim")->verbatim =
            turn->input->decision->take_over;
    return turn->meeting->state;
}

/* The organizer's next words are an answer: what is not clear of them is for a person, too. */
static void note_asked(struct turn *turn)
{
    struct meeting *meeting = turn->meeting;
    organizer(meeting)->asked_at = turn->env->now;
    if (meeting->asked.len > 0)
        return;
    meeting->asked = LIT("question");
    meeting->asked_about = SLICE_NONE;
    meeting->asked_whom = organizer(meeting)->address;
}

enum meeting_state on_asked_back(struct turn *turn)
{
    struct task task = take_task(turn);
    const struct supervisor_decision *decision = turn->input->decision;
    size_t writer = find_participant(turn->meeting, task.from);
    size_t who = decision->ask_back == ASK_ORGANIZER ? 0 : writer;
    if (who == NOBODY)
        return turn->meeting->state;
    bool of_another = writer != NOBODY && writer != who;
    struct mail_order *order =
        order_mail(turn, who, PURPOSE_CLARIFICATION, of_another ? "asked.about" : "asked");
    order->question = decision->question;
    if (of_another)
        order->who = display_name(&turn->meeting->people.items[writer]);
    if (who == 0)
        note_asked(turn);
    return turn->meeting->state;
}

/* By us: what the organizer has told them is theirs to settle. */
static bool is_heard_of(const struct meeting *meeting)
{
    for (size_t i = 1; i < meeting->people.count; i++) {
        const struct participant *person = &meeting->people.items[i];
        if (person->asked_at.us > 0 || person->shown.count > 0 || person->invited_sequence > 0)
            return true;
    }
    return false;
}

enum meeting_state on_refused(struct turn *turn)
{
    struct task task = take_task(turn);
    struct meeting *meeting = turn->meeting;
    size_t who = find_participant(meeting, task.from);
    bool open = meeting->state == MEETING_GATHERING || meeting->state == MEETING_PROPOSING;
    if (who != NOBODY)
        order_mail(turn, who, PURPOSE_DECLINE, "refused")->question = turn->input->decision->refusal;
    if (who != 0 || !open || is_heard_of(meeting))
        return meeting->state;
    release(turn);
    meeting->asked = SLICE_NONE;
    return MEETING_CANCELLED;
}

/* What is asked for, where the person says otherwise. */
static void correct_request(const struct supervisor_decision *decision, const struct meeting_request *said,
                            struct meeting_request *request)
{
    if (decision->has_times)
        request->times = said->times;
    else if (decision->reading.accepted.count > 0)
        request->times = (struct said_times){0};
    if (decision->has_kind)
        request->kind = said->kind;
    if (decision->has_duration)
        request->duration_min = said->duration_min;
    if (decision->has_people)
        request->people = said->people;
    if (decision->has_place) {
        request->place = said->place;
        request->place_theirs = false;
    }
    request->recurring = false;
}

const struct reading *meeting_corrected(const struct task *task, const struct supervisor_decision *decision,
                                        struct arena *arena)
{
    const struct reading *fix = &decision->reading;
    static const struct meeting_request none;
    const struct meeting_request *said = fix->requests.count > 0 ? &fix->requests.items[0] : &none;
    struct reading *reading = ARENA_NEW(arena, struct reading);
    *reading = task->reading;
    struct meeting_request request = reading->requests.count > 0 ? reading->requests.items[0] : none;
    reading->confidence = 1000;
    reading->suspicious = reading->conditional = reading->complaint = false;
    if (decision->has_intent)
        reading->intent = fix->intent;
    if (reading->intent != INTENT_ACCEPT) { /* what was taken for an acceptance is none */
        reading->any_offer = false;
        reading->accepted = (struct number_list){0};
    }
    if (decision->has_accepted || fix->accepted.count > 0) {
        reading->accepted = fix->accepted;
        reading->any_offer = false;
        reading->refused = (struct number_list){0};
    }
    if (decision->has_refused)
        reading->refused = fix->refused;
    correct_request(decision, said, &request);
    reading->one_of_series = false;
    reading->requests = (struct meeting_request_list){0};
    ARENA_PUSH(arena, &reading->requests, request);
    return reading;
}

enum meeting_state on_corrected(struct turn *turn)
{
    struct task task = take_task(turn);
    turn_read(turn, meeting_corrected(&task, turn->input->decision, turn->arena), task.from);
    enum act act = act_of_reading(turn);
    if (act == ACT_WISH)
        turn->meeting->talk = false; /* a meeting was asked for, after all */
    return turn_act(turn, act);
}
