/* Input: "iso", newline, a text; or a file of tzdata. Damage is refused; what is read answers
 * for every instant, and a text that is read is written the same way. */
#include <assert.h>

#include "base/datetime/datetime.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_zone(struct slice file)
{
    struct zone *zone = NULL;
    if (zone_parse(LIT("Test/Zone"), file, &zone, NULL) != ST_OK)
        return;
    struct instant at = {INT64_C(-4000000000) * 1000000};
    for (int i = 0; i < 400 && zone_next_transition(zone, at, &at); i++) {
        struct civil wall = civil_from_instant(at, zone);
        struct civil_fits fits = civil_to_instants(wall, zone);
        assert(fits.fit != CIVIL_TWICE || fits.first.us < fits.second.us);
    }
    for (int64_t year = -50; year < 200; year += 7) {
        const char *abbreviation = NULL;
        (void)zone_offset_s(zone, (struct instant){year * 31556952 * INT64_C(1000000)}, &abbreviation);
        assert(abbreviation != NULL);
    }
    zone_destroy(&zone);
}

static void check_texts(struct slice text)
{
    AUTO_ARENA arena = arena_create(1 << 16);
    struct instant at, again;
    struct civil wall, same;
    struct civil_date date;
    int32_t offset_s = 0;
    if (instant_parse(text, &at, &offset_s, NULL) == ST_OK) {
        assert(instant_parse(instant_format(at, zone_utc(), arena), &again, NULL, NULL) == ST_OK);
        assert(at.us - again.us < 1000000 && at.us >= again.us);
    }
    if (civil_parse(text, &wall, NULL) == ST_OK) {
        assert(civil_parse(civil_format(wall, arena), &same, NULL) == ST_OK);
        assert(civil_compare(wall, same) == 0);
    }
    if (civil_date_parse(text, &date, NULL) == ST_OK)
        assert(civil_date_is_valid(date));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice input = {(const char *)data, size};
    if (slice_starts(input, LIT("iso\n")))
        check_texts(slice_sub(input, 4, size));
    else
        check_zone(input);
    return 0;
}
