/* Real traces, where they are at hand: a federation of thirteen tenants, each source split by case and never by trial
 * (airline-1..3, shop-1..3, gsm-1..4, aime-1..3), and one of whole sources (airline, shop, aime, gsm). None of the
 * customers' e-mails, addresses, birth dates, payment ids or user ids may be in any byte; names are counted and
 * reported. What was released goes to CHATHAM_BUILD/insights-*.txt, for reading. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "audits/boundary/needles.h"
#include "audits/attacks.h"
#include "audits/world.h"
#include "base/file.h"
#include "base/inflate.h"

#define SPLIT 3 /* tenants of a source; of the largest one more */
#define AIME 30
#define TEXT_MAX (64u << 20)

static const char *shared(void)
{
    const char *folder = getenv("CHATHAM_SHARED");
    return folder ? folder : "../shared";
}

/* A file below data/traces, unpacked; false when it is not there. */
static bool source(const char *name, struct buf *out)
{
    char path[4096];
    SCOPED_BUF struct buf packed = {0};
    snprintf(path, sizeof path, "%s/data/traces/%s", shared(), name);
    if (file_read(path, TEXT_MAX, &packed) != OK)
        return false;
    if (inflate_is_gzip(buf_bytes(&packed)))
        return inflate_gzip(buf_bytes(&packed), TEXT_MAX, out) == OK;
    buf_add(out, buf_bytes(&packed));
    return buf_status(out) == OK;
}

/* The case of a line: its task, or its number where it has none. */
static size_t case_of(struct bytes line, size_t number)
{
    size_t at = bytes_find(line, bytes_str("\"task_id\":"));
    return at == SIZE_MAX ? number : strtoul((const char *)line.data + at + 10, NULL, 10);
}

/* The lines of a source whose case is `part` of parts. */
static void add_part(struct audit_scope *scope, size_t tenant, const char *name, const struct buf *text, size_t part,
                     size_t parts)
{
    SCOPED_BUF struct buf mine = {0};
    struct bytes left = buf_bytes(text);
    for (size_t number = 0; left.size > 0; number++) {
        const uint8_t *end = memchr(left.data, '\n', left.size);
        size_t size = end ? (size_t)(end - left.data) + 1 : left.size;
        if (case_of(bytes_part(left, 0, size), number) % parts == part)
            buf_add(&mine, bytes_part(left, 0, size));
        left = bytes_part(left, size, left.size);
    }
    if (mine.size > 0)
        assert_int_equal(audit_scope_file(scope, tenant, name, buf_bytes(&mine)), OK);
}

static bool add_split(struct audit_scope *scope, const char *domain, const char *const *files, size_t count,
                      size_t parts)
{
    size_t first = scope->tenant_count;
    for (size_t part = 0; part < parts; part++) {
        char name[64];
        snprintf(name, sizeof name, "%s-%zu", domain, part + 1);
        assert_int_equal(audit_scope_tenant(scope, name), OK);
    }
    for (size_t i = 0; i < count; i++) {
        SCOPED_BUF struct buf text = {0};
        if (!source(files[i], &text))
            return false;
        for (size_t part = 0; part < parts; part++)
            add_part(scope, first + part, strrchr(files[i], '/') + 1, &text, part, parts);
    }
    return true;
}

static bool add_whole(struct audit_scope *scope, const char *name, const char *const *files, size_t count)
{
    assert_int_equal(audit_scope_tenant(scope, name), OK);
    for (size_t i = 0; i < count; i++) {
        SCOPED_BUF struct buf text = {0};
        if (!source(files[i], &text))
            return false;
        assert_int_equal(audit_scope_file(scope, scope->tenant_count - 1, strrchr(files[i], '/') + 1, buf_bytes(&text)),
                         OK);
    }
    return true;
}

/* --- what customers' records say --- */

struct people {
    struct audit_scope *scope;
    struct needles *names;
    struct bytes raw; /* all traces: only what occurs in them is searched for */
    size_t first;     /* tenant of this domain */
};

static void probe(struct people *people, const char *type, struct bytes value)
{
    bool occurs = value.size >= AUDIT_PROBE_LEAST && bytes_find(people->raw, value) != SIZE_MAX;
    if (occurs)
        assert_int_equal(audit_scope_probe(people->scope, people->first, type, value), OK);
}

static void one_customer(struct people *people, const char *id, const struct json *customer)
{
    char name[256];
    const struct json *payments = json_get(customer, "payment_methods"), *called = json_get(customer, "name");
    probe(people, "ACCOUNT", bytes_str(id));
    probe(people, "EMAIL", json_string_bytes(json_get(customer, "email")));
    probe(people, "ADDRESS", json_string_bytes(json_get(json_get(customer, "address"), "address1")));
    probe(people, "BIRTH_DATE", json_string_bytes(json_get(customer, "dob")));
    for (size_t i = 0; i < json_count(payments); i++) {
        const char *key = NULL;
        json_member(payments, i, &key);
        probe(people, "ACCOUNT", bytes_str(key));
    }
    snprintf(name, sizeof name, "%s %s", json_string_text(json_get(called, "first_name")),
             json_string_text(json_get(called, "last_name")));
    if (bytes_find(people->raw, bytes_str(name)) != SIZE_MAX)
        assert_int_equal(needles_add(people->names, bytes_str(name)), OK);
}

static bool add_customers(struct audit_scope *scope, const char *file, const char *domain, struct needles *names)
{
    SCOPED_BUF struct buf text = {0}, raw = {0};
    SCOPED_JSON struct json *customers = NULL;
    struct people people = {.scope = scope, .names = names};
    if (!source(file, &text))
        return false;
    assert_int_equal(json_parse(buf_bytes(&text), TEXT_MAX, &customers, NULL), OK);
    while (people.first < scope->tenant_count &&
           strncmp(scope->tenants[people.first].name, domain, strlen(domain)) != 0)
        people.first++;
    for (size_t t = people.first; t < scope->tenant_count; t++)
        if (strncmp(scope->tenants[t].name, domain, strlen(domain)) == 0)
            for (size_t i = 0; i < scope->tenants[t].file_count; i++)
                buf_add(&raw, buf_bytes(&scope->tenants[t].files[i]));
    people.raw = buf_bytes(&raw);
    for (size_t i = 0; i < json_count(customers); i++) {
        const char *id = NULL;
        const struct json *customer = json_member(customers, i, &id);
        one_customer(&people, id, customer);
    }
    return true;
}

/* --- what came of it --- */

static void write_insights(const struct library *library, const char *name)
{
    char path[4096];
    const char *build = getenv("CHATHAM_BUILD");
    SCOPED_BUF struct buf text = {0};
    for (size_t i = 0; i < library->insight_count; i++) {
        buf_addf(&text, "[%s, %s] ", candidate_kind_name(library->insights[i].text.kind),
                 support_band_name(library->insights[i].support));
        assert_int_equal(insight_text(&library->insights[i], &text), OK);
        buf_add_byte(&text, '\n');
    }
    snprintf(path, sizeof path, "%s/insights-%s.txt", build ? build : ".", name);
    assert_int_equal(file_write(path, buf_bytes(&text), 0644), OK);
}

static size_t names_in(const struct needles *names, struct bytes text)
{
    SCOPED_MEM bool *found = mem_new(needles_count(names) + 1, sizeof *found);
    assert_non_null(found);
    needles_find(names, text, found);
    return needles_marked(found, needles_count(names));
}

static void report(const struct audit_scope *scope, const struct needles *names, const char *name, size_t insights)
{
    struct prepared *prepared = NULL;
    struct world *world = NULL;
    struct library library;
    size_t candidates = 0;
    assert_int_equal(world_prepare_all(scope, SCRUB_ON, EXTRACT_REAL, &prepared, NULL), OK);
    assert_int_equal(world_federate(scope, prepared, WORLD_IN_MEMORY, &world, &library, NULL), OK);
    for (size_t t = 0; t < scope->tenant_count; t++) {
        const struct prepare_report *report = &prepared[t].report;
        printf("%s %-10s %3zu traces, %3zu candidates in %3zu contributions\n", name, scope->tenants[t].name,
               report->extract.traces, report->extract.candidates, prepared[t].count);
        for (size_t i = 0; i < prepared[t].count; i++)
            candidates += prepared[t].items[i].contribution.candidate_count;
    }
    const struct world_bytes *seen = world_seen(world);
    printf("%s: %zu candidates, %zu insights released; customers' names in the traces %zu, in records %zu, published "
           "%zu\n",
           name, candidates, library.insight_count, needles_count(names), names_in(names, buf_bytes(&seen->plain)),
           names_in(names, buf_bytes(&seen->published)));
    assert_true(candidates > 0 && library.insight_count >= insights);
    write_insights(&library, name);
    library_free(&library);
    world_free(world);
    world_prepared_free(prepared, scope->tenant_count);
}

static void search(const struct audit_scope *scope)
{
    struct audit_results results = {0};
    assert_true(scope->probe_count >= 100);
    assert_int_equal(attack_probes.run(scope, &results, NULL), OK);
    assert_false(audit_is_void(&results));
    for (size_t i = 0; i < results.count; i++) {
        const struct audit_result *result = &results.items[i];
        printf("  %-18s %.4f of %zu, control %.3f: %s\n", result->claim->name, result->value, result->samples,
               result->control_value, verdict_name(result->verdict));
        if (strcmp(result->claim->name, "probes.scrubber") == 0 || result->samples == 0)
            continue;
        assert_int_equal(result->hits, 0);
        if (result->samples >= result->claim->needed)
            assert_int_equal(result->verdict, VERDICT_NO_LEAK_ABOVE);
    }
    audit_results_free(&results);
}

static const char *const airline[] = {"tau-bench/airline.chat.jsonl.gz", "tau-bench/airline.transcripts.jsonl.gz"};
static const char *const shop[] = {"tau-bench/retail.transcripts.jsonl.gz"};

/* insights: at least so many are released. */
static void audit(struct audit_scope *scope, bool there, const char *name, size_t insights)
{
    struct needles *names = NULL;
    assert_int_equal(needles_new(&names), OK);
    there = there && add_customers(scope, "tau-bench/airline.users.json.gz", "airline", names) &&
            add_customers(scope, "tau-bench/retail.users.json.gz", "shop", names);
    if (there) {
        assert_int_equal(needles_ready(names), OK);
        report(scope, names, name, insights);
        search(scope);
    }
    needles_free(names);
    audit_scope_free(scope);
    if (!there) {
        print_message("no traces in CHATHAM_SHARED: skipped\n");
        skip();
    }
}

static const char *const gsm[] = {"gsm8k/model_solutions.jsonl.gz"};

/* The problems' files that are there. */
static size_t aime_files(char names[static AIME + 1][64], const char *out[static AIME + 1])
{
    size_t count = 0;
    for (unsigned i = 1; i <= AIME; i++) {
        SCOPED_BUF struct buf text = {0};
        snprintf(names[count], 64, "fot-aime25/problem_%04u.json", i);
        out[count] = names[count];
        count += source(names[count], &text);
    }
    return count;
}

static void split_by_case(void **state)
{
    (void)state;
    struct audit_scope scope = {.seed = 1, .k = 2};
    char names[AIME + 1][64];
    const char *aime[AIME + 1];
    size_t count = aime_files(names, aime);
    bool there = count > 0 && add_split(&scope, "airline", airline, 2, SPLIT) &&
                 add_split(&scope, "shop", shop, 1, SPLIT) && add_split(&scope, "gsm", gsm, 1, SPLIT + 1);
    for (size_t part = 0; part < SPLIT && there; part++) {
        char name[16];
        snprintf(name, sizeof name, "aime-%zu", part + 1);
        there = add_whole(&scope, name, aime + part * count / SPLIT, (part + 1) * count / SPLIT - part * count / SPLIT);
    }
    audit(&scope, there, "split", 5);
}

/* Four trades: what they share may be nothing, and then nothing is released. */
static void whole_sources(void **state)
{
    (void)state;
    struct audit_scope scope = {.seed = 1, .k = 2};
    char names[AIME + 1][64];
    const char *aime[AIME + 1];
    size_t count = aime_files(names, aime);
    bool there = count > 0 && add_whole(&scope, "airline", airline, 2) && add_whole(&scope, "shop", shop, 1) &&
                 add_whole(&scope, "aime", aime, count) && add_whole(&scope, "gsm", gsm, 1);
    audit(&scope, there, "whole", 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(split_by_case),
        cmocka_unit_test(whole_sources),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
