/* Anonymeter's attacks of linkability and inference, on members and on the held-out, over one made-up table of three
 * parts.
 * `--write DIR` puts the table and our answers there for peer_audit_linkage.py. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "audits/linkage/table.h"
#include "base/clock.h"
#include "tests/bench/bench.h"

enum { ROWS = 1500, NUMBERS = 4, CATEGORIES = 6, COLUMNS = NUMBERS + CATEGORIES, SECRET = COLUMNS - 1, RUNS = 5 };
#define SITUATION 0x73u /* columns 0, 1, 4, 5, 6 */
#define ACTION 0x18cu   /* columns 2, 3, 7, 8 */
#define KNOWN (SITUATION | ACTION)

enum part { MEMBERS, HELD_OUT, RELEASE, PARTS };
struct answers {
    size_t linked[2], inferred[2]; /* of members, of the held-out */
};

/* A release is members, each with its numbers shifted and one category in four drawn anew. */
static void make(struct table *tables)
{
    enum column_kind kinds[COLUMNS];
    struct random_seeded seeded;
    struct random random = random_seeded_start(&seeded, 9);
    for (size_t c = 0; c < COLUMNS; c++)
        kinds[c] = c < NUMBERS ? COLUMN_NUMBER : COLUMN_CATEGORY;
    for (size_t p = 0; p < PARTS; p++)
        table_init(&tables[p], kinds, COLUMNS);
    for (size_t p = 0; p < PARTS; p++)
        for (size_t i = 0; i < ROWS; i++) {
            double cells[COLUMNS];
            for (size_t c = 0; c < COLUMNS; c++) {
                double drawn = c < NUMBERS ? random_unit(random) : (double)random_below(random, 5 + 3 * c);
                double like = p == RELEASE ? tables[MEMBERS].cells[i * COLUMNS + c] : 0;
                bool kept = p == RELEASE && random_below(random, 4) > 0;
                cells[c] = p != RELEASE ? drawn : c < NUMBERS ? like + .2 * drawn : kept ? like : drawn;
            }
            bench_must(table_add(&tables[p], i, cells));
        }
}

static size_t count_links(const struct table *targets, const struct table *release)
{
    size_t linked = 0;
    struct table_index situation, action;
    bench_must(table_index_new(targets, release, SITUATION, &situation));
    bench_must(table_index_new(targets, release, ACTION, &action));
    for (size_t i = 0; i < targets->rows; i++)
        linked += table_nearest(&situation, targets, i, 0) == table_nearest(&action, targets, i, 0);
    table_index_free(&situation);
    table_index_free(&action);
    return linked;
}

static size_t count_inferred(const struct table *targets, const struct table *release)
{
    size_t inferred = 0;
    struct table_index known;
    bench_must(table_index_new(targets, release, KNOWN, &known));
    for (size_t i = 0; i < targets->rows; i++) {
        size_t nearest = table_nearest(&known, targets, i, 0);
        inferred += targets->cells[i * COLUMNS + SECRET] == release->cells[nearest * COLUMNS + SECRET];
    }
    table_index_free(&known);
    return inferred;
}

static void attack(const struct table *tables, struct answers *out)
{
    for (size_t p = MEMBERS; p <= HELD_OUT; p++) {
        out->linked[p] = count_links(&tables[p], &tables[RELEASE]);
        out->inferred[p] = count_inferred(&tables[p], &tables[RELEASE]);
    }
}

static void write_all(const char *folder, const struct table *tables, const struct answers *answers)
{
    static const char *const names[PARTS] = {"members", "held_out", "release"};
    char path[4096];
    snprintf(path, sizeof path, "%s/table.csv", folder);
    FILE *file = fopen(path, "w");
    bench_must(file ? OK : ERR_IO);
    fprintf(file, "part");
    for (int c = 0; c < COLUMNS; c++)
        fprintf(file, ",%c%d", c < NUMBERS ? 'n' : 'c', c);
    for (size_t p = 0; p < PARTS; p++)
        for (size_t i = 0; i < ROWS; i++) {
            fprintf(file, "\n%s", names[p]);
            for (size_t c = 0; c < COLUMNS; c++)
                fprintf(file, c < NUMBERS ? ",%.17g" : ",v%.0f", tables[p].cells[i * COLUMNS + c]);
        }
    fprintf(file, "\n");
    bench_must(fclose(file) == 0 ? OK : ERR_IO);
    snprintf(path, sizeof path, "%s/answers", folder);
    file = fopen(path, "w");
    bench_must(file ? OK : ERR_IO);
    fprintf(file, "%zu %zu %zu %zu\n", answers->linked[0], answers->linked[1], answers->inferred[0],
            answers->inferred[1]);
    bench_must(fclose(file) == 0 ? OK : ERR_IO);
}

int main(int argc, char **argv)
{
    struct table tables[PARTS];
    struct answers answers;
    double times[RUNS];
    make(tables);
    for (size_t i = 0; i < RUNS; i++) {
        uint64_t start = clock_ticks();
        attack(tables, &answers);
        times[i] = bench_seconds(start) * 1e3;
    }
    if (argc == 3 && strcmp(argv[1], "--write") == 0)
        write_all(argv[2], tables, &answers);
    else
        bench_result("audit.linkage", bench_quantile(times, RUNS, .5), "ms",
                     "linkability and inference of 1,500 members and as many held out; %zu and %zu linked",
                     answers.linked[MEMBERS], answers.linked[HELD_OUT]);
    for (size_t p = 0; p < PARTS; p++)
        table_free(&tables[p]);
    return 0;
}
