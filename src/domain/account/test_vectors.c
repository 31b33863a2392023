/* Public lists and vectors, where they are at hand: the argument is the folder that holds them.
 * Common passwords, as they are and as people change them, and judgements made for this project. */
#include "check.h"
#include "domain/account/password.h"
#include "formats/json/json.h"

enum { FILE_BYTES_MAX = 8 << 20 };
static struct slice folder;

static bool read_file(const char *name, struct arena *arena, struct slice *out)
{
    struct slice path = arena_format(arena, "%.*s/%s", SLICE_ARG(folder), name);
    if (file_read(path.data, FILE_BYTES_MAX, arena, out, NULL) == ST_OK)
        return true;
    printf("# no file %s\n", name);
    return false;
}

static enum password_fault judge(struct slice text, const struct slice *context, size_t count)
{
    AUTO_ARENA arena = arena_create_wiped(PASSWORD_ARENA_BYTES);
    return password_judge(text, context, count, arena);
}

/* With a capital, and behind it what most people put there. */
static void try_variants(struct slice word, unsigned *tried, unsigned *refused, unsigned *let)
{
    static const char *const endings[] = {"", "1", "1!", "2026", "2026!"};
    for (size_t i = 0; i < 5; i++) {
        AUTO_ARENA arena = arena_create(4096);
        char first = word.data[0] >= 'a' && word.data[0] <= 'z' ? (char)(word.data[0] - 32) : word.data[0];
        struct slice rest = slice_sub(word, 1, word.len);
        struct slice text = arena_format(arena, "%c%.*s%s", first, SLICE_ARG(rest), endings[i]);
        enum password_fault fault = judge(text, NULL, 0);
        (*tried)++;
        *refused += fault != PASSWORD_GOOD;
        *let += fault == PASSWORD_GOOD || fault == PASSWORD_COMMON || fault == PASSWORD_PERSONAL;
    }
}

/* At least 99 % are refused, whatever for; and of those that keep the promise of three classes. */
static void run_list(const char *name)
{
    AUTO_ARENA arena = arena_create((size_t)FILE_BYTES_MAX * 2);
    struct slice text, line;
    unsigned tried = 0, refused = 0, let = 0;
    if (!read_file(name, arena, &text))
        return;
    while (slice_next_line(&text, &line))
        if (line.len > 0 && line.len < 1000)
            try_variants(line, &tried, &refused, &let);
    unsigned passed = tried - refused;
    printf("# %s: %u of %u variants refused (%.2f %%), %.2f %% of the %u of three classes\n", name,
           refused, tried, 100.0 * refused / tried, 100.0 * (let - passed) / let, let);
    CHECK(tried > 10000 && passed * 100 <= tried);
    CHECK(passed * 100 <= let);
}

static void common_passwords(void)
{
    run_list("passwords/common-10k.txt");
}

static void french_passwords(void)
{
    run_list("passwords/french-10k.txt");
}

static bool keeps_the_promise(enum password_fault fault)
{
    return fault == PASSWORD_GOOD || fault == PASSWORD_COMMON || fault == PASSWORD_PERSONAL;
}

/* Two passwords that differ by case only stay two. */
static void run_pair(const json_t *pair, struct arena *arena)
{
    struct slice a, b;
    CHECK_OK(password_normal(slice_from(json_string_value(json_array_get(pair, 0))), arena, &a, NULL));
    CHECK_OK(password_normal(slice_from(json_string_value(json_array_get(pair, 1))), arena, &b, NULL));
    CHECK(!slice_equal(a, b));
}

static void judgements(void)
{
    static const struct slice context[] = {{"Walky", 5}};
    AUTO_ARENA arena = arena_create((size_t)FILE_BYTES_MAX * 2);
    struct slice text, line;
    if (!read_file("samples/identity/password_policy.jsonl", arena, &text))
        return;
    while (slice_next_line(&text, &line)) {
        AUTO_JSON row = NULL;
        CHECK_OK(json_read(line, &row, NULL));
        const json_t *pair = json_object_get(row, "pair");
        if (pair != NULL) {
            run_pair(pair, arena);
            continue;
        }
        enum password_fault fault = judge(json_text(row, "password"), context, 1);
        check_row(json_string_value(json_object_get(row, "password")));
        CHECK(keeps_the_promise(fault) == slice_equal(json_text(row, "seed_rule"), LIT("accept")));
        CHECK((fault == PASSWORD_GOOD) == slice_equal(json_text(row, "full_policy"), LIT("accept")));
    }
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        printf("1..0 # SKIP no public vectors beside the repository\n");
        return 0;
    }
    folder = slice_from(argv[1]);
    TEST(common_passwords);
    TEST(french_passwords);
    TEST(judgements);
    return check_done();
}
