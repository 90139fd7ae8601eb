/* Certificates of devices. Hides what is in them, and how many there may be. */
#include "base/encode.h"
#include "crypto/ca.h"
#include "server/vault_state.h"

#define CERTIFICATE_SECONDS (365LL * 86400)

enum status vault_certify(struct vault *vault, const struct tenant *tenant, const struct device *device,
                          struct bytes csr_pem, struct buf *pem, struct certificate *certificate)
{
    char name[2 * ID_BYTES + 1];
    uint64_t count = 0;
    int64_t now = vault_now(vault);
    *certificate = (struct certificate){.issued = now, .expires = now + CERTIFICATE_SECONDS};
    memcpy(certificate->device, device->id, ID_BYTES);
    encode_hex_text(device->id, ID_BYTES, name);
    TRY(certificate_count(vault->store, now, &count));
    if (count >= CERTIFICATES_MAX)
        return ERR_UNAVAILABLE;
    return ca_issue_device(&vault->keys[SERVER_CA], bytes_str(vault->federation.ca_pem), csr_pem, tenant->name,
                           member_role_name(device->role), name, now, CERTIFICATE_SECONDS, pem, certificate->serial);
}
