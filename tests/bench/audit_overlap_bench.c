/* FoT's runs of four and ROUGE-L's longest common subsequence, tokenising included, over the 729 pairs of the FoT
 * vectors. `--write DIR` puts our answers there for peer_audit_overlap.py, which reads the same vectors. */
#include <string.h>

#include "audits/overlap/sequence.h"
#include "insight/overlap.h"
#include "tests/bench/bench.h"
#include "tests/insight/fot_overlap.h"

enum { TEXTS = 64, RUNS = 10 };

struct side {
    size_t count;
    struct overlap_text *runs[TEXTS];
    uint64_t *tokens[TEXTS];
    size_t token_count[TEXTS];
};
struct answer {
    size_t exact, common;
};

static void load(const struct json *list, struct side *side)
{
    *side = (struct side){.count = json_count(list) < TEXTS ? json_count(list) : TEXTS};
    for (size_t i = 0; i < side->count; i++) {
        struct bytes text = json_string_bytes(json_get(json_at(list, i), "text"));
        bench_must(overlap_text_new(text, &side->runs[i]));
        bench_must(overlap_tokenise(text, &side->tokens[i], &side->token_count[i]));
    }
}

static void unload(struct side *side)
{
    for (size_t i = 0; i < side->count; i++) {
        overlap_text_free(side->runs[i]);
        mem_free(side->tokens[i]);
    }
}

static size_t run(const struct json *vectors, struct answer *answers)
{
    struct side documents, references;
    size_t pairs = 0;
    load(json_get(vectors, "documents"), &documents);
    load(json_get(vectors, "references"), &references);
    for (size_t d = 0; d < documents.count; d++) {
        struct sequence *sequence = NULL;
        bench_must(sequence_new(documents.tokens[d], documents.token_count[d], &sequence));
        for (size_t r = 0; r < references.count; r++) {
            struct overlap overlap;
            bench_must(overlap_measure(documents.runs[d], references.runs[r], &overlap));
            answers[pairs++] = (struct answer){
                (size_t)overlap.exact, sequence_common(sequence, references.tokens[r], references.token_count[r])};
        }
        sequence_free(sequence);
    }
    unload(&documents);
    unload(&references);
    return pairs;
}

static void write_answers(const char *folder, const struct answer *answers, size_t pairs)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/answers", folder);
    FILE *file = fopen(path, "w");
    bench_must(file ? OK : ERR_IO);
    for (size_t i = 0; i < pairs; i++)
        fprintf(file, "%zu %zu\n", answers[i].exact, answers[i].common);
    bench_must(fclose(file) == 0 ? OK : ERR_IO);
}

int main(int argc, char **argv)
{
    static struct answer answers[TEXTS * TEXTS];
    SCOPED_JSON struct json *vectors = fot_overlap_load();
    size_t pairs = 0;
    double times[RUNS];
    if (!vectors) {
        fprintf(stderr, "audit_overlap: CHATHAM_SHARED has no vectors, not measured\n");
        return 77;
    }
    for (int i = 0; i < RUNS; i++) {
        double start = bench_cpu();
        pairs = run(vectors, answers);
        times[i] = (bench_cpu() - start) * 1e3;
    }
    if (argc == 3 && strcmp(argv[1], "--write") == 0)
        write_answers(argv[2], answers, pairs);
    else
        bench_result("audit.overlap", bench_quantile(times, RUNS, .5), "ms",
                     "runs of four and longest common subsequence of %zu pairs", pairs);
    return 0;
}
