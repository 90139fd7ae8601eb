/* chatham-audit run. Hides the choice of attacks, progress on a terminal, and how a run is judged. */
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <unistd.h>

#include "audits/client_cache.h"
#include "audits/command.h"
#include "audits/suite.h"
#include "audits/world.h"
#include "base/clock.h"
#include "base/file.h"

#define POLICY_FILE_MAX (1u << 20)
#define SAMPLES "tests/samples"
static const char *const sample_tenants[] = {SAMPLES "/northwind-support", SAMPLES "/harbor-infra",
                                             SAMPLES "/lumen-data"};
#define SAMPLE_TENANTS (sizeof sample_tenants / sizeof *sample_tenants)

/* --- progress --- */

static void show_progress(void *context, const char *attack, size_t done, size_t of)
{
    const struct suite *suite = context;
    size_t count = 0;
    while (suite->chosen[count])
        count++;
    fprintf(stderr, "\r%zu of %zu  %-24s %zu of %zu, about %.0f s left\033[K", suite->at + 1, count, attack, done, of,
            suite_left(suite, clock_ticks()));
}

/* --- choice --- */

static bool is_chosen(const struct audit_arguments *arguments, const struct attack *attack)
{
    if (arguments->attack)
        return strcmp(arguments->attack, attack->name) == 0;
    return attack->quick || strcmp(arguments->suite, "full") == 0;
}

static enum status check_choice(const struct audit_arguments *arguments, struct why *why)
{
    size_t chosen = 0;
    if (strcmp(arguments->suite, "quick") != 0 && strcmp(arguments->suite, "full") != 0)
        return why_set(why, ERR_USAGE, "wants quick or full", "--suite", 0);
    if (arguments->fail_on && strcmp(arguments->fail_on, "leak") != 0)
        return why_set(why, ERR_USAGE, "wants leak", "--fail-on", 0);
    for (const struct attack *const *attack = attacks; *attack; attack++)
        chosen += is_chosen(arguments, *attack);
    return chosen ? OK : why_hint(why, ERR_USAGE, "no such attack", "--attack", "chatham-audit list names them");
}

static enum status load_policy(const struct audit_arguments *arguments, struct policy *policy, struct why *why)
{
    SCOPED_BUF struct buf text = {0}, canonical = {0}; /* as a person writes it, and as `chathamd init` takes it */
    enum status status = file_read(arguments->policy, POLICY_FILE_MAX, &text);
    if (status != OK)
        return why_set(why, status, "cannot be read", "--policy", 0);
    TRY(json_canonicalise(buf_bytes(&text), &canonical, why));
    return policy_decode(buf_bytes(&canonical), policy, why);
}

/* A policy under which no federation can be founded is said once, not by every attack. */
static enum status check_policy(const struct policy *policy, uint64_t seed, struct why *why)
{
    struct world *world = NULL;
    enum status status = world_new(policy, seed, &world, why);
    world_free(world);
    return status == ERR_POLICY ? ERR_USAGE : status; /* exit 3 says that a leak was found */
}

/* A folder in which there is nothing of a server would be searched, and nothing would be found in it. */
static enum status check_state(const char *state, struct why *why)
{
    char store[PATH_MAX];
    if (!state || (path_join(store, sizeof store, state, "federation.db") == OK && file_exists(store)))
        return OK;
    return why_hint(why, ERR_USAGE, "no state folder of a server, or not readable", "--state",
                    "name the folder that holds federation.db");
}

static enum status load(const struct audit_arguments *arguments, struct audit_scope *scope, struct why *why)
{
    bool samples = arguments->trace_count == 0;
    const char *manifest = arguments->manifest;
    if (samples && !file_exists(SAMPLES "/manifest.json"))
        return why_hint(why, ERR_USAGE, "no traces", "--traces", "give --traces DIR, once a tenant");
    TRY(check_state(arguments->state, why));
    if (samples && !manifest)
        manifest = SAMPLES "/manifest.json";
    TRY(audit_scope_load(samples ? sample_tenants : arguments->traces,
                         samples ? SAMPLE_TENANTS : arguments->trace_count, manifest, scope, why));
    if (arguments->public_count > 0) {
        enum status status = audit_scope_strangers(scope, arguments->publics, arguments->public_count, why);
        if (status != OK) {
            audit_scope_free(scope);
            return status;
        }
    }
    scope->state = arguments->state;
    scope->reference = arguments->reference;
    scope->adapters = arguments->adapters;
    scope->llm = arguments->llm;
    scope->model = arguments->model;
    scope->work = arguments->work;
    scope->jobs = arguments->jobs;
    scope->seed = arguments->seed;
    scope->k = arguments->k;
    scope->full = strcmp(arguments->suite, "full") == 0;
    return OK;
}

/* --- what comes of it --- */

static enum status write_run(const struct audit_arguments *arguments, const struct audit_run *run,
                             const struct audit_results *results, struct why *why)
{
    SCOPED_JSON struct json *json = audit_run_json(run, results);
    SCOPED_BUF struct buf text = {0};
    TRY(json_pretty(json, &text));
    buf_add_byte(&text, '\n');
    TRY(buf_status(&text));
    if (arguments->given & OPTION_JSON && fwrite(text.data, 1, text.size, stdout) != text.size)
        return why_set(why, ERR_IO, "cannot write", "standard output", 0);
    if (!arguments->out)
        return OK;
    enum status status = file_write(arguments->out, buf_bytes(&text), 0644);
    return status == OK ? OK : why_set(why, status, "cannot be written", "--out", 0);
}

/* --- the run --- */

static enum status run_attacks(const struct audit_arguments *arguments, struct audit_scope *scope,
                               struct audit_results *results, enum status *failure, struct why *why)
{
    size_t count = 0, taken = 0;
    while (attacks[count])
        count++;
    SCOPED_MEM const struct attack **chosen = mem_new(count + 1, sizeof *chosen);
    struct suite suite = {.scope = scope, .chosen = chosen};
    if (!chosen)
        return ERR_MEMORY;
    for (const struct attack *const *attack = attacks; *attack; attack++)
        if (is_chosen(arguments, *attack))
            chosen[taken++] = *attack;
    if (isatty(STDERR_FILENO)) {
        scope->progress = show_progress;
        scope->progress_context = &suite;
    }
    enum status status = suite_run(&suite, results, failure, why);
    client_cache_count(scope->clients, &results->clients, &results->client_seconds);
    if (scope->progress)
        fprintf(stderr, "\r\033[K");
    scope->progress = NULL;
    return status;
}

static struct audit_run run_of(const struct audit_arguments *arguments, const struct audit_scope *scope,
                               const struct policy *policy)
{
    struct audit_run run = {.suite = arguments->attack ? arguments->attack : arguments->suite,
                            .seed = scope->seed,
                            .k = scope->k,
                            .started = clock_seconds(clock_system()),
                            .policy = policy,
                            .tenants = scope->tenant_count,
                            .probes = scope->probe_count};
    for (size_t i = 0; i < scope->tenant_count; i++)
        run.files += scope->tenants[i].file_count;
    return run;
}

static enum status judge(const struct audit_arguments *arguments, const struct audit_results *results, struct why *why)
{
    if (!arguments->fail_on)
        return OK;
    if (audit_found_leak(results))
        return why_set(why, ERR_POLICY, "a leak was found", NULL, 0);
    return audit_is_void(results) ? why_set(why, ERR_POLICY, "a control failed: the suite is void", NULL, 0) : OK;
}

enum status command_run(const struct audit_arguments *arguments, struct why *why)
{
    struct audit_scope scope = {0};
    struct audit_results results = {0};
    struct policy policy = {0};
    enum status failure = OK;
    TRY(check_choice(arguments, why));
    if (arguments->policy)
        TRY(load_policy(arguments, &policy, why));
    TRY(load(arguments, &scope, why));
    scope.policy = arguments->policy ? &policy : NULL;
    scope.k = arguments->policy ? policy.k : arguments->k;
    world_policy(&scope, &policy);
    enum status status = check_policy(&policy, scope.seed, why);
    if (status != OK) {
        audit_scope_free(&scope);
        return status;
    }
    struct audit_run run = run_of(arguments, &scope, &policy);
    uint64_t started = clock_ticks();
    status = run_attacks(arguments, &scope, &results, &failure, why);
    run.seconds = (double)(clock_ticks() - started) / 1e6;
    if (status == OK && !(arguments->given & OPTION_JSON))
        audit_run_print(&run, &results);
    if (status == OK)
        status = write_run(arguments, &run, &results, why);
    if (status == OK)
        status = judge(arguments, &results, why);
    if (status == OK && failure != OK)
        status = why_set(why, failure, "an attack failed: its claims are not evaluated", NULL, 0);
    audit_results_free(&results);
    audit_scope_free(&scope);
    return status;
}
