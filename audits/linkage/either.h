/* Choices of two in a federation of mode `dp` (audits/epsilon/crowd.h): canaries stand in pairs, and a coin says which
 * of the two is said. What an attacker names must be told from what the noise makes of it. */
#pragma once

#include "audits/epsilon/crowd.h"
#include "audits/linkage/coins.h"

struct either { /* two canaries of a pair */
    size_t one, other;
};
size_t either_count(const struct crowd *crowd);
/* A coin for each pair. out: either_count. */
void either_draw(const struct crowd *crowd, struct random random, struct either *out);
/* Numbers of a world: of each pair one, and how many canaries the library shows. */
size_t either_numbers(const struct crowd *crowd);
/* Of each pair whether `one` has more behind it in a library than `other`: 1 or 0, a tie by a coin. out:
 * either_numbers. */
void either_guess(const struct crowd *crowd, const struct either *pairs, const double *shown, struct random random,
                  double *out);
struct either_found { /* in several worlds */
    struct tally right;
    size_t shown, canaries;
};
void either_add(const struct crowd *crowd, const double *world, struct either_found *found);
/* The result of so many right among those that were tried: the limit is what the noise allows, the control the same
 * choice from the selection by itself with all but no noise. A control must surely be right in three of four, whatever
 * is allowed: a limit near 1 is no reason to fail one that is never wrong. The note is the caller's, but for a doubt
 * (crowd_doubt). */
MUST_USE enum status either_result(const struct crowd *crowd, const struct either_found *found, struct random random,
                                   struct audit_result *result);
