#include <dlfcn.h>
#include <openssl/crypto.h>
#include <stdlib.h>

#define CRYPTOKI_GNU 1 /* names of this header that look like C's */
#include <p11-kit/pkcs11.h>

#include "platform/pkcs11/pkcs11.h"
#include "platform/vault/vault.h"

enum { IV_BYTES = 12, TAG_BYTES = 16, SLOTS_MAX = 64, LABEL_BYTES = 32, PIN_MAX = 256 };

struct token {
    void *module;
    struct ck_function_list *call; /* NULL: not initialised */
    ck_session_handle_t session;
    bool has_session;
};

/* What the token's answers mean to us; others are its failure. */
static const struct {
    ck_rv_t answer;
    enum status status;
    const char *text;
} answers[] = {
    {CKR_PIN_INCORRECT, ST_DENIED, "the token refuses this PIN"},
    {CKR_PIN_INVALID, ST_DENIED, "the token refuses this PIN"},
    {CKR_PIN_LEN_RANGE, ST_DENIED, "the token refuses this PIN"},
    {CKR_PIN_EXPIRED, ST_DENIED, "the token's PIN has expired: set a new one with its own tools"},
    {CKR_PIN_LOCKED, ST_DENIED, "the token's PIN is locked: unlock it with its own tools"},
    {CKR_USER_PIN_NOT_INITIALIZED, ST_DENIED, "the token has no PIN yet: set one with its own tools"},
    {CKR_TOKEN_NOT_PRESENT, ST_NOT_FOUND, "the token was taken away"},
    {CKR_DEVICE_REMOVED, ST_NOT_FOUND, "the token was taken away"},
    {CKR_ENCRYPTED_DATA_INVALID, ST_DENIED, "the token did not seal this, or it was changed"},
    {CKR_ENCRYPTED_DATA_LEN_RANGE, ST_DENIED, "the token did not seal this, or it was changed"},
};

static enum status tell(ck_rv_t answer, const char *what, struct problem *why)
{
    if (answer == CKR_OK)
        return ST_OK;
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++)
        if (answers[i].answer == answer)
            return problem_set(why, answers[i].status, "%s", answers[i].text);
    return problem_set(why, ST_UNAVAILABLE, "the token fails: %s, code 0x%lx", what, answer);
}

static enum status set_environment(struct slice setting, struct arena *arena, struct problem *why)
{
    size_t equals = slice_find(setting, LIT("="), 0);
    if (setting.len == 0)
        return ST_OK;
    if (equals == SIZE_MAX || equals == 0)
        return problem_set(why, ST_INVALID, "keys.pkcs11_environment must be NAME=value");
    const char *name = arena_text(arena, slice_sub(setting, 0, equals));
    const char *value = arena_text(arena, slice_sub(setting, equals + 1, setting.len));
    return setenv(name, value, 1) == 0 ? ST_OK : problem_errno(why, "keys.pkcs11_environment");
}

static enum status load(struct token *token, const struct token_place *place, struct problem *why)
{
    AUTO_ARENA arena = arena_create(64 * 1024);
    struct ck_function_list *call = NULL;
    TRY(set_environment(place->environment, arena, why));
    token->module = dlopen(arena_text(arena, place->module), RTLD_NOW | RTLD_LOCAL);
    if (token->module == NULL)
        return problem_set(why, ST_NOT_FOUND, "keys.pkcs11_module cannot be loaded: %s", dlerror());
    /* A pointer to a function comes as one to data: POSIX has it that way. */
    CK_C_GetFunctionList list;
    *(void **)&list = dlsym(token->module, "C_GetFunctionList");
    if (list == NULL || list(&call) != CKR_OK || call == NULL || call->version.major != 2)
        return problem_set(why, ST_INVALID, "keys.pkcs11_module is no PKCS#11 module of version 2");
    struct ck_c_initialize_args arguments = {.flags = CKF_OS_LOCKING_OK};
    TRY(tell(call->C_Initialize(&arguments), "C_Initialize", why));
    token->call = call;
    return ST_OK;
}

/* Labels are of 32 bytes, filled with blanks. */
static bool has_label(const struct ck_token_info *info, struct slice label)
{
    struct slice own = {(const char *)info->label, LABEL_BYTES};
    while (own.len > 0 && own.data[own.len - 1] == ' ')
        own.len--;
    return slice_equal(own, label);
}

static enum status check_pin(const struct ck_token_info *info, struct problem *why)
{
    if (info->flags & CKF_USER_PIN_LOCKED)
        return tell(CKR_PIN_LOCKED, "PIN", why);
    /* A service is started again and again; it must not lock what only a person can unlock. */
    if (info->flags & CKF_USER_PIN_FINAL_TRY)
        return problem_set(why, ST_DENIED, "one more wrong PIN would lock the token: "
                           "log in once with its own tools, then start again");
    return ST_OK;
}

static enum status find_slot(struct token *token, struct slice label, ck_slot_id_t *out,
                             struct problem *why)
{
    ck_slot_id_t slots[SLOTS_MAX];
    unsigned long count = SLOTS_MAX;
    TRY(tell(token->call->C_GetSlotList(1, slots, &count), "C_GetSlotList", why));
    for (unsigned long i = 0; i < count; i++) {
        struct ck_token_info info;
        if (token->call->C_GetTokenInfo(slots[i], &info) != CKR_OK || !has_label(&info, label))
            continue;
        TRY(check_pin(&info, why));
        *out = slots[i];
        return ST_OK;
    }
    return problem_set(why, ST_NOT_FOUND, "the token \"%.*s\" is not there (keys.pkcs11_token)",
                       SLICE_ARG(label));
}

static enum status log_in(struct token *token, const struct token_place *place, struct slice pin,
                          bool writing, struct problem *why)
{
    ck_slot_id_t slot = 0;
    unsigned char bytes[PIN_MAX];
    ck_flags_t flags = CKF_SERIAL_SESSION | (writing ? CKF_RW_SESSION : 0);
    if (pin.len == 0 || pin.len > sizeof bytes)
        return problem_set(why, ST_INVALID, "the token's PIN is empty or too long");
    TRY(find_slot(token, place->label, &slot, why));
    TRY(tell(token->call->C_OpenSession(slot, flags, NULL, NULL, &token->session), "C_OpenSession",
             why));
    token->has_session = true;
    memcpy(bytes, pin.data, pin.len);
    ck_rv_t answer = token->call->C_Login(token->session, CKU_USER, bytes, pin.len);
    OPENSSL_cleanse(bytes, sizeof bytes);
    return answer == CKR_USER_ALREADY_LOGGED_IN ? ST_OK : tell(answer, "C_Login", why);
}

enum status token_open(const struct token_place *place, struct slice pin, bool writing,
                       struct token **out, struct problem *why)
{
    AUTO_TOKEN token = must_calloc(1, sizeof *token);
    TRY(load(token, place, why));
    TRY(log_in(token, place, pin, writing, why));
    *out = token;
    token = NULL;
    return ST_OK;
}

void token_close(struct token **token)
{
    struct token *one = *token;
    *token = NULL;
    if (one == NULL)
        return;
    if (one->has_session) {
        one->call->C_Logout(one->session);
        one->call->C_CloseSession(one->session);
    }
    if (one->call != NULL)
        one->call->C_Finalize(NULL);
    if (one->module != NULL)
        dlclose(one->module);
    free(one);
}

/* Attributes are not changed through these pointers. */
static struct ck_attribute attribute(ck_attribute_type_t type, const void *value, size_t len)
{
    return (struct ck_attribute){type, (void *)(uintptr_t)value, len};
}

static const ck_object_class_t secret_key = CKO_SECRET_KEY;
static const ck_key_type_t aes = CKK_AES;

enum status token_make_key(struct token *token, const char *label, struct arena *arena,
                           struct slice *id, struct problem *why)
{
    static const unsigned char yes = 1, no = 0;
    static const unsigned long bytes = TOKEN_SECRET_BYTES;
    char *fresh = arena_alloc(arena, TOKEN_KEY_ID_BYTES);
    vault_random(fresh, TOKEN_KEY_ID_BYTES);
    struct ck_attribute template[] = {
        attribute(CKA_CLASS, &secret_key, sizeof secret_key),
        attribute(CKA_KEY_TYPE, &aes, sizeof aes),
        attribute(CKA_VALUE_LEN, &bytes, sizeof bytes),
        attribute(CKA_ID, fresh, TOKEN_KEY_ID_BYTES),
        attribute(CKA_LABEL, label, strlen(label)),
        attribute(CKA_TOKEN, &yes, 1),
        attribute(CKA_PRIVATE, &yes, 1),
        attribute(CKA_SENSITIVE, &yes, 1),
        attribute(CKA_EXTRACTABLE, &no, 1),
        attribute(CKA_ENCRYPT, &yes, 1),
        attribute(CKA_DECRYPT, &yes, 1),
        attribute(CKA_WRAP, &no, 1),
        attribute(CKA_UNWRAP, &no, 1),
    };
    struct ck_mechanism generate = {CKM_AES_KEY_GEN, NULL, 0};
    ck_object_handle_t key;
    TRY(tell(token->call->C_GenerateKey(token->session, &generate, template,
                                        sizeof template / sizeof *template, &key),
             "C_GenerateKey", why));
    *id = (struct slice){fresh, TOKEN_KEY_ID_BYTES};
    return ST_OK;
}

static enum status find_key(struct token *token, struct slice id, ck_object_handle_t *key,
                            struct problem *why)
{
    struct ck_attribute template[] = {
        attribute(CKA_CLASS, &secret_key, sizeof secret_key),
        attribute(CKA_KEY_TYPE, &aes, sizeof aes),
        attribute(CKA_ID, id.data, id.len),
    };
    unsigned long count = 0;
    TRY(tell(token->call->C_FindObjectsInit(token->session, template,
                                            sizeof template / sizeof *template),
             "C_FindObjectsInit", why));
    ck_rv_t found = token->call->C_FindObjects(token->session, key, 1, &count);
    TRY(tell(token->call->C_FindObjectsFinal(token->session), "C_FindObjectsFinal", why));
    TRY(tell(found, "C_FindObjects", why));
    return count > 0 ? ST_OK
                     : problem_set(why, ST_NOT_FOUND, "the token has no longer the key that sealed the root key");
}

enum status token_key_facts(struct token *token, struct slice id, struct token_key_facts *out,
                            struct problem *why)
{
    unsigned char values[5] = {0};
    static const ck_attribute_type_t types[] = {CKA_SENSITIVE, CKA_ALWAYS_SENSITIVE, CKA_EXTRACTABLE,
                                                CKA_NEVER_EXTRACTABLE, CKA_LOCAL};
    struct ck_attribute template[5];
    ck_object_handle_t key;
    TRY(find_key(token, id, &key, why));
    for (size_t i = 0; i < 5; i++)
        template[i] = (struct ck_attribute){types[i], &values[i], 1};
    TRY(tell(token->call->C_GetAttributeValue(token->session, key, template, 5),
             "C_GetAttributeValue", why));
    *out = (struct token_key_facts){values[0] != 0, values[1] != 0, values[2] != 0, values[3] != 0,
                                    values[4] != 0};
    return ST_OK;
}

/* RFC 5116's order of IV, ciphertext and tag; the purpose is in the associated data. */
static struct ck_gcm_params gcm(unsigned char iv[IV_BYTES])
{
    static unsigned char purpose[] = "rendez root token 1";
    return (struct ck_gcm_params){iv, IV_BYTES, 8 * IV_BYTES, purpose, sizeof purpose - 1, 8 * TAG_BYTES};
}

enum status token_seal(struct token *token, struct slice id, struct slice secret,
                       struct arena *arena, struct slice *sealed, struct problem *why)
{
    unsigned char *out = arena_alloc(arena, TOKEN_SEALED_BYTES), *plain;
    unsigned long len = TOKEN_SEALED_BYTES - IV_BYTES;
    ck_object_handle_t key;
    if (secret.len != TOKEN_SECRET_BYTES)
        return problem_set(why, ST_INVALID, "a token seals secrets of 32 bytes");
    TRY(find_key(token, id, &key, why));
    vault_random(out, IV_BYTES);
    struct ck_gcm_params params = gcm(out);
    struct ck_mechanism mechanism = {CKM_AES_GCM, &params, sizeof params};
    TRY(tell(token->call->C_EncryptInit(token->session, &mechanism, key), "C_EncryptInit", why));
    plain = (unsigned char *)(uintptr_t)secret.data;
    TRY(tell(token->call->C_Encrypt(token->session, plain, secret.len, out + IV_BYTES, &len),
             "C_Encrypt", why));
    if (len != TOKEN_SEALED_BYTES - IV_BYTES)
        return problem_set(why, ST_UNAVAILABLE, "the token fails: a ciphertext of the wrong size");
    *sealed = (struct slice){(const char *)out, TOKEN_SEALED_BYTES};
    return ST_OK;
}

enum status token_unseal(struct token *token, struct slice id, struct slice sealed,
                         struct arena *arena, struct slice *secret, struct problem *why)
{
    unsigned char *in = arena_alloc(arena, TOKEN_SEALED_BYTES);
    unsigned char *out = arena_alloc(arena, TOKEN_SEALED_BYTES);
    unsigned long len = TOKEN_SEALED_BYTES;
    ck_object_handle_t key;
    if (sealed.len != TOKEN_SEALED_BYTES)
        return problem_set(why, ST_DENIED, "the token did not seal this, or it was changed");
    memcpy(in, sealed.data, sealed.len);
    TRY(find_key(token, id, &key, why));
    struct ck_gcm_params params = gcm(in);
    struct ck_mechanism mechanism = {CKM_AES_GCM, &params, sizeof params};
    TRY(tell(token->call->C_DecryptInit(token->session, &mechanism, key), "C_DecryptInit", why));
    ck_rv_t answer = token->call->C_Decrypt(token->session, in + IV_BYTES,
                                            TOKEN_SEALED_BYTES - IV_BYTES, out, &len);
    /* Some say no more than that it went wrong. */
    if (answer == CKR_GENERAL_ERROR || answer == CKR_FUNCTION_FAILED || answer == CKR_DATA_INVALID)
        answer = CKR_ENCRYPTED_DATA_INVALID;
    TRY(tell(answer, "C_Decrypt", why));
    if (len != TOKEN_SECRET_BYTES)
        return problem_set(why, ST_UNAVAILABLE, "the token fails: a secret of the wrong size");
    *secret = (struct slice){(const char *)out, len};
    return ST_OK;
}
