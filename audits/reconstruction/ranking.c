/* Places among decoys. */
#include "audits/reconstruction/ranking.h"

#include <math.h>

size_t ranking_place(const double *scores, size_t count, size_t truth, struct random random)
{
    size_t over = 0, equal = 0;
    double mine = isnan(scores[truth]) ? -INFINITY : scores[truth];
    for (size_t i = 0; i < count; i++) {
        double other = isnan(scores[i]) ? -INFINITY : scores[i];
        over += other > mine;
        equal += i != truth && other == mine;
    }
    return over + (size_t)random_below(random, equal + 1);
}
