#include "check.h"
#include "domain/people/people.h"
#include "formats/json/json.h"

static void understands_names(void)
{
    static const struct {
        const char *mention, *full, *address;
        bool means;
    } cases[] = {
        {"Béatrice", "Béatrice Fabre", "b.fabre@region.example", true},
        {"beatrice", "Béatrice Fabre", "b.fabre@region.example", true},
        {"M. Fabre", "FABRE Bruno", "bruno@region.example", true},
        {"Fabre", "", "bruno.fabre@region.example", true},
        {"Bruno", "", "b.fabre@region.example", false},
        {"Jean-Marc", "Jean-Marc Petit", "jm@petit.example", true},
        {"Bruno Petit", "Bruno Fabre", "bruno@region.example", false},
        {"M.", "Bruno Fabre", "bruno@region.example", false},
        {"", "Bruno Fabre", "bruno@region.example", false},
        {"Łukasz", "Lukasz Nowak", "l@nowak.example", true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        check_row(cases[i].mention);
        CHECK(name_means(slice_from(cases[i].mention), slice_from(cases[i].full),
                         slice_from(cases[i].address)) == cases[i].means);
    }
    AUTO_ARENA arena = arena_create(4096);
    CHECK_TEXT(name_first(LIT("KELLER Anne-Lise"), arena), "Anne-Lise");
    CHECK_TEXT(name_first(LIT("Dr. Zoé Martin"), arena), "Zoé");
    CHECK_TEXT(name_first(LIT("IBM"), arena), "IBM");
    CHECK(name_first(LIT(""), arena).len == 0);
}

static void reads_preferences_over_the_defaults(void)
{
    AUTO_ARENA arena = arena_create(1 << 16);
    AUTO_JSON json = NULL;
    struct preferences p;
    preferences_defaults(arena, &p);
    CHECK_NUMBER(p.working_hours[MONDAY].items[1].end_min, 18 * 60);
    CHECK_NUMBER(p.working_hours[SUNDAY].count, 0);
    CHECK_OK(json_read(LIT("{\"working_hours\":{\"tue\":[\"08:30-12:00\"]},\"proposals\":2,"
                           "\"buffer_minutes\":{\"before\":10},\"places\":{\"lunch\":\"Chez Zoé\"},"
                           "\"durations_minutes\":{\"call\":20}}"),
                       &json, NULL));
    CHECK_OK(preferences_from_json(json, arena, &p, NULL));
    CHECK_NUMBER(p.working_hours[MONDAY].count, 0);
    CHECK_NUMBER(p.working_hours[TUESDAY].items[0].start_min, 8 * 60 + 30);
    CHECK_NUMBER(p.buffer_before_min, 10);
    CHECK_NUMBER(p.durations_min[KIND_CALL], 20);
    CHECK_NUMBER(p.durations_min[KIND_LUNCH], 90);
    CHECK_TEXT(p.places[KIND_LUNCH], "Chez Zoé");
}

static void refuses_wrong_preferences(void)
{
    static const char *const bad[] = {
        "{\"working_hours\":{\"mon\":[\"9-12\"]}}",
        "{\"working_hours\":{\"mon\":[\"12:00-09:00\"]}}",
        "{\"proposals\":-1}",
        "{\"places\":{\"moon\":\"x\"}}",
        "{\"colour\":\"red\"}",
        "{\"buffer_minutes\":5}",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        AUTO_ARENA arena = arena_create(1 << 16);
        AUTO_JSON json = NULL;
        struct preferences p;
        preferences_defaults(arena, &p);
        check_row(bad[i]);
        CHECK_OK(json_read(slice_from(bad[i]), &json, NULL));
        CHECK(preferences_from_json(json, arena, &p, NULL) == ST_INVALID);
    }
}

int main(void)
{
    TEST(understands_names);
    TEST(reads_preferences_over_the_defaults);
    TEST(refuses_wrong_preferences);
    return check_done();
}
