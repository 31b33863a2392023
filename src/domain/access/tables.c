#include "domain/access/access.h"

#define IN(kind) (1u << ACCESS_##kind)
static const struct {
    const char *name;
    unsigned kinds;
    const char *fr, *en;
} functions[FUNCTION_COUNT_] = {
    [FUNCTION_NONE] = {"", 0, "", ""},
#define FUNCTION(symbol, id, organisations, fr, en) {id, organisations, fr, en},
#include "domain/access/functions.def"
#undef FUNCTION
};
#undef IN

#define ADMIN NEED_ADMIN
#define NETWORK NEED_NETWORK
#define PROGRESS NEED_PROGRESS
#define STRONG NEED_STRONG
#define ENROLMENT NEED_ENROLMENT
static const struct {
    const char *name;
    unsigned needs;
    const char *fr, *en;
} rights[RIGHT_COUNT_] = {
    [RIGHT_NONE] = {"", 0, "", ""},
#define RIGHT(symbol, id, needs, fr, en) {id, needs, fr, en},
#include "domain/access/rights.def"
#undef RIGHT
};

static const struct {
    const char *name;
    enum access_right right;
} scopes[SCOPE_COUNT_] = {
#define SCOPE(symbol, id, right) {id, RIGHT_##right},
#include "domain/access/scopes.def"
#undef SCOPE
};

static const struct {
    const char *name, *sentence;
} denials[DENIAL_COUNT_] = {
#define DENIAL(symbol, id, sentence) {id, sentence},
#include "domain/access/denials.def"
#undef DENIAL
};

const struct access_row access_rows[] = {
#define HAS(function, right, reach, hold)                                                          \
    {FUNCTION_##function, RIGHT_##right, REACH_##reach, HOLD_##hold},
#include "domain/access/table.def"
#undef HAS
};
const size_t access_row_count = sizeof access_rows / sizeof *access_rows;

const char *const access_kind_names[] = {"client", "processor", "operator"};
const char *const access_reach_names[] = {"own", "assigned", "organisation", "orphaned",
                                          "anything"};
const char *const access_hold_names[] = {"standing", "raised", "break_glass"};
const char *const access_factor_names[] = {"", "passkey", "password+code", "password+recovery",
                                           "sso"};
const char *const access_cause_names[] = {"raise", "break_glass"};
const char *const access_grant_state_names[] = {"asked", "active", "over"};

const char *access_function_name(enum access_function function)
{
    return functions[function].name;
}
const char *access_function_sentence(enum access_function function, bool french)
{
    return french ? functions[function].fr : functions[function].en;
}
bool access_function_fits(enum access_function function, enum access_kind kind)
{
    return functions[function].kinds >> kind & 1;
}
bool access_function_has(enum access_function function, enum access_right right)
{
    for (size_t i = 0; i < access_row_count; i++)
        if (access_rows[i].function == function && access_rows[i].right == right)
            return true;
    return false;
}
bool access_function_administers(enum access_function function)
{
    for (size_t i = 0; i < access_row_count; i++)
        if (access_rows[i].function == function &&
            (access_rows[i].hold != HOLD_STANDING || access_rows[i].right == RIGHT_RAISES_APPROVE))
            return true;
    return false;
}
const char *access_right_name(enum access_right right)
{
    return rights[right].name;
}
const char *access_right_sentence(enum access_right right, bool french)
{
    return french ? rights[right].fr : rights[right].en;
}
unsigned access_right_needs(enum access_right right)
{
    return rights[right].needs;
}
const char *access_scope_name(enum access_scope scope)
{
    return scopes[scope].name;
}
enum access_right access_scope_right(enum access_scope scope)
{
    return scopes[scope].right;
}
const char *access_denial_name(enum access_denial denial)
{
    return denials[denial].name;
}
const char *access_denial_sentence(enum access_denial denial)
{
    return denials[denial].sentence;
}

/* Sets *out to the value from `first` on whose name this is. */
#define FROM_NAME(first, count, name_of)                                                           \
    for (int i = (first); i < (count); i++)                                                        \
        if (slice_equal(name, slice_from(name_of))) {                                              \
            *out = i;                                                                              \
            return true;                                                                           \
        }                                                                                          \
    return false

bool access_function_from_name(struct slice name, enum access_function *out)
{
    FROM_NAME(FUNCTION_NONE + 1, FUNCTION_COUNT_, functions[i].name);
}
bool access_right_from_name(struct slice name, enum access_right *out)
{
    FROM_NAME(RIGHT_NONE + 1, RIGHT_COUNT_, rights[i].name);
}
bool access_scope_from_name(struct slice name, enum access_scope *out)
{
    FROM_NAME(0, SCOPE_COUNT_, scopes[i].name);
}
bool access_kind_from_name(struct slice name, enum access_kind *out)
{
    FROM_NAME(0, ACCESS_KIND_COUNT_, access_kind_names[i]);
}
bool access_factor_from_name(struct slice name, enum access_factor *out)
{
    FROM_NAME(FACTOR_NONE + 1, FACTOR_COUNT_, access_factor_names[i]);
}
