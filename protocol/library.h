/* The library: the published, numbered, signed set of insights, and the bundle in which a member pulls it.
 *
 * Document: canonical JSON {"epoch","federation","insights":[..],"k","mode","policy","retractions":[..],"round","v":1,
 * "version"}; an insight has a candidate's kind, outcome, phrases and slots, and "id","links":[..],"rate"?,"support".
 * Signature: SIGN_LIBRARY over the document. Bundle: {"checkpoint":note,"consistency":[..],"document":{..},
 * "entry":{log entry},"inclusion":[..],"leaf":n,"old":size,"salt":"..","signature":"..","v":1}: document, signature,
 * its log entry with inclusion proof under the checkpoint, and a consistency proof from the tree size that the client
 * named. The entry's commitment (log_commit, LOGGED_RELEASE, salt) is to the document's bytes. */
#pragma once

#include "crypto/checkpoint.h"
#include "protocol/candidate.h"
#include "protocol/federation.h"
#include "protocol/log_entry.h"

#define INSIGHT_ID_BYTES 16
#define INSIGHT_LINKS_MAX 16
#define INSIGHT_RATE_UNKNOWN 255
#define LIBRARY_MAX (64u * 1024 * 1024)
#define LIBRARY_INSIGHTS_MAX (1u << 20)

/* Support is published as a band, never exactly: the least number of tenants in it. */
enum support_band { SUPPORT_K, SUPPORT_5, SUPPORT_10, SUPPORT_20, SUPPORT_50, SUPPORT_100, SUPPORT_BANDS };
const char *support_band_name(enum support_band band); /* "k+", "5+", "10+" ... */
enum support_band support_band_of(uint32_t tenants);

struct insight {
    uint8_t id[INSIGHT_ID_BYTES]; /* stable over versions: hash of its group's key phrases */
    struct candidate text;        /* kind, outcome, phrases, slots; task is zero, runs_* are 0 */
    enum support_band support;
    uint8_t rate; /* of runs with the pattern that succeeded, in tenths 0..10; INSIGHT_RATE_UNKNOWN */
    size_t link_count;
    uint8_t links[INSIGHT_LINKS_MAX][INSIGHT_ID_BYTES]; /* related insights */
};
struct library {
    uint8_t federation[FEDERATION_ID_BYTES];
    uint64_t version; /* from 1 */
    uint64_t round;
    char epoch[EPOCH_TEXT];
    uint8_t policy[HASH_BYTES];
    enum release_mode mode;
    uint32_t k;
    size_t insight_count;
    struct insight *insights; /* owned */
    size_t retraction_count;
    uint8_t (*retractions)[INSIGHT_ID_BYTES]; /* owned: ids that clients must drop */
};
/* How many stand behind an insight, for a reader: the lowest band begins at k in `threshold` mode ("3+"), and at no
 * number in `dp` mode ("several"), whose bands come from noisy sums. */
#define SUPPORT_TEXT 16
void support_text(enum release_mode mode, uint32_t k, enum support_band band, char out[static SUPPORT_TEXT]);
void insight_free(struct insight *insight);
void library_free(struct library *library);
MUST_USE enum status library_encode(const struct library *library, struct buf *out);
MUST_USE enum status library_decode(struct bytes text, struct library *out, struct why *why);
struct json *insight_encode(const struct insight *insight);
MUST_USE enum status insight_decode(const struct json *value, struct insight *out, struct why *why);

struct library_bundle {
    struct buf document; /* canonical JSON */
    uint8_t signature[SIGN_BYTES];
    struct buf entry; /* the log entry's bytes */
    uint64_t leaf;
    uint8_t salt[32];
    struct merkle_proof inclusion;
    uint64_t old_size; /* 0: none asked */
    struct merkle_proof consistency;
    struct buf checkpoint; /* signed note */
};
void library_bundle_free(struct library_bundle *bundle);
/* document and entry are taken for canonical JSON as the encoders above wrote it. */
MUST_USE enum status library_bundle_encode(const struct library_bundle *bundle, struct buf *out);
MUST_USE enum status library_bundle_decode(struct bytes text, struct library_bundle *out, struct why *why);
/* Everything a member checks at a pull: signature, entry's commitment to the document and its version, inclusion,
 * checkpoint signature, and consistency with `seen` (size 0: nothing seen). On OK *checkpoint is the new one to
 * remember. ERR_DENIED with the reason. Whether the version is older than one held already is the caller's to say. */
MUST_USE enum status library_bundle_check(const struct library_bundle *bundle, const struct federation *federation,
                                          const struct checkpoint *seen, struct checkpoint *checkpoint,
                                          struct why *why);
