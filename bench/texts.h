/* Texts of corpora (JSON lines with text, lang and ref), held in memory for the benches. */
#ifndef RENDEZ_BENCH_TEXTS_H
#define RENDEZ_BENCH_TEXTS_H

#include "domain/intent/intent.h"

struct text {
    struct slice text;
    struct timex_context context; /* language, reference and order of numbers as the line says */
    bool request;                 /* "role": "request" */
};
struct text_list {
    struct text *items;
    size_t count, capacity;
};

/* Ends the process where a file is no corpus. */
void texts_load(int count, char **paths, struct arena *arena, struct text_list *out);

/* A conversation in a state, with three offers from the second day after `ref` on. */
struct intent_context texts_conversation(struct civil ref, enum thread_state state, bool client,
                                         struct arena *arena);
int texts_by_number(const void *a, const void *b); /* doubles, for qsort */

#endif
