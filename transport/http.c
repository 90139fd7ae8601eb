/* The client's HTTPS over libcurl. Hides every option that makes it strict: one protocol, one authority, no proxy, no
 * redirect, no environment, keys from memory; and how curl's many errors become few of ours. */
#include "transport/http.h"

#include <curl/curl.h>
#include <pthread.h>
#include <stdlib.h>
#include <strings.h>

#include "crypto/ca.h"
#include "transport/http_inside.h"

#define CONNECT_SECONDS 5L
#define TOTAL_SECONDS 60L
#define STALL_SECONDS 20L /* at less than STALL_BYTES a second */
#define STALL_BYTES 64L
#define SERVICE_SECONDS 300L /* for an answer, which may come at once after a long silence */
#define RETRY_AFTER_MAX 86400
#define FIRST_CONTACT_PATH "/v1/federation"

struct http {
    CURL *curl;
    enum http_peer peer;
    char *base; /* without a slash at its end */
    bool first_contact;
    char *ca, *certificate;
    struct buf key_pem; /* secret; curl borrows it */
    char error[CURL_ERROR_SIZE];
};

struct transfer {
    struct http_reply *reply;
    size_t most;
    enum status status; /* why a callback stopped it */
};

static pthread_once_t curl_once = PTHREAD_ONCE_INIT;
static CURLcode curl_started;

static void curl_start(void)
{
    curl_started = curl_global_init(CURL_GLOBAL_DEFAULT);
}

void http_reply_free(struct http_reply *reply)
{
    buf_free(&reply->body);
    *reply = (struct http_reply){0};
}

void http_free(struct http *http)
{
    if (!http)
        return;
    curl_easy_cleanup(http->curl);
    buf_free(&http->key_pem);
    mem_free(http->base);
    mem_free(http->ca);
    mem_free(http->certificate);
    mem_free(http);
}

/* --- set-up --- */

static enum status identity_keep(struct http *http, const struct http_identity *identity)
{
    http->first_contact = identity->first_contact;
    if (identity->ca_pem.size && !(http->ca = mem_copy(identity->ca_pem)))
        return ERR_MEMORY;
    if (identity->certificate_pem.size && !(http->certificate = mem_copy(identity->certificate_pem)))
        return ERR_MEMORY;
    return identity->key ? key_to_pem(identity->key, &http->key_pem) : OK;
}

static size_t take_body(char *data, size_t one, size_t size, void *context)
{
    struct transfer *transfer = context;
    struct buf *body = &transfer->reply->body;
    (void)one; /* always 1 */
    if (size > transfer->most - body->size)
        transfer->status = ERR_TOO_LARGE;
    else
        buf_add(body, bytes_of(data, size));
    if (body->failed)
        transfer->status = ERR_MEMORY;
    return transfer->status == OK ? size : 0;
}

/* The value of a header line `name: value` in `line`, trimmed. */
static bool header_value(struct bytes line, const char *name, struct bytes *value)
{
    size_t length = strlen(name);
    if (line.size <= length || line.data[length] != ':' || strncasecmp((const char *)line.data, name, length) != 0)
        return false;
    *value = bytes_part(line, length + 1, line.size);
    while (value->size && strchr(" \t", value->data[0]))
        *value = bytes_part(*value, 1, value->size);
    while (value->size && strchr(" \t\r\n", value->data[value->size - 1]))
        value->size--;
    return true;
}

static bool is_etag(struct bytes text)
{
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] <= 0x20 || text.data[i] >= 0x7f)
            return false;
    return text.size > 0;
}

static void take_etag(struct http_reply *reply, struct bytes value)
{
    if (value.size < sizeof reply->etag && is_etag(value)) {
        memcpy(reply->etag, value.data, value.size);
        reply->etag[value.size] = 0;
    }
}

/* Seconds only; the other form, a date, is not what our server sends. */
static void take_retry_after(struct http_reply *reply, struct bytes value)
{
    long seconds = 0;
    for (size_t i = 0; i < value.size; i++) {
        if (value.data[i] < '0' || value.data[i] > '9')
            return;
        seconds = seconds < RETRY_AFTER_MAX ? seconds * 10 + (value.data[i] - '0') : seconds;
    }
    reply->retry_after = seconds < RETRY_AFTER_MAX ? seconds : RETRY_AFTER_MAX;
}

static size_t take_header(char *data, size_t one, size_t size, void *context)
{
    struct transfer *transfer = context;
    struct bytes line = bytes_of(data, size), value;
    (void)one; /* always 1 */
    if (header_value(line, "ETag", &value))
        take_etag(transfer->reply, value);
    else if (header_value(line, "Retry-After", &value))
        take_retry_after(transfer->reply, value);
    return size;
}

/* A blob that curl borrows: the struct http outlives the handle. */
static CURLcode set_blob(CURL *curl, CURLoption option, struct bytes data)
{
    struct curl_blob blob = {.data = (void *)(uintptr_t)data.data, .len = data.size, .flags = CURL_BLOB_NOCOPY};
    return curl_easy_setopt(curl, option, &blob);
}

static bool set_identity(struct http *http)
{
    CURL *curl = http->curl;
    bool set = true;
    if (http->ca)
        set = set && set_blob(curl, CURLOPT_CAINFO_BLOB, bytes_str(http->ca)) == CURLE_OK;
    if (http->certificate)
        set = set && set_blob(curl, CURLOPT_SSLCERT_BLOB, bytes_str(http->certificate)) == CURLE_OK;
    if (http->key_pem.size)
        set = set && set_blob(curl, CURLOPT_SSLKEY_BLOB, buf_bytes(&http->key_pem)) == CURLE_OK;
    long verify = http->first_contact ? 0 : 1;
    return set && curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, verify) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2 * verify) == CURLE_OK;
}

struct number {
    CURLoption option;
    long value;
};
struct text {
    CURLoption option;
    const char *value;
};
#define OPTIONS_MAX 4
static const struct {
    struct number numbers[OPTIONS_MAX]; /* fewer: the rest without an option */
    struct text texts[OPTIONS_MAX];
} policies[] = {
    [PEER_SERVER] = {{{CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_3},
                      {CURLOPT_TIMEOUT, TOTAL_SECONDS},
                      {CURLOPT_LOW_SPEED_TIME, STALL_SECONDS},
                      {CURLOPT_LOW_SPEED_LIMIT, STALL_BYTES}},
                     {{CURLOPT_PROTOCOLS_STR, "https"},
                      {CURLOPT_CAINFO, NULL},
                      {CURLOPT_CAPATH, NULL}}}, /* the system's authorities would be believed beside ours */
    [PEER_SERVICE] = {{{CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2}, {CURLOPT_TIMEOUT, SERVICE_SECONDS}},
                      {{CURLOPT_PROTOCOLS_STR, "http,https"}}},
};

static bool set_numbers(CURL *curl, const struct number *numbers, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (numbers[i].option && curl_easy_setopt(curl, numbers[i].option, numbers[i].value) != CURLE_OK)
            return false;
    return true;
}

static bool set_texts(CURL *curl, const struct text *texts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (texts[i].option && curl_easy_setopt(curl, texts[i].option, texts[i].value) != CURLE_OK)
            return false;
    return true;
}

static bool set_policy(struct http *http)
{
    static const struct number numbers[] = {
        {CURLOPT_FOLLOWLOCATION, 0},
        {CURLOPT_NOSIGNAL, 1},
        {CURLOPT_NETRC, CURL_NETRC_IGNORED},
        {CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1},
        {CURLOPT_CONNECTTIMEOUT, CONNECT_SECONDS},
    };
    static const struct text texts[] = {{CURLOPT_PROXY, ""}}; /* not even from the environment */
    return set_numbers(http->curl, numbers, sizeof numbers / sizeof *numbers) &&
           set_texts(http->curl, texts, sizeof texts / sizeof *texts) &&
           set_numbers(http->curl, policies[http->peer].numbers, OPTIONS_MAX) &&
           set_texts(http->curl, policies[http->peer].texts, OPTIONS_MAX) &&
           curl_easy_setopt(http->curl, CURLOPT_ERRORBUFFER, http->error) == CURLE_OK &&
           curl_easy_setopt(http->curl, CURLOPT_WRITEFUNCTION, take_body) == CURLE_OK &&
           curl_easy_setopt(http->curl, CURLOPT_HEADERFUNCTION, take_header) == CURLE_OK && set_identity(http);
}

static enum status http_fill(struct http *http, const char *base, const struct http_identity *identity)
{
    size_t size = strlen(base);
    http->base = mem_copy(bytes_of(base, size && base[size - 1] == '/' ? size - 1 : size));
    http->curl = curl_easy_init();
    if (!http->base || !http->curl)
        return ERR_MEMORY;
    TRY(identity_keep(http, identity));
    return set_policy(http) ? OK : ERR_BUG;
}

static enum status make(const char *base, enum http_peer peer, const struct http_identity *identity, struct http **out)
{
    struct http *http = mem_new(1, sizeof *http);
    if (!http)
        return ERR_MEMORY;
    buf_init_secret(&http->key_pem);
    http->peer = peer;
    enum status status = http_fill(http, base, identity);
    if (status == OK)
        *out = http;
    else
        http_free(http);
    return status;
}

static enum status start(struct why *why)
{
    pthread_once(&curl_once, curl_start);
    return curl_started == CURLE_OK ? OK : why_set(why, ERR_MEMORY, "cannot start the HTTP library", NULL, 0);
}

enum status http_new(const char *base, const struct http_identity *identity, struct http **out, struct why *why)
{
    *out = NULL;
    TRY(start(why));
    if (!http_base_fits(base, PEER_SERVER))
        return why_hint(why, ERR_USAGE, "not a server's address", "url", "write it as https://HOST:PORT");
    if (!identity->first_contact && identity->ca_pem.size == 0)
        return why_set(why, ERR_USAGE, "no authority to believe", "identity", 0);
    if (identity->first_contact && identity->key)
        return why_set(why, ERR_USAGE, "a key at first contact", "identity", 0);
    return make(base, PEER_SERVER, identity, out);
}

enum status http_new_service(const char *base, struct http **out, struct why *why)
{
    static const struct http_identity nobody = {.first_contact = false};
    *out = NULL;
    TRY(start(why));
    if (!http_base_fits(base, PEER_SERVICE))
        return why_hint(why, ERR_USAGE, "not a service's address", "url",
                        "write it as https://HOST/PATH, or http://127.0.0.1:PORT/PATH on this machine");
    return make(base, PEER_SERVICE, &nobody, out);
}

/* --- requests --- */

static enum status failure(const struct http *http, CURLcode code, struct why *why)
{
    /* The server's refusal of our certificate comes after the handshake in TLS 1.3, as an alert while we read. */
    if ((code == CURLE_RECV_ERROR || code == CURLE_SEND_ERROR || code == CURLE_SSL_CONNECT_ERROR) &&
        strstr(http->error, "alert"))
        return why_hint(why, ERR_DENIED, "the server refused our certificate or TLS version", "TLS",
                        "check that the device is enrolled and not revoked");
    switch ((int)code) { /* int: few of curl's many codes have a meaning of their own here */
    case CURLE_PEER_FAILED_VERIFICATION:
        return why_hint(why, ERR_DENIED, "the server's certificate does not hold", "TLS",
                        "it is not this federation's server, or its certificate has expired");
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CIPHER:
        return why_set(why, ERR_DENIED, "our certificate or key cannot be used", "TLS", 0);
    case CURLE_SSL_CONNECT_ERROR:
        return why_set(why, ERR_DENIED, "no TLS 1.3 connection", "TLS", 0);
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
        return why_set(why, ERR_USAGE, "not a server's address", "url", 0);
    case CURLE_OUT_OF_MEMORY:
        return ERR_MEMORY;
    case CURLE_OPERATION_TIMEDOUT:
        return why_set(why, ERR_UNAVAILABLE, "the server took too long", "network", 0);
    default:
        return why_set(why, ERR_UNAVAILABLE, "the server cannot be reached", "network", 0);
    }
}

static enum status perform(struct http *http, const char *path, struct curl_slist *headers, size_t most,
                           struct http_reply *reply, struct why *why)
{
    SCOPED_BUF struct buf url;
    struct transfer transfer = {.reply = reply, .most = most};
    buf_init(&url);
    buf_add_str(&url, http->base);
    buf_add_str(&url, path);
    TRY(buf_status(&url));
    CURL *curl = http->curl;
    http->error[0] = 0;
    if (curl_easy_setopt(curl, CURLOPT_URL, buf_text(&url)) != CURLE_OK ||
        curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers) != CURLE_OK ||
        curl_easy_setopt(curl, CURLOPT_WRITEDATA, &transfer) != CURLE_OK ||
        curl_easy_setopt(curl, CURLOPT_HEADERDATA, &transfer) != CURLE_OK)
        return ERR_MEMORY;
    CURLcode code = curl_easy_perform(curl);
    if (transfer.status != OK)
        return why_set(why, transfer.status, "the answer is too large", "network", 0);
    if (code != CURLE_OK)
        return failure(http, code, why);
    return curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &reply->status) == CURLE_OK ? OK : ERR_BUG;
}

static bool path_is_plain(const char *path)
{
    for (const char *at = path; *at; at++)
        if (*at <= ' ' || *at >= 0x7f)
            return false;
    return path[0] == '/';
}

/* One more header line; a list that failed is freed and stays NULL with *failed. */
static struct curl_slist *add_header(struct curl_slist *list, const char *name, const char *value, bool *failed)
{
    SCOPED_BUF struct buf line;
    buf_init(&line);
    buf_add_str(&line, name);
    buf_add_str(&line, value);
    struct curl_slist *longer = *failed || line.failed ? NULL : curl_slist_append(list, buf_text(&line));
    if (longer)
        return longer;
    curl_slist_free_all(list);
    *failed = true;
    return NULL;
}

static enum status request(struct http *http, const char *path, const char *name, const char *value, size_t most,
                           struct http_reply *reply, struct why *why)
{
    bool failed = false;
    struct curl_slist *headers = add_header(NULL, "Expect:", "", &failed);
    if (name)
        headers = add_header(headers, name, value, &failed);
    enum status status = failed ? ERR_MEMORY : perform(http, path, headers, most, reply, why);
    curl_slist_free_all(headers);
    if (status != OK)
        http_reply_free(reply);
    return status;
}

enum status http_get(struct http *http, const char *path, const char *if_none_match, size_t most,
                     struct http_reply *reply, struct why *why)
{
    *reply = (struct http_reply){0};
    buf_init(&reply->body);
    bool conditional = if_none_match && *if_none_match;
    if (!path_is_plain(path) || (conditional && !is_etag(bytes_str(if_none_match))))
        return why_set(why, ERR_USAGE, "not a path or tag", "request", 0);
    if (http->first_contact && strcmp(path, FIRST_CONTACT_PATH) != 0)
        return why_set(why, ERR_USAGE, "only the federation's document may be asked for at first contact", "request",
                       0);
    if (curl_easy_setopt(http->curl, CURLOPT_HTTPGET, 1L) != CURLE_OK)
        return ERR_MEMORY;
    return request(http, path, conditional ? "If-None-Match: " : NULL, if_none_match, most, reply, why);
}

enum status http_post(struct http *http, const char *path, const char *content_type, struct bytes body, size_t most,
                      struct http_reply *reply, struct why *why)
{
    *reply = (struct http_reply){0};
    buf_init(&reply->body);
    if (!path_is_plain(path))
        return why_set(why, ERR_USAGE, "not a path", "request", 0);
    if (http->first_contact)
        return why_set(why, ERR_USAGE, "nothing may be sent at first contact", "request", 0);
    if (curl_easy_setopt(http->curl, CURLOPT_POST, 1L) != CURLE_OK ||
        curl_easy_setopt(http->curl, CURLOPT_POSTFIELDS, body.size ? (const char *)body.data : "") != CURLE_OK ||
        curl_easy_setopt(http->curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body.size) != CURLE_OK)
        return ERR_MEMORY;
    return request(http, path, "Content-Type: ", content_type, most, reply, why);
}
