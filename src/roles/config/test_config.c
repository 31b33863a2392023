#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "roles/config/config.h"

static void an_empty_file_gives_the_defaults(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    struct config config;
    CHECK_OK(config_parse(SLICE_NONE, LIT("/srv/meet"), arena, &config, NULL));
    CHECK_NUMBER(config.mode, CONFIG_SANDBOX);
    CHECK_TEXT(config.assistant.address, "camille@assist.example");
    CHECK_NUMBER(config.assistant.language, LANGUAGE_FR);
    CHECK_TEXT(config.http.listen, "127.0.0.1:8080");
    CHECK_TEXT(config.lmtp.listen, "/srv/meet/run/lmtp.sock");
    CHECK_TEXT(config.folders.store, "/srv/meet/store/rendez.db");
    CHECK_TEXT(config.keys.root, "/srv/meet/root.key");
    CHECK_NUMBER(config.keys.passphrase_file.len, 0);
    CHECK_NUMBER(config.mail.port, 25);
    CHECK(config.mail.require_verified);
    CHECK_NUMBER(config.retention.months, 12);
    CHECK_NUMBER(config.limits.mails_per_guest, 40);
    CHECK_NUMBER(config.log.file.len, 0);
    CHECK_NUMBER(config.log.witnesses.len, 0);
}

static void values_of_the_file_are_taken(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    struct config config;
    struct problem why = {0};
    struct slice text = LIT("mode = \"mta\"; // comment\n"
                            "assistant = { name = \"Zoé\"; language = \"en\"; };\n"
                            "lmtp = { listen = \"127.0.0.1:2424\"; };\n"
                            "mail: { port = 2525; require_verified = false; tls = \"require\" }\n"
                            "retention = { months = 0; };\n"
                            "folders = { spool = \"/var/spool/rendez\"; };\n");
    CHECK_OK(config_parse(text, LIT("/srv"), arena, &config, &why));
    CHECK_TEXT(slice_from(why.detail), "");
    CHECK_NUMBER(config.mode, CONFIG_MTA);
    CHECK_TEXT(config.assistant.name, "Zoé");
    CHECK_NUMBER(config.assistant.language, LANGUAGE_EN);
    CHECK_TEXT(config.lmtp.listen, "127.0.0.1:2424");
    CHECK_NUMBER(config.mail.port, 2525);
    CHECK_NUMBER(config.mail.tls, 2);
    CHECK_NUMBER(config.retention.months, 0);
    CHECK(!config.mail.require_verified);
    CHECK_TEXT(config.folders.spool, "/var/spool/rendez");
}

static const struct {
    const char *text, *why;
} refused[] = {
    {"mode = \"mta\";\nmod = 1;\n", "rendez.conf line 2: mod is no known key"},
    {"smtp = { host = \"x\"; };", "rendez.conf line 1: smtp is no known key"},
    {"\nmail = {\n  hots = \"x\";\n};", "rendez.conf line 3: mail.hots is no known key"},
    {"mail = { host = { a = 1; }; };", "rendez.conf line 1: mail.host must be text in quotes"},
    {"mode = { mail = 1; };", "rendez.conf line 1: mode must be text in quotes"},
    {"log = { witnesses = \"http://w.example w+12345678+AA\"; };", "rendez.conf line 1: log.witnesses must be URL KEY URL KEY …: https, or http to this machine; KEY as rendez-witness says it"},
    {"log = { witnesses = \"http://127.0.0.1@w.example/ w+12345678+AA\"; };", "rendez.conf line 1: log.witnesses must be URL KEY URL KEY …: https, or http to this machine; KEY as rendez-witness says it"},
    {"log = { witnesses = \"http://localhost.example/ w+12345678+AA\"; };", "rendez.conf line 1: log.witnesses must be URL KEY URL KEY …: https, or http to this machine; KEY as rendez-witness says it"},
    {"log = { witnesses = \"https://w.example w+123+AA\"; };", "rendez.conf line 1: log.witnesses must be URL KEY URL KEY …: https, or http to this machine; KEY as rendez-witness says it"},
    {"log = { witnesses = \"https://w.example\"; };", "rendez.conf line 1: log.witnesses must have a key after each URL"},
    {"mail = 3;", "rendez.conf line 1: mail must be a group in braces"},
    {"mode = \"fast\";", "rendez.conf line 1: mode must be one of: sandbox mta mailbox"},
    {"assistant = { language = \"\"; };",
     "rendez.conf line 1: assistant.language must be one of: fr en"},
    {"mail = { port = 0; };", "rendez.conf line 1: mail.port must be a number from 1 to 65535"},
    {"mail = { port = 65536; };", "rendez.conf line 1: mail.port must be a number from 1 to 65535"},
    {"mail = { port = 99999999999L; };",
     "rendez.conf line 1: mail.port must be a number from 1 to 65535"},
    {"mail = { port = \"25\"; };", "rendez.conf line 1: mail.port must be a number"},
    {"mail = { port = 2.5; };", "rendez.conf line 1: mail.port must be a number"},
    {"mail = { require_verified = 1; };",
     "rendez.conf line 1: mail.require_verified must be true or false"},
    {"public_url = \"meet.example\";",
     "rendez.conf line 1: public_url must be a URL like https://meet.example, without a slash at "
     "the end"},
    {"public_url = \"https://meet.example/\";",
     "rendez.conf line 1: public_url must be a URL like https://meet.example, without a slash at "
     "the end"},
    {"assistant = { address = \"camille\"; };",
     "rendez.conf line 1: assistant.address must be an address like camille@assist.example"},
    {"assistant = { name = \"a\\nb\"; };",
     "rendez.conf line 1: assistant.name must be one line of text"},
    {"assistant = { time_zone = \"Europe/Pariss\"; };",
     "rendez.conf line 1: assistant.time_zone must be a time zone like Europe/Paris"},
    {"assistant = { time_zone = \"../../etc/passwd\"; };",
     "rendez.conf line 1: assistant.time_zone must be a time zone like Europe/Paris"},
    {"http = { listen = \"8080\"; };",
     "rendez.conf line 1: http.listen must be an address and a port like 127.0.0.1:8080"},
    {"http = { listen = \"localhost:0\"; };",
     "rendez.conf line 1: http.listen must be an address and a port like 127.0.0.1:8080"},
    {"lmtp = { listen = \"lmtp\"; };",
     "rendez.conf line 1: lmtp.listen must be the path of a socket or like 127.0.0.1:2424"},
    {"mode = \"mailbox\";", "rendez.conf: mode mailbox needs imap.host and imap.user"},
    {"mode = \"mailbox\"; imap = { host = \"imap.example\"; };",
     "rendez.conf: mode mailbox needs imap.host and imap.user"},
    {"imap = { tls = \"try\"; };", "rendez.conf line 1: imap.tls must be one of: implicit require"},
    {"imap = { folder = \"\"; };", "rendez.conf line 1: imap.folder must not be empty"},
    {"imap = { poll_s = 0; };", "rendez.conf line 1: imap.poll_s must be a number from 1 to 86400"},
    {"retention = { months = -1; };",
     "rendez.conf line 1: retention.months must be a number from 0 to 1200"},
    {"limits = { mails_per_guest = \"many\"; };",
     "rendez.conf line 1: limits.mails_per_guest must be a number"},
    {"mail = { host = \"smtp.example\"; user = \"camille\"; };",
     "rendez.conf: mail.user needs mail.tls require or implicit"},
    {"mail = { host = \"127.0.0.1.example\"; user = \"camille\"; tls = \"none\"; };",
     "rendez.conf: mail.user needs mail.tls require or implicit"},
    {"mode = \"mta\"\n\nmail = {{\n", "rendez.conf line 3: syntax error "},
};

static void mistakes_are_named_with_their_line(void)
{
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        AUTO_ARENA arena = arena_create(1 << 20);
        struct config config;
        struct problem why = {0};
        check_row(refused[i].text);
        CHECK_NUMBER(config_parse(slice_from(refused[i].text), LIT("/srv"), arena, &config, &why),
                     ST_INVALID);
        CHECK_TEXT(slice_from(why.detail), refused[i].why);
    }
}

/* Of each kind, values that none of its keys takes. */
static const struct {
    const char *kind, *value, *why;
} never[] = {
    {"TEXT", "7", "must be text in quotes"},
    {"TEXT", "true", "must be text in quotes"},
    {"TEXT", "[\"a\"]", "must be text in quotes"},
    {"TEXT", "\"a\\nb\"", "must be"},
    {"TEXT", "\"\\xff\"", "must be UTF-8 of at most 1000 bytes"},
    {"PATH", "7", "must be text in quotes"},
    {"PATH", "(\"a\")", "must be text in quotes"},
    {"PATH", "\"\\xff\"", "must be UTF-8 of at most 1000 bytes"},
    {"NUMBER", "\"7\"", "must be a number"},
    {"NUMBER", "7.0", "must be a number"},
    {"NUMBER", "false", "must be a number"},
    {"NUMBER", "-1", "must be a number from"},
    {"NUMBER", "99999999999L", "must be a number from"},
    {"FLAG", "1", "must be true or false"},
    {"FLAG", "\"true\"", "must be true or false"},
    {"WORD", "0", "must be text in quotes"},
    {"WORD", "\"none of these\"", "must be one of:"},
    {"WORD", "\"\"", "must be one of:"},
};

static void refuse_value(const char *key, const char *value, const char *what)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    const char *dot = strchr(key, '.');
    struct slice text =
        dot == NULL ? arena_format(arena, "\n\n%s = %s;\n", key, value)
                    : arena_format(arena, "%.*s = {\n\n%s = %s;\n};\n", (int)(dot - key), key, dot + 1, value);
    struct slice begin = arena_format(arena, "rendez.conf line 3: %s %s", key, what);
    struct config config;
    struct problem why = {0};
    check_row(text.data);
    CHECK_NUMBER(config_parse(text, LIT("/srv"), arena, &config, &why), ST_INVALID);
    CHECK(slice_starts(slice_from(why.detail), begin));
}

static void each_key_refuses_what_it_cannot_be(void)
{
    static const struct {
        const char *name, *kind;
    } keys[] = {
#define CONFIG(name, kind, ...) {name, #kind},
#include "roles/config/config.def"
#undef CONFIG
    };
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        for (size_t j = 0; j < sizeof never / sizeof *never; j++)
            if (strcmp(keys[i].kind, never[j].kind) == 0)
                refuse_value(keys[i].name, never[j].value, never[j].why);
}

static void a_written_file_reads_back(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    struct slice text;
    struct config config;
    struct config_setting settings[] = {
        {"assistant.name", LIT("Jo \"la\" \\ Rapide")},
        {"http.listen", LIT("[::1]:9000")},
        {"keys.passphrase_file", LIT("rendez.passphrase")},
        {"mail.port", LIT("2525")},
        {"mail.require_verified", LIT("false")},
    };
    CHECK_OK(config_format(settings, 5, arena, &text, NULL));
    CHECK_OK(config_parse(text, LIT("/srv"), arena, &config, NULL));
    CHECK_TEXT(config.assistant.name, "Jo \"la\" \\ Rapide");
    CHECK_TEXT(config.http.listen, "[::1]:9000");
    CHECK_TEXT(config.keys.passphrase_file, "/srv/rendez.passphrase");
    CHECK_NUMBER(config.mail.port, 2525);
    CHECK(!config.mail.require_verified);
    CHECK(slice_contains(text, LIT("# name = \"Camille\"")) == false);
    CHECK(slice_contains(text, LIT("  # address = \"camille@assist.example\";\n")));
    settings[1].value = LIT("nowhere");
    struct problem why;
    CHECK_NUMBER(config_format(settings, 5, arena, &text, &why), ST_INVALID);
}

static void an_installation_is_found_by_its_folder(void)
{
    char folder[] = "/tmp/rendez-config-XXXXXX";
    if (mkdtemp(folder) == NULL)
        abort();
    AUTO_ARENA arena = arena_create(1 << 20);
    struct config config;
    struct problem why;
    char *file = arena_text(arena, arena_format(arena, "%s/rendez.conf", folder));
    CHECK_NUMBER(config_load(folder, arena, &config, &why), ST_NOT_FOUND);
    CHECK(slice_contains(slice_from(why.detail), LIT("rendez init")));
    CHECK_OK(file_write_durably(file, LIT("mode = \"mta\";"), 0600, NULL));
    CHECK_OK(config_load(folder, arena, &config, &why));
    CHECK_NUMBER(config.mode, CONFIG_MTA);
    CHECK_OK(config_load(file, arena, &config, &why));
    CHECK_TEXT(config.folder, folder);
    unlink(file);
    rmdir(folder);
}

int main(void)
{
    TEST(an_empty_file_gives_the_defaults);
    TEST(values_of_the_file_are_taken);
    TEST(mistakes_are_named_with_their_line);
    TEST(each_key_refuses_what_it_cannot_be);
    TEST(a_written_file_reads_back);
    TEST(an_installation_is_found_by_its_folder);
    return check_done();
}
