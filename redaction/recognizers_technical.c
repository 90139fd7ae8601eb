/* Addresses of machines, URLs that carry identity, home folders. */
#include "redaction/id_match.h"

/* --- IPv4 --- */

/* Four octets at `at`; end or 0. Loopback, unspecified, masks, padded octets and four single digits (a version or
 * section number) do not count. */
static size_t ipv4_end(struct bytes text, size_t at)
{
    unsigned octets[4];
    size_t start = at;
    for (int i = 0; i < 4; i++) {
        size_t end = chars_run(text, at, C_DIGIT, 4);
        bool padded = end - at > 1 && text.data[at] == '0';
        if (end == at || end - at > 3 || padded || (i < 3 && char_at(text, end) != '.'))
            return 0;
        octets[i] = 0;
        for (size_t d = at; d < end; d++)
            octets[i] = octets[i] * 10 + (text.data[d] - '0');
        if (octets[i] > 255)
            return 0;
        at = end + (i < 3);
    }
    bool plain = octets[0] == 127 || octets[0] == 0 || octets[0] == 255 || at - start == 7;
    return plain ? 0 : at;
}

static size_t match_ipv4(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t start = chars_run_back(text, end, C_DIGIT | C_DOT, 16);
    uint8_t before = char_at(text, start - 1);
    bool version = char_is(before, C_ALNUM | C_UNDER | C_DASH) ||
                   (before == '/' && char_is(char_at(text, start - 2), C_ALNUM)) ||
                   chars_near_before(text, start, 12, "version|ver |release|v.");
    if (before == '/' && char_at(text, start - 2) == '/')
        version = false;
    size_t stop = version ? 0 : ipv4_end(text, start);
    bool mapped = start >= 7 && chars_are(text, start - 7, "::ffff:"); /* RFC 4291, 2.5.5.2 */
    if (!stop || char_is(char_at(text, stop), C_WORD) ||
        (char_at(text, stop) == '.' && char_is(char_at(text, stop + 1), C_DIGIT)))
        return end;
    scan_found(scan, row, mapped ? start - 7 : start, stop);
    return stop;
}

/* --- IPv6 (RFC 4291, 2.2) --- */

/* The first group of an address that may be cut to two: link-local, unique local, global. "a::b" is C++. */
static bool is_prefix(struct bytes text, size_t at)
{
    bool whole = chars_run(text, at, C_HEX, 5) == at + 4;
    return whole && (chars_are(text, at, "fe8") || chars_are(text, at, "fc") || chars_are(text, at, "fd") ||
                     (text.data[at] == '2' && !char_is(text.data[at + 1], C_ALPHA)));
}

static size_t match_ipv6(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t start = end;
    while (start > 0 && end - start < 48 && (char_is(text.data[start - 1], C_HEX) || text.data[start - 1] == ':'))
        start--;
    size_t at = start, groups = 0, gaps = 0;
    if (!chars_word_starts(text, start) || char_is(char_at(text, start - 1), C_DOT))
        return end;
    while (at < text.size && at - start < 46) {
        size_t stop = chars_run(text, at, C_HEX, 5);
        if (stop - at > 4)
            return end;
        groups += stop > at;
        gaps += stop == at && at > start;
        at = stop;
        if (char_at(text, at) != ':' || !(char_is(char_at(text, at + 1), C_HEX) || char_at(text, at + 1) == ':'))
            break;
        at++;
    }
    bool whole = groups == 8 && gaps == 0,
         shortened = gaps == 1 && groups < 8 && (groups >= 3 || is_prefix(text, start));
    if ((whole || shortened) && chars_word_ends(text, at) && char_at(text, at) != ':')
        scan_found(scan, row, start, at);
    return at > end ? at : end;
}

/* --- MAC (IEEE 802): six pairs, one separator; all zeros or ones say nothing --- */

static size_t match_mac(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t start = chars_run_back(text, end, C_HEX | C_DASH, 2 + 15);
    while (start > 0 && end - start < 20 &&
           (char_is(text.data[start - 1], C_HEX) || text.data[start - 1] == ':' || text.data[start - 1] == '-'))
        start--;
    end = start + 17;
    if (end > text.size)
        return start;
    uint8_t joint = text.data[start + 2], before = char_at(text, start - 1), after = char_at(text, end);
    bool varied = false;
    if (joint != ':' && joint != '-')
        return start;
    for (size_t i = 0; i < 17; i++) {
        if (i % 3 == 2 ? text.data[start + i] != joint : !char_is(text.data[start + i], C_HEX))
            return start;
        varied |= i % 3 != 2 && char_lower(text.data[start + i]) != char_lower(text.data[start]);
    }
    if (varied && !char_is(before, C_TOKEN) && before != ':' && !char_is(after, C_TOKEN) && after != ':')
        scan_found(scan, row, start, end);
    return end;
}

/* "001b.4411.3ab7", as Cisco writes it: the run of digits is behind a dot. Decimals have no letter. */
static size_t match_mac_dotted(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t start = chars_run_back(text, end, C_HEX | C_DOT, 14), stop = chars_run(text, end, C_HEX | C_DOT, 14);
    if (stop > start && text.data[stop - 1] == '.')
        stop--;
    if (stop - start != 14 || text.data[start + 4] != '.' || text.data[start + 9] != '.' ||
        !chars_word_starts(text, start) || !chars_word_ends(text, stop) || char_at(text, stop) == '-' ||
        char_is(char_at(text, start - 1), C_DASH))
        return end;
    size_t letters = 0, dots = 0;
    for (size_t i = start; i < stop; i++) {
        letters += char_is(text.data[i], C_ALPHA);
        dots += text.data[i] == '.';
    }
    if (letters && dots == 2)
        scan_found(scan, row, start, stop);
    return stop;
}

/* --- URLs --- */

static bool ends_url(uint8_t byte)
{
    return byte <= ' ' || strchr("\"'<>`\\)]}|^", byte) != NULL;
}

/* user:password@ between "://" and the host. */
static size_t match_url_user(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t at = end, colon = 0;
    for (; at < text.size && at - end < 256 && !ends_url(text.data[at]) && !strchr("/?#@", text.data[at]); at++)
        if (text.data[at] == ':' && !colon)
            colon = at;
    if (char_at(text, at) != '@' || at == end)
        return end;
    scan_found(scan, row, end, at);
    return at;
}

/* The value of a telling query parameter. */
static size_t match_url_query(struct scan *scan, const struct recognizer *row, size_t end)
{
    static const char telling[] =
        "access_token|auth_token|auth|token|api_key|apikey|subscription-key|appid|key|secret|client_secret|sig|"
        "signature|password|passwd|pwd|code|"
        "session|sid|x-amz-signature|x-amz-credential|x-amz-security-token|x-goog-signature|x-goog-credential";
    struct bytes text = scan_text(scan);
    size_t at = end, name = chars_run_back(text, end - 1, C_TOKEN, 32);
    uint8_t before = char_at(text, name - 1);
    if ((before != '?' && before != '&') || chars_word_of(text, name, telling) != end - 1 - name)
        return end;
    while (at < text.size && at - end < 2048 && !ends_url(text.data[at]) && text.data[at] != '&' &&
           text.data[at] != '#')
        at++;
    if (at - end >= 6 && char_at(text, end) != '{' && char_at(text, end) != '$')
        scan_found(scan, row, end, at);
    return at > end ? at : end;
}

/* --- logins in logs --- */

/* "user=mkowalczyk " as sshd, PAM and proxies write it. In code ("user=name, ...", "user=find()") a comma, a bracket or
 * a dot follows, and nothing is touched. */
static size_t match_login(struct scan *scan, const struct recognizer *row, size_t end)
{
    static const char shared[] =
        "root|admin|administrator|user|users|username|guest|test|nobody|daemon|system|postgres|mysql|"
        "redis|www-data|git|deploy|service|ubuntu|runner|app|none|null|true|false|anonymous";
    struct bytes text = scan_text(scan);
    size_t start = chars_run_back(text, end - 1, C_TOKEN, 32);
    size_t stop = chars_run(text, end, C_TOKEN, 33), size = stop - end;
    uint8_t before = char_at(text, start - 1), behind = char_at(text, stop);
    bool in_line = (start == 0 || char_is(before, C_SPACE)) && (stop == text.size || char_is(behind, C_SPACE));
    bool worded = char_is(char_at(text, end), C_ALPHA) && size >= 3 && size <= 32;
    if (in_line && worded && chars_word_of(text, end, shared) != size)
        scan_found(scan, row, end, stop);
    return end;
}

/* --- home folders --- */

#define SHARED_HOMES                                                                                                   \
    "user|users|username|user_name|you|your_user|yourname|name|me|ubuntu|root|admin|runner|runneradmin|vscode|node|"   \
    "app|"                                                                                                             \
    "default|public|all|shared|guest|test|linuxbrew|container|work|project|projects|src|data"

static size_t found_home(struct scan *scan, const struct recognizer *row, size_t start, size_t user, size_t stop)
{
    struct bytes text = scan_text(scan);
    if (stop - user < 2 || chars_word_of(text, user, SHARED_HOMES) == stop - user)
        return stop;
    scan_found(scan, row, start, stop);
    return stop;
}

/* Where the path with the home folder at `start` begins: there, or at the mount it is under ("/mnt/c", "/export",
 * "/var"). SIZE_MAX when it is none: "example.com/home/x" is a page. */
static size_t home_root(struct bytes text, size_t start)
{
    static const char mounts[] =
        "mnt|c|d|e|export|var|usr|nfs|data|srv|net|volumes|host|private|rootfs|cygdrive|system";
    for (int depth = 0; depth < 4; depth++) {
        if (!char_is(char_at(text, start - 1), C_WORD | C_DOT | C_DASH))
            return start;
        size_t name = chars_run_back(text, start, C_WORD | C_DASH, 16);
        if (char_at(text, name - 1) != '/' || chars_word_of(text, name, mounts) != start - name)
            return SIZE_MAX;
        start = name - 1;
    }
    return SIZE_MAX;
}

static size_t match_home(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t start = end - (char_lower(text.data[end - 2]) == 'e' ? sizeof "/home/" - 1 : sizeof "/Users/" - 1);
    size_t stop = chars_run(text, end, C_TOKEN | C_DOT, 64);
    while (stop > end && text.data[stop - 1] == '.')
        stop--;
    size_t root = home_root(text, start);
    if (root == SIZE_MAX)
        return end;
    return found_home(scan, row, root, end, stop);
}

static size_t match_home_windows(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t start = end;
    while (char_at(text, end) == '\\')
        end++;
    while (start > 0 && end - start < 40 && text.data[start - 1] != ':' && text.data[start - 1] != 0x1e)
        start--;
    if (start < 2 || text.data[start - 1] != ':' || !char_is(text.data[start - 2], C_ALPHA))
        return end;
    size_t stop = end;
    while (stop < text.size && stop - end < 64 && !ends_url(text.data[stop]) && !strchr("/:*?", text.data[stop]))
        stop++;
    return found_home(scan, row, start - 2, end, stop);
}

/* "\\wsl$\Ubuntu\home\mia": the home folder as Windows sees it, its backslashes doubled within strings. */
static size_t match_home_wsl(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t start = end - (sizeof "\\home\\" - 1);
    while (char_at(text, end) == '\\')
        end++;
    size_t stop = chars_run(text, end, C_TOKEN | C_DOT, 64);
    return found_home(scan, row, start, end, stop);
}

/* "-Users-mia-project": a path as agent tools flatten it. */
static size_t match_home_dashed(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t start = end - (char_lower(text.data[end - 2]) == 'e' ? sizeof "-home-" - 1 : sizeof "-Users-" - 1);
    size_t stop = chars_run(text, end, C_WORD | C_DOT, 64);
    if (start >= 6 && chars_are(text, start - 6, "-mnt-"))
        start -= 6; /* "-mnt-c-Users-mia": under WSL */
    if (char_is(char_at(text, start - 1), C_ALNUM))
        return end;
    return found_home(scan, row, start, end, stop);
}

static const struct recognizer rows[] = {
    {"ip.v4",
     REDACT_IP,
     NULL,
     match_ipv4,
     NULL,
     0.85f,
     ROW_LEARN,
     "RFC 791",
     {1 << 1 | 1 << 2 | 1 << 3, 0, BESIDE_DOT}},
    {"ip.v6",
     REDACT_IP,
     NULL,
     match_ipv6,
     NULL,
     0.85f,
     ROW_LEARN,
     "RFC 4291, 2.2",
     {DIGITS_OR_MORE(1), 0, BESIDE_COLON | BESIDE_LOWER | BESIDE_UPPER}},
    {"mac",
     REDACT_MAC,
     NULL,
     match_mac,
     NULL,
     0.9f,
     ROW_LEARN,
     "IEEE 802",
     {1 << 1 | 1 << 2, 0, BESIDE_COLON | BESIDE_DASH | BESIDE_LOWER_HEX | BESIDE_UPPER_HEX}},
    {"mac.letters",
     REDACT_MAC,
     "(?i)[a-f]{2}[:-][a-f]{2}[:-][a-f]{2}[:-]",
     match_mac,
     NULL,
     0.9f,
     ROW_LEARN,
     "IEEE 802",
     {0}},
    {"mac.labelled",
     REDACT_MAC,
     "mac|mac address|mac_address|hwaddr|bssid",
     match_numbered,
     "%x{12}",
     0.9f,
     ROW_LEARN | ROW_LIST,
     "IEEE 802",
     {0}},
    {"mac.dotted",
     REDACT_MAC,
     NULL,
     match_mac_dotted,
     NULL,
     0.85f,
     ROW_LEARN,
     "Cisco IOS configuration guides",
     {1 << 1 | 1 << 2 | 1 << 3 | 1 << 4, BESIDE_DOT, 0}},
    {"url.user", REDACT_URL_USER, "://", match_url_user, NULL, 0.9f, ROW_STRICT, "RFC 3986, 3.2.1", {0}},
    {"url.query",
     REDACT_URL_USER,
     "token=|key=|secret=|auth=|appid=|sig=|signature=|password=|passwd=|pwd=|code=|session=|sid=|credential=",
     match_url_query,
     NULL,
     0.9f,
     ROW_STRICT | ROW_LIST | ROW_LOOSE,
     "RFC 6750, 2.3; vendors' signed URLs",
     {0}},
    {"login.logged",
     REDACT_USERNAME,
     "user=|username=|login=|logname=|acct=",
     match_login,
     NULL,
     0.8f,
     ROW_LEARN | ROW_LIST | ROW_LOOSE,
     "logs of sshd, PAM and proxies",
     {0}},
    {"home.unix",
     REDACT_PATH,
     "/home/|/Users/",
     match_home,
     NULL,
     0.9f,
     ROW_LEARN | ROW_LIST | ROW_CASED | ROW_LOOSE,
     "FHS 3.0, 3.8",
     {0}},
    {"home.windows",
     REDACT_PATH,
     "\\users\\|\\documents and settings\\|:/users/",
     match_home_windows,
     NULL,
     0.9f,
     ROW_LEARN | ROW_LIST | ROW_LOOSE,
     "known folders",
     {0}},
    {"home.wsl",
     REDACT_PATH,
     "\\home\\",
     match_home_wsl,
     NULL,
     0.9f,
     ROW_LEARN | ROW_LIST | ROW_CASED | ROW_LOOSE,
     "learn.microsoft.com, WSL file systems",
     {0}},
    {"home.dashed",
     REDACT_PATH,
     "-home-|-Users-",
     match_home_dashed,
     NULL,
     0.85f,
     ROW_LEARN | ROW_LIST | ROW_CASED | ROW_LOOSE,
     "project folders of agent tools",
     {0}},
};

const struct recognizers recognizers_technical = {rows, sizeof rows / sizeof rows[0]};
