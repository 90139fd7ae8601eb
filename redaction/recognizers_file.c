/* Key material and credentials as files hold them, where no name beside the value tells: passwords of databases, of web
 * servers and registries, keys in JSON and XML. */
#include "redaction/claim.h"
#include "redaction/rarity.h"
#include "redaction/recognizer.h"

#define OBJECT_AROUND 4096 /* bytes of a JWK on either side of its "kty" */
#define VALUE_MOST 512

/* host:port:database:user:password, the port being PostgreSQL's or any. */
static size_t match_pgpass(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t at = end;
    for (int field = text.data[end - 2] == '*'; field < 2; field++) { /* "*:*:*:" holds the database */
        size_t stop = at;
        while (stop < text.size && stop - at < 64 && text.data[stop] > ' ' && text.data[stop] != ':')
            stop++;
        if (stop == at || char_at(text, stop) != ':')
            return end;
        at = stop + 1;
    }
    size_t stop = at;
    while (stop < text.size && stop - at < VALUE_MOST && text.data[stop] > ' ' && text.data[stop] != '"')
        stop++;
    if (stop - at >= 4 && !char_is(text.data[at], C_PLUS_SLASH) && text.data[at] != '*')
        scan_found(scan, row, at, stop);
    return end;
}

/* {SSHA}base64, as LDAP and htpasswd write it. */
static size_t match_scheme_hash(struct scan *scan, const struct recognizer *row, size_t end)
{
    size_t stop = chars_run(scan_text(scan), end, C_BASE64, VALUE_MOST);
    if (stop - end >= 20)
        scan_found(scan, row, end, stop);
    return end;
}

/* {"auths": {"registry": {"auth": "base64"}}} */
static size_t match_docker_auth(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    if (!chars_near_before(text, end, 600, "auths"))
        return end;
    size_t at = chars_run(text, end, C_FILLER, 8), stop = chars_run(text, at, C_BASE64, VALUE_MOST);
    if (stop - at >= 8)
        scan_found(scan, row, at, stop);
    return end;
}

/* minisign and signify: a comment line, and the key on the next. */
static size_t match_signing_key(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t at = end;
    while (at < text.size && at - end < 128 && text.data[at] != '\n' && text.data[at] != '\\')
        at++;
    at += char_at(text, at) == '\\' ? 2 : 1;
    size_t stop = chars_run(text, at, C_BASE64, VALUE_MOST);
    if (stop > at + 40)
        scan_found(scan, row, at, stop);
    return end;
}

/* <D>base64</D> of an RSAKeyValue. */
static size_t match_xml_key(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t stop = chars_run(text, end, C_BASE64, VALUE_MOST);
    if (stop - end >= 40 && char_at(text, stop) == '<')
        scan_found(scan, row, end, stop);
    return end;
}

/* One member of a JWK that is private (RFC 7518, 6.2.2, 6.3.2, 6.4.1); returns where its name ends. */
static size_t jwk_member(struct scan *scan, const struct recognizer *row, size_t at)
{
    struct bytes text = scan_text(scan);
    size_t word = chars_word_of(text, at, "d|p|q|dp|dq|qi|k"), end = at + word;
    while (char_at(text, end) == '\\')
        end++;
    if (!word || char_at(text, end) != '"')
        return at + 1;
    size_t value = chars_run(text, end, C_FILLER & ~C_DASH, 12);
    while (value > end && char_is(text.data[value - 1], C_TOKEN))
        value--; /* base64url may begin with "_" */
    size_t stop = chars_run(text, value, C_TOKEN, OBJECT_AROUND);
    if (stop - value >= 20)
        scan_found(scan, row, value, stop);
    return stop > end ? stop : end;
}

static size_t match_jwk(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t from = end, to = end;
    while (from > 0 && end - from < OBJECT_AROUND && text.data[from - 1] != '{' && text.data[from - 1] != 0x1e)
        from--;
    while (to < text.size && to - end < OBJECT_AROUND && text.data[to] != '}' && text.data[to] != 0x1e)
        to++;
    for (size_t at = from; at < to;)
        at = text.data[at] == '"' && at + 1 < to ? jwk_member(scan, row, at + 1) : at + 1;
    return to;
}

#define LIST (ROW_LIST | ROW_LOOSE)

static const struct recognizer rows[] = {
    {"secret.pgpass",
     REDACT_PASSWORD,
     ":5432:|:5433:|:6432:|:*:*:",
     match_pgpass,
     NULL,
     0.85f,
     ROW_LEARN | LIST,
     "PostgreSQL documentation, The Password File",
     {0}},
    {"secret.scheme_hash",
     REDACT_PASSWORD,
     "{SHA}|{SSHA}|{SHA256}|{SSHA256}|{SHA512}|{SSHA512}|{PBKDF2}|{MD5}|{SMD5}",
     match_scheme_hash,
     NULL,
     0.9f,
     LIST | ROW_CASED,
     "RFC 2307; htpasswd(1)",
     {0}},
    {"secret.docker_auth",
     REDACT_PASSWORD,
     "\"auth\"|\"auth\\\"",
     match_docker_auth,
     NULL,
     0.95f,
     ROW_LEARN | LIST,
     "Docker documentation, config.json",
     {0}},
    {"key.signing",
     REDACT_KEY,
     "minisign encrypted secret key|signify secret key|rsign encrypted secret key",
     match_signing_key,
     NULL,
     0.95f,
     ROW_STRICT | LIST,
     "minisign(1), signify(1)",
     {0}},
    {"key.xml",
     REDACT_KEY,
     "<D>|<P>|<Q>|<DP>|<DQ>|<InverseQ>",
     match_xml_key,
     NULL,
     0.95f,
     LIST | ROW_CASED,
     "learn.microsoft.com RSA.ToXmlString",
     {0}},
    {"key.jwk",
     REDACT_KEY,
     "\"kty\"|\"kty\\\"",
     match_jwk,
     NULL,
     0.95f,
     LIST | ROW_CASED,
     "RFC 7517; RFC 7518, 6",
     {0}},
};

const struct recognizers recognizers_file = {rows, sizeof rows / sizeof rows[0]};
