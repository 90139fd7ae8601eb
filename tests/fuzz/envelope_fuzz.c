/* Envelopes. The first byte chooses: an envelope as it stands, the inside of one sealed here, or what stands behind the
 * signature of one, signed and sealed here, so that every check can be reached. */
#include "base/hash.h"
#include "crypto/aead.h"
#include "crypto/hpke_internal.h"
#include "protocol/contribution.h"

#include "tests/fuzz/record_fuzz.h"

#define PREFIX (ENVELOPE_HEADER_BYTES + HPKE_ENC_BYTES)

static struct secret sealing, device;
static uint8_t sealing_key[HPKE_PUBLIC_BYTES], device_key[SIGN_PUBLIC_BYTES];
static uint8_t prefix[PREFIX]; /* header and enc of all that is sealed here */
static struct hpke_context context;

static void make_keys(void)
{
    SCOPED_SECRET struct secret ephemeral = {0};
    SCOPED_BUF struct buf envelope = {0};
    struct envelope_header header = {.kind = ENVELOPE_CONTRIBUTION, .epoch = "2026-11"};
    INVARIANT(hpke_keypair(&sealing, sealing_key) == OK && sign_keypair(&device, device_key) == OK);
    INVARIANT(envelope_seal(&header, sealing_key, &device, bytes_str("{}"), &envelope) == OK);
    memcpy(prefix, envelope.data, ENVELOPE_HEADER_BYTES);
    INVARIANT(secret_random(&ephemeral, HPKE_PRIVATE_BYTES) == OK);
    INVARIANT(hpke_setup_sender(&ephemeral, sealing_key, bytes_str("chatham/v1 envelope"),
                                prefix + ENVELOPE_HEADER_BYTES, &context) == OK);
}

static enum status try_envelope(struct bytes input)
{
    SCOPED_BUF struct buf record = {0};
    struct envelope_header header;
    uint8_t digest[DIGEST_BYTES];
    enum status status = envelope_peek(input, &header);
    INVARIANT(status == OK || header.kind == 0);
    status = envelope_open(input, &sealing, device_key, &header, &record, digest);
    INVARIANT(status == OK || (record.size == 0 && header.kind == 0));
    return status;
}

static enum status try_inside(struct bytes inside)
{
    SCOPED_BUF struct buf envelope = {0};
    buf_add(&envelope, bytes_of(prefix, PREFIX));
    INVARIANT(aead_seal_to(&context.base, bytes_of(prefix, ENVELOPE_HEADER_BYTES), inside, &envelope) == OK);
    return try_envelope(buf_bytes(&envelope));
}

static void try_signed(struct bytes input)
{
    SCOPED_BUF struct buf inside = {0};
    uint8_t message[PREFIX + HASH_BYTES], signature[SIGN_BYTES];
    memcpy(message, prefix, PREFIX);
    hash_sha256(input, message + PREFIX);
    INVARIANT(sign_make(&device, SIGN_CONTRIBUTION, prefix + 13, bytes_of(message, sizeof message), signature) == OK);
    buf_add(&inside, bytes_of(signature, sizeof signature));
    buf_add(&inside, input);
    if (try_inside(buf_bytes(&inside)) == OK)
        INVARIANT(inside.size == padme(inside.size));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!sealing.data)
        make_keys();
    if (size == 0)
        return 0;
    struct bytes input = bytes_of(data + 1, size - 1);
    if (data[0] % 3 == 0)
        INVARIANT(try_envelope(input) != OK);
    if (data[0] % 3 == 1)
        INVARIANT(try_inside(input) != OK);
    if (data[0] % 3 == 2)
        try_signed(input);
    return 0;
}
