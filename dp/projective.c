/* Projective geometry response. Hides the numbering of points and the draws among orthogonal ones. */
#include "dp/projective.h"

#include <math.h>

#define GRID (UINT64_C(1) << 32)
#define EPSILON_MOST (12 * DP_EPSILON_ONE)
#define PRIME_MOST 1021
#define POINTS_MOST (UINT64_C(1) << 31)
/* log and the operations around it are off by less than this, relative or absolute. */
#define SLACK 1e-12

/* --- the space --- */

/* Points of so many coordinates: 1 + q + ... + q^(n - 1); 0 if over POINTS_MOST. */
static uint64_t points_of(uint64_t prime, uint32_t coordinates)
{
    uint64_t points = 0;
    for (uint32_t i = 0; i < coordinates; i++) {
        points = points * prime + 1;
        if (points > POINTS_MOST)
            return 0;
    }
    return points;
}

static bool is_prime(uint32_t n)
{
    for (uint32_t i = 2; i * i <= n; i++)
        if (n % i == 0)
            return false;
    return n >= 2;
}

static bool is_sound(const struct dp_projective *space)
{
    return space->prime <= PRIME_MOST && is_prime(space->prime) && space->dimensions >= 2 &&
           space->dimensions <= DP_PROJECTIVE_DIMENSIONS_MOST && space->points > 0 &&
           points_of(space->prime, space->dimensions) == space->points && space->inside > 0 &&
           space->inside < space->of && space->of <= GRID;
}

/* Points orthogonal to one, and to two. */
static uint64_t orthogonal_to_one(const struct dp_projective *space)
{
    return points_of(space->prime, space->dimensions - 1);
}

static uint64_t orthogonal_to_two(const struct dp_projective *space)
{
    return points_of(space->prime, space->dimensions - 2);
}

/* --- its parameters: floating point, of public terms alone --- */

static double odds_of(const struct dp_projective *space)
{
    double inside = (double)orthogonal_to_one(space), outside = (double)space->points - inside;
    return (double)space->inside * outside / ((double)(space->of - space->inside) * inside);
}

enum status dp_projective_epsilon(const struct dp_projective *space, struct dp_epsilon *out)
{
    out->micro = UINT64_MAX;
    if (!is_sound(space))
        return ERR_USAGE;
    double epsilon = log(odds_of(space));
    if (!(epsilon > 0 && epsilon < 20))
        return ERR_USAGE;
    out->micro = (uint64_t)ceil((epsilon + SLACK * (1 + epsilon)) * DP_EPSILON_ONE);
    return OK;
}

/* Chance that an answer is orthogonal to the choice that was made, and to one that was not. */
struct chances {
    double made, other;
};

static struct chances chances_of(const struct dp_projective *space)
{
    double made = (double)space->inside / (double)space->of, one = (double)orthogonal_to_one(space);
    double two = (double)orthogonal_to_two(space);
    return (struct chances){made, made * two / one + (1 - made) * (one - two) / ((double)space->points - one)};
}

/* Of one answer's share in an estimate, for the worse of both choices. */
static double variance_of(const struct dp_projective *space)
{
    struct chances chances = chances_of(space);
    double each = fmax(chances.made * (1 - chances.made), chances.other * (1 - chances.other));
    return each / ((chances.made - chances.other) * (chances.made - chances.other));
}

/* The least space over a prime that holds the choices, with the most truthful answers of ε. False if there is none. */
static bool space_over(uint32_t prime, uint32_t choices, struct dp_epsilon epsilon, struct dp_projective *space)
{
    uint32_t dimensions = 2;
    uint64_t points = points_of(prime, dimensions);
    while (points != 0 && points < choices)
        points = points_of(prime, ++dimensions);
    *space = (struct dp_projective){prime, dimensions, (uint32_t)points, 1, GRID};
    if (points == 0)
        return false;
    double inside = exp((double)epsilon.micro / DP_EPSILON_ONE) * (double)orthogonal_to_one(space);
    double share = inside / (inside + (double)(points - orthogonal_to_one(space)));
    struct dp_epsilon got;
    for (space->inside = (uint64_t)(share * (double)GRID); space->inside > 0; space->inside--) {
        enum status status = dp_projective_epsilon(space, &got); /* a step or two past the rounding */
        if (status != OK)
            return false;
        if (dp_epsilon_compare(got, epsilon) <= 0)
            return true;
    }
    return false;
}

enum status dp_projective_for(struct dp_epsilon epsilon, uint32_t choices, struct dp_projective *out)
{
    double best = HUGE_VAL;
    *out = (struct dp_projective){0, 0, 0, 0, 0};
    if (epsilon.micro == 0 || epsilon.micro > EPSILON_MOST || choices < 2 || choices > DP_PROJECTIVE_CHOICES_MOST)
        return ERR_USAGE;
    for (uint32_t prime = 2; prime <= PRIME_MOST; prime++) {
        struct dp_projective space;
        if (!is_prime(prime) || !space_over(prime, choices, epsilon, &space) || variance_of(&space) >= best)
            continue;
        best = variance_of(&space);
        *out = space;
    }
    return out->prime ? OK : ERR_USAGE;
}

struct dp_zcdp dp_projective_loss(const struct dp_projective *space)
{
    struct dp_epsilon epsilon;
    if (dp_projective_epsilon(space, &epsilon) != OK)
        return (struct dp_zcdp){UINT64_MAX, UINT64_MAX};
    return dp_zcdp_of_pure(epsilon);
}

/* --- points: coordinates of which the first that is not 0 is 1, numbered by how many follow it, then by these --- */

struct point {
    uint32_t at[DP_PROJECTIVE_DIMENSIONS_MOST];
    uint32_t leading; /* index of the 1 */
};

static struct point point_of(const struct dp_projective *space, uint64_t number)
{
    struct point point = {{0}, space->dimensions - 1};
    uint64_t size = 1;
    for (; number >= size; size *= space->prime, point.leading--)
        number -= size;
    point.at[point.leading] = 1;
    for (uint32_t i = space->dimensions - 1; i > point.leading; i--, number /= space->prime)
        point.at[i] = (uint32_t)(number % space->prime);
    return point;
}

static uint64_t inverse_of(uint64_t value, uint64_t prime) /* value^(prime - 2) */
{
    uint64_t result = 1;
    for (uint64_t power = prime - 2; power > 0; power /= 2, value = value * value % prime)
        result = power % 2 ? result * value % prime : result;
    return prime == 2 ? 1 : result;
}

/* Coordinates that are not all 0, to the point's number. */
static uint64_t number_of(const struct dp_projective *space, const uint32_t *at)
{
    uint32_t leading = 0;
    while (at[leading] == 0)
        leading++;
    uint64_t inverse = inverse_of(at[leading], space->prime), number = 0;
    for (uint32_t i = leading + 1; i < space->dimensions; i++)
        number = number * space->prime + at[i] * inverse % space->prime;
    return number + points_of(space->prime, space->dimensions - 1 - leading);
}

static uint64_t product(const struct dp_projective *space, const uint32_t *a, const uint32_t *b)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < space->dimensions; i++)
        sum += (uint64_t)a[i] * b[i];
    return sum % space->prime;
}

static bool is_zero(const struct dp_projective *space, const uint32_t *at)
{
    for (uint32_t i = 0; i < space->dimensions; i++)
        if (at[i] != 0)
            return false;
    return true;
}

/* --- answers --- */

static void draw_all(const struct dp_projective *space, struct dp_stream *stream, uint32_t *at)
{
    for (uint32_t i = 0; i < space->dimensions; i++)
        at[i] = (uint32_t)dp_stream_below(stream, space->prime);
}

/* Uniform among the points orthogonal to one: all coordinates are free but that at its leading 1. At least every other
 * draw is a point. */
static uint64_t draw_inside(const struct dp_projective *space, struct dp_stream *stream, const struct point *to)
{
    uint32_t at[DP_PROJECTIVE_DIMENSIONS_MOST] = {0};
    for (int tries = 0; tries < DP_TRIES_MOST; tries++) {
        draw_all(space, stream, at);
        at[to->leading] = 0;
        uint64_t rest = product(space, at, to->at);
        at[to->leading] = (uint32_t)((space->prime - rest) % space->prime);
        if (!is_zero(space, at))
            return number_of(space, at);
    }
    dp_stream_broken();
}

/* Uniform among the others: at least every other draw. */
static uint64_t draw_outside(const struct dp_projective *space, struct dp_stream *stream, const struct point *to)
{
    uint32_t at[DP_PROJECTIVE_DIMENSIONS_MOST] = {0};
    for (int tries = 0; tries < DP_TRIES_MOST; tries++) {
        draw_all(space, stream, at);
        if (product(space, at, to->at) != 0)
            return number_of(space, at);
    }
    dp_stream_broken();
}

uint32_t dp_projective_answer(const struct dp_projective *space, struct dp_stream *stream, uint32_t truth)
{
    INVARIANT(is_sound(space) && truth < space->points);
    struct point to = point_of(space, truth);
    bool inside = dp_bernoulli(stream, (struct dp_ratio){space->inside, space->of});
    return (uint32_t)(inside ? draw_inside(space, stream, &to) : draw_outside(space, stream, &to));
}

uint64_t dp_projective_count(const struct dp_projective *space, const uint32_t *answers, size_t count, uint32_t choice)
{
    INVARIANT(is_sound(space) && choice < space->points);
    struct point to = point_of(space, choice);
    uint64_t orthogonal = 0;
    for (size_t i = 0; i < count; i++) {
        INVARIANT(answers[i] < space->points);
        struct point answer = point_of(space, answers[i]);
        orthogonal += product(space, answer.at, to.at) == 0;
    }
    return orthogonal;
}

struct dp_estimate dp_projective_estimate(const struct dp_projective *space, uint64_t orthogonal, uint64_t total)
{
    INVARIANT(is_sound(space));
    struct chances chances = chances_of(space);
    return (struct dp_estimate){((double)orthogonal - (double)total * chances.other) / (chances.made - chances.other),
                                sqrt((double)total * variance_of(space))};
}
