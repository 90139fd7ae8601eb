/* A connection by calls that wait: what is written arrives, the end is an end, and what is no TLS is refused. */
#include "crypto/tls_stream.h"

#include <openssl/ssl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/crypto/hex.h"

#define DAY INT64_C(86400)

static struct tls_server *server;

static int make(void **state)
{
    (void)state;
    static const char *const names[] = {"localhost"};
    int64_t now = (int64_t)time(NULL);
    SCOPED_SECRET struct secret ca_key = {0}, key = {0};
    SCOPED_BUF struct buf ca = {0}, certificate = {0};
    assert_int_equal(ca_key_new(&ca_key), OK);
    assert_int_equal(ca_key_new(&key), OK);
    assert_int_equal(ca_create(&ca_key, "0123", now - DAY, 8 * DAY, &ca), OK);
    assert_int_equal(ca_issue_server(&ca_key, buf_bytes(&ca), &key, names, 1, now, DAY, &certificate), OK);
    return tls_server_new(&key, buf_bytes(&certificate), buf_bytes(&ca), &server, NULL) == OK ? 0 : -1;
}

static int drop(void **state)
{
    (void)state;
    tls_server_free(server);
    return 0;
}

/* In a process of its own: says "ping" and goes, or sends what is no TLS. Exits with 0 if it got the answer. */
static pid_t peer(int fd, bool speaks_tls)
{
    pid_t child = fork();
    if (child != 0)
        return child;
    char answer[8] = "";
    if (!speaks_tls)
        _exit(write(fd, "GET / HTTP/1.1\r\n\r\n", 18) == 18 ? 0 : 1);
    SSL *session = SSL_new(SSL_CTX_new(TLS_client_method()));
    SSL_set_fd(session, fd);
    bool good = SSL_connect(session) == 1 && SSL_write(session, "ping", 4) == 4 &&
                SSL_read(session, answer, sizeof answer - 1) == 4 && strcmp(answer, "pong") == 0;
    SSL_shutdown(session);
    _exit(good ? 0 : 1);
}

static void expect_end(pid_t child, int fd)
{
    int ended = 1;
    close(fd);
    assert_int_equal(waitpid(child, &ended, 0), child);
    assert_int_equal(ended, 0);
}

static void both_ways(void **state)
{
    (void)state;
    int ends[2];
    struct tls_stream *stream = NULL;
    SCOPED_BUF struct buf text = {0};
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    pid_t child = peer(ends[1], true);
    close(ends[1]);
    assert_int_equal(tls_stream_accept(server, ends[0], &stream), OK);
    while (text.size < 4)
        assert_int_equal(tls_stream_read(stream, 3, &text), OK);
    assert_true(bytes_is(buf_bytes(&text), "ping"));
    assert_int_equal(tls_stream_write(stream, bytes_str("pong")), OK);
    assert_int_equal(tls_stream_read(stream, 3, &text), ERR_UNAVAILABLE);
    assert_int_equal(text.size, 4);
    tls_stream_close(stream);
    expect_end(child, ends[0]);
}

static void no_tls(void **state)
{
    (void)state;
    int ends[2];
    struct tls_stream *stream = NULL;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    pid_t child = peer(ends[1], false);
    close(ends[1]);
    assert_int_equal(tls_stream_accept(server, ends[0], &stream), ERR_DENIED);
    assert_null(stream);
    tls_stream_close(stream);
    expect_end(child, ends[0]);
}

int main(void)
{
    signal(SIGPIPE, SIG_IGN);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_ways),
        cmocka_unit_test(no_tls),
    };
    return cmocka_run_group_tests(tests, make, drop);
}
