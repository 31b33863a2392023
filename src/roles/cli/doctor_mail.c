/* Mail in and out: servers, logins, certificates; with --mail a message to ourselves. */
#include <curl/curl.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "formats/mime/mime.h"
#include "platform/vault/vault.h"
#include "roles/cli/doctor.h"
#include "roles/mailout/smtp.h"

enum { PASSWORD_BYTES_MAX = 4096, CONNECT_S = 20, NONCE_BYTES = 12, TURN_MS = 200, LOOK_MS = 1000 };

#define FORGERY_MARK "(forged by rendez doctor)"

static enum status read_password(struct doctor *doctor, struct slice path, const char *credential,
                                 struct slice *out, struct problem *why)
{
    const char *credentials = getenv("CREDENTIALS_DIRECTORY");
    if (path.len == 0 && credentials != NULL)
        path = arena_format(doctor->arena, "%s/%s", credentials, credential);
    if (path.len == 0)
        return problem_set(why, ST_NOT_FOUND, "there is no password");
    TRY(file_read(arena_text(doctor->arena, path), PASSWORD_BYTES_MAX, doctor->arena, out, why));
    while (slice_ends(*out, LIT("\n")) || slice_ends(*out, LIT("\r")))
        out->len--;
    return ST_OK;
}

static enum status mail_server(struct doctor *doctor, struct transfer_server *server,
                               struct problem *why)
{
    const struct config *config = &doctor->config;
    struct slice password;
    *server = (struct transfer_server){
        .host = arena_text(doctor->arena, config->mail.host),
        .port = (uint16_t)config->mail.port,
        .tls = (enum transfer_tls)config->mail.tls,
        .ca_file = config->mail.ca_file.len > 0 ? arena_text(doctor->arena, config->mail.ca_file) : NULL,
    };
    if (config->mail.user.len == 0)
        return ST_OK;
    TRY(read_password(doctor, config->mail.password_file, "rendez.smtp", &password, why));
    server->user = arena_text(doctor->arena, config->mail.user);
    server->password = arena_text(doctor->arena, password);
    return ST_OK;
}

static size_t drop_bytes(char *from, size_t size, size_t count, void *context)
{
    (void)from, (void)context;
    return size * count;
}

static const char *advice(enum transfer_fault fault)
{
    switch (fault) {
    case TRANSFER_FAULT_LOGIN:
        return "correct user or password (many providers want a password for programs)";
    case TRANSFER_FAULT_TRUST:
        return "use the name that the certificate is for, renew it, or set mail.ca_file";
    default:
        return "see host, port and tls in rendez.conf, and the way there (firewall)";
    }
}

/* Connects, does TLS and logs in as the service does; sends nothing. */
static bool check_server(struct doctor *doctor, const char *check, const char *certificate_check,
                         const char *scheme, const char *path, const struct transfer_server *server)
{
    struct problem why = {0};
    CURL *easy = curl_easy_init();
    bool good = easy != NULL && transfer_prepare(easy, scheme, path, server, &why) == ST_OK;
    if (!good) {
        doctor_say(doctor, check, FINDING_FAILED, "correct rendez.conf", "%s", why.detail);
        curl_easy_cleanup(easy);
        return false;
    }
    curl_easy_setopt(easy, CURLOPT_CONNECT_ONLY, 1L);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_S);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT, 2L * CONNECT_S);
    curl_easy_setopt(easy, CURLOPT_CERTINFO, 1L);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, drop_bytes);
    CURLcode code = curl_easy_perform(easy);
    if (code != CURLE_OK) {
        enum transfer_fault fault = transfer_failure(code, scheme, &why);
        doctor_say(doctor, check, FINDING_FAILED, advice(fault), "%s:%u: %s", server->host,
                   (unsigned)server->port, why.detail);
    } else {
        doctor_say(doctor, check, FINDING_OK, NULL, "%s:%u answers%s%s", server->host,
                   (unsigned)server->port, server->tls >= TRANSFER_STARTTLS ? ", over TLS" : "",
                   server->user != NULL ? ", and takes our login" : "");
        if (server->tls >= TRANSFER_STARTTLS)
            doctor_check_certificate(doctor, certificate_check, easy);
    }
    curl_easy_cleanup(easy);
    return code == CURLE_OK;
}

static struct slice domain_of(struct slice address)
{
    size_t at = slice_find(address, LIT("@"), 0);
    return at == SIZE_MAX ? LIT("localhost") : slice_sub(address, at + 1, address.len);
}

static bool check_out(struct doctor *doctor, struct transfer_server *server)
{
    struct problem why;
    if (mail_server(doctor, server, &why) != ST_OK) {
        doctor_say(doctor, "mail.out", FINDING_UNKNOWN, "set mail.password_file, or run doctor as root",
                   "the password is not to be read: %s", why.detail);
        return false;
    }
    const char *hello = arena_text(doctor->arena, domain_of(doctor->config.assistant.address));
    return check_server(doctor, "mail.out", "tls.mail_out", "smtp", hello, server);
}

/* The mailbox */

static void check_folder(struct doctor *doctor, struct doctor_mailbox *mailbox, const char *check,
                         const char *verb, struct slice name, const char *todo)
{
    AUTO_BUFFER command = buffer_create(8192);
    struct imap_response last;
    struct problem why = {0};
    buffer_add_format(&command, "%s ", verb);
    enum status status = imap_write_folder(name, &command, &why);
    if (strcmp(verb, "STATUS") == 0)
        buffer_add_text(&command, " (MESSAGES)");
    if (status == ST_OK)
        status = doctor_mailbox_ask(mailbox, buffer_slice(&command), doctor->arena, &last, &why);
    if (status != ST_OK)
        doctor_say(doctor, check, FINDING_UNKNOWN, "try again", "%s", why.detail);
    else if (last.result != IMAP_OK)
        doctor_say(doctor, check, FINDING_FAILED, todo, "the server has no folder \"%.*s\" for us",
                   SLICE_ARG(name));
    else
        doctor_say(doctor, check, FINDING_OK, NULL, "folder \"%.*s\"", SLICE_ARG(name));
}

static bool open_mailbox(struct doctor *doctor, struct doctor_mailbox **mailbox)
{
    const struct config *config = &doctor->config;
    struct slice password;
    struct problem why;
    if (read_password(doctor, config->imap.password_file, "rendez.imap", &password, &why) != ST_OK) {
        doctor_say(doctor, "mail.in", FINDING_UNKNOWN, "set imap.password_file, or run doctor as root",
                   "the password is not to be read: %s", why.detail);
        return false;
    }
    struct transfer_server server = {
        .host = arena_text(doctor->arena, config->imap.host),
        .port = (uint16_t)config->imap.port,
        .tls = config->imap.tls == CONFIG_IMAP_IMPLICIT ? TRANSFER_IMPLICIT : TRANSFER_STARTTLS,
        .ca_file = config->mail.ca_file.len > 0 ? arena_text(doctor->arena, config->mail.ca_file) : NULL,
        .user = arena_text(doctor->arena, config->imap.user),
        .password = arena_text(doctor->arena, password),
    };
    if (!check_server(doctor, "mail.in", "tls.mail_in", "imap", "", &server))
        return false;
    if (doctor_mailbox_open(doctor, password, mailbox, &why) != ST_OK) {
        doctor_say(doctor, "mail.folder", FINDING_UNKNOWN, "try again", "%s", why.detail);
        return false;
    }
    check_folder(doctor, *mailbox, "mail.folder", "EXAMINE", config->imap.folder, "correct imap.folder");
    if (config->imap.done == CONFIG_DONE_MOVE)
        check_folder(doctor, *mailbox, "mail.done_folder", "STATUS", config->imap.done_folder,
                     "make that folder, or correct imap.done_folder");
    return true;
}

/* LMTP: whether the service listens and takes mail for the assistant. */

/* "127.0.0.1:2424" or "[::1]:2424": numbers, as in the settings. */
static int connect_tcp(struct doctor *doctor, struct slice where)
{
    size_t colon = where.len;
    while (colon > 0 && where.data[colon - 1] != ':')
        colon--;
    struct slice host = slice_sub(where, 0, colon - 1);
    if (slice_starts(host, LIT("[")) && slice_ends(host, LIT("]")))
        host = slice_sub(host, 1, host.len - 1);
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV};
    struct addrinfo *found = NULL;
    if (colon == 0 || getaddrinfo(arena_text(doctor->arena, host),
                                  arena_text(doctor->arena, slice_sub(where, colon, where.len)), &hints, &found) != 0)
        return -1;
    int fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, found->ai_addr, found->ai_addrlen) < 0)
        fd_close(&fd);
    freeaddrinfo(found);
    return fd;
}

static int connect_lmtp(struct doctor *doctor)
{
    struct slice where = doctor->config.lmtp.listen;
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (!slice_contains(where, LIT("/")))
        return connect_tcp(doctor, where);
    if (where.len >= sizeof address.sun_path)
        return -1;
    memcpy(address.sun_path, where.data, where.len);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address) < 0)
        fd_close(&fd);
    return fd;
}

/* Sends a line and reads the reply's first digit; 0: none came. */
static char lmtp_say(int fd, const char *line)
{
    char reply[4096];
    struct timeval patience = {10, 0};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    if (*line != '\0' && send(fd, line, strlen(line), MSG_NOSIGNAL) < 0)
        return 0;
    ssize_t got = recv(fd, reply, sizeof reply, 0);
    return got > 0 ? reply[0] : 0;
}

static void check_lmtp(struct doctor *doctor)
{
    const char *where = arena_text(doctor->arena, doctor->config.lmtp.listen);
    AUTO_FD fd = connect_lmtp(doctor);
    if (fd < 0 || lmtp_say(fd, "") != '2' || lmtp_say(fd, "LHLO doctor.invalid\r\n") != '2') {
        doctor_say(doctor, "mail.in", FINDING_FAILED, "start the service; see lmtp.listen and its events",
                   "nobody answers LMTP at %s", where);
        return;
    }
    const char *to = arena_format(doctor->arena, "RCPT TO:<%.*s>\r\n",
                                  SLICE_ARG(doctor->config.assistant.address)).data;
    bool good = lmtp_say(fd, "MAIL FROM:<>\r\n") == '2' && lmtp_say(fd, to) == '2';
    lmtp_say(fd, "QUIT\r\n");
    if (good)
        doctor_say(doctor, "mail.in", FINDING_OK, NULL, "the service takes mail by LMTP at %s", where);
    else
        doctor_say(doctor, "mail.in", FINDING_FAILED, "see the service's events",
                   "LMTP at %s refuses mail for the assistant", where);
}

/* A mail to ourselves */

struct journey {
    struct doctor *doctor;
    struct transfer_server server;
    struct slice message_id;
    bool sent;
    struct smtp_result result;
};

static void sent(void *context, const struct smtp_result *result)
{
    struct journey *journey = context;
    journey->result = *result;
    journey->sent = true;
}

/* With a verdict that nobody but the receiving server may give: does it take that off? */
static enum status write_letter(struct journey *journey, struct slice *raw, struct problem *why)
{
    struct doctor *doctor = journey->doctor;
    const struct config *config = &doctor->config;
    char nonce[NONCE_BYTES];
    AUTO_BUFFER text = buffer_create(128);
    vault_random(nonce, sizeof nonce);
    hex_encode((struct slice){nonce, sizeof nonce}, &text);
    journey->message_id = arena_format(doctor->arena, "doctor.%.*s@%.*s", SLICE_ARG(buffer_slice(&text)),
                                       SLICE_ARG(domain_of(config->assistant.address)));
    struct mail_draft draft = {
        .from = {config->assistant.name, config->assistant.address},
        .subject = LIT("Rendez doctor"),
        .message_id = journey->message_id,
        .date = clock_now(),
        .text = LIT("rendez doctor --mail sent this to see whether mail goes out and comes in.\n"),
        .automatic = true,
    };
    ARENA_PUSH(doctor->arena, &draft.to, draft.from);
    struct slice letter;
    TRY(mime_format(&draft, doctor->arena, &letter, why));
    *raw = config->mail.authserv.len == 0
               ? letter
               : arena_format(doctor->arena, "Authentication-Results: %.*s; dmarc=pass " FORGERY_MARK
                              " header.from=%.*s\r\n%.*s", SLICE_ARG(config->mail.authserv),
                              SLICE_ARG(domain_of(config->assistant.address)), SLICE_ARG(letter));
    return ST_OK;
}

static enum status send_letter(struct journey *journey, struct problem *why)
{
    struct doctor *doctor = journey->doctor;
    struct slice raw, address = doctor->config.assistant.address;
    struct smtp *smtp = NULL;
    struct smtp_options options = {journey->server, arena_text(doctor->arena, domain_of(address))};
    TRY(write_letter(journey, &raw, why));
    TRY(smtp_create(doctor->loop, &options, &smtp, why));
    enum status status = smtp_send(smtp, address, &address, 1, raw, sent, journey, why);
    while (status == ST_OK && !journey->sent)
        status = loop_turn(doctor->loop, TURN_MS, why);
    smtp_destroy(&smtp);
    if (status == ST_OK && journey->result.status != ST_OK)
        status = problem_set(why, journey->result.status, "%s (%ld %s)", journey->result.why.detail,
                             journey->result.reply_code, journey->result.enhanced);
    return status;
}

/* Finds it in a folder; its head. ST_NOT_FOUND: not yet. */
static enum status find_letter(struct journey *journey, struct doctor_mailbox *mailbox,
                               struct slice folder, struct slice *head, struct problem *why)
{
    struct arena *arena = journey->doctor->arena;
    AUTO_BUFFER examine = buffer_create(8192);
    struct imap_response last;
    buffer_add_text(&examine, "EXAMINE ");
    TRY(imap_write_folder(folder, &examine, why));
    TRY(doctor_mailbox_ask(mailbox, buffer_slice(&examine), arena, &last, why));
    if (last.result != IMAP_OK)
        return ST_NOT_FOUND;
    TRY(doctor_mailbox_ask(mailbox, arena_format(arena, "UID SEARCH HEADER Message-ID \"%.*s\"",
                                                 SLICE_ARG(journey->message_id)), arena, &last, why));
    if (last.numbers.count == 0)
        return ST_NOT_FOUND;
    uint32_t uid = last.numbers.items[last.numbers.count - 1];
    TRY(doctor_mailbox_ask(mailbox, arena_format(arena, "UID FETCH %u (UID BODY.PEEK[HEADER])", uid),
                           arena, &last, why));
    *head = last.fetched.body;
    return head->len > 0 ? ST_OK : ST_NOT_FOUND;
}

static enum status await_letter(struct journey *journey, struct doctor_mailbox *mailbox,
                                struct slice *head, struct problem *why)
{
    struct doctor *doctor = journey->doctor;
    const struct config *config = &doctor->config;
    int64_t end_ms = clock_monotonic_ms() + (int64_t)doctor->wait_s * 1000;
    for (;;) {
        enum status status = find_letter(journey, mailbox, config->imap.folder, head, why);
        if (status == ST_NOT_FOUND && config->imap.done == CONFIG_DONE_MOVE)
            status = find_letter(journey, mailbox, config->imap.done_folder, head, why);
        if (status != ST_NOT_FOUND)
            return status;
        if (clock_monotonic_ms() > end_ms)
            return problem_set(why, ST_NOT_FOUND, "it did not arrive within %u s", doctor->wait_s);
        int64_t pause_ms = clock_monotonic_ms() + LOOK_MS;
        while (clock_monotonic_ms() < pause_ms)
            TRY(loop_turn(doctor->loop, TURN_MS, why));
    }
}

/* The next header of that name, with its continuation lines; *at moves behind it. */
static bool next_header(struct slice head, struct slice name, size_t *at, struct slice *value)
{
    while (*at < head.len) {
        size_t from = *at, end = from;
        do {
            size_t line = slice_find(head, LIT("\n"), end);
            end = line == SIZE_MAX ? head.len : line + 1;
        } while (end < head.len && (head.data[end] == ' ' || head.data[end] == '\t'));
        *at = end;
        struct slice field = slice_sub(head, from, end);
        if (slice_starts_nocase(field, name) && field.len > name.len && field.data[name.len] == ':') {
            *value = slice_trim(slice_sub(field, name.len + 1, field.len));
            return true;
        }
    }
    return false;
}

/* The selector that signs for our domain, for the look at the DNS. */
static void note_selector(struct doctor *doctor, struct slice head)
{
    struct slice value, domain = domain_of(doctor->config.assistant.address);
    for (size_t at = 0; doctor->selector == NULL && next_header(head, LIT("DKIM-Signature"), &at, &value);) {
        struct slice selector = SLICE_NONE, signer = SLICE_NONE;
        while (value.len > 0) {
            size_t end = slice_find(value, LIT(";"), 0);
            struct slice tag = slice_trim(slice_sub(value, 0, end));
            if (slice_starts(tag, LIT("s=")))
                selector = slice_trim(slice_sub(tag, 2, tag.len));
            if (slice_starts(tag, LIT("d=")))
                signer = slice_trim(slice_sub(tag, 2, tag.len));
            value = end == SIZE_MAX ? SLICE_NONE : slice_sub(value, end + 1, value.len);
        }
        if (selector.len > 0 && slice_equal_nocase(signer, domain))
            doctor->selector = arena_text(doctor->arena, selector);
    }
}

/* Names that stand first in Authentication-Results, with commas between. */
static struct slice list_servers(struct doctor *doctor, struct slice head)
{
    AUTO_BUFFER names = buffer_create(1000);
    struct slice value;
    for (size_t at = 0; next_header(head, LIT("Authentication-Results"), &at, &value);) {
        struct slice name = slice_trim(slice_sub(value, 0, slice_find(value, LIT(";"), 0)));
        name = slice_sub(name, 0, slice_find(name, LIT(" "), 0));
        if (name.len < 200 && !slice_contains(buffer_slice(&names), name))
            buffer_add_format(&names, "%s%.*s", names.len > 0 ? ", " : "", SLICE_ARG(name));
    }
    return arena_copy(doctor->arena, buffer_slice(&names));
}

static void check_verdict(struct doctor *doctor, struct slice head)
{
    AUTO_ARENA arena = arena_create(MIME_ARENA_BYTES);
    const struct config *config = &doctor->config;
    struct slice seen = list_servers(doctor, head);
    struct mail mail;
    bool forged = slice_contains(head, LIT(FORGERY_MARK));
    if (config->mail.authserv.len == 0) {
        doctor_say(doctor, "mail.verified", config->mail.require_verified ? FINDING_FAILED : FINDING_WARNING,
                   "set mail.authserv to the name that your provider writes",
                   "no sender counts as verified; names seen in this mail: %.*s",
                   SLICE_ARG(seen.len > 0 ? seen : LIT("none")));
        return;
    }
    if (forged)
        doctor_say(doctor, "mail.forgery", FINDING_FAILED,
                   "other senders of this provider could pass for verified: ask it to take off foreign headers "
                   "(RFC 8601 section 5), or use another one",
                   "a forged verdict of %.*s came through", SLICE_ARG(config->mail.authserv));
    else
        doctor_say(doctor, "mail.forgery", FINDING_OK, NULL, "a forged verdict of %.*s was taken off",
                   SLICE_ARG(config->mail.authserv));
    mime_init();
    if (!forged && mime_parse(head, config->mail.authserv, arena, &mail, NULL) == ST_OK &&
        mail.origin == MAIL_ORIGIN_PASS)
        doctor_say(doctor, "mail.verified", FINDING_OK, NULL, "this mail is verified by %.*s",
                   SLICE_ARG(config->mail.authserv));
    else
        doctor_say(doctor, "mail.verified", FINDING_UNKNOWN,
                   "write to the assistant from another provider and look at Authentication-Results there",
                   "the provider did not check this mail of its own; names seen: %.*s",
                   SLICE_ARG(seen.len > 0 ? seen : LIT("none")));
}

/* Behind an MTA what has come in is in the store: every message that was verified leaves a
 * hash of its Message-ID there. (Ours carries a verdict, which an MTA that does not check mail of
 * this machine leaves in; one that checks it writes its own.) */
static enum status await_in_store(struct journey *journey, struct problem *why)
{
    struct doctor *doctor = journey->doctor;
    int64_t end_ms = clock_monotonic_ms() + (int64_t)doctor->wait_s * 1000;
    for (;;) {
        enum status status = directory_has_received(doctor->admin.directory, journey->message_id, why);
        if (status != ST_NOT_FOUND)
            return status;
        if (clock_monotonic_ms() > end_ms)
            return problem_set(why, ST_NOT_FOUND, "within %u s it did not arrive, or did not count as verified",
                               doctor->wait_s);
        usleep(LOOK_MS * 1000 / 4);
    }
}

static void say_arrival(struct journey *journey, enum status status, int64_t took_ms,
                        const struct problem *why)
{
    bool mailbox = journey->doctor->config.mode == CONFIG_MAILBOX;
    if (status == ST_OK)
        doctor_say(journey->doctor, "mail.roundtrip", FINDING_OK, NULL, "a mail to ourselves was there after %lld s",
                   (long long)((took_ms + 999) / 1000));
    else if (status == ST_NOT_FOUND)
        doctor_say(journey->doctor, "mail.roundtrip", FINDING_FAILED,
                   mailbox ? "look in the mailbox, also under spam; give --wait more seconds"
                           : "see the MTA's log; if it arrived unverified, see mail.authserv and the signer",
                   "%s", why->detail);
    else
        doctor_say(journey->doctor, "mail.roundtrip", FINDING_UNKNOWN, "try again", "%s", why->detail);
}

static void check_roundtrip(struct journey *journey, struct doctor_mailbox *mailbox)
{
    struct doctor *doctor = journey->doctor;
    struct problem why = {0};
    struct slice head;
    int64_t began_ms = clock_monotonic_ms();
    enum status status = send_letter(journey, &why);
    if (status != ST_OK) {
        doctor_say(doctor, "mail.roundtrip", FINDING_FAILED, "see the answer's code (RFC 3463) and the server's log",
                   "a mail to ourselves is not taken: %s", why.detail);
        return;
    }
    if (mailbox == NULL && doctor->admin.directory == NULL) {
        doctor_say(doctor, "mail.roundtrip", FINDING_UNKNOWN, "run doctor with the passphrase",
                   "a mail to ourselves was sent; its arrival cannot be seen without the keys");
        return;
    }
    status = mailbox != NULL ? await_letter(journey, mailbox, &head, &why) : await_in_store(journey, &why);
    say_arrival(journey, status, clock_monotonic_ms() - began_ms, &why);
    if (status == ST_OK && mailbox != NULL) {
        note_selector(doctor, head);
        check_verdict(doctor, head);
    }
}

void doctor_check_mail(struct doctor *doctor)
{
    const struct config *config = &doctor->config;
    struct journey journey = {.doctor = doctor};
    struct doctor_mailbox *mailbox = NULL;
    bool out = check_out(doctor, &journey.server), in = true;
    if (config->mode == CONFIG_MAILBOX)
        in = open_mailbox(doctor, &mailbox);
    else
        check_lmtp(doctor);
    if (config->mail.authserv.len == 0 && config->mail.require_verified && (!doctor->mail || mailbox == NULL))
        doctor_say(doctor, "mail.verified", FINDING_FAILED,
                   "set mail.authserv to the name that your mail server writes in Authentication-Results",
                   "no sender counts as verified: nobody can ask for a meeting");
    if (!doctor->mail)
        doctor_say(doctor, "mail.roundtrip", FINDING_UNKNOWN, "use --mail", "no mail was sent to try");
    else if (out && in)
        check_roundtrip(&journey, mailbox);
    else
        doctor_say(doctor, "mail.roundtrip", FINDING_UNKNOWN, "mend the way in and out first", "no mail was sent");
    doctor_mailbox_close(&mailbox);
}
