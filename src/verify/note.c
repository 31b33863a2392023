#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "verify.h"

/* Texts. */

bool text_is(struct text a, struct text b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

bool text_next_line(struct text *rest, struct text *line)
{
    const char *end = rest->len == 0 ? NULL : memchr(rest->data, '\n', rest->len);
    if (end == NULL)
        return false;
    *line = (struct text){rest->data, (size_t)(end - rest->data)};
    *rest = (struct text){end + 1, rest->len - line->len - 1};
    return true;
}

bool text_number(struct text digits, uint64_t *value)
{
    uint64_t n = 0;
    if (digits.len == 0 || digits.len > 18 || (digits.data[0] == '0' && digits.len > 1))
        return false;
    for (size_t i = 0; i < digits.len; i++) {
        if (digits.data[i] < '0' || digits.data[i] > '9')
            return false;
        n = n * 10 + (uint64_t)(digits.data[i] - '0');
    }
    *value = n;
    return true;
}

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static int sextet(char c)
{
    const char *at = c == '\0' ? NULL : strchr(alphabet, c);
    return at == NULL ? -1 : (int)(at - alphabet);
}

size_t base64_get(struct text in, unsigned char *out, size_t out_max)
{
    size_t len = 0;
    if (in.len % 4 != 0)
        return SIZE_MAX;
    for (size_t i = 0; i < in.len; i += 4) {
        bool end = i + 4 == in.len;
        unsigned pads = !end ? 0u : in.data[i + 2] == '=' ? 2u : in.data[i + 3] == '=' ? 1u : 0u;
        uint32_t word = 0;
        for (unsigned k = 0; k < 4; k++) {
            int bits = k < 4 - pads ? sextet(in.data[i + k]) : in.data[i + k] == '=' ? 0 : -1;
            if (bits < 0)
                return SIZE_MAX;
            word = word << 6 | (uint32_t)bits;
        }
        if ((pads == 1 && (word & 0xff) != 0) || (pads == 2 && (word & 0xffff) != 0))
            return SIZE_MAX; /* bits that nobody reads: two texts for one value */
        for (unsigned k = 0; k < 3 - pads; k++) {
            if (len == out_max)
                return SIZE_MAX;
            out[len++] = (unsigned char)(word >> (16 - 8 * k));
        }
    }
    return len;
}

void base64_put(const unsigned char *in, size_t len, char *out)
{
    (void)EVP_EncodeBlock((unsigned char *)out, in, (int)len);
}

/* Keys: "name+id+base64(type, public key)". */

static bool hex_id(struct text hex, unsigned char id[4])
{
    static const char digits[] = "0123456789abcdef";
    if (hex.len != 8)
        return false;
    for (size_t i = 0; i < 8; i++) {
        const char *digit = hex.data[i] == '\0' ? NULL : strchr(digits, hex.data[i]);
        if (digit == NULL)
            return false;
        id[i / 2] = (unsigned char)(id[i / 2] << 4 | (digit - digits));
    }
    return true;
}

/* No spaces of ASCII, no plus, no control characters. */
static bool is_name(struct text name)
{
    for (size_t i = 0; i < name.len; i++)
        if ((unsigned char)name.data[i] <= ' ' || name.data[i] == '+' || name.data[i] == 0x7f)
            return false;
    return name.len > 0;
}

static bool id_fits(const struct key *key, const unsigned char typed[33])
{
    unsigned char text[512 + 1 + 33];
    if (key->name.len > 512)
        return false;
    memcpy(text, key->name.data, key->name.len);
    text[key->name.len] = '\n';
    memcpy(text + key->name.len + 1, typed, 33);
    struct hash hash = hash_of(text, key->name.len + 1 + 33);
    return memcmp(hash.bytes, key->id, 4) == 0;
}

const char *key_read(struct text vkey, struct key *out)
{
    unsigned char typed[33];
    struct key key = {0};
    const char *plus = vkey.len == 0 ? NULL : memchr(vkey.data, '+', vkey.len);
    if (plus == NULL)
        return "a key looks like name+0123abcd+base64";
    key.name = (struct text){vkey.data, (size_t)(plus - vkey.data)};
    size_t left = vkey.len - key.name.len - 1;
    if (!is_name(key.name) || left < 10 || plus[9] != '+' ||
        !hex_id((struct text){plus + 1, 8}, key.id))
        return "a key looks like name+0123abcd+base64";
    if (base64_get((struct text){plus + 10, left - 9}, typed, sizeof typed) != sizeof typed)
        return "not an Ed25519 key";
    if (typed[0] != KEY_LOG && typed[0] != KEY_WITNESS)
        return "a key of an unknown kind";
    if (!id_fits(&key, typed))
        return "the key's id is not the one of its name and bytes";
    key.kind = (enum key_kind)typed[0];
    memcpy(key.public_key, typed + 1, 32);
    *out = key;
    return NULL;
}

/* Notes. */

static bool is_clean(struct text text)
{
    for (size_t i = 0; i < text.len; i++)
        if (((unsigned char)text.data[i] < 0x20 && text.data[i] != '\n') || text.data[i] == 0x7f)
            return false;
    return true;
}

/* "— name base64" */
static bool read_signature(struct text line, struct note *note)
{
    static const char dash[] = "\xe2\x80\x94 ";
    if (line.len < 4 || memcmp(line.data, dash, 4) != 0)
        return false;
    struct text rest = {line.data + 4, line.len - 4};
    const char *space = memchr(rest.data, ' ', rest.len);
    if (space == NULL)
        return false;
    size_t i = note->count;
    note->signatures[i].name = (struct text){rest.data, (size_t)(space - rest.data)};
    struct text blob = {space + 1, rest.len - note->signatures[i].name.len - 1};
    if (!is_name(note->signatures[i].name))
        return false;
    unsigned char bytes[512]; /* kinds that we do not know may be longer */
    size_t len = base64_get(blob, bytes, sizeof bytes);
    if (len == SIZE_MAX || len < 5)
        return false;
    note->signatures[i].blob_len = len;
    memcpy(note->signatures[i].blob, bytes,
           len < sizeof note->signatures[i].blob ? len : sizeof note->signatures[i].blob);
    note->count++;
    return true;
}

const char *note_read(struct text text, struct note *out)
{
    struct note note = {0};
    struct text rest, line;
    if (text.len > NOTE_BYTES_MAX || !is_clean(text))
        return "not a signed note: too long, or not text";
    size_t split = SIZE_MAX; /* the last empty line ends the body */
    for (size_t i = 1; i + 1 < text.len; i++)
        if (text.data[i - 1] == '\n' && text.data[i] == '\n')
            split = i;
    if (split == SIZE_MAX)
        return "not a signed note: no empty line before signatures";
    note.body = (struct text){text.data, split};
    rest = (struct text){text.data + split + 1, text.len - split - 1};
    while (text_next_line(&rest, &line))
        if (note.count == SIGNATURES_MAX || !read_signature(line, &note))
            return "not a signed note: a signature line is malformed";
    if (rest.len > 0 || note.count == 0)
        return "not a signed note: its last line is cut";
    *out = note;
    return NULL;
}

const char *checkpoint_read(struct text text, struct checkpoint *out)
{
    struct checkpoint read = {0};
    struct text rest, size, root;
    const char *wrong = note_read(text, &read.note);
    if (wrong != NULL)
        return wrong;
    rest = read.note.body;
    if (!text_next_line(&rest, &read.origin) || read.origin.len == 0 ||
        !text_next_line(&rest, &size) || !text_next_line(&rest, &root))
        return "not a checkpoint: origin, size and root are needed";
    if (!text_number(size, &read.size))
        return "not a checkpoint: its size is no number";
    if (base64_get(root, read.root.bytes, HASH_BYTES) != HASH_BYTES)
        return "not a checkpoint: its root is no hash";
    *out = read;
    return NULL;
}

static bool ed25519_holds(const unsigned char key[32], const unsigned char *signature,
                          const char *text, size_t len)
{
    EVP_PKEY *pkey = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, key, 32);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool holds = pkey != NULL && context != NULL &&
                 EVP_DigestVerifyInit(context, NULL, NULL, NULL, pkey) == 1 &&
                 EVP_DigestVerify(context, signature, 64, (const unsigned char *)text, len) == 1;
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(pkey);
    return holds;
}

/* "cosignature/v1\ntime N\n" stands before what a witness signs. */
static bool witness_holds(const struct key *key, const unsigned char *blob, struct text body,
                          uint64_t *time)
{
    uint64_t at = 0;
    for (int i = 0; i < 8; i++)
        at = at << 8 | blob[4 + i];
    if (at > (uint64_t)1 << 40)
        return false; /* no time */
    char head[64];
    int head_len = snprintf(head, sizeof head, "cosignature/v1\ntime %llu\n", (unsigned long long)at);
    char *text = malloc((size_t)head_len + body.len);
    if (text == NULL)
        abort();
    memcpy(text, head, (size_t)head_len);
    memcpy(text + head_len, body.data, body.len);
    bool holds = ed25519_holds(key->public_key, blob + 12, text, (size_t)head_len + body.len);
    free(text);
    *time = at;
    return holds;
}

enum note_signed note_check(const struct note *note, const struct key *key, uint64_t *time)
{
    enum note_signed result = NOTE_UNSIGNED;
    *time = 0;
    for (size_t i = 0; i < note->count; i++) {
        const unsigned char *blob = note->signatures[i].blob;
        bool good;
        if (!text_is(note->signatures[i].name, key->name) || memcmp(blob, key->id, 4) != 0)
            continue;
        if (key->kind == KEY_WITNESS)
            good = note->signatures[i].blob_len == 4 + 8 + 64 &&
                   witness_holds(key, blob, note->body, time);
        else
            good = note->signatures[i].blob_len == 4 + 64 &&
                   ed25519_holds(key->public_key, blob + 4, note->body.data, note->body.len);
        if (!good)
            return NOTE_FORGED;
        result = NOTE_SIGNED;
    }
    return result;
}
