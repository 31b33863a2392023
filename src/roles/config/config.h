#ifndef RENDEZ_ROLES_CONFIG_H
#define RENDEZ_ROLES_CONFIG_H

#include "base/bytes/bytes.h"
#include "domain/people/people.h"

/* rendez.conf, the settings of one installation (libconfig). Every key has a default and
 * a row in config.def; secrets are never in it, only where they are. */

enum config_mode {
    CONFIG_SANDBOX, /* mail to .example addresses stays in mailboxes of the web page */
    CONFIG_MTA,     /* LMTP in, SMTP out */
    CONFIG_MAILBOX, /* IMAP in, SMTP out */
};
extern const char *const config_mode_names[3]; /* sandbox, mta, mailbox */
extern const char *const config_tls_names[4];  /* none, try, require, implicit */
extern const char *const config_imap_tls_names[2]; /* implicit, require */
extern const char *const config_done_names[2]; /* seen, move */
enum { CONFIG_TLS_NONE, CONFIG_TLS_TRY, CONFIG_TLS_REQUIRE, CONFIG_TLS_IMPLICIT };
enum { CONFIG_IMAP_IMPLICIT, CONFIG_IMAP_REQUIRE };
enum { CONFIG_DONE_SEEN, CONFIG_DONE_MOVE };

struct config {
    struct slice folder; /* absolute, of the file itself; the paths below are resolved in it */
    enum config_mode mode;
    struct slice public_url; /* without a slash at the end */
    struct {
        struct slice name, address, time_zone;
        enum language language;
    } assistant;
    struct {
        struct slice listen; /* "127.0.0.1:8080", "[::1]:8080" */
        struct slice web;    /* folder of the built pages; empty: where they are installed */
        struct slice certificate, key; /* PEM files; empty: plain HTTP */
        struct slice redirect;   /* like listen: plain HTTP that leads to public_url; or empty */
        struct slice challenges; /* folder of ACME challenges, or empty */
        struct slice hosts;      /* names besides public_url's; spaces between */
        struct slice proxy;      /* addresses whose connections begin with PROXY; the same way */
        uint32_t connections, per_address;
        uint32_t header_seconds, body_seconds, answer_seconds, idle_seconds;
    } http;
    struct {
        struct slice listen; /* path of a socket, or "127.0.0.1:2424" */
        struct slice group;
        uint32_t connections, per_address, silence_seconds;
    } lmtp;
    struct {
        struct slice host;
        uint32_t port;
        uint32_t tls;  /* CONFIG_IMAP_… */
        struct slice user, password_file; /* password_file: may be empty */
        struct slice folder;
        uint32_t done; /* CONFIG_DONE_… */
        struct slice done_folder;
        uint32_t poll_s;
    } imap;
    struct {
        struct slice host;
        uint32_t port;
        uint32_t tls; /* CONFIG_TLS_… */
        struct slice user, password_file; /* user: empty without login */
        struct slice ca_file;    /* empty: the system's */
        struct slice authserv;   /* our MTA's or provider's name in Authentication-Results (RFC 8601) */
        bool require_verified;   /* act only on senders that it has verified */
    } mail;
    struct {
        uint32_t requests_per_sender, requests_per_organisation, mails_per_organisation,
            mails_per_guest; /* 0: no limit */
        uint32_t openings_per_person, openings_per_role; /* in an hour; the same */
    } limits;
    struct {
        uint32_t months; /* 0: for ever */
    } retention;
    struct {
        struct slice minutes, four_eyes; /* supervision_minutes_parse, supervision_four_eyes_parse */
        uint32_t sample_permille;
        struct slice rooms; /* access_networks_check; may be empty */
        struct slice door;  /* "alert", "refuse" */
    } supervision;
    struct {
        uint32_t session_idle_minutes, session_hours, invitation_days;
    } identity;
    struct {
        struct slice networks; /* access_networks_check; may be empty */
    } access;
    struct {
        struct slice listen;     /* like http.listen; empty: no console, and the others say nothing */
        struct slice public_url; /* https; without a slash at the end */
        struct slice certificate, key, authorities; /* PEM files */
        struct slice networks;   /* as access.networks, of which it is a part; empty: all of it */
        struct slice web;        /* as http.web */
    } console;
    struct {
        uint32_t person_days, device_days, server_days, crl_hours;
        struct slice crl_url; /* of a folder, without a slash at the end; or empty */
    } pki;
    struct {
        struct slice group;
    } vpn;
    struct {
        uint32_t pace; /* cadences and deadlines run so many times as fast */
    } trust;
    struct {
        struct slice mail, escalate; /* addresses, spaces between; may be empty */
        uint32_t escalate_minutes, quiet_hours;
        struct slice webhook, webhook_secret_file; /* webhook: may be empty */
        bool webhook_private;
    } alerts;
    struct {
        bool loopback;
    } metrics;
    struct {
        struct slice contact; /* address, or empty */
        struct slice expires; /* "2027-06-30", or empty */
        struct slice policy;  /* URL, or empty */
    } security;
    struct {
        struct slice store, identity, trust, spool, outgoing, run, calendars, pki, vpn, log, archive, keyd;
    } folders;
    struct {
        struct slice root, passphrase_file; /* passphrase_file: may be empty */
        struct slice pkcs11_module, pkcs11_token, pkcs11_environment; /* module empty: no token */
        struct slice token_file; /* root.key's passphrase, sealed by the token */
    } keys;
    struct {
        struct slice folder, keys_folder;
        uint32_t hour; /* 0 to 23, in assistant.time_zone */
        bool hourly;
    } backup;
    struct {
        struct slice file; /* empty: standard error */
        struct slice witnesses; /* config_next_witness */
    } log;
    struct slice user_prefix; /* roles run as PREFIX and their name, when started by root */
};

/* The administrator's socket in folders.run: one byte asks rendezd, the answer is one line. */
#define CONFIG_CONTROL_SOCKET "control"
/* authd's socket in folders.vpn, for OpenVPN's hook (formats/vpn). */
#define CONFIG_VPN_SOCKET "auth.sock"
enum { CONFIG_WITNESSES_MAX = 7 };
/* The next of log.witnesses. False: there is none. */
bool config_next_witness(struct slice *rest, struct slice *url, struct slice *key);
enum { CONFIG_ASK_UPGRADE = 'u', CONFIG_ASK_VERSION = 'v', CONFIG_ASK_LIFT = 'l' };

/* Reads DIR/rendez.conf (a path to a file is taken as it is). Texts are in the arena.
 * ST_NOT_FOUND  no installation there
 * ST_INVALID    "rendez.conf line N: …": syntax, unknown key, value out of range; keys that
 *               need each other */
MUST_USE enum status config_load(const char *path, struct arena *arena, struct config *out,
                                 struct problem *why);

/* The same from text; `folder` is where its paths lead from. */
MUST_USE enum status config_parse(struct slice text, struct slice folder, struct arena *arena,
                                  struct config *out, struct problem *why);

/* A file to begin with: every key with its sentence. Keys that differ from their default
 * are set, the others stand in comments. */
struct config_setting {
    const char *key;   /* "assistant.name" */
    struct slice value;
};
/* The next of addresses with spaces between; false: there is none. */
bool config_next_address(struct slice *rest, struct slice *address);
MUST_USE enum status config_format(const struct config_setting *settings, size_t count,
                                   struct arena *arena, struct slice *text, struct problem *why);

#endif
