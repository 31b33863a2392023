#include "check.h"
#include "lib/authenticator.h"

/* Both ceremonies with a passkey in memory: every algorithm, and every way to be wrong. */

static const struct slice origins[] = {{"https://meet.example", 20}, {"https://meet.example:8443", 25}};
static const struct slice frames[] = {{"https://portal.example", 22}};
static const struct webauthn_site site = {
    .rp_id = {"meet.example", 12}, .name = {"Rendez", 6},
    .origins = origins, .origin_count = 2, .needs_verification = true,
};
static const enum webauthn_alg algs[] = {WEBAUTHN_ES256, WEBAUTHN_EDDSA, WEBAUTHN_ES384, WEBAUTHN_RS256};
#define CHALLENGE LIT("0123456789abcdef0123456789abcdef")
#define HANDLE LIT("p_42")

static void begin(struct authenticator *a, enum webauthn_alg alg)
{
    authenticator_create(a, alg, "meet.example", "https://meet.example");
    a->user = HANDLE;
}

/* Registers and gives what is kept of it. */
static struct webauthn_credential registered(struct authenticator *a, struct arena *arena)
{
    struct webauthn_registration sent;
    struct webauthn_credential kept = {0};
    authenticator_register(a, CHALLENGE, NULL, arena, &sent);
    CHECK_OK(webauthn_register(&site, CHALLENGE, &sent, &kept, NULL));
    kept.user = HANDLE;
    return kept;
}

static void every_algorithm_registers_and_signs(void)
{
    for (size_t i = 0; i < 4; i++)
        for (enum authenticator_attests attests = ATTESTS_NONE; attests <= ATTESTS_CERTIFICATE; attests++) {
            AUTO_ARENA arena = arena_create((size_t)1 << 18);
            struct authenticator a;
            struct webauthn_assertion sent;
            struct webauthn_seen seen = {0};
            begin(&a, algs[i]);
            a.attests = attests;
            a.flags |= AUTHENTICATOR_BACKUP_ELIGIBLE | AUTHENTICATOR_BACKED_UP;
            struct webauthn_credential kept = registered(&a, arena);
            CHECK_NUMBER(kept.alg, algs[i]);
            CHECK_NUMBER(kept.attestation, attests == ATTESTS_NONE   ? WEBAUTHN_NONE
                                           : attests == ATTESTS_SELF ? WEBAUTHN_SELF
                                                                     : WEBAUTHN_BASIC);
            CHECK(kept.backup_eligible && kept.backed_up && kept.verified && kept.aaguid[0] == 'R');
            authenticator_sign(&a, CHALLENGE, NULL, arena, &sent);
            CHECK_OK(webauthn_verify(&site, CHALLENGE, &kept, true, &sent, &seen, NULL));
            CHECK(seen.sign_count == 1 && seen.verified && seen.backed_up);
            authenticator_destroy(&a);
        }
}

/* Ways that are wrong in both ceremonies. */
static const struct {
    const char *what;
    struct authenticator_ways ways;
    enum status want;
} both[] = {
    {"nothing", {0}, ST_OK},
    {"the other origin of ours", {.origin = "https://meet.example:8443"}, ST_OK},
    {"not in a frame", {.extra = ",\"crossOrigin\":false"}, ST_OK},
    {"members of a later level", {.extra = ",\"future\":{\"a\":[1,2]}"}, ST_OK},
    {"bits for future use", {.set = 2 | 32}, ST_OK},
    {"extensions", {.extensions_hex = "a163666f6f01"}, ST_OK},
    {"another type", {.type = "payment.get"}, ST_DENIED},
    {"another challenge", {.other_challenge = true}, ST_DENIED},
    {"a padded challenge", {.padded_challenge = true}, ST_DENIED},
    {"another origin", {.origin = "https://meet.example.evil.example"}, ST_DENIED},
    {"a part of the origin", {.origin = "https://meet.exampl"}, ST_DENIED},
    {"no TLS", {.origin = "http://meet.example"}, ST_DENIED},
    {"a slash behind the origin", {.origin = "https://meet.example/"}, ST_DENIED},
    {"capitals in the origin", {.origin = "https://MEET.example"}, ST_DENIED},
    {"a frame", {.extra = ",\"crossOrigin\":true"}, ST_DENIED},
    {"a frame that says where",
     {.extra = ",\"crossOrigin\":true,\"topOrigin\":\"https://portal.example\""}, ST_DENIED},
    {"crossOrigin in a text", {.extra = ",\"crossOrigin\":\"false\""}, ST_INVALID},
    {"topOrigin without a frame", {.extra = ",\"topOrigin\":\"https://meet.example\""}, ST_INVALID},
    {"the origin twice", {.extra = ",\"origin\":\"https://meet.example\""}, ST_INVALID},
    {"text behind the client data", {.extra = "} {\"a\":1"}, ST_INVALID},
    {"a list for client data", {.client_data = "[]"}, ST_INVALID},
    {"no client data", {.client_data = ""}, ST_INVALID},
    {"empty client data", {.client_data = "{}"}, ST_DENIED},
    {"another site", {.rp_id = "example"}, ST_DENIED},
    {"a site below", {.rp_id = "www.meet.example"}, ST_DENIED},
    {"no touch", {.clear = AUTHENTICATOR_PRESENT}, ST_DENIED},
    {"no verification", {.clear = AUTHENTICATOR_VERIFIED}, ST_DENIED},
    {"backed up but not eligible", {.set = AUTHENTICATOR_BACKED_UP}, ST_DENIED},
    {"bytes behind", {.after_hex = "00"}, ST_INVALID},
    {"extensions announced only", {.set = AUTHENTICATOR_EXTENSIONS}, ST_INVALID},
    {"extensions that are no map", {.extensions_hex = "8101"}, ST_INVALID},
    {"extensions cut off", {.extensions_hex = "a26a"}, ST_INVALID},
    {"extensions without end", {.extensions_hex = "bf616101ff"}, ST_INVALID},
    {"extensions five levels deep", {.extensions_hex = "a16161818181818101"}, ST_INVALID},
    {"another id", {.other_id = true}, ST_DENIED},
};

static void both_refuse_what_is_wrong(void)
{
    for (size_t i = 0; i < sizeof both / sizeof *both; i++) {
        AUTO_ARENA arena = arena_create((size_t)1 << 18);
        struct authenticator a;
        struct webauthn_registration made;
        struct webauthn_assertion sent;
        struct webauthn_credential out;
        struct webauthn_seen seen;
        check_row(both[i].what);
        begin(&a, WEBAUTHN_ES256);
        struct webauthn_credential kept = registered(&a, arena);
        authenticator_register(&a, CHALLENGE, &both[i].ways, arena, &made);
        CHECK_NUMBER(webauthn_register(&site, CHALLENGE, &made, &out, NULL), both[i].want);
        authenticator_sign(&a, CHALLENGE, &both[i].ways, arena, &sent);
        CHECK_NUMBER(webauthn_verify(&site, CHALLENGE, &kept, true, &sent, &seen, NULL), both[i].want);
        authenticator_destroy(&a);
    }
}

#define KEY_HEAD "a5010203262001215820"
#define ONE_32 "0101010101010101010101010101010101010101010101010101010101010101"
static const struct {
    const char *what;
    struct authenticator_ways ways;
    enum authenticator_attests attests;
    enum status want;
} registrations[] = {
    {"made for signing in", {.type = "webauthn.get"}, ATTESTS_NONE, ST_DENIED},
    {"protected by the browser's wish", {.extensions_hex = "a16b6372656450726f7465637402"}, ATTESTS_SELF, ST_OK},
    {"no credential", {.clear = AUTHENTICATOR_CREDENTIAL}, ATTESTS_NONE, ST_INVALID},
    {"none, with content", {.statement_hex = "a1616101"}, ATTESTS_NONE, ST_INVALID},
    {"a format that we do not check", {.format = "tpm"}, ATTESTS_SELF, ST_DENIED},
    {"a format of a long name", {.format = "a-format-with-a-name-of-forty-characters"}, ATTESTS_NONE, ST_INVALID},
    {"packed of nothing", {.statement_hex = "a0"}, ATTESTS_SELF, ST_INVALID},
    {"packed without certificates in its list",
     {.statement_hex = "a363616c6726637369674101637835638" "0"}, ATTESTS_SELF, ST_INVALID},
    {"packed, signed wrong by itself", {.spoilt_signature = true}, ATTESTS_SELF, ST_DENIED},
    {"packed, signed wrong by the maker", {.spoilt_signature = true}, ATTESTS_CERTIFICATE, ST_DENIED},
    {"packed by another algorithm", {.statement_alg = WEBAUTHN_RS256}, ATTESTS_SELF, ST_DENIED},
    {"the maker is an authority", {.authority = true}, ATTESTS_CERTIFICATE, ST_DENIED},
    {"the maker is none of authenticators", {.nameless = true}, ATTESTS_CERTIFICATE, ST_DENIED},
    {"the model that the certificate names",
     {.aaguid_hex = "52656e64657a01020304000000000000"}, ATTESTS_CERTIFICATE, ST_OK},
    {"another model than the certificate names",
     {.aaguid_hex = "52656e64657a01020304000000000001"}, ATTESTS_CERTIFICATE, ST_DENIED},
    {"no CBOR", {.object_hex = "00"}, ATTESTS_NONE, ST_INVALID},
    {"a member missing", {.object_hex = "a263666d74646e6f6e656761747453746d74a0"}, ATTESTS_NONE, ST_INVALID},
    {"a member twice",
     {.object_hex = "a363666d74646e6f6e6563666d74646e6f6e656761747453746d74a0"}, ATTESTS_NONE, ST_INVALID},
    {"a count of 2^32 members", {.object_hex = "bafffffffff0"}, ATTESTS_NONE, ST_INVALID},
    {"authenticator data of 2^63 bytes",
     {.object_hex = "a36861757468446174615b7fffffffffffffff00"}, ATTESTS_NONE, ST_INVALID},
    {"a key off its curve", {.key_hex = KEY_HEAD ONE_32 "225820" ONE_32}, ATTESTS_NONE, ST_INVALID},
    {"a key with a part missing", {.key_hex = "a4010203262001215820" ONE_32}, ATTESTS_NONE, ST_INVALID},
    {"a compressed key", {.key_hex = KEY_HEAD ONE_32 "22f5"}, ATTESTS_NONE, ST_INVALID},
    {"a key of ES512", {.key_hex = "a3010203382320" "03"}, ATTESTS_NONE, ST_INVALID},
    {"a key without algorithm", {.key_hex = "a401022001215820" ONE_32 "225820" ONE_32}, ATTESTS_NONE, ST_INVALID},
    {"a key on the curve of another algorithm",
     {.key_hex = "a5010203262002215820" ONE_32 "225820" ONE_32}, ATTESTS_NONE, ST_INVALID},
    {"a key with a private part",
     {.key_hex = "a6010203262001215820" ONE_32 "225820" ONE_32 "235820" ONE_32}, ATTESTS_NONE, ST_INVALID},
    {"a key that is a tag", {.key_hex = "c101"}, ATTESTS_NONE, ST_INVALID},
};

static void registrations_are_refused(void)
{
    for (size_t i = 0; i < sizeof registrations / sizeof *registrations; i++) {
        AUTO_ARENA arena = arena_create((size_t)1 << 18);
        struct authenticator a;
        struct webauthn_registration sent;
        struct webauthn_credential out;
        check_row(registrations[i].what);
        begin(&a, WEBAUTHN_ES256);
        a.attests = registrations[i].attests;
        authenticator_register(&a, CHALLENGE, &registrations[i].ways, arena, &sent);
        CHECK_NUMBER(webauthn_register(&site, CHALLENGE, &sent, &out, NULL), registrations[i].want);
        authenticator_destroy(&a);
    }
}

static const struct slice nobody = {"", 0}, somebody = {"p_43", 4};
static const struct {
    const char *what;
    struct authenticator_ways ways;
    uint32_t known, counted; /* sign count that we keep, and that comes */
    bool eligible_before, may_be_unnamed;
    enum status want;
} assertions[] = {
    {"made for registering", {.type = "webauthn.create"}, 0, 0, false, false, ST_DENIED},
    {"signed wrong", {.spoilt_signature = true}, 0, 0, false, false, ST_DENIED},
    {"a new credential with it", {.set = AUTHENTICATOR_CREDENTIAL}, 0, 0, false, false, ST_INVALID},
    {"it counts nothing", {0}, 0, 0, false, false, ST_OK},
    {"it begins to count", {0}, 0, 1, false, false, ST_OK},
    {"it counts on", {0}, 7, 8, false, false, ST_OK},
    {"it counts far on", {0}, 7, 4000000000, false, false, ST_OK},
    {"the same count", {0}, 7, 7, false, false, ST_CONFLICT},
    {"a smaller count", {0}, 7, 3, false, false, ST_CONFLICT},
    {"it stopped counting", {0}, 7, 0, false, false, ST_CONFLICT},
    {"a small count, signed wrong", {.spoilt_signature = true}, 7, 3, false, false, ST_DENIED},
    {"no user named", {.user = &nobody}, 0, 0, false, false, ST_DENIED},
    {"no user named, and none needed", {.user = &nobody}, 0, 0, false, true, ST_OK},
    {"another user named", {.user = &somebody}, 0, 0, false, false, ST_DENIED},
    {"another user named where none is needed", {.user = &somebody}, 0, 0, false, true, ST_DENIED},
    {"it may be backed up since", {.set = AUTHENTICATOR_BACKUP_ELIGIBLE}, 0, 0, false, false, ST_DENIED},
    {"it may not be backed up since", {0}, 0, 0, true, false, ST_DENIED},
};

static void assertions_are_refused(void)
{
    for (size_t i = 0; i < sizeof assertions / sizeof *assertions; i++) {
        AUTO_ARENA arena = arena_create((size_t)1 << 18);
        struct authenticator a;
        struct webauthn_assertion sent;
        struct webauthn_seen seen;
        check_row(assertions[i].what);
        begin(&a, WEBAUTHN_ES256);
        struct webauthn_credential kept = registered(&a, arena);
        kept.sign_count = assertions[i].known;
        kept.backup_eligible = assertions[i].eligible_before;
        a.sign_count = assertions[i].counted;
        a.step = 0;
        authenticator_sign(&a, CHALLENGE, &assertions[i].ways, arena, &sent);
        CHECK_NUMBER(webauthn_verify(&site, CHALLENGE, &kept, !assertions[i].may_be_unnamed, &sent,
                                     &seen, NULL), assertions[i].want);
        authenticator_destroy(&a);
    }
}

/* One bit anywhere in what is signed, in the signature or in the key, and nobody comes in. */
static void every_flipped_bit_is_refused(void)
{
    AUTO_ARENA arena = arena_create((size_t)1 << 20);
    struct authenticator a;
    struct webauthn_assertion sent;
    struct webauthn_seen seen;
    begin(&a, WEBAUTHN_ES256);
    struct webauthn_credential kept = registered(&a, arena);
    authenticator_sign(&a, CHALLENGE, NULL, arena, &sent);
    struct slice *const parts[] = {&sent.client_data, &sent.auth_data, &sent.signature, &kept.key};
    for (size_t part = 0; part < 4; part++) {
        const struct slice good = *parts[part];
        for (size_t bit = 0; bit < good.len * 8; bit++) {
            AUTO_ARENA copies = arena_create(8192);
            char *bent = arena_text(copies, good);
            bent[bit / 8] ^= (char)(1 << bit % 8);
            *parts[part] = (struct slice){bent, good.len};
            CHECK(webauthn_verify(&site, CHALLENGE, &kept, true, &sent, &seen, NULL) != ST_OK);
        }
        *parts[part] = good;
    }
    CHECK_OK(webauthn_verify(&site, CHALLENGE, &kept, true, &sent, &seen, NULL));
    authenticator_destroy(&a);
}

static void frames_and_formats_are_taken_where_we_say_so(void)
{
    AUTO_ARENA arena = arena_create((size_t)1 << 18);
    struct webauthn_site open = site;
    struct authenticator a;
    struct webauthn_registration sent;
    struct webauthn_credential out;
    open.top_origins = frames;
    open.top_origin_count = 1;
    open.takes_any_format = true;
    open.needs_verification = false;
    begin(&a, WEBAUTHN_ES256);
    a.attests = ATTESTS_SELF;
    const struct { struct authenticator_ways ways; enum status want; } cases[] = {
        {{.extra = ",\"crossOrigin\":true,\"topOrigin\":\"https://portal.example\""}, ST_OK},
        {{.extra = ",\"crossOrigin\":true,\"topOrigin\":\"https://evil.example\""}, ST_DENIED},
        {{.format = "tpm", .clear = AUTHENTICATOR_VERIFIED}, ST_OK},
    };
    for (size_t i = 0; i < 3; i++) {
        authenticator_register(&a, CHALLENGE, &cases[i].ways, arena, &sent);
        CHECK_NUMBER(webauthn_register(&open, CHALLENGE, &sent, &out, NULL), cases[i].want);
    }
    CHECK_NUMBER(out.attestation, WEBAUTHN_UNCHECKED);
    CHECK(!out.verified);
    authenticator_destroy(&a);
}

static void sizes_are_bounded(void)
{
    AUTO_ARENA arena = arena_create((size_t)1 << 20);
    struct authenticator a;
    struct webauthn_registration made;
    struct webauthn_credential out;
    struct webauthn_assertion sent;
    struct webauthn_seen seen;
    begin(&a, WEBAUTHN_EDDSA);
    a.id_bytes = WEBAUTHN_ID_BYTES_MAX;
    struct webauthn_credential kept = registered(&a, arena);
    CHECK_NUMBER(kept.id.len, 1023);
    a.id_bytes = WEBAUTHN_ID_BYTES_MAX + 1;
    authenticator_register(&a, CHALLENGE, NULL, arena, &made);
    CHECK_NUMBER(webauthn_register(&site, CHALLENGE, &made, &out, NULL), ST_LIMIT);
    made.id = slice_sub(made.id, 0, 32);
    CHECK_NUMBER(webauthn_register(&site, CHALLENGE, &made, &out, NULL), ST_LIMIT);
    a.id_bytes = WEBAUTHN_ID_BYTES_MAX;
    authenticator_sign(&a, CHALLENGE, NULL, arena, &sent);
    struct slice zeros = {arena_alloc(arena, 32768), 32768}, good;
    struct slice *const parts[] = {&sent.client_data, &sent.auth_data, &sent.signature, &sent.user_handle};
    for (size_t i = 0; i < 4; i++) {
        good = *parts[i];
        *parts[i] = zeros;
        CHECK_NUMBER(webauthn_verify(&site, CHALLENGE, &kept, true, &sent, &seen, NULL), ST_LIMIT);
        *parts[i] = good;
    }
    CHECK_OK(webauthn_verify(&site, CHALLENGE, &kept, true, &sent, &seen, NULL));
    authenticator_destroy(&a);
}

static void posts_are_read(void)
{
    AUTO_ARENA arena = arena_create((size_t)1 << 18);
    struct authenticator a;
    struct webauthn_registration made, made_read;
    struct webauthn_assertion sent, sent_read;
    begin(&a, WEBAUTHN_ES256);
    authenticator_register(&a, CHALLENGE, NULL, arena, &made);
    authenticator_sign(&a, CHALLENGE, NULL, arena, &sent);
    AUTO_JSON first = authenticator_post_registration(&made);
    AUTO_JSON second = authenticator_post_assertion(&sent);
    CHECK_OK(webauthn_read_registration(first, arena, &made_read, NULL));
    CHECK(slice_equal(made.id, made_read.id) && slice_equal(made.client_data, made_read.client_data) &&
          slice_equal(made.attestation, made_read.attestation));
    CHECK_OK(webauthn_read_assertion(second, arena, &sent_read, NULL));
    CHECK(slice_equal(sent.id, sent_read.id) && slice_equal(sent.client_data, sent_read.client_data) &&
          slice_equal(sent.auth_data, sent_read.auth_data) &&
          slice_equal(sent.signature, sent_read.signature) &&
          slice_equal(sent.user_handle, sent_read.user_handle));
    authenticator_destroy(&a);
}

static void bad_posts_are_refused(void)
{
    static const struct { const char *text; enum status want; } cases[] = {
        {"null", ST_INVALID},
        {"{}", ST_INVALID},
        {"{\"type\":\"public-key\",\"id\":\"AAAA\"}", ST_INVALID},
        {"{\"type\":\"password\",\"id\":\"AAAA\",\"response\":{\"clientDataJSON\":\"AAAA\"}}", ST_INVALID},
        {"{\"type\":\"public-key\",\"id\":\"AA+A\",\"response\":{}}", ST_INVALID},
        {"{\"type\":\"public-key\",\"id\":\"AAA=\",\"response\":{}}", ST_INVALID},
        {"{\"type\":\"public-key\",\"id\":\"AAAA\",\"rawId\":\"AAAB\",\"response\":{}}", ST_INVALID},
        {"{\"type\":\"public-key\",\"id\":7,\"response\":{}}", ST_INVALID},
        {"{\"type\":\"public-key\",\"id\":\"AAAA\",\"response\":[]}", ST_INVALID},
    };
    AUTO_ARENA arena = arena_create((size_t)1 << 16);
    struct webauthn_registration made;
    struct webauthn_assertion sent;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        AUTO_JSON post = NULL;
        check_row(cases[i].text);
        CHECK_OK(json_read(slice_from(cases[i].text), &post, NULL));
        CHECK_NUMBER(webauthn_read_registration(post, arena, &made, NULL), cases[i].want);
        CHECK_NUMBER(webauthn_read_assertion(post, arena, &sent, NULL), cases[i].want);
    }
    char *long_id = arena_alloc(arena, 2000);
    memset(long_id, 'A', 1999);
    AUTO_JSON post = json_pack("{s:s, s:s}", "type", "public-key", "id", long_id);
    CHECK_NUMBER(webauthn_read_assertion(post, arena, &sent, NULL), ST_LIMIT);
}

static void options_are_as_browsers_want_them(void)
{
    AUTO_ARENA arena = arena_create((size_t)1 << 16);
    const struct slice have[] = {LIT("\x01\x02\x03")};
    const struct webauthn_user user = {HANDLE, LIT("ann@client.example"), LIT("Ann")};
    AUTO_JSON made = webauthn_creation_options(&site, LIT("\xff\xfe"), &user, have, 1);
    CHECK_TEXT(json_write(made, arena),
               "{\"rp\":{\"id\":\"meet.example\",\"name\":\"Rendez\"},"
               "\"user\":{\"id\":\"cF80Mg\",\"name\":\"ann@client.example\",\"displayName\":\"Ann\"},"
               "\"challenge\":\"__4\",\"pubKeyCredParams\":[{\"type\":\"public-key\",\"alg\":-7},"
               "{\"type\":\"public-key\",\"alg\":-8},{\"type\":\"public-key\",\"alg\":-35},"
               "{\"type\":\"public-key\",\"alg\":-257}],\"timeout\":300000,"
               "\"excludeCredentials\":[{\"type\":\"public-key\",\"id\":\"AQID\"}],"
               "\"authenticatorSelection\":{\"residentKey\":\"required\",\"requireResidentKey\":true,"
               "\"userVerification\":\"required\"},\"attestation\":\"none\"}");
    AUTO_JSON asked = webauthn_request_options(&site, LIT("\xff\xfe"));
    CHECK_TEXT(json_write(asked, arena),
               "{\"challenge\":\"__4\",\"timeout\":300000,\"rpId\":\"meet.example\","
               "\"allowCredentials\":[],\"userVerification\":\"required\"}");
}

int main(void)
{
    TEST(every_algorithm_registers_and_signs);
    TEST(both_refuse_what_is_wrong);
    TEST(registrations_are_refused);
    TEST(assertions_are_refused);
    TEST(every_flipped_bit_is_refused);
    TEST(frames_and_formats_are_taken_where_we_say_so);
    TEST(sizes_are_bounded);
    TEST(posts_are_read);
    TEST(bad_posts_are_refused);
    TEST(options_are_as_browsers_want_them);
    return check_done();
}
