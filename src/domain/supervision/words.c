/* Names of states, reasons and rules, and what settings say of them. */
#include "domain/supervision/supervision.h"

const char *const task_state_names[TASK_STATE_COUNT_] = {
    [TASK_WAITING] = "waiting", [TASK_TAKEN] = "taken", [TASK_SECONDING] = "seconding", [TASK_CLOSED] = "closed",
};
const char *const task_priority_names[TASK_PRIORITY_COUNT_] = {
    [TASK_LOW] = "low", [TASK_NORMAL] = "normal", [TASK_HIGH] = "high", [TASK_URGENT] = "urgent",
};
const char *const task_skill_names[SKILL_COUNT_] = {
    [SKILL_NONE] = "", [SKILL_GUEST] = "guest", [SKILL_COMPLAINT] = "complaint", [SKILL_TECHNICAL] = "technical",
};
const char *const task_end_names[TASK_END_COUNT_] = {
    [TASK_OPEN] = "", [TASK_DECIDED] = "decided", [TASK_OVERTAKEN] = "overtaken", [TASK_SEEN] = "seen",
};
const char *const decision_act_names[DECISION_ACT_COUNT_] = {
    [DECISION_APPROVE] = "approve",   [DECISION_CORRECT] = "correct", [DECISION_TAKE_OVER] = "take_over",
    [DECISION_ASK_BACK] = "ask_back", [DECISION_REFUSE] = "refuse",
};

/* Why a task is opened, how much it presses, and what who takes it should be good at. The last one is of
 * every reason that is not here. */
const struct task_reason task_reasons[] = {
    {"unsure", TASK_NORMAL, SKILL_NONE},
    {"unclear", TASK_NORMAL, SKILL_NONE},
    {"conditional", TASK_NORMAL, SKILL_NONE},
    {"occurrence", TASK_NORMAL, SKILL_NONE},
    {"series", TASK_NORMAL, SKILL_NONE},
    {"suspicious", TASK_NORMAL, SKILL_NONE},
    {"policy", TASK_NORMAL, SKILL_NONE},
    {"hostile", TASK_HIGH, SKILL_COMPLAINT},
    {"complaint", TASK_HIGH, SKILL_COMPLAINT},
    {"asked", TASK_HIGH, SKILL_GUEST},
    {"stuck", TASK_HIGH, SKILL_TECHNICAL},
    {"reader_died", TASK_HIGH, SKILL_TECHNICAL},
    {"planner_died", TASK_HIGH, SKILL_TECHNICAL},
    {"no_sender", TASK_HIGH, SKILL_TECHNICAL},
    {"too_large", TASK_HIGH, SKILL_TECHNICAL},
    {"failed", TASK_HIGH, SKILL_TECHNICAL},
    {"waited", TASK_HIGH, SKILL_TECHNICAL}, /* for a calendar or a key, a whole day */
    {"sample", TASK_LOW, SKILL_NONE},
    {"", TASK_HIGH, SKILL_TECHNICAL},
};
const size_t task_reason_count = sizeof task_reasons / sizeof *task_reasons;

const struct task_reason *task_reason_find(struct slice name)
{
    for (size_t i = 0; i + 1 < task_reason_count; i++)
        if (slice_equal(name, slice_from(task_reasons[i].name)))
            return &task_reasons[i];
    return &task_reasons[task_reason_count - 1];
}

const struct supervision_rules supervision_defaults = {
    .minutes = {240, 60, 20, 10}, .four_eyes = 1u << DECISION_REFUSE, .sample_permille = 20,
};

static bool next_word(struct slice *rest, struct slice *word)
{
    size_t start = 0, end;
    while (start < rest->len && (rest->data[start] == ' ' || rest->data[start] == ','))
        start++;
    for (end = start; end < rest->len && rest->data[end] != ' ' && rest->data[end] != ',';)
        end++;
    *word = slice_sub(*rest, start, end);
    *rest = slice_sub(*rest, end, rest->len);
    return word->len > 0;
}

enum status supervision_minutes_parse(struct slice text, struct supervision_rules *rules, struct problem *why)
{
    enum { WEEK_MIN = 7 * 24 * 60 };
    struct slice word;
    uint32_t minutes[TASK_PRIORITY_COUNT_];
    size_t count = 0;
    for (; next_word(&text, &word); count++) {
        uint64_t number = 0;
        if (count == TASK_PRIORITY_COUNT_ || !slice_to_u64(word, WEEK_MIN, &number) || number == 0)
            return problem_set(why, ST_INVALID, "four numbers of minutes, like 240 60 20 10");
        minutes[count] = (uint32_t)number;
    }
    if (count != TASK_PRIORITY_COUNT_)
        return problem_set(why, ST_INVALID, "four numbers of minutes, like 240 60 20 10");
    memcpy(rules->minutes, minutes, sizeof minutes);
    return ST_OK;
}

/* Words of a list as bits. */
static enum status parse_words(struct slice text, const char *const *names, size_t count, unsigned *out,
                               struct problem *why)
{
    struct slice word;
    unsigned bits = 0;
    while (next_word(&text, &word)) {
        size_t at = 0;
        while (at < count && !slice_equal(word, slice_from(names[at])))
            at++;
        if (at == count)
            return problem_set(why, ST_INVALID, "\"%.*s\" is none of its words", SLICE_ARG(slice_sub(word, 0, 30)));
        bits |= 1u << at;
    }
    *out = bits;
    return ST_OK;
}

enum status supervision_four_eyes_parse(struct slice text, struct supervision_rules *rules, struct problem *why)
{
    return parse_words(text, decision_act_names, DECISION_ACT_COUNT_, &rules->four_eyes, why);
}

enum status supervisor_languages_parse(struct slice text, unsigned *out, struct problem *why)
{
    return parse_words(text, language_names, LANGUAGE_COUNT_, out, why);
}

enum status supervisor_skills_parse(struct slice text, unsigned *out, struct problem *why)
{
    return parse_words(text, task_skill_names, SKILL_COUNT_, out, why);
}
