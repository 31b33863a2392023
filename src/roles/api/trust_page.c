#include "roles/api/trust_page.h"

static const char *const codes[PAGE_LANGUAGE_COUNT] = {[PAGE_EN] = "en", [PAGE_FR] = "fr"};

const struct trust_state trust_states[TRUST_STATES] = {
    {"holds", "holds", "✓", TEXT_T_HOLDS, TEXT_T_HOLDS_SAYS},
    {"fails", "fails", "✕", TEXT_T_FAILS, TEXT_T_FAILS_SAYS},
    {"unknown", "unknown", "?", TEXT_T_UNKNOWN, TEXT_T_UNKNOWN_SAYS},
    {"attested", "attested", "✎", TEXT_T_ATTESTED, TEXT_T_ATTESTED_SAYS},
    {"not_implemented", "missing", "–", TEXT_T_MISSING, TEXT_T_MISSING_SAYS},
};

const struct trust_state *trust_state_of(struct slice name)
{
    for (size_t i = 0; i < TRUST_STATES; i++)
        if (slice_equal(name, slice_from(trust_states[i].name)))
            return &trust_states[i];
    return &trust_states[2]; /* a word that we do not know is never green */
}

size_t request_language(const struct request *request)
{
    struct slice wanted = request_query(request, "lang");
    for (size_t i = 0; i < PAGE_LANGUAGE_COUNT; i++)
        if (slice_equal(wanted, slice_from(codes[i])))
            return i;
    return http_language(request_header(request, "Accept-Language"), codes, PAGE_LANGUAGE_COUNT);
}

/* Pieces */

void put_text(struct page *page, struct slice text)
{
    html_add(page->out, text);
}

struct slice number_text(const struct page *page, int64_t number)
{
    return arena_format(page->arena, "%lld", (long long)number);
}

void put_fill(struct page *page, const char *tag, const char *class, enum page_text text, struct slice zero,
              struct slice one)
{
    buffer_add_format(page->out, "<%s%s%s%s>", tag, class != NULL ? " class=\"" : "", class != NULL ? class : "",
                      class != NULL ? "\"" : "");
    page_fill(page, text, zero, one);
    buffer_add_format(page->out, "</%s>\n", tag);
}

void put_link(struct page *page, struct slice href, const char *class, enum page_text text)
{
    page_raw(page, "<a href=\"");
    put_text(page, href);
    buffer_add_format(page->out, "\"%s%s%s>", class != NULL ? " class=\"" : "", class != NULL ? class : "",
                      class != NULL ? "\"" : "");
    page_say(page, text);
    page_raw(page, "</a>");
}

void put_state(struct page *page, struct slice state)
{
    const struct trust_state *row = trust_state_of(state);
    buffer_add_format(page->out, "<span class=\"state %s\"><span class=\"mark\" aria-hidden=\"true\">%s</span> ",
                      row->class, row->mark);
    page_say(page, row->word);
    page_raw(page, "</span>");
}

struct slice said_in(const struct page *page, const json_t *object, const char *name)
{
    return json_text(json_object_get(object, name), codes[page->language]);
}

struct slice instant_words(const struct page *page, struct slice iso)
{
    struct instant at;
    if (instant_parse(iso, &at, NULL, NULL) != ST_OK)
        return SLICE_NONE;
    struct civil civil = civil_from_instant(at, zone_utc());
    struct slice day = when_day(at, zone_utc(), page->language, page->arena);
    size_t space = slice_find(day, LIT(" "), 0); /* without the weekday */
    return arena_format(page->arena, "%.*s %d, %02u:%02u UTC", SLICE_ARG(slice_sub(day, space + 1, day.len)),
                        (int)civil.date.year, civil.hour, civil.minute);
}

static void begin_time(struct page *page, struct slice iso)
{
    page_raw(page, "<time datetime=\"");
    put_text(page, iso);
    page_raw(page, "\">");
}

void put_instant(struct page *page, struct slice iso)
{
    begin_time(page, iso);
    put_text(page, instant_words(page, iso));
    page_raw(page, "</time>");
}

static struct slice age_words(const struct page *page, int64_t s, enum page_text *text)
{
    static const struct {
        int64_t below, unit;
        enum page_text text;
    } rows[] = {
        {3, 1, TEXT_T_NOW},          {90, 1, TEXT_T_SECONDS},       {90 * 60, 60, TEXT_T_MINUTES},
        {48 * 3600, 3600, TEXT_T_HOURS}, {INT64_MAX, 86400, TEXT_T_DAYS},
    };
    size_t i = 0;
    while (s >= rows[i].below)
        i++;
    *text = rows[i].text;
    return number_text(page, s / rows[i].unit);
}

void put_age(struct page *page, struct slice iso, struct slice now_iso)
{
    struct instant at, now;
    enum page_text text;
    if (instant_parse(iso, &at, NULL, NULL) != ST_OK || instant_parse(now_iso, &now, NULL, NULL) != ST_OK)
        return;
    begin_time(page, iso);
    struct slice count = age_words(page, (now.us - at.us) / 1000000, &text);
    page_fill(page, text, count, SLICE_NONE);
    page_raw(page, "</time>");
}

/* The frame */

static const struct {
    const char *href;
    enum page_text text;
} tabs[] = {
    [TAB_CLAIMS] = {"/trust", TEXT_T_SITE},
    [TAB_STATUS] = {"/trust/status", TEXT_T_STATUS},
    [TAB_CHANGES] = {"/trust/subscribe", TEXT_T_SUBSCRIBE},
    [TAB_REGISTERS] = {"/trust/registers", TEXT_T_REGISTERS},
    [TAB_CONTACT] = {"/trust/contact", TEXT_T_CONTACT},
    [TAB_AUDITOR] = {"/trust/auditor", TEXT_T_AUDITOR},
};

static void put_navigation(struct page *page, const struct request *request, enum trust_tab tab)
{
    enum page_language other = page->language == PAGE_FR ? PAGE_EN : PAGE_FR;
    buffer_add_format(page->out, "<nav aria-label=\"%s\">\n", page_text(TEXT_T_NAV, page->language));
    for (enum trust_tab i = TAB_CLAIMS; i < TAB_NONE; i++) {
        buffer_add_format(page->out, "<a href=\"%s?lang=%s\"%s>", tabs[i].href, codes[page->language],
                          i == tab ? " aria-current=\"page\"" : "");
        page_say(page, tabs[i].text);
        page_raw(page, "</a>\n");
    }
    page_raw(page, "<span class=\"beside\"><a href=\"/account\">");
    page_say(page, TEXT_T_ACCOUNT);
    buffer_add_format(page->out, "</a>\n<a lang=\"%s\" hreflang=\"%s\" href=\"%.*s?lang=%s\">", codes[other],
                      codes[other], SLICE_ARG(request->path), codes[other]);
    page_say(page, TEXT_T_OTHER_LANGUAGE);
    page_raw(page, "</a></span>\n</nav>\n");
}

void trust_begin(struct page *page, const struct request *request, enum trust_tab tab, struct slice title)
{
    buffer_add_format(page->out, "<!doctype html>\n<html lang=\"%s\">\n<head>\n", codes[page->language]);
    page_raw(page, "<meta charset=\"utf-8\">\n"
                   "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                   "<meta name=\"color-scheme\" content=\"light dark\">\n"
                   "<link rel=\"icon\" href=\"/icon.svg\" type=\"image/svg+xml\">\n"
                   "<link rel=\"stylesheet\" href=\"/trust.css\">\n"
                   "<link rel=\"alternate\" type=\"application/atom+xml\" href=\"/trust/changes.atom\" title=\"Atom\">\n"
                   "<title>");
    put_text(page, title);
    page_raw(page, " · Rendez</title>\n</head>\n<body>\n<a class=\"skip\" href=\"#content\">");
    page_say(page, TEXT_T_SKIP);
    page_raw(page, "</a>\n<header class=\"top\">\n<a class=\"brand\" href=\"/trust\">Rendez</a>\n");
    put_navigation(page, request, tab);
    page_raw(page, "<p class=\"paper\">"); /* paper has no address bar */
    put_text(page, web_public_url(request->web));
    put_text(page, request->path);
    page_raw(page, "</p>\n</header>\n<main id=\"content\">\n");
}

enum status trust_end(struct page *page, struct response *response, struct problem *why)
{
    page_raw(page, "</main>\n<footer>\n<p>");
    put_link(page, LIT("/trust/contact"), NULL, TEXT_T_CONTACT_TITLE);
    page_raw(page, " · <a href=\"/.well-known/security.txt\">security.txt</a> · <a href=\"/trust/changes.atom\">Atom</a></p>\n</footer>\n</body>\n</html>\n");
    TRY(buffer_check(page->out, "trust page", why));
    *response = (struct response){
        .status = MHD_HTTP_OK,
        .type = "text/html; charset=utf-8",
        .body = arena_copy(page->arena, buffer_slice(page->out)),
    };
    return ST_OK;
}

void trust_problem(struct request *request, unsigned http, struct response *response)
{
    static const struct {
        unsigned http;
        enum page_text text;
    } rows[] = {
        {MHD_HTTP_UNAUTHORIZED, TEXT_T_SIGN_IN}, {MHD_HTTP_FORBIDDEN, TEXT_T_SIGN_IN},
        {MHD_HTTP_NOT_FOUND, TEXT_T_NO_PAGE},    {MHD_HTTP_BAD_REQUEST, TEXT_T_BAD_FORM},
        {MHD_HTTP_CONTENT_TOO_LARGE, TEXT_T_TOO_MANY},
    };
    AUTO_BUFFER out = buffer_create(TRUST_PAGE_BYTES_MAX);
    struct page page = TRUST_PAGE(request);
    enum page_text text = TEXT_T_AWAY;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].http == http)
            text = rows[i].text;
    page.out = &out;
    trust_begin(&page, request, TAB_NONE, slice_from(page_text(TEXT_T_SITE, page.language)));
    page_element(&page, "h1", NULL, TEXT_T_SITE);
    page_element(&page, "p", "notice", text);
    if (text == TEXT_T_SIGN_IN) {
        page_raw(&page, "<p>");
        put_link(&page, LIT("/account"), "button", TEXT_T_SIGN_IN_LINK);
        page_raw(&page, "</p>\n");
    }
    if (trust_end(&page, response, NULL) != ST_OK)
        *response = (struct response){.type = "text/plain"};
    response->status = http;
}

/* What several pages show */

static void put_change(struct page *page, const json_t *change, struct slice now)
{
    struct slice id = json_text(change, "control");
    page_raw(page, "<li>");
    put_age(page, json_text(change, "at"), now);
    buffer_add_format(page->out, " <a href=\"/trust/%.*s\">%.*s</a> ", SLICE_ARG(id), SLICE_ARG(id));
    put_state(page, json_text(change, "becomes"));
    page_raw(page, " <span class=\"was\">");
    page_fill(page, TEXT_T_WAS,
              slice_from(page_text(trust_state_of(json_text(change, "was"))->word, page->language)), SLICE_NONE);
    page_raw(page, "</span>");
    struct slice cause = said_in(page, change, "cause");
    if (cause.len > 0) {
        page_raw(page, " <span class=\"cause\">");
        put_text(page, cause);
        page_raw(page, "</span>");
    }
    page_raw(page, "</li>\n");
}

void put_changes(struct page *page, const json_t *answer, size_t max)
{
    const json_t *changes = json_object_get(answer, "changes");
    size_t count = json_array_size(changes);
    if (count == 0) {
        page_element(page, "p", "soft", TEXT_T_NOTHING_CHANGED);
        return;
    }
    page_raw(page, "<ol class=\"changes\">\n");
    for (size_t i = 0; i < count && i < max; i++)
        put_change(page, json_array_get(changes, i), json_text(answer, "now"));
    page_raw(page, "</ol>\n");
}

static void put_keys(struct page *page, const json_t *log)
{
    const json_t *witnesses = json_object_get(log, "witnesses");
    page_raw(page, "<dl class=\"keys\">\n<dt>");
    page_say(page, TEXT_T_KEY);
    page_raw(page, "</dt>\n<dd><code>");
    put_text(page, json_text(log, "key"));
    page_raw(page, "</code></dd>\n<dt>");
    page_say(page, TEXT_T_WITNESSES);
    page_raw(page, "</dt>\n");
    if (json_array_size(witnesses) == 0)
        page_element(page, "dd", NULL, TEXT_T_NO_WITNESSES);
    for (size_t i = 0; i < json_array_size(witnesses); i++) {
        page_raw(page, "<dd><code>");
        put_text(page, slice_from(json_string_value(json_array_get(witnesses, i))));
        page_raw(page, "</code></dd>\n");
    }
    page_raw(page, "</dl>\n");
    put_fill(page, "p", "soft", TEXT_T_LOG_SIZE, number_text(page, json_number(log, "entries", 0)), SLICE_NONE);
}

static void put_command(struct page *page, const struct slice url, const char *control, const char *file,
                        int64_t entry)
{
    buffer_add_format(page->out, "curl -fsS '");
    put_text(page, url);
    buffer_add_format(page->out, "/trust/%s/%s", control, file);
    if (entry > 0)
        buffer_add_format(page->out, "?entry=%lld", (long long)entry);
    buffer_add_format(page->out, "' -o %s\n", file);
}

static void put_verifier(struct page *page, const json_t *log, const char *file)
{
    const json_t *witnesses = json_object_get(log, "witnesses");
    page_raw(page, "rendez-verify \\\n  --key '");
    put_text(page, json_text(log, "key"));
    page_raw(page, "'");
    for (size_t i = 0; i < json_array_size(witnesses); i++) {
        page_raw(page, " \\\n  --witness '");
        put_text(page, slice_from(json_string_value(json_array_get(witnesses, i))));
        page_raw(page, "'");
    }
    buffer_add_format(page->out, " \\\n  --proof %s\n", file);
}

void put_verify_file(struct page *page, const json_t *log, const char *file)
{
    if (log == NULL)
        return;
    page_raw(page, "<section class=\"verify\">\n");
    page_element(page, "h2", NULL, TEXT_T_VERIFY);
    page_element(page, "p", NULL, TEXT_T_VERIFY_FILE);
    put_keys(page, log);
    page_raw(page, "<pre tabindex=\"0\"><code>");
    put_verifier(page, log, file);
    page_raw(page, "</code></pre>\n</section>\n");
}

void put_verify(struct page *page, const struct request *request, const json_t *answer, const char *control,
                int64_t entry)
{
    const json_t *log = json_object_get(answer, "log");
    page_raw(page, "<section class=\"verify\">\n");
    page_element(page, "h2", NULL, TEXT_T_VERIFY);
    page_element(page, "p", NULL, TEXT_T_VERIFY_SAYS);
    if (log == NULL) {
        page_element(page, "p", "notice", TEXT_T_LOG_AWAY);
        page_raw(page, "</section>\n");
        return;
    }
    put_keys(page, log);
    page_element(page, "h3", NULL, TEXT_T_COMMANDS);
    page_raw(page, "<pre tabindex=\"0\"><code>");
    put_command(page, web_public_url(request->web), control, "evidence.json", entry);
    put_command(page, web_public_url(request->web), control, "proof", entry);
    put_verifier(page, log, "proof");
    page_raw(page, "jq -j .finding.facts_text evidence.json | sha256sum\n</code></pre>\n");
    page_element(page, "p", "soft", TEXT_T_COMMANDS_SAYS);
    page_element(page, "p", "soft", TEXT_T_VERIFIER);
    page_raw(page, "</section>\n");
}
