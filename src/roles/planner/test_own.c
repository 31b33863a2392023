/* What somebody who is signed in sees of their own meetings, and of nobody else's. */
#include "check.h"
#include "formats/json/json.h"
#include "roles/planner/internal.h"
#include "roles/planner/test_house.h"

static enum status ask(struct house *house, const char *person, const char *organisation,
                       const char *right, const char *name, const char *json, struct slice *out)
{
    struct planner_caller caller = {slice_from(person), slice_from(organisation), slice_from(right)};
    return planner_command(house->planner, person != NULL ? &caller : NULL, slice_from(name),
                           slice_from(json), house->now, house->arena, out);
}

static void tells_the_organizer_everything(void)
{
    struct house *house = begin(false);
    struct slice out;
    ask_for_a_meeting(house, bob_and_eve);
    const struct meeting meeting = only_meeting(house);
    CHECK_OK(ask(house, "p-ada", "o", "meetings.read", "meetings.list", "{}", &out));
    CHECK(slice_contains(out, arena_format(house->arena, "\"id\":\"%.*s\"", SLICE_ARG(meeting.id))));
    CHECK(slice_contains(out, LIT("\"status\":\"proposing\"")));
    CHECK(slice_contains(out, LIT("bob@guest.example")) && slice_contains(out, LIT("eve@other.example")));
    CHECK(slice_contains(out, LIT("\"offers\":[{\"number\":1,")));
    CHECK(slice_contains(out, LIT("\"start\":null")));
    struct slice one = arena_format(house->arena, "{\"id\":\"%.*s\"}", SLICE_ARG(meeting.id));
    CHECK_OK(ask(house, "p-ada", "o", "meetings.read", "meetings.show", one.data, &out));
    CHECK(slice_contains(out, LIT("\"subject\":\"")));
    choose_first(house, "bob@guest.example");
    choose_first(house, "eve@other.example");
    CHECK_OK(ask(house, "p-ada", "o", "meetings.read", "meetings.show", one.data, &out));
    CHECK(slice_contains(out, LIT("\"status\":\"confirmed\"")) && slice_contains(out, LIT("\"offers\":[]")));
    CHECK(!slice_contains(out, LIT("\"start\":null")));
    finish(house);
}

/* A colleague who is asked sees who asks, and not who else is asked. */
static void tells_who_is_asked_less(void)
{
    struct house *house = begin(false);
    struct slice out;
    add_person(house, "p_colleague", "Lena Roux", "lena@bureau.example", true);
    add_person(house, "p_third", "Paul Brun", "paul@bureau.example", true);
    ask_for_a_meeting(house, "Bob Serre <bob@guest.example>, Lena Roux <lena@bureau.example>");
    struct slice one = arena_format(house->arena, "{\"id\":\"%.*s\"}", SLICE_ARG(only_meeting(house).id));
    CHECK_OK(ask(house, "p_colleague", "o", "meetings.read", "meetings.show", one.data, &out));
    CHECK(slice_contains(out, LIT("lena@bureau.example")));
    CHECK(slice_contains(out, LIT("\"role\":\"organiser\"")));
    CHECK(!slice_contains(out, LIT("bob@guest.example")));
    CHECK_OK(ask(house, "p_third", "o", "meetings.read", "meetings.list", "{}", &out));
    CHECK_TEXT(out, "{\"meetings\":[]}");
    CHECK_NUMBER(ask(house, "p_third", "o", "meetings.read", "meetings.show", one.data, &out), ST_NOT_FOUND);
    CHECK(!slice_contains(out, LIT("lena")));
    finish(house);
}

static void refuses_others(void)
{
    static const struct {
        const char *person, *organisation, *right;
        enum status status;
    } rows[] = {
        {NULL, NULL, NULL, ST_DENIED},
        {"p-ada", "o", "", ST_DENIED},
        {"p-ada", "o", "people.read", ST_DENIED},
        {"p-ada", "o_other", "meetings.read", ST_NOT_FOUND},
        {"p_nobody", "o", "meetings.read", ST_NOT_FOUND},
    };
    struct house *house = begin(false);
    struct slice out;
    ask_for_a_meeting(house, bob);
    struct slice one = arena_format(house->arena, "{\"id\":\"%.*s\"}", SLICE_ARG(only_meeting(house).id));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        check_row(rows[i].right);
        CHECK_NUMBER(ask(house, rows[i].person, rows[i].organisation, rows[i].right, "meetings.list", "{}", &out),
                     rows[i].status);
        CHECK_NUMBER(ask(house, rows[i].person, rows[i].organisation, rows[i].right, "meetings.show", one.data, &out),
                     rows[i].status);
    }
    CHECK_NUMBER(ask(house, "p-ada", "o", "meetings.read", "meetings.show", "{\"id\":\"m_none\"}", &out), ST_NOT_FOUND);
    CHECK_NUMBER(ask(house, "p-ada", "o", "meetings.read", "meetings.show", "{}", &out), ST_NOT_FOUND);
    finish(house);
}

int main(void)
{
    TEST(tells_the_organizer_everything);
    TEST(tells_who_is_asked_less);
    TEST(refuses_others);
    return check_done();
}
