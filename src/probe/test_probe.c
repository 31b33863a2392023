/* A probe before a service that answers, refuses, or is not there. */
#include <sys/stat.h>

#include "canned_server.h"
#include "formats/json/json.h"
#include "formats/measures/measures.h"
#include "platform/ledger/ledger.h"
#include "probe/probe.h"

#define AT(second) ((struct instant){(second) * INT64_C(1000000)})
#define GOOD "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"
#define ILL "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
#define UNKNOWN_KEY "HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"
#define HEARD_2000 "HTTP/1.1 200 OK\r\nContent-Length: 17\r\nConnection: close\r\n\r\n{\"heard\":2000000}"
#define HEARD_2001 "HTTP/1.1 200 OK\r\nContent-Length: 17\r\nConnection: close\r\n\r\n{\"heard\":2001000}"

static char folder[] = "/tmp/rendez-probe-XXXXXX";

static struct probe *open_probe(int port, int reference_port)
{
    static char url[64], reference[64];
    struct probe *probe = NULL;
    snprintf(url, sizeof url, "http://127.0.0.1:%d", port);
    snprintf(reference, sizeof reference, "http://127.0.0.1:%d/", reference_port);
    struct probe_options options = {.folder = folder, .name = "probe.example", .url = url,
                                    .reference = reference_port == 0 ? NULL : reference};
    CHECK_OK(probe_create(&options, &probe, NULL));
    return probe;
}

static int closed_port(void)
{
    int port, listener = canned_listen(&port);
    close(listener);
    return port;
}

/* The looks of the report that the service was sent. */
static struct measure_list reported(struct slice request, struct probe *probe, struct arena *arena)
{
    AUTO_JSON body = NULL;
    struct measure_list looks = {0};
    struct slice key, signed_text;
    size_t at = slice_find(request, LIT("POST /trust/measures"), 0);
    CHECK(at != SIZE_MAX);
    struct slice post = slice_sub(request, at, request.len);
    CHECK_OK(json_read(slice_sub(post, slice_find(post, LIT("\r\n\r\n"), 0) + 4, post.len), &body, NULL));
    CHECK_OK(probe_key(probe, arena, &key, NULL));
    CHECK_OK(ledger_open_note(arena_copy(arena, json_text(body, "report")), key, arena, &signed_text, NULL));
    CHECK_OK(measures_parse(signed_text, arena, &looks, NULL));
    return looks;
}

static void looks_and_reports(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    static const char *const answers[] = {GOOD, ILL, HEARD_2001};
    struct canned_server server = canned_serve(answers, 3);
    AUTO_PROBE probe = open_probe(server.port, 0);
    bool up;
    CHECK_OK(probe_look(probe, AT(2000), &up, NULL));
    CHECK(up);
    CHECK_OK(probe_look(probe, AT(2001), &up, NULL));
    CHECK(!up);
    CHECK_NUMBER(probe_waiting(probe), 2);
    CHECK_OK(probe_report(probe, NULL));
    CHECK_NUMBER(probe_waiting(probe), 0);
    struct measure_list looks = reported(canned_stop(&server, arena), probe, arena);
    CHECK_NUMBER(looks.count, 2);
    CHECK(looks.items[0].seen == MEASURE_UP && looks.items[0].at.us == AT(2000).us);
    CHECK(looks.items[1].seen == MEASURE_DOWN && looks.items[1].at.us == AT(2001).us);
}

/* What the service has not taken outlives this process; what it knows already is dropped. */
static void keeps_what_waits(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    static const char *const answers[] = {UNKNOWN_KEY, HEARD_2000};
    bool up;
    struct probe *first = open_probe(closed_port(), 0);
    for (int i = 0; i < 3; i++)
        CHECK_OK(probe_look(first, AT(1999 + i), &up, NULL));
    CHECK(!up);
    CHECK_NUMBER(probe_report(first, NULL), ST_UNAVAILABLE);
    probe_destroy(&first);
    struct canned_server server = canned_serve(answers, 2);
    AUTO_PROBE again = open_probe(server.port, 0);
    CHECK_NUMBER(probe_waiting(again), 3);
    CHECK_NUMBER(probe_report(again, NULL), ST_NOT_FOUND);
    CHECK_NUMBER(probe_waiting(again), 3);
    CHECK_OK(probe_report(again, NULL));
    CHECK_NUMBER(probe_waiting(again), 1);
    (void)canned_stop(&server, arena);
}

/* A clock that was ahead and is set right: what was dated then says nothing. */
static void drops_what_is_dated_ahead(void)
{
    bool up;
    AUTO_PROBE probe = open_probe(closed_port(), 0);
    size_t before = probe_waiting(probe);
    CHECK_OK(probe_look(probe, AT(900000), &up, NULL));
    CHECK_NUMBER(probe_waiting(probe), before + 1);
    CHECK_OK(probe_look(probe, AT(3000), &up, NULL));
    CHECK_NUMBER(probe_waiting(probe), before + 1);
}

/* Where nobody else answers either, it is our own network. */
static void knows_its_own_network(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    static const char *const answers[] = {ILL};
    static const char *const taken[] = {HEARD_2001};
    bool up;
    struct canned_server else_where = canned_serve(answers, 1);
    CHECK(unlink(arena_format(arena, "%s/looks", folder).data) == 0);
    struct probe *probe = open_probe(closed_port(), else_where.port);
    CHECK_OK(probe_look(probe, AT(2000), &up, NULL)); /* somebody answers, with whatever */
    (void)canned_stop(&else_where, arena);
    CHECK_OK(probe_look(probe, AT(2001), &up, NULL));
    probe_destroy(&probe);
    struct canned_server server = canned_serve(taken, 1);
    AUTO_PROBE reporting = open_probe(server.port, 0);
    CHECK_OK(probe_report(reporting, NULL));
    struct measure_list looks = reported(canned_stop(&server, arena), reporting, arena);
    CHECK_NUMBER(looks.count, 2);
    CHECK(looks.count == 2 && looks.items[0].seen == MEASURE_DOWN && looks.items[1].seen == MEASURE_UNKNOWN);
}

static void refuses(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    struct probe *probe = NULL;
    const struct probe_options bad[] = {{.folder = folder, .name = "a b", .url = "http://a.example"},
                                        {.folder = folder, .name = "", .url = "http://a.example"},
                                        {.folder = folder, .url = "ftp://a.example"},
                                        {.folder = folder, .url = "http://a.example/"}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK_NUMBER(probe_create(&bad[i], &probe, NULL), ST_INVALID);
    const char *key = arena_format(arena, "%s/key", folder).data;
    const struct probe_options good = {.folder = folder, .url = "http://a.example"};
    CHECK(chmod(key, 0644) == 0);
    CHECK_NUMBER(probe_create(&good, &probe, NULL), ST_DENIED);
    CHECK(chmod(key, 0600) == 0);
    CHECK_OK(file_write_durably(arena_format(arena, "%s/looks", folder).data, LIT("no look\n"), 0600, NULL));
    CHECK_NUMBER(probe_create(&good, &probe, NULL), ST_INVALID);
}

int main(void)
{
    CHECK(mkdtemp(folder) != NULL);
    TEST(looks_and_reports);
    TEST(keeps_what_waits);
    TEST(drops_what_is_dated_ahead);
    TEST(knows_its_own_network);
    TEST(refuses);
    AUTO_ARENA arena = arena_create(1 << 16);
    CHECK(system(arena_format(arena, "rm -rf %s", folder).data) == 0);
    return check_done();
}
