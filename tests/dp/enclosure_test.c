/* dp/enclosure: bounds that hold, are near, and are rounded outwards. The known values of exp come from a program of
 * its own in another language (whole numbers of 640 bits, an alternating series), cut off after 192 bits. */
#include "dp/enclosure.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "base/random.h"

static const struct dp_ratio one = {1, 1};

/* The number is under 1, so [cut, cut + 2^-192) holds it, and both bounds are multiples of 2^-192 at 3 limbs. */
static bool holds(const struct enclosure *found, const uint64_t cut[3])
{
    struct wide number = {.limb = {0, cut[0], cut[1], cut[2]}};
    return wide_compare(3, &found->least, &number) <= 0 && wide_compare(3, &number, &found->most) <= 0;
}

static bool is_near(const struct enclosure *found)
{
    return found->most.limb[0] == found->least.limb[0] && found->most.limb[1] == found->least.limb[1] &&
           found->most.limb[2] - found->least.limb[2] <= 1;
}

static void test_exp(void **state)
{
    (void)state;
    static const struct {
        struct dp_ratio x;
        uint64_t cut[3];
    } rows[] = {
        {{1, 1}, {0x5e2d58d8b3bcdf1a, 0xbadec7829054f90d, 0xda9805aab56c7733}},
        {{1, 2}, {0x9b4597e37cb04ff3, 0xd675a35530cdd767, 0xe347bf8ad0e80abb}},
        {{1, 3}, {0xb76e989179752689, 0xc5984c9c50ebe4c9, 0xa86a1feb960e6212}},
        {{5, 1}, {0x01b993fe00d53761, 0xc45c249149a5b95d, 0xc61840d80f80a271}},
        {{40, 1}, {0x000000000000004e, 0x5e49266c6890a552, 0x8520d6f4fa11158e}},
        {{1, UINT64_C(1) << 40}, {0xffffffffff000000, 0x00007fffffffffd5, 0x555555555fffffff}},
        {{355, 113}, {0x0b10110c29b1415a, 0x97dc04fdde4d4727, 0x702a538b29d59545}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct enclosure coarse = enclosure_exp_minus(3, rows[i].x), fine = enclosure_exp_minus(12, rows[i].x);
        assert_true(holds(&coarse, rows[i].cut) && is_near(&coarse));
        assert_true(wide_compare(12, &fine.least, &fine.most) < 0);
        assert_true(wide_compare(3, &coarse.least, &fine.least) <= 0); /* the finer lies within the coarser */
        assert_true(wide_compare(3, &fine.most, &coarse.most) <= 0);
        const uint64_t other[3] = {rows[i].cut[0], rows[i].cut[1] + 2, rows[i].cut[2]};
        assert_false(holds(&coarse, other)); /* the check can fail */
    }
}

static void test_exp_at_the_ends(void **state)
{
    (void)state;
    const struct wide whole = {.limb = {1}};
    struct enclosure none = enclosure_exp_minus(3, (struct dp_ratio){0, 1});
    assert_true(wide_compare(3, &none.least, &whole) <= 0 && wide_compare(3, &none.most, &whole) >= 0);
    struct enclosure vast = enclosure_exp_minus(3, (struct dp_ratio){UINT64_MAX, 1});
    assert_true(vast.least.limb[3] == 0 && vast.most.limb[2] == 0 && vast.most.limb[3] >= 1);
    struct enclosure faint = enclosure_exp_minus(3, (struct dp_ratio){1, UINT64_MAX});
    assert_true(faint.least.limb[1] == UINT64_MAX - 1 && is_near(&faint));
}

/* At one limb each product is checked against 128 bits. */
static void test_products(void **state)
{
    (void)state;
    struct random_seeded seeded;
    struct random source = random_seeded_start(&seeded, 1);
    for (int i = 0; i < 1000; i++) {
        uint64_t x = random_u64(source), y = random_u64(source);
        unsigned __int128 product = (unsigned __int128)x * y;
        struct enclosure a = {1, {{0, x}}, {{0, x}}}, b = {1, {{0, y}}, {{0, y}}};
        enclosure_multiply(&a, &b, &a);
        assert_true(a.least.limb[1] == (uint64_t)(product >> 64));
        assert_true(a.most.limb[1] == (uint64_t)(product >> 64) + ((uint64_t)product != 0));
    }
}

static void test_rounded_outwards(void **state)
{
    (void)state;
    const struct wide whole = {.limb = {1}};
    for (uint64_t by = 2; by < 40; by++) {
        struct enclosure part = enclosure_ratio(4, (struct dp_ratio){1, by}), back = part;
        enclosure_times(&back, by);
        int below = wide_compare(4, &back.least, &whole), above = wide_compare(4, &back.most, &whole);
        bool exact = (by & (by - 1)) == 0;
        assert_true(exact ? below == 0 && above == 0 : below < 0 && above > 0);
        struct enclosure number = enclosure_ratio(4, (struct dp_ratio){by, 3}), inverse = enclosure_inverse(&number);
        enclosure_multiply(&number, &inverse, &number);
        assert_true(wide_compare(4, &number.least, &whole) <= 0 && wide_compare(4, &number.most, &whole) >= 0);
        assert_true(number.least.limb[0] == 1 || number.least.limb[3] == UINT64_MAX);
        assert_int_equal(number.most.limb[3], 0);
    }
}

static void test_carries(void **state)
{
    (void)state;
    struct enclosure number = {2, {{0, UINT64_MAX, UINT64_MAX}}, {{0, UINT64_MAX, UINT64_MAX}}};
    struct enclosure step = {2, {{0, 0, 1}}, {{0, 0, 1}}};
    enclosure_add(&number, &step);
    assert_true(number.least.limb[0] == 1 && number.least.limb[1] == 0 && number.least.limb[2] == 0);
    enclosure_over(&number, 3);
    assert_true(number.most.limb[2] == UINT64_MAX / 3 + 1 && number.least.limb[2] == UINT64_MAX / 3);
    struct enclosure sum = enclosure_ratio(2, one);
    enclosure_add(&sum, &sum);
    assert_true(sum.least.limb[0] == 2 && sum.most.limb[0] == 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_exp),      cmocka_unit_test(test_exp_at_the_ends),
        cmocka_unit_test(test_products), cmocka_unit_test(test_rounded_outwards),
        cmocka_unit_test(test_carries),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
