#include "formats/http/http.h"
#include "roles/api/page.h"

static const char *const texts[TEXT_COUNT_][PAGE_LANGUAGE_COUNT] = {
#define TEXT(name, en, fr) [TEXT_##name] = {[PAGE_EN] = en, [PAGE_FR] = fr},
#include "roles/api/page_texts.def"
#undef TEXT
};
static const char *const codes[PAGE_LANGUAGE_COUNT] = {[PAGE_EN] = "en", [PAGE_FR] = "fr"};

const char *page_text(enum page_text text, enum page_language language)
{
    return texts[text][language];
}

void page_raw(struct page *page, const char *html)
{
    buffer_add_text(page->out, html);
}

void page_say(struct page *page, enum page_text text)
{
    html_add(page->out, slice_from(page_text(text, page->language)));
}

void page_fill(struct page *page, enum page_text text, struct slice zero, struct slice one)
{
    struct slice shape = slice_from(page_text(text, page->language));
    size_t at = 0;
    for (size_t brace; (brace = slice_find(shape, LIT("{"), at)) != SIZE_MAX; at = brace + 3) {
        html_add(page->out, slice_sub(shape, at, brace));
        html_add(page->out, shape.data[brace + 1] == '0' ? zero : one);
    }
    html_add(page->out, slice_sub(shape, at, shape.len));
}

void page_element(struct page *page, const char *tag, const char *class, enum page_text text)
{
    buffer_add_format(page->out, "<%s", tag);
    if (class != NULL)
        buffer_add_format(page->out, " class=\"%s\"", class);
    page_raw(page, ">");
    page_say(page, text);
    buffer_add_format(page->out, "</%s>\n", tag);
}

void page_begin(struct page *page, enum page_text title)
{
    buffer_add_format(page->out, "<!doctype html>\n<html lang=\"%s\">\n<head>\n",
                      codes[page->language]);
    page_raw(page, "<meta charset=\"utf-8\">\n"
                   "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                   "<meta name=\"color-scheme\" content=\"light dark\">\n"
                   "<link rel=\"icon\" href=\"/icon.svg\" type=\"image/svg+xml\">\n"
                   "<link rel=\"stylesheet\" href=\"/guest.css\">\n");
    page_element(page, "title", NULL, title);
    page_raw(page, "</head>\n<body>\n<main>\n");
}

void page_end(struct page *page, bool sandbox)
{
    page_raw(page, "</main>\n<footer>\n");
    page_element(page, "p", NULL, TEXT_PRIVACY);
    if (sandbox) {
        page_raw(page, "<p><a href=\"/\">");
        page_say(page, TEXT_BACK);
        page_raw(page, "</a></p>\n");
    }
    buffer_add_format(page->out, "<p><a href=\"/trust?lang=%s\">", codes[page->language]);
    page_say(page, TEXT_TRUST);
    page_raw(page, "</a></p>\n");
    page_raw(page, "</footer>\n</body>\n</html>\n");
}
