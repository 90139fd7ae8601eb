/* Secrets in the settings of databases, devices, clusters and sessions, and behind words for a password in other
 * languages: where a value stands by the grammar of the place. */
#include "redaction/claim.h"
#include "redaction/rarity.h"
#include "redaction/recognizer.h"

#define NEAR 96
#define SESSION_LEAST 16
#define SESSION_MOST 512
#define BLOCK_MOST 4096 /* bytes of a manifest from its kind to its data */
#define LINES_MOST 64

static size_t line_end(struct bytes text, size_t at, size_t most)
{
    size_t stop = at;
    while (stop < text.size && stop - at < most && text.data[stop] != '\n' && text.data[stop] != 0x1e)
        stop++;
    return stop;
}

/* --- SQL --- */

/* IDENTIFIED BY 'value', ... PASSWORD FOR bob = 'value' */
static size_t match_sql(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = bytes_part(scan_text(scan), 0, line_end(scan_text(scan), end, NEAR));
    size_t at = end;
    if (char_lower(text.data[end - 1]) == 'r') { /* "password for" */
        size_t sign = bytes_find(bytes_part(text, at, SIZE_MAX), bytes_str("="));
        if (sign == SIZE_MAX)
            return end;
        at += sign + 1;
    }
    at = chars_run(text, at, C_SPACE, 4);
    at += chars_are(text, at, "password(") ? sizeof "password(" - 1 : 0;
    uint8_t quote = char_at(text, at);
    bool quoted = quote == '"' || quote == '\'', bare = char_lower(text.data[end - 1]) == 'y';
    struct bytes value = claim_value(text, &at);
    if ((quoted || bare) && value.size >= 4 && !claim_is_no_value(value) && !rarity_is_filler(value) &&
        (quoted || claim_looks_secret(value)))
        scan_found(scan, row, at, at + value.size);
    return end;
}

/* --- lines of devices and daemons --- */

/* The next word, behind what says how it is written ("0", "ascii-text"). */
static size_t match_device(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = bytes_part(scan_text(scan), 0, line_end(scan_text(scan), end, NEAR));
    size_t at = chars_run(text, end, C_SPACE, 4);
    for (int i = 0; i < 2; i++) {
        size_t word = chars_word_of(text, at, "0|5|7|8|9|local|remote|ascii-text|hexadecimal|hex|plain");
        if (!word || char_at(text, at + word) != ' ')
            break;
        at = chars_run(text, at + word, C_SPACE, 4);
    }
    struct bytes value = claim_value(text, &at);
    if (value.size >= 5 && claim_looks_secret(value) && !claim_is_no_value(value) && !rarity_is_filler(value) &&
        bytes_find(value, bytes_str("(")) == SIZE_MAX && bytes_find(value, bytes_str("/")) == SIZE_MAX)
        scan_found(scan, row, at, at + value.size);
    return end;
}

/* --- sessions --- */

static size_t match_session(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t at = end, stop = at;
    while (stop < text.size && stop - at < SESSION_MOST &&
           (char_is(text.data[stop], C_BASE64 | C_TOKEN | C_DOT) || text.data[stop] == '%'))
        stop++;
    struct bytes value = bytes_part(text, at, stop - at);
    if (value.size >= SESSION_LEAST && rarity_of(value) >= RARITY_HEX)
        scan_found(scan, row, at, stop);
    return end;
}

/* BUNDLE_GEMS__EXAMPLE__COM=name:password */
static size_t match_bundler(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t at = end, start = chars_run_back(text, end - 1, C_WORD, NEAR);
    if (!chars_are(text, start, "bundle_"))
        return end;
    struct bytes value = claim_value(bytes_part(text, 0, end + NEAR), &at);
    if (value.size >= 6 && !rarity_is_filler(value) && bytes_find(value, bytes_str("://")) == SIZE_MAX)
        scan_found(scan, row, at, at + value.size);
    return end;
}

/* --- words of other languages --- */

/* "senha: ...", "mot de passe = ..." */
static size_t match_foreign(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t at = chars_run(text, end, C_SPACE, 2);
    if (char_at(text, at) != ':' && char_at(text, at) != '=')
        return end;
    at = chars_run(text, at + 1, C_SPACE, 2);
    struct bytes value = claim_value(bytes_part(text, 0, at + NEAR), &at);
    if (value.size >= 4 && claim_looks_secret(value) && !claim_is_no_value(value) && !rarity_is_filler(value) &&
        bytes_find(value, bytes_str("(")) == SIZE_MAX)
        scan_found(scan, row, at, at + value.size);
    return at + value.size;
}

/* "use hunter2! as the password" */
static size_t match_as_password(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t at = end, words = 0;
    while (at > 0 && words < 3 && end - at < 40) { /* back over "as", "the", "password" */
        at = chars_run_back(text, at, C_WORD, 16);
        words++;
        if (chars_word_of(text, at, "as"))
            break;
        at = chars_run_back(text, at, C_SPACE, 2);
    }
    size_t stop = chars_run_back(text, at, C_SPACE, 2), start = stop;
    while (start > 0 && stop - start < NEAR && text.data[start - 1] > ' ' && !strchr("\"'`(<", text.data[start - 1]))
        start--;
    while (stop > start && strchr("\"'`,", text.data[stop - 1]))
        stop--;
    struct bytes value = bytes_part(text, start, stop - start);
    if (value.size >= 6 && claim_looks_secret(value) && !claim_is_no_value(value) && !rarity_is_filler(value) &&
        chars_run(value, 0, C_ALPHA | C_DASH | C_UNDER | C_DOT, SIZE_MAX) != value.size)
        scan_found(scan, row, start, stop);
    return end;
}

/* --- manifests --- */

/* The values of the lines under "data:", indented; one on several lines is left to its own form. */
static void report_block(struct scan *scan, const struct recognizer *row, size_t at)
{
    struct bytes text = scan_text(scan);
    for (int line = 0; line < LINES_MOST && char_at(text, at) == '\n'; line++) {
        size_t name = chars_run(text, at + 1, C_SPACE, 16), colon = chars_run(text, name, C_TOKEN | C_DOT, 128);
        if (name == at + 1 || colon == name || char_at(text, colon) != ':')
            return;
        size_t value = chars_run(text, colon + 1, C_SPACE, 2), end = line_end(text, value, BLOCK_MOST);
        struct bytes said = claim_value(bytes_part(text, 0, end), &value);
        if (said.size >= 4 && said.data[0] != '|' && said.data[0] != '>' && !rarity_is_filler(said))
            scan_found(scan, row, value, value + said.size);
        at = end;
    }
}

/* kind: Secret, and the data before or behind it in the same document. */
static size_t match_manifest(struct scan *scan, const struct recognizer *row, size_t end)
{
    static const char *const heads[] = {"\ndata:", "\nstringData:"};
    struct bytes text = scan_text(scan);
    size_t from = end > BLOCK_MOST ? end - BLOCK_MOST : 0;
    for (size_t at = end; at > from; at--) /* not over the mark between two documents */
        if (chars_are(text, at - 1, "\n---") || text.data[at - 1] == 0x1e) {
            from = at;
            break;
        }
    struct bytes part = bytes_part(text, from, end - from + BLOCK_MOST);
    size_t mark = bytes_find(bytes_part(text, end, BLOCK_MOST), bytes_str("\n---"));
    if (mark != SIZE_MAX)
        part.size = end - from + mark;
    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++) {
        size_t head = bytes_find(part, bytes_str(heads[i]));
        if (head != SIZE_MAX)
            report_block(scan, row, from + head + strlen(heads[i]));
    }
    return from + part.size > end ? from + part.size : end;
}

#define LIST (ROW_LIST | ROW_LOOSE)

static const struct recognizer rows[] = {
    {"secret.sql",
     REDACT_PASSWORD,
     "identified by|_password by|set password for",
     match_sql,
     NULL,
     0.9f,
     ROW_LEARN | LIST,
     "MySQL, PostgreSQL and Oracle manuals: CREATE USER, SET PASSWORD",
     {0}},
    {"secret.device",
     REDACT_PASSWORD,
     "enable secret|enable password|pre-shared-key|snmp-server community|key-string|radius-server key|tacacs-server "
     "key|wpa-psk|psk=|requirepass|masterauth|bindpw|rootpw|olcrootpw|secret 0|secret 5|secret 9|password 0|password 7",
     match_device,
     NULL,
     0.85f,
     ROW_LEARN | ROW_LIST,
     "Cisco IOS, Junos, redis.conf, slapd.conf(5), wpa_supplicant.conf(5)",
     {0}},
    {"secret.session",
     REDACT_PASSWORD,
     "phpsessid=|jsessionid=|aspsessionid=|asp.net_sessionid=|connect.sid=|laravel_session=|_session=|sessionid=",
     match_session,
     NULL,
     0.85f,
     ROW_LEARN | LIST,
     "RFC 6265; names that frameworks give their session cookies",
     {0}},
    {"secret.analysis",
     REDACT_PASSWORD,
     "sonar.login=|sonar.token=",
     match_session,
     NULL,
     0.85f,
     ROW_LEARN | LIST,
     "docs.sonarsource.com analysis parameters",
     {0}},
    {"secret.bundler",
     REDACT_PASSWORD,
     "__com=|__org=|__io=|__net=|__dev=",
     match_bundler,
     NULL,
     0.85f,
     ROW_LEARN | LIST,
     "bundle-config(1), credentials for gem sources",
     {0}},
    {"secret.foreign",
     REDACT_PASSWORD,
     "mot de passe|senha|palavra-passe|contrasena|clave|parola|haslo|heslo|jelszo|salasana|adgangskode|losenord|sifre|"
     "lozinka|kennwort|\xd0\xbf\xd0\xb0\xd1\x80\xd0\xbe\xd0\xbb\xd1\x8c|\xe5\xaf\x86\xe7\xa0\x81|"
     "\xe5\xaf\x86\xe7\xa2\xbc|\xe3\x83\x91\xe3\x82\xb9\xe3\x83\xaf\xe3\x83\xbc\xe3\x83\x89|"
     "\xeb\xb9\x84\xeb\xb0\x80\xeb\xb2\x88\xed\x98\xb8",
     match_foreign,
     NULL,
     0.85f,
     ROW_LEARN | LIST,
     "talk: words for a password in twenty languages",
     {0}},
    {"secret.as_password",
     REDACT_PASSWORD,
     "as the password|as password|as my password|as his password|as her password|as the passphrase|as the root "
     "password",
     match_as_password,
     NULL,
     0.8f,
     ROW_LEARN | LIST,
     "talk",
     {0}},
    {"secret.manifest",
     REDACT_PASSWORD,
     "kind: secret",
     match_manifest,
     NULL,
     0.9f,
     ROW_LEARN | LIST,
     "kubernetes.io docs, Secrets",
     {0}},
};

const struct recognizers recognizers_setting = {rows, sizeof rows / sizeof rows[0]};
