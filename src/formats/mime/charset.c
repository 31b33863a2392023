/* Charsets to UTF-8. glibc loads a converter from a file when it is first asked for, which
 * a sandboxed reader may not do: mime_init opens all that mail uses and keeps them. No
 * other name ever reaches iconv_open, GMime's included (header_text sees to that). */
#include "formats/mime/internal.h"

#include <iconv.h>
#include <pthread.h>

/* Names as mail writes them; several for one converter, since glibc keeps what it has
 * loaded by name. */
static const char *const charset_names[] = {
    "utf-8",        "us-ascii",     "ascii",         "ansi_x3.4-1968", "iso-8859-1",
    "latin1",       "l1",           "iso-8859-2",    "iso-8859-3",     "iso-8859-4",
    "iso-8859-5",   "iso-8859-6",   "iso-8859-7",    "iso-8859-8",     "iso-8859-9",
    "iso-8859-10",  "iso-8859-11",  "iso-8859-13",   "iso-8859-14",    "iso-8859-15",
    "latin-9",      "iso-8859-16",  "windows-1250",  "windows-1251",   "windows-1252",
    "windows-1253", "windows-1254", "windows-1255",  "windows-1256",   "windows-1257",
    "windows-1258", "cp1250",       "cp1251",        "cp1252",         "cp437",
    "cp850",        "cp858",        "cp866",         "macintosh",      "koi8-r",
    "koi8-u",       "gb2312",       "gbk",           "gb18030",        "hz-gb-2312",
    "big5",         "big5-hkscs",   "shift_jis",     "cp932",          "windows-31j",
    "euc-jp",       "iso-2022-jp",  "iso-2022-jp-1", "iso-2022-jp-2",  "euc-kr",
    "cp949",        "iso-2022-kr",  "tis-620",       "windows-874",    "viscii",
    "utf-7",        "utf-16",       "utf-16le",      "utf-16be",       "utf-32",
    "ucs-2",
};
enum { CHARSETS = sizeof charset_names / sizeof *charset_names };

static iconv_t converters[CHARSETS];

/* What mail calls otherwise than iconv. */
static const struct {
    const char *mail, *known;
} aliases[] = {
    {"utf8", "utf-8"},
    {"iso8859-1", "iso-8859-1"},
    {"iso_8859-1", "iso-8859-1"},
    {"iso-8859-8-i", "iso-8859-8"},
    {"iso8859-15", "iso-8859-15"},
    {"latin-1", "iso-8859-1"},
    {"x-sjis", "shift_jis"},
    {"shift-jis", "shift_jis"},
    {"x-gbk", "gbk"},
    {"ks_c_5601", "euc-kr"},
    {"ks_c_5601-1987", "euc-kr"},
    {"x-mac-roman", "macintosh"},
    {"unicode-1-1-utf-7", "utf-7"},
    {"cp-850", "cp850"},
    {"x-unknown", "windows-1252"},
    {"ansi", "windows-1252"},
    {"unknown-8bit", "windows-1252"},
    {"x-user-defined", "windows-1252"},
};

static void open_all(void)
{
    for (size_t i = 0; i < CHARSETS; i++)
        converters[i] = iconv_open("UTF-8", charset_names[i]);
}

void charset_init(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, open_all);
}

static size_t index_of(struct slice charset)
{
    for (size_t i = 0; i < sizeof aliases / sizeof *aliases; i++)
        if (slice_equal_nocase(charset, slice_from(aliases[i].mail)))
            charset = slice_from(aliases[i].known);
    for (size_t i = 0; i < CHARSETS; i++)
        if (slice_equal_nocase(charset, slice_from(charset_names[i])))
            return converters[i] == (iconv_t)-1 ? SIZE_MAX : i;
    return SIZE_MAX;
}

static iconv_t converter_of(struct slice charset)
{
    size_t index = index_of(charset);
    return index == SIZE_MAX ? (iconv_t)-1 : converters[index];
}

struct slice charset_known(struct slice charset)
{
    charset_init();
    size_t index = index_of(charset);
    return index == SIZE_MAX ? SLICE_NONE : slice_from(charset_names[index]);
}

/* What cannot be read becomes U+FFFD, one byte at a time. */
static struct slice convert(iconv_t converter, struct slice bytes, struct arena *arena)
{
    size_t room = bytes.len * 4 + 16;
    char *text = arena_alloc(arena, room), *out = text, *in;
    union {
        const char *read;
        char *iconv; /* iconv's prototype lacks the const */
    } from = {.read = bytes.data};
    size_t left = bytes.len;
    in = from.iconv;
    iconv(converter, NULL, NULL, NULL, NULL);
    while (left > 0) {
        if (iconv(converter, &in, &left, &out, &room) != (size_t)-1 || left == 0 || room < 4)
            break;
        size_t put = utf8_put(0xFFFD, out);
        out += put, room -= put;
        in++, left--;
    }
    iconv(converter, NULL, NULL, &out, &room);
    return (struct slice){text, (size_t)(out - text)};
}

static struct slice drop_mark(struct slice text)
{
    return slice_starts(text, LIT("\xEF\xBB\xBF")) ? slice_sub(text, 3, text.len) : text;
}

/* A text cut in the middle of a character is still UTF-8, if it has others. */
static bool is_utf8(struct slice bytes)
{
    size_t bad = utf8_bad_at(bytes);
    if (bad == SIZE_MAX)
        return true;
    bool cut = bytes.len - bad < 4;
    for (size_t i = 0; cut && i < bad; i++)
        if ((unsigned char)bytes.data[i] >= 0x80)
            return true;
    return false;
}

struct slice charset_decode(struct slice bytes, struct slice charset, struct arena *arena)
{
    charset_init();
    bool plain = charset.len == 0 || slice_equal_nocase(charset, LIT("us-ascii")) ||
                 slice_equal_nocase(charset, LIT("utf-8")) ||
                 slice_equal_nocase(charset, LIT("utf8")) ||
                 slice_equal_nocase(charset, LIT("ascii"));
    iconv_t converter = plain ? (iconv_t)-1 : converter_of(charset);
    if (converter == (iconv_t)-1) {
        if (is_utf8(bytes))
            return utf8_repair(drop_mark(bytes), arena);
        converter = converter_of(LIT("windows-1252"));
    }
    if (converter == (iconv_t)-1)
        return utf8_repair(bytes, arena);
    return utf8_repair(drop_mark(convert(converter, bytes, arena)), arena);
}
