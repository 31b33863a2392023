/* HTML to the text that a reader of the message would see. Not a browser: no style sheets
 * beyond the style attribute, no scripts, one pass, bounded stack. */
#include "formats/mime/internal.h"

#include <string.h>

enum {
    OPEN_MAX = 200, /* elements open at once; deeper ones are read without their effect */
    TAG_MAX = 16,
    QUOTE_DEPTH_MAX = 12,
};

struct open_element {
    char name[TAG_MAX];
    bool hidden, quote, preformatted;
    bool backed; /* has a background of its own */
};

struct html_reader {
    struct slice html;
    size_t at;
    struct buffer out;
    struct open_element open[OPEN_MAX];
    size_t open_count;
    unsigned hidden, quotes, preformatted, backed; /* open elements of each sort */
    unsigned breaks; /* line ends owed before the next text: 0, 1 or 2 */
    bool space;      /* a space owed before the next text */
    bool line_started;
    bool any_text;
};

struct tag {
    char name[TAG_MAX]; /* lower case */
    bool closing, self_closing;
    struct slice attributes;
};

static const struct {
    const char *name;
    uint32_t code_point;
} entities[] = {
    {"quot", 0x22},     {"amp", 0x26},      {"lt", 0x3C},       {"gt", 0x3E},
    {"apos", 0x27},     {"nbsp", 0xA0},     {"iexcl", 0xA1},    {"cent", 0xA2},
    {"pound", 0xA3},    {"curren", 0xA4},   {"yen", 0xA5},      {"brvbar", 0xA6},
    {"sect", 0xA7},     {"uml", 0xA8},      {"copy", 0xA9},     {"ordf", 0xAA},
    {"laquo", 0xAB},    {"not", 0xAC},      {"shy", 0xAD},      {"reg", 0xAE},
    {"macr", 0xAF},     {"deg", 0xB0},      {"plusmn", 0xB1},   {"sup2", 0xB2},
    {"sup3", 0xB3},     {"acute", 0xB4},    {"micro", 0xB5},    {"para", 0xB6},
    {"middot", 0xB7},   {"cedil", 0xB8},    {"sup1", 0xB9},     {"ordm", 0xBA},
    {"raquo", 0xBB},    {"frac14", 0xBC},   {"frac12", 0xBD},   {"frac34", 0xBE},
    {"iquest", 0xBF},   {"Agrave", 0xC0},   {"Aacute", 0xC1},   {"Acirc", 0xC2},
    {"Atilde", 0xC3},   {"Auml", 0xC4},     {"Aring", 0xC5},    {"AElig", 0xC6},
    {"Ccedil", 0xC7},   {"Egrave", 0xC8},   {"Eacute", 0xC9},   {"Ecirc", 0xCA},
    {"Euml", 0xCB},     {"Igrave", 0xCC},   {"Iacute", 0xCD},   {"Icirc", 0xCE},
    {"Iuml", 0xCF},     {"ETH", 0xD0},      {"Ntilde", 0xD1},   {"Ograve", 0xD2},
    {"Oacute", 0xD3},   {"Ocirc", 0xD4},    {"Otilde", 0xD5},   {"Ouml", 0xD6},
    {"times", 0xD7},    {"Oslash", 0xD8},   {"Ugrave", 0xD9},   {"Uacute", 0xDA},
    {"Ucirc", 0xDB},    {"Uuml", 0xDC},     {"Yacute", 0xDD},   {"THORN", 0xDE},
    {"szlig", 0xDF},    {"agrave", 0xE0},   {"aacute", 0xE1},   {"acirc", 0xE2},
    {"atilde", 0xE3},   {"auml", 0xE4},     {"aring", 0xE5},    {"aelig", 0xE6},
    {"ccedil", 0xE7},   {"egrave", 0xE8},   {"eacute", 0xE9},   {"ecirc", 0xEA},
    {"euml", 0xEB},     {"igrave", 0xEC},   {"iacute", 0xED},   {"icirc", 0xEE},
    {"iuml", 0xEF},     {"eth", 0xF0},      {"ntilde", 0xF1},   {"ograve", 0xF2},
    {"oacute", 0xF3},   {"ocirc", 0xF4},    {"otilde", 0xF5},   {"ouml", 0xF6},
    {"divide", 0xF7},   {"oslash", 0xF8},   {"ugrave", 0xF9},   {"uacute", 0xFA},
    {"ucirc", 0xFB},    {"uuml", 0xFC},     {"yacute", 0xFD},   {"thorn", 0xFE},
    {"yuml", 0xFF},     {"OElig", 0x152},   {"oelig", 0x153},   {"Scaron", 0x160},
    {"scaron", 0x161},  {"Yuml", 0x178},    {"ndash", 0x2013},  {"mdash", 0x2014},
    {"lsquo", 0x2018},  {"rsquo", 0x2019},  {"sbquo", 0x201A},  {"ldquo", 0x201C},
    {"rdquo", 0x201D},  {"bdquo", 0x201E},  {"hellip", 0x2026}, {"bull", 0x2022},
    {"trade", 0x2122},  {"euro", 0x20AC},   {"dagger", 0x2020}, {"permil", 0x2030},
    {"lsaquo", 0x2039}, {"rsaquo", 0x203A}, {"ensp", 0x2002},   {"emsp", 0x2003},
    {"thinsp", 0x2009}, {"zwnj", 0x200C},   {"zwj", 0x200D},    {"lrm", 0x200E},
    {"rlm", 0x200F},    {"larr", 0x2190},   {"rarr", 0x2192},   {"uarr", 0x2191},
    {"darr", 0x2193},   {"harr", 0x2194},   {"rArr", 0x21D2},   {"hArr", 0x21D4},
    {"check", 0x2713},  {"prime", 0x2032},  {"Prime", 0x2033},  {"minus", 0x2212},
    {"le", 0x2264},     {"ge", 0x2265},     {"ne", 0x2260},     {"asymp", 0x2248},
    {"infin", 0x221E},  {"hearts", 0x2665},
};

static const char *const void_elements[] = {"br",    "hr",     "img",   "input", "meta",
                                            "link",  "wbr",    "col",   "area",  "base",
                                            "embed", "source", "track", "param"};
static const char *const unseen_elements[] = {"head",     "script", "style",  "title",
                                              "template", "object", "select", "textarea",
                                              "noframes", "svg",    "audio",  "video"};
/* Their content is text whatever it holds, up to the end tag. */
static const char *const raw_elements[] = {"script", "style", "textarea", "title"};
static const char *const block_elements[] = {
    "div",      "tr",      "table",  "ul",     "ol",    "li",      "dl",      "dt",     "dd",
    "section",  "article", "header", "footer", "main",  "nav",     "address", "center", "form",
    "fieldset", "figure",  "body",   "tbody",  "thead", "caption", "aside",   "html"};
static const char *const spaced_elements[] = {"p",  "h1", "h2",  "h3",        "h4",
                                              "h5", "h6", "pre", "blockquote"};

static bool named(const char *name, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(name, words[i]) == 0)
            return true;
    return false;
}

/* ---- text out ------------------------------------------------------------------------------ */

static void start_line(struct html_reader *html)
{
    for (unsigned i = 0; i < html->quotes && i < QUOTE_DEPTH_MAX; i++)
        buffer_add_char(&html->out, '>');
    if (html->quotes > 0)
        buffer_add_char(&html->out, ' ');
    html->line_started = true;
}

static void end_line(struct html_reader *html)
{
    if (!html->line_started && html->quotes > 0)
        start_line(html);
    buffer_add_char(&html->out, '\n');
    html->line_started = false;
    html->space = false;
}

/* Pays what is owed before visible text. */
static void pay_breaks(struct html_reader *html)
{
    if (html->any_text)
        while (html->breaks > 0) {
            html->breaks--;
            end_line(html);
        }
    html->breaks = 0;
    if (!html->line_started) {
        start_line(html);
        html->space = false;
    }
    if (html->space)
        buffer_add_char(&html->out, ' ');
    html->space = false;
    html->any_text = true;
}

static void put_bytes(struct html_reader *html, struct slice bytes)
{
    pay_breaks(html);
    buffer_add(&html->out, bytes);
}

static void put_char(struct html_reader *html, char c)
{
    if (html->hidden > 0)
        return;
    if (ascii_is_space(c) && html->preformatted == 0) {
        html->space = html->line_started && html->breaks == 0;
        return;
    }
    if (c == '\n') {
        pay_breaks(html);
        end_line(html);
        return;
    }
    if (c != '\r' && c != '\0')
        put_bytes(html, (struct slice){&c, 1});
}

static void put_code_point(struct html_reader *html, uint32_t code_point)
{
    if (html->hidden > 0)
        return;
    if (code_point < 0x80) {
        put_char(html, (char)code_point);
        return;
    }
    char bytes[4];
    if (code_point == 0xA0) /* stays where it is written, but as a plain space */
        put_bytes(html, LIT(" "));
    else
        put_bytes(html, (struct slice){bytes, utf8_put(code_point, bytes)});
}

static void owe_breaks(struct html_reader *html, unsigned breaks)
{
    if (html->hidden > 0)
        return;
    /* a line with nothing on it yet has its break already */
    if (!html->line_started && breaks > 0)
        breaks--;
    if (html->breaks < breaks)
        html->breaks = breaks;
    html->space = false;
}

/* ---- entities ---------------------------------------------------------------------------------
 */

static uint32_t numeric_entity(struct slice digits)
{
    uint32_t value = 0;
    bool hex = digits.len > 1 && (digits.data[0] | 32) == 'x';
    for (size_t i = hex; i < digits.len; i++) {
        char c = ascii_lower(digits.data[i]);
        uint32_t digit = ascii_is_digit(c)             ? (uint32_t)(c - '0')
                         : hex && c >= 'a' && c <= 'f' ? (uint32_t)(c - 'a' + 10)
                                                       : 99;
        if (digit == 99 || value > 0x10FFFF)
            return 0;
        value = value * (hex ? 16 : 10) + digit;
    }
    bool surrogate = value >= 0xD800 && value <= 0xDFFF;
    return value > 0x10FFFF || surrogate ? 0 : value;
}

static uint32_t entity_of(struct slice name)
{
    if (name.len > 1 && name.data[0] == '#')
        return numeric_entity(slice_sub(name, 1, name.len));
    for (size_t i = 0; i < sizeof entities / sizeof *entities; i++)
        if (slice_equal(name, slice_from(entities[i].name)))
            return entities[i].code_point;
    return 0;
}

/* At "&"; what is no entity stands for itself. */
static void read_entity(struct html_reader *html)
{
    enum { ENTITY_MAX = 12 };
    size_t end = html->at + 1;
    while (end < html->html.len && end - html->at < ENTITY_MAX &&
           (ascii_is_alpha(html->html.data[end]) || ascii_is_digit(html->html.data[end]) ||
            html->html.data[end] == '#'))
        end++;
    uint32_t code_point = entity_of(slice_sub(html->html, html->at + 1, end));
    if (code_point == 0) {
        put_char(html, '&');
        html->at++;
        return;
    }
    html->at = end + (end < html->html.len && html->html.data[end] == ';');
    put_code_point(html, code_point);
}

/* ---- tags ---------------------------------------------------------------------------------------
 */

/* Reads the tag at "<"; false when it is none ("<3"). */
static bool read_tag(struct html_reader *html, struct tag *tag)
{
    struct slice s = html->html;
    size_t at = html->at + 1, len = 0;
    *tag = (struct tag){.closing = at < s.len && s.data[at] == '/'};
    at += tag->closing;
    if (at >= s.len || !ascii_is_alpha(s.data[at]))
        return false;
    while (at < s.len && (ascii_is_alpha(s.data[at]) || ascii_is_digit(s.data[at]) ||
                          s.data[at] == ':' || s.data[at] == '-')) {
        if (len + 1 < TAG_MAX)
            tag->name[len++] = ascii_lower(s.data[at]);
        at++;
    }
    size_t from = at;
    char quote = '\0';
    for (; at < s.len && (quote != '\0' || s.data[at] != '>'); at++) {
        if (quote != '\0')
            quote = s.data[at] == quote ? '\0' : quote;
        else if ((s.data[at] == '"' || s.data[at] == '\'') && s.data[at - 1] == '=')
            quote = s.data[at];
    }
    if (at >= s.len && quote != '\0') { /* a stray quote: the tag ends at the next ">" */
        size_t close = slice_find(s, LIT(">"), from);
        at = close == SIZE_MAX ? s.len : close;
    }
    tag->attributes = slice_sub(s, from, at);
    tag->self_closing = at > from && s.data[at - 1] == '/';
    html->at = at < s.len ? at + 1 : s.len;
    return true;
}

/* The value of an attribute; *has says whether it is there at all. */
static struct slice attribute(struct slice attributes, const char *name, bool *has)
{
    size_t at = 0;
    struct slice wanted = slice_from(name);
    *has = false;
    while ((at = slice_find_nocase(attributes, wanted, at)) != SIZE_MAX) {
        size_t end = at + wanted.len;
        bool starts = at > 0 && ascii_is_space(attributes.data[at - 1]);
        at = end;
        if (!starts || (end < attributes.len &&
                        (ascii_is_alpha(attributes.data[end]) || attributes.data[end] == '-')))
            continue;
        *has = true;
        struct slice rest = slice_trim(slice_sub(attributes, end, attributes.len));
        if (rest.len == 0 || rest.data[0] != '=')
            return SLICE_NONE;
        rest = slice_trim(slice_sub(rest, 1, rest.len));
        if (rest.len > 0 && (rest.data[0] == '"' || rest.data[0] == '\'')) {
            size_t close = slice_find(rest, (struct slice){rest.data, 1}, 1);
            return slice_sub(rest, 1, close);
        }
        size_t space = 0;
        while (space < rest.len && !ascii_is_space(rest.data[space]))
            space++;
        return slice_sub(rest, 0, space);
    }
    return SLICE_NONE;
}

/* The value of a property in a style attribute, "" when absent. */
static struct slice style_value(struct slice style, const char *property)
{
    size_t at = 0;
    while (at < style.len) {
        size_t end = slice_find(style, LIT(";"), at);
        struct slice one = slice_sub(style, at, end);
        size_t colon = slice_find(one, LIT(":"), 0);
        if (slice_equal_nocase(slice_trim(slice_sub(one, 0, colon)), slice_from(property)))
            return colon == SIZE_MAX ? SLICE_NONE : slice_trim(slice_sub(one, colon + 1, one.len));
        if (end == SIZE_MAX)
            break;
        at = end + 1;
    }
    return SLICE_NONE;
}

/* "0", "0px", "0.0em", and the pixel or less that hides a text as well. */
static bool is_no_size(struct slice value)
{
    if (value.len == 0 || (value.data[0] != '0' && value.data[0] != '1' && value.data[0] != '.'))
        return false;
    if (slice_starts_nocase(value, LIT("1px")) || slice_starts_nocase(value, LIT("1pt")))
        return true;
    for (size_t i = 0; i < value.len && (ascii_is_digit(value.data[i]) || value.data[i] == '.');
         i++)
        if (value.data[i] != '0' && value.data[i] != '.')
            return false;
    return value.data[0] != '1';
}

static bool is_white(struct slice color)
{
    static const char *const whites[] = {
        "#fff", "#ffffff", "white", "rgb(255,255,255)", "rgb(255, 255, 255)", "transparent"};
    color = slice_trim(color);
    for (size_t i = 0; i < sizeof whites / sizeof *whites; i++)
        if (slice_equal_nocase(color, slice_from(whites[i])))
            return true;
    return false;
}

/* A background that white text could be read on. */
static bool is_backed(const struct tag *tag, struct slice style)
{
    bool has;
    struct slice color = attribute(tag->attributes, "bgcolor", &has);
    if (color.len > 0 && !is_white(color))
        return true;
    struct slice background = style_value(style, "background");
    struct slice plain = style_value(style, "background-color");
    return (background.len > 0 && !is_white(background)) || (plain.len > 0 && !is_white(plain));
}

/* "-9999px": moved out of the page. */
static bool is_far_off(struct slice value)
{
    return value.len > 4 && value.data[0] == '-' && ascii_is_digit(value.data[1]) &&
           ascii_is_digit(value.data[2]) && ascii_is_digit(value.data[3]);
}

static bool style_hides(struct slice style)
{
    static const struct {
        const char *property, *value;
    } hiding[] = {
        {"display", "none"},
        {"visibility", "hidden"},
        {"mso-hide", "all"},
        {"visibility", "collapse"},
    };
    static const char *const sizes[] = {"font-size", "opacity", "max-height", "max-width"};
    for (size_t i = 0; i < sizeof hiding / sizeof *hiding; i++)
        if (slice_starts_nocase(style_value(style, hiding[i].property),
                                slice_from(hiding[i].value)))
            return true;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct slice value = style_value(style, sizes[i]);
        if (is_no_size(value) && !(slice_starts(value, LIT("1")) && i > 0))
            return true;
    }
    bool cut = slice_equal_nocase(style_value(style, "overflow"), LIT("hidden"));
    struct slice height = style_value(style, "height");
    if (cut && is_no_size(height) && height.data[0] == '0')
        return true;
    return is_far_off(style_value(style, "left")) || is_far_off(style_value(style, "text-indent"));
}

static bool is_hidden(const struct tag *tag, struct slice style, bool backed)
{
    bool has;
    attribute(tag->attributes, "hidden", &has);
    if (has || named(tag->name, TABLE(unseen_elements)) || style_hides(style))
        return true;
    struct slice color = style_value(style, "color");
    if (color.len == 0)
        color = attribute(tag->attributes, "color", &has);
    return is_white(color) && !backed;
}

static void count_open(struct html_reader *html, const struct open_element *element, int step)
{
    html->hidden += element->hidden ? (unsigned)step : 0;
    html->quotes += element->quote ? (unsigned)step : 0;
    html->preformatted += element->preformatted ? (unsigned)step : 0;
    html->backed += element->backed ? (unsigned)step : 0;
}

static void break_for(struct html_reader *html, const char *name)
{
    if (named(name, TABLE(spaced_elements)))
        owe_breaks(html, 2);
    else if (named(name, TABLE(block_elements)))
        owe_breaks(html, 1);
}

static void pop_to(struct html_reader *html, size_t count)
{
    while (html->open_count > count) {
        const struct open_element *element = &html->open[--html->open_count];
        break_for(html, element->name);
        count_open(html, element, -1);
    }
}

/* An end tag that was left out: "<p>a<p>b". */
static void close_implied(struct html_reader *html, const char *name)
{
    static const char *const closes_itself[] = {"p", "li", "tr", "td", "th", "dt", "dd", "option"};
    if (html->open_count == 0 || !named(name, TABLE(closes_itself)))
        return;
    if (strcmp(html->open[html->open_count - 1].name, name) == 0)
        pop_to(html, html->open_count - 1);
}

static void skip_raw(struct html_reader *html, const char *name)
{
    struct slice end = slice_from(name);
    size_t at = html->at;
    while ((at = slice_find(html->html, LIT("</"), at)) != SIZE_MAX) {
        if (slice_starts_nocase(slice_sub(html->html, at + 2, html->html.len), end))
            break;
        at += 2;
    }
    html->at = at == SIZE_MAX ? html->html.len : at;
}

static void put_void(struct html_reader *html, const struct tag *tag)
{
    if (html->hidden > 0)
        return;
    if (strcmp(tag->name, "br") == 0) {
        if (!html->any_text)
            return;
        unsigned owed = html->breaks;
        html->breaks = 0;
        while (owed-- > 0)
            end_line(html);
        end_line(html);
    } else if (strcmp(tag->name, "hr") == 0) {
        owe_breaks(html, 1);
        put_bytes(html, LIT("________________________________"));
        owe_breaks(html, 1);
    }
}

/* The break before a quote is not quoted itself: it goes out before the mark counts. */
static void break_before_quote(struct html_reader *html)
{
    if (!html->any_text || html->hidden > 0)
        return;
    if (html->line_started && html->breaks == 0)
        html->breaks = 1;
    while (html->breaks > 0) {
        html->breaks--;
        end_line(html);
    }
}

static void open_element(struct html_reader *html, const struct tag *tag)
{
    if (named(tag->name, TABLE(void_elements))) {
        put_void(html, tag);
        return;
    }
    close_implied(html, tag->name);
    break_for(html, tag->name);
    if (tag->self_closing && strchr(tag->name, ':') != NULL) /* Word's <o:p/> */
        return;
    if (html->open_count == OPEN_MAX)
        return;
    bool has;
    struct slice style = attribute(tag->attributes, "style", &has);
    struct open_element element = {.backed = is_backed(tag, style)};
    element.hidden = is_hidden(tag, style, element.backed || html->backed > 0);
    memcpy(element.name, tag->name, sizeof element.name);
    element.quote = strcmp(tag->name, "blockquote") == 0;
    element.preformatted = strcmp(tag->name, "pre") == 0;
    if (strcmp(tag->name, "td") == 0 || strcmp(tag->name, "th") == 0)
        put_char(html, ' ');
    if (element.quote)
        break_before_quote(html);
    count_open(html, &element, 1);
    html->open[html->open_count++] = element;
    if (strcmp(tag->name, "li") == 0 && html->hidden == 0)
        put_bytes(html, LIT("- "));
    if (named(tag->name, TABLE(raw_elements)))
        skip_raw(html, tag->name);
}

static void close_element(struct html_reader *html, const struct tag *tag)
{
    for (size_t i = html->open_count; i-- > 0;) {
        if (strcmp(html->open[i].name, tag->name) != 0)
            continue;
        if (html->open[i].quote && html->hidden == 0 && html->line_started) {
            end_line(html);
            html->breaks = 0;
        }
        pop_to(html, i);
        return;
    }
    if (strcmp(tag->name, "p") == 0 || strcmp(tag->name, "br") == 0)
        owe_breaks(html, 1);
}

/* "<!-- … -->", "<!DOCTYPE …>", "<![if …]>", "<?xml …?>". */
static void skip_declaration(struct html_reader *html)
{
    struct slice rest = slice_sub(html->html, html->at, html->html.len);
    bool comment = slice_starts(rest, LIT("<!--"));
    struct slice end = comment ? LIT("-->") : LIT(">");
    size_t close = slice_find(html->html, end, html->at + 2);
    html->at = close == SIZE_MAX ? html->html.len : close + end.len;
}

static void read_markup(struct html_reader *html)
{
    struct tag tag;
    char next = html->at + 1 < html->html.len ? html->html.data[html->at + 1] : '\0';
    if (next == '!' || next == '?') {
        skip_declaration(html);
    } else if (!read_tag(html, &tag)) {
        put_char(html, '<');
        html->at++;
    } else if (tag.closing) {
        close_element(html, &tag);
    } else {
        open_element(html, &tag);
    }
}

/* Characters that show nothing and split words that a reader would see whole. */
static bool is_invisible(uint32_t c)
{
    return c == 0xAD || (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) ||
           (c >= 0x2060 && c <= 0x2064) || c == 0xFEFF || (c >= 0xE0000 && c <= 0xE007F);
}

struct slice html_to_text(struct slice markup, struct arena *arena, bool *limited)
{
    struct html_reader *html = ARENA_NEW(arena, struct html_reader);
    html->html = markup;
    html->out = buffer_create(MIME_TEXT_MAX);
    while (html->at < markup.len && !html->out.full) {
        char c = markup.data[html->at];
        uint32_t code_point;
        if (c == '<')
            read_markup(html);
        else if (c == '&')
            read_entity(html);
        else if ((unsigned char)c < 0x80)
            put_char(html, c), html->at++;
        else if (!utf8_next(markup, &html->at, &code_point))
            html->at++;
        else if (!is_invisible(code_point))
            put_code_point(html, code_point);
    }
    *limited |= html->out.full;
    struct slice text = arena_copy(arena, buffer_slice(&html->out));
    buffer_wipe(&html->out);
    return text;
}

struct slice mime_html_text(struct slice html, struct arena *arena)
{
    bool limited = false;
    return html_to_text(utf8_repair(html, arena), arena, &limited);
}
