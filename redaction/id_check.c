/* The sums that documents share. */
#include "redaction/id_check.h"

unsigned id_value(struct bytes id, size_t at)
{
    uint8_t byte = at < id.size ? id.data[at] : '0';
    return byte >= 'A' ? byte - 'A' + 10u : byte - '0' + 0u;
}

uint64_t id_number(struct bytes id, size_t from, size_t count)
{
    uint64_t number = 0;
    for (size_t i = from; i < from + count; i++)
        number = number * 10 + id_value(id, i);
    return number;
}

unsigned id_weighted(struct bytes id, const uint8_t *weights, size_t count)
{
    unsigned sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += weights[i] * id_value(id, i);
    return sum;
}

bool id_luhn(struct bytes id)
{
    unsigned sum = 0;
    for (size_t i = 0; i < id.size; i++) {
        unsigned digit = id_value(id, id.size - 1 - i) << (i % 2);
        sum += digit > 9 ? digit - 9 : digit;
    }
    return sum % 10 == 0;
}

bool id_verhoeff(struct bytes id)
{
    static const uint8_t product[10][10] = {{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, {1, 2, 3, 4, 0, 6, 7, 8, 9, 5},
                                            {2, 3, 4, 0, 1, 7, 8, 9, 5, 6}, {3, 4, 0, 1, 2, 8, 9, 5, 6, 7},
                                            {4, 0, 1, 2, 3, 9, 5, 6, 7, 8}, {5, 9, 8, 7, 6, 0, 4, 3, 2, 1},
                                            {6, 5, 9, 8, 7, 1, 0, 4, 3, 2}, {7, 6, 5, 9, 8, 2, 1, 0, 4, 3},
                                            {8, 7, 6, 5, 9, 3, 2, 1, 0, 4}, {9, 8, 7, 6, 5, 4, 3, 2, 1, 0}};
    static const uint8_t permuted[8][10] = {{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, {1, 5, 7, 6, 2, 8, 3, 0, 9, 4},
                                            {5, 8, 0, 3, 7, 9, 6, 1, 4, 2}, {8, 9, 1, 6, 0, 4, 3, 5, 2, 7},
                                            {9, 4, 5, 3, 1, 2, 6, 8, 7, 0}, {4, 2, 8, 6, 5, 7, 3, 9, 0, 1},
                                            {2, 7, 9, 3, 8, 0, 6, 4, 1, 5}, {7, 0, 4, 6, 9, 1, 3, 2, 5, 8}};
    unsigned check = 0;
    for (size_t i = 0; i < id.size; i++)
        check = product[check][permuted[i % 8][id_value(id, id.size - 1 - i) % 10]];
    return check == 0;
}

bool id_is_of(uint8_t byte, const char *letters)
{
    return byte && strchr(letters, byte);
}

bool id_is_day(unsigned month, unsigned day)
{
    static const uint8_t days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month >= 1 && month <= 12 && day >= 1 && day <= days[month - 1];
}

bool id_has_ymd(struct bytes id, size_t from)
{
    return id_is_day((unsigned)id_number(id, from + 2, 2), (unsigned)id_number(id, from + 4, 2));
}

bool id_has_dmy(struct bytes id, size_t from)
{
    return id_is_day((unsigned)id_number(id, from + 2, 2), (unsigned)id_number(id, from, 2));
}
