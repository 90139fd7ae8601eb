/* Cards, bank accounts, social security numbers. Hides the checksums and the issuers' ranges. */
#include "redaction/recognizer.h"

#include "redaction/shape.h"

#define CARD_MOST 19
#define CARD_WORDS                                                                                                     \
    "card n|credit card|debit card|visa|maestro|mastercard|discover|unionpay|rupay|kartennummer|tarjeta|cartao"

static bool luhn(const uint8_t *digits, size_t count)
{
    unsigned sum = 0;
    for (size_t i = 0; i < count; i++) {
        unsigned digit = digits[count - 1 - i];
        if (i % 2)
            digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
        sum += digit;
    }
    return sum % 10 == 0;
}

/* ISO/IEC 7812 issuer ranges in use and the lengths they go with. */
static bool is_issued(const uint8_t *d, size_t count)
{
    unsigned two = d[0] * 10u + d[1], four = two * 100 + d[2] * 10u + d[3];
    if (d[0] == 4)
        return count == 16;
    if ((two >= 51 && two <= 55) || (four >= 2221 && four <= 2720))
        return count == 16;
    if (two == 34 || two == 37)
        return count == 15;
    if (two == 36 || two == 38 || (four >= 3000 && four <= 3059))
        return count == 14;
    return count == 16 && (four == 6011 || two == 65 || (four >= 3528 && four <= 3589) || two == 62);
}

/* Ranges that are rarer, or whose lengths vary: Maestro, Mir, RuPay, Troy, Verve, UnionPay and Discover in full, Visa
 * of
 * 19. Only where a card is spoken of, or in groups as printed. */
static bool is_issued_elsewhere(const uint8_t *d, size_t count)
{
    unsigned two = d[0] * 10u + d[1], four = two * 100 + d[2] * 10u + d[3];
    if (d[0] == 4)
        return count == 13 || count == 19;
    if (two == 50 || (two >= 56 && two <= 58) || (two >= 60 && two <= 69))
        return count >= 16;
    return count >= 16 && ((four >= 2200 && four <= 2205) || (two == 81 || two == 82) || four == 9792 ||
                           (four >= 3528 && four <= 3589));
}

/* Groups as cards are printed: none, 4-4-4-4, 4-6-5 or 4-6-4, one kind of separator. */
static bool is_grouped(const size_t *groups, size_t count)
{
    if (count == 1)
        return true;
    if (count == 4)
        return groups[0] == 4 && groups[1] == 4 && groups[2] == 4 && groups[3] == 4;
    return count == 3 && groups[0] == 4 && groups[1] == 6 && (groups[2] == 5 || groups[2] == 4);
}

/* Groups of four go on before or behind: a dump or a table. One more behind may be the expiry. */
static bool in_longer_row(struct bytes text, size_t start, size_t end)
{
    return shape_match("%d{4} ", text, start - 5) || shape_match(" %d{4} %d{4}", text, end);
}

static size_t match_card(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t start = chars_run_back(text, end, C_DIGIT, CARD_MOST + 1), at = start, count = 0, groups[5] = {0}, group = 0;
    uint8_t digits[CARD_MOST + 1], separator = 0;
    for (; at < text.size && count <= CARD_MOST; at++) {
        if (char_is(text.data[at], C_DIGIT)) {
            digits[count++] = text.data[at] - '0';
            groups[group]++;
            continue;
        }
        bool joins = (text.data[at] == ' ' || text.data[at] == '-') && char_is(char_at(text, at + 1), C_DIGIT) &&
                     (!separator || separator == text.data[at]) && group < 4 && count < 16;
        if (!joins)
            break;
        separator = text.data[at];
        group++;
    }
    uint8_t before = char_at(text, start - 1), after = char_at(text, at);
    bool alone = !char_is(before, C_TOKEN | C_DOT | C_PLUS_SLASH) && !char_is(after, C_TOKEN) &&
                 !(after == '.' && char_is(char_at(text, at + 1), C_DIGIT)) &&
                 !(group && in_longer_row(text, start, at));
    if (count > CARD_MOST)
        return end;
    bool issued = alone && count >= 13 && is_grouped(groups, group + 1) && luhn(digits, count) &&
                  (is_issued(digits, count) || (is_issued_elsewhere(digits, count) &&
                                                (group == 3 || chars_near_before(text, start, 48, CARD_WORDS))));
    if (issued)
        scan_found(scan, row, start, at);
    return at > end ? at : end;
}

/* Length of an IBAN by country: SWIFT's IBAN registry. */
static size_t iban_size(const uint8_t *country)
{
    static const char sizes[] =
        "AD24AE23AL28AT20AZ28BA20BE16BG22BH22BI27BR29BY28CH21CR22CY28CZ24DE22DJ27DK18DO28EE20EG29ES24FI18FK18FO18"
        "FR27GB22GE22GI23GL18GR27GT28HN28HR21HU28IE22IL23IQ23IS26IT27JO30KW30KZ20LB28LC32LI21LT20LU20LV21LY25MC27"
        "MD24ME22MK19MN20MR27MT31MU30NI28NL18NO15OM23PK24PL28PS29PT25QA29RO24RS22RU33SA24SC31SD18SE24SI19SK24SM27"
        "SO23ST25SV28TL23TN24TR26UA29VA22VG24XK20YE30";
    for (const char *row = sizes; *row; row += 4)
        if ((uint8_t)row[0] == country[0] && (uint8_t)row[1] == country[1])
            return (size_t)(row[2] - '0') * 10 + (size_t)(row[3] - '0');
    return 0;
}

/* ISO 13616: country and check digits to the end, letters as 10..35, remainder 1 by 97. */
static bool iban_holds(const uint8_t *iban, size_t size)
{
    unsigned rest = 0;
    for (size_t i = 0; i < size; i++) {
        uint8_t c = iban[(i + 4) % size];
        rest = char_is(c, C_DIGIT) ? (rest * 10 + (c - '0')) % 97 : (rest * 100 + (char_lower(c) - 'a' + 10u)) % 97;
    }
    return rest == 1;
}

/* The IBAN at start, with blanks between groups, or dashes between groups of four (a UUID has others); end or 0. */
static size_t iban_end(struct bytes text, size_t start)
{
    uint8_t iban[34] = {char_upper(char_at(text, start)), char_upper(char_at(text, start + 1))};
    size_t want = iban_size(iban), count = 0, at = start, group = 0;
    for (; want && at < text.size && count < want; at++) {
        bool joins = text.data[at] == ' ' || (text.data[at] == '-' && count - group == 4);
        if (char_is(text.data[at], C_ALNUM))
            iban[count++] = char_upper(text.data[at]);
        else if (joins && char_is(char_at(text, at + 1), C_ALNUM))
            group = count;
        else
            break;
    }
    bool whole = want && count == want && chars_word_starts(text, start) && chars_word_ends(text, at);
    return whole && iban_holds(iban, want) ? at : 0;
}

static size_t match_iban(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t start = chars_run_back(text, end, C_DIGIT, 64);
    if (start < 2 || !char_is(text.data[start - 2], C_UPPER))
        return end;
    size_t stop = iban_end(text, start - 2);
    if (!stop)
        return end;
    scan_found(scan, row, start - 2, stop);
    return stop;
}

/* Behind its label in any case: in small letters alone a hash begins like one too often. */
static size_t match_iban_labelled(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    for (size_t at = end; at < text.size && at < end + 24; at++) {
        size_t stop = char_is(text.data[at], C_ALPHA) ? iban_end(text, at) : 0;
        if (!stop)
            continue;
        scan_found(scan, row, at, stop);
        return stop;
    }
    return end;
}

/* SSA: no area 000, 666 or 9xx, no group 00, no serial 0000. */
static bool ssn_holds(const uint8_t *d)
{
    unsigned area = (d[0] - '0') * 100u + (d[1] - '0') * 10u + (d[2] - '0');
    return area != 0 && area != 666 && area < 900 && (d[4] != '0' || d[5] != '0') && memcmp(d + 7, "0000", 4) != 0;
}

static size_t match_ssn(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    if (shape_match("%d{3}-%d{2}-%d{4}", text, end - 3) == 0)
        return end;
    size_t start = end - 3;
    end = start + 11;
    uint8_t before = char_at(text, start - 1), after = char_at(text, end);
    bool alone = !char_is(before, C_TOKEN | C_DOT | C_PLUS_SLASH) && !char_is(after, C_TOKEN);
    if (alone && ssn_holds(text.data + start))
        scan_found(scan, row, start, end);
    return end;
}

static const struct recognizer rows[] = {
    {"card.number",
     REDACT_CARD,
     NULL,
     match_card,
     NULL,
     0.95f,
     ROW_STRICT | ROW_LEARN,
     "ISO/IEC 7812: Luhn, issuer ranges",
     {DIGITS_OR_MORE(7) | 1 << 4, 0, 0}},
    {"card.labelled",
     REDACT_CARD,
     "card|cc|credit card|debit card|card number|card no|card no.|visa|mastercard|maestro|amex|diners",
     match_labelled,
     "%d{12,19}",
     0.8f,
     ROW_LEARN | ROW_LIST,
     "ISO/IEC 7812: 12 to 19 digits, whoever issued it",
     {0}},
    {"card.cvv",
     REDACT_CARD,
     "cvv|cvv2|cvc|cvc2|cvn|cid|card verification|security code|card security code",
     match_labelled,
     "%d{3,4}",
     0.8f,
     ROW_LIST,
     "printed beside every card",
     {0}},
    {"iban",
     REDACT_IBAN,
     NULL,
     match_iban,
     NULL,
     0.98f,
     ROW_STRICT | ROW_LEARN,
     "ISO 13616",
     {DIGITS_OR_MORE(2), BESIDE_UPPER, 0}},
    {"iban.labelled", REDACT_IBAN, "iban", match_iban_labelled, NULL, 0.98f, ROW_LEARN | ROW_LIST, "ISO 13616", {0}},
    {"card.expiry",
     REDACT_CARD,
     "exp|exp.|exp date|expiry|expiry date|expires|expiration|expiration date|valid thru|valid through|valid "
     "until|good "
     "thru|gultig bis|expire le|caducidad|vencimiento|scadenza|validade",
     match_labelled,
     "%d{2}/%d{2}|%d{2}/%d{4}|%d{2} / %d{2}|%d{2}-%d{2}",
     0.8f,
     ROW_LIST,
     "printed beside every card",
     {0}},
    {"ssn.dashed",
     REDACT_SSN,
     NULL,
     match_ssn,
     NULL,
     0.9f,
     ROW_STRICT | ROW_LEARN,
     "ssa.gov, SSN structure",
     {1 << 3, 0, BESIDE_DASH}},
    {"ssn.labelled",
     REDACT_SSN,
     "ssn|ssn#|ss#|ss number|social security|social security number|social security no|soc sec",
     match_labelled,
     "%d{9}|%d{3} %d{2} %d{4}|%d{3}.%d{2}.%d{4}|XXX-XX-%d{4}|***-**-%d{4}",
     0.95f,
     ROW_LEARN | ROW_LIST,
     "ssa.gov, SSN structure",
     {0}},
};

const struct recognizers recognizers_finance = {rows, sizeof rows / sizeof rows[0]};
