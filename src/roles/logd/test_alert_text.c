#include "roles/logd/alert_text.h"

#include "base/eventlog/eventlog.h"
#include "check.h"
#include "formats/json/json.h"

enum { ARENA_MAX = 4 << 20 };

static struct alert alert;

static void make_alert(void)
{
    alert = (struct alert){
        .id = LIT("al_1"), .kind = LIT("role.process.crashed"), .role = LIT("reader"), .build = LIT("0123abcd"),
        .words = LIT("role.name=reader\ncause=SIGSEGV\naddresses=0x1 0x2\n"), .count = 3, .state = ALERT_OPEN,
        .first = {1795651118000000}, .last = {1795651119000000},
    };
}

static struct config config_of(const char *text, struct arena *arena)
{
    struct config config;
    CHECK_OK(config_parse(slice_from(text), LIT("/srv"), arena, &config, NULL));
    return config;
}

static const struct {
    const char *language;
    enum delivery_what what;
    const char *subject, *says;
    size_t to;
} mails[] = {
    {"fr", TELL_OPENED, "[Rendez] reader : un processus du service s'est arrêté brutalement et a été relancé (SIGSEGV)",
     "Prendre en charge : rendez alert acknowledge al_1", 2},
    {"en", TELL_OPENED, "[Rendez] reader: a process of the service fell and was started again (SIGSEGV)",
     "Take charge of it: rendez alert acknowledge al_1", 2},
    {"fr", TELL_ESCALATED, "[Rendez] sans réponse : reader : un processus du service s'est arrêté brutalement et a été relancé (SIGSEGV)",
     "Personne n'a pris cette alerte en charge.", 1},
    {"en", TELL_MANY, "[Rendez] many alerts at once", "for an hour they are not told one by one", 2},
};

static void mails_say_what_happened(void)
{
    for (size_t i = 0; i < sizeof mails / sizeof *mails; i++) {
        AUTO_ARENA arena = arena_create(ARENA_MAX);
        struct config config = config_of(
            arena_format(arena, "assistant = { language = \"%s\"; };\npublic_url = \"https://meet.example\";\n"
                         "alerts = { mail = \" ops@meet.example  night@meet.example\"; escalate = \"lead@meet.example\"; };\n",
                         mails[i].language).data, arena);
        struct delivery delivery = {.id = LIT("dl_1"), .what = mails[i].what};
        struct mail_draft draft;
        struct slice raw;
        check_row(mails[i].subject);
        alert_mail(&config, &alert, &delivery, (struct instant){1795651120000000}, arena, &draft);
        CHECK_TEXT(draft.subject, mails[i].subject);
        CHECK(slice_contains(draft.text, slice_from(mails[i].says)));
        CHECK(slice_contains(draft.text, LIT("  cause=SIGSEGV\n  addresses=0x1 0x2\n  build=0123abcd\n")));
        CHECK(slice_contains(draft.text, LIT("https://meet.example/account/metrics")));
        CHECK_NUMBER(draft.to.count, mails[i].to);
        CHECK(draft.automatic);
        CHECK_OK(mime_format(&draft, arena, &raw, NULL));
    }
}

static void each_told_event_has_its_words(void)
{
    for (int i = 0; i < EVENT_COUNT_; i++) {
        struct slice kind = slice_from(event_name((enum event)i));
        check_row(kind.data);
        if (event_mark((enum event)i) != EVENT_TOLD || i == EVENT_EXERCISE)
            continue;
        /* src/roles/logd/alert_words.def */
        CHECK(strcmp(alert_sentence(kind, true), alert_sentence(kind, false)) != 0);
    }
    CHECK_TEXT(slice_from(alert_sentence(LIT("no.such.event"), true)), "?");
}

/* RFC 4231 has the function; this is what our documentation says of the header. */
static void calls_are_signed(void)
{
    AUTO_ARENA arena = arena_create(ARENA_MAX);
    struct instant now = {1700000000 * INT64_C(1000000)};
    CHECK_TEXT(alert_signature(LIT("a secret of 24 characters"), LIT("{}"), now, arena),
               "t=1700000000,v1=f5a7517f797bcbb1a8bcb86dfdb97574d87eb891b11a5dec8183844d74e660c7");
    CHECK(!slice_equal(alert_signature(LIT("another secret"), LIT("{}"), now, arena),
                       alert_signature(LIT("a secret of 24 characters"), LIT("{}"), now, arena)));
}

static void calls_hold_the_alert(void)
{
    AUTO_ARENA arena = arena_create(ARENA_MAX);
    struct config config = config_of("public_url = \"https://meet.example\";\n", arena);
    struct delivery delivery = {.id = LIT("dl_1"), .what = TELL_OPENED};
    AUTO_JSON call = NULL;
    CHECK_OK(json_read(alert_call(&config, &alert, &delivery, arena), &call, NULL));
    const json_t *inner = json_object_get(call, "alert");
    CHECK_TEXT(json_text(call, "event"), "opened");
    CHECK_TEXT(json_text(call, "id"), "dl_1");
    CHECK_TEXT(json_text(inner, "role"), "reader");
    CHECK_TEXT(json_text(inner, "state"), "open");
    CHECK_TEXT(json_text(inner, "first"), "2026-11-25T23:58:38+00:00");
    CHECK_TEXT(json_text(json_object_get(inner, "words"), "addresses"), "0x1 0x2");
    CHECK_NUMBER(json_number(inner, "count", 0), 3);
    CHECK(json_is_null(json_object_get(inner, "ended")));
}

int main(void)
{
    make_alert();
    TEST(mails_say_what_happened);
    TEST(each_told_event_has_its_words);
    TEST(calls_are_signed);
    TEST(calls_hold_the_alert);
    return check_done();
}
