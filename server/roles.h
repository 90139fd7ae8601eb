/* Who may call what: one table over all of the server's calls, whatever way they come. What is not in it nobody may.
 *
 * The operator is whoever the control socket or the state folder lets in. Members' roles are those of their devices: of
 * what a device signs (contributions, withdrawals, requests) the vault judges by the role in its own store; plain reads
 * over mutual TLS the gate judges by the certificate, since nobody else sees it. A stranger has shown neither. */
#pragma once

#include "protocol/role.h"

enum caller { CALLER_STRANGER, CALLER_OPERATOR, CALLER_MEMBER }; /* a member's own are CALLER_MEMBER + its role */
#define CALLERS (CALLER_MEMBER + MEMBER_ROLES)
static inline enum caller caller_of(enum member_role role)
{
    return (enum caller)(CALLER_MEMBER + (unsigned)role);
}

struct role_row {
    const char *call;
    unsigned callers; /* bit i: caller i */
};
extern const struct role_row role_rows[]; /* ends with a row without call */
bool role_may(enum caller caller, const char *call);
