/* What a whole text says of its words and of its kind, gathered before its lines are decoded: bounded. */
#pragma once

#include "redaction/tag_model.h"

#define TAG_DOCUMENT_SLOTS 8192

struct tag_document {
    struct {
        uint64_t word; /* 0: free */
        uint32_t count, seen;
    } slots[TAG_DOCUMENT_SLOTS];
    uint16_t taken[TAG_DOCUMENT_SLOTS]; /* slots in use */
    size_t kept;                        /* words in slots; what comes when three quarters are taken is not kept */
    size_t words, law;
};

void tag_document_add(struct tag_document *document, const struct tag_kind *const *kinds, const struct tag_word *words,
                      size_t count);
/* Bits of tag_seen of a word. */
unsigned tag_document_seen(const struct tag_document *document, const struct tag_kind *kind);
unsigned tag_document_genre(const struct tag_document *document);
/* Wipe it, for the next one. */
void tag_document_forget(struct tag_document *document);
