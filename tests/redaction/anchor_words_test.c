/* The walk over words gives what a search for every literal at every byte gives, in the order of ends. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "redaction/anchor_words.h"

static struct anchors anchors;
static struct anchor_words *words;

/* How a row writes that its anchor may stand in any word's middle, or not. */
static bool stands(const struct anchor *anchor, struct bytes text, size_t start, size_t end)
{
    bool loose = anchor->item && anchor->row->flags & ROW_LOOSE;
    bool starts = loose || !char_is(text.data[start], C_ALNUM) || !char_is(char_at(text, start - 1), C_ALNUM) ||
                  chars_word_starts(text, start);
    size_t stop = end + (char_at(text, end) == 's' || char_at(text, end) == 'S');
    bool ends =
        loose || !anchor->item || !char_is(text.data[end - 1], C_ALNUM) || !char_is(char_at(text, stop), C_ALNUM);
    return starts && ends;
}

static bool is_here(const struct anchor *anchor, struct bytes text, size_t start)
{
    struct bytes literal = anchor_literal(anchor), here = bytes_part(text, start, literal.size);
    bool cased = !anchor->item || anchor->row->flags & ROW_CASED;
    if (here.size < literal.size)
        return false;
    for (size_t i = 0; i < literal.size; i++)
        if (cased ? here.data[i] != literal.data[i] : char_lower(here.data[i]) != char_lower(literal.data[i]))
            return false;
    return stands(anchor, text, start, start + literal.size);
}

static size_t count_naive(struct bytes text)
{
    size_t count = 0;
    for (size_t at = 0; at < text.size; at++)
        for (size_t i = anchors.scanned; i < anchors.count; i++)
            count += !(anchors.items[i].row->flags & ROW_RUN) && is_here(&anchors.items[i], text, at);
    return count;
}

static size_t count_walked(struct bytes text, size_t step)
{
    struct anchor_walk walk;
    struct anchor_place place;
    size_t count = 0, last = 0;
    anchor_walk_start(&walk, words, text);
    for (size_t limit = step;; limit = limit < text.size ? limit + step : SIZE_MAX) {
        while (anchor_walk_next(&walk, limit, &place)) {
            const struct anchor *anchor = &anchors.items[place.index];
            assert_true(place.end >= last && place.end <= limit && place.end <= text.size);
            last = place.end;
            if (anchor->row->flags & ROW_RUN)
                continue;
            size_t size = anchor_literal(anchor).size;
            count += stands(anchor, text, place.end - size, place.end) && is_here(anchor, text, place.end - size);
        }
        if (limit == SIZE_MAX)
            return count;
    }
}

static uint32_t next(uint32_t *state, uint32_t below)
{
    *state = *state * 1664525 + 1013904223;
    return (uint32_t)((uint64_t)*state * below >> 32);
}

/* Literals, some in capitals, some cut, with what may stand between. */
static void add_mix(uint32_t *state, struct buf *out)
{
    static const char *const joints[] = {" ", "\n", "\\n", "_", "-", "s ", "S\n", "", "x", ": ", "/", "\\\\t", "."};
    struct bytes literal = BYTES_NONE;
    while (literal.size == 0)
        literal = anchor_literal(&anchors.items[next(state, (uint32_t)anchors.count)]);
    size_t size = next(state, 8) ? literal.size : next(state, (uint32_t)literal.size + 1);
    bool upper = next(state, 6) == 0;
    for (size_t i = 0; i < size; i++)
        buf_add_byte(out, upper ? char_upper(literal.data[i]) : literal.data[i]);
    buf_add_str(out, joints[next(state, sizeof joints / sizeof joints[0])]);
}

static void all_places_are_found_in_order(void **state)
{
    (void)state;
    uint32_t random = 5;
    for (int round = 0; round < 12; round++) {
        struct buf text SCOPED_BUF = {0};
        while (text.size < 1500)
            add_mix(&random, &text);
        assert_int_equal(buf_status(&text), OK);
        size_t naive = count_naive(buf_bytes(&text));
        assert_true(naive > 50);
        assert_int_equal(count_walked(buf_bytes(&text), 1 + (size_t)round * 7), naive);
        assert_int_equal(count_walked(buf_bytes(&text), SIZE_MAX / 2), naive);
    }
}

/* "_-20": the run may go on, but must be behind a mark. */
static void runs_are_found_behind_their_marks(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t end;
    } cases[] = {
        {"ab_0123456789abcdefghijklmn", 23}, {"-0123456789abcdefghij", 21}, {"-0123456789abcdefghi", 0},
        {"0123456789abcdefghijklmn", 0},     {" 0123456789abcdefghijk", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct anchor_walk walk;
        struct anchor_place place;
        size_t end = 0;
        anchor_walk_start(&walk, words, bytes_str(cases[i].text));
        while (anchor_walk_next(&walk, SIZE_MAX, &place))
            end = strcmp(anchors.items[place.index].row->rule, "secret.unknown") == 0 ? place.end : end;
        assert_int_equal(end, cases[i].end);
    }
}

/* Text of nothing but one word that begins many anchors: places wait for room, none is lost. */
static void many_places_at_once_are_all_given(void **state)
{
    (void)state;
    struct buf text SCOPED_BUF = {0};
    for (int i = 0; i < 150; i++)
        buf_add_str(&text, "card number social security number ");
    assert_int_equal(buf_status(&text), OK);
    assert_int_equal(count_walked(buf_bytes(&text), SIZE_MAX / 2), count_naive(buf_bytes(&text)));
}

int main(void)
{
    if (anchors_new(&anchors) != OK || anchor_words_new(&anchors, &words) != OK)
        return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_places_are_found_in_order),
        cmocka_unit_test(runs_are_found_behind_their_marks),
        cmocka_unit_test(many_places_at_once_are_all_given),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    anchor_words_free(words);
    anchors_free(&anchors);
    return failed;
}
