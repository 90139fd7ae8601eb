/* DP keyword histogram. Hides the bounded counting. */
#include "dp/keywords.h"

#include "base/secret.h"
#include "dp/bounded.h"

struct dp_keywords {
    struct dp_keywords_terms terms;
    uint64_t last; /* unit added */
    bool begun, released;
    uint64_t counts[];
};

static enum status check(struct dp_keywords_terms terms, struct why *why)
{
    if (terms.vocabulary == 0 || terms.vocabulary > DP_KEYWORDS_MOST)
        return why_set(why, ERR_USAGE, "vocabulary is empty or too large", "keywords", 0);
    if (terms.contributions == 0 || terms.contributions > DP_KEYWORDS_CONTRIBUTIONS_MOST)
        return why_set(why, ERR_USAGE, "a unit may contribute nothing or too much", "keywords", 0);
    return dp_count_noise_check(terms.noise, why);
}

enum status dp_keywords_new(struct dp_keywords_terms terms, struct why *why, struct dp_keywords **out)
{
    *out = NULL;
    TRY(check(terms, why));
    struct dp_keywords *made = mem_new(1, sizeof *made + terms.vocabulary * sizeof made->counts[0]);
    if (!made)
        return why_set(why, ERR_MEMORY, "no memory", "keywords", 0);
    made->terms = terms;
    *out = made;
    return OK;
}

static void wipe_counts(struct dp_keywords *keywords)
{
    secret_wipe(keywords->counts, keywords->terms.vocabulary * sizeof keywords->counts[0]);
}

void dp_keywords_free(struct dp_keywords *keywords)
{
    if (keywords)
        wipe_counts(keywords);
    mem_free(keywords);
}

enum status dp_keywords_add(struct dp_keywords *keywords, uint64_t unit, const uint32_t *keys, size_t count)
{
    if (keywords->released)
        return ERR_POLICY;
    if (keywords->begun && unit <= keywords->last)
        return ERR_USAGE;
    for (size_t i = 0; i < count; i++)
        if (keys[i] >= keywords->terms.vocabulary)
            return ERR_INPUT;
    keywords->last = unit;
    keywords->begun = true;
    uint32_t chosen[DP_KEYWORDS_CONTRIBUTIONS_MOST];
    size_t counted = dp_bounded_keys(unit, keys, count, keywords->terms.contributions, chosen);
    for (size_t i = 0; i < counted; i++)
        keywords->counts[chosen[i]]++;
    secret_wipe(chosen, sizeof chosen);
    return OK;
}

/* A vocabulary of so many words is worth a table of the noise. */
#define PREPARED_FROM 4096

static void add_noise(const struct dp_keywords *keywords, struct dp_stream *stream, int64_t *out)
{
    for (uint32_t i = 0; i < keywords->terms.vocabulary; i++)
        out[i] = dp_count_noise_add(stream, keywords->terms.noise, (int64_t)keywords->counts[i]);
}

static enum status add_prepared_noise(const struct dp_keywords *keywords, struct dp_stream *stream, int64_t *out)
{
    struct dp_sampler *noise;
    TRY(dp_count_noise_prepare(keywords->terms.noise, &noise));
    for (uint32_t i = 0; i < keywords->terms.vocabulary; i++)
        out[i] = dp_sampler_add(noise, stream, (int64_t)keywords->counts[i]);
    dp_sampler_free(noise);
    return OK;
}

enum status dp_keywords_release(struct dp_keywords *keywords, struct dp_stream *stream, int64_t *out)
{
    memset(out, 0, keywords->terms.vocabulary * sizeof *out);
    if (keywords->released)
        return ERR_POLICY;
    if (keywords->terms.vocabulary < PREPARED_FROM)
        add_noise(keywords, stream, out);
    else
        TRY(add_prepared_noise(keywords, stream, out));
    keywords->released = true;
    wipe_counts(keywords);
    return OK;
}

uint64_t dp_keywords_threshold(struct dp_keywords_terms terms, uint64_t chance)
{
    uint64_t each = chance / terms.vocabulary;
    return dp_count_noise_tail(terms.noise, each > 0 ? each : 1);
}

struct dp_zcdp dp_keywords_loss(struct dp_keywords_terms terms)
{
    uint64_t moved = terms.contributions < terms.vocabulary ? terms.contributions : terms.vocabulary;
    return dp_count_noise_loss(terms.noise, moved, moved);
}
