/* Reading and writing of kept results. Hides their form: the JSON of a run, cut to one attack, and a key. */
#include "audits/kept.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "audits/run_words.h"
#include "audits/world.h"
#include "base/encode.h"
#include "base/file.h"

#define KEPT_MAX (64u << 20)
#define HEX_TEXT (2 * HASH_BYTES + 1)

/* --- the key --- */

static void add_number(struct buf *to, uint64_t number)
{
    buf_add(to, bytes_of(&number, sizeof number));
}

/* Lengths stand before contents, so that no two scopes give the same bytes. */
static void add_part(struct buf *to, struct bytes part)
{
    uint8_t hash[HASH_BYTES];
    hash_sha256(part, hash);
    buf_add(to, bytes_of(hash, sizeof hash));
}

static void add_tenants(const struct audit_scope *scope, struct buf *to)
{
    add_number(to, scope->tenant_count);
    for (size_t t = 0; t < scope->tenant_count; t++) {
        const struct audit_tenant *tenant = &scope->tenants[t];
        add_part(to, bytes_str(tenant->name));
        add_number(to, tenant->file_count);
        for (size_t i = 0; i < tenant->file_count; i++) {
            add_part(to, bytes_str(tenant->file_names[i]));
            add_part(to, buf_bytes(&tenant->files[i]));
        }
    }
    add_number(to, scope->probe_count);
    for (size_t i = 0; i < scope->probe_count; i++) {
        add_number(to, scope->probes[i].tenant);
        add_part(to, bytes_str(scope->probes[i].type));
        add_part(to, bytes_str(scope->probes[i].value));
    }
}

static enum status add_folder(const char *folder, struct buf *to)
{
    SCOPED_BUF struct buf content = {.secret = true};
    if (folder)
        TRY(folder_bytes(folder, &content));
    add_number(to, folder != NULL);
    add_part(to, buf_bytes(&content));
    return OK;
}

static enum status add_file(const char *path, struct buf *to)
{
    uint8_t hash[HASH_BYTES] = {0};
    uint64_t size = 0;
    char *resolved = path ? realpath(path, NULL) : NULL; /* file_hash follows no links */
    enum status status = !path ? OK : resolved ? file_hash(resolved, hash, &size) : ERR_IO;
    free(resolved);
    TRY(status);
    add_number(to, path != NULL);
    buf_add(to, bytes_of(hash, sizeof hash));
    return OK;
}

static enum status add_adapter(void *context, const char *path)
{
    return add_file(path, context);
}

/* File by file: adapters may be larger than memory. */
static enum status add_adapters(const char *folder, struct buf *to)
{
    add_number(to, folder != NULL);
    return folder ? folder_walk(folder, add_adapter, to) : OK;
}

static enum status key_of(const struct audit_scope *scope, uint8_t key[static HASH_BYTES])
{
    SCOPED_BUF struct buf parts = {0}, policy_text = {0};
    struct policy policy;
    world_policy(scope, &policy);
    TRY(policy_encode(&policy, &policy_text));
    add_part(&parts, buf_bytes(&policy_text));
    add_number(&parts, scope->seed);
    add_number(&parts, scope->full);
    add_tenants(scope, &parts);
    add_number(&parts, scope->strangers != NULL);
    if (scope->strangers)
        add_tenants(scope->strangers, &parts);
    add_part(&parts, bytes_str(scope->llm ? scope->llm : ""));
    add_part(&parts, bytes_str(scope->model ? scope->model : ""));
    TRY(add_folder(scope->state, &parts));
    TRY(add_folder(scope->reference, &parts));
    TRY(add_adapters(scope->adapters, &parts));
    TRY(add_file("/proc/self/exe", &parts)); /* another build may ask other questions */
    TRY(buf_status(&parts));
    hash_sha256(buf_bytes(&parts), key);
    return OK;
}

enum status kept_start(const struct audit_scope *scope, struct kept *out)
{
    *out = (struct kept){.folder = scope->work};
    TRY(folder_create(scope->work, 0700));
    return key_of(scope, out->key);
}

static enum status path_of(const struct kept *kept, const struct attack *attack, char out[static 4096])
{
    char name[128];
    snprintf(name, sizeof name, "%s.kept.json", attack->name);
    return path_join(out, 4096, kept->folder, name);
}

/* --- writing --- */

enum status kept_write(const struct kept *kept, const struct audit_results *part)
{
    char path[4096], key[HEX_TEXT];
    SCOPED_BUF struct buf text = {0};
    if (!kept)
        return OK;
    const struct audit_timing *timing = &part->timings[0];
    SCOPED_JSON struct json *object = json_object();
    encode_hex_text(kept->key, HASH_BYTES, key);
    json_set(object, "key", json_text(key));
    json_set(object, "seconds", json_real(timing->seconds));
    json_set(object, "worlds", json_integer((int64_t)part->worlds));
    json_set(object, "world_seconds", json_real(part->world_seconds));
    json_set(object, "results", audit_results_json(part, 0));
    TRY(json_canonical(object, &text));
    TRY(path_of(kept, timing->attack, path));
    return file_write(path, buf_bytes(&text), 0600);
}

/* --- reading --- */

static double number(const struct json *value, double otherwise)
{
    return json_is_number(value) ? json_number_value(value) : otherwise;
}

static size_t count(const struct json *value)
{
    int64_t integer = json_integer_value(value);
    return integer > 0 ? (size_t)integer : 0;
}

/* Names of axes are the claim's own words and live as long as the results. */
static enum status read_plot(const struct json *plot, struct audit_results *results, struct audit_plot *out)
{
    const struct json *points = json_get(plot, "points");
    const char *x = json_string_text(json_get(plot, "x")), *y = json_string_text(json_get(plot, "y"));
    enum plot_kind kind = run_plot_kind(json_get(plot, "kind"));
    *out = (struct audit_plot){0};
    if (kind == PLOT_KINDS || !x || !y)
        return ERR_NOT_FOUND;
    if (kind == PLOT_NONE || json_count(points) == 0)
        return OK;
    *out = (struct audit_plot){kind, audit_results_text(results, x), audit_results_text(results, y), json_count(points),
                               mem_new(4 * json_count(points), sizeof(double))};
    if (!out->x || !out->y || !out->rows)
        return ERR_MEMORY;
    for (size_t i = 0; i < 4 * out->points; i++)
        out->rows[i] = number(json_at(json_at(points, i / 4), i % 4), NAN);
    return OK;
}

static const struct audit_claim *claim_named(const struct attack *attack, const struct json *name)
{
    for (const struct audit_claim *claim = attack->claims; claim->name; claim++)
        if (bytes_is(json_string_bytes(name), claim->name))
            return claim;
    return NULL;
}

static void read_numbers(const struct json *object, struct audit_result *out)
{
    const struct json *interval = json_get(object, "interval");
    out->samples = count(json_get(object, "samples"));
    out->hits = count(json_get(object, "hits"));
    out->held_out = count(json_get(object, "held_out"));
    out->detects = number(json_get(object, "detects"), NAN);
    out->value = number(json_get(object, "value"), NAN);
    out->low = number(json_at(interval, 0), -INFINITY);
    out->high = number(json_at(interval, 1), INFINITY);
    out->baseline = number(json_get(object, "baseline"), NAN);
    out->p = number(json_get(object, "p"), NAN);
    out->control_value = number(json_get(object, "control_value"), NAN);
    out->limit = number(json_get(object, "limit"), out->limit);
    out->tolerated = number(json_get(object, "tolerated"), out->tolerated);
}

static enum status read_result(const struct json *object, const struct attack *attack, struct audit_results *results)
{
    const struct audit_claim *claim = claim_named(attack, json_get(object, "name"));
    const char *note = json_string_text(json_get(object, "note"));
    enum interval_kind kind = run_interval_kind(json_get(object, "interval_kind"));
    enum control control = run_control(json_get(object, "control"));
    if (!claim || !note || kind == INTERVAL_KINDS || control == CONTROLS)
        return ERR_NOT_FOUND;
    struct audit_result result = audit_result_start(claim);
    read_numbers(object, &result);
    result.kind = kind;
    result.control = control;
    result.note = audit_results_text(results, note);
    if (!result.note)
        return ERR_MEMORY;
    enum status status = read_plot(json_get(object, "plot"), results, &result.plot);
    if (status == OK)
        return audit_results_add(results, &result);
    mem_free(result.plot.rows);
    return status;
}

/* An attack that finished has one result for each of its claims. */
static bool are_all(const struct audit_results *results, const struct attack *attack)
{
    size_t claims = 0;
    for (const struct audit_claim *claim = attack->claims; claim->name; claim++, claims++)
        if (!audit_has_result(results, claim))
            return false;
    return results->count == claims;
}

static enum status read_all(const struct json *object, const struct attack *attack, struct audit_results *results)
{
    const struct json *list = json_get(object, "results");
    for (size_t i = 0; i < json_count(list); i++)
        TRY(read_result(json_at(list, i), attack, results));
    if (!are_all(results, attack))
        return ERR_NOT_FOUND;
    results->timings = mem_new(1, sizeof *results->timings);
    if (!results->timings)
        return ERR_MEMORY;
    results->timing_count = 1;
    results->timings[0] =
        (struct audit_timing){.attack = attack, .seconds = number(json_get(object, "seconds"), 0), .kept = true};
    results->worlds = count(json_get(object, "worlds"));
    results->world_seconds = number(json_get(object, "world_seconds"), 0);
    return OK;
}

enum status kept_read(const struct kept *kept, const struct attack *attack, struct audit_results *results)
{
    char path[4096], key[HEX_TEXT];
    SCOPED_BUF struct buf text = {0};
    SCOPED_JSON struct json *object = NULL;
    if (!kept)
        return ERR_NOT_FOUND;
    TRY(path_of(kept, attack, path));
    encode_hex_text(kept->key, HASH_BYTES, key);
    if (file_read(path, KEPT_MAX, &text) != OK || json_parse(buf_bytes(&text), KEPT_MAX, &object, NULL) != OK ||
        !bytes_is(json_string_bytes(json_get(object, "key")), key))
        return ERR_NOT_FOUND;
    enum status status = read_all(object, attack, results);
    if (status != OK)
        audit_results_free(results);
    return status;
}
