/* Features: length, order, and what is and isn't alike. */
#include "tests/insight/candidates.h"

#include <math.h>

#include "insight/features.h"

static double text_cosine(const char *a, const char *b)
{
    struct features x, y;
    assert_int_equal(features_of_text(a, &x), OK);
    assert_int_equal(features_of_text(b, &y), OK);
    double cosine = features_cosine(&x, &y);
    features_free(&x);
    features_free(&y);
    return cosine;
}

static double candidate_cosine(struct spec a, struct spec b)
{
    struct candidate x = make_candidate(a), y = make_candidate(b);
    struct features fx, fy;
    assert_int_equal(features_of_candidate(&x, &fx), OK);
    assert_int_equal(features_of_candidate(&y, &fy), OK);
    double cosine = features_cosine(&fx, &fy);
    features_free(&fx);
    features_free(&fy);
    candidate_free(&x);
    candidate_free(&y);
    return cosine;
}

static void test_form(void **state)
{
    (void)state;
    struct features features;
    assert_int_equal(features_of_text("ask the customer which card to use, then ask again", &features), OK);
    double square = 0;
    for (size_t i = 0; i < features.count; i++) {
        assert_true(features.items[i].index < FEATURE_DIMENSION);
        assert_true(i == 0 || features.items[i].index > features.items[i - 1].index);
        square += (double)features.items[i].weight * features.items[i].weight;
    }
    assert_true(fabs(square - 1) < 1e-5);
    features_free(&features);
    assert_int_equal(features_of_text("", &features), OK);
    assert_int_equal(features.count, 0);
    features_free(&features);
}

static void test_alike(void **state)
{
    (void)state;
    assert_true(text_cosine("check the payment total", "Check the payment totals!") > 0.999);
    assert_true(text_cosine("check the payment total", "verify the weather forecast") < 0.1);
    assert_true(text_cosine("the of and to", "refund certificate") == 0);
    assert_true(text_cosine("", "anything") == 0);
    /* rare words tell more than common ones */
    assert_true(text_cosine("recompute the baggage fee", "recompute baggage cost") >
                text_cosine("recompute the baggage fee", "what is the fee for the use of this"));
}

static void test_slots_count(void **state)
{
    (void)state;
    struct spec plain = {.when = "a call is refused", .act = "check the argument"};
    struct spec one = plain, other = plain;
    one.tool = "book_flight";
    other.tool = "cancel_order";
    assert_true(candidate_cosine(one, one) > 0.999);
    assert_true(candidate_cosine(one, other) < 0.85);
}

static void test_do_and_avoid_differ(void **state)
{
    (void)state;
    struct spec act = {.when = "a charge is refused", .act = "charge the full amount again"};
    struct spec avoid = {.when = "a charge is refused", .avoid = "charge the full amount again"};
    assert_true(candidate_cosine(act, avoid) < 0.99);
    assert_true(candidate_cosine(act, avoid) > 0.4); /* related all the same */
}

static enum status once(const struct candidate *candidate)
{
    struct features features;
    enum status status = features_of_candidate(candidate, &features);
    features_free(&features);
    return status;
}

static void test_out_of_memory(void **state)
{
    (void)state;
    char list[1200] = "";
    for (int i = 0; i < 12; i++)
        snprintf(list + strlen(list), sizeof list - strlen(list),
                 "%sphrase number %d has words alpha%d beta%d gamma%d delta%d", i ? "|" : "", i, i, i, i, i);
    struct candidate candidate = make_candidate((struct spec){.when = list, .act = list, .tool = "tool"});
    EACH_ALLOCATION_FAILS(once(&candidate));
    candidate_free(&candidate);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_form),          cmocka_unit_test(test_alike),
        cmocka_unit_test(test_slots_count),   cmocka_unit_test(test_do_and_avoid_differ),
        cmocka_unit_test(test_out_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
