/* Hides how the stores are looked into. */
#include "tests/faults/book.h"

#include "protocol/receipt_leaf.h"

void book_enter(struct book *book, const struct house *house, size_t member, uint8_t id, enum envelope_kind kind,
                struct bytes receipt)
{
    struct book_receipt *entry = &book->receipts[book->receipt_count++];
    assert_true(book->receipt_count <= BOOK_RECEIPTS && member < house->member_count);
    *entry = (struct book_receipt){.member = member, .id = id, .kind = kind};
    assert_int_equal(receipt_decode(receipt, &entry->receipt, NULL), OK);
}

struct book_receipt *book_find(struct book *book, size_t member, uint8_t id)
{
    for (size_t i = 0; i < book->receipt_count; i++)
        if (book->receipts[i].member == member && book->receipts[i].id == id)
            return &book->receipts[i];
    return NULL;
}

void book_checkpoint(struct book *book, struct house *house)
{
    struct checkpoint *checkpoint = &book->checkpoints[book->checkpoint_count++];
    SCOPED_BUF struct buf note = {0};
    assert_true(book->checkpoint_count <= BOOK_CHECKPOINTS);
    assert_int_equal(house_get(house, ROLE_GATE, MESSAGE_CHECKPOINT, BYTES_NONE, &note), OK);
    assert_int_equal(
        checkpoint_open(buf_bytes(&note), house->vault->origin, house->vault->federation.checkpoint_key, checkpoint),
        OK);
}

void book_library(struct book *book, struct house *house)
{
    struct library library;
    house_library(house, &book->seen, &library);
    book->library = library.version;
    library_free(&library);
}

/* --- checking --- */

static struct db *member_db(struct house *house, const struct member *member)
{
    struct tenant tenant;
    struct db *db = NULL;
    assert_int_equal(tenant_find(house->vault->store, member->tenant, &tenant), OK);
    assert_int_equal(store_tenant(house->vault->store, &tenant, &db), OK);
    return db;
}

static void check_leaf(const struct book_receipt *entry, struct house *house)
{
    uint8_t leaf[MERKLE_BYTES], logged[MERKLE_BYTES];
    struct merkle_source log = log_source(house->vault->store);
    enum log_kind kind = entry->kind == ENVELOPE_WITHDRAWAL ? LOGGED_WITHDRAWAL : LOGGED_CONTRIBUTION;
    assert_int_equal(receipt_check_document(&entry->receipt, &house->vault->federation), OK);
    assert_int_equal(receipt_log_leaf(&entry->receipt, kind, NULL, leaf), OK);
    assert_int_equal(log.node(log.state, 0, entry->receipt.leaf, logged), OK);
    assert_memory_equal(leaf, logged, MERKLE_BYTES);
}

bool book_is_stored(const struct book_receipt *entry, struct house *house)
{
    const struct member *member = &house->members[entry->member];
    uint8_t id[ID_BYTES];
    int64_t rows = 0, live = 0;
    memset(id, entry->id, sizeof id);
    assert_int_equal(db_row(member_db(house, member),
                            "SELECT count(*), count(record) FROM admission WHERE device = ? AND id = ?", "bb:ii",
                            bytes_of(member->device, ID_BYTES), bytes_of(id, sizeof id), &rows, &live),
                     OK);
    bool is_tombstone = entry->kind == ENVELOPE_WITHDRAWAL || entry->is_gone;
    return rows == 1 && (entry->may_be_gone || live == (is_tombstone ? 0 : 1));
}

static bool is_erased(const struct house *house, size_t member)
{
    struct tenant tenant;
    assert_int_equal(tenant_find(house->vault->store, house->members[member].tenant, &tenant), OK);
    return tenant.state == TENANT_ERASED;
}

static size_t promised_to(const struct book *book, size_t member)
{
    size_t count = 0;
    for (size_t i = 0; i < book->receipt_count; i++)
        count += book->receipts[i].member == member;
    return count;
}

static void check_counts(const struct house *house, const struct member *member, int64_t stored)
{
    int64_t counted = 0;
    assert_int_equal(db_row(store_federation(house->vault->store),
                            "SELECT ifnull(sum(count), 0) FROM intake_count WHERE tenant = ?", "b:i",
                            bytes_of(member->tenant, ID_BYTES), &counted),
                     OK);
    assert_int_equal(counted, stored);
}

/* What is stored is what was promised, and at most what was under way. */
static void check_nothing_else(const struct book *book, struct house *house)
{
    size_t in_flight = 0;
    for (size_t i = 0; i < house->member_count; i++) {
        int64_t rows = 0;
        size_t promised = promised_to(book, i);
        if (is_erased(house, i))
            continue;
        assert_int_equal(db_row(member_db(house, &house->members[i]), "SELECT count(*) FROM admission", ":i", &rows),
                         OK);
        assert_true((size_t)rows >= promised);
        in_flight += (size_t)rows - promised;
        check_counts(house, &house->members[i], rows);
    }
    assert_true(in_flight <= book->rows_in_flight);
}

static enum status look_for(void *context, const char *path)
{
    return strstr(path, context) ? ERR_EXISTS : OK;
}

/* Erased, if that was begun; gone with all its files, if it was acknowledged. */
static void check_leaving(const struct book *book, const struct house *house)
{
    char folder[300], hex[2 * ID_BYTES + 1];
    for (size_t i = 0; i < house->member_count; i++)
        assert_true(!is_erased(house, i) || i == book->leaving);
    if (!book->has_left)
        return;
    assert_true(is_erased(house, book->leaving));
    snprintf(folder, sizeof folder, "%s/tenants", house->folder);
    encode_hex_text(house->members[book->leaving].tenant, ID_BYTES, hex);
    assert_int_equal(folder_walk(folder, look_for, hex), OK);
}

static void check_charges(const struct book *book, struct house *house)
{
    for (size_t i = 0; i < house->member_count; i++) {
        struct ledger_loss spent;
        assert_int_equal(ledger_spent(house->vault->ledger, bytes_of(house->members[i].tenant, ID_BYTES),
                                      LEDGER_LIFETIME, house->ms / 1000, &spent),
                         OK);
        assert_in_range(spent.epsilon.micro, book->charged_micro[i], book->charged_micro[i] + book->micro_in_flight);
    }
}

static void check_log(const struct book *book, struct house *house)
{
    json_free(house_command(house, "{\"command\":\"log.verify\"}"));
    for (size_t i = 0; i < book->checkpoint_count; i++) {
        uint8_t root[MERKLE_BYTES];
        const struct checkpoint *checkpoint = &book->checkpoints[i];
        assert_int_equal(merkle_root(log_source(house->vault->store), checkpoint->size, root), OK);
        assert_memory_equal(root, checkpoint->root, MERKLE_BYTES);
    }
}

static void check_library(const struct book *book, struct house *house)
{
    struct checkpoint seen = book->seen;
    struct library library;
    if (book->library == 0)
        return;
    house_library(house, &seen, &library);
    assert_true(library.version >= book->library);
    library_free(&library);
}

void book_check(const struct book *book, struct house *house)
{
    /* A preview drains the journal. */
    json_free(house_command(house, "{\"command\":\"round.preview\"}"));
    check_log(book, house);
    for (size_t i = 0; i < book->receipt_count; i++) {
        check_leaf(&book->receipts[i], house);
        assert_true(is_erased(house, book->receipts[i].member) || book_is_stored(&book->receipts[i], house));
    }
    check_leaving(book, house);
    check_nothing_else(book, house);
    check_charges(book, house);
    check_library(book, house);
}
