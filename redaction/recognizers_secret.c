/* Secrets that have a form of their own: key blocks, JWT, headers, files of credentials, connection strings. */
#include "redaction/recognizer.h"

#include "redaction/claim.h"
#include "redaction/rarity.h"

#define KEY_MOST (64u << 10)
#define VALUE_MOST 4096
#define SEPARATOR 0x1e /* between the strings of a JSON document */

/* --- private keys: RFC 7468 armour, whole or cut off at either end --- */

static bool is_key_byte(uint8_t byte)
{
    return char_is(byte, C_BASE64 | C_SPACE) || byte == '\\' || byte == '-' || byte == ':' || byte == ',' ||
           byte == '"';
}

/* Before an END line whose beginning was cut off: the base64 lines. */
static size_t pem_body_start(struct bytes text, size_t line)
{
    size_t body = line;
    while (body > 0 && line - body < KEY_MOST &&
           (char_is(text.data[body - 1], C_BASE64 | C_SPACE) || text.data[body - 1] == '\\'))
        body--;
    return chars_run(text, body, C_SPACE, 8);
}

/* Whether nothing but key text and the separators of strings stands there: a key as a list of lines. */
static bool is_list_of_lines(struct bytes body)
{
    for (size_t i = 0; i < body.size; i++)
        if (!is_key_byte(body.data[i]) && body.data[i] != SEPARATOR)
            return false;
    return true;
}

/* From a BEGIN line to its END line, or as far as key text goes; an END line that no BEGIN explained takes what stands
 * before it. */
static size_t match_pem(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan), rest = bytes_part(text, end, KEY_MOST);
    size_t line = chars_run_back(text, end - 5, C_ALNUM | C_SPACE, 48);
    line = chars_run_back(text, line, C_DASH, 5);
    struct bytes head = bytes_part(text, line, 9);
    if (bytes_starts(head, "-----END") || bytes_starts(head, "---- END")) {
        scan_found(scan, row, pem_body_start(text, line), end);
        return end;
    }
    const char *foot = text.data[end - 5] == ' ' ? "---- END " : "-----END ";
    size_t close = bytes_find(rest, bytes_str("----")), stop = end; /* no body holds dashes */
    struct bytes body = bytes_part(rest, 0, close);
    if (bytes_find(body, bytes_of("\x1e", 1)) != SIZE_MAX && !is_list_of_lines(body))
        close = SIZE_MAX;
    if (close != SIZE_MAX && bytes_starts(bytes_part(rest, close, 9), foot)) {
        stop = chars_run(text, end + close + sizeof "-----END " - 1, C_ALNUM | C_SPACE, 48);
        stop = chars_run(text, stop, C_DASH, 5);
    } else {
        while (stop < text.size && stop - end < KEY_MOST && is_key_byte(text.data[stop]))
            stop++;
        while (stop > end && char_is(text.data[stop - 1], C_SPACE))
            stop--;
    }
    scan_found(scan, row, line, stop);
    return stop;
}

/* A key's body whose armour is missing: the base64 of "openssh-key-v1". */
static size_t match_key_body(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t start = chars_run_back(text, end, C_BASE64, 80), stop = end;
    while (stop < text.size && stop - end < KEY_MOST &&
           (char_is(text.data[stop], C_BASE64 | C_SPACE) || text.data[stop] == '\\'))
        stop++;
    if (stop - start > 40)
        scan_found(scan, row, start, stop);
    return stop;
}

/* --- JWT and JWE (RFC 7519, 7516): two to five parts, the first an object --- */

static size_t match_jwt(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t start = end - 3, stop = chars_run(text, end, C_TOKEN, VALUE_MOST), parts = 1;
    if (!chars_word_starts(text, start) || stop - start < 16)
        return stop;
    while (parts < 5 && char_at(text, stop) == '.') {
        size_t next = chars_run(text, stop + 1, C_TOKEN, 4 * VALUE_MOST);
        if (next == stop + 1 && parts != 1 && parts != 2)
            break;
        stop = next;
        parts++;
    }
    if (parts > 1 && stop - start >= 36)
        scan_found(scan, row, start, stop);
    return stop;
}

/* --- headers: RFC 9110, 11.6.2; RFC 6265 --- */

/* From the end of a telling word over the rest of its name to behind the "=" or ":"; 0 if there is none. */
static size_t sign_end(struct bytes text, size_t at)
{
    at = chars_run(text, at, C_WORD, 20);
    for (size_t most = at + 4; at < most && strchr("\"'\\`]", char_at(text, at) ? char_at(text, at) : ' ');)
        at++;
    at = chars_run(text, at, C_SPACE, 2);
    uint8_t sign = char_at(text, at), next = char_at(text, at + 1);
    if (sign == '=' && next == '>')
        return at + 2;
    return (sign == '=' || sign == ':') && next != '=' && next != ':' ? at + 1 : 0;
}

static size_t header_end(struct bytes text, size_t at, const char *stops)
{
    size_t stop = at;
    while (stop < text.size && stop - at < VALUE_MOST && text.data[stop] >= ' ' && !strchr(stops, text.data[stop]))
        stop++;
    while (stop > at && char_is(text.data[stop - 1], C_SPACE))
        stop--;
    return stop;
}

/* Without a scheme before it: not a word, not a call. */
static bool is_credential(struct bytes value)
{
    enum rarity rarity = rarity_of(value);
    for (size_t i = 0; i < value.size; i++)
        if (strchr("([.:/", value.data[i] ? value.data[i] : '('))
            return rarity == RARITY_RANDOM && bytes_find(value, bytes_str("://")) == SIZE_MAX &&
                   bytes_find(value, bytes_str("(")) == SIZE_MAX;
    return rarity >= RARITY_SOME;
}

static size_t match_authorization(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t at = sign_end(text, end);
    if (at == 0)
        return end;
    end = at;
    while (at < text.size && at - end < 6 && strchr(" \"'\\`", text.data[at]))
        at++;
    size_t scheme = chars_word_of(
        text, at, "basic|bearer|token|digest|negotiate|apikey|api-key|splunk|ntlm|sso-key|oauth|aws4-hmac-sha256");
    if (scheme)
        at = chars_run(text, at + scheme, C_SPACE, 2);
    bool whole = scheme && (chars_are(text, at - scheme - 1, "digest") || chars_are(text, at - scheme - 1, "oauth") ||
                            chars_are(text, at - scheme - 1, "aws4"));
    size_t stop = header_end(text, at, whole ? "'\\`" : "\"'\\` ,<>{}$");
    struct bytes value = bytes_part(text, at, stop - at);
    if (value.size >= 6 && (scheme || is_credential(value)) && !claim_is_no_value(value))
        scan_found(scan, row, at, stop);
    return end;
}

/* "user:password" in base64 holds small and capital letters, and a digit or padding. */
static bool is_base64_pair(struct bytes value)
{
    unsigned kinds = 0;
    for (size_t i = 0; i < value.size; i++)
        kinds |= chars_class[value.data[i]];
    return chars_run(value, 0, C_BASE64, SIZE_MAX) == value.size && kinds & C_UPPER && kinds & C_LOWER &&
           kinds & (C_DIGIT | C_EQUALS);
}

static size_t match_bearer(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t stop = header_end(text, end, "\"'\\` ,;<>{}$()");
    struct bytes value = bytes_part(text, end, stop - end);
    bool address = bytes_find(value, bytes_str("://")) != SIZE_MAX;
    if (value.size >= 12 && claim_looks_secret(value) && !claim_is_no_value(value) && !address &&
        (!chars_are(text, end - 6, "basic ") || is_base64_pair(value)))
        scan_found(scan, row, end, stop);
    return end;
}

static size_t match_cookie(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t at = sign_end(text, end);
    if (at == 0 || char_at(text, at - 1) != ':')
        return end;
    end = at;
    while (at < text.size && at - end < 6 && strchr(" \"'\\`", text.data[at]))
        at++;
    size_t stop = header_end(text, at, "\"'\\`<>{}");
    if (stop - at >= 6 && char_is(text.data[at], C_TOKEN) &&
        bytes_find(bytes_part(text, at, stop - at), bytes_str("=")) != SIZE_MAX)
        scan_found(scan, row, at, stop);
    return end;
}

/* --- connection strings --- */

/* scheme://user:password@host... of a store: the whole string goes, the host too. */
static size_t match_connection(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    static const char stores[] =
        "postgres|postgresql|mysql|mariadb|mongodb|redis|rediss|amqp|amqps|mssql|sqlserver|oracle|clickhouse|snowflake|"
        "ldap|ldaps|smtp|smtps|ftp|ftps|sftp|nats|kafka|cassandra|couchdb|neo4j|bolt|jdbc";
    size_t start = chars_run_back(text, end - 3, C_ALNUM | C_PLUS_SLASH | C_DOT, 32);
    if (!chars_word_of(text, start, stores))
        return end;
    size_t stop = header_end(text, end, "\"'\\`<>{} )]|;");
    struct bytes rest = bytes_part(text, end, stop - end);
    size_t at = bytes_find(rest, bytes_str("@")), colon = bytes_find(rest, bytes_str(":"));
    if (at != SIZE_MAX && colon != SIZE_MAX && colon < at && at > colon + 1)
        scan_found(scan, row, start, stop);
    return end;
}

static size_t match_line_secret(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t stop = header_end(text, end, "\"'\\`<>{} ,;");
    if (stop - end >= 4 && char_at(text, end) != '$')
        scan_found(scan, row, end, stop);
    return end;
}

/* At the start of a line, or behind a registry's address: elsewhere it is an argument's name. */
static size_t match_npmrc(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t start = chars_run_back(text, end - 1, C_WORD, 16);
    bool line = start == 0 || text.data[start - 1] == '\n' || text.data[start - 1] == ':';
    return line ? match_line_secret(scan, row, end) : end;
}

/* machine HOST login NAME password VALUE */
static size_t match_netrc(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    bool entry = chars_near_before(text, end, 80, "login ") && chars_near_before(text, end, 160, "machine |default ");
    return entry ? match_line_secret(scan, row, end) : end;
}

/* A crypt(3) hash: "$2b$12$..." */
static size_t match_crypt(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t start = chars_run_back(text, end - 1, C_ALNUM, 10) - 1, stop = end;
    while (
        stop < text.size && stop - end < VALUE_MOST &&
        (char_is(text.data[stop], C_BASE64 | C_TOKEN | C_DOT) || strchr("$,:*@", text.data[stop] | !text.data[stop])))
        stop++;
    if (stop - start >= 30)
        scan_found(scan, row, start, stop);
    return stop;
}

/* LIST: a list of literals, whatever stands around them. */
#define LIST (ROW_LIST | ROW_LOOSE)

static const struct recognizer rows[] = {
    {"key.pem",
     REDACT_KEY,
     "PRIVATE KEY-----|PRIVATE KEY BLOCK-----|PRIVATE KEY ----",
     match_pem,
     NULL,
     0.99f,
     ROW_STRICT | LIST | ROW_CASED,
     "RFC 7468; RFC 4716",
     {0}},
    {"key.openssh_body",
     REDACT_KEY,
     "b3BlbnNzaC1rZXktdjE",
     match_key_body,
     NULL,
     0.95f,
     ROW_STRICT,
     "OpenSSH PROTOCOL.key",
     {0}},
    {"key.putty",
     REDACT_KEY,
     "Private-Lines: ",
     match_key_body,
     NULL,
     0.95f,
     ROW_STRICT,
     "PuTTY manual, appendix C",
     {0}},
    {"jwt", REDACT_TOKEN, "eyJ", match_jwt, NULL, 0.95f, ROW_STRICT | ROW_LEARN, "RFC 7519", {0}},
    {"header.authorization",
     REDACT_PASSWORD,
     "authorization",
     match_authorization,
     NULL,
     0.95f,
     ROW_STRICT | ROW_LEARN | LIST,
     "RFC 9110, 11.6.2",
     {0}},
    {"header.bearer",
     REDACT_PASSWORD,
     "bearer |basic ",
     match_bearer,
     NULL,
     0.9f,
     ROW_STRICT | ROW_LEARN | ROW_LIST,
     "RFC 6750, RFC 7617",
     {0}},
    {"header.cookie", REDACT_PASSWORD, "cookie", match_cookie, NULL, 0.9f, ROW_STRICT | LIST, "RFC 6265", {0}},
    {"secret.x_api_key",
     REDACT_PASSWORD,
     "x-api-key|x-auth-token|x-access-token|x-amz-security-token|x-csrf-token|x-goog-api-key",
     match_authorization,
     NULL,
     0.95f,
     ROW_STRICT | ROW_LEARN | LIST,
     "vendors' headers",
     {0}},
    {"secret.netrc", REDACT_PASSWORD, " password ", match_netrc, NULL, 0.9f, ROW_LEARN, "netrc(5)", {0}},
    {"secret.npmrc",
     REDACT_PASSWORD,
     "_authToken=|_auth=|_password=",
     match_npmrc,
     NULL,
     0.9f,
     ROW_LEARN | LIST | ROW_CASED,
     "npmrc(5)",
     {0}},
    {"secret.crypt",
     REDACT_PASSWORD,
     "$2a$|$2b$|$2y$|$1$|$5$|$6$|$7$|$8$|$9$|$y$|$apr1$|$argon2id$|$argon2i$|$argon2d$|$scrypt$|$krb5asrep$|$krb5tgs$|"
     "$krb5pa$|$pbkdf2-sha256$|$pbkdf2-sha512$|$bcrypt-sha256$",
     match_crypt,
     NULL,
     0.85f,
     LIST,
     "crypt(5); passlib and hashcat, formats of hashes",
     {0}},
    {"connection.url",
     REDACT_CONNECTION,
     "://",
     match_connection,
     NULL,
     0.95f,
     ROW_STRICT,
     "vendors' connection URLs",
     {0}},
    {"connection.azure",
     REDACT_CONNECTION,
     "AccountKey=|SharedAccessKey=|SharedAccessSignature=",
     match_line_secret,
     NULL,
     0.95f,
     ROW_STRICT | ROW_LEARN | LIST | ROW_CASED,
     "learn.microsoft.com connection strings",
     {0}},
};

const struct recognizers recognizers_secret = {rows, sizeof rows / sizeof rows[0]};
