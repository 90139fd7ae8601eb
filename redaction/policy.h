/* A policy file, read: what is looked for, from which score on, and what stands in its place. */
#pragma once

#include "redaction/redaction.h"

enum redact_operator {
    OPERATE_PLACEHOLDER, /* <EMAIL_1> */
    OPERATE_MASK,        /* **** or ****1234 */
    OPERATE_HASH,        /* <EMAIL_3f9a...> by the caller's keyed hash */
    OPERATE_DROP,        /* nothing */
    OPERATE_KEEP,        /* not looked for */
    OPERATE_GENERALISE,  /* a coarser value: 1987, <AGE_30-39>, 10.1.x.x */
    OPERATE_SHIFT,       /* a date, moved by whole weeks, the same number of them throughout a session */
    OPERATE_ENCRYPT,     /* <EMAIL_1:c2VhbGVk> by the caller's key, for redact_restore */
    OPERATE_SURROGATE,   /* a believable value of the same shape */
    OPERATORS
};

#define POLICY_WORDS_MAX 1024
#define POLICY_WORD_BYTES 256
#define POLICY_RULES_MAX 64
#define POLICY_RULE_BYTES 64
#define POLICY_PATTERNS_MAX 32
#define POLICY_PATTERN_BYTES 512
#define POLICY_NAME_BYTES 40
#define POLICY_CONTEXT_MAX 16
#define POLICY_LAST_MAX 8
#define POLICY_WEEKS_MAX 520

/* What is done with the finds of a type. */
struct operation {
    uint8_t how;        /* enum redact_operator */
    uint16_t parameter; /* mask: letters and digits that stay at the end; shift: the most weeks */
};

/* A pattern of the policy's own. */
struct policy_pattern {
    char rule[8 + POLICY_NAME_BYTES]; /* "custom.NAME" */
    enum redact_type type;
    float score;
    char *pattern; /* Vectorscan's syntax, a part of PCRE's */
    char *context; /* words in lower case, '|' between, one of which must stand before; NULL: none need */
};

struct redact_policy {
    char name[64];
    double threshold;                          /* finds from this score on are withheld, */
    double flag;                               /* from this one on reported; at most the threshold */
    bool tagger;                               /* whether the tagger tier runs */
    struct operation operations[REDACT_TYPES]; /* by type */
    struct buf allow, custom;                  /* u32 length and bytes, one after the other */
    struct buf unwanted;                       /* the same: rules that begin with one of these find nothing */
    struct policy_pattern *patterns;
    size_t pattern_count;
    char *allow_patterns[POLICY_PATTERNS_MAX]; /* values that match one wholly pass */
    size_t allow_count;
    uint8_t hash[32]; /* equal for policies that scrub alike, whatever their names */
};
/* ERR_INPUT with the place, ERR_VERSION, ERR_MEMORY; *out empty then. */
MUST_USE enum status redact_policy_parse(struct bytes text, struct redact_policy *out, struct why *why);
void redact_policy_free(struct redact_policy *policy);
/* Set policy->hash from all else. */
MUST_USE enum status redact_policy_seal(struct redact_policy *policy);
