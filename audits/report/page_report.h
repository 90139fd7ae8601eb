/* What the report is made from, read and checked once, and the sections of the page. Internal to the report. */
#pragma once

#include "audits/audit.h"
#include "audits/report/page.h"
#include "audits/report/scrubbed.h"
#include "protocol/evidence.h"

#define REPORT_RUN_MAX (64u << 20)

/* One result of an audit, as its JSON says it. Texts are borrowed from the run. */
struct finding {
    const char *name, *target, *adversary, *metric, *unit, *note;
    const char *question, *paper;                               /* "" in a run of an earlier version */
    enum audit_family family;                                   /* FAMILIES: the run does not say */
    enum interval_kind kind;                                    /* INTERVAL_NONE: likewise */
    uint64_t samples;                                           /* 0: not measured, and value, low and high are NAN */
    double value, low, high, baseline, p, limit, control_value; /* NAN: none */
    double all_low, all_high, detects;                          /* interval for all at once, power; NAN: none */
    enum control control;
    enum verdict verdict;
    enum plot_kind plot;
    const char *x, *y;        /* its axes; "" when it has none */
    const struct json *curve; /* array of [x, y] or [x, y, low, high] */
};

/* There are samples, a finite value and an interval. */
bool finding_is_measured(const struct finding *finding);

enum run_origin { RUN_NONE, RUN_EMBEDDED, RUN_GIVEN }; /* embedded: in the signed bundle */

struct report {
    struct evidence evidence;
    struct evidence_facts facts;
    uint8_t bundle_hash[HASH_BYTES], keys_hash[HASH_BYTES];
    struct json *policy_words, *limits; /* owned: sentences */
    struct json *run;                   /* owned; NULL: no audit was run */
    enum run_origin origin;
    bool is_void;
    size_t verdicts[VERDICTS];
    struct scrubbed scrubbed;
    size_t finding_count;
    struct finding *findings; /* owned */
};
MUST_USE enum status report_read(struct bytes evidence, struct bytes run, struct report *out, struct why *why);
void report_free(struct report *report);
/* evidence_check, and that the log records the audit if there is one. */
MUST_USE enum status report_check(const struct evidence *evidence, const uint8_t *keys_hash,
                                  struct evidence_facts *facts, struct why *why);
/* The part of it that reads a run; empty: the embedded one. One with the content of the embedded one counts as such. */
MUST_USE enum status report_read_run(struct bytes run, struct report *report, struct why *why);

/* --- words, the same on the page and in the JSON --- */
const char *words_outcome(const struct report *report);    /* the audit in a sentence */
const char *words_question(const struct finding *finding); /* what the attack asks */
const char *words_family(enum audit_family family);        /* what a family of attacks asks; of FAMILIES too */
const char *words_answer(enum verdict verdict);
const char *words_logged(enum log_kind kind); /* "members' contributions" */
const char *words_origin(enum run_origin origin);
struct json *words_policy(const struct policy *policy); /* sentences; a lost one shows when they are written */
struct json *words_limits(const struct policy *policy);
uint32_t words_support(const struct library *library, size_t insight); /* least number of tenants */

void page_sentences(struct buf *page, const struct json *list); /* as a list */

/* --- sections, in their order on the page --- */
void page_head(struct buf *page, const struct report *report);
void page_outcome(struct buf *page, const struct report *report);
void page_scope(struct buf *page, const struct report *report);
void page_policy(struct buf *page, const struct report *report);
void page_collected(struct buf *page, const struct report *report);
void page_scrubbed(struct buf *page, const struct report *report); /* nothing if no counts were given */
MUST_USE enum status page_library(struct buf *page, const struct report *report);
void page_attacks(struct buf *page, const struct report *report);
void page_families(struct buf *page, const struct report *report); /* part of it: a row a family */
void page_findings(struct buf *page, const struct report *report); /* part of it: a row a result, and how to read it */
void page_plots(struct buf *page, const struct report *report);    /* part of it: curves and frontiers */
/* The next finding of a family from *at on; NULL: no more. */
const struct finding *finding_of(const struct report *report, enum audit_family family, size_t *at);
const char *verdict_class(enum verdict verdict); /* of the page's style */
void page_log(struct buf *page, const struct report *report);
void page_trust(struct buf *page, const struct report *report);
void page_verify(struct buf *page, const struct report *report);
