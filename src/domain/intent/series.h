#ifndef RENDEZ_DOMAIN_INTENT_SERIES_H
#define RENDEZ_DOMAIN_INTENT_SERIES_H

#include "domain/intent/internal.h"

/* A meeting that shall come again, as a text asks for it. */
struct series_said {
    bool asked;
    struct series series; /* SERIES_NONE: of a kind that we do not organise */
    struct slice words;   /* that say how often */
    uint32_t at;          /* the first of them */
    uint32_t length_min;  /* "from 9 to 9:30"; 0: not said so */
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

/* What a later mail says of it, of the whole text. */
void series_read_again(struct view *view, struct meeting_request *request);

/* Of times that were read about a series: where it shall begin. */
void series_begin_later(struct view *view, struct said_times *times);
/* The organizer wants a series where there was none, or another one: fills its times. */
bool series_asked_anew(struct view *view, struct meeting_request *request);

/* About a series "Thursdays at 2" is the hour of its next occurrence: recurrences of one
 * weekday become that day in the text's times; what was said stays in view->as_said. */
void series_as_days(struct view *view);

/* Of a settled series: the writer means one occurrence, "annule celle du 12 janvier", and not
 * "notre point du mardi", "from now on on Thursdays". */
bool series_one_meant(const struct view *view);

/* Of a settled series: whether an occurrence lies in the expression. */
bool series_occurs(const struct view *view, const struct timex *timex);

/* "Skip the one on 1 February", "sautons celle-ci". */
bool series_skips(const struct view *view);

#endif
