/* The reading order. Hides what is compared. */
#include "insight/order.h"

#include <stdlib.h>

struct place {
    const struct insight *insight;
    uint32_t number;
};

/* How far a rate is from telling nothing: 0 for five tenths or unknown, 5 for always and never. */
static int clarity(const struct insight *insight)
{
    return insight->rate == INSIGHT_RATE_UNKNOWN ? 0 : abs((int)insight->rate - 5);
}

static int conditions(const struct insight *insight)
{
    return (int)insight->text.when.count;
}

static int compare_places(const void *a, const void *b)
{
    const struct insight *x = ((const struct place *)a)->insight, *y = ((const struct place *)b)->insight;
    if (x->support != y->support)
        return x->support > y->support ? -1 : 1;
    if (clarity(x) != clarity(y))
        return clarity(x) > clarity(y) ? -1 : 1;
    if (conditions(x) != conditions(y))
        return conditions(x) < conditions(y) ? -1 : 1;
    return memcmp(x->id, y->id, INSIGHT_ID_BYTES);
}

uint32_t *library_order(const struct library *library)
{
    size_t count = library->insight_count;
    SCOPED_MEM struct place *places = mem_new(count, sizeof *places);
    uint32_t *order = mem_new(count, sizeof *order);
    if (!places || !order) {
        mem_free(order);
        return NULL;
    }
    for (size_t i = 0; i < count; i++)
        places[i] = (struct place){&library->insights[i], (uint32_t)i};
    qsort(places, count, sizeof *places, compare_places);
    for (size_t i = 0; i < count; i++)
        order[i] = places[i].number;
    return order;
}
