#include <assert.h>

#include "domain/intent/intent.h"

/* Any bytes as the text of a mail, with a quote and a signature of the same, in every state of
 * a conversation, also of a series. The first byte chooses state and writer. */

static struct instant at_us(int64_t us)
{
    return (struct instant){us};
}

static struct intent_context make_context(unsigned choice, struct arena *arena)
{
    struct intent_context context = {
        .assistant = {LIT("Robin"), LIT("robin@assist.example")},
        .received = at_us(INT64_C(1778054400000000)), /* 2026-05-06T08:00Z */
        .writer_zone = choice & 32 ? LIT("America/New_York") : LIT("Europe/Paris"),
        .organizer_zone = LIT("Europe/Paris"),
        .offer_zone = LIT("Europe/Paris"),
        .writer_is_client = choice & 8,
        .writer_is_organizer = choice & 8,
        .state = (enum thread_state)(choice % (THREAD_CLOSED + 1)),
        .asked = choice & 16 ? LIT("address") : SLICE_NONE,
        .asked_about = choice & 16 ? LIT("Bob") : SLICE_NONE,
    };
    if (choice & 64) {
        context.series = (struct series){.freq = SERIES_WEEKLY, .interval = 1, .days = 1u << TUESDAY};
        context.confirmed.start = at_us(context.received.us + 6 * DAY_US);
        context.confirmed.end = instant_add(context.confirmed.start, minutes(60));
    }
    for (uint32_t i = 1; i <= 3; i++) {
        struct instant start = at_us(context.received.us + i * 2 * DAY_US);
        struct offer_context offer = {i, {start, instant_add(start, minutes(60))}};
        ARENA_PUSH(arena, &context.offers, offer);
    }
    if (choice & 64) {
        context.series = (struct series){.freq = choice & 128 ? SERIES_MONTHLY : SERIES_WEEKLY,
                                         .interval = 1};
        if (context.state == THREAD_CONFIRMED)
            context.confirmed = context.offers.items[2].span;
    }
    struct person_context person = {LIT("Ida Norr"), LIT("ida@norr.example"), false, false, false};
    ARENA_PUSH(arena, &context.people, person);
    return context;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2 || size > TIMEX_BODY_MAX)
        return 0;
    AUTO_ARENA arena = arena_create(1 << 28);
    struct slice text = {(const char *)data + 1, size - 1};
    struct mail mail = {
        .from = {LIT("Nora Feld"), LIT("nora@feld.example")},
        .has_date = true,
        .date = {{2026, 5, 6}, 10, 0, 0},
        .text = text,
        .new_text = text,
        .signature = text,
    };
    struct mail_quote quote = {.from = {LIT("Ida Norr"), LIT("ida@norr.example")}, .text = text};
    ARENA_PUSH(arena, &mail.quotes, quote);
    struct intent_context context = make_context(data[0], arena);
    struct reading reading;
    assert(intent_read(&mail, &context, arena, &reading, NULL) == ST_OK);
    assert((unsigned)reading.intent < INTENT_COUNT_ && reading.confidence <= 1000);
    for (size_t i = 0; i < reading.accepted.count; i++)
        assert(reading.accepted.items[i].number >= 1 && reading.accepted.items[i].number <= 3);
    for (size_t i = 0; i < reading.requests.count; i++) {
        const struct series *series = &reading.requests.items[i].series;
        assert(series->interval <= SERIES_INTERVAL_MAX && series->count <= SERIES_COUNT_MAX);
        assert(series->monthday <= 28 && series->nth <= SERIES_LAST && series->days < 128);
    }
    if (reading.intent == INTENT_REQUEST)
        assert(reading.requests.count >= 1);
    (void)intent_stops_mail(text); /* comes to an end, within its bounds */
    return 0;
}
