/* rendez-NAME: one role's program. Built once a role (meson.build), with ROLE_ID and ROLE_MAIN. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "roles/messages/mains.h"

enum { EXIT_USAGE = 2 };

/* rendezd passes --role too: so one finds a role in the list of processes. */
int main(int argc, char **argv)
{
    static const struct option options[] = {
        {"role", required_argument, NULL, 'r'},
        {"folder", required_argument, NULL, 'f'},
        {"parent", required_argument, NULL, 'p'},
        {"waiting", no_argument, NULL, 'w'},
        {0},
    };
    const char *name = role_rows[ROLE_ID].name, *role = "";
    struct role_start start = {0};
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (option == 'r')
            role = optarg;
        else if (option == 'f')
            start.folder = optarg;
        else if (option == 'p' && program_parse(slice_from(optarg), &start.parent))
            continue;
        else if (option == 'w')
            start.waiting = true;
        else
            return EXIT_USAGE;
    }
    if (start.folder == NULL || strcmp(role, name) != 0 || optind != argc) {
        fprintf(stderr, "rendez-%s: rendezd starts this program; see rendezd(8)\n", name);
        return EXIT_USAGE;
    }
    return role_process(ROLE_ID, &start, ROLE_MAIN);
}
