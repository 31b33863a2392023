#ifndef RENDEZ_TESTS_WEB_ACCOUNT_H
#define RENDEZ_TESTS_WEB_ACCOUNT_H

#include "formats/json/json.h"
#include "roles/api/api.h"

/* One person's account, as authd would have it, so that the pages can be tried without the rest of
 * the service. It believes whatever a passkey says; the real one is tried by account.service.spec.ts. */
struct account_play {
    json_t *data; /* account.json */
    char session[64], passkey[256];
    unsigned sessions, made;
    bool password_right;
};

/* False: not one of its commands. `out`: a new reference. */
bool account_answer(struct account_play *play, const struct web_question *asked, const json_t *question,
                    json_t **out, struct web_answer *answer);

#endif
