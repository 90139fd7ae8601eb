/* Pure ε in millionths. Hides the overflow checks. */
#include "dp/account.h"

#include <inttypes.h>
#include <stdio.h>

enum status dp_epsilon_of(uint64_t numerator, uint64_t denominator, struct dp_epsilon *out)
{
    out->micro = 0;
    if (denominator == 0)
        return ERR_USAGE;
    unsigned __int128 scaled = (unsigned __int128)numerator * DP_EPSILON_ONE + (denominator - 1);
    if (scaled / denominator > UINT64_MAX)
        return ERR_TOO_LARGE;
    out->micro = (uint64_t)(scaled / denominator);
    return OK;
}

enum status dp_epsilon_parse(struct bytes text, struct dp_epsilon *out)
{
    uint64_t digits = 0;
    size_t places = 0, count = 0;
    bool point = false;
    out->micro = 0;
    for (size_t i = 0; i < text.size; i++) {
        uint8_t c = text.data[i];
        if (c == '.' && !point && count) {
            point = true;
            continue;
        }
        if (c < '0' || c > '9' || ++count > 15)
            return ERR_INPUT;
        digits = digits * 10 + (c - '0');
        places += point;
    }
    if (digits == 0 || places > 6 || (point && places == 0))
        return ERR_INPUT;
    for (; places < 6; places++) /* 15 digits and 6 zeros may be too many for 64 bits */
        if (__builtin_mul_overflow(digits, 10, &digits))
            return ERR_INPUT;
    out->micro = digits;
    return OK;
}

void dp_epsilon_text(struct dp_epsilon epsilon, char out[static DP_EPSILON_TEXT])
{
    snprintf(out, DP_EPSILON_TEXT, "%" PRIu64 ".%06" PRIu64, epsilon.micro / DP_EPSILON_ONE,
             epsilon.micro % DP_EPSILON_ONE);
}

enum status dp_epsilon_add(struct dp_epsilon a, struct dp_epsilon b, struct dp_epsilon *out)
{
    if (!__builtin_add_overflow(a.micro, b.micro, &out->micro))
        return OK;
    out->micro = UINT64_MAX;
    return ERR_TOO_LARGE;
}

enum status dp_epsilon_times(struct dp_epsilon epsilon, uint64_t times, struct dp_epsilon *out)
{
    if (!__builtin_mul_overflow(epsilon.micro, times, &out->micro))
        return OK;
    out->micro = UINT64_MAX;
    return ERR_TOO_LARGE;
}

int dp_epsilon_compare(struct dp_epsilon a, struct dp_epsilon b)
{
    return (a.micro > b.micro) - (a.micro < b.micro);
}

bool dp_account_allows(struct dp_epsilon spent, struct dp_epsilon charge, struct dp_epsilon cap)
{
    struct dp_epsilon after;
    return charge.micro > 0 && dp_epsilon_add(spent, charge, &after) == OK && dp_epsilon_compare(after, cap) <= 0;
}

struct dp_epsilon dp_account_left(struct dp_epsilon spent, struct dp_epsilon cap)
{
    return (struct dp_epsilon){spent.micro < cap.micro ? cap.micro - spent.micro : 0};
}
