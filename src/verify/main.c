#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "verify.h"

/* rendez-verify(1). Exit: 0 everything holds, 1 it does not, 2 usage, 3 something cannot be read. */

enum { HOLDS = 0, REFUSED = 1, USAGE = 2, UNREADABLE = 3 };

static const char help[] =
    "usage: rendez-verify --key KEY [OPTION…] FOLDER\n"
    "       rendez-verify --key KEY [OPTION…] --proof FILE [--entry FILE]\n\n"
    "Proves that a copy of the log of Rendez (C2SP tlog-tiles) is whole and unchanged.\n\n"
    "  --key KEY           public key of the log, or a file that holds it: it is pinned\n"
    "  --witness KEY       public key of a witness, or a file; several times\n"
    "  --quorum N          how many of them must have signed (all of them)\n"
    "  --since FILE        a checkpoint seen before: it must be a beginning of this log\n"
    "  --save FILE         keeps the checkpoint there when everything holds, for --since\n"
    "  --organisation ID   prints the entries that concern it\n"
    "  --looks             counts second looks again: each figure that is published must be that of their entries\n"
    "  --proof FILE        proves one entry by itself (C2SP tlog-proof), or several one after the other\n"
    "  --entry FILE        the entry, where the proof does not carry it as its extra data\n"
    "  --json              one object instead of lines\n"
    "  --help, --version\n";

struct options {
    struct job job;
    struct file key_files[WITNESSES_MAX + 1]; /* keys point into them */
    size_t key_file_count;
    const char *save, *proof, *entry;
    bool json, quorum_given;
};

static struct text text_from(const char *text)
{
    return (struct text){text, strlen(text)};
}

static int usage(const char *why, const char *what)
{
    fprintf(stderr, "rendez-verify: %s%s; see --help\n", why, what);
    return USAGE;
}

/* The key itself, or the first line of a file. */
static int take_key(struct options *options, const char *word, struct key *out)
{
    struct text text = text_from(word), line;
    const char *why = key_read(text, out);
    if (why == NULL)
        return HOLDS;
    struct file *file = &options->key_files[options->key_file_count];
    if (options->key_file_count > WITNESSES_MAX || file_load(NULL, word, file) != NULL)
        return usage("a key: ", why);
    options->key_file_count++;
    text = (struct text){file->data, file->len};
    why = key_read(text_next_line(&text, &line) ? line : text, out);
    return why == NULL ? HOLDS : usage("a key in a file: ", why);
}

static int take_option(struct options *options, int option)
{
    struct job *job = &options->job;
    uint64_t number;
    switch (option) {
    case 'k':
        return take_key(options, optarg, &job->log);
    case 'w':
        if (job->witness_count == WITNESSES_MAX)
            return usage("too many witnesses", "");
        return take_key(options, optarg, &job->witnesses[job->witness_count++]);
    case 'q':
        if (!text_number(text_from(optarg), &number) || number > WITNESSES_MAX)
            return usage("--quorum: a number is needed", "");
        job->quorum = (size_t)number;
        options->quorum_given = true;
        return HOLDS;
    case 's':
        job->since = optarg;
        return HOLDS;
    case 'S':
        options->save = optarg;
        return HOLDS;
    case 'o':
        job->organisation = text_from(optarg);
        return HOLDS;
    case 'l':
        job->looks = true;
        return HOLDS;
    case 'p':
        options->proof = optarg;
        return HOLDS;
    case 'e':
        options->entry = optarg;
        return HOLDS;
    case 'j':
        options->json = true;
        return HOLDS;
    default:
        return usage("unknown or incomplete option", "");
    }
}

static int take_options(int argc, char **argv, struct options *options)
{
    static const struct option longs[] = {
        {"key", required_argument, NULL, 'k'},     {"witness", required_argument, NULL, 'w'},
        {"quorum", required_argument, NULL, 'q'},  {"since", required_argument, NULL, 's'},
        {"save", required_argument, NULL, 'S'},    {"organisation", required_argument, NULL, 'o'},
        {"proof", required_argument, NULL, 'p'},   {"entry", required_argument, NULL, 'e'},
        {"json", no_argument, NULL, 'j'},          {"looks", no_argument, NULL, 'l'},
        {0},
    };
    opterr = 0;
    for (int option; (option = getopt_long(argc, argv, "", longs, NULL)) != -1;) {
        int code = take_option(options, option);
        if (code != HOLDS)
            return code;
    }
    struct job *job = &options->job;
    if (!options->quorum_given)
        job->quorum = job->witness_count;
    if (job->log.kind != KEY_LOG)
        return usage("--key: the public key of a log is needed", "");
    for (size_t i = 0; i < job->witness_count; i++)
        if (job->witnesses[i].kind != KEY_WITNESS)
            return usage("--witness: this is no key of a witness", "");
    if (job->quorum > job->witness_count)
        return usage("--quorum: more than there are witnesses", "");
    bool alone = options->proof != NULL || options->entry != NULL;
    if (alone && job->looks)
        return usage("--looks goes with a folder", "");
    if (alone && (options->proof == NULL || optind != argc))
        return usage("--entry goes with --proof, and both without a folder", "");
    if (!alone && optind + 1 != argc)
        return usage("one folder is needed", "");
    job->folder = argv[optind];
    return HOLDS;
}

/* In quotes; only keys, origins and our own words come here, but nothing is taken on trust. */
static void put_json(const char *name, struct text text)
{
    printf("\"%s\":\"", name);
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.data[i];
        if (c < 0x20 || c == '"' || c == '\\')
            printf("\\u%04x", c);
        else
            putchar(c);
    }
    putchar('"');
}

/* The newest figure that was recounted. */
static void print_looks_json(const struct looks *looks)
{
    printf("\"figures\":%llu,", (unsigned long long)looks->counted);
    if (looks->counted == 0)
        return;
    put_json("from", (struct text){looks->from, sizeof looks->from});
    putchar(',');
    put_json("until", (struct text){looks->until, sizeof looks->until});
    printf(",\"looks\":%llu,\"looks_wrong\":%llu,", (unsigned long long)looks->said, (unsigned long long)looks->wrong);
}

static void print_looks(const struct looks *looks)
{
    if (looks->counted == 0) {
        printf("looks       no figure of second looks is in the log\n");
        return;
    }
    printf("looks       all %llu figures are those of the single second looks; the last one, entry %llu: from %.*s to %.*s "
           "%llu of %llu read otherwise\n", (unsigned long long)looks->counted, (unsigned long long)looks->number,
           (int)sizeof looks->from, looks->from, (int)sizeof looks->until, looks->until, (unsigned long long)looks->wrong,
           (unsigned long long)looks->said);
}

static void print_json(const struct job *job, const struct report *report, bool holds)
{
    char root[48];
    base64_put(report->checkpoint.root.bytes, HASH_BYTES, root);
    printf("{\"holds\":%s,", holds ? "true" : "false");
    put_json("origin", report->checkpoint.origin);
    printf(",\"size\":%llu,", (unsigned long long)report->checkpoint.size);
    put_json("root", text_from(root));
    printf(",\"entries\":%llu,\"tiles\":%llu,\"witnessed\":%zu,\"witnesses\":%zu,\"since\":%llu,",
           (unsigned long long)report->entries, (unsigned long long)report->tiles,
           report->witnessed, job->witness_count, (unsigned long long)report->since_size);
    if (job->looks)
        print_looks_json(&report->looks);
    put_json("wrong", text_from(report->wrong));
    printf("}\n");
}

static void print_lines(const struct options *options, const struct report *report)
{
    const struct job *job = &options->job;
    char root[48];
    base64_put(report->checkpoint.root.bytes, HASH_BYTES, root);
    printf("log         %.*s, signed by the pinned key\n", (int)report->checkpoint.origin.len,
           report->checkpoint.origin.data);
    printf("checkpoint  %llu entries, root %s\n", (unsigned long long)report->checkpoint.size, root);
    for (size_t i = 0; i < job->witness_count; i++) {
        printf("witness     %.*s", (int)job->witnesses[i].name.len, job->witnesses[i].name.data);
        if (report->witness_times[i] > 0)
            time_print(stdout, " saw it at ", (int64_t)report->witness_times[i]);
        else
            printf(" did not sign");
        putchar('\n');
    }
    if (options->proof != NULL) {
        printf("proven      %s in the log\n", report->entries == 1 ? "the entry is" : "all entries of the file are");
        return;
    }
    printf("proven      all %llu entries and %llu tiles are those that make this root\n",
           (unsigned long long)report->entries, (unsigned long long)report->tiles);
    if (report->entries > 0) {
        time_print(stdout, "dates       in order, from ", report->first_us / 1000000);
        time_print(stdout, " to ", report->last_us / 1000000);
        putchar('\n');
    }
    if (job->looks)
        print_looks(&report->looks);
    if (job->since != NULL)
        printf("since       the %llu entries seen before are its beginning, unchanged\n",
               (unsigned long long)report->since_size);
}

static int save(const char *path, const struct report *report)
{
    FILE *file = fopen(path, "wb");
    bool good = file != NULL &&
                fwrite(report->kept.data, 1, report->kept.len, file) == report->kept.len;
    if (file != NULL)
        good = fclose(file) == 0 && good;
    if (good)
        return HOLDS;
    fprintf(stderr, "rendez-verify: %s: cannot be written\n", path);
    return UNREADABLE;
}

static int verify(struct options *options)
{
    static struct report report;
    options->job.entries = options->json ? stderr : stdout;
    bool holds = options->proof != NULL
                     ? proof_run(&options->job, options->proof, options->entry, &report)
                     : job_run(&options->job, &report);
    if (options->json)
        print_json(&options->job, &report, holds);
    else if (holds)
        print_lines(options, &report);
    if (!holds)
        fprintf(stderr, "rendez-verify: %s\n", report.wrong);
    int code = holds ? HOLDS : report.unreadable ? UNREADABLE : REFUSED;
    if (holds && options->save != NULL)
        code = save(options->save, &report);
    report_free(&report);
    return code;
}

int main(int argc, char **argv)
{
    static struct options options;
    if (argc == 2 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "--version") == 0)) {
        printf("%s", argv[1][2] == 'h' ? help : "rendez-verify " RENDEZ_VERSION "\n");
        return HOLDS;
    }
    int code = take_options(argc, argv, &options);
    if (code == HOLDS)
        code = verify(&options);
    for (size_t i = 0; i < options.key_file_count; i++)
        file_free(&options.key_files[i]);
    return code;
}
