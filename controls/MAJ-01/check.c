/* Every program is the one of the release, which was built twice and came out alike; and what runs are these files. */
#include "roles/prober/check.h"

static enum status fails_at(struct check *c, struct slice program, const char *cause)
{
    check_fact(c, "program", "%.*s", SLICE_ARG(program));
    return check_fails(c, cause);
}

/* The files; *files: as many as the release has programs. */
static enum status try_files(struct check *c, const struct check_release *release, struct check_file *files,
                             struct problem *why)
{
    for (size_t i = 0; i < release->programs.count; i++) {
        const struct check_program *program = &release->programs.items[i];
        enum status status = check_program_file(c, program->name, &files[i], why);
        if (status == ST_NOT_FOUND || status == ST_DENIED)
            return fails_at(c, program->name, status == ST_DENIED ? "replaced" : "missing");
        TRY(status);
        if (!slice_equal(files[i].digest, program->digest))
            return fails_at(c, program->name, "changed");
    }
    return ST_OK;
}

/* Whether it runs from the file that the release has by this name. */
static enum status try_process(struct check *c, const struct check_release *release, const struct check_file *files,
                               struct slice name, struct program_id runs)
{
    const struct check_file *file = NULL;
    for (size_t i = 0; i < release->programs.count; i++)
        if (slice_equal(release->programs.items[i].name, name))
            file = &files[i];
    if (file == NULL)
        return fails_at(c, name, "unlisted");
    return file->device == runs.device && file->inode == runs.inode ? ST_OK : fails_at(c, name, "other_runs");
}

/* What each role says that it runs, and who started it: a file that was put in the place of another one is not it. */
static enum status try_processes(struct check *c, const struct check_release *release, const struct check_file *files,
                                 struct problem *why)
{
    struct check_process roles[ROLE_RUN_COUNT_];
    size_t count;
    TRY(check_processes(c, roles, &count, why));
    for (size_t role = 0; role < count; role++) {
        struct slice name = arena_format(check_arena(c), "rendez-%s", role_rows[roles[role].role].name);
        TRY(try_process(c, release, files, name, roles[role].program));
        TRY(try_process(c, release, files, LIT("rendezd"), roles[role].started_by));
        if (check_has_failed(c))
            break;
    }
    return ST_OK;
}

enum status control_check(struct check *c, struct problem *why)
{
    struct check_release release;
    struct check_file parts;
    enum status status = check_manifest(c, &release, why);
    if (status == ST_NOT_FOUND || status == ST_INVALID)
        return check_fails(c, status == ST_NOT_FOUND ? "no_release" : "no_manifest");
    TRY(status);
    struct check_file *files =
        arena_alloc(check_arena(c), release.programs.count * sizeof *files);
    check_fact(c, "version", "%.*s", SLICE_ARG(release.version));
    check_fact(c, "source", "%.*s", SLICE_ARG(release.source));
    check_fact(c, "programs", "%zu", release.programs.count);
    check_fact(c, "parts", "%.*s", SLICE_ARG(release.sbom));
    if (release.builds < 2)
        return check_fails(c, "built_once");
    status = check_program_file(c, LIT("release.sbom.json"), &parts, why);
    if (status == ST_NOT_FOUND || (status == ST_OK && !slice_equal(parts.digest, release.sbom)))
        return check_fails(c, "parts_changed");
    TRY(status);
    TRY(try_files(c, &release, files, why));
    if (!check_has_failed(c))
        TRY(try_processes(c, &release, files, why));
    return check_has_failed(c) ? ST_OK : check_holds(c);
}
