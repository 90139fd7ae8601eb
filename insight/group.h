/* Grouping with FoT's two thresholds on cosine similarity: near-duplicates (>= near) form one group, related groups (>= related)
 * are linked. Candidates come from an inverted index with prefix filtering, not from all pairs: close to linear. The result
 * does not depend on the order of the input beyond ties broken by candidate content. */
#pragma once

#include "insight/features.h"

struct grouping {
    size_t count;       /* of candidates */
    uint32_t *group;    /* owned: group number of each candidate, 0 .. groups-1 */
    size_t groups;
    size_t link_count;
    struct group_link { uint32_t a, b; float similarity; } *links; /* owned; a < b; sorted */
};
void grouping_free(struct grouping *grouping);
MUST_USE enum status group_candidates(const struct candidate *candidates, size_t count, double near, double related,
                                      struct grouping *out);
