/* Room-internal: signed notes (C2SP signed-note) with Ed25519 keys. A note is text of whole lines, an empty line, and
 * signature lines "— <name> <base64(key id ‖ signature)>", the key id being the first four bytes of
 * SHA-256(name ‖ "\n" ‖ 0x01 ‖ public key). Signatures of other keys (cosigners) are kept out of our judgement. */
#pragma once

#include "base/bytes.h"
#include "base/secret.h"
#include "crypto/sign.h"

#define NOTE_SIGNATURES_MAX 32

/* text ends in a newline and has no empty line; name has no space, plus or newline: ERR_USAGE otherwise. */
MUST_USE enum status note_sign(struct bytes text, const char *name, const struct secret *seed, struct buf *note);
/* The text of a note that this name and key signed. ERR_INPUT malformed, ERR_DENIED no good signature of theirs. */
MUST_USE enum status note_open(struct bytes note, const char *name, const uint8_t public_key[static SIGN_PUBLIC_BYTES],
                               struct bytes *text);
/* Strict base64 into an emptied buf. libsodium 1.0.18 takes bytes such as 0xaf ('/' with the top bit) for letters of
 * the alphabet; a second spelling of the same note must not pass. */
MUST_USE enum status note_base64(struct bytes text, struct buf *out);
