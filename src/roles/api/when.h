#ifndef RENDEZ_ROLES_API_WHEN_H
#define RENDEZ_ROLES_API_WHEN_H

#include "base/datetime/datetime.h"

/* Slots on guest pages, in two lines: the day large, the hours below. */

enum page_language { PAGE_EN, PAGE_FR, PAGE_LANGUAGE_COUNT };

/* "mardi 10 mars", "Tuesday 10 March"; the first letter as in a sentence. */
struct slice when_day(struct instant at, const struct zone *zone, enum page_language language,
                      struct arena *arena);
/* "14h30 – 15h15", "2:30pm – 3:15pm". */
struct slice when_hours(struct interval span, const struct zone *zone,
                        enum page_language language, struct arena *arena);
/* "1 h 30", "45 minutes"; "1 h 30 min", "45 minutes". */
struct slice when_length(int64_t count, enum page_language language, struct arena *arena);
/* "Europe/London" → "Londres", "London"; "America/New_York" → "New York". */
struct slice when_city(struct slice zone, enum page_language language, struct arena *arena);

#endif
