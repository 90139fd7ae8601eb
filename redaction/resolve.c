/* Overlaps. Hides the order of strength: secrets before personal data, then score, then length. */
#include "redaction/redactor.h"

#include <stdlib.h>

static int by_start(const void *a, const void *b)
{
    const struct find *x = a, *y = b;
    if (x->start != y->start)
        return x->start < y->start ? -1 : 1;
    return x->end > y->end ? -1 : x->end < y->end;
}

static bool stronger(const struct find *a, const struct find *b)
{
    bool secret_a = redact_type_is_secret(a->type), secret_b = redact_type_is_secret(b->type);
    if (secret_a != secret_b)
        return secret_a;
    if (a->score != b->score)
        return a->score > b->score;
    return a->end - a->start > b->end - b->start;
}

/* The passes each give ascending finds, so a short list is a few runs: insertion; a long one is sorted. */
static void sort(struct finds *finds)
{
    if (finds->count > 64) {
        qsort(finds->items, finds->count, sizeof *finds->items, by_start);
        return;
    }
    for (size_t i = 1; i < finds->count; i++) {
        struct find find = finds->items[i];
        size_t to = i;
        for (; to > 0 && by_start(&finds->items[to - 1], &find) > 0; to--)
            finds->items[to] = finds->items[to - 1];
        finds->items[to] = find;
    }
}

/* Whether what the tagger took is in truth a value that has a form, with a word or two beside it: then that gives the
 * type. */
static bool gives_way(const struct find *tagged, const struct find *other)
{
    const uint64_t loose = 1ull << REDACT_NAME | 1ull << REDACT_ADDRESS | 1ull << REDACT_PLACE |
                           1ull << REDACT_ORGANISATION | 1ull << REDACT_DATE | 1ull << REDACT_BIRTH_DATE |
                           1ull << REDACT_AGE | 1ull << REDACT_DEMOGRAPHIC | 1ull << REDACT_QUANTITY |
                           1ull << REDACT_CASE | 1ull << REDACT_MISC;
    return tagged->row->flags & ROW_TAGGED && !(other->row->flags & ROW_TAGGED) && !(loose >> other->type & 1);
}

/* Of one span: the tagger's score says that the words must go, not as what. */
static bool knows_better(const struct find *other, const struct find *into)
{
    bool tagged = other->row->flags & ROW_TAGGED, over_tagged = into->row->flags & ROW_TAGGED;
    return tagged == over_tagged ? stronger(other, into) : over_tagged;
}

/* Of two where one contains the other, the larger gives the type unless the smaller is a secret. */
static bool gives_type(const struct find *other, const struct find *into)
{
    if (gives_way(into, other))
        return true;
    if (other->start == into->start && other->end == into->end)
        return knows_better(other, into);
    bool contained = other->end <= into->end && !redact_type_is_secret(other->type);
    return !contained && !gives_way(other, into) && stronger(other, into);
}

/* Nothing that any rule found may survive, so overlapping finds become one over their union. What is only flagged stays
 * anyway: it gives way whole. */
static void merge(struct find *into, const struct find *other)
{
    if (into->flagged != other->flagged) {
        *into = into->flagged ? *other : *into;
        return;
    }
    size_t start = into->start, end = into->end > other->end ? into->end : other->end;
    if (gives_type(other, into))
        *into = *other;
    into->start = start;
    into->end = end;
}

void finds_resolve(struct finds *finds)
{
    if (finds->count < 2)
        return;
    sort(finds);
    size_t last = 0;
    for (size_t i = 1; i < finds->count; i++) {
        if (finds->items[i].start < finds->items[last].end)
            merge(&finds->items[last], &finds->items[i]);
        else
            finds->items[++last] = finds->items[i];
    }
    finds->count = last + 1;
}
