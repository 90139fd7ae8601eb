/* HKDF-SHA256 against RFC 5869's answers. */
#include "crypto/hkdf.h"

#include "crypto/keys.h"
#include "tests/crypto/hex.h"

/* RFC 5869, appendix A.1 to A.3: IKM, salt, info, PRK, OKM. */
static const char *const rfc5869[][5] = {
    {"0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "000102030405060708090a0b0c", "f0f1f2f3f4f5f6f7f8f9",
     "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5",
     "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"},
    {"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f30313233343536373"
     "8"
     "393a3b3c3d3e3f404142434445464748494a4b4c4d4e4f",
     "606162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f808182838485868788898a8b8c8d8e8f90919293949596979"
     "8"
     "999a9b9c9d9e9fa0a1a2a3a4a5a6a7a8a9aaabacadaeaf",
     "b0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0c1c2c3c4c5c6c7c8c9cacbcccdcecfd0d1d2d3d4d5d6d7d8d9dadbdcdddedfe0e1e2e3e4e5e6e7e"
     "8"
     "e9eaebecedeeeff0f1f2f3f4f5f6f7f8f9fafbfcfdfeff",
     "06a6b88c5853361a06104c9ceb35b45cef760014904671014a193f40c15fc244",
     "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09da3275600c2f09b83"
     "6"
     "7793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87"},
    {"0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "", "",
     "19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04",
     "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"},
};

static void known_answers(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rfc5869 / sizeof *rfc5869; i++) {
        SCOPED_BUF struct buf ikm = {0}, salt = {0}, info = {0};
        uint8_t prk[HKDF_PRK_BYTES], out[128];
        size_t size = strlen(rfc5869[i][4]) / 2;
        hex_to(rfc5869[i][0], &ikm);
        hex_to(rfc5869[i][1], &salt);
        hex_to(rfc5869[i][2], &info);
        assert_int_equal(hkdf_extract(buf_bytes(&salt), buf_bytes(&ikm), prk), OK);
        assert_hex(bytes_of(prk, sizeof prk), rfc5869[i][3]);
        assert_int_equal(hkdf_sha256(buf_bytes(&salt), buf_bytes(&ikm), buf_bytes(&info), out, size), OK);
        assert_hex(bytes_of(out, size), rfc5869[i][4]);
    }
}

static void limits(void **state)
{
    (void)state;
    static uint8_t out[8161], info[HKDF_INFO_MAX + 1];
    struct bytes ikm = bytes_str("input");
    assert_int_equal(hkdf_sha256(BYTES_NONE, ikm, bytes_of(info, HKDF_INFO_MAX), out, 8160), OK);
    out[0] = 1;
    assert_int_equal(hkdf_sha256(BYTES_NONE, ikm, BYTES_NONE, out, 8161), ERR_USAGE);
    assert_int_equal(out[0], 0);
    assert_int_equal(hkdf_sha256(BYTES_NONE, ikm, BYTES_NONE, out, 0), ERR_USAGE);
    assert_int_equal(hkdf_sha256(BYTES_NONE, ikm, bytes_of(info, sizeof info), out, 32), ERR_USAGE);
    assert_int_equal(hkdf_sha256(BYTES_NONE, BYTES_NONE, BYTES_NONE, out, 32), OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(known_answers), cmocka_unit_test(limits)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
