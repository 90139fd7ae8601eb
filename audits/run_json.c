/* A run as JSON: docs/audit-run.schema.json. */
#include <math.h>

#include "audits/run_words.h"
#include "base/clock.h"

static struct json *count(size_t value)
{
    return json_integer((int64_t)value);
}

static struct json *pair(double first, double second)
{
    struct json *array = json_array();
    json_push(array, run_number(first));
    json_push(array, run_number(second));
    return array;
}

static struct json *plot_json(const struct audit_plot *plot)
{
    struct json *object = json_object(), *points = json_array();
    for (size_t i = 0; i < plot->points; i++) {
        const double *row = &plot->rows[4 * i];
        if (!isfinite(row[0]) || !isfinite(row[1]))
            continue;
        struct json *point = pair(row[0], row[1]);
        if (isfinite(row[2]) && isfinite(row[3])) {
            json_push(point, run_number(row[2]));
            json_push(point, run_number(row[3]));
        }
        json_push(points, point);
    }
    json_set(object, "kind", json_text(plot_kind_name(plot->kind)));
    json_set(object, "x", json_text(plot->x ? plot->x : ""));
    json_set(object, "y", json_text(plot->y ? plot->y : ""));
    json_set(object, "points", points);
    return object;
}

struct json *audit_claim_json(const struct audit_claim *claim)
{
    const struct attack *attack = audit_attack_of(claim);
    struct json *object = json_object();
    json_set(object, "name", json_text(claim->name));
    json_set(object, "attack", json_text(attack ? attack->name : ""));
    json_set(object, "family", json_text(attack ? audit_family_name(attack->family) : ""));
    json_set(object, "question", json_text(attack ? attack->summary : ""));
    json_set(object, "paper", json_text(attack ? attack->paper : ""));
    json_set(object, "surface", json_text(audit_surface_name(claim->surface)));
    json_set(object, "target", json_text(claim->target));
    json_set(object, "adversary", json_text(audit_threat_name(claim->threat)));
    json_set(object, "knows", json_text(claim->knows));
    json_set(object, "metric", json_text(claim->metric));
    json_set(object, "unit", json_text(claim->unit));
    json_set(object, "baseline_is", json_text(claim->baseline));
    json_set(object, "control_is", json_text(claim->control));
    json_set(object, "needed", json_integer((int64_t)claim->needed));
    json_set(object, "expected", json_bool(claim->expected));
    return object;
}

static void set_numbers(struct json *object, const struct audit_result *result)
{
    bool measured = result->samples > 0, is_risk = result->kind == INTERVAL_RISK;
    json_set(object, "samples", json_integer((int64_t)result->samples));
    json_set(object, "hits", result->kind == INTERVAL_EXACT || is_risk ? count(result->hits) : json_null());
    json_set(object, "held_out", is_risk ? count(result->held_out) : json_null());
    json_set(object, "value", measured ? run_number(result->value) : json_null());
    json_set(object, "interval", measured ? pair(result->low, result->high) : json_null());
    json_set(object, "interval_kind", json_text(interval_kind_name(result->kind)));
    json_set(object, "interval_of_all", isnan(result->all_low) ? json_null() : pair(result->all_low, result->all_high));
    json_set(object, "baseline", run_number(result->baseline));
    json_set(object, "p", run_number(result->p));
    json_set(object, "p_leak", run_number(result->p_leak));
    json_set(object, "p_adjusted", run_number(result->p_adjusted));
    json_set(object, "detects", run_number(result->detects));
    json_set(object, "limit", run_number(result->limit));
    json_set(object, "tolerated", run_number(result->tolerated));
}

static struct json *result_json(const struct audit_result *result)
{
    struct json *object = audit_claim_json(result->claim);
    set_numbers(object, result);
    json_set(object, "control", json_text(control_name(result->control)));
    json_set(object, "control_value", run_number(result->control_value));
    json_set(object, "verdict", json_text(verdict_name(result->verdict)));
    json_set(object, "note", json_text(result->note ? result->note : ""));
    json_set(object, "plot", plot_json(&result->plot));
    return object;
}

struct json *audit_results_json(const struct audit_results *results, size_t first)
{
    struct json *array = json_array();
    for (size_t i = first; i < results->count; i++)
        json_push(array, result_json(&results->items[i]));
    return array;
}

/* --- the run --- */

static struct json *timings_json(const struct audit_results *results)
{
    struct json *array = json_array();
    for (size_t i = 0; i < results->timing_count; i++) {
        const struct audit_timing *timing = &results->timings[i];
        struct json *row = json_object();
        json_set(row, "name", json_text(timing->attack->name));
        json_set(row, "family", json_text(audit_family_name(timing->attack->family)));
        json_set(row, "question", json_text(timing->attack->summary));
        json_set(row, "paper", json_text(timing->attack->paper));
        json_set(row, "seconds", run_number(timing->seconds));
        json_set(row, "kept", json_bool(timing->kept));
        json_set(row, "failed", json_bool(timing->status != OK));
        json_push(array, row);
    }
    return array;
}

static struct json *scope_json(const struct audit_run *run)
{
    struct json *object = json_object();
    json_set(object, "tenants", json_integer((int64_t)run->tenants));
    json_set(object, "files", json_integer((int64_t)run->files));
    json_set(object, "probes", json_integer((int64_t)run->probes));
    json_set(object, "policy", run->policy ? policy_to_json(run->policy) : json_null());
    return object;
}

static struct json *rate(size_t count, double seconds)
{
    return run_number(seconds > 0 ? (double)count / seconds * 60 : NAN);
}

struct json *audit_run_json(const struct audit_run *run, const struct audit_results *results)
{
    char started[CLOCK_TEXT];
    struct json *object = json_object();
    clock_text(run->started, started);
    json_set(object, "v", json_integer(1));
    json_set(object, "suite", json_text(run->suite));
    json_set(object, "seed", json_integer((int64_t)(run->seed & ((1ull << 53) - 1))));
    json_set(object, "k", json_integer(run->k));
    json_set(object, "started", json_text(started));
    json_set(object, "seconds", run_number(run->seconds));
    json_set(object, "scope", scope_json(run));
    json_set(object, "worlds", json_integer((int64_t)results->worlds));
    json_set(object, "worlds_per_minute", rate(results->worlds, results->world_seconds));
    json_set(object, "clients", json_integer((int64_t)results->clients));
    json_set(object, "clients_per_minute", rate(results->clients, results->client_seconds));
    json_set(object, "void", json_bool(audit_is_void(results)));
    json_set(object, "attacks", timings_json(results));
    json_set(object, "results", audit_results_json(results, 0));
    return object;
}
