/* What attacks work on: tenants' files and the manifest of planted values. Hides reading, naming and owning them. */
#include "audits/audit.h"

#include <stdio.h>

#include "audits/client_cache.h"
#include "base/file.h"
#include "insight/reader.h"

/* --- parts --- */

static enum status grow(void **items, size_t count, size_t *room, size_t size)
{
    if (count < *room)
        return OK;
    size_t wanted = *room ? *room * 2 : 16;
    void *grown = mem_grow(*items, *room, wanted, size);
    if (!grown)
        return ERR_MEMORY;
    *items = grown;
    *room = wanted;
    return OK;
}

enum status audit_scope_tenant(struct audit_scope *scope, const char *name)
{
    struct audit_tenant *grown =
        mem_grow(scope->tenants, scope->tenant_count, scope->tenant_count + 1, sizeof *scope->tenants);
    if (!grown)
        return ERR_MEMORY;
    scope->tenants = grown;
    if (!scope->clients)
        TRY(client_cache_new(&scope->clients));
    struct audit_tenant tenant = {.name = mem_copy(bytes_str(name))};
    if (!tenant.name)
        return ERR_MEMORY;
    scope->tenants[scope->tenant_count++] = tenant;
    return OK;
}

enum status audit_scope_file(struct audit_scope *scope, size_t tenant, const char *name, struct bytes content)
{
    struct audit_tenant *to = &scope->tenants[tenant];
    size_t names_room = to->file_room;
    TRY(grow((void **)&to->file_names, to->file_count, &names_room, sizeof *to->file_names));
    TRY(grow((void **)&to->files, to->file_count, &to->file_room, sizeof *to->files));
    struct buf copy = {.secret = true};
    char *copied = mem_copy(bytes_str(name));
    buf_add(&copy, content);
    if (!copied || buf_status(&copy) != OK) {
        mem_free(copied);
        buf_free(&copy);
        return ERR_MEMORY;
    }
    to->file_names[to->file_count] = copied;
    to->files[to->file_count++] = copy;
    return OK;
}

static void probe_free(struct audit_probe *probe)
{
    mem_free(probe->value);
    mem_free(probe->type);
}

enum status audit_scope_probe(struct audit_scope *scope, size_t tenant, const char *type, struct bytes value)
{
    if (value.size < AUDIT_PROBE_LEAST)
        return ERR_INPUT;
    if (scope->probe_count >= AUDIT_PROBES_MAX)
        return ERR_TOO_LARGE;
    if ((scope->probe_count & (scope->probe_count - 1)) == 0) { /* a power of two: full */
        size_t room = scope->probe_count ? scope->probe_count * 2 : 1;
        struct audit_probe *grown = mem_grow(scope->probes, scope->probe_count, room, sizeof *grown);
        if (!grown)
            return ERR_MEMORY;
        scope->probes = grown;
    }
    struct audit_probe probe = {mem_copy(value), mem_copy(bytes_str(type)), tenant};
    if (!probe.value || !probe.type) {
        probe_free(&probe);
        return ERR_MEMORY;
    }
    scope->probes[scope->probe_count++] = probe;
    return OK;
}

void audit_scope_free(struct audit_scope *scope)
{
    if (scope->strangers)
        audit_scope_free(scope->strangers);
    mem_free(scope->strangers);
    for (size_t t = 0; t < scope->tenant_count; t++) {
        struct audit_tenant *tenant = &scope->tenants[t];
        for (size_t i = 0; i < tenant->file_count; i++) {
            buf_free(&tenant->files[i]);
            mem_free(tenant->file_names[i]);
        }
        mem_free(tenant->files);
        mem_free(tenant->file_names);
        mem_free(tenant->name);
    }
    for (size_t i = 0; i < scope->probe_count; i++)
        probe_free(&scope->probes[i]);
    mem_free(scope->tenants);
    mem_free(scope->probes);
    client_cache_free(scope->clients);
    *scope = (struct audit_scope){0};
}

/* --- the manifest --- */

static enum status manifest_row(struct audit_scope *scope, const struct json *row, struct why *why)
{
    struct json_fields fields;
    json_fields(&fields, row, "probe", why);
    struct bytes organisation = json_take_string(&fields, "organisation", 255);
    json_take_string(&fields, "file", 4095);
    struct bytes type = json_take_string(&fields, "type", 64);
    struct bytes value = json_take_string(&fields, "value", 64 * 1024);
    TRY(json_fields_end(&fields));
    for (size_t t = 0; t < scope->tenant_count; t++)
        if (bytes_is(organisation, scope->tenants[t].name))
            return audit_scope_probe(scope, t, (const char *)type.data, value);
    return OK;
}

enum status audit_scope_manifest(struct audit_scope *scope, struct bytes manifest, struct why *why)
{
    SCOPED_JSON struct json *root = NULL;
    struct json_fields fields;
    TRY(json_parse(manifest, AUDIT_MANIFEST_MAX, &root, why));
    json_fields(&fields, root, "manifest", why);
    int64_t version = json_take_integer(&fields, "v", 0, INT32_MAX);
    const struct json *rows = json_take_array(&fields, "probes", AUDIT_PROBES_MAX);
    TRY(json_fields_end(&fields));
    if (version != 1)
        return why_set(why, ERR_VERSION, "a version that this program does not speak", "manifest", 0);
    for (size_t i = 0; i < json_count(rows); i++) {
        enum status status = manifest_row(scope, json_at(rows, i), why);
        if (status == ERR_INPUT)
            return why_set(why, status, "a probe needs organisation, file, type and a value of six bytes or more",
                           "manifest", i + 1);
        TRY(status);
    }
    return OK;
}

/* --- folders --- */

struct loading {
    struct audit_scope *scope;
    size_t tenant;
};

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static enum status load_file(void *context, const char *path)
{
    struct loading *loading = context;
    SCOPED_BUF struct buf content = {.secret = true};
    enum status status = file_read(path, TRACE_FILE_MAX, &content);
    TRY(status); /* an audit of half of the traces would say less than it seems to */
    return audit_scope_file(loading->scope, loading->tenant, base_name(path), buf_bytes(&content));
}

static enum status load_folder(struct audit_scope *scope, const char *folder, const char *option, struct why *why)
{
    char name[256];
    size_t size = strlen(folder);
    while (size > 1 && folder[size - 1] == '/')
        size--;
    size_t start = size;
    while (start > 0 && folder[start - 1] != '/')
        start--;
    if (size - start >= sizeof name)
        return why_set(why, ERR_TOO_LARGE, "a folder's name is too long", option, 0);
    snprintf(name, sizeof name, "%.*s", (int)(size - start), folder + start);
    struct loading loading = {.scope = scope, .tenant = scope->tenant_count};
    TRY(audit_scope_tenant(scope, name));
    enum status status = folder_walk(folder, load_file, &loading);
    if (status != OK)
        return why_set(why, status, "cannot be read", option, scope->tenant_count);
    return OK;
}

enum status audit_scope_load(const char *const *folders, size_t count, const char *manifest, struct audit_scope *scope,
                             struct why *why)
{
    SCOPED_BUF struct buf text = {.secret = true};
    enum status status = OK;
    for (size_t i = 0; i < count && status == OK; i++)
        status = load_folder(scope, folders[i], "--traces", why);
    if (status == OK && manifest) {
        status = file_read(manifest, AUDIT_MANIFEST_MAX, &text);
        if (status == OK)
            status = audit_scope_manifest(scope, buf_bytes(&text), why);
        else
            why_set(why, status, "cannot be read", "--manifest", 0);
    }
    if (status != OK)
        audit_scope_free(scope);
    return status;
}

enum status audit_scope_strangers(struct audit_scope *scope, const char *const *folders, size_t count, struct why *why)
{
    scope->strangers = mem_new(1, sizeof *scope->strangers);
    if (!scope->strangers)
        return ERR_MEMORY;
    for (size_t i = 0; i < count; i++)
        TRY(load_folder(scope->strangers, folders[i], "--public", why));
    return OK;
}
