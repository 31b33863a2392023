#include "check.h"
#include "domain/access/posture.h"

#define ALL "no_administrator=holds usb_storage_off=holds screen_lock=holds disk_encrypted=holds updates=holds "

static const struct {
    const char *text;
    bool good;
    const char *again; /* as it is written; NULL: the same */
    enum device_kind kind;
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
    {ALL "network=fails/no_tunnel", false, NULL},
    {ALL "network=holds/no_tunnel", true, ALL "network=holds"},
    {ALL "network=fails/<b>", false, ALL "network=unknown"},
    {"firewall=holds", true, NULL, DEVICE_GATEWAY},
    {"firewall=fails/drift", false, NULL, DEVICE_GATEWAY},
    {ALL "network=holds", false, "firewall=unknown", DEVICE_GATEWAY},
    {"camera=holds", true, NULL, DEVICE_RECORDER},
    {"firewall=holds", false, "camera=unknown", DEVICE_RECORDER},
    {"a/b=c/d / = /=", false, "camera=unknown", DEVICE_RECORDER},
};

static void only_what_holds_counts(void)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        AUTO_ARENA arena = arena_create(4096);
        struct posture posture = posture_read(slice_from(cases[i].text), cases[i].kind);
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
            struct posture posture = {.kind = posture_item_kinds[bad]};
            check_row(posture_item_names[bad]);
            for (int item = 0; item < POSTURE_ITEM_COUNT_; item++)
                CHECK_NUMBER(posture_set(&posture, slice_from(posture_item_names[item]),
                                         slice_from(posture_state_names[item == bad ? state : POSTURE_HOLDS]), LIT("why")),
                             posture_item_kinds[item] == posture.kind);
            CHECK_NUMBER(posture_is_good(&posture), state == POSTURE_HOLDS);
            CHECK_TEXT(posture_cause(&posture), state == POSTURE_HOLDS ? "" : "why");
        }
    struct posture posture = {0};
    CHECK(!posture_set(&posture, LIT("firewall"), LIT("holds"), SLICE_NONE));
    CHECK(!posture_set(&posture, LIT("network"), LIT("yes"), SLICE_NONE));
    CHECK(!posture_set(&posture, LIT("network"), LIT("fails"), LIT("two words")));
    CHECK(!posture_set(&posture, LIT("network"), LIT("fails"), LIT("longer_than_any_word_that_we_have")));
}

static void kinds_are_told_by_ids(void)
{
    for (int kind = 0; kind < DEVICE_KIND_COUNT_; kind++) {
        AUTO_ARENA arena = arena_create(1024);
        enum device_kind read = DEVICE_KIND_COUNT_;
        CHECK(device_kind_from_name(slice_from(device_kind_names[kind]), &read));
        CHECK_NUMBER(read, kind);
        CHECK_NUMBER(device_kind_of(arena_format(arena, "%s_gateway", device_kind_prefixes[kind])), kind);
    }
    enum device_kind kept = DEVICE_GATEWAY;
    CHECK(!device_kind_from_name(LIT("toaster"), &kept) && kept == DEVICE_GATEWAY);
    CHECK_NUMBER(device_kind_of(LIT("gx_1")), DEVICE_WORKSTATION);
    CHECK_NUMBER(device_kind_of(SLICE_NONE), DEVICE_WORKSTATION);
}

int main(void)
{
    TEST(only_what_holds_counts);
    TEST(every_item_counts);
    TEST(kinds_are_told_by_ids);
    return check_done();
}
