/* Private things that an update may be about (tasks, sets of named things, tenants), each among decoys that are like
 * it: what a contest compares with. */
#pragma once

#include "audits/reconstruction/bm25.h"
#include "audits/reconstruction/pools.h"

#define TASK_WIDTH 128 /* of a private thing's vector */

struct things {
    size_t count;
    const size_t *tenants, *sizes; /* of each: decoys are of one tenant and about the same size */
    const struct bytes *texts;
    const float *vectors; /* count x TASK_WIDTH */
};
struct decoys {
    struct pools pools; /* of things */
    float *privates;    /* owned: vectors of the pools' things, in their order */
    struct bm25 *bm25;  /* owned: over their texts */
};
/* spare: things of each tenant that are in no pool. Of things of a tenant with the same text only one is in a pool. */
MUST_USE enum status decoys_make(const struct things *things, size_t spare, struct decoys *out);
void decoys_free(struct decoys *decoys);
bool decoys_in_pool(const struct decoys *decoys, size_t pool, size_t thing); /* pool: its first place */
