/* Names of machines within an organisation, and of those who work on them: host names, prompts of shells, lines of
 * login programs, profile pages. */
#include "redaction/names.h"

#define LABEL_MOST 63

/* Accounts that every machine has. */
#define SHARED                                                                                                         \
    "root|admin|administrator|user|users|username|guest|test|nobody|daemon|system|postgres|mysql|redis|www-data|git|"  \
    "deploy|service|ubuntu|runner|app|none|null|true|false|anonymous|debian|centos|fedora|alpine|vagrant|pi|node|"     \
    "jenkins|nginx|apache|staff|wheel|sudo|docker|ec2-user|core|bin|sys|adm|mail|www|ftp|sshd|dbus|messagebus|me|you|" \
    "example|default|localhost|name|host|the|a|an|with|using|as|via|to|from|sync|man|proxy|backup|list|total|vscode|"  \
    "codespace|developer|dev|tty|video|audio|plugdev|kvm|lxd|invalid|illegal|publickey|password|keyboard-interactive"

static bool is_shared(struct bytes text, size_t start, size_t end)
{
    return chars_word_of(text, start, SHARED) == end - start;
}

/* A name of its own: an ordinary word that is learned as a login would be gone from the whole text. */
static bool is_login(const struct scan *scan, size_t start, size_t end)
{
    struct bytes text = scan_text(scan);
    bool sized = end >= start + 3 && end - start <= 32 && char_is(char_at(text, start), C_ALPHA);
    return sized && !is_shared(text, start, end) &&
           !(names_class(scan_names(scan), bytes_part(text, start, end - start)) & (NAME_COMMON | WORD_FILLER));
}

/* --- hosts --- */

/* Start of the labels before the suffix whose dot is at `dot`. */
static size_t host_start(struct bytes text, size_t dot)
{
    return chars_run_back(text, dot, C_ALNUM | C_DASH | C_DOT, 4 * LABEL_MOST);
}

/* What stands in front of such suffixes in code and in everybody's networks. */
static bool is_public(struct bytes text, size_t start)
{
    return chars_word_of(text, start,
                         "metadata|host|kubernetes|gateway|localhost|this|self|cls|threading|thread|jdk|java|javax|com|"
                         "org|io|net|sun|std|os|np|tf|torch|react|settings|config|env|app|module|package|example|"
                         "foo|bar|my|your|tsconfig|appsettings|docker-compose|vars|ctx|flask|g|util|utils|lib|src") > 0;
}

/* Does a digit or a dash stand in it, or (weak) another label? Objects of programs have neither. */
static bool is_marked(struct bytes host, bool dots)
{
    for (size_t i = 0; i < host.size; i++)
        if (char_is(host.data[i], C_DIGIT | C_DASH) || (dots && host.data[i] == '.'))
            return true;
    return false;
}

/* "db01.corp", "build-7.eng.internal": the anchor is the suffix. With ROW_WIDE it is in use for objects too
 * ("threading.local"), and another label alone is no mark. */
static size_t match_internal(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t dot = end;
    while (dot > 0 && text.data[dot - 1] != '.')
        dot--;
    size_t start = host_start(text, --dot);
    uint8_t before = char_at(text, start - 1), behind = char_at(text, end);
    bool goes_on = char_is(behind, C_WORD | C_DASH | C_PLUS_SLASH) || behind == '(' ||
                   (behind == '.' && char_is(char_at(text, end + 1), C_ALNUM));
    bool url = chars_near_before(text, start, 4, "://|@");
    if (start >= dot || (goes_on && !url) || char_is(behind, C_WORD | C_DASH) || char_is(before, C_UNDER) ||
        text.data[start] == '.' || is_public(text, start))
        return end;
    bool said = url || (behind == ':' && char_is(char_at(text, end + 1), C_DIGIT)) ||
                chars_near_before(text, start, 24, "host|server|ssh |ping |node|curl |dig |machine");
    if (said || is_marked(bytes_part(text, start, dot - start), !(row->flags & ROW_WIDE)))
        scan_found(scan, row, start, end);
    return end;
}

/* "ip-10-0-3-17", with its domain. */
static size_t match_ip_name(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t start = chars_run_back(text, end, C_TOKEN, 4), at = end;
    for (int octet = 0; octet < 4; octet++) {
        size_t stop = chars_run(text, at, C_DIGIT, 4);
        if (stop == at || stop - at > 3 || (octet < 3 && char_at(text, stop) != '-'))
            return end;
        at = stop + (octet < 3);
    }
    size_t stop = chars_run(text, at, C_ALNUM | C_DASH | C_DOT, 64);
    while (stop > at && !char_is(text.data[stop - 1], C_ALNUM))
        stop--;
    if ((stop > at && text.data[at] != '.') || !chars_word_starts(text, start) || start + 4 < end)
        return end;
    scan_found(scan, row, start, stop);
    return stop;
}

/* "db01.prod.example.com", "web-3.staging": a numbered machine of an environment. */
static size_t match_environment(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t dot = end;
    while (dot > 0 && text.data[dot - 1] != '.')
        dot--;
    size_t start = host_start(text, --dot), first = chars_run(text, start, C_ALNUM | C_DASH, LABEL_MOST);
    size_t stop = chars_run(text, end, C_ALNUM | C_DASH | C_DOT, 128);
    while (stop > end && !char_is(text.data[stop - 1], C_ALNUM))
        stop--;
    for (size_t i = start; i < dot; i++) /* "torch-2.1.dev" is a version */
        if (text.data[i] == '.' && char_is(text.data[i + 1], C_DIGIT))
            return end;
    bool named = first > start + 2 && char_is(char_at(text, first - 1), C_DIGIT) && char_is(text.data[start], C_ALPHA);
    if (!named || !chars_word_starts(text, start) || char_is(char_at(text, stop), C_WORD | C_PLUS_SLASH) ||
        char_is(char_at(text, start - 1), C_PLUS_SLASH))
        return end;
    scan_found(scan, row, start, stop);
    return stop;
}

/* "hostname: web-prod-03", "DESKTOP-4F7K2LQ" behind "computer name". */
static size_t match_host_labelled(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    bool strong, marked = false;
    size_t at = skip_label(scan, end, 0, &strong),
           stop = at < text.size ? chars_run(text, at, C_TOKEN | C_DOT, 128) : 0;
    while (stop > at && !char_is(text.data[stop - 1], C_ALNUM))
        stop--;
    for (size_t i = at; i < stop; i++)
        marked |= char_is(text.data[i], C_DIGIT) || (text.data[i] == '-' && i > at);
    bool dotted = memchr(text.data + at, '.', stop > at ? stop - at : 0) != NULL;
    if (!marked || dotted || char_at(text, at - 1) == '-' || !char_is(char_at(text, at), C_ALPHA) ||
        !chars_word_starts(text, at) || char_is(char_at(text, stop), C_PLUS_SLASH) || char_at(text, stop) == '(')
        return end;
    scan_found(scan, row, at, stop);
    return stop;
}

/* "Mias-MacBook-Pro", "DESKTOP-4F7K2LQ": names that systems give. */
static size_t match_given_name(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t start = chars_run_back(text, end, C_TOKEN, 40), stop = chars_run(text, end, C_TOKEN, 40);
    if (chars_are(text, stop, ".local"))
        stop += sizeof ".local" - 1;
    bool windows = text.data[end - 1] == '-';
    if (windows && (stop - end != 7 || chars_run(text, end, C_UPPER | C_DIGIT, 8) != stop))
        return end;
    if (!chars_word_starts(text, start) || !chars_word_ends(text, stop) || (!windows && stop == start))
        return end;
    scan_found(scan, row, start, stop);
    return stop;
}

/* --- logins --- */

/* The account behind "ssh", "scp ... ": user@host, with the host if that has no domain. */
static size_t match_remote(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t limit = end + 96;
    for (size_t at = end; at < text.size && at < limit && text.data[at] != '\n' && text.data[at] != 0x1e; at++) {
        if (text.data[at] != '@')
            continue;
        size_t start = chars_run_back(text, at, C_TOKEN | C_DOT, 32);
        size_t stop = chars_run(text, at + 1, C_TOKEN | C_DOT, 128);
        while (stop > at && !char_is(text.data[stop - 1], C_ALNUM))
            stop--;
        bool dotted = memchr(text.data + at, '.', stop - at) != NULL;
        if (stop > at + 1 && char_is(char_at(text, start - 1), C_SPACE | C_EQUALS) && is_login(scan, start, at))
            scan_found(scan, row, start, dotted || is_shared(text, at + 1, stop) ? at : stop);
        return stop;
    }
    return end;
}

/* A shell's prompt: "mjones@build-07:~/src$ ". The anchor is ":~" or ":/". */
static size_t match_prompt(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t colon = end;
    while (colon > 0 && text.data[colon - 1] != ':')
        colon--;
    size_t host = chars_run_back(text, --colon, C_TOKEN | C_DOT, LABEL_MOST);
    if (host == colon || char_at(text, host - 1) != '@')
        return end;
    size_t start = chars_run_back(text, host - 1, C_TOKEN | C_DOT, 32);
    size_t path = chars_run(text, end, C_TOKEN | C_DOT | C_PLUS_SLASH, 200);
    bool line = start == 0 || char_is(text.data[start - 1], C_SPACE) || strchr("([\"`'", text.data[start - 1]);
    bool prompt = char_at(text, path) == '$' || char_at(text, path) == '#' || char_at(text, path) == '%';
    if (!line || !prompt || host - 1 == start)
        return end;
    bool plain = is_shared(text, host, colon);
    if (is_login(scan, start, host - 1))
        scan_found(scan, row, start, plain ? host - 1 : colon);
    else if (!plain)
        scan_found(scan, row, host, colon);
    return colon;
}

/* "uid=1000(mjones)", "groups=1000(mjones)": the name in brackets behind the number. */
static size_t match_uid(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t open = chars_run(text, end, C_DIGIT, 11), stop = chars_run(text, open + 1, C_TOKEN | C_DOT, 33);
    if (open == end || char_at(text, open) != '(' || char_at(text, stop) != ')')
        return end;
    if (is_login(scan, open + 1, stop))
        scan_found(scan, row, open + 1, stop);
    return stop;
}

/* What a line of a login program goes on with behind the account. */
static bool is_log_line(struct bytes text, size_t at)
{
    uint8_t next = char_at(text, at);
    return at >= text.size || next == '\n' || chars_are(text, at, " from") || chars_are(text, at, " by") ||
           chars_are(text, at, "(uid") || chars_are(text, at, " port") ||
           (next == ' ' && char_is(char_at(text, at + 1), C_DIGIT));
}

/* One word behind what a login program says: "Accepted publickey for mjones from", "login as: mjones". With ROW_WIDE
 * whatever follows. */
static size_t match_login_word(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t at = end;
    bool quoted = false;
    for (; at < text.size && at - end < 3 && strchr(" :'\"", text.data[at] ? text.data[at] : 'x'); at++)
        quoted |= text.data[at] != ' ';
    size_t stop = chars_run(text, at, C_TOKEN | C_DOT, 33);
    while (stop > at && !char_is(text.data[stop - 1], C_ALNUM))
        stop--;
    bool line = quoted || row->flags & ROW_WIDE || is_log_line(text, stop);
    if (at > end && line && is_login(scan, at, stop) && chars_word_ends(text, stop))
        scan_found(scan, row, at, stop);
    return stop > end ? stop : end;
}

/* "drwxr-xr-x 5 mjones staff 160 ...": the third field of ls -l is the owner. */
static size_t match_owner(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t at = end, fields[3][2];
    while (at < text.size && at - end < 16 && strchr("rwxsStT-+.@", text.data[at] ? text.data[at] : 'q'))
        at++;
    for (size_t i = 0; i < 3; i++) {
        size_t begin = chars_run(text, at, C_SPACE, 8), stop = chars_run(text, begin, C_TOKEN | C_DOT, 33);
        if (begin == at || stop == begin)
            return end;
        fields[i][0] = begin;
        fields[i][1] = at = stop;
    }
    if (chars_run(text, fields[0][0], C_DIGIT, 8) != fields[0][1])
        return end;
    for (size_t i = 1; i < 3; i++)
        if (is_login(scan, fields[i][0], fields[i][1]))
            scan_found(scan, row, fields[i][0], fields[i][1]);
    return at;
}

/* --- pages about somebody --- */

static bool is_page(struct bytes text, size_t start, size_t end)
{
    static const char pages[] =
        "home|about|login|signin|signup|share|intent|hashtag|search|explore|help|settings|privacy|terms|sharer|watch|"
        "reel|reels|groups|pages|events|company|jobs|school|feed|posts|status|api|docs|blog|support|features|pricing|"
        "topics|trending|marketplace|orgs|apps|new|me|profile|edit|list|all|create|delete|update|register|logout|id|"
        "user|users|username|name|current|self|count|export|import|pulse|in|p|tv|i|joinchat|s|www|static|public|add|"
        "roles|groups|active|bulk|reset|password|forgot|verify";
    return chars_word_of(text, start, pages) == end - start;
}

static size_t segment_end(struct bytes text, size_t at)
{
    size_t stop = chars_run(text, at, C_TOKEN | C_DOT, 64);
    while (stop > at && text.data[stop - 1] == '.')
        stop--;
    return stop;
}

/* "linkedin.com/in/mia-li-92": the segment behind the anchor, which the site gives to its members. */
static size_t match_profile(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t at = end + (char_at(text, end) == '@'), stop = segment_end(text, at);
    bool deeper = row->flags & ROW_WIDE && char_at(text, stop) == '/' && char_is(char_at(text, stop + 1), C_ALNUM);
    if (stop - at < 3 || is_page(text, at, stop) || deeper)
        return end;
    scan_found(scan, row, at, stop);
    return stop;
}

/* "/users/4711", "/users/mjones": a path of an API. A word of its own ("/users/search") is no member. */
static size_t match_user_segment(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t stop = segment_end(text, end), digits = 0;
    for (size_t i = end; i < stop; i++)
        digits += char_is(text.data[i], C_DIGIT);
    bool in_url = chars_near_before(text, end, 80, "://|get /|post /|put /|delete /|patch /|/api/|/v1/|/v2/|/v3/");
    bool named = digits > 0 || names_likely(scan_names(scan), bytes_part(text, end, stop - end));
    if (stop - end < 2 || !in_url || !named || is_page(text, end, stop) || char_at(text, stop) == '(')
        return end;
    scan_found(scan, row, end, stop);
    return stop;
}

#define ROW(name, type, words, find, score, flags, source)                                                             \
    {                                                                                                                  \
        name, type, words, find, NULL, score, ROW_LIST | (flags), source,                                              \
        {                                                                                                              \
            0                                                                                                          \
        }                                                                                                              \
    }

static const struct recognizer rows[] = {
    ROW("host.internal", REDACT_HOST, ".internal|.corp|.lan|.intranet|.localdomain|.home.arpa|.intra", match_internal,
        0.85f, ROW_LEARN, "RFC 6762, appendix G; ICANN, .internal"),
    ROW("host.local", REDACT_HOST, ".local", match_internal, 0.8f, ROW_LEARN | ROW_WIDE, "RFC 6762, 3"),
    ROW("host.ip_name", REDACT_HOST, "ip-|ec2-", match_ip_name, 0.95f, ROW_LEARN | ROW_LOOSE,
        "docs.aws.amazon.com, EC2 names"),
    ROW("host.environment", REDACT_HOST,
        ".internal.|.corp.|.prod|.production|.staging|.stage|.stg|.preprod|.uat|.qa|.dev", match_environment, 0.8f,
        ROW_LEARN, "names by role and number"),
    ROW("host.labelled", REDACT_HOST,
        "hostname|host name|computer name|machine name|nodename|node name|server name|workstation|hostname=",
        match_host_labelled, 0.85f, ROW_LEARN, "RFC 1178"),
    ROW("host.given", REDACT_HOST, "-macbook|s-imac|s-mbp|-mac-mini|s-iphone|s-ipad|desktop-|laptop-", match_given_name,
        0.9f, ROW_LEARN | ROW_LOOSE, "names that macOS and Windows give"),
    ROW("login.remote", REDACT_USERNAME, "ssh|scp|rsync|sftp|mosh|ssh-copy-id", match_remote, 0.9f, ROW_LEARN,
        "ssh(1)"),
    ROW("login.prompt", REDACT_USERNAME, ":~|:/", match_prompt, 0.9f, ROW_LEARN | ROW_LOOSE, "bash(1), PROMPTING"),
    ROW("login.uid", REDACT_USERNAME, "uid=|gid=|euid=|groups=", match_uid, 0.95f, ROW_LEARN | ROW_LOOSE, "id(1)"),
    ROW("login.word", REDACT_USERNAME,
        "opened for user|session for user|login as|logged in as|log in as|accepted publickey for|accepted password "
        "for|failed password "
        "for|invalid "
        "user|failed publickey for|session closed for user|authentication failure for|"
        "connection closed by authenticating user|disconnected from user|disconnected from authenticating user",
        match_login_word, 0.85f, ROW_LEARN, "sshd(8), pam_unix(8)"),
    ROW("login.switch", REDACT_USERNAME, "su -|sudo -u|sudo --user|runuser -u", match_login_word, 0.85f, ROW_WIDE,
        "su(1), sudo(8)"),
    ROW("login.owner", REDACT_USERNAME, "drwx|-rwx|-rw-|-r--|lrwx|drw-|dr-x", match_owner, 0.9f, ROW_LEARN | ROW_LOOSE,
        "ls(1)"),
    ROW("url.profile", REDACT_USERNAME,
        "linkedin.com/in/|facebook.com/|instagram.com/|twitter.com/|//x.com/|t.me/|tiktok.com/@|reddit.com/user/|"
        "reddit.com/u/|medium.com/@|youtube.com/@|threads.net/@|bsky.app/profile/|keybase.io/|gitlab.com/users/|"
        "mastodon.social/@|strava.com/athletes/|venmo.com/|paypal.me/|snapchat.com/add/|pinterest.com/|"
        "xing.com/profile/|vk.com/|flickr.com/people/|stackoverflow.com/users/|orcid.org/|wa.me/",
        match_profile, 0.9f, 0, "the sites' addresses of members"),
    ROW("url.profile.owner", REDACT_USERNAME, "github.com/|gitlab.com/|bitbucket.org/|huggingface.co/", match_profile,
        0.7f, ROW_WIDE, "docs.github.com; a repository behind the owner stays"),
    ROW("url.user_segment", REDACT_USERNAME,
        "/users/|/user/|/profiles/|/profile/|/members/|/customers/|/patients/|/employees/|/accounts/|/people/|/~",
        match_user_segment, 0.8f, ROW_LOOSE | ROW_CASED, "addresses of REST resources"),
};

const struct recognizers recognizers_host = {rows, sizeof rows / sizeof rows[0]};
