/* Search over 10k and 100k synthetic insights (tests/bench/synthetic.h), in memory and in an encrypted file.
 *
 * The query set, 2,000 questions from a fixed seed, a fifth each of: (1) the "when" of an insight as it stands; (2)
 * three words of its "do"; (3) its tool's name and one noun; (4) the commonest words of the library together with a
 * function word; (5) an insight's fault with a noun of another one, so that no insight has all. */
#include <stdlib.h>
#include <unistd.h>

#include "insight/search.h"
#include "tests/bench/bench.h"
#include "tests/bench/synthetic.h"

enum { QUERIES = 2000, HITS = 10 };

static void must(enum status status)
{
    if (status == OK)
        return;
    fprintf(stderr, "search_bench: %s\n", status_text(status));
    exit(1);
}

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

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void run(const char *name, const struct library *library, const char *path, const struct secret *key)
{
    static double times[QUERIES];
    struct search_index *index;
    uint64_t start = clock_ticks();
    must(search_open(path, key, &index, NULL));
    must(search_build(index, library));
    double built = bench_seconds(start), total = 0;
    struct random_seeded state;
    struct random random = random_seeded_start(&state, 17);
    size_t answered = 0;
    for (size_t i = 0; i < QUERIES; i++) {
        char words[512];
        struct search_hit hits[HITS];
        size_t found;
        ask_for(library, random, i % 5, words, sizeof words);
        start = clock_ticks();
        must(search_query(index, words, hits, HITS, &found));
        times[i] = bench_seconds(start);
        total += times[i];
        answered += found > 0;
    }
    qsort(times, QUERIES, sizeof *times, compare_doubles);
    char note[160];
    snprintf(note, sizeof note, "%zu insights  build %.2f s  p50 %.2f ms  p99 %.2f ms  max %.2f ms  answered %zu",
             library->insight_count, built, times[QUERIES / 2] * 1e3, times[QUERIES * 99 / 100] * 1e3,
             times[QUERIES - 1] * 1e3, answered);
    bench_row(name, QUERIES, total, note);
    search_close(index);
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

int main(void)
{
    static const size_t sizes[] = {10000, 100000};
    SCOPED_SECRET struct secret key = {0};
    must(secret_start(4096, NULL));
    must(secret_random(&key, 32));
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct library library = make_library(sizes[i]);
        char path[] = "/tmp/chatham-search-bench-XXXXXX";
        int fd = mkstemp(path);
        if (fd < 0)
            return 1;
        close(fd);
        unlink(path);
        run("search.memory", &library, NULL, NULL);
        run("search.file", &library, path, &key);
        unlink(path);
        library_free(&library);
    }
    return 0;
}
