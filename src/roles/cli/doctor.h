#ifndef RENDEZ_ROLES_CLI_DOCTOR_H
#define RENDEZ_ROLES_CLI_DOCTOR_H

#include "platform/imap/session.h"
#include "roles/cli/admin.h"

/* `rendez doctor`: one look at everything that an installation needs from outside. Each file
 * doctor_*.c holds the checks of one kind; each check says what it found in one line. */

enum finding {
    FINDING_OK,
    FINDING_WARNING,
    FINDING_FAILED,
    FINDING_UNKNOWN, /* could not be looked at: never shown as fine */
    FINDING_COUNT_,
};

struct doctor {
    struct admin admin; /* admin.directory is NULL when the keys are not to be had */
    struct config config;
    struct arena *arena;
    const char *resolver, *selector, *ntp, *wait;
    int mail, write;
    uint32_t wait_s;
    struct loop *loop;
    struct transfers *transfers;
    bool names_silent; /* a name server has not answered: the others are not asked */
    unsigned found[FINDING_COUNT_];
    /* A server's Date that a check has seen beside our clock, for the clock's check. */
    bool has_date;
    int64_t date_ahead_s;
    struct slice date_from;
};

/* Prints one check. todo: what to do, or NULL when nothing is. */
void doctor_say(struct doctor *doctor, const char *check, enum finding finding, const char *todo,
                const char *format, ...) __attribute__((format(printf, 5, 6)));

/* The closing line, and the exit code. */
int doctor_conclude(const struct doctor *doctor);

void doctor_check_files(struct doctor *doctor);     /* disk space, permissions */
void doctor_check_clock(struct doctor *doctor);     /* after the others: it may use their Date */
void doctor_check_dns(struct doctor *doctor);
void doctor_check_mail(struct doctor *doctor);      /* servers, logins; both ways with --mail */
void doctor_check_calendars(struct doctor *doctor);
void doctor_check_pages(struct doctor *doctor);     /* public_url: answers, certificate */

enum { CERTIFICATE_WARNING_DAYS = 21 };
void doctor_check_console(struct doctor *doctor);   /* its certificates, the room */

void doctor_check_alerts(struct doctor *doctor);    /* who hears of faults */
void doctor_check_controls(struct doctor *doctor);  /* which claims fail, as the service says */

/* A certificate's last day as libcurl tells it; says under `check`. Warns under 21 days. */
void doctor_check_certificate(struct doctor *doctor, const char *check, void *curl);
/* Asks for a page; its code, or 0 with *why. Says of the certificate of an https server, and
 * notes the Date of any, unless `host` is NULL: a server that is this machine's. */
long doctor_probe(struct doctor *doctor, struct slice url, const char *host,
                  const char *certificate_check, struct problem *why);
/* Notes the Date of an HTTP answer ("Wed, 25 Nov 2026 10:00:00 GMT"). */
void doctor_note_date(struct doctor *doctor, const char *host, const char *date);

/* The mailbox, through one IMAP session; a command at a time. */
struct doctor_mailbox;
MUST_USE enum status doctor_mailbox_open(struct doctor *doctor, struct slice password,
                                         struct doctor_mailbox **out, struct problem *why);
void doctor_mailbox_close(struct doctor_mailbox **mailbox); /* accepts NULL */
/* The last result, numbers of SEARCH and body of FETCH; copied into the arena. */
MUST_USE enum status doctor_mailbox_ask(struct doctor_mailbox *mailbox, struct slice command,
                                        struct arena *arena, struct imap_response *last,
                                        struct problem *why);

#endif
