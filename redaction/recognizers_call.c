/* Secrets as arguments of calls whose name says what they take: auth=("bob", "hunter2"), jwt.sign(claims, "..."). Hides
 * which argument of which call, and where arguments end. */
#include "redaction/claim.h"
#include "redaction/rarity.h"
#include "redaction/recognizer.h"

#define CALL_MOST 700
#define ARGUMENTS 8

/* The string at `at`, a letter ("b", "@") before its quote allowed; size 0 if there is none. */
static struct bytes argument_string(struct bytes text, size_t at)
{
    at += char_is(char_at(text, at), C_LOWER) || char_at(text, at) == '@';
    uint8_t quote = char_at(text, at);
    return quote == '"' || quote == '\'' || quote == '`' ? claim_value(text, &at) : BYTES_NONE;
}

static bool is_secret(struct bytes value, enum rarity least)
{
    for (size_t i = 0; i < value.size; i++)
        if (char_is(value.data[i], C_SPACE) || value.data[i] == 0x1e)
            return false;
    return value.size >= 4 && !claim_is_no_value(value) && !rarity_is_filler(value) && rarity_of(value) >= least &&
           bytes_find(value, bytes_str("://")) == SIZE_MAX;
}

/* Behind the argument that begins at `at`: at its comma, or at what ends the call. */
static size_t argument_end(struct bytes text, size_t at)
{
    int depth = 0;
    for (; at < text.size; at++) {
        uint8_t byte = text.data[at];
        if (byte == '"' || byte == '\'' || byte == '`') {
            size_t body = at, size = claim_value(text, &body).size;
            at = body + size;
        } else if (byte == '(' || byte == '[' || byte == '{') {
            depth++;
        } else if (byte == ')' || byte == ']' || byte == '}' || byte == 0x1e) {
            if (depth-- == 0)
                return at;
        } else if (byte == ',' && depth == 0) {
            return at;
        }
    }
    return at;
}

/* A row's shape: the number of the argument, or '*' for all, and how rare it must be at least. */
static enum rarity shape_rarity(const char *shape)
{
    switch (shape[2]) {
    case 'r':
        return RARITY_RANDOM;
    case 'h':
        return RARITY_HEX;
    case 's':
        return RARITY_SOME;
    }
    return RARITY_NONE;
}

static size_t match_call(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = bytes_part(scan_text(scan), 0, end + CALL_MOST);
    size_t at = end;
    for (int n = '1'; n <= '0' + ARGUMENTS; n++) {
        at = chars_run(text, at, C_SPACE, 64);
        struct bytes value = argument_string(text, at);
        size_t start = value.size ? (size_t)(value.data - text.data) : 0;
        if ((row->shape[0] == '*' || row->shape[0] == n) && is_secret(value, shape_rarity(row->shape)))
            scan_found(scan, row, start, start + value.size);
        at = argument_end(text, at);
        if (char_at(text, at) != ',')
            break;
        at++;
    }
    return at;
}

#define CALL(name, calls, argument, page)                                                                              \
    {                                                                                                                  \
        "call." name, REDACT_PASSWORD, calls, match_call, argument, 0.8f, ROW_LEARN | ROW_LIST | ROW_LOOSE, page,      \
        {                                                                                                              \
            0                                                                                                          \
        }                                                                                                              \
    }

static const struct recognizer rows[] = {
    CALL("basic",
         "basicauth(|digestauth(|basic_auth(|networkcredential(|passwordcredentials(|"
         "passwordauthentication(|credentials.basic(|authtokens.basic(|auth.basic(",
         "2 any", "requests, java.net, .NET: user and password"),
    CALL("auth", "auth=(|auth = (", "2 any", "requests, httpx, neo4j: user and password"),
    CALL("login", ".login(", "2 some", "smtplib, imaplib, ftplib"),
    CALL("database", "getconnection(|mysqli(|mysqli_connect(|mysql_connect(|pdo(", "3 some", "JDBC, PHP"),
    CALL("signed", "jwt.sign(|jwt.encode(|jwt.verify(|jwt.decode(|createhmac(|createclient(|aes.encrypt(|aes.decrypt(",
         "2 some", "PyJWT, jsonwebtoken, Node.js crypto, CryptoJS, Supabase"),
    CALL("key", "hmac.new(|fernet(|secretkeyspec(|hmacsha256(|hmacsha1(|hmacsha512(", "1 hex",
         "hmac, cryptography, javax.crypto, .NET"),
    CALL("oauth",
         "oauth(|oauth1(|oauth1session(|oauthhandler(|set_access_token(|pusher(|setoauthaccesstoken(|setoauthconsumer(",
         "* random", "requests-oauthlib, tweepy, twitter4j, Pusher"),
};

const struct recognizers recognizers_call = {rows, sizeof rows / sizeof rows[0]};
