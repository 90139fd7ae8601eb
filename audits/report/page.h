/* Writing HTML: markup is literal text of ours, every value goes through one escaping function. */
#pragma once

#include "base/bytes.h"

/* Markup with values in it. Of printf's conversions only %s, %zu, %.1f and %% are known: %s is escaped (NULL: "not
 * stated"), all else in the format is written as it stands. */
void page_add(struct buf *page, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* UTF-8 text for between tags or in a quoted attribute. Characters that would change how other text is shown (controls,
 * direction marks, zero width) are written as their code: [U+202E]. */
void page_text(struct buf *page, struct bytes utf8);
/* The same for a terminal: no markup, and what ends a line is written as its code too. */
void page_plain(struct buf *out, struct bytes utf8);

#define PAGE_NUMBER 32
/* "12,345" */
const char *page_count(uint64_t count, char out[static PAGE_NUMBER]);
/* Three significant digits: "0.0312". */
const char *page_value(double value, char out[static PAGE_NUMBER]);

/* From the document type to the opened body, and its end. */
void page_start(struct buf *page, const char *title);
void page_end(struct buf *page);

extern const char page_style[];
