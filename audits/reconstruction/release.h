/* The attack on what rounds change in the library, with sizes of the caller's choosing: tests need fewer worlds. */
#pragma once

#include "audits/audit.h"

struct release_sizes {
    size_t learning, choosing, counted; /* worlds that teach, that choose the strongest method, that are counted */
};
MUST_USE enum status reconstruction_of_release(const struct audit_scope *scope, const struct release_sizes *sizes,
                                               struct audit_results *out, struct why *why);
