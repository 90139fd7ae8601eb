/* A federation of simulated tenants over real traces: each tenant drew a number of tasks of a pool, with every run of
 * them, from a fixed seed. Tasks of the last fifth of the pool are held out: no tenant has them. */
#pragma once

#include <stdio.h>
#include <string.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/hash.h"
#include "insight/extract.h"
#include "insight/reader.h"
#include "insight/release.h"
#include "tests/bench/bench.h"

struct pool { /* scrubbed traces, those of a task side by side */
    const struct redactor *redactor;
    size_t count, room;
    struct trace *traces; /* owned */
    size_t tasks;         /* runs of equal trace.task */
    size_t *start;        /* owned: of task t in traces; one more behind the last */
};

static inline enum status pool_keep(void *context, struct trace *trace)
{
    struct pool *pool = context;
    size_t found[REDACT_TYPES] = {0};
    if (pool->count == pool->room) {
        size_t room = pool->room ? 2 * pool->room : 256;
        struct trace *grown = mem_grow(pool->traces, pool->room, room, sizeof *grown);
        if (!grown)
            return ERR_MEMORY;
        pool->traces = grown;
        pool->room = room;
    }
    TRY(trace_scrub(trace, pool->redactor, &pool->traces[pool->count], found));
    pool->count++;
    return OK;
}

static inline int pool_compare(const void *a, const void *b)
{
    return strcmp(((const struct trace *)a)->task, ((const struct trace *)b)->task);
}

/* Adds a file's traces; false if it is not there. */
static inline bool pool_read(struct pool *pool, const char *folder, const char *name)
{
    char path[4096];
    SCOPED_BUF struct buf content = {0};
    struct read_report report;
    snprintf(path, sizeof path, "%s/data/traces/%s", folder, name);
    if (file_read(path, TRACE_FILE_MAX, &content) != OK)
        return false;
    bench_must(traces_read(buf_bytes(&content), name, pool_keep, pool, &report, NULL));
    return true;
}

/* Tasks in an order drawn from the seed, so that the held-out fifth is no particular one. */
static inline void pool_finish(struct pool *pool, struct random random)
{
    if (pool->count == 0)
        exit(1);
    qsort(pool->traces, pool->count, sizeof *pool->traces, pool_compare);
    pool->start = mem_new(pool->count + 1, sizeof *pool->start);
    size_t *order = mem_new(pool->count + 1, sizeof *order);
    struct trace *dealt = mem_new(pool->count + 1, sizeof *dealt);
    if (!pool->start || !order || !dealt)
        exit(1);
    for (size_t i = 0; i < pool->count; i++)
        if (i == 0 || strcmp(pool->traces[i].task, pool->traces[i - 1].task) != 0)
            order[pool->tasks++] = i;
    for (size_t i = pool->tasks; i > 1; i--) {
        size_t other = (size_t)random_below(random, i), kept = order[i - 1];
        order[i - 1] = order[other];
        order[other] = kept;
    }
    size_t end = 0;
    for (size_t t = 0; t < pool->tasks; t++) {
        pool->start[t] = end;
        for (size_t i = order[t]; i < pool->count && strcmp(pool->traces[i].task, pool->traces[order[t]].task) == 0;
             i++)
            dealt[end++] = pool->traces[i];
    }
    pool->start[pool->tasks] = end;
    mem_free(order);
    mem_free(pool->traces);
    pool->traces = dealt;
}

static inline size_t pool_held_from(const struct pool *pool)
{
    return pool->tasks - pool->tasks / 5;
}

static inline void pool_free(struct pool *pool)
{
    for (size_t i = 0; i < pool->count; i++)
        trace_free(&pool->traces[i]);
    mem_free(pool->traces);
    mem_free(pool->start);
    *pool = (struct pool){0};
}

static inline void simulated_tag(void *state, struct bytes identity, uint8_t out[static TASK_TAG_BYTES])
{
    hash_keyed(bytes_of(state, sizeof(uint32_t)), identity, out, TASK_TAG_BYTES);
}

/* The candidates that a tenant with these tasks would share; appended to what is there. */
struct simulated {
    size_t count, room;
    struct candidate *candidates; /* owned */
    struct release_row *rows;     /* owned */
};

static inline void simulated_take(struct simulated *simulated, uint32_t tenant, struct candidate_list *list)
{
    size_t count = simulated->count + list->count;
    if (count > simulated->room) {
        size_t room = 2 * count;
        simulated->candidates = mem_grow(simulated->candidates, simulated->room, room, sizeof *simulated->candidates);
        simulated->rows = mem_grow(simulated->rows, simulated->room, room, sizeof *simulated->rows);
        if (!simulated->candidates || !simulated->rows)
            exit(1);
        simulated->room = room;
    }
    for (size_t i = 0; i < list->count; i++) {
        struct release_row *row = &simulated->rows[simulated->count];
        row->tenant = tenant;
        memcpy(row->task, list->items[i].task, TASK_TAG_BYTES);
        simulated->candidates[simulated->count++] = list->items[i];
        list->items[i] = (struct candidate){0};
    }
}

static inline void simulated_share(struct simulated *simulated, const struct pool *pool, uint32_t tenant,
                                   const size_t *tasks, size_t count)
{
    struct candidate_list list = {0};
    struct extract_report report;
    struct extract_options options = {3, pool->redactor, simulated_tag, &tenant};
    struct extractor extractor = extractor_contrast();
    struct trace *traces = mem_new(pool->count + 1, sizeof *traces); /* borrowed ones */
    if (!traces)
        exit(1);
    size_t total = 0;
    for (size_t t = 0; t < count; t++)
        for (size_t i = pool->start[tasks[t]]; i < pool->start[tasks[t] + 1]; i++)
            traces[total++] = pool->traces[i];
    bench_must(extractor.extract(extractor.state, traces, total, &options, &list, &report));
    simulated_take(simulated, tenant, &list);
    candidate_list_free(&list);
    mem_free(traces);
}

/* `tenants` tenants, each with `each` tasks drawn without replacement from those that are not held out. */
static inline void simulated_tenants(struct simulated *simulated, const struct pool *pool, uint32_t tenants,
                                     size_t each, struct random random)
{
    size_t most = pool_held_from(pool);
    size_t *tasks = mem_new(most, sizeof *tasks);
    if (!tasks)
        exit(1);
    each = each < most ? each : most;
    for (uint32_t tenant = 0; tenant < tenants; tenant++) {
        for (size_t i = 0; i < most; i++)
            tasks[i] = i;
        for (size_t i = 0; i < each; i++) {
            size_t other = i + (size_t)random_below(random, most - i), kept = tasks[i];
            tasks[i] = tasks[other];
            tasks[other] = kept;
        }
        simulated_share(simulated, pool, tenant, tasks, each);
    }
    mem_free(tasks);
}

/* What the held-out tasks teach, as if one tenant had them all. */
static inline void simulated_held_out(struct simulated *simulated, const struct pool *pool)
{
    size_t first = pool_held_from(pool), count = pool->tasks - first;
    size_t *tasks = mem_new(count + 1, sizeof *tasks);
    if (!tasks)
        exit(1);
    for (size_t i = 0; i < count; i++)
        tasks[i] = first + i;
    simulated_share(simulated, pool, UINT32_MAX, tasks, count);
    mem_free(tasks);
}

static inline void simulated_free(struct simulated *simulated)
{
    for (size_t i = 0; i < simulated->count; i++)
        candidate_free(&simulated->candidates[i]);
    mem_free(simulated->candidates);
    mem_free(simulated->rows);
    *simulated = (struct simulated){0};
}
