/* Input: the body of a form that anybody may post: contact, subscription, its end. What comes through is within its
 * limits and is JSON. */
#include <assert.h>

#include "roles/api/internal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_asked(json_t *question, size_t body_bytes)
{
    AUTO_JSON asked = question;
    AUTO_JSON again = NULL;
    AUTO_ARENA arena = arena_create((size_t)16 << 20);
    struct slice address = json_text(asked, "address"), act = json_text(asked, "act");
    assert(address.len <= 254 && address.len <= body_bytes && address.len == slice_trim(address).len);
    assert(json_text(asked, "text").len <= 8000);
    assert(address.len > 0 || slice_equal(act, LIT("stop")) || slice_equal(act, LIT("confirm")));
    assert(json_read(json_write(asked, arena), &again, NULL) == ST_OK && json_equal(asked, again));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static enum status (*const forms[])(struct request *, json_t **, struct problem *) = {
        ask_trust_contact, ask_trust_subscribe, ask_token_form};
    if (size > WEB_BODY_BYTES_MAX)
        return 0;
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        AUTO_ARENA arena = arena_create((size_t)16 << 20);
        struct request request = {.arena = arena, .body = buffer_create(WEB_BODY_BYTES_MAX), .values = {LIT("token")}};
        struct problem why = {0};
        json_t *question = NULL;
        buffer_add(&request.body, (struct slice){(const char *)data, size});
        enum status status = forms[i](&request, &question, &why);
        if (status == ST_OK)
            check_asked(question, size);
        else
            assert(question == NULL && why.detail[0] != '\0');
        buffer_destroy(&request.body);
    }
    return 0;
}
