/* Addresses of crypto currencies: by their check sums alone, and where there is none behind a word of it. */
#include "redaction/coin.h"
#include "redaction/recognizer.h"

#define WORDS                                                                                                          \
    "eth|ethereum|wallet|address|0x address|recipient|sender|erc20|erc-20|usdt|usdc|metamask|contract|owner|payee|"    \
    "polygon|token|deposit|withdraw|transfer|from|to"
#define NEAR 64

/* --- base58 ---
 * A base58 string of 25 characters or more holds a digit nearly always (all but 1 in 100), so that the walk over
 * numbers leads here. Most words with digits are too short or too long; both ends are bounded. */
static size_t match_base58(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t start = chars_run_back(text, end, C_ALNUM, COIN_MOST);
    size_t stop = chars_run(text, end, C_ALNUM, COIN_MOST), size = stop - start;
    if (size < 25 || (size > 35 && size != 95 && size != 106))
        return stop;
    if (!strchr("13LM9ADXTrmn248", text.data[start]) || !chars_word_starts(text, start) || !chars_word_ends(text, stop))
        return stop;
    struct bytes word = bytes_part(text, start, size);
    if (size <= 35 ? coin_is_base58check(word) : coin_is_monero(word))
        scan_found(scan, row, start, stop);
    return stop;
}

/* --- bech32: the anchor is the prefix with its 1 --- */
static size_t match_bech32(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t start = chars_run_back(text, end, C_ALNUM, 16), stop = chars_run(text, end, C_ALNUM, COIN_MOST);
    if (stop - end < 30 || !chars_word_starts(text, start) || !chars_word_ends(text, stop))
        return end;
    if (coin_is_bech32(bytes_part(text, start, stop - start)))
        scan_found(scan, row, start, stop);
    return stop;
}

/* --- Ethereum: capitals are the check; without them a word nearby must say so --- */
static size_t match_ethereum(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t start = end - 1, stop = chars_run(text, end + 1, C_HEX, 41);
    if (char_at(text, end) != 'x' || text.data[start] != '0' || stop != end + 41 || !chars_word_starts(text, start) ||
        !chars_word_ends(text, stop))
        return end;
    struct bytes digits = bytes_part(text, end + 1, 40);
    bool upper = false, lower = false;
    for (size_t i = 0; i < digits.size; i++) {
        upper |= char_is(digits.data[i], C_UPPER);
        lower |= char_is(digits.data[i], C_LOWER);
    }
    if (upper && lower ? coin_is_eip55(bytes_part(text, start, 42)) : chars_near_before(text, start, NEAR, WORDS))
        scan_found(scan, row, start, stop);
    return stop;
}

/* --- behind a word: the first base58 word of 32 bytes --- */
static size_t match_solana(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    for (size_t at = end; at < text.size && at < end + NEAR && text.data[at] != 0x1e; at++) {
        size_t stop = chars_run(text, at, C_ALNUM, 45);
        if (stop - at >= 32 && chars_word_starts(text, at) && chars_word_ends(text, stop) &&
            coin_is_solana(bytes_part(text, at, stop - at))) {
            scan_found(scan, row, at, stop);
            return stop;
        }
        at = stop > at ? stop : at;
    }
    return end;
}

static size_t match_stellar(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t start = chars_run_back(text, end, C_UPPER | C_DIGIT, 57);
    size_t stop = chars_run(text, end, C_UPPER | C_DIGIT, 57);
    if (stop - start == 56 && text.data[start] == 'G' && coin_is_stellar(bytes_part(text, start, 56)))
        scan_found(scan, row, start, stop);
    return stop;
}

static const struct recognizer rows[] = {
    {"crypto.base58",
     REDACT_CRYPTO,
     NULL,
     match_base58,
     NULL,
     0.99f,
     ROW_LEARN,
     "Bitcoin wiki, Base58Check; XRPL, Tron, Monero address formats",
     {DIGITS_OR_MORE(1), 0, BESIDE_UPPER | BESIDE_LOWER}},
    {"crypto.bech32",
     REDACT_CRYPTO,
     "bc1|tb1|ltc1|addr1|cosmos1|osmo1|npub1|bnb1|inj1|celestia1|stake1|terra1",
     match_bech32,
     NULL,
     0.99f,
     ROW_LEARN | ROW_LIST | ROW_LOOSE,
     "BIP 173, BIP 350",
     {0}},
    {"crypto.ethereum",
     REDACT_CRYPTO,
     NULL,
     match_ethereum,
     NULL,
     0.95f,
     ROW_LEARN,
     "EIP-55",
     {1 << 1, BESIDE_OTHER | BESIDE_BLANK | BESIDE_COLON | BESIDE_DASH | BESIDE_UNDER, BESIDE_LOWER}},
    {"crypto.solana",
     REDACT_CRYPTO,
     "solana|phantom wallet|sol address|sol wallet|spl token|solana wallet|sol:",
     match_solana,
     NULL,
     0.85f,
     ROW_LEARN | ROW_LIST,
     "docs.solana.com, accounts",
     {0}},
    {"crypto.stellar",
     REDACT_CRYPTO,
     NULL,
     match_stellar,
     NULL,
     0.97f,
     ROW_LEARN,
     "SEP-23",
     {DIGITS_OR_MORE(1), BESIDE_UPPER, BESIDE_UPPER}},
    {"crypto.xpub", REDACT_CRYPTO, NULL, match_shape, "xpub%a{107}", 0.95f, ROW_LEARN, "BIP 32", {0}},
    {"crypto.cashaddr",
     REDACT_CRYPTO,
     NULL,
     match_shape,
     "bitcoincash:%n{42}",
     0.9f,
     ROW_LEARN,
     "Bitcoin Cash specification, cashaddr",
     {0}},
};

const struct recognizers recognizers_crypto = {rows, sizeof rows / sizeof rows[0]};
