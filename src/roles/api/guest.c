/* The personal pages of guests: /r/TOKEN. They work without a script, and a GET changes
 * nothing. What the planner tells of a link is in README.md. */
#include "roles/api/internal.h"
#include "roles/api/page.h"

enum { PAGE_BYTES_MAX = 512 * 1024, WISH_BYTES_MAX = 2000, SLOTS_MAX = 50 };

enum status ask_link(struct request *request, json_t **question, struct problem *why)
{
    (void)why;
    *question = json_object();
    json_object_set_new(*question, "token", json_from_text(request->values[0]));
    return ST_OK;
}

/* Cut at the limit, never inside a character. */
static struct slice wish_text(struct slice text)
{
    text = slice_trim(text);
    if (text.len <= WISH_BYTES_MAX)
        return text;
    size_t end = WISH_BYTES_MAX;
    while (((unsigned char)text.data[end] & 0xC0) == 0x80)
        end--;
    return slice_sub(text, 0, end);
}

enum status ask_choice(struct request *request, json_t **question, struct problem *why)
{
    struct http_form form;
    struct slice choice, text = SLICE_NONE;
    uint64_t number = 0;
    TRY(http_form_parse(buffer_slice(&request->body), request->arena, &form, why));
    if (!http_form_get(&form, LIT("choice"), &choice))
        return problem_set(why, ST_INVALID, "the form has no choice");
    bool none = slice_equal(choice, LIT("none"));
    if (!none && (!slice_to_u64(choice, UINT32_MAX, &number) || number == 0))
        return problem_set(why, ST_INVALID, "choice is neither a number nor none");
    if (none)
        (void)http_form_get(&form, LIT("text"), &text);
    *question = json_object();
    json_object_set_new(*question, "token", json_from_text(request->values[0]));
    json_object_set_new(*question, "number", none ? json_null() : json_integer((json_int_t)number));
    json_object_set_new(*question, "text", json_from_text(wish_text(text)));
    return ST_OK;
}

enum status reply_choice(struct request *request, const struct answer *answer,
                         struct response *response, struct problem *why)
{
    (void)why;
    bool gone = answer->status == ST_CONFLICT;
    *response = (struct response){
        .status = MHD_HTTP_SEE_OTHER,
        .location = arena_format(request->arena, "%.*s%s", SLICE_ARG(request->path),
                                 gone ? "?gone=1" : ""),
    };
    return ST_OK;
}

/* What a page shows, out of the answer. */
struct slot {
    int64_t number;
    struct interval span;
    struct slice recurrence; /* "every Tuesday at 10am, from 6 January"; empty: a single meeting */
};
struct slot_list {
    struct slot *items;
    size_t count, capacity;
};
struct link {
    enum page_language language;
    const struct zone *zone;
    struct slice state, subject, organizer, assistant, name, kind, place, answer, zone_name;
    int64_t duration_minutes, selected;
    struct slot_list slots;
    struct slot confirmed;
    const json_t *chosen;
    bool gone; /* the slot that was chosen just now was not there any more */
};

static enum status read_slot(const json_t *object, struct slot *out, struct problem *why)
{
    *out = (struct slot){.number = json_number(object, "number", 0),
                         .recurrence = json_text(object, "recurrence")};
    TRY(instant_parse(json_text(object, "start"), &out->span.start, NULL, why));
    return instant_parse(json_text(object, "end"), &out->span.end, NULL, why);
}

static enum status read_slots(const json_t *array, struct arena *arena, struct slot_list *out,
                              struct problem *why)
{
    for (size_t i = 0; i < json_array_size(array) && i < SLOTS_MAX; i++) {
        struct slot slot;
        TRY(read_slot(json_array_get(array, i), &slot, why));
        ARENA_PUSH(arena, out, slot);
    }
    return ST_OK;
}

static enum status read_link(const json_t *object, struct arena *arena, struct link *out,
                             struct problem *why)
{
    struct link link = {
        .language =
            slice_equal(json_text(object, "language"), LIT("fr")) ? PAGE_FR : PAGE_EN,
        .zone_name = json_text(object, "time_zone"),
        .state = json_text(object, "state"),
        .subject = json_text(object, "subject"),
        .organizer = json_text(object, "organizer"),
        .assistant = json_text(object, "assistant"),
        .name = json_text(object, "name"),
        .kind = json_text(object, "kind"),
        .place = json_text(object, "place"),
        .answer = json_text(object, "answer"),
        .duration_minutes = json_number(object, "duration_minutes", 0),
        .selected = json_number(object, "selected", 0),
        .chosen = json_object_get(object, "chosen"),
    };
    if (zone_load(link.zone_name, &link.zone, NULL) != ST_OK) {
        link.zone = zone_utc();
        link.zone_name = LIT("UTC");
    }
    TRY(read_slots(json_object_get(object, "slots"), arena, &link.slots, why));
    if (slice_equal(link.state, LIT("confirmed")))
        TRY(read_slot(json_object_get(object, "confirmed"), &link.confirmed, why));
    *out = link;
    return ST_OK;
}

static bool is_chosen(const struct link *link, int64_t number)
{
    for (size_t i = 0; i < json_array_size(link->chosen); i++)
        if (json_integer_value(json_array_get(link->chosen, i)) == number)
            return true;
    return false;
}

/* The parts of the page */

static void put_when(struct page *page, const struct link *link, const struct slot *slot)
{
    page_raw(page, "<span class=\"day\">");
    if (slot->recurrence.len > 0)
        html_add(page->out, slot->recurrence);
    else
        html_add(page->out, when_day(slot->span.start, link->zone, page->language, page->arena));
    page_raw(page, "</span> <span class=\"hours\">");
    html_add(page->out, when_hours(slot->span, link->zone, page->language, page->arena));
    page_raw(page, "</span>");
}

static void put_slot_button(struct page *page, const struct link *link, const struct slot *slot,
                            const char *class)
{
    buffer_add_format(page->out,
                      "<button class=\"slot %s\" type=\"submit\" name=\"choice\" value=\"%lld\">",
                      class, (long long)slot->number);
    put_when(page, link, slot);
    page_raw(page, " <span class=\"act\">");
    page_say(page, TEXT_CHOOSE);
    page_raw(page, "</span></button>\n");
}

static enum page_text kind_text(struct slice kind)
{
    static const struct {
        const char *kind;
        enum page_text text;
    } rows[] = {
        {"call", TEXT_KIND_CALL},     {"video", TEXT_KIND_VIDEO},
        {"lunch", TEXT_KIND_LUNCH},   {"breakfast", TEXT_KIND_BREAKFAST},
        {"coffee", TEXT_KIND_COFFEE}, {"drinks", TEXT_KIND_DRINKS},
        {"dinner", TEXT_KIND_DINNER},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (slice_equal(kind, slice_from(rows[i].kind)))
            return rows[i].text;
    return TEXT_KIND_;
}

/* Subject, and one line: kind, length, place. */
static void put_head(struct page *page, const struct link *link)
{
    page_raw(page, "<header>\n<p class=\"by\">");
    page_fill(page, TEXT_BY, link->assistant, link->organizer);
    page_raw(page, "</p>\n<h1>");
    if (link->subject.len > 0)
        html_add(page->out, link->subject);
    else
        page_say(page, kind_text(link->kind));
    page_raw(page, "</h1>\n<p class=\"facts\">");
    page_say(page, kind_text(link->kind));
    if (link->duration_minutes > 0) {
        page_raw(page, " · ");
        html_add(page->out, when_length(link->duration_minutes, page->language, page->arena));
    }
    if (link->place.len > 0) {
        page_raw(page, " · ");
        html_add(page->out, link->place);
    }
    page_raw(page, "</p>\n</header>\n");
}

static void put_answer(struct page *page, const struct link *link)
{
    bool chosen = slice_equal(link->answer, LIT("chosen"));
    if (!chosen && !slice_equal(link->answer, LIT("none")))
        return;
    page_raw(page, "<section class=\"done\" role=\"status\">\n");
    if (chosen) {
        page_element(page, "p", NULL, TEXT_CHOSEN);
        for (size_t i = 0; i < link->slots.count; i++) {
            if (!is_chosen(link, link->slots.items[i].number))
                continue;
            page_raw(page, "<p class=\"settled\">");
            put_when(page, link, &link->slots.items[i]);
            page_raw(page, "</p>\n");
        }
        page_element(page, "p", NULL, TEXT_CHOSEN_NEXT);
    } else {
        page_raw(page, "<p>");
        page_fill(page, TEXT_NONE_SAID, link->assistant, SLICE_NONE);
        page_raw(page, "</p>\n");
    }
    page_raw(page, "</section>\n");
}

static void put_zone(struct page *page, const struct link *link)
{
    page_raw(page, "<p class=\"zone\">");
    page_fill(page, TEXT_ZONE, when_city(link->zone_name, page->language, page->arena), SLICE_NONE);
    page_raw(page, "</p>\n");
}

static bool is_offered(const struct link *link, int64_t number)
{
    for (size_t i = 0; i < link->slots.count; i++)
        if (link->slots.items[i].number == number)
            return true;
    return false;
}

/* The slot of the link first and alone, the others under it. */
static void put_slots(struct page *page, const struct link *link)
{
    bool answered = link->answer.len > 0;
    bool selected = !answered && is_offered(link, link->selected);
    if (answered)
        page_element(page, "h2", NULL, TEXT_CHANGE_MIND);
    else
        page_element(page, "h2", NULL, selected ? TEXT_ONE_SELECTED : TEXT_PICK);
    page_raw(page, "<form method=\"post\" class=\"slots\">\n");
    for (size_t i = 0; selected && i < link->slots.count; i++)
        if (link->slots.items[i].number == link->selected)
            put_slot_button(page, link, &link->slots.items[i], "selected");
    if (selected && link->slots.count > 1)
        page_element(page, "h2", "others", TEXT_OTHERS);
    for (size_t i = 0; i < link->slots.count; i++) {
        int64_t number = link->slots.items[i].number;
        if ((selected && number == link->selected) || is_chosen(link, number))
            continue;
        put_slot_button(page, link, &link->slots.items[i], "other");
    }
    page_raw(page, "</form>\n");
    put_zone(page, link);
}

static void put_none(struct page *page, const struct link *link)
{
    page_raw(page, "<section class=\"none\">\n");
    page_element(page, "h2", NULL, TEXT_NONE_TITLE);
    page_raw(page, "<p>");
    page_fill(page, TEXT_NONE_HELP, link->assistant, SLICE_NONE);
    page_raw(page, "</p>\n<form method=\"post\">\n<label for=\"text\">");
    page_say(page, TEXT_NONE_LABEL);
    page_raw(page, "</label>\n<textarea id=\"text\" name=\"text\" rows=\"3\" maxlength=\"2000\" placeholder=\"");
    page_say(page, TEXT_NONE_EXAMPLE);
    page_raw(page, "\"></textarea>\n<button type=\"submit\" class=\"plain\" name=\"choice\" value=\"none\">");
    page_say(page, TEXT_NONE_SEND);
    page_raw(page, "</button>\n</form>\n</section>\n");
}

static void put_open(struct page *page, const struct link *link)
{
    put_head(page, link);
    if (link->gone)
        page_element(page, "p", "notice", TEXT_SLOT_GONE);
    put_answer(page, link);
    if (link->answer.len == 0) {
        page_raw(page, "<p class=\"hello\">");
        page_fill(page, TEXT_HELLO, link->name, SLICE_NONE);
        page_raw(page, " ");
        page_fill(page, TEXT_WISHES, link->organizer, SLICE_NONE);
        page_raw(page, "</p>\n");
    }
    if (link->slots.count > 0)
        put_slots(page, link);
    put_none(page, link);
}

static void put_confirmed(struct page *page, const struct link *link)
{
    put_head(page, link);
    page_raw(page, "<section class=\"done\" role=\"status\">\n<p class=\"settled\">");
    put_when(page, link, &link->confirmed);
    page_raw(page, "</p>\n");
    page_element(page, "p", NULL, TEXT_CONFIRMED);
    page_element(page, "p", NULL, TEXT_CONFIRMED_CHANGE);
    page_raw(page, "</section>\n");
    put_zone(page, link);
}

/* Nothing to choose at the moment: the assistant, or a person, is at it. */
static void put_waiting(struct page *page, const struct link *link)
{
    put_head(page, link);
    page_raw(page, "<section class=\"done\" role=\"status\">\n<p>");
    page_fill(page, TEXT_NONE_SAID, link->assistant, SLICE_NONE);
    page_raw(page, "</p>\n</section>\n");
}

static void put_closed(struct page *page, const struct link *link)
{
    put_head(page, link);
    page_element(page, "p", "notice", TEXT_CLOSED);
}

/* What each state shows; the last row is for any other word. */
static const struct {
    const char *state;
    enum page_text title;
    void (*put)(struct page *, const struct link *);
} states[] = {
    {"open", TEXT_TITLE, put_open},
    {"confirmed", TEXT_TITLE_CONFIRMED, put_confirmed},
    {"waiting", TEXT_TITLE_WAITING, put_waiting},
    {NULL, TEXT_TITLE_CLOSED, put_closed},
};

static void page_response(struct page *page, unsigned http, struct response *response)
{
    *response = (struct response){
        .status = http,
        .type = "text/html; charset=utf-8",
        .body = arena_copy(page->arena, buffer_slice(page->out)),
    };
}

enum status reply_link(struct request *request, const struct answer *answer,
                       struct response *response, struct problem *why)
{
    struct link link;
    if (answer->status != ST_OK)
        return problem_set(why, ST_UNAVAILABLE, "showing a link cannot conflict");
    if (read_link(answer->value, request->arena, &link, NULL) != ST_OK)
        return problem_set(why, ST_UNAVAILABLE, "the answer could not be read");
    link.gone = request_query(request, "gone").len > 0;
    AUTO_BUFFER out = buffer_create(PAGE_BYTES_MAX);
    struct page page = {&out, request->arena, link.language};
    size_t state = 0;
    while (states[state].state != NULL && !slice_equal(link.state, slice_from(states[state].state)))
        state++;
    page_begin(&page, states[state].title);
    states[state].put(&page, &link);
    page_raw(&page, "<p class=\"zone\"><a href=\"");
    html_add(page.out, request->path);
    page_raw(&page, "/privacy\">");
    page_say(&page, TEXT_TITLE_PRIVACY);
    page_raw(&page, "</a></p>\n");
    page_end(&page, web_is_sandbox(request->web));
    TRY(buffer_check(&out, "guest page", why));
    page_response(&page, MHD_HTTP_OK, response);
    return ST_OK;
}

void page_problem(struct request *request, unsigned http, struct response *response)
{
    if (request->route != NULL && (request->route->flags & ROUTE_TRUST) != 0) {
        trust_problem(request, http, response);
        return;
    }
    static const char *const offered[] = {[PAGE_EN] = "en", [PAGE_FR] = "fr"};
    AUTO_BUFFER out = buffer_create(PAGE_BYTES_MAX);
    struct page page = {&out, request->arena, PAGE_EN};
    page.language = (enum page_language)http_language(request_header(request, "Accept-Language"),
                                                      offered, PAGE_LANGUAGE_COUNT);
    bool gone = http == MHD_HTTP_NOT_FOUND;
    enum page_text title = gone ? TEXT_TITLE_GONE : TEXT_TITLE_TROUBLE;
    page_begin(&page, title);
    page_element(&page, "h1", NULL, title);
    page_element(&page, "p", "notice",
                 gone ? TEXT_GONE : http == MHD_HTTP_BAD_REQUEST ? TEXT_NO_CHOICE : TEXT_TROUBLE);
    page_end(&page, web_is_sandbox(request->web));
    page_response(&page, http, response);
}
