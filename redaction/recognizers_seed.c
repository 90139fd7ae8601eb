/* Seeds: what one-time passwords are made of, and the codes themselves. Hides how far a run of groups reaches. */
#include "redaction/claim.h"
#include "redaction/recognizer.h"

#define GROUPS_LEAST 16 /* base32 letters: 80 bits, the least that RFC 4226 lets a secret have is 128 */
#define GROUPS_MOST 128
#define CODES_MOST 20

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

/* --- codes for one use --- */

/* Letters and digits, digits among them, in one to four groups with a dash between. */
static size_t code_end(struct bytes text, size_t at)
{
    size_t stop = at, digits = 0, size = 0;
    for (int group = 0; group < 4; group++) {
        size_t end = chars_run(text, stop, C_ALNUM, 12);
        size += end - stop;
        for (; stop < end; stop++)
            digits += char_is(text.data[stop], C_DIGIT);
        if (char_at(text, end) != '-' || !char_is(char_at(text, end + 1), C_ALNUM))
            break;
        stop = end + 1;
    }
    return size >= 6 && size <= 32 && digits >= 1 && chars_word_ends(text, stop) ? stop : 0;
}

/* "Recovery codes: ab12c-34def, ..." */
static size_t match_codes(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t last = end;
    for (int code = 0; code < CODES_MOST; code++) {
        size_t at = last;
        while (at < text.size && at - last < 12 &&
               (char_is(text.data[at], C_FILLER) || strchr("*.)\"", text.data[at] ? text.data[at] : ' ')))
            at++;
        size_t number = chars_run(text, at, C_DIGIT, 2); /* of a list: "3. " */
        if (number > at && char_at(text, number) && strchr(".)", text.data[number]))
            at = chars_run(text, number + 1, C_SPACE, 2);
        size_t word = chars_word_of(text, at, "are|is|for|your|account");
        size_t stop = word ? at + word : code_end(text, at);
        if (!stop)
            break;
        if (!word)
            scan_found(scan, row, at, stop);
        last = stop;
    }
    return last;
}

/* "verification code is 482913", "PIN: 4821" */
static size_t match_one_time(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t at = chars_run(text, end, C_SPACE, 2);
    size_t word = chars_word_of(text, at, "code|number|is|was");
    bool said = word > 0 || text.data[end - 1] == ':' || text.data[end - 1] == 's';
    for (; word; word = chars_word_of(text, at, "is|was|now|code"))
        at = chars_run(text, at + word, C_SPACE, 2);
    said |= char_at(text, at) == ':' || char_at(text, at) == '=';
    at = chars_run(text, at + (char_at(text, at) == ':' || char_at(text, at) == '='), C_SPACE, 2);
    while (at < text.size && strchr("\"'`*", text.data[at] ? text.data[at] : ' '))
        at++;
    size_t stop = chars_run(text, at, C_DIGIT, 9);
    if (stop - at == 3 && (char_at(text, stop) == '-' || char_at(text, stop) == ' ') &&
        chars_run(text, stop + 1, C_DIGIT, 4) == stop + 4)
        stop += 4;
    uint8_t after = char_at(text, stop);
    bool more = char_is(after, C_WORD | C_DASH) ||
                ((after == '.' || after == ',') && char_is(char_at(text, stop + 1), C_DIGIT));
    if (said && stop - at >= 4 && stop - at <= 8 && !more)
        scan_found(scan, row, at, stop);
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
    {"seed.codes",
     REDACT_SEED,
     "recovery codes|backup codes|one-time codes|scratch codes|emergency codes|single-use codes|recovery code|backup "
     "code|emergency code|scratch code|rescue code|backup verification codes",
     match_codes,
     NULL,
     0.85f,
     ROW_LEARN | LIST,
     "GitHub, Google and others: codes for when the second factor is lost",
     {0}},
    {"secret.one_time",
     REDACT_PASSWORD,
     "verification code|otp:|otp is|otp code|one-time code|one-time password|login code|security code|2fa code|mfa "
     "code|"
     "sms code|one time code|sign-in code|unlock code|passcode|pin:|pin is|pin code|pin number|authentication code",
     match_one_time,
     NULL,
     0.75f,
     ROW_LIST,
     "talk; RFC 4226, 5.3: six to eight digits",
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
