/* A release's manifest of any bytes: what is taken names programs and digests of the right form, inside the text. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "roles/prober/digest.h"
#include "roles/prober/manifest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void is_inside(struct slice part, struct slice text)
{
    assert(part.len == 0 || (part.data >= text.data && part.data + part.len <= text.data + text.len));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    struct slice text = {(const char *)data, size};
    struct check_release release;
    if (release_parse(text, arena, &release, NULL) != ST_OK)
        return 0;
    assert(release.programs.count > 0 && release.programs.count <= RELEASE_PROGRAMS_MAX);
    assert(release.sbom.len == DIGEST_CHARS);
    is_inside(release.version, text);
    is_inside(release.source, text);
    for (size_t i = 0; i < release.programs.count; i++) {
        is_inside(release.programs.items[i].name, text);
        assert(release.programs.items[i].name.len > 0 && release.programs.items[i].digest.len == DIGEST_CHARS);
    }
    return 0;
}
