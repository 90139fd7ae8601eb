/* What a person or a file tells a process in confidence: passphrases and PINs. Never by argument or environment. */
#pragma once

#include "base/bytes.h"

/* The first line of a file into out, a secret buf; file NULL: asked for on the terminal, unseen. ERR_USAGE: there is no
 * terminal. hint: the option to use instead. */
MUST_USE enum status secret_line(const char *file, const char *question, const char *hint, struct buf *out,
                                 struct why *why);
/* The path of a credential that systemd handed over: $CREDENTIALS_DIRECTORY/name. ERR_NOT_FOUND. */
MUST_USE enum status credential_path(const char *name, char *out, size_t size, struct why *why);
