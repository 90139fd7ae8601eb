/* Search over 10k and 100k synthetic insights (tests/bench/synthetic.h), in memory and in an encrypted file.
 *
 * The query set, 2,000 questions from a fixed seed, a fifth each of: (1) the "when" of an insight as it stands; (2)
 * three words of its "do"; (3) its tool's name and one noun; (4) the commonest words of the library together with a
 * function word; (5) an insight's fault with a noun of another one, so that no insight has all.
 *
 * --write FOLDER writes texts and questions there instead, for peers. */
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "insight/search.h"
#include "tests/bench/bench.h"
#include "tests/bench/synthetic.h"

enum { QUERIES = 2000, HITS = 10, SEED = 17 };

static void ask_for(const struct library *library, struct random random, size_t kind, char *out, size_t size)
{
    const struct candidate *text = &library->insights[random_below(random, library->insight_count)].text;
    const struct phrases *advice = text->act.count ? &text->act : &text->avoid;
    const char *noun = SYNTHETIC_PICK(synthetic_nouns, random), *fault = SYNTHETIC_PICK(synthetic_faults, random);
    switch (kind) {
    case 0:
        snprintf(out, size, "%s", text->when.items[0]);
        return;
    case 1:
        snprintf(out, size, "%.*s", (int)strcspn(advice->items[0], "w"), advice->items[0]);
        return;
    case 2:
        snprintf(out, size, "%s %s", text->tool, noun);
        return;
    case 3:
        snprintf(out, size, "ask first before the %s", noun);
        return;
    default:
        snprintf(out, size, "the %s %s", noun, fault);
    }
}

static void run(const char *name, const struct library *library, const char *path, const struct secret *key)
{
    static double times[QUERIES];
    struct search_index *index;
    uint64_t start = clock_ticks();
    bench_must(search_open(path, key, &index, NULL));
    bench_must(search_build(index, library));
    double built = bench_seconds(start);
    struct random_seeded state;
    struct random random = random_seeded_start(&state, SEED);
    size_t answered = 0;
    for (size_t i = 0; i < QUERIES; i++) {
        char words[512];
        struct search_hit hits[HITS];
        size_t found;
        ask_for(library, random, i % 5, words, sizeof words);
        start = clock_ticks();
        bench_must(search_query(index, words, hits, HITS, &found));
        times[i] = bench_seconds(start) * 1e3;
        answered += found > 0;
    }
    char row[64];
    snprintf(row, sizeof row, "%s.p50", name);
    bench_result(row, bench_quantile(times, QUERIES, 0.5), "ms", "%zu of %d queries answered", answered, QUERIES);
    snprintf(row, sizeof row, "%s.p99", name);
    bench_result(row, bench_quantile(times, QUERIES, 0.99), "ms", "slowest %.2f ms", times[QUERIES - 1]);
    snprintf(row, sizeof row, "%s.build", name);
    bench_result(row, built, "s", "index of %zu insights", library->insight_count);
    search_close(index);
}

/* For peers in other languages: NAME.insights with one text a line, NAME.queries with one question a line. */
static void write_for_peers(const char *name, const struct library *library, const char *folder)
{
    struct random_seeded state;
    struct random random = random_seeded_start(&state, SEED);
    char path[4096];
    SCOPED_BUF struct buf insights = {0}, queries = {0};
    for (size_t i = 0; i < library->insight_count; i++) {
        bench_must(candidate_render(&library->insights[i].text, &insights));
        buf_add_byte(&insights, '\n');
    }
    for (size_t i = 0; i < QUERIES; i++) {
        char words[512];
        ask_for(library, random, i % 5, words, sizeof words);
        buf_addf(&queries, "%s\n", words);
    }
    bench_must(buf_status(&insights));
    bench_must(buf_status(&queries));
    snprintf(path, sizeof path, "%s/%s.insights", folder, name);
    bench_must(file_write(path, buf_bytes(&insights), 0600));
    snprintf(path, sizeof path, "%s/%s.queries", folder, name);
    bench_must(file_write(path, buf_bytes(&queries), 0600));
}

static struct library make_library(size_t n)
{
    struct library library = {.insight_count = n, .insights = mem_new(n, sizeof(struct insight))};
    for (size_t i = 0; library.insights && i < n; i++) {
        struct insight *insight = &library.insights[i];
        insight->text = synthetic_candidate(i, 0);
        insight->rate = INSIGHT_RATE_UNKNOWN;
        insight->support = (enum support_band)(i * 7919 % SUPPORT_BANDS);
        memcpy(insight->id, &i, sizeof i);
    }
    return library;
}

/* The encrypted index in a file, as a client has it. */
static void run_file(const char *name, const struct library *library)
{
    char path[] = "/tmp/chatham-search-bench-XXXXXX";
    SCOPED_SECRET struct secret key = {0};
    int fd = mkstemp(path);
    if (fd < 0)
        exit(1);
    close(fd);
    unlink(path);
    bench_must(secret_random(&key, 32));
    run(name, library, path, &key);
    unlink(path);
}

int main(int argc, char **argv)
{
    static const struct {
        size_t insights;
        const char *file, *memory;
    } sizes[] = {{10000, "search.10k", "search.memory.10k"}, {100000, "search.100k", "search.memory.100k"}};
    bool for_peers = argc == 3 && strcmp(argv[1], "--write") == 0;
    bench_must(secret_start(4096, NULL));
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct library library = make_library(sizes[i].insights);
        if (for_peers)
            write_for_peers(sizes[i].file, &library, argv[2]);
        else {
            run(sizes[i].memory, &library, NULL, NULL);
            run_file(sizes[i].file, &library);
        }
        library_free(&library);
    }
    return 0;
}
