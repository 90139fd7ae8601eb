/* S/root.provider: what is taken says the same when it is written again, and every name in it is one. */
#include <string.h>

#include "server/root_record.h"

static void check_place(const struct root_place *place)
{
    INVARIANT(memchr(place->path, 0, sizeof place->path) && memchr(place->name, 0, sizeof place->name));
    INVARIANT(memchr(place->token, 0, sizeof place->token) && memchr(place->key, 0, sizeof place->key));
    INVARIANT(place->name[0] == 0 || root_is_name(bytes_str(place->name)));
    if (place->kind == ROOT_PASSPHRASE)
        INVARIANT(place->passphrase.memory_kib >= 8 && place->passphrase.passes >= 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct root_record record, again;
    SCOPED_BUF struct buf text = {0};
    if (root_record_decode(bytes_of(data, size), &record, NULL) != OK)
        return 0;
    check_place(&record.now);
    if (record.has_next)
        check_place(&record.next);
    INVARIANT(root_record_encode(&record, &text) == OK);
    INVARIANT(root_record_decode(buf_bytes(&text), &again, NULL) == OK);
    INVARIANT(memcmp(&record, &again, sizeof record) == 0);
    return 0;
}
