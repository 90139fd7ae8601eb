/* Asks the scrubber itself, under its default policy, task by task. */
#include "audits/reconstruction/named.h"

static bool has_line(struct bytes lines, struct bytes value)
{
    for (size_t at = 0; at < lines.size;) {
        const uint8_t *end = memchr(lines.data + at, '\n', lines.size - at);
        size_t size = end ? (size_t)(end - lines.data) - at : lines.size - at;
        if (bytes_equal(bytes_part(lines, at, size), value))
            return true;
        at += size + 1;
    }
    return false;
}

/* A value of several lines (an address, a key) is one thing: its lines are joined. */
static enum status add_value(struct bytes value, struct buf *set, size_t *size)
{
    SCOPED_BUF struct buf line = {.secret = true};
    for (size_t i = 0; i < value.size; i++)
        buf_add_byte(&line, value.data[i] == '\n' ? ' ' : value.data[i]);
    TRY(buf_status(&line));
    if (has_line(buf_bytes(set), buf_bytes(&line)))
        return OK;
    buf_add(set, buf_bytes(&line));
    buf_add_byte(set, '\n');
    (*size)++;
    return buf_status(set);
}

static enum status read_set(const struct redactor *redactor, struct bytes text, struct buf *set, size_t *size)
{
    struct redact_session *session = NULL;
    struct redact_findings found = {0};
    buf_init_secret(set);
    TRY(redact_session_new(redactor, &session));
    enum status status = redact_detect(session, text, &found);
    for (size_t i = 0; i < found.count && status == OK; i++)
        if (found.items[i].withheld)
            status =
                add_value(bytes_part(text, found.items[i].start, found.items[i].end - found.items[i].start), set, size);
    redact_findings_free(&found);
    redact_session_free(session);
    return status;
}

enum status named_read(const struct tasks *tasks, struct named *out, struct why *why)
{
    const struct redactor *redactor = NULL;
    size_t n = tasks->worlds.task_count;
    *out = (struct named){.count = n,
                          .sets = mem_new(n + 1, sizeof *out->sets),
                          .sizes = mem_new(n + 1, sizeof *out->sizes),
                          .vectors = mem_new(n + 1, TASK_WIDTH * sizeof *out->vectors),
                          .has = mem_new(n + 1, sizeof *out->has)};
    enum status status = out->sets && out->sizes && out->vectors && out->has ? OK : ERR_MEMORY;
    if (status == OK)
        status = world_redactor(SCRUB_ON, &redactor, why);
    for (size_t i = 0; i < n && status == OK; i++) {
        status = read_set(redactor, buf_bytes(&tasks->texts[i]), &out->sets[i], &out->sizes[i]);
        out->has[i] = out->sizes[i] >= NAMED_LEAST;
        if (status == OK)
            status = vector_of_text(buf_bytes(&out->sets[i]), TASK_WIDTH, out->vectors + i * TASK_WIDTH);
    }
    if (status != OK)
        named_free(out);
    return status;
}

void named_free(struct named *named)
{
    for (size_t i = 0; named->sets && i < named->count; i++)
        buf_free(&named->sets[i]);
    mem_free(named->sets);
    mem_free(named->sizes);
    mem_free(named->vectors);
    mem_free(named->has);
    *named = (struct named){0};
}

enum status named_decoys(const struct tasks *tasks, const struct named *named, size_t count, struct decoys *out)
{
    size_t things = 0;
    SCOPED_MEM size_t *tenants = mem_new(count + 1, sizeof *tenants), *sizes = mem_new(count + 1, sizeof *sizes);
    SCOPED_MEM size_t *tasks_of = mem_new(count + 1, sizeof *tasks_of);
    SCOPED_MEM struct bytes *texts = mem_new(count + 1, sizeof *texts);
    SCOPED_MEM float *vectors = mem_new(count + 1, TASK_WIDTH * sizeof *vectors);
    *out = (struct decoys){0};
    if (!tenants || !sizes || !tasks_of || !texts || !vectors)
        return ERR_MEMORY;
    for (size_t task = 0; task < count; task++) {
        if (!named->has[task])
            continue;
        tenants[things] = tasks->worlds.tasks[task].tenant;
        sizes[things] = named->sizes[task];
        texts[things] = buf_bytes(&named->sets[task]);
        memcpy(vectors + things * TASK_WIDTH, named->vectors + task * TASK_WIDTH, TASK_WIDTH * sizeof *vectors);
        tasks_of[things++] = task;
    }
    TRY(decoys_make(&(struct things){things, tenants, sizes, texts, vectors}, 0, out));
    for (size_t i = 0; i < out->pools.count; i++)
        out->pools.items[i] = tasks_of[out->pools.items[i]];
    return OK;
}
