#include "roles/logd/alert_text.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/eventlog/eventlog.h"
#include "formats/json/json.h"
#include "roles/messages/told.h"

enum { TEXT_BYTES_MAX = 16 * 1024 };

static const struct {
    enum event event;
    const char *french, *english;
} sentences[] = {
#define WORDS(event, french, english) {EVENT_##event, french, english},
#include "roles/logd/alert_words.def"
#undef WORDS
};

const char *alert_sentence(struct slice kind, bool french)
{
    enum event event = event_from_name(kind);
    for (size_t i = 0; i < sizeof sentences / sizeof *sentences; i++)
        if (sentences[i].event == event)
            return french ? sentences[i].french : sentences[i].english;
    return event == EVENT_COUNT_ ? "?" : event_sentence(event);
}

static struct slice domain_of(struct slice address)
{
    size_t at = slice_find(address, LIT("@"), 0);
    return at == SIZE_MAX ? LIT("localhost") : slice_sub(address, at + 1, address.len);
}

static struct slice cause_of(const struct alert *alert)
{
    struct slice words = alert->words, line;
    while (slice_next_line(&words, &line))
        if (slice_starts(line, LIT("cause=")))
            return slice_sub(line, 6, line.len);
    return SLICE_NONE;
}

static struct slice subject_of(const struct alert *alert, enum delivery_what what, bool french, struct arena *arena)
{
    struct slice cause = cause_of(alert);
    const char *again = what != TELL_ESCALATED ? "" : french ? "sans réponse : " : "unanswered: ";
    if (what == TELL_MANY)
        return french ? LIT("[Rendez] beaucoup d'alertes à la fois") : LIT("[Rendez] many alerts at once");
    return arena_format(arena, "[Rendez] %s%.*s%s%s%s%.*s%s", again, SLICE_ARG(alert->role), french ? " : " : ": ",
                        alert_sentence(alert->kind, french), cause.len > 0 ? " (" : "", SLICE_ARG(cause),
                        cause.len > 0 ? ")" : "");
}

static void add_alert(struct buffer *text, const struct alert *alert, bool french, struct arena *arena)
{
    struct slice words = alert->words, line;
    struct slice first = instant_format(alert->first, zone_utc(), arena);
    buffer_add_format(text, "%.*s%s%s.\n\n", SLICE_ARG(alert->role), french ? " : " : ": ",
                      alert_sentence(alert->kind, french));
    buffer_add_format(text, "  event=%.*s\n", SLICE_ARG(alert->kind));
    while (slice_next_line(&words, &line))
        buffer_add_format(text, "  %.*s\n", SLICE_ARG(line));
    buffer_add_format(text, "  build=%.*s\n  version=%s\n\n", SLICE_ARG(alert->build), RENDEZ_VERSION);
    buffer_add_format(text, french ? "Depuis : %.*s. Nombre : %u. D'autres pareils ne font que compter.\n"
                                   : "Since: %.*s. Count: %u. More of the same only count.\n",
                      SLICE_ARG(first), alert->count);
}

static void add_ways(struct buffer *text, const struct config *config, const struct alert *alert, bool french)
{
    buffer_add_format(text, french ? "\nVoir : %.*s/account/metrics\nPrendre en charge : rendez alert acknowledge %.*s\n"
                                   : "\nSee: %.*s/account/metrics\nTake charge of it: rendez alert acknowledge %.*s\n",
                      SLICE_ARG(config->public_url), SLICE_ARG(alert->id));
}

static struct slice text_of(const struct config *config, const struct alert *alert, enum delivery_what what,
                            bool french, struct arena *arena)
{
    AUTO_BUFFER text = buffer_create(TEXT_BYTES_MAX);
    if (what == TELL_MANY)
        buffer_add_text(&text, french ? "Il y a tant d'alertes nouvelles que pendant une heure elles ne sont plus annoncées "
                                        "une à une. La dernière :\n\n"
                                      : "There are so many new alerts that for an hour they are not told one by one. "
                                        "The last one:\n\n");
    if (what == TELL_ESCALATED)
        buffer_add_text(&text, french ? "Personne n'a pris cette alerte en charge.\n\n"
                                      : "Nobody has taken charge of this alert.\n\n");
    add_alert(&text, alert, french, arena);
    add_ways(&text, config, alert, french);
    return arena_copy(arena, buffer_slice(&text));
}

void alert_mail(const struct config *config, const struct alert *alert, const struct delivery *delivery,
                struct instant now, struct arena *arena, struct mail_draft *out)
{
    bool french = config->assistant.language == LANGUAGE_FR;
    bool escalated = delivery->what == TELL_ESCALATED && config->alerts.escalate.len > 0;
    struct slice rest = escalated ? config->alerts.escalate : config->alerts.mail, address;
    *out = (struct mail_draft){
        .from = {.name = config->assistant.name, .address = config->assistant.address},
        .subject = subject_of(alert, delivery->what, french, arena),
        .message_id = arena_format(arena, "%.*s@%.*s", SLICE_ARG(delivery->id),
                                   SLICE_ARG(domain_of(config->assistant.address))),
        .date = now,
        .text = text_of(config, alert, delivery->what, french, arena),
        .automatic = true,
    };
    while (config_next_address(&rest, &address))
        ARENA_PUSH(arena, &out->to, ((struct mailbox){.address = address}));
}

/* JSON */

static json_t *time_or_null(struct instant at, struct arena *arena)
{
    return at.us == 0 ? json_null() : json_from_text(instant_format(at, zone_utc(), arena));
}

static json_t *words_json(struct slice words)
{
    struct slice line;
    json_t *object = json_object();
    while (slice_next_line(&words, &line)) {
        size_t at = slice_find(line, LIT("="), 0);
        if (at != SIZE_MAX)
            json_object_setn_new(object, line.data, at, json_from_text(slice_sub(line, at + 1, line.len)));
    }
    return object;
}

static json_t *alert_json(const struct alert *alert, struct arena *arena)
{
    json_t *object = json_object();
    json_object_set_new(object, "id", json_from_text(alert->id));
    json_object_set_new(object, "kind", json_from_text(alert->kind));
    json_object_set_new(object, "role", json_from_text(alert->role));
    json_object_set_new(object, "build", json_from_text(alert->build));
    json_object_set_new(object, "state", json_string(alert_state_names[alert->state]));
    json_object_set_new(object, "count", json_integer(alert->count));
    json_object_set_new(object, "first", time_or_null(alert->first, arena));
    json_object_set_new(object, "last", time_or_null(alert->last, arena));
    json_object_set_new(object, "acknowledged", time_or_null(alert->acknowledged, arena));
    json_object_set_new(object, "escalated", time_or_null(alert->escalated, arena));
    json_object_set_new(object, "ended", time_or_null(alert->ended, arena));
    json_object_set_new(object, "words", words_json(alert->words));
    json_object_set_new(object, "fr", json_string(alert_sentence(alert->kind, true)));
    json_object_set_new(object, "en", json_string(alert_sentence(alert->kind, false)));
    return object;
}

struct slice alert_call(const struct config *config, const struct alert *alert, const struct delivery *delivery,
                        struct arena *arena)
{
    AUTO_JSON object = json_object();
    json_object_set_new(object, "event", json_string(delivery_what_names[delivery->what]));
    json_object_set_new(object, "id", json_from_text(delivery->id));
    json_object_set_new(object, "service", json_from_text(config->public_url));
    json_object_set_new(object, "version", json_string(RENDEZ_VERSION));
    json_object_set_new(object, "alert", alert_json(alert, arena));
    return json_write(object, arena);
}

struct slice alert_list_json(const struct alert_list *alerts, struct arena *arena)
{
    AUTO_JSON object = json_object();
    json_t *list = json_array();
    json_object_set_new(object, "status", json_string("ok"));
    json_object_set_new(object, "alerts", list);
    for (size_t i = 0; i < alerts->count; i++)
        json_array_append_new(list, alert_json(&alerts->items[i], arena));
    return json_write(object, arena);
}

struct slice alert_signature(struct slice secret, struct slice body, struct instant now, struct arena *arena)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int len = 0;
    long long seconds = (long long)(now.us / 1000000);
    struct slice bytes = arena_format(arena, "%lld.%.*s", seconds, SLICE_ARG(body));
    HMAC(EVP_sha256(), secret.data, (int)secret.len, (const unsigned char *)bytes.data, bytes.len, digest, &len);
    struct slice text = arena_format(arena, "t=%lld,v1=", seconds);
    for (unsigned int i = 0; i < len; i++)
        text = arena_format(arena, "%.*s%02x", SLICE_ARG(text), digest[i]);
    return text;
}
