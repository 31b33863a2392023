#include "formats/measures/measures.h"

const char *const measure_seen_names[MEASURE_SEEN_COUNT_] = {
    [MEASURE_UNKNOWN] = "unknown", [MEASURE_UP] = "up", [MEASURE_DOWN] = "down"};

#define HEAD "rendez-probe 1"
static const int64_t at_ms_max = INT64_C(1) << 46; /* some two thousand years */

static struct slice next_word(struct slice *line)
{
    size_t end = slice_find(*line, LIT(" "), 0);
    struct slice word = slice_sub(*line, 0, end);
    *line = slice_sub(*line, end == SIZE_MAX ? line->len : end + 1, line->len);
    return word;
}

/* As we would write it, so that there is one text for a number. */
static bool read_number(struct slice word, uint64_t max, uint64_t *out)
{
    return (word.len == 1 || !slice_starts(word, LIT("0"))) && slice_to_u64(word, max, out);
}

static bool read_seen(struct slice word, enum measure_seen *out)
{
    for (int seen = 0; seen < MEASURE_SEEN_COUNT_; seen++)
        if (slice_equal(word, slice_from(measure_seen_names[seen]))) {
            *out = (enum measure_seen)seen;
            return true;
        }
    return false;
}

enum status measure_parse_line(struct slice line, struct measure *out, struct problem *why)
{
    uint64_t at_ms, took_ms;
    enum measure_seen seen;
    struct slice rest = line, at = next_word(&rest), word = next_word(&rest);
    if (!read_number(at, (uint64_t)at_ms_max, &at_ms) || at_ms == 0 || !read_seen(word, &seen) ||
        !read_number(rest, MEASURE_TOOK_MS_MAX, &took_ms))
        return problem_set(why, ST_INVALID, "a look is written as 'MILLISECONDS up|down|unknown MILLISECONDS'");
    *out = (struct measure){{(int64_t)at_ms * 1000}, seen, (uint32_t)took_ms};
    return ST_OK;
}

enum status measures_parse(struct slice text, struct arena *arena, struct measure_list *out, struct problem *why)
{
    struct measure_list list = {0};
    struct slice rest = text, line;
    if (text.len > MEASURES_BYTES_MAX)
        return problem_set(why, ST_LIMIT, "the report is too long");
    if (!slice_next_line(&rest, &line) || !slice_equal(line, LIT(HEAD)))
        return problem_set(why, ST_INVALID, "no report of a probe");
    while (slice_next_line(&rest, &line)) {
        struct measure measure;
        enum status status = measure_parse_line(line, &measure, why);
        if (status == ST_OK && list.count > 0 && measure.at.us <= list.items[list.count - 1].at.us)
            status = problem_set(why, ST_INVALID, "looks come in order of time");
        if (status != ST_OK && why != NULL)
            why->offset = (size_t)(line.data - text.data);
        TRY(status);
        if (list.count == MEASURES_MAX)
            return problem_set(why, ST_LIMIT, "more looks than one report may have");
        ARENA_PUSH(arena, &list, measure);
    }
    *out = list;
    return ST_OK;
}

void measures_format_head(struct buffer *out)
{
    buffer_add_text(out, HEAD "\n");
}

void measure_format(const struct measure *measure, struct buffer *out)
{
    buffer_add_format(out, "%lld %s %u\n", (long long)(measure->at.us / 1000), measure_seen_names[measure->seen],
                      measure->took_ms);
}
