#include "roles/trust/looks.h"

#include "domain/supervision/figures.h"
#include "roles/trust/internal.h"

enum { STALE_DAYS = 3 }; /* it is counted each day: an older one is none of today */

void trust_hear_looks(struct trust *trust, const json_t *log)
{
    json_release(&trust->looks);
    trust->looks = json_incref(json_object_get(log, "second_looks"));
}

static bool is_young(struct slice until, struct instant now)
{
    struct civil_date date;
    return civil_date_parse(until, &date, NULL) == ST_OK &&
           civil_date_to_days(date) + STALE_DAYS >= (int64_t)figures_day_of(now);
}

json_t *show_looks(const struct trust *trust, struct instant now)
{
    static const char *const taken[] = {"from", "until", "looks", "wrong", "entry", "at"};
    if (!json_is_object(trust->looks) || !is_young(json_text(trust->looks, "until"), now))
        return json_null();
    struct figures_error error = figures_error_of((uint32_t)json_number(trust->looks, "looks", 0),
                                                  (uint32_t)json_number(trust->looks, "wrong", 0));
    json_t *out = json_object();
    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
        json_object_set(out, taken[i], json_object_get(trust->looks, taken[i]));
    json_object_set_new(out, "low", json_integer(error.low));
    json_object_set_new(out, "high", json_integer(error.high));
    json_object_set_new(out, "wanted", json_integer(LOOKS_WANTED));
    json_object_set_new(out, "enough", json_boolean(error.judged >= LOOKS_WANTED));
    return out;
}
