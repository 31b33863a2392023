#include "probe/probe.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "formats/json/json.h"
#include "formats/measures/measures.h"
#include "platform/ledger/ledger.h"
#include "platform/net/net.h"

enum {
    LOOK_MS = 5000,
    ANSWER_BYTES_MAX = 64 * 1024,
    ARENA_BYTES = 1 << 20,
    WAITING_BYTES_MAX = 2 << 20, /* some ten days; then the oldest are dropped */
    LINE_BYTES_MAX = 40,
};

struct probe {
    struct probe_options options;
    char *name, *looks; /* looks: path */
    struct secret *seed;
    struct net *net;
    struct buffer waiting; /* lines, as they lie in the file */
};

/* The beginning */

static enum status check_url(const char *url, struct problem *why)
{
    if (url != NULL && (strncmp(url, "http", 4) != 0 || slice_ends(slice_from(url), LIT("/"))))
        return problem_set(why, ST_INVALID, "--url is like https://rendez.acme.example, without a slash at its end");
    return ST_OK;
}

/* Of a look that was cut by a crash nothing counts. */
static enum status read_waiting(struct probe *probe, struct problem *why)
{
    AUTO_ARENA arena = arena_create(2 * WAITING_BYTES_MAX + ARENA_BYTES);
    struct slice text, rest, line;
    struct measure look;
    enum status status = file_read(probe->looks, WAITING_BYTES_MAX, arena, &text, why);
    if (status == ST_NOT_FOUND)
        return ST_OK;
    TRY(status);
    size_t end = text.len;
    while (end > 0 && text.data[end - 1] != '\n')
        end--;
    rest = slice_sub(text, 0, end);
    while (slice_next_line(&rest, &line))
        TRY(measure_parse_line(line, &look, why));
    buffer_add(&probe->waiting, slice_sub(text, 0, end));
    return ST_OK;
}

static enum status begin(struct probe *probe, struct problem *why)
{
    AUTO_ARENA arena = arena_create(ARENA_BYTES);
    const char *folder = probe->options.folder;
    const struct net_options net = {.ca_file = probe->options.ca_file, .connect_ms = LOOK_MS, .total_ms = LOOK_MS};
    TRY(check_url(probe->options.url, why));
    if (mkdir(folder, 0700) < 0 && errno != EEXIST)
        return problem_errno(why, folder);
    TRY(ledger_open_seed(arena_format(arena, "%s/key", folder).data, &probe->seed, why));
    probe->looks = strdup(arena_format(arena, "%s/looks", folder).data);
    if (probe->looks == NULL)
        abort();
    TRY(read_waiting(probe, why));
    return net_create(&net, &probe->net, why);
}

enum status probe_create(const struct probe_options *options, struct probe **out, struct problem *why)
{
    AUTO_PROBE probe = must_calloc(1, sizeof *probe);
    probe->options = *options;
    probe->waiting = buffer_create(WAITING_BYTES_MAX + LINE_BYTES_MAX);
    TRY(ledger_signer_name(options->name, "probe", &probe->name, why));
    TRY(begin(probe, why));
    *out = probe;
    probe = NULL;
    return ST_OK;
}

void probe_destroy(struct probe **probe)
{
    struct probe *old = *probe;
    *probe = NULL;
    if (old == NULL)
        return;
    net_destroy(&old->net);
    secret_destroy(&old->seed);
    buffer_destroy(&old->waiting);
    free(old->name);
    free(old->looks);
    free(old);
}

enum status probe_key(struct probe *probe, struct arena *arena, struct slice *out, struct problem *why)
{
    return ledger_public_key(slice_from(probe->name), probe->seed, 1, arena, out, why);
}

size_t probe_waiting(const struct probe *probe)
{
    size_t lines = 0;
    for (size_t i = 0; i < probe->waiting.len; i++)
        lines += probe->waiting.data[i] == '\n';
    return lines;
}

/* Looking */

/* Whether anybody answers there; `ok`: and says that all is well. */
static bool answers(struct probe *probe, const char *base, const char *path, bool ok)
{
    AUTO_ARENA arena = arena_create(4 * ANSWER_BYTES_MAX);
    struct net_request request = {.method = "GET", .depth = -1, .body_bytes_max = ANSWER_BYTES_MAX,
                                  .url = arena_format(arena, "%s%s", base, path)};
    struct net_response response;
    enum status status = net_send(probe->net, &request, arena, &response, NULL);
    return ok ? status == ST_OK && response.code == 200 : status == ST_OK || status == ST_LIMIT;
}

static enum measure_seen look(struct probe *probe)
{
    if (answers(probe, probe->options.url, "/healthz", true))
        return MEASURE_UP;
    bool away = probe->options.reference != NULL && !answers(probe, probe->options.reference, "", false);
    return away ? MEASURE_UNKNOWN : MEASURE_DOWN;
}

static enum status keep(struct probe *probe, struct problem *why)
{
    return file_write_durably(probe->looks, buffer_slice(&probe->waiting), 0600, why);
}

/* What is dated after now was written before our clock was set right: nobody would take it. */
static void drop_ahead(struct probe *probe, struct instant now)
{
    struct slice rest = buffer_slice(&probe->waiting), line;
    struct measure look;
    size_t good = 0;
    while (slice_next_line(&rest, &line) && measure_parse_line(line, &look, NULL) == ST_OK && look.at.us < now.us)
        good = probe->waiting.len - rest.len;
    probe->waiting.len = good;
}

enum status probe_look(struct probe *probe, struct instant now, bool *up, struct problem *why)
{
    int64_t began_ms = clock_monotonic_ms();
    struct measure measure = {.at = now, .seen = look(probe)};
    int64_t took_ms = clock_monotonic_ms() - began_ms;
    measure.took_ms = (uint32_t)(took_ms < MEASURE_TOOK_MS_MAX ? took_ms : MEASURE_TOOK_MS_MAX);
    *up = measure.seen == MEASURE_UP;
    while (probe->waiting.len > WAITING_BYTES_MAX - LINE_BYTES_MAX)
        buffer_consume(&probe->waiting, slice_find(buffer_slice(&probe->waiting), LIT("\n"), 0) + 1);
    drop_ahead(probe, now);
    measure_format(&measure, &probe->waiting);
    return keep(probe, why);
}

/* Reporting */

/* The first looks, in order of time: where a clock was set back, the report ends before. */
static void take_looks(const struct probe *probe, struct buffer *out)
{
    struct slice rest = buffer_slice(&probe->waiting), line;
    struct measure look;
    int64_t last_us = 0;
    measures_format_head(out);
    for (size_t count = 0; count < MEASURES_MAX && slice_next_line(&rest, &line); count++) {
        if (measure_parse_line(line, &look, NULL) != ST_OK || look.at.us <= last_us)
            return;
        last_us = look.at.us;
        measure_format(&look, out);
    }
}

static enum status sign_report(struct probe *probe, struct arena *arena, struct slice *body, struct problem *why)
{
    AUTO_BUFFER looks = buffer_create(MEASURES_BYTES_MAX);
    AUTO_JSON object = json_object();
    struct slice note;
    take_looks(probe, &looks);
    TRY(buffer_check(&looks, "report", why));
    TRY(ledger_sign_note(slice_from(probe->name), probe->seed, buffer_slice(&looks), arena, &note, why));
    json_object_set_new(object, "report", json_from_text(note));
    *body = json_write(object, arena);
    return ST_OK;
}

/* Those up to the newest look that the service knows, however they are dated. */
static enum status forget(struct probe *probe, int64_t heard_ms, struct problem *why)
{
    struct slice rest = buffer_slice(&probe->waiting), line;
    struct measure look;
    size_t known = 0;
    while (slice_next_line(&rest, &line) && measure_parse_line(line, &look, NULL) == ST_OK &&
           look.at.us / 1000 <= heard_ms)
        known = probe->waiting.len - rest.len;
    buffer_consume(&probe->waiting, known);
    return keep(probe, why);
}

enum status probe_report(struct probe *probe, struct problem *why)
{
    AUTO_ARENA arena = arena_create(ARENA_BYTES);
    AUTO_JSON answer = NULL;
    struct net_request request = {.method = "POST", .depth = -1, .content_type = "application/json",
                                  .body_bytes_max = ANSWER_BYTES_MAX,
                                  .url = arena_format(arena, "%s/trust/measures", probe->options.url)};
    struct net_response response;
    if (probe->waiting.len == 0)
        return ST_OK;
    TRY(sign_report(probe, arena, &request.body, why));
    TRY(net_send(probe->net, &request, arena, &response, why));
    TRY(net_code_status(response.code, "the service", why));
    TRY(json_read(response.body, &answer, why));
    return forget(probe, json_number(answer, "heard", 0), why);
}
