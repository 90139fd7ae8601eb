/* A state folder of the first schema, made by the program of that time (tests/samples/state-1): opened by this one,
 * everything in it is as it was, receipts included. Two members, three contributions of which one was withdrawn, a
 * published library; and a contribution that was stored when the server died before it could acknowledge it. Beside the
 * folder lie the envelopes as they were sent, and the receipts that they got. */
#include "protocol/receipt_leaf.h"
#include "tests/server/house_fixture.h"

static char samples[4096];

static void sample(const char *name, struct buf *out)
{
    char path[4200];
    buf_clear(out);
    assert_int_equal(path_join(path, sizeof path, samples, name), OK);
    assert_int_equal(file_read(path, 1 << 20, out), OK);
}

/* Open a copy of the folder. */
static void open_old(struct house *house)
{
    char command[9000];
    SCOPED_BUF struct buf hex = {0};
    SCOPED_SECRET struct secret key = {0};
    house_prepare(house, HOUSE_FOLDER);
    snprintf(command, sizeof command, "cp -r '%s/S/.' '%s' && chmod -R go= '%s'", samples, house->folder,
             house->folder);
    assert_int_equal(system(command), 0);
    sample("root.hex", &hex);
    assert_int_equal(secret_new(&key, 32), OK);
    assert_int_equal(decode_hex_fixed(buf_bytes(&hex), key.data, 32), OK);
    root_provider_close(house->root);
    assert_int_equal(root_provider_of_secret(&key, &house->root), OK);
    struct vault_options options = house_options(house);
    struct why why = {0};
    enum status status = vault_open(&options, &house->vault, &why);
    if (status != OK)
        print_error("%s in %s\n", why.what, why.where);
    assert_int_equal(status, OK);
}

static enum status resend(struct house *house, enum message_type type, const char *name, struct buf *body)
{
    SCOPED_BUF struct buf envelope = {0};
    sample(name, &envelope);
    enum status status = house_get(house, ROLE_GATE, type, buf_bytes(&envelope), body);
    assert_int_equal(vault_settle(house->vault), OK);
    return status;
}

static int64_t status_of(struct house *house, const char *key)
{
    return house_number(house, "{\"command\":\"status\"}", key);
}

static void everything_is_as_it_was(void **state)
{
    (void)state;
    struct house house;
    open_old(&house);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(status_of(&house, "tenants"), 2);
        assert_int_equal(status_of(&house, "devices"), 2);
        assert_int_equal(status_of(&house, "contributions"), 3);
        assert_int_equal(status_of(&house, "withdrawals"), 1);
        assert_int_equal(status_of(&house, "rounds"), 1);
        assert_int_equal(status_of(&house, "library"), 1);
        json_free(house_command(&house, "{\"command\":\"log.verify\"}"));
        json_free(house_command(&house, "{\"command\":\"trail.verify\"}"));
        house_reopen(&house);
    }
    SCOPED_JSON struct json *list = house_command(&house, "{\"command\":\"tenant.list\"}");
    const struct json *tenants = json_get(list, "tenants");
    assert_int_equal(json_integer_value(json_get(json_at(tenants, 0), "contributions")), 2);
    assert_int_equal(json_integer_value(json_get(json_at(tenants, 1), "contributions")), 1);
    house_free(&house);
}

/* What was acknowledged gets the bytes that it got, and they hold. */
static void old_receipts_are_given_again(void **state)
{
    (void)state;
    static const struct {
        const char *envelope, *receipt;
        enum message_type type;
    } cases[] = {{"first.envelope", "first.receipt", MESSAGE_CONTRIBUTE},
                 {"second.envelope", "second.receipt", MESSAGE_CONTRIBUTE},
                 {"withdrawal.envelope", "withdrawal.receipt", MESSAGE_WITHDRAW}};
    struct house house;
    open_old(&house);
    const struct federation *federation = &house.vault->federation;
    int64_t tree = status_of(&house, "tree");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct receipt receipt;
        struct merkle_proof proof;
        uint8_t leaf[MERKLE_BYTES], root[MERKLE_BYTES];
        SCOPED_BUF struct buf body = {0}, kept = {0};
        struct merkle_source source = log_source(house.vault->store);
        assert_int_equal(resend(&house, cases[i].type, cases[i].envelope, &body), OK);
        sample(cases[i].receipt, &kept);
        assert_true(bytes_equal(buf_bytes(&body), buf_bytes(&kept)));
        assert_int_equal(receipt_decode(buf_bytes(&kept), &receipt, NULL), OK);
        assert_int_equal(receipt.version, 1);
        assert_int_equal(receipt_check(&receipt, federation->id, federation->receipt_key), OK);
        enum log_kind kind = cases[i].type == MESSAGE_WITHDRAW ? LOGGED_WITHDRAWAL : LOGGED_CONTRIBUTION;
        assert_int_equal(receipt_log_leaf(&receipt, kind, NULL, leaf), OK);
        assert_int_equal(merkle_prove_inclusion(source, receipt.leaf, (uint64_t)tree, &proof), OK);
        assert_int_equal(merkle_root(source, (uint64_t)tree, root), OK);
        assert_int_equal(merkle_check_inclusion(leaf, receipt.leaf, (uint64_t)tree, &proof, root), OK);
    }
    SCOPED_BUF struct buf none = {0};
    assert_int_equal(resend(&house, MESSAGE_CONTRIBUTE, "withdrawn.envelope", &none), ERR_EXISTS);
    assert_int_equal(status_of(&house, "tree"), tree);
    assert_int_equal(status_of(&house, "contributions"), 3);
    house_free(&house);
}

/* Stored, and never acknowledged: whoever sends it again gets a receipt, and it is there once. */
static void what_was_cut_off_is_taken_up(void **state)
{
    (void)state;
    struct house house;
    struct receipt receipt;
    SCOPED_BUF struct buf first = {0}, second = {0};
    open_old(&house);
    int64_t tree = status_of(&house, "tree");
    assert_int_equal(resend(&house, MESSAGE_CONTRIBUTE, "unacknowledged.envelope", &first), OK);
    assert_int_equal(receipt_decode(buf_bytes(&first), &receipt, NULL), OK);
    assert_int_equal(receipt.version, RECEIPT_VERSION);
    assert_int_equal(receipt.leaf, tree);
    house_reopen(&house);
    assert_int_equal(resend(&house, MESSAGE_CONTRIBUTE, "unacknowledged.envelope", &second), OK);
    assert_true(bytes_equal(buf_bytes(&first), buf_bytes(&second)));
    assert_int_equal(status_of(&house, "contributions"), 4);
    assert_int_equal(house_number(&house, "{\"command\":\"round.preview\"}", "candidates"), 3);
    json_free(house_command(&house, "{\"command\":\"log.verify\"}"));
    house_free(&house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_is_as_it_was),
        cmocka_unit_test(old_receipts_are_given_again),
        cmocka_unit_test(what_was_cut_off_is_taken_up),
    };
    const char *source = getenv("CHATHAM_SOURCE");
    if (!source || path_join(samples, sizeof samples, source, "tests/samples/state-1") != OK) {
        print_message("CHATHAM_SOURCE is not set: no old state to open\n");
        return 77;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
