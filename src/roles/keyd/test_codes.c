/* One-time codes. argv: vector files, where they are at hand: RFC 6238 and RFC 4226 as
 * NAME = VALUE lines, and JSON lines of kinds verify, replay, format. */
#include "check.h"
#include "formats/json/json.h"
#include "roles/keyd/codes.h"

enum { FILE_BYTES_MAX = 8 << 20 };

static struct secret *secret_of(const char *text)
{
    return secret_create((const unsigned char *)text, strlen(text));
}

static struct instant at_second(int64_t second)
{
    return (struct instant){second * 1000000};
}

/* RFC 6238, appendix B. */
static void published_codes(void)
{
    static const char *const secrets[] = {
        "12345678901234567890", "12345678901234567890123456789012",
        "1234567890123456789012345678901234567890123456789012345678901234"};
    static const struct {
        int64_t second;
        const char *codes[CODE_ALGORITHM_COUNT_];
    } cases[] = {
        {59, {"94287082", "46119246", "90693936"}},
        {1111111109, {"07081804", "68084774", "25091201"}},
        {2000000000, {"69279037", "90698825", "38618901"}},
        {20000000000, {"65353130", "77737706", "47863826"}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (int a = 0; a < CODE_ALGORITHM_COUNT_; a++) {
            struct code_kind kind = {(enum code_algorithm)a, 8};
            struct code_text code;
            int64_t step = 0;
            AUTO_SECRET secret = secret_of(secrets[a]);
            check_row(cases[i].codes[a]);
            CHECK_OK(code_of_step(secret, kind, cases[i].second / CODE_PERIOD_S, &code, NULL));
            CHECK_TEXT(slice_from(code.digits), cases[i].codes[a]);
            CHECK_OK(code_check(secret, kind, slice_from(cases[i].codes[a]),
                                at_second(cases[i].second), CODE_NO_STEP, &step, NULL));
            CHECK_NUMBER(step, cases[i].second / CODE_PERIOD_S);
        }
}

/* The code of step 100 (seconds 3000 to 3029), shown at some second after some last step. */
static void a_step_counts_once_and_near_its_time(void)
{
    static const struct {
        int64_t second, last;
        enum status status;
    } cases[] = {
        {3000, CODE_NO_STEP, ST_OK}, {3029, CODE_NO_STEP, ST_OK}, {2970, CODE_NO_STEP, ST_OK},
        {3059, CODE_NO_STEP, ST_OK}, {2969, CODE_NO_STEP, ST_DENIED},
        {3060, CODE_NO_STEP, ST_DENIED}, {3000, 98, ST_OK}, {3000, 99, ST_OK},
        {3000, 100, ST_DENIED}, {3000, 101, ST_DENIED}, {3059, 100, ST_DENIED},
        {-1, CODE_NO_STEP, ST_INVALID},
    };
    static const struct code_kind kind = {CODE_SHA1, 6};
    AUTO_SECRET secret = secret_of("12345678901234567890");
    struct code_text code;
    CHECK_OK(code_of_step(secret, kind, 100, &code, NULL));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t step = -7;
        check_row(code.digits);
        CHECK_NUMBER(code_check(secret, kind, slice_from(code.digits), at_second(cases[i].second),
                                cases[i].last, &step, NULL), cases[i].status);
        CHECK_NUMBER(step, cases[i].status == ST_OK ? 100 : -7);
    }
}

static void what_is_no_code_is_refused(void)
{
    static const char *const texts[] = {"", "0", "75522", "7552244", "75522a", " 755224", "755224 ",
                                        "\xEF\xBC\x97" "55224", "+75522", "755225"};
    AUTO_SECRET secret = secret_of("12345678901234567890");
    AUTO_SECRET brief = secret_of("123456789012345");
    struct code_text code;
    int64_t step;
    CHECK_OK(code_check(secret, (struct code_kind){CODE_SHA1, 6}, LIT("755224"), at_second(0),
                        CODE_NO_STEP, &step, NULL)); /* RFC 4226, appendix D, count 0 */
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        check_row(texts[i]);
        CHECK_NUMBER(code_check(secret, (struct code_kind){CODE_SHA1, 6}, slice_from(texts[i]),
                                at_second(0), CODE_NO_STEP, &step, NULL), ST_DENIED);
    }
    CHECK_NUMBER(code_check(secret, (struct code_kind){CODE_SHA1, 6}, (struct slice){"755224\0", 7},
                            at_second(0), CODE_NO_STEP, &step, NULL), ST_DENIED);
    static const struct code_kind bad[] = {{CODE_SHA1, 5}, {CODE_SHA1, 9}, {CODE_ALGORITHM_COUNT_, 6}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK_NUMBER(code_of_step(secret, bad[i], 0, &code, NULL), ST_INVALID);
    CHECK_NUMBER(code_of_step(brief, (struct code_kind){CODE_SHA1, 6}, 0, &code, NULL), ST_INVALID);
    CHECK_NUMBER(code_of_step(secret, (struct code_kind){CODE_SHA1, 6}, -1, &code, NULL), ST_INVALID);
}

/* RFC 4648, section 10. */
static void secrets_are_spelled_in_base_32(void)
{
    static const char *const cases[][2] = {{"f", "MY"}, {"fo", "MZXQ"}, {"foo", "MZXW6"},
                                           {"foob", "MZXW6YQ"}, {"fooba", "MZXW6YTB"},
                                           {"foobar", "MZXW6YTBOI"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        AUTO_BUFFER text = buffer_create(64);
        AUTO_SECRET secret = secret_of(cases[i][0]);
        code_secret_encode(secret, &text);
        CHECK_TEXT(buffer_slice(&text), cases[i][1]);
    }
}

static enum code_algorithm algorithm_of(struct slice name)
{
    for (int a = 0; a < CODE_ALGORITHM_COUNT_; a++)
        if (slice_equal_nocase(name, slice_from(code_algorithm_names[a])))
            return (enum code_algorithm)a;
    return CODE_SHA1;
}

static bool take(struct slice line, const char *name, struct slice *value)
{
    size_t equals = slice_find(line, LIT("="), 0);
    if (equals == SIZE_MAX || !slice_equal(slice_trim(slice_sub(line, 0, equals)), slice_from(name)))
        return false;
    *value = slice_trim(slice_sub(line, equals + 1, line.len));
    return true;
}

/* Blocks of NAME = VALUE lines that end with SECRET. */
static size_t run_blocks(struct slice text, struct arena *arena)
{
    size_t count = 0;
    struct slice line, code = SLICE_NONE, mode = LIT("sha1"), secret_text;
    uint64_t number = 0;
    struct slice value;
    while (slice_next_line(&text, &line)) {
        if (take(line, "TOTP", &value) || take(line, "HOTP", &value))
            code = value;
        else if (take(line, "MODE", &value))
            mode = value;
        else if (take(line, "TIME", &value) && slice_to_u64(value, INT64_MAX, &number))
            number /= CODE_PERIOD_S;
        else if (take(line, "COUNTER", &value))
            CHECK(slice_to_u64(value, INT64_MAX, &number));
        else if (take(line, "SECRET", &secret_text)) {
            struct code_text made;
            struct code_kind kind = {algorithm_of(mode), (unsigned)code.len};
            AUTO_SECRET secret = secret_of(arena_text(arena, secret_text));
            check_row(arena_text(arena, code));
            CHECK_OK(code_of_step(secret, kind, (int64_t)number, &made, NULL));
            CHECK(slice_equal(code, slice_from(made.digits)));
            count++;
        }
    }
    return count;
}

struct vector {
    struct secret *secret;
    struct code_kind kind;
    int64_t last;
};

static void check_one(struct vector *vector, const json_t *one)
{
    bool wanted = slice_equal(json_text(one, "expect"), LIT("accept"));
    enum status got = code_check(vector->secret, vector->kind, json_text(one, "code"),
                                 at_second(json_number(one, "unix_time", 0)), vector->last,
                                 &vector->last, NULL);
    CHECK((got == ST_OK) == wanted);
}

static void run_vector(const json_t *one)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    struct slice bytes = LIT("12345678901234567890");
    if (json_object_get(one, "secret_hex") != NULL)
        CHECK_OK(hex_decode(json_text(one, "secret_hex"), arena, &bytes));
    AUTO_SECRET secret = secret_create((const unsigned char *)bytes.data, bytes.len);
    struct vector vector = {secret,
                            {algorithm_of(json_text(one, "algo")), (unsigned)json_number(one, "digits", 6)},
                            CODE_NO_STEP};
    const json_t *sequence = json_object_get(one, "sequence"), *shown;
    size_t i;
    if (!json_is_array(sequence)) {
        check_one(&vector, one);
        return;
    }
    json_array_foreach(sequence, i, shown) check_one(&vector, shown);
}

static size_t run_lines(struct slice text)
{
    size_t count = 0;
    for (struct slice line; slice_next_line(&text, &line);) {
        AUTO_JSON object = NULL;
        if (line.len == 0)
            continue;
        CHECK_OK(json_read(line, &object, NULL));
        run_vector(object);
        count++;
    }
    return count;
}

static void run_file(const char *path)
{
    AUTO_ARENA arena = arena_create((size_t)4 * FILE_BYTES_MAX);
    struct slice text;
    check_row(path);
    CHECK_OK(file_read(path, FILE_BYTES_MAX, arena, &text, NULL));
    size_t count = slice_ends(slice_from(path), LIT(".txt")) ? run_blocks(text, arena) : run_lines(text);
    CHECK(count > 0);
    printf("# %s: %zu cases\n", path, count);
}

int main(int argc, char **argv)
{
    TEST(published_codes);
    TEST(a_step_counts_once_and_near_its_time);
    TEST(what_is_no_code_is_refused);
    TEST(secrets_are_spelled_in_base_32);
    if (argc < 2)
        printf("# no files of public vectors at hand: only those of this test\n");
    for (int i = 1; i < argc; i++) {
        run_file(argv[i]);
        test_done(argv[i]);
    }
    return check_done();
}
