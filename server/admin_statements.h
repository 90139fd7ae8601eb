/* Room-internal: what guarantee, ledger and evidence all say. */
#pragma once

#include "server/vault_state.h"

struct json *statements_trust(void);
struct json *statements_limits(void);
/* server/admin_budget.c: the cap and what no member has spent more than: nobody's own account shows. */
MUST_USE enum status statements_budget(struct vault *vault, struct json *object);
