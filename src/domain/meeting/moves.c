/* The table of moves: what may happen to a meeting in which state, and where it ends. */
#include "domain/meeting/internal.h"

#include <assert.h>

const char *const act_names[] = {
    [ACT_WISH] = "wish",           [ACT_MOVE] = "move",           [ACT_CHANGE] = "change",
    [ACT_CANCEL] = "cancel",       [ACT_ANSWER] = "answer",       [ACT_DECLINE] = "decline",
    [ACT_DELEGATE] = "delegate",   [ACT_INFORM] = "inform",       [ACT_LATE] = "late",
    [ACT_QUESTION] = "question",   [ACT_NOTHING] = "nothing", [ACT_STATUS] = "status",       [ACT_THANKS] = "thanks",    [ACT_DOUBT] = "doubt",
    [ACT_FORBIDDEN] = "forbidden", [ACT_CHOICE] = "choice",       [ACT_PARTSTAT] = "partstat",
    [ACT_PARTSTAT_NO] = "partstat declined", [ACT_PARTSTAT_OWN] = "organizer's partstat declined", [ACT_COUNTER] = "counter", [ACT_TIMER] = "timer",
    [ACT_APPROVED] = "approved",   [ACT_TAKEN_OVER] = "taken over", [ACT_CORRECTED] = "corrected",
    [ACT_ASKED_BACK] = "asked back", [ACT_REFUSED] = "refused",
    [ACT_WHICH] = "which", [ACT_BOUNCED] = "bounced",     [ACT_STOPPED] = "stopped",
};

static enum meeting_state nothing(struct turn *turn)
{
    turn->outcome = OUTCOME_IGNORED;
    return turn->meeting->state;
}

static enum meeting_state refuse(struct turn *turn)
{
    turn->outcome = OUTCOME_REJECTED;
    if (turn->who != NOBODY)
        order_mail_to(turn, turn->input->from, turn->who, PURPOSE_DECLINE, "decline.not_client");
    return turn->meeting->state;
}

/* gathering     something is missing (an address, a time that can be); the organizer was asked. Or (talk) no
 *               meeting was asked for, and a person is to answer
 * proposing     offers are out, or a confirmed time is being moved (moved_from); no time holds
 * confirmed     `confirmed` is set, everybody active holds a REQUEST for its start
 * cancelled     who was written to knows; nothing is held; no mail but for a new request
 * abandoned     nobody answered in time; the organizer was told once; nothing is held
 * supervision   a task is open on a meeting that is being organised; acts are read as in the
 *               state it resumes, and no mail goes to the person in doubt (but an organizer
 *               reads at once which series, or which date of one, is left to a person)
 * A pair that is absent is refused. doc/meeting-states.md is made from this table. */
enum {
    OPEN = IN(GATHERING) | IN(PROPOSING),
    CLOSED = IN(CANCELLED) | IN(ABANDONED),
    ANY = OPEN | IN(CONFIRMED) | CLOSED,
};
const struct move meeting_moves[] = {
    {OPEN, ACT_WISH, organizer_wish, OPEN | IN(CONFIRMED), "does what the wishes ask for"},
    {IN(CONFIRMED), ACT_WISH, organizer_confirmed_wish, IN(PROPOSING) | IN(CONFIRMED),
     "an answer to our question, or nothing new"},
    {IN(ABANDONED), ACT_WISH, organizer_wish, OPEN | IN(CONFIRMED) | IN(ABANDONED), "searches again"},
    {IN(CANCELLED), ACT_WISH, organizer_revive, OPEN | IN(CONFIRMED) | IN(CANCELLED),
     "a new event after all"},
    {OPEN, ACT_MOVE, organizer_wish, OPEN | IN(CONFIRMED), "other wishes"},
    {IN(CONFIRMED), ACT_MOVE, organizer_move, IN(PROPOSING) | IN(CONFIRMED), "looks for another time"},
    {IN(ABANDONED), ACT_MOVE, organizer_wish, OPEN | IN(CONFIRMED) | IN(ABANDONED), "searches again"},
    {IN(CANCELLED), ACT_MOVE, organizer_revive, OPEN | IN(CONFIRMED) | IN(CANCELLED),
     "a new event after all"},
    {OPEN, ACT_CHANGE, organizer_wish, OPEN | IN(CONFIRMED), "people, place, kind or duration"},
    {IN(CONFIRMED), ACT_CHANGE, organizer_change, IN(PROPOSING) | IN(CONFIRMED),
     "updates invitations"},
    {CLOSED, ACT_CHANGE, nothing, CLOSED, "too late"},
    {OPEN | IN(CONFIRMED), ACT_CANCEL, cancel, IN(CANCELLED), "tells everybody"},
    {IN(ABANDONED), ACT_CANCEL, cancel, IN(CANCELLED), "tells everybody"},
    {IN(CANCELLED), ACT_CANCEL, nothing, IN(CANCELLED), "it is"},
    {OPEN, ACT_ANSWER, guest_answer, OPEN | IN(CONFIRMED), "settles, waits or searches again"},
    {IN(CONFIRMED), ACT_ANSWER, confirmed_answer, IN(PROPOSING) | IN(CONFIRMED),
     "comes, or asks for another time"},
    {IN(ABANDONED), ACT_ANSWER, guest_late_answer, OPEN, "opens the search again"},
    {IN(CANCELLED), ACT_ANSWER, nothing, IN(CANCELLED), "too late"},
    {OPEN, ACT_DECLINE, guest_decline, OPEN | IN(CONFIRMED) | IN(CANCELLED),
     "goes on without them if others remain"},
    {IN(CONFIRMED), ACT_DECLINE, confirmed_decline, IN(CONFIRMED) | IN(CANCELLED),
     "the organizer is told; cancelled when the only guest cancels"},
    {CLOSED, ACT_DECLINE, nothing, CLOSED, "too late"},
    {OPEN, ACT_DELEGATE, guest_delegate, OPEN, "asks the delegate"},
    {IN(CONFIRMED), ACT_DELEGATE, confirmed_delegate, IN(CONFIRMED), "invites the delegate too"},
    {CLOSED, ACT_DELEGATE, nothing, CLOSED, "too late"},
    {OPEN, ACT_INFORM, guest_inform, OPEN | IN(CONFIRMED), "a number or a place"},
    {IN(CONFIRMED), ACT_INFORM, confirmed_inform, IN(CONFIRMED), "updates the place"},
    {CLOSED, ACT_INFORM, nothing, CLOSED, "too late"},
    {IN(CONFIRMED), ACT_LATE, tell_late, IN(CONFIRMED), "those who wait are told"},
    {OPEN | CLOSED, ACT_LATE, nothing, OPEN | CLOSED, "late for nothing"},
    {ANY, ACT_WHICH, ask_which, ANY, "asked which of several meetings is meant"},
    {ANY, ACT_QUESTION, guest_question, ANY, "forwarded to the organizer"},
    {ANY, ACT_STATUS, tell_status, ANY, "says where things stand"},
    {IN(CONFIRMED), ACT_THANKS, confirmed_thanks, IN(CONFIRMED), "an acceptance, if they had not said so"},
    {OPEN | CLOSED, ACT_THANKS, nothing, OPEN | CLOSED, "kind"},
    {ANY, ACT_NOTHING, nothing, ANY, "automatic replies, other matters"},
    {ANY, ACT_DOUBT, open_task, ANY, "a person looks"},
    {ANY, ACT_FORBIDDEN, refuse, ANY, "not theirs to order"},
    {OPEN, ACT_CHOICE, guest_choice, OPEN | IN(CONFIRMED), "settles, waits or searches again"},
    {IN(ABANDONED), ACT_CHOICE, guest_late_answer, OPEN, "opens the search again"},
    {IN(CONFIRMED) | IN(CANCELLED), ACT_CHOICE, nothing, IN(CONFIRMED) | IN(CANCELLED), "too late"},
    {IN(CONFIRMED), ACT_PARTSTAT, confirmed_partstat, IN(CONFIRMED), "noted"},
    {OPEN | CLOSED, ACT_PARTSTAT, nothing, OPEN | CLOSED, "of an old invitation"},
    {IN(CONFIRMED), ACT_PARTSTAT_NO, confirmed_decline, IN(CONFIRMED), "the organizer is told"},
    {OPEN | CLOSED, ACT_PARTSTAT_NO, nothing, OPEN | CLOSED, "of an old invitation"},
    {IN(CONFIRMED), ACT_PARTSTAT_OWN, confirmed_own_partstat, IN(CONFIRMED),
     "asked whether to move or cancel"},
    {OPEN | CLOSED, ACT_PARTSTAT_OWN, nothing, OPEN | CLOSED, "of an old invitation"},
    {IN(CONFIRMED), ACT_COUNTER, confirmed_counter, IN(CONFIRMED), "moved, or the organizer asked"},
    {OPEN, ACT_COUNTER, guest_counter, OPEN | IN(CONFIRMED), "a time like any other"},
    {CLOSED, ACT_COUNTER, nothing, CLOSED, "too late"},
    {IN(GATHERING), ACT_TIMER, on_timer, IN(GATHERING) | IN(ABANDONED), "gives up"},
    {IN(PROPOSING), ACT_TIMER, on_timer, IN(PROPOSING) | IN(ABANDONED), "reminds, or gives up"},
    {IN(CONFIRMED), ACT_TIMER, hold_on, IN(CONFIRMED), "holds the dates of a series that have come near"},
    {ANY, ACT_APPROVED, on_approved, ANY, "sends the draft or acts on the reading"},
    {ANY, ACT_TAKEN_OVER, on_taken_over, ANY, "sends the supervisor's words"},
    {ANY, ACT_CORRECTED, on_corrected, ANY, "acts on the corrected reading"},
    {ANY, ACT_ASKED_BACK, on_asked_back, ANY, "sends the supervisor's question"},
    {OPEN, ACT_REFUSED, on_refused, OPEN | IN(CANCELLED),
     "who wrote is told so; what nobody else has heard of is cancelled"},
    {IN(CONFIRMED) | CLOSED, ACT_REFUSED, on_refused, IN(CONFIRMED) | CLOSED, "who wrote is told so"},
    {OPEN | IN(CONFIRMED), ACT_BOUNCED, on_bounce, OPEN | IN(CONFIRMED), "asks for the address"},
    {CLOSED, ACT_BOUNCED, nothing, CLOSED, "too late"},
    {OPEN | IN(CONFIRMED), ACT_STOPPED, guest_stopped, OPEN | IN(CONFIRMED),
     "the organizer is told; goes on without them if others remain"},
    {CLOSED, ACT_STOPPED, nothing, CLOSED, "nothing is sent any more"},
};
const size_t meeting_move_count = sizeof meeting_moves / sizeof *meeting_moves;

static const struct move *find_move(enum meeting_state from, enum act act)
{
    for (size_t i = 0; i < meeting_move_count; i++)
        if (meeting_moves[i].act == act && (meeting_moves[i].from & (1u << from)) != 0)
            return &meeting_moves[i];
    return NULL;
}

/* Who means what: the same words are an order from the organizer and a wish from a guest. */
static const struct {
    enum act guest, organizer;
} acts[INTENT_COUNT_] = {
    [INTENT_OTHER] = {ACT_NOTHING, ACT_NOTHING},
    [INTENT_REQUEST] = {ACT_FORBIDDEN, ACT_WISH},
    [INTENT_ACCEPT] = {ACT_ANSWER, ACT_WISH},
    [INTENT_DECLINE] = {ACT_DECLINE, ACT_CANCEL},
    [INTENT_COUNTER] = {ACT_ANSWER, ACT_WISH},
    [INTENT_RESCHEDULE] = {ACT_ANSWER, ACT_MOVE},
    [INTENT_CANCEL] = {ACT_DECLINE, ACT_CANCEL},
    [INTENT_LATE] = {ACT_LATE, ACT_LATE},
    [INTENT_CHANGE] = {ACT_INFORM, ACT_CHANGE},
    [INTENT_DELEGATE] = {ACT_DELEGATE, ACT_WISH},
    [INTENT_INFORM] = {ACT_INFORM, ACT_WISH},
    [INTENT_QUESTION] = {ACT_QUESTION, ACT_STATUS},
    [INTENT_THANKS] = {ACT_THANKS, ACT_NOTHING},
    [INTENT_UNCLEAR] = {ACT_DOUBT, ACT_DOUBT},
    [INTENT_HOSTILE] = {ACT_DOUBT, ACT_DOUBT},
};

/* The writer is somebody whose answer we wait for. */
static bool awaited(const struct turn *turn)
{
    if (turn->who == 0)
        return turn->meeting->asked.len > 0 &&
               slice_equal_nocase(turn->meeting->asked_whom, turn->writer);
    return turn->who != NOBODY && turn->meeting->state == MEETING_PROPOSING &&
           must_answer(&turn->meeting->people.items[turn->who]);
}

static bool is_answer_to_question(const struct turn *turn)
{
    struct slice asked = turn->meeting->asked;
    return turn->meeting->state != MEETING_CONFIRMED &&
           (slice_equal(asked, LIT("time")) || slice_equal(asked, LIT("guest_time")));
}

/* "Could we meet on Thursday?" by somebody whom we have asked is an answer. */
static bool is_other_time(const struct turn *turn)
{
    const struct said_times *times = &turn->request->times;
    return awaited(turn) && turn->request->people.count == 0 &&
           (times->constrained || times->starts.count > 0);
}

/* "In English, please", and nothing else. */
static bool asks_for_language(const struct turn *turn)
{
    enum intent intent = turn->reading->intent;
    return turn->reading->write_in.count > 0 && turn->meeting->state == MEETING_PROPOSING &&
           (intent == INTENT_OTHER || intent == INTENT_THANKS || intent == INTENT_QUESTION);
}

enum act act_of_reading(const struct turn *turn)
{
    enum intent intent = turn->reading->intent;
    bool theirs = turn->who == 0;
    if (theirs && intent == INTENT_DECLINE && is_answer_to_question(turn))
        return ACT_WISH;
    if (theirs && intent == INTENT_THANKS && slice_equal(turn->meeting->asked, LIT("guest_time")))
        return ACT_WISH; /* "D'accord, merci" to a question of ours is a yes */
    if (theirs && asks_for_language(turn))
        return ACT_WISH;
    if (!theirs && intent == INTENT_REQUEST && is_other_time(turn))
        return ACT_ANSWER;
    return theirs ? acts[intent].organizer : acts[intent].guest;
}

/* The mail names the day of the settled meeting. */
static bool speaks_of_day(const struct turn *turn)
{
    const struct zone *zone = organizer_zone(turn);
    struct civil settled = civil_from_instant(turn->meeting->confirmed.start, zone);
    for (size_t i = 0; i < turn->reading->timexes.count; i++) {
        const struct timex *timex = &turn->reading->timexes.items[i];
        if (timex->kind != TIMEX_DURATION && timex->grain <= GRAIN_DAY &&
            civil_date_compare(timex->start.date, settled.date) == 0)
            return true;
    }
    return false;
}

/* "Friday 14 May", which is a Thursday: the writer is asked, however little else was understood. */
static bool is_asked_back(const struct turn *turn, enum act act)
{
    return act == ACT_ANSWER && turn->meeting->state != MEETING_CONFIRMED &&
           turn->reading->accepted.count == 0 &&
           turn->request->times.doubt == TIMEX_CONTRADICTION;
}

/* Not weekly, fortnightly or monthly; a guest who would have it otherwise; or a settled single
 * meeting that shall come again from now on. */
bool other_series(const struct turn *turn)
{
    const struct series *said = &turn->request->series, *ours = &turn->meeting->series;
    if (!turn->request->recurring)
        return false;
    if (!series_is(said))
        return true;
    if (turn->who != 0)
        return said->freq != ours->freq || said->interval != ours->interval;
    return turn->meeting->state == MEETING_CONFIRMED && !is_series(turn);
}

/* What would change the whole series is asked of one occurrence. */
static bool means_one(const struct turn *turn, enum act act)
{
    bool changes = act == ACT_WISH || act == ACT_MOVE || act == ACT_CHANGE || act == ACT_CANCEL ||
                   act == ACT_ANSWER || act == ACT_DECLINE;
    return turn->reading->one_of_series && is_series(turn) && changes &&
           turn->reading->intent != INTENT_ACCEPT &&
           turn->meeting->confirmed.end.us > 0;
}

static bool needs_person(const struct turn *turn, enum act act)
{
    const struct reading *reading = turn->reading;
    if (is_asked_back(turn, act) || (act == ACT_WISH && asks_for_language(turn)))
        return reading->suspicious;
    if (act == ACT_NOTHING && turn->meeting->state == MEETING_CONFIRMED && turn->who != NOBODY &&
        turn->who != 0 && reading->confidence < INTENT_SURE && speaks_of_day(turn))
        return true; /* "je ne me sens pas de faire ce point demain": never left unread */
    if (act == ACT_NOTHING || act == ACT_THANKS)
        return awaited(turn) && (reading->suspicious || (reading->intent == INTENT_OTHER &&
                                                         reading->confidence < INTENT_SURE));
    if (act == ACT_FORBIDDEN || act == ACT_QUESTION)
        return false;
    if (other_series(turn) || means_one(turn, act))
        return true;
    return reading->confidence < INTENT_SURE || (reading->conditional && turn->who != 0);
}

/* Complains, and says nothing else that we know of. */
static bool only_complains(const struct turn *turn)
{
    return turn->reading->complaint && turn->reading->intent == INTENT_OTHER;
}

/* To a person, who answers whatever it says; thanks are enough for nobody, but as the answer to a question. */
static bool talks_to_person(const struct turn *turn)
{
    bool answers = turn->meeting->asked.len > 0 || turn->reading->intent != INTENT_THANKS;
    return turn->meeting->talk && turn->who == 0 && answers;
}

/* Who wants a person and says something else besides is heard twice: it is done, and a person looks. */
static bool is_clear(enum act act)
{
    return act != ACT_NOTHING && act != ACT_THANKS && act != ACT_QUESTION && act != ACT_STATUS &&
           act != ACT_FORBIDDEN && act != ACT_DOUBT;
}

/* What reads like a wish of the organizer's is that for a person. */
static bool asks_nothing(const struct turn *turn)
{
    return turn->reading->intent == INTENT_REQUEST && meeting_is_unasked(turn->reading);
}

/* What an act of these does is nothing, or the same whatever was read. */
static bool does_something(enum act act)
{
    return act != ACT_NOTHING && act != ACT_THANKS && act != ACT_FORBIDDEN && act != ACT_DOUBT;
}

static enum act act_of_mail(struct turn *turn)
{
    const struct mail *mail = turn->input->mail;
    if (mail != NULL && mail->nature != MAIL_PERSONAL && mail->nature != MAIL_LIST)
        return ACT_NOTHING;
    if (turn->input->which.len > 0 && turn->who == 0)
        return ACT_WHICH;
    enum act act = act_of_reading(turn);
    if (talks_to_person(turn) || only_complains(turn) || needs_person(turn, act) ||
        (turn->reading->asks_person && (!is_clear(act) || (act == ACT_WISH && asks_nothing(turn)))))
        return ACT_DOUBT;
    turn->policy_asks = turn->env->policy == POLICY_ALWAYS && does_something(act);
    return turn->policy_asks ? ACT_DOUBT : act;
}

/* A button of the organizer's calendar program says that the time does not suit, not what
 * should become of the meeting; and such a REPLY carries no proof of who pressed it. */
static enum act act_of_own_itip(const struct turn *turn)
{
    bool counters = turn->input->counter.end.us > turn->input->counter.start.us;
    bool declines = turn->input->partstat == PARTSTAT_DECLINED;
    return counters || declines ? ACT_PARTSTAT_OWN : ACT_NOTHING;
}

static enum act act_of_itip(const struct turn *turn)
{
    if (turn->input->one_of_series && is_series(turn)) {
        bool stays = turn->input->partstat == PARTSTAT_ACCEPTED ||
                     turn->input->partstat == PARTSTAT_TENTATIVE;
        return stays && turn->input->counter.end.us == 0 ? ACT_NOTHING : ACT_DOUBT;
    }
    if (turn->who == 0)
        return act_of_own_itip(turn);
    if (turn->input->counter.end.us > turn->input->counter.start.us)
        return ACT_COUNTER;
    switch (turn->input->partstat) {
    case PARTSTAT_ACCEPTED:
    case PARTSTAT_TENTATIVE:
        return ACT_PARTSTAT;
    case PARTSTAT_DECLINED:
        return ACT_PARTSTAT_NO;
    case PARTSTAT_NEEDS_ACTION:
    case PARTSTAT_DELEGATED:
        break;
    }
    return ACT_NOTHING;
}

static enum act act_of_decision(const struct turn *turn)
{
    const struct supervisor_decision *decision = turn->input->decision;
    if (decision->take_over.len > 0)
        return ACT_TAKEN_OVER;
    if (decision->ask_back != ASK_NOBODY)
        return ACT_ASKED_BACK;
    if (decision->refuse)
        return ACT_REFUSED;
    return decision->has_reading ? ACT_CORRECTED : ACT_APPROVED;
}

static enum act act_of(struct turn *turn)
{
    switch (turn->input->kind) {
    case INPUT_MAIL:
        return act_of_mail(turn);
    case INPUT_CHOICE:
        return turn->who == 0 ? ACT_NOTHING : ACT_CHOICE;
    case INPUT_ITIP:
        return act_of_itip(turn);
    case INPUT_TIMER:
        return ACT_TIMER;
    case INPUT_SUPERVISED:
        return act_of_decision(turn);
    case INPUT_BOUNCED:
        return ACT_BOUNCED;
    case INPUT_STOPPED:
        return ACT_STOPPED;
    case INPUT_KIND_COUNT_:
        break;
    }
    return ACT_NOTHING;
}

void turn_read(struct turn *turn, const struct reading *reading, struct slice writer)
{
    static const struct reading no_reading = {.confidence = 1000};
    static const struct meeting_request no_request;
    turn->reading = reading == NULL ? &no_reading : reading;
    turn->request = turn->reading->requests.count > 0 ? &turn->reading->requests.items[0]
                                                      : &no_request;
    turn->writer = writer;
    turn->who = find_participant(turn->meeting, writer);
}

enum meeting_state turn_act(struct turn *turn, enum act act)
{
    const struct move *move = find_move(turn->meeting->state, act);
    if (turn->who == NOBODY || move == NULL)
        return nothing(turn);
    enum meeting_state to = move->run(turn);
    assert((move->to & (1u << to)) != 0);
    return to;
}

static bool is_repeated(const struct meeting *meeting, struct slice id)
{
    for (size_t i = 0; id.len > 0 && i < meeting->message_ids.count; i++)
        if (slice_equal(meeting->message_ids.items[i], id))
            return true;
    return false;
}

/* Everybody who got this mail has seen it: our next one to them answers it. */
static void note_message(struct turn *turn)
{
    const struct meeting_input *input = turn->input;
    if (input->kind != INPUT_MAIL || input->message_id.len == 0)
        return;
    struct slice_list *ids = &turn->meeting->message_ids;
    if (ids->count >= MESSAGE_IDS_MAX) {
        for (size_t i = 1; i < ids->count; i++)
            ids->items[i - 1] = ids->items[i];
        ids->count--;
    }
    ARENA_PUSH(turn->arena, ids, input->message_id);
    if (turn->who != NOBODY)
        turn->meeting->people.items[turn->who].last_sent_id = input->message_id;
    for (size_t i = 0; i < input->recipients.count; i++) {
        size_t at = find_participant(turn->meeting, input->recipients.items[i].address);
        if (at != NOBODY)
            turn->meeting->people.items[at].last_sent_id = input->message_id;
    }
}

static bool is_outsider(const struct turn *turn, enum act act)
{
    if (turn->input->kind == INPUT_SUPERVISED || act == ACT_TIMER || act == ACT_BOUNCED || act == ACT_STOPPED)
        return false;
    return turn->who == NOBODY ||
           turn->meeting->people.items[turn->who].status == PARTICIPANT_REMOVED;
}

static bool settles_doubt(enum act act)
{
    return act == ACT_ANSWER || act == ACT_DECLINE || act == ACT_DELEGATE || act == ACT_CHOICE ||
           act == ACT_WISH || act == ACT_MOVE || act == ACT_CHANGE;
}

static void drop_tasks(struct turn *turn)
{
    struct task_list *tasks = &turn->meeting->tasks;
    for (size_t i = 0; i < tasks->count; i++)
        add_effect(turn, EFFECT_TASK_CLOSED)->address = tasks->items[i].id;
    tasks->count = 0;
}

/* Answered by a person, who read no request in it: it is over, and nobody is told so. */
static bool is_answered(const struct turn *turn, enum meeting_state to)
{
    const struct meeting *meeting = turn->meeting;
    return meeting->talk && to == MEETING_GATHERING && meeting->tasks.count == 0 && meeting->asked.len == 0;
}

static void run_move(struct turn *turn, const struct move *move)
{
    struct meeting *meeting = turn->meeting;
    if (settles_doubt(move->act))
        close_tasks_of(turn, turn->writer);
    enum meeting_state to = move->run(turn);
    assert((move->to & (1u << to)) != 0);
    if (turn->input->kind == INPUT_MAIL && move->act != ACT_DOUBT && move->act != ACT_NOTHING &&
        move->act != ACT_THANKS) {
        tell_question(turn);
        if (turn->who != 0 && turn->who != NOBODY && turn->reading->intent == INTENT_ACCEPT)
            tell_guest_people(turn); /* "Wednesday works; could you add Ravi?" */
        if (turn->reading->asks_person)
            add_task(turn, "asked");
        else if (turn->reading->complaint && turn->who != 0)
            add_task(turn, "complaint");
    }
    if (is_answered(turn, to))
        to = MEETING_CANCELLED;
    meeting->state = to;
    if (to == MEETING_CANCELLED)
        drop_tasks(turn);
    bool organising = to == MEETING_GATHERING || to == MEETING_PROPOSING;
    meeting->resumes = to;
    if (organising && meeting->tasks.count > 0)
        meeting->state = MEETING_SUPERVISION;
    set_due(turn);
}

enum status meeting_step(struct meeting *meeting, const struct meeting_input *input,
                         const struct meeting_env *env, struct arena *arena,
                         struct effect_list *effects, enum meeting_outcome *outcome,
                         struct problem *why)
{
    struct turn turn = {.meeting = meeting, .input = input, .env = env, .arena = arena,
                        .effects = effects, .outcome = OUTCOME_ACCEPTED};
    enum meeting_state from =
        meeting->state == MEETING_SUPERVISION ? meeting->resumes : meeting->state;
    *outcome = OUTCOME_IGNORED;
    if (input->kind == INPUT_MAIL && is_repeated(meeting, input->message_id))
        return ST_OK;
    if (input->kind == INPUT_SUPERVISED && meeting->tasks.count == 0)
        return problem_set(why, ST_CONFLICT, "no task is open on this meeting");
    if (input->kind == INPUT_SUPERVISED && find_task(meeting, input->task) == NOBODY)
        return problem_set(why, ST_CONFLICT, "that task is not open on this meeting");
    turn_read(&turn, input->reading, input->from.address);
    turn.initial = input->kind == INPUT_MAIL && from == MEETING_GATHERING &&
                   meeting->message_ids.count == 0;
    enum act act = act_of(&turn);
    const struct move *move = find_move(from, act);
    if (move == NULL)
        return problem_set(why, ST_CONFLICT, "%s refuses %s", meeting_state_names[from],
                           act_names[act]);
    if (is_outsider(&turn, act)) {
        *outcome = OUTCOME_REJECTED;
        return ST_OK;
    }
    meeting->state = from;
    note_message(&turn);
    note_writer(&turn);
    run_move(&turn, move);
    *outcome = turn.outcome;
    return ST_OK;
}
