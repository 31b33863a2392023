#include "check.h"
#include "domain/intent/intent.h"

/* Addresses without a street, behind whose place it is. Written by the organizer on Wednesday
 * 6 May 2026, 10:00 in Paris. */

static struct reading read_first(const char *text, struct arena *arena)
{
    struct mail mail = {
        .from = {LIT("Hugo Marchal"), LIT("hugo@marchal.example")},
        .has_date = true,
        .date = {{2026, 5, 6}, 10, 0, 0},
        .offset_s = 7200,
        .text = slice_from(text),
        .new_text = slice_from(text),
    };
    struct intent_context context = {
        .assistant = {LIT("Camille"), LIT("camille@assist.example")},
        .writer_zone = LIT("Europe/Paris"),
        .organizer_zone = LIT("Europe/Paris"),
        .offer_zone = LIT("Europe/Paris"),
        .writer_is_client = true,
        .writer_is_organizer = true,
        .state = THREAD_NEW,
    };
    struct reading reading = {0};
    CHECK_OK(instant_parse(LIT("2026-05-06T10:00:30+02:00"), &context.received, NULL, NULL));
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
        struct reading reading = read_first(cases[i].text, arena);
        CHECK(reading.intent == INTENT_REQUEST);
        CHECK_NUMBER(reading.requests.count, 1);
        if (reading.requests.count == 0)
            continue;
        const struct place *place = &reading.requests.items[0].place;
        CHECK_TEXT(place->text, cases[i].place);
        CHECK(place->kind == PLACE_IN_PERSON);
    }
}

int main(void)
{
    TEST(reads_the_address_behind_whose_place_it_is);
    return check_done();
}
