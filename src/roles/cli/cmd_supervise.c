/* Questions that a person decides: what waits, without its content, and who answers. */
#include <string.h>

#include "platform/store/store.h"
#include "roles/cli/supervise.h"

static json_t *words_json(unsigned bits, const char *const *names, int count)
{
    json_t *out = json_array();
    for (int i = 1; i < count; i++)
        if ((bits & 1u << i) != 0)
            json_array_append_new(out, json_string(names[i]));
    return out;
}

static json_t *time_json(struct instant at, struct arena *arena)
{
    return at.us == 0 ? json_null() : json_from_text(instant_format(at, zone_utc(), arena));
}

static json_t *text_or_null(struct slice text)
{
    return text.len == 0 ? json_null() : json_from_text(text);
}

/* Ids, words and times. */
static json_t *describe_task(const struct supervision_task *task, struct arena *arena)
{
    return json_pack("{s:o, s:o, s:o, s:o, s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:b}", "id",
                     json_from_text(task->id), "reason", json_from_text(task->reason), "meeting", text_or_null(task->meeting), "organisation",
                     text_or_null(task->organisation), "state", task_state_names[task->state], "priority",
                     task_priority_names[task->priority], "language", language_names[task->language], "skill",
                     task_skill_names[task->skill], "opened", time_json(task->opened, arena), "deadline",
                     time_json(task->deadline, arena), "taken_by", text_or_null(task->taken_by), "overdue",
                     task->breached.us != 0);
}

static void print_task(const struct supervision_task *task, struct instant now)
{
    int64_t age_min = (now.us - task->opened.us) / MINUTE_US, left_min = (task->deadline.us - now.us) / MINUTE_US;
    printf("%-32.*s %-12.*s %-7s %5lld min, %lld min %s  %s%s%.*s\n", SLICE_ARG(task->id),
           SLICE_ARG(task->reason), task_priority_names[task->priority], (long long)age_min,
           (long long)(left_min < 0 ? -left_min : left_min), left_min < 0 ? "late" : "left",
           task_state_names[task->state], task->taken_by.len > 0 ? " by " : "", SLICE_ARG(task->taken_by));
}

static int list(struct admin *admin, int argc, char **argv)
{
    struct stored_task_list open;
    struct instant now = clock_now();
    int code = admin_begin(admin, argc, argv, (const struct cli_option[]){{0}}, NULL, 0, "nothing");
    if (code >= 0)
        return code;
    ADMIN_TRY(admin, store_list_open_tasks(directory_store(admin->directory), admin->arena, &open, &admin->why));
    for (size_t i = 0; i < open.count; i++) {
        AUTO_JSON entry = describe_task(&open.items[i].task, admin->arena);
        if (admin->as_json)
            cli_print_json(entry);
        else
            print_task(&open.items[i].task, now);
    }
    return EXIT_YES;
}

static bool is_id(const char *id)
{
    size_t len = strlen(id);
    for (size_t i = 0; i < len; i++)
        if (!ascii_is_alpha(id[i]) && !ascii_is_digit(id[i]) && id[i] != '_' && id[i] != '-')
            return false;
    return len > 0 && len <= 64;
}

static json_t *describe_supervisor(const struct supervisor *who, struct arena *arena)
{
    return json_pack("{s:o, s:o, s:o, s:o}", "person", json_from_text(who->person), "languages",
                     words_json(who->languages, language_names, LANGUAGE_COUNT_), "skills",
                     words_json(who->skills, task_skill_names, SKILL_COUNT_), "seen",
                     time_json(who->seen, arena));
}

static int person(struct admin *admin, int argc, char **argv)
{
    const char *id = NULL, *languages = NULL, *skills = NULL, *badge = NULL;
    struct supervisor who;
    const struct cli_option options[] = {
        {"languages", NULL, &languages, "L,…", "that they answer in: fr, en"},
        {"skills", NULL, &skills, "S,…", "that they have: guest, complaint, technical; \"\" for none"},
        {"badge", NULL, &badge, "NUMBER", "of the room's door; \"\" for none any more"},
        {0},
    };
    int code = admin_begin(admin, argc, argv, options, &id, 1, "the id of one account is");
    if (code >= 0)
        return code;
    struct store *store = directory_store(admin->directory);
    if (!is_id(id))
        return cli_fail_problem(&(struct problem){.status = ST_INVALID, .detail = "the id of an account is needed"});
    enum status found = store_load_supervisor(store, slice_from(id), admin->arena, &who, &admin->why);
    if (found == ST_NOT_FOUND)
        who = (struct supervisor){.person = slice_from(id), .languages = SUPERVISOR_LANGUAGES};
    else
        ADMIN_TRY(admin, found);
    if (languages != NULL)
        ADMIN_TRY(admin, supervisor_languages_parse(slice_from(languages), &who.languages, &admin->why));
    if (skills != NULL)
        ADMIN_TRY(admin, supervisor_skills_parse(slice_from(skills), &who.skills, &admin->why));
    if (languages != NULL || skills != NULL)
        ADMIN_TRY(admin, store_save_supervisor(store, &who, &admin->why));
    if (badge != NULL)
        ADMIN_TRY(admin, supervise_badge(admin, slice_from(id), slice_from(badge)));
    return admin_print(admin, describe_supervisor(&who, admin->arena));
}

int cmd_supervise(int argc, char **argv)
{
    static const struct admin_verb verbs[] = {{"list", list}, {"person", person}, {"stats", supervise_stats}, {"lessons", supervise_lessons},
                                              {"words", supervise_words}, {"door", supervise_door}, {"devices", supervise_devices}, {0}};
    return admin_run(argc, argv, verbs);
}
