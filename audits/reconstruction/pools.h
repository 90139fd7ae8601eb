/* Decoys: private things of one tenant and about the same length, in pools of one size, so that chance is one in that
 * size whatever the pool. */
#pragma once

#include "base/bytes.h"

#define POOL_LEAST 5 /* fewer decoys show nothing */
#define POOL_MOST 20
#define POOLS_MAX 6

struct pools {
    size_t size, count; /* count: of items, a multiple of size; 0: no tenant has POOL_LEAST */
    size_t *items;      /* owned: pools side by side */
};
/* Of n things with their tenants and lengths: things of a tenant in the order of their lengths, cut into pools of the
 * most that some tenant fills, up to POOL_MOST; tenants with fewer are left out. At least `spare` things of a tenant
 * are in no pool, spread over the lengths. */
MUST_USE enum status pools_make(const size_t *tenants, const size_t *lengths, size_t n, size_t spare,
                                struct pools *out);
void pools_free(struct pools *pools);
