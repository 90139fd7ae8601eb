/* The policy: its record, its ranges, and which of two is stricter, case by case. */
#include "protocol/policy.h"

#include "tests/protocol/samples.h"

static enum status decode(struct bytes text, struct why *why)
{
    struct policy policy;
    enum status status = policy_decode(text, &policy, why);
    if (status != OK)
        assert_int_equal(policy.version, 0);
    return status;
}

static void test_record(void **state)
{
    (void)state;
    static const struct spoil spoils[] = {
        {"\"k\":3", "\"k\":1", ERR_INPUT},
        {"\"k\":3", "\"k\":1001", ERR_INPUT},
        {"\"k\":3", "\"k\":2.5", ERR_INPUT},
        {"\"k\":3", "\"k\":\"3\"", ERR_INPUT},
        {"\"k\":3,", "", ERR_INPUT},
        {"\"k\":3", "\"k\":2", OK},
        {"\"mode\":\"threshold\"", "\"mode\":\"open\"", ERR_INPUT},
        {"\"mode\":\"threshold\"", "\"mode\":\"dp\"", ERR_INPUT}, /* without its numbers */
        {"\"k\"", "\"dp_epsilon_micro\":1000000,\"k\"", ERR_INPUT},
        {"\"redaction\":\"default\"", "\"redaction\":\"none\"", ERR_INPUT},
        {"\"name\":\"default\"", "\"name\":\"\"", ERR_INPUT},
        {"\"name\":\"default\"", "\"name\":\"a\\nb\"", ERR_INPUT},
        {"\"max_candidates\":64", "\"max_candidates\":65", ERR_INPUT},
        {"\"related_milli\":400", "\"related_milli\":851", ERR_INPUT},
        {"\"allow_noised\":true,\"allow_text\":true", "\"allow_noised\":false,\"allow_text\":false", ERR_INPUT},
        {"\"allow_noised\":true", "\"allow_noised\":1", ERR_INPUT},
        {"\"overlap_tokens\":3", "\"overlap_tokens\":0", ERR_INPUT},
        {"\"k\"", "\"cosigners\":31,\"k\"", OK},
        {"\"k\"", "\"cosigners\":32,\"k\"", ERR_INPUT},
        {"\"k\"", "\"cosigners\":0,\"k\"", ERR_INPUT},
        {"\"redaction\"", "\"rate_per_minute\":60,\"redaction\"", OK},
        {"\"redaction\"", "\"rate_per_minute\":0,\"redaction\"", ERR_INPUT},
        {"\"redaction\"", "\"rate_per_minute\":1000001,\"redaction\"", ERR_INPUT},
    };
    struct policy policy, back;
    SCOPED_BUF struct buf text, again;
    buf_init(&text);
    buf_init(&again);
    policy_default(&policy);
    ok(policy_encode(&policy, &text));
    ok(policy_decode(buf_bytes(&text), &back, NULL));
    ok(policy_encode(&back, &again));
    assert_true(bytes_equal(buf_bytes(&text), buf_bytes(&again)));
    check_record(&text, decode);
    check_spoils(&text, decode, spoils, sizeof spoils / sizeof *spoils);
}

static void test_hash(void **state)
{
    (void)state;
    struct policy policy;
    uint8_t one[HASH_BYTES], other[HASH_BYTES], expected[HASH_BYTES];
    SCOPED_BUF struct buf text;
    buf_init(&text);
    policy_default(&policy);
    ok(policy_encode(&policy, &text));
    hash_sha256(buf_bytes(&text), expected);
    ok(policy_hash(&policy, one));
    assert_memory_equal(one, expected, HASH_BYTES);
    policy.round_seconds++;
    ok(policy_hash(&policy, other));
    assert_memory_not_equal(one, other, HASH_BYTES);
    policy.k = 1;
    assert_int_equal(policy_hash(&policy, other), ERR_INPUT);
    assert_int_equal(other[0] | other[31], 0);
}

/* Each change away from the default, and what a client that accepted the default says to it. */
static void test_as_strict(void **state)
{
    (void)state;
#define CASE(field, value, expected)                                                                                   \
    {                                                                                                                  \
#field, {.field = (value) }, offsetof(struct policy, field), sizeof((struct policy *)0)->field, expected       \
    }
    static const struct {
        const char *name;
        struct policy change;
        size_t offset, size;
        bool accepted;
    } cases[] = {
        CASE(version, 9, true),
        CASE(k, 4, true),
        CASE(k, 2, false),
        CASE(min_tasks, 3, true),
        CASE(min_tasks, 1, false),
        CASE(max_candidates, 63, true),
        CASE(max_record_bytes, 1024, true),
        CASE(max_record_bytes, 200 * 1024, false),
        CASE(max_contributions, 1, true),
        CASE(max_contributions, 10001, false),
        CASE(rate_per_minute, 60, true),
        CASE(cosigners, 1, true),
        CASE(overlap_tokens, 2, true),
        CASE(overlap_tokens, 4, false),
        CASE(round_seconds, 0, true),
        CASE(near_milli, 900, true),
        CASE(related_milli, 100, true),
        CASE(noise_epsilon_max_micro, 1, true),
        CASE(noise_epsilon_max_micro, 4000001, false),
        CASE(budget_epsilon_micro, 0, true),
        CASE(budget_epsilon_micro, 10000001, false),
        CASE(noise_floor_choice, 300, true),
        CASE(noise_floor_count, 1000, true),
        CASE(budget_delta_pico, 999999, true),
        CASE(budget_delta_pico, 1000001, false),
        CASE(dp_epsilon_micro, 1000000, true), /* says nothing to who goes by a threshold */
        CASE(allow_text, false, true),
        CASE(allow_noised, false, true),
        CASE(mode, RELEASE_DP, true),
        {"redaction", {.redaction = "strict"}, offsetof(struct policy, redaction), 32, true},
        {"redaction", {.redaction = "off"}, offsetof(struct policy, redaction), 32, false},
        {"name", {.name = "other"}, offsetof(struct policy, name), 64, true},
    };
    struct policy mine;
    policy_default(&mine);
    ok(policy_as_strict(&mine, &mine, NULL));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct policy theirs = mine;
        struct why why = {0};
        memcpy((char *)&theirs + cases[i].offset, (const char *)&cases[i].change + cases[i].offset, cases[i].size);
        enum status got = policy_as_strict(&mine, &theirs, &why);
        if (got != (cases[i].accepted ? OK : ERR_POLICY))
            fail_msg("%s gave %s", cases[i].name, status_text(got));
        if (!cases[i].accepted)
            assert_string_equal(why.where, cases[i].name);
    }
}

/* What a client switched off stays off. */
static void test_never_back(void **state)
{
    (void)state;
    struct policy mine, theirs;
    policy_default(&theirs);
    mine = theirs;
    mine.allow_text = false;
    assert_int_equal(policy_as_strict(&mine, &theirs, NULL), ERR_POLICY);
    mine = theirs;
    mine.allow_noised = false;
    assert_int_equal(policy_as_strict(&mine, &theirs, NULL), ERR_POLICY);
    mine = theirs;
    mine.mode = RELEASE_DP;
    assert_int_equal(policy_as_strict(&mine, &theirs, NULL), ERR_POLICY);
    mine = theirs;
    mine.max_candidates = 1;
    assert_int_equal(policy_as_strict(&mine, &theirs, NULL), ERR_POLICY);
}

static struct policy private_policy(void)
{
    struct policy policy;
    policy_default(&policy);
    policy.mode = RELEASE_DP;
    policy.dp_epsilon_micro = 1000000;
    policy.dp_delta_pico = 10000000;
    policy.dp_statements = 16;
    return policy;
}

/* Mode dp has its three numbers, and no other mode has any. */
static void test_private(void **state)
{
    (void)state;
    SCOPED_BUF struct buf text = {0};
    struct policy policy = private_policy(), back;
    ok(policy_encode(&policy, &text));
    ok(policy_decode(buf_bytes(&text), &back, NULL));
    assert_int_equal(back.dp_epsilon_micro, 1000000);
    assert_int_equal(back.dp_delta_pico, 10000000);
    assert_int_equal(back.dp_statements, 16);
    policy.mode = RELEASE_THRESHOLD;
    assert_int_equal(policy_encode(&policy, &text), ERR_INPUT);
    const size_t fields[] = {offsetof(struct policy, dp_epsilon_micro), offsetof(struct policy, dp_delta_pico),
                             offsetof(struct policy, dp_statements)};
    for (size_t i = 0; i < 3; i++) {
        policy = private_policy();
        memset((char *)&policy + fields[i], 0, i < 2 ? sizeof(uint64_t) : sizeof(uint32_t));
        assert_int_equal(policy_encode(&policy, &text), ERR_INPUT);
    }
    policy = private_policy();
    policy.dp_delta_pico = 1000000001;
    assert_int_equal(policy_encode(&policy, &text), ERR_INPUT);
}

static void test_private_as_strict(void **state)
{
    (void)state;
    struct policy mine = private_policy(), theirs = private_policy();
    struct why why = {0};
    theirs.dp_epsilon_micro++;
    assert_int_equal(policy_as_strict(&mine, &theirs, &why), ERR_POLICY);
    assert_string_equal(why.where, "dp_epsilon_micro");
    theirs = private_policy();
    theirs.dp_delta_pico++;
    assert_int_equal(policy_as_strict(&mine, &theirs, NULL), ERR_POLICY);
    theirs = private_policy();
    theirs.dp_epsilon_micro--;
    theirs.dp_statements *= 2;
    ok(policy_as_strict(&mine, &theirs, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_record),    cmocka_unit_test(test_hash),
                                       cmocka_unit_test(test_as_strict), cmocka_unit_test(test_never_back),
                                       cmocka_unit_test(test_private),   cmocka_unit_test(test_private_as_strict)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
