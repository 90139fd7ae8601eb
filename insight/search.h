/* Offline search of a library: full text (AND first, then OR of the rarest terms, stop words out), re-ranked by
 * features. The index is a database of crypto/db.h (encrypted on disk, or in memory). A query never leaves the device.
 */
#pragma once

#include "protocol/library.h"

struct search_index;
/* path NULL: in memory. Building from a library replaces what was there, in one transaction. */
MUST_USE enum status search_open(const char *path, const struct secret *key, struct search_index **out,
                                 struct why *why);
void search_close(struct search_index *index);
MUST_USE enum status search_build(struct search_index *index, const struct library *library);
/* Of the library that it was built from; ERR_NOT_FOUND: of none. */
MUST_USE enum status search_version(struct search_index *index, uint64_t *version);
struct search_hit {
    uint32_t insight; /* index into library->insights as built */
    float score;      /* 0..1 */
};
/* At most `most` hits, best first; *found how many. An empty query gives none. Words may be anything: no query syntax.
 */
MUST_USE enum status search_query(struct search_index *index, const char *words, struct search_hit *hits, size_t most,
                                  size_t *found);
