/* How mail servers are reached: apart from transfers.c, for roles that reach none. */
#include <arpa/inet.h>
#include <curl/curl.h>
#include <stdio.h>
#include <string.h>

#include "platform/transfers/transfers.h"


static bool is_loopback(const char *host)
{
    struct in_addr address; /* "127.0.0.1.example" is a name like any other */
    return strcmp(host, "localhost") == 0 || strcmp(host, "::1") == 0 ||
           (inet_pton(AF_INET, host, &address) == 1 && ntohl(address.s_addr) >> 24 == 127);
}

static bool set_url(CURL *easy, const char *scheme, const char *path,
                    const struct transfer_server *server)
{
    char url[600];
    bool v6 = strchr(server->host, ':') != NULL;
    int len = snprintf(url, sizeof url, v6 ? "%s%s://[%s]:%u/%s" : "%s%s://%s:%u/%s", scheme,
                       server->tls == TRANSFER_IMPLICIT ? "s" : "", server->host,
                       (unsigned)server->port, path);
    return len > 0 && (size_t)len < sizeof url &&
           curl_easy_setopt(easy, CURLOPT_URL, url) == CURLE_OK;
}

static void set_tls(CURL *easy, const struct transfer_server *server)
{
    static const long use[] = {CURLUSESSL_NONE, CURLUSESSL_TRY, CURLUSESSL_ALL, CURLUSESSL_ALL};
    bool verify = server->tls >= TRANSFER_STARTTLS;
    curl_easy_setopt(easy, CURLOPT_USE_SSL, use[server->tls]);
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, verify ? 1L : 0L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, verify ? 2L : 0L);
    if (server->ca_file != NULL) { /* these authorities and no others */
        curl_easy_setopt(easy, CURLOPT_CAINFO, server->ca_file);
        curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
    }
}

enum status transfer_prepare(CURL *easy, const char *scheme, const char *path,
                             const struct transfer_server *server, struct problem *why)
{
    char protocols[32];
    snprintf(protocols, sizeof protocols, "%s,%ss", scheme, scheme);
    if (server->user != NULL && server->tls < TRANSFER_STARTTLS && !is_loopback(server->host))
        return problem_set(why, ST_INVALID, "a password needs TLS: set tls to require or implicit");
    if (!set_url(easy, scheme, path, server))
        return problem_set(why, ST_INVALID, "no such mail server");
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, protocols);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    set_tls(easy, server);
    if (server->user != NULL) {
        curl_easy_setopt(easy, CURLOPT_USERNAME, server->user);
        curl_easy_setopt(easy, CURLOPT_PASSWORD, server->password);
    }
    return ST_OK;
}

enum transfer_fault transfer_failure(curl_result code, const char *what, struct problem *why)
{
    switch (code) {
    case CURLE_LOGIN_DENIED:
        problem_set(why, ST_DENIED, "%s: the server refuses user or password", what);
        return TRANSFER_FAULT_LOGIN;
    case CURLE_PEER_FAILED_VERIFICATION:
        problem_set(why, ST_DENIED, "%s: the server's certificate is not trusted", what);
        return TRANSFER_FAULT_TRUST;
    case CURLE_SSL_CACERT_BADFILE:
        problem_set(why, ST_DENIED, "%s: mail.ca_file cannot be read", what);
        return TRANSFER_FAULT_TRUST;
    case CURLE_USE_SSL_FAILED:
        problem_set(why, ST_UNAVAILABLE, "%s: the server offers no TLS", what);
        return TRANSFER_FAULT_OTHER;
    default:
        problem_set(why, ST_UNAVAILABLE, "%s: %s", what, curl_easy_strerror((CURLcode)code));
        return TRANSFER_FAULT_OTHER;
    }
}
