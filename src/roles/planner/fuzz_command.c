/* Input: the name of a command, newline, JSON as a browser sends it through the api. The word
 * LINK stands for a guest's own token, PRIVACY for that of the page about data. Any of them is
 * answered with JSON, and the meeting can still be read. */
#include <assert.h>

#include "formats/json/json.h"
#include "roles/planner/internal.h"
#include "roles/planner/test_house.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { INPUT_MAX = 8192 };

/* https://link.example/r/TOKEN, or with "/stop" behind it. */
static struct slice token_of(struct slice url)
{
    size_t at = slice_find(url, LIT("/r/"), 0);
    struct slice token = at == SIZE_MAX ? SLICE_NONE : slice_sub(url, at + 3, url.len);
    return slice_sub(token, 0, slice_find(token, LIT("/"), 0));
}

static void add_replaced(struct slice text, struct slice word, struct slice by, struct buffer *out)
{
    for (size_t at; (at = slice_find(text, word, 0)) != SIZE_MAX;) {
        buffer_add(out, slice_sub(text, 0, at));
        buffer_add(out, by);
        text = slice_sub(text, at + word.len, text.len);
    }
    buffer_add(out, text);
}

static void run(struct house *house, struct slice name, struct slice json)
{
    struct slice answer;
    AUTO_JSON read = NULL;
    AUTO_ARENA arena = arena_create((size_t)64 << 20);
    if (slice_equal(name, LIT("sandbox.send"))) {
        struct sandbox_mail_draft draft;
        (void)!planner_sandbox_compose(house->planner, json, house->now, arena, &draft, NULL);
        return;
    }
    (void)planner_command(house->planner, NULL, name, json, house->now, arena, &answer);
    assert(json_read(answer, &read, NULL) == ST_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > INPUT_MAX)
        return 0;
    struct slice rest = {(const char *)data, size}, name = SLICE_NONE;
    slice_next_line(&rest, &name);
    struct house *house = begin(false);
    house->planner->options.sandbox = true; /* so that its commands answer too */
    ask_for_a_meeting(house, bob);
    const struct outgoing *offer = last_to(house, "bob@guest.example");
    AUTO_BUFFER linked = buffer_create(INPUT_MAX * 40);
    AUTO_BUFFER json = buffer_create(INPUT_MAX * 400);
    add_replaced(rest, LIT("LINK"), token_of(offer->links.items[0]), &linked);
    add_replaced(buffer_slice(&linked), LIT("PRIVACY"), token_of(offer->draft.unsubscribe), &json);
    run(house, name, buffer_slice(&json));
    struct meeting_list all;
    assert(planner_all_meetings(house->planner, house->arena, &all, NULL) == ST_OK && all.count == 1);
    finish(house);
    return 0;
}
