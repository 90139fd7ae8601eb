/* Known answers at start: every algorithm that keys depend on, in well under 50 ms. ERR_BUG names the one that failed.
 */
#pragma once

#include "base/status.h"

MUST_USE enum status crypto_selftest(struct why *why);
