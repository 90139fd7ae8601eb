/* Statements that nobody but a few tenants say, in whole rounds of mode `dp`: how many are published. */
#pragma once

#include "audits/epsilon/crowd.h"

struct alone {
    size_t published, said;
};
/* Each of at least `least` statements a world is said by `tenants` members of its own, who say nothing else. name: of
 * the trials. */
MUST_USE enum status alone_publish(const struct audit_scope *scope, const char *name, size_t tenants, size_t least,
                                   size_t worlds, struct alone *out, struct audit_results *results, struct why *why);
/* The positive control of who looks for such: as many tenants as are released with 99 % do find their statements in the
 * library. Sets the result's control. */
MUST_USE enum status alone_control(const struct audit_scope *scope, const char *name, struct audit_result *result,
                                   struct audit_results *results, struct why *why);
