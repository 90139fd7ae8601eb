/* Verbatim overlap. Hides how windows with a mismatch are counted without comparing every window with every other:
 * a window is stored once whole and four times with one token masked. Two windows that differ in one token share
 * exactly one masked form and equal ones share all four, so   near = (shared masked forms) - 3 * (shared whole ones).
 */
#include "insight/overlap.h"

#include "base/hash.h"
#include "insight/radix.h"

struct counted {
    uint64_t key;
    uint64_t count; /* occurrences */
};
struct counts { /* sorted by key, each key once */
    size_t size;
    struct counted *items;
};
struct overlap_text {
    size_t tokens;
    struct counts whole, masked;
};

static bool token_byte(uint8_t byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') || byte == '_';
}

/* Lower-cased in a copy. At most one token for two bytes. */
enum status overlap_tokenise(struct bytes text, uint64_t **tokens, size_t *count)
{
    *tokens = NULL;
    *count = 0;
    SCOPED_MEM char *lower = mem_copy(text);
    uint64_t *hashes = mem_new(text.size / 2 + 1, sizeof *hashes);
    if (!lower || !hashes) {
        mem_free(hashes);
        return ERR_MEMORY;
    }
    for (size_t i = 0; i < text.size; i++)
        if (lower[i] >= 'A' && lower[i] <= 'Z')
            lower[i] = (char)(lower[i] - 'A' + 'a');
    size_t n = 0;
    for (size_t i = 0; i < text.size;) {
        size_t start = i;
        while (i < text.size && token_byte((uint8_t)lower[i]))
            i++;
        if (i == start)
            i++;
        else
            hashes[n++] = hash_mix64(bytes_of(lower + start, i - start), 0);
    }
    *tokens = hashes;
    *count = n;
    return OK;
}

/* The key of a window in which token `masked` may be anything (OVERLAP_SHINGLE: none). */
static uint64_t window_key(const uint64_t *window, size_t masked)
{
    uint64_t copy[OVERLAP_SHINGLE];
    memcpy(copy, window, sizeof copy);
    if (masked < OVERLAP_SHINGLE)
        copy[masked] = 0;
    return hash_mix64(bytes_of(copy, sizeof copy), 1 + masked);
}

/* Sort the keys (in place) and count equal ones. */
static enum status counts_make(struct counts *counts, uint64_t *keys, size_t size)
{
    SCOPED_MEM uint64_t *scratch = mem_new(size, sizeof *scratch);
    counts->items = mem_new(size, sizeof *counts->items);
    if (!scratch || !counts->items)
        return ERR_MEMORY;
    radix_sort(keys, scratch, size);
    for (size_t i = 0; i < size; i++) {
        if (i == 0 || keys[i] != keys[i - 1])
            counts->items[counts->size++].key = keys[i];
        counts->items[counts->size - 1].count++;
    }
    return OK;
}

static enum status count_windows(struct overlap_text *text, const uint64_t *tokens)
{
    size_t windows = text->tokens < OVERLAP_SHINGLE ? 0 : text->tokens - OVERLAP_SHINGLE + 1;
    SCOPED_MEM uint64_t *whole = mem_new(windows, sizeof *whole);
    SCOPED_MEM uint64_t *masked = mem_new(windows, OVERLAP_SHINGLE * sizeof *masked);
    if (!whole || !masked)
        return ERR_MEMORY;
    for (size_t i = 0; i < windows; i++) {
        whole[i] = window_key(tokens + i, OVERLAP_SHINGLE);
        for (size_t mask = 0; mask < OVERLAP_SHINGLE; mask++)
            masked[i * OVERLAP_SHINGLE + mask] = window_key(tokens + i, mask);
    }
    TRY(counts_make(&text->whole, whole, windows));
    return counts_make(&text->masked, masked, windows * OVERLAP_SHINGLE);
}

enum status overlap_text_new(struct bytes text, struct overlap_text **out)
{
    *out = NULL;
    struct overlap_text *made = mem_new(1, sizeof *made);
    if (!made)
        return ERR_MEMORY;
    SCOPED_MEM uint64_t *tokens = NULL;
    enum status status = overlap_tokenise(text, &tokens, &made->tokens);
    if (status == OK)
        status = count_windows(made, tokens);
    if (status != OK) {
        overlap_text_free(made);
        return status;
    }
    *out = made;
    return OK;
}

void overlap_text_free(struct overlap_text *text)
{
    if (!text)
        return;
    mem_free(text->whole.items);
    mem_free(text->masked.items);
    mem_free(text);
}

size_t overlap_tokens(const struct overlap_text *text)
{
    return text->tokens;
}

/* The first place at or after `from` whose key is not below `key`: doubling steps, then halving, because one of the
 * texts is often a hundred times as long as the other. */
static size_t skip_to(const struct counts *counts, size_t from, uint64_t key)
{
    size_t step = 1, below = from, above = from;
    while (above < counts->size && counts->items[above].key < key) {
        below = above + 1;
        above += step;
        step *= 2;
    }
    above = above < counts->size ? above : counts->size;
    while (below < above) {
        size_t middle = below + (above - below) / 2;
        if (counts->items[middle].key < key)
            below = middle + 1;
        else
            above = middle;
    }
    return below;
}

/* Pairs of occurrences with the same key; *distinct: keys that both have. */
static uint64_t shared(const struct counts *a, const struct counts *b, uint64_t *distinct)
{
    const struct counts *few = a->size <= b->size ? a : b, *many = few == a ? b : a;
    uint64_t pairs = 0;
    *distinct = 0;
    for (size_t i = 0, j = 0; i < few->size; i++) {
        j = skip_to(many, j, few->items[i].key);
        if (j == many->size)
            break;
        if (many->items[j].key == few->items[i].key) {
            pairs += few->items[i].count * many->items[j].count;
            ++*distinct;
        }
    }
    return pairs;
}

enum status overlap_measure(const struct overlap_text *document, const struct overlap_text *reference,
                            struct overlap *out)
{
    uint64_t both, masked_both;
    uint64_t equal = shared(&document->whole, &reference->whole, &both);
    uint64_t masked = shared(&document->masked, &reference->masked, &masked_both);
    uint64_t either = document->whole.size + reference->whole.size - both;
    *out = (struct overlap){
        .exact = both,
        .jaccard = either ? (double)both / (double)either : 0,
        .windows = masked - (OVERLAP_SHINGLE - 1) * equal,
    };
    return OK;
}

enum status overlap_matrix(const struct overlap_text *const *documents, size_t document_count,
                           const struct overlap_text *const *references, size_t reference_count, struct overlap *out)
{
    for (size_t d = 0; d < document_count; d++)
        for (size_t r = 0; r < reference_count; r++)
            TRY(overlap_measure(documents[d], references[r], &out[d * reference_count + r]));
    return OK;
}
