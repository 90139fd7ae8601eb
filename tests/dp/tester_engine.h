/* The engine's mechanisms on neighbouring inputs that are hard for them, and what each claims. */
#pragma once

#include "dp/keywords.h"
#include "dp/ngrams.h"
#include "dp/noisy_max.h"
#include "dp/partition_count.h"
#include "dp/projective.h"
#include "dp/response_many.h"
#include "dp/sparse_vector.h"
#include "dp/stability.h"
#include "dp/vector.h"
#include "dp/weighted_union.h"
#include "tests/dp/tester.h"

/* Status of a call whose terms are right. */
static inline void engine_must(enum status status)
{
    if (status != OK)
        abort();
}

static inline void engine_laplace(const void *state, struct dp_stream *stream, int neighbour, int64_t *out)
{
    (void)state;
    out[0] = dp_laplace_add(stream, 10 + neighbour, (struct dp_ratio){1, 1});
}

static inline void engine_gaussian(const void *state, struct dp_stream *stream, int neighbour, int64_t *out)
{
    (void)state;
    out[0] = 10 + neighbour + dp_gaussian(stream, (struct dp_ratio){4, 1});
}

/* state: the table. From none to one supporter, and where the chance rises most. */
static inline void engine_partition(const void *state, struct dp_stream *stream, int neighbour, int64_t *out)
{
    out[0] = dp_partition_keeps(state, stream, (uint64_t)neighbour);
    out[1] = 0;
}

static inline void engine_partition_middle(const void *state, struct dp_stream *stream, int neighbour, int64_t *out)
{
    out[0] = dp_partition_keeps(state, stream, 4 + (uint64_t)neighbour);
    out[1] = 0;
}

static inline void engine_partition_count(const void *state, struct dp_stream *stream, int neighbour, int64_t *out)
{
    uint64_t noisy;
    out[0] = dp_partition_count_keeps(state, stream, 3 + (uint64_t)neighbour, &noisy);
    out[1] = (int64_t)noisy;
}

static inline void engine_stability(const void *state, struct dp_stream *stream, int neighbour, int64_t *out)
{
    out[0] = dp_stability_keeps(state, stream, (uint64_t)neighbour, &out[1]);
}

static inline void engine_permute_flip(const void *state, struct dp_stream *stream, int neighbour, int64_t *out)
{
    (void)state;
    const int64_t scores[2][3] = {{5, 4, 4}, {4, 5, 5}};
    size_t chosen;
    engine_must(
        dp_permute_flip(stream, (struct dp_choice_terms){{1000000}, 1, DP_SCORES_ANY}, scores[neighbour], 3, &chosen));
    out[0] = (int64_t)chosen;
}

static inline void engine_permute_flip_top(const void *state, struct dp_stream *stream, int neighbour, int64_t *out)
{
    (void)state;
    const int64_t scores[2][4] = {{5, 5, 4, 4}, {5, 5, 5, 5}};
    size_t chosen[2], count;
    engine_must(dp_permute_flip_top(stream, (struct dp_choice_terms){{500000}, 1, DP_SCORES_MONOTONE},
                                    scores[neighbour], 4, 2, chosen, &count));
    out[0] = (int64_t)chosen[0];
    out[1] = (int64_t)chosen[1];
}

/* state: the kind of noise. */
static inline void engine_noisy_max(const void *state, struct dp_stream *stream, int neighbour, int64_t *out)
{
    const int64_t scores[2][3] = {{5, 4, 4}, {4, 5, 5}};
    size_t chosen;
    engine_must(dp_noisy_max(stream, (struct dp_choice_terms){{1000000}, 1, DP_SCORES_ANY},
                             *(const enum dp_max_noise *)state, scores[neighbour], 3, &chosen));
    out[0] = (int64_t)chosen;
}

/* Seven questions, of which only the last goes up: the index of the first above, of the second. */
static inline void engine_sparse(const void *state, struct dp_stream *stream, int neighbour, int64_t *out)
{
    (void)state;
    struct dp_sparse *sparse;
    const int64_t values[2][7] = {{-3, -3, -3, -3, -3, -3, 2}, {-4, -4, -4, -4, -4, -4, 3}};
    int64_t seen = 0;
    engine_must(dp_sparse_new((struct dp_sparse_terms){{1000000}, 1, DP_SCORES_ANY, 2, 0}, stream, NULL, &sparse));
    out[0] = out[1] = -1;
    for (int64_t i = 0; i < 7; i++) {
        bool above;
        if (dp_sparse_ask(sparse, stream, values[neighbour][i], &above) == OK && above)
            out[seen++] = i;
    }
    dp_sparse_free(sparse);
}

static inline void engine_keywords(const void *state, struct dp_stream *stream, int neighbour, int64_t *out)
{
    (void)state;
    const uint32_t all[] = {0, 1, 2, 3, 3}, one = 2;
    struct dp_keywords *keywords;
    engine_must(dp_keywords_new((struct dp_keywords_terms){4, 2, {DP_COUNT_LAPLACE, {1, 2}}}, NULL, &keywords));
    engine_must(dp_keywords_add(keywords, 1, &one, 1));
    engine_must(dp_keywords_add(keywords, 2, all, neighbour ? 5 : 0));
    engine_must(dp_keywords_release(keywords, stream, out));
    dp_keywords_free(keywords);
}

static inline void engine_response(const void *state, struct dp_stream *stream, int neighbour, int64_t *out)
{
    out[0] = dp_response_answer(stream, *(const struct dp_response *)state, neighbour == 1);
}

static inline void engine_response_many(const void *state, struct dp_stream *stream, int neighbour, int64_t *out)
{
    out[0] = dp_response_many_answer(stream, *(const struct dp_response_many *)state, neighbour ? 3 : 0);
}

/* What is orthogonal to either choice, as the event that tells them apart best is a set of answers. */
static inline void engine_projective(const void *state, struct dp_stream *stream, int neighbour, int64_t *out)
{
    uint32_t answer = dp_projective_answer(state, stream, neighbour ? 7 : 2);
    out[0] = (int64_t)dp_projective_count(state, &answer, 1, 2);
    out[1] = (int64_t)dp_projective_count(state, &answer, 1, 7);
    out[2] = answer;
}

/* A vector far outside the bounds, or none. */
static inline void engine_vector(const void *state, struct dp_stream *stream, int neighbour, int64_t *out)
{
    const int64_t values[2][3] = {{0, 0, 0}, {40000, 40000, 40000}};
    dp_vector_release(state, stream, values[neighbour], out);
}

/* A unit's set of four, three keys of which five others have too. */
static inline void engine_union(const void *state, struct dp_stream *stream, int neighbour, int64_t *out)
{
    const struct dp_union *mechanism = state;
    for (int i = 0; i < 4; i++) {
        int64_t sum = (i < 3 ? 5 * DP_UNION_ONE : 0) + neighbour * (int64_t)dp_union_weight(4), noisy = 0;
        if (sum > 0)
            noisy = sum + dp_gaussian(stream, (struct dp_ratio){mechanism->variance, 1});
        out[i] = sum > 0 && noisy >= mechanism->threshold ? noisy : 0;
    }
}

static inline struct dp_ngrams_terms engine_ngrams_terms(void)
{
    return (struct dp_ngrams_terms){2, 2, 3, 200, {DP_RHO_ONE, 0}};
}

/* A unit whose text has three tokens and three pairs, or none: how many of each length come out, and two sums. */
static inline void engine_ngrams(const void *state, struct dp_stream *stream, int neighbour, int64_t *out)
{
    (void)state;
    const uint32_t other[] = {0, 1}, text[] = {0, 1, 2, 0};
    const struct dp_ngrams_unit units[] = {{1, other, 2}, {2, text, neighbour ? 4 : 0}};
    const struct dp_ngrams_terms terms = engine_ngrams_terms();
    struct dp_ngrams *ngrams;
    engine_must(dp_ngrams_release(&terms, stream, units, 2, NULL, &ngrams));
    for (uint32_t i = 0; i < 2; i++) {
        out[i] = (int64_t)dp_ngrams_count(ngrams, i + 1);
        out[2 + i] = out[i] > 0 ? dp_ngrams_sum(ngrams, i + 1, 0) : 0;
    }
    dp_ngrams_free(ngrams);
}

struct engine {
    struct dp_partition *partition;
    struct dp_partition_count count;
    struct dp_stability stability;
    enum dp_max_noise geometric, laplace;
    struct dp_response response;
    struct dp_response_many many;
    struct dp_projective projective;
    struct dp_vector_terms vector;
    struct dp_union mechanism;
};

/* ε = 1 and δ = .01 wherever they can be chosen. */
static inline void engine_make(struct engine *engine)
{
    const struct dp_partition_terms terms = {{1000000}, DP_DELTA_ONE / 100, 1};
    *engine = (struct engine){
        .geometric = DP_MAX_GEOMETRIC, .laplace = DP_MAX_LAPLACE, .vector = {3, 1, 1000, 100, {40000, 1}}};
    engine_must(dp_partition_new(terms, NULL, &engine->partition));
    engine_must(dp_partition_count_for(terms, NULL, &engine->count));
    engine_must(dp_stability_for((struct dp_stability_terms){{DP_COUNT_LAPLACE, {1, 1}}, DP_DELTA_ONE / 100, 1}, NULL,
                                 &engine->stability));
    engine_must(dp_response_for((struct dp_epsilon){1000000}, &engine->response));
    engine_must(dp_response_many_for((struct dp_epsilon){1000000}, 5, &engine->many));
    engine_must(dp_projective_for((struct dp_epsilon){1000000}, 10, &engine->projective));
    engine_must(dp_union_for((struct dp_zcdp){DP_RHO_ONE, DP_DELTA_ONE / 200}, 4, &engine->mechanism));
}

static inline double engine_epsilon_of(struct dp_zcdp loss)
{
    struct dp_epsilon epsilon;
    engine_must(dp_zcdp_epsilon(loss, DP_DELTA_ONE / 100, &epsilon));
    return (double)epsilon.micro / 1e6;
}

struct engine_row {
    const char *name;
    struct tester_task task;
    double epsilon; /* claimed, at the task's δ */
};
#define ENGINE_ROWS 18

static inline void engine_rows(const struct engine *of, size_t draws, struct engine_row rows[static ENGINE_ROWS])
{
    double gaussian = engine_epsilon_of(dp_zcdp_of_variance(1, (struct dp_ratio){4, 1}));
    double vector = engine_epsilon_of(dp_vector_loss(&of->vector, DP_VECTOR_NONE));
    double sets = engine_epsilon_of(of->mechanism.loss);
    const struct dp_ngrams_terms phrases = engine_ngrams_terms();
    double ngrams = engine_epsilon_of(dp_ngrams_loss(&phrases));
    const struct engine_row all[ENGINE_ROWS] = {
        {"laplace", {engine_laplace, NULL, 1, 0, draws}, 1},
        {"gaussian", {engine_gaussian, NULL, 1, .01, draws}, gaussian},
        {"partition", {engine_partition, of->partition, 2, .01, draws}, 1},
        {"partition, middle", {engine_partition_middle, of->partition, 2, .01, draws}, 1},
        {"partition count", {engine_partition_count, &of->count, 2, .01, draws}, 1},
        {"stability", {engine_stability, &of->stability, 2, .01, draws}, 1},
        {"permute and flip", {engine_permute_flip, NULL, 1, 0, draws}, 1},
        {"permute and flip, two", {engine_permute_flip_top, NULL, 2, 0, draws}, 1},
        {"noisy max, geometric", {engine_noisy_max, &of->geometric, 1, 0, draws}, 1},
        {"noisy max, laplace", {engine_noisy_max, &of->laplace, 1, 0, draws}, 1},
        {"sparse vector", {engine_sparse, NULL, 2, 0, draws}, 1},
        {"keywords", {engine_keywords, NULL, 4, 0, draws}, 1},
        {"response", {engine_response, &of->response, 1, 0, draws}, 1},
        {"response of many", {engine_response_many, &of->many, 1, 0, draws}, 1},
        {"projective", {engine_projective, &of->projective, 3, 0, draws}, 1},
        {"vector", {engine_vector, &of->vector, 3, .01, draws}, vector},
        {"union", {engine_union, &of->mechanism, 4, .01, draws}, sets},
        {"n-grams", {engine_ngrams, NULL, 4, .01, draws}, ngrams},
    };
    memcpy(rows, all, sizeof all);
}
