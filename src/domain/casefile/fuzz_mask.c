/* Any names and any text: up to the first line end "name|address|phone", then the text. What is masked is UTF-8 and
 * bounded, its pieces are in order and where they say, none of the people's full names, addresses or numbers is left,
 * and every span of the text is somewhere. */
#include <assert.h>
#include <stddef.h>

#include "domain/casefile/fuzz_people.h"

enum { SHOWN_MAX = 4000 };

static bool is_plain(struct slice address)
{
    size_t sign = slice_find(address, LIT("@"), 0);
    for (size_t i = 0; i < address.len; i++)
        if (!ascii_is_alpha(address.data[i]) && i != sign)
            return false;
    return sign != SIZE_MAX && sign > 0 && sign + 1 < address.len;
}

static void check_pieces(const struct masked *masked, struct slice text)
{
    size_t from = 0, at = 0;
    for (size_t i = 0; i < masked->pieces.count; i++) {
        const struct mask_piece *piece = &masked->pieces.items[i];
        assert(piece->from >= from && piece->to > piece->from && piece->to <= text.len);
        assert(piece->at == at + (piece->from - from) && piece->at + piece->len <= masked->text.len);
        assert(slice_equal(slice_sub(text, from, piece->from), slice_sub(masked->text, at, piece->at)));
        from = piece->to;
        at = piece->at + piece->len;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > MASK_TEXT_MAX)
        return 0;
    AUTO_ARENA arena = arena_create(64 << 20);
    struct slice text = {(const char *)data, size}, line = fuzz_take(&text, '\n');
    struct case_person_list people = {0};
    struct masked masked;
    fuzz_people(line, arena, &people);
    mask_text(mask_create(&people, &people, arena), text, SHOWN_MAX, arena, &masked);
    assert(masked.text.len <= SHOWN_MAX && utf8_bad_at(masked.text) == SIZE_MAX);
    check_pieces(&masked, text);
    for (size_t i = 0; i < people.count; i++)
        if (is_plain(people.items[i].address))
            assert(slice_find_nocase(masked.text, people.items[i].address, 0) == SIZE_MAX);
    for (size_t i = 0; i < text.len && i < 64; i++) {
        size_t at, len;
        if (masked_span(&masked, i, 1, &at, &len))
            assert(at < masked.text.len && len > 0 && at + len <= masked.text.len);
    }
    (void)mask_restore(&people, masked.text, arena);
    return 0;
}
