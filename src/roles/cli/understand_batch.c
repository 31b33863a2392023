/* rendez understand --batch: whole corpora, a line of JSON in and one out. */
#include "domain/intent/intent.h"
#include "roles/cli/understand.h"

enum row_member { ROW_ID, ROW_TEXT, ROW_LANG, ROW_REF, ROW_TZ, ROW_LOCALE, ROW_ROLE, ROW_HORIZON };

struct row {
    const struct json_member *members;
    struct arena *arena;
    struct buffer *out;
    const struct zone *zone; /* the writer's, when it is named */
    int32_t offset_s;        /* when it is an offset; else INT32_MAX */
    struct timex_context context;
};

static struct slice row_text(const struct row *row, enum row_member member)
{
    return row->members[member].text;
}

/* "+01:00", or an IANA name. */
static void read_zone(struct row *row)
{
    struct slice tz = row_text(row, ROW_TZ);
    row->offset_s = INT32_MAX;
    if (tz.len == 6 && (tz.data[0] == '+' || tz.data[0] == '-')) {
        int32_t h = (tz.data[1] - '0') * 10 + tz.data[2] - '0';
        int32_t m = (tz.data[4] - '0') * 10 + tz.data[5] - '0';
        row->offset_s = (h * 3600 + m * 60) * (tz.data[0] == '-' ? -1 : 1);
    } else if (tz.len > 0 && zone_load(tz, &row->zone, NULL) != ST_OK) {
        row->zone = NULL;
    }
}

static void read_context(struct row *row)
{
    read_zone(row);
    row->context.language = understand_language(row_text(row, ROW_LANG));
    row->context.zone = row->zone;
    if (civil_parse(row_text(row, ROW_REF), &row->context.ref, NULL) != ST_OK)
        row->context.ref = civil_at((struct civil_date){2026, 1, 1}, 9, 0);
    row->context.month_first = understand_month_first(
        row->context.language, row_text(row, ROW_LOCALE), row_text(row, ROW_TZ));
}

/* A reading in the zone that was said, put into the writer's. */
static struct civil in_writers_zone(struct civil wall, const struct timex *timex,
                                    const struct row *row)
{
    const struct zone *said;
    bool offset = row->zone == NULL && row->offset_s != INT32_MAX;
    if (timex->zone.len == 0 || !timex->has_clock || (row->zone == NULL && !offset) ||
        zone_load(timex->zone, &said, NULL) != ST_OK)
        return wall;
    struct civil there =
        civil_from_instant(civil_to_instant(wall, said), offset ? zone_utc() : row->zone);
    return offset ? civil_add(there, (struct duration){row->offset_s * INT64_C(1000000)}) : there;
}

static void put(const struct row *row, struct slice plain)
{
    buffer_add(row->out, plain);
}

static void put_civil(const struct row *row, struct slice before, struct civil wall)
{
    put(row, before);
    put(row, civil_format(wall, row->arena));
    put(row, LIT("\""));
}

static void put_span(const struct row *row, const struct timex *timex)
{
    put(row, LIT(",\"grain\":\""));
    buffer_add_text(row->out, timex_grain_names[timex->grain]);
    put(row, LIT("\""));
    if (timex->open != TIMEX_BEFORE)
        put_civil(row, LIT(",\"start\":\""), in_writers_zone(timex->start, timex, row));
    if (timex->kind == TIMEX_INTERVAL && timex->open != TIMEX_AFTER)
        put_civil(row, LIT(",\"end\":\""), in_writers_zone(timex->end, timex, row));
    if (timex->open != TIMEX_BOUNDED)
        put(row, timex->open == TIMEX_AFTER ? LIT(",\"open\":\"after\"")
                                            : LIT(",\"open\":\"before\""));
}

static void put_timex(const struct row *row, const struct timex *timex)
{
    put(row, LIT("{\"kind\":\""));
    buffer_add_text(row->out, timex_kind_names[timex->kind]);
    put(row, LIT("\""));
    if (timex->kind == TIMEX_DURATION) {
        put(row, LIT(",\"duration\":"));
        json_put_text(row->out, understand_duration(timex, row->arena));
    } else if (timex->kind == TIMEX_SET) {
        put(row, LIT(",\"rrule\":"));
        json_put_text(row->out, timex->rrule);
        put(row, timex->exception ? LIT(",\"exrule\":") : SLICE_NONE);
        if (timex->exception)
            json_put_text(row->out, timex->rrule);
    } else {
        put_span(row, timex);
    }
    put(row, LIT("}"));
}

static void put_id(const struct row *row)
{
    put(row, LIT("{\"id\":"));
    json_put_text(row->out, row_text(row, ROW_ID));
}

/* {"id", "expect": the longest, "all"} */
static void answer_times(const struct row *row)
{
    struct timex_list found = {0};
    if (timex_find(row_text(row, ROW_TEXT), &row->context, row->arena, &found, NULL) != ST_OK)
        found.count = 0;
    const struct timex *longest = NULL;
    for (size_t i = 0; i < found.count; i++)
        if (longest == NULL || found.items[i].length > longest->length)
            longest = &found.items[i];
    put_id(row);
    put(row, LIT(",\"expect\":"));
    if (longest != NULL)
        put_timex(row, longest);
    else
        put(row, LIT("{\"kind\":\"none\"}"));
    put(row, LIT(",\"all\":["));
    for (size_t i = 0; i < found.count; i++) {
        put(row, i > 0 ? LIT(",") : SLICE_NONE);
        put_timex(row, &found.items[i]);
    }
    put(row, LIT("]}\n"));
}

static void put_intervals(const struct row *row, struct slice name,
                          struct civil_interval_list list)
{
    put(row, name);
    for (size_t i = 0; i < list.count; i++) {
        put_civil(row, i > 0 ? LIT(",[\"") : LIT("[\""), list.items[i].start);
        put_civil(row, LIT(",\""), list.items[i].end);
        put(row, LIT("]"));
    }
    put(row, LIT("]"));
}

static void answer_wishes(const struct row *row)
{
    struct wishes wishes = {0};
    struct problem why = {0};
    const struct json_member *horizon = &row->members[ROW_HORIZON];
    uint32_t days = horizon->has_number ? (uint32_t)horizon->number : HORIZON_DAYS;
    bool request = slice_equal(row_text(row, ROW_ROLE), LIT("request"));
    put_id(row);
    if (timex_wishes(row_text(row, ROW_TEXT), &row->context, days, request, row->arena, &wishes,
                     &why) != ST_OK) {
        put(row, LIT(",\"error\":"));
        json_put_text(row->out, slice_from(why.detail));
    }
    put_intervals(row, LIT(",\"allowed\":["), wishes.allowed);
    put_intervals(row, LIT(",\"preferred\":["), wishes.preferred);
    put(row, LIT(",\"doubt\":"));
    if (wishes.doubt == TIMEX_CLEAR)
        put(row, LIT("null"));
    else
        json_put_text(row->out, slice_from(timex_doubt_names[wishes.doubt]));
    put(row, LIT("}\n"));
}

static void answer_intent(const struct row *row)
{
    put_id(row);
    put(row, LIT(",\"group\":"));
    json_put_text(row->out, slice_from(intent_group(row_text(row, ROW_TEXT),
                                                    row->context.language)));
    put(row, LIT("}\n"));
}

static void answer_row(const struct json_member *members, struct arena *arena, struct buffer *out,
                       void *context)
{
    const struct understand_kind *kind = context;
    struct row row = {.members = members, .arena = arena, .out = out};
    read_context(&row);
    if (kind->intents)
        answer_intent(&row);
    else if (kind->wishes)
        answer_wishes(&row);
    else
        answer_times(&row);
}

int understand_batch(const struct understand_kind *kind)
{
    struct json_member members[] = {
        [ROW_ID] = {LIT("id")},         [ROW_TEXT] = {LIT("text")},
        [ROW_LANG] = {LIT("lang")},     [ROW_REF] = {LIT("ref")},
        [ROW_TZ] = {LIT("tz")},         [ROW_LOCALE] = {LIT("locale")},
        [ROW_ROLE] = {LIT("role")},     [ROW_HORIZON] = {LIT("horizon_days")},
    };
    struct understand_kind asked = *kind;
    return cli_each_members(members, sizeof members / sizeof *members, answer_row, &asked);
}
