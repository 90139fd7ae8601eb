/* Room-internal: parts of attacks that their tests feed with seeded leaks. */
#pragma once

#include "audits/world.h"

extern const struct audit_claim rescan_claim[];
/* Count and judge one library: by the detectors, and by the check of the release gate. */
MUST_USE enum status rescan_library(const struct library *library, struct audit_result *result, struct why *why);
MUST_USE enum status rescan_gate(const struct library *library, struct audit_result *result, struct why *why);
