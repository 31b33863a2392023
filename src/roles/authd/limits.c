/* How often somebody may fail. doc/identity.md, "Limits", has the rule and why nobody can be
 * locked out by strangers: who comes with a browser or from a network from which the account's
 * person has signed in before counts for themself. */
#include <arpa/inet.h>
#include <string.h>

#include "roles/authd/internal.h"

#define QUARTER_US (15 * INT64_C(60) * 1000000)

/* Failures that count for one subject. */
static const struct budget {
    const char *kind;
    uint32_t max;
    int64_t period_us;
} by_device = {"fail.device", 10, QUARTER_US},
  by_familiar_network = {"fail.familiar", 20, QUARTER_US},
  by_stranger = {"fail.stranger", 10, QUARTER_US},
  by_stranger_day = {"fail.stranger.day", 30, DAY_US},
  by_address = {"fail.address", 30, QUARTER_US},
  by_network = {"fail.network", 100, QUARTER_US};

/* What costs us, whoever asks. */
static const struct budget uses[] = {
    {"start", 300, QUARTER_US},
    {"hash", 200, QUARTER_US},
    {"lost", 20, QUARTER_US},
    {"enrolment", 60, QUARTER_US},
};

enum { NETWORK_BYTES_MAX = 8 };

/* IPv4: /24; IPv6: /64; anything else as it is. */
static struct slice network_of(struct slice address, struct arena *arena)
{
    unsigned char v4[4], v6[16];
    char *text = arena_text(arena, address);
    if (inet_pton(AF_INET, text, v4) == 1)
        return arena_format(arena, "4:%u.%u.%u", v4[0], v4[1], v4[2]);
    if (inet_pton(AF_INET6, text, v6) != 1)
        return address;
    static const unsigned char mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    if (memcmp(v6, mapped, sizeof mapped) == 0)
        return arena_format(arena, "4:%u.%u.%u", v6[12], v6[13], v6[14]);
    AUTO_BUFFER out = buffer_create(64);
    buffer_add_text(&out, "6:");
    hex_encode((struct slice){(char *)v6, NETWORK_BYTES_MAX}, &out);
    return arena_copy(arena, buffer_slice(&out));
}

enum status find_whence(struct call *call, struct slice account, struct whence *out)
{
    struct authd *authd = call->authd;
    struct slice network = network_of(call->credentials.address, call->arena);
    *out = (struct whence){
        .device = hash_of(authd, "device", call->credentials.device, call->arena),
        .network = hash_of(authd, "network", network, call->arena),
        .address = hash_of(authd, "from", call->credentials.address, call->arena),
    };
    TRY(identity_is_familiar(authd->identity, account, "device", out->device, &out->familiar_device,
                             &call->why));
    return identity_is_familiar(authd->identity, account, "network", out->network,
                                &out->familiar_network, &call->why);
}

static struct instant period_of(const struct call *call, const struct budget *budget)
{
    return (struct instant){call->now.us - call->now.us % budget->period_us};
}

/* Two hashes as one subject. */
static struct slice both(struct call *call, const char *kind, struct slice a, struct slice b)
{
    AUTO_BUFFER text = buffer_create(256);
    buffer_add(&text, a);
    buffer_add(&text, b);
    return hash_of(call->authd, kind, buffer_slice(&text), call->arena);
}

/* The budgets that one failure counts in, the same number for everybody. */
enum { COUNTED = 4 };
struct counted {
    const struct budget *budget;
    struct slice subject;
};

static void budgets_of(struct call *call, struct slice who, const struct whence *place,
                       struct counted counted[COUNTED])
{
    const struct budget *own = place->familiar_device    ? &by_device
                               : place->familiar_network ? &by_familiar_network
                                                         : &by_stranger;
    struct slice subject = place->familiar_device    ? both(call, "own", who, place->device)
                           : place->familiar_network ? both(call, "own", who, place->network)
                                                     : who;
    bool stranger = own == &by_stranger;
    counted[0] = (struct counted){own, subject};
    counted[1] = (struct counted){stranger ? &by_stranger_day : own, stranger ? who : SLICE_NONE};
    counted[2] = (struct counted){&by_address, place->address};
    counted[3] = (struct counted){&by_network, place->network};
}

static enum status limited(struct call *call, const struct budget *budget)
{
    int64_t left_us = budget->period_us - call->now.us % budget->period_us;
    call->retry_after_s = (uint32_t)(left_us / 1000000) + 1;
    return refuse(call, ST_LIMIT, "tries", "too many tries; come again later");
}

enum status may_try(struct call *call, struct slice who, const struct whence *place)
{
    struct counted counted[COUNTED];
    budgets_of(call, who, place, counted);
    for (size_t i = 0; i < COUNTED; i++) {
        uint32_t count;
        if (counted[i].subject.len == 0)
            continue;
        TRY(identity_count_attempts(call->authd->identity, counted[i].subject,
                                    counted[i].budget->kind, period_of(call, counted[i].budget),
                                    &count, &call->why));
        if (count >= counted[i].budget->max)
            return limited(call, counted[i].budget);
    }
    return ST_OK;
}

enum status count_failure(struct call *call, struct slice who, const struct whence *place)
{
    struct counted counted[COUNTED];
    budgets_of(call, who, place, counted);
    for (size_t i = 0; i < COUNTED; i++) {
        uint32_t count;
        if (counted[i].subject.len == 0)
            continue;
        TRY(identity_add_attempt(call->authd->identity, counted[i].subject, counted[i].budget->kind,
                                 period_of(call, counted[i].budget), &count, &call->why));
    }
    call->keep = true;
    return ST_OK;
}

enum status count_use(struct call *call, const char *kind)
{
    struct slice network = network_of(call->credentials.address, call->arena);
    const struct budget *budget = uses;
    uint32_t count;
    while (strcmp(budget->kind, kind) != 0)
        budget++; /* a kind of the table */
    struct slice subject = hash_of(call->authd, "use", network, call->arena);
    if (subject.len == 0)
        return ST_OK; /* nobody's address: not of the network */
    TRY(identity_add_attempt(call->authd->identity, subject, kind, period_of(call, budget), &count,
                             &call->why));
    call->keep = true;
    return count > budget->max ? limited(call, budget) : ST_OK;
}
