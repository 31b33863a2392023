/* What is looked at before a request is: whom it thinks it speaks to, and whether its length
 * can be understood in one way only (RFC 9112 section 6.3, request smuggling). */
#include <arpa/inet.h>
#include <netdb.h>
#include <string.h>
#include <sys/socket.h>

#include "roles/web/request.h"

static void add_name(struct names *names, struct slice name, struct arena *arena)
{
    if (name.len > 0)
        ARENA_PUSH(arena, names, arena_copy(arena, name));
}

/* The address itself, unless it stands for all of the machine's. */
static void add_listener(struct names *names, int fd, struct arena *arena)
{
    struct sockaddr_storage at;
    socklen_t len = sizeof at;
    char text[INET6_ADDRSTRLEN];
    if (getsockname(fd, (struct sockaddr *)&at, &len) == 0 &&
        getnameinfo((struct sockaddr *)&at, len, text, sizeof text, NULL, 0, NI_NUMERICHOST) == 0 &&
        strcmp(text, "0.0.0.0") != 0 && strcmp(text, "::") != 0)
        add_name(names, slice_from(text), arena);
}

enum status guard_names(struct slice public_url, struct slice more, int listen_fd,
                        struct arena *arena, struct names *out, struct problem *why)
{
    static const char *const own[] = {"localhost", "127.0.0.1", "::1"};
    struct names names = {0};
    size_t start = slice_find(public_url, LIT("://"), 0);
    struct slice rest = slice_sub(public_url, start == SIZE_MAX ? 0 : start + 3, public_url.len);
    struct slice host;
    if (!http_host(slice_sub(rest, 0, slice_find(rest, LIT("/"), 0)), &host))
        return problem_set(why, ST_INVALID, "public_url has no host");
    add_name(&names, host, arena);
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        add_name(&names, slice_from(own[i]), arena);
    for (more = slice_trim(more); more.len > 0; more = slice_trim(more)) {
        struct slice word = slice_sub(more, 0, slice_find(more, LIT(" "), 0));
        if (!http_host(word, &host))
            return problem_set(why, ST_INVALID, "http.hosts must be names, with spaces between");
        add_name(&names, host, arena);
        more = slice_sub(more, word.len, more.len);
    }
    add_listener(&names, listen_fd, arena);
    *out = names;
    return ST_OK;
}

static bool is_ours(const struct names *names, struct slice header)
{
    struct slice host;
    if (!http_host(header, &host))
        return false;
    if (slice_ends(host, LIT(".")))
        host = slice_sub(host, 0, host.len - 1);
    for (size_t i = 0; i < names->count; i++)
        if (slice_equal_nocase(names->items[i], host))
            return true;
    return false;
}

/* What the headers have of the few that decide. */
struct seen {
    unsigned hosts, lengths, codings;
    struct slice host, coding;
};

static enum MHD_Result look(void *context, enum MHD_ValueKind kind, const char *name,
                            size_t name_len, const char *value, size_t value_len)
{
    struct seen *seen = context;
    struct slice key = {name, name_len}, text = {value, value_len};
    (void)kind;
    if (slice_equal_nocase(key, LIT("Host"))) {
        seen->hosts++;
        seen->host = slice_trim(text);
    } else if (slice_equal_nocase(key, LIT("Content-Length"))) {
        seen->lengths++;
    } else if (slice_equal_nocase(key, LIT("Transfer-Encoding"))) {
        seen->codings++;
        seen->coding = slice_trim(text);
    }
    return MHD_YES;
}

const char *guard_check(const struct names *names, struct MHD_Connection *connection,
                        unsigned *http)
{
    struct seen seen = {0};
    MHD_get_connection_values_n(connection, MHD_HEADER_KIND, look, &seen);
    *http = MHD_HTTP_BAD_REQUEST;
    if (seen.lengths > 1 || seen.codings > 1 || (seen.lengths > 0 && seen.codings > 0))
        return "the length of the body is said in more than one way";
    if (seen.codings > 0 && !slice_equal_nocase(seen.coding, LIT("chunked")))
        return "this Transfer-Encoding is not known here";
    if (seen.hosts > 1)
        return "a request has one Host";
    *http = MHD_HTTP_MISDIRECTED_REQUEST;
    return seen.hosts == 1 && is_ours(names, seen.host) ? NULL : "this host is not served here";
}
