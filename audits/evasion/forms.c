/* The table of forms, and steps in one another. */
#include "audits/evasion/forms.h"

#include <stdlib.h>

#include "audits/evasion/forms_hide.h"
#include "base/encode.h"

#define DRAWS_MOST 200 /* of a disguise that suits; then a single step does */

const struct form forms[] = {
    {'p', "percent", true, 0, 0, 0, hide_percent},
    {'P', "percent, every character", true, 0, 0, 0, hide_percent_all},
    {'d', "HTML, decimal", true, 0, 0, 0, hide_html},
    {'x', "HTML, hexadecimal", true, 0, 0, 0, hide_html_hex},
    {'n', "HTML, by name", true, 0, 0, 0, hide_html_named},
    {'u', "JSON", true, 0, 0, 0, hide_json},
    {'U', "JSON in a string of JSON", true, 0, 0, 0, hide_json_twice},
    {'j', "JavaScript", true, 0, 0, 0, hide_script},
    {'c', "C", true, 0, 0, 0, hide_c},
    {'o', "octal", true, 0, 0, 0, hide_octal},
    {'q', "quoted printable", true, 0, 0, 0, hide_quoted},
    {'Q', "quoted printable, soft line end", true, FORM_SPLITS, 0, KIND_LINES, hide_quoted_soft},
    {'b', "base64", true, FORM_BLOCK, 0, 0, encode_base64},
    {'r', "base64url", true, FORM_BLOCK, 0, 0, encode_base64url},
    {'l', "base64 in lines", true, FORM_BLOCK, 0, 0, hide_base64_lines},
    {'h', "hex", true, FORM_BLOCK, 0, 0, encode_hex},
    {'H', "hex, upper case", true, FORM_BLOCK, 0, 0, hide_hex_upper},
    {'g', "gzip", true, FORM_BLOCK | FORM_BINARY, 0, 0, hide_gzip},
    {'z', "zlib", true, FORM_BLOCK | FORM_BINARY, 0, 0, hide_zlib},
    {'w', "UTF-16", true, FORM_BLOCK | FORM_BINARY, 0, 0, hide_wide},
    {'F', "full width", true, 0, 0, KIND_LINES, hide_full_width},
    {'B', "mathematical bold", true, 0, 0, 0, hide_bold},
    {'D', "Arabic-Indic digits", true, 0, 0, 0, hide_arabic},
    {'A', "letters that look alike", true, 0, 0, 0, hide_alike},
    {'0', "zero-width blanks", true, 0, 0, 0, hide_zero_width},
    {'-', "soft hyphens", true, 0, 0, 0, hide_soft_hyphens},
    {'_', "combining underline", true, 0, 0, 0, hide_underlined},
    {'<', "bidirectional marks", true, 0, 0, 0, hide_bidi},
    {'+', "joined strings", true, FORM_JOINS | FORM_SPLITS, 0, KIND_LINES, hide_joined},
    {'1', "joined strings over lines", true, FORM_JOINS | FORM_SPLITS, 0, KIND_LINES, hide_joined_lines},
    {'.', "joined strings, PHP", true, FORM_SPLITS, 0, KIND_LINES, hide_php},
    {'\\', "line continued in the shell", true, FORM_SPLITS, 0, KIND_LINES, hide_shell},
    {'^', "line continued in cmd", true, FORM_SPLITS, 0, KIND_LINES, hide_cmd},
    {'W', "wrapped at column 76", true, FORM_WRAPS | FORM_SPLITS, 0, KIND_LINES | KIND_SHORT | KIND_WORDS,
     hide_wrapped},
    {' ', "blanks between digits", true, FORM_INNER | FORM_SPLITS, KIND_NUMBER, KIND_SHORT, hide_spaced},
    {'@', "read out", true, FORM_INNER, KIND_EMAIL, 0, hide_read_out},
    {'[', "read out in brackets", true, FORM_INNER, KIND_EMAIL, 0, hide_read_out_brackets},
    {'!', "cut off", true, FORM_CUT, KIND_TOKEN, 0, hide_cut_off},
    {'#', "numbers", false, 0, 0, 0, hide_numbers},
    {'C', "calls", false, 0, 0, 0, hide_calls},
    {'a', "array of letters", false, 0, 0, 0, hide_array},
    {'v', "pieces in variables", false, 0, 0, 0, hide_variables},
    {'|', "bars", false, 0, 0, 0, hide_bars},
    {'R', "backwards", false, 0, 0, 0, hide_backwards},
    {'>', "reordered by marks", false, 0, 0, 0, hide_reordered},
    {'X', "deletions", false, 0, 0, 0, hide_deletions},
    {'3', "rotated", false, 0, 0, 0, hide_rotated},
    {'Z', "Caesar", false, 0, 0, 0, hide_caesar},
    {'T', "Atbash", false, 0, 0, 0, hide_atbash},
    {'L', "leet", false, 0, 0, 0, hide_leet},
    {'t', "tag letters", false, 0, 0, 0, hide_tags},
    {'V', "variation selectors", false, 0, 0, 0, hide_selectors},
    {':', "Braille", false, 0, 0, 0, hide_braille},
    {'2', "binary", false, 0, 0, 0, hide_binary},
    {'5', "base32", false, 0, 0, 0, hide_base32},
    {'8', "ASCII85", false, 0, 0, 0, hide_ascii85},
    {'m', "Morse", false, 0, 0, 0, hide_morse},
    {'s', "spelled", false, 0, 0, 0, hide_spelled},
};
const size_t form_count = sizeof forms / sizeof *forms;
const size_t form_listed = 38;

const struct form_row form_rows[] = {
    {"percent", "p"},
    {"percent, every character", "P"},
    {"percent, twice", "pp"},
    {"HTML, decimal", "d"},
    {"HTML, hexadecimal", "x"},
    {"HTML, by name", "n"},
    {"JSON \\u", "u"},
    {"JSON \\u in a string of JSON", "U"},
    {"JavaScript \\u{}", "j"},
    {"C \\x", "c"},
    {"octal", "o"},
    {"quoted printable", "q"},
    {"quoted printable, soft line end", "Q"},
    {"base64", "b"},
    {"base64url", "r"},
    {"base64 in lines of 76", "l"},
    {"hex", "h"},
    {"hex, upper case", "H"},
    {"gzip in base64", "gb"},
    {"zlib in base64", "zb"},
    {"gzip in hex", "gh"},
    {"UTF-16 in base64", "wb"},
    {"full width", "F"},
    {"mathematical bold", "B"},
    {"Arabic-Indic digits", "D"},
    {"Cyrillic, Greek, Armenian, Cherokee letters", "A"},
    {"zero-width blanks", "0"},
    {"soft hyphens", "-"},
    {"combining underline", "_"},
    {"bidirectional marks", "<"},
    {"joined strings, +", "+"},
    {"joined strings over lines", "1"},
    {"joined strings, PHP", "."},
    {"line continued in the shell", "\\"},
    {"line continued in cmd", "^"},
    {"wrapped at column 76", "W"},
    {"blanks between digits", " "},
    {"read out", "@"},
    {"read out in brackets", "["},
    {"cut off", "!"},
    {"base64 of percent", "Pb"},
    {"base64 twice", "bb"},
    {"hex of base64", "bh"},
    {"percent of HTML", "dp"},
    {"JSON \\u of full width", "Fu"},
    {"base64 of JSON \\u", "ub"},
    {"joined strings of C \\x", "c+"},
    {"base64 three times", "bbb"},
    {"base64 of hex of percent", "Phb"},
    {"gzip in base64 of HTML", "dgb"},
    {"percent of base64 of gzip", "gbp"},
    {"JSON \\u of percent of HTML", "dpu"},
    {"base64url of full width with zero-width blanks", "0Fr"},
    {"hex of HTML", "xh"},
    {"base64 of base64url", "rb"},
    {"base64 of quoted printable", "qb"},
    {"percent of octal", "oP"},
    {"zlib in hex", "zh"},
    {"HTML of full width", "Fd"},
    {"percent of underlined look-alikes", "A_p"},
    {"C \\x of JavaScript \\u{}", "jc"},
    {"base64 of joined strings", "+b"},
    {"hex of UTF-16 in base64", "wbh"},
    {"base64 of percent of HTML by name", "npb"},
    {"base64 in lines of JSON \\u of percent", "pul"},
};
const size_t form_row_count = sizeof form_rows / sizeof *form_rows;

/* --- spelling --- */

unsigned form_point(struct bytes text, size_t *at)
{
    uint8_t lead = text.data[*at];
    size_t size = lead < 0xc0 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if (text.size - *at < size)
        size = 1;
    unsigned point = size == 1 ? lead : lead & (0x7fu >> size);
    for (size_t i = 1; i < size; i++)
        point = point << 6 | (text.data[*at + i] & 0x3f);
    *at += size;
    return point;
}

void form_add_point(unsigned point, struct buf *out)
{
    if (point < 0x80) {
        buf_add_byte(out, (uint8_t)point);
        return;
    }
    unsigned more = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
    buf_add_byte(out, (uint8_t)((0xff00u >> (more + 1) & 0xff) | point >> 6 * more));
    while (more-- > 0)
        buf_add_byte(out, (uint8_t)(0x80 | (point >> 6 * more & 0x3f)));
}

void form_between(struct bytes plain, unsigned mark, struct buf *out)
{
    for (size_t i = 0; i < plain.size; i++) {
        buf_add_byte(out, plain.data[i]);
        if (i + 1 < plain.size && plain.data[i] > ' ' && plain.data[i] < 0x80)
            form_add_point(mark, out);
    }
}

/* --- several in one another --- */

void disguise_of(const char *steps, struct disguise *out)
{
    *out = (struct disguise){0};
    for (; *steps; steps++) {
        size_t form = 0;
        while (form < form_count && forms[form].letter != *steps)
            form++;
        if (form == form_count || out->count == FORM_STEPS)
            abort();
        out->steps[out->count++] = form;
    }
}

static bool step_suits(const struct disguise *disguise, size_t step, const struct kind *kind)
{
    const struct form *form = &forms[disguise->steps[step]];
    bool is_last = step + 1 == disguise->count;
    if ((form->traits & FORM_BINARY) &&
        (is_last || (forms[disguise->steps[step + 1]].traits & (FORM_BLOCK | FORM_BINARY)) != FORM_BLOCK))
        return false;
    if ((form->traits & FORM_INNER) && step > 0)
        return false;
    if ((form->traits & FORM_CUT) && disguise->count > 1)
        return false;
    return !form->only || form->only & kind->traits;
}

bool disguise_suits(const struct disguise *disguise, const struct kind *kind)
{
    for (size_t i = 0; i < disguise->count; i++)
        if (!step_suits(disguise, i, kind))
            return false;
    return disguise->count > 0;
}

bool disguise_is_promised(const struct disguise *disguise, const struct kind *kind)
{
    size_t splits = 0;
    for (size_t i = 0; i < disguise->count; i++) {
        const struct form *form = &forms[disguise->steps[i]];
        bool is_coded = i + 1 == disguise->count || forms[disguise->steps[i + 1]].traits & FORM_BLOCK;
        if (!form->listed || form->none & kind->traits)
            return false;
        if ((form->traits & FORM_WRAPS) && (i > 0 || !is_coded))
            return false;
        splits += (form->traits & FORM_SPLITS) != 0;
    }
    return splits <= 1 && disguise_suits(disguise, kind);
}

/* --- drawing --- */

static bool is_from(const struct disguise *disguise, enum forms_from from, const struct kind *kind)
{
    return from == FORMS_PROMISED ? disguise_is_promised(disguise, kind) : disguise_suits(disguise, kind);
}

static size_t draw_form(struct random random, enum forms_from from)
{
    return (size_t)random_below(random, from == FORMS_PROMISED ? form_listed : form_count);
}

void disguise_draw(struct random random, enum forms_from from, const struct kind *kind, struct disguise *out)
{
    for (size_t draw = 0; draw < DRAWS_MOST; draw++) {
        *out = (struct disguise){.count = 1 + (size_t)random_below(random, FORM_STEPS)};
        for (size_t i = 0; i < out->count; i++)
            out->steps[i] = draw_form(random, from);
        if (is_from(out, from, kind))
            return;
    }
    disguise_of("P", out);
}

static void mutate(struct random random, enum forms_from from, const struct disguise *other, struct disguise *disguise)
{
    size_t place = (size_t)random_below(random, disguise->count), kept = disguise->steps[place];
    switch (random_below(random, 5)) {
    case 0:
        if (disguise->count > 1)
            disguise->count--;
        return;
    case 1:
        if (disguise->count < FORM_STEPS)
            place = disguise->count++;
        break;
    case 2:
        disguise->steps[place] = disguise->steps[0];
        disguise->steps[0] = kept;
        return;
    case 3:
        for (size_t i = place; i < other->count; i++)
            disguise->steps[i] = other->steps[i];
        disguise->count = other->count > place ? other->count : disguise->count;
        return;
    default:
        break;
    }
    disguise->steps[place] = draw_form(random, from);
}

void disguise_step(struct random random, enum forms_from from, const struct kind *kind, const struct disguise *other,
                   struct disguise *disguise)
{
    for (size_t draw = 0; draw < DRAWS_MOST; draw++) {
        struct disguise next = *disguise;
        mutate(random, from, other, &next);
        if (!is_from(&next, from, kind))
            continue;
        *disguise = next;
        return;
    }
}

static enum status hide_steps(const struct disguise *disguise, size_t from, size_t to, struct buf *text)
{
    for (size_t i = from; i < to; i++) {
        SCOPED_BUF struct buf outer = {0};
        forms[disguise->steps[i]].hide(buf_bytes(text), &outer);
        buf_clear(text);
        buf_add(text, buf_bytes(&outer));
        TRY(buf_status(&outer));
    }
    return buf_status(text);
}

enum status disguise_hide(const struct disguise *disguise, struct bytes plain, struct buf *out)
{
    SCOPED_BUF struct buf text = {0};
    buf_add(&text, plain);
    TRY(hide_steps(disguise, 0, disguise->count, &text));
    buf_add(out, buf_bytes(&text));
    return buf_status(out);
}

/* --- in a sentence --- */

/* A line that is full where the first half of the hidden value ends. */
static void add_line(size_t size, struct buf *out)
{
    static const char words[] = "and so it was written down there that the one thing which was asked for then was";
    buf_add_byte(out, '\n');
    buf_add(out, bytes_of(words, size < 75 ? 75 - size : 0));
    buf_add_byte(out, ' ');
}

/* Strings are joined within the quotes that the sentence has, or get their own. */
static void add_joined(const struct kind *kind, struct buf *hidden, struct buf *out)
{
    bool has_quotes = strpbrk(kind->sentence, "'\"") != NULL;
    SCOPED_BUF struct buf quoted = {0};
    for (size_t i = 0; strchr(kind->sentence, '\'') && i < hidden->size; i++)
        hidden->data[i] = hidden->data[i] == '"' ? '\'' : hidden->data[i];
    buf_add_str(&quoted, has_quotes ? "" : "\"");
    buf_add(&quoted, buf_bytes(hidden));
    buf_add_str(&quoted, has_quotes ? "" : "\"");
    kind_write(kind, buf_bytes(&quoted), out);
}

/* The text ends with the value. */
static void add_cut(const struct kind *kind, const struct buf *hidden, struct buf *out)
{
    buf_add(out, bytes_of(kind->sentence, (size_t)(strstr(kind->sentence, "%s") - kind->sentence)));
    buf_add(out, buf_bytes(hidden));
    buf_add_str(out, "... [truncated]");
}

/* As the outermost step of the value wants it. */
static void add_sentence(const struct kind *kind, unsigned traits, struct buf *hidden, struct buf *out)
{
    if (traits & FORM_WRAPS)
        add_line((size_t)(strstr(kind->sentence, "%s") - kind->sentence) + hidden->size / 2, out);
    if (traits & FORM_JOINS)
        add_joined(kind, hidden, out);
    else if (traits & FORM_CUT)
        add_cut(kind, hidden, out);
    else
        kind_write(kind, buf_bytes(hidden), out);
}

enum status disguise_write(const struct disguise *disguise, const struct kind *kind, const char *value,
                           struct buf *hidden, struct buf *text)
{
    SCOPED_BUF struct buf sentence = {0};
    size_t block = 0;
    while (block < disguise->count && !(forms[disguise->steps[block]].traits & FORM_BLOCK))
        block++;
    buf_add_str(hidden, value);
    TRY(hide_steps(disguise, 0, block, hidden));
    add_sentence(kind, block > 0 ? forms[disguise->steps[block - 1]].traits : 0, hidden, &sentence);
    TRY(hide_steps(disguise, block, disguise->count, &sentence));
    if (block < disguise->count) {
        buf_clear(hidden);
        buf_add(hidden, buf_bytes(&sentence));
    }
    buf_add(text, buf_bytes(&sentence));
    TRY(buf_status(hidden));
    return buf_status(text);
}
