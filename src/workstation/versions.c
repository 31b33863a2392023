/* Debian's packages and their versions. */
#include "workstation/internal.h"

enum { PACKAGES_MAX = 400000, EPOCH_MAX = INT32_MAX };

/* deb-version(7): "~" before the end, letters before all others. */
static int order(char c)
{
    return c == '~' ? -1 : ascii_is_digit(c) ? 0 : ascii_is_alpha(c) ? (unsigned char)c : (unsigned char)c + 256;
}

static char at(struct slice s, size_t i)
{
    return i < s.len ? s.data[i] : '0'; /* the end counts as a digit does */
}

static int compare_part(struct slice a, struct slice b)
{
    size_t i = 0, k = 0;
    while (i < a.len || k < b.len) {
        for (; (i < a.len && !ascii_is_digit(a.data[i])) || (k < b.len && !ascii_is_digit(b.data[k])); i++, k++)
            if (order(at(a, i)) != order(at(b, k)))
                return order(at(a, i)) < order(at(b, k)) ? -1 : 1;
        while (i < a.len && a.data[i] == '0')
            i++;
        while (k < b.len && b.data[k] == '0')
            k++;
        size_t begin_a = i, begin_b = k;
        while (i < a.len && ascii_is_digit(a.data[i]))
            i++;
        while (k < b.len && ascii_is_digit(b.data[k]))
            k++;
        if (i - begin_a != k - begin_b)
            return i - begin_a < k - begin_b ? -1 : 1;
        int differs = slice_compare(slice_sub(a, begin_a, i), slice_sub(b, begin_b, k));
        if (differs != 0)
            return differs < 0 ? -1 : 1;
    }
    return 0;
}

struct version {
    uint64_t epoch;
    struct slice upstream, revision;
};

static struct version version_of(struct slice text)
{
    struct version version = {0};
    size_t colon = slice_find(text, LIT(":"), 0);
    if (colon != SIZE_MAX && slice_to_u64(slice_sub(text, 0, colon), EPOCH_MAX, &version.epoch))
        text = slice_sub(text, colon + 1, text.len);
    size_t hyphen = text.len;
    while (hyphen > 0 && text.data[hyphen - 1] != '-')
        hyphen--;
    version.upstream = hyphen > 0 ? slice_sub(text, 0, hyphen - 1) : text;
    version.revision = hyphen > 0 ? slice_sub(text, hyphen, text.len) : SLICE_NONE;
    return version;
}

int deb_compare(struct slice a, struct slice b)
{
    struct version left = version_of(a), right = version_of(b);
    if (left.epoch != right.epoch)
        return left.epoch < right.epoch ? -1 : 1;
    int differs = compare_part(left.upstream, right.upstream);
    return differs != 0 ? differs : compare_part(left.revision, right.revision);
}

static bool member(struct slice line, struct slice name, struct slice *value)
{
    if (!slice_starts(line, name))
        return false;
    *value = slice_trim(slice_sub(line, name.len, line.len));
    return true;
}

enum status packages_parse(struct slice text, struct arena *arena, struct package_list *out)
{
    struct package package = {0};
    struct slice line, state = SLICE_NONE;
    for (bool more = true; more;) {
        more = slice_next_line(&text, &line);
        if (more && line.len > 0) {
            (void)(member(line, LIT("Package:"), &package.name) || member(line, LIT("Version:"), &package.version) ||
                   member(line, LIT("Status:"), &state));
            continue;
        }
        /* "hold ok installed" is there as well; "deinstall ok config-files" is not. */
        bool there = state.len == 0 || slice_ends(state, LIT(" installed"));
        if (out->count == PACKAGES_MAX)
            return ST_LIMIT;
        if (package.name.len > 0 && package.version.len > 0 && there)
            ARENA_PUSH(arena, out, package);
        package = (struct package){0};
        state = SLICE_NONE;
    }
    return ST_OK;
}
