#include "formats/json/json.h"
#include "workstation/internal.h"

static struct finding (*const checks[POSTURE_ITEM_COUNT_])(const struct station *) = {
    [POSTURE_NO_ADMINISTRATOR] = check_administrators, [POSTURE_USB_STORAGE_OFF] = check_usb,
    [POSTURE_SCREEN_LOCK] = check_screen, [POSTURE_DISK_ENCRYPTED] = check_disk,
    [POSTURE_UPDATES] = check_updates, [POSTURE_NETWORK] = check_network,
};

void station_check(const struct station *station, struct finding found[POSTURE_ITEM_COUNT_])
{
    for (int item = 0; item < POSTURE_ITEM_COUNT_; item++)
        found[item] = checks[item] != NULL ? checks[item](station) : (struct finding){0};
}

bool station_is_good(const struct finding found[POSTURE_ITEM_COUNT_])
{
    struct posture posture = {.kind = DEVICE_WORKSTATION};
    for (int item = 0; item < POSTURE_ITEM_COUNT_; item++)
        posture.items[item] = found[item].state;
    return posture_is_good(&posture);
}

struct slice station_json(enum device_kind kind, const struct finding found[POSTURE_ITEM_COUNT_], struct arena *arena)
{
    AUTO_JSON report = json_object();
    json_t *items = json_array();
    for (int item = 0; item < POSTURE_ITEM_COUNT_; item++)
        if (posture_item_kinds[item] == kind)
            json_array_append_new(items, json_pack("{s:s, s:s, s:s?}", "item", posture_item_names[item], "state",
                                                   posture_state_names[found[item].state], "cause", found[item].cause));
    json_object_set_new(report, "items", items);
    json_object_set_new(report, "version", json_string(RENDEZ_VERSION));
    return json_write(report, arena);
}

struct slice station_text(const struct finding found[POSTURE_ITEM_COUNT_], struct arena *arena)
{
    AUTO_BUFFER out = buffer_create(POSTURE_ITEM_COUNT_ * 128);
    for (int item = 0; item < POSTURE_ITEM_COUNT_; item++)
        if (posture_item_kinds[item] == DEVICE_WORKSTATION)
            buffer_add_format(&out, found[item].cause != NULL ? "%-18s %-7s %s\n" : "%-18s %s\n", posture_item_names[item],
                              posture_state_names[found[item].state], found[item].cause);
    return arena_copy(arena, buffer_slice(&out));
}
