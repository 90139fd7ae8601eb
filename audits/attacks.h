/* Every attack's row lives in its own file, beside its claims; attacks.c lists them in the order of a run. */
#pragma once

#include "audits/audit.h"

extern const struct attack attack_probes, attack_rescan, attack_at_rest, attack_isolation;   /* boundary/ */
extern const struct attack attack_overlap, attack_planted, attack_fot;                       /* overlap/ */
extern const struct attack attack_prompts, attack_prompts_model;                             /* prompts/ */
extern const struct attack attack_membership;                                                /* membership/ */
extern const struct attack attack_exposure;                                                  /* exposure/ */
extern const struct attack attack_epsilon_answers, attack_epsilon_release, attack_selection; /* epsilon/ */
extern const struct attack attack_epsilon_survey;                                            /* epsilon/ */
extern const struct attack attack_linkage, attack_names, attack_rounds, attack_phantom;      /* linkage/ */
extern const struct attack attack_linkage_dp, attack_difference_dp;                          /* linkage/, difference/ */
extern const struct attack attack_difference;                                                /* difference/ */
extern const struct attack attack_publish, attack_instruct, attack_suppress, attack_loop;    /* poisoning/ */
extern const struct attack attack_publish_dp, attack_suppress_dp;                            /* poisoning/ */
extern const struct attack attack_reconstruction, attack_adapter;                            /* reconstruction/ */
extern const struct attack attack_public, attack_entities, attack_bringer;                   /* reconstruction/ */
extern const struct attack attack_adapter_files, attack_adapter_words;                       /* reconstruction/ */
extern const struct attack attack_split_survey, attack_split_features, attack_split_hijack;  /* split/ */
extern const struct attack attack_split_surrogate, attack_split_defences;                    /* split/ */
extern const struct attack attack_split_network, attack_split_wire;                          /* split/ */
extern const struct attack attack_comparison, attack_sizes, attack_errors;                   /* channel/ */
extern const struct attack attack_admission, attack_search, attack_metrics;                  /* channel/ */
extern const struct attack attack_evasion;                                                   /* evasion/ */
