/* What in a text would act on an agent that reads it: the gate's tables (gate_patterns.c). */
#pragma once

#include "base/bytes.h"

/* Lower-case ASCII letters and digits and all non-ASCII bytes of text, the rest left out: spaced and hyphened forms of
 * a phrase come out alike. */
void gate_squeeze(struct bytes text, struct buf *out);
/* ERR_POLICY if text holds an instruction to agents, a role or tool tag, an address, a piece of shell, markup that
 * acts, or characters that hide something; ERR_MEMORY. */
MUST_USE enum status gate_check_instructions(struct bytes text);
