#ifndef RENDEZ_DOMAIN_INTENT_INTERNAL_H
#define RENDEZ_DOMAIN_INTENT_INTERNAL_H

#include <string.h>

#include "base/bytes/wordclass.h"
#include "domain/intent/intent.h"

/* How a text is taken apart: folded words, sentences and clauses, then the phrases of
 * the lexicons found in it (cues). The readers (offers.c, people.c, place.c, times.c)
 * look at cues, and read.c decides. */

enum { TOKEN_ATOMS_MAX = 6 };

enum token_kind {
    TOKEN_WORD,
    TOKEN_NUMBER, /* digits only */
    TOKEN_MAIL,
    TOKEN_URL,
    TOKEN_PHONE,
    TOKEN_PUNCT,
};

struct token {
    uint32_t offset, length;     /* bytes of the body */
    struct slice word;           /* folded: lower case, no accents */
    uint32_t hash;               /* of it: word_hash */
    enum token_kind kind;
    uint16_t row;                /* of the word in intent_classes, see in_class */
    uint16_t sentence, clause;   /* index */
    uint16_t timex;              /* index + 1 of the time expression it is part of */
    uint16_t atoms[TOKEN_ATOMS_MAX];
    uint8_t atom_count;
    bool capital;                /* begins with an upper-case letter */
    bool upper;                  /* all upper case */
    bool masked;                 /* not to be read: an order of a stranger, a footer */
    bool idle;                   /* part of a set phrase that says nothing ("no problem") */
};

struct span { uint32_t first, end; }; /* tokens, half-open */

struct sentence {
    struct span tokens;
    uint16_t paragraph;
    bool question;
};
struct clause {
    struct span tokens;
    uint16_t sentence;
    bool contrast; /* opened by "mais", "but", "par contre": says otherwise than before */
};

/* What a phrase of the lexicon means. Within a group the longest phrase wins. */
enum cue {
    CUE_IDLE,         /* says nothing; whatever is inside does not count */
    /* judgements on a time or an offer */
    CUE_ACCEPT,
    CUE_REFUSE,
    CUE_NONE,         /* none of the offers */
    CUE_ANY,          /* any of the offers */
    CUE_BOTH,         /* all offers that are spoken of */
    CUE_ONLY,         /* only that one */
    CUE_BUSY,         /* the writer is taken then */
    CUE_FREE,         /* the writer is free then */
    CUE_PREFER,
    CUE_FALLBACK,     /* "à la rigueur", "failing that": only if nothing else can be */
    /* acts */
    CUE_REQUEST,      /* an order or wish to find a time */
    CUE_OFFER_PROMISE,/* "Camille will send you times" */
    CUE_WISH_TO_MEET, /* "j'aimerais vous présenter", "let's have"; asks with a kind */
    CUE_INVITE,       /* send the invitation */
    CUE_AGREED,       /* settled with the guests */
    CUE_DECLINE,
    CUE_CANCEL,
    CUE_RESCHEDULE,
    CUE_MISHAP,       /* "un imprévu": why it must move, not when */
    CUE_LATE,
    CUE_CHANGE,
    CUE_KEEP,         /* the time stays */
    CUE_ADD,
    CUE_REMOVE,
    CUE_WITHOUT,      /* "sans", "without": the meeting goes on without somebody */
    CUE_OPTIONAL,
    CUE_REQUIRED,
    CUE_DELEGATE,
    CUE_THANKS,
    CUE_HOLD,         /* "je reviens vers vous demain": the answer comes later */
    CUE_ASKING,       /* a question for the organizer */
    CUE_CORRECTION,   /* "pardon", "my mistake" */
    CUE_RETRACT,      /* "ah no, wait": what was said before it does not hold */
    /* tone */
    CUE_HEDGE,
    CUE_CONDITION,
    CUE_THREAT,
    CUE_COMPLAINT,
    CUE_INJECTION,
    CUE_PROBE,        /* asks for what the assistant may not tell */
    CUE_OFFTOPIC,     /* an order that has nothing to do with meetings */
    /* kinds, in the order of enum meeting_kind */
    CUE_KIND_CALL,
    CUE_KIND_VIDEO,
    CUE_KIND_MEETING,
    CUE_KIND_LUNCH,
    CUE_KIND_BREAKFAST,
    CUE_KIND_COFFEE,
    CUE_KIND_DRINKS,
    CUE_KIND_DINNER,
    CUE_WEAK_CALL,    /* a verb that only hints: "ring", "appelez-moi" */
    CUE_WEAK_MEETING, /* "se voir" */
    CUE_SLOT,         /* "a slot", "un moment": a meeting of no kind */
    CUE_TALK,         /* "en parler": a meeting of no kind, if asked for */
    CUE_RECURRING,
    /* places */
    CUE_PLACE_OURS,
    CUE_PLACE_YOURS,
    CUE_YOUR_PHONE,   /* "sur votre portable": the number is in the quote */
    CUE_CALL_ME,      /* a number follows */
    CUE_PLACE_LABEL,
    CUE_STREET,
    CUE_SUBJECT,      /* "Sujet :" */
    /* times */
    CUE_THEIR_WINDOW, /* "dans sa fourchette", "along the lines below" */
    CUE_NOT_DURATION, /* minutes that are no duration of a meeting */
    CUE_WELL_WISHES,  /* "bon week-end": no wish of time */
    CUE_PAST,         /* narration: the time said is behind us */
    CUE_DEADLINE,     /* something else is due then */
    CUE_URGENT,       /* "asap": soon, but not against the days that are named */
    CUE_THIRD,        /* a clause about somebody else's day */
    CUE_COUNT_,
};

struct cue_hit {
    enum cue cue;
    struct span tokens;
    uint16_t sentence, clause;
    bool negated;
};
struct cue_hit_list {
    struct cue_hit *items;
    size_t count, capacity;
};

/* Which cues there are. */
struct cue_set {
    uint64_t bits[2];
};
_Static_assert(CUE_COUNT_ <= 128, "a set of cues is 128 bits");

struct text {
    struct slice body;  /* ends where reading did */
    struct slice said;  /* the body as times are looked for in it: as long, but lengths of
                           meetings, names like "Sam" and line ends inside sentences are spaces */
    struct token *tokens;
    uint32_t token_count;
    struct sentence *sentences;
    uint32_t sentence_count;
    struct clause *clauses;
    uint32_t clause_count;
    struct cue_hit_list cues; /* in order of their first tokens */
    bool shifts_days;   /* "by two days", "a day later": day_shift_at holds somewhere */
    struct cue_set cues_here, *cues_in_sentence, *cues_in_clause;
    struct timex_list timexes;
    bool limited; /* a bound of intent.h was met: not all of it was read */
};

/* One phrase of a lexicon. Words separated by spaces; each is
 *   word        that word, folded as the text is ("l'été" is "l" "ete")
 *   word+       every word that begins so
 *   a|b|c       one of them
 *   ?a|b        may be missing
 *   ..          up to four words; ... up to eight
 *   ^  $        begin and end of the sentence (behind a name that is addressed)
 *   {n} {mail} {phone} {url} {time} {name}   a number, an address, …, a whole time
 *               expression, a name of one or more words */
struct phrase {
    uint8_t cue;
    const char *pattern;
};
struct phrase_table {
    const struct phrase *items;
    size_t count;
};
/* A language is a folder: its phrases by theme, and the words of each class. */
struct intent_language {
    const struct phrase_table *phrases;
    const struct word_class *classes; /* each class once */
    size_t class_count;
};
enum { INTENT_LANGUAGES = 2 };
extern const struct intent_language intent_fr, intent_en;
extern const struct intent_language *const intent_languages[INTENT_LANGUAGES];

/* Words that a file asks for by what they are (classes.def). */
enum class {
    CLASS_NONE,
#define CLASS(name) CLASS_##name,
#include "domain/intent/classes.def"
#undef CLASS
    CLASS_COUNT_,
};
/* languages.c */
extern struct word_classes intent_classes;
void intent_classes_prepare(void); /* before the first text */

/* words.c */
/* UNKNOWN: words of any language are looked for that miss their apostrophe. */
void text_take_apart(struct slice body, enum language language, struct arena *arena,
                     struct text *out);
void text_attach_timexes(struct text *text, const struct timex_list *timexes);
struct slice text_of_span(const struct text *text, struct span tokens);
/* The tokens within a time expression; those that were taken from it since have another `timex`. */
struct span text_timex_tokens(const struct text *text, size_t timex);
struct slice word_fold(struct slice s, struct arena *arena); /* words joined by one space */

/* cues.c */
void cues_find(struct text *text, struct arena *arena);
/* After cues were taken out of the list. */
void cues_index(struct text *text);
const struct cue_hit *cue_first(const struct text *text, enum cue cue);
size_t cue_count(const struct text *text, enum cue cue);
/* The first of those that begin at `token` or behind it, as an index. */
size_t cue_from(const struct text *text, uint32_t token);
bool cue_in_sentence(const struct text *text, enum cue cue, uint32_t sentence);
bool cue_in_clause(const struct text *text, enum cue cue, uint32_t clause);
const char *cue_name(enum cue cue);

/* duration.c: lengths of meetings, in order; timex knows them too, but not always. */
void durations_find(const struct text *text, struct arena *arena, struct timex_list *out);
/* Minutes by which something is to move, "an hour later", "d'une heure"; earlier is
 * negative, 0 if nothing is said of it. */
int32_t shift_read(const struct text *text);
/* Minutes by which a meeting gets longer, "une demi-heure de plus", "stretch it by an hour";
 * shorter is negative, 0 if nothing is said of it. */
int32_t length_change(const struct text *text);
uint32_t day_shift_at(const struct text *text, uint32_t at, int32_t *days);
/* A shift by whole days keeps the hour on the clock. */
struct instant time_shift(struct instant start, int32_t far, const struct zone *zone);

/* people.c */
/* A name at a token: "Marc Olivier", "Mme Roche"; empty span when there is none. */
struct span name_at(const struct text *text, uint32_t at);

/* How good the rule is that found the act. */
enum rule_strength { RULE_GOOD, RULE_FAIR, RULE_LOW };

/* Wishes that were read of a text: the acts ask for the same again. */
struct wishes_read {
    struct slice words;
    struct civil ref;
    const struct zone *zone;
    uint32_t horizon_days;
    bool request;
    struct wishes wishes;
};
struct wishes_read_list {
    struct wishes_read *items;
    size_t count, capacity;
};

/* Everything that a reader needs; built once per mail. */
struct view {
    const struct mail *mail;
    const struct intent_context *context;
    struct arena *arena;
    struct text text;                 /* of new_text */
    const struct mail_quote *quoted;  /* the newest quote that is not the writer's, or NULL */
    struct text quote;                /* of it: ask view_quote, most mails need it not */
    bool quote_found;
    const struct zone *writer_zone, *offer_zone, *organizer_zone;
    const struct zone *reader_zone;   /* "your time" */
    struct civil ref;                 /* writer's local time of writing */
    struct mailbox_list others;       /* To and Cc without the writer and the assistant */
    bool limited;                     /* something that counts was not read whole */
    enum rule_strength strength;      /* of the rule that decided */
    bool counts_same;                 /* "the same week": that of the settled day */
    bool counts_week;                 /* "the week after": from the settled or offered one */
    bool counts_back, counts_on;      /* "la veille", "the day after": from the settled day, or
                                         the sole offer */
    struct timex_list as_said;        /* in a series: the times before "Thursdays at 2" became the
                                         next one (series_as_days) */
    int leaves_min;                   /* minute of the day at which the writer has to leave; 0: not said */
    struct wishes_read_list wishes;   /* what was read of wishes already */
    struct reading *out;
};

/* view.c */
void text_mask_asides(struct text *text);
/* "My Tuesday visit is off, so Tuesday works": what a guest was freed of is no matter of ours. */
void view_mask_freed(struct view *view);
/* wish_words.c: the text, as long, in which wishes are looked for; `request`: of who asks, not of an answer */
struct slice wish_words(struct view *view, const struct text *text, struct span part, bool request);
const struct zone *zone_said(const struct timex *timex, const struct view *view,
                             const struct zone *fallback); /* times.c */
/* signature.c */
void view_mask_signature(struct view *view);
void text_drop_masked_cues(struct text *text); /* view.c */
/* weeks.c: true when dates were written over words, so that times are to be looked for again. */
bool weeks_count_on(struct view *view);
void view_make(struct view *view, const struct mail *mail, const struct intent_context *context,
               struct arena *arena, struct reading *out);
/* The quote taken apart; only where there is one. */
struct text *view_quote(struct view *view);
/* Takes orders to the assistant out of the text; sets `suspicious`. */
void view_mask_orders(struct view *view);

/* explain.c: fills what the reading tells of its reasons. */
void explain_reading(struct view *view);

/* offers.c: which offers are accepted and refused; true when any was spoken of. */
struct verdict {
    struct number_list accepted, refused;
    bool any, none, named_time, contradiction, conditional, vague_accept, vague_refuse;
    bool unmatched;         /* a time was said that is not among the offers */
    bool moved;             /* to the week of the offers: "vendredi 16h30" */
    bool offered;           /* and it was said to suit */
    struct interval_list starts; /* those times */
};
void offers_read(struct view *view, struct verdict *out);

/* people.c */
void people_read_request(struct view *view, struct span part, struct mention_list *out);
void people_read_change(struct view *view, struct mention_list *out);
void people_read_delegate(struct view *view, struct mention_list *out);
/* Of the mail address or the name that stands at a token, if it can be told; else empty. */
struct slice people_address_at(struct view *view, uint32_t at);
void people_read_informed(struct view *view, struct mention_list *out);

/* place.c */
enum meeting_kind kind_read(const struct text *text, struct span part);
/* Of what the thread's meeting is not already, where it is one of kind `known`. */
enum meeting_kind kind_read_other(const struct text *text, enum meeting_kind known);
bool kind_is_known(const struct text *text, const struct cue_hit *hit);
enum meeting_kind kind_read_weak(const struct text *text, struct span part);
uint32_t duration_read(const struct text *text, struct span part);
/* Another length than the `known` one, if any is said. */
uint32_t duration_read_other(const struct text *text, struct span part, uint32_t known);
void place_read(struct view *view, struct span part, struct meeting_request *out);
struct slice subject_read(const struct text *text, struct span part);

/* times.c */
void times_read(struct view *view, struct span part, bool request, struct said_times *out);
/* What the whole text allows and rules out of the days that were offered. */
void times_allow_offers(struct view *view, struct said_times *out);
/* Adds the guest's window of the quote. */
void times_merge_quote(struct view *view, struct said_times *out);
/* The exact start that the quote names, if it names just one. */
bool times_of_quote(struct view *view, struct interval_list *starts);
struct interval timex_interval(const struct timex *timex, const struct view *view,
                               const struct zone *fallback);
bool timex_is_start(const struct timex *timex);
/* "Any time between 2 and 4" for half an hour: when it may be, not when it is. */
bool timex_is_window(const struct timex *timex, const struct view *view);
/* "a week later", "la semaine d'après": a week counted from another one. */
bool week_after_at(const struct text *text, uint32_t at);
bool times_include(const struct said_times *times, struct instant at);

/* confidence.c */
enum evidence_sign {
#define EVIDENCE(name, prior, weight) EVIDENCE_##name,
#include "domain/intent/confidence.def"
#undef EVIDENCE
    EVIDENCE_COUNT_,
};
struct evidence {
    uint8_t amounts[EVIDENCE_COUNT_]; /* units of each sign */
};
const char *evidence_name(enum evidence_sign sign);
void evidence_collect(const struct view *view, enum rule_strength strength, struct evidence *out);
/* 0 to 1000: of the readings that get 900, nine in ten are right. */
uint32_t evidence_weigh(const struct evidence *evidence);

/* read.c: intent_read, and what its confidence was weighed from. */
MUST_USE enum status intent_read_evidence(const struct mail *mail,
                                          const struct intent_context *context,
                                          struct arena *arena, struct reading *out,
                                          struct evidence *evidence, struct problem *why);

/* tongue.c: in which language a client wants whom written to. */
void languages_read(struct view *view, struct language_wish_list *out);

/* request.c */
bool request_points_back(const struct text *text);
bool request_wanted(struct view *view, uint32_t *score);
void request_read(struct view *view);

static inline bool in_class(const struct text *text, uint32_t at, enum class class)
{
    return at < text->token_count && text->tokens[at].kind != TOKEN_PUNCT &&
           word_classes_has(&intent_classes, text->tokens[at].row, class);
}
/* Of words of no language: which word of "a b c" it is, from 1 on; 0 if none. The list is a constant of the program, see
 * base/bytes/wordlist.h. */
static inline uint32_t word_place(const struct text *text, uint32_t at, const char *folded_words)
{
    if (at >= text->token_count || text->tokens[at].kind == TOKEN_PUNCT)
        return 0;
    return wordlist_place(folded_words, text->tokens[at].word, text->tokens[at].hash);
}
static inline bool word_in(const struct text *text, uint32_t at, const char *folded_words)
{
    return word_place(text, at, folded_words) != 0;
}
static inline bool word_is(const struct text *text, uint32_t at, const char *folded)
{
    if (at >= text->token_count)
        return false;
    const struct token *token = &text->tokens[at];
    const size_t len = strlen(folded); /* mostly of a constant, so known to the compiler */
    return token->word.len == len && memcmp(token->word.data, folded, len) == 0 &&
           token->kind != TOKEN_PUNCT;
}
static inline struct span text_all(const struct text *text)
{
    return (struct span){0, text->token_count};
}
static inline bool span_has(struct span span, uint32_t token)
{
    return token >= span.first && token < span.end;
}
void span_note(struct view *view, struct span tokens); /* remembers what led to the reading */
void numbers_add(struct arena *arena, struct number_list *list, uint32_t number);
bool numbers_have(const struct number_list *list, uint32_t number);

#endif
