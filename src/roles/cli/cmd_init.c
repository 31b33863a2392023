#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "formats/ical/ical.h"
#include "platform/vault/vault.h"
#include "roles/cli/admin.h"
#include "roles/cli/demo.h"
#include "roles/keyd/root.h"

enum { ARENA_BYTES_MAX = 4 << 20, DEMO_PASSPHRASE_BYTES = 24 };

struct init {
    const char *dir, *organisation, *name, *passphrase_file, *mode, *public_url, *assistant;
    const char *listen, *imap, *smtp, *user, *password_file;
    const char *pkcs11_module, *pkcs11_token, *pkcs11_environment;
    int demo, as_json;
    struct arena *arena;
    struct problem why;
};

static const char *path_in(const struct init *init, const char *name)
{
    return arena_text(init->arena, arena_format(init->arena, "%s/%s", init->dir, name));
}

/* What one run makes; there before, it belongs to an installation that stays untouched. */
static const char *const made[] = {"rendez.conf", "root.key", "root.token", "store/rendez.db",
                                   "store/rendez.keys"};

/* The folders that only the service enters. */
static enum status make_folders(struct init *init)
{
    static const char *const names[] = {"", "store", "identity", "spool", "run", "calendars"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (mkdir(path_in(init, names[i]), 0700) != 0 && errno != EEXIST)
            return problem_errno(&init->why, "make folder of the installation");
    for (size_t i = 0; i < sizeof made / sizeof *made; i++)
        if (access(path_in(init, made[i]), F_OK) == 0)
            return problem_set(&init->why, ST_CONFLICT, "there is an installation already: %s",
                               made[i]);
    return ST_OK;
}

/* A demo starts without a question: its passphrase is random and lies beside it. */
static enum status demo_passphrase(struct init *init, struct slice *out)
{
    char random[DEMO_PASSPHRASE_BYTES];
    AUTO_BUFFER text = buffer_create(256);
    vault_random(random, sizeof random);
    base64url_encode((struct slice){random, sizeof random}, &text);
    *out = arena_copy(init->arena, buffer_slice(&text));
    return file_write_durably(path_in(init, "rendez.passphrase"), *out, 0600, &init->why);
}

/* What was read is a passphrase, or the PIN of the token that makes and seals one. */
static enum status make_root_key(struct init *init)
{
    struct slice passphrase;
    AUTO_SECRET root = NULL;
    bool token = init->pkcs11_module != NULL;
    struct root_place place = {
        .root_key = path_in(init, "root.key"),
        .token_file = path_in(init, "root.token"),
        .token = {slice_from(init->pkcs11_module), slice_from(init->pkcs11_token),
                  slice_from(init->pkcs11_environment)},
    };
    if (init->demo && !token && init->passphrase_file == NULL)
        TRY(demo_passphrase(init, &passphrase));
    else
        TRY(passphrase_read(init->passphrase_file, !token, init->arena, &passphrase, &init->why));
    if (token)
        TRY(root_keep_in_token(&place, passphrase, init->arena, &passphrase, &init->why));
    return root_key_create(place.root_key, passphrase, &root, &init->why);
}

static void add_setting(struct config_setting *settings, size_t *count, const char *key,
                        const char *value)
{
    if (value != NULL)
        settings[(*count)++] = (struct config_setting){key, slice_from(value)};
}

/* A page that listens elsewhere is reached there, unless something else was said. */
static const char *public_url(const struct init *init)
{
    if (init->public_url != NULL || init->listen == NULL)
        return init->public_url;
    return arena_text(init->arena, arena_format(init->arena, "http://%s", init->listen));
}

static bool is_mailbox(const struct init *init)
{
    return init->mode != NULL && strcmp(init->mode, "mailbox") == 0;
}

/* Of a provider: IMAP in, submission out (RFC 8314), one user and password for both. */
static void add_mailbox(const struct init *init, struct config_setting *settings, size_t *count)
{
    char *password = init->password_file == NULL ? NULL : realpath(init->password_file, NULL);
    const char *path = password == NULL ? init->password_file
                                        : arena_text(init->arena, slice_from(password));
    free(password);
    if (!is_mailbox(init))
        return;
    add_setting(settings, count, "imap.host", init->imap);
    add_setting(settings, count, "imap.user", init->user != NULL ? init->user : init->assistant);
    add_setting(settings, count, "imap.password_file", path);
    add_setting(settings, count, "mail.host", init->smtp);
    add_setting(settings, count, "mail.port", "465");
    add_setting(settings, count, "mail.tls", "implicit");
    add_setting(settings, count, "mail.user", init->user != NULL ? init->user : init->assistant);
    add_setting(settings, count, "mail.password_file", path);
}

static enum status write_config(struct init *init)
{
    struct config_setting settings[20];
    struct slice text;
    size_t count = 0;
    add_setting(settings, &count, "mode", init->mode);
    add_setting(settings, &count, "public_url", public_url(init));
    add_setting(settings, &count, "assistant.address", init->assistant);
    add_setting(settings, &count, "http.listen", init->listen);
    add_mailbox(init, settings, &count);
    /* Paths of the file lead from its folder, those of the command line from here. */
    char *passphrase = init->passphrase_file == NULL ? NULL : realpath(init->passphrase_file, NULL);
    if (passphrase != NULL)
        add_setting(settings, &count, "keys.passphrase_file",
                    arena_text(init->arena, slice_from(passphrase)));
    else if (init->demo && init->pkcs11_module == NULL)
        add_setting(settings, &count, "keys.passphrase_file", "rendez.passphrase");
    free(passphrase);
    if (init->pkcs11_module != NULL) {
        add_setting(settings, &count, "keys.pkcs11_module", init->pkcs11_module);
        add_setting(settings, &count, "keys.pkcs11_token", init->pkcs11_token);
        add_setting(settings, &count, "keys.pkcs11_environment", init->pkcs11_environment);
    }
    TRY(config_format(settings, count, init->arena, &text, &init->why));
    return file_write_durably(path_in(init, "rendez.conf"), text, 0600, &init->why);
}

static enum status fill(struct init *init)
{
    AUTO_DIRECTORY directory = NULL;
    TRY(directory_open(init->dir, init->passphrase_file, &directory, &init->why));
    if (init->demo)
        return demo_fill(directory, clock_now(), &init->why);
    struct slice id = slice_from(init->organisation);
    struct slice name = init->name != NULL ? slice_from(init->name) : id;
    return directory_add_organisation(directory, id, name, clock_now(), &init->why);
}

/* A run that fails half-way leaves nothing that a second one would stumble over. */
static enum status make(struct init *init)
{
    TRY(make_folders(init));
    enum status status = make_root_key(init);
    if (status == ST_OK)
        status = write_config(init);
    if (status == ST_OK)
        status = fill(init);
    for (size_t i = 0; status != ST_OK && i < sizeof made / sizeof *made; i++)
        unlink(path_in(init, made[i]));
    return status;
}

static int report(const struct init *init)
{
    if (init->as_json) {
        AUTO_JSON facts =
            json_pack("{s:s, s:b, s:s}", "dir", init->dir, "demo", init->demo, "organisation",
                      init->demo ? "atelier-boreal" : init->organisation);
        cli_print_json(facts);
    } else {
        printf("made %s; serve it with: rendez serve %s\n", init->dir, init->dir);
    }
    return EXIT_YES;
}

int cmd_init(int argc, char **argv)
{
    struct init init = {.organisation = "main", .pkcs11_token = "rendez"};
    const struct cli_option options[] = {
        {"demo", &init.demo, NULL, NULL, "with an organisation to try: people and calendars"},
        {"organisation", NULL, &init.organisation, "ID", "id of the first one (else main)"},
        {"name", NULL, &init.name, "NAME", "its name"},
        {"mode", NULL, &init.mode, "MODE", "sandbox (default), mta or mailbox"},
        {"assistant", NULL, &init.assistant, "ADDRESS", "the assistant's address"},
        {"public-url", NULL, &init.public_url, "URL", "where people reach the pages"},
        {"listen", NULL, &init.listen, "ADDRESS", "of the pages, like 127.0.0.1:8080"},
        {"imap", NULL, &init.imap, "HOST", "mode mailbox: IMAP server (TLS, port 993)"},
        {"smtp", NULL, &init.smtp, "HOST", "mode mailbox: submission server (TLS, port 465)"},
        {"user", NULL, &init.user, "NAME", "mode mailbox: user of both (else the address)"},
        {"password-file", NULL, &init.password_file, "FILE", "mode mailbox: password of both"},
        {"passphrase-file", NULL, &init.passphrase_file, "FILE",
         "passphrase of the root key, or PIN of the token (else systemd's credential, or asked)"},
        {"pkcs11-module", NULL, &init.pkcs11_module, "FILE",
         "keep the root key closed by a PKCS#11 token: its module"},
        {"pkcs11-token", NULL, &init.pkcs11_token, "LABEL", "label of the token (else rendez)"},
        {"pkcs11-environment", NULL, &init.pkcs11_environment, "NAME=VALUE", "what the module wants"},
        {"json", &init.as_json, NULL, NULL, "print facts as JSON"},
        {0},
    };
    int code = admin_options(argc, argv, options, &init.dir, 1, "one folder for it is");
    if (code >= 0)
        return code;
    if (init.pkcs11_module != NULL && init.pkcs11_module[0] != '/')
        return cli_fail(EXIT_USAGE, "--pkcs11-module wants the whole path of the module");
    if (is_mailbox(&init) && (init.imap == NULL || (init.user == NULL && init.assistant == NULL)))
        return cli_fail(EXIT_USAGE, "--mode mailbox needs --imap HOST and --assistant ADDRESS, too; see --help");
    AUTO_ARENA arena = arena_create_wiped(ARENA_BYTES_MAX);
    init.arena = arena;
    ical_init();
    return make(&init) == ST_OK ? report(&init) : cli_fail_problem(&init.why);
}
