/* Strings that open what they name: addresses of webhooks and of nodes with the key in the path, and keys that say by a
 * prefix that they are keys, whoever made them. */
#include "redaction/rarity.h"
#include "redaction/recognizer.h"

#define PATH_MOST 512
#define KEY_LEAST 20
#define HEX_KEY_LEAST 28
#define PREFIX_BACK 28
#define DIGITS_LEAST 3   /* of a key behind a prefix */
#define ENDPOINT_BACK 80 /* bytes from the scheme to the version */
#define UNKNOWN_MOST 64  /* from a token's start to the end of its first random stretch */
#define UNKNOWN_LEAST 24
#define UNKNOWN_PLAIN_LEAST 40 /* without letters of both cases */

static bool is_path_byte(uint8_t byte)
{
    return char_is(byte, C_BASE64 | C_TOKEN | C_DOT) || (byte && strchr("@%~:", byte));
}

static size_t path_end(struct bytes text, size_t at)
{
    size_t stop = at;
    while (stop < text.size && stop - at < PATH_MOST && is_path_byte(text.data[stop]))
        stop++;
    while (stop > at && char_is(text.data[stop - 1], C_DOT))
        stop--;
    return stop;
}

/* Whether a piece of the path is at least as rare as that, and long enough to be a key. */
static bool path_holds(struct bytes path, enum rarity rarity, size_t least)
{
    for (size_t at = 0; at < path.size;) {
        size_t size = bytes_find(bytes_part(path, at, SIZE_MAX), bytes_str("/"));
        struct bytes piece = bytes_part(path, at, size);
        if (piece.size >= least && rarity_of(piece) >= rarity)
            return true;
        at += piece.size + 1;
    }
    return false;
}

/* hooks.slack.com/services/T.../B.../...: from the host on, for a path alone would still work. */
static size_t match_webhook(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t start = chars_run_back(text, end, C_TOKEN | C_DOT | C_PLUS_SLASH, 64), stop = path_end(text, end);
    while (start < end && text.data[start] == '/')
        start++;
    if (path_holds(bytes_part(text, end, stop - end), RARITY_SOME, 6))
        scan_found(scan, row, start, stop);
    return stop > end ? stop : end;
}

/* https://chat.example.org/hooks/...: only the piece that opens it. */
static size_t match_hook(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t stop = chars_run(text, end, C_TOKEN, PATH_MOST);
    struct bytes piece = bytes_part(text, end, stop - end);
    if (piece.size >= KEY_LEAST && rarity_of(piece) == RARITY_RANDOM)
        scan_found(scan, row, end, stop);
    return end;
}

/* "acme_live_4fG...": the part before the joint names the key, the part behind it is made by a machine. */
static size_t match_prefixed(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    if (!scan_has_digits(scan, end, PATH_MOST, DIGITS_LEAST))
        return end;
    size_t stop = chars_run(text, end, C_TOKEN, PATH_MOST);
    size_t start = chars_run_back(text, end, C_LOWER | C_DIGIT | C_UNDER | C_DASH, PREFIX_BACK);
    struct bytes key = bytes_part(text, end, stop - end);
    if (key.size < KEY_LEAST || !chars_word_starts(text, start) || chars_are(key, 0, "pub_"))
        return end;
    if (chars_digits(key, 0, key.size, DIGITS_LEAST) < DIGITS_LEAST)
        return end;
    enum rarity rarity = rarity_of(key);
    bool tested = chars_are(text, end - 4, "est_") || chars_are(text, end - 4, "api_");
    if ((rarity == RARITY_RANDOM || (rarity == RARITY_HEX && key.size >= HEX_KEY_LEAST && !tested &&
                                     chars_run(key, 0, C_HEX, SIZE_MAX) == key.size)))
        scan_found(scan, row, start, stop);
    return end;
}

/* Ids of conversations and of payments have prefixes as keys have; sums of content too. */
static bool is_named_id(struct bytes text, size_t at, size_t end)
{
    struct bytes name = bytes_part(text, at, end - at);
    return chars_word_of(name, 0,
                         "call|chatcmpl|cmpl|msg|resp|rs|fc|ws|req|run|thread|asst|file|step|toolu|srvtoolu|batch|evt|"
                         "vs|item|sess|conv|trace|span|job|task|img|image|user|org|proj|sha1|sha256|sha384|sha512|md5|"
                         "cs|pi|ch|cus|sub|in|price|prod|seti|acct|nonce|id|ft|gen|cache|etag|chunk|snap|ami|vpc|eni|"
                         "css|js|main|index|vendor|layer|blob|commit|build|page|node|doc|event|order|tx|upload|test") !=
           0;
}

/* The prefix of a vendor that nobody here knows: a short word, a joint, and much that is random. */
static size_t match_unknown(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t start = chars_run_back(text, end, C_TOKEN, UNKNOWN_MOST), stop = chars_run(text, end, C_TOKEN, PATH_MOST);
    size_t prefix = chars_run(text, start, C_LOWER | C_DIGIT, 13);
    bool capitals = prefix == start; /* "ACME-...", but not "ACME_KEY..." */
    prefix = capitals ? chars_run(text, start, C_UPPER, 9) : prefix;
    bool hex = chars_run(text, start, C_HEX, 13) == prefix; /* an entity tag's size */
    bool joined = !hex && prefix - start >= 2 && prefix - start <= 12 &&
                  char_is(char_at(text, prefix), capitals ? C_DASH : C_UNDER | C_DASH);
    if (!joined || !chars_word_starts(text, start) || char_at(text, start - 1) == '/' ||
        is_named_id(text, start, prefix))
        return stop;
    struct bytes key = bytes_part(text, prefix + 1, stop - prefix - 1);
    unsigned kinds = 0;
    size_t digits = 0;
    for (size_t i = 0; i < key.size; i++) {
        kinds |= chars_class[key.data[i]];
        digits += char_is(key.data[i], C_DIGIT);
    }
    bool mixed = kinds & C_UPPER && kinds & C_LOWER;
    if (chars_are(key, 0, "pub_")) /* to be published */
        return stop;
    if (key.size >= (mixed ? UNKNOWN_LEAST : UNKNOWN_PLAIN_LEAST) && digits >= 3 && rarity_of(key) == RARITY_RANDOM)
        scan_found(scan, row, start, stop);
    return stop;
}

/* "https://api.example.org/v2/4fGk...": a piece right behind the version that is made by a machine. */
static size_t match_endpoint(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t stop = chars_run(text, end, C_TOKEN, PATH_MOST), digits = 0;
    struct bytes piece = bytes_part(text, end, stop - end);
    for (size_t i = 0; i < piece.size; i++)
        digits += char_is(piece.data[i], C_DIGIT);
    size_t word = chars_run(piece, 0, C_LOWER, 16);
    bool named = char_is(char_at(piece, word), C_UNDER | C_DASH) && is_named_id(text, end, end + word);
    if (piece.size >= KEY_LEAST && digits >= 3 && !named && char_at(text, stop) != '.' &&
        rarity_of(piece) == RARITY_RANDOM && chars_near_before(text, end, ENDPOINT_BACK, "://"))
        scan_found(scan, row, end, stop);
    return end;
}

#define LIST (ROW_LIST | ROW_LOOSE)

static const struct recognizer rows[] = {
    {"url.endpoint",
     REDACT_URL_USER,
     "/v1/|/v2/|/v3/",
     match_endpoint,
     NULL,
     0.75f,
     ROW_LEARN | LIST,
     "Alchemy, Infura, ThingsBoard and others: the key in the path",
     {0}},
    {"url.webhook",
     REDACT_TOKEN,
     "hooks.slack.com/services/|hooks.slack.com/workflows/|hooks.slack.com/triggers/|outlook.office.com/webhook/|"
     "webhook.office.com/webhookb2/|outlook.office365.com/webhook/|discord.com/api/webhooks/|"
     "discordapp.com/api/webhooks/|hooks.zapier.com/hooks/catch/|maker.ifttt.com/trigger/|chat.googleapis.com/v1/"
     "spaces/|alchemyapi.io/v2/|g.alchemy.com/v2/|infura.io/v3/|quiknode.pro/|thingsboard.cloud/api/v1/|"
     "hooks.airtable.com/workflows/|hook.eu1.make.com/|hook.us1.make.com/|hook.integromat.com/|"
     "events.pagerduty.com/integration/|qyapi.weixin.qq.com/cgi-bin/webhook/|open.feishu.cn/open-apis/bot/v2/hook/",
     match_webhook,
     NULL,
     0.95f,
     ROW_STRICT | ROW_LEARN | LIST,
     "the services' pages on incoming webhooks and keyed endpoints",
     {0}},
    {"url.hook",
     REDACT_URL_USER,
     "/hooks/|/webhook/|/webhooks/|/catch/|/services/|/triggers/|/incomingwebhook/",
     match_hook,
     NULL,
     0.85f,
     ROW_LEARN | LIST,
     "Mattermost, GitLab and others: incoming webhooks",
     {0}},
    {"secret.prefixed",
     REDACT_TOKEN,
     "live_|test_|prod_|api_|key_|token_|secret_|sk_|pk_|ak_|rk_|pat_|sk-|key-|token-|secret-|apikey_",
     match_prefixed,
     NULL,
     0.89f,
     ROW_STRICT | ROW_LEARN | LIST,
     "what vendors' prefixes have in common",
     {0}},
    {"secret.unknown",
     REDACT_TOKEN,
     "_-20",
     match_unknown,
     NULL,
     0.7f,
     ROW_LEARN | ROW_RUN,
     "what vendors' prefixes have in common",
     {0}},
};

const struct recognizers recognizers_capability = {rows, sizeof rows / sizeof rows[0]};
