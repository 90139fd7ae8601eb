/* Receipts. Hides which bytes of a receipt are signed: its body is a leaf of a batch's Merkle tree, the root is signed.
 */
#include "protocol/receipt.h"

#include "protocol/federation.h"
#include "protocol/proof.h"
#include "protocol/record.h"

#define RECEIPT_MAX 8192
#define SIGNED_BYTES (8 + MERKLE_BYTES)

static bool is_writable(const struct receipt *receipt)
{
    return receipt->version >= 1 && receipt->version <= RECEIPT_VERSION && record_is_epoch(receipt->epoch);
}

static struct json *body_json(const struct receipt *receipt)
{
    struct json *object = json_object();
    json_set(object, "v", json_integer(receipt->version));
    json_set(object, "contribution", json_hex(bytes_of(receipt->contribution, ID_BYTES)));
    json_set(object, "digest", json_hex(bytes_of(receipt->digest, DIGEST_BYTES)));
    json_set(object, "epoch", json_text(receipt->epoch));
    json_set(object, "leaf", record_count(receipt->leaf));
    json_set(object, "salt", json_hex(bytes_of(receipt->salt, sizeof receipt->salt)));
    return object;
}

enum status receipt_body(const struct receipt *receipt, struct buf *out)
{
    if (!is_writable(receipt))
        return ERR_USAGE;
    return record_close(body_json(receipt), out);
}

static enum status receipt_leaf(const struct receipt *receipt, uint8_t out[static MERKLE_BYTES])
{
    SCOPED_BUF struct buf body;
    buf_init(&body);
    TRY(receipt_body(receipt, &body));
    merkle_leaf(buf_bytes(&body), out);
    return OK;
}

static void signed_message(const struct receipt *receipt, uint8_t out[static SIGNED_BYTES])
{
    for (unsigned i = 0; i < 8; i++)
        out[i] = (uint8_t)(receipt->batch_size >> (56 - 8 * i));
    memcpy(out + 8, receipt->batch_root, MERKLE_BYTES);
}

/* --- signing a batch --- */

#define TREE_LEVELS 7
_Static_assert(RECEIPT_BATCH_MAX == 1 << (TREE_LEVELS - 1), "the tree holds a batch");

/* All complete subtrees of a batch. */
struct tree {
    uint8_t nodes[TREE_LEVELS][RECEIPT_BATCH_MAX][MERKLE_BYTES];
};

static enum status node_read(void *state, unsigned level, uint64_t index, uint8_t out[static MERKLE_BYTES])
{
    const struct tree *tree = state;
    INVARIANT(level < TREE_LEVELS && index < RECEIPT_BATCH_MAX);
    memcpy(out, tree->nodes[level][index], MERKLE_BYTES);
    return OK;
}

static enum status node_write(void *state, unsigned level, uint64_t index, const uint8_t hash[static MERKLE_BYTES])
{
    struct tree *tree = state;
    INVARIANT(level < TREE_LEVELS && index < RECEIPT_BATCH_MAX);
    memcpy(tree->nodes[level][index], hash, MERKLE_BYTES);
    return OK;
}

static enum status tree_fill(struct tree *tree, const struct receipt *receipts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        uint8_t leaf[MERKLE_BYTES];
        TRY(receipt_leaf(&receipts[i], leaf));
        TRY(merkle_append((struct merkle_source){node_read, tree}, node_write, tree, i, leaf));
    }
    return OK;
}

enum status receipt_sign_batch(struct receipt *receipts, size_t count,
                               const uint8_t federation[static FEDERATION_ID_BYTES], const struct secret *seed)
{
    struct tree tree;
    const struct merkle_source source = {node_read, &tree};
    uint8_t root[MERKLE_BYTES], message[SIGNED_BYTES], signature[SIGN_BYTES];
    if (count == 0 || count > RECEIPT_BATCH_MAX)
        return ERR_USAGE;
    TRY(tree_fill(&tree, receipts, count));
    TRY(merkle_root(source, count, root));
    for (size_t i = 0; i < count; i++) {
        receipts[i].batch_index = i;
        receipts[i].batch_size = count;
        memcpy(receipts[i].batch_root, root, sizeof root);
        TRY(merkle_prove_inclusion(source, i, count, &receipts[i].path));
    }
    signed_message(&receipts[0], message);
    TRY(sign_make(seed, SIGN_RECEIPT, federation, bytes_of(message, sizeof message), signature));
    for (size_t i = 0; i < count; i++)
        memcpy(receipts[i].signature, signature, sizeof signature);
    return OK;
}

/* --- checking --- */

enum status receipt_check(const struct receipt *receipt, const uint8_t federation[static FEDERATION_ID_BYTES],
                          const uint8_t key[static SIGN_PUBLIC_BYTES])
{
    uint8_t message[SIGNED_BYTES], leaf[MERKLE_BYTES];
    enum status status = receipt_leaf(receipt, leaf);
    if (status != OK)
        return status == ERR_MEMORY ? ERR_MEMORY : ERR_DENIED;
    signed_message(receipt, message);
    TRY(sign_check(key, SIGN_RECEIPT, federation, bytes_of(message, sizeof message), receipt->signature));
    return merkle_check_inclusion(leaf, receipt->batch_index, receipt->batch_size, &receipt->path, receipt->batch_root);
}

enum status receipt_check_document(const struct receipt *receipt, const struct federation *federation)
{
    enum status status = receipt_check(receipt, federation->id, federation->receipt_key);
    for (size_t i = 0; status == ERR_DENIED && i < federation->earlier_count; i++)
        status = receipt_check(receipt, federation->id, federation->earlier[i]);
    return status;
}

enum status receipt_encode(const struct receipt *receipt, struct buf *out)
{
    if (!is_writable(receipt))
        return ERR_USAGE;
    struct json *object = body_json(receipt), *batch = json_object();
    json_set(batch, "index", record_count(receipt->batch_index));
    json_set(batch, "path", proof_to_json(&receipt->path));
    json_set(batch, "root", json_hex(bytes_of(receipt->batch_root, MERKLE_BYTES)));
    json_set(batch, "size", record_count(receipt->batch_size));
    json_set(object, "batch", batch);
    json_set(object, "signature", json_hex(bytes_of(receipt->signature, SIGN_BYTES)));
    return record_close(object, out);
}

static enum status batch_take(const struct json *value, struct receipt *out, struct why *why)
{
    struct json_fields fields;
    json_fields(&fields, value, "batch", why);
    out->batch_index = record_take_count(&fields, "index");
    out->batch_size = record_take_count(&fields, "size");
    record_take_hex(&fields, "root", out->batch_root, MERKLE_BYTES);
    proof_take(&fields, "path", &out->path);
    return json_fields_end(&fields);
}

enum status receipt_decode(struct bytes text, struct receipt *out, struct why *why)
{
    SCOPED_JSON struct json *json = NULL;
    struct json_fields fields;
    memset(out, 0, sizeof *out);
    TRY(record_open_version(text, RECEIPT_MAX, "receipt", RECEIPT_VERSION, &json, &fields, &out->version, why));
    record_take_hex(&fields, "contribution", out->contribution, ID_BYTES);
    record_take_hex(&fields, "digest", out->digest, DIGEST_BYTES);
    record_take_epoch(&fields, "epoch", out->epoch);
    out->leaf = record_take_count(&fields, "leaf");
    record_take_hex(&fields, "salt", out->salt, sizeof out->salt);
    record_take_hex(&fields, "signature", out->signature, SIGN_BYTES);
    const struct json *batch = json_take_object(&fields, "batch");
    if (fields.status == OK)
        fields.status = batch_take(batch, out, why);
    enum status status = json_fields_end(&fields);
    if (status != OK)
        memset(out, 0, sizeof *out);
    return status;
}
