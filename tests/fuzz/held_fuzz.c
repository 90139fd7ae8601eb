/* What is sealed in a frame of the intake journal, as it comes back from a disk: what is taken is written again as the
 * same bytes, and its record and receipt lie in it. Then the input as a record of our own: it comes back, and cut
 * anywhere or with anything behind it it is damaged. */
#include <string.h>

#include "server/intake_inside.h"

static bool lies_in(struct bytes part, struct bytes whole)
{
    return part.size == 0 || (part.data >= whole.data && part.data + part.size <= whole.data + whole.size);
}

static void read_it(struct bytes input)
{
    struct admission row;
    struct bytes record, receipt;
    SCOPED_BUF struct buf again = {0};
    enum status status = held_decode(input, &row, &record, &receipt);
    INVARIANT(status == OK || status == ERR_CORRUPT);
    if (status != OK)
        return;
    INVARIANT(row.kind == ENVELOPE_CONTRIBUTION || row.kind == ENVELOPE_WITHDRAWAL);
    INVARIANT(row.class < CONTRIBUTION_CLASSES && memchr(row.epoch, 0, sizeof row.epoch));
    INVARIANT(lies_in(record, input) && lies_in(receipt, input));
    INVARIANT(held_encode(&row, record, receipt, &again) == OK && bytes_equal(buf_bytes(&again), input));
}

static void write_and_cut(struct bytes input)
{
    struct admission row = {.kind = ENVELOPE_CONTRIBUTION, .epoch = "2026-11"}, back;
    struct bytes record, receipt, half = bytes_part(input, 0, input.size / 2);
    SCOPED_BUF struct buf text = {0};
    memcpy(row.id, input.data, input.size < ID_BYTES ? input.size : ID_BYTES);
    INVARIANT(held_encode(&row, input, half, &text) == OK);
    INVARIANT(held_decode(buf_bytes(&text), &back, &record, &receipt) == OK);
    INVARIANT(memcmp(back.id, row.id, ID_BYTES) == 0 && bytes_equal(record, input) && bytes_equal(receipt, half));
    size_t cut = input.data[0] * (size_t)7919 % text.size;
    INVARIANT(held_decode(bytes_of(text.data, cut), &back, &record, &receipt) == ERR_CORRUPT);
    buf_add_byte(&text, 0);
    INVARIANT(held_decode(buf_bytes(&text), &back, &record, &receipt) == ERR_CORRUPT);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    read_it(bytes_of(data, size));
    if (size > 0)
        write_and_cut(bytes_of(data, size));
    return 0;
}
