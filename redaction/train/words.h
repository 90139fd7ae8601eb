/* The word lists that a model carries: from files of classes and words. */
#pragma once

#include "redaction/tag_model.h"

/* Lines "CLASS<tab>WORD" and "CLASS: WORD WORD ...". Appends to out, unsorted. */
struct words {
    struct listed {
        uint32_t hash, classes;
    } * items;
    size_t count, room;
};
void words_read(struct words *words, const char *path);
/* Sorted, each word once, as the model holds them: views into hashes and classes, which the caller frees. */
void words_settle(struct words *words, uint8_t **hashes, uint8_t **classes);
