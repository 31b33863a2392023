#include "roles/cli/demo.h"

#include <sys/stat.h>

#include "formats/ical/ical.h"

enum { ARENA_BYTES_MAX = 32 << 20 };

struct demo_person {
    const char *address, *name, *time_zone, *holidays;
    enum language language;
    bool client;
    uint32_t notice_min;
};
static const struct demo_person people[] = {
    {"alice.moreau@atelier-boreal.example", "Alice Moreau", "Europe/Paris", "FR", LANGUAGE_FR, true,
     120},
    {"benoit.lefevre@atelier-boreal.example", "Benoît Lefèvre", "Europe/Paris", "FR", LANGUAGE_FR,
     true, 120},
    {"chiara.rossi@atelier-boreal.example", "Chiara Rossi", "Europe/Paris", "FR", LANGUAGE_EN, true,
     240},
    {"marc.delattre@noroit.example", "Marc Delattre", "Europe/Paris", "", LANGUAGE_FR, false, 120},
    {"emma.clarke@harbour.example", "Emma Clarke", "Europe/London", "", LANGUAGE_EN, false, 120},
};
enum { ALICE, BENOIT, CHIARA };

/* day: 0 is Monday of this week; an all-day event has no clock and lasts `minutes` days.
 * rule: a series from that day on. */
struct demo_event {
    int who, day;
    const char *clock;
    int minutes;
    const char *rule, *summary, *location;
    enum { BUSY, FREE, TENTATIVE } show;
};
#define WEEKLY      "FREQ=WEEKLY;COUNT=12"
#define FORTNIGHTLY "FREQ=WEEKLY;INTERVAL=2;COUNT=6"
#define WEEKDAYS    "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;COUNT=60"

static const struct demo_event events[] = {
    {ALICE, 0, "09:30", 45, WEEKLY, "Point d’équipe", "Salle Aurore", BUSY},
    {ALICE, 1, "11:00", 60, FORTNIGHTLY, "Revue de budget", "", BUSY},
    {ALICE, 2, "14:00", 150, NULL, "Visite de chantier, médiathèque", "Quai des Tanneurs", BUSY},
    {ALICE, 3, NULL, 1, WEEKLY, "Télétravail", "", FREE},
    {ALICE, 3, "12:30", 90, NULL, "Déjeuner avec Inès", "Chez Odile", BUSY},
    {ALICE, 4, "10:00", 90, WEEKLY, "Comité de direction", "Salle Aurore", BUSY},
    {ALICE, 4, "16:30", 30, WEEKLY, "Bilan de la semaine", "", BUSY},
    {ALICE, 8, "09:00", 120, NULL, "Concours école Pasteur : rendu", "", BUSY},
    {ALICE, 8, "15:00", 60, NULL, "Entretien stagiaire", "", BUSY},
    {ALICE, 9, "14:30", 60, NULL, "Banque", "", TENTATIVE},
    {ALICE, 10, "09:00", 180, NULL, "Atelier façades", "Salle Aurore", BUSY},
    {ALICE, 14, NULL, 2, NULL, "Salon du bois, Nantes", "Nantes", BUSY},
    {ALICE, 17, "17:00", 45, NULL, "Réunion parents-professeurs", "", BUSY},
    {BENOIT, 0, "09:30", 45, WEEKLY, "Point d’équipe", "Salle Aurore", BUSY},
    {BENOIT, 1, NULL, 1, NULL, "Congé", "", BUSY},
    {BENOIT, 2, "09:00", 180, WEEKLY, "Plans, ne pas déranger", "", BUSY},
    {BENOIT, 3, "14:30", 60, NULL, "Fournisseur bois", "", BUSY},
    {BENOIT, 3, "15:00", 60, NULL, "Appel chantier", "", TENTATIVE},
    {BENOIT, 4, "14:00", 120, FORTNIGHTLY, "Suivi de chantier", "Quai des Tanneurs", BUSY},
    {BENOIT, 7, "11:00", 60, NULL, "Bureau de contrôle", "", BUSY},
    {BENOIT, 8, "14:00", 90, NULL, "Économiste", "", BUSY},
    {BENOIT, 10, "16:00", 120, NULL, "Kiné, puis école", "", BUSY},
    {BENOIT, 15, "09:00", 240, NULL, "Formation sécurité", "", BUSY},
    {CHIARA, 0, "09:30", 45, WEEKLY, "Stand-up", "Salle Aurore", BUSY},
    {CHIARA, 1, "14:00", 90, FORTNIGHTLY, "Client review", "", BUSY},
    {CHIARA, 2, "17:00", 60, WEEKLY, "French class", "", BUSY},
    {CHIARA, 3, "17:00", 60, NULL, "Dentist", "", BUSY},
    {CHIARA, 4, "09:00", 180, WEEKLY, "Writing time", "", FREE},
    {CHIARA, 0, "12:30", 45, WEEKDAYS, "Lunch", "", FREE},
    {CHIARA, 8, "10:00", 120, NULL, "Model photographs", "Studio", BUSY},
    {CHIARA, 10, NULL, 1, NULL, "Milan office", "Milano", BUSY},
    {CHIARA, 16, "14:00", 60, NULL, "Press call", "", TENTATIVE},
};

static struct civil at_clock(struct civil_date monday, int day, const char *clock)
{
    struct civil_date date = civil_date_add(monday, day);
    if (clock == NULL)
        return civil_at(date, 0, 0);
    return civil_at(date, (clock[0] - '0') * 10 + clock[1] - '0',
                    (clock[3] - '0') * 10 + clock[4] - '0');
}

static struct ical_event make_event(const struct demo_event *from, size_t number,
                                    struct civil_date monday, struct arena *arena)
{
    bool all_day = from->clock == NULL;
    struct civil start = at_clock(monday, from->day, from->clock);
    struct duration length = {all_day ? from->minutes * DAY_US : from->minutes * MINUTE_US};
    struct ical_event event = {
        .uid = arena_format(arena, "demo-%zu@atelier-boreal.example", number),
        .start = {all_day ? ICAL_DATE : ICAL_ZONED, start, LIT("Europe/Paris")},
        .end = {all_day ? ICAL_DATE : ICAL_ZONED, civil_add(start, length), LIT("Europe/Paris")},
        .rrule = slice_from(from->rule),
        .summary = slice_from(from->summary),
        .location = slice_from(from->location),
        .transparent = from->show == FREE,
        .tentative = from->show == TENTATIVE,
    };
    if (all_day)
        event.start.zone = event.end.zone = SLICE_NONE;
    return event;
}

static struct civil_date monday_of(struct instant now)
{
    const struct zone *zone;
    if (zone_load(LIT("Europe/Paris"), &zone, NULL) != ST_OK)
        zone = zone_utc();
    struct civil_date today = civil_from_instant(now, zone).date;
    return civil_date_add(today, -(int64_t)civil_date_weekday(today));
}

static enum status write_calendar(const struct config *config, int who, struct instant now,
                                  const char *path, struct arena *arena, struct problem *why)
{
    struct ical_calendar calendar = {0};
    struct civil_date monday = monday_of(now);
    struct slice text;
    for (size_t i = 0; i < sizeof events / sizeof *events; i++)
        if (events[i].who == who)
            ARENA_PUSH(arena, &calendar.events, make_event(&events[i], i, monday, arena));
    TRY(ical_format(&calendar, now, arena, &text, why));
    /* It may be there already: writing says why not. */
    (void)mkdir(arena_text(arena, config->folders.calendars), 0700);
    return file_write_durably(path, text, 0600, why);
}

static enum status add_person(struct directory *directory, int who, struct slice organisation,
                              struct instant now, struct arena *arena, struct problem *why)
{
    const struct config *config = directory_config(directory);
    const struct demo_person *from = &people[who];
    struct slice address = slice_from(from->address);
    struct person person = {
        .organisation = organisation,
        .address = address,
        .name = slice_from(from->name),
        .client = from->client,
        .has_calendar = from->client,
        .time_zone = slice_from(from->time_zone),
        .language = from->language,
        .holidays = slice_from(from->holidays),
    };
    preferences_defaults(arena, &person.preferences);
    person.preferences.notice_min = from->notice_min;
    if (from->client) {
        struct slice file = slice_sub(address, 0, slice_find(address, LIT("@"), 0));
        person.calendar = arena_format(arena, "%.*s/%.*s.ics", SLICE_ARG(config->folders.calendars),
                                       SLICE_ARG(file));
        TRY(write_calendar(config, who, now, arena_text(arena, person.calendar), arena, why));
    }
    return directory_save_person(directory, &person, now, arena, why);
}

enum status demo_fill(struct directory *directory, struct instant now, struct problem *why)
{
    struct slice organisation = LIT("atelier-boreal");
    TRY(directory_add_organisation(directory, organisation, LIT("Atelier Boréal"), now, why));
    for (size_t i = 0; i < sizeof people / sizeof *people; i++) {
        AUTO_ARENA arena = arena_create(ARENA_BYTES_MAX);
        TRY(add_person(directory, (int)i, organisation, now, arena, why));
    }
    return ST_OK;
}
