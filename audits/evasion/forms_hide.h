/* The spelling of hidden forms: each appends `plain` hidden. Text is well-formed UTF-8, but where a form says that it
 * makes none. */
#pragma once

#include "base/bytes.h"

/* The character at *at of well-formed text; moves on. Other bytes stand for themselves. */
unsigned form_point(struct bytes text, size_t *at);
void form_add_point(unsigned point, struct buf *out); /* UTF-8 */
/* The mark behind each character of ASCII but blanks and the last. */
void form_between(struct bytes plain, unsigned mark, struct buf *out);

#define FORM_EACH_BYTE(name, format)                                                                                   \
    void name(struct bytes plain, struct buf *out)                                                                     \
    {                                                                                                                  \
        for (size_t i = 0; i < plain.size; i++)                                                                        \
            buf_addf(out, format, (unsigned)plain.data[i]);                                                            \
    }
#define FORM_EACH_CHARACTER(name, format)                                                                              \
    void name(struct bytes plain, struct buf *out)                                                                     \
    {                                                                                                                  \
        for (size_t at = 0; at < plain.size;)                                                                          \
            buf_addf(out, format, form_point(plain, &at));                                                             \
    }
#define FORM_BETWEEN(name, mark)                                                                                       \
    void name(struct bytes plain, struct buf *out)                                                                     \
    {                                                                                                                  \
        form_between(plain, mark, out);                                                                                \
    }

/* promised by docs/redaction.md */
void hide_percent(struct bytes plain, struct buf *out);
void hide_percent_all(struct bytes plain, struct buf *out);
void hide_html(struct bytes plain, struct buf *out);
void hide_html_hex(struct bytes plain, struct buf *out);
void hide_html_named(struct bytes plain, struct buf *out);
void hide_json(struct bytes plain, struct buf *out);
void hide_json_twice(struct bytes plain, struct buf *out);
void hide_script(struct bytes plain, struct buf *out);
void hide_c(struct bytes plain, struct buf *out);
void hide_octal(struct bytes plain, struct buf *out);
void hide_quoted(struct bytes plain, struct buf *out);
void hide_quoted_soft(struct bytes plain, struct buf *out);
void hide_base64_lines(struct bytes plain, struct buf *out);
void hide_hex_upper(struct bytes plain, struct buf *out);
void hide_gzip(struct bytes plain, struct buf *out);
void hide_zlib(struct bytes plain, struct buf *out);
void hide_wide(struct bytes plain, struct buf *out);
void hide_full_width(struct bytes plain, struct buf *out);
void hide_bold(struct bytes plain, struct buf *out);
void hide_arabic(struct bytes plain, struct buf *out);
void hide_alike(struct bytes plain, struct buf *out);
void hide_zero_width(struct bytes plain, struct buf *out);
void hide_soft_hyphens(struct bytes plain, struct buf *out);
void hide_underlined(struct bytes plain, struct buf *out);
void hide_bidi(struct bytes plain, struct buf *out);
void hide_joined(struct bytes plain, struct buf *out);
void hide_joined_lines(struct bytes plain, struct buf *out);
void hide_php(struct bytes plain, struct buf *out);
void hide_shell(struct bytes plain, struct buf *out);
void hide_cmd(struct bytes plain, struct buf *out);
void hide_wrapped(struct bytes plain, struct buf *out);
void hide_spaced(struct bytes plain, struct buf *out);
void hide_read_out(struct bytes plain, struct buf *out);
void hide_read_out_brackets(struct bytes plain, struct buf *out);
void hide_cut_off(struct bytes plain, struct buf *out);

/* promised by nobody */
void hide_numbers(struct bytes plain, struct buf *out);
void hide_calls(struct bytes plain, struct buf *out);
void hide_array(struct bytes plain, struct buf *out);
void hide_variables(struct bytes plain, struct buf *out);
void hide_bars(struct bytes plain, struct buf *out);
void hide_backwards(struct bytes plain, struct buf *out);
void hide_rotated(struct bytes plain, struct buf *out);
void hide_caesar(struct bytes plain, struct buf *out);
void hide_atbash(struct bytes plain, struct buf *out);
void hide_binary(struct bytes plain, struct buf *out);
void hide_base32(struct bytes plain, struct buf *out);
void hide_ascii85(struct bytes plain, struct buf *out);
void hide_morse(struct bytes plain, struct buf *out);
void hide_spelled(struct bytes plain, struct buf *out);
void hide_leet(struct bytes plain, struct buf *out);
void hide_tags(struct bytes plain, struct buf *out);
void hide_selectors(struct bytes plain, struct buf *out);
void hide_deletions(struct bytes plain, struct buf *out);
void hide_reordered(struct bytes plain, struct buf *out);
void hide_braille(struct bytes plain, struct buf *out);
