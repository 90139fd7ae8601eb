/* Room-internal: what guarantee, ledger and evidence all say. */
#pragma once

#include "server/vault_state.h"

struct json *statements_trust(void);
struct json *statements_limits(void);
/* Cap and what was spent by the member who spent most: nobody's own account shows. */
MUST_USE enum status statements_budget(struct vault *vault, struct json *object);
