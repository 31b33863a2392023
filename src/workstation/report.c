/* Reporting to the console, by this device's certificate. */
#include "formats/json/json.h"
#include "platform/net/net.h"
#include "platform/rounds/rounds.h"
#include "platform/sandbox/sandbox.h"
#include "workstation/internal.h"

enum { MEMORY_BYTES_MAX = 1 << 30, SEND_MS = 8000, ANSWER_BYTES_MAX = 64 * 1024, SEND_ARENA_BYTES = 1 << 20 };

enum status report_connect(const struct station_report *report, struct net **out, struct problem *why)
{
    const struct net_options options = {.ca_file = report->authority, .certificate_file = report->certificate,
                                        .key_file = report->key, .connect_ms = SEND_MS, .total_ms = SEND_MS};
    return net_create(&options, out, why);
}

enum status report_send(struct net *net, const struct station_report *report, struct slice body, struct problem *why)
{
    AUTO_ARENA arena = arena_create(SEND_ARENA_BYTES);
    const struct net_request request = {.method = "POST", .depth = -1, .content_type = "application/json", .body = body,
                                        .body_bytes_max = ANSWER_BYTES_MAX,
                                        .url = arena_format(arena, "%s/api/workstation/report", report->url)};
    struct net_response response;
    AUTO_JSON answer = NULL;
    TRY(net_send(net, &request, arena, &response, why));
    if (response.code == 200)
        return ST_OK;
    /* RFC 9457: which of "device", "network" it was. Words of ours, or nothing of it is shown. */
    static const char *const codes[] = {"device", "network", "posture", NULL};
    struct slice code = SLICE_NONE;
    if (json_read(response.body, &answer, NULL) == ST_OK)
        code = json_text(answer, "code");
    TRY(net_code_status(response.code, is_one_of(code, codes) ? arena_format(arena, "the console (%.*s)", SLICE_ARG(code)).data
                                                              : "the console", why));
    return problem_set(why, ST_INVALID, "the console answered %u", (unsigned)response.code);
}

static enum status report_now(struct station *station, struct net *net, const struct station_report *report, struct problem *why)
{
    AUTO_ARENA arena = arena_create(STATION_ARENA_BYTES);
    struct finding found[POSTURE_ITEM_COUNT_];
    station->arena = arena;
    station->now = clock_now();
    station_check(station, found);
    return report_send(net, report, station_json(DEVICE_WORKSTATION, found, arena), why);
}

/* It reads what it looks at, keeps first sights of updates, and connects. */
static enum status enter(const struct station *station, const struct station_report *report, struct problem *why)
{
    struct sandbox_rules rules = {
        .may = MAY_CONNECT | MAY_FILES,
        .paths = {{report->certificate, SANDBOX_READ}, {report->key, SANDBOX_READ}, {report->authority, SANDBOX_READ},
                  {station->root[0] != '\0' ? station->root : "/etc", SANDBOX_READ}, {"/proc", SANDBOX_READ}, {"/sys", SANDBOX_READ},
                  {"/run", SANDBOX_READ}, {"/root/.ssh", SANDBOX_READ}, {"/var/lib/apt", SANDBOX_READ},
                  {"/var/lib/dpkg", SANDBOX_READ}, {"/usr/lib", SANDBOX_READ}, {"/usr/local/lib", SANDBOX_READ}, {"/lib", SANDBOX_READ}},
        .memory_bytes_max = MEMORY_BYTES_MAX};
    if (station->folder != NULL)
        rules.paths[13] = (struct sandbox_path){station->folder, SANDBOX_WRITE};
    return sandbox_enter(&rules, why);
}

enum status station_report(struct station *station, const struct station_report *report, bool once, struct problem *why)
{
    AUTO_NET net = NULL;
    TRY(report_connect(report, &net, why));
    if (once)
        return report_now(station, net, report, why);
    struct rounds rounds = rounds_begin(report->every_s);
    TRY(enter(station, report, why));
    for (bool wrong = false; rounds_go_on(&rounds);) {
        struct problem failed = {0};
        rounds_tell("rendez-workstation", &wrong, report_now(station, net, report, &failed), "the report is not taken", &failed);
    }
    return ST_OK;
}
