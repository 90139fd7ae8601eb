/* The words of the enums of an audit, once for the terminal, the JSON and the page. */
#include "audits/audit.h"

const char *verdict_name(enum verdict verdict)
{
    static const char *const names[VERDICTS] = {"leak found", "no leak above the limit", "not evaluated",
                                                "leak expected and stated"};
    INVARIANT(verdict < VERDICTS);
    return names[verdict];
}

const char *control_name(enum control control)
{
    static const char *const names[CONTROLS] = {"none", "passed", "failed", "undecided"};
    INVARIANT(control < CONTROLS);
    return names[control];
}

const char *audit_family_name(enum audit_family family)
{
    static const char *const names[FAMILIES] = {
        [FAMILY_BOUNDARY] = "trust boundaries",
        [FAMILY_RECONSTRUCTION] = "weight reconstruction",
        [FAMILY_SPLIT] = "split learning",
        [FAMILY_OVERLAP] = "overlap",
        [FAMILY_PROMPT] = "prompt stealing",
        [FAMILY_MEMBERSHIP] = "membership",
        [FAMILY_EPSILON] = "empirical epsilon",
        [FAMILY_EXPOSURE] = "exposure",
        [FAMILY_LINKAGE] = "singling out, linkability, inference",
        [FAMILY_PHANTOM] = "phantom test",
        [FAMILY_DIFFERENCE] = "withdraw and diff",
        [FAMILY_EVASION] = "scrubber evasion",
        [FAMILY_SIDE_CHANNEL] = "side channels",
        [FAMILY_POISONING] = "poisoning",
    };
    INVARIANT(family < FAMILIES);
    return names[family];
}

const char *audit_surface_name(enum audit_surface surface)
{
    static const char *const names[SURFACES] = {
        [SURFACE_CONTRIBUTIONS] = "contributions",
        [SURFACE_FEATURES] = "noisy features",
        [SURFACE_LIBRARY] = "a library version",
        [SURFACE_DIFFERENCE] = "the difference of two library versions",
        [SURFACE_WIRE] = "messages, sizes and times on the wire",
        [SURFACE_DISK] = "database files",
        [SURFACE_LOGS] = "logs",
        [SURFACE_ANSWERS] = "a model's answers, given the library",
        [SURFACE_ADAPTER] = "a low-rank adapter",
        [SURFACE_SCRUBBED] = "scrubbed traces",
    };
    INVARIANT(surface < SURFACES);
    return names[surface];
}

const char *audit_threat_name(enum audit_threat threat)
{
    static const char *const names[THREATS] = {
        [THREAT_OUTSIDER] = "outsider with the library",
        [THREAT_TENANT] = "another tenant",
        [THREAT_COLLUDERS] = "k - 1 colluding tenants",
        [THREAT_QUORUM] = "k tenants who hold the same",
        [THREAT_CURIOUS_SERVER] = "honest-but-curious server",
        [THREAT_MALICIOUS_SERVER] = "malicious server",
        [THREAT_THIEF] = "thief of the disk",
        [THREAT_NETWORK] = "network",
        [THREAT_LOG_READER] = "reader of logs",
        [THREAT_EXTRACTOR] = "an extractor that copies",
    };
    INVARIANT(threat < THREATS);
    return names[threat];
}

const char *interval_kind_name(enum interval_kind kind)
{
    static const char *const names[INTERVAL_KINDS] = {"none",   "exact",       "normal", "resampled",
                                                      "census", "lower bound", "risk",   "rate at a rate"};
    INVARIANT(kind < INTERVAL_KINDS);
    return names[kind];
}

const char *plot_kind_name(enum plot_kind kind)
{
    static const char *const names[PLOT_KINDS] = {"none", "roc", "frontier"};
    INVARIANT(kind < PLOT_KINDS);
    return names[kind];
}
