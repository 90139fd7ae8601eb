/* HTTPS against a small TLS server in a thread: whom the client believes, what it never follows, what it bounds. */
#include "transport/http.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <openssl/ssl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "crypto/ca.h"
#include "crypto/tls.h"

#define ok(call) assert_int_equal(call, OK)
#define DAY INT64_C(86400)
#define BODY_MAX 65536

/* --- an authority with a server --- */

struct site {
    struct secret ca_key, server_key, device_key;
    struct buf ca, server, device;
    struct tls_server *tls;
    int listener;
    bool old_tls; /* offer TLS 1.2 alone */
    bool plain;   /* answer in clear */
    char base[64];
    pthread_t thread;
    char request[BODY_MAX + 2048]; /* the last one */
};

static const struct {
    const char *path, *reply;
} replies[] = {
    {"GET /ok ", "HTTP/1.1 200 OK\r\netag:  \"v1-7\" \r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello"},
    {"GET /not-modified ", "HTTP/1.1 304 Not Modified\r\nETag: \"v1-7\"\r\nConnection: close\r\n\r\n"},
    {"GET /busy ", "HTTP/1.1 503 Busy\r\nRetry-After: 30\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"},
    {"GET /date ", "HTTP/1.1 503 Busy\r\nRetry-After: Fri, 31 Dec 1999 23:59:59 GMT\r\nContent-Length: 0\r\n\r\n"},
    {"GET /long-wait ", "HTTP/1.1 503 Busy\r\nRetry-After: 99999999999999999999\r\nContent-Length: 0\r\n\r\n"},
    {"GET /redirect ", "HTTP/1.1 302 Found\r\nLocation: /ok\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"},
    {"GET /bad-tag ", "HTTP/1.1 200 OK\r\nETag: \"a b\"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"},
    {"GET /cut ", "HTTP/1.1 200 OK\r\nContent-Length: 50\r\nConnection: close\r\n\r\nhello"},
    {"GET /v1/federation ", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"},
    {"POST /post ", "HTTP/1.1 201 Created\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"},
};

/* Head and body of one request, as far as the head says how long the body is. */
static size_t read_request(SSL *session, char *text, size_t room)
{
    size_t size = 0;
    while (size < room - 1) {
        int got = SSL_read(session, text + size, (int)(room - 1 - size));
        if (got <= 0)
            break;
        size += (size_t)got;
        text[size] = 0;
        const char *end = strstr(text, "\r\n\r\n"), *length = strstr(text, "Content-Length: ");
        if (end && size >= (size_t)(end + 4 - text) + (length && length < end ? (size_t)atol(length + 16) : 0))
            break;
    }
    text[size] = 0;
    return size;
}

static void answer(struct site *site, SSL *session)
{
    char *text = site->request;
    char reply[256];
    struct cert_facts peer;
    size_t size = read_request(session, text, sizeof site->request);
    if (strncmp(text, "GET /who ", 9) == 0) {
        const char *name = tls_peer(session, &peer) == OK ? peer.name : "none";
        snprintf(reply, sizeof reply, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\nConnection: close\r\n\r\n%s",
                 strlen(name), name);
        SSL_write(session, reply, (int)strlen(reply));
    }
    if (strncmp(text, "POST /size ", 11) == 0) {
        const char *body = strstr(text, "\r\n\r\n") + 4;
        snprintf(reply, sizeof reply, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n%zu", size - (size_t)(body - text));
        SSL_write(session, reply, (int)strlen(reply));
    }
    for (size_t i = 0; i < sizeof replies / sizeof *replies; i++)
        if (strncmp(text, replies[i].path, strlen(replies[i].path)) == 0)
            SSL_write(session, replies[i].reply, (int)strlen(replies[i].reply));
}

static void allow_old_tls_only(SSL *session)
{
    SSL_set_min_proto_version(session, TLS1_2_VERSION);
    SSL_set_max_proto_version(session, TLS1_2_VERSION);
}

static void serve_one(struct site *site, int fd)
{
    static const char clear[] = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    char hello[512];
    if (site->plain) {
        if (read(fd, hello, sizeof hello) > 0 && write(fd, clear, sizeof clear - 1) > 0)
            shutdown(fd, SHUT_WR);
        return;
    }
    SSL *session = tls_server_session(site->tls);
    if (site->old_tls)
        allow_old_tls_only(session);
    SSL_set_fd(session, fd);
    if (SSL_accept(session) == 1) {
        answer(site, session);
        SSL_shutdown(session);
    }
    SSL_free(session);
}

/* Closing with something unread would reset the connection and lose the alert that says why. */
static void hang_up(int fd)
{
    char rest[4096];
    shutdown(fd, SHUT_WR);
    while (read(fd, rest, sizeof rest) > 0)
        ;
    close(fd);
}

static void *serve(void *context)
{
    struct site *site = context;
    for (;;) {
        int fd = accept(site->listener, NULL, NULL);
        if (fd < 0)
            return NULL;
        serve_one(site, fd);
        hang_up(fd);
    }
}

static void site_listen(struct site *site, const char *host)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    site->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(site->listener, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(site->listener, 8), 0);
    assert_int_equal(getsockname(site->listener, (struct sockaddr *)&address, &size), 0);
    snprintf(site->base, sizeof site->base, "https://%s:%u", host, (unsigned)ntohs(address.sin_port));
    assert_int_equal(pthread_create(&site->thread, NULL, serve, site), 0);
}

static void site_open(struct site *site, const char *name, int64_t issued)
{
    int64_t now = (int64_t)time(NULL);
    uint8_t serial[CERT_SERIAL_BYTES];
    SCOPED_BUF struct buf csr;
    buf_init(&csr);
    ok(ca_key_new(&site->ca_key));
    ok(ca_key_new(&site->server_key));
    ok(ca_key_new(&site->device_key));
    ok(ca_create(&site->ca_key, "test", now - 400 * DAY, 800 * DAY, &site->ca));
    ok(ca_issue_server(&site->ca_key, buf_bytes(&site->ca), &site->server_key, &name, 1, issued, DAY, &site->server));
    ok(csr_create(&site->device_key, "x", &csr));
    ok(ca_issue_device(&site->ca_key, buf_bytes(&site->ca), buf_bytes(&csr), "acme", NULL, "00ff", now, DAY,
                       &site->device, serial));
    ok(tls_server_new(&site->server_key, buf_bytes(&site->server), buf_bytes(&site->ca), &site->tls, NULL));
    site_listen(site, "127.0.0.1");
}

static void site_close(struct site *site)
{
    shutdown(site->listener, SHUT_RDWR);
    pthread_join(site->thread, NULL);
    close(site->listener);
    tls_server_free(site->tls);
    secret_free(&site->ca_key);
    secret_free(&site->server_key);
    secret_free(&site->device_key);
    buf_free(&site->ca);
    buf_free(&site->server);
    buf_free(&site->device);
}

/* --- asking --- */

static struct site home;

static struct http_identity believing(const struct site *site)
{
    return (struct http_identity){.ca_pem = buf_bytes(&site->ca)};
}

static enum status get(const char *base, const struct http_identity *identity, const char *path, size_t most,
                       struct http_reply *reply, struct why *why)
{
    struct http *http;
    ok(http_new(base, identity, &http, NULL));
    enum status status = http_get(http, path, NULL, most, reply, why);
    http_free(http);
    return status;
}

static void check_get(const char *base, const struct http_identity *identity, const char *path, enum status expected)
{
    struct http_reply reply;
    assert_int_equal(get(base, identity, path, 100, &reply, NULL), expected);
    if (expected != OK)
        assert_true(reply.status == 0 && reply.body.size == 0 && reply.etag[0] == 0);
    http_reply_free(&reply);
}

static void test_get(void **state)
{
    (void)state;
    struct http_reply reply;
    struct http_identity identity = believing(&home);
    ok(get(home.base, &identity, "/ok", 5, &reply, NULL));
    assert_int_equal(reply.status, 200);
    assert_string_equal(buf_text(&reply.body), "hello");
    assert_string_equal(reply.etag, "\"v1-7\"");
    assert_int_equal(reply.retry_after, 0);
    http_reply_free(&reply);
    assert_int_equal(get(home.base, &identity, "/ok", 4, &reply, NULL), ERR_TOO_LARGE);
}

static void test_headers(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        long status, retry_after;
    } cases[] = {
        {"/busy", 503, 30}, {"/date", 503, 0}, {"/long-wait", 503, 86400}, {"/redirect", 302, 0}, {"/bad-tag", 200, 0}};
    struct http_identity identity = believing(&home);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct http_reply reply;
        ok(get(home.base, &identity, cases[i].path, 100, &reply, NULL));
        assert_int_equal(reply.status, cases[i].status);
        assert_int_equal(reply.retry_after, cases[i].retry_after);
        assert_string_equal(reply.etag, "");
        http_reply_free(&reply);
    }
}

static void test_if_none_match(void **state)
{
    (void)state;
    struct http *http;
    struct http_reply reply;
    struct http_identity identity = believing(&home);
    ok(http_new(home.base, &identity, &http, NULL));
    ok(http_get(http, "/not-modified", "\"v1-7\"", 100, &reply, NULL));
    assert_int_equal(reply.status, 304);
    assert_non_null(strstr(home.request, "\r\nIf-None-Match: \"v1-7\"\r\n"));
    http_reply_free(&reply);
    ok(http_get(http, "/ok", NULL, 100, &reply, NULL)); /* the header does not stay */
    assert_null(strstr(home.request, "If-None-Match"));
    http_reply_free(&reply);
    assert_int_equal(http_get(http, "/ok", "a\r\nX: y", 100, &reply, NULL), ERR_USAGE);
    assert_int_equal(http_get(http, "/ok HTTP/1.1\r\nX: y", NULL, 100, &reply, NULL), ERR_USAGE);
    assert_int_equal(http_get(http, "@elsewhere/", NULL, 100, &reply, NULL), ERR_USAGE);
    http_free(http);
}

static void test_post(void **state)
{
    (void)state;
    static uint8_t body[BODY_MAX];
    struct http *http;
    struct http_reply reply;
    struct http_identity identity = believing(&home);
    ok(http_new(home.base, &identity, &http, NULL));
    ok(http_post(http, "/size", "application/octet-stream", bytes_of(body, sizeof body), 100, &reply, NULL));
    assert_string_equal(buf_text(&reply.body), "65536");
    assert_non_null(strstr(home.request, "\r\nContent-Type: application/octet-stream\r\n"));
    http_reply_free(&reply);
    ok(http_post(http, "/post", "application/json", BYTES_NONE, 0, &reply, NULL));
    assert_int_equal(reply.status, 201);
    http_reply_free(&reply);
    ok(http_get(http, "/ok", NULL, 100, &reply, NULL)); /* and a GET after it is a GET */
    http_reply_free(&reply);
    http_free(http);
}

static void test_device_certificate(void **state)
{
    (void)state;
    struct site away = {0};
    struct http_reply reply;
    struct why why = {0};
    struct http_identity identity = believing(&home);
    ok(get(home.base, &identity, "/who", 100, &reply, NULL));
    assert_string_equal(buf_text(&reply.body), "none");
    http_reply_free(&reply);
    identity.certificate_pem = buf_bytes(&home.device);
    identity.key = &home.device_key;
    ok(get(home.base, &identity, "/who", 100, &reply, NULL));
    assert_string_equal(buf_text(&reply.body), "00ff");
    http_reply_free(&reply);

    site_open(&away, "127.0.0.1", (int64_t)time(NULL)); /* a device of another federation */
    identity.certificate_pem = buf_bytes(&away.device);
    identity.key = &away.device_key;
    assert_int_equal(get(home.base, &identity, "/who", 100, &reply, &why), ERR_DENIED);
    assert_string_equal(why.what, "the server refused our certificate or TLS version");
    identity.certificate_pem = buf_bytes(&home.device); /* not the key's */
    check_get(home.base, &identity, "/who", ERR_DENIED);
    site_close(&away);
}

static void test_whom_it_believes(void **state)
{
    (void)state;
    struct site away = {0}, expired = {0}, elsewhere = {0};
    int64_t now = (int64_t)time(NULL);
    site_open(&away, "127.0.0.1", now);
    site_open(&expired, "127.0.0.1", now - 30 * DAY);
    site_open(&elsewhere, "localhost", now);
    struct http_identity identity = believing(&home);
    check_get(away.base, &identity, "/ok", ERR_DENIED);
    identity = believing(&away);
    check_get(away.base, &identity, "/ok", OK);
    identity = believing(&expired);
    check_get(expired.base, &identity, "/ok", ERR_DENIED);
    identity = believing(&elsewhere); /* its certificate is for another name */
    check_get(elsewhere.base, &identity, "/ok", ERR_DENIED);
    away.old_tls = true;
    identity = believing(&away);
    check_get(away.base, &identity, "/ok", ERR_DENIED);
    expired.plain = true;
    check_get(expired.base, &identity, "/ok", ERR_DENIED);
    site_close(&away);
    site_close(&expired);
    site_close(&elsewhere);
}

/* Neither a proxy nor another authority comes in through the environment. */
static void test_environment(void **state)
{
    (void)state;
    struct http_identity identity = believing(&home);
    setenv("https_proxy", "http://127.0.0.1:1", 1);
    setenv("ALL_PROXY", "http://127.0.0.1:1", 1);
    check_get(home.base, &identity, "/ok", OK);
    unsetenv("https_proxy");
    unsetenv("ALL_PROXY");

    struct site away = {0};
    char path[] = "/tmp/authority.XXXXXX";
    int fd = mkstemp(path);
    assert_int_equal(write(fd, home.ca.data, home.ca.size), (ssize_t)home.ca.size);
    close(fd);
    setenv("SSL_CERT_FILE", path, 1);
    setenv("CURL_CA_BUNDLE", path, 1);
    site_open(&away, "127.0.0.1", (int64_t)time(NULL));
    identity = believing(&away);
    check_get(home.base, &identity, "/ok", ERR_DENIED);
    unsetenv("SSL_CERT_FILE");
    unsetenv("CURL_CA_BUNDLE");
    unlink(path);
    site_close(&away);
}

static void test_unavailable(void **state)
{
    (void)state;
    struct http_identity identity = believing(&home);
    struct why why = {0};
    struct http_reply reply;
    check_get("https://127.0.0.1:1", &identity, "/ok", ERR_UNAVAILABLE);
    check_get(home.base, &identity, "/cut", ERR_UNAVAILABLE);
    assert_int_equal(get(home.base, &identity, "/nothing", 100, &reply, &why), ERR_UNAVAILABLE);
    assert_string_equal(why.what, "the server cannot be reached");
}

static void test_first_contact(void **state)
{
    (void)state;
    struct http *http;
    struct http_reply reply;
    struct http_identity stranger = {.first_contact = true};
    ok(http_new(home.base, &stranger, &http, NULL));
    ok(http_get(http, "/v1/federation", NULL, 100, &reply, NULL));
    assert_string_equal(buf_text(&reply.body), "{}");
    http_reply_free(&reply);
    assert_int_equal(http_get(http, "/ok", NULL, 100, &reply, NULL), ERR_USAGE);
    assert_int_equal(http_post(http, "/v1/enrol", "text/plain", bytes_str("a secret"), 100, &reply, NULL), ERR_USAGE);
    http_free(http);
    stranger.key = &home.device_key;
    assert_int_equal(http_new(home.base, &stranger, &http, NULL), ERR_USAGE);
}

static void test_addresses(void **state)
{
    (void)state;
    static const char *const bad[] = {"",
                                      "127.0.0.1:1",
                                      "http://127.0.0.1",
                                      "file:///etc/hostname",
                                      "https://",
                                      "https://a@b",
                                      "https://a:b@c",
                                      "https://a/path",
                                      "https://a?q",
                                      "https://a#f",
                                      "ftp://a",
                                      "https://a b",
                                      "https://a:99999"};
    static const char *const good[] = {"https://127.0.0.1:8443", "https://host.example/", "https://[::1]:8443"};
    struct http *http;
    struct why why = {0};
    struct http_identity identity = believing(&home), nobody = {0};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        if (http_new(bad[i], &identity, &http, &why) != ERR_USAGE)
            fail_msg("taken: %s", bad[i]);
        assert_null(http);
    }
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        ok(http_new(good[i], &identity, &http, NULL));
        http_free(http);
    }
    assert_int_equal(http_new(good[0], &nobody, &http, NULL), ERR_USAGE);
}

static int open_home(void **state)
{
    (void)state;
    signal(SIGPIPE, SIG_IGN); /* clients hang up on us here */
    if (secret_start(0, NULL) != OK)
        return -1;
    site_open(&home, "127.0.0.1", (int64_t)time(NULL));
    return 0;
}

static int close_home(void **state)
{
    (void)state;
    site_close(&home);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_get),
        cmocka_unit_test(test_headers),
        cmocka_unit_test(test_if_none_match),
        cmocka_unit_test(test_post),
        cmocka_unit_test(test_device_certificate),
        cmocka_unit_test(test_whom_it_believes),
        cmocka_unit_test(test_environment),
        cmocka_unit_test(test_unavailable),
        cmocka_unit_test(test_first_contact),
        cmocka_unit_test(test_addresses),
    };
    return cmocka_run_group_tests(tests, open_home, close_home);
}
