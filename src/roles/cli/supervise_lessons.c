/* rendez supervise lessons, words: what corrections teach. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "roles/cli/rights.h"
#include "roles/cli/supervise.h"
#include "roles/planner/learning.h"

/* Opens the installation, with as many operands as that. Returns -1 to go on, else the exit code. */
static int begin(struct admin *admin, int argc, char **argv, const char **operand, const char *what, struct planner **planner)
{
    int code = admin_begin(admin, argc, argv, (const struct cli_option[]){{0}}, operand, operand != NULL, what);
    if (code >= 0)
        return code;
    ADMIN_TRY(admin, rights_open_planner(admin, planner));
    return -1;
}

static void print_lesson(const json_t *lesson)
{
    struct slice text = json_text(lesson, "text");
    size_t end = slice_find(text, LIT("\n"), 0);
    text = slice_sub(text, 0, end == SIZE_MAX ? text.len : end);
    printf("%-20.*s %-8.*s %.*s  %-12.*s %.*s > %.*s  %.*s\n", SLICE_ARG(json_text(lesson, "id")),
           SLICE_ARG(json_text(lesson, "state")), SLICE_ARG(json_text(lesson, "language")),
           SLICE_ARG(json_text(lesson, "reason")), SLICE_ARG(json_text(json_object_get(lesson, "read"), "intent")),
           SLICE_ARG(json_text(json_object_get(lesson, "said"), "intent")), SLICE_ARG(text));
}

static void print_word(const json_t *word)
{
    printf("%.*s  %.*s  %lld lessons\n", SLICE_ARG(json_text(word, "language")), SLICE_ARG(json_text(word, "word")),
           (long long)json_number(word, "lessons", 0));
}

/* A member of planner_lessons, a line or an object each. */
static int list_member(struct admin *admin, int argc, char **argv, const char *member, void (*print)(const json_t *))
{
    struct planner *planner = NULL;
    AUTO_JSON all = NULL;
    const json_t *one;
    size_t i;
    int code = begin(admin, argc, argv, NULL, "nothing", &planner);
    if (code >= 0)
        return code;
    enum status status = planner_lessons(planner, false, admin->arena, &all, &admin->why);
    planner_destroy(&planner);
    ADMIN_TRY(admin, status);
    json_array_foreach(json_object_get(all, member), i, one) {
        if (admin->as_json)
            cli_print_json(one);
        else
            print(one);
    }
    return EXIT_YES;
}

static int list(struct admin *admin, int argc, char **argv)
{
    return list_member(admin, argc, argv, "lessons", print_lesson);
}

int supervise_words(struct admin *admin, int argc, char **argv)
{
    return list_member(admin, argc, argv, "words", print_word);
}

static int show(struct admin *admin, int argc, char **argv)
{
    struct planner *planner = NULL;
    const char *id = NULL;
    json_t *lesson = NULL;
    int code = begin(admin, argc, argv, &id, "the id of one lesson is", &planner);
    if (code >= 0)
        return code;
    enum status status = planner_lesson(planner, slice_from(id), admin->arena, &lesson, &admin->why);
    planner_destroy(&planner);
    ADMIN_TRY(admin, status);
    if (admin->as_json)
        return admin_print(admin, lesson);
    struct slice text = json_write_pretty(lesson, admin->arena);
    printf("%.*s\n", SLICE_ARG(text));
    json_decref(lesson);
    return EXIT_YES;
}

static int decide(struct admin *admin, int argc, char **argv, bool accept)
{
    struct planner *planner = NULL;
    const char *id = NULL;
    int code = begin(admin, argc, argv, &id, "the id of one lesson is", &planner);
    if (code >= 0)
        return code;
    enum status status = planner_decide_lesson(planner, slice_from(id), accept, clock_now(), &admin->why);
    planner_destroy(&planner);
    ADMIN_TRY(admin, status);
    return admin->as_json ? admin_print(admin, json_pack("{s:s, s:s}", "id", id, "state", accept ? "accepted" : "dropped"))
                          : EXIT_YES;
}

static int accept_one(struct admin *admin, int argc, char **argv)
{
    return decide(admin, argc, argv, true);
}

static int drop_one(struct admin *admin, int argc, char **argv)
{
    return decide(admin, argc, argv, false);
}

/* Export */

static int cannot_write(const char *path)
{
    struct problem why = {.status = ST_UNAVAILABLE};
    snprintf(why.detail, sizeof why.detail, "%.80s: %s", path, strerror(errno));
    return cli_fail_problem(&why);
}

static bool make_folder(const char *path)
{
    return mkdir(path, 0777) == 0 || errno == EEXIST;
}

static bool write_file(const char *path, struct slice text)
{
    FILE *file = fopen(path, "we");
    if (file == NULL)
        return false;
    bool written = fwrite(text.data, 1, text.len, file) == text.len;
    return fclose(file) == 0 && written;
}

/* DIR/lesson-ID/scenario.json, and the calendar that leaves room for what was offered only. */
static int write_scenario(struct arena *arena, const char *dir, const json_t *lesson)
{
    struct lesson_scenario made = lesson_scenario(lesson, arena);
    const char *folder = arena_format(arena, "%s/lesson-%.*s", dir, SLICE_ARG(json_text(lesson, "id"))).data;
    const char *calendars = arena_format(arena, "%s/calendars", folder).data,
               *scenario = arena_format(arena, "%s/scenario.json", folder).data,
               *calendar = arena_format(arena, "%s/organiser.ics", calendars).data;
    if (!make_folder(folder) || !make_folder(calendars) || !write_file(calendar, made.calendar) ||
        !write_file(scenario, made.scenario))
        return cannot_write(folder);
    return EXIT_YES;
}

static int export(struct admin *admin, int argc, char **argv)
{
    struct planner *planner = NULL;
    const char *dir = NULL;
    AUTO_JSON all = NULL;
    const json_t *lesson;
    size_t i, written = 0;
    int code = begin(admin, argc, argv, &dir, "one folder is", &planner);
    if (code >= 0)
        return code;
    enum status status = planner_lessons(planner, true, admin->arena, &all, &admin->why);
    planner_destroy(&planner);
    ADMIN_TRY(admin, status);
    if (!make_folder(dir))
        return cannot_write(dir);
    json_array_foreach(json_object_get(all, "lessons"), i, lesson) {
        if (!slice_equal(json_text(lesson, "state"), LIT("accepted")))
            continue;
        code = write_scenario(admin->arena, dir, lesson);
        if (code != EXIT_YES)
            return code;
        written++;
    }
    if (admin->as_json)
        return admin_print(admin, json_pack("{s:I}", "scenarios", (json_int_t)written));
    printf("%zu scenarios\n", written);
    return EXIT_YES;
}

int supervise_lessons(struct admin *admin, int argc, char **argv)
{
    static const struct admin_verb verbs[] = {{"list", list}, {"show", show}, {"accept", accept_one},
                                              {"drop", drop_one}, {"export", export}, {0}};
    for (size_t i = 0; argc > 1 && verbs[i].name != NULL; i++)
        if (strcmp(argv[1], verbs[i].name) == 0)
            return verbs[i].run(admin, argc - 1, argv + 1);
    return argc > 1 && argv[1][0] != '-' ? cli_fail(EXIT_USAGE, "list, show, accept, drop or export is needed")
                                         : list(admin, argc, argv);
}
