/* The report: one page for people, the same as JSON, and the offline check of an evidence bundle.
 *
 * `evidence` is a signed bundle (protocol/evidence.h); it is checked first, and nothing is made from one that does not
 * hold. `run` is the JSON of `chatham-audit run` (docs/audits.md); empty: the audit that the bundle embeds, or "no
 * audit was run". A run that claims a pass which its own numbers do not give is refused. `scrubbed`: what devices said
 * that they replaced; NULL for none. */
#pragma once

#include "audits/report/scrubbed.h"
#include "base/hash.h"

MUST_USE enum status report_render(struct bytes evidence, struct bytes run, const struct scrubbed *scrubbed,
                                   struct buf *html, struct why *why);
MUST_USE enum status report_json(struct bytes evidence, struct bytes run, const struct scrubbed *scrubbed,
                                 struct buf *json, struct why *why);
/* Human lines of what was checked. ERR_DENIED with the reason if something does not verify. Without an expected
 * federation the bundle only proves that it belongs together: the lines give the keys to compare. */
MUST_USE enum status report_verify(struct bytes evidence, struct buf *summary, struct why *why);
/* The same, and the federation must have these keys (federation_keys_hash): ERR_DENIED otherwise. */
MUST_USE enum status report_verify_expected(struct bytes evidence, const uint8_t keys_hash[static HASH_BYTES],
                                            struct buf *summary, struct why *why);
