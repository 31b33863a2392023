#include "roles/cli/registry.h"

static json_t *describe(const struct organisation_entry *entry, struct arena *arena)
{
    return json_pack("{s:o, s:o, s:o, s:o, s:o}", "id", json_from_text(entry->id), "name",
                     json_from_text(entry->name), "state", json_from_text(entry->state), "policy",
                     json_from_text(entry->policy), "created",
                     json_from_text(instant_format(entry->created, zone_utc(), arena)));
}

static int add(struct admin *admin, int argc, char **argv)
{
    const char *id = NULL, *name = NULL;
    const struct cli_option options[] = {
        {"name", NULL, &name, "NAME", "its name (else the id)"},
        {0},
    };
    int code = admin_begin(admin, argc, argv, options, &id, 1, "one id for it is");
    if (code >= 0)
        return code;
    struct slice text = slice_from(name != NULL ? name : id);
    ADMIN_TRY(admin, directory_add_organisation(admin->directory, slice_from(id), text, clock_now(),
                                                &admin->why));
    return admin->as_json ? admin_print(admin, json_pack("{s:s}", "id", id)) : EXIT_YES;
}

static int list(struct admin *admin, int argc, char **argv)
{
    struct organisation_entry_list all;
    int code = admin_begin(admin, argc, argv, (const struct cli_option[]){{0}}, NULL, 0, "nothing");
    if (code >= 0)
        return code;
    ADMIN_TRY(admin,
              directory_list_organisations(admin->directory, admin->arena, &all, &admin->why));
    for (size_t i = 0; i < all.count; i++) {
        AUTO_JSON entry = describe(&all.items[i], admin->arena);
        if (admin->as_json)
            cli_print_json(entry);
        else
            printf("%-20.*s %-8.*s %.*s\n", SLICE_ARG(all.items[i].id),
                   SLICE_ARG(all.items[i].state), SLICE_ARG(all.items[i].name));
    }
    return EXIT_YES;
}

static int show(struct admin *admin, int argc, char **argv)
{
    const char *id = NULL;
    struct organisation_entry entry;
    struct person_list people;
    int code =
        admin_begin(admin, argc, argv, (const struct cli_option[]){{0}}, &id, 1, "one id is");
    if (code >= 0)
        return code;
    ADMIN_TRY(admin, directory_find_organisation(admin->directory, slice_from(id), admin->arena,
                                                 &entry, &admin->why));
    ADMIN_TRY(admin, directory_list_people(admin->directory, entry.id, admin->arena, &people,
                                           &admin->why));
    json_t *object = describe(&entry, admin->arena);
    json_object_set_new(object, "people", json_integer((json_int_t)people.count));
    return admin_print(admin, object);
}

/* The directory first: from then on nobody of it is anybody; then those who may sign in. Cut off, it is
 * given again. */
static int end(struct admin *admin, int argc, char **argv)
{
    const char *id = NULL;
    int code = admin_begin(admin, argc, argv, (const struct cli_option[]){{0}}, &id, 1, "one id is");
    if (code >= 0)
        return code;
    enum status kept = directory_end_organisation(admin->directory, slice_from(id), clock_now(), &admin->why);
    if (kept != ST_NOT_FOUND)
        ADMIN_TRY(admin, kept);
    struct problem none = admin->why;
    enum status known = registry_end_organisation(admin, slice_from(id), false);
    if (known == ST_NOT_FOUND && kept == ST_NOT_FOUND)
        return cli_fail_problem(&none);
    if (known != ST_NOT_FOUND)
        ADMIN_TRY(admin, known);
    return admin->as_json ? admin_print(admin, json_pack("{s:s}", "ended", id)) : EXIT_YES;
}

/* When a person decides what its people's messages do. */
static int policy(struct admin *admin, int argc, char **argv)
{
    const char *operands[2] = {NULL, NULL};
    struct organisation_entry entry;
    int code = admin_begin(admin, argc, argv, (const struct cli_option[]){{0}}, operands, 2,
                           "an id and never, doubt or always are");
    if (code >= 0)
        return code;
    ADMIN_TRY(admin, directory_find_organisation(admin->directory, slice_from(operands[0]), admin->arena,
                                                 &entry, &admin->why));
    ADMIN_TRY(admin, directory_set_policy(admin->directory, entry.id, slice_from(operands[1]), clock_now(),
                                          &admin->why));
    return admin->as_json ? admin_print(admin, json_pack("{s:o, s:s}", "id", json_from_text(entry.id), "policy",
                                                         operands[1]))
                          : EXIT_YES;
}

int cmd_organisation(int argc, char **argv)
{
    static const struct admin_verb verbs[] = {{"add", add}, {"list", list}, {"show", show}, {"end", end}, {"policy", policy}, {0}};
    return admin_run(argc, argv, verbs);
}
