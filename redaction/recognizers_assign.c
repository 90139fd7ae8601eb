/* Values behind a name that claims a secret: settings, code, command lines, talk. Hides what a value must look like
 * under which name and sign. */
#include "redaction/bridge.h"
#include "redaction/claim.h"
#include "redaction/rarity.h"
#include "redaction/recognizer.h"

#define NAME_BACK 32
#define UUID_SIZE 36
#define VALUE_MOST 4096
#define SAID_MOST 96 /* bytes of a password in talk */
#define FLAG_MOST 1024
#define FAR_MOST 200   /* bytes of a value that only a blank or a joint leads to */
#define JOINT_DIGITS 2 /* of one behind a joint */

/* --- what stands there --- */

/* Where the name begins, with words before it on the line: "the cache key" is not "key". */
static size_t name_start(struct bytes text, size_t end)
{
    size_t at = end;
    while (at > 0 && end - at < NAME_BACK && (char_is(text.data[at - 1], C_TOKEN | C_DOT) || text.data[at - 1] == ' '))
        at--;
    return at;
}

enum { NEAR_ROW, ROWS = 12 };
static const struct recognizer rows[ROWS];

/* A place in code: "self.token.value", "key_password," as an argument. */
static bool is_reference(struct bytes text, struct bytes value)
{
    size_t after = (size_t)(value.data - text.data) + value.size;
    if (chars_run(value, 0, C_WORD | C_DOT, SIZE_MAX) != value.size || rarity_of(value) >= RARITY_HEX)
        return false;
    bool words = chars_run(value, 0, C_ALPHA | C_UNDER | C_DOT, SIZE_MAX) == value.size;
    bool argument = char_at(text, after) == ',' || char_at(text, after) == ')' || char_at(text, after) == '(';
    return bytes_find(value, bytes_str(".")) != SIZE_MAX ? words || !char_is(value.data[0], C_DIGIT)
                                                         : words && argument;
}

struct kinds {
    size_t digits, letters, others;
};

/* False where a byte is in no key. */
static bool count_kinds(struct bytes value, struct kinds *out)
{
    *out = (struct kinds){0};
    for (size_t i = 0; i < value.size; i++) {
        uint8_t byte = value.data[i];
        if (!char_is(byte, C_BASE64 | C_TOKEN | C_DOT) && !strchr("~:%@!$", byte ? byte : ' '))
            return false;
        out->digits += char_is(byte, C_DIGIT);
        out->letters += char_is(byte, C_ALPHA);
        out->others += !char_is(byte, C_ALNUM);
    }
    return true;
}

/* A value that nothing marks: it must look made by a machine, or be one word of many digits and letters. */
static bool far_holds(enum claim claim, enum link link, struct bytes value)
{
    struct kinds kinds;
    if (!count_kinds(value, &kinds) || bytes_find(value, bytes_str("://")) != SIZE_MAX)
        return false;
    if (kinds.digits < JOINT_DIGITS && (link == LINK_JOINT || value.size < 20))
        return false;
    enum rarity rarity = rarity_of(value);
    if (link == LINK_DIVIDED) /* of a table's two cells each may be anything */
        return rarity == RARITY_RANDOM && value.size >= 16;
    bool id = (value.size == UUID_SIZE && kinds.others == 4) || value.size < 32;
    switch (rarity) {
    case RARITY_NONE:
        return false;
    case RARITY_SOME:
        return claim >= CLAIM_KEY && value.size >= 14 && kinds.letters >= 5 && kinds.digits >= (kinds.others ? 8 : 4) &&
               (link == LINK_BLANK || kinds.digits >= 8) && bytes_find(value, bytes_str(".")) == SIZE_MAX;
    case RARITY_HEX:
        return claim >= CLAIM_SECRET ||
               (claim == CLAIM_KEY && (!id || (link == LINK_JOINT && value.size == UUID_SIZE)));
    case RARITY_RANDOM:
        return link == LINK_BLANK || value.size >= 16;
    }
    return false;
}

/* "base64", "sha-256", "utf8" */
static bool is_algorithm(struct bytes value)
{
    size_t word = chars_run(value, 0, C_ALPHA, 8);
    return chars_word_of(bytes_part(value, 0, word), 0, "base|utf|sha|md|aes|hs|rs|es|ps|latin|ripemd|blake|ed|iso") &&
           chars_run(value, word, C_DIGIT | C_DASH | C_UNDER, SIZE_MAX) == value.size;
}

/* As people choose passwords, and no name of a field: "Hunter_03NB", not "password2" or "too-short-1". */
static bool is_chosen(struct bytes value)
{
    size_t digits = 0, letters = 0, others = 0;
    unsigned kinds = 0;
    for (size_t i = 0; i < value.size; i++) {
        kinds |= chars_class[value.data[i]];
        digits += char_is(value.data[i], C_DIGIT);
        letters += char_is(value.data[i], C_ALPHA);
        others += !char_is(value.data[i], C_ALNUM | C_UNDER | C_DASH | C_DOT);
    }
    bool number = char_at(value, 0) == '0' && char_lower(char_at(value, 1)) == 'x';
    if (value.size < 6 || !digits || !letters || kinds & C_SPACE)
        return false;
    if (number || rarity_is_filler(value) || is_algorithm(value))
        return false;
    bool mixed = kinds & C_UPPER && kinds & C_LOWER;
    return claim_of(value) == CLAIM_NONE && (mixed || others || (digits > 1 && !(kinds & (C_DASH | C_DOT | C_UNDER))));
}

/* As an argument, where names, numbers of versions and patterns stand too. */
static bool is_given(struct bytes value)
{
    for (size_t i = 0; i < value.size; i++)
        if (strchr("%{}()[]\\", value.data[i] ? value.data[i] : '%'))
            return false;
    return value.size >= 8 && is_chosen(value);
}

/* The first of a word that stands there without a sign: "db_password Hunter2!"; behind the bare word more is asked. */
static bool is_told(struct bytes name, struct bytes value, bool quoted)
{
    bool code = bytes_find(value, bytes_str("(")) != SIZE_MAX || bytes_find(value, bytes_str("\\")) != SIZE_MAX ||
                (!quoted && strchr("*&-", char_at(value, 0)));
    if (code || !is_chosen(value) || claim_is_no_value(value))
        return false;
    unsigned kinds = 0;
    size_t digits = 0, signs = 0;
    for (size_t i = 0; i < value.size; i++) {
        kinds |= chars_class[value.data[i]];
        digits += char_is(value.data[i], C_DIGIT);
        signs += !char_is(value.data[i], C_ALNUM | C_DASH | C_DOT | C_PLUS_SLASH) && value.data[i] < 0x80;
    }
    bool joined = bytes_find(name, bytes_str("_")) != SIZE_MAX;
    return quoted || joined || (value.size >= 8 && digits && signs && kinds & C_UPPER && kinds & C_LOWER);
}

static bool near_holds(struct bytes text, enum claim claim, const struct bridge *bridge, struct bytes value,
                       bool quoted)
{
    if (!quoted && (bytes_find(value, bytes_str("(")) != SIZE_MAX || bytes_find(value, bytes_str("[")) != SIZE_MAX ||
                    bridge->link == LINK_COMMA || is_reference(text, value)))
        return false;
    bool argument = bridge->link == LINK_COMMA || bridge->link == LINK_CALL;
    if (bridge->link == LINK_CALL && claim < CLAIM_SECRET)
        return false; /* what makes an access, a key, an interface takes any name */
    if (bridge->link == LINK_COMPARE || argument)
        return rarity_of(value) >= RARITY_HEX || (argument && claim >= CLAIM_SECRET && is_given(value));
    size_t behind = (size_t)(value.data - text.data) + value.size;
    if (bridge->link == LINK_TAG && !bytes_starts(bytes_part(text, behind, 2), "</"))
        return false;
    return claim_holds(claim, value, !quoted && bridge->spaced && bridge->link == LINK_SIGN);
}

/* "$password = word;": what begins with a dollar in PHP and Perl is a variable, and this is none. */
static bool is_bare_string(struct bytes text, size_t name, struct bytes value)
{
    size_t behind = (size_t)(value.data - text.data) + value.size, word = chars_run_back(text, name, C_WORD, 32);
    return char_at(text, word - 1) == '$' && char_at(text, behind) == ';' && value.size >= 6 &&
           chars_run(value, 0, C_LOWER | C_DIGIT, SIZE_MAX) == value.size && !claim_is_no_value(value);
}

/* Where nothing else is known of the text: the name claims a secret, a sign leads to it, and no word of a language or
 * of code looks like it. */
static bool holds_alone(enum claim claim, const struct bridge *bridge, struct bytes value)
{
    return claim >= CLAIM_SECRET && bridge->link == LINK_SIGN && value.size >= 8 && !claim_is_no_value(value) &&
           (rarity_of(value) >= RARITY_HEX || is_chosen(value));
}

/* NAME=value, name: "value", getenv("NAME", "value"), name value, name-value. */
static size_t match_named(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t name = end - !char_is(text.data[end - 1], C_WORD); /* an anchor may hold the sign behind the name */
    struct bridge bridge = bridge_from(text, bridge_name_end(text, name));
    if (bridge.link == LINK_NONE)
        return end;
    if (bridge.link == LINK_JOINT && !scan_has_digits(scan, bridge.at, FAR_MOST, JOINT_DIGITS))
        return end;
    size_t start = name_start(text, name);
    enum claim claim = claim_of(bytes_part(text, start, bridge.name - start));
    if (claim == CLAIM_NONE)
        return end;
    size_t scheme = bridge.link == LINK_SIGN ? chars_word_of(text, bridge.at, "bearer|oauth|basic|token|apikey") : 0;
    size_t at = scheme ? chars_run(text, bridge.at + scheme, C_SPACE, 2) : bridge.at;
    bool quoted = bridge_is_quote(char_at(text, at));
    if (bridge.link <= LINK_JOINT) {
        if (scan_is_strict(scan))
            return end;
        struct bytes near = claim_value(bytes_part(text, 0, at + FAR_MOST), &at);
        if (claim == CLAIM_PASSWORD && bridge.link == LINK_BLANK &&
            is_told(bytes_part(text, start, bridge.name - start), near, quoted))
            scan_found(scan, &rows[NEAR_ROW], at, at + near.size);
        else if (far_holds(claim, bridge.link, near))
            scan_found(scan, &rows[NEAR_ROW], at, chars_run(text, at + near.size, C_TOKEN | C_BASE64, VALUE_MOST));
        return end;
    }
    struct bytes value = claim_value(text, &at);
    bool open = quoted && char_at(text, at + value.size) == '\n'; /* "Passphrase: ", and code behind it */
    bool bare = claim == CLAIM_PASSWORD && !quoted && is_bare_string(text, bridge.name, value);
    bool holds = scan_is_strict(scan) ? holds_alone(claim, &bridge, value)
                                      : bare || near_holds(text, claim, &bridge, value, quoted);
    if (!open && holds)
        scan_found(scan, row, at, at + value.size);
    return at + value.size > end ? at + value.size : end;
}

/* --- talk --- */

/* What is said of a password, not the password: "is wrong", "is required". */
static bool is_remark(struct bytes value)
{
    static const char words[] =
        "wrong|correct|incorrect|expired|not|too|weak|strong|required|invalid|stored|hashed|encrypted|reset|changed|"
        "saved|being|now|still|in|on|at|case|same|different|hidden|safe|secure|set|blank|empty|needed|mandatory|"
        "optional|sent|protected|known|unknown|lost|forgotten|very|so|also|just|only|written|used|needed|ready|shared|"
        "generated|created|updated|checked|verified|valid|accepted|rejected|denied|already|always|never|no|longer|"
        "shorter|short|long|at|least|between|something|someone|whatever|here|there|below|above|attached|on|off|why|"
        "what|how|that|this|it|his|her|their|our|my|your|the|a|an|to|for|from|by|as|if|all|any|one|two|both|easy|hard|"
        "simple|enough|important|secret|private|confidential|temporary|default|unique|random|visible|exposed|leaked|"
        "really|simply|usually|often|then|none";
    size_t word = chars_word_of(value, 0, words);
    return word > 0 && (word == value.size || !char_is(value.data[word], C_DASH | C_UNDER));
}

/* "the password is hunter2": a word alone will do where the sentence ends behind it. */
static size_t match_prose(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t at = chars_run(text, end, C_SPACE, 3);
    at += char_at(text, at) == ':';
    at = chars_run(text, at, C_SPACE, 2);
    bool quoted = bridge_is_quote(char_at(text, at));
    struct bytes value = claim_value(bytes_part(text, 0, at + SAID_MOST), &at);
    while (value.size && strchr("!?", value.data[value.size - 1]) && char_at(text, at + value.size) <= ' ' && !quoted)
        value.size--;
    if (value.size < 4 || claim_is_no_value(value) || (!quoted && is_remark(value)) || value.data[0] == ':')
        return end;
    uint8_t after = char_at(text, at + value.size);
    bool said = chars_near_before(text, end, 24, "my password is|the password is|password is|passcode is|pin is") &&
                (after == '.' || after == '\n' || after == 0 || after == '!' || after == 0x1e);
    if (quoted || said || (value.size >= 6 && claim_looks_secret(value)))
        scan_found(scan, row, at, at + value.size);
    return end;
}

/* "pw: hunter2", "pass hunter2!" */
static size_t match_short_name(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t at = chars_run(text, end, C_SPACE, 2);
    struct bytes value = claim_value(bytes_part(text, 0, at + SAID_MOST), &at);
    if (value.size >= 4 && !claim_is_no_value(value) && !is_remark(value) && rarity_of(value) >= RARITY_SOME &&
        bytes_find(value, bytes_str("(")) == SIZE_MAX && bytes_find(value, bytes_str("[")) == SIZE_MAX)
        scan_found(scan, row, at, at + value.size);
    return end;
}

static bool begins_path(struct bytes value)
{
    return value.data[0] == '/' || bytes_find(value, bytes_str("/")) != SIZE_MAX;
}

/* "login with alice / hunter2", "credentials: alice:hunter2": the second of the pair. */
static size_t match_pair(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t at = chars_run(text, end, C_SPACE, 2);
    at += char_at(text, at) == ':';
    at = chars_run(text, at, C_SPACE, 2);
    size_t user = at;
    while (at < text.size && at - user < 64 && text.data[at] > ' ' && !strchr("/:,;|", text.data[at]))
        at++;
    size_t name = at;
    at = chars_run(text, at, C_SPACE, 2);
    size_t joint = char_at(text, at) && strchr("/:|", text.data[at]) ? 1 : chars_word_of(text, at, "and|password");
    if (name - user < 2 || joint == 0 || (joint > 1 && at == name))
        return end;
    at = chars_run(text, at + joint, C_SPACE, 2);
    struct bytes value = claim_value(bytes_part(text, 0, at + SAID_MOST), &at);
    if (rarity_of(value) >= RARITY_SOME && !begins_path(value))
        scan_found(scan, row, at, at + value.size);
    return end;
}

/* --- what everybody takes --- */

/* "p@ssw0rd99", "password123": with signs behind; not a name in code ("password1 = "). */
static size_t match_common(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t start = end, stop = end, digits = 0;
    while (start > 0 && char_is(text.data[start - 1], C_ALPHA | C_DIGIT) && end - start < 24)
        start--;
    while (start > 0 && strchr("@$", text.data[start - 1]) && end - start < 24)
        start = chars_run_back(text, start - 1, C_ALPHA | C_DIGIT, 12);
    while (stop < text.size && stop - end < 24 &&
           (char_is(text.data[stop], C_ALNUM) || strchr("!@#$%^&*", text.data[stop] ? text.data[stop] : ' ')))
        stop++;
    for (size_t i = start; i < stop; i++)
        digits += char_is(text.data[i], C_DIGIT);
    uint8_t before = char_at(text, start - 1), after = char_at(text, chars_run(text, stop, C_SPACE, 2));
    bool name = char_is(before, C_WORD | C_DOT | C_DASH) || char_is(char_at(text, stop), C_UNDER | C_DASH | C_DOT) ||
                (after && strchr("=:([", after));
    bool plain = char_is(char_at(text, end - 1), C_DIGIT); /* "password1": one digit is a name's */
    if (!name && stop - start >= 8 && digits >= (plain ? 3 : 1))
        scan_found(scan, row, start, stop);
    return stop > end ? stop : end;
}

/* --- command lines --- */

/* --password value, --token=value, -Password value */
static size_t match_flag(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t dashes = chars_run_back(text, end, C_TOKEN, 32);
    if ((char_at(text, end) != ' ' && char_at(text, end) != '=') || char_at(text, dashes) != '-' ||
        char_is(char_at(text, dashes - 1), C_WORD))
        return end;
    size_t at = ++end;
    struct bytes value = claim_value(bytes_part(text, 0, at + FLAG_MOST), &at);
    if (value.size >= 4 && value.data[0] != '-' && !claim_is_no_value(value) &&
        (text.data[end - 1] == '=' || claim_looks_secret(value)))
        scan_found(scan, row, at, at + value.size);
    return end;
}

/* curl -u user:password */
static size_t match_user_flag(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t at = end;
    struct bytes value = claim_value(bytes_part(text, 0, at + FLAG_MOST), &at);
    size_t colon = bytes_find(value, bytes_str(":"));
    if (colon != SIZE_MAX && colon > 0 && value.size - colon > 4 && value.data[0] != '$' &&
        !strchr("$/:", char_at(value, colon + 1)))
        scan_found(scan, row, at, at + value.size);
    return end;
}

/* psexec \\host -u user -p password, docker login -u user -p password, sshpass -p password */
static size_t match_password_flag(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    bool asks = chars_near_before(text, end, 80, "mysql|mariadb"); /* and the database follows */
    if (asks || !chars_near_before(text, end, 80, " -u | --username |sshpass"))
        return end;
    size_t at = end;
    struct bytes value = claim_value(bytes_part(text, 0, at + FLAG_MOST), &at);
    if (value.size >= 4 && value.data[0] != '-' && !claim_is_no_value(value) && !rarity_is_filler(value) &&
        chars_run(value, 0, C_DIGIT | C_DOT, SIZE_MAX) != value.size)
        scan_found(scan, row, at, at + value.size);
    return end;
}

/* ConvertTo-SecureString "value" -AsPlainText */
static size_t match_secure_string(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t at = chars_run(text, end, C_SPACE, 3);
    bool quoted = bridge_is_quote(char_at(text, at));
    struct bytes value = claim_value(bytes_part(text, 0, at + FLAG_MOST), &at);
    if (quoted && value.size >= 4 && value.data[0] != '$')
        scan_found(scan, row, at, at + value.size);
    return end;
}

/* LIST: a list of literals, whatever stands around them. */
#define LIST (ROW_LIST | ROW_LOOSE)

static const struct recognizer rows[ROWS] = {
    [NEAR_ROW] = {"secret.near", REDACT_PASSWORD, NULL, NULL, NULL, 0.79f, ROW_LEARN, "names of settings", {0}},
    {"secret.password",
     REDACT_PASSWORD,
     "password|passwd|passphrase|passcode|pwd|_pass|-pass|\"pass\"|'pass'|passwort|motdepasse|contrasena|wachtwoord|"
     "sharedkey|keymaterial",
     match_named,
     NULL,
     0.9f,
     ROW_STRICT | ROW_LEARN | LIST,
     "names of settings",
     {0}},
    {"secret.assignment",
     REDACT_PASSWORD,
     "secret|token|credential|apikey|webhook|_auth",
     match_named,
     NULL,
     0.89f,
     ROW_STRICT | ROW_LEARN | LIST,
     "names of settings",
     {0}},
    {"secret.key",
     REDACT_PASSWORD,
     "key|access|private|license|_pat| pat |_api|unseal|auth:|auth=|auth\"|auth'|api:|api=|pat:|pat=",
     match_named,
     NULL,
     0.89f,
     ROW_LEARN | LIST,
     "names of settings",
     {0}},
    {"secret.prose",
     REDACT_PASSWORD,
     "password is|password was|password to|passphrase is|passcode is|pin is|pin code is|api key is|secret key "
     "is|access token is|secret is|pw is|pwd is|passwort ist|mot de passe est",
     match_prose,
     NULL,
     0.85f,
     ROW_LEARN | ROW_LIST,
     "talk",
     {0}},
    {"secret.short_name",
     REDACT_PASSWORD,
     "pw:|pw =|pw=|pass:|pass =|pass=|(pw |(pass |, pw ",
     match_short_name,
     NULL,
     0.8f,
     ROW_LEARN | ROW_LIST,
     "talk",
     {0}},
    {"secret.pair",
     REDACT_PASSWORD,
     "login with|log in with|logged in with|sign in with|signed in with|credentials|creds|login:|logins|username/"
     "password|user/pass",
     match_pair,
     NULL,
     0.8f,
     ROW_LEARN | ROW_LIST,
     "talk",
     {0}},
    {"secret.common",
     REDACT_PASSWORD,
     "password1|password2|p@ssw0rd|p@ssword|passw0rd|pa$$w0rd|pa$$word|p@$$w0rd|p@$$word|pa55w0rd|p4ssw0rd|letmein1|"
     "qwerty1|welcome1|admin12",
     match_common,
     NULL,
     0.7f,
     ROW_LEARN | LIST,
     "lists of the passwords most taken",
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
    {"secret.password_flag",
     REDACT_PASSWORD,
     " -p ",
     match_password_flag,
     NULL,
     0.8f,
     ROW_LEARN | LIST | ROW_CASED,
     "sshpass(1), docker login, PsExec",
     {0}},
    {"secret.secure_string",
     REDACT_PASSWORD,
     "ConvertTo-SecureString",
     match_secure_string,
     NULL,
     0.9f,
     ROW_LEARN | LIST,
     "learn.microsoft.com ConvertTo-SecureString",
     {0}},
};

const struct recognizers recognizers_assign = {rows, ROWS};
