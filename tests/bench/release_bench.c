/* What private release leaves of a library: federations of 5 to 500 simulated tenants over real traces
 * (tests/bench/simulated.h), both modes, ε from 0.5 to 8 a round at δ = 1e-5, unit tenant. Figures at an ε are medians
 * of DRAWS draws of the noise. release_bench [--html FILE] [--most TENANTS]. */
#include "insight/features.h"
#include "insight/release_private.h"
#include "insight/statement.h"
#include "tests/bench/release_page.h"
#include "tests/bench/simulated.h"

#define DRAWS 11
#define COVERED 0.85 /* FoT's threshold for near-duplicates, on words alone */
#define POINTS_MAX 128

static const double epsilons[] = {0.5, 1, 2, 4, 8};
static const uint32_t sizes[] = {5, 20, 50, 200, 500};
#define COUNT(table) (sizeof(table) / sizeof *(table))

static const struct source {
    const char *name, *files[3];
    size_t each; /* tasks of a tenant */
    uint32_t statements;
} sources[] = {
    {"gsm8k", {"gsm8k/model_solutions.jsonl.gz"}, 180, 16},
    {"tau",
     {"tau-bench/airline.chat.jsonl.gz", "tau-bench/airline.transcripts.jsonl.gz",
      "tau-bench/retail.transcripts.jsonl.gz"},
     40,
     24},
};

/* --- coverage --- */

struct worded { /* texts as features of their words alone, for slots are not released privately */
    size_t count;
    struct features *items;
};

static struct features features_of_words(const struct candidate *text)
{
    struct candidate words;
    struct features features;
    bench_must(statement_words(text, &words));
    bench_must(features_of_candidate(&words, &features));
    candidate_free(&words);
    return features;
}

static struct worded worded_library(const struct library *library)
{
    struct worded worded = {library->insight_count, mem_new(library->insight_count + 1, sizeof(struct features))};
    if (!worded.items)
        exit(1);
    for (size_t i = 0; i < worded.count; i++)
        worded.items[i] = features_of_words(&library->insights[i].text);
    return worded;
}

static void worded_free(struct worded *worded)
{
    for (size_t i = 0; i < worded->count; i++)
        features_free(&worded->items[i]);
    mem_free(worded->items);
}

static bool covers(const struct worded *library, const struct features *text)
{
    for (size_t i = 0; i < library->count; i++)
        if (features_cosine(&library->items[i], text) >= COVERED)
            return true;
    return false;
}

/* --- one federation --- */

struct scene {
    const struct pool *pool;
    struct simulated tenants;
    struct simulated held; /* what the held-out tasks teach */
    struct policy policy;
    struct library threshold;
    size_t wide; /* insights of the threshold's that at least half of the tenants support */
    struct features *wide_texts;
};

static struct release_input input_of(const struct scene *scene)
{
    return (struct release_input){.candidates = scene->tenants.candidates,
                                  .rows = scene->tenants.rows,
                                  .count = scene->tenants.count,
                                  .policy = &scene->policy,
                                  .redactor = scene->pool->redactor};
}

static struct library threshold_library(const struct scene *scene, uint32_t k)
{
    struct scene strict = *scene;
    struct distiller distiller = distiller_embedded();
    struct distil_options options = {scene->policy.near_milli / 1000.0, scene->policy.related_milli / 1000.0};
    struct proposals proposals;
    struct release_report report;
    struct library library = {0};
    strict.policy.k = k;
    struct release_input input = input_of(&strict);
    bench_must(distiller.distil(distiller.state, input.candidates, input.count, &options, &proposals));
    input.proposals = &proposals;
    bench_must(release_select(&input, &library, &report));
    proposals_free(&proposals);
    return library;
}

/* The threshold's insights that would still be published if half of the tenants had to support them. */
static void find_wide(struct scene *scene, uint32_t tenants)
{
    uint32_t half = (tenants + 1) / 2;
    struct library library = threshold_library(scene, half > scene->policy.k ? half : scene->policy.k);
    struct worded worded = worded_library(&library);
    scene->wide_texts = mem_new(scene->threshold.insight_count + 1, sizeof *scene->wide_texts);
    if (!scene->wide_texts)
        exit(1);
    for (size_t i = 0; i < scene->threshold.insight_count; i++) {
        struct features text = features_of_words(&scene->threshold.insights[i].text);
        if (covers(&worded, &text))
            scene->wide_texts[scene->wide++] = text;
        else
            features_free(&text);
    }
    worded_free(&worded);
    library_free(&library);
}

static struct release_point judge(const struct scene *scene, const struct library *library)
{
    struct worded worded = worded_library(library);
    size_t wide = 0, held = 0;
    for (size_t i = 0; i < scene->wide; i++)
        wide += covers(&worded, &scene->wide_texts[i]);
    for (size_t i = 0; i < scene->held.count; i++) {
        struct features text = features_of_words(&scene->held.candidates[i]);
        held += covers(&worded, &text);
        features_free(&text);
    }
    worded_free(&worded);
    return (struct release_point){.released = (double)library->insight_count,
                                  .wide = (double)scene->wide,
                                  .wide_share = scene->wide ? (double)wide / (double)scene->wide : NAN,
                                  .held_share = (double)held / (double)(scene->held.count ? scene->held.count : 1)};
}

static double median_of(double *values)
{
    return isnan(values[0]) ? NAN : bench_quantile(values, DRAWS, 0.5);
}

static struct release_point draw_private(struct scene *scene, double epsilon, struct dp_stream *stream)
{
    double released[DRAWS], wide[DRAWS], held[DRAWS];
    struct private_terms terms;
    struct release_point point = {0};
    scene->policy.dp_epsilon_micro = (uint64_t)(epsilon * 1e6);
    bench_must(private_terms_of(&scene->policy, &terms, NULL));
    for (int draw = 0; draw < DRAWS; draw++) {
        struct library library = {0};
        struct release_report report;
        struct release_input input = input_of(scene);
        bench_must(release_private(&input, &terms, stream, &library, &report));
        point = judge(scene, &library);
        released[draw] = point.released;
        wide[draw] = point.wide_share;
        held[draw] = point.held_share;
        library_free(&library);
    }
    point.released = median_of(released);
    point.wide_share = median_of(wide);
    point.held_share = median_of(held);
    return point;
}

static void tell(const struct source *source, uint32_t tenants, const struct release_point *point)
{
    char name[80], mode[24] = "threshold";
    if (!isinf(point->epsilon))
        snprintf(mode, sizeof mode, "eps%g", point->epsilon);
    snprintf(name, sizeof name, "release.%s.%u.%s", source->name, tenants, mode);
    if (!isnan(point->wide_share))
        bench_result(name, 100 * point->wide_share, "%",
                     "of %g wide insights; %g insights, %.0f %% of held-out methods", point->wide, point->released,
                     100 * point->held_share);
    else
        bench_result(name, point->released, "insights", "none is wide; %.0f %% of held-out methods",
                     100 * point->held_share);
}

static void run_federation(const struct source *source, const struct pool *pool, uint32_t tenants, struct random random,
                           struct release_point *points, size_t *count)
{
    struct scene scene = {.pool = pool};
    struct dp_stream *stream = NULL;
    bench_must(dp_stream_new(random, &stream));
    simulated_tenants(&scene.tenants, pool, tenants, source->each, random);
    simulated_held_out(&scene.held, pool);
    policy_default(&scene.policy);
    scene.threshold = threshold_library(&scene, scene.policy.k);
    find_wide(&scene, tenants);
    scene.policy.mode = RELEASE_DP;
    scene.policy.dp_delta_pico = 10000000;
    scene.policy.dp_statements = source->statements;
    for (size_t e = 0; e <= COUNT(epsilons); e++) {
        bool last = e == COUNT(epsilons);
        struct release_point point = last ? judge(&scene, &scene.threshold) : draw_private(&scene, epsilons[e], stream);
        point.data = source->name;
        point.tenants = tenants;
        point.epsilon = last ? (double)INFINITY : epsilons[e];
        tell(source, tenants, &point);
        points[(*count)++] = point;
    }
    for (size_t i = 0; i < scene.wide; i++)
        features_free(&scene.wide_texts[i]);
    mem_free(scene.wide_texts);
    library_free(&scene.threshold);
    simulated_free(&scene.tenants);
    simulated_free(&scene.held);
    dp_stream_free(stream);
}

static bool run_source(const struct source *source, const struct redactor *redactor, uint32_t most,
                       struct release_point *points, size_t *count)
{
    const char *shared = getenv("CHATHAM_SHARED");
    struct random_seeded seed;
    struct random random = random_seeded_start(&seed, 1);
    struct pool pool = {.redactor = redactor};
    for (size_t i = 0; i < COUNT(source->files) && source->files[i]; i++)
        if (!pool_read(&pool, shared ? shared : "../shared", source->files[i])) {
            pool_free(&pool);
            return false;
        }
    pool_finish(&pool, random);
    for (size_t i = 0; i < COUNT(sizes) && sizes[i] <= most; i++)
        run_federation(source, &pool, sizes[i], random, points, count);
    pool_free(&pool);
    return true;
}

int main(int argc, char **argv)
{
    static struct release_point points[POINTS_MAX];
    struct redactor *redactor = NULL;
    const char *html = NULL;
    uint32_t most = 500;
    size_t count = 0;
    for (int i = 1; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--html") == 0)
            html = argv[i + 1];
        else if (strcmp(argv[i], "--most") == 0)
            most = (uint32_t)strtoul(argv[i + 1], NULL, 10);
    }
    bench_must(redactor_new(redact_policy_text("default"), NULL, &redactor, NULL));
    bool there = true;
    for (size_t i = 0; there && i < COUNT(sources); i++)
        there = run_source(&sources[i], redactor, most, points, &count);
    redactor_free(redactor);
    if (!there) {
        fprintf(stderr, "release: no traces in CHATHAM_SHARED: not measured\n");
        return 77;
    }
    if (html)
        bench_must(release_page(html, points, count));
    return 0;
}
