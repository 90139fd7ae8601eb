/* Signatures: RFC 8032's answers, and that purpose, federation, message and signature are all bound. */
#include "crypto/sign.h"

#include "tests/crypto/hex.h"

/* RFC 8032, section 7.1, TEST 1 to 3 and TEST SHA(abc): seed, public key, message, signature. */
static const char *const rfc8032[][4] = {
    {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe246"
     "5"
     "5141438e7a100b"},
    {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb"
     "0"
     "0d291612bb0c00"},
    {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
     "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc"
     "0"
     "27beceea1ec40a"},
    {"833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
     "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
     "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2"
     "a"
     "9ac94fa54ca49f",
     "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad"
     "9"
     "bef1177331a704"},
};

static void known_answers(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rfc8032 / sizeof *rfc8032; i++) {
        SCOPED_SECRET struct secret seed = {0};
        SCOPED_BUF struct buf message = {0};
        uint8_t public_key[SIGN_PUBLIC_BYTES], signature[SIGN_BYTES];
        hex_secret(rfc8032[i][0], &seed);
        hex_to(rfc8032[i][2], &message);
        assert_int_equal(sign_public(&seed, public_key), OK);
        assert_hex(bytes_of(public_key, sizeof public_key), rfc8032[i][1]);
        assert_int_equal(sign_make_raw(&seed, buf_bytes(&message), signature), OK);
        assert_hex(bytes_of(signature, sizeof signature), rfc8032[i][3]);
        assert_int_equal(sign_check_raw(public_key, buf_bytes(&message), signature), OK);
        signature[i] ^= 1;
        assert_int_equal(sign_check_raw(public_key, buf_bytes(&message), signature), ERR_DENIED);
    }
}

static const uint8_t home[FEDERATION_ID_BYTES] = {1, 2, 3};

static void everything_is_bound(void **state)
{
    (void)state;
    SCOPED_SECRET struct secret seed = {0};
    uint8_t public_key[SIGN_PUBLIC_BYTES], other_key[SIGN_PUBLIC_BYTES], signature[SIGN_BYTES];
    struct bytes message = bytes_str("one contribution");
    assert_int_equal(sign_keypair(&seed, public_key), OK);
    assert_int_equal(sign_make(&seed, SIGN_CONTRIBUTION, home, message, signature), OK);
    assert_int_equal(sign_check(public_key, SIGN_CONTRIBUTION, home, message, signature), OK);

    for (int purpose = 0; purpose < SIGN_PURPOSES; purpose++)
        assert_int_equal(sign_check(public_key, (enum sign_purpose)purpose, home, message, signature),
                         purpose == SIGN_CONTRIBUTION ? OK : ERR_DENIED);
    uint8_t away[FEDERATION_ID_BYTES] = {1, 2, 4};
    assert_int_equal(sign_check(public_key, SIGN_CONTRIBUTION, away, message, signature), ERR_DENIED);
    assert_int_equal(sign_check(public_key, SIGN_CONTRIBUTION, home, bytes_str("one contributioN"), signature),
                     ERR_DENIED);
    assert_int_equal(sign_check(public_key, SIGN_CONTRIBUTION, home, BYTES_NONE, signature), ERR_DENIED);
    assert_int_equal(sign_check_raw(public_key, message, signature), ERR_DENIED);
    for (size_t i = 0; i < SIGN_BYTES; i++) {
        signature[i] ^= 0x10;
        assert_int_equal(sign_check(public_key, SIGN_CONTRIBUTION, home, message, signature), ERR_DENIED);
        signature[i] ^= 0x10;
    }
    SCOPED_SECRET struct secret other = {0};
    assert_int_equal(sign_keypair(&other, other_key), OK);
    assert_int_equal(sign_check(other_key, SIGN_CONTRIBUTION, home, message, signature), ERR_DENIED);
}

static void purposes_differ(void **state)
{
    (void)state;
    for (int a = 0; a < SIGN_PURPOSES; a++)
        for (int b = 0; b < a; b++)
            assert_string_not_equal(sign_purpose_text((enum sign_purpose)a), sign_purpose_text((enum sign_purpose)b));
}

static void wrong_seed_size(void **state)
{
    (void)state;
    SCOPED_SECRET struct secret seed = {0};
    uint8_t public_key[SIGN_PUBLIC_BYTES], signature[SIGN_BYTES];
    assert_int_equal(sign_public(&seed, public_key), ERR_INPUT);
    assert_int_equal(secret_new(&seed, SIGN_SEED_BYTES + 1), OK);
    assert_int_equal(sign_make(&seed, SIGN_RECEIPT, home, BYTES_NONE, signature), ERR_INPUT);
}

static void allocation_failures(void **state)
{
    (void)state;
    SCOPED_SECRET struct secret seed = secret_of(7);
    uint8_t signature[SIGN_BYTES];
    mem_fail_after(1);
    assert_int_equal(sign_make(&seed, SIGN_RECEIPT, home, bytes_str("x"), signature), ERR_MEMORY);
    mem_fail_after(0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_answers),   cmocka_unit_test(everything_is_bound), cmocka_unit_test(purposes_differ),
        cmocka_unit_test(wrong_seed_size), cmocka_unit_test(allocation_failures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
