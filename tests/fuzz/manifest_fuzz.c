/* A manifest of planted values: any bytes; what is taken has at least six bytes and a tenant. */
#include <stdint.h>
#include <stdlib.h>

#include "audits/audit.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct audit_scope scope = {0};
    struct why why = {0};
    if (audit_scope_tenant(&scope, "acme") == OK)
        (void)!audit_scope_manifest(&scope, bytes_of(data, size), &why);
    for (size_t i = 0; i < scope.probe_count; i++)
        if (strlen(scope.probes[i].value) < AUDIT_PROBE_LEAST || scope.probes[i].tenant != 0)
            abort();
    audit_scope_free(&scope);
    return 0;
}
