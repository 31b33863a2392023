#ifndef RENDEZ_DOMAIN_INTENT_KNOWN_H
#define RENDEZ_DOMAIN_INTENT_KNOWN_H

#include "domain/timex/known.h"

/* The same of the phrases and classes here: "word+" stands for every word that begins so, and other signs part words
 * (struct phrase). */
void intent_each_known(known_text_fn *each, void *context);

#endif
