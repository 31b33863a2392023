/* Who gets what. */
#include "domain/supervision/supervision.h"

static bool has_word(struct slice list, struct slice word)
{
    for (size_t at = 0; at < list.len;) {
        size_t end = slice_find(list, LIT(" "), at);
        end = end == SIZE_MAX ? list.len : end;
        if (slice_equal(slice_sub(list, at, end), word))
            return true;
        at = end + 1;
    }
    return false;
}

static bool is_kept_from(const struct supervision_task *task, const struct supervisor *who, struct instant now)
{
    if (task->kept_for.len == 0 || task->kept_until.us <= now.us)
        return false;
    if (slice_equal(task->kept_for, TASK_FOR_LEADS))
        return !who->lead;
    return !slice_equal(task->kept_for, who->person);
}

bool supervision_may_take(const struct supervision_task *task, const struct supervisor *who, bool by_name,
                          struct instant now)
{
    bool own = task->state == TASK_SECONDING && slice_equal(task->proposed_by, who->person);
    bool any = by_name && who->lead;
    if (own || task->taken_by.len > 0 || task->state == TASK_CLOSED)
        return false;
    if (has_word(task->not_by, who->person) || (is_kept_from(task, who, now) && !any))
        return false;
    return any || ((task->language == LANGUAGE_UNKNOWN || (who->languages & 1u << task->language) != 0) &&
                   (task->skill == SKILL_NONE || (who->skills & 1u << task->skill) != 0));
}

bool supervision_has_room(const struct supervision_task *task, struct slice person,
                          const struct task_holder_list *held)
{
    size_t own = 0;
    for (size_t i = 0; i < held->count; i++) {
        bool theirs = slice_equal(held->items[i].person, person);
        own += theirs;
        if (!theirs && task->meeting.len > 0 && slice_equal(held->items[i].meeting, task->meeting))
            return false;
    }
    return own < TASKS_HELD_MAX;
}

/* What of it they have begun already. */
static bool is_their_own(const struct supervision_task *task, struct slice person,
                         const struct task_holder_list *held)
{
    if (slice_equal(task->kept_for, person))
        return true;
    for (size_t i = 0; task->meeting.len > 0 && i < held->count; i++)
        if (slice_equal(held->items[i].person, person) && slice_equal(held->items[i].meeting, task->meeting))
            return true;
    return false;
}

const struct supervision_task *supervision_choose(const struct supervision_task_list *waiting,
                                                  const struct supervisor *who,
                                                  const struct task_holder_list *held, struct instant now)
{
    const struct supervision_task *first = NULL;
    for (size_t i = 0; i < waiting->count; i++) {
        const struct supervision_task *task = &waiting->items[i];
        if (!supervision_may_take(task, who, false, now) || !supervision_has_room(task, who->person, held))
            continue;
        if (is_their_own(task, who->person, held))
            return task;
        first = first == NULL ? task : first;
    }
    return first;
}

bool supervision_before(const struct supervision_task *a, const struct supervision_task *b)
{
    if (a->rank != b->rank)
        return a->rank < b->rank;
    return a->deadline.us != b->deadline.us ? a->deadline.us < b->deadline.us : a->opened.us < b->opened.us;
}

unsigned supervision_skills_on_duty(const struct supervisor *people, size_t count, struct instant now)
{
    unsigned skills = 1u << SKILL_NONE;
    for (size_t i = 0; i < count; i++)
        if (now.us - people[i].seen.us <= (int64_t)SUPERVISOR_ON_DUTY_SECONDS * 1000000)
            skills |= people[i].skills;
    return skills;
}

bool supervision_is_sampled(uint64_t draw, const struct supervision_rules *rules)
{
    return draw % 1000 < rules->sample_permille;
}
