/* What looks like an address, a link or a telephone number, whoever has it; and marks like ours that somebody else
 * wrote. Rather too much than too little: but days, hours and lengths stay. */
#include "domain/casefile/internal.h"

enum { PHONE_DIGITS_MIN = 5, PHONE_DIGITS_MAX = 24, PHONE_TAIL = 8, GROUPS_MAX = 24, HOST_LETTERS_MIN = 2,
       HOST_BYTES_MAX = 253 };

static bool is_wide(char c)
{
    return (unsigned char)c >= 0x80;
}

static bool is_alnum(char c)
{
    return ascii_is_alpha(c) || ascii_is_digit(c);
}

static bool is_one_of(char c, const char *chars)
{
    for (; *chars != '\0'; chars++)
        if (c == *chars)
            return true;
    return false;
}

static bool is_local(char c)
{
    return is_alnum(c) || is_wide(c) || is_one_of(c, ".!#$%&'*+/=?^_`{|}~-");
}

static bool is_host(char c)
{
    return is_alnum(c) || is_wide(c) || is_one_of(c, ".-_");
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static void push(struct arena *arena, struct mark_list *marks, size_t from, size_t to, int who)
{
    ARENA_PUSH(arena, marks, ((struct mark){from, to, who}));
}

/* Addresses */

static int owner_of(const struct mask *mask, struct slice address)
{
    for (size_t i = 0; i < mask->count; i++)
        if (address.len > 0 && slice_equal_nocase(mask->people[i].address, address))
            return (int)i;
    return MARK_ANYBODY;
}

/* Around an "@": "x@y", "@x", and with blanks beside it "x @ y.example". */
static void mark_address(const struct mask *mask, struct slice text, size_t sign, struct arena *arena,
                         struct mark_list *marks)
{
    const char *s = text.data;
    size_t from = sign, to = sign + 1;
    while (to < text.len && is_blank(s[to]))
        to++;
    size_t host = to;
    while (to < text.len && is_host(s[to]))
        to++;
    while (to > host && is_one_of(s[to - 1], ".-_"))
        to--;
    bool dotted = slice_find(slice_sub(text, host, to), LIT("."), 0) != SIZE_MAX;
    if (to == host || (host > sign + 1 && !dotted))
        return;
    while (dotted && from > 0 && is_blank(s[from - 1]))
        from--;
    while (from > 0 && is_local(s[from - 1]))
        from--;
    while (from < sign && is_one_of(s[from], "'`*=/?{|"))
        from++;
    push(arena, marks, from, to, owner_of(mask, slice_sub(text, from, to)));
}

/* Links */

static size_t end_of_link(struct slice text, size_t at)
{
    size_t end = at;
    while (end < text.len && !ascii_is_space(text.data[end]) && !is_one_of(text.data[end], "<>\"") &&
           (unsigned char)text.data[end] >= ' ')
        end++;
    while (end > at && is_one_of(text.data[end - 1], ".,;:!?)]'"))
        end--;
    return end;
}

static bool begins_word(struct slice text, size_t at)
{
    return at == 0 || !(is_alnum(text.data[at - 1]) || is_wide(text.data[at - 1]));
}

static size_t begin_of_scheme(struct slice text, size_t at)
{
    while (at > 0 && (is_alnum(text.data[at - 1]) || is_one_of(text.data[at - 1], "+-.")))
        at--;
    return at;
}

/* "acme.example", "meet.acme.example/x": a name that ends as domains do. What only lacks a blank ("demain.Merci") does
 * not. */
static bool is_domain(struct slice host)
{
    static const char *const ends[] = {"com", "net", "org", "fr", "eu", "io", "co", "uk", "de", "be", "ch", "es", "it",
                                       "lu", "nl", "ca", "us", "ie", "info", "biz", "dev", "app", "ai", "me", "tv",
                                       "paris", "pro", "tech", "cloud", "site", "online", "gouv", "edu", "gov",
                                       "example", "test", "local", "lan", "invalid"};
    size_t dot = host.len;
    while (dot > 0 && host.data[dot - 1] != '.')
        dot--;
    if (dot < HOST_LETTERS_MIN + 1 || dot == host.len || !is_alnum(host.data[dot - 2]))
        return false;
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (slice_equal_nocase(slice_sub(host, dot, host.len), slice_from(ends[i])))
            return true;
    return false;
}

static size_t push_link(struct arena *arena, struct mark_list *marks, size_t from, size_t to)
{
    push(arena, marks, from, to, MARK_ANYBODY);
    return to;
}

static size_t mark_host(struct slice text, size_t at, struct arena *arena, struct mark_list *marks)
{
    size_t end = at;
    while (end < text.len && end - at < HOST_BYTES_MAX && is_host(text.data[end]))
        end++;
    size_t host = end;
    while (host > at && is_one_of(text.data[host - 1], ".-_"))
        host--;
    if (!is_domain(slice_sub(text, at, host)))
        return at;
    bool path = host == end && end < text.len && is_one_of(text.data[end], "/:?#");
    return push_link(arena, marks, at, path ? end_of_link(text, at) : host);
}

/* The end of the link that was found, or `at`. */
static size_t mark_link(struct slice text, size_t at, struct arena *arena, struct mark_list *marks)
{
    static const char *const begins[] = {"www.", "mailto:", "tel:", "sip:", "sips:", "callto:", "skype:", "data:"};
    struct slice rest = slice_sub(text, at, text.len);
    if (slice_starts(rest, LIT("://")))
        return push_link(arena, marks, begin_of_scheme(text, at), end_of_link(text, at));
    if (!begins_word(text, at))
        return at;
    for (size_t i = 0; i < sizeof begins / sizeof *begins; i++) {
        struct slice begin = slice_from(begins[i]);
        if (slice_starts_nocase(rest, begin) && rest.len > begin.len && !ascii_is_space(rest.data[begin.len]))
            return push_link(arena, marks, at, end_of_link(text, at));
    }
    return mark_host(text, at, arena, marks);
}

/* Telephone numbers */

struct group {
    size_t from, to;
    uint32_t value; /* of at most nine figures */
};
struct figures {
    size_t from, to; /* with a "+" or a parenthesis in front */
    bool plus, slash, pairs; /* pairs: each group has two figures */
    struct group groups[GROUPS_MAX];
    size_t count;
    char digits[PHONE_DIGITS_MAX];
    size_t digit_count;
};

/* Bytes of what may stand between two groups of figures. */
static size_t separator(struct slice text, size_t at)
{
    static const char *const wide[] = {"\u00a0", "\u202f", "\u2009", "\u2010", "\u2011", "\u2013", "\u2007"};
    if (at < text.len && is_one_of(text.data[at], " .-()/\t"))
        return 1;
    for (size_t i = 0; i < sizeof wide / sizeof *wide; i++)
        if (slice_starts(slice_sub(text, at, text.len), slice_from(wide[i])))
            return slice_from(wide[i]).len;
    return 0;
}

static void read_group(struct slice text, size_t *at, struct figures *out)
{
    struct group *group = &out->groups[out->count++];
    *group = (struct group){.from = *at};
    for (; *at < text.len && ascii_is_digit(text.data[*at]); (*at)++) {
        if (*at - group->from < 9)
            group->value = group->value * 10 + (uint32_t)(text.data[*at] - '0');
        if (out->digit_count < PHONE_DIGITS_MAX)
            out->digits[out->digit_count++] = text.data[*at];
    }
    group->to = *at;
    out->pairs = out->pairs && group->to - group->from == 2;
}

/* Groups of figures with at most three separators between them. */
static void read_figures(struct slice text, size_t at, struct figures *out)
{
    *out = (struct figures){.from = at, .pairs = true};
    while (out->from > 0 && is_one_of(text.data[out->from - 1], "+("))
        out->from--;
    out->plus = slice_find(slice_sub(text, out->from, at), LIT("+"), 0) != SIZE_MAX;
    while (out->count < GROUPS_MAX && out->digit_count < PHONE_DIGITS_MAX) {
        read_group(text, &at, out);
        out->to = at;
        size_t next = at, seen = 0, len;
        bool slash = false;
        while (seen < 3 && (len = separator(text, next)) > 0) {
            slash = slash || text.data[next] == '/';
            next += len;
            seen++;
        }
        if (next == at || next >= text.len || !ascii_is_digit(text.data[next]))
            return;
        out->slash = out->slash || slash;
        at = next;
    }
}

static size_t figures_in(const struct group *group)
{
    return group->to - group->from;
}

static bool is_day_or_month(const struct group *group)
{
    return figures_in(group) <= 2 && group->value >= 1 && group->value <= 31;
}

static bool is_year(const struct group *group)
{
    return figures_in(group) == 4 && group->value >= 1900 && group->value < 2100;
}

/* "06 12 34 56 78", even where it could be a date and an hour. */
static bool is_french(const struct figures *f, struct slice text)
{
    return f->count == 5 && f->pairs && !f->slash && text.data[f->groups[0].from] == '0';
}

/* "12/03/2026", "2026-03-12", "12.03.26 14.30": whatever hour follows. */
static bool begins_with_date(const struct figures *f)
{
    const struct group *g = f->groups;
    if (f->count < 3 || f->plus)
        return false;
    if (is_year(&g[0]) && is_day_or_month(&g[1]) && is_day_or_month(&g[2]))
        return true;
    bool short_year = f->count <= 5 && figures_in(&g[2]) == 2 && (f->slash || (g[2].value >= 20 && g[2].value < 40)) &&
                      (f->count < 4 || g[3].value <= 24);
    return is_day_or_month(&g[0]) && is_day_or_month(&g[1]) && (is_year(&g[2]) || short_year);
}

/* "les 12 13 14 15 et 16": each later than the one before. */
static bool is_list_of_days(const struct figures *f)
{
    for (size_t i = 0; i < f->count; i++)
        if (!is_day_or_month(&f->groups[i]) || (i > 0 && f->groups[i].value <= f->groups[i - 1].value))
            return false;
    return true;
}

static bool ends_alike(const char *a, size_t a_len, const char *b, size_t b_len, size_t count)
{
    for (size_t i = 1; i <= count; i++)
        if (i > a_len || i > b_len || a[a_len - i] != b[b_len - i])
            return false;
    return true;
}

/* Whose number the figures are, by their last eight: "+33 6…" and "06…" are one. */
static int phone_owner(const struct mask *mask, const struct figures *f)
{
    for (size_t i = 0; i < mask->count; i++) {
        char digits[PHONE_DIGITS_MAX];
        size_t count = 0;
        struct slice phone = mask->people[i].phone;
        for (size_t k = 0; k < phone.len && count < PHONE_DIGITS_MAX; k++)
            if (ascii_is_digit(phone.data[k]))
                digits[count++] = phone.data[k];
        bool same = count >= PHONE_DIGITS_MIN && count == f->digit_count;
        size_t tail = same && count < PHONE_TAIL ? count : PHONE_TAIL;
        if (count >= PHONE_DIGITS_MIN && ends_alike(digits, count, f->digits, f->digit_count, tail))
            return (int)i;
    }
    return MARK_ANYBODY;
}

static bool is_phone(const struct figures *f, struct slice text)
{
    const struct group *g = f->groups;
    if (f->plus)
        return f->digit_count >= PHONE_DIGITS_MIN;
    if (is_french(f, text))
        return true;
    if (is_list_of_days(f))
        return false;
    if (f->digit_count >= 9)
        return true;
    if (f->count == 2 && figures_in(&g[0]) == 3 && figures_in(&g[1]) == 4) /* 555-0134 */
        return true;
    return (f->pairs && f->count >= 4) || (f->digit_count == 8 && f->count <= 2 && !f->slash && !is_year(&g[f->count - 1]));
}

/* Where to go on: behind the figures, or behind the first group of a date, for what follows it. */
static size_t mark_phone(const struct mask *mask, struct slice text, size_t at, struct arena *arena,
                         struct mark_list *marks)
{
    struct figures f;
    read_figures(text, at, &f);
    if (begins_with_date(&f) && !is_french(&f, text))
        return f.groups[2].to;
    int owner = phone_owner(mask, &f);
    if (owner == MARK_ANYBODY && !is_phone(&f, text))
        return f.groups[0].to;
    push(arena, marks, f.from, f.to, owner);
    return f.to;
}

/* "[P1]" that the writer wrote: it would be read as ours. */
static void mark_like_ours(struct slice text, size_t at, struct arena *arena, struct mark_list *marks)
{
    size_t end = at + 2;
    while (end < text.len && ascii_is_digit(text.data[end]))
        end++;
    if (end > at + 2 && end < text.len && text.data[end] == ']')
        push(arena, marks, at, end + 1, MARK_ANYBODY);
}

void patterns_mark(const struct mask *mask, struct slice text, struct arena *arena, struct mark_list *marks)
{
    size_t figures_from = 0, links_from = 0;
    for (size_t at = 0; at < text.len; at++) {
        char c = text.data[at];
        if (c == '@')
            mark_address(mask, text, at, arena, marks);
        if (at >= links_from && (c == ':' || begins_word(text, at)))
            links_from = mark_link(text, at, arena, marks);
        if (c == '[' && at + 2 < text.len && text.data[at + 1] == 'P')
            mark_like_ours(text, at, arena, marks);
        if (ascii_is_digit(c) && at >= figures_from)
            figures_from = mark_phone(mask, text, at, arena, marks);
    }
}
