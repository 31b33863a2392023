/* rendez sso: OpenID providers of organisations. doc/operations.md says how to set them up. */
#include <string.h>

#include "roles/authd/sso_admin.h"
#include "roles/cli/registry.h"
#include "roles/sso/relying.h"

enum { SECRET_FILE_MAX = 4096, PEM_FILE_MAX = 64 * 1024 };

static json_t *words_json(const struct slice_list *words)
{
    json_t *list = json_array();
    for (size_t i = 0; i < words->count; i++)
        json_array_append_new(list, json_from_text(words->items[i]));
    return list;
}

/* Everything but the secret. The last three are what the provider must know of us. */
static json_t *describe(const struct admin *admin, const struct sso_settings *settings)
{
    const struct provider_details *details = &settings->details;
    struct slice url = directory_config(admin->directory)->public_url;
    json_t *out = json_object();
    json_object_set_new(out, "id", json_from_text(settings->id));
    json_object_set_new(out, "organisation", json_from_text(settings->organisation));
    json_object_set_new(out, "name", json_from_text(details->name));
    json_object_set_new(out, "issuer", json_from_text(settings->issuer));
    json_object_set_new(out, "client", json_from_text(details->client));
    json_object_set_new(out, "domains", json_from_text(settings->domains));
    json_object_set_new(out, "acr", words_json(&details->acr));
    json_object_set_new(out, "amr", words_json(&details->amr));
    json_object_set_new(out, "second_factor",
                        json_string(details->acr.count + details->amr.count > 0 ? "provider" : "own"));
    json_object_set_new(out, "max_age", json_integer(details->max_age_s));
    json_object_set_new(out, "exclusive", json_boolean(settings->exclusive));
    json_object_set_new(out, "trusts_addresses", json_boolean(details->trusts_addresses));
    json_object_set_new(out, "private_network", json_boolean(details->private_network));
    json_object_set_new(out, "loopback", json_boolean(details->loopback));
    json_object_set_new(out, "own_certificates", json_boolean(details->authority.len > 0));
    json_object_set_new(out, "redirect_uri",
                        json_from_text(arena_format(admin->arena, "%.*s/login/sso/callback", SLICE_ARG(url))));
    json_object_set_new(out, "backchannel_logout_uri",
                        json_from_text(arena_format(admin->arena, "%.*s/login/sso/backchannel", SLICE_ARG(url))));
    json_object_set_new(out, "post_logout_redirect_uri",
                        json_from_text(arena_format(admin->arena, "%.*s/account", SLICE_ARG(url))));
    return out;
}

static struct slice_list split_words(const char *text, char separator, struct arena *arena)
{
    struct slice_list list = {0};
    struct slice rest = slice_from(text), point = {&separator, 1};
    while (rest.len > 0) {
        size_t end = slice_find(rest, point, 0);
        struct slice word = slice_trim(slice_sub(rest, 0, end));
        if (word.len > 0)
            ARENA_PUSH(arena, &list, word);
        rest = end == SIZE_MAX ? SLICE_NONE : slice_sub(rest, end + 1, rest.len);
    }
    return list;
}

/* "Client.example,branch.example" → "client.example branch.example" */
static struct slice join_domains(const char *text, struct arena *arena)
{
    AUTO_BUFFER out = buffer_create(65536);
    struct slice_list words = split_words(text, ',', arena);
    for (size_t i = 0; i < words.count; i++) {
        if (i > 0)
            buffer_add_char(&out, ' ');
        buffer_add(&out, arena_lower(arena, words.items[i]));
    }
    return arena_copy(arena, buffer_slice(&out));
}

struct add_options {
    const char *name, *client, *secret_file, *domains, *acr, *amr, *max_age, *authority;
    int exclusive, trust_addresses, private_network, loopback;
};

static enum status read_settings(struct admin *admin, const struct add_options *options,
                                 struct sso_settings *settings)
{
    struct provider_details *details = &settings->details;
    uint64_t seconds = 0;
    if (options->client == NULL || options->secret_file == NULL)
        return problem_set(&admin->why, ST_INVALID, "--client and --secret-file are needed");
    if (options->max_age != NULL && !slice_to_u64(slice_from(options->max_age), INT32_MAX, &seconds))
        return problem_set(&admin->why, ST_INVALID, "--max-age: seconds");
    TRY(file_read(options->secret_file, SECRET_FILE_MAX, admin->arena, &details->secret, &admin->why));
    if (options->authority != NULL)
        TRY(file_read(options->authority, PEM_FILE_MAX, admin->arena, &details->authority, &admin->why));
    details->secret = slice_trim(details->secret);
    details->name = options->name != NULL ? slice_from(options->name) : settings->issuer;
    details->client = slice_from(options->client);
    details->acr = split_words(options->acr, ',', admin->arena);
    details->amr = split_words(options->amr, ',', admin->arena);
    details->max_age_s = (int64_t)seconds;
    details->trusts_addresses = options->trust_addresses != 0;
    details->private_network = options->private_network != 0;
    details->loopback = options->loopback != 0;
    settings->domains = join_domains(options->domains, admin->arena);
    settings->exclusive = options->exclusive != 0;
    return ST_OK;
}

static int add(struct admin *admin, int argc, char **argv)
{
    struct add_options o = {0};
    const char *operands[2] = {NULL, NULL};
    AUTO_REGISTRY registry = NULL;
    struct sso_settings settings = {0};
    const struct cli_option options[] = {
        {"client", NULL, &o.client, "ID", "our client id there"},
        {"secret-file", NULL, &o.secret_file, "FILE", "its secret, in one line"},
        {"name", NULL, &o.name, "NAME", "on the sign-in page (else the issuer)"},
        {"domains", NULL, &o.domains, "D,D", "of the addresses that it may name, and for which it is offered"},
        {"acr", NULL, &o.acr, "W,W", "one of these is required: then it vouches for both factors"},
        {"amr", NULL, &o.amr, "W,W", "all of these are required: the same"},
        {"max-age", NULL, &o.max_age, "SECONDS", "since people signed in there, at most"},
        {"exclusive", &o.exclusive, NULL, NULL, "its people sign in there and nowhere else"},
        {"trust-addresses", &o.trust_addresses, NULL, NULL, "it need not say that it has verified an address"},
        {"ca", NULL, &o.authority, "FILE", "PEM: trust these certificates and no others"},
        {"private-network", &o.private_network, NULL, NULL, "it is in a private network"},
        {"loopback", &o.loopback, NULL, NULL, "it is on this machine, plain http allowed"},
        {0},
    };
    int code = admin_begin(admin, argc, argv, options, operands, 2, "an organisation and an issuer are");
    if (code >= 0)
        return code;
    settings.issuer = slice_from(operands[1]);
    ADMIN_TRY(admin, read_settings(admin, &o, &settings));
    ADMIN_TRY(admin, registry_open(admin, &registry));
    ADMIN_TRY(admin, registry_organisation(admin, registry, slice_from(operands[0]), &settings.organisation));
    ADMIN_TRY(admin, authd_add_provider(registry_authd(registry), &settings, clock_now(), admin->arena, &admin->why));
    return admin_print(admin, describe(admin, &settings));
}

static int list(struct admin *admin, int argc, char **argv)
{
    const char *organisation = NULL;
    AUTO_REGISTRY registry = NULL;
    struct sso_settings_list all;
    const struct cli_option options[] = {
        {"organisation", NULL, &organisation, "ID", "of this one only"},
        {0},
    };
    int code = admin_begin(admin, argc, argv, options, NULL, 0, "nothing");
    if (code >= 0)
        return code;
    ADMIN_TRY(admin, registry_open(admin, &registry));
    ADMIN_TRY(admin, authd_list_providers(registry_authd(registry), slice_from(organisation), admin->arena,
                                          &all, &admin->why));
    for (size_t i = 0; i < all.count; i++) {
        const struct sso_settings *settings = &all.items[i];
        AUTO_JSON object = describe(admin, settings);
        if (admin->as_json)
            cli_print_json(object);
        else
            printf("%-16.*s %-16.*s %.*s\n", SLICE_ARG(settings->id), SLICE_ARG(settings->organisation),
                   SLICE_ARG(settings->issuer));
    }
    return EXIT_YES;
}

/* One provider, by its id. Returns -1 to go on, else the exit code. */
static int begin_with_id(struct admin *admin, int argc, char **argv, struct registry **registry,
                         struct sso_settings *settings)
{
    const char *id = NULL;
    int code = admin_begin(admin, argc, argv, (const struct cli_option[]){{0}}, &id, 1, "one id is");
    if (code >= 0)
        return code;
    ADMIN_TRY(admin, registry_open(admin, registry));
    ADMIN_TRY(admin, authd_load_provider(registry_authd(*registry), slice_from(id), admin->arena, settings,
                                         &admin->why));
    return -1;
}

static int show(struct admin *admin, int argc, char **argv)
{
    AUTO_REGISTRY registry = NULL;
    struct sso_settings settings;
    int code = begin_with_id(admin, argc, argv, &registry, &settings);
    return code >= 0 ? code : admin_print(admin, describe(admin, &settings));
}

static int end(struct admin *admin, int argc, char **argv)
{
    AUTO_REGISTRY registry = NULL;
    struct sso_settings settings;
    size_t sessions = 0;
    int code = begin_with_id(admin, argc, argv, &registry, &settings);
    if (code >= 0)
        return code;
    ADMIN_TRY(admin, authd_end_provider(registry_authd(registry), settings.id, clock_now(), &sessions, &admin->why));
    return admin_print(admin, json_pack("{s:i}", "sessions_ended", (int)sessions));
}

/* The provider is asked from here, as sso would ask it. */

struct checking {
    struct admin *admin;
    struct sso_answer answer;
    bool done;
};

static void take_answer(void *context, const struct sso_answer *answer)
{
    struct checking *checking = context;
    record_copy(message_kind(MESSAGE_SSO_ANSWER)->type, answer, checking->admin->arena, &checking->answer);
    checking->done = true;
}

static enum status ask_provider(struct admin *admin, const struct sso_settings *settings,
                                struct sso_answer *answer)
{
    struct checking checking = {.admin = admin};
    struct sso_ask ask = {.question = SSO_CHECK, .provider = sso_provider_of(settings->issuer, &settings->details)};
    struct loop *loop = NULL;
    struct relying *relying = NULL;
    TRY(loop_create(&loop, &admin->why));
    enum status status = relying_create(loop, &relying, &admin->why);
    if (status == ST_OK)
        relying_ask(relying, &ask, take_answer, &checking);
    while (status == ST_OK && !checking.done)
        status = loop_turn(loop, -1, &admin->why);
    relying_destroy(&relying);
    loop_destroy(&loop);
    *answer = checking.answer;
    return status;
}

static int check(struct admin *admin, int argc, char **argv)
{
    AUTO_REGISTRY registry = NULL;
    struct sso_settings settings;
    struct sso_answer answer;
    int code = begin_with_id(admin, argc, argv, &registry, &settings);
    if (code >= 0)
        return code;
    ADMIN_TRY(admin, ask_provider(admin, &settings, &answer));
    if (answer.status != ST_OK)
        return cli_fail(EXIT_NO, "%.*s", SLICE_ARG(answer.problem));
    if (answer.keys == 0)
        return cli_fail(EXIT_NO, "the provider shows no key that its ID tokens could be checked with");
    json_t *out = json_object();
    json_object_set_new(out, "authorization_endpoint", json_from_text(answer.authorization_endpoint));
    json_object_set_new(out, "algorithms", words_json(&answer.algs));
    json_object_set_new(out, "keys", json_integer(answer.keys));
    json_object_set_new(out, "names_issuer", json_boolean(answer.issuer_parameter));
    json_object_set_new(out, "logout", json_boolean(answer.end_session_endpoint.len > 0));
    json_object_set_new(out, "backchannel_logout", json_boolean(answer.backchannel));
    return admin_print(admin, out);
}

int cmd_sso(int argc, char **argv)
{
    static const struct admin_verb verbs[] = {{"add", add},   {"list", list},   {"show", show},
                                              {"end", end},   {"check", check}, {0}};
    return admin_run(argc, argv, verbs);
}
