/* Hides how statements are told apart (a hash over kind and lists) and how a tenant's set is bounded: three sorts. */
#include "insight/statement.h"

#include <stdlib.h>

#include "insight/common.h"
#include "insight/parts.h"

static bool is_public(const struct candidate *candidate)
{
    for (size_t list = 0; list < PHRASE_LISTS; list++) {
        const struct phrases *phrases = candidate_phrases(candidate, list);
        for (size_t p = 0; p < phrases->count; p++)
            if (!common_text(phrases->items[p]))
                return false;
    }
    return true;
}

/* Kind, then each list's length and its phrases with their final zeros: no two statements have the same bytes. */
static enum status hash_statement(const struct candidate *candidate, uint8_t out[static HASH_BYTES])
{
    SCOPED_BUF struct buf bytes = {0};
    buf_add_byte(&bytes, (uint8_t)candidate->kind);
    for (size_t list = 0; list < PHRASE_LISTS; list++) {
        const struct phrases *phrases = candidate_phrases(candidate, list);
        buf_add_byte(&bytes, (uint8_t)phrases->count);
        for (size_t p = 0; p < phrases->count; p++)
            buf_add(&bytes, bytes_of(phrases->items[p], strlen(phrases->items[p]) + 1));
    }
    TRY(buf_status(&bytes));
    hash_sha256(buf_bytes(&bytes), out);
    return OK;
}

/* --- the order of sayings --- */

static int by_tenant(const struct saying *a, const struct saying *b)
{
    return (a->tenant > b->tenant) - (a->tenant < b->tenant);
}

static int by_statement(const void *left, const void *right)
{
    const struct saying *a = left, *b = right;
    int order = memcmp(a->statement, b->statement, HASH_BYTES);
    return order ? order : by_tenant(a, b);
}

static int by_weight(const void *left, const void *right)
{
    const struct saying *a = left, *b = right;
    int order = by_tenant(a, b);
    if (order)
        return order;
    if (a->tasks != b->tasks)
        return a->tasks > b->tasks ? -1 : 1;
    return memcmp(a->statement, b->statement, HASH_BYTES);
}

/* --- collecting --- */

struct heard { /* a candidate as it came */
    struct saying saying;
    uint8_t task[TASK_TAG_BYTES];
};

static int by_tenant_statement_task(const void *left, const void *right)
{
    const struct heard *a = left, *b = right;
    int order = by_tenant(&a->saying, &b->saying);
    if (!order)
        order = memcmp(a->saying.statement, b->saying.statement, HASH_BYTES);
    return order ? order : memcmp(a->task, b->task, TASK_TAG_BYTES);
}

static enum status hear(const struct candidate *candidates, const struct release_row *rows, size_t count,
                        struct heard *heard, size_t *heard_count, size_t *not_public)
{
    for (size_t i = 0; i < count; i++) {
        if (!is_public(&candidates[i])) {
            ++*not_public;
            continue;
        }
        struct heard *next = &heard[(*heard_count)++];
        *next = (struct heard){.saying = {.tenant = rows[i].tenant, .candidate = (uint32_t)i, .tasks = 1}};
        memcpy(next->task, rows[i].task, TASK_TAG_BYTES);
        TRY(hash_statement(&candidates[i], next->saying.statement));
    }
    if (*heard_count)
        qsort(heard, *heard_count, sizeof *heard, by_tenant_statement_task);
    return OK;
}

/* One saying a tenant and statement, with its distinct tasks counted. */
static size_t merge_heard(const struct heard *heard, size_t count, struct saying *out)
{
    size_t merged = 0;
    for (size_t i = 0; i < count; i++) {
        bool same = i > 0 && heard[i].saying.tenant == heard[i - 1].saying.tenant &&
                    memcmp(heard[i].saying.statement, heard[i - 1].saying.statement, HASH_BYTES) == 0;
        if (!same)
            out[merged++] = heard[i].saying;
        else
            out[merged - 1].tasks += memcmp(heard[i].task, heard[i - 1].task, TASK_TAG_BYTES) != 0;
    }
    return merged;
}

/* Of each tenant the first `most`, told how many they are. */
static void bound_tenants(struct sayings *sayings, uint32_t most)
{
    size_t kept = 0, count = sayings->count;
    qsort(sayings->items, count, sizeof *sayings->items, by_weight);
    for (size_t i = 0; i < count;) {
        size_t end = i;
        while (end < count && sayings->items[end].tenant == sayings->items[i].tenant)
            end++;
        uint32_t said = end - i < most ? (uint32_t)(end - i) : most;
        sayings->left_out += end - i - said;
        for (size_t s = 0; s < said; s++) {
            sayings->items[kept] = sayings->items[i + s];
            sayings->items[kept++].said = said;
        }
        i = end;
    }
    sayings->count = kept;
    qsort(sayings->items, kept, sizeof *sayings->items, by_statement);
}

enum status sayings_collect(const struct candidate *candidates, const struct release_row *rows, size_t count,
                            uint32_t most, struct sayings *out)
{
    *out = (struct sayings){0};
    if (most == 0 || count > UINT32_MAX)
        return ERR_USAGE;
    size_t heard_count = 0;
    SCOPED_MEM struct heard *heard = mem_new(count + 1, sizeof *heard);
    struct saying *items = mem_new(count + 1, sizeof *items);
    out->items = items;
    enum status status =
        heard && items ? hear(candidates, rows, count, heard, &heard_count, &out->not_public) : ERR_MEMORY;
    if (status != OK) {
        sayings_free(out);
        return status;
    }
    out->count = merge_heard(heard, heard_count, items);
    bound_tenants(out, most);
    return OK;
}

void sayings_free(struct sayings *sayings)
{
    mem_free(sayings->items);
    *sayings = (struct sayings){0};
}

enum status statement_words(const struct candidate *from, struct candidate *out)
{
    *out = (struct candidate){.kind = from->kind, .outcome = OUTCOME_UNKNOWN};
    for (size_t list = 0; list < PHRASE_LISTS; list++) {
        const struct phrases *phrases = candidate_phrases(from, list);
        for (size_t p = 0; p < phrases->count; p++) {
            enum status status = phrases_add(candidate_phrases_of(out, list), phrases->items[p]);
            if (status == OK)
                continue;
            candidate_free(out);
            return status;
        }
    }
    return OK;
}
