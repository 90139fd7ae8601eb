/* hash: published answers, parts against the whole, a fixed value of the table hash on every machine. */
#include "base/hash.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "base/encode.h"

static void expect(const uint8_t *hash, size_t size, const char *hex)
{
    char text[129];
    encode_hex_text(hash, size, text);
    assert_string_equal(text, hex);
}

static void test_known_answers(void **state)
{
    (void)state;
    uint8_t hash[64];
    hash_sha256(bytes_str("abc"), hash); /* FIPS 180-4 examples */
    expect(hash, 32, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    hash_sha256(BYTES_NONE, hash);
    expect(hash, 32, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    hash_hmac_sha256(bytes_str("Jefe"), bytes_str("what do ya want for nothing?"), hash); /* RFC 4231 case 2 */
    expect(hash, 32, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    hash_keyed(BYTES_NONE, bytes_str("abc"), hash, 64); /* RFC 7693 appendix A */
    expect(hash, 64,
           "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1"
           "7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923");
}

static void test_parts(void **state)
{
    (void)state;
    const struct bytes parts[] = {bytes_str("a"), BYTES_NONE, bytes_str("bc")};
    uint8_t whole[HASH_BYTES], sum[HASH_BYTES];
    hash_sha256(bytes_str("abc"), whole);
    hash_sha256_parts(parts, 3, sum);
    assert_memory_equal(whole, sum, sizeof sum);
}

static void test_mix(void **state)
{
    (void)state;
    assert_true(hash_mix64(bytes_str("abc"), 1) == hash_mix64(bytes_str("abc"), 1));
    assert_true(hash_mix64(bytes_str("abc"), 1) != hash_mix64(bytes_str("abc"), 2));
    assert_true(hash_mix64(bytes_str("abc"), 1) != hash_mix64(bytes_str("abd"), 1));
    assert_true(hash_mix64(bytes_of("\0", 1), 1) != hash_mix64(BYTES_NONE, 1));
    size_t buckets[64] = {0}; /* low bits are usable: no bucket of 64 is far from its 1,000 */
    for (uint32_t i = 0; i < 64000; i++)
        buckets[hash_mix64(bytes_of(&i, sizeof i), 0) % 64]++;
    for (size_t i = 0; i < 64; i++)
        assert_in_range(buckets[i], 800, 1200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_answers),
        cmocka_unit_test(test_parts),
        cmocka_unit_test(test_mix),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
