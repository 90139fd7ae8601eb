/* The key in the token, and wrapping with it. A wrapped key: format byte | nonce | ciphertext and tag. */
#include "crypto/pkcs11.h"

#include <p11-kit/pkcs11.h>

#include "base/random.h"
#include "crypto/keys.h"
#include "crypto/pkcs11_session.h"
#include "crypto/root_provider_internal.h"

#define FORMAT 2 /* 1 is key_wrap's: one cannot be taken for the other */
#define NONCE_BYTES 12
#define TAG_BYTES 16
#define HEAD_BYTES (1 + NONCE_BYTES)
#define WRAPPED_BYTES (HEAD_BYTES + KEY_BYTES + TAG_BYTES)

static const char where_key[] = "PKCS#11 key";

struct token_provider {
    struct root_provider provider;
    struct pkcs11_session session;
    CK_OBJECT_HANDLE key;
};

/* --- the key --- */

struct key_template {
    CK_OBJECT_CLASS class;
    CK_KEY_TYPE type;
    CK_ULONG size;
    CK_BBOOL yes, no;
};
static const struct key_template constants = {CKO_SECRET_KEY, CKK_AES, KEY_BYTES, CK_TRUE, CK_FALSE};

static CK_ATTRIBUTE attribute(CK_ATTRIBUTE_TYPE type, const void *value, size_t size)
{
    return (CK_ATTRIBUTE){type, (void *)(uintptr_t)value, size};
}
#define ATTRIBUTE(type, value) attribute(type, &constants.value, sizeof constants.value)

/* The only one of its label; CK_INVALID_HANDLE if there is none. */
static enum status find_key(struct token_provider *token, const char *label, struct why *why)
{
    CK_FUNCTION_LIST *calls = token->session.calls;
    CK_OBJECT_HANDLE found[2] = {CK_INVALID_HANDLE, CK_INVALID_HANDLE};
    CK_ULONG count = 0;
    CK_ATTRIBUTE wanted[] = {ATTRIBUTE(CKA_CLASS, class), ATTRIBUTE(CKA_TOKEN, yes),
                             attribute(CKA_LABEL, label, strlen(label))};
    TRY(pkcs11_status(calls->C_FindObjectsInit(token->session.session, wanted, sizeof wanted / sizeof *wanted),
                      "the token does not list its keys", why));
    CK_RV value = calls->C_FindObjects(token->session.session, found, 2, &count);
    calls->C_FindObjectsFinal(token->session.session);
    TRY(pkcs11_status(value, "the token does not list its keys", why));
    if (count > 1)
        return why_set(why, ERR_DENIED, "several have this label", where_key, 0);
    token->key = count == 1 ? found[0] : CK_INVALID_HANDLE;
    return OK;
}

/* Whoever made it: AES-256, and never to be seen outside. */
static enum status check_key(const struct token_provider *token, struct why *why)
{
    struct key_template got = {0};
    CK_BBOOL sensitive = CK_FALSE, extractable = CK_TRUE;
    CK_ATTRIBUTE asked[] = {attribute(CKA_KEY_TYPE, &got.type, sizeof got.type),
                            attribute(CKA_VALUE_LEN, &got.size, sizeof got.size),
                            attribute(CKA_SENSITIVE, &sensitive, sizeof sensitive),
                            attribute(CKA_EXTRACTABLE, &extractable, sizeof extractable)};
    TRY(pkcs11_status(token->session.calls->C_GetAttributeValue(token->session.session, token->key, asked,
                                                                sizeof asked / sizeof *asked),
                      "the token does not describe the key", why));
    if (got.type != CKK_AES || got.size != KEY_BYTES)
        return why_set(why, ERR_DENIED, "not an AES key of 256 bits", where_key, 0);
    if (!sensitive || extractable)
        return why_hint(why, ERR_DENIED, "it can be taken out of its token", where_key,
                        "use a key that is sensitive and not extractable");
    return OK;
}

static enum status make_key(struct token_provider *token, const char *label, struct why *why)
{
    CK_MECHANISM mechanism = {CKM_AES_KEY_GEN, NULL, 0};
    CK_ATTRIBUTE wanted[] = {
        ATTRIBUTE(CKA_CLASS, class),    ATTRIBUTE(CKA_KEY_TYPE, type), ATTRIBUTE(CKA_VALUE_LEN, size),
        ATTRIBUTE(CKA_TOKEN, yes),      ATTRIBUTE(CKA_PRIVATE, yes),   ATTRIBUTE(CKA_SENSITIVE, yes),
        ATTRIBUTE(CKA_EXTRACTABLE, no), ATTRIBUTE(CKA_ENCRYPT, yes),   ATTRIBUTE(CKA_DECRYPT, yes),
        ATTRIBUTE(CKA_WRAP, no),        ATTRIBUTE(CKA_UNWRAP, no),     attribute(CKA_LABEL, label, strlen(label))};
    return pkcs11_status(token->session.calls->C_GenerateKey(token->session.session, &mechanism, wanted,
                                                             sizeof wanted / sizeof *wanted, &token->key),
                         "the token does not make a key", why);
}

/* --- wrapping --- */

static enum status bound_to(const char *label, uint32_t version, struct buf *aad)
{
    buf_add_lp(aad, bytes_str(label));
    buf_add_u32(aad, version);
    return buf_status(aad);
}

static CK_GCM_PARAMS gcm_params(uint8_t nonce[static NONCE_BYTES], struct buf *aad)
{
    return (CK_GCM_PARAMS){nonce, NONCE_BYTES, 8 * NONCE_BYTES, aad->data, aad->size, 8 * TAG_BYTES};
}

static enum status token_wrap(struct root_provider *provider, const char *label, uint32_t version,
                              const struct secret *key, struct buf *out)
{
    const struct token_provider *token = (struct token_provider *)provider;
    CK_FUNCTION_LIST *calls = token->session.calls;
    SCOPED_BUF struct buf aad = {0};
    uint8_t wrapped[WRAPPED_BYTES] = {FORMAT};
    CK_ULONG size = KEY_BYTES + TAG_BYTES;
    TRY(bound_to(label, version, &aad));
    random_fill(random_system(), wrapped + 1, NONCE_BYTES);
    CK_GCM_PARAMS params = gcm_params(wrapped + 1, &aad);
    CK_MECHANISM mechanism = {CKM_AES_GCM, &params, sizeof params};
    TRY(pkcs11_status(calls->C_EncryptInit(token->session.session, &mechanism, token->key), "cannot wrap", NULL));
    TRY(pkcs11_status(calls->C_Encrypt(token->session.session, key->data, key->size, wrapped + HEAD_BYTES, &size),
                      "cannot wrap", NULL));
    if (size != KEY_BYTES + TAG_BYTES)
        return ERR_UNAVAILABLE;
    buf_add(out, bytes_of(wrapped, sizeof wrapped));
    return buf_status(out);
}

/* Modules want room for as much as they are given, tag included. */
static enum status token_decrypt(const struct token_provider *token, struct buf *aad,
                                 uint8_t wrapped[static WRAPPED_BYTES], struct secret *key)
{
    CK_FUNCTION_LIST *calls = token->session.calls;
    SCOPED_SECRET struct secret plain = {0};
    CK_GCM_PARAMS params = gcm_params(wrapped + 1, aad);
    CK_MECHANISM mechanism = {CKM_AES_GCM, &params, sizeof params};
    TRY(secret_new(&plain, KEY_BYTES + TAG_BYTES));
    CK_ULONG size = plain.size;
    TRY(pkcs11_status(calls->C_DecryptInit(token->session.session, &mechanism, token->key), "cannot unwrap", NULL));
    TRY(pkcs11_status(
        calls->C_Decrypt(token->session.session, wrapped + HEAD_BYTES, KEY_BYTES + TAG_BYTES, plain.data, &size),
        "cannot unwrap", NULL));
    return size == KEY_BYTES ? secret_copy(key, bytes_of(plain.data, KEY_BYTES)) : ERR_DENIED;
}

/* Modules differ in what they say of a tag that is wrong: only that the token is gone is told apart. */
static enum status token_unwrap(struct root_provider *provider, const char *label, uint32_t version,
                                struct bytes wrapped, struct secret *key)
{
    uint8_t copy[WRAPPED_BYTES];
    SCOPED_BUF struct buf aad = {0};
    const struct token_provider *token = (struct token_provider *)provider;
    CK_SESSION_INFO info;
    if (wrapped.size != WRAPPED_BYTES || wrapped.data[0] != FORMAT)
        return ERR_DENIED;
    memcpy(copy, wrapped.data, WRAPPED_BYTES);
    TRY(bound_to(label, version, &aad));
    enum status status = token_decrypt(token, &aad, copy, key);
    if (status == OK || status == ERR_MEMORY)
        return status;
    return token->session.calls->C_GetSessionInfo(token->session.session, &info) == CKR_OK ? ERR_DENIED
                                                                                           : ERR_UNAVAILABLE;
}

/* --- opening --- */

static void token_close(struct root_provider *provider)
{
    struct token_provider *token = (struct token_provider *)provider;
    pkcs11_session_close(&token->session);
    mem_free(token);
}

enum purpose { TO_OPEN, TO_CREATE };

static enum status take_key(struct token_provider *token, const char *label, enum purpose purpose, struct why *why)
{
    TRY(find_key(token, label, why));
    if (token->key == CK_INVALID_HANDLE && purpose == TO_OPEN)
        return why_set(why, ERR_DENIED, "the token does not hold it", where_key, 0);
    if (token->key == CK_INVALID_HANDLE)
        TRY(make_key(token, label, why));
    return check_key(token, why);
}

static enum status start(const struct pkcs11_place *place, struct bytes pin, enum purpose purpose,
                         struct root_provider **out, struct why *why)
{
    static const struct root_provider_kind kind = {token_wrap, token_unwrap, token_close};
    *out = NULL;
    struct token_provider *token = mem_new(1, sizeof *token);
    if (!token)
        return ERR_MEMORY;
    token->provider.kind = &kind;
    enum status status = pkcs11_session_open(place, pin, &token->session, why);
    if (status == OK)
        status = take_key(token, place->key, purpose, why);
    if (status != OK) {
        token_close(&token->provider);
        return status;
    }
    *out = &token->provider;
    return OK;
}

enum status pkcs11_open(const struct pkcs11_place *place, struct bytes pin, struct root_provider **out, struct why *why)
{
    return start(place, pin, TO_OPEN, out, why);
}

enum status pkcs11_create(const struct pkcs11_place *place, struct bytes pin, struct root_provider **out,
                          struct why *why)
{
    return start(place, pin, TO_CREATE, out, why);
}
