#include "check.h"
#include "domain/access/posture.h"

#define ALL "no_administrator=holds usb_storage_off=holds screen_lock=holds disk_encrypted=holds updates=holds "

static const struct {
    const char *text;
    bool good;
    const char *again; /* as it is written; NULL: the same */
} cases[] = {
    {ALL "network=holds", true, NULL},
    {ALL "network=fails", false, NULL},
    {ALL "network=unknown", false, NULL},
    {ALL, false, ALL "network=unknown"},
    {"network=holds " ALL, true, ALL "network=holds"},
    {ALL "network=HOLDS", false, ALL "network=unknown"},
    {ALL "network=holds firewall=holds", true, ALL "network=holds"},
    {"", false, "no_administrator=unknown usb_storage_off=unknown screen_lock=unknown disk_encrypted=unknown "
                "updates=unknown network=unknown"},
};

static void only_what_holds_counts(void)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        AUTO_ARENA arena = arena_create(4096);
        struct posture posture = posture_read(slice_from(cases[i].text));
        check_row(cases[i].text);
        CHECK_NUMBER(posture_is_good(&posture), cases[i].good);
        CHECK_TEXT(posture_text(&posture, arena), cases[i].again != NULL ? cases[i].again : cases[i].text);
    }
}

/* Each item by itself keeps a device out. */
static void every_item_counts(void)
{
    for (int bad = 0; bad < POSTURE_ITEM_COUNT_; bad++)
        for (int state = 0; state < POSTURE_STATE_COUNT_; state++) {
            struct posture posture = {0};
            for (int item = 0; item < POSTURE_ITEM_COUNT_; item++)
                CHECK(posture_set(&posture, slice_from(posture_item_names[item]),
                                  slice_from(posture_state_names[item == bad ? state : POSTURE_HOLDS])));
            check_row(posture_item_names[bad]);
            CHECK_NUMBER(posture_is_good(&posture), state == POSTURE_HOLDS);
        }
    struct posture posture = {0};
    CHECK(!posture_set(&posture, LIT("firewall"), LIT("holds")));
    CHECK(!posture_set(&posture, LIT("network"), LIT("yes")));
}

int main(void)
{
    TEST(only_what_holds_counts);
    TEST(every_item_counts);
    return check_done();
}
