#ifndef RENDEZ_ROLES_MESSAGES_H
#define RENDEZ_ROLES_MESSAGES_H

#include "domain/intent/intent.h"
#include "formats/ical/ical.h"
#include "formats/mime/mime.h"
#include "platform/ipc/ipc.h"
#include "roles/messages/entries.h"
#include "roles/messages/keys.h"
#include "roles/messages/people.h"
#include "roles/messages/told.h"
#include "roles/messages/trial.h"

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

/* authd ↔ keyd: one-time codes (RFC 6238), whose secrets never leave keyd but for the moment in
 * which a person copies one into an authenticator. A secret is bound to organisation and factor. */
enum code_act {
    CODE_NOTHING, /* refused */
    CODE_MAKE,    /* organisation, organisation_key, factor → sealed, secret */
    CODE_CHECK,   /* the same, sealed, code, at, last_step → step */
    CODE_REWRAP,  /* the same, sealed, next_key, next_version → sealed, under that version of the key */
    CODE_ACT_COUNT_,
};
extern const char *const code_act_names[CODE_ACT_COUNT_];
struct code_ask {
    enum code_act act;
    struct slice organisation, organisation_key; /* as for KEY_FOR_IDENTITY; empty: the service's */
    uint32_t organisation_version;
    struct slice factor;  /* its id */
    struct slice sealed;  /* as CODE_MAKE gave it */
    struct slice code;    /* six digits; anything else is a wrong code, not an error */
    struct instant at;
    int64_t last_step;    /* steps up to this one count no more; 0: none yet */
    struct slice next_key; /* CODE_REWRAP: another version of organisation_key */
    uint32_t next_version;
};
struct code_given {
    enum status status;   /* DENIED: not the code of a step that still counts, or a secret of another factor */
    struct slice sealed;
    struct slice secret;  /* CODE_MAKE: base32 (RFC 4648) without padding */
    int64_t step;         /* CODE_CHECK: whose code it is; the asker notes it, once */
    struct slice problem;
};

/* planner → keyd: which meetings are in progress. At the start of either all of them, in one message
 * or more: `whole` in the first, `complete` in the last. Until then keyd knows of none. */
struct meeting_mark {
    struct slice id, organisation;
    struct slice assigned;          /* person who handles the request; empty: nobody */
};
struct meeting_mark_list {
    struct meeting_mark *items;
    size_t count, capacity;
};
struct meetings_told {
    bool whole;                     /* forget what was said before */
    bool complete;                  /* all has been said now */
    struct meeting_mark_list in_progress;
    struct slice_list over;         /* ids */
};
enum { MEETINGS_TOLD_MAX = 500 };   /* of each in a message */

/* console ↔ keyd. */
struct lease_ask {
    struct slice purpose;           /* as in the assertion */
    struct slice organisation, organisation_key, meeting, wrapped; /* as in key_ask */
    uint32_t organisation_version, version;
    struct slice assertion;         /* platform/assertion: who asks, said by authd */
};
struct lease_given {
    enum status status;
    struct slice lease;             /* id */
    struct instant ends;
    struct slice key;
    uint32_t version;               /* of the key */
    struct slice problem;
};
/* keyd → holder: wipe it. holder → keyd: it is wiped, or not needed any more. */
struct lease_end {
    struct slice lease, cause;      /* cause: "meeting_over", "person_ended", "time", "given_back" */
};

/* authd → keyd, planner, api: forget what is theirs. `session` empty: all of the person's; else
 * this one session. Said again until it is answered. */
struct person_ended {
    struct slice id;                /* of this word */
    struct slice person, organisation, session;
    struct slice cause;             /* "left", "cut", "function", "review", … */
    struct instant at;
};
struct person_ended_done {
    struct slice id;
    int64_t ended;                  /* leases, requests, open answers */
};

/* authd → planner: struct person_told, struct notice (people.h); back, what became of them. */
struct person_saved {
    struct slice id;
    enum status status;
    struct slice problem;
};

struct notice_kept {
    struct slice id;
    enum status status;
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

/* api ↔ planner, authd: names and members in roles/api/README.md. console → authd too. */
/* What came with a request, unchecked: for authd alone. */
struct credentials {
    struct slice session; /* value of the cookie __Host-session; empty: none */
    struct slice token;   /* after "Authorization: Bearer"; never together with a session */
    struct slice flow;    /* value of the cookie __Host-flow */
    struct slice address; /* of the client, in numbers */
    struct slice agent;   /* User-Agent: printable ASCII, cut */
    struct slice device;  /* value of the cookie __Host-device: a browser in which somebody has
                             signed in before (a year; proves nothing by itself) */
    struct slice certificate; /* console: SHA-256, in hexadecimal, of the one that the connection was made with */
};
struct command {
    struct slice name;
    struct slice json;
    struct credentials credentials;
    struct slice right; /* authd: that the route needs; empty: none but being who one is */
    struct slice planned; /* authd, session.check: what the planner is to be asked, with this json */
    /* planner: who asks, as authd asserts it for this question; empty: only what the json itself
     * proves (a link). */
    struct slice assertion;
};
struct answer {
    enum status status;
    struct slice json;
    struct slice session, flow, device; /* authd: new values of the cookies; empty: as they are */
    struct slice assertion; /* authd: session.check, lease.assert */
};

/* authd ↔ sso: whatever a question needs comes with it; sso keeps what is public. */
struct sso_provider {
    struct slice issuer, client, secret;
    struct slice authority;      /* PEM: these certificates and no others; empty: the system's */
    struct slice_list acr, amr;  /* one of these, all of these; empty: whatever it says */
    int64_t max_age_s;           /* since the person signed in there; 0: not asked */
    bool loopback;               /* on this machine, plain http allowed */
    bool private_network;        /* at addresses of RFC 1918 and the like */
};
extern const struct record_type sso_provider_record;
enum sso_question {
    SSO_NOTHING,  /* refused: a message without question */
    SSO_DISCOVER, /* its endpoints, from the cache where they are */
    SSO_CHECK,    /* the same fetched anew, and its keys */
    SSO_REDEEM,   /* redirect, code, verifier, nonce → who it is */
    SSO_LOGOUT,   /* token, of a back channel → whose session is over */
    SSO_QUESTION_COUNT_,
};
struct sso_ask {
    enum sso_question question;
    struct sso_provider provider;
    struct slice redirect, code, verifier, nonce, token;
};
extern const struct record_type sso_ask_record;
struct sso_answer {
    enum status status;
    struct slice problem;
    struct slice end_session_endpoint; /* all but LOGOUT; may be empty */
    /* DISCOVER, CHECK */
    struct slice authorization_endpoint;
    struct slice_list algs; /* that it signs with and we take */
    uint32_t keys;          /* CHECK: usable ones */
    bool issuer_parameter;  /* answers name the issuer (RFC 9207) */
    bool backchannel;       /* it ends sessions by itself */
    /* REDEEM, LOGOUT */
    struct slice subject, session; /* at the provider; session: may be empty */
    /* REDEEM */
    struct slice email;     /* may be empty */
    bool email_verified, email_unverified; /* said so; neither: said nothing */
    struct slice acr;
    struct slice_list amr;
    /* LOGOUT */
    struct slice token_id;  /* each counts once, until `ends` */
    struct instant ends;
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
