/* Hides the grammar of a request head. Every rule that two parsers could read differently is a refusal. */
#include "server/gate_http.h"

#include <strings.h>
#include <time.h>

static bool is_token(struct bytes text) /* RFC 9110 section 5.6.2 */
{
    for (size_t i = 0; i < text.size; i++) {
        uint8_t c = text.data[i];
        bool alnum = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!alnum && (c == 0 || !strchr("!#$%&'*+-.^_`|~", c)))
            return false;
    }
    return text.size > 0;
}

static bool is_value(struct bytes text)
{
    for (size_t i = 0; i < text.size; i++) {
        if ((text.data[i] < ' ' && text.data[i] != '\t') || text.data[i] == 0x7f)
            return false;
    }
    return true;
}

static bool is_target(struct bytes text)
{
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] <= ' ' || text.data[i] >= 0x7f || text.data[i] == '#')
            return false;
    }
    return text.size > 0 && text.data[0] == '/';
}

static bool is_word(struct bytes text, const char *word)
{
    return text.size == strlen(word) && strncasecmp((const char *)text.data, word, text.size) == 0;
}

static struct bytes trim(struct bytes text)
{
    while (text.size && (text.data[0] == ' ' || text.data[0] == '\t'))
        text = bytes_part(text, 1, text.size);
    while (text.size && (text.data[text.size - 1] == ' ' || text.data[text.size - 1] == '\t'))
        text.size--;
    return text;
}

/* The part of *text before the first `mark`, and *text moves behind it; the whole of it if there is no mark. */
static struct bytes split(struct bytes *text, const char *mark)
{
    size_t at = bytes_find(*text, bytes_str(mark));
    if (at == SIZE_MAX)
        at = text->size;
    struct bytes before = bytes_part(*text, 0, at);
    *text = bytes_part(*text, at + strlen(mark) < text->size ? at + strlen(mark) : text->size, text->size);
    return before;
}

bool gate_number(struct bytes digits, uint64_t *out)
{
    uint64_t value = 0;
    if (digits.size == 0 || digits.size > 18)
        return false;
    for (size_t i = 0; i < digits.size; i++) {
        if (digits.data[i] < '0' || digits.data[i] > '9')
            return false;
        value = value * 10 + (digits.data[i] - '0');
    }
    *out = value;
    return true;
}

static int parse_request_line(struct bytes line, struct gate_head *out)
{
    struct bytes method = split(&line, " ");
    struct bytes target = split(&line, " ");
    if (!is_token(method) || !is_target(target))
        return 400;
    if (!bytes_is(line, "HTTP/1.1") && !bytes_is(line, "HTTP/1.0"))
        return bytes_starts(line, "HTTP/") ? 505 : 400;
    out->keep_alive = bytes_is(line, "HTTP/1.1");
    out->method = bytes_is(method, "GET") ? GATE_GET : bytes_is(method, "POST") ? GATE_POST : GATE_OTHER_METHOD;
    out->path = split(&target, "?");
    out->query = target;
    return 0;
}

enum header {
    HEADER_HOST,
    HEADER_LENGTH,
    HEADER_CODING,
    HEADER_CONNECTION,
    HEADER_EXPECT,
    HEADER_MATCH,
    HEADER_TYPE,
    HEADERS
};
static const char *const header_names[HEADERS] = {"host",   "content-length", "transfer-encoding", "connection",
                                                  "expect", "if-none-match",  "content-type"};

/* Known headers into values, each at most once. */
static int parse_headers(struct bytes lines, struct bytes values[static HEADERS], bool seen[static HEADERS])
{
    for (size_t count = 0; lines.size > 0; count++) {
        struct bytes value = split(&lines, "\r\n");
        struct bytes name = bytes_part(value, 0, bytes_find(value, bytes_str(":")));
        if (count == GATE_HEADERS_MAX)
            return 431;
        if (!is_token(name) || name.size == value.size || !is_value(value))
            return 400;
        for (int i = 0; i < HEADERS; i++) {
            if (!is_word(name, header_names[i]))
                continue;
            if (seen[i])
                return 400;
            seen[i] = true;
            values[i] = trim(bytes_part(value, name.size + 1, value.size));
        }
    }
    return 0;
}

static void read_connection(struct bytes list, struct gate_head *out)
{
    while (list.size > 0) {
        if (is_word(trim(split(&list, ",")), "close"))
            out->keep_alive = false;
    }
}

int gate_head_parse(struct bytes head, struct gate_head *out)
{
    *out = (struct gate_head){.method = GATE_OTHER_METHOD};
    if (head.size < 4 || memcmp(head.data + head.size - 4, "\r\n\r\n", 4) != 0)
        return 400;
    head.size -= 2;
    int refusal = parse_request_line(split(&head, "\r\n"), out);
    if (refusal)
        return refusal;
    struct bytes values[HEADERS] = {{NULL, 0}};
    bool seen[HEADERS] = {false};
    refusal = parse_headers(head, values, seen);
    if (refusal)
        return refusal;
    if (!seen[HEADER_HOST])
        return 400;
    if (seen[HEADER_CODING])
        return 501;
    if (seen[HEADER_LENGTH] && !gate_number(values[HEADER_LENGTH], &out->length))
        return 400;
    if (seen[HEADER_EXPECT] && !is_word(values[HEADER_EXPECT], "100-continue"))
        return 417;
    out->has_length = seen[HEADER_LENGTH];
    out->expects_continue = seen[HEADER_EXPECT];
    out->if_none_match = values[HEADER_MATCH];
    out->content_type = values[HEADER_TYPE];
    read_connection(values[HEADER_CONNECTION], out);
    return 0;
}

/* --- replies --- */

static const struct phrase {
    int http;
    const char *text;
} reasons[] = {
    {200, "OK"},
    {201, "Created"},
    {304, "Not Modified"},
    {400, "Bad Request"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {411, "Length Required"},
    {413, "Content Too Large"},
    {415, "Unsupported Media Type"},
    {417, "Expectation Failed"},
    {422, "Unprocessable Content"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {503, "Service Unavailable"},
    {505, "HTTP Version Not Supported"},
};

static const char *cache_control(const struct gate_reply_head *head)
{
    if (head->immutable)
        return "private, max-age=31536000, immutable";
    return head->etag ? "private, no-cache" : "no-store";
}

static const char *reason(int http)
{
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++) {
        if (reasons[i].http == http)
            return reasons[i].text;
    }
    return "Other";
}

void gate_reply_head(const struct gate_reply_head *head, struct buf *out)
{
    time_t now = (time_t)head->now;
    struct tm utc = {0};
    char date[40] = "";
    gmtime_r(&now, &utc);
    strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S GMT", &utc); /* the C locale: this program never sets another */
    buf_addf(out, "HTTP/1.1 %d %s\r\nDate: %s\r\nCache-Control: %s\r\n", head->http, reason(head->http), date,
             cache_control(head));
    if (head->etag)
        buf_addf(out, "ETag: %s\r\n", head->etag);
    if (head->type)
        buf_addf(out, "Content-Type: %s\r\n", head->type);
    if (head->http != 304)
        buf_addf(out, "Content-Length: %zu\r\n", head->length);
    if (head->http == 503)
        buf_add_str(out, "Retry-After: 2\r\n");
    if (head->http == 429)
        buf_add_str(out, "Retry-After: 30\r\n");
    if (head->close)
        buf_add_str(out, "Connection: close\r\n");
    buf_add_str(out, "\r\n");
}

void gate_http_problem(int http, struct buf *out)
{
    buf_addf(out, "{\"status\":%d,\"title\":\"%s\",\"type\":\"about:blank\"}", http, reason(http));
}
