/* Hides the walk and FoT's spelling. What others wrote is read by views: nothing is trusted but its length. */
#include "audits/overlap/fot_read.h"

#include <stdlib.h>

#include "base/file.h"
#include "insight/read_json.h"

struct reading {
    struct fot *fot;
    size_t bytes;
};

enum status fot_parse(struct bytes file, struct buf *problem, struct buf *book)
{
    struct view record = VIEW_NONE, value = VIEW_NONE;
    struct view_walk walk;
    struct bytes key = BYTES_NONE;
    TRY(view_of(file, &record, NULL));
    struct view text = view_get(record, "problem"), skills = view_get(record, "behavior_book");
    if (text.kind != JSON_STRING || skills.kind != JSON_OBJECT_START)
        return ERR_INPUT;
    view_text(text, problem);
    buf_add_str(book, "behavior_book:");
    view_walk_start(&walk, skills);
    while (view_walk_next(&walk, &key, &value)) {
        buf_add_byte(book, '\n');
        buf_add(book, key);
        buf_add_str(book, ": ");
        view_text(value, book);
    }
    TRY(buf_status(problem));
    return buf_status(book);
}

static void task_free(struct fot_task *task)
{
    mem_free(task->name);
    buf_free(&task->file);
    buf_free(&task->problem);
    buf_free(&task->book);
    *task = (struct fot_task){0};
}

static enum status keep(struct fot *fot, struct fot_task *take)
{
    if (fot->count == fot->room) {
        size_t room = fot->room ? fot->room * 2 : 32;
        struct fot_task *grown = mem_grow(fot->tasks, fot->room, room, sizeof *grown);
        if (!grown)
            return ERR_MEMORY;
        fot->tasks = grown;
        fot->room = room;
    }
    fot->tasks[fot->count++] = *take;
    *take = (struct fot_task){0};
    return OK;
}

static enum status read_task(struct reading *reading, const char *path, const char *name)
{
    struct fot_task task = {.name = mem_copy(bytes_str(name))};
    enum status status = task.name ? file_read(path, FOT_FILE_MAX, &task.file) : ERR_MEMORY;
    reading->bytes += task.file.size;
    if (status == OK && (reading->bytes > FOT_BYTES_MAX || reading->fot->count == FOT_TASKS_MAX))
        status = ERR_TOO_LARGE;
    if (status == OK)
        status = fot_parse(buf_bytes(&task.file), &task.problem, &task.book);
    if (status == OK)
        status = keep(reading->fot, &task);
    task_free(&task);
    reading->fot->damaged += status == ERR_INPUT;
    return status == ERR_INPUT ? OK : status;
}

static enum status visit(void *context, const char *path)
{
    struct reading *reading = context;
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    struct bytes left = bytes_str(name);
    if (bytes_is(left, "encyclopedia.txt"))
        return file_read(path, FOT_FILE_MAX, &reading->fot->library);
    bool fits = bytes_starts(left, "problem_") && left.size > 5 && strcmp(name + left.size - 5, ".json") == 0;
    return fits ? read_task(reading, path, name) : OK;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct fot_task *)a)->name, ((const struct fot_task *)b)->name);
}

enum status fot_read(const char *folder, struct fot *out)
{
    *out = (struct fot){0};
    struct reading reading = {.fot = out};
    enum status status = folder_walk(folder, visit, &reading);
    if (status == OK && out->count == 0)
        status = ERR_NOT_FOUND;
    if (status != OK) {
        fot_free(out);
        return status;
    }
    qsort(out->tasks, out->count, sizeof *out->tasks, by_name);
    return OK;
}

void fot_free(struct fot *fot)
{
    for (size_t i = 0; i < fot->count; i++)
        task_free(&fot->tasks[i]);
    mem_free(fot->tasks);
    buf_free(&fot->library);
    *fot = (struct fot){0};
}
