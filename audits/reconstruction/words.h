/* Free inversion of adapters (words.c) with as many texts as the caller chooses: tests need fewer. */
#pragma once

#include "audits/audit.h"

/* trials: 2 or more; those over what the attack takes are left out. */
MUST_USE enum status words_of_adapters(const struct audit_scope *scope, size_t trials, struct audit_results *out,
                                       struct why *why);
