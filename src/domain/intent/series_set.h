#ifndef RENDEZ_DOMAIN_INTENT_SERIES_SET_H
#define RENDEZ_DOMAIN_INTENT_SERIES_SET_H

#include "domain/intent/series.h"

/* What the readers of series share (series*.c). */

/* The words of en/series.def and fr/series.def. */
enum series_word {
#define WORDS(name, words) SERIES_WORD_##name,
#include "domain/intent/en/series.def"
#undef WORDS
    SERIES_WORD_COUNT_,
};
/* Which word of its list the token is, from 1 on; 0 if none. */
uint32_t series_word_place(const struct text *text, uint32_t at, enum series_word word);
static inline bool series_says(const struct text *text, uint32_t at, enum series_word word)
{
    return series_word_place(text, at, word) != 0;
}
#define IS(name, text, at) series_says(text, at, SERIES_WORD_##name)
#define PLACE(name, text, at) series_word_place(text, at, SERIES_WORD_##name)
bool series_has_word(const struct text *text, struct span tokens, enum series_word word);
/* The word stands within the tokens or shortly before them, articles between. */
bool series_leads(const struct text *text, struct span tokens, enum series_word word);

/* One recurrence of the text. */
struct set_said {
    struct span tokens;
    struct slice freq; /* "WEEKLY"; empty: days alone */
    uint32_t interval, days, nth, monthday, count;
    uint32_t month; /* the one in which it is, 1 to 12; 0: none said */
    int32_t minute;
    int64_t until_day;
    bool strong; /* says how often by a word of its own: "every", "hebdo" */
    bool odd;    /* more than a series of ours can say */
};

/* Expressions of time, by their first tokens. */
struct span set_tokens(const struct text *text, uint32_t at);
bool set_begins(const struct text *text, struct span part, uint32_t at);
const struct timex *set_timex(const struct text *text, uint32_t at);

/* series_sets.c */
int64_t set_number(struct slice text); /* 0 for what is none */
bool set_has_number(const struct text *text, struct span tokens);
void set_read_rule(struct slice rule, struct set_said *set);
int32_t set_by_day(const struct text *text, struct span tokens, int32_t minute);
/* The recurrence that begins at a token: of timex, or of words that timex leaves. */
bool set_read(const struct text *text, uint32_t at, struct set_said *set);
bool set_read_loose(const struct text *text, uint32_t at, struct set_said *set);
uint32_t set_several_times(const struct text *text, uint32_t at);

/* series.c, series_bounds.c */
void series_begin_at(struct series_said *out, struct civil from);
void series_hide_tokens(struct view *view, struct span tokens, struct series_said *out);
bool series_bare_day(const struct text *text, const struct timex *timex, struct span tokens);
/* "La série doit s'arrêter fin janvier": what follows is its end. */
bool series_stops(const struct text *text, struct span tokens);
/* Where it begins and ends, and how often it is. */
void series_take_bounds(struct view *view, struct span part, struct series_said *out);

#endif
