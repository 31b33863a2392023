/* What happened: status, the feed of changes (RFC 4287), and the auditor's part of the log. */
#include "roles/api/trust_page.h"

enum { DAY_MINUTES = 1440, NUMBER_CHARS_MAX = 18 };

/* Status */

static void put_day(struct page *page, const json_t *row, int64_t today, int64_t minutes_today)
{
    int64_t day = json_number(row, "day", 0), minutes = json_number(row, "minutes", 0);
    int64_t whole = day == today && minutes_today > 0 ? minutes_today : DAY_MINUTES;
    struct civil_date date = civil_date_from_days(day);
    minutes = minutes < whole ? minutes : whole;
    buffer_add_format(page->out, "<tr><th scope=\"row\">%04d-%02u-%02u</th><td>", (int)date.year, date.month, date.day);
    buffer_add_format(page->out,
                      "<meter min=\"0\" max=\"%lld\" value=\"%lld\" aria-label=\"%04d-%02u-%02u\"></meter> %lld/%lld min (%lld%c%lld %%)",
                      (long long)whole, (long long)minutes, (int)date.year, date.month, date.day,
                      (long long)minutes, (long long)whole, (long long)(minutes * 100 / whole), page->language == PAGE_FR ? ',' : '.',
                      (long long)(minutes * 1000 / whole % 10));
    page_raw(page, "</td></tr>\n");
}

static void put_days(struct page *page, const json_t *answer)
{
    const json_t *days = json_object_get(answer, "days");
    struct instant now = {0}, since = {0};
    const int64_t minute_us = 60 * INT64_C(1000000);
    (void)!instant_parse(json_text(answer, "now"), &now, NULL, NULL);
    (void)!instant_parse(json_text(answer, "since"), &since, NULL, NULL);
    int64_t today = now.us / (DAY_MINUTES * minute_us), begun = today * DAY_MINUTES * minute_us;
    /* On its first day the service counts from its beginning. */
    int64_t passed = (now.us - (since.us > begun ? since.us : begun)) / minute_us + 1;
    buffer_add_format(page->out, "<div class=\"wide\" tabindex=\"0\"><table class=\"days\">\n<thead><tr><th scope=\"col\">");
    page_say(page, TEXT_T_DAY);
    page_raw(page, "</th><th scope=\"col\">");
    page_say(page, TEXT_T_AT_WORK);
    page_raw(page, "</th></tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < json_array_size(days); i++)
        put_day(page, json_array_get(days, i), today, passed);
    page_raw(page, "</tbody>\n</table></div>\n");
}

static void put_outages(struct page *page, const json_t *answer)
{
    const json_t *rows = json_object_get(answer, "silences");
    page_element(page, "h2", NULL, TEXT_T_OUTAGES);
    if (json_array_size(rows) == 0) {
        put_fill(page, "p", NULL, TEXT_T_NO_OUTAGE, instant_words(page, json_text(answer, "since")), SLICE_NONE);
        return;
    }
    page_raw(page, "<ul>\n");
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        put_fill(page, "li", NULL, TEXT_T_FROM_TO, instant_words(page, json_text(row, "began")),
                 instant_words(page, json_text(row, "ended")));
    }
    page_raw(page, "</ul>\n");
}

enum status reply_status(struct request *request, const struct answer *answer, struct response *response,
                         struct problem *why)
{
    if (answer->status != ST_OK)
        return problem_set(why, answer->status, "it cannot be shown");
    AUTO_BUFFER out = buffer_create(TRUST_PAGE_BYTES_MAX);
    struct page page = TRUST_PAGE(request);
    page.out = &out;
    trust_begin(&page, request, TAB_STATUS, slice_from(page_text(TEXT_T_STATUS, page.language)));
    page_raw(&page, "<article class=\"narrow\">\n");
    page_element(&page, "h1", NULL, TEXT_T_STATUS);
    page_element(&page, "p", "lead", TEXT_T_STATUS_SAYS);
    put_outside(&page, answer->value);
    page_element(&page, "h2", NULL, TEXT_T_INSIDE);
    page_element(&page, "p", NULL, TEXT_T_INSIDE_SAYS);
    put_days(&page, answer->value);
    put_outages(&page, answer->value);
    put_looks(&page, web_public_url(request->web), answer->value);
    put_claims(&page, answer->value);
    page_raw(&page, "</article>\n");
    return trust_end(&page, response, why);
}

/* The feed */

static void put_feed_entry(struct page *page, struct slice url, const json_t *change)
{
    struct slice id = json_text(change, "control"), cause = said_in(page, change, "cause");
    const char *was = page_text(trust_state_of(json_text(change, "was"))->word, page->language);
    const char *is = page_text(trust_state_of(json_text(change, "becomes"))->word, page->language);
    page_raw(page, "<entry>\n<id>");
    put_text(page, url);
    buffer_add_format(page->out, "/trust/%.*s#change-%lld</id>\n<title>%.*s: %s</title>\n<updated>", SLICE_ARG(id),
                      (long long)json_number(change, "id", 0), SLICE_ARG(id), is);
    put_text(page, json_text(change, "at"));
    page_raw(page, "</updated>\n<link rel=\"alternate\" type=\"text/html\" href=\"");
    put_text(page, url);
    buffer_add_format(page->out, "/trust/%.*s\"/>\n<content type=\"text\">", SLICE_ARG(id));
    page_fill(page, TEXT_T_WAS, slice_from(was), SLICE_NONE);
    page_raw(page, cause.len > 0 ? ". " : "");
    put_text(page, cause);
    page_raw(page, "</content>\n</entry>\n");
}

enum status reply_feed(struct request *request, const struct answer *answer, struct response *response,
                       struct problem *why)
{
    if (answer->status != ST_OK)
        return problem_set(why, answer->status, "it cannot be shown");
    AUTO_BUFFER out = buffer_create(TRUST_PAGE_BYTES_MAX);
    struct page page = TRUST_PAGE(request);
    struct slice url = web_public_url(request->web);
    const json_t *changes = json_object_get(answer->value, "changes"), *newest = json_array_get(changes, 0);
    page.out = &out;
    page_raw(&page, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"");
    page_raw(&page, page.language == PAGE_FR ? "fr\">\n<id>" : "en\">\n<id>");
    put_text(&page, url);
    page_raw(&page, "/trust</id>\n<title>");
    page_say(&page, TEXT_T_CHANGED);
    page_raw(&page, "</title>\n<author><name>Rendez</name></author>\n<link rel=\"self\" type=\"application/atom+xml\" href=\"");
    put_text(&page, url);
    page_raw(&page, "/trust/changes.atom\"/>\n<link rel=\"alternate\" type=\"text/html\" href=\"");
    put_text(&page, url);
    page_raw(&page, "/trust\"/>\n<updated>");
    put_text(&page, newest != NULL ? json_text(newest, "at") : json_text(answer->value, "since"));
    page_raw(&page, "</updated>\n");
    for (size_t i = 0; i < json_array_size(changes); i++)
        put_feed_entry(&page, url, json_array_get(changes, i));
    page_raw(&page, "</feed>\n");
    TRY(buffer_check(&out, "feed", why));
    *response = (struct response){.status = MHD_HTTP_OK, .type = "application/atom+xml; charset=utf-8",
                                  .body = arena_copy(request->arena, buffer_slice(&out))};
    return ST_OK;
}

/* The auditor */

enum status ask_entries(struct request *request, json_t **question, struct problem *why)
{
    static const char *const names[] = {"before", "entry"};
    AUTO_JSON asked = json_object();
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct slice text = request_query(request, names[i]);
        uint64_t number;
        if (text.len == 0)
            continue;
        if (text.len > NUMBER_CHARS_MAX || !slice_to_u64(text, INT64_MAX, &number))
            return problem_set(why, ST_NOT_FOUND, "an entry is a number");
        json_object_set_new(asked, names[i], json_integer((json_int_t)number));
    }
    *question = json_incref(asked);
    return ST_OK;
}

static void put_entry(struct page *page, const json_t *row)
{
    long long entry = (long long)json_number(row, "entry", 0);
    buffer_add_format(page->out, "<tr><td>%lld</td><td>", entry);
    put_instant(page, json_text(row, "at"));
    page_raw(page, "</td><td><code>");
    put_text(page, json_text(row, "kind"));
    page_raw(page, "</code></td><td><code>");
    put_text(page, json_text(row, "ids"));
    buffer_add_format(page->out, "</code></td><td><a href=\"/trust/auditor/proofs?entry=%lld\" download=\"proof-%lld.txt\" aria-label=\"",
                      entry, entry);
    page_say(page, TEXT_T_PROOF);
    buffer_add_format(page->out, " %lld\">", entry);
    page_say(page, TEXT_T_PROOF);
    page_raw(page, "</a></td></tr>\n");
}

static void put_entries(struct page *page, const json_t *rows)
{
    static const enum page_text heads[] = {TEXT_T_LOG_ENTRY, TEXT_T_WHEN, TEXT_T_KIND, TEXT_T_IDS, TEXT_T_PROOF};
    if (json_array_size(rows) == 0) {
        page_element(page, "p", "notice", TEXT_T_AUDITOR_NONE);
        return;
    }
    page_raw(page, "<div class=\"wide log\" tabindex=\"0\"><table>\n<thead><tr>");
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        put_fill(page, "th", NULL, heads[i], SLICE_NONE, SLICE_NONE);
    page_raw(page, "</tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < json_array_size(rows); i++)
        put_entry(page, json_array_get(rows, i));
    page_raw(page, "</tbody>\n</table></div>\n");
}

/* The download ends where the page ends, though the log goes on meanwhile. */
static void put_auditor_links(struct page *page, const struct request *request, const json_t *answer)
{
    struct slice asked = request_query(request, "before");
    int64_t before = json_number(answer, "before", 0);
    const char *lang = page->language == PAGE_FR ? "fr" : "en";
    if (asked.len == 0)
        asked = number_text(page, json_number(answer, "published", 0));
    page_raw(page, "<p class=\"links\">");
    if (json_array_size(json_object_get(answer, "entries")) > 0) {
        page_raw(page, "<a class=\"button\" download=\"proofs.txt\" href=\"/trust/auditor/proofs?before=");
        put_text(page, asked);
        page_raw(page, "\">");
        page_say(page, TEXT_T_ALL_PROOFS);
        page_raw(page, "</a> ");
    }
    if (request_query(request, "before").len > 0) {
        put_link(page, arena_format(page->arena, "/trust/auditor?lang=%s", lang), NULL, TEXT_T_NEWEST);
        page_raw(page, " ");
    }
    if (before > 0)
        put_link(page, arena_format(page->arena, "/trust/auditor?before=%lld&lang=%s", (long long)before, lang), NULL,
                 TEXT_T_OLDER);
    page_raw(page, "</p>\n");
}

enum status reply_auditor(struct request *request, const struct answer *answer, struct response *response,
                          struct problem *why)
{
    if (answer->status != ST_OK)
        return problem_set(why, answer->status, "it cannot be shown");
    AUTO_BUFFER out = buffer_create(2 * TRUST_PAGE_BYTES_MAX);
    struct page page = TRUST_PAGE(request);
    page.out = &out;
    trust_begin(&page, request, TAB_AUDITOR, slice_from(page_text(TEXT_T_AUDITOR, page.language)));
    page_element(&page, "h1", NULL, TEXT_T_AUDITOR_TITLE);
    put_fill(&page, "p", "lead", TEXT_T_AUDITOR_SAYS,
             number_text(&page, json_number(answer->value, "published", 0)), SLICE_NONE);
    put_entries(&page, json_object_get(answer->value, "entries"));
    put_auditor_links(&page, request, answer->value);
    put_verify_file(&page, json_object_get(answer->value, "log"), "proofs.txt");
    return trust_end(&page, response, why);
}

enum status reply_proofs(struct request *request, const struct answer *answer, struct response *response,
                         struct problem *why)
{
    if (answer->status != ST_OK)
        return problem_set(why, answer->status, "it cannot be shown");
    *response = (struct response){.status = MHD_HTTP_OK, .type = "text/plain; charset=utf-8",
                                  .body = arena_copy(request->arena, json_text(answer->value, "proofs"))};
    return ST_OK;
}
