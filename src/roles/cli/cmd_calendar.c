#include <sys/stat.h>
#include <unistd.h>

#include "domain/calendar/calendar.h"
#include "formats/ical/ical.h"
#include "roles/calsync/calsync.h"
#include "roles/cli/admin.h"

enum { PASSWORD_BYTES_MAX = 1024, CHECK_DAYS = 28 };

static bool is_url(struct slice where)
{
    return slice_starts(where, LIT("https://")) || slice_starts(where, LIT("http://"));
}

static enum status find(struct admin *admin, const char *who, struct person *person)
{
    return directory_find_person(admin->directory, slice_from(who), admin->arena, person,
                                 &admin->why);
}

/* What is no calendar is refused before anything is kept of it. */
static enum status read_ics(const char *path, struct arena *arena, struct slice *text,
                            struct problem *why)
{
    struct ical_calendar calendar;
    TRY(file_read(path, ICAL_BYTES_MAX, arena, text, why));
    AUTO_ARENA scratch = arena_create(ical_arena_bytes(text->len));
    return ical_parse(*text, scratch, &calendar, why);
}

/* Written by root, the copy must still be the one's whose folder it is. */
static enum status give_to_owner(const char *folder, const char *path, struct problem *why)
{
    struct stat info;
    if (geteuid() != 0)
        return ST_OK;
    if (stat(folder, &info) != 0 || lchown(path, info.st_uid, info.st_gid) != 0)
        return problem_errno(why, "give the calendar to its role");
    return ST_OK;
}

/* The installation keeps its own copy, which its roles may read and write. */
static enum status take_ics(struct admin *admin, const char *path, struct person *person)
{
    struct slice text;
    const struct config *config = directory_config(admin->directory);
    AUTO_ARENA arena = arena_create(ICAL_BYTES_MAX + 4096);
    TRY(read_ics(path, arena, &text, &admin->why));
    char *folder = arena_text(admin->arena, config->folders.calendars);
    if (mkdir(folder, 0700) != 0 && access(folder, F_OK) != 0)
        return problem_errno(&admin->why, "make folder of calendars");
    person->calendar = arena_format(admin->arena, "%s/%.*s.ics", folder, SLICE_ARG(person->id));
    person->calendar_user = person->calendar_password = SLICE_NONE;
    char *copy = arena_text(admin->arena, person->calendar);
    TRY(file_write_durably(copy, text, 0600, &admin->why));
    return give_to_owner(folder, copy, &admin->why);
}

static enum status take_caldav(struct admin *admin, const char *url, const char *user,
                               const char *password_file, struct person *person)
{
    struct slice password = SLICE_NONE;
    if (!is_url(slice_from(url)))
        return problem_set(&admin->why, ST_INVALID, "--caldav: a URL is needed");
    if ((user == NULL) != (password_file == NULL))
        return problem_set(&admin->why, ST_INVALID, "--user and --password-file go together");
    if (password_file != NULL)
        TRY(file_read(password_file, PASSWORD_BYTES_MAX, admin->arena, &password, &admin->why));
    while (slice_ends(password, LIT("\n")) || slice_ends(password, LIT("\r")))
        password.len--;
    person->calendar = slice_from(url);
    person->calendar_user = slice_from(user);
    person->calendar_password = password;
    return ST_OK;
}

static int add(struct admin *admin, int argc, char **argv)
{
    const char *who = NULL, *ics = NULL, *caldav = NULL, *user = NULL, *password_file = NULL;
    struct person person;
    const struct cli_option options[] = {
        {"ics", NULL, &ics, "FILE", "an iCalendar file; the installation keeps a copy"},
        {"caldav", NULL, &caldav, "URL", "a calendar on a CalDAV server"},
        {"user", NULL, &user, "NAME", "of that server"},
        {"password-file", NULL, &password_file, "FILE", "with the password"},
        {0},
    };
    int code = admin_begin(admin, argc, argv, options, &who, 1, "one address or id is");
    if (code >= 0)
        return code;
    if ((ics == NULL) == (caldav == NULL))
        return cli_fail(EXIT_USAGE, "either --ics or --caldav is needed");
    ADMIN_TRY(admin, find(admin, who, &person));
    ADMIN_TRY(admin, ics != NULL ? take_ics(admin, ics, &person)
                                 : take_caldav(admin, caldav, user, password_file, &person));
    person.has_calendar = true;
    ADMIN_TRY(admin, directory_save_person(admin->directory, &person, clock_now(), admin->arena,
                                           &admin->why));
    return EXIT_YES;
}

static json_t *describe(const struct person *person)
{
    return json_pack("{s:o, s:o, s:s, s:o}", "person", json_from_text(person->id), "address",
                     json_from_text(person->address), "kind",
                     is_url(person->calendar) ? "caldav" : "ics", "where",
                     json_from_text(person->calendar));
}

static int list(struct admin *admin, int argc, char **argv)
{
    struct person_list people;
    int code = admin_begin(admin, argc, argv, (const struct cli_option[]){{0}}, NULL, 0,
                           "nothing else is");
    if (code >= 0)
        return code;
    ADMIN_TRY(admin, directory_list_people(admin->directory, SLICE_NONE, admin->arena, &people,
                                           &admin->why));
    for (size_t i = 0; i < people.count; i++) {
        if (!people.items[i].has_calendar)
            continue;
        AUTO_JSON object = describe(&people.items[i]);
        if (admin->as_json)
            cli_print_json(object);
        else
            printf("%-36.*s %.*s\n", SLICE_ARG(people.items[i].address),
                   SLICE_ARG(people.items[i].calendar));
    }
    return EXIT_YES;
}

static enum status busy_minutes(const struct person *person, const struct ical_calendar *calendar,
                                struct interval window, struct arena *arena, int64_t *minutes_out,
                                struct problem *why)
{
    struct interval_list busy;
    const struct zone *zone;
    TRY(zone_load(person->time_zone, &zone, why));
    TRY(calendar_busy(calendar, person->address, zone, window, arena, &busy, why));
    *minutes_out = 0;
    for (size_t i = 0; i < busy.count; i++)
        *minutes_out += (busy.items[i].end.us - busy.items[i].start.us) / MINUTE_US;
    return ST_OK;
}

static enum status read_calendar(const struct person *person, struct interval window,
                                 struct arena *arena, struct ical_calendar *calendar,
                                 struct problem *why)
{
    struct calsync *calsync = NULL;
    struct net_options options = {0};
    struct calendar_place place = {
        .person = person->id,
        .where = person->calendar,
        .user = person->calendar_user,
        .password = person->calendar_password,
        .address = person->address,
        .zone = person->time_zone,
    };
    if (!person->has_calendar)
        return problem_set(why, ST_NOT_FOUND, "this person has no calendar");
    TRY(calsync_create(&options, &calsync, why));
    enum status status = calsync_read(calsync, &place, window, arena, calendar, why);
    calsync_destroy(&calsync);
    return status;
}

/* Reads the calendar now, as the service would, and says what is in it. */
static int check(struct admin *admin, int argc, char **argv)
{
    const char *who = NULL;
    struct person person;
    struct ical_calendar calendar;
    int64_t busy;
    int code = admin_begin(admin, argc, argv, (const struct cli_option[]){{0}}, &who, 1,
                           "one address or id is");
    if (code >= 0)
        return code;
    struct instant now = clock_now();
    struct interval window = {now, {now.us + CHECK_DAYS * DAY_US}};
    AUTO_ARENA arena = arena_create((size_t)CALSYNC_ARENA_BYTES + CALENDAR_ARENA_BYTES);
    ical_init();
    ADMIN_TRY(admin, find(admin, who, &person));
    ADMIN_TRY(admin, read_calendar(&person, window, arena, &calendar, &admin->why));
    ADMIN_TRY(admin, busy_minutes(&person, &calendar, window, arena, &busy, &admin->why));
    json_t *object = describe(&person);
    json_object_set_new(object, "events", json_integer((json_int_t)calendar.events.count));
    json_object_set_new(object, "unreadable", json_integer(calendar.skipped));
    json_object_set_new(object, "busy_minutes_4_weeks", json_integer(busy));
    return admin_print(admin, object);
}

int cmd_calendar(int argc, char **argv)
{
    static const struct admin_verb verbs[] = {{"add", add}, {"list", list}, {"check", check}, {0}};
    return admin_run(argc, argv, verbs);
}
