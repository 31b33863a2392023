#ifndef RENDEZ_FORMATS_HTTP_H
#define RENDEZ_FORMATS_HTTP_H

#include "base/bytes/bytes.h"

/* What a small server needs of HTTP and HTML beside libmicrohttpd: forms, path patterns,
 * cookies, a language choice, escaping. */

enum { HTTP_FORM_BYTES_MAX = 64 * 1024, HTTP_FORM_FIELDS_MAX = 50, HTTP_PATH_VALUES_MAX = 4 };

struct http_field {
    struct slice name, value; /* decoded; UTF-8 without NUL */
};
struct http_form {
    struct http_field *items;
    size_t count, capacity;
};

/* application/x-www-form-urlencoded (WHATWG URL, section 5.1), stricter than browsers:
 * ST_INVALID  a "%" without two hexadecimal digits, bad UTF-8, NUL; why->offset is
 *             where the field starts
 * ST_LIMIT    too long, or more than HTTP_FORM_FIELDS_MAX fields */
MUST_USE enum status http_form_parse(struct slice body, struct arena *arena,
                                     struct http_form *out, struct problem *why);
/* The first field of that name; false when there is none. */
bool http_form_get(const struct http_form *form, struct slice name, struct slice *value);

/* The other way: a field more ("&name=value"; the "&" unless `out` is empty or ends with "?"), and
 * a text as it stands in one. Everything but letters, digits and "-._~" is escaped, a space as
 * "%20", which is right in the query of a URL too. */
void http_form_add(struct buffer *out, const char *name, struct slice value);
struct slice http_form_escape(struct slice text, struct arena *arena);

/* Whether `path` has the shape of `pattern`: "{name}" stands for one segment of 1 to 512
 * characters that need no escaping in a URL (RFC 3986: unreserved), a last "{+name}" for all that is
 * left, of 1 to 512 such characters, ":" and "/" with something between. values[i] borrows the
 * i-th; the pattern has at most HTTP_PATH_VALUES_MAX of them. */
bool http_path_match(const char *pattern, struct slice path,
                     struct slice values[HTTP_PATH_VALUES_MAX]);

/* The value of one cookie in a Cookie header (RFC 6265 section 4.2.1), borrowed. Stricter than
 * browsers of old: pairs with "; " between, names of tokens, values without quotes.
 * ST_NOT_FOUND  no cookie of that name
 * ST_INVALID    it is there twice (somebody planted one of them), or the header has another shape
 * ST_LIMIT      over HTTP_COOKIES_MAX pairs */
enum { HTTP_COOKIES_MAX = 50 };
MUST_USE enum status http_cookie(struct slice header, struct slice name, struct slice *value,
                                 struct problem *why);

/* Index of the language of `offered` ("fr", "en", …) that an Accept-Language header
 * (RFC 9110 section 12.5.4) likes best; 0 when it names none of them. */
size_t http_language(struct slice header, const char *const *offered, size_t count);

/* The name in a Host header (RFC 9110 section 7.2): "meet.example:8443" has meet.example,
 * "[::1]:80" has ::1. False where it is no host with an optional port: spaces, commas, user
 * parts, and names with other characters than letters, digits, "-", "." and "_". */
bool http_host(struct slice header, struct slice *name);

/* The header that a proxy puts before a connection's bytes (PROXY protocol, versions 1 and
 * 2: doc/proxy-protocol.txt of HAProxy, sections 2.1 and 2.2). */
enum { HTTP_PROXIED_BYTES_MAX = 536 }; /* HAProxy's own limit for version 2 */
struct http_proxied {
    size_t bytes;        /* length of the header; the connection's own bytes follow */
    uint8_t family;      /* 4, 6; 0: the proxy speaks for itself (LOCAL, UNKNOWN) */
    uint8_t address[16]; /* the client's; the first 4 bytes for family 4 */
    uint16_t port;
};
/* ST_NOT_FOUND  what is there may be the beginning of one: more bytes are needed
 * ST_INVALID    no such header, or one that is wrong */
MUST_USE enum status http_proxied_parse(struct slice bytes, struct http_proxied *out,
                                        struct problem *why);

/* Appends text for use in HTML content and in quoted attributes. */
void html_add(struct buffer *out, struct slice text);

#endif
