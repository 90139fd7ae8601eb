/* The sealed envelope of a contribution. Hides its layout, the padding and the order of trust: nothing of what is
 * inside is looked at before the seal opened, and nothing is handed out before the device's signature held. */
#include "protocol/contribution.h"

#include "base/hash.h"
#include "crypto/hpke_internal.h"
#include "protocol/record.h"

#define MAGIC "CHTM"
#define ENVELOPE_INFO "chatham/v1 envelope"
#define INNER_OVERHEAD (SIGN_BYTES + 4)
#define SIGNED_BYTES (ENVELOPE_HEADER_BYTES + HPKE_ENC_BYTES + HASH_BYTES)

size_t padme(size_t size)
{
    if (size < 2)
        return size;
    unsigned exponent = 63 - (unsigned)__builtin_clzll(size);
    unsigned length_bits = exponent ? 64 - (unsigned)__builtin_clzll(exponent) : 0; /* floor(log2 E) + 1 */
    size_t mask = ((size_t)1 << (exponent > length_bits ? exponent - length_bits : 0)) - 1;
    return (size + mask) & ~mask;
}

static bool is_kind(unsigned kind)
{
    return kind >= ENVELOPE_CONTRIBUTION && kind <= ENVELOPE_REQUEST;
}

static enum sign_purpose purpose_of(enum envelope_kind kind)
{
    static const enum sign_purpose purposes[] = {[ENVELOPE_CONTRIBUTION] = SIGN_CONTRIBUTION,
                                                 [ENVELOPE_WITHDRAWAL] = SIGN_WITHDRAWAL,
                                                 [ENVELOPE_REQUEST] = SIGN_REQUEST};
    INVARIANT(is_kind(kind));
    return purposes[kind];
}

/* --- header --- */

static void header_write(const struct envelope_header *header, struct buf *out)
{
    buf_add_str(out, MAGIC);
    buf_add_u16(out, PROTOCOL_VERSION);
    buf_add_byte(out, (uint8_t)header->kind);
    buf_add_u16(out, HPKE_KEM_ID);
    buf_add_u16(out, HPKE_KDF_ID);
    buf_add_u16(out, HPKE_AEAD_ID);
    buf_add(out, bytes_of(header->federation, sizeof header->federation));
    buf_add(out, bytes_of(header->sealing_key_id, sizeof header->sealing_key_id));
    buf_add(out, bytes_of(header->tenant, sizeof header->tenant));
    buf_add(out, bytes_of(header->device, sizeof header->device));
    buf_add(out, bytes_of(header->policy, sizeof header->policy));
    buf_add(out, bytes_of(header->id, sizeof header->id));
    buf_add(out, bytes_of(header->epoch, sizeof header->epoch));
}

static enum status field_read(struct cursor *from, void *out, size_t size)
{
    struct bytes part;
    TRY(cursor_bytes(from, size, &part));
    memcpy(out, part.data, size);
    return OK;
}

static enum status suite_read(struct cursor *from)
{
    uint16_t kem, kdf, aead;
    TRY(cursor_u16(from, &kem));
    TRY(cursor_u16(from, &kdf));
    TRY(cursor_u16(from, &aead));
    return hpke_suite_check(HPKE_MODE_BASE, kem, kdf, aead);
}

static enum status header_read(struct cursor *from, struct envelope_header *header)
{
    struct bytes magic;
    uint16_t version;
    uint8_t kind;
    TRY(cursor_bytes(from, sizeof MAGIC - 1, &magic));
    if (!bytes_is(magic, MAGIC))
        return ERR_INPUT;
    TRY(cursor_u16(from, &version));
    if (version != PROTOCOL_VERSION)
        return ERR_VERSION;
    TRY(cursor_u8(from, &kind));
    TRY(suite_read(from));
    TRY(field_read(from, header->federation, sizeof header->federation));
    TRY(field_read(from, header->sealing_key_id, sizeof header->sealing_key_id));
    TRY(field_read(from, header->tenant, sizeof header->tenant));
    TRY(field_read(from, header->device, sizeof header->device));
    TRY(field_read(from, header->policy, sizeof header->policy));
    TRY(field_read(from, header->id, sizeof header->id));
    TRY(field_read(from, header->epoch, sizeof header->epoch));
    if (!is_kind(kind) || !record_is_epoch(header->epoch))
        return ERR_INPUT;
    header->kind = (enum envelope_kind)kind;
    return OK;
}

enum status envelope_peek(struct bytes envelope, struct envelope_header *header)
{
    struct cursor from = {envelope};
    *header = (struct envelope_header){0};
    if (envelope.size > ENVELOPE_MAX)
        return ERR_TOO_LARGE;
    enum status status = header_read(&from, header);
    if (status == OK && envelope.size < ENVELOPE_LEAST)
        status = ERR_INPUT;
    if (status != OK)
        *header = (struct envelope_header){0};
    return status;
}

/* --- inside --- */

/* What the device signs: header, encapsulation and a hash of the rest, so that what was opened cannot be sealed again.
 */
static void signed_message(struct bytes aad, const uint8_t enc[static HPKE_ENC_BYTES], struct bytes padded,
                           uint8_t out[static SIGNED_BYTES])
{
    memcpy(out, aad.data, ENVELOPE_HEADER_BYTES);
    memcpy(out + ENVELOPE_HEADER_BYTES, enc, HPKE_ENC_BYTES);
    hash_sha256(padded, out + ENVELOPE_HEADER_BYTES + HPKE_ENC_BYTES);
}

/* Signature, size, record and padding into inner. */
static enum status inner_write(struct bytes aad, const struct envelope_header *header,
                               const uint8_t enc[static HPKE_ENC_BYTES], const struct secret *device_seed,
                               struct bytes record, struct buf *inner)
{
    static const uint8_t empty_signature[SIGN_BYTES];
    uint8_t message[SIGNED_BYTES];
    size_t padded = padme(INNER_OVERHEAD + record.size);
    buf_add(inner, bytes_of(empty_signature, SIGN_BYTES));
    buf_add_lp(inner, record);
    buf_reserve(inner, padded - INNER_OVERHEAD - record.size);
    TRY(buf_status(inner));
    memset(inner->data + inner->size, 0, padded - inner->size);
    inner->size = padded;
    signed_message(aad, enc, bytes_part(buf_bytes(inner), SIGN_BYTES, padded), message);
    return sign_make(device_seed, purpose_of(header->kind), header->federation, bytes_of(message, sizeof message),
                     inner->data);
}

enum status envelope_seal(const struct envelope_header *header, const uint8_t sealing_key[static HPKE_PUBLIC_BYTES],
                          const struct secret *device_seed, struct bytes record, struct buf *out)
{
    if (!is_kind(header->kind) || !record_is_epoch(header->epoch))
        return ERR_USAGE;
    if (record.size > ENVELOPE_MAX ||
        ENVELOPE_HEADER_BYTES + HPKE_ENC_BYTES + padme(INNER_OVERHEAD + record.size) + HPKE_TAG_BYTES > ENVELOPE_MAX)
        return ERR_TOO_LARGE;
    SCOPED_SECRET struct secret ephemeral = {0};
    SCOPED_HPKE struct hpke_context context = {0};
    SCOPED_BUF struct buf head, inner, sealed;
    uint8_t enc[HPKE_ENC_BYTES];
    buf_init(&head);
    buf_init_secret(&inner);
    buf_init(&sealed);
    header_write(header, &head);
    TRY(buf_status(&head));
    struct bytes aad = buf_bytes(&head);

    /* Not hpke_seal: the signature inside covers enc, so enc must be known before the plaintext is. */
    TRY(secret_random(&ephemeral, HPKE_PRIVATE_BYTES));
    TRY(hpke_setup_sender(&ephemeral, sealing_key, bytes_str(ENVELOPE_INFO), enc, &context));
    TRY(inner_write(aad, header, enc, device_seed, record, &inner));
    TRY(aead_seal_to(&context.base, aad, buf_bytes(&inner), &sealed));
    buf_reserve(out, aad.size + sizeof enc + sealed.size);
    TRY(buf_status(out));
    buf_add(out, aad);
    buf_add(out, bytes_of(enc, sizeof enc));
    buf_add(out, buf_bytes(&sealed));
    return buf_status(out);
}

/* The record in an opened envelope: signature, size and padding must all be as a device of ours writes them. */
static enum status inner_read(struct bytes inner, const struct envelope_header *header, struct bytes aad,
                              const uint8_t enc[static HPKE_ENC_BYTES],
                              const uint8_t device_key[static SIGN_PUBLIC_BYTES], struct bytes *record)
{
    struct cursor from = {inner};
    struct bytes signature, padded;
    uint8_t message[SIGNED_BYTES];
    TRY(cursor_bytes(&from, SIGN_BYTES, &signature));
    padded = from.left;
    signed_message(aad, enc, padded, message);
    TRY(sign_check(device_key, purpose_of(header->kind), header->federation, bytes_of(message, sizeof message),
                   signature.data));
    TRY(cursor_lp(&from, record));
    if (inner.size != padme(INNER_OVERHEAD + record->size))
        return ERR_DENIED;
    for (size_t i = 0; i < from.left.size; i++)
        if (from.left.data[i] != 0)
            return ERR_DENIED;
    return OK;
}

/* A check of a signature that fails, as long as a true one takes: how long a refusal takes must not say how far the
 * message came. The check takes as long as its numbers are long, and ends at once at one over the group's order. */
static void check_in_vain(struct bytes sealed, const struct envelope_header *header, struct bytes aad,
                          const uint8_t enc[static HPKE_ENC_BYTES], const uint8_t device_key[static SIGN_PUBLIC_BYTES])
{
    uint8_t message[SIGNED_BYTES], signature[SIGN_BYTES];
    signed_message(aad, enc, bytes_part(sealed, SIGN_BYTES, sealed.size - SIGN_BYTES - HPKE_TAG_BYTES), message);
    memcpy(signature, enc, HPKE_ENC_BYTES);
    memcpy(signature + SIGN_BYTES - HPKE_ENC_BYTES, enc, HPKE_ENC_BYTES);
    signature[SIGN_BYTES - 1] &= 0x0f;
    enum status status = sign_check(device_key, purpose_of(header->kind), header->federation,
                                    bytes_of(message, sizeof message), signature);
    (void)status;
}

static enum status open_checked(struct bytes envelope, const struct secret *sealing_private,
                                const uint8_t device_key[static SIGN_PUBLIC_BYTES], struct envelope_header *header,
                                struct buf *inner, struct bytes *record)
{
    TRY(envelope_peek(envelope, header));
    struct bytes aad = bytes_part(envelope, 0, ENVELOPE_HEADER_BYTES);
    const uint8_t *enc = envelope.data + ENVELOPE_HEADER_BYTES;
    struct bytes sealed = bytes_part(envelope, ENVELOPE_HEADER_BYTES + HPKE_ENC_BYTES, envelope.size);
    enum status status = hpke_open(sealing_private, enc, bytes_str(ENVELOPE_INFO), aad, sealed, inner);
    if (status != OK) {
        check_in_vain(sealed, header, aad, enc, device_key);
        return status;
    }
    return inner_read(buf_bytes(inner), header, aad, enc, device_key, record);
}

enum status envelope_open(struct bytes envelope, const struct secret *sealing_private,
                          const uint8_t device_key[static SIGN_PUBLIC_BYTES], struct envelope_header *header,
                          struct buf *record, uint8_t digest[static DIGEST_BYTES])
{
    SCOPED_BUF struct buf inner;
    struct bytes found = BYTES_NONE;
    buf_init_secret(&inner);
    memset(digest, 0, DIGEST_BYTES);
    enum status status = open_checked(envelope, sealing_private, device_key, header, &inner, &found);
    if (status == OK) {
        buf_add(record, found);
        status = buf_status(record);
    }
    if (status == OK) {
        hash_sha256(found, digest);
        return OK;
    }
    *header = (struct envelope_header){0};
    return status == ERR_MEMORY ? ERR_MEMORY : ERR_DENIED;
}
