/* Private selection. Hides how sums are formed and what a noisy sum says about support. */
#include "insight/release_private.h"

#include <math.h>

#include "dp/gaussian.h"
#include "insight/library_check.h"
#include "insight/release_internal.h"
#include "insight/statement.h"

/* --- what is promised --- */

#define DELTA_OF_PICO (DP_DELTA_ONE / 1000000000000u)

enum status private_terms_for(struct dp_epsilon epsilon, uint64_t delta, uint32_t statements, struct private_terms *out,
                              struct why *why)
{
    struct dp_zcdp loss;
    *out = (struct private_terms){epsilon, delta, {0}};
    enum status status = dp_zcdp_for(epsilon, delta, delta / 2, &loss);
    if (status == OK)
        status = dp_union_for(loss, statements, &out->mechanism);
    if (status == OK)
        return OK;
    *out = (struct private_terms){0};
    return why_set(why, ERR_POLICY, "no noise gives this epsilon and delta", "dp_epsilon_micro", 0);
}

enum status private_terms_of(const struct policy *policy, struct private_terms *out, struct why *why)
{
    *out = (struct private_terms){0};
    if (policy->mode != RELEASE_DP)
        return ERR_USAGE;
    return private_terms_for((struct dp_epsilon){policy->dp_epsilon_micro}, policy->dp_delta_pico * DELTA_OF_PICO,
                             policy->dp_statements, out, why);
}

uint32_t private_least_support(const struct private_terms *terms, uint32_t said, unsigned per_cent)
{
    uint32_t low = 1, high = 1u << 24; /* more than the largest threshold asks for */
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int64_t sum = (int64_t)middle * dp_union_weight(said);
        if (100 * dp_union_probability(&terms->mechanism, sum) >= per_cent)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

enum status private_check_tenants(const struct private_terms *terms, uint32_t tenants, struct why *why)
{
    uint32_t least = private_least_support(terms, 1, 50);
    if (tenants >= least)
        return OK;
    if (why && !why->what)
        *why = (struct why){.what = "too few members for a private release",
                            .where = "least number of tenants",
                            .at = least,
                            .hint = "a larger epsilon needs fewer"};
    return ERR_POLICY;
}

/* --- who said it --- */

/* Sums the weights of the sayings from `first` on that are of one statement; *end is behind the last. */
static int64_t sum_statement(const struct sayings *sayings, size_t first, size_t *end)
{
    int64_t sum = 0;
    size_t i = first;
    for (; i < sayings->count && memcmp(sayings->items[i].statement, sayings->items[first].statement, HASH_BYTES) == 0;
         i++)
        sum += dp_union_weight(sayings->items[i].said);
    *end = i;
    return sum;
}

/* So many tenants stand behind a statement in all likelihood: no tenant weighs more than DP_UNION_ONE, and the noise is
 * over two deviations once in forty-four. */
static uint32_t surely(const struct dp_union *mechanism, int64_t noisy)
{
    double tenants = ((double)noisy - 2 * sqrt((double)mechanism->variance)) / DP_UNION_ONE;
    return tenants > 0 ? (uint32_t)tenants : 0;
}

static enum status write_insight(const struct candidate *words, uint32_t tenants, struct selected *out)
{
    TRY(statement_words(words, &out->insight.text));
    out->tenants = tenants;
    out->insight.support = support_band_of(tenants);
    out->insight.rate = INSIGHT_RATE_UNKNOWN;
    insight_id_of(&out->insight.text, out->insight.id);
    return OK;
}

/* --- the release, and what follows from it --- */

static enum status draw(const struct release_input *input, const struct private_terms *terms, struct dp_stream *stream,
                        const struct sayings *sayings, struct selected *selected, size_t *count,
                        struct release_report *report)
{
    const struct dp_union *mechanism = &terms->mechanism;
    for (size_t i = 0, end; i < sayings->count; i = end) {
        int64_t noisy =
            sum_statement(sayings, i, &end) + dp_gaussian(stream, (struct dp_ratio){mechanism->variance, 1});
        report->proposals++;
        if (noisy >= mechanism->threshold)
            TRY(write_insight(&input->candidates[sayings->items[i].candidate], surely(mechanism, noisy),
                              &selected[(*count)++]));
        else
            report->withheld[WITHHELD_TENANTS]++;
    }
    return OK;
}

static enum status gate(const struct release_input *input, struct selected *selected, size_t count,
                        struct release_report *report)
{
    for (size_t i = 0; i < count; i++) {
        enum withheld_reason reason = WITHHELD_MALFORMED;
        enum status status = gate_check_insight(&selected[i].insight.text, input->redactor, input->canaries, &reason);
        if (status != OK && status != ERR_POLICY)
            return status;
        selected[i].gone = status == ERR_POLICY;
        report->withheld[reason] += selected[i].gone;
    }
    return OK;
}

static enum status release(const struct release_input *input, const struct private_terms *terms,
                           struct dp_stream *stream, const struct sayings *sayings, struct library *library,
                           struct release_report *report)
{
    size_t count = 0;
    struct selected *selected = mem_new(sayings->count + 1, sizeof *selected);
    enum status status = selected ? draw(input, terms, stream, sayings, selected, &count, report) : ERR_MEMORY;
    if (status == OK)
        status = gate(input, selected, count, report);
    if (status == OK)
        status = release_merge(input->policy, selected, count);
    if (status == OK)
        status = release_append(library, selected, count, report);
    selected_free(selected, count);
    return status;
}

enum status release_private(const struct release_input *input, const struct private_terms *terms,
                            struct dp_stream *stream, struct library *library, struct release_report *report)
{
    struct sayings sayings = {0};
    *report = (struct release_report){0};
    if (input->policy->mode != RELEASE_DP || terms->mechanism.keys == 0 || !input->redactor)
        return ERR_USAGE;
    TRY(sayings_collect(input->candidates, input->rows, input->count, terms->mechanism.keys, &sayings));
    enum status status = release(input, terms, stream, &sayings, library, report);
    sayings_free(&sayings);
    return status;
}
