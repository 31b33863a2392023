/* What people do on the trust pages: write to us, subscribe to changes; and security.txt (RFC 9116). */
#include "roles/api/trust_page.h"

enum { ADDRESS_CHARS_MAX = 254, MESSAGE_BYTES_MAX = 8000, EXPIRES_DAYS = 182 };

static const char *code_of(const struct request *request)
{
    return request_language(request) == PAGE_FR ? "fr" : "en";
}

/* Questions. A form proves nothing of who sends it, so nothing is done here that anybody may not do; but a
 * browser that says it comes from another site's page is not followed. */

static enum status read_form(struct request *request, struct http_form *form, struct problem *why)
{
    struct slice site = request_header(request, "Sec-Fetch-Site");
    if (site.len > 0 && !slice_equal(site, LIT("same-origin")) && !slice_equal(site, LIT("none")))
        return problem_set(why, ST_INVALID, "a page of another site may not do this");
    return http_form_parse(buffer_slice(&request->body), request->arena, form, why);
}

static enum status take_address(struct request *request, const struct http_form *form, json_t *question,
                                struct problem *why)
{
    struct slice address = SLICE_NONE;
    if (!http_form_get(form, LIT("address"), &address) || slice_trim(address).len == 0 ||
        address.len > ADDRESS_CHARS_MAX)
        return problem_set(why, ST_INVALID, "an address is needed");
    json_object_set_new(question, "address", json_from_text(slice_trim(address)));
    json_object_set_new(question, "language", json_string(code_of(request)));
    return ST_OK;
}

enum status ask_trust_contact(struct request *request, json_t **question, struct problem *why)
{
    AUTO_JSON asked = json_object();
    struct http_form form;
    struct slice text = SLICE_NONE;
    TRY(read_form(request, &form, why));
    TRY(take_address(request, &form, asked, why));
    if (!http_form_get(&form, LIT("text"), &text) || slice_trim(text).len == 0 || text.len > MESSAGE_BYTES_MAX)
        return problem_set(why, ST_INVALID, "a message is needed, of at most 8,000 bytes");
    json_object_set_new(asked, "text", json_from_text(text));
    *question = json_incref(asked);
    return ST_OK;
}

enum status ask_trust_subscribe(struct request *request, json_t **question, struct problem *why)
{
    AUTO_JSON asked = json_object();
    struct http_form form;
    TRY(read_form(request, &form, why));
    TRY(take_address(request, &form, asked, why));
    *question = json_incref(asked);
    return ST_OK;
}

enum status ask_token(struct request *request, json_t **question, struct problem *why)
{
    (void)why;
    *question = json_object();
    json_object_set_new(*question, "token", json_from_text(request->values[0]));
    return ST_OK;
}

/* Our own button, or what a mail program posts (RFC 8058 section 3.2). */
enum status ask_token_form(struct request *request, json_t **question, struct problem *why)
{
    struct http_form form;
    struct slice act = SLICE_NONE, click = SLICE_NONE;
    TRY(http_form_parse(buffer_slice(&request->body), request->arena, &form, why));
    (void)http_form_get(&form, LIT("act"), &act);
    (void)http_form_get(&form, LIT("List-Unsubscribe"), &click);
    if (slice_equal(click, LIT("One-Click")))
        act = LIT("stop");
    if (!slice_equal(act, LIT("confirm")) && !slice_equal(act, LIT("stop")))
        return problem_set(why, ST_INVALID, "confirm or stop?");
    TRY(ask_token(request, question, why));
    json_object_set_new(*question, "act", json_from_text(act));
    return ST_OK;
}

/* Pages */

static void begin_page(struct page *page, struct request *request, struct buffer *out, enum trust_tab tab,
                       enum page_text title, enum page_text says)
{
    *page = TRUST_PAGE(request);
    page->out = out;
    trust_begin(page, request, tab, slice_from(page_text(title, page->language)));
    page_raw(page, "<article class=\"narrow\">\n");
    page_element(page, "h1", NULL, title);
    page_element(page, "p", "lead", says);
}

static enum status end_page(struct page *page, struct response *response, struct problem *why)
{
    page_raw(page, "</article>\n");
    return trust_end(page, response, why);
}

static void put_address_field(struct page *page)
{
    page_raw(page, "<label for=\"address\">");
    page_say(page, TEXT_T_ADDRESS);
    page_raw(page, "</label>\n<input id=\"address\" name=\"address\" type=\"email\" required maxlength=\"254\" "
                   "autocomplete=\"email\">\n");
}

static void put_submit(struct page *page, const char *act, enum page_text text)
{
    page_raw(page, "<button type=\"submit\"");
    if (act != NULL)
        buffer_add_format(page->out, " name=\"act\" value=\"%s\"", act);
    page_raw(page, ">");
    page_say(page, text);
    page_raw(page, "</button>\n");
}

static void begin_form(struct page *page, const struct request *request)
{
    buffer_add_format(page->out, "<form method=\"post\" action=\"?lang=%s\">\n", code_of(request));
}

enum status reply_contact_form(struct request *request, const struct answer *answer, struct response *response,
                               struct problem *why)
{
    AUTO_BUFFER out = buffer_create(TRUST_PAGE_BYTES_MAX);
    struct page page;
    (void)answer;
    begin_page(&page, request, &out, TAB_CONTACT, TEXT_T_CONTACT_TITLE, TEXT_T_CONTACT_SAYS);
    begin_form(&page, request);
    put_address_field(&page);
    page_raw(&page, "<label for=\"text\">");
    page_say(&page, TEXT_T_MESSAGE);
    page_raw(&page, "</label>\n<textarea id=\"text\" name=\"text\" rows=\"9\" required maxlength=\"4000\"></textarea>\n");
    put_submit(&page, NULL, TEXT_T_SEND);
    page_raw(&page, "</form>\n");
    return end_page(&page, response, why);
}

enum status reply_contact(struct request *request, const struct answer *answer, struct response *response,
                          struct problem *why)
{
    AUTO_BUFFER out = buffer_create(TRUST_PAGE_BYTES_MAX);
    struct page page = TRUST_PAGE(request);
    page.out = &out;
    trust_begin(&page, request, TAB_CONTACT, slice_from(page_text(TEXT_T_THANKS, page.language)));
    page_raw(&page, "<article class=\"narrow\" role=\"status\">\n");
    page_element(&page, "h1", NULL, TEXT_T_THANKS);
    put_fill(&page, "p", "lead", TEXT_T_THANKS_SAYS, json_text(answer->value, "ticket"), SLICE_NONE);
    return end_page(&page, response, why);
}

enum status reply_subscribe_form(struct request *request, const struct answer *answer, struct response *response,
                                 struct problem *why)
{
    AUTO_BUFFER out = buffer_create(TRUST_PAGE_BYTES_MAX);
    struct page page;
    (void)answer;
    begin_page(&page, request, &out, TAB_CHANGES, TEXT_T_SUBSCRIBE, TEXT_T_SUBSCRIBE_SAYS);
    begin_form(&page, request);
    put_address_field(&page);
    put_submit(&page, NULL, TEXT_T_SUBSCRIBE_BUTTON);
    page_raw(&page, "</form>\n<p class=\"links\">");
    put_link(&page, LIT("/trust/changes.atom"), NULL, TEXT_T_FEED);
    page_raw(&page, "</p>\n");
    return end_page(&page, response, why);
}

enum status reply_subscribe(struct request *request, const struct answer *answer, struct response *response,
                            struct problem *why)
{
    AUTO_BUFFER out = buffer_create(TRUST_PAGE_BYTES_MAX);
    struct page page;
    (void)answer;
    begin_page(&page, request, &out, TAB_CHANGES, TEXT_T_ASKED, TEXT_T_ASKED_SAYS);
    return end_page(&page, response, why);
}

enum status reply_subscription(struct request *request, const struct answer *answer, struct response *response,
                               struct problem *why)
{
    AUTO_BUFFER out = buffer_create(TRUST_PAGE_BYTES_MAX);
    struct page page;
    bool confirmed = json_flag(answer->value, "confirmed", false);
    begin_page(&page, request, &out, TAB_CHANGES, TEXT_T_SUBSCRIPTION,
               confirmed ? TEXT_T_STOP_SAYS : TEXT_T_CONFIRM_SAYS);
    begin_form(&page, request);
    if (confirmed)
        put_submit(&page, "stop", TEXT_T_STOP_BUTTON);
    else
        put_submit(&page, "confirm", TEXT_T_CONFIRM_BUTTON);
    page_raw(&page, "</form>\n");
    return end_page(&page, response, why);
}

enum status reply_subscribed(struct request *request, const struct answer *answer, struct response *response,
                             struct problem *why)
{
    AUTO_BUFFER out = buffer_create(TRUST_PAGE_BYTES_MAX);
    struct page page;
    (void)answer;
    bool stop = slice_contains(buffer_slice(&request->body), LIT("stop")) ||
                slice_contains(buffer_slice(&request->body), LIT("One-Click"));
    begin_page(&page, request, &out, TAB_CHANGES, TEXT_T_SUBSCRIPTION, stop ? TEXT_T_STOPPED : TEXT_T_CONFIRMED);
    return end_page(&page, response, why);
}

enum status reply_registers(struct request *request, const struct answer *answer, struct response *response,
                            struct problem *why)
{
    static const enum page_text rows[] = {TEXT_T_REG_SUB, TEXT_T_REG_PEOPLE, TEXT_T_REG_INCIDENTS, TEXT_T_REG_NDA,
                                          TEXT_T_REG_QUESTIONS};
    AUTO_BUFFER out = buffer_create(TRUST_PAGE_BYTES_MAX);
    struct page page;
    (void)answer;
    begin_page(&page, request, &out, TAB_REGISTERS, TEXT_T_REGISTERS, TEXT_T_REGISTERS_SAYS);
    page_raw(&page, "<ul class=\"registers\">\n");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        page_raw(&page, "<li><span>");
        page_say(&page, rows[i]);
        page_raw(&page, "</span> ");
        put_state(&page, LIT("not_implemented"));
        page_raw(&page, "</li>\n");
    }
    page_raw(&page, "</ul>\n");
    return end_page(&page, response, why);
}

/* security.txt: section 2.5.5, the last day; without one half a year from now, so that it is never stale
 * by itself. */
static struct slice expires_at(const struct web_config *config, struct arena *arena)
{
    struct civil_date day = civil_from_instant(clock_now(), zone_utc()).date;
    if (config->security.expires.len == 0 || civil_date_parse(config->security.expires, &day, NULL) != ST_OK)
        day = civil_date_add(day, EXPIRES_DAYS);
    return arena_format(arena, "%04d-%02u-%02uT23:59:59Z", (int)day.year, day.month, day.day);
}

enum status reply_security(struct request *request, const struct answer *answer, struct response *response,
                           struct problem *why)
{
    const struct web_config *config = web_settings(request->web);
    AUTO_BUFFER out = buffer_create(8192);
    (void)answer;
    if (config->security.contact.len > 0)
        buffer_add_format(&out, "Contact: mailto:%.*s\n", SLICE_ARG(config->security.contact));
    buffer_add_format(&out, "Contact: %.*s/trust/contact\n", SLICE_ARG(config->public_url));
    buffer_add_format(&out, "Expires: %.*s\n", SLICE_ARG(expires_at(config, request->arena)));
    buffer_add_text(&out, "Preferred-Languages: fr, en\n");
    buffer_add_format(&out, "Canonical: %.*s/.well-known/security.txt\n", SLICE_ARG(config->public_url));
    if (config->security.policy.len > 0)
        buffer_add_format(&out, "Policy: %.*s\n", SLICE_ARG(config->security.policy));
    TRY(buffer_check(&out, "security.txt", why));
    *response = (struct response){
        .status = MHD_HTTP_OK,
        .type = "text/plain; charset=utf-8",
        .body = arena_copy(request->arena, buffer_slice(&out)),
        .cache = "public, max-age=3600",
    };
    return ST_OK;
}
