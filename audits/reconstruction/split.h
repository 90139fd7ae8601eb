/* A scope's tenants split into many: tenants of one type, each with a field of its own. */
#pragma once

#include "audits/reconstruction/tasks.h"

#define SPLIT_TASKS 3 /* of a tenant that comes of it; one of them its adversary does not know */

struct split_tenant {
    size_t tenant;                         /* of the scope */
    size_t known[SPLIT_TASKS - 1], hidden; /* tasks */
};
struct split_tenants {
    size_t count;
    struct split_tenant *items; /* owned; by tenant of the scope */
    size_t *of;                 /* owned: of every task its number among items, SIZE_MAX: it was left over */
};
/* Every task, in their order, with the two that are nearest to it by cosine of what is left of its tenant's: which of
 * the three is hidden goes round. */
MUST_USE enum status split_tenants_make(const struct tasks *tasks, struct split_tenants *out);
void split_tenants_free(struct split_tenants *split);
/* Decoys of split tenants of one tenant of the scope, by the length of what is known of them. */
MUST_USE enum status split_tenants_decoys(const struct tasks *tasks, const struct split_tenants *split,
                                          struct decoys *out);
