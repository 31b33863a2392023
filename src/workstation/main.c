/* rendez-workstation: says how a workstation, a gateway or a recorder of the supervision room is (man rendez-workstation). */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "domain/access/room_rules.h"
#include "workstation/workstation.h"

enum { EXIT_USAGE = 2, EXIT_ENVIRONMENT = 3 };

static const char usage[] =
    "usage: rendez-workstation check [--root DIR] [--folder DIR] [--gateway ADDRESS] [--json]\n"
    "       rendez-workstation report REPORT [--root DIR] [--folder DIR] [--gateway ADDRESS]\n"
    "       rendez-workstation gateway RULES [REPORT]\n"
    "       rendez-workstation camera [--recorder URL [--recorder-authority FILE]] [--footage DIR [--minutes N]] [REPORT]\n"
    "REPORT: --url URL --certificate FILE --key FILE --authority FILE [--every SECONDS] [--once]; without it gateway and camera\n"
    "        print what they find\n"
    "RULES:  as rendez firewall room was given them: --console ADDRESS:PORT [--vpn INTERFACE] [--server ADDRESS:PORT]\n"
    "        [--mirror ADDRESS:PORT] [--resolver ADDRESS] [--clock ADDRESS]\n"
    "  --root DIR          looks at the system below DIR instead of this one\n"
    "  --folder DIR        where it keeps since when updates have been waiting\n"
    "  --gateway ADDRESS   the room's gateway has the tunnel, not this machine\n"
    "  --json              the report, as it is sent\n"
    "  --url URL           the console, like https://console.meet.example\n"
    "  --certificate FILE  this device's certificate (PEM), and --key FILE its key\n"
    "  --authority FILE    authorities (PEM) that the console's certificate is of\n"
    "  --every SECONDS     from one report to the next (20, at most 30; camera: 60, at most 300)\n"
    "  --once              reports once\n"
    "  --recorder URL      where the recorder of the cameras answers\n"
    "  --footage DIR       where it writes; its newest file is at most --minutes old (5)\n"
    "Exit code of what prints: 1 if not all items hold.\n";

enum option_id {
    ROOT = 1, FOLDER, GATEWAY, URL, CERTIFICATE, KEY, AUTHORITY, EVERY, JSON, ONCE, HELP,
    CONSOLE, VPN, SERVER, MIRROR, RESOLVER, CLOCK, RECORDER, RECORDER_AUTHORITY, FOOTAGE, MINUTES, OPTION_COUNT_,
};
static const struct option options[] = {
    {"root", required_argument, NULL, ROOT},         {"folder", required_argument, NULL, FOLDER},
    {"gateway", required_argument, NULL, GATEWAY},   {"url", required_argument, NULL, URL},
    {"certificate", required_argument, NULL, CERTIFICATE}, {"key", required_argument, NULL, KEY},
    {"authority", required_argument, NULL, AUTHORITY}, {"every", required_argument, NULL, EVERY},
    {"json", no_argument, NULL, JSON},               {"once", no_argument, NULL, ONCE},
    {"help", no_argument, NULL, HELP},               {"console", required_argument, NULL, CONSOLE},
    {"vpn", required_argument, NULL, VPN},           {"server", required_argument, NULL, SERVER},
    {"mirror", required_argument, NULL, MIRROR},     {"resolver", required_argument, NULL, RESOLVER},
    {"clock", required_argument, NULL, CLOCK},       {"recorder", required_argument, NULL, RECORDER},
    {"recorder-authority", required_argument, NULL, RECORDER_AUTHORITY},
    {"footage", required_argument, NULL, FOOTAGE},   {"minutes", required_argument, NULL, MINUTES},
    {0}};

/* What stands behind each; "" behind those that take nothing; NULL: it was not given. */
struct arguments {
    const char *said[OPTION_COUNT_];
};

static enum status read_options(int argc, char **argv, struct arguments *out, struct problem *why)
{
    for (int id; (id = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (id <= 0 || id >= OPTION_COUNT_)
            return problem_set(why, ST_INVALID, "see --help");
        out->said[id] = optarg != NULL ? optarg : "";
    }
    return ST_OK;
}

static enum status take_number(const struct arguments *arguments, enum option_id id, const char *name, unsigned most, unsigned *number,
                               struct problem *why)
{
    uint64_t said;
    if (arguments->said[id] == NULL)
        return ST_OK;
    if (!slice_to_u64(slice_from(arguments->said[id]), most, &said) || said == 0)
        return problem_set(why, ST_INVALID, "--%s is a number, 1 to %u", name, most);
    *number = (unsigned)said;
    return ST_OK;
}

/* every_s: usual, and at most. */
static enum status take_report(const struct arguments *arguments, unsigned every_s, unsigned every_most_s,
                               struct station_report *out, struct problem *why)
{
    struct slice url = slice_from(arguments->said[URL]);
    *out = (struct station_report){arguments->said[URL], arguments->said[CERTIFICATE], arguments->said[KEY],
                                   arguments->said[AUTHORITY], every_s};
    TRY(take_number(arguments, EVERY, "every", every_most_s, &out->every_s, why));
    if (out->certificate == NULL || out->key == NULL || out->authority == NULL || !slice_starts(url, LIT("https://")) ||
        slice_ends(url, LIT("/")))
        return problem_set(why, ST_INVALID, "--url (of https), --certificate, --key and --authority are needed: see --help");
    return ST_OK;
}

static int fail(const struct problem *why, int code)
{
    fprintf(stderr, "rendez-workstation: %s\n", why->detail);
    return code;
}

static int ended(enum status status, bool once, const struct problem *why)
{
    return status == ST_OK ? EXIT_SUCCESS : fail(why, once ? EXIT_FAILURE : EXIT_ENVIRONMENT);
}

static struct station station_of(const struct arguments *arguments)
{
    return (struct station){.root = arguments->said[ROOT] != NULL ? arguments->said[ROOT] : "", .folder = arguments->said[FOLDER],
                            .gateway = slice_from(arguments->said[GATEWAY])};
}

/* Commands */

static int check(const struct arguments *arguments, struct problem *why)
{
    AUTO_ARENA arena = arena_create(STATION_ARENA_BYTES);
    struct finding found[POSTURE_ITEM_COUNT_];
    struct station station = station_of(arguments);
    bool json = arguments->said[JSON] != NULL;
    (void)why;
    station.arena = arena;
    station.now = clock_now();
    station_check(&station, found);
    struct slice said = json ? station_json(DEVICE_WORKSTATION, found, arena) : station_text(found, arena);
    if (printf("%.*s%s", SLICE_ARG(said), json ? "\n" : "") < 0 || fflush(stdout) != 0)
        return EXIT_ENVIRONMENT;
    return station_is_good(found) ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int report(const struct arguments *arguments, struct problem *why)
{
    struct station station = station_of(arguments);
    struct station_report report;
    bool once = arguments->said[ONCE] != NULL;
    if (take_report(arguments, REPORT_EVERY_S, REPORT_EVERY_S_MAX, &report, why) != ST_OK)
        return fail(why, EXIT_USAGE);
    return ended(station_report(&station, &report, once, why), once, why);
}

static int print_finding(enum posture_item item, const struct finding *found)
{
    if (printf("%s %s%s%s\n", posture_item_names[item], posture_state_names[found->state], found->cause != NULL ? " " : "",
               found->cause != NULL ? found->cause : "") < 0 || fflush(stdout) != 0)
        return EXIT_ENVIRONMENT;
    return found->state == POSTURE_HOLDS ? EXIT_SUCCESS : EXIT_FAILURE;
}

static enum status take_rules(const struct arguments *arguments, struct buffer *out, struct problem *why)
{
    struct room_rules rules = {.vpn = slice_from(arguments->said[VPN] != NULL ? arguments->said[VPN] : "tun0")};
    const struct {
        enum option_id id;
        bool (*read)(struct slice text, struct room_place *out);
        struct room_place *place;
    } places[] = {{CONSOLE, room_place_read, &rules.console}, {SERVER, room_place_read, &rules.server},
                  {MIRROR, room_place_read, &rules.mirror},   {RESOLVER, room_address_read, &rules.resolver},
                  {CLOCK, room_address_read, &rules.clock}};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        if ((arguments->said[places[i].id] != NULL || places[i].id == CONSOLE) &&
            !places[i].read(slice_from(arguments->said[places[i].id]), places[i].place))
            return problem_set(why, ST_INVALID, "the rules: addresses and ports in numbers, as rendez firewall room has them");
    if (!room_is_interface(rules.vpn))
        return problem_set(why, ST_INVALID, "--vpn: the name of an interface, like tun0");
    room_rules_format(&rules, out);
    return ST_OK;
}

static int gateway(const struct arguments *arguments, struct problem *why)
{
    AUTO_ARENA arena = arena_create(STATION_ARENA_BYTES);
    AUTO_BUFFER rules = buffer_create(ROOM_RULES_BYTES_MAX);
    struct station_report report;
    struct finding found;
    bool once = arguments->said[ONCE] != NULL;
    if (take_rules(arguments, &rules, why) != ST_OK)
        return fail(why, EXIT_USAGE);
    if (arguments->said[URL] == NULL)
        return gateway_check(buffer_slice(&rules), arena, &found, why) == ST_OK ? print_finding(POSTURE_FIREWALL, &found)
                                                                               : fail(why, EXIT_ENVIRONMENT);
    if (take_report(arguments, REPORT_EVERY_S, REPORT_EVERY_S_MAX, &report, why) != ST_OK)
        return fail(why, EXIT_USAGE);
    return ended(gateway_report(buffer_slice(&rules), &report, once, why), once, why);
}

static int camera(const struct arguments *arguments, struct problem *why)
{
    AUTO_ARENA arena = arena_create(STATION_ARENA_BYTES);
    struct camera camera = {arguments->said[RECORDER], arguments->said[RECORDER_AUTHORITY], arguments->said[FOOTAGE], CAMERA_MINUTES};
    struct station_report report;
    struct finding found;
    bool once = arguments->said[ONCE] != NULL;
    if (take_number(arguments, MINUTES, "minutes", CAMERA_MINUTES_MAX, &camera.minutes, why) != ST_OK)
        return fail(why, EXIT_USAGE);
    if (camera.recorder == NULL && camera.footage == NULL) {
        problem_set(why, ST_INVALID, "--recorder or --footage is needed: see --help");
        return fail(why, EXIT_USAGE);
    }
    if (arguments->said[URL] == NULL)
        return camera_check(&camera, arena, &found, why) == ST_OK ? print_finding(POSTURE_CAMERA, &found) : fail(why, EXIT_ENVIRONMENT);
    if (take_report(arguments, CAMERA_EVERY_S, CAMERA_EVERY_S_MAX, &report, why) != ST_OK)
        return fail(why, EXIT_USAGE);
    return ended(camera_report(&camera, &report, once, why), once, why);
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        int (*run)(const struct arguments *arguments, struct problem *why);
    } commands[] = {{"check", check}, {"report", report}, {"gateway", gateway}, {"camera", camera}};
    struct arguments arguments = {{NULL}};
    struct problem why = {.detail = "check, report, gateway or camera? See --help"};
    if (read_options(argc, argv, &arguments, &why) != ST_OK)
        return fail(&why, EXIT_USAGE);
    if (arguments.said[HELP] != NULL)
        return fputs(usage, stdout) < 0 ? EXIT_ENVIRONMENT : EXIT_SUCCESS;
    for (size_t i = 0; optind + 1 == argc && i < sizeof commands / sizeof *commands; i++)
        if (strcmp(argv[optind], commands[i].name) == 0)
            return commands[i].run(&arguments, &why);
    return fail(&why, EXIT_USAGE);
}
