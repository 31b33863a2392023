#ifndef RENDEZ_DOMAIN_POSTURE_H
#define RENDEZ_DOMAIN_POSTURE_H

#include "base/bytes/bytes.h"

/* How a device of the supervision room is, as it says itself. Only what holds counts: what it does not know is as bad as
 * what it knows to be wrong. */
enum posture_item {
#define ITEM(symbol, id) POSTURE_##symbol,
#include "domain/access/posture.def"
#undef ITEM
    POSTURE_ITEM_COUNT_,
};
extern const char *const posture_item_names[POSTURE_ITEM_COUNT_];

enum posture_state { POSTURE_UNKNOWN, POSTURE_FAILS, POSTURE_HOLDS, POSTURE_STATE_COUNT_ };
extern const char *const posture_state_names[POSTURE_STATE_COUNT_]; /* unknown, fails, holds */

struct posture {
    enum posture_state items[POSTURE_ITEM_COUNT_];
};
enum { POSTURE_SECONDS = 60 }; /* for so long a report counts */

/* All of it holds. */
bool posture_is_good(const struct posture *posture);
/* False: no such item, or state. */
bool posture_set(struct posture *posture, struct slice item, struct slice state);
/* "no_administrator=holds usb_storage_off=fails …", in the order of the items; and back, where what is not there is
 * unknown. */
struct slice posture_text(const struct posture *posture, struct arena *arena);
struct posture posture_read(struct slice text);

#endif
