/* Grouping: against all pairs by brute force, no chains, no dependence on the order of the input. */
#include "tests/insight/candidates.h"

#include "insight/group.h"
#include "insight/postings.h"
#include "tests/bench/synthetic.h"

#define NEAR 0.85
#define RELATED 0.4

/* The inverted index finds exactly what comparing all pairs finds. */
static void check_postings(double threshold)
{
    enum { N = 400 };
    struct candidate *candidates = synthetic_round(N, 60, 7);
    static struct features vectors[N];
    for (size_t i = 0; i < N; i++)
        assert_int_equal(features_of_candidate(&candidates[i], &vectors[i]), OK);
    struct postings *postings;
    assert_int_equal(postings_new(vectors, N, threshold, &postings), OK);
    size_t pairs = 0;
    for (uint32_t i = 0; i < N; i++) {
        bool expected[N] = {false};
        for (uint32_t j = 0; j < i; j++)
            expected[j] = features_cosine(&vectors[i], &vectors[j]) >= threshold;
        const struct posting_hit *hits;
        size_t found = postings_find(postings, i, SIZE_MAX, &hits);
        for (size_t h = 0; h < found; h++) {
            assert_true(hits[h].number < i && expected[hits[h].number]);
            expected[hits[h].number] = false;
            pairs++;
        }
        for (uint32_t j = 0; j < i; j++)
            assert_false(expected[j]);
        postings_add(postings, i);
    }
    assert_true(pairs > 0);
    postings_free(postings);
    for (size_t i = 0; i < N; i++)
        features_free(&vectors[i]);
    synthetic_free(candidates, N);
}

static void test_postings_find_all(void **state)
{
    (void)state;
    check_postings(NEAR);
    check_postings(RELATED);
    check_postings(0.999);
}

static void test_groups(void **state)
{
    (void)state;
    struct candidate candidates[] = {
        make_candidate((struct spec){
            .when = "the payments do not add up", .act = "recompute bags and insurance before charging", .task = 1}),
        make_candidate(
            (struct spec){.when = "an order is not found", .act = "ask whether the leading character is missing"}),
        make_candidate((struct spec){
            .when = "the payments do not add up", .act = "recompute bags and insurance before charging", .task = 2}),
        make_candidate((struct spec){.when = "the payment does not add up",
                                     .act = "recompute bags and insurance before charging"}),
        make_candidate((struct spec){.when = "the payments do not add up",
                                     .avoid = "recompute bags and insurance before charging"}),
        make_candidate(
            (struct spec){.when = "the payments do not add up", .act = "ask the customer for a second card"}),
    };
    struct grouping grouping;
    assert_int_equal(group_candidates(candidates, 6, NEAR, RELATED, &grouping), OK);
    assert_int_equal(grouping.count, 6);
    assert_int_equal(grouping.group[0], grouping.group[2]); /* equal but for the task */
    assert_int_equal(grouping.group[0], grouping.group[3]); /* near */
    assert_int_not_equal(grouping.group[0], grouping.group[1]);
    assert_int_not_equal(grouping.group[0], grouping.group[4]); /* do is not avoid */
    assert_int_not_equal(grouping.group[0], grouping.group[5]);
    assert_int_equal(grouping.groups, 4);
    assert_int_equal(grouping.group[0], 0); /* the most frequent comes first */
    bool linked = false;
    for (size_t i = 0; i < grouping.link_count; i++) {
        assert_true(grouping.links[i].a < grouping.links[i].b && grouping.links[i].similarity >= RELATED);
        linked |= grouping.links[i].a == 0 && grouping.links[i].b == grouping.group[4];
        assert_int_not_equal(grouping.links[i].b, grouping.group[1]);
    }
    assert_true(linked);
    grouping_free(&grouping);
    free_candidates(candidates, 6);
}

/* Groups are numbered by how often their leader occurs. */
static void test_frequent_ones_lead(void **state)
{
    (void)state;
    enum { KINDS = 7, N = KINDS * (KINDS + 1) / 2 };
    struct candidate candidates[N];
    size_t count = 0;
    for (uint64_t pattern = 0; pattern < KINDS; pattern++)
        for (uint64_t i = 0; i <= pattern; i++)
            candidates[count++] = synthetic_candidate(pattern * 31, 0);
    struct grouping grouping;
    assert_int_equal(group_candidates(candidates, N, NEAR, RELATED, &grouping), OK);
    assert_int_equal(grouping.groups, KINDS);
    for (size_t pattern = 0; pattern < KINDS; pattern++)
        assert_int_equal(grouping.group[pattern * (pattern + 1) / 2], KINDS - 1 - pattern);
    grouping_free(&grouping);
    free_candidates(candidates, N);
}

/* a ~ b ~ c, but a and c are not near: with a leader, c can't come into a's group through b. */
static void test_no_chain(void **state)
{
    (void)state;
    char text[6][PHRASE_MAX];
    struct candidate candidates[6];
    for (int i = 0; i < 6; i++) { /* a window of nine words that moves by one */
        text[i][0] = 0;
        for (int w = 0; w < 12; w++)
            snprintf(text[i] + strlen(text[i]), PHRASE_MAX - strlen(text[i]), "word%c%c ", 'k' + i + w, 'q');
        candidates[i] = make_candidate((struct spec){.when = "x", .act = text[i]});
    }
    struct grouping grouping;
    assert_int_equal(group_candidates(candidates, 6, 0.8, 0.2, &grouping), OK);
    assert_int_not_equal(grouping.group[0], grouping.group[5]);
    for (size_t i = 0; i < 6; i++) {
        struct features leader, mine;
        assert_int_equal(features_of_candidate(&candidates[grouping.leader[grouping.group[i]]], &leader), OK);
        assert_int_equal(features_of_candidate(&candidates[i], &mine), OK);
        assert_true(features_cosine(&leader, &mine) >= 0.8 - 1e-6);
        features_free(&leader);
        features_free(&mine);
    }
    grouping_free(&grouping);
    free_candidates(candidates, 6);
}

static void test_order_does_not_matter(void **state)
{
    (void)state;
    enum { N = 600 };
    struct candidate *candidates = synthetic_round(N, 80, 3);
    struct candidate shuffled[N];
    size_t place[N];
    for (size_t i = 0; i < N; i++) {
        place[i] = (i * 367 + 11) % N; /* 367 and 600 have no common factor */
        shuffled[place[i]] = candidates[i];
    }
    struct grouping a, b;
    assert_int_equal(group_candidates(candidates, N, NEAR, RELATED, &a), OK);
    assert_int_equal(group_candidates(shuffled, N, NEAR, RELATED, &b), OK);
    assert_int_equal(a.groups, b.groups);
    assert_int_equal(a.link_count, b.link_count);
    for (size_t i = 0; i < N; i++)
        assert_int_equal(a.group[i], b.group[place[i]]);
    for (size_t i = 0; i < a.link_count; i++)
        assert_true(a.links[i].a == b.links[i].a && a.links[i].b == b.links[i].b);
    grouping_free(&a);
    grouping_free(&b);
    synthetic_free(candidates, N);
}

static void test_edges(void **state)
{
    (void)state;
    struct grouping grouping;
    assert_int_equal(group_candidates(NULL, 0, NEAR, RELATED, &grouping), OK);
    assert_int_equal(grouping.groups, 0);
    grouping_free(&grouping);
    struct candidate empty[2] = {{0}};
    assert_int_equal(group_candidates(empty, 2, NEAR, RELATED, &grouping), OK);
    assert_int_equal(grouping.groups, 1); /* equal ones, if of nothing */
    grouping_free(&grouping);
    assert_int_equal(group_candidates(empty, 2, 0.3, 0.4, &grouping), ERR_USAGE);
    assert_int_equal(group_candidates(empty, 2, 1.5, 0.4, &grouping), ERR_USAGE);
    assert_int_equal(group_candidates(empty, 2, 0.5, 0, &grouping), ERR_USAGE);
}

static enum status once(const struct candidate *candidates, size_t count)
{
    struct grouping grouping;
    enum status status = group_candidates(candidates, count, NEAR, 0.1, &grouping);
    grouping_free(&grouping);
    return status;
}

static void test_out_of_memory(void **state)
{
    (void)state;
    struct candidate *candidates = synthetic_round(12, 6, 5);
    EACH_ALLOCATION_FAILS(once(candidates, 12));
    synthetic_free(candidates, 12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_postings_find_all),     cmocka_unit_test(test_groups),
        cmocka_unit_test(test_frequent_ones_lead),    cmocka_unit_test(test_no_chain),
        cmocka_unit_test(test_order_does_not_matter), cmocka_unit_test(test_edges),
        cmocka_unit_test(test_out_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
