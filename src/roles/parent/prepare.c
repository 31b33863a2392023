#include "roles/parent/prepare.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    FIRST_UID = 64100, /* without system users and without a setting; no one else's */
    SECRET_BYTES_MAX = 4096,
    DEPTH_MAX = 4,
};

uid_t prepare_user(const struct config *config, enum role_id id)
{
    if (geteuid() != 0)
        return 0;
    AUTO_ARENA arena = arena_create(4096);
    const char *name = arena_format(arena, "%.*s%s", SLICE_ARG(config->user_prefix),
                                    role_rows[id].name).data;
    const struct passwd *user = getpwnam(name);
    return user != NULL && user->pw_uid != 0 ? user->pw_uid : FIRST_UID + (uid_t)id;
}

gid_t prepare_group(uid_t uid)
{
    const struct passwd *user = getpwuid(uid);
    return user != NULL ? user->pw_gid : (gid_t)uid;
}

/* Only what belongs to root changes hands: a link that a role made to somebody else's file
 * stays that somebody's. In an upgrade roles of the version before still write: what is gone by now is nobody's. */
static enum status give(int folder, const char *name, uid_t uid, struct problem *why)
{
    struct stat about;
    /* Held open, so that what is looked at is what changes hands. */
    AUTO_FD fd = openat(folder, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT)
        return ST_OK;
    if (fd < 0 || fstat(fd, &about) < 0)
        return problem_errno(why, name);
    bool plain = S_ISDIR(about.st_mode) || (S_ISREG(about.st_mode) && about.st_nlink == 1);
    if (about.st_uid != 0 || !plain)
        return ST_OK;
    if (fchownat(fd, "", uid, prepare_group(uid), AT_EMPTY_PATH) < 0)
        return problem_errno(why, name);
    return ST_OK;
}

static void close_folder(DIR **folder)
{
    if (*folder != NULL)
        closedir(*folder);
}

static enum status give_all(int parent, const char *name, uid_t uid, int depth, struct problem *why)
{
    int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return errno == ENOTDIR || errno == ELOOP || errno == ENOENT ? ST_OK : problem_errno(why, name);
    __attribute__((cleanup(close_folder))) DIR *folder = fdopendir(fd);
    if (folder == NULL) {
        close(fd);
        return problem_errno(why, name);
    }
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        if (entry->d_name[0] == '.')
            continue;
        TRY(give(fd, entry->d_name, uid, why));
        if (depth < DEPTH_MAX)
            TRY(give_all(fd, entry->d_name, uid, depth + 1, why));
    }
    return ST_OK;
}

/* What a role owns of the installation. */
struct own {
    enum role_id id;
    size_t path;    /* offset of its setting in struct config */
    bool is_folder; /* else a file: the folder it lies in is the role's only if `and_folder` */
    bool and_folder;
    mode_t mode;
    bool parents; /* the parent's own: it opens sockets there */
    bool may_lack; /* on a disk that may be away: the role says so */
};
static const struct own owned[] = {
    {ROLE_KEYD, offsetof(struct config, keys.root), false, false, 0600},
    {ROLE_KEYD, offsetof(struct config, keys.token_file), false, false, 0600},
    {ROLE_KEYD, offsetof(struct config, folders.keyd), true, false, 0700},
    {ROLE_PLANNER, offsetof(struct config, folders.store), false, true, 0700},
    {ROLE_MAILIN, offsetof(struct config, folders.spool), true, false, 0700},
    {ROLE_MAILIN, offsetof(struct config, folders.run), true, false, 0700, .parents = true},
    {ROLE_MAILOUT, offsetof(struct config, folders.outgoing), true, false, 0700},
    {ROLE_CALSYNC, offsetof(struct config, folders.calendars), true, false, 0700},
    {ROLE_LOGD, offsetof(struct config, folders.log), true, false, 0755},
    {ROLE_AUTHD, offsetof(struct config, folders.identity), true, false, 0700},
    {ROLE_TRUST, offsetof(struct config, folders.trust), true, false, 0700},
    {ROLE_AUTHD, offsetof(struct config, folders.pki), true, false, 0755},
    {ROLE_ARCHIVE, offsetof(struct config, folders.archive), true, false, 0700},
    {ROLE_ARCHIVE, offsetof(struct config, backup.folder), true, false, 0700, .may_lack = true},
    {ROLE_ARCHIVE, offsetof(struct config, backup.keys_folder), true, false, 0700, .may_lack = true},
    {ROLE_AUTHD, offsetof(struct config, folders.vpn), true, false, 0700, .parents = true},
};

/* Earlier versions gave it to a role. */
static enum status take_back(const char *path, mode_t mode, struct problem *why)
{
    AUTO_FD fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0 || fchown(fd, 0, 0) < 0 || fchmod(fd, mode) < 0)
        return problem_errno(why, path);
    return ST_OK;
}

static enum status make_folder(const char *path, const struct own *own, uid_t uid,
                               struct problem *why)
{
    if (mkdir(path, own->mode) < 0 && errno != EEXIST)
        return problem_errno(why, path);
    if (uid == 0)
        return ST_OK;
    if (own->parents)
        return take_back(path, own->mode, why);
    if (chmod(path, own->mode) < 0)
        return problem_errno(why, path);
    TRY(give(AT_FDCWD, path, uid, why));
    return give_all(AT_FDCWD, path, uid, 0, why);
}

static enum status prepare_own(const struct config *config, const struct own *own, uid_t uid,
                               struct problem *why)
{
    AUTO_ARENA arena = arena_create(16384);
    struct slice setting = *(const struct slice *)(const void *)((const char *)config + own->path);
    char *path = arena_text(arena, setting);
    if (own->is_folder) {
        enum status made = make_folder(path, own, uid, why);
        return own->may_lack ? ST_OK : made;
    }
    char *slash = strrchr(path, '/');
    struct slice folder = {path, slash == NULL ? 0 : (size_t)(slash - path)};
    /* The installation's own folder stays the operator's, whatever lies in it. */
    if (own->and_folder && !slice_equal(folder, config->folder))
        return make_folder(arena_text(arena, folder), own, uid, why);
    return uid == 0 || access(path, F_OK) < 0 ? ST_OK : give(AT_FDCWD, path, uid, why);
}

static enum status admit(struct slice name, struct slice folder, struct problem *why)
{
    AUTO_ARENA arena = arena_create(16384);
    const struct group *group = getgrnam(arena_text(arena, name));
    if (group == NULL)
        return ST_OK;
    const char *path = arena_text(arena, folder);
    AUTO_FD fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0 || fchown(fd, (uid_t)-1, group->gr_gid) < 0 || fchmod(fd, 0710) < 0)
        return problem_errno(why, path);
    return ST_OK;
}

enum status prepare_folders(const struct config *config, enum role_id id, struct problem *why)
{
    uid_t uid = prepare_user(config, id);
    AUTO_ARENA arena = arena_create(16384);
    const char *folder = arena_text(arena, config->folder);
    struct stat about;
    /* Roles must pass through the installation's folder, not list it. */
    if (uid != 0 && (stat(folder, &about) < 0 || chmod(folder, (about.st_mode & 07777) | 0011) < 0))
        return problem_errno(why, folder);
    for (size_t i = 0; i < sizeof owned / sizeof *owned; i++)
        if (owned[i].id == id)
            TRY(prepare_own(config, &owned[i], uid, why));
    /* Who may deliver may also say whom it has verified: of all users of the machine, the MTA. */
    if (id == ROLE_MAILIN && uid != 0)
        return admit(config->lmtp.group, config->folders.run, why);
    /* Who may ask there may also guess codes: OpenVPN alone. */
    if (id == ROLE_AUTHD && uid != 0)
        return admit(config->vpn.group, config->folders.vpn, why);
    return ST_OK;
}

static enum status copy_secret(const char *path, int to, struct problem *why)
{
    AUTO_ARENA arena = arena_create_wiped(4 * SECRET_BYTES_MAX);
    struct slice secret;
    TRY(file_read(path, SECRET_BYTES_MAX, arena, &secret, why));
    return fd_write_all(to, secret, why);
}

enum status prepare_secret(const char *path, const char *credential, int *fd,
                           struct problem *why)
{
    *fd = -1;
    AUTO_ARENA arena = arena_create(8192);
    const char *credentials = getenv("CREDENTIALS_DIRECTORY");
    if (path == NULL && credentials != NULL) {
        path = arena_format(arena, "%s/%s", credentials, credential).data;
        if (access(path, R_OK) < 0)
            return ST_OK;
    }
    if (path == NULL)
        return ST_OK;
    AUTO_FD memory = memfd_create("secret", MFD_CLOEXEC);
    if (memory < 0)
        return problem_errno(why, "memfd_create");
    TRY(copy_secret(path, memory, why));
    *fd = memory;
    memory = -1;
    return ST_OK;
}

/* Whose setting it is, and when it is needed. */
static bool password_of(const struct config *config, enum role_id id, struct slice *setting, const char **key,
                        const char **credential)
{
    switch (id) {
    case ROLE_MAILIN:
        *setting = config->imap.password_file, *key = "imap.password_file", *credential = "rendez.imap";
        return config->mode == CONFIG_MAILBOX;
    case ROLE_MAILOUT:
        *setting = config->mail.password_file, *key = "mail.password_file", *credential = "rendez.smtp";
        return config->mail.user.len > 0;
    case ROLE_LOGD:
        *setting = config->alerts.webhook_secret_file, *key = "alerts.webhook_secret_file";
        *credential = "rendez.webhook";
        return config->alerts.webhook.len > 0;
    default:
        return false;
    }
}

enum status prepare_password(const struct config *config, enum role_id id, int *fd,
                             struct problem *why)
{
    struct slice setting;
    const char *key, *credential;
    *fd = -1;
    if (!password_of(config, id, &setting, &key, &credential))
        return ST_OK;
    AUTO_ARENA arena = arena_create(16384);
    const char *path = setting.len > 0 ? arena_text(arena, setting) : NULL;
    struct stat about;
    if (path != NULL && stat(path, &about) == 0 && (about.st_mode & 0007) != 0)
        return problem_set(why, ST_DENIED, "others can read %s: chmod 600 it", key);
    TRY(prepare_secret(path, credential, fd, why));
    return *fd >= 0 ? ST_OK : problem_set(why, ST_NOT_FOUND, "a secret is missing: set %s", key);
}
