/* Room-internal: a module that is loaded, and a session on its token with the user logged in. */
#pragma once

#include "crypto/pkcs11.h"

struct _CK_FUNCTION_LIST;

struct pkcs11_session {
    void *library;                   /* NULL: not loaded */
    struct _CK_FUNCTION_LIST *calls; /* NULL: not initialised */
    unsigned long session;
    bool is_open;
};
MUST_USE enum status pkcs11_session_open(const struct pkcs11_place *place, struct bytes pin, struct pkcs11_session *out,
                                         struct why *why);
void pkcs11_session_close(struct pkcs11_session *session); /* logs out; takes an empty one */
/* What a call's return value means here; what: what it was about. */
enum status pkcs11_status(unsigned long value, const char *what, struct why *why);
