/* Any bytes as a run of the audits: refused, or a part of the page that holds no markup but ours. */
#include "audits/report/page_report.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct report report = {0};
    SCOPED_BUF struct buf page = {0};
    if (report_read_run(bytes_of(data, size), &report, NULL) == OK) {
        page_outcome(&page, &report);
        page_attacks(&page, &report);
        INVARIANT(buf_status(&page) == OK && bytes_is_utf8(buf_bytes(&page)));
        INVARIANT(bytes_find(buf_bytes(&page), bytes_str("<script")) == SIZE_MAX);
    }
    report_free(&report);
    return 0;
}
