/* The anchors that begin with a word, or stand around one: most of all. One walk over the words of a text asks a table
 * for each, which costs a fraction of what it costs to seek so many literals at every byte. */
#pragma once

#include "redaction/anchors.h"

struct anchor_words; /* the table; immutable, shared by threads */
/* The table of the anchors from anchors->scanned on. They must outlive it. */
MUST_USE enum status anchor_words_new(const struct anchors *anchors, struct anchor_words **out);
void anchor_words_free(struct anchor_words *words);
/* Whether an anchor can be found by a word: it is a literal of ASCII that, wherever it stands, has a word begin in it
 * at the same place. */
bool anchor_has_word(const struct anchor *anchor);

/* An anchor's literal stands up to `end`. Whether it stands there as a word is not yet asked. */
struct anchor_place {
    size_t end;
    uint32_t index; /* in anchors->items */
};
#define ANCHOR_PLACES 256
#define ANCHOR_RUNS 4 /* rows of ROW_RUN */
struct anchor_walk {
    const struct anchor_words *words;
    struct bytes text;
    size_t base;                               /* of the next block, */
    uint64_t letters, escapes, slashes;        /* what the last one holds, */
    uint64_t ahead;                            /* the letters of the next one, */
    uint64_t starts;                           /* and those of its words that are not yet asked for */
    size_t first, count;                       /* of the places that are found and not yet given, */
    struct anchor_place places[ANCHOR_PLACES]; /* in the order of their ends */
};
void anchor_walk_start(struct anchor_walk *walk, const struct anchor_words *words, struct bytes text);
/* The next place that ends at `limit` or before; they come in the order of their ends. False: none is left. */
bool anchor_walk_next(struct anchor_walk *walk, size_t limit, struct anchor_place *out);
