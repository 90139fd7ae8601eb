/* Training text: documents whose spans are known, read from the formats of ../shared/data. */
#pragma once

#include "base/json.h"
#include "redaction/tag_model.h"

struct span {
    size_t start, end; /* bytes of the text */
    uint32_t labels;   /* bit per begin label that it may have */
};
struct document {
    struct buf text;
    struct span *spans; /* ascending, not overlapping */
    size_t count, room;
    uint32_t elsewhere; /* labels that words outside of all spans may have */
    float weight;
    char id[40]; /* for leaving out */
};
struct corpus {
    struct document *documents;
    size_t count, room;
};

struct document *corpus_add(struct corpus *corpus, uint32_t elsewhere, float weight);
void document_span(struct document *document, size_t start, size_t end, uint32_t labels);
void corpus_free(struct corpus *corpus);

/* Begin label of a name such as "PERSON", "B-corporation" or "NAME"; 0 if it is none. Bits. */
uint32_t labels_of(const char *name);
/* A file of the kind ("tab", "conll-3" with tags in the last of so many columns, ...) given by its path: gzip or plain.
 * Exits with a message on failure: this is a tool. */
void corpus_read(struct corpus *corpus, const char *kind, const char *path, float weight);
/* Whole content of a file, decompressed if need be. Exits on failure. */
void tool_read(const char *path, struct buf *out);
_Noreturn void tool_fail(const char *what, const char *which);
