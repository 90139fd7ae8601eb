/* E-mail and telephone. Hides their grammars. */
#include "redaction/recognizer.h"

#include "redaction/shape.h"

/* --- e-mail: RFC 5322 addr-spec without quoting or comments --- */

static bool is_file_suffix(struct bytes text, size_t at)
{
    return chars_word_of(text, at, "png|jpg|jpeg|gif|svg|webp|js|ts|css|py|json|html|md") > 0;
}

/* End of the domain at `at`: labels with dots, the last of two letters or more; 0 if none. What follows the last such
 * label ("example.com.1") is not part of it. */
static size_t domain_end(struct bytes text, size_t at)
{
    size_t stop = chars_run(text, at, C_ALNUM | C_DASH | C_DOT, 253);
    while (stop > at + 1) {
        size_t last = chars_run_back(text, stop, C_ALPHA, 24);
        if (stop - last >= 2 && last > at + 1 && text.data[last - 1] == '.' && !is_file_suffix(text, last))
            return stop;
        stop = chars_run_back(text, stop, C_ALNUM | C_DASH, 253);
        stop -= stop > at;
    }
    return 0;
}

/* Is this the password of "https://user:pw@host"? That is a URL's business. */
static bool in_url_user(struct bytes text, size_t at)
{
    for (size_t back = 0; at > 1 && back < 128; at--, back++) {
        if (text.data[at - 1] == '/')
            return text.data[at - 2] == '/';
        if (text.data[at - 1] <= ' ' || text.data[at - 1] == '@')
            return false;
    }
    return false;
}

static size_t match_email(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t start = chars_run_back(text, end - 1, C_MAIL, 64);
    while (start < end - 1 && !char_is(text.data[start], C_ALNUM))
        start++;
    size_t stop = start < end - 1 ? domain_end(text, end) : 0;
    if (!stop || in_url_user(text, start) ||
        (end - 1 - start == 3 && chars_are(text, start, "git") && char_at(text, stop) == ':'))
        return end;
    if (start > 0 && text.data[start - 1] == '\\' && end - 1 - start > 1)
        start++; /* "\nmia@": the letter of a JSON escape */
    scan_found(scan, row, start, stop);
    return stop;
}

/* --- telephone: E.164 and the North American forms --- */

struct number {
    size_t end, digits, dots, joints;
};

/* A number with single separators and parentheses from `at`. What stands behind its last digit counts for nothing. */
static struct number number_from(struct bytes text, size_t at)
{
    struct number number = {.end = at}, beyond = number;
    for (size_t i = at; i < text.size && i < at + 28 && number.digits < 16; i++) {
        uint8_t byte = text.data[i];
        if (char_is(byte, C_DIGIT)) {
            beyond.digits++;
            beyond.end = i + 1;
            number = beyond;
            continue;
        }
        bool next =
            char_is(char_at(text, i + 1), C_DIGIT) || char_at(text, i + 1) == '(' || char_at(text, i + 1) == ' ';
        if (!strchr(" -.()/+", byte ? byte : 'x') || (!next && byte != ')'))
            break;
        beyond.dots += byte == '.';
        beyond.joints += byte != '.';
    }
    return number;
}

/* "085 175 7641-Office", "930.167.3943 fax", "... (mobile)": does a word for telephones stand behind the number, and
 * nothing that it would be said of? */
static bool is_named_behind(struct bytes text, size_t end)
{
    size_t at = end + (char_at(text, end) == ' ' || char_at(text, end) == '-');
    at += char_at(text, at) == '(';
    size_t word =
        at > end ? chars_word_of(text, at, "fax|office|mobile|cell|home|work|desk|direct|landline|voicemail") : 0;
    size_t stop = at + word + (char_at(text, at + word) == ')');
    return word && !(char_at(text, stop) == ' ' && char_is(char_at(text, stop + 1), C_LOWER)) &&
           !char_is(char_at(text, stop), C_DASH | C_PLUS_SLASH | C_EQUALS) && char_at(text, stop) != ':';
}

/* Behind a number: "x123", "ext. 123"; its end, or `at`. */
static size_t extension_end(struct bytes text, size_t at)
{
    size_t word = chars_run(text, at, C_SPACE, 1), size = chars_word_of(text, word, "ext|extension|extn|x");
    if (!size && char_lower(char_at(text, word)) == 'x' && char_is(char_at(text, word + 1), C_DIGIT))
        size = 1;
    size_t value = chars_run(text, word + size, C_SPACE | C_DOT, 2), end = chars_run(text, value, C_DIGIT, 6);
    return size && end > value && end - value <= 5 && chars_word_ends(text, end) ? end : at;
}

static size_t match_phone_plus(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t plus = chars_run_back(text, end, C_DIGIT, 64);
    if (char_is(char_at(text, plus - 2), C_ALNUM | C_PLUS_SLASH))
        return end;
    struct number number = number_from(text, plus);
    size_t stop = extension_end(text, number.end);
    if (number.digits >= 8 && number.digits <= 15 && number.dots != 1 && chars_word_ends(text, stop))
        scan_found(scan, row, plus - 1, stop);
    return number.end > end ? number.end : end;
}

static bool is_area(struct bytes text, size_t at)
{
    return char_at(text, at) >= '2' && char_at(text, at) <= '9';
}

/* (ddd) ddd-dddd and ddd-ddd-dddd hold alone; with dots or blanks only near a word for telephones. */
static size_t match_phone_us(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t start = end - 3;
    bool paren = char_at(text, end) == ')';
    size_t exchange = chars_run(text, end + paren, C_SPACE | C_DASH | C_DOT, 2);
    if (exchange == end + paren && !paren)
        return end;
    end = exchange + 8;
    if (shape_match("%d{3}", text, exchange) == 0 || shape_match("%d{4}", text, exchange + 4) == 0 ||
        !char_is(char_at(text, exchange + 3), C_SPACE | C_DASH | C_DOT))
        return exchange;
    size_t stop = extension_end(text, end);
    if (!is_area(text, start) || !is_area(text, exchange) || char_is(char_at(text, stop), C_TOKEN))
        return end;
    size_t area = start;
    if (paren && char_at(text, start - 1) == '(')
        start--;
    uint8_t before = char_at(text, start - 1);
    if (char_is(before, C_WORD | C_DOT | C_PLUS_SLASH) || (before == '-' && char_is(char_at(text, start - 2), C_ALNUM)))
        return end;
    bool plain = (paren || char_at(text, area + 3) == '-') && text.data[end - 5] == '-';
    if (plain || chars_near_before(text, start, 48, "phone|call|tel|mobile|cell|fax|contact|reach|text me"))
        scan_found(scan, row, start, stop);
    return end;
}

static size_t match_phone_labelled(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    bool strong;
    size_t at = skip_label(scan, end, '(', &strong);
    if (at == SIZE_MAX)
        return end;
    if (char_at(text, at) == '+' || char_at(text, at) == '(')
        at++;
    struct number number = number_from(text, at);
    if (number.digits >= 7 && number.digits <= 15 && number.dots != 1 && chars_word_ends(text, number.end))
        scan_found(scan, row, at, extension_end(text, number.end));
    return end;
}

/* Groups as people write them: one kind of joint, single; no date, no dump of bytes. */
static bool is_grouped(struct bytes number, struct bytes behind)
{
    bool dated = number.size > 4 && chars_run(number, 0, C_DIGIT, 5) == 4 &&
                 (chars_are(number, 0, "19") || chars_are(number, 0, "20")) && number.data[4] != ' ';
    bool bytes = char_at(behind, 0) == ' ' && char_is(char_at(behind, 1), C_HEX) && char_is(char_at(behind, 2), C_HEX);
    for (size_t i = 0; i + 1 < number.size; i++)
        if (number.data[i] == '/' || (!char_is(number.data[i], C_DIGIT) && number.data[i] == number.data[i + 1]))
            return false;
    return !dated && !bytes && !shape_match("%d{3}-%d{2}-%d{4}", number, 0);
}

/* Does a word for telephones stand before it, on the same line? */
static bool is_called(struct bytes text, size_t start)
{
    size_t line = start;
    while (line > 0 && start - line < 48 && text.data[line - 1] != '\n' && text.data[line - 1] != '"')
        line--;
    return chars_near_before(text, start, start - line,
                             "phone|call|tel |tel.|tel:|mobile|cell|fax|contact|reach me|reached|"
                             "text me|dial|number|registered|whatsapp|sms|answering|rang |desk:");
}

/* A national number in the groups of its country. With a trunk zero ("020 7946 0958", "0171 5550132", "01 23 45 67 89")
 * it holds alone; without one ("912 345 678", "98765 43210") behind a word for telephones. */
static size_t match_phone_national(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t start = chars_run_back(text, end, C_DIGIT, 6);
    bool paren = char_at(text, start - 1) == '(',
         trunk = char_at(text, start) == '0' && char_at(text, start + 1) != '0';
    uint8_t before = char_at(text, start - 1 - paren);
    if (char_is(before, C_WORD | C_DOT | C_DASH | C_PLUS_SLASH | C_EQUALS) || before == ':' || before == '$')
        return end;
    struct number number = number_from(text, start);
    size_t stop = extension_end(text, number.end);
    uint8_t behind = char_at(text, stop);
    bool named = is_named_behind(text, stop);
    bool joined = number.dots == 0 || number.joints == 0;
    if (number.joints + number.dots == 0 || number.dots == 1 || !joined || number.digits < 7 || number.digits > 13 ||
        behind == ':' || char_is(behind, C_WORD) ||
        (char_is(behind, C_DASH | C_DOT | C_PLUS_SLASH) && char_is(char_at(text, stop + 1), C_ALNUM) && !named) ||
        !is_grouped(bytes_part(text, start, number.end - start), bytes_part(text, number.end, named ? 0 : 3)))
        return end;
    bool alone = trunk && number.digits >= 10 && number.digits <= 11 && number.joints > 0;
    if (alone || named || is_called(text, start))
        scan_found(scan, row, start - paren, stop);
    return number.end > end ? number.end : end;
}

/* "3660170548-Fax": digits alone, with the word for it behind. */
static size_t match_phone_named(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t start = chars_run_back(text, end, C_DIGIT, 13);
    uint8_t before = char_at(text, start - 1);
    if (end - start <= 12 && !char_is(before, C_TOKEN | C_DOT | C_PLUS_SLASH | C_EQUALS) && is_named_behind(text, end))
        scan_found(scan, row, start, end);
    return end;
}

/* --- handles --- */

/* "(@zorvan)", "thanks @zorvan", "follow @zorvan": not a decorator, a package's scope or a tag of documentation. */
static size_t match_handle(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t stop = chars_run(text, end, C_WORD | C_DOT, 32);
    while (stop > end && text.data[stop - 1] == '.')
        stop--;
    uint8_t before = char_at(text, end - 2), behind = char_at(text, stop);
    bool opened = before == '(' && behind == ')';
    bool called = before == ' ' && end >= 4 &&
                  chars_near_before(text, end - 1, 16,
                                    "twitter|instagram|handle|follow|github|telegram|discord|mastodon|dm |"
                                    "cc |by |from |thanks |ping |hey |hi |with |ask |tell |to ");
    if (stop - end < 3 || !char_is(text.data[end], C_ALPHA) || !(opened || called) || behind == '/' || behind == '(' ||
        behind == '@')
        return end;
    scan_found(scan, row, end - 1, stop);
    return stop;
}

/* --- a website that is somebody's --- */

/* Behind "my website is ", "Website:": an address of the web or a bare domain. */
static size_t match_website(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    bool strong;
    size_t at = skip_label(scan, end, 0, &strong);
    if (at == SIZE_MAX || at - end > 32)
        return end;
    size_t scheme = chars_are(text, at, "https://") ? 8 : chars_are(text, at, "http://") ? 7 : 0;
    size_t stop = domain_end(text, at + scheme);
    if (!stop)
        return end;
    while (stop < text.size && stop - at < 512 && text.data[stop] > ' ' && !strchr("\"'<>`\\)]}|^", text.data[stop]))
        stop++;
    while (stop > at && strchr(".,;:!?", text.data[stop - 1]))
        stop--;
    scan_found(scan, row, at, stop);
    return stop;
}

static const struct recognizer rows[] = {
    {"email", REDACT_EMAIL, "@", match_email, NULL, 0.95f, ROW_STRICT | ROW_LEARN, "RFC 5322, 3.4.1", {0}},
    {"phone.international",
     REDACT_PHONE,
     NULL,
     match_phone_plus,
     NULL,
     0.9f,
     ROW_STRICT | ROW_LEARN,
     "ITU-T E.164",
     {DIGITS_OR_MORE(1), BESIDE_PLUS, 0}},
    {"phone.us",
     REDACT_PHONE,
     NULL,
     match_phone_us,
     NULL,
     0.85f,
     ROW_LEARN,
     "NANP",
     {1 << 3, 0, BESIDE_BLANK | BESIDE_DASH | BESIDE_DOT | BESIDE_CLOSE}},
    {"phone.national",
     REDACT_PHONE,
     NULL,
     match_phone_national,
     NULL,
     0.7f,
     ROW_LEARN,
     "national numbering plans, ITU-T E.123",
     {1 << 2 | 1 << 3 | 1 << 4 | 1 << 5, BESIDE_APART,
      BESIDE_BLANK | BESIDE_DASH | BESIDE_DOT | BESIDE_CLOSE | BESIDE_SLASH | BESIDE_OPEN}},
    {"phone.named_behind",
     REDACT_PHONE,
     NULL,
     match_phone_named,
     NULL,
     0.75f,
     ROW_LEARN,
     "label",
     {DIGITS_OR_MORE(7), BESIDE_OTHER | BESIDE_BLANK, BESIDE_BLANK | BESIDE_DASH}},
    {"handle.at", REDACT_USERNAME, "@", match_handle, NULL, 0.75f, ROW_LEARN, "talk, social networks", {0}},
    {"url.own",
     REDACT_URL_USER,
     "my website|our website|his website|her website|your website|my site|our site|my blog|our blog|my homepage|my "
     "home page|"
     "my portfolio|my page|my profile|website:|homepage:|home page:|blog:|portfolio:|linkedin:|web:|files with you",
     match_website,
     NULL,
     0.75f,
     ROW_LEARN | ROW_LIST,
     "talk, signatures",
     {0}},
    {"phone.labelled",
     REDACT_PHONE,
     "phone|telephone|tel|mobile|cell|fax|whatsapp|call me at|call me on|text me at|reach me at|desk:|office:|landline|"
     "direct:|dial|please text|please call|call us at|call us on|text us "
     "at|telefon|telefono|portable:|movil|handynummer",
     match_phone_labelled,
     NULL,
     0.94f,
     ROW_LEARN | ROW_LIST,
     "label",
     {0}},
};

const struct recognizers recognizers_contact = {rows, sizeof rows / sizeof rows[0]};
