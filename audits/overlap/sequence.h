/* The longest common subsequence of two texts, in tokens: near-verbatim copies, with words left out, put in or
 * exchanged, that share few unbroken runs. By bits, 64 tokens at a time (Hyyro 2004, "Bit-parallel LCS-length
 * computation revisited"; Crochemore et al. 2001). The measure of ROUGE-L (Lin 2004) before it is divided. */
#pragma once

#include "base/bytes.h"

#define SEQUENCE_TOKENS_MAX 4096 /* of the document: what comes behind is not looked at */

struct sequence; /* a document's tokens, ready to be compared with many references */
/* tokens: as overlap_tokenise gives them; not kept. */
MUST_USE enum status sequence_new(const uint64_t *tokens, size_t count, struct sequence **out);
void sequence_free(struct sequence *sequence);
size_t sequence_tokens(const struct sequence *sequence); /* that are looked at */
/* Length of the longest sequence of tokens that stands in both, in order but perhaps with others between. Changes the
 * working memory of `sequence`: one thread at a time. */
size_t sequence_common(struct sequence *sequence, const uint64_t *reference, size_t count);
