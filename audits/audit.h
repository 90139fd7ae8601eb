/* The audit harness: what an attack is, what it reports, and the table of attacks.
 *
 * An attack runs against a target with an adversary's knowledge and gives one or more results. A result is a measured
 * value with an interval, a baseline and the outcome of a positive control; its verdict follows from those by rules
 * written once (verdict_of), never by the attack's opinion. What could not run is *not evaluated*, never safe; a suite
 * in which a positive control failed is void and says so. */
#pragma once

#include "base/json.h"
#include "base/random.h"
#include "redaction/redaction.h"

enum verdict { VERDICT_LEAK, VERDICT_NO_LEAK_ABOVE, VERDICT_NOT_EVALUATED, VERDICT_EXPECTED, VERDICTS };
/* "leak found", "no leak above the limit", "not evaluated", "leak expected and stated" */
const char *verdict_name(enum verdict verdict);

enum control { CONTROL_NONE, CONTROL_PASSED, CONTROL_FAILED, CONTROLS };
const char *control_name(enum control control); /* "none", "passed", "failed" */

struct audit_result {
    const char *attack;      /* "probes.sent" */
    const char *target;      /* "bytes sent by a client" */
    const char *adversary;   /* "honest-but-curious server" */
    const char *metric;      /* "probes found / planted" */
    const char *unit;        /* "probe", "pair", "world" */
    size_t samples;          /* 0: nothing was measured */
    double value, low, high; /* point estimate and 95 % interval */
    double baseline;         /* the same metric where nothing can leak; NAN when there is none */
    double p;                /* that chance alone gives as much; NAN when there is no such test */
    double limit;            /* a pass is: high <= limit */
    double tolerated;        /* a leak is: low > tolerated, which is at most limit */
    bool expected;           /* the design says that this attack succeeds; a leak is then VERDICT_EXPECTED */
    enum control control;    /* positive control */
    double control_value;    /* NAN when there was none */
    enum verdict verdict;    /* of verdict_of; audit_results_add sets it */
    const char *note;        /* static: what the number means, or why it was not evaluated */
    size_t points;           /* of a curve (ROC: x, y pairs), for plots */
    double *curve;           /* owned; 2 * points */
};
/* A failed or missing control, no samples, or an interval that reaches over the limit without lying above what is
 * tolerated: not evaluated. */
enum verdict verdict_of(const struct audit_result *result);
/* Nothing measured yet: baseline, p and control_value are NAN. */
struct audit_result audit_result_start(const char *attack);
/* Its interval for `hits` of `samples` independent trials: exact (Clopper-Pearson), 95 %. */
void audit_result_count(struct audit_result *result, size_t hits, size_t samples);
/* The same where nothing was sampled because everything there is was looked at: the interval is the value. */
void audit_result_census(struct audit_result *result, size_t hits, size_t all);

struct audit_results {
    size_t count, room;
    struct audit_result *items; /* owned */
    size_t worlds;              /* whole federations that were run, and in how many seconds */
    double world_seconds;
};
void audit_results_free(struct audit_results *results);
/* Count worlds that were run since `started` (clock_ticks). */
void audit_results_worlds(struct audit_results *results, size_t worlds, uint64_t started);
/* Copies *take, with its curve, and judges it; on failure the curve is freed. */
MUST_USE enum status audit_results_add(struct audit_results *results, const struct audit_result *take);
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
    const char *state; /* a server's state folder to scan, or NULL */
    uint64_t seed;
    uint32_t k;
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
    bool quick;          /* part of the quick suite */
    enum status (*run)(const struct audit_scope *scope, struct audit_results *out, struct why *why);
};
extern const struct attack attacks[]; /* ends with a row whose name is NULL */

enum status attack_probes(const struct audit_scope *scope, struct audit_results *out, struct why *why);
enum status attack_rescan(const struct audit_scope *scope, struct audit_results *out, struct why *why);
enum status attack_at_rest(const struct audit_scope *scope, struct audit_results *out, struct why *why);
enum status attack_isolation(const struct audit_scope *scope, struct audit_results *out, struct why *why);
enum status attack_overlap(const struct audit_scope *scope, struct audit_results *out, struct why *why);
enum status attack_membership(const struct audit_scope *scope, struct audit_results *out, struct why *why);

struct audit_run {
    const char *suite; /* "quick", "full" or an attack's name */
    uint64_t seed;
    uint32_t k;
    int64_t started; /* seconds */
    double seconds;
};
/* JSON of a run:
 *   {"k":2,"results":[..],"seconds":61.2,"seed":1,"started":"2026-11-23T20:29:04Z","suite":"quick","v":1,"void":false,
 *    "worlds":412,"worlds_per_minute":1030.5}
 * A result: {"adversary","baseline":number|null,"control":"passed"|"failed"|"none","control_value":number|null,
 *   "curve":[[x,y],..],"interval":[low,high],"limit","metric","name":"probes.sent","note","p":number|null,"samples",
 *   "target","unit","value","verdict":"leak found"|"no leak above the limit"|"not evaluated"|"leak expected and
 * stated"} value and interval are null when there are no samples. NULL: out of memory. */
struct json *audit_run_json(const struct audit_run *run, const struct audit_results *results);
/* The array "results" of it. */
struct json *audit_results_json(const struct audit_results *results);
