/* Ids in context: payments, orders, reservations, users. An id alone says nothing; a label, or a form that carries its
 * own label, makes it one. */
#include "redaction/names.h"

/* An id needs a digit and no other meaning: not a date, a time, a version or a price. */
static bool is_id(struct bytes value, bool strong)
{
    size_t digits = 0, upper = 0, lower = 0;
    for (size_t i = 0; i < value.size; i++) {
        digits += char_is(value.data[i], C_DIGIT);
        upper += char_is(value.data[i], C_UPPER);
        lower += char_is(value.data[i], C_LOWER);
    }
    bool date = value.size == 10 && value.data[4] == '-' && value.data[7] == '-';
    if (digits == 0 || date || value.size < 4 || value.size > 40)
        return false;
    if (strong)
        return value.size >= 5 || upper || digits == value.size;
    return lower == 0 && (upper ? value.size >= 5 && digits >= 2 : digits >= 6);
}

/* Does the label that ends here end in "id", "number", "no" or "code"? */
static bool names_value(struct bytes text, size_t end)
{
    size_t start = chars_run_back(text, end, C_ALPHA, 24), size = end - start;
    static const char *const tails[] = {"id", "ids", "number", "numbers", "no", "code", "codes", "username"};
    for (size_t i = 0; i < sizeof tails / sizeof tails[0]; i++) {
        size_t tail = strlen(tails[i]);
        if (size >= tail && chars_are(text, end - tail, tails[i]))
            return true;
    }
    return char_at(text, end - 1) == '#';
}

/* Behind a label: one id or a list of them. */
static size_t match_id(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    bool strong = false, named = names_value(text, end);
    size_t at = skip_label(scan, end, 0, &strong);
    strong |= named;
    for (size_t items = 0; items < 64 && at < text.size; items++) {
        size_t stop = chars_run(text, at, C_TOKEN, 64);
        while (stop > at && char_is(text.data[stop - 1], C_DASH | C_UNDER))
            stop--;
        bool number = char_at(text, stop) == '.' && char_is(char_at(text, stop + 1), C_DIGIT);
        struct bytes value = bytes_part(text, at, stop - at);
        bool locator = row->flags & ROW_WIDE && strong && value.size == 6 && chars_run(value, 0, C_UPPER, 8) == 6;
        if (number || !chars_word_starts(text, at) || !(is_id(value, strong) || locator))
            break;
        scan_found(scan, row, at, stop);
        end = stop;
        bool again;
        at = skip_label(scan, stop, 0, &again);
        if (at == stop)
            break;
    }
    return end;
}

/* A reservation's locator: six capitals and digits with both; with "id" before it six capitals do. */
static size_t match_locator(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    bool strong = false;
    size_t at = skip_label(scan, end, 0, &strong);
    size_t stop = at < text.size ? chars_run(text, at, C_UPPER | C_DIGIT, 7) : 0;
    bool digit = stop > at && chars_run(text, at, C_UPPER, 7) < stop && chars_run(text, at, C_DIGIT, 7) < stop;
    bool flight = chars_are(text, stop, " flight"); /* "booking the HAT102 flight" */
    if (stop == at + 6 && digit && chars_word_ends(text, stop) && !flight)
        scan_found(scan, row, at, stop);
    return match_id(scan, row, end);
}

/* "mia_li_3668": known by a name in it, or by talk of users before it. */
static size_t match_user_id(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t digits = chars_run_back(text, end, C_DIGIT, 8);
    size_t start = chars_run_back(text, digits, C_LOWER | C_UNDER, 60);
    size_t stop = chars_run(text, end, C_DIGIT, 8);
    if (!chars_word_starts(text, start) || !chars_word_ends(text, stop) || text.data[start] == '_')
        return end;
    struct bytes words = bytes_part(text, start, digits - start);
    bool payment = chars_are(words, 0, "credit_") || chars_are(words, 0, "gift_") || chars_are(words, 0, "debit_");
    bool named = names_likely(scan->names, words);
    if (!payment && (named || chars_near_before(text, start, 40, "user|customer|profile|account|login")))
        scan_found(scan, row, start, stop);
    return stop;
}

#define PAYMENT(name, format)                                                                                          \
    {                                                                                                                  \
        "account." name, REDACT_ACCOUNT, NULL, match_shape, format, 0.95f, ROW_STRICT | ROW_LEARN,                     \
            "ids of shops and airlines that carry their label",                                                        \
        {                                                                                                              \
            0                                                                                                          \
        }                                                                                                              \
    }
#define LABELLED(name, words, find, format, flags)                                                                     \
    {                                                                                                                  \
        "account." name, REDACT_ACCOUNT, words, find, format, 0.85f, ROW_LEARN | ROW_LIST | (flags), "label",          \
        {                                                                                                              \
            0                                                                                                          \
        }                                                                                                              \
    }
#define IDS(word) word " id|" word "_id|" word "-id|" word "id|" word " number|" word "_number|" word " no|" word " #"

static const struct recognizer rows[] = {
    PAYMENT("credit_card", "credit_card_%d{4,}"),
    PAYMENT("debit_card", "debit_card_%d{4,}"),
    PAYMENT("gift_card", "gift_card_%d{4,}"),
    PAYMENT("certificate", "certificate_%d{4,}"),
    PAYMENT("paypal", "paypal_%d{4,}"),
    PAYMENT("bank_account", "bank_account_%d{4,}"),
    PAYMENT("order_hash", "#W%d{6,9}"),
    PAYMENT("cust", "cust_%d{5,}"),
    PAYMENT("customer", "customer_%d{5,}"),
    PAYMENT("member", "member_%d{5,}"),
    {"account.user",
     REDACT_ACCOUNT,
     NULL,
     match_user_id,
     NULL,
     0.9f,
     ROW_STRICT | ROW_LEARN,
     "first_last_number",
     {DIGITS_OR_MORE(3), BESIDE_UNDER, 0}},
    LABELLED(
        "user_labelled",
        IDS("user") "|" IDS("customer") "|" IDS("client") "|" IDS("member") "|" IDS("employee") "|" IDS(
            "profile") "|" IDS("loyalty") "|" IDS("staff") "|" IDS("student") "|" IDS("badge") "|" IDS("personnel") "|e"
                                                                                                                    "mp"
                                                                                                                    "lo"
                                                                                                                    "ye"
                                                                                                                    "e|"
                                                                                                                    "ku"
                                                                                                                    "nd"
                                                                                                                    "en"
                                                                                                                    "nu"
                                                                                                                    "mm"
                                                                                                                    "er"
                                                                                                                    "|k"
                                                                                                                    "un"
                                                                                                                    "de"
                                                                                                                    "n-"
                                                                                                                    "nr"
                                                                                                                    "|p"
                                                                                                                    "er"
                                                                                                                    "so"
                                                                                                                    "na"
                                                                                                                    "ln"
                                                                                                                    "um"
                                                                                                                    "me"
                                                                                                                    "r|"
                                                                                                                    "mi"
                                                                                                                    "ta"
                                                                                                                    "rb"
                                                                                                                    "ei"
                                                                                                                    "te"
                                                                                                                    "rn"
                                                                                                                    "um"
                                                                                                                    "me"
                                                                                                                    "r|"
                                                                                                                    "nu"
                                                                                                                    "me"
                                                                                                                    "ro"
                                                                                                                    " d"
                                                                                                                    "e "
                                                                                                                    "cl"
                                                                                                                    "ie"
                                                                                                                    "nt"
                                                                                                                    "|n"
                                                                                                                    "um"
                                                                                                                    "er"
                                                                                                                    "o "
                                                                                                                    "de"
                                                                                                                    " c"
                                                                                                                    "li"
                                                                                                                    "en"
                                                                                                                    "te"
                                                                                                                    "|c"
                                                                                                                    "od"
                                                                                                                    "ig"
                                                                                                                    "o "
                                                                                                                    "de"
                                                                                                                    " c"
                                                                                                                    "li"
                                                                                                                    "en"
                                                                                                                    "te"
                                                                                                                    "|"
                                                                                                                    "us"
                                                                                                                    "er"
                                                                                                                    "na"
                                                                                                                    "me"
                                                                                                                    "|u"
                                                                                                                    "se"
                                                                                                                    "r "
                                                                                                                    "na"
                                                                                                                    "m"
                                                                                                                    "e",
        match_id, NULL, 0),
    LABELLED("reservation", "reservation|booking|pnr|record locator|confirmation code|reservation_id|booking_id",
             match_locator, NULL, ROW_WIDE),
    LABELLED("payment_labelled", "gift card|certificate|credit card|debit card|voucher|payment id|payment method",
             match_labelled, "%d{6,12}", 0),
    LABELLED("last_four", "ending in|ending with|last four|last 4|last four digits|last 4 digits|card ending",
             match_labelled, "%d{4}", 0),
    LABELLED("order", "order|order_id|orderid|purchase order|po number", match_id, NULL, 0),
    LABELLED("invoice",
             "invoice|receipt|transaction|transaction_id|claim|policy number|policy no|policy #|contract "
             "number|subscription id",
             match_id, NULL, 0),
    LABELLED("ticket", IDS("ticket") "|" IDS("incident") "|reference number|reference no|reference id", match_id, NULL,
             0),
    LABELLED("tracking", IDS("tracking") "|" IDS("shipment") "|" IDS("confirmation") "|confirmation code|tracking code",
             match_id, NULL, 0),
    LABELLED("account", IDS("account") "|account|acct|" IDS("membership") "|" IDS("frequent flyer"), match_id, NULL, 0),
};

const struct recognizers recognizers_account = {rows, sizeof rows / sizeof rows[0]};
