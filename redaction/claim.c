/* Names and what they claim. Hides the lists of endings. */
#include "redaction/claim.h"

#include "redaction/block.h"
#include "redaction/rarity.h"

#define NAME_MOST 40 /* letters of a name's end that are looked at */
#define VALUE_MOST 4096
#define APP_ID 16
#define SEPARATOR 0x1e /* between the strings of a JSON document: no value crosses it */
#define BARE_LEAST 20
#define KEY_LEAST 12 /* bytes from which letters with digits are enough under a key */

/* --- names --- */

struct plain {
    char text[NAME_MOST + 1]; /* lower case letters and digits */
    size_t size;
    uint64_t starts; /* bit n: a word starts at text[n] */
};

static bool ends_item(struct bytes list, size_t at)
{
    return at >= list.size || list.data[at] == '|';
}

/* How long the item of `ends` ('|' between) is that the text ends with; 0 if none. Names are asked for many items, and
 * most differ in their last letter: sixty-four bytes of the list at a time. */
static size_t end_of(const char *text, size_t size, const char *ends)
{
    struct bytes list = bytes_str(ends);
    for (size_t base = 0; size && base < list.size; base += 64) {
        struct block block = block_at(list, base);
        uint64_t lasts = block_are(&block, (uint8_t)text[size - 1]);
        uint64_t bars = block_are(&block, '|') >> 1 | (uint64_t)ends_item(list, base + 64) << 63;
        if (list.size - base < 64)
            bars |= 1ull << (list.size - base - 1);
        for (uint64_t hits = lasts & bars; hits; hits &= hits - 1) {
            size_t end = base + (size_t)__builtin_ctzll(hits) + 1, length = 0;
            while (length < end && ends[end - length - 1] != '|')
                length++;
            if (length <= size && memcmp(text + size - length, ends + end - length, length) == 0)
                return length;
        }
    }
    return 0;
}

static void plain_from(struct bytes name, struct plain *out)
{
    size_t from = name.size;
    *out = (struct plain){0};
    for (size_t letters = 0; from > 0 && letters < NAME_MOST; from--)
        letters += char_is(name.data[from - 1], C_ALNUM);
    for (size_t i = from; i < name.size && out->size < NAME_MOST; i++) {
        uint8_t byte = name.data[i], before = i > 0 ? name.data[i - 1] : 0;
        if (!char_is(byte, C_ALNUM))
            continue;
        if (!char_is(before, C_ALNUM) || (char_is(byte, C_UPPER) && !char_is(before, C_UPPER)))
            out->starts |= 1ull << out->size;
        out->text[out->size++] = (char)char_lower(byte);
    }
}

/* What says which one it is, not what: "TOKEN_2", "secret_key_base", "API_KEY_PROD". */
static void strip_tail(struct plain *plain)
{
    static const char tails[] = "production|prod|live|test|dev|staging|base|value|plain|plaintext|raw|default|main";
    for (int i = 0; i < 3; i++) {
        while (plain->size && char_is((uint8_t)plain->text[plain->size - 1], C_DIGIT))
            plain->size--;
        size_t tail = end_of(plain->text, plain->size, tails);
        if (tail == 0 || tail == plain->size)
            return;
        plain->size -= tail;
    }
}

/* Keys and tokens that open nothing: handles of rows, caches and pages, public halves. */
static bool is_handle(const struct plain *plain)
{
    static const char of_keys[] =
        "cache|primary|foreign|partition|sort|routing|public|publishable|pub|site|idempotency|idempotent|object|dedup|"
        "group|index|shard|row|composite|unique|translation|i18n|message|event|map|hash|dict|json|registry|hot|short|"
        "lookup|item|node|page|file|storage|blob|bucket|path|field|column|table|entity|resource|issue|project|"
        "ticket|parent|child|root|state|query|react|list|feature|flag|metric|label|tag|ref|reference|range|surrogate|"
        "candidate|search|filter|menu|arrow|home|any|return|enter|escape|meta|alt|ctrl|shift|property|prop|attribute|"
        "attr|data|memo|config|setting|option|param|header|dimension|answer|trace|span|thread|run|job|task|batch|"
        "document|doc|chunk|version|build|commit|image|layer|content|checksum|integrity|redis|s3|session|request|"
        "correlation|order|product|the|each|this|by|with|of";
    static const char of_tokens[] =
        "next|page|continuation|pagination|paging|sync|resume|stop|eos|bos|pad|unk|mask|special|max|min|total|input|"
        "output|prompt|completion|reasoning|cached|first|last|end|start|num|cursor";
    size_t noun = end_of(plain->text, plain->size, "key|token"), size = plain->size - noun;
    size_t word = noun ? end_of(plain->text, size, noun == 3 ? of_keys : of_tokens) : 0;
    return word && plain->starts >> (size - word) & 1;
}

static bool is_pass(struct bytes name)
{
    if (name.size < 4 || !chars_are(name, name.size - 4, "pass"))
        return false;
    return name.size == 4 || !char_is(name.data[name.size - 5], C_ALPHA) ||
           (char_is(name.data[name.size - 5], C_LOWER) && name.data[name.size - 4] == 'P');
}

/* The shell's working folder. */
static bool is_folder(struct bytes name)
{
    size_t word = chars_run_back(name, name.size, C_WORD, NAME_MOST);
    struct bytes last = bytes_part(name, word, SIZE_MAX);
    return bytes_is(last, "PWD") || bytes_is(last, "OLDPWD");
}

enum claim claim_of(struct bytes name)
{
    static const char passwords[] = "password|passwd|passphrase|passcode|pwd|passwort|wachtwoord|motdepasse|contrasena";
    static const char secrets[] =
        "secret|token|secrettok|apikey|accesskey|secretkey|privatekey|authkey|credential|credentials|signingkey|"
        "encryptionkey|"
        "masterkey|accountkey|sharedkey|licensekey|licencekey|subscriptionkey|deploykey|servicekey|serverkey|appkey|"
        "clientkey|consumerkey|writekey|readkey|recordkey|integrationkey|insertkey|securitykey|streamkey|webhook|"
        "keymaterial|webhookurl|webhookuri|unsealkey|unseal|authtoken|apipass|accesskeysecret|apicode|tokenkey";
    static const char keys[] = "key|access|private|pat|auth|license|api";
    if (name.size == 0 || !char_is(name.data[name.size - 1], C_ALNUM) || is_folder(name))
        return CLAIM_NONE;
    struct plain plain;
    plain_from(name, &plain);
    strip_tail(&plain);
    if (end_of(plain.text, plain.size, passwords) || is_pass(name))
        return CLAIM_PASSWORD;
    if (is_handle(&plain))
        return CLAIM_NONE;
    if (end_of(plain.text, plain.size, secrets))
        return CLAIM_SECRET;
    size_t key = end_of(plain.text, plain.size, keys);
    bool tail = end_of(plain.text, plain.size, "key|access") != 0; /* "somekey" is a key, "someapi" a service */
    if (key == 0 || !(tail || plain.starts >> (plain.size - key) & 1))
        return CLAIM_NONE;
    return key == plain.size && chars_word_of(bytes_of(plain.text, key), 0, "key|license|pat") ? CLAIM_BARE : CLAIM_KEY;
}

/* By the last three letters of all endings. */
bool claim_possible(struct bytes name)
{
    static const char ends[][4] = {"ord", "swd", "ase", "ode", "pwd", "ret", "ken", "key", "ial", "als", "ook",
                                   "url", "uri", "ess", "ate", "pat", "uth", "nse", "api", "ass", "ort", "ena",
                                   "rod", "ion", "ive", "est", "dev", "ing", "lue", "ain", "raw", "ext", "ult"};
    if (name.size < 3 || char_is(name.data[name.size - 1], C_DIGIT))
        return name.size >= 3;
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
        if (chars_are(name, name.size - 3, ends[i]))
            return true;
    return false;
}

/* --- values --- */

bool claim_is_no_value(struct bytes value)
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
    bool reference = first == '$' && (char_at(value, 1) == '{' || char_at(value, 1) == '(' ||
                                      char_at(value, 1) == '_' || char_is(char_at(value, 1), C_ALPHA));
    return reference || first == '<' || first == '{' || first == '%' || first == '(' || first == '[';
}

bool claim_looks_secret(struct bytes value)
{
    size_t digits = 0, letters = 0, others = 0;
    for (size_t i = 0; i < value.size; i++) {
        digits += char_is(value.data[i], C_DIGIT);
        letters += char_is(value.data[i], C_ALPHA);
        others += !char_is(value.data[i], C_ALNUM | C_DASH | C_UNDER | C_DOT);
    }
    if (value.size >= 6 && ((digits && letters) || others || (digits >= 6 && !letters)))
        return true;
    return rarity_of(value) >= RARITY_SOME;
}

/* Letters with digits and nothing that parts words. */
static bool is_one_word(struct bytes value)
{
    size_t digits = 0, letters = 0, others = 0;
    for (size_t i = 0; i < value.size; i++) {
        digits += char_is(value.data[i], C_DIGIT);
        letters += char_is(value.data[i], C_ALPHA);
        others += !char_is(value.data[i], C_BASE64) || value.data[i] == '/';
    }
    return value.size >= KEY_LEAST && others == 0 && digits >= 2 && letters >= 2;
}

/* A prefix ("test_") says nothing about what stands behind it. */
static enum rarity rarity_behind_prefix(struct bytes value)
{
    size_t prefix = chars_run(value, 0, C_LOWER, 12);
    if (prefix == 0 || char_at(value, prefix) != '_')
        return RARITY_NONE;
    return rarity_of(bytes_part(value, prefix + 1, SIZE_MAX));
}

/* An address is no secret unless its last piece is: a webhook. */
static bool is_plain_address(struct bytes value)
{
    if (bytes_find(value, bytes_str("://")) == SIZE_MAX)
        return false;
    size_t last = value.size;
    while (last > 0 && value.data[last - 1] != '/')
        last--;
    return rarity_of(bytes_part(value, last, SIZE_MAX)) < RARITY_HEX;
}

static bool has_blank(struct bytes value)
{
    for (size_t i = 0; i < value.size; i++)
        if (char_is(value.data[i], C_SPACE))
            return true;
    return false;
}

/* What code and patterns begin with, and text after a quote that closed something. */
static bool begins_oddly(struct bytes value)
{
    return strchr(" ,).;:/\\|&", value.data[0]) != NULL;
}

bool claim_holds(enum claim claim, struct bytes value, bool bare)
{
    if (value.size < 4 || claim_is_no_value(value) || begins_oddly(value))
        return false;
    if (claim != CLAIM_PASSWORD && (is_plain_address(value) || has_blank(value)))
        return false;
    switch (claim) {
    case CLAIM_NONE:
        return false;
    case CLAIM_BARE:
        return value.size >= BARE_LEAST && rarity_of(value) == RARITY_RANDOM;
    case CLAIM_PASSWORD:
        return !bare || claim_looks_secret(value);
    case CLAIM_SECRET:
        return rarity_of(value) >= RARITY_SOME;
    case CLAIM_KEY:
        return rarity_of(value) >= RARITY_HEX || rarity_behind_prefix(value) >= RARITY_HEX ||
               (is_one_word(value) && rarity_of(value) != RARITY_NONE);
    }
    return false;
}

/* To the closing quote; an escaped one inside does not close. */
static size_t quoted_end(struct bytes text, size_t at, uint8_t quote)
{
    size_t stop = at;
    while (stop < text.size && stop - at < VALUE_MOST && text.data[stop] != quote && text.data[stop] != '\n' &&
           text.data[stop] != SEPARATOR)
        stop += text.data[stop] == '\\' && char_at(text, stop + 1) != quote ? 2 : 1;
    stop = stop < text.size ? stop : text.size;
    while (stop > at && text.data[stop - 1] == '\\')
        stop--;
    return stop;
}

/* What ends a value without quotes. */
static const bool ends_plain[256] = {
    [0 ... ' '] = true, ['"'] = true, ['\''] = true, ['`'] = true, [','] = true, [';'] = true, ['<'] = true,
    ['>'] = true,       [')'] = true, ['}'] = true,  [']'] = true, ['&'] = true, ['|'] = true};

static size_t plain_end(struct bytes text, size_t at)
{
    size_t stop = chars_run(text, at, C_DIGIT, APP_ID);
    stop = stop - at >= APP_ID - 1 && char_at(text, stop) == '|' ? stop + 1 : at; /* an app's id and its secret */
    while (stop < text.size && stop - at < VALUE_MOST && !ends_plain[text.data[stop]])
        stop++;
    if (stop > at + 1 && text.data[stop - 1] == '.')
        stop--;
    while (stop > at && text.data[stop - 1] == '\\')
        stop--;
    return stop;
}

struct bytes claim_value(struct bytes text, size_t *at)
{
    size_t escape = *at;
    while (char_at(text, escape) == '\\' && escape - *at < 3)
        escape++;
    uint8_t quote = char_at(text, escape);
    if (quote != '"' && quote != '\'' && quote != '`')
        return bytes_part(text, *at, plain_end(text, *at) - *at);
    *at = escape + 1;
    return bytes_part(text, *at, quoted_end(text, *at, quote) - *at);
}
