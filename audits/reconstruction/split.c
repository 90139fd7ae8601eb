/* Greedy groups of tasks, and what is known of each. */
#include "audits/reconstruction/split.h"

#include "audits/net/net.h"

static size_t nearest(const struct tasks *tasks, const struct split_tenants *split, size_t from)
{
    size_t best = SIZE_MAX;
    double best_cosine = 0;
    for (size_t task = 0; task < tasks->worlds.task_count; task++) {
        if (split->of[task] != SIZE_MAX || tasks->worlds.tasks[task].tenant != tasks->worlds.tasks[from].tenant)
            continue;
        double cosine = net_cosine(tasks->vectors + from * TASK_WIDTH, tasks->vectors + task * TASK_WIDTH, TASK_WIDTH);
        if (best == SIZE_MAX || cosine > best_cosine) {
            best = task;
            best_cosine = cosine;
        }
    }
    return best;
}

/* Nothing comes of it where too few are left of its tenant. */
static void group(const struct tasks *tasks, size_t from, struct split_tenants *split)
{
    size_t tasks_of[SPLIT_TASKS], found = 0, known = 0;
    for (; found < SPLIT_TASKS; found++) {
        tasks_of[found] = found == 0 ? from : nearest(tasks, split, from);
        if (tasks_of[found] == SIZE_MAX)
            break;
        split->of[tasks_of[found]] = split->count;
    }
    for (size_t i = 0; i < found && found < SPLIT_TASKS; i++)
        split->of[tasks_of[i]] = SIZE_MAX;
    if (found < SPLIT_TASKS)
        return;
    struct split_tenant *made = &split->items[split->count];
    *made = (struct split_tenant){.tenant = tasks->worlds.tasks[from].tenant,
                                  .hidden = tasks_of[split->count % SPLIT_TASKS]};
    for (size_t i = 0; i < SPLIT_TASKS; i++)
        if (tasks_of[i] != made->hidden)
            made->known[known++] = tasks_of[i];
    split->count++;
}

enum status split_tenants_make(const struct tasks *tasks, struct split_tenants *out)
{
    size_t n = tasks->worlds.task_count;
    *out = (struct split_tenants){.items = mem_new(n + 1, sizeof *out->items), .of = mem_new(n + 1, sizeof *out->of)};
    if (!out->items || !out->of) {
        split_tenants_free(out);
        return ERR_MEMORY;
    }
    for (size_t task = 0; task < n; task++)
        out->of[task] = SIZE_MAX;
    for (size_t task = 0; task < n; task++)
        if (out->of[task] == SIZE_MAX)
            group(tasks, task, out);
    return OK;
}

void split_tenants_free(struct split_tenants *split)
{
    mem_free(split->items);
    mem_free(split->of);
    *split = (struct split_tenants){0};
}

/* --- what is known of them --- */

static enum status read_known(const struct tasks *tasks, const struct split_tenant *from, struct buf *text,
                              float *vector)
{
    buf_init_secret(text);
    for (size_t i = 0; i < SPLIT_TASKS - 1; i++) {
        buf_add(text, buf_bytes(&tasks->texts[from->known[i]]));
        buf_add_byte(text, '\n');
        for (size_t w = 0; w < TASK_WIDTH; w++)
            vector[w] += tasks->vectors[from->known[i] * TASK_WIDTH + w];
    }
    vector_normalise(TASK_WIDTH, vector);
    return buf_status(text);
}

enum status split_tenants_decoys(const struct tasks *tasks, const struct split_tenants *split, struct decoys *out)
{
    size_t n = split->count;
    enum status status = OK;
    SCOPED_MEM size_t *tenants = mem_new(n + 1, sizeof *tenants), *sizes = mem_new(n + 1, sizeof *sizes);
    SCOPED_MEM struct bytes *texts = mem_new(n + 1, sizeof *texts);
    SCOPED_MEM float *vectors = mem_new(n + 1, TASK_WIDTH * sizeof *vectors);
    SCOPED_MEM struct buf *known = mem_new(n + 1, sizeof *known);
    *out = (struct decoys){0};
    if (!tenants || !sizes || !texts || !vectors || !known)
        return ERR_MEMORY;
    for (size_t i = 0; i < n && status == OK; i++) {
        status = read_known(tasks, &split->items[i], &known[i], vectors + i * TASK_WIDTH);
        tenants[i] = split->items[i].tenant;
        texts[i] = buf_bytes(&known[i]);
        sizes[i] = texts[i].size;
    }
    if (status == OK)
        status = decoys_make(&(struct things){n, tenants, sizes, texts, vectors}, 0, out);
    for (size_t i = 0; i < n; i++)
        buf_free(&known[i]);
    return status;
}
