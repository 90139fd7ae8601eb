/* What the timed attack on a server sends: every turn has messages of its own, so that how far messages of one class
 * are apart is in the error, and the same is done before each of them. */
/* replaces: sender_open withdrawal_decode contribution_encode */
#include "tests/audits/traces.h"

#include "server/sender.h"

#define IDS_MAX 20000
#define REPEATS 3      /* of a call that leaves nothing behind */
#define ADMISSIONS 800 /* of four classes, in the tenth that is not the full suite */

struct ids {
    size_t count;
    uint8_t rows[IDS_MAX][ID_BYTES];
};
static struct ids refused, targets;
static size_t written;  /* records, since the last contribution that was admitted */
static size_t prepared; /* contributions in a row before each of which a record was written */

enum status __real_sender_open(struct vault *vault, enum envelope_kind kind, struct bytes envelope, struct sender *out);
enum status __wrap_sender_open(struct vault *vault, enum envelope_kind kind, struct bytes envelope, struct sender *out);
enum status __real_withdrawal_decode(struct bytes record, uint8_t target[static ID_BYTES], struct why *why);
enum status __wrap_withdrawal_decode(struct bytes record, uint8_t target[static ID_BYTES], struct why *why);
enum status __real_contribution_encode(const struct contribution *contribution, struct buf *out);
enum status __wrap_contribution_encode(const struct contribution *contribution, struct buf *out);

static void keep(struct ids *ids, const uint8_t *id)
{
    assert_true(ids->count < IDS_MAX);
    memcpy(ids->rows[ids->count++], id, ID_BYTES);
}

enum status __wrap_sender_open(struct vault *vault, enum envelope_kind kind, struct bytes envelope, struct sender *out)
{
    struct envelope_header header;
    enum status status = __real_sender_open(vault, kind, envelope, out);
    if (status == ERR_DENIED && envelope_peek(envelope, &header) == OK)
        keep(&refused, header.id);
    if (status == OK && kind == ENVELOPE_CONTRIBUTION) {
        prepared = written ? prepared + 1 : 0;
        written = 0;
    }
    return status;
}

enum status __wrap_withdrawal_decode(struct bytes record, uint8_t target[static ID_BYTES], struct why *why)
{
    enum status status = __real_withdrawal_decode(record, target, why);
    keep(&targets, target);
    return status;
}

enum status __wrap_contribution_encode(const struct contribution *contribution, struct buf *out)
{
    written++;
    return __real_contribution_encode(contribution, out);
}

static int by_bytes(const void *a, const void *b)
{
    return memcmp(a, b, ID_BYTES);
}

static size_t count_different(struct ids *ids)
{
    size_t different = 0;
    qsort(ids->rows, ids->count, ID_BYTES, by_bytes);
    for (size_t i = 0; i < ids->count; i++)
        different += i == 0 || memcmp(ids->rows[i], ids->rows[i - 1], ID_BYTES) != 0;
    return different;
}

static void every_turn_has_messages_of_its_own(void **state)
{
    (void)state;
    struct audit_scope scope;
    struct audit_results results = {0};
    traces_scope(&scope);
    assert_int_equal(attack_admission.run(&scope, &results, NULL), OK);
    assert_true(refused.count > 0 && targets.count > 0);
    assert_int_equal(count_different(&refused) * REPEATS, refused.count);
    assert_int_equal(count_different(&targets) * REPEATS, targets.count);
    assert_true(prepared >= ADMISSIONS);
    audit_results_free(&results);
    audit_scope_free(&scope);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_turn_has_messages_of_its_own)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
