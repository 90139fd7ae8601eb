/* The 729 pairs of the FoT overlap vectors, tokenising included, on one core: median of ten runs. */
#include <stdlib.h>

#include "insight/overlap.h"
#include "tests/bench/bench.h"
#include "tests/insight/fot_overlap.h"

enum { TEXTS = 64, RUNS = 10 };

static size_t load(const struct json *list, struct overlap_text **out)
{
    size_t count = json_count(list) < TEXTS ? json_count(list) : TEXTS;
    for (size_t i = 0; i < count; i++)
        if (overlap_text_new(json_string_bytes(json_get(json_at(list, i), "text")), &out[i]) != OK)
            exit(1);
    return count;
}

static double run(const struct json *vectors, size_t *pairs)
{
    static struct overlap out[TEXTS * TEXTS];
    struct overlap_text *documents[TEXTS], *references[TEXTS];
    double start = bench_cpu();
    size_t d = load(json_get(vectors, "documents"), documents), r = load(json_get(vectors, "references"), references);
    if (overlap_matrix((const struct overlap_text *const *)documents, d, (const struct overlap_text *const *)references,
                       r, out) != OK)
        exit(1);
    double seconds = bench_cpu() - start;
    for (size_t i = 0; i < d; i++)
        overlap_text_free(documents[i]);
    for (size_t i = 0; i < r; i++)
        overlap_text_free(references[i]);
    *pairs = d * r;
    return seconds;
}

int main(void)
{
    SCOPED_JSON struct json *vectors = fot_overlap_load();
    if (!vectors) {
        fprintf(stderr, "overlap: CHATHAM_SHARED has no vectors, not measured\n");
        return 77;
    }
    size_t pairs = 0;
    double times[RUNS];
    for (int i = 0; i < RUNS; i++)
        times[i] = run(vectors, &pairs) * 1e3;
    bench_result("overlap.729", bench_quantile(times, RUNS, 0.5), "ms",
                 "%zu pairs; the vectors' own CPython run: %.1f s", pairs,
                 json_number_value(json_get(vectors, "cpython_seconds")));
    return 0;
}
