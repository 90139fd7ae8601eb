/* Values under telling keys. Hides the table of keys and what a value must look like under the weaker ones. */
#include "redaction/keys.h"

#include <endian.h>
#include <stdlib.h>

#include "redaction/block.h"
#include "redaction/names.h"

enum want {
    ANY,
    DIGIT,
    LISTED,
    MIXED
}; /* what the value must have: nothing, a digit, a listed name, the look of a secret */

#define KEY_MOST 24

struct key {
    const char key[KEY_MOST]; /* lower case, without blanks, dashes and underscores; zeros behind */
    uint8_t type;
    uint8_t want;
};

/* Sorted by key. */
static const struct key keys[] = {
    {"accesskey", REDACT_PASSWORD, ANY},
    {"accesskeyid", REDACT_PASSWORD, ANY},
    {"accesstoken", REDACT_PASSWORD, ANY},
    {"accountid", REDACT_ACCOUNT, DIGIT},
    {"accountnumber", REDACT_ACCOUNT, DIGIT},
    {"address", REDACT_ADDRESS, DIGIT},
    {"address1", REDACT_ADDRESS, ANY},
    {"address2", REDACT_ADDRESS, ANY},
    {"addressline1", REDACT_ADDRESS, ANY},
    {"addressline2", REDACT_ADDRESS, ANY},
    {"apikey", REDACT_PASSWORD, ANY},
    {"apisecret", REDACT_PASSWORD, ANY},
    {"apitoken", REDACT_PASSWORD, ANY},
    {"authorization", REDACT_PASSWORD, ANY},
    {"authtoken", REDACT_PASSWORD, ANY},
    {"awssecretaccesskey", REDACT_PASSWORD, ANY},
    {"birthdate", REDACT_BIRTH_DATE, ANY},
    {"birthday", REDACT_BIRTH_DATE, ANY},
    {"bookingid", REDACT_ACCOUNT, DIGIT},
    {"cardholder", REDACT_NAME, ANY},
    {"cardholdername", REDACT_NAME, ANY},
    {"cardnumber", REDACT_CARD, DIGIT},
    {"caseid", REDACT_ACCOUNT, DIGIT},
    {"cell", REDACT_PHONE, DIGIT},
    {"clientip", REDACT_IP, ANY},
    {"clientsecret", REDACT_PASSWORD, ANY},
    {"connectionstring", REDACT_CONNECTION, ANY},
    {"contactname", REDACT_NAME, ANY},
    {"cookie", REDACT_PASSWORD, ANY},
    {"credential", REDACT_PASSWORD, MIXED},
    {"credentials", REDACT_PASSWORD, MIXED},
    {"creditcard", REDACT_CARD, DIGIT},
    {"creditcardnumber", REDACT_CARD, DIGIT},
    {"csrftoken", REDACT_PASSWORD, ANY},
    {"customerid", REDACT_ACCOUNT, DIGIT},
    {"customername", REDACT_NAME, ANY},
    {"cvc", REDACT_CARD, DIGIT},
    {"cvv", REDACT_CARD, DIGIT},
    {"databaseurl", REDACT_CONNECTION, ANY},
    {"dateofbirth", REDACT_BIRTH_DATE, ANY},
    {"dbpassword", REDACT_PASSWORD, ANY},
    {"displayname", REDACT_NAME, LISTED},
    {"dob", REDACT_BIRTH_DATE, ANY},
    {"driverslicense", REDACT_ACCOUNT, DIGIT},
    {"email", REDACT_EMAIL, ANY},
    {"emailaddress", REDACT_EMAIL, ANY},
    {"employeeid", REDACT_ACCOUNT, DIGIT},
    {"encryptionkey", REDACT_PASSWORD, ANY},
    {"familyname", REDACT_NAME, ANY},
    {"fax", REDACT_PHONE, DIGIT},
    {"firstname", REDACT_NAME, ANY},
    {"fullname", REDACT_NAME, ANY},
    {"givenname", REDACT_NAME, ANY},
    {"iban", REDACT_IBAN, ANY},
    {"idtoken", REDACT_PASSWORD, ANY},
    {"invoiceid", REDACT_ACCOUNT, DIGIT},
    {"ip", REDACT_IP, DIGIT},
    {"ipaddress", REDACT_IP, ANY},
    {"last4", REDACT_ACCOUNT, DIGIT},
    {"lastfour", REDACT_ACCOUNT, DIGIT},
    {"lastname", REDACT_NAME, ANY},
    {"licenseplate", REDACT_ACCOUNT, DIGIT},
    {"login", REDACT_USERNAME, LISTED},
    {"loyaltynumber", REDACT_ACCOUNT, DIGIT},
    {"macaddress", REDACT_MAC, ANY},
    {"maidenname", REDACT_NAME, ANY},
    {"memberid", REDACT_ACCOUNT, DIGIT},
    {"membershipnumber", REDACT_ACCOUNT, DIGIT},
    {"middlename", REDACT_NAME, ANY},
    {"mobile", REDACT_PHONE, DIGIT},
    {"mobilephone", REDACT_PHONE, DIGIT},
    {"mrn", REDACT_ACCOUNT, DIGIT},
    {"name", REDACT_NAME, LISTED},
    {"nationalid", REDACT_ACCOUNT, DIGIT},
    {"orderid", REDACT_ACCOUNT, DIGIT},
    {"ordernumber", REDACT_ACCOUNT, DIGIT},
    {"orders", REDACT_ACCOUNT, DIGIT},
    {"otp", REDACT_PASSWORD, DIGIT},
    {"passengername", REDACT_NAME, ANY},
    {"passphrase", REDACT_PASSWORD, ANY},
    {"passport", REDACT_ACCOUNT, DIGIT},
    {"passportnumber", REDACT_ACCOUNT, DIGIT},
    {"passwd", REDACT_PASSWORD, ANY},
    {"password", REDACT_PASSWORD, ANY},
    {"patientid", REDACT_ACCOUNT, DIGIT},
    {"patientname", REDACT_NAME, ANY},
    {"paymentid", REDACT_ACCOUNT, DIGIT},
    {"paymentmethodid", REDACT_ACCOUNT, DIGIT},
    {"phone", REDACT_PHONE, DIGIT},
    {"phonenumber", REDACT_PHONE, DIGIT},
    {"pin", REDACT_PASSWORD, DIGIT},
    {"postalcode", REDACT_ADDRESS, ANY},
    {"postcode", REDACT_ADDRESS, ANY},
    {"privatekey", REDACT_KEY, ANY},
    {"pwd", REDACT_PASSWORD, MIXED},
    {"recipientname", REDACT_NAME, ANY},
    {"refreshtoken", REDACT_PASSWORD, ANY},
    {"remoteaddr", REDACT_IP, ANY},
    {"reservationid", REDACT_ACCOUNT, ANY},
    {"reservations", REDACT_ACCOUNT, DIGIT},
    {"routingnumber", REDACT_ACCOUNT, DIGIT},
    {"secret", REDACT_PASSWORD, ANY},
    {"secretaccesskey", REDACT_PASSWORD, ANY},
    {"secretkey", REDACT_PASSWORD, ANY},
    {"securitycode", REDACT_CARD, DIGIT},
    {"sessionid", REDACT_PASSWORD, MIXED},
    {"sessiontoken", REDACT_PASSWORD, ANY},
    {"setcookie", REDACT_PASSWORD, ANY},
    {"signingkey", REDACT_PASSWORD, ANY},
    {"socialsecuritynumber", REDACT_SSN, ANY},
    {"ssn", REDACT_SSN, ANY},
    {"street", REDACT_ADDRESS, ANY},
    {"streetaddress", REDACT_ADDRESS, ANY},
    {"surname", REDACT_NAME, ANY},
    {"taxid", REDACT_ACCOUNT, DIGIT},
    {"telephone", REDACT_PHONE, DIGIT},
    {"ticketid", REDACT_ACCOUNT, DIGIT},
    {"token", REDACT_PASSWORD, MIXED},
    {"trackingid", REDACT_ACCOUNT, DIGIT},
    {"trackingnumber", REDACT_ACCOUNT, DIGIT},
    {"transactionid", REDACT_ACCOUNT, DIGIT},
    {"userid", REDACT_ACCOUNT, ANY},
    {"username", REDACT_USERNAME, ANY},
    {"webhookurl", REDACT_PASSWORD, ANY},
    {"xapikey", REDACT_PASSWORD, ANY},
    {"zip", REDACT_ADDRESS, DIGIT},
    {"zipcode", REDACT_ADDRESS, DIGIT},
};
#define KEYS (sizeof keys / sizeof keys[0])

#define ROW(type, name) [type] = {"key." name, type, NULL, NULL, NULL, 0.9f, ROW_LEARN, "telling keys", {0}}
static const struct recognizer rows[REDACT_TYPES + 1] = {
    ROW(REDACT_NAME, "name"),
    ROW(REDACT_EMAIL, "email"),
    ROW(REDACT_PHONE, "phone"),
    ROW(REDACT_ADDRESS, "address"),
    ROW(REDACT_PLACE, "place"),
    ROW(REDACT_ORGANISATION, "organisation"),
    ROW(REDACT_DATE, "date"),
    ROW(REDACT_BIRTH_DATE, "birth"),
    ROW(REDACT_AGE, "age"),
    ROW(REDACT_DEMOGRAPHIC, "demographic"),
    ROW(REDACT_QUANTITY, "quantity"),
    ROW(REDACT_CASE, "case"),
    ROW(REDACT_MISC, "misc"),
    ROW(REDACT_IP, "ip"),
    ROW(REDACT_MAC, "mac"),
    ROW(REDACT_HOST, "host"),
    ROW(REDACT_COORDINATES, "coordinates"),
    ROW(REDACT_DEVICE, "device"),
    ROW(REDACT_VEHICLE, "vehicle"),
    ROW(REDACT_URL_USER, "url"),
    ROW(REDACT_CARD, "card"),
    ROW(REDACT_IBAN, "iban"),
    ROW(REDACT_BANK, "bank"),
    ROW(REDACT_CRYPTO, "crypto"),
    ROW(REDACT_SSN, "ssn"),
    ROW(REDACT_NATIONAL_ID, "national_id"),
    ROW(REDACT_TAX_ID, "tax_id"),
    ROW(REDACT_PASSPORT, "passport"),
    ROW(REDACT_LICENCE, "licence"),
    ROW(REDACT_MEDICAL, "medical"),
    ROW(REDACT_ACCOUNT, "account"),
    ROW(REDACT_USERNAME, "username"),
    ROW(REDACT_PATH, "path"),
    ROW(REDACT_KEY, "private_key"),
    ROW(REDACT_TOKEN, "token"),
    ROW(REDACT_PASSWORD, "password"),
    ROW(REDACT_CONNECTION, "connection"),
    ROW(REDACT_SEED, "seed"),
    ROW(REDACT_CUSTOM, "custom"),
    [REDACT_TYPES] = {"key.member", REDACT_CUSTOM, NULL, NULL, NULL, 0.9f, 0, "JSON in text", {0}}, /* members_scan */
};
const struct recognizers recognizers_key = {rows, REDACT_TYPES + 1};

/* Eight letters at a time, as numbers: most keys differ in the first. */
static int compare_key(const void *wanted, const void *row)
{
    for (size_t i = 0; i < KEY_MOST; i += 8) {
        uint64_t a, b;
        memcpy(&a, (const char *)wanted + i, 8);
        memcpy(&b, ((const struct key *)row)->key + i, 8);
        if (a != b)
            return be64toh(a) < be64toh(b) ? -1 : 1;
    }
    return 0;
}

/* Most keys of other people's objects are not in the table: their first letter and length say so. Bit n of a letter:
 * there is a key of n letters. A test holds this to the table. */
static bool may_be_key(const char *plain, size_t size)
{
    static const uint32_t sizes[26] = {0x43bc0,  0x300,  0x15f58, 0x4c08,  0x3420, 0x708, 0x200,  0x0, 0x294,
                                       0x0,      0x0,    0x3120,  0x10d48, 0x410,  0x8c8, 0xef68, 0x0, 0x3400,
                                       0x10b6c8, 0x6720, 0x140,   0x0,     0x400,  0x80,  0x0,    0x88};
    return plain[0] >= 'a' && plain[0] <= 'z' && sizes[plain[0] - 'a'] >> size & 1;
}

/* "First-Name" is "firstname"; NULL if it is not in the table. */
static const struct key *key_find(struct bytes key)
{
    char plain[KEY_MOST] = {0};
    size_t n = 0;
    if (key.size > KEY_MOST + 8 || key.size < 2)
        return NULL;
    for (size_t i = 0; i < key.size; i++) {
        if (char_is(key.data[i], C_UNDER | C_DASH | C_SPACE))
            continue;
        if (n + 1 >= sizeof plain)
            return NULL;
        plain[n++] = (char)char_lower(key.data[i]);
    }
    return may_be_key(plain, n) ? bsearch(plain, keys, KEYS, sizeof keys[0], compare_key) : NULL;
}

bool key_tells(struct bytes key)
{
    return key_find(key) != NULL;
}

#define SCHEMA_WORD_MOST 9

static bool is_schema_word(struct bytes value)
{
    return value.size <= SCHEMA_WORD_MOST &&
           chars_word_of(
               value, 0,
               "string|str|int|integer|number|object|array|boolean|bool|null|none|required|optional|unknown|true|false|"
               "undefined|n/a|any|text|date|redacted") == value.size;
}

static const struct recognizer *row_of(const struct key *found, const struct names *names, struct bytes value)
{
    if (!found || value.size < 2 || is_schema_word(value))
        return NULL;
    bool digit = false, letter = false;
    for (size_t i = 0; i < value.size; i++) {
        digit |= char_is(value.data[i], C_DIGIT);
        letter |= char_is(value.data[i], C_ALPHA);
    }
    if ((found->want == DIGIT && !digit) || (found->want == MIXED && !(digit && letter && value.size >= 8)))
        return NULL;
    if (found->want == LISTED && (value.size > 64 || !names || !names_likely(names, value)))
        return NULL;
    return &rows[found->type];
}

const struct recognizer *key_row(const struct names *names, struct bytes key, struct bytes value)
{
    return row_of(key_find(key), names, value);
}

/* --- JSON inside text: "key": "value", "key": 123, "key": ["a", "b"], whatever the depth of escaping --- */

static size_t skip(struct bytes text, size_t at, const char *bytes, size_t most)
{
    size_t end = at + most;
    while (at < text.size && at < end && text.data[at] && strchr(bytes, text.data[at]))
        at++;
    return at;
}

/* One scalar at `at`; *value its text; returns where it ends, closing quote included. */
static size_t scalar(struct bytes text, size_t at, struct bytes *value)
{
    *value = BYTES_NONE;
    size_t quote = skip(text, at, "\\", 4), escapes = quote - at;
    uint8_t mark = char_at(text, quote);
    if (mark != '"' && mark != '\'') {
        size_t stop = chars_run(text, at, C_ALNUM | C_DOT | C_DASH, 32);
        *value = bytes_part(text, at, stop - at);
        return stop;
    }
    for (size_t i = quote + 1; i < text.size && i - quote < 4096; i++) {
        if (text.data[i] != mark)
            continue;
        size_t slashes = 0;
        while (slashes <= 8 && text.data[i - 1 - slashes] == '\\')
            slashes++;
        if (slashes > escapes || (slashes < escapes && i - 1 - slashes > quote))
            continue;
        *value = bytes_part(text, quote + 1, i - slashes - quote - 1);
        return i + 1;
    }
    return at;
}

/* The member whose colon ends at `end`; returns how far it is understood. */
static size_t read_member(struct scan *scan, size_t end)
{
    struct bytes text = scan->text;
    size_t stop = end - 1;
    while (stop > 0 && char_is(text.data[stop - 1], C_SPACE))
        stop--;
    stop--;
    while (stop > 0 && text.data[stop - 1] == '\\')
        stop--;
    size_t start = chars_run_back(text, stop, C_TOKEN | C_SPACE, 32);
    const struct key *key = key_find(bytes_of(text.data + start, stop - start));
    if (!key || start == 0 || !strchr("\"'", text.data[start - 1]))
        return end;
    size_t at = skip(text, end, " \t\n", 4);
    bool list = char_at(text, at) == '[';
    at = list ? skip(text, at, "[ \n", 4) : at;
    for (int items = 0; items < 256; items++) {
        struct bytes value;
        size_t next = scalar(text, at, &value);
        const struct recognizer *found = value.size ? row_of(key, scan->names, value) : NULL;
        if (found)
            scan_found(scan, found, (size_t)(value.data - text.data), (size_t)(value.data - text.data) + value.size);
        if (!list || next == at || char_at(text, next) != ',')
            return next > end ? next : end;
        at = skip(text, next, ", \n", 4);
    }
    return end;
}

void members_scan(struct scan *scan)
{
    struct bytes text = scan->text;
    uint64_t quotes_before = 0, blanks_before = 0; /* of the block before */
    size_t next = 0;
    for (size_t base = 0; base < text.size && scan->status == OK; base += 64) {
        struct block block = block_at(text, base);
        uint64_t colons = block_are(&block, ':'), blanks = block_are(&block, ' ');
        uint64_t quotes = block_are(&block, '"') | block_are(&block, '\'');
        uint64_t near = quotes << 1 | quotes_before >> 63;
        uint64_t far = (quotes << 2 | quotes_before >> 62) & (blanks << 1 | blanks_before >> 63);
        for (uint64_t hits = colons & (near | far); hits; hits &= hits - 1) {
            size_t end = base + (size_t)__builtin_ctzll(hits) + 1;
            if (end > next)
                next = read_member(scan, end);
        }
        quotes_before = quotes;
        blanks_before = blanks;
    }
}
