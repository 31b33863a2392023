#include <string.h>

#include "domain/access/access.h"
#include "roles/cli/access_commands.h"
#include "roles/messages/roles.h"

/* Who may do what, as the program itself has it. */

/* How a function has a right: "own", "anything (raised)"; several rows joined. */
static struct slice held(enum access_function function, enum access_right right,
                         struct arena *arena)
{
    AUTO_BUFFER out = buffer_create(256);
    for (size_t i = 0; i < access_row_count; i++) {
        const struct access_row *row = &access_rows[i];
        if (row->function != function || row->right != right)
            continue;
        buffer_add_text(&out, out.len > 0 ? ", " : "");
        buffer_add_text(&out, access_reach_names[row->reach]);
        if (row->hold != HOLD_STANDING)
            buffer_add_format(&out, " (%s)", access_hold_names[row->hold]);
    }
    return arena_copy(arena, buffer_slice(&out));
}

static struct slice needs(enum access_right right, struct arena *arena)
{
    static const char *const words[] = {"raised", "network", "in progress", "no recovery code",
                                        "also enrolment"};
    AUTO_BUFFER out = buffer_create(256);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (access_right_needs(right) >> i & 1)
            buffer_add_format(&out, "%s%s", out.len > 0 ? ", " : "", words[i]);
    return arena_copy(arena, buffer_slice(&out));
}

/* One row a right, one column a function. */
static void print_rights(enum cli_form form, struct arena *arena)
{
    const char *names[FUNCTION_COUNT_ + 1] = {"right", "needs"};
    struct slice cells[FUNCTION_COUNT_ + 1];
    struct cli_table table = {.names = names, .columns = FUNCTION_COUNT_ + 1};
    for (int function = 1; function < FUNCTION_COUNT_; function++)
        names[function + 1] = access_function_name(function);
    for (int right = 1; right < RIGHT_COUNT_; right++) {
        cells[0] = slice_from(access_right_name(right));
        cells[1] = needs(right, arena);
        for (int function = 1; function < FUNCTION_COUNT_; function++)
            cells[function + 1] = held(function, right, arena);
        cli_table_add(&table, arena, TONE_PLAIN, cells);
    }
    cli_table_print(&table, form);
}

/* Of the routes of api and console what says who may use them (enum route_needs, without the role). */
enum route_needs { NEEDS_NOTHING, NEEDS_SANDBOX, NEEDS_SESSION, NEEDS_ACCESS, NEEDS_TOKEN };
static const struct route_row {
    const char *role, *method, *pattern;
    enum route_needs needs;
    enum access_right right;
} route_rows[] = {
#define FILE_OF(pattern, reply, needs) {"api", "GET", pattern, needs, RIGHT_NONE},
#define PAGE(method, pattern, command, ask, reply) {"api", method, pattern, NEEDS_NOTHING, RIGHT_NONE},
#define PLANNER(method, pattern, command, needs, right, ask, reply)                                \
    {"api", method, pattern, needs, RIGHT_##right},
#define AUTHD(method, pattern, command, needs, right) {"api", method, pattern, needs, RIGHT_##right},
#define TRUST(method, pattern, command, ask, reply, flags) {"api", method, pattern, NEEDS_NOTHING, RIGHT_NONE},
#define SCIM(method, pattern) {"api", method, pattern, NEEDS_TOKEN, RIGHT_PEOPLE_PROVISION},
#define ROUTE(method, pattern, peer, command, needs, right, ask, reply, flags)                     \
    {"api", method, pattern, needs, RIGHT_##right},
#include "roles/api/routes.def"
#undef FILE_OF
#undef AUTHD
#undef ROUTE
/* All of these are for devices of the supervision room alone. */
#define FILE_OF(pattern, reply) {"console", "GET", pattern, NEEDS_NOTHING, RIGHT_NONE},
#define AUTHD(method, pattern, command, needs, right) {"console", method, pattern, needs, RIGHT_##right},
#define CASE(method, pattern, command, right) {"console", method, pattern, NEEDS_SESSION, RIGHT_##right},
#define ROUTE(method, pattern, peer, command, needs, right, ask, reply, flags)                     \
    {"console", method, pattern, needs, RIGHT_##right},
#include "roles/console/routes.def"
};

/* Scopes with which a token may use the route. */
static struct slice route_scopes(const struct route_row *route, struct arena *arena)
{
    AUTO_BUFFER out = buffer_create(256);
    if (route->needs == NEEDS_ACCESS || route->needs == NEEDS_TOKEN)
        for (int scope = 0; scope < SCOPE_COUNT_; scope++)
            if (access_scope_right(scope) == route->right)
                buffer_add_format(&out, "%s%s", out.len > 0 ? ", " : "", access_scope_name(scope));
    return arena_copy(arena, buffer_slice(&out));
}

static struct slice route_for(const struct route_row *route, enum access_function function,
                              struct arena *arena)
{
    if (route->needs == NEEDS_NOTHING || route->needs == NEEDS_SANDBOX)
        return route->role[0] == 'c' ? LIT("device") : LIT("all");
    if (function == FUNCTION_NONE || function == FUNCTION_ATTENDEE)
        return SLICE_NONE;
    if (route->right != RIGHT_NONE)
        return held(function, route->right, arena);
    return function == FUNCTION_SERVICE ? SLICE_NONE : LIT("own");
}

/* One row a route; who is not signed in, an enrolment session, tokens, then the functions. */
static void print_routes(enum cli_form form, struct arena *arena)
{
    enum { LEADING = 7 };
    const char *names[LEADING + FUNCTION_COUNT_] = {"role", "method", "route", "right", "anonymous",
                                                    "enrolment", "token"};
    struct slice cells[LEADING + FUNCTION_COUNT_];
    struct cli_table table = {.names = names, .columns = LEADING + FUNCTION_COUNT_ - 1};
    for (int function = 1; function < FUNCTION_COUNT_; function++)
        names[LEADING + function - 1] = access_function_name(function);
    for (size_t i = 0; i < sizeof route_rows / sizeof *route_rows; i++) {
        const struct route_row *route = &route_rows[i];
        bool enrols = route->needs == NEEDS_SESSION &&
                      (route->right == RIGHT_NONE ||
                       access_right_needs(route->right) & NEED_ENROLMENT);
        bool console = route->role[0] == 'c';
        cells[0] = slice_from(route->role);
        cells[1] = slice_from(route->method);
        cells[2] = slice_from(route->pattern);
        cells[3] = slice_from(access_right_name(route->right));
        cells[4] = route_for(route, FUNCTION_NONE, arena);
        cells[5] = enrols && !console ? LIT("own") : cells[4];
        cells[6] = cells[4].len > 0 ? cells[4] : route_scopes(route, arena);
        for (int function = 1; function < FUNCTION_COUNT_; function++)
            cells[LEADING + function - 1] = route_for(route, function, arena);
        cli_table_add(&table, arena, TONE_PLAIN, cells);
    }
    cli_table_print(&table, form);
}

/* One row a message, with who may say it to whom. */
static void print_messages(enum cli_form form, struct arena *arena)
{
    static const char *const names[] = {"message", "from", "to", "says"};
    static const struct {
        enum message message;
        const char *sentence;
    } messages[] = {
#define MESSAGE(number, symbol, type, sentence) {MESSAGE_##symbol, sentence},
#include "roles/messages/messages.def"
#undef MESSAGE
    };
    struct cli_table table = {.names = names, .columns = 4};
    for (size_t i = 0; i < sizeof messages / sizeof *messages; i++)
        for (int from = 0; from < ROLE_ID_COUNT_; from++)
            for (int to = 0; to < ROLE_ID_COUNT_; to++) {
                struct ipc_kinds kinds = role_may_say((enum role_id)from, (enum role_id)to);
                for (size_t k = 0; k < kinds.count; k++)
                    if (kinds.items[k]->number == messages[i].message)
                        CLI_ROW(&table, arena, TONE_PLAIN,
                                slice_from(message_name(messages[i].message)),
                                slice_from(role_rows[from].name), slice_from(role_rows[to].name),
                                slice_from(messages[i].sentence));
            }
    cli_table_print(&table, form);
}

static const struct {
    const char *name, *title;
    void (*print)(enum cli_form form, struct arena *arena);
} matrices[] = {
    {"rights", "Functions and rights", print_rights},
    {"routes", "Routes", print_routes},
    {"messages", "Messages between roles", print_messages},
};
enum { MATRICES = sizeof matrices / sizeof *matrices };

int access_matrix(struct admin *admin, int argc, char **argv)
{
    const char *what = "rights";
    int json = 0, csv = 0, markdown = 0;
    const struct cli_option options[] = {
        {"of", NULL, &what, "rights|routes|messages", "which table (rights)"},
        {"json", &json, NULL, NULL, "as JSON"},
        {"csv", &csv, NULL, NULL, "as CSV"},
        {"markdown", &markdown, NULL, NULL, "all of them, as in doc/access.md"},
        {0},
    };
    int code = admin_options(argc, argv, options, NULL, 0, "nothing else is");
    if (code >= 0)
        return code;
    for (size_t i = 0; i < MATRICES; i++) {
        if (markdown)
            printf("%s### %s\n\n", i == 0 ? "" : "\n", matrices[i].title);
        else if (strcmp(matrices[i].name, what) != 0)
            continue;
        matrices[i].print(markdown ? FORM_MARKDOWN : csv ? FORM_CSV : json ? FORM_JSON : FORM_TEXT,
                          admin->arena);
        if (!markdown)
            return EXIT_YES;
    }
    return markdown ? EXIT_YES : cli_fail(EXIT_USAGE, "no table %s; see --help", what);
}
