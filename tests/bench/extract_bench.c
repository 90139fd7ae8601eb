/* The extractor's microscope and its bench: reads files as tenants, scrubs, extracts, and prints every candidate
 * grouped by its text with the tenants and tasks behind it. extract_bench [--policy NAME] [--tenants N] FILE... [--
 * FILE...]... Files up to "--" are one tenant; --tenants N deals the tasks of each such group out to N tenants, trials
 * of a task together. */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/hash.h"
#include "insight/extract.h"
#include "insight/reader.h"

#define TENANTS_MAX 64

struct tenant {
    struct trace *traces;
    size_t count, room;
};
struct deal {
    struct tenant *tenants;
    size_t first, ways, order;
    char *tasks[20000]; /* in order of appearance: task i goes to tenant i modulo ways */
    const struct redactor *redactor;
    size_t found[REDACT_TYPES];
};

static size_t task_number(struct deal *deal, const char *task)
{
    for (size_t i = 0; i < deal->order; i++)
        if (strcmp(deal->tasks[i], task) == 0)
            return i;
    if (deal->order == sizeof deal->tasks / sizeof *deal->tasks ||
        !(deal->tasks[deal->order] = mem_copy(bytes_str(task))))
        exit(1);
    return deal->order++;
}

static enum status keep(void *context, struct trace *trace)
{
    struct deal *deal = context;
    struct tenant *tenant = &deal->tenants[deal->first + task_number(deal, trace->task) % deal->ways];
    if (tenant->count == tenant->room) {
        size_t room = tenant->room ? tenant->room * 2 : 64;
        struct trace *grown = mem_grow(tenant->traces, tenant->room, room, sizeof *grown);
        if (!grown)
            return ERR_MEMORY;
        tenant->traces = grown;
        tenant->room = room;
    }
    TRY(trace_scrub(trace, deal->redactor, &tenant->traces[tenant->count], deal->found));
    tenant->count++;
    return OK;
}

static void tag(void *state, struct bytes identity, uint8_t out[static TASK_TAG_BYTES])
{
    hash_keyed(bytes_of(state, sizeof(int)), identity, out, TASK_TAG_BYTES);
}

struct line {
    char *text, *key;
    size_t tenant;
    uint8_t task[TASK_TAG_BYTES];
    uint32_t good, bad;
};

static int compare_lines(const void *left, const void *right)
{
    const struct line *a = left, *b = right;
    int order = strcmp(a->key, b->key);
    if (order == 0)
        order = (a->tenant > b->tenant) - (a->tenant < b->tenant);
    return order;
}

struct group {
    const struct line *first;
    size_t tenants, tasks;
    uint32_t good, bad;
};

static int compare_groups(const void *left, const void *right)
{
    const struct group *a = left, *b = right;
    if (a->tenants != b->tenants)
        return a->tenants > b->tenants ? -1 : 1;
    if (a->tasks != b->tasks)
        return a->tasks > b->tasks ? -1 : 1;
    return strcmp(a->first->key, b->first->key);
}

static void print_groups(struct line *lines, size_t count)
{
    struct group *groups = mem_new(count + 1, sizeof *groups);
    size_t number = 0;
    if (!groups)
        exit(1);
    if (count > 0)
        qsort(lines, count, sizeof *lines, compare_lines);
    for (size_t i = 0; i < count; i++) {
        bool same = i > 0 && strcmp(lines[i].key, lines[i - 1].key) == 0;
        if (!same)
            groups[number++].first = &lines[i];
        struct group *group = &groups[number - 1];
        group->tenants += !same || lines[i].tenant != lines[i - 1].tenant;
        group->tasks++;
        group->good += lines[i].good;
        group->bad += lines[i].bad;
    }
    if (number > 0)
        qsort(groups, number, sizeof *groups, compare_groups);
    for (size_t i = 0; i < number; i++)
        printf("%2zu tenants %3zu tasks %3u+ %3u- %s\n", groups[i].tenants, groups[i].tasks, groups[i].good,
               groups[i].bad, groups[i].first->text);
    printf("%zu different texts of %zu candidates\n", number, count);
    mem_free(groups);
}

static void add_lines(const struct candidate_list *list, size_t tenant, struct line **lines, size_t *count)
{
    struct line *grown = mem_grow(*lines, *count, *count + list->count + 1, sizeof *grown);
    if (!grown)
        exit(1);
    *lines = grown;
    for (size_t i = 0; i < list->count; i++) {
        const struct candidate *candidate = &list->items[i];
        struct buf text;
        buf_init(&text);
        if (candidate_render(candidate, &text) != OK)
            exit(1);
        struct line *line = &grown[(*count)++];
        *line = (struct line){.tenant = tenant, .good = candidate->runs_for, .bad = candidate->runs_against};
        line->key = mem_copy(buf_bytes(&text));
        struct buf shown;
        buf_init(&shown);
        buf_addf(&shown, "[%s] %s", candidate_kind_name(candidate->kind), buf_text(&text));
        line->text = mem_copy(buf_bytes(&shown));
        buf_free(&shown);
        buf_free(&text);
    }
}

static void read_file(struct deal *deal, const char *path)
{
    SCOPED_BUF struct buf content;
    buf_init(&content);
    struct read_report report;
    struct why why = {0};
    char line[200];
    const char *name = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
    enum status status = file_read(path, TRACE_FILE_MAX, &content);
    if (status == OK)
        status = traces_read(buf_bytes(&content), name, keep, deal, &report, &why);
    if (status != OK) {
        why_print(&why, status, name, line, sizeof line);
        fprintf(stderr, "%s\n", line);
        return;
    }
    fprintf(stderr, "%s: %s, %zu traces, %zu skipped\n", name, trace_format_name(report.format), report.traces,
            report.skipped);
}

int main(int argc, char **argv)
{
    static struct tenant tenants[TENANTS_MAX];
    static struct deal deal;
    const char *policy = "default";
    size_t ways = 1, used = 0;
    int first = 1;
    for (; first + 1 < argc && strncmp(argv[first], "--", 2) == 0 && argv[first][2]; first += 2) {
        if (strcmp(argv[first], "--policy") == 0)
            policy = argv[first + 1];
        else if (strcmp(argv[first], "--tenants") == 0)
            ways = strtoul(argv[first + 1], NULL, 10);
    }
    struct redactor *redactor = NULL;
    if (redactor_new(redact_policy_text(policy), NULL, &redactor, NULL) != OK || ways == 0 || ways > TENANTS_MAX)
        return 2;
    deal = (struct deal){.tenants = tenants, .ways = ways, .redactor = redactor};
    uint64_t start = clock_ticks();
    for (int i = first; i < argc; i++) {
        if (strcmp(argv[i], "--") != 0) {
            read_file(&deal, argv[i]);
            continue;
        }
        deal.first += ways;
        if (deal.first + ways > TENANTS_MAX)
            return 2;
    }
    used = deal.first + ways;
    uint64_t read = clock_ticks();
    struct line *lines = NULL;
    size_t count = 0, traces = 0;
    struct extractor extractor = extractor_contrast();
    for (size_t t = 0; t < used; t++) {
        int key = (int)t;
        struct candidate_list list = {0};
        struct extract_report report;
        struct extract_options options = {3, redactor, tag, &key};
        traces += tenants[t].count;
        if (extractor.extract(extractor.state, tenants[t].traces, tenants[t].count, &options, &list, &report) != OK)
            return 1;
        fprintf(stderr, "tenant %zu: %zu traces, %zu tasks, %zu candidates, %zu generalised, dropped", t, report.traces,
                report.tasks, report.candidates, report.generalised);
        for (int r = 0; r < DROP_REASONS; r++)
            fprintf(stderr, " %zu %s", report.dropped[r], drop_reason_name((enum drop_reason)r));
        fprintf(stderr, "\n");
        add_lines(&list, t, &lines, &count);
        candidate_list_free(&list);
    }
    uint64_t end = clock_ticks();
    print_groups(lines, count);
    printf("%zu traces: read and scrubbed in %.2f s, extracted in %.2f s\n", traces, (double)(read - start) / 1e6,
           (double)(end - read) / 1e6);
    for (size_t i = 0; i < count; i++) {
        mem_free(lines[i].text);
        mem_free(lines[i].key);
    }
    mem_free(lines);
    for (size_t t = 0; t < used; t++) {
        for (size_t i = 0; i < tenants[t].count; i++)
            trace_free(&tenants[t].traces[i]);
        mem_free(tenants[t].traces);
    }
    for (size_t i = 0; i < deal.order; i++)
        mem_free(deal.tasks[i]);
    redactor_free(redactor);
    return 0;
}
