#include "check.h"
#include "formats/http/http.h"

static void reads_forms(void)
{
    static const struct {
        const char *body, *name, *value; /* value NULL: the form is refused */
    } rows[] = {
        {"choice=2", "choice", "2"},
        {"a=1&choice=none&text=", "text", ""},
        {"text=plut%C3%B4t+mardi%0D%0A9h", "text", "plut\xC3\xB4t mardi\r\n9h"},
        {"a=b=c", "a", "b=c"},
        {"flag&x=1", "flag", ""},
        {"&&x=1&", "x", "1"},
        {"x=first&x=second", "x", "first"},
        {"%63hoice=3", "choice", "3"},
        {"text=%", "text", NULL},
        {"text=%4", "text", NULL},
        {"text=%zz", "text", NULL},
        {"text=%00", "text", NULL},
        {"text=%ff", "text", NULL},
        {"text=%c0%80", "text", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        check_row(rows[i].body);
        AUTO_ARENA arena = arena_create(1 << 20);
        struct http_form form;
        struct slice value = SLICE_NONE;
        enum status status = http_form_parse(slice_from(rows[i].body), arena, &form, NULL);
        if (rows[i].value == NULL) {
            CHECK_NUMBER(status, ST_INVALID);
            continue;
        }
        CHECK_OK(status);
        CHECK(http_form_get(&form, slice_from(rows[i].name), &value));
        CHECK_TEXT(value, rows[i].value);
        CHECK(!http_form_get(&form, LIT("absent"), &value));
    }
}

static void limits_forms(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    AUTO_BUFFER body = buffer_create(1 << 20);
    struct http_form form = {.count = 7};
    struct problem why;
    for (int i = 0; i < HTTP_FORM_FIELDS_MAX; i++)
        buffer_add(&body, LIT("a=1&"));
    CHECK_OK(http_form_parse(buffer_slice(&body), arena, &form, &why));
    CHECK_NUMBER(form.count, HTTP_FORM_FIELDS_MAX);
    buffer_add(&body, LIT("b"));
    CHECK_NUMBER(http_form_parse(buffer_slice(&body), arena, &form, &why), ST_LIMIT);
    CHECK_NUMBER(why.offset, HTTP_FORM_FIELDS_MAX * 4);
    while (body.len <= HTTP_FORM_BYTES_MAX)
        buffer_add(&body, LIT("aaaaaaaa"));
    CHECK_NUMBER(http_form_parse(buffer_slice(&body), arena, &form, &why), ST_LIMIT);
    CHECK_NUMBER(form.count, HTTP_FORM_FIELDS_MAX); /* untouched on failure */
    CHECK_NUMBER(http_form_parse(LIT("ok=1&bad=%q1"), arena, &form, &why), ST_INVALID);
    CHECK_NUMBER(why.offset, 5);
}

static void reads_cookies(void)
{
    static const struct {
        const char *header;
        enum status status;
        const char *value;
    } rows[] = {
        {"s=abc", ST_OK, "abc"},
        {"s=", ST_OK, ""},
        {"a=1; s=abc; b=2", ST_OK, "abc"},
        {"a=1; s=a=b", ST_OK, "a=b"},
        {"", ST_NOT_FOUND, NULL},
        {"a=1", ST_NOT_FOUND, NULL},
        {"S=abc", ST_NOT_FOUND, NULL},
        {"ss=abc; as=1", ST_NOT_FOUND, NULL},
        {"s=abc; s=abc", ST_INVALID, NULL},
        {"s=abc; a=1; s=def", ST_INVALID, NULL},
        {"s=abc;a=1", ST_INVALID, NULL},
        {"s=abc; ", ST_INVALID, NULL},
        {"s=abc;", ST_INVALID, NULL},
        {"s=abc; a", ST_INVALID, NULL},
        {"=x; s=abc", ST_INVALID, NULL},
        {"s=\"abc\"", ST_INVALID, NULL},
        {"s=a b", ST_INVALID, NULL},
        {"s=a\\b", ST_INVALID, NULL},
        {"s=a,t=b", ST_INVALID, NULL},
        {"s=abc; \xC3\xA9=1", ST_INVALID, NULL},
        {"a =1; s=abc", ST_INVALID, NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct slice value = LIT("untouched");
        check_row(rows[i].header);
        CHECK_NUMBER(http_cookie(slice_from(rows[i].header), LIT("s"), &value, NULL), rows[i].status);
        CHECK_TEXT(value, rows[i].value != NULL ? rows[i].value : "untouched");
    }
    struct slice value;
    AUTO_BUFFER many = buffer_create(1000);
    for (int i = 1; i < HTTP_COOKIES_MAX; i++)
        buffer_add_text(&many, "a=1; ");
    buffer_add_text(&many, "s=1");
    CHECK_OK(http_cookie(buffer_slice(&many), LIT("s"), &value, NULL));
    buffer_add_text(&many, "; b=1");
    CHECK_NUMBER(http_cookie(buffer_slice(&many), LIT("s"), &value, NULL), ST_LIMIT);
}

static void matches_paths(void)
{
    static const struct {
        const char *pattern, *path, *first; /* first NULL: no match */
    } rows[] = {
        {"/", "/", ""},
        {"/", "/x", NULL},
        {"/", "", NULL},
        {"/healthz", "/healthz", ""},
        {"/healthz", "/healthz/", NULL},
        {"/healthz", "/health", NULL},
        {"/r/{token}", "/r/aZ0-._~", "aZ0-._~"},
        {"/r/{token}", "/r/", NULL},
        {"/r/{token}", "/r", NULL},
        {"/r/{token}", "/r/a/b", NULL},
        {"/r/{token}", "/r/a%2Fb", NULL},
        {"/r/{token}", "/r/a b", NULL},
        {"/assets/{file}", "/assets/..", ".."}, /* a name like any other: never a file system path */
        {"/assets/{file}", "/assets/../x", NULL},
        {"/a/{x}/b", "/a/1/b", "1"},
        {"/a/{x}/b", "/a/1/c", NULL},
        {"/a/{x}/b", "/a//b", NULL},
        {"/s/{+path}", "/s/Users", "Users"},
        {"/s/{+path}", "/s/Schemas/urn:x:y-2.0", "Schemas/urn:x:y-2.0"},
        {"/s/{+path}", "/s/", NULL},
        {"/s/{+path}", "/s", NULL},
        {"/s/{+path}", "/s/a//b", NULL},
        {"/s/{+path}", "/s/a/", NULL},
        {"/s/{+path}", "/s//a", NULL},
        {"/s/{+path}", "/s/a%2Fb", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        check_row(rows[i].path);
        struct slice values[HTTP_PATH_VALUES_MAX] = {0};
        bool match = http_path_match(rows[i].pattern, slice_from(rows[i].path), values);
        CHECK(match == (rows[i].first != NULL));
        if (match)
            CHECK_TEXT(values[0], rows[i].first);
    }
    AUTO_BUFFER path = buffer_create(2000);
    struct slice values[HTTP_PATH_VALUES_MAX];
    buffer_add(&path, LIT("/r/"));
    for (int i = 0; i < 512; i++)
        buffer_add_char(&path, 'a');
    CHECK(http_path_match("/r/{t}", buffer_slice(&path), values));
    buffer_add_char(&path, 'a');
    CHECK(!http_path_match("/r/{t}", buffer_slice(&path), values));
    CHECK(http_path_match("/{a}/{b}/{c}/{d}", LIT("/1/2/3/4"), values));
    CHECK_TEXT(values[3], "4");
    CHECK(!http_path_match("/{a}/{b}/{c}/{d}/{e}", LIT("/1/2/3/4/5"), values));
}

static void chooses_a_language(void)
{
    static const char *const offered[] = {"en", "fr"};
    static const struct {
        const char *header;
        size_t best;
    } rows[] = {
        {"", 0},
        {"fr", 1},
        {"FR-ca", 1},
        {"fr-FR,fr;q=0.9,en;q=0.8", 1},
        {"en-GB, fr;q=0.9", 0},
        {"de, fr;q=0.3, en;q=0.2", 1},
        {"fr;q=0.7,en;q=0.75", 0},
        {"fr;q=0", 0},
        {"fry, ja", 0},
        {"fr;q=oops", 0},
        {",,;;,fr ; q=1.000", 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        check_row(rows[i].header);
        CHECK_NUMBER(http_language(slice_from(rows[i].header), offered, 2), rows[i].best);
    }
}

static void escapes_html(void)
{
    static const struct {
        const char *text, *html;
    } rows[] = {
        {"d\xC3\xA9j\xC3\xA0 vu", "d\xC3\xA9j\xC3\xA0 vu"},
        {"<script>alert('x')</script>", "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;"},
        {"\" onclick=\"", "&quot; onclick=&quot;"},
        {"a & b &amp; c", "a &amp; b &amp;amp; c"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        check_row(rows[i].text);
        AUTO_BUFFER out = buffer_create(1000);
        html_add(&out, slice_from(rows[i].text));
        CHECK_TEXT(buffer_slice(&out), rows[i].html);
    }
    AUTO_BUFFER out = buffer_create(1000);
    html_add(&out, (struct slice){"a\0b", 3});
    CHECK_TEXT(buffer_slice(&out), "a\xEF\xBF\xBD" "b");
}

static void reads_hosts(void)
{
    static const struct {
        const char *header, *name; /* NULL: refused */
    } rows[] = {
        {"meet.example", "meet.example"},
        {"meet.example:8443", "meet.example"},
        {"MEET.example.", "MEET.example."},
        {"127.0.0.1:80", "127.0.0.1"},
        {"[::1]", "::1"},
        {"[2001:db8::7]:443", "2001:db8::7"},
        {"", NULL},
        {":80", NULL},
        {"meet.example:", NULL},
        {"meet.example:65536", NULL},
        {"meet.example:80x", NULL},
        {"meet.example:0000080", NULL},
        {"meet.example, other.example", NULL},
        {"me@meet.example", NULL},
        {"meet.example/x", NULL},
        {"meet example", NULL},
        {"[::1", NULL},
        {"[]", NULL},
        {"[::1]x", NULL},
        {"::1", NULL},
        {"r\xC3\xA9union.example", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct slice name = SLICE_NONE;
        check_row(rows[i].header);
        CHECK(http_host(slice_from(rows[i].header), &name) == (rows[i].name != NULL));
        if (rows[i].name != NULL)
            CHECK_TEXT(name, rows[i].name);
    }
}

#define V2 "\r\n\r\n\0\r\nQUIT\n"
#define BYTES(s) s, sizeof(s) - 1
static void reads_what_a_proxy_says(void)
{
    static const struct {
        const char *bytes;
        size_t len;
        enum status status;
        size_t header;
        uint8_t family, first, last; /* of the address */
        uint16_t port;
    } rows[] = {
        {BYTES("PROXY TCP4 192.0.2.7 198.51.100.1 40000 443\r\nGET /"), ST_OK, 45, 4, 192, 7, 40000},
        {BYTES("PROXY TCP6 2001:db8::9 2001:db8::1 1 65535\r\n"), ST_OK, 44, 6, 0x20, 9, 1},
        {BYTES("PROXY UNKNOWN\r\nGET"), ST_OK, 15, 0, 0, 0, 0},
        {BYTES("PROXY UNKNOWN whatever there is\r\n"), ST_OK, 33, 0, 0, 0, 0},
        {BYTES("PROXY TCP4 192.0.2.7"), ST_NOT_FOUND, 0, 0, 0, 0, 0},
        {BYTES("PRO"), ST_NOT_FOUND, 0, 0, 0, 0, 0},
        {BYTES(""), ST_NOT_FOUND, 0, 0, 0, 0, 0},
        {BYTES("GET / HTTP/1.1\r\n"), ST_INVALID, 0, 0, 0, 0, 0},
        {BYTES("PROXY TCP4 192.0.2.7 198.51.100.1 40000\r\n"), ST_INVALID, 0, 0, 0, 0, 0},
        {BYTES("PROXY TCP4 192.0.2.7 198.51.100.1 40000 443 9\r\n"), ST_INVALID, 0, 0, 0, 0, 0},
        {BYTES("PROXY TCP4 192.0.2.7 198.51.100.1 70000 443\r\n"), ST_INVALID, 0, 0, 0, 0, 0},
        {BYTES("PROXY TCP4 2001:db8::9 198.51.100.1 1 443\r\n"), ST_INVALID, 0, 0, 0, 0, 0},
        {BYTES("PROXY TCP4 192.0.2.7 198.51.100.1 1 443\nGET"), ST_INVALID, 0, 0, 0, 0, 0},
        {BYTES("PROXY TCP9 192.0.2.7 198.51.100.1 1 443\r\n"), ST_INVALID, 0, 0, 0, 0, 0},
        {BYTES("PROXY UNKNOWN 000000000000000000000000000000000000000000000000000000000000000"
               "0000000000000000000000000000000000000000"), ST_INVALID, 0, 0, 0, 0, 0},
        {BYTES(V2 "\x21\x11\0\x0c\xc0\0\x02\x07\xc6\x33\x64\x01\x9c\x40\x01\xbb" "GET"), ST_OK, 28, 4, 192, 7, 40000},
        {BYTES(V2 "\x21\x11\0\x0f\xc0\0\x02\x07\xc6\x33\x64\x01\x9c\x40\x01\xbb" "\x04\0\0"), ST_OK, 31, 4, 192, 7, 40000},
        {BYTES(V2 "\x21\x21\0\x24\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x09\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x01\0\x01\x01\xbb"),
         ST_OK, 52, 6, 0x20, 9, 1},
        {BYTES(V2 "\x20\0\0\0"), ST_OK, 16, 0, 0, 0, 0},
        {BYTES(V2 "\x20\x11\0\x0c\xc0\0\x02\x07\xc6\x33\x64\x01\x9c\x40\x01\xbb"), ST_OK, 28, 0, 0, 0, 0},
        {BYTES(V2 "\x21\x11\0"), ST_NOT_FOUND, 0, 0, 0, 0, 0},
        {BYTES(V2 "\x21\x11\0\x0c\xc0"), ST_NOT_FOUND, 0, 0, 0, 0, 0},
        {BYTES(V2 "\x21\x11\0\x0b\xc0\0\x02\x07\xc6\x33\x64\x01\x9c\x40\x01"), ST_INVALID, 0, 0, 0, 0, 0},
        {BYTES(V2 "\x31\x11\0\x0c"), ST_INVALID, 0, 0, 0, 0, 0},
        {BYTES(V2 "\x22\x11\0\x0c"), ST_INVALID, 0, 0, 0, 0, 0},
        {BYTES(V2 "\x21\x11\xff\xff"), ST_INVALID, 0, 0, 0, 0, 0},
        {BYTES(V2 "\x21\x31\0\0"), ST_INVALID, 0, 0, 0, 0, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct http_proxied got = {0};
        check_row(rows[i].bytes);
        CHECK_NUMBER(http_proxied_parse((struct slice){rows[i].bytes, rows[i].len}, &got, NULL),
                     rows[i].status);
        CHECK_NUMBER(got.bytes, rows[i].header);
        CHECK_NUMBER(got.family, rows[i].family);
        CHECK_NUMBER(got.address[0], rows[i].first);
        CHECK_NUMBER(got.address[rows[i].family == 6 ? 15 : 3], rows[i].last);
        CHECK_NUMBER(got.port, rows[i].port);
    }
}

/* What is written is read as the same. */
static void writes_forms(void)
{
    static const char *const values[] = {"", "a", "a b", "a+b=c&d?", "%41", "caf\xC3\xA9", "https://id.example/a?b=c#d"};
    AUTO_ARENA arena = arena_create(65536);
    AUTO_BUFFER out = buffer_create(4096);
    struct http_form form;
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        http_form_add(&out, i == 0 ? "first" : "v", slice_from(values[i]));
    CHECK_OK(http_form_parse(buffer_slice(&out), arena, &form, NULL));
    CHECK_NUMBER(form.count, sizeof values / sizeof *values);
    for (size_t i = 0; i < form.count; i++)
        CHECK_TEXT(form.items[i].value, values[i]);
    buffer_clear(&out);
    buffer_add_text(&out, "https://id.example/?");
    http_form_add(&out, "a", LIT("b c"));
    http_form_add(&out, "d", LIT(":"));
    CHECK_TEXT(buffer_slice(&out), "https://id.example/?a=b%20c&d=%3A");
    CHECK_TEXT(http_form_escape(LIT("a:b/\xC3\xA9"), arena), "a%3Ab%2F%C3%A9");
}

int main(void)
{
    TEST(reads_forms);
    TEST(limits_forms);
    TEST(reads_cookies);
    TEST(matches_paths);
    TEST(chooses_a_language);
    TEST(escapes_html);
    TEST(reads_hosts);
    TEST(reads_what_a_proxy_says);
    TEST(writes_forms);
    return check_done();
}
