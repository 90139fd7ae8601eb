/* Reading and preparing tasks. */
#include "audits/reconstruction/tasks.h"

#include "audits/sources.h"

/* --- texts --- */

static enum status add_text(const struct source *source, struct buf *out)
{
    buf_init_secret(out);
    if (!source)
        return OK;
    buf_add(out, bytes_part(buf_bytes(&source->prompt), 0, TASK_TEXT_MAX));
    buf_add_byte(out, '\n');
    buf_add(out, bytes_part(buf_bytes(&source->speech), 0, TASK_TEXT_MAX));
    return buf_status(out);
}

static enum status read_texts(const struct audit_scope *scope, struct tasks *tasks)
{
    struct sources sources = {0};
    TRY(sources_read(scope, &sources));
    enum status status = OK;
    for (size_t i = 0; i < tasks->worlds.task_count && status == OK; i++) {
        const struct world_task *task = &tasks->worlds.tasks[i];
        const struct contribution *first = worlds_contribution(&tasks->worlds, task, 0);
        bool has = first->candidate_count > 0;
        status =
            add_text(has ? sources_find(&sources, task->tenant, first->candidates[0].task) : NULL, &tasks->texts[i]);
        if (status == OK)
            status = vector_of_text(buf_bytes(&tasks->texts[i]), TASK_WIDTH, tasks->vectors + i * TASK_WIDTH);
    }
    sources_free(&sources);
    return status;
}

/* --- decoys --- */

enum status tasks_decoys(const struct tasks *tasks, size_t count, size_t spare, struct decoys *out)
{
    SCOPED_MEM size_t *tenants = mem_new(count + 1, sizeof *tenants), *sizes = mem_new(count + 1, sizeof *sizes);
    SCOPED_MEM struct bytes *texts = mem_new(count + 1, sizeof *texts);
    *out = (struct decoys){0};
    if (!tenants || !sizes || !texts)
        return ERR_MEMORY;
    for (size_t i = 0; i < count; i++) {
        tenants[i] = tasks->worlds.tasks[i].tenant;
        texts[i] = buf_bytes(&tasks->texts[i]);
        sizes[i] = texts[i].size;
    }
    return decoys_make(&(struct things){count, tenants, sizes, texts, tasks->vectors}, spare, out);
}

/* --- candidates --- */

static size_t count_candidates(struct tasks *tasks)
{
    size_t all = 0;
    for (size_t i = 0; i < tasks->worlds.task_count; i++) {
        tasks->offsets[i] = all;
        for (size_t item = 0; item < tasks->worlds.tasks[i].count; item++)
            all += worlds_contribution(&tasks->worlds, &tasks->worlds.tasks[i], item)->candidate_count;
    }
    tasks->offsets[tasks->worlds.task_count] = all;
    return all;
}

static enum status read_candidates(struct tasks *tasks)
{
    size_t at = 0;
    tasks->features = mem_new(count_candidates(tasks) + 1, sizeof *tasks->features);
    if (!tasks->features)
        return ERR_MEMORY;
    for (size_t i = 0; i < tasks->worlds.task_count; i++)
        for (size_t item = 0; item < tasks->worlds.tasks[i].count; item++) {
            const struct contribution *from = worlds_contribution(&tasks->worlds, &tasks->worlds.tasks[i], item);
            for (size_t c = 0; c < from->candidate_count; c++)
                TRY(features_of_candidate(&from->candidates[c], &tasks->features[at++]));
        }
    return OK;
}

enum status tasks_open(const struct audit_scope *scope, struct tasks *out, struct why *why)
{
    *out = (struct tasks){0};
    TRY(worlds_open(scope, NULL, 0, &out->worlds, why));
    size_t n = out->worlds.task_count;
    out->texts = mem_new(n + 1, sizeof *out->texts);
    out->vectors = mem_new(n + 1, TASK_WIDTH * sizeof *out->vectors);
    out->offsets = mem_new(n + 1, sizeof *out->offsets);
    enum status status = out->texts && out->vectors && out->offsets ? OK : ERR_MEMORY;
    if (status == OK)
        status = read_texts(scope, out);
    if (status == OK)
        status = read_candidates(out);
    if (status != OK)
        tasks_close(out);
    return status;
}

void tasks_close(struct tasks *tasks)
{
    size_t n = tasks->worlds.task_count;
    for (size_t i = 0; tasks->texts && i < n; i++)
        buf_free(&tasks->texts[i]);
    for (size_t i = 0; tasks->features && i < tasks->offsets[n]; i++)
        features_free(&tasks->features[i]);
    mem_free(tasks->features);
    mem_free(tasks->offsets);
    mem_free(tasks->texts);
    mem_free(tasks->vectors);
    worlds_close(&tasks->worlds);
    *tasks = (struct tasks){0};
}

double tasks_served(const struct tasks *tasks, const bool *in_part, const struct features *texts, size_t count)
{
    double sum = 0, all = 0;
    for (size_t task = 0; task < tasks->worlds.task_count; task++)
        for (size_t i = tasks->offsets[task]; !in_part[task] && i < tasks->offsets[task + 1]; i++) {
            double best = 0;
            for (size_t k = 0; k < count; k++) {
                double near = features_cosine(&tasks->features[i], &texts[k]);
                best = near > best ? near : best;
            }
            sum += best;
            all++;
        }
    return all > 0 ? sum / all : 0;
}
