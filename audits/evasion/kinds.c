/* The table of kinds. Hides how a shape is drawn. */
#include "audits/evasion/kinds.h"

#include <stdlib.h>
#include <string.h>

#include "audits/evasion/draws.h"

#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"

#define CARD_SAID "she paid with card %s yesterday"
#define KEY_SAID "it used %s as the key"
#define TOKEN(id, form)                                                                                                \
    {                                                                                                                  \
        id, REDACT_TOKEN, KEY_SAID, form, NULL, KIND_TOKEN                                                             \
    }
#define TOKEN_WHOLE(id, form)                                                                                          \
    {                                                                                                                  \
        id, REDACT_TOKEN, KEY_SAID, form, NULL, 0                                                                      \
    } /* of its end, too, is asked something */

const struct kind kinds[] = {
    {"email", REDACT_EMAIL, "please write to %s about it", "", draw_email, KIND_EMAIL},
    {"name", REDACT_NAME, "Hello, my name is %s and I have a question", "", draw_name, KIND_WORDS},
    {"phone.us", REDACT_PHONE, "call me at %s today", "", draw_phone_us, KIND_NUMBER},
    {"phone.dashed", REDACT_PHONE, "my phone number is %s now", "", draw_phone_dashed, KIND_NUMBER},
    {"phone.world", REDACT_PHONE, "the office answers at %s until six", "", draw_phone_world, KIND_NUMBER},
    {"street", REDACT_ADDRESS, "send it to %s please", "", draw_street, KIND_WORDS},
    {"company", REDACT_ORGANISATION, "the invoice of %s came today", "", draw_company, KIND_WORDS},
    {"birth", REDACT_BIRTH_DATE, "date of birth: %s as on file", "", draw_birth, KIND_NUMBER},
    {"date", REDACT_DATE, "she was admitted on %s and went home later", "", draw_date, KIND_WORDS},
    {"case", REDACT_CASE, "case number %s was closed", "%1d:%2d-cv-%5d", NULL, 0},
    {"user.id", REDACT_USERNAME, "the user id is %s in our system", "", draw_user_id, 0},
    {"login", REDACT_USERNAME, "Accepted publickey for %s from the gateway port 50022 ssh2", "%5l%2d", NULL,
     KIND_SHORT},
    {"card", REDACT_CARD, CARD_SAID, "", draw_card, KIND_NUMBER},
    {"card.amex", REDACT_CARD, CARD_SAID, "3714%11d", check_luhn, KIND_NUMBER},
    {"card.blanks", REDACT_CARD, CARD_SAID, "", draw_card_blanks, KIND_NUMBER},
    {"iban", REDACT_IBAN, "transfer it to %s by Friday", "DE00%18d", check_iban, 0},
    {"us.aba", REDACT_BANK, "the routing number is %s there", "021%6d", check_aba, KIND_NUMBER},
    {"mx.clabe", REDACT_BANK, "CLABE: %s de la cuenta", "002%15d", check_clabe, KIND_NUMBER},
    {"gb.sort", REDACT_BANK, "sort code %s at the branch", "%2d-%2d-%2d", NULL, KIND_NUMBER | KIND_SHORT},
    {"bic", REDACT_BANK, "SWIFT code: %s for the transfer", "%4uDE%1uM", NULL, KIND_SHORT},
    {"bitcoin", REDACT_CRYPTO, "send the coins to %s then", "", check_base58, 0},
    {"bitcoin.segwit", REDACT_CRYPTO, "send the coins to %s then", "bc1q", check_bech32, 0},
    {"ethereum", REDACT_CRYPTO, "my ethereum wallet is %s these days", "0x%40h", NULL, 0},
    {"ssn", REDACT_SSN, "her social security number is %s on the form", "", draw_ssn, KIND_NUMBER},
    {"es.dni", REDACT_NATIONAL_ID, "su DNI es %s y su firma", "%8d", check_dni, 0},
    {"pl.pesel", REDACT_NATIONAL_ID, "PESEL: %s podany w formularzu", "", draw_pesel, KIND_NUMBER},
    {"nl.bsn", REDACT_NATIONAL_ID, "BSN: %s op het formulier", "", draw_bsn, KIND_NUMBER},
    {"br.cpf", REDACT_NATIONAL_ID, "o CPF dele: %s no cadastro", "", draw_cpf, KIND_NUMBER},
    {"cn.resident", REDACT_NATIONAL_ID, "resident identity card %s was shown", "", draw_resident, 0},
    {"ch.ahv", REDACT_NATIONAL_ID, "AHV-Nummer %s im Formular", "", draw_ahv, KIND_NUMBER},
    {"ca.sin", REDACT_NATIONAL_ID, "social insurance number: %s on the form", "", draw_sin, KIND_NUMBER},
    {"fr.nir", REDACT_NATIONAL_ID, "numero de securite sociale : %s sur la carte", "", draw_nir, KIND_NUMBER},
    {"gb.nino", REDACT_NATIONAL_ID, "her national insurance number is %s on the form", "", draw_nino, 0},
    {"pl.nip", REDACT_TAX_ID, "NIP: %s na fakturze", "", draw_nip, KIND_NUMBER},
    {"it.piva", REDACT_TAX_ID, "partita IVA: %s in fattura", "0%10d", check_luhn, KIND_NUMBER},
    {"us.ein", REDACT_TAX_ID, "tax id: %s on the form", "%2d-%7d", NULL, KIND_NUMBER},
    {"passport", REDACT_PASSPORT, "passport number: %s as shown", "%2u%7d", NULL, 0},
    {"licence", REDACT_LICENCE, "driver's license number: %s as shown", "%1u%3d-%4d-%4d", NULL, 0},
    {"gb.nhs", REDACT_MEDICAL, "NHS number: %s in the letter", "", draw_nhs, KIND_NUMBER},
    {"us.npi", REDACT_MEDICAL, "NPI: %s of the practice", "1%9d", check_npi, KIND_NUMBER},
    {"us.dea", REDACT_MEDICAL, "DEA number %s of the practice", "B%1u%7d", check_dea, 0},
    {"mrn", REDACT_MEDICAL, "MRN: %s in the chart", "%8d", NULL, KIND_NUMBER | KIND_SHORT},
    {"imei", REDACT_DEVICE, "IMEI: %s on the box", "35%13d", check_luhn, KIND_NUMBER},
    {"serial", REDACT_DEVICE, "serial number: %s on the back", "C%2u%6A%2d", NULL, 0},
    {"vin", REDACT_VEHICLE, "the car with VIN %s was sold", "1HG%14d", check_vin, 0},
    {"plate", REDACT_VEHICLE, "license plate: %s at the gate", "%3u-%4d", NULL, KIND_SHORT},
    {"customer.id", REDACT_ACCOUNT, "customer id: %s in our records", "C%8d", NULL, 0},
    {"order.id", REDACT_ACCOUNT, "the order %s has come", "#W%7d", NULL, KIND_SHORT},
    {"coordinates", REDACT_COORDINATES, "coordinates: %s as measured", "", draw_coordinates, KIND_WORDS},
    {"ipv4", REDACT_IP, "connection from %s refused", "", draw_ipv4, 0},
    {"ipv6", REDACT_IP, "connection from %s refused", "", draw_ipv6, 0},
    {"mac", REDACT_MAC, "the adapter %s is down", "", draw_mac, 0},
    {"host", REDACT_HOST, "cannot resolve %s from here", "%5l%2d.corp.internal", NULL, 0},
    {"home", REDACT_PATH, "cannot open %s/notes.txt for reading", "", draw_home, 0},
    {"home.windows", REDACT_PATH, "cannot open %s\\notes.txt for reading", "", draw_home_windows, 0},
    {"url.user", REDACT_URL_USER, "git clone https://%s@git.example.com/x.git failed", "%2d_user:%12a", NULL,
     KIND_LINES},
    {"github", REDACT_TOKEN, "export GH=%s before you start", "ghp_%36a", NULL, KIND_TOKEN},
    TOKEN("gitlab", "glpat-%20a"),
    TOKEN_WHOLE("aws", "AKIA%16b"),
    TOKEN("google", "AIza%35a"),
    TOKEN_WHOLE("slack", "xoxb-%24d"),
    TOKEN("stripe", "sk_live_%24a"),
    TOKEN("openai", "sk-proj-%48a"),
    TOKEN("anthropic", "sk-ant-api03-%60a"),
    TOKEN("huggingface", "hf_%34a"),
    TOKEN("npm", "npm_%36a"),
    TOKEN("vault", "hvs.%40a"),
    TOKEN("digitalocean", "dop_v1_%64h"),
    TOKEN("shopify", "shpat_%32h"),
    TOKEN("docker", "dckr_pat_%27a"),
    TOKEN("linear", "lin_api_%40a"),
    TOKEN_WHOLE("sendgrid", "SG.%22a.%43a"),
    TOKEN_WHOLE("telegram", "7%8d:AA%33a"),
    {"webhook", REDACT_TOKEN, "post it to %s then", "https://hooks.slack.com/services/T%9A/B%9A/%24a", NULL,
     KIND_LINES},
    {"jwt", REDACT_TOKEN, KEY_SAID, "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOi%40a.%43a", NULL, KIND_LINES},
    {"bearer", REDACT_PASSWORD, "curl -H 'Authorization: Bearer %s' -s", "%40a", NULL, 0},
    {"basic", REDACT_PASSWORD, "curl -H 'Authorization: Basic %s' -s", "%28a", NULL, 0},
    {"password", REDACT_PASSWORD, "{\"user\": \"x\", \"password\": \"%s\"}", "%5l%4d!%3u", NULL, 0},
    {"connection", REDACT_CONNECTION, "DATABASE_URL=%s set", "postgres://app%2d:%14a@db.example.com:5432/main", NULL,
     KIND_LINES},
    {"otp", REDACT_SEED, "scan %s with the app", "otpauth://totp/app:x%2d?secret=%32b", NULL, KIND_LINES},
    {"private.key", REDACT_KEY, "the file says\n%s\nand ends", "", draw_private_key, KIND_LINES},
};
const size_t kind_count = sizeof kinds / sizeof *kinds;

static const char *letters_of(char what)
{
    switch (what) {
    case 'd':
        return DIGITS;
    case 'l':
        return LOWER;
    case 'u':
        return UPPER;
    case 'h':
        return "0123456789abcdef";
    case 'A':
        return UPPER DIGITS;
    case 'b':
        return UPPER "234567";
    default:
        return UPPER LOWER DIGITS;
    }
}

void kind_draw(const struct kind *kind, struct random random, char value[static KIND_VALUE_MAX])
{
    size_t size = 0;
    for (const char *at = kind->shape; *at; at++) {
        if (*at != '%') {
            value[size++] = *at;
            continue;
        }
        char *end = NULL;
        unsigned long count = strtoul(at + 1, &end, 10);
        const char *letters = letters_of(*end);
        for (unsigned long i = 0; i < count; i++)
            value[size++] = letters[random_below(random, strlen(letters))];
        at = end;
    }
    value[size] = 0;
    if (kind->finish)
        kind->finish(random, value);
}

void kind_write(const struct kind *kind, struct bytes value, struct buf *out)
{
    const char *slot = strstr(kind->sentence, "%s");
    buf_add(out, bytes_of(kind->sentence, (size_t)(slot - kind->sentence)));
    buf_add(out, value);
    buf_add_str(out, slot + 2);
}
