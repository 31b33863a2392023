/* The claims: all of them, one of them, and its evidence. */
#include "roles/api/trust_page.h"

enum { CHANGES_SHOWN = 8, ENTRY_CHARS_MAX = 18 };

/* Questions */

static bool is_control(struct slice id)
{
    for (size_t i = 0; i < id.len; i++)
        if (!ascii_is_alpha(id.data[i]) && !ascii_is_digit(id.data[i]) && id.data[i] != '-')
            return false;
    return id.len > 0 && id.len <= 12;
}

enum status ask_control(struct request *request, json_t **question, struct problem *why)
{
    struct slice entry = request_query(request, "entry");
    uint64_t number = 0;
    if (!is_control(request->values[0]))
        return problem_set(why, ST_NOT_FOUND, "there is no such control");
    if (entry.len > 0 && (entry.len > ENTRY_CHARS_MAX || !slice_to_u64(entry, INT64_MAX, &number)))
        return problem_set(why, ST_NOT_FOUND, "an entry is a number");
    *question = json_object();
    json_object_set_new(*question, "control", json_from_text(request->values[0]));
    json_object_set_new(*question, "entry", json_integer((json_int_t)number));
    return ST_OK;
}

static enum status be_ok(const struct answer *answer, struct problem *why)
{
    return answer->status == ST_OK ? ST_OK : problem_set(why, answer->status, "it cannot be shown");
}

enum status reply_evidence(struct request *request, const struct answer *answer, struct response *response,
                           struct problem *why)
{
    TRY(be_ok(answer, why));
    *response = (struct response){.status = MHD_HTTP_OK, .type = "application/json",
                                  .body = json_write_pretty(answer->value, request->arena)};
    return ST_OK;
}

enum status reply_proof(struct request *request, const struct answer *answer, struct response *response,
                        struct problem *why)
{
    TRY(be_ok(answer, why));
    *response = (struct response){.status = MHD_HTTP_OK, .type = "text/plain; charset=utf-8",
                                  .body = arena_copy(request->arena, json_text(answer->value, "proof"))};
    return ST_OK;
}

/* All of them */

static void put_counts(struct page *page, const json_t *answer)
{
    const json_t *counts = json_object_get(answer, "counts");
    int64_t all = 0;
    for (size_t i = 0; i < TRUST_STATES; i++)
        all += json_number(counts, trust_states[i].name, 0);
    page_element(page, "h2", "hidden", TEXT_T_COUNTS);
    page_raw(page, "<ul class=\"counts\">\n");
    for (size_t i = 0; i < TRUST_STATES; i++) {
        const struct trust_state *state = &trust_states[i];
        buffer_add_format(page->out, "<li class=\"%s\"><strong>%lld</strong> ", state->class,
                          (long long)json_number(counts, state->name, 0));
        put_state(page, slice_from(state->name));
        put_fill(page, "span", "says", state->says, SLICE_NONE, SLICE_NONE);
        page_raw(page, "</li>\n");
    }
    page_raw(page, "</ul>\n");
    put_fill(page, "p", "of", TEXT_T_OF_ALL, number_text(page, all), SLICE_NONE);
}

static void put_sections_list(struct page *page, const json_t *sections)
{
    buffer_add_format(page->out, "<nav class=\"sections\" aria-label=\"%s\">\n<ol>\n",
                      page_text(TEXT_T_SECTIONS, page->language));
    for (size_t i = 0; i < json_array_size(sections); i++) {
        const json_t *section = json_array_get(sections, i);
        buffer_add_format(page->out, "<li><a href=\"#s%lld\">", (long long)json_number(section, "number", 0));
        put_text(page, said_in(page, section, "title"));
        page_raw(page, "</a></li>\n");
    }
    page_raw(page, "</ol>\n</nav>\n");
}

/* Beside the state: how old the evidence is, and where it stands in the log. */
static void put_standing(struct page *page, const json_t *row, struct slice now)
{
    struct slice tried = json_text(row, "tried"), until = json_text(row, "until");
    int64_t entry = json_number(row, "entry", 0);
    if (until.len > 0) {
        put_fill(page, "span", "age", TEXT_T_UNTIL, instant_words(page, until), SLICE_NONE);
        return;
    }
    if (tried.len == 0)
        return;
    page_raw(page, "<span class=\"age\">");
    put_age(page, tried, now);
    page_raw(page, "</span>");
    if (entry > 0)
        put_fill(page, "span", "entry", TEXT_T_ENTRY, number_text(page, entry), SLICE_NONE);
}

static bool is_weak(struct slice id, enum page_text *text)
{
    static const struct {
        const char *id;
        enum page_text text;
    } rows[] = {{"AUT-06", TEXT_T_WEAK_LENGTH}, {"AUT-07", TEXT_T_WEAK_CLASSES}, {"CONT-07", TEXT_T_WEAK_RPO}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (slice_equal(id, slice_from(rows[i].id))) {
            *text = rows[i].text;
            return true;
        }
    return false;
}

static void put_claim(struct page *page, const json_t *row, struct slice now)
{
    struct slice id = json_text(row, "id"), state = json_text(row, "state"), cause = said_in(page, row, "cause");
    enum page_text weak;
    buffer_add_format(page->out, "<li class=\"%s\" id=\"%.*s\">\n<a href=\"/trust/%.*s\"><span class=\"id\">%.*s</span> ",
                      trust_state_of(state)->class, SLICE_ARG(id), SLICE_ARG(id), SLICE_ARG(id));
    page_raw(page, "<span class=\"claim\">");
    put_text(page, said_in(page, row, "claim"));
    page_raw(page, "</span></a>\n<p class=\"found\">");
    put_state(page, state);
    page_raw(page, " ");
    put_standing(page, row, now);
    page_raw(page, "</p>\n");
    if (cause.len > 0) {
        page_raw(page, "<p class=\"cause\">");
        put_text(page, cause);
        page_raw(page, "</p>\n");
    }
    if (is_weak(id, &weak) && weak != TEXT_T_WEAK_RPO)
        put_fill(page, "p", "weak", TEXT_T_WEAK, SLICE_NONE, SLICE_NONE);
    page_raw(page, "</li>\n");
}

static void put_section(struct page *page, const json_t *section, struct slice now)
{
    const json_t *rows = json_object_get(section, "controls");
    size_t holds = 0, count = json_array_size(rows);
    for (size_t i = 0; i < count; i++)
        holds += slice_equal(json_text(json_array_get(rows, i), "state"), LIT("holds"));
    buffer_add_format(page->out, "<section id=\"s%lld\" class=\"claims\">\n<h2><span class=\"number\">%lld</span> ",
                      (long long)json_number(section, "number", 0), (long long)json_number(section, "number", 0));
    put_text(page, said_in(page, section, "title"));
    page_raw(page, "</h2>\n");
    put_fill(page, "p", "soft", TEXT_T_SECTION_COUNT, number_text(page, (int64_t)holds),
             number_text(page, (int64_t)count));
    page_raw(page, "<ol>\n");
    for (size_t i = 0; i < count; i++)
        put_claim(page, json_array_get(rows, i), now);
    page_raw(page, "</ol>\n</section>\n");
}

enum { SETTLED_S = 15 }; /* once a finding is that old a checkpoint covers it, and witnesses have signed */

static bool is_settled(const json_t *row, struct instant now)
{
    struct instant tried;
    return instant_parse(json_text(row, "tried"), &tried, NULL, NULL) == ST_OK &&
           now.us - tried.us >= SETTLED_S * INT64_C(1000000);
}

/* A finding that the commands can prove now: the youngest that has had time to be published; else the youngest. */
static const json_t *provable(const json_t *sections, struct slice now_iso)
{
    const json_t *best = NULL;
    struct instant now = {0};
    (void)!instant_parse(now_iso, &now, NULL, NULL);
    for (size_t i = 0; i < json_array_size(sections); i++) {
        const json_t *rows = json_object_get(json_array_get(sections, i), "controls");
        for (size_t j = 0; j < json_array_size(rows); j++) {
            const json_t *row = json_array_get(rows, j);
            if (json_number(row, "entry", 0) == 0)
                continue;
            bool settled = is_settled(row, now), best_settled = best != NULL && is_settled(best, now);
            bool younger = best == NULL || slice_compare(json_text(row, "tried"), json_text(best, "tried")) > 0;
            if (settled == best_settled ? younger : settled)
                best = row;
        }
    }
    return best;
}

static void put_head(struct page *page, const json_t *answer)
{
    int64_t pace = json_number(answer, "pace", 1);
    page_element(page, "h1", NULL, TEXT_T_TITLE);
    page_element(page, "p", "lead", TEXT_T_LEAD);
    put_fill(page, "p", "seen", TEXT_T_SEEN, instant_words(page, json_text(answer, "now")),
             json_text(answer, "version"));
    if (pace != 1)
        put_fill(page, "p", "notice", TEXT_T_PACE, number_text(page, pace), SLICE_NONE);
}

enum status reply_trust(struct request *request, const struct answer *answer, struct response *response,
                        struct problem *why)
{
    TRY(be_ok(answer, why));
    AUTO_BUFFER out = buffer_create(TRUST_PAGE_BYTES_MAX);
    struct page page = TRUST_PAGE(request);
    const json_t *sections = json_object_get(answer->value, "sections");
    const json_t *proven = provable(sections, json_text(answer->value, "now"));
    page.out = &out;
    trust_begin(&page, request, TAB_CLAIMS, slice_from(page_text(TEXT_T_TITLE, page.language)));
    put_head(&page, answer->value);
    put_counts(&page, answer->value);
    page_raw(&page, "<div class=\"columns\">\n");
    put_sections_list(&page, sections);
    page_raw(&page, "<div class=\"body\">\n");
    for (size_t i = 0; i < json_array_size(sections); i++)
        put_section(&page, json_array_get(sections, i), json_text(answer->value, "now"));
    put_looks(&page, web_public_url(request->web), answer->value);
    page_raw(&page, "<section class=\"news\">\n");
    page_element(&page, "h2", NULL, TEXT_T_CHANGED);
    put_changes(&page, answer->value, CHANGES_SHOWN);
    page_raw(&page, "<p class=\"links\">");
    put_link(&page, LIT("/trust/changes.atom"), NULL, TEXT_T_FEED);
    page_raw(&page, " · ");
    put_link(&page, LIT("/trust/subscribe"), NULL, TEXT_T_BY_MAIL);
    page_raw(&page, "</p>\n</section>\n");
    put_verify(&page, request, answer->value,
               proven == NULL ? "AUT-07" : arena_text(page.arena, json_text(proven, "id")),
               json_number(proven, "entry", 0));
    page_raw(&page, "</div>\n</div>\n");
    return trust_end(&page, response, why);
}

/* One of them */

static enum page_text word_of(struct slice name, const char *const *names, const enum page_text *texts, size_t count)
{
    for (size_t i = 0; i + 1 < count; i++)
        if (slice_equal(name, slice_from(names[i])))
            return texts[i];
    return texts[count - 1];
}

static void put_how(struct page *page, const json_t *row)
{
    static const char *const kinds[] = {"automatic", "by_design", "register", "attested"};
    static const enum page_text kind_texts[] = {TEXT_T_KIND_AUTOMATIC, TEXT_T_KIND_BY_DESIGN,
                                                TEXT_T_KIND_REGISTER, TEXT_T_KIND_ATTESTED};
    static const char *const cadences[] = {"live", "hourly", "daily", "weekly", "monthly", "quarterly", "yearly",
                                           "release"};
    static const enum page_text cadence_texts[] = {TEXT_T_LIVE, TEXT_T_HOURLY, TEXT_T_DAILY, TEXT_T_WEEKLY,
                                                   TEXT_T_MONTHLY, TEXT_T_QUARTERLY, TEXT_T_YEARLY,
                                                   TEXT_T_RELEASE};
    static const char *const owners[] = {"operator", "supervision_lead", "internal_auditor"};
    static const enum page_text owner_texts[] = {TEXT_T_OWNER_OPERATOR, TEXT_T_OWNER_LEAD, TEXT_T_OWNER_AUDITOR};
    int64_t deadline = json_number(row, "deadline_s", 0);
    struct slice length = deadline < 120     ? arena_format(page->arena, "%lld s", (long long)deadline)
                          : deadline < 7200  ? arena_format(page->arena, "%lld min", (long long)deadline / 60)
                          : deadline < 86400 ? arena_format(page->arena, "%lld h", (long long)deadline / 3600)
                                             : arena_format(page->arena, "%lld %s", (long long)deadline / 86400,
                                                            page->language == PAGE_FR ? "j" : "d");
    enum page_text cadence = word_of(json_text(row, "cadence"), cadences, cadence_texts, 8);
    enum page_text owner = word_of(json_text(row, "owner"), owners, owner_texts, 3);
    page_element(page, "h2", NULL, TEXT_T_TRIED);
    put_fill(page, "p", NULL, word_of(json_text(row, "kind"), kinds, kind_texts, 4),
             slice_from(page_text(cadence, page->language)), SLICE_NONE);
    put_fill(page, "p", NULL, TEXT_T_DEADLINE, length, SLICE_NONE);
    put_fill(page, "p", NULL, TEXT_T_OWNER, slice_from(page_text(owner, page->language)), SLICE_NONE);
}

static void put_table_head(struct page *page, const enum page_text *heads, size_t count)
{
    page_raw(page, "<div class=\"wide\" tabindex=\"0\"><table>\n<thead><tr>");
    for (size_t i = 0; i < count; i++)
        put_fill(page, "th", NULL, heads[i], SLICE_NONE, SLICE_NONE);
    page_raw(page, "</tr></thead>\n<tbody>\n");
}

static void put_facts(struct page *page, const json_t *finding)
{
    static const enum page_text heads[] = {TEXT_T_FACT, TEXT_T_VALUE};
    json_t *facts = json_object_get(finding, "facts");
    const char *name;
    json_t *value;
    if (json_object_size(facts) == 0)
        return;
    page_element(page, "h2", NULL, TEXT_T_FACTS);
    put_table_head(page, heads, 2);
    json_object_foreach(facts, name, value) {
        page_raw(page, "<tr><td><code>");
        put_text(page, slice_from(name));
        page_raw(page, "</code></td><td><code>");
        put_text(page, slice_from(json_string_value(value)));
        page_raw(page, "</code></td></tr>\n");
    }
    page_raw(page, "</tbody>\n</table></div>\n");
}

static void put_downloads(struct page *page, struct slice id, int64_t entry)
{
    static const struct {
        const char *file;
        enum page_text text;
    } rows[] = {{"evidence.json", TEXT_T_EVIDENCE}, {"proof", TEXT_T_PROOF}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        page_raw(page, i > 0 ? " · " : "");
        put_link(page,
                 arena_format(page->arena, "/trust/%.*s/%s?entry=%lld", SLICE_ARG(id), rows[i].file,
                              (long long)entry),
                 NULL, rows[i].text);
    }
}

static void put_finding(struct page *page, struct slice id, const json_t *finding)
{
    int64_t entry = json_number(finding, "entry", 0);
    struct slice cause = said_in(page, finding, "cause");
    page_raw(page, "<tr><td>");
    put_instant(page, json_text(finding, "at"));
    page_raw(page, "</td><td>");
    put_state(page, json_text(finding, "result"));
    if (cause.len > 0) {
        page_raw(page, " ");
        put_text(page, cause);
    }
    buffer_add_format(page->out, "</td><td>trust/%lld</td><td>", (long long)entry);
    put_downloads(page, id, entry);
    page_raw(page, "</td></tr>\n");
}

static void put_history(struct page *page, const json_t *answer)
{
    static const enum page_text heads[] = {TEXT_T_WHEN, TEXT_T_RESULT, TEXT_T_LOG_ENTRY, TEXT_T_EVIDENCE};
    const json_t *history = json_object_get(answer, "history");
    if (json_array_size(history) == 0)
        return;
    page_element(page, "h2", NULL, TEXT_T_RESULTS);
    put_table_head(page, heads, 4);
    for (size_t i = 0; i < json_array_size(history) && i < 20; i++)
        put_finding(page, json_text(answer, "id"), json_array_get(history, i));
    page_raw(page, "</tbody>\n</table></div>\n");
}

static void put_statement(struct page *page, const json_t *row)
{
    struct slice done = json_text(row, "done"), until = json_text(row, "until");
    page_raw(page, "<li>");
    put_fill(page, "strong", NULL, done.len > 0 ? TEXT_T_DONE_ON : TEXT_T_UNTIL,
             instant_words(page, done.len > 0 ? done : until), SLICE_NONE);
    page_say(page, TEXT_T_DIGEST);
    page_raw(page, " <code>");
    put_text(page, json_text(row, "digest"));
    page_raw(page, "</code></li>\n");
}

static void put_statements(struct page *page, const json_t *answer)
{
    const json_t *rows = json_object_get(answer, "statements");
    if (json_array_size(rows) == 0)
        return;
    page_element(page, "h2", NULL, TEXT_T_STATED);
    page_raw(page, "<ul class=\"stated\">\n");
    for (size_t i = 0; i < json_array_size(rows); i++)
        put_statement(page, json_array_get(rows, i));
    page_raw(page, "</ul>\n");
}

static void put_mending(struct page *page, const json_t *answer)
{
    struct slice mend = json_text(json_object_get(answer, "cause"), "mend");
    if (mend.len == 0)
        return;
    page_raw(page, "<p class=\"mend\">");
    page_say(page, TEXT_T_MEND);
    page_raw(page, " <code>");
    put_text(page, mend);
    page_raw(page, "</code></p>\n");
}

static void put_verdict(struct page *page, const json_t *answer)
{
    struct slice state = json_text(answer, "state"), cause = said_in(page, answer, "cause");
    const struct trust_state *row = trust_state_of(state);
    buffer_add_format(page->out, "<div class=\"verdict %s\">\n<p>", row->class);
    put_state(page, state);
    page_raw(page, " ");
    put_standing(page, answer, json_text(answer, "now"));
    page_raw(page, "</p>\n");
    if (json_text(answer, "since").len > 0)
        put_fill(page, "p", "soft", TEXT_T_SINCE, instant_words(page, json_text(answer, "since")), SLICE_NONE);
    if (cause.len > 0) {
        page_raw(page, "<p class=\"cause\">");
        put_text(page, cause);
        page_raw(page, "</p>\n");
    }
    put_mending(page, answer);
    if (slice_equal(state, LIT("not_implemented")))
        page_element(page, "p", NULL, TEXT_T_NOT_YET);
    if (slice_equal(state, LIT("unknown")))
        page_element(page, "p", NULL, TEXT_T_STALE);
    page_raw(page, "</div>\n");
}

static void put_control(struct page *page, struct request *request, const json_t *answer)
{
    const json_t *last = json_array_get(json_object_get(answer, "history"), 0);
    struct slice id = json_text(answer, "id");
    enum page_text weak;
    put_verdict(page, answer);
    if (is_weak(id, &weak)) {
        page_raw(page, "<aside class=\"weak\">\n");
        page_element(page, "h2", NULL, TEXT_T_WEAK);
        page_element(page, "p", NULL, weak);
        page_raw(page, "</aside>\n");
    }
    put_how(page, answer);
    put_facts(page, last);
    put_history(page, answer);
    put_statements(page, answer);
    page_element(page, "h2", NULL, TEXT_T_CHANGED);
    put_changes(page, answer, CHANGES_SHOWN);
    if (last != NULL)
        put_verify(page, request, answer, arena_text(page->arena, id), json_number(last, "entry", 0));
}

enum status reply_control(struct request *request, const struct answer *answer, struct response *response,
                          struct problem *why)
{
    TRY(be_ok(answer, why));
    AUTO_BUFFER out = buffer_create(TRUST_PAGE_BYTES_MAX);
    struct page page = TRUST_PAGE(request);
    struct slice id = json_text(answer->value, "id");
    page.out = &out;
    trust_begin(&page, request, TAB_NONE, id);
    page_raw(&page, "<article class=\"control\">\n<p class=\"crumb\">");
    put_link(&page, LIT("/trust"), NULL, TEXT_T_ALL_CLAIMS);
    page_raw(&page, "</p>\n<p class=\"id\">");
    put_text(&page, id);
    page_raw(&page, "</p>\n<h1>");
    put_text(&page, said_in(&page, answer->value, "claim"));
    page_raw(&page, "</h1>\n");
    put_control(&page, request, answer->value);
    page_raw(&page, "</article>\n");
    return trust_end(&page, response, why);
}
