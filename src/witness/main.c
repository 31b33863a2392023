/* rendez-witness: signs checkpoints of logs that continue what it signed before (man rendez-witness). */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "witness/witness.h"

enum { EXIT_USAGE = 2, EXIT_ENVIRONMENT = 3, LOGS_BYTES_MAX = 64 * 1024 };

static const char usage[] =
    "usage: rendez-witness --folder DIR --listen ADDRESS:PORT --log KEY… [--name NAME]\n"
    "       rendez-witness key --folder DIR [--name NAME]\n"
    "  --folder DIR   where its key and what it signed are kept\n"
    "  --listen A:P   where it answers (HTTP; put TLS in front)\n"
    "  --log KEY      a log that it watches: as `rendez log key` says it, or @FILE with one a line\n"
    "  --name NAME    its name, like witness.acme.example; always the same\n";

struct arguments {
    struct witness_options options;
    const char *listen;
    size_t logs;
    bool only_key;
};

static enum status add_log(struct arguments *arguments, struct slice key, struct problem *why)
{
    if (arguments->logs == WITNESS_LOGS_MAX)
        return problem_set(why, ST_LIMIT, "too many logs");
    arguments->options.logs[arguments->logs++] = key;
    return ST_OK;
}

static enum status add_logs(struct arguments *arguments, const char *word, struct arena *arena,
                            struct problem *why)
{
    struct slice text, line;
    if (word[0] != '@')
        return add_log(arguments, slice_from(word), why);
    TRY(file_read(word + 1, LOGS_BYTES_MAX, arena, &text, why));
    while (slice_next_line(&text, &line))
        if (slice_trim(line).len > 0)
            TRY(add_log(arguments, slice_trim(line), why));
    return ST_OK;
}

static enum status read_arguments(int argc, char **argv, struct arena *arena, struct arguments *out,
                                  struct problem *why)
{
    static const struct option options[] = {{"folder", required_argument, NULL, 'f'},
                                            {"listen", required_argument, NULL, 'a'},
                                            {"log", required_argument, NULL, 'l'},
                                            {"name", required_argument, NULL, 'n'},
                                            {"help", no_argument, NULL, 'h'},
                                            {0}};
    for (int letter; (letter = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (letter == 'f')
            out->options.folder = optarg;
        else if (letter == 'a')
            out->listen = optarg;
        else if (letter == 'n')
            out->options.name = optarg;
        else if (letter == 'l')
            TRY(add_logs(out, optarg, arena, why));
        else if (letter == 'h')
            exit(fputs(usage, stdout) < 0 ? EXIT_ENVIRONMENT : EXIT_SUCCESS);
        else
            return problem_set(why, ST_LIMIT, "see --help");
    }
    out->only_key = optind < argc && strcmp(argv[optind], "key") == 0;
    if (out->options.folder == NULL || optind + (out->only_key ? 1 : 0) != argc ||
        (!out->only_key && (out->listen == NULL || out->logs == 0)))
        return problem_set(why, ST_LIMIT, "--folder, --listen and --log are needed: see --help");
    return ST_OK;
}

static int fail(const struct problem *why, int code)
{
    fprintf(stderr, "rendez-witness: %s\n", why->detail);
    return code;
}

int main(int argc, char **argv)
{
    AUTO_ARENA arena = arena_create(4 * LOGS_BYTES_MAX);
    AUTO_WITNESS witness = NULL;
    struct arguments arguments = {0};
    struct problem why = {0};
    struct slice key;
    if (read_arguments(argc, argv, arena, &arguments, &why) != ST_OK)
        return fail(&why, EXIT_USAGE);
    if (witness_create(&arguments.options, &witness, &why) != ST_OK ||
        witness_key(witness, arena, &key, &why) != ST_OK)
        return fail(&why, EXIT_ENVIRONMENT);
    printf("%.*s\n", SLICE_ARG(key));
    fflush(stdout);
    if (!arguments.only_key &&
        witness_serve(witness, arguments.options.folder, slice_from(arguments.listen), &why) != ST_OK)
        return fail(&why, EXIT_ENVIRONMENT);
    return EXIT_SUCCESS;
}
