/* Secrets without a vendor's prefix: key blocks, JWT, headers, assignments, command lines, connection strings. */
#include "redaction/recognizer.h"

#include "redaction/shape.h"

#define KEY_MOST (64u << 10)
#define VALUE_MOST 4096

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

/* From a BEGIN line to its END line, or as far as key text goes; an END line that no BEGIN explained takes what stands
 * before it. */
static size_t match_pem(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan), rest = bytes_part(text, end, KEY_MOST);
    size_t line = chars_run_back(text, end - 5, C_ALNUM | C_SPACE, 48);
    line = chars_run_back(text, line, C_DASH, 5);
    struct bytes head = bytes_part(text, line, 9);
    if (bytes_starts(head, "-----END")) {
        scan_found(scan, row, pem_body_start(text, line), end);
        return end;
    }
    size_t close = bytes_find(rest, bytes_str("-----END ")), stop = end;
    if (close != SIZE_MAX) {
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

/* --- values --- */

/* Words that stand where a value would, in code, schemas and documentation. */
static bool is_no_value(struct bytes value)
{
    static const char words[] =
        "none|null|nil|true|false|undefined|string|str|int|integer|bool|boolean|number|object|array|bytes|"
        "required|optional|unknown|empty|redacted|hidden|secret|password|token|todo|n/a|na|os|self|this|process|"
        "env|config|settings|getpass|input|request|args|params|is|was|are|the|a|an|your|my|and|or|not|in|to|"
        "of|for|with|must|should|will|can|has|invalid|incorrect|expired|missing|wrong|function|type|const|let|var|new|"
        "await|default|example";
    size_t size = chars_word_of(value, 0, words);
    if (size > 0 && (size == value.size || strchr(".([", value.data[size])))
        return true;
    uint8_t first = char_at(value, 0);
    bool reference =
        first == '$' && (char_at(value, 1) == '{' || char_at(value, 1) == '(' || char_is(char_at(value, 1), C_ALPHA));
    return reference || first == '<' || first == '{' || first == '%' || first == '(' || first == '[';
}

/* Letters and digits mixed, or long, or with symbols: not a word of prose. */
static bool looks_secret(struct bytes value)
{
    size_t digits = 0, letters = 0, others = 0, upper = 0;
    for (size_t i = 0; i < value.size; i++) {
        digits += char_is(value.data[i], C_DIGIT);
        letters += char_is(value.data[i], C_ALPHA);
        upper += i > 0 && char_is(value.data[i], C_UPPER);
        others += !char_is(value.data[i], C_ALNUM | C_DASH | C_UNDER | C_DOT);
    }
    return value.size >= 6 && ((digits && letters) || others || (digits >= 6 && !letters) || (upper && letters > 8));
}

/* End of the value at `at`: to the closing quote if it is quoted, else to white space or a delimiter. */
static struct bytes value_at(struct bytes text, size_t *at)
{
    size_t escape = *at;
    while (char_at(text, escape) == '\\' && escape - *at < 3)
        escape++;
    uint8_t quote = char_at(text, escape);
    if (quote != '"' && quote != '\'' && quote != '`') {
        size_t stop = *at;
        while (stop < text.size && stop - *at < VALUE_MOST && text.data[stop] > ' ' &&
               !strchr("\"'`,;<>)}]&|", text.data[stop]))
            stop++;
        if (stop > *at + 1 && text.data[stop - 1] == '.')
            stop--;
        while (stop > *at && text.data[stop - 1] == '\\')
            stop--;
        return bytes_part(text, *at, stop - *at);
    }
    *at = escape + 1;
    size_t stop = *at;
    while (stop < text.size && stop - *at < VALUE_MOST && text.data[stop] != quote && text.data[stop] != '\n')
        stop += text.data[stop] == '\\' && char_at(text, stop + 1) != quote ? 2 : 1;
    stop = stop < text.size ? stop : text.size;
    while (stop > *at && text.data[stop - 1] == '\\')
        stop--;
    return bytes_part(text, *at, stop - *at);
}

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

/* NAME=value, name: "value". */
static size_t match_assignment(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t at = sign_end(text, end);
    if (at == 0)
        return end;
    end = at;
    bool spaced = char_is(char_at(text, at), C_SPACE);
    at = chars_run(text, at, C_SPACE, 3);
    bool named = row->flags & ROW_WIDE, quoted = strchr("\"'`\\", char_at(text, at) ? char_at(text, at) : ' ') != NULL;
    struct bytes value = value_at(text, &at);
    bool call = !quoted && bytes_find(value, bytes_str("(")) != SIZE_MAX,
         count = chars_run(value, 0, C_DIGIT, SIZE_MAX) == value.size;
    if (value.size < 4 || is_no_value(value) || call)
        return end;
    if (named ? quoted || !spaced || looks_secret(value) : looks_secret(value) && !count)
        scan_found(scan, row, at, at + value.size);
    return at + value.size > end ? at + value.size : end;
}

/* "the password is hunter2" */
static size_t match_password_prose(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t at = chars_run(text, end, C_SPACE, 3);
    struct bytes value = value_at(text, &at);
    if (value.size >= 6 && !is_no_value(value) && looks_secret(value))
        scan_found(scan, row, at, at + value.size);
    return end;
}

/* --password value, --token=value */
static size_t match_flag(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t dashes = chars_run_back(text, end, C_TOKEN, 32);
    if ((char_at(text, end) != ' ' && char_at(text, end) != '=') || char_at(text, dashes) != '-' ||
        char_at(text, dashes + 1) != '-')
        return end;
    size_t at = ++end;
    struct bytes value = value_at(text, &at);
    if (value.size >= 4 && value.data[0] != '-' && !is_no_value(value) &&
        (text.data[end - 1] == '=' || looks_secret(value)))
        scan_found(scan, row, at, at + value.size);
    return end;
}

/* curl -u user:password */
static size_t match_user_flag(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t at = end;
    struct bytes value = value_at(text, &at);
    size_t colon = bytes_find(value, bytes_str(":"));
    if (colon != SIZE_MAX && colon > 0 && value.size - colon > 4 && value.data[0] != '$' &&
        char_at(value, colon + 1) != '$' && char_at(value, colon + 1) != '/')
        scan_found(scan, row, at, at + value.size);
    return end;
}

/* --- headers: RFC 9110, 11.6.2; RFC 6265 --- */

static size_t header_end(struct bytes text, size_t at, const char *stops)
{
    size_t stop = at;
    while (stop < text.size && stop - at < VALUE_MOST && text.data[stop] >= ' ' && !strchr(stops, text.data[stop]))
        stop++;
    while (stop > at && char_is(text.data[stop - 1], C_SPACE))
        stop--;
    return stop;
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
    if (value.size >= 6 && (scheme || looks_secret(value)) && !is_no_value(value))
        scan_found(scan, row, at, stop);
    return end;
}

static size_t match_bearer(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t stop = header_end(text, end, "\"'\\` ,;<>{}$()");
    struct bytes value = bytes_part(text, end, stop - end);
    if (value.size >= 12 && looks_secret(value) && !is_no_value(value))
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
    if (stop - at >= 6 && bytes_find(bytes_part(text, at, stop - at), bytes_str("=")) != SIZE_MAX)
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

/* machine HOST login NAME password VALUE */
static size_t match_netrc(struct scan *scan, const struct recognizer *row, size_t end)
{
    return chars_near_before(scan_text(scan), end, 80, "login ") ? match_line_secret(scan, row, end) : end;
}

/* A crypt(3) hash: "$2b$12$..." */
static size_t match_crypt(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t start = chars_run_back(text, end - 1, C_ALNUM, 10) - 1, stop = end;
    while (stop < text.size && stop - end < 200 &&
           (char_is(text.data[stop], C_BASE64 | C_DOT) || text.data[stop] == '$' || text.data[stop] == ','))
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
     "PRIVATE KEY-----|PRIVATE KEY BLOCK-----",
     match_pem,
     NULL,
     0.99f,
     ROW_STRICT | LIST | ROW_CASED,
     "RFC 7468",
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
    {"secret.password",
     REDACT_PASSWORD,
     "password|passwd|passphrase|pwd|_pass",
     match_assignment,
     NULL,
     0.9f,
     ROW_LEARN | ROW_WIDE | LIST,
     "names of settings",
     {0}},
    {"secret.assignment",
     REDACT_PASSWORD,
     "api_key|api-key|apikey|access_key|access-key|accesskey|secret_key|secret-key|secretkey|private_key|encryption_"
     "key|signing_key|"
     "account_key|auth_key|app_key|shared_key|license_key|secret|token|credential|webhook_url|_auth",
     match_assignment,
     NULL,
     0.85f,
     ROW_LEARN | LIST,
     "names of settings",
     {0}},
    {"secret.x_api_key",
     REDACT_PASSWORD,
     "x-api-key|x-auth-token|x-access-token|x-amz-security-token|x-csrf-token|x-goog-api-key",
     match_authorization,
     NULL,
     0.95f,
     ROW_STRICT | ROW_LEARN | LIST,
     "vendors' headers",
     {0}},
    {"secret.prose",
     REDACT_PASSWORD,
     "password is|password was|password to|passphrase is|passcode is|pin is|pin code is|api key is|secret key "
     "is|access token is|secret is",
     match_password_prose,
     NULL,
     0.85f,
     ROW_LEARN | ROW_LIST,
     "talk",
     {0}},
    {"secret.flag",
     REDACT_PASSWORD,
     "-password|-passwd|--pass|-token|-secret|--api-key|--apikey|--access-key|--secret-key|--auth",
     match_flag,
     NULL,
     0.85f,
     ROW_LEARN | LIST,
     "command lines",
     {0}},
    {"secret.user_flag",
     REDACT_PASSWORD,
     " -u | -u'| -u\"| --user ",
     match_user_flag,
     NULL,
     0.8f,
     LIST,
     "curl(1)",
     {0}},
    {"secret.netrc", REDACT_PASSWORD, " password ", match_netrc, NULL, 0.9f, ROW_LEARN, "netrc(5)", {0}},
    {"secret.npmrc",
     REDACT_PASSWORD,
     "_authToken=|_auth=|_password=",
     match_line_secret,
     NULL,
     0.9f,
     ROW_LEARN | LIST | ROW_CASED,
     "npmrc(5)",
     {0}},
    {"secret.crypt",
     REDACT_PASSWORD,
     "$2a$|$2b$|$2y$|$1$|$5$|$6$|$y$|$argon2id$|$argon2i$|$scrypt$",
     match_crypt,
     NULL,
     0.85f,
     LIST,
     "crypt(5)",
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
