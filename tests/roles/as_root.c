/* What `rendez account`, `rendez access` and the like ask of authd's own code, many in one process, as
 * opening the keys takes a moment: as_root DIR [PASSPHRASE-FILE]. Input: lines of a command, a space and its
 * JSON. Output: a line each, the answer; "!" in front where it is a refusal. One command is only here:
 * "session" makes {"account"} active and a session of theirs, as a passkey would, without two passwords'
 * hashing for each of many people. */
#include <stdio.h>
#include <stdlib.h>

#include "roles/authd/internal.h"
#include "roles/cli/registry.h"

enum { WORK_BYTES_MAX = 64 << 20 };

static enum status make_session(struct authd *authd, struct slice json, struct arena *arena,
                                struct slice *out)
{
    AUTO_JSON in = NULL;
    struct account account;
    struct organisation *organisation;
    struct instant now = clock_now();
    struct session_place place = {.address = LIT("127.0.0.1")};
    TRY(json_read(json, &in, NULL));
    TRY(identity_load_account(authd->identity, json_text(in, "account"), arena, &account, NULL));
    TRY(get_organisation(authd, account.organisation, &organisation, NULL));
    account.state = ACCOUNT_ACTIVE;
    TRY(identity_save_account(authd->identity, &account, NULL));
    struct session session = {.id = database_new_id("n", arena), .account = account.id,
                              .kind = SESSION_KIND_FULL, .factor = LIT("passkey"), .begun = now,
                              .seen = now, .ends = {now.us + HOUR_US}, .proved = now};
    struct slice token = new_token("", arena, &session.token_hash);
    TRY(seal_row(authd, organisation, IDENTITY_SESSION, session.id, &session_place_record, &place,
                 arena, &session.place, NULL));
    *out = arena_format(arena, "{\"session\":\"%.*s\"}", SLICE_ARG(token));
    return identity_add_session(authd->identity, &session, NULL);
}

static void answer(struct authd *authd, struct slice line)
{
    AUTO_ARENA arena = arena_create_wiped(WORK_BYTES_MAX);
    size_t space = slice_find(line, LIT(" "), 0);
    struct slice out = LIT("{}"), json = slice_sub(line, space + 1, line.len);
    const char *command = arena_text(arena, slice_sub(line, 0, space));
    enum status status = strcmp(command, "session") == 0
                             ? make_session(authd, json, arena, &out)
                             : authd_as_root(authd, command, json, clock_now(), arena, &out);
    printf("%s%.*s\n", status == ST_OK ? "" : "!", SLICE_ARG(out));
    fflush(stdout);
}

static int run(struct admin *admin)
{
    AUTO_REGISTRY registry = NULL;
    char *line = NULL;
    size_t capacity = 0;
    if (registry_open(admin, &registry) != ST_OK)
        return 1;
    for (ssize_t len; (len = getline(&line, &capacity, stdin)) >= 0;)
        answer(registry_authd(registry), slice_trim((struct slice){line, (size_t)len}));
    free(line);
    return 0;
}

int main(int argc, char **argv)
{
    struct admin admin = {.arena = arena_create_wiped(WORK_BYTES_MAX)};
    if (argc < 2)
        return 2;
    enum status status = directory_open(argv[1], argc > 2 ? argv[2] : NULL, &admin.directory, &admin.why);
    int code = status == ST_OK ? run(&admin) : 1;
    if (code != 0)
        fprintf(stderr, "as_root: %s\n", admin.why.detail);
    directory_destroy(&admin.directory);
    arena_destroy(&admin.arena);
    return code;
}
