/* rendez trust: the claims that the service makes about its security (doc/controls.md). */
#include "domain/control/control.h"
#include "roles/cli/admin.h"
#include "roles/cli/table.h"

static struct slice cell(const char *text)
{
    return slice_from(text);
}

/* As long as there is no evidence for any of them here, all are shown as what they are. */
static void add_row(struct cli_table *table, struct arena *arena, const struct control *control,
                    bool french)
{
    struct control_judgement judgement =
        control_judge(control, false, NULL, (struct instant){0}, clock_now());
    CLI_ROW(table, arena, TONE_DOUBT, cell(control->id), cell(control_kind_names[control->kind]),
            cell(cadence_names[control->cadence]), cell(control_state_names[judgement.state]),
            cell(french ? control->fr : control->en));
}

int cmd_trust(int argc, char **argv)
{
    static const char *const names[] = {"control", "kind", "cadence", "state", "claim"};
    int as_json = 0, french = 0;
    const char *verb = NULL;
    const struct cli_option options[] = {
        {"json", &as_json, NULL, NULL, "a list of objects"},
        {"fr", &french, NULL, NULL, "the claims in French"},
        {0},
    };
    int code = admin_options(argc, argv, options, &verb, 1, "the verb list is");
    if (code >= 0)
        return code;
    if (!slice_equal(slice_from(verb), LIT("list")))
        return cli_fail(EXIT_USAGE, "no verb %s; there is: list", verb);
    AUTO_ARENA arena = arena_create((size_t)4 << 20);
    struct cli_table table = {.names = names, .columns = sizeof names / sizeof *names};
    for (size_t i = 0; i < control_count; i++)
        add_row(&table, arena, &controls[i], french != 0);
    cli_table_print(&table, as_json ? FORM_JSON : FORM_TEXT);
    return EXIT_YES;
}
