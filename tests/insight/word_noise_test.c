/* Word noise: the law of a draw, the ε of every pair of words by exact sums, what a text costs and what is refused. */
#include "insight/word_noise.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "insight/common.h"
#include "tests/dp/seeded.h"

static size_t number(const char *word)
{
    size_t out = 0;
    assert_true(common_word_number(word, &out));
    return out;
}

static void words_have_numbers(void **state)
{
    (void)state;
    for (size_t i = 0; i < common_word_count(); i++)
        assert_string_equal(common_word_at(number(common_word_at(i))), common_word_at(i));
    assert_int_equal(number("orders"), number("order"));
    size_t none = 0;
    assert_false(common_word_number("acmecorp", &none));
    assert_false(common_word_number("", &none));
    assert_true(common_word_number(WORD_NOISE_OTHER, &none));
}

static void vectors_know_what_is_near(void **state)
{
    (void)state;
    static const char *const near[][3] = {/* the first is nearer to the second than to the third */
                                          {"password", "login", "square"},
                                          {"connection", "session", "decimal"},
                                          {"delete", "remove", "password"},
                                          {"sum", "mean", "login"}};
    for (size_t i = 0; i < sizeof near / sizeof *near; i++)
        assert_true(word_distance(number(near[i][0]), number(near[i][1])) <
                    word_distance(number(near[i][0]), number(near[i][2])));
    for (size_t a = 0; a < common_word_count(); a += 7)
        for (size_t b = 0; b < common_word_count(); b += 5) {
            assert_int_equal(word_distance(a, b), word_distance(b, a));
            assert_true(word_distance(a, b) <= WORD_NOISE_DISTANCE);
            assert_int_equal(word_distance(a, b) == 0, a == b);
        }
}

/* Permute and flip over these scores, summed (McKenna, Sheldon 2020, proposition 4): the chance of the candidate r is
 * p_r times the integral over t of the product of the others' (1 - p_i t). `reach`: how far scores go before they are
 * cut off, or, for the control, before a word is left out. */
enum cut { CUT_OFF, LEFT_OUT };
static double chance(size_t from, size_t to, double epsilon, enum cut cut)
{
    enum { STEPS = 100 };
    size_t count = common_word_count();
    double sum = 0, own = 0;
    for (int step = 0; step <= STEPS; step++) {
        double t = (double)step / STEPS, product = 1;
        for (size_t i = 0; i < count; i++) {
            unsigned distance = word_distance(from, i);
            double p = exp(-epsilon * distance / (2.0 * WORD_NOISE_DISTANCE));
            p = cut == LEFT_OUT && distance == WORD_NOISE_DISTANCE ? 0 : p;
            if (i == to)
                own = p;
            else
                product *= 1 - p * t;
        }
        sum += product * (step == 0 || step == STEPS ? 1 : step % 2 ? 4 : 2);
    }
    return own * sum / 3 / STEPS;
}

static bool holds(double epsilon, enum cut cut)
{
    static const char *const words[] = {"password", "login", "square", "flight", "item"};
    enum { WORDS = sizeof words / sizeof *words };
    for (size_t a = 0; a < WORDS; a++)
        for (size_t b = 0; b < WORDS; b++)
            for (size_t to = 0; to < WORDS; to++) {
                double p = chance(number(words[a]), number(words[to]), epsilon, cut);
                double q = chance(number(words[b]), number(words[to]), epsilon, cut);
                if (p > exp(epsilon) * q * (1 + 1e-6))
                    return false;
            }
    return true;
}

/* Far words too; and leaving out what is far, as a truncation may be read, has no ε. */
static void each_pair_of_words_is_within_epsilon(void **state)
{
    (void)state;
    assert_true(holds(2, CUT_OFF));
    assert_false(holds(2, LEFT_OUT));
}

static struct word_noise noised(struct dp_stream *stream, const char *text, double epsilon, struct buf *out)
{
    struct word_noise told;
    buf_clear(out);
    assert_int_equal(word_noise(stream, bytes_str(text), (struct dp_epsilon){(uint64_t)(epsilon * 1e6)},
                                (struct dp_epsilon){UINT64_MAX}, out, &told),
                     OK);
    return told;
}

/* The word that stands there is drawn as often as it should be: 3,000 draws, at five deviations; a law for an ε a
 * quarter off is not met. */
static void draws_follow_the_law(void **state)
{
    (void)state;
    enum { DRAWS = 3000 };
    struct dp_stream *stream SEEDED = seeded_stream(1);
    SCOPED_BUF struct buf out = {0};
    size_t kept = 0, word = number("password");
    for (int draw = 0; draw < DRAWS; draw++) {
        noised(stream, "password", 14, &out);
        kept += bytes_is(buf_bytes(&out), "password");
    }
    double p = chance(word, word, 14, CUT_OFF), off = chance(word, word, 10.5, CUT_OFF);
    double deviation = sqrt(DRAWS * p * (1 - p));
    assert_true(fabs((double)kept - DRAWS * p) < 5 * deviation);
    assert_true(fabs((double)kept - DRAWS * off) > 5 * deviation);
}

static void a_text_costs_the_sum_of_its_words(void **state)
{
    (void)state;
    struct dp_stream *stream SEEDED = seeded_stream(2);
    SCOPED_BUF struct buf out = {0};
    struct word_noise told = noised(stream, "Mallory's order 4711, (not found)!\n", 5, &out);
    assert_int_equal(told.words, 5);
    assert_int_equal(told.other, 2);
    assert_int_equal(told.word.micro, 5000000);
    assert_int_equal(told.record.micro, 25000000);
    assert_int_equal(bytes_find(buf_bytes(&out), bytes_str("Mallory")), SIZE_MAX);
    assert_int_equal(bytes_find(buf_bytes(&out), bytes_str("4711")), SIZE_MAX);
    assert_int_not_equal(bytes_find(buf_bytes(&out), bytes_str(")!\n")), SIZE_MAX);
    told = noised(stream, "", 5, &out);
    assert_int_equal(told.words, 0);
    assert_int_equal(told.record.micro, 0);
    assert_int_equal(out.size, 0);
}

static void what_makes_no_sense_is_refused(void **state)
{
    (void)state;
    struct dp_stream *stream SEEDED = seeded_stream(3);
    SCOPED_BUF struct buf out = {0};
    struct word_noise told;
    const struct dp_epsilon one = {DP_EPSILON_ONE}, any = {UINT64_MAX};
    assert_int_equal(word_noise(stream, bytes_str("a"), (struct dp_epsilon){0}, any, &out, &told), ERR_USAGE);
    assert_int_equal(word_noise(stream, bytes_str("a"), any, any, &out, &told), ERR_USAGE);
    assert_int_equal(word_noise(stream, bytes_str("a\xff"), one, any, &out, &told), ERR_INPUT);
    assert_int_equal(word_noise(stream, bytes_str("a b c"), one, (struct dp_epsilon){2999999}, &out, &told),
                     ERR_POLICY);
    assert_int_equal(told.record.micro, 3000000);
    assert_int_equal(out.size, 0);
    assert_int_equal(word_noise(stream, bytes_str("a b c"), one, (struct dp_epsilon){3000000}, &out, &told), OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_have_numbers),
        cmocka_unit_test(vectors_know_what_is_near),
        cmocka_unit_test(each_pair_of_words_is_within_epsilon),
        cmocka_unit_test(draws_follow_the_law),
        cmocka_unit_test(a_text_costs_the_sum_of_its_words),
        cmocka_unit_test(what_makes_no_sense_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
