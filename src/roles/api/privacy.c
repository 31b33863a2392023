/* The privacy part of a guest's page: who holds the data, for how long, no more mail, export
 * and erasure. Works without a script; a GET changes nothing, since scanners open links. */
#include "roles/api/internal.h"
#include "roles/api/page.h"

enum { PAGE_BYTES_MAX = 64 * 1024 };

static enum status ask(struct request *request, struct slice act, json_t **question)
{
    *question = json_object();
    json_object_set_new(*question, "token", json_from_text(request->values[0]));
    if (act.len > 0)
        json_object_set_new(*question, "act", json_from_text(act));
    return ST_OK;
}

enum status ask_privacy(struct request *request, json_t **question, struct problem *why)
{
    (void)why;
    return ask(request, SLICE_NONE, question);
}

enum status ask_act(struct request *request, json_t **question, struct problem *why)
{
    static const char *const acts[] = {"stop", "stop_here", "export", "erase", "confirm"};
    struct http_form form;
    struct slice act;
    TRY(http_form_parse(buffer_slice(&request->body), request->arena, &form, why));
    if (!http_form_get(&form, LIT("act"), &act))
        return problem_set(why, ST_INVALID, "the form has no act");
    for (size_t i = 0; i < sizeof acts / sizeof *acts; i++)
        if (slice_equal(act, slice_from(acts[i])))
            return ask(request, act, question);
    return problem_set(why, ST_INVALID, "no such act");
}

/* What a mail program posts (RFC 8058 section 3.2), as a form of either kind. */
enum status ask_one_click(struct request *request, json_t **question, struct problem *why)
{
    struct slice body = buffer_slice(&request->body);
    if (!slice_contains(body, LIT("List-Unsubscribe")) || !slice_contains(body, LIT("One-Click")))
        return problem_set(why, ST_INVALID, "the form has no List-Unsubscribe=One-Click");
    return ask(request, LIT("stop"), question);
}

static void put_button(struct page *page, const char *act, enum page_text text)
{
    buffer_add_format(page->out,
                      "<button type=\"submit\" class=\"plain\" name=\"act\" value=\"%s\">", act);
    page_say(page, text);
    page_raw(page, "</button>\n");
}

static void put_paragraph(struct page *page, enum page_text text, struct slice zero,
                          struct slice one)
{
    page_raw(page, "<p>");
    page_fill(page, text, zero, one);
    page_raw(page, "</p>\n");
}

static void put_done(struct page *page, struct slice done)
{
    static const struct {
        const char *done;
        enum page_text text;
    } rows[] = {
        {"stop", TEXT_DONE_STOP},         {"mailed", TEXT_DONE_MAILED},
        {"exported", TEXT_DONE_EXPORTED}, {"erased", TEXT_DONE_ERASED},
        {"running", TEXT_DONE_RUNNING},   {"expired", TEXT_DONE_EXPIRED},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (!slice_equal(done, slice_from(rows[i].done)))
            continue;
        page_raw(page, "<section class=\"done\" role=\"status\">\n");
        page_element(page, "p", NULL, rows[i].text);
        page_raw(page, "</section>\n");
    }
}

/* A second link: one button, and what it will do. */
static void put_confirm(struct page *page, struct slice act)
{
    bool erase = slice_equal(act, LIT("erase"));
    page_raw(page, "<form method=\"post\" action=\"privacy\">\n");
    page_element(page, "p", NULL, erase ? TEXT_CONFIRM_ERASE : TEXT_CONFIRM_EXPORT);
    put_button(page, "confirm", erase ? TEXT_CONFIRM_ERASE_BUTTON : TEXT_CONFIRM_EXPORT_BUTTON);
    page_raw(page, "</form>\n");
}

static void put_stop(struct page *page, const json_t *answer)
{
    page_element(page, "h2", NULL, TEXT_STOP_TITLE);
    if (json_flag(answer, "stopped", false)) {
        page_element(page, "p", NULL, TEXT_STOPPED);
        return;
    }
    put_paragraph(page, TEXT_STOP_HELP, json_text(answer, "organizer"), SLICE_NONE);
    page_raw(page, "<form method=\"post\" action=\"privacy\">\n");
    put_button(page, "stop", TEXT_STOP_ALL);
    put_button(page, "stop_here", TEXT_STOP_HERE);
    page_raw(page, "</form>\n");
}

static void put_who(struct page *page, const json_t *answer)
{
    struct slice organizer = json_text(answer, "organizer");
    int64_t months = json_number(answer, "retention_months", 0);
    put_paragraph(page, TEXT_WHO, json_text(answer, "assistant"), organizer);
    put_paragraph(page, TEXT_WHAT_HELD, organizer, SLICE_NONE);
    if (months > 0)
        put_paragraph(page, TEXT_HOW_LONG,
                      arena_format(page->arena, "%lld", (long long)months), SLICE_NONE);
    else
        page_element(page, "p", NULL, TEXT_HOW_LONG_OPEN);
    put_paragraph(page, TEXT_WHAT_TO_DO, json_text(answer, "contact"), organizer);
}

static void put_data(struct page *page)
{
    page_element(page, "h2", NULL, TEXT_DATA_TITLE);
    page_element(page, "p", NULL, TEXT_DATA_HELP);
    page_raw(page, "<form method=\"post\" action=\"privacy\">\n");
    put_button(page, "export", TEXT_DATA_EXPORT);
    put_button(page, "erase", TEXT_DATA_ERASE);
    page_raw(page, "</form>\n");
}

enum status reply_privacy(struct request *request, const struct answer *answer,
                          struct response *response, struct problem *why)
{
    AUTO_BUFFER out = buffer_create(PAGE_BYTES_MAX);
    struct page page = {&out, request->arena, PAGE_EN};
    struct slice confirm = json_text(answer->value, "confirm");
    struct slice done = json_text(answer->value, "done");
    if (answer->status != ST_OK)
        return problem_set(why, answer->status, "the page cannot be shown");
    if (slice_equal(json_text(answer->value, "language"), LIT("fr")))
        page.language = PAGE_FR;
    page_begin(&page, TEXT_TITLE_PRIVACY);
    page_element(&page, "h1", NULL, TEXT_TITLE_PRIVACY);
    page_raw(&page, "<div class=\"rights\">\n");
    if (json_flag(answer->value, "expired", false) && done.len == 0)
        done = LIT("expired");
    put_done(&page, done);
    if (confirm.len > 0 && done.len == 0)
        put_confirm(&page, confirm);
    put_who(&page, answer->value);
    if (!slice_equal(done, LIT("erased"))) {
        put_stop(&page, answer->value);
        put_data(&page);
    }
    page_raw(&page, "</div>\n");
    page_end(&page, web_is_sandbox(request->web));
    TRY(buffer_check(&out, "privacy page", why));
    *response = (struct response){
        .status = MHD_HTTP_OK,
        .type = "text/html; charset=utf-8",
        .body = arena_copy(request->arena, buffer_slice(&out)),
    };
    return ST_OK;
}
