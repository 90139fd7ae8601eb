/* Hides the order of an anchor's bytes: writer and reader walk one list of fields. */
#include "ledger/anchor.h"

#define VERSION 1
#define DOMAIN "chatham/v1 ledger"
#define NUMBERS 12

const char *ledger_unit_name(enum ledger_unit unit)
{
    static const char *const names[LEDGER_UNITS] = {[LEDGER_TENANT] = "tenant", [LEDGER_TRACE] = "trace"};
    return (unsigned)unit < LEDGER_UNITS ? names[unit] : "unknown";
}

static void add_numbers(const struct ledger_anchor *anchor, struct buf *out)
{
    const struct ledger_loss *charge = &anchor->charge, *total = &anchor->total;
    const uint64_t numbers[NUMBERS] = {anchor->number,     anchor->round,         charge->zcdp.rho,
                                       charge->zcdp.delta, charge->epsilon.micro, total->zcdp.rho,
                                       total->zcdp.delta,  total->epsilon.micro,  anchor->local_count,
                                       anchor->locals.rho, anchor->locals.delta,  (uint64_t)anchor->at};
    buf_add_byte(out, VERSION);
    for (size_t i = 0; i < NUMBERS; i++)
        buf_add_u64(out, numbers[i]);
}

enum status ledger_anchor_encode(const struct ledger_anchor *anchor, struct buf *out)
{
    add_numbers(anchor, out);
    buf_add(out, bytes_of(anchor->head, HASH_BYTES));
    return buf_status(out);
}

/* Every number fits SQLite's, so that what is read here can be stored. */
static enum status take_numbers(struct cursor *cursor, uint64_t numbers[static NUMBERS])
{
    for (size_t i = 0; i < NUMBERS; i++) {
        TRY(cursor_u64(cursor, &numbers[i]));
        if (numbers[i] > INT64_MAX)
            return ERR_INPUT;
    }
    return OK;
}

static enum status take(struct cursor *cursor, struct ledger_anchor *out)
{
    uint8_t version = 0;
    uint64_t n[NUMBERS];
    struct bytes head;
    TRY(cursor_u8(cursor, &version));
    TRY(take_numbers(cursor, n));
    TRY(cursor_bytes(cursor, HASH_BYTES, &head));
    TRY(cursor_end(cursor));
    *out = (struct ledger_anchor){.number = n[0],
                                  .round = n[1],
                                  .charge = {{n[2], n[3]}, {n[4]}},
                                  .total = {{n[5], n[6]}, {n[7]}},
                                  .local_count = n[8],
                                  .locals = {n[9], n[10]},
                                  .at = (int64_t)n[11]};
    memcpy(out->head, head.data, HASH_BYTES);
    bool makes_sense = version == VERSION && out->number > 0 && dp_zcdp_within(out->charge.zcdp, out->total.zcdp) &&
                       out->charge.epsilon.micro <= out->total.epsilon.micro;
    return makes_sense ? OK : ERR_INPUT;
}

enum status ledger_anchor_decode(struct bytes content, struct ledger_anchor *out)
{
    struct cursor cursor = {content};
    *out = (struct ledger_anchor){0};
    if (take(&cursor, out) == OK)
        return OK;
    *out = (struct ledger_anchor){0};
    return ERR_INPUT;
}

enum status ledger_anchor_head(const struct ledger_anchor *anchor,
                               const uint8_t federation[static LEDGER_FEDERATION_BYTES], enum ledger_unit unit,
                               const uint8_t before[static HASH_BYTES], uint8_t out[static HASH_BYTES])
{
    SCOPED_BUF struct buf line = {0};
    const char *name = ledger_unit_name(unit);
    memset(out, 0, HASH_BYTES);
    add_numbers(anchor, &line);
    TRY(buf_status(&line));
    const struct bytes parts[] = {bytes_of(DOMAIN, sizeof DOMAIN), bytes_of(federation, LEDGER_FEDERATION_BYTES),
                                  bytes_of(name, strlen(name) + 1), bytes_of(before, HASH_BYTES), buf_bytes(&line)};
    hash_sha256_parts(parts, sizeof parts / sizeof *parts, out);
    return OK;
}
