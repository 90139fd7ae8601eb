/* Identifiers of our own making, drawn from a seed: one row a kind, with the sentence in which it stands in a trace.
 * Check digits are right; names are of the lists' cultures; no value is anyone's. */
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"

#define PLANT_SIZE 1024

enum plant_trait {
    PLANT_LINES = 1,     /* it has lines, or is long: no form that splits it */
    PLANT_NUMBER = 2,    /* digits and marks between: blanks may stand between them */
    PLANT_SECRET = 4,    /* case counts */
    PLANT_EMAIL = 8,     /* may be read out */
    PLANT_TOKEN = 16,    /* known by its beginning: may be cut off */
    PLANT_LABELLED = 32, /* known by the words before it, or by its parts: no guess about it is certain */
};

struct plant_kind {
    const char *name;
    const char *sentence; /* one %s */
    void (*make)(struct random source, char *out);
    unsigned traits;
};

/* --- pieces --- */

static const char *plant_pick(struct random source, const char *const *from, size_t count)
{
    return from[random_below(source, count)];
}

static char *plant_run(struct random source, const char *letters, size_t size, char *out)
{
    for (size_t i = 0; i < size; i++)
        out[i] = letters[random_below(source, strlen(letters))];
    out[size] = 0;
    return out + size;
}

#define PLANT_DIGITS "0123456789"
#define PLANT_HEX "0123456789abcdef"
#define PLANT_UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define PLANT_ALNUM PLANT_UPPER "abcdefghijklmnopqrstuvwxyz" PLANT_DIGITS

static const char *plant_given(struct random source)
{
    static const char *const names[] = {"Sofia",  "Liam",   "Noah", "Olivia", "Ethan", "Yusuf",  "Chloe",    "Mateo",
                                        "Amelia", "Fatima", "Raj",  "Ingrid", "Omar",  "Evelyn", "Isabella", "Daiki"};
    return plant_pick(source, names, sizeof names / sizeof names[0]);
}

static const char *plant_family(struct random source)
{
    static const char *const names[] = {"Hernandez", "Nguyen",  "Kowalski", "Rossi",  "Patel",    "Johansson", "Garcia",
                                        "Kim",       "Schmidt", "Silva",    "Ivanov", "Lefebvre", "Sanchez",   "Ito"};
    return plant_pick(source, names, sizeof names / sizeof names[0]);
}

static unsigned plant_number(struct random source, unsigned low, unsigned high)
{
    return low + (unsigned)random_below(source, high - low + 1);
}

/* --- people --- */

static void plant_email(struct random source, char *out)
{
    static const char *const hosts[] = {"example.com", "mail.example.org", "example.co.uk", "corp.example.net"};
    static const char *const marks[] = {".", "_", "-", ""};
    snprintf(out, PLANT_SIZE, "%s%s%s%u@%s", plant_given(source), plant_pick(source, marks, 4), plant_family(source),
             plant_number(source, 10, 9999), plant_pick(source, hosts, 4));
    for (char *p = out; *p; p++)
        *p = (char)(*p >= 'A' && *p <= 'Z' ? *p + 32 : *p);
}

static void plant_phone_us(struct random source, char *out)
{
    snprintf(out, PLANT_SIZE, "(%u) %u-%04u", plant_number(source, 201, 989), plant_number(source, 200, 999),
             plant_number(source, 0, 9999));
}

static void plant_phone_dashed(struct random source, char *out)
{
    snprintf(out, PLANT_SIZE, "%u-%u-%04u", plant_number(source, 201, 989), plant_number(source, 200, 999),
             plant_number(source, 0, 9999));
}

static void plant_phone_world(struct random source, char *out)
{
    static const char *const codes[] = {"+49 30 ", "+44 20 7", "+33 1 42 ", "+81 3 5", "+61 2 9", "+91 22 2"};
    char *end = out + snprintf(out, PLANT_SIZE, "%s", plant_pick(source, codes, 6));
    plant_run(source, "23456789", 3, end);
    end[3] = ' ';
    plant_run(source, PLANT_DIGITS, 4, end + 4);
}

static void plant_name(struct random source, char *out)
{
    snprintf(out, PLANT_SIZE, "%s %s", plant_given(source), plant_family(source));
}

static void plant_street(struct random source, char *out)
{
    static const char *const streets[] = {"Maple", "Cedar", "Highland", "Oak Hill", "Willow", "Sunset", "Lakeview"};
    static const char *const ends[] = {"Street", "Avenue", "Road", "Drive", "Lane", "Boulevard"};
    snprintf(out, PLANT_SIZE, "%u %s %s", plant_number(source, 11, 9999), plant_pick(source, streets, 7),
             plant_pick(source, ends, 6));
}

static void plant_birth(struct random source, char *out)
{
    snprintf(out, PLANT_SIZE, "%u-%02u-%02u", plant_number(source, 1940, 2005), plant_number(source, 1, 12),
             plant_number(source, 1, 28));
}

static void plant_user_id(struct random source, char *out)
{
    snprintf(out, PLANT_SIZE, "%s_%s_%u", plant_given(source), plant_family(source), plant_number(source, 1000, 9999));
    for (char *p = out; *p; p++)
        *p = (char)(*p >= 'A' && *p <= 'Z' ? *p + 32 : *p);
}

/* --- numbers with check digits --- */

static void plant_luhn(char *digits, size_t size)
{
    unsigned sum = 0;
    for (size_t i = 0; i + 1 < size; i++) {
        unsigned digit = (unsigned)(digits[size - 2 - i] - '0') * (i % 2 ? 1 : 2);
        sum += digit > 9 ? digit - 9 : digit;
    }
    digits[size - 1] = (char)('0' + (10 - sum % 10) % 10);
    digits[size] = 0;
}

static void plant_card_of(struct random source, const char *issuer, size_t size, char *out)
{
    size_t given = (size_t)snprintf(out, PLANT_SIZE, "%s", issuer);
    plant_run(source, PLANT_DIGITS, size - given, out + given);
    plant_luhn(out, size);
}

static void plant_card(struct random source, char *out)
{
    static const char *const issuers[] = {"4539", "4716", "5425", "5105", "2221", "6011"};
    plant_card_of(source, plant_pick(source, issuers, 6), 16, out);
}

static void plant_card_amex(struct random source, char *out)
{
    plant_card_of(source, "3714", 15, out);
}

static void plant_card_blanks(struct random source, char *out)
{
    char digits[PLANT_SIZE];
    plant_card(source, digits);
    snprintf(out, PLANT_SIZE, "%.4s %.4s %.4s %.4s", digits, digits + 4, digits + 8, digits + 12);
}

static unsigned plant_mod97(const char *text)
{
    unsigned rest = 0;
    for (; *text; text++) {
        unsigned value = *text <= '9' ? (unsigned)(*text - '0') : (unsigned)(*text - 'A' + 10);
        rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
    }
    return rest;
}

static void plant_iban(struct random source, char *out)
{
    char account[32], turned[64];
    plant_run(source, PLANT_DIGITS, 18, account);
    snprintf(turned, sizeof turned, "%sDE00", account);
    snprintf(out, PLANT_SIZE, "DE%02u%s", 98 - plant_mod97(turned), account);
}

static void plant_ssn(struct random source, char *out)
{
    snprintf(out, PLANT_SIZE, "%03u-%02u-%04u", plant_number(source, 101, 665), plant_number(source, 11, 99),
             plant_number(source, 1001, 9999));
}

/* --- national ids, by their registers' rules --- */

static void plant_end(char *out, unsigned digit)
{
    out[0] = (char)('0' + digit);
    out[1] = 0;
}

static unsigned plant_weighted(const char *digits, const unsigned *weights, size_t count)
{
    unsigned sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += (unsigned)(digits[i] - '0') * weights[i];
    return sum;
}

static void plant_dni(struct random source, char *out)
{
    plant_run(source, PLANT_DIGITS, 8, out);
    snprintf(out + 8, 2, "%c", "TRWAGMYFPDXBNJZSQVHLCKE"[strtoul(out, NULL, 10) % 23]);
}

static void plant_pesel(struct random source, char *out)
{
    static const unsigned weights[] = {1, 3, 7, 9, 1, 3, 7, 9, 1, 3};
    snprintf(out, PLANT_SIZE, "%02u%02u%02u", plant_number(source, 40, 99), plant_number(source, 1, 12),
             plant_number(source, 1, 28));
    plant_run(source, PLANT_DIGITS, 4, out + 6);
    plant_end(out + 10, (10 - plant_weighted(out, weights, 10) % 10) % 10);
}

static void plant_bsn(struct random source, char *out)
{
    static const unsigned weights[] = {9, 8, 7, 6, 5, 4, 3, 2};
    do
        plant_run(source, "123456789", 8, out);
    while (plant_weighted(out, weights, 8) % 11 == 10);
    plant_end(out + 8, plant_weighted(out, weights, 8) % 11);
}

static void plant_cpf(struct random source, char *out)
{
    static const unsigned weights[] = {11, 10, 9, 8, 7, 6, 5, 4, 3, 2};
    char digits[16];
    plant_run(source, PLANT_DIGITS, 9, digits);
    plant_end(digits + 9, plant_weighted(digits, weights + 1, 9) * 10 % 11 % 10);
    plant_end(digits + 10, plant_weighted(digits, weights, 10) * 10 % 11 % 10);
    snprintf(out, PLANT_SIZE, "%.3s.%.3s.%.3s-%.2s", digits, digits + 3, digits + 6, digits + 9);
}

static void plant_resident(struct random source, char *out)
{
    static const unsigned weights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    snprintf(out, PLANT_SIZE, "1101%02u%u%02u%02u", plant_number(source, 1, 17), plant_number(source, 1950, 2005),
             plant_number(source, 1, 12), plant_number(source, 1, 28));
    plant_run(source, PLANT_DIGITS, 3, out + 14);
    snprintf(out + 17, 2, "%c", "10X98765432"[plant_weighted(out, weights, 17) % 11]);
}

static void plant_ahv(struct random source, char *out)
{
    static const unsigned weights[] = {1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3};
    char digits[16] = "756";
    plant_run(source, PLANT_DIGITS, 9, digits + 3);
    snprintf(out, PLANT_SIZE, "756.%.4s.%.4s.%.1s%u", digits + 3, digits + 7, digits + 11,
             (10 - plant_weighted(digits, weights, 12) % 10) % 10);
}

static void plant_sin(struct random source, char *out)
{
    char digits[16];
    plant_card_of(source, "4", 9, digits);
    snprintf(out, PLANT_SIZE, "%.3s-%.3s-%.3s", digits, digits + 3, digits + 6);
}

static void plant_nir(struct random source, char *out)
{
    snprintf(out, PLANT_SIZE, "%u%02u%02u%02u%03u%03u", plant_number(source, 1, 2), plant_number(source, 40, 99),
             plant_number(source, 1, 12), plant_number(source, 10, 89), plant_number(source, 1, 400),
             plant_number(source, 1, 300));
    snprintf(out + 13, 3, "%02llu", 97 - strtoull(out, NULL, 10) % 97);
}

static void plant_nino(struct random source, char *out)
{
    char *end = plant_run(source, "ABCEGHJKLMPRSTWXYZ", 1, out);
    end = plant_run(source, "AEHJKLMPRSTWXY", 1, end);
    end = plant_run(source, PLANT_DIGITS, 6, end);
    plant_run(source, "ABCD", 1, end);
}

/* --- machines --- */

static void plant_ipv4(struct random source, char *out)
{
    snprintf(out, PLANT_SIZE, "%u.%u.%u.%u", plant_number(source, 11, 120), plant_number(source, 11, 250),
             plant_number(source, 11, 250), plant_number(source, 11, 250));
}

static void plant_ipv6(struct random source, char *out)
{
    char *end = out + snprintf(out, PLANT_SIZE, "2001:db8");
    for (int i = 0; i < 6; i++) {
        *end++ = ':';
        end = plant_run(source, "123456789abcdef", 1, end);
        end = plant_run(source, PLANT_HEX, 3, end);
    }
}

static void plant_mac(struct random source, char *out)
{
    char *end = out;
    for (int i = 0; i < 6; i++) {
        if (i)
            *end++ = ':';
        end = plant_run(source, "2468ace", 1, end);
        end = plant_run(source, PLANT_HEX, 1, end);
    }
}

static void plant_home(struct random source, char *out)
{
    char user[PLANT_SIZE];
    plant_user_id(source, user);
    snprintf(out, PLANT_SIZE, "/home/%.40s", user);
}

static void plant_home_windows(struct random source, char *out)
{
    char user[PLANT_SIZE];
    plant_user_id(source, user);
    snprintf(out, PLANT_SIZE, "C:\\Users\\%.40s", user);
}

static void plant_url_user(struct random source, char *out)
{
    char word[16];
    plant_run(source, PLANT_ALNUM, 12, word);
    snprintf(out, PLANT_SIZE, "%u_user:%s", plant_number(source, 10, 999), word);
}

/* --- secrets --- */

#define PLANT_TOKEN_OF(name, front, letters, size)                                                                     \
    static void plant_##name(struct random source, char *out)                                                          \
    {                                                                                                                  \
        plant_run(source, letters, size, out + snprintf(out, PLANT_SIZE, "%s", front));                                \
    }
PLANT_TOKEN_OF(github,
               "ghp"
               "_",
               PLANT_ALNUM, 36)
PLANT_TOKEN_OF(gitlab,
               "glp"
               "at-",
               PLANT_ALNUM, 20)
PLANT_TOKEN_OF(aws,
               "AKI"
               "A",
               PLANT_UPPER "234567", 16)
PLANT_TOKEN_OF(google,
               "AIz"
               "a",
               PLANT_ALNUM, 35)
PLANT_TOKEN_OF(slack,
               "xox"
               "b-",
               PLANT_DIGITS, 24)
PLANT_TOKEN_OF(stripe,
               "sk_"
               "live_",
               PLANT_ALNUM, 24)
PLANT_TOKEN_OF(openai,
               "sk-"
               "proj-",
               PLANT_ALNUM, 48)
PLANT_TOKEN_OF(anthropic,
               "sk-"
               "ant-api03-",
               PLANT_ALNUM, 60)
PLANT_TOKEN_OF(huggingface,
               "hf"
               "_",
               PLANT_ALNUM, 34)
PLANT_TOKEN_OF(npm,
               "npm"
               "_",
               PLANT_ALNUM, 36)
PLANT_TOKEN_OF(vault,
               "hv"
               "s.",
               PLANT_ALNUM, 40)
PLANT_TOKEN_OF(digitalocean,
               "dop"
               "_v1_",
               PLANT_HEX, 64)
PLANT_TOKEN_OF(bearer, "", PLANT_ALNUM, 40)
PLANT_TOKEN_OF(basic, "", PLANT_ALNUM, 28)

static void plant_sendgrid(struct random source, char *out)
{
    char *end = plant_run(source, PLANT_ALNUM, 22,
                          out + snprintf(out, PLANT_SIZE,
                                         "SG"
                                         "."));
    *end++ = '.';
    plant_run(source, PLANT_ALNUM, 43, end);
}

static void plant_telegram(struct random source, char *out)
{
    char *end = plant_run(source, "123456789", 9, out);
    plant_run(source, PLANT_ALNUM, 33, end + snprintf(end, 8, ":AA"));
}

static void plant_otp(struct random source, char *out)
{
    char *end = out + snprintf(out, PLANT_SIZE, "otpauth://totp/app:x%u?secret=", plant_number(source, 10, 99));
    plant_run(source, PLANT_UPPER "234567", 32, end);
}

static void plant_webhook(struct random source, char *out)
{
    char *end = out + snprintf(out, PLANT_SIZE,
                               "https://hooks.slack"
                               ".com/services/T");
    end = plant_run(source, PLANT_UPPER PLANT_DIGITS, 9, end);
    end = plant_run(source, PLANT_UPPER PLANT_DIGITS, 9, end + snprintf(end, 8, "/B"));
    plant_run(source, PLANT_ALNUM, 24, end + snprintf(end, 8, "/"));
}

static void plant_jwt(struct random source, char *out)
{
    char *end = out + snprintf(out, PLANT_SIZE,
                               "ey"
                               "JhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.ey"
                               "JzdWIiOi");
    end = plant_run(source, PLANT_ALNUM, 40, end);
    *end++ = '.';
    plant_run(source, PLANT_ALNUM, 43, end);
}

static void plant_password(struct random source, char *out)
{
    char *end = plant_run(source, "bcdfghkmnpqrstvwxz", 5, out);
    end = plant_run(source, PLANT_DIGITS, 4, end);
    *end++ = '!';
    plant_run(source, PLANT_UPPER, 3, end);
}

static void plant_connection(struct random source, char *out)
{
    char word[16];
    plant_run(source, PLANT_ALNUM, 14, word);
    snprintf(out, PLANT_SIZE, "postgres://app%u:%s@db.example.com:5432/main", plant_number(source, 10, 999), word);
}

static void plant_private_key(struct random source, char *out)
{
    char *end = out + snprintf(out, PLANT_SIZE,
                               "-----BEGIN "
                               "PRIVATE KEY-----\n");
    for (int line = 0; line < 4; line++) {
        end = plant_run(source, PLANT_ALNUM "+/", 64, end);
        *end++ = '\n';
    }
    snprintf(end, 64,
             "-----END "
             "PRIVATE KEY-----");
}

static const struct plant_kind plant_kinds[] = {
    {"email", "please write to %s about it", plant_email, PLANT_EMAIL},
    {"name", "Hello, my name is %s and I have a question", plant_name, PLANT_LABELLED},
    {"phone.us", "call me at %s today", plant_phone_us, PLANT_NUMBER | PLANT_LABELLED},
    {"phone.dashed", "my phone number is %s now", plant_phone_dashed, PLANT_NUMBER | PLANT_LABELLED},
    {"phone.world", "the office answers at %s until six", plant_phone_world, PLANT_NUMBER},
    {"street", "send it to %s please", plant_street, PLANT_LABELLED},
    {"birth", "date of birth: %s as on file", plant_birth, PLANT_NUMBER | PLANT_LABELLED},
    {"user.id", "the user id is %s in our system", plant_user_id, 0},
    {"card", "she paid with card %s yesterday", plant_card, PLANT_NUMBER},
    {"card.amex", "she paid with card %s yesterday", plant_card_amex, PLANT_NUMBER},
    {"card.blanks", "she paid with card %s yesterday", plant_card_blanks, PLANT_NUMBER},
    {"iban", "transfer it to %s by Friday", plant_iban, 0},
    {"ssn", "her social security number is %s on the form", plant_ssn, PLANT_NUMBER},
    {"es.dni", "su DNI es %s y su firma", plant_dni, PLANT_LABELLED},
    {"pl.pesel", "PESEL: %s podany w formularzu", plant_pesel, PLANT_NUMBER | PLANT_LABELLED},
    {"nl.bsn", "BSN: %s op het formulier", plant_bsn, PLANT_NUMBER | PLANT_LABELLED},
    {"br.cpf", "o CPF dele: %s no cadastro", plant_cpf, PLANT_NUMBER},
    {"cn.resident", "resident identity card %s was shown", plant_resident, PLANT_LABELLED},
    {"ch.ahv", "AHV-Nummer %s im Formular", plant_ahv, PLANT_NUMBER},
    {"ca.sin", "social insurance number: %s on the form", plant_sin, PLANT_NUMBER | PLANT_LABELLED},
    {"fr.nir", "numero de securite sociale : %s sur la carte", plant_nir, PLANT_NUMBER | PLANT_LABELLED},
    {"gb.nino", "her national insurance number is %s on the form", plant_nino, PLANT_LABELLED},
    {"ipv4", "connection from %s refused", plant_ipv4, PLANT_LABELLED},
    {"ipv6", "connection from %s refused", plant_ipv6, PLANT_LABELLED},
    {"mac", "the adapter %s is down", plant_mac, PLANT_LABELLED},
    {"home", "cannot open %s/notes.txt for reading", plant_home, PLANT_LABELLED},
    {"home.windows", "cannot open %s\\notes.txt for reading", plant_home_windows, PLANT_LABELLED},
    {"url.user", "git clone https://%s@git.example.com/x.git failed", plant_url_user, PLANT_LINES | PLANT_SECRET},
    {"github", "export GH=%s before you start", plant_github, PLANT_SECRET | PLANT_TOKEN},
    {"gitlab", "it used %s as the key", plant_gitlab, PLANT_SECRET | PLANT_TOKEN},
    {"aws", "it used %s as the key", plant_aws, PLANT_SECRET},
    {"google", "it used %s as the key", plant_google, PLANT_SECRET | PLANT_TOKEN},
    {"slack", "it used %s as the key", plant_slack, PLANT_SECRET},
    {"stripe", "it used %s as the key", plant_stripe, PLANT_SECRET | PLANT_TOKEN},
    {"openai", "it used %s as the key", plant_openai, PLANT_SECRET | PLANT_TOKEN},
    {"anthropic", "it used %s as the key", plant_anthropic, PLANT_SECRET | PLANT_TOKEN},
    {"huggingface", "it used %s as the key", plant_huggingface, PLANT_SECRET | PLANT_TOKEN},
    {"npm", "it used %s as the key", plant_npm, PLANT_SECRET | PLANT_TOKEN},
    {"vault", "it used %s as the key", plant_vault, PLANT_SECRET | PLANT_TOKEN},
    {"digitalocean", "it used %s as the key", plant_digitalocean, PLANT_SECRET | PLANT_TOKEN},
    {"sendgrid", "it used %s as the key", plant_sendgrid, PLANT_SECRET},
    {"telegram", "it used %s as the key", plant_telegram, PLANT_SECRET},
    {"otp", "scan %s with the app", plant_otp, PLANT_SECRET | PLANT_LINES},
    {"webhook", "post it to %s then", plant_webhook, PLANT_SECRET | PLANT_LINES},
    {"jwt", "it used %s as the key", plant_jwt, PLANT_SECRET | PLANT_LINES},
    {"bearer", "curl -H 'Authorization: Bearer %s' -s", plant_bearer, PLANT_SECRET | PLANT_LABELLED},
    {"basic", "curl -H 'Authorization: Basic %s' -s", plant_basic, PLANT_SECRET | PLANT_LABELLED},
    {"password", "{\"user\": \"x\", \"password\": \"%s\"}", plant_password, PLANT_SECRET | PLANT_LABELLED},
    {"connection", "DATABASE_URL=%s set", plant_connection, PLANT_SECRET | PLANT_LINES},
    {"private.key", "the file says\n%s\nand ends", plant_private_key, PLANT_SECRET | PLANT_LINES},
};
#define PLANT_KINDS (sizeof plant_kinds / sizeof plant_kinds[0])
