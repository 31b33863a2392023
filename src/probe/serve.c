/* A probe at work: one process, one thread, in a sandbox. */
#include "platform/rounds/rounds.h"
#include "platform/sandbox/sandbox.h"
#include "probe/probe.h"

enum { MEMORY_BYTES_MAX = 512 << 20, CATCH_UP_MAX = 20 };

static const char program[] = "rendez-probe";

static enum status report_all(struct probe *probe, struct problem *why)
{
    for (int i = 0; i < CATCH_UP_MAX && probe_waiting(probe) > 0 && !rounds_end(); i++)
        TRY(probe_report(probe, why));
    return ST_OK;
}

enum status probe_serve(struct probe *probe, const struct probe_options *options, unsigned every_s,
                        struct problem *why)
{
    struct rounds rounds = rounds_begin(every_s);
    struct sandbox_rules rules = {.may = MAY_CONNECT | MAY_FILES, .paths = {{options->folder, SANDBOX_WRITE}, {options->ca_file, SANDBOX_READ}},
                                  .memory_bytes_max = MEMORY_BYTES_MAX};
    TRY(sandbox_enter(&rules, why));
    bool kept_wrong = false, sent_wrong = false, up;
    while (rounds_go_on(&rounds)) {
        struct problem failed = {0};
        rounds_tell(program, &kept_wrong, probe_look(probe, clock_now(), &up, &failed), "what was seen cannot be kept", &failed);
        if (up)
            rounds_tell(program, &sent_wrong, report_all(probe, &failed), "the report is not taken", &failed);
    }
    return ST_OK;
}
