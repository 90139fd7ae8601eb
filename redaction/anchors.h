/* The anchors of all rows; those that no word tells of (redaction/anchor_words.h) as one Vectorscan database. It is
 * compiled when the library is built (redaction/tools) and only loaded at start; where it does not fit the processor or
 * the Vectorscan that is there, it is compiled anew. */
#pragma once

#include "redaction/recognizer.h"

struct hs_database;

/* A row's anchor, or one item of its list; in the database its id is its index. */
struct anchor {
    const struct recognizer *row;
    size_t index;     /* of the row among the anchored ones */
    const char *item; /* of a list, else NULL */
    size_t size;      /* of the item */
};
struct anchors {
    struct anchor *items; /* those that Vectorscan seeks first */
    size_t count, scanned, rows;
};

MUST_USE enum status anchors_new(struct anchors *out);
void anchors_free(struct anchors *anchors);
/* What stands there literally: the item of a list, or the front of a shape; none if the anchor is a pattern. */
struct bytes anchor_literal(const struct anchor *anchor);

/* The database of the anchors, built in or compiled now (a tenth of a second and more): the caller frees it with
 * hs_free_database. ERR_BUG with the number of an anchor that does not compile, ERR_MEMORY. */
MUST_USE enum status anchors_database(const struct anchors *anchors, struct hs_database **out, struct why *why);
/* Hash of the patterns, then a database per kind of processor, the fastest first: u32 length and bytes each. */
MUST_USE enum status anchors_pack(const struct anchors *anchors, struct buf *out, struct why *why);
/* The first packed database that fits here. ERR_NOT_FOUND: none, or they are of other anchors. */
MUST_USE enum status anchors_load(const struct anchors *anchors, struct bytes packed, struct hs_database **out);
/* What was packed when the library was built. */
struct bytes anchors_packed(void);
