#include "domain/intent/test_write.h"

/* Where a meeting is, what of a settled one changes, and meetings that are moved and that nobody knows.
 * Written by the organizer on Wednesday 6 May 2026, 10:00 in Paris; the settled meeting is on Tuesday
 * 12 May at 10:00, for an hour. */

static struct reading read_text(const char *text, enum thread_state state, struct arena *arena)
{
    struct mail mail = written((struct mailbox){LIT("Hugo Marchal"), LIT("hugo@marchal.example")}, "", text);
    struct intent_context context = {
        .assistant = {LIT("Camille"), LIT("camille@assist.example")},
        .writer_zone = LIT("Europe/Paris"),
        .organizer_zone = LIT("Europe/Paris"),
        .offer_zone = LIT("Europe/Paris"),
        .writer_is_client = true,
        .writer_is_organizer = true,
        .received = at("2026-05-06T10:00:30+02:00"),
        .state = state,
        .kind = KIND_MEETING,
        .duration_min = 60,
    };
    struct person_context people[] = {{LIT("Hugo Marchal"), LIT("hugo@marchal.example"), true, true, false},
                                      {LIT("Ida Norr"), LIT("ida@norr.example"), false, false, false}};
    if (state == THREAD_CONFIRMED)
        context.confirmed = (struct interval){at("2026-05-12T10:00:00+02:00"), at("2026-05-12T11:00:00+02:00")};
    for (size_t i = 0; state == THREAD_CONFIRMED && i < 2; i++)
        ARENA_PUSH(arena, &context.people, people[i]);
    struct reading reading = {0};
    CHECK_OK(intent_read(&mail, &context, arena, &reading, NULL));
    return reading;
}

/* "" where the planner looks for the address, or where there is none. */
static const struct { const char *text, *place; } cases[] = {
    { "Please book Ida (ida@norr.example) on Tuesday at 11 at our warehouse, Unit 7, Corrie Dock, Leith.", "Unit 7, Corrie Dock, Leith" },
    { "Meeting with ida@norr.example on Friday at 10 at our workshop, Block C, Tansy Mills, for an hour.", "Block C, Tansy Mills" },
    { "Book an hour with ida@norr.example at their office, Suite 12B, Harbour Tower, Cardiff, on Monday.", "Suite 12B, Harbour Tower, Cardiff" },
    { "Could you set up a meeting with ida@norr.example at our showroom (Unit 2, Oldbury Business Park) next week?", "Unit 2, Oldbury Business Park" },
    { "Book ida@norr.example for Thursday at 3pm at the depot, Bay 4, Selby Trading Estate. One hour.", "Bay 4, Selby Trading Estate" },
    { "Please arrange a meeting with ida@norr.example at our studio, Larkhill Arcade, Norwich, next week.", "Larkhill Arcade, Norwich" },
    { "Meeting with ida@norr.example at his yard, 5 Corrie Wharf in Leith at 9 on Tuesday.", "5 Corrie Wharf in Leith" },
    { "Book a meeting with ida@norr.example at our plant - Plot 9, Marlow Enterprise Zone - on Monday at 2pm.", "Plot 9, Marlow Enterprise Zone" },
    { "Set up a meeting with ida@norr.example at the clinic, Level 2, Farrow House, on Friday afternoon.", "Level 2, Farrow House" },
    { "Please book a meeting with ida@norr.example on Monday at 10 at our lab, Building 6, Aske Science Park and bring the samples.", "Building 6, Aske Science Park" },
    { "Book a meeting with ida@norr.example at 40 Mill Road, Aske and bring the samples on Monday.", "40 Mill Road, Aske" },
    { "Book a meeting with ida@norr.example on Monday at our warehouse, units will be counted.", "" },
    { "Book a meeting with ida@norr.example at our office, floor plans in hand, on Monday.", "" },
    { "Book a meeting with ida@norr.example at our office, Anna Mill will join us on Monday.", "" },
    { "Book a meeting with ida@norr.example on Monday at our office, 3 people.", "" },
    { "Book a meeting with ida@norr.example at our office, Tuesday 12 May at 10.", "" },
    { "Book a meeting with ida@norr.example next week at our office, Building works permitting.", "" },
    { "Cale un rendez-vous avec Ida (ida@norr.example) mardi à 11h, chez elle, 14 zone des Pinsons à Vénissieux, 1h.", "14 zone des Pinsons à Vénissieux" },
    { "Rendez-vous avec ida@norr.example jeudi à 10h chez nous, ZA des Coquelicots, 38450 Vif.", "ZA des Coquelicots, 38450 Vif" },
    { "Organise une réunion avec ida@norr.example dans leurs locaux, zone industrielle de Bonlieu, vendredi matin.", "zone industrielle de Bonlieu" },
    { "Peux-tu fixer un rendez-vous avec ida@norr.example chez Karim, bâtiment C, parc du Pré Fleuri, lundi ?", "bâtiment C, parc du Pré Fleuri" },
    { "Cale une heure avec ida@norr.example au dépôt, ZI Nord, Saint-Fons, mercredi à 9h.", "ZI Nord, Saint-Fons" },
    { "Un rendez-vous avec ida@norr.example dans notre atelier (zone artisanale les Glycines, Crest) mardi prochain.", "zone artisanale les Glycines, Crest" },
    { "Rendez-vous avec ida@norr.example chez lui, 3 hameau des Granges, jeudi à 15h.", "3 hameau des Granges" },
    { "Cale un rendez-vous avec ida@norr.example chez eux, parc d'activités des Saules à Rives et préviens-la.", "parc d'activités des Saules à Rives" },
    { "Fixe un rendez-vous avec ida@norr.example lundi à 14h chez moi, résidence Les Mésanges, Gap.", "résidence Les Mésanges, Gap" },
    { "Rendez-vous avec ida@norr.example au garage, 22 lotissement du Moulin, Die, vendredi à 10h.", "22 lotissement du Moulin, Die" },
    { "Cale un rendez-vous avec ida@norr.example lundi chez lui, 8 personnes au plus.", "" },
    { "Cale un rendez-vous avec ida@norr.example lundi chez nous, zone fumeurs comprise.", "" },
    { "Cale un rendez-vous avec ida@norr.example dans nos bureaux, mardi 12 mai à 10h.", "" },
    { "Cale un rendez-vous avec ida@norr.example chez nous, Paul sera là aussi, lundi.", "" },
    { "Cale un rendez-vous avec ida@norr.example chez elle, parc fermé oblige, lundi.", "" },
    { "Cale un rendez-vous avec ida@norr.example lundi chez nous, 30 minutes.", "" },
};

static void reads_the_address_behind_whose_place_it_is(void)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        AUTO_ARENA arena = arena_create(1 << 24);
        check_row(cases[i].text);
        struct reading reading = read_text(cases[i].text, THREAD_NEW, arena);
        CHECK(reading.intent == INTENT_REQUEST);
        CHECK_NUMBER(reading.requests.count, 1);
        if (reading.requests.count == 0)
            continue;
        const struct place *place = &reading.requests.items[0].place;
        CHECK_TEXT(place->text, cases[i].place);
        CHECK(place->kind == PLACE_IN_PERSON);
    }
}

/* The day of a settled meeting, with another length or place. 0 and PLACE_UNKNOWN: no such change. */
static const struct { const char *text; uint32_t duration_min; enum place_kind place; } settled[] = {
    { "We need an hour and a half for the 12th, not one.", 90, PLACE_UNKNOWN },
    { "Tuesday should be 90 minutes instead of 60.", 90, PLACE_UNKNOWN },
    { "For Tuesday please allow two hours.", 120, PLACE_UNKNOWN },
    { "I want 45 minutes for Tuesday, not an hour.", 45, PLACE_UNKNOWN },
    { "Let's have the 12th at our office.", 0, PLACE_IN_PERSON },
    { "Tuesday's meeting will be at our place.", 0, PLACE_IN_PERSON },
    { "Let's hold Tuesday in our boardroom.", 0, PLACE_IN_PERSON },
    { "Il nous faut une heure et demie pour le 12, pas une.", 90, PLACE_UNKNOWN },
    { "Pour mardi il faudra plutôt deux heures.", 120, PLACE_UNKNOWN },
    { "Mardi 12, comptez une heure et demie.", 90, PLACE_UNKNOWN },
    { "Faisons le 12 dans nos bureaux.", 0, PLACE_IN_PERSON },
    { "Mardi, on se retrouve chez nous.", 0, PLACE_IN_PERSON },
    { "La réunion de mardi aura lieu dans nos locaux.", 0, PLACE_IN_PERSON },
    { "On Tuesday I'll be at our office from 9.", 0, PLACE_UNKNOWN },
    { "I need two hours on Tuesday for the accounts.", 0, PLACE_UNKNOWN },
    { "We need an hour and a half on the 13th, not the 12th.", 0, PLACE_UNKNOWN },
    { "Mardi j'ai besoin de deux heures pour les comptes.", 0, PLACE_UNKNOWN },
    { "Mardi, je suis dans nos bureaux.", 0, PLACE_UNKNOWN },
    { "Let's have Wednesday at our office.", 0, PLACE_UNKNOWN },
    { "Faisons plutôt mercredi dans nos bureaux.", 0, PLACE_UNKNOWN },
};

static void changes_length_and_place_of_the_settled_day(void)
{
    for (size_t i = 0; i < sizeof settled / sizeof *settled; i++) {
        AUTO_ARENA arena = arena_create(1 << 24);
        check_row(settled[i].text);
        struct reading reading = read_text(settled[i].text, THREAD_CONFIRMED, arena);
        bool changes = settled[i].duration_min > 0 || settled[i].place != PLACE_UNKNOWN;
        CHECK_NUMBER(reading.intent == INTENT_CHANGE, changes);
        if (!changes || reading.requests.count == 0)
            continue;
        CHECK_NUMBER(reading.requests.items[0].duration_min, settled[i].duration_min);
        CHECK_NUMBER(reading.requests.items[0].place.kind, settled[i].place);
    }
}

/* In a first mail: from when on, and until when; "" for a mail that asks for no meeting. */
static const struct { const char *text, *from, *to; } moved[] = {
    { "Put off my call with Ida (ida@norr.example) until June.", "2026-06-01T00:00:00+02:00", "" },
    { "Push my lunch with Ida (ida@norr.example) to June.", "2026-06-01T00:00:00+02:00", "2026-07-01T00:00:00+02:00" },
    { "Postpone Ida (ida@norr.example) to June.", "2026-06-01T00:00:00+02:00", "2026-07-01T00:00:00+02:00" },
    { "Please push my review with Ida (ida@norr.example) to June.", "2026-06-01T00:00:00+02:00", "2026-07-01T00:00:00+02:00" },
    { "Repoussez mon point avec Ida (ida@norr.example) à juin.", "2026-06-01T00:00:00+02:00", "2026-07-01T00:00:00+02:00" },
    { "Décale Ida (ida@norr.example) à début juin.", "2026-06-01T00:00:00+02:00", "2026-06-11T00:00:00+02:00" },
    { "Repousse mon point avec Ida (ida@norr.example) après le 20 mai.", "2026-05-21T00:00:00+02:00", "" },
    { "Move Ida (ida@norr.example) to the finance team in June.", "", "" },
    { "Repousse la livraison d'Ida (ida@norr.example) à juin.", "", "" },
    { "On a reporté mon point avec Ida (ida@norr.example) à juin.", "", "" },
};

static void asks_for_a_moved_meeting_that_is_not_known(void)
{
    for (size_t i = 0; i < sizeof moved / sizeof *moved; i++) {
        AUTO_ARENA arena = arena_create(1 << 24);
        check_row(moved[i].text);
        struct reading reading = read_text(moved[i].text, THREAD_NEW, arena);
        CHECK_NUMBER(reading.intent == INTENT_REQUEST, moved[i].from[0] != '\0');
        if (moved[i].from[0] == '\0' || reading.requests.count == 0)
            continue;
        const struct interval_list *allowed = &reading.requests.items[0].times.allowed;
        CHECK_NUMBER(allowed->count, 1);
        if (allowed->count == 0)
            continue;
        CHECK_NUMBER(allowed->items[0].start.us, at(moved[i].from).us);
        CHECK(moved[i].to[0] == '\0' || allowed->items[0].end.us == at(moved[i].to).us);
    }
}

int main(void)
{
    TEST(changes_length_and_place_of_the_settled_day);
    TEST(asks_for_a_moved_meeting_that_is_not_known);
    TEST(reads_the_address_behind_whose_place_it_is);
    return check_done();
}
