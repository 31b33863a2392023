#include "roles/prober/manifest.h"

#include "roles/prober/digest.h"

static bool is_digest(struct slice text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!ascii_is_digit(text.data[i]) && (text.data[i] < 'a' || text.data[i] > 'f'))
            return false;
    return text.len == DIGEST_CHARS;
}

static bool is_name(struct slice text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!ascii_is_alpha(text.data[i]) && text.data[i] != '-')
            return false;
    return text.len > 0;
}

/* "program DIGEST NAME" */
static bool take_program(struct arena *arena, struct slice rest, struct check_release *out)
{
    struct check_program program = {slice_sub(rest, DIGEST_CHARS + 1, SIZE_MAX), slice_sub(rest, 0, DIGEST_CHARS)};
    if (out->programs.count == RELEASE_PROGRAMS_MAX || !is_digest(program.digest) || !is_name(program.name) ||
        rest.data[DIGEST_CHARS] != ' ')
        return false;
    ARENA_PUSH(arena, &out->programs, program);
    return true;
}

static bool take_line(struct arena *arena, struct slice line, struct check_release *out)
{
    size_t space = slice_find(line, LIT(" "), 0);
    struct slice word = slice_sub(line, 0, space), rest = slice_sub(line, space, SIZE_MAX);
    uint64_t builds;
    rest = slice_sub(rest, 1, SIZE_MAX);
    if (slice_equal(word, LIT("program")))
        return take_program(arena, rest, out);
    if (slice_equal(word, LIT("version")))
        out->version = rest;
    else if (slice_equal(word, LIT("source")))
        out->source = rest;
    else if (slice_equal(word, LIT("sbom")) && is_digest(rest))
        out->sbom = rest;
    else if (slice_equal(word, LIT("builds")) && slice_to_u64(rest, UINT32_MAX, &builds))
        out->builds = (uint32_t)builds;
    else
        return false;
    return true;
}

enum status release_parse(struct slice text, struct arena *arena, struct check_release *out, struct problem *why)
{
    struct slice line;
    struct check_release release = {0};
    if (text.len > RELEASE_MANIFEST_MAX)
        return problem_set(why, ST_LIMIT, "release.manifest is too long");
    while (slice_next_line(&text, &line))
        if (!take_line(arena, line, &release))
            return problem_set(why, ST_INVALID, "release.manifest has a line that is none");
    if (release.programs.count == 0 || release.sbom.len == 0)
        return problem_set(why, ST_INVALID, "release.manifest names no programs, or no parts");
    *out = release;
    return ST_OK;
}
