#ifndef RENDEZ_DOMAIN_POSTURE_H
#define RENDEZ_DOMAIN_POSTURE_H

#include "base/bytes/bytes.h"

/* Devices of the supervision room, and how one is, as it says itself. Only what holds counts: what it does not know is as bad
 * as what it knows to be wrong. */

/* Fixed when it is enrolled: by how its id begins. */
enum device_kind { DEVICE_WORKSTATION, DEVICE_GATEWAY, DEVICE_RECORDER, DEVICE_KIND_COUNT_ };
extern const char *const device_kind_names[DEVICE_KIND_COUNT_];    /* workstation, gateway, recorder */
extern const char *const device_kind_prefixes[DEVICE_KIND_COUNT_]; /* of ids: "d" for "d_…", g, r */
bool device_kind_from_name(struct slice name, enum device_kind *out);
enum device_kind device_kind_of(struct slice id); /* whatever is of no other kind is a workstation */

enum posture_item {
#define ITEM(symbol, id, kind) POSTURE_##symbol,
#include "domain/access/posture.def"
#undef ITEM
    POSTURE_ITEM_COUNT_,
};
extern const char *const posture_item_names[POSTURE_ITEM_COUNT_];
extern const enum device_kind posture_item_kinds[POSTURE_ITEM_COUNT_];

enum posture_state { POSTURE_UNKNOWN, POSTURE_FAILS, POSTURE_HOLDS, POSTURE_STATE_COUNT_ };
extern const char *const posture_state_names[POSTURE_STATE_COUNT_]; /* unknown, fails, holds */

struct posture {
    enum device_kind kind; /* items of others are not looked at */
    enum posture_state items[POSTURE_ITEM_COUNT_];
    struct slice causes[POSTURE_ITEM_COUNT_]; /* a word, or empty; borrowed */
};
enum { POSTURE_SECONDS = 60, POSTURE_CAUSE_MAX = 32 };
/* For so long a report counts: POSTURE_SECONDS, of a recorder ten minutes. */
extern const unsigned posture_late_s[DEVICE_KIND_COUNT_];

/* All of it holds. */
bool posture_is_good(const struct posture *posture);
/* Of the first item that does not hold; empty: all do, or it says none. */
struct slice posture_cause(const struct posture *posture);
/* False: its kind has no such item; no such state; a cause that is no word of [a-z0-9_] (empty: none). */
bool posture_set(struct posture *posture, struct slice item, struct slice state, struct slice cause);
/* "no_administrator=holds usb_storage_off=fails/ports_open …", in the order of the items; and back, where what is not there
 * is unknown. */
struct slice posture_text(const struct posture *posture, struct arena *arena);
struct posture posture_read(struct slice text, enum device_kind kind);

#endif
