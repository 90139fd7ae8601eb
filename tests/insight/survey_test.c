/* The survey: topics of lessons, what an answer holds, the privacy of it against its own laws, and what many say. */
#include "insight/survey.h"

#include <math.h>

#include "insight/common.h"
#include "tests/dp/seeded.h"
#include "tests/insight/candidates.h"

static const struct dp_floor none = {{0}}; /* the built-in one holds */

static struct survey_terms terms_of(double epsilon)
{
    struct survey_terms terms;
    assert_int_equal(survey_terms_for((struct dp_epsilon){(uint64_t)(epsilon * 1e6)}, &none, &terms, NULL), OK);
    return terms;
}

static void noised_free(struct noised_record *record)
{
    mem_free(record->votes);
    mem_free(record->features);
}

/* --- the codebook --- */

static void topics_are_public_words_and_different(void **state)
{
    (void)state;
    assert_string_equal(codebook_topic(0), "other");
    assert_string_equal(codebook_topic(CODEBOOK_TOPICS), "other");
    for (uint32_t topic = 1; topic < CODEBOOK_TOPICS; topic++) {
        assert_true(common_text(codebook_topic(topic)));
        for (uint32_t other = 1; other < topic; other++)
            assert_string_not_equal(codebook_topic(topic), codebook_topic(other));
    }
}

static uint32_t topic_of(struct spec spec)
{
    struct candidate candidate = make_candidate(spec);
    uint32_t topic = codebook_topic_of(&candidate);
    candidate_free(&candidate);
    return topic;
}

static void the_most_telling_word_is_the_topic(void **state)
{
    (void)state;
    assert_string_equal(codebook_topic(topic_of((struct spec){.when = "finding an order fails with: order not found"})),
                        "order");
    uint32_t command = topic_of((struct spec){.when = "a command"}), rare = topic_of((struct spec){.when = "an email"});
    assert_true(command > 0 && rare > command);
    assert_int_equal(topic_of((struct spec){.when = "a command about an email"}), rare);
    assert_int_equal(topic_of((struct spec){.when = "zebras sleep", .act = "write an email"}), rare);
    assert_int_equal(topic_of((struct spec){.when = "zebras sleep", .act = "let them"}), 0);
}

/* --- an answer --- */

static void a_truth_is_bounded(void **state)
{
    (void)state;
    struct candidate candidates[30];
    struct survey_truth truth;
    for (size_t i = 0; i < 30; i++)
        candidates[i] = make_candidate((struct spec){.kind = i < 20 ? CANDIDATE_PITFALL : CANDIDATE_SKILL,
                                                     .when = i < 12   ? "an order"
                                                             : i < 22 ? "an email"
                                                                      : "a command"});
    survey_truth_of(candidates, 3, &truth);
    assert_int_equal(truth.lessons[CANDIDATE_PITFALL], 3);
    survey_truth_of(candidates, 30, &truth);
    assert_string_equal(codebook_topic(truth.topic), "order");
    uint32_t sum = 0;
    for (size_t kind = 0; kind < CANDIDATE_KINDS; kind++)
        sum += truth.lessons[kind];
    assert_true(sum <= SURVEY_LESSONS);
    assert_int_equal(truth.lessons[CANDIDATE_PITFALL], 5);
    assert_int_equal(truth.lessons[CANDIDATE_SKILL], 2);
    free_candidates(candidates, 30);
}

static void an_answer_is_taken_and_others_are_not(void **state)
{
    (void)state;
    struct dp_stream *stream SEEDED = seeded_stream(1);
    struct survey_terms terms = terms_of(4);
    struct survey_truth truth = {.topic = 7, .lessons = {3, 2, 1}};
    struct noised_record answer, other;
    int32_t features[CANDIDATE_KINDS + 1] = {0};
    struct noised_vote votes[2] = {{0, 1}, {1, 1}};
    assert_int_equal(survey_answer(&terms, &truth, stream, &answer), OK);
    assert_int_equal(survey_check(&answer, &none, NULL), OK);
    struct noised_record whole = {.codebook = 1,
                                  .epsilon_micro = 4000000,
                                  .scale = 1,
                                  .vote_count = 1,
                                  .votes = votes,
                                  .feature_count = CANDIDATE_KINDS,
                                  .features = features};
    assert_int_equal(survey_check(&whole, &none, NULL), OK);
    other = whole, other.codebook = 2;
    assert_int_equal(survey_check(&other, &none, NULL), ERR_VERSION);
    other = whole, other.vote_count = 2;
    assert_int_equal(survey_check(&other, &none, NULL), ERR_INPUT);
    other = whole, other.vote_count = 0;
    assert_int_equal(survey_check(&other, &none, NULL), ERR_INPUT);
    other = whole, other.feature_count = CANDIDATE_KINDS + 1;
    assert_int_equal(survey_check(&other, &none, NULL), ERR_INPUT);
    other = whole, other.scale = 2;
    assert_int_equal(survey_check(&other, &none, NULL), ERR_INPUT);
    votes[0].code = terms.vote.points;
    assert_int_equal(survey_check(&whole, &none, NULL), ERR_INPUT);
    votes[0] = (struct noised_vote){0, 0};
    assert_int_equal(survey_check(&whole, &none, NULL), ERR_INPUT);
    votes[0].bit = 1;
    whole.epsilon_micro = 12000000; /* under the floor */
    assert_int_equal(survey_check(&whole, &none, NULL), ERR_POLICY);
    noised_free(&answer);
}

static void epsilons_under_the_floor_are_refused(void **state)
{
    (void)state;
    struct survey_terms terms;
    struct why why = {0};
    const uint64_t refused[] = {0, 1, 8000000, 20000000, UINT64_MAX};
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        assert_int_equal(survey_terms_for((struct dp_epsilon){refused[i]}, &none, &terms, &why), ERR_POLICY);
        assert_int_equal(terms.epsilon.micro, 0);
    }
    assert_non_null(why.what);
    struct dp_floor higher = {{0}}, lower = {{0}}; /* a policy's: raises it, and never lowers it */
    higher.least[DP_FEATURE_CHOICE] = 600;
    lower.least[DP_FEATURE_CHOICE] = 1;
    assert_int_equal(survey_terms_for((struct dp_epsilon){4000000}, &higher, &terms, NULL), ERR_POLICY);
    assert_int_equal(survey_terms_for((struct dp_epsilon){2000000}, &higher, &terms, NULL), OK);
    assert_int_equal(survey_terms_for((struct dp_epsilon){8000000}, &lower, &terms, NULL), ERR_POLICY);
    struct dp_epsilon most = survey_epsilon_within(&higher, (struct dp_epsilon){4000000});
    assert_int_equal(survey_terms_for(most, &higher, &terms, NULL), OK);
    most.micro++;
    assert_int_equal(survey_terms_for(most, &higher, &terms, NULL), ERR_POLICY);
    assert_int_equal(survey_epsilon_within(&none, (struct dp_epsilon){1000000}).micro, 1000000);
}

/* The chance of each point and of the numbers' signs with one truth is at most e^ε times that with another: 40,000
 * draws each, at six deviations. With the truth sent as it is the same check goes red. */
#define DRAWS 40000
static bool holds(const struct survey_terms *terms, bool plain)
{
    struct dp_stream *stream SEEDED = seeded_stream(plain ? 3 : 2);
    static double seen[2][2048];
    const struct survey_truth truths[2] = {{.topic = 1, .lessons = {8}}, {.topic = 200, .lessons = {0, 8}}};
    memset(seen, 0, sizeof seen);
    assert_true(terms->vote.points < 1024);
    for (int truth = 0; truth < 2; truth++)
        for (int draw = 0; draw < DRAWS; draw++) {
            struct noised_record answer;
            assert_int_equal(survey_answer(terms, &truths[truth], stream, &answer), OK);
            uint32_t point = plain ? truths[truth].topic : answer.votes[0].code;
            seen[truth][2 * point + (answer.features[0] > 4)]++;
            noised_free(&answer);
        }
    double factor = exp((double)terms->epsilon.micro / 1e6);
    for (size_t i = 0; i < 2048; i++)
        for (int truth = 0; truth < 2; truth++)
            if (seen[truth][i] >
                factor * seen[!truth][i] + 6 * (sqrt(seen[truth][i]) + factor * sqrt(seen[!truth][i] + 1)))
                return false;
    return true;
}

static void an_answer_is_private(void **state)
{
    (void)state;
    struct survey_terms terms = terms_of(1);
    assert_true(holds(&terms, false));
    assert_false(holds(&terms, true));
}

/* --- many --- */

/* 3,000 devices of two ε: estimates are within five standard errors of the truth, and the topic that nobody has is not
 * told from nothing. */
static void many_answers_tell_the_truth(void **state)
{
    (void)state;
    struct dp_stream *stream SEEDED = seeded_stream(4);
    struct survey *survey = NULL;
    const struct survey_terms terms[2] = {terms_of(4), terms_of(2)};
    assert_int_equal(survey_new((struct dp_epsilon){1000000}, &survey), OK);
    assert_int_equal((int)survey_topic(survey, 3).value, 0);
    for (int device = 0; device < 3000; device++) {
        struct survey_truth truth = {.topic = device % 3 == 0 ? 3 : 100, .lessons = {2, 0, device % 2 ? 4 : 0}};
        struct noised_record answer;
        assert_int_equal(survey_answer(&terms[device % 5 == 0], &truth, stream, &answer), OK);
        assert_int_equal(survey_add(survey, &answer), OK);
        noised_free(&answer);
    }
    assert_int_equal(survey_answers(survey), 3000);
    const struct {
        struct dp_estimate estimate;
        double truth;
    } cases[] = {{survey_topic(survey, 3), 1000}, {survey_topic(survey, 100), 2000},
                 {survey_topic(survey, 5), 0},    {survey_lessons(survey, 0), 6000},
                 {survey_lessons(survey, 1), 0},  {survey_lessons(survey, 2), 6000}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_true(cases[i].estimate.standard_error > 0);
        assert_true(fabs(cases[i].estimate.value - cases[i].truth) < 5 * cases[i].estimate.standard_error);
    }
    assert_true(cases[0].estimate.value > 5 * cases[0].estimate.standard_error);
    survey_free(survey);
}

static struct noised_record plain(uint64_t epsilon_micro, struct noised_vote *vote, int32_t *features)
{
    return (struct noised_record){.codebook = 1,
                                  .epsilon_micro = epsilon_micro,
                                  .scale = 1,
                                  .vote_count = 1,
                                  .votes = vote,
                                  .feature_count = CANDIDATE_KINDS,
                                  .features = features};
}

/* Neither a number as large as a record holds nor an answer of nearly no ε decides a sum. */
static void no_answer_decides_a_sum(void **state)
{
    (void)state;
    struct survey *survey = NULL;
    int32_t features[CANDIDATE_KINDS] = {INT32_MAX, INT32_MIN};
    struct noised_vote vote = {0, 1};
    struct noised_record record = plain(4000000, &vote, features);
    assert_int_equal(survey_new((struct dp_epsilon){1000000}, &survey), OK);
    assert_int_equal(survey_add(survey, &record), OK);
    assert_true(survey_lessons(survey, 0).value < 1000);
    assert_true(survey_lessons(survey, 1).value > -1000);
    double before = survey_topic(survey, 3).standard_error;
    record.epsilon_micro = 3;
    assert_int_equal(survey_add(survey, &record), ERR_POLICY);
    assert_true(survey_topic(survey, 3).standard_error == before);
    assert_int_equal(survey_answers(survey), 1);
    survey_free(survey);
}

static void answers_of_too_many_epsilons_are_not_added(void **state)
{
    (void)state;
    struct survey *survey = NULL;
    int32_t features[CANDIDATE_KINDS] = {0};
    struct noised_vote vote = {0, 1};
    assert_int_equal(survey_new((struct dp_epsilon){1000000}, &survey), OK);
    for (uint64_t i = 0; i <= SURVEY_EPSILONS; i++) {
        struct noised_record record = plain(1000000 + i, &vote, features);
        assert_int_equal(survey_add(survey, &record), i < SURVEY_EPSILONS ? OK : ERR_TOO_LARGE);
    }
    assert_int_equal(survey_answers(survey), SURVEY_EPSILONS);
    survey_free(survey);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(topics_are_public_words_and_different),
        cmocka_unit_test(the_most_telling_word_is_the_topic),
        cmocka_unit_test(a_truth_is_bounded),
        cmocka_unit_test(an_answer_is_taken_and_others_are_not),
        cmocka_unit_test(epsilons_under_the_floor_are_refused),
        cmocka_unit_test(an_answer_is_private),
        cmocka_unit_test(many_answers_tell_the_truth),
        cmocka_unit_test(no_answer_decides_a_sum),
        cmocka_unit_test(answers_of_too_many_epsilons_are_not_added),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
