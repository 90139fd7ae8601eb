/* Numbers between double and text. Hides the locale and the search for the shortest decimal that reads back the same.
 */
#include "base/json_inside.h"

#include <float.h>
#include <inttypes.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static locale_t c_locale; /* glibc's static "C" object: never freed, never fails */

__attribute__((constructor)) static void make_locale(void)
{
    c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
}

double json_number_read(const char *spelling)
{
    return strtod_l(spelling, NULL, c_locale);
}

/* value = digits * 10^exponent */
struct decimal {
    uint64_t digits;
    int exponent;
};

static bool reads_back(struct decimal d, double value)
{
    char text[40];
    snprintf(text, sizeof text, "%" PRIu64 "e%d", d.digits, d.exponent);
    return json_number_read(text) == value;
}

/* The decimal of `size` digits nearest to value. */
static struct decimal nearest(double value, int size)
{
    char text[40];
    struct decimal d = {0, 0};
    snprintf(text, sizeof text, "%.*e", size - 1, value);
    const char *c = text;
    for (; *c != 'e'; c++) /* whatever the locale puts between the digits is passed over */
        if (*c >= '0' && *c <= '9')
            d.digits = d.digits * 10 + (uint64_t)(*c - '0');
    d.exponent = (int)strtol(c + 1, NULL, 10) - (size - 1);
    return d;
}

/* The shortest decimal that reads back as value > 0, the nearest one where there are several. At powers of two the gap
 * above is twice the gap below, so that the next decimal above may read back where the nearest one does not. */
static struct decimal shortest(double value)
{
    struct decimal d = {0, 0};
    /* 15 digits always survive the way through a normal double, so that shorter ones show as trailing zeros. */
    for (int size = value < DBL_MIN ? 1 : 15; size <= 17; size++) {
        d = nearest(value, size);
        if (reads_back(d, value))
            break;
        d.digits++;
        if (reads_back(d, value))
            break;
    }
    for (; d.digits % 10 == 0; d.exponent++)
        d.digits /= 10;
    return d;
}

static void add_zeros(struct buf *out, int count)
{
    for (int i = 0; i < count; i++)
        buf_add_byte(out, '0');
}

/* ECMA-262 6.1.6.1.20 with its names: k digits, value = 0.digits * 10^n. */
static void print_decimal(struct decimal d, struct buf *out)
{
    char digits[24];
    int k = snprintf(digits, sizeof digits, "%" PRIu64, d.digits);
    int n = k + d.exponent;
    if (k <= n && n <= 21) {
        buf_add_str(out, digits);
        add_zeros(out, n - k);
    } else if (0 < n && n <= 21) {
        buf_addf(out, "%.*s.%s", n, digits, digits + n);
    } else if (-6 < n && n <= 0) {
        buf_add_str(out, "0.");
        add_zeros(out, -n);
        buf_add_str(out, digits);
    } else {
        buf_addf(out, "%c%s%se%+d", digits[0], k > 1 ? "." : "", digits + 1, n - 1);
    }
}

void json_number_print(double value, struct buf *out)
{
    INVARIANT(isfinite(value));
    if (fabs(value) < 0x1p53 && value == trunc(value)) {
        buf_addf(out, "%" PRId64, (int64_t)value); /* also turns -0 into 0 */
        return;
    }
    if (value < 0)
        buf_add_byte(out, '-');
    print_decimal(shortest(fabs(value)), out);
}
