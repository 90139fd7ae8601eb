/* Kinds of words, each with the sums of its features' weights: most of what a word's score needs is added up once a
 * kind and not once a word. What is listed as a common word, a mark or a number stays from text to text; all else,
 * which may be private, is wiped when the text is done. */
#pragma once

#include "redaction/tag_model.h"

typedef int16_t tag_eight __attribute__((vector_size(16), aligned(2), may_alias));
typedef int16_t tag_four __attribute__((vector_size(8), aligned(2), may_alias));

struct tag_entry {
    struct tag_kind kind;
    uint64_t key;                        /* of word and shape; nothing is there if 0 */
    unsigned genre;                      /* whose weights are summed, and 1; 0: none's */
    int16_t sums[TAG_PLACES][TAG_LANES]; /* in the model's steps, by the place that the word is seen from */
};

#define TAG_LASTING 4096 /* slots; powers of two */
#define TAG_PASSING 2048

struct tag_table {
    struct tag_entry lasting[TAG_LASTING], passing[TAG_PASSING];
    uint16_t taken[TAG_PASSING]; /* slots of `passing` in use */
    size_t lasting_count, passing_count;
};

/* Whether so many more kinds have room. */
bool tag_table_has_room(const struct tag_table *table, size_t kinds);
/* The entry of a word, made if need be: there must be room. */
struct tag_entry *tag_table_find(struct tag_table *table, const struct tag_lists *lists, struct bytes text,
                                 const struct tag_word *word);
/* Wipe what does not stay. */
void tag_table_forget(struct tag_table *table);
/* Sum the weights of all features of a kind of word, for each place that it can be seen from. */
void tag_entry_weigh(struct tag_entry *entry, const struct tag_model *model, struct bytes word, unsigned genre);

/* sums += weights of a feature, if the model has it. */
void tag_add_feature(const struct tag_model *model, uint64_t feature, int16_t sums[static TAG_LANES]);
static inline void tag_add_sums(int16_t to[static TAG_LANES], const int16_t from[static TAG_LANES])
{
    for (size_t k = 0; k < TAG_OUTSIDE; k += 8)
        *(tag_eight *)(to + k) += *(const tag_eight *)(from + k);
    *(tag_four *)(to + TAG_OUTSIDE) += *(const tag_four *)(from + TAG_OUTSIDE);
}
