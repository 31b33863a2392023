/* Names that stand in certificates. */
#include <arpa/inet.h>

#include "platform/pki/internal.h"

enum { HOST_BYTES_MAX = 253, LABEL_BYTES_MAX = 63, ADDRESS_TEXT_MAX = INET6_ADDRSTRLEN };

struct slice pki_urn(enum pki_kind kind, struct slice subject, struct arena *arena)
{
    return arena_format(arena, "urn:x-rendez:%s:%.*s", pki_kind_names[kind], SLICE_ARG(subject));
}

bool pki_is_our_key(struct slice public_key)
{
    /* SEQUENCE { SEQUENCE { id-ecPublicKey, prime256v1 }, BIT STRING { 4, x, y } }, RFC 5480 */
    static const char start[] = "\x30\x59\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08"
                                "\x2a\x86\x48\xce\x3d\x03\x01\x07\x03\x42\x00\x04";
    enum { START = sizeof start - 1, COORDINATES = 64 };
    return public_key.len == START + COORDINATES && memcmp(public_key.data, start, START) == 0;
}

size_t pki_address_bytes(struct slice text, unsigned char out[PKI_ADDRESS_BYTES_MAX])
{
    AUTO_ARENA arena = arena_create(1024);
    if (text.len >= ADDRESS_TEXT_MAX)
        return 0;
    const char *copy = arena_text(arena, text);
    if (inet_pton(AF_INET, copy, out) == 1)
        return 4;
    return inet_pton(AF_INET6, copy, out) == 1 ? 16 : 0;
}

struct slice pki_address_text(struct slice bytes, struct arena *arena)
{
    char *text = arena_alloc(arena, ADDRESS_TEXT_MAX);
    int family = bytes.len == 4 ? AF_INET : AF_INET6;
    if ((bytes.len != 4 && bytes.len != 16) ||
        inet_ntop(family, bytes.data, text, ADDRESS_TEXT_MAX) == NULL)
        return SLICE_NONE;
    return slice_from(text);
}

static bool is_label(struct slice label)
{
    if (label.len == 0 || label.len > LABEL_BYTES_MAX || label.data[0] == '-' ||
        label.data[label.len - 1] == '-')
        return false;
    for (size_t i = 0; i < label.len; i++)
        if (!ascii_is_alpha(label.data[i]) && !ascii_is_digit(label.data[i]) && label.data[i] != '-')
            return false;
    return true;
}

bool pki_is_host(struct slice name)
{
    unsigned char address[PKI_ADDRESS_BYTES_MAX];
    bool has_letter = false;
    if (name.len == 0 || name.len > HOST_BYTES_MAX)
        return false;
    if (pki_address_bytes(name, address) > 0)
        return true;
    for (size_t at = 0; at <= name.len;) {
        size_t dot = slice_find(name, LIT("."), at);
        struct slice label = slice_sub(name, at, dot == SIZE_MAX ? name.len : dot);
        if (!is_label(label))
            return false;
        has_letter = ascii_is_alpha(label.data[0]); /* of the last one: 1.2.3 is no host */
        at += label.len + 1;
    }
    return has_letter;
}
