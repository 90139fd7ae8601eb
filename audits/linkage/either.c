/* Hides the coins, and the selection without noise. */
#include "audits/linkage/either.h"

#include "audits/epsilon/allowed.h"

#define CONTROL_LEAST .75

size_t either_count(const struct crowd *crowd)
{
    return crowd->canaries.count / 2;
}

size_t either_numbers(const struct crowd *crowd)
{
    return either_count(crowd) + 1;
}

void either_draw(const struct crowd *crowd, struct random random, struct either *out)
{
    for (size_t i = 0; i < either_count(crowd); i++) {
        size_t first = (size_t)random_below(random, 2);
        out[i] = (struct either){2 * i + first, 2 * i + 1 - first};
    }
}

void either_guess(const struct crowd *crowd, const struct either *pairs, const double *shown, struct random random,
                  double *out)
{
    for (size_t i = 0; i < either_count(crowd); i++)
        out[i] = choice_is_right(shown[pairs[i].one], shown[pairs[i].other], random);
    out[either_count(crowd)] = (double)crowd_count(crowd, shown);
}

void either_add(const struct crowd *crowd, const double *world, struct either_found *found)
{
    struct tally here = tally_of(world, 0, 1, either_count(crowd));
    found->right.hits += here.hits;
    found->right.tried += here.tried;
    found->shown += (size_t)world[either_count(crowd)];
    found->canaries += crowd->canaries.count;
}

static enum status choose_silent(const struct crowd *crowd, struct random random, struct tally *out)
{
    size_t count = either_count(crowd);
    SCOPED_MEM struct either *pairs = mem_new(count + 1, sizeof *pairs);
    SCOPED_MEM double *shown = mem_new(crowd->canaries.count + 1, sizeof *shown);
    SCOPED_MEM double *right = mem_new(either_numbers(crowd), sizeof *right);
    SCOPED_MEM bool *in = mem_new(crowd->canaries.count + 1, sizeof *in);
    *out = (struct tally){0};
    if (!pairs || !shown || !right || !in)
        return ERR_MEMORY;
    either_draw(crowd, random, pairs);
    for (size_t i = 0; i < count; i++)
        in[pairs[i].one] = true;
    TRY(crowd_silent(crowd, in, random, shown));
    either_guess(crowd, pairs, shown, random, right);
    *out = tally_of(right, 0, 1, count);
    return OK;
}

enum status either_result(const struct crowd *crowd, const struct either_found *found, struct random random,
                          struct audit_result *result)
{
    struct tally control;
    TRY(choose_silent(crowd, random, &control));
    result->limit = result->tolerated = allowed_choice(allowed_apart(&crowd->canaries.terms, 1));
    choice_result(result, found->right, control);
    tally_control(result, control, CONTROL_LEAST);
    crowd_doubt(crowd, found->shown, found->canaries, result);
    return OK;
}
