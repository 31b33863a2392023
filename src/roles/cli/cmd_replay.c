#include <unistd.h>

#include "formats/ical/ical.h"
#include "roles/cli/cli.h"
#include "roles/replay/replay.h"

enum { ARENA_BYTES_MAX = 1 << 30 };

int cmd_replay(int argc, char **argv)
{
    int as_json = 0, first;
    const struct cli_option options[] = {
        {"json", &as_json, NULL, NULL, "print the facts of the scenario format"},
        {0},
    };
    int code = cli_options(argc, argv, options, &first);
    if (code >= 0)
        return code;
    if (argc - first != 1)
        return cli_fail(EXIT_USAGE, "one scenario folder is needed; see --help");
    mime_init();
    ical_init();
    AUTO_ARENA arena = arena_create(ARENA_BYTES_MAX);
    struct replay_result result;
    struct problem why = {0};
    enum status status = replay_run(argv[first], arena, &result, &why);
    if (status == ST_OK && as_json) {
        AUTO_JSON facts = replay_facts(&result);
        cli_print_json(facts);
    } else if (status == ST_OK) {
        replay_print(&result, isatty(STDOUT_FILENO), stdout);
    }
    replay_release(&result);
    return status == ST_OK ? EXIT_YES : cli_fail_problem(&why);
}
