#ifndef RENDEZ_ROLES_AUTHD_TEST_KEYS_H
#define RENDEZ_ROLES_AUTHD_TEST_KEYS_H

#include "lib/authenticator.h"
#include "roles/authd/passkeys.h"
#include "test_house.h"

/* Passkeys of a test's people, in memory in place of a device. */
#define RIGHT NULL /* struct authenticator_ways: as it should be */

/* A passkey of this service. */
static inline struct authenticator new_key(const struct member *member)
{
    struct authenticator key;
    authenticator_create(&key, WEBAUTHN_ES256, "rendez.example", "https://rendez.example");
    key.user = member->id;
    return key;
}

/* The challenge in the options of the last answer. */
static inline struct slice challenge_of(struct house *house)
{
    AUTO_JSON root = NULL;
    struct slice challenge = SLICE_NONE;
    CHECK_OK(json_read(house->answer.json, &root, NULL));
    CHECK_OK(base64url_decode(json_text(json_object_get(root, "public_key"), "challenge"),
                              house->arena, &challenge));
    return challenge;
}

static inline struct slice posted(struct house *house, json_t *credential)
{
    AUTO_JSON text = credential;
    return json_write(text, house->arena);
}

static inline enum status add_key(struct house *house, struct authenticator *key,
                           const struct authenticator_ways *ways, const char *name)
{
    struct webauthn_registration sent;
    CHECK_OK(ASK(house, "factor.passkey.start", "{}"));
    struct slice flow = house_text(house, "flow");
    authenticator_register(key, challenge_of(house), ways, house->arena, &sent);
    return ASK(house, "factor.passkey.add", "{'flow': '%.*s', 'name': '%s', 'credential': %.*s}",
               SLICE_ARG(flow), name, SLICE_ARG(posted(house, authenticator_post_registration(&sent))));
}

#endif
