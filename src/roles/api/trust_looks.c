/* The error rate that second looks give (trust.show, trust.status, member "second_looks"), and how others recount it. */
#include "roles/api/trust_page.h"

/* 29 of 1000: "2.9 %", "2,9 %" */
static struct slice share_text(const struct page *page, int64_t permille)
{
    return arena_format(page->arena, "%lld%c%lld\u00a0%%", (long long)(permille / 10), page->language == PAGE_FR ? ',' : '.',
                        (long long)(permille % 10));
}

static void put_rate(struct page *page, const json_t *looks)
{
    int64_t count = json_number(looks, "looks", 0), wrong = json_number(looks, "wrong", 0);
    page_raw(page, "<p class=\"rate\"><strong>");
    put_text(page, share_text(page, (wrong * 2000 + count) / (2 * count)));
    page_raw(page, "</strong> ");
    page_fill(page, TEXT_T_LOOKS_COUNT, number_text(page, wrong), number_text(page, count));
    page_raw(page, " (");
    page_fill(page, TEXT_T_LOOKS_INTERVAL, share_text(page, json_number(looks, "low", 0)),
              share_text(page, json_number(looks, "high", 1000)));
    page_raw(page, ")</p>\n");
}

static void put_recount(struct page *page, struct slice public_url, const json_t *looks, const json_t *log)
{
    put_fill(page, "p", NULL, TEXT_T_LOOKS_CHECK, number_text(page, json_number(looks, "entry", 0)), SLICE_NONE);
    page_raw(page, "<pre tabindex=\"0\"><code>rendez-log-fetch '");
    put_text(page, public_url);
    page_raw(page, "/log' log/\nrendez-verify --key '");
    put_text(page, json_text(log, "key"));
    page_raw(page, "' --looks log/\n</code></pre>\n");
}

void put_looks(struct page *page, struct slice public_url, const json_t *answer)
{
    const json_t *looks = json_object_get(answer, "second_looks"), *log = json_object_get(answer, "log");
    page_raw(page, "<section id=\"second-looks\" class=\"looks\">\n");
    page_element(page, "h2", NULL, TEXT_T_LOOKS);
    page_element(page, "p", NULL, TEXT_T_LOOKS_SAY);
    if (log == NULL) {
        page_element(page, "p", "notice", TEXT_T_LOG_AWAY);
    } else if (json_number(looks, "looks", 0) == 0) {
        page_element(page, "p", "rate", TEXT_T_LOOKS_NONE);
    } else {
        if (json_is_true(json_object_get(looks, "enough")))
            put_rate(page, looks);
        else
            put_fill(page, "p", "rate", TEXT_T_LOOKS_FEW, number_text(page, json_number(looks, "looks", 0)),
                     number_text(page, json_number(looks, "wanted", 0)));
        put_fill(page, "p", "soft", TEXT_T_LOOKS_DAYS, json_text(looks, "from"), json_text(looks, "until"));
        put_recount(page, public_url, looks, log);
    }
    page_raw(page, "<p class=\"links\">");
    put_link(page, LIT("/trust/second-looks.json"), NULL, TEXT_T_LOOKS_JSON);
    page_raw(page, "</p>\n</section>\n");
}

enum status reply_looks(struct request *request, const struct answer *answer, struct response *response,
                        struct problem *why)
{
    if (answer->status != ST_OK)
        return problem_set(why, answer->status, "it cannot be shown");
    AUTO_JSON out = json_object();
    json_object_set(out, "second_looks", json_object_get(answer->value, "second_looks"));
    *response = (struct response){.status = MHD_HTTP_OK, .type = "application/json",
                                  .body = json_write_pretty(out, request->arena)};
    return ST_OK;
}
