/* Any bytes as a trace file, and whatever traces come of them through extraction: no crash, no half success. */
#include "base/hash.h"
#include "insight/extract.h"
#include "insight/reader.h"

#define KEPT 64

struct kept {
    struct trace traces[KEPT];
    size_t count;
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum status keep(void *context, struct trace *trace)
{
    struct kept *kept = context;
    if (kept->count == KEPT)
        return OK;
    trace->scrubbed = true; /* the scrubber has its own targets */
    kept->traces[kept->count++] = *trace;
    *trace = (struct trace){0};
    return OK;
}

static void tag(void *state, struct bytes identity, uint8_t out[static TASK_TAG_BYTES])
{
    hash_keyed(bytes_of(state, 1), identity, out, TASK_TAG_BYTES);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct kept kept;
    static char key[] = "k";
    struct read_report read;
    struct extract_report report;
    struct candidate_list list = {0};
    struct extractor extractor = extractor_contrast();
    struct extract_options options = {.overlap_tokens = 3, .tag = tag, .tag_state = key};
    kept.count = 0;
    enum status status = traces_read(bytes_of(data, size), "f", keep, &kept, &read, NULL);
    INVARIANT(status != OK || read.traces > 0);
    status = extractor.extract(extractor.state, kept.traces, kept.count, &options, &list, &report);
    INVARIANT(status == OK);
    for (size_t i = 0; i < list.count; i++)
        INVARIANT(list.items[i].act.count > 0 || list.items[i].avoid.count > 0);
    candidate_list_free(&list);
    for (size_t i = 0; i < kept.count; i++)
        trace_free(&kept.traces[i]);
    return 0;
}
