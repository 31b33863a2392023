/* One component through libical, line by line, so that what it may see is bounded. */
#include "formats/ical/internal.h"

enum {
    LINE_BYTES_MAX = 256 * 1024, /* longer ones are attachments; none that we read */
    LINES_MAX = 20000,
    NESTING_MAX = 3,
    MORE_RULES_MAX = 16,
    RULE_BYTES_MAX = 4096,
};

struct feed {
    icalparser *parser;
    bool nested;
    int depth;   /* components that are open, the block's own included */
    int dropped; /* how many of them libical does not see */
    struct arena *arena;
    struct ical_event *event;
};

static void keep_rule(struct feed *feed, struct slice line)
{
    struct slice rule = content_line_value(line);
    if (feed->event == NULL || rule.len == 0 || rule.len > RULE_BYTES_MAX)
        return;
    struct ical_event *event = feed->event;
    rule = arena_copy(feed->arena, rule);
    if (content_line_is(line, "EXRULE")) {
        if (event->exrules.count < MORE_RULES_MAX)
            ARENA_PUSH(feed->arena, &event->exrules, rule);
    } else if (event->rrule.len == 0) {
        event->rrule = rule;
    } else if (event->rrules_more.count < MORE_RULES_MAX) {
        ARENA_PUSH(feed->arena, &event->rrules_more, rule);
    }
}

static icalcomponent *feed_line(struct feed *feed, struct buffer *line)
{
    struct slice text = buffer_slice(line);
    bool begin = slice_starts_nocase(text, LIT("BEGIN:"));
    bool end = slice_starts_nocase(text, LIT("END:"));
    if (begin && feed->depth++ > 0 && (!feed->nested || feed->depth > NESTING_MAX)) {
        feed->dropped++;
        return NULL;
    }
    if (end)
        feed->depth--;
    if (feed->dropped > 0) {
        feed->dropped -= end;
        return NULL;
    }
    if (feed->event != NULL &&
        (content_line_is(text, "RRULE") || content_line_is(text, "EXRULE"))) {
        keep_rule(feed, text);
        return NULL;
    }
    /* What is long and never read stays out. */
    if (content_line_is(text, "ATTACH") || content_line_is(text, "X-ALT-DESC"))
        return NULL;
    return icalparser_add_line(feed->parser, line->data);
}

/* END is missing: whatever is open ends here. */
static icalcomponent *close_open(struct feed *feed)
{
    icalcomponent *component = NULL;
    for (; component == NULL && feed->depth > feed->dropped; feed->depth--) {
        char end[] = "END:VEVENT"; /* libical closes what is open, whatever its name */
        component = icalparser_add_line(feed->parser, end);
    }
    return component;
}

icalcomponent *block_parse(struct slice block, bool nested, struct arena *arena,
                           struct ical_event *event)
{
    AUTO_BUFFER line = buffer_create(LINE_BYTES_MAX);
    struct feed feed = {icalparser_new(), nested, 0, 0, arena, event};
    icalcomponent *component = NULL;
    for (size_t lines = 0; component == NULL && lines < LINES_MAX; lines++) {
        if (!content_line_next(&block, &line))
            break;
        if (!line.full && line.len > 0)
            component = feed_line(&feed, &line);
    }
    if (component == NULL)
        component = close_open(&feed);
    icalparser_free(feed.parser);
    return component;
}
