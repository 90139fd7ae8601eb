/* Any bytes as the runs, or policies, that are compared: refused, or said in all three forms without markup but ours.
 */
#include "audits/compare.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The input is two files: what stands before and behind the first line feed; without one, the same file twice. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes before = bytes_of(data, size), after = before;
    const uint8_t *line = size > 0 ? memchr(data, '\n', size) : NULL;
    if (line) {
        before.size = (size_t)(line - data);
        after = bytes_of(line + 1, size - before.size - 1);
    }
    for (int form = COMPARE_TEXT; form <= COMPARE_HTML; form++) {
        SCOPED_BUF struct buf out = {0};
        enum status status = compare_files(before, after, (enum compare_form)form, &out, NULL);
        INVARIANT(status == OK || status == ERR_INPUT || status == ERR_TOO_LARGE);
        INVARIANT(bytes_is_utf8(buf_bytes(&out)));
        INVARIANT(form != COMPARE_HTML || bytes_find(buf_bytes(&out), bytes_str("<script")) == SIZE_MAX);
    }
    return 0;
}
