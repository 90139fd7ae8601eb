/* The command line of chatham-audit: one row a command, as in the client. */
#pragma once

#include "audits/audit.h"

#define AUDIT_TENANTS_MAX 64

enum audit_option {
    OPTION_SUITE = 1 << 0,
    OPTION_TRACES = 1 << 1,
    OPTION_MANIFEST = 1 << 2,
    OPTION_STATE = 1 << 3,
    OPTION_K = 1 << 4,
    OPTION_SEED = 1 << 5,
    OPTION_OUT = 1 << 6,
    OPTION_JSON = 1 << 7,
    OPTION_FAIL_ON = 1 << 8,
    OPTION_ATTACK = 1 << 9,
    OPTION_EVIDENCE = 1 << 10,
    OPTION_RUN = 1 << 11,
    OPTION_HELP = 1 << 12,
    OPTION_KEYS = 1 << 13,
    OPTION_SHARED = 1 << 14,
    OPTION_REFERENCE = 1 << 15,
    OPTION_LLM = 1 << 17,
    OPTION_MODEL = 1 << 18,
    OPTION_POLICY = 1 << 19,
    OPTION_WORK = 1 << 20,
    OPTION_JOBS = 1 << 21,
    OPTION_HTML = 1 << 22,
    OPTION_PUBLIC = 1 << 23,
    OPTION_ADAPTERS = 1 << 24,
};
struct audit_arguments {
    unsigned given;
    const char *suite, *manifest, *state, *out, *fail_on, *attack, *evidence, *run, *keys, *reference, *llm, *model,
        *policy, *work, *adapters;
    const char *traces[AUDIT_TENANTS_MAX];
    const char *shared[AUDIT_TENANTS_MAX];
    const char *publics[AUDIT_TENANTS_MAX];
    size_t trace_count, shared_count, public_count;
    uint32_t k;
    uint64_t seed;
    unsigned jobs;
    int count; /* of the words after the options */
    char **words;
};
struct audit_command {
    const char *name, *words, *summary, *help;
    unsigned options;
    enum status (*run)(const struct audit_arguments *arguments, struct why *why);
};
extern const struct audit_command audit_commands[]; /* ends with a row whose name is NULL */

enum status command_list(const struct audit_arguments *arguments, struct why *why);
enum status command_run(const struct audit_arguments *arguments, struct why *why);
enum status command_report(const struct audit_arguments *arguments, struct why *why);
enum status command_verify(const struct audit_arguments *arguments, struct why *why);
enum status command_compare(const struct audit_arguments *arguments, struct why *why);
