/* BM25 over sorted postings. Hides how words are looked up: by a hash, and postings sorted by it. */
#include "audits/reconstruction/bm25.h"

#include <math.h>
#include <stdlib.h>

#include "base/hash.h"
#include "insight/words.h"

#define BM25_K1 1.2
#define BM25_B .75

struct posting {
    uint64_t word;
    uint32_t document, times;
};
struct bm25 {
    size_t documents, count, room;
    struct posting *postings; /* by word, then document */
    double *lengths, mean;
};

static enum status add_posting(struct bm25 *bm25, uint64_t word, size_t document)
{
    if (bm25->count == bm25->room) {
        size_t room = bm25->room ? bm25->room * 2 : 256;
        struct posting *grown = mem_grow(bm25->postings, bm25->room, room, sizeof *grown);
        if (!grown)
            return ERR_MEMORY;
        bm25->postings = grown;
        bm25->room = room;
    }
    bm25->postings[bm25->count++] = (struct posting){word, (uint32_t)document, 1};
    return OK;
}

static int by_word(const void *a, const void *b)
{
    const struct posting *left = a, *right = b;
    if (left->word != right->word)
        return left->word < right->word ? -1 : 1;
    return (left->document > right->document) - (left->document < right->document);
}

static void count_times(struct bm25 *bm25)
{
    size_t kept = 0;
    for (size_t i = 0; i < bm25->count; i++) {
        struct posting *last = kept > 0 ? &bm25->postings[kept - 1] : NULL;
        if (last && by_word(last, &bm25->postings[i]) == 0)
            last->times++;
        else
            bm25->postings[kept++] = bm25->postings[i];
    }
    bm25->count = kept;
}

static uint64_t word_hash(const char *word)
{
    return hash_mix64(bytes_str(word), 0);
}

static enum status index_document(struct bm25 *bm25, struct bytes text, size_t document)
{
    struct words words;
    words_start(&words, text);
    while (words_next(&words)) {
        TRY(add_posting(bm25, word_hash(words.word), document));
        bm25->lengths[document]++;
        bm25->mean += 1 / (double)bm25->documents;
    }
    return OK;
}

enum status bm25_new(const struct bytes *documents, size_t count, struct bm25 **out)
{
    struct bm25 *bm25 = mem_new(1, sizeof *bm25);
    *out = NULL;
    if (!bm25)
        return ERR_MEMORY;
    bm25->documents = count;
    bm25->lengths = mem_new(count + 1, sizeof *bm25->lengths);
    enum status status = bm25->lengths && count <= UINT32_MAX ? OK : ERR_MEMORY;
    for (size_t i = 0; i < count && status == OK; i++)
        status = index_document(bm25, documents[i], i);
    if (status != OK) {
        bm25_free(bm25);
        return status;
    }
    if (bm25->count > 0)
        qsort(bm25->postings, bm25->count, sizeof *bm25->postings, by_word);
    count_times(bm25);
    *out = bm25;
    return OK;
}

void bm25_free(struct bm25 *bm25)
{
    if (!bm25)
        return;
    mem_free(bm25->postings);
    mem_free(bm25->lengths);
    mem_free(bm25);
}

static size_t first_posting(const struct bm25 *bm25, uint64_t word)
{
    size_t low = 0, high = bm25->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (bm25->postings[middle].word < word)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void add_word(const struct bm25 *bm25, uint64_t word, double *scores)
{
    size_t first = first_posting(bm25, word), end = first;
    while (end < bm25->count && bm25->postings[end].word == word)
        end++;
    double with = (double)(end - first), without = (double)bm25->documents - with;
    double weight = log(1 + (without + .5) / (with + .5));
    for (size_t i = first; i < end; i++) {
        const struct posting *posting = &bm25->postings[i];
        double times = posting->times, length = bm25->lengths[posting->document] / bm25->mean;
        scores[posting->document] +=
            weight * times * (BM25_K1 + 1) / (times + BM25_K1 * (1 - BM25_B + BM25_B * length));
    }
}

void bm25_score(const struct bm25 *bm25, struct bytes query, double *scores)
{
    struct words words;
    for (size_t i = 0; i < bm25->documents; i++)
        scores[i] = 0;
    words_start(&words, query);
    while (words_next(&words))
        add_word(bm25, word_hash(words.word), scores);
}
