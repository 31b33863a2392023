/* Personal links. A token names a meeting, a reader and a slot, and carries a MAC under a
 * key derived from the meeting's: with the meeting's key erased, its links are dead too.
 *   token = base64url( len, meeting id, reader tag (8), number (4), MAC (16) ) */
#include <string.h>

#include "roles/planner/internal.h"

enum { TAG_BYTES = 8, NUMBER_BYTES = 4, MAC_BYTES = 16, ID_BYTES_MAX = 64 };

static struct slice reader_tag(const struct secret *link_key, struct slice address,
                               struct arena *arena)
{
    return slice_sub(vault_lookup_hash(link_key, arena_lower(arena, address), arena), 0, TAG_BYTES);
}

static struct slice mac_of(const struct secret *link_key, struct slice body, struct arena *arena)
{
    return slice_sub(vault_lookup_hash(link_key, body, arena), 0, MAC_BYTES);
}

struct secret *link_key(const struct meeting_hand *hand)
{
    struct slice own = hand->meeting.link_secret;
    return own.len == VAULT_KEY_BYTES ? secret_create((const unsigned char *)own.data, own.len)
                                      : secret_derive(hand->key, "link", hand->meeting.id);
}

struct slice link_make(struct unit *unit, const struct meeting_hand *hand, struct slice address,
                       uint32_t number)
{
    struct slice base = unit->planner->options.link_base;
    if (base.len == 0)
        return SLICE_NONE;
    AUTO_SECRET key = link_key(hand);
    AUTO_BUFFER body = buffer_create(256), text = buffer_create(1024);
    buffer_add_char(&body, (char)hand->meeting.id.len);
    buffer_add(&body, hand->meeting.id);
    buffer_add(&body, reader_tag(key, address, unit->arena));
    for (int i = 0; i < NUMBER_BYTES; i++)
        buffer_add_char(&body, (char)(number >> (8 * i)));
    buffer_add(&body, mac_of(key, buffer_slice(&body), unit->arena));
    buffer_add(&text, base);
    base64url_encode(buffer_slice(&body), &text);
    return arena_copy(unit->arena, buffer_slice(&text));
}

static enum status refuse(struct unit *unit)
{
    return problem_set(unit->why, ST_NOT_FOUND, "this link is not known, or has expired");
}

/* Compared byte by byte without an early end, so that time tells nothing. */
static bool equal_in_constant_time(struct slice a, struct slice b)
{
    unsigned char difference = a.len != b.len;
    for (size_t i = 0; i < a.len && i < b.len; i++)
        difference |= (unsigned char)(a.data[i] ^ b.data[i]);
    return difference == 0;
}

static bool find_reader(const struct secret *key, const struct meeting *meeting, struct slice tag,
                        struct arena *arena, struct participant *out)
{
    for (size_t i = 0; i < meeting->people.count; i++) {
        const struct participant *p = &meeting->people.items[i];
        bool self = slice_equal(reader_tag(key, p->address, arena), tag);
        bool delegate = p->delegate_address.len > 0 &&
                        slice_equal(reader_tag(key, p->delegate_address, arena), tag);
        if (!self && !delegate)
            continue;
        *out = *p;
        if (delegate && !self)
            out->address = p->delegate_address;
        return p->status != PARTICIPANT_REMOVED;
    }
    return false;
}

enum status link_open(struct unit *unit, struct slice token, struct meeting_hand *hand,
                      struct participant *reader, uint32_t *number)
{
    struct slice body;
    if (token.len > 512 || base64url_decode(token, unit->arena, &body) != ST_OK || body.len < 1)
        return refuse(unit);
    size_t id_len = (unsigned char)body.data[0];
    if (id_len == 0 || id_len > ID_BYTES_MAX ||
        body.len != 1 + id_len + TAG_BYTES + NUMBER_BYTES + MAC_BYTES)
        return refuse(unit);
    enum status loaded = load_meeting(unit, slice_sub(body, 1, 1 + id_len), hand);
    if (loaded == ST_UNAVAILABLE)
        return loaded;
    if (loaded != ST_OK)
        return refuse(unit);
    AUTO_SECRET key = link_key(hand);
    size_t signed_len = body.len - MAC_BYTES, at = 1 + id_len;
    struct slice mac = mac_of(key, slice_sub(body, 0, signed_len), unit->arena);
    if (!equal_in_constant_time(mac, slice_sub(body, signed_len, body.len)) ||
        !find_reader(key, &hand->meeting, slice_sub(body, at, at + TAG_BYTES), unit->arena, reader))
        return refuse(unit);
    *number = 0;
    for (size_t i = 0; i < NUMBER_BYTES; i++)
        *number |= (uint32_t)(unsigned char)body.data[at + TAG_BYTES + i] << (8 * i);
    return ST_OK;
}
