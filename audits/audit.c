/* Results and the rules of verdicts, and how a run is written down. */
#include "audits/audit.h"

#include <math.h>

#include "audits/statistics.h"
#include "base/clock.h"

const char *verdict_name(enum verdict verdict)
{
    static const char *const names[VERDICTS] = {"leak found", "no leak above the limit", "not evaluated",
                                                "leak expected and stated"};
    INVARIANT(verdict < VERDICTS);
    return names[verdict];
}

const char *control_name(enum control control)
{
    static const char *const names[CONTROLS] = {"none", "passed", "failed"};
    INVARIANT(control < CONTROLS);
    return names[control];
}

enum verdict verdict_of(const struct audit_result *result)
{
    bool measured = result->samples > 0 && isfinite(result->value) && result->low <= result->high;
    if (!measured)
        return VERDICT_NOT_EVALUATED;
    if (result->low > result->tolerated) /* what was found was found, whatever became of the control */
        return result->expected ? VERDICT_EXPECTED : VERDICT_LEAK;
    if (result->control != CONTROL_PASSED)
        return VERDICT_NOT_EVALUATED;
    return result->high <= result->limit ? VERDICT_NO_LEAK_ABOVE : VERDICT_NOT_EVALUATED;
}

struct audit_result audit_result_start(const char *attack)
{
    return (struct audit_result){.attack = attack, .baseline = NAN, .p = NAN, .control_value = NAN};
}

void audit_result_count(struct audit_result *result, size_t hits, size_t samples)
{
    result->samples = samples;
    if (samples == 0)
        return;
    struct interval interval = dp_proportion_interval(hits, samples);
    result->value = (double)hits / (double)samples;
    result->low = interval.low;
    result->high = interval.high;
}

void audit_result_census(struct audit_result *result, size_t hits, size_t all)
{
    result->samples = all;
    if (all > 0)
        result->value = result->low = result->high = (double)hits / (double)all;
}

void audit_results_free(struct audit_results *results)
{
    for (size_t i = 0; i < results->count; i++)
        mem_free(results->items[i].curve);
    mem_free(results->items);
    *results = (struct audit_results){0};
}

enum status audit_results_add(struct audit_results *results, const struct audit_result *take)
{
    if (results->count == results->room) {
        size_t room = results->room ? results->room * 2 : 16;
        struct audit_result *grown = mem_grow(results->items, results->room, room, sizeof *grown);
        if (!grown) {
            mem_free(take->curve);
            return ERR_MEMORY;
        }
        results->items = grown;
        results->room = room;
    }
    struct audit_result *item = &results->items[results->count++];
    *item = *take;
    item->verdict = verdict_of(item);
    return OK;
}

void audit_results_worlds(struct audit_results *results, size_t worlds, uint64_t started)
{
    results->worlds += worlds;
    results->world_seconds += (double)(clock_ticks() - started) / 1e6;
}

bool audit_is_void(const struct audit_results *results)
{
    for (size_t i = 0; i < results->count; i++)
        if (results->items[i].control == CONTROL_FAILED)
            return true;
    return false;
}

bool audit_found_leak(const struct audit_results *results)
{
    for (size_t i = 0; i < results->count; i++)
        if (results->items[i].verdict == VERDICT_LEAK)
            return true;
    return false;
}

void audit_progress(const struct audit_scope *scope, const char *attack, size_t done, size_t of)
{
    if (scope->progress)
        scope->progress(scope->progress_context, attack, done, of);
}

/* --- JSON --- */

static struct json *number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static struct json *pair(double first, double second)
{
    struct json *array = json_array();
    json_push(array, number(first));
    json_push(array, number(second));
    return array;
}

static struct json *result_json(const struct audit_result *result)
{
    bool measured = result->samples > 0;
    struct json *object = json_object(), *curve = json_array();
    for (size_t i = 0; i < result->points; i++)
        json_push(curve, pair(result->curve[2 * i], result->curve[2 * i + 1]));
    json_set(object, "name", json_text(result->attack));
    json_set(object, "target", json_text(result->target));
    json_set(object, "adversary", json_text(result->adversary));
    json_set(object, "metric", json_text(result->metric));
    json_set(object, "unit", json_text(result->unit));
    json_set(object, "samples", json_integer((int64_t)result->samples));
    json_set(object, "value", measured ? number(result->value) : json_null());
    json_set(object, "interval", measured ? pair(result->low, result->high) : json_null());
    json_set(object, "baseline", number(result->baseline));
    json_set(object, "p", number(result->p));
    json_set(object, "limit", number(result->limit));
    json_set(object, "control", json_text(control_name(result->control)));
    json_set(object, "control_value", number(result->control_value));
    json_set(object, "verdict", json_text(verdict_name(result->verdict)));
    json_set(object, "note", json_text(result->note ? result->note : ""));
    json_set(object, "curve", curve);
    return object;
}

struct json *audit_results_json(const struct audit_results *results)
{
    struct json *array = json_array();
    for (size_t i = 0; i < results->count; i++)
        json_push(array, result_json(&results->items[i]));
    return array;
}

struct json *audit_run_json(const struct audit_run *run, const struct audit_results *results)
{
    char started[CLOCK_TEXT];
    struct json *object = json_object();
    double minutes = results->world_seconds / 60;
    clock_text(run->started, started);
    json_set(object, "v", json_integer(1));
    json_set(object, "suite", json_text(run->suite));
    json_set(object, "seed", json_integer((int64_t)(run->seed & ((1ull << 53) - 1))));
    json_set(object, "k", json_integer(run->k));
    json_set(object, "started", json_text(started));
    json_set(object, "seconds", number(run->seconds));
    json_set(object, "worlds", json_integer((int64_t)results->worlds));
    json_set(object, "worlds_per_minute", number(minutes > 0 ? (double)results->worlds / minutes : NAN));
    json_set(object, "void", json_bool(audit_is_void(results)));
    json_set(object, "results", audit_results_json(results));
    return object;
}
