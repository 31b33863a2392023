#ifndef RENDEZ_DOMAIN_INTENT_TEST_READ_H
#define RENDEZ_DOMAIN_INTENT_TEST_READ_H

#include "domain/intent/test_write.h"

/* Messages to the assistant, written on Wednesday 6 May 2026, 10:00 in Paris. Offers (Paris time):
 *   1 Monday 11 May 14:00   2 Tuesday 12 May 10:00   3 Thursday 14 May 16:30 */

static inline struct mail make_mail(const char *text, const char *from)
{
    struct mail mail = written((struct mailbox){LIT("Nora Feld"), slice_from(from)}, "Atelier", text);
    return mail;
}

static inline struct intent_context make_context(enum thread_state state, bool organizer,
                                                 struct arena *arena)
{
    struct intent_context context = {
        .assistant = {LIT("Camille"), LIT("camille@assist.example")},
        .received = at("2026-05-06T10:00:30+02:00"),
        .writer_zone = LIT("Europe/Paris"),
        .organizer_zone = LIT("Europe/Paris"),
        .offer_zone = LIT("Europe/Paris"),
        .writer_is_client = organizer,
        .writer_is_organizer = organizer,
        .state = state,
        .kind = KIND_MEETING,
        .duration_min = 60,
    };
    const struct person_context people[] = {
        {LIT("Nora Feld"), LIT("nora@feld.example"), false, false, false},
        {LIT("Hugo Marchal"), LIT("hugo@marchal.example"), true, true, false},
        {LIT("Béatrice Fontan"), LIT("b.fontan@lyre.example"), false, false, false},
    };
    for (size_t i = 0; state != THREAD_NEW && i < 3; i++)
        ARENA_PUSH(arena, &context.people, people[i]);
    static const char *const starts[] = {"2026-05-11T14:00:00+02:00", "2026-05-12T10:00:00+02:00",
                                         "2026-05-14T16:30:00+02:00"};
    for (uint32_t i = 0; state == THREAD_PROPOSING && i < 3; i++) {
        struct instant start = at(starts[i]);
        struct offer_context offer = {i + 1, {start, instant_add(start, minutes(60))}};
        ARENA_PUSH(arena, &context.offers, offer);
    }
    if (state == THREAD_CONFIRMED)
        context.confirmed = (struct interval){at("2026-05-12T10:00:00+02:00"),
                                              at("2026-05-12T11:00:00+02:00")};
    return context;
}

static inline struct reading read_text(const char *text, enum thread_state state, bool organizer,
                                       struct arena *arena)
{
    struct mail mail = make_mail(text, organizer ? "hugo@marchal.example" : "nora@feld.example");
    if (organizer)
        mail.from.name = LIT("Hugo Marchal");
    struct intent_context context = make_context(state, organizer, arena);
    struct reading reading = {0};
    CHECK_OK(intent_read(&mail, &context, arena, &reading, NULL));
    return reading;
}

static inline struct slice numbers_text(const struct number_list *list, struct arena *arena)
{
    struct slice out = SLICE_NONE;
    for (size_t i = 0; i < list->count; i++)
        out = arena_format(arena, "%.*s%s%u", SLICE_ARG(out), i == 0 ? "" : ",",
                           list->items[i].number);
    return out;
}

static inline void check_intent(const struct reading *reading, enum intent want)
{
    CHECK_TEXT(slice_from(intent_names[reading->intent]), intent_names[want]);
}

static inline struct slice people_text(const struct mention_list *list, struct arena *arena)
{
    struct slice out = SLICE_NONE;
    for (size_t i = 0; i < list->count; i++)
        out = arena_format(arena, "%.*s%s%.*s<%.*s>%s", SLICE_ARG(out), i == 0 ? "" : " ",
                           SLICE_ARG(list->items[i].name), SLICE_ARG(list->items[i].address),
                           mention_role_names[list->items[i].role]);
    return out;
}

#endif
