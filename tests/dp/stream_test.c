/* dp/stream: the same draws of the same seed, uniform below a bound, nothing kept of what was drawn, and a child that
 * never draws what its parent does. */
#include <setjmp.h>
#include <stdarg.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/dp/chi_square.h"
#include "tests/dp/seeded.h"
#include "tests/dp/words.h"

#define WORDS (DP_STREAM_BUFFER / 8)

/* The numbers are of a ChaCha20 written for this in another language, from the seed's hash on. */
static void test_same_everywhere(void **state)
{
    (void)state;
    struct dp_stream *stream SEEDED = seeded_stream(1), *again SEEDED = seeded_stream(1),
                             *other SEEDED = seeded_stream(2);
    assert_true(dp_stream_u64(stream) == UINT64_C(0x2c49a5defdd087cc));
    assert_true(dp_stream_u64(again) == UINT64_C(0x2c49a5defdd087cc));
    size_t alike = 0;
    for (size_t i = 1; i < 3 * WORDS; i++) {
        uint64_t word = dp_stream_u64(stream);
        assert_true(word == dp_stream_u64(again));
        alike += word == dp_stream_u64(other);
    }
    assert_int_equal(alike, 0);
    assert_true(dp_stream_u64(stream) == UINT64_C(0x3c07c56e72a185c6)); /* the fourth buffer's first */
}

static void test_below(void **state)
{
    (void)state;
    enum { DRAWS = 100000 };
    static const uint64_t bounds[] = {1, 2, 3, 7, 100};
    struct dp_stream *stream SEEDED = seeded_stream(3);
    for (size_t b = 0; b < sizeof bounds / sizeof *bounds; b++) {
        uint64_t counts[100] = {0};
        double even[100];
        for (size_t i = 0; i < bounds[b]; i++)
            even[i] = 1 / (double)bounds[b];
        for (int i = 0; i < DRAWS; i++) {
            uint64_t draw = dp_stream_below(stream, bounds[b]);
            assert_true(draw < bounds[b]);
            counts[draw]++;
        }
        assert_true(chi_square_fits(counts, even, bounds[b], DRAWS));
    }
}

/* 2^64 mod 3 = 1: the one word too many is 0, and it is passed over. 3 * 2^62 takes a quarter of all words away. */
static void test_below_is_exact(void **state)
{
    (void)state;
    struct dp_stream *stream SEEDED = seeded_stream(4);
    const uint64_t three[] = {0, 1};
    stream_put(stream, three, 2);
    assert_int_equal(dp_stream_below(stream, 3), 0);
    assert_int_equal(stream->left, 0);
    const uint64_t most[] = {UINT64_MAX};
    stream_put(stream, most, 1);
    assert_int_equal(dp_stream_below(stream, 3), 2);
    const uint64_t large = UINT64_C(3) << 62, passed_over[] = {0, 4, 8, 1};
    stream_put(stream, passed_over, 4);
    assert_int_equal(dp_stream_below(stream, large), 0);
    assert_int_equal(stream->left, 0);
}

/* What was drawn, and the key it came from, are in the state no longer. */
static void test_erased(void **state)
{
    (void)state;
    struct dp_stream *stream SEEDED = seeded_stream(5);
    uint8_t first_key[RANDOM_KEY_BYTES], second_key[RANDOM_KEY_BYTES];
    memcpy(first_key, stream->key, sizeof first_key);
    uint64_t word = dp_stream_u64(stream);
    memcpy(second_key, stream->key, sizeof second_key);
    assert_memory_not_equal(first_key, second_key, sizeof first_key);
    assert_null(memmem(stream, sizeof *stream, first_key, 8));
    assert_null(memmem(stream, sizeof *stream, &word, sizeof word));
    assert_non_null(memmem(stream, sizeof *stream, second_key, 8)); /* the search can find */
    for (int i = 1; i < WORDS; i++)
        dp_stream_u64(stream);
    for (size_t i = 0; i < DP_STREAM_BUFFER; i++)
        assert_int_equal(stream->buffer[i], 0);
}

enum { SEEN = WORDS + 10 };

static void draw_all(struct dp_stream *stream, uint64_t words[static SEEN])
{
    for (int i = 0; i < SEEN; i++)
        words[i] = dp_stream_u64(stream);
}

static void draw_careless(struct random source, uint64_t words[static SEEN])
{
    for (int i = 0; i < SEEN; i++)
        words[i] = random_u64(source);
}

/* What a child draws, sent back. */
static void child_draws(struct dp_stream *stream, struct random careless, uint64_t words[static SEEN])
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        if (stream)
            draw_all(stream, words);
        else
            draw_careless(careless, words);
        _exit(write(ends[1], words, SEEN * 8) == SEEN * 8 ? 0 : 1);
    }
    close(ends[1]);
    size_t got = 0;
    for (ssize_t n; got < SEEN * 8 && (n = read(ends[0], (uint8_t *)words + got, SEEN * 8 - got)) > 0;)
        got += (size_t)n;
    close(ends[0]);
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0 && got == SEEN * 8);
}

static size_t shared(const uint64_t a[static SEEN], const uint64_t b[static SEEN])
{
    size_t count = 0;
    for (int i = 0; i < SEEN; i++)
        for (int k = 0; k < SEEN; k++)
            count += a[i] == b[k];
    return count;
}

/* Forked before the first draw, in the middle of a buffer and at its end. */
static void test_child_never_replays(void **state)
{
    (void)state;
    static const int before[] = {0, 7, WORDS};
    static uint64_t parent[SEEN], child[SEEN], sibling[SEEN];
    struct random none = {NULL, NULL};
    for (size_t i = 0; i < sizeof before / sizeof *before; i++) {
        struct dp_stream *stream SEEDED = seeded_stream(6);
        for (int k = 0; k < before[i]; k++)
            dp_stream_u64(stream);
        child_draws(stream, none, child);
        child_draws(stream, none, sibling);
        draw_all(stream, parent);
        assert_int_equal(shared(parent, child), 0);
        assert_int_equal(shared(parent, sibling), 0);
        assert_int_equal(shared(child, sibling), 0);
    }
    struct random_seeded seeded; /* positive control: a buffer that the child inherits */
    struct random careless = random_seeded_start(&seeded, 6);
    child_draws(NULL, careless, child);
    draw_careless(careless, parent);
    assert_int_equal(shared(parent, child), SEEN);
}

static void fill_stuck(void *byte, uint8_t *out, size_t size)
{
    memset(out, *(const uint8_t *)byte, size);
}

static void test_stuck_seed(void **state)
{
    (void)state;
    uint8_t zeros = 0, ones = 0xff;
    struct dp_stream *stream;
    assert_int_equal(dp_stream_new((struct random){fill_stuck, &zeros}, &stream), ERR_UNAVAILABLE);
    assert_null(stream);
    assert_int_equal(dp_stream_new((struct random){fill_stuck, &ones}, &stream), ERR_UNAVAILABLE);
    assert_int_equal(dp_stream_new(random_system(), &stream), OK);
    dp_stream_free(stream);
    dp_stream_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_everywhere),     cmocka_unit_test(test_below),
        cmocka_unit_test(test_below_is_exact),      cmocka_unit_test(test_erased),
        cmocka_unit_test(test_child_never_replays), cmocka_unit_test(test_stuck_seed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
