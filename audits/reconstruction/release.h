/* The attacks on what rounds change in the library, with sizes of the caller's choosing: tests need fewer worlds. */
#pragma once

#include "audits/reconstruction/rounds.h"

MUST_USE enum status reconstruction_of_release(const struct audit_scope *scope, const struct rounds_sizes *sizes,
                                               struct audit_results *out, struct why *why);
MUST_USE enum status reconstruction_by_strangers(const struct audit_scope *scope, const struct rounds_sizes *sizes,
                                                 struct audit_results *out, struct why *why);
MUST_USE enum status reconstruction_of_entities(const struct audit_scope *scope, const struct rounds_sizes *sizes,
                                                struct audit_results *out, struct why *why);
MUST_USE enum status reconstruction_of_tenants(const struct audit_scope *scope, const struct rounds_sizes *sizes,
                                               struct audit_results *out, struct why *why);
