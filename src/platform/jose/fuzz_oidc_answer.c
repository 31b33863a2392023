/* Input: what a token endpoint answered, with 200 and with 400. */
#include <assert.h>

#include "platform/jose/oidc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_ARENA arena = arena_create((size_t)4 << 20);
    struct slice body = {(const char *)data, size};
    struct oidc_tokens tokens;
    if (oidc_answer_parse(200, body, arena, &tokens, NULL) == ST_OK)
        assert(tokens.id_token.len > 0 && tokens.id_token.len <= JOSE_TOKEN_BYTES_MAX &&
               tokens.access_token.len <= JOSE_TOKEN_BYTES_MAX);
    assert(oidc_answer_parse(400, body, arena, &tokens, NULL) != ST_OK);
    return 0;
}
