/* Grouping with FoT's two thresholds on cosine similarity: near-duplicates (>= near) form one group, related groups (>=
 * related) are linked. Pairs come from an inverted index with prefix filtering, not from all pairs: close to linear.
 *
 * A group has a leader, and a candidate joins it only if it is near the leader itself: groups don't chain. What is to
 * be done and what is to be avoided never share a group. Equal candidates (kind, phrases, slots; not task and runs) are
 * one from the start. The result depends on the set of candidates, not on their order: leaders are chosen by how often
 * a candidate occurs, then by its content. */
#pragma once

#include "insight/features.h"

/* Links kept to earlier (more frequent) groups, the strongest ones. */
#define GROUP_LINKS_MAX 16
/* A feature that more groups than this share brings no link by itself (it still counts in the similarity): this bounds
 * the work, and what everyone says relates nobody. */
#define GROUP_LINK_SHARED_MAX 64

struct grouping {
    size_t count;    /* of candidates */
    uint32_t *group; /* owned: group number of each candidate, 0 .. groups-1 */
    size_t groups;
    uint32_t *leader; /* owned: a candidate that stands for group g */
    size_t link_count;
    struct group_link {
        uint32_t a, b;
        float similarity;
    } * links; /* owned; a < b; sorted */
};
void grouping_free(struct grouping *grouping);
/* ERR_USAGE unless 0 < related <= near <= 1; ERR_TOO_LARGE over 2^31 candidates; ERR_MEMORY. */
MUST_USE enum status group_candidates(const struct candidate *candidates, size_t count, double near, double related,
                                      struct grouping *out);
