/* What somebody has typed into a decision that is tried. Masked as the rest of a mail it would tell which of the names and
 * addresses in it the organisation knows: so it stands aside meanwhile, and comes back with the names of the case alone taken
 * out. */
#include "domain/casefile/casefile.h"
#include "domain/casefile/parts.h"

static const char *const marks[CASE_TYPED_COUNT_] = {"zqxtypedoverxqz", "zqxtypedquestionxqz", "zqxtypedrefusalxqz", "zqxtypedplacexqz"};

static void set_aside(struct slice *words, enum case_typed_words which)
{
    if (words->len > 0)
        *words = slice_from(marks[which]);
}

void case_set_aside(struct supervisor_decision *decision)
{
    set_aside(&decision->take_over, CASE_TYPED_REPLY);
    set_aside(&decision->question, CASE_TYPED_QUESTION);
    set_aside(&decision->refusal, CASE_TYPED_REFUSAL);
    if (decision->has_place && decision->reading.requests.count > 0)
        set_aside(&decision->reading.requests.items[0].place.text, CASE_TYPED_PLACE);
}

/* One text, with every mark that is in it. */
static struct slice bring_back(const struct case_maker *maker, const struct mask *people, struct slice text)
{
    for (int i = 0; i < CASE_TYPED_COUNT_; i++) {
        struct slice mark = slice_from(marks[i]);
        size_t at = slice_find(text, mark, 0);
        struct masked words;
        if (at == SIZE_MAX || maker->facts->typed->words[i].len == 0)
            continue;
        mask_names(people, maker->facts->typed->words[i], CASE_TEXT_MAX, maker->arena, &words);
        text = arena_format(maker->arena, "%.*s%.*s%.*s", SLICE_ARG(slice_sub(text, 0, at)), SLICE_ARG(words.text),
                            SLICE_ARG(slice_sub(text, at + mark.len, text.len)));
    }
    return text;
}

static void walk(const struct case_maker *maker, const struct mask *people, json_t *value)
{
    const char *name;
    json_t *member;
    size_t index;
    if (json_is_string(value)) {
        struct slice text = {json_string_value(value), json_string_length(value)};
        json_string_set(value, arena_text(maker->arena, bring_back(maker, people, text)));
    }
    json_object_foreach(value, name, member) walk(maker, people, member);
    json_array_foreach(value, index, member) walk(maker, people, member);
}

void case_typed_back(const struct case_maker *maker, json_t *shown)
{
    static const char *const members[] = {"reading", "draft", "also"};
    if (maker->facts->typed == NULL)
        return;
    const struct mask *people = mask_create(&maker->people, NULL, maker->arena);
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        walk(maker, people, json_object_get(shown, members[i]));
}
