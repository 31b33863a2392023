/* rendez-workstation: says how a workstation of the supervision room is (man rendez-workstation). */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "workstation/workstation.h"

enum { EXIT_USAGE = 2, EXIT_ENVIRONMENT = 3 };

static const char usage[] =
    "usage: rendez-workstation check [--root DIR] [--folder DIR] [--gateway ADDRESS] [--json]\n"
    "       rendez-workstation report --url URL --certificate FILE --key FILE --authority FILE [--every SECONDS] [--once]\n"
    "                                 [--root DIR] [--folder DIR] [--gateway ADDRESS]\n"
    "  --root DIR          looks at the system below DIR instead of this one\n"
    "  --folder DIR        where it keeps since when updates have been waiting\n"
    "  --gateway ADDRESS   the room's gateway has the tunnel, not this machine\n"
    "  --json              the report, as it is sent\n"
    "  --url URL           the console, like https://console.meet.example\n"
    "  --certificate FILE  this device's certificate (PEM), and --key FILE its key\n"
    "  --authority FILE    authorities (PEM) that the console's certificate is of\n"
    "  --every SECONDS     from one report to the next (20; at most 30)\n"
    "  --once              reports once\n"
    "Exit code of check: 1 if not all items hold.\n";

struct arguments {
    struct station station;
    struct station_report report;
    const char *gateway;
    bool json, once;
};

static enum status take_every(const char *word, unsigned *every_s, struct problem *why)
{
    uint64_t seconds;
    if (!slice_to_u64(slice_from(word), REPORT_EVERY_S_MAX, &seconds) || seconds == 0)
        return problem_set(why, ST_INVALID, "--every is a number of seconds, 1 to %d", REPORT_EVERY_S_MAX);
    *every_s = (unsigned)seconds;
    return ST_OK;
}

static enum status read_options(int argc, char **argv, struct arguments *out, struct problem *why)
{
    static const struct option options[] = {
        {"root", required_argument, NULL, 'r'},      {"folder", required_argument, NULL, 'f'},
        {"gateway", required_argument, NULL, 'g'},   {"url", required_argument, NULL, 'u'},
        {"certificate", required_argument, NULL, 'c'}, {"key", required_argument, NULL, 'k'},
        {"authority", required_argument, NULL, 'a'}, {"every", required_argument, NULL, 'e'},
        {"json", no_argument, NULL, 'j'},            {"once", no_argument, NULL, 'o'},
        {"help", no_argument, NULL, 'h'},            {0}};
    for (int letter; (letter = getopt_long(argc, argv, "", options, NULL)) != -1;)
        switch (letter) {
        case 'r': out->station.root = optarg; break;
        case 'f': out->station.folder = optarg; break;
        case 'g': out->gateway = optarg; break;
        case 'u': out->report.url = optarg; break;
        case 'c': out->report.certificate = optarg; break;
        case 'k': out->report.key = optarg; break;
        case 'a': out->report.authority = optarg; break;
        case 'e': TRY(take_every(optarg, &out->report.every_s, why)); break;
        case 'j': out->json = true; break;
        case 'o': out->once = true; break;
        case 'h': exit(fputs(usage, stdout) < 0 ? EXIT_ENVIRONMENT : EXIT_SUCCESS);
        default: return problem_set(why, ST_INVALID, "see --help");
        }
    out->station.gateway = slice_from(out->gateway);
    return ST_OK;
}

static int fail(const struct problem *why, int code)
{
    fprintf(stderr, "rendez-workstation: %s\n", why->detail);
    return code;
}

static int check(struct station *station, bool json)
{
    AUTO_ARENA arena = arena_create(STATION_ARENA_BYTES);
    struct finding found[POSTURE_ITEM_COUNT_];
    station->arena = arena;
    station->now = clock_now();
    station_check(station, found);
    struct slice said = json ? station_json(DEVICE_WORKSTATION, found, arena) : station_text(found, arena);
    if (printf("%.*s%s", SLICE_ARG(said), json ? "\n" : "") < 0 || fflush(stdout) != 0)
        return EXIT_ENVIRONMENT;
    return station_is_good(found) ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int report(struct arguments *arguments)
{
    const struct station_report *report = &arguments->report;
    struct problem why = {.detail = "--url (of https), --certificate, --key and --authority are needed: see --help"};
    if (report->url == NULL || report->certificate == NULL || report->key == NULL || report->authority == NULL ||
        !slice_starts(slice_from(report->url), LIT("https://")) || slice_ends(slice_from(report->url), LIT("/")))
        return fail(&why, EXIT_USAGE);
    if (station_report(&arguments->station, report, arguments->once, &why) != ST_OK)
        return fail(&why, arguments->once ? EXIT_FAILURE : EXIT_ENVIRONMENT);
    return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
    struct arguments arguments = {.station.root = "", .report.every_s = REPORT_EVERY_S};
    struct problem why = {.detail = "check or report? See --help"};
    if (read_options(argc, argv, &arguments, &why) != ST_OK)
        return fail(&why, EXIT_USAGE);
    if (optind + 1 == argc && strcmp(argv[optind], "check") == 0)
        return check(&arguments.station, arguments.json);
    if (optind + 1 == argc && strcmp(argv[optind], "report") == 0)
        return report(&arguments);
    return fail(&why, EXIT_USAGE);
}
