/* The hash of a policy. Hides what makes two policies the same: all that changes what is found or written counts, the
 * name, the order of words and how defaults are spelled do not. */
#include "redaction/policy.h"

#include <stdlib.h>

#include "base/hash.h"

static int by_bytes(const void *a, const void *b)
{
    const struct bytes *x = a, *y = b;
    int order = memcmp(x->data, y->data, x->size < y->size ? x->size : y->size);
    return order ? order : x->size < y->size ? -1 : x->size > y->size;
}

static size_t count_words(struct bytes list)
{
    struct cursor words = {list};
    struct bytes word;
    size_t count = 0;
    while (words.left.size && cursor_lp(&words, &word) == OK)
        count++;
    return count;
}

/* A list of words as the set that it is. */
static enum status add_set(const struct buf *list, struct buf *out)
{
    size_t count = count_words(buf_bytes(list)), different = 0;
    SCOPED_MEM struct bytes *sorted = mem_new(count + 1, sizeof *sorted);
    if (!sorted)
        return ERR_MEMORY;
    struct cursor words = {buf_bytes(list)};
    for (size_t i = 0; i < count; i++)
        TRY(cursor_lp(&words, &sorted[i]));
    qsort(sorted, count, sizeof *sorted, by_bytes);
    for (size_t i = 0; i < count; i++)
        if (i == 0 || !bytes_equal(sorted[i - 1], sorted[i]))
            sorted[different++] = sorted[i];
    buf_add_u32(out, (uint32_t)different);
    for (size_t i = 0; i < different; i++)
        buf_add_lp(out, sorted[i]);
    return buf_status(out);
}

static void add_real(double real, struct buf *out)
{
    uint64_t bits;
    real += 0.0; /* minus zero is zero */
    memcpy(&bits, &real, sizeof bits);
    buf_add_u64(out, bits);
}

/* The patterns, each as one word. */
static enum status add_patterns(const struct redact_policy *policy, struct buf *out)
{
    struct buf list SCOPED_BUF = {0}, allowed SCOPED_BUF = {0};
    for (size_t i = 0; i < policy->pattern_count; i++) {
        const struct policy_pattern *pattern = &policy->patterns[i];
        struct buf one SCOPED_BUF = {0};
        buf_add_lp(&one, bytes_str(pattern->rule));
        buf_add_lp(&one, bytes_str(pattern->pattern));
        buf_add_lp(&one, bytes_str(pattern->context));
        buf_add_byte(&one, (uint8_t)pattern->type);
        add_real((double)pattern->score, &one);
        TRY(buf_status(&one));
        buf_add_lp(&list, buf_bytes(&one));
    }
    for (size_t i = 0; i < policy->allow_count; i++)
        buf_add_lp(&allowed, bytes_str(policy->allow_patterns[i]));
    TRY(buf_status(&list));
    TRY(buf_status(&allowed));
    TRY(add_set(&list, out));
    return add_set(&allowed, out);
}

enum status redact_policy_seal(struct redact_policy *policy)
{
    struct buf all SCOPED_BUF = {0};
    add_real(policy->threshold, &all);
    add_real(policy->flag, &all);
    buf_add_byte(&all, policy->tagger);
    for (unsigned type = 0; type < REDACT_TYPES; type++) {
        buf_add_byte(&all, policy->operations[type].how);
        buf_add_u16(&all, policy->operations[type].parameter);
    }
    TRY(add_set(&policy->allow, &all));
    TRY(add_set(&policy->custom, &all));
    TRY(add_set(&policy->unwanted, &all));
    TRY(add_patterns(policy, &all));
    hash_sha256(buf_bytes(&all), policy->hash);
    return OK;
}
