/* The tagger: its probabilities against counting all ways, what it takes and leaves, its model's bytes refused. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/hash.h"
#include "redaction/redactor.h"
#include "redaction/tag.h"
#include "redaction/tag_decode.h"
#include "redaction/tag_gate.h"
#include "tests/redaction/cases.h"

/* --- probabilities --- */

enum { WORDS = 3 };
static float follow[TAG_LABELS][TAG_LABELS], first[TAG_LABELS], scores[WORDS][TAG_LABELS];

static float draw(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (float)(*state >> 40) / (1u << 22) - 2;
}

static void draw_all(uint64_t seed)
{
    for (size_t i = 0; i < TAG_LABELS; i++) {
        first[i] = draw(&seed);
        for (size_t j = 0; j < TAG_LABELS; j++)
            follow[i][j] = draw(&seed);
        for (size_t w = 0; w < WORDS; w++)
            scores[w][i] = draw(&seed);
    }
}

/* Weight of one way to label the words: 0 if it may not be. */
static double way(const size_t labels[static WORDS])
{
    if (tag_is_inside(labels[0]))
        return 0;
    double sum = (double)first[labels[0]] + (double)scores[0][labels[0]];
    for (size_t w = 1; w < WORDS; w++) {
        if (!tag_may_follow(labels[w - 1], labels[w]))
            return 0;
        sum += (double)follow[labels[w - 1]][labels[w]] + (double)scores[w][labels[w]];
    }
    return exp(sum);
}

static void chances_are_those_of_counting(void **state)
{
    (void)state;
    static struct tag_chain chain;
    static struct tag_lattice lattice;
    double counted[WORDS][TAG_LABELS] = {{0}}, all = 0;
    draw_all(7);
    for (size_t n = 0; n < TAG_LABELS * TAG_LABELS * TAG_LABELS; n++) {
        size_t labels[WORDS] = {n % TAG_LABELS, n / TAG_LABELS % TAG_LABELS, n / TAG_LABELS / TAG_LABELS};
        double weight = way(labels);
        all += weight;
        for (size_t w = 0; w < WORDS; w++)
            counted[w][labels[w]] += weight;
    }
    tag_chain_init(&chain, follow, first);
    for (size_t w = 0; w < WORDS; w++)
        memcpy(lattice.score[w], scores[w], sizeof scores[w]);
    tag_decode(&chain, &lattice, 0, WORDS, WORDS);
    for (size_t w = 0; w < WORDS; w++)
        for (size_t k = 0; k < TAG_LABELS; k++)
            assert_true(fabs(counted[w][k] / all - (double)lattice.chance[w][k]) < 1e-4);
}

static void scores_far_apart_stay_numbers(void **state)
{
    (void)state;
    static struct tag_chain chain;
    static struct tag_lattice lattice;
    tag_chain_init(&chain, follow, first);
    for (size_t w = 0; w < TAG_LINE; w++)
        for (size_t k = 0; k < TAG_LABELS; k++)
            lattice.score[w][k] = k == w % 7 ? 900.0f : -900.0f;
    tag_decode(&chain, &lattice, 0, TAG_LINE, TAG_LINE);
    for (size_t w = 0; w < TAG_LINE; w++) {
        float sum = 0;
        for (size_t k = 0; k < TAG_LANES; k++)
            sum += lattice.chance[w][k];
        assert_true(sum >= 0 && sum < 1.001f);
    }
}

/* --- the gate --- */

#define STEP 0.04f

/* Chances of the types at each word by counting, with scores and transitions in whole steps. */
static void count_types(int16_t sums[static WORDS][TAG_LANES], double counted[static WORDS][TAG_TYPES])
{
    double all = 0;
    memset(counted, 0, WORDS * sizeof *counted);
    for (size_t w = 0; w < WORDS; w++)
        for (size_t k = 0; k < TAG_LABELS; k++) {
            sums[w][k] = (int16_t)roundf(scores[w][k] / STEP);
            scores[w][k] = (float)sums[w][k] * STEP;
        }
    for (size_t n = 0; n < TAG_LABELS * TAG_LABELS * TAG_LABELS; n++) {
        size_t labels[WORDS] = {n % TAG_LABELS, n / TAG_LABELS % TAG_LABELS, n / TAG_LABELS / TAG_LABELS};
        double weight = way(labels);
        all += weight;
        for (size_t w = 0; w < WORDS; w++)
            if (labels[w] < TAG_OUTSIDE)
                counted[w][labels[w] % TAG_TYPES] += weight;
    }
    for (size_t w = 0; w < WORDS; w++)
        for (size_t type = 0; type < TAG_TYPES; type++)
            counted[w][type] /= all;
}

/* Words of which the gate says that a type may come to `chance`; each that does must be among them. */
static size_t count_open(const struct tag_gate *gate, const struct tag_model *model, float chance)
{
    static int16_t sums[WORDS][TAG_LANES];
    double counted[WORDS][TAG_TYPES];
    uint8_t open[TAG_LINE] = {0};
    tag_types bars;
    size_t found = 0;
    count_types(sums, counted);
    for (size_t type = 0; type < TAG_TYPES; type++)
        bars[type] = type == 3 ? TAG_BAR_CLOSED : (int16_t)tag_bar(model, chance);
    tag_gate_open(gate, (const int16_t(*)[TAG_LANES])sums, 0, WORDS, bars, open);
    for (size_t w = 0; w < WORDS; w++) {
        assert_int_equal(open[w] >> 3 & 1, 0);
        for (size_t type = 0; type < TAG_TYPES; type++)
            assert_true(type == 3 || counted[w][type] < (double)chance || open[w] >> type & 1);
        found += open[w] != 0;
    }
    return found;
}

static void no_word_that_counts_is_shut_out(void **state)
{
    (void)state;
    size_t found = 0, tried = 0;
    for (uint64_t seed = 1; seed <= 40; seed++) {
        struct tag_model model = {.step = STEP};
        struct tag_gate gate;
        draw_all(seed);
        for (size_t w = 0; w < WORDS; w++) /* outside is likely, as in most text */
            scores[w][TAG_OUTSIDE] += (float)(seed % 8) * 2;
        size_t at = seed % 2; /* one find of two words, which neither is alone */
        scores[at][0] += (float)(seed % 3) * 5 - 5;
        scores[at][TAG_INSIDE] -= 20;
        scores[at + 1][0] -= 20;
        scores[at + 1][TAG_INSIDE] += (float)(seed % 5) * 5;
        memcpy(model.follow, follow, sizeof follow);
        memcpy(model.first, first, sizeof first);
        tag_gate_init(&gate, &model);
        found += count_open(&gate, &model, 0.3f);
        tried += WORDS;
    }
    assert_in_range(found, tried / 4, tried * 7 / 8); /* it neither opens for all nor for none */
}

/* --- words --- */

static void lines_are_cut_into_words(void **state)
{
    (void)state;
    struct tag_word words[TAG_LINE];
    struct bytes text =
        bytes_str("Mia's 1,500 paid 10:30\\nNATO a_b /etc/x 7d3c1f9a-0b McKay fooBar F16 1.2.3.4\nnext");
    static const struct {
        const char *text;
        enum tag_shape shape;
        bool inert;
    } wanted[] = {
        {"Mia", SHAPE_CAPITAL, false},     {"'", SHAPE_MARK, false},        {"s", SHAPE_LOWER, false},
        {"1,500", SHAPE_NUMBER, false},    {"paid", SHAPE_LOWER, false},    {"10:30", SHAPE_NUMBER, false},
        {"NATO", SHAPE_UPPER, false},      {"a_b", SHAPE_CODE, true},       {"/etc/x", SHAPE_CODE, true},
        {"7d3c1f9a-0b", SHAPE_CODE, true}, {"McKay", SHAPE_MIXED, false},   {"fooBar", SHAPE_MIXED, true},
        {"F16", SHAPE_CODE, false},        {"1.2.3.4", SHAPE_NUMBER, true},
    };
    size_t next = 0, count = tag_line(text, 0, words, &next);
    assert_int_equal(count, sizeof wanted / sizeof wanted[0]);
    for (size_t i = 0; i < count; i++) {
        assert_true(bytes_is(bytes_part(text, words[i].at, words[i].size), wanted[i].text));
        assert_int_equal(words[i].shape, wanted[i].shape);
        assert_int_equal((words[i].marks & WORD_INERT) != 0, wanted[i].inert);
    }
    assert_true(bytes_is(bytes_part(text, next, SIZE_MAX), "next"));
}

static void long_lines_are_cut_and_nothing_is_lost(void **state)
{
    (void)state;
    struct tag_word words[TAG_LINE];
    struct buf text SCOPED_BUF = {0};
    for (int i = 0; i < 5000; i++)
        buf_add_str(&text, i % 17 == 0 ? "end. " : "go ");
    size_t seen = 0, lines = 0;
    for (size_t at = 0, next; at < text.size; at = next) {
        size_t count = tag_line(buf_bytes(&text), at, words, &next);
        assert_true(next > at);
        seen += count;
        lines++;
    }
    assert_int_equal(seen, 5000 + 5000 / 17 + 1);
    assert_in_range(lines, 5000 / TAG_LINE, 5000 / TAG_LINE * 3);
}

/* --- finds --- */

static void find(const char *text, float withhold, float flag, struct finds *out)
{
    struct tagger *tagger = NULL;
    assert_int_equal(tagger_new(BYTES_NONE, &tagger, NULL), OK);
    struct scan scan = {.text = bytes_str(text), .types = ~0ull, .finds = out};
    tagger_scan(tagger, &scan, withhold, flag);
    assert_int_equal(scan.status, OK);
    tagger_free(tagger);
}

static bool takes(const char *text, const char *value, enum redact_type type)
{
    struct finds finds SCOPED_FINDS = {0};
    find(text, 0.5f, 0.5f, &finds);
    for (size_t i = 0; i < finds.count; i++) {
        struct bytes part =
            bytes_part(bytes_str(text), finds.items[i].start, finds.items[i].end - finds.items[i].start);
        if (bytes_is(part, value) && finds.items[i].type == type)
            return true;
    }
    return false;
}

/* A record of a court: there dates and numbers are the tagger's too. */
static const char law[] =
    "THE FACTS\n\nThe applicant, Mr Ottokar Vrbensky, was born in 1961 and lives in Zwickau.\n\n"
    "On 7 November 1993 the Zwickau District Court dismissed the applicant's action. The applicant appealed against "
    "the "
    "judgment. The Court of Appeal upheld the judgment. The applicant lodged an appeal; the proceedings are pending.\n";

static void takes_what_no_pattern_finds(void **state)
{
    (void)state;
    assert_true(takes("Please ask Ottokar Vrbensky about it.", "Ottokar Vrbensky", REDACT_NAME));
    assert_true(takes("She moved from Zwickau to Bergamo last year.", "Zwickau", REDACT_PLACE));
    assert_true(takes("He has worked for Quendel Logistics since then.", "Quendel Logistics", REDACT_ORGANISATION));
    assert_true(takes(law, "7 November 1993", REDACT_DATE));
    assert_true(takes(law, "Zwickau District Court", REDACT_ORGANISATION));
}

static void leaves_what_is_no_prose(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "\n\n\x1e\n",
        "for (size_t i = 0; i < count; i++)\n    total += items[i].size;",
        "2024-05-15T15:00:00Z INFO worker started, pid 4711, 3 queues",
        "c0ffee00-1234-4abc-9def-00112233aabb",
        "<NAME_1> wrote to <EMAIL_2> on <DATE_3>",
        "git checkout main && make -j4 install",
        "{\"status\": \"ok\", \"count\": 12, \"next\": null}",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct finds finds SCOPED_FINDS = {0};
        find(texts[i], 0.5f, 0.5f, &finds);
        assert_int_equal(finds.count, 0);
    }
}

static void flagged_and_withheld_stand_apart(void **state)
{
    (void)state;
    struct finds strict SCOPED_FINDS = {0}, flagged SCOPED_FINDS = {0};
    const char *text = "My friend Ottokar saw the Gazette in Upper Wenden and told Brother Anselm.";
    find(text, 0.05f, 0.05f, &strict);
    find(text, 0.999f, 0.05f, &flagged);
    assert_true(strict.count > 0 && flagged.count > 0);
    for (size_t i = 0; i < flagged.count; i++)
        assert_true(flagged.items[i].score >= 0.05f && flagged.items[i].score <= 1);
    for (size_t i = 1; i < flagged.count; i++)
        assert_true(flagged.items[i].start >= flagged.items[i - 1].end);
}

static void two_walks_find_the_same(void **state)
{
    (void)state;
    struct finds once SCOPED_FINDS = {0}, twice SCOPED_FINDS = {0};
    struct tagger *tagger = NULL;
    struct buf text SCOPED_BUF = {0};
    for (int i = 0; i < 4000; i++) /* more kinds of words than the table keeps */
        buf_addf(&text, "Hello, I'm Wendelin Q%cz%cr%ck from Bergamo.\n", 'a' + i % 26, 'a' + i / 26 % 26,
                 'a' + i / 676);
    assert_int_equal(tagger_new(BYTES_NONE, &tagger, NULL), OK);
    struct scan scan = {.text = buf_bytes(&text), .types = ~0ull, .finds = &once};
    tagger_scan(tagger, &scan, 0.3f, 0.3f);
    scan.finds = &twice;
    tagger_scan(tagger, &scan, 0.3f, 0.3f);
    tagger_free(tagger);
    assert_true(once.count >= 4000);
    assert_int_equal(once.count, twice.count);
    for (size_t i = 0; i < once.count; i++)
        assert_true(once.items[i].start == twice.items[i].start && once.items[i].end == twice.items[i].end);
}

/* --- with the patterns, under the default policy --- */

struct tally {
    const struct redactor *redactor;
    size_t lines, bad;
};

static bool is_covered(const struct redact_findings *found, size_t start, size_t end)
{
    for (size_t i = 0; i < found->count; i++)
        if (found->items[i].start <= start && end <= found->items[i].end)
            return true;
    return false;
}

/* Lines in which what is marked is not all covered; where nothing is, lines in which anything is found. */
static void count_case(void *context, const char *path, size_t number, struct bytes line)
{
    struct tally *tally = context;
    struct line_case wanted = {0};
    struct redact_findings found = {0};
    struct redact_session *session = NULL;
    case_parse(line, &wanted);
    assert_int_equal(redact_session_new(tally->redactor, &session), OK);
    assert_int_equal(redact_detect(session, buf_bytes(&wanted.text), &found), OK);
    bool bad = wanted.count == 0 && found.count > 0;
    for (size_t i = 0; i < wanted.count; i++)
        bad |= !is_covered(&found, wanted.starts[i], wanted.ends[i]);
    if (bad)
        printf("%s:%zu\n", path, number);
    tally->bad += bad;
    tally->lines++;
    redact_findings_free(&found);
    redact_session_free(session);
    buf_free(&wanted.text);
}

static void patterns_lose_nothing_by_it(void **state)
{
    (void)state;
    struct redactor *redactor = NULL;
    assert_int_equal(redactor_new(BYTES_NONE, NULL, &redactor, NULL), OK);
    struct tally tally = {.redactor = redactor};
    cases_walk("must_redact", count_case, &tally);
    assert_int_equal(tally.bad, 0);
    redactor_free(redactor);
}

/* It goes by chances, and these lines are hard ones: one in thirty may be taken. */
static void hard_lines_stay(void **state)
{
    (void)state;
    struct redactor *redactor = NULL;
    assert_int_equal(redactor_new(BYTES_NONE, NULL, &redactor, NULL), OK);
    struct tally tally = {.redactor = redactor};
    cases_walk("must_keep", count_case, &tally);
    assert_true(tally.bad * 30 <= tally.lines);
    redactor_free(redactor);
}

/* What only it finds. */
static void tagged_cases_hold(void **state)
{
    (void)state;
    struct redactor *redactor = NULL;
    assert_int_equal(redactor_new(BYTES_NONE, NULL, &redactor, NULL), OK);
    struct tally tally = {.redactor = redactor};
    cases_walk("must_tag", count_case, &tally);
    assert_int_equal(tally.bad, 0);
    redactor_free(redactor);
}

/* --- what is kept --- */

static size_t count_entries(const struct tag_entry *entries, size_t slots, uint64_t word)
{
    size_t found = 0;
    for (size_t i = 0; i < slots; i++)
        found += entries[i].key && (word == 0 || entries[i].kind.word == word);
    return found;
}

/* Of a text only common words stay. */
static void private_words_are_forgotten(void **state)
{
    (void)state;
    struct tag_model model;
    struct tag_word words[TAG_LINE];
    struct tag_table *table = calloc(1, sizeof *table);
    struct bytes text = bytes_str("Ottokar Vrbensky wrote this.");
    size_t next = 0, count = tag_line(text, 0, words, &next);
    assert_non_null(table);
    assert_int_equal(tag_model_open(tag_built_in(0), &model, NULL), OK);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(tag_table_find(table, &model.lists, text, &words[i])->kind.word, words[i].hash);
    assert_int_equal(count_entries(table->passing, TAG_PASSING, tag_hash(bytes_str("vrbensky"))), 1);
    tag_table_forget(table);
    for (size_t i = 0; i < sizeof table->passing; i++)
        assert_int_equal(((const uint8_t *)table->passing)[i], 0);
    assert_int_equal(count_entries(table->lasting, TAG_LASTING, tag_hash(bytes_str("ottokar"))), 0);
    assert_int_equal(count_entries(table->lasting, TAG_LASTING, 0), 3); /* "wrote", "this" and the full stop */
    tag_model_close(&model);
    free(table);
}

/* --- the policy and the model --- */

static void policies_switch_it(void **state)
{
    (void)state;
    static const char without[] =
        "{\"version\":1,\"name\":\"x\",\"threshold\":0.6,\"tagger\":false,\"default\":\"mask\"}";
    static const char with[] = "{\"version\":1,\"name\":\"x\",\"threshold\":0.6,\"tagger\":true,\"default\":\"mask\"}";
    struct redactor *a = NULL, *b = NULL;
    uint8_t hash_a[32], hash_b[32];
    assert_int_equal(redactor_new(bytes_str(without), NULL, &a, NULL), OK);
    assert_int_equal(redactor_new(bytes_str(with), NULL, &b, NULL), OK);
    assert_null(a->tagger);
    assert_non_null(b->tagger);
    redactor_hash(a, hash_a);
    redactor_hash(b, hash_b);
    assert_memory_not_equal(hash_a, hash_b, 32);
    redactor_free(a);
    redactor_free(b);
}

/* A model without features, as small as can be. */
static void small_model(struct buf *out)
{
    uint32_t head[3] = {0, 2, 1}, starts[3] = {0}, word[2] = {1, 2};
    float numbers[1 + TAG_LABELS * TAG_LABELS + TAG_LABELS] = {0.04f};
    uint8_t hash[32];
    buf_clear(out);
    buf_add(out, bytes_of("CHTAG2\0\0", 8));
    buf_add(out, bytes_of(head, sizeof head));
    buf_add(out, bytes_of(numbers, sizeof numbers));
    buf_add(out, bytes_of(starts, sizeof starts));
    buf_add(out, bytes_of(word, sizeof word));
    hash_sha256(buf_bytes(out), hash);
    buf_add(out, bytes_of(hash, sizeof hash));
}

static enum status opened(struct bytes model)
{
    struct tag_model out;
    struct why why = {0};
    enum status status = tag_model_open(model, &out, &why);
    tag_model_close(&out);
    return status;
}

static void bad_models_are_refused(void **state)
{
    (void)state;
    struct buf model SCOPED_BUF = {0};
    struct tagger *tagger = NULL;
    small_model(&model);
    assert_int_equal(opened(buf_bytes(&model)), OK);
    assert_int_equal(tagger_new(buf_bytes(&model), &tagger, NULL), OK);
    tagger_free(tagger);
    for (size_t size = 0; size < model.size; size++)
        assert_int_not_equal(opened(bytes_of(model.data, size)), OK);
    const struct {
        size_t at;
        uint8_t value;
        enum status status;
    } bad[] = {
        {0, 'X', ERR_VERSION},
        {5, '1', ERR_VERSION},
        {8, 1, ERR_INPUT},
        {12, 3, ERR_INPUT},
        {12, 1, ERR_INPUT},
        {16, 2, ERR_INPUT},
        {11, 0xff, ERR_INPUT},
        {23, 0x7f, ERR_INPUT},
        {20 + 4 * (1 + TAG_LABELS * TAG_LABELS + TAG_LABELS), 1, ERR_INPUT},
        /* the last bucket ends behind the last feature */
        {20 + 4 * (1 + TAG_LABELS * TAG_LABELS + TAG_LABELS + model.data[12]), (uint8_t)(model.data[8] + 1), ERR_INPUT},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        small_model(&model);
        model.data[bad[i].at] = bad[i].value;
        assert_int_equal(opened(buf_bytes(&model)), bad[i].status);
        assert_int_equal(tagger_new(buf_bytes(&model), &tagger, NULL), ERR_CORRUPT);
        assert_null(tagger);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chances_are_those_of_counting),
        cmocka_unit_test(scores_far_apart_stay_numbers),
        cmocka_unit_test(no_word_that_counts_is_shut_out),
        cmocka_unit_test(lines_are_cut_into_words),
        cmocka_unit_test(long_lines_are_cut_and_nothing_is_lost),
        cmocka_unit_test(takes_what_no_pattern_finds),
        cmocka_unit_test(leaves_what_is_no_prose),
        cmocka_unit_test(flagged_and_withheld_stand_apart),
        cmocka_unit_test(two_walks_find_the_same),
        cmocka_unit_test(patterns_lose_nothing_by_it),
        cmocka_unit_test(hard_lines_stay),
        cmocka_unit_test(tagged_cases_hold),
        cmocka_unit_test(private_words_are_forgotten),
        cmocka_unit_test(policies_switch_it),
        cmocka_unit_test(bad_models_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
