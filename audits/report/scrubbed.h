/* What members' scrubbers replaced, type by type, for the report: counts that `chatham share --json` says on the device
 * and that the member gave for the page. No value is among them. */
#pragma once

#include "base/json.h"
#include "redaction/redaction.h"

#define SCRUBBED_FILE_MAX (64u << 20)

struct scrubbed {
    size_t reports; /* how many were added; 0: nothing is said on the page */
    uint64_t traces, types[REDACT_TYPES];
};
/* Add what one `chatham share --json` wrote. ERR_INPUT if it is not that. */
MUST_USE enum status scrubbed_add(struct bytes share, struct scrubbed *to, struct why *why);
struct json *scrubbed_json(const struct scrubbed *scrubbed);
