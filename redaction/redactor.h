/* A compiled policy, inside. */
#pragma once

#include "redaction/detect.h"

enum redact_operator {
    OPERATE_PLACEHOLDER, /* <EMAIL_1> */
    OPERATE_MASK,        /* **** */
    OPERATE_HASH,        /* <EMAIL_3f9a...> by the caller's keyed hash */
    OPERATE_DROP,        /* nothing */
    OPERATE_KEEP,        /* not looked for */
};

#define POLICY_WORDS_MAX 1024

struct redact_policy {
    char name[64];
    double threshold;
    uint8_t operators[REDACT_TYPES]; /* enum redact_operator */
    struct buf allow, custom;        /* u32 length and bytes, one after the other */
    uint8_t hash[32];
};
MUST_USE enum status redact_policy_parse(struct bytes text, struct redact_policy *out, struct why *why);
void redact_policy_free(struct redact_policy *policy);

struct redactor {
    struct redact_policy policy;
    struct detector *detector;
    struct names *names;
    struct redact_pseudonyms pseudonyms; /* make NULL: none */
    uint64_t types;                      /* bit per type that is looked for */
};

/* Detect in a normalised text, learn, resolve: sorted, not overlapping. Findings under the policy's threshold and
 * allowed values are gone. */
MUST_USE enum status redact_find(struct redact_session *session, struct bytes text, struct finds *out);
/* Sort and merge what overlaps: the union goes under the type of the strongest. */
void finds_resolve(struct finds *finds);
/* Append what stands in the place of `value`. */
MUST_USE enum status operate(struct redact_session *session, enum redact_type type, struct bytes value,
                             struct buf *out);
