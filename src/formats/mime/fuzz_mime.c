#include <assert.h>

#include "formats/mime/mime.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Any bytes as a message: what is read is valid UTF-8 within its limits and goes through
 * its record; the text goes through the other two ways of stripping. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_ARENA arena = arena_create(MIME_ARENA_BYTES * (size_t)4);
    AUTO_BUFFER bytes = buffer_create((size_t)64 << 20);
    struct slice raw = {(const char *)data, size};
    struct mail mail, copy;
    if (mime_parse(raw, LIT("mx.ours.example"), arena, &mail, NULL) != ST_OK)
        return 0;
    assert(mail.text.len <= MIME_TEXT_MAX && mail.new_text.len <= mail.text.len);
    assert(mail.quotes.count <= MIME_QUOTES_MAX && mail.to.count <= MIME_MAILBOXES_MAX);
    record_encode(&mail_record, &mail, &bytes);
    assert(record_decode(&mail_record, buffer_slice(&bytes), arena, &copy, NULL) == ST_OK);
    assert(slice_equal(copy.new_text, mail.new_text));
    mime_strip_reply(mail.text, REPLY_WITHOUT_QUOTE, arena);
    mime_strip_reply(mail.text, REPLY_WITHOUT_SIGNATURE, arena);
    mime_html_text(mail.text, arena);
    return 0;
}
