/* Known answers at start: a row an algorithm, each with its source. Hides the answers. */
#include "crypto/selftest.h"

#include "base/encode.h"
#include "base/hash.h"
#include "base/pwhash.h"
#include "base/random.h"
#include "crypto/ca.h"
#include "crypto/hpke_internal.h"
#include "crypto/keys.h"
#include "crypto/sign.h"

static bool is_hex(const uint8_t *got, size_t size, const char *hex)
{
    char text[2 * 64 + 1];
    encode_hex_text(got, size, text);
    return strcmp(text, hex) == 0;
}

static enum status verdict(bool good)
{
    return good ? OK : ERR_BUG;
}

/* An altered input must have been refused; being out of memory says nothing about that. */
static enum status refused(enum status status)
{
    if (status == ERR_DENIED)
        return OK;
    return status == OK ? ERR_BUG : status;
}

/* FIPS 180-2, appendix B.1 */
static enum status sha256(void)
{
    uint8_t out[HASH_BYTES];
    hash_sha256(bytes_str("abc"), out);
    return verdict(is_hex(out, sizeof out, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
}

/* RFC 4231, test case 2 */
static enum status hmac(void)
{
    uint8_t out[HASH_BYTES];
    hash_hmac_sha256(bytes_str("Jefe"), bytes_str("what do ya want for nothing?"), out);
    return verdict(is_hex(out, sizeof out, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"));
}

/* blake2b KAT of the BLAKE2 reference package: key 00 01 .. 3f, empty input */
static enum status blake2b(void)
{
    uint8_t key[64], out[64];
    for (size_t i = 0; i < sizeof key; i++)
        key[i] = (uint8_t)i;
    hash_keyed(bytes_of(key, sizeof key), BYTES_NONE, out, sizeof out);
    return verdict(is_hex(out, sizeof out,
                          "10ebb67700b1868efb4417987acf4690ae9d972fb7a590c2f02871799aaa4786"
                          "b5e996e8f0f4eb981fc214b005f42d2ff4233499391653df7aefcbc13fc51568"));
}

/* RFC 5869, appendix A.1 */
static enum status hkdf(void)
{
    uint8_t ikm[22], salt[13], info[10], out[42];
    memset(ikm, 0x0b, sizeof ikm);
    for (size_t i = 0; i < sizeof salt; i++)
        salt[i] = (uint8_t)i;
    for (size_t i = 0; i < sizeof info; i++)
        info[i] = (uint8_t)(0xf0 + i);
    TRY(hkdf_sha256(bytes_of(salt, sizeof salt), bytes_of(ikm, sizeof ikm), bytes_of(info, sizeof info), out,
                    sizeof out));
    return verdict(is_hex(out, sizeof out,
                          "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"));
}

/* The reference implementation of RFC 9106 with 64 KiB, 2 passes, 1 lane */
static enum status argon2id(void)
{
    uint8_t out[32];
    TRY(pwhash_argon2id(bytes_str("password"), (const uint8_t *)"0123456789abcdef", 64, 2, out, sizeof out));
    return verdict(is_hex(out, sizeof out, "fb83b5711fd91df630b63677dee62ccd13ee6f0c4897d856b49542b9b1e9975b"));
}

/* RFC 8032, section 7.1, TEST 3 */
static enum status ed25519(void)
{
    SCOPED_SECRET struct secret seed = {0};
    static const uint8_t message[] = {0xaf, 0x82};
    uint8_t public_key[SIGN_PUBLIC_BYTES], signature[SIGN_BYTES];
    struct bytes text = bytes_of(message, sizeof message);
    TRY(secret_new(&seed, SIGN_SEED_BYTES));
    TRY(decode_hex_fixed(bytes_str("c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7"), seed.data,
                         seed.size));
    TRY(sign_public(&seed, public_key));
    TRY(sign_make_raw(&seed, text, signature));
    TRY(sign_check_raw(public_key, text, signature));
    if (!is_hex(signature, sizeof signature,
                "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
                "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"))
        return ERR_BUG;
    signature[0] ^= 1;
    return refused(sign_check_raw(public_key, text, signature));
}

/* RFC 9180, appendix A.2.1, sequence number 0: skRm, enc, info, aad, ct, pt. Covers X25519, the key schedule and
 * ChaCha20-Poly1305. */
enum { SK, ENC, INFO, AAD, CT, PT, HPKE_PARTS };
static const char *const hpke_vector[HPKE_PARTS] = {
    "8057991eef8f1f1af18f4a9491d16a1ce333f695d4db8e38da75975c4478e0fb",
    "1afa08d3dec047a643885163f1180476fa7ddb54c6a8029ea33f95796bf2ac4a",
    "4f6465206f6e2061204772656369616e2055726e",
    "436f756e742d30",
    "1c5250d8034ec2b784ba2cfd69dbdb8af406cfe3ff938e131f0def8c8b60b4db21993c62ce81883d2dd1b51a28",
    "4265617574792069732074727574682c20747275746820626561757479",
};

static enum status hpke(void)
{
    SCOPED_SECRET struct secret key = {0};
    SCOPED_BUF struct buf out = {0};
    uint8_t raw[HPKE_PARTS][128];
    struct bytes part[HPKE_PARTS];
    for (size_t i = 0; i < HPKE_PARTS; i++) {
        size_t size = strlen(hpke_vector[i]) / 2;
        INVARIANT(size <= sizeof raw[i]);
        TRY(decode_hex_fixed(bytes_str(hpke_vector[i]), raw[i], size));
        part[i] = bytes_of(raw[i], size);
    }
    TRY(secret_copy(&key, part[SK]));
    TRY(hpke_open(&key, raw[ENC], part[INFO], part[AAD], part[CT], &out));
    if (!bytes_equal(buf_bytes(&out), part[PT]))
        return ERR_BUG;
    raw[CT][0] ^= 1;
    return refused(hpke_open(&key, raw[ENC], part[INFO], part[AAD], part[CT], &out));
}

/* ECDSA draws randomness, so it has no known answer here: what one key signed its own certificate must verify, and a
 * certificate of the same name by another key must not. */
static enum status ecdsa(void)
{
    SCOPED_SECRET struct secret key = {0}, other = {0};
    SCOPED_BUF struct buf cert = {0}, other_cert = {0};
    TRY(ca_key_new(&key));
    TRY(ca_key_new(&other));
    TRY(ca_create(&key, "self-test", 1000000, 1000, &cert));
    TRY(ca_create(&other, "self-test", 1000000, 1000, &other_cert));
    TRY(cert_check(buf_bytes(&cert), buf_bytes(&cert), 1000000, NULL));
    return refused(cert_check(buf_bytes(&cert), buf_bytes(&other_cert), 1000000, NULL));
}

static enum status randomness(void)
{
    uint8_t a[32], b[32];
    random_fill(random_system(), a, sizeof a);
    random_fill(random_system(), b, sizeof b);
    return verdict(memcmp(a, b, sizeof a) != 0);
}

static const struct {
    const char *name;
    enum status (*run)(void);
} tests[] = {
    {"SHA-256", sha256}, {"HMAC-SHA256", hmac},  {"BLAKE2b", blake2b},
    {"HKDF", hkdf},      {"Argon2id", argon2id}, {"Ed25519", ed25519},
    {"HPKE", hpke},      {"ECDSA", ecdsa},       {"randomness", randomness},
};

enum status crypto_selftest(struct why *why)
{
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
        enum status status = tests[i].run();
        if (status == ERR_MEMORY)
            return status;
        if (status != OK)
            return why_set(why, ERR_BUG, "an algorithm gives a wrong answer", tests[i].name, 0);
    }
    return OK;
}
