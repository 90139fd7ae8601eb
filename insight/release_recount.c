/* The recount of one proposal against the vault's own table. Hides the fixed point behind the rule of k: a candidate
 * supports an insight only if it proposed something of what is left of its "when" and of its "do" or "avoid", and a
 * phrase is left only if k tenants among the supporters proposed it. Taking phrases away may take supporters away, and
 * so on; it only shrinks. */
#include <stdlib.h>

#include "insight/release_internal.h"

/* --- who supports what --- */

static void list_claims(struct recount *recount)
{
    for (size_t list = 0; list < PHRASE_LISTS; list++) {
        const struct phrases *phrases = candidate_phrases(&recount->proposal->text, list);
        for (size_t p = 0; p < phrases->count && p < PHRASES_MAX; p++) {
            struct claim *claim = &recount->claims[recount->claim_count];
            claim->list = (uint8_t)list;
            phrase_key(phrases->items[p], claim->key);
            bool repeated = false;
            for (const struct claim *c = recount->claims; c < claim; c++)
                repeated |= c->list == claim->list && memcmp(c->key, claim->key, sizeof claim->key) == 0;
            if (!repeated)
                recount->of_list[list] |= UINT64_C(1) << recount->claim_count++;
        }
    }
    recount->left = recount->claim_count == 64 ? UINT64_MAX : (UINT64_C(1) << recount->claim_count) - 1;
}

bool claim_matches(const struct claim *claim, const struct phrase_entry *entry)
{
    return claim->list == entry->list && memcmp(claim->key, entry->key, sizeof claim->key) == 0;
}

static uint64_t claims_held(const struct recount *recount, uint32_t candidate)
{
    uint64_t holds = 0;
    const struct phrase_table *table = recount->table;
    for (size_t e = table->start[candidate]; e < table->start[candidate + 1]; e++)
        for (size_t c = 0; c < recount->claim_count; c++)
            if (claim_matches(&recount->claims[c], &table->entries[e]))
                holds |= UINT64_C(1) << c;
    return holds;
}

static int compare_supporters(const void *a, const void *b)
{
    const struct supporter *x = a, *y = b;
    if (x->row->tenant != y->row->tenant)
        return x->row->tenant < y->row->tenant ? -1 : 1;
    int order = memcmp(x->row->task, y->row->task, TASK_TAG_BYTES);
    return order ? order : (x->candidate > y->candidate) - (x->candidate < y->candidate);
}

static enum status list_supporters(struct recount *recount)
{
    const struct proposal *proposal = recount->proposal;
    recount->supporters = mem_new(proposal->support_count, sizeof *recount->supporters);
    if (!recount->supporters)
        return ERR_MEMORY;
    size_t count = 0;
    for (size_t i = 0; i < proposal->support_count; i++) {
        uint32_t candidate = proposal->support[i];
        if (candidate < recount->input->count)
            recount->supporters[count++] = (struct supporter){candidate, &recount->input->rows[candidate], 0};
    }
    qsort(recount->supporters, count, sizeof *recount->supporters, compare_supporters);
    for (size_t i = 0; i < count; i++) {
        struct supporter supporter = recount->supporters[i];
        if (i > 0 && supporter.candidate == recount->supporters[i - 1].candidate)
            continue;
        supporter.holds = claims_held(recount, supporter.candidate);
        recount->supporters[recount->supporter_count++] = supporter;
    }
    return OK;
}

/* --- the fixed point --- */

static bool supports(const struct recount *recount, const struct supporter *supporter)
{
    uint64_t holds = supporter->holds & recount->left;
    return (holds & recount->of_list[LIST_WHEN]) &&
           (holds & (recount->of_list[LIST_ACT] | recount->of_list[LIST_AVOID]));
}

static uint64_t held_by_k(const struct recount *recount)
{
    uint32_t tenants[CLAIMS_MAX] = {0};
    uint64_t enough = 0;
    for (size_t i = 0; i < recount->supporter_count;) {
        uint32_t tenant = recount->supporters[i].row->tenant;
        uint64_t holds = 0;
        for (; i < recount->supporter_count && recount->supporters[i].row->tenant == tenant; i++)
            if (supports(recount, &recount->supporters[i]))
                holds |= recount->supporters[i].holds;
        for (size_t c = 0; c < recount->claim_count; c++)
            tenants[c] += holds >> c & 1;
    }
    for (size_t c = 0; c < recount->claim_count; c++)
        if (tenants[c] >= recount->input->policy->k)
            enough |= UINT64_C(1) << c;
    return enough & recount->left;
}

static void shrink(struct recount *recount)
{
    for (uint64_t left = held_by_k(recount); left != recount->left; left = held_by_k(recount))
        recount->left = left;
    size_t kept = 0;
    for (size_t i = 0; i < recount->supporter_count; i++)
        if (supports(recount, &recount->supporters[i]))
            recount->supporters[kept++] = recount->supporters[i];
    recount->supporter_count = kept;
}

uint32_t count_tenants(const struct recount *recount, counts_when counts, const void *what)
{
    uint32_t tenants = 0;
    const struct release_row *last = NULL;
    for (size_t i = 0; i < recount->supporter_count; i++) {
        const struct release_row *row = recount->supporters[i].row;
        if ((last && last->tenant == row->tenant) || (counts && !counts(recount, &recount->supporters[i], what)))
            continue;
        tenants++;
        last = row;
    }
    return tenants;
}

static uint32_t count_tasks(const struct recount *recount)
{
    uint32_t tasks = 0;
    const struct release_row *last = NULL;
    for (size_t i = 0; i < recount->supporter_count; i++) {
        const struct release_row *row = recount->supporters[i].row;
        tasks += !last || last->tenant != row->tenant || memcmp(last->task, row->task, TASK_TAG_BYTES) != 0;
        last = row;
    }
    return tasks;
}

/* --- the whole --- */

static enum status judge(struct recount *recount, struct selected *out, size_t *dropped, enum withheld_reason *reason)
{
    list_claims(recount);
    *reason = WITHHELD_MALFORMED;
    if (!recount->of_list[LIST_WHEN] || !(recount->of_list[LIST_ACT] | recount->of_list[LIST_AVOID]))
        return ERR_POLICY;
    TRY(list_supporters(recount));
    *reason = WITHHELD_TENANTS;
    if (count_tenants(recount, NULL, NULL) < recount->input->policy->k)
        return ERR_POLICY;
    *reason = WITHHELD_PHRASES;
    uint64_t unspelled = 0;
    do {
        recount->left &= ~unspelled;
        shrink(recount);
        TRY(claims_unspelled(recount, &unspelled));
    } while (unspelled);
    if (recount->supporter_count == 0)
        return ERR_POLICY;
    *reason = WITHHELD_TASKS;
    if (count_tasks(recount) < recount->input->policy->min_tasks)
        return ERR_POLICY;
    *dropped += recount->claim_count - (size_t)__builtin_popcountll(recount->left);
    out->tenants = count_tenants(recount, NULL, NULL);
    INVARIANT(out->tenants >= recount->input->policy->k);
    return recount_write(recount, &out->insight);
}

enum status release_recount(const struct release_input *input, const struct phrase_table *table,
                            const struct proposal *proposal, struct selected *out, size_t *phrases_dropped,
                            enum withheld_reason *reason)
{
    struct recount recount = {.input = input, .table = table, .proposal = proposal};
    *out = (struct selected){0};
    enum status status = judge(&recount, out, phrases_dropped, reason);
    mem_free(recount.supporters);
    if (status != OK)
        insight_free(&out->insight);
    return status;
}
