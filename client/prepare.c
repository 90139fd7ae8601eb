/* Read, scrub, extract, pack. Hides how candidates are spread over contributions: one a task, in the order of its tag.
 */
#include "client/prepare.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"

struct prepare {
    struct prepare_options options;
    struct trace *traces; /* scrubbed */
    size_t count, room;
    struct prepare_report report;
};

enum status prepare_new(const struct prepare_options *options, struct prepare **out)
{
    *out = mem_new(1, sizeof **out);
    if (!*out)
        return ERR_MEMORY;
    (*out)->options = *options;
    return OK;
}

void prepare_free(struct prepare *prepare)
{
    if (!prepare)
        return;
    for (size_t i = 0; i < prepare->count; i++)
        trace_free(&prepare->traces[i]);
    mem_free(prepare->traces);
    mem_free(prepare);
}

static void item_free(struct prepared_item *item)
{
    buf_free(&item->record);
    contribution_free(&item->contribution);
}

void prepared_free(struct prepared *prepared)
{
    for (size_t i = 0; i < prepared->count; i++)
        item_free(&prepared->items[i]);
    mem_free(prepared->items);
    *prepared = (struct prepared){0};
}

static enum status collect(void *context, struct trace *raw)
{
    struct prepare *prepare = context;
    struct trace scrubbed;
    if (prepare->count == prepare->room) {
        size_t room = prepare->room ? prepare->room * 2 : 16;
        struct trace *grown = mem_grow(prepare->traces, prepare->room, room, sizeof *grown);
        if (!grown)
            return ERR_MEMORY;
        prepare->traces = grown;
        prepare->room = room;
    }
    TRY(trace_scrub(raw, prepare->options.redactor, &scrubbed, prepare->report.scrubbed));
    prepare->report.formats[raw->format]++;
    prepare->report.outcomes[raw->outcome]++;
    prepare->traces[prepare->count++] = scrubbed;
    return OK;
}

enum status prepare_add(struct prepare *prepare, struct bytes content, const char *scope, struct why *why)
{
    struct read_report read = {0};
    struct prepare_report before = prepare->report;
    size_t kept = prepare->count;
    enum status status = traces_read(content, scope, collect, prepare, &read, why);
    if (status != OK) {
        while (prepare->count > kept)
            trace_free(&prepare->traces[--prepare->count]);
        prepare->report = before;
        prepare_failed(prepare);
        return status;
    }
    prepare->report.files++;
    prepare->report.records_skipped += read.skipped;
    return OK;
}

void prepare_failed(struct prepare *prepare)
{
    prepare->report.files++;
    prepare->report.files_failed++;
}

/* Tasks in the order of their tags, candidates of one task in the extractor's order. */
static int by_task(const void *a, const void *b, void *candidates)
{
    const struct candidate *items = candidates;
    size_t left = *(const size_t *)a, right = *(const size_t *)b;
    int tags = memcmp(items[left].task, items[right].task, TASK_TAG_BYTES);
    return tags ? tags : (left > right) - (left < right);
}

static enum status sort_by_task(struct candidate_list *list)
{
    SCOPED_MEM size_t *order = mem_new(list->count, sizeof *order);
    SCOPED_MEM struct candidate *sorted = mem_new(list->count, sizeof *sorted);
    if (!order || !sorted)
        return ERR_MEMORY;
    for (size_t i = 0; i < list->count; i++)
        order[i] = i;
    qsort_r(order, list->count, sizeof *order, by_task, list->items);
    for (size_t i = 0; i < list->count; i++)
        sorted[i] = list->items[order[i]];
    memcpy(list->items, sorted, list->count * sizeof *sorted);
    return OK;
}

static bool same_task(const struct candidate *a, const struct candidate *b)
{
    return memcmp(a->task, b->task, TASK_TAG_BYTES) == 0;
}

static enum status item_add(struct prepare *prepare, struct candidate *candidates, size_t count, struct prepared *out)
{
    if (out->count == out->room) {
        size_t room = out->room ? out->room * 2 : 16;
        struct prepared_item *grown = mem_grow(out->items, out->room, room, sizeof *grown);
        if (!grown)
            return ERR_MEMORY;
        out->items = grown;
        out->room = room;
    }
    struct prepared_item item = {.contribution = {.class = CLASS_TEXT}};
    snprintf(item.contribution.extractor, sizeof item.contribution.extractor, "%s", prepare->options.extractor.name);
    redactor_hash(prepare->options.redactor, item.contribution.redaction);
    item.contribution.candidates = mem_new(count, sizeof *candidates);
    if (!item.contribution.candidates)
        return ERR_MEMORY;
    memcpy(item.contribution.candidates, candidates, count * sizeof *candidates); /* moved: the list forgets them */
    memset(candidates, 0, count * sizeof *candidates);
    item.contribution.candidate_count = count;
    enum status status = contribution_encode(&item.contribution, &item.record);
    if (status != OK) {
        item_free(&item);
        return status;
    }
    prepare->options.tag(prepare->options.tag_state, buf_bytes(&item.record), item.id);
    out->items[out->count++] = item;
    return OK;
}

enum status prepare_finish(struct prepare *prepare, struct prepared *out, struct why *why)
{
    struct candidate_list list = {0};
    struct extract_options options = {.overlap_tokens = prepare->options.policy->overlap_tokens,
                                      .redactor = prepare->options.redactor,
                                      .tag = prepare->options.tag,
                                      .tag_state = prepare->options.tag_state};
    *out = (struct prepared){0};
    if (!prepare->options.policy->allow_text)
        return why_set(why, ERR_POLICY, "the federation's policy takes no text contributions", "policy", 0);
    const struct extractor *extractor = &prepare->options.extractor;
    enum status status = extractor->extract(extractor->state, prepare->traces, prepare->count, &options, &list,
                                            &prepare->report.extract);
    size_t most = prepare->options.policy->max_candidates;
    if (most == 0 || most > CONTRIBUTION_CANDIDATES_MAX)
        most = CONTRIBUTION_CANDIDATES_MAX;
    if (status == OK && list.count)
        status = sort_by_task(&list);
    for (size_t at = 0; status == OK && at < list.count;) {
        size_t end = at + 1;
        while (end < list.count && end - at < most && same_task(&list.items[at], &list.items[end]))
            end++;
        status = item_add(prepare, list.items + at, end - at, out);
        at = end;
    }
    candidate_list_free(&list);
    out->report = prepare->report;
    if (status != OK)
        prepared_free(out);
    return status;
}
