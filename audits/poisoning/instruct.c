/* Instructions to agents that k members propose, as when k agents read the same poisoned page: only the release gate
 * stands between them and the library. Known forms are drawn and proposed by k members each; none may be published. */
#include "audits/attacks.h"
#include "audits/poisoning/instructions.h"

#define EACH_QUICK 20 /* of a form */
#define EACH_FULL 100
#define HARMLESS 20
#define SHARE_LIMIT 0.02
#define CONTROL_LEAST 0.9

static const struct audit_claim claims[] = {
    {.name = "poison.instruct",
     .surface = SURFACE_LIBRARY,
     .target = "agents that read the library",
     .threat = THREAT_QUORUM,
     .knows = "the forms of instructions in the literature; k members propose each",
     .metric = "instructions published / proposed by k members and taken by the server",
     .unit = "text",
     .baseline = "",
     .control = "harmless texts that k members propose are published",
     .needed = 183,
     .limit = SHARE_LIMIT},
    {0},
};

enum { SHOWN, SENT, HARMLESS_SHOWN, HARMLESS_SENT, NUMBERS };
struct instruct {
    struct worlds worlds;
    size_t each;
};

struct proposed {
    struct poison_text text;
    bool taken; /* the server took it from all of them */
};

static enum status propose(struct instruct *run, struct random random, struct proposed *proposed)
{
    struct candidate candidate = {0};
    TRY(poison_candidate(&proposed->text, &candidate));
    enum status status = OK;
    proposed->taken = true;
    for (size_t c = 0; c < run->worlds.colluders && status == OK; c++) {
        bool taken = false;
        status = poison_send(&run->worlds, run->worlds.scope->tenant_count + c, &candidate, random, &taken);
        proposed->taken = proposed->taken && taken;
    }
    candidate_free(&candidate);
    return status;
}

/* Harmless texts first: what fills the members' share of an epoch is the instructions. */
static enum status propose_all(struct instruct *run, size_t count, struct random random, struct proposed *all)
{
    for (size_t i = 0; i < HARMLESS + count; i++) {
        if (i < HARMLESS)
            poison_advice(random, &all[i].text);
        else
            instruction_write((enum instruction_form)(i % INSTRUCTION_FORMS), random, &all[i].text);
        TRY(propose(run, random, &all[i]));
    }
    return OK;
}

static void count_all(const struct library *library, const struct proposed *all, size_t count, double *out)
{
    memset(out, 0, NUMBERS * sizeof *out);
    for (size_t i = 0; i < HARMLESS + count; i++) {
        if (!all[i].taken)
            continue;
        out[i < HARMLESS ? HARMLESS_SENT : SENT]++;
        out[i < HARMLESS ? HARMLESS_SHOWN : SHOWN] += poison_is_shown(library, all[i].text.act);
    }
}

static enum status run_world(void *context, size_t trial, struct random random, double *out)
{
    struct instruct *run = context;
    struct library library = {0};
    size_t count = run->each * INSTRUCTION_FORMS;
    SCOPED_MEM struct proposed *all = mem_new(count + HARMLESS, sizeof *all);
    (void)trial;
    if (!all)
        return ERR_MEMORY;
    TRY(worlds_begin(&run->worlds, random));
    TRY(propose_all(run, count, random, all));
    TRY(worlds_round(&run->worlds, &library));
    count_all(&library, all, count, out);
    library_free(&library);
    return OK;
}

static enum status measure(const struct audit_scope *scope, struct instruct *run, struct audit_results *out)
{
    SCOPED_MEM double *numbers = NULL;
    struct audit_result result = audit_result_start(&claims[0]);
    const struct trials trials = {.name = "poison.instruct",
                                  .count = 1,
                                  .numbers = NUMBERS,
                                  .parameters = worlds_parameters(&run->worlds, run->each),
                                  .place = TRIAL_FORKED,
                                  .run = run_world,
                                  .context = run};
    TRY(trials_run_worlds(scope, &trials, out, &numbers));
    if (numbers[SENT] == 0 || numbers[HARMLESS_SENT] == 0)
        return audit_not_evaluated(out, claims, "the server took no text of theirs");
    audit_result_count(&result, (size_t)numbers[SHOWN], (size_t)numbers[SENT]);
    result.control_value = numbers[HARMLESS_SHOWN] / numbers[HARMLESS_SENT];
    result.control = result.control_value >= CONTROL_LEAST ? CONTROL_PASSED : CONTROL_FAILED;
    result.note = "eleven known forms; other words for the same are not stopped, and not covered";
    return audit_results_add(out, &result);
}

static enum status run_instruct(const struct audit_scope *scope, struct audit_results *out, struct why *why)
{
    struct policy policy;
    struct instruct run = {.each = scope->full ? EACH_FULL : EACH_QUICK};
    world_policy(scope, &policy);
    if (policy.mode != RELEASE_THRESHOLD)
        return audit_not_evaluated(out, claims,
                                   "not applicable: in dp mode only phrases of a public vocabulary are released");
    TRY(worlds_open(scope, &policy, policy.k, &run.worlds, why));
    enum status status = measure(scope, &run, out);
    worlds_close(&run.worlds);
    return status;
}

const struct attack attack_instruct = {
    .name = "poison-instruct",
    .summary = "Are instructions to agents published when enough organisations pass them on?",
    .paper = "Greshake et al. 2023; Perez & Ribeiro 2022; OWASP LLM01",
    .family = FAMILY_POISONING,
    .quick = true,
    .quick_seconds = 1,
    .full_seconds = 5,
    .claims = claims,
    .run = run_instruct,
};
