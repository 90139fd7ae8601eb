/* Lists of n-grams. Hides the search in them and how they grow. */
#include "dp/ngrams_list.h"

#include "base/secret.h"
#include "dp/ngrams.h"

void ngrams_list_free(struct ngrams_list *list)
{
    if (list->sums)
        secret_wipe(list->sums, list->room * sizeof *list->sums);
    mem_free(list->tokens);
    mem_free(list->sums);
    *list = NGRAMS_LIST_NONE;
}

enum status ngrams_list_new(uint32_t length, size_t count, struct ngrams_list *out)
{
    *out = (struct ngrams_list){length, count, count + 1, mem_new(count + 1, length * sizeof *out->tokens),
                                mem_new(count + 1, sizeof *out->sums)};
    if (out->tokens && out->sums)
        return OK;
    ngrams_list_free(out);
    return ERR_MEMORY;
}

const uint32_t *ngrams_list_at(const struct ngrams_list *list, size_t i)
{
    return list->tokens + i * list->length;
}

static int compare(const uint32_t *a, const uint32_t *b, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (a[i] != b[i])
            return a[i] < b[i] ? -1 : 1;
    return 0;
}

/* The first that is not before `tokens` in its first `length` ones. */
static size_t first_of(const struct ngrams_list *list, const uint32_t *tokens, size_t length)
{
    size_t low = 0, high = list->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare(ngrams_list_at(list, middle), tokens, length) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool ngrams_list_find(const struct ngrams_list *list, const uint32_t *tokens, uint32_t *index)
{
    size_t found = first_of(list, tokens, list->length);
    *index = (uint32_t)found;
    return found < list->count && compare(ngrams_list_at(list, found), tokens, list->length) == 0;
}

/* How many of `shorter` begin as its i-th one ends, and where they stand. */
static size_t followers(const struct ngrams_list *shorter, size_t i, size_t *from)
{
    const uint32_t *end = ngrams_list_at(shorter, i) + 1;
    size_t overlap = shorter->length - 1, count = 0;
    *from = first_of(shorter, end, overlap);
    while (*from + count < shorter->count && compare(ngrams_list_at(shorter, *from + count), end, overlap) == 0)
        count++;
    return count;
}

enum status ngrams_list_grow(const struct ngrams_list *shorter, struct ngrams_list *out)
{
    size_t count = 0, from, placed = 0;
    *out = NGRAMS_LIST_NONE;
    for (size_t i = 0; i < shorter->count; i++) {
        count += followers(shorter, i, &from);
        if (count > DP_NGRAMS_CANDIDATES_MOST)
            return ERR_TOO_LARGE;
    }
    TRY(ngrams_list_new(shorter->length + 1, count, out));
    for (size_t i = 0; i < shorter->count; i++)
        for (size_t k = followers(shorter, i, &from); k > 0; k--, from++) {
            uint32_t *to = out->tokens + placed++ * out->length;
            memcpy(to, ngrams_list_at(shorter, i), shorter->length * sizeof *to);
            to[shorter->length] = ngrams_list_at(shorter, from)[shorter->length - 1];
        }
    return OK;
}
