/* The intake journal: what was acknowledged and is not in the databases yet. Two files, S/intake-0.journal and
 * S/intake-1.journal (mode 0600), take turns: batches are appended to one while the other is drained and then cut to
 * nothing. A batch over all tenants is one write and one fdatasync. server/journal_frame.h has the bytes.
 *
 * At the opening a torn end (short, garbage, not closed: never acknowledged) is cut off at the last whole batch. A
 * batch that is missing or damaged before a later whole one is ERR_CORRUPT: it was acknowledged. In memory (folder
 * NULL) the same code runs over buffers. */
#pragma once

#include "server/journal_frame.h"

#define JOURNAL_FILES 2

struct journal;
struct journal_place {
    unsigned file;
    uint64_t at;
    size_t size;
};
/* Called at the opening for each frame of each batch after `drained`, in order. */
typedef enum status (*journal_visit)(void *context, const struct journal_frame *frame,
                                     const struct journal_place *place);
/* drained: number of the last batch that is in the databases; batches up to it are passed over. ERR_CORRUPT, ERR_IO, or
 * what visit returns. *cut: bytes of a torn end. */
MUST_USE enum status journal_open(const char *folder, uint64_t drained, journal_visit visit, void *context,
                                  struct journal **out, uint64_t *cut, struct why *why);
void journal_close(struct journal *journal);

unsigned journal_active(const struct journal *journal); /* the file that batches go to */
uint64_t journal_size(const struct journal *journal, unsigned file);
uint64_t journal_number(const struct journal *journal); /* of the batch that is being gathered */

/* Gather a batch: forget what was gathered and not written, add frames, write. */
void journal_begin(struct journal *journal);
MUST_USE enum status journal_add(struct journal *journal, const uint8_t tenant[static ID_BYTES], uint32_t key_version,
                                 const struct secret *key, struct bytes plaintext, struct journal_place *place);
/* Durably. ERR_UNAVAILABLE: it could not be written, and the journal is as it was. ERR_IO: nor could it be cut back;
 * nothing may be acknowledged any more, the process must stop. */
MUST_USE enum status journal_commit(struct journal *journal);
/* Read a frame again and open it. */
MUST_USE enum status journal_read(const struct journal *journal, const struct journal_place *place,
                                  const struct secret *key, struct buf *plaintext);

/* From now on batches go to the other file, which must be empty. */
void journal_swap(struct journal *journal);
/* Forget a file, all of which is in the databases. */
MUST_USE enum status journal_clear(struct journal *journal, unsigned file);
