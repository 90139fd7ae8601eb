/* Hides the order of its parts. */
#include "server/identity.h"

enum status identity_encode(const struct identity *identity, struct buf *out)
{
    buf_add_lp(out, identity->key);
    buf_add_lp(out, identity->certificate_pem);
    buf_add_lp(out, identity->ca_pem);
    return buf_status(out);
}

enum status identity_decode(struct bytes text, struct tls_server **out)
{
    struct cursor from = {text};
    struct identity identity;
    SCOPED_SECRET struct secret key = {0};
    *out = NULL;
    TRY(cursor_lp(&from, &identity.key));
    TRY(cursor_lp(&from, &identity.certificate_pem));
    TRY(cursor_lp(&from, &identity.ca_pem));
    TRY(cursor_end(&from));
    TRY(secret_copy(&key, identity.key));
    return tls_server_new(&key, identity.certificate_pem, identity.ca_pem, out, NULL);
}
