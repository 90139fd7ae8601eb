/* Certificates and requests in PEM from strangers: read, judged, fingerprinted, issued for. */
#include "crypto/ca.h"

#define NOW INT64_C(1780000000)

static struct secret key;
static struct buf authority;

static void make_authority(void)
{
    if (key.data)
        return;
    INVARIANT(ca_key_new(&key) == OK);
    INVARIANT(ca_create(&key, "fuzz", NOW, 86400, &authority) == OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    SCOPED_BUF struct buf cert = {0};
    struct bytes pem = bytes_of(data, size);
    struct cert_facts facts;
    uint8_t print[32], serial[CERT_SERIAL_BYTES];
    make_authority();
    if (cert_read(pem, &facts) == OK)
        INVARIANT(cert_fingerprint(pem, print) == OK);
    INVARIANT(cert_check(buf_bytes(&authority), pem, NOW, NULL) != OK); /* the authority is new: nothing is from it */
    if (ca_issue_device(&key, buf_bytes(&authority), pem, "acme", NULL, "00ff", NOW, 60, &cert, serial) != OK) {
        INVARIANT(cert.size == 0);
        return 0;
    }
    INVARIANT(cert_check(buf_bytes(&authority), buf_bytes(&cert), NOW, NULL) == OK);
    INVARIANT(cert_read(buf_bytes(&cert), &facts) == OK && strcmp(facts.organisation, "acme") == 0 && facts.client);
    return 0;
}
