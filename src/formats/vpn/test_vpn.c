#include "check.h"
#include "formats/vpn/vpn.h"

#define SERIAL "0123456789abcdef0123456789abcdef"
#define DIGEST SERIAL SERIAL
#define START "rendez-vpn 1 login\nuser p_1\nname p_2\nserial " SERIAL "\ndigest " DIGEST "\n"
#define GOOD START "from 192.0.2.7\ncode 123456\n\n"

static const struct {
    const char *text;
    enum status status;
} ask_cases[] = {
    {GOOD, ST_OK},
    {START "from 2001:db8::1\nresumed yes\n\n", ST_OK},
    {START "from 192.0.2.7\ncode 12345678\n\n", ST_OK},
    {"rendez-vpn 1 alive\ntunnel p_1 0\n\n", ST_OK},
    {"rendez-vpn 1 alive\ntunnel p_1 1795600000\ntunnel d_2-x 1795600001\n\n", ST_OK},
    {"", ST_INVALID},
    {"\n\n", ST_INVALID},
    {"rendez-vpn 2 login\n\n", ST_INVALID},
    {START "from 192.0.2.7\ncode 123456\n", ST_INVALID}, /* does not end */
    {GOOD "\n", ST_INVALID},
    {START "from 192.0.2.7\n\n", ST_INVALID}, /* neither code nor session */
    {START "from 192.0.2.7\ncode 123456\nresumed yes\n\n", ST_INVALID},
    {START "from 192.0.2.7\nresumed no\n\n", ST_INVALID},
    {START "from 192.0.2.7\ncode 12345\n\n", ST_INVALID},
    {START "from 192.0.2.7\ncode 123456789\n\n", ST_INVALID},
    {START "from 192.0.2.7\ncode 12345x\n\n", ST_INVALID},
    {START "from 192.0.2.7\ncode \n\n", ST_INVALID},
    {START "from \ncode 123456\n\n", ST_INVALID},
    {START "from 1 2\ncode 123456\n\n", ST_INVALID},
    {START "code 123456\nfrom 192.0.2.7\n\n", ST_INVALID}, /* another order */
    {"rendez-vpn 1 login\nuser p_1\nuser p_2\n\n", ST_INVALID},
    {"rendez-vpn 1 login\nuser p 1\nname p_1\n\n", ST_INVALID},
    {"rendez-vpn 1 login\nuser p_1\nname p_1\nserial 01\n\n", ST_INVALID},
    {"rendez-vpn 1 alive\n\n", ST_INVALID},
    {"rendez-vpn 1 alive\ntunnel p_1\n\n", ST_INVALID},
    {"rendez-vpn 1 alive\ntunnel  1\n\n", ST_INVALID},
    {"rendez-vpn 1 alive\ntunnel p_1 01\n\n", ST_INVALID},
    {"rendez-vpn 1 alive\ntunnel p_1 -1\n\n", ST_INVALID},
    {"rendez-vpn 1 alive\ntunnel p_1 1 2\n\n", ST_INVALID},
    {"rendez-vpn 1 alive\ntunnel p_1 99999999999999999999\n\n", ST_INVALID},
    {"rendez-vpn 1 alive\ntunnel p_1 1\nuser p_1\n\n", ST_INVALID},
    {"rendez-vpn 1 alive\r\ntunnel p_1 1\r\n\r\n", ST_INVALID},
};

static void questions_are_read_strictly(void)
{
    for (size_t i = 0; i < sizeof ask_cases / sizeof *ask_cases; i++) {
        AUTO_ARENA arena = arena_create(1 << 20);
        AUTO_BUFFER text = buffer_create(VPN_ASK_BYTES_MAX);
        struct vpn_ask ask;
        check_row(ask_cases[i].text);
        CHECK_NUMBER(vpn_ask_parse(slice_from(ask_cases[i].text), arena, &ask, NULL),
                     ask_cases[i].status);
        if (ask_cases[i].status != ST_OK)
            continue;
        vpn_ask_format(&ask, &text);
        CHECK_TEXT(buffer_slice(&text), ask_cases[i].text);
    }
}

static void a_question_says_what_it_holds(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    struct vpn_ask ask;
    CHECK_OK(vpn_ask_parse(LIT(GOOD), arena, &ask, NULL));
    CHECK_NUMBER(ask.kind, VPN_LOGIN);
    CHECK_TEXT(ask.user, "p_1");
    CHECK_TEXT(ask.name, "p_2");
    CHECK_TEXT(ask.serial, SERIAL);
    CHECK_TEXT(ask.digest, DIGEST);
    CHECK_TEXT(ask.from, "192.0.2.7");
    CHECK_TEXT(ask.code, "123456");
    CHECK(!ask.resumed);
    CHECK_NUMBER(vpn_ask_len(LIT(GOOD "rendez")), sizeof GOOD - 1);
    CHECK_NUMBER(vpn_ask_len(slice_sub(LIT(GOOD), 0, sizeof GOOD - 2)), 0);
}

static void questions_have_limits(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    AUTO_BUFFER text = buffer_create(1 << 20);
    struct vpn_ask ask = {.kind = VPN_ALIVE}, read;
    for (int i = 0; i < VPN_TUNNELS_MAX; i++)
        ARENA_PUSH(arena, &ask.tunnels, ((struct vpn_tunnel){LIT("p_1"), 7}));
    vpn_ask_format(&ask, &text);
    CHECK_OK(vpn_ask_parse(buffer_slice(&text), arena, &read, NULL));
    CHECK_NUMBER(read.tunnels.count, VPN_TUNNELS_MAX);
    CHECK_NUMBER(read.tunnels.items[1].since_s, 7);
    ARENA_PUSH(arena, &ask.tunnels, ask.tunnels.items[0]);
    buffer_clear(&text);
    vpn_ask_format(&ask, &text);
    CHECK_NUMBER(vpn_ask_parse(buffer_slice(&text), arena, &read, NULL), ST_INVALID);
    while (text.len <= VPN_ASK_BYTES_MAX)
        buffer_add_text(&text, "tunnel p_1 1\n");
    CHECK_NUMBER(vpn_ask_parse(buffer_slice(&text), arena, &read, NULL), ST_LIMIT);
}

static const struct {
    const char *text;
    size_t count;
    const char *want; /* NULL: refused */
} answer_cases[] = {
    {"yes\n", 1, "y"}, {"no\n", 1, "n"},     {"yes\nno\nyes\n", 3, "yny"}, {"", 1, NULL},
    {"yes", 1, NULL},  {"YES\n", 1, NULL},   {"yes\nyes\n", 1, NULL},      {"yes\n", 2, NULL},
    {"maybe\n", 1, NULL}, {"yes \n", 1, NULL},
};

static void answers_are_yes_or_no(void)
{
    for (size_t i = 0; i < sizeof answer_cases / sizeof *answer_cases; i++) {
        bool yes[3] = {false};
        const char *want = answer_cases[i].want;
        check_row(answer_cases[i].text);
        CHECK_NUMBER(vpn_answers_parse(slice_from(answer_cases[i].text), answer_cases[i].count, yes,
                                       NULL), want != NULL ? ST_OK : ST_INVALID);
        for (size_t j = 0; want != NULL && want[j] != '\0'; j++)
            CHECK(yes[j] == (want[j] == 'y'));
    }
}

static const struct {
    const char *file;
    bool resumed;
    const char *user, *code; /* user NULL: refused */
} login_cases[] = {
    {"p_1\n123456\n", false, "p_1", "123456"},
    {"p_1\n123456", false, "p_1", "123456"},
    {"p_1\nSESS_ID_AT_abc=\n", true, "p_1", ""},
    {"p_1\nSESS_ID_AT_abc=\n", false, NULL, NULL},
    {"p_1\n\n", false, NULL, NULL},
    {"p_1\n", false, NULL, NULL},
    {"\n123456\n", false, NULL, NULL},
    {"p_1/../x\n123456\n", false, NULL, NULL},
    {"p_1\n123456\nname p_2\n", false, NULL, NULL},
    {"", false, NULL, NULL},
};

static void files_of_the_hook_are_read(void)
{
    for (size_t i = 0; i < sizeof login_cases / sizeof *login_cases; i++) {
        struct slice user, code;
        check_row(login_cases[i].file);
        enum status status = vpn_login_parse(slice_from(login_cases[i].file), login_cases[i].resumed,
                                             &user, &code, NULL);
        CHECK_NUMBER(status, login_cases[i].user != NULL ? ST_OK : ST_INVALID);
        if (status != ST_OK)
            continue;
        CHECK_TEXT(user, login_cases[i].user);
        CHECK_TEXT(code, login_cases[i].code);
    }
}

static const struct {
    const char *text, *want;
} hex_cases[] = {
    {"0A:1b:FF:00", "0a1bff00"}, {"01", "00000001"},  {"01:02:03:04:05", NULL}, {"1:2", NULL},
    {"0g", NULL},                {"01:", NULL},       {"", NULL},               {"0102", NULL},
};

static void numbers_of_the_hook_are_read(void)
{
    for (size_t i = 0; i < sizeof hex_cases / sizeof *hex_cases; i++) {
        AUTO_ARENA arena = arena_create(4096);
        struct slice hex = SLICE_NONE;
        check_row(hex_cases[i].text);
        CHECK_NUMBER(vpn_hex_parse(slice_from(hex_cases[i].text), 8, arena, &hex),
                     hex_cases[i].want != NULL ? ST_OK : ST_INVALID);
        CHECK_TEXT(hex, hex_cases[i].want != NULL ? hex_cases[i].want : "");
    }
}

static const struct {
    const char *text;
    enum vpn_line line;
    const char *name;
} line_cases[] = {
    {"CLIENT_LIST\tp_1\t192.0.2.7:1194\t10.8.0.2\t\t4000\t4000\t2026-11-25\t1795600000\tp_1\t0\t0\tAES",
     VPN_LINE_CLIENT, "p_1"},
    {"CLIENT_LIST\tUNDEF\t192.0.2.7:1194\t", VPN_LINE_OTHER, ""},
    {"CLIENT_LIST\tUNDEF\t192.0.2.7:1194\t\t\t0\t0\t2026\t1795600000\tUNDEF", VPN_LINE_OTHER, ""},
    {"CLIENT_LIST\tp_1\t192.0.2.7:1194\t\t\t0\t0\t2026\tsoon\tp_1", VPN_LINE_OTHER, ""},
    {"CLIENT_LIST\tp_1", VPN_LINE_OTHER, ""},
    {"CLIENT_LIST\tp 1\t192.0.2.7", VPN_LINE_OTHER, ""},
    {"HEADER\tCLIENT_LIST\tCommon Name", VPN_LINE_OTHER, ""},
    {"END", VPN_LINE_END, ""},
    {"SUCCESS: common name 'p_1' found, 1 client(s) killed", VPN_LINE_SUCCESS, ""},
    {"ERROR: common name 'p_1' not found", VPN_LINE_ERROR, ""},
    {"ENTER PASSWORD:", VPN_LINE_PASSWORD, ""},
    {">INFO:OpenVPN Management Interface Version 5", VPN_LINE_OTHER, ""},
    {"", VPN_LINE_OTHER, ""},
};

static void lines_of_the_management_interface_are_told_apart(void)
{
    for (size_t i = 0; i < sizeof line_cases / sizeof *line_cases; i++) {
        struct vpn_tunnel tunnel = {0};
        check_row(line_cases[i].text);
        CHECK_NUMBER(vpn_line_parse(slice_from(line_cases[i].text), &tunnel), line_cases[i].line);
        CHECK_TEXT(tunnel.name, line_cases[i].name);
        CHECK_NUMBER(tunnel.since_s, tunnel.name.len > 0 ? 1795600000 : 0);
    }
}

int main(void)
{
    TEST(questions_are_read_strictly);
    TEST(a_question_says_what_it_holds);
    TEST(questions_have_limits);
    TEST(answers_are_yes_or_no);
    TEST(files_of_the_hook_are_read);
    TEST(numbers_of_the_hook_are_read);
    TEST(lines_of_the_management_interface_are_told_apart);
    return check_done();
}
