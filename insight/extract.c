/* The embedded extractor, "contrast/1": traces become runs, runs are grouped by task, each method looks for its kind of
 * lesson. The list comes out sorted and without repetitions, so that the order of the traces leaves no mark on it. */
#include <stdlib.h>

#include "insight/extract_inside.h"

const char *drop_reason_name(enum drop_reason reason)
{
    static const char *const names[DROP_REASONS] = {"prompt overlap", "case-specific", "personal data", "empty"};
    INVARIANT(reason < DROP_REASONS);
    return names[reason];
}

void candidate_list_free(struct candidate_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        candidate_free(&list->items[i]);
    mem_free(list->items);
    *list = (struct candidate_list){0};
}

enum status candidate_list_add(struct candidate_list *list, struct candidate *take)
{
    if (list->count == list->room) {
        size_t room = list->room ? list->room * 2 : 16;
        struct candidate *grown = mem_grow(list->items, list->room, room, sizeof *grown);
        if (!grown)
            return ERR_MEMORY;
        list->items = grown;
        list->room = room;
    }
    list->items[list->count++] = *take;
    *take = (struct candidate){0};
    return OK;
}

/* --- canonical order --- */

static int compare_texts(const char *a, const char *b)
{
    if (!a || !b)
        return (a != NULL) - (b != NULL);
    return strcmp(a, b);
}

static int compare_phrases(const struct phrases *a, const struct phrases *b)
{
    for (size_t i = 0; i < a->count && i < b->count; i++) {
        int order = strcmp(a->items[i], b->items[i]);
        if (order != 0)
            return order;
    }
    return (a->count > b->count) - (a->count < b->count);
}

static int compare_candidates(const void *left, const void *right)
{
    const struct candidate *a = left, *b = right;
    int order = (int)a->kind - (int)b->kind;
    if (order == 0)
        order = compare_phrases(&a->when, &b->when);
    if (order == 0)
        order = compare_phrases(&a->act, &b->act);
    if (order == 0)
        order = compare_phrases(&a->avoid, &b->avoid);
    if (order == 0)
        order = compare_phrases(&a->why, &b->why);
    if (order == 0)
        order = compare_texts(a->tool, b->tool);
    if (order == 0)
        order = compare_texts(a->error, b->error);
    if (order == 0)
        order = memcmp(a->task, b->task, sizeof a->task);
    return order;
}

static void sort_and_merge(struct candidate_list *list)
{
    if (list->count == 0)
        return;
    qsort(list->items, list->count, sizeof *list->items, compare_candidates);
    size_t kept = 0;
    for (size_t i = 1; i < list->count; i++) {
        if (compare_candidates(&list->items[kept], &list->items[i]) != 0) {
            kept++;
            if (kept != i) {
                list->items[kept] = list->items[i];
                list->items[i] = (struct candidate){0};
            }
            continue;
        }
        candidate_free(&list->items[i]);
    }
    list->count = kept + 1;
}

/* --- the corpus --- */

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static enum status number_tasks(struct corpus *corpus)
{
    corpus->tasks = mem_new(corpus->count + 1, sizeof *corpus->tasks);
    if (!corpus->tasks)
        return ERR_MEMORY;
    for (size_t i = 0; i < corpus->count; i++)
        corpus->tasks[i] = corpus->traces[i].task ? corpus->traces[i].task : "";
    qsort(corpus->tasks, corpus->count, sizeof *corpus->tasks, compare_names);
    for (size_t i = 0; i < corpus->count; i++)
        if (i == 0 || strcmp(corpus->tasks[i], corpus->tasks[corpus->task_count - 1]) != 0)
            corpus->tasks[corpus->task_count++] = corpus->tasks[i];
    for (size_t i = 0; i < corpus->count; i++) {
        const char *name = corpus->traces[i].task ? corpus->traces[i].task : "";
        const char **found = bsearch(&name, corpus->tasks, corpus->task_count, sizeof *corpus->tasks, compare_names);
        corpus->runs[i].task = (size_t)(found - corpus->tasks);
    }
    return OK;
}

static enum status corpus_open(struct corpus *corpus)
{
    corpus->runs = mem_new(corpus->count + 1, sizeof *corpus->runs);
    if (!corpus->runs)
        return ERR_MEMORY;
    for (size_t i = 0; i < corpus->count; i++)
        TRY(run_of_trace(&corpus->traces[i], &corpus->runs[i]));
    return number_tasks(corpus);
}

static void corpus_close(struct corpus *corpus)
{
    for (size_t i = 0; corpus->runs && i < corpus->count; i++)
        run_free(&corpus->runs[i]);
    mem_free(corpus->runs);
    mem_free(corpus->tasks);
}

static enum status learn(struct corpus *corpus)
{
    static enum status (*const methods[])(struct corpus *) = {learn_from_errors, learn_from_contrast, learn_procedures,
                                                              learn_from_solutions, learn_from_skills};
    TRY(corpus_open(corpus));
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
        TRY(methods[i](corpus));
    return OK;
}

static enum status extract(void *state, const struct trace *scrubbed, size_t count,
                           const struct extract_options *options, struct candidate_list *out,
                           struct extract_report *report)
{
    (void)state;
    *report = (struct extract_report){.traces = count};
    for (size_t i = 0; i < count; i++)
        if (!scrubbed[i].scrubbed)
            return ERR_USAGE;
    struct candidate_list list = {0};
    struct check_index *check = NULL;
    TRY(check_index_new(scrubbed, count, options, &check));
    struct corpus corpus = {
        .traces = scrubbed, .count = count, .options = options, .check = check, .out = &list, .report = report};
    enum status status = learn(&corpus);
    report->tasks = corpus.task_count;
    corpus_close(&corpus);
    check_index_free(check);
    sort_and_merge(&list);
    for (size_t i = 0; i < list.count && status == OK; i++)
        status = candidate_list_add(out, &list.items[i]);
    report->candidates = list.count;
    candidate_list_free(&list);
    return status;
}

struct extractor extractor_contrast(void)
{
    return (struct extractor){"contrast/1", extract, NULL};
}
