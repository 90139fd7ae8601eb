/* The audit harness: what an attack claims, what it measured, and how a verdict follows.
 *
 * A claim is a row that is written before anything is measured: what is attacked, by whom, with what knowledge, how the
 * outcome is measured, against which baseline, and what a pass is. A result is what an attack measured for one claim.
 * Its verdict follows by rules written once (verdict_of, audit_results_judge), never by the attack's opinion. What
 * could not run is *not evaluated*, never safe; a suite in which a positive control failed is void and says so. */
#pragma once

#include "base/json.h"
#include "base/random.h"
#include "protocol/policy.h"
#include "redaction/redaction.h"

enum verdict { VERDICT_LEAK, VERDICT_NO_LEAK_ABOVE, VERDICT_NOT_EVALUATED, VERDICT_EXPECTED, VERDICTS };
/* "leak found", "no leak above the limit", "not evaluated", "leak expected and stated" */
const char *verdict_name(enum verdict verdict);

enum control {
    CONTROL_NONE,
    CONTROL_PASSED,
    CONTROL_FAILED,    /* the search is blind where there is something to find: the suite is void */
    CONTROL_UNDECIDED, /* too little was there to tell: the result is not evaluated, the suite stands */
    CONTROLS
};
const char *control_name(enum control control); /* "none", "passed", "failed", "undecided" */

/* --- claims --- */

enum audit_family {
    FAMILY_BOUNDARY,
    FAMILY_RECONSTRUCTION,
    FAMILY_SPLIT,
    FAMILY_OVERLAP,
    FAMILY_PROMPT,
    FAMILY_MEMBERSHIP,
    FAMILY_EPSILON,
    FAMILY_EXPOSURE,
    FAMILY_LINKAGE, /* singling out, linkability, inference */
    FAMILY_PHANTOM,
    FAMILY_DIFFERENCE,
    FAMILY_EVASION,
    FAMILY_SIDE_CHANNEL,
    FAMILY_POISONING,
    FAMILIES
};
const char *audit_family_name(enum audit_family family); /* "weight reconstruction" */

enum audit_surface { /* what crosses a trust boundary */
                     SURFACE_CONTRIBUTIONS,
                     SURFACE_FEATURES, /* noisy features and votes */
                     SURFACE_LIBRARY,
                     SURFACE_DIFFERENCE, /* of two library versions */
                     SURFACE_WIRE,       /* envelopes, receipts, sizes, times */
                     SURFACE_DISK,
                     SURFACE_LOGS,
                     SURFACE_ANSWERS, /* a model's, given the library */
                     SURFACE_ADAPTER, /* a LoRA or another low-rank adapter */
                     SURFACE_SCRUBBED,
                     SURFACES
};
const char *audit_surface_name(enum audit_surface surface);

enum audit_threat {
    THREAT_OUTSIDER, /* with the library */
    THREAT_TENANT,   /* another one */
    THREAT_COLLUDERS,
    THREAT_QUORUM,
    THREAT_CURIOUS_SERVER,
    THREAT_MALICIOUS_SERVER,
    THREAT_THIEF, /* of the disk */
    THREAT_NETWORK,
    THREAT_LOG_READER,
    THREAT_EXTRACTOR, /* one that copies instead of rendering */
    THREATS
};
const char *audit_threat_name(enum audit_threat threat); /* "another tenant" */

struct audit_claim {
    const char *name; /* "membership.task.average" */
    enum audit_surface surface;
    const char *target; /* "the published library" */
    enum audit_threat threat;
    const char *knows;    /* what the attacker knows */
    const char *metric;   /* "probes found / planted" */
    const char *unit;     /* "probe", "pair", "world" */
    const char *baseline; /* in words, or "" */
    const char *control;  /* the positive control, in words */
    size_t needed;        /* units with which a pass can be shown where nothing leaks; 0: it turns on the traces */
    double limit;         /* a pass is: high <= limit */
    double tolerated;     /* a leak is: low > tolerated, which is at most limit */
    bool expected;        /* the design says that this attack succeeds; a leak is then VERDICT_EXPECTED */
};

/* --- results --- */

enum interval_kind {
    INTERVAL_NONE,
    INTERVAL_EXACT,     /* hits of independent samples: Clopper and Pearson */
    INTERVAL_NORMAL,    /* value and standard error */
    INTERVAL_RESAMPLED, /* bootstrap over clusters */
    INTERVAL_CENSUS,    /* everything there is was looked at */
    /* low is a lower bound by the attack's own test (of an epsilon), at 97.5 %; high says nothing. `p` is the chance of
     * as much if no more leaked than is tolerated, which the suite's correction takes. */
    INTERVAL_BOUND,
    INTERVAL_RISK, /* of members over the held-out, from two exact rates (audits/statistics/risk.h) */
    INTERVAL_RATE, /* of members at a rate of the others, both exact (stat_tpr_at); `p` as of INTERVAL_BOUND */
    INTERVAL_KINDS
};
const char *interval_kind_name(enum interval_kind kind); /* "exact" */

enum plot_kind { PLOT_NONE, PLOT_ROC, PLOT_FRONTIER, PLOT_KINDS };
const char *plot_kind_name(enum plot_kind kind);
struct audit_plot {
    enum plot_kind kind;
    const char *x, *y; /* static: the axes' names with units */
    size_t points;
    double *rows; /* owned; 4 * points: x, y, and y's lower and upper band (NAN, NAN: none) */
};

struct audit_result {
    const struct audit_claim *claim;
    double limit, tolerated; /* the claim's, unless they turn on the policy (an epsilon) */
    size_t samples;          /* 0: nothing was measured */
    enum interval_kind kind;
    size_t hits;             /* INTERVAL_EXACT; INTERVAL_RISK: on members */
    size_t held_out;         /* INTERVAL_RISK: hits on those whose data was not used */
    double value, low, high; /* point estimate and 95 % interval */
    double baseline;         /* the same metric where nothing can leak; NAN when there is none */
    double p;                /* that chance alone gives as much as the baseline says; NAN: no such test; INTERVAL_BOUND,
                                INTERVAL_RATE: that no more than is tolerated does */
    enum control control;    /* positive control */
    double control_value;    /* NAN when there was none */
    const char *note;        /* static: what the number means, or why it was not evaluated */
    struct audit_plot plot;
    /* Set by audit_results_add; the first by the attack itself where the kind is INTERVAL_BOUND or INTERVAL_RATE: */
    double detects; /* power: the smallest value over what is tolerated that so many samples show, NAN: unknown */
    double p_leak;  /* one-sided, of "no more than is tolerated"; NAN when nothing was measured */
    /* Set by audit_results_judge, over the suite: */
    double p_adjusted;        /* Holm */
    double all_low, all_high; /* interval that holds at 95 % for all results at once (Bonferroni); NAN: none, of what
                                 was not measured or is expected, and of kinds whose test is the attack's own */
    enum verdict verdict;
};
/* A failed or missing control, no samples, or an interval that reaches over the limit without lying above what is
 * tolerated: not evaluated. */
enum verdict verdict_of(const struct audit_result *result);
/* Nothing measured yet: baseline, p and control_value are NAN, limits the claim's. */
struct audit_result audit_result_start(const struct audit_claim *claim);
/* Its interval for `hits` of `samples` independent trials: exact (Clopper-Pearson), 95 %. */
void audit_result_count(struct audit_result *result, size_t hits, size_t samples);
/* The same where nothing was sampled because everything there is was looked at: the interval is the value. */
void audit_result_census(struct audit_result *result, size_t hits, size_t all);
/* The risk that `hits` attacks on members among `samples` succeed, beyond `held_out` of as many on those whose data was
 * not used. */
void audit_result_risk(struct audit_result *result, size_t hits, size_t held_out, size_t samples);
/* An estimate that is near normal, with its standard error; low and high may be clipped by the caller. */
void audit_result_normal(struct audit_result *result, double value, double error, size_t samples);
/* The positive control of a result, by what it found and the 95 % interval of that: passed where it lies above `least`,
 * failed where it lies at or under it, undecided where it reaches over it. */
void audit_result_control(struct audit_result *result, double value, double low, double high, double least);
/* There are samples, a finite value and an interval. */
bool audit_is_measured(const struct audit_result *result);
/* Power: the smallest value that so many samples show to be above `tolerated`. Of counts, and of risks with the
 * held-out as it was seen: the rate that gives a leak in 95 % of runs; the fewest hits whose interval lies above what
 * is tolerated decide, so where nothing is tolerated it is what no hit rules out. Of estimates that are near normal:
 * with 80 %; of a lower bound and of a rate at a rate it is what the attack says. NAN where that cannot be said, or
 * where not even all hits show it. */
double audit_result_detects(const struct audit_result *result);
double audit_result_p_leak(const struct audit_result *result);

struct audit_timing { /* an attack that was run, or taken from the work folder */
    const struct attack *attack;
    double seconds; /* then, if it was kept */
    bool kept;
    enum status status; /* of an attack that failed; what it gave no result for is not evaluated */
};
struct audit_results {
    size_t count, room;
    struct audit_result *items; /* owned */
    size_t timing_count;
    struct audit_timing *timings; /* owned; in the order of the run */
    size_t text_count;
    char **texts;  /* owned: notes that are no static text */
    size_t worlds; /* whole federations that were run, and in how many seconds */
    double world_seconds;
    size_t clients; /* client halves that were prepared (the others were cached), and in how many seconds */
    double client_seconds;
};
void audit_results_free(struct audit_results *results);
/* A copy of text that lives as long as the results, for a note that is made; NULL: out of memory. */
const char *audit_results_text(struct audit_results *results, const char *text);
/* Count worlds that were run since `started` (clock_ticks). */
void audit_results_worlds(struct audit_results *results, size_t worlds, uint64_t started);
/* Copies *take, with its plot, and judges it by itself; on failure the plot is freed. */
MUST_USE enum status audit_results_add(struct audit_results *results, const struct audit_result *take);
/* Over the suite: a leak that is one by its own interval alone, and not after Holm's correction (family-wise 5 %, two
 * sides) for all that was measured, is not evaluated: it is neither found nor excluded. Passes stand each for itself;
 * the interval that holds for all at once is beside them. */
MUST_USE enum status audit_results_judge(struct audit_results *results);
bool audit_is_void(const struct audit_results *results); /* a positive control failed */
bool audit_found_leak(const struct audit_results *results);

/* What attacks work on. Every attack can run alone on it. */
struct audit_tenant {
    char *name; /* owned: the folder's name */
    size_t file_count, file_room;
    struct buf *files; /* raw trace files, owned */
    char **file_names; /* owned */
};
struct audit_probe { /* a value planted in a trace, that must never leave */
    char *value;     /* owned, six characters or more */
    char *type;      /* owned: redact type name or "CUSTOM" */
    size_t tenant;
};
struct audit_scope {
    size_t tenant_count;
    struct audit_tenant *tenants;
    size_t probe_count;
    struct audit_probe *probes;
    struct audit_scope
        *strangers;          /* owned: tenants of nobody here, whose traces an adversary may learn from; or NULL */
    const char *state;       /* a server's state folder to scan, or NULL */
    const char *reference;   /* a folder of FoT's own files (problem_*.json, encyclopedia.txt), or NULL */
    const char *adapters;    /* a folder of adapters that others trained (reconstruction/foreign.h), or NULL */
    const char *llm, *model; /* an OpenAI-compatible endpoint for the attacks that can use one, or NULL */
    const char *work;        /* a folder where results and trials are kept, so that a run that was stopped goes on,
                                or NULL */
    const struct kept *kept; /* borrowed: that folder with its key (audits/kept.h), which a suite sets; NULL: nothing
                                is kept */
    const struct policy *policy;  /* borrowed; NULL: the default with k */
    struct client_cache *clients; /* owned: client halves that were prepared; NULL: none is kept */
    uint64_t seed;
    uint32_t k;
    unsigned jobs; /* processes; 0: one a core */
    bool full;
    void (*progress)(void *context, const char *attack, size_t done, size_t of);
    void *progress_context;
};
#define AUDIT_PROBE_LEAST 6 /* bytes of a value: shorter ones occur by chance */
#define AUDIT_PROBES_MAX 100000
#define AUDIT_MANIFEST_MAX (16u << 20)
/* Load tenants from folders (one a tenant, named after it) and a manifest of probes (NULL: none):
 *   {"probes":[{"file","organisation","type","value"},..],"v":1}
 * Probes of organisations that are not loaded are passed over. ERR_INPUT names the place in the manifest. */
MUST_USE enum status audit_scope_load(const char *const *folders, size_t count, const char *manifest,
                                      struct audit_scope *scope, struct why *why);
/* Folders of public traces, as scope->strangers. */
MUST_USE enum status audit_scope_strangers(struct audit_scope *scope, const char *const *folders, size_t count,
                                           struct why *why);
/* Parts of the above, for scopes made in memory: the content of a manifest; a tenant; a file of it; a probe. */
MUST_USE enum status audit_scope_manifest(struct audit_scope *scope, struct bytes manifest, struct why *why);
MUST_USE enum status audit_scope_tenant(struct audit_scope *scope, const char *name);
MUST_USE enum status audit_scope_file(struct audit_scope *scope, size_t tenant, const char *name, struct bytes content);
MUST_USE enum status audit_scope_probe(struct audit_scope *scope, size_t tenant, const char *type, struct bytes value);
void audit_scope_free(struct audit_scope *scope);
void audit_progress(const struct audit_scope *scope, const char *attack, size_t done, size_t of);

struct attack {
    const char *name;
    const char *summary; /* one sentence for a non-specialist */
    const char *paper;   /* source of the attack, or "" */
    enum audit_family family;
    bool quick;                         /* part of the quick suite */
    double quick_seconds, full_seconds; /* about, on two cores and the demo's data: for the time left; 0: unknown */
    const struct audit_claim *claims;   /* all that it can give a result for; ends with a row whose name is NULL */
    enum status (*run)(const struct audit_scope *scope, struct audit_results *out, struct why *why);
};
extern const struct attack *const attacks[]; /* attacks.c; ends with NULL */
/* The attack whose claim that is; NULL: none of the table. */
const struct attack *audit_attack_of(const struct audit_claim *claim);
/* The row of that name among `claims`; a name that is not there is a bug. */
const struct audit_claim *audit_claim_named(const struct audit_claim *claims, const char *name);
bool audit_has_result(const struct audit_results *results, const struct audit_claim *claim);
/* A result for every claim that has none, all with this note: for an attack that cannot run on this scope. */
MUST_USE enum status audit_not_evaluated(struct audit_results *results, const struct audit_claim *claims,
                                         const char *note);

struct audit_run {
    const char *suite; /* "quick", "full" or an attack's name */
    uint64_t seed;
    uint32_t k;
    int64_t started; /* seconds */
    double seconds;
    const struct policy *policy;   /* borrowed; that the worlds ran under, or NULL */
    size_t tenants, files, probes; /* of the scope */
};
/* As text, to standard output: every result, then what to read first. */
void audit_run_print(const struct audit_run *run, const struct audit_results *results);
/* JSON of a run, docs/audit-run.schema.json. Objects of ours only ever grow. NULL: out of memory. */
struct json *audit_run_json(const struct audit_run *run, const struct audit_results *results);
/* The words of a claim, as they stand in a result. */
struct json *audit_claim_json(const struct audit_claim *claim);
/* The array "results" of it, from the result numbered `first` on. */
struct json *audit_results_json(const struct audit_results *results, size_t first);
