/* The samplers' randomness: a buffered stream of uniform 64-bit words.
 *
 * ChaCha20 (RFC 8439, by libsodium) under a key of 32 bytes drawn from the seed. After each refill of
 * DP_STREAM_BUFFER bytes the key is replaced by the stream's first 32 bytes (fast key erasure), and a word is wiped
 * where it lay as soon as it is drawn: who reads the process's memory learns no earlier draw. The same seed gives the
 * same draws on every machine.
 *
 * Fork: the child finds the state wiped by the kernel and starts anew from the system's randomness, whatever the seed
 * was; parent and child never draw alike (its pages are not locked in memory any more). Not covered: copies of the
 * whole machine (a virtual machine resumed twice). A stream belongs to one thread. */
#pragma once

#include "base/random.h"

struct dp_stream;

#define DP_STREAM_BUFFER 4096

/* ERR_MEMORY: no memory that can be locked. ERR_UNAVAILABLE: the kernel cannot wipe in a child, or the seed is stuck
 * (32 equal bytes). *out is NULL then. */
MUST_USE enum status dp_stream_new(struct random seed, struct dp_stream **out);
void dp_stream_free(struct dp_stream *stream); /* wipes; takes NULL */

uint64_t dp_stream_u64(struct dp_stream *stream);
/* Uniform in [0, bound), exactly; bound > 0. Takes another word with probability under bound / 2^64. */
uint64_t dp_stream_below(struct dp_stream *stream, uint64_t bound);

/* How often a sampler tries at most what ends with a chance of 2/5 or more each time. More tries come less than once in
 * 2^180 draws: the words are no random ones, and the process ends rather than hand out such noise. */
#define DP_TRIES_MOST 256
_Noreturn void dp_stream_broken(void);
