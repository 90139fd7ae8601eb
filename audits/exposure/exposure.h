/* The attack on exposure with so many secrets of each place. Room-internal. */
#pragma once

#include "audits/audit.h"

MUST_USE enum status exposure_attack(const struct audit_scope *scope, size_t secrets, struct audit_results *out,
                                     struct why *why);
