/* A policy's own patterns, compiled: what they find, and what they let pass. Immutable, shared by threads. Every
 * pattern is a Vectorscan expression, so that none can be slow: time is linear in the text whatever is written. */
#pragma once

#include "redaction/detect.h"
#include "redaction/policy.h"

struct custom;
/* The policy must outlive it. *out is NULL if the policy has no patterns. ERR_INPUT: what is wrong with a pattern,
 * which one, and where in it as far as that is known. */
MUST_USE enum status custom_new(const struct redact_policy *policy, struct custom **out, struct why *why);
void custom_free(struct custom *custom);
/* Report all matches in scan->text; nothing if custom is NULL. Matches of one pattern that overlap are one. */
void custom_scan(const struct custom *custom, struct scan *scan);
/* Whether one of the allowed patterns matches all of value. */
bool custom_allows(const struct custom *custom, struct bytes value);
