/* Cosignature lines in a stranger's note: reading never crashes, and a line that is found is a part of the note. A note
 * that reads well takes our own line, which is then found. */
#include "crypto/cosign.h"

#define NAME "chatham-device/0123456789abcdef0123456789abcdef"

static struct secret seed;
static uint8_t public_key[SIGN_PUBLIC_BYTES];

static void make_key(void)
{
    if (seed.data)
        return;
    INVARIANT(secret_new(&seed, SIGN_SEED_BYTES) == OK);
    memset(seed.data, 2, seed.size);
    INVARIANT(sign_public(&seed, public_key) == OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct cosign_names names;
    struct bytes line;
    int64_t time = 0;
    SCOPED_BUF struct buf note = {0};
    make_key();
    if (cosign_find(bytes_of(data, size), NAME, public_key, &time, &line) == OK)
        INVARIANT(time > 0 && line.data >= data && line.data + line.size <= data + size);
    if (cosign_names(bytes_of(data, size), &names) != OK || names.count > COSIGN_LINES_MAX)
        return 0;
    if (cosign_find(bytes_of(data, size), NAME, public_key, &time, &line) != ERR_NOT_FOUND)
        return 0;
    buf_add(&note, bytes_of(data, size));
    INVARIANT(cosign_add(NAME, &seed, 1795000000, &note) == OK);
    INVARIANT(cosign_find(buf_bytes(&note), NAME, public_key, &time, &line) == OK && time == 1795000000);
    return 0;
}
