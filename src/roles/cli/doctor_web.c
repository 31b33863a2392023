/* HTTP servers that an installation needs: the own pages, and for doctor_calendars.c those of
 * calendars. Their certificates, and the Date that they give. */
#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

#include "roles/cli/doctor.h"

enum { CONNECT_S = 15 };

/* "Expire date:Nov 25 10:00:00 2027 GMT", of the server's own certificate, which comes first. */
void doctor_check_certificate(struct doctor *doctor, const char *check, void *curl)
{
    struct curl_certinfo *info = NULL;
    const char *date = NULL;
    if (curl_easy_getinfo((CURL *)curl, CURLINFO_CERTINFO, &info) == CURLE_OK && info != NULL &&
        info->num_of_certs > 0)
        for (const struct curl_slist *line = info->certinfo[0]; line != NULL; line = line->next)
            if (slice_starts_nocase(slice_from(line->data), LIT("Expire date:")))
                date = line->data + strlen("Expire date:");
    int64_t until_s = date == NULL ? -1 : (int64_t)curl_getdate(date, NULL);
    if (until_s < 0) {
        doctor_say(doctor, check, FINDING_UNKNOWN, "look at it with openssl s_client", "no date was found");
        return;
    }
    long days = (long)((until_s - clock_now().us / 1000000) / 86400);
    doctor_say(doctor, check, days < CERTIFICATE_WARNING_DAYS ? FINDING_WARNING : FINDING_OK,
               days < CERTIFICATE_WARNING_DAYS ? "renew the certificate" : NULL,
               "the certificate is valid for %ld more days", days);
}

struct probe {
    struct doctor *doctor;
    const char *host;
};

static size_t take_header(char *from, size_t size, size_t count, void *context)
{
    const struct probe *probe = context;
    struct slice line = slice_trim((struct slice){from, size * count});
    if (probe->host != NULL && slice_starts_nocase(line, LIT("date:")))
        doctor_note_date(probe->doctor, probe->host,
                         arena_text(probe->doctor->arena, slice_trim(slice_sub(line, 5, line.len))));
    return size * count;
}

static size_t drop_bytes(char *from, size_t size, size_t count, void *context)
{
    (void)from, (void)context;
    return size * count;
}

long doctor_probe(struct doctor *doctor, struct slice url, const char *host, const char *certificate_check,
                  struct problem *why)
{
    struct probe probe = {doctor, host};
    long code = 0;
    CURL *easy = curl_easy_init();
    if (easy == NULL)
        return 0;
    curl_easy_setopt(easy, CURLOPT_URL, arena_text(doctor->arena, url));
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_S);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT, 2L * CONNECT_S);
    curl_easy_setopt(easy, CURLOPT_CERTINFO, 1L);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, &probe);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, drop_bytes);
    CURLcode result = curl_easy_perform(easy);
    if (result == CURLE_OK)
        curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &code);
    else
        transfer_failure(result, "HTTP", why);
    if (result == CURLE_OK && slice_starts(url, LIT("https://")))
        doctor_check_certificate(doctor, certificate_check, easy);
    curl_easy_cleanup(easy);
    return code;
}

void doctor_check_pages(struct doctor *doctor)
{
    struct problem why = {0};
    struct slice base = doctor->config.public_url;
    struct slice url = arena_format(doctor->arena, "%.*s/healthz", SLICE_ARG(base));
    long code = doctor_probe(doctor, url, NULL, "tls.pages", &why);
    if (code == 200)
        doctor_say(doctor, "pages", FINDING_OK, NULL, "%.*s answers", SLICE_ARG(base));
    else if (code != 0)
        doctor_say(doctor, "pages", FINDING_FAILED, "see whether the service runs, and what stands before it",
                   "%.*s/healthz answers %ld", SLICE_ARG(base), code);
    else
        doctor_say(doctor, "pages", FINDING_FAILED, "start the service; see public_url and the web server before it",
                   "%.*s: %s", SLICE_ARG(base), why.detail);
}
