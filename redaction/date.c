/* Dates as people and machines write them. Hides which number is the day: a date is read into the places of its year,
 * month and day, so that others can be written into the same places. */
#include "redaction/chars.h"
#include "redaction/redactor.h"

struct place {
    size_t at, size; /* size 0: absent */
    int value;
};
struct date {
    struct place year, month, day;
    struct place small[3]; /* numbers of one or two digits, not yet assigned */
    size_t smalls;
    size_t language; /* of a month that is named */
    bool named, abbreviated;
    bool odd; /* something stands in it that is not understood: the year may still be right */
};

#define LANGUAGES 7
static const char *const months[LANGUAGES] = {
    "january|february|march|april|may|june|july|august|september|october|november|december",
    "januar|februar|marz|april|mai|juni|juli|august|september|oktober|november|dezember",
    "janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre",
    "enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre",
    "gennaio|febbraio|marzo|aprile|maggio|giugno|luglio|agosto|settembre|ottobre|novembre|dicembre",
    "januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december",
    "janeiro|fevereiro|marco|abril|maio|junho|julho|agosto|setembro|outubro|novembro|dezembro",
};
static const char beside[] = "of|the|at|am|pm|t|z|utc|gmt|de|del|den|der|um|a|le|el|"
                             "mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun|"
                             "monday|tuesday|wednesday|thursday|friday|saturday|sunday";

/* --- the calendar: days since 1970-01-01, proleptic Gregorian --- */

static int64_t days_of(int64_t year, int month, int day)
{
    int64_t y = month <= 2 ? year - 1 : year, era = (y >= 0 ? y : y - 399) / 400;
    int64_t of_era = y - era * 400, of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static void date_of(int64_t days, int *year, int *month, int *day)
{
    int64_t z = days + 719468, era = (z >= 0 ? z : z - 146096) / 146097, of_era = z - era * 146097;
    int64_t y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * y + y / 4 - y / 100), m = (5 * of_year + 2) / 153;
    *day = (int)(of_year - (153 * m + 2) / 5 + 1);
    *month = (int)(m < 10 ? m + 3 : m - 9);
    *year = (int)(y + era * 400 + (*month <= 2));
}

/* --- reading --- */

static int number_of(struct bytes text, size_t at, size_t size)
{
    int value = 0;
    for (size_t i = 0; i < size; i++)
        value = value * 10 + (text.data[at + i] - '0');
    return value;
}

static struct place place_of(struct bytes text, size_t at, size_t size)
{
    return (struct place){at, size, number_of(text, at, size)};
}

/* The month that the word [at, end) names, from 1; 0 if none. English ones may be cut to three or four letters. */
static int month_named(struct bytes text, size_t at, size_t end, struct date *out)
{
    for (size_t language = 0; language < LANGUAGES; language++) {
        const char *name = months[language];
        for (int month = 1; month <= 12; month++, name++) {
            size_t size = strcspn(name, "|"), word = end - at, same = 0;
            while (same < word && same < size && char_lower(text.data[at + same]) == (uint8_t)name[same])
                same++;
            bool cut = language == 0 && (word == 3 || (word == 4 && month == 9));
            if (same == word && (same == size || cut)) {
                out->language = language;
                out->abbreviated = same < size;
                return month;
            }
            name += size;
        }
    }
    return 0;
}

static void read_word(struct bytes text, size_t at, size_t end, struct date *out)
{
    int month = month_named(text, at, end, out);
    if (month && !out->named) {
        out->named = true;
        out->month = (struct place){at, end - at, month};
        return;
    }
    if (chars_word_of(bytes_part(text, 0, end), at, beside) != end - at)
        out->odd = true;
}

/* A number that says a time or a zone, not a date. */
static bool is_clock(struct bytes text, size_t at, size_t end, const struct date *date)
{
    bool known = date->year.size || date->named || date->smalls >= 2;
    uint8_t before = char_at(text, at - 1);
    return char_at(text, end) == ':' || before == ':' || (known && before == '.' && (end - at) % 3 == 0) ||
           (date->year.size && (before == '+' || before == '-') && end - at == 4);
}

static bool read_number(struct bytes text, size_t at, size_t end, struct date *out)
{
    size_t size = end - at;
    if (size == 8 && !out->year.size && !out->smalls && !out->named) {
        out->year = place_of(text, at, 4);
        out->month = place_of(text, at + 4, 2);
        out->day = place_of(text, at + 6, 2);
        return true;
    }
    if (size == 4 && !out->year.size) {
        out->year = place_of(text, at, 4);
        return true;
    }
    if (size > 2 || out->smalls == 3)
        return false;
    out->small[out->smalls++] = place_of(text, at, size);
    return true;
}

/* An ordinal's ending ("5th") stands behind a day. */
static size_t ordinal(struct bytes text, size_t end)
{
    return chars_word_of(text, end, "st|nd|rd|th");
}

static bool read_all(struct bytes text, struct date *out)
{
    for (size_t at = 0; at < text.size;) {
        size_t end = chars_run(text, at, C_DIGIT, SIZE_MAX);
        if (end > at) {
            if (!is_clock(text, at, end, out) && !read_number(text, at, end, out))
                return false;
            at = end + ordinal(text, end);
            continue;
        }
        end = chars_run(text, at, C_ALPHA, SIZE_MAX);
        if (end > at)
            read_word(text, at, end, out);
        else if (text.data[at] >= 0x80)
            out->odd = true;
        at = end > at ? end : at + 1;
    }
    return true;
}

/* --- which is which --- */

/* The order of a numeric date: month first where a slash stands or the second number can be no month. */
static bool month_first(struct bytes text, const struct place *first, const struct place *second)
{
    if (first->value > 12 || second->value > 12)
        return second->value > 12;
    return char_at(text, first->at + first->size) == '/';
}

static bool assign_pair(struct bytes text, struct date *date, const struct place *pair)
{
    bool month = (date->year.size && date->year.at < pair[0].at) || month_first(text, &pair[0], &pair[1]);
    date->month = pair[!month];
    date->day = pair[month];
    return true;
}

static bool assign(struct bytes text, struct date *date)
{
    struct place *small = date->small;
    if (date->named && date->smalls == 2 && !date->year.size)
        date->year = small[1];
    else if (date->named && date->smalls > 1)
        return false;
    if (date->named) {
        if (date->smalls)
            date->day = small[0];
        return true;
    }
    if (date->smalls == 3 && !date->year.size) {
        bool ahead = small[0].value > 31;
        date->year = small[ahead ? 0 : 2];
        return assign_pair(text, date, ahead ? small + 1 : small);
    }
    if (date->smalls == 2)
        return assign_pair(text, date, small);
    if (date->smalls == 1)
        date->month = small[0];
    return date->smalls < 2;
}

static int full_year(const struct place *year)
{
    if (year->size != 2)
        return year->value;
    return year->value + (year->value > 30 ? 1900 : 2000);
}

static bool date_read(struct bytes text, struct date *out)
{
    *out = (struct date){0};
    if (!read_all(text, out) || !assign(text, out))
        return false;
    bool month = !out->month.size || (out->month.value >= 1 && out->month.value <= 12);
    bool day = !out->day.size || (out->day.value >= 1 && out->day.value <= 31);
    bool year = !out->year.size || (full_year(&out->year) >= 1000 && full_year(&out->year) <= 2999);
    return month && day && year && (out->month.size || out->year.size);
}

bool date_year(struct bytes value, int *year)
{
    struct date date;
    if (!date_read(value, &date) || !date.year.size)
        return false;
    *year = full_year(&date.year);
    return true;
}

/* --- writing --- */

/* As wide as before; but "March 12" becomes "March 5". */
static void write_number(int value, struct bytes was, bool named, struct buf *out)
{
    if (was.size == 2 && value > 99)
        value %= 100;
    buf_addf(out, "%0*d", named && was.data[0] != '0' ? 1 : (int)was.size, value);
}

static void write_ordinal(int day, struct buf *out)
{
    static const char *const endings[] = {"th", "st", "nd", "rd"};
    int last = day % 10;
    buf_add_str(out, endings[day / 10 == 1 || last > 3 ? 0 : last]);
}

/* The month's name in the case and language of the one that stood there. */
static void write_month(const struct date *date, int month, struct bytes was, struct buf *out)
{
    const char *name = months[date->language];
    for (; month > 1; month--)
        name += strcspn(name, "|") + 1;
    size_t size = date->abbreviated ? 3 : strcspn(name, "|");
    for (size_t i = 0; i < size; i++) {
        bool upper = char_is(was.data[i == 0 ? 0 : was.size - 1], C_UPPER);
        buf_add_byte(out, upper ? char_upper((uint8_t)name[i]) : (uint8_t)name[i]);
    }
}

static void write_date(struct bytes text, const struct date *date, const int parts[3], struct buf *out)
{
    const struct place *const places[3] = {&date->year, &date->month, &date->day};
    for (size_t at = 0; at < text.size;) {
        size_t which = 0;
        while (which < 3 && !(places[which]->size && places[which]->at == at))
            which++;
        if (which == 3) {
            buf_add_byte(out, text.data[at++]);
            continue;
        }
        struct bytes was = bytes_part(text, at, places[which]->size);
        at += was.size;
        if (which == 1 && date->named)
            write_month(date, parts[1], was, out);
        else
            write_number(parts[which], was, date->named && which == 2, out);
        if (which == 2 && ordinal(text, at)) {
            write_ordinal(parts[2], out);
            at += 2;
        }
    }
}

/* Seconds or milliseconds since 1970. */
static bool shift_epoch(struct bytes value, int64_t days, struct buf *out)
{
    int64_t number = 0, day = value.size == 13 ? 86400000 : 86400;
    if ((value.size != 10 && value.size != 13) || chars_run(value, 0, C_DIGIT, SIZE_MAX) != value.size)
        return false;
    for (size_t i = 0; i < value.size; i++)
        number = number * 10 + (value.data[i] - '0');
    number += days * day;
    if (number < 0)
        return false;
    buf_addf(out, "%0*lld", (int)value.size, (long long)number);
    return true;
}

/* What is not said stands in the middle: a month without a day moves from its 15th, a year from its July. */
bool date_shift(struct bytes value, int64_t days, struct buf *out)
{
    struct date date;
    if (shift_epoch(value, days, out))
        return true;
    if (!date_read(value, &date) || date.odd)
        return false;
    int year = date.year.size ? full_year(&date.year) : 2001, month = date.month.size ? date.month.value : 7;
    int day = date.day.size ? date.day.value : date.month.size ? 15 : 1, parts[3];
    date_of(days_of(year, month, day) + days, &parts[0], &parts[1], &parts[2]);
    write_date(value, &date, parts, out);
    return true;
}
