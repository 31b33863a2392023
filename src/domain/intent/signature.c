/* What stands below the writer's name says nothing. */
#include "domain/intent/internal.h"

/* The part of a signature that stayed in the text: lines behind the writer's name or a
 * closing formula that hold a number, an address or a title. */
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
    return in_class(text, line.first, CLASS_closing) ||
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

/* "Secrétariat ouvert de 8h à 12h", "our offices close at 5.30pm", below the writer's name. */
static bool tells_office_hours(const struct text *text, struct span line)
{
    uint32_t found = 0;
    bool asks = false, time = false;
    for (uint32_t i = line.first; i < line.end; i++) {
        found += in_class(text, i, CLASS_opening_hours);
        time |= text->tokens[i].timex != 0;
        asks |= text->sentences[text->tokens[i].sentence].question ||
                in_class(text, i, CLASS_first_person) ||
                (in_class(text, i, CLASS_you) && !in_class(text, i - 1, CLASS_rendez));
    }
    return found > 0 && (time || found > 1) && !asks;
}

void view_mask_signature(struct view *view)
{
    struct text *text = &view->text;
    bool closed = false;
    for (uint32_t i = 0; i < text->token_count;) {
        struct span line = line_at(text, i);
        if (closed && (tells_office_hours(text, line) ||
                       (!says_something(text, line) && is_contact_line(text, line))))
            for (uint32_t t = line.first; t < line.end; t++)
                text->tokens[t].masked = true;
        closed |= closes(view, line);
        i = line.end + 1;
    }
    text_drop_masked_cues(text);
}
