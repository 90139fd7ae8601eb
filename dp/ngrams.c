/* n-grams. Hides the way from one length to the next. */
#include "dp/ngrams.h"

#include <stdlib.h>

#include "dp/bounded.h"
#include "dp/count_noise.h"
#include "dp/ngrams_list.h"

struct dp_ngrams {
    struct ngrams_list released[DP_NGRAMS_LONGEST];
};

/* What does not change while lengths are gone through. */
struct run {
    const struct dp_ngrams_terms *terms;
    struct dp_stream *stream;
    const struct dp_ngrams_unit *units;
    size_t unit_count;
    uint64_t variance; /* of noise on the candidates' sums */
};

static enum status whole_vocabulary(uint32_t vocabulary, struct ngrams_list *out)
{
    TRY(ngrams_list_new(1, vocabulary, out));
    for (uint32_t i = 0; i < vocabulary; i++)
        out->tokens[i] = i;
    return OK;
}

static int ascending(const void *a, const void *b)
{
    uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
    return (left > right) - (left < right);
}

/* Tokens that occur: not public. Only the union's threshold may decide which of them are released. */
static enum status all_that_occur(const struct run *run, struct ngrams_list *out)
{
    size_t total = 0, count = 0;
    for (size_t u = 0; u < run->unit_count; u++)
        total += run->units[u].count;
    TRY(ngrams_list_new(1, total, out));
    for (size_t u = 0; u < run->unit_count; u++)
        for (size_t i = 0; i < run->units[u].count; i++)
            if (run->units[u].tokens[i] != DP_NGRAMS_BREAK)
                out->tokens[count++] = run->units[u].tokens[i];
    qsort(out->tokens, count, sizeof *out->tokens, ascending);
    out->count = 0;
    for (size_t i = 0; i < count; i++)
        if (i == 0 || out->tokens[i] != out->tokens[i - 1])
            out->tokens[out->count++] = out->tokens[i];
    return OK;
}

/* --- sums --- */

/* The candidates that a unit has, as numbers in the list, with repeats; room for unit->count. */
static size_t had_by(const struct dp_ngrams_unit *unit, const struct ngrams_list *candidates, uint32_t *out)
{
    size_t count = 0;
    for (size_t i = 0; i + candidates->length <= unit->count; i++)
        count += ngrams_list_find(candidates, unit->tokens + i, out + count); /* none has a break in it */
    return count;
}

static enum status add_unit(const struct run *run, const struct dp_ngrams_unit *unit, struct ngrams_list *candidates)
{
    uint32_t chosen[DP_NGRAMS_CONTRIBUTIONS_MOST];
    SCOPED_MEM uint32_t *had = mem_new(unit->count + 1, sizeof *had);
    if (!had)
        return ERR_MEMORY;
    size_t count = had_by(unit, candidates, had);
    count = dp_bounded_keys(unit->id, had, count, run->terms->contributions, chosen);
    for (size_t i = 0; i < count; i++)
        candidates->sums[chosen[i]] += dp_union_weight((uint32_t)count);
    return OK;
}

static enum status add_units(const struct run *run, struct ngrams_list *candidates)
{
    for (size_t u = 0; u < run->unit_count; u++)
        TRY(add_unit(run, &run->units[u], candidates));
    return OK;
}

/* Noise on every candidate; those that reach the threshold stay, with their noisy sums. */
static enum status sift(const struct run *run, uint64_t variance, int64_t threshold, struct ngrams_list *candidates,
                        struct ngrams_list *out)
{
    size_t kept = 0;
    for (size_t i = 0; i < candidates->count; i++) {
        candidates->sums[i] += dp_gaussian(run->stream, (struct dp_ratio){variance, 1});
        kept += candidates->sums[i] >= threshold;
    }
    TRY(ngrams_list_new(candidates->length, kept, out));
    kept = 0;
    for (size_t i = 0; i < candidates->count; i++) {
        if (candidates->sums[i] < threshold)
            continue;
        memcpy(out->tokens + kept * out->length, ngrams_list_at(candidates, i), out->length * sizeof *out->tokens);
        out->sums[kept++] = candidates->sums[i];
    }
    return OK;
}

/* --- lengths --- */

/* Of the candidates without support at most a share of `before` is expected to pass (the paper's choice of ρ_k). It has
 * no part in the guarantee. */
static int64_t threshold_of(const struct run *run, size_t candidates, size_t before)
{
    uint64_t chance = run->terms->spurious * (DP_DELTA_ONE / 1000);
    if (candidates > before)
        chance = (uint64_t)((unsigned __int128)chance * (before ? before : 1) / candidates);
    const struct dp_count_noise noise = {DP_COUNT_GAUSSIAN, {run->variance, 1}};
    return (int64_t)dp_count_noise_tail(noise, chance);
}

static enum status level_public(const struct run *run, size_t before, struct ngrams_list *candidates,
                                struct ngrams_list *out)
{
    TRY(add_units(run, candidates));
    return sift(run, run->variance, threshold_of(run, candidates->count, before), candidates, out);
}

static enum status first_public(const struct run *run, struct ngrams_list *out)
{
    struct ngrams_list candidates SCOPED_NGRAMS = NGRAMS_LIST_NONE;
    TRY(whole_vocabulary(run->terms->vocabulary, &candidates));
    return level_public(run, 1, &candidates, out);
}

static enum status first_union(const struct run *run, struct ngrams_list *out)
{
    struct ngrams_list candidates SCOPED_NGRAMS = NGRAMS_LIST_NONE;
    struct dp_union mechanism;
    TRY(dp_union_for(run->terms->each, run->terms->contributions, &mechanism));
    TRY(all_that_occur(run, &candidates));
    TRY(add_units(run, &candidates));
    /* a token of which the bound on contributions has left no one is one that nobody has */
    size_t had = 0;
    for (size_t i = 0; i < candidates.count; i++) {
        if (candidates.sums[i] == 0)
            continue;
        candidates.tokens[had] = candidates.tokens[i];
        candidates.sums[had++] = candidates.sums[i];
    }
    candidates.count = had;
    return sift(run, mechanism.variance, mechanism.threshold, &candidates, out);
}

static enum status next_length(const struct run *run, const struct ngrams_list *shorter, struct ngrams_list *out)
{
    struct ngrams_list candidates SCOPED_NGRAMS = NGRAMS_LIST_NONE;
    TRY(ngrams_list_grow(shorter, &candidates));
    return level_public(run, shorter->count, &candidates, out);
}

static enum status all_lengths(const struct run *run, struct dp_ngrams *ngrams)
{
    struct ngrams_list *released = ngrams->released;
    TRY(run->terms->vocabulary ? first_public(run, &released[0]) : first_union(run, &released[0]));
    for (uint32_t length = 2; length <= run->terms->longest && released[length - 2].count > 0; length++) {
        enum status status = next_length(run, &released[length - 2], &released[length - 1]);
        if (status == ERR_TOO_LARGE)
            return OK;
        TRY(status);
    }
    return OK;
}

/* --- terms and input --- */

/* DP_UNION_ONE² / (2 ρ), rounded up. */
static uint64_t variance_of(struct dp_zcdp loss)
{
    const uint64_t half = (uint64_t)DP_UNION_ONE * DP_UNION_ONE / 2;
    return (half * DP_RHO_ONE + loss.rho - 1) / loss.rho;
}

enum status dp_ngrams_check(const struct dp_ngrams_terms *terms, struct why *why)
{
    if (terms->longest == 0 || terms->longest > DP_NGRAMS_LONGEST)
        return why_set(why, ERR_USAGE, "longest is not between 1 and 8", "n-grams", 0);
    if (terms->contributions == 0 || terms->contributions > DP_NGRAMS_CONTRIBUTIONS_MOST)
        return why_set(why, ERR_USAGE, "a unit may contribute nothing or too much", "n-grams", 0);
    if (terms->vocabulary > DP_NGRAMS_CANDIDATES_MOST)
        return why_set(why, ERR_USAGE, "vocabulary is too large", "n-grams", 0);
    if (terms->spurious == 0 || terms->spurious > 500)
        return why_set(why, ERR_USAGE, "spurious share is not between .001 and .5", "n-grams", 0);
    if (terms->each.rho < DP_UNION_RHO_LEAST || terms->each.rho > DP_UNION_RHO_MOST)
        return why_set(why, ERR_USAGE, "rho is out of bounds", "n-grams", 0);
    if (terms->each.delta >= DP_DELTA_ONE || (terms->each.delta == 0) != (terms->vocabulary > 0))
        return why_set(why, ERR_USAGE, "delta goes with a vocabulary that is not public", "n-grams", 0);
    return OK;
}

static enum status check_units(const struct run *run, struct why *why)
{
    for (size_t u = 0; u < run->unit_count; u++) {
        if (u > 0 && run->units[u].id <= run->units[u - 1].id)
            return why_set(why, ERR_USAGE, "units do not ascend", "n-grams", u);
        for (size_t i = 0; i < run->units[u].count; i++)
            if (run->terms->vocabulary && run->units[u].tokens[i] >= run->terms->vocabulary &&
                run->units[u].tokens[i] != DP_NGRAMS_BREAK)
                return why_set(why, ERR_INPUT, "a token outside the vocabulary", "n-grams", u);
    }
    return OK;
}

enum status dp_ngrams_release(const struct dp_ngrams_terms *terms, struct dp_stream *stream,
                              const struct dp_ngrams_unit *units, size_t unit_count, struct why *why,
                              struct dp_ngrams **out)
{
    *out = NULL;
    TRY(dp_ngrams_check(terms, why));
    const struct run run = {terms, stream, units, unit_count, variance_of(terms->each)};
    TRY(check_units(&run, why));
    struct dp_ngrams *made = mem_new(1, sizeof *made);
    if (!made)
        return why_set(why, ERR_MEMORY, "no memory", "n-grams", 0);
    enum status status = all_lengths(&run, made);
    if (status != OK) {
        dp_ngrams_free(made);
        return why_set(why, status, "no memory", "n-grams", 0);
    }
    *out = made;
    return OK;
}

void dp_ngrams_free(struct dp_ngrams *ngrams)
{
    for (size_t i = 0; ngrams && i < DP_NGRAMS_LONGEST; i++)
        ngrams_list_free(&ngrams->released[i]);
    mem_free(ngrams);
}

/* --- what was released --- */

static const struct ngrams_list *of_length(const struct dp_ngrams *ngrams, uint32_t length)
{
    INVARIANT(length >= 1 && length <= DP_NGRAMS_LONGEST);
    return &ngrams->released[length - 1];
}

size_t dp_ngrams_count(const struct dp_ngrams *ngrams, uint32_t length)
{
    return of_length(ngrams, length)->count;
}

const uint32_t *dp_ngrams_tokens(const struct dp_ngrams *ngrams, uint32_t length, size_t i)
{
    const struct ngrams_list *list = of_length(ngrams, length);
    INVARIANT(i < list->count);
    return ngrams_list_at(list, i);
}

int64_t dp_ngrams_sum(const struct dp_ngrams *ngrams, uint32_t length, size_t i)
{
    const struct ngrams_list *list = of_length(ngrams, length);
    INVARIANT(i < list->count);
    return list->sums[i];
}

struct dp_zcdp dp_ngrams_loss(const struct dp_ngrams_terms *terms)
{
    const struct dp_ratio variance = {variance_of(terms->each), 1};
    struct dp_zcdp later = dp_zcdp_of_variance((uint64_t)DP_UNION_ONE * DP_UNION_ONE, variance);
    struct dp_zcdp all = dp_zcdp_times(later, terms->longest);
    return dp_zcdp_add(all, (struct dp_zcdp){0, terms->each.delta});
}
