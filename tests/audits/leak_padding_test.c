/* A seeded leak: envelopes without padding. It is taken off before sealing and put back behind opening, so that the
 * server takes them. */
/* replaces: aead_seal_to hpke_open */
#include "tests/audits/traces.h"

#include "base/encode.h"
#include "crypto/aead.h"
#include "protocol/contribution.h"

#define OVERHEAD (SIGN_BYTES + 4)

static bool leaks;
enum status __real_aead_seal_to(const struct aead *aead, struct bytes aad, struct bytes plaintext, struct buf *out);
enum status __wrap_aead_seal_to(const struct aead *aead, struct bytes aad, struct bytes plaintext, struct buf *out);
enum status __real_hpke_open(const struct secret *private_key, const uint8_t enc[static HPKE_ENC_BYTES],
                             struct bytes info, struct bytes aad, struct bytes ciphertext, struct buf *out);
enum status __wrap_hpke_open(const struct secret *private_key, const uint8_t enc[static HPKE_ENC_BYTES],
                             struct bytes info, struct bytes aad, struct bytes ciphertext, struct buf *out);

static size_t record_size(struct bytes inner)
{
    const uint8_t *at = inner.data + SIGN_BYTES;
    return (size_t)at[0] << 24 | (size_t)at[1] << 16 | (size_t)at[2] << 8 | at[3];
}

enum status __wrap_aead_seal_to(const struct aead *aead, struct bytes aad, struct bytes plaintext, struct buf *out)
{
    if (leaks && aad.size == ENVELOPE_HEADER_BYTES)
        plaintext = bytes_part(plaintext, 0, OVERHEAD + record_size(plaintext));
    return __real_aead_seal_to(aead, aad, plaintext, out);
}

enum status __wrap_hpke_open(const struct secret *private_key, const uint8_t enc[static HPKE_ENC_BYTES],
                             struct bytes info, struct bytes aad, struct bytes ciphertext, struct buf *out)
{
    enum status status = __real_hpke_open(private_key, enc, info, aad, ciphertext, out);
    if (status != OK || !leaks || aad.size != ENVELOPE_HEADER_BYTES)
        return status;
    for (size_t wanted = padme(out->size); out->size < wanted;)
        buf_add_byte(out, 0);
    return buf_status(out);
}

static void expect(enum verdict size, enum verdict receipt)
{
    struct audit_scope scope;
    struct audit_results results = {0};
    traces_scope(&scope);
    assert_int_equal(attack_sizes.run(&scope, &results, NULL), OK);
    assert_int_equal(traces_result(&results, "channel.size")->verdict, size);
    assert_int_equal(traces_result(&results, "channel.receipt")->verdict, receipt);
    audit_results_free(&results);
    audit_scope_free(&scope);
}

static void is_caught(void **state)
{
    (void)state;
    leaks = false;
    expect(VERDICT_NO_LEAK_ABOVE, VERDICT_NO_LEAK_ABOVE);
    leaks = true;
    expect(VERDICT_LEAK, VERDICT_NO_LEAK_ABOVE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(is_caught)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
