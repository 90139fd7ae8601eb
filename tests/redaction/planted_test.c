/* Identifiers of known value, planted in real traces: plain, not one may be left; in each of the published hidden
 * forms, 98 in 100 must be found. Left means that the value still stands in the output as it was written, as it reads,
 * or in half. Counted by form and by kind, with exact intervals. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/json.h"
#include "redaction/redaction.h"
#include "tests/redaction/planted_forms.h"

#define MOST (64u << 20)
#define PLAIN_EACH 80 /* of a kind */
#define HIDDEN_EACH 8 /* of a kind in a form */
#define SHOWN_MOST 40
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

/* The sentence with the value in it, hidden or not; `hidden` is what must go. */
static void write_sentence(const struct plant_kind *kind, const struct plant_form *form, const char *value,
                           struct buf *hidden, struct buf *out)
{
    char sentence[2 * PLANT_SIZE];
    const char *slot = strstr(kind->sentence, "%s");
    snprintf(sentence, sizeof sentence, "%.*s%s%s", (int)(slot - kind->sentence), kind->sentence, value, slot + 2);
    if (form && form->sentence) {
        plant_hide(form, bytes_str(sentence), hidden);
        buf_add(out, buf_bytes(hidden));
        return;
    }
    if (form)
        plant_hide(form, bytes_str(value), hidden);
    else
        buf_add_str(hidden, value);
    char last = form ? form->steps[strlen(form->steps) - 1] : 0;
    bool inside = strpbrk(kind->sentence, "'\""), quoted = strchr("+1", last ? last : ' ') && !inside;
    for (size_t i = 0; strchr("+1", last ? last : ' ') && strchr(kind->sentence, '\'') && i < hidden->size; i++)
        hidden->data[i] = hidden->data[i] == '"' ? '\'' : hidden->data[i];
    if (last == 'W')
        plant_line((size_t)(slot - kind->sentence) + hidden->size / 2, out);
    buf_addf(out, "%.*s%s", (int)(slot - kind->sentence), kind->sentence, quoted ? "\"" : "");
    buf_add(out, buf_bytes(hidden));
    buf_addf(out, "%s%s", quoted ? "\"" : "", last == '!' ? "... [truncated]" : slot + 2);
}

static bool plant(struct random source, const struct plant_kind *kind, const struct plant_form *form)
{
    char value[PLANT_SIZE] = {0};
    struct buf hidden SCOPED_BUF = {0}, text SCOPED_BUF = {0}, out SCOPED_BUF = {0};
    kind->make(source, value);
    add_trace(source, 300 + random_below(source, 400), &text);
    buf_add_byte(&text, '\n');
    write_sentence(kind, form, value, &hidden, &text);
    buf_add_byte(&text, '\n');
    add_trace(source, 300, &text);
    assert_int_equal(buf_status(&text), OK);
    scrub(buf_bytes(&text), &out);
    bool left = is_left(&out, bytes_str(value)) || is_left(&out, buf_bytes(&hidden));
    if (left && shown++ < SHOWN_MOST)
        printf("  left: %s as %s: %.*s\n", kind->name, form ? form->name : "it is", (int)hidden.size,
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

static bool is_for(const struct plant_form *form, const struct plant_kind *kind)
{
    return (!form->only || form->only & kind->traits) && !(form->none & kind->traits);
}

static void plain_ones_all_go(void **state)
{
    (void)state;
    struct random_seeded seeded;
    struct random source = random_seeded_start(&seeded, 20261126);
    struct tally all = {0};
    printf("plain, %d of each kind\n", PLAIN_EACH);
    for (size_t kind = 0; kind < PLANT_KINDS; kind++) {
        struct tally tally = {0};
        for (int i = 0; i < PLAIN_EACH; i++)
            count(&tally, plant(source, &plant_kinds[kind], NULL));
        print_tally(plant_kinds[kind].name, tally);
        all.planted += tally.planted;
        all.found += tally.found;
    }
    print_tally("all", all);
    assert_true(PLANT_KINDS >= 30 && all.planted >= 3000);
    assert_int_equal(all.found, all.planted);
}

static void hidden_ones_are_found(void **state)
{
    (void)state;
    static struct tally kinds[PLANT_KINDS];
    struct random_seeded seeded;
    struct random source = random_seeded_start(&seeded, 20261127);
    struct tally all = {0};
    size_t short_of = 0;
    printf("hidden, %d of each kind in each form\n", HIDDEN_EACH);
    for (size_t form = 0; form < PLANT_FORMS; form++) {
        struct tally tally = {0};
        for (size_t i = 0; i < PLANT_KINDS * HIDDEN_EACH; i++) {
            const struct plant_kind *kind = &plant_kinds[i % PLANT_KINDS];
            if (!is_for(&plant_forms[form], kind))
                continue;
            bool found = plant(source, kind, &plant_forms[form]);
            count(&tally, found);
            count(&kinds[i % PLANT_KINDS], found);
        }
        print_tally(plant_forms[form].name, tally);
        all.planted += tally.planted;
        all.found += tally.found;
        short_of += tally.found * 100 < tally.planted * 98;
    }
    for (size_t kind = 0; kind < PLANT_KINDS; kind++)
        print_tally(plant_kinds[kind].name, kinds[kind]);
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
