#include "roles/console/shown.h"

#include <stdlib.h>
#include <string.h>

struct shown_list {
    struct shown all[SHOWN_MAX];
    shown_ended_fn *ended;
    void *context;
};

struct shown_list *shown_create(shown_ended_fn *ended, void *context)
{
    struct shown_list *list = must_calloc(1, sizeof *list);
    list->ended = ended;
    list->context = context;
    return list;
}

static bool is(const char *text, struct slice with)
{
    return slice_equal(slice_from(text), with);
}

static bool keep(char out[SHOWN_TEXT_MAX + 1], struct slice text)
{
    if (text.len > SHOWN_TEXT_MAX)
        return false;
    memcpy(out, text.data, text.len);
    out[text.len] = '\0';
    return true;
}

static void end(struct shown_list *list, struct shown *one, bool give_back)
{
    struct shown gone = *one;
    *one = (struct shown){.session = ""};
    list->ended(list->context, &gone, give_back);
    memset(&gone, 0, sizeof gone);
}

void shown_end_all(struct shown_list *list)
{
    for (size_t i = 0; i < SHOWN_MAX; i++)
        if (list->all[i].session[0] != '\0')
            end(list, &list->all[i], true);
}

void shown_destroy(struct shown_list **list)
{
    if (*list == NULL)
        return;
    shown_end_all(*list);
    free(*list);
    *list = NULL;
}

static struct shown *find(struct shown_list *list, const struct shown_by *by, enum case_part part)
{
    for (size_t i = 0; i < SHOWN_MAX; i++) {
        struct shown *one = &list->all[i];
        if (by->session.len > 0 && one->part == part && is(one->session, by->session) && is(one->task, by->task))
            return one;
    }
    return NULL;
}

const struct shown *shown_find(const struct shown_list *list, const struct shown_by *by, enum case_part part)
{
    return find((struct shown_list *)(uintptr_t)list, by, part);
}

static struct shown *find_free(struct shown_list *list)
{
    for (size_t i = 0; i < SHOWN_MAX; i++)
        if (list->all[i].session[0] == '\0')
            return &list->all[i];
    return NULL;
}

bool shown_begin(struct shown_list *list, const struct shown_by *by, const struct lease_ask *of, enum case_part part,
                 struct slice purpose, struct monotonic at)
{
    struct shown *before = find(list, by, part);
    if (before != NULL) /* of the same person and part there is one lease: keyd has ended the one before without a word */
        return by->lease.len == 0 || keep(before->lease, by->lease);
    struct shown *one = find_free(list), made = {.part = part, .since = at};
    if (one == NULL || by->session.len == 0 || !keep(made.session, by->session) || !keep(made.person, by->person) ||
        !keep(made.task, by->task) || !keep(made.meeting, of->meeting) || !keep(made.organisation, of->organisation) ||
        !keep(made.purpose, purpose) || !keep(made.lease, by->lease))
        return false;
    *one = made;
    return true;
}

void shown_end_part(struct shown_list *list, const struct shown_by *by, enum case_part part)
{
    struct shown *one = find(list, by, part);
    if (one != NULL)
        end(list, one, true);
}

void shown_end_task(struct shown_list *list, const struct shown_by *by)
{
    for (int part = 0; part < CASE_PART_COUNT_; part++)
        shown_end_part(list, by, (enum case_part)part);
}

void shown_end_session(struct shown_list *list, struct slice session)
{
    for (size_t i = 0; session.len > 0 && i < SHOWN_MAX; i++)
        if (is(list->all[i].session, session))
            end(list, &list->all[i], true);
}

void shown_end_lease(struct shown_list *list, struct slice lease)
{
    for (size_t i = 0; lease.len > 0 && i < SHOWN_MAX; i++)
        if (list->all[i].session[0] != '\0' && is(list->all[i].lease, lease))
            end(list, &list->all[i], false);
}

size_t shown_count(const struct shown_list *list)
{
    size_t count = 0;
    for (size_t i = 0; i < SHOWN_MAX; i++)
        count += list->all[i].session[0] != '\0';
    return count;
}

int64_t shown_seconds(const struct shown *shown, struct monotonic at)
{
    return (at.ms - shown->since.ms) / 1000;
}
