#include "platform/jose/internal.h"

enum { AUDIENCE_MAX = 16 };

static void add_text(const json_t *value, struct arena *arena, struct slice_list *out)
{
    if (json_is_string(value) && out->count < AUDIENCE_MAX)
        ARENA_PUSH(arena, out, arena_copy(arena, (struct slice){json_string_value(value), json_string_length(value)}));
}

enum status oidc_token_peek(struct slice token, struct arena *arena, struct slice *issuer,
                            struct slice_list *audience, struct problem *why)
{
    AUTO_JSON claims = NULL;
    struct slice bytes;
    size_t first = slice_find(token, LIT("."), 0);
    size_t second = first == SIZE_MAX ? SIZE_MAX : slice_find(token, LIT("."), first + 1);
    if (token.len > JOSE_TOKEN_BYTES_MAX)
        return problem_set(why, ST_LIMIT, "the token is longer than %d bytes", JOSE_TOKEN_BYTES_MAX);
    if (second == SIZE_MAX || base64url_decode(slice_sub(token, first + 1, second), arena, &bytes) != ST_OK ||
        json_read_unique(bytes, &claims, NULL) != ST_OK)
        return problem_set(why, ST_INVALID, "no signed token in the compact form");
    const json_t *list = json_object_get(claims, "aud");
    TRY(claim_text(claims, "iss", OIDC_URL_BYTES_MAX, arena, issuer, why));
    *audience = (struct slice_list){0};
    add_text(list, arena, audience);
    for (size_t i = 0; i < json_array_size(list); i++)
        add_text(json_array_get(list, i), arena, audience);
    return ST_OK;
}
