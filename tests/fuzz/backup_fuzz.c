/* Manifests of backups. */
#include "protocol/backup.h"

#include "tests/fuzz/record_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes input = bytes_of(data, size);
    SCOPED_BUF struct buf again = {0};
    struct why why = {0};
    struct backup record;
    if (backup_decode(input, &record, &why) != OK)
        return 0;
    must_be_same(input, backup_encode(&record, &again), &again);
    backup_free(&record);
    return 0;
}
