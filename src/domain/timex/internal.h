#ifndef RENDEZ_DOMAIN_TIMEX_INTERNAL_H
#define RENDEZ_DOMAIN_TIMEX_INTERNAL_H

#include <string.h>

#include "base/bytes/wordclass.h"
#include "domain/timex/timex.h"

/* The reader's inside: tokens, words with typed meanings, rules that compose meanings,
 * a chart per island of known words. doc/timex.md tells the whole story. */

enum { PATTERN_MAX = 9 }; /* elements of a rule */

/* The work of one text is counted and bounded, whatever is in it. A text that would need more
 * gets ST_LIMIT, never the reading of its beginning. The densest of real messages needs 5000
 * tokens, 15000 steps and 4000 items for its 200 expressions, 20 items at a token. */
enum {
    ISLAND_MAX = 48,        /* tokens in one chart; a longer run of known words is cut */
    ITEMS_PER_START = 96,   /* items that may begin at one token */
    ITEMS_PER_TEXT = 8000,  /* all charts of a text together */
    STEPS_PER_TEXT = 30000, /* pattern elements tried, rules completed */
    TOKENS_PER_TEXT = 6000,
};

/* What a word or a phrase is. One list, so that rules can name them. */
#define CATEGORIES(X)                                                                              \
    X(num) X(ord) X(wd) X(month) X(unit) X(pod) X(edge) X(next) X(last) X(this) X(day)             \
    X(holiday) X(season) X(ampm) X(zone) X(noon) X(half) X(quarter) X(the) X(a) X(of) X(at)        \
    X(on) X(in) X(from) X(to) X(until) X(and) X(or) X(between) X(before) X(after) X(since) X(by)   \
    X(within) X(for) X(ago) X(hence) X(every) X(past) X(less) X(about) X(comma) X(dash)            \
    X(weekof) X(rest) X(all) X(word) X(than) X(few)                                                \
    X(date) X(clock) X(clocks) X(part) X(dur) X(set) X(dates) X(moment) X(open) X(year) X(tenday)  \
    X(neg) X(sub) X(hour)
enum category {
#define X(name) CAT_##name,
    CATEGORIES(X)
#undef X
        CAT_COUNT_
};
_Static_assert(CAT_COUNT_ <= 64, "a pattern element is a set of categories in 64 bits");
#define BIT(cat) (UINT64_C(1) << (cat))

enum { NOISE_OF_CUE = 255 };
enum token_kind { TOKEN_WORD, TOKEN_NUMBER, TOKEN_SIGN, TOKEN_LINE };
struct token {
    uint32_t offset, length; /* in the body */
    uint32_t hash;           /* of the folded word */
    const char *folded;      /* lower case, without accents; not NUL-terminated */
    uint16_t folded_len;
    uint8_t kind;
    uint8_t digits; /* NUMBER: how many, at most 20 */
    uint64_t value; /* NUMBER; SIGN: its code point */
    bool space;     /* white space before it */
    uint8_t noise;  /* nothing reads it: enum timex_mistake + 1, or NOISE_OF_CUE */
    bool capital;   /* WORD: first letter upper case */
    bool wall;      /* no chart reaches over its beginning */
    bool leaving;   /* the "from" of a move: what it names is given up */
    uint16_t row;   /* WORD: of timex_classes, see in_class */
    uint16_t word;  /* WORD: of lexicon.c; 0: no entry begins with it */
};
struct token_list {
    struct token *items;
    size_t count, capacity;
};

/* Parts of the day. The numbers index parts[] in algebra.c. */
enum part {
    PART_NONE,
    PART_MORNING,
    PART_NOONISH,
    PART_LUNCH,
    PART_AFTERNOON,
    PART_EVENING,
    PART_NIGHT,
    PART_TONIGHT,
    PART_DAY,
    PART_DINNER,
    PART_BREAKFAST,
    PART_WORK,
    PART_DAWN,
    PART_DUSK,
    PART_BRUNCH,
    PART_LUNCHHOURS,
    PART_FIRST,
    PART_AFTERWORK,
    PART_SUNSET,
    PART_AFTERSCHOOL,
    PART_COUNT_,
};
/* Words that only some rules know, by their value; `value2` of "huitaine". */
enum {
    WORD_QUARTER = 77, /* "Q" */
    WORD_ONWARDS = 78,
    WORD_WEEK = 79,
    WORD_NUMBER = 80,
    WORD_HALF = 81, /* "H" before 1 or 2 */
    WORD_MORE = 82, /* "more", "extra" */
    WORD_INCLUDED = 83,
    WORD_AT_MOST = 85,
    WORD_OH = 84,      /* "nine oh five" */
    WORD_THAT = 85,    /* "that week" */
    WORD_CLOSEST = 88, /* "the Friday nearest to" */
    WORD_TODATE = 86,  /* "year to date" */
    WORD_FISCAL = 87,  /* "FY 2027", "calendar year" */
    WORD_DECADE = 100, /* and the decade: "the eighties" is 180 */
    WEEK_OF_EIGHT = 8,
    WITHIN_DAYS = 2, /* "d'ici 15 jours": counted in whole days */
};
enum edge { EDGE_NONE, EDGE_EARLY, EDGE_MID, EDGE_LATE, EDGE_END, EDGE_START, EDGE_VERYEARLY };

enum unit {
    UNIT_SECOND,
    UNIT_MINUTE,
    UNIT_HOUR,
    UNIT_DAY,
    UNIT_WEEK,
    UNIT_MONTH,
    UNIT_QUARTER,
    UNIT_YEAR,
    UNIT_FORTNIGHT,
    UNIT_WEEKEND,
    UNIT_WORKDAY,
    UNIT_DECADE,
    UNIT_CENTURY,
    UNIT_NIGHT,
    UNIT_SEMESTER,
    UNIT_TENMINUTES,
    UNIT_HALFMONTH,
};

enum {
    F_LATENT = 1 << 0, /* not an expression by itself */
    F_PLURAL = 1 << 1, /* "mondays", "le lundi": each one */
    F_AMPM0 = 1 << 2,  /* t0 may be morning or afternoon */
    F_AMPM1 = 1 << 3,
    F_PAST = 1 << 4,      /* said to lie in the past */
    F_ABBR = 1 << 5,      /* a short form; a full stop may follow */
    F_WHICH = 1 << 6,     /* "mercredi prochain": which week? */
    F_BAD = 1 << 7,       /* contradiction */
    F_SWAP = 1 << 8,      /* day and month could be exchanged */
    F_INCLUSIVE = 1 << 9, /* "inclus", "dès" */
    F_DEICTIC = 1 << 10,  /* said relative to the writer's now */
    F_CLOCKONLY = 1 << 11,
    F_PERIOD = 1 << 12,  /* t0..t1 comes from a part of the day */
    F_FROMNOW = 1 << 13, /* starts at the writer's now */
    F_SWAPPED = 1 << 14,
    F_WEEKDAYS = 1 << 15, /* an interval of which only Monday to Friday is meant */
    F_THE = 1 << 16,      /* had an article */
    F_HAS24 = 1 << 17,    /* a 24-hour writing: "14h", "07:30" */
    F_NTH = 1 << 18,
    F_FIXED = 1 << 19,     /* a year was said */
    F_AFTERSAID = 1 << 20, /* an open or ranged meaning that rules must not extend by "from" */
    F_TOTAL = 1 << 21,     /* "all day", "toute la journée" */
    F_PARTWORD = 1 << 22,
    F_ANAPHOR = 1 << 26,   /* "le lendemain": of the day named before, else of today */
    F_TIMEFIRST = 1 << 24, /* the hours stood before the day */
    F_EXCEPT = 1 << 23,    /* a set with an exception */
    F_WDLAST = 1 << 25,    /* "5 October, Monday" */
    F_NOUN = 1 << 27,      /* a short form that is a noun, too: "the sun", "le jeu" */
};

/* `freq` of days that hang on the mention before them: "that week", "the week after". */
enum { FREQ_ANAPHOR = 9 };

/* One typed meaning. Absent: year 0, month 0, dom 0, wd -1, t0 -1, t1 -1, day1 <= day0. */
struct meaning {
    uint8_t cat, grain, open, part, edge, freq;
    int8_t month, dom, wd;
    int16_t year, zone; /* zone: index + 1 into zones */
    uint32_t flags;
    int32_t day0, day1;    /* absolute days since 1970, half-open */
    int32_t t0, t1;        /* seconds of day0, and of day1 - 1; may exceed a day */
    int32_t value, value2; /* of words */
    int32_t months;
    int64_t seconds; /* durations */
    uint8_t byday, bymonth_count;
    int8_t nth, nth2;
    int16_t interval, count;
    int32_t until; /* day, 0: none */
    uint16_t bymonths;
    int8_t bymonthday;
};

struct item {
    struct meaning m;
    uint16_t start, end; /* tokens of the island */
    int16_t rule;        /* -1: a word */
    int16_t score;
    uint32_t next; /* of those that begin at the same token; 0: none */
    uint32_t kids[PATTERN_MAX];
    uint8_t kid_count;
};

struct reader;
typedef bool action_fn(const struct reader *reader, int argument, struct meaning *const *kids,
                       struct meaning *out);
struct rule {
    const char *name, *pattern;
    action_fn *action;
    int argument;
    int score;
};
struct rule_set {
    const struct rule *rules;
    size_t count;
};

struct word {
    const char *text; /* as people write it; folded when the index is built */
    enum category cat;
    int value, value2;
    uint32_t flags;
};
struct lexicon {
    const struct word *words;
    size_t count;
};
struct cue_word {
    const char *text;
    uint8_t cue; /* enum cue */
};
/* Words that the code asks for by what they are: classes.def. */
enum class {
#define CLASS(name) CLASS_##name,
#include "domain/timex/classes.def"
#undef CLASS
    CLASS_COUNT_,
};
struct part_hours {
    uint8_t part, column;
    int16_t from, to; /* minutes of the day */
};
enum habit {
#define HABIT(name) HABIT_##name,
#include "domain/timex/habits.def"
#undef HABIT
    HABIT_COUNT_,
};

/* A language is a folder: its words, rules, cues, the small words that tell it, what it does in
 * its own way. languages.c has a block for each. */
struct language_data {
    enum language language; /* UNKNOWN: what all share */
    struct lexicon lexicon;
    struct rule_set rules;
    const struct cue_word *cues;
    size_t cue_count;
    const struct word_class *classes; /* each class once */
    size_t class_count;
    const struct part_hours *parts;
    size_t part_count;
    uint32_t habits; /* bits 1 << enum habit */
};
enum { LANGUAGES = LANGUAGE_COUNT_ - 1 };
extern const struct language_data language_all, *const timex_languages[LANGUAGES];
unsigned every_language(void); /* bits 1 << enum language */
uint32_t language_habits(enum language language);

/* One reading of one text. */
struct reader {
    const struct timex_context *context;
    struct arena *arena;
    struct slice body;
    struct token_list tokens;
    unsigned languages;               /* bits 1 << enum language */
    uint32_t habits, some_habits;     /* of all of them; of any of them */
    int32_t today;                    /* day number of ref */
    int32_t now;                      /* second of the day of ref */
    struct meaning kids[PATTERN_MAX]; /* what the action of a rule is given: its own copies */
    struct item *items;               /* of the current island; [0] is unused */
    size_t item_count, item_capacity;
    uint32_t first[ISLAND_MAX + 1], last[ISLAND_MAX + 1]; /* by start */
    uint16_t per_start[ISLAND_MAX + 1];
    uint64_t cats_at[ISLAND_MAX + 1];
    uint64_t cats_from[ISLAND_MAX + 1]; /* at it and behind it */
    size_t island_start, island_end;
    uint32_t steps, items_made;
    bool limited; /* one of the bounds above was met */
    bool meals;   /* "déjeuner" alone is a time of day */
    bool explain; /* keep the explanation of each mention */
    struct timex_ignored_list *ignored; /* where to note what is no time; NULL: nobody asks */
};

extern struct word_classes timex_classes;
void classes_prepare(void);
static inline bool in_class(const struct token *token, enum class class)
{
    return word_classes_has(&timex_classes, token->row, class);
}

/* Whether all the languages that the text may be in do so. */
static inline bool habit(const struct reader *reader, enum habit habit)
{
    return (reader->habits & 1u << habit) != 0;
}

static inline bool some_habit(const struct reader *reader, enum habit habit)
{
    return (reader->some_habits & 1u << habit) != 0;
}

/* The language of the text, or NULL while it may be in several. */
const struct language_data *only_language(const struct reader *reader);
void reader_languages(struct reader *reader, unsigned languages);

/* What was found, before it takes its public form. */
struct mention {
    struct meaning m;
    uint32_t token_start, token_end;
    int16_t rule;
    struct timex_explanation *explanation; /* when asked for */
};
struct mention_found_list {
    struct mention *items;
    size_t count, capacity;
};

/* token.c */
void timex_tokenise(struct reader *reader);
/* fold.c */
size_t fold_code_point(uint32_t cp, char out[4]); /* 0: not a letter */
/* noise.c */
void timex_mark_noise(struct reader *reader);
bool noise_ranks(const struct token *token); /* "option", "slot": what ordinals count */
bool noise_counts(const struct token *token); /* "people", "pages": what numbers count */
/* lexicon.c */
void lexicon_prepare(void);
uint16_t lexicon_word(const char *folded, size_t length, uint32_t hash); /* for token.word */
/* Adds the words that begin at this token to the chart; true if there was one. */
bool lexicon_add(struct reader *reader, size_t token, size_t end);
bool lexicon_is(const struct reader *reader, const struct token *token, enum category cat);
/* The value of a word of that category that is a number or an ordinal by itself; else 0. */
int lexicon_value(const struct reader *reader, const struct token *token, enum category cat);
bool lexicon_knows(const struct reader *reader, const struct token *token);
/* shapes.c: numbers with signs, "14h30", "9/11/2026" */
void shapes_add(struct reader *reader, size_t token, size_t end);
/* chart.c */
uint32_t chart_add(struct reader *reader, const struct meaning *m, size_t start, size_t end,
                   int rule, int score);
void chart_read(struct reader *reader, size_t start, size_t end, struct mention_found_list *found);
/* Whether a reading may be an expression of the text. */
bool chart_reports(const struct reader *reader, const struct item *item);
const char *category_name(int category);
/* Whether it looks like something else where it stands. */
bool chart_mistakes(const struct reader *reader, const struct item *item,
                    enum timex_mistake *mistake);
void rules_prepare(void);
size_t rules_count(void);
const struct rule *rules_get(size_t index);
extern bool *rules_exercised; /* tests: one per rule, or NULL */
/* find.c */
enum status timex_mentions(struct slice body, const struct timex_context *context,
                           struct arena *arena, bool meals, struct reader *reader,
                           struct mention_found_list *found, struct timex_ignored_list *ignored,
                           struct problem *why);
/* describe.c: a meaning in words */
struct meaning_words {
    struct slice kind, value, resolved;
};
struct meaning_words describe(const struct reader *reader, const struct meaning *m);
/* explain.c */
struct timex_explanation *explain_item(const struct reader *reader, uint32_t chosen);
/* Of a mention that no chart gave: the rule is all there is. */
struct timex_explanation *explain_mention(const struct reader *reader,
                                          const struct mention *mention, const char *rule);
/* Adds what the island's readings of `count` tokens were taken for. */
void explain_mistakes(struct reader *reader, size_t count);
void explain_noise(struct reader *reader);
void explain_impossible(struct reader *reader, const struct mention *mention);
/* Its final form: what neighbours lent it, and what else its doubt leaves open. */
void explain_result(const struct reader *reader, const struct meaning *m, const struct timex *out);
/* wishes.c: what the message does with each that was found */
void timex_scope(struct reader *reader, struct mention_found_list *mentions,
                 struct timex_list *found);
/* algebra.c */
static inline struct meaning meaning_none(enum category cat)
{
    struct meaning m;
    memset(&m, 0, sizeof m); /* padding too: meanings are compared by their bytes */
    m.cat = (uint8_t)cat;
    m.wd = -1;
    m.t0 = m.t1 = -1;
    return m;
}
bool date_resolve(const struct reader *reader, struct meaning *m);
int unit_grain(int unit);
void days_of_unit(int unit, int32_t day, int count, struct meaning *out);
bool part_hours(const struct reader *reader, int part, int edge, int32_t *t0, int32_t *t1);
void duration_of(int unit, int64_t count_thousandths, struct meaning *out);
struct civil civil_of(int32_t day, int32_t second);
int32_t day_shift_months(int32_t day, int months);
bool holiday_day(int holiday, int year, int32_t *day, int32_t *day_end);
const char *zone_of(int index);
int zone_of_offset(int hours); /* "UTC+2": from -12 to 14 */
/* ellipsis.c: what lists leave out becomes mentions of their own */
void timex_fill(struct reader *reader, struct mention_found_list *found);
/* share.c */
void timex_share(const struct reader *reader, struct mention_found_list *found);
/* "I'm on Eastern time" is taken out, and its zone given to the hours that name none. */
void timex_take_zone(struct mention_found_list *found);
/* act_set.c */
struct slice set_rrule(const struct meaning *m, struct arena *arena);

#endif
