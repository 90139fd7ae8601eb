/* chatham erasure: whether an erasure receipt holds, by the keys that this home has pinned. */
#include <inttypes.h>

#include "base/encode.h"
#include "base/file.h"
#include "client/command.h"
#include "protocol/erasure.h"

/* What this device has seen of the log at the same size must be the same. */
static enum status compare_seen(struct home *home, const struct checkpoint *checkpoint, struct why *why)
{
    int64_t size = 0;
    SCOPED_BUF struct buf root = {0};
    enum status status = db_row(home->db, "SELECT tree, root FROM seen", ":ib", &size, &root);
    if (status == ERR_NOT_FOUND || (status == OK && (uint64_t)size != checkpoint->size))
        return OK;
    TRY(status);
    if (!bytes_equal(buf_bytes(&root), bytes_of(checkpoint->root, MERKLE_BYTES)))
        return why_set(why, ERR_DENIED, "the log is forked: it is not the one that this device has seen", "log", 0);
    return OK;
}

static enum status check_file(struct home *home, const char *path, struct erasure *erasure,
                              struct checkpoint *checkpoint, struct why *why)
{
    SCOPED_BUF struct buf text = {0};
    enum status status = file_read(path, 1u << 16, &text);
    if (status != OK)
        return why_set(why, status, "cannot be read", "FILE", 0);
    TRY(erasure_decode(buf_bytes(&text), erasure, why));
    TRY(erasure_check(erasure, &home->federation, checkpoint, why));
    return compare_seen(home, checkpoint, why);
}

static void show(const struct arguments *arguments, const struct home *home, const struct erasure *erasure,
                 const struct checkpoint *checkpoint)
{
    char tenant[2 * ID_BYTES + 1];
    encode_hex_text(erasure->tenant, ID_BYTES, tenant);
    if (arguments_have(arguments, OPTION_JSON)) {
        printf("{\"epoch\":\"%s\",\"leaf\":%" PRIu64 ",\"log\":%" PRIu64 ",\"tenant\":\"%s\",\"verified\":true}\n",
               erasure->epoch, erasure->leaf, checkpoint->size, tenant);
        return;
    }
    bool mine = home->enrolled && memcmp(home->tenant, erasure->tenant, ID_BYTES) == 0;
    printf("Tenant %s%s was erased in %s: entry %" PRIu64 " of a log of %" PRIu64
           ", signed by the federation. Signatures, commitment and inclusion verified.\n",
           tenant, mine ? " (yours)" : "", erasure->epoch, erasure->leaf, checkpoint->size);
}

enum status command_erasure(const struct arguments *arguments, struct why *why)
{
    struct home home;
    struct erasure erasure = {0};
    struct checkpoint checkpoint = {0};
    if (arguments->count != 1)
        return why_set(why, ERR_USAGE, "name one file", "FILE", 0);
    TRY(arguments_home(arguments, &home, why));
    enum status status = home_require_enrolled(&home, why);
    if (status == OK)
        status = check_file(&home, arguments->words[0], &erasure, &checkpoint, why);
    if (status == OK)
        show(arguments, &home, &erasure, &checkpoint);
    home_close(&home);
    return status;
}
