#ifndef RENDEZ_ROLES_MESSAGES_H
#define RENDEZ_ROLES_MESSAGES_H

#include "domain/intent/intent.h"
#include "formats/ical/ical.h"
#include "formats/mime/mime.h"
#include "platform/ipc/ipc.h"
#include "roles/messages/keys.h"

/* What roles say to each other. Integers are of fixed size, every field is typed, and the
 * tables in messages.c encode, decode and check them (base/record). */

enum message {
#define MESSAGE(number, symbol, type, sentence) MESSAGE_##symbol = (number),
#include "roles/messages/messages.def"
#undef MESSAGE
};
const char *message_name(enum message message);
/* NULL for a number that is none. */
const struct ipc_kind *message_kind(uint16_t number);

/* Answers carry how it ended and, for people, why (never mail content). */

/* mailin ↔ keyd: `id` is the spool id that the key is bound to. */
struct spool_key_new {
    struct slice id;
};
struct spool_key_open {
    struct slice id, wrapped;
};
struct spool_key {
    struct slice id;
    enum status status;
    struct slice key;     /* VAULT_KEY_BYTES */
    struct slice wrapped; /* sealed; kept beside what the key seals */
};

/* mailin → reader → planner. The envelope is what the MTA said (RFC 5321). */
struct envelope {
    struct slice sender;            /* may be empty: a bounce */
    struct slice_list recipients;
    struct instant received;
};
extern const struct record_type envelope_record;
struct raw_mail {
    struct slice id;
    struct envelope envelope;
    struct slice raw;
};
struct parsed_mail {
    struct slice id;
    struct envelope envelope;
    struct slice raw;
    struct mail mail;
    struct ical_calendar *itip; /* the first attached one with a METHOD, or NULL */
};
/* reason: "reader_died", "planner_died" (several times each), "no_sender", "too_large" */
struct unreadable_mail {
    struct slice id, reason;
    struct envelope envelope;
    struct slice raw;
};
/* How a message lies in the spool: sealed as a whole. */
struct spooled_mail {
    struct envelope envelope;
    struct slice raw;
    struct slice unreadable; /* reason of an unreadable_mail, or empty */
};
extern const struct record_type spooled_mail_record;
struct mail_done {
    struct slice id; /* empty: of none; a planner that begins says that it serves */
    bool waits;      /* not done: the planner keeps it and tries again, however long that takes */
};

/* planner ↔ reader */
struct understand {
    struct mail mail;
    struct intent_context context;
};
struct understood {
    enum status status; /* ST_LIMIT: the text is too long to be read */
    struct reading reading;
};

/* planner ↔ mailout */
struct send_mail {
    struct slice id; /* of the outbox */
    struct mail_draft draft;
};
struct sent_mail {
    struct slice id;
    enum status status; /* OK: the MTA has it; UNAVAILABLE: try later; else never */
    bool sandbox;       /* nothing was sent: the planner keeps it in the reader's mailbox */
    struct slice raw;   /* sandbox: the bytes that would have been sent */
    int64_t reply_code; /* SMTP, or 0 */
    struct slice problem;
};

/* planner ↔ calsync */
struct calendar_place {
    struct slice person;   /* id, for events */
    struct slice where;    /* path of an .ics file, or CalDAV URL */
    struct slice user, password;
    struct slice address;  /* of the calendar's owner */
    struct slice zone;     /* IANA, of floating times */
};
extern const struct record_type calendar_place_record;
struct calendar_read {
    struct calendar_place place;
    struct instant start, end;
};
struct calendar_events {
    enum status status;
    struct ical_calendar calendar;
    struct slice problem;
};
struct calendar_write {
    struct calendar_place place;
    struct slice uid;
    bool remove;
    struct ical_event event; /* unless `remove` */
    struct instant stamp;    /* DTSTAMP */
};
struct calendar_written {
    enum status status;      /* CONFLICT: somebody changed it meanwhile */
    struct slice problem;
};

/* api ↔ planner, authd: names and members in roles/api/README.md. */
/* Who asks, as authd has found out (`session.check`): for the planner. All empty: only what
 * the json itself proves (a link). */
struct caller {
    struct slice person, organisation, function;
    struct slice right; /* that the route needs and the person has */
};
/* What came with a request, unchecked: for authd alone. */
struct credentials {
    struct slice session; /* value of the cookie __Host-session; empty: none */
    struct slice token;   /* after "Authorization: Bearer"; never together with a session */
    struct slice flow;    /* value of the cookie __Host-flow */
    struct slice address; /* of the client, in numbers */
    struct slice agent;   /* User-Agent: printable ASCII, cut */
};
struct command {
    struct slice name;
    struct slice json;
    struct caller caller;
    struct credentials credentials;
    struct slice right; /* authd: that the route needs; empty: none but being who one is */
};
struct answer {
    enum status status;
    struct slice json;
    struct slice session, flow; /* authd: new values of the two cookies; empty: as they are */
};

/* planner → mailin, sandbox only */
struct submit {
    struct envelope envelope;
    struct slice raw;
};
struct submitted {
    struct slice id;
    enum status status;
    struct slice problem;
};

#endif
