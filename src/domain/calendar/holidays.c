/* Public holidays as rules. National ones; of federal states only those that all share.
 * Sources: FR Code du travail L3133-1; GB Banking and Financial Dealings Act 1971 (England
 * and Wales); IE Organisation of Working Time Act 1997, SI 63/2022 (St Brigid); US 5 U.S.C.
 * 6103; SG Holidays Act (fixed days; lunar ones are announced each year and not computed);
 * the other countries' labour or holiday acts. */
#include "domain/calendar/calendar.h"

#include <string.h>

enum rule_kind {
    ON,      /* month and day */
    EASTER,  /* days after Easter Sunday */
    NTH,     /* day = nth weekday of the month; -1 the last */
    BEFORE,  /* the weekday on or before month and day */
    BRIGID,  /* first Monday of February; 1 February itself when that is a Friday */
};
/* What happens when a fixed day falls on a weekend. */
enum shift {
    STAYS,
    NEXT_FREE,     /* GB, CA: the next weekday that is not taken as well */
    NEAREST,       /* US: Saturday to Friday, Sunday to Monday */
    SUNDAY_MONDAY, /* SG: Sunday to Monday */
};

struct rule {
    const char *country;
    enum rule_kind kind;
    int month, day;
    enum weekday weekday;
    enum shift shift;
    int from_year, last_year; /* 0: always */
    const char *name;
};

#define FIXED(country, month, day, name) {country, ON, month, day, 0, STAYS, 0, 0, name}
#define MOVED(country, month, day, shift, name) {country, ON, month, day, 0, shift, 0, 0, name}
#define FROM_EASTER(country, days, name) {country, EASTER, 0, days, 0, STAYS, 0, 0, name}
#define NTH_DAY(country, month, nth, weekday, name) {country, NTH, month, nth, weekday, STAYS, 0, 0, name}

static const struct rule rules[] = {
    FIXED("FR", 1, 1, "Jour de l'an"),
    FROM_EASTER("FR", 1, "Lundi de Pâques"),
    FIXED("FR", 5, 1, "Fête du Travail"),
    FIXED("FR", 5, 8, "Victoire 1945"),
    FROM_EASTER("FR", 39, "Ascension"),
    FROM_EASTER("FR", 50, "Lundi de Pentecôte"),
    FIXED("FR", 7, 14, "Fête nationale"),
    FIXED("FR", 8, 15, "Assomption"),
    FIXED("FR", 11, 1, "Toussaint"),
    FIXED("FR", 11, 11, "Armistice 1918"),
    FIXED("FR", 12, 25, "Noël"),

    MOVED("GB", 1, 1, NEXT_FREE, "New Year's Day"),
    FROM_EASTER("GB", -2, "Good Friday"),
    FROM_EASTER("GB", 1, "Easter Monday"),
    /* moved in 1995 and 2020 to 8 May, spring holiday in 2002, 2012 and 2022 to June */
    {"GB", NTH, 5, 1, MONDAY, STAYS, 0, 1994, "Early May bank holiday"},
    {"GB", NTH, 5, 1, MONDAY, STAYS, 1996, 2019, "Early May bank holiday"},
    {"GB", NTH, 5, 1, MONDAY, STAYS, 2021, 0, "Early May bank holiday"},
    {"GB", ON, 5, 8, 0, STAYS, 1995, 1995, "Early May bank holiday"},
    {"GB", ON, 5, 8, 0, STAYS, 2020, 2020, "Early May bank holiday"},
    {"GB", NTH, 5, -1, MONDAY, STAYS, 0, 2001, "Spring bank holiday"},
    {"GB", NTH, 5, -1, MONDAY, STAYS, 2003, 2011, "Spring bank holiday"},
    {"GB", NTH, 5, -1, MONDAY, STAYS, 2013, 2021, "Spring bank holiday"},
    {"GB", NTH, 5, -1, MONDAY, STAYS, 2023, 0, "Spring bank holiday"},
    {"GB", ON, 6, 2, 0, STAYS, 2022, 2022, "Spring bank holiday"},
    {"GB", ON, 6, 3, 0, STAYS, 2022, 2022, "Platinum Jubilee"},
    {"GB", ON, 9, 19, 0, STAYS, 2022, 2022, "State Funeral"},
    {"GB", ON, 5, 8, 0, STAYS, 2023, 2023, "Coronation"},
    NTH_DAY("GB", 8, -1, MONDAY, "Summer bank holiday"),
    MOVED("GB", 12, 25, NEXT_FREE, "Christmas Day"),
    MOVED("GB", 12, 26, NEXT_FREE, "Boxing Day"),

    MOVED("IE", 1, 1, NEXT_FREE, "New Year's Day"),
    {"IE", BRIGID, 2, 1, MONDAY, STAYS, 2023, 0, "St Brigid's Day"},
    MOVED("IE", 3, 17, NEXT_FREE, "St Patrick's Day"),
    FROM_EASTER("IE", 1, "Easter Monday"),
    NTH_DAY("IE", 5, 1, MONDAY, "May bank holiday"),
    NTH_DAY("IE", 6, 1, MONDAY, "June bank holiday"),
    NTH_DAY("IE", 8, 1, MONDAY, "August bank holiday"),
    NTH_DAY("IE", 10, -1, MONDAY, "October bank holiday"),
    MOVED("IE", 12, 25, NEXT_FREE, "Christmas Day"),
    MOVED("IE", 12, 26, NEXT_FREE, "St Stephen's Day"),

    MOVED("US", 1, 1, NEAREST, "New Year's Day"),
    NTH_DAY("US", 1, 3, MONDAY, "Martin Luther King Jr. Day"),
    NTH_DAY("US", 2, 3, MONDAY, "Washington's Birthday"),
    NTH_DAY("US", 5, -1, MONDAY, "Memorial Day"),
    {"US", ON, 6, 19, 0, NEAREST, 2021, 0, "Juneteenth"},
    MOVED("US", 7, 4, NEAREST, "Independence Day"),
    NTH_DAY("US", 9, 1, MONDAY, "Labor Day"),
    NTH_DAY("US", 10, 2, MONDAY, "Columbus Day"),
    MOVED("US", 11, 11, NEAREST, "Veterans Day"),
    NTH_DAY("US", 11, 4, THURSDAY, "Thanksgiving Day"),
    MOVED("US", 12, 25, NEAREST, "Christmas Day"),

    MOVED("SG", 1, 1, SUNDAY_MONDAY, "New Year's Day"),
    FROM_EASTER("SG", -2, "Good Friday"),
    MOVED("SG", 5, 1, SUNDAY_MONDAY, "Labour Day"),
    MOVED("SG", 8, 9, SUNDAY_MONDAY, "National Day"),
    MOVED("SG", 12, 25, SUNDAY_MONDAY, "Christmas Day"),

    FIXED("BE", 1, 1, "Nieuwjaar"),
    FROM_EASTER("BE", 1, "Paasmaandag"),
    FIXED("BE", 5, 1, "Dag van de Arbeid"),
    FROM_EASTER("BE", 39, "Hemelvaart"),
    FROM_EASTER("BE", 50, "Pinkstermaandag"),
    FIXED("BE", 7, 21, "Nationale feestdag"),
    FIXED("BE", 8, 15, "Tenhemelopneming"),
    FIXED("BE", 11, 1, "Allerheiligen"),
    FIXED("BE", 11, 11, "Wapenstilstand"),
    FIXED("BE", 12, 25, "Kerstmis"),

    FIXED("CH", 1, 1, "Neujahr"),
    FROM_EASTER("CH", 39, "Auffahrt"),
    FIXED("CH", 8, 1, "Bundesfeier"),
    FIXED("CH", 12, 25, "Weihnachten"),

    FIXED("DE", 1, 1, "Neujahr"),
    FROM_EASTER("DE", -2, "Karfreitag"),
    FROM_EASTER("DE", 1, "Ostermontag"),
    FIXED("DE", 5, 1, "Tag der Arbeit"),
    FROM_EASTER("DE", 39, "Christi Himmelfahrt"),
    FROM_EASTER("DE", 50, "Pfingstmontag"),
    FIXED("DE", 10, 3, "Tag der Deutschen Einheit"),
    FIXED("DE", 12, 25, "1. Weihnachtstag"),
    FIXED("DE", 12, 26, "2. Weihnachtstag"),

    FIXED("ES", 1, 1, "Año Nuevo"),
    FIXED("ES", 1, 6, "Epifanía del Señor"),
    FROM_EASTER("ES", -2, "Viernes Santo"),
    FIXED("ES", 5, 1, "Fiesta del Trabajo"),
    FIXED("ES", 8, 15, "Asunción de la Virgen"),
    FIXED("ES", 10, 12, "Fiesta Nacional"),
    FIXED("ES", 11, 1, "Todos los Santos"),
    FIXED("ES", 12, 6, "Día de la Constitución"),
    FIXED("ES", 12, 8, "Inmaculada Concepción"),
    FIXED("ES", 12, 25, "Navidad"),

    FIXED("IT", 1, 1, "Capodanno"),
    FIXED("IT", 1, 6, "Epifania"),
    FROM_EASTER("IT", 1, "Lunedì dell'Angelo"),
    FIXED("IT", 4, 25, "Festa della Liberazione"),
    FIXED("IT", 5, 1, "Festa del Lavoro"),
    FIXED("IT", 6, 2, "Festa della Repubblica"),
    FIXED("IT", 8, 15, "Ferragosto"),
    {"IT", ON, 10, 4, 0, STAYS, 2026, 0, "San Francesco d'Assisi"},
    FIXED("IT", 11, 1, "Ognissanti"),
    FIXED("IT", 12, 8, "Immacolata Concezione"),
    FIXED("IT", 12, 25, "Natale"),
    FIXED("IT", 12, 26, "Santo Stefano"),

    FIXED("LU", 1, 1, "Nouvel an"),
    FROM_EASTER("LU", 1, "Lundi de Pâques"),
    FIXED("LU", 5, 1, "Fête du Travail"),
    {"LU", ON, 5, 9, 0, STAYS, 2019, 0, "Journée de l'Europe"},
    FROM_EASTER("LU", 39, "Ascension"),
    FROM_EASTER("LU", 50, "Lundi de Pentecôte"),
    FIXED("LU", 6, 23, "Fête nationale"),
    FIXED("LU", 8, 15, "Assomption"),
    FIXED("LU", 11, 1, "Toussaint"),
    FIXED("LU", 12, 25, "Noël"),
    FIXED("LU", 12, 26, "Saint-Étienne"),

    FIXED("NL", 1, 1, "Nieuwjaarsdag"),
    FROM_EASTER("NL", 0, "Eerste paasdag"),
    FROM_EASTER("NL", 1, "Tweede paasdag"),
    /* on Saturday when the 27th is a Sunday */
    {"NL", BEFORE, 4, 27, SUNDAY, STAYS, 2014, 0, "Koningsdag"},
    FROM_EASTER("NL", 39, "Hemelvaartsdag"),
    FROM_EASTER("NL", 49, "Eerste pinksterdag"),
    FROM_EASTER("NL", 50, "Tweede pinksterdag"),
    FIXED("NL", 12, 25, "Eerste kerstdag"),
    FIXED("NL", 12, 26, "Tweede kerstdag"),

    MOVED("CA", 1, 1, NEXT_FREE, "New Year's Day"),
    FROM_EASTER("CA", -2, "Good Friday"),
    /* Monday before 25 May */
    {"CA", BEFORE, 5, 24, MONDAY, STAYS, 0, 0, "Victoria Day"},
    MOVED("CA", 7, 1, NEXT_FREE, "Canada Day"),
    NTH_DAY("CA", 9, 1, MONDAY, "Labour Day"),
    {"CA", ON, 9, 30, 0, NEXT_FREE, 2021, 0, "National Day for Truth and Reconciliation"},
    NTH_DAY("CA", 10, 2, MONDAY, "Thanksgiving"),
    MOVED("CA", 11, 11, NEXT_FREE, "Remembrance Day"),
    MOVED("CA", 12, 25, NEXT_FREE, "Christmas Day"),
};
enum { RULE_COUNT = sizeof rules / sizeof *rules };

static struct civil_date nth_weekday(int32_t year, int month, int nth, enum weekday weekday)
{
    struct civil_date date = {year, (uint8_t)month, 1};
    if (nth < 0)
        date.day = (uint8_t)days_in_month(year, month);
    int distance = (int)weekday - (int)civil_date_weekday(date);
    if (nth < 0)
        return civil_date_add(date, distance > 0 ? distance - 7 : distance);
    return civil_date_add(date, (distance + 7) % 7 + 7 * (nth - 1));
}

/* The day that the rule names in this year, before any substitution. */
static struct civil_date rule_date(const struct rule *rule, int32_t year)
{
    struct civil_date date = {year, (uint8_t)rule->month, (uint8_t)rule->day};
    switch (rule->kind) {
    case ON:
        return date;
    case EASTER:
        return civil_date_add(civil_date_easter(year), rule->day);
    case NTH:
        return nth_weekday(year, rule->month, rule->day, rule->weekday);
    case BEFORE: {
        int back = ((int)civil_date_weekday(date) - (int)rule->weekday + 7) % 7;
        if (rule->weekday == SUNDAY) /* avoids Sunday: one day earlier */
            return civil_date_add(date, back == 0 ? -1 : 0);
        return civil_date_add(date, -back);
    }
    case BRIGID:
        return civil_date_weekday(date) == FRIDAY ? date : nth_weekday(year, 2, 1, MONDAY);
    }
    return date;
}

static bool is_rule_of(const struct rule *rule, struct slice country, int32_t year)
{
    return slice_equal_nocase(country, slice_from(rule->country)) &&
           (rule->from_year == 0 || year >= rule->from_year) &&
           (rule->last_year == 0 || year <= rule->last_year);
}

static bool is_weekend(struct civil_date date)
{
    return civil_date_weekday(date) >= SATURDAY;
}

/* Whether another holiday of the country falls, or is moved before this one, on `date`. */
static bool is_taken(size_t index, struct civil_date date);

static struct civil_date substitute(size_t index, int32_t year)
{
    const struct rule *rule = &rules[index];
    struct civil_date date = rule_date(rule, year);
    enum weekday weekday = civil_date_weekday(date);
    switch (rule->shift) {
    case STAYS:
        break;
    case NEAREST:
        return civil_date_add(date, weekday == SATURDAY ? -1 : weekday == SUNDAY ? 1 : 0);
    case SUNDAY_MONDAY:
        return civil_date_add(date, weekday == SUNDAY ? 1 : 0);
    case NEXT_FREE:
        if (!is_weekend(date))
            break;
        do
            date = civil_date_add(date, 1);
        while (is_weekend(date) || is_taken(index, date));
    }
    return date;
}

static bool is_taken(size_t index, struct civil_date date)
{
    struct slice country = slice_from(rules[index].country);
    for (size_t i = 0; i < RULE_COUNT; i++) {
        if (i == index || !is_rule_of(&rules[i], country, date.year))
            continue;
        /* Rules stand in order of the year, so only earlier ones were moved before. */
        struct civil_date other =
            i < index ? substitute(i, date.year) : rule_date(&rules[i], date.year);
        if (civil_date_compare(other, date) == 0)
            return true;
    }
    return false;
}

bool calendar_is_holiday(struct slice country, struct civil_date date, const char **name)
{
    /* New Year's Day of a Saturday is kept on the Friday before, in another year. */
    for (int32_t year = date.year; year <= date.year + 1; year++)
        for (size_t i = 0; i < RULE_COUNT; i++) {
            if (!is_rule_of(&rules[i], country, year) ||
                (civil_date_compare(rule_date(&rules[i], year), date) != 0 &&
                 civil_date_compare(substitute(i, year), date) != 0))
                continue;
            if (name != NULL)
                *name = rules[i].name;
            return true;
        }
    return false;
}
