/* Prompts whose parameters are known, for guessing at them where a scope's own prompts have none (Sha & Zhang 2024,
 * arXiv 2402.12959, who make theirs with a language model): role-based ones of eight roles, and in-context ones of two
 * to seven examples; each with the run of an agent that was told so. */
#pragma once

#include "audits/audit.h"

#define MADE_TENANTS 4
#define MADE_TASKS_QUICK 120 /* of each tenant, half of either kind */
#define MADE_TASKS_FULL 240
#define MADE_ROLES 8
#define MADE_EXAMPLES_LEAST 2
#define MADE_EXAMPLES_MOST 7

/* Tenants of made-up runs in *out, which is freed by the caller; the seed, k and policy are `scope`'s. All agents have
 * the same tools. One with a role asks for, and speaks of, what its role is about; of one with examples the more there
 * are, the fewer tries fail, and its answer has the examples' form. */
MUST_USE enum status made_prompts(const struct audit_scope *scope, struct audit_scope *out);
