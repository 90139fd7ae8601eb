/* A bundle that somebody hands to an auditor. */
#include "protocol/evidence.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct evidence evidence;
    struct evidence_facts facts;
    struct why why = {0};
    if (evidence_decode(bytes_of(data, size), &evidence, &why) == OK &&
        evidence_check(&evidence, NULL, &facts, &why) == OK)
        evidence_facts_free(&facts);
    evidence_free(&evidence);
    return 0;
}
