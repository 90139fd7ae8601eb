/* How many of those who took part show an effect because they did: Rosenbaum 2001, "Effects attributable to treatment".
 * Who took part was decided by chance, which is all that is assumed: nothing is sampled, and nobody's outcome need be
 * independent of another's under the hypothesis of no effect (Fisher 1935). */
#pragma once

#include <stddef.h>

struct attributable {
    size_t low,
        high; /* of the `in_hits`, at 95 %: if `low - 1` or `high + 1` were so by taking part, what was seen
                 would have at most 2.5 %. Where effects of one on another are strong the ends are approximate */
};
/* Of as many hits or more if `effect` of them were so by taking part: hypergeometric, one-sided; exact where it is 0.
 */
double stat_attributable_p(size_t in_hits, size_t in, size_t out_hits, size_t out, size_t effect);
/* `in_hits` of the `in` that took part and `out_hits` of the `out` that did not show it. */
struct attributable stat_attributable(size_t in_hits, size_t in, size_t out_hits, size_t out);
