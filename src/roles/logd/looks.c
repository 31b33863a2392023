#include "roles/logd/looks.h"

#include "base/eventlog/kinds.h"

enum {
    AT_ONCE = 1 << 16,     /* entries that one call goes through */
    BACK_MAX = 1 << 20,    /* a day has fewer: an older figure is none */
};

struct part {
    struct log_looks *looks;
    uint64_t end;
};

/* "NAME=VALUE" among ids; none: empty. */
static struct slice value_of(struct slice ids, struct slice name)
{
    while (ids.len > 0) {
        size_t end = slice_find(ids, LIT(" "), 0);
        struct slice word = slice_sub(ids, 0, end);
        if (slice_starts(word, name) && word.len > name.len && word.data[name.len] == '=')
            return slice_sub(word, name.len + 1, word.len);
        ids = slice_sub(ids, end == SIZE_MAX ? ids.len : end + 1, ids.len);
    }
    return SLICE_NONE;
}

/* Planner's own only: no other role can say it. */
static bool read_figure(const struct logbook_entry *entry, struct log_looks *out)
{
    uint64_t looks, wrong;
    bool good = slice_equal(entry->kind, slice_from(log_kind_name(LOG_LOOKS_COUNTED))) && slice_starts(entry->source, LIT("store/")) &&
                civil_date_parse(value_of(entry->ids, LIT("from")), &out->from, NULL) == ST_OK &&
                civil_date_parse(value_of(entry->ids, LIT("until")), &out->until, NULL) == ST_OK &&
                slice_to_u64(value_of(entry->ids, LIT("looks")), UINT32_MAX, &looks) &&
                slice_to_u64(value_of(entry->ids, LIT("wrong")), UINT32_MAX, &wrong) && wrong <= looks;
    if (!good)
        return false;
    out->at = entry->at;
    out->looks = (uint32_t)looks;
    out->wrong = (uint32_t)wrong;
    return true;
}

static enum status note_entry(void *context, uint64_t number, struct slice line, struct problem *why)
{
    struct part *part = context;
    struct logbook_entry entry;
    struct log_looks found = *part->looks;
    if (number >= part->end)
        return problem_set(why, ST_NOT_FOUND, "the end of the part");
    if (logbook_read_entry(line, &entry) && read_figure(&entry, &found)) {
        found.entry = number;
        *part->looks = found;
    }
    part->looks->next = number + 1;
    return ST_OK;
}

enum status log_looks_follow(struct log_looks *looks, struct ledger *ledger, bool *all, struct problem *why)
{
    uint64_t published = ledger_published(ledger);
    *all = false;
    if (!looks->begun || looks->next > published)
        *looks = (struct log_looks){.begun = true, .next = published > BACK_MAX ? published - BACK_MAX : 0};
    struct part part = {looks, published - looks->next > AT_ONCE ? looks->next + AT_ONCE : published};
    enum status status = looks->next < part.end ? ledger_each(ledger, looks->next, note_entry, &part, why) : ST_OK;
    *all = looks->next == published;
    return status == ST_NOT_FOUND ? ST_OK : status;
}
