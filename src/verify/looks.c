#include <stdlib.h>
#include <string.h>

#include "verify.h"

enum { DAY_CHARS = 10, DAYS_MAX = 100000 };

static bool is_kind(const struct entry *entry, const char *kind)
{
    return text_is(entry->kind, (struct text){kind, strlen(kind)});
}

/* "2026-11-26": these sort as their dates do. */
static bool is_day(struct text text)
{
    if (text.len != DAY_CHARS)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        bool dash = i == 4 || i == 7;
        if (dash ? text.data[i] != '-' : text.data[i] < '0' || text.data[i] > '9')
            return false;
    }
    return true;
}

/* They come in order of time: nearly always the last one. NULL: more than there can be. */
static struct look_day *day_of(struct looks *looks, struct text day)
{
    for (size_t i = looks->count; i-- > 0;)
        if (memcmp(looks->days[i].day, day.data, DAY_CHARS) == 0)
            return &looks->days[i];
    if (looks->count == DAYS_MAX)
        return NULL;
    if (looks->count == looks->room) {
        looks->room = looks->room == 0 ? 128 : 2 * looks->room;
        looks->days = realloc(looks->days, looks->room * sizeof *looks->days);
        if (looks->days == NULL)
            abort();
    }
    struct look_day *added = &looks->days[looks->count++];
    *added = (struct look_day){.looks = 0};
    memcpy(added->day, day.data, DAY_CHARS);
    return added;
}

static const char *add_look(struct looks *looks, const struct entry *entry)
{
    struct text day = entry_value(entry, "day"), agreed = entry_value(entry, "agreed");
    bool yes = text_is(agreed, (struct text){"yes", 3}), no = text_is(agreed, (struct text){"no", 2});
    struct look_day *of = is_day(day) && (yes || no) ? day_of(looks, day) : NULL;
    if (of == NULL)
        return "a second look without a day or a result";
    of->looks++;
    of->wrong += no;
    return NULL;
}

static const char *recount(struct looks *looks, uint64_t number, const struct entry *entry)
{
    struct text from = entry_value(entry, "from"), until = entry_value(entry, "until");
    uint64_t said, wrong, found = 0, found_wrong = 0;
    if (!is_day(from) || !is_day(until) || !text_number(entry_value(entry, "looks"), &said) ||
        !text_number(entry_value(entry, "wrong"), &wrong))
        return "a figure of second looks without its days or numbers";
    for (size_t i = 0; i < looks->count; i++) {
        const struct look_day *day = &looks->days[i];
        if (memcmp(day->day, from.data, DAY_CHARS) < 0 || memcmp(day->day, until.data, DAY_CHARS) > 0)
            continue;
        found += day->looks;
        found_wrong += day->wrong;
    }
    looks->counted++;
    looks->number = number;
    looks->said = said;
    looks->wrong = wrong;
    memcpy(looks->from, from.data, DAY_CHARS);
    memcpy(looks->until, until.data, DAY_CHARS);
    if (found != said)
        return "it says another number of second looks than there are entries of those days";
    return found_wrong == wrong ? NULL : "it says another number of errors than the second looks of those days have";
}

/* The planner's, who numbers them in its own database; nobody else says how it was decided. */
static bool is_planners(const struct entry *entry)
{
    struct text source = entry_value(entry, "source");
    return source.len > 6 && memcmp(source.data, "store/", 6) == 0;
}

const char *looks_add(struct looks *looks, uint64_t number, const struct entry *entry)
{
    if (!is_planners(entry))
        return NULL;
    if (is_kind(entry, "supervision.look.compared"))
        return add_look(looks, entry);
    return is_kind(entry, "supervision.looks.counted") ? recount(looks, number, entry) : NULL;
}

void looks_free(struct looks *looks)
{
    free(looks->days);
    *looks = (struct looks){.count = 0};
}
