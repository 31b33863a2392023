/* What a probe outside saw of the service: days, outages, claims (trust.status, member "outside"). */
#include "roles/api/trust_page.h"

enum { DAY_S = 24 * 3600, DAYS_SHOWN = 90 };

static int64_t seconds_of(struct slice iso)
{
    struct instant at = {0};
    (void)!instant_parse(iso, &at, NULL, NULL);
    return at.us / 1000000;
}

/* "23 h 59 min 50 s", without what is nothing. */
static void put_time(struct page *page, int64_t seconds)
{
    if (seconds >= 3600)
        buffer_add_format(page->out, "%lld h ", (long long)(seconds / 3600));
    if (seconds % 3600 >= 60)
        buffer_add_format(page->out, "%lld min ", (long long)(seconds % 3600 / 60));
    buffer_add_format(page->out, "%lld s", (long long)(seconds % 60));
}

/* How much of a day there was to be seen: on the first one from when the probe was there, on the last one up to now. */
static int64_t day_length(int64_t day, int64_t since_s, int64_t now_s)
{
    int64_t from = day == since_s / DAY_S ? since_s : day * DAY_S;
    int64_t to = day == now_s / DAY_S ? now_s : (day + 1) * DAY_S;
    return to > from ? to - from : 0;
}

static void put_share(struct page *page, const char *day, int64_t up_s, int64_t down_s)
{
    int64_t seen = up_s + down_s, share = seen == 0 ? 0 : up_s * 10000 / seen;
    buffer_add_format(page->out, "<td><meter min=\"0\" max=\"%lld\" value=\"%lld\" aria-label=\"%s\"></meter> ",
                      (long long)(seen == 0 ? 1 : seen), (long long)up_s, day);
    if (seen == 0)
        page_raw(page, "–</td>");
    else
        buffer_add_format(page->out, "%lld.%02lld %%</td>", (long long)(share / 100), (long long)(share % 100));
}

/* row: NULL where nobody looked on that day. */
static void put_day(struct page *page, int64_t day, const json_t *row, int64_t since_s, int64_t now_s)
{
    int64_t up_s = json_number(row, "up_s", 0), down_s = json_number(row, "down_s", 0);
    int64_t unknown_s = day_length(day, since_s, now_s) - up_s - down_s;
    struct civil_date date = civil_date_from_days(day);
    const char *name = arena_format(page->arena, "%04d-%02u-%02u", (int)date.year, date.month, date.day).data;
    const int64_t times[] = {up_s, down_s, unknown_s > 0 ? unknown_s : 0};
    buffer_add_format(page->out, "<tr><th scope=\"row\">%s</th>", name);
    put_share(page, name, up_s, down_s);
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        page_raw(page, "<td>");
        put_time(page, times[i]);
        page_raw(page, "</td>");
    }
    page_raw(page, "</tr>\n");
}

static void put_days(struct page *page, const json_t *days, int64_t since_s, int64_t now_s)
{
    static const enum page_text heads[] = {TEXT_T_DAY, TEXT_T_OF_WHAT_WAS_SEEN, TEXT_T_ANSWERED_TIME, TEXT_T_SILENT_TIME,
                                           TEXT_T_UNKNOWN_TIME};
    page_raw(page, "<div class=\"wide\" tabindex=\"0\"><table class=\"days\">\n<thead><tr>");
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        page_raw(page, "<th scope=\"col\">");
        page_say(page, heads[i]);
        page_raw(page, "</th>");
    }
    page_raw(page, "</tr></thead>\n<tbody>\n");
    int64_t today = now_s / DAY_S, first = since_s / DAY_S;
    size_t at = 0;
    for (int64_t day = today; day > today - DAYS_SHOWN && (day >= first || at < json_array_size(days)); day--) {
        const json_t *row = json_array_get(days, at);
        bool seen = row != NULL && json_number(row, "day", 0) == day;
        put_day(page, day, seen ? row : NULL, since_s, now_s);
        at += seen;
    }
    page_raw(page, "</tbody>\n</table></div>\n");
}

void put_outside(struct page *page, const json_t *answer)
{
    const json_t *outside = json_object_get(answer, "outside"), *probe = json_object_get(outside, "probe");
    const json_t *days = json_object_get(outside, "days");
    page_element(page, "h2", NULL, TEXT_T_OUTSIDE);
    page_element(page, "p", NULL, TEXT_T_OUTSIDE_SAYS);
    if (!json_is_object(probe))
        page_element(page, "p", "notice", TEXT_T_NO_PROBE);
    else if (json_text(probe, "last").len > 0)
        put_fill(page, "p", NULL, TEXT_T_PROBE_LAST, instant_words(page, json_text(probe, "last")), SLICE_NONE);
    int64_t now_s = seconds_of(json_text(answer, "now"));
    int64_t since_s = json_is_object(probe) ? seconds_of(json_text(probe, "pinned")) : now_s;
    if (json_is_object(probe) || json_array_size(days) > 0)
        put_days(page, days, since_s, now_s);
}

static void put_claim(struct page *page, const json_t *claim)
{
    struct slice opened = instant_words(page, json_text(claim, "opened")), sent = json_text(claim, "sent");
    page_raw(page, " – ");
    if (sent.len == 0)
        page_fill(page, TEXT_T_CLAIM_OPENED, opened, SLICE_NONE);
    else
        page_fill(page, TEXT_T_CLAIM_SENT, opened, instant_words(page, sent));
}

static void put_outage(struct page *page, const json_t *row)
{
    struct slice begun = instant_words(page, json_text(row, "begun")), ended = json_text(row, "ended");
    const json_t *claim = json_object_get(row, "claim");
    page_raw(page, "<li>");
    if (ended.len == 0)
        page_fill(page, TEXT_T_FROM_ON, begun, SLICE_NONE);
    else
        page_fill(page, TEXT_T_FROM_TO, begun, instant_words(page, ended));
    page_raw(page, " (");
    put_time(page, json_number(row, "down_s", 0));
    page_raw(page, ")");
    if (json_is_object(claim))
        put_claim(page, claim);
    page_raw(page, "</li>\n");
}

void put_claims(struct page *page, const json_t *answer)
{
    const json_t *rows = json_object_get(json_object_get(answer, "outside"), "outages");
    page_element(page, "h2", NULL, TEXT_T_CLAIMS_OF_SLA);
    page_raw(page, "<p>");
    page_say(page, TEXT_T_CLAIMS_SAY);
    page_raw(page, " <a href=\"/trust/DC-09\">DC-09</a></p>\n");
    if (json_array_size(rows) == 0)
        page_element(page, "p", NULL, TEXT_T_NO_CLAIMS);
    else
        page_raw(page, "<ul>\n");
    for (size_t i = 0; i < json_array_size(rows); i++)
        put_outage(page, json_array_get(rows, i));
    if (json_array_size(rows) > 0)
        page_raw(page, "</ul>\n");
}
