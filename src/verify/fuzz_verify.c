#include <assert.h>
#include <string.h>

#include "verify/verify.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Keys, notes and entries of anybody: an answer, and what is read points into what was given. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const unsigned char nobody[32];
    struct text all = {(const char *)data, size}, line, rest = all;
    struct key key = {.name = {"rendez.example/log", 18}, .kind = KEY_LOG};
    struct checkpoint checkpoint;
    struct entry entry;
    struct looks looks = {.count = 0};
    uint64_t time;
    memcpy(key.public_key, nobody, sizeof nobody);
    if (checkpoint_read(all, &checkpoint) == NULL) {
        assert(checkpoint.note.body.len < size && checkpoint.note.count <= SIGNATURES_MAX);
        for (size_t i = 0; i < checkpoint.note.count; i++) {
            key.name = checkpoint.note.signatures[i].name;
            memcpy(key.id, checkpoint.note.signatures[i].blob, 4);
            key.kind = i % 2 == 0 ? KEY_LOG : KEY_WITNESS;
            enum note_signed result = note_check(&checkpoint.note, &key, &time);
            assert(result != NOTE_UNSIGNED);
        }
    }
    while (text_next_line(&rest, &line)) {
        struct key read;
        if (key_read(line, &read) == NULL)
            assert(read.name.len < line.len);
        if (!entry_read(line, &entry))
            continue;
        (void)entry_concerns(&entry, (struct text){"acme", 4});
        (void)looks_add(&looks, 0, &entry);
    }
    for (size_t i = 0; i < looks.count; i++)
        assert(looks.days[i].looks >= looks.days[i].wrong);
    looks_free(&looks);
    return 0;
}
