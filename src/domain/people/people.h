#ifndef RENDEZ_DOMAIN_PEOPLE_H
#define RENDEZ_DOMAIN_PEOPLE_H

#include "base/record/record.h"

/* Who people are and what they prefer: the vocabulary that readings, slot search,
 * meetings and storage share. */

enum language { LANGUAGE_UNKNOWN, LANGUAGE_FR, LANGUAGE_EN, LANGUAGE_COUNT_ };
extern const char *const language_names[3]; /* "", "fr", "en" */

enum meeting_kind {
    KIND_UNKNOWN,
    KIND_CALL,
    KIND_VIDEO,
    KIND_MEETING,
    KIND_LUNCH,
    KIND_BREAKFAST,
    KIND_COFFEE,
    KIND_DRINKS,
    KIND_DINNER,
    KIND_COUNT_,
};
extern const char *const meeting_kind_names[KIND_COUNT_];

enum place_kind { PLACE_UNKNOWN, PLACE_IN_PERSON, PLACE_PHONE, PLACE_VIDEO };
extern const char *const place_kind_names[4];
struct place {
    enum place_kind kind;
    struct slice text; /* address, URL or number */
};
extern const struct record_type place_record;

/* [start, end) in minutes of the local day; end up to 1440. */
struct day_span {
    uint32_t start_min, end_min;
};
struct day_span_list {
    struct day_span *items;
    size_t count, capacity;
};

struct preferences {
    struct day_span_list working_hours[7]; /* by enum weekday */
    uint32_t buffer_before_min, buffer_after_min;
    uint32_t in_person_before_min, in_person_after_min;
    uint32_t durations_min[KIND_COUNT_];
    uint32_t notice_min;
    uint32_t proposals; /* how many slots to offer */
    struct slice places[KIND_COUNT_];
};
extern const struct record_type preferences_record;

/* The defaults of the scenario format (Mon-Fri 09:00-12:00 and 14:00-18:00, …). */
void preferences_defaults(struct arena *arena, struct preferences *out);

struct person {
    struct slice id;      /* empty in a replay until stored */
    struct slice organisation;
    struct slice address, name;
    bool client;          /* may ask the assistant to organise */
    bool has_calendar;
    struct slice time_zone; /* IANA; "UTC" when unknown */
    enum language language;
    struct slice holidays;  /* ISO 3166, or empty */
    struct slice calendar;  /* where it is: path or CalDAV URL (a secret one is sealed) */
    struct slice calendar_user, calendar_password; /* of a CalDAV server; never shown */
    struct preferences preferences;
};
struct person_list {
    struct person *items;
    size_t count, capacity;
};
extern const struct record_type person_record;

/* Reads the "preferences" object of the scenario format over the defaults. */
struct json_t;
MUST_USE enum status preferences_from_json(const struct json_t *object, struct arena *arena,
                                           struct preferences *out, struct problem *why);

/* Hours of a kind that nobody says otherwise for (lunch 12:00-14:30, …); none for
 * kinds that follow the working hours. */
struct day_span_list kind_hours(enum meeting_kind kind);
bool kind_is_in_person(enum meeting_kind kind, enum place_kind place);

/* First name as people write it: "KESSLER Anne-Laure" → "Anne-Laure"; and whether a
 * name as written in a text ("Béatrice", "M. Sauvage") means this person. Case and
 * accents do not count. */
struct slice name_first(struct slice full, struct arena *arena);
bool name_means(struct slice mention, struct slice full, struct slice address);

#endif
