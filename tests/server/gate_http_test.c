/* The gate's reading of a request head and its table of routes: what is taken, and every refusal with its status. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <cmocka.h>

#include "server/gate_route.h"
#include "server/roles.h"

#define OK_HEAD "Host: h\r\n"

static void heads_are_taken_or_refused(void **state)
{
    (void)state;
    static const struct {
        const char *head;
        int http;
    } cases[] = {
        {"GET / HTTP/1.1\r\n" OK_HEAD "\r\n", 0},
        {"GET / HTTP/1.0\r\n" OK_HEAD "\r\n", 0},
        {"POST /v1/enrol HTTP/1.1\r\n" OK_HEAD "content-LENGTH: 12\r\n\r\n", 0},
        {"GET / HTTP/1.1\r\n" OK_HEAD "X-Other: a:b \t c\r\n\r\n", 0},
        {"GET / HTTP/1.1\r\n\r\n", 400},                    /* no host */
        {"GET / HTTP/1.1\r\n" OK_HEAD OK_HEAD "\r\n", 400}, /* two */
        {"GET / HTTP/1.1\r\n" OK_HEAD "Content-Length: 1\r\nContent-Length: 1\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\n" OK_HEAD "Content-Length: -1\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\n" OK_HEAD "Content-Length: +1\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\n" OK_HEAD "Content-Length: 0x10\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\n" OK_HEAD "Content-Length: 1, 1\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\n" OK_HEAD "Content-Length:\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\n" OK_HEAD "Content-Length: 9999999999999999999\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\n" OK_HEAD "Transfer-Encoding: chunked\r\n\r\n", 501},
        {"GET / HTTP/1.1\r\n" OK_HEAD "Transfer-Encoding : chunked\r\n\r\n", 400}, /* a space before the colon */
        {"GET / HTTP/1.1\r\n" OK_HEAD " folded\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\n" OK_HEAD "no colon\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\n" OK_HEAD ": empty\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\n" OK_HEAD "X: a\nY: b\r\n\r\n", 400}, /* a bare line feed */
        {"GET / HTTP/1.1\r\n" OK_HEAD "X: a\rY: b\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\n" OK_HEAD "Expect: 100-continue\r\n\r\n", 0},
        {"GET / HTTP/1.1\r\n" OK_HEAD "Expect: 200-ok\r\n\r\n", 417},
        {"GET / HTTP/2.0\r\n" OK_HEAD "\r\n", 505},
        {"GET / ICY/1.1\r\n" OK_HEAD "\r\n", 400},
        {"GET  / HTTP/1.1\r\n" OK_HEAD "\r\n", 400},
        {"GET /a b HTTP/1.1\r\n" OK_HEAD "\r\n", 400},
        {"GET http://h/ HTTP/1.1\r\n" OK_HEAD "\r\n", 400},
        {"GET /#f HTTP/1.1\r\n" OK_HEAD "\r\n", 400},
        {"G(T / HTTP/1.1\r\n" OK_HEAD "\r\n", 400},
        {"GET /\r\n" OK_HEAD "\r\n", 400},
        {"\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\n" OK_HEAD, 400}, /* not whole */
        {"", 400},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct gate_head head;
        int http = gate_head_parse(bytes_str(cases[i].head), &head);
        if (http != cases[i].http)
            fail_msg("case %zu: %d instead of %d", i, http, cases[i].http);
    }
}

static void a_head_is_read_exactly(void **state)
{
    (void)state;
    struct gate_head head;
    const char *text = "POST /v1/library?tree=7 HTTP/1.1\r\nHost: h\r\nContent-Type:  application/octet-stream \r\n"
                       "If-None-Match: \"3.7\"\r\nContent-Length: 42\r\nConnection: TE, Close\r\n\r\n";
    assert_int_equal(gate_head_parse(bytes_str(text), &head), 0);
    assert_int_equal(head.method, GATE_POST);
    assert_true(bytes_is(head.path, "/v1/library"));
    assert_true(bytes_is(head.query, "tree=7"));
    assert_true(bytes_is(head.content_type, "application/octet-stream"));
    assert_true(bytes_is(head.if_none_match, "\"3.7\""));
    assert_true(head.has_length);
    assert_int_equal(head.length, 42);
    assert_false(head.keep_alive);
}

static void too_many_headers_are_refused(void **state)
{
    (void)state;
    for (int count = GATE_HEADERS_MAX - 1; count <= GATE_HEADERS_MAX; count++) {
        SCOPED_BUF struct buf text = {0};
        struct gate_head head;
        buf_add_str(&text, "GET / HTTP/1.1\r\nHost: h\r\n");
        for (int i = 0; i < count; i++)
            buf_add_str(&text, "X: y\r\n");
        buf_add_str(&text, "\r\n");
        assert_int_equal(gate_head_parse(buf_bytes(&text), &head), count < GATE_HEADERS_MAX ? 0 : 431);
    }
}

static int check(const char *line, const char *headers, struct buf *numbers, const struct gate_route **route)
{
    SCOPED_BUF struct buf text = {0};
    struct gate_head head;
    buf_addf(&text, "%s HTTP/1.1\r\nHost: h\r\n%s\r\n", line, headers);
    buf_clear(numbers);
    int http = gate_head_parse(buf_bytes(&text), &head);
    if (http == 0)
        http = gate_route_find(GATE_PORT_MEMBERS, &head, route);
    return http ? http : gate_route_check(*route, &head, numbers);
}

static void routes_know_their_requests(void **state)
{
    (void)state;
#define SEALED "Content-Type: application/octet-stream\r\n"
    static const struct {
        const char *line, *headers;
        int http;
        size_t numbers;
    } cases[] = {
        {"GET /livez", "", 0, 0},
        {"GET /livez?", "", 0, 0},
        {"GET /livez?x=1", "", 400, 0},
        {"GET /livez/", "", 404, 0},
        {"GET /metrics", "", 404, 0}, /* another listener's */
        {"GET /", "", 404, 0},
        {"POST /livez", "Content-Length: 0\r\n", 405, 0},
        {"HEAD /livez", "", 405, 0},
        {"GET /livez", "Content-Length: 1\r\n", 413, 0},
        {"GET /v1/library", "", 0, 16},
        {"GET /v1/library?tree=5", "If-None-Match: \"2.5\"\r\n", 0, 16},
        {"GET /v1/library?tree=5&tree=5", "", 400, 0},
        {"GET /v1/library?tree=-5", "", 400, 0},
        {"GET /v1/library?tree=", "", 400, 0},
        {"GET /v1/inclusion?leaf=1&size=2", "", 0, 16},
        {"GET /v1/inclusion?size=2&leaf=1", "", 0, 16},
        {"GET /v1/inclusion?leaf=1", "", 400, 0},
        {"GET /v1/inclusion?leaf=1&size=2&x=3", "", 400, 0},
        {"GET /v1/consistency?from=1&size=2", "", 0, 16},
        {"GET /v1/log/checkpoint", "", 0, 0},
        {"GET /v1/log/tile/0/000", "", 0, 11},
        {"GET /v1/log/tile/1/x001/234.p/7", "", 0, 11},
        {"GET /v1/log/tile/entries/000.p/1", "", 0, 11},
        {"GET /v1/log/tile/0/000?x=1", "", 400, 0},
        {"GET /v1/log/tile/0/000.p/256", "", 404, 0},
        {"GET /v1/log/tile/8/000", "", 404, 0},
        {"GET /v1/log/tile/", "", 404, 0},
        {"GET /v1/log/tile/0/../checkpoint", "", 404, 0},
        {"GET /v1/log/tile", "", 404, 0},
        {"POST /v1/log/tile/0/000", "Content-Length: 0\r\n", 405, 0},
        {"POST /v1/checkpoints", SEALED "Content-Length: 8192\r\n", 0, 0},
        {"POST /v1/checkpoints", SEALED "Content-Length: 8193\r\n", 413, 0},
        {"POST /v1/contributions", SEALED "Content-Length: 100\r\n", 0, 0},
        {"POST /v1/contributions", SEALED "Content-Length: 262144\r\n", 0, 0},
        {"POST /v1/contributions", SEALED "Content-Length: 262145\r\n", 413, 0},
        {"POST /v1/contributions", SEALED, 411, 0},
        {"POST /v1/contributions", "Content-Length: 100\r\n", 415, 0},
        {"POST /v1/contributions", "Content-Type: text/plain\r\nContent-Length: 100\r\n", 415, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        SCOPED_BUF struct buf numbers = {0};
        const struct gate_route *route = NULL;
        int http = check(cases[i].line, cases[i].headers, &numbers, &route);
        if (http != cases[i].http || (http == 0 && numbers.size != cases[i].numbers))
            fail_msg("case %zu: %d with %zu bytes", i, http, numbers.size);
    }
}

static void numbers_go_in_the_order_of_the_message(void **state)
{
    (void)state;
    SCOPED_BUF struct buf numbers = {0};
    const struct gate_route *route = NULL;
    uint64_t first = 0, second = 0;
    assert_int_equal(check("GET /v1/inclusion?size=9&leaf=4", "", &numbers, &route), 0);
    struct cursor cursor = {buf_bytes(&numbers)};
    assert_int_equal(cursor_u64(&cursor, &first), OK);
    assert_int_equal(cursor_u64(&cursor, &second), OK);
    assert_int_equal(first, 4);
    assert_int_equal(second, 9);

    static const struct {
        const char *etag;
        uint64_t version;
    } tags[] = {{"\"12.70\"", 12}, {"\"12\"", 0}, {"W/\"12.70\"", 0}, {"*", 0},
                {"\"x.70\"", 0},   {".", 0},      {"\".\"", 0}};
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
        char header[64];
        snprintf(header, sizeof header, "If-None-Match: %s\r\n", tags[i].etag);
        assert_int_equal(check("GET /v1/library?tree=70", header, &numbers, &route), 0);
        cursor = (struct cursor){buf_bytes(&numbers)};
        assert_int_equal(cursor_u64(&cursor, &first), OK);
        assert_int_equal(cursor_u64(&cursor, &second), OK);
        assert_int_equal(first, 70);
        assert_int_equal(second, tags[i].version);
    }
}

static void every_members_route_needs_a_certificate(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        bool needs;
    } cases[] = {
        {"GET /livez", false},
        {"GET /readyz", false},
        {"GET /v1/federation", false},
        {"GET /v1/library", true},
        {"GET /v1/checkpoint", true},
        {"GET /v1/inclusion?leaf=0&size=1", true},
        {"GET /v1/consistency?from=0&size=1", true},
        {"GET /v1/witnesses", true},
        {"GET /v1/log/checkpoint", true},
        {"GET /v1/log/tile/0/000", true},
        {"GET /v1/log/tile/entries/000", true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        SCOPED_BUF struct buf numbers = {0};
        const struct gate_route *route = NULL;
        assert_int_equal(check(cases[i].line, "", &numbers, &route), 0);
        assert_int_equal(!role_may(CALLER_STRANGER, route->call), cases[i].needs);
    }
}

static void a_reply_says_what_it_is(void **state)
{
    (void)state;
    SCOPED_BUF struct buf out = {0};
    gate_reply_head(&(struct gate_reply_head){.http = 503, .type = "t/x", .length = 7, .close = true, .now = 784111777},
                    &out);
    assert_string_equal(
        buf_text(&out),
        "HTTP/1.1 503 Service Unavailable\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n" /* RFC 9110 5.6.7 */
        "Cache-Control: no-store\r\nContent-Type: t/x\r\nContent-Length: 7\r\nRetry-After: 2\r\n"
        "Connection: close\r\n\r\n");
    buf_clear(&out);
    gate_reply_head(&(struct gate_reply_head){.http = 304, .etag = "\"1.2\""}, &out);
    assert_null(strstr(buf_text(&out), "Content-Length"));
    assert_non_null(strstr(buf_text(&out), "ETag: \"1.2\"\r\n"));
    buf_clear(&out);
    gate_reply_head(&(struct gate_reply_head){.http = 200, .type = "t/x", .immutable = true}, &out);
    assert_non_null(strstr(buf_text(&out), "Cache-Control: private, max-age=31536000, immutable\r\n"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(heads_are_taken_or_refused),
        cmocka_unit_test(a_head_is_read_exactly),
        cmocka_unit_test(too_many_headers_are_refused),
        cmocka_unit_test(routes_know_their_requests),
        cmocka_unit_test(numbers_go_in_the_order_of_the_message),
        cmocka_unit_test(every_members_route_needs_a_certificate),
        cmocka_unit_test(a_reply_says_what_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
