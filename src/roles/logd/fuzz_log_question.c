/* Input: a command's name in a line, then its JSON, asked of a log of three hundred entries. Whatever is asked, what is
 * told of an organisation names it. */
#include <assert.h>
#include <stdlib.h>

#include "formats/json/json.h"
#include "roles/logd/ask.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ENTRIES = 300 };

static struct log_answerer open_log(void)
{
    static char folder[] = "/tmp/rendez-question-XXXXXX"; /* small, and left to whoever runs this */
    static const unsigned char bytes[32] = {5};
    struct log_append append = {.source = LIT("trust"), .first = 1};
    struct log_answerer from = {.origin = LIT("rendez.example/log"), .seed = secret_create(bytes, sizeof bytes)};
    AUTO_ARENA arena = arena_create(1 << 20);
    if (mkdtemp(folder) == NULL || logbook_open(folder, from.origin, from.seed, &from.book, NULL) != ST_OK)
        abort();
    for (int i = 0; i < ENTRIES; i++)
        ARENA_PUSH(arena, &append.lines,
                   ((struct log_line){{1 + i}, LIT("meeting.state.moved"),
                                      arena_format(arena, "organisation=o_%d meeting=m_%d", i % 3, i)}));
    logbook_take(from.book, &append, true, (struct instant){1000});
    if (logbook_commit(from.book, NULL) != ST_OK ||
        ledger_publish(logbook_ledger(from.book), false, NULL, NULL, NULL) != ST_OK)
        abort();
    return from;
}

static void check_answer(struct slice name, const json_t *asked, struct slice answer)
{
    AUTO_JSON told = NULL;
    AUTO_ARENA arena = arena_create(1 << 20);
    size_t i;
    json_t *row;
    assert(json_read(answer, &told, NULL) == ST_OK && json_is_object(told));
    if (!slice_equal(name, LIT("log.entries")))
        return;
    struct slice wanted = arena_format(arena, "organisation=%.*s ", SLICE_ARG(json_text(asked, "organisation")));
    json_array_foreach(json_object_get(told, "entries"), i, row)
        assert(slice_starts(json_text(row, "ids"), wanted));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct log_answerer from;
    if (from.book == NULL)
        from = open_log();
    AUTO_ARENA arena = arena_create((size_t)64 << 20);
    AUTO_JSON asked = NULL;
    struct slice rest = {(const char *)data, size}, name = SLICE_NONE, answer = SLICE_NONE;
    struct problem why = {0};
    slice_next_line(&rest, &name);
    enum status status = log_command(&from, name, rest, arena, &answer, &why);
    assert(status == ST_OK || (why.detail[0] != '\0' && answer.len == 0));
    if (status == ST_OK && json_read(rest, &asked, NULL) == ST_OK)
        check_answer(name, asked, answer);
    return 0;
}
