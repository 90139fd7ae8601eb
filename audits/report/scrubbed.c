/* Reading the counts that devices say, and the section of the page about them. */
#include "audits/report/scrubbed.h"

#include "audits/report/page_report.h"

/* In the order of the page. */
static const struct {
    enum redact_type type;
    const char *group, *words;
} kinds[] = {
    {REDACT_NAME, "People", "Names of persons"},
    {REDACT_EMAIL, "People", "E-mail addresses"},
    {REDACT_PHONE, "People", "Telephone numbers"},
    {REDACT_ADDRESS, "People", "Postal addresses"},
    {REDACT_PLACE, "People", "Places"},
    {REDACT_ORGANISATION, "People", "Organisations"},
    {REDACT_BIRTH_DATE, "People", "Birth dates"},
    {REDACT_DATE, "People", "Other dates about persons"},
    {REDACT_AGE, "People", "Ages"},
    {REDACT_DEMOGRAPHIC, "People", "Origin, belief, health, profession"},
    {REDACT_QUANTITY, "People", "Amounts that single a person out"},
    {REDACT_CASE, "People", "Case and file numbers"},
    {REDACT_MISC, "People", "Other traits"},
    {REDACT_IP, "Technical", "Network addresses"},
    {REDACT_MAC, "Technical", "Hardware addresses"},
    {REDACT_HOST, "Technical", "Names of machines"},
    {REDACT_USERNAME, "Technical", "Login names and handles"},
    {REDACT_PATH, "Technical", "Home folders"},
    {REDACT_COORDINATES, "Technical", "Coordinates"},
    {REDACT_DEVICE, "Technical", "Device identifiers"},
    {REDACT_VEHICLE, "Technical", "Vehicles and plates"},
    {REDACT_CARD, "Money", "Payment cards"},
    {REDACT_IBAN, "Money", "IBANs"},
    {REDACT_BANK, "Money", "Bank codes and account numbers"},
    {REDACT_CRYPTO, "Money", "Addresses of crypto currencies"},
    {REDACT_ACCOUNT, "Money", "Customer, order and payment identifiers"},
    {REDACT_SSN, "State and health", "Social security numbers"},
    {REDACT_NATIONAL_ID, "State and health", "National identifiers"},
    {REDACT_TAX_ID, "State and health", "Tax identifiers"},
    {REDACT_PASSPORT, "State and health", "Passports"},
    {REDACT_LICENCE, "State and health", "Licences"},
    {REDACT_MEDICAL, "State and health", "Medical record and provider numbers"},
    {REDACT_KEY, "Secrets", "Private keys"},
    {REDACT_TOKEN, "Secrets", "Tokens"},
    {REDACT_PASSWORD, "Secrets", "Passwords and keys by name"},
    {REDACT_CONNECTION, "Secrets", "Connection strings"},
    {REDACT_SEED, "Secrets", "Seeds and recovery phrases"},
    {REDACT_URL_USER, "Secrets", "Logins in URLs"},
    {REDACT_CUSTOM, "Own words", "The policy’s own words"},
};
#define KINDS (sizeof kinds / sizeof kinds[0])
_Static_assert(KINDS == REDACT_TYPES, "each type stands on the page");

static enum status take_count(const struct json *object, const char *key, uint64_t *to, struct why *why)
{
    const struct json *count = json_get(object, key);
    if (!json_is_integer(count) || json_integer_value(count) < 0)
        return why_hint(why, ERR_INPUT, "not what a device says of its traces", "--shared",
                        "chatham share --dry-run --json writes it");
    *to += (uint64_t)json_integer_value(count);
    return OK;
}

enum status scrubbed_add(struct bytes share, struct scrubbed *to, struct why *why)
{
    SCOPED_JSON struct json *value = NULL;
    struct scrubbed sum = *to;
    TRY(json_parse(share, SCRUBBED_FILE_MAX, &value, why));
    const struct json *report = json_get(value, "report"), *counts = json_get(report, "scrubbed");
    TRY(take_count(report, "traces", &sum.traces, why));
    for (unsigned type = 0; type < REDACT_TYPES; type++)
        TRY(take_count(counts, redact_type_name((enum redact_type)type), &sum.types[type], why));
    sum.reports++;
    *to = sum;
    return OK;
}

struct json *scrubbed_json(const struct scrubbed *scrubbed)
{
    struct json *object = json_object(), *types = json_object();
    for (size_t i = 0; i < KINDS; i++)
        json_set(types, redact_type_name(kinds[i].type), json_integer((int64_t)scrubbed->types[kinds[i].type]));
    json_set(object, "reports", json_integer((int64_t)scrubbed->reports));
    json_set(object, "traces", json_integer((int64_t)scrubbed->traces));
    json_set(object, "types", types);
    return object;
}

/* --- the page --- */

static void rows(struct buf *page, const struct scrubbed *scrubbed)
{
    const char *group = "";
    char number[PAGE_NUMBER];
    for (size_t i = 0; i < KINDS; i++) {
        if (scrubbed->types[kinds[i].type] == 0)
            continue;
        if (strcmp(group, kinds[i].group) != 0)
            page_add(page, "<tr class=\"group\"><th colspan=\"3\" scope=\"colgroup\">%s</th></tr>\n", kinds[i].group);
        group = kinds[i].group;
        page_add(page, "<tr><th scope=\"row\">%s</th><td><code>%s</code></td><td class=\"n\">%s</td></tr>\n",
                 kinds[i].words, redact_type_name(kinds[i].type), page_count(scrubbed->types[kinds[i].type], number));
    }
}

/* The types that nothing was replaced of. */
static void absent(struct buf *page, const struct scrubbed *scrubbed)
{
    const char *between = "<p>Nothing was replaced of the types ";
    for (size_t i = 0; i < KINDS; i++)
        if (scrubbed->types[kinds[i].type] == 0) {
            buf_add_str(page, between);
            page_add(page, "<code>%s</code>", redact_type_name(kinds[i].type));
            between = ", ";
        }
    if (between[0] == ',')
        buf_add_str(page, ".</p>\n");
}

void page_scrubbed(struct buf *page, const struct report *report)
{
    const struct scrubbed *scrubbed = &report->scrubbed;
    char reports[PAGE_NUMBER], traces[PAGE_NUMBER], sum[PAGE_NUMBER];
    uint64_t all = 0;
    if (scrubbed->reports == 0)
        return;
    for (unsigned type = 0; type < REDACT_TYPES; type++)
        all += scrubbed->types[type];
    buf_add_str(page, "<section aria-labelledby=\"scrubbed\">\n<h2 id=\"scrubbed\">What was replaced first</h2>\n");
    page_add(
        page,
        "<p>What the scrubber replaced on devices before anything was extracted, by type, in %s traces that %s "
        "reports of devices tell of. They are counts that the devices state; no value is among them, and the signed "
        "bundle holds none of this.</p>\n",
        page_count(scrubbed->traces, traces), page_count(scrubbed->reports, reports));
    page_add(page,
             "<table>\n<caption>%s replacements</caption>\n<thead><tr><th scope=\"col\">What</th><th "
             "scope=\"col\">Type</th><th scope=\"col\" class=\"n\">Replaced</th></tr></thead>\n<tbody>\n",
             page_count(all, sum));
    rows(page, scrubbed);
    buf_add_str(page, "</tbody>\n</table>\n");
    absent(page, scrubbed);
    buf_add_str(page, "</section>\n");
}
