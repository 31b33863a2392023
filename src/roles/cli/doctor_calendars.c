/* People's calendars, read and written as the service does. */
#include <stdlib.h>

#include "domain/calendar/calendar.h"
#include "formats/ical/ical.h"
#include "roles/calsync/calsync.h"
#include "roles/cli/doctor.h"

enum { READ_DAYS = 28 };

static bool is_url(struct slice where)
{
    return slice_starts(where, LIT("https://")) || slice_starts(where, LIT("http://"));
}

/* "https://dav.example:8443" of an address. */
static struct slice origin_of(struct slice url)
{
    size_t start = slice_find(url, LIT("//"), 0) + 2;
    return slice_sub(url, 0, slice_find(url, LIT("/"), start));
}

static struct calendar_place place_of(const struct person *person)
{
    return (struct calendar_place){
        .person = person->id,
        .where = person->calendar,
        .user = person->calendar_user,
        .password = person->calendar_password,
        .address = person->address,
        .zone = person->time_zone,
    };
}

static const char *calendar_advice(enum status status)
{
    switch (status) {
    case ST_DENIED:
        return "give user and password again: rendez calendar add";
    case ST_NOT_FOUND:
        return "give the address again: rendez calendar add";
    case ST_UNAVAILABLE:
        return "see that server and the way to it";
    default:
        return "see what the server answers there: rendez calendar check";
    }
}

/* An event of five minutes in the year 2000, free, put there and taken away again. */
static enum status try_to_write(struct calsync *calsync, const struct person *person, struct arena *arena,
                                struct problem *why)
{
    struct civil start = {{2000, 1, 1}, 3, 0, 0}, end = {{2000, 1, 1}, 3, 5, 0};
    struct calendar_write write = {
        .place = place_of(person),
        .uid = LIT("doctor@rendez.invalid"),
        .stamp = clock_now(),
    };
    write.event = (struct ical_event){.uid = write.uid, .summary = LIT("Rendez doctor"), .transparent = true};
    write.event.start = (struct ical_time){.kind = ICAL_UTC, .wall = start};
    write.event.end = (struct ical_time){.kind = ICAL_UTC, .wall = end};
    TRY(calsync_write(calsync, &write, arena, why));
    write.remove = true;
    return calsync_write(calsync, &write, arena, why);
}

static void check_calendar(struct doctor *doctor, struct calsync *calsync, const struct person *person)
{
    AUTO_ARENA arena = arena_create(CALSYNC_ARENA_BYTES);
    struct instant now = clock_now();
    struct interval window = {now, {now.us + READ_DAYS * DAY_US}};
    struct calendar_place place = place_of(person);
    struct ical_calendar calendar;
    struct problem why;
    enum status status = calsync_read(calsync, &place, window, arena, &calendar, &why);
    if (status != ST_OK) {
        doctor_say(doctor, "calendar.read", FINDING_FAILED, calendar_advice(status), "%.*s: %s",
                   SLICE_ARG(person->address), why.detail);
        return;
    }
    doctor_say(doctor, "calendar.read", FINDING_OK, NULL, "%.*s: %zu events in four weeks",
               SLICE_ARG(person->address), calendar.events.count);
    if (!doctor->write) {
        doctor_say(doctor, "calendar.write", FINDING_UNKNOWN, "use --write", "%.*s: nothing was written to try",
                   SLICE_ARG(person->address));
        return;
    }
    status = try_to_write(calsync, person, arena, &why);
    if (status == ST_OK)
        doctor_say(doctor, "calendar.write", FINDING_OK, NULL, "%.*s: an event was written and taken away",
                   SLICE_ARG(person->address));
    else
        doctor_say(doctor, "calendar.write", FINDING_FAILED,
                   "allow that user to write, or have people take their invitations by mail", "%.*s: %s",
                   SLICE_ARG(person->address), why.detail);
}

/* Each server's certificate once, and a Date for the clock. */
static void check_servers(struct doctor *doctor, const struct person_list *people)
{
    struct slice_list seen = {0};
    for (size_t i = 0; i < people->count; i++) {
        const struct person *person = &people->items[i];
        if (!person->has_calendar || !is_url(person->calendar))
            continue;
        struct slice origin = origin_of(person->calendar);
        bool known = false;
        for (size_t j = 0; j < seen.count; j++)
            known = known || slice_equal(seen.items[j], origin);
        if (known)
            continue;
        ARENA_PUSH(doctor->arena, &seen, origin);
        struct problem why = {0};
        bool near = slice_contains(origin, LIT("//127.")) || slice_contains(origin, LIT("//localhost")) ||
                    slice_contains(origin, LIT("//[::1]"));
        (void)doctor_probe(doctor, arena_format(doctor->arena, "%.*s/", SLICE_ARG(origin)),
                           near ? NULL : arena_text(doctor->arena, origin), "tls.calendar", &why);
    }
}

void doctor_check_calendars(struct doctor *doctor)
{
    struct person_list people = {0};
    struct calsync *calsync = NULL;
    struct net_options options = {0};
    struct problem why;
    if (doctor->admin.directory == NULL)
        return;
    if (directory_list_people(doctor->admin.directory, SLICE_NONE, doctor->arena, &people, &why) != ST_OK ||
        calsync_create(&options, &calsync, &why) != ST_OK) {
        doctor_say(doctor, "calendar.read", FINDING_UNKNOWN, "see the store", "%s", why.detail);
        return;
    }
    ical_init();
    size_t calendars = 0;
    for (size_t i = 0; i < people.count; i++)
        if (people.items[i].has_calendar) {
            calendars++;
            check_calendar(doctor, calsync, &people.items[i]);
        }
    if (calendars == 0)
        doctor_say(doctor, "calendar.read", FINDING_WARNING, "rendez calendar add",
                   "nobody has a calendar here: every slot counts as free");
    check_servers(doctor, &people);
    calsync_destroy(&calsync);
}
