/* What the world's name servers say of our domain: MX, SPF, DKIM, DMARC. The answers are read
 * by the C library's own parser (ns_parserr), with its limits. */
#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <netdb.h>
#include <resolv.h>
#include <stdlib.h>
#include <string.h>

#include "roles/cli/doctor.h"

enum { ANSWER_BYTES_MAX = 65535, TEXTS_MAX = 50, QUERY_S = 3 };

/* ST_OK with at least one; ST_NOT_FOUND: the name servers say that there is none;
 * ST_UNAVAILABLE: they do not answer. */
struct lookup {
    struct slice_list found; /* TXT: whole texts; MX: host names; A, AAAA: addresses */
};

static bool set_resolver(res_state state, const char *address)
{
    char host[INET_ADDRSTRLEN + 8];
    const char *colon = strchr(address, ':');
    uint64_t port = 53;
    size_t len = colon == NULL ? strlen(address) : (size_t)(colon - address);
    struct in_addr ip;
    if (len >= sizeof host || (colon != NULL && !slice_to_u64(slice_from(colon + 1), 65535, &port)))
        return false;
    memcpy(host, address, len);
    host[len] = '\0';
    if (inet_pton(AF_INET, host, &ip) != 1)
        return false;
    state->nscount = 1;
    state->nsaddr_list[0] = (struct sockaddr_in){
        .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr = ip};
    return true;
}

/* A TXT record is a row of short texts that belong together (RFC 7208 section 3.3). */
static struct slice join_texts(const ns_rr *record, struct arena *arena)
{
    AUTO_BUFFER text = buffer_create(ANSWER_BYTES_MAX);
    const unsigned char *data = ns_rr_rdata(*record);
    for (size_t at = 0, end = ns_rr_rdlen(*record); at < end;) {
        size_t len = data[at++];
        if (len > end - at)
            break;
        buffer_add(&text, (struct slice){(const char *)data + at, len});
        at += len;
    }
    return arena_copy(arena, buffer_slice(&text));
}

static struct slice read_record(ns_msg *message, const ns_rr *record, struct arena *arena)
{
    char text[NS_MAXDNAME];
    const unsigned char *data = ns_rr_rdata(*record);
    switch (ns_rr_type(*record)) {
    case ns_t_txt:
        return join_texts(record, arena);
    case ns_t_mx:
        if (ns_rr_rdlen(*record) < 3 ||
            ns_name_uncompress(ns_msg_base(*message), ns_msg_end(*message), data + 2, text, sizeof text) < 0)
            return SLICE_NONE;
        return arena_copy(arena, slice_from(text));
    case ns_t_a:
    case ns_t_aaaa:
        if (ns_rr_rdlen(*record) != (ns_rr_type(*record) == ns_t_a ? 4 : 16) ||
            inet_ntop(ns_rr_type(*record) == ns_t_a ? AF_INET : AF_INET6, data, text, sizeof text) == NULL)
            return SLICE_NONE;
        return arena_copy(arena, slice_from(text));
    default:
        return SLICE_NONE;
    }
}

static enum status ask(struct doctor *doctor, res_state state, const char *name, int type,
                       struct lookup *out)
{
    unsigned char *answer = arena_alloc(doctor->arena, ANSWER_BYTES_MAX);
    int len = res_nquery(state, name, ns_c_in, type, answer, ANSWER_BYTES_MAX);
    ns_msg message;
    if (len < 0)
        return state->res_h_errno == HOST_NOT_FOUND || state->res_h_errno == NO_DATA
                   ? ST_NOT_FOUND
                   : ST_UNAVAILABLE;
    if (len > ANSWER_BYTES_MAX || ns_initparse(answer, len, &message) < 0)
        return ST_UNAVAILABLE;
    for (int i = 0; i < ns_msg_count(message, ns_s_an) && out->found.count < TEXTS_MAX; i++) {
        ns_rr record;
        if (ns_parserr(&message, ns_s_an, i, &record) < 0)
            return ST_UNAVAILABLE;
        struct slice value = SLICE_NONE;
        if ((int)ns_rr_type(record) == type) /* not the CNAMEs on the way */
            value = read_record(&message, &record, doctor->arena);
        if (value.data != NULL)
            ARENA_PUSH(doctor->arena, &out->found, value);
    }
    return out->found.count > 0 ? ST_OK : ST_NOT_FOUND;
}

static enum status look_up(struct doctor *doctor, const char *name, int type, struct lookup *out)
{
    struct __res_state state;
    memset(&state, 0, sizeof state);
    *out = (struct lookup){0};
    if (doctor->names_silent || res_ninit(&state) != 0)
        return ST_UNAVAILABLE;
    state.retrans = QUERY_S;
    state.retry = 2;
    enum status status = doctor->resolver != NULL && !set_resolver(&state, doctor->resolver)
                             ? ST_INVALID
                             : ask(doctor, &state, name, type, out);
    res_nclose(&state);
    doctor->names_silent = status == ST_UNAVAILABLE;
    return status;
}

static enum status look_up_host(struct doctor *doctor, const char *name, struct lookup *out)
{
    struct lookup more;
    enum status v4 = look_up(doctor, name, ns_t_a, out);
    enum status v6 = look_up(doctor, name, ns_t_aaaa, &more);
    for (size_t i = 0; i < more.found.count; i++)
        ARENA_PUSH(doctor->arena, &out->found, more.found.items[i]);
    return v4 == ST_OK || v6 == ST_OK ? ST_OK : v4 == ST_NOT_FOUND ? v6 : v4;
}

/* The texts that begin with a version, "v=spf1" and the like. */
static struct slice_list with_version(struct doctor *doctor, const struct lookup *lookup,
                                      struct slice version)
{
    struct slice_list kept = {0};
    for (size_t i = 0; i < lookup->found.count; i++) {
        struct slice text = lookup->found.items[i];
        if (slice_starts_nocase(text, version) &&
            (text.len == version.len || strchr(" ;\t", text.data[version.len]) != NULL))
            ARENA_PUSH(doctor->arena, &kept, text);
    }
    return kept;
}

static void say_silent(struct doctor *doctor, const char *check)
{
    doctor_say(doctor, check, FINDING_UNKNOWN, "see the resolver of this machine, or give --resolver",
               "the name servers do not answer");
}

static void check_mx(struct doctor *doctor, const char *domain)
{
    struct lookup mx, host;
    enum status status = look_up(doctor, domain, ns_t_mx, &mx);
    if (status == ST_UNAVAILABLE || status == ST_INVALID) {
        say_silent(doctor, "dns.mx");
        return;
    }
    if (status != ST_OK) {
        doctor_say(doctor, "dns.mx", FINDING_FAILED, "add an MX record that names the mail server",
                   "%s has none: no mail can come", domain);
        return;
    }
    const char *first = arena_text(doctor->arena, mx.found.items[0]);
    status = look_up_host(doctor, first, &host);
    if (status == ST_OK)
        doctor_say(doctor, "dns.mx", FINDING_OK, NULL, "%s: %s", domain, first);
    else
        doctor_say(doctor, "dns.mx", status == ST_NOT_FOUND ? FINDING_FAILED : FINDING_UNKNOWN,
                   "add an address record for it", "%s: %s, which has no address", domain, first);
}

static void check_spf(struct doctor *doctor, const char *domain)
{
    struct lookup txt;
    enum status status = look_up(doctor, domain, ns_t_txt, &txt);
    if (status == ST_UNAVAILABLE || status == ST_INVALID) {
        say_silent(doctor, "dns.spf");
        return;
    }
    struct slice_list spf = with_version(doctor, &txt, LIT("v=spf1"));
    if (spf.count == 0)
        doctor_say(doctor, "dns.spf", FINDING_FAILED, "add TXT \"v=spf1 mx -all\", or what your provider says",
                   "%s has no SPF record: receivers take its mail for forged", domain);
    else if (spf.count > 1)
        doctor_say(doctor, "dns.spf", FINDING_FAILED, "leave one of them (RFC 7208 section 3.2)",
                   "%s has %zu SPF records, so none counts", domain, spf.count);
    else if (slice_contains(spf.items[0], LIT("+all")) || slice_contains(spf.items[0], LIT("?all")))
        doctor_say(doctor, "dns.spf", FINDING_WARNING, "end it with ~all or -all",
                   "%s allows everybody to send", domain);
    else
        doctor_say(doctor, "dns.spf", FINDING_OK, NULL, "%s: %.*s", domain, SLICE_ARG(spf.items[0]));
}

static struct slice tag_value(struct slice record, struct slice tag)
{
    while (record.len > 0) {
        size_t end = slice_find(record, LIT(";"), 0);
        struct slice part = slice_trim(slice_sub(record, 0, end));
        size_t equal = slice_find(part, LIT("="), 0);
        if (equal != SIZE_MAX && slice_equal_nocase(slice_trim(slice_sub(part, 0, equal)), tag))
            return slice_trim(slice_sub(part, equal + 1, part.len));
        record = end == SIZE_MAX ? SLICE_NONE : slice_sub(record, end + 1, record.len);
    }
    return SLICE_NONE;
}

static void check_dkim(struct doctor *doctor, const char *domain)
{
    struct lookup txt;
    if (doctor->selector == NULL) {
        doctor_say(doctor, "dns.dkim", FINDING_UNKNOWN,
                   "give --selector NAME (the signer's; s= in a DKIM-Signature), or use --mail",
                   "which selector signs for %s is not known", domain);
        return;
    }
    const char *name = arena_format(doctor->arena, "%s._domainkey.%s", doctor->selector, domain).data;
    enum status status = look_up(doctor, name, ns_t_txt, &txt);
    struct slice key = txt.found.count > 0 ? tag_value(txt.found.items[0], LIT("p")) : SLICE_NONE;
    if (status == ST_UNAVAILABLE || status == ST_INVALID)
        say_silent(doctor, "dns.dkim");
    else if (status != ST_OK)
        doctor_say(doctor, "dns.dkim", FINDING_FAILED, "publish what opendkim-genkey wrote, or what your provider says",
                   "%s: there is no key", name);
    else if (key.len == 0)
        doctor_say(doctor, "dns.dkim", FINDING_FAILED, "publish the key that the signer uses",
                   "%s: the key is revoked or empty", name);
    else
        doctor_say(doctor, "dns.dkim", FINDING_OK, NULL, "%s: a key of %zu characters", name, key.len);
}

static void check_dmarc(struct doctor *doctor, const char *domain)
{
    struct lookup txt;
    const char *name = arena_format(doctor->arena, "_dmarc.%s", domain).data;
    enum status status = look_up(doctor, name, ns_t_txt, &txt);
    struct slice_list dmarc = with_version(doctor, &txt, LIT("v=DMARC1"));
    struct slice policy = dmarc.count > 0 ? tag_value(dmarc.items[0], LIT("p")) : SLICE_NONE;
    if (status == ST_UNAVAILABLE || status == ST_INVALID)
        say_silent(doctor, "dns.dmarc");
    else if (dmarc.count != 1)
        doctor_say(doctor, "dns.dmarc", dmarc.count == 0 ? FINDING_WARNING : FINDING_FAILED,
                   "add one TXT \"v=DMARC1; p=none; rua=mailto:…\", later p=quarantine",
                   "%s: %zu records", name, dmarc.count);
    else if (slice_equal_nocase(policy, LIT("none")))
        doctor_say(doctor, "dns.dmarc", FINDING_WARNING, "set p=quarantine once the reports show that your own mail passes",
                   "%s: p=none, forged mail of this domain is delivered", name);
    else if (policy.len == 0)
        doctor_say(doctor, "dns.dmarc", FINDING_FAILED, "write p=quarantine", "%s: no policy (p=)", name);
    else
        doctor_say(doctor, "dns.dmarc", FINDING_OK, NULL, "%s: p=%.*s", name, SLICE_ARG(policy));
}

static void check_public_host(struct doctor *doctor)
{
    struct lookup host;
    struct slice url = doctor->config.public_url;
    size_t start = slice_find(url, LIT("//"), 0) + 2;
    struct slice rest = slice_sub(url, start, url.len);
    size_t end = 0;
    while (end < rest.len && rest.data[end] != ':' && rest.data[end] != '/' && rest.data[end] != '[')
        end++;
    const char *name = arena_text(doctor->arena, slice_sub(rest, 0, end));
    struct in_addr ip;
    if (*name == '\0' || strcmp(name, "localhost") == 0 || inet_pton(AF_INET, name, &ip) == 1) {
        doctor_say(doctor, "dns.pages", FINDING_WARNING, "set public_url to a name that guests can reach",
                   "personal links lead to %.*s", SLICE_ARG(url));
        return;
    }
    enum status status = look_up_host(doctor, name, &host);
    if (status == ST_OK)
        doctor_say(doctor, "dns.pages", FINDING_OK, NULL, "%s: %.*s", name, SLICE_ARG(host.found.items[0]));
    else if (status == ST_NOT_FOUND)
        doctor_say(doctor, "dns.pages", FINDING_FAILED, "add an address record for it, or correct public_url",
                   "%s has no address: personal links lead nowhere", name);
    else
        say_silent(doctor, "dns.pages");
}

void doctor_check_dns(struct doctor *doctor)
{
    struct slice address = doctor->config.assistant.address;
    size_t at = slice_find(address, LIT("@"), 0);
    const char *domain = arena_text(doctor->arena, slice_sub(address, at + 1, address.len));
    check_public_host(doctor);
    check_mx(doctor, domain);
    check_spf(doctor, domain);
    check_dkim(doctor, domain);
    check_dmarc(doctor, domain);
}
