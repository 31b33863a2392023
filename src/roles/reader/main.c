/* reader: turns strangers' bytes into meaning, with no right but to compute. It holds no
 * key, no file, no socket but its channels; what it says is checked by the planner. */
#include <signal.h>
#include <sys/time.h>

#include "roles/messages/mains.h"

enum {
    WORK_BYTES_MAX = 512 << 20,
    MEMORY_BYTES_MAX = 1 << 30,
    /* A message that takes longer has found a hole in a parser: the process ends, and after
     * three such ends mailin sends the message to a person. */
    WORK_S = 30,
};

struct reader {
    struct role *role;
    struct slice authserv;
};

/* SIGALRM is not handled: it ends the process. */
static void limit_time(long seconds)
{
    struct itimerval limit = {.it_value = {.tv_sec = seconds}};
    setitimer(ITIMER_REAL, &limit, NULL);
}

/* The first attached calendar that is an iTIP message. */
static struct ical_calendar *find_itip(const struct mail *mail, struct arena *arena)
{
    for (size_t i = 0; i < mail->calendars.count; i++) {
        struct ical_calendar *calendar = ARENA_NEW(arena, struct ical_calendar);
        if (ical_parse(mail->calendars.items[i].text, arena, calendar, NULL) == ST_OK &&
            calendar->method.len > 0)
            return calendar;
    }
    return NULL;
}

static void say(struct reader *reader, enum message message, const void *object, struct slice id)
{
    struct problem why;
    struct ipc_channel *planner = role_channel(reader->role, ROLE_PLANNER);
    enum status status = ipc_send(planner, (uint16_t)message, object, &why);
    /* When the planner is away mailin sends the message again once it is back. */
    if (status != ST_OK)
        event_log(EVENT_MAIL_FAILED, field_id(KEY_MESSAGE, id), field_problem(&why));
}

static void say_unreadable(struct reader *reader, const struct raw_mail *mail, const char *reason)
{
    struct unreadable_mail unreadable = {mail->id, slice_from(reason), mail->envelope, mail->raw};
    say(reader, MESSAGE_UNREADABLE_MAIL, &unreadable, mail->id);
}

static void read_mail(struct reader *reader, const struct raw_mail *mail, struct arena *arena)
{
    struct problem why;
    struct parsed_mail parsed = {.id = mail->id, .envelope = mail->envelope, .raw = mail->raw};
    enum status status = mime_parse(mail->raw, reader->authserv, arena, &parsed.mail, &why);
    if (status != ST_OK) {
        say_unreadable(reader, mail, status == ST_LIMIT ? "too_large" : "no_sender");
        return;
    }
    parsed.itip = find_itip(&parsed.mail, arena);
    struct ipc_channel *planner = role_channel(reader->role, ROLE_PLANNER);
    status = ipc_send(planner, MESSAGE_PARSED_MAIL, &parsed, &why);
    if (status == ST_LIMIT)
        say_unreadable(reader, mail, "too_large");
    else if (status != ST_OK)
        event_log(EVENT_MAIL_FAILED, field_id(KEY_MESSAGE, mail->id), field_problem(&why));
}

static void receive_raw(void *context, const struct ipc_message *message, const struct moment *at)
{
    (void)at;
    AUTO_ARENA arena = arena_create_wiped(WORK_BYTES_MAX);
    limit_time(WORK_S);
    read_mail(context, message->object, arena);
    limit_time(0);
}

static void receive_understand(void *context, const struct ipc_message *message,
                               const struct moment *at)
{
    const struct understand *question = message->object;
    struct understood answer = {0};
    struct problem why;
    (void)context, (void)at;
    AUTO_ARENA arena = arena_create_wiped(WORK_BYTES_MAX);
    limit_time(WORK_S);
    answer.status = intent_read(&question->mail, &question->context, arena, &answer.reading, &why);
    limit_time(0);
    if (ipc_answer(message, MESSAGE_UNDERSTOOD, &answer, &why) != ST_OK)
        event_log(EVENT_MAIL_FAILED, field_problem(&why));
}

/* Everything that libraries and lexicons load at first use is loaded by using it. */
static void warm_up(void)
{
    AUTO_ARENA arena = arena_create(WORK_BYTES_MAX);
    struct mail mail;
    struct reading reading;
    struct intent_context context = {.writer_zone = LIT("Europe/Paris"),
                                     .organizer_zone = LIT("Europe/Paris")};
    mime_init();
    ical_init();
    zone_load_all();
    struct slice raw = LIT("From: <a@warm.example>\r\nTo: <b@warm.example>\r\nSubject: x\r\n\r\n"
                           "Trouve-nous 30 minutes demain. Lunch on Friday?\r\n");
    if (mime_parse(raw, SLICE_NONE, arena, &mail, NULL) == ST_OK)
        (void)!intent_read(&mail, &context, arena, &reading, NULL);
}

enum status reader_main(struct role *role, struct problem *why)
{
    static struct reader reader;
    struct sandbox_rules rules = {.memory_bytes_max = MEMORY_BYTES_MAX};
    reader = (struct reader){role, role_config(role)->mail.authserv};
    warm_up();
    signal(SIGALRM, SIG_DFL);
    role_handle(role, MESSAGE_RAW_MAIL, receive_raw, &reader);
    role_handle(role, MESSAGE_UNDERSTAND, receive_understand, &reader);
    TRY(role_enter(role, &rules, why));
    return role_run(role, why);
}
