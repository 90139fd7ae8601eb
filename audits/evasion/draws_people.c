/* What people and machines are called. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "audits/evasion/draws.h"

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

static const char *pick(struct random random, const char *const *from, size_t count)
{
    return from[random_below(random, count)];
}

static const char *given(struct random random)
{
    static const char *const names[] = {"Sofia",  "Liam",   "Noah", "Olivia", "Ethan", "Yusuf",  "Chloe",    "Mateo",
                                        "Amelia", "Fatima", "Raj",  "Ingrid", "Omar",  "Evelyn", "Isabella", "Daiki"};
    return pick(random, names, COUNT_OF(names));
}

static const char *family(struct random random)
{
    static const char *const names[] = {"Hernandez", "Nguyen",  "Kowalski", "Rossi",  "Patel",    "Johansson", "Garcia",
                                        "Kim",       "Schmidt", "Silva",    "Ivanov", "Lefebvre", "Sanchez",   "Ito"};
    return pick(random, names, COUNT_OF(names));
}

static void lower(char *text)
{
    for (; *text; text++)
        *text = (char)tolower((unsigned char)*text);
}

/* --- people --- */

void draw_email(struct random random, char value[static KIND_VALUE_MAX])
{
    static const char *const hosts[] = {"example.com", "mail.example.org", "example.co.uk", "corp.example.net"};
    static const char *const marks[] = {".", "_", "-", ""};
    const char *first = given(random), *mark = pick(random, marks, COUNT_OF(marks)), *last = family(random);
    unsigned number = draw_between(random, 10, 9999);
    snprintf(value, KIND_VALUE_MAX, "%s%s%s%u@%s", first, mark, last, number, pick(random, hosts, COUNT_OF(hosts)));
    lower(value);
}

void draw_phone_us(struct random random, char value[static KIND_VALUE_MAX])
{
    unsigned area = draw_between(random, 201, 989), exchange = draw_between(random, 200, 999);
    snprintf(value, KIND_VALUE_MAX, "(%u) %u-%04u", area, exchange, draw_between(random, 0, 9999));
}

void draw_phone_dashed(struct random random, char value[static KIND_VALUE_MAX])
{
    unsigned area = draw_between(random, 201, 989), exchange = draw_between(random, 200, 999);
    snprintf(value, KIND_VALUE_MAX, "%u-%u-%04u", area, exchange, draw_between(random, 0, 9999));
}

void draw_phone_world(struct random random, char value[static KIND_VALUE_MAX])
{
    static const char *const codes[] = {"+49 30 ", "+44 20 7", "+33 1 42 ", "+81 3 5", "+61 2 9", "+91 22 2"};
    const char *code = pick(random, codes, COUNT_OF(codes));
    unsigned front = draw_between(random, 222, 999);
    snprintf(value, KIND_VALUE_MAX, "%s%u %04u", code, front, draw_between(random, 0, 9999));
}

void draw_name(struct random random, char value[static KIND_VALUE_MAX])
{
    const char *first = given(random);
    snprintf(value, KIND_VALUE_MAX, "%s %s", first, family(random));
}

void draw_street(struct random random, char value[static KIND_VALUE_MAX])
{
    static const char *const streets[] = {"Maple", "Cedar", "Highland", "Oak Hill", "Willow", "Sunset", "Lakeview"};
    static const char *const ends[] = {"Street", "Avenue", "Road", "Drive", "Lane", "Boulevard"};
    unsigned number = draw_between(random, 11, 9999);
    const char *street = pick(random, streets, COUNT_OF(streets));
    snprintf(value, KIND_VALUE_MAX, "%u %s %s", number, street, pick(random, ends, COUNT_OF(ends)));
}

void draw_birth(struct random random, char value[static KIND_VALUE_MAX])
{
    unsigned year = draw_between(random, 1940, 2005), month = draw_between(random, 1, 12);
    snprintf(value, KIND_VALUE_MAX, "%u-%02u-%02u", year, month, draw_between(random, 1, 28));
}

void draw_date(struct random random, char value[static KIND_VALUE_MAX])
{
    static const char *const months[] = {"January", "February", "April", "June", "September", "November"};
    const char *month = pick(random, months, COUNT_OF(months));
    unsigned day = draw_between(random, 1, 28);
    snprintf(value, KIND_VALUE_MAX, "%s %u, %u", month, day, draw_between(random, 1980, 2024));
}

void draw_company(struct random random, char value[static KIND_VALUE_MAX])
{
    static const char *const forms[] = {"GmbH", "Ltd", "Inc.", "S.p.A."};
    const char *one = family(random), *other = family(random);
    snprintf(value, KIND_VALUE_MAX, "%s & %s %s", one, other, pick(random, forms, COUNT_OF(forms)));
}

void draw_user_id(struct random random, char value[static KIND_VALUE_MAX])
{
    const char *first = given(random), *last = family(random);
    snprintf(value, KIND_VALUE_MAX, "%s_%s_%u", first, last, draw_between(random, 1000, 9999));
    lower(value);
}

/* --- machines --- */

void draw_ipv4(struct random random, char value[static KIND_VALUE_MAX])
{
    unsigned part[4] = {draw_between(random, 11, 120)};
    for (size_t i = 1; i < 4; i++)
        part[i] = draw_between(random, 11, 250);
    snprintf(value, KIND_VALUE_MAX, "%u.%u.%u.%u", part[0], part[1], part[2], part[3]);
}

void draw_ipv6(struct random random, char value[static KIND_VALUE_MAX])
{
    size_t size = (size_t)snprintf(value, KIND_VALUE_MAX, "2001:db8");
    for (size_t i = 0; i < 6; i++)
        size += (size_t)snprintf(value + size, KIND_VALUE_MAX - size, ":%x", draw_between(random, 0x1000, 0xffff));
}

void draw_mac(struct random random, char value[static KIND_VALUE_MAX])
{
    size_t size = 0;
    for (size_t i = 0; i < 6; i++)
        size += (size_t)snprintf(value + size, KIND_VALUE_MAX - size, "%s%02x", i ? ":" : "",
                                 draw_between(random, 8, 119) * 2);
}

void draw_home(struct random random, char value[static KIND_VALUE_MAX])
{
    const char *first = given(random), *last = family(random);
    snprintf(value, KIND_VALUE_MAX, "/home/%s_%s_%u", first, last, draw_between(random, 1000, 9999));
    lower(value);
}

void draw_home_windows(struct random random, char value[static KIND_VALUE_MAX])
{
    char user[KIND_VALUE_MAX];
    draw_user_id(random, user);
    snprintf(value, KIND_VALUE_MAX, "C:\\Users\\%.40s", user);
}

void draw_coordinates(struct random random, char value[static KIND_VALUE_MAX])
{
    unsigned latitude = draw_between(random, 10, 80), longitude = draw_between(random, 10, 179);
    unsigned north = draw_between(random, 100001, 999999);
    snprintf(value, KIND_VALUE_MAX, "%u.%06u, %u.%06u", latitude, north, longitude,
             draw_between(random, 100001, 999999));
}

void draw_private_key(struct random random, char value[static KIND_VALUE_MAX])
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    size_t size = (size_t)snprintf(value, KIND_VALUE_MAX, "-----BEGIN %s-----\n", "PRIVATE KEY");
    for (size_t i = 0; i < 4 * 65; i++)
        value[size++] = i % 65 == 64 ? '\n' : letters[random_below(random, 64)];
    snprintf(value + size, KIND_VALUE_MAX - size, "-----END %s-----", "PRIVATE KEY");
}
