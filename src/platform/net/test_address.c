#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/un.h>

#include "check.h"
#include "platform/net/address.h"

static const struct {
    const char *address;
    enum address_range range;
} cases[] = {
    {"9.255.255.255", ADDRESS_PUBLIC},    {"10.0.0.0", ADDRESS_PRIVATE},
    {"10.255.255.255", ADDRESS_PRIVATE},  {"11.0.0.0", ADDRESS_PUBLIC},
    {"100.63.255.255", ADDRESS_PUBLIC},   {"100.64.0.0", ADDRESS_PRIVATE},
    {"100.127.255.255", ADDRESS_PRIVATE}, {"100.128.0.0", ADDRESS_PUBLIC},
    {"172.15.255.255", ADDRESS_PUBLIC},   {"172.16.0.0", ADDRESS_PRIVATE},
    {"172.31.255.255", ADDRESS_PRIVATE},  {"172.32.0.0", ADDRESS_PUBLIC},
    {"192.167.255.255", ADDRESS_PUBLIC},  {"192.168.0.0", ADDRESS_PRIVATE},
    {"192.168.255.255", ADDRESS_PRIVATE}, {"192.169.0.0", ADDRESS_PUBLIC},
    {"126.255.255.255", ADDRESS_PUBLIC},  {"127.0.0.1", ADDRESS_LOOPBACK},
    {"127.255.255.255", ADDRESS_LOOPBACK}, {"128.0.0.0", ADDRESS_PUBLIC},
    {"169.254.169.254", ADDRESS_LINK_LOCAL}, {"169.253.0.1", ADDRESS_PUBLIC},
    {"0.0.0.0", ADDRESS_SPECIAL},         {"0.1.2.3", ADDRESS_SPECIAL},
    {"192.0.2.1", ADDRESS_SPECIAL},       {"198.51.100.1", ADDRESS_SPECIAL},
    {"203.0.113.1", ADDRESS_SPECIAL},     {"198.19.0.1", ADDRESS_SPECIAL},
    {"224.0.0.1", ADDRESS_SPECIAL},       {"255.255.255.255", ADDRESS_SPECIAL},
    {"1.1.1.1", ADDRESS_PUBLIC},
    {"::1", ADDRESS_LOOPBACK},            {"::", ADDRESS_SPECIAL},
    {"::2", ADDRESS_SPECIAL},             {"::7f00:1", ADDRESS_SPECIAL},
    {"::ffff:10.0.0.1", ADDRESS_PRIVATE}, {"::ffff:127.0.0.1", ADDRESS_LOOPBACK},
    {"::ffff:169.254.169.254", ADDRESS_LINK_LOCAL}, {"::ffff:1.1.1.1", ADDRESS_PUBLIC},
    {"64:ff9b::10.0.0.1", ADDRESS_PRIVATE}, {"64:ff9b::1.1.1.1", ADDRESS_PUBLIC},
    {"64:ff9b:1::1", ADDRESS_PRIVATE},
    {"2002:a00:1::1", ADDRESS_PRIVATE},   {"2002:101:101::1", ADDRESS_PUBLIC},
    {"2002:7f00:1::", ADDRESS_LOOPBACK},
    {"fc00::1", ADDRESS_PRIVATE},         {"fdff::1", ADDRESS_PRIVATE},
    {"fe00::1", ADDRESS_PUBLIC},          {"fe80::1", ADDRESS_LINK_LOCAL},
    {"febf::1", ADDRESS_LINK_LOCAL},      {"fec0::1", ADDRESS_PRIVATE},
    {"ff02::1", ADDRESS_SPECIAL},         {"2001:db8::1", ADDRESS_SPECIAL},
    {"2001::1", ADDRESS_SPECIAL},         {"100::1", ADDRESS_SPECIAL},
    {"2001:4860::1", ADDRESS_PUBLIC},     {"2a00::1", ADDRESS_PUBLIC},
};

static void knows_the_ranges(void)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct sockaddr_in v4 = {.sin_family = AF_INET};
        struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
        bool is_v6 = strchr(cases[i].address, ':') != NULL;
        check_row(cases[i].address);
        CHECK(inet_pton(is_v6 ? AF_INET6 : AF_INET, cases[i].address,
                        is_v6 ? (void *)&v6.sin6_addr : (void *)&v4.sin_addr) == 1);
        CHECK_NUMBER(address_range(is_v6 ? (const struct sockaddr *)&v6 : (const struct sockaddr *)&v4), cases[i].range);
    }
    struct sockaddr_un local = {.sun_family = AF_UNIX};
    CHECK_NUMBER(address_range((const struct sockaddr *)&local), ADDRESS_SPECIAL);
}

int main(void)
{
    TEST(knows_the_ranges);
    return check_done();
}
