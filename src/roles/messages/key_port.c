#include "roles/messages/key_port.h"

enum { ANSWER_BYTES_MAX = 1 << 20 };

enum status key_port_ask(struct role *role, const struct key_ask *ask, int patience_ms,
                         struct arena *arena, struct key_given *given, struct secret **key,
                         struct problem *why)
{
    AUTO_ARENA scratch = arena_create_wiped(ANSWER_BYTES_MAX);
    struct key_given answer;
    TRY(role_call(role, ROLE_KEYD, MESSAGE_KEY_ASK, ask, MESSAGE_KEY, patience_ms, scratch, &answer,
                  why));
    if (answer.status != ST_OK)
        return problem_set(why, answer.status, "keyd: %.*s", SLICE_ARG(answer.problem));
    if (answer.key.len != 0 && answer.key.len != VAULT_KEY_BYTES)
        return problem_set(why, ST_INVALID, "keyd: a key of the wrong size");
    if (answer.key.len > 0)
        *key = secret_create((const unsigned char *)answer.key.data, answer.key.len);
    *given = (struct key_given){.wrapped = arena_copy(arena, answer.wrapped), .version = answer.version};
    return ST_OK;
}
