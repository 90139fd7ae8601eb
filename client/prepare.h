/* The way of a trace on the device, up to the sealed door: read, scrub, extract, check, pack.
 *
 * A pure function of the files' bytes, the redactor, the pinned policy and the device's keyed tags: nothing that a
 * server answered goes in. The audits call it in one process, on traces in memory. */
#pragma once

#include "insight/extract.h"
#include "insight/reader.h"
#include "protocol/contribution.h"
#include "protocol/policy.h"

struct prepare_options {
    const struct redactor *redactor;
    const struct policy *policy;
    struct extractor extractor;
    void (*tag)(void *state, struct bytes identity, uint8_t out[static TASK_TAG_BYTES]);
    void *tag_state;
};
struct prepared_item {
    uint8_t id[ID_BYTES]; /* keyed hash of the record: sharing a file again gives the same id */
    struct buf record;    /* canonical bytes of the contribution */
    struct contribution contribution;
};
struct prepare_report {
    size_t files, files_failed;
    size_t records_skipped;
    size_t formats[TRACE_FORMATS]; /* traces of each */
    size_t outcomes[OUTCOMES];
    size_t scrubbed[REDACT_TYPES]; /* findings operated on */
    struct extract_report extract;
};
struct prepared {
    size_t count, room;
    struct prepared_item *items;
    struct prepare_report report;
};
void prepared_free(struct prepared *prepared);

/* Collects scrubbed traces, then packs. */
struct prepare;
MUST_USE enum status prepare_new(const struct prepare_options *options, struct prepare **out);
void prepare_free(struct prepare *prepare);
/* One file's content; scope as traces_read. A failure leaves what was collected before as it was. */
MUST_USE enum status prepare_add(struct prepare *prepare, struct bytes content, const char *scope, struct why *why);
void prepare_failed(struct prepare *prepare); /* counts a file that could not be read at all */
/* Extract over all that was added, one contribution a task. */
MUST_USE enum status prepare_finish(struct prepare *prepare, struct prepared *out, struct why *why);
