/* The recorder of a room's cameras: whether it answers, whether it writes, each minute to the console. */
#include "platform/net/net.h"
#include "platform/rounds/rounds.h"
#include "platform/sandbox/sandbox.h"
#include "workstation/internal.h"

enum { ASK_MS = 8000, ANSWER_BYTES_MAX = 64 * 1024, ROUND_ARENA_BYTES = 4 << 20, MEMORY_BYTES_MAX = 512 << 20, SERVER_ERROR = 500 };

/* Any answer but that of a server in trouble: one that asks for a password is there, and we need none. */
static struct finding ask_recorder(const struct camera *camera, struct net *recorder, struct arena *arena)
{
    const struct net_request request = {.method = "GET", .depth = -1, .body_bytes_max = ANSWER_BYTES_MAX,
                                        .url = slice_from(camera->recorder)};
    struct net_response response = {0};
    enum status status = net_send(recorder, &request, arena, &response, NULL);
    if (status == ST_LIMIT || (status == ST_OK && response.code < SERVER_ERROR))
        return HOLDS;
    return fails("recorder_away");
}

static struct finding look(const struct camera *camera, struct net *recorder, struct arena *arena)
{
    struct finding found = camera->recorder != NULL ? ask_recorder(camera, recorder, arena) : HOLDS;
    if (camera->footage != NULL)
        found = finding_worse(found, footage_judge(camera->footage, camera->minutes, clock_now()));
    return found;
}

/* It sees no certificate of ours: that is for the console. */
static enum status connect_recorder(const struct camera *camera, struct net **out, struct problem *why)
{
    const struct net_options options = {.ca_file = camera->authority, .connect_ms = ASK_MS, .total_ms = ASK_MS};
    return net_create(&options, out, why);
}

enum status camera_check(const struct camera *camera, struct arena *arena, struct finding *found, struct problem *why)
{
    AUTO_NET recorder = NULL;
    TRY(connect_recorder(camera, &recorder, why));
    *found = look(camera, recorder, arena);
    return ST_OK;
}

static enum status say(const struct camera *camera, struct net *recorder, struct net *console, const struct station_report *report,
                       struct problem *why)
{
    AUTO_ARENA arena = arena_create(ROUND_ARENA_BYTES);
    struct finding found[POSTURE_ITEM_COUNT_] = {0};
    found[POSTURE_CAMERA] = look(camera, recorder, arena);
    return report_send(console, report, station_json(DEVICE_RECORDER, found, arena), why);
}

static enum status enter(const struct camera *camera, const struct station_report *report, struct problem *why)
{
    struct sandbox_rules rules = {.may = MAY_CONNECT | MAY_FILES,
                                  .paths = {{report->certificate, SANDBOX_READ}, {report->key, SANDBOX_READ},
                                            {report->authority, SANDBOX_READ}, {"/etc", SANDBOX_READ}, {"/run", SANDBOX_READ},
                                            {"/usr/lib", SANDBOX_READ}, {"/lib", SANDBOX_READ}},
                                  .memory_bytes_max = MEMORY_BYTES_MAX};
    size_t count = 7;
    if (camera->authority != NULL)
        rules.paths[count++] = (struct sandbox_path){camera->authority, SANDBOX_READ};
    if (camera->footage != NULL)
        rules.paths[count++] = (struct sandbox_path){camera->footage, SANDBOX_READ};
    return sandbox_enter(&rules, why);
}

enum status camera_report(const struct camera *camera, const struct station_report *report, bool once, struct problem *why)
{
    AUTO_NET recorder = NULL;
    AUTO_NET console = NULL;
    TRY(connect_recorder(camera, &recorder, why));
    TRY(report_connect(report, &console, why));
    if (once)
        return say(camera, recorder, console, report, why);
    struct rounds rounds = rounds_begin(report->every_s);
    TRY(enter(camera, report, why));
    for (bool wrong = false; rounds_go_on(&rounds);) {
        struct problem failed = {0};
        rounds_tell("rendez-workstation", &wrong, say(camera, recorder, console, report, &failed), "the report is not taken", &failed);
    }
    return ST_OK;
}
