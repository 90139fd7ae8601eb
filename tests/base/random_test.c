/* random: the seeded stream is the same everywhere and however it is cut; bounded draws are uniform. */
#include "base/random.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "base/encode.h"

static void test_stream(void **state)
{
    (void)state;
    struct random_seeded a, b;
    struct random whole = random_seeded_start(&a, 42), cut = random_seeded_start(&b, 42);
    uint8_t at_once[300], in_parts[300], other[300];
    random_fill(whole, at_once, sizeof at_once);
    for (size_t at = 0, part = 1; at < sizeof in_parts; at += part, part = part % 37 + 1) {
        part = part < sizeof in_parts - at ? part : sizeof in_parts - at;
        random_fill(cut, in_parts + at, part);
    }
    assert_memory_equal(at_once, in_parts, sizeof at_once);
    random_fill(random_seeded_start(&b, 43), other, sizeof other);
    assert_memory_not_equal(at_once, other, sizeof other);
    random_fill(random_system(), other, sizeof other);
    random_fill(random_system(), in_parts, sizeof in_parts);
    assert_memory_not_equal(in_parts, other, sizeof other);
}

static void test_draws(void **state)
{
    (void)state;
    struct random_seeded seeded;
    struct random source = random_seeded_start(&seeded, 1);
    size_t seen[3] = {0};
    for (int i = 0; i < 30000; i++) {
        seen[random_below(source, 3)]++;
        double unit = random_unit(source);
        assert_true(unit >= 0 && unit < 1);
        assert_int_equal(random_below(source, 1), 0);
        assert_true(random_below(source, UINT64_MAX) < UINT64_MAX);
    }
    for (size_t i = 0; i < 3; i++)
        assert_in_range(seen[i], 9600, 10400); /* five standard deviations */
}

/* RFC 8439, A.1, test vector 1: the key and the nonce are zero. */
static void test_keyed(void **state)
{
    (void)state;
    static const uint8_t zero[RANDOM_KEY_BYTES];
    uint8_t out[200], again[200] = {0}, start[16];
    assert_int_equal(decode_hex_fixed(bytes_str("76b8e0ada0f13d90405d6ae55386bd28"), start, sizeof start), OK);
    random_keyed(zero, out, sizeof out);
    assert_memory_equal(out, start, sizeof start);
    random_keyed(again, again, sizeof again); /* over the key itself */
    assert_memory_equal(out, again, sizeof out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_stream), cmocka_unit_test(test_draws),
                                       cmocka_unit_test(test_keyed)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
