/* Public vectors from files, where they are at hand: each argument is such a file. What is ours
 * runs through our own code; what others of our modules leave to OpenSSL (signatures, key wrap of
 * tokens, PBKDF2) and to libargon2 runs through these as they are installed.
 * Prints for each file how many cases were taken and refused as wanted. */
#include <argon2.h>
#include <openssl/ec.h>
#include <openssl/x509.h>
#include <stdlib.h>

#include "check.h"
#include "formats/json/json.h"
#include "platform/vault/internal.h"

enum { FILE_BYTES_MAX = 32 << 20, CASE_BYTES_MAX = 8 << 20, OKM_MAX = 255 * 32, MAC_BYTES = 32 };

/* One case with its group (NULL where a file has none). */
struct vector {
    const json_t *group, *test;
    struct arena *arena;
};
/* OUTSIDE: a size that this code offers to nobody; there must be no way to ask for it. */
enum outcome { REFUSED, TAKEN, OUTSIDE };
typedef enum outcome vector_fn(const struct vector *vector);

static struct slice hex(const struct vector *vector, const char *name)
{
    struct slice bytes = SLICE_NONE;
    CHECK_OK(hex_decode(json_text(vector->test, name), vector->arena, &bytes));
    return bytes;
}

static const unsigned char *bytes_of(struct slice slice)
{
    return (const unsigned char *)(slice.len == 0 ? "" : slice.data);
}

static struct slice joined(const struct vector *vector, const char *a, const char *b)
{
    struct slice first = hex(vector, a), second = hex(vector, b);
    char *out = arena_alloc(vector->arena, first.len + second.len + 1);
    memcpy(out, bytes_of(first), first.len);
    memcpy(out + first.len, bytes_of(second), second.len);
    return (struct slice){out, first.len + second.len};
}

static bool fits(struct slice key, struct slice nonce, size_t nonce_bytes)
{
    return key.len == VAULT_KEY_BYTES && nonce.len == nonce_bytes;
}

/* Opens what the case says, and for a good one seals it to the same bytes. */
static enum outcome gcm_case(const struct vector *vector)
{
    bool published = json_object_get(vector->test, "iv") != NULL;
    struct slice key = hex(vector, "key"), iv = hex(vector, published ? "iv" : "nonce"), plain;
    struct slice aad = hex(vector, "aad"), cipher = joined(vector, "ct", "tag");
    if (!fits(key, iv, GCM_IV_BYTES))
        return OUTSIDE;
    if (gcm_decrypt(bytes_of(key), bytes_of(iv), cipher, aad, vector->arena, &plain, NULL) != ST_OK)
        return REFUSED;
    unsigned char *again = arena_alloc(vector->arena, cipher.len + 1);
    CHECK_OK(gcm_encrypt(bytes_of(key), bytes_of(iv), plain, aad, again, NULL));
    CHECK(slice_equal((struct slice){(char *)again, cipher.len}, cipher));
    return slice_equal(plain, hex(vector, "msg")) ? TAKEN : REFUSED;
}

static enum outcome xaes_case(const struct vector *vector)
{
    struct slice key = hex(vector, "key"), nonce = hex(vector, "nonce"), plain, again;
    struct slice aad = hex(vector, "aad"), cipher = joined(vector, "ct", "tag");
    if (!fits(key, nonce, XAES_NONCE_BYTES) ||
        xaes_decrypt(bytes_of(key), bytes_of(nonce), cipher, aad, vector->arena, &plain, NULL) != ST_OK)
        return REFUSED;
    CHECK_OK(xaes_encrypt(bytes_of(key), bytes_of(nonce), plain, aad, vector->arena, &again, NULL));
    CHECK(slice_equal(again, cipher));
    return slice_equal(plain, hex(vector, "msg")) ? TAKEN : REFUSED;
}

static enum outcome hkdf_case(const struct vector *vector)
{
    size_t size = (size_t)json_number(vector->test, "size", 0);
    unsigned char *out = arena_alloc(vector->arena, size + 1);
    bool good = size <= OKM_MAX &&
                hkdf_sha256(hex(vector, "ikm"), hex(vector, "salt"), hex(vector, "info"), out, size);
    return good && slice_equal((struct slice){(char *)out, size}, hex(vector, "okm")) ? TAKEN : REFUSED;
}

/* Some groups cut the tag. */
static enum outcome hmac_case(const struct vector *vector)
{
    unsigned char mac[MAC_BYTES];
    struct slice tag = hex(vector, "tag");
    hmac_sha256(hex(vector, "key"), hex(vector, "msg"), mac);
    return tag.len > 0 && tag.len <= sizeof mac && slice_equal((struct slice){(char *)mac, tag.len}, tag)
               ? TAKEN
               : REFUSED;
}

/* The MAC that XAES derives its keys with is CMAC of two fixed blocks: a case of another length
 * has no way in. Its subkey, on which all hangs, is what these check. */
static enum outcome cmac_case(const struct vector *vector)
{
    struct slice key = hex(vector, "key"), message = hex(vector, "msg"), tag = hex(vector, "tag");
    unsigned char mac[AES_BLOCK_BYTES];
    if (key.len != VAULT_KEY_BYTES || message.len != AES_BLOCK_BYTES)
        return OUTSIDE;
    if (!cmac_block(bytes_of(key), bytes_of(message), mac))
        return REFUSED;
    return slice_equal((struct slice){(char *)mac, sizeof mac}, tag) ? TAKEN : REFUSED;
}

static enum outcome unwrap_case(const struct vector *vector, const char *kek, const char *wrapped,
                                const char *wanted, const char *padding)
{
    struct slice key = hex(vector, kek), text = hex(vector, wrapped), name = SLICE_NONE;
    name = arena_format(vector->arena, "AES-%zu-WRAP%s", 8 * key.len, padding);
    EVP_CIPHER *cipher = EVP_CIPHER_fetch(NULL, name.data, NULL);
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    unsigned char *out = arena_alloc(vector->arena, text.len + 16);
    int len = 0;
    EVP_CIPHER_CTX_set_flags(context, EVP_CIPHER_CTX_FLAG_WRAP_ALLOW);
    bool good = cipher != NULL && EVP_DecryptInit_ex(context, cipher, NULL, bytes_of(key), NULL) &&
                EVP_DecryptUpdate(context, out, &len, bytes_of(text), (int)text.len) == 1 && len > 0;
    EVP_CIPHER_CTX_free(context);
    EVP_CIPHER_free(cipher);
    return good && slice_equal((struct slice){(char *)out, (size_t)len}, hex(vector, wanted)) ? TAKEN
                                                                                              : REFUSED;
}

static enum outcome kw_case(const struct vector *vector)
{
    return unwrap_case(vector, "key", "ct", "msg", "");
}

static enum outcome kwp_case(const struct vector *vector)
{
    return unwrap_case(vector, "key", "ct", "msg", "-PAD");
}

static enum outcome kwp_sample_case(const struct vector *vector)
{
    return unwrap_case(vector, "kek", "wrapped", "key", "-PAD");
}

static enum outcome signature_case(const struct vector *vector)
{
    struct slice der = SLICE_NONE, message = hex(vector, "msg"), signature = hex(vector, "sig");
    CHECK_OK(hex_decode(json_text(vector->group, "publicKeyDer"), vector->arena, &der));
    const unsigned char *at = bytes_of(der);
    EVP_PKEY *key = d2i_PUBKEY(NULL, &at, (long)der.len);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    CHECK(key != NULL && context != NULL);
    bool edwards = EVP_PKEY_id(key) == EVP_PKEY_ED25519;
    bool good = EVP_DigestVerifyInit(context, NULL, edwards ? NULL : EVP_sha256(), NULL, key) == 1 &&
                EVP_DigestVerify(context, bytes_of(signature), signature.len, bytes_of(message),
                                 message.len) == 1;
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(key);
    return good ? TAKEN : REFUSED;
}

static bool stretched(const struct vector *vector, struct slice password, struct slice salt, size_t size,
                      unsigned char *out)
{
    const json_t *test = vector->test;
    uint32_t passes = (uint32_t)json_number(test, "iterations", json_number(test, "iterationCount", 0));
    if (slice_equal(json_text(test, "kdf"), LIT("argon2id")))
        return argon2id_hash_raw(passes, (uint32_t)json_number(test, "memory_kib", 0),
                                 (uint32_t)json_number(test, "lanes", 0), password.data, password.len,
                                 salt.data, salt.len, out, size) == ARGON2_OK;
    return PKCS5_PBKDF2_HMAC((const char *)bytes_of(password), (int)password.len, bytes_of(salt),
                             (int)salt.len, (int)passes, EVP_sha256(), (int)size, out) == 1;
}

static enum outcome password_case(const struct vector *vector)
{
    struct slice wanted = hex(vector, "dk");
    unsigned char *out = arena_alloc(vector->arena, wanted.len + 1);
    return stretched(vector, hex(vector, "password"), hex(vector, "salt"), wanted.len, out) &&
                   slice_equal((struct slice){(char *)out, wanted.len}, wanted)
               ? TAKEN
               : REFUSED;
}

/* XAES-256-GCM's own file */

static struct slice text_hex(const json_t *object, const char *name, struct arena *arena)
{
    struct slice bytes = SLICE_NONE;
    CHECK_OK(hex_decode(json_text(object, name), arena, &bytes));
    return bytes;
}

static enum outcome published_xaes_case(const struct vector *vector)
{
    struct slice key = hex(vector, "K"), nonce = hex(vector, "N"), out;
    unsigned char derived[VAULT_KEY_BYTES];
    CHECK(xaes_derive(bytes_of(key), bytes_of(nonce), derived));
    CHECK(slice_equal((struct slice){(char *)derived, sizeof derived}, hex(vector, "Kx")));
    return xaes_encrypt(bytes_of(key), bytes_of(nonce), json_text(vector->test, "plaintext_ascii"),
                        json_text(vector->test, "aad_ascii"), vector->arena, &out, NULL) == ST_OK &&
                   slice_equal(out, hex(vector, "ciphertext"))
               ? TAKEN
               : REFUSED;
}

/* One stream of SHAKE-128 of nothing gives keys, nonces, texts; another hashes what comes out.
 * OpenSSL 3.0 gives a digest of any length, but only once: all of it at the start. */
struct stream {
    unsigned char *bytes;
    size_t at, len;
};

static struct stream stream_of(size_t runs)
{
    struct stream stream = {.len = runs * (32 + 24 + 256 + 256)};
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    stream.bytes = malloc(stream.len);
    CHECK(stream.bytes != NULL && EVP_DigestInit_ex(context, EVP_shake128(), NULL) == 1 &&
          EVP_DigestFinalXOF(context, stream.bytes, stream.len) == 1);
    EVP_MD_CTX_free(context);
    return stream;
}

static struct slice next_bytes(struct stream *stream, size_t len)
{
    struct slice out = {(const char *)stream->bytes + stream->at, len};
    stream->at += len;
    return out;
}

static struct slice next_text(struct stream *stream)
{
    size_t len = (unsigned char)next_bytes(stream, 1).data[0];
    return next_bytes(stream, len);
}

static void accumulate(size_t runs, struct slice wanted)
{
    unsigned char hash[32];
    struct stream stream = stream_of(runs);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool good = EVP_DigestInit_ex(context, EVP_shake128(), NULL) == 1;
    for (size_t i = 0; i < runs && good; i++) {
        AUTO_ARENA arena = arena_create(4096);
        struct slice key = next_bytes(&stream, 32), nonce = next_bytes(&stream, 24), cipher, opened;
        struct slice plain = next_text(&stream), aad = next_text(&stream);
        good = xaes_encrypt(bytes_of(key), bytes_of(nonce), plain, aad, arena, &cipher, NULL) == ST_OK &&
               xaes_decrypt(bytes_of(key), bytes_of(nonce), cipher, aad, arena, &opened, NULL) == ST_OK &&
               slice_equal(opened, plain) && EVP_DigestUpdate(context, cipher.data, cipher.len) == 1;
    }
    CHECK(good && EVP_DigestFinalXOF(context, hash, sizeof hash) == 1);
    CHECK(slice_equal((struct slice){(char *)hash, sizeof hash}, wanted));
    EVP_MD_CTX_free(context);
    free(stream.bytes);
    printf("# %zu runs of XAES-256-GCM give the published hash\n", runs);
}

/* A million only where somebody waits for it: a minute under sanitizers. */
static void accumulate_all(const json_t *file)
{
    const json_t *hashes = json_object_get(file, "accumulated");
    AUTO_ARENA arena = arena_create(64 * 1024);
    if (hashes == NULL)
        return;
    accumulate(10000, text_hex(hashes, "iterations_10000", arena));
    if (getenv("RENDEZ_VECTORS_LONG") != NULL)
        accumulate(1000000, text_hex(hashes, "iterations_1000000", arena));
}

/* Which file is what: by the algorithm that it names, else by its own name. */
static const struct kind {
    const char *file, *algorithm;
    vector_fn *fn;
} kinds[] = {
    {NULL, "AES-GCM", gcm_case},
    {NULL, "AES-CMAC", cmac_case},
    {NULL, "AES-WRAP", kw_case},
    {NULL, "AES-KWP", kwp_case},
    {NULL, "HKDF-SHA-256", hkdf_case},
    {NULL, "HMACSHA256", hmac_case},
    {NULL, "PBKDF2-HMACSHA256", password_case},
    {"ecdsa_secp256r1_sha256_test.json", "ECDSA", signature_case},
    {NULL, "EDDSA", signature_case},
    {"aes256gcm.jsonl", "", gcm_case},
    {"xaes256gcm.jsonl", "", xaes_case},
    {"aes_kwp.jsonl", "", kwp_sample_case},
    {"hkdf_sha256.jsonl", "", hkdf_case},
    {"hmac_sha256.jsonl", "", hmac_case},
    {"password_hash.jsonl", "", password_case},
    {"xaes256gcm.json", "", published_xaes_case},
    {"rfc5869-hkdf-sha256.txt", "", hkdf_case},
    {"rfc4231-hmac-sha256.txt", "", hmac_case},
};

static vector_fn *kind_of(const char *name, struct slice algorithm)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (slice_equal(algorithm, slice_from(kinds[i].algorithm)) &&
            (kinds[i].file == NULL || strcmp(name, kinds[i].file) == 0))
            return kinds[i].fn;
    return NULL;
}

struct counts {
    size_t taken, refused, either, outside;
};

static void run_case(vector_fn *fn, const json_t *group, const json_t *test, struct counts *counts)
{
    AUTO_ARENA arena = arena_create(CASE_BYTES_MAX);
    struct vector vector = {group, test, arena};
    struct slice result = json_text(test, "result");
    AUTO_BUFFER row = buffer_create(64);
    buffer_add_format(&row, "case %lld", (long long)json_number(test, "tcId", json_number(test, "id", 0)));
    check_row(buffer_slice(&row).data);
    enum outcome outcome = fn(&vector);
    if (outcome == OUTSIDE) {
        counts->outside++;
    } else if (slice_equal(result, LIT("acceptable"))) {
        counts->either++;
    } else {
        CHECK((outcome == TAKEN) == !slice_equal(result, LIT("invalid")));
        counts->taken += outcome == TAKEN;
        counts->refused += outcome == REFUSED;
    }
    check_row("");
}

static void run_groups(vector_fn *fn, const json_t *file, struct counts *counts)
{
    size_t i, j;
    json_t *group, *test;
    json_array_foreach(json_object_get(file, "testGroups"), i, group)
        json_array_foreach(json_object_get(group, "tests"), j, test) run_case(fn, group, test, counts);
    json_array_foreach(json_object_get(file, "vectors"), i, test) run_case(fn, NULL, test, counts);
    accumulate_all(file);
}

static void run_lines(vector_fn *fn, struct slice text, struct counts *counts)
{
    for (struct slice line; slice_next_line(&text, &line);) {
        AUTO_JSON object = NULL;
        if (line.len > 0 && json_read(line, &object, NULL) == ST_OK)
            run_case(fn, NULL, object, counts);
    }
}

/* "Name = value", and the last name of a case runs it. NIST's names as ours. */
static void run_named(vector_fn *fn, struct slice text, struct counts *counts)
{
    static const struct {
        const char *theirs, *ours;
        bool number, last;
    } names[] = {{"Key", "key", false, false}, {"Msg", "msg", false, false},   {"MD", "tag", false, true},
                 {"IKM", "ikm", false, false}, {"salt", "salt", false, false}, {"info", "info", false, false},
                 {"L", "size", true, false},   {"OKM", "okm", false, true}};
    AUTO_JSON test = json_object();
    for (struct slice line; slice_next_line(&text, &line);) {
        size_t equals = slice_find(line, LIT("="), 0);
        struct slice name = slice_trim(slice_sub(line, 0, equals));
        struct slice value = equals == SIZE_MAX ? SLICE_NONE : slice_trim(slice_sub(line, equals + 1, SIZE_MAX));
        for (size_t i = 0; equals != SIZE_MAX && i < sizeof names / sizeof *names; i++) {
            uint64_t number;
            if (!slice_equal(name, slice_from(names[i].theirs)))
                continue;
            if (!names[i].number)
                json_object_set_new(test, names[i].ours, json_from_text(value));
            else if (slice_to_u64(value, OKM_MAX, &number))
                json_object_set_new(test, names[i].ours, json_integer((json_int_t)number));
            if (names[i].last)
                run_case(fn, NULL, test, counts);
        }
    }
}

static void run_file(const char *path)
{
    AUTO_ARENA arena = arena_create((size_t)4 * FILE_BYTES_MAX);
    AUTO_JSON whole = NULL;
    struct slice text = SLICE_NONE;
    struct counts counts = {0};
    const char *slash = strrchr(path, '/'), *name = slash == NULL ? path : slash + 1;
    CHECK_OK(file_read(path, FILE_BYTES_MAX, arena, &text, NULL));
    bool is_json = slice_ends(slice_from(path), LIT(".json")) && json_read(text, &whole, NULL) == ST_OK;
    vector_fn *fn = kind_of(name, json_text(whole, "algorithm"));
    CHECK(fn != NULL);
    if (fn == NULL)
        return;
    if (is_json)
        run_groups(fn, whole, &counts);
    else if (slice_ends(slice_from(path), LIT(".txt")))
        run_named(fn, text, &counts);
    else
        run_lines(fn, text, &counts);
    CHECK(counts.taken > 0);
    printf("# %-36s %5zu taken %5zu refused %5zu either way %5zu of sizes that are not offered\n",
           name, counts.taken, counts.refused, counts.either, counts.outside);
}

int main(int argc, char **argv)
{
    if (argc < 2)
        printf("# no vectors given\n");
    for (int i = 1; i < argc; i++) {
        run_file(argv[i]);
        test_done(argv[i]);
    }
    return check_done();
}
