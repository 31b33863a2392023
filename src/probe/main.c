/* rendez-probe: looks at a service from outside and reports what it saw (man rendez-probe). */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/probe.h"

enum { EXIT_USAGE = 2, EXIT_ENVIRONMENT = 3, EVERY_S = 10, EVERY_S_MAX = 30 };

static const char usage[] =
    "usage: rendez-probe --folder DIR --url URL [--name NAME] [--reference URL] [--ca FILE] [--every SECONDS] [--once]\n"
    "       rendez-probe key --folder DIR [--name NAME]\n"
    "  --folder DIR     where its key lies, and what it has not reported yet\n"
    "  --url URL        the service, like https://rendez.acme.example\n"
    "  --name NAME      its name, like probe.acme.example; always the same\n"
    "  --reference URL  somebody else's page: where it does not answer either, our own network is away\n"
    "  --ca FILE        authorities to trust instead of the system's (PEM)\n"
    "  --every SECONDS  from one look to the next (10; at most 30)\n"
    "  --once           looks and reports once; exit code 1: the service does not answer, or takes no report\n";

struct arguments {
    struct probe_options options;
    unsigned every_s;
    bool only_key, once;
};

static enum status take_every(const char *word, struct arguments *out, struct problem *why)
{
    uint64_t seconds;
    if (!slice_to_u64(slice_from(word), EVERY_S_MAX, &seconds) || seconds == 0)
        return problem_set(why, ST_INVALID, "--every is a number of seconds, 1 to 30");
    out->every_s = (unsigned)seconds;
    return ST_OK;
}

static enum status read_arguments(int argc, char **argv, struct arguments *out, struct problem *why)
{
    static const struct option options[] = {
        {"folder", required_argument, NULL, 'f'}, {"url", required_argument, NULL, 'u'},
        {"name", required_argument, NULL, 'n'},   {"reference", required_argument, NULL, 'r'},
        {"ca", required_argument, NULL, 'c'},     {"every", required_argument, NULL, 'e'},
        {"once", no_argument, NULL, 'o'},         {"help", no_argument, NULL, 'h'},
        {0}};
    for (int letter; (letter = getopt_long(argc, argv, "", options, NULL)) != -1;)
        switch (letter) {
        case 'f': out->options.folder = optarg; break;
        case 'u': out->options.url = optarg; break;
        case 'n': out->options.name = optarg; break;
        case 'r': out->options.reference = optarg; break;
        case 'c': out->options.ca_file = optarg; break;
        case 'e': TRY(take_every(optarg, out, why)); break;
        case 'o': out->once = true; break;
        case 'h': exit(fputs(usage, stdout) < 0 ? EXIT_ENVIRONMENT : EXIT_SUCCESS);
        default: return problem_set(why, ST_INVALID, "see --help");
        }
    out->only_key = optind < argc && strcmp(argv[optind], "key") == 0;
    bool whole = out->options.folder != NULL && (out->only_key || out->options.url != NULL);
    return whole && optind + (out->only_key ? 1 : 0) == argc
               ? ST_OK
               : problem_set(why, ST_INVALID, "--folder and --url are needed: see --help");
}

static int fail(const struct problem *why, int code)
{
    fprintf(stderr, "rendez-probe: %s\n", why->detail);
    return code;
}

static int look_once(struct probe *probe)
{
    struct problem why = {0};
    bool up;
    if (probe_look(probe, clock_now(), &up, &why) != ST_OK)
        return fail(&why, EXIT_ENVIRONMENT);
    if (!up)
        return fail(&(struct problem){.detail = "the service does not answer"}, EXIT_FAILURE);
    return probe_report(probe, &why) == ST_OK ? EXIT_SUCCESS : fail(&why, EXIT_FAILURE);
}

int main(int argc, char **argv)
{
    AUTO_ARENA arena = arena_create(1 << 16);
    AUTO_PROBE probe = NULL;
    struct arguments arguments = {.every_s = EVERY_S};
    struct problem why = {0};
    struct slice key;
    if (read_arguments(argc, argv, &arguments, &why) != ST_OK)
        return fail(&why, EXIT_USAGE);
    if (probe_create(&arguments.options, &probe, &why) != ST_OK || probe_key(probe, arena, &key, &why) != ST_OK)
        return fail(&why, EXIT_ENVIRONMENT);
    if (arguments.once)
        return look_once(probe);
    printf("%.*s\n", SLICE_ARG(key));
    fflush(stdout);
    if (!arguments.only_key && probe_serve(probe, &arguments.options, arguments.every_s, &why) != ST_OK)
        return fail(&why, EXIT_ENVIRONMENT);
    return EXIT_SUCCESS;
}
