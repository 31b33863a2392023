/* Weeks that a text counts from one that it has named. */
#include <string.h>

#include "domain/intent/internal.h"

enum { WEEKDAY_NEAR = 4 };

static const char fr_days[] = "lundi mardi mercredi jeudi vendredi samedi dimanche";
static const char en_days[] = "monday tuesday wednesday thursday friday saturday sunday";
static const char *const fr_months[] = {"janvier", "fevrier", "mars",      "avril",   "mai",      "juin",
                                        "juillet", "aout",    "septembre", "octobre", "novembre", "decembre"};
static const char *const en_months[] = {"January", "February", "March",     "April",   "May",      "June",
                                        "July",    "August",   "September", "October", "November", "December"};

/* 1 for a Monday; 0 where no weekday is named. */
static uint32_t weekday_at(const struct text *text, uint32_t at)
{
    uint32_t place = word_place(text, at, fr_days);
    return place > 0 ? place : word_place(text, at, en_days);
}

/* The day before "of the week after" at `week`; UINT32_MAX if there is none. */
static uint32_t day_before_week(const struct text *text, uint32_t week)
{
    for (uint32_t back = 1; back < WEEKDAY_NEAR && back <= week; back++) {
        if (weekday_at(text, week - back) > 0)
            return week - back > 1 && weekday_at(text, week - back - 2) > 0 ? UINT32_MAX : week - back; /* "Monday or Tuesday of …" */
        if (!in_class(text, week - back, CLASS_week_of))
            break;
    }
    return UINT32_MAX;
}

/* The Monday of the last whole week that was named before a word. */
static bool week_named_before(const struct text *text, uint32_t before, struct civil_date *monday)
{
    bool found = false;
    for (size_t i = 0; i < text->timexes.count; i++) {
        const struct timex *timex = &text->timexes.items[i];
        int64_t days = (civil_to_us(timex->end) - civil_to_us(timex->start)) / DAY_US;
        if (timex->offset + timex->length > text->tokens[before].offset)
            break;
        if (timex->kind == TIMEX_DURATION || timex->open != TIMEX_BOUNDED || timex->has_clock || days < 5 || days > 7)
            continue;
        *monday = civil_date_add(timex->start.date, -(int32_t)civil_date_weekday(timex->start.date));
        found = true;
    }
    return found;
}

static uint32_t end_of_week_after(const struct text *text, uint32_t week)
{
    uint32_t end = week + 2;
    while (in_class(text, end, CLASS_week_after_apres) || in_class(text, end, CLASS_that_week))
        end++;
    return end;
}

/* "La semaine prochaine je suis en congés. Jeudi de la semaine d'après": the words are written over
 * with the date, since timex counts such a week from the day of writing. */
bool weeks_count_on(struct view *view)
{
    struct text *text = &view->text;
    bool written = false;
    for (uint32_t i = 1; i < text->token_count; i++) {
        struct civil_date monday;
        uint32_t day = week_after_at(text, i) ? day_before_week(text, i) : UINT32_MAX;
        if (day == UINT32_MAX || !week_named_before(text, day, &monday))
            continue;
        struct civil_date date = civil_date_add(monday, 6 + (int32_t)weekday_at(text, day));
        uint32_t last = end_of_week_after(text, i) - 1;
        last = last < text->token_count ? last : text->token_count - 1;
        bool french = word_place(text, day, fr_days) > 0;
        struct slice words = arena_format(view->arena, " %u %s", date.day,
                                          (french ? fr_months : en_months)[date.month - 1]);
        size_t from = text->tokens[day].offset + text->tokens[day].length;
        size_t to = text->tokens[last].offset + text->tokens[last].length;
        if (from + words.len > to)
            continue;
        char *said = arena_text(view->arena, text->said);
        memset(said + from, ' ', to - from);
        memcpy(said + from, words.data, words.len);
        text->said = (struct slice){said, text->said.len};
        written = true;
    }
    return written;
}
