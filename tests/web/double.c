/* A planner that only plays one conversation, and an authd with one account, so that the pages can be
 * tried without the rest of the service: `double PORT WEB-FOLDER DATA.json ACCOUNT.json`. It serves the real routes of
 * src/roles/api. A mail to the assistant is "read" at the second look after it came; the
 * subjects "refuse this" and "leave waiting" do what they say. */
#include <arpa/inet.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "account.h"

struct play {
    struct web *api;
    struct account_play account;
    json_t *data; /* the file: view, reading, offers, texts */
    json_t *view;
    json_int_t change, last_id;
    int looks; /* since a mail to the assistant came */
    json_t *pending;
    const char *answer;
    json_int_t chosen;
    bool stopped; /* the guest wants no more mail */
};

static json_t *part(const json_t *object, const char *name)
{
    return json_object_get(object, name);
}

static json_t *message(struct play *play, json_t *from, json_t *to, json_t *cc,
                       const char *subject, const char *text, const char *reply_to)
{
    char id[16];
    snprintf(id, sizeof id, "m%lld", (long long)++play->last_id);
    json_t *new = json_pack(
        "{s:s,s:O,s:O,s:O,s:O,s:s,s:s,s:s?,s:n,s:n,s:[],s:n,s:n,s:n}", "id", id, "at",
        part(play->view, "now"), "from", from, "to", to, "cc", cc, "subject", subject, "text",
        text, "in_reply_to", reply_to, "purpose", "meeting", "offers", "calendar", "outcome",
        "reading");
    json_array_append_new(part(play->view, "messages"), new);
    return new;
}

/* The mailbox of an address. */
static json_t *mailbox(struct play *play, const char *address)
{
    size_t i;
    json_t *person;
    const char *name = "";
    json_array_foreach(part(play->view, "people"), i, person)
    {
        if (strcmp(json_string_value(part(person, "address")), address) == 0)
            name = json_string_value(part(person, "name"));
    }
    if (strcmp(json_string_value(part(part(play->view, "assistant"), "address")), address) == 0)
        name = json_string_value(part(part(play->view, "assistant"), "name"));
    return json_pack("{s:s,s:s}", "address", address, "name", name);
}

static json_t *mailboxes(struct play *play, const json_t *addresses)
{
    json_t *list = json_array(), *address;
    size_t i;
    json_array_foreach(addresses, i, address)
        json_array_append_new(list, mailbox(play, json_string_value(address)));
    return list;
}

/* A mail of the assistant to one person, as the data file words it. */
static json_t *assistant_mail(struct play *play, const char *kind, const char *address,
                              const char *reply_to)
{
    const json_t *shape = part(part(play->data, "mails"), kind);
    AUTO_JSON to = json_pack("[o]", mailbox(play, address));
    AUTO_JSON cc = json_array();
    json_t *mail = message(play, part(play->view, "assistant"), to, cc,
                           json_string_value(part(shape, "subject")),
                           json_string_value(part(shape, "text")), reply_to);
    json_object_set(mail, "purpose", part(shape, "purpose"));
    json_object_set_new(mail, "meeting", json_string("meeting-1"));
    json_object_set_new(mail, "offers", json_deep_copy(part(shape, "offers")));
    return mail;
}

static json_t *meeting(struct play *play)
{
    return json_array_get(part(play->view, "meetings"), 0);
}

static void move(json_t *span, json_int_t by)
{
    json_object_set_new(span, "offset",
                        json_integer(json_integer_value(part(span, "offset")) + by));
}

/* Offsets of a time count from its first word in the data file, here from the text's. */
static void place_reasons(json_t *why, const char *text, json_int_t at)
{
    size_t i;
    json_t *span;
    const char *cue = json_string_value(part(why, "cue"));
    const char *found = cue == NULL || *cue == '\0' ? NULL : strstr(text, cue);
    if (found != NULL) {
        json_object_set_new(why, "cue_offset", json_integer(found - text));
        json_object_set_new(why, "cue_length", json_integer((json_int_t)strlen(cue)));
    }
    json_array_foreach(part(why, "steps"), i, span)
        move(span, at);
    json_array_foreach(part(why, "rivals"), i, span)
        move(span, at);
}

static void find_words(json_t *reading, const char *text, const char *list)
{
    size_t i;
    json_t *shape;
    json_array_foreach(part(part(reading, "find"), list), i, shape)
    {
        const char *words = json_string_value(part(shape, "text"));
        const char *at = strstr(text, words);
        if (at == NULL)
            continue;
        json_object_set_new(shape, "offset", json_integer(at - text));
        json_object_set_new(shape, "length", json_integer((json_int_t)strlen(words)));
        if (strcmp(list, "cues") == 0) {
            json_object_set_new(shape, "negated", json_false());
            json_object_set_new(shape, "decisive", json_true());
        }
        if (json_is_object(part(shape, "explanation")))
            place_reasons(part(shape, "explanation"), text, at - text);
        json_array_append(part(reading, list), shape);
    }
}

/* The reading of the data file, its words looked for in the mail. */
static void read_mail(const struct play *play, json_t *mail, const char *name)
{
    json_t *reading = json_deep_copy(part(play->data, name));
    const char *text = json_string_value(part(mail, "text"));
    find_words(reading, text, "times");
    find_words(reading, text, "cues");
    find_words(reading, text, "ignored");
    json_object_del(reading, "find");
    json_object_set(reading, "text", part(mail, "text"));
    json_object_set_new(mail, "reading", reading);
    json_object_set_new(mail, "outcome", json_string("accepted"));
}

static void propose(struct play *play)
{
    read_mail(play, play->pending, "reading");
    json_object_set_new(play->pending, "meeting", json_string("meeting-1"));
    json_array_append_new(part(play->view, "meetings"), json_deep_copy(part(play->data, "meeting")));
    const char *id = json_string_value(part(play->pending, "id"));
    assistant_mail(play, "proposal", json_string_value(part(play->data, "guest")), NULL);
    assistant_mail(play, "acknowledgement", json_string_value(part(play->data, "organizer")), id);
}

static void confirm(struct play *play, json_int_t number)
{
    const json_t *proposal = part(part(play->data, "mails"), "proposal");
    const json_t *slot = json_array_get(part(proposal, "offers"), (size_t)number - 1);
    const char *whom[] = {json_string_value(part(play->data, "guest")),
                          json_string_value(part(play->data, "organizer"))};
    json_t *settled = meeting(play);
    json_object_set_new(settled, "status", json_string("confirmed"));
    json_object_set(settled, "start", part(slot, "start"));
    json_object_set(settled, "end", part(slot, "end"));
    size_t i;
    json_t *calendar, *participant;
    json_array_foreach(part(settled, "participants"), i, participant)
        json_object_set_new(participant, "status", json_string("accepted"));
    for (size_t j = 0; j < 2; j++) {
        json_t *mail = assistant_mail(play, "invitation", whom[j], NULL);
        json_object_set_new(
            mail, "calendar",
            json_pack("{s:s,s:O,s:O,s:O,s:s}", "method", "REQUEST", "start", part(slot, "start"),
                      "end", part(slot, "end"), "summary", part(settled, "subject"), "location", ""));
        json_array_foreach(part(play->view, "calendars"), i, calendar)
        {
            if (strcmp(json_string_value(part(calendar, "address")), whom[j]) != 0)
                continue;
            json_array_append_new(
                part(calendar, "events"),
                json_pack("{s:O,s:O,s:O,s:b,s:b,s:s}", "title", part(settled, "subject"), "start",
                          part(slot, "start"), "end", part(slot, "end"), "busy", 1, "all_day", 0,
                          "meeting", "meeting-1"));
        }
    }
    play->answer = "chosen";
    play->chosen = number;
    play->change++;
}

static bool is_to_assistant(struct play *play, const json_t *mail)
{
    const char *assistant = json_string_value(part(part(play->view, "assistant"), "address"));
    const char *const fields[] = {"to", "cc"};
    for (size_t f = 0; f < 2; f++) {
        size_t i;
        json_t *box;
        json_array_foreach(part(mail, fields[f]), i, box)
        {
            if (strcmp(json_string_value(part(box, "address")), assistant) == 0)
                return true;
        }
    }
    return false;
}

static enum status send_mail(struct play *play, const json_t *question, json_t **answer)
{
    if (strcmp(json_string_value(part(question, "subject")), "refuse this") == 0) {
        *answer = json_pack("{s:s}", "detail", "the planner refuses this mail");
        return ST_INVALID;
    }
    AUTO_JSON from = mailbox(play, json_string_value(part(question, "from")));
    AUTO_JSON to = mailboxes(play, part(question, "to"));
    AUTO_JSON cc = mailboxes(play, part(question, "cc"));
    const char *reply_to = json_string_value(part(question, "in_reply_to"));
    json_t *new = message(play, from, to, cc, json_string_value(part(question, "subject")),
                          json_string_value(part(question, "text")),
                          *reply_to != '\0' ? reply_to : NULL);
    if (*reply_to != '\0')
        json_object_set_new(new, "meeting", json_string("meeting-1"));
    bool left = strcmp(json_string_value(part(question, "subject")), "leave waiting") == 0;
    if (!left && is_to_assistant(play, new)) {
        play->pending = new;
        play->looks = 0;
    }
    play->change++;
    *answer = json_pack("{s:O}", "id", part(new, "id"));
    return ST_OK;
}

/* The second look after a mail: what the assistant did. */
static void look(struct play *play)
{
    if (play->pending == NULL || ++play->looks < 2)
        return;
    json_t *mail = play->pending;
    if (meeting(play) == NULL) {
        propose(play);
    } else {
        read_mail(play, mail, "accept");
        confirm(play, 1);
    }
    play->pending = NULL;
    play->change++;
}

static enum status show_view(struct play *play, const json_t *question, json_t **answer)
{
    look(play);
    bool same = json_is_integer(part(question, "since")) &&
                json_integer_value(part(question, "since")) == play->change;
    *answer = same ? json_pack("{s:I,s:n}", "change", play->change, "view")
                   : json_pack("{s:I,s:O}", "change", play->change, "view", play->view);
    return ST_OK;
}

static enum status show_link(struct play *play, const json_t *question, json_t **answer)
{
    const char *token = json_string_value(part(question, "token"));
    if (strncmp(token, "slot-", 5) != 0 || meeting(play) == NULL)
        return ST_NOT_FOUND;
    json_t *link = json_deep_copy(part(play->data, "link"));
    json_object_set_new(link, "selected", json_integer(token[5] - '0'));
    json_object_set_new(link, "answer", play->answer != NULL ? json_string(play->answer) : json_null());
    if (play->chosen > 0) {
        json_object_set_new(link, "state", json_string("confirmed"));
        json_object_set_new(link, "confirmed",
                            json_pack("{s:O,s:O}", "start", part(meeting(play), "start"), "end",
                                      part(meeting(play), "end")));
    }
    *answer = link;
    return ST_OK;
}

static enum status choose(struct play *play, const json_t *question, json_t **answer)
{
    if (json_is_null(part(question, "number")))
        play->answer = "none";
    else if (json_integer_value(part(question, "number")) > 3)
        return ST_CONFLICT;
    else
        confirm(play, json_integer_value(part(question, "number")));
    return show_link(play, question, answer);
}

/* The privacy part: "stop" holds from then on, "export" and "erase" are mailed a second link, of
 * which "sure-export" and "sure-erase" are two. */
static enum status show_privacy(struct play *play, const json_t *question, json_t **answer)
{
    const char *token = json_string_value(part(question, "token"));
    bool sure = strncmp(token, "sure-", 5) == 0;
    if (!sure && strncmp(token, "slot-", 5) != 0)
        return ST_NOT_FOUND;
    *answer = json_deep_copy(part(play->data, "privacy"));
    json_object_set_new(*answer, "stopped", json_boolean(play->stopped));
    json_object_set_new(*answer, "confirm", sure ? json_string(token + 5) : json_null());
    return ST_OK;
}

static enum status do_privacy(struct play *play, const json_t *question, json_t **answer)
{
    const char *act = json_string_value(part(question, "act"));
    const char *token = json_string_value(part(question, "token"));
    bool stop = strcmp(act, "stop") == 0 || strcmp(act, "stop_here") == 0;
    const char *done = stop ? "stop" : "mailed";
    if (strcmp(act, "confirm") == 0)
        done = strcmp(token, "sure-erase") == 0 ? "erased" : "exported";
    play->stopped = play->stopped || stop;
    TRY(show_privacy(play, question, answer));
    json_object_set_new(*answer, "done", json_string(done));
    return ST_OK;
}

static enum status health(struct play *play, const json_t *question, json_t **answer)
{
    (void)play;
    (void)question;
    *answer = json_pack("{s:s}", "status", "ok");
    return ST_OK;
}

static const struct {
    const char *command;
    enum status (*run)(struct play *, const json_t *, json_t **);
} commands[] = {
    {"health", health},       {"sandbox.view", show_view}, {"sandbox.send", send_mail},
    {"link.show", show_link}, {"link.choose", choose}, {"privacy.show", show_privacy},
    {"privacy.do", do_privacy},
};

static enum status play_ask(void *context, uint64_t ticket, const struct web_question *asked,
                            struct problem *why)
{
    struct play *play = context;
    AUTO_ARENA arena = arena_create(16 << 20);
    AUTO_JSON question = NULL;
    AUTO_JSON answer = NULL;
    TRY(json_read(asked->json, &question, why));
    struct web_answer taken = {.json = LIT("{\"detail\":\"\"}")};
    bool found = account_answer(&play->account, asked, question, &answer, &taken);
    for (size_t i = 0; !found && i < sizeof commands / sizeof *commands; i++) {
        found = strcmp(asked->command, commands[i].command) == 0;
        if (found)
            taken.status = commands[i].run(play, question, &answer);
    }
    if (!found)
        return problem_set(why, ST_NOT_FOUND, "no such command");
    if (answer != NULL)
        taken.json = json_write(answer, arena);
    web_take(play->api, ticket, &taken);
    return ST_OK;
}

static int listen_on(uint16_t port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port),
                                  .sin_addr = {htonl(INADDR_LOOPBACK)}};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), on = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, (struct sockaddr *)&address, sizeof address) != 0 || listen(fd, 64) != 0)
        return -1;
    return fd;
}

static volatile sig_atomic_t stopped;
static void stop(int signal)
{
    (void)signal;
    stopped = 1;
}

int main(int argc, char **argv)
{
    AUTO_ARENA arena = arena_create(8 << 20);
    struct play play = {.change = 1};
    struct problem why = {0};
    struct slice text, account;
    uint64_t port;
    if (argc != 5 || !slice_to_u64(slice_from(argv[1]), 65535, &port)) {
        fprintf(stderr, "usage: double PORT WEB-FOLDER DATA.json ACCOUNT.json\n");
        return 2;
    }
    struct web_config config = {.site = &api_site, .listen_fd = listen_on((uint16_t)port), .redirect_fd = -1, .challenge_fd = -1, .log_fd = -1,
                                .public_url = LIT("http://localhost"), .sandbox = true,
                                .limits = {100, 100, 10000, 10000, 10000, 20000},
                                .web_dir = argv[2], .ask = play_ask, .ask_context = &play};
    if (config.listen_fd < 0 || file_read(argv[3], 1 << 20, arena, &text, &why) != ST_OK ||
        json_read(text, &play.data, &why) != ST_OK || file_read(argv[4], 1 << 20, arena, &account, &why) != ST_OK ||
        json_read(account, &play.account.data, &why) != ST_OK || web_create(&config, &play.api, &why) != ST_OK) {
        fprintf(stderr, "double: %s\n", config.listen_fd < 0 ? "the port is taken" : why.detail);
        return 3;
    }
    play.view = part(play.data, "view");
    signal(SIGTERM, stop);
    while (!stopped) {
        int wait = web_wait_ms(play.api, clock_monotonic_ms());
        poll(&(struct pollfd){.fd = web_fd(play.api), .events = POLLIN}, 1,
             wait < 0 || wait > 1000 ? 1000 : wait);
        web_turn(play.api, clock_monotonic_ms());
    }
    web_destroy(&play.api);
    json_release(&play.data);
    json_release(&play.account.data);
    return 0;
}
