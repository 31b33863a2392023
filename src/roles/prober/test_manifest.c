/* A release's manifest: what is one, and what is none. */
#include "../tests/check.h" /* beside this file is another one of that name */
#include "roles/prober/manifest.h"

#define DIGEST "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define GOOD "version 1.2\nsource abc\nbuilds 2\nsbom " DIGEST "\nprogram " DIGEST " rendezd\n"

static const struct {
    const char *text;
    enum status status;
    size_t programs;
    uint32_t builds;
} cases[] = {
    {GOOD, ST_OK, 1, 2},
    {GOOD "program " DIGEST " rendez-keyd\n", ST_OK, 2, 2},
    {"program " DIGEST " rendezd\nsbom " DIGEST "\n", ST_OK, 1, 0}, /* built how often it does not say */
    {"", ST_INVALID, 0, 0},
    {"version 1.2\nsbom " DIGEST "\n", ST_INVALID, 0, 0},
    {"program " DIGEST " rendezd\n", ST_INVALID, 0, 0},
    {GOOD "\n", ST_INVALID, 0, 0},
    {GOOD "programs " DIGEST " x\n", ST_INVALID, 0, 0},
    {GOOD "program " DIGEST "\n", ST_INVALID, 0, 0},
    {GOOD "program " DIGEST " \n", ST_INVALID, 0, 0},
    {GOOD "program " DIGEST "x rendez-keyd\n", ST_INVALID, 0, 0},
    {GOOD "program 0123 rendez-keyd\n", ST_INVALID, 0, 0},
    {GOOD "program " DIGEST " ../../bin/sh\n", ST_INVALID, 0, 0},
    {GOOD "program " DIGEST " rendez keyd\n", ST_INVALID, 0, 0},
    {GOOD "builds two\n", ST_INVALID, 0, 0},
    {GOOD "builds -1\n", ST_INVALID, 0, 0},
    {GOOD "builds 4294967296\n", ST_INVALID, 0, 0},
    {GOOD "sbom " DIGEST "0\n", ST_INVALID, 0, 0},
    {GOOD "sbom 0123456789ABCDEF0123456789abcdef0123456789abcdef0123456789abcdef\n", ST_INVALID, 0, 0},
};

static void what_is_a_manifest(void)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        AUTO_ARENA arena = arena_create(1 << 20);
        struct check_release release = {.builds = 77};
        check_row(cases[i].text);
        CHECK_NUMBER(release_parse(slice_from(cases[i].text), arena, &release, NULL), cases[i].status);
        CHECK_NUMBER(release.builds, cases[i].status == ST_OK ? cases[i].builds : 77); /* untouched on failure */
        CHECK_NUMBER(release.programs.count, cases[i].programs);
    }
}

static void what_it_says(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    struct check_release release;
    CHECK_OK(release_parse(LIT(GOOD), arena, &release, NULL));
    CHECK_TEXT(release.version, "1.2");
    CHECK_TEXT(release.source, "abc");
    CHECK_TEXT(release.sbom, DIGEST);
    CHECK_TEXT(release.programs.items[0].name, "rendezd");
    CHECK_TEXT(release.programs.items[0].digest, DIGEST);
}

static void too_much(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    AUTO_BUFFER text = buffer_create(2 * RELEASE_MANIFEST_MAX);
    struct check_release release;
    buffer_add_text(&text, GOOD);
    for (int i = 1; i < RELEASE_PROGRAMS_MAX; i++)
        buffer_add_text(&text, "program " DIGEST " another\n");
    CHECK_OK(release_parse(buffer_slice(&text), arena, &release, NULL));
    CHECK_NUMBER(release.programs.count, RELEASE_PROGRAMS_MAX);
    buffer_add_text(&text, "program " DIGEST " another\n");
    CHECK_NUMBER(release_parse(buffer_slice(&text), arena, &release, NULL), ST_INVALID);
    while (text.len <= RELEASE_MANIFEST_MAX)
        buffer_add_text(&text, "program " DIGEST " another\n");
    CHECK_NUMBER(release_parse(buffer_slice(&text), arena, &release, NULL), ST_LIMIT);
}

int main(void)
{
    TEST(what_is_a_manifest);
    TEST(what_it_says);
    TEST(too_much);
    return check_done();
}
