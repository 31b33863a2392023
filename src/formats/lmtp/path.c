#include "formats/lmtp/path.h"

#include <string.h>

/* A source route, "@a,@b:", is read over (RFC 5321 section 4.1.1.3). */
static size_t skip_route(struct slice text)
{
    if (text.len == 0 || text.data[0] != '@')
        return 0;
    size_t colon = slice_find(text, LIT(":"), 0);
    return colon == SIZE_MAX ? SIZE_MAX : colon + 1;
}

static bool is_bad_byte(unsigned char c)
{
    return c < ' ' || c == 0x7F;
}

/* Length of the local part: a quoted string, or everything before the last "@". */
static size_t local_length(struct slice text)
{
    if (text.len == 0 || text.data[0] != '"') {
        size_t at = SIZE_MAX;
        for (size_t i = 0; i < text.len; i++)
            if (text.data[i] == '@')
                at = i;
        return at;
    }
    for (size_t i = 1; i < text.len; i++) {
        if (text.data[i] == '\\')
            i++;
        else if (text.data[i] == '"')
            return i + 1;
    }
    return SIZE_MAX;
}

static bool is_plain_local(struct slice local)
{
    for (size_t i = 0; i < local.len; i++)
        if (local.data[i] == '\0' || strchr(" <>()[],;:\\\"@", local.data[i]) != NULL)
            return false;
    return local.len > 0;
}

static bool is_domain(struct slice domain)
{
    if (domain.len > 2 && domain.data[0] == '[')
        return domain.data[domain.len - 1] == ']';
    for (size_t i = 0; i < domain.len; i++) {
        unsigned char c = (unsigned char)domain.data[i];
        bool dot = c == '.' && i > 0 && i + 1 < domain.len && domain.data[i - 1] != '.';
        if (!ascii_is_alpha((char)c) && !ascii_is_digit((char)c) && c != '-' && c != '_' &&
            c < 0x80 && !dot)
            return false;
    }
    return domain.len > 0;
}

/* Where the path's closing bracket is; a quoted local part may hold one. */
static size_t find_end(struct slice text)
{
    bool quoted = false;
    for (size_t i = 1; i < text.len; i++) {
        char c = text.data[i];
        if (quoted && c == '\\')
            i++;
        else if (c == '"')
            quoted = !quoted;
        else if (c == '>' && !quoted)
            return i;
    }
    return SIZE_MAX;
}

bool path_parse(struct slice text, struct slice *address, struct slice *rest)
{
    size_t end = find_end(text);
    if (text.len == 0 || text.data[0] != '<' || end == SIZE_MAX || end > LMTP_PATH_BYTES_MAX)
        return false;
    struct slice path = slice_sub(text, 1, end);
    for (size_t i = 0; i < path.len; i++)
        if (is_bad_byte((unsigned char)path.data[i]))
            return false;
    if (utf8_bad_at(path) != SIZE_MAX)
        return false;
    size_t route = skip_route(path);
    if (route == SIZE_MAX)
        return false;
    path = slice_sub(path, route, path.len);
    if (path.len > 0) {
        size_t local = local_length(path);
        if (local == SIZE_MAX || local >= path.len || path.data[local] != '@' ||
            !is_domain(slice_sub(path, local + 1, path.len)))
            return false;
        if (path.data[0] != '"' && !is_plain_local(slice_sub(path, 0, local)))
            return false;
    }
    *address = path;
    *rest = slice_sub(text, end + 1, text.len);
    return true;
}

bool path_is_ascii(struct slice address)
{
    for (size_t i = 0; i < address.len; i++)
        if ((unsigned char)address.data[i] >= 0x80)
            return false;
    return true;
}
