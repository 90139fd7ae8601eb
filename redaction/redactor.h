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

#define POLICY_RULES_MAX 64

struct redact_policy {
    char name[64];
    double threshold;                /* finds from this score on are withheld, */
    double flag;                     /* from this one on reported; at most the threshold */
    bool tagger;                     /* whether the tagger tier runs */
    uint8_t operators[REDACT_TYPES]; /* enum redact_operator */
    struct buf allow, custom;        /* u32 length and bytes, one after the other */
    struct buf unwanted;             /* the same: rules that begin with one of these find nothing */
    uint8_t hash[32];
};
MUST_USE enum status redact_policy_parse(struct bytes text, struct redact_policy *out, struct why *why);
void redact_policy_free(struct redact_policy *policy);

struct redactor {
    struct redact_policy policy;
    struct detector *detector;
    struct names *names;
    struct keys *keys;
    struct redact_pseudonyms pseudonyms; /* make NULL: none */
    uint64_t types;                      /* bit per type that is looked for */
};

/* Detect in a normalised text, learn, resolve: sorted, not overlapping. Finds under both of the policy's thresholds, of
 * unwanted rules and of allowed values are gone; those under the threshold are flagged: they are not operated on. */
MUST_USE enum status redact_find(struct redact_session *session, struct bytes text, struct finds *out);
/* Sort and merge what overlaps: the union goes under the type of the strongest. A flagged find gives way to a withheld
 * one. */
void finds_resolve(struct finds *finds);
/* Append what stands in the place of `value`. */
MUST_USE enum status operate(struct redact_session *session, enum redact_type type, struct bytes value,
                             struct buf *out);
