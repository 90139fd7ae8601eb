/* dp/steady: the same bytes and the same instructions whatever is drawn (each draw is run step by step), the law, its
 * ends, and what is refused. Whole laws are tested in samplers_test.c. */
#include "dp/steady.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "dp/sampler_inside.h"
#include "tests/dp/seeded.h"
#include "tests/dp/words.h"

#define HALF (UINT64_C(1) << 63)

/* Two words that give each kind of value: the least and the largest magnitude of each sign, and some between. */
static const uint64_t pairs[][2] = {
    {0, 0},
    {HALF, 0},
    {HALF - 1, UINT64_MAX},
    {UINT64_MAX, UINT64_MAX},
    {UINT64_C(0x3310000000000000), 1},
    {UINT64_C(0xb311000000000000), 2},
    {UINT64_C(0x7102000000000000), 3},
    {UINT64_C(0x7ff8000000000000), 4},
};
enum { PAIRS = sizeof pairs / sizeof *pairs, BETWEEN = 4 };

struct subject {
    const struct dp_steady *steady; /* or */
    const struct dp_sampler *sampler;
};

static volatile int64_t sink;

static _Noreturn void run_traced(const struct subject *subject, const uint64_t pair[2])
{
    struct dp_stream *stream = seeded_stream(1);
    stream_put(stream, pair, 2);
    if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0)
        _exit(77);
    raise(SIGSTOP);
    sink = subject->steady ? dp_steady_draw(subject->steady, stream) : dp_sampler_draw(subject->sampler, stream);
    raise(SIGSTOP);
    _exit(0);
}

/* How many instructions lie between the child's two stops; 0 where nothing can be traced. */
static long steps_of(const struct subject *subject, const uint64_t pair[2])
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        run_traced(subject, pair);
    int status;
    long steps = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    if (WIFEXITED(status))
        return 0;
    while (ptrace(PTRACE_SINGLESTEP, child, NULL, NULL) == 0 && waitpid(child, &status, 0) == child &&
           WIFSTOPPED(status) && WSTOPSIG(status) == SIGTRAP)
        steps++;
    kill(child, SIGKILL);
    waitpid(child, &status, 0);
    return steps;
}

/* How many different counts there are from the pair `first` on; 0 where nothing can be traced. */
static int counts_of(const struct subject *subject, int first)
{
    long seen[PAIRS];
    int different = 0;
    for (int i = first; i < PAIRS; i++) {
        bool known = false;
        seen[i] = steps_of(subject, pairs[i]);
        for (int k = first; k < i; k++)
            known |= seen[k] == seen[i];
        different += !known;
    }
    return seen[first] ? different : 0;
}

static void test_same_instructions(void **state)
{
    (void)state;
    struct subject steady = {0}, usual = {0};
    struct dp_steady *a, *b;
    struct dp_sampler *sampler;
    assert_int_equal(dp_steady_gaussian((struct dp_ratio){4, 1}, &a), OK);
    assert_int_equal(dp_steady_geometric((struct dp_ratio){1, 1}, &b), OK);
    assert_int_equal(dp_sampler_gaussian((struct dp_ratio){4, 1}, &sampler), OK);
    steady.steady = a;
    usual.sampler = sampler;
    int different = counts_of(&steady, 0);
    steady.steady = b;
    int geometric = counts_of(&steady, 0), telling = counts_of(&usual, BETWEEN);
    dp_steady_free(a);
    dp_steady_free(b);
    dp_sampler_free(sampler);
    if (different == 0)
        skip(); /* no tracing here */
    assert_int_equal(different, 1);
    assert_int_equal(geometric, 1);
    assert_true(telling > 1); /* positive control: the table of dp/sampler.h tells */
}

static void test_same_bytes(void **state)
{
    (void)state;
    struct dp_stream *stream SEEDED = seeded_stream(2);
    struct dp_steady *steady;
    assert_int_equal(dp_steady_laplace((struct dp_ratio){1, 20}, &steady), OK);
    for (int i = 0; i < PAIRS; i++) {
        const uint64_t words[] = {pairs[i][0], pairs[i][1], 0};
        stream_put(stream, words, 3);
        dp_steady_draw(steady, stream);
        assert_int_equal(stream->left, 3 * 8 - DP_STEADY_BYTES);
    }
    dp_steady_free(steady);
}

/* Half the distribution function of the Gaussian of variance 1 up to 1, and of the Laplace of rate 1 up to 0, cut off
 * after 128 bits, from the program that dp.sampler's numbers come from. */
static void test_thresholds(void **state)
{
    (void)state;
    const uint64_t gaussian[2] = {0x71025579e9981c67, 0xd6a70222ebc40576},
                   laplace[2] = {0x3b26a7aead15e6ca, 0x251dc438cb611a74};
    struct dp_stream *stream SEEDED = seeded_stream(3);
    struct dp_steady *a, *b;
    assert_int_equal(dp_steady_gaussian((struct dp_ratio){1, 1}, &a), OK);
    assert_int_equal(dp_steady_laplace((struct dp_ratio){1, 1}, &b), OK);
    const uint64_t below[] = {gaussian[0], gaussian[1] - 1}, above[] = {gaussian[0] | HALF, gaussian[1] + 1};
    const uint64_t zero[] = {laplace[0] | HALF, laplace[1] - 1}, one[] = {laplace[0], laplace[1] + 1};
    stream_put(stream, below, 2);
    assert_int_equal(dp_steady_draw(a, stream), 1);
    stream_put(stream, above, 2);
    assert_int_equal(dp_steady_draw(a, stream), -2);
    stream_put(stream, zero, 2);
    assert_int_equal(dp_steady_draw(b, stream), 0);
    stream_put(stream, one, 2);
    assert_int_equal(dp_steady_draw(b, stream), 1);
    dp_steady_free(a);
    dp_steady_free(b);
}

/* The farthest value: its tail is under 2^-126 of the law, that of one less is not under 2^-128. */
static void test_ends(void **state)
{
    (void)state;
    struct dp_stream *stream SEEDED = seeded_stream(4);
    struct dp_steady *steady;
    assert_int_equal(dp_steady_laplace((struct dp_ratio){1, 1}, &steady), OK);
    stream_put(stream, pairs[2], 2);
    assert_in_range(dp_steady_draw(steady, stream), 86, 89); /* 2 e^-(x + 1) / (1 + 1/e) = 2^-126 at x = 87.1 */
    stream_put(stream, pairs[3], 2);
    assert_in_range(-dp_steady_draw(steady, stream), 86, 89);
    dp_steady_free(steady);
}

static void test_bounds(void **state)
{
    (void)state;
    struct dp_steady *steady;
    assert_int_equal(dp_steady_gaussian((struct dp_ratio){0, 1}, &steady), ERR_USAGE);
    assert_int_equal(dp_steady_gaussian((struct dp_ratio){1, 0}, &steady), ERR_USAGE);
    assert_int_equal(dp_steady_laplace((struct dp_ratio){1, 100}, &steady), ERR_TOO_LARGE);
    assert_int_equal(dp_steady_gaussian((struct dp_ratio){1000000, 1}, &steady), ERR_TOO_LARGE);
    assert_null(steady);
    for (size_t n = 1; n <= 2; n++) {
        mem_fail_after(n);
        assert_int_equal(dp_steady_gaussian((struct dp_ratio){1, 1}, &steady), ERR_MEMORY);
        assert_null(steady);
    }
    mem_fail_after(0);
    assert_int_equal(dp_steady_laplace((struct dp_ratio){1, 41}, &steady), OK);
    dp_steady_free(steady);
    assert_int_equal(dp_steady_gaussian((struct dp_ratio){290 * 290, 1}, &steady), OK);
    dp_steady_free(steady);
    dp_steady_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_instructions),
        cmocka_unit_test(test_same_bytes),
        cmocka_unit_test(test_thresholds),
        cmocka_unit_test(test_ends),
        cmocka_unit_test(test_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
