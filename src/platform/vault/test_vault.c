/* Published values: c2sp.org/XAES-256-GCM, RFC 5869 appendix A, RFC 4231, RFC 9106 is
 * covered by opening a root key file that libargon2 made. */
#include <fcntl.h>
#include <pty.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "platform/vault/internal.h"

static struct slice from_hex(const char *hex, struct arena *arena)
{
    struct slice bytes = SLICE_NONE;
    CHECK_OK(hex_decode(slice_from(hex), arena, &bytes));
    return bytes;
}

static void check_hex(struct slice got, const char *want)
{
    AUTO_BUFFER hex = buffer_create(64 * 1024);
    hex_encode(got, &hex);
    CHECK_TEXT(buffer_slice(&hex), want);
}

static const unsigned char *bytes_of(struct slice s)
{
    return (const unsigned char *)s.data;
}

static const struct {
    const char *key, *nonce, *derived, *plain, *aad, *cipher;
} xaes_cases[] = {
    {"0101010101010101010101010101010101010101010101010101010101010101",
     "4142434445464748494a4b4c4d4e4f505152535455565758",
     "c8612c9ed53fe43e8e005b828a1631a0bbcb6ab2f46514ec4f439fcfd0fa969b", "XAES-256-GCM", "",
     "ce546ef63c9cc60765923609b33a9a1974e96e52daf2fcf7075e2271"},
    {"0303030303030303030303030303030303030303030303030303030303030303",
     "4142434445464748494a4b4c4d4e4f505152535455565758",
     "e9c621d4cdd9b11b00a6427ad7e559aeedd66b3857646677748f8ca796cb3fd8", "XAES-256-GCM",
     "c2sp.org/XAES-256-GCM", "986ec1832593df5443a179437fd083bf3fdb41abd740a21f71eb769d"},
};

static void xaes_matches_the_published_values(void)
{
    for (size_t i = 0; i < sizeof xaes_cases / sizeof *xaes_cases; i++) {
        AUTO_ARENA arena = arena_create(1 << 16);
        struct slice key = from_hex(xaes_cases[i].key, arena);
        struct slice nonce = from_hex(xaes_cases[i].nonce, arena);
        struct slice plain = slice_from(xaes_cases[i].plain), aad = slice_from(xaes_cases[i].aad);
        struct slice cipher, opened;
        unsigned char derived[32];
        check_row(xaes_cases[i].cipher);
        CHECK(xaes_derive(bytes_of(key), bytes_of(nonce), derived));
        check_hex((struct slice){(char *)derived, 32}, xaes_cases[i].derived);
        CHECK_OK(xaes_encrypt(bytes_of(key), bytes_of(nonce), plain, aad, arena, &cipher, NULL));
        check_hex(cipher, xaes_cases[i].cipher);
        CHECK_OK(xaes_decrypt(bytes_of(key), bytes_of(nonce), cipher, aad, arena, &opened, NULL));
        CHECK(slice_equal(opened, plain));
    }
}

/* One SHAKE-128 stream of nothing gives keys, nonces and texts; another hashes all
 * ciphertexts. The published hash of 10,000 rounds. */
enum { ROUNDS = 10000, STREAM_BYTES = ROUNDS * (32 + 24 + 2 * 256) };

static struct slice take(struct slice *stream, size_t len)
{
    struct slice part = slice_sub(*stream, 0, len);
    *stream = slice_sub(*stream, len, stream->len);
    return part;
}

static void xaes_round(struct slice *stream, EVP_MD_CTX *digest)
{
    AUTO_ARENA arena = arena_create(8192);
    struct slice key = take(stream, 32), nonce = take(stream, 24), cipher, opened;
    struct slice plain = take(stream, *bytes_of(take(stream, 1)));
    struct slice aad = take(stream, *bytes_of(take(stream, 1)));
    if (xaes_encrypt(bytes_of(key), bytes_of(nonce), plain, aad, arena, &cipher, NULL) != ST_OK)
        abort();
    EVP_DigestUpdate(digest, cipher.data, cipher.len);
    if (xaes_decrypt(bytes_of(key), bytes_of(nonce), cipher, aad, arena, &opened, NULL) != ST_OK ||
        !slice_equal(opened, plain))
        abort();
}

static void xaes_matches_the_accumulated_hash(void)
{
    EVP_MD_CTX *source = EVP_MD_CTX_new(), *digest = EVP_MD_CTX_new();
    char *bytes = malloc(STREAM_BYTES);
    EVP_DigestInit_ex(source, EVP_shake128(), NULL);
    EVP_DigestFinalXOF(source, (unsigned char *)bytes, STREAM_BYTES);
    EVP_DigestInit_ex(digest, EVP_shake128(), NULL);
    struct slice stream = {bytes, STREAM_BYTES};
    for (int i = 0; i < ROUNDS; i++)
        xaes_round(&stream, digest);
    unsigned char hash[32];
    EVP_DigestFinalXOF(digest, hash, sizeof hash);
    check_hex((struct slice){(char *)hash, 32},
              "e6b9edf2df6cec60c8cbd864e2211b597fb69a529160cd040d56c0c210081939");
    free(bytes);
    EVP_MD_CTX_free(source);
    EVP_MD_CTX_free(digest);
}

static const struct {
    const char *key, *salt, *info, *out;
} hkdf_cases[] = {
    {"0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "000102030405060708090a0b0c",
     "f0f1f2f3f4f5f6f7f8f9",
     "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"},
    {"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2"
     "e"
     "2f303132333435363738393a3b3c3d3e3f404142434445464748494a4b4c4d4e4f",
     "606162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f808182838485868788898a8b8c8d8"
     "e"
     "8f909192939495969798999a9b9c9d9e9fa0a1a2a3a4a5a6a7a8a9aaabacadaeaf",
     "b0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0c1c2c3c4c5c6c7c8c9cacbcccdcecfd0d1d2d3d4d5d6d7d8d9dadbdcddd"
     "e"
     "dfe0e1e2e3e4e5e6e7e8e9eaebecedeeeff0f1f2f3f4f5f6f7f8f9fafbfcfdfeff",
     "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590"
     "e"
     "09da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87"},
    {"0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "", "",
     "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"},
};

static void hkdf_matches_rfc_5869(void)
{
    for (size_t i = 0; i < sizeof hkdf_cases / sizeof *hkdf_cases; i++) {
        AUTO_ARENA arena = arena_create(1 << 16);
        unsigned char out[128];
        size_t len = strlen(hkdf_cases[i].out) / 2;
        check_row(hkdf_cases[i].out);
        CHECK(hkdf_sha256(from_hex(hkdf_cases[i].key, arena), from_hex(hkdf_cases[i].salt, arena),
                          from_hex(hkdf_cases[i].info, arena), out, len));
        check_hex((struct slice){(char *)out, len}, hkdf_cases[i].out);
    }
}

static const struct {
    const char *key, *value, *mac;
} hmac_cases[] = {
    {"0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "4869205468657265",
     "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
    {"4a656665", "7768617420646f2079612077616e7420666f72206e6f7468696e673f",
     "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
    {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
     "ddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd"
     "ddddd"
     "dd",
     "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
};

static void hmac_matches_rfc_4231(void)
{
    for (size_t i = 0; i < sizeof hmac_cases / sizeof *hmac_cases; i++) {
        AUTO_ARENA arena = arena_create(1 << 16);
        struct slice key = from_hex(hmac_cases[i].key, arena);
        unsigned char mac[32];
        check_row(hmac_cases[i].mac);
        hmac_sha256(key, from_hex(hmac_cases[i].value, arena), mac);
        check_hex((struct slice){(char *)mac, 32}, hmac_cases[i].mac);
        AUTO_SECRET secret = secret_create(bytes_of(key), key.len);
        check_hex(vault_lookup_hash(secret, from_hex(hmac_cases[i].value, arena), arena),
                  hmac_cases[i].mac);
    }
}

static const struct seal_place home = {
    .organisation = {"org-1", 5},
    .table = {"meeting", 7},
    .column = {"sealed", 6},
    .row = {"m-1", 3},
    .key_version = 1,
};

static void opens_where_it_was_sealed(void)
{
    AUTO_SECRET key = secret_random(32);
    static const size_t lengths[] = {0, 1, 15, 16, 17, 4095, 4096, 1000000};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        AUTO_ARENA arena = arena_create_wiped(8 << 20);
        char *data = arena_alloc(arena, lengths[i]);
        memset(data, 'x', lengths[i]);
        struct slice plain = {data, lengths[i]}, opened = LIT("untouched");
        struct sealed first, second;
        uint32_t version;
        CHECK_OK(vault_seal(key, &home, plain, arena, &first, NULL));
        CHECK_OK(vault_seal(key, &home, plain, arena, &second, NULL));
        CHECK_NUMBER(first.bytes.len, lengths[i] + VAULT_OVERHEAD);
        CHECK(!slice_equal(slice_sub(first.bytes, 5, 29), slice_sub(second.bytes, 5, 29)));
        CHECK_OK(sealed_key_version(first, &version));
        CHECK_NUMBER(version, 1);
        CHECK_OK(vault_open(key, &home, first, arena, &opened, NULL));
        CHECK(slice_equal(opened, plain));
    }
}

/* Every part of the place, in turn, and bytes that slide from one part to the next. */
static struct seal_place moved_place(int n, struct arena *arena)
{
    struct seal_place place = home;
    struct slice text = arena_format(arena, "place-%d", n);
    switch (n % 8) {
    case 0:
        place.organisation = text;
        break;
    case 1:
        place.table = text;
        break;
    case 2:
        place.column = text;
        break;
    case 3:
        place.row = text;
        break;
    case 4:
        place.key_version = 2 + (uint32_t)n;
        break;
    case 5:
        place.row = arena_format(arena, "m-1%d", n);
        break;
    case 6:
        place.table = arena_format(arena, "meetingsealed%d", n);
        place.column = SLICE_NONE;
        break;
    default:
        place.table = slice_sub(home.table, 0, (size_t)n % 7);
        place.column =
            arena_format(arena, "%.*ssealed", SLICE_ARG(slice_sub(home.table, (size_t)n % 7, 7)));
    }
    return place;
}

static void a_thousand_other_places_are_refused(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    AUTO_SECRET key = secret_random(32);
    struct sealed sealed;
    CHECK_OK(vault_seal(key, &home, LIT("déjeuner avec Nora"), arena, &sealed, NULL));
    int refused = 0;
    for (int n = 0; n < 1000; n++) {
        AUTO_ARENA scratch = arena_create(1 << 16);
        struct seal_place place = moved_place(n, scratch);
        struct slice opened = LIT("untouched");
        refused += vault_open(key, &place, sealed, scratch, &opened, NULL) == ST_DENIED &&
                   slice_equal(opened, LIT("untouched"));
    }
    CHECK_NUMBER(refused, 1000);
    AUTO_SECRET other = secret_random(32);
    struct slice opened;
    CHECK_NUMBER(vault_open(other, &home, sealed, arena, &opened, NULL), ST_DENIED);
}

static void a_changed_byte_is_refused(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    AUTO_SECRET key = secret_random(32);
    struct sealed sealed;
    CHECK_OK(vault_seal(key, &home, LIT("a short text to seal"), arena, &sealed, NULL));
    for (size_t at = 0; at < sealed.bytes.len; at++)
        for (int bit = 0; bit < 8; bit++) {
            AUTO_ARENA scratch = arena_create(1 << 16);
            struct slice copy = arena_copy(scratch, sealed.bytes), opened;
            char *data = (char *)(uintptr_t)copy.data;
            data[at] ^= (char)(1 << bit);
            CHECK(vault_open(key, &home, (struct sealed){copy}, scratch, &opened, NULL) ==
                  ST_DENIED);
        }
    for (size_t len = 0; len < sealed.bytes.len; len++) {
        struct slice opened;
        CHECK(vault_open(key, &home, (struct sealed){slice_sub(sealed.bytes, 0, len)}, arena,
                         &opened, NULL) == ST_DENIED);
    }
}

static void keys_wrap_and_unwrap(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    AUTO_SECRET parent = secret_random(32);
    AUTO_SECRET key = secret_random(32);
    AUTO_SECRET back = NULL;
    struct sealed wrapped, text;
    CHECK_OK(key_wrap(parent, &home, key, arena, &wrapped, NULL));
    CHECK_OK(key_unwrap(parent, &home, wrapped, &back, NULL));
    CHECK(secret_equal(key, back));
    struct seal_place elsewhere = home;
    elsewhere.row = LIT("m-2");
    AUTO_SECRET none = NULL;
    CHECK_NUMBER(key_unwrap(parent, &elsewhere, wrapped, &none, NULL), ST_DENIED);
    CHECK_OK(vault_seal(parent, &home, LIT("not a key"), arena, &text, NULL));
    CHECK_NUMBER(key_unwrap(parent, &home, text, &none, NULL), ST_DENIED);
    CHECK(none == NULL);
}

static void derived_keys_differ_by_purpose_and_context(void)
{
    AUTO_SECRET root = secret_random(32);
    AUTO_SECRET a = secret_derive(root, "spool", LIT("x"));
    AUTO_SECRET b = secret_derive(root, "spool", LIT("x"));
    AUTO_SECRET c = secret_derive(root, "spoo", LIT("lx"));
    AUTO_SECRET d = secret_derive(root, "spool", LIT("y"));
    CHECK(secret_equal(a, b));
    CHECK(!secret_equal(a, c));
    CHECK(!secret_equal(a, d));
}

static void secrets_are_wiped_and_not_inherited(void)
{
    size_t before = secret_count();
    struct secret *secrets[100];
    for (size_t i = 0; i < 100; i++)
        secrets[i] = secret_random(1 + i % SECRET_BYTES_MAX);
    CHECK_NUMBER(secret_count(), before + 100);
    const unsigned char *bytes = secret_bytes(secrets[7]);
    pid_t child = fork();
    if (child == 0) {
        unsigned sum = 0;
        for (size_t i = 0; i < 8; i++)
            sum |= bytes[i];
        _exit(sum == 0 && secret_count() == 0 ? 0 : 1);
    }
    int ended = -1;
    CHECK(waitpid(child, &ended, 0) == child && ended == 0);
    for (size_t i = 0; i < 100; i++)
        secret_destroy(&secrets[i]);
    CHECK_NUMBER(secret_count(), before);
    CHECK(secrets[0] == NULL);
    CHECK(bytes[0] == 0 && bytes[7] == 0);
    secret_destroy(&secrets[0]);
}

static char folder[] = "/tmp/rendez-vault-XXXXXX";

static void root_key_file_opens_with_its_passphrase_only(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    char *path = arena_text(arena, arena_format(arena, "%s/root.key", folder));
    AUTO_SECRET made = NULL;
    AUTO_SECRET opened = NULL;
    AUTO_SECRET none = NULL;
    struct problem why;
    CHECK_NUMBER(root_key_create(path, SLICE_NONE, &none, &why), ST_INVALID);
    CHECK_OK(root_key_create(path, LIT("quatre mots au hasard"), &made, &why));
    CHECK_NUMBER(root_key_create(path, LIT("another"), &none, &why), ST_CONFLICT);
    CHECK_OK(root_key_open(path, LIT("quatre mots au hasard"), &opened, &why));
    CHECK(secret_equal(made, opened));
    CHECK_NUMBER(root_key_open(path, LIT("quatre mots au hasarD"), &none, &why), ST_DENIED);

    struct slice text;
    CHECK_NUMBER(root_key_reseal(path, LIT("wrong"), LIT("cinq"), &why), ST_DENIED);
    CHECK_NUMBER(root_key_reseal(path, LIT("quatre mots au hasard"), SLICE_NONE, &why), ST_INVALID);
    CHECK_OK(root_key_reseal(path, LIT("quatre mots au hasard"), LIT("cinq"), &why));
    CHECK_NUMBER(root_key_open(path, LIT("quatre mots au hasard"), &none, &why), ST_DENIED);
    CHECK_OK(root_key_reseal(path, LIT("cinq"), LIT("quatre mots au hasard"), &why));
    secret_destroy(&opened);
    CHECK_OK(root_key_open(path, LIT("quatre mots au hasard"), &opened, &why));
    CHECK(secret_equal(made, opened));

    CHECK_OK(file_read(path, 4096, arena, &text, &why));
    CHECK(slice_find(text, (struct slice){(const char *)secret_bytes(made), 32}, 0) == SIZE_MAX);
    CHECK(slice_contains(text, LIT("argon2id 3 65536 1\n")));
    /* Constants that somebody lowered: refused, although argon2id would run. */
    char *weak = arena_text(arena, text);
    memcpy(strstr(weak, "argon2id 3"), "argon2id 1", 10);
    CHECK_OK(file_write_durably(path, slice_from(weak), 0600, &why));
    CHECK_NUMBER(root_key_open(path, LIT("quatre mots au hasard"), &none, &why), ST_DENIED);
    CHECK_OK(file_write_durably(path, text, 0644, &why));
    CHECK_NUMBER(root_key_open(path, LIT("quatre mots au hasard"), &none, &why), ST_DENIED);
    CHECK_OK(file_write_durably(path, LIT("rendez-root-key 2\n"), 0600, &why));
    CHECK_NUMBER(root_key_open(path, LIT("x"), &none, &why), ST_INVALID);
    CHECK(none == NULL);
    unlink(path);
}

static const char *const bad_root_files[] = {
    "",
    "rendez-root-key 1\n",
    "rendez-root-key 1\nargon2id 3 65536 1\nsalt 00\nsealed 00\n",
    "rendez-root-key 1\nargon2id 0 65536 1\nsalt 00112233445566778899aabbccddeeff\nsealed 00\n",
    "rendez-root-key 1\nargon2id 3 99999999 1\nsalt 00112233445566778899aabbccddeeff\nsealed 00\n",
    "rendez-root-key 1\nargon2id 3 65536 1 1\nsalt 00112233445566778899aabbccddeeff\nsealed 00\n",
    "rendez-root-key 1\nargon2i 3 65536 1\nsalt 00112233445566778899aabbccddeeff\nsealed 00\n",
    "rendez-root-key 1\nargon2id 3 65536 1\nsalt 00112233445566778899aabbccddeeff\nsealed 0g\n",
    "rendez-root-key 1\nargon2id 3 65536 1\nsalt 00112233445566778899aabbccddeeff\nsealed 00\nx\n",
};

static void other_files_are_no_root_key(void)
{
    for (size_t i = 0; i < sizeof bad_root_files / sizeof *bad_root_files; i++) {
        AUTO_ARENA arena = arena_create(1 << 16);
        struct root_file file;
        check_row(bad_root_files[i]);
        CHECK_NUMBER(root_file_parse(slice_from(bad_root_files[i]), arena, &file, NULL),
                     ST_INVALID);
    }
}

static void passphrase_comes_from_file_or_credentials(void)
{
    AUTO_ARENA arena = arena_create_wiped(1 << 16);
    char *path = arena_text(arena, arena_format(arena, "%s/rendez.passphrase", folder));
    struct slice text = SLICE_NONE;
    CHECK_OK(file_write_durably(path, LIT("mot de passe \r\n"), 0600, NULL));
    CHECK_OK(passphrase_read(path, false, arena, &text, NULL));
    CHECK_TEXT(text, "mot de passe ");
    setenv("CREDENTIALS_DIRECTORY", folder, 1);
    text = SLICE_NONE;
    CHECK_OK(passphrase_read(NULL, false, arena, &text, NULL));
    CHECK_TEXT(text, "mot de passe ");
    CHECK_OK(file_write_durably(path, LIT("\n"), 0600, NULL));
    CHECK_NUMBER(passphrase_read(NULL, false, arena, &text, NULL), ST_INVALID);
    unsetenv("CREDENTIALS_DIRECTORY");
    unlink(path);
    CHECK_NUMBER(passphrase_read(path, false, arena, &text, NULL), ST_NOT_FOUND);
}

/* The child's exit code says how it ended, its output must not repeat the passphrase. */
static int ask_in_terminal(const char *typed, struct buffer *shown)
{
    int terminal;
    pid_t child = forkpty(&terminal, NULL, NULL, NULL);
    if (child == 0) {
        AUTO_ARENA arena = arena_create_wiped(1 << 16);
        struct slice text = SLICE_NONE;
        enum status status = passphrase_read(NULL, true, arena, &text, NULL);
        _exit(status == ST_OK && !slice_equal(text, LIT("ouvre-toi")) ? 99 : (int)status);
    }
    struct slice lines = slice_from(typed), line;
    char part[256];
    for (ssize_t got; (got = read(terminal, part, sizeof part)) > 0;) {
        buffer_add(shown, (struct slice){part, (size_t)got});
        bool asked = slice_contains((struct slice){part, (size_t)got}, LIT(": "));
        if (asked && slice_next_line(&lines, &line)) {
            CHECK(dprintf(terminal, "%.*s\n", SLICE_ARG(line)) > 0);
        }
    }
    int ended = -1;
    waitpid(child, &ended, 0);
    close(terminal);
    return WIFEXITED(ended) ? WEXITSTATUS(ended) : -1;
}

static void passphrase_is_typed_unseen_and_twice(void)
{
    static const struct {
        const char *typed;
        enum status status;
    } cases[] = {
        {"ouvre-toi\nouvre-toi\n", ST_OK},
        {"ouvre-toi\nouvre-moi\n", ST_INVALID},
        {"\n\n", ST_INVALID},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        AUTO_BUFFER shown = buffer_create(4096);
        check_row(cases[i].typed);
        CHECK_NUMBER(ask_in_terminal(cases[i].typed, &shown), cases[i].status);
        CHECK(slice_contains(buffer_slice(&shown), LIT("Passphrase")));
        CHECK(!slice_contains(buffer_slice(&shown), LIT("ouvre")));
    }
}

/* In a child, since seeding is for the life of a process. */
static void seeding_comes_too_late_after_true_bytes(void)
{
    pid_t child = fork();
    if (child == 0) {
        /* The parent has used the true source, so this must end the process. */
        close(STDERR_FILENO);
        vault_random_seed(1);
        _exit(0);
    }
    int ended = 0;
    CHECK(waitpid(child, &ended, 0) == child && ended != 0);
}

static void seed_gives_the_same_bytes(void)
{
    char first[300], second[300], third[300];
    vault_random_seed(7);
    vault_random(first, sizeof first);
    vault_random_seed(7);
    vault_random(second, 100);
    vault_random(second + 100, 200);
    vault_random_seed(8);
    vault_random(third, sizeof third);
    CHECK(memcmp(first, second, sizeof first) == 0);
    CHECK(memcmp(first, third, sizeof first) != 0);
}

/* And afterwards all is as before. */
static void nothing_is_sealed_without_random(void)
{
    AUTO_ARENA arena = arena_create(4096);
    AUTO_SECRET key = secret_random(32);
    struct seal_place place = {.table = LIT("t"), .column = LIT("c"), .row = LIT("r")};
    struct sealed sealed;
    CHECK(!vault_seals_without_random());
    CHECK_OK(vault_seal(key, &place, LIT("x"), arena, &sealed, NULL));
}

int main(void)
{
    pid_t child = fork(); /* seeding comes before any true random byte */
    if (child == 0) {
        seed_gives_the_same_bytes();
        _exit(check_failed == 0 ? 0 : 1);
    }
    int ended = -1;
    CHECK(waitpid(child, &ended, 0) == child && ended == 0);
    test_done("seed_gives_the_same_bytes");
    if (mkdtemp(folder) == NULL)
        return 3;
    TEST(xaes_matches_the_published_values);
    TEST(xaes_matches_the_accumulated_hash);
    TEST(hkdf_matches_rfc_5869);
    TEST(hmac_matches_rfc_4231);
    TEST(opens_where_it_was_sealed);
    TEST(a_thousand_other_places_are_refused);
    TEST(a_changed_byte_is_refused);
    TEST(keys_wrap_and_unwrap);
    TEST(derived_keys_differ_by_purpose_and_context);
    TEST(secrets_are_wiped_and_not_inherited);
    TEST(root_key_file_opens_with_its_passphrase_only);
    TEST(other_files_are_no_root_key);
    TEST(nothing_is_sealed_without_random);
    TEST(passphrase_comes_from_file_or_credentials);
    TEST(passphrase_is_typed_unseen_and_twice);
    TEST(seeding_comes_too_late_after_true_bytes);
    rmdir(folder);
    return check_done();
}
