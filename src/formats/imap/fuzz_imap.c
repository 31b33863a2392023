#include <assert.h>
#include <stddef.h>

#include "formats/imap/imap.h"

/* Any bytes of a server, at once and byte by byte: the same answers, within bounds; and any
 * name of a folder gives a quoted string that nothing can leave. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MESSAGE_BYTES_MAX = 4096 };

static void note(const struct imap_response *response, struct buffer *out)
{
    assert(response->numbers.count <= IMAP_UIDS_MAX);
    assert(response->fetched.body.len <= IMAP_LINE_BYTES_MAX + MESSAGE_BYTES_MAX);
    buffer_add_format(out, "%d %d %u %zu %u\n", response->kind, response->result, response->number,
                      response->numbers.count, response->fetched.uid);
    buffer_add(out, response->code);
    buffer_add(out, response->text);
    buffer_add(out, response->fetched.body);
}

static void run(struct slice bytes, size_t step, struct buffer *out)
{
    struct imap_reader *reader = imap_reader_create(MESSAGE_BYTES_MAX);
    enum status status = ST_OK;
    for (size_t at = 0; at < bytes.len && status == ST_OK;) {
        AUTO_ARENA arena = arena_create((size_t)4 << 20);
        size_t used = 0;
        bool whole;
        struct slice answer;
        struct imap_response response;
        status = imap_read(reader, slice_sub(bytes, at, at + step), &used, &whole, &answer, NULL);
        at += used;
        if (status == ST_OK && whole) {
            uint32_t number;
            status = imap_parse(answer, arena, &response, NULL);
            if (status == ST_OK) {
                note(&response, out);
                (void)imap_code_number(response.code, LIT("UIDVALIDITY"), &number);
                (void)imap_has_word(response.text, LIT("MOVE"));
            }
        }
    }
    buffer_add_text(out, status_name(status));
    imap_reader_destroy(&reader);
}

static void write_name(struct slice name)
{
    AUTO_BUFFER out = buffer_create(16384);
    if (imap_write_folder(name, &out, NULL) != ST_OK)
        return;
    struct slice quoted = buffer_slice(&out);
    assert(quoted.len >= 3 && quoted.data[0] == '"' && quoted.data[quoted.len - 1] == '"');
    for (size_t i = 1; i + 1 < quoted.len; i++) {
        assert(quoted.data[i] >= ' ' && quoted.data[i] <= '~' && quoted.data[i] != '"');
        i += quoted.data[i] == '\\';
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 65536)
        return 0;
    struct slice bytes = {(const char *)data, size};
    AUTO_BUFFER at_once = buffer_create((size_t)16 << 20);
    AUTO_BUFFER in_pieces = buffer_create((size_t)16 << 20);
    run(bytes, size, &at_once);
    run(bytes, 1, &in_pieces);
    assert(slice_equal(buffer_slice(&at_once), buffer_slice(&in_pieces)));
    write_name(bytes);
    return 0;
}
