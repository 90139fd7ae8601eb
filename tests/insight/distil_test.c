/* The embedded distiller: who supports what, which phrases stay and in what order. */
#include "tests/insight/candidates.h"

#include "insight/distil.h"
#include "tests/bench/synthetic.h"

static const struct distil_options options = {.near = 0.6, .related = 0.3};

static struct proposals distil(const struct candidate *candidates, size_t count)
{
    struct proposals proposals;
    struct distiller distiller = distiller_embedded();
    assert_int_equal(distiller.distil(distiller.state, candidates, count, &options, &proposals), OK);
    return proposals;
}

static void test_phrases_by_support(void **state)
{
    (void)state;
    struct spec spec = {.kind = CANDIDATE_RECOVERY,
                        .when = "the booking is refused because payments do not add up",
                        .act = "recompute bags and insurance|compare the total with the payments|charge again",
                        .tool = "book"};
    struct candidate candidates[6];
    for (size_t i = 0; i < 3; i++)
        candidates[i] = make_candidate(spec);
    struct spec odd = spec;
    odd.act = "recompute bags and insurance|compare the total with the payments|call a supervisor";
    odd.tool = "other";
    odd.kind = CANDIDATE_PROCEDURE;
    candidates[3] = make_candidate(odd);
    struct spec reworded = spec;
    reworded.act = "recompute the bags and the insurance|compare the total with the payments|charge again";
    candidates[4] = make_candidate(reworded);
    candidates[5] = make_candidate(reworded);
    struct proposals proposals = distil(candidates, 6);
    assert_int_equal(proposals.count, 1);
    const struct proposal *only = &proposals.items[0];
    assert_int_equal(only->support_count, 6);
    for (uint32_t i = 0; i < 6; i++)
        assert_int_equal(only->support[i], i);
    assert_int_equal(only->text.kind, CANDIDATE_RECOVERY);
    assert_string_equal(only->text.tool, "book");
    assert_int_equal(only->text.when.count, 1);
    /* what one alone says is not proposed, nor a second wording; the order is the members' */
    assert_int_equal(only->text.act.count, 3);
    assert_string_equal(only->text.act.items[0], "recompute bags and insurance");
    assert_string_equal(only->text.act.items[1], "compare the total with the payments");
    assert_string_equal(only->text.act.items[2], "charge again");
    for (size_t i = 0; i < TASK_TAG_BYTES; i++)
        assert_int_equal(only->text.task[i], 0);
    proposals_free(&proposals);
    free_candidates(candidates, 6);
}

/* Of several members, what only one says can't reach any k and is not proposed. */
static void test_single_votes_go(void **state)
{
    (void)state;
    struct spec spec = {.when = "the migration is locked by a job",
                        .act = "wait for the job|run the migration again|tell Bob"};
    struct candidate candidates[2] = {make_candidate(spec)};
    spec.act = "wait for the job|run the migration again|close it";
    candidates[1] = make_candidate(spec);
    struct proposals proposals = distil(candidates, 2);
    assert_int_equal(proposals.count, 1);
    assert_int_equal(proposals.items[0].text.act.count, 2);
    proposals_free(&proposals);
    proposals = distil(candidates, 1);
    assert_int_equal(proposals.items[0].text.act.count, 3);
    proposals_free(&proposals);
    free_candidates(candidates, 2);
}

/* Voter 0 says one thing four times, the others another thing once each. */
static void test_a_voter_has_one_voice(void **state)
{
    (void)state;
    enum { N = 6 };
    static const uint32_t voters[N] = {0, 0, 0, 0, 1, 2};
    struct candidate candidates[N];
    uint32_t support[N];
    for (uint32_t i = 0; i < N; i++) {
        support[i] = i;
        candidates[i] = make_candidate((struct spec){.when = "the migration is locked by a job",
                                                     .act = i < 4 ? "sell the house" : "wait for the job",
                                                     .tool = i < 4 ? "loud" : "quiet"});
        candidates[i].order[0] = mem_copy(bytes_str(i < 4 ? "sell" : "wait"));
        candidates[i].order_count = 1;
    }
    struct proposal loud = {.support = support, .support_count = N}, fair = loud;
    assert_int_equal(distil_group(candidates, NULL, &loud), OK);
    assert_int_equal(loud.text.act.count, 2);
    assert_string_equal(loud.text.tool, "loud");
    assert_string_equal(loud.text.order[0], "sell");
    assert_int_equal(distil_group(candidates, voters, &fair), OK);
    assert_int_equal(fair.text.act.count, 1);
    assert_string_equal(fair.text.act.items[0], "wait for the job");
    assert_string_equal(fair.text.tool, "quiet");
    assert_string_equal(fair.text.order[0], "wait");
    candidate_free(&loud.text);
    candidate_free(&fair.text);
    free_candidates(candidates, N);
}

static void test_each_candidate_supports_one(void **state)
{
    (void)state;
    enum { N = 300 };
    struct candidate *candidates = synthetic_round(N, 30, 2);
    struct proposals proposals = distil(candidates, N);
    unsigned seen[N] = {0};
    for (size_t p = 0; p < proposals.count; p++) {
        assert_true(proposals.items[p].support_count > 0);
        assert_true(proposals.items[p].text.when.count > 0);
        for (size_t i = 0; i < proposals.items[p].support_count; i++)
            seen[proposals.items[p].support[i]]++;
        for (size_t i = 0; i < proposals.items[p].link_count; i++) {
            const struct proposal *other = &proposals.items[proposals.items[p].links[i]];
            bool back = false;
            for (size_t k = 0; k < other->link_count; k++)
                back |= other->links[k] == p;
            assert_true(back);
        }
    }
    for (size_t i = 0; i < N; i++)
        assert_int_equal(seen[i], 1);
    proposals_free(&proposals);
    synthetic_free(candidates, N);
}

static void test_nothing(void **state)
{
    (void)state;
    struct proposals proposals = distil(NULL, 0);
    assert_int_equal(proposals.count, 0);
    proposals_free(&proposals);
}

static enum status once(const struct candidate *candidates, size_t count)
{
    struct proposals proposals;
    struct distiller distiller = distiller_embedded();
    enum status status = distiller.distil(distiller.state, candidates, count, &options, &proposals);
    proposals_free(&proposals);
    return status;
}

static void test_out_of_memory(void **state)
{
    (void)state;
    struct candidate *candidates = synthetic_round(6, 2, 5);
    candidates[0].order[0] = mem_copy(bytes_str("look"));
    candidates[0].order_count = 1;
    EACH_ALLOCATION_FAILS(once(candidates, 6));
    synthetic_free(candidates, 6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_phrases_by_support),
        cmocka_unit_test(test_single_votes_go),
        cmocka_unit_test(test_a_voter_has_one_voice),
        cmocka_unit_test(test_each_candidate_supports_one),
        cmocka_unit_test(test_nothing),
        cmocka_unit_test(test_out_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
