/* Identifiers of known value, planted in real traces: plain, not one may be left; in each of the published hidden
 * forms, 98 in 100 must be found. Left means that the value still stands in the output as it was written, as it reads,
 * or in half. Counted by form and by kind, with exact intervals. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "audits/evasion/forms.h"
#include "base/file.h"
#include "base/inflate.h"
#include "base/json.h"
#include "redaction/redaction.h"

#define MOST (64u << 20)
#define PLAIN_EACH 80 /* of a kind */
#define HIDDEN_EACH 5 /* of a kind in a form */
#define SHOWN_MOST 40
#define KINDS_MOST 200
#define HALF_LEAST 6 /* shorter halves could stand anywhere */

static struct buf traces;
static struct redactor *redactor;
static int shown;

struct tally {
    size_t planted, found;
};

/* --- traces --- */

static void add_strings(const struct json *value)
{
    struct bytes text = json_string_bytes(value);
    if (text.size >= 80) {
        buf_add(&traces, text);
        buf_add_byte(&traces, '\n');
    }
    const char *key = NULL;
    for (size_t i = 0; i < json_count(value); i++)
        add_strings(json_is_object(value) ? json_member(value, i, &key) : json_at(value, i));
}

static enum status add_file(void *context, const char *path)
{
    struct buf content SCOPED_BUF = {0}, packed SCOPED_BUF = {0};
    (void)context;
    if (!strstr(path, ".json") || file_read(path, MOST, &packed) != OK)
        return OK;
    bool is_packed = inflate_is_gzip(buf_bytes(&packed));
    if (is_packed && inflate_gzip(buf_bytes(&packed), MOST, &content) != OK)
        return OK;
    struct bytes text = buf_bytes(is_packed ? &content : &packed);
    for (size_t at = 0; at < text.size && traces.size < 4u << 20;) {
        const uint8_t *newline = memchr(text.data + at, '\n', text.size - at);
        bool lines = strstr(path, ".jsonl") != NULL;
        size_t end = newline && lines ? (size_t)(newline - text.data) : text.size;
        struct json *value SCOPED_JSON = NULL;
        if (json_parse(bytes_part(text, at, end - at), MOST, &value, NULL) == OK)
            add_strings(value);
        at = end + 1;
    }
    return OK;
}

/* A stretch of traces that begins and ends with a blank. */
static void add_trace(struct random source, size_t size, struct buf *out)
{
    size_t at = random_below(source, traces.size - 2 * size), end = at + size;
    while (at < traces.size && traces.data[at] > ' ')
        at++;
    while (end < traces.size && traces.data[end] > ' ')
        end++;
    buf_add(out, bytes_part(buf_bytes(&traces), at, end - at));
}

/* --- planting --- */

static bool stands(const struct buf *out, struct bytes part)
{
    return part.size && bytes_find(buf_bytes(out), part) != SIZE_MAX;
}

static bool is_left(const struct buf *out, struct bytes value)
{
    size_t half = value.size / 2;
    return stands(out, value) || (half >= HALF_LEAST && (stands(out, bytes_part(value, 0, half)) ||
                                                         stands(out, bytes_part(value, value.size - half, half))));
}

static void scrub(struct bytes text, struct buf *out)
{
    struct redact_session *session = NULL;
    assert_int_equal(redact_session_new(redactor, &session), OK);
    assert_int_equal(redact_text(session, text, out, NULL), OK);
    redact_session_free(session);
}

static bool plant(struct random source, const struct kind *kind, const struct form_row *row)
{
    char value[KIND_VALUE_MAX] = "";
    struct disguise disguise;
    struct buf hidden SCOPED_BUF = {0}, text SCOPED_BUF = {0}, out SCOPED_BUF = {0};
    kind_draw(kind, source, value);
    disguise_of(row ? row->steps : "", &disguise);
    add_trace(source, 300 + random_below(source, 400), &text);
    buf_add_byte(&text, '\n');
    assert_int_equal(disguise_write(&disguise, kind, value, &hidden, &text), OK);
    buf_add_byte(&text, '\n');
    add_trace(source, 300, &text);
    assert_int_equal(buf_status(&text), OK);
    scrub(buf_bytes(&text), &out);
    bool left = is_left(&out, bytes_str(value)) || is_left(&out, buf_bytes(&hidden));
    if (left && shown++ < SHOWN_MOST)
        printf("  left: %s as %s: %.*s\n", kind->name, row ? row->name : "it is", (int)hidden.size,
               (const char *)hidden.data);
    return !left;
}

static void count(struct tally *tally, bool found)
{
    tally->planted++;
    tally->found += found;
}

/* --- exact intervals --- */

/* P(X <= k) of n draws that succeed with probability p. */
static double binomial_below(size_t k, size_t n, double p)
{
    double sum = 0;
    for (size_t i = 0; i <= k; i++)
        sum += exp(lgamma((double)n + 1) - lgamma((double)i + 1) - lgamma((double)(n - i) + 1) + (double)i * log(p) +
                   (double)(n - i) * log1p(-p));
    return sum;
}

/* Clopper and Pearson 1934: the probability at which k or fewer of n (less: k or more) have 2.5 %. */
static double bound(size_t k, size_t n, bool upper)
{
    double low = 0, high = 1;
    if (upper ? k == n : k == 0)
        return upper ? 1 : 0;
    for (int i = 0; i < 60; i++) {
        double p = (low + high) / 2;
        bool beyond = upper ? binomial_below(k, n, p) < 0.025 : 1 - binomial_below(k - 1, n, p) > 0.025;
        *(beyond ? &high : &low) = p;
    }
    return (low + high) / 2;
}

static void print_tally(const char *name, struct tally tally)
{
    printf("%-48s %5zu of %5zu  %6.2f %% [%.2f, %.2f]\n", name, tally.found, tally.planted,
           100.0 * (double)tally.found / (double)tally.planted, 100 * bound(tally.found, tally.planted, false),
           100 * bound(tally.found, tally.planted, true));
}

/* --- tests --- */

static bool is_for(const struct form_row *row, const struct kind *kind)
{
    struct disguise disguise;
    disguise_of(row->steps, &disguise);
    return disguise_is_promised(&disguise, kind);
}

static void plain_ones_all_go(void **state)
{
    (void)state;
    struct random_seeded seeded;
    struct random source = random_seeded_start(&seeded, 20261126);
    struct tally all = {0};
    printf("plain, %d of each kind\n", PLAIN_EACH);
    for (size_t kind = 0; kind < kind_count; kind++) {
        struct tally tally = {0};
        for (int i = 0; i < PLAIN_EACH; i++)
            count(&tally, plant(source, &kinds[kind], NULL));
        print_tally(kinds[kind].name, tally);
        all.planted += tally.planted;
        all.found += tally.found;
    }
    print_tally("all", all);
    assert_true(kind_count >= 30 && all.planted >= 3000);
    assert_int_equal(all.found, all.planted);
}

static void hidden_ones_are_found(void **state)
{
    (void)state;
    static struct tally tallies[KINDS_MOST];
    struct random_seeded seeded;
    struct random source = random_seeded_start(&seeded, 20261127);
    struct tally all = {0};
    size_t short_of = 0;
    assert_true(kind_count <= KINDS_MOST);
    printf("hidden, %d of each kind in each form\n", HIDDEN_EACH);
    for (size_t form = 0; form < form_row_count; form++) {
        struct tally tally = {0};
        for (size_t i = 0; i < kind_count * HIDDEN_EACH; i++) {
            const struct kind *kind = &kinds[i % kind_count];
            if (!is_for(&form_rows[form], kind))
                continue;
            bool found = plant(source, kind, &form_rows[form]);
            count(&tally, found);
            count(&tallies[i % kind_count], found);
        }
        print_tally(form_rows[form].name, tally);
        all.planted += tally.planted;
        all.found += tally.found;
        short_of += tally.found * 100 < tally.planted * 98;
    }
    for (size_t kind = 0; kind < kind_count; kind++)
        print_tally(kinds[kind].name, tallies[kind]);
    print_tally("all", all);
    assert_true(all.planted >= 3000);
    assert_int_equal(short_of, 0);
}

static void intervals_are_exact(void **state)
{
    (void)state;
    assert_true(fabs(bound(3000, 3000, false) - 0.998771) < 1e-5); /* 0.025^(1/3000) */
    assert_true(fabs(bound(5, 10, false) - 0.187086) < 1e-5 && fabs(bound(5, 10, true) - 0.812914) < 1e-5);
}

int main(void)
{
    const char *shared = getenv("CHATHAM_SHARED");
    char path[4096];
    snprintf(path, sizeof path, "%s/data/traces", shared ? shared : "../shared");
    if (folder_walk(path, add_file, NULL) != OK || traces.size < 1u << 20) {
        printf("no traces under %s: skipped\n", path);
        buf_free(&traces);
        return 77;
    }
    if (redactor_new(BYTES_NONE, NULL, &redactor, NULL) != OK)
        return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(intervals_are_exact),
        cmocka_unit_test(plain_ones_all_go),
        cmocka_unit_test(hidden_ones_are_found),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    redactor_free(redactor);
    buf_free(&traces);
    return failed;
}
