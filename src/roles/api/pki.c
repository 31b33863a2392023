/* Lists of revoked certificates and the certificates of authorities, for whoever checks one of ours
 * (RFC 2585). authd has them; what the client has already is not sent again. */
#include "roles/api/internal.h"

enum { NAME_CHARS_MAX = 64, TAGS_CHARS_MAX = 1000, VERSION_CHARS_MAX = 64 };

/* A list may be another one the moment after; a certificate of that name never. */
static const struct kind {
    const char *ending, *type, *cache;
} kinds[] = {
    {".crl", "application/pkix-crl", "no-cache"},
    {".cer", "application/pkix-cert", "public, max-age=86400"},
};

static bool is_word(struct slice text, size_t chars_max)
{
    for (size_t i = 0; i < text.len; i++)
        if (!ascii_is_alpha(text.data[i]) && !ascii_is_digit(text.data[i]) &&
            text.data[i] != '_' && text.data[i] != '-')
            return false;
    return text.len > 0 && text.len <= chars_max;
}

static const struct kind *find_kind(struct slice file)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (slice_ends(file, slice_from(kinds[i].ending)))
            return &kinds[i];
    return NULL;
}

/* Entity tags are visible ASCII; what is none knows nothing of ours. */
static struct slice known_tags(const struct request *request)
{
    struct slice tags = slice_trim(request_header(request, "If-None-Match"));
    for (size_t i = 0; i < tags.len; i++)
        if (tags.data[i] < ' ' || tags.data[i] > '~')
            return SLICE_NONE;
    return tags.len <= TAGS_CHARS_MAX ? tags : SLICE_NONE;
}

enum status ask_pki(struct request *request, json_t **question, struct problem *why)
{
    struct slice file = request->values[0];
    const struct kind *kind = find_kind(file);
    struct slice name = kind == NULL ? SLICE_NONE : slice_sub(file, 0, file.len - strlen(kind->ending));
    if (!is_word(name, NAME_CHARS_MAX))
        return problem_set(why, ST_NOT_FOUND, "there is no such list or certificate");
    *question = json_object();
    json_object_set_new(*question, "name", json_from_text(name));
    json_object_set_new(*question, "kind", json_string(kind->ending + 1));
    json_object_set_new(*question, "known", json_from_text(known_tags(request)));
    return ST_OK;
}

enum status reply_pki(struct request *request, const struct answer *answer,
                      struct response *response, struct problem *why)
{
    const struct kind *kind = find_kind(request->values[0]);
    struct slice version = json_text(answer->value, "version"), bytes = SLICE_NONE;
    bool is_known = json_object_get(answer->value, "bytes") == NULL;
    if (!is_word(version, VERSION_CHARS_MAX) ||
        base64url_decode(json_text(answer->value, "bytes"), request->arena, &bytes) != ST_OK)
        return problem_set(why, ST_UNAVAILABLE, "the answer could not be read");
    *response = (struct response){
        .status = is_known ? MHD_HTTP_NOT_MODIFIED : MHD_HTTP_OK,
        .type = kind->type,
        .body = bytes,
        .etag = arena_format(request->arena, "\"%.*s\"", SLICE_ARG(version)),
        .cache = kind->cache,
    };
    return ST_OK;
}
