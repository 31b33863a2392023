/* `rendez key`: what keeps the root key closed, and whom keyd has paused. */
#include <stdlib.h>
#include <unistd.h>

#include "roles/cli/admin.h"
#include "roles/cli/key_rotate.h"
#include "roles/keyd/root.h"

struct key_command {
    struct admin *admin;
    struct config config;
    struct root_place place;
};

/* The settings alone: neither root key nor store is opened. */
static enum status load(struct key_command *command, struct admin *admin)
{
    const char *own = getenv("RENDEZ_DIR");
    const char *dir = admin->dir != NULL ? admin->dir : own != NULL && *own != '\0' ? own : ".";
    command->admin = admin;
    TRY(config_load(dir, admin->arena, &command->config, &admin->why));
    command->place = root_place_of(&command->config, admin->arena);
    return ST_OK;
}

/* From the file of an option, or of the settings, or asked. */
static enum status read_secret(const struct key_command *command, const char *file, bool twice,
                               struct slice *out)
{
    return passphrase_read(file, twice, command->admin->arena, out, &command->admin->why);
}

static enum status status_of(const struct key_command *command, const char *secret_file, json_t *facts)
{
    struct problem *why = &command->admin->why;
    bool token = command->place.token.module.len > 0;
    struct slice secret;
    struct token_key_facts key;
    json_object_set_new(facts, "kept_by", json_string(token ? "token" : "passphrase"));
    if (!token)
        return ST_OK;
    json_object_set_new(facts, "token", json_from_text(command->place.token.label));
    json_object_set_new(facts, "moved", json_boolean(access(command->place.token_file, F_OK) == 0));
    TRY(read_secret(command, secret_file != NULL ? secret_file : command->place.pin_file, false, &secret));
    TRY(root_token_facts(&command->place, secret, &key, why));
    json_object_set_new(facts, "extractable", json_boolean(key.extractable));
    json_object_set_new(facts, "key_never_leaves_it", json_boolean(token_key_is_kept(&key)));
    return ST_OK;
}

static int status(struct admin *admin, int argc, char **argv)
{
    struct key_command command;
    const struct cli_option options[] = {
        {"dir", NULL, &admin->dir, "DIR", "the installation (else $RENDEZ_DIR, else here)"},
        {"passphrase-file", NULL, &admin->passphrase_file, "FILE", "PIN of the token (else as in rendez.conf)"},
        {"json", &admin->as_json, NULL, NULL, "print facts as JSON"},
        {0}};
    int code = admin_options(argc, argv, options, NULL, 0, "nothing");
    if (code >= 0)
        return code;
    ADMIN_TRY(admin, load(&command, admin));
    AUTO_JSON facts = json_object();
    ADMIN_TRY(admin, status_of(&command, admin->passphrase_file, facts));
    return admin_print(admin, json_incref(facts));
}

/* First the token's file, then root.key: stopped between the two, the old passphrase still opens
 * it, and the same command again does all of it. */
static enum status move_to_token(const struct key_command *command, const char *old_file,
                                 const char *pin_file)
{
    struct problem *why = &command->admin->why;
    const struct root_place *place = &command->place;
    struct slice old, pin, passphrase;
    AUTO_SECRET root = NULL;
    if (place->token.module.len == 0)
        return problem_set(why, ST_INVALID, "name the token in rendez.conf first: keys.pkcs11_module, keys.pkcs11_token");
    TRY(read_secret(command, old_file, false, &old));
    TRY(root_key_open(place->root_key, old, &root, why)); /* before anything is made in the token */
    TRY(read_secret(command, pin_file != NULL ? pin_file : place->pin_file, false, &pin));
    TRY(root_keep_in_token(place, pin, command->admin->arena, &passphrase, why));
    return root_key_reseal(place->root_key, old, passphrase, why);
}

static enum status move_to_passphrase(const struct key_command *command, const char *pin_file,
                                      const char *new_file)
{
    struct problem *why = &command->admin->why;
    const struct root_place *place = &command->place;
    struct slice pin, passphrase, next;
    if (place->token.module.len == 0)
        return problem_set(why, ST_CONFLICT, "a passphrase keeps the root key already");
    TRY(read_secret(command, pin_file != NULL ? pin_file : place->pin_file, false, &pin));
    TRY(root_passphrase(place, pin, command->admin->arena, &passphrase, why));
    TRY(read_secret(command, new_file, true, &next));
    TRY(root_key_reseal(place->root_key, passphrase, next, why));
    /* It opens nothing any more. */
    return unlink(place->token_file) == 0 ? ST_OK : problem_errno(why, "keys.token_file");
}

static int move(struct admin *admin, int argc, char **argv)
{
    struct key_command command;
    int to_token = 0, to_passphrase = 0;
    const char *pin_file = NULL, *new_file = NULL;
    const struct cli_option options[] = {
        {"to-token", &to_token, NULL, NULL, "into the token that rendez.conf names"},
        {"to-passphrase", &to_passphrase, NULL, NULL, "out of it, under a passphrase"},
        {"passphrase-file", NULL, &admin->passphrase_file, "FILE", "--to-token: the passphrase until now (else asked)"},
        {"pin-file", NULL, &pin_file, "FILE", "PIN of the token (else as in rendez.conf)"},
        {"new-passphrase-file", NULL, &new_file, "FILE", "--to-passphrase: the one from now on (else asked)"},
        {"dir", NULL, &admin->dir, "DIR", "the installation (else $RENDEZ_DIR, else here)"},
        {0}};
    int code = admin_options(argc, argv, options, NULL, 0, "nothing");
    if (code >= 0)
        return code;
    if (to_token == to_passphrase)
        return cli_fail(EXIT_USAGE, "say --to-token or --to-passphrase; see --help");
    ADMIN_TRY(admin, load(&command, admin));
    ADMIN_TRY(admin, to_token ? move_to_token(&command, admin->passphrase_file, pin_file)
                              : move_to_passphrase(&command, pin_file, new_file));
    puts(to_token ? "the token keeps the root key; keys.passphrase_file is to hold its PIN from now on"
                  : "the passphrase keeps the root key; take keys.pkcs11_module out of rendez.conf, and let "
                    "keys.passphrase_file hold the passphrase");
    return EXIT_YES;
}

static int lift(struct admin *admin, int argc, char **argv)
{
    const struct cli_option options[] = {
        {"dir", NULL, &admin->dir, "DIR", "the installation (else $RENDEZ_DIR, else here)"}, {0}};
    int code = admin_options(argc, argv, options, NULL, 0, "nothing");
    return code >= 0 ? code : cli_ask_service(admin->dir, CONFIG_ASK_LIFT);
}

int cmd_key(int argc, char **argv)
{
    static const struct admin_verb verbs[] = {{"status", status}, {"move", move}, {"lift", lift},
                                              {"rotate", key_rotate}, {"versions", key_versions}, {0}};
    return admin_run(argc, argv, verbs);
}
