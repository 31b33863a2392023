/* Changes one event of a calendar text and leaves every other byte as it is. */
#include "formats/ical/internal.h"

static struct slice uid_of(struct slice block, struct arena *arena)
{
    struct ical_event event = {0};
    icalcomponent *component = block_parse(block, false, arena, &event);
    icalproperty *uid =
        component == NULL ? NULL : icalcomponent_get_first_property(component, ICAL_UID_PROPERTY);
    struct slice found = SLICE_NONE;
    if (uid != NULL)
        found = arena_copy(arena, slice_trim(slice_from(icalproperty_get_uid(uid))));
    if (component != NULL)
        icalcomponent_free(component);
    return found;
}

/* The text without the events of this UID; *removed counts them. */
static void copy_without(struct slice text, const struct outline *outline, size_t end,
                         struct slice uid, struct arena *arena, struct buffer *out, size_t *removed)
{
    size_t at = 0;
    for (size_t i = 0; i < outline->blocks.count; i++) {
        const struct block *block = &outline->blocks.items[i];
        if (block->kind != BLOCK_EVENT || !slice_equal(uid_of(block->text, arena), uid))
            continue;
        size_t from = (size_t)(block->text.data - text.data);
        buffer_add(out, slice_sub(text, at, from));
        at = from + block->text.len;
        ++*removed;
    }
    buffer_add(out, slice_sub(text, at, end));
}

/* Components of `formatted` that `text` must gain: the event, and zones that it lacks. */
static void add_components(struct slice formatted, struct slice text, struct arena *arena,
                           struct buffer *out)
{
    struct outline outline;
    if (outline_read(formatted, arena, &outline, NULL) != ST_OK)
        return;
    for (size_t i = 0; i < outline.blocks.count; i++) {
        const struct block *block = &outline.blocks.items[i];
        if (block->kind == BLOCK_ZONE) {
            size_t at = slice_find(block->text, LIT("TZID:"), 0), end;
            end = slice_find(block->text, LIT("\r\n"), at == SIZE_MAX ? 0 : at);
            if (at != SIZE_MAX && slice_contains(text, slice_sub(block->text, at, end + 2)))
                continue;
        }
        buffer_add(out, block->text);
    }
}

enum status ical_splice(struct slice text, struct slice uid, const struct ical_calendar *event,
                        struct instant dtstamp, struct arena *arena, struct slice *out,
                        struct problem *why)
{
    struct outline outline;
    if (uid.len == 0)
        return problem_set(why, ST_INVALID, "an event without UID");
    if (text.len > ICAL_BYTES_MAX)
        return problem_set(why, ST_LIMIT, "a calendar of more than %d bytes", ICAL_BYTES_MAX);
    TRY(outline_read(text, arena, &outline, why));
    size_t removed = 0;
    AUTO_BUFFER changed = buffer_create((size_t)ICAL_BYTES_MAX + 65536);
    copy_without(text, &outline, outline.calendar_end, uid, arena, &changed, &removed);
    if (event == NULL && removed == 0)
        return problem_set(why, ST_NOT_FOUND, "no event with this UID in the calendar");
    if (event != NULL) {
        struct slice formatted;
        TRY(ical_format(event, dtstamp, arena, &formatted, why));
        if (changed.len > 0 && changed.data[changed.len - 1] != '\n')
            buffer_add(&changed, LIT("\r\n"));
        add_components(formatted, text, arena, &changed);
    }
    buffer_add(&changed, slice_sub(text, outline.calendar_end, text.len));
    TRY(buffer_check(&changed, "calendar", why));
    *out = arena_copy(arena, buffer_slice(&changed));
    return ST_OK;
}
