#ifndef RENDEZ_DOMAIN_INTENT_TEST_WRITE_H
#define RENDEZ_DOMAIN_INTENT_TEST_WRITE_H

#include "check.h"
#include "domain/intent/intent.h"

/* What the tests have in common: a mail written on Wednesday 6 May 2026 at 10:00 in Paris. */

static inline struct instant at(const char *iso)
{
    struct instant out = {0};
    CHECK_OK(instant_parse(slice_from(iso), &out, NULL, NULL));
    return out;
}

static inline struct mail written(struct mailbox from, const char *subject, const char *text)
{
    return (struct mail){
        .from = from,
        .subject = slice_from(subject),
        .has_date = true,
        .date = {{2026, 5, 6}, 10, 0, 0},
        .offset_s = 7200,
        .text = slice_from(text),
        .new_text = slice_from(text),
    };
}

#endif
