/* The tagger: a linear-chain conditional random field that finds names, places, organisations, dates, demographic
 * traits, quantities, case numbers and other things that tell who it is, where no pattern could.
 *
 * A tagger is immutable but for a pool of work space, and shared by threads. The score of a find is the model's
 * probability that its words are to be withheld. */
#pragma once

#include "redaction/detect.h"

struct tagger;
/* model: bytes as redaction/train/ writes them, which must stay; BYTES_NONE for the two that are built in, one for
 * records of courts and offices, one for everything else. ERR_INPUT,
 * ERR_VERSION, ERR_CORRUPT (model), ERR_MEMORY. */
MUST_USE enum status tagger_new(struct bytes model, struct tagger **out, struct why *why);
void tagger_free(struct tagger *tagger);
/* Add what is found in scan->text: stretches of words whose scores are at least `withhold`, and apart from them those
 * between `flag` and it. */
void tagger_scan(struct tagger *tagger, struct scan *scan, float withhold, float flag);
/* SHA-256 over the models' own, with which they end. */
void tagger_hash(const struct tagger *tagger, uint8_t out[static 32]);
