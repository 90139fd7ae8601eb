/* The attack on insights that k members share, on as many of them as the caller chooses: tests need fewer. */
#pragma once

#include "audits/poisoning/poison.h"

/* Up to `most` insights, drawn evenly where there are more: only if all of them were tried is the result a census. */
MUST_USE enum status suppress_insights(const struct audit_scope *scope, size_t most, struct audit_results *out,
                                       struct why *why);
