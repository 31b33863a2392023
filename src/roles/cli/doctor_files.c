/* This machine: disk, permissions, clock. */
#include <arpa/inet.h>
#include <curl/curl.h>
#include <netdb.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "roles/cli/doctor.h"
#include "roles/cli/doctor_clock.h"

enum { DISK_FAILED_MB = 100, DISK_WARNING_MB = 1000, CLOCK_WARNING_S = 2, CLOCK_FAILED_S = 60 };

static void check_disk(struct doctor *doctor, const char *check, struct slice path)
{
    struct statvfs about;
    char *folder = arena_text(doctor->arena, path);
    struct stat info;
    if (stat(folder, &info) != 0 && strrchr(folder, '/') != NULL)
        *strrchr(folder, '/') = '\0';
    if (statvfs(folder, &about) != 0) {
        doctor_say(doctor, check, FINDING_UNKNOWN, "run it as root, or see whether the folder is there",
                   "%s cannot be looked at", folder);
        return;
    }
    if ((about.f_flag & ST_RDONLY) != 0) {
        doctor_say(doctor, check, FINDING_FAILED, "mount that disk for writing", "%s can only be read", folder);
        return;
    }
    uint64_t free_mb = (uint64_t)about.f_bavail * about.f_frsize >> 20;
    bool inodes = about.f_files > 0 && about.f_favail < 10000;
    enum finding finding = free_mb < DISK_FAILED_MB ? FINDING_FAILED
                           : free_mb < DISK_WARNING_MB || inodes ? FINDING_WARNING
                                                                 : FINDING_OK;
    doctor_say(doctor, check, finding, finding == FINDING_OK ? NULL : "make room on that disk",
               "%s: %llu MB free%s", folder, (unsigned long long)free_mb, inodes ? ", few inodes" : "");
}

/* A file that must be nobody else's. */
static void check_secret(struct doctor *doctor, const char *check, struct slice path)
{
    struct stat about;
    const char *file = arena_text(doctor->arena, path);
    if (stat(file, &about) != 0)
        doctor_say(doctor, check, FINDING_UNKNOWN, "run it as root, or see whether it is there",
                   "%s cannot be looked at", file);
    else if ((about.st_mode & 0077) != 0)
        doctor_say(doctor, check, FINDING_FAILED, "chmod 600 it", "%s: others can read it", file);
    else
        doctor_say(doctor, check, FINDING_OK, NULL, "%s is its owner's only", file);
}

static void check_folder(struct doctor *doctor, const char *check, struct slice path)
{
    struct stat about;
    const char *folder = arena_text(doctor->arena, path);
    if (stat(folder, &about) != 0)
        doctor_say(doctor, check, FINDING_UNKNOWN, "the service makes it when it starts; run doctor as root",
                   "%s cannot be looked at", folder);
    else if (!S_ISDIR(about.st_mode) || (about.st_mode & 0022) != 0)
        doctor_say(doctor, check, FINDING_FAILED, "chmod go-w it", "%s: others can write in it", folder);
    else
        doctor_say(doctor, check, FINDING_OK, NULL, "%s", folder);
}

void doctor_check_files(struct doctor *doctor)
{
    const struct config *config = &doctor->config;
    check_disk(doctor, "disk.store", config->folders.store);
    check_disk(doctor, "disk.spool", config->folders.spool);
    check_folder(doctor, "files.installation", config->folder);
    check_folder(doctor, "files.spool", config->folders.spool);
    check_secret(doctor, "files.root_key", config->keys.root);
    if (config->keys.pkcs11_module.len > 0)
        check_secret(doctor, "files.root_token", config->keys.token_file);
    if (config->keys.passphrase_file.len > 0)
        check_secret(doctor, "files.passphrase", config->keys.passphrase_file);
    if (config->mode == CONFIG_MAILBOX && config->imap.password_file.len > 0)
        check_secret(doctor, "files.imap_password", config->imap.password_file);
    if (config->mail.user.len > 0 && config->mail.password_file.len > 0)
        check_secret(doctor, "files.mail_password", config->mail.password_file);
}

/* The clock */

void doctor_note_date(struct doctor *doctor, const char *host, const char *date)
{
    time_t seconds = curl_getdate(date, NULL);
    if (seconds < 0 || doctor->has_date)
        return;
    doctor->has_date = true;
    doctor->date_ahead_s = clock_now().us / 1000000 - (int64_t)seconds;
    doctor->date_from = arena_copy(doctor->arena, slice_from(host));
}

static void say_clock(struct doctor *doctor, double ahead_s, const char *by)
{
    double off = ahead_s < 0 ? -ahead_s : ahead_s;
    enum finding finding = off > CLOCK_FAILED_S   ? FINDING_FAILED
                           : off > CLOCK_WARNING_S ? FINDING_WARNING
                                                   : FINDING_OK;
    doctor_say(doctor, "clock", finding,
               finding == FINDING_OK ? NULL : "install chrony or enable systemd-timesyncd",
               "%.1f s %s, by %s", off, ahead_s < 0 ? "behind" : "ahead", by);
}

/* RFC 4330: one question, one answer of 48 bytes. */
static bool ask_ntp(const char *server, double *ahead_s)
{
    const char *colon = strchr(server, ':');
    char host[256];
    size_t len = colon == NULL ? strlen(server) : (size_t)(colon - server);
    struct addrinfo hints = {.ai_socktype = SOCK_DGRAM}, *found = NULL;
    if (len >= sizeof host)
        return false;
    memcpy(host, server, len);
    host[len] = '\0';
    if (getaddrinfo(host, colon == NULL ? "123" : colon + 1, &hints, &found) != 0)
        return false;
    AUTO_FD fd = socket(found->ai_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    bool good = fd >= 0 && connect(fd, found->ai_addr, found->ai_addrlen) == 0;
    freeaddrinfo(found);
    unsigned char packet[48] = {0x23}; /* version 4, client */
    struct pollfd ready = {fd, POLLIN, 0};
    int64_t before = clock_now().us;
    good = good && send(fd, packet, sizeof packet, 0) == (ssize_t)sizeof packet &&
           poll(&ready, 1, 3000) == 1 && recv(fd, packet, sizeof packet, 0) == (ssize_t)sizeof packet;
    int64_t middle = before + (clock_now().us - before) / 2;
    unsigned mode = packet[0] & 7, stratum = packet[1];
    if (!good || mode != 4 || stratum == 0 || stratum > 15)
        return false;
    uint32_t seconds, fraction;
    memcpy(&seconds, packet + 40, 4);
    memcpy(&fraction, packet + 44, 4);
    int64_t theirs = ((int64_t)ntohl(seconds) - 2208988800) * 1000000 +
                     (int64_t)((double)ntohl(fraction) / 4294.967296);
    *ahead_s = (double)(middle - theirs) / 1e6;
    return true;
}

void doctor_check_clock(struct doctor *doctor)
{
    double ahead_s;
    long error_us;
    if (doctor->ntp != NULL && ask_ntp(doctor->ntp, &ahead_s)) {
        say_clock(doctor, ahead_s, doctor->ntp);
    } else if (doctor->ntp != NULL) {
        doctor_say(doctor, "clock", FINDING_UNKNOWN, "name another server with --ntp", "%s does not answer", doctor->ntp);
    } else if (doctor_clock_is_kept(&error_us)) {
        doctor_say(doctor, "clock", FINDING_OK, NULL, "kept by a time service, to %ld ms (the kernel says)",
                   error_us / 1000);
    } else if (doctor->has_date) {
        say_clock(doctor, (double)doctor->date_ahead_s,
                  arena_format(doctor->arena, "the Date of %.*s", SLICE_ARG(doctor->date_from)).data);
    } else {
        doctor_say(doctor, "clock", FINDING_UNKNOWN, "install chrony or enable systemd-timesyncd; or give --ntp SERVER",
                   "no time service keeps it and nobody was asked");
    }
}
