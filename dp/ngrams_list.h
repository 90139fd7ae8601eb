/* n-grams of one length in ascending order of their tokens, one behind the other, and a sum for each: a part of
 * dp/ngrams.c. */
#pragma once

#include "base/bytes.h"

struct ngrams_list {
    uint32_t length;
    size_t count, room;
    uint32_t *tokens;
    int64_t *sums;
};
#define NGRAMS_LIST_NONE ((struct ngrams_list){0, 0, 0, NULL, NULL})

/* Room for `count`, tokens and sums 0. ERR_MEMORY: *out is empty. */
MUST_USE enum status ngrams_list_new(uint32_t length, size_t count, struct ngrams_list *out);
void ngrams_list_free(struct ngrams_list *list); /* wipes the sums; safe twice */
#define SCOPED_NGRAMS __attribute__((cleanup(ngrams_list_free)))

const uint32_t *ngrams_list_at(const struct ngrams_list *list, size_t i);
/* Where n tokens, n the list's length, stand. */
bool ngrams_list_find(const struct ngrams_list *list, const uint32_t *tokens, uint32_t *index);

/* The candidates one token longer: all of which both ends are in the list, so a function of it alone. Ascending.
 * ERR_TOO_LARGE: over DP_NGRAMS_CANDIDATES_MOST. ERR_MEMORY. *out is empty then. */
MUST_USE enum status ngrams_list_grow(const struct ngrams_list *shorter, struct ngrams_list *out);
