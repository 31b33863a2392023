/* firewall: the rules in the kernel are those that are printed for this gateway, and nothing else. Compared is what nft(8) says
 * of both in JSON (libnftables-json(5)). */
#include <stdlib.h>

#include "formats/json/json.h"
#include "workstation/internal.h"

enum { OBJECTS_MAX = 65536 };

/* A table, a chain, a rule …, as it counts. */
struct part {
    struct slice place; /* what it is and where: rules of one chain have the same, and an order */
    struct slice text;
    size_t order;
};
struct part_list {
    struct part *items;
    size_t count, capacity;
};

/* What a counter has counted, at whatever depth (json_read ends at 64). */
static void forget_counts(json_t *value)
{
    const char *name;
    json_t *member;
    size_t index;
    json_array_foreach(value, index, member)
        forget_counts(member);
    json_object_foreach(value, name, member) {
        if (slice_equal(slice_from(name), LIT("counter")) && json_is_object(member)) {
            json_object_del(member, "packets");
            json_object_del(member, "bytes");
        }
        forget_counts(member);
    }
}

static bool add_part(json_t *object, struct arena *arena, struct part_list *out)
{
    const char *kind = json_object_iter_key(json_object_iter(object));
    json_t *inner = kind == NULL ? NULL : json_object_get(object, kind);
    if (json_object_size(object) != 1 || !json_is_object(inner))
        return false;
    if (slice_equal(slice_from(kind), LIT("metainfo")))
        return true;
    json_object_del(inner, "handle"); /* numbers that the kernel gives as they come */
    forget_counts(object);
    struct slice chain = json_text(inner, "chain"), name = json_text(inner, "name"), within = chain.len > 0 ? chain : name;
    struct slice family = json_text(inner, "family"), table = json_text(inner, "table");
    ARENA_PUSH(arena, out, ((struct part){
        arena_format(arena, "%s %.*s %.*s %.*s", kind, SLICE_ARG(family), SLICE_ARG(table), SLICE_ARG(within)),
        json_write(object, arena), out->count}));
    return true;
}

static int by_place(const void *a, const void *b)
{
    const struct part *one = a, *two = b;
    int order = slice_compare(one->place, two->place);
    return order != 0 ? order : (one->order > two->order) - (one->order < two->order);
}

/* False: no ruleset. */
static bool read_ruleset(struct slice text, struct arena *arena, struct part_list *out)
{
    AUTO_JSON whole = NULL;
    json_t *objects, *object;
    size_t index;
    if (json_read(text, &whole, NULL) != ST_OK || !json_is_object(whole))
        return false;
    objects = json_object_get(whole, "nftables");
    if (!json_is_array(objects) || json_array_size(objects) > OBJECTS_MAX)
        return false;
    json_array_foreach(objects, index, object)
        if (!add_part(object, arena, out))
            return false;
    if (out->count > 0)
        qsort(out->items, out->count, sizeof *out->items, by_place);
    return true;
}

static bool has_room_table(const struct part_list *parts)
{
    for (size_t i = 0; i < parts->count; i++)
        if (slice_equal(parts->items[i].place, LIT("table inet  rendez_room")))
            return true;
    return false;
}

struct finding firewall_judge(struct slice wanted, struct slice live, struct arena *arena)
{
    struct part_list want = {0}, is = {0};
    if (!read_ruleset(wanted, arena, &want) || !has_room_table(&want) || !read_ruleset(live, arena, &is))
        return unknown("unreadable");
    if (!has_room_table(&is))
        return fails("absent");
    if (want.count != is.count)
        return fails("drift");
    for (size_t i = 0; i < want.count; i++)
        if (!slice_equal(want.items[i].text, is.items[i].text))
            return fails("drift");
    return HOLDS;
}
