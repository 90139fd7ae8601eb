/* The run of a suite. Hides that a part is gathered by itself first: only a whole attack is kept or added. */
#include "audits/suite.h"

#include <math.h>
#include <stdio.h>

#include "audits/kept.h"
#include "base/clock.h"

#define UNKNOWN_SECONDS 10 /* of an attack whose row does not say */
#define TRUST_SECONDS 10   /* so much is believed of the rows before the machine's own speed shows */

/* --- the time left --- */

static double expected_of(const struct suite *suite, const struct attack *attack)
{
    double seconds = suite->scope->full ? attack->full_seconds : attack->quick_seconds;
    return seconds > 0 ? seconds : UNKNOWN_SECONDS;
}

double suite_left(const struct suite *suite, uint64_t now)
{
    double slower = (suite->taken + TRUST_SECONDS) / (suite->expected + TRUST_SECONDS), later = 0;
    if (!suite->chosen[suite->at])
        return 0;
    double running = (double)(now - suite->attack_started) / 1e6;
    for (size_t i = suite->at + 1; suite->chosen[i]; i++)
        later += expected_of(suite, suite->chosen[i]);
    return slower * later + fmax(0, slower * expected_of(suite, suite->chosen[suite->at]) - running);
}

/* --- one attack --- */

static enum status add_timing(struct audit_results *results, const struct audit_timing *timing)
{
    struct audit_timing *grown =
        mem_grow(results->timings, results->timing_count, results->timing_count + 1, sizeof *grown);
    if (!grown)
        return ERR_MEMORY;
    results->timings = grown;
    results->timings[results->timing_count++] = *timing;
    return OK;
}

/* What a failed attack still owes is not evaluated, and says why. One that the federation's policy leaves no room for
 * did not fail. */
static enum status owe(const struct attack *attack, enum status failed, const struct why *why,
                       struct audit_results *part)
{
    char line[512], note[600];
    why_print(why, failed, attack->name, line, sizeof line);
    snprintf(note, sizeof note, "%s: %s", failed == ERR_POLICY ? "the policy does not allow it" : "the attack failed",
             line);
    const char *text = audit_results_text(part, note);
    return text ? audit_not_evaluated(part, attack->claims, text) : ERR_MEMORY;
}

static enum status run_attack(struct suite *suite, const struct audit_scope *scope, const struct attack *attack,
                              struct audit_results *part)
{
    struct why why = {0};
    struct audit_timing timing = {.attack = attack};
    suite->attack_started = clock_ticks();
    audit_progress(scope, attack->name, 0, 1);
    timing.status = attack->run(scope, part, &why);
    if (timing.status != OK)
        TRY(owe(attack, timing.status, &why, part));
    TRY(audit_not_evaluated(part, attack->claims, "the attack says nothing of it"));
    if (timing.status == ERR_POLICY)
        timing.status = OK;
    timing.seconds = (double)(clock_ticks() - suite->attack_started) / 1e6;
    suite->expected += expected_of(suite, attack);
    suite->taken += timing.seconds;
    return add_timing(part, &timing);
}

/* Texts are taken over, not copied: results and plots point at them. */
static enum status take_texts(struct audit_results *results, struct audit_results *part)
{
    size_t all = results->text_count + part->text_count;
    char **grown = mem_grow(results->texts, results->text_count, all + 1, sizeof *grown);
    if (!grown)
        return ERR_MEMORY;
    results->texts = grown;
    for (size_t i = 0; i < part->text_count; i++)
        results->texts[results->text_count++] = part->texts[i];
    part->text_count = 0;
    return OK;
}

/* Moves the part behind what is there. */
static enum status take_part(struct audit_results *results, struct audit_results *part)
{
    TRY(take_texts(results, part));
    for (size_t i = 0; i < part->count; i++) {
        struct audit_result result = part->items[i];
        part->items[i].plot.rows = NULL;
        TRY(audit_results_add(results, &result));
    }
    for (size_t i = 0; i < part->timing_count; i++)
        TRY(add_timing(results, &part->timings[i]));
    results->worlds += part->worlds;
    results->world_seconds += part->world_seconds;
    return OK;
}

static enum status run_or_read(struct suite *suite, const struct audit_scope *scope, const struct attack *attack,
                               struct audit_results *part)
{
    enum status status = kept_read(scope->kept, attack, part);
    if (status != ERR_NOT_FOUND)
        return status;
    TRY(run_attack(suite, scope, attack, part));
    return part->timings[0].status == OK ? kept_write(scope->kept, part) : OK;
}

/* --- all --- */

enum status suite_run(struct suite *suite, struct audit_results *results, enum status *first_failure, struct why *why)
{
    struct kept kept;
    struct audit_scope scope = *suite->scope;
    *first_failure = OK;
    enum status status = scope.work ? kept_start(&scope, &kept) : OK;
    scope.kept = scope.work ? &kept : NULL;
    for (suite->at = 0; status == OK && suite->chosen[suite->at]; suite->at++) {
        struct audit_results part = {0};
        status = run_or_read(suite, &scope, suite->chosen[suite->at], &part);
        if (status == OK)
            status = take_part(results, &part);
        if (status == OK && *first_failure == OK)
            *first_failure = part.timings[0].status;
        audit_results_free(&part);
    }
    if (status != OK)
        return why_set(why, status, "the suite stopped", scope.work ? "--work" : NULL, 0);
    return audit_results_judge(results);
}
