/* Planted values searched for in every byte that crosses a boundary. Three worlds: the real one; the scrubber alone
 * (on, with an extractor that copies); and the positive control (scrubber off, copied), in which the same search must
 * hit every value that the readers carry into a trace. */
#include "audits/needles.h"
#include "audits/sources.h"
#include "audits/world.h"
#include "base/clock.h"

#define PROBES_LIMIT 0.05
#define PROBES_READ_LEAST 0.9 /* of the planted values must reach a trace, or the manifest does not fit the traces */

/* What was searched for and how the control went. */
struct search {
    const struct audit_scope *scope;
    struct needles *needles;
    bool *found; /* of the text at hand */
    enum control control;
    double control_value;
};

static size_t hits_in(struct search *search, struct bytes text)
{
    memset(search->found, 0, needles_count(search->needles) * sizeof *search->found);
    needles_find(search->needles, text, search->found);
    return needles_marked(search->found, needles_count(search->needles));
}

static enum status records_of(const struct prepared *prepared, size_t tenants, struct buf *out)
{
    for (size_t t = 0; t < tenants; t++)
        for (size_t i = 0; i < prepared[t].count; i++)
            buf_add(out, buf_bytes(&prepared[t].items[i].record));
    return buf_status(out);
}

/* The records of all tenants under a scrubber and the copying extractor. */
static enum status copied_records(const struct audit_scope *scope, enum scrubbing scrubbing, struct buf *out,
                                  struct why *why)
{
    struct prepared *prepared = NULL;
    TRY(world_prepare_all(scope, scrubbing, EXTRACT_VERBATIM, &prepared, why));
    enum status status = records_of(prepared, scope->tenant_count, out);
    world_prepared_free(prepared, scope->tenant_count);
    return status;
}

/* How many planted values are in the traces as they were read. */
static enum status count_read(struct search *search, size_t *read)
{
    struct sources sources;
    SCOPED_BUF struct buf all = {.secret = true};
    TRY(sources_read(search->scope, &sources));
    for (size_t i = 0; i < sources.count; i++) {
        buf_add(&all, buf_bytes(&sources.items[i].prompt));
        buf_add(&all, buf_bytes(&sources.items[i].system));
        buf_add(&all, buf_bytes(&sources.items[i].speech));
    }
    sources_free(&sources);
    *read = hits_in(search, buf_bytes(&all));
    return buf_status(&all);
}

static enum status run_control(struct search *search, struct why *why)
{
    SCOPED_BUF struct buf records = {.secret = true};
    size_t planted = needles_count(search->needles), read = 0;
    TRY(count_read(search, &read));
    TRY(copied_records(search->scope, SCRUB_OFF, &records, why));
    size_t hits = hits_in(search, buf_bytes(&records));
    bool passed = hits >= read && (double)read >= PROBES_READ_LEAST * (double)planted;
    search->control = passed ? CONTROL_PASSED : CONTROL_FAILED;
    search->control_value = (double)hits / (double)planted;
    return OK;
}

static enum status report(struct search *search, struct audit_result result, struct bytes text,
                          struct audit_results *out)
{
    result.metric = "planted values found / planted";
    result.unit = "probe";
    result.limit = PROBES_LIMIT;
    result.control = search->control;
    result.control_value = search->control_value;
    if (text.size > 0)
        audit_result_count(&result, hits_in(search, text), needles_count(search->needles));
    else
        result.note = "there was nothing to search: nothing was published, or no bytes were kept";
    return audit_results_add(out, &result);
}

static struct audit_result place(const char *attack, const char *target, const char *adversary)
{
    struct audit_result result = audit_result_start(attack);
    result.target = target;
    result.adversary = adversary;
    result.note = "any value found is a leak; the interval says what a search for so many values can show";
    return result;
}

static enum status search_scrubber(struct search *search, struct audit_results *out, struct why *why)
{
    SCOPED_BUF struct buf records = {.secret = true};
    struct audit_result result =
        place("probes.scrubber", "scrubbed traces, if they were copied", "an extractor that copies");
    TRY(copied_records(search->scope, SCRUB_ON, &records, why));
    result.expected = true;
    result.note = "one layer alone: what the scrubber misses; extraction and its checks stand behind it";
    return report(search, result, buf_bytes(&records), out);
}

static enum status search_seen(struct search *search, const struct world_bytes *seen, struct audit_results *out)
{
    const struct {
        const char *attack, *target, *adversary;
        const struct buf *bytes;
    } places[] = {
        {"probes.plain", "records before they are sealed", "honest-but-curious server", &seen->plain},
        {"probes.sent", "bytes sent by clients", "network", &seen->sent},
        {"probes.answered", "bytes answered by the server", "network", &seen->answered},
        {"probes.stored", "the server's state folder", "thief of the disk", &seen->stored},
        {"probes.logged", "the server's log", "reader of logs", &seen->logged},
        {"probes.published", "the published library", "another tenant", &seen->published},
    };
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        TRY(report(search, place(places[i].attack, places[i].target, places[i].adversary), buf_bytes(places[i].bytes),
                   out));
    return OK;
}

static enum status search_world(struct search *search, struct audit_results *out, struct why *why)
{
    struct prepared *prepared = NULL;
    struct world *world = NULL;
    struct library library = {0};
    TRY(world_prepare_all(search->scope, SCRUB_ON, EXTRACT_REAL, &prepared, why));
    uint64_t started = clock_ticks();
    enum status status = world_federate(search->scope, prepared, WORLD_ON_DISK, &world, &library, why);
    audit_results_worlds(out, 1, started);
    if (status == OK)
        status = search_seen(search, world_seen(world), out);
    library_free(&library);
    world_free(world);
    world_prepared_free(prepared, search->scope->tenant_count);
    return status;
}

static enum status search_state(struct search *search, struct audit_results *out)
{
    SCOPED_BUF struct buf bytes = {.secret = true};
    TRY(folder_bytes(search->scope->state, &bytes));
    return report(search, place("probes.state", "the given state folder", "thief of the disk"), buf_bytes(&bytes), out);
}

static enum status search_all(struct search *search, struct audit_results *out, struct why *why)
{
    const struct audit_scope *scope = search->scope;
    for (size_t i = 0; i < scope->probe_count; i++) {
        enum status status = needles_add(search->needles, bytes_str(scope->probes[i].value));
        if (status == ERR_INPUT)
            return why_set(why, status, "a planted value has no line of six bytes", "manifest", i + 1);
        TRY(status);
    }
    TRY(needles_ready(search->needles));
    audit_progress(scope, "probes", 0, 3);
    TRY(run_control(search, why));
    audit_progress(scope, "probes", 1, 3);
    TRY(search_scrubber(search, out, why));
    audit_progress(scope, "probes", 2, 3);
    TRY(search_world(search, out, why));
    audit_progress(scope, "probes", 3, 3);
    return scope->state ? search_state(search, out) : OK;
}

enum status attack_probes(const struct audit_scope *scope, struct audit_results *out, struct why *why)
{
    struct search search = {.scope = scope};
    if (scope->probe_count == 0) {
        struct audit_result result = place("probes", "every byte that leaves", "anyone");
        result.metric = "planted values found / planted";
        result.unit = "probe";
        result.limit = PROBES_LIMIT;
        result.note = "no planted values were given: name a manifest";
        return audit_results_add(out, &result);
    }
    search.found = mem_new(scope->probe_count, sizeof *search.found);
    enum status status = search.found ? needles_new(&search.needles) : ERR_MEMORY;
    if (status == OK)
        status = search_all(&search, out, why);
    needles_free(search.needles);
    mem_free(search.found);
    return status;
}
