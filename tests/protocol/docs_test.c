/* The examples of docs/protocol.md: each fenced block is named after its record and must decode as one. */
#include "base/file.h"
#include "protocol/charge.h"
#include "protocol/durable.h"
#include "protocol/erasure.h"
#include "protocol/problem.h"
#include "protocol/request.h"
#include "protocol/witness.h"

#include "tests/protocol/samples.h"

static enum status try_contribution(struct bytes text, struct why *why)
{
    struct contribution record;
    enum status status = contribution_decode(text, &record, why);
    contribution_free(&record);
    return status;
}

static enum status try_withdrawal(struct bytes text, struct why *why)
{
    uint8_t id[ID_BYTES];
    return withdrawal_decode(text, id, why);
}

static enum status try_policy(struct bytes text, struct why *why)
{
    struct policy record;
    return policy_decode(text, &record, why);
}

static enum status try_federation(struct bytes text, struct why *why)
{
    struct federation record;
    enum status status = federation_decode(text, &record, why);
    federation_free(&record);
    return status;
}

static enum status try_receipt(struct bytes text, struct why *why)
{
    struct receipt record;
    return receipt_decode(text, &record, why);
}

static enum status try_durable(struct bytes text, struct why *why)
{
    struct durable record;
    return durable_decode(text, &record, why);
}

static enum status try_erasure(struct bytes text, struct why *why)
{
    struct erasure record;
    return erasure_decode(text, &record, why);
}

static enum status try_charge(struct bytes text, struct why *why)
{
    struct charge record;
    return charge_decode(text, &record, why);
}

static enum status try_log_entry(struct bytes text, struct why *why)
{
    struct log_entry record;
    return log_entry_decode(text, &record, why);
}

static enum status try_library(struct bytes text, struct why *why)
{
    struct library record;
    enum status status = library_decode(text, &record, why);
    library_free(&record);
    return status;
}

static enum status try_witnesses(struct bytes text, struct why *why)
{
    struct witnesses record;
    enum status status = witnesses_decode(text, &record, why);
    witnesses_free(&record);
    return status;
}

static enum status try_request(struct bytes text, struct why *why)
{
    struct request record;
    enum status status = request_decode(text, &record, why);
    request_free(&record);
    return status;
}

static enum status try_problem(struct bytes text, struct why *why)
{
    (void)why;
    return problem_decode(text, 403) == ERR_DENIED ? OK : ERR_INPUT;
}

static const struct {
    const char *name;
    try_decode decode;
} records[] = {
    {"contribution", try_contribution},
    {"withdrawal", try_withdrawal},
    {"policy", try_policy},
    {"federation", try_federation},
    {"receipt", try_receipt},
    {"log-entry", try_log_entry},
    {"library", try_library},
    {"problem", try_problem},
    {"erasure", try_erasure},
    {"charge", try_charge},
    {"durable", try_durable},
    {"witnesses", try_witnesses},
    {"request", try_request},
};

static enum status try_block(struct bytes name, struct bytes text)
{
    struct why why = {0};
    SCOPED_BUF struct buf canonical;
    buf_init(&canonical);
    ok(json_canonicalise(text, &canonical, &why));
    for (size_t i = 0; i < sizeof records / sizeof *records; i++)
        if (bytes_is(name, records[i].name))
            return records[i].decode(buf_bytes(&canonical), &why);
    return ERR_NOT_FOUND;
}

static void test_examples(void **state)
{
    (void)state;
    const struct bytes fence = bytes_str("```json "), end = bytes_str("\n```");
    char path[4096];
    SCOPED_BUF struct buf page;
    buf_init(&page);
    if (!getenv("CHATHAM_SOURCE"))
        skip();
    ok(path_join(path, sizeof path, getenv("CHATHAM_SOURCE"), "docs/protocol.md"));
    ok(file_read(path, 1 << 20, &page));
    struct bytes left = buf_bytes(&page);
    size_t count = 0;
    for (size_t at; (at = bytes_find(left, fence)) != SIZE_MAX; count++) {
        left = bytes_part(left, at + fence.size, left.size);
        size_t line = bytes_find(left, bytes_str("\n")), size = bytes_find(left, end);
        assert_true(line < size && size != SIZE_MAX);
        enum status status = try_block(bytes_part(left, 0, line), bytes_part(left, line, size - line));
        if (status != OK)
            fail_msg("example %zu of docs/protocol.md: %s", count + 1, status_text(status));
        left = bytes_part(left, size, left.size);
    }
    assert_true(count >= sizeof records / sizeof *records);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_examples)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
