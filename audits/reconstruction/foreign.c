/* The manifest, and a file at a time: never two adapters in memory. */
#include "audits/reconstruction/foreign.h"

#include "base/file.h"
#include "base/json.h"

static enum status refuse(struct why *why, const char *text, size_t row)
{
    return why_set(why, ERR_INPUT, text, FOREIGN_MANIFEST, row);
}

/* --- words that get numbers --- */

struct numbering {
    size_t count;
    const char **words; /* owned; borrowed words */
};

static size_t number_of(struct numbering *numbering, const char *word)
{
    for (size_t i = 0; i < numbering->count; i++)
        if (strcmp(numbering->words[i], word) == 0)
            return i;
    numbering->words[numbering->count] = word;
    return numbering->count++;
}

/* --- rows --- */

static enum status read_row(const struct json *row, size_t number, struct numbering *runs, struct numbering *tasks,
                            struct foreign_adapter *out, struct why *why)
{
    static const char *const roles[] = {"shadow", "target"};
    struct json_fields fields;
    json_fields(&fields, row, "adapter", why);
    struct bytes file = json_take_string(&fields, "file", FOREIGN_WORD_MAX);
    bool target = json_take_choice(&fields, "role", roles, 2) == 1;
    int64_t round = json_take_integer(&fields, "round", 0, INT32_MAX);
    struct bytes run = json_take_string(&fields, "run", FOREIGN_WORD_MAX);
    struct bytes task = json_take_string(&fields, "task", FOREIGN_WORD_MAX);
    TRY(json_fields_end(&fields));
    if (file.size == 0 || file.data[0] == '.' || memchr(file.data, '/', file.size))
        return refuse(why, "a file's name is empty, hidden, or has a slash in it", number);
    *out = (struct foreign_adapter){.target = target,
                                    .file = (const char *)file.data,
                                    .round = (size_t)round,
                                    .run = number_of(runs, (const char *)run.data),
                                    .task = number_of(tasks, (const char *)task.data)};
    return OK;
}

/* A run is one training: of one task, in one role. first: of every run its first row. */
static enum status check_runs(const struct foreign *foreign, size_t *first, struct why *why)
{
    for (size_t run = 0; run < foreign->runs; run++)
        first[run] = SIZE_MAX;
    for (size_t i = 0; i < foreign->count; i++) {
        const struct foreign_adapter *item = &foreign->items[i];
        if (first[item->run] == SIZE_MAX)
            first[item->run] = i;
        const struct foreign_adapter *before = &foreign->items[first[item->run]];
        if (before->task != item->task || before->target != item->target)
            return refuse(why, "a run has two tasks, or both roles", i + 1);
    }
    return OK;
}

static enum status read_rows(const struct json *rows, struct foreign *out, struct why *why)
{
    size_t count = json_count(rows);
    struct numbering runs = {0}, tasks = {0};
    SCOPED_MEM const char **run_words = mem_new(count + 1, sizeof *run_words);
    SCOPED_MEM const char **task_words = mem_new(count + 1, sizeof *task_words);
    SCOPED_MEM size_t *first = mem_new(count + 1, sizeof *first);
    out->items = mem_new(count + 1, sizeof *out->items);
    if (!run_words || !task_words || !first || !out->items)
        return ERR_MEMORY;
    runs.words = run_words;
    tasks.words = task_words;
    for (; out->count < count; out->count++)
        TRY(read_row(json_at(rows, out->count), out->count + 1, &runs, &tasks, &out->items[out->count], why));
    out->runs = runs.count;
    out->tasks = tasks.count;
    if (out->tasks > FOREIGN_TASKS_MAX)
        return why_set(why, ERR_TOO_LARGE, "too many tasks", FOREIGN_MANIFEST, 0);
    return check_runs(out, first, why);
}

static enum status read_manifest(struct bytes manifest, struct foreign *out, struct why *why)
{
    struct json_fields fields;
    TRY(json_parse(manifest, FOREIGN_MANIFEST_MAX, &out->manifest, why));
    json_fields(&fields, out->manifest, FOREIGN_MANIFEST, why);
    int64_t version = json_take_integer(&fields, "v", 0, INT32_MAX);
    const struct json *rows = json_take_array(&fields, "adapters", FOREIGN_ADAPTERS_MAX);
    TRY(json_fields_end(&fields));
    if (version != 1)
        return why_set(why, ERR_VERSION, "a version that this program does not speak", FOREIGN_MANIFEST, 0);
    return read_rows(rows, out, why);
}

enum status foreign_read(struct bytes manifest, struct foreign *out, struct why *why)
{
    *out = (struct foreign){0};
    enum status status = read_manifest(manifest, out, why);
    if (status != OK)
        foreign_free(out);
    return status;
}

void foreign_free(struct foreign *foreign)
{
    mem_free(foreign->items);
    json_free(foreign->manifest);
    *foreign = (struct foreign){0};
}

static enum status sketch_of(struct bytes content, float *out, struct why *why)
{
    struct safetensors file;
    TRY(safetensors_read(content, &file, why));
    enum status status = lora_sketch(&file, out, why);
    safetensors_free(&file);
    return status;
}

enum status foreign_sketch(const char *folder, const struct foreign *foreign, size_t number, float *out,
                           struct why *why)
{
    char path[4096];
    SCOPED_BUF struct buf content = {0};
    struct why inner = {0};
    TRY(path_join(path, sizeof path, folder, foreign->items[number].file));
    enum status status = file_read(path, FOREIGN_FILE_MAX, &content);
    if (status != OK)
        return why_set(why, status, "its file cannot be read", FOREIGN_MANIFEST, number + 1);
    status = sketch_of(buf_bytes(&content), out, &inner);
    return status == OK ? OK : why_set(why, status, inner.what, FOREIGN_MANIFEST, number + 1);
}
