/* Reads raw traces into one text a task. Trials of a task are put together; a prompt that trials share is taken once.
 */
#include "audits/sources.h"

#include "audits/world.h"
#include "insight/reader.h"

struct reading {
    const struct audit_scope *scope;
    size_t tenant;
    struct sources *out;
};

static struct source *find(const struct sources *sources, size_t tenant, const uint8_t *tag)
{
    for (size_t i = 0; i < sources->count; i++)
        if (sources->items[i].tenant == tenant && memcmp(sources->items[i].tag, tag, TASK_TAG_BYTES) == 0)
            return &sources->items[i];
    return NULL;
}

static enum status source_of(struct reading *reading, const struct trace *trace, struct source **out)
{
    struct sources *sources = reading->out;
    uint8_t tag[TASK_TAG_BYTES];
    world_task_tag(reading->scope->tenants[reading->tenant].name, reading->scope->seed,
                   bytes_str(trace->task ? trace->task : ""), tag);
    *out = find(sources, reading->tenant, tag);
    if (*out)
        return OK;
    if (sources->count == sources->room) {
        size_t room = sources->room ? sources->room * 2 : 32;
        struct source *grown = mem_grow(sources->items, sources->room, room, sizeof *grown);
        if (!grown)
            return ERR_MEMORY;
        sources->items = grown;
        sources->room = room;
    }
    *out = &sources->items[sources->count++];
    **out = (struct source){
        .tenant = reading->tenant, .prompt = {.secret = true}, .system = {.secret = true}, .speech = {.secret = true}};
    memcpy((*out)->tag, tag, TASK_TAG_BYTES);
    return OK;
}

static void add_line(struct buf *to, const char *text)
{
    if (text) {
        buf_add_str(to, text);
        buf_add_byte(to, '\n');
    }
}

static void add_once(struct buf *to, const char *text)
{
    if (text && bytes_find(buf_bytes(to), bytes_str(text)) == SIZE_MAX)
        add_line(to, text);
}

static enum status keep(void *context, struct trace *trace)
{
    struct source *source = NULL;
    TRY(source_of(context, trace, &source));
    add_once(&source->prompt, trace->prompt);
    add_once(&source->system, trace->system);
    for (size_t i = 0; i < trace->step_count; i++) {
        add_line(&source->speech, trace->steps[i].tool);
        add_line(&source->speech, trace->steps[i].text);
    }
    for (size_t i = 0; i < trace->skill_count; i++) {
        add_line(&source->speech, trace->skills[i].name);
        add_line(&source->speech, trace->skills[i].when);
        add_line(&source->speech, trace->skills[i].steps);
        add_line(&source->speech, trace->skills[i].insights);
    }
    TRY(buf_status(&source->prompt));
    TRY(buf_status(&source->system));
    return buf_status(&source->speech);
}

enum status sources_read(const struct audit_scope *scope, struct sources *out)
{
    enum status status = OK;
    *out = (struct sources){0};
    for (size_t t = 0; t < scope->tenant_count && status == OK; t++) {
        const struct audit_tenant *tenant = &scope->tenants[t];
        struct reading reading = {scope, t, out};
        for (size_t i = 0; i < tenant->file_count && status == OK; i++) {
            struct read_report report = {0};
            status = traces_read(buf_bytes(&tenant->files[i]), tenant->file_names[i], keep, &reading, &report, NULL);
            if (status == ERR_INPUT || status == ERR_TOO_LARGE)
                status = OK; /* the client skips such a file as well */
        }
    }
    if (status != OK)
        sources_free(out);
    return status;
}

void sources_free(struct sources *sources)
{
    for (size_t i = 0; i < sources->count; i++) {
        buf_free(&sources->items[i].prompt);
        buf_free(&sources->items[i].system);
        buf_free(&sources->items[i].speech);
    }
    mem_free(sources->items);
    *sources = (struct sources){0};
}

const struct source *sources_find(const struct sources *sources, size_t tenant,
                                  const uint8_t tag[static TASK_TAG_BYTES])
{
    return find(sources, tenant, tag);
}
