/* Addresses of crypto currencies: examples of their specifications hold, and not with one character changed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "redaction/coin.h"
#include "redaction/keccak.h"

static void keccak_known_answers(void **state)
{
    (void)state;
    /* keccak.team, KeccakKAT: Len = 0; "abc" as in the Ethereum yellow paper's tests. */
    static const uint8_t of_none[32] = {0xc5, 0xd2, 0x46, 0x01, 0x86, 0xf7, 0x23, 0x3c, 0x92, 0x7e, 0x7d,
                                        0xb2, 0xdc, 0xc7, 0x03, 0xc0, 0xe5, 0x00, 0xb6, 0x53, 0xca, 0x82,
                                        0x27, 0x3b, 0x7b, 0xfa, 0xd8, 0x04, 0x5d, 0x85, 0xa4, 0x70};
    static const uint8_t of_abc[32] = {0x4e, 0x03, 0x65, 0x7a, 0xea, 0x45, 0xa9, 0x4f, 0xc7, 0xd4, 0x7b,
                                       0xa8, 0x26, 0xc8, 0xd6, 0x67, 0xc0, 0xd1, 0xe6, 0xe3, 0x3a, 0x64,
                                       0xa0, 0x36, 0xec, 0x44, 0xf5, 0x8f, 0xa1, 0x2d, 0x6c, 0x45};
    uint8_t out[32];
    keccak_256(BYTES_NONE, out);
    assert_memory_equal(out, of_none, 32);
    keccak_256(bytes_str("abc"), out);
    assert_memory_equal(out, of_abc, 32);
}

static const struct {
    bool (*holds)(struct bytes text);
    const char *address, *source;
} addresses[] = {
    {coin_is_base58check, "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2", "Bitcoin wiki, Invoice address"},
    {coin_is_base58check, "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy", "Bitcoin wiki, Invoice address"},
    {coin_is_base58check, "rHb9CJAWyB4rj91VRWn96DkukG4bwdtyTh", "xrpl.org, Accounts"},
    {coin_is_bech32, "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", "BIP 173"},
    {coin_is_bech32, "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4", "BIP 173"},
    {coin_is_bech32, "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0", "BIP 350"},
    {coin_is_eip55, "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "EIP-55"},
    {coin_is_eip55, "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359", "EIP-55"},
    {coin_is_monero, "44AFFq5kSiGBoZ4NMDwYtN18obc8AemS33DBLWs3H7otXft3XjrpDtQGv7SqSsaBYBb98uNbr2VBBEt7f2wfn3RVGQBEP3A",
     "getmonero.org"},
    {coin_is_stellar, "GA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVSGZ", "SEP-23"},
};
#define ADDRESSES (sizeof addresses / sizeof addresses[0])

static void published_addresses_hold(void **state)
{
    (void)state;
    for (size_t i = 0; i < ADDRESSES; i++)
        if (!addresses[i].holds(bytes_str(addresses[i].address)))
            fail_msg("%s of %s does not hold", addresses[i].address, addresses[i].source);
    assert_true(coin_is_solana(bytes_str("TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA")));
}

/* Each character changed to the digit or letter that follows in ASCII, of two kinds that every alphabet has. */
static void a_changed_character_is_seen(void **state)
{
    (void)state;
    for (size_t i = 0; i < ADDRESSES; i++) {
        char text[COIN_MOST] = {0};
        size_t size = strlen(addresses[i].address);
        for (size_t at = 4; at < size; at++) {
            memcpy(text, addresses[i].address, size);
            text[at] = text[at] == '2' ? '3' : '2';
            if (addresses[i].holds(bytes_of(text, size)))
                fail_msg("%s holds", text);
        }
        assert_false(addresses[i].holds(bytes_of(addresses[i].address, size - 1)));
    }
}

static void hostile_lengths_are_refused(void **state)
{
    (void)state;
    char text[300];
    memset(text, '1', sizeof text);
    for (size_t size = 0; size <= sizeof text; size++)
        for (size_t i = 0; i < ADDRESSES; i++)
            assert_false(addresses[i].holds(bytes_of(text, size)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keccak_known_answers),
        cmocka_unit_test(published_addresses_hold),
        cmocka_unit_test(a_changed_character_is_seen),
        cmocka_unit_test(hostile_lengths_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
