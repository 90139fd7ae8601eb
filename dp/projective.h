/* Projective geometry response: one local answer about a choice of many, as exact as any of its ε and a few bytes long.
 *
 * Guarantee: each answer is ε-locally differentially private for the answered choice, whatever it is, against
 * everybody, the server included (dp_projective_epsilon, rounded up). Answers about one unit add up. How: choices and
 * answers are points of the projective space of `dimensions` coordinates over the field of `prime` elements; an answer
 * orthogonal to one's choice is e^ε times likelier than one that is not. Each point has equally many orthogonal ones,
 * and each pair too, which makes the estimate unbiased with the same variance for every choice; with prime near e^ε + 1
 * that variance is the least known, 4 e^ε / (e^ε - 1)² a person.
 *
 * Source: Feldman, Nelson, Nguyen, Talwar, "Private Frequency Estimation via Projective Geometry" (2022), section 3. */
#pragma once

#include "dp/response.h"
#include "dp/zcdp.h"

#define DP_PROJECTIVE_CHOICES_MOST (UINT32_C(1) << 24)
#define DP_PROJECTIVE_DIMENSIONS_MOST 32

struct dp_projective {
    uint32_t prime, dimensions, points; /* points: of the space, choices and answers are below it */
    uint64_t inside, of;                /* an answer is orthogonal to the choice with probability inside / of */
};

/* The one of least variance whose ε is at most the one given. ERR_USAGE: ε 0 or above 12, choices under 2 or above
 * DP_PROJECTIVE_CHOICES_MOST. *out is all 0 then. */
MUST_USE enum status dp_projective_for(struct dp_epsilon epsilon, uint32_t choices, struct dp_projective *out);
/* Its ε, rounded up, from the parts alone. ERR_USAGE if they are no space or not within (0, 20]. */
MUST_USE enum status dp_projective_epsilon(const struct dp_projective *space, struct dp_epsilon *out);
struct dp_zcdp dp_projective_loss(const struct dp_projective *space);

/* truth < space->points; the answer is too. */
uint32_t dp_projective_answer(const struct dp_projective *space, struct dp_stream *stream, uint32_t truth);

/* How many of the answers (each below space->points) are orthogonal to a choice. Time: count times dimensions. */
uint64_t dp_projective_count(const struct dp_projective *space, const uint32_t *answers, size_t count, uint32_t choice);
/* Unbiased estimate of how many of `total` truly had a choice, from that count. */
struct dp_estimate dp_projective_estimate(const struct dp_projective *space, uint64_t orthogonal, uint64_t total);
