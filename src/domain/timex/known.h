#ifndef RENDEZ_DOMAIN_TIMEX_KNOWN_H
#define RENDEZ_DOMAIN_TIMEX_KNOWN_H

/* Every word, or words with blanks between them, that any language's lexicon has: for who asks what it lacks. As people
 * write them, or folded; some more than once. */
typedef void known_text_fn(void *context, const char *text);
void timex_each_known(known_text_fn *each, void *context);

#endif
