/* Numbers with check digits: the registers' own rules, written apart from the scrubber's. */
#include "audits/evasion/draws.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

static const char digits_only[] = "0123456789";

static void draw_run(struct random random, const char *letters, size_t size, char *out)
{
    for (size_t i = 0; i < size; i++)
        out[i] = letters[random_below(random, strlen(letters))];
    out[size] = 0;
}

static void put_digit(char *at, unsigned digit)
{
    *at = (char)('0' + digit % 10);
}

static unsigned weighted(const char *digits, const unsigned *weights, size_t count)
{
    unsigned sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += (unsigned)(digits[i] - '0') * weights[i];
    return sum;
}

/* --- money --- */

static void luhn(char *digits, size_t size)
{
    unsigned sum = 0;
    for (size_t i = 0; i + 1 < size; i++) {
        unsigned digit = (unsigned)(digits[size - 2 - i] - '0') * (i % 2 ? 1 : 2);
        sum += digit > 9 ? digit - 9 : digit;
    }
    put_digit(digits + size - 1, 10 - sum % 10);
}

void check_luhn(struct random random, char value[static KIND_VALUE_MAX])
{
    (void)random;
    luhn(value, strlen(value));
}

void draw_card(struct random random, char value[static KIND_VALUE_MAX])
{
    static const char *const issuers[] = {"4539", "4716", "5425", "5105", "2221", "6011"};
    memcpy(value, issuers[random_below(random, 6)], 4);
    draw_run(random, digits_only, 12, value + 4);
    luhn(value, 16);
}

void draw_card_blanks(struct random random, char value[static KIND_VALUE_MAX])
{
    char digits[KIND_VALUE_MAX];
    draw_card(random, digits);
    snprintf(value, KIND_VALUE_MAX, "%.4s %.4s %.4s %.4s", digits, digits + 4, digits + 8, digits + 12);
}

static unsigned mod97(const char *text)
{
    unsigned rest = 0;
    for (; *text; text++) {
        unsigned number = *text <= '9' ? (unsigned)(*text - '0') : (unsigned)(*text - 'A' + 10);
        rest = (rest * (number > 9 ? 100 : 10) + number) % 97;
    }
    return rest;
}

void check_iban(struct random random, char value[static KIND_VALUE_MAX])
{
    char turned[64];
    (void)random;
    snprintf(turned, sizeof turned, "%.30s%.2s00", value + 4, value);
    unsigned check = 98 - mod97(turned);
    put_digit(value + 2, check / 10);
    put_digit(value + 3, check);
}

void check_aba(struct random random, char value[static KIND_VALUE_MAX])
{
    static const unsigned weights[] = {3, 7, 1, 3, 7, 1, 3, 7};
    (void)random;
    put_digit(value + 8, 10 - weighted(value, weights, 8) % 10);
}

void check_clabe(struct random random, char value[static KIND_VALUE_MAX])
{
    static const unsigned weights[] = {3, 7, 1};
    unsigned sum = 0;
    (void)random;
    for (size_t i = 0; i < 17; i++)
        sum += (unsigned)(value[i] - '0') * weights[i % 3] % 10;
    put_digit(value + 17, 10 - sum % 10);
}

static uint32_t bech32_step(uint32_t check, unsigned next)
{
    static const uint32_t generator[] = {0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3};
    uint32_t top = check >> 25;
    check = (check & 0x1ffffff) << 5 ^ next;
    for (unsigned i = 0; i < 5; i++)
        if (top >> i & 1)
            check ^= generator[i];
    return check;
}

/* BIP 173: "bc1q" and 32 letters of a 20-byte program, drawn by the caller; the six of the sum are appended. */
void check_bech32(struct random random, char value[static KIND_VALUE_MAX])
{
    static const char letters[] = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    uint32_t check = 1;
    draw_run(random, letters, 32, value + 4);
    const unsigned prefix[] = {'b' >> 5, 'c' >> 5, 0, 'b' & 31, 'c' & 31};
    for (size_t i = 0; i < 5; i++)
        check = bech32_step(check, prefix[i]);
    for (size_t i = 3; i < 36; i++)
        check = bech32_step(check, (unsigned)(strchr(letters, value[i]) - letters));
    for (size_t i = 0; i < 6; i++)
        check = bech32_step(check, 0);
    for (size_t i = 0; i < 6; i++)
        value[36 + i] = letters[(check ^ 1) >> (25 - 5 * i) & 31];
    value[42] = 0;
}

/* Bitcoin's Base58Check: version, hash of 20 bytes, the first four bytes of the hash's hash. */
void check_base58(struct random random, char value[static KIND_VALUE_MAX])
{
    static const char letters[] = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    uint8_t number[25] = {0}, hash[HASH_BYTES];
    char reversed[40];
    size_t size = 0;
    random_fill(random, number + 1, 20);
    number[1] |= 0x80; /* so that one leading zero byte, one leading 1, is all */
    hash_sha256(bytes_of(number, 21), hash);
    hash_sha256(bytes_of(hash, sizeof hash), hash);
    memcpy(number + 21, hash, 4);
    for (size_t i = 0; i < 33; i++) {
        unsigned rest = 0;
        for (size_t k = 0; k < sizeof number; k++) {
            rest = rest << 8 | number[k];
            number[k] = (uint8_t)(rest / 58);
            rest %= 58;
        }
        reversed[size++] = letters[rest];
    }
    value[0] = '1';
    for (size_t i = 0; i < size; i++)
        value[1 + i] = reversed[size - 1 - i];
    value[1 + size] = 0;
}

/* --- registers --- */

void draw_ssn(struct random random, char value[static KIND_VALUE_MAX])
{
    unsigned area = draw_between(random, 101, 665), group = draw_between(random, 11, 99);
    snprintf(value, KIND_VALUE_MAX, "%03u-%02u-%04u", area, group, draw_between(random, 1001, 9999));
}

void check_dni(struct random random, char value[static KIND_VALUE_MAX])
{
    (void)random;
    snprintf(value + 8, 2, "%c", "TRWAGMYFPDXBNJZSQVHLCKE"[strtoul(value, NULL, 10) % 23]);
}

void draw_pesel(struct random random, char value[static KIND_VALUE_MAX])
{
    static const unsigned weights[] = {1, 3, 7, 9, 1, 3, 7, 9, 1, 3};
    unsigned year = draw_between(random, 40, 99), month = draw_between(random, 1, 12),
             day = draw_between(random, 1, 28);
    snprintf(value, KIND_VALUE_MAX, "%02u%02u%02u%05u", year, month, day, draw_between(random, 0, 99999));
    put_digit(value + 10, 10 - weighted(value, weights, 10) % 10);
}

void draw_bsn(struct random random, char value[static KIND_VALUE_MAX])
{
    static const unsigned weights[] = {9, 8, 7, 6, 5, 4, 3, 2};
    do
        draw_run(random, "123456789", 9, value);
    while (weighted(value, weights, 8) % 11 == 10);
    put_digit(value + 8, weighted(value, weights, 8) % 11);
}

void draw_cpf(struct random random, char value[static KIND_VALUE_MAX])
{
    static const unsigned weights[] = {11, 10, 9, 8, 7, 6, 5, 4, 3, 2};
    char digits[16];
    draw_run(random, digits_only, 11, digits);
    put_digit(digits + 9, weighted(digits, weights + 1, 9) * 10 % 11);
    put_digit(digits + 10, weighted(digits, weights, 10) * 10 % 11);
    snprintf(value, KIND_VALUE_MAX, "%.3s.%.3s.%.3s-%.2s", digits, digits + 3, digits + 6, digits + 9);
}

void draw_resident(struct random random, char value[static KIND_VALUE_MAX])
{
    static const unsigned weights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    unsigned county = draw_between(random, 1, 17), year = draw_between(random, 1950, 2005),
             month = draw_between(random, 1, 12);
    unsigned day = draw_between(random, 1, 28);
    snprintf(value, KIND_VALUE_MAX, "1101%02u%u%02u%02u%03u", county, year, month, day, draw_between(random, 0, 999));
    snprintf(value + 17, 2, "%c", "10X98765432"[weighted(value, weights, 17) % 11]);
}

void draw_ahv(struct random random, char value[static KIND_VALUE_MAX])
{
    static const unsigned weights[] = {1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3};
    char digits[16] = "756";
    draw_run(random, digits_only, 10, digits + 3);
    put_digit(digits + 12, 10 - weighted(digits, weights, 12) % 10);
    snprintf(value, KIND_VALUE_MAX, "756.%.4s.%.4s.%.2s", digits + 3, digits + 7, digits + 11);
}

void draw_sin(struct random random, char value[static KIND_VALUE_MAX])
{
    char digits[16] = "4";
    draw_run(random, digits_only, 8, digits + 1);
    luhn(digits, 9);
    snprintf(value, KIND_VALUE_MAX, "%.3s-%.3s-%.3s", digits, digits + 3, digits + 6);
}

void draw_nir(struct random random, char value[static KIND_VALUE_MAX])
{
    unsigned sex = draw_between(random, 1, 2), year = draw_between(random, 40, 99), month = draw_between(random, 1, 12);
    unsigned department = draw_between(random, 10, 89), town = draw_between(random, 1, 400);
    snprintf(value, KIND_VALUE_MAX, "%u%02u%02u%02u%03u%03u", sex, year, month, department, town,
             draw_between(random, 1, 300));
    snprintf(value + 13, 3, "%02llu", 97 - strtoull(value, NULL, 10) % 97);
}

void draw_nino(struct random random, char value[static KIND_VALUE_MAX])
{
    draw_run(random, "ABCEGHJKLMPRSTWXYZ", 1, value);
    draw_run(random, "AEHJKLMPRSTWXY", 1, value + 1);
    draw_run(random, digits_only, 6, value + 2);
    draw_run(random, "ABCD", 1, value + 8);
}

/* Ministry of Finance of Poland. */
void draw_nip(struct random random, char value[static KIND_VALUE_MAX])
{
    static const unsigned weights[] = {6, 5, 7, 2, 3, 4, 5, 6, 7};
    do
        draw_run(random, "123456789", 10, value);
    while (weighted(value, weights, 9) % 11 == 10);
    put_digit(value + 9, weighted(value, weights, 9) % 11);
}

/* NHS Data Dictionary. */
void draw_nhs(struct random random, char value[static KIND_VALUE_MAX])
{
    static const unsigned weights[] = {10, 9, 8, 7, 6, 5, 4, 3, 2};
    value[0] = '4';
    do
        draw_run(random, digits_only, 9, value + 1);
    while (weighted(value, weights, 9) % 11 == 1);
    put_digit(value + 9, (11 - weighted(value, weights, 9) % 11) % 11);
}

void check_npi(struct random random, char value[static KIND_VALUE_MAX])
{
    char digits[16];
    (void)random;
    snprintf(digits, sizeof digits, "80840%.10s", value);
    luhn(digits, 15);
    value[9] = digits[14];
}

void check_dea(struct random random, char value[static KIND_VALUE_MAX])
{
    static const unsigned weights[] = {1, 2, 1, 2, 1, 2};
    (void)random;
    put_digit(value + 8, weighted(value + 2, weights, 6));
}

static unsigned vin_value(char letter)
{
    static const char letters[] = "ABCDEFGHJKLMNPRSTUVWXYZ", values[] = "12345678123457923456789";
    const char *found = strchr(letters, letter);
    return (unsigned)((found ? values[found - letters] : letter) - '0');
}

void check_vin(struct random random, char value[static KIND_VALUE_MAX])
{
    static const unsigned weights[] = {8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2};
    unsigned sum = 0;
    draw_run(random, "ABCDEFGHJKLMNPRSTUVWXYZ0123456789", 9, value + 3);
    draw_run(random, digits_only, 5, value + 12);
    for (size_t i = 0; i < 17; i++)
        sum += vin_value(value[i]) * weights[i];
    value[8] = "0123456789X"[sum % 11];
}
