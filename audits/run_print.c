/* A run as text: every result, then what to read first. Hides the words and their order. */
#include <math.h>
#include <stdio.h>

#include "audits/audit.h"

static void print_result(const struct audit_result *result)
{
    const struct audit_claim *claim = result->claim;
    printf("%-28s %s\n", claim->name, verdict_name(result->verdict));
    printf("    target   %s; adversary: %s\n", claim->target, audit_threat_name(claim->threat));
    if (result->samples > 0 && result->kind == INTERVAL_BOUND)
        printf("    measured %s: at least %.4f, %zu %ss; a pass is at most %.3f\n", claim->metric, result->low,
               result->samples, claim->unit, result->limit);
    else if (result->samples > 0)
        printf("    measured %s = %.4f, 95 %% within [%.4f, %.4f], %zu %ss; a pass is at most %.3f\n", claim->metric,
               result->value, result->low, result->high, result->samples, claim->unit, result->limit);
    if (isfinite(result->detects))
        printf("    power    so many would show %.4f\n", result->detects);
    if (isfinite(result->baseline))
        printf("    baseline %.4f%s\n", result->baseline, isfinite(result->p) ? "" : " where nothing can leak");
    if (isfinite(result->p))
        printf("    chance   p = %.4f\n", result->p);
    printf("    control  %s", control_name(result->control));
    if (isfinite(result->control_value))
        printf(" (%.3f)", result->control_value);
    printf("\n    note     %s\n", result->note ? result->note : "");
}

static void print_timings(const struct audit_results *results)
{
    static const char *const ways[] = {"", " (kept from an earlier run)", " (FAILED)"};
    for (size_t i = 0; i < results->timing_count; i++) {
        const struct audit_timing *timing = &results->timings[i];
        printf("  %-26s %.1f s%s\n", timing->attack->name, timing->seconds,
               ways[timing->status != OK ? 2 : timing->kept]);
    }
}

/* --- what to read first --- */

static bool is_leak(const struct audit_result *result)
{
    return result->verdict == VERDICT_LEAK;
}

static bool is_stated(const struct audit_result *result)
{
    return result->verdict == VERDICT_EXPECTED;
}

static bool has_failed_control(const struct audit_result *result)
{
    return result->control == CONTROL_FAILED;
}

static void print_those(const struct audit_results *results, const char *heading,
                        bool (*is_one)(const struct audit_result *))
{
    bool first = true;
    for (size_t i = 0; i < results->count; i++) {
        const struct audit_result *result = &results->items[i];
        if (!is_one(result))
            continue;
        printf("%s  %-38s %.4f [%.4f, %.4f], at most %.3f\n", first ? heading : "", result->claim->name, result->value,
               result->low, result->high, result->limit);
        first = false;
    }
}

static void print_counts(const struct audit_results *results)
{
    size_t verdicts[VERDICTS] = {0};
    for (size_t i = 0; i < results->count; i++)
        verdicts[results->items[i].verdict]++;
    printf("\nverdicts\n");
    for (int i = 0; i < VERDICTS; i++)
        printf("  %-26s %zu\n", verdict_name((enum verdict)i), verdicts[i]);
}

static void print_rates(const struct audit_run *run, const struct audit_results *results)
{
    printf("\n%zu results in %.1f s", results->count, run->seconds);
    if (results->world_seconds > 0)
        printf("; %zu worlds, %.0f a minute", results->worlds, (double)results->worlds / results->world_seconds * 60);
    if (results->client_seconds > 0)
        printf("; %zu clients, %.0f a minute", results->clients,
               (double)results->clients / results->client_seconds * 60);
    printf("\n");
}

/* Where there are so few tenants that it decides what can be found at all. */
static void print_tenants(const struct audit_run *run)
{
    if (run->tenants < run->k)
        printf(
            "\nfewer tenants (%zu) than an insight needs (%u): nothing of theirs alone is released, and what is said "
            "of\na library is said of one without their insights\n",
            run->tenants, run->k);
    else if (run->tenants == run->k)
        printf("\nas many tenants as an insight needs (%u): each insight says that all of them have it, which is what\n"
               "membership finds; with more tenants it says less of each\n",
               run->k);
}

void audit_run_print(const struct audit_run *run, const struct audit_results *results)
{
    for (size_t i = 0; i < results->count; i++)
        print_result(&results->items[i]);
    print_rates(run, results);
    print_timings(results);
    print_counts(results);
    print_tenants(run);
    print_those(results, "\nexpected and stated: a federation run so has these\n", is_stated);
    print_those(results, "\nfailed controls\n", has_failed_control);
    print_those(results, "\nleaks found\n", is_leak);
    if (audit_is_void(results))
        printf("\nVOID: a positive control failed, so this suite could not have seen a leak everywhere it looked.\n");
}
