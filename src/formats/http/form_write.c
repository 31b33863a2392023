/* Apart from form.c: who writes forms need not read any. */
#include "formats/http/http.h"

static void add_escaped(struct buffer *out, struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.data[i];
        if (ascii_is_alpha(c) || ascii_is_digit(c) || memchr("-._~", c, 4) != NULL)
            buffer_add_char(out, c);
        else
            buffer_add_format(out, "%%%02X", (unsigned)(unsigned char)c);
    }
}

void http_form_add(struct buffer *out, const char *name, struct slice value)
{
    if (out->len > 0 && out->data[out->len - 1] != '?')
        buffer_add_char(out, '&');
    add_escaped(out, slice_from(name));
    buffer_add_char(out, '=');
    add_escaped(out, value);
}

struct slice http_form_escape(struct slice text, struct arena *arena)
{
    AUTO_BUFFER out = buffer_create(text.len * 3 + 1);
    add_escaped(&out, text);
    return arena_copy(arena, buffer_slice(&out));
}
