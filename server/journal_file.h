/* Room-internal: one file of the journal, or the same in memory. Everything that the journal does to a disk goes
 * through these calls. */
#pragma once

#include "base/bytes.h"

struct journal_file {
    int fd;            /* -1: in memory */
    uint64_t size;     /* of what is in it */
    struct buf memory; /* secret */
};
/* path NULL: in memory. Made with mode 0600 if it is not there; *fresh says so. */
MUST_USE enum status journal_file_open(struct journal_file *file, const char *path, bool *fresh);
void journal_file_close(struct journal_file *file);
MUST_USE enum status journal_file_read(const struct journal_file *file, uint64_t at, size_t size, struct buf *out);
/* Write at an offset that is at most the size; not durable before journal_file_sync. */
MUST_USE enum status journal_file_write(struct journal_file *file, uint64_t at, struct bytes content);
MUST_USE enum status journal_file_sync(const struct journal_file *file);
/* Durably. */
MUST_USE enum status journal_file_cut(struct journal_file *file, uint64_t size);
