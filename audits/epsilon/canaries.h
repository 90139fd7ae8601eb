/* Canaries of a private selection (mode `dp`): statements in words of the public vocabulary that nobody else says, each
 * held by colluders who bring its sum near the threshold, and by one target who says it or not.
 *
 * A target's only statement weighs DP_UNION_ONE: with it and without it the noisy sum is the same Gaussian, shifted by
 * 1 / sigma standard deviations. Where the sum stands against the threshold is the adversary's choice:
 *   steepest   the threshold is halfway between both sums, where being released turns most on the target
 *   tail       with the target the sum is half a deviation under the threshold: few canaries are released, and what is
 *              released was said by its target so much the surer. One-run bounds gain most from such guesses.
 *   likely     the colluders alone are a statement short of what is released in nine of ten: for who makes one go
 *   alone      nobody holds it but its targets
 * Canaries stand in groups: each colluder says all statements of one group, each the lighter for it. */
#pragma once

#include "insight/release_private.h"

enum canary_place { CANARY_STEEPEST, CANARY_TAIL, CANARY_LIKELY, CANARY_ALONE };

struct canaries {
    struct private_terms terms;
    enum canary_place place;
    uint32_t group; /* statements of a group, and so of a colluder */
    size_t groups;
    size_t count;            /* groups * group */
    struct candidate *items; /* owned */
};
/* At least `least` canaries in groups of at most `group` (and of the statements that count of a tenant), whose words
 * pass the release gate. ERR_TOO_LARGE: the vocabulary has not so many words. */
MUST_USE enum status canaries_new(const struct private_terms *terms, enum canary_place place, uint32_t group,
                                  size_t least, const struct redactor *redactor, struct random random,
                                  struct canaries *out);
void canaries_free(struct canaries *canaries);

/* How many colluders each group takes at a place. */
size_t canaries_colluders(const struct canaries *canaries, enum canary_place place);
/* The chance that a canary is released if the noise has a deviation of 1 / `times` of what is stated. */
double canaries_chance(const struct canaries *canaries, bool in, double times);
/* How many of `count` are released then, on average, if half of them are said. */
double canaries_expected(const struct canaries *canaries, size_t count, double times);
/* Of each canary how much seems to be behind it in a library: 0 where it is not, else 1 and its band of support. out:
 * canaries->count. */
void canaries_shown(const struct canaries *canaries, const struct library *library, double *out);
/* Which of them a library has. out: canaries->count. */
void canaries_released(const struct canaries *canaries, const struct library *library, bool *out);
