/* A scanner of our own: every listener with TLS is offered what is past, one thing at a time, and must refuse; what is
 * good it must take. */
#include "roles/prober/check.h"

/* Numbers of suites and signatures: the IANA registry of TLS parameters. */
static const struct {
    const char *cause;
    struct check_hello hello;
} past[] = {
    {"old_version", {0x0301, {0xC013, 0xC014, 0xC009, 0xC00A, 0x002F, 0x0035, 0x000A}, {0}}}, /* TLS 1.0 */
    {"old_version", {0x0302, {0xC013, 0xC014, 0xC009, 0xC00A, 0x002F, 0x0035, 0x000A}, {0}}}, /* TLS 1.1 */
    {"old_version", {0x0300, {0x002F, 0x0035, 0x000A, 0x0005}, {0}}},                         /* SSL 3 */
    {"cbc", {0x0303, {0xC013, 0xC014, 0xC009, 0xC00A, 0xC023, 0xC024, 0xC027, 0xC028, 0x0067, 0x006B}, {0}}},
    {"static_rsa", {0x0303, {0x009C, 0x009D, 0xC09C, 0xC09D, 0x002F, 0x0035, 0x003C, 0x003D}, {0}}},
    {"rc4_or_des", {0x0303, {0x0004, 0x0005, 0xC007, 0xC011, 0x000A, 0xC008, 0xC012, 0x0016, 0x0009}, {0}}},
    {"no_secret", {0x0303, {0x0001, 0x0002, 0x003B, 0xC006, 0xC010, 0x0034, 0x00A6, 0x00A7, 0xC018}, {0}}}, /* NULL, anonymous */
    {"sha1", {0x0303, {0xC02B, 0xC02F, 0xC02C, 0xC030, 0xCCA8, 0xCCA9}, {0x0201, 0x0203}}},
};

static const struct {
    const char *cause;
    struct check_offer offer;
} good[] = {
    {"no_tls12", {.version_min = 0x0303, .version_max = 0x0303, .ciphers = "ECDHE+AESGCM:ECDHE+CHACHA20"}},
    {"no_tls13", {.version_min = 0x0304, .version_max = 0x0304}},
};

static enum status scan(struct check *c, const struct check_listener *listener, struct problem *why)
{
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        struct check_handshake shaken;
        TRY(check_tls(c, listener, &good[i].offer, &shaken, why));
        if (!shaken.accepted)
            return check_fails(c, good[i].cause);
    }
    for (size_t i = 0; i < sizeof past / sizeof *past; i++) {
        bool accepted = false;
        TRY(check_hello(c, listener, &past[i].hello, &accepted, why));
        if (accepted)
            return check_fails(c, past[i].cause);
    }
    return ST_OK;
}

enum status control_check(struct check *c, struct problem *why)
{
    struct check_listener listeners[CHECK_LISTENERS_MAX];
    size_t count = check_listeners(c, listeners), scanned = 0;
    for (size_t i = 0; i < count && !check_has_failed(c); i++) {
        if (!listeners[i].tls)
            continue;
        check_fact(c, "listener", "%s", listeners[i].name);
        TRY(scan(c, &listeners[i], why));
        scanned++;
    }
    check_fact(c, "refused", "%zu", scanned * (sizeof past / sizeof *past));
    if (scanned > 0)
        return check_has_failed(c) ? ST_OK : check_holds(c);
    if (!slice_starts(check_config(c)->public_url, LIT("https://")))
        return check_fails(c, "no_tls");
    return problem_set(why, ST_UNAVAILABLE, "TLS ends at a proxy, which is not ours to be looked at here");
}
