/* A new meeting out of a request. */
#include "domain/meeting/internal.h"

static bool is_reply_mark(struct slice text, size_t *len)
{
    static const char *const marks[] = {"re:",  "ré:",  "re :", "ré :", "rép:", "rép :", "rép.:",
                                        "tr:",  "tr :", "fw:",  "fw :", "fwd:", "fwd :", "aw:",
                                        "wg:",  "réf:", "rv:",  "i:"};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (slice_starts_nocase(text, slice_from(marks[i]))) {
            *len = slice_from(marks[i]).len;
            return true;
        }
    return false;
}

/* The thread's subject without "Re:" and control characters. */
static struct slice bare_subject(struct slice subject, struct arena *arena)
{
    size_t len;
    subject = slice_trim(subject);
    while (is_reply_mark(subject, &len))
        subject = slice_trim(slice_sub(subject, len, subject.len));
    struct slice copy = arena_copy(arena, subject);
    char *bytes = arena_text(arena, copy);
    for (size_t i = 0; i < copy.len; i++)
        if ((unsigned char)bytes[i] < ' ' || bytes[i] == 0x7F)
            bytes[i] = ' ';
    return slice_trim(slice_from(bytes));
}

static bool names_people(const struct mention_list *people)
{
    for (size_t i = 0; i < people->count; i++)
        if (people->items[i].role != MENTION_NAMED && people->items[i].role != MENTION_REMOVE)
            return true;
    return false;
}

bool meeting_is_unasked(const struct reading *reading)
{
    if (reading->intent != INTENT_REQUEST)
        return true;
    for (size_t i = 0; i < reading->requests.count; i++) {
        const struct meeting_request *request = &reading->requests.items[i];
        bool times = request->times.constrained || request->times.starts.count > 0 || request->recurring;
        if (times || request->duration_min > 0 || names_people(&request->people))
            return false;
    }
    return reading->requests.count <= 1;
}

static bool in_thread(const struct meeting_input *input, struct slice address)
{
    for (size_t i = 0; i < input->recipients.count; i++)
        if (slice_equal_nocase(input->recipients.items[i].address, address))
            return true;
    for (size_t i = 0; input->mail != NULL && i < input->mail->quotes.count; i++)
        if (slice_equal_nocase(input->mail->quotes.items[i].from.address, address))
            return true;
    return false;
}

/* "Anna Roy / Ben Hall": says nothing that one of them does not know. */
static struct slice names_subject(struct turn *turn)
{
    struct slice text = display_name(organizer(turn->meeting));
    for (size_t i = 1; i < turn->meeting->people.count; i++) {
        const struct participant *person = &turn->meeting->people.items[i];
        if (is_active(person) && i < 5)
            text = arena_format(turn->arena, "%.*s / %.*s", SLICE_ARG(text),
                                SLICE_ARG(display_name(person)));
    }
    return text;
}

static void set_subjects(struct turn *turn)
{
    struct meeting *meeting = turn->meeting;
    bool shared = meeting->people.count > 1;
    for (size_t i = 1; i < meeting->people.count; i++)
        shared &= in_thread(turn->input, meeting->people.items[i].address) ||
                  meeting->people.items[i].known;
    meeting->subject = bare_subject(turn->input->subject, turn->arena);
    meeting->guest_subject = bare_subject(turn->request->subject, turn->arena);
    if (meeting->subject.len == 0)
        meeting->subject = meeting->guest_subject.len > 0 ? meeting->guest_subject
                                                          : names_subject(turn);
    if (shared)
        meeting->guest_subject = meeting->subject;
    if (meeting->guest_subject.len == 0)
        meeting->guest_subject = names_subject(turn);
}

/* A forwarded or answered mail without any other name is about who wrote it. */
static void add_quoted(struct turn *turn)
{
    const struct mail *mail = turn->input->mail;
    for (size_t i = 0; mail != NULL && i < mail->quotes.count; i++) {
        struct mailbox from = mail->quotes.items[i].from;
        if (from.address.len == 0 ||
            slice_equal_nocase(from.address, turn->env->assistant.address) ||
            slice_equal_nocase(from.address, organizer(turn->meeting)->address))
            continue;
        add_participant(turn, from.name, from.address, ROLE_REQUIRED);
        return;
    }
}

static void add_guests(struct turn *turn, const struct meeting_request *request)
{
    const struct meeting_input *input = turn->input;
    /* Of several requests in one mail, each has its own people. */
    bool own = turn->reading->requests.count > 1 && names_people(&request->people);
    for (size_t i = 0; !own && i < input->recipients.count && i < PEOPLE_MAX - 1; i++) {
        struct mailbox box = input->recipients.items[i];
        if (!slice_equal_nocase(box.address, turn->env->assistant.address))
            add_participant(turn, box.name, box.address, ROLE_REQUIRED);
    }
    apply_mentions(turn, &request->people, true, NULL, NULL);
    if (turn->meeting->people.count == 1)
        add_quoted(turn);
}

static void set_facts(struct turn *turn, const struct meeting_request *request,
                      const struct person *host)
{
    struct meeting *meeting = turn->meeting;
    meeting->kind = request->kind;
    meeting->kind_said = request->kind != KIND_UNKNOWN;
    if (meeting->kind == KIND_UNKNOWN && request->place.kind == PLACE_VIDEO)
        meeting->kind = KIND_VIDEO;
    if (meeting->kind == KIND_UNKNOWN &&
        (request->place.kind == PLACE_PHONE || request->phone.len > 0))
        meeting->kind = KIND_CALL;
    if (meeting->kind == KIND_UNKNOWN)
        meeting->kind = KIND_MEETING;
    meeting->duration_said = request->duration_min > 0;
    meeting->duration_min = request->duration_min > 0
                                ? request->duration_min
                                : host->preferences.durations_min[meeting->kind];
    if (meeting->duration_min == 0)
        meeting->duration_min = 60;
    meeting->times = request->times;
    meeting->series = request->series;
    meeting->agreed = request->agreed && request->times.starts.count > 0;
    take_place(turn);
}

enum status meeting_create(const struct meeting_input *input,
                           const struct meeting_request *request, const struct meeting_env *env,
                           struct arena *arena, struct meeting *out, struct problem *why)
{
    static const struct meeting_request no_request;
    const struct known_person *host = env_person(env, input->from.address);
    bool talk = request == NULL;
    if (host == NULL || !host->person.client)
        return problem_set(why, ST_DENIED, "only clients may ask for a meeting");
    struct meeting meeting = {.state = MEETING_GATHERING, .created = env->now, .talk = talk,
                              .organisation = host->person.organisation};
    struct effect_list no_effects = {0};
    struct turn turn = {.meeting = &meeting, .input = input, .env = env, .arena = arena,
                        .effects = &no_effects};
    turn_read(&turn, input->reading, input->from.address);
    turn.request = talk ? &no_request : request;
    meeting.id = new_id(&turn, "");
    struct participant organizer_row = {
        .address = host->person.address,
        .name = host->person.name.len > 0 ? host->person.name : input->from.name,
        .role = ROLE_ORGANIZER,
        .status = PARTICIPANT_ACCEPTED,
        .language = host->person.language != LANGUAGE_UNKNOWN ? host->person.language
                                                              : turn.reading->language,
        .time_zone = host->person.time_zone,
        .known = host->person.has_calendar,
    };
    ARENA_PUSH(arena, &meeting.people, organizer_row);
    if (!talk)
        add_guests(&turn, turn.request);
    set_facts(&turn, turn.request, &host->person);
    set_subjects(&turn);
    *out = meeting;
    return ST_OK;
}
