/* Seeds: what one-time passwords and wallets are made of. Hides how far a run of groups or of words reaches. */
#include <stdlib.h>

#include "redaction/claim.h"
#include "redaction/recognizer.h"
#include "redaction/seed_words.h"

#define GROUPS_LEAST 16 /* base32 letters: 80 bits, the least that RFC 4226 lets a secret have is 128 */
#define GROUPS_MOST 128
#define PHRASE_AHEAD 120 /* bytes between the context and the first word */
#define PHRASE_MOST 24
#define PHRASE_LEAST 12

/* otpauth://totp/Label?secret=...: the whole of it, the label names the account. */
static size_t match_otpauth(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t stop = end;
    while (stop < text.size && stop - end < 1024 && text.data[stop] > ' ' && !strchr("\"'`<>\\{}", text.data[stop]))
        stop++;
    if (stop - end >= GROUPS_LEAST)
        scan_found(scan, row, end - (sizeof "otpauth://" - 1), stop);
    return stop;
}

/* End of base32 in one run or in groups of four, and how many letters; lower case is in use too. */
static size_t groups_end(struct bytes text, size_t at, size_t *letters)
{
    size_t stop = at;
    *letters = 0;
    for (size_t i = at; i < text.size && i - at < GROUPS_MOST; i++) {
        uint8_t byte = text.data[i];
        bool letter =
            char_is(byte, char_is(text.data[at], C_LOWER) ? C_LOWER : C_UPPER) || (byte >= '2' && byte <= '7');
        if (!letter && !((byte == ' ' || byte == '-') && *letters % 4 == 0 && i > at))
            break;
        *letters += letter;
        stop = letter ? i + 1 : stop;
    }
    return stop;
}

static bool is_base32(struct bytes value)
{
    unsigned kinds = 0;
    size_t digits = 0;
    for (size_t i = 0; i < value.size; i++) {
        kinds |= chars_class[value.data[i]];
        digits += char_is(value.data[i], C_DIGIT);
    }
    return (kinds & C_UPPER) != 0 ? !(kinds & C_LOWER) : digits > 0;
}

/* "2FA setup key: JBSW Y3DP ..." */
static size_t match_otp_seed(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t at = chars_run(text, end, C_FILLER, 8);
    size_t word = chars_word_of(text, at, "is|key|secret|seed|code");
    at = chars_run(text, at + word, C_FILLER, 8);
    size_t letters, stop = groups_end(text, at, &letters);
    while (letters > 0 && letters % 8 != 0 && char_at(text, stop) != '=' && text.data[stop - 1] != ' ' &&
           bytes_find(bytes_part(text, at, stop - at), bytes_str(" ")) != SIZE_MAX) {
        while (stop > at && text.data[stop - 1] != ' ')
            stop--; /* a word of the sentence behind the groups */
        while (stop > at && text.data[stop - 1] == ' ')
            stop--;
        groups_end(bytes_part(text, 0, stop), at, &letters);
    }
    if (letters >= GROUPS_LEAST && is_base32(bytes_part(text, at, stop - at)) && chars_word_ends(text, stop))
        scan_found(scan, row, at, stop);
    return end;
}

/* --- recovery phrases --- */

static int compare_word(const void *wanted, const void *word)
{
    return memcmp(wanted, word, 4);
}

static bool is_seed_word(struct bytes text, size_t at, size_t end)
{
    char first[4] = {'.', '.', '.', '.'};
    if (end - at < 3 || end - at > 8)
        return false;
    for (size_t i = 0; i < 4 && at + i < end; i++)
        first[i] = (char)char_lower(text.data[at + i]);
    return bsearch(first, seed_words, SEED_WORDS, 4, compare_word) != NULL;
}

/* To the next word: over blanks, commas, quotes and numbers of a list ("3. "). */
static size_t next_word(struct bytes text, size_t at)
{
    size_t end = at + 12;
    while (at < text.size && at < end &&
           (char_is(text.data[at], C_SPACE | C_DIGIT | C_DOT) || strchr(",\"'\\:)", text.data[at])))
        at++;
    return at;
}

/* End of the run of seed words at `at`, and how many. */
static size_t phrase_end(struct bytes text, size_t at, size_t *count)
{
    size_t stop = at;
    *count = 0;
    while (*count < PHRASE_MOST) {
        size_t end = chars_run(text, at, C_ALPHA, 9);
        if (!is_seed_word(text, at, end))
            break;
        ++*count;
        stop = end;
        at = next_word(text, end);
        if (at == end)
            break;
    }
    return stop;
}

static size_t match_phrase(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    for (size_t at = next_word(text, end); at < text.size && at < end + PHRASE_AHEAD;) {
        size_t count, stop = phrase_end(text, at, &count);
        if (count >= PHRASE_LEAST) {
            scan_found(scan, row, at, stop);
            return stop;
        }
        size_t word = chars_run(text, at, C_WORD, 32);
        at = next_word(text, word);
        at += at == word;
    }
    return end;
}

#define LIST (ROW_LIST | ROW_LOOSE)

static const struct recognizer rows[] = {
    {"seed.otpauth",
     REDACT_SEED,
     "otpauth://",
     match_otpauth,
     NULL,
     0.98f,
     ROW_STRICT | ROW_LEARN,
     "Google Authenticator wiki, Key URI format",
     {0}},
    {"seed.otp",
     REDACT_SEED,
     "totp secret|otp secret|2fa secret|mfa secret|totp seed|otp seed|totp_secret|otp_secret|mfa_secret|2fa_secret|"
     "totpsecret|otpsecret|totp key|otp key|2fa key|mfa key|totp_seed|otp_seed|authenticator key|authenticator secret|"
     "authenticator app|setup key|manual entry key|secret key for 2fa|two-factor secret|two-factor key|setup code|"
     "authenticator",
     match_otp_seed,
     NULL,
     0.9f,
     ROW_LEARN | LIST,
     "RFC 4226, 4; RFC 4648, 6",
     {0}},
    {"seed.phrase",
     REDACT_SEED,
     "seed phrase|recovery phrase|secret phrase|backup phrase|mnemonic|seed words|recovery words|backup words|wallet|"
     "bip39|bip-39|12 words|24 words|12-word|24-word|twelve words|seed:|seed is|seed=|secret recovery|phrase "
     "is|phrase:",
     match_phrase,
     NULL,
     0.9f,
     ROW_LEARN | LIST,
     "BIP-39",
     {0}},
    {"seed.extended_key",
     REDACT_SEED,
     NULL,
     match_shape,
     "xprv%a{100,}",
     0.98f,
     ROW_STRICT | ROW_LEARN,
     "BIP-32, serialization format",
     {0}},
};

const struct recognizers recognizers_seed = {rows, sizeof rows / sizeof rows[0]};
