/* HPKE base mode for one suite, composed of X25519, HKDF and the AEAD, because OpenSSL 3.0 has no HPKE call.
 * Hides the labels, the key schedule and the ephemeral key. Section numbers are RFC 9180's. */
#include "crypto/hpke_internal.h"

#include <openssl/evp.h>

#include "crypto/hkdf.h"
#include "crypto/scoped.h"

#define DH_BYTES 32

static const uint8_t kem_suite[] = {'K', 'E', 'M', HPKE_KEM_ID >> 8, HPKE_KEM_ID & 0xff};
static const uint8_t hpke_suite[] = {'H',
                                     'P',
                                     'K',
                                     'E',
                                     HPKE_KEM_ID >> 8,
                                     HPKE_KEM_ID & 0xff,
                                     HPKE_KDF_ID >> 8,
                                     HPKE_KDF_ID & 0xff,
                                     HPKE_AEAD_ID >> 8,
                                     HPKE_AEAD_ID & 0xff};

void hpke_context_wipe(struct hpke_context *context)
{
    secret_wipe(context, sizeof *context);
}

enum status hpke_suite_check(unsigned mode, unsigned kem, unsigned kdf, unsigned aead)
{
    bool ours = mode == HPKE_MODE_BASE && kem == HPKE_KEM_ID && kdf == HPKE_KDF_ID && aead == HPKE_AEAD_ID;
    return ours ? OK : ERR_VERSION;
}

/* --- 4: LabeledExtract and LabeledExpand --- */

static enum status labeled_extract(struct bytes suite, struct bytes salt, const char *label, struct bytes ikm,
                                   uint8_t prk[static HKDF_PRK_BYTES])
{
    SCOPED_BUF struct buf labeled;
    buf_init_secret(&labeled);
    buf_add_str(&labeled, "HPKE-v1");
    buf_add(&labeled, suite);
    buf_add_str(&labeled, label);
    buf_add(&labeled, ikm);
    TRY(buf_status(&labeled));
    return hkdf_extract(salt, buf_bytes(&labeled), prk);
}

static enum status labeled_expand(struct bytes suite, const uint8_t prk[static HKDF_PRK_BYTES], const char *label,
                                  struct bytes info, uint8_t *out, size_t size)
{
    SCOPED_BUF struct buf labeled = {0};
    buf_add_u16(&labeled, (uint16_t)size);
    buf_add_str(&labeled, "HPKE-v1");
    buf_add(&labeled, suite);
    buf_add_str(&labeled, label);
    buf_add(&labeled, info);
    TRY(buf_status(&labeled));
    return hkdf_expand(prk, buf_bytes(&labeled), out, size);
}

/* --- 4.1 and 7.1: DHKEM(X25519) --- */

static EVP_PKEY *load_private(const struct secret *private_key)
{
    if (private_key->size != HPKE_PRIVATE_BYTES)
        return NULL;
    return EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, NULL, private_key->data, private_key->size);
}

/* Loading computes it, so a key is loaded once for all that is done with it. */
static enum status public_of(const EVP_PKEY *key, uint8_t public_key[static HPKE_PUBLIC_BYTES])
{
    size_t size = HPKE_PUBLIC_BYTES;
    memset(public_key, 0, HPKE_PUBLIC_BYTES);
    if (!key || EVP_PKEY_get_raw_public_key(key, public_key, &size) != 1)
        return openssl_failed(ERR_INPUT);
    return OK;
}

/* OpenSSL refuses an all-zero result, as 7.1.4 asks. */
static enum status diffie_hellman(EVP_PKEY *own, const uint8_t peer[static HPKE_PUBLIC_BYTES],
                                  uint8_t out[static DH_BYTES])
{
    SCOPED_PKEY EVP_PKEY *other = EVP_PKEY_new_raw_public_key(EVP_PKEY_X25519, NULL, peer, HPKE_PUBLIC_BYTES);
    if (!other)
        return openssl_failed(ERR_INPUT);
    SCOPED_PKEY_CTX EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(own, NULL);
    size_t size = DH_BYTES;
    if (!context || EVP_PKEY_derive_init(context) != 1 || EVP_PKEY_derive_set_peer(context, other) != 1 ||
        EVP_PKEY_derive(context, out, &size) != 1 || size != DH_BYTES)
        return openssl_failed(ERR_INPUT);
    return OK;
}

/* ExtractAndExpand of one Diffie-Hellman value with kem_context = enc ‖ pkR. */
static enum status kem_shared(EVP_PKEY *own, const uint8_t peer[static HPKE_PUBLIC_BYTES], const uint8_t *enc,
                              const uint8_t *recipient, uint8_t shared[static 32])
{
    uint8_t dh[DH_BYTES] WIPED_32 = {0}, prk[HKDF_PRK_BYTES] WIPED_32 = {0};
    struct bytes suite = bytes_of(kem_suite, sizeof kem_suite);
    uint8_t kem_context[HPKE_ENC_BYTES + HPKE_PUBLIC_BYTES];
    memcpy(kem_context, enc, HPKE_ENC_BYTES);
    memcpy(kem_context + HPKE_ENC_BYTES, recipient, HPKE_PUBLIC_BYTES);
    TRY(diffie_hellman(own, peer, dh));
    TRY(labeled_extract(suite, BYTES_NONE, "eae_prk", bytes_of(dh, sizeof dh), prk));
    return labeled_expand(suite, prk, "shared_secret", bytes_of(kem_context, sizeof kem_context), shared, 32);
}

/* --- 5.1: the key schedule of base mode, so psk and psk_id are empty --- */

static enum status key_schedule(const uint8_t shared[static 32], struct bytes info, struct hpke_context *context)
{
    struct bytes suite = bytes_of(hpke_suite, sizeof hpke_suite);
    uint8_t schedule[1 + 2 * HKDF_PRK_BYTES] = {HPKE_MODE_BASE};
    uint8_t secret[HKDF_PRK_BYTES] WIPED_32 = {0};
    TRY(labeled_extract(suite, BYTES_NONE, "psk_id_hash", BYTES_NONE, schedule + 1));
    TRY(labeled_extract(suite, BYTES_NONE, "info_hash", info, schedule + 1 + HKDF_PRK_BYTES));
    TRY(labeled_extract(suite, bytes_of(shared, 32), "secret", BYTES_NONE, secret));
    struct bytes scheduled = bytes_of(schedule, sizeof schedule);
    TRY(labeled_expand(suite, secret, "key", scheduled, context->base.key, AEAD_KEY_BYTES));
    return labeled_expand(suite, secret, "base_nonce", scheduled, context->base.nonce, AEAD_NONCE_BYTES);
}

enum status hpke_setup_sender(const struct secret *ephemeral, const uint8_t recipient[static HPKE_PUBLIC_BYTES],
                              struct bytes info, uint8_t enc[static HPKE_ENC_BYTES], struct hpke_context *context)
{
    uint8_t shared[32] WIPED_32 = {0};
    SCOPED_PKEY EVP_PKEY *own = load_private(ephemeral);
    TRY(public_of(own, enc));
    TRY(kem_shared(own, recipient, enc, recipient, shared));
    return key_schedule(shared, info, context);
}

enum status hpke_setup_recipient(const struct secret *private_key, const uint8_t enc[static HPKE_ENC_BYTES],
                                 struct bytes info, struct hpke_context *context)
{
    uint8_t shared[32] WIPED_32 = {0}, recipient[HPKE_PUBLIC_BYTES];
    SCOPED_PKEY EVP_PKEY *own = load_private(private_key);
    TRY(public_of(own, recipient));
    TRY(kem_shared(own, enc, enc, recipient, shared));
    return key_schedule(shared, info, context);
}

void hpke_message_key(const struct hpke_context *context, uint64_t sequence, struct aead *out)
{
    *out = context->base;
    for (size_t i = 0; i < 8; i++)
        out->nonce[AEAD_NONCE_BYTES - 1 - i] ^= (uint8_t)(sequence >> (8 * i));
}

/* --- the header's calls --- */

enum status hpke_keypair(struct secret *private_key, uint8_t public_key[static HPKE_PUBLIC_BYTES])
{
    TRY(secret_random(private_key, HPKE_PRIVATE_BYTES));
    enum status status = hpke_public(private_key, public_key);
    if (status != OK)
        secret_free(private_key);
    return status;
}

enum status hpke_public(const struct secret *private_key, uint8_t public_key[static HPKE_PUBLIC_BYTES])
{
    SCOPED_PKEY EVP_PKEY *key = load_private(private_key);
    return public_of(key, public_key);
}

enum status hpke_seal(const uint8_t recipient[static HPKE_PUBLIC_BYTES], struct bytes info, struct bytes aad,
                      struct bytes plaintext, uint8_t enc[static HPKE_ENC_BYTES], struct buf *out)
{
    SCOPED_SECRET struct secret ephemeral = {0};
    SCOPED_HPKE struct hpke_context context = {0};
    memset(enc, 0, HPKE_ENC_BYTES);
    TRY(secret_random(&ephemeral, HPKE_PRIVATE_BYTES));
    TRY(hpke_setup_sender(&ephemeral, recipient, info, enc, &context));
    return aead_seal_to(&context.base, aad, plaintext, out);
}

enum status hpke_open(const struct secret *private_key, const uint8_t enc[static HPKE_ENC_BYTES], struct bytes info,
                      struct bytes aad, struct bytes ciphertext, struct buf *out)
{
    SCOPED_HPKE struct hpke_context context = {0};
    enum status status = hpke_setup_recipient(private_key, enc, info, &context);
    if (status == ERR_INPUT)
        return ERR_DENIED; /* a bad encapsulation is a bad message, like any other */
    TRY(status);
    return aead_open_to(&context.base, aad, ciphertext, out);
}
