#include <assert.h>
#include <stddef.h>
#include <sys/socket.h>
#include <unistd.h>

#include "platform/ipc/ipc.h"

/* A peer that sends anything: the receiver refuses or reads it and lives on. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct leaf {
    struct slice text;
    bool flag;
};
struct leaf_list {
    struct leaf *items;
    size_t count, capacity;
};
struct tree {
    uint32_t number;
    struct slice bytes;
    struct leaf_list leaves;
    struct slice_list words;
    struct leaf *one;
    struct civil at;
};
static const struct record_field leaf_fields[] = {
    FIELD(leaf, text, 1, RECORD_TEXT),
    FIELD(leaf, flag, 2, RECORD_BOOL),
};
static RECORD_TYPE(leaf_record, leaf, leaf_fields);
static const struct record_field tree_fields[] = {
    FIELD(tree, number, 1, RECORD_U32),
    FIELD(tree, bytes, 2, RECORD_BYTES),
    FIELD_OF(tree, leaves, 3, RECORD_LIST, leaf_record),
    FIELD(tree, words, 4, RECORD_TEXTS),
    FIELD_OF(tree, one, 5, RECORD_POINTER, leaf_record),
    FIELD(tree, at, 6, RECORD_CIVIL),
};
static RECORD_TYPE(tree_record, tree, tree_fields);
static const struct ipc_kind tree_kind = {1, "tree", &tree_record};
static const struct ipc_kind leaf_kind = {2, "leaf", &leaf_record};
static const struct ipc_kind *const kinds[] = {&tree_kind, &leaf_kind};

/* Sends back what it got, so that what was read can also be written. */
static void receive(void *context, const struct ipc_message *message, const struct moment *at)
{
    (void)context, (void)at;
    (void)!ipc_answer(message, message->kind, message->object, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int fds[2];
    struct loop *loop;
    struct ipc_channel *channel;
    struct ipc_rules rules = {"fuzz", {kinds, 2}, {kinds, 2}, receive, NULL, NULL};
    if (size > 65536 || socketpair(AF_UNIX, SOCK_STREAM, 0, fds) < 0)
        return 0;
    if (loop_create(&loop, NULL) != ST_OK || ipc_open(loop, fds[0], &rules, &channel, NULL) != ST_OK)
        return 0;
    (void)!send(fds[1], data, size, MSG_NOSIGNAL | MSG_DONTWAIT);
    shutdown(fds[1], SHUT_WR);
    for (int i = 0; i < 100 && ipc_is_open(channel); i++)
        (void)!loop_turn(loop, 0, NULL);
    assert(!ipc_is_open(channel));
    ipc_destroy(&channel);
    loop_destroy(&loop);
    close(fds[1]);
    return 0;
}
