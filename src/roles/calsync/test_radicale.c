/* Against a real Radicale on loopback, which this program starts and stops itself. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "platform/sandbox/sandbox.h"
#include "roles/calsync/internal.h"

static char folder[] = "/tmp/rendez-radicale-XXXXXX";
static pid_t server;
static int port;
static struct calsync *calsync;
static struct net *other; /* another program of the same person */

static int free_port(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    AUTO_FD fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(fd, (struct sockaddr *)&address, sizeof address) < 0 ||
        getsockname(fd, (struct sockaddr *)&address, &size) < 0)
        return 0;
    return ntohs(address.sin_port);
}

static bool accepts(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                                  .sin_port = htons((uint16_t)port)};
    AUTO_FD fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    return connect(fd, (struct sockaddr *)&address, sizeof address) == 0;
}

static bool start_server(struct arena *arena)
{
    char *const path = arena_text(arena, arena_format(arena, "%s/config", folder));
    struct slice config = arena_format(
        arena,
        "[server]\nhosts = 127.0.0.1:%d\n[auth]\ntype = htpasswd\nhtpasswd_filename = %s/users\n"
        "htpasswd_encryption = plain\ndelay = 0\n[rights]\ntype = owner_only\n"
        "[storage]\nfilesystem_folder = %s/store\n[logging]\nlevel = error\n",
        port, folder, folder);
    struct slice users = arena_format(arena, "%s/users", folder);
    CHECK_OK(file_write_durably(path, config, 0600, NULL));
    CHECK_OK(file_write_durably(users.data, LIT("anne:secret\n"), 0600, NULL));
    server = fork();
    if (server == 0) {
        execlp("radicale", "radicale", "--config", path, (char *)NULL);
        _exit(127);
    }
    for (int tries = 0; tries < 200 && !accepts(); tries++) {
        if (waitpid(server, NULL, WNOHANG) == server)
            return false;
        usleep(50000);
    }
    return accepts();
}

static struct calendar_place place(struct arena *arena, const char *path)
{
    return (struct calendar_place){
        .where = arena_format(arena, "http://127.0.0.1:%d%s", port, path),
        .user = LIT("anne"),
        .password = LIT("secret"),
        .address = LIT("anne@atelier.example"),
        .zone = LIT("Europe/Paris"),
    };
}

/* What another program does. */
static uint32_t ask_other(struct arena *arena, const char *method, const char *path, const char *body,
                     struct slice *text)
{
    struct net_response response = {0};
    struct net_request request = {
        .method = method,
        .url = arena_format(arena, "http://127.0.0.1:%d%s", port, path),
        .user = LIT("anne"),
        .password = LIT("secret"),
        .body = slice_from(body),
        .content_type = body == NULL ? NULL : strstr(body, "<?xml") != NULL ? "application/xml" : "text/calendar",
        .depth = -1,
        .body_bytes_max = 1 << 20,
    };
    CHECK_OK(net_send(other, &request, arena, &response, NULL));
    if (text != NULL)
        *text = response.body;
    return response.code;
}

static struct interval march(void)
{
    return (struct interval){{INT64_C(1772323200) * 1000000}, {INT64_C(1775001600) * 1000000}};
}

static struct slice read_uids(struct arena *arena, const char *path)
{
    struct ical_calendar calendar = {0};
    struct calendar_place where = place(arena, path);
    struct problem why = {0};
    AUTO_BUFFER text = buffer_create(1 << 12);
    enum status status = calsync_read(calsync, &where, march(), arena, &calendar, &why);
    CHECK(status == ST_OK);
    if (status != ST_OK)
        printf("# %s\n", why.detail);
    for (int letter = 'a'; letter <= 'z'; letter++) /* servers list in any order */
        for (size_t i = 0; i < calendar.events.count; i++)
            if (calendar.events.items[i].uid.data[0] == letter)
                buffer_add_format(&text, "%.1s%02d ", calendar.events.items[i].uid.data,
                                  calendar.events.items[i].start.wall.hour);
    return arena_copy(arena, buffer_slice(&text));
}

static struct calendar_write write_of(struct arena *arena, const char *uid, int hour)
{
    struct civil_date day = {2026, 3, 10};
    return (struct calendar_write){
        .place = place(arena, "/"),
        .uid = slice_from(uid),
        .event = {.start = {ICAL_ZONED, civil_at(day, hour, 0), LIT("Europe/Paris")},
                  .end = {ICAL_ZONED, civil_at(day, hour + 1, 0), LIT("Europe/Paris")},
                  .summary = LIT("Point & budget")},
        .stamp = {INT64_C(1772445160) * 1000000},
    };
}

static enum status put(const char *uid, int hour)
{
    AUTO_ARENA arena = arena_create(CALSYNC_ARENA_BYTES);
    struct calendar_write write = write_of(arena, uid, hour);
    return calsync_write(calsync, &write, arena, NULL);
}

static enum status take_away(const char *uid)
{
    AUTO_ARENA arena = arena_create(CALSYNC_ARENA_BYTES);
    struct calendar_write write = write_of(arena, uid, 9);
    write.remove = true;
    return calsync_write(calsync, &write, arena, NULL);
}

static void finds_nothing_at_first(void)
{
    AUTO_ARENA arena = arena_create(CALSYNC_ARENA_BYTES);
    struct calendar_place where = place(arena, "/");
    struct ical_calendar calendar;
    CHECK(calsync_read(calsync, &where, march(), arena, &calendar, NULL) == ST_NOT_FOUND);
    where.password = LIT("wrong");
    CHECK(calsync_read(calsync, &where, march(), arena, &calendar, NULL) == ST_DENIED);
}

static void makes_calendars(void)
{
    AUTO_ARENA arena = arena_create(CALSYNC_ARENA_BYTES);
    CHECK_NUMBER(ask_other(arena, "MKCALENDAR", "/anne/agenda/",
                      "<?xml version=\"1.0\"?><C:mkcalendar xmlns:D=\"DAV:\" "
                      "xmlns:C=\"urn:ietf:params:xml:ns:caldav\"><D:set><D:prop>"
                      "<C:supported-calendar-component-set><C:comp name=\"VEVENT\"/>"
                      "</C:supported-calendar-component-set></D:prop></D:set></C:mkcalendar>",
                      NULL),
                 201);
    CHECK_NUMBER(ask_other(arena, "MKCALENDAR", "/anne/a-tasks/",
                      "<?xml version=\"1.0\"?><C:mkcalendar xmlns:D=\"DAV:\" "
                      "xmlns:C=\"urn:ietf:params:xml:ns:caldav\"><D:set><D:prop>"
                      "<C:supported-calendar-component-set><C:comp name=\"VTODO\"/>"
                      "</C:supported-calendar-component-set></D:prop></D:set></C:mkcalendar>",
                      NULL),
                 201);
    struct calendar_list found = {0};
    struct calendar_place where = place(arena, "/");
    CHECK_OK(caldav_discover(calsync, &where, arena, &found, NULL));
    CHECK_NUMBER(found.count, 1);
    CHECK(found.count == 1 && slice_ends(found.items[0].url, LIT("/anne/agenda/")));
    CHECK(found.count == 1 && (found.items[0].reports & DAV_SYNC_COLLECTION) != 0 &&
          !found.items[0].read_only);
}

static void puts_and_takes_away(void)
{
    AUTO_ARENA arena = arena_create(CALSYNC_ARENA_BYTES);
    CHECK_TEXT(read_uids(arena, "/"), "");
    CHECK_OK(put("a/1 x@rendez.example", 9));
    CHECK_TEXT(read_uids(arena, "/"), "a09 ");
    CHECK_OK(put("a/1 x@rendez.example", 11));
    CHECK_TEXT(read_uids(arena, "/"), "a11 ");
    CHECK_OK(put("b@rendez.example", 14));
    CHECK_TEXT(read_uids(arena, "/anne/"), "a11 b14 ");
    CHECK_TEXT(read_uids(arena, "/anne/agenda/"), "a11 b14 ");
    CHECK_OK(take_away("a/1 x@rendez.example"));
    CHECK_OK(take_away("a/1 x@rendez.example")); /* gone already */
    CHECK_TEXT(read_uids(arena, "/"), "b14 ");
}

#define EVENT(uid, day, extra)                                                                     \
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:" uid "\r\nDTSTAMP:20260101T000000Z\r\n" \
    "DTSTART:202603" day "T080000Z\r\nDTEND:202603" day "T090000Z\r\nSUMMARY:s\r\n" extra          \
    "END:VEVENT\r\nEND:VCALENDAR\r\n"

static void follows_changes_of_others(void)
{
    AUTO_ARENA arena = arena_create(CALSYNC_ARENA_BYTES);
    CHECK_NUMBER(ask_other(arena, "PUT", "/anne/agenda/c.ics", EVENT("c@x.example", "12", ""), NULL), 201);
    CHECK_TEXT(read_uids(arena, "/"), "b14 c08 ");
    struct slice token = arena_copy(arena, calsync->snapshots[0].token);
    CHECK(token.len > 0);
    CHECK_NUMBER(ask_other(arena, "PUT", "/anne/agenda/d.ics",
                      EVENT("d@x.example", "13", "RRULE:FREQ=DAILY;COUNT=2\r\n"), NULL),
                 201);
    CHECK_NUMBER(ask_other(arena, "DELETE", "/anne/agenda/c.ics", NULL, NULL), 200);
    CHECK_TEXT(read_uids(arena, "/"), "b14 d08 ");
    CHECK(!slice_equal(token, calsync->snapshots[0].token));
    CHECK_NUMBER(ask_other(arena, "DELETE", "/anne/agenda/d.ics", NULL, NULL), 200);
    CHECK_TEXT(read_uids(arena, "/"), "b14 ");
}

static void keeps_what_people_added(void)
{
    AUTO_ARENA arena = arena_create(CALSYNC_ARENA_BYTES);
    struct slice text = SLICE_NONE;
    /* the same UID under another name, with a private component beside the event */
    CHECK_NUMBER(ask_other(arena, "PUT", "/anne/agenda/moved.ics",
                      EVENT("e@rendez.example", "12", "X-COLOUR:red\r\n"), NULL),
                 201);
    CHECK_OK(put("e@rendez.example", 16));
    CHECK_TEXT(read_uids(arena, "/"), "b14 e16 ");
    CHECK_NUMBER(ask_other(arena, "GET", "/anne/agenda/moved.ics", NULL, &text), 200);
    CHECK(slice_contains(text, LIT("DTSTART;TZID=Europe/Paris:20260310T160000")));
    CHECK(slice_contains(text, LIT("BEGIN:VTIMEZONE")));
    CHECK(slice_contains(text, LIT("SUMMARY:Point & budget")));
    CHECK_OK(take_away("e@rendez.example"));
    CHECK_NUMBER(ask_other(arena, "GET", "/anne/agenda/moved.ics", NULL, NULL), 404);
}

static struct slice rule_of(struct arena *arena, const char *uid)
{
    struct ical_calendar calendar = {0};
    struct calendar_place where = place(arena, "/");
    CHECK_OK(calsync_read(calsync, &where, march(), arena, &calendar, NULL));
    for (size_t i = 0; i < calendar.events.count; i++)
        if (slice_equal(calendar.events.items[i].uid, slice_from(uid)))
            return calendar.events.items[i].rrule;
    return LIT("no such event");
}

/* One event with its rule; a series that is changed has the new rule alone. */
static void writes_series(void)
{
    static const char *const rules[] = {"FREQ=WEEKLY;COUNT=6", "FREQ=WEEKLY;INTERVAL=2",
                                        "FREQ=MONTHLY;BYDAY=2TU;UNTIL=20260630T215900Z", ""};
    AUTO_ARENA arena = arena_create(CALSYNC_ARENA_BYTES);
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        struct calendar_write write = write_of(arena, "series@rendez.example", 10);
        write.event.rrule = slice_from(rules[i]);
        write.event.sequence = (uint32_t)i;
        CHECK_OK(calsync_write(calsync, &write, arena, NULL));
        struct slice rule = rule_of(arena, "series@rendez.example");
        CHECK_NUMBER(rule.len, strlen(rules[i])); /* the order of its parts is the library's */
        CHECK(rules[i][0] == '\0' || slice_starts(rule, slice_sub(slice_from(rules[i]), 0, 11)));
    }
    CHECK_OK(take_away("series@rendez.example"));
    CHECK_TEXT(rule_of(arena, "series@rendez.example"), "no such event");
}

static void stays_in_its_account(void)
{
    AUTO_ARENA arena = arena_create(CALSYNC_ARENA_BYTES);
    struct calendar_place where = place(arena, "/leo/");
    struct ical_calendar calendar;
    enum status status = calsync_read(calsync, &where, march(), arena, &calendar, NULL);
    CHECK(status == ST_DENIED || status == ST_NOT_FOUND);
}

static void reads_an_address(void)
{
    AUTO_ARENA arena = arena_create(CALSYNC_ARENA_BYTES);
    struct calendar_write write = write_of(arena, "x", 9);
    CHECK_TEXT(read_uids(arena, "/anne/agenda/b@rendez.example.ics"), "b14 ");
    write.place = place(arena, "/anne/agenda/b@rendez.example.ics");
    CHECK(calsync_write(calsync, &write, arena, NULL) == ST_DENIED);
}

/* As the role does it: everything opened before, then only connections and one folder. */
static int work_in_sandbox(void)
{
    AUTO_ARENA arena = arena_create(CALSYNC_ARENA_BYTES);
    struct sandbox_rules rules = {.may = MAY_CONNECT | MAY_FILES,
                                  .paths = {{folder, SANDBOX_WRITE}}};
    struct calendar_write write = write_of(arena, "s@rendez.example", 10);
    struct ical_calendar found;
    struct problem why = {0};
    if (sandbox_enter(&rules, &why) != ST_OK ||
        calsync_write(calsync, &write, arena, &why) != ST_OK ||
        calsync_read(calsync, &write.place, march(), arena, &found, &why) != ST_OK)
        return printf("# %s\n", why.detail), 1;
    write.place.where = arena_format(arena, "%s/file.ics", folder);
    if (calsync_write(calsync, &write, arena, &why) != ST_OK ||
        calsync_write(calsync, &write, arena, &why) != ST_OK)
        return printf("# %s\n", why.detail), 2;
    write.place.where = LIT("/tmp/rendez-outside.ics");
    if (calsync_write(calsync, &write, arena, &why) == ST_OK)
        return 3;
    write.place = place(arena, "/");
    write.place.where = arena_format(arena, "http://localhost:%d/", port); /* a resolver thread */
    return calsync_read(calsync, &write.place, march(), arena, &found, &why) == ST_OK ? 0 : 4;
}

static void works_in_its_sandbox(void)
{
    int state = -1;
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        int code = work_in_sandbox();
        fflush(stdout);
        _exit(code);
    }
    CHECK(waitpid(child, &state, 0) == child);
    CHECK_NUMBER(WIFSIGNALED(state) ? WTERMSIG(state) : 0, 0);
    CHECK_NUMBER(WEXITSTATUS(state), 0);
}

static void remove_folder(struct arena *arena)
{
    struct slice command = arena_format(arena, "rm -rf '%s'", folder);
    CHECK(system(command.data) == 0);
}

int main(void)
{
    AUTO_ARENA arena = arena_create((size_t)1 << 20);
    struct net_options options = {0};
    if (system("command -v radicale >/dev/null") != 0) {
        printf("1..0 # SKIP radicale is not installed\n");
        return 0;
    }
    port = free_port();
    if (mkdtemp(folder) == NULL || !start_server(arena)) {
        printf("Bail out! radicale does not start\n");
        return 1;
    }
    CHECK_OK(calsync_create(&options, &calsync, NULL));
    CHECK_OK(net_create(&options, &other, NULL));
    TEST(finds_nothing_at_first);
    TEST(makes_calendars);
    TEST(puts_and_takes_away);
    TEST(follows_changes_of_others);
    TEST(keeps_what_people_added);
    TEST(writes_series);
    TEST(stays_in_its_account);
    TEST(reads_an_address);
    TEST(works_in_its_sandbox);
    calsync_destroy(&calsync);
    net_destroy(&other);
    kill(server, SIGTERM);
    waitpid(server, NULL, 0);
    remove_folder(arena);
    return check_done();
}
