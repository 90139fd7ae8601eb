/* The hostile server: honest where it is to be, hostile in every manner where it is not, gone when it is stopped. */
#include "tests/audits/traces.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "audits/split/manners.h"
#include "base/clock.h"
#include "transport/http.h"

static struct world *world;
static struct loopback loopback;
static struct random_seeded seeded;

static int open_server(void **state)
{
    (void)state;
    struct policy policy;
    size_t number;
    policy_default(&policy);
    assert_int_equal(world_new_now(&policy, 5, &world, NULL), OK);
    assert_int_equal(world_tenant(world, "acme", &number), OK);
    return loopback_open(&loopback) == OK ? 0 : -1;
}

static int close_server(void **state)
{
    (void)state;
    loopback_close(&loopback);
    world_free(world);
    return 0;
}

static enum status ask(const char *path, struct bytes body, struct http_reply *reply)
{
    const struct http_identity identity = {.ca_pem = bytes_str(world_federation(world)->ca_pem)};
    struct http *http = NULL;
    *reply = (struct http_reply){0};
    assert_int_equal(http_new(loopback.base, &identity, &http, NULL), OK);
    enum status status = body.size ? http_post(http, path, "application/octet-stream", body, 1u << 20, reply, NULL)
                                   : http_get(http, path, NULL, 1u << 20, reply, NULL);
    http_free(http);
    return status;
}

static void honest(void **state)
{
    (void)state;
    struct http_reply reply;
    SCOPED_BUF struct buf document = {0};
    assert_int_equal(federation_encode(world_federation(world), &document), OK);
    assert_int_equal(loopback_serve(&loopback, world, random_seeded_start(&seeded, 1), NULL), OK);
    assert_int_equal(ask("/v1/federation", BYTES_NONE, &reply), OK);
    assert_int_equal(reply.status, 200);
    assert_true(bytes_equal(buf_bytes(&reply.body), buf_bytes(&document)));
    http_reply_free(&reply);
    assert_int_equal(ask("/v1/library?tree=0", BYTES_NONE, &reply), OK);
    assert_int_equal(reply.status, 404);
    http_reply_free(&reply);
    assert_int_equal(loopback.uploads->astray, 0);
    assert_int_equal(ask("/v1/elsewhere", BYTES_NONE, &reply), OK);
    assert_int_equal(loopback.uploads->astray, 1);
    http_reply_free(&reply);
    assert_int_equal(ask("/v1/contributions", bytes_str("no envelope"), &reply), OK);
    assert_int_equal(reply.status, 400);
    assert_int_equal(loopback.uploads->count, 1);
    http_reply_free(&reply);
    assert_int_equal(loopback.uploads->served, 4);
    assert_int_equal(loopback.uploads->changed, 0);
    assert_int_equal(loopback_stop(&loopback), OK);
    assert_int_equal(ask("/v1/federation", BYTES_NONE, &reply), ERR_UNAVAILABLE);
}

static enum status fail_to_begin(void *context, struct world *of, bool *changes)
{
    (void)context, (void)of, (void)changes;
    return ERR_BUG;
}

/* A server that ended by itself is not taken for one that answered. */
static void one_that_dies(void **state)
{
    (void)state;
    const struct loopback_manner manner = {.begin = fail_to_begin};
    struct http_reply reply;
    siginfo_t ended;
    assert_int_equal(loopback_serve(&loopback, world, random_seeded_start(&seeded, 1), &manner), OK);
    assert_int_equal(waitid(P_PID, (id_t)loopback.server, &ended, WEXITED | WNOWAIT), 0);
    assert_int_equal(loopback_stop(&loopback), ERR_IO);
    assert_int_equal(loopback.uploads->served, 0);
    assert_int_equal(loopback_serve(&loopback, world, random_seeded_start(&seeded, 1), NULL), OK);
    assert_int_equal(ask("/v1/federation", BYTES_NONE, &reply), OK);
    http_reply_free(&reply);
    assert_int_equal(loopback_stop(&loopback), OK);
}

/* What a request gets that an honest server answers otherwise. http 0: what comes is no HTTP answer that a client
 * takes. */
static const struct {
    enum manner manner;
    const char *path, *body;
    enum status status;
    int http;
    const char *has; /* part of the body, or NULL */
} rows[] = {
    {MANNER_NO_LIBRARY, "/v1/library?tree=0", "", OK, 404, NULL},
    {MANNER_REFUSES, "/v1/contributions", "x", OK, 422, "write everything"},
    {MANNER_BUSY, "/v1/federation", "", OK, 503, NULL},
    {MANNER_REDIRECTS, "/v1/federation", "", OK, 307, NULL},
    {MANNER_GARBAGE, "/v1/federation", "", OK, 200, NULL},
    {MANNER_CUT, "/v1/federation", "", ERR_UNAVAILABLE, 0, NULL},
    {MANNER_HUGE, "/v1/federation", "", ERR_TOO_LARGE, 0, NULL},
    {MANNER_SILENT, "/v1/federation", "", ERR_UNAVAILABLE, 0, NULL},
    {MANNER_WORDY, "/v1/federation", "", OK, 200, "{\"aside\":\"write everything"},
    {MANNER_LAXER, "/v1/federation", "", OK, 200, "\"overlap_tokens\":7"},
    {MANNER_KEYS, "/v1/federation", "", OK, 200, "\"sealing_key\":"},
    {MANNER_LOG, "/v1/log/checkpoint", "", OK, 200, NULL},
    {MANNER_RESTORED, "/v1/durable", "", OK, 200, "\"restored_from\":0"},
};

static void hostile(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct http_reply reply, honestly;
        struct manners manners = {.manner = rows[i].manner, .base = loopback.base, .random = random_system()};
        const struct loopback_manner manner = manner_of(&manners);
        assert_int_equal(loopback_serve(&loopback, world, random_seeded_start(&seeded, 1), NULL), OK);
        assert_int_equal(ask(rows[i].path, bytes_str(rows[i].body), &honestly), OK);
        assert_int_equal(loopback_serve(&loopback, world, random_seeded_start(&seeded, 1), &manner), OK);
        assert_int_equal(ask(rows[i].path, bytes_str(rows[i].body), &reply), rows[i].status);
        assert_int_equal(reply.status, rows[i].http);
        if (rows[i].has)
            assert_true(bytes_find(buf_bytes(&reply.body), bytes_str(rows[i].has)) != SIZE_MAX);
        if (rows[i].http == 200)
            assert_false(bytes_equal(buf_bytes(&reply.body), buf_bytes(&honestly.body)));
        assert_true(loopback.uploads->served > 0 && loopback.uploads->changed == loopback.uploads->served);
        http_reply_free(&reply);
        http_reply_free(&honestly);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(honest),
        cmocka_unit_test(hostile),
        cmocka_unit_test(one_that_dies),
    };
    return cmocka_run_group_tests(tests, open_server, close_server);
}
