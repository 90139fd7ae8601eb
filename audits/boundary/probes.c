/* Planted values searched for in every byte that crosses a boundary. Three worlds: the real one; the scrubber alone
 * (on, with an extractor that copies); and the positive control (scrubber off, copied), in which the same search must
 * hit every value that the readers carry into a trace. */
#include "audits/attacks.h"
#include "audits/boundary/needles.h"
#include "audits/sources.h"
#include "audits/world.h"
#include "base/clock.h"

#define PROBES_LIMIT 0.05
#define PROBES_FORMS_TOLERATED 0.01
#define PROBES_READ_LEAST 0.9 /* of the planted values must reach a trace, or the manifest does not fit the traces */

#define PLACE(id, where, what, who)                                                                                    \
    {                                                                                                                  \
        .name = "probes." id, .surface = where, .target = what, .threat = who,                                         \
        .knows = "the planted values, and how a form of each would look", .metric = "planted values found / planted",  \
        .unit = "probe", .baseline = "",                                                                               \
        .control = "the same search with the scrubber off and an extractor that copies hits every value read",         \
        .needed = 72, .limit = PROBES_LIMIT                                                                            \
    }

enum place { PLAIN, SENT, ANSWERED, STORED, LOGGED, PUBLISHED, STATE, SCRUBBER, FORMS, PLACES };
static const struct audit_claim claims[PLACES + 1] = {
    [PLAIN] = PLACE("plain", SURFACE_CONTRIBUTIONS, "records before they are sealed", THREAT_CURIOUS_SERVER),
    [SENT] = PLACE("sent", SURFACE_WIRE, "bytes sent by clients", THREAT_NETWORK),
    [ANSWERED] = PLACE("answered", SURFACE_WIRE, "bytes answered by the server", THREAT_NETWORK),
    [STORED] = PLACE("stored", SURFACE_DISK, "the server's state folder", THREAT_THIEF),
    [LOGGED] = PLACE("logged", SURFACE_LOGS, "the server's log", THREAT_LOG_READER),
    [PUBLISHED] = PLACE("published", SURFACE_LIBRARY, "the published library", THREAT_TENANT),
    [STATE] = PLACE("state", SURFACE_DISK, "the given state folder", THREAT_THIEF),
    [SCRUBBER] = {.name = "probes.scrubber",
                  .surface = SURFACE_SCRUBBED,
                  .target = "scrubbed traces, if they were copied",
                  .threat = THREAT_EXTRACTOR,
                  .knows = "the planted values, and how a form of each would look",
                  .metric = "planted values found / planted",
                  .unit = "probe",
                  .baseline = "",
                  .control = "the same search with the scrubber off hits every value read",
                  .needed = 72,
                  .limit = PROBES_LIMIT,
                  .expected = true},
    [FORMS] = {.name = "probes.scrubber.forms",
               .surface = SURFACE_SCRUBBED,
               .target = "scrubbed traces, if they were copied: values that their form gives away",
               .threat = THREAT_EXTRACTOR,
               .knows = "the planted values, and how a form of each would look",
               .metric = "planted addresses, numbers and keys found / planted",
               .unit = "probe",
               .baseline = "",
               .control = "the same search with the scrubber off hits every value read",
               .needed = 72,
               .limit = PROBES_LIMIT,
               .tolerated = PROBES_FORMS_TOLERATED},
};

/* Types of values that are known by their form alone. A name or a birth date takes a context, which may be missing. */
static const char *const form_types[] = {"EMAIL", "PHONE", "IP",  "MAC",        "CARD",    "IBAN",
                                         "SSN",   "TOKEN", "KEY", "CONNECTION", "URL_USER"};

static bool has_form(const struct audit_probe *probe)
{
    for (size_t i = 0; i < sizeof form_types / sizeof *form_types; i++)
        if (strcmp(probe->type, form_types[i]) == 0)
            return true;
    return false;
}

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

static enum status report(struct search *search, enum place place, struct bytes text, struct audit_results *out)
{
    struct audit_result result = audit_result_start(&claims[place]);
    result.control = search->control;
    result.control_value = search->control_value;
    result.note = place == SCRUBBER
                      ? "one layer alone: what the scrubber misses; extraction and its checks stand behind it"
                      : "any value found is a leak; the interval says what a search for so many values can show";
    if (text.size > 0)
        audit_result_count(&result, hits_in(search, text), needles_count(search->needles));
    else
        result.note = "there was nothing to search: nothing was published, or no bytes were kept";
    return audit_results_add(out, &result);
}

/* Of what was found last, the values that have a form. */
static enum status report_forms(const struct search *search, struct audit_results *out)
{
    struct audit_result result = audit_result_start(&claims[FORMS]);
    size_t hits = 0, planted = 0;
    for (size_t i = 0; i < search->scope->probe_count; i++) {
        planted += has_form(&search->scope->probes[i]);
        hits += has_form(&search->scope->probes[i]) && search->found[i];
    }
    audit_result_count(&result, hits, planted);
    result.control = search->control;
    result.control_value = search->control_value;
    result.note = planted > 0 ? "what the scrubber must not miss, whatever stands behind it"
                              : "no planted value is of a type that its form gives away";
    return audit_results_add(out, &result);
}

static enum status search_scrubber(struct search *search, struct audit_results *out, struct why *why)
{
    SCOPED_BUF struct buf records = {.secret = true};
    TRY(copied_records(search->scope, SCRUB_ON, &records, why));
    TRY(report(search, SCRUBBER, buf_bytes(&records), out));
    return report_forms(search, out);
}

static enum status search_seen(struct search *search, const struct world_bytes *seen, struct audit_results *out)
{
    const struct buf *const bytes[] = {
        [PLAIN] = &seen->plain,   [SENT] = &seen->sent,     [ANSWERED] = &seen->answered,
        [STORED] = &seen->stored, [LOGGED] = &seen->logged, [PUBLISHED] = &seen->published,
    };
    for (size_t i = 0; i < sizeof bytes / sizeof *bytes; i++)
        TRY(report(search, (enum place)i, buf_bytes(bytes[i]), out));
    return OK;
}

static enum status search_world(struct search *search, struct audit_results *out, struct why *why)
{
    struct prepared *prepared = NULL;
    struct world *world = NULL;
    struct library library = {0};
    TRY(world_prepare_all(search->scope, SCRUB_ON, EXTRACT_REAL, &prepared, why));
    uint64_t started = clock_ticks();
    enum status status = world_federate_anyway(search->scope, prepared, WORLD_ON_DISK, &world, &library, why);
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
    if (!search->scope->state) {
        struct audit_result result = audit_result_start(&claims[STATE]);
        result.note = "no folder of a server's files was given (--state)";
        return audit_results_add(out, &result);
    }
    TRY(folder_bytes(search->scope->state, &bytes));
    return report(search, STATE, buf_bytes(&bytes), out);
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
    return search_state(search, out);
}

static enum status run(const struct audit_scope *scope, struct audit_results *out, struct why *why)
{
    struct search search = {.scope = scope};
    if (scope->probe_count == 0)
        return audit_not_evaluated(out, claims, "no planted values were given: name a manifest");
    search.found = mem_new(scope->probe_count, sizeof *search.found);
    enum status status = search.found ? needles_new(&search.needles) : ERR_MEMORY;
    if (status == OK)
        status = search_all(&search, out, why);
    needles_free(search.needles);
    mem_free(search.found);
    return status;
}

const struct attack attack_probes = {
    .name = "probes",
    .summary = "Does any planted personal value or secret appear in any byte sent, stored, logged or published?",
    .paper = "",
    .family = FAMILY_BOUNDARY,
    .quick = true,
    .quick_seconds = 1,
    .full_seconds = 1,
    .claims = claims,
    .run = run,
};
