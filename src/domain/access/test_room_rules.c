#include "check.h"
#include "domain/access/room_rules.h"

static const struct {
    const char *text, *host, *port; /* host NULL: none */
    bool v6;
} places[] = {
    {"192.0.2.7:8443", "192.0.2.7", "8443", false},
    {"[fd00::1]:8443", "fd00::1", "8443", true},
    {"[::]:1", "::", "1", true},
    {"192.0.2.7", NULL, NULL, false},
    {"192.0.2.7:0", NULL, NULL, false},
    {"192.0.2.7:65536", NULL, NULL, false},
    {"192.0.2.7:", NULL, NULL, false},
    {"fd00::1:443", NULL, NULL, false},
    {"[192.0.2.7]:443", NULL, NULL, false},
    {"[fd00::1]", NULL, NULL, false},
    {"console.example:443", NULL, NULL, false},
    {"192.0.2.7/24:443", NULL, NULL, false},
    {"192.0.2.7 accept:443", NULL, NULL, false},
    {"", NULL, NULL, false},
    {":443", NULL, NULL, false},
};

static void places_are_read_in_numbers(void)
{
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        struct room_place place = {0};
        check_row(places[i].text);
        bool read = room_place_read(slice_from(places[i].text), &place);
        CHECK(read == (places[i].host != NULL));
        if (places[i].host == NULL)
            continue;
        CHECK_TEXT(place.host, places[i].host);
        CHECK_TEXT(place.port, places[i].port);
        CHECK(place.v6 == places[i].v6);
    }
    struct room_place place;
    CHECK(room_address_read(LIT("fd00::1"), &place) && place.v6 && place.port.len == 0);
    CHECK(!room_address_read(LIT("10.8.0.1:53"), &place));
    CHECK(!room_address_read(LIT("10.8.0.1\0"), &place));
}

static void interfaces_are_names(void)
{
    CHECK(room_is_interface(LIT("tun0")) && room_is_interface(LIT("wg-room.1")));
    CHECK(!room_is_interface(LIT("")) && !room_is_interface(LIT("tun0\" accept")) && !room_is_interface(LIT("abcdefghijklmnop")));
}

/* How often `part` stands in the text. */
static size_t count_of(struct slice text, const char *part)
{
    size_t count = 0;
    for (size_t at = slice_find(text, slice_from(part), 0); at != SIZE_MAX; at = slice_find(text, slice_from(part), at + 1))
        count++;
    return count;
}

static struct room_place place_of(const char *text)
{
    struct room_place place = {0};
    if (!room_place_read(slice_from(text), &place))
        CHECK(room_address_read(slice_from(text), &place));
    return place;
}

static void what_is_named_is_allowed_and_nothing_else(void)
{
    AUTO_BUFFER least = buffer_create(ROOM_RULES_BYTES_MAX), most = buffer_create(ROOM_RULES_BYTES_MAX);
    struct room_rules rules = {.vpn = LIT("tun0"), .console = place_of("10.8.0.1:8443")};
    room_rules_format(&rules, &least);
    struct slice text = buffer_slice(&least);
    CHECK_NUMBER(count_of(text, "policy drop"), 3);
    CHECK_NUMBER(count_of(text, "daddr"), 2); /* the console, from the room and from the gateway */
    CHECK_NUMBER(count_of(text, "oifname \"tun0\" ip daddr 10.8.0.1 tcp dport 8443 accept"), 2);
    CHECK_NUMBER(count_of(text, "oifname != \"tun0\" udp dport 1194 accept"), 1);

    rules.server = place_of("192.0.2.7:443");
    rules.mirror = place_of("10.8.0.1:3142");
    rules.resolver = place_of("fd00::53");
    rules.clock = place_of("10.8.0.1");
    room_rules_format(&rules, &most);
    text = buffer_slice(&most);
    CHECK_NUMBER(count_of(text, "daddr"), 2 * 5 + 1);
    CHECK_NUMBER(count_of(text, "oifname \"tun0\" ip daddr 10.8.0.1 tcp dport 3142 accept"), 2);
    CHECK_NUMBER(count_of(text, "oifname \"tun0\" ip6 daddr fd00::53 udp dport 53 accept"), 2);
    CHECK_NUMBER(count_of(text, "oifname \"tun0\" ip6 daddr fd00::53 tcp dport 53 accept"), 2);
    CHECK_NUMBER(count_of(text, "oifname \"tun0\" ip daddr 10.8.0.1 udp dport 123 accept"), 2);
    CHECK_NUMBER(count_of(text, "oifname != \"tun0\" ip daddr 192.0.2.7 udp dport 443 accept"), 1);
    CHECK_NUMBER(count_of(text, "dport 1194"), 0);
    CHECK(!most.full);
}

int main(void)
{
    TEST(places_are_read_in_numbers);
    TEST(interfaces_are_names);
    TEST(what_is_named_is_allowed_and_nothing_else);
    return check_done();
}
