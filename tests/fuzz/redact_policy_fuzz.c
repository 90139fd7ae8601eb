/* Policy files of the scrubber. */
#include "redaction/redactor.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct redact_policy policy;
    struct why why = {0};
    if (redact_policy_parse(bytes_of(data, size), &policy, &why) == OK) {
        INVARIANT(policy.threshold >= 0 && policy.threshold <= 1);
        redact_policy_free(&policy);
    }
    return 0;
}
