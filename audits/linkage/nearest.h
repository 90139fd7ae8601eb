/* An attacker's nearest neighbour in a release: linkability and inference as Anonymeter has them (Giomi et al. 2023,
 * section 4), on records of tasks and insights. */
#pragma once

#include "audits/linkage/records.h"

struct nearest { /* somebody, and the release in which to look; it has rows */
    const struct table *of, *in;
    size_t row;
};
/* Linkability: what one data set knows of somebody and what another knows have the same nearest neighbour. *out: 1 or
 * 0. */
MUST_USE enum status nearest_links(const struct nearest *target, struct random random, double *out);
/* Inference: the nearest neighbour by the situation did the same. */
MUST_USE enum status nearest_infers(const struct nearest *target, struct random random, double *out);
/* What is to be inferred. */
double nearest_secret(const struct table *table, size_t row);
