/* The network that learns from answers. What it is worth beside Bayes' best guess is a slow test. */
#include "tests/audits/traces.h"

#include "audits/split/answer_network.h"

/* Where nothing is noised, whatever is learned is the answer itself. */
static void learns(void **state)
{
    (void)state;
    struct policy policy;
    struct channel channel;
    struct answer_network network;
    struct random_seeded seeded;
    size_t right = 0;
    policy_default(&policy);
    assert_int_equal(channel_of(&policy, CHANNEL_BARE, &channel), OK);
    assert_int_equal(answer_network_learn(&channel, AIM_KIND, 4000, random_seeded_start(&seeded, 3), &network), OK);
    for (size_t kind = 0; kind < CANDIDATE_KINDS; kind++) {
        struct answer answer = {.point = 1};
        answer.numbers[kind] = SURVEY_LESSONS;
        right += answer_network_guess(&network, &answer) == kind;
    }
    assert_int_equal(right, CANDIDATE_KINDS);
    answer_network_free(&network);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(learns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
