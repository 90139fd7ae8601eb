/* Threads share a redactor: four at once, each in its own way, get what one alone gets. Under the tsan preset no word
 * of memory is written by one and read by another without order. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "redaction/redaction.h"

enum { THREADS = 4, ROUNDS = 60 };

static struct redactor *redactor;
static const char text[] =
    "Mia Li <a@example.com>, 10.1.2.3, card 4111 1111 1111 1111, caf\xc3\xa9, TOKEN=4f6a9d01c2b7e853";
static const char json[] =
    "{\"first_name\": \"Zorblax\", \"password\": \"x7\", \"t\": \"Zorblax, \\u0061@example.com\"}";

static enum status do_text(struct redact_session *session, struct buf *out)
{
    return redact_text(session, bytes_str(text), out, NULL);
}

static enum status do_json(struct redact_session *session, struct buf *out)
{
    return redact_json(session, bytes_str(json), out, NULL);
}

static enum status do_stream(struct redact_session *session, struct buf *out)
{
    struct redact_stream *stream = NULL;
    TRY(redact_stream_new(session, &stream));
    enum status status = redact_stream_add(stream, bytes_str(json), out, NULL);
    if (status == OK)
        status = redact_stream_end(stream, out, NULL);
    redact_stream_free(stream);
    return status;
}

static enum status do_scan(struct redact_session *session, struct buf *out)
{
    (void)session;
    struct redact_finding found;
    TRY(redact_scan(redactor, bytes_str(text), &found));
    buf_addf(out, "%s at %zu", found.rule, found.start);
    return buf_status(out);
}

static enum status (*const ways[THREADS])(struct redact_session *, struct buf *) = {do_text, do_json, do_stream,
                                                                                    do_scan};

static enum status once(size_t way, struct buf *out)
{
    struct redact_session *session = NULL;
    TRY(redact_session_new(redactor, &session));
    enum status status = ways[way](session, out);
    redact_session_free(session);
    return status;
}

/* Each thread goes through all ways, beginning with its own; NULL when all was as alone. */
static struct buf alone[THREADS];

static void *run(void *number)
{
    for (size_t i = 0; i < ROUNDS; i++) {
        struct buf out SCOPED_BUF = {0};
        size_t way = ((uintptr_t)number + i) % THREADS;
        if (once(way, &out) != OK || !bytes_equal(buf_bytes(&out), buf_bytes(&alone[way])))
            return number ? number : &redactor;
    }
    return NULL;
}

static void threads_get_what_one_gets(void **state)
{
    (void)state;
    pthread_t threads[THREADS];
    for (size_t way = 0; way < THREADS; way++) {
        assert_int_equal(once(way, &alone[way]), OK);
        assert_true(alone[way].size > 0);
    }
    for (uintptr_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, run, (void *)i), 0);
    for (size_t i = 0; i < THREADS; i++) {
        void *failed = NULL;
        assert_int_equal(pthread_join(threads[i], &failed), 0);
        assert_null(failed);
    }
    for (size_t way = 0; way < THREADS; way++)
        buf_free(&alone[way]);
}

int main(void)
{
    if (redactor_new(BYTES_NONE, NULL, &redactor, NULL) != OK)
        return 1;
    const struct CMUnitTest tests[] = {cmocka_unit_test(threads_get_what_one_gets)};
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    redactor_free(redactor);
    return failed;
}
