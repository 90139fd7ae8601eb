/* The report: one page for people, the same as JSON, and the offline check of an evidence bundle.
 *
 * `evidence` is a signed bundle (protocol/evidence.h), `run` the JSON of `chatham-audit run` (docs/audits.md); it may be empty:
 * "no audit was run". */
#pragma once

#include "base/bytes.h"

MUST_USE enum status report_render(struct bytes evidence, struct bytes run, struct buf *html, struct why *why);
MUST_USE enum status report_json(struct bytes evidence, struct bytes run, struct buf *json, struct why *why);
/* Human lines of what was checked. ERR_DENIED with the reason if something does not verify. */
MUST_USE enum status report_verify(struct bytes evidence, struct buf *summary, struct why *why);
