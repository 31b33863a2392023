/* What the operator asks of the role that runs (rendez backup). */
#include "roles/archive/service.h"
#include "roles/archive/show.h"

enum { TOLD_MS = 100, ANSWER_BYTES_MAX = 16 << 20 };

/* Takes the reference. */
static void say(struct desk_caller *caller, json_t *line)
{
    AUTO_ARENA arena = arena_create(ANSWER_BYTES_MAX);
    AUTO_JSON own = line;
    desk_say(caller, json_write(own, arena));
}

/* The last line of an answer: `facts` behind its status. Takes the reference. */
static void finish(struct desk_caller *caller, json_t *facts)
{
    AUTO_JSON own = facts;
    json_t *line = json_pack("{s:s}", "status", "ok");
    json_object_update(line, own);
    say(caller, line);
    desk_end(caller);
}

static enum status list_rows(struct archive_role *a, struct archive *archive, struct arena *arena, json_t **out,
                             struct problem *why)
{
    struct set_row_list rows;
    TRY(set_keys_list(archive_keys(archive), arena, &rows, why));
    *out = json_pack("{s:o}", "sets", archive_rows_json(&rows, a->opening.config->backup.folder, arena));
    return ST_OK;
}

/* Without the work, or in the middle of it. */
static enum status list_sets(struct archive_role *a, struct arena *arena, json_t **out, struct problem *why)
{
    AUTO_ARCHIVE opened = NULL;
    if (a->opening.working != NULL)
        return list_rows(a, a->opening.working, arena, out, why);
    TRY(archive_open(a->opening.config, &a->opening.ports, &opened, why));
    return list_rows(a, opened, arena, out, why);
}

static void answer_list(struct archive_role *a, struct desk_caller *caller)
{
    AUTO_ARENA arena = arena_create(ANSWER_BYTES_MAX);
    json_t *facts;
    struct problem why;
    if (list_sets(a, arena, &facts, &why) == ST_OK)
        finish(caller, facts);
    else
        desk_fail(caller, &why);
}

/* There are as many places as a desk has callers. */
static void add_wish(struct archive_role *a, struct desk_caller *caller, enum wish_kind kind)
{
    a->wishes[a->wish_count++] = (struct wish){caller, kind};
    if (a->opening.working == NULL && !a->waiting)
        loop_timer_after(a->timer, 0);
}

static void answer_desk(void *context, struct desk_caller *caller, struct slice question, const struct moment *at)
{
    struct archive_role *a = context;
    AUTO_JSON object = NULL;
    struct problem why;
    (void)at;
    if (json_read(question, &object, &why) != ST_OK) {
        desk_fail(caller, &why);
        return;
    }
    struct slice asked = json_text(object, "ask");
    if (slice_equal(asked, LIT("list")))
        answer_list(a, caller);
    else if (slice_equal(asked, LIT("now")))
        add_wish(a, caller, WISH_SET);
    else if (slice_equal(asked, LIT("verify")))
        add_wish(a, caller, WISH_VERIFY);
    else {
        problem_set(&why, ST_NOT_FOUND, "no such question");
        desk_fail(caller, &why);
    }
}

enum status wishes_begin(struct archive_role *a, struct problem *why)
{
    return desk_create(a->role, answer_desk, a, &a->desk, why);
}

void wishes_end(struct archive_role *a)
{
    desk_destroy(&a->desk);
}

void wishes_tell(struct archive_role *a, const struct archive_step *step)
{
    int64_t now_ms = clock_monotonic_ms();
    if (a->wish_count == 0 || now_ms - a->told_ms < TOLD_MS)
        return;
    a->told_ms = now_ms;
    for (size_t i = 0; i < a->wish_count; i++)
        say(a->wishes[i].caller, json_pack("{s:s, s:I, s:I}", "doing", step->doing, "done", (json_int_t)step->done, "total",
                                           (json_int_t)step->total));
}

void wishes_tell_found(struct archive_role *a, struct slice set, const struct archive_found *found)
{
    for (size_t i = 0; i < a->wish_count; i++)
        if (a->wishes[i].kind == WISH_VERIFY)
            say(a->wishes[i].caller, archive_found_json(set, found));
}

static enum status make(struct archive_role *a, struct archive *archive, struct instant now, struct arena *arena,
                        json_t **facts, struct problem *why)
{
    enum set_kind kind;
    struct set_row made;
    TRY(archive_kind_now(archive, now, arena, &kind, why));
    TRY(make_and_tell(a, archive, kind, now, arena, &made, why));
    *facts = archive_made_json(&made);
    return ST_OK;
}

static enum status verify(struct archive_role *a, struct archive *archive, struct instant now, json_t **facts,
                          struct problem *why)
{
    struct set_verification sum;
    TRY(verify_and_tell(a, archive, now, &sum, why));
    *facts = json_pack("{s:I, s:I}", "sets", (json_int_t)sum.sets, "faults", (json_int_t)sum.faults);
    return ST_OK;
}

/* The first. */
static void take_out(struct archive_role *a)
{
    a->wish_count--;
    memmove(a->wishes, a->wishes + 1, a->wish_count * sizeof *a->wishes);
}

static void fulfil(struct archive_role *a, struct archive *archive, struct instant now)
{
    AUTO_ARENA arena = arena_create(ANSWER_BYTES_MAX);
    struct desk_caller *caller = a->wishes[0].caller;
    json_t *facts = NULL;
    struct problem why;
    enum status status = ST_OK;
    if (desk_has_left(caller))
        status = problem_set(&why, ST_UNAVAILABLE, "nobody waits for it");
    else if (a->wishes[0].kind == WISH_SET)
        status = make(a, archive, now, arena, &facts, &why);
    else
        status = verify(a, archive, now, &facts, &why);
    if (a->stopped)
        return;
    take_out(a);
    if (status == ST_OK)
        finish(caller, facts);
    else
        desk_fail(caller, &why);
}

void wishes_fulfil(struct archive_role *a, struct archive *archive, struct instant now)
{
    while (a->wish_count > 0 && !a->stopped)
        fulfil(a, archive, now);
}
