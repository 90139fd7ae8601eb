/* Room-internal: signed notes (C2SP signed-note) with Ed25519 keys. A note is text of whole lines, an empty line, and
 * signature lines "— <name> <base64(key id ‖ signature)>", the key id being the first four bytes of
 * SHA-256(name ‖ "\n" ‖ 0x01 ‖ public key). Signatures of other keys (cosigners) are kept out of our judgement. */
#pragma once

#include "base/bytes.h"
#include "base/secret.h"
#include "crypto/sign.h"

#define NOTE_SIGNATURES_MAX 32
#define NOTE_KEY_ID_BYTES 4

/* text ends in a newline and has no empty line; name has no space, plus or newline: ERR_USAGE otherwise. */
MUST_USE enum status note_sign(struct bytes text, const char *name, const struct secret *seed, struct buf *note);
/* The text of a note that this name and key signed. ERR_INPUT malformed, ERR_DENIED no good signature of theirs. */
MUST_USE enum status note_open(struct bytes note, const char *name, const uint8_t public_key[static SIGN_PUBLIC_BYTES],
                               struct bytes *text);
/* --- what note.c and cosign.c share --- */

enum note_key_type { NOTE_ED25519 = 0x01, NOTE_COSIGNATURE = 0x04 }; /* C2SP signed-note */
void note_key_id(const char *name, enum note_key_type type, const uint8_t public_key[static SIGN_PUBLIC_BYTES],
                 uint8_t out[static NOTE_KEY_ID_BYTES]);
/* "<name>+<key id, hex>+<base64(type ‖ key)>" */
MUST_USE enum status note_vkey(const char *name, enum note_key_type type,
                               const uint8_t public_key[static SIGN_PUBLIC_BYTES], struct buf *out);
/* Append a signature line; blob begins with the key id. ERR_USAGE: the name is none. */
MUST_USE enum status note_add_line(const char *name, struct bytes blob, struct buf *note);
/* A note's text and the cursor over its signature lines. ERR_INPUT malformed, or more than NOTE_SIGNATURES_MAX. */
MUST_USE enum status note_split(struct bytes note, struct bytes *text, struct cursor *lines);
struct note_signature {
    struct bytes line; /* with its newline */
    struct bytes name;
    struct buf blob; /* key id ‖ signature; used again for each line, freed by the caller */
};
/* The next line. ERR_NOT_FOUND at the end, ERR_INPUT malformed. */
MUST_USE enum status note_next(struct cursor *lines, struct note_signature *out);
bool note_is_by(const struct note_signature *signature, const char *name,
                const uint8_t key_id[static NOTE_KEY_ID_BYTES]);
/* Strict base64 into an emptied buf. libsodium 1.0.18 takes bytes such as 0xaf ('/' with the top bit) for letters of
 * the alphabet; a second spelling of the same note must not pass. */
MUST_USE enum status note_base64(struct bytes text, struct buf *out);
