/* Sorting of 64-bit keys in linear time, for tables of hashes too large for qsort's comparisons. */
#pragma once

#include "base/bytes.h"

/* Ascending. scratch has room for count keys. */
void radix_sort(uint64_t *keys, uint64_t *scratch, size_t count);
