/* Input: "form", newline, a body; "proxied", newline, what a proxy sends; "cookie", newline, such a header; or path, newline, header text. What comes out must
 * hold what the header promises. */
#include <assert.h>

#include "formats/http/http.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_form(struct slice body, struct arena *arena)
{
    struct http_form form;
    if (http_form_parse(body, arena, &form, NULL) != ST_OK)
        return;
    assert(form.count <= HTTP_FORM_FIELDS_MAX);
    for (size_t i = 0; i < form.count; i++) {
        struct slice value;
        assert(http_form_get(&form, form.items[i].name, &value));
        assert(utf8_bad_at(form.items[i].value) == SIZE_MAX);
        assert(form.items[i].name.len + form.items[i].value.len <= body.len);
        AUTO_BUFFER html = buffer_create(body.len * 6 + 1);
        html_add(&html, form.items[i].value);
        assert(!html.full && !slice_contains(buffer_slice(&html), LIT("<")));
    }
}

/* Every beginning of a good header wants more, and what follows one changes nothing. */
static void check_proxied(struct slice bytes)
{
    struct http_proxied whole, part;
    if (http_proxied_parse(bytes, &whole, NULL) != ST_OK)
        return;
    assert(whole.bytes <= bytes.len && whole.bytes <= HTTP_PROXIED_BYTES_MAX);
    assert(whole.family == 0 || whole.family == 4 || whole.family == 6);
    for (size_t len = 0; len < whole.bytes; len++)
        assert(http_proxied_parse(slice_sub(bytes, 0, len), &part, NULL) == ST_NOT_FOUND);
    assert(http_proxied_parse(slice_sub(bytes, 0, whole.bytes), &part, NULL) == ST_OK);
}

static void check_host(struct slice header)
{
    struct slice name;
    if (http_host(header, &name))
        assert(name.len > 0 && name.len <= header.len && !slice_contains(name, LIT("@")));
}

/* What is found is one pair of the header, and the only one of its name. */
static void check_cookie(struct slice header, struct arena *arena)
{
    struct slice name = slice_sub(header, 0, slice_find(header, LIT("="), 0)), value;
    if (http_cookie(header, name, &value, NULL) != ST_OK)
        return;
    struct slice pair = arena_format(arena, "%.*s=%.*s", SLICE_ARG(name), SLICE_ARG(value));
    assert(slice_starts(header, pair) && !slice_contains(value, LIT(";")));
    assert(header.len == pair.len || header.data[pair.len] == ';');
    struct slice twice = arena_format(arena, "%.*s; %.*s", SLICE_ARG(header), SLICE_ARG(pair));
    assert(http_cookie(twice, name, &value, NULL) != ST_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const patterns[] = {"/", "/r/{token}", "/a/{x}/b/{y}", "/s/{+rest}"};
    static const char *const languages[] = {"en", "fr", "de"};
    AUTO_ARENA arena = arena_create(1 << 22);
    struct slice rest = {(const char *)data, size}, first = SLICE_NONE;
    slice_next_line(&rest, &first);
    if (slice_equal(first, LIT("form"))) {
        check_form(rest, arena);
        return 0;
    }
    if (slice_equal(first, LIT("proxied"))) {
        check_proxied(rest);
        return 0;
    }
    if (slice_equal(first, LIT("cookie"))) {
        check_cookie(rest, arena);
        return 0;
    }
    check_host(first);
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
        struct slice values[HTTP_PATH_VALUES_MAX];
        if (http_path_match(patterns[i], first, values) && i > 0)
            assert(values[0].len > 0 && slice_contains(values[0], LIT("/")) <= (i == 3));
    }
    assert(http_language(rest, languages, 3) < 3);
    return 0;
}
