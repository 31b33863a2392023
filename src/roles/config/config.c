#include "roles/config/config.h"

#include <errno.h>
#include <libconfig.h>
#include <limits.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/datetime/datetime.h"
#include "domain/access/access.h"
#include "domain/supervision/supervision.h"

enum { CONFIG_BYTES_MAX = 256 * 1024, TEXT_MAX = 1000, NAME_MAX_BYTES = 64 };

const char *const config_mode_names[3] = {"sandbox", "mta", "mailbox"};
const char *const config_tls_names[4] = {"none", "try", "require", "implicit"};
const char *const config_imap_tls_names[2] = {"implicit", "require"};
const char *const config_done_names[2] = {"seen", "move"};

/* Checks answer what a value must be, or NULL when it is well. */
static const char *check_line(struct slice value)
{
    for (size_t i = 0; i < value.len; i++)
        if ((unsigned char)value.data[i] < ' ' || value.data[i] == 127)
            return "must be one line of text";
    return NULL;
}

static const char *check_name(struct slice value)
{
    return value.len > 0 ? check_line(value) : "must not be empty";
}

static const char *check_url(struct slice value)
{
    bool scheme = slice_starts(value, LIT("https://")) || slice_starts(value, LIT("http://"));
    if (!scheme || slice_ends(value, LIT("/")) || slice_contains(value, LIT(" ")) ||
        slice_contains(value, LIT("?")) || slice_contains(value, LIT("#")))
        return "must be a URL like https://meet.example, without a slash at the end";
    return check_line(value);
}

static const char *check_url_or_none(struct slice value)
{
    return value.len == 0 ? NULL : check_url(value);
}

static const char *check_https_or_none(struct slice value)
{
    return value.len == 0 || slice_starts(value, LIT("https://")) ? check_url_or_none(value)
                                                                  : "must be a URL like https://console.meet.example";
}

static const char *check_address(struct slice value)
{
    size_t at = slice_find(value, LIT("@"), 0);
    bool good = at != SIZE_MAX && at > 0 && at + 1 < value.len &&
                slice_find(value, LIT("@"), at + 1) == SIZE_MAX &&
                !slice_contains(value, LIT(" ")) && !slice_contains(value, LIT("<"));
    return good ? check_line(value) : "must be an address like camille@assist.example";
}

bool config_next_address(struct slice *rest, struct slice *address)
{
    while (slice_starts(*rest, LIT(" ")))
        *rest = slice_sub(*rest, 1, rest->len);
    size_t end = slice_find(*rest, LIT(" "), 0);
    *address = slice_sub(*rest, 0, end);
    *rest = slice_sub(*rest, end == SIZE_MAX ? rest->len : end, rest->len);
    return address->len > 0;
}

static const char *check_addresses(struct slice value)
{
    struct slice address;
    while (config_next_address(&value, &address))
        if (check_address(address) != NULL)
            return "must be addresses like ops@meet.example, with spaces between";
    return NULL;
}

/* Behind the scheme: a name of this machine, and nothing more of a name. */
static bool is_here(struct slice rest)
{
    static const char *const names[] = {"127.0.0.1", "[::1]", "localhost"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct slice name = slice_from(names[i]);
        char after = rest.len > name.len ? rest.data[name.len] : '/';
        if (slice_starts(rest, name) && (after == '/' || after == ':' || after == '?'))
            return true;
    }
    return false;
}

static const char *check_webhook(struct slice value)
{
    bool plain = slice_starts(value, LIT("http://")) && is_here(slice_sub(value, 7, value.len));
    if (value.len == 0)
        return NULL;
    if ((!plain && !slice_starts(value, LIT("https://"))) || slice_contains(value, LIT(" ")) ||
        slice_contains(value, LIT("@")) || slice_contains(value, LIT("#")))
        return "must be a URL like https://hooks.example/rendez (http only on this machine)";
    return check_line(value);
}

static const char *check_address_or_none(struct slice value)
{
    return value.len == 0 ? NULL : check_address(value);
}

static const char *check_day_or_none(struct slice value)
{
    struct civil_date day;
    return value.len == 0 || civil_date_parse(value, &day, NULL) == ST_OK ? NULL : "must be a day like 2027-06-30";
}

static const char *check_zone(struct slice value)
{
    const struct zone *zone;
    return zone_load(value, &zone, NULL) == ST_OK ? NULL : "must be a time zone like Europe/Paris";
}

static const char *check_endpoint(struct slice value)
{
    size_t colon = SIZE_MAX;
    for (size_t at = 0; at < value.len; at++)
        if (value.data[at] == ':')
            colon = at;
    uint64_t port;
    if (colon == SIZE_MAX || colon == 0 || check_line(value) != NULL ||
        !slice_to_u64(slice_sub(value, colon + 1, value.len), 65535, &port) || port == 0)
        return "must be an address and a port like 127.0.0.1:8080";
    return NULL;
}

static const char *check_endpoint_or_none(struct slice value)
{
    return value.len == 0 ? NULL : check_endpoint(value);
}

static bool looks_like_path(struct slice value)
{
    return slice_contains(value, LIT("/"));
}

static const char *check_lmtp(struct slice value)
{
    const char *wrong = looks_like_path(value) ? check_line(value) : check_endpoint(value);
    return wrong == NULL ? NULL : "must be the path of a socket or like 127.0.0.1:2424";
}

static const char *check_networks(struct slice value)
{
    return access_networks_check(value, NULL) == ST_OK ? NULL
                                                       : "must be networks like 10.8.0.0/16 fd00::/8";
}

static const char *check_minutes(struct slice value)
{
    struct supervision_rules rules;
    return supervision_minutes_parse(value, &rules, NULL) == ST_OK ? NULL : "must be four numbers of minutes like 240 60 20 10";
}

static const char *check_four_eyes(struct slice value)
{
    struct supervision_rules rules;
    return supervision_four_eyes_parse(value, &rules, NULL) == ST_OK
               ? NULL
               : "must be words of approve, correct, take_over, ask_back, refuse";
}

static const char *check_door(struct slice value)
{
    return slice_equal(value, LIT("alert")) || slice_equal(value, LIT("refuse")) ? NULL : "must be alert or refuse";
}

/* http is for this machine only: nobody between is to choose which witnesses sign. */
static bool is_witness_url(struct slice url)
{
    bool plain = slice_starts(url, LIT("http://")) && is_here(slice_sub(url, 7, url.len));
    return (plain || (slice_starts(url, LIT("https://")) && url.len > sizeof "https://")) && !slice_contains(url, LIT("@"));
}

static struct slice next_word(struct slice *rest)
{
    *rest = slice_trim(*rest);
    size_t end = 0;
    while (end < rest->len && (unsigned char)rest->data[end] > ' ')
        end++;
    struct slice word = slice_sub(*rest, 0, end);
    *rest = slice_sub(*rest, end, rest->len);
    return word;
}

bool config_next_witness(struct slice *rest, struct slice *url, struct slice *key)
{
    *url = next_word(rest);
    *key = next_word(rest);
    return key->len > 0;
}

static const char *check_witnesses(struct slice value)
{
    struct slice url, key;
    size_t count = 0;
    while (config_next_witness(&value, &url, &key)) {
        /* "NAME+ID+BASE64": eight digits between */
        size_t plus = slice_find(key, LIT("+"), 0);
        if (!is_witness_url(url) || plus == SIZE_MAX || slice_find(key, LIT("+"), plus + 1) != plus + 9 ||
            ++count > CONFIG_WITNESSES_MAX)
            return "must be URL KEY URL KEY …: https, or http to this machine; KEY as rendez-witness says it";
    }
    return url.len == 0 ? NULL : "must have a key after each URL";
}

typedef const char *check_fn(struct slice value);

struct key {
    const char *name;
    enum { KEY_TEXT, KEY_PATH, KEY_NUMBER, KEY_FLAG, KEY_WORD, KEY_AMOUNT = KEY_NUMBER } kind;
    size_t offset;
    const char *otherwise; /* as in the file, without quotes */
    check_fn *check;
    uint32_t limit;
    bool may_be_zero;
    const char *const *words;
    uint32_t word_count;
    const char *sentence;
};

#define LIMIT_TEXT(limit_)   .check = (limit_)
#define LIMIT_PATH(limit_)   .check = (limit_)
#define LIMIT_NUMBER(limit_) .limit = (limit_)
#define LIMIT_AMOUNT(limit_) .limit = (limit_), .may_be_zero = true
#define LIMIT_FLAG(limit_)   .limit = 0
#define LIMIT_WORD(limit_)   .words = (limit_), .word_count = sizeof(limit_) / sizeof *(limit_)

static const struct key keys[] = {
#define CONFIG(name_, kind_, member_, otherwise_, limit_, sentence_)                               \
    {.name = (name_),                                                                              \
     .kind = KEY_##kind_,                                                                          \
     .offset = offsetof(struct config, member_),                                                   \
     .otherwise = (otherwise_),                                                                    \
     .sentence = (sentence_),                                                                      \
     LIMIT_##kind_(limit_)},
#include "roles/config/config.def"
#undef CONFIG
};
enum { KEY_COUNT = sizeof keys / sizeof *keys };

struct loading {
    struct config *config;
    struct slice folder;
    struct arena *arena;
    unsigned line;
    struct problem *why;
};

static enum status refuse(const struct loading *loading, const char *key, const char *what)
{
    return problem_at(loading->why, ST_INVALID, loading->line, "rendez.conf line %u: %.60s %s",
                      loading->line, key, what);
}

static struct slice resolve(struct slice folder, struct slice path, struct arena *arena)
{
    if (path.len == 0 || slice_starts(path, LIT("/")))
        return arena_copy(arena, path);
    return arena_format(arena, "%.*s/%.*s", SLICE_ARG(folder), SLICE_ARG(path));
}

static enum status set_text(const struct loading *loading, const struct key *key,
                            struct slice value)
{
    struct slice *member = (struct slice *)((char *)loading->config + key->offset);
    if (value.len > TEXT_MAX || utf8_bad_at(value) != SIZE_MAX)
        return refuse(loading, key->name, "must be UTF-8 of at most 1000 bytes");
    const char *wrong = key->check == NULL ? NULL : key->check(value);
    if (wrong != NULL)
        return refuse(loading, key->name, wrong);
    bool path = key->kind == KEY_PATH || (key->check == check_lmtp && looks_like_path(value));
    *member =
        path ? resolve(loading->folder, value, loading->arena) : arena_copy(loading->arena, value);
    return ST_OK;
}

static enum status set_word(const struct loading *loading, const struct key *key,
                            struct slice value)
{
    for (uint32_t i = 0; i < key->word_count; i++)
        if (value.len > 0 && slice_equal(value, slice_from(key->words[i]))) {
            *(uint32_t *)((char *)loading->config + key->offset) = i;
            return ST_OK;
        }
    AUTO_BUFFER text = buffer_create(200);
    buffer_add_text(&text, "must be one of:");
    for (uint32_t i = 0; i < key->word_count; i++)
        if (*key->words[i] != '\0')
            buffer_add_format(&text, " %s", key->words[i]);
    return refuse(loading, key->name, buffer_slice(&text).data);
}

static enum status set_number(const struct loading *loading, const struct key *key, int64_t value)
{
    int least = key->may_be_zero ? 0 : 1;
    if (value < least || value > key->limit) {
        AUTO_BUFFER text = buffer_create(64);
        buffer_add_format(&text, "must be a number from %d to %u", least,
                          (unsigned)key->limit);
        return refuse(loading, key->name, buffer_slice(&text).data);
    }
    *(uint32_t *)((char *)loading->config + key->offset) = (uint32_t)value;
    return ST_OK;
}

/* A default goes the same way as a value of the file, so that it is checked too. */
static enum status set_default(const struct loading *loading, const struct key *key)
{
    struct slice value = slice_from(key->otherwise);
    uint64_t number = 0;
    switch (key->kind) {
    case KEY_TEXT:
    case KEY_PATH:
        return set_text(loading, key, value);
    case KEY_WORD:
        return set_word(loading, key, value);
    case KEY_FLAG:
        *(bool *)((char *)loading->config + key->offset) = slice_equal(value, LIT("true"));
        return ST_OK;
    case KEY_NUMBER:
        if (!slice_to_u64(value, UINT32_MAX, &number))
            return refuse(loading, key->name, "has a default that is no number");
        return set_number(loading, key, (int64_t)number);
    }
    return ST_INVALID;
}

static enum status set_from_file(const struct loading *loading, const struct key *key,
                                 const config_setting_t *setting)
{
    int type = config_setting_type(setting);
    switch (key->kind) {
    case KEY_TEXT:
    case KEY_PATH:
    case KEY_WORD:
        if (type != CONFIG_TYPE_STRING)
            return refuse(loading, key->name, "must be text in quotes");
        struct slice value = slice_from(config_setting_get_string(setting));
        return key->kind == KEY_WORD ? set_word(loading, key, value)
                                     : set_text(loading, key, value);
    case KEY_FLAG:
        if (type != CONFIG_TYPE_BOOL)
            return refuse(loading, key->name, "must be true or false");
        *(bool *)((char *)loading->config + key->offset) = config_setting_get_bool(setting) != 0;
        return ST_OK;
    case KEY_NUMBER:
        if (type != CONFIG_TYPE_INT && type != CONFIG_TYPE_INT64)
            return refuse(loading, key->name, "must be a number");
        return set_number(loading, key, config_setting_get_int64(setting));
    }
    return ST_INVALID;
}

static const struct key *find_key(struct slice name)
{
    for (size_t i = 0; i < KEY_COUNT; i++)
        if (slice_equal(name, slice_from(keys[i].name)))
            return &keys[i];
    return NULL;
}

static bool is_group(struct slice name)
{
    for (size_t i = 0; i < KEY_COUNT; i++) {
        struct slice key = slice_from(keys[i].name);
        if (slice_starts(key, name) && key.len > name.len && key.data[name.len] == '.')
            return true;
    }
    return false;
}

static enum status read_setting(struct loading *loading, const config_setting_t *setting,
                                struct slice name)
{
    loading->line = config_setting_source_line(setting);
    const struct key *key = find_key(name);
    if (key != NULL)
        return set_from_file(loading, key, setting);
    if (is_group(name))
        return config_setting_type(setting) == CONFIG_TYPE_GROUP
                   ? ST_OK
                   : refuse(loading, name.data, "must be a group in braces");
    return refuse(loading, name.data, "is no known key");
}

/* Keys are two levels deep at most. */
static enum status read_group(struct loading *loading, const config_setting_t *group,
                              const char *group_name)
{
    int count = config_setting_length(group);
    for (int i = 0; i < count; i++) {
        const config_setting_t *setting = config_setting_get_elem(group, (unsigned)i);
        const char *own = config_setting_name(setting);
        struct slice name = *group_name == '\0'
                                ? slice_from(own)
                                : arena_format(loading->arena, "%s.%s", group_name, own);
        TRY(read_setting(loading, setting, name));
        if (config_setting_type(setting) == CONFIG_TYPE_GROUP)
            TRY(read_group(loading, setting, arena_text(loading->arena, name)));
    }
    return ST_OK;
}

static enum status read_all(struct loading *loading, const char *text)
{
    config_t parsed;
    config_init(&parsed);
    enum status status;
    if (config_read_string(&parsed, text) != CONFIG_TRUE) {
        loading->line = (unsigned)config_error_line(&parsed);
        status = refuse(loading, config_error_text(&parsed), "");
    } else {
        status = read_group(loading, config_root_setting(&parsed), "");
    }
    config_destroy(&parsed);
    return status;
}

static bool is_loopback(struct slice host)
{
    static const char *const names[] = {"127.0.0.1", "::1", "localhost"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (slice_equal(host, slice_from(names[i])))
            return true;
    return false;
}

/* Keys that need each other; no line is to blame alone. */
/* The host of a URL, without its port. */
static struct slice host_of(struct slice url)
{
    size_t begin = slice_find(url, LIT("://"), 0) + 3;
    struct slice host = slice_sub(url, begin, slice_find(url, LIT("/"), begin));
    return slice_sub(host, 0, slice_find(host, LIT(":"), 0));
}

/* Passkeys are made for public_url's host: they work there and below (WebAuthn L3 section 5.1.2). */
static bool is_below(struct slice host, struct slice above)
{
    return slice_equal(host, above) || (host.len > above.len && slice_ends(host, above) &&
                                        host.data[host.len - above.len - 1] == '.');
}

static enum status check_console(const struct config *config, struct problem *why)
{
    if (config->console.listen.len == 0)
        return ST_OK;
    if (config->console.public_url.len == 0 || config->console.certificate.len == 0 || config->console.key.len == 0 ||
        config->console.authorities.len == 0 || config->access.networks.len == 0)
        return problem_set(why, ST_INVALID, "rendez.conf: console.listen needs console.public_url, .certificate, .key, "
                           ".authorities, and access.networks");
    if (!is_below(host_of(config->console.public_url), host_of(config->public_url)))
        return problem_set(why, ST_INVALID, "rendez.conf: the host of console.public_url must be public_url's or below it");
    return ST_OK;
}

static enum status check_together(const struct config *config, struct problem *why)
{
    if (config->mode == CONFIG_MAILBOX && (config->imap.host.len == 0 || config->imap.user.len == 0))
        return problem_set(why, ST_INVALID,
                           "rendez.conf: mode mailbox needs imap.host and imap.user");
    if (config->mail.user.len > 0 && config->mail.tls < CONFIG_TLS_REQUIRE &&
        !is_loopback(config->mail.host))
        return problem_set(why, ST_INVALID,
                           "rendez.conf: mail.user needs mail.tls require or implicit");
    if ((config->http.certificate.len > 0) != (config->http.key.len > 0))
        return problem_set(why, ST_INVALID,
                           "rendez.conf: http.certificate and http.key are given together");
    if (config->http.redirect.len > 0 && !slice_starts(config->public_url, LIT("https://")))
        return problem_set(why, ST_INVALID,
                           "rendez.conf: http.redirect leads to a public_url of https only");
    if (config->http.challenges.len > 0 && config->http.redirect.len == 0)
        return problem_set(why, ST_INVALID, "rendez.conf: http.challenges needs http.redirect");
    return check_console(config, why);
}

enum status config_parse(struct slice text, struct slice folder, struct arena *arena,
                         struct config *out, struct problem *why)
{
    struct config config = {.folder = arena_copy(arena, folder)};
    struct loading loading = {&config, folder, arena, 0, why};
    if (slice_contains(text, (struct slice){"", 1}))
        return refuse(&loading, "the file", "holds a zero byte");
    for (size_t i = 0; i < KEY_COUNT; i++)
        TRY(set_default(&loading, &keys[i]));
    TRY(read_all(&loading, arena_text(arena, text)));
    TRY(check_together(&config, why));
    *out = config;
    return ST_OK;
}

/* DIR or DIR/rendez.conf, as an absolute path. */
static enum status find_file(const char *path, struct arena *arena, char **file,
                             struct problem *why)
{
    struct stat info;
    struct slice name = slice_from(path);
    if (stat(path, &info) == 0 && S_ISDIR(info.st_mode))
        name = arena_format(arena, "%s/rendez.conf", path);
    char *real = realpath(arena_text(arena, name), NULL);
    if (real == NULL && errno == ENOENT)
        return problem_set(why, ST_NOT_FOUND,
                           "no rendez.conf there: make an installation with rendez init");
    if (real == NULL)
        return problem_errno(why, "open rendez.conf");
    *file = arena_text(arena, slice_from(real));
    free(real);
    return ST_OK;
}

enum status config_load(const char *path, struct arena *arena, struct config *out,
                        struct problem *why)
{
    char *file;
    struct slice text;
    TRY(find_file(path, arena, &file, why));
    TRY(file_read(file, CONFIG_BYTES_MAX, arena, &text, why));
    struct slice folder = {file, (size_t)(strrchr(file, '/') - file)};
    return config_parse(text, folder, arena, out, why);
}

/* libconfig's strings: backslash and quote are escaped. */
static void add_quoted(struct buffer *out, struct slice value)
{
    buffer_add_char(out, '"');
    for (size_t i = 0; i < value.len; i++) {
        if (value.data[i] == '"' || value.data[i] == '\\')
            buffer_add_char(out, '\\');
        buffer_add_char(out, value.data[i]);
    }
    buffer_add_char(out, '"');
}

static void add_key(struct buffer *out, const struct key *key, struct slice value)
{
    const char *dot = strchr(key->name, '.');
    const char *indent = dot == NULL ? "" : "  ";
    bool set = !slice_equal(value, slice_from(key->otherwise));
    buffer_add_format(out, "%s# %s\n%s%s%s = ", indent, key->sentence, indent, set ? "" : "# ",
                      dot == NULL ? key->name : dot + 1);
    if (key->kind == KEY_NUMBER || key->kind == KEY_FLAG)
        buffer_add(out, value);
    else
        add_quoted(out, value);
    buffer_add_text(out, ";\n");
}

static struct slice group_of(const struct key *key)
{
    const char *dot = strchr(key->name, '.');
    return dot == NULL ? SLICE_NONE : (struct slice){key->name, (size_t)(dot - key->name)};
}

enum status config_format(const struct config_setting *settings, size_t count, struct arena *arena,
                          struct slice *text, struct problem *why)
{
    AUTO_BUFFER out = buffer_create(CONFIG_BYTES_MAX);
    struct slice group = SLICE_NONE;
    buffer_add_text(&out, "# Settings of this installation. A key in a comment has that "
                          "default.\n\n");
    for (size_t i = 0; i < KEY_COUNT; i++) {
        struct slice own = group_of(&keys[i]), value = slice_from(keys[i].otherwise);
        for (size_t j = 0; j < count; j++)
            if (strcmp(settings[j].key, keys[i].name) == 0)
                value = settings[j].value;
        if (!slice_equal(own, group)) {
            buffer_add_text(&out, group.len > 0 ? "};\n" : "");
            if (own.len > 0)
                buffer_add_format(&out, "\n%.*s = {\n", SLICE_ARG(own));
            group = own;
        }
        add_key(&out, &keys[i], value);
    }
    buffer_add_text(&out, group.len > 0 ? "};\n" : "");
    TRY(buffer_check(&out, "rendez.conf", why));
    *text = arena_copy(arena, buffer_slice(&out));
    struct config checked;
    return config_parse(*text, LIT("/"), arena, &checked, why);
}
