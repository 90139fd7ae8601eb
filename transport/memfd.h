/* Room-internal: large payloads in sealed memory files. */
#pragma once

#include "base/bytes.h"

/* A memory file with this content, sealed against any change. ERR_MEMORY, ERR_IO. */
MUST_USE enum status memfd_make(struct bytes content, int *fd);
/* ERR_INPUT unless fd is a memory file of exactly `size` bytes, sealed so that its writer can change nothing any more.
 */
MUST_USE enum status memfd_check(int fd, size_t size);
/* Map the whole of a checked one for reading. memfd_unmap takes BYTES_NONE. */
MUST_USE enum status memfd_map(int fd, size_t size, struct bytes *out);
void memfd_unmap(struct bytes *mapped);
