#include <string.h>

#include "domain/intent/internal.h"

/* What a reader sees of a mail: its new text and the newest quote taken apart, zones, the
 * other recipients; and what must not be read: signatures that stayed, orders to us. */

static const struct zone *zone_or(struct slice name, const struct zone *otherwise)
{
    const struct zone *zone;
    return name.len > 0 && zone_load(name, &zone, NULL) == ST_OK ? zone : otherwise;
}

static bool same(struct slice a, struct slice b)
{
    return a.len > 0 && slice_equal_nocase(a, b);
}

static void collect_others(struct view *view)
{
    const struct mailbox_list *lists[] = {&view->mail->to, &view->mail->cc};
    for (size_t l = 0; l < 2; l++)
        for (size_t i = 0; i < lists[l]->count; i++) {
            struct mailbox box = lists[l]->items[i];
            if (same(box.address, view->mail->from.address) ||
                same(box.address, view->context->assistant.address))
                continue;
            ARENA_PUSH(view->arena, &view->others, box);
        }
}

static bool says_one(const struct text *text, uint16_t id, bool *clock)
{
    bool one = false;
    *clock = false;
    for (uint32_t i = 0; i < text->token_count; i++) {
        if (text->tokens[i].timex != id)
            continue;
        one |= word_in(text, i, "one ones un une");
        *clock |= text->tokens[i].kind == TOKEN_NUMBER || word_in(text, i, "pm am clock at heure heures h");
    }
    return one;
}

/* "the Wednesday one", "one evening": a pronoun or an article, no hour. */
static void drop_pronouns(struct text *text)
{
    for (size_t i = 0; i < text->timexes.count; i++) {
        struct timex *timex = &text->timexes.items[i];
        bool clock;
        if (!timex->has_clock || timex->kind != TIMEX_INSTANT ||
            !says_one(text, (uint16_t)(i + 1), &clock) || clock)
            continue;
        timex->has_clock = false;
        if (timex->clock_only) {
            for (uint32_t t = 0; t < text->token_count; t++)
                if (text->tokens[t].timex == i + 1)
                    text->tokens[t].timex = 0;
            continue;
        }
        timex->grain = GRAIN_DAY;
        timex->doubt = TIMEX_CLEAR;
        timex->start = civil_at(timex->start.date, 0, 0);
        timex->end = civil_add(timex->start, (struct duration){DAY_US});
    }
}

static void find_all(struct slice body, struct civil ref, const struct zone *zone,
                     struct arena *arena, struct text *out)
{
    struct timex_context context = {.ref = ref, .zone = zone};
    struct timex_list timexes = {0};
    text_take_apart(body, arena, out);
    if (timex_find(body, &context, arena, &timexes, NULL) == ST_OK)
        text_attach_timexes(out, &timexes);
    drop_pronouns(out);
    cues_find(out, arena);
}

static void choose_quote(struct view *view)
{
    const struct mail_quote_list *quotes = &view->mail->quotes;
    for (size_t i = 0; i < quotes->count && view->quoted == NULL; i++) {
        const struct mail_quote *quote = &quotes->items[i];
        if (!same(quote->from.address, view->mail->from.address) &&
            !same(quote->from.address, view->context->assistant.address) &&
            quote->text.len <= TIMEX_BODY_MAX && utf8_bad_at(quote->text) == SIZE_MAX)
            view->quoted = quote;
    }
    if (view->quoted != NULL)
        find_all(view->quoted->text, view->quoted->has_date ? view->quoted->date : view->ref,
                 view->writer_zone, view->arena, &view->quote);
}

/* The part of a signature that stayed in the text: lines behind the writer's name or a
 * closing formula that hold a number, an address or a title. */
static const char closings[] = "cordialement cdlt cdt bises amicalement amities best regards cheers "
                               "thanks merci thx sincerely salutations bien kind many warm yours";

static struct span line_at(const struct text *text, uint32_t at)
{
    struct span line = {at, at};
    while (line.end < text->token_count &&
           text->body.data[text->tokens[line.end].offset] != '\n')
        line.end++;
    return line;
}

static bool closes(const struct view *view, struct span line)
{
    const struct text *text = &view->text;
    if (line.end == line.first || line.end - line.first > 5)
        return false;
    return word_in(text, line.first, closings) ||
           name_means(text_of_span(text, line), view->mail->from.name, SLICE_NONE);
}

static bool is_contact_line(const struct text *text, struct span line)
{
    struct slice bytes = text_of_span(text, line);
    bool marked = slice_contains(bytes, LIT("|")) || slice_contains(bytes, LIT("·"));
    uint32_t capitals = 0, words = 0;
    for (uint32_t i = line.first; i < line.end; i++) {
        words += text->tokens[i].kind == TOKEN_WORD;
        capitals += text->tokens[i].capital;
        marked |= text->tokens[i].kind == TOKEN_PHONE;
    }
    return marked || (words > 0 && words <= 8 && 2 * capitals >= words + 1);
}

/* Something is said in the line: a time, a judgement, an act. */
static bool says_something(const struct text *text, struct span line)
{
    for (uint32_t i = line.first; i < line.end; i++)
        if (text->tokens[i].timex != 0 || text->sentences[text->tokens[i].sentence].question)
            return true;
    for (size_t i = 0; i < text->cues.count; i++) {
        const struct cue_hit *hit = &text->cues.items[i];
        if (hit->cue > CUE_IDLE && hit->cue < CUE_THANKS && span_has(line, hit->tokens.first))
            return true;
    }
    return false;
}

static void drop_masked_cues(struct text *text)
{
    size_t kept = 0;
    for (size_t i = 0; i < text->cues.count; i++)
        if (!text->tokens[text->cues.items[i].tokens.first].masked)
            text->cues.items[kept++] = text->cues.items[i];
    text->cues.count = kept;
}

static void mask_signature(struct view *view)
{
    struct text *text = &view->text;
    bool closed = false;
    for (uint32_t i = 0; i < text->token_count;) {
        struct span line = line_at(text, i);
        if (closed && !says_something(text, line) && is_contact_line(text, line))
            for (uint32_t t = line.first; t < line.end; t++)
                text->tokens[t].masked = true;
        closed |= closes(view, line);
        i = line.end + 1;
    }
    drop_masked_cues(text);
}

/* Orders to the assistant: their whole paragraph is not read. */
void view_mask_orders(struct view *view)
{
    struct text *text = &view->text;
    bool masked = false;
    for (size_t i = 0; i < text->cues.count; i++) {
        const struct cue_hit *hit = &text->cues.items[i];
        if (hit->cue == CUE_PROBE && !view->context->writer_is_client)
            view->out->suspicious = true;
        if (hit->cue != CUE_INJECTION)
            continue;
        view->out->suspicious = masked = true;
        uint16_t paragraph = text->sentences[hit->sentence].paragraph;
        for (uint32_t t = 0; t < text->token_count; t++)
            if (text->sentences[text->tokens[t].sentence].paragraph == paragraph)
                text->tokens[t].masked = true;
    }
    if (masked)
        drop_masked_cues(text);
}

void view_make(struct view *view, const struct mail *mail,
                      const struct intent_context *context, struct arena *arena,
                      struct reading *out)
{
    *view = (struct view){.mail = mail, .context = context, .arena = arena, .out = out};
    view->organizer_zone = zone_or(context->organizer_zone, zone_utc());
    view->offer_zone = zone_or(context->offer_zone, zone_or(context->writer_zone,
                                                            view->organizer_zone));
    view->writer_zone = zone_or(context->writer_zone, view->offer_zone);
    view->ref = mail->has_date ? mail->date
                               : civil_from_instant(context->received, view->writer_zone);
    collect_others(view);
    struct slice body = mail->new_text;
    if (utf8_bad_at(body) != SIZE_MAX)
        body = utf8_repair(body, arena);
    find_all(body, view->ref, view->writer_zone, arena, &view->text);
    out->timexes = view->text.timexes;
    mask_signature(view);
    choose_quote(view);
}

