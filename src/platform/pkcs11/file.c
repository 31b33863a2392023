#include "platform/pkcs11/pkcs11.h"

enum { FILE_BYTES_MAX = 1024 };

struct slice token_file_format(const struct token_file *file, struct arena *arena)
{
    AUTO_BUFFER text = buffer_create(FILE_BYTES_MAX);
    buffer_add_text(&text, "rendez-root-token 1\nkey ");
    hex_encode(file->id, &text);
    buffer_add_text(&text, "\nsealed ");
    hex_encode(file->sealed, &text);
    buffer_add_char(&text, '\n');
    return arena_copy(arena, buffer_slice(&text));
}

static bool take_hex(struct slice *rest, struct slice name, size_t len, struct arena *arena,
                     struct slice *out)
{
    struct slice line;
    return slice_next_line(rest, &line) && slice_starts(line, name) &&
           line.len == name.len + 2 * len &&
           hex_decode(slice_sub(line, name.len, line.len), arena, out) == ST_OK;
}

enum status token_file_parse(struct slice text, struct arena *arena, struct token_file *out,
                             struct problem *why)
{
    struct token_file file;
    struct slice line, rest = text;
    bool good = text.len <= FILE_BYTES_MAX && slice_next_line(&rest, &line) &&
                slice_equal(line, LIT("rendez-root-token 1")) &&
                take_hex(&rest, LIT("key "), TOKEN_KEY_ID_BYTES, arena, &file.id) &&
                take_hex(&rest, LIT("sealed "), TOKEN_SEALED_BYTES, arena, &file.sealed) &&
                rest.len == 0;
    if (!good)
        return problem_set(why, ST_INVALID, "this is no root token file of version 1");
    *out = file;
    return ST_OK;
}
