#include "roles/messages/keys.h"

const struct case_part_row case_parts[CASE_PART_COUNT_] = {
    [CASE_SHOWN] = {"case", KEY_FOR_SUPERVISION},
    [CASE_PEOPLE] = {"people", KEY_FOR_SUPERVISION_PEOPLE},
    [CASE_WORDS] = {"words", KEY_FOR_SUPERVISION_WORDS},
    [CASE_DRAFT] = {"draft", KEY_FOR_SUPERVISION_DRAFT},
};

enum case_part case_part_from_name(struct slice name)
{
    int part = 0;
    while (part < CASE_PART_COUNT_ && !slice_equal(name, slice_from(case_parts[part].name)))
        part++;
    return (enum case_part)part;
}

enum case_part case_part_of_purpose(enum key_purpose purpose)
{
    int part = 0;
    while (part < CASE_PART_COUNT_ && case_parts[part].purpose != purpose)
        part++;
    return (enum case_part)part;
}
