/* Cosignatures of checkpoints (C2SP tlog-cosignature, cosignature/v1): the word of a key other than the log's that, at
 * a time, this was the largest tree that it had seen of the log and that it followed from all that it saw before. A
 * line of the note, whose signature is over "cosignature/v1\ntime <seconds>\n" ‖ the note's text. */
#pragma once

#include "base/bytes.h"
#include "base/secret.h"
#include "crypto/sign.h"

#define COSIGN_LINES_MAX 31 /* beside the log's own signature */

/* Append this key's line to a checkpoint's note. time: seconds since 1970, over 0. ERR_INPUT: not a note, or full;
 * ERR_USAGE: name (no space, plus or newline) or time. */
MUST_USE enum status cosign_add(const char *name, const struct secret *seed, int64_t time, struct buf *note);
/* The line of that name and key: its time, and the line with its newline. ERR_NOT_FOUND none, ERR_DENIED a bad one,
 * ERR_INPUT not a note. */
MUST_USE enum status cosign_find(struct bytes note, const char *name,
                                 const uint8_t public_key[static SIGN_PUBLIC_BYTES], int64_t *time, struct bytes *line);
/* The verifier key of a cosigner as other tools take it. */
MUST_USE enum status cosign_vkey(const char *name, const uint8_t public_key[static SIGN_PUBLIC_BYTES], struct buf *out);
/* The names on a note's signature lines, in their order, the log's own among them. They point into the note. */
struct cosign_names {
    size_t count;
    struct bytes names[COSIGN_LINES_MAX + 1];
};
MUST_USE enum status cosign_names(struct bytes note, struct cosign_names *out);
