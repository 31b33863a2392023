/* rendezd: the service's parent process. The roles are programs of their own (role_main.c). */
#include <getopt.h>
#include <stdio.h>

#include "roles/parent/parent.h"

enum { EXIT_USAGE = 2, EXIT_ENVIRONMENT = 3 };

static const char usage[] =
    "usage: rendezd --config FILE [--passphrase-file FILE] [--prepared]\n"
    "       rendezd --config FILE --prepare\n"
    "\n"
    "Runs the service until SIGTERM. Events go to stderr, one JSON object a line.\n"
    "  --config FILE           the installation's rendez.conf\n"
    "  --passphrase-file FILE  opens the root key; or systemd's credential rendez.passphrase\n"
    "  --prepare               makes the folders, gives them to the roles' users, and ends\n"
    "  --prepared              that was done: leaves the folders as they are\n"
    "  --version               prints the version\n"
    "  --help                  prints this\n";

static int run_parent(const struct parent_options *options, bool only_prepare)
{
    struct problem why;
    if ((only_prepare ? parent_prepare : parent_run)(options, &why) == ST_OK)
        return 0;
    fprintf(stderr, "rendezd: %s\n", why.detail);
    return EXIT_ENVIRONMENT;
}

int main(int argc, char **argv)
{
    static const struct option options[] = {
        {"config", required_argument, NULL, 'c'}, {"passphrase-file", required_argument, NULL, 'p'},
        {"prepare", no_argument, NULL, 'm'},
        {"prepared", no_argument, NULL, 'r'},
        {"version", no_argument, NULL, 'v'},      {"help", no_argument, NULL, 'h'},
        {0},
    };
    struct parent_options parent = {.argv = argv};
    bool only_prepare = false;
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        switch (option) {
        case 'c':
            parent.config_path = optarg;
            break;
        case 'p':
            parent.passphrase_path = optarg;
            break;
        case 'm':
            only_prepare = true;
            break;
        case 'r':
            parent.prepared = true;
            break;
        case 'v':
            puts("rendezd " RENDEZ_VERSION);
            return 0;
        case 'h':
            fputs(usage, stdout);
            return 0;
        default:
            return EXIT_USAGE;
        }
    }
    if (parent.config_path == NULL || optind != argc) {
        fputs(usage, stderr);
        return EXIT_USAGE;
    }
    return run_parent(&parent, only_prepare);
}
