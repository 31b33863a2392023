#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "roles/cli/doctor.h"

enum { ARENA_BYTES_MAX = 256 << 20, WAIT_S = 60, WAIT_LONGEST_S = 3600 };

static const char *const finding_names[FINDING_COUNT_] = {"ok", "warning", "failed", "unknown"};

/* One line, whatever a server or a record put in. */
static struct slice one_line(struct doctor *doctor, struct slice text)
{
    struct slice clean = arena_copy(doctor->arena, utf8_repair(text, doctor->arena));
    char *bytes = arena_text(doctor->arena, clean);
    for (size_t i = 0; i < clean.len; i++)
        if ((unsigned char)bytes[i] < ' ' || bytes[i] == 127)
            bytes[i] = ' ';
    return (struct slice){bytes, clean.len};
}

void doctor_say(struct doctor *doctor, const char *check, enum finding finding, const char *todo,
                const char *format, ...)
{
    char line[2048];
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    struct slice fact = one_line(doctor, slice_from(line));
    doctor->found[finding]++;
    if (doctor->admin.as_json) {
        AUTO_JSON object = json_pack("{s:s, s:s, s:o}", "check", check, "finding", finding_names[finding], "fact",
                                     json_from_text(fact));
        if (todo != NULL)
            json_object_set_new(object, "todo", json_string(todo));
        cli_print_json(object);
    } else {
        printf("%-8s %-18s %.*s%s%s\n", finding_names[finding], check, SLICE_ARG(fact),
               todo != NULL ? "; to do: " : "", todo != NULL ? todo : "");
    }
    fflush(stdout);
}

/* Without the keys much can be looked at all the same. */
static void open_directory(struct doctor *doctor, const char *dir)
{
    struct problem why;
    if (directory_open(dir, doctor->admin.passphrase_file, &doctor->admin.directory, &why) == ST_OK)
        doctor_say(doctor, "keys", FINDING_OK, NULL, "the root key opens, and the store with it");
    else
        doctor_say(doctor, "keys", FINDING_FAILED, "run doctor as root; see keys.passphrase_file, or give "
                   "--passphrase-file", "%s", why.detail);
}

static void check_all(struct doctor *doctor)
{
    bool outside = doctor->config.mode != CONFIG_SANDBOX;
    doctor_check_files(doctor);
    doctor_check_pages(doctor);
    doctor_check_console(doctor);
    if (outside)
        doctor_check_mail(doctor); /* finds the signer's selector, for the DNS */
    if (outside)
        doctor_check_dns(doctor);
    doctor_check_calendars(doctor);
    doctor_check_alerts(doctor);
    doctor_check_controls(doctor);
    doctor_check_clock(doctor); /* last: others have seen a Date */
}

int doctor_conclude(const struct doctor *doctor)
{
    const unsigned *found = doctor->found;
    if (!doctor->admin.as_json)
        printf("%u ok, %u warnings, %u failed, %u unknown\n", found[FINDING_OK], found[FINDING_WARNING],
               found[FINDING_FAILED], found[FINDING_UNKNOWN]);
    return found[FINDING_FAILED] > 0 ? EXIT_NO : found[FINDING_UNKNOWN] > 0 ? EXIT_ENVIRONMENT : EXIT_YES;
}

static int examine(struct doctor *doctor)
{
    struct problem why;
    const char *dir = doctor->admin.dir != NULL ? doctor->admin.dir : getenv("RENDEZ_DIR");
    uint64_t wait_s = WAIT_S;
    if (doctor->wait != NULL && !slice_to_u64(slice_from(doctor->wait), WAIT_LONGEST_S, &wait_s))
        return cli_fail(EXIT_USAGE, "--wait: a number of seconds, at most %d", WAIT_LONGEST_S);
    doctor->wait_s = (uint32_t)wait_s;
    if (dir == NULL || *dir == '\0')
        dir = ".";
    if (config_load(dir, doctor->arena, &doctor->config, &why) != ST_OK ||
        loop_create(&doctor->loop, &why) != ST_OK ||
        transfers_create(doctor->loop, 1, &doctor->transfers, &why) != ST_OK)
        return cli_fail_problem(&why);
    open_directory(doctor, dir);
    check_all(doctor);
    return doctor_conclude(doctor);
}

int cmd_doctor(int argc, char **argv)
{
    struct doctor doctor = {0};
    const struct cli_option options[] = {
        {"mail", &doctor.mail, NULL, NULL, "send the assistant a mail and wait for it"},
        {"wait", NULL, &doctor.wait, "SECONDS", "for that mail (60)"},
        {"write", &doctor.write, NULL, NULL, "try to write in calendars: an event of the year 2000, taken away again"},
        {"selector", NULL, &doctor.selector, "NAME", "of the DKIM key (else learnt with --mail)"},
        {"resolver", NULL, &doctor.resolver, "ADDRESS", "name server to ask, like 9.9.9.9 or 127.0.0.1:5353"},
        {"ntp", NULL, &doctor.ntp, "SERVER", "time server to compare the clock with"},
        {"dir", NULL, &doctor.admin.dir, "DIR", "the installation (else $RENDEZ_DIR, else here)"},
        {"passphrase-file", NULL, &doctor.admin.passphrase_file, "FILE",
         "passphrase of the root key (else as in rendez.conf)"},
        {"json", &doctor.admin.as_json, NULL, NULL, "print facts as JSON, one object a line"},
        {0},
    };
    int code = admin_options(argc, argv, options, NULL, 0, "nothing else is");
    if (code >= 0)
        return code;
    doctor.arena = arena_create_wiped(ARENA_BYTES_MAX);
    doctor.admin.arena = doctor.arena;
    code = examine(&doctor);
    directory_destroy(&doctor.admin.directory);
    transfers_destroy(&doctor.transfers);
    loop_destroy(&doctor.loop);
    arena_destroy(&doctor.arena);
    return code;
}
