#ifndef RENDEZ_DOMAIN_TIMEX_CUES_H
#define RENDEZ_DOMAIN_TIMEX_CUES_H

#include "domain/timex/internal.h"

/* Words that say what a message does with the times it names. */
enum cue {
    CUE_NONE,
    CUE_NOT,         /* pas, not, sauf, never: what follows is ruled out */
    CUE_NOT_BACK,    /* impossible, is out: what came before is ruled out */
    CUE_EXCEPT,      /* sauf, except: ruled out of what came before */
    CUE_ABSENT,      /* en congés, out of office: what stands beside it is ruled out */
    CUE_BACK,        /* de retour, back: free from then on */
    CUE_FREE,        /* dispo, ok, works: allowed */
    CUE_PREFER,      /* plutôt, ideally: what follows is wished */
    CUE_PREFER_BACK, /* de préférence, would be best: what came before, or follows */
    CUE_AVOID,       /* rather not: allowed, but not wished */
    CUE_ELSE,        /* sinon, failing that */
    CUE_ALL,         /* n'importe quand, any day, tout me va */
    CUE_BUT,         /* mais, however */
    CUE_OR,          /* ou, or, et, and */
    CUE_WRONG,       /* pardon, scratch that: what came before is taken back */
    CUE_IF, /* a condition that only the writer decides, unless the words after it show otherwise */
    CUE_IF_DAY,   /* si c'est un, if it's a: for that weekday */
    CUE_PROVIDED, /* pourvu que ce soit, as long as it's: hours for all that was said */
    CUE_FILLER,   /* si besoin, if you like: no condition */
    CUE_NOISE,    /* facture, merci pour: the time after it means nothing */
    CUE_GREETING, /* bonne, have a great: likewise */
    CUE_REASON,   /* je récupère, that's our: a reason, not a wish */
    CUE_BEFORE,
    CUE_AFTER,   /* avant, après without their time */
    CUE_NEXTONE, /* celle d'après, the following one: the week after */
    CUE_THATWEEK,
    CUE_THATDAY,
    CUE_FIRST, /* la première: of those named */
    CUE_BOTH,
    CUE_ONLY,
    CUE_PAST,
    CUE_THAN,
    CUE_OTHERS,
    CUE_SIDES,
    CUE_NOTE,
    CUE_LAST_OF,
    CUE_RETURNED,
    CUE_ALLDAY,
    CUE_ENDS,
    CUE_REFUSE_BACK,
    CUE_IDIOM, /* "jour et nuit", "one of these days": no time in it */
    CUE_WORSE,
    CUE_RATHER,
    CUE_SO,   /* donc, so: what follows is told of other times */
    CUE_MOVE, /* décaler, reschedule: "from … to …" behind it names the old time, then the new */
    CUE_COUNT_,
};

void cues_prepare(void);
/* Takes from the charts what belongs to a cue. */
void cues_mark(struct reader *reader);
/* The cue whose phrase begins at the token, the longest; *end is the token behind it. */
/* `limit`: the token that the phrase may not reach. */
enum cue cue_at(const struct reader *reader, size_t token, size_t limit, size_t *end);

#endif
