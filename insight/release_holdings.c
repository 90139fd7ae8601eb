/* Who says what. Hides the order behind the look-up: all phrases of the round sorted by list and key, then by tenant,
 * so that those who say a phrase stand side by side and are counted in one pass. */
#include <stdlib.h>

#include "insight/release_internal.h"

static int compare_said(const struct holding *a, const struct holding *b)
{
    if (a->list != b->list)
        return a->list < b->list ? -1 : 1;
    return memcmp(a->key, b->key, sizeof a->key);
}

static int compare_holdings(const void *a, const void *b)
{
    const struct holding *x = a, *y = b;
    int order = compare_said(x, y);
    if (order)
        return order;
    if (x->tenant != y->tenant)
        return x->tenant < y->tenant ? -1 : 1;
    return (x->candidate > y->candidate) - (x->candidate < y->candidate);
}

void holding_set(const struct phrase_table *table, size_t entry, uint32_t tenant, uint32_t candidate,
                 struct holding *out)
{
    *out = (struct holding){.list = table->entries[entry].list, .tenant = tenant, .candidate = candidate};
    memcpy(out->key, table->entries[entry].key, sizeof out->key);
}

void holdings_sort(struct holdings *holdings)
{
    if (holdings->count)
        qsort(holdings->items, holdings->count, sizeof *holdings->items, compare_holdings);
}

enum status holdings_new(const struct release_input *input, const struct phrase_table *table, struct holdings *out)
{
    *out = (struct holdings){.items = mem_new(table->start[input->count], sizeof *out->items)};
    if (!out->items)
        return ERR_MEMORY;
    for (uint32_t i = 0; i < input->count; i++)
        for (size_t e = table->start[i]; e < table->start[i + 1]; e++)
            holding_set(table, e, input->rows[i].tenant, i, &out->items[out->count++]);
    holdings_sort(out);
    return OK;
}

void holdings_free(struct holdings *holdings)
{
    mem_free(holdings->items);
    *holdings = (struct holdings){0};
}

size_t holdings_run(const struct holding *first, const struct holding *end)
{
    const struct holding *at = first;
    while (at < end && compare_said(at, first) == 0)
        at++;
    return (size_t)(at - first);
}

const struct holding *holdings_find(const struct holdings *holdings, size_t list, const uint8_t key[static 16],
                                    size_t *count)
{
    struct holding wanted = {.list = (uint8_t)list};
    size_t below = 0, above = holdings->count;
    memcpy(wanted.key, key, sizeof wanted.key);
    while (below < above) {
        size_t middle = below + (above - below) / 2;
        if (compare_said(&holdings->items[middle], &wanted) < 0)
            below = middle + 1;
        else
            above = middle;
    }
    const struct holding *first = holdings->items + below, *end = holdings->items + holdings->count;
    *count = first < end && compare_said(first, &wanted) == 0 ? holdings_run(first, end) : 0;
    return first;
}

uint32_t holdings_tenants(const struct holding *first, size_t count)
{
    uint32_t tenants = 0;
    for (size_t i = 0; i < count; i++)
        tenants += i == 0 || first[i].tenant != first[i - 1].tenant;
    return tenants;
}
