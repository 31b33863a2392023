#include "roles/cli/service_desk.h"

#include "roles/cli/cli.h"
#include "roles/config/config.h"

enum { ASK_BYTES_MAX = 3 * DESK_ANSWER_MAX };

struct listener {
    service_line_fn *each;
    void *context;
};

static void hear(void *context, struct slice line)
{
    const struct listener *listener = context;
    AUTO_JSON value = NULL;
    if (json_read(line, &value, NULL) == ST_OK)
        listener->each(listener->context, value);
}

enum status service_ask(const char *dir, const char *role, json_t *question, int patience_ms,
                        service_line_fn *each, void *context, json_t **answer, struct problem *why)
{
    AUTO_JSON asked = question;
    AUTO_ARENA arena = arena_create_wiped(ASK_BYTES_MAX);
    struct listener listener = {each, context};
    struct config config;
    struct slice line;
    TRY(config_load(cli_dir_or_default(dir), arena, &config, why));
    const char *run = arena_text(arena, config.folders.run);
    TRY(desk_ask(run, role, json_write(asked, arena), patience_ms, each == NULL ? NULL : hear, &listener, arena,
                 &line, why));
    return answer == NULL ? ST_OK : json_read(line, answer, why);
}
