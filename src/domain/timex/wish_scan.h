#ifndef RENDEZ_DOMAIN_TIMEX_WISH_SCAN_H
#define RENDEZ_DOMAIN_TIMEX_WISH_SCAN_H

#include "domain/timex/wish.h"

/* The walk over the words of a message (wish_scan.c) and what each cue does to it (wish_cue.c),
 * to what was said before it (wish_back.c) and to the sentence (wish_sentence.c). */

struct scan {
    struct wish_reader *w;
    const struct mention_found_list *mentions;
    unsigned sentence, clause;
    size_t sentence_first; /* note */
    size_t contrast_first; /* note: since the last "mais", verdict or sentence */
    size_t clause_first;
    bool excluding, wishing, avoiding, absent, coming_back, fallback;
    bool noise, reason, condition, condition_day, ending, starting, sides;
    bool forgiven;    /* a comma stands, and no word has come since */
    bool only_joints; /* nothing but "ou", "et", commas since the last note */
    bool only_or;
    bool joints_before; /* only_joints, before the cue at hand */
    bool else_said;
    bool any_said;
    bool pending_not_back; /* a verdict without anything before it in the sentence */
    bool than;
    size_t else_first;
    size_t heirs_from, heirs_to; /* notes taken back last */
    bool excused;                /* taken back with no more than an excuse: "pardon" */
    bool before_or;              /* "avant ou après le déjeuner" */
    bool free_wish;              /* a wish that found nothing before it */
    int target;                  /* the note that "la première" means, or -1 */
    bool if_used, greeting, corrected;
    uint32_t greeting_at;
    size_t day_condition;
    bool has_day_condition;
    size_t first_token;       /* of the sentence */
    bool engaged, friendly;   /* what the writer does is told; the sentence says that it suits */
    size_t engaged_from, engaged_to; /* days before its comma, unless it names its own */
    struct wish_cue engaged_by;
    size_t bracket_end;       /* of one with times in it */
    struct wish_cue later;    /* "the week after", of one that is still to come */
    size_t not_end;           /* behind the last "not" */
    size_t paper_end;         /* behind a thing that only a date of its own belongs to; 0: none */
    size_t next;              /* mention */
    size_t part_first;        /* note: of the statement, see wish_statement */
    size_t part_from;         /* token */
    size_t wish_part;         /* part_from + 1 of the statement that prefers something; 0: none */
    size_t wish_over;         /* note: the first behind its comma */
    size_t at;                /* token at hand */
    size_t part_token;        /* its first word that says something, SIZE_MAX if none */
    bool part_subject, part_welcome;
    bool part_liked;          /* welcomed by a cue, not only by a word */
    bool told_before;         /* the statement before it, of the same sentence, told */
    bool others;              /* "les autres jours", until their verdict */
    size_t refused_from, refused_end; /* notes and words of the last refusal */
    size_t topic_end;         /* behind a noun that is only what it is about */
    size_t any_end;           /* behind the last "any time", "tout ce qui est"; 0: none */
    size_t beyond;            /* note + 1: "after that" without its verdict; 0: none */
};

/* One cue of the text: the tokens [token, end). */
struct hit {
    enum cue cue;
    size_t token, end;
};

/* wish_sentence.c */
struct note *scan_last_note(struct scan *s);
void scan_note_add(struct scan *s, const struct note *note);
uint32_t scan_state(const struct scan *s); /* for the trace: what holds now */
void scan_set_engaged(const struct scan *s, struct note *n);
void scan_contrast(struct scan *s);
void scan_end_sentence(struct scan *s, size_t token);
void scan_close(struct scan *s); /* behind the last sentence */

/* wish_tell.c */
void scan_statement_word(struct scan *s, size_t token);
bool scan_told_apart(struct scan *s);
void scan_end_clause(struct scan *s);
void scan_end_statement(struct scan *s);

/* wish_back.c */
bool scan_has_single_days(const struct wish_reader *w, size_t first); /* among the notes from `first` */
void scan_allow_beyond(struct scan *s);
bool scan_day_follows(const struct scan *s, size_t token);
void scan_refuse_given(struct scan *s, size_t first);
void scan_refuse_back(struct scan *s, const struct hit *hit, bool forward); /* or else what follows */
void scan_clear_last(struct scan *s, const struct hit *hit);
void scan_wish_back(struct scan *s, bool avoid);
void scan_take_back(struct scan *s);
void scan_otherwise(struct scan *s);
void scan_add_beyond(struct scan *s, bool before, size_t token);
/* False: no week was named. */
bool scan_add_week(struct scan *s, int32_t shift_days, size_t token, size_t end);
void scan_add_day_again(struct scan *s, size_t token, size_t end);

/* wish_cue.c: what the words [token, end) do */
void scan_cue(struct scan *s, enum cue cue, size_t token, size_t end);

/* wish_sense.c: whether words mean what they may mean */
bool sense_absent(const struct scan *s, const struct hit *hit);
bool sense_except(const struct scan *s, const struct hit *hit);
bool sense_negates_refusal(const struct scan *s, const struct hit *hit);
bool sense_adverse(const struct scan *s, size_t token);
bool sense_excepts(const struct scan *s, const struct hit *hit);
bool sense_avoids_thing(const struct scan *s, const struct hit *hit);
bool sense_other_object(const struct scan *s, size_t sign);
bool sense_is_paper(const struct scan *s, const struct hit *hit);
bool sense_dates_paper(const struct scan *s, const struct note *n);
bool sense_refuses(const struct scan *s, const struct hit *hit);
bool sense_back(const struct scan *s, const struct hit *hit);
bool sense_corrects(const struct scan *s, const struct hit *hit);
bool sense_none_free(const struct scan *s, const struct hit *hit);
bool sense_delays(const struct scan *s, size_t token);
bool sense_of_event(const struct scan *s, const struct mention *mention);

#endif
