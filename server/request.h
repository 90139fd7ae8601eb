/* Room-internal: requests of devices (protocol/request.h): the renewal of a certificate, and what a tenant's
 * administrators and auditors may ask about their own tenant.
 *
 * A request that changes something is done once: its answer is kept, and the same envelope gets the same answer again;
 * its epoch bounds how long it may come, and the answers are kept longer than that. */
#pragma once

#include "server/vault_state.h"

#define REQUEST_GRACE_SECONDS (90LL * 86400) /* after its last certificate's end, in which a device may still renew */
#define REQUEST_CERTIFICATES 4               /* of one device that have not expired */
#define REQUESTS_KEPT 200                    /* of one device's changes */

/* Answer MESSAGE_REQUEST; a revocation's list goes to the gate first. */
MUST_USE enum status request_answer(struct vault *vault, const struct message *in, struct outbox *out);
