#ifndef RENDEZ_ROLES_PLANNER_TEST_CONSOLE_H
#define RENDEZ_ROLES_PLANNER_TEST_CONSOLE_H

#include "roles/planner/test_house.h"

#include "formats/json/json.h"

/* A planner with a mail in doubt, and the people of the console who ask it for tasks. */

#define BOB "From: Bob Serre <bob@guest.example>\r\nTo: iris@bureau.example\r\nSubject: Re: Budget\r\n"

/* As somebody of the console: their id, or "L…" for a lead. */
static inline enum status ask(struct house *house, const char *person, const char *name, struct slice json,
                              json_t **out)
{
    struct slice answer;
    bool lead = person[0] == 'L';
    struct planner_caller caller = {slice_from(person), LIT("processor"),
                                    slice_from(planner_command_right(slice_from(name))),
                                    lead ? LIT("supervision_lead") : LIT("supervisor")};
    enum status status = planner_command(house->planner, &caller, slice_from(name), json, house->now,
                                         house->arena, &answer);
    CHECK_OK(json_read(answer, out, NULL));
    return status;
}

static inline enum status ask_of(struct house *house, const char *person, const char *name, struct slice task,
                                 const char *more, json_t **out)
{
    struct slice json = arena_format(house->arena, "{\"task\":\"%.*s\"%s}", SLICE_ARG(task), more);
    return ask(house, person, name, json, out);
}

/* `want`: the state that the move leaves its task in, or the code with which it is refused. */
static inline void expect(struct house *house, const char *person, const char *name, struct slice task,
                          const char *more, const char *want)
{
    AUTO_JSON out = NULL;
    enum status status = ask_of(house, person, name, task, more, &out);
    check_row(name);
    CHECK_TEXT(json_text(out, status == ST_OK ? "state" : "code"), want);
    check_row("");
}

static inline struct slice take(struct house *house, const char *person)
{
    AUTO_JSON out = NULL;
    CHECK_OK(ask(house, person, "case.take", LIT("{}"), &out));
    return arena_copy(house->arena, json_text(out, "task"));
}

static inline void bob_says(struct house *house, const char *text)
{
    enum meeting_outcome outcome;
    struct slice head = arena_format(house->arena, BOB "In-Reply-To: <%.*s>\r\nMessage-ID: <bob-%u@g.example>",
                                     SLICE_ARG(last_to(house, "bob@guest.example")->draft.message_id),
                                     house->mails);
    CHECK_OK(receive(house, head.data, text, MAIL_ORIGIN_PASS, &outcome));
    collect(house);
}

static const char riddle[] = "Maybe, it depends, or not, who knows, I could perhaps see.";

static inline struct house *begin_with_doubt(void)
{
    struct house *house = begin(false);
    ask_for_a_meeting(house, bob);
    bob_says(house, riddle);
    CHECK_NUMBER(only_meeting(house).tasks.count, 1);
    return house;
}

static inline struct slice with_version(struct house *house, const char *decision)
{
    return arena_format(house->arena, ",\"version\":%u,\"decision\":%s", only_meeting(house).version, decision);
}

#endif
