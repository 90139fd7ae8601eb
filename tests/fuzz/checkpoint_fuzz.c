/* Checkpoints: a stranger's note never crashes the reader; and whatever text is signed rightly and read as a checkpoint
 * is exactly the text that we would write for it, so that no two notes say the same. */
#include "crypto/checkpoint.h"
#include "crypto/note.h"

#define ORIGIN "chatham/00112233445566778899aabbccddeeff"

static struct secret seed;
static uint8_t public_key[SIGN_PUBLIC_BYTES];

static void make_key(void)
{
    if (seed.data)
        return;
    INVARIANT(secret_new(&seed, SIGN_SEED_BYTES) == OK);
    memset(seed.data, 3, seed.size);
    INVARIANT(sign_public(&seed, public_key) == OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    SCOPED_BUF struct buf signed_note = {0}, again = {0};
    struct checkpoint checkpoint;
    make_key();
    if (checkpoint_open(bytes_of(data, size), ORIGIN, public_key, &checkpoint) != OK)
        INVARIANT(checkpoint.size == 0);
    if (note_sign(bytes_of(data, size), ORIGIN, &seed, &signed_note) != OK)
        return 0;
    if (checkpoint_open(buf_bytes(&signed_note), ORIGIN, public_key, &checkpoint) != OK)
        return 0;
    INVARIANT(checkpoint_sign(&checkpoint, ORIGIN, &seed, &again) == OK);
    INVARIANT(bytes_equal(buf_bytes(&again), buf_bytes(&signed_note)));
    return 0;
}
