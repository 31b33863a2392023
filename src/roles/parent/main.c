/* rendezd: the service. Without --role it is the parent; with it, one role's process. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "roles/messages/mains.h"
#include "roles/parent/parent.h"

static role_main_fn *const mains[ROLE_ID_COUNT_] = {
#ifdef HAVE_KEYD
    [ROLE_KEYD] = keyd_main,
#endif
#ifdef HAVE_READER
    [ROLE_READER] = reader_main,
#endif
#ifdef HAVE_CALSYNC
    [ROLE_CALSYNC] = calsync_main,
#endif
#ifdef HAVE_MAILOUT
    [ROLE_MAILOUT] = mailout_main,
#endif
#ifdef HAVE_PLANNER
    [ROLE_PLANNER] = planner_main,
#endif
#ifdef HAVE_MAILIN
    [ROLE_MAILIN] = mailin_main,
#endif
#ifdef HAVE_API
    [ROLE_API] = api_main,
#endif
};

enum { EXIT_USAGE = 2, EXIT_ENVIRONMENT = 3 };

static const char usage[] =
    "usage: rendezd --config FILE [--passphrase-file FILE]\n"
    "\n"
    "Runs the service until SIGTERM. Events go to stderr, one JSON object a line.\n"
    "  --config FILE           the installation's rendez.conf\n"
    "  --passphrase-file FILE  opens the root key; or systemd's credential rendez.passphrase\n"
    "  --version               prints the version\n"
    "  --help                  prints this\n";

static int run_role(const char *name, const char *folder)
{
    enum role_id id = role_from_name(name);
    if (id == ROLE_ID_COUNT_ || mains[id] == NULL) {
        fprintf(stderr, "rendezd: no role %s in this program\n", name);
        return EXIT_USAGE;
    }
    return role_process(id, folder, mains[id]);
}

static int run_parent(struct parent_options *options)
{
    struct problem why;
    for (int id = 0; id < ROLE_ID_COUNT_; id++)
        options->has_role[id] = mains[id] != NULL;
    if (parent_run(options, &why) == ST_OK)
        return 0;
    fprintf(stderr, "rendezd: %s\n", why.detail);
    return EXIT_ENVIRONMENT;
}

int main(int argc, char **argv)
{
    static const struct option options[] = {
        {"config", required_argument, NULL, 'c'}, {"passphrase-file", required_argument, NULL, 'p'},
        {"role", required_argument, NULL, 'r'},   {"folder", required_argument, NULL, 'f'},
        {"version", no_argument, NULL, 'v'},      {"help", no_argument, NULL, 'h'},
        {0},
    };
    struct parent_options parent = {0};
    const char *role = NULL, *folder = "/";
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        switch (option) {
        case 'c':
            parent.config_path = optarg;
            break;
        case 'p':
            parent.passphrase_path = optarg;
            break;
        case 'r':
            role = optarg;
            break;
        case 'f':
            folder = optarg;
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
    if (role != NULL)
        return run_role(role, folder);
    if (parent.config_path == NULL || optind != argc) {
        fputs(usage, stderr);
        return EXIT_USAGE;
    }
    return run_parent(&parent);
}
