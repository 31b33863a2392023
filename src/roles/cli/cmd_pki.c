/* `rendez pki`: certificates of people, devices and servers, by authorities of the installation. */
#include "roles/cli/pki.h"

#include <string.h>
#include <unistd.h>

enum { KEY_FILE_BYTES_MAX = 64 * 1024 };

int pki_begin(struct admin *admin, int argc, char **argv, const struct cli_option *options,
              const char **operands, int operand_count, const char *what,
              struct registry **registry)
{
    int code = admin_begin(admin, argc, argv, options, operands, operand_count, what);
    if (code >= 0)
        return code;
    ADMIN_TRY(admin, registry_open(admin, registry));
    return -1;
}

enum status pki_write(const char *path, struct slice bytes, struct problem *why)
{
    if (path != NULL)
        return file_create_durably(path, bytes, 0600, why);
    return fd_write_all(STDOUT_FILENO, bytes, why);
}

struct slice pki_chain(const struct certificate_made *made, struct arena *arena)
{
    struct slice own = pki_to_pem(PKI_PEM_CERTIFICATE, made->certificate.bytes, arena);
    struct slice issuer = pki_to_pem(PKI_PEM_CERTIFICATE, made->issuer, arena);
    return arena_format(arena, "%.*s%.*s", SLICE_ARG(own), SLICE_ARG(issuer));
}

/* Authorities. The root's key lies in a file of its own, under a passphrase of its own, and may be
 * carried away: the service never needs it. */

static struct slice root_key_path(const struct admin *admin, const char *given)
{
    const struct config *config = directory_config(admin->directory);
    return given != NULL ? slice_from(given)
                         : arena_format(admin->arena, "%.*s/pki-root.key", SLICE_ARG(config->folder));
}

static enum status make_root_key(struct admin *admin, const char *given, const char *passphrase_file,
                                 struct secret **out)
{
    AUTO_SECRET key = NULL;
    struct slice passphrase, pem;
    const char *path = arena_text(admin->arena, root_key_path(admin, given));
    if (access(path, F_OK) == 0)
        return problem_set(&admin->why, ST_CONFLICT, "the file for the root's key is there already");
    if (passphrase_file == NULL)
        fputs("A passphrase for the key of the root authority.\n", stderr);
    TRY(passphrase_read(passphrase_file, true, admin->arena, &passphrase, &admin->why));
    TRY(pki_key_create(&key, &admin->why));
    TRY(pki_key_to_pem(key, passphrase, admin->arena, &pem, &admin->why));
    TRY(file_create_durably(path, pem, 0600, &admin->why));
    *out = key;
    key = NULL;
    return ST_OK;
}

static enum status read_root_key(struct admin *admin, const char *given, const char *passphrase_file,
                                 struct secret **out)
{
    struct slice passphrase, pem;
    const char *path = arena_text(admin->arena, root_key_path(admin, given));
    TRY(file_read(path, KEY_FILE_BYTES_MAX, admin->arena, &pem, &admin->why));
    TRY(passphrase_read(passphrase_file, false, admin->arena, &passphrase, &admin->why));
    return pki_key_from_pem(pem, passphrase, out, &admin->why);
}

static int init(struct admin *admin, int argc, char **argv)
{
    const char *root_key = NULL, *passphrase_file = NULL;
    const struct cli_option options[] = {
        {"root-key", NULL, &root_key, "FILE", "where the root's key goes (else pki-root.key)"},
        {"root-passphrase-file", NULL, &passphrase_file, "FILE", "its passphrase (else asked)"},
        {0},
    };
    AUTO_REGISTRY registry = NULL;
    AUTO_SECRET key = NULL;
    struct authority_list all;
    int code = pki_begin(admin, argc, argv, options, NULL, 0, "nothing", &registry);
    if (code >= 0)
        return code;
    struct authd *authd = registry_authd(registry);
    ADMIN_TRY(admin, certificates_authorities(authd, admin->arena, &all, &admin->why));
    if (all.count > 0)
        return cli_fail(EXIT_NO, "there is a root authority already");
    ADMIN_TRY(admin, make_root_key(admin, root_key, passphrase_file, &key));
    enum status status = certificates_begin(authd, &admin->why);
    if (status == ST_OK)
        status = certificates_init(authd, key, clock_now(), &admin->why);
    ADMIN_TRY(admin, certificates_finish(authd, status, &admin->why));
    json_t *facts = json_pack("{s:o}", "root_key", json_from_text(root_key_path(admin, root_key)));
    return admin_print(admin, facts);
}

static int renew_authority(struct admin *admin, int argc, char **argv)
{
    const char *root_key = NULL, *passphrase_file = NULL;
    int compromised = 0;
    const struct cli_option options[] = {
        {"root-key", NULL, &root_key, "FILE", "the root's key (else pki-root.key)"},
        {"root-passphrase-file", NULL, &passphrase_file, "FILE", "its passphrase (else asked)"},
        {"compromised", &compromised, NULL, NULL, "nothing that the one before signed counts any more"},
        {0},
    };
    AUTO_REGISTRY registry = NULL;
    AUTO_SECRET key = NULL;
    int code = pki_begin(admin, argc, argv, options, NULL, 0, "nothing", &registry);
    if (code >= 0)
        return code;
    struct authd *authd = registry_authd(registry);
    ADMIN_TRY(admin, read_root_key(admin, root_key, passphrase_file, &key));
    enum status status = certificates_begin(authd, &admin->why);
    if (status == ST_OK)
        status = certificates_renew_authority(authd, key, compromised != 0, clock_now(), &admin->why);
    ADMIN_TRY(admin, certificates_finish(authd, status, &admin->why));
    return EXIT_YES;
}

/* Issuing */

struct issue_options {
    int device, plain;
    const char *kind, *server, *csr, *days, *out, *format, *passphrase_file, *remote;
};

enum issue_format { FORMAT_PEM, FORMAT_PKCS12, FORMAT_OPENVPN, FORMAT_COUNT_ };
static const char *const format_names[FORMAT_COUNT_] = {"pem", "pkcs12", "openvpn"};

#define ISSUE_OPTIONS(o)                                                                           \
    {"csr", NULL, &(o).csr, "FILE", "a request (PKCS#10) of whoever keeps the key"},               \
    {"days", NULL, &(o).days, "DAYS", "good for so long (else as in rendez.conf)"},                \
    {"out", NULL, &(o).out, "FILE", "a new file for it (with --csr else standard output)"},        \
    {"format", NULL, &(o).format, "FORMAT", "pem, pkcs12 or openvpn (else pem)"},                  \
    {"key-passphrase-file", NULL, &(o).passphrase_file, "FILE", "passphrase of the key (else asked)"}, \
    {"plain", &(o).plain, NULL, NULL, "the key without passphrase: for a server's"},               \
    {"remote", NULL, &(o).remote, "HOST[:PORT]", "with --format openvpn: the server"}

static int read_format(const struct issue_options *options, enum issue_format *format)
{
    const char *word = options->format != NULL ? options->format : format_names[FORMAT_PEM];
    for (*format = FORMAT_PEM; *format < FORMAT_COUNT_; *format = (enum issue_format)(*format + 1))
        if (strcmp(word, format_names[*format]) == 0)
            break;
    if (*format == FORMAT_COUNT_)
        return cli_fail(EXIT_USAGE, "--format: pem, pkcs12 or openvpn");
    if (options->csr == NULL && options->out == NULL)
        return cli_fail(EXIT_USAGE, "a private key is made: say where it goes, with --out FILE");
    if (options->csr != NULL && *format == FORMAT_PKCS12)
        return cli_fail(EXIT_USAGE, "a PKCS#12 file holds the key, which with --csr is not here");
    if ((*format == FORMAT_OPENVPN) != (options->remote != NULL))
        return cli_fail(EXIT_USAGE, "--format openvpn and --remote HOST need each other");
    if (options->out != NULL && access(options->out, F_OK) == 0)
        return cli_fail(EXIT_NO, "there is a file %s already", options->out);
    return -1;
}

static enum status read_order(struct admin *admin, const struct issue_options *options,
                              struct certificate_order *order)
{
    uint64_t days = 0;
    if (options->csr != NULL)
        TRY(file_read(options->csr, PKI_INPUT_BYTES_MAX, admin->arena, &order->request, &admin->why));
    if (options->days != NULL && !slice_to_u64(slice_from(options->days), CERTIFICATE_DAYS_MAX, &days))
        return problem_set(&admin->why, ST_INVALID, "--days: 1 to %d", CERTIFICATE_DAYS_MAX);
    order->days = (uint32_t)days;
    if (options->kind != NULL && (!options->device || !device_kind_from_name(slice_from(options->kind), &order->device_kind)))
        return problem_set(&admin->why, ST_INVALID, "--kind: workstation, gateway or recorder, with --device");
    order->kind = options->server != NULL ? CERTIFICATE_SERVER
                  : options->device       ? CERTIFICATE_DEVICE
                                          : CERTIFICATE_PERSON;
    for (struct slice rest = slice_from(options->server); rest.len > 0;) {
        size_t comma = slice_find(rest, LIT(","), 0);
        ARENA_PUSH(admin->arena, &order->names, slice_sub(rest, 0, comma));
        rest = slice_sub(rest, comma == SIZE_MAX ? rest.len : comma + 1, SIZE_MAX);
    }
    return ST_OK;
}

static enum status read_key_passphrase(struct admin *admin, const struct issue_options *options,
                                       struct slice *out)
{
    *out = SLICE_NONE;
    if (options->csr != NULL || options->plain)
        return ST_OK;
    if (options->passphrase_file == NULL)
        fputs("A passphrase for the new key.\n", stderr);
    return passphrase_read(options->passphrase_file, true, admin->arena, out, &admin->why);
}

static enum status format_made(struct admin *admin, struct authd *authd, enum issue_format format,
                               const struct issue_options *options, struct slice passphrase,
                               const struct certificate_made *made, struct slice *text)
{
    struct slice key = SLICE_NONE, chain = pki_chain(made, admin->arena);
    struct slice_list above = {0};
    if (format == FORMAT_PKCS12) {
        ARENA_PUSH(admin->arena, &above, made->issuer);
        return pki_pkcs12(made->key, made->certificate.bytes, &above, passphrase, admin->arena, text,
                          &admin->why);
    }
    if (made->key != NULL)
        TRY(pki_key_to_pem(made->key, passphrase, admin->arena, &key, &admin->why));
    if (format == FORMAT_OPENVPN)
        return pki_openvpn_client(admin, authd, options->remote, made, key, text);
    *text = arena_format(admin->arena, "%.*s%.*s", SLICE_ARG(chain), SLICE_ARG(key));
    return ST_OK;
}

static json_t *describe(const struct certificate *certificate, struct arena *arena)
{
    const struct {
        const char *name;
        struct instant at;
    } dates[] = {{"issued", certificate->issued}, {"ends", certificate->ends}, {"used", certificate->used},
                 {"revoked", certificate->revoked}};
    json_t *object =
        json_pack("{s:o, s:s, s:o, s:o, s:o}", "serial", json_from_text(certificate->serial), "kind",
                  certificate_kind_names[certificate->kind], "subject",
                  json_from_text(certificate->subject), "account",
                  json_from_text(certificate->account), "authority",
                  json_from_text(certificate->authority));
    for (size_t i = 0; i < sizeof dates / sizeof *dates; i++)
        if (dates[i].at.us != 0)
            json_object_set_new(object, dates[i].name,
                                json_from_text(instant_format(dates[i].at, zone_utc(), arena)));
    if (certificate->cause.len > 0)
        json_object_set_new(object, "cause", json_from_text(certificate->cause));
    return object;
}

/* The certificate counts once its row is committed; so what goes wrong with the file revokes it. */
static int hand_over(struct admin *admin, struct authd *authd, enum issue_format format,
                     const struct issue_options *options, struct slice passphrase,
                     struct certificate_made *made)
{
    struct slice text;
    enum status status = format_made(admin, authd, format, options, passphrase, made, &text);
    if (status == ST_OK)
        status = pki_write(options->out, text, &admin->why);
    secret_destroy(&made->key);
    if (status != ST_OK) {
        struct problem later;
        enum status undone = certificates_begin(authd, &later);
        if (undone == ST_OK)
            undone = certificates_revoke(authd, made->certificate.serial, PKI_UNSPECIFIED,
                                         clock_now(), &later);
        (void)!certificates_finish(authd, undone, &later);
        return admin_fail(admin);
    }
    if (options->out == NULL)
        return EXIT_YES;
    return admin_print(admin, describe(&made->certificate, admin->arena));
}

static int issue(struct admin *admin, int argc, char **argv)
{
    struct issue_options o = {0};
    const char *who = NULL;
    const struct cli_option options[] = {
        {"device", &o.device, NULL, NULL, "for a device of WHO"},
        {"kind", NULL, &o.kind, "KIND", "which: workstation (else), gateway or recorder of the supervision room"},
        {"server", NULL, &o.server, "NAME[,NAME]", "for a server; WHO answers for it"},
        ISSUE_OPTIONS(o), {0},
    };
    AUTO_REGISTRY registry = NULL;
    enum issue_format format;
    struct certificate_order order = {0};
    struct certificate_made made;
    struct slice passphrase;
    int code = pki_begin(admin, argc, argv, options, &who, 1, "one account or address is", &registry);
    if (code >= 0 || (code = read_format(&o, &format)) >= 0)
        return code;
    struct authd *authd = registry_authd(registry);
    ADMIN_TRY(admin, read_order(admin, &o, &order));
    ADMIN_TRY(admin, certificates_find_account(authd, slice_from(who), admin->arena, &order.account,
                                               &admin->why));
    ADMIN_TRY(admin, read_key_passphrase(admin, &o, &passphrase));
    enum status status = certificates_begin(authd, &admin->why);
    if (status == ST_OK)
        status = certificates_issue(authd, &order, clock_now(), admin->arena, &made, &admin->why);
    ADMIN_TRY(admin, certificates_finish(authd, status, &admin->why));
    return hand_over(admin, authd, format, &o, passphrase, &made);
}

static int renew(struct admin *admin, int argc, char **argv)
{
    struct issue_options o = {0};
    const char *serial = NULL;
    const struct cli_option options[] = {ISSUE_OPTIONS(o), {0}};
    AUTO_REGISTRY registry = NULL;
    enum issue_format format;
    struct certificate_order order = {0};
    struct certificate_made made;
    struct slice passphrase;
    int code = pki_begin(admin, argc, argv, options, &serial, 1, "one serial number is", &registry);
    if (code >= 0 || (code = read_format(&o, &format)) >= 0)
        return code;
    struct authd *authd = registry_authd(registry);
    ADMIN_TRY(admin, read_order(admin, &o, &order));
    ADMIN_TRY(admin, read_key_passphrase(admin, &o, &passphrase));
    enum status status = certificates_begin(authd, &admin->why);
    if (status == ST_OK)
        status = certificates_renew(authd, slice_from(serial), order.request, order.days, clock_now(),
                                    admin->arena, &made, &admin->why);
    ADMIN_TRY(admin, certificates_finish(authd, status, &admin->why));
    return hand_over(admin, authd, format, &o, passphrase, &made);
}

/* What there is, and its end */

static int revoke_one(struct admin *admin, int argc, char **argv)
{
    const char *serial = NULL, *word = NULL;
    const struct cli_option options[] = {
        {"cause", NULL, &word, "CAUSE",
         "key_compromise, superseded, cessation, withdrawn or unspecified (else that)"},
        {0},
    };
    AUTO_REGISTRY registry = NULL;
    int code = pki_begin(admin, argc, argv, options, &serial, 1, "one serial number is", &registry);
    if (code >= 0)
        return code;
    struct authd *authd = registry_authd(registry);
    int cause = PKI_UNSPECIFIED;
    while (word != NULL && cause < PKI_CAUSE_COUNT_ && strcmp(word, pki_cause_names[cause]) != 0)
        cause++;
    if (cause == PKI_CAUSE_COUNT_)
        return cli_fail(EXIT_USAGE, "--cause: none of the causes; see --help");
    enum status status = certificates_begin(authd, &admin->why);
    if (status == ST_OK)
        status = certificates_revoke(authd, slice_from(serial), (enum pki_cause)cause, clock_now(),
                                     &admin->why);
    ADMIN_TRY(admin, certificates_finish(authd, status, &admin->why));
    return EXIT_YES;
}

static const char *state_of(const struct certificate *certificate, struct instant now)
{
    if (certificate->revoked.us != 0)
        return "revoked";
    return certificate->ends.us <= now.us ? "ended" : "good";
}

static int list(struct admin *admin, int argc, char **argv)
{
    const char *who = NULL;
    const struct cli_option options[] = {
        {"of", NULL, &who, "WHO", "an account's only: its id or address"}, {0}};
    AUTO_REGISTRY registry = NULL;
    struct certificate_list all;
    struct slice account = SLICE_NONE;
    int code = pki_begin(admin, argc, argv, options, NULL, 0, "nothing", &registry);
    if (code >= 0)
        return code;
    struct authd *authd = registry_authd(registry);
    if (who != NULL)
        ADMIN_TRY(admin, certificates_find_account(authd, slice_from(who), admin->arena, &account,
                                                   &admin->why));
    ADMIN_TRY(admin, certificates_list(authd, account, admin->arena, &all, &admin->why));
    for (size_t i = 0; i < all.count; i++) {
        const struct certificate *one = &all.items[i];
        const char *state = state_of(one, clock_now());
        AUTO_JSON facts = describe(one, admin->arena);
        json_object_set_new(facts, "state", json_string(state));
        struct slice ends = slice_sub(instant_format(one->ends, zone_utc(), admin->arena), 0, 10);
        if (admin->as_json)
            cli_print_json(facts);
        else
            printf("%.*s %-7s %-7s %.*s %.*s\n", SLICE_ARG(one->serial), state,
                   certificate_kind_names[one->kind], SLICE_ARG(ends), SLICE_ARG(one->subject));
    }
    return EXIT_YES;
}

static int show(struct admin *admin, int argc, char **argv)
{
    const char *serial = NULL;
    int pem = 0;
    const struct cli_option options[] = {{"pem", &pem, NULL, NULL, "the certificate itself"}, {0}};
    AUTO_REGISTRY registry = NULL;
    struct certificate one;
    int code = pki_begin(admin, argc, argv, options, &serial, 1, "one serial number is", &registry);
    if (code >= 0)
        return code;
    ADMIN_TRY(admin, certificates_load(registry_authd(registry), slice_from(serial), admin->arena,
                                       &one, &admin->why));
    if (pem) {
        printf("%.*s", SLICE_ARG(pki_to_pem(PKI_PEM_CERTIFICATE, one.bytes, admin->arena)));
        return EXIT_YES;
    }
    json_t *facts = describe(&one, admin->arena);
    json_object_set_new(facts, "state", json_string(state_of(&one, clock_now())));
    return admin_print(admin, facts);
}

static int crl(struct admin *admin, int argc, char **argv)
{
    AUTO_REGISTRY registry = NULL;
    struct authority_list all;
    int code = pki_begin(admin, argc, argv, (const struct cli_option[]){{0}}, NULL, 0, "nothing",
                         &registry);
    if (code >= 0)
        return code;
    struct authd *authd = registry_authd(registry);
    enum status status = certificates_begin(authd, &admin->why);
    if (status == ST_OK)
        status = certificates_list_anew(authd, true, clock_now(), &admin->why);
    ADMIN_TRY(admin, certificates_finish(authd, status, &admin->why));
    ADMIN_TRY(admin, certificates_authorities(authd, admin->arena, &all, &admin->why));
    for (size_t i = 0; i < all.count; i++) {
        struct slice until = instant_format(all.items[i].crl_until, zone_utc(), admin->arena);
        struct slice url = certificates_crl_url(authd, &all.items[i], admin->arena);
        json_t *facts = json_pack("{s:o, s:s, s:i, s:o}", "authority", json_from_text(all.items[i].id),
                                  "kind", authority_kind_names[all.items[i].kind], "number",
                                  (int)all.items[i].crl_number, "until", json_from_text(until));
        if (url.len > 0)
            json_object_set_new(facts, "url", json_from_text(url));
        admin_print(admin, facts);
    }
    return EXIT_YES;
}

int cmd_pki(int argc, char **argv)
{
    static const struct admin_verb verbs[] = {
        {"init", init},     {"renew-authority", renew_authority}, {"issue", issue}, {"renew", renew},
        {"revoke", revoke_one}, {"list", list},                       {"show", show},   {"crl", crl},
        {"export", pki_export}, {0},
    };
    return admin_run(argc, argv, verbs);
}
