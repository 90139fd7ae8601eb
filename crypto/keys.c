/* Wrapping, deriving and boxing. Hides the one-time keys: every wrapped key or box has its own, from a random salt, so
 * that no nonce is ever used twice and no counter has to be kept. */
#include "crypto/keys.h"

#include "base/random.h"
#include "crypto/aead.h"

#define FORMAT 1
#define SALT_BYTES 32
#define HEAD_BYTES (1 + SALT_BYTES)

_Static_assert(KEY_WRAPPED_BYTES == HEAD_BYTES + KEY_BYTES + AEAD_TAG_BYTES, "a wrapped key is a box of a key");
_Static_assert(BOX_OVERHEAD == HEAD_BYTES + AEAD_TAG_BYTES, "head and tag");

/* Purposes of derived keys, one a row. A row never changes its meaning: what it derived would no longer be found. */
static const char *const purposes[KEY_PURPOSES] = {
    [KEY_DATABASE] = "chatham/v1 database",     [KEY_INTAKE] = "chatham/v1 intake",
    [KEY_TASK_TAG] = "chatham/v1 task tag",     [KEY_PSEUDONYM] = "chatham/v1 pseudonym",
    [KEY_SPOOL] = "chatham/v1 spool",           [KEY_LOG_SALT] = "chatham/v1 log salt",
    [KEY_TOKEN] = "chatham/v1 enrolment token", [KEY_NAME] = "chatham/v1 key name",
    [KEY_RESTORE] = "chatham/v1 restore",
};
static const char wrap_purpose[] = "chatham/v1 wrap";
static const char box_purpose[] = "chatham/v1 box";

enum status key_derive(const struct secret *key, enum key_purpose purpose, struct secret *out)
{
    INVARIANT((size_t)purpose < KEY_PURPOSES);
    *out = (struct secret){0};
    if (key->size != KEY_BYTES)
        return ERR_USAGE;
    TRY(secret_new(out, KEY_BYTES));
    enum status status = hkdf_sha256(BYTES_NONE, secret_bytes(key), bytes_str(purposes[purpose]), out->data, out->size);
    if (status != OK)
        secret_free(out);
    return status;
}

/* The one-time key of a salt. It seals once, so its nonce is zero. */
static enum status one_time(const struct secret *key, const char *purpose, const uint8_t salt[static SALT_BYTES],
                            struct aead *out)
{
    *out = (struct aead){0};
    if (key->size != KEY_BYTES)
        return ERR_USAGE;
    return hkdf_sha256(bytes_of(salt, SALT_BYTES), secret_bytes(key), bytes_str(purpose), out->key, AEAD_KEY_BYTES);
}

static enum status new_head(const struct secret *key, const char *purpose, uint8_t head[static HEAD_BYTES],
                            struct aead *out)
{
    head[0] = FORMAT;
    random_fill(random_system(), head + 1, SALT_BYTES);
    return one_time(key, purpose, head + 1, out);
}

static enum status read_head(const struct secret *key, const char *purpose, struct bytes sealed, struct aead *out)
{
    if (sealed.size < BOX_OVERHEAD || sealed.data[0] != FORMAT)
        return ERR_DENIED;
    return one_time(key, purpose, sealed.data + 1, out);
}

/* --- wrapping --- */

static enum status wrap_label(const char *label, uint32_t version, struct buf *aad)
{
    buf_add_lp(aad, bytes_str(label));
    buf_add_u32(aad, version);
    return buf_status(aad);
}

enum status key_wrap(const struct secret *parent, const char *label, uint32_t version, const struct secret *key,
                     uint8_t out[static KEY_WRAPPED_BYTES])
{
    SCOPED_AEAD struct aead aead = {0};
    SCOPED_BUF struct buf aad = {0};
    memset(out, 0, KEY_WRAPPED_BYTES);
    if (key->size != KEY_BYTES)
        return ERR_USAGE;
    TRY(wrap_label(label, version, &aad));
    TRY(new_head(parent, wrap_purpose, out, &aead));
    return aead_seal(&aead, buf_bytes(&aad), secret_bytes(key), out + HEAD_BYTES);
}

enum status key_unwrap(const struct secret *parent, const char *label, uint32_t version, struct bytes wrapped,
                       struct secret *key)
{
    SCOPED_AEAD struct aead aead = {0};
    SCOPED_BUF struct buf aad = {0};
    *key = (struct secret){0};
    if (wrapped.size != KEY_WRAPPED_BYTES)
        return ERR_DENIED;
    TRY(wrap_label(label, version, &aad));
    TRY(read_head(parent, wrap_purpose, wrapped, &aead));
    TRY(secret_new(key, KEY_BYTES));
    enum status status = aead_open(&aead, buf_bytes(&aad), bytes_part(wrapped, HEAD_BYTES, SIZE_MAX), key->data);
    if (status != OK)
        secret_free(key);
    return status;
}

/* --- boxes --- */

enum status box_seal(const struct secret *key, struct bytes aad, struct bytes plaintext, struct buf *out)
{
    SCOPED_AEAD struct aead aead = {0};
    uint8_t head[HEAD_BYTES];
    TRY(new_head(key, box_purpose, head, &aead));
    size_t before = out->size;
    buf_add(out, bytes_of(head, sizeof head));
    enum status status = aead_seal_to(&aead, aad, plaintext, out);
    if (status != OK)
        out->size = before;
    return status;
}

enum status box_open(const struct secret *key, struct bytes aad, struct bytes box, struct buf *out)
{
    SCOPED_AEAD struct aead aead = {0};
    TRY(read_head(key, box_purpose, box, &aead));
    return aead_open_to(&aead, aad, bytes_part(box, HEAD_BYTES, SIZE_MAX), out);
}
