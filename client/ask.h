/* What a device asks in its own name (protocol/request.h): sealed to the vault, answered under seal. */
#pragma once

#include "client/home.h"
#include "crypto/ca.h"
#include "protocol/request.h"

/* Ask; the reply key is made here. *answer is the answer's JSON, freed by the caller. ERR_DENIED: this device may not
 * ask that, or was revoked; ERR_UNAVAILABLE. */
MUST_USE enum status remote_ask(struct home *home, struct request *request, struct json **answer, struct why *why);
/* A new certificate for the TLS key, kept in the home. */
MUST_USE enum status remote_renew(struct home *home, struct why *why);
/* Of the certificate at home; ERR_CORRUPT. */
MUST_USE enum status remote_certificate(const struct home *home, struct cert_facts *facts);
/* Whether the certificate ends within 30 days. */
bool remote_renewal_is_due(const struct home *home);
