/* Lists and certificates of authorities for whoever checks one of ours: where they are found, and
 * what api serves there (RFC 5280 section 4.2.1.13; RFC 2585). */
#include "roles/authd/certificates.h"
#include "roles/authd/internal.h"

enum {
    FILE_BYTES_MAX = 2 << 20, /* as base64 it must fit into an answer to api; some 50,000 revoked ones */
    VERSION_BYTES = 16,
};

/* An address of this machine itself leads others nowhere. */
static bool is_for_others(struct slice url)
{
    size_t host = slice_find(url, LIT("://"), 0);
    return host != SIZE_MAX && !slice_starts(slice_sub(url, host + 3, SIZE_MAX), LIT("localhost"));
}

struct slice certificates_crl_url(const struct authd *authd, const struct authority *issuer,
                                  struct arena *arena)
{
    struct slice folder = authd->options.certificates.crl_url;
    struct slice pages = authd->options.public_url;
    if (folder.len > 0)
        return arena_format(arena, "%.*s/%.*s.crl", SLICE_ARG(folder), SLICE_ARG(issuer->id));
    if (!is_for_others(pages))
        return SLICE_NONE;
    return arena_format(arena, "%.*s/pki/%.*s.crl", SLICE_ARG(pages), SLICE_ARG(issuer->id));
}

static const struct authority *find(const struct authority_list *all, struct slice name)
{
    if (slice_equal(name, LIT("root")))
        return find_root_authority(all);
    for (size_t i = 0; i < all->count; i++)
        if (slice_equal(all->items[i].id, name))
            return &all->items[i];
    return NULL;
}

/* Changes with every byte. */
static struct slice version_of(struct slice bytes, struct arena *arena)
{
    AUTO_BUFFER text = buffer_create(64);
    base64url_encode(slice_sub(digest_of(bytes, arena), 0, VERSION_BYTES), &text);
    return arena_copy(arena, buffer_slice(&text));
}

/* If-None-Match (RFC 9110 section 13.1.2). */
static bool has_version(struct slice tags, struct slice version, struct arena *arena)
{
    return slice_equal(tags, LIT("*")) ||
           slice_contains(tags, arena_format(arena, "\"%.*s\"", SLICE_ARG(version)));
}

static json_t *base64_json(struct slice bytes)
{
    AUTO_BUFFER text = buffer_create(2 * FILE_BYTES_MAX);
    base64url_encode(bytes, &text);
    return json_from_text(buffer_slice(&text));
}

enum status pki_show(struct call *call)
{
    struct authority_list all;
    TRY(identity_list_authorities(call->authd->identity, call->arena, &all, &call->why));
    const struct authority *one = find(&all, json_text(call->in, "name"));
    struct slice kind = json_text(call->in, "kind"), bytes = SLICE_NONE;
    if (one != NULL)
        bytes = slice_equal(kind, LIT("crl")) ? one->crl : one->certificate;
    if (bytes.len == 0)
        return problem_set(&call->why, ST_NOT_FOUND, "there is no such authority, or no list of it yet");
    if (bytes.len > FILE_BYTES_MAX)
        return problem_set(&call->why, ST_UNAVAILABLE, "the list is too long for this way");
    struct slice version = version_of(bytes, call->arena);
    call->out = json_object();
    json_object_set_new(call->out, "version", json_from_text(version));
    if (!has_version(json_text(call->in, "known"), version, call->arena))
        json_object_set_new(call->out, "bytes", base64_json(bytes));
    return ST_OK;
}
