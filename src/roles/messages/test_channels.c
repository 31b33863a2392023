/* Every message from every role to every other, over a real channel: what the table lists arrives,
 * anything else closes the channel it came by and is never handed on. */
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "check.h"
#include "roles/messages/confined.h"
#include "roles/messages/roles.h"

static const uint16_t numbers[] = {
    0, /* none */
#define MESSAGE(number, symbol, type, sentence) number,
#include "roles/messages/messages.def"
#undef MESSAGE
    UINT16_MAX, /* none */
};
enum { NUMBERS = sizeof numbers / sizeof *numbers };

struct heard {
    unsigned messages, closed;
    uint16_t kind;
    enum status status;
};

static void hear(void *context, const struct ipc_message *message, const struct moment *at)
{
    struct heard *heard = context;
    (void)at;
    heard->messages++;
    heard->kind = message->kind;
}

static void lose(void *context, struct ipc_channel *channel, const struct problem *why)
{
    struct heard *heard = context;
    (void)channel;
    heard->closed++;
    heard->status = why->status;
}

static void put_le(struct buffer *out, uint32_t value, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; i++)
        buffer_add_char(out, (char)(value >> 8 * i));
}

/* An empty message of that number, as it would stand on the wire. */
static void frame(uint16_t number, struct buffer *out)
{
    AUTO_ARENA arena = arena_create(4 << 20);
    AUTO_BUFFER payload = buffer_create(1 << 20);
    const struct ipc_kind *kind = message_kind(number);
    if (kind != NULL)
        record_encode(kind->type, arena_alloc(arena, kind->type->size), &payload);
    put_le(out, (uint32_t)payload.len, 4);
    put_le(out, number, 2);
    put_le(out, 0, 4);
    buffer_add(out, buffer_slice(&payload));
}

static bool is_listed(struct ipc_kinds kinds, uint16_t number)
{
    for (size_t i = 0; i < kinds.count; i++)
        if (kinds.items[i]->number == number)
            return true;
    return false;
}

static void say(struct loop *loop, enum role_id from, enum role_id to, uint16_t number)
{
    int ends[2];
    struct heard heard = {0};
    struct ipc_channel *channel = NULL;
    struct ipc_rules rules = {"from-to", role_may_say(to, from), role_may_say(from, to),
                              hear, lose, &heard};
    AUTO_BUFFER bytes = buffer_create(1 << 20);
    frame(number, &bytes);
    CHECK_NUMBER(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends), 0);
    AUTO_FD speaker = ends[0];
    CHECK_OK(ipc_open(loop, ends[1], &rules, &channel, NULL));
    CHECK_OK(fd_write_all(speaker, buffer_slice(&bytes), NULL));
    for (unsigned turn = 0; turn < 3 && heard.messages + heard.closed == 0; turn++)
        CHECK_OK(loop_turn(loop, 100, NULL));

    bool listed = is_listed(rules.receives, number);
    CHECK_NUMBER(heard.messages, listed);
    CHECK_NUMBER(heard.closed, !listed);
    CHECK_NUMBER(heard.kind, listed ? number : 0);
    CHECK_NUMBER(heard.status, listed ? ST_OK : ST_INVALID);
    CHECK_NUMBER(ipc_is_open(channel), listed);
    ipc_destroy(&channel);
}

static void what_is_not_listed_closes_the_channel(void)
{
    struct loop *loop;
    unsigned arrived = 0, tried = 0;
    CHECK_OK(loop_create(&loop, NULL));
    for (int from = 0; from < ROLE_ID_COUNT_; from++)
        for (int to = 0; to < ROLE_ID_COUNT_; to++) {
            struct ipc_kinds kinds = role_may_say((enum role_id)from, (enum role_id)to);
            AUTO_ARENA arena = arena_create(1 << 16);
            check_row(arena_text(arena, arena_format(arena, "%s to %s", role_rows[from].name,
                                                     role_rows[to].name)));
            CHECK(from != to || kinds.count == 0); /* nobody speaks to themself */
            for (size_t i = 0; i < NUMBERS; i++, tried++) {
                say(loop, (enum role_id)from, (enum role_id)to, numbers[i]);
                arrived += is_listed(kinds, numbers[i]);
            }
        }
    loop_destroy(&loop);
    printf("# %u tried, %u arrived\n", tried, arrived);
    CHECK(arrived > 0 && arrived < tried / 10);
}

/* A role with a channel for each peer that it talks with, at their places, and one too many where `wrong` is. */
static void hold_channels(enum role_id role, enum role_id wrong, int ends[2])
{
    for (int peer = 0; peer < ROLE_ID_COUNT_; peer++) {
        close(ROLE_FD_CHANNEL + peer);
        if (role_talks(role, (enum role_id)peer) || peer == (int)wrong)
            CHECK_NUMBER(dup2(ends[peer % 2], ROLE_FD_CHANNEL + peer), ROLE_FD_CHANNEL + peer);
    }
}

static enum role_id first_stranger(enum role_id role)
{
    int peer = 0;
    while (role_talks(role, (enum role_id)peer))
        peer++;
    return (enum role_id)peer;
}

/* What the parent gave is found; not a channel that came later, to a peer that was started again, and took the number of
 * one that is not there. */
static void a_channel_is_known_by_its_socket(void)
{
    for (int role = 0; role < ROLE_RUN_COUNT_; role++) {
        enum role_id wrong = first_stranger((enum role_id)role), peer = ROLE_ID_COUNT_;
        int low[2], ends[2];
        struct own_process own;
        struct confined self = {(enum role_id)role, 0, NULL, &own};
        check_row(role_rows[role].name);
        CHECK_NUMBER(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, low), 0);
        for (int i = 0; i < 2; i++) { /* out of the way */
            ends[i] = fcntl(low[i], F_DUPFD_CLOEXEC, ROLE_FD_END);
            close(low[i]);
        }
        hold_channels((enum role_id)role, wrong, ends);
        own = own_process_see((struct program_id){0});
        CHECK(confined_has_channel(&self, &peer));
        CHECK_NUMBER(peer, wrong);
        CHECK(dup2(ends[(wrong + 1) % 2], ROLE_FD_CHANNEL + (int)wrong) >= 0); /* another one at that number */
        CHECK(!confined_has_channel(&self, &peer));
        hold_channels((enum role_id)role, ROLE_ID_COUNT_, ends);
        own = own_process_see((struct program_id){0});
        CHECK(!confined_has_channel(&self, &peer));
        CHECK(dup2(ends[0], ROLE_FD_CHANNEL + (int)wrong) >= 0);
        CHECK(!confined_has_channel(&self, &peer));
        for (int id = 0; id < ROLE_ID_COUNT_; id++)
            close(ROLE_FD_CHANNEL + id);
        close(ends[0]);
        close(ends[1]);
    }
}

int main(void)
{
    TEST(what_is_not_listed_closes_the_channel);
    TEST(a_channel_is_known_by_its_socket);
    return check_done();
}
