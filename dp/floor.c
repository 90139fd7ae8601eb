/* The noise floor. Hides the table of kinds. */
#include "dp/floor.h"

#include <math.h>

typedef unsigned __int128 wide;

static const struct {
    const char *name, *under;
    uint32_t least;
} kinds[DP_FEATURES] = {
    [DP_FEATURE_VOTE] = {"vote", "noise of votes is under the floor", 250},
    [DP_FEATURE_CHOICE] = {"choice", "noise of choices is under the floor", 250},
    [DP_FEATURE_COUNT] = {"count", "noise of counts is under the floor", 500},
    [DP_FEATURE_VECTOR] = {"vector", "noise of vectors is under the floor", 1000},
};

struct dp_floor dp_floor_builtin(void)
{
    struct dp_floor floor;
    for (size_t i = 0; i < DP_FEATURES; i++)
        floor.least[i] = kinds[i].least;
    return floor;
}

struct dp_floor dp_floor_higher(struct dp_floor a, struct dp_floor b)
{
    for (size_t i = 0; i < DP_FEATURES; i++)
        a.least[i] = a.least[i] > b.least[i] ? a.least[i] : b.least[i];
    return a;
}

const char *dp_feature_name(enum dp_feature feature)
{
    return (size_t)feature < DP_FEATURES ? kinds[feature].name : "unknown";
}

enum status dp_feature_named(struct bytes name, enum dp_feature *out)
{
    *out = DP_FEATURE_VOTE;
    for (size_t i = 0; i < DP_FEATURES; i++)
        if (bytes_is(name, kinds[i].name)) {
            *out = (enum dp_feature)i;
            return OK;
        }
    return ERR_NOT_FOUND;
}

/* What holds: a kind's floor, in thousandths. */
static enum status floor_of(const struct dp_floor *policy, enum dp_feature feature, struct why *why, uint64_t *out)
{
    *out = 0;
    if ((size_t)feature >= DP_FEATURES)
        return why_set(why, ERR_USAGE, "unknown kind of feature", "noise floor", 0);
    if (policy->least[feature] > DP_FLOOR_MOST)
        return why_set(why, ERR_USAGE, "floor is out of bounds", kinds[feature].name, 0);
    *out = dp_floor_higher(*policy, dp_floor_builtin()).least[feature];
    return OK;
}

static enum status refuse(enum dp_feature feature, struct why *why)
{
    return why_hint(why, ERR_POLICY, kinds[feature].under, "noise floor", "raise the noise: no setting goes lower");
}

/* variance / sensitivity² >= (floor / 1000)². What does not fit 128 bits on the right is more than the left can be. */
enum status dp_floor_check(const struct dp_floor *policy, enum dp_feature feature, struct dp_ratio variance,
                           uint64_t sensitivity_squared, struct why *why)
{
    uint64_t floor;
    TRY(floor_of(policy, feature, why, &floor));
    if (variance.denominator == 0 || sensitivity_squared == 0)
        return why_set(why, ERR_USAGE, "no variance or no sensitivity", kinds[feature].name, 0);
    wide has = (wide)variance.numerator * 1000000, needs;
    if (__builtin_mul_overflow((wide)sensitivity_squared * variance.denominator, (wide)floor * floor, &needs) ||
        has < needs)
        return refuse(feature, why);
    return OK;
}

/* The largest ε whose ratio is not under the floor, rounded down: 2 asinh(1000 / (2 floor)), of public figures alone.
 */
struct dp_epsilon dp_floor_epsilon(const struct dp_floor *policy, enum dp_feature feature)
{
    uint64_t floor;
    if (floor_of(policy, feature, NULL, &floor) != OK)
        return (struct dp_epsilon){0};
    return (struct dp_epsilon){(uint64_t)(2 * asinh(500 / (double)floor) * DP_EPSILON_ONE * (1 - 1e-12))};
}

enum status dp_floor_check_epsilon(const struct dp_floor *policy, enum dp_feature feature, struct dp_epsilon epsilon,
                                   struct why *why)
{
    uint64_t floor;
    TRY(floor_of(policy, feature, why, &floor));
    if (epsilon.micro == 0)
        return why_set(why, ERR_USAGE, "an epsilon of 0", kinds[feature].name, 0);
    if (dp_epsilon_compare(epsilon, dp_floor_epsilon(policy, feature)) > 0)
        return refuse(feature, why);
    return OK;
}
