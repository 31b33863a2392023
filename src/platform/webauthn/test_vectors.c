/* Public vectors, where they are at hand: the argument is the folder that holds them. Those of
 * W3C Web Authentication Level 3 (section "Test Vectors"), and assertions made for this project. */
#include "check.h"
#include "formats/json/json.h"
#include "platform/webauthn/internal.h"

enum { FILE_BYTES_MAX = 8 << 20 };

static struct slice hex_of(const json_t *object, const char *name, struct arena *arena)
{
    struct slice bytes = SLICE_NONE;
    CHECK_OK(hex_decode(json_text(object, name), arena, &bytes));
    return bytes;
}

/* The id that a browser would send beside a registration: the one within. */
static struct slice id_within(struct slice attestation)
{
    struct attestation read;
    struct auth_data data;
    CHECK_OK(attestation_read(attestation, &read, NULL));
    CHECK_OK(auth_data_read(read.auth_data, &data, NULL));
    return data.id;
}

/* libfido2 knows neither ES512 nor Ed448, and RSA keys of 2048 bits only (the vector's has 3488). */
static bool is_offered(struct slice title)
{
    return !slice_contains(title, LIT("ES512")) && !slice_contains(title, LIT("Ed448")) &&
           !slice_contains(title, LIT("RS256"));
}

static struct slice origins[1], frames[1];
static struct webauthn_site open_site(const json_t *file)
{
    origins[0] = json_text(file, "origin");
    frames[0] = json_text(file, "top_origin");
    return (struct webauthn_site){
        .rp_id = json_text(file, "rp_id"), .origins = origins, .origin_count = 1,
        .top_origins = frames, .top_origin_count = 1, .takes_any_format = true};
}

/* Both ceremonies of one credential; and neither with the other's challenge. */
static bool run_credential(const struct webauthn_site *site, const json_t *vector, struct arena *arena)
{
    const json_t *made = json_object_get(vector, "registration");
    const json_t *used = json_object_get(vector, "authentication");
    struct webauthn_registration registration = {
        .client_data = hex_of(made, "clientDataJSON", arena),
        .attestation = hex_of(made, "attestationObject", arena)};
    struct slice challenge = hex_of(made, "challenge", arena);
    struct webauthn_credential kept;
    registration.id = id_within(registration.attestation);
    enum status status = webauthn_register(site, challenge, &registration, &kept, NULL);
    if (!is_offered(json_text(vector, "title"))) {
        CHECK_NUMBER(status, ST_INVALID);
        return false;
    }
    CHECK_OK(status);
    if (status != ST_OK)
        return false;
    struct webauthn_assertion assertion = {
        .id = kept.id, .client_data = hex_of(used, "clientDataJSON", arena),
        .auth_data = hex_of(used, "authenticatorData", arena),
        .signature = hex_of(used, "signature", arena)};
    struct webauthn_seen seen;
    struct slice other = challenge;
    challenge = hex_of(used, "challenge", arena);
    CHECK_OK(webauthn_verify(site, challenge, &kept, false, &assertion, &seen, NULL));
    CHECK_NUMBER(webauthn_verify(site, other, &kept, false, &assertion, &seen, NULL), ST_DENIED);
    CHECK_NUMBER(webauthn_register(site, challenge, &registration, &kept, NULL), ST_DENIED);
    return true;
}

static void run_w3c(struct slice text, struct arena *arena)
{
    AUTO_JSON file = NULL;
    CHECK_OK(json_read(text, &file, NULL));
    struct webauthn_site site = open_site(file);
    unsigned taken = 0, refused = 0;
    size_t i;
    json_t *vector;
    json_array_foreach(json_object_get(file, "vectors"), i, vector) {
        if (json_object_size(json_object_get(vector, "registration")) == 0)
            continue; /* the root certificate */
        check_row(json_string_value(json_object_get(vector, "title")));
        if (run_credential(&site, vector, arena))
            taken++;
        else
            refused++;
    }
    CHECK(taken > 0);
    printf("# W3C: %u credentials registered and used, %u of keys that are not offered\n",
           taken, refused);
}

/* COSE_Key as CBOR, of the project's own way to write one. */
static void put_bytes(struct buffer *out, unsigned char label, struct slice bytes)
{
    buffer_add_char(out, (char)label);
    buffer_add_char(out, bytes.len > 255 ? 0x59 : bytes.len > 23 ? 0x58 : (char)(0x40 + bytes.len));
    if (bytes.len > 255)
        buffer_add_char(out, (char)(bytes.len >> 8));
    if (bytes.len > 23)
        buffer_add_char(out, (char)bytes.len);
    buffer_add(out, bytes);
}

static struct slice cose_key(const json_t *key, struct arena *arena)
{
    static const struct { const char *name; unsigned char label; } parts[] = {
        {"n", 0x20}, {"e", 0x21}, {"x", 0x21}, {"y", 0x22}};
    AUTO_BUFFER out = buffer_create(1024);
    int64_t alg = json_number(key, "alg", 0), curve = json_number(key, "crv", 0);
    buffer_add_char(&out, (char)(0xa0 + json_object_size(key)));
    buffer_add(&out, (struct slice){(const char[]){1, (char)json_number(key, "kty", 0), 3}, 3});
    if (alg >= -24)
        buffer_add_char(&out, (char)(0x20 + (-1 - alg)));
    else
        buffer_add(&out, (struct slice){(const char[]){0x39, (char)((-1 - alg) >> 8), (char)(-1 - alg)}, 3});
    if (curve != 0)
        buffer_add(&out, (struct slice){(const char[]){0x20, (char)curve}, 2});
    for (size_t i = 0; i < 4; i++)
        if (json_object_get(key, parts[i].name) != NULL)
            put_bytes(&out, parts[i].label, hex_of(key, parts[i].name, arena));
    return arena_copy(arena, buffer_slice(&out));
}

static enum status run_assertion(const json_t *row, struct arena *arena)
{
    const json_t *allowed = json_object_get(row, "allowed_origins");
    struct slice list[8];
    struct webauthn_site site = {.rp_id = json_text(row, "rp_id"), .origins = list,
                                 .needs_verification = json_flag(row, "require_uv", true)};
    for (; site.origin_count < json_array_size(allowed) && site.origin_count < 8; site.origin_count++)
        list[site.origin_count] = slice_from(json_string_value(json_array_get(allowed, site.origin_count)));
    struct webauthn_assertion sent = {
        .id = LIT("id"), .client_data = hex_of(row, "clientDataJSON", arena),
        .auth_data = hex_of(row, "authenticatorData", arena),
        .signature = hex_of(row, "signature", arena)};
    /* The rows say nothing of the registration: whether it may be backed up is as it comes. */
    struct webauthn_credential kept = {
        .id = LIT("id"), .key = cose_key(json_object_get(row, "cose_key"), arena),
        .sign_count = (uint32_t)json_number(row, "stored_sign_count", 0),
        .backup_eligible = sent.auth_data.len > 32 && (sent.auth_data.data[32] & 8)};
    struct webauthn_seen seen;
    return webauthn_verify(&site, hex_of(row, "challenge", arena), &kept, false, &sent, &seen, NULL);
}

static void run_assertions(struct slice text, struct arena *arena)
{
    struct slice line;
    unsigned taken = 0, refused = 0;
    while (slice_next_line(&text, &line)) {
        AUTO_JSON row = NULL;
        CHECK_OK(json_read(line, &row, NULL));
        struct slice expect = json_text(row, "expect");
        check_row(json_string_value(json_object_get(row, "why")));
        enum status status = run_assertion(row, arena);
        if (slice_equal(expect, LIT("accept")))
            CHECK_NUMBER(status, ST_OK);
        else if (slice_equal(expect, LIT("reject")))
            CHECK(status == ST_DENIED || status == ST_INVALID || status == ST_LIMIT);
        else
            CHECK_NUMBER(status, ST_CONFLICT);
        if (status == ST_OK)
            taken++;
        else
            refused++;
    }
    CHECK(taken > 0 && refused > 0);
    printf("# assertions: %u taken, %u refused\n", taken, refused);
}

static struct slice folder;
static void run(const char *name, void (*each)(struct slice, struct arena *))
{
    AUTO_ARENA arena = arena_create((size_t)FILE_BYTES_MAX * 2);
    struct slice text, path = arena_format(arena, "%.*s/%s", SLICE_ARG(folder), name);
    if (file_read(path.data, FILE_BYTES_MAX, arena, &text, NULL) == ST_OK)
        each(text, arena);
    else
        printf("# no file %s\n", name);
}

static void w3c_level_3(void)
{
    run("webauthn/webauthn-l3-vectors.json", run_w3c);
}

static void assertions(void)
{
    run("samples/identity/webauthn_assertions.jsonl", run_assertions);
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        printf("1..0 # SKIP no public vectors beside the repository\n");
        return 0;
    }
    folder = slice_from(argv[1]);
    TEST(w3c_level_3);
    TEST(assertions);
    return check_done();
}
