/* The search index at home. It holds nothing that the library doesn't: one that is missing or damaged is built again.
 */
#pragma once

#include "client/home.h"
#include "insight/search.h"

MUST_USE enum status index_build(const struct home *home, const struct library *library, struct why *why);
/* As search_query, over the library that home keeps. */
MUST_USE enum status index_search(const struct home *home, const struct library *library, const char *words,
                                  struct search_hit *hits, size_t most, size_t *found, struct why *why);
