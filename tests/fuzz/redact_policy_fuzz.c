/* Policy files of the scrubber: what is taken compiles or is refused, scrubs, and hashes. */
#include "redaction/redactor.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct redact_policy *policy)
{
    INVARIANT(policy->threshold >= 0 && policy->threshold <= 1 && policy->flag <= policy->threshold);
    INVARIANT(policy->pattern_count <= POLICY_PATTERNS_MAX && policy->allow_count <= POLICY_PATTERNS_MAX);
    for (unsigned type = 0; type < REDACT_TYPES; type++)
        INVARIANT(policy->operations[type].how < OPERATORS);
}

static void scan_by(const struct redact_policy *policy)
{
    struct custom *custom = NULL;
    struct finds finds SCOPED_FINDS = {0};
    struct scan scan = {.text = bytes_str("aab S-12345 b@example.org\n\x1e"
                                          "aaaaab 1234567"),
                        .types = ~0ull,
                        .finds = &finds};
    if (custom_new(policy, &custom, NULL) != OK) {
        INVARIANT(!custom);
        return;
    }
    custom_scan(custom, &scan);
    INVARIANT(scan.status == OK);
    for (size_t i = 0; i < finds.count; i++) {
        INVARIANT(finds.items[i].start < finds.items[i].end && finds.items[i].end <= scan.text.size);
        custom_allows(custom, bytes_part(scan.text, finds.items[i].start, finds.items[i].end - finds.items[i].start));
    }
    custom_free(custom);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct redact_policy policy, again;
    struct why why = {0};
    struct bytes text = bytes_of(data, size);
    if (redact_policy_parse(text, &policy, &why) != OK)
        return 0;
    check(&policy);
    INVARIANT(redact_policy_parse(text, &again, NULL) == OK && memcmp(policy.hash, again.hash, 32) == 0);
    scan_by(&policy);
    redact_policy_free(&policy);
    redact_policy_free(&again);
    return 0;
}
