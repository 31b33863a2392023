#include <string.h>

#include "formats/imap/imap.h"

/* An answer and how far it is read. */
struct cursor {
    struct slice text;
    size_t at;
    struct problem *why;
};

static enum status bad(const struct cursor *cursor, const char *what)
{
    return problem_at(cursor->why, ST_INVALID, cursor->at, "IMAP: %s", what);
}

static bool at_end(const struct cursor *cursor)
{
    return cursor->at >= cursor->text.len;
}

static bool take_char(struct cursor *cursor, char c)
{
    if (at_end(cursor) || cursor->text.data[cursor->at] != c)
        return false;
    cursor->at++;
    return true;
}

static void skip_spaces(struct cursor *cursor)
{
    while (take_char(cursor, ' '))
        ;
}

static struct slice rest_of(const struct cursor *cursor)
{
    return slice_sub(cursor->text, cursor->at, cursor->text.len);
}

/* Up to a space, a parenthesis or the end: an atom, in the wide sense of servers. */
static struct slice take_word(struct cursor *cursor)
{
    size_t from = cursor->at;
    while (!at_end(cursor) && strchr(" ()\"\r\n", cursor->text.data[cursor->at]) == NULL)
        cursor->at++;
    return slice_sub(cursor->text, from, cursor->at);
}

static bool to_number(struct slice word, uint32_t *number)
{
    uint64_t value;
    if (!slice_to_u64(word, UINT32_MAX, &value))
        return false;
    *number = (uint32_t)value;
    return true;
}

/* Values of FETCH */

static enum status take_quoted(struct cursor *cursor, struct slice *value)
{
    size_t from = cursor->at;
    while (!at_end(cursor)) {
        char c = cursor->text.data[cursor->at++];
        if (c == '\\')
            cursor->at++;
        else if (c == '"') {
            *value = slice_sub(cursor->text, from, cursor->at - 1);
            return ST_OK;
        } else if (c == '\r' || c == '\n')
            break;
    }
    return bad(cursor, "a quoted text does not end");
}

/* Behind "{": "123}" CRLF and as many bytes. */
static enum status take_literal(struct cursor *cursor, struct slice *value)
{
    size_t close = slice_find(cursor->text, LIT("}"), cursor->at);
    uint64_t bytes;
    struct slice number = slice_sub(cursor->text, cursor->at, close);
    if (slice_ends(number, LIT("+")))
        number.len--;
    if (close == SIZE_MAX || !slice_to_u64(number, UINT32_MAX, &bytes))
        return bad(cursor, "the length of a literal is no number");
    cursor->at = close + 1;
    take_char(cursor, '\r');
    if (!take_char(cursor, '\n') || cursor->text.len - cursor->at < bytes)
        return bad(cursor, "a literal is cut");
    *value = slice_sub(cursor->text, cursor->at, cursor->at + bytes);
    cursor->at += bytes;
    return ST_OK;
}

static enum status skip_list(struct cursor *cursor);

/* A word, a quoted text, a literal or a list; the text of the first three. */
static enum status take_value(struct cursor *cursor, struct slice *value)
{
    *value = SLICE_NONE;
    if (take_char(cursor, '"'))
        return take_quoted(cursor, value);
    if (take_char(cursor, '{'))
        return take_literal(cursor, value);
    if (take_char(cursor, '('))
        return skip_list(cursor);
    *value = take_word(cursor);
    return value->len > 0 ? ST_OK : bad(cursor, "a value is missing");
}

/* Behind "(", without recursion: what is nested is only counted. */
static enum status skip_list(struct cursor *cursor)
{
    for (unsigned depth = 1; depth > 0;) {
        struct slice value;
        skip_spaces(cursor);
        if (take_char(cursor, ')'))
            depth--;
        else if (take_char(cursor, '('))
            depth++;
        else
            TRY(take_value(cursor, &value));
        if (depth > IMAP_NESTING_MAX)
            return problem_set(cursor->why, ST_LIMIT, "IMAP: lists too deep");
    }
    return ST_OK;
}

/* "UID", "BODY[HEADER.FIELDS (TO)]<0>": what stands in brackets belongs to the name. */
static struct slice take_item_name(struct cursor *cursor)
{
    size_t from = cursor->at;
    while (!at_end(cursor) && strchr(" ()[", cursor->text.data[cursor->at]) == NULL)
        cursor->at++;
    if (take_char(cursor, '[')) {
        size_t close = slice_find(cursor->text, LIT("]"), cursor->at);
        cursor->at = close == SIZE_MAX ? cursor->text.len : close + 1;
        while (!at_end(cursor) && cursor->text.data[cursor->at] != ' ')
            cursor->at++;
    }
    return slice_sub(cursor->text, from, cursor->at);
}

static enum status take_item(struct cursor *cursor, struct imap_fetched *fetched)
{
    struct slice name = take_item_name(cursor), value;
    uint64_t size;
    if (name.len == 0 || !take_char(cursor, ' '))
        return bad(cursor, "a FETCH answer without names");
    TRY(take_value(cursor, &value));
    if (slice_equal_nocase(name, LIT("UID"))) {
        fetched->has_uid = to_number(value, &fetched->uid) && fetched->uid > 0;
        return fetched->has_uid ? ST_OK : bad(cursor, "a UID that is none");
    }
    if (slice_equal_nocase(name, LIT("RFC822.SIZE"))) {
        fetched->has_size = slice_to_u64(value, INT64_MAX, &size);
        fetched->size = fetched->has_size ? size : 0;
        return fetched->has_size ? ST_OK : bad(cursor, "a size that is none");
    }
    if (slice_starts_nocase(name, LIT("BODY["))) {
        fetched->has_body = true;
        /* NIL: the message is gone. Only literals are used for what may hold any byte. */
        fetched->body = slice_equal_nocase(value, LIT("NIL")) ? SLICE_NONE : value;
    }
    return ST_OK;
}

static enum status parse_fetch(struct cursor *cursor, struct imap_fetched *fetched)
{
    skip_spaces(cursor);
    if (!take_char(cursor, '('))
        return bad(cursor, "FETCH without a list");
    for (;;) {
        skip_spaces(cursor);
        if (take_char(cursor, ')'))
            return ST_OK;
        TRY(take_item(cursor, fetched));
    }
}

/* The rest */

static enum status parse_search(struct cursor *cursor, struct arena *arena,
                                struct imap_numbers *numbers)
{
    for (;;) {
        uint32_t number;
        skip_spaces(cursor);
        if (at_end(cursor) || take_char(cursor, '(')) /* "(MODSEQ 7)", RFC 7162 */
            return ST_OK;
        if (!to_number(take_word(cursor), &number) || number == 0)
            return bad(cursor, "a SEARCH answer that is no list of numbers");
        if (numbers->count == IMAP_UIDS_MAX)
            return problem_set(cursor->why, ST_LIMIT, "IMAP: more than %d messages", IMAP_UIDS_MAX);
        ARENA_PUSH(arena, numbers, number);
    }
}

static bool to_result(struct slice word, enum imap_result *result)
{
    static const char *const names[] = {"OK", "NO", "BAD", "BYE", "PREAUTH"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (slice_equal_nocase(word, slice_from(names[i]))) {
            *result = (enum imap_result)i;
            return true;
        }
    return false;
}

/* "[CODE arguments] text for people" */
static void parse_code(struct cursor *cursor, struct imap_response *out)
{
    skip_spaces(cursor);
    size_t close = slice_find(cursor->text, LIT("]"), cursor->at);
    if (close != SIZE_MAX && take_char(cursor, '[')) {
        out->code = slice_sub(cursor->text, cursor->at, close);
        cursor->at = close + 1;
        skip_spaces(cursor);
    }
    out->text = rest_of(cursor);
}

static enum status parse_numbered(struct cursor *cursor, struct imap_response *out)
{
    skip_spaces(cursor);
    struct slice name = take_word(cursor);
    if (slice_equal_nocase(name, LIT("EXISTS"))) {
        out->kind = IMAP_EXISTS;
        return ST_OK;
    }
    if (!slice_equal_nocase(name, LIT("FETCH")))
        return ST_OK;
    out->kind = IMAP_FETCH;
    return parse_fetch(cursor, &out->fetched);
}

static enum status parse_untagged(struct cursor *cursor, struct arena *arena,
                                  struct imap_response *out)
{
    struct slice word = take_word(cursor);
    if (to_number(word, &out->number))
        return parse_numbered(cursor, out);
    if (to_result(word, &out->result)) {
        out->kind = IMAP_STATUS;
        parse_code(cursor, out);
    } else if (slice_equal_nocase(word, LIT("SEARCH"))) {
        out->kind = IMAP_SEARCH;
        return parse_search(cursor, arena, &out->numbers);
    } else if (slice_equal_nocase(word, LIT("CAPABILITY"))) {
        out->kind = IMAP_CAPABILITY;
        skip_spaces(cursor);
        out->text = rest_of(cursor);
    }
    return word.len > 0 ? ST_OK : bad(cursor, "an empty answer");
}

enum status imap_parse(struct slice answer, struct arena *arena, struct imap_response *out,
                       struct problem *why)
{
    struct cursor cursor = {answer, 0, why};
    struct imap_response response = {.kind = IMAP_OTHER};
    struct slice first = take_word(&cursor);
    if (slice_equal(first, LIT("+"))) {
        response.kind = IMAP_CONTINUE;
    } else if (!take_char(&cursor, ' ')) {
        return bad(&cursor, "not an answer of an IMAP server");
    } else if (slice_equal(first, LIT("*"))) {
        TRY(parse_untagged(&cursor, arena, &response));
    } else {
        response.kind = IMAP_TAGGED;
        response.tag = first;
        if (first.len == 0 || !to_result(take_word(&cursor), &response.result) ||
            response.result > IMAP_BAD)
            return bad(&cursor, "a tagged answer without result");
        parse_code(&cursor, &response);
    }
    *out = response;
    return ST_OK;
}

bool imap_code_number(struct slice code, struct slice name, uint32_t *number)
{
    uint32_t value;
    if (!slice_starts_nocase(code, name) || code.len <= name.len || code.data[name.len] != ' ' ||
        !to_number(slice_trim(slice_sub(code, name.len, code.len)), &value) || value == 0)
        return false;
    *number = value;
    return true;
}

bool imap_has_word(struct slice words, struct slice word)
{
    struct cursor cursor = {words, 0, NULL};
    while (!at_end(&cursor)) {
        skip_spaces(&cursor);
        size_t before = cursor.at;
        if (slice_equal_nocase(take_word(&cursor), word))
            return word.len > 0;
        if (cursor.at == before && !at_end(&cursor))
            cursor.at++;
    }
    return false;
}
