/* The federation policy: what a client may send and a federation may release. Canonical JSON, versioned, hashed
 * (SHA-256 of the canonical bytes), bound into every envelope. Optional fields are absent when they are 0. A client
 * takes a policy as strict as its own or stricter; a laxer one needs a person (chatham enroll/pull --accept-policy). */
#pragma once

#include "base/hash.h"
#include "base/json.h"
#include "dp/floor.h"

#define POLICY_BUDGET_DELTA_PICO 1000000 /* 1e-6 */

enum release_mode { RELEASE_THRESHOLD, RELEASE_DP };

struct policy {
    uint32_t version; /* number of this policy, from 1 */
    char name[64];
    bool allow_text, allow_noised; /* contribution classes */
    enum release_mode mode;
    uint32_t k;                 /* tenants an insight and each of its phrases needs; 2..1000, 3 by default */
    uint32_t min_tasks;         /* distinct tasks an insight needs; 1.. */
    uint32_t max_candidates;    /* per contribution, <= CONTRIBUTION_CANDIDATES_MAX */
    uint32_t max_record_bytes;  /* of a contribution's record */
    uint32_t max_contributions; /* per tenant and epoch */
    uint32_t cosigners; /* tenants that must have cosigned a library's checkpoint before a client takes it; 0: none */
    uint32_t rate_per_minute; /* contributions and withdrawals, per tenant; 0: no limit */
    uint32_t overlap_tokens;  /* longest run of content tokens that may be shared with a prompt: 3 means 4 is refused */
    uint32_t round_seconds;   /* interval of scheduled rounds; 0: by command only */
    uint32_t near_milli, related_milli; /* FoT's two thresholds on cosine similarity, thousandths: 850 and 400 */
    uint64_t noise_epsilon_max_micro;   /* floor of noise: a record's declared ε may not exceed it */
    uint32_t noise_floor_choice,
        noise_floor_count;         /* least noise-to-signal ratios of a survey's answer (dp/floor.h), in
                                      thousandths; 0: the floor that is built in. They only raise it */
    uint64_t budget_epsilon_micro; /* lifetime cap of the ledger */
    uint64_t budget_delta_pico;    /* its δ, 1e-12; 0: POLICY_BUDGET_DELTA_PICO */
    /* Mode `dp` only, and there above 0: what a round costs each member, and of how much of a member's it may make use.
     */
    uint64_t dp_epsilon_micro; /* ε of a round, unit tenant, millionths */
    uint64_t dp_delta_pico;    /* its δ, 1e-12 */
    uint32_t dp_statements;    /* of one tenant that count in a round; the others are left out */
    char redaction[32];        /* least redaction policy: "default" | "strict" | "off" (controls only) */
};
void policy_default(struct policy *policy);
/* As a part of another record. */
struct json *policy_to_json(const struct policy *policy); /* NULL: out of memory, or a field out of its range */
MUST_USE enum status policy_from_json(const struct json *value, struct policy *out, struct why *why);
MUST_USE enum status policy_encode(const struct policy *policy, struct buf *out);
MUST_USE enum status policy_decode(struct bytes text, struct policy *out, struct why *why);
MUST_USE enum status policy_hash(const struct policy *policy, uint8_t out[static HASH_BYTES]);
/* Its noise floor; a kind that it does not name is 0, which the built-in floor is over. */
struct dp_floor policy_floor(const struct policy *policy);
/* Whether `theirs` asks for or allows nothing that `mine` does not. The first laxer field is named in why (ERR_POLICY).
 * Number, name, rate, round interval and grouping thresholds may differ: they let nothing more leave or be released. */
MUST_USE enum status policy_as_strict(const struct policy *mine, const struct policy *theirs, struct why *why);
