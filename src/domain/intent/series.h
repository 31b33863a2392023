#ifndef RENDEZ_DOMAIN_INTENT_SERIES_H
#define RENDEZ_DOMAIN_INTENT_SERIES_H

#include "domain/intent/internal.h"

/* A meeting that shall come again, as a text asks for it. */
struct series_said {
    bool asked;
    struct series series; /* SERIES_NONE: of a kind that we do not organise */
    struct slice words;   /* that say how often */
    int32_t minute;       /* of the day when each begins; -1: not said */
    bool has_from, has_date;
    bool each;            /* the windows of the wishes come again every week: "le mardi matin" */
    struct civil from;    /* the first is not before it; has_date: it is the first */
    struct span_list hidden; /* tokens that the wishes must not read: first, end */
};

/* "tous les lundis à 9h", "a weekly catch-up until Easter" in a part of the text that asks
 * for a meeting. What only tells how things are ("we usually meet on Mondays", "je suis pris
 * tous les lundis") asks for nothing. */
void series_read(struct view *view, struct span part, struct series_said *out);

/* Around times_read: what says how often and how long is no wish of a time. */
void series_hide(struct view *view, const struct series_said *said, bool hide);

/* The times of the request as those of its first occurrence: exact where day and hour were
 * said, else where it may lie. */
void series_place(struct view *view, const struct series_said *said,
                  struct meeting_request *request);

/* "Thursdays at 2" about a series: the next one, as an exact start. */
bool series_start(const struct view *view, const struct timex *timex, struct civil ref,
                  struct civil *start);

/* The writer means one occurrence and not the series: "annule celle du 12 janvier". */
bool series_one_meant(const struct view *view);

#endif
