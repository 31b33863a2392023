/* `rendez check`: whether what is stored can be trusted, after a crash above all. */
#include <dirent.h>

#include "platform/store/store.h"
#include "roles/cli/check_entries.h"
#include "roles/cli/doctor.h"
#include "roles/cli/rights.h"
#include "roles/keyd/keyd.h"
#include "roles/planner/inspect.h"

enum { FAULTS_SHOWN = 20, LATE_MINUTES = 15 };

struct look {
    struct doctor doctor; /* for its lines */
    struct planner *planner;
    struct instant now;
    unsigned shown;
};

static void say_fault(void *context, const char *what, struct slice id, const char *why)
{
    struct look *look = context;
    if (look->shown++ < FAULTS_SHOWN)
        doctor_say(&look->doctor, what, FINDING_FAILED, "keep the files; restore the latest backup beside them",
                   "%.*s: %s", SLICE_ARG(id), why);
}

static void check_file(struct look *look)
{
    struct problem why;
    struct store *store = directory_store(look->doctor.admin.directory);
    if (store_check_file(store, &why) == ST_OK)
        doctor_say(&look->doctor, "store.file", FINDING_OK, NULL, "the database is whole");
    else
        doctor_say(&look->doctor, "store.file", FINDING_FAILED, "keep the file; restore the latest backup beside it", "%s", why.detail);
    if (store_verify_log(store, &why) == ST_OK)
        doctor_say(&look->doctor, "store.log", FINDING_OK, NULL, "each log entry follows from those before");
    else
        doctor_say(&look->doctor, "store.log", FINDING_FAILED, "find out who wrote to the database", "%s", why.detail);
}

static void check_values(struct look *look)
{
    struct planner_checked found;
    struct problem why;
    if (planner_check(look->planner, say_fault, look, &found, &why) != ST_OK) {
        doctor_say(&look->doctor, "store.values", FINDING_UNKNOWN, "see whether the disk can be read", "%s", why.detail);
        return;
    }
    doctor_say(&look->doctor, "store.values", found.faults == 0 ? FINDING_OK : FINDING_FAILED,
               found.faults == 0 ? NULL : "keep the files; restore the latest backup beside them",
               "%u organisations, %u people, %u meetings (%u erased), %u messages, %u mails, %u jobs, %u tasks, "
               "%u lessons, %u decisions of people: %u faults", found.organisations, found.people, found.meetings,
               found.erased, found.messages, found.mails, found.jobs, found.tasks, found.lessons, found.decisions,
               found.faults);
}

/* What should not be there, and what waits longer than it should. */
static void check_counts(struct look *look)
{
    static const struct {
        enum store_question question;
        enum finding finding;
        const char *check, *what, *todo;
    } counts[] = {
        {STORE_DANGLING, FINDING_FAILED, "store.references", "references to nothing", "restore the latest backup"},
        {STORE_IDLE_HOLDS, FINDING_FAILED, "store.holds", "hours held by meetings that do not take place", "report it"},
        {STORE_NOT_ERASED, FINDING_FAILED, "store.erased", "erased meetings of which something is left", "report it"},
        {STORE_UNRETAINED, FINDING_FAILED, "store.retention", "meetings that retention would not find", "report it"},
        {STORE_LATE_MAIL, FINDING_WARNING, "work.mail", "mails that were due a quarter of an hour ago",
         "does the service run? see its events: mail.message.deferred, mail.login.refused"},
        {STORE_LATE_JOBS, FINDING_WARNING, "work.calendars", "calendar entries that were due a quarter of an hour ago",
         "does the service run? see rendez calendar check"},
        {STORE_LATE_MEETINGS, FINDING_WARNING, "work.meetings", "meetings that were to be woken a quarter of an hour ago",
         "does the service run? see its events: meeting.wake.failed"},
        {STORE_FAILED_MAIL, FINDING_WARNING, "work.mail.failed", "mails given up in the last two weeks", "their organizers were told; see mail.message.failed"},
        {STORE_FAILED_JOBS, FINDING_WARNING, "work.calendars.failed", "calendar entries given up in the last two weeks", "see rendez calendar check"},
    };
    struct instant late = {look->now.us - (int64_t)LATE_MINUTES * 60 * 1000000};
    struct store *store = directory_store(look->doctor.admin.directory);
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        struct problem why;
        int64_t count = 0;
        enum status asked = store_count(store, counts[i].question, late, &count, &why);
        enum finding finding = asked != ST_OK ? FINDING_UNKNOWN : count > 0 ? counts[i].finding : FINDING_OK;
        doctor_say(&look->doctor, counts[i].check, finding, finding == FINDING_OK ? NULL : counts[i].todo, "%lld %s",
                   (long long)count, counts[i].what);
    }
}

static void check_tasks(struct look *look)
{
    uint32_t mails, open = 0;
    struct problem why;
    struct doctor *doctor = &look->doctor;
    if (store_count_waiting(directory_store(doctor->admin.directory), &mails, &open, &why) != ST_OK)
        doctor_say(doctor, "work.tasks", FINDING_UNKNOWN, "see whether the disk can be read", "%s", why.detail);
    else
        doctor_say(doctor, "work.tasks", open > 0 ? FINDING_WARNING : FINDING_OK,
                   open > 0 ? "a person has to look at them" : NULL, "%u open", open);
}

/* Messages that were set aside since they do not open, and how many wait. */
static void check_spool(struct look *look)
{
    unsigned waiting = 0, bad = 0;
    struct doctor *doctor = &look->doctor;
    const char *path = arena_text(doctor->arena, doctor->config.folders.spool);
    DIR *folder = opendir(path);
    if (folder == NULL) {
        doctor_say(doctor, "spool", FINDING_UNKNOWN, "the service makes it when it starts; run check as root",
                   "%s cannot be looked at", path);
        return;
    }
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        struct slice name = slice_from(entry->d_name);
        waiting += name.len == 32;
        bad += slice_ends(name, LIT(".bad"));
    }
    closedir(folder);
    doctor_say(doctor, "spool", bad > 0 ? FINDING_FAILED : FINDING_OK,
               bad > 0 ? "keep the .bad files; their senders do not know" : NULL,
               "%u messages wait, %u do not open", waiting, bad);
}

int cmd_check(int argc, char **argv)
{
    struct look look = {.now = clock_now()};
    struct admin *admin = &look.doctor.admin;
    admin->arena = look.doctor.arena = arena_create_wiped(256 << 20);
    int entries = 0;
    const struct cli_option options[] = {
        {"entries", &entries, NULL, NULL, "look at every sealed entry without a key instead"},
        {"dir", NULL, &admin->dir, "DIR", "the installation (else $RENDEZ_DIR, else here)"},
        {"passphrase-file", NULL, &admin->passphrase_file, "FILE", "passphrase of the root key (else as in rendez.conf)"},
        {"json", &admin->as_json, NULL, NULL, "print facts as JSON"},
        {0}};
    int code = admin_options(argc, argv, options, NULL, 0, "nothing else is");
    if (code < 0 && entries)
        code = check_entries(admin->dir, admin->as_json);
    if (code < 0 && directory_open(cli_dir_or_default(admin->dir), admin->passphrase_file, &admin->directory,
                                   &admin->why) != ST_OK)
        code = admin_fail(admin);
    if (code < 0 && rights_open_planner(admin, &look.planner) != ST_OK)
        code = admin_fail(admin);
    if (code < 0) {
        look.doctor.config = *directory_config(admin->directory);
        check_file(&look);
        check_values(&look);
        check_counts(&look);
        check_tasks(&look);
        check_spool(&look);
        code = doctor_conclude(&look.doctor);
    }
    planner_destroy(&look.planner);
    directory_destroy(&admin->directory);
    arena_destroy(&look.doctor.arena);
    return code;
}
