#ifndef RENDEZ_ROLES_API_PAGE_H
#define RENDEZ_ROLES_API_PAGE_H

#include "roles/api/when.h"

/* Words of the guest pages, page_texts.def. */
enum page_text {
#define TEXT(name, en, fr) TEXT_##name,
#include "roles/api/page_texts.def"
#undef TEXT
    TEXT_COUNT_
};
const char *page_text(enum page_text text, enum page_language language);

/* A page under construction. Functions that take slices escape them. */
struct page {
    struct buffer *out;
    struct arena *arena;
    enum page_language language;
};

void page_begin(struct page *page, enum page_text title);
void page_end(struct page *page, bool sandbox);
void page_raw(struct page *page, const char *html);
void page_say(struct page *page, enum page_text text); /* escaped */
/* A text of the catalogue in which {0} and {1} stand for these. */
void page_fill(struct page *page, enum page_text text, struct slice zero, struct slice one);
/* <TAG CLASS>text</TAG>; class may be NULL. */
void page_element(struct page *page, const char *tag, const char *class, enum page_text text);

#endif
