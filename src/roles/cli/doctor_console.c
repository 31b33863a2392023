/* The supervisors' console, from its files: nobody without a workstation's certificate is answered by it. */
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "roles/cli/doctor.h"

enum { FILE_BYTES_MAX = 64 * 1024 };

static void close_bio(BIO **bio)
{
    BIO_free(*bio);
}

#define AUTO_BIO __attribute__((cleanup(close_bio))) BIO *

/* How many there are in a file, and in how many days the first of them ends. */
struct certificates {
    unsigned count;
    int ends_days;
};

static enum status read_certificates(struct slice path, struct arena *arena, struct certificates *out, struct problem *why)
{
    struct slice text;
    *out = (struct certificates){0};
    TRY(file_read(arena_text(arena, path), FILE_BYTES_MAX, arena, &text, why));
    AUTO_BIO bio = BIO_new_mem_buf(text.data, (int)text.len);
    for (X509 *one; (one = PEM_read_bio_X509(bio, NULL, NULL, NULL)) != NULL; X509_free(one)) {
        int days = 0, seconds = 0;
        if (ASN1_TIME_diff(&days, &seconds, NULL, X509_get0_notAfter(one)) == 1 && seconds < 0)
            days--;
        if (out->count++ == 0 || days < out->ends_days)
            out->ends_days = days;
    }
    ERR_clear_error(); /* how reading always ends */
    return out->count > 0 ? ST_OK : problem_set(why, ST_INVALID, "there is no certificate in it");
}

static void check_file(struct doctor *doctor, const char *check, struct slice path, const char *todo)
{
    struct certificates found;
    struct problem why;
    if (read_certificates(path, doctor->arena, &found, &why) != ST_OK)
        doctor_say(doctor, check, FINDING_FAILED, todo, "%.*s: %s", SLICE_ARG(path), why.detail);
    else if (found.ends_days < 0)
        doctor_say(doctor, check, FINDING_FAILED, todo, "%.*s: one of %u has ended", SLICE_ARG(path), found.count);
    else
        doctor_say(doctor, check, found.ends_days < CERTIFICATE_WARNING_DAYS ? FINDING_WARNING : FINDING_OK,
                   found.ends_days < CERTIFICATE_WARNING_DAYS ? todo : NULL, "%.*s: valid for %d more days",
                   SLICE_ARG(path), found.ends_days);
}

void doctor_check_console(struct doctor *doctor)
{
    const struct config *config = &doctor->config;
    if (config->console.listen.len == 0)
        return;
    check_file(doctor, "console.certificate", config->console.certificate, "renew it; the console takes it from the file by itself");
    check_file(doctor, "console.authorities", config->console.authorities, "rendez pki export --ca, after rendez pki renew-authority");
    if (config->supervision.rooms.len == 0)
        doctor_say(doctor, "console.rooms", FINDING_WARNING, "set supervision.rooms to the address that the room comes from",
                   "no gateway of a room gets a tunnel");
    else
        doctor_say(doctor, "console.rooms", FINDING_OK, NULL, "a room's gateway may come from %.*s", SLICE_ARG(config->supervision.rooms));
}
