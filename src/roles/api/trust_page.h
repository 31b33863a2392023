#ifndef RENDEZ_ROLES_API_TRUST_PAGE_H
#define RENDEZ_ROLES_API_TRUST_PAGE_H

#include "roles/api/internal.h"
#include "roles/api/page.h"

/* What the trust pages have in common. */

enum { TRUST_PAGE_BYTES_MAX = 1 << 20 };

/* Which of the pages of the navigation this is. */
enum trust_tab { TAB_CLAIMS, TAB_STATUS, TAB_CHANGES, TAB_REGISTERS, TAB_CONTACT, TAB_AUDITOR, TAB_NONE };

#define TRUST_PAGE(request) ((struct page){NULL, (request)->arena, (enum page_language)request_language(request)})

void trust_begin(struct page *page, const struct request *request, enum trust_tab tab, struct slice title);
/* Closes the page and makes the answer of it. */
MUST_USE enum status trust_end(struct page *page, struct response *response, struct problem *why);

/* How a state is shown: mark, word and class. The last is of any other word. */
struct trust_state {
    const char *name, *class, *mark;
    enum page_text word, says;
};
enum { TRUST_STATES = 5 };
extern const struct trust_state trust_states[TRUST_STATES];
const struct trust_state *trust_state_of(struct slice name);
void put_state(struct page *page, struct slice state);

/* The member of that name in the page's language: {"fr", "en"}. */
struct slice said_in(const struct page *page, const json_t *object, const char *name);
/* "26 November 2026, 00:34 UTC", in <time>. */
void put_instant(struct page *page, struct slice iso);
struct slice instant_words(const struct page *page, struct slice iso);
/* "34 s ago", in <time>. */
void put_age(struct page *page, struct slice iso, struct slice now_iso);
/* Text in which {0} and {1} stand for these, as a paragraph. */
void put_fill(struct page *page, const char *tag, const char *class, enum page_text text, struct slice zero,
              struct slice one);
void put_text(struct page *page, struct slice text); /* escaped */
struct slice number_text(const struct page *page, int64_t number);
/* <a href="HREF">text</a> */
void put_link(struct page *page, struct slice href, const char *class, enum page_text text);

/* Of trust.status: what the probe outside saw by day; outages with their claims. */
void put_outside(struct page *page, const json_t *answer);
void put_claims(struct page *page, const json_t *answer);

/* Of trust.show and trust.status: the error rate that second looks give, and how others recount it. */
void put_looks(struct page *page, struct slice public_url, const json_t *answer);

/* The list of changes, and the way to verify one finding by four commands. */
void put_changes(struct page *page, const json_t *answer, size_t max);
void put_verify(struct page *page, const struct request *request, const json_t *answer, const char *control,
                int64_t entry);
/* The keys, and the command for a file of proofs that was downloaded. log: as log.show says, or NULL. */
void put_verify_file(struct page *page, const json_t *log, const char *file);

#endif
