#include "roles/keyd/root.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_BYTES_MAX = 1024 };

struct root_place root_place_of(const struct config *config, struct arena *arena)
{
    return (struct root_place){
        .root_key = arena_text(arena, config->keys.root),
        .token_file = arena_text(arena, config->keys.token_file),
        .token = {config->keys.pkcs11_module, config->keys.pkcs11_token,
                  config->keys.pkcs11_environment},
        .pin_file = config->keys.passphrase_file.len > 0
                        ? arena_text(arena, config->keys.passphrase_file)
                        : NULL,
    };
}

static enum status read_token_file(const struct root_place *place, struct arena *arena,
                                   struct token_file *file, struct problem *why)
{
    AUTO_FD fd = open(place->token_file, O_RDONLY | O_CLOEXEC);
    struct stat about;
    struct slice text;
    if (fd < 0 && access(place->root_key, F_OK) == 0)
        return problem_set(why, ST_NOT_FOUND, "keys.pkcs11_module is set, and root.key is not yet in the "
                           "token: rendez key move --to-token");
    if (fd < 0 || fstat(fd, &about) < 0)
        return problem_errno(why, "keys.token_file");
    if ((about.st_mode & 077) != 0)
        return problem_set(why, ST_DENIED, "others can read keys.token_file: chmod 600 it");
    TRY(fd_read_all(fd, FILE_BYTES_MAX, arena, &text, why));
    return token_file_parse(text, arena, file, why);
}

enum status root_passphrase(const struct root_place *place, struct slice secret,
                            struct arena *arena, struct slice *passphrase, struct problem *why)
{
    struct token_file file;
    AUTO_TOKEN token = NULL;
    if (place->token.module.len == 0) {
        *passphrase = secret;
        return ST_OK;
    }
    TRY(read_token_file(place, arena, &file, why));
    TRY(token_open(&place->token, secret, false, &token, why));
    return token_unseal(token, file.id, file.sealed, arena, passphrase, why);
}

/* Written by root, it is the user's that owned it, or owns root.key: the one that keyd runs as. */
static enum status write_token_file(const struct root_place *place, const struct token_file *file,
                                    struct arena *arena, struct problem *why)
{
    struct stat about;
    bool owned = stat(place->token_file, &about) == 0 || stat(place->root_key, &about) == 0;
    TRY(file_write_durably(place->token_file, token_file_format(file, arena), 0600, why));
    if (owned && geteuid() == 0 && chown(place->token_file, about.st_uid, about.st_gid) < 0)
        return problem_errno(why, "owner of keys.token_file");
    return ST_OK;
}

enum status root_keep_in_token(const struct root_place *place, struct slice pin,
                               struct arena *arena, struct slice *passphrase, struct problem *why)
{
    AUTO_TOKEN token = NULL;
    struct token_file file;
    struct token_key_facts facts;
    char *secret = arena_alloc(arena, TOKEN_SECRET_BYTES);
    vault_random(secret, TOKEN_SECRET_BYTES);
    struct slice fresh = {secret, TOKEN_SECRET_BYTES};
    TRY(token_open(&place->token, pin, true, &token, why));
    TRY(token_make_key(token, "rendez root", arena, &file.id, why));
    TRY(token_key_facts(token, file.id, &facts, why));
    if (!token_key_is_kept(&facts))
        return problem_set(why, ST_DENIED, "the token made a key that could leave it: use another token");
    TRY(token_seal(token, file.id, fresh, arena, &file.sealed, why));
    TRY(write_token_file(place, &file, arena, why));
    *passphrase = fresh;
    return ST_OK;
}

enum status root_token_facts(const struct root_place *place, struct slice pin,
                             struct token_key_facts *out, struct problem *why)
{
    AUTO_ARENA arena = arena_create(64 * 1024);
    AUTO_TOKEN token = NULL;
    struct token_file file;
    TRY(read_token_file(place, arena, &file, why));
    TRY(token_open(&place->token, pin, false, &token, why));
    return token_key_facts(token, file.id, out, why);
}
